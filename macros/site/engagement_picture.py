"""The picture of engagements over time: a bar of each below its name, and a line where today is."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from markupsafe import Markup

from macros.handbook import addresses, timeline
from macros.handbook.graph import Handbook
from macros.handbook.timeline import Phase
from macros.model.set_ups import Engagement
from macros.site.drawing import LINE, Arrow, Box, Label, Picture, lines, width

MOST, MOST_NAMED = 40, 8
"""More bars would be a wall: the picture has the latest. More months have no room for their names."""

WIDTH, ROW, TOP = 800, 44, 40
"""How wide the months are, how high a row is, and where the first one begins."""

_LOOKS = {Phase.RUNNING: "good bar", Phase.OVERDUE: "bad bar", Phase.ENDED: "bar", Phase.PLANNED: ""}


def picture(handbook: Handbook, said: Callable[[Engagement], Markup]) -> Picture:
    """The picture over whole months, with what is `said` of each engagement; of many months, every third is named."""
    today = handbook.today
    spans = timeline.spans(handbook.engagements[-MOST:], today)
    first = min((today, *(start for _, start, _ in spans))).replace(day=1)
    last = max((today, *(end for _, _, end in spans)))
    days = (last.replace(day=monthrange(last.year, last.month)[1]) - first).days + 1
    months = sorted({(first + timedelta(day)).replace(day=1) for day in range(days)})

    def at(day: date) -> int:
        return round((day - first).days / days * WIDTH)

    named = months if len(months) <= MOST_NAMED else months[::3]
    words = [Label(at(month) + 4, LINE - 4, f"{month:%Y-%m}") for month in named]
    boxes = []
    for row, (own, start, last) in enumerate(spans):
        x, end, y = min(at(start), WIDTH - 4), at(last + timedelta(1)), TOP + row * ROW
        label = said(own).striptags()
        (text,) = lines(label, WIDTH, 1)
        words.append(Label(min(x, WIDTH - width(text)), y + LINE - 6, text))
        look = _LOOKS[timeline.phase(own, today)] if own.end or own.outcome else "missing"
        wide = max(end - x, 4)
        boxes.append(Box("", to=addresses.of(own), look=look, called=label, x=x, y=y + LINE, width=wide))
    height = TOP + ROW * len(spans)
    arrows = [Arrow(f"M{at(month)} 0V{LINE}") for month in named]
    return Picture(WIDTH, height, boxes, [*arrows, Arrow(f"M{at(today)} {LINE}V{height}", "here")], words)

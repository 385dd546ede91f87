"""The picture of engagements over time: a bar of each below its name, and a line where today is."""

from collections.abc import Callable
from dataclasses import replace

from markupsafe import Markup

from macros.handbook import addresses, timeline
from macros.handbook.graph import Handbook
from macros.handbook.timeline import Phase
from macros.model.set_ups import Engagement
from macros.site.drawing import LINE, Arrow, Box, Label, Picture, lines, width

MOST = 40
"""More bars would be a wall: the picture has the latest."""

WIDTH, ROW, TOP = 800, 44, 40
"""How wide the months are, how high a row is, and where the first one begins."""

_LOOKS = {Phase.RUNNING: "good bar", Phase.OVERDUE: "bad bar", Phase.ENDED: "bar"}


def picture(handbook: Handbook, said: Callable[[Engagement], Markup]) -> Picture:
    """The picture, with what is `said` of each engagement."""
    found = timeline.timeline(handbook.engagements[-MOST:], handbook.today)
    height, today = TOP + ROW * len(found.bars), round(found.today * WIDTH)
    words = [Label(round(at * WIDTH) + 4, LINE - 4, month) for month, at in found.months]
    boxes = []
    for row, (own, phase, start, length, is_endless) in enumerate(found.bars):
        x, end, y = min(round(start * WIDTH), WIDTH - 4), round((start + length) * WIDTH), TOP + row * ROW
        label = said(own).striptags()
        (text,) = lines(label, WIDTH, 1)
        if x + width(text) <= WIDTH:
            words.append(Label(x, y + LINE - 6, text))
        else:
            words.append(Label(max(end, width(text)), y + LINE - 6, text, "end"))
        look = "missing" if is_endless else _LOOKS.get(phase, "")
        bar = Box("", to=addresses.of(own), look=look, called=label)
        boxes.append(replace(bar, x=x, y=y + LINE, width=max(end - x, 4)))
    months = [Arrow(f"M{round(at * WIDTH)} 0V{LINE}") for _, at in found.months]
    return Picture(WIDTH, height, boxes, [*months, Arrow(f"M{today} {LINE}V{height}", "here")], words)

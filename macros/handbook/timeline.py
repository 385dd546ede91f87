"""Where bars stand on a timeline of engagements: pure arithmetic over days."""

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from macros.model.set_ups import Engagement
from macros.model.values import Choice


class Phase(Choice):
    """Where an engagement stands on a day."""

    PLANNED = "planned"
    RUNNING = "running"
    OVERDUE = "overdue"
    ENDED = "ended"


def phase(engagement: Engagement, today: date) -> Phase:
    """Where an engagement stands: it has ended once its outcome is written down, not when its last day is over."""
    if engagement.outcome is not None:
        return Phase.ENDED
    if engagement.start > today:
        return Phase.PLANNED
    return Phase.OVERDUE if engagement.end is not None and engagement.end < today else Phase.RUNNING


def is_open(engagement: Engagement, today: date) -> bool:
    """Whether an engagement has begun and not ended."""
    return phase(engagement, today) in (Phase.RUNNING, Phase.OVERDUE)


class Bar(NamedTuple):
    """An engagement on the timeline. `start` and `length` are fractions 0..1 of its width."""

    engagement: Engagement
    phase: Phase
    start: float
    length: float
    open_ended: bool


class Timeline(NamedTuple):
    """Bars over whole months; `today` and the months' beginnings are fractions 0..1."""

    bars: tuple[Bar, ...]
    months: tuple[tuple[str, float], ...]
    today: float


SHOWN_DAYS = 365
"""Days before and after today beyond which a timeline doesn't reach, so that today's bars stay wide enough."""


def timeline(engagements: Sequence[Engagement], today: date) -> Timeline:
    """The engagements on one axis of whole months, which reaches at most `SHOWN_DAYS` from today either way.

    One that lies outside wholly is left out of the bars (the table below names it); without an end, or past
    it, a bar reaches until today at least. Of more than eight months, every third is labelled.
    """
    earliest, latest = today - timedelta(days=SHOWN_DAYS), today + timedelta(days=SHOWN_DAYS)
    cut = ((own, max(own.start, earliest), min(_until(own, today), latest)) for own in engagements)
    spans = [(own, start, end) for own, start, end in cut if start <= end]
    first = min((today, *(start for _, start, _ in spans))).replace(day=1)
    last = max((today, *(end for _, _, end in spans)))
    last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    days = (last - first).days + 1
    months = sorted({(first + timedelta(day)).replace(day=1) for day in range(days)})
    labelled = months if len(months) <= 8 else months[::3]

    def at(day: date) -> float:
        return (day - first).days / days

    bars = tuple(
        Bar(own, phase(own, today), at(start), ((end - start).days + 1) / days, own.end is None and own.outcome is None)
        for own, start, end in spans
    )
    return Timeline(bars, tuple((f"{day:%Y-%m}", at(day)) for day in labelled), at(today))


def _until(engagement: Engagement, today: date) -> date:
    last = engagement.end or engagement.start
    return max(last, today) if is_open(engagement, today) else last

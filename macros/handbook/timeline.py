"""Where engagements stand on a day, and the days that a timeline shows of each."""

from collections.abc import Sequence
from datetime import date, timedelta

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


SHOWN_DAYS = 365
"""Days before and after today beyond which a timeline doesn't reach, so that today's bars stay wide enough."""


def spans(engagements: Sequence[Engagement], today: date) -> list[tuple[Engagement, date, date]]:
    """The first and the last day that a timeline shows of each engagement; one that lies outside wholly is left out.

    Without an end, or past it, an engagement reaches until today at least.
    """
    earliest, latest = today - timedelta(days=SHOWN_DAYS), today + timedelta(days=SHOWN_DAYS)
    found = []
    for own in engagements:
        last = own.end or own.start
        until = max(last, today) if is_open(own, today) else last
        found.append((own, max(own.start, earliest), min(until, latest)))
    return [(own, start, end) for own, start, end in found if start <= end]

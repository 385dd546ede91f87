"""Error budgets, burn rates and alert windows: pure arithmetic.

Terms and windows are those of the SRE Workbook, chapter 5, "Alerting on SLOs": a burn rate of 1 spends the
budget exactly over the period. `docs/assets/js/slo-arithmetic.js` has the same formulas for the browser; a
test compares the two.

Targets, budgets and shares are fractions 0..1; a period is in days.
"""

import calendar
import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

MINUTES_PER_DAY = 24 * 60
USUAL_TARGETS = (0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999)
USUAL_PERIODS = (28, 30, 90, 365)


def budget(target: float) -> float:
    """The fraction of events, or of time, that may be bad: 1 − target."""
    return 1 - target


def allowed_minutes(target: float, days: float) -> float:
    """Minutes of complete failure that spend the whole budget of `days` days."""
    return budget(target) * days * MINUTES_PER_DAY


def allowed_events(target: float, days: float, events_per_day: float) -> float:
    """Bad events that spend the whole budget of `days` days, at so many events a day."""
    return budget(target) * days * events_per_day


def in_series(targets: Sequence[float]) -> tuple[float, float]:
    """The fraction that is good for all of several SLOs: if failures are independent, and if none coincide."""
    return math.prod(targets), max(0.0, 1 - sum(map(budget, targets)))


def days_to_empty(burn_rate: float, days: float) -> float:
    """Days until a full budget of `days` days is spent at a steady burn rate (infinite at 0)."""
    return days / burn_rate if burn_rate > 0 else float("inf")


def period_days(days: int | None, today: date) -> int:
    """The days of a rolling window, or with None those of the calendar month that `today` is in."""
    return days if days is not None else calendar.monthrange(today.year, today.month)[1]


class Window(NamedTuple):
    """One row of a multi-window, multi-burn-rate alert.

    `pages` says whether it wakes someone; `share` is the fraction of the budget that is spent when it fires;
    the long window says that it matters, the short one that it is still going on.
    """

    pages: bool
    long: timedelta
    short: timedelta
    share: float

    def factor(self, days: float) -> float:
        """The burn rate from which it fires, for a period of so many days.

        Never under 1: at 28 days the slowest row would be 0.933, and a burn that stays within its budget
        alerts nobody.
        """
        return max(1.0, self.share * (timedelta(days=days) / self.long))

    def spent(self, days: float) -> float:
        """The fraction of the budget that the long window has spent at that rate: `share`, or more at a factor of 1."""
        return self.factor(days) * (self.long / timedelta(days=days))

    def threshold(self, target: float, days: float) -> float:
        """The fraction of bad events above which it fires."""
        return self.factor(days) * budget(target)

    def can_fire(self, target: float, days: float) -> bool:
        """Whether any fraction of bad events is above its threshold: not where that is 1 or more."""
        return self.threshold(target, days) < 1


WINDOWS = (
    Window(True, timedelta(hours=1), timedelta(minutes=5), 0.02),
    Window(True, timedelta(hours=6), timedelta(minutes=30), 0.05),
    Window(False, timedelta(days=1), timedelta(hours=2), 0.10),
    Window(False, timedelta(days=3), timedelta(hours=6), 0.10),
)
"""The rows of the SRE Workbook, for about a month: short windows are a twelfth of the long ones."""

FOUR_WEEKS, MONTH, LONGEST_MONTH = 28, 30, 31
SHORTEST = WINDOWS[0].short  # a rate needs two samples, and many are scraped once a minute
LARGEST_SCALE = 3  # of a quarter, whose longest window takes 9 of the 15 days that Prometheus keeps by default


def rows(days: float) -> tuple[Window, ...]:
    """The rows for a period of so many days: those of the Workbook for 28 to 31 days.

    For other periods they are what these are to four weeks, or to a month: a day has rows that fire before it is over,
    and a quarter's fire before its budget is spent.
    """
    if FOUR_WEEKS <= days <= LONGEST_MONTH:
        return WINDOWS
    scale = min(LARGEST_SCALE, days / (FOUR_WEEKS if days < FOUR_WEEKS or days % 7 == 0 else MONTH))
    return tuple(row._replace(long=_scaled(row.long, scale), short=_scaled(row.short, scale)) for row in WINDOWS)


def _scaled(length: timedelta, scale: float) -> timedelta:
    """In whole minutes, from a day on in whole hours."""
    scaled = length * scale
    unit = timedelta(hours=1) if scaled >= timedelta(days=1) else timedelta(minutes=1)
    return max(SHORTEST, unit * round(scaled / unit))


def firing(target: float, days: float) -> tuple[Window, ...]:
    """The rows that can fire, for a target over a period of so many days: the others make no alert."""
    return tuple(row for row in rows(days) if row.can_fire(target, days))


def recorded(target: float, days: float) -> tuple[Window, ...]:
    """The rows whose windows have series: those that can fire, and the usual ones, which dashboards share."""
    pairs = zip(rows(days), WINDOWS, strict=True)
    return tuple({row: None for pair in pairs if pair[0].can_fire(target, days) for row in pair})


def fewest_events(target: float, days: float, events_per_day: float) -> int:
    """How many events a long window must hold so that a single bad one wakes nobody; 0 where there are enough.

    One bad event of n is above a row's threshold while n < 1 / threshold. It counts for the rows whose long window
    holds fewer than that at so many events a day (SRE Workbook, chapter 5, "Low-Traffic Services").
    """
    needed = (
        (1 / row.threshold(target, days), events_per_day * (row.long / timedelta(days=1)))
        for row in firing(target, days)
        if row.pages
    )
    return max((math.ceil(least) for least, held in needed if held < least), default=0)


def duration(length: timedelta) -> str:
    """A length as Prometheus and OpenSLO write it, in the largest unit that divides it: `5m`, `6h`, `3d`."""
    minutes = round(length.total_seconds() / 60)
    units = ((MINUTES_PER_DAY, "d"), (60, "h"), (1, "m"))
    size, unit = next(pair for pair in units if minutes % pair[0] == 0)
    return f"{minutes // size}{unit}"

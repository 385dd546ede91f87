"""PromQL of an SLI: which fraction of it was bad over a window, and whether its data is gone."""

from collections.abc import Sequence
from datetime import timedelta

from macros.handbook import names, slo
from macros.model.journeys import WINDOW, Selector, Sli, ThresholdQuery


def error_ratio(sli: Sli, window: timedelta, its_series: str) -> str:
    """The fraction of bad events over a window, 0 to 1; for a gauge, that of bad minutes, as `its_series` has them.

    Nothing where there were no events. A counter that doesn't exist yet counts none.
    """
    length = slo.duration(window)
    if sli.events is not None:
        counted = summed("rate", sli.events.good or sli.events.bad or (), length, or_none=True)
        share = f"{counted} / ({summed('rate', sli.events.total, length)} > 0)"
        return f"clamp_min(1 - {share}, 0)" if sli.events.good else f"clamp_max({share}, 1)"
    if sli.error_ratio is not None:
        return f"clamp({sli.error_ratio.replace(WINDOW, length)}, 0, 1)"
    # Of all minutes together: an SLO that was moved to another team has two series.
    minutes = f"{names.BAD_MINUTE}{its_series}[{length}]"
    return f"sum(sum_over_time({minutes})) / sum(count_over_time({minutes}))"


def bad_minute(limit: ThresholdQuery) -> str:
    """Whether a gauge is past its limit now, as 1 or 0: any of its series, or where one is enough, all of them."""
    kept = f"<= bool {limit.at_most:.12g}" if limit.at_most is not None else f">= bool {limit.at_least:.12g}"
    decides = "max" if limit.one_series_is_enough else "min"
    return f"1 - {decides}({limit.metric.in_any_version} {kept})" + (" or vector(1)" if limit.missing_is_bad else "")


def no_data(sli: Sli, shortest: timedelta, its_series: str) -> str:
    """Whether there is no series any more of what an SLI is counted from; else its ratio over the `shortest` window."""
    if sli.error_ratio is not None:
        return f"absent({names.error_ratio(shortest)}{its_series})"
    selectors = sli.events.total if sli.events else (sli.threshold.metric,) if sli.threshold else ()
    # Sums have no labels: an alert has its own alone.
    return f"absent({' or '.join(f'sum({selector.in_any_version})' for selector in selectors)})"


def summed(function: str, counters: Sequence[Selector], length: str, *, or_none: bool = False) -> str:
    """The sum of a function over counters. With several, or where it may be `or_none`, one that isn't there is 0."""
    sums = [f"sum({function}({counter.in_any_version}[{length}]))" for counter in counters]
    if or_none or len(sums) > 1:
        sums = [f"({each} or vector(0))" for each in sums]
    return sums[0] if len(sums) == 1 else f"({' + '.join(sums)})"

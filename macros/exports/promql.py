"""PromQL of an SLI: which fraction of it was bad over a window, and whether its data is gone."""

import re
from collections.abc import Sequence
from datetime import timedelta

from macros.handbook import names, slo
from macros.model.journeys import STRING, WINDOW, Selector, Sli, ThresholdQuery


def error_ratio(sli: Sli, window: timedelta, its_series: str) -> str:
    """The fraction of bad events over a window, 0 to 1; for a gauge, that of bad minutes, as `its_series` has them.

    Nothing where there were no events. A counter that doesn't exist yet counts none.
    """
    length = slo.duration(window)
    if sli.events is not None:
        good_or_bad = _rates(sli.events.good or sli.events.bad or (), length, or_none=True)
        share = f"{good_or_bad} / ({_rates(sli.events.total, length)} > 0)"
        return f"clamp_min(1 - {share}, 0)" if sli.events.good else f"clamp_max({share}, 1)"
    if sli.ratio is not None:
        filled = (sli.ratio.good or sli.ratio.bad or "").replace(WINDOW, length)
        return f"clamp(1 - ({filled}), 0, 1)" if sli.ratio.good else f"clamp({filled}, 0, 1)"
    # Of all minutes together: an SLO that was moved to another team has two series.
    minutes = f"{names.BAD_MINUTE}{its_series}[{length}]"
    return f"sum(sum_over_time({minutes})) / sum(count_over_time({minutes}))"


def bad_minute(limit: ThresholdQuery) -> str:
    """Whether a gauge is past its limit now, as 1 or 0: as its worst or best series has it."""
    kept = f"<= bool {limit.at_most:.12g}" if limit.at_most is not None else f">= bool {limit.at_least:.12g}"
    decides = "min" if limit.series == "worst" else "max"
    return f"1 - {decides}({spelled(limit.metric)} {kept})" + (" or vector(1)" if limit.missing_is_bad else "")


def no_data(sli: Sli, shortest: timedelta, its_series: str) -> str:
    """Whether there is no series any more of what an SLI is counted from; else its ratio over the `shortest` window."""
    if sli.ratio is not None:
        return f"absent({names.error_ratio(shortest)}{its_series})"
    selectors = sli.events.total if sli.events else (sli.threshold.metric,) if sli.threshold else ()
    # Sums have no labels: an alert has its own alone.
    return f"absent({' or '.join(f'sum({spelled(selector)})' for selector in selectors)})"


def increase(selectors: Sequence[Selector], window: timedelta) -> str:
    """The number of events over a window."""
    return _summed([f"sum(increase({spelled(selector)}[{slo.duration(window)}]))" for selector in selectors])


def _rates(selectors: Sequence[Selector], length: str, *, or_none: bool = False) -> str:
    return _summed([f"sum(rate({spelled(selector)}[{length}]))" for selector in selectors], or_none=or_none)


def _summed(sums: Sequence[str], *, or_none: bool = False) -> str:
    """Their sum; with several, or where that may be `or_none`, one that doesn't exist is 0."""
    if or_none or len(sums) > 1:
        sums = [f"({each} or vector(0))" for each in sums]
    return sums[0] if len(sums) == 1 else f"({' + '.join(sums)})"


def spelled(selector: str) -> str:
    """A selector that finds buckets and quantiles as Prometheus 2 spells them (`le="1"`), and 3 (`le="1.0"`)."""
    return re.sub(rf"\b(le|quantile)(\s*)(!?)=(\s*)({STRING})|{STRING}", _both_spellings, selector)


def _both_spellings(found: re.Match[str]) -> str:
    label, before, negated, after, quoted = found.groups()
    given = quoted[1:-1] if label else ""
    if not re.fullmatch(r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?", given):
        return found[0]
    number = f"{float(given):.6g}"
    whole = number if re.search(r"[.e]", number) else f"{number}.0"
    spellings = dict.fromkeys((given, number, whole))
    if len(spellings) == 1 or float(number) != float(given):
        return found[0]
    pattern = "|".join(re.escape(spelling) for spelling in spellings).replace("\\", r"\\")
    return f'{label}{before}{"!" if negated else "="}~{after}"{pattern}"'

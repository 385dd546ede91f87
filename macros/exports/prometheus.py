"""Prometheus rules: the error ratio of each SLI over each window, and alerts on how fast the budget burns.

In Kubernetes the Prometheus Operator reads the same rules as PrometheusRule objects. The teams' own rules get a
`runbook_url` on each alert that had none.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from macros.exports import document
from macros.exports.document import Promise
from macros.handbook import alerts, names, slo
from macros.handbook.graph import Handbook
from macros.model.journeys import WINDOW, Selector, Sli, Slo, ThresholdQuery
from macros.model.organisation import PrometheusOperator, Team
from macros.sources.prometheus import RUNBOOK, RuleFile, with_runbooks
from macros.text import catalogue
from macros.text.problems import N_, Message


def rules(handbook: Handbook, team: Team, promised: Sequence[Promise]) -> list[dict[str, Any]]:
    """The rules of a team's SLOs, as one document."""
    return [{"groups": [_group(handbook, promise) for promise in promised]}]


def operator_files(handbook: Handbook, team: Team) -> Mapping[str, document.Writing]:
    """What writes the objects of a team, by their file; none where the organisation doesn't run the operator."""
    wanted = handbook.organisation.prometheus_operator is not None
    return document.of_team(_objects, document.in_prometheus, handbook, team) if wanted else {}


def rule_files(handbook: Handbook, team: Team) -> Mapping[str, document.Writing]:
    """What writes the rule files of a team, each under the team's id and its own name."""
    own = handbook.rule_files_of(team)
    return {f"{team.id}/{file.path.rpartition('/')[2]}": partial(_completed, handbook, file) for file in own}


def _completed(handbook: Handbook, file: RuleFile) -> str:
    completed = with_runbooks(file, lambda rule: alerts.runbook(handbook, file.team, rule.name, rule.labels))
    head = [f"{document.FIRST_LINE.removeprefix('# ')} Change this file instead:", f"  {file.path}"]
    return document.write(head, *completed)


def _objects(handbook: Handbook, team: Team, promised: Sequence[Promise]) -> list[dict[str, Any]]:
    operator = handbook.organisation.prometheus_operator or PrometheusOperator()
    labels = dict(label.split("=") for label in operator.labels)
    settings = {"name": names.object_name("slo", team.id), "namespace": operator.namespace, "labels": labels}
    head = {"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule"}
    metadata = {key: value for key, value in settings.items() if value}
    return [{**head, "metadata": metadata, "spec": spec} for spec in rules(handbook, team, promised)]


def _group(handbook: Handbook, promise: Promise) -> dict[str, Any]:
    journey, objective, sli = promise
    labels = names.labels(handbook, journey, objective)
    its_series = f'{{journey="{journey.id}",slo="{objective.id}"}}'
    days = slo.period_days(objective.period.days, handbook.today)
    recorded, rows = slo.recorded(objective.target, days), slo.firing(objective.target, days)
    windows = sorted({length for row in recorded for length in (row.long, row.short)})
    series = {names.BAD_MINUTE: _bad_minute(sli.threshold)} if sli.threshold else {}
    series |= {names.error_ratio(window): _error_ratio(sli, window, its_series) for window in windows}
    least = objective.minimum_events if sli.events is not None else None
    if sli.events is not None and least is not None:
        for length in sorted({row.long for row in recorded}):
            series[names.events(length)] = _summed("increase", sli.events.total, slo.duration(length))
    made = [{"record": name, "expr": expression, "labels": labels} for name, expression in series.items()]
    for pages, words in ((True, _FAST), (False, _SLOW)):
        burns = [_burns(row, objective, days, its_series, least) for row in rows if row.pages is pages]
        if burns:
            name = names.alert_name(journey, objective, pages=pages)
            made.append(_alert(handbook, promise, name, {"expr": "\nor\n".join(burns) + "\n"}, words, pages=pages))
    if rows and sli.silent_without_data is None:
        name = names.no_data_alert(journey, objective)
        # A restart or a deploy of the exporter takes 15 minutes at most.
        condition = {"expr": _no_data(sli, windows[0], its_series), "for": "15m"}
        made.append(_alert(handbook, promise, name, condition, _NO_DATA, pages=False))
    each_minute = {"interval": "1m"} if sli.threshold else {}
    return {"name": names.group(journey, objective), **each_minute, "rules": made}


def _error_ratio(sli: Sli, window: timedelta, its_series: str) -> str:
    """The fraction of bad events over a window, 0 to 1; for a gauge, that of bad minutes, as `its_series` has them.

    Nothing where there were no events. A counter that doesn't exist yet counts none.
    """
    length = slo.duration(window)
    if sli.events is not None:
        counted = _summed("rate", sli.events.good or sli.events.bad or (), length, or_none=True)
        share = f"{counted} / ({_summed('rate', sli.events.total, length)} > 0)"
        return f"clamp_min(1 - {share}, 0)" if sli.events.good else f"clamp_max({share}, 1)"
    if sli.error_ratio is not None:
        return f"clamp({sli.error_ratio.replace(WINDOW, length)}, 0, 1)"
    # Of all minutes together: an SLO that was moved to another team has two series.
    minutes = f"{names.BAD_MINUTE}{its_series}[{length}]"
    return f"sum(sum_over_time({minutes})) / sum(count_over_time({minutes}))"


def _bad_minute(limit: ThresholdQuery) -> str:
    """Whether a gauge is past its limit now, as 1 or 0: any of its series, or where one is enough, all of them."""
    kept = f"<= bool {limit.at_most:.12g}" if limit.at_most is not None else f">= bool {limit.at_least:.12g}"
    decides = "max" if limit.one_series_is_enough else "min"
    return f"1 - {decides}({limit.metric.in_any_version} {kept})" + (" or vector(1)" if limit.missing_is_bad else "")


def _no_data(sli: Sli, shortest: timedelta, its_series: str) -> str:
    """Whether there is no series any more of what an SLI is counted from; else its ratio over the `shortest` window."""
    if sli.error_ratio is not None:
        return f"absent({names.error_ratio(shortest)}{its_series})"
    selectors = sli.events.total if sli.events else (sli.threshold.metric,) if sli.threshold else ()
    # Sums have no labels: an alert has its own alone.
    return f"absent({' or '.join(f'sum({selector.in_any_version})' for selector in selectors)})"


def _summed(function: str, counters: Sequence[Selector], length: str, *, or_none: bool = False) -> str:
    """The sum of a function over counters. With several, or where it may be `or_none`, one that isn't there is 0."""
    sums = [f"sum({function}({counter.in_any_version}[{length}]))" for counter in counters]
    if or_none or len(sums) > 1:
        sums = [f"({each} or vector(0))" for each in sums]
    return sums[0] if len(sums) == 1 else f"({' + '.join(sums)})"


def _burns(row: slo.Window, objective: Slo, days: int, its_series: str, least: int | None) -> str:
    """The condition of a row, after at `least` so many events in the long window."""
    above = f"> ({row.factor(days):.10g} * {slo.budget(objective.target):.10g})"
    parts = [f"{names.error_ratio(length)}{its_series} {above}" for length in (row.long, row.short)]
    if least is not None:
        parts.append(f"{names.events(row.long)}{its_series} >= {least}")
    return "(\n  " + "\n  and\n  ".join(parts) + "\n)"


def _alert(
    handbook: Handbook, promise: Promise, name: str, condition: dict[str, str], words: str, *, pages: bool
) -> dict[str, Any]:
    """An alert of an SLO on a condition: `expr`, and `for` how long where that isn't at once."""
    journey, objective, sli = promise
    language, paging = handbook.organisation.language, handbook.paging
    summary = f"{journey.name.in_language(language)}: {objective.name.in_language(language)}"
    annotations = {
        # Prometheus runs it as a template: two braces of the data begin nothing.
        "summary": summary.replace("{{", '{{ "{{" }}'),
        "description": _said(words, objective, sli).render(language, catalogue.translations(language).gettext),
    }
    labels = names.labels(handbook, journey, objective)
    runbook = alerts.runbook(handbook, journey.team, name, labels, has_others=False)
    if runbook:
        annotations[RUNBOOK] = runbook
    if objective.dashboard:
        annotations["dashboard"] = str(objective.dashboard)
    urgency = {paging.label: paging.page if pages else paging.ticket}
    return {
        "alert": name,
        **condition,
        "labels": labels | urgency,
        "annotations": annotations,
    }


_FAST = N_("The target is {target} {over}. The budget burns fast: {value} of the {units} in the last hours were bad.")
_SLOW = N_("The target is {target} {over}. The budget won't last: {value} of the {units} in the last days were bad.")
_NO_DATA = N_(
    "The target is {target} {over}. There has been no data for 15 minutes: nobody can tell whether it is met."
)


def _said(words: str, objective: Slo, sli: Sli) -> Message:
    days = objective.period.days
    over = Message(N_("over {days} days"), days=days) if days else Message(N_("in each calendar month"))
    units = Message(N_("minutes") if sli.threshold else N_("events"))
    value = "{{ $value | humanizePercentage }}"
    return Message(words, target=names.percent(objective.target), over=over, units=units, value=value)

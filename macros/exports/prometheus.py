"""Prometheus rules: the error ratio of each SLI over each window, and alerts on how fast the budget burns.

Windows, factors and their reasons are those of `handbook/slo.py`; names and labels are those of `handbook/names.py`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from macros.exports import document
from macros.handbook import alerts, names, slo
from macros.handbook.graph import Handbook
from macros.model.journeys import Journey, Sli, Slo
from macros.model.organisation import Team
from macros.sources.prometheus import RUNBOOK
from macros.text import catalogue
from macros.text.problems import N_, Message


def rules(handbook: Handbook, team: Team) -> str:
    """The rule file of a team, empty where none of its SLOs can be seen by Prometheus."""
    groups = [
        _group(handbook, team, journey, objective, sli)
        for journey in handbook.journeys_of(team)
        for objective in journey.slos
        if (sli := journey.sli_of(objective)) and takes(sli)
    ]
    if not groups:
        return ""
    return document.write(document.head(handbook, team, takes), {"groups": groups})


def takes(sli: Sli) -> bool:
    """Whether rules can be made of an SLI."""
    return sli.in_prometheus


def _group(handbook: Handbook, team: Team, journey: Journey, objective: Slo, sli: Sli) -> dict[str, Any]:
    labels = names.labels(handbook, journey, objective)
    days = slo.period_days(objective.period.days, handbook.today)
    rows = slo.firing(objective.target, days)
    windows = sorted({length for row in rows for length in (row.long, row.short)})
    counted = objective.minimum_events is not None and sli.events is not None
    recorded = [
        {"record": names.error_ratio(window), "expr": error_ratio(sli, window), "labels": labels} for window in windows
    ]
    if counted:
        recorded += [
            {"record": names.events(row.long), "expr": _increase(sli, row.long), "labels": labels} for row in rows
        ]
    alerting = [
        _alert(handbook, journey, objective, [row for row in rows if row.pages is pages], days, counted, pages=pages)
        for pages in (True, False)
        if any(row.pages is pages for row in rows)
    ]
    return {"name": names.group(journey, objective), "rules": [*recorded, *alerting]}


def error_ratio(sli: Sli, window: timedelta) -> str:
    """The fraction of bad events over a window; for a gauge, the fraction of time past its limit.

    Nothing where there were no events. A counter of good events that doesn't exist yet counts as none good.
    """
    range = f"[{slo.duration(window)}]"
    if sli.events is not None:
        good, total = f"sum(rate({sli.events.good}{range}))", f"sum(rate({sli.events.total}{range}))"
        return f"1 - ({good} or vector(0)) / ({total} > 0)"
    assert sli.threshold is not None
    limit = sli.threshold
    kept = f"<= bool {limit.at_most:.12g}" if limit.at_most is not None else f">= bool {limit.at_least:.12g}"
    return f"1 - avg(avg_over_time(({limit.metric} {kept})[{slo.duration(window)}:1m]))"


def _increase(sli: Sli, window: timedelta) -> str:
    assert sli.events is not None
    return f"sum(increase({sli.events.total}[{slo.duration(window)}]))"


def _alert(
    handbook: Handbook,
    journey: Journey,
    objective: Slo,
    rows: list[slo.Window],
    days: int,
    counted: bool,
    *,
    pages: bool,
) -> dict[str, Any]:
    language = handbook.organisation.language
    selector = names.selector(journey, objective)
    paging = handbook.paging
    conditions = []
    for row in rows:
        above = f"> ({row.factor(days):.10g} * {slo.budget(objective.target):.10g})"
        parts = [f"{names.error_ratio(length)}{selector} {above}" for length in (row.long, row.short)]
        if counted:
            parts.append(f"{names.events(row.long)}{selector} >= {objective.minimum_events}")
        conditions.append("(\n  " + "\n  and\n  ".join(parts) + "\n)")
    annotations = {
        "summary": _as_text(f"{journey.name.in_language(language)}: {objective.name.in_language(language)}"),
        "description": _description(objective, pages).render(language, catalogue.translations(language).gettext),
    }
    name = names.alert_name(journey, objective, pages=pages)
    runbook = alerts.runbook(handbook, journey.team, name)
    if runbook:
        annotations[RUNBOOK] = runbook
    if objective.dashboard:
        annotations["dashboard"] = str(objective.dashboard)
    return {
        "alert": name,
        "expr": "\nor\n".join(conditions) + "\n",
        "labels": {
            **names.labels(handbook, journey, objective),
            paging.label: paging.page if pages else paging.ticket,
        },
        "annotations": annotations,
    }


def _as_text(words: str) -> str:
    """Words for an annotation, which Prometheus runs as a template: two braces begin nothing."""
    return words.replace("{{", '{{ "{{" }}')


def _description(objective: Slo, pages: bool) -> Message:
    """What an alert says; Prometheus fills in the fraction of bad events."""
    over = (
        Message(N_("over {days} days"), {"days": objective.period.days})
        if objective.period.days
        else Message(N_("in each calendar month"))
    )
    template = (
        N_("{target} {over} is promised, and the budget burns fast: {value} of the events in the last hours were bad.")
        if pages
        else N_(
            "{target} {over} is promised, and the budget won't last: {value} of the events in the last days were bad."
        )
    )
    target = names.percent(objective.target)
    return Message(template, {"target": target, "over": over, "value": "{{ $value | humanizePercentage }}"})

"""Prometheus rules: the error ratio of each SLI over each window, and alerts on how fast the budget burns."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from macros.exports.document import Promise
from macros.handbook import alerts, names, slo
from macros.handbook.graph import Handbook
from macros.model.journeys import Journey, Sli, Slo
from macros.model.organisation import Team
from macros.sources.prometheus import RUNBOOK
from macros.text import catalogue
from macros.text.problems import N_, Message


def rules(handbook: Handbook, team: Team, promised: Sequence[Promise]) -> list[dict[str, Any]]:
    """The rules of a team's SLOs, as one document."""
    return [{"groups": [_group(handbook, *promise) for promise in promised]}]


def takes(sli: Sli) -> bool:
    """Whether rules can be made of an SLI."""
    return sli.in_prometheus


def _group(handbook: Handbook, journey: Journey, objective: Slo, sli: Sli) -> dict[str, Any]:
    labels = names.labels(handbook, journey, objective)
    days = slo.period_days(objective.period.days, handbook.today)
    rows = slo.firing(objective.target, days)
    windows = sorted({length for row in rows for length in (row.long, row.short)})
    made = [
        {"record": names.error_ratio(window), "expr": error_ratio(sli, window), "labels": labels} for window in windows
    ]
    least = objective.minimum_events if sli.events is not None else None
    if sli.events is not None and least is not None:
        for row in rows:
            increase = f"sum(increase({sli.events.total}[{slo.duration(row.long)}]))"
            made.append({"record": names.events(row.long), "expr": increase, "labels": labels})
    for pages in (True, False):
        if any(row.pages is pages for row in rows):
            made.append(_alert(handbook, journey, objective, least, pages=pages))
    return {"name": names.group(journey, objective), "rules": made}


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


def _alert(handbook: Handbook, journey: Journey, objective: Slo, least: int | None, *, pages: bool) -> dict[str, Any]:
    """The alert of some rows, after at `least` so many events in the long window."""
    language = handbook.organisation.language
    days = slo.period_days(objective.period.days, handbook.today)
    selector = names.selector(journey, objective)
    paging = handbook.paging
    urgency = {paging.label: paging.page if pages else paging.ticket}
    conditions = []
    for row in (row for row in slo.firing(objective.target, days) if row.pages is pages):
        above = f"> ({row.factor(days):.10g} * {slo.budget(objective.target):.10g})"
        parts = [f"{names.error_ratio(length)}{selector} {above}" for length in (row.long, row.short)]
        if least is not None:
            parts.append(f"{names.events(row.long)}{selector} >= {least}")
        conditions.append("(\n  " + "\n  and\n  ".join(parts) + "\n)")
    summary = f"{journey.name.in_language(language)}: {objective.name.in_language(language)}"
    annotations = {
        # Prometheus runs it as a template: two braces of the data begin nothing.
        "summary": summary.replace("{{", '{{ "{{" }}'),
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
        "labels": names.labels(handbook, journey, objective) | urgency,
        "annotations": annotations,
    }


_FAST = N_("The target is {target} {over}. The budget burns fast: {value} of the events in the last hours were bad.")
_SLOW = N_("The target is {target} {over}. The budget won't last: {value} of the events in the last days were bad.")


def _description(objective: Slo, pages: bool) -> Message:
    days = objective.period.days
    over = Message(N_("over {days} days"), days=days) if days else Message(N_("in each calendar month"))
    target = names.percent(objective.target)
    return Message(_FAST if pages else _SLOW, target=target, over=over, value="{{ $value | humanizePercentage }}")

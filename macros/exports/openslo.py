"""OpenSLO v1: Service, SLI, SLO, AlertPolicy, AlertCondition and the target that a policy must name.

The fields and their rules are those of the specification at github.com/OpenSLO/OpenSLO and of its validator at
github.com/OpenSLO/go-sdk. A policy of v1 has one condition, so that each row of an alert is a policy of its own.
"""

from collections.abc import Sequence
from typing import Any

from macros.exports.document import Promise
from macros.handbook import names, slo
from macros.handbook.graph import Handbook
from macros.model.journeys import WINDOW, Journey, Selector, Sli, Slo
from macros.model.organisation import Service, Team
from macros.text import catalogue
from macros.text.problems import N_, Message

MOST_CHARACTERS = 1050


def objects(handbook: Handbook, team: Team, promised: Sequence[Promise]) -> list[dict[str, Any]]:
    """The objects of a team's SLOs, each a document."""
    services = [names.service_of(handbook, journey, objective) for journey, objective, _ in promised]
    slis = {(journey.id, sli.id): (journey, sli) for journey, _, sli in promised}
    return [
        _object("AlertNotificationTarget", names.object_name(team.id), "", {"target": team.channel}),
        *(_service(handbook, team, service) for service in dict.fromkeys(services)),
        *(_sli(handbook, journey, sli) for journey, sli in slis.values()),
        *(made for promise in promised for made in _slo(handbook, team, *promise)),
    ]


def takes(sli: Sli) -> bool:
    """Whether an SLI has a query, of whatever system."""
    return bool(_metric(sli))


def _object(kind: str, name: str, display: str, spec: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    """An object with what there is of its metadata and of its `spec`: what is empty is left out."""
    most = names.MOST_CHARACTERS
    short = display if len(display) <= most else f"{display[: most - 1].rstrip()}…"
    parts = {"metadata": {"name": name, "displayName": short, **metadata}, "spec": spec}
    given = {part: {key: value for key, value in keys.items() if value not in ("", [])} for part, keys in parts.items()}
    return {"apiVersion": "openslo/v1", "kind": kind, **given}


def _service_name(team: Team, service: Service | None) -> str:
    return names.object_name(service.id) if service else names.object_name("team", team.id)


def _service(handbook: Handbook, team: Team, service: Service | None) -> dict[str, Any]:
    """A service, or the team itself for what crosses none: in OpenSLO, each SLO is on a service."""
    language = handbook.organisation.language
    name, text = (service.name, service.summary) if service else (team.name, team.mission)
    description = text.in_language(language)[:MOST_CHARACTERS] if text else ""
    return _object("Service", _service_name(team, service), name.in_language(language), {"description": description})


def _sli(handbook: Handbook, journey: Journey, sli: Sli) -> dict[str, Any]:
    good, valid = (text.in_language(handbook.organisation.language) for text in (sli.good, sli.valid))
    spec = {"description": f"{good} / {valid}"[:MOST_CHARACTERS], **_metric(sli)}
    return _object("SLI", names.object_name(journey.id, sli.id), good, spec)


def _metric(sli: Sli) -> dict[str, Any]:
    """The metric of an SLI, empty where it has no query. A query gives one series: a sum, or the gauge that decides."""

    def source(type: str, query: str) -> dict[str, Any]:
        return {"metricSource": {"type": type, "spec": {"query": query}}}

    def counted(counters: Sequence[Selector]) -> dict[str, Any]:
        return source("Prometheus", " + ".join(f"sum({counter.in_any_version})" for counter in counters))

    if sli.events is not None:
        counters = {"good": sli.events.good, "bad": sli.events.bad, "total": sli.events.total}
        return {"ratioMetric": {"counter": True, **{which: counted(some) for which, some in counters.items() if some}}}
    if sli.error_ratio is not None:
        # OpenSLO has nothing that stands for a window: the shortest of the alerts.
        filled = sli.error_ratio.replace(WINDOW, slo.duration(slo.SHORTEST))
        return {"ratioMetric": {"rawType": "failure", "raw": source("Prometheus", filled)}}
    if sli.threshold is not None:
        deciding = "min" if (sli.threshold.at_most is None) is not sli.threshold.one_series_is_enough else "max"
        return {"thresholdMetric": source("Prometheus", f"{deciding}({sli.threshold.metric.in_any_version})")}
    if sli.other is not None:
        return {"ratioMetric": {"rawType": "success", "raw": source(sli.other.system, sli.other.query)}}
    return {}


def _slo(handbook: Handbook, team: Team, journey: Journey, objective: Slo, sli: Sli) -> list[dict[str, Any]]:
    language = handbook.organisation.language
    name = names.object_name(journey.id, objective.id)
    target: dict[str, Any] = {"displayName": objective.name.in_language(language), "target": objective.target}
    limit = sli.threshold
    if limit is not None:
        op, value = ("gte", limit.at_least) if limit.at_most is None else ("lte", limit.at_most)
        # Of each minute the gauge either holds its limit or doesn't.
        target |= {"op": op, "value": value, "timeSliceTarget": 1.0, "timeSliceWindow": "1m"}
    days = slo.period_days(objective.period.days, handbook.today)
    # Another system's query has its own window: nothing says what it gives over an hour.
    rows = slo.firing(objective.target, days) if sli.in_prometheus else ()
    policies = {names.object_name(name, slo.duration(row.long)): row for row in rows}
    spec = {
        "description": objective.rationale.in_language(language)[:MOST_CHARACTERS] if objective.rationale else "",
        "service": _service_name(team, names.service_of(handbook, journey, objective)),
        "indicatorRef": names.object_name(journey.id, sli.id),
        "timeWindow": [_window(objective)],
        "budgetingMethod": "Timeslices" if limit else "Occurrences",
        "objectives": [target],
        "alertPolicies": [{"alertPolicyRef": policy} for policy in policies],
    }
    made = [_object("SLO", name, target["displayName"], spec, labels={"team": team.id, "journey": journey.id})]
    # The first row that wakes nobody also says that an SLI has no value, where it isn't silent then.
    without_data = next((row for row in rows if not row.pages and sli.silent_without_data is None), None)
    for policy, row in policies.items():
        made += _alert(handbook, team, policy, row, days, row is without_data)
    return made


def _window(objective: Slo) -> dict[str, Any]:
    if objective.period.days is not None:
        return {"duration": f"{objective.period.days}d", "isRolling": True}
    return {"duration": "1M", "calendar": {"startTime": "2020-01-01 00:00:00", "timeZone": "UTC"}, "isRolling": False}


def _alert(handbook: Handbook, team: Team, name: str, row: slo.Window, days: int, quiet: bool) -> list[dict[str, Any]]:
    paging, language = handbook.paging, handbook.organisation.language
    long, factor = slo.duration(row.long), row.factor(days)
    share = names.percent(round(row.spent(days), 3))
    spent = Message(N_("{share} of the budget spent in {long}"), share=share, long=long)
    burns = Message(N_("Burn rate {factor} over {long}"), factor=f"{factor:.4g}", long=long)
    translate = catalogue.translations(language).gettext
    policy = {
        "description": spent.render(language, translate),
        "alertWhenNoData": quiet,
        "alertWhenResolved": False,
        "alertWhenBreaching": True,
        "conditions": [{"conditionRef": name}],
        "notificationTargets": [{"targetRef": names.object_name(team.id)}],
    }
    condition = {
        "description": burns.render(language, translate),
        "severity": paging.page if row.pages else paging.ticket,
        "condition": {
            "kind": "burnrate",
            "op": "gt",
            "threshold": round(factor, 10),
            "lookbackWindow": long,
            "alertAfter": slo.duration(row.short),
        },
    }
    return [_object("AlertPolicy", name, "", policy), _object("AlertCondition", name, "", condition)]

"""OpenSLO files: every object keeps the rules of the specification's v1, and the rules see what breaks them."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
import yaml
from conftest import Golden, golden_handbook, make_handbook
from test_prometheus import check_rules

from macros.exports import EXPORTS, document, openslo
from macros.handbook.graph import Handbook

MOST_IN_DESCRIPTION = 1050
MOST_IN_DISPLAY_NAME = 63

METRIC_FIELDS = ("", ".metricSource", ".metricSource.type", ".metricSource.spec", ".metricSource.spec.query")
OBJECTIVE_FIELDS = ("displayName", "op", "value", "target", "timeSliceTarget", "timeSliceWindow")
FIELDS: dict[str, tuple[str, ...]] = {
    "Service": (),
    "SLI": (
        *("ratioMetric", "ratioMetric.counter", "ratioMetric.rawType"),
        *(f"ratioMetric.{part}{field}" for part in ("good", "bad", "total", "raw") for field in METRIC_FIELDS),
        *(f"thresholdMetric{field}" for field in METRIC_FIELDS),
    ),
    "SLO": (
        *("service", "indicatorRef", "budgetingMethod", "timeWindow", "objectives"),
        *(f"timeWindow.*{field}" for field in ("", ".duration", ".isRolling", ".calendar")),
        *("timeWindow.*.calendar.startTime", "timeWindow.*.calendar.timeZone"),
        *("objectives.*", *(f"objectives.*.{field}" for field in OBJECTIVE_FIELDS)),
        *("alertPolicies", "alertPolicies.*", "alertPolicies.*.alertPolicyRef"),
    ),
    "AlertPolicy": (
        *("alertWhenNoData", "alertWhenResolved", "alertWhenBreaching"),
        *("conditions", "conditions.*", "conditions.*.conditionRef"),
        *("notificationTargets", "notificationTargets.*", "notificationTargets.*.targetRef"),
    ),
    "AlertCondition": (
        *("severity", "condition"),
        *(f"condition.{field}" for field in ("kind", "op", "threshold", "lookbackWindow", "alertAfter")),
    ),
    "AlertNotificationTarget": ("target",),
}
"""The fields below `spec` that the specification has for what we write, beside `description`: no other is known."""

Object = dict[str, Any]
Objects = list[Object]
Rule = Callable[[Objects], Iterator[str]]

# The rules: each yields the kind and name of what breaks it.


def title(it: Object) -> str:
    return f"{it.get('kind')} {it.get('metadata', {}).get('name')}"


def of_kind(objects: Objects, kind: str) -> Iterator[tuple[Object, dict[str, Any]]]:
    return ((it, it.get("spec", {})) for it in objects if it.get("kind") == kind)


def names_of(objects: Objects, kind: str) -> set[str]:
    return {it["metadata"]["name"] for it in objects if it.get("kind") == kind and "name" in it.get("metadata", {})}


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_duration(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[1-9][0-9]*[mhdwMQY]", value) is not None


def is_source(value: object) -> bool:
    """Whether it is one metric: where it comes from, and a query."""
    match value:
        case {"metricSource": {"type": str(type), "spec": {"query": str(query)}}}:
            return bool(type and query)
    return False


def is_moment(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def field_names(value: object, above: str = "") -> Iterator[str]:
    """Every field at and below a value, dotted; `*` stands for a place in a list."""
    inner = value.items() if isinstance(value, dict) else [("*", it) for it in value] if isinstance(value, list) else []
    for key, below in inner:
        yield f"{above}{key}"
        yield from field_names(below, f"{above}{key}.")


def api_version(objects: Objects) -> Iterator[str]:
    yield from (title(it) for it in objects if it.get("apiVersion") != "openslo/v1")


def known_kind(objects: Objects) -> Iterator[str]:
    yield from (title(it) for it in objects if it.get("kind") not in FIELDS)


def object_keys(objects: Objects) -> Iterator[str]:
    yield from (title(it) for it in objects if set(it) != {"apiVersion", "kind", "metadata", "spec"})


def known_fields(objects: Objects) -> Iterator[str]:
    for kind, fields in FIELDS.items():
        for it, spec in of_kind(objects, kind):
            if set(field_names(spec)) - {*fields, "description"}:
                yield title(it)
    metadata = {"name", "displayName", "labels", "annotations"}
    yield from (title(it) for it in objects if set(it.get("metadata", {})) - metadata)


def display_name(objects: Objects) -> Iterator[str]:
    for it in objects:
        found = it.get("metadata", {}).get("displayName", "x")
        if not isinstance(found, str) or not 0 < len(found) <= MOST_IN_DISPLAY_NAME:
            yield title(it)


def labels(objects: Objects) -> Iterator[str]:
    for it in objects:
        for key, value in it.get("metadata", {}).get("labels", {}).items():
            values = value if isinstance(value, list) else [value]
            if not re.fullmatch(r"[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?", key) or not all(
                isinstance(one, str) for one in values
            ):
                yield title(it)


def name(objects: Objects) -> Iterator[str]:
    for it in objects:
        found = it.get("metadata", {}).get("name")
        if not isinstance(found, str) or not re.fullmatch(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?", found):
            yield title(it)


def unique_name(objects: Objects) -> Iterator[str]:
    yield from (it for it, times in Counter(map(title, objects)).items() if times > 1)


def description(objects: Objects) -> Iterator[str]:
    for it in objects:
        found = it.get("spec", {}).get("description", "")
        if not isinstance(found, str) or len(found) > MOST_IN_DESCRIPTION:
            yield title(it)


def one_metric(objects: Objects) -> Iterator[str]:
    for it, spec in of_kind(objects, "SLI"):
        if ("ratioMetric" in spec) == ("thresholdMetric" in spec):
            yield title(it)


def ratio_metric(objects: Objects) -> Iterator[str]:
    for it, spec in of_kind(objects, "SLI"):
        match spec.get("ratioMetric"):
            case None:
                continue
            case {"total": total, "counter": bool(), **rest} if set(rest) in ({"good"}, {"bad"}):
                right = is_source(total) and all(map(is_source, rest.values()))
            case {"raw": raw, "rawType": "success" | "failure", **rest} if not rest:
                right = is_source(raw)
            case _:
                right = False
        if not right:
            yield title(it)


def prometheus_queries(objects: Objects) -> Iterator[tuple[Object, str]]:
    """The queries that are made of selectors: a raw ratio is somebody's own."""
    for it, spec in of_kind(objects, "SLI"):
        ratio = spec.get("ratioMetric", {})
        sources = [*(ratio.get(part) for part in ("good", "bad", "total")), spec.get("thresholdMetric")]
        for source in (one["metricSource"] for one in sources if is_source(one)):
            if source["type"] == "Prometheus":
                yield it, source["spec"]["query"]


def one_series(objects: Objects) -> Iterator[str]:
    """The specification compares and divides values: a query of Prometheus that may give several series has none."""
    for it, query in prometheus_queries(objects):
        if not re.fullmatch(r"(sum|max|min)\(.+\)", query):
            yield title(it)


def threshold_metric(objects: Objects) -> Iterator[str]:
    for it, spec in of_kind(objects, "SLI"):
        if "thresholdMetric" in spec and not is_source(spec["thresholdMetric"]):
            yield title(it)


def service_in_file(objects: Objects) -> Iterator[str]:
    services = names_of(objects, "Service")
    yield from (title(it) for it, spec in of_kind(objects, "SLO") if spec.get("service") not in services)


def indicator_in_file(objects: Objects) -> Iterator[str]:
    slis = names_of(objects, "SLI")
    yield from (title(it) for it, spec in of_kind(objects, "SLO") if spec.get("indicatorRef") not in slis)


def time_window(objects: Objects) -> Iterator[str]:
    for it, spec in of_kind(objects, "SLO"):
        match spec.get("timeWindow"):
            case [{"duration": duration, "isRolling": True, **rest}] if not rest:
                right = is_duration(duration)
            case [{"duration": "1M", "isRolling": False, "calendar": {"startTime": start, "timeZone": zone}}]:
                right = is_moment(start) and zone in available_timezones()
            case _:
                right = False
        if not right:
            yield title(it)


def budgeting_method(objects: Objects) -> Iterator[str]:
    for it, spec in of_kind(objects, "SLO"):
        if spec.get("budgetingMethod") not in ("Occurrences", "Timeslices"):
            yield title(it)


def one_objective(objects: Objects) -> Iterator[str]:
    for it, spec in of_kind(objects, "SLO"):
        match spec.get("objectives"):
            case [{"target": target}] if is_number(target) and 0 <= target < 1:
                continue
        yield title(it)


def objective_of(spec: Mapping[str, Any]) -> dict[str, Any]:
    return next(iter(spec.get("objectives") or [{}]))


def limit(objects: Objects) -> Iterator[str]:
    gauges = {it["metadata"]["name"] for it, spec in of_kind(objects, "SLI") if "thresholdMetric" in spec}
    for it, spec in of_kind(objects, "SLO"):
        objective = objective_of(spec)
        if spec.get("indicatorRef") in gauges:
            right = objective.get("op") in ("lte", "gte", "lt", "gt") and is_number(objective.get("value"))
        else:
            right = not {"op", "value"} & objective.keys()
        if not right:
            yield title(it)


def time_slices(objects: Objects) -> Iterator[str]:
    for it, spec in of_kind(objects, "SLO"):
        objective = objective_of(spec)
        target: Any = objective.get("timeSliceTarget")
        if spec.get("budgetingMethod") == "Timeslices":
            right = is_number(target) and 0 < target <= 1 and is_duration(objective.get("timeSliceWindow"))
        else:
            right = not {"timeSliceTarget", "timeSliceWindow"} & objective.keys()
        if not right:
            yield title(it)


def policies_in_file(objects: Objects) -> Iterator[str]:
    policies = names_of(objects, "AlertPolicy")
    for it, spec in of_kind(objects, "SLO"):
        found = spec.get("alertPolicies", [])
        if any(set(one) != {"alertPolicyRef"} or one["alertPolicyRef"] not in policies for one in found):
            yield title(it)


def one_condition(objects: Objects) -> Iterator[str]:
    conditions = names_of(objects, "AlertCondition")
    for it, spec in of_kind(objects, "AlertPolicy"):
        match spec.get("conditions"):
            case [{"conditionRef": found, **rest}] if not rest and found in conditions:
                continue
        yield title(it)


def targets_in_file(objects: Objects) -> Iterator[str]:
    targets = names_of(objects, "AlertNotificationTarget")
    for it, spec in of_kind(objects, "AlertPolicy"):
        found = spec.get("notificationTargets", [])
        if not found or any(set(one) != {"targetRef"} or one["targetRef"] not in targets for one in found):
            yield title(it)


def alert_when(objects: Objects) -> Iterator[str]:
    for it, spec in of_kind(objects, "AlertPolicy"):
        if any(not isinstance(spec.get(f"alertWhen{when}"), bool) for when in ("NoData", "Resolved", "Breaching")):
            yield title(it)


def severity(objects: Objects) -> Iterator[str]:
    for it, spec in of_kind(objects, "AlertCondition"):
        if not isinstance(spec.get("severity"), str) or not spec["severity"]:
            yield title(it)


def burn_rate(objects: Objects) -> Iterator[str]:
    for it, spec in of_kind(objects, "AlertCondition"):
        match spec.get("condition"):
            case {"kind": "burnrate", "op": "lte" | "gte" | "lt" | "gt", "threshold": threshold, **rest}:
                right = is_number(threshold) and set(rest) == {"lookbackWindow", "alertAfter"}
                right = right and all(map(is_duration, rest.values()))
            case _:
                right = False
        if not right:
            yield title(it)


def notification_target(objects: Objects) -> Iterator[str]:
    for it, spec in of_kind(objects, "AlertNotificationTarget"):
        if not isinstance(spec.get("target"), str) or not spec["target"]:
            yield title(it)


RULES: tuple[Rule, ...] = (
    api_version,
    known_kind,
    object_keys,
    known_fields,
    display_name,
    labels,
    name,
    unique_name,
    description,
    one_metric,
    ratio_metric,
    one_series,
    threshold_metric,
    service_in_file,
    indicator_in_file,
    time_window,
    budgeting_method,
    one_objective,
    limit,
    time_slices,
    policies_in_file,
    one_condition,
    targets_in_file,
    alert_when,
    severity,
    burn_rate,
    notification_target,
)


def faults(objects: Objects) -> list[str]:
    """Every rule that is broken, and by what."""
    return [f"{rule.__name__}: {it}" for rule in RULES for it in rule(objects)]


def parsed(text: str) -> Objects:
    return list(yaml.safe_load_all(text))


def golden_text() -> str:
    handbook = golden_handbook()
    return "".join(write() for team in handbook.teams for write in EXPORTS["openslo"].make(handbook, team).values())


GOLDEN_OBJECTS = parsed(golden_text())

GONE = object()
"""In a case: the key is taken away."""

ROLLING = {"duration": "28d", "isRolling": True}
MONTH = {
    "duration": "1M",
    "isRolling": False,
    "calendar": {"startTime": "2020-01-01 00:00:00", "timeZone": "UTC"},
}
SOURCE = {"metricSource": {"type": "Prometheus", "spec": {"query": "a"}}}

COUNTED, GAUGE = "complete-journey--done", "complete-journey--fresh"
RAW = "complete-journey--right"
ROW = f"{COUNTED}--1h"
OBJECTIVE, CONDITION = "spec.objectives.0", "spec.condition"

BROKEN: dict[Rule, list[tuple[str, str, str, object]]] = {
    api_version: [("SLO", COUNTED, "apiVersion", "openslo/v1alpha"), ("SLO", COUNTED, "apiVersion", GONE)],
    known_kind: [("AlertNotificationTarget", "complete", "kind", "DataSource")],
    object_keys: [("SLI", COUNTED, "status", {}), ("Service", "needs-others", "spec", GONE)],
    known_fields: [
        ("Service", "needs-others", "spec.owner", "a"),
        ("SLI", COUNTED, "spec.ratioMetric.unit", "1"),
        ("SLI", GAUGE, "spec.thresholdMetric.metricSource.metric", "a"),
        ("SLO", COUNTED, "spec.objectives.0.targets", 0.9),
        ("SLO", RAW, "spec.timeWindow.0.calendar.end", "2020-01-01 00:00:00"),
        ("AlertPolicy", ROW, "spec.severity", "page"),
        ("AlertPolicy", ROW, "spec.conditions.0.kind", "AlertCondition"),
        ("AlertCondition", ROW, f"{CONDITION}.shortWindow", "5m"),
        ("AlertNotificationTarget", "complete", "spec.channel", "#a"),
        ("SLO", COUNTED, "metadata.team", "complete"),
    ],
    display_name: [
        ("SLO", COUNTED, "metadata.displayName", "x" * 64),
        ("SLI", COUNTED, "metadata.displayName", ""),
        ("Service", "needs-others", "metadata.displayName", 1),
    ],
    labels: [
        ("SLO", COUNTED, "metadata.labels", {"a" * 64: "b"}),
        ("SLO", COUNTED, "metadata.labels", {"-a": "b"}),
        ("SLO", COUNTED, "metadata.labels", {"a b": "b"}),
        ("SLO", COUNTED, "metadata.labels.team", 1),
    ],
    name: [
        ("SLO", COUNTED, "metadata.name", "With-Capitals"),
        ("SLO", COUNTED, "metadata.name", "a" * 64),
        ("SLO", COUNTED, "metadata.name", "-a"),
        ("SLO", COUNTED, "metadata.name", "a-"),
        ("SLO", COUNTED, "metadata.name", "a_b"),
        ("SLO", COUNTED, "metadata.name", ""),
        ("SLO", COUNTED, "metadata.name", 1),
        ("SLO", COUNTED, "metadata.name", GONE),
    ],
    unique_name: [("SLO", COUNTED, "metadata.name", GAUGE)],
    description: [("SLI", COUNTED, "spec.description", "x" * 1051), ("SLI", COUNTED, "spec.description", 1)],
    one_metric: [("SLI", COUNTED, "spec.thresholdMetric", SOURCE), ("SLI", COUNTED, "spec.ratioMetric", GONE)],
    ratio_metric: [
        ("SLI", COUNTED, "spec.ratioMetric.good", GONE),
        ("SLI", COUNTED, "spec.ratioMetric.total", GONE),
        ("SLI", COUNTED, "spec.ratioMetric.counter", "yes"),
        ("SLI", COUNTED, "spec.ratioMetric.raw", SOURCE),
        ("SLI", COUNTED, "spec.ratioMetric.total.metricSource.spec.query", GONE),
        ("SLI", RAW, "spec.ratioMetric.rawType", "percentage"),
        ("SLI", RAW, "spec.ratioMetric.rawType", GONE),
        ("SLI", RAW, "spec.ratioMetric.good", SOURCE),
        ("SLI", RAW, "spec.ratioMetric.raw.metricSource.type", ""),
    ],
    one_series: [
        ("SLI", COUNTED, "spec.ratioMetric.good.metricSource.spec.query", "done_total"),
        ("SLI", COUNTED, "spec.ratioMetric.total.metricSource.spec.query", 'done_total{a="b"}'),
        ("SLI", GAUGE, "spec.thresholdMetric.metricSource.spec.query", "sum"),
    ],
    threshold_metric: [("SLI", GAUGE, "spec.thresholdMetric.metricSource", GONE)],
    service_in_file: [("SLO", COUNTED, "spec.service", "complete"), ("SLO", COUNTED, "spec.service", GONE)],
    indicator_in_file: [("SLO", COUNTED, "spec.indicatorRef", "done"), ("SLO", COUNTED, "spec.indicatorRef", GONE)],
    time_window: [
        ("SLO", COUNTED, "spec.timeWindow", []),
        ("SLO", COUNTED, "spec.timeWindow", [ROLLING, ROLLING]),
        ("SLO", COUNTED, "spec.timeWindow", [{**ROLLING, "duration": "28 days"}]),
        ("SLO", COUNTED, "spec.timeWindow", [{**ROLLING, "duration": "0d"}]),
        ("SLO", COUNTED, "spec.timeWindow", [{**ROLLING, "isRolling": False}]),
        ("SLO", COUNTED, "spec.timeWindow", [{**MONTH, "isRolling": True}]),
        ("SLO", COUNTED, "spec.timeWindow", [{**MONTH, "duration": "30d"}]),
        ("SLO", COUNTED, "spec.timeWindow", [{**MONTH, "calendar": {"startTime": "2020-01-01 00:00:00"}}]),
        ("SLO", RAW, "spec.timeWindow.0.calendar.startTime", "2020-01-01T00:00:00Z"),
        ("SLO", RAW, "spec.timeWindow.0.calendar.startTime", "2020-13-01 00:00:00"),
        ("SLO", RAW, "spec.timeWindow.0.calendar.startTime", datetime(2020, 1, 1)),
        ("SLO", RAW, "spec.timeWindow.0.calendar.timeZone", "Tokyo"),
        ("SLO", RAW, "spec.timeWindow.0.calendar.timeZone", ""),
    ],
    budgeting_method: [("SLO", COUNTED, "spec.budgetingMethod", "Events"), ("SLO", RAW, "spec.budgetingMethod", GONE)],
    one_objective: [
        ("SLO", COUNTED, "spec.objectives", []),
        ("SLO", COUNTED, "spec.objectives", [{"target": 0.9}, {"target": 0.8}]),
        ("SLO", COUNTED, f"{OBJECTIVE}.target", 1),
        ("SLO", COUNTED, f"{OBJECTIVE}.target", 99.5),
        ("SLO", COUNTED, f"{OBJECTIVE}.target", -0.1),
        ("SLO", COUNTED, f"{OBJECTIVE}.target", "0.99"),
        ("SLO", COUNTED, f"{OBJECTIVE}.target", False),
        ("SLO", COUNTED, f"{OBJECTIVE}.target", GONE),
    ],
    limit: [
        ("SLO", COUNTED, f"{OBJECTIVE}.op", "lte"),
        ("SLO", COUNTED, f"{OBJECTIVE}.value", 1),
        ("SLO", GAUGE, f"{OBJECTIVE}.op", "eq"),
        ("SLO", GAUGE, f"{OBJECTIVE}.op", GONE),
        ("SLO", GAUGE, f"{OBJECTIVE}.value", "900"),
        ("SLO", GAUGE, f"{OBJECTIVE}.value", GONE),
    ],
    time_slices: [
        ("SLO", GAUGE, f"{OBJECTIVE}.timeSliceTarget", 0),
        ("SLO", GAUGE, f"{OBJECTIVE}.timeSliceTarget", 1.1),
        ("SLO", GAUGE, f"{OBJECTIVE}.timeSliceTarget", GONE),
        ("SLO", GAUGE, f"{OBJECTIVE}.timeSliceWindow", GONE),
        ("SLO", GAUGE, f"{OBJECTIVE}.timeSliceWindow", "1 minute"),
        ("SLO", COUNTED, f"{OBJECTIVE}.timeSliceWindow", "1m"),
        ("SLO", COUNTED, "spec.budgetingMethod", "Timeslices"),
    ],
    policies_in_file: [
        ("SLO", COUNTED, "spec.alertPolicies.0.alertPolicyRef", "missing"),
        ("SLO", COUNTED, "spec.alertPolicies", [{"name": ROW}]),
    ],
    one_condition: [
        ("AlertPolicy", ROW, "spec.conditions", []),
        ("AlertPolicy", ROW, "spec.conditions", [{"conditionRef": ROW}] * 2),
        ("AlertPolicy", ROW, "spec.conditions.0.conditionRef", "missing"),
        ("AlertPolicy", ROW, "spec.conditions", GONE),
    ],
    targets_in_file: [
        ("AlertPolicy", ROW, "spec.notificationTargets", []),
        ("AlertPolicy", ROW, "spec.notificationTargets.0.targetRef", "missing"),
        ("AlertPolicy", ROW, "spec.notificationTargets", GONE),
    ],
    alert_when: [
        ("AlertPolicy", ROW, "spec.alertWhenNoData", GONE),
        ("AlertPolicy", ROW, "spec.alertWhenResolved", "false"),
        ("AlertPolicy", ROW, "spec.alertWhenBreaching", 1),
    ],
    severity: [("AlertCondition", ROW, "spec.severity", 1), ("AlertCondition", ROW, "spec.severity", GONE)],
    burn_rate: [
        ("AlertCondition", ROW, CONDITION, GONE),
        ("AlertCondition", ROW, f"{CONDITION}.kind", "errors"),
        ("AlertCondition", ROW, f"{CONDITION}.op", ">"),
        ("AlertCondition", ROW, f"{CONDITION}.threshold", "14.4"),
        ("AlertCondition", ROW, f"{CONDITION}.lookbackWindow", "1 h"),
        ("AlertCondition", ROW, f"{CONDITION}.lookbackWindow", "0h"),
        ("AlertCondition", ROW, f"{CONDITION}.lookbackWindow", GONE),
        ("AlertCondition", ROW, f"{CONDITION}.alertAfter", "5s"),
        ("AlertCondition", ROW, f"{CONDITION}.alertAfter", GONE),
    ],
    notification_target: [
        ("AlertNotificationTarget", "complete", "spec.target", ""),
        ("AlertNotificationTarget", "complete", "spec.target", GONE),
    ],
}
"""For each rule: the kind and name of a golden object, a place in it, and what stands there instead."""


def broken(kind: str, name: str, place: str, value: object) -> Objects:
    """The golden objects with another value at a place in one of them."""
    objects = copy.deepcopy(GOLDEN_OBJECTS)
    (inner,) = (it for it in objects if it["kind"] == kind and it["metadata"]["name"] == name)
    *path, last = place.split(".")
    for step in path:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value
    return objects


@pytest.mark.parametrize(
    ("rule", "case"),
    [
        pytest.param(rule, case, id=f"{rule.__name__} {position}")
        for rule, several in BROKEN.items()
        for position, case in enumerate(several, 1)
    ],
)
def test_a_rule_sees_what_breaks_it(rule: Rule, case: tuple[str, str, str, object]) -> None:
    assert list(rule(GOLDEN_OBJECTS)) == []
    assert list(rule(broken(*case))) != []


def test_every_rule_has_a_case_that_breaks_it() -> None:
    assert tuple(BROKEN) == RULES
    assert all(BROKEN.values())


def test_the_golden_file_keeps_every_rule_and_has_every_kind() -> None:
    assert faults(GOLDEN_OBJECTS) == []
    assert {it["kind"] for it in GOLDEN_OBJECTS} == set(FIELDS)


def test_the_objects_of_the_golden_organisation(golden: Golden) -> None:
    golden.check("exports/openslo.yaml", golden_text())


def test_objects_that_are_read_and_written_again_are_the_same() -> None:
    again = document.write([], *GOLDEN_OBJECTS)
    assert parsed(again) == GOLDEN_OBJECTS
    assert again == re.sub(r"\A(?:#.*\n)+", "", golden_text())


# What the objects say, on small journeys.

EVENTS: dict[str, Any] = {"events": {"good": 'invoices_total{result="ok"}', "total": "invoices_total"}}
AT_MOST: dict[str, Any] = {"threshold": {"metric": "age_seconds", "at_most": 900}}
AT_LEAST: dict[str, Any] = {"threshold": {"metric": "level_ratio", "at_least": 0.25}}
OTHER: dict[str, Any] = {"other": {"system": "Datadog", "query": "sum:ok{*} / sum:all{*}"}}

SERVICE = "teams/payments/services/checkout.yaml"


def journey_file(
    query: Mapping[str, Any], *, sli: str = "speed", id: str = "latency", steps: bool = True, **slo: Any
) -> str:
    """A journey with one SLI of this query, and one SLO with these keys; its step is on the checkout."""
    shown = {"id": sli, "type": "latency", "valid": "All", "good": "Quick ones", "measured": "M", **query}
    objective = {"id": id, "name": "Quick", "sli": sli, "target": 0.999, "period": {"days": 30}, **slo}
    raw = {"name": "Pay", "user": "U", "goal": "G", "slis": [shown], "slos": [objective]}
    return yaml.safe_dump(raw | ({"steps": [{"what": "Pays", "service": "checkout"}]} if steps else {}))


def handbook_of(folder: Path, journeys: Mapping[str, str], **more: str) -> Handbook:
    """A handbook with these journeys by id, a service, and other files by path."""
    own = {f"teams/payments/journeys/{id}.yaml": text for id, text in journeys.items()}
    return make_handbook(folder, {SERVICE: "name: Checkout\nsummary: Takes money\n", **own, **more})


def objects_of(folder: Path, journeys: Mapping[str, str], **more: str) -> Objects:
    handbook = handbook_of(folder, journeys, **more)
    return parsed("".join(write() for write in EXPORTS["openslo"].make(handbook, handbook.teams[0]).values()))


def spec_of(objects: Objects, kind: str) -> dict[str, Any]:
    """What the only object of a kind says."""
    ((_, spec),) = of_kind(objects, kind)
    return spec


def source(type: str, query: str) -> Object:
    return {"metricSource": {"type": type, "spec": {"query": query}}}


@pytest.mark.parametrize(
    ("query", "metric"),
    [
        pytest.param(
            EVENTS,
            {
                "ratioMetric": {
                    "counter": True,
                    "good": source("Prometheus", 'sum(invoices_total{result="ok"})'),
                    "total": source("Prometheus", "sum(invoices_total)"),
                }
            },
            id="counters",
        ),
        pytest.param(
            AT_MOST, {"thresholdMetric": source("Prometheus", "max(age_seconds)")}, id="a gauge that is to be low"
        ),
        pytest.param(
            AT_LEAST, {"thresholdMetric": source("Prometheus", "min(level_ratio)")}, id="a gauge that is to be high"
        ),
        pytest.param(
            OTHER,
            {"ratioMetric": {"rawType": "success", "raw": source("Datadog", "sum:ok{*} / sum:all{*}")}},
            id="another system",
        ),
    ],
)
def test_an_sli_has_the_metric_of_its_query(query: dict[str, Any], metric: Object, tmp_path: Path) -> None:
    objects = objects_of(tmp_path, {"pay": journey_file(query)})
    assert faults(objects) == []
    assert spec_of(objects, "SLI") == {"description": "Quick ones / All", **metric}


@pytest.mark.parametrize(
    ("query", "method", "expected"),
    [
        pytest.param(EVENTS, "Occurrences", {}, id="counters"),
        pytest.param(OTHER, "Occurrences", {}, id="another system"),
        pytest.param(AT_MOST, "Timeslices", {"op": "lte", "value": 900}, id="at most"),
        pytest.param(AT_LEAST, "Timeslices", {"op": "gte", "value": 0.25}, id="at least"),
    ],
)
def test_an_slo_counts_events_or_minutes(query: dict[str, Any], method: str, expected: Object, tmp_path: Path) -> None:
    spec = spec_of(objects_of(tmp_path, {"pay": journey_file(query)}), "SLO")
    slices = {"timeSliceTarget": 1, "timeSliceWindow": "1m"} if method == "Timeslices" else {}
    assert spec["budgetingMethod"] == method
    assert spec["objectives"] == [{"displayName": "Quick", "target": 0.999, **expected, **slices}]


@pytest.mark.parametrize(
    ("period", "window"),
    [({"days": 28}, ROLLING), ({"days": 90}, {**ROLLING, "duration": "90d"}), ({"calendar": "month"}, MONTH)],
    ids=["28 days", "90 days", "a calendar month"],
)
def test_an_slo_has_the_window_of_its_period(period: dict[str, Any], window: Object, tmp_path: Path) -> None:
    objects = objects_of(tmp_path, {"pay": journey_file(EVENTS, period=period)})
    assert faults(objects) == []
    assert spec_of(objects, "SLO")["timeWindow"] == [window]


@pytest.mark.parametrize(
    ("target", "days", "rows"),
    [
        pytest.param(0.999, 28, {"1h 5m": 13.44, "6h 30m": 5.6, "1d 2h": 2.8, "3d 6h": 1}, id="28 days"),
        pytest.param(0.999, 30, {"1h 5m": 14.4, "6h 30m": 6, "1d 2h": 3, "3d 6h": 1}, id="30 days"),
        pytest.param(0.999, 7, {"15m 5m": 13.44, "90m 8m": 5.6, "6h 30m": 2.8, "18h 90m": 1}, id="a week"),
        pytest.param(0.999, 90, {"3h 15m": 14.4, "18h 90m": 6, "3d 6h": 3, "9d 18h": 1}, id="a quarter"),
        pytest.param(0.9, 30, {"6h 30m": 6, "1d 2h": 3, "3d 6h": 1}, id="without a row that can never fire"),
        pytest.param(0.5, 30, {"3d 6h": 1}, id="one row alone"),
        pytest.param(0.5, 365, {}, id="no row"),
    ],
)
def test_each_row_is_a_policy_with_its_condition(
    target: float, days: int, rows: dict[str, float], tmp_path: Path
) -> None:
    objects = objects_of(tmp_path, {"pay": journey_file(EVENTS, target=target, period={"days": days})})
    assert faults(objects) == []
    windows = [(*row.split(), factor) for row, factor in rows.items()]
    names = [f"pay--latency--{long}" for long, _, _ in windows]
    assert [it["alertPolicyRef"] for it in spec_of(objects, "SLO").get("alertPolicies", [])] == names
    assert [(it["metadata"]["name"], spec["conditions"]) for it, spec in of_kind(objects, "AlertPolicy")] == [
        (name, [{"conditionRef": name}]) for name in names
    ]
    assert [(it["metadata"]["name"], spec["condition"]) for it, spec in of_kind(objects, "AlertCondition")] == [
        (
            f"pay--latency--{long}",
            {"kind": "burnrate", "op": "gt", "threshold": factor, "lookbackWindow": long, "alertAfter": short},
        )
        for long, short, factor in windows
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(
            {"events": {"bad": ["web_errors", 'app_errors{le="1"}'], "total": "all"}},
            {
                "counter": True,
                "bad": r'sum(web_errors) + sum(app_errors{le=~"1|1\\.0"})',
                "total": "sum(all)",
            },
            id="bad events of two counters",
        ),
        pytest.param(
            {"error_ratio": "a[{window}] / b[{window}]"},
            {"rawType": "failure", "raw": "a[5m] / b[5m]"},
            id="a ratio",
        ),
    ],
)
def test_what_is_counted_directly_is_a_ratio(query: dict[str, Any], expected: dict[str, Any], tmp_path: Path) -> None:
    objects = objects_of(tmp_path, {"pay": journey_file(query)})
    assert faults(objects) == []
    ratio = spec_of(objects, "SLI")["ratioMetric"]
    found = {key: it["metricSource"]["spec"]["query"] if isinstance(it, dict) else it for key, it in ratio.items()}
    assert found == expected
    assert len([*of_kind(objects, "AlertPolicy")]) == 4


@pytest.mark.parametrize(
    ("paging", "expected"),
    [
        ("", ["page", "page", "ticket", "ticket"]),
        ("paging: {label: urgency, page: wake, ticket: work}\n", ["wake", "wake", "work", "work"]),
    ],
)
def test_a_severity_is_the_organisations_word(paging: str, expected: list[str], tmp_path: Path) -> None:
    organisation = {"organisation.yaml": f"name: Example\nlanguage: en\n{paging}"}
    objects = objects_of(tmp_path, {"pay": journey_file(EVENTS)}, **organisation)
    assert [spec["severity"] for _, spec in of_kind(objects, "AlertCondition")] == expected


def test_a_policy_tells_the_teams_channel_while_the_budget_burns(tmp_path: Path) -> None:
    objects = objects_of(tmp_path, {"pay": journey_file(EVENTS)})
    assert spec_of(objects, "AlertNotificationTarget") == {"target": "#payments"}
    for _, spec in of_kind(objects, "AlertPolicy"):
        assert spec["notificationTargets"] == [{"targetRef": "payments"}]
        assert [spec[f"alertWhen{it}"] for it in ("Breaching", "Resolved")] == [True, False]


@pytest.mark.parametrize(("target", "telling"), [(0.999, ["1d"]), (0.9, ["1d"]), (0.5, ["3d"])])
def test_one_policy_that_pages_nobody_says_that_there_is_no_data(
    target: float, telling: list[str], tmp_path: Path
) -> None:
    objects = objects_of(tmp_path, {"pay": journey_file(EVENTS, target=target, period={"days": 30})})
    policies = of_kind(objects, "AlertPolicy")
    found = [it["metadata"]["name"] for it, spec in policies if spec["alertWhenNoData"]]
    assert found == [f"pay--latency--{long}" for long in telling]


def test_a_long_display_name_is_cut_and_the_description_has_it_whole(tmp_path: Path) -> None:
    whole, long = "x" * 63, f"{'x' * 61} yyyyy"
    texts = {"pay": journey_file({**EVENTS, "good": whole}), "refund": journey_file({**EVENTS, "good": long})}
    objects = objects_of(tmp_path, texts)
    assert faults(objects) == []
    found = [(it["metadata"]["displayName"], spec["description"]) for it, spec in of_kind(objects, "SLI")]
    assert found == [(whole, f"{whole} / All"), (f"{'x' * 61}…", f"{long} / All")]


def test_promtool_reads_every_query(tmp_path: Path) -> None:
    queries = {query for _, query in prometheus_queries(GOLDEN_OBJECTS)}
    assert len(queries) > 3
    group = {"name": "a", "rules": [{"record": f"a:q{number}", "expr": it} for number, it in enumerate(queries)]}
    read = check_rules(tmp_path, yaml.safe_dump({"groups": [group]}))
    assert read.returncode == 0, read.stdout + read.stderr


@pytest.mark.parametrize(("rationale", "expected"), [(None, None), ("It held", "It held"), ("x" * 2000, "x" * 1050)])
def test_a_rationale_is_the_description_of_an_slo(rationale: str | None, expected: str | None, tmp_path: Path) -> None:
    given: dict[str, Any] = {"rationale": rationale} if rationale else {}
    objects = objects_of(tmp_path, {"pay": journey_file(EVENTS, **given)})
    assert faults(objects) == []
    assert spec_of(objects, "SLO").get("description") == expected


def test_long_texts_are_cut(tmp_path: Path) -> None:
    long = "y" * 2000
    query = {**EVENTS, "good": long, "valid": long}
    objects = objects_of(tmp_path, {"pay": journey_file(query)}, **{SERVICE: f"name: Checkout\nsummary: {long}\n"})
    assert faults(objects) == []
    assert {len(spec_of(objects, kind)["description"]) for kind in ("Service", "SLI")} == {1050}


def test_an_sli_of_two_slos_and_a_service_of_two_journeys_stand_once(tmp_path: Path) -> None:
    raw = yaml.safe_load(journey_file(EVENTS))
    raw["slos"].append({**raw["slos"][0], "id": "later", "period": {"days": 90}})
    objects = objects_of(tmp_path, {"pay": yaml.safe_dump(raw), "refund": journey_file(EVENTS)})
    assert faults(objects) == []
    found = Counter(it["kind"] for it in objects)
    assert {kind: found[kind] for kind in ("Service", "SLI", "SLO")} == {"Service": 1, "SLI": 2, "SLO": 3}


def test_an_sli_without_a_query_is_left_out_and_the_rest_stays(tmp_path: Path) -> None:
    handbook = handbook_of(tmp_path, {"pay": journey_file(EVENTS), "refund": journey_file({})})
    (team,) = handbook.teams
    text = "".join(write() for write in EXPORTS["openslo"].make(handbook, team).values())
    assert faults(parsed(text)) == []
    assert [it["metadata"]["name"] for it, _ in of_kind(parsed(text), "SLO")] == ["pay--latency"]
    assert [(journey.id, sli.id) for journey, sli in document.left_out(handbook, team, openslo.takes)] == [
        ("refund", "speed")
    ]
    assert "#   refund: speed\n" in text


def test_texts_are_in_the_organisations_language(tmp_path: Path) -> None:
    name = {"en": "Quick", "ja": "速さ"}
    organisation = {"organisation.yaml": "name: Example\nlanguage: ja\n"}
    objects = objects_of(tmp_path, {"pay": journey_file(EVENTS, name=name)}, **organisation)
    ((slo, spec),) = of_kind(objects, "SLO")
    assert slo["metadata"]["displayName"] == spec["objectives"][0]["displayName"] == "速さ"


LONG = "a-rather-long-name-of-something-that-somebody-has-thought-of"


@pytest.mark.parametrize(
    ("journey", "sli", "slo"),
    [
        pytest.param(LONG, "speed", "latency", id="of a journey"),
        pytest.param("pay", LONG, LONG, id="of an SLI and an SLO"),
        pytest.param(LONG, LONG, LONG, id="of all"),
    ],
)
def test_names_of_long_ids_keep_the_rules(journey: str, sli: str, slo: str, tmp_path: Path) -> None:
    texts = {
        journey: journey_file(EVENTS, sli=sli, id=slo),
        f"{journey}-too": journey_file(EVENTS, sli=sli, id=slo),
    }
    objects = objects_of(tmp_path, texts)
    assert faults(objects) == []
    assert len(list(of_kind(objects, "SLO"))) == 2


def test_an_slo_on_no_service_keeps_the_rules(tmp_path: Path) -> None:
    assert faults(objects_of(tmp_path, {"pay": journey_file(EVENTS, steps=False)})) == []


def test_slis_whose_joined_ids_are_equal_keep_the_rules(tmp_path: Path) -> None:
    texts = {"a": journey_file(EVENTS, sli="b-c", id="one"), "a-b": journey_file(EVENTS, sli="c", id="two")}
    assert faults(objects_of(tmp_path, texts)) == []


@pytest.mark.parametrize("whose", ["team", "service"])
def test_a_long_id_of_a_team_or_service_keeps_the_rules(whose: str, tmp_path: Path) -> None:
    long = f"{LONG}-long-ago"
    team = long if whose == "team" else "payments"
    service = long if whose == "service" else "checkout"
    text = journey_file(EVENTS).replace("service: checkout", f"service: {service}")
    handbook = make_handbook(
        tmp_path,
        {
            f"teams/{team}/team.yaml": 'name: T\nchannel: "#t"\n',
            f"teams/{team}/services/{service}.yaml": "name: S\nsummary: S\n",
            f"teams/{team}/journeys/pay.yaml": text,
        },
    )
    (found,) = (it for it in handbook.teams if it.id == team)
    assert faults(parsed("".join(write() for write in EXPORTS["openslo"].make(handbook, found).values()))) == []


def test_a_team_none_of_whose_slis_has_a_query_has_no_file(tmp_path: Path) -> None:
    handbook = handbook_of(tmp_path, {"pay": journey_file({})})
    assert EXPORTS["openslo"].make(handbook, handbook.teams[0]) == {}

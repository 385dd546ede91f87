"""PromQL of an SLI, as it is written. What it gives is run in test_prometheus.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from macros.exports import promql
from macros.model.journeys import Sli

SERIES = '{journey="pay",slo="up"}'


def sli(query: dict[str, Any]) -> Sli:
    """An SLI of this query."""
    words = {"valid": "V", "good": "G", "measured": "M"}
    return Sli.model_validate({"id": "up", "type": "availability", **words, **query})


MINUTES = f"slo:bad:minute{SERIES}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(
            {"events": {"good": "good_total", "total": "all_total"}},
            "clamp_min(1 - (sum(rate(good_total[1h])) or vector(0)) / (sum(rate(all_total[1h])) > 0), 0)",
            id="good events",
        ),
        pytest.param(
            {"events": {"bad": "bad_total", "total": ["a", "b"]}},
            "clamp_max((sum(rate(bad_total[1h])) or vector(0))"
            " / (((sum(rate(a[1h])) or vector(0)) + (sum(rate(b[1h])) or vector(0))) > 0), 1)",
            id="bad events of two counters",
        ),
        pytest.param(
            {"error_ratio": "avg(a[{window}]) / avg(b[{window}:1m])"},
            "clamp(avg(a[1h]) / avg(b[1h:1m]), 0, 1)",
            id="a ratio",
        ),
        pytest.param(
            {"threshold": {"metric": "age", "at_most": 900}},
            f"sum(sum_over_time({MINUTES}[1h])) / sum(count_over_time({MINUTES}[1h]))",
            id="a gauge",
        ),
    ],
)
def test_the_expression_of_an_error_ratio(query: dict[str, Any], expected: str) -> None:
    assert promql.error_ratio(sli(query), timedelta(hours=1), SERIES) == expected


@pytest.mark.parametrize(
    ("gauge", "expected"),
    [
        ({"at_most": 900}, "1 - min(age <= bool 900)"),
        ({"at_least": 0.25}, "1 - min(age >= bool 0.25)"),
        ({"at_most": 900, "one_series_is_enough": True}, "1 - max(age <= bool 900)"),
        ({"at_most": 1e6, "missing_is_bad": True}, "1 - min(age <= bool 1000000) or vector(1)"),
    ],
)
def test_whether_a_minute_is_bad(gauge: dict[str, Any], expected: str) -> None:
    limit = sli({"threshold": {"metric": "age", **gauge}}).threshold
    assert limit is not None
    assert promql.bad_minute(limit) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"events": {"bad": "bad", "total": "a"}}, "absent(sum(a))"),
        ({"events": {"bad": "bad", "total": ["a", 'b{le="1"}']}}, r'absent(sum(a) or sum(b{le=~"1|1\\.0"}))'),
        ({"threshold": {"metric": "age", "at_most": 1}}, "absent(sum(age))"),
        ({"error_ratio": "a[{window}]"}, f"absent(slo:error:ratio_5m{SERIES})"),
    ],
)
def test_whether_the_data_is_gone(query: dict[str, Any], expected: str) -> None:
    assert promql.no_data(sli(query), timedelta(minutes=5), SERIES) == expected


def test_the_increase_of_several_counters_needs_one_of_them() -> None:
    events = sli({"events": {"bad": "bad", "total": ["a", "b"]}}).events
    assert events is not None
    expected = "((sum(increase(a[6h])) or vector(0)) + (sum(increase(b[6h])) or vector(0)))"
    assert promql.summed("increase", events.total, "6h") == expected

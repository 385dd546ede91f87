"""PromQL of an SLI: both spellings of a bucket. What its expressions give is run in test_prometheus.py."""

from __future__ import annotations

import pytest

from macros.exports import promql


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('a{le="1"}', r'a{le=~"1|1\\.0"}'),
        ('a{le="1.0"}', r'a{le=~"1\\.0|1"}'),
        ("a{le='30'}", r'a{le=~"30|30\\.0"}'),
        ('a{le = "1"}', r'a{le =~ "1|1\\.0"}'),
        ('a{le!="5"}', r'a{le!~"5|5\\.0"}'),
        ('a{quantile="1"}', r'a{quantile=~"1|1\\.0"}'),
        ('a{le="0"}', r'a{le=~"0|0\\.0"}'),
        ('a{le="-1"}', r'a{le=~"-1|-1\\.0"}'.replace("-", r"\\-")),
        # Prometheus 3 writes a number of seven digits or more, or a very small one, with an exponent.
        ('a{le="1000000"}', r'a{le=~"1000000|1e\\+06"}'),
        ('a{le="1000000.0"}', r'a{le=~"1000000\\.0|1e\\+06"}'),
        ('a{le="0.00001"}', r'a{le=~"0\\.00001|1e\\-05"}'),
        ('a{le=".5"}', r'a{le=~"\\.5|0\\.5"}'),
        ('a{le="0.50"}', r'a{le=~"0\\.50|0\\.5"}'),
        ('a{le="100000",code!~"5.."}', r'a{le=~"100000|100000\\.0",code!~"5.."}'),
    ],
)
def test_a_number_that_the_versions_write_differently_has_both_spellings(written: str, expected: str) -> None:
    assert promql.spelled(written) == expected


@pytest.mark.parametrize(
    "selector",
    [
        "a",
        'a{le="0.5"}',
        'a{le="1e+06"}',
        'a{le="+Inf"}',
        'a{le=~"1|2"}',
        'a{le!~"1"}',
        'a{le=""}',
        'a{role="1"}',
        'a{my_le="1"}',
        'a{path="le=\\"1\\""}',
        "a{path='{le=\"1\"}'}",
        'a{quantile="0.99"}',
        'a{le="1234567"}',
    ],
)
def test_any_other_selector_stays_as_it_is_written(selector: str) -> None:
    assert promql.spelled(selector) == selector

"""Error budgets and burn rates: what the formulas give, against their closed forms and known figures."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from macros.handbook import slo

exact = settings(deadline=None, database=None, derandomize=True)

targets = st.floats(0.001, 0.999999)
periods = st.integers(1, 366)
burn_rates = st.floats(0.01, 1000)
windows = st.sampled_from(slo.WINDOWS)

FACTORS = {
    28: (13.44, 5.6, 2.8, 1),
    30: (14.4, 6, 3, 1),
    31: (14.88, 6.2, 3.1, 31 / 30),
    90: (14.4, 6, 3, 1),
    180: (28.8, 12, 6, 2),
    7: (13.44, 5.6, 2.8, 1),
}

MINUTES = {
    0.99: {28: 403.2, 30: 432, 90: 1296, 365: 5256},
    0.995: {28: 201.6, 30: 216, 90: 648, 365: 2628},
    0.999: {28: 40.32, 30: 43.2, 90: 129.6, 365: 525.6},
    0.9995: {28: 20.16, 30: 21.6, 90: 64.8, 365: 262.8},
    0.9999: {28: 4.032, 30: 4.32, 90: 12.96, 365: 52.56},
    0.99999: {28: 0.4032, 30: 0.432, 90: 1.296, 365: 5.256},
}


@exact
@given(target=targets)
def test_target_and_budget_are_the_whole(target: float) -> None:
    assert slo.budget(target) + target == pytest.approx(1)


@exact
@given(target=targets, days=periods)
def test_the_allowed_minutes_are_the_budget_of_the_period(target: float, days: int) -> None:
    assert slo.allowed_minutes(target, days) == pytest.approx((1 - target) * days * 24 * 60)


@exact
@given(target=targets, days=periods, events=st.integers(1, 10**9))
def test_allowed_events_are_the_budget_of_all_events(target: float, days: int, events: int) -> None:
    allowed = slo.allowed_events(target, days, events)
    assert allowed / (days * events) == pytest.approx(slo.budget(target))
    assert slo.allowed_events(target, days, 24 * 60) == pytest.approx(slo.allowed_minutes(target, days))


@exact
@given(several=st.lists(targets, min_size=1, max_size=5))
def test_in_series_is_between_failures_that_never_and_that_always_coincide(several: list[float]) -> None:
    product, worst = slo.in_series(several)
    assert 0 <= worst <= product + 1e-12
    assert product <= min(several)


def test_in_series() -> None:
    assert slo.in_series([0.995, 0.95]) == pytest.approx((0.94525, 0.945))
    assert slo.in_series([0.5, 0.4]) == pytest.approx((0.2, 0))


@pytest.mark.parametrize(
    ("target", "days", "minutes"),
    [(target, days, minutes) for target, row in MINUTES.items() for days, minutes in row.items()],
)
def test_a_usual_target_allows_its_minutes(target: float, days: int, minutes: float) -> None:
    assert slo.allowed_minutes(target, days) == pytest.approx(minutes, rel=1e-9)


def test_the_table_has_every_usual_target_and_period() -> None:
    assert tuple(MINUTES) == slo.USUAL_TARGETS
    assert {tuple(row) for row in MINUTES.values()} == {slo.USUAL_PERIODS}


@exact
@given(burn=burn_rates, days=periods)
def test_days_to_empty_times_burn_rate_is_the_period(burn: float, days: int) -> None:
    assert slo.days_to_empty(burn, days) * burn == pytest.approx(days)


@pytest.mark.parametrize(
    ("burn", "lasts"),
    [
        (14.4, timedelta(hours=50)),
        (6, timedelta(days=5)),
        (3, timedelta(days=10)),
        (1, timedelta(days=30)),
    ],
)
def test_a_budget_of_30_days_is_spent_after(burn: float, lasts: timedelta) -> None:
    assert slo.days_to_empty(burn, 30) == pytest.approx(lasts / timedelta(days=1), rel=1e-9)


@pytest.mark.parametrize("burn", [0, 0.0, -1.0])
def test_a_budget_that_does_not_burn_lasts_for_ever(burn: float) -> None:
    assert slo.days_to_empty(burn, 30) == math.inf


@pytest.mark.parametrize(("days", "factors"), FACTORS.items())
def test_the_factors_of_a_period(days: int, factors: tuple[float, ...]) -> None:
    assert [window.factor(days) for window in slo.rows(days)] == pytest.approx(factors, rel=1e-12)


@exact
@given(window=windows, days=periods)
def test_a_factor_spends_its_share_in_the_long_window_and_is_never_under_1(window: slo.Window, days: int) -> None:
    planned = window.share * days * 24 / (window.long / timedelta(hours=1))
    assert window.factor(days) == pytest.approx(max(1, planned))
    assert window.factor(days) >= 1


@pytest.mark.parametrize("days", [1, 7, 28])
def test_a_factor_under_1_is_1(days: int) -> None:
    assert slo.WINDOWS[-1].factor(days) == 1


def test_short_windows_are_a_twelfth_of_the_long_ones() -> None:
    assert [window.long / window.short for window in slo.WINDOWS] == [12] * 4


def test_the_rows_come_from_the_fastest_and_the_fast_ones_page() -> None:
    hours = [window.long / timedelta(hours=1) for window in slo.WINDOWS]
    assert list(zip(hours, [window.pages for window in slo.WINDOWS], strict=True)) == [
        (1, True),
        (6, True),
        (24, False),
        (72, False),
    ]


@exact
@given(window=windows, target=targets, days=periods)
def test_a_row_can_fire_where_complete_failure_is_above_its_threshold(
    window: slo.Window, target: float, days: int
) -> None:
    threshold = window.threshold(target, days)
    assert threshold == pytest.approx(window.factor(days) * (1 - target))
    assume(abs(threshold - 1) > 1e-9)
    assert window.can_fire(target, days) is (1 / slo.budget(target) > window.factor(days))


@pytest.mark.parametrize(
    ("row", "target", "expected"),
    [
        pytest.param(0, 0.5, False, id="14.4× of a half"),
        pytest.param(0, 0.93, False, id="14.4× just under its last target"),
        pytest.param(0, 0.9305, False, id="14.4× closer under it"),
        pytest.param(0, 0.9306, True, id="14.4× just over it"),
        pytest.param(0, 0.99, True, id="14.4× of one in a hundred"),
        pytest.param(1, 0.83, False, id="6× just under its last target"),
        pytest.param(1, 0.84, True, id="6× just over it"),
        pytest.param(2, 0.5, False, id="3× of a half"),
        pytest.param(3, 0.5, True, id="1× of a half"),
    ],
)
def test_over_30_days_a_row_can_fire_or_not(row: int, target: float, expected: bool) -> None:
    assert slo.WINDOWS[row].can_fire(target, 30) is expected


@pytest.mark.parametrize("target", [0.5, 0.75, 0.875])
def test_a_row_whose_threshold_is_exactly_1_cannot_fire(target: float) -> None:
    window = slo.Window(True, timedelta(days=1), timedelta(hours=2), 0.25)
    days = round(4 / (1 - target))
    assert window.threshold(target, days) == 1
    assert not window.can_fire(target, days)


@exact
@given(window=windows, target=targets, days=periods, more=st.floats(1e-6, 1))
def test_a_higher_target_never_takes_a_row_away(window: slo.Window, target: float, days: int, more: float) -> None:
    higher = target + (1 - target) * more
    assert window.can_fire(higher, days) or not window.can_fire(target, days)


@pytest.mark.parametrize(
    ("month", "days"),
    [
        *((f"2026-{month:02}", days) for month, days in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1)),
        ("2024-02", 29),
        ("2028-02", 29),
        ("2000-02", 29),
        ("2100-02", 28),
    ],
)
@pytest.mark.parametrize("day", ["01", "15", "28"])
def test_a_calendar_month_has_its_own_days(month: str, day: str, days: int) -> None:
    assert slo.period_days(None, date.fromisoformat(f"{month}-{day}")) == days


@exact
@given(days=periods, today=st.dates())
def test_a_rolling_window_has_its_days_whatever_the_day(days: int, today: date) -> None:
    assert slo.period_days(days, today) == days


def test_a_budget_in_events() -> None:
    assert slo.allowed_events(0.995, 28, 12000) == pytest.approx(1680)


@pytest.mark.parametrize(
    ("target", "days", "can_fire"),
    [
        (0.999, 28, [True] * 4),
        (0.999, 30, [True] * 4),
        (0.9, 30, [False, True, True, True]),
        (0.5, 30, [False, False, False, True]),
        (0.5, 90, [False, False, False, True]),
        (0.5, 365, [False] * 4),
        (0.9, 1, [True] * 4),
    ],
)
def test_the_rows_that_can_fire(target: float, days: int, can_fire: list[bool]) -> None:
    assert [row in slo.firing(target, days) for row in slo.rows(days)] == can_fire


@pytest.mark.parametrize(
    ("days", "windows"),
    [
        (1, "5m 5m, 13m 5m, 51m 5m, 154m 13m"),
        (7, "15m 5m, 90m 8m, 6h 30m, 18h 90m"),
        (14, "30m 5m, 3h 15m, 12h 1h, 36h 3h"),
        (27, "58m 5m, 347m 29m, 1389m 116m, 69h 347m"),
        (28, "1h 5m, 6h 30m, 1d 2h, 3d 6h"),
        (30, "1h 5m, 6h 30m, 1d 2h, 3d 6h"),
        (31, "1h 5m, 6h 30m, 1d 2h, 3d 6h"),
        (60, "2h 10m, 12h 1h, 2d 4h, 6d 12h"),
        (84, "3h 15m, 18h 90m, 3d 6h, 9d 18h"),
        (32, "64m 5m, 384m 32m, 26h 128m, 77h 384m"),
        (90, "3h 15m, 18h 90m, 3d 6h, 9d 18h"),
        (365, "3h 15m, 18h 90m, 3d 6h, 9d 18h"),
    ],
)
def test_windows_are_to_the_period_as_the_usual_ones_are_to_a_month(days: int, windows: str) -> None:
    written = (f"{slo.duration(row.long)} {slo.duration(row.short)}" for row in slo.rows(days))
    assert ", ".join(written) == windows


@pytest.mark.parametrize("days", range(1, 367))
def test_no_row_waits_until_more_than_a_ninth_of_the_budget_is_spent(days: int) -> None:
    assert max(row.spent(days) for row in slo.rows(days)) < 1 / 9


@exact
@given(target=targets, days=periods)
def test_the_usual_windows_of_what_fires_are_recorded_too(target: float, days: int) -> None:
    fires = [row in slo.firing(target, days) for row in slo.rows(days)]
    pairs = zip(slo.rows(days), slo.WINDOWS, fires, strict=True)
    expected = {row for own, usual, fire in pairs if fire for row in (own, usual)}
    assert set(slo.recorded(target, days)) == expected


@pytest.mark.parametrize(
    ("target", "days", "a_day", "expected"),
    [
        # The fastest row of 28 days fires above 13.44 %, so that 7.4 events are too few in an hour: 178.6 a day.
        (0.99, 28, 178, 8),
        (0.99, 28, 179, 0),
        (0.999, 28, 1785, 75),
        (0.999, 28, 1786, 0),
        # The second row fires above 5.6 %: 17.9 events in six hours, 71.4 a day.
        (0.99, 28, 72, 8),
        (0.99, 28, 71, 18),
        (0.99, 7, 714, 8),
        (0.99, 7, 715, 0),
        # Nothing pages.
        (0.5, 30, 1, 0),
    ],
)
def test_how_many_events_it_takes_so_that_one_bad_one_wakes_nobody(
    target: float, days: int, a_day: int, expected: int
) -> None:
    assert slo.fewest_events(target, days, a_day) == expected


@exact
@given(target=targets, days=periods, a_day=st.integers(1, 10**6))
def test_with_so_many_events_one_bad_one_is_under_every_threshold(target: float, days: int, a_day: int) -> None:
    least = slo.fewest_events(target, days, a_day)
    for row in slo.firing(target, days):
        held = max(least, a_day * (row.long / timedelta(days=1)))
        assert not row.pages or 1 / held <= row.threshold(target, days) * (1 + 1e-9)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(minutes=1), "1m"),
        (timedelta(minutes=5), "5m"),
        (timedelta(minutes=30), "30m"),
        (timedelta(minutes=60), "1h"),
        (timedelta(minutes=90), "90m"),
        (timedelta(hours=2), "2h"),
        (timedelta(hours=6), "6h"),
        (timedelta(hours=24), "1d"),
        (timedelta(hours=25), "25h"),
        (timedelta(days=3), "3d"),
        (timedelta(days=28), "28d"),
    ],
)
def test_a_length_is_written_in_the_largest_unit_that_divides_it(length: timedelta, expected: str) -> None:
    assert slo.duration(length) == expected


@exact
@given(minutes=st.integers(1, 366 * 24 * 60))
def test_a_written_length_reads_back(minutes: int) -> None:
    found = re.fullmatch(r"([1-9][0-9]*)([mhd])", slo.duration(timedelta(minutes=minutes)))
    assert found
    number, unit = int(found[1]), found[2]
    assert number * {"m": 1, "h": 60, "d": 1440}[unit] == minutes
    assert unit == "d" or number % {"m": 60, "h": 24}[unit]

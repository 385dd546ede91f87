"""The timeline: where an engagement stands on a day, and where its bar lies."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from macros.handbook.timeline import Phase, Timeline, is_open, phase, timeline
from macros.model.set_ups import Engagement

TODAY = date(2026, 11, 24)

Span = tuple[str, str | None, str | None]
"""First day, last day and outcome."""


def engagement(start: str, end: str | None = None, outcome: str | None = None) -> Engagement:
    fields = {"id": "e", "path": "e.yaml", "name": "E", "type": "embedded", "role": "R", "start": start}
    fields |= {key: value for key, value in (("end", end), ("outcome", outcome)) if value is not None}
    return Engagement.model_validate(fields, context={"language": "en"})


def drawn(*spans: Span, today: date = TODAY) -> Timeline:
    return timeline([engagement(*span) for span in spans], today)


def bars(found: Timeline) -> list[tuple[float, float]]:
    return [(bar.start, bar.length) for bar in found.bars]


@pytest.mark.parametrize(
    ("start", "end", "outcome", "expected"),
    [
        pytest.param("2026-11-25", None, None, Phase.PLANNED, id="starts tomorrow, without an end"),
        pytest.param("2026-11-25", "2026-12-24", None, Phase.PLANNED, id="starts tomorrow"),
        pytest.param("2026-11-24", "2026-12-24", None, Phase.RUNNING, id="first day"),
        pytest.param("2026-11-02", "2026-11-24", None, Phase.RUNNING, id="last day"),
        pytest.param("2026-11-24", "2026-11-24", None, Phase.RUNNING, id="only day"),
        pytest.param("2020-01-01", None, None, Phase.RUNNING, id="without an end"),
        pytest.param("2026-11-02", "2026-11-23", None, Phase.OVERDUE, id="last day was yesterday"),
        pytest.param("2026-11-02", "2026-11-23", "Done", Phase.ENDED, id="outcome after its end"),
        pytest.param("2026-11-02", "2026-12-24", "Done", Phase.ENDED, id="outcome before its end"),
        pytest.param("2026-11-02", None, "Done", Phase.ENDED, id="outcome without an end"),
        pytest.param("2026-11-25", "2026-12-24", "Dropped", Phase.ENDED, id="outcome before its start"),
    ],
)
def test_an_engagement_stands_in_a_phase(start: str, end: str | None, outcome: str | None, expected: Phase) -> None:
    it = engagement(start, end, outcome)
    assert phase(it, TODAY) is expected
    assert is_open(it, TODAY) is (expected in {Phase.RUNNING, Phase.OVERDUE})


def today_between(first: str, last: str) -> float:
    """Where today is on a timeline that reaches from one day to another."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return (TODAY - begin).days / ((end - begin).days + 1)


def test_a_timeline_without_engagements_is_this_month() -> None:
    assert drawn() == Timeline((), (("2026-11", 0.0),), 23 / 30)


def test_a_bar_lies_in_its_month() -> None:
    found = drawn(("2026-11-10", "2026-11-24", None))
    assert found.today == 23 / 30
    assert bars(found) == [(9 / 30, 15 / 30)]
    assert (found.bars[0].phase, found.bars[0].open_ended) == (Phase.RUNNING, False)


@pytest.mark.parametrize(
    ("span", "first", "last", "bar"),
    [
        pytest.param(
            ("2026-11-01", "2026-11-30", None), "2026-11-01", "2026-11-30", (0.0, 1.0), id="the whole of a month"
        ),
        pytest.param(
            ("2026-11-30", "2026-11-30", None), "2026-11-01", "2026-11-30", (29 / 30, 1 / 30), id="the last day alone"
        ),
        pytest.param(
            ("2026-10-05", "2026-10-31", "Done"), "2026-10-01", "2026-11-30", (4 / 61, 27 / 61), id="ended in time"
        ),
        pytest.param(
            ("2026-10-05", "2026-10-31", None), "2026-10-01", "2026-11-30", (4 / 61, 51 / 61), id="overdue, until today"
        ),
        pytest.param(
            ("2026-10-05", None, None), "2026-10-01", "2026-11-30", (4 / 61, 51 / 61), id="open-ended, until today"
        ),
        pytest.param(
            ("2026-12-05", None, None), "2026-11-01", "2026-12-31", (34 / 61, 1 / 61), id="open-ended, not yet begun"
        ),
        pytest.param(
            ("2026-12-31", "2027-01-01", None),
            "2026-11-01",
            "2027-01-31",
            (60 / 92, 2 / 92),
            id="over the turn of a year",
        ),
    ],
)
def test_a_bar_reaches_from_the_first_day_to_the_last(
    span: Span, first: str, last: str, bar: tuple[float, float]
) -> None:
    found = drawn(span)
    assert found.today == today_between(first, last)
    assert bars(found) == [bar]


@pytest.mark.parametrize(
    ("span", "expected", "open_ended"),
    [
        (("2026-10-05", None, None), Phase.RUNNING, True),
        (("2026-12-05", None, None), Phase.PLANNED, True),
        (("2026-10-05", "2026-10-31", None), Phase.OVERDUE, False),
        (("2026-10-05", "2026-10-31", "Done"), Phase.ENDED, False),
    ],
)
def test_a_bar_knows_its_phase_and_whether_it_has_an_end(span: Span, expected: Phase, open_ended: bool) -> None:
    (bar,) = drawn(span).bars
    assert (bar.phase, bar.open_ended) == (expected, open_ended)


def test_bars_share_one_axis_and_keep_their_order() -> None:
    engagements = [
        engagement("2026-12-01", "2026-12-31"),
        engagement("2026-10-01", "2026-10-31", "Done"),
        engagement("2026-11-24"),
    ]
    found = timeline(engagements, TODAY)
    assert [bar.engagement for bar in found.bars] == engagements
    assert bars(found) == [(61 / 92, 31 / 92), (0.0, 31 / 92), (54 / 92, 1 / 92)]
    assert found.months == (("2026-10", 0.0), ("2026-11", 31 / 92), ("2026-12", 61 / 92))
    assert found.today == 54 / 92


# A timeline reaches from 2025-11-24 to 2027-11-24, and then to the edges of those months: 395 days with today's month.


@pytest.mark.parametrize(
    "span",
    [
        pytest.param(("2025-01-01", "2025-11-23", "Done"), id="ended 366 days ago"),
        pytest.param(("2027-11-25", "2028-01-31", None), id="starts in 366 days"),
        pytest.param(("2027-11-25", None, None), id="starts in 366 days, without an end"),
    ],
)
def test_what_lies_more_than_a_year_away_is_left_out(span: Span) -> None:
    assert drawn(span) == drawn()
    near = ("2026-11-10", "2026-11-24", None)
    assert drawn(span, near) == drawn(near)


@pytest.mark.parametrize(
    ("span", "first", "last", "bar"),
    [
        pytest.param(
            ("2025-01-01", "2025-11-24", "Done"),
            "2025-11-01",
            "2026-11-30",
            (23 / 395, 1 / 395),
            id="ended 365 days ago",
        ),
        pytest.param(
            ("2024-01-01", "2025-01-31", None), "2025-11-01", "2026-11-30", (23 / 395, 366 / 395), id="long overdue"
        ),
        pytest.param(("2020-01-01", None, None), "2025-11-01", "2026-11-30", (23 / 395, 366 / 395), id="long running"),
        pytest.param(
            ("2026-12-01", "2028-12-31", None), "2026-11-01", "2027-11-30", (30 / 395, 359 / 395), id="far future"
        ),
        pytest.param(
            ("2027-11-24", "2028-12-31", None),
            "2026-11-01",
            "2027-11-30",
            (388 / 395, 1 / 395),
            id="starts in 365 days",
        ),
        pytest.param(
            ("2020-01-01", "2030-12-31", None), "2025-11-01", "2027-11-30", (23 / 760, 731 / 760), id="far both ways"
        ),
    ],
)
def test_a_bar_is_clipped_a_year_from_today(span: Span, first: str, last: str, bar: tuple[float, float]) -> None:
    found = drawn(span)
    assert found.today == today_between(first, last)
    assert bars(found) == [bar]


@pytest.mark.parametrize(
    ("start", "months"),
    [
        pytest.param("2026-10-05", (("2026-10", 0.0), ("2026-11", 31 / 61)), id="two"),
        pytest.param(
            "2026-04-15",
            (
                ("2026-04", 0.0),
                ("2026-05", 30 / 244),
                ("2026-06", 61 / 244),
                ("2026-07", 91 / 244),
                ("2026-08", 122 / 244),
                ("2026-09", 153 / 244),
                ("2026-10", 183 / 244),
                ("2026-11", 214 / 244),
            ),
            id="eight",
        ),
        pytest.param(
            "2026-03-31", (("2026-03", 0.0), ("2026-06", 92 / 275), ("2026-09", 184 / 275)), id="nine, every third"
        ),
        pytest.param(
            "2025-11-24",
            (
                ("2025-11", 0.0),
                ("2026-02", 92 / 395),
                ("2026-05", 181 / 395),
                ("2026-08", 273 / 395),
                ("2026-11", 365 / 395),
            ),
            id="thirteen, every third",
        ),
    ],
)
def test_each_month_is_labelled_up_to_eight_and_every_third_beyond(
    start: str, months: tuple[tuple[str, float], ...]
) -> None:
    assert drawn((start, None, None)).months == months


@pytest.mark.parametrize(
    ("today", "fraction"),
    [
        ("2026-11-01", 0.0),
        ("2026-11-30", 29 / 30),
        ("2026-12-31", 30 / 31),
        ("2027-01-31", 30 / 31),
        ("2027-02-28", 27 / 28),
        ("2028-02-29", 28 / 29),
    ],
)
def test_today_is_a_fraction_of_its_month(today: str, fraction: float) -> None:
    found = drawn(today=date.fromisoformat(today))
    assert (found.today, found.months) == (fraction, ((today[:7], 0.0),))


def test_bars_and_today_lie_inside_the_axis_wherever_an_engagement_lies() -> None:
    days = [
        TODAY + timedelta(days=offset) for offset in (-800, -366, -365, -364, -31, -1, 0, 1, 31, 364, 365, 366, 800)
    ]
    drawn_bars = 0
    for start, end, outcome in product(days, [*days, None], ["Done", None]):
        if end is not None and end < start:
            continue
        found = drawn((f"{start}", f"{end}" if end else None, outcome))
        drawn_bars += len(found.bars)
        assert 0 <= found.today < 1
        for bar in found.bars:
            assert 0 <= bar.start < 1, (start, end, outcome)
            assert 0 < bar.length <= 1 - bar.start + 1e-12, (start, end, outcome)
    assert drawn_bars > 100

"""The timeline: where an engagement stands on a day, and which days are shown of it."""

from __future__ import annotations

from datetime import date

import pytest

from macros.handbook.timeline import Phase, is_open, phase, spans
from macros.model.set_ups import Engagement

TODAY = date(2026, 11, 24)


def engagement(start: str, end: str | None = None, outcome: str | None = None) -> Engagement:
    fields = {"id": "e", "path": "e.yaml", "name": "E", "type": "embedded", "role": "R", "start": start}
    fields |= {key: value for key, value in (("end", end), ("outcome", outcome)) if value is not None}
    return Engagement.model_validate(fields, context={"language": "en"})


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


@pytest.mark.parametrize(
    ("start", "end", "outcome", "shown"),
    [
        pytest.param("2026-11-30", "2026-11-30", None, "2026-11-30 2026-11-30", id="a day alone"),
        pytest.param("2026-10-05", "2026-10-31", "Done", "2026-10-05 2026-10-31", id="ended in time"),
        pytest.param("2026-10-05", "2026-10-31", None, "2026-10-05 2026-11-24", id="overdue, until today"),
        pytest.param("2026-10-05", None, None, "2026-10-05 2026-11-24", id="open-ended, until today"),
        pytest.param("2026-12-05", None, None, "2026-12-05 2026-12-05", id="open-ended, not yet begun"),
        pytest.param("2025-01-01", "2025-11-24", "Done", "2025-11-24 2025-11-24", id="ended 365 days ago"),
        pytest.param("2025-01-01", "2025-11-23", "Done", "", id="ended 366 days ago"),
        pytest.param("2024-01-01", "2025-01-31", None, "2025-11-24 2026-11-24", id="long overdue"),
        pytest.param("2027-11-24", "2028-12-31", None, "2027-11-24 2027-11-24", id="starts in 365 days"),
        pytest.param("2027-11-25", None, None, "", id="starts in 366 days"),
        pytest.param("2020-01-01", "2030-12-31", None, "2025-11-24 2027-11-24", id="far both ways"),
    ],
)
def test_a_year_to_either_side_is_shown(start: str, end: str | None, outcome: str | None, shown: str) -> None:
    own, near = engagement(start, end, outcome), engagement("2026-11-10", "2026-11-24")
    *found, last = spans([own, near], TODAY)
    assert " ".join(f"{first} {final}" for _, first, final in found) == shown
    assert last == (near, near.start, near.end)

"""Pain points that are open, and where an embedded SRE would help."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SET_UPS, Content, make_handbook

from macros.handbook import pain_points


def points(*entries: str) -> str:
    return "pain_points:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)


def test_open_pain_points_come_the_worst_first_and_then_the_oldest(tmp_path: Path) -> None:
    team_points = points(
        "id: low, what: A, impact: low, since: 2020-01",
        "id: no-month, what: A, impact: high",
        "id: young, what: A, impact: high, since: 2026-04-17",
        "id: solved, what: A, impact: high, since: 2020-01, state: solved",
        "id: medium, what: A",
    )
    service_points = points(
        "id: old, what: A, impact: high, since: 2026-04",
        "id: medium, what: A, state: in-progress",
        "id: older-medium, what: A, since: 2025-12-31",
    )
    files: dict[str, Content] = {
        "teams/payments/team.yaml": f"name: Payments\nchannel: x\n{team_points}",
        "teams/payments/services/till.yaml": f"name: Till\nsummary: Takes coins\n{service_points}",
        "teams/shop/team.yaml": f"name: Shop\nchannel: x\n{points('id: other, what: A, impact: high')}",
    }
    handbook = make_handbook(tmp_path, files)
    found = list(pain_points.open_of(handbook, handbook.teams[0]))
    assert [(owner.id, location, point.id) for owner, location, point in found] == [
        ("till", ("pain_points", 0), "old"),
        ("payments", ("pain_points", 2), "young"),
        ("payments", ("pain_points", 1), "no-month"),
        ("till", ("pain_points", 2), "older-medium"),
        ("payments", ("pain_points", 4), "medium"),
        ("till", ("pain_points", 1), "medium"),
        ("payments", ("pain_points", 0), "low"),
    ]


SHOWN = "evidence: {measure: 4 a day}"
HURTS = points(f"id: a, what: A, {SHOWN}")


def engagement(type: str = "embedded", rest: str = "") -> str:
    return f"name: Help\ntype: {type}\nrole: Helps\nstart: 2026-11-02\n{rest}"


def candidates(folder: Path, teams: dict[str, str], files: dict[str, Content] | None = None) -> list[str]:
    """The ids of the candidates among `teams`, which are given by what stands below their name."""
    written = {f"teams/{id}/team.yaml": f"name: {id}\nchannel: x\n{rest}" for id, rest in teams.items()}
    handbook = make_handbook(folder, {**SET_UPS, **written, **(files or {})})
    return [team.id for team, _ in pain_points.embedding_candidates(handbook)]


def test_candidates_come_by_weight_and_then_by_id(tmp_path: Path) -> None:
    teams = {
        "cards": points(f"id: a, what: A, impact: low, {SHOWN}"),
        "street": points(f"id: a, what: A, impact: high, {SHOWN}"),
        "stall": points(f"id: a, what: A, {SHOWN}", f"id: b, what: B, impact: low, {SHOWN}"),
        "shop": points(f"id: a, what: A, impact: high, {SHOWN}", f"id: b, what: B, impact: low, {SHOWN}"),
        "till": HURTS,
    }
    assert candidates(tmp_path, teams) == ["shop", "stall", "street", "till", "cards"]


def test_a_candidate_has_the_points_of_its_services_the_worst_first(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "teams/payments/team.yaml": f"name: Payments\nchannel: x\n{HURTS}",
        "teams/payments/services/till.yaml": (
            f"name: Till\nsummary: Takes coins\n{points(f'id: b, what: B, impact: high, {SHOWN}', 'id: c, what: C')}"
        ),
    }
    ((_, found),) = pain_points.embedding_candidates(make_handbook(tmp_path, files))
    assert [(owner.id, point.id) for owner, _, point in found] == [("till", "b"), ("payments", "a")]


@pytest.mark.parametrize(
    ("entry", "is_one"),
    [
        ("evidence: {measure: 4 a day}", True),
        ("evidence: {slo: Fast}", True),
        ("evidence: {alert: Slow}", True),
        (f"{SHOWN}, state: in-progress", True),
        (f"{SHOWN}, state: solved", False),
        ("evidence: {ticket: https://tickets.example.com/7}", False),
        ("evidence: {postmortem: https://wiki.example.com/7}", False),
        ("impact: high", False),
    ],
)
def test_a_pain_point_makes_a_candidate_where_a_figure_is_at_hand(entry: str, is_one: bool, tmp_path: Path) -> None:
    assert candidates(tmp_path, {"payments": points(f"id: a, what: A, {entry}")}) == ["payments"] * is_one


@pytest.mark.parametrize(
    ("set_up", "is_one"), [("is: enabling", False), ("is: embedded, has: embedded", False), ("has: embedded", True)]
)
def test_a_team_of_sres_is_no_candidate(set_up: str, is_one: bool, tmp_path: Path) -> None:
    teams = {"payments": f"sre_set_up: {{{set_up}}}\n{HURTS}"}
    assert candidates(tmp_path, teams) == ["payments"] * is_one


@pytest.mark.parametrize(
    ("hosted", "is_one"),
    [
        (engagement(), False),
        (engagement(rest="end: 2026-11-23\n"), False),
        (engagement(rest="outcome: It is fast\n"), True),
        (engagement().replace("2026-11-02", "2026-11-25"), True),
        (engagement("enabling"), True),
    ],
    ids=["running", "past its end", "ended", "planned", "not inside"],
)
def test_a_team_that_hosts_an_embedded_sre_is_no_candidate(hosted: str, is_one: bool, tmp_path: Path) -> None:
    found = candidates(tmp_path, {"payments": HURTS}, {"teams/payments/engagements/help.yaml": hosted})
    assert found == ["payments"] * is_one


def test_a_team_that_lends_an_embedded_sre_is_a_candidate_and_the_host_is_none(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "teams/shop/engagements/help.yaml": engagement(rest="provided_by: payments\n"),
    }
    assert candidates(tmp_path, {"payments": HURTS, "shop": HURTS}, files) == ["payments"]

"""Checks: each rule has a case that breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Case, Content, cases, findings_of, make_handbook

from macros.gaps import checks
from macros.gaps.checks import CHECKS
from macros.handbook import load
from macros.handbook.graph import Handbook
from macros.model.organisation import PainPoint
from macros.model.values import Entity
from macros.text.problems import DataError, Finding, Message, Problem, Report, in_order


@pytest.mark.parametrize("case", cases("findings"))
def test_finding_case(case: Case, tmp_path: Path) -> None:
    found = findings_of(make_handbook(tmp_path, case.files))
    assert [str(finding) for finding in found] == case.expected


def test_every_check_reports_in_some_case_and_as_what_it_says(tmp_path: Path) -> None:
    reported: dict[str, set[type[Report]]] = {check.name: set() for check in CHECKS}
    for folder in ("problems", "findings"):
        for position, parameter in enumerate(cases(folder)):
            (case,) = parameter.values
            rules = {line.split(": ")[1] for line in case.expected}
            if rules & {check.name for check in CHECKS if check.stops is is_of(folder)}:
                handbook = make_handbook(tmp_path / f"{folder}-{position}", case.files)
                for report in (check.report(handbook, spot) for check, spot in checks.found(handbook) if check.words):
                    reported[report.rule].add(type(report))
    assert reported == {check.name: {Problem if check.stops else Finding} for check in CHECKS}


def is_of(folder: str) -> bool:
    """Whether the cases of a folder are about problems."""
    return folder == "problems"


def test_no_two_rules_have_one_name() -> None:
    names = [*(check.name for check in CHECKS), *load.RULES]
    assert len(names) == len(set(names))


def test_there_are_checks_of_both_sorts() -> None:
    assert {check.stops for check in CHECKS} == {True, False}


def test_problems_and_findings_come_apart_and_sorted(tmp_path: Path) -> None:
    service = "name: {0}\nsummary: Takes payments\ndepends_on: [{0}]\n"
    files = {f"teams/payments/services/{id}.yaml": service.format(id) for id in ("b", "a")}
    problems, findings = checks.run(make_handbook(tmp_path, files))
    assert [(it.path, it.rule) for it in problems] == [
        (f"data/teams/payments/services/{id}.yaml", "reference-to-itself") for id in ("a", "b")
    ]
    assert {it.rule for it in findings} == {"service-without-tier", "team-without-contact", "team-without-mission"}
    assert findings == in_order(findings)


def test_a_finding_belongs_to_the_team_that_owns_the_file(tmp_path: Path) -> None:
    files = {"teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\n"}
    assert {(it.kind, it.id, it.team) for it in findings_of(make_handbook(tmp_path, files))} == {
        ("team", "payments", "payments"),
        ("service", "till", "payments"),
    }


def test_a_finding_speaks_the_language_that_is_asked_for(tmp_path: Path) -> None:
    files = {"teams/payments/team.yaml": "name: {en: Payments, ja: 決済}\nchannel: x\nmission: M\n"}
    (finding,) = findings_of(make_handbook(tmp_path, files))
    assert finding.message.render("ja").startswith("決済 ")


def test_pain_points_and_requirements_come_with_owner_and_place(tmp_path: Path) -> None:
    points = "pain_points: [{id: a, what: A}, {id: b, what: B}]\n"
    files = {
        "teams/payments/team.yaml": f"name: Payments\nchannel: x\n{points}",
        "teams/payments/services/till.yaml": (
            f"name: Till\nsummary: Takes coins\n{points}non_functional_requirements: [{{id: c, what: C}}]\n"
        ),
    }
    handbook = make_handbook(tmp_path, files)
    assert [(owner.id, place, point.id) for owner, place, point in handbook.every(Entity, PainPoint)] == [
        ("payments", ("pain_points", 0), "a"),
        ("payments", ("pain_points", 1), "b"),
        ("till", ("pain_points", 0), "a"),
        ("till", ("pain_points", 1), "b"),
    ]
    assert [(owner.id, place, need.id) for owner, place, need in handbook.every_requirement()] == [
        ("till", ("non_functional_requirements", 0), "c")
    ]


def rest_of(folder: Path, files: dict[str, Content]) -> Handbook:
    with pytest.raises(DataError) as raised:
        make_handbook(folder, files)
    rest: Handbook = raised.value.rest
    return rest


def test_where_files_are_left_out_rules_that_look_at_such_files_and_problems_are_untold(tmp_path: Path) -> None:
    itself = "name: {0}\nsummary: S\ntier: 1\ndepends_on: [{0}]\n"
    files: dict[str, Content] = {"teams/payments/services/till.yaml": itself.format("till")}
    every = checks.run(make_handbook(tmp_path / "whole", files))
    rest = rest_of(tmp_path / "rest", files | {"teams/payments/journeys/buy.yaml": "name: Buy\n"})
    assert checks.untold(rest) >= {row.name for row in checks.CHECKS if row.stops}
    problems, findings = checks.run(rest)
    assert problems == ()
    assert (
        {*map(str, every[1])} - {*map(str, findings)}
        == {str(it) for it in every[1] if it.rule == "critical-service-in-no-journey"}
        != set()
    )


def test_a_handbook_tells_of_what_it_has_and_of_what_is_not_there_for_sure(tmp_path: Path) -> None:
    files: dict[str, Content] = {"teams/payments/services/broken.yaml": "name: B\n"}

    def finding(id: str, rule: str = "service-without-tier") -> Finding:
        return Finding("x", 1, 1, rule, Message("x"), "service", id)

    def told(handbook: Handbook) -> list[str]:
        return [id for id in ("till", "broken", "deleted") if checks.tells(handbook, finding(id))]

    till: dict[str, Content] = {"teams/payments/services/till.yaml": "name: Till\nsummary: S\n"}
    assert told(make_handbook(tmp_path / "whole", till)) == ["till", "broken", "deleted"]
    rest = rest_of(tmp_path / "rest", till | files)
    assert told(rest) == ["till", "deleted"]
    assert not checks.tells(rest, finding("till", "repeated-service-name"))
    assert told(rest_of(tmp_path / "odd", till | {"teams/payments/services/B.yaml": ""})) == ["till"]


@pytest.mark.parametrize(
    ("needs", "circles"),
    [
        ({"a": [], "b": ["a"], "c": ["a", "b"]}, []),
        ({"a": ["b"], "b": ["a"]}, ["a → b → a"]),
        ({"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"]}, ["a → b → a", "c → d → c"]),
        ({"a": ["b"], "b": ["c"], "c": ["a", "b"]}, ["a → b → c → a", "b → c → b"]),
        ({"d": ["a"], "a": ["b", "c"], "b": ["c"], "c": ["a"]}, ["a → c → a"]),
    ],
)
def test_circles(needs: dict[str, list[str]], circles: list[str], tmp_path: Path) -> None:
    files = {
        f"teams/payments/services/{id}.yaml": f"name: {id}\nsummary: S\ntier: 3\ndepends_on: [{', '.join(others)}]\n"
        for id, others in needs.items()
    }
    handbook = make_handbook(tmp_path, files)
    found = [spot.values["circle"] for spot in checks.organisation.dependency_cycle.find(handbook)]
    assert found == circles

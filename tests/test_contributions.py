"""The next best contributions: every rule has its task, and the ranking is as its module says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import SET_UPS, Case, Content, cases, findings_of, golden_site, make_handbook, write_tree

from macros.gaps import contributions
from macros.gaps.check import Reason, Task
from macros.gaps.checks import CHECKS, GAPS
from macros.gaps.contributions import Contribution, NewFile
from macros.handbook import load
from macros.text.problems import Message

TASKS = {check.name: check.task for check in CHECKS if check.task is not None}


def made(
    name: str = "t", team: str = "a", minutes: int = 5, reason: Reason = Reason.WORDS, *, first: bool = False
) -> Contribution:
    task = Task(reason, minutes, first)
    return Contribution(name, task, Message("W"), Message("Y"), team, None, f"{name}-{team}", minutes)


def test_a_first_contribution_is_small() -> None:
    tasks = [row.task for row in GAPS if row.task is not None]
    assert {it.minutes for it in tasks if it.first} <= set(range(1, contributions.LONGEST_FIRST + 1))
    assert any(it.first for it in tasks)


@pytest.mark.parametrize("case", cases("findings"))
def test_the_finding_of_a_case_makes_a_contribution_in_words(case: Case, tmp_path: Path) -> None:
    handbook = load.load(write_tree(tmp_path / "data", case.files), "data")
    found = [it for it in findings_of(handbook) if it.rule in TASKS]
    chosen = [it for it in contributions.ranked(handbook) if it.name in TASKS]
    assert bool(chosen) == bool(found)
    for it in chosen:
        for words in (it.what, it.why):
            assert str(words)
            assert "{" not in words.render("ja")
    paths = {it.path for it in found} | {it.path for it in handbook.playbooks}
    assert {it.path for it in chosen} <= paths


def test_every_task_of_a_check_occurs_in_a_case() -> None:
    expected = [line for it in cases("findings") for case in it.values for line in case.expected]
    assert TASKS.keys() <= {line.split(": ")[1] for line in expected}


FILES: dict[str, Content] = {
    **SET_UPS,
    "organisation.yaml": "name: Example\nlanguage: en\nsite_address: https://h.example/\n",
    "teams/shop/team.yaml": (
        'name: {en: Shop, ja: 店}\nchannel: "#shop"\ncontacts: [{role: Lead, channel: x}]\n'
        "pain_points:\n  - {id: slow, what: Slow, evidence: {alert: Ticketed}}\n"
    ),
    "teams/shop/services/till.yaml": (
        "name: Till\nsummary: S\ntier: 1\ninstrumentation: {metrics: good, alerts: good}\n"
        "non_functional_requirements: [{id: a, what: Fast}]\n"
    ),
    "teams/shop/services/cart.yaml": "name: Cart\nsummary: S\ntier: 2\n",
    "teams/shop/alerts/rules.yml": (
        "groups:\n- name: g\n  rules:\n"
        "  - {alert: Wakes, expr: up, labels: {severity: page, service: cart}}\n"
        "  - {alert: HalfDone, expr: up, labels: {severity: page, service: till}}\n"
        "  - {alert: Ticketed, expr: up, labels: {severity: ticket}}\n"
        "  - {alert: Lost, expr: up, labels: {severity: ticket}, annotations: {runbook_url: https://h.example/playbooks/none/}}\n"
    ),
    "teams/shop/playbooks/half-done.yaml": (
        "name: Half\nservice: till\nalerts: [HalfDone]\nexercised: [{on: 2026-10-08, kind: drill}]\n"
    ),
}


def test_what_wakes_somebody_comes_first_then_the_tier_then_the_time(tmp_path: Path) -> None:
    found = contributions.ranked(make_handbook(tmp_path, FILES))
    assert [
        (it.name, it.tier, it.task.minutes)
        for it in found
        if it.team == "shop" and it.task.reason not in (Reason.PROMISES, Reason.WORDS)
    ] == [
        ("team-without-on-call", 1, 30),
        ("paging-alert-without-playbook", 1, 45),
        ("paging-alert-without-playbook", 2, 45),
        ("runbook-url-leads-nowhere", 1, 5),
        ("service-without-dashboard", 1, 10),
        ("missing-playbook", 1, 45),
        ("service-without-dashboard", 2, 10),
    ]
    assert [it.rank for it in found] == sorted(it.rank for it in found)


def test_what_is_done_in_one_place_is_one_contribution(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, FILES)
    rules = [it.rule for it in findings_of(handbook)]
    # The requirement without a target is also the one that is not measured; the unfinished playbook is also
    # that of an alert that wakes somebody; Cart lacks a dashboard and a requirement at the top of its file.
    assert {"requirement-not-measured", "playbook-without-steps", "service-without-requirement"} <= set(rules)
    tasks = [it.name for it in contributions.ranked(handbook)]
    assert "requirement-without-target" in tasks
    assert not {"requirement-not-measured", "playbook-without-steps", "service-without-requirement"} & set(tasks)


def test_where_it_is_written_is_the_place_of_the_gap_or_a_new_file(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, FILES)
    found = {str(it.what): it for it in contributions.ranked(handbook)}
    unfinished = found["HalfDone pages, and “Half” isn't finished: say where to look and what to do"]
    assert (unfinished.path, unfinished.line, unfinished.new) == ("data/teams/shop/playbooks/half-done.yaml", 1, None)
    wakes = found["Write the playbook for Wakes: first steps, one diagnosis, one mitigation"]
    assert (wakes.path, wakes.line) == ("data/teams/shop/alerts/rules.yml", 4)
    assert wakes.new is not None
    assert (wakes.new.path, wakes.new.alert and wakes.new.alert.name) == (
        "data/teams/shop/playbooks/wakes.yaml",
        "Wakes",
    )
    pain = found["Write the playbook for Ticketed: first steps, one diagnosis, one mitigation"]
    assert (pain.path, pain.line) == ("data/teams/shop/team.yaml", 5)
    assert pain.new is not None
    assert pain.new.path == "data/teams/shop/playbooks/ticketed.yaml"
    service = found["Add the first service that Payments runs"]
    assert service.new == NewFile("data/teams/payments/services/payments-service.yaml", "service")


def test_the_texts_of_a_file_in_one_language_are_one_contribution(tmp_path: Path) -> None:
    texts = "".join(f"  - {{id: p{number}, what: W, evidence: {{measure: M}}}}\n" for number in range(6))
    files: dict[str, Content] = {
        "organisation.yaml": "name: {en: Example, ja: 例}\nlanguage: en\n",
        "teams/payments/team.yaml": f'name: {{en: Pay, ja: 決済}}\nchannel: "#p"\npain_points:\n{texts}',
        "teams/payments/services/till.yaml": "name: {ja: レジ}\nsummary: S\ntier: 3\n",
    }
    found = [it for it in contributions.ranked(make_handbook(tmp_path, files)) if it.name == "translation"]
    assert [(str(it.what), it.path, it.line, it.task.minutes, it.task.first) for it in found] == [
        ("Translate レジ into English (texts: 1)", "data/teams/payments/services/till.yaml", 1, 5, True),
        ("Translate レジ into Japanese (texts: 1)", "data/teams/payments/services/till.yaml", 2, 5, True),
        ("Translate Pay into Japanese (texts: 12)", "data/teams/payments/team.yaml", 4, 36, False),
    ]


def test_a_page_without_a_translation_is_a_new_file(tmp_path: Path) -> None:
    found = [
        it
        for it in contributions.ranked(make_handbook(tmp_path), ("docs/a/index.md",))
        if it.name == "page-translation"
    ]
    assert [(str(it.what), it.new) for it in found] == [
        ("Translate the page docs/a/index.md into Japanese", NewFile("docs/a/index.ja.md"))
    ]


def test_the_first_ten_are_not_ten_times_the_same() -> None:
    many = [made("t", "a", n) for n in range(1, 15)] + [made("u", "b", n) for n in range(1, 4)] + [made("v", "c")]
    chosen = contributions.choose(many, 6)
    assert [(it.name, it.task.minutes) for it in chosen] == [("t", 1), ("t", 2), ("t", 3), ("u", 1), ("u", 2), ("v", 5)]


def test_no_more_than_three_are_of_one_team_while_there_are_others() -> None:
    many = [made(f"t{n}", "a", n) for n in range(1, 9)] + [made("u", "b"), made("v", "c")]
    assert [it.team for it in contributions.choose(many, 5)] == ["a", "a", "a", "b", "c"]
    assert [it.team for it in contributions.choose(many, 6)] == ["a", "a", "a", "a", "b", "c"]


def test_some_are_fit_for_a_first_contribution_wherever_they_rank() -> None:
    many = [made(f"t{n}", f"team{n}", n) for n in range(1, 15)]
    many += [made("u", f"late{n}", n, first=True) for n in range(1, 3)]
    many += [made(f"v{n}", f"late{n}", n, first=True) for n in range(1, 4)]
    chosen = contributions.choose(many)
    assert len(chosen) == contributions.MOST
    assert [(it.name, it.team) for it in chosen if it.task.first] == [("u", "late1"), ("v1", "late1"), ("v2", "late2")]
    assert [it.name for it in chosen[:7]] == [f"t{n}" for n in range(1, 8)]


@pytest.mark.parametrize("count", [0, 1, 9, 10])
def test_all_are_chosen_where_there_are_few(count: int) -> None:
    many = [made("t", "a", n, first=n % 2 == 0) for n in range(count)]
    assert contributions.choose(many) == tuple(many)


def test_the_ten_of_a_whole_organisation_are_varied() -> None:
    site = golden_site("en")
    found = contributions.ranked(site.handbook)
    chosen = contributions.choose(found)
    assert len(found) > len(chosen) == contributions.MOST
    assert sum(it.task.first for it in chosen) >= contributions.FEWEST_FIRST
    assert chosen[0] == found[0]
    assert max(Counter(it.name for it in chosen).values()) == contributions.MOST_OF_A_TASK
    assert max(Counter(it.team for it in chosen).values()) == contributions.MOST_OF_A_TEAM


def test_a_contribution_about_no_service_comes_behind_those_with_a_tier() -> None:
    without = made()
    assert replace(without, tier=3).rank < without.rank

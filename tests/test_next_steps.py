"""The next steps of a team in each state of its data."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from conftest import SET_UPS, Case, Content, cases, make_handbook
from rows import each

from macros.gaps import next_steps
from macros.gaps.checks import GAPS
from macros.gaps.next_steps import NextStep
from macros.handbook.graph import Handbook
from macros.model.organisation import Team
from macros.site.render import TEMPLATES

NEVER_FIRST = {"trust"}
"""Gaps that always come behind another: a team that is asked for trust is asked for a quick win first."""


def team(handbook: Handbook, id: str = "payments") -> Team:
    return cast(Team, handbook.get(Team, id))


def steps_of(folder: Path, files: dict[str, Content]) -> tuple[NextStep, ...]:
    handbook = make_handbook(folder, files)
    return next_steps.of(handbook, team(handbook))


def line(handbook: Handbook, step: NextStep) -> str:
    """A step as a case file writes it."""
    path, (number, _) = step.spot.position(handbook)
    return f"{step.gap.name} | {path}:{number} | {step.what}"


@pytest.mark.parametrize("case", cases("next-steps"))
def test_next_steps_case(case: Case, tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, case.files)
    assert [line(handbook, step) for step in next_steps.of(handbook, team(handbook))] == case.expected


def next_steps_cases() -> list[Case]:
    return [it.values[0] for it in cases("next-steps")]


def expected_names() -> list[list[str]]:
    """The gaps of each case that has any, in order."""
    found = (case.expected for case in next_steps_cases())
    return [[line.split(" | ")[0] for line in lines] for lines in found if lines]


def test_every_row_is_a_step_of_some_case() -> None:
    assert {name for names in expected_names() for name in names} == {row.name for row in GAPS if row.step}


def test_every_row_that_can_be_is_the_first_step_of_some_case() -> None:
    assert {names[0] for names in expected_names()} == {row.name for row in GAPS if row.step} - NEVER_FIRST


@each(next_steps_cases(), lambda case: str(case.name))
def test_what_why_and_effort_are_sentences_in_both_languages(case: Case, tmp_path: Path) -> None:
    for step in steps_of(tmp_path / case.name, dict(case.files)):
        for language in ("en", "ja"):
            for message in (step.what, step.why, step.effort):
                assert message.render(language).strip()


WIN = """\
name: A win
summary: Something is better
days: 1
shows: It can be done
audience: Everyone
steps: [Begin, Go on, Stop]
done_when: It is done
leads_to: The next one
"""


def test_the_anchor_of_the_first_90_days_is_in_the_template_of_a_team_type() -> None:
    assert '<h2 id="first-90-days">' in (TEMPLATES / "team-type.html.j2").read_text(encoding="utf-8")


QUICK_WIN_PAGES: dict[str, dict[str, Content]] = {
    "first-playbook": {
        "teams/payments/team.yaml": (
            "name: Payments\nchannel: x\npain_points: [{id: slow, what: Slow, evidence: {alert: Slow}}]\n"
        )
    },
    "escalation-list": {"teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\ntier: 1\n"},
    "dashboard-habit": {
        "teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\ndashboards: [{name: D, address: https://d.example/}]\n"
    },
}


@pytest.mark.parametrize("id", QUICK_WIN_PAGES)
def test_a_step_leads_to_its_quick_win_and_to_all_where_that_is_gone(id: str, tmp_path: Path) -> None:
    name = f"quick-wins/{id}.yaml"
    kept = steps_of(tmp_path / "kept", {name: WIN, **QUICK_WIN_PAGES[id]})
    gone = steps_of(tmp_path / "gone", QUICK_WIN_PAGES[id])
    (step,) = (step for step in kept if step.page == f"quick-wins/{id}/")
    assert [it.page for it in gone if it.gap is step.gap] == ["quick-wins/"]


def test_on_call_without_escalation_leads_to_the_escalation_list(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "quick-wins/escalation-list.yaml": WIN,
        "teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\ntier: 1\n",
        "teams/payments/team.yaml": (
            "name: Payments\nchannel: x\non_call: {rota: https://pager.example.com/payments, hours: Always}\n"
        ),
    }
    (step,) = (it for it in steps_of(tmp_path, files) if it.gap.name == "on-call-without-escalation")
    assert step.page == "quick-wins/escalation-list/"


def test_a_walk_through_leads_to_the_template_of_a_game_day_and_to_all_where_that_is_gone(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\n",
        "teams/payments/playbooks/coins-stick.yaml": (
            "name: Coins stick\nservice: till\nmitigation: [{do: Shake}]\n"
            "diagnosis: [{do: Look, command: look, expect: Coins}]\n"
        ),
    }
    game_day: dict[str, Content] = {
        "playbook-templates/game-day.yaml": (
            "name: Game day\nsummary: S\nuse_when: U\nmakes: document\nskeleton: S\n"
            "sections: [{name: N, guidance: G, example: E}]\n"
        )
    }
    pages = [
        [
            step.page
            for step in steps_of(tmp_path / str(number), {**files, **more})
            if step.gap.name == "playbook-never-exercised"
        ]
        for number, more in enumerate((game_day, {}))
    ]
    assert pages == [["playbooks/templates/game-day/"], ["playbooks/templates/"]]


@pytest.mark.parametrize("type", ["enabling", "platform"])
def test_trust_leads_to_the_first_90_days_of_the_team_s_own_type(type: str, tmp_path: Path) -> None:
    set_up = f"name: Payments\nchannel: x\nsre_set_up: {{is: {type}, since: 2026-09}}\n"
    steps = steps_of(tmp_path, {**SET_UPS, "teams/payments/team.yaml": set_up})
    assert [step.page for step in steps] == ["quick-wins/", f"team-types/{type}/#first-90-days"]


def points(*entries: str) -> str:
    return "pain_points:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("evidence: {measure: 4 a day}", "4 a day"),
        ("evidence: {measure: 4 a day, alert: Slow, slo: Fast}, since: 2026-04", "4 a day; since 2026-04"),
        ("evidence: {slo: Fast}, since: 2026-04-17", "Fast; since 2026-04-17"),
        ("evidence: {alert: Slow}", "Slow"),
        ("evidence: {ticket: https://tickets.example.com/7}, since: 2026-04", "evidence: a ticket; since 2026-04"),
        ("evidence: {postmortem: https://wiki.example.com/7}", "evidence: a postmortem"),
        ("state: in-progress", "no evidence yet"),
    ],
)
def test_why_says_what_shows_a_pain_point_and_since_when(entry: str, why: str, tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "teams/payments/team.yaml": f"name: Payments\nchannel: x\n{points('id: a, what: A, ' + entry)}"
    }
    (step,) = steps_of(tmp_path, files)
    assert str(step.why) == why

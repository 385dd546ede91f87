"""Figures counted from the data."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SET_UPS, Content, make_handbook

from macros.gaps import figures
from macros.gaps.figures import Figure
from macros.model.alerts import Urgency
from macros.text.problems import Message

ORGANISATION = "name: Example\nlanguage: en\nsite_address: https://h.example/\n"

FULL_TEAM = """\
name: {en: Shop, ja: ショップ}
channel: "#shop"
mission: {en: Goods get out}
on_call: {rota: "https://pager.example.com/", hours: Always}
dashboard_review: {every: weekly}
pain_points:
  - {id: a, what: A, evidence: {alert: A}}
  - {id: b, what: B}
"""

SERVICES: dict[str, Content] = {
    "teams/shop/services/seen.yaml": (
        "name: Seen\nsummary: S\ntier: 1\ninstrumentation: {metrics: good, alerts: good}\n"
        "non_functional_requirements:\n"
        "  - {id: met, what: A, measured: Here, state: met}\n"
        "  - {id: missed, what: A, measured: Here, state: missed}\n"
        "  - {id: unmeasured, what: A, measured: Here}\n"
        "  - {id: nowhere, what: A, state: met}\n"
    ),
    "teams/shop/services/half-seen.yaml": (
        "name: Half\nsummary: S\ntier: 1\ninstrumentation: {metrics: good, alerts: some}\n"
    ),
    "teams/shop/services/evenly-seen.yaml": (
        "name: Even\nsummary: S\ntier: 1\ninstrumentation: {metrics: some, alerts: some}\n"
    ),
    "teams/shop/journeys/promised.yaml": (
        "name: Promised\nuser: U\ngoal: G\nsteps: [{what: S, service: seen}]\n"
        "slis: [{id: a, type: latency, valid: V, good: G, measured: M}]\n"
        "slos:\n"
        "  - {id: a, name: A, sli: a, target: 0.9, period: {days: 28}, rationale: R}\n"
        "  - {id: b, name: B, sli: a, target: 0.9, period: {days: 28}}\n"
    ),
    "teams/shop/playbooks/usable.yaml": (
        "name: U\nservice: seen\ndiagnosis: [{do: D, command: c, expect: E}]\nmitigation: [{do: M}]\n"
        "exercised: [{on: 2026-10-08, kind: drill}]\n"
    ),
    "teams/shop/playbooks/unfinished.yaml": "name: U\nservice: seen\n",
    "teams/shop/playbooks/old.yaml": (
        "name: O\nservice: seen\ndiagnosis: [{do: D, command: c, expect: E}]\nmitigation: [{do: M}]\n"
        "exercised: [{on: 2025-10-08, kind: drill}]\n"
    ),
    "teams/shop/alerts/rules.yml": (
        "groups:\n- name: g\n  labels: {severity: page}\n  rules:\n"
        "  - {alert: Paging, expr: up, annotations: {runbook_url: https://h.example/playbooks/usable/}}\n"
        "  - {alert: Alone, expr: up, annotations: {runbook_url: https://h.example/playbooks/none/}}\n"
        "  - {alert: Elsewhere, expr: up, annotations: {runbook_url: https://wiki.example/}}\n"
        "  - {alert: Ticket, expr: up, labels: {severity: ticket},"
        " annotations: {runbook_url: https://h.example/playbooks/usable/}}\n"
        "  - {alert: Neither, expr: up, labels: {severity: none}}\n"
    ),
    "teams/shop/journeys/open.yaml": "name: Open\nuser: U\ngoal: G\nsteps: [{what: S, service: small}]\n",
    **SET_UPS,
    "teams/shop/engagements/whole.yaml": (
        "name: Whole\ntype: embedded\nrole: R\nprovided_by: payments\nstart: 2026-11-01\n"
        "goals: [{id: a, what: W, baseline: B, measure: M, target: T, due: 2026-12-31}]\n"
        "exit_criteria: [{id: c, what: C}]\n"
    ),
    "teams/shop/engagements/vague.yaml": (
        "name: Vague\ntype: enabling\nrole: R\nprovided_by: payments\nstart: 2026-11-01\n"
        "goals: [{id: a, what: W, target: T}]\nexit_criteria: [{id: c, what: C}]\n"
    ),
    "teams/shop/engagements/bare.yaml": (
        "name: Bare\ntype: enabling\nrole: R\nprovided_by: payments\nstart: 2026-11-01\n"
    ),
    "teams/shop/services/blind.yaml": "name: Blind\nsummary: S\ntier: 1\n",
    "teams/shop/services/small.yaml": (
        "name: Small\nsummary: S\ntier: 2\ninstrumentation: {metrics: good, alerts: good}\n"
        "pain_points: [{id: c, what: C}]\n"
    ),
}


def counted(folder: Path, files: dict[str, Content]) -> dict[str, tuple[int, int]]:
    return {str(it.label): (it.done, it.total) for it in figures.figures(make_handbook(folder, files))}


def test_the_figures_of_a_handbook(tmp_path: Path) -> None:
    found = counted(tmp_path, {"organisation.yaml": ORGANISATION, "teams/shop/team.yaml": FULL_TEAM, **SERVICES})
    del found["Texts in English"], found["Texts in Japanese"]
    assert found == {
        "Teams with a mission": (1, 2),
        "Teams with a tier-1 service and an on-call rota": (1, 1),
        "On-call rotas with an escalation": (0, 1),
        "Teams that review their dashboards together": (0, 0),
        "Tier-1 and tier-2 services with a non-functional requirement": (1, 5),
        "Measured requirements": (2, 4),
        "Tier-1 and tier-2 services with metrics and alerts": (4, 5),
        "Tier-1 services in a user journey": (1, 4),
        "Journeys with an SLO": (1, 2),
        "SLOs with a rationale": (1, 2),
        "Playbooks that say where to look and what to do": (2, 3),
        "Paging alerts with a playbook": (1, 3),
        "Runbook links to this handbook that lead to a page": (2, 3),
        "Playbooks linked from an alert": (1, 3),
        "Playbooks that were drilled or used in the last 180 days": (1, 2),
        "Pain points with evidence": (1, 3),
        "Engagements with a concrete goal": (1, 3),
        "Engagements with an exit criterion": (2, 3),
    }


def test_what_is_accepted_is_neither_done_nor_left_out(tmp_path: Path) -> None:
    accepted = "accepted: [{gap: team-without-mission, why: The name says it}]\n"
    files: dict[str, Content] = {
        "teams/payments/team.yaml": f"name: Payments\nchannel: x\n{accepted}",
        "teams/shop/team.yaml": "name: Shop\nchannel: x\nmission: Goods get out\n",
        "teams/store/team.yaml": "name: Store\nchannel: x\n",
    }
    first, *others = figures.figures(make_handbook(tmp_path, files))
    assert (str(first.label), first.done, first.total, first.accepted) == ("Teams with a mission", 1, 3, 1)
    assert {figure.accepted for figure in others} == {0}


@pytest.mark.parametrize(("day", "done"), [("2026-05-28", 1), ("2026-05-27", 0)])
def test_a_playbook_counts_up_to_the_last_day_of_the_period(day: str, done: int, tmp_path: Path) -> None:
    exercised = f"name: U\nservice: small\nexercised: [{{on: {day}, kind: drill}}]\n"
    files: dict[str, Content] = {
        "teams/payments/services/small.yaml": "name: S\nsummary: S\n",
        "teams/payments/playbooks/one.yaml": exercised,
    }
    assert counted(tmp_path, files)["Playbooks that were drilled or used in the last 180 days"] == (done, 1)


def test_translations_are_counted_by_text(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "organisation.yaml": "name: {en: Example, ja: 例}\nlanguage: ja\n",
        "teams/payments/team.yaml": "name: 決済\nchannel: x\nworking_agreements: [{en: No Fridays}, 金曜はなし]\n",
        "teams/payments/services/till.yaml": "name: {en: Till, ja: ' '}\nsummary: {en: Takes coins, ja: 硬貨}\n",
    }
    found = counted(tmp_path, files)
    assert found["Texts in English"] == (4, 6)
    assert found["Texts in Japanese"] == (4, 6)


@pytest.mark.parametrize(("done", "total", "share"), [(0, 4, 0.0), (1, 4, 0.25), (4, 4, 1.0), (0, 0, 1.0)])
def test_a_share_is_whole_where_there_is_nothing_to_do(done: int, total: int, share: float) -> None:
    assert Figure(Message("Teams"), done, total).share == share


def test_the_smallest_handbook_has_figures(tmp_path: Path) -> None:
    found = counted(tmp_path, {})
    assert found["Teams with a mission"] == (0, 1)
    assert found["Pain points with evidence"] == (0, 0)
    assert found["Texts in English"] == (2, 2)
    assert found["Texts in Japanese"] == (0, 2)


def test_alerts_are_counted_by_team_and_by_what_they_do(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "organisation.yaml": ORGANISATION,
        "teams/payments/alerts/other.yaml": "source: S\nalerts: [{name: Late, urgency: ticket}]\n",
        "teams/shop/team.yaml": FULL_TEAM,
    }
    handbook = make_handbook(tmp_path, {**files, **SERVICES})
    assert [
        (team.id, urgency, [alert.name for alert in without], total)
        for team, urgency, without, total in figures.alert_counts(handbook)
    ] == [
        ("payments", Urgency.TICKET, ["Late"], 1),
        ("shop", Urgency.PAGE, ["Alone", "Elsewhere"], 3),
        ("shop", Urgency.TICKET, [], 1),
        ("shop", None, ["Neither"], 1),
    ]

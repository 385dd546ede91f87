"""Figures counted from the data: what is written down of them, and what is said of a quarter and a year ago."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SET_UPS, Content, golden_handbook, golden_site, make_handbook, make_site
from rendered import Document
from web import Html

from macros.gaps import checks, figures
from macros.gaps.figures import Figure
from macros.handbook import load
from macros.handbook.graph import Handbook
from macros.site.page_macros import MACROS, Author
from macros.sources import records
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
    return {str(it.label): (it.done, it.total) for it in figures.by_team(make_handbook(folder, files))[""]}


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
    first, *others = figures.by_team(make_handbook(tmp_path, files))[""]
    assert (str(first.label), first.done, first.total, first.accepted) == ("Teams with a mission", 1, 3, 1)
    assert {figure.accepted for figure in others} == {0}


def test_what_leads_elsewhere_is_neither_done_nor_a_gap(tmp_path: Path) -> None:
    files = {"organisation.yaml": ORGANISATION, "teams/shop/team.yaml": FULL_TEAM, **SERVICES}
    handbook = make_handbook(tmp_path, files)
    found = {it.name: it for it in figures.by_team(handbook)[""]}
    paging = found.pop("paging-alert-without-playbook")
    assert (paging.done, paging.total, paging.elsewhere) == (1, 3, 1)
    assert {figure.elsewhere for figure in found.values()} == {0}
    gaps = [spot.alert for check, spot in checks.found(handbook) if check.name == paging.name]
    assert [alert.name for alert in gaps if alert] == ["Alone"]


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
    assert Figure("teams", Message("Teams"), done, total).share == share


def test_the_figures_of_the_teams_add_up_to_those_of_the_whole(tmp_path: Path) -> None:
    files = {"organisation.yaml": ORGANISATION, "teams/shop/team.yaml": FULL_TEAM, **SERVICES}
    handbook = make_handbook(tmp_path, files)
    asked = {check.counted.label: len(list(check.counted.asks(handbook))) for check in checks.CHECKS if check.counted}
    whole, *teams = figures.by_team(handbook).values()
    assert {figure.label.template: figure.total for figure in whole[:-2]} == asked
    assert [*figures.by_team(handbook)] == ["", "payments", "shop"]
    for counts in zip(whole[:-2], *(team[:-2] for team in teams), strict=True):  # all teams share some texts
        assert len({(figure.name, str(figure.label)) for figure in counts}) == 1
        assert counts[0].done == sum(figure.done for figure in counts[1:])
        assert counts[0].total == sum(figure.total for figure in counts[1:])
        assert all(0 <= figure.done <= figure.total for figure in counts)


def test_what_a_team_owns_counts_as_its_own(tmp_path: Path) -> None:
    files = {"organisation.yaml": ORGANISATION, "teams/shop/team.yaml": FULL_TEAM, **SERVICES}
    teams = figures.by_team(make_handbook(tmp_path, files))
    of = {id: {figure.name: (figure.done, figure.total) for figure in counted} for id, counted in teams.items()}
    assert of["payments"]["team-without-mission"] == (0, 1)
    assert of["shop"]["team-without-mission"] == (1, 1)
    assert of["shop"]["paging-alert-without-playbook"] == (1, 3)
    assert of["payments"]["paging-alert-without-playbook"] == (0, 0)
    assert of[""]["team-without-mission"] == (1, 2)
    assert of[""]["texts-en"][1] > of["payments"]["texts-en"][1] + of["shop"]["texts-en"][1]


def test_names_of_figures_stay() -> None:
    # They are keys of what is recorded: under another name, a figure has no past.
    names = [figure.name for figure in figures.by_team(golden_handbook())[""]]
    assert names == [
        "team-without-mission",
        "team-without-on-call",
        "on-call-without-escalation",
        "dashboards-without-review",
        "service-without-requirement",
        "requirement-not-measured",
        "blind-service",
        "pain-point-without-evidence",
        "engagement-without-concrete-goal",
        "engagement-without-exit-criterion",
        "journey-without-slo",
        "slo-without-rationale",
        "critical-service-in-no-journey",
        "playbook-without-steps",
        "playbook-not-exercised-lately",
        "paging-alert-without-playbook",
        "runbook-url-leads-nowhere",
        "playbook-that-no-alert-leads-to",
        "texts-en",
        "texts-ja",
    ]


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
    site = make_site(tmp_path, {**files, **SERVICES})
    rows = Html(str(MACROS["alert_coverage"](Author(site, "coverage/")))).all("tr")
    assert [" ".join(row.text.split()) for row in rows[1:5]] == [
        "Paymentsopens a ticket0 of 1 Late other.yaml:2",
        "Shoppages1 of 3, 1 leads elsewhere Alone rules.yml:6",
        "Shopopens a ticket1 of 1 –",
        "Shopneither page nor ticket0 of 1 Neither rules.yml:9",
    ]


TODAY = "2026-11-24"


def said(language: str) -> list[str]:
    """What the coverage page says of each figure."""
    page = MACROS["coverage_figures"](Author(golden_site(language), "coverage/"), True)
    return [Document(f"<ul>{item}").text for item in page.split("\n") if item.startswith("<li>")]


def test_beside_a_figure_stands_how_it_has_moved_and_nothing_where_it_has_not() -> None:
    found = [line for line in said("en") if " since " in line or "drilled" in line]
    assert found == [
        "Teams with a mission 3 of 4 2026-02-16: 2 of 3 +75 points since 2025-11-17, from 0 of 2",
        "Tier-1 and tier-2 services with metrics and alerts 1 of 4 2026-02-16: 0 of 1"
        " +25 points since 2026-08-17, from 0 of 1",
        "Journeys with an SLO 1 of 2 2026-02-16: 0 of 2 +50 points since 2025-11-17, from 0 of 2",
        "SLOs with a rationale 4 of 5 2026-02-16: 2 of 2 −20 points since 2026-08-17, from 5 of 5"
        " −20 points since 2025-11-17, from 2 of 2",
        "Playbooks that say where to look and what to do 1 of 2 2026-02-16: 0 of 2"
        " +50 points since 2025-11-17, from 0 of 1",
        "Playbooks that were drilled or used in the last 120 days 1 of 1 2026-08-17: 1 of 1",
        "Paging alerts with a playbook 4 of 7, 1 leads elsewhere 2026-02-16: 0 of 3"
        " +24 points since 2026-08-17, from 2 of 6 +57 points since 2025-11-17, from 0 of 3",
    ]
    japanese = "ミッションのあるチーム 3 / 4 2026-02-16: 2 / 3 2025-11-17 (0 / 2) から +75 ポイント"
    assert japanese in said("ja")


def test_other_pages_show_figures_alone() -> None:
    page = MACROS["coverage_figures"](Author(golden_site("en"), ""))
    assert "since" not in page


def test_without_a_record_one_sentence_says_how_to_begin(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    page = Document(MACROS["coverage_figures"](Author(site, "coverage/"), True, True)).text
    assert page.endswith(
        "No figures of earlier days are recorded yet. Run make record each week: this page then shows how they move."
    )
    assert "recorded" not in MACROS["coverage_figures"](Author(site, ""))
    todays = {records.FILE: figures.recorded(site.handbook)}
    assert "recorded" in MACROS["coverage_figures"](Author(make_site(tmp_path / "today", todays), ""), True, True)
    assert "recorded" not in MACROS["coverage_figures"](Author(golden_site("en"), ""), True, True)


def test_a_main_figure_says_so_where_it_has_not_moved_since_the_last_quarter() -> None:
    page = MACROS["coverage_figures"](Author(golden_site("en"), "coverage/"), True, True)
    moved = [Document(f"<ul>{item}").text.partition(" points since ") for item in page.split("\n") if "<li>" in item]
    assert [(before.rpartition(" ")[2], since) for before, _, since in moved] == [
        ("+24", "2026-08-17, from 2 of 6"),
        ("±0", "2026-08-17, from 1 of 1"),
        ("±0", "2026-08-17, from 1 of 2"),
        ("+25", "2026-08-17, from 0 of 1"),
        ("2", ""),
    ]


def trend(folder: Path, *lines: tuple[str, int, int]) -> list[tuple[str, int, int]]:
    """How "1 of 2 teams has a mission" has stood, after these records of the whole handbook."""
    handbook, figure = with_records(folder, *lines)
    return [(str(day), then.done, then.total) for day, then in figures.trend(handbook, figure).items()]


def test_a_trend_is_of_the_last_year_until_today(tmp_path: Path) -> None:
    today = (TODAY, 1, 2)
    assert trend(tmp_path / "a") == trend(tmp_path / "b", today) == trend(tmp_path / "c", ("2025-11-23", 0, 2)) == []
    days = (("2026-11-02", 2, 2), ("2025-11-24", 0, 2))
    assert trend(tmp_path / "d", *days, today) == trend(tmp_path / "e", *days) == [*reversed(days), today]


def test_a_line_runs_from_the_first_share_to_that_of_today() -> None:
    page = Html(str(MACROS["coverage_figures"](Author(golden_site("en"), "coverage/"), True)))
    lines = dict(zip([it.text for it in page.all("span", "trend")], page.all("path"), strict=True))
    assert lines["2026-08-17: 1 of 1 "]["d"] == "M0 0L183 0L200 0"
    assert lines["2026-02-16: 2 of 3 "]["d"].startswith("M0 13L")
    assert lines["2026-02-16: 2 of 3 "]["d"].endswith("L200 10")


def with_records(folder: Path, *lines: tuple[str, int, int]) -> tuple[Handbook, Figure]:
    """A handbook with these records of "1 of 2 teams has a mission", and that figure."""
    text = "".join(
        f'{{"day":"{day}","figures":{{"team-without-mission":[{done},{total}]}}}}\n' for day, done, total in lines
    )
    shop = "name: Shop\nchannel: x\nmission: M\n"
    handbook = make_handbook(folder, {"teams/shop/team.yaml": shop, records.FILE: text})
    figure = figures.by_team(handbook)[""][0]
    assert (figure.done, figure.total) == (1, 2)
    return handbook, figure


def moves(folder: Path, *lines: tuple[str, int, int]) -> list[tuple[str, int, int]]:
    """The moves of that figure after these records."""
    handbook, figure = with_records(folder, *lines)
    return [(str(day), then.done, then.total) for day, then in figures.moves(handbook, figure).items()]


@pytest.mark.parametrize(
    ("day", "known"), [("2026-08-25", True), ("2026-08-26", False), ("2025-11-24", True), ("2027-01-01", False)]
)
def test_a_quarter_is_91_days(day: str, known: bool, tmp_path: Path) -> None:
    assert moves(tmp_path, (day, 0, 2)) == ([(day, 0, 2)] if known else [])


def test_a_year_is_365_days(tmp_path: Path) -> None:
    quarter = ("2026-08-01", 1, 3)
    assert moves(tmp_path / "a", ("2025-11-24", 0, 1), quarter)[1:] == [("2025-11-24", 0, 1)]
    assert moves(tmp_path / "b", ("2025-11-25", 0, 1), quarter)[1:] == []


def test_the_latest_record_by_then_counts_wherever_it_stands(tmp_path: Path) -> None:
    assert moves(tmp_path, ("2026-08-02", 2, 2), ("2026-08-03", 3, 3), ("2026-08-01", 0, 2)) == [("2026-08-03", 3, 3)]


def test_more_of_the_same_share_has_moved(tmp_path: Path) -> None:
    assert moves(tmp_path, ("2026-08-03", 2, 4)) == [("2026-08-03", 2, 4)]


def test_one_point_is_no_points(tmp_path: Path) -> None:
    text = '{"day":"2026-08-01","figures":{"team-without-mission":[101,200]}}\n'
    shop = "name: Shop\nchannel: x\nmission: M\n"
    site = make_site(tmp_path, {"teams/shop/team.yaml": shop, records.FILE: text})
    page = Document(MACROS["coverage_figures"](Author(site, "coverage/"), True)).text
    assert "1 of 2 2026-08-01: 101 of 200 −1 point since 2026-08-01, from 101 of 200" in page


def test_what_there_was_none_of_has_not_moved(tmp_path: Path) -> None:
    text = '{"day":"2026-08-01","figures":{"journey-without-slo":[0,2]}}\n'
    handbook = make_handbook(tmp_path, {records.FILE: text})
    assert [figures.moves(handbook, figure) for figure in figures.by_team(handbook)[""]] == [{}] * 20


def test_records_are_of_the_whole_and_of_each_team(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, {"teams/shop/team.yaml": "name: Shop\nchannel: x\nmission: M\n"})
    assert figures.recorded(handbook).splitlines() == [
        f'{{"day":"{TODAY}","figures":{{"team-without-mission":[1,2],"texts-en":[4,4],"texts-ja":[0,4]}}}}',
        f'{{"day":"{TODAY}","team":"payments","figures":{{"team-without-mission":[0,1],'
        '"texts-en":[1,1],"texts-ja":[0,1]}}',
        f'{{"day":"{TODAY}","team":"shop","figures":{{"team-without-mission":[1,1],'
        '"texts-en":[2,2],"texts-ja":[0,2]}}',
    ]


def test_what_is_written_is_read_and_only_the_lines_of_the_day_are_new(tmp_path: Path) -> None:
    kept = '{"day":"2027-01-01","figures":{}}\n{"day":"2026-11-17","team":"gone","figures":{"no-rule":[1,2]}}\n'
    replaced = f'{{"day":"{TODAY}","team":"gone","figures":{{}}}}\n'
    before = make_handbook(tmp_path, {records.FILE: replaced + kept})
    text = figures.recorded(before)
    assert text.startswith(kept)
    assert "gone" not in text.removeprefix(kept)
    after = load.load(tmp_path / "data", "data", (), {records.FILE: text.encode()})
    assert figures.recorded(after) == text
    assert load.load(tmp_path / "data", "data", (), {records.FILE: None}).records == ()

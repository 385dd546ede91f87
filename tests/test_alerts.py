"""Alerts: where they are from, what they do, which playbook answers them, where they lead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Content, make_handbook

from macros.exports import EXPORTS
from macros.gaps import figures
from macros.handbook import alerts, site_map
from macros.handbook.graph import Handbook
from macros.model.alerts import Urgency
from macros.model.organisation import Paging

SITE = "name: Example\nlanguage: en\nsite_address: https://h.example.com/\n"
STEPS = "diagnosis: [{do: D, command: c, expect: E}]\nmitigation: [{do: M}]\n"


def rule_file(*rules: str) -> str:
    """A rule file; each rule is what stands between its braces."""
    return "groups:\n- name: g\n  rules:\n" + "".join(f"  - {{{rule}, expr: up == 0}}\n" for rule in rules)


def playbook(*names: str, more: str = STEPS) -> str:
    return f"name: Playbook\nservice: till\nalerts: {list(names)}\n{more}"


FILES: dict[str, Content] = {
    "organisation.yaml": SITE,
    "teams/payments/services/till.yaml": "name: Till\nsummary: S\n",
    "teams/payments/journeys/pay.yaml": (
        "name: Pay\nuser: U\ngoal: G\nsteps: [{what: S, service: till}]\n"
        "slis: [{id: a, type: latency, valid: V, good: G, measured: M, events: {good: g, total: t}}]\n"
        "slos: [{id: fast, name: Fast, sli: a, target: 0.99, period: {days: 28}}]\n"
    ),
    "teams/shop/team.yaml": 'name: Shop\nchannel: "#shop"\n',
}


def book(folder: Path, files: dict[str, Content]) -> Handbook:
    return make_handbook(folder, {**FILES, **files})


def test_alerts_come_from_rules_lists_and_slos(tmp_path: Path) -> None:
    handbook = book(
        tmp_path,
        {
            "teams/payments/alerts/a.yml": rule_file("alert: TillDown, for: 5m, labels: {severity: page}"),
            "teams/shop/alerts/cloud.yaml": (
                "source: Cloud\nalerts:\n- {name: Spend, urgency: ticket, service: till, link: 'https://c.example.com'}\n"
            ),
        },
    )
    found = [(it.name, it.team, it.urgency, it.origins[0].system) for it in alerts.known(handbook)]
    assert found == [
        ("PayFastBudgetBurn", "payments", Urgency.PAGE, "SLO"),
        ("PayFastBudgetBurnSlowly", "payments", Urgency.TICKET, "SLO"),
        ("PayFastNoData", "payments", Urgency.TICKET, "SLO"),
        ("Spend", "shop", Urgency.TICKET, "Cloud"),
        ("TillDown", "payments", Urgency.PAGE, "Prometheus"),
    ]
    places = {it.name: (it.origins[0].path, *it.origins[0].place) for it in alerts.known(handbook)}
    assert places["TillDown"] == ("data/teams/payments/alerts/a.yml", 4, 6)
    assert places["Spend"] == ("data/teams/shop/alerts/cloud.yaml", 3, 4)


def test_rules_of_one_name_in_a_team_are_one_alert_as_urgent_as_the_worst(tmp_path: Path) -> None:
    handbook = book(
        tmp_path,
        {
            "teams/payments/alerts/a.yml": rule_file("alert: X, labels: {severity: ticket}", "alert: X"),
            "teams/payments/alerts/b.yml": rule_file("alert: X, labels: {severity: page}"),
            "teams/shop/alerts/c.yml": rule_file("alert: X"),
        },
    )
    found = [it for it in alerts.known(handbook) if it.name == "X"]
    assert [(it.team, it.urgency, len(it.origins)) for it in found] == [
        ("payments", Urgency.PAGE, 3),
        ("shop", None, 1),
    ]


def test_the_alerts_of_a_team_come_by_what_they_do(tmp_path: Path) -> None:
    rules = rule_file("alert: A", "alert: B, labels: {severity: ticket}", "alert: C, labels: {severity: page}")
    handbook = book(tmp_path, {"teams/shop/alerts/a.yml": rules})
    team = next(it for it in handbook.teams if it.id == "shop")
    assert [it.name for it in alerts.of(handbook, team)] == ["C", "B", "A"]


def test_one_short_address_serves_every_letter_case(tmp_path: Path) -> None:
    rules = rule_file("alert: DiskFull", "alert: diskfull", "alert: Other")
    handbook = book(tmp_path, {"teams/shop/alerts/a.yml": rules})
    groups = [[alert.name for alert in group] for group in alerts.by_name(handbook)]
    assert ["DiskFull", "diskfull"] in groups
    assert ["Other"] in groups


@pytest.mark.parametrize(
    ("value", "urgency"),
    [
        ("page", Urgency.PAGE),
        ("critical", Urgency.PAGE),
        ("ticket", Urgency.TICKET),
        ("warning", Urgency.TICKET),
        ("info", None),
        ("{{ $labels.severity }}", None),
        (None, None),
    ],
)
def test_the_organisation_says_which_labels_wake_somebody(value: str | None, urgency: Urgency | None) -> None:
    paging = Paging(label="level", page="page", ticket="ticket", also_page=("critical",), also_ticket=("warning",))
    assert alerts.urgency(paging, {"level": value} if value else {"severity": "page"}) is urgency


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("Pay", "Pay", True),
        ("Pay", "PayFast", False),
        ("Pay*", "Pay", True),
        ("Pay*Burn", "PayFastBurn", True),
        ("Pay*Burn", "PayFastBurnSlowly", False),
        ("P.y", "Pay", False),
        ("P?y", "Pay", False),
        ("[P]ay*", "Pay", False),
        ("*", "a\nb", True),
        ("pay", "Pay", False),
    ],
)
def test_a_star_stands_for_any_letters_and_nothing_else_does(pattern: str, name: str, fits: bool) -> None:
    assert alerts.matches(pattern, name) is fits


@pytest.mark.parametrize(
    ("own", "others", "found"),
    [
        # Its own team's playbook goes first, whether it gives the name or a pattern.
        (["X"], ["X"], ["own"]),
        (["X*"], ["X"], ["own"]),
        # Another team's may answer by its whole name, and never by a pattern.
        (["Y"], ["X"], ["theirs"]),
        (["Y"], ["X*"], []),
    ],
)
def test_which_playbook_answers(own: list[str], others: list[str], found: list[str], tmp_path: Path) -> None:
    handbook = book(
        tmp_path,
        {
            "teams/payments/alerts/a.yml": rule_file("alert: X"),
            "teams/payments/playbooks/own.yaml": playbook(*own),
            "teams/shop/playbooks/theirs.yaml": playbook(*others),
        },
    )
    (alert,) = alerts.named(handbook, "payments", "X")
    assert [it.id for it in alerts.playbooks_for(handbook, alert)] == found


def test_of_two_teams_with_an_alert_of_one_name_each_has_its_own_playbook(tmp_path: Path) -> None:
    handbook = book(
        tmp_path,
        {
            "teams/payments/alerts/a.yml": rule_file("alert: X"),
            "teams/shop/alerts/a.yml": rule_file("alert: X"),
            "teams/payments/playbooks/own.yaml": playbook("X"),
        },
    )
    (own,), (theirs,) = (alerts.named(handbook, team, "X") for team in ("payments", "shop"))
    assert [it.id for it in alerts.playbooks_for(handbook, own)] == ["own"]
    assert alerts.playbooks_for(handbook, theirs) == ()


def test_a_runbook_url_leads_to_its_playbook_also_under_an_old_id(tmp_path: Path) -> None:
    url = "https://h.example.com/playbooks/before/"
    handbook = book(
        tmp_path,
        {
            "teams/payments/alerts/a.yml": rule_file(f"alert: X, annotations: {{runbook_url: '{url}'}}"),
            "teams/payments/playbooks/own.yaml": playbook(more=f"aliases: [before]\n{STEPS}"),
        },
    )
    (alert,) = alerts.named(handbook, "payments", "X")
    assert [it.id for it in alerts.playbooks_for(handbook, alert)] == ["own"]
    assert site_map.leads_somewhere(handbook, url) is True


def test_an_unfinished_playbook_answers_and_covers_nothing(tmp_path: Path) -> None:
    handbook = book(
        tmp_path,
        {
            "teams/payments/alerts/a.yml": rule_file("alert: X"),
            "teams/payments/playbooks/own.yaml": playbook("X", more=""),
        },
    )
    (alert,) = alerts.named(handbook, "payments", "X")
    assert [it.id for it in alerts.answering(handbook, alert)] == ["own"]
    assert alerts.playbooks_for(handbook, alert) == ()


@pytest.mark.parametrize(
    ("query", "objective", "names"),
    [
        pytest.param("events: {good: g, total: t}", "0.99, period: {days: 28}", ["", "Slowly", "NoData"], id="all"),
        pytest.param(
            "events: {good: g, total: t}, silent_without_data: R",
            "0.99, period: {days: 28}",
            ["", "Slowly"],
            id="with a reason",
        ),
        pytest.param(
            "threshold: {metric: m, at_most: 1}", "0.8, period: {days: 28}", ["Slowly", "NoData"], id="nothing pages"
        ),
        pytest.param("error_ratio: 'm[{window}]'", "0.99, period: {days: 28}", ["", "Slowly", "NoData"], id="a ratio"),
        pytest.param("events: {good: g, total: t}", "0.5, period: {days: 365}", [], id="nothing fires"),
        pytest.param("other: {system: S, query: Q}", "0.99, period: {days: 28}", [], id="another system"),
    ],
)
def test_the_alerts_of_an_slo_are_those_of_its_exported_rules(
    query: str, objective: str, names: list[str], tmp_path: Path
) -> None:
    text = str(FILES["teams/payments/journeys/pay.yaml"])
    text = text.replace("events: {good: g, total: t}", query).replace("0.99, period: {days: 28}", objective)
    handbook = book(tmp_path, {"teams/payments/journeys/pay.yaml": text})
    (journey,) = handbook.journeys
    expected = ["PayFast" + (name if name == "NoData" else f"BudgetBurn{name}") for name in names]
    found = [alert for alert in alerts.known(handbook) if alert.origin.objective == journey.slos[0]]
    assert [alert.name for alert in found] == expected
    assert [alert.origin.no_data for alert in found] == [name == "NoData" for name in names]
    exported = "".join(write() for write in EXPORTS["prometheus"].make(handbook, handbook.teams[0]).values())
    assert re.findall(r"- alert: (\w+)", exported) == expected


def test_an_alert_knows_its_service_and_its_journeys(tmp_path: Path) -> None:
    rules = rule_file("alert: X, labels: {service: till}", "alert: Y, labels: {service: unknown}", "alert: Z")
    handbook = book(
        tmp_path, {"teams/payments/alerts/a.yml": rules, "teams/payments/playbooks/own.yaml": playbook("Z")}
    )
    found = {}
    for alert in alerts.known(handbook):
        service = alerts.service_of(handbook, alert)
        found[alert.name] = (service.id if service else None, [it.id for it in alerts.journeys_of(handbook, alert)])
    assert found == {
        "PayFastBudgetBurn": ("till", ["pay"]),
        "PayFastBudgetBurnSlowly": ("till", ["pay"]),
        "PayFastNoData": ("till", ["pay"]),
        "X": ("till", ["pay"]),
        "Y": (None, []),
        "Z": ("till", ["pay"]),
    }


@pytest.mark.parametrize(
    ("playbooks", "led"),
    [
        ({}, ["wiki.example.com", "docs.example.com"]),
        ({"one": ""}, ["wiki.example.com", "docs.example.com"]),
        ({"one": STEPS}, []),
    ],
    ids=["no playbook", "an unfinished one", "one that covers it"],
)
def test_an_alert_leads_elsewhere_by_any_of_its_rules_unless_a_playbook_covers_it(
    playbooks: dict[str, str], led: list[str], tmp_path: Path
) -> None:
    urls = ("https://wiki.example.com/x", "", "https://h.example.com/go/X/", "https://docs.example.com/x")
    rules = [f"alert: X, annotations: {{runbook_url: '{url}'}}" for url in (*urls, urls[0])]
    files = {f"teams/payments/playbooks/{id}.yaml": playbook("X", more=more) for id, more in playbooks.items()}
    handbook = book(tmp_path, {"organisation.yaml": SITE, "teams/payments/alerts/a.yml": rule_file(*rules), **files})
    (alert,) = alerts.named(handbook, "payments", "X")
    assert [*alerts.elsewhere(handbook, alert).values()] == led
    assert alerts.is_answered(handbook, alert)


@pytest.mark.parametrize(
    ("playbooks", "runbook"),
    [
        ({}, "https://h.example.com/go/X%20y/"),
        ({"one": STEPS}, "https://h.example.com/playbooks/one/#from-X~20y"),
        ({"one": STEPS, "two": STEPS}, "https://h.example.com/go/X%20y/"),
        ({"one": STEPS, "two": ""}, "https://h.example.com/playbooks/one/#from-X~20y"),
        ({"one": ""}, "https://h.example.com/go/X%20y/"),
    ],
)
def test_the_runbook_of_an_alert_is_its_one_playbook_else_its_short_address(
    playbooks: dict[str, str], runbook: str, tmp_path: Path
) -> None:
    files: dict[str, Content] = {"teams/payments/alerts/a.yml": rule_file("alert: X y")}
    for id, steps in playbooks.items():
        files[f"teams/payments/playbooks/{id}.yaml"] = playbook("X y", more=steps)
    assert alerts.runbook(book(tmp_path, files), "payments", "X y") == runbook


VARIABLES = (
    "variables:\n- {name: namespace, description: D, example: shop}\n- {name: queue, description: D, example: bulk}\n"
)


@pytest.mark.parametrize(
    ("labels", "has_others", "query"),
    [
        ({}, True, "?namespace={{ $labels.namespace | urlquery }}&queue={{ $labels.queue | urlquery }}"),
        ({"queue": "a b&c", "team": "x"}, True, "?namespace={{ $labels.namespace | urlquery }}&queue=a%20b%26c"),
        ({"queue": "{{ $labels.name }}"}, True, "?namespace={{ $labels.namespace | urlquery }}"),
        ({"queue": "急ぎ"}, False, "?queue=%E6%80%A5%E3%81%8E"),
        ({"team": "x"}, False, ""),
    ],
)
def test_a_runbook_is_told_the_values_of_its_variables(
    labels: dict[str, str], has_others: bool, query: str, tmp_path: Path
) -> None:
    files: dict[str, Content] = {
        "teams/payments/alerts/a.yml": rule_file("alert: X"),
        "teams/payments/playbooks/one.yaml": playbook("X", more=STEPS + VARIABLES),
    }
    url = alerts.runbook(book(tmp_path, files), "payments", "X", labels, has_others=has_others)
    assert url == f"https://h.example.com/playbooks/one/{query}#from-X"


def test_a_page_to_choose_from_is_told_the_values_for_each_of_its_playbooks(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "teams/payments/alerts/a.yml": rule_file("alert: X"),
        "teams/payments/playbooks/one.yaml": playbook("X", more=STEPS + VARIABLES),
        "teams/payments/playbooks/two.yaml": playbook("X", more=STEPS + VARIABLES.replace("queue", "pod")),
    }
    url = alerts.runbook(book(tmp_path, files), "payments", "X", {"namespace": "n", "queue": "q", "pod": "p"})
    assert url == "https://h.example.com/go/X/?namespace=n&queue=q&pod=p"


def test_a_runbook_with_a_query_and_an_anchor_is_the_same_page(tmp_path: Path) -> None:
    url = "https://h.example.com/playbooks/one/?namespace={{ $labels.namespace | urlquery }}#from-X"
    gone = url.replace("/one/", "/gone/")
    files: dict[str, Content] = {
        "teams/payments/alerts/a.yml": rule_file(
            f"alert: X, annotations: {{runbook_url: '{url}'}}", f"alert: Y, annotations: {{runbook_url: '{gone}'}}"
        ),
        "teams/payments/playbooks/one.yaml": playbook(more=STEPS + VARIABLES),
    }
    handbook = book(tmp_path, files)
    x, y = (alert for alert in alerts.known(handbook) if alert.name in "XY")
    assert [it.id for it in alerts.answering(handbook, x)] == ["one"]
    assert (site_map.leads_somewhere(handbook, url), site_map.leads_somewhere(handbook, gone)) == (True, False)
    assert not alerts.elsewhere(handbook, x)
    assert not alerts.elsewhere(handbook, y)


def test_the_coverage_of_alerts_is_what_a_count_by_hand_gives(tmp_path: Path) -> None:
    handbook = book(
        tmp_path,
        {
            "teams/payments/alerts/a.yml": rule_file(
                "alert: A, labels: {severity: page}, "
                "annotations: {runbook_url: 'https://h.example.com/playbooks/finished/'}",
                "alert: B, labels: {severity: ticket}",
                "alert: C",
            ),
            "teams/payments/playbooks/finished.yaml": playbook(
                "A", "F", "Pay*Burn", more=f"{STEPS}exercised: [{{on: 2026-10-01, kind: drill}}]\n"
            ),
            "teams/payments/playbooks/unfinished.yaml": playbook("B", more=""),
            "teams/shop/alerts/a.yml": rule_file(
                "alert: A, labels: {severity: page}",
                "alert: D, labels: {severity: ticket}",
                "alert: E, labels: {severity: page}, "
                "annotations: {runbook_url: 'https://h.example.com/playbooks/gone/'}",
                "alert: F, labels: {severity: page}",
            ),
            "teams/shop/playbooks/of-the-shop.yaml": playbook("D"),
            "teams/shop/playbooks/without-alert.yaml": playbook(),
        },
    )
    found: dict[tuple[str, str | None], tuple[int, int]] = {}
    for alert in alerts.known(handbook):
        key = alert.team, alert.urgency.value if alert.urgency else None
        covered, total = found.get(key, (0, 0))
        found[key] = covered + alerts.is_answered(handbook, alert), total + 1
    assert found == {
        ("payments", "page"): (2, 2),  # A, and the SLO's
        ("payments", "ticket"): (0, 3),  # B has a playbook that isn't finished, two of the SLO's have none
        ("payments", None): (0, 1),  # C
        ("shop", "page"): (1, 3),  # F is answered by the other team's playbook, its own A and E by none
        ("shop", "ticket"): (1, 1),  # D
    }
    counted = {str(it.label): (it.done, it.total) for it in figures.by_team(handbook)[""]}
    assert counted["Paging alerts with a playbook"] == (3, 5)
    assert counted["Runbook links to this handbook that lead to a page"] == (1, 2)
    assert counted["Playbooks that say where to look and what to do"] == (3, 4)
    assert counted["Playbooks linked from an alert"] == (3, 4)
    assert counted["Playbooks that were drilled or used in the last 180 days"] == (
        1,
        3,
    )  # the unfinished one is asked for its steps

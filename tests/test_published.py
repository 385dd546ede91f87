"""What is published of alerts and playbooks, and how rules from elsewhere stand to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Content, golden_handbook, make_handbook

from macros.exports import published
from macros.handbook import alerts
from macros.handbook.graph import Handbook
from macros.sources import prometheus

FILES: dict[str, Content] = {
    "organisation.yaml": "name: Example\nlanguage: ja\nsite_address: https://h.example.com/\n",
    "teams/payments/services/till.yaml": "name: Till\nsummary: S\n",
    "teams/payments/playbooks/till-down.yaml": (
        "name: {en: Till is down, ja: レジが落ちた}\nservice: till\nalerts: [TillDown, 'Pay*']\n"
        "diagnosis: [{do: D, command: c, expect: E}]\nmitigation: [{do: M}]\n"
    ),
    "teams/payments/playbooks/draft.yaml": "name: Draft\nservice: till\nalerts: [TillSlow]\n",
    "teams/payments/alerts/a.yml": (
        "groups:\n- name: a\n  rules:\n"
        "  - {alert: TillDown, expr: up == 0, labels: {severity: page}}\n"
        "  - {alert: TillSlow, expr: x > 1, labels: {severity: page}}\n"
    ),
    "teams/shop/team.yaml": 'name: Shop\nchannel: "#shop"\n',
}


@pytest.fixture
def handbook(tmp_path: Path) -> Handbook:
    return make_handbook(tmp_path, FILES)


def stands(handbook: Handbook, *lines: str, team: str = "") -> list[tuple[str, list[str], list[str]]]:
    """Name, playbooks and findings of each rule; a line is the inside of a rule in one line."""
    text = "groups:\n- name: g\n  rules:\n" + "".join(f"  - {{{line}, expr: up == 0}}\n" for line in lines)
    file, problems = prometheus.parse(text.encode(), "own/rules.yaml")
    assert file is not None
    assert problems == []
    known = published.read(json.loads(json.dumps(published.document(handbook))))
    return [
        (it.rule.name, [known.whole(playbook.address) for playbook in it.playbooks], [str(f) for f in it.findings])
        for it in published.standings([file], known, team)
    ]


def test_the_document_of_a_handbook(handbook: Handbook) -> None:
    document = published.document(handbook)
    assert document["version"] == 1
    assert document["site_address"] == "https://h.example.com/"
    assert document["language"] == "ja"
    assert document["paging"]["label"] == "severity"
    assert document["alerts"] == [
        {
            "name": "TillDown",
            "team": "payments",
            "urgency": "page",
            "address": "go/TillDown/",
            "playbooks": ["till-down"],
        },
        {"name": "TillSlow", "team": "payments", "urgency": "page", "address": "go/TillSlow/", "playbooks": []},
    ]
    assert document["playbooks"][1] == {
        "id": "till-down",
        "name": "レジが落ちた",
        "team": "payments",
        "alerts": ["TillDown", "Pay*"],
        "address": "playbooks/till-down/",
        "usable": True,
    }
    assert {"playbooks/till-down/", "go/tilldown/", "teams/shop/on-call/"} <= set(document["pages"])


@pytest.mark.parametrize("value", [None, [], {}, {"version": 2}, {"version": 1}, {"version": 1, "alerts": 3}])
def test_another_document_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="api/v1/alerts"):
        published.read(value)


def test_a_document_may_have_more_fields(handbook: Handbook) -> None:
    document = published.document(handbook)
    more = {**document, "playbooks": [{**one, "more": 1} for one in document["playbooks"]], "more": 1}
    assert published.read(more) == published.read(document)


TILL = "https://h.example.com/ja/playbooks/till-down/"
VALUES = "?pod={{ $labels.pod | urlquery }}#from-TillDown"
WIKI = "https://wiki.example.com/x"
NO_PLAYBOOK = "paging-alert-without-playbook: {name} pages and has no playbook: write one"
WHOSE = (
    "alert-of-unknown-team: {name} fits till-down: say whose it is, with `--team`, a label `team` or the team's folder"
)


@pytest.mark.parametrize(
    ("line", "team", "playbooks", "findings"),
    [
        ("alert: TillDown, labels: {severity: page}", "payments", [TILL], []),
        ("alert: PayFails, labels: {severity: page}", "payments", [TILL], []),
        ("alert: PayFails, labels: {severity: page, team: payments}", "", [TILL], []),
        # Whose it is, decides whether a pattern reaches it, and whether another team has it too.
        ("alert: PayFails, labels: {severity: page}", "", [], [WHOSE.format(name="PayFails")]),
        ("alert: TillDown, labels: {severity: page}", "", [], [WHOSE.format(name="TillDown")]),
        # Another team's pattern reaches nobody else; nor does its name, since that team has such an alert itself.
        ("alert: PayFails, labels: {severity: page}", "shop", [], [NO_PLAYBOOK.format(name="PayFails")]),
        ("alert: TillDown, labels: {severity: page}", "shop", [], [NO_PLAYBOOK.format(name="TillDown")]),
        ("alert: TillSlow, labels: {severity: page}", "payments", [], [NO_PLAYBOOK.format(name="TillSlow")]),
        ("alert: Other, labels: {severity: ticket}", "payments", [], []),
        ("alert: Other", "payments", [], []),
        (f"alert: Other, labels: {{severity: page}}, annotations: {{runbook_url: '{TILL}'}}", "shop", [TILL], []),
        (
            f"alert: Other, labels: {{severity: page}}, annotations: {{runbook_url: '{TILL}{VALUES}'}}",
            "shop",
            [TILL],
            [],
        ),
        (f"alert: Other, labels: {{severity: page}}, annotations: {{runbook_url: '{WIKI}'}}", "shop", [], []),
        (f"alert: PayFails, labels: {{severity: page}}, annotations: {{runbook_url: '{WIKI}'}}", "", [], []),
        (
            f"alert: PayFails, labels: {{severity: page}}, annotations: {{runbook_url: '{WIKI}'}}",
            "payments",
            [TILL],
            [],
        ),
        (
            "alert: Other, labels: {severity: page}, annotations: {runbook_url: 'see the wiki'}",
            "shop",
            [],
            [NO_PLAYBOOK.format(name="Other")],
        ),
        ("alert: Other, annotations: {runbook_url: 'https://h.example.com/go/TILLDOWN/'}", "shop", [], []),
    ],
)
def test_how_a_rule_stands(line: str, team: str, playbooks: list[str], findings: list[str], handbook: Handbook) -> None:
    ((_, found, reported),) = stands(handbook, line, team=team)
    assert found == playbooks
    assert reported == [f"own/rules.yaml:4:6: {it}" for it in findings]


def test_a_runbook_url_without_a_page_is_found_where_it_stands(handbook: Handbook) -> None:
    line = "alert: Other, annotations: {runbook_url: 'https://h.example.com/playbooks/gone/'}"
    ((_, _, reported),) = stands(handbook, line)
    assert reported == [
        "own/rules.yaml:4:34: runbook-url-leads-nowhere: "
        "Other links to https://h.example.com/playbooks/gone/, which doesn't exist"
    ]


def test_every_rule_of_the_handbook_stands_as_the_handbook_says() -> None:
    """The two ways to the same answer, from the data and from what is published, for an example of everything."""
    handbook = golden_handbook()
    known = published.read(json.loads(json.dumps(published.document(handbook))))
    seen = 0
    for file in handbook.rule_files:
        for it in published.standings([file], known, file.team):
            (alert,) = alerts.named(handbook, file.team, it.rule.name)
            assert [playbook.id for playbook in it.playbooks] == [
                playbook.id for playbook in alerts.playbooks_for(handbook, alert)
            ]
            assert [it.elsewhere] == [*alerts.elsewhere(handbook, alert), ""][:1]
            seen += 1
    assert seen


@pytest.mark.parametrize("path", ["rules/payments.yaml", "teams/payments/rules/own.yaml"])
def test_the_path_of_a_rule_file_says_whose_it_is(path: str, handbook: Handbook) -> None:
    rules = "groups:\n- name: g\n  rules:\n  - {alert: PayFails, labels: {severity: page}, expr: up == 0}\n"
    file, _ = prometheus.parse(rules.encode(), path)
    assert file is not None
    (standing,) = published.standings([file], published.read(published.document(handbook)))
    assert (standing.team, len(standing.playbooks), standing.findings) == ("payments", 1, ())

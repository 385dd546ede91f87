"""The configuration of Alertmanager: amtool takes it, and says to whom an alert goes."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import make_handbook
from test_prometheus import EVENTS, handbook_with, parts, rules_with
from test_sources_prometheus import group

from macros.exports import alertmanager
from macros.handbook.graph import Handbook

RULES = group("alert: A\nexpr: up")

ODD = "paging: {label: urgency, page: wake.up, also_page: ['a\"b', 'c\\\\d'], ticket: work, neither: [info, none]}\n"


def written(handbook: Handbook) -> str:
    return alertmanager.files(handbook)["alertmanager.yml"]()


def of_two_teams(folder: Path, organisation: str = "") -> str:
    return written(
        make_handbook(
            folder,
            {
                "organisation.yaml": f"name: Example\nlanguage: en\n{organisation}",
                "teams/payments/alerts/a.yaml": RULES,
                "teams/search/team.yaml": 'name: Search\nchannel: "#search"\n',
                "teams/search/alerts/a.yaml": RULES,
                "teams/idle/team.yaml": 'name: Idle\nchannel: "#idle"\n',
            },
        )
    )


def amtool(folder: Path, text: str, *arguments: str) -> str:
    """What amtool prints of a configuration; a fault fails the test."""
    path = folder / "alertmanager.yml"
    path.write_text(text, encoding="utf-8")
    result = subprocess.run(("amtool", *arguments), cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.strip()


def receiver(folder: Path, text: str, **labels: str) -> str:
    """To whom an alert with these labels goes."""
    given = [f"{name}={value}" for name, value in labels.items()]
    return amtool(folder, text, "config", "routes", "test", "--config.file", "alertmanager.yml", *given)


@pytest.mark.parametrize("organisation", ["", ODD], ids=["usual", "odd"])
def test_amtool_takes_it(organisation: str, tmp_path: Path) -> None:
    text = of_two_teams(tmp_path, organisation)
    assert "SUCCESS" in amtool(tmp_path, text, "check-config", "alertmanager.yml")
    names = ["payments-page", "payments-ticket", "search-page", "search-ticket"]
    assert yaml.safe_load(text)["receivers"] == [{"name": name} for name in ["unrouted", "nobody", *names]]


@pytest.mark.parametrize(
    ("organisation", "labels", "expected"),
    [
        pytest.param("", {"team": "search", "severity": "page", "slo": "up"}, "search-page", id="a page"),
        pytest.param("", {"team": "search", "severity": "ticket", "slo": "up"}, "search-ticket", id="a ticket"),
        pytest.param("", {"team": "payments", "severity": "page"}, "payments-page", id="another team's"),
        pytest.param("", {"team": "search", "severity": "odd"}, "search-ticket", id="an unknown severity"),
        pytest.param("", {"team": "idle", "severity": "page"}, "unrouted", id="a team without alerts"),
        pytest.param("", {"severity": "page"}, "unrouted", id="no team"),
        pytest.param(ODD, {"team": "search", "urgency": "wake.up"}, "search-page", id="an own label"),
        pytest.param(ODD, {"team": "search", "urgency": "wakeXup"}, "search-ticket", id="a point is no sign"),
        pytest.param(ODD, {"team": "search", "urgency": '"a\\"b"'}, "search-page", id="a quote"),
        pytest.param(ODD, {"team": "search", "urgency": "none"}, "nobody", id="what reaches no one"),
    ],
)
def test_an_alert_goes_to(organisation: str, labels: dict[str, str], expected: str, tmp_path: Path) -> None:
    assert receiver(tmp_path, of_two_teams(tmp_path, organisation), **labels) == expected


def test_the_alerts_of_an_slo_go_to_its_team_and_its_page_silences_its_ticket_alone(tmp_path: Path) -> None:
    text = written(handbook_with(tmp_path / "a", EVENTS, {}))
    _, rules = parts(rules_with(tmp_path / "b", EVENTS))
    page, ticket, no_data = ({"alertname": name, **rule["labels"]} for name, rule in sorted(rules.items()))
    receivers = [receiver(tmp_path, text, **labels) for labels in (page, ticket, no_data)]
    assert receivers == ["payments-page", "payments-ticket", "payments-ticket"]
    (inhibition,) = yaml.safe_load(text)["inhibit_rules"]
    assert inhibits(tmp_path, inhibition, page, ticket)
    assert not inhibits(tmp_path, inhibition, page, {**ticket, "slo": "other"})
    assert not inhibits(tmp_path, inhibition, page, no_data)
    assert not inhibits(tmp_path, inhibition, ticket, ticket)
    own = {"severity": "page", "alertname": "Own"}, {"severity": "ticket", "alertname": "OwnBudgetBurnSlowly"}
    assert not inhibits(tmp_path, inhibition, *own)


def inhibits(folder: Path, rule: dict[str, Any], source: dict[str, str], target: dict[str, str]) -> bool:
    """Whether a rule of inhibition has an alert silence another; amtool says which labels its matchers take."""

    def takes(matchers: list[str], labels: dict[str, str]) -> bool:
        route = {"receiver": "no", "routes": [{"matchers": matchers, "receiver": "yes"}]}
        asked = yaml.safe_dump({"route": route, "receivers": [{"name": "no"}, {"name": "yes"}]})
        return receiver(folder, asked, **labels) == "yes"

    same = all(source.get(name) == target.get(name) for name in rule["equal"])
    return same and takes(rule["source_matchers"], source) and takes(rule["target_matchers"], target)


def test_receivers_can_be_put_in_the_place_of_the_empty_ones(tmp_path: Path) -> None:
    text = of_two_teams(tmp_path)
    head, _, empty = text.partition("\nreceivers:\n")
    filled = empty.replace(
        "- name: search-page\n", "- name: search-page\n  webhook_configs: [{url: http://a.example/}]\n"
    )
    assert "SUCCESS" in amtool(tmp_path, f"{head}\nreceivers:\n{filled}", "check-config", "alertmanager.yml")


def test_without_an_alert_there_is_none(tmp_path: Path) -> None:
    assert alertmanager.files(make_handbook(tmp_path)) == {}

"""Whether a playbook can be followed: a begun one can't."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, Content, make_handbook

from macros.authoring import skeletons
from macros.exports import published
from macros.handbook import alerts, load, playbooks
from macros.handbook.graph import Handbook

STEPS = "diagnosis: [{do: D, command: c, expect: E}]\nmitigation: [{do: M}]\n"


def handbook(folder: Path, playbook: str) -> Handbook:
    files: dict[str, Content] = {
        "playbook-templates/alert.yaml": (ROOT / "data/playbook-templates/alert.yaml").read_text(encoding="utf-8"),
        "teams/payments/services/till.yaml": "name: Till\nsummary: S\n",
        "teams/payments/alerts/a.yml": (
            "groups:\n- name: g\n  rules:\n  - {alert: TillDown, expr: up == 0, labels: {severity: page}}\n"
        ),
        "teams/payments/playbooks/till-down.yaml": playbook,
    }
    return make_handbook(folder, files)


def begun(language: str) -> str:
    """A playbook's file as it is begun for an alert, with nothing filled in."""
    (template,) = (made for made in load.load(ROOT / "data").playbook_templates if made.id == "alert")
    return skeletons.playbook(language, template, "till", alert="TillDown")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_playbook_that_was_begun_and_not_filled_in_answers_no_alert(language: str, tmp_path: Path) -> None:
    made = handbook(tmp_path, begun(language))
    (alert,), (playbook,) = alerts.known(made), made.playbooks
    assert alerts.answering(made, alert) == (playbook,)
    assert alerts.playbooks_for(made, alert) == ()
    assert not published.document(made)["playbooks"][0]["usable"]
    assert playbooks.blanks(made)[playbook.id][0][0] == ("name",)


def test_a_blank_elsewhere_than_in_the_steps_leaves_it_usable(tmp_path: Path) -> None:
    blank = 'symptoms: ["<What users see>"]\n'
    made = handbook(tmp_path, f"name: Till is down\nservice: till\nalerts: [TillDown]\n{STEPS}{blank}")
    (playbook,) = made.playbooks
    assert playbooks.blanks(made)[playbook.id] == [(("symptoms", 0), "<What users see>")]
    assert playbooks.is_usable(made, playbook)
    assert alerts.playbooks_for(made, alerts.known(made)[0]) == (playbook,)


@pytest.mark.parametrize("steps", ["", STEPS.partition("mitigation")[0], STEPS.replace(", expect: E", "")])
def test_a_playbook_without_its_steps_is_not_usable(steps: str, tmp_path: Path) -> None:
    made = handbook(tmp_path, f"name: Till is down\nservice: till\n{steps}")
    assert not playbooks.is_usable(made, made.playbooks[0])

"""Which step of a playbook leads to which, what leads nowhere, and whether it can be followed: a begun one can't."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT, Content, make_handbook

from macros.authoring import skeletons
from macros.exports import published
from macros.gaps.spots import circle
from macros.handbook import alerts, load, playbooks
from macros.handbook.graph import Handbook
from macros.model.playbooks import Playbook
from macros.site.render import TEMPLATES

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


PLAYBOOK = """\
name: Slow
service: till
variables: [{name: pod, description: "Not {bank}", example: till-0}]
first_five_minutes: ["Released: {roll-back}, else {pods}"]
diagnosis:
  - id: pods
    do: Look at {pod}, not at {anything}
    command: get {pod} {wait}
    expect: {en: "Running, else {queue}", ja: "{roll-back}"}
    decide:
      - {if: "Full: {wait}", then: [queue, escalate]}
      - {if: Empty, then: [queue]}
  - {id: queue, do: Look at the queue}
  - {do: Ask around}
mitigation:
  - {id: roll-back, do: Roll back, undo: "When {pods} is right", risk: "Not after {wait}"}
  - {id: wait, do: Wait}
  - {id: bank, do: "Call, or {escalate}"}
  - {do: Hope}
notes: "{bank}"
"""


def playbook(folder: Path, text: str = PLAYBOOK) -> Playbook:
    files = {
        "teams/payments/services/till.yaml": "name: Till\nsummary: S\n",
        "teams/payments/playbooks/slow.yaml": text,
    }
    (made,) = make_handbook(folder, files).playbooks
    return made


def test_a_step_leads_to_what_it_decides_and_to_what_it_names(tmp_path: Path) -> None:
    assert playbooks.leads(playbook(tmp_path)) == {
        "": ("roll-back", "pods"),
        "pods": ("queue", "roll-back", "escalate", "wait"),
        "queue": (),
        "diagnosis-3": (),
        "roll-back": (),
        "wait": (),
        "bank": ("escalate",),
        "mitigation-4": (),
    }


def test_what_leads_nowhere_and_what_nothing_leads_to(tmp_path: Path) -> None:
    made = playbook(tmp_path)
    assert playbooks.dead_ends(made) == [1, 2]
    assert playbooks.unreached(made) == [2, 3]
    assert circle(playbooks.leads(made)) == ()


def test_what_any_other_part_names_is_reached(tmp_path: Path) -> None:
    made = playbook(tmp_path, f'{PLAYBOOK}dependencies: ["The bank: {{bank}}"]\n')
    assert playbooks.unreached(made) == [3]


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        ("do: Look at the queue", 'do: "Look at {pods}"', {"pods", "queue"}),
        ("do: Roll back", 'do: "As in {pods}"', {"pods", "roll-back"}),
        ("then: [queue]", "then: [pods]", {"pods"}),
    ],
)
def test_a_loop_is_a_chain_that_ends_where_it_began(before: str, after: str, steps: set[str], tmp_path: Path) -> None:
    made = playbook(tmp_path, PLAYBOOK.replace(before, after))
    chain, led = circle(playbooks.leads(made)), playbooks.leads(made)
    assert chain[0] == chain[-1]
    assert {*chain} == steps
    assert all(end in led[start] for start, end in pairwise(chain))


def test_names_have_their_places(tmp_path: Path) -> None:
    made = playbook(tmp_path)
    assert [*playbooks.declared(made)][:2] == [
        (("variables", 0, "name"), "pod"),
        (("diagnosis", 0, "id"), "pods"),
    ]
    named = [*made.names]
    assert [name for place, name in named if place == ("first_five_minutes", 0, "en")] == ["roll-back", "pods"]
    assert (("diagnosis", 0, "command"), "wait") in named
    assert (("diagnosis", 0, "decide", 0, "then", 1), "escalate") in named
    assert (("diagnosis", 0, "expect", "ja"), "roll-back") in named
    assert {place[0] for place, _ in named}.isdisjoint({"notes", "variables"})


def test_every_heading_of_a_playbooks_page_is_a_name_that_no_step_can_have() -> None:
    files = ("playbook.html.j2", "playbook-steps.html.j2", "partials.html.j2")
    text = "".join((TEMPLATES / file).read_text(encoding="utf-8") for file in files)
    found = set(re.findall(r'<h(?:\d|\{\{ level \}\}) id="(?:\{\{ within \}\})?([a-z-]+)"', text))
    assert found >= set(playbooks.STEPS)
    assert found - set(playbooks.HEADINGS) <= {"pain-points"}

"""The decisions of a playbook: which step leads to which, and what leads nowhere."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import make_handbook

from macros.gaps.spots import circle
from macros.handbook import decisions
from macros.model.playbooks import Playbook
from macros.site.render import TEMPLATES

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
    assert decisions.leads(playbook(tmp_path)) == {
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
    assert decisions.dead_ends(made) == [1, 2]
    assert decisions.unreached(made) == [2, 3]
    assert circle(decisions.leads(made)) == ()


def test_what_any_other_part_names_is_reached(tmp_path: Path) -> None:
    made = playbook(tmp_path, f'{PLAYBOOK}dependencies: ["The bank: {{bank}}"]\n')
    assert decisions.unreached(made) == [3]


@pytest.mark.parametrize(
    ("before", "after", "ids"),
    [
        ("do: Look at the queue", 'do: "Look at {pods}"', {"pods", "queue"}),
        ("do: Roll back", 'do: "As in {pods}"', {"pods", "roll-back"}),
        ("then: [queue]", "then: [pods]", {"pods"}),
    ],
)
def test_a_loop_is_a_chain_that_ends_where_it_began(before: str, after: str, ids: set[str], tmp_path: Path) -> None:
    made = playbook(tmp_path, PLAYBOOK.replace(before, after))
    chain, led = circle(decisions.leads(made)), decisions.leads(made)
    assert chain[0] == chain[-1]
    assert {*chain} == ids
    assert all(end in led[start] for start, end in pairwise(chain))


def test_names_have_their_places(tmp_path: Path) -> None:
    made = playbook(tmp_path)
    assert [*decisions.declared(made)][:2] == [
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
    assert found >= set(decisions.STEPS)
    assert found - set(decisions.HEADINGS) <= {"pain-points"}

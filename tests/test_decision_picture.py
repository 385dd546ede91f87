"""The picture of a playbook's decisions: who stands where, and which arrows run."""

from __future__ import annotations

import re
from typing import Any

from macros.model.playbooks import Playbook
from macros.site.decision_picture import BESIDE, BETWEEN, MOST_STEPS, ROW, picture


def playbook(**keys: Any) -> Playbook:
    given = {"id": "p", "path": "p.yaml", "name": "P", "service": "s", **keys}
    return Playbook.model_validate(given, context={"language": "en"})


def step(id: str, *then: str) -> dict[str, Any]:
    return {"id": id, "do": id, "decide": [{"if": "so", "then": list(then)}] if then else []}


def ends(arrow: str) -> tuple[float, float]:
    """The rows that an arrow leads from and to."""
    found = re.fullmatch(r"M\S+ (\d+)C\S+ \d+ \S+ \d+ \S+ (\d+)m-5 -4l5 4 -5 4", arrow)
    assert found, arrow
    return int(found[1]) // ROW, int(found[2]) // ROW


def test_steps_stand_in_the_order_of_the_page_and_people_to_call_come_last() -> None:
    drawn = picture(
        playbook(
            first_five_minutes=["Or {b} at once"],
            diagnosis=[step("look", "a", "more"), {"do": "Ask"}, step("more", "escalate")],
            mitigation=[{"id": "a", "do": "A"}, {"id": "b", "do": "B"}],
        )
    )
    assert drawn is not None
    assert drawn.left == ["", "look", "diagnosis-2", "more"]
    assert drawn.right == ["a", "b", "escalate"]
    symptom, look, ask, more = range(4)
    assert [ends(arrow) for arrow in drawn.beside] == [(symptom, look), (symptom, ask), (look, more)]
    assert [ends(arrow) for arrow in drawn.between] == [(symptom, 1), (look, 0), (more, 2)]


def test_the_people_to_call_are_left_out_where_nothing_leads_to_them() -> None:
    drawn = picture(playbook(diagnosis=[step("look", "a")], mitigation=[{"id": "a", "do": "A"}]))
    assert drawn is not None
    assert drawn.right == ["a"]


def test_arrows_begin_and_end_at_the_columns() -> None:
    steps = [step("one", "a", "two"), step("two", "one")]
    drawn = picture(playbook(diagnosis=steps, mitigation=[{"id": "a", "do": "A"}]))
    assert drawn is not None
    assert {re.findall(r"(?:M| )(-?\d+) \d+(?=C|m)", it)[-1] for it in drawn.beside} == {str(BESIDE)}
    assert {re.findall(r"(?:M| )(-?\d+) \d+(?=C|m)", it)[-1] for it in drawn.between} == {str(BETWEEN)}
    assert [ends(arrow) for arrow in drawn.beside] == [(1, 2), (2, 1)], "a loop is drawn as it is"


def test_without_decisions_there_is_no_picture() -> None:
    assert picture(playbook(diagnosis=[step("look")], mitigation=[{"id": "a", "do": "A"}])) is None


def test_what_would_be_a_wall_is_not_drawn() -> None:
    steps = [step(f"d{number}", "a") for number in range(MOST_STEPS)]
    mitigation = [{"id": "a", "do": "A"}]
    assert picture(playbook(diagnosis=steps[:-2], mitigation=mitigation)) is not None
    assert picture(playbook(diagnosis=steps, mitigation=mitigation)) is None

"""What the form for a journey checks is what `check` says of its file."""

from __future__ import annotations

import json

from macros.model.kinds import KINDS
from macros.site import journey_checks
from macros.sources import validate, yaml_file


def test_what_is_required_is_what_a_file_may_not_leave_out() -> None:
    lists = [part for part in journey_checks.REQUIRED if part]
    source, _ = yaml_file.parse("".join(f"{part}: [{{}}]\n" for part in lists).encode(), "a.yaml")
    assert source is not None
    _, problems = validate.entity(KINDS["journey"], source, {"id": "a", "team": "a"}, "en")
    missing = {(lists[it.line - 1] if it.column > 1 else "", it.message.values["key"]) for it in problems}
    required = {(part, key) for part, keys in journey_checks.REQUIRED.items() for key in keys}
    assert missing - required == {("slos", "period")}
    assert required <= missing


def test_the_script_gets_all_of_it() -> None:
    written = json.loads(journey_checks.written())
    assert written["required"] == journey_checks.REQUIRED
    assert written["most"] == {"days": 366, "percent": 100}
    assert {*written["patterns"]} == {"id", "selector", "address"}

"""What commands say that change data: in words and in JSON, made or under `--dry-run`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from calls import COMPLETE, TILL, Captured, files_of
from conftest import write_tree

from macros.__main__ import main
from macros.commands import changing
from macros.commands.command import OK
from macros.editing.change_set import ChangeSet, PlannedFile
from macros.text.problems import Message, Report

pytestmark = pytest.mark.usefixtures("without_pages")

CHANGES = ChangeSet(
    (
        PlannedFile(Path("/a"), None, "a"),
        PlannedFile(None, Path("/b"), "", "b\n", ("channel", "summary")),
        PlannedFile(Path("/c"), Path("/c"), "1\n2\n3\n", "1\n4\n5\n"),
        PlannedFile(Path("/d"), Path("/e"), "a\n", "b\n"),
        PlannedFile(Path("/f"), Path("/g"), "a\n", "a\n"),
    ),
    (Report("t.csv", 1, 2, "odd-value", Message("`{it}` is odd", {"it": "x"})),),
    ("something is left to know",),
)


def test_each_file_has_a_line_and_then_comes_what_is_left_to_know() -> None:
    assert changing.as_text(CHANGES).splitlines() == [
        "/a: removed",
        "/b: new; fill in `channel`, `summary`",
        "/c: changed",
        "/d -> /e: moved",
        "/f -> /g: moved",
        "could not be mapped:",
        "t.csv:1:2: odd-value: `x` is odd",
        "note: something is left to know",
        "files: 1 removed, 1 new, 1 changed, 2 moved, 2 blanks to fill in, 1 not mapped",
    ]
    assert changing.as_text(ChangeSet(())) == "files: none to change"
    assert changing.as_text(ChangeSet(CHANGES.files[:1])) == "/a: removed", "one needs no count"


def test_json_has_the_same(capsys: Captured) -> None:
    value = json.loads(json.dumps(changing.as_value(CHANGES, written=True)))
    assert value["written"] is True
    assert [(it["change"], it["before"], it["after"], it["blanks"]) for it in value["changes"]] == [
        ("removed", "/a", None, []),
        ("new", None, "/b", ["channel", "summary"]),
        ("changed", "/c", "/c", []),
        ("moved", "/d", "/e", []),
        ("moved", "/f", "/g", []),
    ]
    assert value["unmapped"] == [
        {"path": "t.csv", "line": 1, "column": 2, "rule": "odd-value", "message": "`x` is odd"}
    ]
    assert value["notes"] == ["something is left to know"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["new", "service", "desk", "--team", "payments"],
        ["rename", "service", "till", "desk"],
        ["move", "service", "till", "--team", "shop"],
        ["import", "csv", "teams.csv"],
        ["import", "markdown", "cart.md", "--team", "payments", "--service", "till"],
    ],
)
def test_a_dry_run_shows_what_would_be_written_and_writes_nothing(
    arguments: list[str], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    write_tree(
        data, {**COMPLETE, "teams/payments/services/till.yaml": TILL, "teams/shop/team.yaml": "name: S\nchannel: x\n"}
    )
    (tmp_path / "teams.csv").write_text("team,channel\nStreet,#street\n")
    (tmp_path / "cart.md").write_text("# Cart\n\n## Diagnosis\n\nLook\n")
    monkeypatch.chdir(tmp_path)
    before = files_of(data)
    assert main([*arguments, "--data", str(data), "--dry-run"]) == OK
    shown = capsys.readouterr().out
    assert "\nnothing was written\ndiff --git a/" in shown
    assert main([*arguments, "--data", str(data), "--dry-run", "--format", "json"]) == OK
    would = json.loads(capsys.readouterr().out)
    assert files_of(data) == before
    assert main([*arguments, "--data", str(data), "--format", "json"]) == OK
    assert json.loads(capsys.readouterr().out) == {**would, "written": True}
    assert would["written"] is False
    assert files_of(data) != before


@pytest.mark.parametrize("dry", [["--dry-run"], []])
def test_a_move_names_what_stays_behind(dry: list[str], data: Path, capsys: Captured) -> None:
    playbook = "name: Slow\nservice: till\n"
    write_tree(
        data,
        {
            "teams/payments/services/till.yaml": TILL,
            "teams/payments/playbooks/slow.yaml": playbook,
            "teams/shop/team.yaml": "name: S\nchannel: x\n",
        },
    )
    assert main(["move", "service", "till", "--team", "shop", "--data", str(data), *dry]) == OK
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("note: ")] == [
        f"note: {data}/teams/payments/playbooks/slow.yaml: stays with `payments`, "
        "whose on-call still answers for `till`; move it, too"
    ]

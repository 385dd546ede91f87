"""Changes of files: the handbook as it would be, the diff, and all of them made or none."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import GOLDEN, Content, write_tree

from macros.editing import change_set
from macros.editing.change_set import ChangeSet, PlannedFile
from macros.editing.renaming import plans
from macros.handbook import load
from macros.text.problems import DataError, RefusedError

TILL = "name: Till\nsummary: Takes money\n"
SERVICES = "teams/payments/services"


def everything(path: Path) -> dict[str, bytes | None]:
    """Every file below a path, hidden ones too, and every folder, which has no content."""
    found = ((it.relative_to(path).as_posix(), it) for it in path.rglob("*"))
    return {name: None if it.is_dir() else it.read_bytes() for name, it in found}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Data with two services of a team, and its rules in a folder that no other file is in."""
    rules = "groups: [{name: g, rules: [{alert: A, expr: up}]}]\n"
    files: dict[str, Content] = {
        f"{SERVICES}/till.yaml": TILL,
        f"{SERVICES}/desk.yaml": TILL,
        "teams/payments/alerts/a.yml": rules,
    }
    return write_tree(tmp_path / "data", files)


@pytest.fixture
def every_sort(data: Path) -> ChangeSet:
    """A file that moves, one that changes, one that goes, and a new one in a folder that isn't there yet."""
    services, rules = data / SERVICES, data / "teams/payments/alerts/a.yml"
    return ChangeSet(
        (
            PlannedFile(services / "till.yaml", services / "bar.yaml", TILL, f"{TILL}tier: 1\n"),
            PlannedFile(services / "desk.yaml", services / "desk.yaml", TILL, TILL.replace("Till", "Desk")),
            PlannedFile(rules, None, change_set.text_of(rules)),
            PlannedFile(None, data / "teams/shop/team.yaml", "", "name: Shop\r\nchannel: x\r\n"),
        )
    )


def test_the_handbook_is_checked_as_it_would_be_and_nothing_is_written(data: Path, every_sort: ChangeSet) -> None:
    before = everything(data)
    handbook = load.load(data, "data")
    after = change_set.checked(every_sort, handbook, data)
    assert everything(data) == before
    change_set.write(every_sort)
    written = load.load(data, "data")
    assert [*after.everything()] == [*written.everything()] != [*handbook.everything()]
    assert (after.rule_files, written.rule_files) == ((), ())
    assert after.sources == written.sources


def test_all_changes_are_made(data: Path, every_sort: ChangeSet) -> None:
    (data / f"{SERVICES}/till.yaml").chmod(0o640)
    change_set.write(every_sort)
    assert everything(data / "teams") == {
        "payments": None,
        "payments/team.yaml": (data / "teams/payments/team.yaml").read_bytes(),
        "payments/services": None,
        "payments/services/bar.yaml": f"{TILL}tier: 1\n".encode(),
        "payments/services/desk.yaml": TILL.replace("Till", "Desk").encode(),
        "shop": None,
        "shop/team.yaml": b"name: Shop\r\nchannel: x\r\n",
    }
    assert (data / f"{SERVICES}/bar.yaml").stat().st_mode & 0o777 == 0o640


def test_a_team_without_files_is_no_team(data: Path) -> None:
    (data / "teams/payments/playbooks").mkdir()
    gone = [it for it in (data / "teams/payments").rglob("*") if it.is_file()]
    changes = ChangeSet(tuple(PlannedFile(it, None, change_set.text_of(it)) for it in gone))
    assert change_set.checked(changes, load.load(data, "data"), data).teams == ()
    change_set.write(changes)
    assert [*data.iterdir()] == [data / "organisation.yaml"]


def test_a_folder_with_a_symbolic_link_is_not_empty(data: Path, every_sort: ChangeSet) -> None:
    (data / "teams/payments/alerts/.link").symlink_to("nowhere")
    change_set.write(every_sort)
    assert [*(data / "teams/payments/alerts").iterdir()] == [data / "teams/payments/alerts/.link"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name: Bar\n", f"data/{SERVICES}/bar.yaml:1:1: missing-key"),
        (f"{TILL}depends_on: [bar]\n", f"data/{SERVICES}/bar.yaml:3:14: reference-to-itself"),
        (f"{TILL}# {'x' * 500_000}\n", f"data/{SERVICES}/bar.yaml:1:1: limit"),
    ],
)
def test_changes_that_would_leave_problems_are_refused(text: str, problem: str, data: Path) -> None:
    before = everything(data)
    changes = ChangeSet((PlannedFile(None, data / f"{SERVICES}/bar.yaml", "", text),))
    with pytest.raises(DataError) as raised:
        change_set.checked(changes, load.load(data, "data"), data)
    assert [str(it).startswith(problem) for it in raised.value.problems] == [True]
    assert everything(data) == before


def test_a_failure_at_any_step_leaves_everything_as_it_was(
    data: Path, every_sort: ChangeSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(data)
    replace = os.replace
    for failing in range(6):  # two files are put aside and come back, one is only put aside, one only comes
        calls = iter(range(20))

        def fail(source: Path, target: Path, calls: Iterator[int] = calls, failing: int = failing) -> None:
            if next(calls) == failing:
                raise OSError(28, "No space left on device")
            replace(source, target)

        monkeypatch.setattr("os.replace", fail)
        with pytest.raises(OSError, match="No space left"):
            change_set.write(every_sort)
        assert everything(data) == before


def test_a_file_that_changed_meanwhile_is_not_overwritten(data: Path, every_sort: ChangeSet) -> None:
    (data / f"{SERVICES}/desk.yaml").write_text(f"{TILL}tier: 1\n")
    before = everything(data)
    with pytest.raises(RefusedError, match=r"desk\.yaml has changed meanwhile; try again$"):
        change_set.write(every_sort)
    assert everything(data) == before


@pytest.mark.parametrize("path", [f"{SERVICES}/bar.yaml", "teams/shop/team.yaml"])
def test_a_file_that_is_there_meanwhile_is_not_overwritten(path: str, data: Path, every_sort: ChangeSet) -> None:
    write_tree(data, {path: "mine"}, base=False)
    before = everything(data)
    with pytest.raises(FileExistsError, match=rf"File exists: .*{path}"):
        change_set.write(every_sort)
    assert everything(data) == before


def test_the_diff_has_what_is_written(data: Path, every_sort: ChangeSet) -> None:
    assert change_set.as_diff(every_sort, lambda file: file.relative_to(data).as_posix()) == (
        f"diff --git a/{SERVICES}/till.yaml b/{SERVICES}/bar.yaml\n"
        f"rename from {SERVICES}/till.yaml\n"
        f"rename to {SERVICES}/bar.yaml\n"
        f"--- a/{SERVICES}/till.yaml\n"
        f"+++ b/{SERVICES}/bar.yaml\n"
        "@@ -1,2 +1,3 @@\n"
        " name: Till\n"
        " summary: Takes money\n"
        "+tier: 1\n"
        f"diff --git a/{SERVICES}/desk.yaml b/{SERVICES}/desk.yaml\n"
        f"--- a/{SERVICES}/desk.yaml\n"
        f"+++ b/{SERVICES}/desk.yaml\n"
        "@@ -1,2 +1,2 @@\n"
        "-name: Till\n"
        "+name: Desk\n"
        " summary: Takes money\n"
        "diff --git a/teams/shop/team.yaml b/teams/shop/team.yaml\n"
        "new file mode 100644\n"
        "--- /dev/null\n"
        "+++ b/teams/shop/team.yaml\n"
        "@@ -0,0 +1,2 @@\n"
        "+name: Shop\r\n"
        "+channel: x\r\n"
    )


def test_a_last_line_without_an_end_is_said_to_be_one(tmp_path: Path) -> None:
    changes = ChangeSet((PlannedFile(tmp_path / "a b", tmp_path / "a b", "a", "b"),))
    assert change_set.as_diff(changes, lambda file: file.name) == (
        "diff --git a/a b b/a b\n--- a/a b\t\n+++ b/a b\t\n@@ -1 +1 @@\n"
        "-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    )


def test_git_can_apply_the_diff(tmp_path: Path) -> None:
    data = shutil.copytree(GOLDEN / "data", tmp_path / "data")
    crlf = data / "teams/complete/services/needs-back.yaml"
    crlf.write_bytes(crlf.read_bytes().replace(b"\n", b"\r\n"))
    renamed = plans.rename(load.load(data, "data"), data, None, "team", "complete", "whole")
    changes = ChangeSet((*renamed.files, PlannedFile(None, data / "new", "", "a\nb")))
    diff = change_set.as_diff(changes, lambda file: file.relative_to(tmp_path).as_posix())
    other = shutil.copytree(data, tmp_path / "other/data").parent
    report = f"data/a.yaml -> data/b.yaml: moved\nnothing was written\n{diff}"
    subprocess.run(
        ["git", "apply", "-"], cwd=other, input=report.encode(), check=True, env={**os.environ, "GIT_DIR": "x"}
    )
    change_set.write(changes)
    assert everything(other / "data") == everything(data)

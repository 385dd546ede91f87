"""When files came in and last changed: real repositories, whole and shallow, and none."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from repositories import git

from macros.sources import history

FIRST, SECOND, THIRD = date(2026, 1, 10), date(2026, 2, 20), date(2026, 3, 30)


def days_of(folder: Path) -> dict[str, date]:
    return {name: change.day for name, change in history.read(folder).last_changed.items()}


def added(folder: Path) -> dict[str, date]:
    return {name: change.day for name, change in history.read(folder).added.items()}


def commit(folder: Path, when: str, files: dict[str, str | None]) -> None:
    """Commit files with their text, or their removal."""
    for name, text in files.items():
        path = folder / name
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", when, when=when)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three commits: `old` is in the first alone, `middle` also in the second, `new` in the third alone."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "2026-01-10T12:00:00Z", {"data/old.yaml": "1", "data/middle.yaml": "2", "data/gone.yaml": "3"})
    commit(folder, "2026-02-20T12:00:00Z", {"data/middle.yaml": "4"})
    commit(folder, "2026-03-30T12:00:00Z", {"data/new.yaml": "5", "data/決済.yaml": "6", "data/gone.yaml": None})
    return folder


def clone(repository: Path, folder: Path, depth: int) -> Path:
    git(repository.parent, "clone", "--quiet", "--depth", str(depth), repository.as_uri(), str(folder))
    return folder


def test_each_file_has_the_day_of_its_last_commit(repository: Path) -> None:
    days = days_of(repository)
    assert days["data/old.yaml"] == FIRST
    assert days["data/middle.yaml"] == SECOND
    assert days["data/new.yaml"] == days["data/決済.yaml"] == THIRD


def revisions(folder: Path) -> list[str]:
    """The names of all commits, the newest first."""
    return git(folder, "log", "--format=%H").split()


def test_each_file_has_the_revision_of_its_last_commit(repository: Path) -> None:
    third, second, first = revisions(repository)
    changed = history.read(repository).last_changed
    found = [changed[f"data/{name}.yaml"] for name in ("old", "middle", "new")]
    assert [it.commit for it in found] == [first, second, third]
    assert [it.revision for it in found] == [first[:7], second[:7], third[:7]]


def test_the_newest_of_some_changes_is_the_latest(repository: Path) -> None:
    commit(repository, "2026-03-30T12:00:01Z", {"data/later.yaml": "1"})
    known = history.read(repository)
    assert known.newest(known.last_changed) == known.last_changed["data/later.yaml"]
    assert (
        known.newest(["data/middle.yaml", "data/old.yaml", "data/odd.yaml"]) == known.last_changed["data/middle.yaml"]
    )
    assert known.newest(["data/odd.yaml"]) is None


def test_each_file_has_the_day_on_which_it_was_added(repository: Path) -> None:
    days = added(repository)
    assert days["data/old.yaml"] == days["data/middle.yaml"] == FIRST
    assert days["data/new.yaml"] == THIRD


LONG = "".join(f"line {number}\n" for number in range(20))


@pytest.fixture
def renamed(repository: Path) -> Path:
    """A file that was written, moved as it is, moved with a change, and whose first name another file has now."""
    commit(repository, "2026-04-01T12:00:00Z", {"data/a.yaml": LONG})
    commit(repository, "2026-04-02T12:00:00Z", {"data/a.yaml": None, "data/b.yaml": LONG})
    commit(repository, "2026-04-03T12:00:00Z", {"data/b.yaml": None, "data/c.yaml": f"{LONG}more\n"})
    commit(repository, "2026-04-04T12:00:00Z", {"data/c.yaml": None, "data/d d.yaml": f"{LONG}more\n"})
    commit(repository, "2026-04-05T12:00:00Z", {"data/a.yaml": "something else\n"})
    return repository


def test_a_folder_can_be_left_out(repository: Path) -> None:
    commit(repository, "2026-04-01T12:00:00Z", {"docs/a.md": "1", "data.yaml": "2"})
    assert sorted(history.read(repository, but="data").last_changed) == ["data.yaml", "docs/a.md"]


def test_a_file_that_is_moved_as_it_is_keeps_its_day(renamed: Path) -> None:
    days = days_of(renamed)
    assert days["data/d d.yaml"] == date(2026, 4, 3)
    assert days["data/a.yaml"] == date(2026, 4, 5)


def test_a_file_that_was_moved_was_added_under_its_first_name(renamed: Path) -> None:
    days = added(renamed)
    assert days["data/d d.yaml"] == date(2026, 4, 1)
    assert days["data/a.yaml"] == date(2026, 4, 5)
    assert not days.keys() & {"data/b.yaml", "data/c.yaml"}


def test_the_day_of_a_moved_file_is_unknown_where_its_change_lies_beyond_the_edge(
    renamed: Path, tmp_path: Path
) -> None:
    days = days_of(clone(renamed, tmp_path / "three", 3))
    assert "data/d d.yaml" not in days
    assert days_of(clone(renamed, tmp_path / "four", 4))["data/d d.yaml"] == date(2026, 4, 3)


def test_what_happened_to_a_file_isn_t_said_of_another_that_was_moved_into_its_place(repository: Path) -> None:
    commit(repository, "2026-04-01T12:00:00Z", {"data/a.yaml": LONG})
    commit(repository, "2026-04-02T12:00:00Z", {"data/b.yaml": "something else\n"})
    commit(repository, "2026-04-03T12:00:00Z", {"data/b.yaml": None})
    commit(repository, "2026-04-04T12:00:00Z", {"data/a.yaml": None, "data/b.yaml": LONG})
    assert days_of(repository)["data/b.yaml"] == date(2026, 4, 1)
    assert added(repository)["data/b.yaml"] == date(2026, 4, 1)


def test_a_file_that_was_removed_and_came_back_is_new(repository: Path) -> None:
    commit(repository, "2026-04-01T12:00:00Z", {"data/old.yaml": None})
    commit(repository, "2026-04-02T12:00:00Z", {"data/old.yaml": "1"})
    assert days_of(repository)["data/old.yaml"] == added(repository)["data/old.yaml"] == date(2026, 4, 2)


@pytest.fixture
def merged(repository: Path) -> Path:
    """A branch with two files of April, merged in May; both sides had changed one of them."""
    git(repository, "switch", "--quiet", "--create", "branch")
    commit(repository, "2026-04-01T12:00:00Z", {"data/branch.yaml": "1", "data/middle.yaml": "branch"})
    git(repository, "switch", "--quiet", "main")
    commit(repository, "2026-04-02T12:00:00Z", {"data/main.yaml": "1", "data/middle.yaml": "main"})
    with pytest.raises(subprocess.CalledProcessError):
        git(repository, "merge", "--quiet", "--no-ff", "branch")
    commit(repository, "2026-05-01T12:00:00Z", {"data/middle.yaml": "both"})
    return repository


def test_what_a_merge_brings_in_has_the_day_of_the_merge(merged: Path) -> None:
    days = days_of(merged)
    assert days["data/branch.yaml"] == days["data/middle.yaml"] == date(2026, 5, 1)
    assert days["data/main.yaml"] == date(2026, 4, 2)


def test_what_a_merge_brings_in_was_added_by_it(merged: Path) -> None:
    days = added(merged)
    assert days["data/branch.yaml"] == date(2026, 5, 1)
    assert days["data/middle.yaml"] == FIRST


def test_a_shallow_clone_of_a_merge_knows_what_the_merge_brought_in(merged: Path, tmp_path: Path) -> None:
    assert days_of(clone(merged, tmp_path / "two", 2)) == {
        "data/branch.yaml": date(2026, 5, 1),
        "data/middle.yaml": date(2026, 5, 1),
    }


@pytest.mark.parametrize("name", ["a\nb", "tab\tand space", "\x01odd", 'quote"', "R100", "~後$"])
def test_a_file_may_have_any_name(name: str, repository: Path) -> None:
    commit(repository, "2026-04-01T12:00:00Z", {f"data/{name}": "1"})
    assert added(repository)[f"data/{name}"] == days_of(repository)[f"data/{name}"] == date(2026, 4, 1)


def test_a_branch_that_is_called_as_git_calls_an_edge_is_none(repository: Path) -> None:
    git(repository, "branch", "grafted")
    assert days_of(repository)["data/old.yaml"] == FIRST


@pytest.mark.parametrize(
    "setting",
    [
        "log.showSignature=true",
        "diff.renames=false",
        "core.quotePath=true",
        "log.decorate=no",
        "log.diffMerges=combined",
        "log.showRoot=false",
    ],
)
def test_settings_of_whoever_builds_change_nothing(setting: str, merged: Path) -> None:
    commit(merged, "2026-06-01T12:00:00Z", {"data/main.yaml": None, "data/moved.yaml": "1"})
    known = history.read(merged)
    git(merged, "config", *setting.split("="))
    assert history.read(merged) == known


def test_git_is_called_once(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []
    run = subprocess.run

    def counted(command: list[str], **options: Any) -> Any:
        called.append(command)
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", counted)
    assert history.read(repository).last_changed
    assert len(called) == 1


def test_a_change_that_is_not_committed_does_not_count(repository: Path) -> None:
    (repository / "data/old.yaml").write_text("2")
    (repository / "data/unknown.yaml").write_text("1")
    days = days_of(repository)
    assert days["data/old.yaml"] == FIRST
    assert "data/unknown.yaml" not in days


def test_paths_begin_at_the_folder_that_is_asked_about(repository: Path) -> None:
    assert days_of(repository / "data")["middle.yaml"] == SECOND


@pytest.mark.parametrize(
    ("when", "day"),
    [("2026-04-01T23:30:00-05:00", date(2026, 4, 2)), ("2026-04-02T08:00:00+09:00", date(2026, 4, 1))],
)
def test_the_day_is_that_of_the_commit_in_utc(when: str, day: date, repository: Path) -> None:
    commit(repository, when, {"data/late.yaml": "1"})
    assert days_of(repository)["data/late.yaml"] == day


def test_a_shallow_clone_says_nothing_of_what_lies_beyond_its_edge(repository: Path, tmp_path: Path) -> None:
    assert history.read(clone(repository, tmp_path / "one", 1)) == history.UNKNOWN
    two = clone(repository, tmp_path / "two", 2)
    days = days_of(two)
    assert {name: day for name, day in days.items() if name != "data/gone.yaml"} == {
        "data/new.yaml": THIRD,
        "data/決済.yaml": THIRD,
    }
    assert added(two).keys() == {"data/new.yaml", "data/決済.yaml"}
    assert history.read(two).begins == THIRD


def test_a_clone_that_is_deep_enough_says_all(repository: Path, tmp_path: Path) -> None:
    assert history.read(clone(repository, tmp_path / "all", 9)) == history.read(repository)
    assert history.read(repository).begins is None


def test_a_worktree_of_a_shallow_clone_knows_the_edge(repository: Path, tmp_path: Path) -> None:
    shallow = clone(repository, tmp_path / "one", 1)
    git(shallow, "worktree", "add", "--quiet", str(tmp_path / "tree"))
    assert history.read(tmp_path / "tree") == history.UNKNOWN


def test_without_a_repository_there_is_no_history(tmp_path: Path) -> None:
    assert history.read(tmp_path) == history.UNKNOWN


def test_a_repository_without_a_commit_has_no_history(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert history.read(tmp_path) == history.UNKNOWN


def test_without_git_there_is_no_history(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert history.read(repository) == history.UNKNOWN

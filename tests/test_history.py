"""When files last changed: real repositories, whole and shallow, and none."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from macros import history

FIRST, SECOND, THIRD = date(2026, 1, 10), date(2026, 2, 20), date(2026, 3, 30)


def days_of(folder: Path) -> dict[str, date]:
    return {name: change.day for name, change in history.last_changed(folder).items()}


def git(folder: Path, *arguments: str, when: str = "") -> None:
    """Run git with no configuration but ours."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.com",
        "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z",
        "GIT_COMMITTER_DATE": when or "2020-01-01T00:00:00Z",
    }
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=environment)


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
    commit(folder, "2026-01-10T12:00:00Z", {"data/old.yaml": "1", "data/middle.yaml": "1", "data/gone.yaml": "1"})
    commit(folder, "2026-02-20T12:00:00Z", {"data/middle.yaml": "2"})
    commit(folder, "2026-03-30T12:00:00Z", {"data/new.yaml": "1", "data/決済.yaml": "1", "data/gone.yaml": None})
    return folder


def clone(repository: Path, folder: Path, depth: int) -> Path:
    git(repository.parent, "clone", "--quiet", "--depth", str(depth), repository.as_uri(), str(folder))
    return folder


def test_each_file_has_the_day_of_its_last_commit(repository: Path) -> None:
    days = days_of(repository)
    assert days["data/old.yaml"] == FIRST
    assert days["data/middle.yaml"] == SECOND
    assert days["data/new.yaml"] == days["data/決済.yaml"] == THIRD


def test_each_file_has_the_revision_of_its_last_commit(repository: Path) -> None:
    log = subprocess.run(["git", "-C", str(repository), "log", "--format=%H"], capture_output=True, encoding="utf-8")
    third, second, first = (revision[:7] for revision in log.stdout.split())
    changes = history.last_changed(repository)
    assert [changes[f"data/{name}.yaml"].revision for name in ("old", "middle", "new")] == [first, second, third]


def test_the_newest_of_some_changes_is_that_of_the_latest_day(repository: Path) -> None:
    assert max(history.last_changed(repository).values()).day == THIRD


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
    assert history.last_changed(clone(repository, tmp_path / "one", 1)) == {}
    days = days_of(clone(repository, tmp_path / "two", 2))
    assert {name: day for name, day in days.items() if name != "data/gone.yaml"} == {
        "data/new.yaml": THIRD,
        "data/決済.yaml": THIRD,
    }


def test_a_clone_that_is_deep_enough_says_all(repository: Path, tmp_path: Path) -> None:
    assert history.last_changed(clone(repository, tmp_path / "all", 9)) == history.last_changed(repository)


def test_a_worktree_of_a_shallow_clone_knows_the_edge(repository: Path, tmp_path: Path) -> None:
    shallow = clone(repository, tmp_path / "one", 1)
    git(shallow, "worktree", "add", "--quiet", str(tmp_path / "tree"))
    assert history.last_changed(tmp_path / "tree") == {}


def test_without_a_repository_there_is_no_history(tmp_path: Path) -> None:
    assert history.last_changed(tmp_path) == {}


def test_a_repository_without_a_commit_has_no_history(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert history.last_changed(tmp_path) == {}


def test_without_git_there_is_no_history(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert history.last_changed(repository) == {}

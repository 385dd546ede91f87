"""What a branch changes, from repositories that are made for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import write_tree
from repositories import git

from macros.sources.changed_files import TARGETS, changed_in
from macros.sources.git import GitError


@pytest.fixture(autouse=True)
def outside_of_pipelines(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in TARGETS:
        monkeypatch.delenv(name, raising=False)


def commit(folder: Path, **texts: str) -> str:
    """Commit files of the folder `data`, named by their stems; returns the commit."""
    write_tree(folder, {f"data/{stem}.yaml": text for stem, text in texts.items()}, base=False)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "x")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two files on `main`, and a branch where one is changed."""
    git(tmp_path, "init", "-q", "-b", "main")
    write_tree(tmp_path, {".gitignore": "*.tmp\n", "README.md": "x"}, base=False)
    commit(tmp_path, old="1", mine="1")
    git(tmp_path, "switch", "-qc", "branch")
    commit(tmp_path, mine="2")
    return tmp_path


def test_a_branch_changes_what_it_commits_what_it_has_not_committed_and_what_is_new(repository: Path) -> None:
    files = {
        "data/old.yaml": "2",
        "data/a folder/新しい.yaml": "1",
        "data/x.tmp": "ignored",
        "README.md": "not in data",
    }
    assert changed_in(repository / "data") == {"mine.yaml"}
    write_tree(repository, dict(files), base=False)
    assert changed_in(repository / "data") == {"mine.yaml", "old.yaml", "a folder/新しい.yaml"}
    git(repository, "add", "data/old.yaml")
    assert "old.yaml" in changed_in(repository / "data")


def test_what_main_changed_meanwhile_is_not_the_branch_s(repository: Path) -> None:
    git(repository, "switch", "-q", "main")
    commit(repository, old="2", new="1")
    git(repository, "switch", "-q", "branch")
    assert changed_in(repository / "data") == changed_in(repository / "data", "main") == {"mine.yaml"}


def test_a_file_that_changed_back_or_was_only_touched_did_not_change(repository: Path) -> None:
    write_tree(repository, {"data/mine.yaml": "1", "data/old.yaml": "1"}, base=False)
    assert changed_in(repository / "data") == frozenset()


def test_since_a_commit_that_is_named_only_what_came_later_changed(repository: Path) -> None:
    first = git(repository, "rev-parse", "main")
    last = commit(repository, third="1")
    assert changed_in(repository / "data", first) == {"mine.yaml", "third.yaml"}
    assert changed_in(repository / "data", "HEAD~1") == {"third.yaml"}
    assert changed_in(repository / "data", last) == frozenset()


def test_a_renamed_and_a_removed_file_changed(repository: Path) -> None:
    git(repository, "mv", "data/old.yaml", "data/renamed.yaml")
    assert changed_in(repository / "data", "HEAD") == {"old.yaml", "renamed.yaml"}


@pytest.mark.parametrize("remote", [{}, {"refs/remotes/origin/HEAD": "main"}, {"refs/remotes/origin/main": "main"}])
def test_the_default_branch_of_the_remote_goes_before_a_local_one(remote: dict[str, str], repository: Path) -> None:
    for name, commit_of in remote.items():
        git(repository, "update-ref", name, commit_of)
    git(repository, "branch", "-qf", "main", "branch")
    assert changed_in(repository / "data") == ({"mine.yaml"} if remote else frozenset())


@pytest.mark.parametrize("variable", TARGETS)
def test_a_pipeline_says_where_the_pull_request_goes(
    variable: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repository, "update-ref", "refs/remotes/origin/release/1", "main")
    git(repository, "branch", "-qf", "main", "branch")
    assert changed_in(repository / "data") == frozenset()
    monkeypatch.setenv(variable, "release/1")
    assert changed_in(repository / "data") == {"mine.yaml"}


@pytest.mark.parametrize("reference", ["nowhere", "-x", "--all", "HEAD:data", "a b", "main..branch"])
def test_what_is_no_commit_is_named(reference: str, repository: Path) -> None:
    with pytest.raises(GitError, match=f"there is no commit `{reference}` here; fetch it, or name another"):
        changed_in(repository / "data", reference)


def test_a_history_that_is_not_there_is_asked_for(repository: Path) -> None:
    git(repository, "switch", "-q", "--orphan", "other")
    commit(repository, other="1")
    with pytest.raises(GitError, match="no commit in common here; fetch the whole history"):
        changed_in(repository / "data")


def test_without_a_default_branch_one_must_be_named(repository: Path) -> None:
    git(repository, "branch", "-qm", "main", "trunk")
    with pytest.raises(GitError, match="no default branch was found"):
        changed_in(repository / "data")
    assert changed_in(repository / "data", "trunk") == {"mine.yaml"}


def test_without_a_commit_everything_is_new(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(GitError, match="no commit yet"):
        changed_in(tmp_path)


def test_where_git_can_not_tell_that_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(GitError, match=f"^{tmp_path}: "):
        changed_in(tmp_path)

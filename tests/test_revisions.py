"""What a branch found, from repositories that are made for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import write_tree
from repositories import git

from macros.sources.git import TARGETS, GitError, lay_out, start_of_branch


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


def laid_out(folder: Path, commit: str, place: Path) -> dict[str, str]:
    place.mkdir()
    lay_out(folder, commit, place)
    return {it.relative_to(place).as_posix(): it.read_text() for it in place.rglob("[!.]*") if it.is_file()}


def test_a_folder_is_laid_out_as_it_was_in_a_commit(repository: Path, tmp_path: Path) -> None:
    write_tree(repository, {"data/a folder/新しい.yaml": "1"}, base=False)
    (repository / "data/link.yaml").symlink_to("old.yaml")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "x")
    write_tree(repository, {"data/old.yaml": "not committed", "data/more.yaml": "1"}, base=False)
    now = {"old.yaml": "1", "mine.yaml": "2", "a folder/新しい.yaml": "1", "link.yaml": "old.yaml"}
    assert laid_out(repository / "data", "HEAD", tmp_path / "now") == now
    assert laid_out(repository / "data", "main", tmp_path / "main") == {"old.yaml": "1", "mine.yaml": "1"}


def test_a_folder_that_was_not_there_is_laid_out_as_nothing(repository: Path, tmp_path: Path) -> None:
    write_tree(repository, {"new/a.yaml": "1"}, base=False)
    assert laid_out(repository / "new", "HEAD", tmp_path / "place") == {}


def test_a_branch_begins_where_it_left_another_whatever_that_changed_meanwhile(repository: Path) -> None:
    first = git(repository, "rev-parse", "main")
    git(repository, "switch", "-q", "main")
    commit(repository, old="2", new="1")
    git(repository, "switch", "-q", "branch")
    assert start_of_branch(repository / "data") == start_of_branch(repository / "data", "main") == first


def test_a_branch_begins_at_a_commit_of_its_own_that_is_named(repository: Path) -> None:
    before = git(repository, "rev-parse", "HEAD")
    last = commit(repository, third="1")
    assert start_of_branch(repository / "data", "HEAD~1") == before
    assert start_of_branch(repository / "data", last) == last


@pytest.mark.parametrize("remote", [{}, {"refs/remotes/origin/HEAD": "main"}, {"refs/remotes/origin/main": "main"}])
def test_the_default_branch_of_the_remote_goes_before_a_local_one(remote: dict[str, str], repository: Path) -> None:
    for name, commit_of in remote.items():
        git(repository, "update-ref", name, commit_of)
    first, last = (git(repository, "rev-parse", name) for name in ("main", "branch"))
    git(repository, "branch", "-qf", "main", "branch")
    assert start_of_branch(repository / "data") == (first if remote else last)


@pytest.mark.parametrize("variable", TARGETS)
def test_a_pipeline_says_where_the_pull_request_goes(
    variable: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = (git(repository, "rev-parse", name) for name in ("main", "branch"))
    git(repository, "update-ref", "refs/remotes/origin/release/1", "main")
    git(repository, "branch", "-qf", "main", "branch")
    assert start_of_branch(repository / "data") == last
    monkeypatch.setenv(variable, "release/1")
    assert start_of_branch(repository / "data") == first


@pytest.mark.parametrize("reference", ["nowhere", "-x", "--all", "HEAD:data", "a b", "main..branch"])
def test_what_is_no_commit_is_named(reference: str, repository: Path) -> None:
    with pytest.raises(GitError, match=f"there is no commit `{reference}` here; fetch it, or name another"):
        start_of_branch(repository / "data", reference)


def test_a_history_that_is_not_there_is_asked_for(repository: Path) -> None:
    git(repository, "switch", "-q", "--orphan", "other")
    commit(repository, other="1")
    with pytest.raises(GitError, match="no commit in common here; fetch the whole history"):
        start_of_branch(repository / "data")


def test_without_a_default_branch_one_must_be_named(repository: Path) -> None:
    git(repository, "branch", "-qm", "main", "trunk")
    with pytest.raises(GitError, match="no default branch was found"):
        start_of_branch(repository / "data")
    assert start_of_branch(repository / "data", "trunk") == git(repository, "rev-parse", "trunk")


def test_without_a_commit_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(GitError, match="no default branch was found"):
        start_of_branch(tmp_path)


def test_where_git_can_not_tell_that_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(GitError, match=f"^{tmp_path}: "):
        start_of_branch(tmp_path)

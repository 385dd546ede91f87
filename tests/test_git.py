"""Git, as the program asks it."""

from __future__ import annotations

from pathlib import Path

import pytest
import repositories

from macros.sources import git
from macros.sources.git import GitError


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    repositories.git(tmp_path, "init", "-q", "own")
    return tmp_path / "own"


def test_paths_are_printed_as_they_are(repository: Path) -> None:
    (repository / "決済 a.yaml").write_text("1", encoding="utf-8")
    assert git.output(repository, "ls-files", "--others") == "決済 a.yaml\n"


def test_a_name_that_is_no_utf_8_stops_nothing(repository: Path) -> None:
    (repository / "\udce9").write_text("1")
    assert git.output(repository, "ls-files", "--others", "-z") == "\ufffd\0"


def test_a_question_that_git_answers_with_no_is_no_error_unless_its_output_is_wanted(repository: Path) -> None:
    question = ("rev-parse", "--verify", "--quiet", "HEAD")
    assert git.run(repository, *question).returncode == 1
    with pytest.raises(GitError, match=f"^{repository}: git rev-parse failed$"):
        git.output(repository, *question)


def test_what_git_says_of_a_failure_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("LC_ALL", "C")
    with pytest.raises(GitError, match=f"^{tmp_path}: not a git repository"):
        git.output(tmp_path, "status")


def test_a_hook_s_repository_is_not_that_of_the_folder(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/index", "GIT_WORK_TREE": "."}.items():
        monkeypatch.setenv(name, str(tmp_path / value))
    assert git.output(repository, "rev-parse", "--show-toplevel").strip() == str(repository.resolve())


def test_without_git_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match=r"^git can't be run \(No such file or directory\)$"):
        git.run(tmp_path, "status")

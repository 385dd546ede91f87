"""What a folder held where a branch began, from git."""

import os
from pathlib import Path
from zipfile import ZipFile

from macros.sources import git
from macros.sources.git import GitError

TARGETS = ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
"""The variables in which GitHub and GitLab tell a pipeline which branch its pull request goes to."""

DEFAULT_BRANCHES = (
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
)
"""Where the default branch stands: what the remote says, then its usual names. The first that is there counts."""


def start_of_branch(folder: Path, reference: str = "") -> str:
    """The commit at which HEAD left `reference`, a branch or a commit.

    Where that is empty, it is the branch that a pull request goes to, in a pipeline that knows it, else the default
    branch. Raises `GitError`.
    """
    git.output(folder, "rev-parse", "--show-prefix")
    if not _is_commit(folder, "HEAD"):
        raise GitError("there is no commit yet to compare with")
    return _fork(folder, reference or _usual_branch(folder))


def lay_out(folder: Path, commit: str, place: Path) -> None:
    """Write what a folder held in a commit into another; a symbolic link is a file there. Raises `GitError`."""
    if git.output(folder, "ls-tree", commit):
        archive = place / ".zip"
        git.output(folder, "archive", "--format=zip", f"--output={archive}", commit)
        with ZipFile(archive) as files:
            files.extractall(place)


def _usual_branch(folder: Path) -> str:
    targets = [f"refs/remotes/origin/{os.environ[name]}" for name in TARGETS if os.environ.get(name)]
    for branch in (*targets, *DEFAULT_BRANCHES):
        if _is_commit(folder, branch):
            return branch
    raise GitError("no default branch was found (main or master); name a branch or a commit")


def _fork(folder: Path, reference: str) -> str:
    """The last commit that HEAD and `reference` have in common."""
    if not _is_commit(folder, reference):
        raise GitError(f"there is no commit `{reference}` here; fetch it, or name another")
    try:
        return git.output(folder, "merge-base", reference, "HEAD").strip()
    except GitError as error:
        words = f"HEAD and `{reference}` have no commit in common here; fetch the whole history (git fetch --unshallow)"
        raise GitError(words) from error


def _is_commit(folder: Path, reference: str) -> bool:
    """Whether there is such a commit; what looks like an option is none."""
    question = ("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
    return not reference.startswith("-") and git.run(folder, *question).returncode == 0

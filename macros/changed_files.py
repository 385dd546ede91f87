"""Which files a branch changes, from git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

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


class GitError(Exception):
    """Git can't tell what changed; the message says why."""


def changed_in(folder: Path, reference: str = "") -> frozenset[str]:
    """The files in `folder` that a branch changed, by their path from there: committed, uncommitted, and new ones.

    It began where it left `reference`, a branch or a commit. Where that is empty, it is the branch that a pull
    request goes to, in a pipeline that knows it, else the default branch. Raises `GitError`.
    """
    _git(folder, "rev-parse", "--show-prefix")
    if not _is_commit(folder, "HEAD"):
        raise GitError("there is no commit yet, so everything is new")
    start = _fork(folder, reference or _usual_branch(folder))
    changed = _git(folder, "diff", "--no-ext-diff", "--no-renames", "--name-only", "-z", "--relative", start, "--", ".")
    new = _git(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    return frozenset(filter(None, (changed + new).split("\0")))


def _usual_branch(folder: Path) -> str:
    targets = [f"refs/remotes/origin/{os.environ[it]}" for it in TARGETS if os.environ.get(it)]
    found = next((it for it in (*targets, *DEFAULT_BRANCHES) if _is_commit(folder, it)), "")
    if not found:
        raise GitError("which branch is the default one? None is called main or master; name it, or a commit")
    return found


def _fork(folder: Path, reference: str) -> str:
    """The last commit that HEAD and `reference` have in common."""
    if not _is_commit(folder, reference):
        raise GitError(f"there is no commit `{reference}` here; fetch it, or name another")
    try:
        return _git(folder, "merge-base", reference, "HEAD").strip()
    except GitError as error:
        words = f"HEAD and `{reference}` have no commit in common here; fetch the whole history (git fetch --unshallow)"
        raise GitError(words) from error


def _is_commit(folder: Path, reference: str) -> bool:
    """Whether there is such a commit; what looks like an option is none."""
    try:
        return not reference.startswith("-") and bool(
            _git(folder, "rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
        )
    except GitError:
        return False


_OF_ANOTHER = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}
"""What git tells its hooks of the repository that they run in, which needn't be the one of the folder."""


def _git(folder: Path, *arguments: str) -> str:
    """What git prints, with its paths as the file system has them. Raises `GitError` where it fails."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
    command = ["git", "-C", str(folder), *arguments]
    try:
        ended = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="surrogateescape", env=environment
        )
    except OSError as error:
        raise GitError(f"git can't be run ({error.strerror})") from error
    if ended.returncode:
        said = ended.stderr.strip().split("\n")[0].removeprefix("fatal: ")
        raise GitError(f"{folder}: {said or f'git {arguments[0]} failed'}")
    return ended.stdout

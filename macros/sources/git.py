"""Git, as the program asks it: in a folder, whatever the settings and the hook that it is run from."""

import os
import subprocess
from pathlib import Path
from zipfile import ZipFile

_OF_ANOTHER = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}
"""What git tells its hooks of the repository that they run in, which needn't be the one of the folder."""

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
    """Git can't be run, or can't tell what it was asked; the message says why."""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Git, run in a folder to its end; paths in its output are as they are, not quoted.

    Raises `GitError` where git can't be run; a failure is in the exit code.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
    command = ["git", "-C", str(folder), "-c", "core.quotePath=false", *arguments]
    try:
        return subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", env=environment)
    except OSError as error:
        raise GitError(f"git can't be run ({error.strerror})") from error


def output(folder: Path, *arguments: str) -> str:
    """What git prints. Raises `GitError` also where it fails."""
    ended = run(folder, *arguments)
    if ended.returncode:
        said = ended.stderr.strip().split("\n")[0].removeprefix("fatal: ")
        raise GitError(f"{folder}: {said or f'git {arguments[0]} failed'}")
    return ended.stdout


def is_commit(folder: Path, reference: str) -> bool:
    """Whether there is such a commit; what looks like an option is none."""
    question = ("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
    return not reference.startswith("-") and run(folder, *question).returncode == 0


def start_of_branch(folder: Path, reference: str = "") -> str:
    """The commit at which HEAD left `reference`, a branch or a commit.

    Where that is empty, it is the branch that a pull request goes to, in a pipeline that knows it, else the default
    branch. Raises `GitError`.
    """
    output(folder, "rev-parse", "--show-prefix")
    branch = reference or _usual_branch(folder)
    if not is_commit(folder, branch):
        raise GitError(f"there is no commit `{branch}` here; fetch it, or name another")
    try:
        return output(folder, "merge-base", branch, "HEAD").strip()
    except GitError as error:
        words = f"HEAD and `{branch}` have no commit in common here; fetch the whole history (git fetch --unshallow)"
        raise GitError(words) from error


def lay_out(folder: Path, commit: str, place: Path) -> None:
    """Write what a folder held in a commit into another; a symbolic link is a file there. Raises `GitError`."""
    if output(folder, "ls-tree", commit):
        archive = place / ".zip"
        output(folder, "archive", "--format=zip", f"--output={archive}", commit)
        with ZipFile(archive) as files:
            files.extractall(place)


def _usual_branch(folder: Path) -> str:
    targets = [f"refs/remotes/origin/{os.environ[name]}" for name in TARGETS if os.environ.get(name)]
    for branch in (*targets, *DEFAULT_BRANCHES):
        if is_commit(folder, branch):
            return branch
    raise GitError("no default branch was found (main or master); name a branch or a commit")

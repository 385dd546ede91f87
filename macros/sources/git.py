"""Git, as the program asks it: in a folder, whatever the settings and the hook that it is run from."""

import os
import subprocess
from pathlib import Path

_OF_ANOTHER = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}
"""What git tells its hooks of the repository that they run in, which needn't be the one of the folder."""


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

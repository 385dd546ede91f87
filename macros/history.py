"""When each file last changed, from git, in one call a build."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple


class Change(NamedTuple):
    """A commit: its day (UTC), and the first letters of its revision."""

    day: date
    revision: str


REVISION_LETTERS = 7


def last_changed(root: Path) -> Mapping[str, Change]:
    """The last commit that touched each file, by its path from `root`.

    A file that git doesn't know is absent, and so is everything whose last commit lies beyond the edge of a
    shallow clone: there git shows the whole tree as added by the oldest commit, which is wrong rather than
    unknown. Without git or a repository the result is empty.
    """
    try:
        shallow_file = Path(_git(root, "rev-parse", "--git-path", "shallow").strip())
        log = _git(root, "-c", "core.quotePath=false", "log", "--relative", "--format=%x00%H %ct", "--name-only")
    except (OSError, subprocess.CalledProcessError):
        return {}
    shallow_file = shallow_file if shallow_file.is_absolute() else root / shallow_file
    edge = set(shallow_file.read_text().split()) if shallow_file.is_file() else set()
    changes: dict[str, Change] = {}
    for commit in log.split("\0")[1:]:
        head, *names = commit.splitlines()
        revision, seconds = head.split()
        if revision in edge:
            continue
        for name in filter(None, names):
            day = datetime.fromtimestamp(int(seconds), UTC).date()
            changes.setdefault(name, Change(day, revision[:REVISION_LETTERS]))
    return changes


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8", errors="replace").stdout

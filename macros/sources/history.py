"""What happened to each file and when, from git, in one call a build."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from macros.sources import git
from macros.sources.git import GitError


class Change(NamedTuple):
    """When something changed: seconds since 1970, and the name of the commit. The later of two is the greater."""

    seconds: int
    commit: str

    @property
    def day(self) -> date:
        """The day, in UTC."""
        return datetime.fromtimestamp(self.seconds, UTC).date()

    @property
    def revision(self) -> str:
        """The first seven letters of the commit's name, as people write it."""
        return self.commit[:7]


class How(StrEnum):
    """What happened to a file."""

    ADDED = "added"
    MOVED = "moved"
    CHANGED = "changed"
    REMOVED = "removed"


class FileChange(NamedTuple):
    """What a commit did to a file: `path` is its name today, `before` that from which it was moved.

    `edited` is false where it was moved as it is. `replaced` says that a file which was moved there later has
    its name today.
    """

    how: How
    path: str
    before: str = ""
    edited: bool = True
    replaced: bool = False


class Commit(NamedTuple):
    """A commit, or a merge with all that it brought in."""

    change: Change
    files: tuple[FileChange, ...]


@dataclass(frozen=True)
class History:
    """The commits of the branch, the newest first; `whole` says whether they go back to its first one."""

    commits: tuple[Commit, ...]
    whole: bool

    @cached_property
    def last_changed(self) -> Mapping[str, Change]:
        """The last change of each file's content, by the file's path. A file that is only moved keeps its day."""
        found: dict[str, Change] = {}
        for commit in self.commits:
            for file in commit.files:
                if file.edited and not file.replaced:
                    found.setdefault(file.path, commit.change)
        return found


UNKNOWN = History((), whole=False)
"""What is known without git, outside a repository, and in a clone of one commit alone."""

_HEADER = "\1"
_LOG = (
    *("-c", "log.diffMerges=separate", "-c", "log.showRoot=true", "log"),
    # Along the branch itself, a merge is one step, and its day is the one on which readers got what it brought.
    # In a shallow clone there is one edge then, and whatever stands before it in the log is certain.
    *("--first-parent", "-m", "--relative", "--find-renames", "-z", "--name-status"),
    *("--no-show-signature", "--decorate=full", f"--format={_HEADER}%H %ct %D"),
)


def read(root: Path, but: str = "") -> History:
    """The history of the files below `root`, with paths from there; of those in the folder `but`, nothing.

    In a shallow clone it ends before the oldest commit: there git shows the whole tree as added, which is
    wrong rather than unknown. Without git or a repository nothing is known.
    """
    elsewhere = ("--", ".", f":(exclude){but}") if but else ()
    try:
        log = git.output(root, *_LOG, *elsewhere)
    except GitError:
        return UNKNOWN
    commits: list[Commit] = []
    names: dict[str, str | None] = {}  # today's, by earlier ones; None where another file has it today
    for change, is_edge, files in _commits(log):
        if is_edge:
            return History(tuple(commits), whole=False)
        today = ((file, names.get(file.path, file.path)) for file in files)
        renamed = tuple(file._replace(path=name or file.path, replaced=name is None) for file, name in today)
        commits.append(Commit(change, renamed))
        # From the names of the files after the commit to those before it: one that isn't in it has kept its name.
        before = {file.before: names.get(file.path, file.path) for file in files if file.how is How.MOVED}
        for file in files:
            if file.how is How.ADDED:
                names.pop(file.path, None)
            elif file.how is How.MOVED:
                names[file.path] = None
        names |= before
    return History(tuple(commits), whole=True)


_LETTERS = {"A": How.ADDED, "D": How.REMOVED, "R": How.MOVED}


def _commits(log: str) -> list[tuple[Change, bool, list[FileChange]]]:
    """Each commit of the log, whether it is the edge of a shallow clone, and its files by the names of its day."""
    commits: list[tuple[Change, bool, list[FileChange]]] = []
    words = iter(log.split("\0")[:-1])
    for word in words:
        if word.startswith(_HEADER):
            commit, seconds, refs = word.removeprefix(_HEADER).split(" ", 2)
            # Refs are asked for in full, so that none is called this.
            commits.append((Change(int(seconds), commit), "grafted" in refs.split(", "), []))
            continue
        status = word.lstrip("\n")
        how = _LETTERS.get(status[0], How.CHANGED)
        before = next(words) if how is How.MOVED else ""
        edited = how is not How.MOVED or int(status[1:]) < 100  # the percentage that stayed
        commits[-1][2].append(FileChange(how, next(words), before, edited))
    return commits

"""When each file came in and last changed, from git, in one call a build."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
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


@dataclass(frozen=True)
class History:
    """When each file was added, and when its content last changed, by the file's path of today.

    A file that is only moved keeps both. `begins` is the day of the oldest commit that is known, in a history that
    isn't whole.
    """

    added: Mapping[str, Change]
    last_changed: Mapping[str, Change]
    begins: date | None = None

    def newest(self, files: Iterable[str]) -> Change | None:
        """The last change of any of these files; None where none of them has one that is known."""
        return max((self.last_changed[path] for path in files if path in self.last_changed), default=None)


UNKNOWN = History({}, {})
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
    added: dict[str, Change] = {}
    last_changed: dict[str, Change] = {}
    begins = None
    names: dict[str, str] = {}  # today's, by earlier ones; empty where another file has it today
    for change, is_edge, files in _commits(log):
        if is_edge:
            return History(added, last_changed, begins)
        begins = change.day
        for file in files:
            name = names.get(file.path, file.path)
            if name and file.status != "R100":
                last_changed.setdefault(name, change)
            if name and file.status == "A":
                added.setdefault(name, change)
            if file.before:
                names |= {file.path: "", file.before: name}
    return History(added, last_changed)


class _FileChange(NamedTuple):
    """What a commit did to a file, which had the name `before` where it was moved.

    `status` is git's: a letter, and of a file that was moved the percentage of it that stayed.
    """

    status: str
    before: str
    path: str


def _commits(log: str) -> list[tuple[Change, bool, list[_FileChange]]]:
    """Each commit of the log, whether it is the edge of a shallow clone, and its files by the names of its day."""
    commits: list[tuple[Change, bool, list[_FileChange]]] = []
    words = iter(log.split("\0")[:-1])
    for word in words:
        if word.startswith(_HEADER):
            commit, seconds, refs = word.removeprefix(_HEADER).split(" ", 2)
            # Refs are asked for in full, so that none is called this.
            commits.append((Change(int(seconds), commit), "grafted" in refs.split(", "), []))
            continue
        status = word.lstrip("\n")
        before = next(words) if status.startswith("R") else ""
        commits[-1][2].append(_FileChange(status, before, next(words)))
    return commits

"""The files that a renaming changes: put in place all together, or told of."""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from macros.text.problems import RefusedError


@dataclass(frozen=True)
class Change:
    """A file that is written anew, or elsewhere, or both. The texts have its BOM and its line ends."""

    before: Path
    after: Path
    old_text: str
    new_text: str

    @property
    def lines(self) -> tuple[int, ...]:
        """The numbers of the lines in the new text that the old one doesn't have there."""
        matcher = difflib.SequenceMatcher(None, self.old_text.split("\n"), self.new_text.split("\n"), autojunk=False)
        found = (range(start, max(end, start + 1)) for tag, _, _, start, end in matcher.get_opcodes() if tag != "equal")
        return tuple(number + 1 for numbers in found for number in numbers)


def write(changes: Sequence[Change]) -> None:
    """Put all changes in place. Where one fails, all files are as they were, and `OSError` says why.

    Folders that are empty afterwards are removed. Raises `RefusedError` where a file has changed meanwhile.
    """
    for change in changes:
        if change.before.read_bytes() != change.old_text.encode("utf-8", "surrogateescape"):
            raise RefusedError(f"{change.before} has changed meanwhile; try again")
        if change.after != change.before and os.path.lexists(change.after):
            raise RefusedError(f"{change.after} is there already")
    undo: list[Callable[[], object]] = []
    try:
        for change in changes:
            for folder in reversed([it for it in change.after.parents if not it.exists()]):
                folder.mkdir()
                undo.append(folder.rmdir)
            staged = _beside(change.after, "new")
            undo.append(lambda it=staged: it.unlink(missing_ok=True))  # type: ignore[misc]
            staged.write_bytes(change.new_text.encode("utf-8", "surrogateescape"))
            shutil.copymode(change.before, staged)
        for change in changes:
            kept = _beside(change.before, "old")
            os.replace(change.before, kept)
            undo.append(lambda it=change, kept=kept: os.replace(kept, it.before))  # type: ignore[misc]
            os.replace(_beside(change.after, "new"), change.after)
            undo.append(lambda it=change: it.after.unlink(missing_ok=True))  # type: ignore[misc]
    except BaseException:
        for step in reversed(undo):
            step()
        raise
    for change in changes:
        _beside(change.before, "old").unlink()
    for folder in sorted({it.before.parent for it in changes if it.before != it.after}, reverse=True):
        _remove_empty(folder)


def elsewhere(change: Change, root: Path, other: Path) -> Change:
    """The change of the same file below another root."""
    before, after = (other / it.relative_to(root) for it in (change.before, change.after))
    return Change(before, after, change.old_text, change.new_text)


def _beside(file: Path, suffix: str) -> Path:
    """A name in the same folder, which the loader passes over."""
    return file.with_name(f".{file.name}.{suffix}")


def _remove_empty(folder: Path) -> None:
    """Remove a folder with nothing in it; a team's with nothing but empty folders, since that is no team."""
    team = folder if folder.parent.name == "teams" else folder.parent
    if team.parent.name == "teams" and not any(not it.is_dir() for it in team.rglob("*")):
        shutil.rmtree(team, ignore_errors=True)
    elif folder.exists():
        with suppress(OSError):  # it isn't empty
            folder.rmdir()


def as_text(changes: Sequence[Change], notes: Sequence[str], show: Callable[[Path], str]) -> str:
    """A line for each file, then what is left to know; `show` says what messages call a file."""
    lines = []
    for it in changes:
        where = show(it.before) if it.before == it.after else f"{show(it.before)} -> {show(it.after)}"
        number = len(it.lines)
        lines.append(f"{where}: {number} line{'' if number == 1 else 's'} changed" if number else where)
    return "\n".join((*lines, *(f"note: {note}" for note in notes)))


def as_json(changes: Sequence[Change], notes: Sequence[str], show: Callable[[Path], str]) -> str:
    """An object with the lists `changes` (the lines are those of the new text) and `notes`."""
    value = {
        "changes": [{"before": show(it.before), "after": show(it.after), "lines": it.lines} for it in changes],
        "notes": notes,
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


FORMATS: dict[str, Callable[[Sequence[Change], Sequence[str], Callable[[Path], str]], str]] = {
    "text": as_text,
    "json": as_json,
}


def as_diff(changes: Sequence[Change], show: Callable[[Path], str]) -> str:
    """The changes as a unified diff with git's headers for renamed files; `git apply` can read it."""
    return "".join(line for change in changes for line in _diff(change, show))


def _diff(change: Change, show: Callable[[Path], str]) -> Iterator[str]:
    before, after = show(change.before), show(change.after)
    yield f"diff --git a/{before} b/{after}\n"
    if before != after:
        yield f"rename from {before}\nrename to {after}\n"
    old, new = (re.findall(r"[^\n]*\n|[^\n]+\Z", text) for text in (change.old_text, change.new_text))
    # Without a tab behind it, `patch` ends a name at its first blank.
    ends = ["\t" if " " in name else "" for name in (before, after)]
    for line in difflib.unified_diff(old, new, f"a/{before}{ends[0]}", f"b/{after}{ends[1]}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"

"""A set of changes to files: checked, shown, and made as a whole or not at all."""

import difflib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from macros.gaps import checks
from macros.handbook import load
from macros.handbook.graph import Handbook
from macros.model.values import LANGUAGES
from macros.site import project
from macros.site.render import Edition
from macros.text.problems import DataError, RefusedError, Report


class PlannedFile(NamedTuple):
    """A file that is written, moved, or both: from `before` (None: it is new) to `after` (None: it goes).

    The texts have its BOM and its line ends. `blanks` are the keys that whoever asked for it has to fill in.
    """

    before: Path | None
    after: Path | None
    old_text: str = ""
    new_text: str = ""
    blanks: tuple[str, ...] = ()

    @property
    def sort(self) -> str:
        """What becomes of the file, in a word."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "removed"
        return "changed" if self.before == self.after else "moved"


class ChangeSet(NamedTuple):
    """The files that change; what has no place in the handbook; what is left to know."""

    files: tuple[PlannedFile, ...]
    unmapped: tuple[Report, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def overlay(self) -> dict[Path, bytes | None]:
        """What the files are going to hold, None where they are now and won't be."""
        gone: dict[Path, bytes | None] = {file.before: None for file in self.files if file.before}
        return gone | {file.after: encoded(file.new_text) for file in self.files if file.after}

    def within(self, folder: Path) -> dict[str, bytes | None]:
        """The overlay of a folder, by paths inside of it."""
        inside = {file: raw for file, raw in self.overlay.items() if file.is_relative_to(folder)}
        return {file.relative_to(folder).as_posix(): raw for file, raw in inside.items()}


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder; a symbolic link counts as one."""
    return (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def text_of(file: Path) -> str:
    """The text of a file with its BOM and line ends; bytes that are no UTF-8 stay what they are."""
    return file.read_bytes().decode("utf-8", "surrogateescape")


def written(file: Path, text: str) -> PlannedFile:
    """A file that gets this text, also in the place of what it holds now."""
    is_there = file.is_file()
    return PlannedFile(file if is_there else None, file, text_of(file) if is_there else "", text)


def encoded(text: str) -> bytes:
    """The bytes that `text_of` has made a text of."""
    return text.encode("utf-8", "surrogateescape")


def checked(changes: ChangeSet, handbook: Handbook, data: Path, docs: Path | None = None) -> Handbook:
    """The handbook as it would be after the changes; `handbook` is what is in the folder `data` now.

    `docs` is the folder of the hand-written pages; the calls of macros in them are tried too. Raises `DataError`
    with every problem that there would be.
    """
    after = load.load(data, handbook.folder, handbook.guides, changes.within(data))
    problems, findings = checks.run(after)
    if not problems and docs is not None:
        editions = {language: Edition(after, findings, language) for language in LANGUAGES}
        problems = project.check_pages(editions, docs, changes.overlay)
    if problems:
        raise DataError(problems)
    return after


def write(changes: ChangeSet) -> None:
    """Make the changes. Where one fails, all files are as they were, and `OSError` says why.

    Folders without a file are removed afterwards. Raises `RefusedError` where a file has changed meanwhile.
    """
    for file in changes.files:
        if file.before and file.before.read_bytes() != encoded(file.old_text):
            raise RefusedError(f"{file.before} has changed meanwhile; try again")
    with ExitStack() as undo:
        for file in changes.files:
            if file.after:
                _stage(file.after, file, undo)
        for file in changes.files:
            _put(file, undo)
        undo.pop_all()
    for before in (file.before for file in changes.files if file.before):
        _beside(before, "old").unlink()
        _remove_empty(before.parent)


def _stage(after: Path, file: PlannedFile, undo: ExitStack) -> None:
    """Write the new text beside its place."""
    for folder in reversed([folder for folder in after.parents if not folder.exists()]):
        folder.mkdir()
        undo.callback(folder.rmdir)
    staged = _beside(after, "new")
    undo.callback(staged.unlink, missing_ok=True)
    staged.write_bytes(encoded(file.new_text))
    if file.before:
        shutil.copymode(file.before, staged)


def _put(file: PlannedFile, undo: ExitStack) -> None:
    """Put what is staged in the place of what was there before."""
    if file.before:
        kept = _beside(file.before, "old")
        os.replace(file.before, kept)
        undo.callback(os.replace, kept, file.before)
    if file.after:
        file.after.open("x").close()  # never over a file that somebody else has put there
        undo.callback(file.after.unlink, missing_ok=True)
        os.replace(_beside(file.after, "new"), file.after)


def _beside(file: Path, suffix: str) -> Path:
    """A name in the same folder, which the loader passes over."""
    return file.with_name(f".{file.name}.{suffix}")


def _remove_empty(folder: Path) -> None:
    """Remove a folder with no file below it, and then those around it that have none either."""
    while not any(files_below(folder)):
        with suppress(OSError):  # somebody else has put a file there
            for path in sorted((folder, *folder.rglob("*")), reverse=True):
                path.rmdir()
        folder = folder.parent


def as_diff(changes: ChangeSet, show: Callable[[Path], str]) -> str:
    """What is written, as a unified diff that `git apply` can read; `show` names a file."""
    return "".join(line for file in changes.files if file.after for line in _diff(file, file.after, show))


def _diff(file: PlannedFile, place: Path, show: Callable[[Path], str]) -> Iterator[str]:
    before, after = show(file.before or place), show(place)
    yield f"diff --git a/{before} b/{after}\n"
    if file.before is None:
        yield "new file mode 100644\n"
    elif before != after:
        yield f"rename from {before}\nrename to {after}\n"
    old, new = (re.findall(r"[^\n]*\n|[^\n]+\Z", text) for text in (file.old_text, file.new_text))
    # Without a tab behind it, `patch` ends a name at its first blank.
    names = [f"{name}\t" if " " in name else name for name in (f"a/{before}", f"b/{after}")]
    for line in difflib.unified_diff(old, new, names[0] if file.before else "/dev/null", names[1]):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"

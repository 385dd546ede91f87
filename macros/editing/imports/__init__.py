"""IMPORTS: teams and services from what an organisation has already. One module per format.

A format reads its files into teams and services; what becomes of these is the same for all. Everything is
worked out and checked before the first file is written, and nothing that is there is touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from macros.editing.imports import backstage, data_files, table
from macros.editing.imports.data_files import Made
from macros.editing.imports.imported import Imported
from macros.gaps import checks
from macros.handbook import load
from macros.handbook.graph import Handbook
from macros.sources import yaml_file
from macros.text.problems import DataError, Message, Problem


@dataclass(frozen=True)
class Import:
    """A format.

    `name` is what the command line calls it, `label` its name for people. `read` makes teams and services of
    the contents of files, by what each is called; it raises `DataError` where one can't be read at all.
    """

    name: str
    label: str
    read: Callable[[Mapping[str, bytes]], Imported]


IMPORTS: dict[str, Import] = {
    it.name: it
    for it in (
        Import("backstage", "Backstage's catalog-info.yaml", backstage.read),
        Import("csv", "a table of teams and services", table.read),
    )
}


def run(chosen: Import, paths: Iterable[Path], handbook: Handbook, data: Path, shown: str, *, dry_run: bool) -> Made:
    """Make the files of the teams and services in `paths` that `handbook`, loaded from `data`, doesn't have.

    `shown` is what messages call the data folder; under `dry_run` nothing is written. Raises `DataError`, and
    writes nothing, where a file can't be read, or where the handbook would have a problem afterwards.
    """
    made = data_files.files(handbook, chosen.read(_contents(paths)))
    if made.files:
        _check(made, data, shown, handbook.guides)
    if not dry_run:
        _write(made, data, shown)
    return made


def _contents(paths: Iterable[Path]) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            contents[path.as_posix()] = path.read_bytes()
        except OSError as error:
            problems.append(yaml_file.unreadable(path.as_posix(), error))
    if problems:
        raise DataError(problems)
    return contents


def _check(made: Made, data: Path, shown: str, guides: Iterable[str]) -> None:
    """Load and check a copy of the data with the new files in it."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "data"
        shutil.copytree(data, copy, ignore=shutil.ignore_patterns(".*"))
        _write(made, copy, shown)
        problems, _ = checks.run(load.load(copy, shown, guides))
    if problems:
        raise DataError(problems)


def _write(made: Made, data: Path, shown: str) -> None:
    """Write all files, or none: what was written is taken back where one can't be."""
    written: list[Path] = []
    folders: list[Path] = []
    try:
        for file in made.files:
            path = data / file.path
            for folder in reversed([it for it in path.parents if not it.exists()]):
                folder.mkdir()
                folders.append(folder)
            with path.open("x", encoding="utf-8", newline="\n") as opened:
                written.append(path)
                opened.write(file.text)
    except OSError as error:
        for path in reversed(written):
            path.unlink()
        for path in reversed(folders):
            path.rmdir()
        message = Message("can't be written ({reason}); no file was made", {"reason": error.strerror})
        raise DataError([Problem(f"{shown}/{file.path}", 1, 1, "unreadable", message)]) from error

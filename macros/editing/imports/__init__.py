"""IMPORTS: teams and services from what an organisation has already. One module per format.

A format reads its files into teams and services; what becomes of these is the same for all: new files, and
nothing that is there is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from macros.editing.change_set import ChangeSet
from macros.editing.imports import backstage, data_files, table
from macros.editing.imports.imported import Imported, from_each
from macros.handbook.graph import Handbook
from macros.sources import yaml_file
from macros.text.problems import DataError


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


def planned(chosen: Import, paths: Iterable[Path], handbook: Handbook, data: Path) -> ChangeSet:
    """The new files of the teams and services in `paths` that `handbook`, loaded from `data`, doesn't have.

    Raises `DataError` where a file can't be read.
    """
    contents = dict(from_each({path.as_posix(): path for path in paths}, _contents))
    return data_files.planned(handbook, data, chosen.read(contents))


def _contents(name: str, path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        yield name, path.read_bytes()
    except OSError as error:
        raise DataError([yaml_file.unreadable(name, error)]) from error

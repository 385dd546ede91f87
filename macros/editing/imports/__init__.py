"""IMPORTS: teams and services from what an organisation has already. One module per format.

A format reads its files into teams and services; what becomes of these is the same for all: new files, and
nothing that is there is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from macros.editing.change_set import ChangeSet
from macros.editing.imports import backstage, data_files, imported, table
from macros.handbook.graph import Handbook
from macros.sources import yaml_file
from macros.text.problems import DataError

Read = Callable[[Mapping[str, bytes]], imported.Imported]

IMPORTS: dict[str, Read] = {"backstage": backstage.read, "csv": table.read}
"""By what the command line calls a format, what makes teams and services of the contents of files, which come by what
each is called. It raises `DataError` where one can't be read at all."""


def planned(read: Read, paths: Iterable[Path], handbook: Handbook, data: Path) -> ChangeSet:
    """The new files of the teams and services in `paths` that `handbook`, loaded from `data`, doesn't have.

    Raises `DataError` where a file can't be read.
    """
    contents = dict(imported.from_each({path.as_posix(): path for path in paths}, _contents))
    return data_files.planned(handbook, data, read(contents))


def _contents(name: str, path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        yield name, path.read_bytes()
    except OSError as error:
        raise DataError([yaml_file.unreadable(name, error)]) from error

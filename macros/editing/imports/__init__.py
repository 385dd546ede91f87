"""IMPORTS: teams and services from what an organisation has already. One module per format; all make new files."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from macros.editing.change_set import ChangeSet
from macros.editing.imports import backstage, data_files, imported, table
from macros.handbook.graph import Handbook

Read = Callable[[Mapping[str, bytes]], imported.Imported]

IMPORTS: dict[str, Read] = {"backstage": backstage.read, "csv": table.read}
"""What reads the files of each format, by what they are called. It raises `DataError` where one can't be read."""


def planned(read: Read, paths: Iterable[Path], handbook: Handbook, data: Path) -> ChangeSet:
    """The new files of what is in `paths` and not in `handbook`, from `data`. Raises `DataError` for a broken file."""
    files = {path.as_posix(): path for path in paths}
    contents = dict(imported.from_each(files, lambda name, path: [(name, path.read_bytes())]))
    return data_files.planned(handbook, data, read(contents))

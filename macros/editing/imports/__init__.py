"""IMPORTS: new files of teams, services and playbooks, from what an organisation has already. One module per format."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from macros.editing.change_set import ChangeSet
from macros.editing.imports import backstage, data_files, imported, markdown, table
from macros.handbook.graph import Handbook

Read = Callable[[Mapping[str, bytes]], imported.Imported]

IMPORTS: dict[str, Read] = {"backstage": backstage.read, "csv": table.read, "markdown": markdown.read}
"""What reads the files of each format, by what they are called. It raises `DataError` where one can't be read."""


def planned(read: Read, paths: Iterable[Path], handbook: Handbook, data: Path, *home: str) -> ChangeSet:
    """The new files of what is in `paths` and not in `handbook`, from `data`; `home` is the runbooks' team and service.

    Raises `DataError` for a broken file, and `RefusedError` where there is no such team or service.
    """
    files = {path.as_posix(): path for path in paths}
    contents = dict(imported.from_each(files, lambda name, path: [(name, path.read_bytes())]))
    return data_files.planned(handbook, data, read(contents), *home)

"""A folder as it would be: with some of its files written, and some gone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

Overlay = Mapping[Path, bytes | None]
"""What files are going to hold, None for those that go; all others are as they stand on the disk."""

AS_IT_IS: Overlay = MappingProxyType({})


def listing(folder: Path, overlay: Overlay) -> dict[Path, bool]:
    """What would stand in a folder, by name, and whether it is a folder.

    A folder whose last file goes is there no more. Raises `OSError` where the folder can't be read.
    """
    below = [file for file in overlay if folder in file.parents]
    found = {path: os.path.isdir(path) for path in folder.iterdir()} if folder.exists() or not below else {}
    touched = {folder / file.relative_to(folder).parts[0] for file in below}
    found |= {path: path not in overlay for path in touched}
    return {path: found[path] for path in sorted(found) if path not in touched or _is_there(path, overlay)}


def _is_there(path: Path, overlay: Overlay) -> bool:
    """Whether a path would be a file, or a folder with a file below it."""
    if path in overlay:
        return overlay[path] is not None
    written = any(raw is not None and path in file.parents for file, raw in overlay.items())
    return written or has_file(path, overlay)


def has_file(folder: Path, overlay: Overlay = AS_IT_IS) -> bool:
    """Whether a folder on the disk has a file below it that the overlay leaves."""
    return any(file not in overlay for file in files_below(folder))


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder on the disk; a symbolic link counts as one."""
    return (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())

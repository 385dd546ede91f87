"""What `rename` and `move` share: changes that are worked out and checked whole before the first file is touched."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from macros.commands.command import OK, add_data, add_format, data_folder
from macros.editing import renaming
from macros.handbook.graph import Handbook
from macros.site.project import ROOT, check_everything, load_handbook, shown
from macros.text.problems import DataError

EXIT_CODES = "0 done, 1 problems, or a file can't be written"


def add_shared_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to write, which data, how to print."""
    parser.add_argument("--dry-run", action="store_true", help="write nothing; print the changes, as text in a diff")
    add_data(parser)
    add_format(parser, renaming.FORMATS)


def change(
    options: argparse.Namespace, worked_out: Callable[[Handbook, Path | None], tuple[renaming.Change, ...]]
) -> int:
    """Work out changes of the data, and make them if all of it is right afterwards.

    `worked_out` gets the handbook and, where links in docs/ may follow, that folder. Returns the exit code.
    """
    data = data_folder(options)
    # Links in docs/ are those of this checkout's own data.
    docs = ROOT / "docs" if data.resolve() == (ROOT / "data").resolve() else None
    problems, _ = check_everything(data)
    if problems:
        raise DataError(problems)
    handbook, _ = load_handbook(data)
    changes = worked_out(handbook, docs)
    after = renaming.checked(handbook, data, changes, docs)
    if not options.dry_run:
        renaming.write(changes)
    if options.dry_run and options.format == "text":
        print(renaming.as_diff(changes, shown), end="")
        return OK
    print(renaming.FORMATS[options.format](changes, renaming.remarks(handbook, after), shown))
    return OK

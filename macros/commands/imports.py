"""`import`: team and service files from what an organisation already has."""

from __future__ import annotations

import argparse
from pathlib import Path

from macros.commands.command import OK, Help, add_data, add_format, data_folder, handbook
from macros.editing import imports
from macros.editing.imports import IMPORTS, reporting
from macros.editing.imports.table import COLUMNS
from macros.site.project import shown

HELP = Help(
    exit_codes=(
        "0 fine, also where something could not be mapped, 1 nothing was made: a file can't be read, or the data has "
        "problems"
    ),
    examples=("import backstage */catalog-info.yaml --dry-run", "import csv teams.csv"),
    note=(
        f"A table has a row of headings, then a row for each service or team. Headings: {', '.join(COLUMNS)}; usual "
        "other words for them, in English and Japanese, are known, too."
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the files are, which, and whether to write."""
    parser.add_argument("source", choices=IMPORTS, help="what the files are")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="the files to read")
    add_data(parser)
    parser.add_argument("--dry-run", action="store_true", help="say what would be made, and write nothing")
    add_format(parser, reporting.FORMATS)


def run(options: argparse.Namespace) -> int:
    """Make team and service files from what an organisation already has. Overwrites nothing."""
    data = data_folder(options)
    made = imports.run(
        IMPORTS[options.source], options.files, handbook(options), data, shown(data), dry_run=options.dry_run
    )
    print(reporting.FORMATS[options.format](made, shown(data), options.dry_run))
    return OK

"""`import`: team and service files from what an organisation already has."""

import argparse
from pathlib import Path

from macros.commands import changing
from macros.commands.command import Command, argument
from macros.editing import imports
from macros.editing.imports import IMPORTS
from macros.editing.imports.table import COLUMNS


@Command(
    "0 done, even if something could not be mapped, 1 nothing was made: a file can't be read, or the data has problems",
    ("import backstage */catalog-info.yaml --dry-run", "import csv teams.csv"),
    note=f"A table has a header row, then a row for each service or team. Headings: {', '.join(COLUMNS)}; usual "
    "synonyms in English and Japanese work, too.",
    arguments=(
        argument("source", choices=IMPORTS, help="the format of the files"),
        argument("files", type=Path, nargs="+", metavar="FILE", help="the files to read"),
    ),
    changes=True,
)
def run(options: argparse.Namespace) -> int:
    """Make team and service files from a table or a Backstage catalogue. Overwrites nothing."""
    read = IMPORTS[options.source]
    return changing.change(options, lambda handbook, data, _: imports.planned(read, options.files, handbook, data))

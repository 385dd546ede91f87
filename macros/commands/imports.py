"""`import`: the files of teams, services and playbooks from what an organisation already has."""

import argparse
from pathlib import Path

from macros.commands import changing
from macros.commands.command import Command, argument
from macros.editing import imports
from macros.editing.imports import IMPORTS
from macros.editing.imports.table import COLUMNS
from macros.text.problems import RefusedError


@Command(
    "0 done, even if something could not be mapped, 1 nothing was made: a file can't be read, or the data has problems",
    ("import backstage */catalog-info.yaml --dry-run", "import csv teams.csv", "import markdown *.md --team search"),
    note=f"A table has a header row, then a row for each service or team. Headings: {', '.join(COLUMNS)}; usual "
    "synonyms in English and Japanese work, too. A runbook's headings say what is diagnosis or mitigation.",
    arguments=(
        argument("source", choices=IMPORTS, help="the format of the files"),
        argument("files", type=Path, nargs="+", metavar="FILE", help="the files to read"),
        argument("--team", default="", help="for runbooks: the team that owns them"),
        argument("--service", default="", help="for runbooks: their service (the team's only one)"),
    ),
    changes=True,
)
def run(options: argparse.Namespace) -> int:
    """Make files of teams and services from a table or a Backstage catalogue, or playbooks. Overwrites nothing."""
    read, home = IMPORTS[options.source], (options.team, options.service)
    if options.source != "markdown" and any(home):
        raise RefusedError("--team and --service say whose the playbooks are; only `import markdown` makes some")
    return changing.change(options, lambda found, data, _: imports.planned(read, options.files, found, data, *home))

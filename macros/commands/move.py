"""`move`: a file changes teams."""

import argparse
from functools import partial

from macros.commands import changing
from macros.commands.command import Command, argument
from macros.editing.renaming import plans
from macros.editing.renaming.remarks import remarks


@Command(
    changing.EXIT_CODES,
    ("move service refunds --team payments", "move alerts payments/rules.yml --team billing --dry-run"),
    arguments=(
        argument("kind", choices=plans.MOVED, metavar="KIND", help=f"its kind: {', '.join(plans.MOVED)}"),
        argument("id", metavar="ID", help="its id; for alerts and a team's checklist TEAM/NAME"),
        argument("--team", required=True, help="the new team"),
    ),
    changes=True,
)
def run(options: argparse.Namespace) -> int:
    """Move a file to another team's folder."""
    planned = partial(plans.move, kind=options.kind, id=options.id, team=options.team)
    return changing.change(options, planned, remarks)

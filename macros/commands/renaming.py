"""`rename` and `move`: another id, another team, and everything that leads there follows."""

import argparse
from functools import partial

from macros.commands import changing
from macros.commands.command import Command, argument
from macros.editing.renaming import plans
from macros.editing.renaming.remarks import remarks


@Command(
    changing.EXIT_CODES,
    ("rename team-checklist payments/new-developer joining --dry-run", "rename step refunds-stuck/restart add-worker"),
    arguments=(
        argument("kind", choices=plans.RENAMED, metavar="KIND", help=f"its kind: {', '.join(plans.RENAMED)}"),
        argument("old", metavar="OLD", help="its id; TEAM/ID of a team's checklist, PLAYBOOK/ID of a step or variable"),
        argument("new", metavar="NEW", help="its new id: lower-case letters, digits and single hyphens"),
        argument("--no-alias", action="store_true", help="keep no old address: it was never published"),
    ),
    changes=True,
)
def rename(options: argparse.Namespace) -> int:
    """Change an id: its file, every reference and every link follow, and the old address redirects."""
    planned = partial(plans.rename, kind=options.kind, old=options.old, new=options.new, alias=not options.no_alias)
    return changing.change(options, planned, remarks)


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
def move(options: argparse.Namespace) -> int:
    """Move a file to another team's folder."""
    planned = partial(plans.move, kind=options.kind, id=options.id, team=options.team)
    return changing.change(options, planned, remarks)

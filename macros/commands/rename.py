"""`rename`: another id, and everything that leads to it follows."""

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
def run(options: argparse.Namespace) -> int:
    """Change an id: its file, every reference and every link follow, and the old address redirects."""
    planned = partial(plans.rename, kind=options.kind, old=options.old, new=options.new, alias=not options.no_alias)
    return changing.change(options, planned, remarks)

"""`rename`: another id, and everything that leads to it follows."""

from __future__ import annotations

import argparse

from macros.commands import changing
from macros.commands.command import Help
from macros.editing import renaming

HELP = Help(
    exit_codes=changing.EXIT_CODES,
    examples=(
        "rename service payments-api payments",
        "rename team-checklist payments/new-developer joining --dry-run",
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What, and its ids."""
    parser.add_argument("kind", metavar="KIND", help="what it is: service, team, journey, …")
    parser.add_argument("old", metavar="OLD", help="its id; of a team's checklist TEAM/ID")
    parser.add_argument("new", metavar="NEW", help="its new id: lower-case letters, digits and single hyphens")
    changing.add_shared_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Give something another id: its file, every reference and every link follow, and the old address leads on."""
    return changing.change(
        options,
        lambda handbook, docs: renaming.rename(handbook, options.data, options.kind, options.old, options.new, docs),
    )

"""`move`: a file changes teams."""

from __future__ import annotations

import argparse

from macros.commands import changing
from macros.commands.command import Help
from macros.editing import renaming

HELP = Help(
    exit_codes=changing.EXIT_CODES,
    examples=(
        "move service refunds --team payments",
        "move alerts payments/rules.yml --team billing --dry-run",
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What, and who gets it."""
    parser.add_argument("kind", metavar="KIND", help="what it is: service, journey, playbook, …")
    parser.add_argument("id", metavar="ID", help="its id; of alerts and a team's checklist TEAM/NAME")
    parser.add_argument("--team", required=True, metavar="TEAM", help="the team that gets it")
    changing.add_shared_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Put a file into another team's folder."""
    return changing.change(
        options,
        lambda handbook, docs: renaming.move(handbook, options.data, options.kind, options.id, options.team, docs),
    )

"""`codeowners`: who reviews what, as the repository's host reads it."""

import argparse

from macros.commands.command import FAULTY, OK, Command, argument, handbook, print_result, write_made
from macros.exports import codeowners
from macros.site.project import ROOT, shown


def run(options: argparse.Namespace) -> int:
    """Write who reviews which folder, for the repository's host, from the teams' groups."""
    loaded = handbook(options)
    path = ROOT / codeowners.place(loaded)
    difference = codeowners.difference(loaded, path)
    if not options.check:
        write_made({path: codeowners.text(loaded)}, codeowners.HEAD.partition(";")[0], ROOT)
    value = {"path": shown(path), "written": not options.check, "difference": difference}
    print_result(options, difference if options.check else shown(path), value)
    return FAULTY if options.check and difference else OK


COMMAND = Command(
    run,
    "0 fine, 1 problems, or with --check a file that is not what would be written",
    ("codeowners", "codeowners --check"),
    arguments=(
        argument("--check", action="store_true", help="write nothing; print what would change, and exit 1 for it"),
    ),
)

"""`codeowners`: who reviews what, as the repository's host reads it."""

import argparse

from macros.commands.command import FAULTY, OK, Command, argument, handbook, print_result, write_made
from macros.editing import change_set
from macros.editing.change_set import ChangeSet
from macros.exports import codeowners
from macros.site.project import ROOT, shown


@Command(
    "0 done, 1 problems in the data, or with --check a file that is out of date",
    ("codeowners", "codeowners --check"),
    arguments=(argument("--check", action="store_true", help="write nothing; print differences, and exit 1 for them"),),
)
def run(options: argparse.Namespace) -> int:
    """Write CODEOWNERS from the teams' groups."""
    loaded = handbook(options)
    path = ROOT / codeowners.place(loaded)
    planned = change_set.written(path, codeowners.text(loaded))
    # A checkout may have other line ends.
    differs = planned.old_text.splitlines() != planned.new_text.splitlines()
    difference = change_set.as_diff(ChangeSet((planned,)), shown).rstrip("\n") if differs else ""
    if not options.check:
        write_made({path: planned.new_text}, codeowners.HEAD.partition(";")[0])
    value = {"path": shown(path), "written": not options.check, "difference": difference}
    print_result(options, difference if options.check else shown(path), value)
    return FAULTY if options.check and difference else OK

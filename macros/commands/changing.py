"""What the commands share that change data: plan, check, look, change and report."""

import argparse
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from macros.commands.command import OK, data_folder, print_result
from macros.commands.reporting import counted, record
from macros.editing import change_set
from macros.editing.change_set import ChangeSet, PlannedFile
from macros.handbook.graph import Handbook
from macros.site import project
from macros.site.project import shown

EXIT_CODES = "0 done, 1 problems in the data, or a file can't be written"


def change(
    options: argparse.Namespace,
    planned: Callable[[Handbook, Path, Path | None], ChangeSet],
    notes: Callable[[Handbook, Handbook], tuple[str, ...]] = lambda before, after: (),
) -> int:
    """Plan changes of a right handbook, and make them if all of it is right afterwards; returns the exit code.

    `planned` gets the handbook, its folder and, where links in docs/ may follow, that one. `notes` says what is left to
    know of the handbook before and after.
    """
    data = data_folder(options) if "data" in options else project.ROOT / "data"
    handbook, _ = project.load_handbook(data)
    change_set.checked(ChangeSet(()), handbook, data, project.ROOT / "docs")
    # Links in docs/ are those of this checkout's own data.
    docs = project.ROOT / "docs" if data.resolve() == (project.ROOT / "data").resolve() else None
    changes = planned(handbook, data, docs)
    after = change_set.checked(changes, handbook, data, docs)
    changes = changes._replace(notes=(*changes.notes, *notes(handbook, after)))
    return carry_out(options, changes)


def carry_out(options: argparse.Namespace, changes: ChangeSet) -> int:
    """Make changes, or under `--dry-run` show them; returns the exit code."""
    text = as_text(changes)
    if options.dry_run:
        text = "\n".join((text, "nothing was written", change_set.as_diff(changes, shown))).rstrip("\n")
    else:
        change_set.write(changes)
    print_result(options, text, as_value(changes, written=not options.dry_run))
    return OK


def as_text(changes: ChangeSet) -> str:
    """A line for each file, for what has no place in the handbook and what is left to know; counts."""
    sorts = Counter(file.sort for file in changes.files)
    counts = [f"files: {', '.join(f'{number} {sort}' for sort, number in sorts.items()) or 'none to change'}"]
    blanks = sum(len(file.blanks) for file in changes.files)
    counts += [f"{counted(blanks, 'blank')} to fill in"] if blanks else []
    counts += [f"{len(changes.unmapped)} not mapped"] if changes.unmapped else []
    unmapped = ("could not be mapped:", *map(str, changes.unmapped)) if changes.unmapped else ()
    lines = [*map(_line, changes.files), *unmapped, *(f"note: {note}" for note in changes.notes)]
    return "\n".join(lines if len(lines) == 1 else (*lines, ", ".join(counts)))


def _line(file: PlannedFile) -> str:
    places = " -> ".join(dict.fromkeys(shown(place) for place in (file.before, file.after) if place))
    blanks = f"; fill in {', '.join(f'`{key}`' for key in file.blanks)}" if file.blanks else ""
    return f"{places}: {file.sort}{blanks}"


def as_value(changes: ChangeSet, *, written: bool) -> dict[str, object]:
    """What `--format json` prints: `change` of a file is its `sort`."""
    return {
        "written": written,
        "changes": [
            {
                "change": file.sort,
                "before": shown(file.before) if file.before else None,
                "after": shown(file.after) if file.after else None,
                "blanks": file.blanks,
            }
            for file in changes.files
        ],
        "unmapped": [record(report) for report in changes.unmapped],
        "notes": changes.notes,
    }

"""`export`: what other systems read of the handbook, as files."""

import argparse
from pathlib import Path

from macros import exports
from macros.commands.command import OK, Command, argument, data_folder, is_made, print_result, write_made
from macros.exports import EXPORTS, document
from macros.site.project import load_handbook, name_on_pages


@Command(
    "0 done, even if something is left out, 1 problems in the data, or a file can't be written",
    ("export rules/", "export rules/ --only prometheus", "export rules/ --format json"),
    arguments=(
        argument("output", type=Path, metavar="DIR", help="the folder to write to"),
        argument("--only", action="append", choices=EXPORTS, help="only this export; repeatable (default: all)"),
    ),
)
def run(options: argparse.Namespace) -> int:
    """Write machine-readable files: rules and OpenSLO objects of the SLOs, and the teams' rules with `runbook_url`."""
    data = data_folder(options)
    loaded, _ = load_handbook(data, name_on_pages(data))
    chosen = [EXPORTS[name] for name in options.only or EXPORTS]
    files = (file for file in exports.files(loaded) if file.export in chosen)
    made = {options.output / file.address.removeprefix("exports/"): file.write() for file in files}
    write_made(made, document.FIRST_LINE)
    # What an earlier run wrote for a team that has it no more would go on alerting.
    there = (path for export in chosen for path in sorted((options.output / export.name).rglob("*.y*ml")))
    old = [path for path in there if path not in made and is_made(path, document.FIRST_LINE)]
    for path in old:
        path.unlink()
    lost = (found for team in loaded.teams for found in exports.left_out(loaded, team) if found[0] in chosen)
    left_out = [{"path": journey.path, "sli": sli.id, "export": export.name} for export, journey, sli in lost]
    lines = [
        *map(str, made),
        *(f"{path}: removed, since no export makes it any more" for path in old),
        *("{path}: left out of {export}, since `{sli}` has no query for it".format(**one) for one in left_out),
    ]
    value = {"files": [*map(str, made)], "removed": [*map(str, old)], "left_out": left_out}
    print_result(options, "\n".join(lines), value)
    return OK

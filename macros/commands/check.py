"""`check`: is the data right, and what isn't done yet?"""

import argparse

from macros.commands import reporting
from macros.commands.command import FAULTY, OK, Command, StopError, argument, data_folder, handbook, print_result
from macros.editing.change_set import ChangeSet, write, written
from macros.gaps import checks, figures
from macros.site.project import check_everything, shown
from macros.sources.changed_files import changed_in
from macros.sources.git import GitError
from macros.sources.records import FILE


def run(options: argparse.Namespace) -> int:
    """Print every problem and gap in the data and in pages that call macros."""
    unknown = sorted(set(options.fail_on) - {check.name for check in checks.CHECKS})
    if unknown:
        raise StopError(f"--fail-on: there is no rule {', '.join(unknown)}")
    data = data_folder(options)
    try:
        changed = None if options.changed is None else changed_in(data, options.changed)
    except GitError as error:
        raise StopError(f"--changed: {error}") from error
    problems, every, every_accepted = check_everything(data)
    if options.record and not problems:
        write(ChangeSet((written(data / FILE, figures.recorded(handbook(options))),)))
    above = f"{shown(data)}/"
    findings = [finding for finding in every if changed is None or finding.path.removeprefix(above) in changed]
    accepted = [pair for pair in every_accepted if changed is None or pair[0].path.removeprefix(above) in changed]
    print_result(
        options,
        reporting.as_text(problems, findings, reporting.paint()) + (f", {len(accepted)} accepted" if accepted else ""),
        reporting.as_value(problems, findings) | {"accepted": [reporting.accepted_record(*pair) for pair in accepted]},
        reporting.as_github(problems, findings),
    )
    if options.format == "text" and len(findings) < len(every):
        left_out = reporting.counted(len(every) - len(findings), "gap")
        print(f"{left_out} left out, in unchanged files")
    counting = [finding for finding in findings if options.strict or finding.rule in options.fail_on]
    return FAULTY if problems or counting else OK


COMMAND = Command(
    run,
    "0 no problems, 1 problems (or gaps, with --strict or --fail-on)",
    (
        "check",
        "check --strict --format github",
        "check --fail-on requirement-missed",
        "check --changed",
        "check --changed HEAD",
        "check --record",
    ),
    "With --changed, problems in all files are reported and counted, gaps only in changed files.",
    arguments=(
        argument("--strict", action="store_true", help="exit 1 for gaps, too"),
        argument(
            "--fail-on",
            action="append",
            default=[],
            metavar="RULE",
            help="exit 1 for gaps of this rule; repeatable",
        ),
        argument(
            "--changed",
            nargs="?",
            const="",
            metavar="REF",
            help="gaps only in files that changed since the branch left REF, committed or not "
            "(default: the pull request's target, or the default branch)",
        ),
        argument("--record", action="store_true", help=f"without problems, add today's coverage figures to {FILE}"),
    ),
    formats=reporting.FORMATS,
)

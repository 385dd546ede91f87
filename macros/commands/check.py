"""`check`: is the data right, and what isn't done yet?"""

from __future__ import annotations

import argparse
from functools import partial

from macros.commands import reporting
from macros.commands.command import FAULTY, OK, Help, StopError, add_data, add_format, data_folder, paint
from macros.gaps import checks
from macros.site.project import check_everything, shown
from macros.sources.changed_files import changed_in
from macros.sources.git import GitError

HELP = Help(
    exit_codes="0 fine, 1 problems (or findings that count)",
    examples=(
        "check",
        "check --strict --format github",
        "check --fail-on requirement-missed",
        "check --changed",
        "check --changed HEAD",
    ),
    note="With --changed, problems are named wherever they are, findings in the changed files alone: only these count.",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to check, how to print it, and what counts."""
    add_data(parser)
    add_format(parser, reporting.FORMATS)
    parser.add_argument("--strict", action="store_true", help="exit 1 for findings, too")
    parser.add_argument(
        "--fail-on",
        action="append",
        default=[],
        metavar="RULE",
        help="exit 1 for findings of this rule; may be repeated",
    )
    parser.add_argument(
        "--changed",
        nargs="?",
        const="",
        metavar="REF",
        help="findings only of files that changed since the branch left REF, committed or not "
        "(REF: what the pull request goes to, or the default branch)",
    )


def run(options: argparse.Namespace) -> int:
    """Print every problem and finding of the data and of the pages that call macros."""
    unknown = sorted(set(options.fail_on) - {check.name for check in checks.CHECKS})
    if unknown:
        raise StopError(f"--fail-on: no rule is called {', '.join(unknown)}")
    data = data_folder(options)
    try:
        changed = None if options.changed is None else changed_in(data, options.changed)
    except GitError as error:
        raise StopError(f"--changed: {error}") from error
    problems, every = check_everything(data)
    findings = [it for it in every if changed is None or it.path.removeprefix(f"{shown(data)}/") in changed]
    formats = reporting.FORMATS | {"text": partial(reporting.as_text, paint=paint())}
    report = formats[options.format](problems, findings)
    if report:
        print(report)
    if options.format == "text" and len(findings) < len(every):
        number = len(every) - len(findings)
        print(f"{number} finding{'' if number == 1 else 's'} left out, in files that didn't change")
    counting = [it for it in findings if options.strict or it.rule in options.fail_on]
    return FAULTY if problems or counting else OK

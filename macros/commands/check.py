"""`check`: is the data right, and what isn't done yet?"""

from __future__ import annotations

import argparse

from macros import checks, reporting
from macros.commands.command import FAULTY, OK, Help, StopError, add_data, add_format, data_folder
from macros.project import check_everything

HELP = Help(
    exit_codes="0 fine, 1 problems (or findings that count)",
    examples=("check", "check --strict --format github", "check --fail-on requirement-missed"),
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


def run(options: argparse.Namespace) -> int:
    """Print every problem and finding of the data and of the pages that call macros."""
    unknown = sorted(set(options.fail_on) - {checks.rule_name(it) for it in checks.CHECKS})
    if unknown:
        raise StopError(f"--fail-on: no rule is called {', '.join(unknown)}")
    problems, findings = check_everything(data_folder(options))
    report = reporting.FORMATS[options.format](problems, findings)
    if report:
        print(report)
    counting = [it for it in findings if options.strict or it.rule in options.fail_on]
    return FAULTY if problems or counting else OK

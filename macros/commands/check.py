"""`check`: is the data right, and what isn't done yet?"""

import argparse
from pathlib import Path

from macros.commands import reporting
from macros.commands.command import FAULTY, OK, Command, argument, data_folder, print_result
from macros.editing.change_set import ChangeSet, write, written
from macros.gaps import checks, figures
from macros.site import project
from macros.site.project import Checked
from macros.sources.git import GitError
from macros.sources.records import FILE
from macros.text.problems import Finding, RefusedError


@Command(
    "0 no problems, 1 problems (or gaps, with --strict or --fail-on)",
    (
        "check",
        "check data/teams/payments/team.yaml",
        "check --strict --format github",
        "check --fail-on requirement-missed",
        "check --since",
        "check --since HEAD",
        "check --record",
    ),
    "With --since, all problems are told and count, and of the gaps those that the branch adds.\n"
    "With FILE, no gaps are told, and no problems that only other files of teams show.",
    arguments=(
        argument("files", nargs="*", type=Path, metavar="FILE", help="the problems of these files alone, in a second"),
        argument("--strict", action="store_true", help="exit 1 for gaps, too"),
        argument("--fail-on", action="append", default=[], metavar="RULE", help="exit 1 for its gaps; repeatable"),
        argument(
            "--since",
            nargs="?",
            const="",
            metavar="REVISION",
            help="the gaps that the branch has added and closed since it left REVISION, committed or not "
            "(default: the pull request's target, or the default branch)",
        ),
        argument("--record", action="store_true", help=f"without problems, add today's coverage figures to {FILE}"),
    ),
    formats=reporting.FORMATS,
)
def run(options: argparse.Namespace) -> int:
    """Print every problem and gap in the data and in pages that call macros."""
    unknown = sorted(set(options.fail_on) - {check.name for check in checks.CHECKS})
    if unknown:
        raise RefusedError(f"--fail-on: there is no rule {', '.join(unknown)}")
    data = data_folder(options)
    if options.files:
        return _run_alone(options, data)
    now = project.check_everything(data)
    if options.record and not now.problems:
        write(ChangeSet((written(data / FILE, figures.recorded(now.handbook)),)))
    findings, count, remark = now.findings, "{gaps}", _remark("not looked at", now)
    closed: tuple[Finding, ...] = ()
    accepted = checks.accepted(now.handbook)
    value = reporting.as_value(now.problems, findings) | {"not_looked_at": sorted(now.handbook.left_out)}
    value |= {"accepted": [reporting.accepted_record(*pair) for pair in accepted]}
    if options.since is not None:
        try:
            then = project.check_start_of_branch(data, options.since)
        except GitError as error:
            raise RefusedError(f"--since: {error}") from error
        there = now._replace(findings=(*now.findings, *(finding for finding, _ in accepted)))
        findings, closed = now.beyond(then), then.beyond(there)
        others = reporting.counted(len(now.findings) - len(findings), "other")
        count = f"adds {{gaps}}, closes {len(closed)}; {others} as before"
        remark += _remark("not compared", then)
        value |= {"added": [*map(reporting.record, findings)], "closed": [*map(reporting.record, closed)]}
        value |= {"not_compared": sorted(then.handbook.left_out)}
    count += f", {len(accepted)} accepted" if accepted else ""
    text = reporting.as_text(now.problems, findings, reporting.paint(), closed, count + remark)
    print_result(options, text, value, reporting.as_github(now.problems, findings, closed))
    counting = [finding for finding in findings if options.strict or finding.rule in options.fail_on]
    return FAULTY if now.problems or counting else OK


def _run_alone(options: argparse.Namespace, data: Path) -> int:
    """Print every problem that shows in the files that were asked for."""
    if options.strict or options.fail_on or options.record or options.since is not None:
        raise RefusedError("FILE: gaps need all files; leave out --strict, --fail-on, --since and --record")
    problems = project.check_files(data, options.files)
    count = f"in {reporting.counted(len(options.files), 'file')} alone; gaps not looked at"
    text = reporting.as_text(problems, (), reporting.paint(), count=count)
    value = {"problems": [*map(reporting.record, problems)]}
    print_result(options, text, value, reporting.as_github(problems, ()))
    return FAULTY if problems else OK


def _remark(words: str, checked: Checked) -> str:
    """How much a check can't tell, to stand behind a count."""
    left_out = checked.handbook.left_out
    return f"; {words} because of problems: {reporting.counted(len(left_out), 'file')}" if left_out else ""

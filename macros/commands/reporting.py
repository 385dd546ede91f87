"""How problems and findings are printed: for a person, for a program, for a forge's annotations."""

import os
import sys
from collections.abc import Iterable, Sequence

from macros.gaps.checks import Silencer
from macros.text.colour import Ink, inked
from macros.text.problems import Report, visible

FORMATS = ("text", "json", "github")

Reports = Sequence[Report]


def paint() -> bool:
    """Whether standard output gets colour: at a terminal, without `NO_COLOR` (no-color.org), that isn't dumb."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def as_text(
    problems: Reports, findings: Reports, paint: bool = False, closed: Reports = (), count: str = "{gaps}"
) -> str:
    """One line a report, problems first, then what is closed, with a count at the end; one of nothing stays plain."""
    lines = [*report_lines(problems, Ink.PROBLEM, paint), *report_lines(findings, Ink.FINDING, paint)]
    lines += [inked(f"closed: {report}", Ink.PLACE, paint) for report in closed]
    faults = inked(counted(len(problems), "problem"), Ink.PROBLEM, paint and bool(problems))
    gaps = inked(counted(len(findings), "gap"), Ink.FINDING, paint and bool(findings))
    return "\n".join((*lines, f"{faults}, {count.format(gaps=gaps)}"))


def as_value(problems: Reports, findings: Reports) -> dict[str, object]:
    """An object with the lists `problems` and `findings`."""
    return {"problems": [record(report) for report in problems], "findings": [record(report) for report in findings]}


def as_github(problems: Reports, findings: Reports, closed: Reports = ()) -> str:
    """Workflow commands that put an annotation on each line: an error for a problem, a warning for a finding, and a
    notice for one that is closed.

    Format: docs.github.com, "Workflow commands for GitHub Actions"; `%`, line ends, and in properties `:`
    and `,`, are percent-encoded as the runner expects.
    """
    levels = {"error": problems, "warning": findings, "notice": closed}
    return "\n".join(_annotation(level, report) for level, reports in levels.items() for report in reports)


def report_lines(reports: Iterable[Report], ink: Ink, paint: bool) -> list[str]:
    """As `str` has each report, with path and place told apart, and its rule in the ink of its sort."""
    return [
        f"{inked(visible(report.path), Ink.PATH, paint)}{inked(f':{report.line}:{report.column}:', Ink.PLACE, paint)} "
        f"{inked(report.rule, ink, paint)}: {visible(str(report.message))}"
        for report in reports
    ]


def counted(number: int, noun: str, several: str = "") -> str:
    """A number of things: `several` is the plural where it isn't the noun with an s."""
    return f"{number} {noun if number == 1 else several or f'{noun}s'}"


def record(report: Report) -> dict[str, str | int]:
    """A report as JSON has it: all its fields, with the message in words."""
    return vars(report) | {"message": str(report.message)}


def accepted_record(report: Report, by: Silencer) -> dict[str, object]:
    """A gap that is accepted as JSON has it: a report, with the reason, and the last day or null."""
    return {**record(report), "why": by.entry.why.in_language("en"), "until": by.entry.until and str(by.entry.until)}


def _annotation(level: str, report: Report) -> str:
    title = f"closed: {report.rule}" if level == "notice" else report.rule
    properties = {"file": report.path, "line": report.line, "col": report.column, "title": title}
    listed = ",".join(f"{name}={_encoded(str(value), ':,')}" for name, value in properties.items())
    return f"::{level} {listed}::{_encoded(str(report.message), '')}"


def _encoded(text: str, more: str) -> str:
    return text.translate({ord(character): f"%{ord(character):02X}" for character in f"%\r\n{more}"})

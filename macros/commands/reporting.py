"""How problems, findings and answers are printed: for a person, for a program, for a forge's annotations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from macros.exports.published import Published, Standing
from macros.model.alerts import Urgency
from macros.text.colour import Ink, Paint, plain
from macros.text.problems import Finding, Problem, Report, in_order, visible


def as_text(problems: Sequence[Problem], findings: Sequence[Finding], paint: Paint = plain) -> str:
    """One line a report, problems first, with a count at the end."""
    lines = [*report_lines(problems, Ink.PROBLEM, paint), *report_lines(findings, Ink.FINDING, paint)]
    counts = [
        painted(counted(len(problems), "problem"), Ink.PROBLEM, paint, problems),
        painted(counted(len(findings), "finding"), Ink.FINDING, paint, findings),
    ]
    return "\n".join((*lines, ", ".join(counts)))


def as_json(problems: Sequence[Problem], findings: Sequence[Finding]) -> str:
    """An object with the lists `problems` and `findings`."""
    return json.dumps(
        {"problems": [record(report) for report in problems], "findings": [record(report) for report in findings]},
        ensure_ascii=False,
        indent=2,
    )


def as_github(problems: Iterable[Report], findings: Iterable[Report]) -> str:
    """Workflow commands that put an annotation on each line, an error for a problem and a warning for a finding.

    Format: docs.github.com, "Workflow commands for GitHub Actions"; `%`, line ends, and in properties `:`
    and `,`, are percent-encoded as the runner expects.
    """
    return "\n".join((*(_annotation("error", it) for it in problems), *(_annotation("warning", it) for it in findings)))


FORMATS: dict[str, Callable[[Sequence[Problem], Sequence[Finding]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
}


def rules_as_text(
    problems: Sequence[Problem], stands: Sequence[Standing], published: Published, paint: Paint = plain
) -> str:
    """A line for each alert with where it leads, then what is to be done, and a count of those that wake somebody."""
    lines = [
        f"{paint(visible(it.file.path), Ink.PATH)}{paint(f':{it.rule.place[0]}:', Ink.PLACE)} "
        f"{it.urgency or 'neither page nor ticket'}: {visible(it.rule.name)}: "
        + (", ".join(published.whole(playbook.address) for playbook in it.playbooks) or "no playbook")
        for it in stands
    ]
    lines += report_lines(problems, Ink.PROBLEM, paint)
    lines += report_lines(in_order(found for it in stands for found in it.findings), Ink.FINDING, paint)
    paging = [it for it in stands if it.urgency is Urgency.PAGE]
    covered = sum(bool(it.playbooks) for it in paging)
    verb = "leads" if len(paging) == 1 else "lead"
    count = f"{covered} of {counted(len(paging), 'paging alert')} {verb} to a playbook"
    return "\n".join((*lines, painted(count, Ink.FINDING, paint, covered < len(paging))))


def rules_as_json(problems: Sequence[Problem], stands: Sequence[Standing], published: Published) -> str:
    """An object with the lists `alerts`, `problems` and `findings`."""
    alerts = [
        {
            "path": it.file.path,
            "line": it.rule.place[0],
            "name": it.rule.name,
            "team": it.team,
            "urgency": it.urgency,
            "playbooks": [published.whole(playbook.address) for playbook in it.playbooks],
        }
        for it in stands
    ]
    findings = in_order(found for it in stands for found in it.findings)
    value = {
        "alerts": alerts,
        "problems": [record(report) for report in problems],
        "findings": [record(report) for report in findings],
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def rules_as_github(problems: Sequence[Problem], stands: Sequence[Standing], published: Published) -> str:
    """As `as_github`, for what is wrong with the rules and what is missing behind them."""
    return as_github(problems, in_order(found for it in stands for found in it.findings))


RULE_FORMATS: dict[str, Callable[[Sequence[Problem], Sequence[Standing], Published], str]] = {
    "text": rules_as_text,
    "json": rules_as_json,
    "github": rules_as_github,
}


def report_lines(reports: Iterable[Report], ink: Ink, paint: Paint) -> list[str]:
    """As `str` has each report, with its path and its place told apart, and its rule in the ink of its sort."""
    return [
        f"{paint(visible(it.path), Ink.PATH)}{paint(f':{it.line}:{it.column}:', Ink.PLACE)} {paint(it.rule, ink)}: "
        + visible(str(it.message))
        for it in reports
    ]


def painted(words: str, ink: Ink, paint: Paint, wanted: object) -> str:
    """Words in an ink where there is a reason for it: a count of nothing stays plain."""
    return paint(words, ink) if wanted else words


def counted(number: int, noun: str, several: str = "") -> str:
    """A number of things: `several` is the plural where it isn't the noun with an s."""
    return f"{number} {noun if number == 1 else several or f'{noun}s'}"


def record(report: Report) -> dict[str, str | int]:
    """A report as JSON has it: all its fields, with the message in words."""
    return vars(report) | {"message": str(report.message)}


def _annotation(level: str, report: Report) -> str:
    properties = {"file": report.path, "line": report.line, "col": report.column, "title": report.rule}
    listed = ",".join(f"{name}={_encoded(str(value), ':,')}" for name, value in properties.items())
    return f"::{level} {listed}::{_encoded(str(report.message), '')}"


def _encoded(text: str, more: str) -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text

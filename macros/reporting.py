"""How problems, findings and answers are printed: for a person, for a program, for a forge's annotations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from macros.colour import Ink, Paint, plain
from macros.links import Answers, LinkReport
from macros.model import Urgency
from macros.problems import Finding, Problem, Report, in_order, visible
from macros.published import Published, Standing


def as_text(problems: Sequence[Problem], findings: Sequence[Finding], paint: Paint = plain) -> str:
    """One line a report, problems first, with a count at the end."""
    lines = [*_lines(problems, Ink.PROBLEM, paint), *_lines(findings, Ink.FINDING, paint)]
    counts = [
        _painted(_count(len(problems), "problem"), Ink.PROBLEM, paint, problems),
        _painted(_count(len(findings), "finding"), Ink.FINDING, paint, findings),
    ]
    return "\n".join((*lines, ", ".join(counts)))


def as_json(problems: Sequence[Problem], findings: Sequence[Finding]) -> str:
    """An object with the lists `problems` and `findings`."""
    return json.dumps(
        {"problems": [_record(report) for report in problems], "findings": [_record(report) for report in findings]},
        ensure_ascii=False,
        indent=2,
    )


def as_github(problems: Sequence[Problem], findings: Sequence[Finding]) -> str:
    """Workflow commands that put an annotation on each line.

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
    lines += _lines(problems, Ink.PROBLEM, paint)
    lines += _lines(in_order(found for it in stands for found in it.findings), Ink.FINDING, paint)
    paging = [it for it in stands if it.urgency is Urgency.PAGE]
    covered = sum(bool(it.playbooks) for it in paging)
    verb = "leads" if len(paging) == 1 else "lead"
    count = f"{covered} of {_count(len(paging), 'paging alert')} {verb} to a playbook"
    return "\n".join((*lines, _painted(count, Ink.FINDING, paint, covered < len(paging))))


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
        "problems": [_record(report) for report in problems],
        "findings": [_record(report) for report in findings],
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


def links_as_text(answers: Answers, paint: Paint = plain) -> str:
    """A line for each place of a broken link, then of one that nobody can be sure of or that moved, and counts."""
    lines = _lines(answers.broken, Ink.PROBLEM, paint)
    for heading, reports in (("not sure; these don't count:", answers.not_sure), ("moved:", answers.moved)):
        lines += [heading, *_lines(reports, Ink.FINDING, paint)] if reports else []
    counts = [
        (answers.broken, "broken", Ink.PROBLEM),
        (answers.not_sure, "not sure", Ink.FINDING),
        (answers.moved, "moved", Ink.FINDING),
    ]
    said = ", ".join(
        _painted(f"{len({it.address for it in reports})} {word}", ink, paint, reports) for reports, word, ink in counts
    )
    lines.append(f"{_count(answers.asked, 'address', 'addresses')} asked for: {said}")
    lines += [f"{_count(number, *reason.value)} left out" for reason, number in answers.left_out.items()]
    return "\n".join(lines)


def links_as_json(answers: Answers) -> str:
    """An object with the lists `broken`, `not_sure` and `moved`, and the counts `asked` and `left_out`."""
    value = {
        "broken": [_record(report) for report in answers.broken],
        "not_sure": [_record(report) for report in answers.not_sure],
        "moved": [_record(report) for report in answers.moved],
        "asked": answers.asked,
        "left_out": {reason.name.lower(): number for reason, number in answers.left_out.items()},
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def links_as_github(answers: Answers) -> str:
    """As `as_github`, for what is broken and what moved."""
    return "\n".join(
        (*(_annotation("error", it) for it in answers.broken), *(_annotation("warning", it) for it in answers.moved))
    )


LINK_FORMATS: dict[str, Callable[[Answers], str]] = {
    "text": links_as_text,
    "json": links_as_json,
    "github": links_as_github,
}


def _lines(reports: Iterable[Report], ink: Ink, paint: Paint) -> list[str]:
    """As `str` has each report, with its path and its place told apart, and its rule in the ink of its sort."""
    return [
        f"{paint(visible(it.path), Ink.PATH)}{paint(f':{it.line}:{it.column}:', Ink.PLACE)} {paint(it.rule, ink)}: "
        + visible(str(it.message))
        for it in reports
    ]


def _painted(words: str, ink: Ink, paint: Paint, wanted: object) -> str:
    """Words in an ink where there is a reason for it: a count of nothing stays plain."""
    return paint(words, ink) if wanted else words


def _count(number: int, noun: str, several: str = "") -> str:
    return f"{number} {noun if number == 1 else several or f'{noun}s'}"


def _record(report: Report) -> dict[str, str | int]:
    record: dict[str, str | int] = {
        "path": report.path,
        "line": report.line,
        "column": report.column,
        "rule": report.rule,
        "message": str(report.message),
    }
    if isinstance(report, Finding):
        record |= {"kind": report.kind, "id": report.id, "team": report.team}
    if isinstance(report, LinkReport):
        record |= {"address": report.address, "leads_to": report.leads_to}
    return record


def _annotation(level: str, report: Report) -> str:
    properties = {"file": report.path, "line": report.line, "col": report.column, "title": report.rule}
    listed = ",".join(f"{name}={_encoded(str(value), ':,')}" for name, value in properties.items())
    return f"::{level} {listed}::{_encoded(str(report.message), '')}"


def _encoded(text: str, more: str) -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text

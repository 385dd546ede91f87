"""`coverage`: do the alerts of rule files from anywhere lead to playbooks?"""

import argparse
import json
import urllib.request
from collections import Counter
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any

from macros.commands import reporting
from macros.commands.command import FAULTY, OK, Command, argument, handbook, print_result
from macros.exports import published
from macros.exports.published import Published, Standing
from macros.model.alerts import Urgency
from macros.sources import prometheus
from macros.text.colour import Ink, inked
from macros.text.problems import Finding, Problem, RefusedError, in_order, visible


@Command(
    "0 every paging alert has a playbook or leads elsewhere, 1 one does neither, no severity is known to page or open "
    "a ticket, or a file, a runbook_url or the data is wrong",
    (
        "coverage --rules rules/*.yaml --team payments",
        "coverage --rules rules/*.yaml --handbook https://handbook.example.com/",
    ),
    arguments=(
        argument("--rules", type=Path, nargs="+", required=True, metavar="FILE", help="Prometheus rule files"),
        argument("--team", default="", help="the team of the rules (default: their label `team`, or path)"),
        argument(
            "--handbook",
            default="",
            metavar="ADDRESS",
            help=f"a published handbook, or its {published.ADDRESS} as a file",
        ),
    ),
    formats=reporting.FORMATS,
)
def run(options: argparse.Namespace) -> int:
    """Check which alerts in Prometheus rule files have a playbook."""
    try:
        known = published.read(_document(options))
    except (OSError, ValueError, HTTPException, RecursionError) as error:
        raise RefusedError(str(error)) from error
    read = [prometheus.read(path, path.as_posix()) for path in options.rules]
    problems = in_order(problem for _, faults in read for problem in faults)
    stands = tuple(published.standings((file for file, _ in read if file is not None), known, options.team))
    findings = in_order(found for standing in stands for found in standing.findings)
    alerts = [
        {
            "path": standing.file.path,
            "line": standing.rule.place[0],
            "name": standing.rule.name,
            "team": standing.team,
            "urgency": standing.urgency,
            "playbooks": [known.whole(playbook.address) for playbook in standing.playbooks],
            "elsewhere": standing.elsewhere,
        }
        for standing in stands
    ]
    text = as_text(problems, findings, stands, known, reporting.paint())
    value = {"alerts": alerts, **reporting.as_value(problems, findings)}
    print_result(options, text, value, reporting.as_github(problems, findings))
    nothing_known = any(one.severity is not None for one in stands) and not any(one.urgency for one in stands)
    return FAULTY if problems or findings or nothing_known else OK


def as_text(
    problems: Sequence[Problem], findings: Sequence[Finding], stands: Sequence[Standing], known: Published, paint: bool
) -> str:
    """A line for each alert with where it leads, then what is to be done, and a count."""
    lines = []
    for standing in stands:
        path, line = inked(visible(standing.file.path), Ink.PATH, paint), f":{standing.rule.place[0]}:"
        does = f"{standing.urgency or 'neither page nor ticket'}: {visible(standing.rule.name)}"
        otherwise = f"leads elsewhere: {visible(standing.elsewhere)}" if standing.elsewhere else "no playbook"
        leads = ", ".join(known.whole(playbook.address) for playbook in standing.playbooks) or otherwise
        lines.append(f"{path}{inked(line, Ink.PLACE, paint)} {does}: {leads}")
    lines += reporting.report_lines(problems, Ink.PROBLEM, paint)
    lines += reporting.report_lines(findings, Ink.FINDING, paint)
    paging = [standing for standing in stands if standing.urgency is Urgency.PAGE]
    covered = sum(bool(standing.playbooks) for standing in paging)
    verb = "leads" if len(paging) == 1 else "lead"
    count = f"{covered} of {reporting.counted(len(paging), 'paging alert')} {verb} to a playbook"
    away = sum(bool(standing.elsewhere) for standing in paging)
    count += f", {away} {'leads' if away == 1 else 'lead'} elsewhere" if away else ""
    unknown = Counter(standing.severity for standing in stands if standing.severity is not None)
    if unknown:
        values = ", ".join(f"{visible(value) or 'no label'} ({number})" for value, number in unknown.most_common())
        count += f"; `{known.paging.label}` is neither page nor ticket: {values}; say in `paging` what that does"
    return "\n".join((*lines, inked(count, Ink.FINDING, paint and (bool(unknown) or covered + away < len(paging)))))


def _document(options: argparse.Namespace) -> Any:
    """What the handbook publishes: of the data here, of a file, or of a site."""
    if not options.handbook:
        return published.document(handbook(options))
    if not options.handbook.startswith(("https://", "http://")):
        return json.loads(Path(options.handbook).read_text(encoding="utf-8"))
    whole = options.handbook.endswith(".json")
    address = options.handbook if whole else f"{options.handbook.rstrip('/')}/{published.ADDRESS}"
    with urllib.request.urlopen(address, timeout=30) as response:
        return json.load(response)

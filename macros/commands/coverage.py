"""`coverage`: do the alerts of rule files from anywhere lead to playbooks?"""

from __future__ import annotations

import argparse
import json
import urllib.request
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any

from macros.commands import reporting
from macros.commands.command import FAULTY, OK, Command, StopError, handbook, paint
from macros.exports import published
from macros.sources import prometheus
from macros.text.problems import in_order

FETCH_SECONDS = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which rules, whose, and against which handbook."""
    parser.add_argument("--rules", type=Path, nargs="+", required=True, metavar="FILE", help="Prometheus rule files")
    parser.add_argument("--team", default="", metavar="TEAM", help="whose they are (their label `team`)")
    parser.add_argument(
        "--handbook", default="", metavar="ADDRESS", help=f"a published handbook, or its {published.ADDRESS} as a file"
    )


def run(options: argparse.Namespace) -> int:
    """Check rule files from anywhere against the handbook: does each alert lead to a playbook?"""
    try:
        known = published.read(_document(options))
    except (OSError, ValueError, HTTPException, RecursionError) as error:
        raise StopError(str(error)) from error
    read = [prometheus.read(path, path.as_posix()) for path in options.rules]
    problems = in_order(problem for _, faults in read for problem in faults)
    stands = tuple(published.standings((file for file, _ in read if file is not None), known, options.team))
    formats = reporting.RULE_FORMATS | {"text": partial(reporting.rules_as_text, paint=paint())}
    report = formats[options.format](problems, stands, known)
    if report:
        print(report)
    return FAULTY if problems or any(it.findings for it in stands) else OK


def _document(options: argparse.Namespace) -> Any:
    """What the handbook publishes: of the data here, of a file, or of a site."""
    if not options.handbook:
        return published.document(handbook(options))
    if not options.handbook.startswith(("https://", "http://")):
        return json.loads(Path(options.handbook).read_text(encoding="utf-8"))
    whole = options.handbook.endswith(".json")
    address = options.handbook if whole else f"{options.handbook.rstrip('/')}/{published.ADDRESS}"
    with urllib.request.urlopen(address, timeout=FETCH_SECONDS) as response:
        return json.load(response)


COMMAND = Command(
    run,
    "0 every alert that wakes somebody has a playbook, 1 one has none, or a file or a runbook_url is wrong, or the "
    "data has problems",
    (
        "coverage --rules rules/*.yaml --team payments",
        "coverage --rules rules/*.yaml --handbook https://handbook.example.com/",
    ),
    add_arguments=add_arguments,
    formats=reporting.RULE_FORMATS,
)

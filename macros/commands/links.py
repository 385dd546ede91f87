"""`links`: are the outside addresses still there?"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from macros.commands import outside_links, reporting
from macros.commands.command import FAULTY, OK, Command, StopError, argument, data_folder, handbook, print_result
from macros.handbook.graph import Handbook
from macros.site import project
from macros.text.colour import Ink, Paint

LONGEST_TIMEOUT = 600


def run(options: argparse.Namespace) -> int:
    """Ask every outside address of the data and the pages whether it is still there; needs the network."""
    if not 0 < options.timeout <= LONGEST_TIMEOUT:
        raise StopError(f"--timeout: give seconds, more than 0 and {LONGEST_TIMEOUT} at most")
    loaded = handbook(options)
    places = outside_addresses(loaded, data_folder(options))
    answers = outside_links.check(
        places, loaded.organisation.site_address, partial(outside_links.ask, timeout=options.timeout)
    )
    annotations = reporting.as_github(answers.reports["broken"], answers.reports["moved"])
    print_result(options, as_text(answers, reporting.paint()), as_value(answers), annotations)
    return FAULTY if answers.reports["broken"] else OK


def outside_addresses(handbook: Handbook, data: Path) -> dict[str, tuple[outside_links.LinkPlace, ...]]:
    """Every outside address that the data (in the folder `data`) and the pages in docs/ lead to, with its places."""
    docs = project.ROOT / "docs"
    pages = {project.shown(docs / uri): (docs / uri).read_text(encoding="utf-8") for uri in project.guide_addresses()}
    return outside_links.collect(handbook, data, pages)


def as_text(answers: outside_links.LinkAnswers, paint: Paint) -> str:
    """A line for each place of a broken link, then of one that nobody can be sure of or that moved, and counts."""
    headings = {"broken": "", "not-sure": "not sure; these don't count:", "moved": "moved:"}
    lines, counts = [], []
    for sort, heading in headings.items():
        reports, ink = answers.reports[sort], Ink.FINDING if heading else Ink.PROBLEM
        lines += [heading] if heading and reports else []
        lines += reporting.report_lines(reports, ink, paint)
        count = f"{len({report.address for report in reports})} {sort.replace('-', ' ')}"
        counts.append(reporting.painted(count, ink, paint, reports))
    lines.append(f"{reporting.counted(answers.asked, 'address', 'addresses')} asked for: {', '.join(counts)}")
    lines += [f"{reporting.counted(number, *reason.value)} left out" for reason, number in answers.left_out.items()]
    return "\n".join(lines)


def as_value(answers: outside_links.LinkAnswers) -> dict[str, object]:
    """An object with the lists `broken`, `not_sure` and `moved`, and the counts `asked` and `left_out`."""
    return {
        **{sort.replace("-", "_"): [*map(reporting.record, reports)] for sort, reports in answers.reports.items()},
        "asked": answers.asked,
        "left_out": {reason.name.lower(): number for reason, number in answers.left_out.items()},
    }


COMMAND = Command(
    run,
    "0 nothing is broken, 1 an address is gone (404, 410, no connection to its host), there is no network, or the data "
    "has problems",
    ("links", "links --timeout 60 --format json"),
    "lychee asks for the addresses, again where a fault may pass; `make links` installs it.",
    arguments=(
        argument(
            "--timeout", type=int, default=20, metavar="SECONDS", help="how long an answer may take (%(default)s)"
        ),
    ),
    formats=reporting.FORMATS,
)

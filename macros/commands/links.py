"""`links`: are the outside addresses still there?"""

from __future__ import annotations

import argparse
import time
from functools import partial

from macros import links, reporting
from macros.commands.command import FAULTY, OK, Help, StopError, add_data, add_format, data_folder, handbook, paint
from macros.project import outside_addresses

LONGEST_TIMEOUT = 600

HELP = Help(
    exit_codes=(
        "0 nothing is broken, 1 an address is gone, twice in a row (404, 410, no such host, connection refused), "
        "there is no network, or the data has problems"
    ),
    examples=("links", "links --timeout 60 --format json"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which data, how to print, how long to wait."""
    add_data(parser)
    add_format(parser, reporting.LINK_FORMATS)
    parser.add_argument(
        "--timeout",
        type=float,
        default=links.SECONDS,
        metavar="SECONDS",
        help="how long an answer may take (%(default)s)",
    )


def run(options: argparse.Namespace) -> int:
    """Ask every outside address of the data and the pages whether it is still there; needs the network."""
    if not 0 < options.timeout <= LONGEST_TIMEOUT:
        raise StopError(f"--timeout: give seconds, more than 0 and {LONGEST_TIMEOUT} at most")
    loaded = handbook(options)
    places = outside_addresses(loaded, data_folder(options))
    own = loaded.organisation.site_address
    try:
        answers = links.check(places, own, links.asker(options.timeout), time.sleep)
    except links.NoNetworkError as error:
        raise StopError(f"no network: {error}", FAULTY) from error
    formats = reporting.LINK_FORMATS | {"text": partial(reporting.links_as_text, paint=paint())}
    report = formats[options.format](answers)
    if report:
        print(report)
    return FAULTY if answers.broken else OK

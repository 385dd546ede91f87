"""`links`: are the outside addresses of the handbook still there? Only `ask` meets the network."""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from macros.commands import reporting
from macros.commands.command import FAULTY, OK, Command, argument, data_folder, handbook, print_result
from macros.editing.renaming.links import OUTSIDE, targets
from macros.handbook import addresses, alerts
from macros.handbook.graph import Handbook, grouped
from macros.model.values import Entity, Url
from macros.site import project
from macros.sources import guides
from macros.sources.yaml_file import position_after
from macros.text import markdown
from macros.text.colour import Ink, inked
from macros.text.problems import Message, Report, in_order

_EXAMPLE = re.compile(
    r"https?://(?:[^/?#]*[@.])?"
    r"(?:example(?:\.(?:com|net|org))?|invalid|localhost|test|127(?:\.\d+){3}|\[::1\])\.?(?:[:/?#]|$)",
    re.I,
)
"""Hosts that lead nowhere by agreement (RFC 2606, RFC 6761), and this machine. lychee knows some of them alone."""

_WORDS = {
    "broken": "{address} {reason}; find its new address, or remove the link",
    "not-sure": "{address} {reason}; check in a browser that it is still the right page",
    "moved": "{address} moved to {leads_to}",
}
"""What is said of an address, by what came of it. What is broken counts; what isn't sure may be right for a person with
a browser, and what moved still leads on."""

_GONE, _PERMANENT = {404, 410}, {301, 308}
_NO_CONNECTION = ("Connection refused", "Connection failed")
"""How lychee's words begin where a host can't be reached, or has no name."""

LinkPlace = tuple[str, int, int]
"""Where an address stands: a file as messages call it, line and column from 1."""


class LinkAnswers(NamedTuple):
    """What the addresses came to: reports in order, by sort, one for each place; `asked` and `left_out` count them."""

    reports: Mapping[str, Sequence[Report]]
    asked: int
    left_out: int


@Command(
    "0 no link is broken, 1 one is (404, 410, no connection to its host), there is no network, or the data "
    "has problems",
    ("links", "links --timeout 60 --format json"),
    "lychee checks the addresses, and retries temporary faults; `make links` installs it.",
    arguments=(
        argument("--timeout", type=int, default=20, metavar="SECONDS", help="to wait for an answer (%(default)s)"),
    ),
    formats=reporting.FORMATS,
)
def run(options: argparse.Namespace) -> int:
    """Check every external link in the data and the pages; needs the network."""
    loaded = handbook(options)
    places = outside_addresses(loaded, data_folder(options), project.ROOT / "docs")
    answers = check(places, loaded.organisation.site_address, partial(ask, timeout=options.timeout))
    annotations = reporting.as_github(answers.reports["broken"], answers.reports["moved"])
    print_result(options, as_text(answers, reporting.paint()), as_value(answers), annotations)
    return FAULTY if answers.reports["broken"] else OK


def outside_addresses(handbook: Handbook, data: Path, docs: Path) -> dict[str, tuple[LinkPlace, ...]]:
    """Every outside address of the data and of hand-written pages, without its fragment, with all its places.

    `data` is the folder that the handbook was read from, `docs` that of the pages.
    """
    entities = handbook.everything()
    files = {entity.path: data / entity.path.removeprefix(f"{handbook.folder}/") for entity in entities}
    files |= {f"{docs.name}/{uri}": file for uri, file in guides.pages_in(docs).items()}
    in_texts = (link for path, file in files.items() for link in _in_text(path, file.read_text("utf-8-sig")))
    in_keys = (
        (address, (entity.path, *handbook.place(entity, location)))
        for entity, location, address in handbook.every(Entity, Url)
    )
    origins = (origin for alert in alerts.known(handbook) for origin in alert.origins)
    in_rules = ((origin.runbook_url, (origin.path, *origin.runbook_place)) for origin in origins)
    whole = ((address, place) for address, place in in_rules if re.match(OUTSIDE, address) and "{{" not in address)
    found = grouped((address.partition("#")[0], place) for address, place in (*in_keys, *whole, *in_texts))
    return {address: tuple(sorted(set(places))) for address, places in found.items()}


def _in_text(path: str, text: str) -> Iterator[tuple[str, LinkPlace]]:
    """The addresses that links lead to in a page, or in the Markdown of a data file; code and comments show none."""
    shown = markdown.without_code(text)
    for target, start, _ in targets(shown):
        if re.match(OUTSIDE, target, re.I):
            yield target.replace("&amp;", "&"), (path, *position_after(shown[:start]))


def is_asked_for(address: str, own: str | None) -> bool:
    """Whether an address is to be checked: no mail, no example host, nothing of the handbook, which is at `own`."""
    leads_out = addresses.within(own, address) is None
    return leads_out and not address.lower().startswith("mailto:") and not _EXAMPLE.match(address)


def ask(every: Sequence[str], timeout: int, retries: int = 2) -> dict[str, Any]:
    """What lychee says of the addresses, as its JSON has it: `span.line` is an address's place in `every`, from 1.

    An answer may take `timeout` seconds; lychee asks again where a fault may pass. Raises `OSError` where
    lychee isn't installed or doesn't run.
    """
    lychee = Path(sys.executable).with_name("lychee")
    if not lychee.exists():
        raise FileNotFoundError("lychee isn't installed; `make links` installs it")
    options = ("--format=json", "-vv", "--no-progress", "--max-concurrency=8", "--host-concurrency=2")
    waits = (f"--timeout={timeout}", f"--max-retries={retries}", "--retry-wait-time=5")
    # A folder of its own, since lychee reads the configuration of the folder where it runs.
    with TemporaryDirectory() as folder:
        page = Path(folder, "links.html")
        page.write_text("\n".join(f'<a href="{escape(address)}"></a>' for address in every), encoding="utf-8")
        done = subprocess.run([lychee, *options, *waits, page.name], cwd=folder, capture_output=True, encoding="utf-8")
    try:
        return dict(json.loads(done.stdout))
    except ValueError:
        raise OSError(f"lychee stopped: {done.stderr.strip()}") from None


class Answer(NamedTuple):
    """What lychee says of an address: its sort, empty where all is well, why, and where it leads."""

    sort: str
    reason: str
    leads_to: str = ""


def answer(entry: Mapping[str, Any] | None) -> Answer:
    """What an entry of lychee's JSON says; None is an address of which lychee says nothing."""
    if entry is None:
        return Answer("not-sure", "has no answer from lychee")
    status, redirects = entry["status"], (entry.get("redirects") or {"redirects": []})["redirects"]
    code, last = status.get("code", 0), redirects[-1]["url"] if redirects else ""
    if 200 <= code < 300:
        moved = redirects and all(redirect["code"] in _PERMANENT for redirect in redirects)
        return Answer("moved", "", last) if moved else Answer("", "")
    details = status.get("details", status["text"])
    said = f"answers {status['text'].removeprefix('Rejected status code: ')}" if code else f"has no answer ({details})"
    broken = code in _GONE or (not code and details.startswith(_NO_CONNECTION))
    return Answer("broken" if broken else "not-sure", f"leads to {last}, which {said}" if last else said)


def check(
    places: Mapping[str, Sequence[LinkPlace]], own: str | None, ask: Callable[[Sequence[str]], Mapping[str, Any]]
) -> LinkAnswers:
    """Ask for every address that `is_asked_for`, and say what each came to at all its places.

    `own` is where the handbook is published; `ask` is as the function of that name. Raises `ConnectionError`
    where nothing answers at all.
    """
    asked = [address for address in places if is_asked_for(address, own)]
    report = ask(asked) if asked else {}
    maps = (report.get(name, {}) for name in ("success_map", "error_map", "timeout_map"))
    entries = {entry["span"]["line"]: entry for pages in maps for page in pages.values() for entry in page}
    answers = {address: answer(entries.get(number)) for number, address in enumerate(asked, 1)}
    if asked and not any("code" in entry["status"] for entry in entries.values()):
        why = f"{asked[0]} {answers[asked[0]].reason}"
        raise ConnectionError(f"no network: no address answers ({len(asked)} checked); {why}")
    reports = {
        sort: in_order(
            Report(*place, f"link-{sort}", Message(words, said._asdict(), address=address))
            for address, said in answers.items()
            if said.sort == sort
            for place in places[address]
        )
        for sort, words in _WORDS.items()
    }
    return LinkAnswers(reports, len(asked), len(places) - len(asked))


def as_text(answers: LinkAnswers, paint: bool) -> str:
    """A line for each place of a link that is broken, not sure or moved, and counts."""
    lines, counts = [], []
    for sort, reports in answers.reports.items():
        ink = Ink.PROBLEM if sort == "broken" else Ink.FINDING
        lines += reporting.report_lines(reports, ink, paint)
        counts.append(inked(f"{len(reports)} {sort.replace('-', ' ')}", ink, paint and bool(reports)))
    lines.append(f"{reporting.counted(answers.asked, 'address', 'addresses')} checked: {', '.join(counts)}")
    lines += [f"{answers.left_out} left out: mail, example hosts, the handbook itself"] if answers.left_out else []
    return "\n".join(lines)


def as_value(answers: LinkAnswers) -> dict[str, object]:
    """An object with the lists `broken`, `not_sure` and `moved`, and the counts `asked` and `left_out`."""
    lists = {sort.replace("-", "_"): [*map(reporting.record, reports)] for sort, reports in answers.reports.items()}
    return {**lists, "asked": answers.asked, "left_out": answers.left_out}

"""Looks at every page of the shipped site in a browser, as tests look at a small organisation's: `make audit`.

Each at four widths and in both colour schemes. Before that, two clones of the last commit are built, which must be
equal to the byte. Prints each fault with its page, how many of each sort there are, and the files that differ; ends
with 1 where there is one.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import visit
import whole_site
from playwright.sync_api import sync_playwright
from repositories import git
from web import EDITIONS, ROOT, contents, launch, read_html, run, served

from macros.site import publish

MIDNIGHT = "1795478400"
"""2026-11-24 00:00 UTC: between these places, it is another day."""

PLACES = {
    "handbook": {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
    "elsewhere/below/a handbook": {"TZ": "America/Los_Angeles", "LC_ALL": "C"},
}
"""Where the site is built twice, and what else differs there."""

NAMED = 20
"""How many files that differ are named."""


WIDTHS = ", ".join(map(str, visit.WIDTHS))


def main() -> int:
    """Build the site, look at all of it, and print what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        differing = [*different(Path(folder))]
    print(*islice(differing, NAMED), f"{len(differing)} files differ in another folder and time zone", sep="\n")
    faults = seen()
    for edition, (pages, found) in faults.items():
        print(*found, f"{edition}: {pages} pages at {WIDTHS} px, {len(found)} faults", sep="\n")
        print(*(f"  {sum(f': {sort}: ' in fault for fault in found)} {sort}" for sort in visit.OF_A_WIDTH), sep="\n")
    return int(bool(differing) or any(found for _, found in faults.values()))


def different(folder: Path) -> Iterator[str]:
    """Files of the site, PDFs included, that one of two clones of the last commit makes otherwise, or not at all."""
    for place in PLACES:
        git(ROOT, "clone", "--quiet", str(ROOT), str(folder / place))
    sites = []
    for place, environment in PLACES.items():
        clone = folder / place
        made = run(clone, "macros", "site", "--pdf", SOURCE_DATE_EPOCH=MIDNIGHT, **environment)
        if made.returncode:
            raise SystemExit(made.stdout)
        sites.append(contents(clone / "site"))
    first, second = sites
    yield from (name for name in sorted(first | second) if first.get(name) != second.get(name))


def seen() -> dict[str, tuple[int, list[str]]]:
    """How many pages each edition has, and the faults that a browser finds in them."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        publish.site(site)
        host = urlsplit(read_html(site / "index.html").one("link", rel="canonical")["href"]).netloc
        with served(site) as port, sync_playwright() as playwright:
            browser = launch(playwright, host, port)
            pages = {edition: visit.pages(site, edition) for edition in EDITIONS}
            found = {
                edition: [
                    fault
                    for other in (False, True)
                    for fault in visit.faults(browser, f"http://{host}/", edition, every, other=other)
                ]
                for edition, every in pages.items()
            }
            browser.close()
        for fault in whole_site.misplaced(site):
            found["ja" if fault.startswith("ja/") else "en"].append(f"/{fault}")
    return {edition: (len(pages[edition]), found[edition]) for edition in EDITIONS}


if __name__ == "__main__":
    sys.exit(main())

"""Looks at every page of the shipped site in a browser, as tests look at a small organisation's: `make audit`.

English light and narrow, Japanese dark and wide. Prints each fault with its page; ends with 1 where there is one.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import visit
from playwright.sync_api import sync_playwright
from web import EDITIONS, launch, read_html, served

from macros.site import publish


def main() -> int:
    """Build the site, look at all of it, and print what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        publish.site(site)
        host = urlsplit(read_html(site / "index.html").one("link", rel="canonical")["href"]).netloc
        with served(site) as port, sync_playwright() as playwright:
            browser = launch(playwright, host, port)
            pages = {edition: visit.pages(site, edition) for edition in EDITIONS}
            found = {edition: visit.faults(browser, f"http://{host}/", edition, pages[edition]) for edition in EDITIONS}
            browser.close()
    for edition, faults in found.items():
        print(*faults, f"{edition}: {len(pages[edition])} pages, {len(faults)} faults", sep="\n")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())

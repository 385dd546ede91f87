"""Looks at every page of the shipped site in a browser, as the tests look at one of each kind: `make audit`.

English light and narrow, Japanese dark and wide. Prints each fault with its page; ends with 1 where there is one.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright
from test_browser import EDITIONS, VIOLATIONS, faults_of_looks
from web import AXE, NARROW, WIDE, Watch, launch, read_html, served

from macros import publish

LOOKS = {"en": ("light", NARROW), "ja": ("dark", WIDE)}


def addresses(site: Path, edition: str) -> list[str]:
    """The pages of an edition, from the root of the site; not those that lead on to another."""
    root = site / EDITIONS[edition]
    pages = (it for it in sorted(root.rglob("*.html")) if edition != "en" or it.relative_to(root).parts[0] != "ja")
    leading_on = '<meta http-equiv="refresh"'
    kept = (it for it in pages if leading_on not in it.read_text(encoding="utf-8"))
    return [it.relative_to(site).as_posix().removesuffix("index.html") for it in kept]


def audit(site: Path, edition: str, browser: Browser, address: str) -> tuple[int, list[str]]:
    """How many pages of an edition there are, and what is wrong with them, the policy's refusals included."""
    scheme, window = LOOKS[edition]
    context = browser.new_context(color_scheme=scheme, viewport=window)  # type: ignore[arg-type]
    context.add_init_script(path=AXE)
    watch = Watch(address)
    watch.start(context)
    page = context.new_page()
    faults: list[str] = []
    every = addresses(site, edition)
    for path in every:
        page.goto(address + path)
        found = faults_of_looks(page, scheme, window["width"], edition)
        found += page.evaluate(VIOLATIONS)
        faults += [f"/{path}: {it}" for it in (*found, *watch.faults)]
        watch.faults.clear()
    context.close()
    return len(every), faults


def main() -> int:
    """Build the site, look at all of it, and print what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        publish.site(site)
        host = urlsplit(read_html(site / "index.html").one("link", rel="canonical")["href"]).netloc
        with served(site) as port, sync_playwright() as playwright:
            browser = launch(playwright, host, port)
            results = {it: audit(site, it, browser, f"http://{host}/") for it in EDITIONS}
            browser.close()
    for edition, (number, faults) in results.items():
        print(*faults, f"{edition}: {number} pages, {len(faults)} faults", sep="\n")
    return int(any(faults for _, faults in results.values()))


if __name__ == "__main__":
    sys.exit(main())

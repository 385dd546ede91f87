"""What a reader's browser loads, compressed as servers send it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Response
from web import EDITIONS, go_instantly, sent, watched

FIRST = 100_000
"""How many bytes a first visit may load, with all that every page needs."""

FURTHER = 30_000
"""How many a page may load that a reader goes on to."""

LARGEST = 300_000
"""How many bytes of HTML a page may have, uncompressed, however large the organisation is."""

PAGES = ("", "teams/complete/", "playbooks/complete-playbook/", "teams/complete/checklists/complete-checklist/")
ON = ("teams/", "teams/complete/", "teams/complete/on-call/", "playbooks/complete-playbook/")
"""Pages each of which has a link to the next."""


def too_heavy(responses: Iterable[Response], most: int) -> list[str]:
    """What was loaded with its bytes, the heaviest first, where that is more than `most` in all; else nothing."""
    sizes = sent(responses)
    total = sum(sizes.values())
    listed = [f"  {size:,} {url}" for url, size in sorted(sizes.items(), key=lambda it: -it[1])]
    return [f"{total:,} bytes, not {most:,}:", *listed] if total > most else []


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_first_visit_is_light_and_asks_no_other_host(edition: str, browser: Browser, site_address: str) -> None:
    faults = []
    for path in PAGES:
        page, loaded, watch = watched(browser, site_address)
        page.goto(f"{site_address}{EDITIONS[edition]}{path}")
        page.wait_for_load_state("networkidle")
        assert len(loaded) > 5
        faults += [*too_heavy(loaded, FIRST), *watch.faults]
        page.context.close()
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_further_page_is_lighter(edition: str, browser: Browser, site_address: str) -> None:
    page, loaded, watch = watched(browser, site_address)
    page.goto(f"{site_address}{EDITIONS[edition]}")
    faults = []
    for path in ON:
        link = page.locator(f"a[href$='{path.rpartition('/')[0].rpartition('/')[2]}/']:visible").first
        page.wait_for_load_state("networkidle")
        loaded.clear()
        go_instantly(page, link, f"{site_address}{EDITIONS[edition]}{path}")
        page.wait_for_load_state("networkidle")
        assert loaded
        faults += [*too_heavy(loaded, FURTHER), *watch.faults]
    page.context.close()
    assert faults == [], "\n".join(faults)


def test_no_page_is_too_large_for_a_browser(built_site: Path) -> None:
    sizes = {path.relative_to(built_site).as_posix(): path.stat().st_size for path in built_site.rglob("*.html")}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}

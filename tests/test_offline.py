"""A playbook as one file: whole, of a known day, and of use from a disk, with the network off."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import visit
from conftest import BASE, Golden, golden_site, make_site
from playwright.sync_api import Browser, expect
from web import AXE, EDITIONS, NARROW, Watch, read_html

from macros.site import offline, pages
from macros.site.render import Edition

PLAYBOOK = "name: Till is stuck\nservice: till\nlinks: [{name: Manual, address: https://example.com/manual}]\n"
FILES = {"teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\n"}

each_edition = pytest.mark.parametrize("edition", EDITIONS)


def file_of(site: Edition, id: str) -> str:
    """The file beside the page of a playbook."""
    return next(page.make().offline for page in pages.pages(site) if page.uri == f"playbooks/{id}/index.md")


@each_edition
def test_a_file_looks_as_it_was_blessed(edition: str, golden: Golden) -> None:
    text = file_of(golden_site(edition), "complete-playbook")
    assert text.count(offline.style()) == 1
    golden.check(f"offline/{edition}.html", text.replace(offline.style(), ""))


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("", []),
        (
            "site_address: https://example.com/h\n",
            [
                f"https://example.com/h/ja/{it}/"
                for it in ("playbooks/stuck", "services/till", "teams/payments/on-call")
            ],
        ),
    ],
)
def test_links_into_the_handbook_are_whole_or_lead_nowhere(address: str, leads_to: list[str], tmp_path: Path) -> None:
    organisation = {"organisation.yaml": BASE["organisation.yaml"] + address}
    playbook = {"teams/payments/playbooks/stuck.yaml": PLAYBOOK}
    text = file_of(make_site(tmp_path, {**organisation, **FILES, **playbook}, "ja"), "stuck")
    links = [it for it in re.findall(r'<a\b[^>]* href="([^"]*)"', text) if not it.startswith("#")]
    assert links == [*leads_to, "https://example.com/manual"]


@each_edition
def test_a_file_works_from_a_disk_with_the_network_off(
    edition: str, built_site: Path, browser: Browser, tmp_path: Path
) -> None:
    place = f"{EDITIONS[edition]}playbooks/complete-playbook"
    saved = Path(shutil.copy(built_site / place / offline.NAME, tmp_path / "saved.html"))
    context = browser.new_context(offline=True, color_scheme="dark", viewport=NARROW, has_touch=True)
    context.add_init_script(path=AXE)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    watch = Watch(saved.as_uri())
    watch.start(context)
    page = context.new_page()
    page.goto(saved.as_uri())
    assert [*visit.of_widths(page, NARROW), *visit.of_looks(page, "dark", edition)] == []
    assert page.evaluate(visit.VIOLATIONS) == []
    page.locator("#first + ol a.chip").tap()
    expect(page.locator(":target")).to_have_id("roll-back")
    page.locator(".decisions a", has_text="M1").tap()
    expect(page.locator(":target")).to_have_id("add-worker")
    page.locator("#add-worker pre").first.click()
    assert page.evaluate("getSelection().toString()") == "workers add 1 --namespace {namespace}", "to be copied"
    context.close()
    assert (asked, watch.faults) == ([saved.as_uri()], [])


@each_edition
@pytest.mark.parametrize("page", ["playbooks/complete-playbook/", "teams/complete/on-call/"])
def test_pages_lead_to_the_file_under_a_name_of_its_own(page: str, edition: str, built_site: Path) -> None:
    root = built_site / EDITIONS[edition]
    (link,) = read_html(root / page / "index.html").all("a", download="complete-playbook.html")
    assert (root / page / link["href"]).resolve() == (root / "playbooks/complete-playbook" / offline.NAME).resolve()
    assert (root / page / link["href"]).is_file()


def test_no_file_is_found_by_a_search_engine(built_site: Path) -> None:
    assert offline.NAME not in (built_site / "sitemap.xml").read_text(encoding="utf-8")
    assert read_html(built_site / "playbooks/complete-playbook" / offline.NAME).meta("robots") == "noindex"

"""The built site in a browser: every page once, the filter, the languages, paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import visit
from playwright.sync_api import Browser, Locator, Page, expect
from visit import GROUNDS
from web import AXE, EDITIONS, NARROW, WIDE, Watch, click_at_rest, go_instantly, wait_in_page

from macros.model.kinds import KINDS

QUARTERS = range(4)

RESULT = "team-types/choose/?visible=yes&goal=yes"
"""The chooser with all its questions answered: a page by its address alone."""


OF_EACH_SORT = (
    "",
    "teams/",
    "teams/complete/",
    "teams/complete/on-call/",
    "teams/complete/checklists/complete-checklist/",
    "services/complete-service/",
    "journeys/complete-journey/",
    "playbooks/complete-playbook/",
    "playbooks/complete-playbook/offline.html",
    "slos/",
    "glossary/",
    "coverage/",
    RESULT,
)


OF_KINDS = tuple(f"contribute/data/{kind}/" for kind in KINDS if kind != "journey")
"""Pages that no organisation changes, all of one template: here the longest stands for them, the audit looks at all."""


@pytest.mark.parametrize("quarter", QUARTERS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_fits_speaks_and_loads(
    edition: str, quarter: int, built_site: Path, browser: Browser, site_address: str
) -> None:
    every = [path for path in visit.pages(built_site, edition) if not path.endswith(OF_KINDS)]
    every.append(f"{EDITIONS[edition]}{RESULT}")
    assert len(every) > 90
    faults = visit.faults(browser, site_address, edition, every[quarter :: len(QUARTERS)])
    assert faults == [], "\n".join(faults)


def test_the_boxes_of_a_picture_are_reached_in_its_order_and_lead_on(browser: Browser, site_address: str) -> None:
    context = browser.new_context(viewport=WIDE)
    watch = Watch(site_address)
    watch.start(context)
    page = context.new_page()
    page.goto(f"{site_address}services/map/")
    boxes = page.locator(".picture a")
    boxes.first.focus()
    reached = []
    for _ in range(boxes.count()):
        reached.append(page.evaluate("document.activeElement.textContent"))
        page.keyboard.press("Tab")
    assert reached == boxes.all_text_contents()
    boxes.filter(has_text="Needs back").press("Enter")
    page.wait_for_url("**/services/needs-back/")
    context.close()
    assert watch.faults == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_page_of_each_sort_can_be_read_in_the_other_scheme_too(
    edition: str, browser: Browser, site_address: str
) -> None:
    paths = [f"{EDITIONS[edition]}{path}" for path in OF_EACH_SORT]
    faults = visit.faults(browser, site_address, edition, paths, other=True)
    assert faults == [], "\n".join(faults)


EVERY_WIDTH = [f"{width} px" for width in sorted(visit.WIDTHS, key=lambda width: width == NARROW["width"])]
SEEN = {
    "sticks out": [it for it in EVERY_WIDTH if it != "1440 px"],
    "too wide": [it for it in EVERY_WIDTH if it != "1440 px"],
    "begins a line": EVERY_WIDTH,
    "broken": EVERY_WIDTH,
    "empty column": ["1440 px"],
    "no way on": EVERY_WIDTH,
}
"""What is wrong with the page below, with the widths in which it is."""


def test_the_checkers_of_a_page_can_fail(browser: Browser, site_address: str) -> None:
    context = browser.new_context(viewport=NARROW)
    context.add_init_script(path=AXE)
    watch = Watch(site_address)
    watch.start(context)
    page = context.new_page()
    page.goto(f"{site_address}teams/")
    page.evaluate("""() => {
      const article = document.querySelector("article");
      const pale = '<p style="width: 50rem; color: #eee">wide and pale</p>';
      const cut = '<table class="cards-table"><tr><td style="display: grid">a <a href="/">b</a></td></tr></table>';
      const broken = '<table class="cards-table"><tr><td><div style="width: 1rem">2026-11-24</div></td></tr></table>';
      const boxes = [0, 10].map((x) => `<g class="picture__box"><rect x="${x}" y="0" width="20" height="20"/></g>`);
      const label = '<g class="picture__box"><rect y="30" width="20" height="20"/><text y="45">wide label</text></g>';
      const words = '<text y="15">on</text>';
      const picture = `<div class="picture"><svg width="99">${boxes.join("")}${label}${words}</svg></div>`;
      article.insertAdjacentHTML("beforeend", `${pale}<img src="/none.png">${cut}${broken}${picture}`);
      for (const it of document.querySelectorAll(".md-tabs--pages, .md-sidebar a")) it.remove();
      document.querySelector(".md-sidebar--primary").hidden = false;
      console.error("told");
      fetch("https://other.example/").catch(() => {});
      setTimeout(() => { throw new Error("thrown"); });
    }""")
    wait_in_page(page, "[...document.images].every((it) => it.complete)")
    *rest, ground, language = visit.of_looks(page, "dark", "ja")
    labels = [fault.partition(": ")[2].split()[0] for fault in rest if fault.startswith("a label doesn't fit")]
    assert sorted(labels) == ["on", "on", "wide"]
    assert (ground, language) == ("the ground is rgb(255, 255, 255)", "another language")
    found = [it.split(": ") for it in visit.of_widths(page, NARROW)]
    for words, widths in SEEN.items():
        assert [width for width, seen, *_ in found if seen == words] == widths, words
    of_colours = page.evaluate(visit.VIOLATIONS, visit.OF_COLOURS)
    assert [it.partition(": ")[0] for it in of_colours] == ["color-contrast"]
    violations = " ".join(page.evaluate(visit.VIOLATIONS))
    assert "color-contrast" in violations
    assert "image-alt" in violations
    faults = " ".join(watch.faults)
    context.close()
    for expected in ("404: ", "console: told", "thrown", "violates the following Content Security Policy"):
        assert expected in faults


def test_what_the_policy_would_stop_is_seen_without_it(browser: Browser, site_address: str) -> None:
    context = browser.new_context(bypass_csp=True)
    watch = Watch(site_address)
    watch.start(context)
    page = context.new_page()
    page.goto(site_address)
    page.evaluate("fetch('https://other.example/').catch(() => {})")
    context.close()
    assert "request to another host: https://other.example/" in watch.faults


def test_an_address_without_a_page_shows_the_404_page_with_its_looks_and_its_ways_out(
    browser: Browser, site_address: str
) -> None:
    page = browser.new_page(viewport=WIDE)
    response = page.goto(f"{site_address}teams/some/where/")
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    expect(page.locator(".md-header")).to_have_css("background-color", "rgb(18, 57, 74)")
    fixed = page.locator("article a:not([data-near] a, [data-search] a, [data-report])")
    ways = fixed.evaluate_all("links => links.map((it) => new URL(it.href).pathname)")
    places = ["incidents/", "services/", "go/", "playbooks/", "teams/", ""]
    assert ways == [f"{edition}{place}" for edition in ("/", "/ja/") for place in places]
    page.get_by_role("link", name="チーム一覧").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    page.close()


# The filter of the team index


def rows(page: Page) -> Locator:
    """The rows of the team table that are shown."""
    return page.locator("#team-table tbody tr:visible")


def names(page: Page) -> list[str]:
    """The teams that the table shows, by the folder of their pages."""
    return [
        urlsplit(it).path.rstrip("/").rsplit("/")[-1]
        for it in rows(page).evaluate_all("rows => rows.map((it) => it.querySelector('a').href)")
    ]


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def expect_count(page: Page, shown: int, all: int = 4) -> None:
    expect(page.locator("form[data-filter=team-table] output")).to_contain_text(
        re.compile(rf"{shown}\D+{all}|{all}\D+{shown}")
    )
    expect(rows(page)).to_have_count(shown)


def test_the_filter_works_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/")
    expect_count(page, 4)
    page.get_by_role("searchbox", name="Search this table").focus()
    page.keyboard.type("nodes")
    expect(rows(page)).not_to_have_count(4)
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="SRE set-up")).to_be_focused()
    page.keyboard.type("none")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show all")).to_be_focused()
    assert query(page) == {"text": ["nodes"], "type": ["none"]}
    page.keyboard.press("Enter")
    expect_count(page, 4)
    assert query(page) == {}


def test_enter_in_the_filter_leaves_the_page_where_it_is(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/")
    page.get_by_role("searchbox", name="Search this table").fill("complete")
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox", name="Search this table")).to_have_value("complete")
    assert urlsplit(page.url).path == "/teams/"


def test_the_filter_takes_a_choice_and_the_address_keeps_it(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/")
    page.get_by_role("combobox", name="SRE set-up").select_option("platform")
    expect_count(page, 1)
    assert names(page) == ["platform"]
    assert query(page) == {"type": ["platform"]}
    page.reload()
    expect_count(page, 1)
    expect(page.get_by_role("combobox", name="SRE set-up")).to_have_value("platform")
    page.set_viewport_size(NARROW)
    assert names(page) == ["platform"], "a row is a card here"


def test_letter_case_width_and_order_make_no_difference_to_the_filter(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/")
    for text in ("COMPLETE", "complete service", "ｃｏｍｐｌｅｔｅ　ｓｅｒｖｉｃｅ", "  service complete  "):
        page.get_by_role("searchbox", name="Search this table").fill(text)
        expect_count(page, 1)
        assert names(page) == ["complete"], text
        page.get_by_role("button", name="Show all").click()
        expect_count(page, 4)


def test_the_filter_knows_half_width_katakana(open_page: Callable[..., Page]) -> None:
    page = open_page("ja/teams/")
    page.get_by_role("searchbox").last.fill("ﾌﾟﾗｯﾄﾌｫｰﾑ")
    expect(rows(page)).not_to_have_count(4)
    assert names(page) == ["platform"]


def test_both_fields_of_the_filter_count_together(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/?text=complete&type=platform")
    expect(page.get_by_role("searchbox", name="Search this table")).to_have_value("complete")
    expect_count(page, 0)
    # The search takes ?q= for itself.
    expect(page.locator("[data-search-box] input")).not_to_be_focused()


def test_a_choice_that_is_not_there_filters_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/?type=%22%5D&state=nothing")
    expect_count(page, 4)


def test_the_filter_works_after_instant_navigation(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    go_instantly(page, page.locator(".md-tabs").get_by_role("link", name="Teams").last, "**/teams/")
    page.get_by_role("combobox", name="SRE set-up").select_option("platform")
    expect_count(page, 1)
    assert query(page) == {"type": ["platform"]}
    go_instantly(page, page.locator(".md-tabs").get_by_role("link", name="Services").last, "**/services/")
    expect(page.locator("form[data-filter=service-table] output")).to_contain_text("7")
    page.go_back()
    expect_count(page, 1)


def findings(page: Page) -> Locator:
    """The findings of the coverage page that are shown."""
    return page.locator("#finding-table [data-row]:visible")


def test_a_figure_of_a_team_leads_to_its_gaps_and_their_group_opens(open_page: Callable[..., Page]) -> None:
    page = open_page("coverage/")
    form = page.locator("form[data-filter=finding-table]")
    expect(form).to_be_visible()
    expect(findings(page)).to_have_count(0)
    way = page.locator(".heat a[href*='team='][href*='area=']").first
    done, total = map(int, way.inner_text().split("/"))
    count, wanted = total - done, parse_qs(urlsplit(way.get_attribute("href") or "").query)
    click_at_rest(way)
    page.wait_for_url("**/coverage/?team=*")
    expect(findings(page)).to_have_count(count)
    assert query(page) == wanted
    expect(form.get_by_role("combobox", name="Area")).to_have_value(wanted["area"][0])
    expect(page.locator("#finding-table details:visible")).to_have_count(1)
    expect(form).to_be_in_viewport()
    form.get_by_role("button", name="Show all").click()
    expect(findings(page)).to_have_count(0)
    expect(page.locator("#finding-table details:visible")).not_to_have_count(1)
    assert query(page) == {}


def test_a_group_of_findings_that_the_reader_opened_stays_open(open_page: Callable[..., Page]) -> None:
    page = open_page("coverage/")
    group = page.locator("#finding-table details").first
    group.locator("summary").click()
    expect(group.locator("[data-row]").first).to_be_visible()
    search = page.get_by_role("searchbox", name="Search the gaps")
    search.fill("no finding has these words")
    expect(group).to_be_hidden()
    search.fill("")
    expect(group.locator("[data-row]").first).to_be_visible()


# The languages


def switch(page: Page) -> Locator:
    return page.locator("header .edition-switch")


def test_the_language_switch_leads_to_the_same_page_and_back(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/complete/#services")
    expect(switch(page)).to_have_text("日本語")
    switch(page).click()
    page.wait_for_url("**/ja/teams/complete/#services")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(switch(page)).to_have_text("English")
    switch(page).click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/teams/complete/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_language_switch_follows_instant_navigation_and_keeps_the_filter(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    go_instantly(page, page.locator(".md-tabs").get_by_role("link", name="Teams").last, "**/teams/")
    page.get_by_role("combobox", name="SRE set-up").select_option("platform")
    expect_count(page, 1)
    switch(page).click()
    page.wait_for_url("**/ja/teams/?type=platform")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect_count(page, 1)


def test_the_language_switch_follows_from_one_generated_page_to_another(open_page: Callable[..., Page]) -> None:
    page = open_page("ja/journeys/complete-journey/")
    go_instantly(
        page,
        page.locator("article a[href*='services/complete-service/']:visible").first,
        "**/ja/services/complete-service/",
    )
    switch(page).click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/services/complete-service/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_language_link_below_a_page_changes_the_whole_page(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/")
    page.wait_for_load_state("networkidle")
    page.locator(".page-source__edition").click()
    page.wait_for_url("**/ja/teams/")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.locator(".sections")).to_contain_text("チーム")
    expect(switch(page)).to_have_text("English")


# Without JavaScript, on paper


@pytest.mark.parametrize(("edition", "other"), [("en", "ja"), ("ja", "en")])
def test_without_javascript_the_table_is_whole_and_the_languages_change(
    edition: str, other: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{EDITIONS[edition]}teams/?type=platform", java_script_enabled=False, color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", GROUNDS["dark"])
    expect(page.locator("form[data-filter]")).to_be_hidden()
    expect(rows(page)).to_have_count(4)
    switch(page).click()
    page.wait_for_url(f"**/{EDITIONS[other]}teams/")
    expect(page.locator("html")).to_have_attribute("lang", other)


def test_a_table_wider_than_the_screen_scrolls_with_the_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page("contribute/speed/", viewport={"width": 320, "height": 640})
    page.locator(".md-typeset__scrollwrap[tabindex]").first.focus()
    page.keyboard.press("ArrowRight")
    wait_in_page(page, "document.activeElement.scrollLeft > 0")


def test_a_page_printed_from_the_dark_scheme_is_white_and_whole(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/complete/", color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", GROUNDS["dark"])
    page.emulate_media(media="print")
    clear = ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    grounds = page.evaluate(
        "(parts) => parts.map((it) => getComputedStyle(document.querySelector(it)).backgroundColor)",
        ["html", "body", ".md-container", ".md-main", "article"],
    )
    assert [it for it in grounds if it not in clear] == []
    assert "rgb(255, 255, 255)" in grounds
    # Text is dark on it, also in badges and notes.
    pale = page.evaluate("""() => {
      const sum = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).reduce((sum, it) => sum + Number(it), 0);
      const light = (colour) => sum(colour) > 3 * 150;
      const speaks = (it) => [...it.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      return [...document.querySelectorAll("article *")]
        .filter((it) => it.checkVisibility() && speaks(it))
        .filter((it) => light(getComputedStyle(it).color))
        .map((it) => it.outerHTML.slice(0, 120));
    }""")
    assert pale == []
    for part in (".md-header", ".add", ".page-source__ways"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator(".page-source")).to_be_visible()

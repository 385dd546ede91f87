"""The built site in a browser: every kind of page, the filter, the languages, paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from web import AXE, NARROW, WIDE, Watch, go_instantly

PAGES = {
    "home": "",
    "team index": "teams/",
    "complete team": "teams/drawer/",
    "service index": "services/",
    "service": "services/drawer-api/",
    "SRE set-ups": "team-types/",
    "SRE set-up": "team-types/embedded/",
    "chooser": "team-types/choose/",
    "result of the chooser": (
        "team-types/choose/?problems=one-team&goal=none&same-problem=no&ratio=one-per-team&practice=one-team&platform=yes"
    ),
    "comparison": "team-types/compare/",
    "case studies": "team-types/case-studies/",
    "case study": "team-types/case-studies/caddi-embedded-ai/",
    "quick wins": "quick-wins/",
    "quick win": "quick-wins/alert-clean-up/",
    "engagements": "engagements/",
    "engagement": "teams/ai/engagements/large-drawings/",
    "next steps": "next-steps/",
    "playbooks": "playbooks/",
    "playbook": "playbooks/uploads-fail/",
    "playbook templates": "playbooks/templates/",
    "playbook template": "playbooks/templates/alert/",
    "on call": "teams/drawer/on-call/",
    "checklists": "checklists/",
    "checklist": "checklists/incident-commander/",
    "team checklist": "teams/drawer/checklists/new-sre/",
    "alerts": "go/",
    "alert without a playbook": "go/AnalysisBacklogGrowing/",
    "incidents": "incidents/",
    "incident card": "incidents/card/",
    "journeys": "journeys/",
    "journey": "journeys/upload-drawing/",
    "what machines read": "slos/exports/",
    "workshops": "workshops/",
    "workshop": "workshops/cuj/",
    "worksheet": "workshops/cuj/worksheet/",
    "interview sheet": "workshops/pain-point-interviews/interview/",
    "SLOs": "slos/",
    "reading list": "reading/",
    "reading paths": "reading/paths/",
    "reading path": "reading/paths/new-to-sre/",
    "glossary": "glossary/",
    "coverage": "coverage/",
    "contribute": "contribute/",
    "recipes": "contribute/recipes/",
    "style": "contribute/style/",
    "how it works": "contribute/how-it-works/",
    "data": "contribute/data/",
    "rules": "contribute/rules/",
    "macros": "contribute/macros/",
    "not found": "404.html",
}
"""One address of each kind of page."""

EDITIONS = {"en": "", "ja": "ja/"}

OVERFLOWING = """() => {
  const style = getComputedStyle;
  // What scrolls by itself, and what is there for screen readers alone, takes no room.
  const apart = (it) => ["auto", "scroll"].includes(style(it).overflowX) || style(it).clipPath === "inset(50%)";
  const free = (it) => !it || (!apart(it) && free(it.parentElement));
  return [...document.querySelectorAll(".md-content *")]
    .filter((it) => it.getBoundingClientRect().right > innerWidth + 1 && free(it))
    .map((it) => it.outerHTML.slice(0, 120));
}"""
"""What of an article sticks out of the window, and can't be scrolled to."""

CUT_CELLS = """() => {
  const PHRASES = ["A", "ABBR", "CODE", "EM", "STRONG"];
  const boxes = (node) => {
    const range = document.createRange();
    node.nodeType === 3 ? range.selectNode(node) : range.selectNodeContents(node);
    return [...range.getClientRects()].filter((it) => it.width);
  };
  const isPhrase = (node) => node.nodeType === 3 ? node.data.trim() : PHRASES.includes(node.tagName);
  const told = [];
  for (const cell of document.querySelectorAll("td, th")) {
    const right = cell.getBoundingClientRect().right - parseFloat(getComputedStyle(cell).paddingRight);
    const phrases = [...cell.childNodes].filter((it) => it.nodeType !== 3 || it.data.trim());
    phrases.forEach((next, place) => {
      const before = phrases[place - 1];
      if (!before || !isPhrase(before) || !isPhrase(next)) return;
      const [last, first] = [boxes(before).at(-1), boxes(next)];
      const isLine = first.length && first.every((it) => it.top < first[0].bottom);
      if (!last || !isLine) return;
      const width = Math.max(...first.map((it) => it.right)) - first[0].left;
      const fits = last.right + width + 20 < right; // a blank, and the room inside of code
      if (fits && first[0].top >= last.bottom - 1) told.push(cell.outerHTML.slice(0, 160));
    });
  }
  return told;
}"""
"""Cells in which a link, a term or words begin a line although the line before has room for them."""

VIOLATIONS = """async () => {
  const closed = document.querySelectorAll("details:not([open], [data-repeats])");
  for (const details of closed) details.open = true;
  const { violations } = await axe.run({ exclude: [["[data-repeats]"]] }, { resultTypes: ["violations"] });
  for (const details of closed) details.open = false;
  const told = (id, node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => told(id, node)));
}"""
"""What axe has against a page with all its details open, by all rules that are on by default.

The examples of the macros repeat what the pages that call them show, and are looked at there.
"""

VISITS = {
    "en": {"light": NARROW, "dark": WIDE},
    "ja": {"light": WIDE, "dark": NARROW},
}
"""For each edition the window in which a page is looked at in either colour scheme.

Between the two, each kind of page is seen in every width and scheme, and each page in every width and every scheme:
all four for each page would take twice the time, and show what one of these shows.
"""

GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 25, 29)"}


@dataclass
class Visitor:
    """A window of one colour scheme, which is kept from page to page."""

    page: Page
    watch: Watch


@pytest.fixture(scope="module")
def visitors(browser: Browser, site_address: str) -> Iterator[dict[str, Visitor]]:
    """A visitor for each colour scheme."""
    made: dict[str, Visitor] = {}
    for scheme in GROUNDS:
        context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
        context.add_init_script(path=AXE)
        watch = Watch(site_address)
        watch.start(context)
        made[scheme] = Visitor(context.new_page(), watch)
    yield made
    for visitor in made.values():
        visitor.page.context.close()


def faults_of_looks(page: Page, scheme: str, width: int, edition: str) -> list[str]:
    """What is wrong with how a page fits its window, with its ground and its language."""
    found = []
    scroll_width = page.evaluate("document.documentElement.scrollWidth")
    if scroll_width > width:
        found.append(f"{scroll_width} px wide")
    found += [f"sticks out: {it}" for it in page.evaluate(OVERFLOWING)]
    found += [f"begins a line: {it}" for it in page.evaluate(CUT_CELLS)]
    shown = page.evaluate("getComputedStyle(document.body).backgroundColor")
    if shown != GROUNDS[scheme]:
        found.append(f"the ground is {shown}")
    if page.locator("html").get_attribute("lang") != edition:
        found.append("another language")
    return found


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("kind", PAGES)
def test_page_fits_speaks_and_loads_in_every_width_and_scheme(
    kind: str, edition: str, visitors: dict[str, Visitor], site_address: str
) -> None:
    faults: list[str] = []
    for scheme, window in VISITS[edition].items():
        page, watch = visitors[scheme].page, visitors[scheme].watch
        watch.faults.clear()
        page.set_viewport_size(window)
        page.goto(f"{site_address}{EDITIONS[edition]}{PAGES[kind]}")
        found = faults_of_looks(page, scheme, window["width"], edition)
        found += page.evaluate(VIOLATIONS)
        faults += [f"{scheme} {window['width']}: {it}" for it in (*found, *watch.faults)]
    assert faults == [], "\n".join(faults)


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
      article.insertAdjacentHTML("beforeend", `${pale}<img src="/none.png">${cut}`);
      console.error("told");
      fetch("https://other.example/").catch(() => {});
      setTimeout(() => { throw new Error("thrown"); });
    }""")
    page.wait_for_function("window.told = [...document.images].every((it) => it.complete)")
    assert page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]
    assert any("wide and pale" in it for it in page.evaluate(OVERFLOWING))
    assert len(page.evaluate(CUT_CELLS)) == 1
    violations = " ".join(page.evaluate(VIOLATIONS))
    assert "color-contrast" in violations
    assert "image-alt" in violations
    faults = " ".join(watch.faults)
    context.close()
    for expected in ("404: ", "console: told", "thrown", "request to another host: https://other.example/"):
        assert expected in faults


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


def expect_count(page: Page, shown: int, all: int = 6) -> None:
    expect(page.locator("form[data-filter=team-table] output")).to_contain_text(
        re.compile(rf"{shown}\D+{all}|{all}\D+{shown}")
    )
    expect(rows(page)).to_have_count(shown)


def test_the_filter_works_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/")
    expect_count(page, 6)
    page.get_by_role("searchbox", name="Search in this table").focus()
    page.keyboard.type("drawing")
    expect(rows(page)).not_to_have_count(6)
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="SRE set-up")).to_be_focused()
    page.keyboard.type("none")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show all")).to_be_focused()
    assert query(page) == {"text": ["drawing"], "type": ["none"]}
    page.keyboard.press("Enter")
    expect_count(page, 6)
    assert query(page) == {}


def test_enter_in_the_filter_leaves_the_page_where_it_is(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/")
    page.get_by_role("searchbox", name="Search in this table").fill("drawer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox", name="Search in this table")).to_have_value("drawer")
    assert urlsplit(page.url).path == "/teams/"


def test_the_filter_takes_a_choice_and_the_address_keeps_it(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/")
    page.get_by_role("combobox", name="SRE set-up").select_option("platform")
    expect_count(page, 1)
    assert names(page) == ["platform-group"]
    assert query(page) == {"type": ["platform"]}
    page.reload()
    expect_count(page, 1)
    expect(page.get_by_role("combobox", name="SRE set-up")).to_have_value("platform")


@pytest.mark.parametrize("text", ["DRAWER", "drawer api", "ｄｒａｗｅｒ　ａｐｉ", "  api drawer  "])
def test_letter_case_width_and_order_make_no_difference_to_the_filter(
    text: str, open_page: Callable[..., Page]
) -> None:
    page = open_page("teams/")
    page.get_by_role("searchbox", name="Search in this table").fill(text)
    expect(rows(page)).not_to_have_count(6)
    assert "drawer" in names(page)
    expect_count(page, len(names(page)))


def test_the_filter_knows_half_width_katakana(open_page: Callable[..., Page]) -> None:
    page = open_page("ja/teams/")
    page.get_by_role("searchbox").last.fill("ﾊﾟｲﾌﾟﾗｲﾝ")
    expect(rows(page)).not_to_have_count(6)
    assert "drawing-pipeline" in names(page)


def test_both_fields_of_the_filter_count_together(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/?text=drawer&type=platform")
    expect(page.get_by_role("searchbox", name="Search in this table")).to_have_value("drawer")
    expect_count(page, 0)
    # The search takes ?q= for itself.
    expect(page.locator("[data-search-box] input")).not_to_be_focused()


def test_a_choice_that_is_not_there_filters_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/?type=%22%5D&state=nothing")
    expect_count(page, 6)


def test_the_filter_works_after_instant_navigation(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    go_instantly(page, page.locator(".md-tabs").get_by_role("link", name="Teams"), "**/teams/")
    page.get_by_role("combobox", name="SRE set-up").select_option("platform")
    expect_count(page, 1)
    assert query(page) == {"type": ["platform"]}
    go_instantly(page, page.locator(".md-tabs").get_by_role("link", name="Services"), "**/services/")
    expect(page.locator("form[data-filter=service-table] output")).to_contain_text("18")
    page.go_back()
    expect_count(page, 1)


def findings(page: Page) -> Locator:
    """The findings of the coverage page that are shown."""
    return page.locator("#finding-table [data-row]:visible")


def test_a_count_of_findings_leads_to_them_and_their_group_opens(open_page: Callable[..., Page]) -> None:
    page = open_page("coverage/")
    form = page.locator("form[data-filter=finding-table]")
    expect(form).to_be_visible()
    expect(findings(page)).to_have_count(0)
    way = page.locator("#finding-counts a[href*='team='][href*='rule=']").first
    count, wanted = int(way.inner_text()), parse_qs(urlsplit(way.get_attribute("href") or "").query)
    way.click()
    page.wait_for_url("**/coverage/?team=*")
    expect(findings(page)).to_have_count(count)
    assert query(page) == wanted
    expect(form.get_by_role("combobox", name="Rule")).to_have_value(wanted["rule"][0])
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
    search = page.get_by_role("searchbox", name="Search in the findings")
    search.fill("no finding has these words")
    expect(group).to_be_hidden()
    search.fill("")
    expect(group.locator("[data-row]").first).to_be_visible()


# The languages


def switch(page: Page) -> Locator:
    return page.locator("header .edition-switch")


def test_the_language_switch_leads_to_the_same_page_and_back(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/drawer/#services")
    expect(switch(page)).to_have_text("日本語")
    switch(page).click()
    page.wait_for_url("**/ja/teams/drawer/#services")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(switch(page)).to_have_text("English")
    switch(page).click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/teams/drawer/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_language_switch_follows_instant_navigation_and_keeps_the_filter(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    go_instantly(page, page.locator(".md-tabs").get_by_role("link", name="Teams"), "**/teams/")
    page.get_by_role("combobox", name="SRE set-up").select_option("platform")
    expect_count(page, 1)
    switch(page).click()
    page.wait_for_url("**/ja/teams/?type=platform")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect_count(page, 1)


def test_the_language_switch_follows_from_one_generated_page_to_another(open_page: Callable[..., Page]) -> None:
    page = open_page("ja/teams/drawer/")
    go_instantly(page, page.locator("article a[href*='services/drawer-api/']").first, "**/ja/services/drawer-api/")
    switch(page).click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/services/drawer-api/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_language_link_below_a_page_changes_the_whole_page(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/")
    page.wait_for_load_state("networkidle")
    page.locator(".page-source__edition").click()
    page.wait_for_url("**/ja/teams/")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.locator(".md-tabs")).to_contain_text("チーム")
    expect(switch(page)).to_have_text("English")


# Without JavaScript, on paper


@pytest.mark.parametrize(("edition", "other"), [("en", "ja"), ("ja", "en")])
def test_without_javascript_the_table_is_whole_and_the_languages_change(
    edition: str, other: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{EDITIONS[edition]}teams/?type=platform", java_script_enabled=False)
    expect(page.locator("form[data-filter]")).to_be_hidden()
    expect(rows(page)).to_have_count(6)
    switch(page).click()
    page.wait_for_url(f"**/{EDITIONS[other]}teams/")
    expect(page.locator("html")).to_have_attribute("lang", other)


def test_a_page_printed_from_the_dark_scheme_is_white_and_whole(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/drawer/", color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(18, 25, 29)")
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

"""The reading list, its paths and the glossary in a browser: filters, marks, ticks, definitions."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import golden_handbook
from playwright.sync_api import Browser, Locator, Page, expect
from web import NARROW, go_instantly, wait_for_scripts

from macros.handbook.graph import Handbook
from macros.model.reading import ReadingLanguage, Role

EN = ReadingLanguage.EN
PATH = "reading/paths/complete-path/"
WORK = "complete-work"


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    return golden_handbook()


def shown(page: Page) -> Locator:
    return page.locator("#reading-list [data-row]:not([hidden])")


def test_the_list_is_filtered_by_role_and_language_and_the_address_keeps_it(
    open_page: Callable[..., Page], handbook: Handbook
) -> None:
    page = open_page("reading/")
    expect(shown(page)).to_have_count(len(handbook.readings))
    page.locator("select[name=role]").select_option("engineering-manager")
    page.locator("select[name=language]").select_option("en")
    wanted = [it for it in handbook.readings if Role.ENGINEERING_MANAGER in it.roles and it.language is EN]
    assert 0 < len(wanted) < len(handbook.readings)
    expect(shown(page)).to_have_count(len(wanted))
    assert parse_qs(urlsplit(page.url).query) == {"role": ["engineering-manager"], "language": ["en"]}
    page.goto(page.url)
    expect(shown(page)).to_have_count(len(wanted))
    expect(page.locator("#shelf-complete-shelf")).to_be_visible()
    page.locator("select[name=language]").select_option("ja")
    expect(shown(page)).to_have_count(0)
    expect(page.locator("#shelf-complete-shelf")).to_be_hidden()
    page.get_by_role("button", name="Show all").click()
    expect(shown(page)).to_have_count(len(handbook.readings))


def test_a_mark_stays_and_is_one_with_the_tick_on_a_path(open_page: Callable[..., Page]) -> None:
    page = open_page("reading/")
    expect(page.locator(".reading-count")).to_contain_text("0 of ")
    page.locator(f"#reading-{WORK}").get_by_role("checkbox").check()
    expect(page.locator(".reading-count")).to_contain_text("1 of ")
    page.locator("select[name=mark]").select_option("read")
    expect(shown(page)).to_have_count(1)
    page.reload()
    expect(shown(page)).to_have_count(1)
    page.goto(urlsplit(page.url)._replace(path=f"/{PATH}", query="").geturl())
    line = page.locator(f"[data-reading={WORK}]")
    expect(line.get_by_role("checkbox")).to_be_checked()
    expect(page.locator(".checklist__bar output")).to_contain_text("1 of ")
    line.get_by_role("checkbox").uncheck()
    other = page.locator(".box-item:not([data-reading])").first
    other.get_by_role("checkbox").check()
    page.goto(urlsplit(page.url)._replace(path="/reading/").geturl())
    expect(page.locator(".reading-count")).to_contain_text("0 of ")


def test_a_list_that_begins_anew_keeps_what_was_read(open_page: Callable[..., Page]) -> None:
    page = open_page(PATH)
    page.on("dialog", lambda dialog: dialog.accept())
    work = page.locator(f"[data-reading={WORK}]").get_by_role("checkbox")
    part = page.locator(".box-item:not([data-reading])").first.get_by_role("checkbox")
    work.check()
    part.check()
    page.get_by_role("button", name="Start over").click()
    expect(part).not_to_be_checked()
    expect(work).to_be_checked()


def test_marks_that_can_not_be_read_are_none(open_page: Callable[..., Page]) -> None:
    page = open_page("reading/")
    for kept in ("{", "[1]", '{"x": 1}', "null", "5", '"text"'):
        page.evaluate("(kept) => localStorage.setItem('handbook.reading', kept)", kept)
        page.reload()
        expect(page.locator(".reading-count")).to_contain_text("0 of ")
        expect(page.locator(".reading__mark").first).to_be_visible()


def test_a_browser_that_keeps_nothing_gets_no_marks(browser: Browser, site_address: str) -> None:
    page = browser.new_page()  # the theme complains where it gets no storage, so nothing is watched here
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('closed'); } })")
    page.goto(f"{site_address}reading/")
    wait_for_scripts(page)
    expect(page.locator(".reading-count")).to_have_count(0)
    expect(page.locator("form[data-filter]")).to_be_visible()
    expect(page.locator(".reading__mark")).to_have_count(0)
    page.close()


def test_a_script_that_fails_leaves_the_others(browser: Browser, site_address: str) -> None:
    page = browser.new_page()
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(error.name or ""))
    page.add_init_script(
        """document.addEventListener("readystatechange", () => {
          document.querySelector("[data-readings]").dataset.readings = "{";
        }, { once: true });"""
    )
    page.goto(f"{site_address}reading/")
    wait_for_scripts(page)
    expect(page.locator("form[data-filter]")).to_be_visible()
    assert told == ["SyntaxError"]
    page.close()


def test_the_list_is_whole_without_javascript(open_page: Callable[..., Page], handbook: Handbook) -> None:
    page = open_page("ja/reading/", java_script_enabled=False)
    expect(page.locator("#reading-list .reading__title")).to_have_count(len(handbook.readings))
    expect(page.locator("form[data-filter]")).to_be_hidden()
    expect(page.locator(f"#reading-{WORK}")).to_be_visible()


def test_the_glossary_is_filtered_by_any_of_its_words(open_page: Callable[..., Page]) -> None:
    page = open_page("glossary/")
    rows = page.locator("#glossary [data-row]:not([hidden])")
    page.get_by_label("Search this list").fill("全部入り")
    expect(rows).to_have_count(0)
    page = open_page("ja/glossary/")
    rows = page.locator("#glossary [data-row]:not([hidden])")
    page.get_by_label("一覧内を検索").fill("全部入り")
    expect(rows.first).to_be_visible()
    assert rows.count() < 4


def definition(page: Page) -> Locator:
    return page.locator(".definition[role=tooltip]")


@pytest.mark.parametrize(
    ("address", "said"),
    [("slos/", "data: What is given"), ("ja/slos/", "データ: 与えられるもの")],
)
def test_a_term_shows_its_definition_on_hover_and_on_focus(
    address: str, said: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(address)
    term = page.locator("article abbr.term").first
    term.hover()
    expect(definition(page)).to_contain_text(said)
    page.mouse.move(0, 0)
    expect(definition(page)).to_have_count(0)
    term.focus()
    expect(definition(page)).to_contain_text(said)
    assert (term.get_attribute("aria-description") or "").startswith(said)
    page.keyboard.press("Escape")
    expect(definition(page)).to_have_count(0)


def test_a_term_shows_its_definition_on_tap_also_after_instant_navigation(open_page: Callable[..., Page]) -> None:
    page = open_page("workshops/", viewport=NARROW, has_touch=True, is_mobile=True)
    go_instantly(page, page.locator("article").get_by_role("link", name="SLOs and the error budget"), "**/slos/")
    page.locator("article abbr.term").first.tap()
    expect(definition(page)).to_contain_text("data: What is given")


def test_without_javascript_a_term_has_its_definition_as_a_title(open_page: Callable[..., Page]) -> None:
    page = open_page("slos/", java_script_enabled=False)
    title = page.locator("article abbr.term").first.get_attribute("title")
    assert title is not None
    assert title.startswith("data: What is given")

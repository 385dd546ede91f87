"""The search box in a browser: how it opens, what it shows and tells, where it leads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from web import AXE, EDITIONS, NARROW, WIDE, go_instantly, wait_in_page

from macros.site import search

PATIENCE = 60_000
"""Milliseconds that an answer may take on a busy machine: the index comes first."""


def field(page: Page) -> Locator:
    return page.locator("[data-search-box] input")


def results(page: Page) -> Locator:
    return page.locator("#search-results a")


def status(page: Page) -> Locator:
    return page.locator("[data-search-box]").get_by_role("status")


def ask(page: Page, text: str) -> None:
    """Put words into the box, and wait until they are looked up."""
    field(page).fill(text)
    expect(page.locator("#search-results")).to_have_attribute("aria-busy", "false", timeout=PATIENCE)


def expect_open(page: Page, is_open: bool = True) -> None:
    expect(page.locator("#__search")).to_be_checked(checked=is_open)


# Opening and closing


def test_a_key_opens_the_search(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    expect_open(page, False)
    for key in ("/", "f", "s", "Control+k", "Meta+k"):
        page.keyboard.press(key)
        expect(field(page)).to_be_focused()
        expect(field(page)).to_have_value("")
        expect_open(page)
        expect(status(page)).to_have_text("Type to search: a page, an alert, a service, a word.")
        page.keyboard.press("Escape")
        expect_open(page, False)


def test_the_keys_are_letters_while_something_is_typed(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/")
    table = page.get_by_role("searchbox", name="Search this table")
    table.focus()
    page.keyboard.type("/fs")
    expect(table).to_have_value("/fs")
    expect(table).to_be_focused()
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    page.keyboard.type("/fs")
    expect(field(page)).to_have_value("/fs")


def test_other_keys_are_the_browsers(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    for key in ("Control+s", "Alt+f", "Shift+k", "Control+/"):
        page.keyboard.press(key)
        expect(field(page)).not_to_be_focused()
        expect_open(page, False)


def test_escape_closes_the_search_and_keeps_what_was_typed(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    page.keyboard.press("/")
    ask(page, "complete")
    page.keyboard.press("Escape")
    expect_open(page, False)
    expect(field(page)).not_to_be_focused()
    page.keyboard.press("/")
    expect(field(page)).to_have_value("complete")
    assert page.evaluate("getSelection().toString()") == "complete"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect_open(page, False)


def test_the_arrow_keys_go_through_the_results_and_round(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    field(page).focus()
    ask(page, "complete")
    # Japanese that is being converted needs the key for itself.
    field(page).dispatch_event("keydown", {"key": "ArrowDown", "isComposing": True})
    expect(field(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(results(page).first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(results(page).nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field(page)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(results(page).last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(field(page)).to_be_focused()


@pytest.mark.parametrize("edition", EDITIONS)
def test_enter_leads_to_the_best_page_and_closes_the_search(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(EDITIONS[edition])
    field(page).focus()
    ask(page, "NothingDone")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{EDITIONS[edition]}playbooks/complete-playbook/")
    expect(page.locator("html")).to_have_attribute("lang", edition)
    expect_open(page, False)


def test_enter_on_a_result_leads_to_its_page(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    field(page).focus()
    ask(page, "complete")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    address = results(page).nth(1).evaluate("it => it.href")
    page.keyboard.press("Enter")
    page.wait_for_url(address)


def test_enter_without_a_result_leaves_the_page_where_it_is(open_page: Callable[..., Page]) -> None:
    page = open_page("slos/")
    field(page).focus()
    ask(page, "qqqqqqqqqq")
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    assert page.url.endswith("/slos/")


def test_clearing_empties_the_field_and_the_list_and_goes_on(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    field(page).focus()
    ask(page, "complete")
    expect(results(page)).not_to_have_count(0)
    page.get_by_role("button", name="Clear").click()
    expect(field(page)).to_have_value("")
    expect(field(page)).to_be_focused()
    expect(results(page)).to_have_count(0)
    expect(status(page)).to_have_text("Type to search: a page, an alert, a service, a word.")


def test_a_click_beside_the_search_closes_it(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    field(page).click()
    expect_open(page)
    page.mouse.click(20, 700)
    expect_open(page, False)
    expect(field(page)).not_to_be_focused()


# What it shows


@pytest.mark.parametrize(
    ("edition", "title", "section"),
    [("en", "Nothing gets done", "Playbooks"), ("ja", "何も終わらない", "プレイブック")],
)
def test_a_result_is_a_link_with_title_section_and_description(
    edition: str, title: str, section: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(EDITIONS[edition])
    field(page).focus()
    ask(page, title)
    first = results(page).first
    expect(first.locator(".search-results__title")).to_have_text(title)
    expect(first.locator(".search-results__section")).to_have_text(section)
    expect(first.locator(".search-results__description")).to_have_text(re.compile(r"\S"))
    assert first.evaluate("it => new URL(it.href).pathname") == f"/{EDITIONS[edition]}playbooks/complete-playbook/"


WORDS = """async ([name, values]) => {
  const { filled } = await import("/assets/js/words.js");
  const words = JSON.parse(document.querySelector("[data-search-box]").dataset.words);
  return filled(words[name], values);
}"""


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_status_tells_how_many_pages_there_are(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(EDITIONS[edition])
    field(page).focus()
    expect(status(page)).to_have_text(page.evaluate(WORDS, ["type", {}]))
    ask(page, "qqqqqqqqqq")
    expect(status(page)).to_have_text(page.evaluate(WORDS, ["none", {"query": "qqqqqqqqqq"}]))
    expect(results(page)).to_have_count(0)
    ask(page, "complete")
    expect(results(page)).to_have_count(10)
    expect(status(page)).to_have_text(re.compile(r"(?=.*\b10\b).*[1-9]\d+"))


PAGEFIND = """
const pages = (query) => Number(query.match(/\\d+/)?.[0] ?? 0);
export const createInstance = () => ({ init() {}, preload() {}, search });
async function search(word) {
  if (word.startsWith('"')) return { results: word === '"zxshared"' ? [{ id: "" }] : [] };
  await globalThis.held?.[word];
  const found = (number) => ({
    id: `${word}-${number}`, score: 1 / (number + 1),
    data: async () => ({ url: `/${word}/${number}/`, meta: { title: `${word} ${number}`, section: "S" } }),
  });
  return { results: Array.from({ length: pages(word) }, (_, number) => found(number)) };
}
"""
"""In place of Pagefind: a word finds as many pages as the number in it says; `held` words wait."""


def stand_in(page: Page) -> None:
    page.context.route("**/search/pagefind.js", lambda it: it.fulfill(body=PAGEFIND, content_type="text/javascript"))


def test_none_one_many_and_more_than_are_shown_are_told_apart(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    stand_in(page)
    field(page).focus()
    for query, told, count in (
        ("find0", "No results for “find0”. Try fewer or different words.", 0),
        ("find1", "1 page", 1),
        ("find7", "7 pages", 7),
        ("find10", "10 pages", 10),
        ("find45", "The best 10 of 45 pages", 10),
    ):
        ask(page, query)
        expect(status(page)).to_have_text(told)
        expect(results(page)).to_have_count(count)


def test_a_slower_earlier_answer_never_replaces_a_later_one(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    stand_in(page)
    page.evaluate("globalThis.held = { slow3: new Promise((done) => (globalThis.release = done)) }")
    field(page).fill("slow3")
    expect(status(page)).to_have_text("Searching …")
    ask(page, "fast2")
    expect(results(page)).to_have_count(2)
    page.evaluate("async () => { release(); await new Promise(requestAnimationFrame); await new Promise(setTimeout); }")
    expect(status(page)).to_have_text("2 pages")
    expect(results(page).first).to_have_text(re.compile("^fast2"))
    # And what is cleared stays cleared.
    page.evaluate("globalThis.held = { slow4: new Promise((done) => (globalThis.release = done)) }")
    field(page).fill("slow4")
    field(page).fill("")
    page.evaluate("async () => { release(); await new Promise(requestAnimationFrame); await new Promise(setTimeout); }")
    expect(results(page)).to_have_count(0)
    expect(page.locator("#search-results")).to_have_attribute("aria-busy", "false")


FILES = {
    "the script": r"pagefind\.js",
    "the vocabulary": r"vocabulary\.gzipped",
    "the entry": r"pagefind-entry\.json",
    "the list of pages": r"[^/]+\.pf_meta",
    "the WebAssembly": r"[^/]+\.pagefind",
    "the index": r"index/.*",
    "the fragments": r"fragment/.*",
}


@pytest.mark.parametrize("file", FILES)
def test_an_index_that_cannot_be_loaded_says_so_and_the_next_try_works(
    file: str, browser: Browser, site_address: str
) -> None:
    context = browser.new_context()  # without a watch: what is refused is a fault of the page's
    page = context.new_page()
    page.goto(site_address)
    context.route(re.compile(rf"/search/{FILES[file]}(\?|$)"), lambda it: it.abort())
    field(page).focus()
    ask(page, "complete")
    expect(status(page)).to_have_text("The search can't be loaded. Reload the page to try again.")
    expect(results(page)).to_have_count(0)
    context.unroute_all()
    ask(page, "completed")
    expect(results(page)).not_to_have_count(0)
    context.close()


def test_a_file_that_is_not_there_is_a_failure_too(browser: Browser, site_address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(site_address)
    context.route("**/search/vocabulary.gzipped", lambda it: it.fulfill(status=404, body=""))
    field(page).focus()
    ask(page, "complete")
    expect(status(page)).to_have_text("The search can't be loaded. Reload the page to try again.")
    context.close()


def test_a_hostile_query_is_text(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    field(page).focus()
    query = '<img src=x onerror="alert(1)">{query}${1}$& \' & \u202e'
    page.on("dialog", lambda it: pytest.fail(f"a dialog: {it.message}"))
    ask(page, f"{query} qqqqqqqqqq")
    expect(page.locator("[data-search-box] img")).to_have_count(0)
    ask(page, "<qqqqqqqqqq>{qqqqqqqqqq}")
    expect(status(page)).to_have_text("No results for “<qqqqqqqqqq>{qqqqqqqqqq}”. Try fewer or different words.")


def test_any_query_is_answered(open_page: Callable[..., Page]) -> None:
    page = open_page("ja/")
    for query in ("!", "-", "\u3000", "。", "🚀", "%", "\\", '"', "a" * 2000, "目" * 500, "1", "ー", "ん"):
        field(page).fill(query)
        expect(status(page)).not_to_have_text(page.evaluate(WORDS, ["looking", {}]), timeout=PATIENCE)
        expect(status(page)).not_to_have_text(page.evaluate(WORDS, ["failed", {}]))
        ask(page, "")


# On every page


def test_the_query_of_an_address_is_looked_up(open_page: Callable[..., Page]) -> None:
    page = open_page("?q=nothing%20gets%20done")
    expect_open(page)
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("nothing gets done")
    expect(results(page).first).to_contain_text("Nothing gets done", timeout=PATIENCE)


def test_the_link_of_the_404_page_searches_in_its_edition(browser: Browser, site_address: str) -> None:
    page = browser.new_page()  # without a watch: the page isn't there
    page.goto(f"{site_address}ja/playbooks/complete-playboks/")
    page.locator("[data-edition] [data-search] a").last.click()
    page.wait_for_url("**/ja/?q=*")
    expect(field(page)).to_have_value("complete playboks")
    expect(results(page).first).to_be_visible(timeout=PATIENCE)
    page.close()


def after_the_theme(page: Page) -> None:
    """Wait until the theme has closed the search, which it does 125 ms after it has gone to a page."""
    page.evaluate("() => new Promise((done) => setTimeout(done, 125))")


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_search_works_after_instant_navigation_and_leads_on_instantly(
    edition: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(EDITIONS[edition])
    tab = page.locator(".md-tabs a[href*='teams/']").first
    go_instantly(page, tab, f"**/{EDITIONS[edition]}teams/")
    after_the_theme(page)
    page.keyboard.press("/")
    ask(page, "complete service")
    go_instantly(page, results(page).first, f"**/{EDITIONS[edition]}services/complete-service/")
    expect_open(page, False)
    after_the_theme(page)
    page.keyboard.press("/")
    ask(page, "NothingDone")
    go_instantly(page, results(page).first, f"**/{EDITIONS[edition]}playbooks/complete-playbook/")


def test_typing_opens_a_search_that_was_closed_under_it(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    field(page).focus()
    page.evaluate("document.querySelector('#__search').checked = false")
    page.keyboard.type("a")
    expect_open(page)


def test_after_the_language_switch_the_other_edition_is_searched(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/")
    page.locator("header .edition-switch").click()
    page.wait_for_url("**/ja/teams/")
    field(page).focus()
    ask(page, "何も終わらない")
    expect(results(page).first).to_have_attribute("href", re.compile("/ja/playbooks/complete-playbook/$"))


@pytest.mark.parametrize("edition", EDITIONS)
def test_without_javascript_there_is_no_search(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(EDITIONS[edition], java_script_enabled=False)
    expect(field(page)).to_be_hidden()
    expect(page.locator("label[for=__search]:visible")).to_have_count(0)
    page = open_page(EDITIONS[edition], java_script_enabled=False, viewport=NARROW)
    expect(page.locator("label[for=__search]:visible")).to_have_count(0)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_search_fits_a_phone(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(EDITIONS[edition], viewport=NARROW, has_touch=True)
    page.locator("header label[for=__search]:visible").first.click()
    expect(field(page)).to_be_focused()
    ask(page, "complete")
    expect(results(page).first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    right = results(page).evaluate_all("links => links.map((it) => it.getBoundingClientRect().right)")
    assert max(right) <= NARROW["width"]
    address = results(page).first.evaluate("it => it.href")
    results(page).first.click()
    page.wait_for_url(address)
    expect_open(page, False)
    expect(page.locator("article h1")).to_be_in_viewport()


VIOLATIONS = """async () => {
  const { violations } = await axe.run("[data-search-box]", { resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}"""


@pytest.mark.parametrize(("width", "scheme"), [(NARROW, "light"), (WIDE, "dark")], ids=["narrow", "wide"])
def test_axe_has_nothing_against_the_open_search(
    width: ViewportSize, scheme: str, open_page: Callable[..., Page]
) -> None:
    page = open_page("", viewport=width, color_scheme=scheme)
    page.add_init_script(path=AXE)
    page.reload()
    page.add_style_tag(content="* { transition: none !important }")
    field(page).evaluate("it => it.focus()")
    ask(page, "complete")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(VIOLATIONS) == []
    ask(page, "qqqqqqqqqq")
    assert page.evaluate(VIOLATIONS) == []


# The pure functions


@pytest.fixture(scope="module")
def query(browser: Browser, site_address: str) -> Iterator[Callable[..., Any]]:
    """Calls a function of search-query.js; what the index knows is told in Python's terms."""
    page = browser.new_page()
    page.goto(f"{site_address}404.html")

    def call(name: str, *arguments: object) -> Any:
        return page.evaluate(
            """async ([name, given]) => {
              const it = await import("/assets/js/search-query.js");
              const made = (value) => {
                if (value?.set) return new Set(value.set);
                return value?.pairs === undefined ? value : it.vocabulary(value);
              };
              return it[name](...given.map(made));
            }""",
            [name, list(arguments)],
        )

    yield call
    page.close()


def query_short_list(query: Callable[..., Any], found: list[dict[str, Any]], shared: list[str]) -> list[str]:
    return ids(query("shortList", found, {"set": shared}))


def known(*words: str, pairs: str = "") -> dict[str, object]:
    return {"words": " ".join(sorted(words)), "pairs": pairs}


def weights(found: list[dict[str, Any]]) -> dict[str, float]:
    assert len({it["word"] for it in found}) == len(found)
    return {it["word"]: it["weight"] for it in found}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Error budget", ["error", "budget"]),
        ("ZukuraUploadErrors", ["zukurauploaderrors", "zukura", "upload", "errors"]),
        ("error error ERROR", ["error"]),
        ("on-call, SEV_1!", ['"on"', "call", "sev", '"1"']),
        ("ＳＬＯ", ["slo"]),
        ("a", ['"a"']),
        ("in", ["in"]),
        ("in it", ['"in"', '"it"']),
        ("", []),
        (" \u3000!? ", []),
    ],
)
def test_a_latin_query_is_looked_up_word_by_word(text: str, words: list[str], query: Callable[..., Any]) -> None:
    words_known = known("budget", "call", "error", "zukura", "upload")
    assert [it["word"] for it in query("lookUps", text, words_known)] == words


def test_what_begins_like_nothing_that_is_known_is_not_looked_up(query: Callable[..., Any]) -> None:
    found = weights(query("lookUps", "qqqqqqqqqq queries upl 4xyz exyz", known("query", "upload")))
    assert [*found] == ["queries", "upl", "4xyz"]


def test_words_that_say_little_weigh_little(query: Callable[..., Any]) -> None:
    found = weights(query("lookUps", "what is the error", known("error", "what")))
    assert found["error"] > 5 * max(found[it] for it in ('"what"', '"is"', '"the"'))


def test_a_japanese_query_is_looked_up_by_the_pairs_that_the_index_knows(query: Callable[..., Any]) -> None:
    found = weights(query("lookUps", "目標値とはSLO", known(pairs="目標とは値と")))
    assert [*found] == [search.code("目標"), search.code("とは"), "slo"]
    assert found["slo"] > found[search.code("目標")] > found[search.code("とは")]
    assert query("lookUps", "目標値", known()) == []


def test_of_a_long_word_of_katakana_every_second_pair_is_looked_up(query: Callable[..., Any]) -> None:
    pairs = known(pairs="エララーーババジジェェッット")
    assert [*weights(query("lookUps", "エラーバジェット", pairs))] == [
        search.code(it) for it in ("エラ", "ーバ", "ジェ", "ット")
    ]
    assert [*weights(query("lookUps", "エラーバジ", pairs))] == [
        search.code(it) for it in ("エラ", "ラー", "ーバ", "バジ")
    ]


def test_endings_are_looked_up_where_there_is_little_else(query: Callable[..., Any]) -> None:
    pairs = known(pairs="目標する値たらの対")
    assert search.code("する") in weights(query("lookUps", "目標する", pairs))
    assert search.code("する") not in weights(query("lookUps", "目標する slo cuj", pairs))


def test_of_many_pairs_those_that_few_pages_have_are_looked_up(query: Callable[..., Any]) -> None:
    typed = "一丁七万丈三上下不与丑且"
    every = [typed[place : place + 2] for place in range(len(typed) - 1)]
    rare_first = known(pairs="".join(reversed(every)))
    assert [*weights(query("lookUps", typed, rare_first))] == [search.code(it) for it in every[-10:]]


@pytest.mark.parametrize(
    ("text", "looked_up"),
    [("引き継ぎ", ["引き", "継ぎ"]), ("引く", ["引"]), ("図", ["図"]), ("図の", ["図"]), ("の", ["の"]), ("のSLO", [])],
)
def test_a_kanji_that_stands_alone_is_looked_up_with_its_ending(
    text: str, looked_up: list[str], query: Callable[..., Any]
) -> None:
    found = [it["word"] for it in query("lookUps", text, known(pairs="引き継ぎ"))]
    assert [it for it in found if it != "slo"] == [search.code(it) for it in looked_up]


def test_no_more_than_two_of_a_family_are_in_front(query: Callable[..., Any]) -> None:
    pages = [titled("T", url=f"/teams/{it}/checklists/new/") for it in "abc"]
    shared = {**titled("T", url="/checklists/new/"), "shared": True}
    other = titled("T", url="/")
    assert query("spread", [*pages, shared, other]) == [*pages[:2], shared, other, pages[2]]


def results_of(*names: str) -> list[dict[str, Any]]:
    return [{"result": result(it), "score": 1} for it in names]


def test_pages_that_teams_share_are_looked_at_beside_the_many_of_teams(query: Callable[..., Any]) -> None:
    found = results_of(*(f"team {it}" for it in range(50)), *(f"shared {it}" for it in range(50)))
    listed = query_short_list(query, found, [f"shared {it}" for it in range(50)])
    assert listed == [*(f"team {it}" for it in range(20)), *(f"shared {it}" for it in range(10))]
    few = results_of("shared 0", "team 0")
    assert query_short_list(query, few, ["shared 0"]) == ["shared 0", "team 0"]


def test_some_of_what_is_shown_is_shared_where_there_is_any(query: Callable[..., Any]) -> None:
    def named(*names: str) -> list[dict[str, Any]]:
        return [{"name": it, "shared": it.startswith("S")} for it in names]

    def shown(*names: str) -> str:
        return " ".join(it["name"] for it in query("shown", named(*names)))

    teams = [f"T{it}" for it in range(12)]
    assert shown(*teams) == " ".join(teams[:10])
    assert shown(*teams, "S1") == " ".join([*teams[:9], "S1"])
    assert shown("S1", *teams, "S2", "S3", "S4", "S5") == "S1 T0 T1 T2 T3 T4 T5 S2 S3 S4"
    assert shown("S1", "T1") == "S1 T1"
    assert shown(*(f"S{it}" for it in range(12)), "T") == "S0 S1 S2 S3 S4 S5 S6 S7 S8 S9"


def test_half_width_kana_and_katakana_typed_as_hiragana_are_looked_up_as_katakana(query: Callable[..., Any]) -> None:
    pairs = known("チェックリスト", pairs="チェェックリリススト")
    codes = {search.code(it) for it in ("チェ", "リス", "スト")}  # every second pair, and the last
    assert codes <= {*weights(query("lookUps", "ﾁｪｯｸﾘｽﾄ", pairs))}
    assert codes <= {*weights(query("lookUps", "ちぇっくりすと", pairs))}
    assert codes <= {*weights(query("lookUps", "ちぇくりすと", pairs))}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("postmorten", "postmortem"),
        ("Postmorten due", "postmortem due"),
        ("incidnet", "incident"),
        ("postmortems", "postmortems"),
        ("Post", "Post"),
        ("alerting", "alerting"),
        ("xyz", "xyz"),
        ("posmortm", "postmortem"),
        ("posmotn", "posmotn"),
        ("incidnet2", "incidnet2"),
        ("PostmortenDue", "PostmortenDue"),
        ("エラーバジット", "エラーバジェット"),
        ("バジェット", "バジェット"),
        ("インシデト", "インシデント"),
    ],
)
def test_a_longer_word_that_is_not_known_is_the_nearest_that_is(
    typed: str, meant: str, query: Callable[..., Any]
) -> None:
    words = known("alert", "incident", "postmortem", "エラーバジェット", "インシデント")
    assert query("mendedQuery", typed, words) == meant


@pytest.mark.parametrize(
    ("one", "other", "away"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "abc", 0),
        ("abc", "abd", 1),
        ("abc", "ab", 1),
        ("abc", "acb", 1),
        ("incidnet", "incident", 1),
        ("kitten", "sitting", 3),
        ("ca", "abc", 3),
        ("エラー", "エラ", 1),
    ],
)
def test_distance_counts_letters_and_neighbours_swapped(
    one: str, other: str, away: int, query: Callable[..., Any]
) -> None:
    assert query("distance", one, other) == away
    assert query("distance", other, one) == away
    assert query("distance", one, other, 2) == min(away, 2)


def result(id: str, score: float = 1.0) -> dict[str, object]:
    return {"id": id, "score": score}


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [it["result"]["id"] for it in found]


def test_a_page_that_has_all_words_comes_before_one_that_has_one_often(query: Callable[..., Any]) -> None:
    answers = [
        {"weight": 2, "results": [result("one", 9), result("both", 3)]},
        {"weight": 2, "results": [result("other", 9), result("both", 3)]},
    ]
    assert ids(query("ranked", answers))[0] == "both"


def test_a_word_that_fewer_pages_have_counts_for_more(query: Callable[..., Any]) -> None:
    often = [result(f"often {number}") for number in range(50)]
    answers = [{"weight": 1, "results": often}, {"weight": 1, "results": [result("rare")]}]
    assert ids(query("ranked", answers))[0] == "rare"
    assert query("ranked", []) == []
    assert query("ranked", [{"weight": 1, "results": []}]) == []


def test_what_is_called_like_the_query_is_looked_at_first_whatever_it_says(query: Callable[..., Any]) -> None:
    answers = [{"weight": 1, "results": [result(str(it), 1 / (it + 1)) for it in range(20)]}]
    ranked = query("ranked", answers, [result("19"), result("new")])
    assert {*ids(ranked)[:2]} == {"19", "new"}
    assert ids(ranked)[2] == "0"
    assert len(ranked) == 21
    assert ranked[2]["score"] > ranked[0]["score"] > ranked[3]["score"]
    assert ids(query("ranked", [], [result("only")])) == ["only"]


def titled(title: str, score: float = 1.0, names: str = "", url: str = "/a/") -> dict[str, object]:
    return {"title": title, "names": names, "score": score, "url": url}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("slos", "SLOs"),
        ("ＳＬＯｓ!", "SLOs"),
        ("budget", "Guide"),
        ("error budget of Zukura", "Guide"),
        ("nothing", "Best"),
    ],
)
def test_a_page_that_is_called_what_is_looked_for_comes_first(
    text: str, expected: str, query: Callable[..., Any]
) -> None:
    pages = [titled("Best", 1.2), titled("SLOs"), titled("Guide", names="error budget · guide")]
    assert query("byName", pages, text)[0]["title"] == expected


SECTIONS = [["", 10], ["first-step", 20], ["last-step", 40]]


def looked_up(*places: int, weight: float = 1.0) -> dict[str, object]:
    return {"weight": weight, "words": list(places)}


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        ("guide", [looked_up(0, 45)], ""),
        ("handbook", [looked_up(2, 45)], ""),
        ("handbook", [looked_up(2, 41)], "last-step"),
        ("last step", [looked_up(15)], "last-step"),
        ("two words", [looked_up(15, 45), looked_up(50)], "last-step"),
        ("two words", [looked_up(35), looked_up(45, weight=2)], "last-step"),
        ("in a heading", [looked_up(35, 41)], "last-step"),
        ("in the description", [looked_up(5, 45)], ""),
        ("in the introduction", [looked_up(15, 30)], ""),
        ("nowhere", [], ""),
    ],
)
def test_a_result_leads_to_the_section_that_has_most_of_what_is_looked_for(
    text: str, places: list[dict[str, object]], expected: str, query: Callable[..., Any]
) -> None:
    page = {"title": "Guide", "names": "handbook · guide book", "sections": SECTIONS, "places": places}
    assert query("landing", page, text) == expected


def test_a_list_of_things_leads_to_the_one_that_is_called_so(query: Callable[..., Any]) -> None:
    names = " · ".join(("名前", *(f"name {number}" for number in range(60))))
    page = {"title": "Glossary", "names": names, "sections": SECTIONS, "places": [looked_up(2, 41)]}
    assert query("landing", page, "名前") == "last-step"
    assert query("landing", page, "glossary") == ""


def test_a_list_of_things_is_less_called_what_one_of_them_is(query: Callable[..., Any]) -> None:
    names = " · ".join(("toil", *(f"name {number}" for number in range(60))))
    pages = [titled("Other", 1.5), titled("Glossary", 1, names), titled("Guide", 0.9, "toil")]
    assert [it["title"] for it in query("byName", pages, "toil")] == ["Guide", "Glossary", "Other"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what is toil?", ["toil"]),
        ("what is it", ["what", "is", "it"]),
        ("エラーバジェットとは", ["エラーバジェット"]),
        ("のように", ["のように"]),
        ("error-budget 目標", ["error", "budget", "目標"]),
    ],
)
def test_words_that_say_something_are_marked(text: str, words: list[str], query: Callable[..., Any]) -> None:
    assert query("marked", text) == words


MARKED = "() => [...(CSS.highlights.get('found') ?? [])].map((range) => range.toString().toLowerCase())"


def test_a_result_leads_to_its_section_whose_words_are_marked_until_another_page_is_shown(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("")
    field(page).focus()
    ask(page, "sparse term")
    link = page.locator("#search-results a[href*='glossary/#']").first
    address = link.evaluate("it => it.href")
    assert address.endswith("/glossary/#sparse-term")
    go_instantly(page, link, address)
    expect(page.locator("#sparse-term")).to_be_in_viewport()
    wait_in_page(page, f"[...new Set(({MARKED})())].sort().join() === 'sparse,term'")
    after_the_theme(page)
    page.keyboard.press("/")
    ask(page, "dictionary")
    page.locator("#search-results a[href*='glossary/']").first.click()
    wait_in_page(page, f"[...new Set(({MARKED})())].join() === 'dictionary'")
    go_instantly(page, page.locator(".md-tabs a[href*='teams/']").first, "**/teams/")
    wait_in_page(page, f"({MARKED})().length === 0")

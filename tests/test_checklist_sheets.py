"""Checklists on paper: on the sheets that they promise, with every line, black on white."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import GOLDEN, golden_handbook
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from test_paper import FORMATS, printed
from web import EDITIONS, read_html

from macros.handbook import addresses, checklists
from macros.handbook.checklists import Sheet
from macros.handbook.graph import Handbook
from macros.model.checklists import Checklist
from macros.model.values import Text

SHARED = "shared"
OWNERS = (SHARED, *sorted(path.parent.name for path in (GOLDEN / "data").glob("teams/*/team.yaml")))

ALIKE = str.maketrans("⻑・‧", "長··")
"""Characters that a font draws alike, so that a PDF may give one for the other."""

SCREEN = ("hide", "copy", "print", "with_ticks", "reset", "kept", "not_applicable")
"""Of the words for the browser, those that say nothing on paper."""

TEAM_LIST = "teams/complete/checklists/complete-checklist/"

VISIBLE_CONTROLS = """() => [...document.querySelectorAll(
  "button, summary, progress, output, form, select, textarea, [role=status], input:not([data-box] > input)"
)].filter((it) => it.checkVisibility()).map((it) => it.outerHTML.slice(0, 120))"""

VISIBLE_AROUND = """() => [...document.querySelectorAll("body *")].filter((it) => {
  const { width, height } = it.getBoundingClientRect();
  const shown = it.checkVisibility({ opacityProperty: true }) && width > 1 && height > 1 && it.textContent.trim();
  return shown && !it.closest(".checklist") && !it.querySelector(".checklist");
}).map((it) => it.outerHTML.slice(0, 120))"""
"""What of the site is to be seen beside the list."""

PALE = """() => [...document.querySelectorAll(".checklist *")].filter((it) => {
  const own = [...it.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const [red, green, blue] = getComputedStyle(it).color.match(/[\\d.]+/g).map(Number);
  return own && it.checkVisibility() && Math.max(red, green, blue) > 110;
}).map((it) => it.outerHTML.slice(0, 120))"""
"""The text of a list that is not dark."""

CHECK_MARKS = """() => [...document.querySelectorAll("[data-box] > input")]
  .map((it) => getComputedStyle(it, "::after"))
  .filter(({ content, display }) => content !== "none" && display !== "none").length"""


@pytest.fixture(scope="session")
def handbook() -> Handbook:
    return golden_handbook()


@pytest.fixture(scope="module")
def paper(browser: Browser) -> Iterator[Page]:
    """One window without JavaScript, for all lists: what it prints is the list itself."""
    page = browser.new_page(java_script_enabled=False, color_scheme="dark")
    yield page
    page.close()


def sheets(handbook: Handbook, owner: str) -> dict[str, Sheet]:
    """The lists of a team, or the shared ones, by their address."""
    if owner == SHARED:
        every = [it for it in handbook.checklists if isinstance(it, Checklist)]
        return {addresses.of(it): checklists.sheet_of(handbook, it) for it in every}
    team = next(it for it in handbook.teams if it.id == owner)
    return {addresses.team_checklist(team, it.id): it for it in checklists.of(handbook, team)}


def even(text: str) -> str:
    """Text without spaces, in the characters that a PDF's fonts tell apart."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(ALIKE).casefold()


def text_of(pdf: PdfReader) -> str:
    return even("".join(it.extract_text() for it in pdf.pages))


def missing(text: str, parts: list[str]) -> list[str]:
    """The parts that the text doesn't have in this order."""
    found, place = [], 0
    for part in parts:
        here = text.find(even(part), place)
        if here < 0:
            found.append(part)
        else:
            place = here + len(even(part))
    return found


def heads(sheet: Sheet, language: str) -> list[str]:
    return [
        words.in_language(language) for section, _ in sheet.sections for words in (section.name, section.when) if words
    ]


def items(sheet: Sheet, language: str) -> list[str]:
    """What is to be read in the lines of a list, in order."""
    found: list[Text | str | None] = []
    for _, items in sheet.sections:
        for lines in items:
            item = lines[0].item
            found += [item.if_none if lines[0].lacking else item.do, item.who, item.evidence]
            found += [line.thing.name for line in lines if line.thing]
    return [it.in_language(language) if isinstance(it, Text) else it for it in found if it]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("owner", OWNERS)
def test_a_list_is_on_the_sheets_that_it_promises_and_whole(
    owner: str, edition: str, paper: Page, handbook: Handbook, site_address: str
) -> None:
    faults: list[str] = []
    for address, sheet in sheets(handbook, owner).items():
        whole = f"{site_address}{EDITIONS[edition]}{address}"
        paper.goto(whole)
        pdfs = {format: printed(paper, format) for format in FORMATS}
        for format, pdf in pdfs.items():
            if len(pdf.pages) > sheet.whole.pages:
                faults.append(f"{address}: {len(pdf.pages)} sheets of {format}, {sheet.whole.pages} promised")
        pages = pdfs["A4"].pages
        faults += [
            f"{address}: sheet {number} doesn't say so"
            for number, it in enumerate(pages, 1)
            if not re.search(rf"^{number} / {len(pages)}$", it.extract_text(), re.M)
        ]
        text = text_of(pdfs["A4"])
        names = [sheet.whole.name.in_language(edition), *([sheet.team.name.in_language(edition)] if sheet.team else [])]
        lines = paper.locator(".sheet-lines dt").all_text_contents()
        assert len(lines) == len(sheet.whole.lines)
        short = whole.partition("://")[2]
        faults += [f"{address}: without {it}" for it in (short, *names) if even(it) not in text]
        faults += [f"{address}: without {it}" for it in missing(text, [*names[:1], *lines])]
        faults += [f"{address}: without {it}" for it in missing(text, heads(sheet, edition))]
        faults += [f"{address}: without {it}" for it in missing(text, items(sheet, edition))]
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("edition", EDITIONS)
def test_nothing_of_the_screen_is_printed(edition: str, open_page: Callable[..., Page], paper: Page) -> None:
    page = open_page(f"{EDITIONS[edition]}{TEAM_LIST}", color_scheme="dark")
    expect(page.locator(".checklist__bar")).to_be_visible()
    page.locator(".more-of-item").first.click()
    page.get_by_role("button", name=words(page)["not_applicable"]).first.click()
    text = text_of(printed(page, "A4"))
    assert [it for it in SCREEN if even(words(page)[it]) in text] == []
    paper.goto(page.url)
    assert text == text_of(printed(paper, "A4")), "with JavaScript, the sheet is another"
    page.emulate_media(media="print")
    assert page.evaluate(VISIBLE_CONTROLS) == []
    assert page.evaluate(VISIBLE_AROUND) == []
    # Printed from the dark scheme, it is black on white.
    assert page.evaluate(PALE) == []
    expect(page.locator("html")).to_have_css("color-scheme", "light")
    grounds = page.evaluate(
        """() => [...document.querySelectorAll(":is(html, body, .checklist, :has(.checklist), .checklist *)")]
          .filter((it) => it.checkVisibility())
          .map((it) => getComputedStyle(it).backgroundColor)"""
    )
    assert set(grounds) <= {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}


def words(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.locator("[data-checklist]").evaluate("it => JSON.parse(it.dataset.words)")
    return found


def test_ticks_are_printed_by_choice(open_page: Callable[..., Page]) -> None:
    page = open_page(TEAM_LIST)
    for id in ("with-every-key", "without-any-key", "each-service--complete-service"):
        page.locator(f"[data-box='{id}'] > input").check()
    page.locator("[data-box='sees-workshop'] > .more-of-item").click()
    page.locator("[data-box='sees-workshop'] > .skip").click()
    page.get_by_label("Why is it not applicable?").fill("No incidents here")
    page.keyboard.press("Enter")
    page.get_by_label("Hide completed items").check()
    expect(page.locator("[data-box='without-any-key']")).to_be_hidden()
    with_ticks = page.get_by_label("with ticks")

    def on_paper() -> tuple[int, bool]:
        page.emulate_media(media="print")
        expect(page.locator("[data-box='without-any-key']")).to_be_visible()
        marks = page.evaluate(CHECK_MARKS)
        page.emulate_media(media="null")
        text = text_of(printed(page, "A4"))
        assert even("Read this one too") in text, "what is done is printed"
        return marks, even("No incidents here") in text

    assert on_paper() == (0, False)
    with_ticks.check()
    assert on_paper() == (3, True)
    with_ticks.uncheck()
    assert on_paper() == (0, False)


@pytest.mark.parametrize(
    ("edition", "days"),
    [
        ("en", ("Jan 31, 2026", "Feb 13, 2026", "Apr 30, 2026")),
        ("ja", ("2026/01/31", "2026/02/13", "2026/04/30")),
    ],
)
def test_a_start_date_fills_in_the_days(edition: str, days: tuple[str, ...], open_page: Callable[..., Page]) -> None:
    page = open_page(f"{EDITIONS[edition]}teams/platform/checklists/complete-checklist/")
    page.get_by_label(words(page)["name"], exact=True).fill("Aiko Tanaka")
    page.get_by_label(words(page)["start"]).fill("2026-01-31")
    expect(page.locator("[data-box='sees-checklist'] > .box-item__due")).to_contain_text(days[1])
    pdf = printed(page, "A4")
    text = text_of(pdf)
    assert [day for day in days if even(day) not in text] == []
    assert missing(text, ["Aiko Tanaka", "2026-01-31"]) == []
    assert len(pdf.pages) <= 2


def test_a_team_with_forty_things_loses_none_of_them(open_page: Callable[..., Page]) -> None:
    page = open_page(TEAM_LIST)
    things = page.locator("details.things").first
    things.evaluate(
        """(it) => {
          const [first] = it.querySelectorAll("[data-box]");
          const copies = Array.from({ length: 40 }, (_, number) => {
            const copy = first.cloneNode(true);
            copy.querySelector(".box-item__do a").textContent = `Service number ${number + 1}.`;
            return copy;
          });
          first.parentElement.replaceChildren(...copies);
        }"""
    )
    things.locator("summary").click()
    expect(things.locator("[data-box]").first).to_be_hidden()
    source = page.locator(".box-item__do").evaluate_all("all => all.map((it) => it.textContent)")
    for format in FORMATS:
        pdf = printed(page, format)
        text = text_of(pdf)
        assert missing(text, source) == [], format
        assert missing(text, [f"Service number {number}." for number in range(1, 41)]) == [], format
        assert len(pdf.pages) <= 3
    # Nothing stands over something else or outside of the sheet.
    page.set_viewport_size({"width": 703, "height": 1032})
    page.emulate_media(media="print")
    assert page.locator(".checklist").evaluate("it => it.scrollWidth <= it.clientWidth")


def test_the_sheet_leads_back_to_its_page(built_site: Path, site_address: str, handbook: Handbook) -> None:
    for owner in (SHARED, "complete"):
        for address in sheets(handbook, owner):
            html = read_html(built_site / address / "index.html")
            assert html.one("span", "checklist__address").text == f"{site_address}{address}".partition("://")[2]
            assert len(html.all("span", "checklist__code")) == 1

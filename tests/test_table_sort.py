"""Long tables in a browser: which of them sort, by which columns, in which order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

LENGTHS = ["9 min", "30 min", "12 min", "7 min", "100 min", "8 min", "25.5 min", "1 min", "10 min"]


def table(lengths: list[str], attributes: str = "") -> str:
    """A table with a row for each length, with columns of which one alone has an order."""
    rows = (f"<tr><td>{it}</td><td><ul><li>{it}</li></ul></td><td>same</td><td>{it}</td></tr>" for it in lengths)
    head = "<thead><tr><th>Length</th><th>List</th><th>Same</th><th></th></tr></thead>"
    return f"<table {attributes}><caption>Lengths</caption>{head}<tbody>{''.join(rows)}</tbody></table>"


def show(page: Page, html: str) -> None:
    page.evaluate(
        """async (html) => {
          document.querySelector("article").innerHTML = html;
          (await import("/assets/js/table-sort.js")).enhanceSorting(document);
        }""",
        html,
    )


def test_a_long_table_sorts_with_the_keyboard_by_what_has_an_order(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    show(page, f"<h1>x</h1>{table(LENGTHS)}")
    button = page.locator("article table").get_by_role("button")
    expect(button).to_have_count(1)
    expect(button).to_have_text("Length ↕")
    expect(button).to_have_accessible_name("Length")
    button.focus()
    page.keyboard.press("Enter")
    cells = page.locator("article tbody td:first-child")
    up = sorted(LENGTHS, key=lambda length: float(length.split()[0]))
    assert cells.all_inner_texts() == up
    expect(page.locator("article th").first).to_have_attribute("aria-sort", "ascending")
    expect(button).to_have_text("Length ↑")
    page.keyboard.press("Enter")
    assert cells.all_inner_texts() == up[::-1]
    expect(page.locator("article th").first).to_have_attribute("aria-sort", "descending")


@pytest.mark.parametrize(
    "html",
    [
        table(LENGTHS[:8]),
        f'<div class="sheet">{table(LENGTHS)}</div>',
        table(LENGTHS, 'class="handwriting"'),
        table([*LENGTHS, "2 min"]).replace("<td>2 min</td>", '<td colspan="2">2 min</td>', 1),
    ],
    ids=["short", "sheet", "handwriting", "spans"],
)
def test_a_table_that_is_short_printed_or_has_wide_cells_stays_as_it_is(
    html: str, open_page: Callable[..., Page]
) -> None:
    page = open_page("")
    show(page, html)
    expect(page.locator("article table")).to_have_count(1)
    expect(page.locator("article table").get_by_role("button")).to_have_count(0)


def test_what_has_a_minus_sign_or_says_its_order_sorts_by_it(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    numbers = ["+2", "\u22123", "0", "+1", "\u22121", "+3", "+4", "+5", "+6"]
    named = "".join(f'<tr><td>{it}</td><td data-sort="{9 - place}">x</td></tr>' for place, it in enumerate(numbers))
    head = "<thead><tr><th>Points</th><th>Named</th></tr></thead>"
    show(page, f"<table>{head}<tbody>{named}</tbody></table>")
    cells = page.locator("article tbody td:first-child")
    page.get_by_role("button", name="Points").click()
    assert cells.all_inner_texts() == sorted(numbers, key=lambda it: int(it.replace("\u2212", "-")))
    page.get_by_role("button", name="Named").click()
    assert cells.all_inner_texts() == numbers[::-1]


def test_a_page_whose_table_is_long_loads_what_sorts_it(open_page: Callable[..., Page]) -> None:
    page = open_page("go/")
    expect(page.locator("#alert-table thead button").first).to_be_visible()

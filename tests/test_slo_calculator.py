"""The error budget calculator, its picture and the sorted tables in a browser, by the formulas that Python has."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from visit import VIOLATIONS
from web import AXE

from macros.handbook import slo
from macros.site import budget_picture
from macros.site.drawing import Picture
from macros.text.catalogue import translations

PAGES = {"en": "slos/", "ja": "ja/slos/"}


def test_the_browser_reckons_as_python_does_and_reads_and_shows_numbers(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES["en"])
    reads_and_shows_numbers(page)
    values = random.Random(20261124)
    cases = [
        {
            "target": values.uniform(0.5, 0.999999),
            "days": values.uniform(1, 366),
            "events": values.uniform(1, 1e7),
            "burn": values.uniform(0, 100),
            "series": [values.uniform(0.5, 1) for _ in range(values.randint(1, 6))],
        }
        for _ in range(500)
    ]
    found = page.evaluate(
        """async (cases) => {
          const it = await import("/assets/js/slo-arithmetic.js");
          return cases.map(({ target, days, events, burn, series }) => [
            it.budget(target), it.allowedMinutes(target, days), it.allowedEvents(target, days, events),
            it.targetOfMinutes(it.allowedMinutes(target, days), days),
            it.targetOfEvents(it.allowedEvents(target, days, events), days, events),
            it.daysToEmpty(burn, days), it.burnRateOf(it.daysToEmpty(burn, days), days), it.inSeries(series),
          ]);
        }""",
        cases,
    )
    for case, result in zip(cases, found, strict=True):
        target, days, events, burn, series = case.values()
        assert isinstance(target, float)
        assert isinstance(days, float)
        assert isinstance(events, float)
        assert isinstance(burn, float)
        assert isinstance(series, list)
        minutes = slo.allowed_minutes(target, days)
        expected = [
            slo.budget(target),
            minutes,
            slo.allowed_events(target, days, events),
            target,
            target,
            slo.days_to_empty(burn, days),
            burn,
            math.prod(series),
        ]
        assert result == pytest.approx(expected, rel=1e-9)


def test_the_browser_has_the_rows_that_python_has(open_page: Callable[..., Page]) -> None:
    found = open_page(PAGES["en"]).evaluate(
        """async (days) => {
          const slo = await import("/assets/js/slo-arithmetic.js");
          return days.map((number) => slo.rows(number).map((row) => ({ ...row, window: slo.duration(row.long) })));
        }""",
        [*range(1, 367)],
    )
    for days, rows in enumerate(found, 1):
        expected = slo.rows(days)
        assert [row["window"] for row in rows] == [slo.duration(row.long) for row in expected], days
        assert [row["pages"] for row in rows] == [row.pages for row in expected]
        assert [row["rate"] for row in rows] == pytest.approx([row.factor(days) for row in expected])
        assert [row["spent"] for row in rows] == pytest.approx([row.spent(days) for row in expected])


SEEN_IN = """(root) => ({
  paths: Object.fromEntries([...root.querySelectorAll("path")].map((path) =>
    [path.getAttribute("class").replace("picture__arrow", "").trim(), path.getAttribute("d")])),
  words: [...root.querySelectorAll("text")].filter((text) => text.textContent)
    .map((text) => [Number(text.getAttribute("x")), Number(text.getAttribute("y")), text.textContent]),
})"""
"""The paths of a picture by their looks, and its words with their places."""


def is_drawn(found: dict[str, Any], shown: Picture) -> None:
    """A picture of the browser is one of Python, to a tenth of a pixel."""
    paths = {"bad": "", "here": "", "other": "", "some": ""}
    for arrow in shown.arrows:
        paths[arrow.look] = paths.get(arrow.look, "") + arrow.path
    number = r"-?[0-9.]+"
    assert found["paths"].keys() == paths.keys()
    for look, path in paths.items():
        drawn = found["paths"][look]
        assert re.sub(number, "#", drawn) == re.sub(number, "#", path), look
        found_at, expected = ([*map(float, re.findall(number, data))] for data in (drawn, path))
        assert found_at == pytest.approx(expected, abs=0.11)
    assert [text for *_, text in found["words"]] == [words.text for words in shown.words]
    for (x, y, _), words in zip(found["words"], shown.words, strict=True):
        assert (x, y) == pytest.approx((words.x, words.y), abs=0.11)


@pytest.mark.parametrize("edition", PAGES)
def test_the_picture_is_built_as_the_script_draws_it(edition: str, open_page: Callable[..., Page]) -> None:
    translate = translations(edition).gettext
    page = open_page(PAGES[edition])
    built = page.evaluate(
        f"""async () => {{
          const page = await (await fetch(location.href)).text();
          return ({SEEN_IN})(new DOMParser().parseFromString(page, "text/html").querySelector("[data-ticket]"));
        }}"""
    )
    is_drawn(built, budget_picture.picture(translate, 0.999, 28, 14.4))
    is_drawn(page.locator("[data-ticket]").evaluate(SEEN_IN), budget_picture.picture(translate, 0.999, 28, 14.4))
    cases = [(0.9, 7, 3), (0.5, 30, 1), (0.9999, 366, 100), (0.99, 90, 0.25), (0, 1, 0), (0.995, 180, 2)]
    for case in cases:
        found = page.evaluate(
            f"""async (values) => {{
              const {{ redraw }} = await import("/assets/js/budget-picture.js");
              const root = document.querySelector("[data-ticket]");
              redraw(root, ...values);
              return ({SEEN_IN})(root);
            }}""",
            case,
        )
        is_drawn(found, budget_picture.picture(translate, *case))


NUMBERS: dict[str, tuple[float | None, float | None]] = {
    # A text, the number that it says, and the percentage.
    "99.9": (99.9, 99.9),
    "99,9": (99.9, 99.9),
    "９９．９": (99.9, 99.9),
    "９９，９％": (99.9, 99.9),
    " 99.9 % ": (99.9, 99.9),
    "99,999": (99999, 99.999),
    "10,000": (10000, 10),
    "1,234,567.5": (1234567.5, None),
    "0,995": (0.995, 0.995),
    "1,5": (1.5, 1.5),
    ".5": (0.5, 0.5),
    "5.": (5, 5),
    "0": (0, 0),
    "12,34,56": (None, None),
    "1.2.3": (None, None),
    "-1": (-1, -1),
    "1e3": (1000, 1000),
    "0x10": (None, None),
    "abc": (None, None),
    "%": (None, None),
    ".": (None, None),
    "": (None, None),
}

SHOWN = [
    # A number, how it is shown, and how as a percentage.
    (1.9444444, "1.94", "1.94"),
    (40.32, "40.32", "40.32"),
    (2, "2", "2"),
    (100, "100", "100"),
    (40320, "40320", "40320"),
    (0.005, "0.005", "0.01"),
    (0.00012, "0.0001", "0"),
    (0, "0", "0"),
    (99.876, "99.88", "99.88"),
    (99.999, "100", "99.999"),
    (99.99944, "100", "99.9994"),
    (99.99999999999999, "100", "100"),
]


def reads_and_shows_numbers(page: Page) -> None:
    read, shown, neither = page.evaluate(
        """async ([texts, values]) => {
          const { read, shown } = await import("/assets/js/numbers.js");
          const both = (make) => (it) => [make(it), make(it, true)];
          const orNull = (it) => (Number.isNaN(it) ? null : it);
          const numbers = texts.map((it) => both(read)(it).map(orNull));
          return [numbers, values.map(both(shown)), [shown(NaN), shown(Infinity)]];
        }""",
        [[*NUMBERS], [value for value, *_ in SHOWN]],
    )
    assert dict(zip(NUMBERS, map(tuple, read), strict=True)) == NUMBERS
    assert [tuple(it) for it in shown] == [(plain, percentage) for _, plain, percentage in SHOWN]
    assert neither == ["", "–"]


def changes_what_follows(page: Page) -> None:
    calculator = page.locator(".calculator")
    for changed, text, follow in (
        ("target", "99.9", {"minutes": "40.32", "events": "280"}),
        ("burn_rate", "14.4", {"empty_after": "1.94"}),
        ("target", "99.5", {"minutes": "201.6", "events": "1400"}),
        ("days", "30", {"minutes": "216", "target": "99.5", "empty_after": "2.08"}),
        ("minutes", "43.2", {"target": "99.9", "events": "300"}),
        ("minutes", "50", {"target": "99.88", "events": "347.22"}),
        # What follows is reckoned on with all its figures, not with those that are shown.
        ("days", "60", {"minutes": "100", "target": "99.88", "events": "694.44"}),
        ("days", "30", {"minutes": "50", "target": "99.88"}),
        ("events", "3000", {"target": "99", "minutes": "432"}),
        ("events_per_day", "20,000", {"target": "99", "events": "6000"}),
        ("burn_rate", "14,4", {"empty_after": "2.08"}),
        ("empty_after", "5", {"burn_rate": "6"}),
        ("days", "28", {"burn_rate": "6", "empty_after": "4.67"}),
        ("burn_rate", "0", {"empty_after": "–"}),
        ("target", "９９．９９９", {"minutes": "0.4", "target": "９９．９９９"}),
        ("series", "99, 98 97%", {"together": "94.11"}),
        ("series", "99,9、９９．９ 99,98,97", {"together": "93.92"}),
    ):
        calculator.locator(f"[name={changed}]").fill(text)
        for name, value in follow.items():
            assert calculator.locator(f"[name={name}]").input_value() == value, (changed, text, name)
    expect(calculator.locator("[aria-invalid=true]")).to_have_count(0)


WRONG: dict[str, tuple[tuple[str, str, str, list[str]], ...]] = {
    "en": (
        ("target", "120", "A number from 0 to 100", ["minutes", "events"]),
        ("target", "abc", "A number from 0 to 100", ["minutes", "events"]),
        ("target", "-1", "A number from 0 to 100", ["minutes", "events"]),
        ("target", "", "A number from 0 to 100", ["minutes", "events"]),
        ("days", "0", "A number from 1 to 366", ["minutes", "events", "empty_after"]),
        ("minutes", "50,000", "A number from 0 to 40,320: the period has no more minutes", ["target", "events"]),
        ("events_per_day", "0", "A number above 0", ["events"]),
        ("events", "280001", "A number from 0 to 280,000: the period has no more events", ["target", "minutes"]),
        ("burn_rate", "-1", "A number, 0 or more", ["empty_after"]),
        ("empty_after", "0", "A number above 0", ["burn_rate"]),
        ("series", "99.9 x", "Numbers from 0 to 100, separated by spaces", ["together"]),
        ("series", "99.9 101", "Numbers from 0 to 100, separated by spaces", ["together"]),
        ("series", "", "Numbers from 0 to 100, separated by spaces", ["together"]),
    ),
    "ja": (("minutes", "５００００", "0 から 40,320 までの数を入れてください (期間の長さ、分)", ["target", "events"]),),
}


def marks_what_is_wrong(page: Page, edition: str) -> None:
    fields = page.locator(".calculator input")
    names = fields.evaluate_all("fields => fields.map((field) => field.name)")
    values = "fields => Object.fromEntries(fields.map((field) => [field.name, field.value]))"
    wrong = page.locator(".calculator [aria-invalid=true]")
    page.locator(".calculator [name=empty_after]").fill("2")  # what it comes to has few figures, both ways
    for name, text, says, emptied in WRONG[edition]:
        before = fields.evaluate_all(values)
        field = page.locator(f".calculator [name={name}]")
        field.fill(text)
        expect(wrong).to_have_count(1)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(says)
        expect(page.get_by_text(says, exact=True)).to_be_visible()
        after = {**before, name: text, **dict.fromkeys(emptied, "")}
        assert fields.evaluate_all(values) == after, (name, text)
        if name == "minutes":
            page.evaluate(AXE.read_text(encoding="utf-8"))
            assert page.evaluate(VIOLATIONS) == []
        field.fill(before[name])
        expect(wrong).to_have_count(0)
        expect(field).to_have_accessible_description("")
        assert fields.evaluate_all(values) == before, (name, text)
    assert len(names) == len(set(names)) == 9


def judges_again_in_another_period(page: Page) -> None:
    field = {name: page.locator(f".calculator [name={name}]") for name in ("days", "minutes", "target")}
    field["days"].fill("28")
    field["minutes"].fill("50000")
    expect(field["minutes"]).to_have_attribute("aria-invalid", "true")
    field["days"].fill("40")
    expect(field["minutes"]).to_have_attribute("aria-invalid", "false")
    expect(field["minutes"]).to_have_value("50000")
    expect(field["target"]).to_have_value("13.19")


def draws_again(page: Page) -> None:
    picture = page.locator("[data-ticket]")
    for name, text, says in (("target", "99", "1×"), ("burn_rate", "2.5", "2.5×"), ("days", "90", "14.4×")):
        page.locator(f".calculator [name={name}]").fill(text)
        expect(picture).to_contain_text(says)
    page.locator(".calculator [name=target]").fill("90")
    expect(picture).not_to_contain_text("14.4×")
    page.locator(".calculator [name=days]").fill("")
    expect(picture).to_be_hidden()
    page.locator(".calculator [name=days]").fill("28")
    expect(picture).to_be_visible()


@pytest.mark.parametrize("edition", PAGES)
def test_each_field_changes_those_that_follow_and_what_is_wrong_gives_no_result(
    edition: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(PAGES[edition])
    expect(page.locator(".calculator")).to_be_visible()
    marks_what_is_wrong(page, edition)
    changes_what_follows(page)
    judges_again_in_another_period(page)
    draws_again(page)


@pytest.mark.parametrize("edition", PAGES)
def test_without_javascript_the_table_of_usual_targets_is_there(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES[edition], java_script_enabled=False)
    expect(page.locator(".calculator")).to_be_hidden()
    row = page.locator("tr", has=page.locator("th", has_text="99.9 %").first).last
    expect(row).to_contain_text("40.3")


def test_the_table_of_slos_sorts_by_a_column_up_and_down(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES["en"])
    table = page.locator("#slo-table")
    heading = table.get_by_role("button", name="Error budget")
    heading.focus()
    page.keyboard.press("Enter")
    minutes = "rows => rows.map((row) => Number(row.cells[4].dataset.sort))"
    up = table.locator("tbody tr").evaluate_all(minutes)
    assert up == sorted(up) != sorted(up, key=str)
    assert len(set(up)) > 3
    expect(table.locator("thead th[aria-sort=ascending]")).to_have_text("Error budget ↑")
    heading.click()
    assert table.locator("tbody tr").evaluate_all(minutes) == sorted(up, reverse=True)
    table.get_by_role("button", name="SLO", exact=True).click()
    names = table.locator("tbody th").all_inner_texts()
    assert names == sorted(names, key=str.lower)
    expect(table.locator("thead th[aria-sort]")).to_have_count(1)

"""The error budget calculator and the sorted tables in a browser, by the formulas that Python has."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from visit import VIOLATIONS
from web import AXE

from macros.handbook import slo

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


@pytest.mark.parametrize("edition", PAGES)
def test_each_field_changes_those_that_follow_and_what_is_wrong_gives_no_result(
    edition: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(PAGES[edition])
    expect(page.locator(".calculator")).to_be_visible()
    marks_what_is_wrong(page, edition)
    changes_what_follows(page)
    judges_again_in_another_period(page)


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

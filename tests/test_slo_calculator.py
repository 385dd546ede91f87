"""The error budget calculator and the sorted tables in a browser, by the formulas that Python has."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from macros.handbook import slo

PAGES = {"en": "slos/", "ja": "ja/slos/"}


def field(page: Page, name: str) -> float:
    """The value of a field of the calculator."""
    return float(page.locator(f".calculator [name={name}]").input_value())


def test_the_browser_reckons_as_python_does(open_page: Callable[..., Page]) -> None:
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
    found = open_page(PAGES["en"]).evaluate(
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


@pytest.mark.parametrize("edition", PAGES)
def test_each_field_changes_those_that_follow_from_it(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES[edition])
    calculator = page.locator(".calculator")
    expect(calculator).to_be_visible()
    assert field(page, "minutes") == pytest.approx(40.32)
    calculator.locator("[name=target]").fill("99.5")
    assert field(page, "minutes") == pytest.approx(201.6)
    assert field(page, "events") == pytest.approx(1400)
    calculator.locator("[name=days]").fill("30")
    assert field(page, "minutes") == pytest.approx(216)
    calculator.locator("[name=minutes]").fill("43.2")
    assert field(page, "target") == pytest.approx(99.9)
    assert field(page, "events") == pytest.approx(300)
    calculator.locator("[name=events]").fill("3000")
    assert field(page, "target") == pytest.approx(99)
    assert field(page, "minutes") == pytest.approx(432)
    calculator.locator("[name=burn_rate]").fill("14.4")
    assert field(page, "empty_after") == pytest.approx(30 / 14.4)
    calculator.locator("[name=empty_after]").fill("5")
    assert field(page, "burn_rate") == pytest.approx(6)
    calculator.locator("[name=series]").fill("99, 98 97%")
    assert field(page, "together") == pytest.approx(94.1094)


def test_a_value_that_is_none_is_marked_and_changes_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES["en"])
    target = page.locator(".calculator [name=target]")
    for wrong in ("abc", "101", "-1", ""):
        target.fill(wrong)
        expect(target).to_have_attribute("aria-invalid", "true")
        assert field(page, "minutes") == pytest.approx(40.32)
    target.fill("99.9")
    expect(target).to_have_attribute("aria-invalid", "false")


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
    expect(table.locator("thead th[aria-sort=ascending]")).to_have_text("Error budget")
    heading.click()
    assert table.locator("tbody tr").evaluate_all(minutes) == sorted(up, reverse=True)
    table.get_by_role("button", name="SLO", exact=True).click()
    names = table.locator("tbody th").all_inner_texts()
    assert names == sorted(names, key=str.lower)
    expect(table.locator("thead th[aria-sort]")).to_have_count(1)

"""A team's page in a browser: its parts fold, and whatever leads to one opens it; paper has them all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from web import EDITIONS, NARROW, WIDE, go_instantly

TEAM = "teams/complete/"


def part(page: Page, id: str) -> Locator:
    return page.locator("details", has=page.locator(f"#{id}"))


def test_an_address_with_an_anchor_opens_its_part(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{TEAM}#checklists")
    expect(part(page, "checklists").get_by_role("link", name="Complete checklist")).to_be_in_viewport()
    expect(part(page, "services")).not_to_have_attribute("open", "")


def test_without_scripts_an_anchor_shows_its_part_to_be_opened(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{TEAM}#checklists", java_script_enabled=False)
    expect(page.locator("#checklists")).to_be_in_viewport()
    page.locator("#checklists").click()
    expect(part(page, "checklists").get_by_role("link", name="Complete checklist")).to_be_visible()


def test_buttons_and_boxes_open_the_parts_that_they_lead_to(open_page: Callable[..., Page]) -> None:
    page = open_page(TEAM, viewport=WIDE)
    page.locator(".add__link", has_text="Dashboards").click()
    expect(part(page, "dashboards").get_by_role("link", name="Overview")).to_be_in_viewport()
    page.locator(".picture a").first.click()
    expect(part(page, "services").locator("table")).to_be_in_viewport()


def test_a_link_from_another_page_opens_the_part_that_it_names(open_page: Callable[..., Page]) -> None:
    page = open_page("services/complete-service/")
    go_instantly(page, page.get_by_role("link", name="whom to call next"), f"**/{TEAM}#escalation")
    expect(part(page, "escalation").get_by_text("Secondary")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_paper_has_every_part(scripts: bool, open_page: Callable[..., Page]) -> None:
    page = open_page(TEAM, java_script_enabled=scripts)
    expect(page.locator("#playbooks")).to_be_visible()
    hidden = part(page, "playbooks").get_by_role("link", name="Nothing gets done")
    expect(hidden).to_be_hidden()
    page.emulate_media(media="print")
    expect(hidden).to_be_visible()


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("address", [TEAM, "journeys/complete-journey/"])
def test_the_line_is_a_picture_on_a_desk_and_a_list_on_a_phone(
    address: str, edition: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{EDITIONS[edition]}{address}", viewport=WIDE)
    expect(page.locator(".picture svg[aria-describedby=line]")).to_be_visible()
    expect(page.locator("#line")).to_be_hidden()
    phone = open_page(f"{EDITIONS[edition]}{address}", viewport=NARROW)
    expect(phone.locator(".picture svg[aria-describedby=line]")).to_be_hidden()
    expect(phone.locator("#line a").first).to_be_visible()

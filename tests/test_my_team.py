"""A reader's own team in a browser: chosen on home or on its page, shown in the header and first in lists."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from web import EDITIONS, NARROW, WIDE, go_instantly, wait_for_scripts

TEAM, NAME = "complete", "Complete"
OTHER = "platform"


def menu(page: Page) -> Locator:
    return page.locator(".my-team-menu button")


def picker(page: Page) -> Locator:
    return page.locator("[data-teams] select")


def parts(page: Page) -> Locator:
    return page.locator("[data-parts] section")


def choose_on_home(page: Page) -> None:
    picker(page).select_option(TEAM)
    expect(parts(page).first).to_be_visible()


def test_without_a_choice_home_has_a_picker_and_nothing_begins_filtered(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    expect(menu(page)).to_be_hidden()
    expect(page.locator("[data-picker] a")).to_have_count(4)
    expect(parts(page)).to_have_count(0)
    page.goto(f"{page.url}services/")
    wait_for_scripts(page)
    expect(page.get_by_role("combobox", name="Team")).to_have_value("")


@pytest.mark.parametrize("edition", EDITIONS)
def test_home_shows_what_the_team_has_and_leads_there(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(EDITIONS[edition])
    choose_on_home(page)
    expect(page.locator("[data-picker]")).to_be_hidden()
    team = f"/{EDITIONS[edition]}teams/{TEAM}/"
    titles = parts(page).locator("h3 a")
    assert [urlsplit(link.get_attribute("href") or "").fragment for link in titles.all()] == [
        "next-steps",
        "pain-points",
        "playbooks",
        "checklists",
    ]
    assert {urlsplit(link.get_attribute("href") or "").path for link in titles.all()} == {team}
    for section in parts(page).all():
        expect(section.locator("li a").first).to_be_visible()
    expect(page.locator("[data-facts] a").first).to_have_attribute(
        "href", f"{urlsplit(page.url)._replace(path=team).geturl()}on-call/"
    )


def test_of_pain_points_home_shows_the_open_ones_alone(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    choose_on_home(page)
    shown = parts(page).filter(has=page.locator("h3", has_text="Pain points"))
    listed = int(shown.locator(".count").inner_text())
    page.goto(f"{page.url}teams/{TEAM}/")
    every = page.locator("#pain-points ~ ol > li, #pain-points ~ details:not(.part) ol > li")
    solved = every.filter(has_text="solved")
    expect(solved).not_to_have_count(0)
    assert listed == every.count() - solved.count()


def test_the_choice_is_kept_and_speaks_the_language_of_the_edition(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    choose_on_home(page)
    expect(menu(page)).to_have_text(NAME)
    page.reload()
    expect(parts(page).first).to_be_visible()
    expect(picker(page)).to_have_value(TEAM)
    page.goto(f"{page.url}ja/")
    expect(parts(page).first).to_be_visible()
    own = picker(page).locator("option:checked").inner_text()
    expect(menu(page)).to_have_text(own)
    expect(menu(page)).to_have_accessible_name(f"自分のチーム: {own}")


@pytest.mark.parametrize("window", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_header_leads_to_the_team_from_every_page(window: object, open_page: Callable[..., Page]) -> None:
    page = open_page("", viewport=window)
    choose_on_home(page)
    go_instantly(page, page.locator("article a[href$='checklists/']"), "**/checklists/")
    box = menu(page).bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    menu(page).click()
    page.get_by_role("link", name="On call", exact=True).click()
    page.wait_for_url(f"**/teams/{TEAM}/on-call/")
    expect(page.locator("#my-team-menu")).to_be_hidden()
    menu(page).click()
    page.locator("#my-team-menu").get_by_role("link", name=NAME).click()
    page.wait_for_url(f"**/teams/{TEAM}/")
    menu(page).click()
    page.get_by_role("link", name="Change my team").click()
    page.wait_for_url("**/#my-team")


def test_a_team_is_chosen_on_its_page_and_given_up_there(open_page: Callable[..., Page]) -> None:
    page = open_page(f"teams/{TEAM}/")
    button = page.get_by_role("button", name="My team", exact=True)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(menu(page)).to_have_text(NAME)
    page.goto(page.url.replace(TEAM, OTHER))
    expect(button).to_have_attribute("aria-pressed", "false")
    page.go_back()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(menu(page)).to_be_hidden()


def test_another_choice_takes_the_place_of_the_first_and_none_brings_the_picker_back(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("")
    choose_on_home(page)
    first = menu(page).inner_text()
    picker(page).select_option(OTHER)
    expect(menu(page)).not_to_have_text(first)
    expect(page.locator("[data-facts] a").first).to_have_attribute("href", f"{page.url}teams/{OTHER}/on-call/")
    picker(page).select_option("")
    expect(menu(page)).to_be_hidden()
    expect(page.locator("[data-picker]")).to_be_visible()
    expect(parts(page)).to_have_count(0)


def test_a_list_begins_with_the_own_team_unless_the_address_asks_for_something(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    choose_on_home(page)
    services = f"{page.url}services/"
    team = page.get_by_role("combobox", name="Team")
    rows = page.locator("#service-table tbody tr")
    page.goto(services)
    expect(team).to_have_value(TEAM)
    every = rows.count()
    own = page.locator(f"#service-table tr[data-team={TEAM}]").count()
    assert 0 < own < every
    expect(rows.locator("visible=true")).to_have_count(own)
    page.get_by_role("button", name="Show all").click()
    expect(rows.locator("visible=true")).to_have_count(every)
    assert parse_qs(urlsplit(page.url).query, keep_blank_values=True) == {"team": [""]}
    page.reload()
    expect(page.locator("form[data-filter]")).to_be_visible()
    expect(team).to_have_value("")
    for asked in ("?tier=1", f"?team={OTHER}", "#add-service"):
        page.goto("about:blank")
        page.goto(services + asked)
        expect(page.locator("form[data-filter]")).to_be_visible()
        expect(team).not_to_have_value(TEAM)


def test_a_team_keeps_its_reader_under_a_new_id(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    page.evaluate(
        """async (team) => {
      document.querySelector(`a[data-team=${team}]`).dataset.team += " former";
      localStorage.setItem("handbook.team", '{"id": "former"}');
      (await import("/assets/js/my-team-home.js")).enhanceHome(document);
    }""",
        TEAM,
    )
    expect(parts(page).first).to_be_visible()
    expect(menu(page)).to_have_text(NAME)
    assert f'"id":"{TEAM}"' in page.evaluate("localStorage.getItem('handbook.team')")


@pytest.mark.parametrize("kept", ["not JSON", "[]", '{"id": 1}', '{"id": "__proto__"}', '{"id": "gone"}'])
def test_what_can_not_be_a_team_of_ours_leaves_the_picker(kept: str, open_page: Callable[..., Page]) -> None:
    page = open_page("")
    page.evaluate("kept => localStorage.setItem('handbook.team', kept)", kept)
    page.reload()
    wait_for_scripts(page)
    expect(page.locator("[data-picker]")).to_be_visible()
    expect(parts(page)).to_have_count(0)


def test_where_the_page_of_the_team_can_not_be_loaded_the_ways_to_all_stay(open_page: Callable[..., Page]) -> None:
    page = open_page("")

    def refuse(route: Route) -> None:
        route.abort("aborted")

    page.route(f"**/teams/{TEAM}/", refuse)
    picker(page).select_option(TEAM)
    expect(menu(page)).to_have_text(NAME)
    expect(page.locator("[data-picker]")).to_be_visible()
    expect(parts(page)).to_have_count(0)


def test_a_search_on_home_looks_in_the_whole_handbook(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    page.get_by_role("searchbox", name="Alert, service").fill("complete playbook")
    page.keyboard.press("Enter")
    page.wait_for_url("**/go/?q=complete+playbook")
    expect(page.locator(".search-results a").first).to_be_visible()


def test_without_javascript_home_leads_to_every_team(open_page: Callable[..., Page]) -> None:
    page = open_page("", java_script_enabled=False)
    expect(page.locator("[data-picker] a").first).to_be_visible()
    expect(picker(page)).to_be_hidden()
    expect(menu(page)).to_be_hidden()
    page.get_by_role("searchbox", name="Alert, service").fill("x")
    page.keyboard.press("Enter")
    page.wait_for_url("**/go/?q=x")
    expect(page.locator("#alert-table")).to_be_visible()

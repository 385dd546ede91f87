"""What stands around a page in a browser: the handbook's name, the search's key, the breadcrumbs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect
from web import EDITIONS, NARROW, WIDE

NAMES = {"en": "SRE handbook", "ja": "SRE ハンドブック"}


def left(place: Locator) -> float:
    box = place.bounding_box()
    assert box
    return box["x"]


@pytest.mark.parametrize("width", [320, NARROW["width"]])
@pytest.mark.parametrize("edition", EDITIONS)
def test_on_a_phone_the_handbook_s_name_is_whole_without_the_organisation(
    edition: str, width: int, open_page: Callable[..., Page]
) -> None:
    page = open_page(EDITIONS[edition], viewport=ViewportSize(width=width, height=600))
    name = page.locator(".md-header__topic .md-ellipsis").first
    assert name.inner_text().strip() == NAMES[edition]
    assert name.evaluate("it => it.scrollWidth <= it.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_desktop_the_organisation_s_name_follows(open_page: Callable[..., Page]) -> None:
    page = open_page("", viewport=WIDE)
    name = page.locator(".md-header__topic .md-ellipsis").first
    expect(name.locator(".md-header__organisation")).to_be_visible()
    assert name.inner_text().startswith(f"{NAMES['en']} – ")


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_search_box_says_which_key_leads_to_it_until_it_is_used(
    edition: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(EDITIONS[edition], viewport=WIDE)
    hint, field = page.locator(".search-key"), page.locator("[data-search-box] input")
    expect(hint).to_have_text("/")
    expect(hint).to_be_visible()
    page.keyboard.press(hint.inner_text())
    expect(field).to_be_focused()
    expect(hint).to_be_hidden()
    field.fill("x")
    field.blur()
    expect(hint).to_be_hidden()


def test_who_has_no_keyboard_sees_no_key(open_page: Callable[..., Page]) -> None:
    page = open_page("", viewport=NARROW)
    page.locator("header label[for=__search]:visible").first.click()
    page.locator("[data-search-box] input").blur()
    expect(page.locator(".search-key")).to_be_hidden()


@pytest.mark.parametrize("address", ["services/", "teams/complete/", "contribute/"])
@pytest.mark.parametrize("window", [NARROW, WIDE], ids=["phone", "desktop"])
def test_the_breadcrumbs_begin_where_the_title_does(
    window: ViewportSize, address: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(address, viewport=window)
    assert left(page.locator(".md-path__link").first) == pytest.approx(left(page.locator("article h1")), abs=0.5)

"""What is printed: sheets that are promised to be one page, and tables that go across."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader
from web import EDITIONS

FORMATS = ("A4", "Letter")


def printed(page: Page, format: str) -> PdfReader:
    """The page as chromium prints it, on paper of a format."""
    return PdfReader(BytesIO(page.pdf(format=format)))


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_charter_is_one_sheet_to_sign(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{EDITIONS[edition]}teams/complete/engagements/complete-engagement/", color_scheme="dark")
    for format in FORMATS:
        pdf = printed(page, format)
        assert len(pdf.pages) == 1, format
        text = re.sub(r"\s+", "", pdf.pages[0].extract_text())
        assert "complete-engagement.yaml" in text, "the sheet says what it was made from"
    page.emulate_media(media="print")
    assert page.locator("table.signatures th").count() == 4
    assert page.locator("table.signatures").is_visible()
    assert page.locator("#missing").is_hidden()


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_comparison_goes_across_few_sheets(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{EDITIONS[edition]}team-types/compare/")
    for format in FORMATS:
        pdf = printed(page, format)
        assert len(pdf.pages) <= 3, format
        assert all(it.mediabox.width > it.mediabox.height for it in pdf.pages)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(
    ("sheet", "across"),
    [
        ("workshops/complete-workshop/facilitator/", False),
        ("workshops/complete-workshop/sli-menu/", False),
        ("workshops/complete-workshop/worksheet/", True),
        ("workshops/complete-workshop/interview/", False),
    ],
)
def test_a_workshop_s_sheet_is_one_page(sheet: str, across: bool, edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{EDITIONS[edition]}{sheet}")
    for format in FORMATS:
        pdf = printed(page, format)
        assert len(pdf.pages) == 1, format
        assert (pdf.pages[0].mediabox.width > pdf.pages[0].mediabox.height) is across
    page.emulate_media(media="print")
    assert page.locator("form").filter(visible=True).count() == 0
    assert page.locator(".sheet table").first.is_visible()


def test_a_page_without_a_comparison_stands_upright(open_page: Callable[..., Page]) -> None:
    pdf = printed(open_page("teams/complete/"), "A4")
    assert all(it.mediabox.width < it.mediabox.height for it in pdf.pages)

"""Whatever ships for paper is on the sheets that it promises, in both editions, on A4 and on Letter."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from conftest import ROOT, address_of
from playwright.sync_api import Browser
from pypdf import PdfReader
from web import EDITIONS

from macros.handbook import addresses, checklists, load
from macros.handbook.graph import Handbook
from macros.model.checklists import Checklist

MOST = 2
"""The sheets that a list may promise."""


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    return load.load(ROOT / "data", "data")


NARROW, LOW = "210mm", "11in"
"""Paper as narrow as A4 and as low as Letter: what fits on it fits on both."""

Promise = tuple[str, str, int]
"""The address of a page that is made for paper, its file, and the sheets that it promises."""


def lists(handbook: Handbook) -> Iterator[Promise]:
    for checklist in handbook.checklists:
        if isinstance(checklist, Checklist):
            sheet = checklists.sheet_of(handbook, checklist)
            yield addresses.of(checklist), checklist.path, sheet.whole.pages
    for team in handbook.teams:
        for sheet in checklists.of(handbook, team):
            yield addresses.team_checklist(team, sheet.id), team.path, sheet.whole.pages


def others(handbook: Handbook) -> Iterator[Promise]:
    for playbook in handbook.playbooks:
        yield addresses.of(playbook), playbook.path, 1
    for engagement in handbook.engagements:
        yield addresses.of(engagement), engagement.path, 1
    for workshop in handbook.workshops:
        for part in workshop.sheets:
            yield f"{addresses.of(workshop)}{part.value}/", workshop.path, 1
    yield "incidents/card/", "data/organisation.yaml", 1
    yield "team-types/compare/", "docs/team-types/compare.md", 3


def test_a_list_promises_few_sheets(handbook: Handbook) -> None:
    assert [f"{file}: {sheets} sheets" for _, file, sheets in lists(handbook) if sheets > MOST] == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_is_made_for_paper_is_on_the_sheets_that_it_promises(
    edition: str, handbook: Handbook, shipped_browser: Browser, shipped_site: Path
) -> None:
    page = shipped_browser.new_page(java_script_enabled=False, color_scheme="dark")
    faults = []
    for address, file, promised in (*lists(handbook), *others(handbook)):
        page.goto(f"{address_of(shipped_site)}{EDITIONS[edition]}{address}")
        made = len(PdfReader(BytesIO(page.pdf(width=NARROW, height=LOW))).pages)
        if not 0 < made <= promised:
            faults.append(f"{file}: {EDITIONS[edition]}{address} takes {made} sheets, not {promised}")
    page.close()
    assert faults == [], "\n".join(faults)

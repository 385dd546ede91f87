"""Where next steps lead: to pages and headings of the handbook as it ships."""

from __future__ import annotations

from pathlib import Path

import pytest
import shipped
from conftest import cases, make_handbook

from macros.gaps import next_steps
from macros.gaps.checks import GAPS
from macros.handbook import addresses, alerts
from macros.handbook.graph import Handbook
from macros.model.set_ups import TeamType

FOLDERS = {
    "quick-wins": "quick-win",
    "team-types": "team-type",
    "workshops": "workshop",
    "playbooks/templates": "playbook-template",
}
"""The kinds of pages that data makes, by their folder."""


def has_page(handbook: Handbook, address: str) -> bool:
    """Whether an address is that of a hand-written page, with its anchor, or of one that the data makes."""
    page, _, anchor = address.partition("#")
    for name in (f"{page}index.md", f"{page.rstrip('/')}.md"):
        if name in shipped.PAGES:
            texts = (shipped.source(name, language) for language in ("en", "ja"))
            return all(not anchor or f"{{ #{anchor} }}" in text for text in texts)
    if page.startswith(addresses.GO):
        return page in {addresses.go(alert.name) for alert in alerts.known(handbook)} and not anchor
    folder, _, id = page.rstrip("/").rpartition("/")
    entity = handbook.find(FOLDERS[folder], id)
    if isinstance(entity, TeamType):
        return anchor == "first-90-days" and bool(entity.first_90_days)
    return entity is not None and not anchor


def test_the_page_of_every_row_is_there() -> None:
    pages = {row.name: row.step.page for row in GAPS if row.step and row.step.page}
    assert {name: page for name, page in pages.items() if not has_page(shipped.handbook(), page)} == {}


def test_the_pages_that_next_steps_choose_by_their_data_are_there(tmp_path: Path) -> None:
    missing = set()
    for number, parameter in enumerate(cases("next-steps")):
        (case,) = parameter.values
        handbook = make_handbook(tmp_path / str(number), case.files)
        pages = {step.spot.page for team in handbook.teams for step in next_steps.of(handbook, team)} - {""}
        known = (page for page in pages if has_page(handbook, page) or has_page(shipped.handbook(), page))
        missing |= {f"{case.name}: {page}" for page in pages - set(known)}
    assert missing == set()


@pytest.mark.parametrize("page", ["slos/#none", "quick-wins/none/", "go/None/", "team-types/#none"])
def test_a_page_that_is_not_there_is_seen(page: str) -> None:
    assert has_page(shipped.handbook(), "slos/#first-slo")
    assert not has_page(shipped.handbook(), page)

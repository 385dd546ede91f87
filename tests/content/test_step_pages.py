"""Where next steps lead: to pages and headings of the handbook as it ships."""

from __future__ import annotations

from pathlib import Path

import pytest
import shipped
from conftest import SET_UPS, Content, cases, make_handbook
from shipped import DATA

from macros.gaps import next_steps
from macros.handbook import addresses, alerts
from macros.handbook.graph import Handbook
from macros.model.set_ups import TeamType

SHARED: dict[str, Content] = {
    path.relative_to(DATA).as_posix(): path.read_text(encoding="utf-8")
    for folder in ("team-types", "quick-wins")
    for path in (DATA / folder).glob("*.yaml")
}
"""The team types and quick wins, which refer to nothing but each other."""


def has_page(handbook: Handbook, address: str) -> bool:
    """Whether an address is that of a hand-written page, with its anchor, or of one that the data makes."""
    page, _, anchor = address.partition("#")
    for name in (f"{page}index.md", f"{page.rstrip('/')}.md"):
        if name in shipped.PAGES:
            texts = (shipped.source(name, language) for language in ("en", "ja"))
            return all(not anchor or f"{{ #{anchor} }}" in text for text in texts)
    if page.startswith(addresses.GO):
        return page in {addresses.go(alert.name) for alert in alerts.known(handbook)} and not anchor
    kind, id = page.rstrip("/").split("/")
    entity = handbook.find({"quick-wins": "quick-win", "team-types": "team-type", "workshops": "workshop"}[kind], id)
    if isinstance(entity, TeamType):
        return anchor == "first-90-days" and bool(entity.first_90_days)
    return entity is not None and not anchor


def test_the_pages_of_all_next_steps_are_there(tmp_path: Path) -> None:
    missing = set()
    for number, parameter in enumerate(cases("next-steps")):
        (case,) = parameter.values
        own = {name: content for name, content in case.files.items() if content != SET_UPS.get(name)}
        handbook = make_handbook(tmp_path / str(number), {**SHARED, **own})
        for team in handbook.teams:
            pages = (step.page for step in next_steps.of(handbook, team))
            missing |= {f"{case.name}: {page}" for page in pages if not has_page(handbook, page)}
    assert missing == set()


@pytest.mark.parametrize("page", ["slos/#none", "quick-wins/none/", "go/None/", "team-types/#none"])
def test_a_page_that_is_not_there_is_seen(page: str, tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, SHARED)
    assert has_page(handbook, "slos/#first-slo")
    assert not has_page(handbook, page)

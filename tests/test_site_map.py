"""The site map: it has what the build makes, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Content, golden_handbook, golden_site, make_handbook

from macros.handbook import site_map
from macros.model.values import LANGUAGES
from macros.site.pages import pages

SITE = "name: E\nlanguage: en\nsite_address: https://h.example.com/\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_build_makes_the_pages_of_the_map_and_no_other(language: str) -> None:
    edition = golden_site(language)
    made = [it.uri for it in pages(edition) if it.uri.endswith(("index.md", "index.html"))]
    assert sorted(uri.rpartition("index.")[0] for uri in made) == sorted(site_map.planned(edition.handbook))


def test_an_address_leads_somewhere_where_there_is_a_page(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "organisation.yaml": SITE,
        "teams/payments/services/till.yaml": "name: T\nsummary: S\naliases: [desk]\n",
        "teams/payments/alerts/a.yml": "groups: [{name: g, rules: [{alert: 'Disk: Full', expr: up == 0}]}]\n",
    }
    handbook = make_handbook(tmp_path, files)
    shared = {"", "go/", "incidents/", "slos/"}  # the last two are hand-written
    team = {"teams/payments/", "teams/payments/on-call/", "services/till/", "services/desk/"}
    assert site_map.known(handbook) == {*shared, *team, "go/disk~3a full/"}
    for address, leads in (("services/desk/", True), ("go/DISK~3A%20FULL/", True), ("services/bar/", False)):
        assert site_map.leads_somewhere(handbook, f"https://h.example.com/ja/{address}") is leads
    assert site_map.leads_somewhere(handbook, "https://other.example.com/services/till/") is None


def test_old_addresses_lead_on_and_have_no_template() -> None:
    handbook = golden_handbook()
    planned = site_map.planned(handbook)
    ways = {address: page.leads_to for address, page in planned.items() if page.leads_to}
    assert ways
    for address, target in ways.items():
        assert not planned[address].template
        assert planned[target.partition("#")[0]].template

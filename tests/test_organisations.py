"""Organisations for measuring: as right as the data that they are made of, and no righter."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import organisations
from conftest import GOLDEN, findings_of

from macros.handbook import load
from macros.handbook.graph import Handbook


def of_teams(handbook: Handbook) -> Counter[str]:
    """How often each rule finds something in files of teams."""
    return Counter(finding.rule for finding in findings_of(handbook) if finding.path.startswith("data/teams/"))


def test_each_round_of_teams_has_the_gaps_of_the_first_and_no_problem(tmp_path: Path) -> None:
    source = load.load(GOLDEN / "data", "data")
    teams = organisations.write(tmp_path / "data", GOLDEN / "data", 12)
    large = load.load(tmp_path / "data", "data")
    assert teams == len(large.teams) >= 12
    rounds = len(large.teams) // len(source.teams)
    assert of_teams(large) == Counter({rule: rounds * count for rule, count in of_teams(source).items()})
    assert len(large.services) == rounds * len(source.services)


def test_a_copy_has_its_own_ids_names_and_alerts() -> None:
    copy = organisations.Copy("unit2", {"search", "search-api", "find-drawing"}, {"SearchSlow"})
    assert copy.text(
        "name:\n  en: Search API\n  ja: 検索 API\n"
        "aliases:\n  - finder\n"
        "depends_on: [search, search-api]\n"
        "channel: '#team-search'\n"
        "alerts: [SearchSlow, FindDrawing*]\n"
        "runbook_url: https://handbook.example.com/playbooks/find-drawing/\n"
        "has: search-api of the search, or Searching\n"
    ) == (
        "name:\n  en: Unit2 Search API\n  ja: Unit2 検索 API\n"
        "depends_on: [unit2-search, unit2-search-api]\n"
        "channel: '#team-search'\n"
        "alerts: [Unit2SearchSlow, Unit2FindDrawing*]\n"
        "runbook_url: https://handbook.example.com/playbooks/unit2-find-drawing/\n"
        "has: search-api of the search, or Searching\n"
    )

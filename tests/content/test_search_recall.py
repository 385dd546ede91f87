"""Whether people find in the shipped handbook what they look for, by the queries of tests/search/queries.yaml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT
from playwright.sync_api import Page
from recall import ENOUGH, misses, queries
from web import EDITIONS


@pytest.mark.parametrize("language", EDITIONS)
def test_people_find_what_they_look_for(language: str, shipped_site: Path, open_shipped: Callable[..., Page]) -> None:
    """Where the worked example is gone, a query whose pages went with it is not asked."""
    root = shipped_site / EDITIONS[language]
    asked = [it for it in queries(language) if any((root / page / "index.html").is_file() for page in it.right)]
    assert len(asked) > 40
    assert asked == [*queries(language)] or not (ROOT / "data/teams/.example").exists()
    missed = misses(open_shipped(EDITIONS[language]), asked)
    recall = 1 - len(missed) / len(asked)
    print(f"recall {language}: {recall:.3f} of {len(asked)} queries")
    told = "\n".join((f"recall {language}: {recall:.3f}", *map(str, missed)))
    assert recall >= ENOUGH, told
    assert not [it for it in missed if it.query.first], told

"""The site of the handbook as it ships: links, editions, policy; and people find what they look for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import shipped
import whole_site
from playwright.sync_api import Page
from recall import ENOUGH, Query, misses, queries
from web import EDITIONS

from macros.handbook import addresses, alerts


def test_every_link_and_anchor_leads_somewhere(shipped_site: Path) -> None:
    assert whole_site.broken_links(shipped_site) == []


def test_both_editions_have_the_same_pages_each_in_its_language(shipped_site: Path) -> None:
    assert whole_site.differences_of_editions(shipped_site) == []


def test_no_page_and_no_style_sheet_loads_anything_from_another_host(shipped_site: Path) -> None:
    assert whole_site.foreign_loads(shipped_site) == []


def test_every_page_has_the_policy_that_servers_send_and_no_script_against_it(shipped_site: Path) -> None:
    assert whole_site.faults_of_policy(shipped_site) == []


def test_a_page_s_breadcrumbs_are_the_pages_that_its_address_stands_below(shipped_site: Path) -> None:
    assert whole_site.misplaced(shipped_site) == []


def asked(language: str, site: Path) -> list[Query]:
    """The queries whose pages are there, and each alert by its name, which must find its page first."""
    made = [it for it in queries(language) if any((site / EDITIONS[language] / page).is_dir() for page in it.right)]
    for alert in alerts.known(shipped.handbook()):
        answers = (f"playbooks/{it.id}/" for it in alerts.answering(shipped.handbook(), alert))
        made.append(Query(alert.name, language, (addresses.go(alert.name), *answers), True))
    return list({it.text: it for it in reversed(made)}.values())


@pytest.mark.parametrize("language", EDITIONS)
def test_the_search_finds_what_people_look_for(
    language: str, shipped_site: Path, open_shipped: Callable[..., Page]
) -> None:
    wanted = asked(language, shipped_site)
    missed = misses(open_shipped(EDITIONS[language]), wanted)
    recall = 1 - len(missed) / len(wanted)
    told = "\n".join((f"recall {language}: {recall:.3f} of {len(wanted)} queries", *map(str, missed)))
    print(told)
    assert recall >= ENOUGH, told
    assert not [it for it in missed if it.query.first], told


@pytest.mark.parametrize("language", EDITIONS)
def test_every_page_that_a_query_should_find_is_there(language: str, shipped_site: Path) -> None:
    if shipped.handbook().organisation.illustration is None:
        pytest.skip("an organisation may take shared pages away")
    wanted = {it for query in queries(language) for it in query.right}
    root = shipped_site / EDITIONS[language]
    assert [it for it in sorted(wanted) if not (root / it / "index.html").is_file()] == []

"""The site of the shipped handbook as a whole: links and anchors, both editions, the policy, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path

import whole_site


def test_every_link_and_anchor_leads_somewhere(shipped_site: Path) -> None:
    assert whole_site.broken_links(shipped_site) == []


def test_both_editions_have_the_same_pages_each_in_its_language(shipped_site: Path) -> None:
    assert whole_site.differences_of_editions(shipped_site) == []


def test_no_page_and_no_style_sheet_loads_anything_from_another_host(shipped_site: Path) -> None:
    assert whole_site.foreign_loads(shipped_site) == []


def test_every_page_has_the_policy_that_servers_send_and_no_script_against_it(shipped_site: Path) -> None:
    assert whole_site.faults_of_policy(shipped_site) == []

"""The whole built site: every link leads somewhere, both editions are one, nothing is loaded from another host."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import whole_site
from whole_site import foreign, page_loads


def test_every_link_and_anchor_leads_somewhere(built_site: Path) -> None:
    assert whole_site.broken_links(built_site) == []


def test_both_editions_have_the_same_pages_each_in_its_language(built_site: Path) -> None:
    assert whole_site.differences_of_editions(built_site) == []
    made = whole_site.pages(built_site)
    assert {"index.html", "404.html", "ja/404.html", "ja/teams/complete/index.html"} <= made.keys()
    assert len(made) > 200


def test_no_page_and_no_style_sheet_loads_anything_from_another_host(built_site: Path) -> None:
    assert whole_site.foreign_loads(built_site) == []


def test_every_page_has_the_policy_that_servers_send_and_no_script_against_it(built_site: Path) -> None:
    assert whole_site.faults_of_policy(built_site) == []


def test_a_page_s_breadcrumbs_are_the_pages_that_its_address_stands_below(built_site: Path) -> None:
    assert whole_site.misplaced(built_site) == []


TARGETS = {
    "teams/#nowhere": "/teams#nowhere",
    "/services/#nowhere": "/services#nowhere",
    "gone-from-here/": "/gone-from-here",
    "teams/gone.html": "/teams/gone.html",
}
"""Links that lead nowhere, and what lychee makes of them."""


def test_what_is_wrong_with_a_site_is_seen(built_site: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(built_site, site, copy_function=os.link)

    def change(name: str, old: str, new: str) -> None:
        """Change a page of the copy, whose files are those of the site."""
        text = (site / name).read_text(encoding="utf-8")
        (site / name).unlink()
        (site / name).write_text(text.replace(old, new), encoding="utf-8")

    links = "".join(f'<a href="{target}">x</a>' for target in TARGETS)
    change("index.html", "</article>", f'{links}<img src="//cdn.example/a.png"><script>x()</script></article>')
    change("teams/index.html", 'http-equiv="Content-Security-Policy"', 'name="none"')
    change("ja/teams/index.html", '<html lang="ja"', '<html lang="en"')
    change("assets/css/handbook.css", "}", "} @import 'https://cdn.example/a.css';")
    change(
        "ja/teams/complete/binder/index.html", 'href="../../" class="md-path__link"', 'href="../" class="md-path__link"'
    )
    (site / "ja/slos/index.html").unlink()
    told = "\n".join(whole_site.broken_links(site))
    assert [it for it in TARGETS.values() if it not in told] == [], told
    assert whole_site.differences_of_editions(site) == [
        "ja/slos/index.html: in one edition alone",
        "ja/teams/index.html: not in ja",
    ]
    assert whole_site.faults_of_policy(site) == ["index.html: x()", "teams/index.html: not the one policy"]
    misplaced = [it.partition(":")[0] for it in whole_site.misplaced(site)]
    assert misplaced == ["ja/slos/exports/index.html", "ja/teams/complete/binder/index.html"]
    assert set(whole_site.foreign_loads(site)) == {
        "index.html: //cdn.example/a.png",
        "assets/css/handbook.css: https://cdn.example/a.css",
    }


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/a.js"></script>',
        '<img src="//cdn.example/a.png">',
        '<img srcset="a.png, https://cdn.example/b.png 2x">',
        '<link rel="stylesheet" href="https://cdn.example/a.css">',
        '<link rel="shortcut icon" href="https://cdn.example/a.ico">',
        '<link rel="preconnect" href="https://cdn.example">',
        '<object data="https://cdn.example/a.svg"></object>',
        '<p style="background: url(https://cdn.example/a.png)"></p>',
        "<style>@import 'https://cdn.example/a.css';</style>",
        '<style>p { background: url("//cdn.example/a.png") }</style>',
    ],
)
def test_a_foreign_resource_is_seen(html: str) -> None:
    assert [urlsplit(url).hostname for url in foreign(page_loads(html))] == ["cdn.example"]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://other.example/">out</a>',
        '<link rel="canonical" href="https://handbook.example/">',
        '<script src="../assets/a.js"></script>',
        '<p style="background: url(data:image/png;base64,AA==)"></p>',
    ],
)
def test_what_stays_on_this_host_or_is_only_a_link_is_left_alone(html: str) -> None:
    assert list(foreign(page_loads(html))) == []

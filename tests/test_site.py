"""The whole built site: every link leads somewhere, and nothing is loaded from another host."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from web import Html, read_html

from macros import content_security

LOADED_BY_REL = {"stylesheet", "icon", "apple-touch-icon", "manifest", "preload", "prefetch", "modulepreload"}
LOADED_BY_REL |= {"preconnect", "dns-prefetch"}


def check_links(site: Path) -> subprocess.CompletedProcess[str]:
    """Run lychee over every page of a site, without the network."""
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("lychee")),
            *("--offline", "--include-fragments", "--no-ignore", "--hidden", "--no-progress", "--mode", "plain"),
            *("--root-dir", str(site), "--index-files", "index.html"),
            str(site / "**/*.html"),
        ],
        cwd=site,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def test_every_link_and_anchor_leads_somewhere(built_site: Path) -> None:
    checked = check_links(built_site)
    assert checked.returncode == 0, checked.stdout
    counted = re.search(r"(\d+) OK", checked.stdout)
    assert counted, checked.stdout
    assert int(counted[1]) > 1000, checked.stdout


@pytest.mark.parametrize("target", ["teams/#nowhere", "/services/#nowhere", "nowhere/", "teams/nowhere.html"])
def test_the_link_checker_reports_a_broken_link(built_site: Path, tmp_path: Path, target: str) -> None:
    site = tmp_path / "site"
    shutil.copytree(built_site, site)
    page = site / "index.html"
    page.write_text(page.read_text().replace("</article>", f'<a href="{target}">x</a></article>'))
    checked = check_links(site)
    assert checked.returncode != 0
    assert "nowhere" in checked.stdout


def test_no_page_loads_anything_from_another_host(built_site: Path) -> None:
    pages = sorted(built_site.rglob("*.html"))
    assert len(pages) > 60
    assert [f"{it.relative_to(built_site)}: {url}" for it in pages for url in foreign(page_loads(read_html(it)))] == []


def test_every_page_has_the_policy_that_servers_send_and_no_script_against_it(built_site: Path) -> None:
    sent = (built_site / "_headers").read_text(encoding="utf-8")
    policy = sent.split("Content-Security-Policy: ")[1].split("; frame-ancestors")[0]
    texts = {str(it.relative_to(built_site)): it.read_text(encoding="utf-8") for it in built_site.rglob("*.html")}
    assert [it for it, text in texts.items() if text.count(content_security.meta(policy)) != 1] == []
    assert [it for it, text in texts.items() if content_security.foreign_scripts(text, policy)] == []
    assert len(texts) > 400


def test_search_engines_are_told_to_list_no_page(built_site: Path) -> None:
    sign = '<meta name="robots" content="noindex">'
    pages = [it.relative_to(built_site) for it in built_site.rglob("*.html") if it.read_text().count(sign) != 1]
    assert pages == []
    assert (built_site / "404.html").exists()
    assert (built_site / "robots.txt").read_text() == "User-agent: *\nDisallow: /\n"


def test_no_style_sheet_loads_anything_from_another_host(built_site: Path) -> None:
    sheets = sorted(built_site.rglob("*.css"))
    assert built_site / "assets/css/handbook.css" in sheets
    assert built_site / "ja/assets/css/handbook.css" in sheets
    assert [
        f"{it.relative_to(built_site)}: {url}" for it in sheets for url in foreign(css_loads(it.read_text("utf-8")))
    ] == []


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
    assert [urlsplit(url).hostname for url in foreign(page_loads(Html(html)))] == ["cdn.example"]


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
    assert list(foreign(page_loads(Html(html)))) == []


def page_loads(page: Html) -> Iterator[str]:
    """Every address that a browser fetches by itself when it shows a page."""
    for element in page.elements:
        attributes = element.attributes
        for name in ("src", "poster", "data", "background"):
            if name in attributes:
                yield attributes[name]
        for candidate in filter(None, attributes.get("srcset", "").split(",")):
            yield candidate.split()[0]
        if element.tag == "link" and LOADED_BY_REL.intersection(attributes.get("rel", "").lower().split()):
            yield attributes["href"]
        if element.tag in ("use", "image"):
            yield attributes.get("href") or attributes.get("xlink:href", "")
        yield from css_loads(attributes.get("style", ""))
        if element.tag == "style":
            yield from css_loads(element.text)


def css_loads(text: str) -> Iterator[str]:
    """Every address that a style sheet loads."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for match in re.finditer(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)""", text):
        yield match[1] or match[2] or match[3]
    for match in re.finditer(r"""@import\s+["']([^"']+)""", text):
        yield match[1]


def foreign(addresses: Iterator[str]) -> Iterator[str]:
    """The addresses that name a host."""
    return (address for address in addresses if urlsplit(address.strip()).netloc)

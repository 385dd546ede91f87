"""What must hold of a whole built site, whatever its content: each question gives what is wrong, with its page."""

from __future__ import annotations

import posixpath
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from web import Html

from macros.site import content_security, offline

LOADED_BY_REL = {"stylesheet", "icon", "apple-touch-icon", "manifest", "preload", "prefetch", "modulepreload"}
LOADED_BY_REL |= {"preconnect", "dns-prefetch"}

LEADING_ON = '<meta http-equiv="refresh"'
"""What a page has that leads on to another."""


def pages(site: Path) -> dict[str, Path]:
    """The HTML files of a site by their path from there."""
    return {it.relative_to(site).as_posix(): it for it in sorted(site.rglob("*.html"))}


def broken_links(site: Path) -> list[str]:
    """What lychee, without the network, has against the links and anchors of all pages.

    No server answers with `ja/404.html`: the one at the root speaks both languages. Without a `site_address`, lychee
    doesn't read its links as browsers do.
    """
    checked = subprocess.run(
        [
            str(Path(sys.executable).with_name("lychee")),
            *("--offline", "--include-fragments", "--no-ignore", "--hidden", "--no-progress", "--mode", "plain"),
            *("--root-dir", str(site), "--index-files", "index.html", "--exclude-path", "/ja/404.html"),
            str(site / "**/*.html"),
        ],
        cwd=site,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    counted = re.search(r"(\d+) OK", checked.stdout)
    if checked.returncode == 0 and counted and int(counted[1]) > len(pages(site)):
        return []
    told = checked.stdout.replace(f"{site}/", "")
    faults, page = [], ""
    for line in told.splitlines():
        page = line if line.endswith(".html]:") else page
        if line.startswith("[ERROR]"):
            faults.append(f"{page} {line.removeprefix('[ERROR] ')}")
    return faults or [told]


def differences_of_editions(site: Path) -> list[str]:
    """The pages that one edition has and the other hasn't, and those that speak another language than theirs."""
    every = pages(site)
    japanese = {it for it in every if it.startswith("ja/")}
    found = [f"{it}: in one edition alone" for it in sorted({f"ja/{it}" for it in every.keys() - japanese} ^ japanese)]
    for name, path in every.items():
        language = "ja" if name in japanese else "en"
        if f'<html lang="{language}"' not in path.read_text(encoding="utf-8")[:200]:
            found.append(f"{name}: not in {language}")
    return found


def misplaced(site: Path) -> list[str]:
    """The pages whose breadcrumbs aren't the pages that their addresses stand below, with what they are."""
    every = pages(site)
    found = []
    for name, path in every.items():
        root = "ja/" if name.startswith("ja/") else ""
        *folders, file = name.removeprefix(root).split("/")
        text = path.read_text(encoding="utf-8")
        if not folders or file != "index.html" or LEADING_ON in text:
            continue
        above = [root + "".join(f"{folder}/" for folder in folders[:depth]) for depth in range(len(folders))]
        expected = [posixpath.normpath(place) for place in above if f"{place}index.html" in every]
        ways = re.findall(r'<a href="([^"]*)" class="md-path__link"', text)
        crumbs = [posixpath.normpath(posixpath.join(posixpath.dirname(name), way)) for way in ways]
        if crumbs != expected:
            found.append(f"{name}: stands below {crumbs}, not {expected}")
    return found


def faults_of_policy(site: Path) -> list[str]:
    """The pages that haven't the policy that servers send, or have a script against it.

    What works by itself has its own, under which no script runs.
    """
    sent = (site / "_headers").read_text(encoding="utf-8")
    policy = sent.split("Content-Security-Policy: ")[1].split("; frame-ancestors")[0]
    found = []
    for name, path in pages(site).items():
        text = path.read_text(encoding="utf-8")
        own = offline.POLICY if path.name == offline.NAME else policy
        if text.count(content_security.meta(own)) != 1:
            found.append(f"{name}: not the one policy")
        found += [f"{name}: {it[:60]}" for it in content_security.foreign_scripts(text, own)]
    return found


def foreign_loads(site: Path) -> list[str]:
    """What the pages and the style sheets of a site load from another host."""
    texts = {name: path.read_text(encoding="utf-8") for name, path in pages(site).items()}
    found = [f"{name}: {url}" for name, text in texts.items() for url in foreign(page_loads(text))]
    sheets = {it.relative_to(site): it.read_text(encoding="utf-8") for it in sorted(site.rglob("*.css"))}
    assert {Path("assets/css/handbook.css"), Path("ja/assets/css/handbook.css")} <= sheets.keys()
    return [*found, *(f"{name}: {url}" for name, text in sheets.items() for url in foreign(css_loads(text)))]


WITH_HOST = re.compile(r"<(?!a\b)[a-z][^<]*//[^<]*(?:</style>)?", re.IGNORECASE)
"""A tag but a link's, with what stands behind it, in which an address may name a host."""


def page_loads(html: str) -> Iterator[str]:
    """Every address with a host that a browser fetches by itself when it shows a page."""
    for element in Html("".join(WITH_HOST.findall(html))).elements:  # a page whole takes ten times as long
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

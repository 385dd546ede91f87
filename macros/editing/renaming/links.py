"""The links, in pages and in the Markdown of the data, that lead to what is renamed."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urljoin

from macros.editing.renaming.edits import Edit
from macros.model.kinds import KINDS
from macros.model.values import LANGUAGES
from macros.sources import guides
from macros.text import markdown

SECTIONS = {
    "reading-shelf": KINDS["reading-shelf"].section,
    "reading": "reading/#reading-<id>",
    "term": "glossary/#<id>",
}
"""What has no page of its own: the part of a page that shows it."""

OUTSIDE = r"(?:https?://|mailto:)"
"""How an address begins that leads out of the handbook."""

_LINK = re.compile(
    r"\]\([ \t]*<?(?P<inline>(?:[^\s()<>]|\([^\s()<>]*\))+)"
    rf"|<(?P<angled>{OUTSIDE}[^\s<>]+)>"
    r"|^[ \t]*(?:- +)?\[[^\]\n]+\]:[ \t]*<?(?P<definition>[^\s<>]+)"
    r"|\b(?:href|src)=(?P<quote>[\"'])(?P<attribute>.+?)(?P=quote)",
    re.M | re.I,
)

_NO_CALLS = re.compile(r"\{#.*?#\}|\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", re.S)
_CALL = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
_LINK_CALL = re.compile(
    r"\blink\(\s*(?:kind\s*=\s*)?([\"'])(?P<kind>[\w-]+)\1\s*,\s*(?:id\s*=\s*)?([\"'])(?P<id>[^\"']+)\3"
)


class Way(NamedTuple):
    """An address that changes, and all below it: its part number `at` becomes `part`. `*` is any one part. Where there
    is an `anchor`, that becomes `part`, on this page alone."""

    address: tuple[str, ...]
    at: int
    part: str
    anchor: str = ""


def ways_of(kind: str, old: str, new: str) -> Iterator[Way]:
    """The addresses that change with an id; `old` is the whole id, with its team where it has one."""
    if kind in SECTIONS:
        page, _, anchor = SECTIONS[kind].partition("#")
        yield Way(tuple(page.strip("/").split("/")), 0, anchor.replace("<id>", new), anchor.replace("<id>", old))
    elif KINDS[kind].address:
        parts = tuple(KINDS[kind].address.strip("/").split("/"))
        at = parts.index("<id>")
        yield Way(tuple(old if part == "<id>" else "*" if part == "<team>" else part for part in parts), at, new)
    if kind in ("checklist", "team-checklist"):
        team, _, own = old.rpartition("/")
        yield Way(("teams", team or "*", "checklists", own), 3, new)


def targets(text: str) -> Iterator[tuple[str, int, bool]]:
    """What the links of a Markdown text lead to, where that begins, and whether it is in HTML."""
    for match in _LINK.finditer(text):
        name = match.lastgroup or ""
        yield match[name], match.start(name), name == "attribute"


def links(text: str, uri: str | None, ways: Sequence[Way]) -> Iterator[Edit]:
    """The edits of the links that `ways` change; `uri` is the page that they stand on, None within the data. HTML
    counts on a page alone: in the data it is shown as text."""
    for target, start, in_html in targets(text):
        words = None if in_html and uri is None else readdressed(target, uri, ways)
        if words is not None:
            yield Edit(start, start + len(target), words)


def calls(text: str, ids: Mapping[tuple[str, str], str]) -> Iterator[Edit]:
    """The edits of the calls of `link` in a page that name one of `ids`, which are by kind and old id."""
    for call in _CALL.finditer(_NO_CALLS.sub(markdown.blank, text)):
        for match in _LINK_CALL.finditer(call[0]):
            new = ids.get((match["kind"], match["id"]))
            if new is not None:
                yield Edit(call.start() + match.start("id"), call.start() + match.end("id"), new)


def readdressed(target: str, uri: str | None, ways: Sequence[Way]) -> str | None:
    """The target of a link after the change; None where it is no link to what changes. A target that doesn't spell the
    changing part out where it is expected (`old/../new/`) counts as none."""
    path, hash, anchor = target.partition("#")
    parts = _resolved(path, uri)
    if parts is None:
        return None
    pieces = path.split("/")
    spelt = len(pieces) - (pieces[-1] in ("", "index.md", "index.html"))
    for way in ways:
        fits = all(wanted in ("*", part) for wanted, part in zip(way.address, parts, strict=False))
        if way.anchor:
            if parts == way.address and anchor == way.anchor:
                return f"{path}#{way.part}"
        elif fits and len(parts) >= len(way.address):
            at = spelt - (len(parts) - way.at)
            if at >= 0 and pieces[at] == parts[way.at] and not {".", ".."} & {*pieces[at:]}:
                pieces[at] = way.part
                return f"{'/'.join(pieces)}{hash}{anchor}"
    return None


def _resolved(path: str, uri: str | None) -> tuple[str, ...] | None:
    """The address that a link's path leads to, in parts from an edition's root; None outside."""
    if re.match(r"[a-z][a-z0-9+.-]*:|//", path, re.I) or (uri is None and not path.startswith("/")):
        return None
    # MkDocs reads it from the file, the browser from the address.
    base = (uri or "") if path.endswith(".md") else guides.address(uri or "")
    parts = posixpath.normpath(urljoin(f"/{base}", path)).strip("/").split("/")
    if parts[-1] in ("index.md", "index.html"):
        parts = parts[:-1]
    if parts and parts[0] in LANGUAGES[1:]:
        parts = parts[1:]
    return tuple(parts)

"""The handbook as it ships – `data/`, `docs/` and what is made of them –, read once.

Whatever is asked of it holds for any data, also where an organisation has adopted the handbook: nothing here
names an id below `data/teams/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from conftest import ROOT
from rendered import page_html
from web import Html

from macros.handbook import load
from macros.handbook.graph import Handbook
from macros.model.kinds import KINDS
from macros.model.values import Entity, Location, Text, walk
from macros.site import page_macros, project
from macros.site.page_macros import Author
from macros.site.render import Edition

DATA = ROOT / "data"
DOCS = ROOT / "docs"
ALONE = {"organisation"}
"""Kinds that belong to no team and are each organisation's own all the same."""

HEADING = re.compile(r"h([1-6])")

PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md") if not path.name.endswith(".ja.md"))
"""The hand-written pages, in English."""


@cache
def handbook() -> Handbook:
    return load.load(DATA, "data", project.guide_addresses().values())


@cache
def site(language: str) -> Edition:
    return project.make_edition(*project.load_handbook(DATA), language)


def at(entity: Entity, location: Location = ()) -> str:
    """Where a value stands: file and line."""
    return f"{entity.path}:{handbook().place(entity, location)[0]}"


def curated() -> Iterator[Entity]:
    """Everything that is shared by all organisations."""
    return everything(*(it.name for it in KINDS.values() if not it.in_team and it.name not in ALONE))


def everything(*kinds: str) -> Iterator[Entity]:
    """All of these kinds."""
    return (it for kind in kinds for it in handbook().of_kind(kind))


def texts(entities: Iterator[Entity]) -> Iterator[tuple[str, Text]]:
    """Every text of the data that readers see, with its place."""
    for entity in entities:
        for location, value in walk(entity):
            if isinstance(value, Text):
                yield at(entity, location), value


def file(page: str, language: str) -> str:
    """The file of a page in a language, from the root of the repository."""
    return f"docs/{page}" if language == "en" else f"docs/{page.removesuffix('.md')}.{language}.md"


@cache
def source(page: str, language: str) -> str:
    """A page as it is written."""
    return (ROOT / file(page, language)).read_text(encoding="utf-8")


@cache
def parsed(page: str, language: str) -> Html:
    """A page as a reader sees it."""
    author = Author(site(language), page.removesuffix(".md").removesuffix("index"))
    pages = page_macros.PageEnvironment(page_macros.bound_macros(lambda: author))
    made = page_html(pages.from_string(source(page, language)).render())
    return Html(page_macros.put_back(author.edition, made))


def lines(page: str, language: str, pattern: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Where a pattern is found on a page: file and line, and the match."""
    text = source(page, language)
    for found in re.finditer(pattern, text, re.MULTILINE):
        yield f"{file(page, language)}:{text.count(chr(10), 0, found.start()) + 1}", found


def section(page: Html, anchor: str) -> str:
    """The words from an anchor's element to the next heading as high; of any other element its own words.

    Raises `AssertionError` where the page has no such anchor.
    """
    found = [element for element in page.elements if element.attributes.get("id") == anchor]
    assert found, f"no #{anchor}"
    begin = found[0]
    level = HEADING.fullmatch(begin.tag)
    if level is None:
        return begin.text
    higher = tuple(f"h{number}" for number in range(1, int(level[1]) + 1))
    following = page.elements[page.elements.index(begin) + 1 :]
    # A page's title heads its introduction, up to the first heading of any level.
    ends = [
        element
        for element in following
        if (HEADING.fullmatch(element.tag) if level[1] == "1" else element.tag in higher)
    ]
    return "".join(page.words[begin.first : ends[0].first if ends else None])

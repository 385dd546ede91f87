"""What people look for – tests/search/queries.yaml, data/teams/.queries.yaml –, and what the search box answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from playwright.sync_api import Page, expect
from web import EDITIONS

ENOUGH = 0.95
"""The share of the queries of each language that must find their page."""


@dataclass(frozen=True)
class Query:
    """What a person types; `right` are the pages that answer it, by address from the root of the edition.

    Where it is the name of an alert, one of them must come `first`.
    """

    text: str
    language: str
    right: tuple[str, ...]
    first: bool

    def is_answered_by(self, shown: Sequence[str]) -> bool:
        return any(it in self.right for it in (shown[:1] if self.first else shown))


@dataclass(frozen=True)
class Miss:
    """A query, and the pages that were shown for it."""

    query: Query
    shown: tuple[str, ...]

    def __str__(self) -> str:
        wanted = " or ".join(it or "the home page" for it in self.query.right)
        how = "not the first" if self.query.first else "not shown"
        return f"{self.query.text}: {wanted} is {how}, but {', '.join(self.shown) or 'nothing'}"


FILES = (Path(__file__).parent / "search/queries.yaml", Path(__file__).parent.parent / "data/teams/.queries.yaml")
"""The queries for pages that all organisations share, and for those of the teams. Adopting takes the second away."""


@cache
def queries(language: str) -> tuple[Query, ...]:
    """The queries of an edition, in the order of the files."""
    raw = [it for file in FILES if file.exists() for it in yaml.safe_load(file.read_text(encoding="utf-8"))]
    found = (Query(it["query"], it["language"], (it["page"], *it.get("or", ())), it.get("first", False)) for it in raw)
    return tuple(it for it in found if it.language == language)


def shown(page: Page, text: str, language: str) -> tuple[str, ...]:
    """The pages that the box shows for a query, once it has looked it up."""
    page.locator("[data-search-box] input").fill(text)
    # On a busy machine the index takes longer than an answer may.
    expect(page.locator("#search-results")).to_have_attribute("aria-busy", "false", timeout=60_000)
    links = page.locator("#search-results a").evaluate_all("links => links.map((it) => it.href)")
    return tuple(unquote(urlsplit(it).path).removeprefix(f"/{EDITIONS[language]}") for it in links)


def misses(page: Page, asked: Iterable[Query]) -> tuple[Miss, ...]:
    """The queries, put one after the other, that don't find their page."""
    answers = [(query, shown(page, query.text, query.language)) for query in asked]
    return tuple(Miss(query, found) for query, found in answers if not query.is_answered_by(found))

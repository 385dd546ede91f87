"""What people look for – tests/search/queries.yaml, data/teams/.queries.yaml –, and what the search box answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from playwright.sync_api import Page
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


ASK = """async (texts) => {
  const field = document.querySelector("[data-search-box] input");
  const list = document.querySelector("#search-results");
  const answers = [];
  for (const text of texts) {
    const answered = new Promise((done) => {
      const busy = () => list.getAttribute("aria-busy") === "false" && (observer.disconnect(), done());
      const observer = new MutationObserver(busy);
      observer.observe(list, { attributeFilter: ["aria-busy"] });
    });
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await answered;
    answers.push([...list.querySelectorAll("a")].map((link) => link.href));
  }
  return answers;
}"""
"""Types each text into the box and gives the links that are shown for it, once it was looked up."""


def misses(page: Page, asked: Iterable[Query]) -> tuple[Miss, ...]:
    """The queries, put one after the other, that don't find their page."""
    wanted = list(asked)
    answers = page.evaluate(ASK, [query.text for query in wanted])
    shown = [tuple(map(_path, links, repeat(query.language))) for query, links in zip(wanted, answers, strict=True)]
    return tuple(Miss(*pair) for pair in zip(wanted, shown, strict=True) if not pair[0].is_answered_by(pair[1]))


def _path(link: str, language: str) -> str:
    return unquote(urlsplit(link).path).removeprefix(f"/{EDITIONS[language]}")

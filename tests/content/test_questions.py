"""What readers ask, and whether the handbook still answers: each answer's words, and the way to them.

The questions are those of `questions.en.yaml` and `questions.ja.yaml`, asked in that edition.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
import shipped
import yaml
from web import EDITIONS, Html, read_html

HERE = Path(__file__).parent
HOST = "https://handbook.test/"
MOST_CLICKS = 3
LEAST = 20
"""Questions of an edition."""

LANGUAGES = [language for language in EDITIONS if (HERE / f"questions.{language}.yaml").exists()]


@pytest.fixture
def example_site(shipped_site: Path) -> Path:
    """The shipped site, while it shows the worked example: most questions are about its teams."""
    if shipped.handbook().organisation.illustration is None:
        pytest.skip("an organisation has questions of its own")
    return shipped_site


def questions(language: str) -> list[dict[str, Any]]:
    """The questions of an edition, as its file has them."""
    text = (HERE / f"questions.{language}.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load(text))


@cache
def read(edition: Path, address: str) -> Html | None:
    """The page at an address of an edition; None where there is none."""
    file = edition / address / "index.html"
    return read_html(file) if file.is_file() else None


def said(page: Html | None, anchor: str) -> str:
    """What a reader sees below an anchor of a page, or on all of it, with single blanks; empty where it isn't there."""
    if page is None or (anchor and not any(element.attributes.get("id") == anchor for element in page.elements)):
        return ""
    words = shipped.section(page, anchor) if anchor else page.one("article", "md-content__inner").text
    return " ".join(words.split())


def unanswered(edition: Path, asked: dict[str, Any]) -> list[str]:
    """What a question's page doesn't say, with the question."""
    address, _, anchor = asked["page"].partition("#")
    found = said(read(edition, address), anchor)
    return [
        f"{asked['question']} {asked['page']} doesn't say {passage!r}"
        for passage in asked["passages"]
        if passage not in found
    ]


def led_to(edition: Path, root: str, address: str) -> set[str]:
    """The addresses that the links of a page lead to, without their anchors; none where there is no page."""
    page = read(edition, address)
    links = page.all("a") if page else []
    return {urldefrag(urljoin(root + address, link.attributes.get("href", ""))).url for link in links}


def broken_way(edition: Path, root: str, asked: dict[str, Any]) -> list[str]:
    """Where a question's clicks don't lead on, or not to its page, with the question."""
    clicks = asked["clicks"]
    way = ["", *clicks]
    broken = [
        f"{asked['question']} {here or 'the home page'} has no link to {there}"
        for here, there in pairwise(way)
        if root + there not in led_to(edition, root, here)
    ]
    if len(clicks) > MOST_CLICKS or way[-1] != asked["page"].partition("#")[0]:
        broken.append(f"{asked['question']} {clicks} isn't a way to {asked['page']} of {MOST_CLICKS} clicks at most")
    return broken


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_is_answered_on_its_page(language: str, example_site: Path) -> None:
    edition = example_site / EDITIONS[language]
    asked = questions(language)
    assert len(asked) >= LEAST
    assert [missing for question in asked for missing in unanswered(edition, question)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_a_few_clicks_away_from_the_home_page(language: str, example_site: Path) -> None:
    edition, root = example_site / EDITIONS[language], HOST + EDITIONS[language]
    asked = [question for question in questions(language) if "clicks" in question]
    assert [broken for question in asked for broken in broken_way(edition, root, question)] == []

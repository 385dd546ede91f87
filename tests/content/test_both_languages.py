"""Both editions say the same: every shared text and every hand-written page is there in English and in Japanese."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from itertools import zip_longest
from typing import Any

import pytest
import shipped
from jinja2 import Environment, nodes
from rendered import front_matter
from shipped import DOCS, PAGES

from macros.model.kinds import KINDS
from macros.model.values import LANGUAGES

EACH = [(page, language) for page in PAGES for language in LANGUAGES]
MOST_BYTES = 80_000
"""Of a picture."""


def headings(page: str, language: str) -> list[Hashable]:
    """The level and the id of each heading, but of the letters of a glossary: each language has its own."""
    found = [(it.tag, it["id"]) for it in shipped.parsed(page, language).elements if re.fullmatch("h[1-6]", it.tag)]
    return [it for it in found if not re.match("(letter|row)-", it[1])]


def calls(page: str, language: str) -> list[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    """The macro calls of a page, with their arguments."""
    tree = Environment().parse(shipped.source(page, language))
    return [
        (
            call.node.name if isinstance(call.node, nodes.Name) else repr(call.node),
            tuple(argument.as_const() for argument in call.args),
            {argument.key: argument.value.as_const() for argument in call.kwargs},
        )
        for call in tree.find_all(nodes.Call)
    ]


def links(page: str, language: str) -> list[str]:
    """Where the links of a page lead that its author wrote. A picture has its language in its name."""
    found = re.findall(r"\]\(([^)\s]+)\)", shipped.source(page, language))
    return sorted(it.replace(f".{language}.", ".") for it in found)


def head(page: str, language: str) -> dict[str, Any]:
    """The front matter of a page, without its words."""
    found = front_matter(shipped.source(page, language))
    search = dict(found.get("search", {}))
    has_words = bool(search.pop("words", None))  # what people type, in each language
    return {**found, "title": "title" in found, "description": "description" in found, "search": (search, has_words)}


def test_there_are_pages() -> None:
    assert len(PAGES) > 5


def test_every_page_has_a_translation_and_every_translation_a_page() -> None:
    translations = {f"docs/{path.relative_to(DOCS).as_posix()}" for path in DOCS.rglob("*.ja.md")}
    assert translations ^ {shipped.file(page, "ja") for page in PAGES} == set()


@pytest.mark.parametrize("part", [headings, calls, links, head], ids=lambda it: it.__name__)
def test_a_translation_has_the_parts_of_its_page(part: Callable[[str, str], Any]) -> None:
    different = []
    for page in PAGES:
        english, japanese = part(page, "en"), part(page, "ja")
        if english != japanese:
            pairs = zip_longest(*(it if isinstance(it, list) else sorted(it.items()) for it in (english, japanese)))
            different += [f"{shipped.file(page, 'ja')}: {there}, not {here}" for here, there in pairs if here != there]
    assert different == []


def test_every_page_has_a_title_and_a_description() -> None:
    heads = {page: head(page, "en") for page in PAGES}
    assert [f"docs/{page}" for page, it in heads.items() if not (it["title"] and it["description"])] == []


def test_every_heading_has_an_id_that_its_author_gave_it() -> None:
    assert all(re.search(r"^#+ ", shipped.source(*each), re.MULTILINE) for each in EACH)
    written = [it for each in EACH for it in shipped.lines(*each, r"^```[\s\S]*?^```|^#+ .*$")]
    headings = [(place, it[0]) for place, it in written if it[0].startswith("#")]
    assert [f"{place}: {it}" for place, it in headings if not re.search(r" \{ #[a-z0-9-]+ \}$", it)] == []


def test_a_picture_is_of_its_edition_light_and_says_what_it_shows() -> None:
    wrong = []
    for page, language in EACH:
        for place, found in shipped.lines(page, language, r"!\[([^\]]*)\]\(([^)#\s]+)\S*\)(\{[^}]*\})?"):
            said, address, attributes = found.groups()
            path = (DOCS / page).parent / address
            right = f".{language}." in path.name and path.stat().st_size < MOST_BYTES and len(said) > 20
            if not (right and re.search(r'width="\d+" height="\d+"', attributes or "")):
                wrong.append(f"{place}: {found[0]}")
    assert wrong == []


def test_every_shared_text_is_in_both_languages() -> None:
    found = list(shipped.texts(shipped.curated()))
    assert len(found) > 100
    assert [
        f"{place}: is only in {language}" for place, text in found for language in text.said if len(text.said) < 2
    ] == []


def test_no_page_names_an_id_of_a_team_or_of_what_it_owns() -> None:
    owned = {it.id for it in shipped.everything(*(it.name for it in KINDS.values() if it.in_team))}
    assert owned
    named = {
        f"{shipped.file(page, language)}: {argument}"
        for page, language in EACH
        for _, arguments, keywords in calls(page, language)
        for argument in (*arguments, *keywords.values())
        if str(argument) in owned
    }
    assert named == set()
    led_to = {
        f"{place}: {found[0]}"
        for page, language in EACH
        for place, found in shipped.lines(page, language, r"\]\(([^)\s]+)\)")
        if owned & {*re.findall(r"[^/#]+", found[1].replace(f".{language}.", "."))}
    }
    assert led_to == set()

"""Whatever stands in a text of the data is shown as that text, on every page and in every macro."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from annotated_types import MinLen
from conftest import findings_of, write_tree
from pydantic.fields import FieldInfo
from rendered import Document, front_matter, page_html, plain

from macros import functions, load, pages
from macros.kinds import KINDS, LISTED, Kind
from macros.model import (
    FROM_PATH,
    LANGUAGES,
    AlertName,
    Choice,
    Entity,
    Markdown,
    PainPointPlace,
    Period,
    Reading,
    Ref,
    See,
    Shape,
    Sli,
    Text,
    Url,
)
from macros.model.values import Word
from macros.render import Site

HOSTILE = [
    "<script>alert(1)</script>",
    "<b onclick='x'>bold</b> <!-- comment -->",
    "{{ config }} {% raw %} {# comment #}",
    "a | b ``code`` `code`",
    "**bold** __bold__ _a_ *b*",
    "[x](y) [x][y] ![x](y)",
    "a lone < and & and &amp; and &#60;",
    "- a list",
    "1. a list",
    "# a heading",
    "> a quote",
    ":smile: :+1:",
    "a line\n\n    code\n\n- a list\n===\n# a heading\n",
    "!!! note",
    "a heading { #id .class }",
    "\"quotes\" and 'quotes' and \\ backslashes \\",
    "~~~ python ```",
    "%(name)s %s {name} {0}",
]

SHOWN_NOWHERE = {
    "alerts.sources.name",
    "chooser.sources.name",
    "glossary.sources.name",
    "organisation.chat.name",
    "organisation.repository.branch",  # a part of addresses
    "organisation.paging.label",  # in the exports
    "organisation.paging.page",
    "organisation.paging.ticket",
    "organisation.paging.also_page",
    "organisation.paging.also_ticket",
    "organisation.sources.name",
    "reading-shelf.sources.name",
    "team-checklist.sections.items.if_none",  # the team has services
    *(f"{kind}.also_called.{language}" for kind in KINDS for language in LANGUAGES),  # for the search
}
"""Texts that are in no page and in no macro."""


IN_THE_OTHER_EDITION = {
    "en": {"glossary.terms.synonyms.ja", "glossary.terms.yomi"},  # it is the reading of a name that isn't there
    "ja": {"glossary.terms.synonyms.en"},
}
"""Texts that one edition doesn't show."""


OTHER_RULE = [{"question": "item", "answer": "item-2", "points": -1, "reason": "Other"}]
"""What makes a difference between the two answers of the chooser."""


OTHER_LIST = {
    "name": "Other",
    "purpose": "Other",
    "sections": [{"id": "other", "name": "Other", "items": [{"id": "other", "do": "Other"}]}],
}
"""A checklist of which others take a section."""


EXCLUDED = {
    Sli: frozenset({"events", "threshold"}),
    See: frozenset(See.model_fields) - {"address", "name"},
    Reading: frozenset({"translation_of"}),  # the one work is no translation of itself
}
"""Keys that can't stand beside others which have text."""


class Filler:
    """Fills every key of a kind; `texts` is what stands in its texts, by their place."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.texts: dict[str, str] = {}

    def shape(self, shape: type[Shape], place: str) -> dict[str, Any]:
        """A mapping with every key of a shape."""
        hidden = FROM_PATH if issubclass(shape, Entity) else EXCLUDED.get(shape, frozenset())
        return {
            info.alias or name: self.value(_whole(info), f"{place}.{info.alias or name}")
            for name, info in shape.model_fields.items()
            if name not in hidden
        }

    def value(self, annotation: Any, place: str) -> Any:
        """A value of a type, with the hostile words where it is text."""
        if annotation == Word:
            return self.line(place)
        if get_origin(annotation) is Annotated:
            inner, *metadata = get_args(annotation)
            least = max((it.min_length for it in metadata if isinstance(it, MinLen)), default=0)
            return self.items(inner, place, least) if least else self.scalar(annotation, place)
        if get_origin(annotation) is Literal:
            return get_args(annotation)[0]
        if get_origin(annotation) is tuple:
            return self.items(annotation, place, 1)
        if not isinstance(annotation, type):
            return self.value(get_args(annotation)[0], place)
        if issubclass(annotation, AlertName):
            return self.line(place)
        if issubclass(annotation, Text) or annotation is str:
            return self.text(annotation, place)
        if issubclass(annotation, Period):
            return {"days": 28}
        if issubclass(annotation, PainPointPlace):
            return {"service": "full", "id": "item"}
        if issubclass(annotation, Shape):
            return self.shape(annotation, place)
        if annotation is bool:
            return True
        if issubclass(annotation, Choice):
            return next(iter(annotation)).value
        if issubclass(annotation, Ref):
            others = {"team": "other", "service": "needed", "team-type": "other", "checklist": "other"}
            others |= dict.fromkeys(LISTED, "item")
            return others.get(annotation.kind, "full")
        assert issubclass(annotation, Url), f"teach this test the type {annotation}"
        return "https://example.com/?a=%22&b='"

    def items(self, annotation: Any, place: str, least: int) -> list[Any]:
        """A list of `least` items; where they have ids, each has its own."""
        made = [
            self.value(get_args(annotation)[0], f"{place}[{number}]" if number else place) for number in range(least)
        ]
        for number, value in enumerate(made[1:], 2):
            if isinstance(value, dict) and "id" in value:
                value["id"] = f"item-{number}"
        return made

    def text(self, annotation: type, place: str) -> Any:
        """Text that is known again; in Markdown, after other words, so that it begins no block."""
        number = f"number {len(self.texts)}."
        if issubclass(annotation, Markdown):
            self.texts[place] = f"<script>alert(1)</script> {{{{ config }}}} {number}"
        else:
            self.texts[place] = f"{self.words} {number}"
        return self.texts[place]

    def line(self, place: str) -> str:
        """Words in one line that are known again."""
        self.texts[place] = f"{' '.join(self.words.split())} number {len(self.texts)}."
        return self.texts[place]

    def scalar(self, annotation: Any, place: str) -> Any:
        """Dates, ids and numbers, by where they stand."""
        key = place.rpartition(".")[2]
        if "checklist" in place and key == "due":
            return "day 1"
        known = {
            "pages": 1,
            "repository_group": "@example/full",
            "maintainers": "@example/handbook",
            "sections": "other",
            "since": "2026-04",
            "until": "2026-11-23",
            "id": "item",
            "question": "item",
            "answer": "item",
            "points": 1,
            "impact": 1,
            "frequency": 1,
            "visibility": 1,
            "spent_percent": 50,
            "sli": "item",
            "target": 0.99,
            "events_per_day": 100,
            "minimum_events": 10,
            "review_on": "2027-02-09",
            "decided_on": "2026-09-14",
            "minutes": 10,
            "severity": "item",
            "on": "2026-10-08",
            "update_minutes": 30,
            "playbook_exercise_days": 100,
            "sitting": 1,
            "rank": 1,
            "by_day": 30,
            "days": 2,
            "start": "2026-11-02",
            "end": "2027-01-29",
            "due": "2027-01-15",
            "people": 1,
            "allocation_percent": 80,
            "aliases": "old",
            "after_minutes": 5,
            "tier": 1,
            "year": 2020,
        }
        return known[key]


def _whole(info: FieldInfo) -> Any:
    return Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation


def _file(kind: Kind) -> str:
    """The file of the one entity of a kind. A team's checklist is one of its own."""
    return re.sub("<[a-z]+>", "full", kind.file.replace("<own>", "own"))


def _filled(folder: Path, words: str) -> tuple[load.Handbook, dict[str, str]]:
    """A handbook with one entity of each kind that has every key."""
    filler = Filler(words)
    files = {_file(kind): filler.shape(kind.shape, kind.name) for kind in KINDS.values()}
    files["playbook-templates/full.yaml"]["skeleton"] = _skeleton(filler)
    files["teams/full/alerts/rules.yml"] = _rules(filler)
    files["teams/other/team.yaml"] = {"name": "Other", "channel": "#other"}
    files["team-types/other.yaml"] = {"name": "Other", "summary": "Other", "rank": 2, "chooser": OTHER_RULE}
    files["teams/other/services/needed.yaml"] = {"name": "Needed", "summary": "Needed", "tier": 3}
    files["checklists/other.yaml"] = OTHER_LIST
    files["teams/without/team.yaml"] = {"name": "Without", "channel": "#without"}
    files["teams/without/checklists/full.yaml"] = {"owner": "Other"}  # it has no service, and so shows `if_none`
    data = write_tree(folder, {name: json.dumps(value) for name, value in files.items()}, base=False)
    return load.load(data, "data"), filler.texts


def _skeleton(filler: Filler) -> str:
    """A playbook that is called by the words: a skeleton must be one."""
    key = "playbook-template.skeleton"
    filler.texts[key] = f"name: {json.dumps(filler.texts[key], ensure_ascii=False)}\nservice: needed\n"
    return filler.texts[key]


def _rules(filler: Filler) -> dict[str, Any]:
    """A Prometheus rule file with the words wherever a page shows some. Its alert comes after all others."""
    keys = ("alert", "expr", "summary", "dashboard")
    alert, expr, summary, dashboard = (filler.text(str, f"rule.{key}") for key in keys)
    alert = filler.texts["rule.alert"] = f"～{alert}"
    annotations = {"summary": summary, "dashboard": dashboard}
    rule = {"alert": alert, "expr": expr, "annotations": annotations, "labels": {"severity": "page"}}
    return {"groups": [{"name": "g", "rules": [rule]}]}


def _documents(handbook: load.Handbook, language: str) -> Iterator[tuple[str, str]]:
    """Every page, and a page for each macro, as Markdown. Those of alerts, whose names are hostile, by number."""
    site = Site(handbook, findings_of(handbook), language, {})
    short = itertools.count()
    for page in pages.pages(site):
        if page.uri.endswith(".md"):
            yield f"go/{next(short)}" if page.uri.startswith("go/") else page.uri, page.text
    for name in functions.MACROS:
        arguments = {"link": ("service", "full"), "add_link": ("term",)}.get(name, ())
        if name != "macro_reference":  # its table shows what the other macros give
            yield name, f"# Title\n\n{functions.MACROS[name](functions.Author(site, 'here/'), *arguments)}\n\nAfter\n"


@cache
def _harmless(words: str, language: str, folder: Path) -> dict[str, list[tuple[str, ...]]]:
    """The elements of every page where all text is harmless."""
    handbook, _ = _filled(folder / words, words)
    return {name: Document(page_html(text)).elements for name, text in _documents(handbook, language)}


@pytest.fixture(scope="module")
def harmless_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("harmless")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(words: str, language: str, tmp_path: Path, harmless_data: Path) -> None:
    handbook, texts = _filled(tmp_path, words)
    # The name of a channel becomes a link, and an item of a checklist that begins with an article has a finding.
    harmless = "#words" if words.startswith("#") else "a word" if words.startswith("a ") else "words"
    shown = ""
    for name, markdown in _documents(handbook, language):
        document = Document(page_html(markdown))
        assert document.elements == _harmless(harmless, language, harmless_data)[name], name
        if name != "missing_translations":  # it lists every text once more
            shown += f" {document.text} "
    missing = {place for place, text in texts.items() if plain(text) not in shown}
    assert missing == SHOWN_NOWHERE | IN_THE_OTHER_EDITION[language]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_in_the_head_of_a_page_is_that_text(words: str, tmp_path: Path) -> None:
    handbook, texts = _filled(tmp_path, words)
    made = {name: front_matter(text) for name, text in _documents(handbook, "en")}
    for kind, text in (("team", "mission"), ("service", "summary")):
        head = made[f"{kind}s/full/index.md"]
        assert head["render_macros"] is False
        assert unescape(head["title"]) == plain(texts[f"{kind}.name"])
        assert unescape(head["description"]) == plain(texts[f"{kind}.{text}"])
        assert not set('<>"{}') & set(head["title"] + head["description"])


def test_every_text_of_the_model_is_filled(tmp_path: Path) -> None:
    _, texts = _filled(tmp_path, "words")
    assert {"team.notes", "team.contacts.role", "service.depends_on.without_it", "organisation.incidents.channel"} <= {
        *texts
    }

"""Whatever stands in a text of the data is shown as that text, on every page and in every macro."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
import yaml
from annotated_types import MinLen
from conftest import ROOT, findings_of, write_tree
from hostile import REFUSED_LINKS, REFUSED_SIGNS, bundles
from icalendar import Calendar
from playwright.sync_api import Playwright
from pydantic.fields import FieldInfo
from rendered import Document, plain, to_html
from web import launch, served, wait_for_scripts, wait_in_page

from macros.handbook import load, rule_words
from macros.model.checklists import See
from macros.model.journeys import Period, Sli
from macros.model.kinds import KINDS, LISTED, Kind
from macros.model.reading import Reading
from macros.model.set_ups import PainPointPlace
from macros.model.values import (
    FROM_PATH,
    LANGUAGES,
    Acceptance,
    Choice,
    Entity,
    Markdown,
    Ref,
    Shape,
    Text,
    Url,
    Word,
    address_fault,
)
from macros.site import content_security, page_macros, pages
from macros.site.render import TEMPLATES, Edition
from macros.text import catalogue
from macros.text.markdown import link_targets
from macros.text.problems import DataError

SHOWN_NOWHERE = {
    "alerts.sources.name",
    "chooser.sources.name",
    "glossary.sources.name",
    "organisation.chat.name",
    "organisation.repository.branch",  # a part of addresses
    "organisation.paging.also_page",
    "organisation.paging.also_ticket",
    "organisation.look.footer",  # in the theme's frame, which has its own test
    "organisation.paging.neither",
    "organisation.sources.name",
    "reading-shelf.sources.name",
    "team-checklist.sections.items.if_none",  # the team has services
    *(f"{kind}.accepted.why" for kind in KINDS),  # past their day
    *(f"{kind}.also_called.{language}" for kind in KINDS for language in LANGUAGES),  # for the search
}
"""Texts that are in no page and in no macro."""


SAID_IN_WORDS = ("rule.summary", "rule.dashboard")
"""Texts in which Prometheus' template language is said in words."""


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
    Acceptance: frozenset({"alert"}),  # what is turned off for all has none
    Sli: frozenset({"events", "threshold", "error_ratio"}),
    See: frozenset(See.model_fields) - {"address", "name"},
    Reading: frozenset({"translation_of"}),  # the one work is no translation of itself
}
"""Keys that can't stand beside others which have text."""


class Filler:
    """Fills every key of a kind: texts with `words`, Markdown with `prose` below them, names of alerts with `name`.

    `texts` is what stands in its texts, by their place.
    """

    def __init__(self, words: str, prose: str, name: str) -> None:
        self.words = words
        self.prose = prose
        self.name = name
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
        if place.endswith((".alerts.name", ".accepted.alert", ".off.alert")):
            return self.alert(place)
        if annotation == Word or place.endswith(".variables.example"):
            return self.line(place)
        if get_origin(annotation) is Annotated:
            inner, *metadata = get_args(annotation)
            if isinstance(inner, type) and issubclass(inner, Shape):
                return self.value(inner, place)
            least = max((it.min_length for it in metadata if isinstance(it, MinLen)), default=0)
            return self.items(inner, place, least) if least else self.scalar(annotation, place)
        if get_origin(annotation) is Literal:
            return get_args(annotation)[0]
        if get_origin(annotation) is tuple:
            return self.items(annotation, place, 1)
        if not isinstance(annotation, type):
            return self.value(get_args(annotation)[0], place)
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
        """Text that is known again."""
        number = f"number {len(self.texts)}."
        if issubclass(annotation, Markdown):
            self.texts[place] = f"<script>hit()</script> {{{{ config }}}} {number}"
            return f"{self.texts[place]}\n\n{self.prose}".strip()
        self.texts[place] = f"{self.words} {number}"
        if place.startswith("playbook."):  # without a space, it would have to be one of its steps
            self.texts[place] = self.texts[place].replace("{name}", "{ name }")
        return self.texts[place]

    def alert(self, place: str) -> str:
        """The name of an alert that is known again: its address has it whole, and so it is short."""
        self.texts[place] = f"{self.name} number {len(self.texts)}."
        return self.texts[place]

    def line(self, place: str) -> str:
        """Words in one line that are known again: a name is short."""
        self.texts[place] = f"{' '.join(self.words.split())[:150]} number {len(self.texts)}."
        return self.texts[place]

    def scalar(self, annotation: Any, place: str) -> Any:
        """Dates, ids and numbers, by where they stand."""
        key = place.rpartition(".")[2]
        if "checklist" in place and key == "due":
            return "day 1"
        if place.endswith(".off.until"):
            return "2027-01-31"
        if place.endswith(".mitigation.id"):
            return "step"
        known = {
            "pages": 1,
            "repository_group": "@example/full",
            "maintainers": "@example/handbook",
            "namespace": "monitoring",
            "labels": "release=a",
            "sections": "other",
            "since": "2026-04",
            "until": "2026-11-23",
            "gap": "team-without-mission",
            "name": "variable",
            "pattern": ".*",
            "then": "step",
            "id": "item",
            "question": "item",
            "answer": "item",
            "points": 1,
            "impact": 1,
            "frequency": 1,
            "visibility": 1,
            "spent_percent": 50,
            "sli": "item",
            "seen_by": "item",
            "target": 0.99,
            "before": 0.9,
            "after": 0.99,
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
            "reaches": 3,
            "primary": "#12394a",
            "accent": "#0a6670",
            "year": 2020,
        }
        return known[key]


def _whole(info: FieldInfo) -> Any:
    return Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation


def _file(kind: Kind) -> str:
    """The file of the one entity of a kind. A team's checklist is one of its own."""
    return re.sub("<[a-z]+>", "full", kind.file.replace("<own>", "own"))


def _filled(folder: Path, words: str = "words", prose: str = "", name: str = "words") -> tuple[Path, dict[str, str]]:
    """A data folder with one entity of each kind that has every key, and what stands in its texts."""
    filler = Filler(words, prose, name)
    kinds = [it for it in KINDS.values() if not it.address or (TEMPLATES / f"{it.name}.html.j2").is_file()]
    files = {_file(kind): filler.shape(kind.shape, kind.name) for kind in kinds}
    files["playbook-templates/full.yaml"]["skeleton"] = _skeleton(filler)
    files["teams/full/alerts/rules.yml"] = _rules(filler)
    files["teams/other/team.yaml"] = {"name": "Other", "channel": "#other"}
    files["team-types/other.yaml"] = {"name": "Other", "summary": "Other", "rank": 2, "chooser": OTHER_RULE}
    files["teams/other/services/needed.yaml"] = {"name": "Needed", "summary": "Needed", "tier": 3}
    files["checklists/other.yaml"] = OTHER_LIST
    files["teams/without/team.yaml"] = {"name": "Without", "channel": "#without"}
    files["teams/without/checklists/full.yaml"] = {"owner": "Other"}  # it has no service, and so shows `if_none`
    data = write_tree(folder / "data", {name: json.dumps(value) for name, value in files.items()}, base=False)
    return data, filler.texts


def _skeleton(filler: Filler) -> str:
    """A playbook that is called by the words: a skeleton must be one."""
    key = "playbook-template.skeleton"
    filler.texts[key] = f"name: {json.dumps(filler.texts[key], ensure_ascii=False)}\nservice: needed\n"
    return filler.texts[key]


def _rules(filler: Filler) -> dict[str, Any]:
    """A Prometheus rule file with the words wherever a page shows some. Its alert comes after all others."""
    expr, summary, dashboard = (filler.text(str, f"rule.{key}") for key in ("expr", "summary", "dashboard"))
    alert = filler.texts["rule.alert"] = f"～{filler.alert('rule.alert')}"
    annotations = {"summary": summary, "dashboard": dashboard}
    rule = {"alert": alert, "expr": expr, "annotations": annotations, "labels": {"severity": "page"}}
    return {"groups": [{"name": "g", "rules": [rule]}]}


LABELS = ("text", "title")
"""Lines of words in a picture's box, and all of the words where they don't fit: how many there are depends on them."""


class Shown(Document):
    """A page: `elements` are the handbook's without `LABELS`, `of_data` those that Markdown of the data became.

    Both are tags with the names of their attributes.
    """

    def __init__(self, html: str) -> None:
        self.of_data: set[tuple[str, ...]] = set()
        self._depth = 0
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside = self._depth > 0
        if tag == "div" and (inside or ("class", "prose") in attrs):
            self._depth += 1
        super().handle_starttag(tag, attrs)
        if inside:
            self.of_data.add(self.elements.pop())
        elif tag in LABELS:
            self.elements.pop()

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        self._depth -= tag == "div" and self._depth > 0


FROM_MARKDOWN = {
    *[(it,) for it in ("p", "br", "hr", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote")],
    *[(it,) for it in ("table", "thead", "tbody", "tr", "th", "td")],
    ("a", "href"),
    ("code", "class"),
    *[(f"h{level}",) for level in "3456"],
}
"""What Markdown of the data can become."""


def _pages(data: Path, language: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every page and file with its head, and a page for each macro, by name.

    Those of alerts, whose names are hostile, by number.
    """
    handbook = load.load(data, "data")
    site = Edition(handbook, findings_of(handbook), language)
    short = itertools.count()
    for page in pages.pages(site):
        article = page.make()
        yield f"go/{next(short)}.md" if page.uri.startswith("go/") else page.uri, article.html, article.head
    for name in page_macros.MACROS:
        arguments = {"link": ("service", "full"), "add_link": ("term",)}.get(name, ())
        if name != "macro_reference":  # its table shows what the other macros give
            made = page_macros.bound_macros(lambda: page_macros.Author(site, "here/"))[name](*arguments)
            yield f"macro {name}.md", page_macros.put_back(site, to_html(f"# Title\n\n{made}\n\nAfter\n")), {}


HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Hostile</title>{policy}
<link rel="icon" href="data:,"><script src="/watch.js"></script>
<script type="module" src="/assets/js/handbook.js"></script>
"""
WATCH = """
window.hits = 0;
window.hit = () => { window.hits += 1; };
window.violations = [];
document.addEventListener("securitypolicyviolation", (it) => violations.push(`${it.violatedDirective} ${it.sample}`));
window.document$ = {
  subscribe: (start) => addEventListener("DOMContentLoaded", () => { start(); window.started = true; }),
};
"""
DANGERS = """() => {
  const all = [...document.querySelectorAll("article, article *")];
  const obeys = (it) => it.getAttributeNames().some((name) => name.startsWith("on"));
  const scheme = (it) => it.protocol ?? new URL(it.href.baseVal, location).protocol; // in a picture it has none
  const leads = (it) => it.matches("a, area") && !/^(https?:|mailto:|blob:|)$/.test(scheme(it));
  const loads = (it) => it.matches("script, iframe, object, embed, base, meta, link, img, style, video, image");
  for (const it of all.filter((it) => it.matches("[tabindex], [autofocus], a, button, input, summary"))) it.focus();
  return all.filter((it) => obeys(it) || leads(it) || loads(it)).map((it) => it.outerHTML.slice(0, 200));
}"""
"""Elements of the articles that could run or load something; whatever takes the focus gets it once."""

CALM = ("words", "- words", "a words")
"""Harmless words: an item of a checklist that begins with an article has a finding."""


HEADS = {"teams/full/index.md": "mission", "services/full/index.md": "summary"}
"""Pages, and the key of the text that is their description."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_is_shown_and_runs_nothing(language: str, tmp_path: Path, playwright: Playwright) -> None:
    expected = {words: _shapes(_filled(tmp_path / words, words)[0], language) for words in CALM}
    site = tmp_path / "site"
    shutil.copytree(ROOT / "docs/assets", site / "assets")
    (site / "watch.js").write_text(WATCH, encoding="utf-8")
    fields = heads = 0
    for number, bundle in enumerate(TRIED[language]):
        prose = "\n\n".join(it for it in bundle if not any(map(address_fault, link_targets(it))))
        data, texts = _filled(tmp_path / str(number), " ".join(bundle), prose, bundle[0][:30].lower())
        fields += len(texts)
        for place in SAID_IN_WORDS:
            said = rule_words.in_words(texts[place], {})
            texts[place] = said.render(language, catalogue.translations(language).gettext)
        calm = next(it for it in reversed(CALM) if it[:2] == bundle[0][:2] or it == "words")
        words, articles = "", ""
        for name, text, head in _pages(data, language):
            if not name.endswith(".md"):
                assert _shape(name, text) == expected[calm][name], (bundle, name)
            else:
                shown = Shown(text)
                assert shown.elements == expected[calm][name], (bundle, name)
                assert shown.of_data <= FROM_MARKDOWN, (bundle, name)
                if name in HEADS:
                    assert_head(name, head, texts)
                    heads += 1
                articles += f"<article>{text}</article>"
                if name != "macro missing_translations.md":  # it lists every text once more
                    words += f" {shown.text} "
        missing = {place for place, text in texts.items() if plain(text) not in words}
        assert missing == SHOWN_NOWHERE | IN_THE_OTHER_EDITION[language], bundle
        page = f"{HEAD.format(policy=POLICIES[LOADED[language]])}{articles}</html>"
        (site / f"{number}.html").write_text(page, encoding="utf-8")
    assert heads == len(HEADS) * len(TRIED[language])
    faults = _look(site, playwright)
    assert faults == [], "\n".join(faults[:40])
    texts_in_all, loads = sum(map(len, TRIED[language])), len(TRIED[language])
    print(f"{language}: {texts_in_all} texts, {fields} fields filled, {loads} pages loaded, 0 faults")


def test_the_look_at_a_page_can_fail(tmp_path: Path, playwright: Playwright) -> None:
    (tmp_path / "assets/js").mkdir(parents=True)
    (tmp_path / "assets/js/handbook.js").write_text("document$.subscribe(() => {});")
    (tmp_path / "watch.js").write_text(WATCH, encoding="utf-8")
    evil = '<article><b tabindex="0" onfocus="hit()">x</b><img src="//evil.test/"></article>'
    for kind, policy in POLICIES.items():
        (tmp_path / f"{kind}.html").write_text(f"{HEAD.format(policy=policy)}{evil}</html>", encoding="utf-8")
    faults = "\n".join(_look(tmp_path, playwright))
    for expected in ("request: http://evil.test/", "with.html: <b", "with.html: script-src", "without.html: 1 ran"):
        assert expected in faults


POLICIES = {"with": content_security.meta(content_security.policy(())), "without": ""}
TRIED = {"en": bundles(), "ja": bundles()[::2]}
"""The Japanese edition has the same templates, with a few words marked as English: half of the corpus is enough."""

LOADED = {"en": "without", "ja": "with"}
"""Without the policy shows what runs, with it what would run: the editions have the same elements."""


def _look(site: Path, playwright: Playwright) -> list[str]:
    """Load every page in `site`: what runs there, is asked for elsewhere, or is refused."""
    found: list[str] = []
    with served(site) as port:
        browser = launch(playwright, "hostile.test", port)
        page = browser.new_page()
        page.on("request", lambda it: found.extend([f"request: {it.url}"] if "evil" in it.url else ()))
        page.on("pageerror", lambda it: found.append(f"error: {it}"))
        for name in sorted(it.name for it in site.glob("*.html")):
            page.goto(f"http://hostile.test/{name}")
            wait_in_page(page, "window.started")
            wait_for_scripts(page)
            found += [f"{name}: {it}" for it in page.evaluate(DANGERS)]
            found += [f"{name}: {it}" for it in page.evaluate("violations")]
            hits = page.evaluate("hits")
            found += [f"{name}: {hits} ran"] if hits else []
        browser.close()
    return found


def _shapes(data: Path, language: str) -> dict[str, Any]:
    return {name: _shape(name, text) for name, text, _ in _pages(data, language)}


def _shape(name: str, text: str) -> Any:
    """What a page or a file consists of, without its words."""
    if name.endswith(".md"):
        return Shown(text).elements
    if name.endswith(".ics"):
        return [(it.name, *it.keys()) for it in Calendar.from_ical(text).walk()]
    if name.endswith((".json", ".yaml", ".yml")):
        return [_keys(it) for it in yaml.safe_load_all(text)]
    return Document(text).elements


def _keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _keys(inner) for key, inner in value.items()}
    return [_keys(it) for it in value] if isinstance(value, list) else type(value)


def assert_head(name: str, head: Mapping[str, Any], texts: dict[str, str]) -> None:
    """What stands in the head of a page is the text of the data, which MkDocs puts into the page as it is."""
    kind = name.partition("s/")[0]
    assert unescape(head["title"]) == plain(texts[f"{kind}.name"])
    assert unescape(head["description"]) == plain(texts[f"{kind}.{HEADS[name]}"])
    assert not set('<>"{}') & set(head["title"] + head["description"])


@pytest.mark.parametrize("text", REFUSED_LINKS)
def test_a_link_that_could_run_something_is_refused_in_every_markdown_of_the_data(text: str, tmp_path: Path) -> None:
    data, texts = _filled(tmp_path, prose=text)
    with pytest.raises(DataError) as refused:
        load.load(data, "data")
    assert {it.rule for it in refused.value.problems} == {"link-scheme"}
    assert len(refused.value.problems) == sum(1 for it in texts.values() if it.startswith("<script>"))


@pytest.mark.parametrize("sign", REFUSED_SIGNS, ids=ascii)
def test_a_sign_that_hides_or_commands_is_refused_in_every_text_of_the_data(sign: str, tmp_path: Path) -> None:
    data, texts = _filled(tmp_path, words=f"a {sign} b")
    with pytest.raises(DataError) as refused:
        load.load(data, "data")
    assert {it.rule for it in refused.value.problems} <= {"hidden-character", "syntax"}
    places = {(it.path, it.line, it.column) for it in refused.value.problems}
    assert len(places) == sum(sign in it for it in texts.values())


def test_every_text_of_the_model_is_filled(tmp_path: Path) -> None:
    _, texts = _filled(tmp_path)
    assert {"team.notes", "team.contacts.role", "service.depends_on.without_it", "organisation.incidents.channel"} <= {
        *texts
    }

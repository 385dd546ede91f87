"""What contributors read: every kind, macro and rule is described, and both editions say it."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages import Message
from babel.messages.pofile import read_po
from conftest import ROOT, golden_site
from rendered import Document, page_html
from test_load import ELSEWHERE
from web import Html

from macros.gaps import checks
from macros.handbook import load
from macros.model import journeys, numbers, values
from macros.model.kinds import KINDS
from macros.model.values import LANGUAGES
from macros.site import page_macros
from macros.site.page_macros import MACROS, Author
from macros.site.render import Edition
from macros.sources import prometheus
from macros.sources import yaml_file as yaml_source
from macros.text import catalogue, markdown

DOCS = ROOT / "docs"

RULES = {
    **{check.name: check.sentence for check in checks.CHECKS},
    **load.RULES,
}
"""Every rule with its sentence."""

each_language = pytest.mark.parametrize("language", LANGUAGES)


def source(page: str, language: str) -> str:
    """A page as it is written, in a language."""
    return (DOCS / (page if language == "en" else translation(page))).read_text(encoding="utf-8")


def translation(page: str) -> str:
    return f"{page.removesuffix('.md')}.ja.md"


@cache
def golden(language: str) -> Edition:
    return golden_site(language)


@cache
def html(page: str, language: str) -> str:
    """A page as a reader sees it, with the data of tests/golden/data/."""
    address = page.removesuffix(".md").removesuffix("index")
    calls = page_macros.bound_macros(lambda: Author(golden(language), address))
    made = page_macros.PageEnvironment(calls).from_string(source(page, language)).render()
    return page_macros.put_back(golden(language), page_html(made))


@cache
def parsed(page: str, language: str) -> Html:
    return Html(html(page, language))


def headings(page: str, language: str) -> list[tuple[str, str]]:
    """The level and the id of each heading, but of the letters of a glossary: each language has its own."""
    found = [(it.tag, it["id"]) for it in parsed(page, language).elements if re.fullmatch("h[1-6]", it.tag)]
    return [it for it in found if not re.match("(letter|row)-", it[1])]


def messages() -> list[Message]:
    with catalogue.catalogue_path("ja").open("rb") as file:
        return [message for message in read_po(file, locale="ja") if message.id]


def forms(message: Message) -> list[str | None]:
    """The translations of a message: one for each plural form."""
    return [*message.string] if isinstance(message.string, list | tuple) else [message.string]


@each_language
def test_every_kind_is_in_the_data_reference(language: str) -> None:
    page = html("contribute/data.md", language)
    text, rows = (
        Document(page).text,
        [it.attributes.get("id") for it in parsed("contribute/data.md", language).all("tr")],
    )
    assert [it.name for it in KINDS.values() if it.name not in rows or f"data/{it.file}" not in text] == []


@each_language
def test_every_macro_is_in_the_reference_with_a_description_and_a_call_most_with_a_live_example(language: str) -> None:
    elements = parsed("contribute/macros.md", language).elements
    starts = [position for position, it in enumerate(elements) if it.attributes.get("id") in MACROS] + [len(elements)]
    parts = {elements[begin]["id"]: elements[begin:end] for begin, end in pairwise(starts)}
    assert parts.keys() == MACROS.keys()
    for name, (heading, *part) in parts.items():
        assert (heading.tag, heading.text) == ("h2", page_macros.signature(MACROS[name]))
        sentence = catalogue.translations(language).gettext(catalogue.first_line(MACROS[name]))
        assert next(it.text for it in part if it.tag == "p") == sentence.replace("`", ""), name
        assert next(it.text for it in part if it.tag == "pre").startswith(f"{{{{ {name}("), name
    shown = [name for name, part in parts.items() if any(it.tag == "details" for it in part)]
    assert len(shown) > len(MACROS) / 2
    assert [name for name in shown if name.endswith("_reference")] == []


@each_language
def test_every_rule_is_on_the_page_of_rules_with_its_sentence(language: str) -> None:
    elements = parsed("contribute/rules.md", language).elements
    places = {it["id"]: number for number, it in enumerate(elements) if "id" in it.attributes}
    assert RULES.keys() - places.keys() == set()
    shown = {rule: next(it.text for it in elements[places[rule] :] if it.tag == "p") for rule in RULES}
    sentences = {it: catalogue.translations(language).gettext(RULES[it]).replace("`", "") for it in RULES}
    assert {rule: text for rule, text in shown.items() if not text.endswith(f" {sentences[rule]}")} == {}


def test_every_rule_is_one_sentence() -> None:
    assert [it for it in RULES.values() if not re.fullmatch(r"[A-Z].+[^.]\.", it) or ". " in it] == []


def test_the_docstring_of_a_check_is_the_rule_and_nothing_else() -> None:
    assert [check.name for check in checks.CHECKS if "\n" in check.sentence] == []


def test_a_rule_without_a_case_is_broken_in_the_test_that_is_named() -> None:
    named = {rule: re.findall(r"test_\w+\.py", where) for rule, where in ELSEWHERE.items()}
    assert all(named.values())
    texts = {rule: [Path(__file__).with_name(it).read_text(encoding="utf-8") for it in named[rule]] for rule in named}
    assert [rule for rule, its in texts.items() if not all(f"{rule}: " in it for it in its)] == []


def test_the_catalogue_has_no_message_without_a_translation() -> None:
    assert [it.id for it in messages() if not all(forms(it))] == []


def test_the_catalogue_has_no_doubtful_translation() -> None:
    assert [it.id for it in messages() if it.fuzzy] == []


def test_a_translation_has_the_gaps_of_its_message() -> None:
    wrong = [it.id for it in messages() if any(gaps(form or "") != gaps(source_of(it)) for form in forms(it))]
    assert wrong == []


def gaps(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{\w+\}", text))


def test_a_percent_sign_of_a_template_s_message_begins_a_gap_or_stands_twice() -> None:
    filled = re.compile(r"%(?:\(\w+\)s|%)")
    in_templates = [it for it in messages() if any(place.endswith((".j2", ".html")) for place, _ in it.locations)]
    assert len(in_templates) > 100
    wrong = [it.id for it in in_templates if any("%" in filled.sub("", form or "") for form in forms(it))]
    assert wrong == []


def source_of(message: Message) -> str:
    """The English words, with every gap: of the plural where there is one."""
    return message.id if isinstance(message.id, str) else message.id[1]


def test_the_readme_says_what_each_module_is_for() -> None:
    listed = (ROOT / "README.md").read_text(encoding="utf-8").partition("\nhooks.py ")[2].partition("```")[0]
    named = set(re.findall(r"(?<![\w./])\w+(?:\.py|/)", listed))
    packages = {f"{it.parent.name}/" for it in (ROOT / "macros").glob("*/__init__.py")}
    modules = {it.name for it in (ROOT / "macros").glob("*.py")} - {"__init__.py", "__main__.py"}
    assert packages | modules == {it for it in named if it in packages or it.endswith(".py")}


def test_a_picture_of_the_readme_is_there() -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert bool(pictures) == (ROOT / "screenshots").is_dir()  # adopting takes both away
    assert [it for it in pictures if not (ROOT / it).is_file()] == []


@each_language
def test_the_limits_are_those_of_the_program(language: str) -> None:
    limits = source("contribute/data.md", language).partition("{ #limits }")[2].partition("{{")[0]
    written = re.findall(r"^\| [^|]+ \| ([\d,–]+)", limits, flags=re.MULTILINE)
    kept = [
        yaml_source.MOST_BYTES,
        yaml_source.MOST_VALUES,
        yaml_source.MOST_ITEMS,
        yaml_source.MAX_DEPTH,
        yaml_source.MOST_CHARACTERS,
        values.MOST_NAME_CHARACTERS,
        values.MOST_ID_CHARACTERS,
        values.Url.most,
        journeys.Selector.most,
        numbers.LARGEST_NUMBER,
        numbers.LARGEST_QUANTITY,
        (numbers.FIRST_YEAR, numbers.LAST_YEAR),
        markdown.MOST_OPEN_BRACKETS,
        markdown.MOST_LEVELS,
        markdown.MOST_COLUMNS,
        prometheus.MOST_BYTES,
        prometheus.MOST_EXPANDED,
        prometheus.MOST_RULES,
        prometheus.MOST_CHARACTERS,
    ]
    assert written == [f"{it[0]}–{it[1]}" if isinstance(it, tuple) else f"{it:,}" for it in kept]

"""What contributors read: every kind, macro and rule is described, and both editions say it."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Message
from babel.messages.pofile import read_po
from conftest import ROOT, golden_site
from jinja2 import Environment, nodes
from rendered import Document, front_matter, page_html
from test_load import ELSEWHERE
from web import Html

from macros import catalogue, checks, functions, load, markdown, rules
from macros import source as yaml_source
from macros.functions import MACROS, Author
from macros.kinds import KINDS
from macros.model import LANGUAGES, journeys, values
from macros.render import Site

DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md") if not path.name.endswith(".ja.md"))

RULES = {
    **{checks.rule_name(check): catalogue.first_line(check) for check in checks.CHECKS},
    **load.RULES,
}
"""Every rule with its sentence."""

each_page = pytest.mark.parametrize("page", PAGES)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def source(page: str, language: str) -> str:
    """A page as it is written, in a language."""
    return (DOCS / (page if language == "en" else translation(page))).read_text(encoding="utf-8")


def translation(page: str) -> str:
    return f"{page.removesuffix('.md')}.ja.md"


@cache
def golden(language: str) -> Site:
    return golden_site(language)


@cache
def owned_ids() -> frozenset[str]:
    """The ids of everything in the real data that belongs to a team."""
    handbook = load.load(ROOT / "data")
    return frozenset(it.id for kind in KINDS.values() if kind.in_team for it in handbook.all(kind.name))


@cache
def html(page: str, language: str) -> str:
    """A page as a reader sees it, with the data of tests/golden/data/."""
    address = page.removesuffix(".md").removesuffix("index")
    calls = functions.bound_macros(lambda: Author(golden(language), address))
    return page_html(functions.PageEnvironment(calls).from_string(source(page, language)).render())


@cache
def parsed(page: str, language: str) -> Html:
    return Html(html(page, language))


def headings(page: str, language: str) -> list[tuple[str, str]]:
    """The level and the id of each heading, but of the letters of a glossary: each language has its own."""
    found = [(it.tag, it["id"]) for it in parsed(page, language).elements if re.fullmatch("h[1-6]", it.tag)]
    return [it for it in found if not re.match("(letter|row)-", it[1])]


def calls(page: str, language: str) -> list[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    """The macro calls of a page, with their arguments."""
    tree = Environment().parse(source(page, language))
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
    found = re.findall(r"\]\(([^)\s]+)\)", source(page, language))
    return [it.replace(f".{language}.", ".") for it in found]


def pictures(page: str, language: str) -> list[tuple[str, str, str]]:
    """The pictures of a page: what is said of each, where it is, and its size and the like."""
    return re.findall(r"!\[([^\]]*)\]\(([^)#\s]+)\S*\)(\{[^}]*\})?", source(page, language))


def messages() -> list[Message]:
    with catalogue.catalogue_path("ja").open("rb") as file:
        return [message for message in read_po(file, locale="ja") if message.id]


def forms(message: Message) -> list[str | None]:
    """The translations of a message: one for each plural form."""
    return [*message.string] if isinstance(message.string, list | tuple) else [message.string]


def test_there_are_pages() -> None:
    assert len(PAGES) > 5


@each_page
def test_a_page_has_a_translation(page: str) -> None:
    assert (DOCS / translation(page)).is_file()


def test_every_translation_has_its_page() -> None:
    translations = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.ja.md")}
    assert translations == {translation(page) for page in PAGES}


@each_page
def test_a_translation_has_the_headings_of_its_page(page: str) -> None:
    assert headings(page, "ja") == headings(page, "en")


@each_page
@each_language
def test_a_heading_has_an_id_that_its_author_gave_it(page: str, language: str) -> None:
    written = re.findall(r"^#+ .*", re.sub(r"^```.*?^```", "", source(page, language), flags=re.M | re.S), re.M)
    assert written
    assert [it for it in written if not re.search(r" \{ #[a-z0-9-]+ \}$", it)] == []


@each_page
def test_a_translation_calls_the_macros_of_its_page(page: str) -> None:
    assert calls(page, "ja") == calls(page, "en")


@each_page
def test_a_translation_has_the_front_matter_of_its_page(page: str) -> None:
    english, japanese = front_matter(source(page, "en")), front_matter(source(page, "ja"))
    assert japanese.keys() == english.keys()
    assert {"title", "description"} <= english.keys()
    for key in english.keys() - {"title", "description", "search"}:
        assert japanese[key] == english[key]
    search = [dict(it.get("search", {})) for it in (english, japanese)]
    words = [it.pop("words", None) for it in search]  # what people type, in each language
    assert search[0] == search[1]
    assert bool(words[0]) == bool(words[1])


@each_page
def test_a_translation_links_where_its_page_does(page: str) -> None:
    assert sorted(links(page, "ja")) == sorted(links(page, "en"))


@each_page
@each_language
def test_a_picture_is_of_its_edition_light_and_says_what_it_shows(page: str, language: str) -> None:
    for said, address, attributes in pictures(page, language):
        path = (DOCS / page).parent / address
        assert f".{language}." in path.name
        assert path.stat().st_size < 80_000
        assert len(said) > 20
        assert re.search(r'width="\d+" height="\d+"', attributes)


@each_page
@each_language
def test_a_page_names_no_id_of_a_team_or_of_what_it_owns(page: str, language: str) -> None:
    named = [
        argument for _, arguments, keywords in calls(page, language) for argument in (*arguments, *keywords.values())
    ]
    assert owned_ids()
    assert not owned_ids() & {str(it) for it in named}
    assert not owned_ids() & {match for link in links(page, language) for match in re.findall(r"[^/#]+", link)}


@each_language
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_is_in_the_data_reference(kind: Any, language: str) -> None:
    page = html("contribute/data.md", language)
    assert ("h2", kind.name) in headings("contribute/data.md", language)
    assert f"data/{kind.file}" in Document(page).text


@each_language
@pytest.mark.parametrize("name", MACROS)
def test_a_macro_is_in_the_reference_with_a_description_and_a_live_example(name: str, language: str) -> None:
    elements = parsed("contribute/macros.md", language).elements
    starts = [position for position, it in enumerate(elements) if it.attributes.get("id") in MACROS] + [len(elements)]
    begin, end = next(it for it in pairwise(starts) if elements[it[0]]["id"] == name)
    heading, *part = elements[begin:end]
    assert (heading.tag, heading.text) == ("h2", functions.signature(MACROS[name]))
    sentence = catalogue.translations(language).gettext(catalogue.first_line(MACROS[name]))
    assert next(it.text for it in part if it.tag == "p") == sentence.replace("`", "")
    assert next(it.text for it in part if it.tag == "pre").startswith(f"{{{{ {name}(")
    assert any(it.tag == "details" for it in part) == (not name.endswith("_reference"))


@each_language
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_on_the_page_of_rules_with_its_sentence(rule: str, language: str) -> None:
    elements = parsed("contribute/rules.md", language).elements
    place = next(number for number, it in enumerate(elements) if it.attributes.get("id") == rule)
    sentence = catalogue.translations(language).gettext(RULES[rule]).replace("`", "")
    assert next(it.text for it in elements[place:] if it.tag == "p").endswith(f" {sentence}")


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_one_sentence(rule: str) -> None:
    sentence = RULES[rule]
    assert re.fullmatch(r"[A-Z].+[^.]\.", sentence)
    assert ". " not in sentence


@pytest.mark.parametrize("check", checks.CHECKS, ids=checks.rule_name)
def test_the_docstring_of_a_check_is_the_rule_and_nothing_else(check: checks.Check) -> None:
    assert check.__doc__ == catalogue.first_line(check)


@pytest.mark.parametrize("rule", ELSEWHERE)
def test_a_rule_without_a_case_is_broken_in_the_test_that_is_named(rule: str) -> None:
    named = re.findall(r"test_\w+\.py", ELSEWHERE[rule])
    assert named
    for name in named:
        assert f"{rule}: " in Path(__file__).with_name(name).read_text(encoding="utf-8")


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
    assert pictures
    assert [it for it in pictures if not (ROOT / it).is_file()] == []


@each_language
def test_the_limits_are_those_of_the_program(language: str) -> None:
    limits = source("contribute/data.md", language).partition("{ #limits }")[2].partition("{{")[0]
    written = re.findall(r"^\| [^|]+ \| ([\d,–]+)", limits, flags=re.MULTILINE)
    numbers = [
        yaml_source.MOST_BYTES,
        yaml_source.MOST_VALUES,
        yaml_source.MOST_ITEMS,
        yaml_source.MAX_DEPTH,
        yaml_source.MOST_CHARACTERS,
        values.MOST_NAME_CHARACTERS,
        values.MOST_ID_CHARACTERS,
        values.MOST_ADDRESS_CHARACTERS,
        journeys.MOST_SELECTOR_CHARACTERS,
        values.LARGEST_NUMBER,
        values.LARGEST_QUANTITY,
        (values.FIRST_YEAR, values.LAST_YEAR),
        markdown.MOST_OPEN_BRACKETS,
        markdown.MOST_LEVELS,
        markdown.MOST_COLUMNS,
        rules.MOST_BYTES,
        rules.MOST_EXPANDED,
        rules.MOST_RULES,
        rules.MOST_CHARACTERS,
    ]
    assert written == [f"{it[0]}–{it[1]}" if isinstance(it, tuple) else f"{it:,}" for it in numbers]

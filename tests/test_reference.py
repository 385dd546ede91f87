"""The data reference: every key of every kind, as the model has it, with an example that loads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any

import pytest
from conftest import GOLDEN, ROOT, golden_site
from pydantic import TypeAdapter
from rows import each
from web import Html

from macros.authoring import reference
from macros.authoring.reference import Key, Mapping
from macros.handbook import addresses, load, site_map
from macros.model.kinds import KINDS, Kind, schema
from macros.model.values import FROM_PATH, LANGUAGES, Choice, Shape, Text
from macros.site import page_macros
from macros.site.page_macros import Author
from macros.text import catalogue

EDITIONS = {language: golden_site(language) for language in LANGUAGES}

each_kind = each(KINDS.values(), lambda kind: kind.name)


def keys_of(kind: Kind) -> Iterator[tuple[Mapping, Key]]:
    for mapping in reference.mappings(str, kind.shape):
        for key in mapping.keys:
            yield mapping, key


def shapes_in(kind: Kind) -> dict[str, dict[str, Any]]:
    """The mappings of a kind as its JSON Schema has them, by the name that the reference uses."""
    whole = schema(kind)
    found = {"": whole}
    for name, part in whole["$defs"].items():
        for option in (part, *part.get("anyOf", ())):
            if "properties" in option and not issubclass(shape_of(name), Text):
                found[name] = option
    return found


@each_kind
def test_the_reference_has_the_keys_of_the_schema(kind: Kind) -> None:
    assert {it.name: {key.name for key in it.keys} for it in reference.mappings(str, kind.shape)} == {
        name: set(shape["properties"]) for name, shape in shapes_in(kind).items()
    }


@each_kind
def test_the_reference_says_which_keys_are_required_as_the_schema_does(kind: Kind) -> None:
    assert {it.name: {key.name for key in it.keys if key.required} for it in reference.mappings(str, kind.shape)} == {
        name: set(shape.get("required", ())) for name, shape in shapes_in(kind).items()
    }


@each_kind
def test_the_reference_has_the_defaults_of_the_schema(kind: Kind) -> None:
    shapes = shapes_in(kind)
    for mapping, key in keys_of(kind):
        default = shapes[mapping.name]["properties"][key.name].get("default")
        shown = default if isinstance(default, str) else json.dumps(default)
        assert key.default == ("" if default in (None, []) else shown)


@each_kind
def test_required_keys_come_first_and_else_in_the_order_of_the_model(kind: Kind) -> None:
    order = list(schema(kind)["properties"])
    keys = [(not key.required, order.index(key.name)) for key in reference.mappings(str, kind.shape)[0].keys]
    assert keys == sorted(keys)


@each_kind
def test_what_the_place_of_a_file_says_is_no_key(kind: Kind) -> None:
    assert not FROM_PATH & {key.name for key in reference.mappings(str, kind.shape)[0].keys}


@each_kind
def test_every_mapping_is_described_and_every_mapping_that_a_key_holds_is_there(kind: Kind) -> None:
    mappings = reference.mappings(str, kind.shape)
    assert all(it.description.endswith(".") for it in mappings)
    held = {name for _, key in keys_of(kind) for name in re.findall(r"\bmapping (\w+)", str(key.holds))}
    assert sorted(it.name for it in mappings) == ["", *sorted(held)]


@each_kind
def test_every_key_says_what_it_holds_and_what_it_means(kind: Kind) -> None:
    for _, key in keys_of(kind):
        assert str(key.holds)
        assert key.description.endswith(".")


@each_kind
def test_a_required_key_that_is_no_mapping_has_an_example(kind: Kind) -> None:
    for _, key in keys_of(kind):
        assert key.example or not key.required or "mapping" in str(key.holds), key.name


@each_kind
def test_an_example_is_one_that_its_key_allows(kind: Kind) -> None:
    for mapping, key in keys_of(kind):
        if key.example:
            shape = shape_of(mapping.name) if mapping.name else kind.shape
            info = next(info for it, info in shape.model_fields.items() if key.name in (it, info.alias))
            annotation: Any = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
            TypeAdapter(annotation).validate_python(json.loads(key.example))


def shape_of(name: str) -> type[Shape]:
    return next(it for it in below(Shape) if it.__name__ == name)


def below(shape: type[Shape]) -> Iterator[type[Shape]]:
    for subclass in shape.__subclasses__():
        yield subclass
        yield from below(subclass)


def key_of(kind: str, mapping: str, name: str) -> Key:
    (key,) = (key for it, key in keys_of(KINDS[kind]) if (it.name, key.name) == (mapping, name))
    return key


@pytest.mark.parametrize(
    ("kind", "mapping", "name", "holds"),
    [
        ("team", "", "name", "text"),
        ("team", "", "notes", "Markdown text"),
        ("team", "", "channel", "word"),
        ("organisation", "", "site_address", "address"),
        ("team", "TeamInteraction", "until", "day"),
        ("team", "PainPoint", "since", "month or day"),
        ("team", "EscalationStep", "after_minutes", "whole number"),
        ("service", "", "tier", "whole number"),
        ("organisation", "", "language", "one of en, ja"),
        ("team", "PainPoint", "impact", "one of high, medium, low"),
        ("service", "Dependency", "service", "id of a service"),
        ("team", "PlatformPolicy", "provided_by", "id of a team"),
        ("team", "", "working_agreements", "list of: text"),
        ("team", "", "aliases", "list of: word"),
        ("team", "", "on_call", "mapping OnCall"),
        ("team", "", "contacts", "list of: mapping Contact"),
    ],
)
def test_what_a_key_holds_in_words(kind: str, mapping: str, name: str, holds: str) -> None:
    assert str(key_of(kind, mapping, name).holds) == holds


def test_a_key_is_named_as_a_file_writes_it() -> None:
    assert [key.name for it, key in keys_of(KINDS["team"]) if it.name == "SreSetUp"] == ["has", "is", "since", "how"]


@pytest.mark.parametrize(
    ("mapping", "name", "default"),
    [
        ("PainPoint", "impact", "medium"),
        ("PainPoint", "id", ""),
        ("PainPoint", "evidence", ""),
        ("OnCall", "escalation", ""),
    ],
)
def test_what_a_key_is_where_it_is_left_out(mapping: str, name: str, default: str) -> None:
    assert key_of("team", mapping, name).default == default


@pytest.mark.parametrize(
    ("mapping", "name", "example"),
    [
        ("", "channel", '"#team-payments"'),
        ("", "aliases", '["old-name"]'),
        ("EscalationStep", "after_minutes", "5"),
        ("", "notes", ""),
    ],
)
def test_an_example_is_written_as_yaml(mapping: str, name: str, example: str) -> None:
    assert key_of("team", mapping, name).example == example


@pytest.mark.parametrize(
    ("kind", "name", "example"),
    [
        ("team", "mission", '"お客様が意識せずに支払えるようにします。"'),
        ("team", "working_agreements", '["壊したら、まずロールバック"]'),
        ("team", "channel", '"#team-payments"'),
        ("team", "notes", ""),
    ],
)
def test_an_example_has_its_words_in_the_reader_s_language(kind: str, name: str, example: str) -> None:
    found = reference.keys(catalogue.translations("ja").gettext, KINDS[kind].shape)
    assert [key.example for key in found if key.name == name] == [example]


def test_an_example_of_both_languages_is_the_same_in_each() -> None:
    (name, *_) = (key for it, key in keys_of(KINDS["glossary"]) if (it.name, key.name) == ("Term", "name"))
    assert json.loads(name.example) == {"en": "error budget", "ja": "エラーバジェット"}


@cache
def index(language: str) -> Html:
    return Html(str(page_macros.MACROS["kind_reference"](Author(EDITIONS[language], "contribute/data/"))))


@cache
def page(kind: Kind, language: str) -> Html:
    return Html(EDITIONS[language].render("kind.html.j2", addresses.of_kind(kind), head={}, kind=kind))


def rows(kind: Kind, language: str) -> list[str]:
    """The rows of a kind's page, below the heads of the tables."""
    elements = page(kind, language).elements
    heads = {it.text for it in elements if it.tag == "thead"}
    return [" ".join(it.text.split()) for it in elements if it.tag == "tr" and it.text not in heads]


@each_kind
def test_the_page_says_of_every_key_what_the_reference_says(kind: Kind) -> None:
    assert rows(kind, "en") == [
        f"{key.name}{'required' if key.required else ''}{key.holds}{f'default: {key.default}' if key.default else ''}"
        f"{key.description.replace('`', '')}{key.example or '–'}"
        for _, key in keys_of(kind)
    ]


@each_kind
def test_the_japanese_page_has_the_same_keys_with_their_examples_in_japanese(kind: Kind) -> None:
    translate = catalogue.translations("ja").gettext
    examples = [key.example for mapping in reference.mappings(translate, kind.shape) for key in mapping.keys]
    for row, (_, key), example in zip(rows(kind, "ja"), keys_of(kind), examples, strict=True):
        assert row.startswith(f"{key.name}必須" if key.required else key.name)
        assert row.endswith(example or "–")
        assert translate(key.description).replace("`", "") in row


@pytest.mark.parametrize("language", LANGUAGES)
@each_kind
def test_the_page_names_the_file_and_leads_to_the_recipe(kind: Kind, language: str) -> None:
    found = page(kind, language)
    assert found.all("code")[0].text == f"data/{kind.file}"
    assert found.all("a")[0]["href"] == f"../../recipes/#{kind.name}"


def test_a_mapping_is_the_same_wherever_it_is_described() -> None:
    found: dict[str, Mapping] = {}
    for kind in KINDS.values():
        for mapping in reference.mappings(str, kind.shape):
            assert not mapping.name or found.setdefault(mapping.name, mapping) == mapping


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_says_of_each_kind_what_it_is_and_where_it_stands_and_leads_to_its_page(language: str) -> None:
    translate, html = catalogue.translations(language).gettext, index(language)
    found = [" ".join(row.text.split()) for row in html.all("tr")[1:]]
    for row, kind in zip(found, KINDS.values(), strict=True):
        assert row.lower().startswith(translate(kind.label).lower())
        assert translate(catalogue.first_line(kind.shape)) in row
        assert f"data/{kind.file}" in row
    ways = [(f"{kind.name}/", f"../recipes/#{kind.name}") for kind in KINDS.values()]
    assert [link["href"] for link in html.all("a")] == [way for both in ways for way in both]


def test_the_index_has_the_anchors_of_all_that_its_pages_describe() -> None:
    ids = [element["id"] for element in index("en").elements if "id" in element.attributes]
    of_pages = {heading["id"] for kind in KINDS.values() for heading in page(kind, "en").all("h2")}
    assert len(of_pages) > 100
    assert {*ids} == KINDS.keys() | of_pages
    assert len(ids) == len({*ids})


def test_without_its_index_the_reference_has_no_pages() -> None:
    with_index = load.load(GOLDEN / "data", "data", [addresses.DATA])
    found = {page.address: page for page in site_map.planned(with_index).values() if page.template == "kind.html.j2"}
    assert [*found] == [addresses.of_kind(kind) for kind in KINDS.values()]
    assert found["contribute/data/team/"].files == ("macros/model/organisation.py",)
    assert all((ROOT / page.files[0]).is_file() and (ROOT / "docs" / page.parent).is_file() for page in found.values())
    assert not [*found.keys() & site_map.planned(EDITIONS["en"].handbook).keys()]


def test_every_choice_of_the_model_is_listed() -> None:
    listed = {str(key.holds) for kind in KINDS.values() for _, key in keys_of(kind)}
    for choice in (it for it in Choice.__subclasses__() if it.__module__.startswith("macros.model")):
        assert any(it.endswith(f"one of {', '.join(choice)}") for it in listed), choice

"""KINDS: each kind has all that a kind needs, and a schema that says what the loader says."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, GOLDEN, ROOT, Case, write_tree
from rows import each

from macros import model
from macros.authoring import editor, reference
from macros.authoring.beginnings import LABELS
from macros.handbook import load
from macros.model.kinds import KINDS, NAMES, Kind, placed, schema
from macros.model.organisation import Service
from macros.model.values import FROM_PATH, Entity
from macros.site.render import TEMPLATES
from macros.sources import prometheus, yaml_file
from macros.text import catalogue
from macros.text.problems import DataError, Message

each_kind = each(KINDS.values(), lambda kind: kind.name)


def accepts(whole: dict[str, Any], part: dict[str, Any], value: Any) -> bool:
    """Whether a JSON Schema accepts a value: those keywords that the model's schemas use, and no other."""
    known = {"title", "description", "examples", "default", "$schema", "$defs"}
    checks: dict[str, Callable[[Any], bool]] = {
        "$ref": lambda it: accepts(whole, whole["$defs"][it.removeprefix("#/$defs/")], value),
        "anyOf": lambda it: any(accepts(whole, option, value) for option in it),
        "type": lambda it: is_type(it, value),
        "enum": lambda it: value in it,
        "const": lambda it: value == it,
        "pattern": lambda it: not isinstance(value, str) or re.search(it, value) is not None,
        "minimum": lambda it: not isinstance(value, int) or value >= it,
        "maximum": lambda it: not isinstance(value, int) or value <= it,
        "exclusiveMinimum": lambda it: not isinstance(value, int | float) or value > it,
        "exclusiveMaximum": lambda it: not isinstance(value, int | float) or value < it,
        "maxLength": lambda it: not isinstance(value, str) or len(value) <= it,
        "minItems": lambda it: not isinstance(value, list) or len(value) >= it,
        "minProperties": lambda it: not isinstance(value, dict) or len(value) >= it,
        "items": lambda it: not isinstance(value, list) or all(accepts(whole, it, item) for item in value),
        "required": lambda it: not isinstance(value, dict) or value.keys() >= set(it),
        "properties": lambda it: (
            not isinstance(value, dict) or all(accepts(whole, it[key], value[key]) for key in value.keys() & it.keys())
        ),
        "additionalProperties": lambda it: not isinstance(value, dict) or value.keys() <= part["properties"].keys(),
    }
    assert part.keys() <= checks.keys() | known, f"teach this test the keyword {part.keys() - checks.keys() - known}"
    return all(check(part[keyword]) for keyword, check in checks.items() if keyword in part)


def is_type(name: str, value: Any) -> bool:
    types: dict[str, type | tuple[type, ...]] = {"string": str, "object": dict, "array": list, "null": type(None)}
    types |= {"integer": int, "boolean": bool, "number": (int, float)}
    return isinstance(value, types[name]) and (name not in ("integer", "number") or not isinstance(value, bool))


def kind_of(path: Path, data: Path) -> Kind:
    """The kind of a file of the data, by its place."""
    place = placed(path.relative_to(data).as_posix())
    assert place is not None
    return place.kind


def value_of(path: Path) -> Any:
    read, problems = yaml_file.parse(path.read_bytes(), path.name)
    assert not problems
    assert read is not None
    return read.value


@each_kind
def test_a_kind_is_found_under_its_name(kind: Kind) -> None:
    assert KINDS[kind.name] is kind
    assert issubclass(kind.shape, Entity)


@each_kind
def test_a_kind_has_a_file_of_its_own(kind: Kind) -> None:
    assert kind.file.endswith(".yaml")
    assert [other for other in KINDS.values() if other.file == kind.file] == [kind]
    assert [other for other in KINDS.values() if other.shape is kind.shape] == [kind]
    assert set(re.findall("<([a-z]+)>", kind.file)) <= {"team", "id", "own", "file"}


@each_kind
def test_a_file_is_placed_where_its_kind_puts_it(kind: Kind) -> None:
    place = placed(kind.path("some-id", "some-team"))
    assert place is not None
    assert place.kind is kind
    assert place.team == {"team": "some-id"}.get(kind.name, "some-team" if kind.in_team else "")
    assert place.name == ("some-id.yaml" if kind.is_mixed else "some-id" if kind.has_id else kind.name)


@each_kind
def test_a_file_elsewhere_is_of_no_kind(kind: Kind) -> None:
    path = kind.path("some-id", "some-team")
    assert [placed(other) for other in (f"more/{path}", f"{path}/more.yaml", f"{path}.txt")] == [None] * 3


@each_kind
def test_a_kind_with_pages_has_an_address_for_each(kind: Kind) -> None:
    assert not kind.address or re.fullmatch(r"[a-z-]+/(<team>/)?([a-z-]+/)?<id>/", kind.address)
    assert kind.address or not (TEMPLATES / f"{kind.name}.html.j2").exists()


@each_kind
def test_a_kind_is_in_a_team_where_its_files_are(kind: Kind) -> None:
    assert kind.in_team == kind.file.startswith("teams/")


@cache
def written(language: str) -> dict[str, str]:
    """The hand-written pages in a language, by their path in docs/."""
    every = {it.relative_to(ROOT / "docs").as_posix(): it for it in (ROOT / "docs").rglob("*.md")}
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in every.items()
        if name.endswith(".ja.md") == (language == "ja")
    }


def lacks(kind: Kind) -> Iterator[str]:
    """What a kind with a class and a row has not, and where that goes."""
    if kind.address and not (TEMPLATES / f"{kind.name}.html.j2").is_file():
        yield f"its pages: write macros/templates/{kind.name}.html.j2"
    if kind.address and kind.index not in written("en"):
        yield f"the page that its pages hang under: write docs/{kind.index}, or choose another address"
    if not any((GOLDEN / "data").glob(re.sub("<[a-z]+>", "*", kind.file))):
        yield f"an example: write tests/golden/data/{kind.file}; then `make bless`"
    for language, recipes in (("en", "contribute/recipes.md"), ("ja", "contribute/recipes.ja.md")):
        heading, link = f"{{ #{kind.name} }}", f'{{{{ add_link("{kind.name}") }}}}'
        if f" {heading}\n" not in written(language)[recipes]:
            yield f"a recipe: write it in docs/{recipes}, with {link} below ## … {heading}"
        elif kind.name in LABELS and not any(link in text for text in written(language).values()):
            yield f"a link that begins one: put {link} into its recipe in docs/{recipes}"
    words = [kind.label]
    for mapping in reference.mappings(str, kind.shape):
        words += [mapping.description, *(key.description for key in mapping.keys)]
    untranslated = [it for it in words if catalogue.translations("ja").gettext(it) == it]
    if untranslated:
        yield f"words in Japanese: `make catalogue`, then translate in macros/locale/ja/messages.po: {untranslated}"
    if not (ROOT / editor.SCHEMAS / editor.schema_name(kind)).is_file():
        yield "a schema: `make schema`"


def without_row() -> Iterator[str]:
    """The classes of entities that no row names."""
    for module in pkgutil.iter_modules(model.__path__, "macros.model."):
        for name, value in vars(importlib.import_module(module.name)).items():
            is_own = isinstance(value, type) and issubclass(value, Entity) and value.__module__ == module.name
            if is_own and value not in {Entity, *NAMES}:
                yield f"{module.name}.{name}: a row: add it to KINDS in macros/model/kinds.py"


def test_a_kind_has_all_its_pieces() -> None:
    """The one test that fails where a piece of a new kind is missing. README.md lists the pieces."""
    missing = [*without_row(), *(f"{kind.name}: {it}" for kind in KINDS.values() for it in lacks(kind))]
    assert not missing, "\n".join(missing)


def test_what_a_kind_lacks_is_said_with_its_place() -> None:
    review = Kind("review", Service, "teams/<team>/reviews/<id>.yaml", "reviews/<id>/", "review")
    assert [*lacks(review)] == [
        "its pages: write macros/templates/review.html.j2",
        "the page that its pages hang under: write docs/reviews/index.md, or choose another address",
        "an example: write tests/golden/data/teams/<team>/reviews/<id>.yaml; then `make bless`",
        'a recipe: write it in docs/contribute/recipes.md, with {{ add_link("review") }} below ## … { #review }',
        'a recipe: write it in docs/contribute/recipes.ja.md, with {{ add_link("review") }} below ## … { #review }',
        "words in Japanese: `make catalogue`, then translate in macros/locale/ja/messages.po: ['review']",
        "a schema: `make schema`",
    ]


def test_a_kind_that_nothing_begins_is_said_to_lack_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LABELS, "organisation", Message("Add an organisation"))
    assert [*lacks(KINDS["organisation"])] == [
        f'a link that begins one: put {{{{ add_link("organisation") }}}} into its recipe in docs/contribute/{page}'
        for page in ("recipes.md", "recipes.ja.md")
    ]


def test_a_class_without_a_row_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    service: type[Entity] = Service
    monkeypatch.delitem(NAMES, service)
    assert [*without_row()] == ["macros.model.organisation.Service: a row: add it to KINDS in macros/model/kinds.py"]


@each_kind
def test_a_schema_describes_the_file_and_nothing_of_its_place(kind: Kind) -> None:
    made = schema(kind)
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert made["additionalProperties"] is False
    assert made["properties"]
    assert not FROM_PATH & made["properties"].keys()
    assert set(made["required"]) <= made["properties"].keys()
    assert all(value.get("description") for value in made["properties"].values())


@each_kind
def test_every_mapping_in_a_schema_is_closed(kind: Kind) -> None:
    def mappings(value: Any) -> list[dict[str, Any]]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        here = [value] if isinstance(value, dict) and value.get("type") == "object" else []
        return here + [found for item in inner for found in mappings(item)]

    assert mappings(schema(kind))
    assert all(mapping["additionalProperties"] is False for mapping in mappings(schema(kind)))


def test_the_schema_accepts_what_the_loader_accepts() -> None:
    files = [it for it in sorted((GOLDEN / "data").rglob("*.yaml")) if not prometheus.looks_like_rules(it.read_bytes())]
    assert files
    made = {it: schema(kind_of(it, GOLDEN / "data")) for it in files}
    assert [it.name for it, whole in made.items() if not accepts(whole, whole, value_of(it))] == []


@pytest.mark.parametrize(
    "name",
    [
        "a key with a typing error names the near one",
        "a key inside a list item names the near one",
        "a missing key is named at its mapping",
        "a number where text is needed",
        "text where a number is needed",
        "a list where a mapping is needed, and the other way round",
        "a key of the file's place is no key of the file",
        "a word that no choice is near to lists them",
        "a number out of its range",
        "an address with an odd scheme",
        "an alias that can't be an id",
        "a list of alerts without the system that sends them",
        "a list of alerts with a wrong urgency",
        "a list of alerts with none in it",
        "a name of an alert with blanks around it, of no letters, or of two lines",
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(name: str, tmp_path: Path) -> None:
    case = Case.read(CASES / f"problems/{name}.txt")
    data = write_tree(tmp_path, case.files)
    with pytest.raises(DataError) as raised:
        load.load(data, "data")
    for place in {problem.path for problem in raised.value.problems}:
        path = data / place.removeprefix("data/")
        made = schema(kind_of(path, data))
        assert not accepts(made, made, value_of(path))

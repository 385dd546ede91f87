"""KINDS: each kind has all that a kind needs, and a schema that says what the loader says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, GOLDEN, Case, write_tree
from rows import each

from macros.handbook import load
from macros.model.kinds import KINDS, Kind, schema
from macros.model.values import FROM_PATH, Entity
from macros.site.render import TEMPLATES
from macros.sources import prometheus, yaml_file
from macros.text.problems import DataError

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
    for kind in KINDS.values():
        pattern = re.sub("<[a-z]+>", "[^/]+", kind.file)
        if re.fullmatch(pattern, path.relative_to(data).as_posix()):
            return kind
    raise AssertionError(f"{path} is of no kind")


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
def test_a_kind_with_pages_has_addresses_and_a_template(kind: Kind) -> None:
    assert not kind.address or re.fullmatch(r"[a-z-]+/(<team>/)?([a-z-]+/)?<id>/", kind.address)
    assert (TEMPLATES / f"{kind.name}.md.j2").is_file() == bool(kind.address)


@each_kind
def test_a_kind_is_in_a_team_where_its_files_are(kind: Kind) -> None:
    assert kind.in_team == kind.file.startswith("teams/")


def test_the_organisation_of_the_tests_has_every_kind() -> None:
    example = load.load(GOLDEN / "data")
    assert [name for name in KINDS if not example.of_kind(name)] == []


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
    assert {kind_of(it, GOLDEN / "data").name for it in files} == KINDS.keys()
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

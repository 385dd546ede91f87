"""From the value of a file to its entity; the messages themselves are in tests/cases/problems/."""

from __future__ import annotations

import json

import pytest

from macros.model.kinds import KINDS
from macros.model.organisation import Service, Team
from macros.model.values import Entity, Location
from macros.sources import validate, yaml_file
from macros.text.problems import Problem

TEAM = KINDS["team"]
SERVICE = KINDS["service"]


def made(kind: str, text: str, language: str = "en") -> tuple[Entity | None, list[Problem]]:
    read, problems = yaml_file.parse(text.encode(), f"data/{kind}.yaml")
    assert problems == []
    assert read is not None
    return validate.entity(KINDS[kind], read, {"id": "the-id", "team": "the-team"}, language)


def test_an_entity_has_the_names_of_its_place() -> None:
    entity, problems = made("service", "name: Search\nsummary: Finds drawings\n")
    assert problems == []
    assert isinstance(entity, Service)
    assert (entity.id, entity.team, entity.path) == ("the-id", "the-team", "data/service.yaml")


def test_every_plain_string_is_in_the_language_of_the_organisation() -> None:
    entity, _ = made("team", "name: 検索\nchannel: x\nworking_agreements: [金曜日は出さない]\nnotes: 注意\n", "ja")
    assert isinstance(entity, Team)
    assert entity.notes is not None
    assert {text.words("en")[1] for text in (entity.name, *entity.working_agreements, entity.notes)} == {"ja"}


def test_a_file_with_a_problem_makes_no_entity() -> None:
    for text in ("- a\n", "name: 5\n", "name: A\nchannel: x\nid: a\n", "name: A\nchannel: x\nnotes: '[a](data:x)'\n"):
        entity, problems = made("team", text)
        assert entity is None
        assert len(problems) >= 1


def test_all_problems_of_a_file_come_at_once() -> None:
    _, problems = made("team", "name: 5\nchanel: x\nid: a\ndashboard_review: {every: weakly}\n")
    assert sorted(problem.rule for problem in problems) == [
        "missing-key",
        "unknown-key",
        "unknown-key",
        "wrong-type",
        "wrong-value",
    ]


@pytest.mark.parametrize("target", ["https://example.com", "mailto:a@example.com", "/services/a/", "#missing", "/"])
def test_a_link_in_markdown(target: str) -> None:
    assert made("team", f"name: A\nchannel: x\nnotes: '[a]({target})'\n")[1] == []


@pytest.mark.parametrize(
    "notes",
    [
        "[a](javascript:alert)",
        "[a](<java script:alert>)",
        "[a](&#106;avascript:alert)",
        "[a](javascript&colon;alert)",
        "[a](&#x6A;&#x61;vascript:alert)",
        "[a][b]\n\n[b]: vbscript:x",
        "[a](//example.com)",
        "[a](/\\example.com)",
        "[a](services/a/)",
        "[a](../)",
        "[a]()",
        "**[a](data:x)**",
        "- [a](data:x)",
        "> [a](data:x)",
        "| a |\n|---|\n| [a](data:x) |",
    ],
)
def test_a_link_in_markdown_that_is_refused(notes: str) -> None:
    block = "".join(f"  {line}\n" for line in notes.split("\n"))
    _, problems = made("team", f"name: A\nchannel: x\nnotes: |\n{block}")
    assert [(problem.rule, problem.line) for problem in problems] == [("link-scheme", 3)]


@pytest.mark.parametrize(
    "notes", ["`[a](data:x)`", "\\[a](data:x)", "<a href='data:x'>a</a>", "![a](data:x)", "    [a](data:x)"]
)
def test_what_only_looks_like_a_link_in_markdown(notes: str) -> None:
    assert made("team", f"name: A\nchannel: x\nnotes: {json.dumps(notes)}\n")[1] == []


def test_a_link_in_a_plain_text_is_words() -> None:
    assert made("team", "name: '[a](javascript:alert)'\nchannel: x\n")[1] == []


@pytest.mark.parametrize(
    ("location", "keys"),
    [
        (("on_call", "escalation", 0), ["after_minutes", "role", "channel"]),
        (("on_call",), ["rota", "hours", "escalation"]),
        (("sre_set_up",), ["has", "is", "since", "how"]),
        (("mission",), ["en", "ja"]),
        (("works_with", 3), ["team", "mode", "purpose", "until"]),
        (("nothing", "of", "this"), []),
    ],
)
def test_the_keys_at_a_location(location: Location, keys: list[str]) -> None:
    assert validate.keys_at(Team, location) == keys


def test_the_keys_at_the_top_are_those_of_the_kind() -> None:
    assert {"name", "summary", "depends_on"} <= set(validate.keys_at(Service, ()))
    assert validate.keys_at(Service, ("depends_on", 0)) == ["service", "needed_for", "without_it"]

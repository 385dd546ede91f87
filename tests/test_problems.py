"""Problems and findings: their words, their places, their order."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from macros.model.values import Text
from macros.text.problems import N_, DataError, Finding, Message, Problem, Report, in_order

TRANSLATIONS = {"{name} has no {what}": "{name} に {what} がない", "mission": "ミッション"}


def translate(text: str) -> str:
    return TRANSLATIONS.get(text, text)


def problem(path: str = "a.yaml", line: int = 1, column: int = 1, rule: str = "tab", words: str = "a tab") -> Problem:
    return Problem(path, line, column, rule, Message(words))


def test_marking_a_message_leaves_it_as_it_is() -> None:
    assert N_("A tab in {file}.") == "A tab in {file}."


def test_a_message_fills_its_gaps() -> None:
    assert str(Message("{name} has {count} gaps", {"name": "Zukura", "count": 2})) == "Zukura has 2 gaps"


def test_a_message_without_gaps_is_its_template() -> None:
    assert str(Message("a tab")) == "a tab"


def test_a_value_is_not_read_as_a_template() -> None:
    assert str(Message("there is no {id}", {"id": "{other} {0} %s"})) == "there is no {other} {0} %s"


def test_a_message_within_a_message_is_translated_too() -> None:
    message = Message("{name} has no {what}", {"name": "Zukura", "what": Message("mission")})
    assert message.render("en") == "Zukura has no mission"
    assert message.render("ja", translate) == "Zukura に ミッション がない"


def test_a_word_that_is_in_the_catalogue_by_chance_is_not_translated() -> None:
    message = Message("{name} has no {what}", {"name": "mission", "what": "mission"})
    assert message.render("ja", translate) == "mission に mission がない"


@pytest.mark.parametrize(("language", "words"), [("en", "Zukura has no owner"), ("ja", "ズクラ has no owner")])
def test_a_text_in_a_message_follows_the_language(language: str, words: str) -> None:
    text = Text.model_validate({"en": "Zukura", "ja": "ズクラ"})
    assert Message("{name} has no owner", {"name": text}).render(language) == words


def test_a_report_is_one_line_with_place_rule_and_words() -> None:
    assert str(problem("data/a.yaml", 3, 7)) == "data/a.yaml:3:7: tab: a tab"


def test_a_report_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        problem().line = 2  # type: ignore[misc]


def test_reports_are_sorted_by_place_with_numbers_as_numbers() -> None:
    expected = [
        problem("a.yaml", 2, 10),
        problem("a.yaml", 10, 1),
        problem("a.yaml", 10, 2, "alias"),
        problem("a.yaml", 10, 2, "tab", "a"),
        problem("a.yaml", 10, 2, "tab", "b"),
        problem("b.yaml", 1, 1),
    ]
    assert list(in_order(reversed(expected))) == expected


def test_reports_that_say_the_same_are_one() -> None:
    assert in_order([problem(), problem(), problem(line=2)]) == (problem(), problem(line=2))


def test_an_error_holds_its_problems_in_order_and_prints_them() -> None:
    error = DataError([problem("b.yaml"), problem("a.yaml"), problem("a.yaml")])
    assert error.problems == (problem("a.yaml"), problem("b.yaml"))
    assert str(error) == "a.yaml:1:1: tab: a tab\nb.yaml:1:1: tab: a tab"


@pytest.mark.parametrize("values", [{}, {"kind": "team", "id": "zukura", "team": "zukura"}])
def test_a_finding_says_what_it_is_about(values: dict[str, Any]) -> None:
    finding = Finding("a.yaml", 1, 1, "service-without-tier", Message("no tier"), **values)
    assert isinstance(finding, Report)
    assert (finding.kind, finding.id, finding.team) == tuple(values.get(name, "") for name in ("kind", "id", "team"))

"""A row of what isn't done: what it lacks, where its spots are, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import make_handbook
from rows import each

from macros.gaps import examples
from macros.gaps.check import Area, Check, Counted, Reason, Step, Task, gap, problem, work
from macros.gaps.checks import CHECKS, GAPS
from macros.gaps.spots import Priority, Spots, at
from macros.handbook.graph import Handbook
from macros.text import catalogue
from macros.text.problems import Finding, Message, Problem


def lacks(row: Check) -> Iterator[str]:
    """What a row has not: a sentence, words, an example, translations."""
    asked = {"a sentence": row.sentence, "an example": (examples.HERE / f"{row.name}.txt").exists()}
    needed = asked if row.words else {"what to do": row.what}
    needed |= {"why": row.why} if row.words and (row.task or row.step) else {}
    figure = row.counted.label if row.counted else ""
    effort = row.step.effort if row.step else ""
    shown = [row.sentence if row.words else "", row.what, row.why, effort, figure, "" if row.stops else row.words]
    shown += row.event or ()
    translated = catalogue.translations("ja").gettext
    yield from (what for what, there in needed.items() if not there)
    yield from ("how long it takes" for step in [row.step] if step and not (step.effort or row.task))
    yield from (f"a translation of: {words}" for words in shown if words and translated(words) == words)


@each((*CHECKS, *GAPS), lambda row: str(row.name))
def test_a_row_lacks_nothing(row: Check) -> None:
    assert list(lacks(row)) == []


def test_what_a_row_lacks_is_said() -> None:
    @gap("{name} is odd", Task(Reason.WORDS, 5), counted=Counted(Area.TEAMS, "Odd names", lambda _: []))
    def odd_name(handbook: Handbook) -> Spots:
        """A name that is odd."""
        return []

    assert list(lacks(odd_name)) == [
        "an example",
        "why",
        "a translation of: A name that is odd.",
        "a translation of: Odd names",
        "a translation of: {name} is odd",
    ]


def test_a_step_says_how_long_it_takes() -> None:
    @work(what="Do it", step=Step(Priority.MINOR))
    def odd_work(handbook: Handbook) -> Spots:
        return []

    assert list(lacks(odd_work)) == ["how long it takes", "a translation of: Do it"]


@pytest.fixture
def handbook(tmp_path: Path) -> Handbook:
    return make_handbook(tmp_path, {"teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\n"})


def test_a_gap_is_a_finding_at_a_key_and_names_entity_and_owner(handbook: Handbook) -> None:
    @gap("{name} has {count}")
    def a_rule(handbook: Handbook) -> Spots:
        return []

    till, team = handbook.services[0], handbook.teams[0]
    finding = a_rule.report(handbook, at(till, "summary", count=3))
    assert str(finding) == "data/teams/payments/services/till.yaml:2:1: a-rule: Till has 3"
    found = [a_rule.report(handbook, at(it, count=1)) for it in (till, team, handbook.organisation)]
    assert [(it.kind, it.id, it.team) for it in found if isinstance(it, Finding)] == [
        ("service", "till", "payments"),
        ("team", "payments", "payments"),
        ("organisation", "organisation", ""),
    ]


def test_a_problem_is_at_a_value_with_a_hint_behind_it(handbook: Handbook) -> None:
    @problem("`{id}` is odd")
    def a_rule(handbook: Handbook) -> Spots:
        return []

    spot = at(handbook.services[0], "summary", hint=Message("mend it"), id="x")
    report = a_rule.report(handbook, spot)
    assert isinstance(report, Problem)
    assert str(report) == "data/teams/payments/services/till.yaml:2:10: a-rule: `x` is odd; mend it"


def test_a_spot_may_say_other_words_and_another_name(handbook: Handbook) -> None:
    spot = at(handbook.services[0], words="{name} again", name="Other")
    assert str(Check("{name}").report(handbook, spot).message) == "Other again"

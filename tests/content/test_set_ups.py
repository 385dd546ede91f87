"""The team types as they ship, and their chooser: whatever is answered, it is a recommendation with reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
import shipped
from choosing import Answers, Recommendation, choose, combinations

from macros.model.set_ups import Chooser, TeamType


def chooser() -> Chooser:
    found = shipped.handbook().chooser
    if found is None:
        pytest.skip("data/chooser.yaml isn't there: nothing is recommended")
    return found


def types() -> tuple[TeamType, ...]:
    return shipped.handbook().team_types


@cache
def recommended() -> tuple[tuple[dict[str, str], Recommendation], ...]:
    """Each combination of answers with what it leads to."""
    return tuple((it, choose(types(), chooser(), it)) for it in combinations(chooser()))


def test_every_team_type_wins_for_some_answers() -> None:
    winners = {it.recommended.type.id for _, it in recommended()}
    assert [it.path for it in types() if it.id not in winners] == []


def test_every_combination_has_a_recommendation_with_reasons_and_a_runner_up() -> None:
    weak = [
        answers
        for answers, it in recommended()
        if it.recommended.points <= 0 or not it.recommended.reasons or it.runner_up is None
    ]
    assert weak == []


def shown(found: Recommendation) -> tuple[object, ...]:
    """What the page shows of a result: the reasons, the doubts, and what each answer speaks for and against."""
    assert found.runner_up is not None
    counts = tuple(
        (question.id, candidate.type.id, rule.points)
        for question in chooser().questions
        for candidate in found.candidates
        for rule in candidate.rules
        if rule.question == question.id
    )
    return (*found.recommended.reasons, *found.recommended.doubts), found.runner_up.doubts, counts


def neighbours(answers: Answers) -> Iterator[dict[str, str]]:
    """The combinations that differ in one answer."""
    for question in chooser().questions:
        for answer in question.answers:
            if answer.id != answers[question.id]:
                yield {**answers, question.id: answer.id}


def test_changing_one_answer_changes_what_is_shown() -> None:
    pages = {tuple(answers.values()): shown(it) for answers, it in recommended()}
    pairs = [(tuple(it.values()), tuple(other.values())) for it, _ in recommended() for other in neighbours(it)]
    others = sum(len(question.answers) - 1 for question in chooser().questions)
    assert len(pairs) == len(recommended()) * others
    assert [pair for pair in pairs if pages[pair[0]] == pages[pair[1]]] == []


def test_every_rule_is_about_one_answer_that_can_be_given() -> None:
    given = {(question.id, answer.id) for question in chooser().questions for answer in question.answers}
    wrong = []
    for type in types():
        counted = Counter((rule.question, rule.answer) for rule in type.chooser)
        for position, rule in enumerate(type.chooser):
            answer = (rule.question, rule.answer)
            if answer not in given or counted[answer] > 1:
                wrong.append(f"{shipped.at(type, ('chooser', position))}: {answer}")
    assert wrong == []


def test_something_speaks_for_every_type_and_something_against_it() -> None:
    signs = {type.path: {rule.points > 0 for rule in type.chooser if rule.points} for type in types()}
    assert [path for path, it in signs.items() if it != {True, False}] == []


SITUATIONS = [
    # answers in the order of the questions → what is recommended, what is asked for first, what follows
    ("none none no fewer-than-teams several-teams yes", "enabling", 1, ("enabling", "embedded")),
    ("several-teams none no fewer-than-teams several-teams yes", "enabling", 0, ("enabling", "embedded")),
    ("one-team goal-and-end no fewer-than-teams one-team yes", "embedded", 0, ("embedded", "enabling")),
]
"""What the handbook's first case study tells, as answers."""


def situation(words: str) -> dict[str, str]:
    """The answers of one line; a chooser that doesn't ask for them skips the test."""
    asked = [{it.id for it in question.answers} for question in chooser().questions]
    given = words.split()
    if len(given) != len(asked) or any(it not in answers for it, answers in zip(given, asked, strict=True)):
        pytest.skip("data/chooser.yaml asks something else")
    return dict(zip((question.id for question in chooser().questions), given, strict=True))


@pytest.mark.parametrize(("answers", "type", "first", "sequence"), SITUATIONS)
def test_a_situation_that_was_lived_through_is_answered_truthfully(
    answers: str, type: str, first: int, sequence: tuple[str, ...]
) -> None:
    found = choose(types(), chooser(), situation(answers))
    assert (found.recommended.type.id, found.sequence) == (type, sequence)
    assert len(found.recommended.first) == first
    assert not found.not_yet


def test_embedding_without_a_visible_problem_and_a_goal_is_advised_against() -> None:
    found = choose(types(), chooser(), situation(SITUATIONS[0][0]))
    inside = [it for it in found.candidates if it.type.works_inside]
    assert inside
    for it in inside:
        assert it.reasons == ()
        assert len(it.doubts) == 2
    assert inside[-1] is found.candidates[-1]

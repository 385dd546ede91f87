"""The chooser: which set-up a set of answers speaks for."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from choosing import Answers, Recommendation, choose, combinations
from conftest import Golden, golden_handbook

from macros.model.set_ups import Chooser, TeamType

Rule = tuple[str, str, int] | tuple[str, str, int, str | None]
"""Question, answer and points; where something has to be done first, the type that can do it, or None."""


def small_chooser(**questions: str) -> Chooser:
    """A chooser with these questions, each with the ids of its answers in one string."""
    raw = [
        {"id": id, "question": id, "answers": [{"id": answer, "answer": answer} for answer in answers.split()]}
        for id, answers in questions.items()
    ]
    fields = {"id": "chooser", "path": "chooser.yaml", "questions": raw}
    return Chooser.model_validate(fields, context={"language": "en"})


def small_type(id: str, rank: int, rules: Sequence[Rule] = (), then: Sequence[str] = ()) -> TeamType:
    """A team type with these rules; a rule's reason is its question and answer."""
    raw: list[dict[str, object]] = []
    for question, answer, score, *first in rules:
        rule: dict[str, object] = {"question": question, "answer": answer, "points": score}
        rule["reason"] = f"{question} is {answer}"
        if first:
            rule["first"] = {"do": "Prepare", **({"team_type": first[0]} if first[0] else {})}
        raw.append(rule)
    fields = {
        "id": id,
        "path": f"{id}.yaml",
        "name": id,
        "summary": id,
        "rank": rank,
        "chooser": raw,
        "then": [{"team_type": it, "when": "Later"} for it in then],
    }
    return TeamType.model_validate(fields, context={"language": "en"})


SMALL = small_chooser(size="small big", place="here there")


def order(recommendation: Recommendation) -> list[str]:
    return [candidate.type.id for candidate in recommendation.candidates]


def test_the_recommendations_for_all_combinations(golden: Golden) -> None:
    def line(answers: Answers, it: Recommendation) -> str:
        assert it.runner_up is not None
        first, second = (f"{one.type.id} {one.points}" for one in (it.recommended, it.runner_up))
        ready = "not yet" if it.not_yet else "yes" if it.recommended.first else "no"
        return f"{' '.join(answers.values())} → {first}, {second}, first {ready}, {' → '.join(it.sequence)}\n"

    handbook = golden_handbook()
    chooser = handbook.chooser
    assert chooser is not None
    found = [line(answers, choose(handbook.team_types, chooser, answers)) for answers in combinations(chooser)]
    golden.check("chooser.txt", "".join(found))


def test_no_other_set_up_has_more_points_or_as_many_and_a_lower_rank() -> None:
    chance = Random(20261124)
    for _ in range(20):
        chooser = small_chooser(**dict.fromkeys("abcd"[: chance.randint(1, 4)], "x y z"))
        given = [(question.id, answer.id) for question in chooser.questions for answer in question.answers]
        types = [
            small_type(
                f"t{rank}", rank, [(*answer, chance.randint(-3, 3)) for answer in given if chance.random() < 0.7]
            )
            for rank in range(1, 5)
        ]
        for answers in combinations(chooser):
            found = choose(types, chooser, answers)
            scores = {
                type.id: sum(rule.points for rule in type.chooser if answers[rule.question] == rule.answer)
                for type in types
            }
            best = sorted(types, key=lambda it: (-scores[it.id], it.rank))
            assert order(found) == [it.id for it in best], answers
            assert [it.points for it in found.candidates] == [scores[it.id] for it in best], answers


def test_the_points_of_the_met_rules_are_added_up() -> None:
    rules: list[Rule] = [("size", "big", 3), ("place", "here", -1), ("place", "there", 2), ("size", "small", -3)]
    types = [small_type("a", 1, rules)]
    sums = {
        " ".join(answers.values()): choose(types, SMALL, answers).recommended.points for answers in combinations(SMALL)
    }
    assert sums == {"small here": -4, "small there": -1, "big here": 2, "big there": 5}


def test_the_set_ups_come_by_points() -> None:
    types = [
        small_type("none", 1),
        small_type("against", 2, [("size", "big", -1)]),
        small_type("for", 3, [("size", "big", 1)]),
    ]
    found = choose(types, SMALL, {"size": "big", "place": "here"})
    assert order(found) == ["for", "none", "against"]
    assert [it.points for it in found.candidates] == [1, 0, -1]
    assert found.recommended is found.candidates[0]
    assert found.runner_up is found.candidates[1]


def test_of_several_with_as_many_points_the_lower_rank_comes_first() -> None:
    types = [
        small_type("z", 1, [("size", "big", 2)]),
        small_type("y", 2, [("size", "big", 3), ("place", "here", -1)]),
        small_type("x", 3, [("place", "here", 2)]),
    ]
    assert order(choose(types, SMALL, {"size": "big", "place": "here"})) == ["z", "y", "x"]


def test_rules_come_in_the_order_of_the_questions() -> None:
    rules: list[Rule] = [("place", "here", 1), ("place", "there", 1), ("size", "big", -1), ("size", "small", 1)]
    (candidate,) = choose([small_type("a", 1, rules)], SMALL, {"place": "here", "size": "big"}).candidates
    assert [(rule.question, rule.answer) for rule in candidate.rules] == [("size", "big"), ("place", "here")]


def test_a_rule_is_a_reason_or_a_doubt_or_neither() -> None:
    chooser = small_chooser(a="x y", b="x y", c="x y")
    types = [small_type("t", 1, [("a", "x", 2), ("b", "x", -2), ("c", "x", 0)])]
    (candidate,) = choose(types, chooser, {"a": "x", "b": "x", "c": "x"}).candidates
    assert [rule.question for rule in candidate.reasons] == ["a"]
    assert [rule.question for rule in candidate.doubts] == ["b"]
    assert [rule.question for rule in candidate.rules] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("rules", "then", "sequence"),
    [
        pytest.param([], [], ("own",), id="alone"),
        pytest.param([], ["next", "later"], ("own", "next"), id="only the first sequel"),
        pytest.param([("size", "big", 1, "before")], ["next"], ("before", "own", "next"), id="preparing type"),
        pytest.param([("size", "small", 1, "before")], ["next"], ("own", "next"), id="preparation not called for"),
        pytest.param([("size", "big", 1, None)], ["next"], ("own", "next"), id="preparation without a type"),
        pytest.param([("size", "big", 1, "own")], ["next"], ("own", "next"), id="prepares itself"),
        pytest.param(
            [("size", "big", 1, "own"), ("place", "here", 1, "before")],
            [],
            ("before", "own"),
            id="prepares itself next to another",
        ),
        pytest.param(
            [("place", "here", 1, "second"), ("size", "big", 1, "first")],
            [],
            ("first", "second", "own"),
            id="two preparing types in the order of the questions",
        ),
        pytest.param(
            [("place", "here", 1, "before"), ("size", "big", 1, "before")],
            [],
            ("before", "own"),
            id="one that prepares twice",
        ),
        pytest.param([("size", "big", 1, "next")], ["next"], ("next", "own"), id="preparing type that is the sequel"),
    ],
)
def test_a_sequence_is_preparation_then_the_set_up_then_its_first_sequel(
    rules: list[Rule], then: list[str], sequence: tuple[str, ...]
) -> None:
    found = choose([small_type("own", 1, rules, then)], SMALL, {"size": "big", "place": "here"})
    assert found.sequence == sequence


@pytest.mark.parametrize(
    ("rules", "first", "not_yet"),
    [
        pytest.param([("size", "big", -1, None)], 1, True, id="a doubt asks for something first"),
        pytest.param([("size", "big", 1, None)], 1, False, id="a reason asks for something first"),
        pytest.param([("size", "big", 0, None)], 1, False, id="neither, and something first"),
        pytest.param([("size", "big", -1)], 0, False, id="a doubt asks for nothing"),
        pytest.param([("size", "small", -1, None)], 0, False, id="a doubt that isn't met"),
        pytest.param([("size", "big", 2, None), ("place", "here", -1, None)], 2, True, id="a reason and a doubt"),
    ],
)
def test_it_is_too_early_where_a_doubt_asks_for_something_first(rules: list[Rule], first: int, not_yet: bool) -> None:
    found = choose([small_type("a", 1, rules)], SMALL, {"size": "big", "place": "here"})
    assert (len(found.recommended.first), found.not_yet) == (first, not_yet)


def test_what_another_set_up_needs_first_does_not_hold_back_the_recommended_one() -> None:
    types = [small_type("a", 1, [("size", "big", 1)]), small_type("b", 2, [("size", "big", -1, "a")])]
    found = choose(types, SMALL, {"size": "big", "place": "here"})
    assert found.runner_up is not None
    assert [str(it.team_type) for it in found.runner_up.first] == ["a"]
    assert (found.not_yet, found.sequence) == (False, ("a",))


@pytest.mark.parametrize(
    ("answers", "scores"),
    [
        ({}, [("a", 0), ("b", 0)]),
        ({"place": "here"}, [("b", 2), ("a", 0)]),
        ({"size": "big"}, [("a", 1), ("b", 0)]),
        ({"place": "nowhere", "unasked": "big"}, [("a", 0), ("b", 0)]),
    ],
)
def test_only_the_given_answers_count(answers: dict[str, str], scores: list[tuple[str, int]]) -> None:
    types = [small_type("a", 1, [("size", "big", 1)]), small_type("b", 2, [("place", "here", 2)])]
    assert [(it.type.id, it.points) for it in choose(types, SMALL, answers).candidates] == scores


def test_one_type_alone_has_no_runner_up() -> None:
    found = choose([small_type("a", 1)], SMALL, {"size": "big", "place": "here"})
    assert (order(found), found.runner_up) == (["a"], None)


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("size", "big", [2, None, -1]),
        ("size", "small", [None, 1, None]),
        ("place", "big", [None, None, None]),
        ("place", "here", [None, None, 0]),
    ],
)
def test_an_answer_says_something_about_each_type_or_nothing(
    question: str, answer: str, said: list[int | None]
) -> None:
    types = [
        small_type("a", 1, [("size", "big", 2)]),
        small_type("b", 2, [("size", "small", 1)]),
        small_type("c", 3, [("place", "here", 0), ("size", "big", -1)]),
    ]
    rules = [type.rule_for(question, answer) for type in types]
    assert [rule and rule.points for rule in rules] == said

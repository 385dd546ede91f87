"""The chooser: which set-up a set of answers speaks for, on the real questions and on small ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from conftest import ROOT, Golden

from macros import load
from macros.chooser import Answers, Recommendation, choose, combinations, points
from macros.model import Chooser, TeamType

HANDBOOK = load.load(ROOT / "data", "data")
TYPES = HANDBOOK.team_types

ALL_COMBINATIONS = 4 * 3 * 3 * 3 * 3 * 2

Rule = tuple[str, str, int] | tuple[str, str, int, str | None]
"""Question, answer and points; where something has to be done first, the type that can do it, or None."""


def real_chooser() -> Chooser:
    assert HANDBOOK.chooser is not None
    return HANDBOOK.chooser


CHOOSER = real_chooser()


def recommend(answers: Answers) -> Recommendation:
    return choose(TYPES, CHOOSER, answers)


def answered(words: str) -> dict[str, str]:
    """The answers to the real questions, in their order, from one line."""
    return dict(zip((question.id for question in CHOOSER.questions), words.split(), strict=True))


RECOMMENDED = [(answers, recommend(answers)) for answers in combinations(CHOOSER)]


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


# The real data


def test_there_is_a_combination_for_every_way_to_answer() -> None:
    found = {tuple(answers.items()) for answers, _ in RECOMMENDED}
    assert len(RECOMMENDED) == len(found) == ALL_COMBINATIONS


def test_every_team_type_wins_for_some_answers() -> None:
    assert {it.recommended.type.id for _, it in RECOMMENDED} == {type.id for type in TYPES}


def test_every_combination_has_a_recommendation_with_reasons_and_a_runner_up() -> None:
    weak = [
        answers
        for answers, it in RECOMMENDED
        if it.recommended.points <= 0 or not it.recommended.reasons or it.runner_up is None
    ]
    assert weak == []


def test_no_other_set_up_has_more_points_or_as_many_and_a_lower_rank() -> None:
    for answers, found in RECOMMENDED:
        scores = {
            type.id: sum(rule.points for rule in type.chooser if answers[rule.question] == rule.answer)
            for type in TYPES
        }
        best = min(TYPES, key=lambda it: (-scores[it.id], it.rank))
        assert (found.recommended.type.id, found.recommended.points) == (best.id, scores[best.id]), answers


def test_the_recommendations_for_all_combinations(golden: Golden) -> None:
    def line(answers: Answers, it: Recommendation) -> str:
        assert it.runner_up is not None
        first, second = (f"{one.type.id} {one.points}" for one in (it.recommended, it.runner_up))
        ready = "not yet" if it.not_yet else "yes" if it.recommended.first else "no"
        return f"{' '.join(answers.values())} → {first}, {second}, first {ready}, {' → '.join(it.sequence)}\n"

    golden.check("chooser.txt", "".join(line(answers, it) for answers, it in RECOMMENDED))


@pytest.mark.parametrize(
    ("answers", "recommended", "first", "sequence"),
    [
        pytest.param(
            "none none no fewer-than-teams several-teams yes",
            "enabling",
            ["Interview every team for pain points in the first month"],
            ("enabling", "embedded"),
            id="AI team, December 2022",
        ),
        pytest.param(
            "several-teams none no fewer-than-teams several-teams yes",
            "enabling",
            [],
            ("enabling", "embedded"),
            id="Drawer, April 2023",
        ),
        pytest.param(
            "one-team goal-and-end no fewer-than-teams one-team yes",
            "embedded",
            [],
            ("embedded", "enabling"),
            id="after a year",
        ),
    ],
)
def test_the_cases_of_the_talk_are_answered_truthfully(
    answers: str, recommended: str, first: list[str], sequence: tuple[str, ...]
) -> None:
    found = recommend(answered(answers))
    assert (found.recommended.type.id, found.sequence) == (recommended, sequence)
    assert [it.do.in_language("en") for it in found.recommended.first] == first
    assert not found.not_yet


def test_embedding_without_a_visible_problem_and_a_goal_is_advised_against() -> None:
    found = recommend(answered("none none no fewer-than-teams several-teams yes"))
    (embedded,) = (it for it in found.candidates if it.type.id == "embedded")
    assert [(rule.question, rule.answer) for rule in embedded.doubts] == [("problems", "none"), ("goal", "none")]
    assert embedded.reasons == ()
    assert embedded is found.candidates[-1]


def shown(answers: Answers) -> tuple[object, ...]:
    """What the page shows of a result: the reasons, the doubts, and what each answer speaks for and against."""
    found = recommend(answers)
    assert found.runner_up is not None
    counts = tuple(
        tuple(
            (candidate.type.id, rule.points)
            for candidate in found.candidates
            for rule in candidate.rules
            if rule.question == question.id
        )
        for question in CHOOSER.questions
    )
    return (*found.recommended.reasons, *found.recommended.doubts), found.runner_up.doubts, counts


def neighbours(answers: Answers) -> Iterator[dict[str, str]]:
    """The combinations that differ in one answer."""
    for question in CHOOSER.questions:
        for answer in question.answers:
            if answer.id != answers[question.id]:
                yield {**answers, question.id: answer.id}


def test_changing_one_answer_changes_what_is_shown() -> None:
    pages = {tuple(answers.values()): shown(answers) for answers, _ in RECOMMENDED}
    compared = [
        (tuple(answers.values()), tuple(other.values())) for answers, _ in RECOMMENDED for other in neighbours(answers)
    ]
    assert len(compared) == ALL_COMBINATIONS * (3 + 2 + 2 + 2 + 2 + 1)
    assert [pair for pair in compared if pages[pair[0]] == pages[pair[1]]] == []


@pytest.mark.parametrize("type", TYPES, ids=lambda it: it.id)
def test_every_rule_is_about_one_real_answer(type: TeamType) -> None:
    real = {(question.id, answer.id) for question in CHOOSER.questions for answer in question.answers}
    counted = Counter((rule.question, rule.answer) for rule in type.chooser)
    assert set(counted) <= real
    assert [answer for answer, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("type", TYPES, ids=lambda it: it.id)
def test_something_speaks_for_every_type_and_something_against_it(type: TeamType) -> None:
    assert {rule.points > 0 for rule in type.chooser if rule.points} == {True, False}


# Small ones


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


def test_combinations_come_in_the_order_of_questions_and_answers() -> None:
    assert list(combinations(SMALL)) == [
        {"size": "small", "place": "here"},
        {"size": "small", "place": "there"},
        {"size": "big", "place": "here"},
        {"size": "big", "place": "there"},
    ]


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
    assert [rule and rule.points for rule in points(types, question, answer)] == said

"""Which SRE set-up a set of answers speaks for: what `docs/assets/js/set-up-rules.js` must come to, in Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from macros.model.set_ups import Chooser, ChooserRule, Preparation, TeamType

Answers = Mapping[str, str]
"""The id of the chosen answer by the id of its question."""


@dataclass(frozen=True)
class Candidate:
    """A set-up with the rules that the answers meet, in the order of the questions."""

    type: TeamType
    rules: tuple[ChooserRule, ...]

    @property
    def points(self) -> int:
        """The sum of the rules' points."""
        return sum(rule.points for rule in self.rules)

    @property
    def reasons(self) -> tuple[ChooserRule, ...]:
        """What speaks for it."""
        return tuple(rule for rule in self.rules if rule.points > 0)

    @property
    def doubts(self) -> tuple[ChooserRule, ...]:
        """What speaks against it."""
        return tuple(rule for rule in self.rules if rule.points < 0)

    @property
    def first(self) -> tuple[Preparation, ...]:
        """What to do first, given the answers."""
        return tuple(rule.first for rule in self.rules if rule.first)


@dataclass(frozen=True)
class Recommendation:
    """All set-ups, the one that the answers speak for most first."""

    candidates: tuple[Candidate, ...]

    @property
    def recommended(self) -> Candidate:
        """The one with the most points; of several, the one of the lowest rank."""
        return self.candidates[0]

    @property
    def runner_up(self) -> Candidate | None:
        """The second, where there are two."""
        return self.candidates[1] if len(self.candidates) > 1 else None

    @property
    def not_yet(self) -> bool:
        """Whether an answer that speaks against the recommended set-up has to change before it makes sense."""
        return any(rule.first for rule in self.recommended.doubts)

    @property
    def sequence(self) -> tuple[str, ...]:
        """The ids of the set-ups in their order: what prepares the recommended one, it, what can follow it."""
        own = self.recommended.type
        before = [str(it.team_type) for it in self.recommended.first if it.team_type and it.team_type != own.id]
        after = [str(it.team_type) for it in own.then[:1]]
        return tuple(dict.fromkeys((*before, own.id, *after)))


def choose(types: Sequence[TeamType], chooser: Chooser, answers: Answers) -> Recommendation:
    """The set-ups in the order in which the answers speak for them. `types` are in the order of their rank."""
    order = {question.id: position for position, question in enumerate(chooser.questions)}
    candidates = [
        Candidate(
            type,
            tuple(
                sorted(
                    (rule for rule in type.chooser if answers.get(rule.question) == rule.answer),
                    key=lambda rule: order[rule.question],
                )
            ),
        )
        for type in types
    ]
    return Recommendation(tuple(sorted(candidates, key=lambda it: -it.points)))


def combinations(chooser: Chooser) -> Iterator[dict[str, str]]:
    """Every combination of answers."""
    ids = [question.id for question in chooser.questions]
    for answers in product(*([answer.id for answer in question.answers] for question in chooser.questions)):
        yield dict(zip(ids, answers, strict=True))

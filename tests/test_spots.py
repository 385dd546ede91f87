"""Where something is wrong or not done: what an entity is called, and which of two is the second."""

from __future__ import annotations

from macros.gaps.spots import name_of, repeated
from macros.model.organisation import Team


def test_what_has_no_name_is_called_by_its_file() -> None:
    team = Team.model_construct(name=None, path="data/teams/a/team.yaml")
    assert name_of(team) == "team.yaml"


def test_the_second_of_a_key_is_repeated_unless_it_is_the_same() -> None:
    items = [(1, "a", "A"), (1, "a", "again"), (2, "b", "B"), (1, "c", "C"), (1, "d", "D")]
    assert list(repeated(items)) == [("C", "a"), ("D", "a")]

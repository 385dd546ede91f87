"""Where something is wrong or not done: what an entity is called, and which of two is the second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from conftest import make_handbook

from macros.gaps.spots import Spot, at, in_each, name_of, repeated
from macros.model.organisation import Service, Team


def test_what_has_no_name_is_called_by_its_file() -> None:
    team = Team.model_construct(name=None, path="data/teams/a/team.yaml")
    assert name_of(team) == "team.yaml"


def test_the_second_of_a_key_is_repeated_unless_it_is_the_same() -> None:
    items = [(1, "a", "A"), (1, "a", "again"), (2, "b", "B"), (1, "c", "C"), (1, "d", "D")]
    assert list(repeated(items)) == [("C", "a"), ("D", "a")]


def test_what_is_found_in_an_entity_alone_is_looked_for_once(tmp_path: Path) -> None:
    files = {f"teams/payments/services/{id}.yaml": f"name: {id}\nsummary: Takes coins\n" for id in ("till", "printer")}
    handbook = make_handbook(tmp_path, files)
    seen = []

    @in_each(Service)
    def long_name(service: Service) -> Iterator[Spot]:
        """A service whose name is long."""
        seen.append(service.id)
        if len(service.id) > 4:
            yield at(service, "name")

    for _ in range(2):
        assert list(long_name(handbook)) == [at(handbook.services[0], "name")]
    assert sorted(seen) == ["printer", "till"]
    assert long_name.__doc__ == "A service whose name is long."

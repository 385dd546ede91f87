"""Where something is wrong or not done, and what tells two things of one name apart."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import wraps
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple, TypeVar

from macros.handbook.alerts import Alert
from macros.handbook.graph import AnyEntity, Handbook
from macros.model.values import Entity, Location, Text
from macros.sources import near_names
from macros.sources.yaml_file import Position
from macros.text.problems import Message

Item = TypeVar("Item")


class Priority(IntEnum):
    """What comes first among a team's next steps: the talk's order, pain points before the flat start."""

    GOALS = 0
    HURTS = 1
    TRUST = 2
    NAGS = 3
    MINOR = 4
    FLAT_START = 5


class Due(NamedTuple):
    """The last day before a spot is a gap, and what only calendars say of it.

    `key` tells it from all else in the handbook, and stays when its day or its words change. Spots of one key are one
    event. Those of its `details` are said that have all their values. `anchor` is its place on the entity's page,
    `other` the id of another team that it concerns.
    """

    day: date
    key: str
    details: tuple[Message, ...] = ()
    anchor: str = ""
    other: str | None = None


@dataclass(frozen=True)
class Spot:
    """Where something is wrong or not done: at `location` of `entity`, or at `place`, a file and a position in it.

    `values` fill in the words of its check, or `words` that are said here in place of those; `hint` stands behind
    them. It is a gap once the day that it is `due` has passed, where it has one. `alert` is the one that it is about,
    where it is about one. As a next step it may be another `priority` than its row's, for another `reason`, and have
    another `page` that tells how. It may take other `minutes` than its row's task.
    """

    entity: Entity
    location: Location = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    hint: Message | None = None
    due: Due | None = None
    place: tuple[str, Position] | None = None
    alert: Alert | None = None
    priority: Priority | None = None
    reason: Message | None = None
    page: str = ""
    minutes: int = 0

    @property
    def named(self) -> dict[str, Any]:
        """The values, with the entity's own `name` where they have none."""
        return {"name": name_of(self.entity), **self.values}

    def position(self, handbook: Handbook) -> tuple[str, Position]:
        """The file, and line and column in it."""
        return self.place or (self.entity.path, handbook.place(self.entity, self.location, key=True))


Spots = Iterable[Spot]
Finder = Callable[[Handbook], Spots]


def in_each(shape: type[AnyEntity]) -> Callable[[Callable[[AnyEntity], Spots]], Finder]:
    """Makes a finder of a function that finds spots in one entity of a class, by that alone: they are kept with it."""

    def finder(find: Callable[[AnyEntity], Spots]) -> Finder:
        name = f"_{find.__module__}.{find.__name__}"

        def found(handbook: Handbook) -> Iterator[Spot]:
            for entity in handbook.everything():
                if isinstance(entity, shape) and name not in vars(entity):
                    vars(entity)[name] = tuple(find(entity))
                yield from vars(entity).get(name, ())

        return wraps(find)(found)

    return finder


def at(entity: Entity, *location: str | int, words: str = "", hint: Message | None = None, **values: object) -> Spot:
    """A spot of an entity."""
    return Spot(entity, location, values, words, hint)


def repeated(items: Iterable[tuple[Hashable, str, Item]]) -> Iterator[tuple[Item, str]]:
    """The items, each behind its key and name, whose key one of another name had before; with that name."""
    first: dict[Hashable, str] = {}
    for key, name, item in items:
        taken = first.setdefault(key, name)
        if taken != name:
            yield item, taken


def circle(leads: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """A chain of ids that comes back to its beginning, with which it ends; empty where the `leads` have none."""
    try:
        TopologicalSorter(leads).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))  # it has each id behind the one that it leads to
    return ()


def unknown(entity: Entity, location: Location, id: str, known: Sequence[str], **values: object) -> Spots:
    """A spot where an id is none of those that are known, with the one that may have been meant."""
    if id not in known:
        yield Spot(entity, location, {"id": id, **values}, hint=near_names.near_or_known(id, known))


def name_of(entity: Entity) -> Text | str:
    """What an entity is called: its name, or that of its file."""
    name = getattr(entity, "name", None)
    return name if isinstance(name, Text) else entity.path.rpartition("/")[2]

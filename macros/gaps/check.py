"""A check: what is wrong or not done, said once, with what is to be done about it. Its spots are where it is so."""

import inspect
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

from macros.handbook.alerts import Alert
from macros.handbook.graph import Handbook
from macros.model.values import Entity, Location, Text
from macros.sources import near_names
from macros.sources.yaml_file import Position
from macros.text.problems import N_, Finding, Message, Problem, Report

Item = TypeVar("Item")

HOURS = N_("an hour or two")
DAYS = N_("a few days")
TWO_WEEKS = N_("two weeks of counting")
WEEKS = N_("one to three weeks")


class Reason(Enum):
    """What makes a contribution matter now, the most pressing first."""

    WAKES = N_("paging alert")
    MISLEADS = N_("outdated")
    INCIDENT = N_("needed in an incident")
    GOALS = N_("goal or end of an engagement")
    PROMISES = N_("target for users")
    WORDS = N_("not written down")

    @property
    def words(self) -> Message:
        """The reason as a few words."""
        return Message(self.value)


@dataclass(frozen=True)
class Task:
    """What closing a gap takes of a contributor.

    `minutes` is our judgement of how long it takes to write and to agree on, for somebody who knows the subject or
    whom to ask; nobody has measured it. `first` marks what somebody new can do: small, and without access to
    production. `begins` is the kind of the file that is still to be written, where there is one.
    """

    reason: Reason
    minutes: int
    first: bool = False
    begins: str = ""


class Priority(IntEnum):
    """What comes first among a team's next steps: the talk's order, pain points before the flat start."""

    GOALS = 0
    HURTS = 1
    TRUST = 2
    NAGS = 3
    MINOR = 4
    FLAT_START = 5


class Step(NamedTuple):
    """How a gap is a team's next step: how pressing, the page that tells how, and how long it takes in words.

    `page` is an address from the root of the edition; without words, it takes the minutes of its task.
    """

    priority: Priority
    page: str = ""
    effort: str = ""


class Counted(NamedTuple):
    """The figure of the coverage page that a gap counts in: of the things that it `asks`, how many have no gap."""

    label: str
    asks: Callable[[Handbook], Iterable[object]]


@dataclass(frozen=True)
class Spot:
    """Where something is wrong or not done: at `location` of `entity`, or at `place`, a file and a position in it.

    `values` fill in the words of its check, or `words` that are said here in place of those; `hint` stands behind
    them. `alert` is the one that it is about, where it is about one. As a next step it may be another `priority` than
    its row's, for another `reason`, and have another `page` that tells how.
    """

    entity: Entity
    location: Location = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    hint: Message | None = None
    place: tuple[str, Position] | None = None
    alert: Alert | None = None
    priority: Priority | None = None
    reason: Message | None = None
    page: str = ""

    @property
    def named(self) -> dict[str, Any]:
        """The values, with the entity's own `name` where they have none."""
        return {"name": name_of(self.entity), **self.values}

    def position(self, handbook: Handbook) -> tuple[str, Position]:
        """The file, and line and column in it."""
        return self.place or (self.entity.path, handbook.place(self.entity, self.location, key=True))


Spots = Iterable[Spot]
Finder = Callable[[Handbook], Spots]


def at(entity: Entity, *location: str | int, words: str = "", hint: Message | None = None, **values: object) -> Spot:
    """A spot of an entity."""
    return Spot(entity, location, values, words, hint)


@dataclass(frozen=True)
class Check:
    """One row: `find` finds the spots, `words` say what is wrong or not done there, `what` to do, and `why` now.

    It `stops` the build where data is wrong. Without a `task` it is no contribution, without a `step` no next step,
    and without `words` a next step alone: work on the system or with people, of which no file says that it is done.
    """

    find: Finder
    words: str
    stops: bool = False
    task: Task | None = None
    what: str = ""
    why: str = ""
    step: Step | None = None
    counted: Counted | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.find.__name__.replace("_", "-")

    @property
    def sentence(self) -> str:
        """The bad condition, in one sentence."""
        return inspect.getdoc(self.find) or ""

    def report(self, handbook: Handbook, spot: Spot) -> Report:
        """What is said of a spot: a problem at the value, or a finding at its key."""
        message = near_names.with_hint(Message(spot.words or self.words, spot.named), spot.hint)
        if self.stops:
            return Problem(spot.entity.path, *handbook.place(spot.entity, spot.location), self.name, message)
        path, position = spot.position(handbook)
        team = handbook.team_of(spot.entity)
        about = (handbook.kind_of(spot.entity), spot.entity.id, team.id if team else "")
        return Finding(path, *position, self.name, message, *about)


def problem(words: str) -> Callable[[Finder], Check]:
    """Makes a check of a function that finds wrong data."""
    return lambda find: Check(find, words, stops=True)


def gap(
    words: str,
    task: Task | None = None,
    what: str = "",
    why: str = "",
    step: Step | None = None,
    counted: Counted | None = None,
) -> Callable[[Finder], Check]:
    """Makes a check of a function that finds what isn't done."""
    return lambda find: Check(find, words, False, task, what, why, step, counted)


def work(what: str, step: Step, why: str = "", task: Task | None = None) -> Callable[[Finder], Check]:
    """Makes a row of a function that finds what is to be done next, and no check asks for."""
    return lambda find: Check(find, "", False, task, what, why, step)


def rows_of(module: ModuleType, row: type[Item]) -> tuple[Item, ...]:
    """The rows of a class that a module defines, in order."""
    return tuple(value for value in vars(module).values() if isinstance(value, row))


def repeated(items: Iterable[tuple[Hashable, str, Item]]) -> Iterator[tuple[Item, str]]:
    """The items, each behind its key and name, whose key one of another name had before; with that name."""
    first: dict[Hashable, str] = {}
    for key, name, item in items:
        taken = first.setdefault(key, name)
        if taken != name:
            yield item, taken


def unknown(entity: Entity, location: Location, id: str, known: Sequence[str], **values: object) -> Spots:
    """A spot where an id is none of those that are known, with the one that may have been meant."""
    if id not in known:
        yield Spot(entity, location, {"id": id, **values}, hint=near_names.near_or_known(id, known))


def again(values: Sequence[object]) -> list[int]:
    """The places of values that stand further up too."""
    return [place for place, value in enumerate(values) if value in values[:place]]


def name_of(entity: Entity) -> Text | str:
    """What an entity is called: its name, or that of its file."""
    name = getattr(entity, "name", None)
    return name if isinstance(name, Text) else entity.path.rpartition("/")[2]

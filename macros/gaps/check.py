"""A check: what is wrong or not done, said once, with what is to be done about it. Its spots are where it is so."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple, Self

from macros.gaps.spots import Finder, Priority, Spot
from macros.handbook.alerts import Alert
from macros.handbook.graph import Handbook
from macros.model.kinds import KINDS
from macros.model.values import Choice, Entity
from macros.sources import near_names
from macros.text.problems import N_, Finding, Message, Problem, Report

EVERYTHING = tuple(KINDS)
"""Files of every kind: a reference may lead into any, and any may accept a gap of an alert."""


class Reason(StrEnum):
    """What makes a contribution matter now, the most pressing first."""

    WAKES = N_("paging alert")
    MISLEADS = N_("outdated")
    INCIDENT = N_("needed in an incident")
    GOALS = N_("goal or end of an engagement")
    PROMISES = N_("target for users")
    WORDS = N_("not written down")


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


class Effort(StrEnum):
    """How long work takes that is more than writing."""

    HOURS = N_("an hour or two")
    DAYS = N_("a few days")
    TWO_WEEKS = N_("two weeks of counting")
    WEEKS = N_("one to three weeks")


class Step(NamedTuple):
    """How a gap is a team's next step: how pressing, the page that tells how, and how long it takes in words.

    `page` is an address from the root of the edition; without words, it takes the minutes of its task.
    """

    priority: Priority
    page: str = ""
    effort: str = ""


Owned = Alert | Entity | tuple[Alert | Entity, *tuple[object, ...]]
"""A thing that has a team, or that stands behind one which has."""


class Area(Choice):
    """A part of the line from team to playbook, or of what goes with it: a column of the coverage page."""

    TEAMS = "teams", "Teams and on-call"
    SERVICES = "services", "Services"
    JOURNEYS = "journeys", "Journeys and SLOs"
    ALERTS = "alerts", "Alerts"
    PLAYBOOKS = "playbooks", "Playbooks"
    ENGAGEMENTS = "engagements", "Pain points and engagements"
    TEXTS = "texts", "Translations"


class Counted(NamedTuple):
    """The figure of the coverage page that a gap counts in: of the things that it `asks`, how many have no gap.

    Those that lead `elsewhere` have none, and aren't done either.
    """

    area: Area
    label: str
    asks: Callable[[Handbook], Iterable[Owned]]
    elsewhere: Callable[[Handbook, Any], object] = lambda handbook, thing: False


class Event(NamedTuple):
    """How a gap that comes on a day stands in calendars: its category, what happens, and what to do then."""

    category: str
    summary: str
    to_do: str


@dataclass(frozen=True)
class Check:
    """One row: `find` finds the spots, `words` say what is wrong or not done there and what to do, and `why` now. It is
    made as the decorator of that function.

    A next step begins with `what` to do, where that says it in fewer words. The row `stops` the build where data is
    wrong. Without a `task` it is no contribution, without a `step` no next step, and without `words` no gap that
    `check` prints: such as work on the system or with people, of which no file says that it is done. It `looks_at` all
    files of these kinds, beside the one that a spot is in and what that refers to.
    """

    words: str
    task: Task | None = None
    why: str = ""
    what: str = ""
    step: Step | None = None
    counted: Counted | None = None
    event: Event | None = None
    looks_at: tuple[str, ...] = ()
    stops: bool = False
    find: Finder = lambda handbook: ()

    def __call__(self, find: Finder) -> Self:
        """The row of a function that finds its spots."""
        return replace(self, find=find)

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.find.__name__.replace("_", "-")

    @property
    def sentence(self) -> str:
        """The bad condition, in one sentence."""
        return inspect.getdoc(self.find) or ""

    def said(self, spot: Spot) -> Message:
        """What is wrong or not done at a spot, and what to do."""
        return near_names.with_hint(Message(spot.words or self.words, spot.named), spot.hint)

    def to_do(self, spot: Spot) -> Message:
        """What to do at a spot."""
        return Message(self.what, spot.named) if self.what and not spot.words else self.said(spot)

    def report(self, handbook: Handbook, spot: Spot) -> Report:
        """What is said of a spot: a problem at the value, or a finding at its key."""
        message = self.said(spot)
        if self.stops:
            return Problem(spot.entity.path, *handbook.place(spot.entity, spot.location), self.name, message)
        path, position = spot.position(handbook)
        about = (handbook.kind_of(spot.entity), spot.entity.id, spot.entity.team)
        return Finding(path, *position, self.name, message, *about)


gap = Check
"""Makes a check of a function that finds what isn't done."""

problem = partial(Check, stops=True, looks_at=EVERYTHING)
"""Makes a check of a function that finds wrong data."""

work = partial(Check, "")
"""Makes a row of a function that finds what is to be done next or written next, and no check asks for."""

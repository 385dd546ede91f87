"""A checklist as it is ticked: shared parts, what a team adds, and one item for each thing that the team has."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from macros.handbook import reading
from macros.handbook.graph import Handbook, grouped, look_up
from macros.model.checklists import (
    Checklist,
    ChecklistItem,
    ChecklistSection,
    ForEach,
    TeamChecklist,
)
from macros.model.journeys import Journey
from macros.model.organisation import Service, Team
from macros.model.playbooks import Playbook
from macros.model.values import Entity, Exercise, Text

AnyChecklist = Checklist | TeamChecklist

SEPARATOR = "--"
"""Between an item's id and that of the thing that it was made for: ids have single hyphens only."""


class Thing(NamedTuple):
    """Something of a team that an item is made for: an entity with a page, or a name with an address outside. `reading`
    is the id of a work on the reading list, whose mark is one with the tick."""

    id: str
    name: Text | str
    entity: Entity | None = None
    address: str = ""
    aliases: tuple[str, ...] = ()
    reading: str = ""


class Line(NamedTuple):
    """One box to tick.

    `aliases` are ids that it had before: of renamed things. `lacking` says that the team has nothing of what
    the item is for, and `item.if_none` is what is to be done.
    """

    id: str
    item: ChecklistItem
    thing: Thing | None = None
    lacking: bool = False

    @property
    def aliases(self) -> tuple[str, ...]:
        """The ids under which a reader may have ticked it before."""
        return tuple(f"{self.item.id}{SEPARATOR}{old}" for old in self.thing.aliases) if self.thing else ()


@dataclass(frozen=True)
class Sheet:
    """A checklist as it is ticked, shared (`team` is None) or a team's: `whole` is what its lists, in `files`, say."""

    handbook: Handbook = field(repr=False, compare=False)
    team: Team | None
    whole: Checklist
    files: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id of the list, within its team where it is a team's."""
        return self.whole.id

    @property
    def key(self) -> str:
        """What the browser keeps its ticks under: the id, within the team where it is a team's."""
        return f"{self.team.id}/{self.id}" if self.team else self.id

    @cached_property
    def sections(self) -> tuple[tuple[ChecklistSection, tuple[tuple[Line, ...], ...]], ...]:
        """Its pause points, each with its items: of each the box, or one for each thing of the team."""
        return tuple(
            (section, tuple(_lines(self.handbook, item, self.team) for item in section.items))
            for section in self.whole.sections
        )

    @property
    def boxes(self) -> tuple[Line, ...]:
        """Every box, in order."""
        return tuple(line for _, items in self.sections for lines in items for line in lines)


@look_up
def of(handbook: Handbook) -> Iterator[tuple[str, Sheet]]:
    """The lists of a team, by id: the shared ones that apply to it, with what it adds, and its own."""
    by_team = grouped((made.team, made) for made in handbook.team_checklists)
    alone = {made.id: sheet_of(handbook, made) for made in handbook.checklists}
    for team in handbook.teams:
        own = {list_id(made): made for made in by_team.get(team.id, ())}
        shared = {made.id: made for made in handbook.checklists if made.id in own or applies(handbook, made, team)}
        for id in sorted({*own, *shared}):
            added = own.get(id)
            yield team.id, sheet_of(handbook, shared.get(id), team, added) if added else replace(alone[id], team=team)


def teams_with(handbook: Handbook, id: str) -> tuple[Team, ...]:
    """The teams that have a list of their own under this id."""
    return tuple(team for team in handbook.teams if any(sheet.id == id for sheet in of(handbook, team)))


def applies(handbook: Handbook, checklist: Checklist, team: Team) -> bool:
    """Whether a team gets a list of its own from a shared one: every condition of it holds."""
    asked = checklist.applies_to
    if asked is None:
        return False
    set_up = team.sre_set_up
    types = {set_up.has, set_up.is_} if set_up else set()
    return (
        (not asked.team_types or bool(types & {*asked.team_types}))
        and (not asked.team_is or (set_up is not None and set_up.is_ in asked.team_is))
        and (not asked.on_call or team.on_call is not None)
        and (not asked.engagement or bool(handbook.engagements_of(team)))
        and all(things(handbook, team, kind) for kind in asked.has)
    )


def things(handbook: Handbook, team: Team, kind: ForEach) -> tuple[Thing, ...]:
    """What a team has of one sort, in the order in which a reader meets it."""
    match kind:
        case ForEach.SERVICES:
            services = sorted(handbook.services_of(team), key=lambda service: service.tier or 9)
            return _with_pages(services)
        case ForEach.JOURNEYS:
            return _with_pages(handbook.journeys_of(team))
        case ForEach.PLAYBOOKS:
            return _with_pages(handbook.playbooks_of(team))
        case ForEach.DASHBOARDS:
            every = [*team.dashboards, *(link for service in handbook.services_of(team) for link in service.dashboards)]
            shown = grouped((link.address, link.name) for link in every)
            return tuple(Thing(_id_of(link), names[0], address=link) for link, names in shown.items())
        case ForEach.CHANNELS:
            incidents = handbook.organisation.incidents
            named = [team.channel, *(contact.channel for contact in team.contacts)]
            named += [incidents.channel] if incidents else []
            return tuple(Thing(_id_of(name), name) for name in dict.fromkeys(named))
        case ForEach.READINGS:
            return tuple(
                Thing(work.id, Text(**{work.language.value: work.own_title}), address=work.address, reading=work.id)
                for work in reading.for_newcomers(handbook, team)
            )


def _with_pages(entities: Iterable[Service | Journey | Playbook]) -> tuple[Thing, ...]:
    return tuple(Thing(entity.id, entity.name, entity, aliases=entity.aliases) for entity in entities)


def _id_of(text: str) -> str:
    """An id for something that has none: it stays while the address or the channel does."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def sheet_of(
    handbook: Handbook, shared: Checklist | None, team: Team | None = None, own: TeamChecklist | None = None
) -> Sheet:
    """A team's list, of a shared one, its own or both; without a team, the shared one: a box in general words for each
    thing of a team."""
    made_from = [made for made in (shared, own) if made is not None]
    parts = [part for made in made_from for part in parts_of(handbook, made)]
    said = {name: value for made in made_from for name, value in made if value is not None}
    said |= {
        "id": list_id(made_from[0]),
        "aliases": tuple(dict.fromkeys(alias for made in made_from for alias in made.aliases)),
        "sources": tuple(dict.fromkeys(source for made in made_from for source in made.sources)),
        "sections": _joined(section for _, sections in parts for section in sections),
    }
    files = tuple(dict.fromkeys(read.path for read, _ in parts))
    return Sheet(handbook, team, Checklist.model_construct(**said), files)


def _joined(every: Iterable[ChecklistSection]) -> tuple[ChecklistSection, ...]:
    """Pause points, those with one id as one; an item counts once, where it is first."""
    found: dict[str, ChecklistSection] = {}
    seen: set[str] = set()
    for section in every:
        new = {item.id: item for item in section.items if item.id not in seen}
        seen |= new.keys()
        before = found.get(section.id)
        items = (*(before.items if before else ()), *new.values())
        found[section.id] = (before or section).model_copy(update={"items": items})
    return tuple(section for section in found.values() if section.items)


class Use(NamedTuple):
    """A day on which a list was used, by a team where it is known which."""

    exercise: Exercise
    team: Team | None


def uses(handbook: Handbook, sheet: Sheet) -> tuple[Use, ...]:
    """When a list was used, the latest first: a team's own by that team, a shared one by whichever."""
    lists: tuple[AnyChecklist, ...] = (*handbook.checklists, *handbook.team_checklists)
    own = (made for made in lists if list_id(made) == sheet.id and (not sheet.team or made.team == sheet.team.id))
    found = (Use(exercise, handbook.team_of(made)) for made in own for exercise in made.exercised)
    return tuple(sorted(found, key=lambda use: use.exercise.on, reverse=True))


def list_id(made: Entity) -> str:
    """The id of a list, within its team where it is a team's."""
    return made.id.rpartition("/")[2]


def name_of(handbook: Handbook, entity: Entity) -> Text | None:
    """What an entity is called; a list without a name that adds to a shared one, as that one. None without a name."""
    name = getattr(entity, "name", None)
    if isinstance(entity, TeamChecklist) and name is None:
        name = getattr(handbook.get(Checklist, list_id(entity)), "name", None)
    return name if isinstance(name, Text) else None


def sections_of(handbook: Handbook, made: AnyChecklist) -> Iterator[ChecklistSection]:
    """The pause points of a list, those that it takes from others first."""
    return (section for _, sections in parts_of(handbook, made) for section in sections)


def parts_of(
    handbook: Handbook, made: AnyChecklist, within: tuple[str, ...] = ()
) -> Iterator[tuple[AnyChecklist, tuple[ChecklistSection, ...]]]:
    """A list, behind all those that it takes pause points from, each with those that are taken of it.

    One that extends itself, by whatever way, ends there: a check reports it.
    """
    within = (*within, list_id(made))
    for extension in made.extends:
        if extension.checklist not in within:
            wanted = extension.sections
            for source, sections in parts_of(handbook, handbook.checklist(extension.checklist), within):
                yield source, tuple(section for section in sections if not wanted or section.id in wanted)
    yield made, made.sections


def _lines(handbook: Handbook, item: ChecklistItem, team: Team | None) -> tuple[Line, ...]:
    found = things(handbook, team, item.for_each) if item.for_each and team else ()
    lacking = item.for_each is not None and team is not None and not found
    lines = tuple(Line(f"{item.id}{SEPARATOR}{thing.id}", item, thing) for thing in found)
    return lines or (Line(item.id, item, lacking=lacking),)

"""The handbook: every entity, and how they hang together. Ids stand in entities, look-ups stand here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, wraps
from operator import attrgetter
from typing import Any, TypeVar, cast

from macros.model.checklists import Checklist, TeamChecklist
from macros.model.glossary import Glossary, Term
from macros.model.journeys import Journey, Slo
from macros.model.kinds import LISTED, NAMES
from macros.model.organisation import Organisation, Paging, Requirement, Service, Team, TeamInteraction
from macros.model.playbooks import Playbook, PlaybookTemplate
from macros.model.reading import Reading, ReadingPath, ReadingShelf
from macros.model.references import ChecklistRef, JourneyRef, ReadingRef, ServiceRef, TeamRef, TeamTypeRef, TermRef
from macros.model.set_ups import CaseStudy, Chooser, Engagement, QuickWin, TeamType
from macros.model.values import Entity, Listed, Location, Ref, Text
from macros.model.workshops import Workshop
from macros.sources.prometheus import RuleFile
from macros.sources.records import Record
from macros.sources.yaml_file import Position, Source

AnyEntity = TypeVar("AnyEntity", bound=Entity)
AnyRef = TypeVar("AnyRef", bound=Ref)
InFolder = TypeVar("InFolder", Service, Engagement, Journey, Playbook, RuleFile)
Inner = TypeVar("Inner")
Key = TypeVar("Key")
Made = TypeVar("Made")


def derived(make: Callable[[Handbook], Made]) -> Callable[[Handbook], Made]:
    """The same function, which works once for each handbook."""
    return wraps(make)(lambda handbook: handbook.derived(make))


def look_up(make: Callable[[Handbook], Iterable[tuple[str, Made]]]) -> Callable[[Handbook, Entity], tuple[Made, ...]]:
    """A look-up by entity: all that `make` gives behind its id. It is made once for each handbook."""
    index = derived(lambda handbook: grouped(make(handbook)))

    @wraps(make)
    def found(handbook: Handbook, entity: Entity) -> tuple[Made, ...]:
        return tuple(index(handbook).get(entity.id, ()))

    return found


def grouped(pairs: Iterable[tuple[Key, Inner]]) -> dict[Key, list[Inner]]:
    """The second of each pair, in order, by the first."""
    found: dict[Key, list[Inner]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)


def _every(shape: type[AnyEntity], by: str = "id") -> cached_property[tuple[AnyEntity, ...]]:
    """An attribute of the handbook: all entities of a class, by a field and then by id."""
    return cached_property(lambda handbook: tuple(sorted(handbook.all(shape), key=attrgetter(by))))


def _of_team(every: Callable[[Handbook], Iterable[InFolder]]) -> Callable[[Handbook, Entity], tuple[InFolder, ...]]:
    """A method of the handbook: what of `every` thing of some sort is in a team's folder."""
    return look_up(lambda handbook: ((thing.team, thing) for thing in every(handbook)))


def _following(reference: type[AnyRef], named: type[Made]) -> Callable[[Handbook, AnyRef], Made]:
    """A method of the handbook: what a reference of a class names."""
    return lambda handbook, asked: cast(Made, handbook.named(asked))


@dataclass(eq=False, repr=False)
class Handbook:
    """All data of one build. It is made once by `load` and never changes.

    `entities` maps a kind's name to its entities by id; `sources` maps a path to its file; `today` is the
    day that "past" and "due" are measured against; `rule_files` are the teams' Prometheus rules; `guides`
    are the addresses of the hand-written pages; `records` are the figures of earlier days. What stands in the files
    `left_out` is not in it; each has its kind and id there, or two empty words where it has none.
    """

    entities: Mapping[str, Mapping[str, Entity]]
    sources: Mapping[str, Source]
    today: date
    rule_files: Sequence[RuleFile] = ()
    guides: Collection[str] = frozenset()
    records: Sequence[Record] = ()
    left_out: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    _derived: dict[Callable[[Handbook], Any], Any] = field(default_factory=dict, init=False)

    def derived(self, make: Callable[[Handbook], Made]) -> Made:
        """What `make` works out of this handbook. It is worked out once."""
        if make not in self._derived:
            self._derived[make] = make(self)
        return cast(Made, self._derived[make])

    @property
    def organisation(self) -> Organisation:
        """The organisation that the handbook is for."""
        return self.all(Organisation)[0]

    @property
    def folder(self) -> str:
        """What messages and pages call the folder that it was read from."""
        return self.organisation.path.rpartition("/")[0]

    @property
    def paging(self) -> Paging:
        """Which label of an alert says whether it wakes someone."""
        return self.organisation.paging or Paging()

    teams = _every(Team)
    services = _every(Service)
    team_types = _every(TeamType, by="rank")
    quick_wins = _every(QuickWin)
    case_studies = _every(CaseStudy)
    engagements = _every(Engagement, by="start")
    journeys = _every(Journey)
    playbooks = _every(Playbook)
    playbook_templates = _every(PlaybookTemplate)
    checklists = _every(Checklist)
    team_checklists = _every(TeamChecklist)
    workshops = _every(Workshop)
    shelves = _every(ReadingShelf, by="rank")
    reading_paths = _every(ReadingPath, by="rank")

    @property
    def chooser(self) -> Chooser | None:
        """The questions that lead to a set-up, where there are any."""
        return self.get(Chooser, "chooser")

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Every work on the reading list, shelf by shelf."""
        return tuple(reading for shelf in self.shelves for reading in shelf.entries)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of the glossary, as they stand in its file."""
        return tuple(term for glossary in self.all(Glossary) for term in glossary.terms)

    def all(self, shape: type[AnyEntity]) -> tuple[AnyEntity, ...]:
        """All entities of a class, by id."""
        return cast(tuple[AnyEntity, ...], self.of_kind(NAMES[shape]))

    def get(self, shape: type[AnyEntity], id: str) -> AnyEntity | None:
        """The entity of this class with this id, or None."""
        return cast("AnyEntity | None", self.find(NAMES[shape], id))

    def of_kind(self, kind: str) -> tuple[Entity, ...]:
        """All entities of the kind with this name, by id."""
        return tuple(self.entities.get(kind, {}).values())

    def find(self, kind: str, id: str) -> Entity | None:
        """The entity with this id of the kind with this name, or None."""
        return self.entities.get(kind, {}).get(id)

    def named(self, reference: Ref) -> Entity | Listed:
        """What a reference in the data names: an entity, or what stands in a list. Loading made sure of it."""
        every = self._listed if reference.kind in LISTED else self.entities
        return every[reference.kind][reference]

    follow = _following(Ref, Entity)
    team = _following(TeamRef, Team)
    service = _following(ServiceRef, Service)
    checklist = _following(ChecklistRef, Checklist)
    journey = _following(JourneyRef, Journey)
    team_type = _following(TeamTypeRef, TeamType)
    reading = _following(ReadingRef, Reading)
    term = _following(TermRef, Term)

    def readings_about(self, entity: Entity) -> tuple[Reading, ...]:
        """The works that say that they belong to an entity, shelf by shelf."""
        mentions = self.linked_from(entity)
        found = {shelf.entries[int(place[1])].id for shelf, place in mentions if isinstance(shelf, ReadingShelf)}
        return tuple(reading for reading in self.readings if reading.id in found)

    def kind_of(self, named: Entity | Listed) -> str:
        """What references call the kind of an entity, or of what stands in a list."""
        return NAMES[type(named)]

    def team_of(self, entity: Entity) -> Team | None:
        """The team that an entity belongs to: itself for a team, None for shared content."""
        return self.get(Team, entity.team)

    services_of = _of_team(lambda handbook: handbook.services)
    engagements_of = _of_team(lambda handbook: handbook.engagements)
    journeys_of = _of_team(lambda handbook: handbook.journeys)
    playbooks_of = _of_team(lambda handbook: handbook.playbooks)
    rule_files_of = _of_team(lambda handbook: handbook.rule_files)

    def engagements_inside(self, team: Team) -> tuple[Engagement, ...]:
        """The engagements that a team hosts whose SRE works inside it, by start."""
        return tuple(own for own in self.engagements_of(team) if self.team_type(own.type).works_inside)

    def every_requirement(self) -> Iterator[tuple[Service, Location, Requirement]]:
        """Every non-functional requirement with its service and its place."""
        return self.every(Service, Requirement)

    def every_slo(self) -> Iterator[tuple[Journey, Location, Slo]]:
        """Every SLO with its journey and its place."""
        return self.every(Journey, Slo)

    def services_on(self, journey: Journey) -> tuple[Service, ...]:
        """The services that a journey crosses, in the order of its steps."""
        ids = dict.fromkeys(step.service for step in journey.steps if step.service)
        return tuple(self.service(id) for id in ids)

    def journeys_through(self, service: Service) -> tuple[Journey, ...]:
        """The journeys that cross a service."""
        return cast(tuple[Journey, ...], self.referring("journey", service))

    def everything(self) -> Iterator[Entity]:
        """Every entity, kind by kind, by id."""
        return (entity for by_id in self.entities.values() for entity in by_id.values())

    def every(self, owner: type[AnyEntity], shape: type[Inner]) -> Iterator[tuple[AnyEntity, Location, Inner]]:
        """Every value of a class that stands in an entity of the class `owner`, with that entity and its place.

        But texts, of which there are too many to have them ready: an entity's `parts` have them.
        """
        for found in (values for type, values in self._values.items() if issubclass(type, shape)):
            for entity, location, value in found:
                if isinstance(entity, owner):
                    yield entity, location, value

    def linked_from(self, named: Entity | Listed) -> tuple[tuple[Entity, Location], ...]:
        """The entity and the place of each reference to an entity, or to something which stands in a list."""
        return tuple(self._mentions.get((self.kind_of(named), named.id), ()))

    def referring(self, kind: str, named: Entity | Listed) -> tuple[Entity, ...]:
        """The entities of a kind that refer to another, or to something which stands in a list, by id."""
        found = (entity for entity, _ in self.linked_from(named))
        return tuple({entity.id: entity for entity in found if self.kind_of(entity) == kind}.values())

    def place(self, entity: Entity, location: Location = (), *, key: bool = False) -> Position:
        """Line and column of a value in the entity's file, or of the nearest thing around it."""
        return self.sources[entity.path].place(location, key=key)

    def tier_of(self, entity: Entity) -> int | None:
        """The tier of the most critical service that an entity is about; a team is about all that it runs."""
        services: tuple[Service, ...] = ()
        match entity:
            case Service():
                services = (entity,)
            case Playbook():
                services = (self.service(entity.service),)
            case Journey():
                services = self.services_on(entity)
            case Team() | Engagement():
                team = self.team_of(entity)
                services = self.services_of(team) if team else ()
        return min((service.tier for service in services if service.tier), default=None)

    def named_by(self, team: Team) -> tuple[tuple[Team, TeamInteraction], ...]:
        """The teams that say that they work with this one, which doesn't say so itself."""
        names = {interaction.team for interaction in team.works_with}
        mentions = ((other, place) for other, place in self.linked_from(team) if other.id not in names)
        found = ((other, int(place[1])) for other, place in mentions if place[0] == "works_with")
        return tuple((other, other.works_with[position]) for other, position in found if isinstance(other, Team))

    @cached_property
    def _listed(self) -> dict[str, dict[str, Listed]]:
        items = [item for _, _, item in self.every(Entity, Listed)]
        return {name: {item.id: item for item in items if self.kind_of(item) == name} for name in LISTED}

    @cached_property
    def _values(self) -> dict[type, list[tuple[Entity, Location, Any]]]:
        """The parts of all entities, by their class."""
        return grouped(
            (type(value), (entity, location, value))
            for entity in self.everything()
            for location, value in entity.parts
            if type(value) is not Text
        )

    @cached_property
    def _mentions(self) -> dict[tuple[str, str], list[tuple[Entity, Location]]]:
        every = ((entity, *found) for entity in self.everything() for found in entity.refs)
        return grouped(((named.kind, str(named)), (entity, location)) for entity, location, named in every)

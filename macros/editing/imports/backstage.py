"""Backstage's catalogue: groups become teams, components become their services.

The shapes are those of backstage.io/docs/features/software-catalog/descriptor-format, the annotations those
of its well-known ones and of the plugins that many have. A file may hold several documents, anchors and
merge keys included; nothing that a file refers to is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

import yaml

from macros.editing.imports.imported import (
    Imported,
    ImportedService,
    ImportedTeam,
    NamedLink,
    Need,
    Place,
    Unmapped,
    as_id,
    listed,
    no_id,
    one_line,
    taken_id,
    unmapped,
)
from macros.model.values import address_fault
from macros.sources import near_names, yaml_file
from macros.text.problems import DataError, Message, Problem

DEFAULT_NAMESPACE = "default"
API_GROUP = "backstage.io/"

NOT_MAPPED = {
    "API": "an API is part of the service that provides it",
    "Domain": "the handbook knows teams and services, and no domains around them",
    "Location": "it only says where other files are; import those",
    "Resource": "only components become services; add a service for what has to be known of it at 3 a.m.",
    "System": "the handbook knows services and what they need of each other, and no systems around them",
    "Template": "it makes new components, and describes none",
    "User": "the handbook names roles, and no people",
}
"""Backstage's other kinds, with the reason why nothing becomes of them."""

ABOVE_TEAMS = (
    "business-unit",
    "company",
    "department",
    "division",
    "organization",
    "organisation",
    "product-area",
    "root",
)
"""Types of groups that hold teams. Any other is taken for a team, since each organisation has its own words."""

USUAL_TYPES = ("service", "website")
USUAL_LIFECYCLE = "production"

REPOSITORY_HOSTS = {
    "github.com/project-slug": "https://github.com/",
    "gitlab.com/project-slug": "https://gitlab.com/",
}
"""Annotations that say which project of a host has the source, with the address of the host."""

SOURCE_LOCATION = "backstage.io/source-location"

BOOKKEEPING = re.compile(r"backstage\.io/(managed-by-(origin-)?location|orphan|(view|edit)-url|techdocs-ref)")
"""Annotations that the catalogue writes for itself."""

USED = {
    "metadata": {"name", "namespace", "title", "description", "annotations", "links", "uid", "etag", "generation"},
    "Group": {"type", "profile"},
    "Component": {"type", "lifecycle", "owner", "dependsOn"},
}
"""The keys that are read, or that only Backstage has a use for."""

_CHANNEL_KEY = re.compile(r"(slack|mattermost|discord|chat).*channel(-name)?$|^slack\.com/bot-notify$")
_CHANNEL_ID = re.compile(r"[CDGSU][A-Z0-9]{8,}")
_CHAT = re.compile(r"slack|mattermost|discord|teams\.microsoft|\bchat\b|チャット", re.I)
_DASHBOARD = re.compile(r"(?<!admin )(?<!admin-)dashboard|grafana|datadog|kibana|ダッシュボード", re.I)
_REPOSITORY = re.compile(r"repo|repository|source|source code|code|github|gitlab|リポジトリ|ソースコード", re.I)

Parts = Mapping[str, tuple[yaml.Node, yaml.Node]]
"""The keys of a mapping, each with its own node and that of its value."""


class Reference(NamedTuple):
    """`[kind:][namespace/]name`, in lower case, as Backstage compares them."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        namespace = "" if self.namespace == DEFAULT_NAMESPACE else f"{self.namespace}/"
        return f"{self.kind}:{namespace}{self.name}"


class Link(NamedTuple):
    """A link of an entity: its name and address, and whatever hints at what stands behind it."""

    link: NamedLink
    kind: str
    hints: str


@dataclass(frozen=True)
class Entity:
    """An entity of the catalogue, its parts still as they stand in the file."""

    kind: str
    reference: Reference
    name: str
    place: Place
    metadata: Parts
    spec: Parts
    annotations: Parts


@dataclass(frozen=True)
class _Ids:
    """The ids that entities of one kind got: by their references, and with the namespace that each stands in."""

    entities: Mapping[Reference, Entity]
    by_reference: Mapping[Reference, str]
    namespaces: Mapping[str, str]

    @classmethod
    def of(cls, entities: Mapping[Reference, Entity], by_reference: Mapping[Reference, str]) -> _Ids:
        return cls(entities, by_reference, {id: it.namespace for it, id in by_reference.items()})

    def id(self, reference: Reference) -> str:
        """The id behind a reference, also of what is in none of the files: the handbook may have it.

        Empty where what it names became nothing, or where its id is that of another namespace's.
        """
        if reference in self.entities:
            return self.by_reference.get(reference, "")
        id = as_id(reference.name)
        return id if self.namespaces.get(id, reference.namespace) == reference.namespace else ""


def read(files: Mapping[str, bytes]) -> Imported:
    """The teams and services of catalogue files, by the name of each file.

    Raises `DataError` where a file is no YAML.
    """
    reader = _Reader()
    entities: dict[Reference, Entity] = {}
    for path, raw in files.items():
        for entity in reader.entities(path, raw):
            first = entities.setdefault(entity.reference, entity)
            if first is not entity:
                template = "`{reference}` stands in {first}, too; only the first is read"
                reader.add(entity.place, "taken-id", template, reference=entity.reference, first=first.place)
    if reader.problems:
        raise DataError(reader.problems)
    teams = _teams(reader, entities)
    services = _services(reader, entities, _Ids.of(entities, {it: team.id for it, team in teams.items()}))
    return Imported(tuple(teams.values()), tuple(services), tuple(reader.unmapped))


def _teams(reader: _Reader, entities: Mapping[Reference, Entity]) -> dict[Reference, ImportedTeam]:
    """The teams of the groups; what is neither a group nor a component is reported."""
    teams: dict[Reference, ImportedTeam] = {}
    places: dict[str, Place] = {}
    for reference, entity in entities.items():
        if entity.kind == "Component":
            continue
        if entity.kind != "Group":
            reader.add_kind(entity)
            continue
        type = reader.text(entity.place.path, entity.spec, "type").lower()
        if type in ABOVE_TEAMS:
            template = "the group `{name}` is a {type}, which holds teams; only teams are mapped"
            reader.add(entity.place, "not-mapped", template, name=entity.name, type=type)
            continue
        if reader.has_id(entity, "team", places):
            teams[reference] = _team(reader, entity)
    return teams


def _services(reader: _Reader, entities: Mapping[Reference, Entity], teams: _Ids) -> Iterator[ImportedService]:
    places: dict[str, Place] = {}
    components = [it for it in entities.values() if it.kind == "Component" and reader.has_id(it, "service", places)]
    services = _Ids.of(entities, {it.reference: as_id(it.name) for it in components})
    for entity in components:
        team = _owner(reader, entity, teams)
        if team:
            yield _service(reader, entity, team, services)


def _team(reader: _Reader, entity: Entity) -> ImportedTeam:
    path = entity.place.path
    profile = reader.mapping(path, entity.spec["profile"][1]) if "profile" in entity.spec else {}
    title = reader.text(path, entity.metadata, "title")
    channel, used = _channel(reader, entity)
    links = list(reader.links(entity))
    if not channel:
        chat = next((it for it in links if _CHAT.search(it.hints)), None)
        if chat:
            links.remove(chat)
            name = re.search(r"#[\w-]+", chat.link.name)
            channel = name[0] if name else chat.link.address
    reader.add_left_out(entity, {used})
    dashboards = tuple(it.link for it in links if _DASHBOARD.search(it.hints))
    return ImportedTeam(
        id=as_id(entity.name),
        name=title or reader.text(path, profile, "displayName") or entity.name,
        place=entity.place,
        channel=channel or reader.text(path, profile, "email"),
        mission=reader.text(path, entity.metadata, "description"),
        dashboards=dashboards,
        links=tuple(it.link for it in links if it.link not in dashboards),
    )


def _channel(reader: _Reader, entity: Entity) -> tuple[str, str]:
    """The channel that an annotation names, and that annotation; both empty where none does."""
    for key in entity.annotations:
        if _CHANNEL_KEY.search(key):
            value = reader.text(entity.place.path, entity.annotations, key)
            if value and not _CHANNEL_ID.fullmatch(value):  # an id says nothing to people
                return value if re.match(r"#|https?:", value) else f"#{value}", key
    return "", ""


def _owner(reader: _Reader, entity: Entity, teams: _Ids) -> str:
    """The id of the team that owns a component; empty, and reported, where it is none."""
    reference, place = next(reader.references(entity, "owner", "group"), (None, entity.place))
    if reference is None:
        reader.add(place, "unknown-team", "the component `{name}` is left out: it names no owner", name=entity.name)
        return ""
    if reference.kind == "team":
        reference = reference._replace(kind="group")
    id = teams.id(reference) if reference.kind == "group" else ""
    if not id:
        reason = "became no team" if reference.kind == "group" else "is no group; a service belongs to a team"
        template = "the component `{name}` is left out: its owner `{owner}` {reason}"
        reader.add(place, "unknown-team", template, name=entity.name, owner=reference, reason=reason)
    return id


def _service(reader: _Reader, entity: Entity, team: str, services: _Ids) -> ImportedService:
    path = entity.place.path
    lifecycle = reader.text(path, entity.spec, "lifecycle")
    if lifecycle and lifecycle != USUAL_LIFECYCLE:
        template = "the lifecycle `{lifecycle}` of `{name}` has no place here; the service is taken over all the same"
        place = _place(path, entity.spec["lifecycle"][1])
        reader.add(place, "not-mapped", template, lifecycle=lifecycle, name=entity.name)
    links = list(reader.links(entity))
    repository, used = _repository(reader, entity)
    for it in links:
        if not repository and (_REPOSITORY.fullmatch(it.kind) or _REPOSITORY.fullmatch(it.link.name)):
            repository = it.link.address
    links = [it for it in links if it.link.address != repository]
    reader.add_left_out(entity, used)
    dashboards = tuple(it.link for it in links if _DASHBOARD.search(it.hints))
    return ImportedService(
        id=as_id(entity.name),
        team=team,
        name=reader.text(path, entity.metadata, "title") or entity.name,
        place=entity.place,
        summary=reader.text(path, entity.metadata, "description"),
        depends_on=tuple(_needs(reader, entity, services)),
        repository=repository,
        dashboards=dashboards,
        links=tuple(it.link for it in links if it.link not in dashboards),
    )


def _needs(reader: _Reader, entity: Entity, services: _Ids) -> Iterator[Need]:
    for reference, place in reader.references(entity, "dependsOn", "component"):
        if reference.kind != "component":
            template = "the dependency of `{name}` on `{other}` is left out: only components become services"
            reader.add(place, "unknown-service", template, name=entity.name, other=reference)
            continue
        yield Need(services.id(reference), str(reference), place)


def _repository(reader: _Reader, entity: Entity) -> tuple[str, set[str]]:
    """Where the source of a component is, and the annotations that say so; both empty where none does."""
    said = {SOURCE_LOCATION, *REPOSITORY_HOSTS}
    path = entity.place.path
    location = reader.text(path, entity.annotations, SOURCE_LOCATION).removeprefix("url:")
    if location.startswith(("https://", "http://")) and not address_fault(location):
        return location, said
    for key, host in REPOSITORY_HOSTS.items():
        slug = reader.text(path, entity.annotations, key)
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)+", slug, re.ASCII):
            return f"{host}{slug}", said
    return "", set()


@dataclass
class _Reader:
    """Reads what is asked for, and keeps what could not be mapped. Values that nobody asks for are never built."""

    problems: list[Problem] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)

    def add(self, place: Place, rule: str, template: str, **values: object) -> None:
        self.unmapped.append(unmapped(place, rule, template, **values))

    def entities(self, path: str, raw: bytes) -> Iterator[Entity]:
        """The entities of a file; a document that is none is reported."""
        text, problems = yaml_file.decode(raw, path)
        self.problems += problems
        if text is None:
            return
        try:
            nodes = list(yaml.compose_all(text, Loader=yaml_file.CoreSchemaLoader))
        except yaml.YAMLError as error:
            self.problems.append(yaml_file.syntax_problem(path, text, error))
            return
        for node in nodes:
            if not _is_null(node):
                entity = self.entity(path, node)
                if entity:
                    yield entity

    def entity(self, path: str, node: yaml.Node) -> Entity | None:
        place = _place(path, node)
        parts = self.mapping(path, node) if isinstance(node, yaml.MappingNode) else {}
        kind = self.text(path, parts, "kind")
        metadata = self.mapping(path, parts["metadata"][1]) if "metadata" in parts else {}
        name = self.text(path, metadata, "name")
        if not self.text(path, parts, "apiVersion").startswith(API_GROUP) or not kind or not name:
            template = "no entity of Backstage: it needs `apiVersion: backstage.io/…`, `kind` and `metadata.name`"
            self.add(place, "not-mapped", template)
            return None
        namespace = self.text(path, metadata, "namespace") or DEFAULT_NAMESPACE
        return Entity(
            kind=kind,
            reference=Reference(kind.lower(), namespace.lower(), name.lower()),
            name=name,
            place=place,
            metadata=metadata,
            spec=self.mapping(path, parts["spec"][1]) if "spec" in parts else {},
            annotations=self.mapping(path, metadata["annotations"][1]) if "annotations" in metadata else {},
        )

    def add_kind(self, entity: Entity) -> None:
        """Report an entity of a kind that nothing becomes of."""
        if entity.kind in NOT_MAPPED:
            template = "the {kind} `{name}` is not mapped: {reason}"
            values = {"kind": entity.kind, "name": entity.name, "reason": NOT_MAPPED[entity.kind]}
            self.add(entity.place, "not-mapped", template, **values)
            return
        message = Message(
            "the kind `{kind}` of `{name}` is none of Backstage's own", {"kind": entity.kind, "name": entity.name}
        )
        hint = near_names.near(entity.kind, ("Group", "Component", *NOT_MAPPED))
        self.unmapped.append(Unmapped(*entity.place, "not-mapped", near_names.with_hint(message, hint)))

    def has_id(self, entity: Entity, what: str, places: dict[str, Place]) -> bool:
        """Whether an entity has an id, of its own; `places` are those that had one before it."""
        id = as_id(entity.name)
        if not id:
            self.unmapped.append(no_id(entity.place, what, entity.name, "give it another `metadata.name`"))
        elif id in places:
            self.unmapped.append(taken_id(entity.place, what, id, places[id]))
        else:
            places[id] = entity.place
            return True
        return False

    def add_left_out(self, entity: Entity, used: set[str]) -> None:
        """Report, in one line, what an entity has and the handbook has no place for."""
        type = self.text(entity.place.path, entity.spec, "type")
        left_out = [f"metadata.{key}" for key in _filled(entity.metadata) if key not in USED["metadata"]]
        left_out += [key for key in _filled(entity.annotations) if key not in used and not BOOKKEEPING.fullmatch(key)]
        left_out += [f"spec.{key}" for key in _filled(entity.spec) if key not in USED[entity.kind]]
        if entity.kind == "Component" and type and type not in USUAL_TYPES:
            left_out.append(f"spec.type: {type}")
        if left_out:
            template = "of `{name}`, these have no place here: {keys}"
            self.add(entity.place, "not-mapped", template, name=entity.name, keys=listed(left_out))

    def mapping(self, path: str, node: yaml.Node) -> Parts:
        """The parts of a mapping, with what merge keys bring; each mapping is read once, however often it is merged."""
        if not isinstance(node, yaml.MappingNode):
            if not _is_null(node):
                self.add(_place(path, node), "odd-value", "this should be a mapping: lines of the form `key: value`")
            return {}
        found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        waiting: list[yaml.Node] = [node]
        seen: set[int] = set()
        for mapping in waiting:  # it grows on the way
            if id(mapping) in seen or not isinstance(mapping, yaml.MappingNode):
                continue
            seen.add(id(mapping))
            own: dict[str, tuple[yaml.Node, yaml.Node]] = {}
            for key, value in mapping.value:
                if not isinstance(key, yaml.ScalarNode):
                    continue
                if key.value == "<<" and not key.style:
                    waiting += value.value if isinstance(value, yaml.SequenceNode) else [value]
                elif key.value in own:
                    place = _place(path, key)
                    self.add(place, "duplicate-key", "`{key}` stands here twice; the first is read", key=key.value)
                else:
                    own[key.value] = (key, value)
            found = {**own, **found}
        return found

    def text(self, path: str, parts: Parts, key: str) -> str:
        """The words of a key, on one line; empty where there are none."""
        if key not in parts:
            return ""
        node = parts[key][1]
        if isinstance(node, yaml.ScalarNode):
            return "" if _is_null(node) else one_line(node.value)
        template = "`{key}` should be text; what it stands for isn't fetched"
        self.add(_place(path, node), "odd-value", template, key=key)
        return ""

    def items(self, path: str, parts: Parts, key: str) -> list[yaml.Node]:
        if key not in parts:
            return []
        node = parts[key][1]
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if not _is_null(node):
            template = "`{key}` should be a list: lines that begin with `- `"
            self.add(_place(path, node), "odd-value", template, key=key)
        return []

    def references(self, entity: Entity, key: str, kind: str) -> Iterator[tuple[Reference, Place]]:
        """The references of a key of `spec`, one or a list; `kind` is what they are where they don't say."""
        path = entity.place.path
        if key not in entity.spec:
            return
        node = entity.spec[key][1]
        for item in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            place = _place(path, item)
            if isinstance(item, yaml.MappingNode):
                parts = self.mapping(path, item)
                given = [self.text(path, parts, it) for it in ("kind", "namespace", "name")]
            else:
                words = self.text(path, {key: (item, item)}, key)
                match = re.fullmatch(r"(?:([^:/]+):)?(?:([^:/]+)/)?([^:/]+)", words)
                given = [it or "" for it in match.groups()] if match else ["", "", ""]
                if words and not match:
                    template = "`{words}` is no reference; write it as [kind:][namespace/]name"
                    self.add(place, "odd-value", template, words=words)
            named, namespace, name = (it.lower() for it in given)
            if name:
                yield Reference(named or kind, namespace or entity.reference.namespace, name), place

    def links(self, entity: Entity) -> Iterator[Link]:
        """The links of an entity whose addresses can be used."""
        path = entity.place.path
        for item in self.items(path, entity.metadata, "links"):
            parts = self.mapping(path, item)
            address, title, icon, type = (self.text(path, parts, key) for key in ("url", "title", "icon", "type"))
            if not address:
                self.add(
                    _place(path, item), "odd-value", "a link of `{name}` is left out: it has no `url`", name=entity.name
                )
            elif address_fault(address):
                template = "a link of `{name}` is left out: `{address}` is no address that begins with https:"
                self.add(_place(path, item), "odd-value", template, name=entity.name, address=address[:60])
            else:
                hints = " ".join((type, icon, title, urlsplit(address).hostname or ""))
                yield Link(NamedLink(title or address, address), type, hints)


def _filled(parts: Parts) -> list[str]:
    """The keys that have a value."""
    return [key for key, (_, node) in parts.items() if node.value and not _is_null(node)]


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and yaml_file.scalar(node) is None


def _place(path: str, node: yaml.Node) -> Place:
    return Place(path, node.start_mark.line + 1, node.start_mark.column + 1)

"""Backstage's catalogue: groups become teams, components become their services.

The shapes are those of backstage.io/docs/features/software-catalog/descriptor-format, and Backstage has read the files
already. One may hold several documents, anchors and merge keys included; nothing that it refers to is fetched.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml

from macros.editing.imports import imported
from macros.editing.imports.imported import DASHBOARD, Found, Imported, Place, Unmapped, one_line
from macros.model.values import address_fault
from macros.sources import yaml_file
from macros.sources.yaml_file import MappingReader, is_null, place_of
from macros.text.problems import DataError

DEFAULT_NAMESPACE = "default"
API_GROUP = "backstage.io/"

ABOVE_TEAMS = (
    *("business-unit", "company", "department", "division", "organization", "organisation", "product-area"),
    "root",
)
"""Types of groups that hold teams. Any other is taken for a team, since each organisation has its own words."""

USUAL = {"type": ("service", "website"), "lifecycle": ("production",)}
"""What a component usually is. Anything else has no place in the handbook, and the service is made all the same."""

REPOSITORY_HOSTS = ("github.com", "gitlab.com")
"""Hosts with an annotation `<host>/project-slug`, which says which of their projects has the source."""

USED = {
    "metadata": {"name", "namespace", "title", "description", "annotations", "links", "uid", "etag", "generation"},
    "Group": {"type", "profile"},
    "Component": {"type", "lifecycle", "owner", "dependsOn"},
}
"""The keys that are read, or that only Backstage has a use for: of any entity, and of the kinds that are mapped."""

_CHANNEL_KEY = re.compile(r"(slack|mattermost|discord|chat).*channel(-name)?$|^slack\.com/bot-notify$")
_USED_ANNOTATION = re.compile(
    r"^backstage\.io/(managed-by-(origin-)?location|orphan|(view|edit)-url|techdocs-ref|source-location)$"
    rf"|^({'|'.join(map(re.escape, REPOSITORY_HOSTS))})/project-slug$|{_CHANNEL_KEY.pattern}"
)
"""Annotations that are read, or that the catalogue writes for itself."""

_CHANNEL_ID = re.compile(r"[CDGSU][A-Z0-9]{8,}")
_CHAT = re.compile(r"slack|mattermost|discord|teams\.microsoft|\bchat\b|チャット", re.I)
_REPOSITORY = re.compile(r"repo|repository|source|source code|code|github|gitlab|リポジトリ|ソースコード", re.I)


class Reference(NamedTuple):
    """`[kind:][namespace/]name`, in lower case, as Backstage compares them."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        namespace = "" if self.namespace == DEFAULT_NAMESPACE else f"{self.namespace}/"
        return f"{self.kind}:{namespace}{self.name}"


@dataclass
class _CatalogReader(MappingReader):
    """Reads a file's mappings when they are asked for, and keeps what could not be mapped."""

    unmapped: Unmapped

    def fault(self, node: yaml.Node, check: str, template: str, /, **values: object) -> None:
        """Say nothing: what is no mapping has no keys, and what needs them is reported."""


_NOTHING = yaml.ScalarNode("tag:yaml.org,2002:null", "")


@dataclass(frozen=True)
class CatalogValue:
    """What stands under a `key`, or in its list; what is in it is read when it is asked for, and not before."""

    reader: _CatalogReader
    node: yaml.Node
    key: str = ""

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.reader.path, *place_of(self.node))

    def at(self, key: str) -> "CatalogValue":
        """What stands under a key; nothing where there is no such key."""
        return replace(self, node=self.reader.parts(self.node).get(key, (_NOTHING, _NOTHING))[1], key=key)

    @property
    def words(self) -> str:
        """A text, on one line; empty where there is none."""
        if isinstance(self.node, yaml.ScalarNode):
            return "" if is_null(self.node) else one_line(self.node.value)
        template = "`{key}` should be text; placeholders aren't resolved"
        self.reader.unmapped.add(self.place, "odd-value", template, key=self.key)
        return ""

    @property
    def items(self) -> list["CatalogValue"]:
        """The items of a list; what is no list is its one item."""
        if isinstance(self.node, yaml.SequenceNode):
            return [replace(self, node=node) for node in self.node.value]
        return [] if is_null(self.node) else [self]

    @property
    def keys(self) -> list[str]:
        """The keys of a mapping that have a value; none where it is something else."""
        return [key for key, (_, node) in self.reader.parts(self.node).items() if node.value and not is_null(node)]


class NamedLink(NamedTuple):
    """A link of an entity: its title, type, icon and host are `hints` at what stands behind it."""

    name: str
    address: str
    hints: str
    is_source: bool


class CatalogEntity(NamedTuple):
    """An entity of the catalogue, its parts still as they stand in the file."""

    kind: str
    reference: Reference
    name: str
    place: Place
    metadata: CatalogValue
    spec: CatalogValue

    def add(self, rule: str, template: str, place: Place | None = None, /, **values: object) -> None:
        """Report what is not taken over of it: `name` is its own."""
        self.spec.reader.unmapped.add(place or self.place, rule, template, name=self.name, **values)

    def references(self, key: str, kind: str) -> Iterator[tuple[Reference, Place]]:
        """The references of a key of `spec`, one or a list; `kind` is what they are where they don't say."""
        for item in self.spec.at(key).items:
            if isinstance(item.node, yaml.MappingNode):
                given = [item.at(part).words for part in ("kind", "namespace", "name")]
            else:
                match = re.fullmatch(r"(?:([^:/]+):)?(?:([^:/]+)/)?([^:/]+)", item.words)
                given = [group or "" for group in match.groups()] if match else ["", "", ""]
            named, namespace, name = (part.lower() for part in given)
            if name:
                yield Reference(named or kind, namespace or self.reference.namespace, name), item.place

    def links(self) -> list[NamedLink]:
        """The links of an entity whose addresses can be used."""
        found: dict[NamedLink, None] = {}
        for item in self.metadata.at("links").items:
            address, title, icon, type = (item.at(key).words for key in ("url", "title", "icon", "type"))
            if address_fault(address):
                template = "a link of `{name}` is left out: its `url` must begin with https:, as in https://example.com"
                self.add("odd-value", template, item.place)
            else:
                hints = " ".join((type, title, icon, urlsplit(address).hostname or ""))
                is_source = any(map(_REPOSITORY.fullmatch, (type, title)))
                found[NamedLink(title or address, address, hints, is_source)] = None
        return list(found)

    def add_left_out(self) -> None:
        """Report what it has and the handbook has no place for."""
        keys = [f"metadata.{key}" for key in self.metadata.keys if key not in USED["metadata"]]
        keys += [key for key in self.metadata.at("annotations").keys if not _USED_ANNOTATION.search(key)]
        keys += [f"spec.{key}" for key in self.spec.keys if key not in USED[self.kind]]
        for key, usual in USUAL.items() if self.kind == "Component" else ():
            value = self.spec.at(key).words
            if value and value not in usual:
                keys.append(f"spec.{key}: {value}")
        if keys:
            listed = ", ".join(f"`{key}`" for key in keys)
            self.add("not-mapped", "these keys of `{name}` have no place in the handbook: {keys}", keys=listed)


_Catalog = Mapping[Reference, CatalogEntity]
_IdOf = Callable[[Reference], str]


def _id(entities: _Catalog, ids: Mapping[Reference, str], reference: Reference) -> str:
    """The id behind a reference, also of what is in none of the files: the handbook may have it.

    Empty where what it names became nothing, or where its id is that of another namespace's.
    """
    if reference in entities:
        return ids.get(reference, "")
    id = imported.as_id(reference.name)
    namespaces = {known.namespace for known, own in ids.items() if (known.kind, own) == (reference.kind, id)}
    return id if namespaces <= {reference.namespace} else ""


def read(files: Mapping[str, bytes]) -> Imported:
    """The teams and services of catalogue files, by their names. Raises `DataError` where one is no YAML."""
    unmapped = Unmapped()
    entities: dict[Reference, CatalogEntity] = {}
    for entity in imported.from_each(files, lambda path, raw: _entities(_CatalogReader(path, unmapped), raw)):
        first = entities.setdefault(entity.reference, entity)
        if first is not entity:
            template = "`{reference}` is in {first}, too; only the first is read"
            entity.add("taken-id", template, reference=entity.reference, first=first.place)
    groups = _own_ids(_groups(entities), "team", unmapped)
    teams = [_team(entities[reference], id) for reference, id in groups.items()]
    components = _own_ids((found for found in entities.values() if found.kind == "Component"), "service", unmapped)
    id_of = partial(_id, entities, groups | components)
    services = [
        _service(entities[reference], id, team, id_of)
        for reference, id in components.items()
        if (team := _owner(entities[reference], id_of))
    ]
    return Imported((*teams, *services), tuple(unmapped))


def _entities(reader: _CatalogReader, raw: bytes) -> Iterator[CatalogEntity]:
    """The entities of a file; other documents are reported. Raises `DataError` where it is no YAML."""
    text, problems = yaml_file.decode(raw, reader.path)
    if text is None:
        raise DataError(problems)
    try:
        nodes = list(yaml.compose_all(text, Loader=yaml_file.CoreSchemaLoader))
    except yaml.YAMLError as error:
        raise DataError([yaml_file.syntax_problem(reader.path, text, error)]) from error
    for node in nodes:
        if not is_null(node):
            yield from _entity(reader, node)


def _entity(reader: _CatalogReader, node: yaml.Node) -> Iterator[CatalogEntity]:
    whole = CatalogValue(reader, node)
    kind, metadata = whole.at("kind").words, whole.at("metadata")
    name = metadata.at("name").words
    if not whole.at("apiVersion").words.startswith(API_GROUP) or not kind or not name:
        template = "not a Backstage entity: it needs `apiVersion: backstage.io/…`, `kind` and `metadata.name`"
        reader.unmapped.add(whole.place, "not-mapped", template)
        return
    namespace = metadata.at("namespace").words or DEFAULT_NAMESPACE
    reference = Reference(kind.lower(), namespace.lower(), name.lower())
    yield CatalogEntity(kind, reference, name, whole.place, metadata, whole.at("spec"))


def _groups(entities: _Catalog) -> Iterator[CatalogEntity]:
    """The groups that are teams; what is neither a group nor a component is reported."""
    for entity in entities.values():
        if entity.kind not in USED:
            template = "the {kind} `{name}` is not mapped: only groups and components become teams and services"
            entity.add("not-mapped", template, kind=entity.kind)
        elif entity.kind == "Group" and entity.spec.at("type").words.lower() in ABOVE_TEAMS:
            template = "the group `{name}` is a {type}, which contains teams; only teams are mapped"
            entity.add("not-mapped", template, type=entity.spec.at("type").words.lower())
        elif entity.kind == "Group":
            yield entity


def _own_ids(entities: Iterable[CatalogEntity], what: str, unmapped: Unmapped) -> dict[Reference, str]:
    """The ids of the entities that get one by their names; the others are reported."""
    found: dict[str, CatalogEntity] = {}
    for entity in entities:
        id = unmapped.own_id(entity.place, what, entity.name, "give it another `metadata.name`", found)
        if id:
            found[id] = entity
    return {entity.reference: id for id, entity in found.items()}


def _team(entity: CatalogEntity, id: str) -> Found:
    entity.add_left_out()
    profile, links, channel = entity.spec.at("profile"), entity.links(), _channel(entity)
    chat = next((link for link in links if _CHAT.search(link.hints)), None)
    if chat and not channel:
        links.remove(chat)
        name = re.search(r"#[\w-]+", chat.name)
        channel = name[0] if name else chat.address
    values = {
        "name": entity.metadata.at("title").words or profile.at("displayName").words or entity.name,
        "channel": channel or profile.at("email").words,
        "mission": entity.metadata.at("description").words,
    }
    return Found("team", id, entity.place, values | _of_links(links))


def _channel(entity: CatalogEntity) -> str:
    """The channel that an annotation names; empty where none does."""
    annotations = entity.metadata.at("annotations")
    for key in annotations.keys:
        if _CHANNEL_KEY.search(key):
            value = annotations.at(key).words
            if value and not _CHANNEL_ID.fullmatch(value):  # an id says nothing to people
                return value if re.match(r"#|https?:", value) else f"#{value}"
    return ""


def _of_links(links: Iterable[NamedLink]) -> dict[str, Any]:
    """The values of links: those that have no key of their own are a list in Markdown."""
    dashboards, notes = [], ""
    for link in links:
        if DASHBOARD.search(link.hints):
            dashboards.append({"name": link.name, "address": link.address})
        else:
            # No sign in an address ends it, or begins code.
            address = re.sub(r"[<>`]", lambda sign: f"%{ord(sign[0]):02X}", link.address)
            notes += f"- [{_escaped(link.name)}](<{address}>)\n"
    return {"dashboards": dashboards, "notes": notes}


def _escaped(words: str) -> str:
    """Words that Markdown takes for nothing else."""
    return re.sub(r"([\\`*_\[\]])", r"\\\1", words.replace("&", "&amp;").replace("<", "&lt;"))


def _owner(entity: CatalogEntity, teams: _IdOf) -> str:
    """The id of the team that owns a component; empty, and reported, where it is none."""
    reference, place = next(entity.references("owner", "group"), (None, entity.place))
    if reference is None:
        entity.add("unknown-team", "the component `{name}` is left out: it has no owner", place)
        return ""
    if reference.kind == "team":
        reference = reference._replace(kind="group")
    id = teams(reference) if reference.kind == "group" else ""
    if not id:
        template = "the component `{name}` is left out: its owner `{owner}` isn't a group that becomes a team"
        entity.add("unknown-team", template, place, owner=reference)
    return id


def _service(entity: CatalogEntity, id: str, team: str, services: _IdOf) -> Found:
    entity.add_left_out()
    links = entity.links()
    repository = _repository(entity) or next((link.address for link in links if link.is_source), "")
    values = {
        "name": entity.metadata.at("title").words or entity.name,
        "summary": entity.metadata.at("description").words,
        "depends_on": list(_needs(entity, services)),
        "repository": repository,
    }
    others = _of_links(link for link in links if link.address != repository)
    return Found("service", id, entity.place, values | others, team)


def _needs(entity: CatalogEntity, services: _IdOf) -> Iterator[imported.Need]:
    for reference, place in entity.references("dependsOn", "component"):
        if reference.kind == "component":
            yield imported.Need(services(reference), str(reference), place)
        else:
            template = "the dependency of `{name}` on `{other}` is left out: only components become services"
            entity.add("unknown-service", template, place, other=reference)


def _repository(entity: CatalogEntity) -> str:
    """Where the source of a component is by its annotations; empty where none says it."""
    annotations = entity.metadata.at("annotations")
    location = annotations.at("backstage.io/source-location").words.removeprefix("url:")
    if location.startswith(("https://", "http://")) and not address_fault(location):
        return location
    for host in REPOSITORY_HOSTS:
        slug = annotations.at(f"{host}/project-slug").words
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)+", slug, re.ASCII):
            return f"https://{host}/{slug}"
    return ""

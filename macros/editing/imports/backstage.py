"""Backstage's catalogue: groups become teams, components become their services.

The shapes are those of backstage.io/docs/features/software-catalog/descriptor-format, and Backstage has read the files
already. One may hold several documents, anchors and merge keys included; nothing that it refers to is fetched.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml

from macros.editing.imports import imported
from macros.editing.imports.imported import DASHBOARD, Found, Imported, Place, Unmapped, one_line
from macros.model.values import address_fault
from macros.sources import yaml_file
from macros.sources.yaml_file import place_of
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

MAPPINGS = ("annotations", "profile")
"""Those of them that hold a mapping; in the place of a text it would be a placeholder."""

_CHANNEL_KEY = re.compile(r"(slack|mattermost|discord|chat).*channel(-name)?$|^slack\.com/bot-notify$")
_CHANNEL_ID = re.compile(r"[CDGSU][A-Z0-9]{8,}")
_CHAT = re.compile(r"slack|mattermost|discord|teams\.microsoft|\bchat\b|チャット", re.I)
_REPOSITORY = re.compile(r"repo|repository|source|source code|code|github|gitlab|リポジトリ|ソースコード", re.I)


_NOTHING: tuple[object, ...] = ("", "~", "null", [], {})


class _TextLoader(yaml.CSafeLoader):
    """YAML of texts, lists and mappings alone: `name: 007` is a name, and a tag says nothing."""

    yaml_implicit_resolvers = {"<": [("tag:yaml.org,2002:merge", re.compile("<<"))]}  # noqa: RUF012 - as PyYAML has it
    yaml_constructors = {  # noqa: RUF012
        tag: yaml.SafeLoader.yaml_constructors[tag] for tag in (f"tag:yaml.org,2002:{name}" for name in ("seq", "map"))
    }


class Reference(NamedTuple):
    """What an entity is called by others: its kind and its name, behind its namespace where that isn't the default."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


class NamedLink(NamedTuple):
    """A link of an entity: its title, type, icon and host are `hints` at what stands behind it."""

    name: str
    address: str
    hints: str
    is_source: bool


class CatalogEntity(NamedTuple):
    """An entity of the catalogue, with the two parts that say what it is."""

    kind: str
    name: str
    namespace: str
    place: Place
    metadata: Mapping[str, Any]
    spec: Mapping[str, Any]
    unmapped: Unmapped

    @property
    def annotations(self) -> Mapping[str, Any]:
        """What other tools know of it."""
        return _mapping(self.metadata.get("annotations"))

    def add(self, rule: str, template: str, /, **values: object) -> None:
        """Report what is not taken over of it: `name` is its own."""
        self.unmapped.add(self.place, rule, template, name=self.name, **values)

    def references(self, key: str, kind: str) -> Iterator[Reference]:
        """The references of a key of `spec`, one or a list, each `[kind:][namespace/]name` in any case; `kind` is what
        they are where they don't say."""
        for item in _items(self.spec.get(key)):
            match = re.fullmatch(r"(?:([^:/]+):)?(?:([^:/]+)/)?([^:/]+)", _words(item).lower())
            if match:
                yield Reference(match[1] or kind, _full_name(match[2] or self.namespace, match[3]))

    def links(self) -> list[NamedLink]:
        """The links of an entity whose addresses can be used."""
        found: dict[NamedLink, None] = {}
        for item in _items(self.metadata.get("links")):
            address, title, icon, type = (_words(_mapping(item).get(key)) for key in ("url", "title", "icon", "type"))
            if address_fault(address):
                template = "the link `{link}` of `{name}` is left out: its `url` must begin with https:"
                self.add("odd-value", template, link=title or address)
            else:
                hints = " ".join((type, title, icon, urlsplit(address).hostname or ""))
                is_source = any(map(_REPOSITORY.fullmatch, (type, title)))
                found[NamedLink(title or address, address, hints, is_source)] = None
        return list(found)

    def add_left_out(self) -> None:
        """Report what it has and the handbook has no place for, such as a placeholder (`$text`) where a text is due."""
        parts = {"metadata": self.metadata, "spec": self.spec}
        used = {"metadata": USED["metadata"], "spec": USED[self.kind]}
        keys = [
            f"{part}.{key}"
            for part, values in parts.items()
            for key, value in values.items()
            if value not in _NOTHING and (key not in used[part] or (isinstance(value, dict) and key not in MAPPINGS))
        ]
        for key, usual in USUAL.items() if self.kind == "Component" else ():
            value = _words(self.spec.get(key))
            if value and value not in usual:
                keys.append(f"spec.{key}: {value}")
        if keys:
            listed = ", ".join(f"`{key}`" for key in keys)
            self.add("not-mapped", "these keys of `{name}` have no place in the handbook: {keys}", keys=listed)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Any]:
    """The items of a list; what is no list is its one item."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _words(value: Any) -> str:
    """A text, on one line; empty where there is none."""
    return one_line(value) if isinstance(value, str) and value not in _NOTHING else ""


def _full_name(namespace: str, name: str) -> str:
    return name if namespace == DEFAULT_NAMESPACE else f"{namespace}/{name}"


def read(files: Mapping[str, bytes]) -> Imported:
    """The teams and services of catalogue files, by their names. Raises `DataError` where one is no YAML."""
    unmapped = Unmapped()
    found: dict[str, dict[str, Found]] = {"team": {}, "service": {}}
    for entity in imported.from_each(files, lambda path, raw: _entities(path, raw, unmapped)):
        kind = _becomes(entity)
        name, remedy = _full_name(entity.namespace, entity.name), "give it another `metadata.name`"
        id = unmapped.own_id(entity.place, kind, name, remedy, found[kind]) if kind else ""
        if id and kind == "team":
            found[kind][id] = _team(entity, id)
        elif id and (team := _owner(entity)):
            found[kind][id] = _service(entity, id, team)
    return Imported((*found["team"].values(), *found["service"].values()), tuple(unmapped))


def _entities(path: str, raw: bytes, unmapped: Unmapped) -> Iterator[CatalogEntity]:
    """The entities of a file; other documents are reported. Raises `DataError` where it is no YAML."""
    text, problems = yaml_file.decode(raw, path)
    if text is None:
        raise DataError(problems)
    try:
        loader = _TextLoader(text)
        while loader.check_node():
            node = loader.get_node()
            assert node is not None
            value, place = loader.construct_document(node), Place(path, *place_of(node))
            if value not in _NOTHING:
                yield from _entity(_mapping(value), place, unmapped)
    except yaml.YAMLError as error:
        raise DataError([yaml_file.syntax_problem(path, text, error)]) from error


def _entity(whole: Mapping[str, Any], place: Place, unmapped: Unmapped) -> Iterator[CatalogEntity]:
    kind, metadata = _words(whole.get("kind")), _mapping(whole.get("metadata"))
    name, namespace = _words(metadata.get("name")), _words(metadata.get("namespace")) or DEFAULT_NAMESPACE
    if _words(whole.get("apiVersion")).startswith(API_GROUP) and kind and name:
        yield CatalogEntity(kind, name, namespace.lower(), place, metadata, _mapping(whole.get("spec")), unmapped)
    else:
        template = "not a Backstage entity: it needs `apiVersion: backstage.io/…`, `kind` and `metadata.name`"
        unmapped.add(place, "not-mapped", template)


def _becomes(entity: CatalogEntity) -> str:
    """The kind of what an entity becomes; empty, and reported, where that is nothing."""
    type = _words(entity.spec.get("type")).lower()
    if entity.kind == "Component":
        return "service"
    if entity.kind == "Group" and type not in ABOVE_TEAMS:
        return "team"
    if entity.kind == "Group":
        template = "the group `{name}` is a {type}, which contains teams; only teams are mapped"
    else:
        template = "the {kind} `{name}` is not mapped: only groups and components become teams and services"
    entity.add("not-mapped", template, kind=entity.kind, type=type)
    return ""


def _team(entity: CatalogEntity, id: str) -> Found:
    entity.add_left_out()
    profile, links, channel = _mapping(entity.spec.get("profile")), entity.links(), _channel(entity)
    chat = next((link for link in links if _CHAT.search(link.hints)), None)
    if chat and not channel:
        links.remove(chat)
        name = re.search(r"#[\w-]+", chat.name)
        channel = name[0] if name else chat.address
    values = {
        "name": _words(entity.metadata.get("title")) or _words(profile.get("displayName")) or entity.name,
        "channel": channel or _words(profile.get("email")),
        "mission": _words(entity.metadata.get("description")),
    }
    return Found("team", id, entity.place, values | _of_links(links))


def _channel(entity: CatalogEntity) -> str:
    """The channel that an annotation names; empty where none does."""
    for key, value in entity.annotations.items():
        name = _words(value)
        if name and _CHANNEL_KEY.search(key) and not _CHANNEL_ID.fullmatch(name):  # an id says nothing to people
            return name if re.match(r"#|https?:", name) else f"#{name}"
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
            name = re.sub(r"([\\`*_\[\]])", r"\\\1", link.name.replace("&", "&amp;").replace("<", "&lt;"))
            notes += f"- [{name}](<{address}>)\n"
    return {"dashboards": dashboards, "notes": notes}


def _owner(entity: CatalogEntity) -> str:
    """The id of the team that owns a component; empty, and reported, where it is none."""
    reference = next(entity.references("owner", "group"), None)
    if reference is None:
        entity.add("unknown-team", "the component `{name}` is left out: it has no owner")
        return ""
    id = imported.as_id(reference.name) if reference.kind in ("group", "team") else ""
    if not id:
        template = "the component `{name}` is left out: its owner `{owner}` isn't a group that becomes a team"
        entity.add("unknown-team", template, owner=reference)
    return id


def _service(entity: CatalogEntity, id: str, team: str) -> Found:
    entity.add_left_out()
    links = entity.links()
    repository = _repository(entity) or next((link.address for link in links if link.is_source), "")
    values = {
        "name": _words(entity.metadata.get("title")) or entity.name,
        "summary": _words(entity.metadata.get("description")),
        "depends_on": list(_needs(entity)),
        "repository": repository,
    }
    others = _of_links(link for link in links if link.address != repository)
    return Found("service", id, entity.place, values | others, team)


def _needs(entity: CatalogEntity) -> Iterator[imported.Need]:
    for reference in entity.references("dependsOn", "component"):
        if reference.kind == "component":
            yield imported.Need(imported.as_id(reference.name), str(reference), entity.place)
        else:
            template = "the dependency of `{name}` on `{other}` is left out: only components become services"
            entity.add("unknown-service", template, other=reference)


def _repository(entity: CatalogEntity) -> str:
    """Where the source of a component is by its annotations; empty where none says it."""
    location = _words(entity.annotations.get("backstage.io/source-location")).removeprefix("url:")
    if location.startswith(("https://", "http://")) and not address_fault(location):
        return location
    for host in REPOSITORY_HOSTS:
        slug = _words(entity.annotations.get(f"{host}/project-slug"))
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)+", slug, re.ASCII):
            return f"https://{host}/{slug}"
    return ""

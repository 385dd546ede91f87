"""Other ids and other teams for what the data has, with everything that refers to it.

`rename` and `move` work out the new text of every file and touch none. `checked` reads the tree as it would
be, `remarks` says what no file here can follow, and `write` puts all of it in place, or nothing.
"""

from __future__ import annotations

import difflib
import json
import os
import posixpath
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from macros import addresses, alerts, checklists, checks, functions, load, markdown, names, rules, source, validate
from macros.handbook import Handbook
from macros.kinds import KINDS, LISTED
from macros.model import (
    LANGUAGES,
    Entity,
    Evidence,
    Listed,
    Location,
    Markdown,
    Playbook,
    Ref,
    Team,
    TeamChecklist,
    Url,
    listed,
    walk,
)
from macros.problems import DataError, Problem
from macros.render import Site

RENAMED = tuple(name for name, kind in KINDS.items() if "<id>" in kind.file or "<own>" in kind.file or name == "team")
"""The kinds of files that have an id."""

MOVED = tuple(name for name, kind in KINDS.items() if kind.in_team and name != "team")
"""The kinds of files that belong to a team."""

ANCHORS = {"reading-shelf": "shelf-{}", "reading": "reading-{}", "term": "{}"}
"""What has no page of its own: its anchor on the page that shows it."""

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_CODE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^`\n]*\n.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t\r]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t\r]*\n).)+?(?<!`)(?P=ticks)(?!`)"
    r"|<!--.*?-->",
    re.M | re.S,
)
_LINK = re.compile(
    r"\]\([ \t]*<?(?P<inline>[^\s()<>]+)"
    r"|^[ \t]*(?:- +)?\[[^\]\n]+\]:[ \t]*<?(?P<definition>[^\s<>]+)"
    r"|\b(?:href|src)=(?P<quote>[\"'])(?P<attribute>.+?)(?P=quote)",
    re.M,
)
_NO_CALLS = re.compile(r"\{#.*?#\}|\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", re.S)
_CALL = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
_LINK_CALL = re.compile(
    r"\blink\(\s*(?:kind\s*=\s*)?([\"'])(?P<kind>[\w-]+)\1\s*,\s*(?:id\s*=\s*)?([\"'])(?P<id>[^\"']+)\3"
)


class RefusedError(Exception):
    """What was asked for can't be done. Its words say why, and what to do."""


@dataclass(frozen=True)
class Change:
    """A file that is written anew, or elsewhere, or both. The texts have its BOM and its line ends."""

    before: Path
    after: Path
    old_text: str
    new_text: str

    @property
    def lines(self) -> tuple[int, ...]:
        """The numbers of the lines in the new text that the old one doesn't have there."""
        matcher = difflib.SequenceMatcher(None, self.old_text.split("\n"), self.new_text.split("\n"), autojunk=False)
        found = (range(start, max(end, start + 1)) for tag, _, _, start, end in matcher.get_opcodes() if tag != "equal")
        return tuple(number + 1 for numbers in found for number in numbers)


def rename(
    handbook: Handbook, data_root: Path, kind: str, old: str, new: str, docs: Path | None = None
) -> tuple[Change, ...]:
    """Every file that changes where the `kind` with the id `old` gets the id `new`, by path.

    A team's checklist is named with its team (`payments/new-developer`), its new id without. The old id
    becomes an alias; the id that it had just before takes it back, and leaves the aliases. `docs` is the
    folder of the hand-written pages whose links follow. Raises `RefusedError`.
    """
    desk = _Desk(handbook, data_root, docs)
    if kind in LISTED:
        holder, location, item = _find_listed(handbook, kind, old)
        _check_new_id(handbook, kind, old, new, None)
        desk.replace(holder, (*location, "id"), item.id, new)
    else:
        entity = _find(handbook, kind, old, RENAMED)
        _check_new_id(handbook, kind, _own_id(entity), new, entity)
        old = entity.id
        _move_files(desk, kind, entity, new)
        desk.add_alias(entity, _own_id(entity), new)
    desk.follow_references(kind, old, new)
    if kind == "journey":
        desk.follow_alert_names(old, new)
    ways = tuple(_ways(kind, old, new))
    desk.follow_links(ways, dict(_named_anew(handbook, kind, old, new)))
    return desk.changes()


def move(
    handbook: Handbook, data_root: Path, kind: str, id: str, team: str, docs: Path | None = None
) -> tuple[Change, ...]:
    """Every file that changes where the `kind` with this id goes over to `team`, by path.

    Alerts and a team's checklist are named with their team (`payments/alerts.yml`). Raises `RefusedError`.
    """
    path, owner, own_id = _find_file(handbook, kind, id)
    if handbook.get("team", team) is None:
        raise RefusedError(_unknown("team", team, [it.id for it in handbook.teams]))
    if owner == team:
        raise RefusedError(f"`{own_id}` is in the folder of `{team}` already")
    desk = _Desk(handbook, data_root, docs)
    before = desk.file_of(path)
    after = before.parents[1].with_name(team) / before.parent.name / before.name
    if os.path.lexists(after):
        raise RefusedError(f"{desk.path_of(after)} is there already; rename one of the two first")
    desk.moves[before] = after
    if kind == "engagement":
        desk.follow_links((_Way(("teams", owner, "engagements", own_id), 1, team),), {})
    elif kind == "team-checklist":
        adds = handbook.get("checklist", own_id) is not None
        ways = () if adds else (_Way(("teams", owner, "checklists", own_id), 1, team),)
        desk.follow_links(ways, {(kind, f"{owner}/{own_id}"): f"{team}/{own_id}"})
    return desk.changes()


def _find(handbook: Handbook, kind: str, id: str, kinds: Sequence[str]) -> Entity:
    """The entity that was named; its kind must be one of `kinds`. Raises `RefusedError`."""
    if kind not in kinds:
        raise RefusedError(_unfit(kind) if kind in KINDS else _unknown("kind", kind, kinds))
    every = handbook.all(kind)
    found = handbook.get(kind, id)
    if found is not None:
        return found
    within = [it for it in every if kind == "team-checklist" and _own_id(it) == id]
    if len(within) == 1:
        return within[0]
    if within:
        raise RefusedError(f"several teams have a list `{id}`; choose {', '.join(it.id for it in within)}")
    now = next((it for it in every if id in it.aliases), None)
    if now is not None:
        raise RefusedError(f"`{id}` is an old id of the {kind} `{now.id}`; give that one")
    raise RefusedError(_unknown(kind, id, [it.id for it in every]))


def _unfit(kind: str) -> str:
    """Why nothing of a kind can be renamed, or moved."""
    if kind == "alerts":
        return "a file of alerts has no id, and nothing refers to it: give it any other name by hand"
    if kind == "team":
        return "a team is in no other team's folder"
    if kind in RENAMED:
        return f"{kind} files belong to no team: all teams share them"
    return f"there is one {kind} only, and it has no id"


def _find_listed(handbook: Handbook, kind: str, id: str) -> tuple[Entity, Location, Listed]:
    every = {item.id: (holder, place, item) for holder in handbook.all(LISTED[kind]) for place, item in listed(holder)}
    if id not in every:
        raise RefusedError(_unknown(kind, id, every))
    return every[id]


def _find_file(handbook: Handbook, kind: str, id: str) -> tuple[str, str, str]:
    """The path of what is to be moved, its team, and its id within it."""
    if kind == "alerts":
        files = [(it.path, it.team) for it in handbook.rule_files]
        files += [(it.path, it.team) for it in handbook.all(kind)]
        every = {f"{team}/{posixpath.basename(path)}": (path, team, posixpath.basename(path)) for path, team in files}
        if id not in every:
            raise RefusedError(_unknown("file of alerts", id, every))
        return every[id]
    entity = _find(handbook, kind, id, MOVED)
    return entity.path, entity.team, _own_id(entity)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    every = list(known)
    hint = validate.near(name, every) or f"there {'is' if len(every) == 1 else 'are'} {', '.join(every) or 'none'}"
    return f"there is no {what} `{name}`; {hint}"


def _own_id(entity: Entity) -> str:
    """The id within the team where it is unique there only."""
    return entity.id.rpartition("/")[2]


def _check_new_id(handbook: Handbook, kind: str, old: str, new: str, entity: Entity | None) -> None:
    """Raises `RefusedError` where `new` can't be the id."""
    if not validate.is_id(new):
        raise RefusedError(f"`{new}` can't be an id; use lower-case letters, digits and single hyphens")
    if new == old:
        raise RefusedError(f"`{old}` is its id already")
    if isinstance(entity, TeamChecklist) and handbook.get("checklist", old):
        raise RefusedError(f"{entity.path} adds to the checklist `{old}`, which all teams share; rename that one")
    if kind in LISTED:
        if any(item.id == new for holder in handbook.all(LISTED[kind]) for _, item in listed(holder)):
            raise RefusedError(f"there is a {kind} `{new}` already; choose another id")
        return
    assert entity is not None
    others: list[Entity] = [it for it in handbook.all(kind) if it is not entity]
    if kind == "checklist":
        others += [it for it in handbook.team_checklists if _own_id(it) != old]
    if isinstance(entity, TeamChecklist):
        others = [*(it for it in others if it.team == entity.team), *handbook.checklists]
    for other in others:
        if _own_id(other) == new:
            raise RefusedError(f"{other.path} has the id `{new}` already; choose another one")
        if new in other.aliases:
            raise RefusedError(f"`{new}` is an old id of {other.path}, and ids are never reused; choose another one")
    if addresses.of(kind, entity, new) in handbook.guides:
        raise RefusedError(f"a hand-written page stands at /{addresses.of(kind, entity, new)}; choose another id")


def _move_files(desk: _Desk, kind: str, entity: Entity, new: str) -> None:
    """The files that are called by the id: of a team, all that are in its folder."""
    before = desk.file_of(entity.path)
    if isinstance(entity, Team):
        folder = before.parent.with_name(new)
        for file in sorted(it for it in before.parent.rglob("*") if it.is_symlink() or not it.is_dir()):
            desk.moves[file] = folder / file.relative_to(before.parent)
        return
    desk.moves[before] = before.with_name(f"{new}.yaml")
    if kind == "checklist":
        for own in desk.handbook.team_checklists:
            if _own_id(own) == entity.id:
                file = desk.file_of(own.path)
                desk.moves[file] = file.with_name(f"{new}.yaml")


class _Way(NamedTuple):
    """An address that changes, and all below it: its part number `at` becomes `part`. `*` is any one part.

    Where there is an `anchor`, that becomes `part`, on this page alone.
    """

    address: tuple[str, ...]
    at: int
    part: str
    anchor: str = ""


def _ways(kind: str, old: str, new: str) -> Iterator[_Way]:
    """The addresses that change with an id; `old` is the whole id, with its team where it has one."""
    if kind in ANCHORS:
        section = KINDS[LISTED.get(kind, kind)].section.partition("#")[0]
        anchor = ANCHORS[kind]
        yield _Way(tuple(section.strip("/").split("/")), 0, anchor.format(new), anchor.format(old))
    elif kind == "team-checklist":
        team, _, own = old.partition("/")
        yield _Way(("teams", team, "checklists", own), 3, new)
    else:
        parts = tuple(KINDS[kind].address.strip("/").split("/"))
        at = parts.index("<id>")
        yield _Way(tuple(old if it == "<id>" else "*" if it == "<team>" else it for it in parts), at, new)
    if kind == "checklist":
        yield _Way(("teams", "*", "checklists", old), 3, new)


def _named_anew(handbook: Handbook, kind: str, old: str, new: str) -> Iterator[tuple[tuple[str, str], str]]:
    """By kind and old id, the new id of all that is called by the id: a team's lists, a list's additions."""
    if kind == "team-checklist":
        yield (kind, old), f"{old.partition('/')[0]}/{new}"
        return
    yield (kind, old), new
    for own in handbook.team_checklists:
        if kind == "team" and own.team == old:
            yield ("team-checklist", own.id), f"{new}/{_own_id(own)}"
        if kind == "checklist" and _own_id(own) == old:
            yield ("team-checklist", own.id), f"{own.team}/{new}"


class _Edit(NamedTuple):
    """Characters of a file, from `start` to `end`, and what stands there instead."""

    start: int
    end: int
    words: str


class _Desk:
    """The files as they are, the edits to them, and where they go."""

    def __init__(self, handbook: Handbook, data_root: Path, docs: Path | None) -> None:
        self.handbook = handbook
        self.root = data_root
        self.docs = docs
        self.shown = handbook.organisation.path.removesuffix(f"/{KINDS['organisation'].file}")
        self.moves: dict[Path, Path] = {}
        self.edits: dict[Path, set[_Edit]] = {}
        self._texts: dict[Path, str] = {}
        self._nodes: dict[Path, yaml.Node] = {}

    def file_of(self, path: str) -> Path:
        """The file that messages call `path`."""
        return self.root / path.removeprefix(f"{self.shown}/")

    def path_of(self, file: Path) -> str:
        """What messages call a file."""
        if file.is_relative_to(self.root):
            return f"{self.shown}/{file.relative_to(self.root).as_posix()}"
        return f"{self.docs.name}/{file.relative_to(self.docs).as_posix()}" if self.docs else file.as_posix()

    def text(self, file: Path) -> str:
        """The text of a file, with its BOM and its line ends; bytes that are none come out as they went in."""
        if file not in self._texts:
            self._texts[file] = file.read_bytes().decode("utf-8", "surrogateescape")
        return self._texts[file]

    def node(self, file: Path) -> yaml.Node:
        """The YAML of a file. Its marks count from behind the BOM."""
        if file not in self._nodes:
            node = yaml.compose(self.text(file).removeprefix("\ufeff"), Loader=source.CoreSchemaLoader)
            assert node is not None, "the loader has read a value"
            self._nodes[file] = node
        return self._nodes[file]

    def edit(self, file: Path, start: int, end: int, words: str) -> None:
        """Note an edit of what stands behind the BOM."""
        offset = len(self.text(file)) - len(self.text(file).removeprefix("\ufeff"))
        self.edits.setdefault(file, set()).add(_Edit(start + offset, end + offset, words))

    def span(self, entity: Entity, location: Location) -> tuple[Path, int, int, str]:
        """The file of a value, where it begins and ends behind the BOM, and how it is written there."""
        file = self.file_of(entity.path)
        node = _node_at(self.node(file), location)
        start, end = node.start_mark.index, node.end_mark.index
        return file, start, end, self.text(file).removeprefix("\ufeff")[start:end]

    def replace(self, entity: Entity, location: Location, old: str, new: str) -> None:
        """Write `new` where the value at `location` is `old`."""
        file, start, end, raw = self.span(entity, location)
        self.edit(file, start, end, _rewritten(raw, old, new))

    def follow_references(self, kind: str, old: str, new: str) -> None:
        """Every reference to an id becomes one to the new id."""
        for entity in self.handbook.everything():
            for location, value in walk(entity):
                if isinstance(value, Ref) and value.kind == kind and value == old:
                    self.replace(entity, location, old, new)

    def follow_alert_names(self, old: str, new: str) -> None:
        """Playbooks and evidence that name the alerts on a journey's SLOs, and no others, go on doing so."""
        before, after = names.camel(old), names.camel(new)
        own, others = _alerts_of_journey(self.handbook, old)

        def follow(entity: Entity, location: Location, name: str) -> None:
            fits = [it for it in own if alerts.matches(name, it)]
            if name.startswith(before) and fits and not any(alerts.matches(name, it) for it in others):
                self.replace(entity, location, name, f"{after}{name.removeprefix(before)}")

        for entity in self.handbook.everything():
            for location, value in walk(entity):
                if isinstance(value, Evidence) and value.alert and "*" not in value.alert:
                    follow(entity, (*location, "alert"), value.alert)
            if isinstance(entity, Playbook):
                for position, name in enumerate(entity.alerts):
                    follow(entity, ("alerts", position), name)

    def add_alias(self, entity: Entity, old: str, new: str) -> None:
        """Keep the id `old` as an alias of what is called `new` from now on."""
        file = self.file_of(entity.path)
        body = self.text(file).removeprefix("\ufeff")
        root = self.node(file)
        assert isinstance(root, yaml.MappingNode)
        kept = list(entity.aliases)
        if new in kept[:-1]:
            kept[kept.index(new)] = old
            self.replace(entity, ("aliases", entity.aliases.index(new)), new, old)
        elif new in kept:
            kept.remove(new)
            self.edit(file, *_without_last_alias(body, root))
        else:
            kept.append(old)
            self.edit(file, *_with_alias(body, root, old))
        read, _ = source.parse(self._edited(file).encode("utf-8", "surrogateescape"), entity.path)
        if read is None or read.value.get("aliases", []) != kept:
            words = f"aliases: [{', '.join(kept)}]"
            raise RefusedError(f"{entity.path} is written in a way that has no room for an alias; add `{words}`")

    def follow_links(self, ways: Sequence[_Way], ids: Mapping[tuple[str, str], str]) -> None:
        """Links in the Markdown of the data and in the pages, and calls of `link`, lead to the new address."""
        for entity in self.handbook.everything():
            for location, value in walk(entity):
                if isinstance(value, Markdown):
                    for language in LANGUAGES:
                        self._follow_links_in_data(entity, (*location, language), getattr(value, language), ways)
        for uri, file in pages_in(self.docs).items() if self.docs else ():
            for start, end, words in (*_links_in_page(self.text(file), uri, ways), *_calls(self.text(file), ids)):
                self.edits.setdefault(file, set()).add(_Edit(start, end, words))

    def _follow_links_in_data(
        self, entity: Entity, location: Location, words: str | None, ways: Sequence[_Way]
    ) -> None:
        wanted = sum(_readdressed(it, None, ways) is not None for it in markdown.link_targets(words)) if words else 0
        if not wanted:
            return
        file, start, _, raw = self.span(entity, location)
        # Quotes and escapes can hide what is code and what isn't: the count of links tells which reading is right.
        for text in (_CODE.sub(_blank, raw), raw):
            found = [it for it in _links(text, None, ways) if it.words]
            if len(found) == wanted:
                for edit in found:
                    self.edit(file, start + edit.start, start + edit.end, edit.words)
                return

    def _edited(self, file: Path) -> str:
        text = self.text(file)
        for start, end, words in sorted(self.edits.get(file, ()), reverse=True):
            text = f"{text[:start]}{words}{text[end:]}"
        return text

    def changes(self) -> tuple[Change, ...]:
        """What changes, by path. Raises `RefusedError` for a symbolic link among it, or to it."""
        touched = {*self.moves, *self.edits}
        for folder in (self.root, *([self.docs] if self.docs else [])):
            for link in (it for it in sorted(folder.rglob("*")) if it.is_symlink()):
                target = link.resolve()
                if link in touched or any(target in (it.resolve(), *it.resolve().parents) for it in touched):
                    raise RefusedError(f"{self.path_of(link)} is a symbolic link; put the file itself there")
        return tuple(
            Change(file, self.moves.get(file, file), self.text(file), self._edited(file)) for file in sorted(touched)
        )


def _alerts_of_journey(handbook: Handbook, id: str) -> tuple[list[str], list[str]]:
    """The names of the alerts that are on a journey's SLOs and nothing else, and all other names."""
    own: list[str] = []
    others: list[str] = []
    for group in alerts.by_name(handbook):
        of_journey = all(it.journey and it.journey.id == id for alert in group for it in alert.origins)
        (own if of_journey else others).extend(alert.name for alert in group)
    return own, others


def _node_at(root: yaml.Node, location: Location) -> yaml.Node:
    """The value at a location, or the nearest one around it: a short form stands for a whole mapping."""
    node = root
    for step in location:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            node = next(value for key, value in node.value if key.value == step)
        else:
            break
    return node


def _plain(word: str) -> str:
    """A word as a plain scalar, in quotes where YAML would take it for something else than text."""
    node = yaml.compose(word, Loader=source.CoreSchemaLoader)
    is_text = isinstance(node, yaml.ScalarNode) and isinstance(source.scalar(node), str)
    return word if is_text else json.dumps(word)


def _rewritten(raw: str, old: str, new: str) -> str:
    """A scalar as it is written, with another value; its quotes stay."""
    if raw == old:
        return _plain(new)
    # A block scalar (`>-`) ends with the line break behind it.
    return raw.replace(old, new) if raw.count(old) == 1 else f"{json.dumps(new)}{raw[len(raw.rstrip()) :]}"


def _line_start(text: str, position: int) -> int:
    """Where the line of a position begins."""
    return max((it.end() for it in _LINE_BREAK.finditer(text, 0, position)), default=0)


def _line_end(text: str, position: int) -> int:
    """Where the line of a position ends, before its line break."""
    found = _LINE_BREAK.search(text, position)
    return found.start() if found else len(text)


def _line_break(text: str, position: int) -> str:
    """The line break at the end of a line; that of the first line where it has none."""
    found = _LINE_BREAK.match(text, position) or _LINE_BREAK.search(text)
    return found[0] if found else "\n"


def _with_alias(text: str, root: yaml.MappingNode, alias: str) -> _Edit:
    """The edit that adds an alias: to the list, or as a line of its own below the name."""
    node = next((value for key, value in root.value if key.value == "aliases"), None)
    word = _plain(alias)
    if isinstance(node, yaml.SequenceNode) and (node.flow_style or not node.value):
        at = node.value[-1].end_mark.index if node.value else node.start_mark.index + 1
        return _Edit(at, at, f", {word}" if node.value else word)
    if isinstance(node, yaml.SequenceNode):
        last = node.value[-1]
        lead = text[_line_start(text, last.start_mark.index) : last.start_mark.index]
        if lead.strip() != "-":
            lead = f"{' ' * node.start_mark.column}- "
        return _line_below(text, last, f"{lead}{word}")
    if root.flow_style:
        at = root.value[-1][1].end_mark.index
        return _Edit(at, at, f", aliases: [{word}]")
    line = f"{' ' * root.start_mark.column}aliases: [{word}]"
    name = next((value for key, value in root.value if key.value == "name"), None)
    if name is not None:
        return _line_below(text, _last_leaf(name), line)
    first = _line_start(text, root.start_mark.index)
    return _Edit(first, first, f"{line}{_line_break(text, _line_end(text, first))}")


def _line_below(text: str, node: yaml.Node, line: str) -> _Edit:
    """The edit that puts a line below the last one of a scalar or a flow collection."""
    end = node.end_mark.index
    if node.start_mark.line < node.end_mark.line and node.end_mark.column == 0:
        end = max((it.start() for it in _LINE_BREAK.finditer(text, 0, end)), default=end)
    at = _line_end(text, end)
    return _Edit(at, at, f"{_line_break(text, at)}{line}")


def _last_leaf(node: yaml.Node) -> yaml.Node:
    """What stands last in a value: a block collection ends where the next key begins, behind all comments."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _without_last_alias(text: str, root: yaml.MappingNode) -> _Edit:
    """The edit that takes out what `_with_alias` put in."""
    place = next(number for number, (key, _) in enumerate(root.value) if key.value == "aliases")
    key, node = root.value[place]
    last = node.value[-1]
    start, end = last.start_mark.index, last.end_mark.index
    if len(node.value) > 1:
        if node.flow_style:
            return _Edit(node.value[-2].end_mark.index, end, "")
        return _without_lines(text, start, end)
    if root.flow_style:
        before = root.value[place - 1][1].end_mark.index if place else key.start_mark.index
        whole = re.fullmatch(r", aliases: \[[^\s\]]+\]", text[before : node.end_mark.index])
        return _Edit(before, node.end_mark.index, "") if whole else _Edit(start, end, "")
    line_start, line_end = _line_start(text, start), _line_end(text, end)
    if not node.flow_style or re.fullmatch(r" *aliases: \[[^\s\]]+\]", text[line_start:line_end]):
        return _without_lines(text, key.start_mark.index, end)
    return _Edit(start, end, "")


def _without_lines(text: str, start: int, end: int) -> _Edit:
    """The edit that takes out the lines from one position to another, with the line break before them."""
    first, last = _line_start(text, start), _line_end(text, end)
    if first == 0:
        return _Edit(0, last + len(_line_break(text, last)), "")
    return _Edit(max(it.start() for it in _LINE_BREAK.finditer(text, 0, first)), last, "")


def pages_in(docs: Path) -> dict[str, Path]:
    """The hand-written pages of a folder, by their path in it."""
    return {file.relative_to(docs).as_posix(): file for file in sorted(docs.rglob("*.md"))}


def _page_address(uri: str) -> str:
    address = uri.removesuffix(".md").removesuffix(".ja").removesuffix("index")
    return address if address.endswith("/") or not address else f"{address}/"


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _links_in_page(text: str, uri: str, ways: Sequence[_Way]) -> Iterator[_Edit]:
    return _links(_CODE.sub(_blank, text), uri, ways)


def _links(text: str, uri: str | None, ways: Sequence[_Way]) -> Iterator[_Edit]:
    """The edits of the links that `ways` change; `uri` is the page that they stand on, None within the data.

    HTML counts on a page alone: in the data it is shown as text.
    """
    for match in _LINK.finditer(text):
        name = match.lastgroup or ""
        words = None if name == "attribute" and uri is None else _readdressed(match[name], uri, ways)
        if words is not None:
            yield _Edit(*match.span(name), words)


def _calls(text: str, ids: Mapping[tuple[str, str], str]) -> Iterator[_Edit]:
    """The edits of the calls of `link` in a page that name one of `ids`, which are by kind and old id."""
    for call in _CALL.finditer(_NO_CALLS.sub(_blank, text)):
        for match in _LINK_CALL.finditer(call[0]):
            new = ids.get((match["kind"], match["id"]))
            if new is not None:
                yield _Edit(call.start() + match.start("id"), call.start() + match.end("id"), new)


def _readdressed(target: str, uri: str | None, ways: Sequence[_Way]) -> str | None:
    """The target of a link after the change; None where it is no link to what changes.

    A target that doesn't spell the changing part out where it is expected (`old/../new/`) counts as none.
    """
    path, hash, anchor = target.partition("#")
    parts = _resolved(path, uri)
    if parts is None:
        return None
    pieces = path.split("/")
    spelt = len(pieces) - (pieces[-1] in ("", "index.md", "index.html"))
    for way in ways:
        if way.anchor:
            if parts == way.address and anchor == way.anchor:
                return f"{path}#{way.part}"
        elif len(parts) >= len(way.address) and all(
            wanted in ("*", part) for wanted, part in zip(way.address, parts, strict=False)
        ):
            at = spelt - (len(parts) - way.at)
            if at >= 0 and pieces[at] == parts[way.at] and not {".", ".."} & {*pieces[at:]}:
                pieces[at] = way.part
                return f"{'/'.join(pieces)}{hash}{anchor}"
    return None


def _resolved(path: str, uri: str | None) -> tuple[str, ...] | None:
    """The address that the path of a link leads to, in parts from the root of an edition; None outside of it."""
    if re.match(r"[a-z][a-z0-9+.-]*:|//", path, re.I) or (uri is None and not path.startswith("/")):
        return None
    if path.startswith("/"):
        whole = path
    elif path.endswith(".md"):
        whole = f"/{posixpath.dirname(uri or '')}/{path}"  # MkDocs reads it from the file
    else:
        whole = f"/{_page_address(uri or '')}{path}"  # the browser reads it from the address
    parts = posixpath.normpath(whole).strip("/").split("/")
    if parts[-1] in ("index.md", "index.html"):
        parts = parts[:-1]
    if parts and parts[0] in LANGUAGES[1:]:
        parts = parts[1:]
    return tuple(parts)


def checked(handbook: Handbook, data_root: Path, changes: Sequence[Change], docs: Path | None = None) -> Handbook:
    """The handbook as it would be after the changes. Raises `DataError` with every problem that it would have.

    `docs` is the folder of the hand-written pages; the calls of macros in them are tried too.
    """
    shown = handbook.organisation.path.removesuffix(f"/{KINDS['organisation'].file}")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "data"
        shutil.copytree(data_root, copy, symlinks=True)
        write([_elsewhere(it, data_root, copy) for it in changes if it.before.is_relative_to(data_root)])
        after = load.load(copy, shown, handbook.guides)
    problems, findings = checks.run(after)
    if problems:
        raise DataError(problems)
    if docs is not None:
        texts = {it.before: it.new_text for it in changes}
        sites = {language: Site(after, findings, language, {}) for language in LANGUAGES}
        found: list[Problem] = []
        for uri, file in pages_in(docs).items():
            text = texts[file] if file in texts else file.read_text(encoding="utf-8-sig")
            author = functions.Author(sites["ja" if uri.endswith(".ja.md") else "en"], _page_address(uri))
            found += functions.check_page(text.removeprefix("\ufeff"), f"{docs.name}/{uri}", author)
        if found:
            raise DataError(found)
    return after


def _elsewhere(change: Change, root: Path, other: Path) -> Change:
    """The change of the same file below another root."""
    before, after = (other / it.relative_to(root) for it in (change.before, change.after))
    return Change(before, after, change.old_text, change.new_text)


def write(changes: Sequence[Change]) -> None:
    """Put all changes in place. Where one fails, all files are as they were, and `OSError` says why.

    Folders that are empty afterwards are removed. Raises `RefusedError` where a file has changed meanwhile.
    """
    for change in changes:
        if change.before.read_bytes() != change.old_text.encode("utf-8", "surrogateescape"):
            raise RefusedError(f"{change.before} has changed meanwhile; try again")
        if change.after != change.before and os.path.lexists(change.after):
            raise RefusedError(f"{change.after} is there already")
    undo: list[Callable[[], object]] = []
    try:
        for change in changes:
            for folder in reversed([it for it in change.after.parents if not it.exists()]):
                folder.mkdir()
                undo.append(folder.rmdir)
            staged = _beside(change.after, "new")
            undo.append(lambda it=staged: it.unlink(missing_ok=True))  # type: ignore[misc]
            staged.write_bytes(change.new_text.encode("utf-8", "surrogateescape"))
            shutil.copymode(change.before, staged)
        for change in changes:
            kept = _beside(change.before, "old")
            os.replace(change.before, kept)
            undo.append(lambda it=change, kept=kept: os.replace(kept, it.before))  # type: ignore[misc]
            os.replace(_beside(change.after, "new"), change.after)
            undo.append(lambda it=change: it.after.unlink(missing_ok=True))  # type: ignore[misc]
    except BaseException:
        for step in reversed(undo):
            step()
        raise
    for change in changes:
        _beside(change.before, "old").unlink()
    for folder in sorted({it.before.parent for it in changes if it.before != it.after}, reverse=True):
        _remove_empty(folder)


def _beside(file: Path, suffix: str) -> Path:
    """A name in the same folder, which the loader passes over."""
    return file.with_name(f".{file.name}.{suffix}")


def _remove_empty(folder: Path) -> None:
    """Remove a folder with nothing in it; a team's with nothing but empty folders, since that is no team."""
    team = folder if folder.parent.name == "teams" else folder.parent
    if team.parent.name == "teams" and not any(not it.is_dir() for it in team.rglob("*")):
        shutil.rmtree(team, ignore_errors=True)
    elif folder.exists():
        with suppress(OSError):  # it isn't empty
            folder.rmdir()


def remarks(before: Handbook, after: Handbook) -> tuple[str, ...]:
    """What no file of the handbook can follow: addresses and ticks that are lost, and what others keep."""
    return (
        *_lost_addresses(before, after),
        *_lost_anchors(before, after),
        *_old_addresses(before, after),
        *_lost_ticks(before, after),
        *_old_labels(before, after),
        *_changed_exports(before, after),
    )


def _lost_addresses(before: Handbook, after: Handbook) -> Iterator[str]:
    for address in sorted(_addresses(before) - _addresses(after)):
        if not address.startswith(addresses.GO):  # its alert is told of
            yield f"/{address} leads nowhere any more"


def _addresses(handbook: Handbook) -> frozenset[str]:
    return addresses.known(handbook, [it.name for it in alerts.known(handbook)])


def _pages(handbook: Handbook) -> frozenset[str]:
    """The addresses that are no way to another one."""
    old = {
        addresses.of(kind.name, entity, alias)
        for kind in KINDS.values()
        for entity in (handbook.all(kind.name) if kind.address else ())
        for alias in entity.aliases
    }
    for team in handbook.teams:
        for sheet in checklists.sheets_of(handbook, team):
            old |= {addresses.team_checklist(team, alias) for alias in sheet.aliases}
    return _addresses(handbook) - old


def _ids(handbook: Handbook, kind: str) -> set[str]:
    if kind in LISTED:
        return {item.id for holder in handbook.all(LISTED[kind]) for _, item in listed(holder)}
    return {entity.id for entity in handbook.all(kind)}


def _lost_anchors(before: Handbook, after: Handbook) -> Iterator[str]:
    for kind, anchor in ANCHORS.items():
        for id in sorted(_ids(before, kind) - _ids(after, kind)):
            page = KINDS[LISTED.get(kind, kind)].section.partition("#")[0]
            yield f"/{page}#{anchor.format(id)} leads to the top of its page"
            if kind == "reading":
                yield f"what readers marked as read under `{id}` counts as unread again"


def _old_addresses(before: Handbook, after: Handbook) -> Iterator[str]:
    """Whole addresses in the data, of alerts above all: they are others' to change, or are there for good."""
    gone = _pages(before) - _pages(after)
    served = _addresses(after)
    site = after.organisation.site_address
    for path, (line, column), url in _whole_addresses(after):
        address = addresses.within(site, url)
        if address in gone:
            leads = "a redirect leads on from there" if address in served else "it leads nowhere any more; mend it"
            yield f"{path}:{line}:{column}: {url} stays as it is: {leads}"


def _whole_addresses(handbook: Handbook) -> Iterator[tuple[str, source.Position, str]]:
    for entity in handbook.everything():
        for location, value in walk(entity):
            found: dict[str, None] = {}
            if isinstance(value, Url):
                found[value] = None
            elif isinstance(value, Markdown):
                texts = [getattr(value, language) or "" for language in LANGUAGES]
                found = dict.fromkeys(target for text in texts for target in markdown.link_targets(text))
            for url in found:
                yield entity.path, handbook.place(entity, location), url
    for file in handbook.rule_files:
        for rule in file.alerts:
            if rule.annotations.get(rules.RUNBOOK):
                yield file.path, rule.runbook_place, rule.annotations[rules.RUNBOOK]


def _lost_ticks(before: Handbook, after: Handbook) -> Iterator[str]:
    known = {
        f"{team.id}/{id}"
        for team in after.teams
        for it in checklists.sheets_of(after, team)
        for id in (it.id, *it.aliases)
    }
    for team in before.teams:
        for sheet in checklists.sheets_of(before, team):
            if sheet.key not in known:
                yield f"what readers ticked on the checklist {sheet.key} stays under that name"


def _old_labels(before: Handbook, after: Handbook) -> Iterator[str]:
    for label in ("team", "service", "journey"):
        gone = _ids(before, label) - _ids(after, label)
        for file in after.rule_files:
            for rule in file.alerts:
                value = rule.labels.get(label)
                if value in gone:
                    line, column = rule.place
                    words = f"the label `{label}: {value}` of {rule.name} stays as it is; change it with the monitoring"
                    yield f"{file.path}:{line}:{column}: {words}"


def _changed_exports(before: Handbook, after: Handbook) -> Iterator[str]:
    """Names in the exports: dashboards and silences hold on to them."""
    called = [
        {it.name for it in alerts.known(handbook) if any(origin.journey for origin in it.origins)}
        for handbook in (before, after)
    ]
    for name in sorted(called[0] - called[1]):
        yield f"no alert is called {name} any more, and its /go/ address is gone; silences need the new name"
    labels = [
        {pair for journey, _, slo in handbook.every_slo() for pair in names.labels(handbook, journey, slo).items()}
        for handbook in (before, after)
    ]
    for label, value in sorted(labels[0] - labels[1]):
        yield f"no exported rule has the label {label}={value} any more; what selects by it needs the new one"


def as_text(changes: Sequence[Change], notes: Sequence[str], show: Callable[[Path], str]) -> str:
    """A line for each file, then what is left to know; `show` says what messages call a file."""
    lines = []
    for it in changes:
        where = show(it.before) if it.before == it.after else f"{show(it.before)} -> {show(it.after)}"
        number = len(it.lines)
        lines.append(f"{where}: {number} line{'' if number == 1 else 's'} changed" if number else where)
    return "\n".join((*lines, *(f"note: {note}" for note in notes)))


def as_json(changes: Sequence[Change], notes: Sequence[str], show: Callable[[Path], str]) -> str:
    """An object with the lists `changes` (the lines are those of the new text) and `notes`."""
    value = {
        "changes": [{"before": show(it.before), "after": show(it.after), "lines": it.lines} for it in changes],
        "notes": notes,
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


FORMATS: dict[str, Callable[[Sequence[Change], Sequence[str], Callable[[Path], str]], str]] = {
    "text": as_text,
    "json": as_json,
}


def as_diff(changes: Sequence[Change], show: Callable[[Path], str]) -> str:
    """The changes as a unified diff with git's headers for renamed files; `git apply` can read it."""
    return "".join(line for change in changes for line in _diff(change, show))


def _diff(change: Change, show: Callable[[Path], str]) -> Iterator[str]:
    before, after = show(change.before), show(change.after)
    yield f"diff --git a/{before} b/{after}\n"
    if before != after:
        yield f"rename from {before}\nrename to {after}\n"
    old, new = (re.findall(r"[^\n]*\n|[^\n]+\Z", text) for text in (change.old_text, change.new_text))
    # Without a tab behind it, `patch` ends a name at its first blank.
    ends = ["\t" if " " in name else "" for name in (before, after)]
    for line in difflib.unified_diff(old, new, f"a/{before}{ends[0]}", f"b/{after}{ends[1]}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


__all__ = [
    "ANCHORS",
    "FORMATS",
    "MOVED",
    "RENAMED",
    "Change",
    "RefusedError",
    "as_diff",
    "as_json",
    "as_text",
    "checked",
    "move",
    "pages_in",
    "remarks",
    "rename",
    "write",
]

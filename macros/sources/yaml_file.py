"""A YAML file that remembers where each value stands.

YAML is read with the scalars of the YAML 1.2 core schema: `NO`, `22:30` and `2026-04-17` stay text.
Whatever could surprise a reader is refused with its place: duplicate keys, anchors, aliases, tags, tabs,
characters that can't be seen, text that is not UTF-8. So is what would keep everybody's build waiting.
"""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import getitem
from pathlib import Path
from typing import Any

import yaml

from macros.model.values import Location, inside
from macros.sources import lookalikes, slips
from macros.text.problems import Message, Problem

# Far above what anyone writes, and far below what would exhaust the stack:
MAX_DEPTH = 40  # levels of nesting
MOST_MERGES = 100  # mappings merged into one another

MOST_BYTES = 500_000  # of a file: six times what the longest has
MOST_VALUES = 30_000  # in a file: mappings, lists and what is in them
MOST_ITEMS = 1000  # in a list
MOST_CHARACTERS = 6000  # in a text: reading Markdown may take a time that grows with the square of them
MAX_DIGITS = 1000  # of a number: Python refuses to read more than a few thousand; a longer one stays text

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
CONTROL_MESSAGE = "a character that YAML doesn't allow; delete it"

Position = tuple[int, int]
"""Line and column, both from 1."""

Parts = Mapping[str, tuple[yaml.Node, yaml.Node]]
"""The keys of a mapping, each with its own node and that of its value."""


class CoreSchemaLoader(yaml.CSafeLoader):
    """libyaml with the implicit types of YAML 1.2's core schema (yaml.org/spec/1.2.2, section 10.3.2)."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own way to start from none


for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
    ("float", r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$", list("-+.0123456789")),
):
    CoreSchemaLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


@dataclass(frozen=True)
class Source:
    """One file: its value, and the place of everything in it.

    `value` is made of dicts, lists, strings, numbers, booleans and None. `positions` holds the place of
    each value by location, `keys` the place of each key by the location of its value.
    """

    path: str
    value: Any = None
    positions: dict[Location, Position] = field(default_factory=dict)
    keys: dict[Location, Position] = field(default_factory=dict)

    def place(self, location: Location, *, key: bool = False) -> Position:
        """The place of the value at `location` (of its key with `key`), or of the nearest thing around it."""
        if key and location in self.keys:
            return self.keys[location]
        around = (location[:length] for length in range(len(location), -1, -1))
        return next((self.positions[outer] for outer in around if outer in self.positions), (1, 1))

    def problem(self, location: Location, check: str, message: Message, *, key: bool = False) -> Problem:
        """A problem at the place of `location`."""
        return Problem(self.path, *self.place(location, key=key), check, message)

    @cached_property
    def texts(self) -> tuple[tuple[Location, str], ...]:
        """Every text in it, with its place."""
        every = ((location, reduce(getitem, location, self.value)) for location in self.positions)
        return tuple((location, value) for location, value in every if isinstance(value, str))


def contents(file: Path, path: str, most: int = MOST_BYTES) -> tuple[bytes | None, list[Problem]]:
    """The bytes of a file, or None where it can't be read or has more than `most` of them."""
    try:
        with file.open("rb") as opened:
            return bounded(opened.read(most + 1), path, most)
    except OSError as error:
        return None, [unreadable(path, error)]


def bounded(raw: bytes, path: str, most: int) -> tuple[bytes | None, list[Problem]]:
    """The bytes that a file has or would have, or None where they are more than `most`."""
    if len(raw) > most:
        message = Message("the file has more than {most:,} bytes; split it", most=most)
        return None, [Problem(path, 1, 1, "limit", message)]
    return raw, []


def parse(raw: bytes, path: str) -> tuple[Source | None, list[Problem]]:
    """The source in the bytes of a YAML file; `path` is the name that messages give it.

    None where nothing in it can be used, with every problem met on the way.
    """
    text, problems = decode_visible(raw, path)
    if text is None:
        return None, problems
    lines = text.splitlines()
    tabs = [
        Problem(path, number, line.index("\t") + 1, "tab", Message("a tab; write spaces, two for each level"))
        for number, line in enumerate(lines, 1)
        if "\t" in line
    ]
    if tabs:
        return None, tabs
    try:
        problems = list(_refused_events(text, path))
        node = yaml.compose(text, Loader=CoreSchemaLoader)
    except yaml.YAMLError as error:
        return None, [syntax_problem(path, text, error)]
    if problems:
        return None, problems
    if node is None or is_null(node):
        return None, [empty(path)]
    reader = _DataReader(path, [*lines, ""])
    value = reader.value(node)
    return (None if reader.problems else Source(path, value, reader.positions, reader.keys)), reader.problems


def hidden_characters(text: str, path: str, around: Position | None = None) -> Iterator[Problem]:
    """A problem for each character that can't be seen: at its place, or at that of the value `around` it."""
    for line, column, name in lookalikes.hidden_characters(text):
        message = Message("{character} is invisible; delete it", character=name)
        yield Problem(path, *(around or (line, column)), "hidden-character", message)


def decode(raw: bytes, path: str) -> tuple[str | None, list[Problem]]:
    """Bytes as text, or None and what is wrong with them."""
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        before = raw.removeprefix(codecs.BOM_UTF8)[: error.start].decode("utf-8", "replace")
        message = Message("the file is not UTF-8; save it as UTF-8 (otherwise, names become garbage)")
        return None, [Problem(path, *position_after(before), "encoding", message)]


def decode_visible(raw: bytes, path: str) -> tuple[str | None, list[Problem]]:
    """As `decode`; no text where characters in it can't be seen."""
    text, problems = decode(raw, path)
    problems += hidden_characters(text or "", path)
    return (None if problems else text), problems


def unreadable(path: str, error: OSError) -> Problem:
    """A file that the system doesn't let the handbook read."""
    reason = error.strerror or type(error).__name__
    message = Message("can't be read ({reason}); fix its permissions, or remove it", reason=reason)
    return Problem(path, 1, 1, "unreadable", message)


def empty(path: str) -> Problem:
    """A file that says nothing."""
    message = Message("there is nothing here, or only comments; fill it in, or delete the file")
    return Problem(path, 1, 1, "empty-file", message)


def place_of(node: yaml.Node | yaml.Event) -> Position:
    """Where a node or an event begins."""
    assert node.start_mark is not None
    return node.start_mark.line + 1, node.start_mark.column + 1


def position_after(text: str) -> Position:
    """Where a text goes on that begins with this one."""
    return text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1


def _refused_events(text: str, path: str) -> Iterator[Problem]:
    """Anchors, aliases and tags. Only the event stream shows them, and only text that one may begin in can have any."""
    if not re.search(r"[&*!](?<![^\s\[{,:?].)", text):  # not inside a word
        return
    words = "`{written}` is an anchor, an alias or a tag; write the value itself, or put quotes around the text"
    for event in yaml.parse(text, Loader=CoreSchemaLoader):
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor or tag:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            written = f"{sign}{anchor}" if anchor else str(tag).replace("tag:yaml.org,2002:", "!!")
            yield Problem(path, *place_of(event), "alias", Message(words, written=written))


def syntax_problem(path: str, text: str, error: yaml.YAMLError) -> Problem:
    """What libyaml can't read, with its place."""
    if isinstance(error, yaml.reader.ReaderError):
        before = text.encode()[: error.position]  # libyaml counts bytes here
        return Problem(path, *position_after(before.decode("utf-8", "replace")), "syntax", Message(CONTROL_MESSAGE))
    assert isinstance(error, yaml.MarkedYAMLError)
    mark, begin = error.problem_mark, error.context_mark
    assert mark is not None
    words = ", ".join(part for part in (error.context, error.problem) if part)
    began = (begin.line, begin.column) if begin else None
    advice = "not YAML: {words}; look at this line and the one above it (indentation, a missing colon or quote)"
    slip = slips.cause(slips.Failure((*text.splitlines(), "", ""), words, (mark.line, mark.column), began))
    row, column, message = slip or (mark.line, mark.column, Message(advice, words=words))
    return Problem(path, row + 1, column + 1, "syntax", message)


def text_problems(node: yaml.ScalarNode, path: str, most: int) -> Iterator[Problem]:
    """What no text may have, whatever it is for: characters that come in as escapes (`"\\x07"`), too many of them."""
    place = place_of(node)
    if node.style == '"':  # elsewhere they would stand in the file themselves
        if CONTROL.search(node.value):
            yield Problem(path, *place, "syntax", Message(CONTROL_MESSAGE))
        yield from hidden_characters(node.value, path, place)
    if len(node.value) > most:
        yield Problem(path, *place, "limit", Message("a text of more than {most:,} characters; shorten it", most=most))


def is_null(node: yaml.Node) -> bool:
    """Whether nothing stands there."""
    return isinstance(node, yaml.ScalarNode) and scalar(node) is None


def scalar(node: yaml.Node) -> Any:
    """A scalar as text, number, boolean or None, by the core schema."""
    value = str(node.value)
    if node.tag == "tag:yaml.org,2002:str":  # most are
        return value
    match node.tag.removeprefix("tag:yaml.org,2002:"):
        case "null":
            return None
        case "bool":
            return value.lower() == "true"
        case "int" | "float" as name if len(value) <= MAX_DIGITS:
            with suppress(ValueError):  # where the tag is written out: `!!int a`
                return float(value) if name == "float" else int(value, 0 if value[:2] in ("0o", "0x") else 10)
    return value


@dataclass
class MappingReader:
    """Reads mappings, and keeps what is wrong with them.

    `resolved` has the parts of each mapping with merge keys (yaml.org/type/merge.html): an alias is the node that it
    names, so that no pile of merges is read more than once. While a mapping is being read, None stands there.
    """

    path: str
    problems: list[Problem] = field(default_factory=list, kw_only=True)
    resolved: dict[yaml.Node, Parts | None] = field(default_factory=dict, kw_only=True)
    depth: int = field(default=0, kw_only=True)

    def fault(self, node: yaml.Node, check: str, template: str, /, **values: object) -> None:
        """Take what is wrong at a node, which is left out."""
        self.problems.append(Problem(self.path, *place_of(node), check, Message(template, values)))

    def parts(self, node: yaml.Node) -> Parts:
        """The parts of a mapping: its own before those that its merge key brings."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, "wrong-type", "this must be a mapping: lines of the form `key: value`")
            return {}
        if node in self.resolved:
            known = self.resolved[node]
            if known is None:
                self.fault(node, "alias", "a mapping that is merged into itself; write it out")
            return known or {}
        if self.depth > MOST_MERGES:
            self.fault(node, "syntax", "nested more than {levels} levels deep", levels=MOST_MERGES)
            return {}
        self.resolved[node] = None
        self.depth += 1
        own = self.own(node)
        merged: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        if "<<" in own and not own["<<"][0].style:
            _, merge = own.pop("<<")
            for source in merge.value if isinstance(merge, yaml.SequenceNode) else [merge]:
                for name, part in self.parts(source).items():
                    merged.setdefault(name, part)
        self.depth -= 1
        parts: Parts = {**merged, **own}
        self.resolved[node] = parts
        return parts

    def own(self, node: yaml.MappingNode) -> dict[str, tuple[yaml.ScalarNode, yaml.Node]]:
        """The parts that stand in a mapping itself, the first of several of one name."""
        own: dict[str, tuple[yaml.ScalarNode, yaml.Node]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.fault(key, "syntax", "a key must be a single word")
                continue
            self.problems += text_problems(key, self.path, MOST_CHARACTERS)
            first, _ = own.setdefault(key.value, (key, value))
            if first is not key:
                line = place_of(first)[0]
                template = "`{key}` is here twice (first on line {first}); keep one"
                self.fault(key, "duplicate-key", template, key=key.value, first=line)
        return own


@dataclass
class _DataReader(MappingReader):
    """Makes the value of a data file from its lines, and keeps the place of everything in it."""

    lines: Sequence[str]
    positions: dict[Location, Position] = field(default_factory=dict)
    keys: dict[Location, Position] = field(default_factory=dict)

    def value(self, node: yaml.Node, location: Location = (), key: Position | None = None) -> Any:
        """What stands at a location; `key` is the place, from 0, of the nearest key outside of brackets."""
        self.positions[location] = place_of(node)
        if len(location) > MAX_DEPTH:
            self.fault(node, "syntax", "nested more than {levels} levels deep", levels=MAX_DEPTH)
            return None
        if len(self.positions) > MOST_VALUES:
            if len(self.positions) == MOST_VALUES + 1:
                self.fault(node, "limit", "more than {most:,} values in one file; split it", most=MOST_VALUES)
            return None
        if isinstance(node, yaml.SequenceNode):
            if len(node.value) > MOST_ITEMS:
                self.fault(node, "limit", "more than {most:,} items in one list; split it", most=MOST_ITEMS)
            items = enumerate(node.value[:MOST_ITEMS])
            return [self.value(item, inside(location, number), key) for number, item in items]
        if isinstance(node, yaml.MappingNode):
            mapping = {}
            for name, (word, value) in self.own(node).items():
                place = inside(location, name)
                line, column = self.keys[place] = place_of(word)
                mapping[name] = self.value(value, place, None if node.flow_style else (line - 1, column - 1))
            return mapping
        assert isinstance(node, yaml.ScalarNode)
        self.problems += text_problems(node, self.path, MOST_CHARACTERS)
        slip = slips.misread(node, self.lines, key)
        if slip is not None:
            self.problems.append(Problem(self.path, slip[0] + 1, slip[1] + 1, "syntax", slip[2]))
        return scalar(node)

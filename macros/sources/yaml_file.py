"""A YAML file that remembers where each value stands.

YAML is read with the scalars of the YAML 1.2 core schema: `NO`, `22:30` and `2026-04-17` stay text.
Whatever could surprise a reader is refused with its place: duplicate keys, anchors, aliases, tags, tabs,
characters that can't be seen, text that is not UTF-8. So is what would keep everybody's build waiting.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from macros.model.values import Location
from macros.sources import lookalikes, slips
from macros.text.problems import Message, Problem

MAX_DEPTH = 40
"""Levels of nesting: far above what any kind needs, far below what would exhaust the stack."""

MOST_BYTES = 500_000
"""Of a file: six times what the longest has."""

MOST_VALUES = 30_000
"""In a file: mappings, lists and what is in them."""

MOST_ITEMS = 1000
"""In a list."""

MOST_CHARACTERS = 6000
"""In a text: reading Markdown may take a time that grows with the square of them."""

MAX_DIGITS = 1000
"""Digits of a number: Python refuses to read one of more than a few thousand. A longer one stays text."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
CONTROL_MESSAGE = "a character that YAML doesn't allow; delete it"

Position = tuple[int, int]
"""Line and column, both from 1."""


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
        for length in range(len(location), 0, -1):
            if location[:length] in self.positions:
                return self.positions[location[:length]]
        return self.positions.get((), (1, 1))

    def problem(self, location: Location, rule: str, message: Message, *, key: bool = False) -> Problem:
        """A problem at the place of `location`."""
        return Problem(self.path, *self.place(location, key=key), rule, message)


def read(file: Path, path: str) -> tuple[Source | None, list[Problem]]:
    """Read a YAML file; `path` is the name that messages give it.

    Returns the source, or None where nothing in it can be used, and every problem met on the way.
    """
    raw, problems = contents(file, path)
    return (None, problems) if raw is None else parse(raw, path)


def contents(file: Path, path: str, most: int = MOST_BYTES) -> tuple[bytes | None, list[Problem]]:
    """The bytes of a file, or None where it can't be read or has more than `most` of them."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(most + 1)
    except OSError as error:
        return None, [unreadable(path, error)]
    return bounded(raw, path, most)


def bounded(raw: bytes, path: str, most: int = MOST_BYTES) -> tuple[bytes | None, list[Problem]]:
    """The bytes that a file has or would have, or None where they are more than `most`."""
    if len(raw) > most:
        return None, [_over(path, (1, 1), "the file has more than {most} bytes; split it", most)]
    return raw, []


def parse(raw: bytes, path: str) -> tuple[Source | None, list[Problem]]:
    """As `read`, from bytes."""
    text, problems = decode(raw, path)
    if text is None:
        return None, problems
    tabs = [
        Problem(path, number, line.index("\t") + 1, "tab", Message("a tab; write spaces, two for each level"))
        for number, line in enumerate(text.splitlines(), 1)
        if "\t" in line
    ]
    unwanted = [*tabs, *hidden_characters(text, path)]
    if unwanted:
        return None, unwanted
    try:
        problems = list(_refused_events(text, path))
        node = yaml.compose(text, Loader=CoreSchemaLoader)
    except yaml.YAMLError as error:
        return None, [syntax_problem(path, text, error)]
    if problems:
        return None, problems
    if node is None or (isinstance(node, yaml.ScalarNode) and scalar(node) is None):
        return None, [Problem(path, 1, 1, "empty-file", _nothing_in(text))]
    source = Source(path)
    value = _construct(node, (), source, problems)
    problems += _misread(node, text.splitlines(), path)
    return (None if problems else Source(path, value, source.positions, source.keys)), problems


def _nothing_in(text: str) -> Message:
    if any(line.lstrip().startswith("#") for line in text.splitlines()):
        return Message("there are only comments; take the `# ` off the lines that hold data, or delete the file")
    return Message("the file is empty; fill it in, or delete it")


def hidden_characters(text: str, path: str, around: Position | None = None) -> Iterator[Problem]:
    """A problem for each character that can't be seen: at its place, or at that of the value `around` it."""
    for line, column, name in lookalikes.hidden_characters(text):
        message = Message("{character} can't be seen; delete it", {"character": name})
        yield Problem(path, *(around or (line, column)), "hidden-character", message)


def decode(raw: bytes, path: str) -> tuple[str | None, list[Problem]]:
    """Bytes as text, or None and what is wrong with them."""
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        before = raw.removeprefix(codecs.BOM_UTF8)[: error.start].decode("utf-8", "replace")
        message = Message("the file is not UTF-8; save it as UTF-8 (without it, names come out as garbage)")
        return None, [Problem(path, *_position_after(before), "encoding", message)]


def unreadable(path: str, error: OSError) -> Problem:
    """A file that the system doesn't let the handbook read."""
    reason = error.strerror or type(error).__name__
    message = Message("can't be read ({reason}); mend its permissions, or remove it", {"reason": reason})
    return Problem(path, 1, 1, "unreadable", message)


def link_fault(file: Path, root: Path, shown: str) -> Message | None:
    """What is wrong with a file below the folder `root`, which messages call `shown`, as a symbolic link."""
    if not file.is_symlink():
        return None
    target = Path(os.path.realpath(file))
    if not target.is_relative_to(os.path.realpath(root)):
        return Message("a symbolic link that leaves {folder}/; put the file itself here", {"folder": shown})
    if not target.exists():
        return Message("a symbolic link to nothing; delete it")
    return Message("a symbolic link to a folder; put the folder itself here") if target.is_dir() else None


def _position_after(text: str) -> Position:
    return text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1


def _refused_events(text: str, path: str) -> Iterator[Problem]:
    """Anchors, aliases and tags. Only the event stream shows them, and only text with one of `&*!` can have any."""
    if not re.search(r"[&*!]", text):
        return
    for event in yaml.parse(text, Loader=CoreSchemaLoader):
        mark = event.start_mark
        assert mark is not None
        place = (mark.line + 1, mark.column + 1)
        anchor = getattr(event, "anchor", None)
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            message = Message(
                "the alias *{name}; write the value out where it is used, or put quotes around a text with a star",
                {"name": anchor},
            )
            yield Problem(path, *place, "alias", message)
        elif anchor:
            message = Message(
                "the anchor &{name}; write the value out where it is used, or put quotes around a text with `&`",
                {"name": anchor},
            )
            yield Problem(path, *place, "alias", message)
        if tag:
            name = tag.replace("tag:yaml.org,2002:", "!!")
            message = Message(
                "the tag {name}; leave it out, the handbook knows what each key holds – "
                "or put quotes around a text that begins with `!`",
                {"name": name},
            )
            yield Problem(path, *place, "tag", message)


def syntax_problem(path: str, text: str, error: yaml.YAMLError) -> Problem:
    """What libyaml can't read, with its place."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        position = getattr(error, "position", None)
        before = text.encode()[: position if isinstance(position, int) else 0]  # libyaml counts bytes here
        return Problem(path, *_position_after(before.decode("utf-8", "replace")), "syntax", Message(CONTROL_MESSAGE))
    words = ", ".join(part for part in (getattr(error, "context", None), getattr(error, "problem", None)) if part)
    begin = getattr(error, "context_mark", None)
    began = (begin.line, begin.column) if begin else None
    slip = slips.cause(slips.Failure(text.splitlines(), words, (mark.line, mark.column), began))
    if slip is not None:
        return Problem(path, slip[0] + 1, slip[1] + 1, "syntax", slip[2])
    message = Message(
        "not YAML: {words}; look at this line and the one above it (indentation, a missing colon or quote)",
        {"words": words},
    )
    return Problem(path, mark.line + 1, mark.column + 1, "syntax", message)


def _misread(node: yaml.Node, lines: Sequence[str], path: str, key: Position | None = None) -> Iterator[Problem]:
    """What libyaml reads without an error, and otherwise than whoever wrote it meant.

    Takes the `lines` of the file and the place (from 0) of the key that the node is the value of, where it has one.
    """
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _misread(item, lines, path, key)
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            mark = name.start_mark
            yield from _misread(value, lines, path, None if node.flow_style else (mark.line, mark.column))
    elif isinstance(node, yaml.ScalarNode):
        slip = slips.misread(_placed(node), lines, key)
        if slip is not None:
            yield Problem(path, slip[0] + 1, slip[1] + 1, "syntax", slip[2])


def _placed(node: yaml.ScalarNode) -> slips.Scalar:
    begins = (node.start_mark.line, node.start_mark.column)
    return slips.Scalar(str(node.value), node.style or "", begins, (node.end_mark.line, node.end_mark.column))


def _construct(node: yaml.Node, location: Location, source: Source, problems: list[Problem]) -> Any:
    place = (node.start_mark.line + 1, node.start_mark.column + 1)
    source.positions[location] = place
    if len(location) > MAX_DEPTH:
        message = Message("nested more than {levels} levels deep", {"levels": MAX_DEPTH})
        problems.append(Problem(source.path, *place, "syntax", message))
        return None
    if len(source.positions) > MOST_VALUES:
        if len(source.positions) == MOST_VALUES + 1:
            problems.append(_over(source.path, place, "more than {most} values in one file; split it", MOST_VALUES))
        return None
    if isinstance(node, yaml.SequenceNode):
        if len(node.value) > MOST_ITEMS:
            problems.append(_over(source.path, place, "more than {most} items in one list; split it", MOST_ITEMS))
        items = enumerate(node.value[:MOST_ITEMS])
        return [_construct(item, (*location, number), source, problems) for number, item in items]
    if isinstance(node, yaml.MappingNode):
        return _construct_mapping(node, location, source, problems)
    assert isinstance(node, yaml.ScalarNode)
    problems += text_problems(node, source.path, MOST_CHARACTERS)
    return scalar(node)


def text_problems(node: yaml.ScalarNode, path: str, most: int) -> Iterator[Problem]:
    """What no text may have, whatever it is for: characters that come in as escapes (`"\\x07"`), too many of them."""
    place = (node.start_mark.line + 1, node.start_mark.column + 1)
    if CONTROL.search(node.value):
        yield Problem(path, *place, "syntax", Message(CONTROL_MESSAGE))
    if node.style == '"':
        yield from hidden_characters(node.value, path, place)
    if len(node.value) > most:
        yield _over(path, place, "a text of more than {most} characters; shorten it", most)


def _over(path: str, place: Position, template: str, most: int) -> Problem:
    return Problem(path, *place, "limit", Message(template, {"most": f"{most:,}"}))


def _construct_mapping(
    node: yaml.MappingNode, location: Location, source: Source, problems: list[Problem]
) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, yaml.ScalarNode):
            message = Message("a key must be a single word")
            problems.append(Problem(source.path, *place, "syntax", message))
            continue
        problems += text_problems(key_node, source.path, MOST_CHARACTERS)
        key = str(key_node.value)
        if key in mapping:
            first = source.keys[(*location, key)][0]
            message = Message(
                "`{key}` stands here twice (first on line {first}); keep one", {"key": key, "first": first}
            )
            problems.append(Problem(source.path, *place, "duplicate-key", message))
            continue
        source.keys[(*location, key)] = place
        mapping[key] = _construct(value_node, (*location, key), source, problems)
    return mapping


def scalar(node: yaml.Node) -> Any:
    """A scalar as text, number, boolean or None, by the core schema."""
    value = str(node.value)
    match node.tag.removeprefix("tag:yaml.org,2002:"):
        case "null":
            return None
        case "bool":
            return value.lower() == "true"
        case "int" | "float" as name if len(value) <= MAX_DIGITS:
            with suppress(ValueError):  # where the tag is written out: `!!int a`
                return float(value) if name == "float" else int(value, 0 if value[:2] in ("0o", "0x") else 10)
    return value

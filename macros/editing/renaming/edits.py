"""Edits of a YAML file by position, so that its comments and its layout stay."""

import json
import re
from typing import NamedTuple

import yaml

from macros.model.values import Location
from macros.sources import yaml_file

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class Edit(NamedTuple):
    """Characters of a file, from `start` to `end`, and what stands there instead."""

    start: int
    end: int
    words: str


def node_at(root: yaml.Node, location: Location) -> yaml.Node:
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


def plain(word: str) -> str:
    """A word as a plain scalar, in quotes where YAML would take it for something else than text."""
    node = yaml.compose(word, Loader=yaml_file.CoreSchemaLoader)
    is_text = isinstance(node, yaml.ScalarNode) and isinstance(yaml_file.scalar(node), str)
    return word if is_text else json.dumps(word)


def rewritten(raw: str, old: str, new: str) -> str:
    """A scalar as it is written, with another value; its quotes stay."""
    if raw == old:
        return plain(new)
    # A block scalar (`>-`) ends with the line break behind it.
    return raw.replace(old, new) if raw.count(old) == 1 else f"{json.dumps(new)}{raw[len(raw.rstrip()) :]}"


def _line_end(text: str, position: int) -> int:
    """Where the line of a position ends, before its line break."""
    found = _LINE_BREAK.search(text, position)
    return found.start() if found else len(text)


def _line_break(text: str, position: int) -> str:
    """The line break at the end of a line; that of the first line where it has none."""
    found = _LINE_BREAK.match(text, position) or _LINE_BREAK.search(text)
    return found[0] if found else "\n"


def with_alias(text: str, root: yaml.MappingNode, alias: str) -> Edit:
    """The edit that adds an alias: to the list, or as a line of its own below the name, or the first key."""
    node = next((value for key, value in root.value if key.value == "aliases"), None)
    word = plain(alias)
    if isinstance(node, yaml.SequenceNode) and (node.flow_style or not node.value):
        at = node.value[-1].end_mark.index if node.value else node.start_mark.index + 1
        return Edit(at, at, f", {word}" if node.value else word)
    if isinstance(node, yaml.SequenceNode):
        last = node.value[-1]
        lead = text[last.start_mark.index - last.start_mark.column : last.start_mark.index]
        return _line_below(text, last, f"{lead}{word}")
    _, first = next((part for part in root.value if part[0].value == "name"), root.value[0])
    return _line_below(text, _last_leaf(first), f"{' ' * root.start_mark.column}aliases: [{word}]")


def _line_below(text: str, node: yaml.Node, line: str) -> Edit:
    """The edit that puts a line below the last one of a scalar or a flow collection."""
    end = node.end_mark.index
    if node.start_mark.line < node.end_mark.line and node.end_mark.column == 0:
        end = max((match.start() for match in _LINE_BREAK.finditer(text, 0, end)), default=end)
    at = _line_end(text, end)
    return Edit(at, at, f"{_line_break(text, at)}{line}")


def _last_leaf(node: yaml.Node) -> yaml.Node:
    """What stands last in a value: a block collection ends behind the comments that follow it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def without_last_alias(text: str, root: yaml.MappingNode) -> Edit:
    """The edit that takes out what `with_alias` put in."""
    key, node = next(part for part in root.value if part[0].value == "aliases")
    last = node.value[-1]
    start, end = last.start_mark.index, last.end_mark.index
    if len(node.value) > 1:
        if node.flow_style:
            return Edit(node.value[-2].end_mark.index, end, "")
        return _without_lines(text, start - last.start_mark.column, end)
    line = text[start - last.start_mark.column : _line_end(text, end)]
    if not node.flow_style or re.fullmatch(r" *aliases: \[[^\s\]]+\]", line):
        return _without_lines(text, key.start_mark.index - key.start_mark.column, end)
    return Edit(start, end, "")


def _without_lines(text: str, first: int, end: int) -> Edit:
    """The edit that takes out lines: from where one begins to a position, with the break before."""
    before = max((match.start() for match in _LINE_BREAK.finditer(text, 0, first)), default=0)
    return Edit(before, _line_end(text, end), "")

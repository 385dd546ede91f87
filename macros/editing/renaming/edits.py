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


def with_alias(text: str, root: yaml.MappingNode, alias: str) -> Edit:
    """The edit that adds an alias: first in the list, or as a line of its own above the name, or the first key."""
    node = next((value for key, value in root.value if key.value == "aliases"), None)
    word = plain(alias)
    found = _LINE_BREAK.search(text)
    line_break = found[0] if found else "\n"
    if isinstance(node, yaml.SequenceNode) and not node.value:
        return Edit(node.start_mark.index + 1, node.start_mark.index + 1, word)
    if isinstance(node, yaml.SequenceNode):
        mark = node.value[0].start_mark
        between = ", " if node.flow_style else f"{line_break}{text[mark.index - mark.column : mark.index]}"
        return Edit(mark.index, mark.index, f"{word}{between}")
    first, _ = next((part for part in root.value if part[0].value == "name"), root.value[0])
    mark = first.start_mark
    return Edit(mark.index, mark.index, f"aliases: [{word}]{line_break}{' ' * mark.column}")

"""A small handbook that is nobody's: what recipes, examples of rules and pictures are laid on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "neutral"
"""Holds `data/`: two teams, and one of most kinds, each with little more than it must have."""


def files() -> dict[str, str]:
    """Every file of the neutral handbook, by its path below `data/`."""
    data = FOLDER / "data"
    return {it.relative_to(data).as_posix(): it.read_text(encoding="utf-8") for it in sorted(data.rglob("*.yaml"))}


def laid_on(below: Mapping[str, str], above: Mapping[str, str]) -> dict[str, str]:
    """Files with lines of some of them laid on top; a file that isn't there is taken as it is.

    A key takes the place of that key; an item of a list whose items have ids, of the one with its id. So a
    reader can be shown a few lines of a file, and a test has all of it.
    """
    return {**below, **{path: merged(below[path], text) if path in below else text for path, text in above.items()}}


def merged(below: str, above: str) -> str:
    """One YAML text with another laid on top. Both hold a mapping."""
    lower, upper = yaml.compose(below), yaml.compose(above)
    assert lower
    assert upper
    return str(yaml.serialize(_merged(lower, upper), allow_unicode=True))


def _merged(below: yaml.Node, above: yaml.Node) -> yaml.Node:
    if isinstance(below, yaml.MappingNode) and isinstance(above, yaml.MappingNode):
        known = {key.value: value for key, value in below.value}
        parts = {key.value: (key, value) for key, value in below.value}
        for key, value in above.value:
            parts[key.value] = (key, _merged(known[key.value], value) if key.value in known else value)
        return yaml.MappingNode(below.tag, list(parts.values()))
    if isinstance(below, yaml.SequenceNode) and isinstance(above, yaml.SequenceNode):
        known_items = {_id(item): item for item in below.value if _id(item)}
        items = {_id(item): _merged(known_items.get(_id(item), item), item) for item in above.value if _id(item)}
        if above.value and len(items) == len(above.value):
            return yaml.SequenceNode(below.tag, list({**known_items, **items}.values()))
    return above


def _id(node: yaml.Node) -> str:
    if not isinstance(node, yaml.MappingNode):
        return ""
    return next((value.value for key, value in node.value if key.value == "id"), "")

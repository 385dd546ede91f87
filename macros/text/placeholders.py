"""Names in braces, as `{namespace}`, in the texts and the commands of a playbook."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# What shells, jsonpath and templates write has a dollar sign, a backslash or a second brace before it; a count has
# digits alone.
PATTERN = r"(?<![$\\{])\{(?!\d+\})(\w[\w-]*)\}(?!\})"
_PLACEHOLDER = re.compile(PATTERN, re.ASCII)


class Piece(NamedTuple):
    """A part of a text: words as they are, or the `name` that stands in braces there."""

    words: str
    name: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """A text, cut at the names in it."""
    parts = enumerate(_PLACEHOLDER.split(text))  # each second one is a name
    return (Piece(f"{{{part}}}", part) if number % 2 else Piece(part) for number, part in parts if part)


def names(text: str) -> list[str]:
    """The names in a text, in order; each as often as it stands there."""
    return _PLACEHOLDER.findall(text)

"""Names in braces, as `{namespace}`, in the texts and the commands of a playbook."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# What shells, jsonpath and templates write has a dollar sign, a backslash or a second brace before it.
_PLACEHOLDER = re.compile(r"(?<![$\\{])\{([A-Za-z][\w-]*)\}(?!\})", re.ASCII)


class Piece(NamedTuple):
    """A part of a text: words as they are, or the `name` that stands in braces there."""

    words: str
    name: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """A text, cut at the names in it."""
    end = 0
    for found in _PLACEHOLDER.finditer(text):
        if found.start() > end:
            yield Piece(text[end : found.start()])
        yield Piece(found[0], found[1])
        end = found.end()
    if end < len(text):
        yield Piece(text[end:])


def names(text: str) -> list[str]:
    """The names in a text, in order; each as often as it stands there."""
    return [piece.name for piece in pieces(text) if piece.name]

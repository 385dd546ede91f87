"""Colour for words at a terminal; nothing else ever carries it."""

from collections.abc import Mapping
from enum import Enum
from typing import TextIO


class Ink(Enum):
    """What words are, and how a terminal shows that (the parameters of ECMA-48's SGR)."""

    PATH = "1"
    PLACE = "2"
    PROBLEM = "31"
    FINDING = "33"


def inked(words: str, ink: Ink, paint: bool) -> str:
    """The words with the codes that colour them, or as they are where nothing is to `paint` them."""
    return f"\x1b[{ink.value}m{words}\x1b[0m" if paint else words


def is_wanted(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether what goes to a stream gets colour: at a terminal, without `NO_COLOR` (no-color.org), that isn't dumb."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"

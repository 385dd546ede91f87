"""Colour for words at a terminal; nothing else ever carries it."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TextIO


class Ink(Enum):
    """What words are, and how a terminal shows that (the parameters of ECMA-48's SGR)."""

    PATH = "1"
    PLACE = "2"
    PROBLEM = "31"
    FINDING = "33"


Paint = Callable[[str, Ink], str]
"""Gives words their ink, or leaves them as they are."""


def plain(words: str, ink: Ink) -> str:
    """The words as they are."""
    return words


def at_terminal(words: str, ink: Ink) -> str:
    """The words with the codes that colour them."""
    return f"\x1b[{ink.value}m{words}\x1b[0m"


def for_stream(stream: TextIO, environment: Mapping[str, str]) -> Paint:
    """The paint for what goes to a stream: none but at a terminal, under `NO_COLOR` (no-color.org) or a dumb one."""
    wanted = stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    return at_terminal if wanted else plain

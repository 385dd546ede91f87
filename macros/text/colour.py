"""Colour for words at a terminal; nothing else ever carries it."""

from enum import Enum


class Ink(Enum):
    """What words are, and how a terminal shows that (the parameters of ECMA-48's SGR)."""

    PATH = "1"
    PLACE = "2"
    PROBLEM = "31"
    FINDING = "33"


def inked(words: str, ink: Ink, paint: bool) -> str:
    """The words with the codes that colour them, or as they are where nothing is to `paint` them."""
    return f"\x1b[{ink.value}m{words}\x1b[0m" if paint else words

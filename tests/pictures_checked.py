"""What no picture may have: boxes on each other or outside, and words that are wider than their box."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from macros.site.drawing import INSET, Box, Picture, width


def faults(picture: Picture) -> list[str]:
    """What is wrong with where things stand in a picture, in words."""
    return [*_overlaps(picture), *_outside(picture), *_too_wide(picture)]


def _overlaps(picture: Picture) -> Iterator[str]:
    for one, other in combinations(picture.boxes, 2):
        if _meet(one.x, one.width, other.x, other.width) and _meet(one.y, one.height, other.y, other.height):
            yield f"{_named(one)} and {_named(other)} overlap"


def _meet(start: float, length: float, other: float, other_length: float) -> bool:
    return start < other + other_length and other < start + length


def _outside(picture: Picture) -> Iterator[str]:
    for box in picture.boxes:
        if min(box.x, box.y) < 0 or box.x + box.width > picture.width or box.y + box.height > picture.height:
            yield f"{_named(box)} leaves the picture"
    for words in picture.words:
        if not (0 <= words.x <= picture.width and 0 <= words.y <= picture.height):
            yield f"{words.text} leaves the picture"


def _too_wide(picture: Picture) -> Iterator[str]:
    for box in picture.boxes:
        for line in (*box.lines, *box.note):
            if width(line) > box.width - 2 * INSET:
                yield f"{line!r} is wider than its box"


def _named(box: Box) -> str:
    return " ".join(box.lines)

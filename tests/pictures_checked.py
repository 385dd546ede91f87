"""What must hold of every picture: its boxes keep apart, and their words fit in them."""

from __future__ import annotations

from itertools import combinations

from macros.site.drawing import INSET, Box, Label, Picture, width


def faults(picture: Picture) -> list[str]:
    """What is wrong: boxes that overlap or stick out, and lines that are wider than their box."""
    pairs = [f"{one.lines} on {other.lines}" for one, other in combinations(picture.boxes, 2) if overlap(one, other)]
    inside = [
        f"{box.lines} sticks out"
        for box in picture.boxes
        if min(box.x, box.y) < 0 or box.x + box.width > picture.width or box.y + box.height > picture.height
    ]
    lines = [(line, box) for box in picture.boxes for line in (*box.lines, *box.notes)]
    wide = [f"{line} is wider than its box" for line, box in lines if width(line) > box.width - 2 * INSET]
    words = [f"{word.text} sticks out" for word in picture.words if sticks_out(word, picture)]
    return [*pairs, *inside, *wide, *words]


def ends(words: Label) -> tuple[float, float]:
    """The left and the right end of words outside of boxes."""
    long = width(words.text)
    before = long if words.look == "end" else 0
    return words.x - before, words.x - before + long


def sticks_out(words: Label, picture: Picture) -> bool:
    """Whether words leave their picture."""
    left, right = ends(words)
    return left < 0 or right > picture.width


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have any room in common."""
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    above = one.y + one.height <= other.y or other.y + other.height <= one.y
    return not (beside or above)

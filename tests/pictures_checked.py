"""What must hold of every picture: its boxes stand apart and inside of it, and their words fit."""

from __future__ import annotations

from itertools import combinations

from macros.site.drawing import INSET, Box, Picture, width

MOST_NODES = 40
"""Of more boxes, a picture would be a wall."""


def faults(picture: Picture) -> list[str]:
    """What is wrong with a picture, in words."""
    found = [f"{len(picture.boxes)} boxes"] if len(picture.boxes) > MOST_NODES else []
    found += [f"{first} on {second}" for first, second in combinations(picture.boxes, 2) if _overlap(first, second)]
    for box in picture.boxes:
        room = box.width - 2 * INSET
        found += [f"too wide: {line}" for line in (*box.lines, *box.note) if width(line) > room]
        if not (0 <= box.x <= picture.width - box.width and 0 <= box.y <= picture.height - box.height):
            found.append(f"sticks out: {box}")
    return found


def _overlap(first: Box, second: Box) -> bool:
    beside = first.x + first.width <= second.x or second.x + second.width <= first.x
    return not beside and first.y < second.y + second.height and second.y < first.y + first.height

"""Pictures in SVG: boxes with words in them, arrows between these. Where they stand is each picture's own business.

All lengths are in CSS pixels at a picture's natural size. What is drawn stands on the page in words, too.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple
from unicodedata import east_asian_width

from macros.model.values import Text
from macros.text.problems import Message

LETTER, LINE, INSET, BELOW = 12, 16, 8, 10
"""The size of a letter, the height of a line, the room between a box's edge and its words, and that below a box."""

_SHARES = dict.fromkeys("iljtfrI.,:;'|!()[]- ", 0.4) | dict.fromkeys("mwMWGOQ@%&—…→", 0.95)
"""How wide letters that are narrow or broad are, as a share of their height."""

_NEVER_FIRST = "、。，．・ー）」』ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_LINE_ENDS = re.compile(f"(?<=[ -])|(?<=[a-z])(?=[A-Z])|(?:(?<=[⺀-￯])|(?=[⺀-￯]))(?![{_NEVER_FIRST}])")
"""Behind a space or a hyphen, before a capital, and beside a Japanese letter, but before none that begins no line."""


Said = Text | Message | str


@dataclass(frozen=True)
class Box:
    """A text in a frame, its upper left corner at `x` and `y`; below the text a quiet note. It leads `to` an address.

    `look` are its classes: a state (`good`, `some`, `bad`), `here` for what the page is about, `missing` for what
    isn't there. It stands for a `thing`, and follows those boxes of the column before that have the numbers `after`.
    It is as high as its words need, or `tall`. It may be `called` something that has no room. Where the text isn't in
    the page's language, `lang` says in which.
    """

    text: Said
    note: Said = ""
    to: str = ""
    look: str = ""
    after: Sequence[int] = ()
    thing: object = None
    called: str = ""
    lang: str = ""
    tall: float = 0
    x: float = 0
    y: float = 0
    width: float = 0

    @cached_property
    def lines(self) -> list[str]:
        """The text, as far as there is room."""
        return [*lines(str(self.text), self.width - 2 * INSET)]

    @cached_property
    def notes(self) -> list[str]:
        """The note, as far as there is room in two lines."""
        return [*lines(str(self.note), self.width - 2 * INSET, 2)]

    @property
    def height(self) -> float:
        """With a line's height for each line, and room above and below."""
        return max(self.tall, LINE * len(self.lines + self.notes) + INSET * 2)

    @property
    def title(self) -> str:
        """What doesn't stand in it: all its words, where some are cut off or it is called otherwise."""
        is_cut = self.called or any(line.endswith("…") for line in self.lines + self.notes)
        return " – ".join(filter(None, (self.called or str(self.text), str(self.note)))) if is_cut else ""


class Arrow(NamedTuple):
    """The data of a path, its head with it; `look` as a box has it, or `other` for one of a second kind."""

    path: str
    look: str = ""


class Label(NamedTuple):
    """Words outside of boxes, such as a column's title: the left of their line, or with the look `end` its right."""

    x: float
    y: float
    text: str
    look: str = ""


class Picture(NamedTuple):
    """What is drawn, and how large it is."""

    width: float
    height: float
    boxes: Sequence[Box] = ()
    arrows: Sequence[Arrow] = ()
    words: Sequence[Label] = ()


def placed(language: str, translate: Callable[[str], str], box: Box, width: float) -> Box:
    """A box of a width, its words in a language."""
    text, note = (Message("{words}", words=words).render(language, translate) for words in (box.text, box.note))
    really = box.text.words(language)[1] if isinstance(box.text, Text) else language
    return replace(box, text=text, note=note, lang="" if really == language else really, width=width)


def width(text: str) -> float:
    """How wide a text is in letters of a font that is rather wide, so that it fits in others, too."""
    shares = (_SHARES.get(letter, 1 if east_asian_width(letter) in "WF" else 0.65) for letter in text)
    return LETTER * sum(shares)


@lru_cache(maxsize=4096)  # many pictures show the same
def lines(text: str, room: float, most: int = 4) -> tuple[str, ...]:
    """A text in at most so many lines that fit in `room`; what is left out is an ellipsis."""
    found = [""]
    for piece in _LINE_ENDS.split(text):
        if found[-1] and len(found) < most and width((found[-1] + piece).rstrip()) > room:
            found.append("")
        found[-1] += piece
    return tuple(_cut(line.strip(), room) for line in found if line)


def _cut(line: str, room: float) -> str:
    if width(line) <= room:
        return line
    return next((f"{line[:end].rstrip()}…" for end in range(len(line), 0, -1) if width(f"{line[:end]}…") <= room), "…")


def arrow(start: Box, end: Box, look: str = "", *, passes: bool = False) -> Arrow:
    """From the side of a box to that of another, as a curve that leaves and arrives level.

    Its head is at its end; where it `passes`, it has none, and goes on to the other side.
    """
    is_right = start.x <= end.x
    x, to_x = (start.x + start.width, end.x) if is_right else (start.x, end.x + end.width)
    y, to_y = start.y + start.height / 2, end.y + end.height / 2
    middle, head = (x + to_x) / 2, "m-5 -4l5 4 -5 4" if is_right else "m5 -4l-5 4 5 4"
    rest = f"h{end.width if is_right else -end.width:g}" if passes else head
    return Arrow(f"M{x:g} {y:g}C{middle:g} {y:g} {middle:g} {to_y:g} {to_x:g} {to_y:g}{rest}", look)


def linked(columns: Sequence[Sequence[Box]], between: float, top: float = 0) -> Picture:
    """Columns from left to right, the boxes of each from the top down, and the arrows to them.

    Where a column has fewer boxes than a number says, its last one stands for the rest.
    """
    boxes, arrows, before, left = list[Box](), list[Arrow](), list[Box](), 0.0
    for column in columns:
        tops = accumulate((box.height + BELOW for box in column), initial=top)
        own = [replace(box, x=left, y=y) for box, y in zip(column, tops, strict=False)]
        for box in own:
            look = "missing" if box.look == "missing" else ""
            starts = sorted({min(number, len(before) - 1) for number in box.after if before})
            arrows += [arrow(before[start], box, look) for start in starts]
        boxes += own
        before, left = own, left + own[0].width + between
    return Picture(left - between, max(box.y + box.height for box in boxes), boxes, arrows)


def cut(column: list[Box], most: int, address: str) -> list[Box]:
    """At most so many boxes of a column: the last of more stands for the rest, which is at an address."""
    rest = column[most - 1 :]
    after = sorted({number for box in rest for number in box.after})
    return column if len(rest) < 2 else [*column[: most - 1], Box(f"+{len(rest)}", "", address, "", after)]

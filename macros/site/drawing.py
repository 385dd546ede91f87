"""Pictures in SVG: boxes with words in them, arrows between these. Where they stand is each picture's own business.

All lengths are in CSS pixels at a picture's natural size. What is drawn stands on the page in words, too.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from unicodedata import east_asian_width

from macros.model.values import Entity

LETTER, LINE, INSET = 12, 16, 8
"""The size of a letter, the height of a line, and the room between a box's edge and its words."""

_NARROW, _BROAD = frozenset("iljtfrI.,:;'|!()[]- "), frozenset("mwMWGOQ@%&—…→")
_NEVER_FIRST = "、。，．・ー）」』ぁぃぅぇぉっゃゅょァィゥェォッャュョ"


class Box(NamedTuple):
    """Words in a frame, its upper left corner at `x` and `y`; `words` is what they are cut from, where they are.

    It leads to `to`, an entity or an address, and there to `anchor`. `look` are its classes: a state (`good`,
    `some`, `bad`), `here` for what the page is about, `missing` for what isn't there.
    """

    x: float
    y: float
    width: float
    lines: Sequence[str]
    note: Sequence[str] = ()
    to: Entity | str | None = None
    anchor: str = ""
    look: str = ""
    words: str = ""
    tall: float = 0

    @property
    def height(self) -> float:
        """With a line's height for each line, and room above and below; `tall` at least."""
        return max(self.tall, LINE * (len(self.lines) + len(self.note)) + INSET * 2)


class Arrow(NamedTuple):
    """The data of a path, its head with it; `look` as a box has it, or `other` for one of a second kind."""

    path: str
    look: str = ""


class Label(NamedTuple):
    """Words outside of boxes, such as a column's title: the left of their line, or by `look` its `middle` or `end`."""

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


def width(text: str) -> float:
    """How wide a text is in letters of a font that is rather wide, so that it fits in others, too."""
    return LETTER * sum(map(_share, text))


def _share(letter: str) -> float:
    """How wide a letter is, as a share of its height."""
    if _is_wide(letter):
        return 1
    if letter in _NARROW:
        return 0.4
    return 0.95 if letter in _BROAD else 0.65


def _is_wide(letter: str) -> bool:
    return east_asian_width(letter) in "WF"


def lines(text: str, room: float, most: int = 2) -> list[str]:
    """A text in at most so many lines that fit in `room`; what is left out is an ellipsis."""
    found = [""]
    for piece in _pieces(text):
        if found[-1] and width((found[-1] + piece).rstrip()) > room:
            found.append("")
        found[-1] += piece if found[-1] else piece.lstrip()
    if len(found) > most:
        found = [*found[: most - 1], "".join(found[most - 1 :])]
    return [_cut(line.strip(), room) for line in found]


def _pieces(text: str) -> Iterator[str]:
    """What a line may end behind: a space, a hyphen, a letter before a capital, or one of Japanese beside another that
    may begin a line."""
    piece = ""
    for letter, following in zip(text, f"{text[1:]} ", strict=False):
        piece += letter
        beside = (_is_wide(letter) or _is_wide(following)) and following not in _NEVER_FIRST
        if letter in " -" or beside or (letter.islower() and following.isupper()):
            yield piece
            piece = ""
    yield piece


def _cut(line: str, room: float) -> str:
    if width(line) <= room:
        return line
    return next((f"{line[:end].rstrip()}…" for end in range(len(line), 0, -1) if width(f"{line[:end]}…") <= room), "…")


def box(
    x: float,
    y: float,
    room: float,
    text: str,
    note: str = "",
    to: Entity | str | None = None,
    anchor: str = "",
    look: str = "",
    tall: float = 0,
    *,
    most: int = 2,
    notes: int = 1,
) -> Box:
    """A box as wide as `room` with a text of at most so many lines, and below it a quiet note of at most `notes`."""
    inner = room - 2 * INSET
    shown, below = lines(text, inner, most), lines(note, inner, notes) if note else []
    is_cut = any(line.endswith("…") for line in (*shown, *below))
    whole = " – ".join(filter(None, (text, note)))
    return Box(x, y, room, shown, below, to, anchor, look, whole if is_cut else "", tall)


def arrow(
    start: tuple[float, float], end: tuple[float, float], look: str = "", *, down: bool = False, on: float = 0
) -> Arrow:
    """From one point to another, as a curve that leaves and arrives level, or with `down` upright; head at its end.

    Instead of a head it may go `on` level for so long, to the left where that is negative.
    """
    (x, y), (to_x, to_y) = start, end
    if down:
        middle, head = (y + to_y) / 2, "m-4 -5l4 5 4 -5"
        return Arrow(f"M{x:g} {y:g}C{x:g} {middle:g} {to_x:g} {middle:g} {to_x:g} {to_y:g}{head}", look)
    middle, head = (x + to_x) / 2, "m-5 -4l5 4 -5 4" if x <= to_x else "m5 -4l-5 4 5 4"
    rest = f"h{on:g}" if on else head
    return Arrow(f"M{x:g} {y:g}C{middle:g} {y:g} {middle:g} {to_y:g} {to_x:g} {to_y:g}{rest}", look)

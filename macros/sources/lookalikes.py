"""Characters that mislead: they look like those of YAML and are others, or can't be seen at all."""

import re
import unicodedata
from collections.abc import Iterator

from macros.text.problems import Message

BLANKS = "\u00a0\u3000"
DASHES = "－−–—‐‑ー•・"
QUOTES = {'"': "“”„‟＂", "'": "‘’‚‛＇"}

_MEANT = {
    **dict.fromkeys(DASHES, "-"),
    **{quote: plain for plain, quotes in QUOTES.items() for quote in quotes},
    **{"、": ", ", "，": ", ", "。": "."},
}
"""What is meant by a character. The full-width ones and the blanks follow Unicode (NFKC)."""

_ANY = re.compile(f"[{BLANKS}{''.join(_MEANT)}\uff01-\uff5e]")


def plain(text: str) -> str:
    """`text` with the characters that are meant."""
    return _ANY.sub(lambda odd: _MEANT.get(odd[0]) or unicodedata.normalize("NFKC", odd[0]), text).strip()


def name(character: str) -> str:
    """What Unicode calls a character: `U+FF1A FULLWIDTH COLON`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def hint(text: str) -> Message | None:
    """What to write instead of `text`, and which character asks for it; None where no character does."""
    found = _ANY.search(text)
    if found is None:
        return None
    return Message("it has {character}; write `{plain}`", character=name(found[0]), plain=plain(text))


_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's Default_Ignorable_Code_Point, with the separators of lines and paragraphs and annotation marks."""

_EMOJI = "[\u00a9\u00ae\u203c\u2049\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_JOINING = "[\u0600-\u109f\u1780-\u18af\ua840-\ua8ff]"
"""Letters of the scripts from Arabic to Myanmar, and of a few others: a joiner changes how two of them are written."""

_NEEDED = re.compile(
    "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # the flag of a region
    "|[0-9#*]\ufe0f\u20e3"  # a key
    f"|(?:{_EMOJI}\ufe0f?\u200d)*{_EMOJI}[\ufe0e\ufe0f]?"
    f"|(?<={_JOINING})[\u200c\u200d](?={_JOINING})"
    "|(?<=[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\ufe00-\ufe0d\U000e0100-\U000e01ef]"  # ideographs
)


def hidden_characters(text: str) -> Iterator[tuple[int, int, str]]:
    """The characters of a text that can't be seen, and so may show other words than they copy or are compared as.

    Yields line and column, from 1, and the name: `U+202E RIGHT-TO-LEFT OVERRIDE`. Those that belong to emoji, to
    variants of ideographs and to scripts that join their letters are fine.
    """
    if not _HIDDEN.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        for place in _hidden_places(line):
            yield number, place + 1, name(line[place])


def without_hidden_characters(text: str) -> str:
    """The text without what `hidden_characters` finds in it."""
    hidden = {*_hidden_places(text)}
    return "".join(character for place, character in enumerate(text) if place not in hidden)


def _hidden_places(text: str) -> Iterator[int]:
    bare = _NEEDED.sub(lambda needed: " " * len(needed[0]), text)
    return (hidden.start() for hidden in _HIDDEN.finditer(bare))

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

    def meant(match: re.Match[str]) -> str:
        return _MEANT.get(match[0]) or unicodedata.normalize("NFKC", match[0])

    return _ANY.sub(meant, text).strip()


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

_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
_JOINERS = "\u200c\u200d"
_JOINING_SCRIPTS = re.compile(
    "ARABIC|BENGALI|DEVANAGARI|GUJARATI|GURMUKHI|KANNADA|KHMER|MALAYALAM|MANDAIC|MONGOLIAN|MYANMAR|NKO|ORIYA|PHAGS-PA|"
    "SINHALA|SYRIAC|TAMIL|TELUGU|TIBETAN"
)
"""Scripts in which a joiner between two letters changes how they are written."""

_KEYCAP = re.compile("[0-9#*]\ufe0f\u20e3")
_EMOJI_LETTERS = "\u203c\u2049\u2139\u3030"


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
    shown = {place for flag in _FLAG.finditer(text) for place in range(*flag.span())}
    for found in _HIDDEN.finditer(text):
        if found.start() not in shown and not _has_effect(text, found.start()):
            yield found.start()


def _has_effect(text: str, place: int) -> bool:
    """Whether the characters around a hidden one need it."""
    character, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if character in _JOINERS and before and after:
        if all(_JOINING_SCRIPTS.fullmatch(_script(it)) for it in (before, after)):
            return True
        emoji = text[place - 2 : place - 1] if before == "\ufe0f" else before
        return character == "\u200d" and _is_emoji(emoji) and _is_emoji(after)
    if character in "\ufe0e\ufe0f" and before:
        return _is_emoji(before) or before in _EMOJI_LETTERS or _KEYCAP.match(text, place - 1) is not None
    is_variant = "\ufe00" <= character <= "\ufe0d" or "\U000e0100" <= character <= "\U000e01ef"
    return is_variant and _script(before) == "CJK"


def _is_emoji(character: str) -> bool:
    return unicodedata.category(character or " ") in ("So", "Sk", "Sm") and not character.isascii()


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0] if character else ""

"""Characters that look like those of YAML and are others: of a Japanese keyboard, of a word processor, unseen ones."""

from __future__ import annotations

import re
import unicodedata

from macros.problems import Message

BLANKS = "\u00a0\u3000"
UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
DASHES = "－−–—‐‑ー•・"
QUOTES = {'"': "“”„‟＂", "'": "‘’‚‛＇"}

_NAMES: dict[str, tuple[str, str]] = {
    "：": ("full-width colon", ":"),
    "＃": ("full-width hash sign", "#"),
    "－": ("full-width dash", "-"),
    "−": ("minus sign", "-"),
    "–": ("en dash", "-"),
    "—": ("em dash", "-"),
    "‐": ("hyphen of another kind", "-"),
    "‑": ("no-break hyphen", "-"),
    "ー": ("long vowel mark", "-"),
    "•": ("bullet", "-"),
    "・": ("middle dot", "-"),
    "、": ("Japanese comma", ", "),
    "，": ("full-width comma", ", "),
    "。": ("Japanese full stop", "."),
    "\u00a0": ("no-break blank", " "),
    "\u3000": ("full-width blank", " "),
    "\u00ad": ("soft hyphen", ""),
    "\ufeff": ("byte-order mark", ""),
    **dict.fromkeys("\u200b\u200c\u200d\u2060", ("zero-width character", "")),
    **{quote: ("smart quote", plain) for plain, quotes in QUOTES.items() for quote in quotes[:-1]},
    **{quotes[-1]: ("full-width quote", plain) for plain, quotes in QUOTES.items()},
}
"""What a character is called, and what is meant by it. The other full-width ones follow Unicode (NFKC)."""

_ANY = re.compile(f"[{re.escape(''.join(_NAMES))}\uff01-\uff5e]")


def find(text: str) -> int | None:
    """Where the first of these characters stands in `text`, from 0; None where there is none."""
    found = _ANY.search(text)
    return found.start() if found else None


def plain(text: str) -> str:
    """`text` with the characters that are meant."""
    return _ANY.sub(lambda match: _meant(match[0]), text).strip()


def name(character: str) -> str:
    """What to call one of these characters, with the character itself where it can be seen."""
    if character in _NAMES:
        called = _NAMES[character][0]
    elif character.isdigit():
        called = "full-width digit"
    else:
        called = "full-width letter" if character.isalpha() else "full-width character"
    article = "an" if called.startswith("en ") or called.startswith("em ") else "a"
    if character in BLANKS + UNSEEN:
        return f"{article} {called} (U+{ord(character):04X})"
    is_quote = any(character in quotes for quotes in QUOTES.values())
    return f"{article} {called} " + (f"`{character}`" if is_quote else f"“{character}”")


def hint(text: str) -> Message | None:
    """What to write instead of `text`, and which character asks for it; None where no character does."""
    place = find(text)
    if place is None:
        return None
    return Message("it has {character}; write `{plain}`", {"character": name(text[place]), "plain": plain(text)})


def _meant(character: str) -> str:
    return _NAMES[character][1] if character in _NAMES else unicodedata.normalize("NFKC", character)

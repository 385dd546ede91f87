"""The glossary: its terms in the order of a language, and its terms where they stand on a page."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from markupsafe import escape

from macros.handbook.graph import Handbook
from macros.model.glossary import Term

_ROWS = (
    ("a", "あ", "あいうえおゔ"),
    ("ka", "か", "かきくけこがぎぐげご"),
    ("sa", "さ", "さしすせそざじずぜぞ"),
    ("ta", "た", "たちつてとだぢづでど"),
    ("na", "な", "なにぬねの"),
    ("ha", "は", "はひふへほばびぶべぼぱぴぷぺぽ"),
    ("ma", "ま", "まみむめも"),
    ("ya", "や", "やゆよ"),
    ("ra", "ら", "らりるれろ"),
    ("wa", "わ", "わをん"),
)
"""The rows of the kana syllabary, with the sounds that begin a word in each."""

_OTHER = ("other", "A–Z")

_APART = re.compile(
    r"<(a|abbr|button|caption|code|fieldset|form|h[1-6]|kbd|label|pre|script|select|style|summary|svg|textarea|th|title)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)


class TermGroup(NamedTuple):
    """The terms under one letter, or under one row of the kana: `id` is its anchor, `name` its heading."""

    id: str
    name: str
    terms: tuple[Term, ...]


def groups(handbook: Handbook, language: str) -> tuple[TermGroup, ...]:
    """All terms as a glossary in `language` lists them: by letter, or by the rows of the kana."""
    place = _japanese_place if language == "ja" else _english_place
    found = sorted((*place(term), term.id, term) for term in handbook.terms)
    return tuple(
        TermGroup(id, name, tuple(term for *_, term in terms))
        for (_, id, name), terms in groupby(found, lambda placed: placed[:3])
    )


def _english_place(term: Term) -> tuple[int, str, str, str]:
    key = term.name.in_language("en").casefold()
    letter = key[0]
    if not ("a" <= letter <= "z"):
        return 0, "letter-other", "0–9", key
    return ord(letter), f"letter-{letter}", letter.upper(), key


def _japanese_place(term: Term) -> tuple[int, str, str, str]:
    key = _hiragana(term.yomi or term.name.in_language("ja")).casefold()
    for number, (id, name, sounds) in enumerate(_ROWS):
        if key[0] in sounds:
            return number, f"row-{id}", name, key
    return len(_ROWS), f"row-{_OTHER[0]}", _OTHER[1], key


def _hiragana(kana: str) -> str:
    """Katakana as hiragana: a glossary makes no difference between them."""
    return "".join(chr(ord(it) - 0x60) if "ァ" <= it <= "ヶ" else it for it in unicodedata.normalize("NFKC", kana))


def synonyms(term: Term, language: str) -> tuple[str, ...]:
    """Other words for a term in one language."""
    return tuple(getattr(term.synonyms, language)) if term.synonyms else ()


def names(term: Term, language: str) -> tuple[str, ...]:
    """What stands for a term in a text in `language`: its name, its acronym, its synonyms."""
    own = getattr(term.name, language)
    return tuple(dict.fromkeys(name for name in (own, term.acronym, *synonyms(term, language)) if name))


@dataclass(frozen=True)
class Explainer:
    """Explains the terms of a glossary in pages of one language."""

    handbook: Handbook
    language: str

    def explain(self, html: str) -> str:
        """An article in which each term, where it first stands in running text, carries its definition.

        Left alone: headings, links, buttons, code and what is typed, and everything inside of them.
        """
        pieces = list(_pieces(html))
        # One text, so that each name is looked for once; what isn't running text holds nothing to be found.
        text = "".join(piece if running else _NOTHING * len(piece) for piece, running in pieces)
        marks = self._marks(text)
        if not marks:
            return html
        made: list[str] = []
        end = 0
        for start, stop, term in marks:
            made += [html[end:start], self._explained(html[start:stop], term)]
            end = stop
        return "".join((*made, html[end:]))

    def _marks(self, text: str) -> list[tuple[int, int, Term]]:
        """Where each term is explained: from, to and the term, in the order of the text."""
        lower = text.translate(_LOWER)
        marks: list[tuple[int, int, Term]] = []
        for term, patterns in self._patterns:
            found = (_first(text if exact else lower, name, marks) for name, exact in patterns)
            places = [place for place in found if place is not None]
            if places:
                marks.append((*min(places), term))
        return sorted(marks, key=lambda it: it[0])

    def _explained(self, words: str, term: Term) -> str:
        name = term.name.in_language(self.language)
        title = f"{name} ({term.acronym})" if term.acronym else name
        definition = escape(f"{title}: {term.definition.in_language(self.language)}")
        return f'<abbr class="term" tabindex="0" title="{definition}">{words}</abbr>'

    @cached_property
    def _patterns(self) -> tuple[tuple[Term, tuple[tuple[str, bool], ...]], ...]:
        """Each term with its names as a page writes them, those with the longest name first.

        An acronym is looked for in its own letter case, other words in lower case.
        """
        found = [(term, [str(escape(name)) for name in _in_prose(term, self.language)]) for term in self.handbook.terms]
        found.sort(key=lambda it: (-max(map(len, it[1]), default=0), it[0].id))
        return tuple(
            (term, tuple((name if _is_acronym(name) else name.translate(_LOWER), _is_acronym(name)) for name in own))
            for term, own in found
        )


def _in_prose(term: Term, language: str) -> tuple[str, ...]:
    """The names of a term that mean it wherever they stand: not its synonyms, which may be everyday words."""
    own = getattr(term.name, language)
    acronyms = filter(_is_acronym, synonyms(term, language))
    return tuple(dict.fromkeys(name for name in (own, term.acronym, *acronyms) if name))


_NOTHING = "\0"
_LOWER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
"""Unlike `str.lower`, it leaves every character where it is."""

_LATIN = re.compile(r"[A-Za-z0-9_-]")
_KATAKANA = re.compile(r"[ァ-ヺー]")


def _first(text: str, name: str, marks: Sequence[tuple[int, int, Term]]) -> tuple[int, int] | None:
    """Where a name first stands as a word of its own, an English plural too, and outside of all marks."""
    start = text.find(name)
    while start >= 0:
        stop = start + len(name)
        if name.isascii() and text[stop : stop + 1] == "s":
            stop += 1
        if _apart(text, start, stop) and not any(start < mark[1] and mark[0] < stop for mark in marks):
            return start, stop
        start = text.find(name, start + 1)
    return None


def _apart(text: str, start: int, stop: int) -> bool:
    """Whether no word goes on at either end: Latin letters, or katakana, would be another word's."""
    for inside, outside in ((text[start], text[start - 1 : start]), (text[stop - 1], text[stop : stop + 1])):
        for script in (_LATIN, _KATAKANA):
            if script.match(inside) and script.match(outside):
                return False
    return True


def _is_acronym(name: str) -> bool:
    return sum(letter.isupper() for letter in name) > 1


def _pieces(html: str) -> Iterator[tuple[str, bool]]:
    """The tags and texts of a piece of HTML in order, and of each whether it is running text."""
    within = ""
    depth = 0
    for piece in _TAG.split(html):
        if not piece.startswith("<"):
            yield piece, not within
            continue
        if within:
            if re.match(rf"<{within}\b", piece, re.IGNORECASE):
                depth += not piece.endswith("/>")
            elif re.match(rf"</{within}\b", piece, re.IGNORECASE):
                depth -= 1
            within = within if depth else ""
        elif (apart := _APART.match(piece)) and not piece.endswith("/>"):
            within, depth = apart[1], 1
        yield piece, False

"""The glossary: its terms in the order of a language, and its terms where they stand on a page."""

import re
import unicodedata
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby, islice

from markupsafe import escape

from macros.handbook.graph import Handbook
from macros.model.glossary import Term

_ROWS = ("a", "ka", "sa", "ta", "na", "ha", "ma", "ya", "ra", "wa")
_SOUNDS = "あかさたなはまやらわ"
"""The rows of the kana syllabary, and their first sounds. In Unicode the other sounds of a row follow its first."""

_APART = (
    r"(?:a|abbr|article|button|caption|code|fieldset|form|h[1-6]|kbd|label|pre|script"
    r"|select|style|summary|svg|textarea|th|title)\b"
)
_PIECE = re.compile(
    rf"(?:\s+|<!--.*?-->|<svg\b.*?</svg>|<(?!!--|/?{_APART})[^>]*>|<({_APART})[^>]*(?<!/)>[^<]*</\1>)+"
    rf"|<(?P<end>/?)(?P<tag>{_APART})[^>]*>|(?P<text>[^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
"""Of HTML: what isn't running text, at one go where it is whole, a tag around such, or text."""


def groups(handbook: Handbook, language: str) -> list[tuple[str, str, list[Term]]]:
    """All terms as a glossary in `language` has them, by letter or by the rows of the kana: anchor, heading, terms."""
    place = _japanese_place if language == "ja" else _english_place
    found = sorted((*place(term), term.id, term) for term in handbook.terms)
    grouped = groupby(found, lambda placed: placed[:3])
    return [(id, name, [term for *_, term in terms]) for (_, id, name), terms in grouped]


def _english_place(term: Term) -> tuple[int, str, str, str]:
    key = term.name.in_language("en").casefold()
    letter = key[0]
    if not ("a" <= letter <= "z"):
        return 0, "letter-other", "0–9", key
    return ord(letter), f"letter-{letter}", letter.upper(), key


def _japanese_place(term: Term) -> tuple[int, str, str, str]:
    kana = unicodedata.normalize("NFKC", term.yomi or term.name.in_language("ja"))
    # A glossary makes no difference between katakana and hiragana.
    key = "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in kana).casefold()
    first = unicodedata.normalize("NFD", key)[0]  # in parts, since ゔ stands behind all others
    row = bisect(_SOUNDS, first) - 1
    if row < 0 or first > "ん":
        return len(_ROWS), "row-other", "A–Z", key
    return row, f"row-{_ROWS[row]}", _SOUNDS[row], key


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
        places = defaultdict(list)
        for start, text in _running_text(html):
            for rank, begin, end in self._found(text):
                places[rank].append((start + begin, start + end))
        marks: list[tuple[int, int, Term]] = []
        for rank in sorted(places):
            free = (place for place in places[rank] if not any(place[0] < it[1] and it[0] < place[1] for it in marks))
            marks += [(*place, self._terms[rank][0]) for place in islice(free, 1)]
        made: list[str] = []
        end = 0
        for start, stop, term in sorted(marks, key=lambda mark: mark[0]):
            made += [html[end:start], self._explained(html[start:stop], term)]
            end = stop
        return "".join((*made, html[end:]))

    @cached_property
    def _found(self) -> Callable[[str], list[tuple[int, int, int]]]:
        """`_find`, whose answers are kept: the same texts stand on many pages."""
        return lru_cache(maxsize=2**14)(self._find)

    def _find(self, text: str) -> list[tuple[int, int, int]]:
        """Where terms stand in a text, those with the longest names first: rank, from and to."""
        lower = text.translate(_LOWER)
        found = {
            (rank, *place)
            for rank, name, exact, word in self._names
            if name in (text if exact else lower)  # which a pattern takes long to tell
            for place in (match.span() for match in word.finditer(text if exact else lower))
        }
        return sorted(found)

    def _explained(self, words: str, term: Term) -> str:
        name = term.name.in_language(self.language)
        title = f"{name} ({term.acronym})" if term.acronym else name
        definition = escape(f"{title}: {term.definition.in_language(self.language)}")
        return f'<abbr class="term" tabindex="0" title="{definition}">{words}</abbr>'

    @cached_property
    def _terms(self) -> list[tuple[Term, list[str]]]:
        """Each term with its names as a page writes them, those with the longest name first."""
        found = [(term, [str(escape(name)) for name in _in_prose(term, self.language)]) for term in self.handbook.terms]
        found.sort(key=lambda it: (-max(map(len, it[1]), default=0), it[0].id))
        return found

    @cached_property
    def _names(self) -> tuple[tuple[int, str, bool, re.Pattern[str]], ...]:
        """What to look for: the rank of a term, a name of it, whether its case counts, and what finds it as a word."""
        every = ((rank, name, _is_acronym(name)) for rank, (_, own) in enumerate(self._terms) for name in own)
        cased = ((rank, name if exact else name.translate(_LOWER), exact) for rank, name, exact in every)
        return tuple((rank, name, exact, _word(name)) for rank, name, exact in cased)


def _in_prose(term: Term, language: str) -> tuple[str, ...]:
    """The names of a term that mean it wherever they stand: not its synonyms, which may be everyday words."""
    own = (getattr(term.name, language), term.acronym)
    return tuple(name for name in names(term, language) if name in own or _is_acronym(name))


_LOWER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
"""Unlike `str.lower`, it leaves every character where it is."""

_SCRIPTS = ("[A-Za-z0-9_-]", "[ァ-ヺー]")


def _word(name: str) -> re.Pattern[str]:
    """What finds a name where no Latin letters, or katakana, of another word go on; an English plural is one word."""
    before = [f"(?<!{script})" for script in _SCRIPTS if re.match(script, name)]
    after = [f"(?!{script})" for script in _SCRIPTS if re.match(script, name[-1])]
    return re.compile("".join((*before, re.escape(name), "s?" if name.isascii() else "", *after)))


def _is_acronym(name: str) -> bool:
    return sum(letter.isupper() for letter in name) > 1


def _running_text(html: str) -> Iterator[tuple[int, str]]:
    """The pieces of running text in a piece of HTML, each with where it begins."""
    within = ""
    depth = 0
    for piece in _PIECE.finditer(html):
        if piece.lastgroup == "text" and not within:
            yield piece.start(), piece[0]
        elif piece.lastgroup == "tag" and within in ("", piece["tag"].lower()) and not piece[0].endswith("/>"):
            depth = max(depth - 1, 0) if piece["end"] else depth + 1
            within = piece["tag"].lower() if depth else ""

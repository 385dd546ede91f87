"""What the search finds: each page as a small document for Pagefind, and the words that its index knows.

Pagefind cuts words at blanks, so Japanese comes as its pairs of characters, which the browser looks up in turn
(decisions/0009).
"""

import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from html import unescape
from itertools import chain, pairwise, product
from typing import NamedTuple

from markupsafe import escape

from macros.handbook import addresses, alerts, checklists, glossary
from macros.handbook.graph import Handbook, derived
from macros.model.kinds import KINDS
from macros.model.values import LANGUAGES, Text
from macros.sources.near_names import hump_apart

_RUNS = "[\\u3005\\u3007\\u4e00-\\u9fff]+|[\\u30a1-\\u30fa\\u30fc]+|[\\u3041-\\u3096]+"
"""Kanji, katakana, hiragana: but for the ending of a single kanji, no pair crosses from one script to another."""

_JAPANESE = re.compile(_RUNS)
_WORD = re.compile(rf"&#?\w+;|(?<![\w-])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![\w-])|{_RUNS}")
_TEXT = re.compile(r"(?<![^>])[^<]*[^<\s][^<]*")
"""A piece of text between two tags. The same ones stand on many pages, so what is made of one is kept."""

_SCRIPTS = "\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff"
_WITH_ENDING = re.compile("[\\u3005\\u3007\\u4e00-\\u9fff][\\u3041-\\u3096]")
_CODE = re.compile(r"<(h[2-6]|dt)\b.*?</\1>|\bzz\d+", re.DOTALL)
"""A pair of characters in a text that is cut apart; or a heading, whose pairs say where its section is."""

_OTHER_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9f]+")
_BLANK = re.compile(rf"(?<=[{_SCRIPTS}]) | (?=[{_SCRIPTS}])")
_LATIN_WORD = re.compile(r"[a-z][a-z0-9]{3,}")
_KATAKANA_WORD = re.compile(r"[\u30a1-\u30fa\u30fc]{3,}")

# How much a word counts where it stands. Pagefind takes weights from 0 to 10.
TITLE, WORDS, DESCRIPTION, HEADING, BODY = 10.0, 7.0, 3.0, 2.0, 1.0
ECHO = 0.5  # how much of that a page keeps which says what another one says: a team's copy of a list
MANY = 300  # a word that stands on more pages says little of any of them, and costs the browser much
OFTEN = 2  # how often a page's text has a pair of characters in the index: each place makes it larger
SEPARATOR = " · "  # between the words that a page is found by
SHARED = "zxshared"  # finds the pages that teams share: with a filter, Pagefind loads its whole index
OWN_LANGUAGE = "en"  # of all indexes: English words are stemmed in either edition, pairs left alone


class Document(NamedTuple):
    """A page as the search knows it.

    `html` is what is `searched`, packed. `names` are what it is called beside its title, `words` what it is
    found by as well. `weight`, 0..1, is for what stands below its title; a page that `echoes` another weighs less.
    """

    address: str
    title: str
    section: str
    description: str
    html: bytes
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    weight: float = 1.0
    echoes: bool = False

    @property
    def is_of_a_team(self) -> bool:
        """Whether there are the more of such pages the more teams there are."""
        return re.match(r"(go|journeys|playbooks(?!/templates)|services|teams)/.", self.address) is not None


@derived
def names(handbook: Handbook) -> Mapping[str, tuple[str, ...]]:
    """What the pages of the data are called beside their titles, by address.

    Names in both languages, ids, what people say instead; of a playbook, the alerts that lead to it and
    what users say; of what stands below a team, the team with it.
    """
    found: dict[str, list[str]] = {}
    for kind in KINDS.values():
        for entity in handbook.of_kind(kind.name) if kind.address else ():
            name = getattr(entity, "name", None)
            own = name.said.values() if isinstance(name, Text) else ()
            also = [*entity.also_called.en, *entity.also_called.ja] if entity.also_called else []
            found[addresses.of(entity)] = [*own, entity.id.replace("-", " "), *also]
    for playbook in handbook.playbooks:
        leading = [alert.name for alert in alerts.leading_to(handbook, playbook)]
        said = [words for symptom in playbook.symptoms for words in symptom.said.values()]
        found[addresses.of(playbook)] += [*leading, *said]
    for team in handbook.teams:
        called = team.name.said
        found[addresses.of(team)] += [f"{own} {_TEAM[language]}" for language, own in called.items()]
        for sheet in checklists.of(handbook, team):
            lists = product(called.values(), sheet.whole.name.said.values())
            found[addresses.team_checklist(team, sheet.id)] = list(map(" ".join, lists))
        found[addresses.below(team, "on-call")] = list(map(" ".join, product(called.values(), _ON_CALL)))
    found["glossary/"] = [name for term in handbook.terms for name in (term.acronym, *term.name.said.values()) if name]
    return {address: tuple(dict.fromkeys(words)) for address, words in found.items()}


_TEAM = {"en": "team", "ja": "チーム"}
_ON_CALL = ("on call", "who is on call", "オンコール", "当番")


@derived
def _every_synonym(handbook: Handbook) -> Mapping[str, Mapping[str, None]]:
    """The words of the glossary that stand for each other, by each of them as `plain` has it."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for term in handbook.terms:
        every = dict.fromkeys(name for language in LANGUAGES for name in glossary.names(term, language))
        every |= dict.fromkeys([term.yomi] if term.yomi else ())
        for key in map(plain, every):
            found[key] |= every
    return dict(found)


def synonyms(handbook: Handbook, name: str) -> tuple[str, ...]:
    """Every name of the term that this is a name of."""
    return tuple(_every_synonym(handbook).get(plain(name), ()))


def synonyms_within(handbook: Handbook, text: str) -> tuple[str, ...]:
    """Every name of every term that a text names."""
    words = f" {plain(text)} "
    held = (names for key, names in _every_synonym(handbook).items() if key in words and _holds(words, key))
    return tuple(dict.fromkeys(chain.from_iterable(held)))


def _holds(words: str, key: str) -> bool:
    """Whether a padded, plain text holds a plain name: as words of its own, where it is Latin."""
    return (f" {key} " in words or f" {key}s " in words) if key.isascii() else key in words


def plain(text: str) -> str:
    """A text as the search compares it: one width, lower case, one blank between words, none beside Japanese."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _BLANK.sub("", " ".join(re.sub(r"[^\w]+", " ", folded).split()))


def one_width(html: str) -> str:
    """HTML, or a text, whose letters, digits and kana have the width that a query is brought to."""
    return _OTHER_WIDTH.sub(lambda match: unicodedata.normalize("NFKC", match[0]), html)


def apart(html: str, common: Collection[str] = frozenset()) -> str:
    """HTML, or a text, with each run of Japanese as its pairs, and without the `common` words and pairs."""
    return _TEXT.sub(lambda text: _cut_apart(text[0], frozenset(common)), html)


@lru_cache(maxsize=2**14)
def _cut_apart(text: str, common: frozenset[str]) -> str:
    def written(match: re.Match[str]) -> str:
        found = match[0]
        if found[0] == "&":
            return found
        if found.isascii():
            return "" if found.lower() in common else found
        return f" {' '.join(code(word) for word in _cut(match) if word not in common)} "

    return (_WORD if common else _JAPANESE).sub(written, one_width(text))


@lru_cache(maxsize=2**14)
def _words(text: str) -> frozenset[str]:
    found = (match for match in _WORD.finditer(one_width(text)) if match[0][0] != "&")
    return frozenset(chain.from_iterable([it[0].lower()] if it[0].isascii() else _cut(it) for it in found))


def pairs(run: str) -> Iterator[str]:
    """The overlapping pairs of a run of characters; a single one stands for itself."""
    return map("".join, pairwise(run)) if len(run) > 1 else iter(run)


def _cut(run: re.Match[str]) -> Iterator[str]:
    """The pairs of a run; of a kanji that stands alone also the one with its ending, as 引き of 引き継ぎ."""
    yield from pairs(run[0])
    if _WITH_ENDING.match(run.string, run.start()):
        yield run.string[run.start() : run.start() + 2]


def code(pair: str) -> str:
    """A pair of characters as the index writes it: their numbers in Unicode, one behind the other.

    Pagefind would make ド a ト. It also finds what begins with a word: no number is the beginning of `zz`.
    """
    return f"zz{''.join(str(ord(letter)) for letter in pair)}"


def searched(article: str) -> bytes:
    """What of an article is searched, as HTML, packed: not its title, which stands apart, nor what is no text."""
    body = re.sub(r"<(script|style|svg|form)\b.*?</\1>", "", article, flags=re.DOTALL)
    body = re.sub(r"<h1\b.*?</h1>", "", body, count=1, flags=re.DOTALL)
    return zlib.compress(re.sub(r'<a class="headerlink".*?</a>', "", body).encode(), 1)


def page(document: Document, common: Collection[str] = ()) -> str:
    """A document as the HTML that Pagefind reads.

    What a result shows stands in attributes, as it is; what it is found by is cut apart. The text of a
    team's page goes without the `common` words, which leaves them to pages about them.
    """
    whole = ECHO if document.echoes else 1.0
    heading = HEADING * document.weight * whole
    body = zlib.decompress(document.html).decode()
    body = re.sub(r"<h([2-6])([^>]*)>", rf'<h\1\2 data-pagefind-weight="{heading:g}">', body)
    called = tuple(dict.fromkeys(plain(form) for name in document.names for form in (name, hump_apart(name))))
    shown = {"title": document.title, "section": document.section, "description": document.description}
    shown["names"] = SEPARATOR.join(called)
    meta = "".join(f'<i data-pagefind-meta="{key}[data-m]" data-m="{escape(text)}"></i>' for key, text in shown.items())
    codes = " ".join(map(name_code, (plain(document.title), *called)))
    if not document.is_of_a_team:
        codes += f" {SHARED}"
    weighed = (
        (TITLE, apart(str(escape(document.title)))),
        (WORDS, apart(str(escape(SEPARATOR.join((*called, *document.words)))))),
        (DESCRIPTION, apart(str(escape(document.description)))),
        (BODY, codes),
    )
    text = _thinned(apart(body, common if document.is_of_a_team else ()))
    parts = "".join(f'<div data-pagefind-weight="{weight * whole:g}">{words}</div>' for weight, words in weighed)
    parts += f'<div id="" data-pagefind-weight="{BODY * document.weight * whole:g}">{text}</div>'
    return f'<html lang="{OWN_LANGUAGE}"><body data-pagefind-body>{meta}{parts}</body></html>'


def _thinned(cut: str) -> str:
    """A text that is cut apart, with each pair no more than `OFTEN` times beside its headings."""
    times: Counter[str] = Counter()

    def written(match: re.Match[str]) -> str:
        if match[1]:
            return match[0]
        times[match[0]] += 1
        return match[0] if times[match[0]] <= OFTEN else ""

    return _CODE.sub(written, cut) if "zz" in cut else cut


def name_code(name: str) -> str:
    """A plain name as one word of the index, so that it is found at once (FNV-1a, 32 bits)."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return f"zy{value:010d}"


def vocabulary(documents: Iterable[Document]) -> tuple[list[str], list[str], frozenset[str]]:
    """What an index holds: longer Latin and katakana words, sorted, and the pairs of Japanese characters.

    The pairs that the fewest pages have come first: they say most. A mistyped word is compared with the words; only
    the pairs of the index are looked up, since Pagefind takes others for shorter ones. Last: what `MANY` pages have.
    """
    every: set[str] = set()
    pages: Counter[str] = Counter()
    for document in documents:
        said = (document.title, document.description, *document.names, *document.words)
        texts = {*said, *map(unescape, {*_TEXT.findall(zlib.decompress(document.html).decode())})}
        every |= texts
        pages.update(frozenset[str]().union(*map(_words, texts)))
    pairs = (word for word in pages if len(word) == 2 and not word.isascii())
    common = frozenset(word for word, number in pages.items() if number > MANY)
    words = frozenset[str]().union(*map(_long_words, every))
    return sorted(words), sorted(pairs, key=lambda pair: (pages[pair], pair)), common


def _long_words(text: str) -> frozenset[str]:
    folded = unicodedata.normalize("NFKC", hump_apart(text)).lower()
    return frozenset((*_LATIN_WORD.findall(folded), *_KATAKANA_WORD.findall(folded)))

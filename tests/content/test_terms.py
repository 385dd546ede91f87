"""The glossary as it ships: every term whole, and every acronym that a reader meets explained."""

from __future__ import annotations

import re
from collections.abc import Iterator

import shipped
from babel.messages.pofile import read_po

from macros.handbook import glossary
from macros.model.kinds import KINDS
from macros.model.values import LANGUAGES
from macros.text import catalogue

KANA = re.compile("[ぁ-ゖァ-ヺー]+")

ACRONYM = re.compile(r"(?<![A-Za-z0-9_])([A-Z][A-Za-z0-9]*[A-Z][0-9]*)s?(?![A-Za-z0-9_])")
"""A word that begins and ends with a capital: SLO, PdM, W3C, and SLOs without its s."""

NO_WORDS = re.compile(
    r"```.*?```|`[^`\n]*`|\{\{.*?\}\}|\{%.*?%\}|<!--.*?-->|<[^<>\n]*>|\]\([^()\s]*\)|https?://\S+|%\(\w+\)s", re.DOTALL
)
"""Code, calls of macros, tags and blanks to fill in, addresses."""

NO_ACRONYMS = {
    **dict.fromkeys(("AEON", "CNCF", "GMO", "GREE", "JCB", "W3C"), "a company or another organisation"),
    **dict.fromkeys(("EDU", "ISUCON", "NEXT", "SUZURI"), "a part of the name of a programme, a contest, a site"),
    **dict.fromkeys(("CODEOWNERS", "VS"), "the name of a file, and of the editor VS Code"),
    **dict.fromkeys(("PHP", "SQS"), "the name of a language, of a product"),
    **dict.fromkeys(("BY", "CC"), "the name of a licence: CC BY"),
    **dict.fromkeys(("II", "III", "IV"), "a Roman number: a part of a book"),
    **dict.fromkeys(("GET", "POST"), "methods of HTTP, as they are written"),
    **dict.fromkeys(("IT", "PC"), "everyday words; as a name, `IT` would be every “it” that is searched for"),
    "README": "a file name in capitals",
    "CSP": "what people type who look for the Content-Security-Policy, which no page calls so",
    **dict.fromkeys(("EXERCISE", "FROST"), "a word that is shouted, the name of a flag"),
    **dict.fromkeys(
        ("COMPLETIONS", "LAST", "MAXPODS", "READY", "REPLICAS", "SCHEDULE", "SUSPEND"), "a column that a command prints"
    ),
    **dict.fromkeys(("HH", "MM"), "a place for a time: HH:MM"),
    **dict.fromkeys(
        ("BATCH", "DAY", "FLAG", "LINK", "MESSAGE", "MITIGATION", "NAME", "SEARCH", "SERVICE", "TEAM"),
        "a place for a word that the reader fills in",
    ),
}
"""Words in capitals that the glossary doesn't explain, each with what it is."""


def places() -> dict[str, str]:
    """Where each term stands: file and line, by its id."""
    (entity,) = shipped.everything("glossary")
    return {term.id: shipped.at(entity, ("terms", position)) for position, term in enumerate(shipped.handbook().terms)}


def test_every_term_has_a_name_that_says_how_it_is_read() -> None:
    assert len(places()) == len(shipped.handbook().terms) > 20
    wrong = [it.id for it in shipped.handbook().terms if not KANA.fullmatch(it.yomi or "")]
    assert [f"{places()[it]}: {it} has no `yomi` in kana" for it in wrong] == []


def test_every_term_stands_in_a_row_of_the_kana() -> None:
    rows = {it.id: it.terms for it in glossary.groups(shipped.handbook(), "ja")}
    assert [f"{places()[it.id]}: {it.id}" for it in rows.get("row-other", ())] == []


def texts() -> Iterator[tuple[str, str]]:
    """Everything that a reader reads, in both languages, with its place: pages, data, words of the templates."""
    for page in shipped.PAGES:
        for language in LANGUAGES:
            for number, line in enumerate(NO_WORDS.sub(kept_lines, shipped.source(page, language)).splitlines(), 1):
                yield f"{shipped.file(page, language)}:{number}", line
    # The worked example speaks for the handbook. An organisation's own teams write as they speak.
    is_example = shipped.handbook().organisation.illustration is not None
    for place, text in shipped.texts(shipped.everything(*KINDS) if is_example else shipped.curated()):
        yield from ((place, NO_WORDS.sub(" ", words)) for words in (text.en, text.ja) if words)
    with catalogue.catalogue_path("ja").open("rb") as file:
        for message in read_po(file):
            if message.id:  # without one, it is the head of the catalogue
                for words in (message.id, message.string):
                    for it in (words,) if isinstance(words, str) else words or ():
                        yield f"macros/locale/ja/messages.po:{message.lineno}", NO_WORDS.sub(" ", it)


def kept_lines(found: re.Match[str]) -> str:
    """What stands in the place of something that has no words: a blank, and its ends of lines."""
    return " " + "\n" * found[0].count("\n")


def test_every_acronym_is_in_the_glossary() -> None:
    names = {it for term in shipped.handbook().terms for language in LANGUAGES for it in glossary.names(term, language)}
    hyphened = re.compile("|".join(sorted(re.escape(it) for it in names if ACRONYM.search(it) and "-" in it)))
    used: dict[str, str] = {}
    for place, text in texts():
        used.update({it: place for it in ACRONYM.findall(hyphened.sub(" ", text)) if it not in used})
    assert {"SLO", "CUJ"} <= used.keys()
    unknown = used.keys() - names - NO_ACRONYMS.keys()
    assert [f"{used[it]}: {it} is in data/glossary.yaml neither a name nor an acronym" for it in sorted(unknown)] == []

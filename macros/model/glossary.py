"""The words of the field, in both languages."""

from macros.model.keys import optional, required, several
from macros.model.numbers import OneOrMore
from macros.model.references import TermRef
from macros.model.values import Entity, Link, Listed, Synonyms, Text, Word


class Term(Listed):
    """A term and its meaning."""

    name: Text = required("Its name in both languages.", {"en": "error budget", "ja": "エラーバジェット"})
    acronym: Word | None = optional("Its acronym, the same in both languages.", "SLO")
    yomi: Word | None = optional("How the Japanese name is read, in kana.", "エラーばじぇっと")
    definition: Text = required(
        "What it means, in one or two sentences.", "How much unreliability an SLO allows in a period."
    )
    synonyms: Synonyms | None = optional("Its synonyms.")
    see_also: tuple[TermRef, ...] = several("Related terms.")
    source: Link | None = optional("Where the definition comes from.")


class Glossary(Entity):
    """Every term that the handbook explains."""

    terms: OneOrMore[Term] = required("The terms.")

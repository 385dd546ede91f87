"""The words of the field, in both languages."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from macros.model.references import TermRef
from macros.model.values import Entity, Link, Listed, Synonyms, Text, Word


class Term(Listed):
    """A term with what it means."""

    listed_as: ClassVar[str] = "term"

    name: Text = Field(
        description="Its name in both languages.", examples=[{"en": "error budget", "ja": "エラーバジェット"}]
    )
    acronym: Word | None = Field(None, description="Its acronym, the same in both languages.", examples=["SLO"])
    yomi: Word | None = Field(
        None, description="How the Japanese name is read, in kana.", examples=["エラーばじぇっと"]
    )
    definition: Text = Field(
        description="What it means, in one or two sentences.",
        examples=["How much unreliability an SLO allows in a period."],
    )
    synonyms: Synonyms | None = Field(None, description="Other words for it.")
    see_also: tuple[TermRef, ...] = Field((), description="Terms to look at next.")
    source: Link | None = Field(None, description="Where the definition comes from.")


class Glossary(Entity):
    """Every term that the handbook explains."""

    terms: Annotated[tuple[Term, ...], Field(min_length=1)] = Field(description="The terms.")

"""What is worth reading: works on shelves, and paths through them for a role."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from macros.model.checklists import See
from macros.model.references import (
    ChecklistRef,
    PlaybookTemplateRef,
    ReadingRef,
    TeamTypeRef,
    WorkshopRef,
)
from macros.model.values import Choice, Entity, Id, Listed, Number, Shape, Text, Url

MINUTES_A_PAGE = 2
"""Of a technical book, read with care. A convention of ours, to turn the pages of a work into minutes."""


class ReadingKind(Choice):
    """What sort of work it is."""

    BOOK = "book"
    CHAPTER = "chapter"
    ARTICLE = "article"
    TALK = "talk"
    PAPER = "paper"
    TEMPLATE = "template"
    WORKSHOP = "workshop"
    PODCAST = "podcast"
    TOOL = "tool"


class ReadingLanguage(Choice):
    """The language that a work is in."""

    EN = "en"
    JA = "ja"

    @property
    def label(self) -> str:
        """The language's name in English."""
        return {"en": "English", "ja": "Japanese"}[self.value]


class ReadingLevel(Choice):
    """What a reader should know before."""

    FIRST = "first"
    CORE = "core"
    ADVANCED = "advanced"

    @property
    def label(self) -> str:
        """The level as English prose writes it."""
        return "introductory" if self is ReadingLevel.FIRST else super().label


class Cost(Choice):
    """Whether a work costs money to read."""

    FREE = "free"
    PAID = "paid"


class Role(Choice):
    """Who reads."""

    SRE = "sre"
    DEVELOPER = "developer"
    ON_CALL = "on-call"
    INCIDENT_COMMANDER = "incident-commander"
    PLATFORM_ENGINEER = "platform-engineer"
    ENGINEERING_MANAGER = "engineering-manager"
    PRODUCT_MANAGER = "product-manager"
    FACILITATOR = "facilitator"

    @property
    def label(self) -> str:
        """The role as English prose writes it."""
        return "SRE" if self is Role.SRE else super().label


class Takeaway(Shape):
    """What a reader of one role takes from a work."""

    role: Role = Field(description="Who takes it.", examples=["sre"])
    take: Text = Field(description="What, in a sentence.", examples=["The three conditions to hand the pager back"])


class Reading(Listed):
    """One work on a shelf of the reading list."""

    listed_as: ClassVar[str] = "reading"

    title: Text = Field(
        description="Its title in its own language, and what that means in the other.",
        examples=[{"en": "Why SRE Documents Matter", "ja": "SRE のドキュメントはなぜ重要か"}],
    )
    authors: Annotated[tuple[str, ...], Field(min_length=1)] = Field(
        description="Who wrote, gave or publishes it.", examples=[["Betsy Beyer"]]
    )
    year: Number | None = Field(None, ge=1900, le=2100, description="When it came out.", examples=[2018])
    kind: ReadingKind = Field(description="What sort of work it is.", examples=["chapter"])
    language: ReadingLanguage = Field(description="The language that it is in.", examples=["en"])
    level: ReadingLevel = Field(description="What a reader should know before.", examples=["core"])
    minutes: Number | None = Field(None, ge=1, description="Minutes that reading it takes.", examples=[40])
    pages: Number | None = Field(None, ge=1, description="Its pages, where they say more than minutes.", examples=[550])
    address: Url = Field(description="Where it is.", examples=["https://sre.google/workbook/alerting-on-slos/"])
    cost: Cost = Field(Cost.FREE, description="Whether it costs money.")
    why: Text = Field(
        description="Why to read it, in one or two sentences.",
        examples=["The shortest way to an alert that means something."],
    )
    takeaways: tuple[Takeaway, ...] = Field((), description="What to take from it, by role.")
    team_types: tuple[TeamTypeRef, ...] = Field((), description="The SRE set-ups that it is about.")
    workshops: tuple[WorkshopRef, ...] = Field((), description="The workshops that it helps to prepare.")
    playbook_templates: tuple[PlaybookTemplateRef, ...] = Field((), description="The templates that it is behind.")
    checklists: tuple[ChecklistRef, ...] = Field((), description="The checklists that it is behind.")
    translation_of: ReadingRef | None = Field(None, description="The work that it is a translation of.")

    @model_validator(mode="after")
    def _whole(self) -> Reading:
        if self.minutes is None and self.pages is None:
            raise PydanticCustomError("reading_length", "no length")
        if self.language.value in self.title.missing():
            raise PydanticCustomError("reading_title", "no title of its own", {"language": self.language.value})
        return self

    @property
    def own_title(self) -> str:
        """Its title in its own language."""
        return self.title.in_language(self.language.value)

    @property
    def minutes_to_read(self) -> int:
        """Minutes for the whole work; where only its pages are known, `MINUTES_A_PAGE` for each."""
        return self.minutes or (self.pages or 0) * MINUTES_A_PAGE

    @property
    def roles(self) -> tuple[Role, ...]:
        """Whom it gives something, in the order of its takeaways."""
        return tuple(dict.fromkeys(it.role for it in self.takeaways))


class ReadingShelf(Entity):
    """A shelf of the reading list: works about one subject."""

    name: Text = Field(description="Its name.", examples=["SLOs and user journeys"])
    summary: Text = Field(
        description="What stands on it, in a sentence.", examples=["From what users do to a target that holds"]
    )
    rank: Annotated[Number, Field(ge=1)] = Field(
        100, description="Its place among the shelves; the lowest comes first."
    )
    entries: Annotated[tuple[Reading, ...], Field(min_length=1)] = Field(
        description="Its works, in the order to meet them."
    )


class PathStep(Shape):
    """A work on a path, or the part of it that is to be read."""

    reading: ReadingRef = Field(description="The work.", examples=["alerting-on-slos"])
    part: Text | None = Field(None, description="Which part of it, if not the whole.", examples=["Chapters 1 and 2"])
    minutes: Number | None = Field(None, ge=1, description="Minutes for that part, if not the work's own.")
    look_for: Text | None = Field(None, description="What to look for in it.")


class PathDeed(Shape):
    """What is done with what was read."""

    id: Id = Field(description="A short id, unique on the path and never reused.", examples=["write-playbook"])
    do: Text = Field(description="What is done, the verb first.", examples=["Write a playbook for one alert"])
    see: See = Field(description="Where in the handbook.")


class ReadingPath(Entity):
    """Works in the order to read them, for one role, and what to do with them then."""

    name: Text = Field(description="Its name.", examples=["New to SRE"])
    purpose: Text = Field(
        description="What the reader can do at its end, in a sentence.", examples=["You can take your first shift."]
    )
    role: Role = Field(description="Who walks it.", examples=["sre"])
    rank: Annotated[Number, Field(ge=1)] = Field(100, description="Its place among the paths; the lowest comes first.")
    steps: Annotated[tuple[PathStep, ...], Field(min_length=1)] = Field(description="The works, in order.")
    then: Annotated[tuple[PathDeed, ...], Field(min_length=1)] = Field(
        description="What to do in the handbook afterwards."
    )

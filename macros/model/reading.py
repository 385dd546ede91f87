"""What is worth reading: works on shelves, and paths through them for a role."""

from typing import Self

from pydantic import model_validator

from macros.model.checklists import See
from macros.model.keys import broken, optional, required, several, so_many
from macros.model.numbers import Number, OneOrMore, Positive
from macros.model.references import ChecklistRef, PlaybookTemplateRef, ReadingRef, TeamTypeRef, WorkshopRef
from macros.model.values import Choice, Entity, Id, Listed, Shape, Text, Url

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

    EN = "en", "English"
    JA = "ja", "Japanese"


class ReadingLevel(Choice):
    """What a reader should already know."""

    FIRST = "first", "introductory"
    CORE = "core"
    ADVANCED = "advanced"


class Cost(Choice):
    """Whether a work costs money to read."""

    FREE = "free"
    PAID = "paid"


class Role(Choice):
    """Who reads."""

    SRE = "sre", "SRE"
    DEVELOPER = "developer"
    ON_CALL = "on-call"
    INCIDENT_COMMANDER = "incident-commander"
    PLATFORM_ENGINEER = "platform-engineer"
    ENGINEERING_MANAGER = "engineering-manager"
    PRODUCT_MANAGER = "product-manager"
    FACILITATOR = "facilitator"


class Takeaway(Shape):
    """What a reader of one role takes from a work."""

    role: Role = required("Who takes it.", "sre")
    take: Text = required("What, in a sentence.", "The three conditions to hand the pager back")


class Reading(Listed):
    """One work on a shelf of the reading list."""

    title: Text = required(
        "Its title in its own language, and what that means in the other.",
        {"en": "Why SRE Documents Matter", "ja": "SRE のドキュメントはなぜ重要か"},
    )
    authors: OneOrMore[str] = required("Who wrote, gave or publishes it.", ["Betsy Beyer"])
    year: Number | None = optional("When it was published.", 2018, ge=1900, le=2100)
    kind: ReadingKind = required("What sort of work it is.", "chapter")
    language: ReadingLanguage = required("The language that it is in.", "en")
    level: ReadingLevel = required("What a reader should already know.", "core")
    minutes: Number | None = optional("Minutes that reading it takes.", 40, ge=1)
    pages: Number | None = optional("Its pages, if they say more than minutes.", 550, ge=1)
    address: Url = required("Where it is.", "https://sre.google/workbook/alerting-on-slos/")
    cost: Cost = optional("Whether it costs money.", default=Cost.FREE)
    why: Text = required(
        "Why to read it, in one or two sentences.", "The shortest way to an alert that means something."
    )
    takeaways: tuple[Takeaway, ...] = several("What to take from it, by role.")
    team_types: tuple[TeamTypeRef, ...] = several("The SRE set-ups that it is about.")
    workshops: tuple[WorkshopRef, ...] = several("The workshops that it helps to prepare.")
    playbook_templates: tuple[PlaybookTemplateRef, ...] = several("The templates based on it.")
    checklists: tuple[ChecklistRef, ...] = several("The checklists based on it.")
    translation_of: ReadingRef | None = optional("The work that it is a translation of.")

    _has_length = so_many("say how long it is: `minutes`, or `pages`", "minutes", "pages", most=2)

    @model_validator(mode="after")
    def _has_own_title(self) -> Self:
        if self.language.value not in self.title.said:
            raise broken("`title` lacks the work's own: write it under `{language}:`", language=self.language.value)
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

    name: Text = required("Its name.", "SLOs and user journeys")
    summary: Text = required("What is on it, in a sentence.", "From what users do to a target that holds")
    rank: Positive = optional("Its place among the shelves; the lowest comes first.", default=100)
    entries: OneOrMore[Reading] = required("Its works, in reading order.")


class PathStep(Shape):
    """A work on a path, or the part of it that is to be read."""

    reading: ReadingRef = required("The work.", "alerting-on-slos")
    part: Text | None = optional("Which part of it, if not the whole.", "Chapters 1 and 2")
    minutes: Number | None = optional("Minutes for that part, if not the work's own.", ge=1)
    look_for: Text | None = optional("What to look for in it.")


class PathDeed(Shape):
    """A task for after the reading."""

    id: Id = required("A short id, unique on the path and never reused.", "write-playbook")
    do: Text = required("What to do, the verb first.", "Write a playbook for one alert")
    see: See = required("Where in the handbook.")


class ReadingPath(Entity):
    """Works in the order to read them, for one role, and what to do afterwards."""

    name: Text = required("Its name.", "New to SRE")
    purpose: Text = required("What the reader can do at its end, in a sentence.", "You can take your first shift.")
    role: Role = required("Who it is for.", "sre")
    rank: Positive = optional("Its place among the paths; the lowest comes first.", default=100)
    steps: OneOrMore[PathStep] = required("The works, in the order to read them.")
    then: OneOrMore[PathDeed] = required("What to do in the handbook afterwards.")

"""Workshops: kits with an agenda, a script for the facilitator, and sheets to print."""

from typing import Annotated

from pydantic import Field

from macros.model.journeys import SliType
from macros.model.keys import optional, required, several
from macros.model.numbers import Number, OneOrMore
from macros.model.values import Choice, Entity, Id, Markdown, Shape, Text


class WorkshopSheet(Choice):
    """A sheet that a workshop prints."""

    FACILITATOR = "facilitator", "facilitator's sheet"
    WORKSHEET = "worksheet"
    SLI_MENU = "sli-menu", "SLI menu"
    INTERVIEW = "interview", "interview sheet"


class Participant(Shape):
    """A role that takes part."""

    role: Text = required("The role.", "Product manager (PdM)")
    brings: Text = required("What it brings.", "What users complain about")


class AgendaStep(Shape):
    """A step of the agenda, with the facilitator's script."""

    id: Id = required("A short id, unique in the file; it is the step's anchor.", "journeys")
    name: Text = required("Its name.", "Journeys, in silence")
    minutes: Annotated[Number, Field(ge=1, le=240)] = required("How many minutes it takes.", 15)
    sitting: Annotated[Number, Field(ge=1, le=2)] = optional(
        "Which sitting it belongs to if the workshop is split in two.", default=1
    )
    say: Text = required("What the facilitator says.", "Write one journey per card")
    do: Text = required("What the facilitator does.", "Hand out cards, keep the time")
    watch_for: Text = required("What to watch for.", "Features instead of goals")
    output: Text = required("The result at the end.", "10 to 20 cards")


class PromptGroup(Shape):
    """Questions that help when a group is stuck."""

    about: Text = required("What they are about.", "Users")
    prompts: OneOrMore[Text] = required("The questions.", ["Who calls when it is down?"])


class MenuItem(Shape):
    """An SLI type on the menu card."""

    type: SliType = required("The type.", "latency")
    asks: Text = required("The user's question behind it.", "Is it fast enough?")
    example: Text = required("An SLI of this type.", "Searches answered within 1 s")
    pitfall: Text = required("What goes wrong with it.", "An average hides the slow ones")


class FollowUp(Shape):
    """Something that happens after a workshop."""

    when: Text = required("By when.", "Within two days")
    who: Text = required("Which role does it.", "Owner of the journey")
    do: Text = required("What is done.", "Open the pull request")


class InterviewQuestion(Shape):
    """A question of an interview, and what to listen for."""

    ask: Text = required("The question.", "What paged you last?")
    listen_for: Text = required("What to listen for.", "An event, not an opinion")
    to: Text | None = optional("Whom to ask; if absent, everyone.", "Engineering manager (EM)")


class WorkedExample(Shape):
    """A workshop from its notes to the file that came out of it."""

    introduction: Text = required("Who met, about what.", "Five people, 80 minutes, twice")
    notes: Markdown = required("The notes on the wall.", "- Buyer: wants to pay")
    file: Text = required("The file that came out of it, as YAML.", "name: Pay an invoice")


class Workshop(Entity):
    """A workshop kit: why, with whom, how, and what comes out."""

    name: Text = required("Its name.", "CUJ workshop")
    summary: Text = required("What it is, in one line.", "From users to the first SLO")
    purpose: Text = required("Why hold it.", "Product and engineering agree on one promise")
    output: Text = required("The result of the workshop.", "A journey's file, as a pull request")
    participants: tuple[Participant, ...] = several("The participants.")
    prepare: tuple[Text, ...] = several("What to prepare.")
    agenda: OneOrMore[AgendaStep] = required("The steps, in order.")
    agenda_note: Text | None = optional("Where the timing comes from.")
    prompts: tuple[PromptGroup, ...] = several("Questions that help when a group is stuck.")
    questions: tuple[InterviewQuestion, ...] = several("The questions of an interview.")
    give_back: tuple[Text, ...] = several("What to report back, and by when.")
    sli_menu: tuple[MenuItem, ...] = several("The SLI types to choose from.")
    first_target: tuple[Text, ...] = several("How to choose a first target.")
    afterwards: tuple[FollowUp, ...] = several("What happens afterwards.")
    remote: tuple[Text, ...] = several("What is different in a remote workshop.")
    example: WorkedExample | None = optional("A worked example.")
    sheets: tuple[WorkshopSheet, ...] = several("The sheets to print.")

    def minutes(self, sitting: int | None = None) -> int:
        """The minutes of the whole agenda, or of one of its sittings."""
        return sum(step.minutes for step in self.agenda if sitting in (None, step.sitting))

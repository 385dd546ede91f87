"""Workshops: kits with an agenda, a script for the facilitator, and sheets to print."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from macros.model.journeys import SliType
from macros.model.values import Choice, Entity, Id, Markdown, Number, Shape, Text


class WorkshopSheet(Choice):
    """A sheet that a workshop prints."""

    FACILITATOR = "facilitator"
    WORKSHEET = "worksheet"
    SLI_MENU = "sli-menu"
    INTERVIEW = "interview"

    @property
    def label(self) -> str:
        """The sheet's name as English prose writes it."""
        return {"facilitator": "facilitator's sheet", "sli-menu": "SLI menu", "interview": "interview sheet"}.get(
            self.value, self.value
        )


class Participant(Shape):
    """A role that takes part."""

    role: Text = Field(description="The role.", examples=["Product manager (PdM)"])
    brings: Text = Field(description="What it brings.", examples=["What users complain about"])


class AgendaStep(Shape):
    """A step of the agenda, with the facilitator's script."""

    id: Id = Field(description="A short id, unique in the file; it is the step's anchor.", examples=["journeys"])
    name: Text = Field(description="Its name.", examples=["Journeys, in silence"])
    minutes: Annotated[Number, Field(ge=1, le=240)] = Field(description="How many minutes it takes.", examples=[15])
    sitting: Annotated[Number, Field(ge=1, le=2)] = Field(
        1, description="Which sitting it falls into where the workshop is split in two."
    )
    say: Text = Field(description="What the facilitator says.", examples=["Write one journey per card"])
    do: Text = Field(description="What the facilitator does.", examples=["Hand out cards, keep the time"])
    watch_for: Text = Field(description="What to watch for.", examples=["Features instead of goals"])
    output: Text = Field(description="What is there at the end.", examples=["10 to 20 cards"])


class PromptGroup(Shape):
    """Questions that help when a group is stuck."""

    about: Text = Field(description="What they are about.", examples=["Users"])
    prompts: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="The questions.", examples=[["Who calls when it is down?"]]
    )


class MenuItem(Shape):
    """An SLI type on the menu card."""

    type: SliType = Field(description="The type.", examples=["latency"])
    asks: Text = Field(description="The user's question behind it.", examples=["Is it fast enough?"])
    example: Text = Field(description="An SLI of this type.", examples=["Searches answered within 1 s"])
    pitfall: Text = Field(description="What goes wrong with it.", examples=["An average hides the slow ones"])


class FollowUp(Shape):
    """Something that happens after a workshop."""

    when: Text = Field(description="By when.", examples=["Within two days"])
    who: Text = Field(description="Which role does it.", examples=["Owner of the journey"])
    do: Text = Field(description="What is done.", examples=["Open the pull request"])


class InterviewQuestion(Shape):
    """A question of an interview, and what to listen for."""

    ask: Text = Field(description="The question.", examples=["What woke you last?"])
    listen_for: Text = Field(description="What to listen for.", examples=["A thing that happened, not an opinion"])
    to: Text | None = Field(
        None, description="Whom it is for; absent: everyone.", examples=["Engineering manager (EM)"]
    )


class WorkedExample(Shape):
    """A workshop from its notes to the file that came out of it."""

    introduction: Text = Field(description="Who met, about what.", examples=["Five people, 80 minutes, twice"])
    notes: Markdown = Field(description="What stood on the wall.", examples=["- Buyer: wants to pay"])
    file: str = Field(description="The file that came out of it, as YAML.", examples=["name: Pay an invoice"])


class Workshop(Entity):
    """A workshop kit: why, with whom, how, and what comes out."""

    name: Text = Field(description="Its name.", examples=["CUJ workshop"])
    summary: Text = Field(description="What it is, in one line.", examples=["From users to the first SLO"])
    purpose: Text = Field(description="Why to hold it.", examples=["Product and engineering agree on one promise"])
    output: Text = Field(description="What there is at the end.", examples=["A journey's file, as a pull request"])
    participants: tuple[Participant, ...] = Field((), description="Who comes.")
    prepare: tuple[Text, ...] = Field((), description="What to prepare.")
    agenda: Annotated[tuple[AgendaStep, ...], Field(min_length=1)] = Field(description="The steps, in order.")
    agenda_note: Text | None = Field(None, description="Where the minutes come from.")
    prompts: tuple[PromptGroup, ...] = Field((), description="Questions that help when a group is stuck.")
    questions: tuple[InterviewQuestion, ...] = Field((), description="The questions of an interview.")
    give_back: tuple[Text, ...] = Field((), description="What to give back, and by when.")
    sli_menu: tuple[MenuItem, ...] = Field((), description="The SLI types to choose from.")
    first_target: tuple[Text, ...] = Field((), description="How to choose a first target.")
    afterwards: tuple[FollowUp, ...] = Field((), description="What happens afterwards.")
    remote: tuple[Text, ...] = Field((), description="What is different when people are not in one room.")
    example: WorkedExample | None = Field(None, description="A worked example.")
    sheets: tuple[WorkshopSheet, ...] = Field((), description="The sheets that it prints.")

    @property
    def minutes(self) -> int:
        """The minutes of the whole agenda."""
        return sum(step.minutes for step in self.agenda)

    def minutes_of(self, sitting: int) -> int:
        """The minutes of one of its sittings."""
        return sum(step.minutes for step in self.agenda if step.sitting == sitting)

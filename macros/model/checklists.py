"""Checklists: what is done at which pause point, and what of a team fills them in."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from macros.model.references import (
    ChecklistRef,
    JourneyRef,
    PlaybookRef,
    PlaybookTemplateRef,
    QuickWinRef,
    ServiceRef,
    TeamTypeRef,
    WorkshopRef,
)
from macros.model.values import Choice, Entity, Exercise, Id, Number, Shape, Text, Url


def _due(value: str) -> str:
    if not re.fullmatch(r"(day|week|month) [1-9][0-9]?", value):
        raise PydanticCustomError("due", "not a due time")
    return value


Due = Annotated[str, AfterValidator(_due)]
"""A time from the start: `day 1`, `week 2`, `month 3`."""


class ChecklistStyle(Choice):
    """How a checklist is used: read an item and do it, or do the work and then confirm each item."""

    READ_DO = "read-do"
    DO_CONFIRM = "do-confirm"


class ForEach(Choice):
    """What of a team makes one item each."""

    SERVICES = "services"
    JOURNEYS = "journeys"
    PLAYBOOKS = "playbooks"
    DASHBOARDS = "dashboards"
    CHANNELS = "channels"
    READINGS = "readings"


class SheetLine(Choice):
    """A line at the head of the printed sheet, to be filled in."""

    NAME = "name"
    START_DATE = "start-date"
    BUDDY = "buddy"
    DATE = "date"
    SERVICE = "service"
    SIGN_OFF = "sign-off"


class See(Shape):
    """Where an item leads: one page of the handbook, or one address outside."""

    guide: str | None = Field(
        None, description="The address of a hand-written page of the handbook.", examples=["incidents/"]
    )
    checklist: ChecklistRef | None = Field(None, description="Another checklist.")
    playbook_template: PlaybookTemplateRef | None = Field(None, description="A playbook template.")
    workshop: WorkshopRef | None = Field(None, description="A workshop.")
    quick_win: QuickWinRef | None = Field(None, description="A quick win.")
    team_type: TeamTypeRef | None = Field(None, description="An SRE set-up.")
    service: ServiceRef | None = Field(None, description="A service; in a team's own list.")
    journey: JourneyRef | None = Field(None, description="A user journey; in a team's own list.")
    playbook: PlaybookRef | None = Field(None, description="A playbook; in a team's own list.")
    address: Url | None = Field(None, description="An address outside the handbook.")
    name: Text | None = Field(None, description="What stands behind a guide or an address.", examples=["Severities"])

    @model_validator(mode="after")
    def _one_target(self) -> See:
        targets = [name for name in type(self).model_fields if name != "name" and getattr(self, name) is not None]
        if len(targets) != 1:
            raise PydanticCustomError("see_one", "not one target")
        if self.name is None and targets[0] in ("guide", "address"):
            raise PydanticCustomError("see_name", "no name")
        return self


class ChecklistItem(Shape):
    """One thing to do or to confirm. Its id keeps what people have ticked, however it is worded."""

    id: Id = Field(description="A short id, unique in the list and never reused.", examples=["open-dashboards"])
    do: Text = Field(description="What is done; in English, the verb first.", examples=["Open each dashboard"])
    why: Text | None = Field(None, description="Why, in a sentence; on the screen alone.")
    who: Text | None = Field(None, description="The role that does it, if not the reader.", examples=["Buddy"])
    due: Due | None = Field(
        None, description="When it is due, from the start date.", examples=["day 1", "week 2", "month 3"]
    )
    evidence: Text | None = Field(None, description="What shows that it is done.", examples=["A link in the ticket"])
    see: See | None = Field(None, description="Where it leads.")
    for_each: ForEach | None = Field(
        None, description="Makes one item for each of these that the team has, with its name and its link."
    )
    if_none: Text | None = Field(
        None, description="What is to be done where the team has none of them.", examples=["Write the first playbook"]
    )

    @model_validator(mode="after")
    def _none_of_what(self) -> ChecklistItem:
        if (self.for_each is None) != (self.if_none is None):
            raise PydanticCustomError("if_none", "for_each and if_none go together")
        return self


class ChecklistSection(Shape):
    """A pause point: the items that are read together."""

    id: Id = Field(description="A short id, unique in the list.", examples=["first-day"])
    name: Text = Field(description="Its heading.", examples=["First day"])
    when: Text | None = Field(None, description="The moment of the pause.", examples=["Before the change goes out"])
    items: Annotated[tuple[ChecklistItem, ...], Field(min_length=1)] = Field(description="Its items, in order.")


class Extension(Shape):
    """Sections that are taken from another list."""

    checklist: ChecklistRef = Field(description="The other list.", examples=["production-readiness-c"])
    sections: tuple[Id, ...] = Field((), description="The ids of its sections; where empty, all of them.")


class AppliesTo(Shape):
    """Which teams get a list of their own. With no key in it, every team does."""

    team_types: tuple[TeamTypeRef, ...] = Field((), description="Teams that have, or are, one of these SRE set-ups.")
    team_is: tuple[TeamTypeRef, ...] = Field((), description="Teams that are one of these SRE set-ups for others.")
    on_call: bool = Field(False, description="Teams with somebody on call.")
    has: tuple[ForEach, ...] = Field((), description="Teams that have at least one of each of these.")
    engagement: bool = Field(False, description="Teams that host the engagement of an SRE.")


class Checklist(Entity):
    """A checklist that all teams share. Where it applies to a team, that team's own data fills it in."""

    name: Text = Field(description="Its name.", examples=["New SRE"])
    purpose: Text = Field(description="What is true once it is done.", examples=["Deploys and rolls back without help"])
    audience: Text | None = Field(None, description="Who ticks it.")
    use_when: Text | None = Field(None, description="When it is taken out.")
    style: ChecklistStyle = Field(ChecklistStyle.DO_CONFIRM, description="Read and do, or do and confirm.")
    owner: Text | None = Field(None, description="The role that keeps it right.")
    pages: Annotated[Number, Field(ge=1, le=9)] = Field(
        1, description="The sheets of paper that it promises to fit on."
    )
    lines: tuple[SheetLine, ...] = Field(
        (SheetLine.NAME, SheetLine.START_DATE, SheetLine.BUDDY, SheetLine.SIGN_OFF),
        description="What is filled in at the head of the sheet.",
    )
    applies_to: AppliesTo | None = Field(None, description="Which teams get it as their own; absent: none.")
    extends: tuple[Extension, ...] = Field((), description="Sections of other lists, which come first.")
    sections: tuple[ChecklistSection, ...] = Field((), description="Its own pause points, in order.")
    exercised: tuple[Exercise, ...] = Field((), description="When it was gone through, for real or as a drill.")


class TeamChecklist(Entity):
    """What a team adds to a shared checklist of the same id, or a list of its own."""

    name: Text | None = Field(None, description="Its name; for a list of the team's own.")
    purpose: Text | None = Field(None, description="What is true once it is done; for a list of the team's own.")
    audience: Text | None = Field(None, description="Who ticks it.")
    use_when: Text | None = Field(None, description="When it is taken out.")
    style: ChecklistStyle | None = Field(None, description="Read and do, or do and confirm.")
    owner: Text | None = Field(None, description="The role that keeps it right.")
    pages: Annotated[Number, Field(ge=1, le=9)] | None = Field(
        None, description="The sheets that it promises to fit on.", examples=[1]
    )
    lines: tuple[SheetLine, ...] | None = Field(None, description="What is filled in at the head of the sheet.")
    extends: tuple[Extension, ...] = Field((), description="Sections of shared lists, which come first.")
    sections: tuple[ChecklistSection, ...] = Field((), description="Pause points, or more items for those of the list.")
    exercised: tuple[Exercise, ...] = Field((), description="When the team went through it, for real or as a drill.")

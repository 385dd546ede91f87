"""Checklists: what is done at which pause point, and what of a team fills them in."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from macros.model import references
from macros.model.keys import broken, matching, optional, required, several
from macros.model.numbers import Number, OneOrMore
from macros.model.values import Choice, Entity, Exercise, Id, Shape, Text, Url

_NO_DUE = "`{given}` is not a time after the start; write day 1, week 2 or month 3"
Due = Annotated[str, matching(r"(day|week|month) [1-9][0-9]?", _NO_DUE)]
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
    """The link of an item: one page of the handbook, or one address outside."""

    guide: str | None = optional("The address of a hand-written page of the handbook.", "incidents/")
    checklist: references.ChecklistRef | None = optional("Another checklist.")
    playbook_template: references.PlaybookTemplateRef | None = optional("A playbook template.")
    workshop: references.WorkshopRef | None = optional("A workshop.")
    quick_win: references.QuickWinRef | None = optional("A quick win.")
    team_type: references.TeamTypeRef | None = optional("An SRE set-up.")
    service: references.ServiceRef | None = optional("A service; in a team's own list.")
    journey: references.JourneyRef | None = optional("A user journey; in a team's own list.")
    playbook: references.PlaybookRef | None = optional("A playbook; in a team's own list.")
    address: Url | None = optional("An address outside the handbook.")
    name: Text | None = optional("The name of a guide or an address.", "Severities")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        targets = [name for name in type(self).model_fields if name != "name" and getattr(self, name) is not None]
        if len(targets) != 1:
            raise broken("`see` links to one page: keep one of its keys, beside `name`")
        if self.name is None and targets[0] in ("guide", "address"):
            raise broken("say what the link leads to: add `name:`")
        return self


class ChecklistItem(Shape):
    """One thing to do or to confirm. Its id keeps what people have ticked, however it is worded."""

    id: Id = required("A short id, unique in the list and never reused.", "open-dashboards")
    do: Text = required("What to do; in English, the verb first.", "Open each dashboard")
    why: Text | None = optional("Why, in a sentence; shown only on the screen.")
    who: Text | None = optional("The role that does it, if not the reader.", "Buddy")
    due: Due | None = optional("When it is due, from the start date.", "day 1", "week 2", "month 3")
    evidence: Text | None = optional("Evidence that it is done.", "A link in the ticket")
    see: See | None = optional("Its link.")
    for_each: ForEach | None = optional(
        "Makes one item for each of these that the team has, with its name and its link."
    )
    if_none: Text | None = optional("What to do if the team has none of them.", "Write the first playbook")

    @model_validator(mode="after")
    def _none_of_what(self) -> Self:
        if (self.for_each is None) != (self.if_none is None):
            raise broken("`for_each` and `if_none` go together: what should a team do that has none?")
        return self


class ChecklistSection(Shape):
    """A pause point: the items that are read together."""

    id: Id = required("A short id, unique in the list.", "first-day")
    name: Text = required("Its heading.", "First day")
    when: Text | None = optional("When to pause.", "Before the change goes out")
    items: OneOrMore[ChecklistItem] = required("Its items, in order.")


class Extension(Shape):
    """Sections included from another list."""

    checklist: references.ChecklistRef = required("The other list.", "production-readiness-c")
    sections: tuple[Id, ...] = several("The ids of its sections; if empty, all of them.")


class AppliesTo(Shape):
    """Which teams get a copy of their own. Without any key, every team does."""

    team_types: tuple[references.TeamTypeRef, ...] = several("Teams that have, or are, one of these SRE set-ups.")
    team_is: tuple[references.TeamTypeRef, ...] = several("Teams that provide one of these SRE set-ups to others.")
    on_call: bool = optional("Teams with on-call.", default=False)
    has: tuple[ForEach, ...] = several("Teams that have at least one of each of these.")
    engagement: bool = optional("Teams that host the engagement of an SRE.", default=False)


class Checklist(Entity):
    """A checklist that all teams share. If it applies to a team, the team's own data fills it in."""

    name: Text = required("Its name.", "New SRE")
    purpose: Text = required("The state once it is done.", "Deploys and rolls back without help")
    audience: Text | None = optional("Who ticks it.")
    use_when: Text | None = optional("When to use it.")
    style: ChecklistStyle = optional("Read and do, or do and confirm.", default=ChecklistStyle.DO_CONFIRM)
    owner: Text | None = optional("The role that maintains it.")
    pages: Annotated[Number, Field(ge=1, le=9)] = optional("How many sheets of paper it must fit on.", default=1)
    lines: tuple[SheetLine, ...] = optional(
        "The blanks to fill in at the top of the sheet.",
        default=(SheetLine.NAME, SheetLine.START_DATE, SheetLine.BUDDY, SheetLine.SIGN_OFF),
    )
    applies_to: AppliesTo | None = optional("Which teams get a copy of their own; if absent, none.")
    extends: tuple[Extension, ...] = several("Sections of other lists, which come first.")
    sections: tuple[ChecklistSection, ...] = several("Its own pause points, in order.")
    exercised: tuple[Exercise, ...] = several("When it was used, for real or as a drill.")


class TeamChecklist(Entity):
    """What a team adds to a shared checklist of the same id, or a list of its own."""

    name: Text | None = optional("Its name; for a list of the team's own.")
    purpose: Text | None = optional("The state once it is done; for a list of the team's own.")
    audience: Text | None = optional("Who ticks it.")
    use_when: Text | None = optional("When to use it.")
    style: ChecklistStyle | None = optional("Read and do, or do and confirm.")
    owner: Text | None = optional("The role that maintains it.")
    pages: Number | None = optional("How many sheets it must fit on.", 1, ge=1, le=9)
    lines: tuple[SheetLine, ...] | None = optional("The blanks to fill in at the top of the sheet.")
    extends: tuple[Extension, ...] = several("Sections of shared lists, which come first.")
    sections: tuple[ChecklistSection, ...] = several("Pause points, or more items for those of the list.")
    exercised: tuple[Exercise, ...] = several("When the team used it, for real or as a drill.")

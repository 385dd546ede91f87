"""SRE set-ups: the catalogue of team types, what to begin with, who has done it, and the engagements."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from macros.model.references import QuickWinRef, ServiceRef, TeamRef, TeamTypeRef
from macros.model.values import (
    Choice,
    Day,
    Entity,
    Id,
    Interaction,
    Link,
    Markdown,
    Number,
    Percent,
    Rhythm,
    Shape,
    Text,
)

Points = Annotated[Number, Field(ge=-3, le=3)]
Sources = Annotated[tuple[Link, ...], Field(min_length=1)]


class SkillLevel(Choice):
    """How far somebody has come with a skill."""

    NEW = "new"
    WITH_HELP = "with-help"
    ALONE = "alone"
    TEACHES = "teaches"


class GoalState(Choice):
    """How far a goal or an exit criterion has come."""

    OPEN = "open"
    MET = "met"
    DROPPED = "dropped"


class StartingPoint(Shape):
    """Where to start, given what can be seen."""

    when: Text = Field(description="What the situation looks like.", examples=["Problems are visible"])
    steps: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="What to do then, in order.", examples=[["Investigate one bottleneck"]]
    )


class DatedStep(Shape):
    """A step with the day by which it is done."""

    by_day: Annotated[Number, Field(ge=1, le=365)] = Field(
        description="Days after the start by which it is done.", examples=[30]
    )
    do: Text = Field(description="What is done.", examples=["Interview every team's engineers and managers"])
    result: Text = Field(description="What is there then to look at.", examples=["One page of pain points per team"])


class WayOfWorking(Shape):
    """How a set-up works with teams: mode, rhythm and what happens then."""

    mode: Interaction = Field(description="The mode, in the words of Team Topologies.", examples=["facilitating"])
    cadence: Text = Field(description="How often, and how long at a time.", examples=["Weekly, 30 minutes"])
    how: Text = Field(description="What the two do together.", examples=["Pairing on the team's own alerts"])


class Staffing(Shape):
    """How many people a set-up takes, and what a second hat can do."""

    people: Text = Field(description="How many, and of what experience.", examples=["Three to five engineers"])
    second_hat: Text = Field(
        description="What works, and what doesn't, where it is somebody's second job.",
        examples=["30 % for one named problem"],
    )


class Measure(Shape):
    """How it shows that a set-up works."""

    what: Text = Field(description="What is counted or asked.", examples=["Teams that changed an SLO by themselves"])
    where: Text = Field(description="Where the figure comes from.", examples=["Pull requests of the quarter"])


class AntiPattern(Shape):
    """A way in which a set-up goes wrong."""

    name: Text = Field(description="Its name.", examples=["Ticket queue"])
    sign: Text = Field(description="The sign that you are in it.", examples=["Waiting time is the main topic"])
    way_out: Text = Field(description="What to do then.", examples=["Turn the top request into a self-service"])


class Ending(Shape):
    """When and how a set-up ends."""

    when: Text = Field(description="What is true when it ends.", examples=["The goal holds for four weeks"])
    how: Text = Field(description="How it is handed back.", examples=["Two weeks of review without hands on"])


class Asks(Shape):
    """What a set-up asks of the people around it."""

    engineering_managers: tuple[Text, ...] = Field(
        (), description="What it asks of engineering managers.", examples=[["Half a day a week of two engineers"]]
    )
    product_managers: tuple[Text, ...] = Field(
        (), description="What it asks of product managers.", examples=[["An hour for the user journey"]]
    )


class Sequel(Shape):
    """What can come after a set-up."""

    team_type: TeamTypeRef = Field(description="The set-up that follows.", examples=["embedded"])
    when: Text = Field(description="What has to be true for it.", examples=["One team's own problem is visible"])


class Preparation(Shape):
    """What has to be done before a set-up makes sense."""

    do: Text = Field(description="What to do first.", examples=["Write one goal with baseline and target"])
    team_type: TeamTypeRef | None = Field(
        None, description="The set-up that can do it, where it takes one.", examples=["enabling"]
    )


class ChooserRule(Shape):
    """What one answer of the chooser says about a set-up."""

    question: Id = Field(description="The id of a question in chooser.yaml.", examples=["problems"])
    answer: Id = Field(description="The id of one of its answers.", examples=["one-team"])
    points: Points = Field(description="How much it speaks for the set-up (3) or against it (-3).", examples=[3])
    reason: Text = Field(description="Why, in a sentence.", examples=["The work follows from the problem"])
    first: Preparation | None = Field(None, description="What has to be done first, given this answer.")


class TeamType(Entity):
    """An SRE set-up: what an SRE team, or the SRE work in a team, can look like."""

    name: Text = Field(description="Its name.", examples=["Embedded SRE"])
    summary: Text = Field(description="What it is, in one line.", examples=["Works on one team's problem from inside"])
    rank: Annotated[Number, Field(ge=1)] = Field(
        description="Its place in lists; the chooser prefers the lower one where two have as many points.", examples=[1]
    )
    works_inside: bool = Field(
        False, description="Whether its SRE works inside one team, so that one at a time is enough for a team."
    )
    grows_by_quick_wins: bool = Field(
        False, description="Whether a young team of this type starts with quick wins and trust."
    )
    owns: tuple[Text, ...] = Field((), description="What it is responsible for.")
    does_not_own: tuple[Text, ...] = Field((), description="What stays with others.")
    use_when: tuple[Text, ...] = Field((), description="When it is the right set-up.")
    not_yet_when: tuple[Text, ...] = Field((), description="When something else has to come first.")
    starts: tuple[StartingPoint, ...] = Field((), description="Where to start.")
    first_90_days: tuple[DatedStep, ...] = Field((), description="The first 90 days as dated steps.")
    works_with_teams: tuple[WayOfWorking, ...] = Field((), description="How it works with teams.")
    staffing: Staffing | None = Field(None, description="How many people it takes.")
    success: tuple[Measure, ...] = Field((), description="How its success is measured.")
    anti_patterns: tuple[AntiPattern, ...] = Field((), description="How it goes wrong.")
    ending: Ending | None = Field(None, description="When and how it ends.")
    asks: Asks | None = Field(None, description="What it asks of managers.")
    then: tuple[Sequel, ...] = Field((), description="What can come after it.")
    quick_wins: tuple[QuickWinRef, ...] = Field(
        (), description="Quick wins that suit it.", examples=[["alert-clean-up"]]
    )
    notes: Markdown | None = Field(None, description="Anything else worth knowing, in Markdown.")
    chooser: tuple[ChooserRule, ...] = Field((), description="When the chooser recommends it.")


class ChooserAnswer(Shape):
    """One answer to a question of the chooser."""

    id: Id = Field(description="A short id, unique in the question; addresses hold it.", examples=["one-team"])
    answer: Text = Field(description="The answer.", examples=["In one team"])


class ChooserQuestion(Shape):
    """One question of the chooser."""

    id: Id = Field(description="A short id; addresses and rules hold it.", examples=["problems"])
    question: Text = Field(description="The question.", examples=["Are reliability problems visible, and where?"])
    help: Text | None = Field(None, description="How to find the answer.")
    answers: Annotated[tuple[ChooserAnswer, ...], Field(min_length=2)] = Field(description="The answers.")


class Chooser(Entity):
    """The questions that lead to a set-up. The rules stand in the team types."""

    questions: Annotated[tuple[ChooserQuestion, ...], Field(min_length=1)] = Field(description="The questions.")


class QuickWin(Entity):
    """A small, visible piece of reliability work to start with."""

    name: Text = Field(description="Its name.", examples=["Alert clean-up"])
    summary: Text = Field(description="What is better afterwards.", examples=["Every page that is left needs action"])
    days: Annotated[Number, Field(ge=1, le=20)] = Field(
        description="Working days that one engineer needs for it, start to finish.", examples=[3]
    )
    shows: Text = Field(description="What it shows.", examples=["Nights can be quiet without losing alarms"])
    audience: Text = Field(description="To whom it shows that.", examples=["Everyone on call, and their manager"])
    steps: Annotated[tuple[Text, ...], Field(min_length=3)] = Field(
        description="How to do it, in order.", examples=[["List last month's pages", "Group them", "Delete one"]]
    )
    done_when: Text = Field(description="How to see that it is done.", examples=["A week with no page without action"])
    leads_to: Text = Field(
        description="What it often leads to.", examples=["The first SLO, as a better thing to page on"]
    )
    watch_out: Text | None = Field(None, description="What can go wrong.")


class LeftUndone(Shape):
    """What a case left undone, and why."""

    what: Text = Field(description="What was left undone.", examples=["Emergency playbooks"])
    why: Text = Field(description="Why, as the source says it.", examples=["No visible problem yet"])


class CaseStudy(Entity):
    """What an organisation has done, as its own publication tells it."""

    name: Text = Field(
        description="A title that says what happened.", examples=["From two trials to a regular dispatch"]
    )
    organisation: Text = Field(description="Who did it.", examples=["An online shop"])
    period: Text | None = Field(None, description="When.", examples=["December 2022 to March 2023"])
    team_types: tuple[TeamTypeRef, ...] = Field(
        (), description="The set-ups that it is about.", examples=[["embedded"]]
    )
    setting: Text = Field(description="What the situation was.", examples=["A start-up with one product"])
    done: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="What was done.", examples=[["Performance targets were set"]]
    )
    worked: tuple[Text, ...] = Field((), description="What worked.")
    left_undone: tuple[LeftUndone, ...] = Field((), description="What was left undone, and why.")
    lesson: Text = Field(description="What others can learn from it.", examples=["Make the goals concrete first"])
    changed_here: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="What it changed in this handbook.", examples=[["An engagement without an end is a finding"]]
    )
    sources: Sources = Field(description="Where it is told.")


class PainPointPlace(Shape):
    """A pain point: the id of a service or of a team, and the point's id in it."""

    service: ServiceRef | None = Field(None, description="The service that has it.", examples=["payments-api"])
    team: TeamRef | None = Field(None, description="The team that has it, where it is no service's.")
    id: Id = Field(description="The point's id.", examples=["slow-refunds"])

    @model_validator(mode="after")
    def _one_owner(self) -> PainPointPlace:
        if (self.service is None) == (self.team is None):
            raise PydanticCustomError("pain_point_owner", "not one owner")
        return self


class EngagementStart(Shape):
    """How an engagement started: from a pain point, or flat."""

    pain_point: PainPointPlace | None = Field(None, description="The visible problem that it started from.")
    flat_start: Text | None = Field(
        None,
        description="With no visible problem: the plan from user journeys to SLOs, instrumentation and dashboards.",
        examples=["CUJ workshop by 11 December, first SLO by 22 January"],
    )

    @model_validator(mode="after")
    def _not_empty(self) -> EngagementStart:
        if self.pain_point is None and self.flat_start is None:
            raise PydanticCustomError("start_empty", "neither a pain point nor a flat start")
        return self


class Goal(Shape):
    """What an engagement is to reach. It is concrete when baseline, measure, target and due are there."""

    id: Id = Field(description="A short id, unique in the file; it is the goal's anchor.", examples=["analysis-time"])
    what: Text = Field(description="What is to be better.", examples=["Refunds are done on the day they are asked for"])
    baseline: Text | None = Field(None, description="The figure at the start.", examples=["p95 41 s in October"])
    measure: Text | None = Field(None, description="Where it is measured.", examples=["Job duration, worker metrics"])
    target: Text | None = Field(None, description="The figure to reach.", examples=["p95 under 30 s for 14 days"])
    due: Day | None = Field(None, description="By when.", examples=["2027-01-29"])
    state: GoalState = Field(GoalState.OPEN, description="How far it has come.")

    @property
    def missing(self) -> tuple[str, ...]:
        """Which of the four parts of a concrete goal are missing, as their keys."""
        return tuple(key for key in ("baseline", "measure", "target", "due") if getattr(self, key) is None)


class ExitCriterion(Shape):
    """What has to be true before an engagement ends."""

    id: Id = Field(description="A short id, unique in the file.", examples=["playbooks-without-help"])
    what: Text = Field(description="What has to be true.", examples=["The team handled two alerts without the SRE"])
    state: GoalState = Field(GoalState.OPEN, description="How far it has come.")


class KnowledgeTransfer(Shape):
    """A skill that goes over to the host: who has to have it, how far they are, how far they are to come."""

    skill: Text = Field(description="The skill.", examples=["Reading a trace"])
    role: Text = Field(description="Who is to have it.", examples=["Engineers on call"])
    now: SkillLevel = Field(SkillLevel.NEW, description="How far they are.")
    target: SkillLevel = Field(SkillLevel.ALONE, description="How far they are to come.")


class Meeting(Shape):
    """A fixed meeting of an engagement."""

    with_: Text = Field(alias="with", description="With whom.", examples=["Engineering manager (EM)"])
    every: Rhythm = Field(description="How often.", examples=["fortnightly"])
    about: Text = Field(description="What is decided there.", examples=["Do the goals still hold?"])


class Engagement(Entity):
    """An SRE embedded, lent, enabling or consulting for a time. It stands in the folder of the team that hosts it."""

    name: Text = Field(description="What it is about, in a few words.", examples=["Refunds on the same day"])
    type: TeamTypeRef = Field(description="The set-up.", examples=["embedded"])
    provided_by: TeamRef | None = Field(
        None, description="The team that provides the SRE; absent: the host does, as a second hat.", examples=["sre"]
    )
    role: Text = Field(description="What the SRE is there for.", examples=["Finds and removes the bottleneck"])
    people: Annotated[Number, Field(ge=1)] = Field(1, description="How many people.")
    allocation_percent: Percent = Field(100, description="How much of a person's time it takes.", examples=[30])
    start: Day = Field(description="The first day.", examples=["2026-11-02"])
    end: Day | None = Field(None, description="The last day.", examples=["2027-01-29"])
    started_from: EngagementStart | None = Field(
        None,
        description="How it started.",
        examples=[{"pain_point": {"service": "payments-api", "id": "slow-refunds"}}],
    )
    goals: tuple[Goal, ...] = Field((), description="What it is to reach.")
    exit_criteria: tuple[ExitCriterion, ...] = Field((), description="What has to be true before it ends.")
    knowledge_transfer: tuple[KnowledgeTransfer, ...] = Field((), description="What goes over to the host.")
    cadence: tuple[Meeting, ...] = Field((), description="Fixed meetings, with EM and PdM at least.")
    after_care: Text | None = Field(
        None, description="What the SRE still does after the end.", examples=["Design reviews for three months"]
    )
    outcome: Text | None = Field(None, description="What came of it; written when it has ended.")

    @field_validator("end")
    @classmethod
    def _in_order(cls, end: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("start")
        if end is not None and start is not None and end < start:
            raise PydanticCustomError("ends_before_start", "ends before it starts")
        return end

    @property
    def concrete_goals(self) -> tuple[Goal, ...]:
        """The goals that have all four parts and were not given up."""
        return tuple(goal for goal in self.goals if not goal.missing and goal.state is not GoalState.DROPPED)

"""SRE set-ups: the catalogue of team types, what to begin with, who has done it, and the engagements."""

from datetime import date
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from macros.model.keys import broken, optional, required, several, so_many
from macros.model.numbers import Day, Number, OneOrMore, Percent, Positive
from macros.model.references import QuickWinRef, ServiceRef, TeamRef, TeamTypeRef
from macros.model.values import Choice, Entity, Id, Interaction, Link, Markdown, Rhythm, Shape, Text

Points = Annotated[Number, Field(ge=-3, le=3)]


class Seat(Choice):
    """Where the SREs of a set-up sit."""

    INSIDE = "inside"
    BESIDE = "beside"
    BELOW = "below"


class Holder(Choice):
    """Where knowledge gathers."""

    SRE = "sre", "the SRE team"
    TEAMS = "teams", "the product teams"
    BOTH = "both", "the SRE team and the product teams"


class SkillLevel(Choice):
    """How well a skill is mastered."""

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
    """Where to start, depending on the situation."""

    when: Text = required("What the situation looks like.", "Problems are visible")
    steps: OneOrMore[Text] = required("What to do then, in order.", ["Investigate one bottleneck"])


class DatedStep(Shape):
    """A step with its deadline."""

    by_day: Annotated[Number, Field(ge=1, le=365)] = required("Its deadline, in days after the start.", 30)
    do: Text = required("What is done.", "Interview every team's engineers and managers")
    result: Text = required("The result that can be seen then.", "One page of pain points per team")


class WayOfWorking(Shape):
    """How a set-up works with teams: mode, rhythm and what they do together."""

    mode: Interaction = required("The mode, in the words of Team Topologies.", "facilitating")
    cadence: Text = required("How often, and how long at a time.", "Weekly, 30 minutes")
    how: Text = required("What the two do together.", "Pairing on the team's own alerts")


class Layout(Shape):
    """A set-up as a picture: who sits where, who talks to whom, where knowledge gathers."""

    sits: Seat = required("Inside one team, in a team beside the others, or in one that serves them.", "beside")
    reaches: Annotated[Number, Field(ge=1, le=3)] = required("How many of three teams it works with at a time.", 3)
    knowledge: Holder = required("Where knowledge gathers.", "sre")


class Staffing(Shape):
    """How many people a set-up takes, and what works as a second hat."""

    people: Text = required("How many, and of what experience.", "Three to five engineers")
    second_hat: Text = required("What works, and what doesn't, as a second hat.", "30 % for one named problem")


class Measure(Shape):
    """How to tell that a set-up works."""

    what: Text = required("What is counted or asked.", "Teams that changed an SLO by themselves")
    where: Text = required("Where the figure comes from.", "Pull requests of the quarter")


class AntiPattern(Shape):
    """A way in which a set-up goes wrong."""

    name: Text = required("Its name.", "Ticket queue")
    sign: Text = required("How to recognise it.", "Waiting time is the main topic")
    way_out: Text = required("What to do then.", "Turn the top request into a self-service")


class Ending(Shape):
    """When and how a set-up ends."""

    when: Text = required("The state when it ends.", "The goal holds for four weeks")
    how: Text = required("How the work is handed back.", "Two weeks of reviews only")


class Asks(Shape):
    """What a set-up asks of the people around it."""

    engineering_managers: tuple[Text, ...] = several(
        "What it asks of engineering managers.", ["Half a day a week of two engineers"]
    )
    product_managers: tuple[Text, ...] = several("What it asks of product managers.", ["An hour for the user journey"])


class Sequel(Shape):
    """What can come after a set-up."""

    team_type: TeamTypeRef = required("The set-up that follows.", "embedded")
    when: Text = required("The condition for it.", "One team's own problem is visible")


class Preparation(Shape):
    """What has to be done before a set-up makes sense."""

    do: Text = required("What to do first.", "Write one goal with baseline and target")
    team_type: TeamTypeRef | None = optional("The set-up that can do it, if it needs one.", "enabling")


class ChooserRule(Shape):
    """What one answer of the chooser says about a set-up."""

    question: Id = required("The id of a question in chooser.yaml.", "problems")
    answer: Id = required("The id of one of its answers.", "one-team")
    points: Points = required("How much it speaks for the set-up (3) or against it (-3).", 3)
    reason: Text = required("Why, in a sentence.", "The work follows from the problem")
    first: Preparation | None = optional("What has to be done first, given this answer.")


class TeamType(Entity):
    """An SRE set-up: what an SRE team, or the SRE work in a team, can look like."""

    name: Text = required("Its name.", "Embedded SRE")
    summary: Text = required("What it is, in one line.", "Works on one team's problem from inside")
    rank: Positive = required("Its place in lists; of two with equal points, the chooser prefers the lower.", 1)
    works_inside: bool = optional(
        "Whether its SRE works inside one team, so that one at a time is enough for a team.", default=False
    )
    grows_by_quick_wins: bool = optional(
        "Whether a new team of this type starts with quick wins and trust.", default=False
    )
    layout: Layout | None = optional("How it is drawn.")
    owns: tuple[Text, ...] = several("What it is responsible for.")
    does_not_own: tuple[Text, ...] = several("What others stay responsible for.")
    use_when: tuple[Text, ...] = several("When it is the right set-up.")
    not_yet_when: tuple[Text, ...] = several("When something else has to come first.")
    starts: tuple[StartingPoint, ...] = several("Where to start.")
    first_90_days: tuple[DatedStep, ...] = several("The first 90 days as dated steps.")
    works_with_teams: tuple[WayOfWorking, ...] = several("How it works with teams.")
    staffing: Staffing | None = optional("How many people it takes.")
    success: tuple[Measure, ...] = several("How its success is measured.")
    anti_patterns: tuple[AntiPattern, ...] = several("How it goes wrong.")
    ending: Ending | None = optional("When and how it ends.")
    asks: Asks | None = optional("What it asks of managers.")
    then: tuple[Sequel, ...] = several("What can come after it.")
    quick_wins: tuple[QuickWinRef, ...] = several("Quick wins that suit it.", ["alert-clean-up"])
    notes: Markdown | None = optional("Anything else worth knowing, in Markdown.")
    chooser: tuple[ChooserRule, ...] = several("When the chooser recommends it.")

    def rule_for(self, question: str, answer: str) -> ChooserRule | None:
        """What an answer to the chooser says about it; None where it makes no difference. The browser adds it up."""
        return next((rule for rule in self.chooser if (rule.question, rule.answer) == (question, answer)), None)


class ChooserAnswer(Shape):
    """One answer to a question of the chooser."""

    id: Id = required("A short id, unique in the question; it is part of addresses.", "one-team")
    answer: Text = required("The answer.", "In one team")


class ChooserQuestion(Shape):
    """One question of the chooser."""

    id: Id = required("A short id; addresses and rules refer to it.", "problems")
    question: Text = required("The question.", "Are reliability problems visible, and where?")
    help: Text | None = optional("How to find the answer.")
    answers: tuple[ChooserAnswer, ...] = required("The answers.", min_length=2)


class Chooser(Entity):
    """The questions that lead to a set-up. The rules are in the team types."""

    questions: OneOrMore[ChooserQuestion] = required("The questions.")


class QuickWin(Entity):
    """A small, visible piece of reliability work to start with."""

    name: Text = required("Its name.", "Alert clean-up")
    summary: Text = required("What is better afterwards.", "Every remaining page needs action")
    days: Annotated[Number, Field(ge=1, le=20)] = required(
        "Working days that one engineer needs for it, start to finish.", 3
    )
    shows: Text = required("What it shows.", "Nights can be quiet without missed incidents")
    audience: Text = required("Who sees it.", "Everyone on call, and their manager")
    steps: tuple[Text, ...] = required(
        "How to do it, in order.", ["List last month's pages", "Group them", "Delete one"], min_length=3
    )
    done_when: Text = required("How to see that it is done.", "A week in which every page needed action")
    leads_to: Text = required("What it often leads to.", "The first SLO, as a better thing to page on")
    watch_out: Text | None = optional("What can go wrong.")


class LeftUndone(Shape):
    """What a case left undone, and why."""

    what: Text = required("What was left undone.", "Emergency playbooks")
    why: Text = required("Why, as the source says it.", "No visible problem yet")


class CaseStudy(Entity):
    """What an organisation has done, as its own publication says."""

    name: Text = required("A title that says what happened.", "From two trials to a regular dispatch")
    organisation: Text = required("Who did it.", "An online shop")
    period: Text | None = optional("When.", "December 2022 to March 2023")
    team_types: tuple[TeamTypeRef, ...] = several("The set-ups that it is about.", ["embedded"])
    setting: Text = required("What the situation was.", "A start-up with one product")
    done: OneOrMore[Text] = required("What was done.", ["Performance targets were set"])
    worked: tuple[Text, ...] = several("What worked.")
    left_undone: tuple[LeftUndone, ...] = several("What was left undone, and why.")
    lesson: Text = required("What others can learn from it.", "Make the goals concrete first")
    changed_here: OneOrMore[Text] = required(
        "What it changed in this handbook.", ["An engagement without an end is a gap"]
    )
    sources: OneOrMore[Link] = required("Where it was published.")


class PainPointPlace(Shape):
    """A pain point: the id of a service or of a team, and the point's id in it."""

    service: ServiceRef | None = optional("The service that has it.", "payments-api")
    team: TeamRef | None = optional("The team that has it, if no service has it.")
    id: Id = required("The point's id.", "slow-refunds")

    _one_owner = so_many("name the `service` or the `team` that has the pain point, one of the two", "service", "team")


class EngagementStart(Shape):
    """How an engagement started: from a pain point, or flat."""

    pain_point: PainPointPlace | None = optional("The visible problem that it started from.")
    flat_start: Text | None = optional(
        "With no visible problem: the plan from user journeys to SLOs, instrumentation and dashboards.",
        "CUJ workshop by 11 December, first SLO by 22 January",
    )

    _not_empty = so_many(
        "say how it started: a `pain_point`, or the plan of a `flat_start`", "pain_point", "flat_start", most=2
    )


class Goal(Shape):
    """A goal of an engagement. It is concrete when it has a baseline, a measure, a target and a due date."""

    id: Id = required("A short id, unique in the file; it is the goal's anchor.", "analysis-time")
    what: Text = required("What should get better.", "Refunds are done on the day they are asked for")
    baseline: Text | None = optional("The figure at the start.", "p95 41 s in October")
    measure: Text | None = optional("Where it is measured.", "Job duration, worker metrics")
    target: Text | None = optional("The figure to reach.", "p95 under 30 s for 28 days")
    due: Day | None = optional("By when.", "2027-01-29")
    state: GoalState = optional("Its progress.", default=GoalState.OPEN)

    @property
    def missing(self) -> tuple[str, ...]:
        """Which of the four parts of a concrete goal are missing, as their keys."""
        return tuple(key for key in ("baseline", "measure", "target", "due") if getattr(self, key) is None)


class ExitCriterion(Shape):
    """What has to be true before an engagement ends."""

    id: Id = required("A short id, unique in the file.", "playbooks-without-help")
    what: Text = required("What has to be true.", "The team handled two alerts without the SRE")
    state: GoalState = optional("Its progress.", default=GoalState.OPEN)


class KnowledgeTransfer(Shape):
    """A skill to hand over to the host: who should have it, the level now, and the level to reach."""

    skill: Text = required("The skill.", "Reading a trace")
    role: Text = required("Who should have it.", "Engineers on call")
    now: SkillLevel = optional("The level now.", default=SkillLevel.NEW)
    target: SkillLevel = optional("The level to reach.", default=SkillLevel.ALONE)


class Meeting(Shape):
    """A fixed meeting of an engagement."""

    with_: Text = required("With whom.", "Engineering manager (EM)", alias="with")
    every: Rhythm = required("How often.", "fortnightly")
    about: Text = required("What is decided there.", "Do the goals still hold?")


class Engagement(Entity):
    """An SRE embedded, lent, enabling or consulting for a time. It is in the folder of the team that hosts it."""

    name: Text = required("What it is about, in a few words.", "Refunds on the same day")
    type: TeamTypeRef = required("The set-up.", "embedded")
    provided_by: TeamRef | None = optional(
        "The team that provides the SRE; if absent, the host does, as a second hat.", "sre"
    )
    role: Text = required("The SRE's role.", "Finds and removes the bottleneck")
    people: Positive = optional("How many people.", default=1)
    allocation_percent: Percent | None = optional("The share of a person's time that it takes.", 30)
    start: Day = required("The first day.", "2026-11-02")
    end: Day | None = optional("The last day.", "2027-01-29")
    started_from: EngagementStart | None = optional(
        "How it started.", {"pain_point": {"service": "payments-api", "id": "slow-refunds"}}
    )
    goals: tuple[Goal, ...] = several("Its goals.")
    exit_criteria: tuple[ExitCriterion, ...] = several("What has to be true before it ends.")
    knowledge_transfer: tuple[KnowledgeTransfer, ...] = several("What to hand over to the host.")
    cadence: tuple[Meeting, ...] = several("Fixed meetings, with EM and PdM at least.")
    after_care: Text | None = optional("What the SRE still does after the end.", "Design reviews for three months")
    outcome: Text | None = optional("Its outcome; written when it has ended.")

    @field_validator("end")
    @classmethod
    def _in_order(cls, end: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("start")
        if end is not None and start is not None and end < start:
            raise broken("{given} is before `start`; fix one of the two")
        return end

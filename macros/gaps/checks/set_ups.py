"""What is asked of team types, the chooser and engagements."""

from collections.abc import Iterator

from macros.gaps.check import Area, Counted, Effort, Event, Reason, Step, Task, gap, problem, work
from macros.gaps.spots import Due, Priority, Spot, Spots, at, repeated, unknown
from macros.handbook import pain_points, timeline
from macros.handbook.graph import Handbook
from macros.model.organisation import Team
from macros.model.set_ups import Chooser, ChooserQuestion, ChooserRule, Engagement, GoalState, PainPointPlace, TeamType
from macros.text.problems import N_, Message

YOUNG_MONTHS = 12
"""A team of SREs is young for its first year: after a year, says the talk, the teams' problems had become clear."""


@problem("the rank {rank} is taken by `{other}`; give each team type its own")
def repeated_rank(handbook: Handbook) -> Spots:
    """Two team types with the same rank."""
    for type, other in repeated((type.rank, type.id, type) for type in handbook.team_types):
        yield at(type, "rank", rank=type.rank, other=other)


@problem("chooser.yaml has no {key} `{id}`")
def unknown_chooser_answer(handbook: Handbook) -> Spots:
    """A rule of a team type about a question or an answer that the chooser doesn't have."""
    questions = handbook.chooser.questions if handbook.chooser else ()
    asked = {question.id: [answer.id for answer in question.answers] for question in questions}
    for type, location, rule in handbook.every(TeamType, ChooserRule):
        key, known = ("answer", asked[rule.question]) if rule.question in asked else ("question", list(asked))
        yield from unknown(type, (*location, key), getattr(rule, key), known, key=key)


@problem("`{answer}` counts the same as `{same}` for every team type; give it a rule, or merge the two")
def silent_chooser_answer(handbook: Handbook) -> Spots:
    """Two answers to a question that count the same for every team type."""
    for chooser, location, question in handbook.every(Chooser, ChooserQuestion):
        said = []
        for position, answer in enumerate(question.answers):
            rules = [type.rule_for(question.id, answer.id) for type in handbook.team_types]
            said.append((tuple(rule.points if rule else 0 for rule in rules), answer.id, position))
        for position, same in repeated(said):
            answer = question.answers[position]
            yield at(chooser, *location, "answers", position, answer=answer.id, same=same)


@problem("`{owner}` has no pain point `{id}`")
def unknown_pain_point(handbook: Handbook) -> Spots:
    """An engagement that names a pain point which its owner doesn't have."""
    for engagement, location, place in handbook.every(Engagement, PainPointPlace):
        named = place.service or place.team
        owner = handbook.find(named.kind, named) if named else None
        if owner is not None:  # it may not be read
            known = [point.id for point in getattr(owner, "pain_points", ())]
            yield from unknown(engagement, (*location, "id"), place.id, known, owner=owner.id)


def _open_engagements(handbook: Handbook) -> list[Engagement]:
    """The engagements that have no outcome yet, planned ones too: a charter is concrete before the first day."""
    return [engagement for engagement in handbook.engagements if engagement.outcome is None]


@gap(
    N_("“{name}” has no goal with baseline, measure, target and due date: write one before the work goes on"),
    Task(Reason.GOALS, 60),
    N_("Without it, it isn't clear whether the work helps"),
    N_("Write one goal of “{name}” with baseline, measure, target and due date"),
    Step(Priority.GOALS, "engagements/#goals"),
    Counted(Area.ENGAGEMENTS, N_("Engagements with a concrete goal"), _open_engagements),
)
def engagement_without_concrete_goal(handbook: Handbook) -> Spots:
    """An engagement that has no goal with baseline, measure, target and due date."""
    for engagement in _open_engagements(handbook):
        if all(goal.missing or goal.state is GoalState.DROPPED for goal in engagement.goals):
            yield at(engagement, "goals")


@gap(
    N_("“{what}” isn't a concrete goal (missing: {missing}): agree on it with the people who will judge it"),
    Task(Reason.GOALS, 30),
    N_("Without it, it isn't clear whether the goal is met"),
)
def goal_not_concrete(handbook: Handbook) -> Spots:
    """A goal of an engagement that lacks baseline, measure, target or due date."""
    for engagement in _open_engagements(handbook):
        for position, goal in enumerate(engagement.goals):
            if goal.missing and goal.state is not GoalState.DROPPED:
                yield at(engagement, "goals", position, what=goal.what, missing=", ".join(goal.missing))


@gap(
    N_("“{what}” was due on {day} and is still open: say what came of the goal, or agree on another day"),
    Task(Reason.MISLEADS, 15),
    N_("Its due date has passed, and the charter doesn't say whether it was met"),
    event=Event(
        N_("Goal"),
        N_("{team}: the goal “{what}” is due"),
        N_("Check the figure together; update the goal's state, or set a new due date."),
    ),
)
def goal_past_its_due(handbook: Handbook) -> Spots:
    """An open goal of an engagement, past its due date."""
    for engagement in _open_engagements(handbook):
        for position, goal in enumerate(engagement.goals):
            if goal.state is GoalState.OPEN and goal.due:
                reach = Message(N_("To reach: {target}"), target=goal.target)
                measured = Message(N_("Measured in: {measure}"), measure=goal.measure)
                key, anchor = f"engagement/{engagement.id}/goal/{goal.id}", f"#goal-{goal.id}"
                due = Due(goal.due, key, (reach, measured), anchor, engagement.provided_by)
                yield Spot(engagement, ("goals", position, "due"), {"what": goal.what, "day": goal.due}, due=due)


@gap(
    N_("“{name}” has no end date: set one; it can be moved later"),
    Task(Reason.GOALS, 15),
    N_("Without an end date, the work is never handed over"),
)
def engagement_without_end(handbook: Handbook) -> Spots:
    """An engagement without an end date."""
    return [at(engagement, "end") for engagement in handbook.engagements if engagement.end is None]


@gap(
    N_("“{name}” has no exit criterion: say what the team does by itself when the SRE leaves"),
    Task(Reason.GOALS, 30),
    N_("What isn't agreed on comes back when the SRE leaves"),
    counted=Counted(Area.ENGAGEMENTS, N_("Engagements with an exit criterion"), _open_engagements),
)
def engagement_without_exit_criterion(handbook: Handbook) -> Spots:
    """An engagement without an exit criterion."""
    for engagement in _open_engagements(handbook):
        if not engagement.exit_criteria:
            yield at(engagement, "exit_criteria")


@gap(
    N_("“{name}” was due to end on {end}: write its outcome, or agree on a new end date"),
    Task(Reason.MISLEADS, 20),
    N_("Its end date has passed, and it isn't clear whether the work goes on"),
    event=Event(
        N_("Engagement"),
        N_("{team}: “{name}” ends"),
        N_("Go through the exit criteria together; write the outcome, or set a new end date."),
    ),
)
def engagement_past_its_end(handbook: Handbook) -> Spots:
    """An engagement that is past its end date and has no outcome."""
    for engagement in _open_engagements(handbook):
        if engagement.end:
            left = [criterion for criterion in engagement.exit_criteria if criterion.state is GoalState.OPEN]
            details = [Message(N_("Still open: {what}"), what=criterion.what) for criterion in left]
            details += [Message(N_("After the end: {after_care}"), after_care=engagement.after_care)]
            key = f"engagement/{engagement.id}/end"
            due = Due(engagement.end, key, tuple(details), other=engagement.provided_by)
            yield Spot(engagement, ("end",), {"end": engagement.end}, due=due)


@gap(
    N_("{team} has {people} embedded SREs at a time: one is enough; further work is the team's own"),
    looks_at=("engagement",),
)
def several_embedded_sres(handbook: Handbook) -> Spots:
    """More than one SRE who works inside a team at a time."""
    for team in handbook.teams:
        hosted = handbook.engagements_inside(team)
        inside = [engagement for engagement in hosted if timeline.is_open(engagement, handbook.today)]
        people = sum(engagement.people for engagement in inside)
        if people > 1:
            yield at(inside[-1], "people", team=team.name, people=people)


@gap(
    N_("{team} has no open pain point, and “{name}” no flat start: write one of the two first"),
    Task(Reason.GOALS, 30),
    N_("Without a problem to start from, an embedded SRE only answers requests"),
    looks_at=("service",),
)
def embedded_without_start(handbook: Handbook) -> Spots:
    """An SRE embedded in a team that has no open pain point and no plan for a flat start."""
    for team in handbook.teams:
        hurts = pain_points.open_of(handbook, team)
        for engagement in handbook.engagements_inside(team):
            planned = engagement.started_from and engagement.started_from.flat_start
            if engagement.outcome is None and not hurts and not planned:
                yield at(engagement, "started_from", team=team.name)


@work(
    why=N_("{type} since {since}: visible results build trust"),
    what=N_("Finish one quick win that another team can see within two weeks"),
    step=Step(Priority.TRUST, "quick-wins/", Effort.DAYS),
)
def quick_win(handbook: Handbook) -> Spots:
    """A young team of SREs of a type that grows by quick wins."""
    for team, type, since in _young(handbook):
        yield at(team, "sre_set_up", type=type.name, since=since)


@work(
    why=N_("{name} lists no team that it works with"),
    what=N_("Ask engineers, EM and PdM of each team about pain points, and share the results within a week"),
    step=Step(Priority.TRUST, effort=Effort.DAYS),
)
def trust(handbook: Handbook) -> Spots:
    """A young team of SREs that lists no team it works with, or one without pain points."""
    for team, type, _ in _young(handbook):
        page = f"team-types/{type.id}/{'#first-90-days' if type.first_90_days else ''}"
        if not team.works_with:
            yield Spot(team, ("sre_set_up",), page=page)
        others = ((place, handbook.team(interaction.team)) for place, interaction in enumerate(team.works_with))
        for place, other in (pair for pair in others if not pain_points.open_of(handbook, pair[1])):
            reason = Message(N_("No pain point of {team} is written down"), team=other.name)
            yield Spot(team, ("works_with", place), reason=reason, page=page)
            break


def _young(handbook: Handbook) -> Iterator[tuple[Team, TeamType, str]]:
    """The teams of a type that grows by quick wins which have been so for less than a year, and since when."""
    for team in handbook.teams:
        set_up = team.sre_set_up
        if set_up is None or set_up.is_ is None or set_up.since is None:
            continue
        type = handbook.team_type(set_up.is_)
        year, month = int(set_up.since[:4]), int(set_up.since[5:7])
        months = (handbook.today.year - year) * 12 + handbook.today.month - month
        if type.grows_by_quick_wins and 0 <= months < YOUNG_MONTHS:
            yield team, type, set_up.since

"""What is asked of team types, the chooser and engagements."""

from __future__ import annotations

from collections.abc import Iterator

from macros.handbook import timeline
from macros.handbook.chooser import points
from macros.handbook.graph import Handbook
from macros.model.organisation import PainState
from macros.model.set_ups import ChooserQuestion, Engagement, GoalState
from macros.sources import near_names
from macros.text.problems import N_, Finding, Message, Problem


def repeated_rank(handbook: Handbook) -> Iterator[Problem]:
    """Two team types of one rank."""
    first: dict[int, str] = {}
    for type in handbook.team_types:
        taken = first.setdefault(type.rank, type.id)
        if taken != type.id:
            template = "the rank {rank} is taken by `{other}`; give each team type its own"
            yield handbook.problem(type, ("rank",), "repeated-rank", template, rank=type.rank, other=taken)


def unknown_chooser_answer(handbook: Handbook) -> Iterator[Problem]:
    """A rule of a team type about a question or an answer that the chooser doesn't have."""
    asked = {question.id: [it.id for it in question.answers] for question in _questions(handbook)}
    for type in handbook.team_types:
        for position, rule in enumerate(type.chooser):
            key, known = ("answer", asked[rule.question]) if rule.question in asked else ("question", list(asked))
            given = getattr(rule, key)
            if given not in known:
                message = near_names.with_hint(
                    Message(f"`{{given}}` is no {key} of chooser.yaml", {"given": given}),
                    near_names.near_or_known(given, known),
                )
                place = handbook.place(type, ("chooser", position, key))
                yield Problem(type.path, *place, "unknown-chooser-answer", message)


def repeated_chooser_rule(handbook: Handbook) -> Iterator[Problem]:
    """Two rules of a team type about one answer."""
    for type in handbook.team_types:
        rules = [(rule.question, rule.answer) for rule in type.chooser]
        for position, rule in enumerate(rules):
            if rule in rules[:position]:
                template = "a rule about `{answer}` stands further up; make one of the two"
                yield handbook.problem(
                    type, ("chooser", position), "repeated-chooser-rule", template, answer=": ".join(rule)
                )


def silent_chooser_answer(handbook: Handbook) -> Iterator[Problem]:
    """Two answers of a question that speak for and against the same set-ups, so that asking makes no difference."""
    for number, question in enumerate(_questions(handbook)):
        said: dict[tuple[int, ...], str] = {}
        for position, answer in enumerate(question.answers):
            rules = points(handbook.team_types, question.id, answer.id)
            same = said.setdefault(tuple(rule.points if rule else 0 for rule in rules), answer.id)
            if same != answer.id:
                assert handbook.chooser is not None
                yield handbook.problem(
                    handbook.chooser,
                    ("questions", number, "answers", position),
                    "silent-chooser-answer",
                    "`{answer}` counts the same as `{same}` for every team type; give it a rule, or merge the two",
                    answer=answer.id,
                    same=same,
                )


def unknown_pain_point(handbook: Handbook) -> Iterator[Problem]:
    """An engagement that names a pain point which its owner doesn't have."""
    for engagement in handbook.engagements:
        place = engagement.started_from.pain_point if engagement.started_from else None
        if place is None or handbook.pain_point(place) is not None:
            continue
        owner = handbook.follow(place.service or place.team)  # type: ignore[arg-type]
        known = [point.id for point in getattr(owner, "pain_points", ())]
        message = near_names.with_hint(
            Message("`{owner}` has no pain point `{id}`", {"owner": owner.id, "id": place.id}),
            near_names.near_or_known(place.id, known),
        )
        location = ("started_from", "pain_point", "id")
        yield Problem(engagement.path, *handbook.place(engagement, location), "unknown-pain-point", message)


def engagement_without_concrete_goal(handbook: Handbook) -> Iterator[Finding]:
    """An engagement that has no goal with baseline, measure, target and due day."""
    for engagement in _open_engagements(handbook):
        if not engagement.concrete_goals:
            message = Message(
                N_("“{name}” has no goal with baseline, measure, target and due: write one before the work goes on"),
                {"name": engagement.name},
            )
            yield handbook.finding(engagement, ("goals",), "engagement-without-concrete-goal", message)


def goal_not_concrete(handbook: Handbook) -> Iterator[Finding]:
    """A goal of an engagement that lacks baseline, measure, target or due day."""
    for engagement in _open_engagements(handbook):
        for position, goal in enumerate(engagement.goals):
            if goal.missing and goal.state is not GoalState.DROPPED:
                message = Message(
                    N_("the goal “{what}” has no {missing}: add it with the people who will see it met"),
                    {"what": goal.what, "missing": ", ".join(goal.missing)},
                )
                yield handbook.finding(engagement, ("goals", position), "goal-not-concrete", message)


def engagement_without_end(handbook: Handbook) -> Iterator[Finding]:
    """An engagement with no last day."""
    for engagement in handbook.engagements:
        if engagement.end is None:
            message = Message(
                N_("“{name}” has no end: write its last day; it can be moved, but not forgotten"),
                {"name": engagement.name},
            )
            yield handbook.finding(engagement, ("end",), "engagement-without-end", message)


def engagement_without_exit_criterion(handbook: Handbook) -> Iterator[Finding]:
    """An engagement that doesn't say what has to be true before it ends."""
    for engagement in _open_engagements(handbook):
        if not engagement.exit_criteria:
            message = Message(
                N_("“{name}” has no exit criterion: say what the team does by itself when the SRE leaves"),
                {"name": engagement.name},
            )
            yield handbook.finding(engagement, ("exit_criteria",), "engagement-without-exit-criterion", message)


def engagement_past_its_end(handbook: Handbook) -> Iterator[Finding]:
    """An engagement whose last day is over and whose outcome is not written down."""
    for engagement in _open_engagements(handbook):
        if timeline.phase(engagement, handbook.today) is timeline.Phase.OVERDUE:
            message = Message(
                N_("“{name}” was to end on {end}: write its outcome, or set a new end with both teams"),
                {"name": engagement.name, "end": engagement.end},
            )
            yield handbook.finding(engagement, ("end",), "engagement-past-its-end", message)


def several_embedded_sres(handbook: Handbook) -> Iterator[Finding]:
    """More than one SRE who works inside a team at a time."""
    for team in handbook.teams:
        inside = [it for it in handbook.engagements_inside(team) if timeline.is_open(it, handbook.today)]
        if sum(it.people for it in inside) > 1:
            message = Message(
                N_("{team} has {people} embedded SREs at a time: one is enough, or the work is the team's own"),
                {"team": team.name, "people": sum(it.people for it in inside)},
            )
            yield handbook.finding(inside[-1], ("people",), "several-embedded-sres", message)


def embedded_without_start(handbook: Handbook) -> Iterator[Finding]:
    """An SRE embedded in a team that has no open pain point and no plan for a flat start."""
    for team in handbook.teams:
        hurts = any(
            point.state is not PainState.SOLVED and handbook.team_of(owner) is team
            for owner, _, point in handbook.every_pain_point()
        )
        for engagement in handbook.engagements_inside(team):
            ended = timeline.phase(engagement, handbook.today) is timeline.Phase.ENDED
            planned = engagement.started_from and engagement.started_from.flat_start
            if not ended and not hurts and not planned:
                message = Message(
                    N_("{team} has no open pain point, and “{name}” no flat start: write one of the two first"),
                    {"team": team.name, "name": engagement.name},
                )
                yield handbook.finding(engagement, ("started_from",), "embedded-without-start", message)


def _questions(handbook: Handbook) -> tuple[ChooserQuestion, ...]:
    return handbook.chooser.questions if handbook.chooser else ()


def _open_engagements(handbook: Handbook) -> Iterator[Engagement]:
    """The engagements that have no outcome yet, planned ones too: a charter is concrete before the first day."""
    for engagement in handbook.engagements:
        if timeline.phase(engagement, handbook.today) is not timeline.Phase.ENDED:
            yield engagement


CHECKS = (
    repeated_rank,
    unknown_chooser_answer,
    repeated_chooser_rule,
    silent_chooser_answer,
    unknown_pain_point,
    engagement_without_concrete_goal,
    goal_not_concrete,
    engagement_without_end,
    engagement_without_exit_criterion,
    engagement_past_its_end,
    several_embedded_sres,
    embedded_without_start,
)

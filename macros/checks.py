"""CHECKS: what the handbook asks of the data beyond its shape.

Each check is a function from a handbook to problems or findings. Its name is the rule's name and its
docstring is the rule, in one sentence that states the bad condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from macros import timeline, validate
from macros.chooser import points
from macros.handbook import Handbook
from macros.model import (
    ChooserQuestion,
    Coverage,
    Engagement,
    Entity,
    GoalState,
    Location,
    PainPoint,
    PainState,
    Requirement,
    RequirementState,
    Service,
    Shape,
    Team,
    walk,
)
from macros.problems import N_, Finding, Message, Problem, Report, in_order

Check = Callable[[Handbook], Iterator[Report]]

CRITICAL_TIER = 1
SERIOUS_TIERS = (1, 2)


def dependency_on_itself(handbook: Handbook) -> Iterator[Problem]:
    """A service that depends on itself."""
    for service in handbook.services:
        for position, dependency in enumerate(service.depends_on):
            if dependency.service == service.id:
                yield _problem(
                    handbook,
                    service,
                    ("depends_on", position),
                    "dependency-on-itself",
                    "a service can't depend on itself; name another service, or delete the line",
                )


def interaction_with_itself(handbook: Handbook) -> Iterator[Problem]:
    """A team that works with itself."""
    for team in handbook.teams:
        for position, interaction in enumerate(team.works_with):
            if interaction.team == team.id:
                yield _problem(
                    handbook,
                    team,
                    ("works_with", position, "team"),
                    "interaction-with-itself",
                    "a team can't work with itself; name another team, or delete the entry",
                )


def repeated_item_id(handbook: Handbook) -> Iterator[Problem]:
    """Two items of one id in a list, such as two pain points."""
    for entity in handbook.everything():
        for location, value in walk(entity):
            if not isinstance(value, tuple):
                continue
            ids = [getattr(item, "id", None) if isinstance(item, Shape) else None for item in value]
            for position, id in enumerate(ids):
                if id is not None and id in ids[:position]:
                    yield _problem(
                        handbook,
                        entity,
                        (*location, position, "id"),
                        "repeated-item-id",
                        "the id `{id}` stands twice in this list; give each its own",
                        id=id,
                    )


def repeated_rank(handbook: Handbook) -> Iterator[Problem]:
    """Two team types of one rank."""
    first: dict[int, str] = {}
    for type in handbook.team_types:
        taken = first.setdefault(type.rank, type.id)
        if taken != type.id:
            template = "the rank {rank} is taken by `{other}`; give each team type its own"
            yield _problem(handbook, type, ("rank",), "repeated-rank", template, rank=type.rank, other=taken)


def unknown_chooser_answer(handbook: Handbook) -> Iterator[Problem]:
    """A rule of a team type about a question or an answer that the chooser doesn't have."""
    asked = {question.id: [it.id for it in question.answers] for question in _questions(handbook)}
    for type in handbook.team_types:
        for position, rule in enumerate(type.chooser):
            key, known = ("answer", asked[rule.question]) if rule.question in asked else ("question", list(asked))
            given = getattr(rule, key)
            if given not in known:
                message = validate.with_hint(
                    Message(f"`{{given}}` is no {key} of chooser.yaml", {"given": given}),
                    validate.near(given, known) or Message("it has {known}", {"known": ", ".join(known) or "–"}),
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
                yield _problem(
                    handbook, type, ("chooser", position), "repeated-chooser-rule", template, answer=": ".join(rule)
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
                yield _problem(
                    handbook,
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
        message = validate.with_hint(
            Message("`{owner}` has no pain point `{id}`", {"owner": owner.id, "id": place.id}),
            validate.near(place.id, known) or Message("it has {known}", {"known": ", ".join(known) or "–"}),
        )
        location = ("started_from", "pain_point", "id")
        yield Problem(engagement.path, *handbook.place(engagement, location), "unknown-pain-point", message)


def team_without_mission(handbook: Handbook) -> Iterator[Finding]:
    """A team that doesn't say what it is there for."""
    for team in handbook.teams:
        if team.mission is None:
            message = Message(N_("{name} has no mission: say in a sentence what it does for whom"), {"name": team.name})
            yield handbook.finding(team, ("mission",), "team-without-mission", message)


def team_without_contact(handbook: Handbook) -> Iterator[Finding]:
    """A team that names no role to ask."""
    for team in handbook.teams:
        if not team.contacts:
            message = Message(
                N_("{name} names no contact: add the roles to ask, each with its channel"), {"name": team.name}
            )
            yield handbook.finding(team, ("contacts",), "team-without-contact", message)


def team_without_on_call(handbook: Handbook) -> Iterator[Finding]:
    """A team with a tier-1 service and nobody on call."""
    for team in handbook.teams:
        critical = [service for service in handbook.services_of(team) if service.tier == CRITICAL_TIER]
        if critical and team.on_call is None:
            message = Message(
                N_("{name} runs {service} (tier 1) and names nobody on call: add the rota and its hours"),
                {"name": team.name, "service": critical[0].name},
            )
            yield handbook.finding(team, ("on_call",), "team-without-on-call", message)


def on_call_without_escalation(handbook: Handbook) -> Iterator[Finding]:
    """An on-call rota with no word on who is called when nobody answers."""
    for team in handbook.teams:
        if team.on_call and not team.on_call.escalation:
            message = Message(
                N_("nobody is named for the case that {name}'s on-call doesn't answer: add roles and minutes"),
                {"name": team.name},
            )
            yield handbook.finding(team, ("on_call",), "on-call-without-escalation", message)


def dashboards_without_review(handbook: Handbook) -> Iterator[Finding]:
    """A team with dashboards and no habit of looking at them together."""
    for team in handbook.teams:
        has_dashboards = team.dashboards or any(service.dashboards for service in handbook.services_of(team))
        if has_dashboards and team.dashboard_review is None:
            message = Message(
                N_("{name} has dashboards and no fixed time to look at them together: agree on one"),
                {"name": team.name},
            )
            yield handbook.finding(team, ("dashboards",), "dashboards-without-review", message)


def interaction_past_its_end(handbook: Handbook) -> Iterator[Finding]:
    """Work of two teams together that should have ended."""
    for team in handbook.teams:
        for position, interaction in enumerate(team.works_with):
            other = handbook.get("team", interaction.team)
            assert isinstance(other, Team)
            if interaction.until and interaction.until < handbook.today:
                message = Message(
                    N_("the work with {other} was to end on {until}: say what came of it, or set a new end"),
                    {"other": other.name, "until": interaction.until},
                )
                yield handbook.finding(team, ("works_with", position, "until"), "interaction-past-its-end", message)


def service_without_tier(handbook: Handbook) -> Iterator[Finding]:
    """A service with no tier."""
    for service in handbook.services:
        if service.tier is None:
            message = Message(
                N_("{name} has no tier: decide whether users are stopped (1), hindered (2) or hardly notice (3)"),
                {"name": service.name},
            )
            yield handbook.finding(service, ("tier",), "service-without-tier", message)


def service_without_dashboard(handbook: Handbook) -> Iterator[Finding]:
    """A service of tier 1 or 2 with no dashboard."""
    for service in handbook.services:
        if service.tier in SERIOUS_TIERS and not service.dashboards:
            message = Message(
                N_("{name} (tier {tier}) has no dashboard: add the one to open first in an incident"),
                {"name": service.name, "tier": service.tier},
            )
            yield handbook.finding(service, ("dashboards",), "service-without-dashboard", message)


def service_without_requirement(handbook: Handbook) -> Iterator[Finding]:
    """A service of tier 1 or 2 with no non-functional requirement."""
    for service in handbook.services:
        if service.tier in SERIOUS_TIERS and not service.non_functional_requirements:
            message = Message(
                N_("nobody has said how fast or how available {name} must be: write one requirement with its target"),
                {"name": service.name},
            )
            yield handbook.finding(service, ("non_functional_requirements",), "service-without-requirement", message)


def requirement_without_target(handbook: Handbook) -> Iterator[Finding]:
    """A non-functional requirement with no target."""
    for service, location, requirement in requirements(handbook):
        if requirement.target is None:
            message = Message(
                N_("“{what}” of {name} has no target: say how much is enough"),
                {"what": requirement.what, "name": service.name},
            )
            yield handbook.finding(service, location, "requirement-without-target", message)


def requirement_not_measured(handbook: Handbook) -> Iterator[Finding]:
    """A non-functional requirement that nobody measures."""
    for service, location, requirement in requirements(handbook):
        if requirement.measured is None or requirement.state is RequirementState.NOT_MEASURED:
            message = Message(
                N_("“{what}” of {name} is not measured: choose the place where users notice it first"),
                {"what": requirement.what, "name": service.name},
            )
            yield handbook.finding(service, location, "requirement-not-measured", message)


def requirement_missed(handbook: Handbook) -> Iterator[Finding]:
    """A non-functional requirement whose target is missed."""
    for service, location, requirement in requirements(handbook):
        if requirement.state is RequirementState.MISSED:
            message = Message(
                N_("“{what}” of {name} misses its target: find the bottleneck, or agree on another target"),
                {"what": requirement.what, "name": service.name},
            )
            yield handbook.finding(service, location, "requirement-missed", message)


def blind_service(handbook: Handbook) -> Iterator[Finding]:
    """A tier-1 service without metrics or without alerts."""
    for service in handbook.services:
        seen = service.instrumentation
        missing = seen is None or Coverage.NONE in (seen.metrics, seen.alerts)
        if service.tier == CRITICAL_TIER and missing:
            message = Message(
                N_("{name} stops users when it fails and has no metrics or no alerts: instrument what users notice"),
                {"name": service.name},
            )
            yield handbook.finding(service, ("instrumentation",), "blind-service", message)


def dependency_of_lower_tier(handbook: Handbook) -> Iterator[Finding]:
    """A service that needs one of a lower tier and doesn't say what works without it."""
    for service in handbook.services:
        for position, dependency in enumerate(service.depends_on):
            needed = handbook.get("service", dependency.service)
            assert isinstance(needed, Service)
            lower = service.tier is not None and needed.tier is not None and needed.tier > service.tier
            if lower and dependency.without_it is None:
                message = Message(
                    N_("{name} (tier {tier}) needs {needed} (tier {needed_tier}): say what works without it"),
                    {"name": service.name, "tier": service.tier, "needed": needed.name, "needed_tier": needed.tier},
                )
                yield handbook.finding(service, ("depends_on", position), "dependency-of-lower-tier", message)


def dependency_cycle(handbook: Handbook) -> Iterator[Finding]:
    """Services that need each other in a circle."""
    for service in handbook.services:
        circle = _circle(handbook, service)
        if circle and service.id == min(circle):
            message = Message(
                N_("services need each other in a circle ({circle}): decide which of them starts without the other"),
                {"circle": " → ".join((*circle, circle[0]))},
            )
            yield handbook.finding(service, ("depends_on",), "dependency-cycle", message)


def pain_point_without_evidence(handbook: Handbook) -> Iterator[Finding]:
    """A pain point with nothing that shows that it is real."""
    for entity, location, point in pain_points(handbook):
        if point.evidence is None:
            message = Message(
                N_("“{what}” has no evidence: add an alert, a measure, a ticket or a postmortem"), {"what": point.what}
            )
            yield handbook.finding(entity, location, "pain-point-without-evidence", message)


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
        inside = [it for it in _inside(handbook, team) if timeline.is_open(it, handbook.today)]
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
            for owner, _, point in pain_points(handbook)
        )
        for engagement in _inside(handbook, team):
            ended = timeline.phase(engagement, handbook.today) is timeline.Phase.ENDED
            planned = engagement.started_from and engagement.started_from.flat_start
            if not ended and not hurts and not planned:
                message = Message(
                    N_("{team} has no open pain point, and “{name}” no flat start: write one of the two first"),
                    {"team": team.name, "name": engagement.name},
                )
                yield handbook.finding(engagement, ("started_from",), "embedded-without-start", message)


CHECKS: tuple[Check, ...] = (
    dependency_on_itself,
    interaction_with_itself,
    repeated_item_id,
    repeated_rank,
    unknown_chooser_answer,
    repeated_chooser_rule,
    silent_chooser_answer,
    unknown_pain_point,
    team_without_mission,
    team_without_contact,
    team_without_on_call,
    on_call_without_escalation,
    dashboards_without_review,
    interaction_past_its_end,
    service_without_tier,
    service_without_dashboard,
    service_without_requirement,
    requirement_without_target,
    requirement_not_measured,
    requirement_missed,
    blind_service,
    dependency_of_lower_tier,
    dependency_cycle,
    pain_point_without_evidence,
    engagement_without_concrete_goal,
    goal_not_concrete,
    engagement_without_end,
    engagement_without_exit_criterion,
    engagement_past_its_end,
    several_embedded_sres,
    embedded_without_start,
)


def rule_name(check: Check) -> str:
    """The name of the rule that a check keeps, as messages write it."""
    return check.__name__.replace("_", "-")


def is_problem(check: Check) -> bool:
    """Whether what the check reports stops the build."""
    return "Problem" in str(check.__annotations__["return"])


def run(handbook: Handbook) -> tuple[tuple[Problem, ...], tuple[Finding, ...]]:
    """All problems and all findings of a handbook, each sorted by place."""
    reports = [report for check in CHECKS for report in check(handbook)]
    problems = in_order(report for report in reports if isinstance(report, Problem))
    findings = in_order(report for report in reports if isinstance(report, Finding))
    return problems, findings


def pain_points(handbook: Handbook) -> Iterator[tuple[Team | Service, Location, PainPoint]]:
    """Every pain point of teams and services with its owner and its place."""
    owners: tuple[Team | Service, ...] = (*handbook.teams, *handbook.services)
    for entity in owners:
        for position, point in enumerate(entity.pain_points):
            yield entity, ("pain_points", position), point


def requirements(handbook: Handbook) -> Iterator[tuple[Service, Location, Requirement]]:
    """Every non-functional requirement with its service and its place."""
    for service in handbook.services:
        for position, requirement in enumerate(service.non_functional_requirements):
            yield service, ("non_functional_requirements", position), requirement


def _questions(handbook: Handbook) -> tuple[ChooserQuestion, ...]:
    return handbook.chooser.questions if handbook.chooser else ()


def _open_engagements(handbook: Handbook) -> Iterator[Engagement]:
    """The engagements that have no outcome yet, planned ones too: a charter is concrete before the first day."""
    for engagement in handbook.engagements:
        if timeline.phase(engagement, handbook.today) is not timeline.Phase.ENDED:
            yield engagement


def _inside(handbook: Handbook, team: Team) -> list[Engagement]:
    """The engagements that a team hosts whose SRE works inside it."""
    return [it for it in handbook.engagements_of(team) if handbook.team_type(it.type).works_inside]


def _circle(handbook: Handbook, start: Service) -> tuple[str, ...]:
    """The shortest way over dependencies from a service back to itself, or nothing."""
    ways: list[tuple[str, ...]] = [(start.id,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        service = handbook.get("service", way[-1])
        assert isinstance(service, Service)
        for dependency in service.depends_on:
            if dependency.service == start.id and len(way) > 1:
                return way
            if dependency.service not in seen and dependency.service != start.id:
                seen.add(dependency.service)
                ways.append((*way, str(dependency.service)))
    return ()


def _problem(
    handbook: Handbook, entity: Entity, location: Location, rule: str, template: str, **values: object
) -> Problem:
    return Problem(entity.path, *handbook.place(entity, location), rule, Message(template, values))

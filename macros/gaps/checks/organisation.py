"""What is asked of teams and services."""

from __future__ import annotations

from collections.abc import Iterator

from macros.handbook.graph import Handbook
from macros.model.organisation import Coverage, RequirementState, Service, Team
from macros.model.values import Shape, walk
from macros.text.problems import N_, Finding, Message, Problem

CRITICAL_TIER = 1
SERIOUS_TIERS = (1, 2)


def dependency_on_itself(handbook: Handbook) -> Iterator[Problem]:
    """A service that depends on itself."""
    for service in handbook.services:
        for position, dependency in enumerate(service.depends_on):
            if dependency.service == service.id:
                yield handbook.problem(
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
                yield handbook.problem(
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
                    yield handbook.problem(
                        entity,
                        (*location, position, "id"),
                        "repeated-item-id",
                        "the id `{id}` stands twice in this list; give each its own",
                        id=id,
                    )


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
            other = handbook.get(Team, interaction.team)
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
    for service, location, requirement in handbook.every_requirement():
        if requirement.target is None:
            message = Message(
                N_("“{what}” of {name} has no target: say how much is enough"),
                {"what": requirement.what, "name": service.name},
            )
            yield handbook.finding(service, location, "requirement-without-target", message)


def requirement_not_measured(handbook: Handbook) -> Iterator[Finding]:
    """A non-functional requirement that nobody measures."""
    for service, location, requirement in handbook.every_requirement():
        if requirement.measured is None or requirement.state is RequirementState.NOT_MEASURED:
            message = Message(
                N_("“{what}” of {name} is not measured: choose the place where users notice it first"),
                {"what": requirement.what, "name": service.name},
            )
            yield handbook.finding(service, location, "requirement-not-measured", message)


def requirement_missed(handbook: Handbook) -> Iterator[Finding]:
    """A non-functional requirement whose target is missed."""
    for service, location, requirement in handbook.every_requirement():
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
            needed = handbook.get(Service, dependency.service)
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
    for entity, location, point in handbook.every_pain_point():
        if point.evidence is None:
            message = Message(
                N_("“{what}” has no evidence: add an alert, a measure, a ticket or a postmortem"), {"what": point.what}
            )
            yield handbook.finding(entity, location, "pain-point-without-evidence", message)


def _circle(handbook: Handbook, start: Service) -> tuple[str, ...]:
    """The shortest way over dependencies from a service back to itself, or nothing."""
    ways: list[tuple[str, ...]] = [(start.id,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        service = handbook.get(Service, way[-1])
        assert isinstance(service, Service)
        for dependency in service.depends_on:
            if dependency.service == start.id and len(way) > 1:
                return way
            if dependency.service not in seen and dependency.service != start.id:
                seen.add(dependency.service)
                ways.append((*way, str(dependency.service)))
    return ()


CHECKS = (
    dependency_on_itself,
    interaction_with_itself,
    repeated_item_id,
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
)

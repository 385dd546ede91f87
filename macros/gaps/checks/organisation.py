"""What is asked of teams and services."""

from macros.gaps.check import Reason, Spots, Task, again, at, gap, problem, repeated
from macros.handbook.graph import Handbook
from macros.model.organisation import Coverage, Dependency, RequirementState, Service, Team, TeamInteraction
from macros.model.values import Shape, walk
from macros.text.problems import N_

CRITICAL_TIER = 1
SERIOUS_TIERS = (1, 2)


@problem("a service can't depend on itself; name another service, or delete the line")
def dependency_on_itself(handbook: Handbook) -> Spots:
    """A service that depends on itself."""
    for service, location, dependency in handbook.every(Service, Dependency):
        if dependency.service == service.id:
            yield at(service, *location)


@problem("`{id}` is in `depends_on` twice; delete one of the two")
def repeated_dependency(handbook: Handbook) -> Spots:
    """A service that lists another twice among those that it depends on."""
    for service in handbook.services:
        needed = [dependency.service for dependency in service.depends_on]
        for position in again(needed):
            yield at(service, "depends_on", position, "service", id=needed[position])


@problem("a team can't work with itself; name another team, or delete the entry")
def interaction_with_itself(handbook: Handbook) -> Spots:
    """A team that works with itself."""
    for team, location, interaction in handbook.every(Team, TeamInteraction):
        if interaction.team == team.id:
            yield at(team, *location, "team")


@problem("the id `{id}` stands twice in this list; give each its own")
def repeated_item_id(handbook: Handbook) -> Spots:
    """Two items of one id in a list, such as two pain points."""
    for entity in handbook.everything():
        for location, value in walk(entity):
            if not isinstance(value, tuple):
                continue
            ids = [getattr(item, "id", None) if isinstance(item, Shape) else None for item in value]
            for position in again(ids):
                if ids[position] is not None:
                    yield at(entity, *location, position, "id", id=ids[position])


@gap(
    N_("{name} has no mission: say in a sentence what it does for whom"),
    Task(Reason.WORDS, 10, first=True),
    N_("Say in a sentence what {name} does for whom"),
    N_("It is what a newcomer asks first"),
)
def team_without_mission(handbook: Handbook) -> Spots:
    """A team that doesn't say what it is there for."""
    return [at(team, "mission") for team in handbook.teams if team.mission is None]


@gap(
    N_("{name} names no contact: add the roles to ask, each with its channel"),
    Task(Reason.INCIDENT, 10, first=True),
    N_("Name the roles to ask in {name}, each with its channel"),
    N_("Whoever needs the team asks everybody, or nobody"),
)
def team_without_contact(handbook: Handbook) -> Spots:
    """A team that names no role to ask."""
    return [at(team, "contacts") for team in handbook.teams if not team.contacts]


@gap(
    N_("{name} runs {service} (tier 1) and names nobody on call: add the rota and its hours"),
    Task(Reason.WAKES, 30),
    N_("Write down who is on call for {service}, and when"),
    N_("{service} stops users when it fails, and nobody knows whom to wake"),
)
def team_without_on_call(handbook: Handbook) -> Spots:
    """A team with a tier-1 service and nobody on call."""
    for team in handbook.teams:
        critical = [service for service in handbook.services_of(team) if service.tier == CRITICAL_TIER]
        if critical and team.on_call is None:
            yield at(team, "on_call", service=critical[0].name)


@gap(
    N_("nobody is named for the case that {name}'s on-call doesn't answer: add roles and minutes"),
    Task(Reason.WAKES, 20),
    N_("Name who is called when {name}'s on-call doesn't answer"),
    N_("A page that is slept through reaches nobody else"),
)
def on_call_without_escalation(handbook: Handbook) -> Spots:
    """An on-call rota with no word on who is called when nobody answers."""
    return [at(team, "on_call") for team in handbook.teams if team.on_call and not team.on_call.escalation]


@gap(
    N_("{name} has dashboards and no fixed time to look at them together: agree on one"),
    Task(Reason.PROMISES, 15),
    N_("Agree on a fixed time at which {name} looks at its dashboards"),
    N_("A slow decline is in the graphs before any alert fires"),
)
def dashboards_without_review(handbook: Handbook) -> Spots:
    """A team with dashboards and no habit of looking at them together."""
    for team in handbook.teams:
        has_dashboards = team.dashboards or any(service.dashboards for service in handbook.services_of(team))
        if has_dashboards and team.dashboard_review is None:
            yield at(team, "dashboards")


@gap(
    N_("the work with {other} was to end on {until}: say what came of it, or set a new end"),
    Task(Reason.MISLEADS, 15),
    N_("Say what came of the work with {other}, or set a new end"),
    N_("Its last day is over, and nobody can tell whether the work goes on"),
)
def interaction_past_its_end(handbook: Handbook) -> Spots:
    """Work of two teams together that should have ended."""
    for team, location, interaction in handbook.every(Team, TeamInteraction):
        if interaction.until and interaction.until < handbook.today:
            other = handbook.team(interaction.team).name
            yield at(team, *location, "until", other=other, until=interaction.until)


@gap(
    N_("{name} has no tier: decide whether users are stopped (1), hindered (2) or hardly notice (3)"),
    Task(Reason.INCIDENT, 10, first=True),
    N_("Decide on the tier of {name}"),
    N_("Nobody can tell how urgent its failure is"),
)
def service_without_tier(handbook: Handbook) -> Spots:
    """A service with no tier."""
    return [at(service, "tier") for service in handbook.services if service.tier is None]


@gap(
    N_("{name} is also the name of `{other}`: give one of the two services another name"),
    Task(Reason.INCIDENT, 10, first=True),
    N_("Give one of the two services called {name} another name"),
    N_("In an incident it isn't clear which of the two is meant"),
)
def repeated_service_name(handbook: Handbook) -> Spots:
    """Two services with the same name."""
    called = [
        (words.casefold(), service.id, service)
        for service in handbook.services
        for words in filter(None, (service.name.en, service.name.ja))
    ]
    yield from {service.id: at(service, "name", other=other) for service, other in repeated(called)}.values()


@gap(
    N_("{name} (tier {tier}) has no dashboard: add the one to open first in an incident"),
    Task(Reason.INCIDENT, 10, first=True),
    N_("Link the dashboard of {name} that is opened first"),
    N_("In an incident the first minutes go into looking for it"),
)
def service_without_dashboard(handbook: Handbook) -> Spots:
    """A service of tier 1 or 2 with no dashboard."""
    for service in handbook.services:
        if service.tier in SERIOUS_TIERS and not service.dashboards:
            yield at(service, "dashboards", tier=service.tier)


@gap(
    N_("nobody has said how fast or how available {name} must be: write one requirement with its target"),
    Task(Reason.PROMISES, 30),
    N_("Write one requirement of {name}: how fast, or how available"),
    N_("Nobody can say when it is bad enough to act"),
)
def service_without_requirement(handbook: Handbook) -> Spots:
    """A service of tier 1 or 2 with no non-functional requirement."""
    for service in handbook.services:
        if service.tier in SERIOUS_TIERS and not service.non_functional_requirements:
            yield at(service, "non_functional_requirements")


@gap(
    N_("“{what}” of {name} has no target: say how much is enough"),
    Task(Reason.PROMISES, 20),
    N_("Say how much is enough of “{what}”"),
    N_("Without a target nobody can say that it is missed"),
)
def requirement_without_target(handbook: Handbook) -> Spots:
    """A non-functional requirement with no target."""
    for service, location, requirement in handbook.every_requirement():
        if requirement.target is None:
            yield at(service, *location, what=requirement.what)


@gap(
    N_("“{what}” of {name} is not measured: choose the place where users notice it first"),
    Task(Reason.PROMISES, 30),
    N_("Choose where “{what}” is measured"),
    N_("Until then users are the first to notice"),
)
def requirement_not_measured(handbook: Handbook) -> Spots:
    """A non-functional requirement that nobody measures."""
    for service, location, requirement in handbook.every_requirement():
        if requirement.measured is None or requirement.state is RequirementState.NOT_MEASURED:
            yield at(service, *location, what=requirement.what)


@gap(N_("“{what}” of {name} misses its target: find the bottleneck, or agree on another target"))
def requirement_missed(handbook: Handbook) -> Spots:
    """A non-functional requirement whose target is missed."""
    for service, location, requirement in handbook.every_requirement():
        if requirement.state is RequirementState.MISSED:
            yield at(service, *location, what=requirement.what)


@gap(N_("{name} stops users when it fails and has no metrics or no alerts: instrument what users notice"))
def blind_service(handbook: Handbook) -> Spots:
    """A tier-1 service without metrics or without alerts."""
    for service in handbook.services:
        if service.tier == CRITICAL_TIER and is_blind(service):
            yield at(service, "instrumentation")


def is_blind(service: Service) -> bool:
    """Whether a service has no metrics or no alerts."""
    seen = service.instrumentation
    return seen is None or Coverage.NONE in (seen.metrics, seen.alerts)


@gap(
    N_("{name} (tier {tier}) needs {needed} (tier {needed_tier}): say what works without it"),
    Task(Reason.INCIDENT, 20),
    N_("Say what of {name} works without {needed}"),
    N_("When {needed} fails, nobody knows what still works"),
)
def dependency_of_lower_tier(handbook: Handbook) -> Spots:
    """A service that needs one of a lower tier and doesn't say what works without it."""
    for service, location, dependency in handbook.every(Service, Dependency):
        needed = handbook.service(dependency.service)
        lower = service.tier is not None and needed.tier is not None and needed.tier > service.tier
        if lower and dependency.without_it is None:
            yield at(service, *location, tier=service.tier, needed=needed.name, needed_tier=needed.tier)


@gap(N_("services need each other in a circle ({circle}): decide which of them starts without the other"))
def dependency_cycle(handbook: Handbook) -> Spots:
    """Services that need each other in a circle."""
    for service in handbook.services:
        circle = _circle(handbook, service)
        if circle and service.id == min(circle):
            yield at(service, "depends_on", circle=" → ".join((*circle, circle[0])))


@gap(
    N_("“{what}” has no evidence: add an alert, a measure, a ticket or a postmortem"),
    Task(Reason.PROMISES, 20),
    N_("Add a ticket, a figure or a postmortem to “{what}”"),
    N_("Nobody outside the team can agree that it comes first"),
)
def pain_point_without_evidence(handbook: Handbook) -> Spots:
    """A pain point with nothing that shows that it is real."""
    for entity, location, point in handbook.every_pain_point():
        if point.evidence is None:
            yield at(entity, *location, what=point.what)


def _circle(handbook: Handbook, start: Service) -> list[str]:
    """The shortest way over dependencies from a service back to itself, or nothing."""
    ways = [[start]]
    seen = {start.id}
    while ways:
        way = ways.pop(0)
        needed = [handbook.service(dependency.service) for dependency in way[-1].depends_on]
        if start in needed and len(way) > 1:
            return [service.id for service in way]
        ways += [[*way, service] for service in needed if service.id not in seen]
        seen |= {service.id for service in needed}
    return []

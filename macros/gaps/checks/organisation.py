"""What is asked of teams and services."""

from collections import Counter
from collections.abc import Iterator, Mapping

from macros.gaps.check import Area, Counted, Effort, Event, Reason, Step, Task, gap, problem, work
from macros.gaps.spots import Due, Priority, Spot, Spots, at, circle, in_each, repeated
from macros.handbook.graph import Handbook
from macros.model.checklists import ChecklistItem
from macros.model.organisation import Coverage, Dependency, PainState, RequirementState, Service, Team, TeamInteraction
from macros.model.playbooks import Variable
from macros.model.reading import PathStep
from macros.model.references import ServiceRef
from macros.model.set_ups import ChooserRule
from macros.model.values import Entity, Ref
from macros.text.problems import N_, Message

CRITICAL_TIER = 1


@problem("this is the {kind} itself; name another one, or delete the entry")
def reference_to_itself(handbook: Handbook) -> Spots:
    """A service that depends on itself, or a team that works with itself."""
    for entity, location, named in handbook.every(Entity, Ref):
        if named == entity.id and location[0] in ("depends_on", "works_with"):
            yield at(entity, *location, kind=named.kind)


_TOLD_APART_BY: Mapping[type, tuple[str, ...]] = {
    ChecklistItem: (),  # in the whole list, by a rule of their own
    ChooserRule: ("question", "answer"),
    Dependency: ("service",),
    PathStep: ("reading", "part"),
    Variable: ("name",),
}
"""The keys by which entries of a list are not the same, where that isn't their id."""


@problem("`{id}` is in this list twice; delete one of the two, or give it another `{key}`")
@in_each(Entity)
def repeated_entry(entity: Entity) -> Spots:
    """Two entries of a list with the same id, or about the same thing."""
    seen = set()
    for location, item in entity.parts:
        keys = _TOLD_APART_BY.get(type(item), ("id",) if "id" in getattr(item, "model_fields_set", ()) else ())
        if keys and isinstance(location[-1], int):
            values = tuple(vars(item).get(key) for key in keys)
            entry = (location[:-1], values)
            if entry in seen:
                yield at(entity, *location, keys[0], id=values[0], key=keys[-1])
            elif any(values):
                seen.add(entry)


@gap(
    N_("{name} has no mission: say in a sentence what it does for whom"),
    Task(Reason.WORDS, 10, first=True),
    N_("It is what newcomers ask first"),
    counted=Counted(Area.TEAMS, N_("Teams with a mission"), lambda handbook: handbook.teams),
)
def team_without_mission(handbook: Handbook) -> Spots:
    """A team without a mission."""
    return [at(team, "mission") for team in handbook.teams if team.mission is None]


@gap(
    N_("{name} has no contacts: add the roles to ask, each with its channel"),
    Task(Reason.INCIDENT, 10, first=True),
    N_("People who need the team don't know whom to ask"),
)
def team_without_contact(handbook: Handbook) -> Spots:
    """A team without contacts."""
    return [at(team, "contacts") for team in handbook.teams if not team.contacts]


def _with_critical_service(handbook: Handbook) -> Iterator[tuple[Team, Service]]:
    """The teams that run a tier-1 service, each with the first."""
    for team in handbook.teams:
        critical = [service for service in handbook.services_of(team) if service.tier == CRITICAL_TIER]
        if critical:
            yield team, critical[0]


@gap(
    N_("{name} runs {service} (tier 1) and has no on-call: add the rota and its hours"),
    Task(Reason.WAKES, 30),
    N_("{service} stops users when it fails, and it isn't clear whom to page"),
    N_("Write down who is on call for {service}, and when"),
    Step(Priority.HURTS, "quick-wins/escalation-list/", Effort.DAYS),
    Counted(Area.TEAMS, N_("Teams with a tier-1 service and an on-call rota"), _with_critical_service),
    looks_at=("service",),
)
def team_without_on_call(handbook: Handbook) -> Spots:
    """A team with a tier-1 service and no on-call."""
    for team, service in _with_critical_service(handbook):
        if team.on_call is None:
            yield at(team, "on_call", service=service.name)


@gap(
    N_("{name} has an on-call rota without an escalation: add roles and minutes"),
    Task(Reason.WAKES, 20),
    N_("A missed page doesn't reach anyone else"),
    N_("Name whom to call when the on-call of {name} doesn't answer"),
    Step(Priority.HURTS, "quick-wins/escalation-list/"),
    Counted(
        Area.TEAMS,
        N_("On-call rotas with an escalation"),
        lambda handbook: [team for team in handbook.teams if team.on_call],
    ),
)
def on_call_without_escalation(handbook: Handbook) -> Spots:
    """An on-call rota without an escalation."""
    critical = {team.id for team, _ in _with_critical_service(handbook)}
    for team in handbook.teams:
        if team.on_call and not team.on_call.escalation:
            yield Spot(team, ("on_call",), priority=None if team.id in critical else Priority.MINOR)


def _with_dashboards(handbook: Handbook) -> list[Team]:
    """The teams that have a dashboard, of their own or of a service."""
    return [
        team
        for team in handbook.teams
        if team.dashboards or any(service.dashboards for service in handbook.services_of(team))
    ]


@gap(
    N_("{name} has dashboards and no fixed time to review them together: agree on one"),
    Task(Reason.PROMISES, 15),
    N_("A slow decline shows in the graphs before any alert fires"),
    N_("Agree on a fixed time for {name} to review its dashboards"),
    Step(Priority.FLAT_START, "quick-wins/dashboard-habit/"),
    Counted(Area.TEAMS, N_("Teams that review their dashboards together"), _with_dashboards),
    looks_at=("service",),
)
def dashboards_without_review(handbook: Handbook) -> Spots:
    """A team with dashboards and no regular review of them."""
    return [at(team, "dashboards") for team in _with_dashboards(handbook) if team.dashboard_review is None]


@gap(
    N_("the work with {other} was due to end on {until}: delete the entry, or set a new end date"),
    Task(Reason.MISLEADS, 15),
    N_("Its end date has passed, and it isn't clear whether the work goes on"),
    event=Event(
        N_("Working together"),
        N_("{team} and {other}: work together ends"),
        N_("Delete the entry if the work has ended, or set a new end date."),
    ),
)
def interaction_past_its_end(handbook: Handbook) -> Spots:
    """Work of two teams together that is past its end date."""
    keys: dict[object, str] = {}
    times: Counter[str] = Counter()
    for team, location, interaction in handbook.every(Team, TeamInteraction):
        if interaction.until:
            # Both teams may say so: it is one event, under the name of the first.
            ends = (frozenset((team.id, interaction.team)), interaction.until)
            if ends not in keys:
                key = f"team/{team.id}/works-with/{interaction.team}/{interaction.mode.value}"
                times[key] += 1
                keys[ends] = f"{key}/{times[key]}" if times[key] > 1 else key
            purpose = Message(N_("Purpose: {purpose}"), purpose=interaction.purpose)
            due = Due(interaction.until, keys[ends], (purpose,), "#works-with", interaction.team)
            values = {"other": handbook.team(interaction.team).name, "until": interaction.until}
            yield Spot(team, (*location, "until"), values, due=due)


@gap(
    N_("{name} has no tier: decide whether users are stopped (1), hindered (2) or hardly notice (3)"),
    Task(Reason.INCIDENT, 10, first=True),
    N_("Without a tier, it isn't clear how urgent a failure is"),
)
def service_without_tier(handbook: Handbook) -> Spots:
    """A service with no tier."""
    return [at(service, "tier") for service in handbook.services if service.tier is None]


@gap(
    N_("{name} is also the name of `{other}`: give one of the two services another name"),
    Task(Reason.INCIDENT, 10, first=True),
    N_("In an incident it isn't clear which of the two is meant"),
    looks_at=("service",),
)
def repeated_service_name(handbook: Handbook) -> Spots:
    """Two services with the same name."""
    called = [(name.casefold(), it.id, it) for it in handbook.services for name in it.name.said.values()]
    yield from {service.id: at(service, "name", other=other) for service, other in repeated(called)}.values()


@gap(
    N_("{name} (tier {tier}) has no dashboard: add the one to open first in an incident"),
    Task(Reason.INCIDENT, 10, first=True),
    N_("In an incident the first minutes go into looking for it"),
)
def service_without_dashboard(handbook: Handbook) -> Spots:
    """A service of tier 1 or 2 with no dashboard."""
    return [at(service, "dashboards", tier=service.tier) for service in serious(handbook) if not service.dashboards]


def serious(handbook: Handbook, lowest: int = 2) -> list[Service]:
    """The services of the `lowest` tier, and of those above it."""
    return [service for service in handbook.services if service.tier is not None and service.tier <= lowest]


@gap(
    N_("{name} has no requirement for speed or availability: write one with its target"),
    Task(Reason.PROMISES, 30),
    N_("Without a target, it isn't clear when to act"),
    N_("Write one requirement for {name}: how fast, or how available"),
    Step(Priority.FLAT_START, "workshops/cuj/", Effort.DAYS),
    Counted(Area.SERVICES, N_("Tier-1 and tier-2 services with a non-functional requirement"), serious),
)
def service_without_requirement(handbook: Handbook) -> Spots:
    """A service of tier 1 or 2 with no non-functional requirement."""
    for service in serious(handbook):
        if not service.non_functional_requirements:
            yield at(service, "non_functional_requirements")


@gap(
    N_("“{what}” of {name} has no target: say how much is enough"),
    Task(Reason.PROMISES, 20),
    N_("Without a target, a miss goes unnoticed"),
    N_("Say how much of “{what}” is enough"),
    Step(Priority.FLAT_START, "slos/#first-slo", Effort.DAYS),
)
def requirement_without_target(handbook: Handbook) -> Spots:
    """A non-functional requirement with no target."""
    for service, location, requirement in handbook.every_requirement():
        if requirement.target is None:
            yield at(service, *location, what=requirement.what)


@gap(
    N_("“{what}” of {name} is not measured: choose the place where users notice it first"),
    Task(Reason.PROMISES, 30),
    N_("Until then users are the first to notice"),
    N_("Choose where “{what}” is measured"),
    Step(Priority.FLAT_START, "slos/#first-slo", Effort.DAYS),
    Counted(Area.SERVICES, N_("Measured requirements"), Handbook.every_requirement),
)
def requirement_not_measured(handbook: Handbook) -> Spots:
    """A non-functional requirement that isn't measured."""
    for service, location, requirement in handbook.every_requirement():
        if requirement.measured is None or requirement.state is RequirementState.NOT_MEASURED:
            yield at(service, *location, what=requirement.what)


@gap(
    N_("“{what}” of {name} misses its target: find the bottleneck, or agree on another target"),
    what=N_("Find out what makes {name} miss “{what}”"),
    why=N_("Its target is missed"),
    step=Step(Priority.HURTS, "next-steps/#bottleneck", Effort.WEEKS),
)
def requirement_missed(handbook: Handbook) -> Spots:
    """A non-functional requirement whose target is missed."""
    for service, location, requirement in handbook.every_requirement():
        if requirement.state is RequirementState.MISSED:
            said = any(point.state is not PainState.SOLVED for point in service.pain_points)
            priority = Priority.MINOR if said else None  # a pain point of the service comes first
            yield Spot(service, location, {"what": requirement.what}, priority=priority)


@gap(
    N_("{name} (tier {tier}) lacks metrics or alerts: instrument what users notice"),
    what=N_("Instrument what users notice about {name}, and alert on it"),
    why=N_("{name} lacks metrics or alerts"),
    step=Step(Priority.FLAT_START, "next-steps/#instrumentation", Effort.WEEKS),
    counted=Counted(Area.SERVICES, N_("Tier-1 and tier-2 services with metrics and alerts"), serious),
)
def blind_service(handbook: Handbook) -> Spots:
    """A service of tier 1 or 2 without metrics or without alerts."""
    for service in serious(handbook):
        seen = service.instrumentation
        if seen is None or Coverage.NONE in (seen.metrics, seen.alerts):
            yield at(service, "instrumentation", tier=service.tier)


@work(
    Task(Reason.WORDS, 20, first=True, begins="service"),
    N_("The handbook has no service of {name}"),
    N_("Add the first service that {name} runs"),
    Step(Priority.FLAT_START, "contribute/recipes/#service"),
)
def first_service(handbook: Handbook) -> Spots:
    """A team of which nothing is written down to advise on."""
    for team in handbook.teams:
        if not handbook.services_of(team) and not team.pain_points and team.sre_set_up is None:
            yield at(team)


@gap(
    N_("{name} (tier {tier}) needs {needed} (tier {needed_tier}): say what works without it"),
    Task(Reason.INCIDENT, 20),
    N_("When {needed} fails, it isn't clear what still works"),
)
def dependency_of_lower_tier(handbook: Handbook) -> Spots:
    """A service that needs one of a lower tier and doesn't say what works without it."""
    for service, location, dependency in handbook.every(Service, Dependency):
        needed = handbook.service(dependency.service)
        lower = service.tier is not None and needed.tier is not None and needed.tier > service.tier
        if lower and dependency.without_it is None:
            yield at(service, *location, tier=service.tier, needed=needed.name, needed_tier=needed.tier)


@gap(N_("services depend on each other in a circle ({circle}): decide which of them starts without the other"))
def dependency_cycle(handbook: Handbook) -> Spots:
    """Services that depend on each other in a circle."""
    needs = {
        service.id: [needed.service for needed in service.depends_on if needed.service != service.id]
        for service in handbook.services
    }
    while ids := circle(needs):
        first = ids.index(min(ids))
        ids = (*ids[first:], *ids[1 : first + 1])
        yield at(handbook.service(ServiceRef(ids[0])), "depends_on", circle=" → ".join(ids))
        needs[ids[0]] = []  # so that the next is another one

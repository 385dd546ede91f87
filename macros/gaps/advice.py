"""What a team should do next and why, from its own data.

The order is the talk's: what already hurts comes first, since its goal follows from it; where nothing
hurts, the flat start from user journeys to the habit of looking at dashboards. Each row of ADVICE sees one
kind of evidence; a new kind of data brings a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from macros.handbook import addresses, alerts, timeline
from macros.handbook.graph import Handbook
from macros.model.organisation import Coverage, Impact, PainPoint, PainState, RequirementState, Service, Team
from macros.model.playbooks import PlaybookTemplate
from macros.model.set_ups import Engagement, QuickWin, TeamType
from macros.model.values import Entity, Location
from macros.model.workshops import Workshop
from macros.text.problems import N_, Message

SHOWN = 3
"""How many steps a page shows before it folds the rest."""

YOUNG_MONTHS = 12
"""A team of SREs is young for its first year: after a year, says the talk, the teams' problems had become clear."""


class Urgency(IntEnum):
    """What comes first: unclear goals of running work, what hurts, trust, what nags, then the flat start."""

    GOALS = 0
    HURTS = 1
    TRUST = 2
    NAGS = 3
    MINOR = 4
    FLAT_START = 5


@dataclass(frozen=True)
class Step:
    """Something to do next.

    `advice` names the row of ADVICE, `what` says what to do, `why` gives the datum that it follows from,
    which stands at `location` of `entity`, or in the file and line `place`; `effort` is a rough size in
    words; `page` is the address of what tells how, from the root of the edition.
    """

    advice: str
    urgency: Urgency
    what: Message
    why: Message
    entity: Entity
    location: Location
    effort: Message
    page: str
    place: tuple[str, int] | None = None


Advice = Callable[[Handbook, Team], Iterator[Step]]

HOURS = N_("an hour or two")
TWO_WEEKS = N_("two weeks of counting")
DAYS = N_("a few days")
WEEKS = N_("one to three weeks")


def engagement_goals(handbook: Handbook, team: Team) -> Iterator[Step]:
    """An engagement that is running without a goal that has all four parts."""
    for engagement in handbook.engagements_of(team):
        if not timeline.is_open(engagement, handbook.today) or engagement.concrete_goals:
            continue
        yield Step(
            "engagement-goals",
            Urgency.GOALS,
            Message(
                N_("Make one goal of “{name}” concrete: baseline, measure, target, due"), {"name": engagement.name}
            ),
            Message(N_("No goal of this engagement has all four parts; nobody can say what the SRE is to do")),
            engagement,
            ("goals",),
            Message(HOURS),
            "engagements/#goals",
        )


def bottleneck(handbook: Handbook, team: Team) -> Iterator[Step]:
    """An open pain point of a service that a measure or an SLO shows."""
    for owner, location, point in open_pain_points(handbook, team):
        if isinstance(owner, Service) and _has_a_figure(point):
            yield _pain_step(
                handbook,
                "bottleneck",
                N_("Find and remove the bottleneck behind “{what}”"),
                owner,
                location,
                point,
                WEEKS,
                "next-steps/#bottleneck",
            )


def working_agreement(handbook: Handbook, team: Team) -> Iterator[Step]:
    """An open pain point of the team itself that a measure or an SLO shows."""
    for owner, location, point in open_pain_points(handbook, team):
        if isinstance(owner, Team) and _has_a_figure(point):
            yield _pain_step(
                handbook,
                "working-agreement",
                N_("Agree on one change against “{what}”, and on the figure to reach"),
                owner,
                location,
                point,
                HOURS,
                "next-steps/#agreement",
            )


def missing_playbook(handbook: Handbook, team: Team) -> Iterator[Step]:
    """An open pain point that an alert without a playbook shows."""
    for owner, location, point in open_pain_points(handbook, team):
        if point.evidence is not None and point.evidence.alert and not _covered(handbook, team, point.evidence.alert):
            yield Step(
                "missing-playbook",
                _urgency(handbook, owner, point),
                Message(
                    N_("Write the playbook for {alert}: first look, one diagnosis, one mitigation"),
                    {"alert": point.evidence.alert},
                ),
                _pain_reason(handbook, owner, point),
                owner,
                location,
                Message(DAYS),
                _quick_win_page(handbook, "first-playbook"),
            )


def recurring_alert(handbook: Handbook, team: Team) -> Iterator[Step]:
    """An open pain point that an alert with a playbook shows, and nothing else."""
    for owner, location, point in open_pain_points(handbook, team):
        seen = point.evidence
        if seen is not None and seen.alert and not _has_a_figure(point) and _covered(handbook, team, seen.alert):
            yield _pain_step(
                handbook,
                "recurring-alert",
                N_("Remove one cause of what fires the alert behind “{what}”"),
                owner,
                location,
                point,
                DAYS,
                _quick_win_page(handbook, "alert-clean-up"),
            )


def _covered(handbook: Handbook, team: Team, name: str) -> bool:
    """Whether an alert of this name, the team's own or another's, leads to a playbook."""
    return any(alerts.playbooks_for(handbook, alert) for alert in alerts.named(handbook, team.id, name))


def incident_review(handbook: Handbook, team: Team) -> Iterator[Step]:
    """An open pain point that a postmortem shows, with no measure and no alert."""
    for owner, location, point in open_pain_points(handbook, team):
        seen = point.evidence
        if seen is not None and seen.postmortem and not (seen.alert or seen.measure or seen.slo):
            yield _pain_step(
                handbook,
                "incident-review",
                N_("Take one action from the postmortem of “{what}” and give it an owner and a day"),
                owner,
                location,
                point,
                DAYS,
                "next-steps/#incident",
            )


def requirement_missed(handbook: Handbook, team: Team) -> Iterator[Step]:
    """A non-functional requirement whose target is missed, and no open pain point of the service says so."""
    for service in handbook.services_of(team):
        if any(point.state is not PainState.SOLVED for point in service.pain_points):
            continue
        for position, need in enumerate(service.non_functional_requirements):
            if need.state is RequirementState.MISSED:
                yield Step(
                    "requirement-missed",
                    Urgency.HURTS,
                    Message(
                        N_("Find out what makes {service} miss “{what}”"), {"service": service.name, "what": need.what}
                    ),
                    Message(N_("The target “{target}” is missed"), {"target": need.target})
                    if need.target
                    else Message(N_("Its target is missed")),
                    service,
                    ("non_functional_requirements", position),
                    Message(WEEKS),
                    "next-steps/#bottleneck",
                )


def evidence(handbook: Handbook, team: Team) -> Iterator[Step]:
    """An open pain point that only a ticket shows, or nothing."""
    for owner, location, point in open_pain_points(handbook, team):
        seen = point.evidence
        if seen is None or not (seen.alert or seen.measure or seen.slo or seen.postmortem):
            yield _pain_step(
                handbook,
                "evidence",
                N_("Put a figure to “{what}”: how often, how long, for whom"),
                owner,
                location,
                point,
                TWO_WEEKS,
                "next-steps/#evidence",
            )


def nobody_on_call(handbook: Handbook, team: Team) -> Iterator[Step]:
    """A team that runs a tier-1 service and whose pages reach nobody, or nobody else when one doesn't answer."""
    critical = [service for service in handbook.services_of(team) if service.tier == 1]
    if critical and team.on_call is None:
        yield Step(
            "nobody-on-call",
            Urgency.HURTS,
            Message(N_("Agree on who is on call for {service}, and write it down"), {"service": critical[0].name}),
            Message(
                N_("{service} stops users when it fails, and the team names nobody"), {"service": critical[0].name}
            ),
            team,
            (),
            Message(DAYS),
            _quick_win_page(handbook, "escalation-list"),
        )
    elif critical and team.on_call and not team.on_call.escalation:
        yield Step(
            "nobody-on-call",
            Urgency.HURTS,
            Message(N_("Name who is called when the one on call doesn't answer")),
            Message(
                N_("{service} stops users when it fails, and nobody stands behind the shift"),
                {"service": critical[0].name},
            ),
            team,
            ("on_call",),
            Message(HOURS),
            _quick_win_page(handbook, "escalation-list"),
        )


def alert_without_playbook(handbook: Handbook, team: Team) -> Iterator[Step]:
    """An alert that wakes somebody and leads to no playbook, where no pain point names it."""
    named = {point.evidence.alert for _, _, point in open_pain_points(handbook, team) if point.evidence}
    for alert in alerts.of(handbook, team):
        if alert.pages and alert.name not in named and not alerts.playbooks_for(handbook, alert):
            origin = next(it for it in alert.origins if it.urgency is alert.urgency)
            yield Step(
                "alert-without-playbook",
                Urgency.HURTS,
                Message(N_("Write the playbook for {alert}"), {"alert": alert.name}),
                Message(N_("It wakes whoever is on call and says nothing of what to do")),
                team,
                (),
                Message(HOURS),
                addresses.go(alert.name),
                (origin.path, origin.place[0]),
            )


def playbook_drill(handbook: Handbook, team: Team) -> Iterator[Step]:
    """A playbook that nobody has drilled or used yet."""
    for playbook in handbook.playbooks_of(team):
        if playbook.is_usable and not playbook.exercised:
            yield Step(
                "playbook-drill",
                Urgency.NAGS,
                Message(N_("Walk through “{name}” with whoever is on call next"), {"name": playbook.name}),
                Message(N_("Nobody has drilled or used it")),
                playbook,
                ("exercised",),
                Message(HOURS),
                _template_page(handbook, "game-day"),
            )


def quick_win(handbook: Handbook, team: Team) -> Iterator[Step]:
    """A young team of SREs of a type that grows by quick wins."""
    type = _young_type(handbook, team)
    if type is not None and team.sre_set_up:
        yield Step(
            "quick-win",
            Urgency.TRUST,
            Message(N_("Finish one quick win that another team can see within two weeks")),
            Message(
                N_("{type} since {since}: trust comes from what others see"),
                {"type": type.name, "since": team.sre_set_up.since},
            ),
            team,
            ("sre_set_up",),
            Message(DAYS),
            "quick-wins/",
        )


def trust(handbook: Handbook, team: Team) -> Iterator[Step]:
    """A young team of SREs that works with nobody, or with a team of which no pain point is written down."""
    type = _young_type(handbook, team)
    if type is None:
        return
    what = Message(N_("Ask engineers, EM and PdM of each team what hurts, and give it back within a week"))
    page = f"team-types/{type.id}/{'#first-90-days' if type.first_90_days else ''}"
    for position, interaction in enumerate(team.works_with):
        other = handbook.team(interaction.team)
        if not list(open_pain_points(handbook, other)):
            why = Message(N_("No pain point of {team} is written down"), {"team": other.name})
            location: Location = ("works_with", position)
            yield Step("trust", Urgency.TRUST, what, why, team, location, Message(DAYS), page)
            return
    if not team.works_with:
        why = Message(N_("{team} names no team that it works with"), {"team": team.name})
        yield Step("trust", Urgency.TRUST, what, why, team, ("sre_set_up",), Message(DAYS), page)


def user_journeys(handbook: Handbook, team: Team) -> Iterator[Step]:
    """A service of tier 1 or 2 with no requirement, which is in no journey: nobody has said what users need."""
    for service in _by_tier(handbook, team):
        known = service.non_functional_requirements or handbook.journeys_through(service)
        if service.tier in (1, 2) and not known:
            yield Step(
                "user-journeys",
                Urgency.FLAT_START,
                Message(
                    N_("Bring PdM and engineers together over one user journey through {service}"),
                    {"service": service.name},
                ),
                Message(N_("Nobody has said how fast or how available {service} must be"), {"service": service.name}),
                service,
                (),
                Message(DAYS),
                _workshop_page(handbook, "cuj"),
            )


def first_target(handbook: Handbook, team: Team) -> Iterator[Step]:
    """A journey with no SLO."""
    for journey in handbook.journeys_of(team):
        if not journey.slos:
            yield Step(
                "first-target",
                Urgency.FLAT_START,
                Message(N_("Choose a first target for “{name}” from what the last weeks held"), {"name": journey.name}),
                Message(N_("The journey has no SLO")),
                journey,
                ("slos",),
                Message(HOURS),
                "slos/#first-slo",
            )


def first_slo(handbook: Handbook, team: Team) -> Iterator[Step]:
    """A requirement with no target or no measurement: an SLI or an SLO that is half written."""
    for service in _by_tier(handbook, team):
        for position, need in enumerate(service.non_functional_requirements):
            location: Location = ("non_functional_requirements", position)
            values = {"what": need.what, "service": service.name}
            if need.target is None:
                what, why = N_("Agree on a target for “{what}” of {service}"), N_("“{what}” has no target")
            elif need.state is RequirementState.NOT_MEASURED:
                what, why = N_("Measure “{what}” of {service}"), N_("“{what}” has a target, and nobody measures it")
            else:
                continue
            yield Step(
                "first-slo",
                Urgency.FLAT_START,
                Message(what, values),
                Message(why, values),
                service,
                location,
                Message(DAYS),
                "slos/#first-slo",
            )


def instrumentation(handbook: Handbook, team: Team) -> Iterator[Step]:
    """A service of tier 1 or 2 without metrics or alerts."""
    for service in _by_tier(handbook, team):
        seen = service.instrumentation
        if service.tier in (1, 2) and (seen is None or Coverage.NONE in (seen.metrics, seen.alerts)):
            yield Step(
                "instrumentation",
                Urgency.FLAT_START,
                Message(N_("Instrument what users notice of {service}, and alert on it"), {"service": service.name}),
                Message(N_("{service} has no metrics or no alerts"), {"service": service.name}),
                service,
                ("instrumentation",),
                Message(WEEKS),
                "next-steps/#instrumentation",
            )


def dashboard_habit(handbook: Handbook, team: Team) -> Iterator[Step]:
    """A team that has no fixed time to look at its dashboards."""
    if team.dashboard_review is None and handbook.services_of(team):
        yield Step(
            "dashboard-habit",
            Urgency.FLAT_START,
            Message(N_("Agree on ten minutes a week in which the team looks at its dashboards together")),
            Message(N_("{team} has no fixed time for it"), {"team": team.name}),
            team,
            ("dashboards",),
            Message(HOURS),
            _quick_win_page(handbook, "dashboard-habit"),
        )


def first_service(handbook: Handbook, team: Team) -> Iterator[Step]:
    """A team of which nothing is written down to advise on."""
    if not handbook.services_of(team) and not team.pain_points and team.sre_set_up is None:
        yield Step(
            "first-service",
            Urgency.FLAT_START,
            Message(N_("Write down the first service that {team} runs"), {"team": team.name}),
            Message(N_("The handbook knows no service of {team}"), {"team": team.name}),
            team,
            (),
            Message(HOURS),
            "contribute/recipes/#service",
        )


ADVICE: tuple[Advice, ...] = (
    engagement_goals,
    bottleneck,
    working_agreement,
    missing_playbook,
    recurring_alert,
    incident_review,
    requirement_missed,
    evidence,
    nobody_on_call,
    alert_without_playbook,
    playbook_drill,
    quick_win,
    trust,
    user_journeys,
    first_target,
    first_slo,
    instrumentation,
    dashboard_habit,
    first_service,
)
"""What a team can be told, the most pressing first."""

_PAIN_URGENCY = {Impact.HIGH: Urgency.HURTS, Impact.MEDIUM: Urgency.NAGS, Impact.LOW: Urgency.MINOR}
_WEIGHT = {Impact.HIGH: 3, Impact.MEDIUM: 2, Impact.LOW: 1}


def next_steps(handbook: Handbook, team: Team) -> tuple[Step, ...]:
    """What a team should do next: by urgency, then in the order of ADVICE."""
    return tuple(sorted((step for advice in ADVICE for step in advice(handbook, team)), key=lambda step: step.urgency))


def open_pain_points(handbook: Handbook, team: Team) -> Iterator[tuple[Team | Service, Location, PainPoint]]:
    """What hurts a team or its services and is not solved, the worst first."""
    owners: tuple[Team | Service, ...] = (team, *handbook.services_of(team))
    found = [
        (owner, ("pain_points", position), point)
        for owner in owners
        for position, point in enumerate(owner.pain_points)
        if point.state is not PainState.SOLVED
    ]
    yield from sorted(found, key=lambda it: (-_WEIGHT[it[2].impact], it[2].since or "9999"))


@dataclass(frozen=True)
class EmbeddingCandidate:
    """A team that an embedded SRE would help now, with the pain points whose goals can be made concrete."""

    team: Team
    points: tuple[tuple[Team | Service, PainPoint], ...]

    @property
    def weight(self) -> int:
        """The sum of 3, 2 or 1 for each pain point of high, medium or low impact."""
        return sum(_WEIGHT[point.impact] for _, point in self.points)


def embedding_candidates(handbook: Handbook) -> tuple[EmbeddingCandidate, ...]:
    """The teams that an embedded SRE would help now, best first.

    A team is one if it has an open pain point with a figure, an SLO or an alert (so that a baseline and a
    measure are at hand) which no open engagement works on, is no SRE team itself, and hosts no SRE who works
    inside it already.
    """
    found = []
    for team in handbook.teams:
        busy = any(timeline.is_open(it, handbook.today) for it in handbook.engagements_inside(team))
        if busy or (team.sre_set_up and team.sre_set_up.is_):
            continue
        points = tuple(
            (owner, point)
            for owner, _, point in open_pain_points(handbook, team)
            if point.evidence
            and (point.evidence.measure or point.evidence.slo or point.evidence.alert)
            and not worked_on(handbook, owner, point)
        )
        if points:
            found.append(EmbeddingCandidate(team, points))
    return tuple(sorted(found, key=lambda it: (-it.weight, it.team.id)))


def worked_on(handbook: Handbook, owner: Team | Service, point: PainPoint) -> Engagement | None:
    """The open engagement that started from a pain point, where there is one."""
    for engagement in handbook.engagements:
        place = engagement.started_from.pain_point if engagement.started_from else None
        if place is None or place.id != point.id or not timeline.is_open(engagement, handbook.today):
            continue
        if (place.service if isinstance(owner, Service) else place.team) == owner.id:
            return engagement
    return None


def _urgency(handbook: Handbook, owner: Team | Service, point: PainPoint) -> Urgency:
    """By the point's impact; one that an open engagement works on waits for it."""
    return Urgency.MINOR if worked_on(handbook, owner, point) else _PAIN_URGENCY[point.impact]


def _pain_step(
    handbook: Handbook,
    advice: str,
    what: str,
    owner: Team | Service,
    location: Location,
    point: PainPoint,
    effort: str,
    page: str,
) -> Step:
    return Step(
        advice,
        _urgency(handbook, owner, point),
        Message(what, {"what": point.what}),
        _pain_reason(handbook, owner, point),
        owner,
        location,
        Message(effort),
        page,
    )


def _has_a_figure(point: PainPoint) -> bool:
    """Whether a measure or an SLO shows the pain point, and no alert, which asks for a playbook first."""
    seen = point.evidence
    return seen is not None and not seen.alert and bool(seen.measure or seen.slo)


def _pain_reason(handbook: Handbook, owner: Team | Service, point: PainPoint) -> Message:
    """What shows the pain point, since when, and who works on it already."""
    seen = point.evidence
    shown: object = Message(N_("nothing shows it yet"))
    if seen is not None:
        found = seen.measure or seen.alert or seen.slo
        kind = Message(N_("a postmortem shows it")) if seen.postmortem else Message(N_("a ticket shows it"))
        shown = found or kind
    reason = Message("{shown}", {"shown": shown})
    if point.since:
        reason = Message(N_("{shown}; since {since}"), {"shown": shown, "since": point.since})
    engagement = worked_on(handbook, owner, point)
    if engagement is None:
        return reason
    return Message(N_("{reason}; “{name}” works on it"), {"reason": reason, "name": engagement.name})


def _quick_win_page(handbook: Handbook, id: str) -> str:
    """The page of a quick win, or the catalogue where an organisation has dropped this one."""
    return f"quick-wins/{id}/" if handbook.get(QuickWin, id) else "quick-wins/"


def _workshop_page(handbook: Handbook, id: str) -> str:
    """The page of a workshop, or the list of them where an organisation has dropped this one."""
    return f"workshops/{id}/" if handbook.get(Workshop, id) else "workshops/"


def _template_page(handbook: Handbook, id: str) -> str:
    """The page of a playbook template, or the list of them where an organisation has dropped this one."""
    return f"playbooks/templates/{id}/" if handbook.get(PlaybookTemplate, id) else "playbooks/templates/"


def _by_tier(handbook: Handbook, team: Team) -> list[Service]:
    return sorted(handbook.services_of(team), key=lambda service: (service.tier or 9, service.id))


def _young_type(handbook: Handbook, team: Team) -> TeamType | None:
    """The team's type where it is one that grows by quick wins, and has been so for less than a year."""
    set_up = team.sre_set_up
    if set_up is None or set_up.is_ is None or set_up.since is None:
        return None
    type = handbook.team_type(set_up.is_)
    year, month = int(set_up.since[:4]), int(set_up.since[5:7])
    months = (handbook.today.year - year) * 12 + handbook.today.month - month
    return type if type.grows_by_quick_wins and 0 <= months < YOUNG_MONTHS else None

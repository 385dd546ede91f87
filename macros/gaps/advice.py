"""What a team should do next and why, from its own data.

The order is the talk's: open pain points come first, since their goal follows from them; where there is
none, the flat start from user journeys to the habit of looking at dashboards. Each row of ADVICE sees one
kind of evidence; a new kind of data brings a row.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from macros.gaps import checks
from macros.gaps.check import Check, Reason, Spot, Task, at, rows_of
from macros.gaps.checks.alerts import paging_alert_without_playbook
from macros.gaps.checks.journeys import journey_without_slo
from macros.gaps.checks.organisation import CRITICAL_TIER, SERIOUS_TIERS, is_blind, team_without_on_call
from macros.handbook import addresses, alerts, playbooks, timeline
from macros.handbook.graph import Handbook, OwnedPainPoint
from macros.model.organisation import Impact, PainPoint, PainState, RequirementState, Service, Team
from macros.model.set_ups import Engagement, TeamType
from macros.model.values import Entity
from macros.text.problems import N_, Message

SHOWN = 3
"""How many steps a page shows before it folds the rest."""

YOUNG_MONTHS = 12
"""A team of SREs is young for its first year: after a year, says the talk, the teams' problems had become clear."""

FIRST_PLAYBOOK = N_("45 minutes")
HOURS = N_("an hour or two")
TWO_WEEKS = N_("two weeks of counting")
DAYS = N_("a few days")
WEEKS = N_("one to three weeks")


class Priority(IntEnum):
    """What comes first: unclear goals of running work, pain points, trust, what nags, then the flat start."""

    GOALS = 0
    HURTS = 1
    TRUST = 2
    NAGS = 3
    MINOR = 4
    FLAT_START = 5


@dataclass(frozen=True)
class Occasion(Spot):
    """A spot that says more than its row: how pressing it is, why, or which page tells how."""

    priority: Priority | None = None
    why: Message | None = None
    page: str = ""


TeamFinder = Callable[[Handbook, Team], Iterable[Spot]]


@dataclass(frozen=True)
class Advice:
    """One row: `find` finds where a team needs it, `what` says what to do, and `why` from which datum that follows.

    `effort` is a rough size in words; `page` is the address of what tells how, from the root of the edition. `task`
    says what it asks of contributors, where no check finds the same and it ends in a file of the handbook.
    """

    name: str
    find: TeamFinder
    priority: Priority
    effort: str
    page: str
    what: str
    why: str
    task: Task | None

    def steps(self, handbook: Handbook, team: Team) -> Iterator[NextStep]:
        """What it tells a team."""
        for spot in self.find(handbook, team):
            own = spot if isinstance(spot, Occasion) else Occasion(spot.entity)
            yield NextStep(
                self,
                spot,
                self.priority if own.priority is None else own.priority,
                Message(spot.words or self.what, spot.named),
                own.why or Message(self.why, spot.named),
                Message(self.effort),
                own.page or _page(handbook, self.page),
            )


class NextStep(NamedTuple):
    """Something that a team should do next: a row of ADVICE at a spot of the team's data."""

    advice: Advice
    spot: Spot
    priority: Priority
    what: Message
    why: Message
    effort: Message
    page: str


def advice(
    priority: Priority, effort: str, page: str, what: str, why: str = "", task: Task | None = None
) -> Callable[[TeamFinder], Advice]:
    """Makes a row of ADVICE of a function that finds where a team needs it."""
    return lambda find: Advice(find.__name__.replace("_", "-"), find, priority, effort, page, what, why, task)


def _hurting(
    name: str, shown_by: str, effort: str, page: str, what: str, of: type[Entity] = Entity, task: Task | None = None
) -> Advice:
    """A row for the open pain points that one sort of evidence shows, of teams, of their services or of both.

    They are as pressing as their impact says; one that an open engagement works on waits for it.
    """

    def find(handbook: Handbook, team: Team) -> Iterator[Spot]:
        for owner, location, point in open_pain_points(handbook, team):
            if isinstance(owner, of) and _shown_by(handbook, team, point) == shown_by:
                working = worked_on(handbook, owner, point)
                alert = point.evidence.alert if point.evidence else None
                yield Occasion(
                    owner,
                    location,
                    {"what": point.what, "alert": alert},
                    priority=Priority.MINOR if working else _BY_IMPACT[point.impact],
                    why=_pain_reason(point, working),
                    alert=next(iter(alerts.named(handbook, team.id, alert)), None) if alert else None,
                )

    return Advice(name, find, Priority.HURTS, effort, page, what, "", task)


@advice(
    Priority.GOALS,
    HOURS,
    "engagements/#goals",
    N_("Make one goal of “{name}” concrete: baseline, measure, target, due date"),
    N_("No goal of this engagement has all four parts; the SRE's task isn't clear"),
)
def engagement_goals(handbook: Handbook, team: Team) -> Iterator[Spot]:
    """An engagement that is running without a goal that has all four parts."""
    for engagement in handbook.engagements_of(team):
        if timeline.is_open(engagement, handbook.today) and not engagement.concrete_goals:
            yield at(engagement, "goals")


bottleneck = _hurting(
    "bottleneck",
    "figure",
    WEEKS,
    "next-steps/#bottleneck",
    N_("Find and remove the bottleneck behind “{what}”"),
    of=Service,
)

working_agreement = _hurting(
    "working-agreement",
    "figure",
    HOURS,
    "next-steps/#agreement",
    N_("Agree on one change to fix “{what}”, and on the figure to reach"),
    of=Team,
)

missing_playbook = _hurting(
    "missing-playbook",
    "alert without playbook",
    FIRST_PLAYBOOK,
    "quick-wins/first-playbook/",
    N_("Write the playbook for {alert}: first steps, one diagnosis, one mitigation"),
    task=Task(Reason.INCIDENT, 45, begins="playbook"),
)

recurring_alert = _hurting(
    "recurring-alert",
    "alert with playbook",
    DAYS,
    "quick-wins/alert-clean-up/",
    N_("Remove one cause of the alert behind “{what}”"),
)

incident_review = _hurting(
    "incident-review",
    "postmortem",
    DAYS,
    "next-steps/#incident",
    N_("Take one action from the postmortem of “{what}” and give it an owner and a due date"),
)


@advice(
    Priority.HURTS,
    WEEKS,
    "next-steps/#bottleneck",
    N_("Find out what makes {name} miss “{what}”"),
    N_("Its target is missed"),
)
def requirement_missed(handbook: Handbook, team: Team) -> Iterator[Spot]:
    """A non-functional requirement whose target is missed, and no open pain point of the service says so."""
    for service in handbook.services_of(team):
        if any(point.state is not PainState.SOLVED for point in service.pain_points):
            continue
        for position, need in enumerate(service.non_functional_requirements):
            if need.state is RequirementState.MISSED:
                why = Message(N_("The target “{target}” is missed"), target=need.target) if need.target else None
                location = ("non_functional_requirements", position)
                yield Occasion(service, location, {"what": need.what}, why=why)


evidence = _hurting(
    "evidence",
    "",
    TWO_WEEKS,
    "next-steps/#evidence",
    N_("Put a number on “{what}”: how often, how long, for whom"),
)


@advice(
    Priority.HURTS,
    DAYS,
    "quick-wins/escalation-list/",
    N_("Agree on who is on call for {service}, and write it down"),
    N_("{service} stops users when it fails, and the team has no on-call"),
)
def nobody_on_call(handbook: Handbook, team: Team) -> Iterable[Spot]:
    """A team that runs a tier-1 service and has no on-call."""
    return _gaps(handbook, team, team_without_on_call)


@advice(
    Priority.HURTS,
    HOURS,
    "quick-wins/escalation-list/",
    N_("Name whom to call when on-call doesn't answer"),
    N_("{service} stops users when it fails, and on-call has no escalation"),
)
def nobody_behind_the_shift(handbook: Handbook, team: Team) -> Iterable[Spot]:
    """A team that runs a tier-1 service and whose on-call has no escalation."""
    critical = [service for service in handbook.services_of(team) if service.tier == CRITICAL_TIER]
    alone = team.on_call is not None and not team.on_call.escalation
    return [at(team, "on_call", service=service.name) for service in critical[:1] if alone]


@advice(
    Priority.HURTS,
    FIRST_PLAYBOOK,
    "",
    N_("Write the playbook for {alert}"),
    N_("It pages on-call without saying what to do"),
)
def alert_without_playbook(handbook: Handbook, team: Team) -> Iterator[Spot]:
    """A paging alert without a playbook, where no pain point names it."""
    named = {point.evidence.alert for _, _, point in open_pain_points(handbook, team) if point.evidence}
    for spot in _gaps(handbook, team, paging_alert_without_playbook):
        if spot.alert and spot.alert.name not in named:
            page = addresses.go(spot.alert.name)
            yield Occasion(team, (), {"alert": spot.alert.name}, place=spot.place, page=page)


@advice(
    Priority.NAGS,
    HOURS,
    "playbooks/templates/game-day/",
    N_("Walk through “{name}” with the next on-call"),
    N_("It has never been drilled or used"),
)
def playbook_drill(handbook: Handbook, team: Team) -> Iterator[Spot]:
    """A playbook that has never been drilled or used."""
    for playbook in handbook.playbooks_of(team):
        if playbooks.is_usable(handbook, playbook) and not playbook.exercised:
            yield at(playbook, "exercised")


@advice(
    Priority.TRUST,
    DAYS,
    "quick-wins/",
    N_("Finish one quick win that another team can see within two weeks"),
    N_("{type} since {since}: visible results build trust"),
)
def quick_win(handbook: Handbook, team: Team) -> Iterator[Spot]:
    """A young team of SREs of a type that grows by quick wins."""
    type = _young_type(handbook, team)
    if type is not None and team.sre_set_up:
        yield at(team, "sre_set_up", type=type.name, since=team.sre_set_up.since)


@advice(
    Priority.TRUST,
    DAYS,
    "",
    N_("Ask engineers, EM and PdM of each team about pain points, and share the results within a week"),
    N_("{name} lists no team that it works with"),
)
def trust(handbook: Handbook, team: Team) -> Iterator[Spot]:
    """A young team of SREs that lists no team it works with, or one without pain points."""
    type = _young_type(handbook, team)
    if type is None:
        return
    page = f"team-types/{type.id}/{'#first-90-days' if type.first_90_days else ''}"
    if not team.works_with:
        yield Occasion(team, ("sre_set_up",), page=page)
    for position, interaction in enumerate(team.works_with):
        other = handbook.team(interaction.team)
        if not open_pain_points(handbook, other):
            why = Message(N_("No pain point of {team} is written down"), team=other.name)
            yield Occasion(team, ("works_with", position), why=why, page=page)
            return


@advice(
    Priority.FLAT_START,
    DAYS,
    "workshops/cuj/",
    N_("Map one user journey through {name} with PdM and engineers"),
    N_("{name} has no target for speed or availability"),
)
def user_journeys(handbook: Handbook, team: Team) -> Iterator[Spot]:
    """A service of tier 1 or 2 with no requirement, which is in no journey: what users need is not written down."""
    for service in handbook.services_by_tier(team):
        known = service.non_functional_requirements or handbook.journeys_through(service)
        if service.tier in SERIOUS_TIERS and not known:
            yield at(service)


@advice(
    Priority.FLAT_START,
    HOURS,
    "slos/#first-slo",
    N_("Choose a first target for “{name}” from the last weeks' figures"),
    N_("The journey has no SLO"),
)
def first_target(handbook: Handbook, team: Team) -> Iterable[Spot]:
    """A journey with no SLO."""
    return _gaps(handbook, team, journey_without_slo)


@advice(
    Priority.FLAT_START,
    DAYS,
    "slos/#first-slo",
    N_("Agree on a target for “{what}” of {name}"),
    N_("“{what}” has no target"),
)
def first_slo(handbook: Handbook, team: Team) -> Iterator[Spot]:
    """A requirement with no target or no measurement: an SLI or an SLO that is half written."""
    measure = N_("Measure “{what}” of {name}")
    for service in handbook.services_by_tier(team):
        for position, need in enumerate(service.non_functional_requirements):
            location = ("non_functional_requirements", position)
            values = {"what": need.what}
            if need.target is None:
                yield Spot(service, location, values)
            elif need.state is RequirementState.NOT_MEASURED:
                why = Message(N_("“{what}” has a target but isn't measured"), values)
                yield Occasion(service, location, values, measure, why=why)


@advice(
    Priority.FLAT_START,
    WEEKS,
    "next-steps/#instrumentation",
    N_("Instrument what users notice about {name}, and alert on it"),
    N_("{name} has no metrics or no alerts"),
)
def instrumentation(handbook: Handbook, team: Team) -> Iterator[Spot]:
    """A service of tier 1 or 2 without metrics or alerts."""
    for service in handbook.services_by_tier(team):
        if service.tier in SERIOUS_TIERS and is_blind(service):
            yield at(service, "instrumentation")


@advice(
    Priority.FLAT_START,
    HOURS,
    "quick-wins/dashboard-habit/",
    N_("Agree on 15 minutes a week for the team to review its dashboards together"),
    N_("{name} has no fixed time for it"),
    Task(Reason.PROMISES, 15),
)
def dashboard_habit(handbook: Handbook, team: Team) -> Iterator[Spot]:
    """A team that has no fixed time to look at its dashboards."""
    if team.dashboard_review is None and handbook.services_of(team):
        yield at(team, "dashboards")


@advice(
    Priority.FLAT_START,
    HOURS,
    "contribute/recipes/#service",
    N_("Add the first service that {name} runs"),
    N_("The handbook has no service of {name}"),
    Task(Reason.WORDS, 20, first=True, begins="service"),
)
def first_service(handbook: Handbook, team: Team) -> Iterator[Spot]:
    """A team of which nothing is written down to advise on."""
    if not handbook.services_of(team) and not team.pain_points and team.sre_set_up is None:
        yield at(team)


ADVICE = rows_of(sys.modules[__name__], Advice)
"""What a team can be told, the most pressing first."""

_BY_IMPACT = {Impact.HIGH: Priority.HURTS, Impact.MEDIUM: Priority.NAGS, Impact.LOW: Priority.MINOR}
_WEIGHT = {Impact.HIGH: 3, Impact.MEDIUM: 2, Impact.LOW: 1}


def next_steps(handbook: Handbook, team: Team) -> tuple[NextStep, ...]:
    """What a team should do next: by priority, then in the order of ADVICE."""
    steps = (step for row in ADVICE for step in row.steps(handbook, team))
    return tuple(sorted(steps, key=lambda step: step.priority))


def open_pain_points(handbook: Handbook, team: Team) -> list[OwnedPainPoint]:
    """The open pain points of a team and its services, the worst first."""
    found = [owned for owned in handbook.pain_points_of(team) if owned[2].state is not PainState.SOLVED]
    return sorted(found, key=lambda owned: (-_WEIGHT[owned[2].impact], owned[2].since or "9999"))


def embedding_candidates(handbook: Handbook) -> list[tuple[Team, list[OwnedPainPoint]]]:
    """The teams that an embedded SRE would help now, each with its pain points whose goals can be made concrete.

    A team is one if it has an open pain point with a figure, an SLO or an alert (so that a baseline and a
    measure are at hand) which no open engagement works on, is no SRE team itself, and hosts no SRE who works
    inside it already. That with the most of them is first: one of high, medium or low impact counts for 3, 2 or 1.
    """
    found = []
    for team in handbook.teams:
        busy = any(timeline.is_open(engagement, handbook.today) for engagement in handbook.engagements_inside(team))
        if busy or (team.sre_set_up and team.sre_set_up.is_):
            continue
        points = [
            (owner, location, point)
            for owner, location, point in open_pain_points(handbook, team)
            if _shown_by(handbook, team, point) not in ("", "postmortem") and not worked_on(handbook, owner, point)
        ]
        if points:
            found.append((team, points))
    return sorted(found, key=lambda candidate: -sum(_WEIGHT[point.impact] for _, _, point in candidate[1]))


def worked_on(handbook: Handbook, owner: Team | Service, point: PainPoint) -> Engagement | None:
    """The open engagement that started from a pain point, where there is one."""
    for engagement in handbook.engagements:
        place = engagement.started_from.pain_point if engagement.started_from else None
        if place is None or place.id != point.id or not timeline.is_open(engagement, handbook.today):
            continue
        if (place.service if isinstance(owner, Service) else place.team) == owner.id:
            return engagement
    return None


def _shown_by(handbook: Handbook, team: Team, point: PainPoint) -> str:
    """What shows a pain point best; empty where it is a ticket, or nothing."""
    seen = point.evidence
    if seen is None:
        return ""
    if seen.alert:
        named = alerts.named(handbook, team.id, seen.alert)  # the team's own or another's
        covered = any(alerts.playbooks_for(handbook, alert) for alert in named)
        return f"alert {'with' if covered else 'without'} playbook"
    if seen.measure or seen.slo:
        return "figure"
    return "postmortem" if seen.postmortem else ""


def _pain_reason(point: PainPoint, working: Engagement | None) -> Message:
    seen = point.evidence
    shown: object = Message(N_("no evidence yet"))
    if seen is not None:
        kind = Message(N_("evidence: a postmortem")) if seen.postmortem else Message(N_("evidence: a ticket"))
        shown = seen.measure or seen.alert or seen.slo or kind
    reason = Message("{shown}", shown=shown)
    if point.since:
        reason = Message(N_("{shown}; since {since}"), shown=shown, since=point.since)
    if working is None:
        return reason
    return Message(N_("{reason}; “{name}” is working on it"), reason=reason, name=working.name)


def _gaps(handbook: Handbook, team: Team, check: Check) -> list[Spot]:
    return handbook.derived(_by_team).get((check.name, team.id), [])


def _by_team(handbook: Handbook) -> dict[tuple[str, str], list[Spot]]:
    found: dict[tuple[str, str], list[Spot]] = {}
    for check, spot in checks.found(handbook):
        found.setdefault((check.name, spot.entity.team or spot.entity.id), []).append(spot)
    return found


def _page(handbook: Handbook, address: str) -> str:
    """An address, or that of the list where an organisation has dropped the entity that it leads to."""
    folder, _, id = address.rstrip("/").rpartition("/")
    kind = {"quick-wins": "quick-win", "workshops": "workshop", "playbooks/templates": "playbook-template"}.get(folder)
    return address if kind is None or handbook.find(kind, id) else f"{folder}/"


def _young_type(handbook: Handbook, team: Team) -> TeamType | None:
    """The team's type where it is one that grows by quick wins, and has been so for less than a year."""
    set_up = team.sre_set_up
    if set_up is None or set_up.is_ is None or set_up.since is None:
        return None
    type = handbook.team_type(set_up.is_)
    year, month = int(set_up.since[:4]), int(set_up.since[5:7])
    months = (handbook.today.year - year) * 12 + handbook.today.month - month
    return type if type.grows_by_quick_wins and 0 <= months < YOUNG_MONTHS else None

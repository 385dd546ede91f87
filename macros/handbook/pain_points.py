"""Pain points that are open: what shows them, who works on them, and where an embedded SRE would help."""

from collections.abc import Iterable
from typing import cast

from macros.handbook import alerts, timeline
from macros.handbook.graph import Handbook, derived, grouped
from macros.model.organisation import Impact, PainPoint, PainState, Service, Team
from macros.model.set_ups import Engagement
from macros.model.values import Entity, Location
from macros.text.problems import N_, Message

OwnedPainPoint = tuple[Team | Service, Location, PainPoint]
"""A pain point behind its owner and its place there."""

_WEIGHT = {Impact.HIGH: 3, Impact.MEDIUM: 2, Impact.LOW: 1}


def open_of(handbook: Handbook, team: Team | None = None) -> list[OwnedPainPoint]:
    """The open pain points of a team and its services, or all, the worst first."""
    points = _by_team(handbook).get(team.id if team else "", [])
    found = [owned for owned in points if owned[2].state is not PainState.SOLVED]
    return sorted(found, key=lambda owned: (-_WEIGHT[owned[2].impact], owned[2].since or "9999"))


@derived
def _by_team(handbook: Handbook) -> dict[str, list[OwnedPainPoint]]:
    """The pain points of each team by its id, and under an empty one all."""
    every = cast(Iterable[OwnedPainPoint], handbook.every(Entity, PainPoint))
    return grouped((team, owned) for owned in every for team in (owned[0].team, ""))


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
            for owner, location, point in open_of(handbook, team)
            if shown_by(handbook, owner, point) not in ("", "postmortem") and not engagement_on(handbook, owner, point)
        ]
        if points:
            found.append((team, points))
    return sorted(found, key=lambda candidate: -sum(_WEIGHT[point.impact] for _, _, point in candidate[1]))


def engagement_on(handbook: Handbook, owner: Team | Service, point: PainPoint) -> Engagement | None:
    """The open engagement that started from a pain point, where there is one."""
    started = _started_from(handbook).get((handbook.kind_of(owner), owner.id, point.id), ())
    return next((engagement for engagement in started if timeline.is_open(engagement, handbook.today)), None)


@derived
def _started_from(handbook: Handbook) -> dict[tuple[str, str, str], list[Engagement]]:
    """The engagements that started from a pain point, by its owner's kind and id, and its own id."""
    begun = ((engagement, engagement.started_from) for engagement in handbook.engagements)
    places = ((engagement, start.pain_point) for engagement, start in begun if start and start.pain_point)
    owners = ((engagement, place.service or place.team, place.id) for engagement, place in places)
    return grouped(((owner.kind, str(owner), id), engagement) for engagement, owner, id in owners if owner)


def shown_by(handbook: Handbook, owner: Team | Service, point: PainPoint) -> str:
    """What shows a pain point best; empty where it is a ticket, or nothing."""
    seen = point.evidence
    if seen is None:
        return ""
    if seen.alert:
        named = alerts.named(handbook, owner.team, seen.alert)  # the team's own or another's
        covered = any(alerts.is_answered(handbook, alert) for alert in named)
        return f"alert {'with' if covered else 'without'} playbook"
    if seen.measure or seen.slo:
        return "figure"
    return "postmortem" if seen.postmortem else ""


def reason(point: PainPoint, working: Engagement | None) -> Message:
    """What shows a pain point, since when, and which engagement works on it."""
    seen = point.evidence
    words = N_("evidence: a postmortem") if seen and seen.postmortem else N_("evidence: a ticket")
    named = seen and (seen.measure or seen.alert or seen.slo)
    shown = named or Message(words if seen else N_("no evidence yet"))
    reason = Message(N_("{shown}; since {since}") if point.since else "{shown}", shown=shown, since=point.since)
    if working is None:
        return reason
    return Message(N_("{reason}; “{name}” is working on it"), reason=reason, name=working.name)

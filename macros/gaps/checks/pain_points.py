"""What is asked of pain points: evidence, and what follows from it."""

from collections.abc import Iterator

from macros.gaps.check import Area, Counted, Effort, Reason, Step, Task, gap, work
from macros.gaps.spots import Priority, Spot, Spots
from macros.handbook import alerts, pain_points
from macros.handbook.graph import Handbook
from macros.model.organisation import Impact, Service, Team
from macros.model.values import Entity
from macros.text.problems import N_

_BY_IMPACT = {Impact.HIGH: Priority.HURTS, Impact.MEDIUM: Priority.NAGS, Impact.LOW: Priority.MINOR}


@work(
    what=N_("Find and remove the bottleneck behind “{what}”"),
    step=Step(Priority.HURTS, "next-steps/#bottleneck", Effort.WEEKS),
)
def bottleneck(handbook: Handbook) -> Spots:
    """An open pain point of a service that a figure or an SLO shows."""
    return _shown_by(handbook, "figure", Service)


@work(
    what=N_("Agree on one change to fix “{what}”, and on the figure to reach"),
    step=Step(Priority.HURTS, "next-steps/#agreement", Effort.HOURS),
)
def working_agreement(handbook: Handbook) -> Spots:
    """An open pain point of a team itself that a figure or an SLO shows."""
    return _shown_by(handbook, "figure", Team)


@work(
    Task(Reason.INCIDENT, 45, begins="playbook"),
    what=N_("Write the playbook for {alert}: first steps, one diagnosis, one mitigation"),
    step=Step(Priority.HURTS, "quick-wins/first-playbook/"),
)
def missing_playbook(handbook: Handbook) -> Spots:
    """An open pain point that an alert without a playbook shows."""
    return _shown_by(handbook, "alert without playbook")


@work(
    what=N_("Remove one cause of the alert behind “{what}”"),
    step=Step(Priority.HURTS, "quick-wins/alert-clean-up/", Effort.DAYS),
)
def recurring_alert(handbook: Handbook) -> Spots:
    """An open pain point that an alert with a playbook shows."""
    return _shown_by(handbook, "alert with playbook")


@work(
    what=N_("Take one action from the postmortem of “{what}” and give it an owner and a due date"),
    step=Step(Priority.HURTS, "next-steps/#incident", Effort.DAYS),
)
def incident_review(handbook: Handbook) -> Spots:
    """An open pain point that a postmortem alone shows."""
    return _shown_by(handbook, "postmortem")


@gap(
    N_("“{what}” has no evidence that can be counted: add an alert, a measure, an SLO or a postmortem"),
    Task(Reason.PROMISES, 20),
    N_("Without evidence, other teams can't agree on its priority"),
    N_("Put a number on “{what}”: how often, how long, for whom"),
    Step(Priority.HURTS, "next-steps/#evidence", Effort.TWO_WEEKS),
    Counted(Area.ENGAGEMENTS, N_("Pain points with evidence"), pain_points.open_of),
)
def pain_point_without_evidence(handbook: Handbook) -> Spots:
    """An open pain point with no evidence, or with a ticket alone."""
    return _shown_by(handbook, "")


def _shown_by(handbook: Handbook, shown_by: str, of: type[Entity] = Entity) -> Iterator[Spot]:
    """The open pain points that one sort of evidence shows, of teams, of their services or of both.

    They are as pressing as their impact says; one that an open engagement works on waits for it.
    """
    for owner, location, point in pain_points.open_of(handbook):
        if isinstance(owner, of) and pain_points.shown_by(handbook, owner, point) == shown_by:
            working = pain_points.engagement_on(handbook, owner, point)
            alert = point.evidence.alert if point.evidence else None
            yield Spot(
                owner,
                location,
                {"what": point.what, "alert": alert},
                alert=next(iter(alerts.named(handbook, owner.team, alert)), None) if alert else None,
                priority=Priority.MINOR if working else _BY_IMPACT[point.impact],
                reason=pain_points.reason(point, working),
            )

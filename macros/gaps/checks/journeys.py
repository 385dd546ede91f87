"""What is asked of journeys, their SLIs and their SLOs."""

from macros.gaps.check import Counted, Event, Reason, Step, Task, gap, problem
from macros.gaps.checks.organisation import CRITICAL_TIER
from macros.gaps.spots import Due, Priority, Spot, Spots, at, repeated, unknown
from macros.handbook import slo as arithmetic
from macros.handbook.graph import Handbook
from macros.handbook.names import alert_name, percent
from macros.model.journeys import Journey, Sli
from macros.model.organisation import Service
from macros.text.problems import N_, Message


@problem("there is no SLI `{id}` in this file")
def unknown_sli(handbook: Handbook) -> Spots:
    """An SLO that names an SLI which its journey doesn't have."""
    for journey, location, slo in handbook.every_slo():
        yield from unknown(journey, (*location, "sli"), slo.sli, [sli.id for sli in journey.slis])


@problem("its alerts would have the names of `{other}`; give it another id")
def repeated_slo_name(handbook: Handbook) -> Spots:
    """Two SLOs whose alerts would have the same name."""
    named = (
        (alert_name(journey, slo, pages=True), f"{journey.id}: {slo.id}", (journey, location))
        for journey, location, slo in handbook.every_slo()
    )
    for (journey, location), other in repeated(named):
        yield at(journey, *location, "id", other=other)


@gap(
    N_("“{name}” has no SLO: agree on one target from its history, and write down who decided"),
    Task(Reason.PROMISES, 60),
    N_("Without a target, it isn't clear when to act"),
    N_("Agree on a first target for “{name}”, and write down who decided"),
    Step(Priority.FLAT_START, "slos/#first-slo"),
    Counted(N_("Journeys with an SLO"), lambda handbook: handbook.journeys),
)
def journey_without_slo(handbook: Handbook) -> Spots:
    """A journey without an SLO."""
    return [at(journey, "slos") for journey in handbook.journeys if not journey.slos]


@gap(
    N_("“{name}” was due for an SLO review on {day}: review the SLOs together, and set the next date"),
    Task(Reason.MISLEADS, 60),
    N_("A target that isn't reviewed may no longer match what users need"),
    event=Event(
        N_("SLO review"),
        N_("{team}: review the SLOs of “{name}”"),
        N_("Review the SLOs together: are they met, and do users agree? Set the next review date."),
    ),
)
def journey_review_past(handbook: Handbook) -> Spots:
    """A journey whose SLO review is overdue."""
    for journey in handbook.journeys:
        if journey.review_on is not None:
            owner = Message(N_("Owner: {owner}"), owner=journey.owner)
            due = Due(journey.review_on, f"journey/{journey.id}/review", (owner,))
            yield Spot(journey, ("review_on",), {"day": journey.review_on}, due=due)


@gap(
    N_("“{name}” has SLOs and no day for their review: set one, and look at them together then"),
    Task(Reason.PROMISES, 10, first=True),
    N_("A target that is never reviewed drifts away from what users need"),
)
def slos_without_review(handbook: Handbook) -> Spots:
    """A journey with SLOs and no day on which they are reviewed."""
    return [at(journey, "review_on") for journey in handbook.journeys if journey.slos and journey.review_on is None]


@gap(
    N_("“{slo}” gives no reason for {target}: write down what history showed and what users accept"),
    Task(Reason.PROMISES, 15, first=True),
    N_("Without the reason, the target can't be reviewed later"),
    counted=Counted(N_("SLOs with a rationale"), lambda handbook: handbook.every_slo()),
)
def slo_without_rationale(handbook: Handbook) -> Spots:
    """An SLO without a rationale for its target."""
    for journey, location, slo in handbook.every_slo():
        if slo.rationale is None:
            yield at(journey, *location, slo=slo.name, target=percent(slo.target))


@gap(
    N_("“{slo}” can never reach a burn rate of {factors}×, so there is no alert for it"),
    Task(Reason.MISLEADS, 30),
    N_("An alert that can't fire looks as if all is well"),
)
def slo_row_never_fires(handbook: Handbook) -> Spots:
    """A burn rate that an SLO can never reach, since its error budget is too large."""
    for journey, location, slo in handbook.every_slo():
        days = arithmetic.period_days(slo.period.days, handbook.today)
        rows = [row for row in arithmetic.rows(days) if not row.can_fire(slo.target, days)]
        if rows:
            factors = "×, ".join(f"{row.factor(days):.4g}" for row in rows)
            yield at(journey, *location, "target", slo=slo.name, factors=factors)


@gap(
    N_("“{slo}” pages on one bad event at {events} events a day: set `minimum_events: {least}` or more"),
    Task(Reason.WAKES, 5, first=True),
    N_("On-call is paged for a single failure"),
)
def slo_pages_on_one_event(handbook: Handbook) -> Spots:
    """An SLO with so few events a day that a single bad one pages."""
    for journey, location, slo in handbook.every_slo():
        sli = journey.sli_of(slo)
        if sli is not None and sli.events is not None and slo.events_per_day is not None:
            days = arithmetic.period_days(slo.period.days, handbook.today)
            least = arithmetic.fewest_events(slo.target, days, slo.events_per_day)
            if least > (slo.minimum_events or 0):
                yield at(journey, *location, "minimum_events", slo=slo.name, events=slo.events_per_day, least=least)


@gap(
    N_("{name} stops users when it fails and isn't in any journey: name the journey that needs it most"),
    Task(Reason.PROMISES, 60, begins="journey"),
    N_("It stops users when it fails, and isn't in any journey"),
    counted=Counted(N_("Tier-1 services in a user journey"), lambda handbook: _critical(handbook)),
    looks_at=("journey",),
)
def critical_service_in_no_journey(handbook: Handbook) -> Spots:
    """A tier-1 service that isn't in any journey."""
    return [at(service, "tier") for service in _critical(handbook) if not handbook.journeys_through(service)]


def _critical(handbook: Handbook) -> list[Service]:
    return [service for service in handbook.services if service.tier == CRITICAL_TIER]


@gap(
    N_("“{good}” is measured at “{measured}”: say what isn't visible there"),
    Task(Reason.PROMISES, 15, first=True),
    N_("A good figure hides failures that it doesn't count"),
)
def sli_without_blind_spot(handbook: Handbook) -> Spots:
    """An SLI that doesn't name its blind spots."""
    for journey, location, sli in handbook.every(Journey, Sli):
        if sli.blind_to is None:
            yield at(journey, *location, good=sli.good, measured=sli.measured)

"""What is asked of journeys, their SLIs and their SLOs."""

from operator import itemgetter

from macros.gaps.check import Area, Counted, Event, Reason, Step, Task, gap, problem
from macros.gaps.checks.organisation import CRITICAL_TIER, serious
from macros.gaps.spots import Due, Priority, Spot, Spots, at, repeated, unknown
from macros.handbook import slo as arithmetic
from macros.handbook.graph import Handbook
from macros.handbook.names import alert_name, percent, service_of
from macros.model.journeys import Journey, JourneyStep, Sli, SliType
from macros.text.problems import N_, Message


@problem("there is no SLI `{id}` in this file")
def unknown_sli(handbook: Handbook) -> Spots:
    """An SLO or a step that names an SLI which its journey doesn't have."""
    named = [(journey, (*location, "sli"), slo.sli) for journey, location, slo in handbook.every_slo()]
    for journey, location, step in handbook.every(Journey, JourneyStep):
        named += ((journey, (*location, "seen_by", place), id) for place, id in enumerate(step.seen_by or ()))
    for journey, location, id in named:
        yield from unknown(journey, location, id, [sli.id for sli in journey.slis])


@problem("its alerts would have the names of `{other}`; give it another id")
def repeated_slo_name(handbook: Handbook) -> Spots:
    """Two SLOs whose alerts would have the same name."""
    named = (
        (alert_name(journey, slo, pages=True), f"{journey.id}: {slo.id}", (journey, location))
        for journey, location, slo in handbook.every_slo()
    )
    for (journey, location), other in repeated(named):
        yield at(journey, *location, "id", other=other)


@problem("{after} is the target after this review, and {target} what follows; make the two agree")
def review_unlike_target(handbook: Handbook) -> Spots:
    """A review whose target afterwards isn't that before the next change, or after the last one the SLO's own."""
    for journey, location, slo in handbook.every_slo():
        reviews = sorted(enumerate(slo.reviews), key=lambda numbered: numbered[1].on)
        changes = [(position, review.target) for position, review in reviews if review.target]
        following = (*(change.before for _, change in changes[1:]), slo.target)
        for (position, change), target in zip(changes, following, strict=False):
            if change.after != target:
                place = (*location, "reviews", position, "target", "after")
                yield at(journey, *place, after=percent(change.after), target=percent(target))


@gap(
    N_("“{name}” has no SLO: agree on one target from its history, and write down who decided"),
    Task(Reason.PROMISES, 60),
    N_("Without a target, it isn't clear when to act"),
    N_("Agree on a first target for “{name}”, and write down who decided"),
    Step(Priority.FLAT_START, "slos/#first-slo"),
    Counted(Area.JOURNEYS, N_("Journeys with an SLO"), lambda handbook: handbook.journeys),
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
    N_("“{name}” promises {target} and needs {service} ({lower}): change one, or say what works without it"),
    Task(Reason.PROMISES, 30),
    N_("Nothing is more available than what it can't do without"),
    looks_at=("journey", "service"),
)
def promise_above_dependency(handbook: Handbook) -> Spots:
    """A promise of availability that is higher than the best of a service which it can't do without."""
    # After Treynor and others, "The Calculus of Service Availability" (2017), who even ask for one nine more.
    slos = [
        (journey, location, slo.target, [service])
        for journey, location, slo in handbook.every_slo()
        if (sli := journey.sli_of(slo)) and sli.type is SliType.AVAILABILITY
        if (service := service_of(handbook, journey, slo))
    ]
    whole = [(it, (), it.target, handbook.services_on(it)) for it in handbook.journeys if it.target]
    best = {service.id: target for _, _, target, (service,) in sorted(slos, key=itemgetter(2))}
    for journey, location, target, services in (*whole, *slos):
        needed = list(services)
        for service in needed:  # and of what it can't do without, in turn
            others = [handbook.service(other.service) for other in service.depends_on if other.without_it is None]
            needed += [other for other in others if other not in needed]
            lower = best.get(service.id, target)
            if lower < target:
                told = {"service": service.name, "target": percent(target), "lower": percent(lower)}
                yield Spot(journey, (*location, "target"), told)


@gap(
    N_("“{slo}” gives no reason for {target}: write down what history showed and what users accept"),
    Task(Reason.PROMISES, 15, first=True),
    N_("Without the reason, the target can't be reviewed later"),
    counted=Counted(Area.JOURNEYS, N_("SLOs with a rationale"), Handbook.every_slo),
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
    counted=Counted(Area.JOURNEYS, N_("Tier-1 services in a user journey"), lambda it: serious(it, CRITICAL_TIER)),
    looks_at=("journey",),
)
def critical_service_in_no_journey(handbook: Handbook) -> Spots:
    """A tier-1 service that isn't in any journey."""
    critical = serious(handbook, CRITICAL_TIER)
    return [at(service, "tier") for service in critical if not handbook.journeys_through(service)]


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

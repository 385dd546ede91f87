"""What is asked of journeys, their SLIs and their SLOs."""

from __future__ import annotations

from collections.abc import Iterator

from macros.gaps.checks.organisation import CRITICAL_TIER
from macros.handbook import slo as arithmetic
from macros.handbook.graph import Handbook
from macros.handbook.names import alert_name, percent
from macros.sources import near_names
from macros.text.problems import N_, Finding, Message, Problem


def unknown_sli(handbook: Handbook) -> Iterator[Problem]:
    """An SLO that names an SLI which its journey doesn't have."""
    for journey, location, slo in handbook.every_slo():
        known = [sli.id for sli in journey.slis]
        if slo.sli not in known:
            message = near_names.with_hint(
                Message("there is no SLI `{id}` in this file", {"id": slo.sli}),
                near_names.near_or_known(slo.sli, known),
            )
            yield Problem(journey.path, *handbook.place(journey, (*location, "sli")), "unknown-sli", message)


def repeated_slo_name(handbook: Handbook) -> Iterator[Problem]:
    """Two SLOs whose alerts would have the same name."""
    first: dict[str, str] = {}
    for journey, location, slo in handbook.every_slo():
        here = f"{journey.id}: {slo.id}"
        taken = first.setdefault(alert_name(journey, slo, pages=True), here)
        if taken != here:
            template = "its alerts would have the names of `{other}`; give it another id"
            yield handbook.problem(journey, (*location, "id"), "repeated-slo-name", template, other=taken)


def journey_without_slo(handbook: Handbook) -> Iterator[Finding]:
    """A journey that promises nothing."""
    for journey in handbook.journeys:
        if not journey.slos:
            message = Message(
                N_("“{name}” has no SLO: agree on one target from its history, and write down who decided"),
                {"name": journey.name},
            )
            yield handbook.finding(journey, ("slos",), "journey-without-slo", message)


def journey_review_past(handbook: Handbook) -> Iterator[Finding]:
    """A journey whose review was due."""
    for journey in handbook.journeys:
        if journey.review_on is not None and journey.review_on < handbook.today:
            message = Message(
                N_("the SLOs of “{name}” were to be reviewed on {day}: look at them together, and set the next day"),
                {"name": journey.name, "day": journey.review_on},
            )
            yield handbook.finding(journey, ("review_on",), "journey-review-past", message)


def slo_without_rationale(handbook: Handbook) -> Iterator[Finding]:
    """An SLO that doesn't say why its target is what it is."""
    for journey, location, slo in handbook.every_slo():
        if slo.rationale is None:
            message = Message(
                N_("“{slo}” doesn't say why {target}: write down what history showed and what users accept"),
                {"slo": slo.name, "target": percent(slo.target)},
            )
            yield handbook.finding(journey, location, "slo-without-rationale", message)


def slo_row_never_fires(handbook: Handbook) -> Iterator[Finding]:
    """A burn-rate row of an SLO that can never fire, since its budget is too large."""
    for journey, location, slo in handbook.every_slo():
        days = arithmetic.period_days(slo.period.days, handbook.today)
        rows = [row for row in arithmetic.WINDOWS if not row.can_fire(slo.target, days)]
        if rows:
            message = Message(
                N_("“{slo}” can never burn its budget {factors}× as fast: no alert is made of that"),
                {"slo": slo.name, "factors": "×, ".join(f"{row.factor(days):.4g}" for row in rows)},
            )
            yield handbook.finding(journey, (*location, "target"), "slo-row-never-fires", message)


def critical_service_in_no_journey(handbook: Handbook) -> Iterator[Finding]:
    """A tier-1 service that no journey crosses."""
    for service in handbook.services:
        if service.tier == CRITICAL_TIER and not handbook.journeys_through(service):
            message = Message(
                N_("{name} stops users when it fails and is in no journey: name the journey that needs it most"),
                {"name": service.name},
            )
            yield handbook.finding(service, ("tier",), "critical-service-in-no-journey", message)


def sli_without_blind_spot(handbook: Handbook) -> Iterator[Finding]:
    """An SLI with no word on what its place of measurement does not see."""
    for journey in handbook.journeys:
        for position, sli in enumerate(journey.slis):
            if sli.blind_to is None:
                message = Message(
                    N_("“{good}” is measured at “{measured}”: say what that place does not see"),
                    {"good": sli.good, "measured": sli.measured},
                )
                yield handbook.finding(journey, ("slis", position), "sli-without-blind-spot", message)


CHECKS = (
    unknown_sli,
    repeated_slo_name,
    journey_without_slo,
    journey_review_past,
    slo_without_rationale,
    slo_row_never_fires,
    critical_service_in_no_journey,
    sli_without_blind_spot,
)

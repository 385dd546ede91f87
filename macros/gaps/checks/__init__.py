"""GAPS: everything that may not be done, each said once; and the problems that data of the right shape may have.

Each row is a function from a handbook to the spots where something is wrong or not done. Its name is the rule's name
and its docstring is the rule, in one sentence that states the bad condition. What `check` prints, the next steps of a
team, what to write next, the figures of the coverage page and the calendars are all made of these rows.
"""

from macros.gaps.check import Check
from macros.gaps.checks import (
    alerts,
    asked,
    checklists,
    journeys,
    organisation,
    playbooks,
    reading,
    set_ups,
    silencers,
)
from macros.gaps.spots import Spot
from macros.handbook.graph import Handbook, derived
from macros.text.problems import N_, Finding, Problem, in_order

GROUPS = (*asked.GROUPS, asked.CheckGroup("of-accepted", N_("Accepted gaps"), asked.rows_of(silencers)))

CHECKS = tuple(check for group in GROUPS for check in group.checks)
"""What `check` asks for: problems and gaps."""

GAPS = tuple(row for row in (*asked.ROWS, *asked.rows_of(silencers)) if not row.stops)
"""Everything that may not be done, in the order of next steps of one priority."""


LOOKS_AT: dict[str, tuple[Check, ...]] = {
    "checklist": (checklists.pause_point_size, checklists.item_with_two_thoughts, checklists.checklist_never_used),
    "engagement": (set_ups.several_embedded_sres,),
    "journey": (journeys.critical_service_in_no_journey,),
    "playbook-template": (playbooks.playbook_with_blanks, playbooks.playbook_never_exercised),
    "reading-path": (reading.reading_that_nobody_is_led_to,),
    "service": (
        organisation.team_without_on_call,
        organisation.dashboards_without_review,
        organisation.repeated_service_name,
        set_ups.embedded_without_start,
    ),
    "team": (reading.reading_that_nobody_is_led_to,),
    "team-checklist": (checklists.item_with_two_thoughts,),
}
"""The rows that look at all files of a kind, beside the one that a gap is in and what that refers to."""

LOOK_AT_EVERYTHING = (*asked.rows_of(alerts), silencers.acceptance_of_nothing)
"""Those that look at files of every kind: a gap of an alert may be accepted in any."""


@derived
def untold(handbook: Handbook) -> frozenset[str]:
    """The rules that a handbook can't tell the truth of, since it leaves out files that they look at."""
    missing = {kind for kind, _ in handbook.left_out.values()}
    rows = [row for kind, looking in LOOKS_AT.items() for row in looking if missing.intersection((kind, ""))]
    rows += [row for row in CHECKS if missing and (row.stops or row in LOOK_AT_EVERYTHING)]
    return frozenset(row.name for row in rows)


def tells(handbook: Handbook, finding: Finding) -> bool:
    """Whether a handbook that leaves files out would have a finding if it were there."""
    names, its = handbook.left_out.values(), (finding.kind, finding.id)
    known = its not in names and (("", "") not in names or handbook.find(*its) is not None)
    return known and finding.rule not in untold(handbook)


def run(handbook: Handbook) -> tuple[tuple[Problem, ...], tuple[Finding, ...]]:
    """All problems and all findings of a handbook, each sorted by place; but those that are `untold`."""
    told = (pair for pair in found(handbook) if pair[0].words and pair[0].name not in untold(handbook))
    reports = [check.report(handbook, spot) for check, spot in told]
    problems = in_order(report for report in reports if isinstance(report, Problem))
    findings = in_order(report for report in reports if isinstance(report, Finding))
    return problems, findings


@derived
def found(handbook: Handbook) -> tuple[tuple[Check, Spot], ...]:
    """Every spot at which something is wrong, or not done and not accepted, behind its check."""
    still_open = ((check, spot) for check, spot, by in silencers.sorted_out(handbook) if by is None)
    own = ((check, spot) for check in asked.rows_of(silencers) for spot in check.find(handbook))
    return (*still_open, *own)


Accepted = tuple[tuple[Finding, silencers.Silencer], ...]


@derived
def accepted(handbook: Handbook) -> Accepted:
    """What is said of each gap that is accepted, with the entry that accepts it, sorted by place."""
    told = (it for it in silencers.sorted_out(handbook) if it[0].words and it[0].name not in untold(handbook))
    gaps = ((check.report(handbook, spot), by) for check, spot, by in told if by)
    return tuple(sorted(((gap, by) for gap, by in gaps if isinstance(gap, Finding)), key=lambda gap: gap[0].order))

"""GAPS: everything that may not be done, each said once; and the problems that data of the right shape may have.

Each row is a function from a handbook to the spots where something is wrong or not done. Its name is the rule's name
and its docstring is the rule, in one sentence that states the bad condition. What `check` prints, the next steps of a
team, what to write next and the figures of the coverage page are all made of these rows.
"""

from types import ModuleType
from typing import NamedTuple

from macros.gaps.check import Check
from macros.gaps.checks import alerts, checklists, journeys, organisation, pain_points, playbooks, reading, set_ups
from macros.gaps.spots import Spot
from macros.handbook.graph import Handbook, derived
from macros.text.problems import N_, Finding, Problem, in_order


class CheckGroup(NamedTuple):
    """Checks about one part of the data: `id` is where the page of rules has them, `label` its heading."""

    id: str
    label: str
    checks: tuple[Check, ...]


ROWS = {
    module: tuple(row for row in vars(module).values() if isinstance(row, Check))
    for module in (pain_points, organisation, set_ups, journeys, playbooks, alerts, checklists, reading)
}


def _asked(*modules: ModuleType) -> tuple[Check, ...]:
    return tuple(row for module in modules for row in ROWS[module] if row.words)


GROUPS = (
    CheckGroup("of-teams", N_("Teams and services"), _asked(organisation, pain_points)),
    CheckGroup("of-set-ups", N_("SRE set-ups and engagements"), _asked(set_ups)),
    CheckGroup("of-journeys", N_("Journeys and SLOs"), _asked(journeys)),
    CheckGroup("of-playbooks", N_("Playbooks and alerts"), _asked(playbooks, alerts)),
    CheckGroup("of-checklists", N_("Checklists"), _asked(checklists)),
    CheckGroup("of-reading", N_("Reading list and glossary"), _asked(reading)),
)

CHECKS = tuple(check for group in GROUPS for check in group.checks)
"""What `check` asks for: problems and gaps."""

GAPS = tuple(row for rows in ROWS.values() for row in rows if not row.stops)
"""Everything that may not be done, in the order of next steps of one priority."""


LOOKS_AT: dict[str, tuple[Check, ...]] = {
    "alerts": ROWS[alerts],
    "checklist": (checklists.pause_point_size, checklists.item_with_two_thoughts, checklists.checklist_never_used),
    "engagement": (set_ups.several_embedded_sres,),
    "journey": (*ROWS[alerts], journeys.critical_service_in_no_journey),
    "playbook": ROWS[alerts],
    "playbook-template": (*ROWS[alerts], playbooks.playbook_with_blanks, playbooks.playbook_never_exercised),
    "reading-path": (reading.reading_that_nobody_is_led_to,),
    "service": (
        *ROWS[alerts],
        organisation.team_without_on_call,
        organisation.dashboards_without_review,
        organisation.repeated_service_name,
        set_ups.embedded_without_start,
    ),
    "team": (reading.reading_that_nobody_is_led_to,),
    "team-checklist": (checklists.item_with_two_thoughts,),
}
"""The rows that look at all files of a kind, beside the one that a gap is in and what that refers to."""


@derived
def untold(handbook: Handbook) -> frozenset[str]:
    """The rules that a handbook can't tell the truth of, since it leaves out files that they look at."""
    missing = {kind for kind, _ in handbook.left_out.values()}
    rows = [row for kind, looking in LOOKS_AT.items() for row in looking if missing.intersection((kind, ""))]
    rows += [row for row in CHECKS if missing and (row.stops or row is alerts.runbook_url_leads_nowhere)]
    return frozenset(row.name for row in rows)


def tells(handbook: Handbook, finding: Finding) -> bool:
    """Whether a handbook that leaves files out would have a finding if it were there."""
    names, its = handbook.left_out.values(), (finding.kind, finding.id)
    known = its not in names and (("", "") not in names or handbook.find(*its) is not None)
    return known and finding.rule not in untold(handbook)


def run(handbook: Handbook) -> tuple[tuple[Problem, ...], tuple[Finding, ...]]:
    """All problems and all findings of a handbook, each sorted by place; but those that are `untold`."""
    if not any(handbook.everything()):
        return (), ()
    told = (pair for pair in found(handbook) if pair[0].words and pair[0].name not in untold(handbook))
    reports = [check.report(handbook, spot) for check, spot in told]
    problems = in_order(report for report in reports if isinstance(report, Problem))
    findings = in_order(report for report in reports if isinstance(report, Finding))
    return problems, findings


@derived
def found(handbook: Handbook) -> tuple[tuple[Check, Spot], ...]:
    """Every spot at which something is wrong or not done, behind its check."""
    return tuple((row, spot) for rows in ROWS.values() for row in rows for spot in row.find(handbook))

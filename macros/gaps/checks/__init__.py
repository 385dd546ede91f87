"""CHECKS: what the handbook asks of the data beyond its shape.

Each check is a function from a handbook to the spots where something is wrong or not done. Its name is the
rule's name and its docstring is the rule, in one sentence that states the bad condition.
"""

from typing import NamedTuple

from macros.gaps.check import Check, Spot, rows_of
from macros.gaps.checks import alerts, checklists, journeys, organisation, playbooks, reading, set_ups
from macros.handbook.graph import Handbook, derived
from macros.text.problems import N_, Finding, Problem, in_order


class CheckGroup(NamedTuple):
    """Checks about one part of the data: `id` is where the page of rules has them, `label` its heading."""

    id: str
    label: str
    checks: tuple[Check, ...]


GROUPS = (
    CheckGroup("of-teams", N_("Teams and services"), rows_of(organisation, Check)),
    CheckGroup("of-set-ups", N_("SRE set-ups and engagements"), rows_of(set_ups, Check)),
    CheckGroup("of-journeys", N_("Journeys and SLOs"), rows_of(journeys, Check)),
    CheckGroup("of-playbooks", N_("Playbooks and alerts"), rows_of(playbooks, Check) + rows_of(alerts, Check)),
    CheckGroup("of-checklists", N_("Checklists"), rows_of(checklists, Check)),
    CheckGroup("of-reading", N_("Reading list and glossary"), rows_of(reading, Check)),
)

CHECKS = tuple(check for group in GROUPS for check in group.checks)


def run(handbook: Handbook) -> tuple[tuple[Problem, ...], tuple[Finding, ...]]:
    """All problems and all findings of a handbook, each sorted by place."""
    reports = [check.report(handbook, spot) for check, spot in found(handbook)]
    problems = in_order(report for report in reports if isinstance(report, Problem))
    findings = in_order(report for report in reports if isinstance(report, Finding))
    return problems, findings


@derived
def found(handbook: Handbook) -> tuple[tuple[Check, Spot], ...]:
    """Every spot at which something is wrong or not done, behind its check."""
    return tuple((check, spot) for check in CHECKS for spot in check.find(handbook))

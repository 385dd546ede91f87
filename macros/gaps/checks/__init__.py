"""CHECKS: what the handbook asks of the data beyond its shape.

Each check is a function from a handbook to problems or findings. Its name is the rule's name and its
docstring is the rule, in one sentence that states the bad condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from macros.gaps.checks import alerts, checklists, journeys, organisation, playbooks, reading, set_ups
from macros.handbook.graph import Handbook
from macros.text.problems import N_, Finding, Problem, Report, in_order

Check = Callable[[Handbook], Iterator[Report]]


@dataclass(frozen=True)
class Group:
    """Checks about one part of the data: `id` is where the page of rules has them, `label` its heading."""

    id: str
    label: str
    checks: tuple[Check, ...]


GROUPS = (
    Group("of-teams", N_("Teams and services"), organisation.CHECKS),
    Group("of-set-ups", N_("SRE set-ups and engagements"), set_ups.CHECKS),
    Group("of-journeys", N_("Journeys and SLOs"), journeys.CHECKS),
    Group("of-playbooks", N_("Playbooks and alerts"), (*playbooks.CHECKS, *alerts.CHECKS)),
    Group("of-checklists", N_("Checklists"), checklists.CHECKS),
    Group("of-reading", N_("Reading list and glossary"), reading.CHECKS),
)

CHECKS: tuple[Check, ...] = tuple(check for group in GROUPS for check in group.checks)


def rule_name(check: Check) -> str:
    """The name of the rule that a check keeps, as messages write it."""
    return check.__name__.replace("_", "-")


def is_problem(check: Check) -> bool:
    """Whether what the check reports stops the build."""
    return "Problem" in str(check.__annotations__["return"])


def run(handbook: Handbook) -> tuple[tuple[Problem, ...], tuple[Finding, ...]]:
    """All problems and all findings of a handbook, each sorted by place."""
    reports = [report for check in CHECKS for report in check(handbook)]
    problems = in_order(report for report in reports if isinstance(report, Problem))
    findings = in_order(report for report in reports if isinstance(report, Finding))
    return problems, findings

"""CHECKS: what the handbook asks of the data beyond its shape.

Each check is a function from a handbook to problems or findings. Its name is the rule's name and its
docstring is the rule, in one sentence that states the bad condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from macros.checks import alerts, checklists, journeys, organisation, playbooks, reading, set_ups
from macros.handbook import Handbook
from macros.problems import Finding, Problem, Report, in_order

Check = Callable[[Handbook], Iterator[Report]]

CHECKS: tuple[Check, ...] = (
    *organisation.CHECKS,
    *set_ups.CHECKS,
    *journeys.CHECKS,
    *playbooks.CHECKS,
    *alerts.CHECKS,
    *checklists.CHECKS,
    *reading.CHECKS,
)


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

"""GAPS: everything that may not be done, each said once; and the problems that data of the right shape may have.

Each row is a function from a handbook to the spots where something is wrong or not done. Its name is the rule's name
and its docstring is the rule, in one sentence that states the bad condition. What `check` prints, the next steps of a
team, what to write next and the figures of the coverage page are all made of these rows.
"""

from types import ModuleType
from typing import NamedTuple

from macros.gaps.check import Check
from macros.gaps.checks import (
    alerts,
    asked,
    checklists,
    journeys,
    organisation,
    pain_points,
    playbooks,
    reading,
    set_ups,
    silencers,
)
from macros.gaps.checks.silencers import Silencer
from macros.gaps.spots import Spot
from macros.handbook.graph import Handbook, derived
from macros.text.problems import N_, Finding, Problem, in_order


class CheckGroup(NamedTuple):
    """Checks about one part of the data: `id` is where the page of rules has them, `label` its heading."""

    id: str
    label: str
    checks: tuple[Check, ...]


ROWS = {**asked.ROWS, silencers: asked.rows_of(silencers)}


def _asked(*modules: ModuleType) -> tuple[Check, ...]:
    return tuple(row for module in modules for row in ROWS[module] if row.words)


GROUPS = (
    CheckGroup("of-teams", N_("Teams and services"), _asked(organisation, pain_points)),
    CheckGroup("of-set-ups", N_("SRE set-ups and engagements"), _asked(set_ups)),
    CheckGroup("of-journeys", N_("Journeys and SLOs"), _asked(journeys)),
    CheckGroup("of-playbooks", N_("Playbooks and alerts"), _asked(playbooks, alerts)),
    CheckGroup("of-checklists", N_("Checklists"), _asked(checklists)),
    CheckGroup("of-reading", N_("Reading list and glossary"), _asked(reading)),
    CheckGroup("of-accepted", N_("Accepted gaps"), _asked(silencers)),
)

CHECKS = tuple(check for group in GROUPS for check in group.checks)
"""What `check` asks for: problems and gaps."""

GAPS = tuple(row for rows in ROWS.values() for row in rows if not row.stops)
"""Everything that may not be done, in the order of next steps of one priority."""


def run(handbook: Handbook) -> tuple[tuple[Problem, ...], tuple[Finding, ...]]:
    """All problems and all findings of a handbook, each sorted by place."""
    reports = [check.report(handbook, spot) for check, spot in found(handbook) if check.words]
    problems = in_order(report for report in reports if isinstance(report, Problem))
    findings = in_order(report for report in reports if isinstance(report, Finding))
    return problems, findings


@derived
def found(handbook: Handbook) -> tuple[tuple[Check, Spot], ...]:
    """Every spot at which something is wrong, or not done and not accepted, behind its check."""
    own = ((row, spot) for row in ROWS[silencers] for spot in row.find(handbook))
    return (*silencers.sorted_out(handbook).open, *own)


class Accepted(NamedTuple):
    """A gap that is accepted, and the entry that says so."""

    finding: Finding
    by: Silencer


@derived
def accepted(handbook: Handbook) -> tuple[Accepted, ...]:
    """The gaps that are accepted, sorted by place."""
    pairs = silencers.sorted_out(handbook).accepted
    reports = ((check.report(handbook, spot), by) for check, spot, by in pairs if check.words)
    kept = [Accepted(report, by) for report, by in reports if isinstance(report, Finding)]
    return tuple(sorted(kept, key=lambda accepted: accepted.finding.order))

"""GAPS: everything that may not be done, each said once; and the problems that data of the right shape may have.

Each row is a function from a handbook to the spots where something is wrong or not done. Its name is the rule's name
and its docstring is the rule, in one sentence that states the bad condition. What `check` prints, the next steps of a
team, what to write next, the figures of the coverage page and the calendars are all made of these rows.
"""

from types import ModuleType
from typing import NamedTuple

from macros.gaps.check import Check
from macros.gaps.checks import (
    alerts,
    checklists,
    journeys,
    organisation,
    pain_points,
    playbooks,
    reading,
    set_ups,
    translations,
)
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
    for module in (pain_points, organisation, set_ups, journeys, playbooks, alerts, checklists, reading, translations)
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
    CheckGroup("of-translations", N_("Texts"), _asked(translations)),
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
    """Every spot at which something is wrong or not done, behind its check."""
    return tuple(pair for pair in every(handbook) if pair[1].due is None or pair[1].due.day < handbook.today)


@derived
def every(handbook: Handbook) -> tuple[tuple[Check, Spot], ...]:
    """The same, with the spots that aren't due yet."""
    return tuple((row, spot) for rows in ROWS.values() for row in rows for spot in row.find(handbook))

"""GAPS: everything that may not be done, each said once; and the problems that data of the right shape may have.

Each row is a function from a handbook to the spots where something is wrong or not done. Its name is the rule's name
and its docstring is the rule, in one sentence that states the bad condition. What `check` prints, the next steps of a
team, what to write next, the figures of the coverage page and the calendars are all made of these rows.
"""

from macros.gaps.check import Check
from macros.gaps.checks import asked, silencers
from macros.gaps.spots import Spot
from macros.handbook.graph import Handbook, derived
from macros.text.problems import N_, Finding, Problem, in_order

GROUPS = (*asked.GROUPS, asked.CheckGroup("of-accepted", N_("Accepted gaps"), asked.rows_of(silencers)))

CHECKS = tuple(check for group in GROUPS for check in group.checks)
"""What `check` asks for: problems and gaps."""

GAPS = tuple(row for row in (*asked.ROWS, *asked.rows_of(silencers)) if not row.stops)
"""Everything that may not be done, in the order of next steps of one priority."""


@derived
def untold(handbook: Handbook) -> frozenset[str]:
    """The rules that a handbook can't tell the truth of, since it leaves out files that they look at."""
    missing = {kind for kind, _ in handbook.left_out.values()}
    return frozenset(row.name for row in CHECKS if row.looks_at and missing.intersection((*row.looks_at, "")))


def tells(handbook: Handbook, finding: Finding) -> bool:
    """Whether a handbook that leaves files out would have a finding if it were there."""
    names, its = handbook.left_out.values(), (finding.kind, finding.id)
    known = its not in names and (("", "") not in names or handbook.find(*its) is not None)
    return known and finding.rule not in untold(handbook)


@derived
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

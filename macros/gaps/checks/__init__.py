"""GAPS: everything that may not be done, each said once; and the problems that data of the right shape may have.

Each row is a function from a handbook to the spots where something is wrong or not done. Its name is the rule's name
and its docstring is the rule, in one sentence that states the bad condition. What `check` prints, the next steps of a
team, what to write next, the figures of the coverage page and the calendars are all made of these rows.

What isn't done is open or accepted, by an entry in the data; of these entries something is asked, too.
"""

from types import ModuleType
from typing import NamedTuple

from macros.gaps.check import EVERYTHING, Check, gap, problem
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
from macros.gaps.spots import Spot, Spots, at
from macros.handbook.graph import Handbook, derived
from macros.model.values import Acceptance, Entity, Location
from macros.sources import near_names
from macros.text.problems import N_, Finding, Message, Problem, in_order


def _rows_of(*modules: ModuleType) -> tuple[Check, ...]:
    return tuple(row for module in modules for row in vars(module).values() if isinstance(row, Check))


ROWS = _rows_of(pain_points, organisation, set_ups, journeys, playbooks, alerts, checklists, reading, translations)
"""What is asked of the data, whether or not the answer is accepted."""

CLOSES = {"missing-playbook": "paging-alert-without-playbook"}
"""Work by the gap that it closes, and with which it is accepted."""


class Silencer(NamedTuple):
    """An entry that accepts a gap, and where it stands."""

    entity: Entity
    location: Location
    entry: Acceptance

    @property
    def scope(self) -> tuple[str, ...]:
        """Its gap, and where it accepts that: at an alert of a team, in a file, or everywhere."""
        if self.entry.alert:
            return self.entry.gap, self.entity.team, self.entry.alert
        return (self.entry.gap,) if self.location[0] == "gaps" else (self.entry.gap, self.entity.path)


@derived
def asked(handbook: Handbook) -> tuple[tuple[Check, Spot], ...]:
    """Every spot at which something is wrong or not done, or will be due, behind its check; none where nothing is."""
    rows = ROWS if any(handbook.everything()) else ()
    return tuple((row, spot) for row in rows for spot in row.find(handbook))


@derived
def sorted_out(handbook: Handbook) -> tuple[tuple[Check, Spot, Silencer | None], ...]:
    """Every spot that is due, with what accepts it: an entry for its alert, else in its file, else for everywhere."""
    by_scope = {silencer.scope: silencer for silencer in reversed(_entries(handbook))}

    def accepting(check: Check, spot: Spot) -> Silencer | None:
        name = CLOSES.get(check.name, check.name)
        scopes = ((name, *spot.alert.key) if spot.alert else (), (name, spot.entity.path), (name,))
        found = (by_scope[scope] for scope in scopes if scope in by_scope)
        return None if check.stops else next(found, None)

    due = (pair for pair in asked(handbook) if pair[1].due is None or pair[1].due.day < handbook.today)
    return tuple((check, spot, accepting(check, spot)) for check, spot in due)


def _entries(handbook: Handbook, *, past: bool = False) -> list[Silencer]:
    """The entries in force, or those past their day."""
    every = (Silencer(*found) for found in handbook.every(Entity, Acceptance))
    return [by for by in every if (by.entry.until is not None and by.entry.until < handbook.today) is past]


@problem("`{gap}` is no gap that can be accepted")
def unknown_gap(handbook: Handbook) -> Spots:
    """An accepted gap with a name that no gap has; a problem can't be accepted."""
    known = [row.name for row in ROWS if row.words and not row.stops]
    for entity, location, entry in handbook.every(Entity, Acceptance):
        if entry.gap not in known:
            hint = near_names.near(entry.gap, known) or Message("see /contribute/rules/ for the list")
            yield at(entity, *location, "gap", hint=hint, gap=entry.gap)


@gap(N_("`{gap}` was accepted until {until}: say why it may stay longer, or delete the entry"))
def acceptance_past_its_day(handbook: Handbook) -> Spots:
    """A gap that was accepted until a day that has passed."""
    for entity, location, entry in _entries(handbook, past=True):
        yield at(entity, *location, "until", gap=entry.gap, until=entry.until)


@gap(N_("no gap `{gap}` is left to accept here: delete the entry"), looks_at=EVERYTHING)
def acceptance_of_nothing(handbook: Handbook) -> Spots:
    """An entry that accepts a gap which isn't there."""
    used = {(by.entity.path, by.location) for check, _, by in sorted_out(handbook) if by and check.words}
    for entity, location, entry in _entries(handbook):
        if (entity.path, location) not in used:
            yield at(entity, *location, gap=entry.gap)


_OF_ACCEPTED = (unknown_gap, acceptance_past_its_day, acceptance_of_nothing)


class CheckGroup(NamedTuple):
    """Checks about one part of the data: `id` is where the page of rules has them, `label` its heading."""

    id: str
    label: str
    rows: tuple[Check, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        """Its rows but for work, of which nothing is asked."""
        return tuple(row for row in self.rows if row.words)


GROUPS = (
    CheckGroup("of-teams", N_("Teams and services"), _rows_of(organisation, pain_points)),
    CheckGroup("of-set-ups", N_("SRE set-ups and engagements"), _rows_of(set_ups)),
    CheckGroup("of-journeys", N_("Journeys and SLOs"), _rows_of(journeys)),
    CheckGroup("of-playbooks", N_("Playbooks and alerts"), _rows_of(playbooks, alerts)),
    CheckGroup("of-checklists", N_("Checklists"), _rows_of(checklists)),
    CheckGroup("of-reading", N_("Reading list and glossary"), _rows_of(reading)),
    CheckGroup("of-translations", N_("Texts"), _rows_of(translations)),
    CheckGroup("of-accepted", N_("Accepted gaps"), _OF_ACCEPTED),
)

CHECKS = tuple(check for group in GROUPS for check in group.checks)
"""What `check` asks for: problems and gaps."""

GAPS = tuple(row for row in (*ROWS, *_OF_ACCEPTED) if not row.stops)
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


def problems_alone(handbook: Handbook) -> tuple[Problem, ...]:
    """The problems that show in a handbook of which most files are not read."""
    rows = (check for check in CHECKS if check.stops) if any(handbook.everything()) else ()
    reports = (check.report(handbook, spot) for check in rows for spot in check.find(handbook))
    return tuple(report for report in reports if isinstance(report, Problem))


@derived
def found(handbook: Handbook) -> tuple[tuple[Check, Spot], ...]:
    """Every spot at which something is wrong, or not done and not accepted, behind its check."""
    still_open = ((check, spot) for check, spot, by in sorted_out(handbook) if by is None)
    own = ((check, spot) for check in _OF_ACCEPTED for spot in check.find(handbook))
    return (*still_open, *own)


@derived
def accepted(handbook: Handbook) -> tuple[tuple[Finding, Silencer], ...]:
    """What is said of each gap that is accepted, with the entry that accepts it, sorted by place."""
    told = (found for found in sorted_out(handbook) if found[0].words and found[0].name not in untold(handbook))
    gaps = ((check.report(handbook, spot), by) for check, spot, by in told if by)
    return tuple(sorted(((gap, by) for gap, by in gaps if isinstance(gap, Finding)), key=lambda gap: gap[0].order))

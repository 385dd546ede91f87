"""What isn't done is open or accepted: the entries that accept gaps, and what is asked of these entries."""

from typing import NamedTuple

from macros.gaps.check import EVERYTHING, Check, gap, problem
from macros.gaps.checks import asked
from macros.gaps.spots import Spot, Spots, at
from macros.handbook.graph import Handbook, derived
from macros.model.values import Acceptance, Entity, Location
from macros.sources import near_names
from macros.text.problems import N_, Message

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
            return self.entry.gap, self.entity.team or self.entity.id, self.entry.alert
        return (self.entry.gap,) if self.location[0] == "gaps" else (self.entry.gap, self.entity.path)


@derived
def sorted_out(handbook: Handbook) -> tuple[tuple[Check, Spot, Silencer | None], ...]:
    """Every spot that is due, with what accepts it: an entry for its alert, else in its file, else for everywhere."""
    by_scope = {silencer.scope: silencer for silencer in reversed(_entries(handbook))}

    def accepting(check: Check, spot: Spot) -> Silencer | None:
        name = CLOSES.get(check.name, check.name)
        scopes = ((name, *spot.alert.key) if spot.alert else (), (name, spot.entity.path), (name,))
        found = (by_scope[scope] for scope in scopes if scope in by_scope)
        return None if check.stops else next(found, None)

    due = (pair for pair in asked.every(handbook) if pair[1].due is None or pair[1].due.day < handbook.today)
    return tuple((check, spot, accepting(check, spot)) for check, spot in due)


def _entries(handbook: Handbook, *, past: bool = False) -> list[Silencer]:
    """The entries in force, or those past their day."""
    every = (Silencer(*found) for found in handbook.every(Entity, Acceptance))
    return [by for by in every if (by.entry.until is not None and by.entry.until < handbook.today) is past]


@problem("`{gap}` is no gap that can be accepted")
def unknown_gap(handbook: Handbook) -> Spots:
    """An accepted gap with a name that no gap has; a problem can't be accepted."""
    known = [row.name for row in asked.ROWS if row.words and not row.stops]
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

"""What isn't done is open or accepted: the entries that accept gaps, and what is asked of these entries."""

from typing import NamedTuple

from macros.gaps.check import Check, Reason, Task, gap, problem
from macros.gaps.checks import asked
from macros.gaps.spots import Spot, Spots, at
from macros.handbook.graph import Handbook, derived
from macros.model.organisation import Organisation, TeamAcceptance
from macros.model.values import Acceptance, Entity, Location
from macros.sources import near_names
from macros.text.problems import N_, Message

Scope = tuple[str, ...]
"""The name of a gap and where it is: a file, a team and its alert, or nothing for everywhere."""


class Silencer(NamedTuple):
    """An entry that accepts a gap, and where it stands."""

    entity: Entity
    location: Location
    entry: Acceptance

    @property
    def scope(self) -> Scope:
        """Where it accepts its gap."""
        if isinstance(self.entity, Organisation) and self.location[0] == "gaps":
            return (self.entry.gap,)
        if isinstance(self.entry, TeamAcceptance) and self.entry.alert:
            return self.entry.gap, self.entity.id, self.entry.alert
        return self.entry.gap, self.entity.path


class Sorted(NamedTuple):
    """Every spot: those that are open, and those that are accepted, each with what accepts it."""

    open: tuple[tuple[Check, Spot], ...]
    accepted: tuple[tuple[Check, Spot, Silencer], ...]


@derived
def sorted_out(handbook: Handbook) -> Sorted:
    """What is open and what is accepted: by the first entry for an alert, else for an entity, else for all."""
    by_scope: dict[Scope, Silencer] = {}
    for silencer in _in_force(handbook):
        by_scope.setdefault(silencer.scope, silencer)
    still_open: list[tuple[Check, Spot]] = []
    accepted: list[tuple[Check, Spot, Silencer]] = []
    for check, spot in asked.everything(handbook):
        found = [] if check.stops else [by_scope[scope] for scope in _scopes(check, spot) if scope in by_scope]
        if found:
            accepted.append((check, spot, found[0]))
        else:
            still_open.append((check, spot))
    return Sorted(tuple(still_open), tuple(accepted))


def _scopes(check: Check, spot: Spot) -> list[Scope]:
    """Where a spot can be accepted, the narrowest first."""
    name = check.part_of or check.name
    of_alert: list[Scope] = [(name, *spot.alert.key)] if spot.alert else []
    return [*of_alert, (name, spot.entity.path), (name,)]


def _all(handbook: Handbook) -> list[Silencer]:
    return [Silencer(*found) for found in handbook.every(Entity, Acceptance)]


def _is_past(handbook: Handbook, silencer: Silencer) -> bool:
    return silencer.entry.until is not None and silencer.entry.until < handbook.today


def _in_force(handbook: Handbook) -> list[Silencer]:
    return [silencer for silencer in _all(handbook) if not _is_past(handbook, silencer)]


@problem("`{gap}` is no gap that can be accepted")
def unknown_gap(handbook: Handbook) -> Spots:
    """An accepted gap with a name that no gap has; a problem can't be accepted."""
    rows = (row for rows in asked.ROWS.values() for row in rows)
    known = [row.name for row in rows if row.words and not row.stops]
    for silencer in _all(handbook):
        name = silencer.entry.gap
        if name not in known:
            hint = near_names.near(name, known) or Message("see /contribute/rules/ for the list")
            yield at(silencer.entity, *silencer.location, "gap", hint=hint, gap=name)


@gap(
    N_("`{gap}` was accepted until {until}: say why it may stay longer, or delete the entry"),
    Task(Reason.MISLEADS, 10, first=True),
    N_("Its day has passed, and nobody has decided anew"),
)
def acceptance_past_its_day(handbook: Handbook) -> Spots:
    """A gap that was accepted until a day that has passed."""
    for silencer in _all(handbook):
        if _is_past(handbook, silencer):
            entry = silencer.entry
            yield at(silencer.entity, *silencer.location, "until", gap=entry.gap, until=entry.until)


@gap(
    N_("no gap `{gap}` is left to accept here: delete the entry"),
    Task(Reason.MISLEADS, 5, first=True),
    N_("It would hide the gap if it came back"),
)
def acceptance_of_nothing(handbook: Handbook) -> Spots:
    """An entry that accepts a gap which isn't there."""
    used = {(by.entity.path, by.location) for check, _, by in sorted_out(handbook).accepted if check.words}
    for entity, location, entry in _in_force(handbook):
        if (entity.path, location) not in used:
            yield at(entity, *location, gap=entry.gap)

"""What is asked of the data, module by module, whether or not somebody accepts the answer."""

from collections.abc import Iterator
from types import ModuleType

from macros.gaps.check import Check
from macros.gaps.checks import alerts, checklists, journeys, organisation, pain_points, playbooks, reading, set_ups
from macros.gaps.spots import Spot
from macros.handbook.graph import Handbook


def rows_of(module: ModuleType) -> tuple[Check, ...]:
    """The rows of a module, in its order."""
    return tuple(row for row in vars(module).values() if isinstance(row, Check))


ROWS = {
    module: rows_of(module)
    for module in (pain_points, organisation, set_ups, journeys, playbooks, alerts, checklists, reading)
}


def everything(handbook: Handbook) -> Iterator[tuple[Check, Spot]]:
    """Every spot at which something is wrong or not done, behind its check."""
    return ((row, spot) for rows in ROWS.values() for row in rows for spot in row.find(handbook))

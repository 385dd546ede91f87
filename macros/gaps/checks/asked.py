"""What is asked of the data, whether or not the answer is accepted."""

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
from macros.text.problems import N_


class CheckGroup(NamedTuple):
    """Checks about one part of the data: `id` is where the page of rules has them, `label` its heading."""

    id: str
    label: str
    checks: tuple[Check, ...]


def rows_of(*modules: ModuleType) -> tuple[Check, ...]:
    """The rows of modules, in their order."""
    return tuple(row for module in modules for row in vars(module).values() if isinstance(row, Check))


ROWS = rows_of(pain_points, organisation, set_ups, journeys, playbooks, alerts, checklists, reading, translations)


def _asked(*modules: ModuleType) -> tuple[Check, ...]:
    return tuple(row for row in rows_of(*modules) if row.words)


GROUPS = (
    CheckGroup("of-teams", N_("Teams and services"), _asked(organisation, pain_points)),
    CheckGroup("of-set-ups", N_("SRE set-ups and engagements"), _asked(set_ups)),
    CheckGroup("of-journeys", N_("Journeys and SLOs"), _asked(journeys)),
    CheckGroup("of-playbooks", N_("Playbooks and alerts"), _asked(playbooks, alerts)),
    CheckGroup("of-checklists", N_("Checklists"), _asked(checklists)),
    CheckGroup("of-reading", N_("Reading list and glossary"), _asked(reading)),
    CheckGroup("of-translations", N_("Texts"), _asked(translations)),
)


@derived
def every(handbook: Handbook) -> tuple[tuple[Check, Spot], ...]:
    """Every spot at which something is wrong or not done, or will be due, behind its check; none where nothing is."""
    rows = ROWS if any(handbook.everything()) else ()
    return tuple((row, spot) for row in rows for spot in row.find(handbook))

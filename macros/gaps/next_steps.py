"""What a team should do next and why, from its own data: the gaps that have a step, the most pressing first.

The order is the talk's: pain points come first, since a goal follows from them; without any, the flat start from
user journeys to the habit of looking at dashboards.
"""

from collections.abc import Iterator
from typing import NamedTuple

from macros.gaps import checks
from macros.gaps.check import Check, Step
from macros.gaps.spots import Priority, Spot
from macros.handbook.graph import Handbook, look_up
from macros.text.problems import N_, Message

SHOWN = 3
"""How many steps a page shows before it folds the rest."""


class NextStep(NamedTuple):
    """Something that a team should do next: a gap at a spot of the team's data; `page` is what tells how."""

    gap: Check
    spot: Spot
    priority: Priority
    what: Message
    why: Message
    effort: Message
    page: str


@look_up
def of(handbook: Handbook) -> Iterator[tuple[str, NextStep]]:
    """What a team should do next: by priority, then in the order of the table, then the most critical service first."""
    ranked: list[tuple[int, int, int, int, str, NextStep]] = []
    asked = set()
    for check, spot in checks.found(handbook):
        team = spot.entity.team
        # An alert that a pain point of the team names is asked for once, there.
        alert = (team, spot.alert.key) if spot.alert and check.task else None
        if check.step and team and (alert is None or alert not in asked):
            asked.add(alert)
            made = _step(handbook, check, check.step, spot)
            tier = 0 if spot.priority is not None else handbook.tier_of(spot.entity) or 9
            ranked.append((made.priority, checks.GAPS.index(check), tier, len(ranked), team, made))
    return ((team, made) for *_, team, made in sorted(ranked, key=lambda entry: entry[:4]))


def _step(handbook: Handbook, check: Check, step: Step, spot: Spot) -> NextStep:
    minutes = check.task.minutes if check.task else 0
    priority = step.priority if spot.priority is None else spot.priority
    why = spot.reason or Message(check.why, spot.named)
    effort = Message(step.effort) if step.effort else Message(N_("{minutes} min"), minutes=minutes)
    return NextStep(check, spot, priority, check.to_do(spot), why, effort, spot.page or _page(handbook, step.page))


def _page(handbook: Handbook, address: str) -> str:
    """An address, or that of the list where an organisation has dropped the entity that it leads to."""
    folder, _, id = address.rstrip("/").rpartition("/")
    kind = {"quick-wins": "quick-win", "workshops": "workshop", "playbooks/templates": "playbook-template"}.get(folder)
    return address if kind is None or handbook.find(kind, id) else f"{folder}/"

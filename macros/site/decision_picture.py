"""The picture of a playbook's decisions: two columns of steps, and the arrows beside and between them.

On the left stand the symptom and the diagnoses, on the right the mitigations and the people to call, each in the
order of the page, so that no arrow crosses a step.
"""

from typing import NamedTuple

from macros.handbook import playbooks
from macros.model.playbooks import ESCALATE, Playbook

MOST_STEPS = 40
"""Of more, a picture would be a wall."""

ROW, BESIDE, BETWEEN = 52, 24, 44
"""The height of a row, and the widths of the strips that arrows run in: beside the left column, between the two."""


class Decisions(NamedTuple):
    """The keys of the steps in each column, as `playbooks.leads` has them, and the arrows of each strip.

    An arrow is the data of a path in SVG.
    """

    left: list[str]
    right: list[str]
    beside: list[str]
    between: list[str]


def picture(playbook: Playbook) -> Decisions | None:
    """The picture of a playbook; none where nothing leads anywhere, or too much does."""
    led = playbooks.leads(playbook)
    names, columns = list(led), 1 + len(playbook.diagnosis)
    left = names[:columns]
    reached = {target for name in left for target in led[name]}
    if not reached or len(names) > MOST_STEPS:
        return None
    right = names[columns:] + [ESCALATE] * (ESCALATE in reached)
    led[""] += tuple(name for name in left[1:] if name not in reached)
    ways = [(left.index(name), target) for name in left for target in led[name]]
    beside = [_arrow(row, left.index(target), BESIDE) for row, target in ways if target in left]
    return Decisions(left, right, beside, [_arrow(row, right.index(target)) for row, target in ways if target in right])


def _arrow(start: int, end: int, beside: int = 0) -> str:
    """From a row of the left column to one of the right, or round about to another row of the left one."""
    shift = 7 if beside else 0
    bend = max(-8, 16 - 8 * abs(end - start)) if beside else BETWEEN // 2
    from_y, to_y = start * ROW + ROW // 2 + shift, end * ROW + ROW // 2 - shift
    return f"M{beside} {from_y}C{bend} {from_y} {bend} {to_y} {beside or BETWEEN} {to_y}m-5 -4l5 4 -5 4"

"""The picture of a journey's steps: a column for each, and below it what serves it, where it fails, which SLIs see it.

An SLI is one box over all the steps in a row that it sees. The table of the steps has it all in words.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

from macros.handbook import addresses
from macros.handbook.graph import Handbook
from macros.model.journeys import Journey, Sli
from macros.site.drawing import BELOW, LINE, Arrow, Box, Label, Picture, arrow, placed
from macros.text.problems import N_, Message

MOST_BESIDE, MOST_STEPS = 6, 12
"""More steps take another row; still more would be a wall: each is three boxes and more."""

WIDTH, TITLES, WIDEST, BETWEEN = 900, 84, 200, 14
"""Of the picture, the titles on its left, a column at most, and the room between two columns."""

STEP = N_("Step")

Lane = list[tuple[list[int], Box]]
"""Boxes beside each other, each with the numbers of the steps that it stands over."""


def picture(handbook: Handbook, language: str, translate: Callable[[str], str], journey: Journey) -> Picture | None:
    """The picture of a journey; none where it has no steps, or too many."""
    count = len(journey.steps)
    if not 0 < count <= MOST_STEPS:
        return None
    columns = math.ceil(count / math.ceil(count / MOST_BESIDE))
    step = min(WIDEST + BETWEEN, (WIDTH - TITLES) // columns)
    boxes, arrows, titles, top = list[Box](), list[Arrow](), list[Label](), 0.0
    for start in range(0, count, columns):
        lanes = _lanes(handbook, journey, range(start, min(start + columns, count)))
        for title, lane in lanes.items():
            row = [placed(language, translate, box, len(over) * step - BETWEEN) for over, box in lane]
            tall = max(box.height for box in row) if title == STEP else 0
            bottoms = dict.fromkeys(range(start, start + columns), top)
            for place, (over, _) in enumerate(lane):
                x, y = TITLES + (over[0] - start) * step, max(bottoms[number] for number in over)
                row[place] = replace(row[place], x=x, y=y, tall=tall)
                bottoms |= dict.fromkeys(over, y + row[place].height + BELOW)
            if title == STEP:
                arrows += map(arrow, row, row[1:])
            boxes += row
            titles.append(Label(0, top + LINE + 4, translate(title)))
            top = max(bottoms.values())
        top += BELOW
    return Picture(TITLES + columns * step - BETWEEN, top - 2 * BELOW, boxes, arrows, titles)


def _lanes(handbook: Handbook, journey: Journey, numbers: range) -> dict[str, Lane]:
    """What stands below each other in one row of steps, by its title."""
    here, what, served, failing, seen = addresses.of(journey), Lane(), Lane(), Lane(), Lane()
    for number in numbers:
        step, own = journey.steps[number], [number]
        what.append((own, Box(Message("{number}. {what}", number=number + 1, what=step.what))))
        if step.service:
            service = handbook.service(step.service)
            served.append((own, Box(service.name, step.component or "", addresses.of(service))))
        elif step.component:
            served.append((own, Box(step.component)))
        if step.failure_points:
            failure, *more = step.failure_points
            others = f"+{len(more)}" if more else ""
            failing.append((own, Box(failure.what, others, f"{here}#step-{number + 1}", "some")))
    none = Box(Message(N_("no SLI sees this")), "", f"{here}#slis", "missing")
    for sli in (*journey.slis, None):
        box = Box(sli.good, sli.measured, f"{here}#sli-{sli.id}") if sli else none
        seen += [(run, box) for run in _seen(journey, numbers, sli)]
    lanes = {STEP: what, N_("Served by"): served, N_("Fails when"): failing, N_("Seen by"): seen}
    return {title: lane for title, lane in lanes.items() if lane}


def _seen(journey: Journey, numbers: range, sli: Sli | None) -> list[list[int]]:
    """The numbers of steps in a row that an SLI sees; without one, of those that none sees."""
    runs = groupby(numbers, lambda number: sli in (journey.seeing(journey.steps[number]) or [None]))
    return [list(run) for is_seen, run in runs if is_seen]

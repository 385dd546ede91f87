"""The picture of a journey's steps: a column for each, and below it what serves it, where it fails, which SLIs see it.

An SLI is one box over all the steps in a row that it sees. The table of the steps has it all in words.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby

from macros.handbook import addresses
from macros.handbook.graph import Handbook
from macros.model.journeys import Journey
from macros.site.drawing import BELOW, LINE, Arrow, Box, Label, Picture, arrow, placed
from macros.text.problems import N_, Message

MOST_BESIDE, MOST_STEPS = 6, 12
"""More steps take another row; still more would be a wall: each is three boxes and more."""

WIDTH, TITLES, WIDEST, BETWEEN = 900, 84, 200, 14
"""Of the picture, the titles on its left, a column at most, and the room between two columns."""

Lane = list[tuple[int, int, Box]]
"""Boxes beside each other: the step that each begins over, and over how many it stands."""


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
        for number, (title, lane) in enumerate(lanes):
            row = [
                placed(language, translate, box, many * step - BETWEEN, TITLES + first % columns * step)
                for first, many, box in lane
            ]
            tall = max(box.height for box in row)
            row = [replace(box, y=top, tall=tall) for box in row]
            if number == 0:
                arrows += map(arrow, row, row[1:])
            titles.append(Label(0, top + LINE + 4, translate(title)))
            boxes += row
            top += tall + BELOW
        top += BELOW
    return Picture(TITLES + columns * step - BETWEEN, top - 2 * BELOW, boxes, arrows, titles)


def _lanes(handbook: Handbook, journey: Journey, numbers: range) -> list[tuple[str, Lane]]:
    """What stands below each other in one row of steps, each lane with its title."""
    here, what, served, failing = addresses.of(journey), Lane(), Lane(), Lane()
    for number in numbers:
        step, own = journey.steps[number], f"{here}#step-{number + 1}"
        what.append((number, 1, Box(Message("{number}. {what}", number=number + 1, what=step.what))))
        if step.service:
            service = handbook.service(step.service)
            served.append((number, 1, Box(service.name, step.component or "", addresses.of(service))))
        elif step.component:
            served.append((number, 1, Box(step.component)))
        if step.failure_points:
            failure, *more = step.failure_points
            failing.append((number, 1, Box(failure.what, f"+{len(more)}" if more else "", own, "some")))
    seeing = {number: journey.seeing(journey.steps[number]) for number in numbers}
    seen = []
    for sli in journey.slis:
        box = Box(sli.good, sli.measured, f"{here}#sli-{sli.id}")
        seen.append(_over((number for number in numbers if sli in seeing[number]), box))
    none = Box(Message(N_("no SLI sees this")), "", f"{here}#slis", "missing")
    seen.append(_over((number for number in numbers if not seeing[number]), none))
    lanes = (N_("Step"), what), (N_("Served by"), served), (N_("Fails when"), failing)
    return [(title, lane) for title, lane in (*lanes, *((N_("Seen by"), lane) for lane in seen)) if lane]


def _over(numbers: Iterable[int], box: Box) -> Lane:
    """A box over each run of steps that follow one another."""
    runs = (list(run) for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]))
    return [(run[0][1], len(run), box) for run in runs]

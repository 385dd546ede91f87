"""The picture of a journey's steps: a column for each, and below it what serves it, where it fails, which SLIs see it.

An SLI is one box over all the steps in a row that it sees. The table of the steps has it all in words.
"""

import math
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from macros.handbook.graph import Handbook
from macros.model.journeys import Journey
from macros.model.values import Text
from macros.site.drawing import Box, Label, Picture, arrow, box
from macros.text.problems import N_

MOST_BESIDE, MOST_STEPS = 6, 12
"""More steps take another row; still more would be a wall: each is three boxes and more."""

WIDTH, TITLES, WIDEST, BETWEEN, BELOW, LEVEL = 900, 84, 200, 14, 10, 20
"""Of the picture, the titles on its left, a column at most, the room between and below boxes; where arrows are."""

Lane = list[tuple[int, int, tuple[Any, ...]]]
"""Boxes beside each other: the first and the last step that each stands over, and what `box` is told of it."""


def picture(handbook: Handbook, language: str, translate: Callable[[str], str], journey: Journey) -> Picture | None:
    """The picture of a journey; none where it has no steps, or too many."""
    count = len(journey.steps)
    if not 0 < count <= MOST_STEPS:
        return None
    columns = math.ceil(count / math.ceil(count / MOST_BESIDE))
    room = min(WIDEST, (WIDTH - TITLES) // columns - BETWEEN)
    lefts = [TITLES + number % columns * (room + BETWEEN) for number in range(count)]
    boxes: list[Box] = []
    arrows, titles, top = [], [], 0.0
    for start in range(0, count, columns):
        numbers = range(start, min(start + columns, count))
        level = top + LEVEL
        arrows += [arrow((lefts[number] - BETWEEN, level), (lefts[number], level)) for number in numbers[1:]]
        for title, lane in _lanes(handbook, language, translate, journey, numbers):
            wide = [(lefts[first], lefts[last] + room, told) for first, last, told in lane]
            row = [box(left, top, right - left, *told, most=4) for left, right, told in wide]
            if title:
                titles.append(Label(0, top + LEVEL, title))
            boxes += row
            top += max(placed.height for placed in row) + BELOW
        top += BELOW
    return Picture(max(lefts) + room, top - BELOW, boxes, arrows, titles)


def _lanes(
    handbook: Handbook, language: str, translate: Callable[[str], str], journey: Journey, numbers: range
) -> list[tuple[str, Lane]]:
    """What stands below each other in one row of steps, each lane with its title."""

    def said(text: Text | None) -> str:
        return text.in_language(language) if text else ""

    steps, served, failing = Lane(), Lane(), Lane()
    for number in numbers:
        step = journey.steps[number]
        steps.append((number, number, (f"{number + 1}. {said(step.what)}",)))
        if step.service:
            service = handbook.service(step.service)
            served.append((number, number, (said(service.name), said(step.component), service)))
        elif step.component:
            served.append((number, number, (said(step.component),)))
        if step.failure_points:
            failure, *more = step.failure_points
            others = f"+{len(more)}" if more else ""
            failing.append((number, number, (said(failure.what), others, journey, f"step-{number + 1}", "some")))
    seeing = {number: journey.seeing(journey.steps[number]) for number in numbers}
    told = [(sli, (said(sli.good), said(sli.measured), journey, f"sli-{sli.id}")) for sli in journey.slis]
    seen = [_over((number for number in numbers if sli in seeing[number]), words) for sli, words in told]
    none = (translate(N_("no SLI sees this")), "", journey, "slis", "missing")
    seen.append(_over((number for number in numbers if not seeing[number]), none))
    first, *rest = filter(None, seen)
    lanes = (N_("Step"), steps), (N_("Served by"), served), (N_("Fails when"), failing), (N_("Seen by"), first)
    return [(translate(title), lane) for title, lane in lanes if lane] + [("", lane) for lane in rest]


def _over(numbers: Iterable[int], told: tuple[Any, ...]) -> Lane:
    """Boxes that are told the same, one over each run of steps that follow one another."""
    runs = (list(run) for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]))
    return [(run[0][1], run[-1][1], told) for run in runs]

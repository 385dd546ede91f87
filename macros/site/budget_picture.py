"""The picture of an error budget that burns down: a line for each burn rate that alerts, a ring where it does.

Days run to the right, the budget that is left falls from 100 %. Below its end, each line says what fires, and when.
`docs/assets/js/budget-picture.js` draws the same for the calculator; a test compares the two.
"""

from collections.abc import Callable
from datetime import timedelta

from macros.handbook import slo
from macros.handbook.names import percent
from macros.site.drawing import LINE, Arrow, Label, Picture
from macros.text.problems import N_

LEFT, TOP, WIDTH, HEIGHT = 4, 20, 332, 160
"""Where the lines run."""

BOTTOM, EDGE, ROOM = TOP + HEIGHT, LEFT + WIDTH, 213
"""Where a budget is spent, where the period ends; how wide the words of a line may be."""

PAGE, TICKET = N_("{rate}×: page in {window}, −{spent}"), N_("{rate}×: ticket in {window}, −{spent}")


def picture(translate: Callable[[str], str], target: float, days: float, own: float | None = None) -> Picture:
    """The picture for a target over so many days; `own` is one more burn rate, named above its line."""
    arrows = [Arrow(f"M{LEFT} {TOP}h{WIDTH}M{LEFT} {TOP + HEIGHT // 2}h{WIDTH}M{LEFT} {BOTTOM}h{WIDTH}", "frame")]
    words = [Label(EDGE, TOP + 14, "100 %", "end"), Label(EDGE, TOP + HEIGHT // 2 + 14, "50 %", "end")]
    for part in (0.5, 1):
        day = translate(N_("day {number}")).format(number=f"{days * part:.4g}")
        words.append(Label(WIDTH * part, BOTTOM + 14, day, "end"))
    if own is not None:
        x, y = _place(slo.days_to_empty(own, 1), own)
        arrows += Arrow(f"M{LEFT} {TOP}L{x:g} {y:g}", "here"), Arrow(f"M{x:g} {y:g}V{TOP - 4}", "other")
        words.append(Label(min(x, EDGE - 40), TOP - 8, f"{own:.4g}×"))
    rows = slo.firing(target, days)[::-1]
    for place, row in enumerate(rows, 2):
        rate, spent, base = row.factor(days), row.spent(days), BOTTOM + LINE * place
        x, y = _place(slo.days_to_empty(rate, 1), rate)
        ring_x, ring_y = _place(row.long / timedelta(days=days), spent)
        ring = f"M{ring_x - 3:g} {ring_y:g}a3 3 0 1 0 6 0a3 3 0 1 0-6 0"
        arrows.append(Arrow(f"M{LEFT} {TOP}L{x:g} {y:g}{ring}", "bad" if row.pages else "some"))
        arrows.append(Arrow(f"M{x:g} {BOTTOM}V{base - 12}", "other"))
        said = translate(PAGE if row.pages else TICKET)
        said = said.format(rate=f"{rate:.4g}", window=slo.duration(row.long), spent=percent(round(spent, 3)))
        words.append(Label(min(x, EDGE - ROOM), base, said) if x < EDGE else Label(x, base, said, "end"))
    return Picture(EDGE + LEFT, BOTTOM + LINE * (len(rows) + 1.5), (), arrows, words)


def _place(time: float, spent: float) -> tuple[float, float]:
    """Where so much of the budget is spent after a share of the period; where that ends, if it ends before."""
    return round(LEFT + WIDTH * min(1, time), 1), round(TOP + HEIGHT * min(1, spent), 1)

"""Where boxes stand that arrows tie: in columns, so that arrows lead right, few cross, and none runs over a box."""

from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate, pairwise
from statistics import fmean
from typing import NamedTuple

from macros.handbook.graph import grouped

Point = str | tuple[str, int]
"""A box by its key; or where arrows pass the boxes of a column, by the box that they lead to and the column."""

ROUNDS = 20
"""How often each point moves towards those that it is tied to."""


class Layered(NamedTuple):
    """The points of each column from above, and the pieces that arrows are made of, each from one point to the next."""

    columns: Sequence[Sequence[Point]]
    pieces: Collection[tuple[Point, Point]]


def layered(arrows: Collection[tuple[str, str]]) -> Layered:
    """Boxes in columns: what leads nowhere is in the last, and only an arrow that closes a circle leads to the left."""
    import igraph

    graph = igraph.Graph.TupleList(arrows, directed=True)
    graph.reverse_edges(graph.feedback_arc_set(method="eades"))
    behind = [0] * graph.vcount()
    for place in reversed(graph.topological_sorting()):
        behind[place] = max((behind[other] + 1 for other in graph.successors(place)), default=0)
    last = max(behind, default=0)
    column: dict[Point, int] = {box: last - depth for box, depth in zip(graph.vs["name"], behind, strict=True)}

    # igraph has points for long arrows, too, but mixes the arrows up; and these share their way.
    pieces: dict[tuple[Point, Point], None] = {}
    for start, end in arrows:
        step = 1 if column[start] < column[end] else -1
        passed = [(end, place) for place in range(column[start] + step, column[end], step)]
        column |= {point: point[1] for point in passed}
        pieces |= dict.fromkeys(pairwise([start, *passed, end]))
    graph = igraph.Graph.TupleList(pieces, directed=True)
    points: list[Point] = graph.vs["name"]
    order = graph.layout_sugiyama(layers=[column[point] for point in points])
    places = sorted((column[point], across, point) for point, (across, _) in zip(points, order, strict=True))
    return Layered(list(grouped((place, point) for place, _, point in places).values()), pieces)


def heights(shown: Layered, rooms: Mapping[str, float], beside: float) -> dict[Point, float]:
    """How far from the top the middle of each point is: near to those that it is tied to.

    `rooms` is the height that each box takes; arrows that pass take `beside`.
    """
    tied = grouped(pair for start, end in shown.pieces for pair in ((start, end), (end, start)))
    needed = {point: rooms[point] if isinstance(point, str) else beside for point in tied}
    middle: dict[Point, float] = dict.fromkeys(tied, 0)
    for _ in range(ROUNDS):
        for column in shown.columns:
            wanted = [fmean(middle[other] for other in tied[point]) for point in column]
            middle |= zip(column, apart(wanted, [needed[point] for point in column]), strict=True)
    top = min((height - needed[point] / 2 for point, height in middle.items()), default=0)
    return {point: round(height - top) for point, height in middle.items()}


def apart(wanted: Sequence[float], rooms: Sequence[float]) -> list[float]:
    """The places nearest to those wanted that keep their order, each with its room around it."""
    offsets = list(accumulate((before + room) / 2 for before, room in pairwise((0, *rooms))))
    blocks: list[list[float]] = []
    for place, offset in zip(wanted, offsets, strict=True):
        blocks.append([place - offset])
        while len(blocks) > 1 and fmean(blocks[-2]) >= fmean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    level = [fmean(block) for block in blocks for _ in block]
    return [place + offset for place, offset in zip(level, offsets, strict=True)]

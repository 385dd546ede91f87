"""In which columns boxes stand that arrows tie, so that arrows lead right, few cross, and none runs over a box."""

from collections.abc import Collection
from itertools import pairwise

from macros.handbook.graph import grouped

Point = str | tuple[str, int]
"""A box by its key; or where arrows pass the boxes of a column, by the box that they lead to and the column."""


def layered(arrows: Collection[tuple[str, str]]) -> tuple[list[list[Point]], Collection[tuple[Point, Point]]]:
    """The points of each column from above, and the pieces that arrows are made of, each from one point to the next.

    What leads nowhere is in the last column, and only an arrow that closes a circle leads to the left.
    """
    import igraph

    backwards = igraph.Graph.TupleList([(end, start) for start, end in arrows], directed=True)
    depths = [int(depth) for _, depth in backwards.layout_sugiyama()]
    last = max(depths, default=0)
    column: dict[Point, int] = {box: last - depth for box, depth in zip(backwards.vs["name"], depths, strict=True)}

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
    places = sorted((column[it], across, str(it), it) for it, (across, _) in zip(points, order, strict=True))
    return list(grouped((place, point) for place, *_, point in places).values()), pieces

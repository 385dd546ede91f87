"""Boxes in columns: what stands where, and how arrows run."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from macros.site.layered import Point, layered

ARROWS = {
    "a chain": ([("a", "b"), ("b", "c")], [["a"], ["b"], ["c"]]),
    "what leads nowhere is in the last column": ([("a", "b"), ("b", "c"), ("d", "c")], [["a"], ["b", "d"], ["c"]]),
    "an arrow past a column": ([("a", "b"), ("b", "c"), ("a", "c")], [["a"], ["b", ("c", 1)], ["c"]]),
    "nothing": ([], []),
}


def places(columns: list[list[Point]]) -> dict[Point, int]:
    return {point: place for place, column in enumerate(columns) for point in column}


@pytest.mark.parametrize(("arrows", "columns"), ARROWS.values(), ids=ARROWS)
def test_boxes_stand_to_the_left_of_what_they_lead_to(
    arrows: list[tuple[str, str]], columns: list[list[Point]]
) -> None:
    assert [sorted(column, key=str) for column in layered(arrows)[0]] == [sorted(column, key=str) for column in columns]


def test_arrows_to_one_box_share_their_way_past_a_column() -> None:
    _, pieces = layered([("a", "b"), ("b", "c"), ("a", "c"), ("d", "b"), ("d", "c")])
    assert [piece for piece in pieces if piece[1] == "c"] == [("b", "c"), (("c", 1), "c")]
    assert {start for start, end in pieces if end == ("c", 1)} == {"a", "d"}


def test_a_circle_has_one_arrow_to_the_left() -> None:
    columns, pieces = layered([("a", "b"), ("b", "c"), ("c", "a")])
    place = places(columns)
    assert [len(column) for column in columns] == [1, 2, 1]
    steps = sorted(place[end] - place[start] for start, end in pieces)
    assert steps == [-1, -1, 1, 1]


BOXES = st.sampled_from("abcdefgh")


# A box and an arrow that passes it come to stand at one place.
AT_ONE_PLACE = "ba da hg hf db eg gh fe bf bc gf ag bd bh cf ca dc ec fg fh de gc hc cd ce ga ac"


@given(st.lists(st.tuples(BOXES, BOXES).filter(lambda tie: tie[0] != tie[1]), unique=True))
@example([(tie[0], tie[1]) for tie in AT_ONE_PLACE.split()])
def test_each_piece_leads_to_the_next_column_and_each_arrow_is_whole(arrows: list[tuple[str, str]]) -> None:
    columns, pieces = layered(arrows)
    place = places(columns)
    assert {abs(place[end] - place[start]) for start, end in pieces} <= {1}
    for start, end in arrows:
        step = 1 if place[start] < place[end] else -1
        way = [start, *((end, column) for column in range(place[start] + step, place[end], step)), end]
        assert all(piece in pieces for piece in pairwise(way))

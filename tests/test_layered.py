"""Boxes in columns: what stands where, and how arrows run."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.site.layered import Layered, Point, apart, heights, layered

ARROWS = {
    "a chain": ([("a", "b"), ("b", "c")], [["a"], ["b"], ["c"]]),
    "what leads nowhere is in the last column": ([("a", "b"), ("b", "c"), ("d", "c")], [["a"], ["b", "d"], ["c"]]),
    "an arrow past a column": ([("a", "b"), ("b", "c"), ("a", "c")], [["a"], ["b", ("c", 1)], ["c"]]),
    "nothing": ([], []),
}


def places(shown: Layered) -> dict[Point, int]:
    return {point: place for place, column in enumerate(shown.columns) for point in column}


@pytest.mark.parametrize(("arrows", "columns"), ARROWS.values(), ids=ARROWS)
def test_boxes_stand_to_the_left_of_what_they_lead_to(
    arrows: list[tuple[str, str]], columns: list[list[Point]]
) -> None:
    assert [sorted(column, key=str) for column in layered(arrows).columns] == [
        sorted(column, key=str) for column in columns
    ]


def test_arrows_to_one_box_share_their_way_past_a_column() -> None:
    shown = layered([("a", "b"), ("b", "c"), ("a", "c"), ("d", "b"), ("d", "c")])
    assert [piece for piece in shown.pieces if piece[1] == "c"] == [("b", "c"), (("c", 1), "c")]
    assert {start for start, end in shown.pieces if end == ("c", 1)} == {"a", "d"}


def test_a_circle_has_one_arrow_to_the_left() -> None:
    shown = layered([("a", "b"), ("b", "c"), ("c", "a")])
    place = places(shown)
    assert [len(column) for column in shown.columns] == [1, 2, 1]
    steps = sorted(place[end] - place[start] for start, end in shown.pieces)
    assert steps == [-1, -1, 1, 1]


BOXES = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(BOXES, BOXES).filter(lambda tie: tie[0] != tie[1]), unique=True))
def test_each_piece_leads_to_the_next_column_and_each_arrow_is_whole(arrows: list[tuple[str, str]]) -> None:
    shown = layered(arrows)
    place = places(shown)
    assert {abs(place[end] - place[start]) for start, end in shown.pieces} <= {1}
    onward = dict.fromkeys(shown.pieces)
    for start, end in arrows:
        step = 1 if place[start] < place[end] else -1
        way = [start, *((end, column) for column in range(place[start] + step, place[end], step)), end]
        assert all(piece in onward for piece in pairwise(way))


@given(st.lists(st.tuples(BOXES, BOXES).filter(lambda tie: tie[0] != tie[1]), unique=True, min_size=1))
def test_points_of_a_column_have_their_room(arrows: list[tuple[str, str]]) -> None:
    shown = layered(arrows)
    middle = heights(shown, dict.fromkeys("abcdefgh", 50), 10)
    for column in shown.columns:
        for above, below in pairwise(column):
            room = sum(50 if isinstance(point, str) else 10 for point in (above, below)) / 2
            assert middle[below] - middle[above] >= room - 1  # whole pixels
    assert min(middle.values()) >= 5


def test_a_box_stands_beside_what_it_is_tied_to() -> None:
    shown = layered([("a", "c"), ("b", "c")])
    middle = heights(shown, {"a": 50, "b": 50, "c": 50}, 10)
    assert sorted((middle["a"], middle["b"])) == [25, 75]
    assert middle["c"] == 50


@pytest.mark.parametrize(
    ("wanted", "rooms", "found"),
    [
        ([], [], []),
        ([5], [10], [5]),
        ([0, 100], [10, 20], [0, 100]),
        ([50, 50], [10, 10], [45, 55]),
        ([60, 40, 0], [10, 10, 10], [pytest.approx(70 / 3 + place) for place in (0, 10, 20)]),
    ],
)
def test_places_move_apart_no_more_than_they_must(wanted: list[float], rooms: list[float], found: list[float]) -> None:
    assert apart(wanted, rooms) == found

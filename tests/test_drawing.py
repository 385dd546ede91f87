"""Words in boxes, and arrows between boxes."""

from __future__ import annotations

import pytest
from pictures_checked import faults

from macros.site.drawing import INSET, LINE, Box, Label, Picture, arrow, box, lines, width


@pytest.mark.parametrize(
    ("text", "room", "found"),
    [
        ("Search index", 200, ["Search index"]),
        ("Search index", 60, ["Search", "index"]),
        ("図面の検索が遅い", 60, ["図面の検索", "が遅い"]),
        ("注文データ、請求", 60, ["注文デー", "タ、請求"]),
        ("Notification dispatch for users", 90, ["Notification", "dispatch fo…"]),
        ("unbreakable", 30, ["un…"]),
        ("BudgetBurnSlowly", 90, ["BudgetBurn", "Slowly"]),
        ("", 30, [""]),
    ],
)
def test_words_are_cut_into_lines_that_fit(text: str, room: float, found: list[str]) -> None:
    cut = lines(text, room)
    assert cut == found
    assert all(width(line) <= room for line in cut)


def test_a_box_says_in_full_what_it_cuts_off() -> None:
    assert box(0, 0, 200, "Index", "Search team").words == ""
    cut = box(0, 0, 60, "Notification dispatch", "Search and more")
    assert cut.words == "Notification dispatch – Search and more"
    assert cut.height == 3 * LINE + 2 * INSET


def test_an_arrow_leaves_level_or_upright_and_has_its_head_at_the_end() -> None:
    assert arrow((0, 10), (40, 30)).path == "M0 10C20 10 20 30 40 30m-5 -4l5 4 -5 4"
    assert arrow((0, 10), (40, 30), "bad", down=True) == ("M0 10C0 20 40 20 40 30m-4 -5l4 5 4 -5", "bad")


def test_an_arrow_may_go_on_level_and_lead_to_the_left() -> None:
    assert arrow((0, 10), (40, 30), on=20).path == "M0 10C20 10 20 30 40 30h20"
    assert arrow((40, 10), (0, 30)).path == "M40 10C20 10 20 30 0 30m5 -4l-5 4 5 4"


def test_a_box_has_as_many_lines_of_its_note_as_it_may() -> None:
    assert box(0, 0, 100, "Index", "tier 1 · Search team").note == ["tier 1 · Se…"]
    assert box(0, 0, 100, "Index", "tier 1 · Search team", notes=2).note == ["tier 1 ·", "Search team"]


def test_what_no_picture_may_have_is_seen() -> None:
    boxes = [Box(0, 0, 30, ["a"]), Box(20, 20, 40, ["b", "wide words"])]
    assert faults(Picture(50, 60, boxes, words=[Label(70, 5, "title")])) == [
        "['a'] on ['b', 'wide words']",
        "['b', 'wide words'] sticks out",
        "wide words is wider than its box",
        "title sticks out",
    ]
    assert faults(Picture(60, 72, [Box(0, 0, 30, ["a"]), Box(30, 0, 30, ["b"])])) == []

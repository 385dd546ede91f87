"""Words in boxes, and arrows between boxes."""

from __future__ import annotations

import pytest
from pictures_checked import faults

from macros.model.values import Text
from macros.site.drawing import BELOW, INSET, LINE, Box, Label, Picture, arrow, lines, linked, placed, width


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
        ("", 30, []),
    ],
)
def test_words_are_cut_into_lines_that_fit(text: str, room: float, found: list[str]) -> None:
    cut = [*lines(text, room, 2)]
    assert cut == found
    assert all(width(line) <= room for line in cut)


def test_a_box_says_in_full_what_it_cuts_off() -> None:
    assert Box("Index", "Search team", width=200).title == ""
    cut = Box("Notification dispatch", "Search and more, and still more", width=60)
    assert cut.title == "Notification dispatch – Search and more, and still more"
    assert cut.height == LINE * 4 + INSET * 2
    assert Box("Index", tall=90).height == 90


def test_a_text_that_the_page_s_language_lacks_says_in_which_it_is() -> None:
    both, one = Text(en="Index", ja="索引"), Text(en=None, ja="索引")
    made = [placed("en", str, Box(text, "Search"), 200) for text in (both, one, "Index")]
    assert [(box.text, box.lang) for box in made] == [("Index", ""), ("索引", "ja"), ("Index", "")]


def test_an_arrow_leaves_and_arrives_level_and_has_its_head_at_the_end() -> None:
    start, end = Box("", tall=20, x=-10, width=10), Box("", tall=20, x=40, y=20, width=10)
    assert arrow(start, end, "bad") == ("M0 10C20 10 20 30 40 30m-5 -4l5 4 -5 4", "bad")
    assert arrow(end, start).path == "M40 30C20 30 20 10 0 10m5 -4l-5 4 5 4"
    assert arrow(start, end, passes=True).path == "M0 10C20 10 20 30 40 30h10"
    assert arrow(end, start, passes=True).path == "M40 30C20 30 20 10 0 10h-10"


def test_boxes_stand_in_columns_with_arrows_from_those_that_they_follow() -> None:
    before = [Box("A", width=50), Box("B", width=50)]
    after = [Box("C", width=60, after=[0, 1, 2, 3]), Box("D", look="missing", width=60)]
    shown = linked([before, after], 20, 30)
    assert [(box.x, box.y) for box in shown.boxes] == [
        (0, 30),
        (0, 30 + before[0].height + BELOW),
        (70, 30),
        (70, 30 + before[0].height + BELOW),
    ]
    one, other, end, _ = shown.boxes
    assert shown.arrows == [arrow(one, end), arrow(other, end)], "the last stands for those that aren't there"
    assert (shown.width, shown.height) == (130, 30 + 2 * before[0].height + BELOW)


def test_what_no_picture_may_have_is_seen() -> None:
    boxes = [Box("a", width=30), Box("wide", x=20, y=20, width=20)]
    assert faults(Picture(30, 60, boxes, words=[Label(70, 5, "title")])) == [
        "['a'] on ['…']",
        "['…'] sticks out",
        "… is wider than its box",
        "title sticks out",
    ]
    assert faults(Picture(60, 72, [Box("a", width=30), Box("b", x=30, width=30)])) == []

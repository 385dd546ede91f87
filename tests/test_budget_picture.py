"""The picture of a budget that burns down: where its lines end, where the rings are, which words stand below."""

from __future__ import annotations

import re

import pytest
from pictures_checked import ends, faults

from macros.handbook import slo
from macros.model.values import LANGUAGES
from macros.site.budget_picture import BOTTOM, EDGE, HEIGHT, LEFT, ROOM, TOP, WIDTH, picture
from macros.site.drawing import Picture, width
from macros.text.catalogue import translations


def drawn(target: float, days: float, own: float | None = None, language: str = "en") -> Picture:
    return picture(translations(language).gettext, target, days, own)


def lines(shown: Picture) -> list[tuple[str, list[float]]]:
    """Of each line with a ring: its look, then where it ends, and where the ring begins."""
    number = r"(-?[\d.]+)"
    pattern = rf"M{LEFT} {TOP}L{number} {number}M{number} {number}a.*"
    found = ((arrow.look, re.fullmatch(pattern, arrow.path)) for arrow in shown.arrows)
    return [(look, [*map(float, line.groups())]) for look, line in found if line]


def said(shown: Picture) -> list[str]:
    return [words.text for words in shown.words]


def test_each_row_that_can_fire_has_a_line_to_the_day_on_which_the_budget_is_gone() -> None:
    days = 28
    found = lines(drawn(0.999, days))
    rows = slo.rows(days)[::-1]
    assert [look for look, _ in found] == ["some", "some", "bad", "bad"]
    for row, (_, (end, bottom, ring, spent)) in zip(rows, found, strict=True):
        assert end == pytest.approx(LEFT + WIDTH * slo.days_to_empty(row.factor(days), 1), abs=0.1)
        assert bottom == BOTTOM
        assert ring + 3 == pytest.approx(LEFT + WIDTH * row.long.total_seconds() / 86400 / days, abs=0.1)
        assert spent == pytest.approx(TOP + HEIGHT * row.spent(days), abs=0.1)


def test_the_words_say_what_the_table_of_conditions_says() -> None:
    assert said(drawn(0.999, 28)) == [
        *("100 %", "50 %", "day 14", "day 28"),
        "1×: ticket in 3d, −10.7 %",
        "2.8×: ticket in 1d, −10 %",
        "5.6×: page in 6h, −5 %",
        "13.44×: page in 1h, −2 %",
    ]


def test_a_row_that_can_never_fire_is_left_out_and_takes_no_room() -> None:
    whole, less = drawn(0.999, 28), drawn(0.9, 28)
    assert [look for look, _ in lines(less)] == ["some", "some", "bad"]
    assert not any("13.44×" in words for words in said(less))
    assert less.height < whole.height


ENDS = [(14.4, (27.1, BOTTOM)), (1, (EDGE, BOTTOM)), (0.5, (EDGE, 100)), (0, (EDGE, TOP))]


@pytest.mark.parametrize(("own", "end"), ENDS)
def test_one_more_burn_rate_ends_with_the_budget_or_with_the_period(own: float, end: tuple[float, float]) -> None:
    shown = drawn(0.999, 28, own)
    (path,) = (arrow.path for arrow in shown.arrows if arrow.look == "here")
    assert path == f"M{LEFT} {TOP}L{end[0]:g} {end[1]:g}"
    assert f"{own:g}×" in said(shown)
    assert faults(shown) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_fit_for_every_period(language: str) -> None:
    for days in range(1, 367):
        shown = drawn(0.999, days, language=language)
        assert faults(shown) == [], days
        below = [words for words in shown.words if words.y > BOTTOM + 20]
        assert len(below) == 4
        assert max(width(words.text) for words in below) <= ROOM
        assert shown.width <= 340


def test_no_line_runs_down_through_the_words_of_another() -> None:
    for days in range(1, 367):
        shown = drawn(0.999, days)
        others = (arrow.path for arrow in shown.arrows if arrow.look == "other")
        down = [re.fullmatch(rf"M([\d.]+) {BOTTOM}V([\d.]+)", path) for path in others]
        assert len(down) == 4
        for words in shown.words[4:]:
            left, right = ends(words)
            passing = (line for line in down if line and float(line[2]) > words.y and left < float(line[1]) < right)
            assert not any(passing), (days, words)

"""Colour: at a terminal that wants it, and nowhere else."""

from __future__ import annotations

from io import StringIO

import pytest

from macros.commands.reporting import paint
from macros.text import colour
from macros.text.colour import Ink


class Screen(StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "environment", "coloured"),
    [
        (True, {}, True),
        (True, {"TERM": "xterm-256color"}, True),
        (True, {"NO_COLOR": ""}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": "0"}, False),
        (True, {"TERM": "dumb"}, False),
        (False, {}, False),
        (False, {"TERM": "xterm-256color"}, False),
    ],
)
def test_a_terminal_that_wants_it_gets_colour(
    terminal: bool, environment: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout", Screen(terminal))
    monkeypatch.setattr("os.environ", environment)
    assert colour.inked("words", Ink.PROBLEM, paint()) == ("\x1b[31mwords\x1b[0m" if coloured else "words")


def test_every_ink_has_a_look_of_its_own() -> None:
    assert len({colour.inked("x", ink, paint=True) for ink in Ink}) == len(Ink)


def test_a_yellow_is_no_red() -> None:
    assert colour.inked("x", Ink.FINDING, paint=True) == "\x1b[33mx\x1b[0m"

"""Names in braces: what is one, and what shells, jsonpath, templates and patterns write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web import ROOT

from macros.text import placeholders


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{namespace}", ["namespace"]),
        ("a {roll-back}, {_x} and {5xx}; {roll-back}", ["roll-back", "_x", "5xx", "roll-back"]),
        ("{a}{b}", ["a", "b"]),
        ("終わりなら{roll-back}へ", ["roll-back"]),
        ('up{pod="{pod}"}', ["pod"]),
        ("${VAR} {{name}} {{ name }} \\{name} { name }", []),
        ("{.items[0]} {print $1} {a b} {a,b} {1..3} {} {名前}", []),
        ("[0-9]{3} {12}", []),
    ],
)
def test_what_is_a_name_in_braces(text: str, names: list[str]) -> None:
    assert placeholders.names(text) == names


def test_a_text_is_cut_at_its_names() -> None:
    pieces = [*placeholders.pieces("kubectl -n {ns} logs {pod}")]
    assert pieces == [("kubectl -n ", ""), ("{ns}", "ns"), (" logs ", ""), ("{pod}", "pod")]


@given(st.text(alphabet="a-${}\\ 1", max_size=30))
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.words for piece in placeholders.pieces(text)) == text
    assert all(piece.words == f"{{{piece.name}}}" for piece in placeholders.pieces(text) if piece.name)


def test_a_browser_finds_the_same_names() -> None:
    script = (ROOT / "docs/assets/js/quoting.js").read_text(encoding="utf-8")
    assert f"const BLANK = /{placeholders.PATTERN}/;" in script

"""Characters that can't be seen: which ones, where, and where they are needed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.sources.lookalikes import hidden_characters, without_hidden_characters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("undo \u202eprod", [(1, 6, "U+202E RIGHT-TO-LEFT OVERRIDE")]),
        ("a\u202cb\u202d", [(1, 2, "U+202C POP DIRECTIONAL FORMATTING"), (1, 4, "U+202D LEFT-TO-RIGHT OVERRIDE")]),
        ("a\r\nb\u200b", [(2, 2, "U+200B ZERO WIDTH SPACE")]),
        ("\u200dab", [(1, 1, "U+200D ZERO WIDTH JOINER")]),
        ("a\u200cb", [(1, 2, "U+200C ZERO WIDTH NON-JOINER")]),
        ("a\ufe0f", [(1, 2, "U+FE0F VARIATION SELECTOR-16")]),
        ("1\ufe0f", [(1, 2, "U+FE0F VARIATION SELECTOR-16")]),
        ("a\U000e0100", [(1, 2, "U+E0100 VARIATION SELECTOR-17")]),
        ("x\U000e0067\U000e007f", [(1, 2, "U+E0067 TAG LATIN SMALL LETTER G"), (1, 3, "U+E007F CANCEL TAG")]),
        ("क\u200d", [(1, 2, "U+200D ZERO WIDTH JOINER")]),
        ("👨\u200da", [(1, 2, "U+200D ZERO WIDTH JOINER")]),
        ("a\ufe0f\u200d👩", [(1, 2, "U+FE0F VARIATION SELECTOR-16"), (1, 3, "U+200D ZERO WIDTH JOINER")]),
        ("\u2067\u061c\u2028\u00ad\ufeff", [(1, it, name) for it, name in enumerate((
            "U+2067 RIGHT-TO-LEFT ISOLATE", "U+061C ARABIC LETTER MARK", "U+2028 LINE SEPARATOR", "U+00AD SOFT HYPHEN",
            "U+FEFF ZERO WIDTH NO-BREAK SPACE"), 1)]),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_has_a_place_and_a_name(text: str, expected: list[tuple[int, int, str]]) -> None:
    assert list(hidden_characters(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "no-break\u00a0space, ideographic\u3000space",
        "👩🏽\u200d🚀 👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥 ☎\ufe0e 1\ufe0f\u20e3 ‼\ufe0f ↔\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "葛\U000e0100城 辻\ufe00",
        "می\u200cخواهم क्\u200dष ශ්\u200dරී",
    ],
)
def test_what_is_needed_is_fine(text: str) -> None:
    assert list(hidden_characters(text)) == []
    assert without_hidden_characters(text) == text


@settings(deadline=None)
@given(st.text(st.sampled_from("a1क葛👩❤\u200b\u200c\u200d\ufe0f\U000e0100\U0001f3f4\U000e0067\U000e007f\u202e\n")))
def test_without_hidden_characters_there_are_none(text: str) -> None:
    assert list(hidden_characters(without_hidden_characters(text))) == []

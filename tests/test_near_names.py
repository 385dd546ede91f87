"""What can be an id, and what was meant by a name that isn't known."""

from __future__ import annotations

import pytest

from macros.sources import near_names
from macros.text.problems import Message


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("serach-api", "search-api"),
        ("search", "search-api"),
        ("zzz", None),
        ("", None),
        ("SEARCH-API", "search-api"),
        ("Search API", "search-api"),
        ("OPENING", None),
    ],
)
def test_the_nearest_name(name: str, near: str | None) -> None:
    hint = near_names.near(name, ["opener", "search-api"])
    assert (hint and str(hint)) == (near and f"did you mean `{near}`?")


@pytest.mark.parametrize(("name", "is_near"), [("end", False), ("envs", True)])
def test_how_near_a_name_is_can_be_asked(name: str, is_near: bool) -> None:
    assert near_names.near(name, ["env"]) is not None
    assert (near_names.near(name, ["env"], alike=0.75) is not None) is is_near


def test_a_hint_stands_behind_the_message() -> None:
    message = Message("there is no {kind}", {"kind": "team"})
    assert (
        str(near_names.with_hint(message, Message("add {file}", {"file": "a.yaml"}))) == "there is no team; add a.yaml"
    )
    assert near_names.with_hint(message, None) is message


@pytest.mark.parametrize(("name", "is_id"), [("search-api", True), ("Search", False), ("..", False), ("a\n", False)])
def test_what_can_be_an_id(name: str, is_id: bool) -> None:
    assert near_names.is_id(name) is is_id


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ZukuraUploadErrors", "Zukura Upload Errors"),
        ("KubeAPIDown", "Kube API Down"),
        ("Http2Errors", "Http2 Errors"),
        ("zukura", "zukura"),
        ("SLO", "SLO"),
    ],
)
def test_a_name_of_humps_is_its_words(name: str, expected: str) -> None:
    assert near_names.hump_apart(name) == expected

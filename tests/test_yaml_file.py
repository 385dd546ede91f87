"""Reading YAML: the scalars of YAML 1.2, a place for everything, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from macros.model.values import Location
from macros.sources import yaml_file
from macros.sources.yaml_file import Position, Source
from macros.text.problems import Message


def value_of(text: str) -> Any:
    read = parsed(text)
    return read.value


def parsed(text: str) -> Source:
    read, problems = yaml_file.parse(text.encode(), "a.yaml")
    assert problems == []
    assert read is not None
    return read


def refused(raw: str | bytes) -> list[str]:
    """What is said about text that is refused."""
    read, problems = yaml_file.parse(raw if isinstance(raw, bytes) else raw.encode(), "a.yaml")
    assert read is None
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("y", "y"),
        ("22:30", "22:30"),
        ("1:30:00", "1:30:00"),
        ("2026-04-17", "2026-04-17"),
        ("2026-04", "2026-04"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("1,5", "1,5"),
        ("99.9 %", "99.9 %"),
        ("=", "="),
        ("<<", "<<"),
        ("null", None),
        ("~", None),
        ("Null", None),
        ("", None),
        ("nUll", "nUll"),
        ("true", True),
        ("False", False),
        ("TRUE", True),
        ("tRue", "tRue"),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("1.5", 1.5),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        ("'5'", "5"),
        ('"true"', "true"),
        ("'~'", "~"),
        ('"a\\tb"', "a\tb"),
    ],
)
def test_a_scalar_is_what_yaml_1_2_says(written: str, value: Any) -> None:
    found = value_of(f"key: {written}\n")["key"]
    assert found == value
    assert type(found) is type(value)


def test_a_number_of_more_digits_than_python_reads_is_text() -> None:
    assert value_of(f"key: {'9' * 5000}\n") == {"key": "9" * 5000}


def test_keys_are_text() -> None:
    assert value_of("1: a\nno: b\nnull: c\n") == {"1": "a", "no": "b", "null": "c"}


TREE = """\
# A comment first

name: 検索
on_call:
  hours: >-
    Always,
    every day
  steps:
    - role: Lead
    - {role: 責任者, channel: "#a"}
"""


@pytest.mark.parametrize(
    ("location", "value", "key"),
    [
        ((), (3, 1), (3, 1)),
        (("name",), (3, 7), (3, 1)),
        (("on_call",), (5, 3), (4, 1)),
        (("on_call", "hours"), (5, 10), (5, 3)),
        (("on_call", "steps"), (9, 5), (8, 3)),
        (("on_call", "steps", 0), (9, 7), (9, 7)),
        (("on_call", "steps", 0, "role"), (9, 13), (9, 7)),
        (("on_call", "steps", 1), (10, 7), (10, 7)),
        (("on_call", "steps", 1, "channel"), (10, 28), (10, 19)),
    ],
)
def test_everything_has_a_place(location: Location, value: Position, key: Position) -> None:
    read = parsed(TREE)
    assert read.place(location) == value
    assert read.place(location, key=True) == key


@pytest.mark.parametrize(
    ("location", "place"),
    [(("none",), (3, 1)), (("name", "en"), (3, 7)), (("on_call", "steps", 0, "channel"), (9, 7)), ((9, 9), (3, 1))],
)
def test_what_is_not_there_has_the_place_of_what_is_around_it(location: Location, place: Position) -> None:
    assert parsed(TREE).place(location) == parsed(TREE).place(location, key=True) == place


def test_a_source_of_nothing_has_a_place() -> None:
    assert Source("a.yaml").place(("a",)) == (1, 1)


def test_a_problem_stands_at_its_location() -> None:
    read = parsed(TREE)
    assert str(read.problem(("name",), "tab", Message("a tab"))) == "a.yaml:3:7: tab: a tab"
    assert str(read.problem(("name",), "tab", Message("a tab"), key=True)) == "a.yaml:3:1: tab: a tab"


@pytest.mark.parametrize("text", ["\ufeffname: a\nkey: b\n", "name: a\r\nkey: b\r\n", "---\nname: a\nkey: b\n...\n"])
def test_a_mark_at_the_start_and_the_ends_of_lines_do_not_matter(text: str) -> None:
    assert value_of(text) == {"name": "a", "key": "b"}


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"name: \xff\n", "1:7"),
        (b"name: a\nkey: Z\xe4hler\n", "2:7"),
        ("名前: 検索\n".encode() + b"key: \x93\xfa\x96{\n", "2:6"),
        ("名前: ".encode() + b"\x93\xfa\n", "1:5"),
        (b"\xef\xbb\xbfname: \xff\n", "1:7"),
        ("name: a\n".encode("utf-16"), "1:1"),
    ],
)
def test_text_that_is_not_utf_8(raw: bytes, place: str) -> None:
    assert refused(raw) == [
        f"a.yaml:{place}: encoding: the file is not UTF-8; save it as UTF-8 (otherwise, names become garbage)"
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("name: 検索\x07\n", ["1:9"]),
        ("a: b\nkey: \x00\n", ["2:6"]),
        ("名: 検索\nkey: a\ufffe\n", ["2:7"]),
        ('name: "a\\x07"\nkey: "\\u009f"\n', ["1:7", "2:6"]),
        ('list: ["a", "\\0", "\\x7f"]\n', ["1:13", "1:19"]),
    ],
)
def test_control_characters_are_refused_also_as_escapes(text: str, places: list[str]) -> None:
    assert refused(text) == [f"a.yaml:{it}: syntax: a character that YAML doesn't allow; delete it" for it in places]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: " + "[" * 45 + "]" * 45, "1:44"),
        ("a: " + "[" * 900 + "]" * 900, "1:44"),
        ("".join(f"{'  ' * level}a:\n" for level in range(60)), "42:83"),
    ],
)
def test_nesting_is_refused_where_it_is_too_deep(text: str, place: str) -> None:
    assert refused(text) == [f"a.yaml:{place}: syntax: nested more than 40 levels deep"]


def test_nesting_as_deep_as_is_allowed() -> None:
    assert value_of("a: " + "[" * 39 + "x" + "]" * 39)


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 5000 + "a", "&a [" * 5000])
def test_nesting_that_would_exhaust_the_stack_is_a_problem_like_others(text: str) -> None:
    assert next(line.split(": ")[1] for line in refused(text)) in ("syntax", "alias")


@pytest.mark.parametrize("before", ["", "a: ", "- ", "[", "[b,", "{", '{"a":', "{a: [", "[?", "a:\n  "])
@pytest.mark.parametrize("mark", ["&x b", "!x b", "! b"])
def test_wherever_an_anchor_or_a_tag_may_begin_it_is_refused(before: str, mark: str) -> None:
    closing = "".join({"[": "]", "{": "}"}.get(sign, "") for sign in reversed(before))
    assert "alias" in [line.split(": ")[1] for line in refused(f"{before}{mark}{closing}")]


def test_aliases_that_would_grow_without_end_are_refused() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    assert len(refused("\n".join(lines))) == 60 + 2 * 59


def test_all_that_is_refused_in_a_file_comes_at_once() -> None:
    assert [line.split(": ")[0] for line in refused("a: 1\na: 2\n[b]: 3\nc: {d: 1, d: 2}\n")] == [
        "a.yaml:2:1",
        "a.yaml:3:1",
        "a.yaml:4:11",
    ]


def test_a_file_is_read_under_the_name_that_messages_give_it() -> None:
    read, problems = yaml_file.parse("name: 検索\n".encode(), "data/a.yaml")
    assert problems == []
    assert read is not None
    assert (read.path, read.value) == ("data/a.yaml", {"name": "検索"})


@pytest.mark.parametrize(("name", "reason"), [("none.yaml", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read(name: str, reason: str, tmp_path: Path) -> None:
    read, problems = yaml_file.contents(tmp_path / name, "data/a.yaml")
    assert read is None
    assert [str(problem) for problem in problems] == [
        f"data/a.yaml:1:1: unreadable: can't be read ({reason}); fix its permissions, or remove it"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: " + "b" * 6000, None),
        ("a: [x]\nb: " + "b" * 6001, "2:4: limit: a text of more than 6,000 characters; shorten it"),
        ("? " + "b" * 6001 + "\n: a", "1:3: limit: a text of more than 6,000 characters; shorten it"),
        ("a: [" + "b, " * 1001 + "]", "1:4: limit: more than 1,000 items in one list; split it"),
        (
            "".join(f"k{n}: [{'b, ' * 999}]\n" for n in range(31)),
            "30:3001: limit: more than 30,000 values in one file; split it",
        ),
        ("a: b\n" + "#" * 500_000, "1:1: limit: the file has more than 500,000 bytes; split it"),
    ],
    ids=["all there is room for", "text", "key", "list", "values", "file"],
)  # fmt: skip
def test_what_is_too_long_is_refused(text: str, expected: str | None, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text)
    raw, problems = yaml_file.contents(tmp_path / "a.yaml", "a.yaml")
    if raw is not None:
        _, problems = yaml_file.parse(raw, "a.yaml")
    assert [str(it) for it in problems] == ([f"a.yaml:{expected}"] if expected else [])

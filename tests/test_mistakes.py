"""What contributors get wrong most often: each mistake is told with its place and with what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import Case, Content, cases
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import each
from test_load import lines, problems_of

from macros.model.kinds import KINDS
from macros.sources import validate, yaml_file

MISTAKES = cases("mistakes")
EXPECTED = [line for mistake in MISTAKES for line in mistake.values[0].expected]
WHAT_TO_DO = re.compile(r"; |: rename it |\bmust be |\bis not one of ")
"""What stands behind the `;` says what to do; `must be` and `is not one of` name what is right."""


def as_saved(files: Mapping[str, Content]) -> dict[str, Content]:
    """The files of a case, with the bytes of those that `-- as <encoding>: data/… --` names.

    `CRLF` is an encoding here too: UTF-8, with the ends of lines that Windows writes.
    """
    saved: dict[str, Content] = {}
    for name, content in files.items():
        encoding, _, path = name.removeprefix("as ").rpartition(": data/")
        if encoding and isinstance(content, str):
            is_crlf = encoding == "CRLF"
            content = content.replace("\n", "\r\n").encode() if is_crlf else content.encode(encoding)
        saved[path] = content
    return saved


@pytest.mark.parametrize("case", MISTAKES)
def test_mistake(case: Case, tmp_path: Path) -> None:
    assert lines(problems_of(tmp_path / "data", as_saved(case.files))) == case.expected


def test_there_are_many_mistakes() -> None:
    assert len([mistake for mistake in MISTAKES if mistake.values[0].expected]) >= 60


@each([mistake.values[0] for mistake in MISTAKES], lambda case: str(case.name))
def test_what_is_no_mistake_says_so_in_its_name(case: Case) -> None:
    assert bool(case.expected) is not case.name.endswith(("is no mistake", "are no mistake"))


@each(EXPECTED)
def test_every_message_has_a_place_and_says_what_to_do(line: str) -> None:
    found = re.fullmatch(r"data[^:]*:[1-9]\d*:[1-9]\d*: [a-z-]+: (.+)", line)
    assert found is not None
    assert WHAT_TO_DO.search(found[1])


@each(EXPECTED)
def test_no_message_leaves_the_words_to_the_parser(line: str) -> None:
    assert "not YAML: " not in line


PIECES = ["a: ", "b:", "- ", " ", "  ", "\n", "'", '"', "[", "]", "{", "}", ",", "#", "|", ">", "：", "＃", "\u3000"]
PIECES += [
    "\u00a0",
    "\u200b",
    "“",
    "”",
    "&",
    "*",
    "!",
    "@",
    "`",
    "%",
    "?",
    "---",
    "<<<<<<< ",
    "=",
    "word",
    "\\",
    "\r\n",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_whatever_is_written_each_problem_has_a_place_in_the_file(text: str) -> None:
    read, problems = yaml_file.parse(text.encode(), "a.yaml")
    assert (read is None) is bool(problems)
    rows = [*text.splitlines(), ""]
    for problem in problems:
        assert 1 <= problem.line <= len(rows)
        assert 1 <= problem.column <= len(rows[problem.line - 1]) + 1
        assert str(problem)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_a_value_is_its_message_can_be_shown(text: str) -> None:
    for key in ("name", "channel", "aliases", "contacts", "on_call", "sre_set_up", "sources", text):
        read = yaml_file.Source("a.yaml", {"name": "A", "channel": "x", **({key: text} if key else {})})
        assert all(map(str, validate.entity(KINDS["team"], read, {"id": "a", "team": "a"}, "en")[1]))

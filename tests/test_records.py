"""The figures of earlier days: what is read back is what was written, and nothing else is read."""

from __future__ import annotations

from datetime import date

from conftest import GOLDEN

from macros.sources import records
from macros.sources.records import Record


def test_a_record_is_one_line_and_read_back_as_it_was() -> None:
    team = Record(day=date(2026, 11, 24), team="payments", figures={"a": (1, 2), "b": (0, 3)})
    whole = Record(day=date(2026, 11, 24), figures={})
    assert team.line == '{"day":"2026-11-24","team":"payments","figures":{"a":[1,2],"b":[0,3]}}'
    assert whole.line == '{"day":"2026-11-24","figures":{}}'
    assert records.parse(f"{whole.line}\n{team.line}\n".encode(), "f") == ([whole, team], [])


def test_line_ends_of_another_system_are_none_of_a_line() -> None:
    raw = (GOLDEN / "data" / records.FILE).read_bytes()
    assert records.parse(raw.replace(b"\n", b"\r\n"), "f") == records.parse(raw, "f")


def test_an_empty_file_is_a_beginning() -> None:
    assert records.parse(b"", "f") == ([], [])


def test_a_file_in_another_encoding_is_a_problem() -> None:
    found, problems = records.parse(b"\xff", "f")
    assert found == []
    assert [problem.rule for problem in problems] == ["encoding"]

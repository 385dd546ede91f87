"""A test over rows: it sees each row, and says of each fault in which row it is."""

from __future__ import annotations

import pytest
from rows import each


def test_every_row_at_fault_is_named_and_the_others_are_not() -> None:
    seen: list[tuple[str, str]] = []

    @each("abc", str.upper)
    @each("xy")
    def over(one: str, other: str) -> None:
        seen.append((other, one))
        assert (other, one) not in [("a", "x"), ("c", "y")]

    with pytest.raises(AssertionError) as raised:
        over()
    assert seen == [(other, one) for other in "abc" for one in "xy"]
    named = [line.split(": ")[:4] for line in str(raised.value).splitlines() if " AssertionError: " in line]
    assert named == [[one, "AssertionError", other, "AssertionError"] for one, other in ("Ax", "Cy")]


def test_another_exception_is_a_fault_of_its_row() -> None:
    @each([0, 1])
    def over(row: int) -> None:
        assert 1 / row

    with pytest.raises(AssertionError, match="0: ZeroDivisionError: division by zero"):
        over()


@each(["a"])
def test_a_test_has_its_fixtures_beside_its_row(row: str, request: pytest.FixtureRequest) -> None:
    assert (row, request.fixturenames) == ("a", ["request"])

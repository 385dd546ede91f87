"""Loading: what is wrong is named with its place, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Case, cases, write_tree

from macros import load
from macros.problems import DataError


@pytest.mark.parametrize("case", cases("problems"))
def test_problem_case(case: Case, tmp_path: Path) -> None:
    with pytest.raises(DataError) as raised:
        load.load(write_tree(tmp_path / "data", case.files), "data")
    assert [str(problem) for problem in raised.value.problems] == case.expected

"""Checks: each rule has a case that breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Case, cases, findings_of, make_handbook


@pytest.mark.parametrize("case", cases("findings"))
def test_finding_case(case: Case, tmp_path: Path) -> None:
    found = findings_of(make_handbook(tmp_path, case.files))
    assert [str(finding) for finding in found] == case.expected

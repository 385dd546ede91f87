"""Rule and SLO files of the data as it ships: promtool and the rules of OpenSLO have nothing to say about them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import shipped
from test_alertmanager import amtool
from test_exports import each_fact
from test_openslo import faults, parsed
from test_prometheus import check_rules

from macros.exports import ExportFile, files
from macros.handbook.graph import Handbook


@cache
def exported(name: str) -> tuple[ExportFile, ...]:
    """The files of a format; a handbook that has none skips the test."""
    return tuple(it for it in files(shipped.handbook()) if it.export.name == name) or pytest.skip("no team has SLOs")


@each_fact
def test_what_holds_for_exports(fact: Callable[[Handbook], None]) -> None:
    fact(shipped.handbook())


def test_promtool_has_nothing_to_say_about_the_rules(tmp_path: Path) -> None:
    said = {it.address: check_rules(tmp_path, it.write()) for it in exported("prometheus")}
    assert [f"{it}: {made.stdout}{made.stderr}" for it, made in said.items() if made.returncode] == []


def test_amtool_takes_the_routes(tmp_path: Path) -> None:
    for file in exported("alertmanager"):
        assert "SUCCESS" in amtool(tmp_path, file.write(), "check-config", "alertmanager.yml")


def test_openslo_files_keep_every_rule_of_the_specification() -> None:
    assert {it.address: found for it in exported("openslo") if (found := faults(parsed(it.write())))} == {}

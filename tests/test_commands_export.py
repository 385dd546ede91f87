"""`python -m macros export`: which files it writes and takes away, and what it says of them."""

from __future__ import annotations

import json
from pathlib import Path

from calls import Captured
from conftest import Content, write_tree

from macros.__main__ import main


def promised(folder: Path, slos: str = "slos: [{id: up, name: Up, sli: up, target: 0.99, period: {days: 28}}]") -> Path:
    """A data folder with a journey that has an SLO, unless `slos` says otherwise."""
    sli = "slis: [{id: up, type: availability, valid: V, good: G, measured: M, events: {good: good, total: all}}]"
    files: dict[str, Content] = {"teams/payments/journeys/pay.yaml": f"name: Pay\nuser: U\ngoal: G\n{sli}\n{slos}\n"}
    return write_tree(folder, files)


def test_export_writes_a_file_for_each_team_and_format(tmp_path: Path, capsys: Captured) -> None:
    data, output = promised(tmp_path / "data"), tmp_path / "a/b"
    assert main(["export", str(output), "--data", str(data)]) == 0
    paths = [output / "prometheus/payments.yaml", output / "openslo/payments.yaml"]
    assert capsys.readouterr().out.splitlines() == list(map(str, paths))
    assert "alert: PayUpBudgetBurn" in paths[0].read_text(encoding="utf-8")
    assert "kind: AlertPolicy" in paths[1].read_text(encoding="utf-8")


def test_export_writes_one_export_alone(tmp_path: Path) -> None:
    data, output = promised(tmp_path / "data"), tmp_path / "out"
    assert main(["export", str(output), "--data", str(data), "--only", "openslo"]) == 0
    assert [path.name for path in output.iterdir()] == ["openslo"]


def test_export_takes_away_what_it_made_for_a_team_that_promises_nothing_any_more(
    tmp_path: Path, capsys: Captured
) -> None:
    output = tmp_path / "out"
    assert main(["export", str(output), "--data", str(promised(tmp_path / "before"))]) == 0
    own = output / "prometheus/own.yaml"
    own.write_text("groups: []\n")
    capsys.readouterr()
    assert main(["export", str(output), "--data", str(promised(tmp_path / "after", "slos: []"))]) == 0
    assert "removed" in capsys.readouterr().out
    assert [path for path in output.rglob("*") if path.is_file()] == [own]


def test_export_names_what_it_leaves_out(tmp_path: Path, capsys: Captured) -> None:
    data = promised(tmp_path / "data")
    path = data / "teams/payments/journeys/pay.yaml"
    path.write_text(path.read_text().replace("events: {good: good, total: all}", "other: {system: S, query: Q}"))
    assert main(["export", str(tmp_path / "out"), "--data", str(data)]) == 0
    assert "pay.yaml: left out of prometheus, since `up` has no query for it" in capsys.readouterr().out


def test_export_writes_nothing_of_data_with_a_problem(tmp_path: Path, capsys: Captured) -> None:
    data, output = promised(tmp_path / "data", "slos: [{id: up}]"), tmp_path / "out"
    assert main(["export", str(output), "--data", str(data)]) == 1
    assert "pay.yaml:5:8: missing-key" in capsys.readouterr().err
    assert not output.exists()


def test_export_never_takes_a_file_for_a_folder(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "out"
    file.write_text("mine")
    assert main(["export", str(file), "--data", str(promised(tmp_path / "data"))]) == 2
    assert capsys.readouterr().err == f"export: {file} is a file; name a folder\n"
    assert main(["export", str(tmp_path / "x"), "--data", str(tmp_path / "none")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_export_prints_json(tmp_path: Path, capsys: Captured) -> None:
    data, output = promised(tmp_path / "data"), tmp_path / "out"
    path = data / "teams/payments/journeys/pay.yaml"
    assert main(["export", str(output), "--data", str(data), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "files": [str(output / "prometheus/payments.yaml"), str(output / "openslo/payments.yaml")],
        "removed": [],
        "left_out": [],
    }
    path.write_text(path.read_text().replace("events: {good: good, total: all}", "other: {system: S, query: Q}"))
    arguments = ["export", str(output), "--data", str(data), "--only", "prometheus", "--format", "json"]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out) == {
        "files": [],
        "removed": [str(output / "prometheus/payments.yaml")],
        "left_out": [{"path": str(path), "sli": "up", "export": "prometheus"}],
    }

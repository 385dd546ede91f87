"""`python -m macros export`: which files it writes and takes away, and what it says of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from calls import Captured, files_of
from conftest import Content, write_tree

from macros.__main__ import main
from macros.exports.document import FIRST_LINE


def promised(folder: Path, slos: str = "slos: [{id: up, name: Up, sli: up, target: 0.99, period: {days: 28}}]") -> Path:
    """A data folder with a journey that has an SLO, unless `slos` says otherwise."""
    sli = "slis: [{id: up, type: availability, valid: V, good: G, measured: M, events: {good: good, total: all}}]"
    files: dict[str, Content] = {"teams/payments/journeys/pay.yaml": f"name: Pay\nuser: U\ngoal: G\n{sli}\n{slos}\n"}
    return write_tree(folder, files)


def test_export_writes_a_file_for_each_team_and_format(tmp_path: Path, capsys: Captured) -> None:
    data, output = promised(tmp_path / "data"), tmp_path / "a/b"
    assert main(["export", str(output), "--data", str(data)]) == 0
    names = ("prometheus/payments.yaml", "openslo/payments.yaml", "alertmanager/alertmanager.yml")
    paths = [output / name for name in names]
    assert capsys.readouterr().out.splitlines() == list(map(str, paths))
    assert "alert: PayUpBudgetBurn" in paths[0].read_text(encoding="utf-8")
    assert str(tmp_path) not in paths[0].read_text(encoding="utf-8")
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
    assert main(["export", str(file), "--data", str(promised(tmp_path / "data"))]) == 1
    assert capsys.readouterr().err.startswith(f"export: [Errno 20] Not a directory: '{file}/")
    assert file.read_text() == "mine"
    assert main(["export", str(tmp_path / "x"), "--data", str(tmp_path / "none")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_export_prints_json(tmp_path: Path, capsys: Captured) -> None:
    data, output = promised(tmp_path / "data"), tmp_path / "out"
    path = data / "teams/payments/journeys/pay.yaml"
    assert main(["export", str(output), "--data", str(data), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "files": [
            str(output / name)
            for name in ("prometheus/payments.yaml", "openslo/payments.yaml", "alertmanager/alertmanager.yml")
        ],
        "removed": [],
        "left_out": [],
    }
    path.write_text(path.read_text().replace("events: {good: good, total: all}", "other: {system: S, query: Q}"))
    arguments = ["export", str(output), "--data", str(data), "--only", "prometheus", "--format", "json"]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out) == {
        "files": [],
        "removed": [str(output / "prometheus/payments.yaml")],
        "left_out": [{"path": "data/teams/payments/journeys/pay.yaml", "sli": "up", "export": "prometheus"}],
    }


def refused(output: Path, *blocked: str, data: Path, capsys: Captured) -> None:
    """Export writes nothing into a folder, and names what is in the way there."""
    before = files_of(output)
    assert main(["export", str(output), "--data", str(data)]) == 1
    names = ", ".join(str(output / it) for it in blocked)
    words = f"nothing was written: {names} was not made by this command; move it away"
    assert capsys.readouterr() == ("", f"export: {words}\n")
    assert files_of(output) == before


@pytest.mark.parametrize("mine", [b"groups: []\n", b"\xff\xfe\x00", b"", FIRST_LINE.encode()[:-1]])
def test_export_writes_over_nothing_that_it_did_not_write(mine: bytes, tmp_path: Path, capsys: Captured) -> None:
    data, output = promised(tmp_path / "data"), tmp_path / "out"
    (output / "prometheus").mkdir(parents=True)
    (output / "prometheus/payments.yaml").write_bytes(mine)
    (output / "prometheus/own.yaml").write_bytes(mine)
    refused(output, "prometheus/payments.yaml", data=data, capsys=capsys)


def test_export_writes_over_no_link(tmp_path: Path, capsys: Captured) -> None:
    data, output, elsewhere = promised(tmp_path / "data"), tmp_path / "out", tmp_path / "elsewhere"
    assert main(["export", str(elsewhere), "--data", str(data)]) == 0
    capsys.readouterr()
    before = files_of(elsewhere)
    (output / "openslo").mkdir(parents=True)
    (output / "openslo/payments.yaml").symlink_to(elsewhere / "openslo/payments.yaml")
    refused(output, "openslo/payments.yaml", data=data, capsys=capsys)
    # What an earlier run wrote is taken away, but no link either.
    assert main(["export", str(output), "--data", str(promised(tmp_path / "after", "slos: []"))]) == 0
    assert (output / "openslo/payments.yaml").is_symlink()
    assert files_of(elsewhere) == before


def test_export_into_a_folder_that_is_named_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    for _ in range(2):
        assert main(["export", str(tmp_path / "link"), "--data", str(promised(tmp_path / "data"))]) == 0
    assert sorted(files_of(tmp_path / "folder")) == [
        "alertmanager/alertmanager.yml",
        "openslo/payments.yaml",
        "prometheus/payments.yaml",
    ]


def test_export_says_where_a_folder_is_in_the_place_of_a_file(tmp_path: Path, capsys: Captured) -> None:
    output = tmp_path / "out"
    (output / "prometheus/payments.yaml").mkdir(parents=True)
    refused(output, "prometheus/payments.yaml", data=promised(tmp_path / "data"), capsys=capsys)


def test_where_one_file_can_not_be_written_none_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    data, output = promised(tmp_path / "data"), tmp_path / "out"
    write_bytes = Path.write_bytes

    def full(path: Path, raw: bytes) -> int:
        if b"kind: AlertPolicy" in raw:
            write_bytes(path, raw[:10])
            raise OSError(28, "No space left on device")
        return write_bytes(path, raw)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["export", str(output), "--data", str(data)]) == 1
    assert capsys.readouterr().err == "export: [Errno 28] No space left on device\n"
    assert not output.exists()


def test_a_rule_file_of_an_odd_name_stays_in_the_comment(tmp_path: Path) -> None:
    data, output = promised(tmp_path / "data"), tmp_path / "out"
    name = "a\ngroups: [] #.yaml"
    rules = "groups: [{name: g, rules: [{alert: A, expr: up}]}]\n"
    write_tree(data, {f"teams/payments/alerts/{name}": rules})
    assert main(["export", str(output), "--data", str(data), "--only", "alerts"]) == 0
    text = (output / "alerts/payments" / name).read_text(encoding="utf-8")
    assert text.splitlines()[1].endswith(r"data/teams/payments/alerts/a\x0agroups: [] #.yaml")
    assert text.splitlines()[2] == "groups:"

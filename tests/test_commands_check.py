"""`python -m macros check`: what it prints, and what counts."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from calls import COMPLETE, FAULTY, TILL, Captured, check, terminal
from conftest import Content, write_tree
from repositories import git

from macros.gaps import checks
from macros.site import project
from macros.sources import records
from macros.sources.git import TARGETS

pytestmark = pytest.mark.usefixtures("without_pages")


def test_check_of_complete_data_ends_with_0(data: Path, capsys: Captured) -> None:
    write_tree(data, COMPLETE)
    assert check("--data", data) == 0
    assert capsys.readouterr() == ("0 problems, 0 gaps\n", "")


def test_check_prints_findings_and_ends_with_0(data: Path, capsys: Captured) -> None:
    assert check("--data", data) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{data}/teams/payments/team.yaml:1:1: team-without-contact: "
        "Payments has no contacts: add the roles to ask, each with its channel",
        f"{data}/teams/payments/team.yaml:1:1: team-without-mission: "
        "Payments has no mission: say in a sentence what it does for whom",
        "0 problems, 2 gaps",
    ]


def test_check_prints_problems_and_ends_with_1(data: Path, capsys: Captured) -> None:
    write_tree(data, FAULTY)
    assert check("--data", data) == 1
    assert printed(capsys, data) == [
        "teams/payments/team.yaml:1:1: missing-key: `channel` is missing; add a line `channel: …`",
        "1 problem, 0 gaps; not looked at because of problems: 1 file",
    ]


def test_gaps_that_do_not_hang_on_problems_are_told_beside_them(data: Path, capsys: Captured) -> None:
    names: dict[str, Content] = {f"teams/{team}/team.yaml": f"name: {team}\n" for team in ("a", "b")}
    write_tree(data, {**names, "teams/a/services/till.yaml": TILL})
    assert check("--data", data) == 1
    *lines, count = printed(capsys, data)
    assert [line.split(": ")[1] for line in lines] == ["missing-key"] * 2 + [
        "team-without-contact",
        "team-without-mission",
    ]
    assert count == "2 problems, 2 gaps; not looked at because of problems: 3 files"
    check("--data", data, "--format", "json")
    left_out = ["teams/a/services/till.yaml", "teams/a/team.yaml", "teams/b/team.yaml"]
    assert json.loads(capsys.readouterr().out)["not_looked_at"] == [f"{data}/{path}" for path in left_out]


@pytest.mark.parametrize(("files", "code"), [({}, 1), (COMPLETE, 0), (FAULTY, 1)])
def test_under_strict_findings_count(files: dict[str, Content], code: int, data: Path) -> None:
    assert check("--strict", "--data", write_tree(data, files)) == code


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (["team-without-mission"], 1),
        (["service-without-tier"], 0),
        (["service-without-tier", "team-without-contact"], 1),
    ],
)
def test_findings_of_a_rule_that_is_named_count(rules: list[str], code: int, data: Path) -> None:
    assert check("--data", data, *(f"--fail-on={rule}" for rule in rules)) == code


def test_every_check_can_be_named(data: Path) -> None:
    write_tree(data, COMPLETE)
    assert check("--data", data, *(f"--fail-on={check.name}" for check in checks.CHECKS)) == 0


def test_rules_that_are_not_there_are_wrong_use(data: Path, capsys: Captured) -> None:
    assert check("--data", data, "--fail-on", "x", "--fail-on", "team-without-mission", "--fail-on", "a") == 2
    assert capsys.readouterr() == ("", "check: --fail-on: there is no rule a, x\n")


@pytest.mark.parametrize("format", ["text", "json", "github"])
@pytest.mark.parametrize(("files", "code"), [({}, 0), (FAULTY, 1)])
def test_the_exit_code_is_the_same_in_every_format(
    format: str, files: dict[str, Content], code: int, data: Path
) -> None:
    assert check("--format", format, "--data", write_tree(data, files)) == code


def test_check_prints_json(data: Path, capsys: Captured) -> None:
    check("--format", "json", "--data", data)
    report = json.loads(capsys.readouterr().out)
    assert [it["rule"] for it in report["findings"]] == ["team-without-contact", "team-without-mission"]
    assert report["problems"] == []
    assert report["accepted"] == []


ACCEPTED: dict[str, Content] = {
    "organisation.yaml": (
        "name: Example\nlanguage: en\ngaps: {off: [{gap: team-without-mission, why: Next year, until: 2027-01-31}]}\n"
    ),
    "teams/payments/team.yaml": (
        "name: Payments\nchannel: x\naccepted: [{gap: team-without-contact, why: The channel is enough}]\n"
    ),
}


def test_accepted_gaps_count_apart_and_fail_nothing(data: Path, capsys: Captured) -> None:
    write_tree(data, ACCEPTED)
    assert check("--strict", "--data", data) == 0
    assert capsys.readouterr().out == "0 problems, 0 gaps, 2 accepted\n"
    assert check("--fail-on", "team-without-mission", "--format", "github", "--data", data) == 0
    assert capsys.readouterr().out == ""


def test_json_lists_accepted_gaps_with_their_reasons(data: Path, capsys: Captured) -> None:
    check("--format", "json", "--data", write_tree(data, ACCEPTED))
    report = json.loads(capsys.readouterr().out)
    assert report["findings"] == []
    assert [(gap["rule"], gap["id"], gap["why"], gap["until"]) for gap in report["accepted"]] == [
        ("team-without-contact", "payments", "The channel is enough", None),
        ("team-without-mission", "payments", "Next year", "2027-01-31"),
    ]


def test_check_prints_annotations_and_nothing_where_there_is_nothing(data: Path, capsys: Captured) -> None:
    check("--format", "github", "--data", data)
    assert [line.split(" ")[0] for line in capsys.readouterr().out.splitlines()] == ["::warning", "::warning"]
    check("--format", "github", "--data", write_tree(data, COMPLETE))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        (FAULTY, [("31", "missing-key"), ("31", "1 problem")]),
        ({}, [("33", "team-without-contact"), ("33", "team-without-mission"), ("33", "2 gaps")]),
    ],
)
def test_a_terminal_shows_problems_in_red_and_findings_in_yellow(
    files: dict[str, Content],
    lines: list[tuple[str, str]],
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    path = write_tree(data, files) / "teams/payments/team.yaml"
    with terminal(monkeypatch) as shown:
        code = check("--data", data)
    assert re.findall(r"\x1b\[(3.)m(.*?)\x1b\[0m", shown[0]) == lines
    assert shown[0].startswith(f"\x1b[1m{path}\x1b[0m\x1b[2m:1:1:\x1b[0m ")
    assert check("--data", data) == code
    assert re.sub(r"\x1b\[\d+m", "", shown[0]) == capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ([], {"NO_COLOR": "1"}),
        ([], {"TERM": "dumb"}),
        (["--format", "json"], {}),
        (["--format", "github"], {}),
    ],
)
def test_a_terminal_that_wants_none_and_other_formats_get_no_colour(
    arguments: list[str], environment: dict[str, str], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal(monkeypatch, **environment) as shown:
        check("--data", data, *arguments)
    assert "team-without-mission" in shown[0]
    assert "\x1b" not in shown[0]


def test_a_pipe_gets_no_colour(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as pipe:
        assert pipe.stdin
        monkeypatch.setenv("TERM", "xterm")
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdout", pipe.stdin)
            check("--data", data)
        printed, _ = pipe.communicate()
    assert "team-without-mission" in printed
    assert "\x1b" not in printed


FAULTY_TILL = "name: Till\nsummary: Takes coins\ndepends_on: [tlil, cart]\n"


def test_of_files_that_are_named_the_problems_are_told_and_no_others(data: Path, capsys: Captured) -> None:
    write_tree(data, {"teams/payments/services/till.yaml": FAULTY_TILL, "teams/payments/services/cart.yaml": "name: 1"})
    assert check("--data", data, data / "teams/payments/services/till.yaml") == 1
    assert printed(capsys, data) == [
        "teams/payments/services/till.yaml:3:14: unknown-reference: there is no service `tlil`; did you mean `till`?",
        "1 problem, in 1 file alone; gaps not looked at",
    ]
    assert check("--data", data, data / "teams/payments/team.yaml", data / "organisation.yaml") == 0
    assert printed(capsys, data) == ["0 problems, in 2 files alone; gaps not looked at"]


def test_a_file_in_a_folder_that_no_kind_has_is_told_with_it(data: Path, capsys: Captured) -> None:
    write_tree(data, {"teams/payments/sevices/till.yaml": TILL})
    assert check("--data", data, "--format", "json", data / "teams/payments/sevices/till.yaml") == 1
    report = json.loads(capsys.readouterr().out)
    assert [problem["rule"] for problem in report.pop("problems")] == ["unknown-folder"]
    assert report == {}, "it doesn't say that there are no gaps"


def test_pages_that_are_named_are_checked_against_all_data(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(project, "ROOT", tmp_path)
    call = "{{ link('team', 'payments') }} {{ link('team', 'paymnts') }}"
    write_tree(tmp_path / "docs", {"a.md": call, "b.md": "{{ nothing() }}"}, base=False)
    assert check("--data", data, tmp_path / "docs/a.md") == 1
    assert [line.split(": ")[:2] for line in capsys.readouterr().out.splitlines()[:-1]] == [
        ["docs/a.md:1:1", "macro-call"]
    ]


@pytest.mark.parametrize("arguments", [["--strict"], ["--since"], ["--record"], ["--fail-on=team-without-mission"]])
def test_what_asks_for_gaps_takes_no_files(arguments: list[str], data: Path, capsys: Captured) -> None:
    assert check(data / "organisation.yaml", "--data", data, *arguments) == 2
    assert capsys.readouterr().err.startswith("check: FILE: gaps need all files")


def test_files_that_are_not_there_or_of_another_folder_are_wrong_use(data: Path, capsys: Captured) -> None:
    (data.parent / "x.yaml").touch()
    names = (data / "organisation.yaml", data / "nix.yaml", data / "../x.yaml")
    assert check("--data", data, *names) == 2
    assert capsys.readouterr().err == f"check: no file of {data}/ or docs/: {names[1]}, {names[2]}\n"


@pytest.fixture
def branch(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data of two teams with two gaps each in a repository, and a file that is not committed."""
    for name in TARGETS:
        monkeypatch.delenv(name, raising=False)
    write_tree(data, {"teams/shop/team.yaml": "name: Shop\nchannel: x\n"})
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        git(data, *command)
    write_tree(data, {"teams/shop/services/till.yaml": TILL}, base=False)
    return data


WITHOUT_TIER = (
    "teams/shop/services/till.yaml:1:1: service-without-tier: Till has no tier: "
    "decide whether users are stopped (1), hindered (2) or hardly notice (3)"
)
WITHOUT_MISSION = (
    "teams/payments/team.yaml:1:1: team-without-mission: "
    "Payments has no mission: say in a sentence what it does for whom"
)
WITH_MISSION: dict[str, Content] = {"teams/payments/team.yaml": "name: Payments\nchannel: x\nmission: M\n"}


def printed(captured: Captured, data: Path) -> list[str]:
    """The lines on standard output, with paths from the data folder."""
    return captured.readouterr().out.replace(f"{data}/", "").splitlines()


def test_since_a_revision_what_is_added_and_what_is_mended_is_told(branch: Path, capsys: Captured) -> None:
    write_tree(branch, WITH_MISSION)
    assert check("--data", branch, "--since") == 0
    assert printed(capsys, branch) == [
        WITHOUT_TIER,
        f"closed: {WITHOUT_MISSION}",
        "0 problems, adds 1 gap, closes 1; 3 others as before",
    ]


def test_where_nothing_changed_all_is_as_before_also_in_another_file(branch: Path, capsys: Captured) -> None:
    git(branch, "add", ".")
    git(branch, "commit", "-qm", "x")
    service = branch / "teams/shop/services/till.yaml"
    service.write_text(f"\n\n{TILL}")
    (branch / "teams/payments/services").mkdir()
    service.rename(branch / "teams/payments/services/till.yaml")
    assert check("--data", branch, "--since") == 0
    assert printed(capsys, branch) == ["0 problems, adds 0 gaps, closes 0; 5 others as before"]


def test_what_comes_of_a_deletion_elsewhere_is_told(branch: Path, capsys: Captured) -> None:
    journey = "name: Buy\nuser: A buyer\ngoal: Buy\nsteps: [{what: Pay, service: till}]\n"
    tier_1 = f"{TILL}tier: 1\n"
    write_tree(branch, {"teams/payments/journeys/buy.yaml": journey, "teams/shop/services/till.yaml": tier_1})
    git(branch, "add", ".")
    git(branch, "commit", "-qm", "x")
    (branch / "teams/payments/journeys/buy.yaml").unlink()
    assert check("--data", branch, "--since", "HEAD") == 0
    assert printed(capsys, branch) == [
        "teams/shop/services/till.yaml:3:1: critical-service-in-no-journey: Till stops users when it fails and isn't "
        "in any journey: name the journey that needs it most",
        "closed: teams/payments/journeys/buy.yaml:1:1: journey-without-slo: “Buy” has no SLO: "
        "agree on one target from its history, and write down who decided",
        "0 problems, adds 1 gap, closes 1; 8 others as before",
    ]


def test_a_gap_that_is_accepted_is_not_mended(branch: Path, capsys: Captured) -> None:
    gaps = "gaps: {off: [{gap: service-without-tier, why: x}, {gap: team-without-mission, why: x}]}"
    write_tree(branch, {"organisation.yaml": f"name: Example\nlanguage: en\n{gaps}\n"}, base=False)
    assert check("--data", branch, "--since") == 0
    assert printed(capsys, branch) == ["0 problems, adds 0 gaps, closes 0; 2 others as before, 3 accepted"]


def test_json_has_what_is_added_and_mended_beside_what_there_is(branch: Path, capsys: Captured) -> None:
    write_tree(branch, WITH_MISSION)
    assert check("--data", branch, "--since", "--format", "json") == 0
    report = json.loads(capsys.readouterr().out)
    assert {sort: [(it["rule"], it["id"]) for it in report[sort]] for sort in ("added", "closed")} == {
        "added": [("service-without-tier", "till")],
        "closed": [("team-without-mission", "payments")],
    }
    assert len(report["findings"]) == 4
    assert [report[sort] for sort in ("problems", "not_looked_at", "not_compared")] == [[], [], []]


def test_annotations_warn_of_what_is_added_and_note_what_is_mended(branch: Path, capsys: Captured) -> None:
    write_tree(branch, WITH_MISSION)
    assert check("--data", branch, "--since", "--format", "github") == 0
    assert [line.rpartition("::")[0] for line in printed(capsys, branch)] == [
        "::warning file=teams/shop/services/till.yaml,line=1,col=1,title=service-without-tier",
        "::notice file=teams/payments/team.yaml,line=1,col=1,title=closed%3A team-without-mission",
    ]


def test_a_terminal_shows_what_is_closed_dimmed(branch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(branch, WITH_MISSION)
    with terminal(monkeypatch) as shown:
        check("--data", branch, "--since")
    assert f"\x1b[2mclosed: {branch}/{WITHOUT_MISSION}\x1b[0m" in shown[0].splitlines()
    assert shown[0].endswith("0 problems, adds \x1b[33m1 gap\x1b[0m, closes 1; 3 others as before\n")


def test_only_gaps_that_are_added_count(branch: Path) -> None:
    assert check("--data", branch, "--fail-on", "team-without-mission") == 1
    assert check("--data", branch, "--fail-on", "team-without-mission", "--since") == 0
    assert check("--data", branch, "--strict", "--since") == 1
    (branch / "teams/shop/services/till.yaml").unlink()
    assert check("--data", branch, "--strict", "--since") == 0


def test_problems_are_told_and_count_wherever_they_are(branch: Path, capsys: Captured) -> None:
    write_tree(branch, FAULTY)
    git(branch, "commit", "-qam", "x")
    assert check("--data", branch, "--since") == 1
    assert printed(capsys, branch) == [
        "teams/payments/team.yaml:1:1: missing-key: `channel` is missing; add a line `channel: …`",
        WITHOUT_TIER,
        "1 problem, adds 1 gap, closes 0; 2 others as before; "
        "not looked at because of problems: 1 file; "
        "not compared because of problems: 1 file",
    ]
    write_tree(branch, WITH_MISSION)
    assert check("--data", branch, "--since", "--format", "json") == 0
    report = json.loads(capsys.readouterr().out)
    assert ([it["id"] for it in report["added"]], report["closed"]) == (["till"], [])
    assert report["not_compared"] == [f"{branch}/teams/payments/team.yaml"]


def test_without_git_s_answer_nothing_is_told(branch: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    assert check("--data", branch, "--since", "nowhere") == 2
    words = "check: --since: there is no commit `nowhere` here; fetch it, or name another\n"
    assert capsys.readouterr() == ("", words)
    monkeypatch.setenv("PATH", "")
    assert check("--data", branch, "--since") == 2
    assert capsys.readouterr() == ("", "check: --since: git can't be run (No such file or directory)\n")


def test_figures_are_recorded_once_a_day(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = data / records.FILE
    assert check("--data", data) == 0
    assert not file.exists()
    assert check("--data", data, "--record") == 0
    first = file.read_text()
    assert first.count("2026-11-24") == len(first.splitlines()) == 2
    write_tree(data, COMPLETE)
    assert check("--data", data, "--record", "--format", "json") == 0
    second = file.read_text()
    assert second.count("2026-11-24") == len(second.splitlines()) == 2
    assert (first.count('"team-without-mission":[0,1]'), second.count('"team-without-mission":[1,1]')) == (2, 2)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796083200")
    assert check("--data", data, "--record") == 0
    assert file.read_text() == second + second.replace("2026-11-24", "2026-12-01")


def test_with_problems_nothing_is_recorded(data: Path) -> None:
    assert check("--data", write_tree(data, FAULTY), "--record") == 1
    assert not (data / records.FILE).exists()
    write_tree(data, {records.FILE: "{}\n"})
    assert check("--data", data, "--record") == 1
    assert (data / records.FILE).read_text() == "{}\n"


def test_gaps_that_count_stop_no_record(data: Path) -> None:
    assert check("--data", data, "--record", "--strict") == 1
    assert (data / records.FILE).exists()

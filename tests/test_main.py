"""`python -m macros`: what each command prints and the exit code that it ends with."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT, Content, write_tree
from web import run, served

from macros import __main__ as program
from macros import catalogue, checks, kinds, publish, published, serve, skeletons
from macros.__main__ import main
from macros.commands import COMMANDS, command
from macros.kinds import KINDS
from macros.model import Playbook
from macros.project import load_handbook

COMPLETE: dict[str, Content] = {
    "teams/payments/team.yaml": "name: Payments\nchannel: x\nmission: M\ncontacts: [{role: Lead, channel: x}]\n"
}
FAULTY: dict[str, Content] = {"teams/payments/team.yaml": "name: Payments\n"}

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The smallest data: it has two findings, of two rules."""
    return write_tree(tmp_path / "data", {})


def check(*arguments: object) -> int:
    return main(["check", *map(str, arguments)])


def wrong_use(capsys: Captured, *arguments: str) -> str:
    """The last line of what a command says that is used wrongly."""
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err.splitlines()[-1]


def test_check_of_complete_data_ends_with_0(data: Path, capsys: Captured) -> None:
    write_tree(data, COMPLETE)
    assert check("--data", data) == 0
    assert capsys.readouterr() == ("0 problems, 0 findings\n", "")


def test_check_prints_findings_and_ends_with_0(data: Path, capsys: Captured) -> None:
    assert check("--data", data) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{data}/teams/payments/team.yaml:1:1: team-without-contact: "
        "Payments names no contact: add the roles to ask, each with its channel",
        f"{data}/teams/payments/team.yaml:1:1: team-without-mission: "
        "Payments has no mission: say in a sentence what it does for whom",
        "0 problems, 2 findings",
    ]


def test_check_prints_problems_and_ends_with_1(data: Path, capsys: Captured) -> None:
    write_tree(data, FAULTY)
    assert check("--data", data) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0:2] for line in lines[:-1]] == [[f"{data}/teams/payments/team.yaml:1:1", "missing-key"]]
    assert lines[-1] == "1 problem, 0 findings"


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
    assert check("--data", data, *(f"--fail-on={checks.rule_name(it)}" for it in checks.CHECKS)) == 0


def test_rules_that_are_not_there_are_wrong_use(data: Path, capsys: Captured) -> None:
    assert check("--data", data, "--fail-on", "x", "--fail-on", "team-without-mission", "--fail-on", "a") == 2
    assert capsys.readouterr() == ("", "check: --fail-on: no rule is called a, x\n")


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


def test_check_prints_annotations_and_nothing_where_there_is_nothing(data: Path, capsys: Captured) -> None:
    check("--format", "github", "--data", data)
    assert [line.split(" ")[0] for line in capsys.readouterr().out.splitlines()] == ["::warning", "::warning"]
    check("--format", "github", "--data", write_tree(data, COMPLETE))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["none", "file"])
def test_a_data_folder_that_is_not_there_is_wrong_use(name: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").write_text("")
    assert check("--data", tmp_path / name) == 2
    assert capsys.readouterr() == ("", f"check: --data: there is no folder {tmp_path / name}\n")


def test_without_data_the_environment_says_which(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv("HANDBOOK_DATA", str(data))
    assert check() == 0
    assert f"{data}/teams/payments/team.yaml:1:1: " in capsys.readouterr().out


def test_data_that_is_named_goes_before_that_of_the_environment(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDBOOK_DATA", "/nowhere")
    assert check("--data", data) == 0


@pytest.mark.parametrize("value", [None, ""])
def test_without_either_it_is_the_data_of_the_checkout(
    value: str | None, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(ROOT)
    if value is not None:
        monkeypatch.setenv("HANDBOOK_DATA", value)
    assert check() == 0
    assert all(line.startswith("data/") for line in capsys.readouterr().out.splitlines()[:-1])


@pytest.mark.parametrize("kind", KINDS)
def test_schema_prints_that_of_a_kind(kind: str, capsys: Captured) -> None:
    assert main(["schema", kind]) == 0
    assert json.loads(capsys.readouterr().out) == kinds.schema(KINDS[kind])


def test_schema_prints_all_by_kind(capsys: Captured) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == {name: kinds.schema(kind) for name, kind in KINDS.items()}


@pytest.mark.parametrize("option", ["-o", "--output"])
def test_schema_writes_a_file_for_each_kind(option: str, tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "a/b"
    for _ in range(2):
        assert main(["schema", option, str(folder)]) == 0
    assert {path.name: json.loads(path.read_text("utf-8")) for path in folder.iterdir()} == {
        f"{name}.schema.json": kinds.schema(kind) for name, kind in KINDS.items()
    }
    assert capsys.readouterr().out == ""


def test_schema_writes_that_of_a_kind_alone(tmp_path: Path) -> None:
    assert main(["schema", "team", "-o", str(tmp_path)]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["team.schema.json"]


def test_schema_never_takes_a_file_for_a_folder(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "schemas"
    file.write_text("mine")
    assert main(["schema", "-o", str(file)]) == 2
    assert capsys.readouterr().err == f"schema: --output: {file} is a file; name a folder\n"
    assert file.read_text() == "mine"


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


TEMPLATE = (
    "name: Alert\nsummary: S\nuse_when: U\nmakes: playbook\nsections: [{name: N, guidance: G, example: E}]\n"
    "skeleton: |\n  name: <What is wrong>\n  service: SERVICE-ID\n"
)
TILL = "name: Till\nsummary: Takes coins\n"
BEGINNING: dict[str, Content] = {
    **COMPLETE,
    "playbook-templates/alert.yaml": TEMPLATE,
    "playbook-templates/queue.yaml": TEMPLATE.replace("<What is wrong>", "<What waits>"),
    "playbook-templates/postmortem.yaml": TEMPLATE.replace("makes: playbook", "makes: document"),
    "teams/payments/services/till.yaml": TILL,
    "teams/payments/services/checkout.yaml": TILL.replace("Till", "Checkout"),
    "teams/shop/team.yaml": "name: Shop\nchannel: x\n",
    "teams/shop/services/basket.yaml": TILL.replace("Till", "Basket"),
}
"""Two teams, their services, and templates of both sorts."""

BEGUN = "name: <What is wrong>\nservice: checkout\n"
"""What `new` makes of `TEMPLATE` where nothing else is said."""


def new(data: Path, *arguments: str, team: str = "payments") -> int:
    return main(["new", "playbook", *arguments, "--team", team, "--data", str(data)])


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_new_writes_a_file_and_prints_its_path(data: Path, capsys: Captured) -> None:
    write_tree(data, BEGINNING)
    before = files_of(data)
    assert new(data, "coins-stick") == 0
    path = data / "teams/payments/playbooks/coins-stick.yaml"
    assert capsys.readouterr() == (f"{path}\n", "")
    assert path.read_text(encoding="utf-8") == BEGUN
    assert files_of(data) == {**before, "teams/payments/playbooks/coins-stick.yaml": BEGUN.encode()}
    assert check("--data", data) == 0


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], BEGUN),
        (["--service", "till"], BEGUN.replace("checkout", "till")),
        (["--service", "basket"], BEGUN.replace("checkout", "basket")),
        (["--template", "queue"], BEGUN.replace("<What is wrong>", "<What waits>")),
        (["--title", "Coins stick"], 'name: "Coins stick"\nservice: checkout\n'),
        (["--title", 'says "no": # \\'], 'name: "says \\"no\\": # \\\\"\nservice: checkout\n'),
        (["--title", "硬貨が詰まる"], 'name: "硬貨が詰まる"\nservice: checkout\n'),
        (["--service", "till", "--title", "A", "--template", "queue"], 'name: "A"\nservice: till\n'),
    ],
)
def test_new_takes_the_first_service_the_alert_template_and_no_title_unless_it_is_told(
    arguments: list[str], text: str, data: Path
) -> None:
    assert new(write_tree(data, BEGINNING), "coins-stick", *arguments) == 0
    assert (data / "teams/payments/playbooks/coins-stick.yaml").read_text(encoding="utf-8") == text
    assert check("--data", data) == 0


def test_new_takes_a_service_of_the_team_that_is_named(data: Path) -> None:
    assert new(write_tree(data, BEGINNING), "basket-is-lost", team="shop") == 0
    path = data / "teams/shop/playbooks/basket-is-lost.yaml"
    assert path.read_text(encoding="utf-8") == BEGUN.replace("checkout", "basket")


def test_new_leaves_the_place_of_the_service_where_the_team_has_none(data: Path) -> None:
    write_tree(data, {**BEGINNING, "teams/street/team.yaml": "name: Street\nchannel: x\n"})
    assert new(data, "coins-stick", team="street") == 0
    path = data / "teams/street/playbooks/coins-stick.yaml"
    assert path.read_text(encoding="utf-8") == BEGUN.replace("checkout", "SERVICE-ID")


@pytest.mark.parametrize(
    ("id", "arguments", "words"),
    [
        ("a", {"team": "paymnets"}, "--team: there is no team `paymnets`; did you mean `payments`?"),
        ("a", {"team": "zzz"}, "--team: there is no team `zzz`; there are payments, shop"),
        ("a", {"template": "alrt"}, "--template: there is no template `alrt`; did you mean `alert`?"),
        ("a", {"template": "zzz"}, "--template: there is no template `zzz`; there are alert, queue"),
        ("a", {"template": "postmortem"}, "--template: there is no template `postmortem`; there are alert, queue"),
        ("a", {"service": "chekout"}, "--service: there is no service `chekout`; did you mean `checkout`?"),
        ("a", {"service": "zzz"}, "--service: there is no service `zzz`; there are basket, checkout, till"),
        *(
            (id, {}, f"`{id}` can't be an id; use lower-case letters, digits and single hyphens")
            for id in ("Coins Stick", "coins_stick", "coins--stick", "../coins", "a/b", "硬貨", "coins\n")
        ),
        ("", {}, "name its id: lower-case letters, digits and single hyphens"),
        ("a", {"team": ""}, "--team: name the team in whose folder the playbook stands"),
        ("taken", {}, "there is a playbook `taken` already; ids are unique over all teams"),
    ],
)
def test_new_writes_nothing_under_a_name_that_is_wrong(
    id: str, arguments: dict[str, str], words: str, data: Path, capsys: Captured
) -> None:
    write_tree(data, {**BEGINNING, "teams/shop/playbooks/taken.yaml": "name: Taken\nservice: basket\n"})
    before = files_of(data)
    options = [part for name, value in {"team": "payments", **arguments}.items() for part in (f"--{name}", value)]
    assert main(["new", "playbook", id, *options, "--data", str(data)]) == 2
    assert capsys.readouterr() == ("", f"new: {words}\n")
    assert files_of(data) == before


def test_new_without_a_template_says_that_there_is_none(tmp_path: Path, capsys: Captured) -> None:
    assert new(write_tree(tmp_path / "bare", COMPLETE), "a") == 2
    assert capsys.readouterr() == ("", "new: --template: there is no template `alert`; there are none\n")


def test_new_overwrites_no_playbook_of_the_team(data: Path, capsys: Captured) -> None:
    write_tree(data, BEGINNING)
    assert new(data, "coins-stick", "--title", "Mine") == 0
    before = files_of(data)
    capsys.readouterr()
    assert new(data, "coins-stick") != 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("new: there is a playbook `coins-stick` already")
    assert files_of(data) == before


def test_new_overwrites_no_file_that_appears_while_it_runs(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    write_tree(data, BEGINNING)
    handbook = load_handbook(data)
    write_tree(data, {"teams/payments/playbooks/coins-stick.yaml": "mine"}, base=False)
    path = data / "teams/payments/playbooks/coins-stick.yaml"
    monkeypatch.setattr(command, "load_handbook", lambda folder: handbook)
    assert new(data, "coins-stick") == 1
    assert capsys.readouterr() == ("", f"new: {path} is there already; choose another id, or edit it\n")
    assert path.read_text() == "mine"


def test_new_writes_nothing_into_data_with_a_problem(data: Path, capsys: Captured) -> None:
    write_tree(data, {**BEGINNING, "teams/shop/team.yaml": "name: Shop\n"})
    before = files_of(data)
    assert new(data, "coins-stick") == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"{data}/teams/shop/team.yaml:1:1: missing-key" in printed.err
    assert files_of(data) == before


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (["team", "street", "--title", "Street"], "teams/street/team.yaml"),
        (["service", "till-api", "--team", "payments"], "teams/payments/services/till-api.yaml"),
        (["journey", "pay", "--team", "payments"], "teams/payments/journeys/pay.yaml"),
        (["alerts", "uptime", "--team", "payments"], "teams/payments/alerts/uptime.yaml"),
        (["team-checklist", "start", "--team", "payments"], "teams/payments/checklists/start.yaml"),
        (["reading-shelf", "basics"], "reading/basics.yaml"),
        (["glossary"], "glossary.yaml"),
    ],
)
def test_new_begins_a_file_of_any_kind(arguments: list[str], path: str, data: Path, capsys: Captured) -> None:
    assert main(["new", *arguments, "--data", str(data)]) == 0
    assert capsys.readouterr() == (f"{data / path}\n", "")
    title = arguments[arguments.index("--title") + 1] if "--title" in arguments else ""
    assert (data / path).read_text(encoding="utf-8") == skeletons.of_kind(KINDS[arguments[0]], title)
    assert main(["new", *arguments, "--data", str(data)]) != 0


def test_new_speaks_the_language_that_it_is_told(data: Path) -> None:
    assert main(["new", "team", "street", "--language", "ja", "--data", str(data)]) == 0
    japanese = catalogue.translations("ja").gettext
    text = (data / "teams/street/team.yaml").read_text(encoding="utf-8")
    assert text == skeletons.of_kind(KINDS["team"], "", japanese) != skeletons.of_kind(KINDS["team"])


def test_new_asks_at_a_terminal_for_what_is_missing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"Its id": "till-api", "The team": "payments", "Its name": "Till API"}

    def answer(asked: str) -> str:
        return answers.pop(next(it for it in answers if asked.startswith(it)))

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    assert main(["new", "service", "--data", str(data)]) == 0
    assert answers == {}
    text = (data / "teams/payments/services/till-api.yaml").read_text(encoding="utf-8")
    assert 'name: "Till API"\n' in text


def test_rename_and_move_change_the_files_and_say_which(data: Path, capsys: Captured) -> None:
    write_tree(data, {**COMPLETE, "teams/shop/team.yaml": "name: Shop\nchannel: x\n"})
    write_tree(data, {"teams/payments/services/till.yaml": "name: Till # of the shop\nsummary: Takes money\n"})
    before = files_of(data)
    assert main(["rename", "service", "till", "till-api", "--data", str(data), "--dry-run"]) == 0
    assert "+aliases: [till]" in capsys.readouterr().out
    assert files_of(data) == before
    assert main(["rename", "service", "till", "till-api", "--data", str(data)]) == 0
    assert "till-api.yaml" in capsys.readouterr().out
    assert main(["move", "service", "till-api", "--team", "shop", "--data", str(data), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)
    text = (data / "teams/shop/services/till-api.yaml").read_text(encoding="utf-8")
    assert text == "name: Till # of the shop\naliases: [till]\nsummary: Takes money\n"
    assert not (data / "teams/payments/services/till.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rename", "servise", "till", "a"], "did you mean `service`?"),
        (["rename", "service", "tlil", "a"], "did you mean `till`?"),
        (["rename", "service", "till", "A"], "can't be an id"),
        (["move", "service", "till", "--team", "shpo"], "did you mean `shop`?"),
    ],
)
def test_rename_and_move_write_nothing_under_a_name_that_is_wrong(
    arguments: list[str], words: str, data: Path, capsys: Captured
) -> None:
    write_tree(data, {**COMPLETE, "teams/shop/team.yaml": "name: Shop\nchannel: x\n"})
    write_tree(data, {"teams/payments/services/till.yaml": "name: Till\nsummary: Takes money\n"})
    before = files_of(data)
    assert main([*arguments, "--data", str(data)]) == 2
    assert words in capsys.readouterr().err
    assert files_of(data) == before


def test_import_makes_files_says_what_it_left_and_overwrites_nothing(
    data: Path, tmp_path: Path, capsys: Captured
) -> None:
    table = tmp_path / "teams.csv"
    table.write_text("team,channel,service,summary\nstreet,#street,stall,Sells\n", encoding="utf-8")
    before = files_of(data)
    assert main(["import", "csv", str(table), "--data", str(data), "--dry-run"]) == 0
    assert "teams/street/team.yaml" in capsys.readouterr().out
    assert files_of(data) == before
    for _ in range(2):
        assert main(["import", "csv", str(table), "--data", str(data)]) == 0
    assert "is there already" in capsys.readouterr().out
    new = files_of(data).keys() - before.keys()
    assert {Path(it).name for it in new} == {"team.yaml", "stall.yaml"}
    assert check("--data", data) == 0


def test_new_makes_no_data_folder(tmp_path: Path, capsys: Captured) -> None:
    assert new(tmp_path / "none", "coins-stick") == 2
    assert capsys.readouterr() == ("", f"new: --data: there is no folder {tmp_path / 'none'}\n")
    assert not (tmp_path / "none").exists()


def test_a_reader_that_has_seen_enough_gets_no_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "macros", "schema"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate()
    assert (process.returncode, errors) == (1, b"")


def test_catalogue_says_how_much_is_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    path = tmp_path / "messages.po"
    monkeypatch.setattr(catalogue, "catalogue_path", lambda language: path)
    assert main(["catalogue"]) == 0
    total = len([line for line in path.read_text("utf-8").splitlines() if line.startswith("msgid ")]) - 1
    assert capsys.readouterr().out == f"{path}: {total} messages, {total} without a translation\n"


def test_site_of_faulty_data_ends_with_1_and_makes_nothing(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("HANDBOOK_DATA", str(write_tree(data, FAULTY)))
    assert main(["site", "--output", str(tmp_path / "out")]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [line.split(": ")[1] for line in printed.err.splitlines()[:-1]] == ["missing-key"]
    assert printed.err.endswith("--- out/ was not made\n")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "built"),
    [
        ([], (Path("site"), False)),
        (["--output", "a/b"], (Path("a/b"), False)),
        (["--pdf"], (Path("site"), True)),
    ],
)
def test_site_builds_what_it_is_told_and_where(
    arguments: list[str], built: tuple[Path, bool], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    builds: list[tuple[Path, bool]] = []

    def site(output: Path, *, pdfs: bool) -> publish.Built:
        builds.append((output, pdfs))
        return publish.Built(output, date(2026, 11, 24), 2 * pdfs, 3 * pdfs)

    monkeypatch.setattr(publish, "site", site)
    assert main(["site", *arguments]) == 0
    assert builds == [built]
    said = f"{built[0].name}/: English at /, Japanese at /ja/, as of 2026-11-24"
    assert capsys.readouterr().out.splitlines() == [*(["5 PDFs, 2 of them new"] if built[1] else []), said]
    assert main(["site", *arguments, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "output": str(built[0]),
        "editions": {"en": "/", "ja": "/ja/"},
        "day": "2026-11-24",
        "pdfs": {"new": 2, "kept": 3} if built[1] else None,
    }


@pytest.mark.parametrize(
    ("arguments", "started"),
    [
        ([], ("en", "127.0.0.1", 8000)),
        (["--edition", "ja", "--host", "0.0.0.0", "--port", "81"], ("ja", "0.0.0.0", 81)),
    ],
)
def test_serve_starts_what_it_is_told(
    arguments: list[str], started: tuple[str, str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[tuple[str, str, int]] = []

    def run(edition: str, host: str, port: int) -> int:
        starts.append((edition, host, port))
        return 7

    monkeypatch.setattr(serve, "run", run)
    assert main(["serve", *arguments]) == 7
    assert starts == [started]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_a_command_does_and_gives_an_example(command: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as raised:
        main([command, "--help"])
    assert raised.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: python -m macros {command} ")
    assert f"\n  python -m macros {command}" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_in_the_help_is_a_call_that_works(command: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    examples = [
        shlex.split(line)[3:] for line in capsys.readouterr().out.splitlines() if line.startswith("  python -m ")
    ]
    assert examples
    for example in examples:
        assert program.parser().parse_args(example).command == command


def test_help_lists_every_command(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--help"])
    assert raised.value.code == 0
    text = capsys.readouterr().out
    assert [line.split()[0] for line in text.splitlines() if line.startswith("    ") and line[4] != " "] == [*COMMANDS]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["chek"], "argument COMMAND: invalid choice: 'chek'"),
        (["check", "--format", "xml"], "argument --format: invalid choice: 'xml'"),
        (["check", "--nothing"], "unrecognized arguments: --nothing"),
        (["check", "--data"], "argument --data: expected one argument"),
        (["schema", "taem"], "argument kind: invalid choice: 'taem'"),
        (["new", "playbok", "a"], "argument KIND: invalid choice: 'playbok'"),
        (["import", "excel", "a.csv"], "argument source: invalid choice: 'excel'"),
        (["import", "csv"], "the following arguments are required: FILE"),
        (["serve", "--edition", "fr"], "argument --edition: invalid choice: 'fr'"),
        (["serve", "--port", "x"], "argument --port: invalid int value: 'x'"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_is_wrong(arguments: list[str], words: str, capsys: Captured) -> None:
    assert f": error: {words}" in wrong_use(capsys, *arguments)


@pytest.mark.parametrize(("files", "arguments", "code"), [({}, [], 0), (FAULTY, [], 1), ({}, ["--fail-on", "x"], 2)])
def test_the_module_ends_with_the_exit_code(
    files: dict[str, Content], arguments: list[str], code: int, data: Path
) -> None:
    assert run(ROOT, "macros", "check", *arguments, HANDBOOK_DATA=str(write_tree(data, files))).returncode == code


@pytest.mark.parametrize("title", ["a\tb", "\x07", "  "])
def test_new_refuses_a_title_that_is_no_line_of_words(title: str, tmp_path: Path, capsys: Captured) -> None:
    data = tmp_path / "data"
    arguments = ["new", "playbook", "coins", "--team", "drawer", "--title", title, "--data", str(data)]
    shutil.copytree(ROOT / "data", data)
    assert main(arguments) == 2
    assert "--title: write it on one line" in capsys.readouterr().err
    assert not (data / "teams/drawer/playbooks/coins.yaml").exists()


@pytest.mark.parametrize(
    ("alert", "line"),
    [("CoinsStick", '  - "CoinsStick"'), ('says "no": # \\', '  - "says \\"no\\": # \\\\"'), ("硬貨", '  - "硬貨"')],
)
def test_new_names_the_alert_that_the_playbook_answers(alert: str, line: str, tmp_path: Path) -> None:
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    assert main(["new", "playbook", "coins", "--team", "drawer", "--alert", alert, "--data", str(data)]) == 0
    lines = (data / "teams/drawer/playbooks/coins.yaml").read_text(encoding="utf-8").splitlines()
    place = next(number for number, it in enumerate(lines) if it.startswith("alerts:"))
    assert lines[place + 1] == line
    assert lines[place + 2].startswith("symptoms:")
    playbook = load_handbook(data)[0].get("playbook", "coins")
    assert isinstance(playbook, Playbook)
    assert playbook.alerts == (alert,)


def test_new_refuses_an_alert_that_is_no_line_of_words(data: Path, capsys: Captured) -> None:
    assert new(write_tree(data, BEGINNING), "coins", "--alert", "a\nb") == 2
    assert capsys.readouterr().err == "new: --alert: write it on one line, in letters that can be seen\n"


COVERED: dict[str, Content] = {
    **COMPLETE,
    "organisation.yaml": "name: Example\nlanguage: en\nsite_address: https://h.example.com/\n",
    "teams/payments/services/till.yaml": TILL,
    "teams/payments/playbooks/till-down.yaml": (
        "name: Till is down\nservice: till\nalerts: [TillDown]\n"
        "diagnosis: [{do: D, command: c, expect: E}]\nmitigation: [{do: M}]\n"
    ),
}
RULES = """\
groups:
- name: till
  rules:
  - {alert: TillDown, expr: up == 0, labels: {severity: page}}
  - {alert: TillSlow, expr: x > 1, labels: {severity: ticket}}
  - {alert: Watchdog, expr: vector(1)}
"""
LED = ["4: page: TillDown: https://h.example.com/playbooks/till-down/", "5: ticket: TillSlow: no playbook"]
LED += ["6: neither page nor ticket: Watchdog: no playbook"]


@pytest.fixture
def rule_file(tmp_path: Path) -> Path:
    path = tmp_path / "till.yaml"
    path.write_text(RULES)
    return path


def test_coverage_says_where_each_alert_leads(data: Path, rule_file: Path, capsys: Captured) -> None:
    assert main(["coverage", "--rules", str(rule_file), "--data", str(write_tree(data, COVERED))]) == 0
    assert capsys.readouterr().out.splitlines() == [
        *(f"{rule_file}:{line}" for line in LED),
        "1 of 1 paging alert leads to a playbook",
    ]


def test_coverage_ends_with_1_where_an_alert_that_wakes_somebody_leads_nowhere(
    data: Path, rule_file: Path, capsys: Captured
) -> None:
    rule_file.write_text(RULES.replace("ticket", "page"))
    arguments = ["coverage", "--rules", str(rule_file), "--data", str(write_tree(data, COVERED)), "--team", "payments"]
    finding = "paging-alert-without-playbook: TillSlow wakes somebody and leads to no playbook: write one"
    assert main(arguments) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"{rule_file}:5:6: {finding}",
        "1 of 2 paging alerts lead to a playbook",
    ]
    assert main([*arguments, "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [(it["name"], it["team"], it["urgency"], it["line"], it["playbooks"]) for it in report["alerts"]] == [
        ("TillDown", "payments", "page", 4, ["https://h.example.com/playbooks/till-down/"]),
        ("TillSlow", "payments", "page", 5, []),
        ("Watchdog", "payments", None, 6, []),
    ]
    assert [(it["rule"], it["line"], it["team"]) for it in report["findings"]] == [
        ("paging-alert-without-playbook", 5, "payments")
    ]
    assert report["problems"] == []
    assert main([*arguments, "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith(f"::warning file={rule_file},line=5,col=6,title=paging-alert-without")


def test_coverage_reads_what_a_handbook_publishes(
    data: Path, rule_file: Path, tmp_path: Path, capsys: Captured
) -> None:
    document = json.dumps(published.document(load_handbook(write_tree(data, COVERED))[0]))
    (tmp_path / "404.html").write_text("not here")
    file = write_tree(tmp_path / "site", {"api/v1/alerts.json": document, "404.html": ""}, base=False)
    with served(file) as port:
        for handbook in (
            str(file / "api/v1/alerts.json"),
            f"http://127.0.0.1:{port}",
            f"http://127.0.0.1:{port}/",
            f"http://127.0.0.1:{port}/api/v1/alerts.json",
        ):
            assert main(["coverage", "--rules", str(rule_file), "--handbook", handbook]) == 0
            assert capsys.readouterr().out.splitlines()[0] == f"{rule_file}:{LED[0]}"
        assert main(["coverage", "--rules", str(rule_file), "--handbook", f"http://127.0.0.1:{port}/nowhere/"]) == 2
        assert "404" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--data", "nowhere"], "coverage: --data: there is no folder nowhere"),
        (["--handbook", "nowhere.json"], "coverage: [Errno 2]"),
        (["--handbook", "{rules}"], "coverage: "),
    ],
)
def test_coverage_without_a_handbook_is_wrong_use(
    arguments: list[str], words: str, rule_file: Path, capsys: Captured
) -> None:
    given = [it.format(rules=rule_file) for it in arguments]
    assert main(["coverage", "--rules", str(rule_file), *given]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(words)
    assert "Traceback" not in printed.err


def test_coverage_prints_what_is_wrong_with_a_rule_file_and_reads_the_others(
    data: Path, rule_file: Path, tmp_path: Path, capsys: Captured
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("groups:\n- name: a\n  rules:\n  - {alert: A}\n")
    files = [str(broken), str(tmp_path / "missing.yaml"), str(rule_file)]
    assert main(["coverage", "--rules", *files, "--data", str(write_tree(data, COVERED))]) == 1
    assert capsys.readouterr().out.splitlines() == [
        *(f"{rule_file}:{line}" for line in LED),
        f"{broken}:4:5: missing-key: `expr` is missing; add a line `expr: …`",
        f"{tmp_path}/missing.yaml:1:1: unreadable: can't be read (No such file or directory); "
        "mend its permissions, or remove it",
        "1 of 1 paging alert leads to a playbook",
    ]


def test_coverage_of_data_with_a_problem_says_so(data: Path, rule_file: Path, capsys: Captured) -> None:
    assert main(["coverage", "--rules", str(rule_file), "--data", str(write_tree(data, FAULTY))]) == 1
    assert "missing-key" in capsys.readouterr().err

"""The other commands: what each prints and the exit code that it ends with."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from calls import COMPLETE, FAULTY, TILL, Captured, check, files_of, terminal
from conftest import write_tree

from macros.__main__ import main
from macros.authoring import messages
from macros.commands import codeowners, outside_links
from macros.model import kinds
from macros.model.kinds import KINDS
from macros.site import publish, serve
from macros.text import catalogue
from macros.text.problems import Message, Report

pytestmark = pytest.mark.usefixtures("without_pages")


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
    assert main(["schema", "-o", str(file)]) == 1
    assert capsys.readouterr().err == f"schema: [Errno 17] File exists: '{file}'\n"
    assert file.read_text() == "mine"


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
    assert text == "aliases: [till]\nname: Till # of the shop\nsummary: Takes money\n"
    assert not (data / "teams/payments/services/till.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
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


@pytest.mark.parametrize("arguments", [["rename", "alerts", "a", "b"], ["move", "workshop", "a", "--team", "shop"]])
def test_a_kind_that_cannot_be_renamed_or_moved_is_wrong_use(arguments: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "argument KIND: invalid choice" in capsys.readouterr().err


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
    assert "already exists" in capsys.readouterr().out
    new = files_of(data).keys() - before.keys()
    assert {Path(it).name for it in new} == {"team.yaml", "stall.yaml"}
    assert check("--data", data) == 0


@pytest.mark.parametrize("home", ["--team", "--service"])
def test_only_runbooks_have_a_team_and_a_service(home: str, data: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "teams.csv").write_text("team,channel\nstreet,#street\n", encoding="utf-8")
    before = files_of(data)
    assert main(["import", "csv", str(tmp_path / "teams.csv"), home, "payments", "--data", str(data)]) == 2
    assert "only `import markdown` makes some" in capsys.readouterr().err
    assert files_of(data) == before


def test_catalogue_says_how_much_is_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    path = tmp_path / "messages.po"
    path.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n', encoding="utf-8")
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
        "new": True,
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


def test_schema_says_which_files_it_wrote_where_json_is_asked_for(tmp_path: Path, capsys: Captured) -> None:
    settings = tmp_path / "a/settings.json"
    arguments = ["schema", "team", "-o", str(tmp_path / "b"), "--settings", str(settings), "--format", "json"]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out) == {"files": [str(settings), str(tmp_path / "b/team.schema.json")]}


def test_rename_prints_json_of_what_it_would_do(data: Path, capsys: Captured) -> None:
    write_tree(data, {"teams/payments/services/till.yaml": TILL})
    before = files_of(data)
    assert main(["rename", "service", "till", "desk", "--data", str(data), "--dry-run", "--format", "json"]) == 0
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    folder = data / "teams/payments/services"
    assert (change["before"], change["after"]) == (str(folder / "till.yaml"), str(folder / "desk.yaml"))
    assert files_of(data) == before


def test_rename_keeps_no_alias_of_what_never_was_published(data: Path, capsys: Captured) -> None:
    write_tree(data, {"teams/payments/services/till.yaml": TILL})
    assert main(["rename", "service", "till", "desk", "--no-alias", "--data", str(data)]) == 0
    assert (data / "teams/payments/services/desk.yaml").read_text(encoding="utf-8") == TILL
    assert "note: /services/till/ no longer exists" in capsys.readouterr().out


def test_catalogue_prints_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    path = tmp_path / "messages.po"
    monkeypatch.setattr(catalogue, "catalogue_path", lambda language: path)
    monkeypatch.setattr(messages, "update", lambda language, documented: (3, 1))
    assert main(["catalogue", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"path": str(path), "messages": 3, "untranslated": 1}


def test_codeowners_writes_checks_and_says_so_in_words_and_in_json(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(codeowners, "ROOT", tmp_path)
    path = tmp_path / ".github/CODEOWNERS"
    calls = [["codeowners", "--check"], ["codeowners"], ["codeowners", "--check"]]
    said = []
    for call in calls:
        for format in ("text", "json"):
            code = main([*call, "--data", str(data), "--format", format])
            said.append((code, capsys.readouterr().out))
    (failed, difference), (_, report), (_, written), _, (fine, nothing), (_, last) = said
    assert (failed, fine, nothing) == (1, 0, "")
    assert difference.startswith(f"diff --git a/{path} b/{path}\nnew file mode")
    assert json.loads(report) == {"path": str(path), "written": False, "difference": difference.rstrip("\n")}
    assert written == f"{path}\n"
    assert path.is_file()
    assert json.loads(last)["difference"] == ""


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (b"", b"", []),
        (b"\n", b"\r\n", []),
        (b"# Left", b"# \xff", ["-# \\udcff", "+# Left"]),
    ],
)
def test_codeowners_says_what_to_change(
    old: bytes,
    new: bytes,
    changed: list[str],
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    monkeypatch.setattr(codeowners, "ROOT", tmp_path)
    main(["codeowners", "--data", str(data)])
    path = tmp_path / ".github/CODEOWNERS"
    path.write_bytes(path.read_bytes().replace(old, new))
    capsys.readouterr()
    assert main(["codeowners", "--check", "--data", str(data)]) == bool(changed)
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(" out:")[0] for line in said if line.startswith(("-#", "+#"))] == changed


def test_codeowners_writes_over_no_file_that_somebody_wrote(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(codeowners, "ROOT", tmp_path)
    path = tmp_path / ".github/CODEOWNERS"
    path.parent.mkdir()
    path.write_text("* @me\n")
    assert main(["codeowners", "--data", str(data)]) == 1
    words = f"nothing was written: {path} was not made by this command; move it away"
    assert capsys.readouterr() == ("", f"codeowners: {words}\n")
    assert path.read_text() == "* @me\n"


def test_links_are_red_where_they_are_broken_and_yellow_where_they_moved(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def report(rule: str) -> Report:
        return Report("a.yaml", 1, 2, rule, Message("words"))

    reports = {"broken": [report("link-broken")], "not-sure": [], "moved": [report("link-moved")]}
    answers = outside_links.LinkAnswers(reports, 2, 0)
    monkeypatch.setattr(outside_links, "check", lambda *arguments: answers)
    with terminal(monkeypatch) as shown:
        assert main(["links", "--data", str(data)]) == 1
    assert shown[0].splitlines() == [
        "\x1b[1ma.yaml\x1b[0m\x1b[2m:1:2:\x1b[0m \x1b[31mlink-broken\x1b[0m: words",
        "\x1b[1ma.yaml\x1b[0m\x1b[2m:1:2:\x1b[0m \x1b[33mlink-moved\x1b[0m: words",
        "2 addresses checked: \x1b[31m1 broken\x1b[0m, 0 not sure, \x1b[33m1 moved\x1b[0m",
    ]
    with terminal(monkeypatch, NO_COLOR="1") as shown:
        main(["links", "--data", str(data)])
    assert "\x1b" not in shown[0]

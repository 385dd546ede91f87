"""`python -m macros`: from arguments to a command, and from its end to an exit code."""

from __future__ import annotations

import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from calls import FAULTY, Captured, check
from conftest import ROOT, Content, write_tree
from web import run

from macros import __main__ as program
from macros.__main__ import main
from macros.commands import COMMANDS, command
from macros.sources.git import GitError
from macros.text.problems import DataError, Message, Problem, RefusedError


def wrong_use(capsys: Captured, *arguments: str) -> str:
    """The last line of what a command says that is used wrongly."""
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err.splitlines()[-1]


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


def test_a_reader_that_has_seen_enough_gets_no_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "macros", "schema"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate()
    assert (process.returncode, errors) == (1, b"")


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


@pytest.mark.parametrize("value", [None, ""])
def test_without_either_it_is_the_data_of_the_checkout(
    value: str | None, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(ROOT)
    if value is not None:
        monkeypatch.setenv("HANDBOOK_DATA", value)
    assert check() == 0
    assert all(line.startswith("data/") for line in capsys.readouterr().out.splitlines()[:-1])


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_each_exit_code_means(name: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main([name, "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert re.search(r"exit code: 0 .+, 1 .+, 2 usage error examples:", text)


FILELESS = {"coverage": ["--rules", "a.yaml"], "rename": ["service", "a", "b"], "export": ["out"], "new": ["team", "a"]}
FILELESS |= {"move": ["service", "a", "--team", "b"], "import": ["csv", "a.csv"]}


WITHOUT_DATA = ("adopt", "schema", "site", "serve", "catalogue")
"""The commands that are about this checkout's own data, or about none."""


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in WITHOUT_DATA])
def test_every_command_of_data_refuses_a_folder_that_is_not_there(name: str, tmp_path: Path, capsys: Captured) -> None:
    assert main([name, *FILELESS.get(name, []), "--data", str(tmp_path / "none")]) == 2
    assert capsys.readouterr() == ("", f"{name}: --data: there is no folder {tmp_path / 'none'}\n")


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (FileExistsError("no"), 1, "check: no\n"),
        (EOFError("no"), 1, "check: no\n"),
        (PermissionError(13, "Permission denied", "a.yaml"), 1, "check: [Errno 13] Permission denied: 'a.yaml'\n"),
        (DataError([Problem("a.yaml", 1, 2, "tab", Message("a tab"))]), 1, "a.yaml:1:2: tab: a tab\n"),
        (RefusedError("no"), 2, "check: no\n"),
        (GitError("no"), 2, "check: no\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_a_command_raises_becomes_words_and_an_exit_code(
    error: BaseException, code: int, words: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def stopped(options: object) -> int:
        raise error

    monkeypatch.setitem(COMMANDS, "check", COMMANDS["check"](stopped))
    assert main(["check"]) == code
    assert capsys.readouterr() == ("", words)


def test_what_nobody_expects_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "check", COMMANDS["check"](lambda options: 1 // 0))
    with pytest.raises(ZeroDivisionError):
        main(["check"])


def test_a_port_that_is_none_is_wrong_use(capsys: Captured) -> None:
    for port in ("0", "-1", "65536"):
        assert main(["serve", "--port", port]) == 2
        assert capsys.readouterr().err == "serve: --port: give a number from 1 to 65535\n"


@pytest.mark.parametrize("given", ["abc", "-1"])
def test_a_source_date_that_is_none_is_said_in_one_line(
    given: str, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    assert check("--data", data) == 2
    words = f"SOURCE_DATE_EPOCH is '{given}'; give whole seconds since 1970, or unset it"
    assert capsys.readouterr() == ("", f"check: {words}\n")


# What is printed


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes `check` print a text, and stop with another."""

    def use(text: str, error: str = "") -> None:
        def run(options: object) -> int:
            print(text)
            raise RefusedError(error)

        monkeypatch.setitem(COMMANDS, "check", COMMANDS["check"](run))

    return use


OBEYED = {
    "\x1b[2J": r"\x1b[2J",
    "a\rb\x00\x08\x7f": r"a\x0db\x00\x08\u007f",
    "\x85\x9b": r"\u0085\u009b",
    "\u202etxt.\u2066\u200f\u061c": r"\u202etxt.\u2066\u200f\u061c",
    "a\u2028b\u2029": r"a\u2028b\u2029",
    "\udcff\ud83d": r"\udcff\ud83d",
    "a\tb 日本語 é 😀\r\nc": "a\tb 日本語 é 😀\r\nc",
    "a\n::error::b\n  ::set-env name=x::": "a\n\\x3a:error::b\n  \\x3a:set-env name=x::",
    "a: :: b": "a: :: b",
}


@pytest.mark.parametrize(("text", "shown"), OBEYED.items())
def test_nothing_that_is_printed_is_obeyed(
    text: str, shown: str, says: Callable[..., None], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    says(text, text)
    main(["check"])
    out, errors = capfdbinary.readouterr()
    assert (out.decode(), errors.decode()) == (f"{shown}\n", f"check: {shown}\n")


@pytest.mark.parametrize("text", OBEYED)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_json_that_is_printed_says_what_was_meant(text: str, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "check", COMMANDS["check"](lambda options: print(command.as_json([text])) or 0))
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr("sys.stdout", stream)
    main(["check"])
    stream.seek(0)
    assert json.loads(stream.read()) == [text]


def test_workflow_commands_are_printed_where_they_are_asked_for(says: Callable[..., None], capsys: Captured) -> None:
    says("::error file=a::b")
    main(["check", "--format", "github"])
    assert capsys.readouterr().out == "::error file=a::b\n"


def test_a_terminal_that_knows_ascii_alone_gets_every_letter(data: Path) -> None:
    write_tree(data, {"teams/payments/team.yaml": "name: P\nchannel: x\n検索: 1\n"})
    plain = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = run(ROOT, "macros", "check", "--data", str(data), **plain)
    assert ended.returncode == 1
    assert r"unknown-key: `\u691c\u7d22`" in ended.stdout
    assert "Traceback" not in ended.stdout

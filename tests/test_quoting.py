"""Values in commands and queries: each stands for itself and nothing else, wherever its blank is."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

Fill = Callable[[str, str, str], list[str | None]]

VALUES = {
    "plain": "payments-7f9c",
    "blanks": "  two  words ",
    "single quotes": "it's 'so'",
    "double quotes": 'say "so"',
    "Japanese": "決済 サービス",
    "semicolon": "a;touch stolen",
    "substitution": "$(touch stolen)",
    "backticks": "`touch stolen`",
    "variable": "$HOME ${HOME}",
    "joints": "a&&touch stolen|cat>stolen<x",
    "pattern": "*?[a-z]",
    "backslashes": "a\\b\\\\c\\",
    "exclamation mark": "wow! !!",
    "comment": "#no",
    "braces": "{pod} {a,b}",
    "assignment": "A=1",
    "tilde": "~root",
    "everything": """'"$`\\!;&|<>(){}[]*?~#% é図""",
}

QUOTED = {
    "bare": ("printf '%s\\n' {x} end", "{x}\nend\n"),
    "beside words": ("printf '%s\\n' a{x}b", "a{x}b\n"),
    "single quotes": ("printf '%s\\n' 'a {x} b'", "a {x} b\n"),
    "double quotes": ('printf "%s\\n" "a {x} b"', "a {x} b\n"),
    "quotes in quotes": ("printf '%s\\n' \"it's {x}\" 'say \"{x}\"'", 'it\'s {x}\nsay "{x}"\n'),
    "substitution": ('printf "%s\\n" "$(printf "%s" {x})" $(true {x}) end', "{x}\nend\n"),
    "quotes in a substitution": ("printf '%s\\n' \"$(printf '%s' '{x}' \"{x}\")\"", "{x}{x}\n"),
    "behind a comment": ("true # it's (a comment\nprintf '%s\\n' {x}", "{x}\n"),
    "in a comment": ("true # {x} \"\nprintf '%s\\n' {x}", "{x}\n"),
    "behind escapes": ('printf \'%s\\n\' it\\\'s {x} \\" {x} "\\"{x}"', 'it\'s\n{x}\n"\n{x}\n"{x}\n'),
    "subshell": ("(printf '%s\\n' {x}); printf '%s\\n' \"({x})\"", "{x}\n({x})\n"),
    "one behind the other": ("printf '%s\\n' {x}{x}'{x}'\"{x}\"", "{x}{x}{x}{x}\n"),
}
"""Commands with blanks, and what they print."""

UNQUOTED = [
    "ssh host kubectl logs {x}",
    "sh -c 'kubectl logs \"{x}\"'",
    "kubectl exec p -- /bin/bash -c 'cat {x}'",
    'eval "echo {x}"',
    "echo `echo {x}`",
    "cat <<EOF\n{x}\nEOF",
    "echo $'{x}'",
    "echo $(( {x} + 1 ))",
]
"""Commands in which no quotes keep a value from being read."""


@pytest.fixture(scope="module")
def call(browser: Browser, site_address: str) -> Iterator[Callable[..., Any]]:
    """Runs a piece of script with the module as `it` and with what it is `given`."""
    page = browser.new_page()
    page.goto(f"{site_address}404.html")
    module = "async (given) => { const it = await import('/assets/js/quoting.js');"
    yield lambda body, *given: page.evaluate(f"{module} {body} }}", list(given))
    page.close()


@pytest.fixture
def fill(call: Callable[..., Any]) -> Fill:
    """Fills the blanks `{x}` of a text by a function, and gives its parts: null for each that can't be filled."""
    body = """const [name, text, x] = given; const parts = it.pieces(text);
      const found = it[name](parts, new Map([["x", x]]));
      return parts.map((part, number) => number % 2 ? found[(number - 1) / 2] : part);"""
    return lambda function, text, value: call(body, function, text, value)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_shell_reads_the_value_itself(value: str, fill: Fill, tmp_path: Path) -> None:
    for command, printed in QUOTED.values():
        whole = "".join(part or "" for part in fill("inCommand", command, value))
        for shell in ("sh", "bash"):
            result = subprocess.run((shell, "-c", whole), capture_output=True, encoding="utf-8", cwd=tmp_path)
            assert (result.stdout, result.stderr) == (printed.replace("{x}", value), ""), whole
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_is_pasted_calls_up_no_old_one(fill: Fill) -> None:
    whole = "".join(part or "" for part in fill("inCommand", "printf '%s\\n' {x} \"{x}\" '{x}'", "a !! b"))
    shell = ("bash", "--norc", "-i")
    typed = f"set -o history -o histexpand\ntrue once\n{whole}\n"
    result = subprocess.run(shell, input=typed, capture_output=True, encoding="utf-8")
    assert result.stdout == "a !! b\n" * 3


@pytest.mark.parametrize("command", UNQUOTED)
def test_where_quotes_do_not_help_only_what_is_harmless_is_filled_in(command: str, fill: Fill) -> None:
    assert "".join(part or "" for part in fill("inCommand", command, "pod-1.a")) == command.replace("{x}", "pod-1.a")
    for value in ("$(id)", "a b", "a'b", "a;b"):
        assert None in fill("inCommand", command, value)


def test_a_blank_without_a_value_and_other_braces_stay(fill: Fill) -> None:
    command = "awk '{print $1}' ${x} \\{x} {{x}} {y} {x}"
    assert fill("inCommand", command, "a b") == ["awk '{print $1}' ${x} \\{x} {{x}} ", None, " ", "'a b'", ""]


@pytest.mark.parametrize(
    ("query", "value", "whole"),
    [
        ('up{pod="{x}"}', "a.b", 'up{pod="a.b"}'),
        ('up{pod="{x}"}', 'a"} or vector(1) # \\', 'up{pod="a\\"} or vector(1) # \\\\"}'),
        ("up{pod='{x}'}", "it's", "up{pod='it\\'s'}"),
        ('up{a="\\"", pod=~"{x}.*"}', "図 面", 'up{a="\\"", pod=~"図 面.*"}'),
        ("up{pod=`{x}`}", "a\\b", "up{pod=`a\\b`}"),
        ("up{pod=`{x}`}", "a`b", None),
        ("sum({x})", "http_requests_total", "sum(http_requests_total)"),
        ("sum({x})", "a) or (b", None),
    ],
)
def test_a_query_reads_the_value_itself(query: str, value: str, whole: str | None, fill: Fill) -> None:
    parts = fill("inQuery", query, value)
    assert (None if None in parts else "".join(part or "" for part in parts)) == whole


@pytest.mark.parametrize(
    ("value", "pattern", "fault"),
    [
        ("payments", "[a-z0-9-]+", ""),
        ("anything; at all", None, ""),
        ("Payments", "[a-z0-9-]+", "pattern"),
        ("payments x", "[a-z0-9-]+", "pattern"),
        ("ab", "a|b", "pattern"),
        ("図面", r"\w+", "pattern"),
        ("a-b", r"[\w\-]+", ""),
        ("a-b", r"a\-b", ""),
        ("two\nlines", None, "hidden"),
        ("a\rb", None, "hidden"),
        ("tab\tb", None, "hidden"),
        ("escape\x1b[2J", None, "hidden"),
        ("turned\u202eb", None, "hidden"),
        ("no\u200bwidth", None, "hidden"),
        ("line\u2028b", None, "hidden"),
        ("-rf", "[a-z-]+", "option"),
        ("--all", None, "option"),
    ],
)
def test_what_is_not_taken(value: str, pattern: str | None, fault: str, call: Callable[..., Any]) -> None:
    assert call("return it.refused(...given);", value, pattern) == fault

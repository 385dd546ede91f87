"""Selectors and their regular expressions: the model takes those that Prometheus takes, which promtool says."""

from __future__ import annotations

import re
import subprocess
from contextlib import nullcontext
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from macros.model.journeys import Selector

TAKEN = (
    *("", "a", "5..", "a|b|", ".*", "^a$", "a.+?", "(?:a)", "(a)(b)", "()", "(|a)", "[]a]", "}{", "a}", "é", "図面"),
    *("a{2}", "a{2,}", "a{,2}", "a{", "a{1", "x{1000}", "x{0,499}", "(a{100}){10}", "=~", ",", "#", "`", "'"),
    *(
        "(?i)a",
        "(?i:a)b",
        "(?s-m:.)",
        "(?U)a*",
        "(?P<n>a)",
        "(?<n>a)",
        "(?P<n_1>a)",
        "(?<n>a)(?<n>b)",
        "[[:alpha:]]",
        "[^[:^word:]]",
    ),
    *(r"\p{L}", r"\pL", r"\P{Greek}", r"\p{^Han}", r"[\p{L}_]", r"[\d-]", r"\d\D\s\S\w\W", r"\a\f\n\r\t\v", r"\_\-\/"),
    *(r"\Qa(b\E", r"\Q(?=", r"\Q\C\E", r"\\C", r"\\Q\)", r"\A\bx\B\z", r"\x41", r"\x{1F600}", r"\0", r"\012"),
    *(r"\{0,500\}", r"\pL{1000}", "(" * 300 + ")" * 300),
)
"""Regular expressions that Prometheus takes."""

REFUSED = (
    *("(?!a)", "(?=a)", "(?<=a)", "(?<!a)", "(?>a)", "(?|a)", "(?#a)", "(?x)a", "(?P=n)", "(?P>n)", "(?&n)", "(?R)"),
    *(r"(a)\1", r"(?<n>a)\k<n>", r"\g{1}", r"\Z", r"\G", r"\K", r"\R", r"\X", r"\h", r"\cA", r"\e", r"\8", r"\u00e9"),
    *("x++", "x*+", "x?+", "x**", "x{2}{3}", "*", "+a", "(*)", "x{1001}", "x{2,1}", "x{0,1001}", "(a{100}){11}"),
    *("(", ")", "a)(b", "[", "[a", "[z-a]", r"[a-\d]", "[[:foo:]]", r"\p{Foo}", r"\p{L", r"\x4", r"\x{110000}", "\\"),
    *("(?P<>a)", "(?P<n-1>a)", "(?P<n", "(?", "(?i"),
)
"""Those that it refuses."""

STRINGS = {
    **dict.fromkeys((r'"a\"b"', r"'a\'b'", r'"\\d\a\b\f\n\r\t\v"', r'"\050\x28"', r'"\u00e9\U0001F600"'), True),
    **dict.fromkeys((r'"a\'b"', r"'a\"b'", r'"\d"', r'"\0"', r'"\400"', r'"\x2"', r'"\u00e"'), False),
    **dict.fromkeys((r'"\U00110000"',), False),
}
"""Whether these are strings of PromQL."""

ESCAPED = {
    **dict.fromkeys((r'"\\x28"', r'"[\x61-\x63]"', r'"\\\\"', r'"\""', r'"\xc3\xa9"', r'"\303\251"'), True),
    **dict.fromkeys((r'"\x28"', r'"\050"', r'"\u0028"', r'"[\x63-\x61]"', r'"\\"', r"'\'(?!a)'"), False),
}
"""Whether the strings hold regular expressions that Prometheus takes."""

HELD = {
    "m{a=\"b=~'('\"}": True,
    "m{a!='(',b=~'a',c!~\"b\"}": True,
    "m{a=~'a',b=~'('}": False,
    "m{a!~ '('}": False,
}
"""Whether Prometheus takes these selectors, where only some of the strings hold regular expressions."""


def quoted(pattern: str) -> str:
    """A string of PromQL that holds a pattern."""
    return '"' + pattern.replace("\\", "\\\\").replace('"', '\\"') + '"'


SELECTORS = {
    **{f"m{{a=~{quoted(pattern)}}}": True for pattern in TAKEN},
    **{f"m{{a=~{quoted(pattern)}}}": False for pattern in REFUSED},
    **{f"m{{a={string}}}": taken for string, taken in STRINGS.items()},
    **{f"m{{a=~{string}}}": taken for string, taken in ESCAPED.items()},
    **HELD,
}


def test_promtool_takes_the_selectors_that_are_said_to_be_taken(tmp_path: Path) -> None:
    rules = [{"record": f"r{number}", "expr": selector} for number, selector in enumerate(SELECTORS)]
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump({"groups": [{"name": "g", "rules": rules}]}), encoding="utf-8")
    command = ("promtool", "check", "rules", "--lint=none", "rules.yaml")
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    refused = {int(number) for number in re.findall(r', rule \d+, "r(\d+)": could not parse', said.stderr)}
    others = [selector for number, selector in enumerate(SELECTORS) if (number not in refused) != SELECTORS[selector]]
    assert others == []


@pytest.mark.parametrize(("selector", "taken"), SELECTORS.items())
def test_a_selector_is_taken_where_prometheus_takes_it(
    selector: str, taken: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    with nullcontext() if taken else pytest.raises(ValidationError):
        TypeAdapter(Selector).validate_python(selector)
    assert capfd.readouterr() == ("", "")  # RE2 logs what it refuses, unless it is told not to


def test_an_end_of_line_in_a_string_is_refused() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Selector).validate_python("m{a=~'\r'}")

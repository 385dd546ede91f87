"""Reports: as lines for a person, as JSON for a program, as annotations for a forge."""

from __future__ import annotations

import argparse
import json
import re
from urllib.parse import unquote

import pytest
from conftest import golden_handbook, golden_site

from macros.commands import command, reporting
from macros.gaps.checks import Silencer
from macros.model.values import Acceptance, Text
from macros.text.problems import Finding, Message, Problem, in_order

PROBLEM = Problem("data/a.yaml", 2, 5, "unknown-key", Message("no key `{key}`", {"key": "nmae"}))
FINDING = Finding(
    "data/b.yaml", 3, 1, "service-without-tier", Message("{name} has no tier", {"name": "検索"}), "service", "x", "shop"
)
FINDINGS = golden_site("en").findings


def problem(path: str = "a.yaml", rule: str = "tab", words: str = "a tab") -> Problem:
    return Problem(path, 1, 1, rule, Message("{words}", {"words": words}))


def test_text_is_a_line_a_report_with_problems_first_and_a_count() -> None:
    assert reporting.as_text([PROBLEM], [FINDING]).splitlines() == [
        "data/a.yaml:2:5: unknown-key: no key `nmae`",
        "data/b.yaml:3:1: service-without-tier: 検索 has no tier",
        "1 problem, 1 gap",
    ]


@pytest.mark.parametrize(
    ("problems", "findings", "count"),
    [(0, 0, "0 problems, 0 gaps"), (1, 2, "1 problem, 2 gaps"), (2, 1, "2 problems, 1 gap")],
)
def test_text_counts_in_english(problems: int, findings: int, count: str) -> None:
    assert reporting.as_text([PROBLEM] * problems, [FINDING] * findings).splitlines()[-1] == count


def test_json_has_every_field_of_a_report() -> None:
    assert json.loads(json.dumps(reporting.as_value([PROBLEM], [FINDING]))) == {
        "problems": [
            {"path": "data/a.yaml", "line": 2, "column": 5, "rule": "unknown-key", "message": "no key `nmae`"},
        ],
        "findings": [
            {
                "path": "data/b.yaml",
                "line": 3,
                "column": 1,
                "rule": "service-without-tier",
                "message": "検索 has no tier",
                "kind": "service",
                "id": "x",
                "team": "shop",
            },
        ],
    }


def test_json_without_reports_is_two_empty_lists() -> None:
    assert json.loads(json.dumps(reporting.as_value([], []))) == {"problems": [], "findings": []}


def test_what_is_accepted_has_its_reason_and_its_last_day_in_json() -> None:
    entry = Acceptance(gap="service-without-tier", why=Text(ja="春に廃止"), until="2027-01-31")  # type: ignore[arg-type]
    handbook = golden_handbook()
    (finding,) = json.loads(json.dumps(reporting.as_value([], [FINDING])))["findings"]
    for until, shown in ((entry.until, "2027-01-31"), (None, None)):
        by = Silencer(handbook.organisation, ("accepted", 0), entry.model_copy(update={"until": until}))
        record = json.loads(json.dumps(reporting.accepted_record(FINDING, by)))
        assert record == {**finding, "why": "春に廃止", "until": shown}


def test_json_keeps_what_json_escapes() -> None:
    words = '"a"\\b\n\u2028{c} \x07 😀'
    assert json.loads(json.dumps(reporting.as_value([problem(words=words)], [])))["problems"][0]["message"] == words


def test_an_annotation_is_an_error_for_a_problem_and_a_warning_for_a_finding() -> None:
    assert reporting.as_github([PROBLEM], [FINDING]).splitlines() == [
        "::error file=data/a.yaml,line=2,col=5,title=unknown-key::no key `nmae`",
        "::warning file=data/b.yaml,line=3,col=1,title=service-without-tier::検索 has no tier",
    ]


def test_without_reports_there_is_no_annotation() -> None:
    assert reporting.as_github([], []) == ""


def test_an_annotation_escapes_what_the_runner_reads() -> None:
    assert reporting.as_github([problem("a,b:c%.yaml", "x:y,z", "100 %: a,\r\nb")], []) == (
        "::error file=a%2Cb%3Ac%25.yaml,line=1,col=1,title=x%3Ay%2Cz::100 %25: a,%0D%0Ab"
    )


@pytest.mark.parametrize("words", ["%0A", "%250A", "%", "::error::no", "a\n::error::no", "\r", "a,b:c"])
def test_a_runner_reads_back_what_was_written(words: str) -> None:
    written = reporting.as_github([problem(words, "tab", words)], [])
    match = re.fullmatch(r"::error file=([^,:\r\n]*),line=1,col=1,title=tab::([^\r\n]*)", written)
    assert match
    assert [unquote(part) for part in match.groups()] == [words, words]


@pytest.mark.parametrize("format", reporting.FORMATS)
def test_every_format_keeps_the_order_of_the_reports(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(FINDINGS) > 1
    assert in_order(FINDINGS) == FINDINGS
    command.print_result(
        argparse.Namespace(format=format),
        reporting.as_text([], FINDINGS),
        reporting.as_value([], FINDINGS),
        reporting.as_github([], FINDINGS),
    )
    report = capsys.readouterr().out
    places = {
        "text": r"^(.+?):(\d+):(\d+): ([a-z0-9-]+): ",
        "json": r'"path": "(.+)",\s+"line": (\d+),\s+"column": (\d+),\s+"rule": "(.+)"',
        "github": r"^::warning file=(.+?),line=(\d+),col=(\d+),title=(.+?)::",
    }
    found = [
        (path, int(line), int(column), rule) for path, line, column, rule in re.findall(places[format], report, re.M)
    ]
    assert found == [(it.path, it.line, it.column, it.rule) for it in FINDINGS]


ODD = "a\n::error::b\x1b[2J\u202e\udcff"
SHOWN = r"a\x0a::error::b\x1b[2J\u202e\udcff"


def test_a_report_is_one_line_whatever_its_file_is_called() -> None:
    odd = problem(ODD, "tab", ODD)
    assert str(odd) == f"{SHOWN}:1:1: tab: {SHOWN}"
    assert reporting.as_text([odd], []).splitlines()[0] == str(odd)
    coloured = reporting.as_text([odd], [], paint=True).splitlines()[0]
    assert coloured == f"\x1b[1m{SHOWN}\x1b[0m\x1b[2m:1:1:\x1b[0m \x1b[31mtab\x1b[0m: {SHOWN}"
    assert json.loads(json.dumps(reporting.as_value([odd], [])))["problems"][0]["path"] == ODD

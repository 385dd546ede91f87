"""`python -m macros coverage`: where the alerts of rule files lead, and against which handbook."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from calls import COMPLETE, FAULTY, TILL, Captured, terminal
from conftest import Content, write_tree
from web import served

from macros.__main__ import main
from macros.exports import published
from macros.site.project import load_handbook

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

UNKNOWN = "; `severity` is neither page nor ticket: no label (1); say in `paging` what that does"

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
        f"1 of 1 paging alert leads to a playbook{UNKNOWN}",
    ]


def test_a_rule_that_leads_elsewhere_has_what_it_needs_and_is_counted_apart(
    data: Path, rule_file: Path, capsys: Captured
) -> None:
    link = "https://wiki.example.com/slow"
    rule_file.write_text(RULES.replace("ticket}", f"page}}, annotations: {{runbook_url: '{link}'}}"))
    arguments = ["coverage", "--rules", str(rule_file), "--data", str(write_tree(data, COVERED))]
    assert main(arguments) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[1] == f"{rule_file}:5: page: TillSlow: leads elsewhere: {link}"
    assert printed[-1] == f"1 of 2 paging alerts lead to a playbook, 1 leads elsewhere{UNKNOWN}"
    assert main([*arguments, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [alert["elsewhere"] for alert in report["alerts"]] == ["", link, ""]


@pytest.mark.parametrize(
    ("handbook", "says"),
    [("deep.json", "maximum recursion depth exceeded"), ("https://a\x01b/", "URL can't contain control characters")],
)
def test_coverage_says_that_a_handbook_is_none(
    handbook: str, says: str, rule_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(rule_file.parent)
    Path("deep.json").write_text("[" * 100_000)
    assert main(["coverage", "--rules", str(rule_file), "--handbook", handbook]) == 2
    assert capsys.readouterr().err.startswith(f"coverage: {says}")


def test_coverage_ends_with_1_where_an_alert_that_wakes_somebody_leads_nowhere(
    data: Path, rule_file: Path, capsys: Captured
) -> None:
    rule_file.write_text(RULES.replace("ticket", "page"))
    arguments = ["coverage", "--rules", str(rule_file), "--data", str(write_tree(data, COVERED)), "--team", "payments"]
    finding = "paging-alert-without-playbook: TillSlow pages and has no playbook: write one"
    assert main(arguments) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"{rule_file}:5:6: {finding}",
        f"1 of 2 paging alerts lead to a playbook{UNKNOWN}",
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
        "fix its permissions, or remove it",
        f"1 of 1 paging alert leads to a playbook{UNKNOWN}",
    ]


def test_coverage_counts_severities_that_the_organisation_says_nothing_of_and_ends_with_1_where_it_knows_none(
    data: Path, rule_file: Path, capsys: Captured
) -> None:
    rule_file.write_text(RULES.replace("page", "critical").replace("ticket", "critical"))
    arguments = ["coverage", "--rules", str(rule_file), "--data"]
    assert main([*arguments, str(write_tree(data, COVERED))]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        "0 of 0 paging alerts lead to a playbook; `severity` is neither page nor ticket: critical (2), no label (1); "
        "say in `paging` what that does"
    )
    said = "name: Example\nlanguage: en\npaging: {also_page: [critical], neither: ['']}\n"
    assert main([*arguments, str(write_tree(data, {**COVERED, "organisation.yaml": said})), "--team", "payments"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 of 2 paging alerts lead to a playbook"


@pytest.mark.parametrize(("severity", "code"), [("critical", 1), ("ticket", 0), ("none", 0)])
def test_a_severity_that_does_nothing_is_no_sign_that_the_others_are_known(
    severity: str, code: int, data: Path, rule_file: Path
) -> None:
    rule_file.write_text(RULES.replace("page", "none").replace("ticket", severity))
    said = "name: Example\nlanguage: en\npaging: {neither: [none, '']}\n"
    write_tree(data, {**COVERED, "organisation.yaml": said})
    assert main(["coverage", "--rules", str(rule_file), "--data", str(data)]) == code


def test_coverage_of_data_with_a_problem_says_so(data: Path, rule_file: Path, capsys: Captured) -> None:
    assert main(["coverage", "--rules", str(rule_file), "--data", str(write_tree(data, FAULTY))]) == 1
    assert "missing-key" in capsys.readouterr().err


def test_coverage_at_a_terminal_has_colour_for_what_is_missing(
    data: Path, rule_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule_file.write_text(RULES.replace("ticket", "page"))
    arguments = ["coverage", "--rules", str(rule_file), "--data", str(write_tree(data, COVERED))]
    with terminal(monkeypatch) as shown:
        assert main(arguments) == 1
    assert shown[0].startswith(f"\x1b[1m{rule_file}\x1b[0m\x1b[2m:4:\x1b[0m page: TillDown: https://")
    assert re.findall(r"\x1b\[3(.)m(.*?)\x1b", shown[0]) == [
        ("3", "paging-alert-without-playbook"),
        ("3", f"1 of 2 paging alerts lead to a playbook{UNKNOWN}"),
    ]
    with terminal(monkeypatch, NO_COLOR="1") as shown:
        main(arguments)
    assert "\x1b" not in shown[0]

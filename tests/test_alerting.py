"""The teams' own rules, exported: a `runbook_url` on each alert that had none, and nothing else is changed."""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from conftest import Content, make_handbook
from test_sources_prometheus import FILES, FORMS, alerts_in, group, plain, plain_documents

from macros.exports import files, prometheus
from macros.handbook.graph import Handbook

SITE = "site_address: https://h.example/\n"

PLAYBOOK = """\
name: P
service: checkout
alerts: {alerts}
diagnosis: [{{do: Look at the pods, command: kubectl get pods, expect: Running}}]
mitigation: [{{do: Roll back}}]
"""
UNFINISHED = "name: P\nservice: checkout\nalerts: {alerts}\n"

each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def handbook_with(
    folder: Path, rules: dict[str, Content], organisation: str = SITE, language: str = "en", **playbooks: str
) -> Handbook:
    """A handbook whose one team has these rule files and playbooks."""
    made: dict[str, Content] = {
        "organisation.yaml": f"name: Example\nlanguage: {language}\n{organisation}",
        "teams/payments/services/checkout.yaml": "name: Checkout\nsummary: Takes payments\ntier: 3\n",
    }
    made |= {f"teams/payments/alerts/{name}": content for name, content in rules.items()}
    made |= {f"teams/payments/playbooks/{name}.yaml": content for name, content in playbooks.items()}
    return make_handbook(folder, made)


def exported(handbook: Handbook) -> dict[str, str]:
    """The exported files by their names."""
    (team,) = handbook.teams
    return {name.removeprefix("payments/"): write() for name, write in prometheus.rule_files(handbook, team).items()}


def promtool(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(("promtool", *arguments), cwd=folder, capture_output=True, text=True, check=False)


def without_added(original: Any, export: Any) -> tuple[Any, list[str]]:
    """An exported document without the addresses that the original has not, and these addresses."""
    left, added = copy.deepcopy(export), []
    for before, after in zip(alerts_in(original), alerts_in(left), strict=True):
        if "runbook_url" not in before.get("annotations", {}) and "runbook_url" in after.get("annotations", {}):
            added.append(after["annotations"].pop("runbook_url"))
            if "annotations" not in before:
                del after["annotations"]
    return left, added


ADDED = {
    "kubernetes": [
        "go/KubeDeploymentReplicasMissing/",
        "playbooks/quota/#from-KubeQuotaUsed",
        "go/KubeAPIErrorBudgetBurn/",
        "go/KubeAPIErrorBudgetBurn/",
    ],
    "node": ["go/NodeDiskFillsUp/", "playbooks/clocks/#from-NodeClockWrong"],
    "prometheus": [
        "playbooks/monitoring/#from-PrometheusReloadFailed",
        "playbooks/monitoring/#from-PrometheusQueueFills",
    ],
    "recorded": [],
    "shop": [
        "playbooks/checkout-fails/#from-ShopCheckoutFails",
        "go/ShopIsSlow/",
        "go/ShopIsVerySlow/",
        "playbooks/night-batch/#from-ShopNightBatchLate",
        "go/Shop%20batch~3A%20100%20%25%20failed~3F/",
    ],
    "tenants": ["go/TenantOverLimit/"],
}
"""What each file's alerts are given, below the edition's address: one playbook, or the short address."""

PLAYBOOKS = {
    "checkout-fails": PLAYBOOK.format(alerts="[ShopCheckoutFails]"),
    "clocks": PLAYBOOK.format(alerts="[NodeClockWrong]"),
    "monitoring": PLAYBOOK.format(alerts='["Prometheus*"]'),
    "night-batch": PLAYBOOK.format(alerts="[ShopNightBatchLate, ShopIsSlow]"),
    "quota": PLAYBOOK.format(alerts="[KubeQuotaUsed]"),
    "slow-1": PLAYBOOK.format(alerts="[ShopIsSlow]"),
    "unfinished": UNFINISHED.format(alerts="[ShopIsVerySlow, NodeDiskFillsUp]"),
}
"""One alert has two playbooks, and two have one that is not finished: they keep their short addresses."""


@pytest.mark.parametrize(
    ("organisation", "language", "edition"),
    [
        pytest.param(SITE, "en", "https://h.example/", id="English"),
        pytest.param(SITE, "ja", "https://h.example/ja/", id="Japanese"),
        pytest.param("site_address: https://h.example/sre\n", "en", "https://h.example/sre/", id="in a folder"),
    ],
)
def test_each_alert_leads_to_its_playbook_or_has_its_short_address(
    organisation: str, language: str, edition: str, tmp_path: Path
) -> None:
    handbook = handbook_with(
        tmp_path, {file.name: file.read_bytes() for file in FILES}, organisation, language, **PLAYBOOKS
    )
    found = exported(handbook)
    assert list(found) == [file.name for file in FILES]
    for file in FILES:
        original = plain(file.read_bytes())
        left, added = without_added(original, plain(found[file.name]))
        assert left == original
        assert added == [f"{edition}{address}" for address in ADDED[file.stem]]


ADDED_TO_FORMS = {
    "list": ["go/DiskFull/", "go/FanStopped/"],
    "mimir": ["go/LiftStuck/"],
    "namespaces": ["go/LampDark/", "go/HeaterCold/"],
    "operator": ["playbooks/queue/#from-QueueGrows"],
    "several": ["go/DoorOpen/", "go/WindowOpen/"],
    "victoria": ["go/TrafficGone/"],
}
"""The same of the files in the forms that other systems read."""


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
def test_a_file_in_another_form_stays_in_it(file: Path, tmp_path: Path) -> None:
    playbook = PLAYBOOK.format(alerts="[QueueGrows]")
    text = exported(handbook_with(tmp_path, {file.name: file.read_bytes()}, queue=playbook))[file.name]
    original = plain_documents(file.read_bytes())
    left, added = without_added(original, plain_documents(text))
    assert left == original
    assert added == [f"https://h.example/{address}" for address in ADDED_TO_FORMS[file.stem]]


def test_promtool_reads_the_spec_of_an_exported_object(tmp_path: Path) -> None:
    operator = next(file for file in FORMS if file.stem == "operator")
    text = exported(handbook_with(tmp_path, {"a.yaml": operator.read_bytes()}))["a.yaml"]
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(yaml.safe_load(text)["spec"]), encoding="utf-8")
    result = promtool("check", "rules", "--lint=all", "--lint-fatal", "rules.yaml", folder=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_promtool_reads_what_it_read_before(mark: bytes, end: bytes, tmp_path: Path) -> None:
    known = [file for file in FILES if file.stem != "tenants"]  # promtool 2.53 doesn't know its keys
    originals = {file.name: mark + file.read_bytes().replace(b"\n", end) for file in known}
    found = exported(handbook_with(tmp_path, dict(originals), **PLAYBOOKS))
    for name, raw in originals.items():
        (tmp_path / name).write_bytes(raw)
        (tmp_path / f"exported-{name}").write_bytes(found[name].encode())
        assert without_added(plain(raw), plain(found[name]))[0] == plain(raw)
    names = [*originals, *(f"exported-{name}" for name in originals)]
    result = promtool("check", "rules", "--lint=all", "--lint-fatal", *names, folder=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    numbers = [line.split()[1] for line in result.stdout.splitlines() if "rules found" in line]
    assert numbers == [str(sum(len(part["rules"]) for part in plain(raw)["groups"])) for raw in originals.values()] * 2


def test_prometheus_fires_with_the_same_labels_and_annotations(tmp_path: Path) -> None:
    shop = next(file for file in FILES if file.stem == "shop")
    raw = shop.read_bytes()
    (tmp_path / "original.yaml").write_bytes(raw)
    text = exported(handbook_with(tmp_path, {"shop.yaml": raw}))["shop.yaml"]
    (tmp_path / "exported.yaml").write_text(text, encoding="utf-8")
    odd = {"version": "1.10", "enabled": "yes", "switch": "on", "hex": "0x1F", "answer": "no"}
    labels = {**odd, "severity": "ticket", "app": "front", "tier": "1", "day": "2026-11-24", "clock": "22:30"}
    told = {"summary": "It's slow: 9.98 s", "note": ""}
    runbook = {"runbook_url": "https://h.example/go/ShopIsSlow/"}
    for name, expected in {"original": told, "exported": told | runbook}.items():
        alert = {"exp_labels": {**labels, "owner": "nobody"}, "exp_annotations": expected}
        test = {
            "interval": "1m",
            "input_series": [
                {"series": 'latency_seconds_bucket{app="shop",le="8"}', "values": "0+3x30"},
                {"series": 'latency_seconds_bucket{app="shop",le="10"}', "values": "0+75x30"},
                {"series": 'latency_seconds_bucket{app="shop",le="+Inf"}', "values": "0+75x30"},
            ],
            "alert_rule_test": [{"eval_time": "20m", "alertname": "ShopIsSlow", "exp_alerts": [alert]}],
        }
        written = {"rule_files": [f"{name}.yaml"], "evaluation_interval": "1m", "tests": [test]}
        (tmp_path / "test.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
        result = promtool("test", "rules", "test.yaml", folder=tmp_path)
        assert result.returncode == 0, result.stdout + result.stderr


VARIABLES = """
variables:
- {name: namespace, description: D, example: shop}
- {name: pod, description: D, example: till-1}
- {name: queue, description: D, example: bulk}
- {name: lost, description: D, example: x}
"""


def test_prometheus_tells_the_playbook_what_the_alert_knows(tmp_path: Path) -> None:
    rule = "alert: TillDown\nexpr: up == 0\nlabels: {queue: bulk & more, severity: page}"
    playbook = PLAYBOOK.format(alerts="[TillDown]") + VARIABLES
    text = exported(handbook_with(tmp_path, {"a.yaml": group(rule)}, **{"till-down": playbook}))["a.yaml"]
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    labels = {"namespace": "決済 a&b=c#d", "pod": "x'; $(id) +\"{{ $value }}"}
    series = ",".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in labels.items())
    url = (
        "https://h.example/playbooks/till-down/?"
        "namespace=%E6%B1%BA%E6%B8%88+a%26b%3Dc%23d&pod=x%27%3B+%24%28id%29+%2B%22%7B%7B+%24value+%7D%7D"
        "&queue=bulk%20%26%20more&lost=#from-TillDown"
    )
    values = parse_qs(urlsplit(url).query, keep_blank_values=True)
    assert values == {**{name: [value] for name, value in labels.items()}, "queue": ["bulk & more"], "lost": [""]}
    alert = {
        "exp_labels": {**labels, "queue": "bulk & more", "severity": "page"},
        "exp_annotations": {"runbook_url": url},
    }
    test = {
        "interval": "1m",
        "input_series": [{"series": f"up{{{series}}}", "values": "0x5"}],
        "alert_rule_test": [{"eval_time": "2m", "alertname": "TillDown", "exp_alerts": [alert]}],
    }
    written = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [test]}
    (tmp_path / "test.yaml").write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    result = promtool("test", "rules", "test.yaml", folder=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


@each_file
def test_without_a_site_nothing_is_added(file: Path, tmp_path: Path) -> None:
    found = exported(handbook_with(tmp_path, {file.name: file.read_bytes()}, "", **PLAYBOOKS))
    assert plain(found[file.name]) == plain(file.read_bytes())


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        pytest.param("", "https://h.example/go/A/", id="no annotations"),
        pytest.param("\nannotations:", "https://h.example/go/A/", id="annotations without a value"),
        pytest.param("\nannotations: {runbook_url: ''}", "https://h.example/go/A/", id="an empty address"),
        pytest.param("\nannotations: {runbook_url: 'https://a.example/{{ $labels.a }}'}", None, id="another's"),
        pytest.param("\nannotations: {runbook_url: https://h.example/go/B/}", None, id="one of the handbook's own"),
        pytest.param("\nannotations: {<<: {runbook_url: https://a.example/}}", None, id="one that is merged in"),
    ],
)
def test_an_address_is_added_where_there_is_none(annotations: str, expected: str | None, tmp_path: Path) -> None:
    text = group(f"alert: A\nexpr: up{annotations}")
    (before,) = alerts_in(plain(text))
    (after,) = alerts_in(plain(exported(handbook_with(tmp_path, {"a.yaml": text}))["a.yaml"]))
    assert after["annotations"]["runbook_url"] == (expected or before["annotations"]["runbook_url"])


def test_rules_that_share_their_annotations_each_have_their_own_address(tmp_path: Path) -> None:
    text = (
        "groups:\n- name: g\n  rules:\n  - {alert: A, expr: up, annotations: &told {summary: S}}\n"
        "  - {alert: B, expr: up, annotations: *told}\n"
    )
    found = alerts_in(plain(exported(handbook_with(tmp_path, {"a.yaml": text}))["a.yaml"]))
    assert [rule["annotations"] for rule in found] == [
        {"summary": "S", "runbook_url": f"https://h.example/go/{name}/"} for name in "AB"
    ]


def test_an_export_leaves_the_handbook_as_it_is(tmp_path: Path) -> None:
    handbook = handbook_with(tmp_path, {"a.yaml": group("alert: A\nexpr: up\nannotations: {summary: S}")})
    assert "runbook_url" in exported(handbook)["a.yaml"]
    (file,) = handbook.rule_files
    assert alerts_in(file.documents[0]) == [{"alert": "A", "expr": "up", "annotations": {"summary": "S"}}]
    assert file.alerts[0].annotations == {"summary": "S"}


def test_recorded_rules_are_as_they_were(tmp_path: Path) -> None:
    for file in FILES:
        found = exported(handbook_with(tmp_path / file.stem, {file.name: file.read_bytes()}))[file.name]
        for before, after in zip(plain(file.read_bytes())["groups"], plain(found)["groups"], strict=True):
            assert [it for it in after["rules"] if "record" in it] == [it for it in before["rules"] if "record" in it]


@each_file
def test_a_file_says_what_it_is_made_from_and_has_no_anchor(file: Path, tmp_path: Path) -> None:
    text = exported(handbook_with(tmp_path, {file.name: file.read_bytes()}))[file.name]
    assert text.splitlines()[:2] == [
        "# Generated by the handbook; do not edit. Change this file instead:",
        f"#   data/teams/payments/alerts/{file.name}",
    ]
    assert [it for it in text.splitlines() if it.startswith("#")] == text.splitlines()[:2]
    events = list(yaml.parse(text))
    assert [it for it in events if isinstance(it, yaml.AliasEvent) or getattr(it, "anchor", None)] == []


HOSTILE = {
    "fence": "```\n</pre>\n```",
    "markup": "<b>bold</b> & <script>alert(1)</script>",
    "template": '{{ $value }} {{ "{{" }} {% raw %}',
    "next line": "a\x85b",
    "return": "a\rb\r\nc",
    "blanks": "  a \n\n b\t\n\n\n",
    "long": "x" * 2000,
    "long words": "many words " * 200 + "\n" + "more of them " * 200,
    "comment": "# a\n#b",
    "document": "---\n...\n--- a",
    "anchor": "&a *a !!a",
    "quotes": "'\"\\",
    "nothing": "null",
    "far signs": "図面 😀 é e\u0301 \u00a0",
}


def test_hostile_text_comes_out_as_it_went_in(tmp_path: Path) -> None:
    annotations = {f"a{number}": text for number, text in enumerate(HOSTILE.values())}
    rule = {"alert": HOSTILE["markup"], "expr": HOSTILE["fence"], "labels": annotations, "annotations": annotations}
    raw = yaml.safe_dump({"groups": [{"name": HOSTILE["quotes"], "rules": [rule]}]}).encode()
    text = exported(handbook_with(tmp_path, {"a.yaml": raw}, ""))["a.yaml"]
    document = yaml.safe_load(text)
    assert document == {"groups": [{"name": HOSTILE["quotes"], "rules": [rule]}]}
    assert plain(text) == document


def test_promtool_reads_hostile_text(tmp_path: Path) -> None:
    annotations = {f"a{number}": text for number, text in enumerate(HOSTILE.values())}
    rule = {"alert": "A", "expr": "vector(1)", "annotations": {**annotations, "a2": '{{ $value }} {{ "{{" }}'}}
    raw = yaml.safe_dump({"groups": [{"name": "g", "rules": [rule]}]}).encode()
    text = exported(handbook_with(tmp_path, {"a.yaml": raw}, ""))["a.yaml"]
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    alert = {"exp_labels": {}, "exp_annotations": {**annotations, "a2": "1 {{"}}
    test = {
        "interval": "1m",
        "input_series": [],
        "alert_rule_test": [{"eval_time": "1m", "alertname": "A", "exp_alerts": [alert]}],
    }
    written = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [test]}
    (tmp_path / "test.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    result = promtool("test", "rules", "test.yaml", folder=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def test_each_team_has_its_own_files_at_their_addresses(tmp_path: Path) -> None:
    handbook = make_handbook(
        tmp_path,
        {
            "organisation.yaml": f"name: Example\nlanguage: en\n{SITE}",
            "teams/payments/alerts/a.yaml": group("alert: A\nexpr: up"),
            "teams/payments/alerts/b.yml": group("alert: B\nexpr: up"),
            "teams/search/team.yaml": 'name: Search\nchannel: "#search"\n',
            "teams/search/alerts/a.yaml": group("alert: C\nexpr: up"),
            "teams/idle/team.yaml": 'name: Idle\nchannel: "#idle"\n',
        },
    )
    found = {file.address: plain(file.write()) for file in files(handbook) if file.export.name == "alerts"}
    assert {address: [rule["alert"] for rule in alerts_in(it)] for address, it in found.items()} == {
        "exports/alerts/payments/a.yaml": ["A"],
        "exports/alerts/payments/b.yml": ["B"],
        "exports/alerts/search/a.yaml": ["C"],
    }

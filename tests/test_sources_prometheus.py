"""Reading Prometheus rule files: what is in them, where it stands, and what Prometheus would refuse."""

from __future__ import annotations

from collections.abc import Hashable
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
import yaml

from macros.sources import prometheus
from macros.sources.prometheus import AlertingRule, RuleFile
from macros.sources.yaml_file import MappingReader

FILES = sorted((Path(__file__).parent / "rules").glob("*.yaml"))
"""Rule files that have groups by themselves."""

FORMS = sorted((Path(__file__).parent / "rules/forms").glob("*.yaml"))
"""Rule files in the forms that other systems read."""

each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
each_form = pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)


class Plain(yaml.BaseLoader):
    """PyYAML in Python, in which every scalar is the text that stands there, and merge keys as Prometheus reads them.

    PyYAML 6.0.4 itself lets the wrong one win where a merge in a merge, or a list of them, has a key twice.
    """

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        return super().construct_object(node, deep=True)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        found = [((key.value, key.style), self.construct_object(value)) for key, value in node.value]
        whole: dict[Hashable, Any] = {}
        for key, value in found:
            if key == ("<<", None):
                for part in reversed(value if isinstance(value, list) else [value]):
                    whole.update(part)
        whole.update((key, value) for (key, style), value in found if (key, style) != ("<<", None))
        return whole


def plain(text: str | bytes) -> Any:
    """A reading of YAML that shares nothing with the code under test."""
    return yaml.load(text, Loader=Plain)


def plain_documents(text: str | bytes) -> list[Any]:
    """As `plain`, of every document that has something in it."""
    return [document for document in yaml.load_all(text, Loader=Plain) if document]


def alerts_in(value: Any) -> list[dict[str, Any]]:
    """The alerting rules that are anywhere in a document, in their order."""
    if isinstance(value, dict) and "alert" in value:
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [rule for item in inner for rule in alerts_in(item)]


def as_text(value: Any) -> Any:
    """A document with its numbers and truths as they are written, to be compared with a plain reading."""
    if isinstance(value, dict):
        return {key: as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value)


def read(raw: str | bytes) -> RuleFile:
    file, problems = prometheus.parse(raw if isinstance(raw, bytes) else raw.encode(), "a.yaml", "payments")
    assert [str(problem) for problem in problems] == []
    assert file is not None
    return file


def refused(raw: str | bytes) -> list[str]:
    """What is said about a file that is refused."""
    file, problems = prometheus.parse(raw if isinstance(raw, bytes) else raw.encode(), "a.yaml")
    assert file is None
    return [str(problem) for problem in problems]


def group(rule: str, above: str = "") -> str:
    """A file of one group with one rule: `rule` is its lines from line 4, `above` a line above `rules:`."""
    return f"groups:\n- name: g\n{above}  rules:\n" + "".join(
        f"  {'- ' if number == 0 else '  '}{line}\n" for number, line in enumerate(rule.split("\n"))
    )


def only(text: str) -> AlertingRule:
    (rule,) = read(text).alerts
    return rule


ODD = "version=1.10 enabled=yes tier=1 switch=on hex=0x1F answer=no day=2026-11-24 clock=22:30"

ALERTS = {
    "kubernetes": [
        "5:5 KubePodRestartsOften 8:7 15m severity=warning",
        "15:5 KubeDeploymentReplicasMissing 15:12 15m severity=warning",
        "38:5 KubeQuotaUsed 38:12 15m severity=info",
        "58:5 KubeAPIErrorBudgetBurn 58:12 2m long=1h severity=critical short=5m",
        "66:5 KubeAPIErrorBudgetBurn 66:12 3h long=3d severity=warning short=6h",
    ],
    "node": [
        "4:5 NodeDiskFillsUp 4:14 1h severity=warning",
        "17:5 NodeDiskFillsUp 20:7 1h severity=critical",
        "31:5 NodeClockWrong 31:14 severity=warning",
    ],
    "prometheus": [
        "10:11 PrometheusReloadFailed 10:20 10m severity=critical",
        "20:11 PrometheusQueueFills 20:20 15m",
    ],
    "recorded": [],
    "shop": [
        f"7:9 ShopCheckoutFails 7:16 5m severity=page app=shop {ODD}",
        f"36:9 ShopCheckoutFails 45:11 1h30m severity=ticket app=shop {ODD}",
        f"48:9 ShopIsSlow 48:16 severity=ticket app=front {ODD} owner=…",
        f"58:9 ShopIsVerySlow 58:16 severity=ticket app=front {ODD} owner=…",
        f"62:10 ShopNightBatchLate 62:17 severity=page app=shop {ODD}",
        "63:9 Shop batch: 100 % failed? 63:16",
    ],
    "tenants": [
        "6:9 TenantOverLimit 6:16 team=tenants severity=ticket zone=1.10",
        "9:9 TenantGone 12:11 team=tenants severity=page zone=1.10",
        "13:9 TenantSlow 12:11 team=tenants severity=page zone=1.10",
    ],
}
"""The alerts of each file: place, name, place of the runbook, `for`, labels."""

ALERTS_IN_FORMS = {
    "list": ["10:9 DiskFull 10:16", "20:9 FanStopped 20:16"],
    "mimir": ["6:11 LiftStuck 6:18 2m", "16:11 StairsWet 19:13"],
    "namespaces": ["5:9 LampDark 5:16", "12:9 HeaterCold 12:16"],
    "operator": ["35:11 QueueGrows 35:18 10m severity=warning", "47:11 QueueGone 49:13 severity=critical"],
    "several": ["13:11 DoorOpen 13:18 5m team=doors", "24:11 WindowOpen 24:18"],
    "victoria": ["19:9 TrafficGone 19:16 team=traffic", "28:9 TrafficLate 30:23"],
}
"""The same of the other forms."""


def line_of(rule: AlertingRule) -> str:
    labels = [f"{key}={'…' if '{{' in value else value}" for key, value in rule.labels.items()]
    places = ["{}:{}".format(*place) for place in (rule.place, rule.runbook_place)]
    return " ".join(part for part in (places[0], rule.name, places[1], rule.lasts, *labels) if part)


def test_there_are_rule_files_to_read() -> None:
    assert [file.stem for file in FILES] == list(ALERTS)
    assert [file.stem for file in FORMS] == list(ALERTS_IN_FORMS)


@pytest.mark.parametrize("file", [*FILES, *FORMS], ids=lambda file: file.stem)
def test_the_alerts_of_a_file(file: Path) -> None:
    found, problems = prometheus.read(file, f"data/{file.name}", "payments")
    assert problems == []
    assert found is not None
    assert (found.team, found.path) == ("payments", f"data/{file.name}")
    assert [line_of(rule) for rule in found.alerts] == {**ALERTS, **ALERTS_IN_FORMS}[file.stem]


@pytest.mark.parametrize("file", [*FILES, *FORMS], ids=lambda file: file.stem)
def test_a_place_is_that_of_the_word_itself(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()

    def at(place: tuple[int, int]) -> str:
        return lines[place[0] - 1][place[1] - 1 :].lstrip("\"'")

    for rule in read(file.read_bytes()).alerts:
        assert at(rule.place).startswith("alert")
        assert rule.name in at(rule.place)
        assert at(rule.runbook_place).startswith(
            prometheus.RUNBOOK if prometheus.RUNBOOK in rule.annotations else rule.name
        )


@each_file
def test_a_document_is_what_another_reader_makes_of_it(file: Path) -> None:
    raw = file.read_bytes()
    found = read(raw)
    assert as_text(found.documents[0]) == plain(raw)
    for rule in found.alerts:
        _, _, number, _, place = rule.position
        assert rule.position == (0, "groups", number, "rules", place)
        own = plain(raw)["groups"][number]["rules"][place]
        assert (rule.name, rule.expression, rule.lasts) == (own["alert"], own["expr"], own.get("for", ""))
        assert rule.annotations == own.get("annotations", {})
        assert rule.labels == {**plain(raw)["groups"][number].get("labels", {}), **own.get("labels", {})}
    assert len(found.alerts) == len(alerts_in(plain(raw)))


@each_form
def test_documents_of_other_forms_are_what_another_reader_makes_of_them(file: Path) -> None:
    raw = file.read_bytes()
    found = read(raw)
    assert as_text(list(found.documents)) == plain_documents(raw)
    for rule, own in zip(found.alerts, alerts_in(plain_documents(raw)), strict=True):
        documents: Any = plain_documents(raw)
        assert reduce(lambda around, step: around[step], rule.position, documents) == own
        assert (rule.name, rule.expression, rule.annotations) == (own["alert"], own["expr"], own.get("annotations", {}))


def test_what_others_read_has_no_groups() -> None:
    text = "groups:\n- name: g\n  headers:\n  - groups: [{name: h, rules: [{alert: A, expr: up}]}]\n"
    assert read(text).alerts == ()


def test_what_others_read_keeps_its_type() -> None:
    operator, victoria = (next(file for file in FORMS if file.stem == stem) for stem in ("operator", "victoria"))
    (found,) = read(operator.read_bytes()).documents
    metadata = found["metadata"]
    assert (metadata["generation"], metadata["deletionTimestamp"]) == (2, None)
    assert metadata["annotations"]["example.org/paused"] == "true"
    assert metadata["managedFields"][0]["time"] == "2026-11-24T22:30:00Z"
    (found,) = read(victoria.read_bytes()).documents
    first = found["groups"][0]
    assert (first["concurrency"], first["eval_alignment"], first["tenant"]) == (2, False, "123:456")
    assert (first["rules"][0]["debug"], first["rules"][0]["update_entries_limit"]) == (True, 5)


@each_file
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_a_mark_at_the_start_and_the_ends_of_lines_do_not_matter(file: Path, mark: bytes, end: bytes) -> None:
    raw = file.read_bytes()
    assert read(mark + raw.replace(b"\n", end)) == read(raw)


def test_numbers_and_truths_are_such_where_prometheus_has_them() -> None:
    tenants = next(file for file in FILES if file.stem == "tenants")
    (found,) = read(tenants.read_bytes()).documents[0]["groups"]
    assert found["align_evaluation_time_on_interval"] is True
    (found,) = read(group("record: a\nexpr: 1", "  limit: 20\n")).documents[0]["groups"]
    assert found == {"name": "g", "limit": 20, "rules": [{"record": "a", "expr": "1"}]}


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param("<<: {a: '1', b: '1'}\na: '2'", {"a": "2", "b": "1"}, id="its own wins"),
        pytest.param("a: '2'\n<<: {a: '1'}", {"a": "2"}, id="its own wins, before it too"),
        pytest.param("<<: [{a: '1'}, {a: '2', b: '2'}]", {"a": "1", "b": "2"}, id="the first of a list wins"),
        pytest.param("<<: {<<: {a: '1', b: '1'}, b: '2'}", {"a": "1", "b": "2"}, id="merges in merges"),
        pytest.param("'<<': x", {"<<": "x"}, id="a quoted one is a key"),
        pytest.param("", {}, id="none"),
        pytest.param("a:", {"a": ""}, id="a label without a value"),
    ],
)
def test_labels_are_merged_as_yaml_says(labels: str, expected: dict[str, str]) -> None:
    text = group("alert: A\nexpr: up\nlabels:\n  " + labels.replace("\n", "\n  "))
    assert dict(only(text).labels) == expected
    assert (plain(text)["groups"][0]["rules"][0]["labels"] or {}) == expected


def test_a_runbook_that_is_merged_in_has_the_place_where_it_stands() -> None:
    text = group("alert: A\nexpr: up\nannotations:\n  <<: {summary: S, runbook_url: https://a.example/}")
    assert only(text).runbook_place == (7, 24)


MAPPING = "this must be a mapping: lines of the form `key: value`"
EITHER = "missing-key: a rule has either `alert:` or `record:`, with its name"
DURATION = "must be a duration as Prometheus writes it, such as 5m or 1h30m"
GRAFANA = "rules of Grafana's own, not Prometheus'; list them under `source: Grafana` and `alerts:`"
HELM = "syntax: a Helm template; put here what `helm template` makes of it"
CONTROL = "syntax: a character that YAML doesn't allow; delete it"
GROUP_KEYS = (
    "name, interval, query_offset, limit, labels, rules, partial_response_strategy, source_tenants, "
    "evaluation_delay, align_evaluation_time_on_interval, remote_write, type, concurrency, params, headers, "
    "notifier_headers, tenant, debug, eval_offset, eval_delay, eval_alignment"
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            b"groups:\n- name: Z\xe4hler\n",
            ["2:10: encoding: the file is not UTF-8; save it as UTF-8 (otherwise, names become garbage)"],
            id="not UTF-8",
        ),
        pytest.param(
            "groups:\n- name: g\n  rules: [{}\n",
            [
                "3:10: syntax: the bracket that begins here isn't closed by its own sort, or a comma is missing "
                "behind it; write it, or put quotes around a text that begins with a bracket",
            ],
            id="a bracket that never closes",
        ),
        pytest.param(
            "groups:\n- name: g\n   rules: []\n",
            [
                "3:4: syntax: this line is indented by 3; indent it as what it belongs to, by 0 or 2 spaces, "
                "or put quotes around a text of several lines"
            ],
            id="wrong indentation",
        ),
        pytest.param(
            group("alert: A\nexpr: up\nlabels: *none"),
            ['6:13: syntax: YAML reads a sign of this text as its own; put quotes around the text: "*none"'],
            id="an alias of nothing",
        ),
        pytest.param(
            "groups: []\n---\ngroups: []\n",
            ["2:1: syntax: `---` begins a second document; delete the line, or make two files of it"],
            id="two documents",
        ),
        pytest.param(group("alert: A\x07\nexpr: up"), [f"4:13: {CONTROL}"], id="a control character"),
        pytest.param(group('alert: A\nexpr: "a\\0b"'), [f"5:11: {CONTROL}"], id="a control character as an escape"),
        pytest.param(
            "", ["1:1: empty-file: there is nothing here, or only comments; fill it in, or delete the file"], id="empty"
        ),
        pytest.param(
            "# a\n",
            ["1:1: empty-file: there is nothing here, or only comments; fill it in, or delete the file"],
            id="a comment alone",
        ),
        pytest.param(
            "namespace: a\n",
            ["1:1: missing-key: `groups` is missing; add a line `groups: …`"],
            id="no groups",
        ),
        pytest.param(
            "- name: g\n",
            [f"1:1: wrong-type: {MAPPING}", "1:1: missing-key: `groups` is missing; add a line `groups: …`"],
            id="groups without their key",
        ),
        pytest.param(
            "namespace: a\ngroups: []\n---\ngroups: []\n",
            ["3:1: syntax: `---` begins a second document; delete the line, or make two files of it"],
            id="a second document that names no namespace",
        ),
        pytest.param(
            "---\n---\n",
            ["1:1: empty-file: there is nothing here, or only comments; fill it in, or delete the file"],
            id="no document",
        ),
        pytest.param(
            "node:\n- name: g\n  rules: [{alert: A}]\n",
            ["3:11: missing-key: `expr` is missing; add a line `expr: …`"],
            id="a fault in a namespace",
        ),
        pytest.param(
            "node: []\ncluster: {}\n",
            [
                "1:1: unknown-key: `node` is not a key here; the keys here are groups, namespace",
                "2:1: unknown-key: `cluster` is not a key here; the keys here are groups, namespace",
                "1:1: missing-key: `groups` is missing; add a line `groups: …`",
            ],
            id="a namespace that is no list",
        ),
        pytest.param(
            "group:\n- name: g\n  rules: []\n",
            [
                "1:1: unknown-key: `group` is not a key here; did you mean `groups`?",
                "1:1: missing-key: `groups` is missing; add a line `groups: …`",
            ],
            id="groups misspelt are no namespace",
        ),
        pytest.param(
            "kind: PrometheusRule\nspecs: {}\n",
            [
                "2:1: unknown-key: `specs` is not a key here; did you mean `spec`?",
                "1:1: missing-key: `spec` is missing; add a line `spec: …`",
            ],
            id="an object without a spec",
        ),
        pytest.param(
            "kind: PrometheusRule\nspec:\n  group: []\n",
            [
                "3:3: unknown-key: `group` is not a key here; did you mean `groups`?",
                "3:3: missing-key: `groups` is missing; add a line `groups: …`",
            ],
            id="a spec without groups",
        ),
        pytest.param("kind: PrometheusRule\nspec: []\n", [f"2:7: wrong-type: {MAPPING}", "2:7: GROUPS"], id="no spec"),
        pytest.param(
            "kind: ConfigMap\ndata:\n  a.yaml: |\n    groups: []\n",
            ["1:7: wrong-value: a ConfigMap has no rules that are read here; keep only objects such as PrometheusRule"],
            id="an object without rules",
        ),
        pytest.param(
            "kind: List\nitems:\n- kind: List\n  items: []\n",
            ["3:9: wrong-value: a List has no rules that are read here; keep only objects such as PrometheusRule"],
            id="a list in a list",
        ),
        pytest.param("kind: List\n", ["1:1: missing-key: `items` is missing; add a line `items: …`"], id="no items"),
        pytest.param("kind: List\nitems: [5]\n", [f"2:9: wrong-type: {MAPPING}", "2:9: GROUPS"], id="a wrong item"),
        pytest.param(
            "kind: [PrometheusRule]\n",
            ["1:7: wrong-type: `kind` must be text, without a list or a mapping in it"],
            id="a kind that is a list",
        ),
        pytest.param(
            "kind: PrometheusRule\nmetadata: &m {a: *m}\nspec: {groups: []}\n",
            ["2:11: syntax: nested more than 100 levels deep"],
            id="metadata in itself",
        ),
        pytest.param(
            "apiVersion: 1\ngroups:\n- orgId: 1\n  name: g\n  rules: [{uid: a, condition: A}]\n",
            [f"1:1: wrong-type: {GRAFANA}"],
            id="Grafana's own rules",
        ),
        pytest.param(
            "{{- if .Values.rules }}\ngroups:\n- name: g\n{{- end }}\n", [f"1:1: {HELM}"], id="a Helm template"
        ),
        pytest.param(
            'kind: PrometheusRule\nmetadata:\n  name: {{ include "a" . }}\nspec: {groups: []}\n',
            [f"3:9: {HELM}"],
            id="a Helm template that can be read",
        ),
        pytest.param(
            "groups:\n- name: a\n{{- with $x }}\n  rules: []\n", [f"3:1: {HELM}"], id="a Helm template by its indent"
        ),
        pytest.param(
            group("alert: A\nexpr: up\nfour: 5m\nannotations:\n  summary: |\n    {{- if $value }}a{{ end }}"),
            ["6:5: unknown-key: `four` is not a key here; did you mean `for`?"],
            id="an annotation that is a template",
        ),
        pytest.param(
            "groups: {name: g}\n",
            ["1:9: wrong-type: `groups` must be a list: lines that begin with `- `"],
            id="groups that are no list",
        ),
        pytest.param("groups: [g]\n", [f"1:10: wrong-type: {MAPPING}", "1:10: NAME"], id="a group that is a word"),
        pytest.param(
            "groups: []\ngroup: []\n",
            ["2:1: unknown-key: `group` is not a key here; did you mean `groups`?"],
            id="an unknown key above",
        ),
        pytest.param(
            group("record: a\nexpr: up", "  intervall: 1m\n  zone: a\n"),
            [
                "3:3: unknown-key: `intervall` is not a key here; did you mean `interval`?",
                f"4:3: unknown-key: `zone` is not a key here; the keys here are {GROUP_KEYS}",
            ],
            id="unknown keys of a group",
        ),
        pytest.param(
            group("alert: A\nexpr: up\nanotations: {}"),
            ["6:5: unknown-key: `anotations` is not a key here; did you mean `annotations`?"],
            id="an unknown key of a rule",
        ),
        pytest.param("groups:\n- rules: []\n", ["2:3: NAME"], id="a group without a name"),
        pytest.param(
            "groups:\n- name:\n",
            ["2:8: wrong-type: `name` has no value; write one, or delete the line"],
            id="a group with an empty name",
        ),
        pytest.param(group("alert: A\nrecord: a\nexpr: up"), [f"4:5: {EITHER}"], id="an alert that is recorded"),
        pytest.param(group("expr: up"), [f"4:5: {EITHER}"], id="neither an alert nor recorded"),
        pytest.param(
            group("alert: A"), ["4:5: missing-key: `expr` is missing; add a line `expr: …`"], id="no expression"
        ),
        pytest.param(
            group('alert: A\nexpr: ""'),
            ["5:11: wrong-type: `expr` has no value; write one, or delete the line"],
            id="an empty expression",
        ),
        pytest.param(
            group("alert: A\nexpr: [up]"),
            ["5:11: wrong-type: `expr` must be text, without a list or a mapping in it"],
            id="an expression that is a list",
        ),
        pytest.param(
            group("alert: A\nexpr: up\nexpr: down"),
            ["6:5: duplicate-key: `expr` is here twice (first on line 5); keep one"],
            id="a key that stands twice",
        ),
        pytest.param(
            group("alert: A\nexpr: up\nlabels:\n  <<: {a: b}\n  <<: {c: d}"),
            ["8:7: duplicate-key: `<<` is here twice (first on line 7); keep one"],
            id="a merge key that stands twice",
        ),
        pytest.param(
            group("alert: A\nexpr: up\nlabels: [severity, page]"),
            [f"6:13: wrong-type: {MAPPING}"],
            id="labels that are a list",
        ),
        pytest.param(
            group("alert: A\nexpr: up\nlabels: {[a]: b}"),
            ["6:14: syntax: a key must be a single word"],
            id="a key that is a list",
        ),
        pytest.param(
            group("alert: A\nexpr: up\nannotations:\n  summary: {{ $value }}"),
            ["7:16: wrong-type: `summary` must be text, without a list or a mapping in it"],
            id="an annotation that is a mapping, for want of quotes",
        ),
        *(
            pytest.param(
                group(f"alert: A\nexpr: up\nfor: {written}"), [f"6:10: wrong-value: `for` {DURATION}"], id=f"for {name}"
            )
            for written, name in {
                "5": "a number",
                "5 m": "a blank",
                "5m1h": "parts the wrong way round",
                "1.5h": "a part of an hour",
                "-5m": "less than nothing",
                "m": "a unit alone",
                "５m": "a wide digit",
            }.items()
        ),
        *(
            pytest.param(
                group("record: a\nexpr: up", f"  {key}: soon\n"),
                [f"3:{len(key) + 5}: wrong-value: `{key}` {DURATION}"],
                id=key,
            )
            for key in ("interval", "query_offset", "evaluation_delay")
        ),
        pytest.param(
            group("alert: A\nexpr: up\nkeep_firing_for: long"),
            [f"6:22: wrong-value: `keep_firing_for` {DURATION}"],
            id="keep_firing_for",
        ),
        pytest.param(
            group("alert: A\nexpr: up\nlabels: &a\n  <<: *a\n  b: c"),
            ["6:13: alias: a mapping that is merged into itself; write it out"],
            id="merged into itself",
        ),
        pytest.param(
            group("alert: A\nexpr: up\nlabels: {<<: word}"), [f"6:18: wrong-type: {MAPPING}"], id="a word merged in"
        ),
        pytest.param(
            group("alert: A\nexpr: up\nlabels: " + "{<<: " * 200 + "}" * 200),
            ["6:518: syntax: nested more than 100 levels deep"],
            id="merges in merges in merges",
        ),
    ],
)
def test_what_prometheus_would_refuse(raw: str | bytes, expected: list[str]) -> None:
    name = "missing-key: `name` is missing; add a line `name: …`"
    groups = "missing-key: `groups` is missing; add a line `groups: …`"
    assert refused(raw) == [f"a.yaml:{line.replace('NAME', name).replace('GROUPS', groups)}" for line in expected]


@pytest.mark.parametrize("written", ["0", "0s", "5m", "1h30m", "1y2w3d4h5m6s7ms", "90s"])
def test_durations_that_prometheus_takes(written: str) -> None:
    assert only(group(f"alert: A\nexpr: up\nfor: {written}")).lasts == written


def test_a_file_with_too_many_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prometheus, "MOST_RULES", 20)
    one = "groups:\n- name: a\n  rules: &a\n" + "  - {record: r, expr: up}\n" * 10
    assert len(read(one + "- {name: b, rules: *a}\n").documents[0]["groups"]) == 2
    text = one + "- {name: b, rules: *a}\n" + "- {name: c, rules: *a}\n" * 5
    assert refused(text) == ["a.yaml:4:5: limit: more than 20 rules in one file; split it"]


class Steps:
    """Counts how often a method of the reader is called, and ends a run that goes on and on."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, name: str, most: int, reader: type = prometheus._RuleReader
    ) -> None:
        self.number = 0
        method = getattr(reader, name)

        def counted(*arguments: Any) -> Any:
            self.number += 1
            if self.number > most:
                pytest.fail(f"{name}: more than {most} steps", pytrace=False)  # a trace would write the pile out
            return method(*arguments)

        monkeypatch.setattr(reader, name, counted)


def test_nothing_is_read_behind_too_many_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prometheus, "MOST_RULES", 20)
    steps = Steps(monkeypatch, "rule", 21)
    aliases = ", ".join(["*r"] * 500)
    text = f"groups:\n- &g {{name: a, rules: [&r {{record: r, expr: up}}, {aliases}]}}\n" + "- *g\n" * 500
    assert refused(text) == ["a.yaml:2:24: limit: more than 20 rules in one file; split it"]
    assert steps.number == 21


PILE = 40


def pile(level: int) -> str:
    """Labels that merge those of the level before twice: 2 ** 40 of them, one by one."""
    return "{a: b}" if level == 0 else f"{{<<: [*l{level - 1}, *l{level - 1}], k{level}: v}}"


def test_a_pile_of_merges_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch, "parts", 10 * PILE)
    listed = "".join(f"  - {{alert: A{it}, expr: up, labels: &l{it} {pile(it)}}}\n" for it in range(PILE + 1))
    alerts = read(f"groups:\n- name: g\n  rules:\n{listed}").alerts
    assert alerts[-1].labels == {"a": "b", **{f"k{it}": "v" for it in range(1, PILE + 1)}}
    assert steps.number > PILE


def test_a_pile_of_merges_is_read_once_also_from_its_top(monkeypatch: pytest.MonkeyPatch) -> None:
    Steps(monkeypatch, "parts", 10 * PILE)
    listed = "".join(f"  - {{record: a, expr: up, labels: &l{it} {pile(it)}}}\n" for it in range(PILE + 1))
    (found,) = read(f"groups:\n- name: g\n  rules:\n{listed}  labels: *l{PILE}\n").documents[0]["groups"]
    assert len(found["labels"]) == PILE + 1


def test_a_chain_of_merges_that_would_exhaust_the_stack_is_a_problem_like_others() -> None:
    listed = "".join(f"  - {{record: a, expr: up, labels: &l{it} {{<<: *l{it - 1}}}}}\n" for it in range(1, 3000))
    text = (
        f"groups:\n- name: g\n  rules:\n  - {{record: a, expr: up, labels: &l0 {{a: b}}}}\n{listed}  labels: *l2999\n"
    )
    assert refused(text) == ["a.yaml:2902:35: syntax: nested more than 100 levels deep"]


EXPANDED = "the file has more than 1,000 characters with its aliases written out; split it"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (group(f"alert: A\nexpr: {'u' * 1001}"), [f"5:11: limit: {EXPANDED}"]),
        (
            f"groups:\n- name: g\n  labels: &l {{a: {'b' * 99}}}\n  rules:\n"
            + "  - {alert: A, expr: up, labels: *l}\n" * 20,
            [f"3:18: limit: {EXPANDED}"],
        ),
        (
            "groups:\n- name: g\n  labels:\n    <<: "
            f"[&m {{{', '.join(f'k{n}: v' for n in range(99))}}}, {'*m, ' * 99}]\n",
            [f"4:10: limit: {EXPANDED}"],
        ),
        (
            f"groups:\n- name: g\n  labels: {{{', '.join(f'k{n}: v' for n in range(99))}}}\n  rules:\n"
            + "  - {alert: A, expr: up}\n" * 20,
            [f"12:5: limit: {EXPANDED}"],
        ),
    ],
    ids=["a text", "an alias", "merges", "labels of a group"],
)
def test_a_file_that_comes_to_too_much(text: str, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prometheus, "MOST_EXPANDED", 1000)
    assert refused(text) == [f"a.yaml:{it}" for it in expected]


def test_a_pile_of_lists_that_others_read_comes_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prometheus, "MOST_EXPANDED", 1000)
    steps = Steps(monkeypatch, "kept", 2000)
    listed = "".join(f"  l{it}: &l{it} [{f'*l{it - 1}, ' * 9 if it else ''}]\n" for it in range(20))
    (told,) = refused(f"kind: PrometheusRule\nspec: {{groups: []}}\nmetadata:\n{listed}")
    assert told.endswith(EXPANDED)
    assert steps.number > 20


def test_nothing_is_merged_behind_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prometheus, "MOST_EXPANDED", 1000)
    steps = Steps(monkeypatch, "parts", 50, MappingReader)
    labels = f"<<: [&m {{{', '.join(f'k{n}: v' for n in range(99))}}}, {'*m, ' * 500}]"
    assert refused(f"groups:\n- name: g\n  labels: {{{labels}}}\n") == [f"a.yaml:3:17: limit: {EXPANDED}"]
    assert steps.number < 50


def test_nothing_is_read_behind_too_many_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prometheus, "MOST_PROBLEMS", 20)
    steps = Steps(monkeypatch, "rule", 30)
    assert len(refused("groups:\n- name: g\n  rules:\n" + "  - {alert: A}\n" * 500)) == 21
    assert steps.number == 21


def test_a_file_of_too_many_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("groups: []\n" + "#" * 2_000_000)
    assert [str(it) for it in prometheus.read(tmp_path / "a.yaml", "a.yaml")[1]] == [
        "a.yaml:1:1: limit: the file has more than 2,000,000 bytes; split it"
    ]


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 5000 + "a", "&a [" * 5000])
def test_nesting_that_would_exhaust_the_stack(text: str) -> None:
    assert refused(f"groups: {text}")[0].split(": ")[1] == "syntax"


@pytest.mark.parametrize(("name", "reason"), [("none.yaml", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read(name: str, reason: str, tmp_path: Path) -> None:
    found, problems = prometheus.read(tmp_path / name, "data/a.yaml")
    assert found is None
    assert [str(problem) for problem in problems] == [
        f"data/a.yaml:1:1: unreadable: can't be read ({reason}); fix its permissions, or remove it"
    ]


@pytest.mark.parametrize("file", [*FILES, *FORMS], ids=lambda file: file.stem)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_a_rule_file_looks_like_one(file: Path, mark: bytes, end: bytes) -> None:
    assert prometheus.looks_like_rules(mark + file.read_bytes().replace(b"\n", end))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"groups: []", True),
        (b"\xef\xbb\xbfgroups:\r\n", True),
        (b"# a comment\n'groups' :\n", True),
        (b'{"groups": []}', True),
        (b'{\n  "groups": []\n}', True),
        (b"kind: PrometheusRule\nspec:\n  groups:\n", True),
        (b"kind: PrometheusRule\nspec: {}\n", True),
        (b"node:\n- name: g\n  rules:\n", True),
        (b"node:\n  - rules: []\n", True),
        (b'{\n  "node": [{\n    "rules": []\n}]}', True),
        (b"rules:\n", False),
        (b"kind: Service\n", False),
        (b"namespace: a\xff\ngroups:\n", True),
        (b"", False),
        (b"system: Zabbix\nalerts:\n- name: Disk groups: full\n", False),
        (b"# groups:\nsystem: Zabbix\n", False),
        (b"subgroups:\n", False),
        (b"groupset: a\n", False),
        (b"groups\n", False),
    ],
)
def test_what_looks_like_a_rule_file(raw: bytes, expected: bool) -> None:
    assert prometheus.looks_like_rules(raw) is expected

"""Prometheus' template language in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Content, make_handbook
from hypothesis import given
from hypothesis import strategies as st

from macros.handbook import alerts, rule_words
from macros.text import catalogue

EXAMPLES = {"namespace": "payments"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("No template {here}", "No template {here}"),
        ("{{ $labels.pod }} restarts", "the pod restarts"),
        ("{{$labels.pod}}", "the pod"),
        ("{{- .Labels.pod -}}", "the pod"),
        ("{{ $labels.namespace }}", "the namespace (such as payments)"),
        ('{{ index $labels "pod" }}', "the pod"),
        ("{{ $labels.pod | toUpper | title }}", "the pod"),
        ("{{ $value }} jobs", "the value jobs"),
        ("{{ .Value }}", "the value"),
        ("{{ $value | humanize }}", "the value"),
        ("{{ humanize1024 $value }}", "the value"),
        ('{{ printf "%.2f" $value }}', "the value"),
        ('{{ $value | printf "%.2f" }}', "the value"),
        ("{{ $value | humanizePercentage }}", "the value in percent"),
        ("{{ humanizeDuration $value }}", "the value as a length of time"),
        ("{{ $value | humanizeTimestamp }}", "the value as a time of day"),
        ('{{ "{{" }} stays', "{{ stays"),
        ("{{ `a` }}", "a"),
        ('{{/* why */}}{{ $x := query "up" }}a', "a"),
        ('{{ range $i, $x := query "up" }}a{{ end }}b', "…b"),
        ("a {{ if gt $value 5.0 }}b{{ else }}c{{ end }} d", "a … d"),
        ("{{ with $labels.a }}b {{ if . }}c{{ end }} d{{ end }}, {{ $value }}", "…, the value"),
        ("{{ end }}a", "…a"),
        ("{{ with", "{{ with"),
        ("{{ $externalURL }}/x", "…/x"),
        ('{{ query "up" | first | value }}', "…"),
        ('{{ $labels.pod | reReplaceAll "a" "b" }}', "…"),
        ('{{ system "rm" }}', "…"),
        ("{{ }}", "…"),
    ],
)
def test_template_language_is_said_in_words(text: str, words: str) -> None:
    assert str(rule_words.in_words(text, EXAMPLES)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ $labels.namespace }} の {{ $labels.pod }}", "namespace (例: payments) の pod"),
        ("{{ $value | humanizePercentage }}", "値 (パーセント)"),
    ],
)
def test_template_language_is_said_in_japanese(text: str, words: str) -> None:
    translate = catalogue.translations("ja").gettext
    assert rule_words.in_words(text, EXAMPLES).render("ja", translate) == words


@given(st.text(alphabet='{}a$ .|"`-endifwith', max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    assert isinstance(str(rule_words.in_words(text, {})), str)


def test_the_examples_are_those_of_the_playbook(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "teams/payments/services/till.yaml": "name: Till\nsummary: S\n",
        "teams/payments/alerts/a.yaml": (
            "groups: [{name: g, rules: [{alert: A, expr: up, annotations: {summary: 'In {{ $labels.pod }}'}}]}]\n"
        ),
        "teams/payments/alerts/b.yaml": "source: Cloud\nalerts: [{name: B, urgency: page, summary: '{{ $value }}'}]\n",
        "teams/payments/playbooks/p.yaml": (
            "name: P\nservice: till\nalerts: [A]\nvariables: [{name: pod, description: D, example: till-1}]\n"
        ),
    }
    handbook = make_handbook(tmp_path, files)
    rule, listed = alerts.known(handbook)
    assert str(rule_words.summary(handbook, rule, rule.origin)) == "In the pod (such as till-1)"
    assert rule_words.summary(handbook, listed, listed.origin) == listed.origin.summary

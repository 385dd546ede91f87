"""PrometheusRule objects: the same rules, in what Kubernetes takes, and only where the organisation says so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_prometheus import EVENTS, handbook_with, rules_with

from macros.exports import files
from macros.model.organisation import LABEL_PATTERN

RFC_1123 = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
"""A label of a host's name, as Kubernetes asks for in most names of objects; of at most 63 characters."""


def made(folder: Path, organisation: str) -> list[Any]:
    handbook = handbook_with(folder, EVENTS, {}, organisation)
    return [yaml.safe_load(file.write()) for file in files(handbook) if file.export.name == "prometheus-rule"]


def test_the_rules_are_those_for_prometheus(tmp_path: Path) -> None:
    (rule,) = made(tmp_path / "a", "prometheus_operator: {}")
    assert rule == {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "slo--payments"},
        "spec": yaml.safe_load(rules_with(tmp_path / "b", EVENTS)),
    }
    assert re.fullmatch(RFC_1123, rule["metadata"]["name"])


def test_namespace_and_labels_are_the_organisation_s(tmp_path: Path) -> None:
    (rule,) = made(tmp_path, "prometheus_operator: {namespace: monitoring, labels: [release=a, example.com/b=C_d]}")
    labels = {"release": "a", "example.com/b": "C_d"}
    assert rule["metadata"] == {"name": "slo--payments", "namespace": "monitoring", "labels": labels}


def test_without_the_operator_there_is_none(tmp_path: Path) -> None:
    assert made(tmp_path, "") == []


@pytest.mark.parametrize("label", ["a=b", "example.com/a=B", f"{'a' * 63}={'b' * 63}"])
def test_what_kubernetes_takes(label: str) -> None:
    assert re.fullmatch(LABEL_PATTERN, label)


@pytest.mark.parametrize(
    "label", ["a", "a=", "=b", "a=b=c", "A.com/a=b", "/a=b", "-a=b", "a=b-", "a=b c", "a" * 64 + "=b"]
)
def test_what_kubernetes_does_not_take(label: str) -> None:
    assert not re.fullmatch(LABEL_PATTERN, label)

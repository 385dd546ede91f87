"""The Prometheus rules of SLOs as PrometheusRule objects, which the Prometheus Operator reads in Kubernetes."""

from collections.abc import Mapping, Sequence
from typing import Any

from macros.exports import document, prometheus
from macros.handbook import names
from macros.handbook.graph import Handbook
from macros.model.organisation import PrometheusOperator, Team


def files(handbook: Handbook, team: Team) -> Mapping[str, document.Writing]:
    """What writes the one file of a team, by its name; none where the organisation doesn't run the operator."""
    wanted = handbook.organisation.prometheus_operator is not None
    return document.of_team(_objects, document.in_prometheus, handbook, team) if wanted else {}


def _objects(handbook: Handbook, team: Team, promised: Sequence[document.Promise]) -> list[dict[str, Any]]:
    operator = handbook.organisation.prometheus_operator or PrometheusOperator()
    labels = dict(label.split("=") for label in operator.labels)
    settings = {"name": names.object_name("slo", team.id), "namespace": operator.namespace, "labels": labels}
    head = {"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule"}
    metadata = {key: value for key, value in settings.items() if value}
    return [{**head, "metadata": metadata, "spec": spec} for spec in prometheus.rules(handbook, team, promised)]

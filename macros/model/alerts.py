"""Alerts of other monitoring systems. Prometheus rule files are read as they are, by `macros.sources.prometheus`."""

from macros.model.keys import optional, required
from macros.model.numbers import OneOrMore
from macros.model.references import ServiceRef
from macros.model.values import Choice, Entity, Shape, Text, Url, Word


class Urgency(Choice):
    """What an alert does when it fires: it pages on-call, or it waits for working hours."""

    PAGE = "page"
    TICKET = "ticket"


class ExternalAlert(Shape):
    """An alert that another system sends."""

    name: Word = required("Its name, as in the alert message.", "CostImportMissing")
    urgency: Urgency | None = optional("Whether it pages or opens a ticket; if absent, neither.")
    service: ServiceRef | None = optional("The service that it is about.")
    link: Url | None = optional("Where it is set up, or where its state can be seen.")
    summary: Text | None = optional(
        "When it fires, and what that means for users.", "No answer from the bank for five minutes"
    )


class AlertList(Entity):
    """Alerts that don't come from Prometheus. Prometheus rule files go in the same folder, unchanged."""

    source: str = required("The system that sends them.", "Cloud Billing")
    alerts: OneOrMore[ExternalAlert] = required("The alerts.")

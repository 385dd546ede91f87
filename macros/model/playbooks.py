"""Playbooks, the templates that they begin from, and what is done with them."""

from datetime import date

from macros.model.keys import optional, required, several
from macros.model.numbers import OneOrMore
from macros.model.references import JourneyRef, ServiceRef
from macros.model.values import Choice, Entity, EscalationStep, Exercise, Id, Link, Markdown, Shape, Text, Url


class TemplateKind(Choice):
    """What a playbook template makes."""

    PLAYBOOK = "playbook"
    DOCUMENT = "document"


class SeverityGuidance(Shape):
    """Which severity an incident of this kind has, and when."""

    severity: Id = required("The id of a severity in organisation.yaml.", "sev-2")
    when: Text = required("When it has this severity.", "No upload succeeds for five minutes")


class DiagnosisStep(Shape):
    """A diagnosis step: what to do, what to expect, and what another result means."""

    do: Text = required("What to look at or to run.", "Look at the age of the oldest job")
    command: str | None = optional("The command to copy.", "kubectl -n payments get pods")
    dashboard: Url | None = optional("The dashboard to open.")
    expect: Text | None = optional("The result when all is well.", "Under 60 seconds")
    otherwise: Text | None = optional("What another result means.", "Workers can't keep up")
    next: Text | None = optional("The next step in that case.", "Mitigation 2")

    @property
    def is_located(self) -> bool:
        """Whether it says where to look, and what to expect there."""
        return bool(self.command or self.dashboard) and self.expect is not None


class MitigationStep(Shape):
    """A mitigation step, with its risk and the way back."""

    do: Text = required("What to do.", "Switch bulk upload off")
    command: str | None = optional("The command to copy.", "flags set bulk_upload off")
    risk: Text | None = optional("Its risk: what it costs, or may break.", "Bulk uploads end with a note")
    undo: Text | None = optional("The way back.", "Switch the flag on again")


class Snippet(Shape):
    """A message that is ready to send."""

    to: Text = required("To whom.", "Status page")
    say: Text = required("The message.", "Refunds wait at the moment; payments work.")


class Playbook(Entity):
    """What to do when something is wrong with a service: for on-call, at 3 a.m."""

    name: Text = required("What is wrong, as the alert or the user says it.", "Refunds are stuck")
    service: ServiceRef = required("The service.", "payments-api")
    alerts: tuple[str, ...] = several(
        "Names of the alerts that it answers; a star matches any letters.", ["PaymentsRefund*"]
    )
    symptoms: tuple[Text, ...] = several("What users or colleagues say when it happens.")
    severities: tuple[SeverityGuidance, ...] = several("Its severity, and when.")
    meaning: Text | None = optional("What it means, in a sentence or two.")
    hits: tuple[JourneyRef, ...] = several("The user journeys that are affected.", ["pay-invoice"])
    first_five_minutes: tuple[Text, ...] = several("What to do first, in order.")
    diagnosis: tuple[DiagnosisStep, ...] = several("How to diagnose it.")
    mitigation: tuple[MitigationStep, ...] = several("How to mitigate it.")
    recovery: tuple[Text, ...] = several("How to verify that it is over.")
    escalation: tuple[EscalationStep, ...] = several("Whom to call; if absent, the team's own escalation.")
    communication: tuple[Snippet, ...] = several("A message that is ready to send.")
    recent_changes: Link | None = optional("Where recent changes can be seen.")
    rollback: Text | None = optional("How to roll back the last change.")
    dependencies: tuple[Text, ...] = several("Other possible causes, and how to tell.")
    links: tuple[Link, ...] = several("Other links to open.")
    exercised: tuple[Exercise, ...] = several("When it was drilled or used.")

    @property
    def has_steps(self) -> bool:
        """Whether it has one located diagnosis and one mitigation at least."""
        return any(step.is_located for step in self.diagnosis) and bool(self.mitigation)

    @property
    def last_exercised(self) -> date | None:
        """The day on which it was last drilled or used."""
        return max((exercise.on for exercise in self.exercised), default=None)


class TemplateSection(Shape):
    """A part of a template: what belongs there, and an example."""

    name: Text = required("Its heading.", "First five minutes")
    guidance: Text = required("What belongs there.", "Three steps that are always right")
    example: Markdown = required("A filled example, in Markdown.", "1. Acknowledge the page")


class PlaybookTemplate(Entity):
    """A template to start from: guidance for each part, a filled example, and a skeleton to copy."""

    name: Text = required("Its name.", "Queue backlog")
    summary: Text = required("What it is for, in one line.", "Work arrives faster than it is done")
    use_when: Text = required("When to start from it.", "A queue grows and nothing drains it")
    makes: TemplateKind = required("Whether it makes a playbook's file or a document.", "playbook")
    sections: OneOrMore[TemplateSection] = required("Its parts, in order.")
    skeleton: Text = required("The text to start with: YAML of a playbook, or Markdown of a document.", "name: …")

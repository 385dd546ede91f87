"""Playbooks, the templates that they begin from, and what is done with them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from macros.model.references import JourneyRef, ServiceRef
from macros.model.values import Choice, Entity, EscalationStep, Exercise, Id, Link, Markdown, Shape, Text, Url


class TemplateKind(Choice):
    """What a playbook template makes."""

    PLAYBOOK = "playbook"
    DOCUMENT = "document"


class SeverityGuidance(Shape):
    """When an incident of this kind has which severity."""

    severity: Id = Field(description="The id of a severity in organisation.yaml.", examples=["sev-2"])
    when: Text = Field(description="When it is one.", examples=["No upload succeeds for five minutes"])


class DiagnosisStep(Shape):
    """A step that finds out what is wrong: what to do, what to expect, what it means if not."""

    do: Text = Field(description="What to look at or to run.", examples=["Look at the age of the oldest job"])
    command: str | None = Field(None, description="The command to copy.", examples=["kubectl -n payments get pods"])
    dashboard: Url | None = Field(None, description="The dashboard to open.")
    expect: Text | None = Field(None, description="What is there when all is well.", examples=["Under 60 seconds"])
    otherwise: Text | None = Field(None, description="What it means if not.", examples=["Workers can't keep up"])
    next: Text | None = Field(None, description="Where to go on then.", examples=["Mitigation 2"])

    @property
    def is_located(self) -> bool:
        """Whether it says where to look, and what to expect there."""
        return bool(self.command or self.dashboard) and self.expect is not None


class MitigationStep(Shape):
    """A step that makes it better for users: with its risk, and the way back."""

    do: Text = Field(description="What to do.", examples=["Switch bulk upload off"])
    command: str | None = Field(None, description="The command to copy.", examples=["flags set bulk_upload off"])
    risk: Text | None = Field(
        None, description="What it costs, or may break.", examples=["Bulk uploads end with a note"]
    )
    undo: Text | None = Field(None, description="The way back.", examples=["Switch the flag on again"])


class Snippet(Shape):
    """Words that are ready to be sent."""

    to: Text = Field(description="To whom.", examples=["Status page"])
    say: Text = Field(description="The words.", examples=["Refunds wait at the moment; payments work."])


class Playbook(Entity):
    """What to do when something is wrong with a service: for whoever is on call, at 3 a.m."""

    name: Text = Field(description="What is wrong, as the alert or the user says it.", examples=["Refunds are stuck"])
    service: ServiceRef = Field(description="The service.", examples=["payments-api"])
    alerts: tuple[str, ...] = Field(
        (),
        description="Names of the alerts that it answers; a star stands for any letters.",
        examples=[["PaymentsRefund*"]],
    )
    symptoms: tuple[Text, ...] = Field((), description="What users or colleagues say when it happens.")
    severities: tuple[SeverityGuidance, ...] = Field((), description="How bad it is, and when.")
    meaning: Text | None = Field(None, description="What it means, in a sentence or two.")
    hits: tuple[JourneyRef, ...] = Field((), description="The user journeys that are hit.", examples=[["pay-invoice"]])
    first_five_minutes: tuple[Text, ...] = Field((), description="What to do first, in order.")
    diagnosis: tuple[DiagnosisStep, ...] = Field((), description="How to find out what is wrong.")
    mitigation: tuple[MitigationStep, ...] = Field((), description="What makes it better for users.")
    recovery: tuple[Text, ...] = Field((), description="How to see that it is over.")
    escalation: tuple[EscalationStep, ...] = Field((), description="Whom to call; absent: the team's own.")
    communication: tuple[Snippet, ...] = Field((), description="Words that are ready to be sent.")
    recent_changes: Link | None = Field(None, description="Where recent changes can be seen.")
    rollback: Text | None = Field(None, description="How the last change is taken back.")
    dependencies: tuple[Text, ...] = Field((), description="What else may be the cause, and how to tell.")
    links: tuple[Link, ...] = Field((), description="Anything else to open.")
    exercised: tuple[Exercise, ...] = Field((), description="When it was drilled or used.")

    @property
    def is_usable(self) -> bool:
        """Whether it counts as a playbook: one located diagnosis and one mitigation at least."""
        return any(step.is_located for step in self.diagnosis) and bool(self.mitigation)

    @property
    def last_exercised(self) -> date | None:
        """The day on which it was last drilled or used."""
        return max((exercise.on for exercise in self.exercised), default=None)


class TemplateSection(Shape):
    """A part of a template: what belongs there, and an example."""

    name: Text = Field(description="Its heading.", examples=["First five minutes"])
    guidance: Text = Field(description="What belongs there.", examples=["Three steps that are always right"])
    example: Markdown = Field(description="A filled example, in Markdown.", examples=["1. Acknowledge the page"])


class PlaybookTemplate(Entity):
    """A template to begin from: guidance for each part, a filled example, and a skeleton to copy."""

    name: Text = Field(description="Its name.", examples=["Queue backlog"])
    summary: Text = Field(description="What it is for, in one line.", examples=["Work arrives faster than it is done"])
    use_when: Text = Field(description="When to begin from it.", examples=["A queue grows and nothing drains it"])
    makes: TemplateKind = Field(description="Whether it makes a playbook's file or a document.", examples=["playbook"])
    sections: Annotated[tuple[TemplateSection, ...], Field(min_length=1)] = Field(description="Its parts, in order.")
    skeleton: str = Field(
        description="The text to begin with: YAML of a playbook, or Markdown of a document.", examples=["name: …"]
    )

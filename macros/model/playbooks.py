"""Playbooks, the templates that they begin from, and what is done with them."""

import re
from datetime import date
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from macros.model.keys import broken, matching, optional, required, several
from macros.model.numbers import OneOrMore, Positive
from macros.model.references import JourneyRef, ServiceRef
from macros.model.values import (
    LANGUAGES,
    Choice,
    Entity,
    EscalationStep,
    Exercise,
    Id,
    Link,
    Location,
    Markdown,
    Shape,
    Text,
    Url,
    Word,
)
from macros.text import placeholders

COMMANDS = ("command", "undo_command", "query")
"""The keys of what is copied: a name in braces can only be a variable there."""

ESCALATE = "escalate"
"""What a decision leads to in place of a step: the people to call."""

VariableName = Annotated[
    str, matching(r"[A-Za-z_][A-Za-z0-9_]*", "`{key}` must be letters, digits and `_`, as a label's name in Prometheus")
]


def _full_pattern(pattern: str) -> str:
    """A regular expression that Python and a browser read alike. Raises `PydanticCustomError` for any other."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise broken("`{given}` isn't a regular expression: {fault}", fault=str(error)) from error
    if re.search(r"\(\?(?!:)|[*+?}]\+|\\[AZ]", pattern):
        raise broken("`{given}` doesn't mean the same in every browser; write it without `(?…)`, `++`, `\\A` and `\\Z`")
    return pattern


FullPattern = Annotated[str, AfterValidator(_full_pattern)]


class TemplateKind(Choice):
    """What a playbook template makes."""

    PLAYBOOK = "playbook"
    DOCUMENT = "document"


class SeverityGuidance(Shape):
    """Which severity an incident of this kind has, and when."""

    severity: Id = required("The id of a severity in organisation.yaml.", "sev-2")
    when: Text = required("When it has this severity.", "No upload succeeds for five minutes")


class Variable(Shape):
    """What a playbook's commands need to be told: filled in from the alert's link, or by hand."""

    name: VariableName = required(
        "Its name, as in `{namespace}`: that of the alert's label, if it has one.", "namespace"
    )
    description: Text = required("What it is, in a few words.", "The Kubernetes namespace")
    example: Word = required("A value, as it is written.", "payments")
    pattern: FullPattern | None = optional("The regular expression that the whole value matches.", "[a-z0-9-]+")

    @model_validator(mode="after")
    def _fits_itself(self) -> Self:
        if self.pattern and not re.fullmatch(self.pattern, self.example):
            raise broken("the example doesn't match the pattern; change one of the two")
        return self


class Decision(Shape):
    """What a result means, as the steps that it leads to."""

    if_: Text = required("The result.", "The workers can't keep up", alias="if")
    then: OneOrMore[Id] = required("The ids of the steps, in order; `escalate` is to call somebody.", ["add-workers"])


class PlaybookStep(Shape):
    """A step of a playbook."""

    id: Id | None = optional(
        "A short id: `{oldest-job}` in a text of the playbook is a link to the step.", "oldest-job"
    )
    do: Text = required("What to do.", "Look at the age of the oldest job")


class DiagnosisStep(PlaybookStep):
    """A diagnosis step: what to do, what to expect, and where another result leads."""

    command: str | None = optional("The command to copy.", "kubectl -n {namespace} get pods")
    dashboard: Url | None = optional("The dashboard to open.")
    expect: Text | None = optional("The result when all is well.", "Under 60 seconds")
    decide: tuple[Decision, ...] = several("What another result means, and where it leads.")

    @property
    def is_located(self) -> bool:
        """Whether it says where to look, and what to expect there."""
        return bool(self.command or self.dashboard) and self.expect is not None


class Watch(Shape):
    """How to see that a step worked."""

    see: Text = required("What is seen then.", "The age of the oldest job falls within 5 minutes")
    dashboard: Url | None = optional("The dashboard to look at.")
    query: str | None = optional("The query to run in Prometheus.", 'max(queue_oldest_seconds{queue="{queue}"})')


class MitigationStep(PlaybookStep):
    """A mitigation step: its risk and what it takes, how to see that it worked, and the way back."""

    risk: Text | None = optional("Its risk: what it costs, or may break.", "Bulk uploads end with a note")
    who: Text | None = optional("Who may do it, if not whoever is on call.", "The tech lead")
    minutes: Positive | None = optional("The minutes until it works, as a rule.", 5)
    automation: Link | None = optional("The job or workflow that does it.")
    command: str | None = optional("The command to copy.", "flags set bulk_upload off")
    watch: Watch | None = optional("How to see that it worked.")
    undo: Text | None = optional("When to go back, and how.", "Switch the flag on again once the queue is short")
    undo_command: str | None = optional("The command that goes back.", "flags set bulk_upload on")


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
    impact: Text | None = optional("What users can't do meanwhile.", "Refunds don't arrive")
    variables: tuple[Variable, ...] = several("What its commands need to be told.")
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
    notes: Markdown | None = optional("What a runbook from elsewhere said that isn't steps yet.")

    @cached_property
    def names(self) -> tuple[tuple[Location, str], ...]:
        """The ids that its decisions lead to, and the names in braces in its words and commands, with their places."""
        found: list[tuple[Location, str]] = []
        for location, value in self.parts:
            if isinstance(value, Decision):
                found += [((*location, "then", position), id) for position, id in enumerate(value.then)]
            elif location[0] not in ("name", "notes", "variables"):
                for key in LANGUAGES if isinstance(value, Text) else COMMANDS:
                    text = vars(value).get(key)
                    if text and "{" in text:
                        found += [((*location, key), name) for name in placeholders.names(text)]
        return tuple(dict.fromkeys(found))

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

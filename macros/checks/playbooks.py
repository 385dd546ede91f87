"""What is asked of playbooks."""

from __future__ import annotations

from collections.abc import Iterator

from macros import validate
from macros.handbook import Handbook
from macros.problems import N_, Finding, Message, Problem


def unknown_severity(handbook: Handbook) -> Iterator[Problem]:
    """A playbook that names a severity which the organisation doesn't have."""
    incidents = handbook.organisation.incidents
    known = [severity.id for severity in incidents.severities] if incidents else []
    for playbook in handbook.playbooks:
        for position, guidance in enumerate(playbook.severities):
            if guidance.severity not in known:
                message = validate.with_hint(
                    Message("there is no severity `{id}` in organisation.yaml", {"id": guidance.severity}),
                    validate.near(guidance.severity, known)
                    or Message("it has {known}", {"known": ", ".join(known) or "–"}),
                )
                place = handbook.place(playbook, ("severities", position, "severity"))
                yield Problem(playbook.path, *place, "unknown-severity", message)


def playbook_without_steps(handbook: Handbook) -> Iterator[Finding]:
    """A playbook with no diagnosis that says where to look and what to expect, or with no mitigation."""
    for playbook in handbook.playbooks:
        if not playbook.is_usable:
            lacks = "mitigation" if any(step.is_located for step in playbook.diagnosis) else "diagnosis"
            template = {
                "mitigation": N_("“{name}” says how to find out and not what to do: add one mitigation"),
                "diagnosis": N_("“{name}” doesn't say where to look: add a command or a dashboard, and what to expect"),
            }[lacks]
            message = Message(template, {"name": playbook.name})
            yield handbook.finding(playbook, (lacks,), "playbook-without-steps", message)


def playbook_never_exercised(handbook: Handbook) -> Iterator[Finding]:
    """A playbook that nobody has drilled or used yet."""
    for playbook in handbook.playbooks:
        if not playbook.exercised:
            message = Message(
                N_("nobody has tried “{name}”: walk through it with the next one on call, and mend what is wrong"),
                {"name": playbook.name},
            )
            yield handbook.finding(playbook, ("exercised",), "playbook-never-exercised", message)


def playbook_not_exercised_lately(handbook: Handbook) -> Iterator[Finding]:
    """A playbook that was last drilled or used longer ago than the organisation's period."""
    period = handbook.organisation.playbook_exercise_days
    for playbook in handbook.playbooks:
        last = playbook.last_exercised
        if last is not None and (handbook.today - last).days > period:
            message = Message(
                N_("“{name}” was last tried on {day}, more than {days} days ago: try it again"),
                {"name": playbook.name, "day": last, "days": period},
            )
            yield handbook.finding(playbook, ("exercised",), "playbook-not-exercised-lately", message)


CHECKS = (
    unknown_severity,
    playbook_without_steps,
    playbook_never_exercised,
    playbook_not_exercised_lately,
)

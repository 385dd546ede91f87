"""What is asked of playbooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from macros.handbook.graph import Handbook
from macros.model.kinds import KINDS
from macros.model.playbooks import PlaybookTemplate, TemplateKind
from macros.model.values import Location
from macros.sources import near_names, validate, yaml_file
from macros.sources.yaml_file import Source
from macros.text.problems import N_, Finding, Message, Problem


def unknown_severity(handbook: Handbook) -> Iterator[Problem]:
    """A playbook that names a severity which the organisation doesn't have."""
    incidents = handbook.organisation.incidents
    known = [severity.id for severity in incidents.severities] if incidents else []
    for playbook in handbook.playbooks:
        for position, guidance in enumerate(playbook.severities):
            if guidance.severity not in known:
                message = near_names.with_hint(
                    Message("there is no severity `{id}` in organisation.yaml", {"id": guidance.severity}),
                    near_names.near_or_known(guidance.severity, known),
                )
                place = handbook.place(playbook, ("severities", position, "severity"))
                yield Problem(playbook.path, *place, "unknown-severity", message)


def skeleton_that_is_no_playbook(handbook: Handbook) -> Iterator[Problem]:
    """A playbook template whose skeleton has the shape of no playbook."""
    for template in _makers(handbook):
        read, faults = _skeleton(template)
        if read is not None:
            faults += validate.entity(KINDS["playbook"], read, {"id": template.id, "team": ""}, "en")[1]
        if faults:
            first = min(faults, key=lambda it: it.line)
            values = {"line": first.line, "fault": first.message}
            message = Message("its line {line} makes no playbook: {fault}", values)
            place = handbook.place(template, ("skeleton",))
            yield Problem(template.path, *place, "skeleton-that-is-no-playbook", message)


def playbook_with_blanks(handbook: Handbook) -> Iterator[Finding]:
    """A playbook with a text that its template left for the author to replace."""
    blanks = {text for template in _makers(handbook) for _, text in _texts(_skeleton(template)[0]) if _is_blank(text)}
    for playbook in handbook.playbooks:
        left = [it for it in _texts(handbook.sources[playbook.path]) if it[1] in blanks]
        if left:
            location, blank = left[0]
            message = Message(
                N_("“{name}” still says “{blank}”, as its template does: replace what is in <…>, or delete the line"),
                {"name": playbook.name, "blank": blank},
            )
            yield handbook.finding(playbook, location, "playbook-with-blanks", message)


def _makers(handbook: Handbook) -> Iterator[PlaybookTemplate]:
    return (it for it in handbook.playbook_templates if it.makes is TemplateKind.PLAYBOOK)


def _skeleton(template: PlaybookTemplate) -> tuple[Source | None, list[Problem]]:
    return yaml_file.parse(template.skeleton.encode(), template.path)


def _is_blank(text: str) -> bool:
    return "<" in text and ">" in text.partition("<")[2]


def _texts(read: Source | None) -> Iterator[tuple[Location, str]]:
    """Every text of a file, with where it is."""
    waiting: list[tuple[Location, Any]] = [((), read.value)] if read is not None else []
    while waiting:
        location, value = waiting.pop()
        if isinstance(value, str):
            yield location, value
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting += reversed([((*location, step), it) for step, it in inner])


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
    skeleton_that_is_no_playbook,
    playbook_with_blanks,
    playbook_without_steps,
    playbook_never_exercised,
    playbook_not_exercised_lately,
)

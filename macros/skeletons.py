"""Skeletons of new files: what `python -m macros new` writes."""

from __future__ import annotations

from macros.handbook import Handbook
from macros.model import PlaybookTemplate, TemplateKind

SERVICE_PLACE = "SERVICE-ID"
"""What a template's skeleton has in place of the service."""


def playbook(template: PlaybookTemplate, service: str, title: str = "") -> str:
    """A playbook's file from a template, about a service, with a name where one is given."""
    lines = template.skeleton.replace(SERVICE_PLACE, service).splitlines(keepends=True)
    if title:
        named = f"name: {_quoted(title)}\n"
        lines = [named if line.startswith("name:") else line for line in lines]
    text = "".join(lines)
    return text if text.endswith("\n") else f"{text}\n"


def templates(handbook: Handbook) -> tuple[PlaybookTemplate, ...]:
    """The templates that make a playbook's file."""
    return tuple(it for it in handbook.playbook_templates if it.makes is TemplateKind.PLAYBOOK)


def _quoted(text: str) -> str:
    """Text in double quotes, as YAML reads it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

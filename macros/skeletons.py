"""Skeletons of new files: what `python -m macros new` writes."""

from __future__ import annotations

import re

from macros.handbook import Handbook
from macros.model import PlaybookTemplate, TemplateKind

SERVICE_PLACE = "SERVICE-ID"
"""What a template's skeleton has in place of the service."""

USUAL = "alert"
"""The template that a playbook is begun from where nobody chooses another."""

_ALERTS = re.compile(r"(?m)^(?:# )?alerts:([^\n]*)\n(?:(?:# )? +[-#][^\n]*\n)*")
"""The alerts of a skeleton, also where they are commented out."""


def playbook(template: PlaybookTemplate, service: str, title: str = "", alert: str = "") -> str:
    """A playbook's file from a template, about a service, with a name and an alert where they are given."""
    lines = template.skeleton.replace(SERVICE_PLACE, service).splitlines(keepends=True)
    if title:
        named = f"name: {_quoted(title)}\n"
        lines = [named if line.startswith("name:") else line for line in lines]
    text = "".join(lines)
    if alert:
        text = _ALERTS.sub(lambda match: f"alerts:{match[1]}\n  - {_quoted(alert)}\n", text, count=1)
    return text if text.endswith("\n") else f"{text}\n"


def playbook_id(alert: str) -> str:
    """An id for the playbook of an alert: `DrawerApiErrors` → `drawer-api-errors`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", alert).lower()
    return "-".join(re.findall(r"[a-z0-9]+", parted)) or "playbook"


def templates(handbook: Handbook) -> tuple[PlaybookTemplate, ...]:
    """The templates that make a playbook's file."""
    return tuple(it for it in handbook.playbook_templates if it.makes is TemplateKind.PLAYBOOK)


def _quoted(text: str) -> str:
    """Text in double quotes, as YAML reads it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

"""Skeletons of new files: what `python -m macros new` writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from macros import editor, reference
from macros.handbook import Handbook
from macros.kinds import KINDS, Kind
from macros.model import PlaybookTemplate, Shape, TemplateKind
from macros.problems import N_
from macros.reference import Key

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
    text = text if text.endswith("\n") else f"{text}\n"
    return f"{editor.modeline(KINDS['playbook'])}\n{text}"


def of_kind(kind: Kind, title: str = "", translate: Callable[[str], str] = str) -> str:
    """A file of any kind: its required keys to be filled in, the others commented out, each with what it holds.

    `title` fills in the name; `translate` puts what is said of a key into the author's language. A key without
    a value is marked, and `check` names it; the rest passes.
    """
    return "\n".join((*_head(kind, translate), *_mapping(kind.shape, title, translate, ""), ""))


def entry(kind: Kind, translate: Callable[[str], str] = str) -> str:
    """One more entry of a kind whose files are lists, as its lines stand in the file."""
    (key,) = (it for it in reference.keys(kind.shape) if it.required and it.inner and it.is_list)
    _, *lines = _required(key, "", translate, "")
    return "\n".join((*lines, ""))


def short(text: str) -> str:
    """A skeleton without what is commented out, save what tells the editor its schema."""
    lines = text.splitlines(keepends=True)
    return "".join((*lines[:1], *(line for line in lines[1:] if not line.lstrip().startswith("#"))))


def commented_out(shape: type[Shape], name: str, translate: Callable[[str], str] = str) -> tuple[str, ...]:
    """The lines of one key that a file does without for now: what it holds, and an example."""
    (key,) = (it for it in reference.keys(shape) if it.name == name)
    return tuple(_optional(key, translate))


MARK = N_("fill in")
"""What stands behind a key that the author fills in."""

AS_IN = N_("as in {example}")
"""What stands behind that."""

_SOMETHING, _SOME_LIST = "…", '["…"]'
"""What stands in the place of an example where the model has none."""

_LAST = ("aliases", "also_called", "sources")
"""Keys that a new file seldom needs."""


def _head(kind: Kind, translate: Callable[[str], str]) -> Iterator[str]:
    words = (kind.shape.__doc__ or "").strip().split("\n")[0]
    yield editor.modeline(kind)
    yield f"# {translate(words)}"


def _mapping(shape: type[Shape], title: str, translate: Callable[[str], str], indent: str) -> Iterator[str]:
    """The lines of a mapping: of one inside the file, its required keys alone."""
    keys = sorted(reference.keys(shape), key=lambda key: key.name in _LAST)
    for key in keys:
        if key.required:
            yield from _required(key, title, translate, indent)
    if indent:
        return
    for key in keys:
        if key.name == "name" and title and not key.required:
            yield f"name: {_quoted(title)}"
        elif not key.required:
            yield from _optional(key, translate)


def _required(key: Key, title: str, translate: Callable[[str], str], indent: str) -> Iterator[str]:
    said = f"# {translate(MARK)}: {translate(key.description)}{_as_in(key, translate)}"
    inner = list(_mapping(key.inner, "", translate, f"{indent}  ")) if key.inner else []
    if key.inner and key.is_list:
        yield f"{indent}{key.name}: # {translate(key.description)}"
        first, *rest = _mapping(key.inner, "", translate, f"{indent}    ")
        yield from (f"{indent}  - {first.lstrip()}", *rest)
    elif inner:
        yield f"{indent}{key.name}: # {translate(key.description)}"
        yield from inner
    elif key.name == "name" and title and not indent:
        yield f"name: {_quoted(title)}"
    elif key.is_list:
        yield from (f"{indent}{key.name}:", f"{indent}  - {said}")
    else:
        yield f"{indent}{key.name}: {said}"


def _optional(key: Key, translate: Callable[[str], str]) -> Iterator[str]:
    yield f"# {translate(key.description)}"
    yield from (f"# {line}" for line in _example(key))


def _example(key: Key) -> Iterator[str]:
    """A key with an example; of a mapping, with those of the keys that it can't do without."""
    if key.inner is None or key.example:
        yield f"{key.name}: {key.example or key.default or (_SOME_LIST if key.is_list else _SOMETHING)}"
        return
    yield f"{key.name}:"
    keys = list(reference.keys(key.inner))
    shown = [it for it in keys if it.required] or keys[:1]
    for number, line in enumerate(line for it in shown for line in _example(it)):
        dash = "- " if key.is_list and number == 0 else "  " if key.is_list else ""
        yield f"  {dash}{line}"


def _as_in(key: Key, translate: Callable[[str], str]) -> str:
    return f" ({translate(AS_IN).format(example=key.example)})" if key.example else ""


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

"""Skeletons of new files: what `python -m macros new` writes."""

import json
import re
from collections.abc import Iterable, Iterator

from macros.authoring import editor, reference
from macros.authoring.reference import Key, Translate
from macros.model.kinds import KINDS, Kind
from macros.model.playbooks import PlaybookTemplate, TemplateKind
from macros.model.values import Shape
from macros.sources import near_names
from macros.text.catalogue import first_line
from macros.text.problems import N_

SERVICE_PLACE = "SERVICE-ID"
"""What a template's skeleton has in place of the service."""

USUAL = "alert"
"""The template that a playbook is begun from where nobody chooses another."""

BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""The places between the words of an alert's name."""

_ALERTS = re.compile(r"(?m)^(?:# )?alerts:([^\n]*)\n(?:(?:# )? +[-#][^\n]*\n)*")
"""The alerts of a skeleton, also where they are commented out."""


def playbook(language: str, template: PlaybookTemplate, service: str, title: str = "", alert: str = "") -> str:
    """A playbook's file from a template, about a service, with a name and an alert where they are given."""
    text = template.skeleton.in_language(language).replace(SERVICE_PLACE, service)
    if title:
        text = re.sub(r"(?m)^name:.*$", lambda _: f"name: {quoted(title)}", text)
    if alert:
        text = _ALERTS.sub(lambda match: f"alerts:{match[1]}\n  - {quoted(alert)}\n", text, count=1)
    text = text if text.endswith("\n") else f"{text}\n"
    return f"{editor.modeline(KINDS['playbook'])}\n{text}"


def of_kind(kind: Kind, title: str = "", translate: Translate = str) -> str:
    """A file of any kind: its required keys to be filled in, the others commented out, each with what it holds.

    `title` fills in the name; `translate` puts what is said of a key into the author's language. A key without
    a value is marked, and `check` names it; the rest passes.
    """
    head = [editor.modeline(kind), f"# {translate(first_line(kind.shape))}"]
    if kind.name != "organisation":
        head.append(f"# {translate(ONE_LANGUAGE if kind.in_team else BOTH_LANGUAGES)}")
    return "\n".join((*head, *_mapping(kind.shape, title, translate), ""))


def entry(kind: Kind, translate: Translate = str) -> str:
    """One more entry of a kind whose files are lists, as its lines stand in the file."""
    keys = reference.keys(translate, kind.shape)
    (key,) = (found for found in keys if found.required and found.inner and found.is_list)
    _, *lines = _required(key, "", translate)
    return "\n".join((*lines, ""))


def short(text: str) -> str:
    """A skeleton without what is commented out, save what tells the editor its schema."""
    lines = text.splitlines(keepends=True)
    return "".join((*lines[:1], *(line for line in lines[1:] if not line.lstrip().startswith("#"))))


def commented_out(shape: type[Shape], name: str, translate: Translate = str) -> tuple[str, ...]:
    """The lines of one key that a file does without for now: what it holds, and an example."""
    (key,) = (found for found in reference.keys(translate, shape) if found.name == name)
    return tuple(_optional(key, translate))


MARK = N_("fill in")
"""What stands behind a key that the author fills in."""

BOTH_LANGUAGES = N_("All teams share this file: write each text in both languages, `en:` and `ja:`, under its key.")
"""What stands at the head of a file that no team owns."""

ONE_LANGUAGE = N_("A text is in the organisation's language; any other stands as `en:` or `ja:` below its key.")
"""What stands at the head of a team's file."""

_SOMETHING, _SOME_LIST = "…", '["…"]'
"""What stands in the place of an example where the model has none."""

_LAST = ("aliases", "also_called", "sources")
"""Keys that a new file seldom needs."""


def _mapping(shape: type[Shape], title: str | None, translate: Translate) -> Iterator[str]:
    """The lines of a mapping; of one inside the file, which has no title, the required keys."""
    keys = sorted(reference.keys(translate, shape), key=lambda key: key.name in _LAST)
    # Nothing is there yet to be accepted.
    optional = [key for key in keys if not key.required and key.name != "accepted"]
    for key in keys:
        if key.required:
            yield from _required(key, title, translate)
    if title is None:
        yield from _more(optional, translate)
        return
    begun_with = ["name"] if title else []
    if not any(key.required for key in keys):  # else it would be a file of comments
        begun_with.append("sections")
    for key in optional:
        yield from _required(key, title, translate) if key.name in begun_with else _optional(key, translate)


def _required(key: Key, title: str | None, translate: Translate) -> Iterator[str]:
    description = translate(key.description)
    said = f"# {translate(MARK)}: {description}{_as_in(key, translate)}"
    inner = list(_mapping(key.inner, None, translate)) if key.inner else []
    if inner:
        blank = not key.is_list and all(line.lstrip().startswith("#") for line in inner)
        yield f"{key.name}: {said if blank else f'# {description}'}"
        yield from _below(key, inner)
    elif key.name == "name" and title:
        yield f"name: {quoted(title)}"
    elif key.is_list:
        yield from (f"{key.name}:", f"  - {said}")
    else:
        yield f"{key.name}: {said}"


def _below(key: Key, lines: Iterable[str]) -> Iterator[str]:
    """The lines of what a key holds, below it; those of a list are its one item."""
    for number, line in enumerate(lines):
        dash = "- " if key.is_list and number == 0 else "  " if key.is_list else ""
        yield f"  {dash}{line}"


def _optional(key: Key, translate: Translate) -> Iterator[str]:
    one_of = _one_of(key, translate)
    yield f"# {translate(key.description)}{f' ({one_of})' if one_of else ''}"
    yield from (f"# {line}" for line in _example(key, translate))


def _example(key: Key, translate: Translate) -> Iterator[str]:
    """A key with an example; of a mapping, with those of its required keys, and the others' names."""
    if key.inner is None or key.example:
        yield f"{key.name}: {key.example or key.default or (_SOME_LIST if key.is_list else _SOMETHING)}"
        return
    yield f"{key.name}:"
    keys = reference.keys(translate, key.inner)
    shown = [inner for inner in keys if inner.required] or keys[:1]
    lines = [line for inner in shown for line in _explained(inner, translate)]
    lines += _more([inner for inner in keys if inner not in shown], translate)
    yield from _below(key, lines)


def _explained(key: Key, translate: Translate) -> Iterator[str]:
    """The example of a key inside a mapping, with the words that it takes."""
    first, *rest = _example(key, translate)
    one_of = _one_of(key, translate)
    yield from (f"{first} # {one_of}" if one_of else first, *rest)


def _more(keys: Iterable[Key], translate: Translate) -> Iterator[str]:
    """The names of keys that a mapping may have beside those that are shown, as a comment."""
    names = ", ".join(key.name for key in keys)
    if names:
        said = translate(N_("optional: {keys}")).format(keys=names)
        yield f"# {said}"


def _as_in(key: Key, translate: Translate) -> str:
    said = _one_of(key, translate)
    if key.example and not said:
        example = json.loads(key.example)
        item = example[0] if key.is_list and isinstance(example, list) else example
        said = translate(N_("as in {example}")).format(example=json.dumps(item, ensure_ascii=False))
    return f" ({said})" if said else ""


def _one_of(key: Key, translate: Translate) -> str:
    """The words that a key takes, where there are only some."""
    return key.holds.render("en", translate) if key.holds.template == reference.ONE_OF else ""


def playbook_id(alert: str) -> str:
    """An id for the playbook of an alert: `ZukuraApiErrors` → `zukura-api-errors`."""
    return near_names.as_id(alert, lambda name: BETWEEN_WORDS.sub("-", name), "[^a-z0-9]") or "playbook"


def templates(every: Iterable[PlaybookTemplate]) -> tuple[PlaybookTemplate, ...]:
    """Those of the templates that make a playbook's file."""
    return tuple(template for template in every if template.makes is TemplateKind.PLAYBOOK)


def usual(every: Iterable[PlaybookTemplate]) -> PlaybookTemplate | None:
    """The template that a playbook is begun from where nobody chose one: `USUAL`, or else the first."""
    return next(iter(sorted(templates(every), key=lambda template: template.id != USUAL)), None)


def quoted(text: str) -> str:
    """Text in double quotes, as YAML reads it."""
    return json.dumps(text, ensure_ascii=False)

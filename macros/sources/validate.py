"""From the value of a file to its entity, or to every way in which it breaks the shape of its kind."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from macros.model.keys import BROKEN_RULE
from macros.model.kinds import KINDS, Kind
from macros.model.values import LANGUAGES, Entity, Location, Markdown, Shape, address_fault, file_fields, shapes_in
from macros.sources import lookalikes, near_names, slips
from macros.sources.yaml_file import Source
from macros.text import markdown
from macros.text.problems import Message, Problem


def entity(kind: Kind, source: Source, names: Mapping[str, str], language: str) -> tuple[Entity | None, list[Problem]]:
    """The entity of a file, or None, and the problems; `names` are the fields that its place says, `id` and `team`."""
    made, problems = shaped(kind.shape, source, {**names, "path": source.path}, language)
    if made is not None:
        problems.extend(_markdown_problems(made, source))
    return (None if problems else made), problems


AnyShape = TypeVar("AnyShape", bound=Shape)


def shaped(
    shape: type[AnyShape], source: Source, names: Mapping[str, str] | None = None, language: str = "en"
) -> tuple[AnyShape | None, list[Problem]]:
    """Make a shape of what a file says, and of `names`, which are no keys of it; or None, and every problem."""
    if not isinstance(source.value, dict):
        message = Message("the file must be a mapping: lines of the form `key: value`")
        return None, [source.problem((), "wrong-type", message)]
    names = names or {}
    words = "`{key}` isn't a key of this file: its folder and its name give it; delete the line"
    problems = [
        source.problem((name,), "unknown-key", Message(words, key=name), key=True)
        for name in source.value
        if name in names
    ]
    try:
        return shape.model_validate({**source.value, **names}, context={"language": language}), problems
    except ValidationError as error:
        # Of a list with wrong items, each of which has its own report, pydantic also says that it is too short.
        found = (it for it in error.errors() if it["type"] != "too_short" or len(it["input"]) < it["ctx"]["min_length"])
        return None, [*problems, *(_problem(shape, source, details) for details in found)]


def _problem(shape: type[Shape], source: Source, details: ErrorDetails) -> Problem:
    location = tuple(details["loc"])
    name, fault, given = _called(location), details["type"], details["input"]
    context = details.get("ctx", {})
    if given is None and fault != "extra_forbidden":
        message = Message("`{key}` has no value; write one, or delete the line", key=name)
        return source.problem(location, "wrong-type", message)
    match fault:
        case "missing":
            message = Message("`{key}` is missing; add a line `{key}: …`", key=name)
            return source.problem(location[:-1], "missing-key", message)
        case "extra_forbidden":
            return _unknown_key(shape, source, location, given)
        case "enum" | "literal_error":
            allowed = re.findall(r"'([^']*)'", context["expected"])
            message = Message("`{given}` is not one of {allowed}", given=str(given), allowed=", ".join(allowed))
            hint = lookalikes.hint(str(given)) or near_names.near(str(given), allowed)
            return source.problem(location, "wrong-value", near_names.with_hint(message, hint))
    said = details["msg"] if fault == BROKEN_RULE else details["msg"].replace("{", "{{").replace("}", "}}")
    template = _MESSAGES.get(fault, said)
    values = {"key": name, "given": str(given)[:60], **context, "keys": ", ".join(keys_at(shape, location))}
    correction = _correction(fault, given)
    check = "wrong-type" if fault.endswith(("_type", "_parsing")) else _CHECKS.get(fault, "wrong-value")
    if correction is not None:  # what to write for this very value, in place of the general advice behind the `;`
        template = template.partition("; ")[0]
    return source.problem(location, check, near_names.with_hint(Message(template, values), correction))


def _correction(fault: str, given: Any) -> Message | None:
    """What to write in place of a value, where that can be told from the value."""
    if fault in ("tuple_type", "model_type") and isinstance(given, str):
        found = slips.in_structure(given)
        return found[1] if found else None
    if fault in ("string_type", "text_type") and isinstance(given, dict) and len(given) == 1:
        return _in_one_text(*next(iter(given.items())))
    if fault in ("string_type", "text_type") and isinstance(given, (int, float)):
        return Message('put quotes around it: "{given}"', given=str(given).lower()[:60])
    return lookalikes.hint(str(given)) if fault in _IN_ASCII else None


def _in_one_text(name: str, value: Any) -> Message | None:
    """How to write a text that YAML takes for a key and its value."""
    if not isinstance(value, (str, int, float)):
        return None
    return Message("if the colon belongs to the text, {advice}", advice=slips.in_quotes(f"{name}: {value}"))


def _called(location: Location) -> str:
    """What a message calls the value at `location`: its key, or its place in the list that a key holds."""
    if not location:
        return ""
    last = location[-1]
    key = next((step for step in reversed(location) if isinstance(step, str)), "")
    return f"entry {last + 1} of {key}" if isinstance(last, int) else last


def _unknown_key(shape: type[Shape], source: Source, location: Location, value: Any) -> Problem:
    """A key that isn't one, with the key that was meant, or with the place where it belongs."""
    name = str(location[-1])
    known = keys_at(shape, location[:-1])
    hint = lookalikes.hint(name) or _elsewhere(shape, source, location)
    if hint is None and known == list(LANGUAGES):
        hint = near_names.with_hint(Message("write `en` or `ja`"), _in_one_text(name, value))
    return source.problem(location, "unknown-key", near_names.unknown_key(name, known, hint), key=True)


def _elsewhere(shape: type[Shape], source: Source, location: Location) -> Message | None:
    """Where a key belongs that stands in the wrong mapping of its file, or in a file of the wrong kind."""
    name, around = str(location[-1]), location[:-1]
    for length in range(len(around) - 1, -1, -1):
        if name in keys_at(shape, around[:length]):
            column = source.place(around[:length])[1]
            return Message("it belongs further left; begin it in column {column}", column=column)
    owners = [key for key in keys_at(shape, around) if name in keys_at(shape, (*around, key))]
    if len(owners) == 1:
        return Message("it belongs under `{owner}:`, indented by two spaces", owner=owners[0])
    kinds = [kind for kind in KINDS.values() if name in file_fields(kind.shape) and kind.shape is not shape]
    if len(location) == 1 and len(kinds) == 1:
        return Message("it is a key of {file}; write it there", file=f"data/{kinds[0].file}")
    return None


_NOT_FRACTION = "`{key}` must be a fraction between 0 and 1, as in 0.995 for 99.5 %"
_NO_NUMBER = "`{key}` must be a number, such as 0.995; write it in digits, with a point, without quotes or a unit"
_NO_ID = "`{given}` must be made of lower-case letters, digits and single hyphens, such as `slow-large-files`"
_MESSAGES: dict[str, str] = {
    "string_type": "`{key}` must be text, without a list or a mapping in it",
    "text_type": "`{key}` must be text, or a mapping with `en` and `ja`",
    "int_type": "`{key}` must be a whole number; write it in digits, without quotes or a unit",
    "float_type": _NO_NUMBER,
    "bool_type": "`{key}` must be true or false",
    "bool_parsing": "`{key}` must be true or false",
    "tuple_type": "`{key}` must be a list: lines that begin with `- `, or `[one, another]`",
    "model_type": "this must be a mapping: lines of the form `key: value`; the keys here are {keys}",
    "greater_than_equal": "`{key}` must be {ge} or more",
    "less_than_equal": "`{key}` must be {le} or less",
    "string_pattern_mismatch": _NO_ID,
    "string_too_long": "`{key}` has more than {max_length} characters; shorten it",
    "finite_number": _NO_NUMBER,
    "day": "`{given}` is not a day; write a year, month and day that the calendar has, in the form 2026-04-17",
    "link_address": "`{given}` is not an address; write one in full: https://…, http://… or mailto:…, %20 for a space",
    "too_short": "`{key}` needs {min_length} or more entries; there are {actual_length}",
    "greater_than": _NOT_FRACTION,
    "less_than": _NOT_FRACTION,
}
"""What is wrong, by the type of pydantic's error."""

_IN_ASCII = ("int_type", "float_type", "day", "string_pattern_mismatch")
"""What letters and digits of full width can be the reason for."""

_CHECKS = {"string_too_long": "limit", "link_address": "link-scheme"}
"""The checks that some of them belong to, beside `wrong-type` and `wrong-value`."""


def keys_at(shape: type[Shape], location: Location) -> list[str]:
    """The keys that a mapping at `location` may have, as a file writes them."""
    return [*map(str, _fields(_annotation_at(shape, location)))]


def _annotation_at(shape: type[Shape], location: Location) -> Any:
    """What the value at `location` may be; None where there is no such place."""
    annotation: Any = shape
    for step in location:
        fields = _fields(annotation)
        item = next(shapes_in(annotation), None) if isinstance(step, int) else None
        annotation = fields[step].annotation if step in fields else item
    return annotation


def _fields(annotation: Any) -> dict[str | int, FieldInfo]:
    """The fields of the shapes inside an annotation, by their keys in a file."""
    return {key: info for shape in shapes_in(annotation) for key, (_, info) in file_fields(shape).items()}


def _markdown_problems(made: Entity, source: Source) -> Iterator[Problem]:
    """What can't be rendered soon, and links: an address, a place in the handbook (`/…`) or on the page (`#…`)."""
    for location, value in made.parts:
        for language, text in value.said.items() if isinstance(value, Markdown) else ():
            excess = markdown.excess(text)
            if excess is not None:
                yield source.problem((*location, language), "limit", excess)
                continue
            for target in markdown.link_targets(text):
                inside = re.match(r"(?:/(?!/)|#)", target) and not re.search(r"[\x00-\x20\\]", target)
                if not inside and address_fault(target):
                    words = "the link to `{target}` isn't allowed; write https://…, mailto:…, /page/ or #heading"
                    yield source.problem((*location, language), "link-scheme", Message(words, target=target[:60]))

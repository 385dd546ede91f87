"""The keys of each kind, read from the model, for the reference that contributors look things up in."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from macros.model.journeys import RatioExpression, Selector
from macros.model.numbers import SINCE
from macros.model.values import Choice, Markdown, Ref, Shape, Text, Url, file_fields, shapes_in
from macros.text.catalogue import first_line
from macros.text.problems import N_, Message

Translate = Callable[[str], str]

ONE_OF, LIST_OF = N_("one of {words}"), N_("list of: {item}")
"""What a key holds that takes some words only, or a list."""


class Key(NamedTuple):
    """A key of a mapping: its name as a file writes it, what it holds, and an example as YAML.

    `inner` is the mapping that it holds, or that each item of its list is.
    """

    name: str
    holds: Message
    required: bool
    default: str
    description: str
    example: str
    inner: type[Shape] | None = None

    @property
    def is_list(self) -> bool:
        """Whether it holds a list."""
        return self.holds.template == LIST_OF


class Mapping(NamedTuple):
    """A mapping with its keys. `name` is empty for the file itself, else the name that `Key.holds` uses."""

    name: str
    description: str
    keys: tuple[Key, ...]


def mappings(translate: Translate, whole: type[Shape]) -> tuple[Mapping, ...]:
    """The shape of a file, then every mapping inside it, each once, in the order of first use; examples translated."""
    return tuple(
        Mapping("" if shape is whole else shape.__name__, first_line(shape), tuple(keys(translate, shape)))
        for shape in dict.fromkeys(shapes(whole))
    )


def keys(translate: Translate, shape: type[Shape]) -> list[Key]:
    """The keys of a shape, the required ones first; `translate` puts the words of examples into a language."""
    found = [
        Key(
            name,
            # Pydantic takes the outermost `Annotated` apart.
            _holds(Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation),
            info.is_required(),
            _default(info),
            info.description or "",
            _example(info, translate),
            next(_mappings_in(info), None),
        )
        for name, (_, info) in file_fields(shape).items()
    ]
    return sorted(found, key=lambda key: not key.required)


def words_of_example(info: FieldInfo) -> list[str]:
    """The words in a key's first example; none where it holds no text, or shows both languages."""
    is_text = any(issubclass(shape, Text) for shape in shapes_in(info.annotation))
    example = info.examples[0] if info.examples and is_text else None
    return example if isinstance(example, list) else [example] if isinstance(example, str) else []


def _example(info: FieldInfo, translate: Translate) -> str:
    if not info.examples:
        return ""
    example, words = info.examples[0], [translate(text) for text in words_of_example(info)]
    if words:
        example = words if isinstance(example, list) else words[0]
    return json.dumps(example, ensure_ascii=False)


def shapes(whole: type[Shape]) -> Iterator[type[Shape]]:
    """A shape, and those inside it: no shape holds itself."""
    yield whole
    for _, info in file_fields(whole).values():
        for inner in _mappings_in(info):
            yield from shapes(inner)


def _mappings_in(info: FieldInfo) -> Iterator[type[Shape]]:
    return (shape for shape in shapes_in(info.annotation) if not issubclass(shape, Text))


def _holds(annotation: Any) -> Message:
    """What a value is, in words."""
    origin = get_origin(annotation)
    if origin is Annotated:
        if SINCE in get_args(annotation):
            return Message(N_("month or day"))
        return _holds(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return _holds(next(argument for argument in get_args(annotation) if argument is not NoneType))
    if origin is tuple:
        return Message(LIST_OF, {"item": _holds(get_args(annotation)[0])})
    if origin is Literal:
        return Message(ONE_OF, {"words": ", ".join(get_args(annotation))})
    if issubclass(annotation, Choice):
        return Message(ONE_OF, {"words": ", ".join(annotation)})
    if issubclass(annotation, Ref):
        return Message(N_("id of a {kind}"), {"kind": Message(annotation.kind)})
    for type_, words in _WORDS.items():
        if issubclass(annotation, type_):
            return Message(words)
    return Message(N_("mapping {name}"), {"name": annotation.__name__})


_WORDS: dict[type, str] = {
    Markdown: N_("Markdown text"),
    Text: N_("text"),
    Url: N_("address"),
    Selector: N_("Prometheus selector"),
    RatioExpression: N_("Prometheus expression"),
    date: N_("day"),
    bool: N_("true or false"),
    float: N_("number"),
    int: N_("whole number"),
    str: N_("word"),
}


def _default(info: FieldInfo) -> str:
    if info.is_required() or info.default in (None, ()):
        return ""
    return str(info.default) if isinstance(info.default, str) else json.dumps(info.default)

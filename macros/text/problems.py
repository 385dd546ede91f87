"""What is wrong with the data (problems) and what is not done yet (findings), at which place and in which words."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar


def N_(message: str) -> str:
    """The English text, marked for the catalogue: `macros/authoring/messages.py` collects every call."""
    return message


_OBEYED = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but for the tab, those that turn the direction of writing, odd line ends, and halves of pairs."""


def visible(text: str) -> str:
    """A text on one line, with the characters written out that a terminal obeys or can't show: `\\x1b`, `\\u202e`."""
    return _OBEYED.sub(lambda it: f"\\x{ord(it[0]):02x}" if it[0] < " " else f"\\u{ord(it[0]):04x}", text)


@dataclass(frozen=True, init=False)
class Message:
    """A sentence with named gaps, translated only when it is shown: a command prints English, a page its edition's.

    `template` is the English sentence as it stands in the catalogue, with `{name}` gaps; `values` fills
    them, as a mapping or by name. A value that is a message itself, or has an `in_language` method (a
    localised text), follows the language shown.
    """

    template: str
    values: Mapping[str, Any]

    def __init__(self, template: str, values: Mapping[str, Any] | None = None, /, **named: Any) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", {**(values or {}), **named})

    def __str__(self) -> str:
        return self.render("en")

    def render(self, language: str, translate: Callable[[str], str] = lambda text: text) -> str:
        """The sentence in `language`; `translate` looks the template up in a catalogue."""

        def shown(value: Any) -> Any:
            if isinstance(value, Message):
                return value.render(language, translate)
            return value.in_language(language) if hasattr(value, "in_language") else value

        return translate(self.template).format(**{name: shown(value) for name, value in self.values.items()})


@dataclass(frozen=True)
class Report:
    """What a check says of a place: `rule` is the check's name, `line` and `column` count from 1."""

    path: str
    line: int
    column: int
    rule: str
    message: Message

    def __str__(self) -> str:
        return visible(f"{self.path}:{self.line}:{self.column}: {self.rule}: {self.message}")

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Sort key: by place, then by check and words."""
        return (self.path, self.line, self.column, self.rule, str(self.message))


@dataclass(frozen=True)
class Problem(Report):
    """Wrong data: it can't be read, breaks its shape, or refers to nothing. It stops the build."""


@dataclass(frozen=True)
class Finding(Report):
    """Right data about work that is not done. It shows on pages and stops nothing by itself.

    `kind` and `id` name the entity that it is about, `team` the id of the team that owns it
    (empty for content that all teams share).
    """

    kind: str = ""
    id: str = ""
    team: str = ""


AnyReport = TypeVar("AnyReport", bound=Report)


class DataError(Exception):
    """The data has problems; `problems` holds all of them, sorted and without repetitions.

    `rest` is what could be made of the data that is right, where that was tried and can be.
    """

    def __init__(self, problems: Iterable[Problem], rest: Any = None) -> None:
        self.problems = in_order(problems)
        self.rest = rest
        super().__init__("\n".join(map(str, self.problems)))


class RefusedError(Exception):
    """What was asked for can't be done. Its words say why, and what to do."""


def in_order(reports: Iterable[AnyReport]) -> tuple[AnyReport, ...]:
    """The reports sorted by place, each once."""
    return tuple(report for _, report in sorted({report.order: report for report in reports}.items()))

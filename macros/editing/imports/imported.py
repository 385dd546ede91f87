"""What an import finds: teams, services, playbooks, and what has no place in the handbook. Each format makes these."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from macros.sources import lookalikes, near_names, yaml_file
from macros.text.problems import DataError, Message, Problem, Report

AnyFile = TypeVar("AnyFile")
Part = TypeVar("Part")


class Place(NamedTuple):
    """Where something was read: the file as it was named, line and column from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Unmapped(list[Report]):
    """What was read and not taken over, and why. It stops nothing."""

    def add(self, place: Place, rule: str, template: str, hint: Message | None = None, /, **values: object) -> None:
        """Add one, in the words of a template with `{name}` gaps, and a hint behind them."""
        self.append(Report(*place, rule, near_names.with_hint(Message(template, values), hint)))

    def own_id(self, place: Place, what: str, name: str, remedy: str, taken: Mapping[str, Any]) -> str:
        """The id that a name makes; empty, and added, where it makes none, or that of what is `taken`, at its place."""
        id = as_id(name)
        if not id:
            template = "the {what} `{name}` can't be turned into an id (lower-case letters, digits, hyphens); {remedy}"
            self.add(place, "no-id", template, what=what, name=name, remedy=remedy)
        elif id in taken:
            template = "the id `{id}` is taken by the {what} at {first}; rename one of the two, or give it another id"
            self.add(place, "taken-id", template, what=what, id=id, first=taken[id].place)
        return "" if id in taken else id


class Need(NamedTuple):
    """A dependency: the id of what is needed, how the file calls it, and where it does."""

    id: str
    words: str
    place: Place


class Found(NamedTuple):
    """A team, a service or a playbook that was read: `values` are by the keys of its file; what is empty isn't known.

    What a service depends on are `Need`s, and the alerts of a playbook are names that may be one's. `team` is the id
    of a service's team.
    """

    kind: str
    id: str
    place: Place
    values: dict[str, Any]
    team: str = ""


class Imported(NamedTuple):
    """All that was read from some files: teams come before services, and ids are unique within a kind."""

    found: tuple[Found, ...]
    unmapped: tuple[Report, ...] = ()


def from_each(files: Mapping[str, AnyFile], read: Callable[[str, AnyFile], Iterable[Part]]) -> list[Part]:
    """What `read` makes of each file. Raises `DataError` with the problems of all that can't be read."""
    found: list[Part] = []
    problems: list[Problem] = []
    for name, file in files.items():
        try:
            found += read(name, file)
        except OSError as error:
            problems.append(yaml_file.unreadable(name, error))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return found


def as_id(name: str) -> str:
    """The id that a name makes: `Payments API` → `payments-api`. Empty where no id can have its letters, or so many."""
    id = near_names.as_id(name, _without_marks, r"[\W_]")
    return id if near_names.is_id(id) else ""


def _without_marks(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter) and letter not in "'’")


DASHBOARD = re.compile(r"(?<!admin )(?<!admin-)dashboard|grafana|datadog|kibana|ダッシュボード", re.I)
"""What the words or the address of a link say of one to a dashboard."""

JAPANESE = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f"
"""The letters and signs of Japanese, as a class of a pattern holds them."""

_BREAK = re.compile(rf"(?<=[{JAPANESE}])[ \t]*(?:\r\n|\r|\n)\s*(?=[{JAPANESE}])")


def one_line(text: str) -> str:
    """Text on one line, without characters that can't be seen, nor blanks between Japanese lines."""
    text = _BREAK.sub("", text)
    seen = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Cn") else letter for letter in text)
    return " ".join(lookalikes.without_hidden_characters(seen).split())

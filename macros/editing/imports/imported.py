"""What an import finds: teams, services, and what has no place in the handbook. Each format makes these."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from macros.sources import lookalikes, near_names
from macros.text.problems import Message, Report

RULES: dict[str, str] = {
    "not-mapped": "Something that the handbook has no place for.",
    "odd-value": "A value that isn't what its place holds.",
    "duplicate-key": "A key that stands twice in one mapping.",
    "no-id": "A name that no id can be made from.",
    "taken-id": "An id that another one has.",
    "already-there": "A team or a service that the handbook has.",
    "unknown-team": "A service of no team that was read or is there.",
    "unknown-service": "A dependency on what is no service.",
    "unknown-column": "A column that nothing is known of.",
    "two-values": "A team of which two rows say different things.",
    "encoding": "A file that is not UTF-8.",
}
"""Each rule of what could not be mapped, with the condition."""


class Place(NamedTuple):
    """Where something was read: the file as it was named, line and column from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Unmapped(Report):
    """What was read and not taken over, and why. It stops nothing."""


def unmapped(place: Place, rule: str, template: str, **values: object) -> Unmapped:
    """What was not taken over, in the words of a template with `{name}` gaps."""
    return Unmapped(place.path, place.line, place.column, rule, Message(template, values))


class NamedLink(NamedTuple):
    """An address and what stands behind it."""

    name: str
    address: str


class Need(NamedTuple):
    """A dependency: the id of what is needed, how the file calls it, and where it does."""

    id: str
    words: str
    place: Place


@dataclass(frozen=True)
class ImportedTeam:
    """A team that was read. An empty field is one of which nothing is known."""

    id: str
    name: str
    place: Place
    channel: str = ""
    mission: str = ""
    dashboards: tuple[NamedLink, ...] = ()
    links: tuple[NamedLink, ...] = ()


@dataclass(frozen=True)
class ImportedService:
    """A service that was read; `team` is the id of its team. An empty field is one of which nothing is known."""

    id: str
    team: str
    name: str
    place: Place
    summary: str = ""
    for_whom: str = ""
    tier: int | None = None
    depends_on: tuple[Need, ...] = ()
    repository: str = ""
    dashboards: tuple[NamedLink, ...] = ()
    links: tuple[NamedLink, ...] = ()


@dataclass(frozen=True)
class Imported:
    """All that was read from some files, ids unique among the teams and among the services."""

    teams: tuple[ImportedTeam, ...]
    services: tuple[ImportedService, ...]
    unmapped: tuple[Unmapped, ...]


def as_id(name: str) -> str:
    """The id that a name makes: `Payments API` → `payments-api`. Empty where it has letters that no id can have."""
    return near_names.as_id(name, _without_marks, r"[\W_]")


def _without_marks(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(it for it in decomposed if not unicodedata.combining(it) and it not in "'’")


JAPANESE = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f"
"""The letters and signs of Japanese, as a class of a pattern holds them."""

_BREAK = re.compile(rf"(?<=[{JAPANESE}])[ \t]*(?:\r\n|\r|\n)\s*(?=[{JAPANESE}])")


def one_line(text: str) -> str:
    """Text on one line, without the characters that can't be seen. Lines of Japanese need no blank between them."""
    text = _BREAK.sub("", text)
    seen = "".join(" " if unicodedata.category(it) in ("Cc", "Cs", "Cn") else it for it in text)
    return " ".join(lookalikes.without_hidden_characters(seen).split())


def no_id(place: Place, what: str, name: str, remedy: str) -> Unmapped:
    """A team or a service that is left out, since its name makes no id."""
    template = "the {what} `{name}` makes no id (lower-case letters, digits, hyphens); {remedy}"
    return unmapped(place, "no-id", template, what=what, name=name, remedy=remedy)


def taken_id(place: Place, what: str, id: str, first: Place) -> Unmapped:
    """A team or a service that is left out, since another has its id."""
    template = "the id `{id}` is that of the {what} at {first}; rename one of the two, or give it another id"
    return unmapped(place, "taken-id", template, what=what, id=id, first=first)


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them."""
    return ", ".join(f"`{name}`" for name in names)

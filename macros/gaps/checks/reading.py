"""What is asked of the reading list and of the glossary."""

from __future__ import annotations

from collections.abc import Iterator

from macros.handbook.graph import Handbook
from macros.model.glossary import Glossary, Term
from macros.model.reading import Reading, ReadingShelf
from macros.model.values import Location
from macros.text.problems import N_, Finding, Message, Problem


def repeated_address(handbook: Handbook) -> Iterator[Problem]:
    """Two works on the reading list with the same address."""
    seen: dict[str, str] = {}
    for shelf, location, reading in _readings(handbook):
        address = reading.address.rstrip("/")
        first = seen.setdefault(address, reading.id)
        if first != reading.id:
            template = "`{id}` has this address already; keep one of the two works"
            yield handbook.problem(shelf, (*location, "address"), "repeated-address", template, id=first)


def translation_into_its_own_language(handbook: Handbook) -> Iterator[Problem]:
    """A work that says that it is a translation of one in the same language, or of itself."""
    for shelf, location, reading in _readings(handbook):
        if reading.translation_of and handbook.reading(reading.translation_of).language is reading.language:
            template = "`{id}` is in the same language; name the work that this one was translated from"
            yield handbook.problem(
                shelf,
                (*location, "translation_of"),
                "translation-into-its-own-language",
                template,
                id=reading.translation_of,
            )


def repeated_step(handbook: Handbook) -> Iterator[Problem]:
    """A path that leads past the same part of a work twice."""
    for path in handbook.reading_paths:
        seen: set[tuple[str, object]] = set()
        for position, step in enumerate(path.steps):
            if (step.reading, step.part) in seen:
                template = "`{id}` stands on this path already; say which `part` each step is, or delete one"
                yield handbook.problem(path, ("steps", position, "reading"), "repeated-step", template, id=step.reading)
            seen.add((step.reading, step.part))


def repeated_term(handbook: Handbook) -> Iterator[Problem]:
    """Two terms of the glossary with the same name, acronym or synonym in one language."""
    seen: dict[tuple[str, str], str] = {}
    for glossary, location, term in _terms(handbook):
        for language, name, place in _names(term):
            first = seen.setdefault((language, name.casefold()), term.id)
            if first != term.id:
                template = "“{name}” is a name of `{id}` already; a reader can be led to one term only"
                yield handbook.problem(glossary, (*location, *place), "repeated-term", template, name=name, id=first)


def reading_that_nobody_is_led_to(handbook: Handbook) -> Iterator[Finding]:
    """A work that no path leads past, and that belongs to no page."""
    for shelf, location, reading in _readings(handbook):
        belongs = (*reading.team_types, *reading.workshops, *reading.playbook_templates, *reading.checklists)
        if not belongs and not any(not isinstance(it.entity, ReadingShelf) for it in handbook.naming(reading)):
            message = Message(
                N_("nobody is led to “{title}”: put it on a path, or name the pages that it belongs to"),
                {"title": reading.title},
            )
            yield handbook.finding(shelf, location, "reading-that-nobody-is-led-to", message)


def _readings(handbook: Handbook) -> Iterator[tuple[ReadingShelf, Location, Reading]]:
    for shelf in handbook.shelves:
        for position, reading in enumerate(shelf.entries):
            yield shelf, ("entries", position), reading


def _terms(handbook: Handbook) -> Iterator[tuple[Glossary, Location, Term]]:
    for glossary in handbook.all(Glossary):
        assert isinstance(glossary, Glossary)
        for position, term in enumerate(glossary.terms):
            yield glossary, ("terms", position), term


def _names(term: Term) -> Iterator[tuple[str, str, Location]]:
    """Each name of a term with its language and its place."""
    for language in ("en", "ja"):
        name = getattr(term.name, language)
        if name:
            yield language, name, ("name", language)
        if term.acronym:
            yield language, term.acronym, ("acronym",)
        for position, synonym in enumerate(getattr(term.synonyms, language) if term.synonyms else ()):
            yield language, synonym, ("synonyms", language, position)


CHECKS = (
    repeated_address,
    translation_into_its_own_language,
    repeated_step,
    repeated_term,
    reading_that_nobody_is_led_to,
)

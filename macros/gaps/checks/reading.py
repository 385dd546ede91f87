"""What is asked of the reading list and of the glossary."""

from collections.abc import Iterator

from macros.gaps.check import Reason, Task, gap, problem
from macros.gaps.spots import Spots, again, at, repeated
from macros.handbook import reading as reading_list
from macros.handbook.graph import Handbook
from macros.model.glossary import Glossary, Term
from macros.model.reading import Reading, ReadingShelf
from macros.model.values import LANGUAGES, Location
from macros.text.problems import N_


@problem("`{id}` already has this address; keep one of the two works")
def repeated_address(handbook: Handbook) -> Spots:
    """Two works on the reading list with the same address."""
    works = (
        (work.address.rstrip("/"), work.id, (shelf, position))
        for shelf in handbook.shelves
        for position, work in enumerate(shelf.entries)
    )
    for (shelf, position), id in repeated(works):
        yield at(shelf, "entries", position, "address", id=id)


@problem("`{id}` is in the same language; name the work that this one was translated from")
def translation_into_its_own_language(handbook: Handbook) -> Spots:
    """A work that says that it is a translation of one in the same language, or of itself."""
    for shelf, place, work in handbook.every(ReadingShelf, Reading):
        if work.translation_of and handbook.reading(work.translation_of).language is work.language:
            yield at(shelf, *place, "translation_of", id=work.translation_of)


@problem("`{id}` is already on this path; say which `part` each step is, or delete one")
def repeated_step(handbook: Handbook) -> Spots:
    """A path that has the same part of a work twice."""
    for path in handbook.reading_paths:
        parts = [(step.reading, step.part) for step in path.steps]
        for position in again(parts):
            yield at(path, "steps", position, "reading", id=path.steps[position].reading)


@problem("“{name}” is already a name of `{id}`; a name can lead to one term only")
def repeated_term(handbook: Handbook) -> Spots:
    """Two terms of the glossary with the same name, acronym or synonym in one language."""
    names = (
        ((language, name.casefold()), term.id, (glossary, (*location, *place), name))
        for glossary, location, term in handbook.every(Glossary, Term)
        for language, name, place in _names(term)
    )
    for (glossary, location, name), id in repeated(names):
        yield at(glossary, *location, name=name, id=id)


@gap(
    N_("nothing leads to “{title}”: put it on a path, or name the pages that it belongs to"),
    Task(Reason.WORDS, 5, first=True),
    N_("Readers don't come across it where it would help"),
    looks_at=("reading-path", "team"),
)
def reading_that_nobody_is_led_to(handbook: Handbook) -> Spots:
    """A work that isn't on any path, and doesn't belong to any page."""
    for shelf, place, work in handbook.every(ReadingShelf, Reading):
        named = any(not isinstance(owner, ReadingShelf) for owner, _ in handbook.linked_from(work))
        if not named and not reading_list.belongs_to(handbook, work):
            yield at(shelf, *place, title=work.title)


def _names(term: Term) -> Iterator[tuple[str, str, Location]]:
    """Each name of a term with its language and its place."""
    for language in LANGUAGES:
        name = getattr(term.name, language)
        if name:
            yield language, name, ("name", language)
        if term.acronym:
            yield language, term.acronym, ("acronym",)
        for position, synonym in enumerate(getattr(term.synonyms, language) if term.synonyms else ()):
            yield language, synonym, ("synonyms", language, position)

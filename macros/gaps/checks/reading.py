"""What is asked of the reading list and of the glossary."""

from macros.gaps.check import Reason, Task, gap, problem
from macros.gaps.spots import Spots, at, repeated
from macros.handbook import glossary as terms
from macros.handbook import reading as reading_list
from macros.handbook.graph import Handbook
from macros.model.glossary import Glossary, Term
from macros.model.reading import Reading, ReadingShelf
from macros.model.values import LANGUAGES
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


@problem("“{name}” is already a name of `{id}`; a name can lead to one term only")
def repeated_term(handbook: Handbook) -> Spots:
    """Two terms of the glossary with the same name, acronym or synonym in one language."""
    names = (
        ((language, name.casefold()), term.id, (glossary, location, name))
        for glossary, location, term in handbook.every(Glossary, Term)
        for language in LANGUAGES
        for name in terms.names(term, language)
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

"""The words of the interface in other languages than English: gettext catalogues."""

import gettext
import inspect
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from macros.text.problems import DataError, Message, Problem

PROGRAM = Path(__file__).parents[1]
SOURCE_LANGUAGE = "en"
NAVIGATION = "navigation"
"""The context of the titles in the navigation."""


def catalogue_path(language: str) -> Path:
    """The catalogue of a language."""
    return PROGRAM / "locale" / language / "messages.po"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The translations into a language; the English words stand in the program itself.

    Raises `DataError` with the line where the catalogue can't be read.
    """
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    path = catalogue_path(language)
    compiled = BytesIO()
    try:
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    except PoFileError as error:
        place = path.relative_to(PROGRAM.parent).as_posix()
        message = Message("the catalogue can't be read here; write `msgid` and `msgstr`, each with its text in quotes")
        # Babel counts lines from 0.
        raise DataError([Problem(place, error.lineno + 1, 1, "catalogue", message)]) from error
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def first_line(documented: Any) -> str:
    """The first sentence of a docstring."""
    return (inspect.getdoc(documented) or "").split("\n")[0]

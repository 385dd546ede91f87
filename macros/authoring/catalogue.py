"""The words of the interface: gettext catalogues, and where their messages come from."""

from __future__ import annotations

import gettext
import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from macros.model.values import Choice, Shape
from macros.text.problems import DataError, Message, Problem

PROGRAM = Path(__file__).parents[1]
SOURCE_LANGUAGE = "en"
NAVIGATION = "navigation"
"""The context of the titles in the navigation."""


@dataclass(frozen=True)
class Found:
    """A message in the program: its English text (two forms where it counts), its context, and where it is."""

    text: str | tuple[str, ...]
    context: str | None
    path: str
    line: int


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
        message = Message("the catalogue can't be read here; write `msgid` and `msgstr`, each with its words in quotes")
        # Babel counts lines from 0.
        raise DataError([Problem(place, error.lineno + 1, 1, "catalogue", message)]) from error
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def found_messages(documented: Sequence[Callable[..., Any]]) -> Iterator[Found]:
    """Every message of the program.

    They stand in templates (`_()` and `trans`), in Python (`N_()`), in the docstrings of `documented`
    (checks and macros: pages show them), in the model (choices, and the descriptions of fields), and in the
    navigation of `mkdocs.yml` (titles).
    """
    root = PROGRAM.parent
    for path in sorted((*PROGRAM.rglob("*.py"), *PROGRAM.rglob("*.j2"), *(root / "docs/overrides").rglob("*.html"))):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        keywords = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2)}
        options = {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols"}
        with path.open("rb") as file:
            for line, text, _, context in extract(method, file, keywords=keywords, options=options):
                yield Found(text, context, path.relative_to(root).as_posix(), line)
    for function in documented:
        yield Found(first_line(function), None, _place(function), 1)
    for choice in Choice.__subclasses__():
        for member in choice:
            yield Found(member.label, choice.__name__, _place(choice), 1)
    for shape in _shapes(Shape):
        yield Found(first_line(shape), None, _place(shape), 1)
        for info in shape.model_fields.values():
            if info.description:
                yield Found(info.description, None, _place(shape), 1)
    _, _, navigation = (root / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")
    for title in re.findall(r"^ *- ([^:\n]+):", navigation, re.M):
        yield Found(title, NAVIGATION, "mkdocs.yml", 1)


def first_line(documented: Any) -> str:
    """The first sentence of a docstring."""
    return (inspect.getdoc(documented) or "").split("\n")[0]


def update(language: str, documented: Sequence[Callable[..., Any]]) -> tuple[int, int]:
    """Bring a catalogue up to date with the program, and write it.

    Keeps translations of messages that are still there, adds the new ones empty, drops the rest. Returns
    how many messages there are and how many have no translation.
    """
    fresh = Catalog(locale=language, project="SRE handbook", charset="utf-8")
    for found in found_messages(documented):
        fresh.add(found.text, context=found.context, locations=[(found.path, 0)])
    path = catalogue_path(language)
    catalogue = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    catalogue.update(fresh, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    header = _HEADER.format(language=language, plurals=catalogue.plural_forms)
    path.write_bytes(header.encode() + written.getvalue())
    messages = [message for message in catalogue if message.id]
    return len(messages), sum(1 for message in messages if not message.string or not all(_forms(message.string)))


_HEADER = """msgid ""
msgstr ""
"Project-Id-Version: SRE handbook\\n"
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
"""Written by hand, since Babel's own has the day and the names of nobody."""


def _forms(string: Any) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (tuple, list)) else (string,)


def _place(documented: Any) -> str:
    return f"{documented.__module__.replace('.', '/')}.py"


def _shapes(shape: type[Shape]) -> Iterator[type[Shape]]:
    for subclass in shape.__subclasses__():
        yield subclass
        yield from _shapes(subclass)

"""The messages of the program, and the catalogues that translators fill in."""

import re
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from macros.authoring import reference
from macros.model.kinds import KINDS, Kind
from macros.model.values import Choice, Shape
from macros.sources import guides
from macros.text import catalogue
from macros.text.catalogue import NAVIGATION, PROGRAM, first_line

FoundMessage = tuple[str | tuple[str, ...], str | None, str]
"""A message in the program: its English text (two forms where it counts), its context, and its file."""


def found_messages(documented: Sequence[Callable[..., Any]]) -> Iterator[FoundMessage]:
    """Every message: in templates, Python, the model with examples, navigation, and the docstrings of `documented`."""
    root = PROGRAM.parent
    for path in sorted((*PROGRAM.rglob("*.py"), *PROGRAM.rglob("*.j2"), *(root / "docs/overrides").rglob("*.html"))):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        keywords = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2)}
        options = {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols"}
        with path.open("rb") as file:
            for _, text, _, context in extract(method, file, keywords=keywords, options=options):
                yield text, context, path.relative_to(root).as_posix()
    for function in documented:
        yield first_line(function), None, _place(function)
    for choice in Choice.__subclasses__():
        for member in choice:
            yield member.label, choice.__name__, _place(choice)
    for kind in KINDS.values():
        yield kind.label, None, _place(Kind)
    wholes: list[type[Shape]] = [*(kind.shape for kind in KINDS.values()), guides.FrontMatter]
    for shape in (shape for whole in wholes for shape in reference.shapes(whole)):
        yield first_line(shape), None, _place(shape)
        for info in shape.model_fields.values():
            for words in filter(None, (info.description, *reference.words_of_example(info))):
                yield words, None, _place(shape)
    _, _, navigation = (root / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")
    for title in re.findall(r"^ *- ([^:\n]+):", navigation, re.M):
        yield title, NAVIGATION, "mkdocs.yml"


def update(language: str, documented: Sequence[Callable[..., Any]]) -> tuple[int, int]:
    """Bring a catalogue up to date with the program, and write it.

    Keeps translations of messages that are still there, adds the new ones empty, drops the rest. Returns
    how many messages there are and how many have no translation.
    """
    fresh = Catalog(locale=language, project="SRE handbook", charset="utf-8")
    for text, context, path in found_messages(documented):
        fresh.add(text, context=context, locations=[(path, 0)])
    place = catalogue.catalogue_path(language)
    with place.open("rb") as file:
        known = read_po(file, locale=language)
    known.update(fresh, no_fuzzy_matching=True)
    written = BytesIO()
    write_po(written, known, width=0, omit_header=True, sort_output=True, include_lineno=False, ignore_obsolete=True)
    header = _HEADER.format(language=language, plurals=known.plural_forms)
    place.write_bytes(header.encode() + written.getvalue())
    messages = [message for message in known if message.id]
    # A text that counts is a tuple of forms: one of them may be empty, a letter can't.
    return len(messages), sum(not message.string or not all(message.string) for message in messages)


_HEADER = """msgid ""
msgstr ""
"Project-Id-Version: SRE handbook\\n"
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
"""Written by hand, since Babel's own has the day and the names of nobody."""


def _place(documented: Any) -> str:
    return f"{documented.__module__.replace('.', '/')}.py"

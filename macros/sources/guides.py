"""docs/: the hand-written pages as their authors wrote them, before anything in them is run.

Anyone can propose a page. So each is read here, and what MkDocs gets to see of it is what was read.
"""

import json
import os
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Strict

from macros.model.keys import matching, optional, several
from macros.model.values import Shape, Word
from macros.sources import validate, yaml_file
from macros.text import markdown
from macros.text.problems import Message, Problem

MAX_KILOBYTES = 100
MAX_LEVELS = 100
"""Python-Markdown takes minutes over thousands of open brackets, and stops at about 200 lists in each other."""

CODE = re.compile(r"\{[{%#]")
"""Where Jinja begins, which mkdocs-macros would run in a title, too."""

_PLAIN = matching(rf"(?!.*{CODE.pattern}).*", "`{key}` must be plain text: a title can't call a macro")

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.S | re.M)
_OTHER_SUFFIXES = (".markdown", ".mdown", ".mkdn", ".mkd")
"""What MkDocs makes pages of as well."""


class PageSearch(Shape):
    """How the search finds a page."""

    words: tuple[Word, ...] = several("What people search for instead of its title.", ["on-call rota"])
    weight: Annotated[float, Strict()] = optional(
        "How much the text below the title counts.", 0.3, default=1, ge=0, le=1
    )
    exclude: bool = optional("Whether the search leaves the page out.", default=False)
    echoes: bool = optional("Whether it repeats other pages, and counts for less overall.", default=False)


class FrontMatter(Shape):
    """The front matter of a page, between two lines `---`."""

    title: Annotated[Word, _PLAIN] | None = optional("Its name; without one, its first heading.", "Incidents")
    description: Word | None = optional(
        "What it says, in a sentence: for search engines and previews.", "How an incident is declared, led and closed."
    )
    hide: tuple[Literal["navigation", "toc", "path", "footer"], ...] = several("What the page doesn't show.", ["toc"])
    search: PageSearch | None = optional("How the search finds it.")


class Page(NamedTuple):
    """A hand-written page: its front matter, the text below that, and the line on which the text begins."""

    head: FrontMatter
    body: str
    line: int

    @property
    def plain(self) -> str:
        """The page with its front matter as JSON, which every reader of YAML reads alike."""
        head = self.head.model_dump(mode="json", exclude_unset=True, exclude_none=True)
        return f"---\n{json.dumps(head, ensure_ascii=False)}\n---\n{self.body}"


def pages_in(docs: Path) -> dict[str, Path]:
    """The hand-written pages of a folder, by their path in it."""
    return {file.relative_to(docs).as_posix(): file for file in sorted(docs.rglob("*.md"))}


def address(uri: str) -> str:
    """The address of a hand-written page, from the root of its edition."""
    found = uri.removesuffix(".md").removesuffix(".ja").removesuffix("index")
    return found if found.endswith("/") or not found else f"{found}/"


def read(docs: Path, shown: str) -> tuple[dict[str, bytes], list[Problem]]:
    """The content of each page of a folder by its path there, and what in the folder can't be published.

    `shown` is what messages call the folder. Of a page that is too large, only the beginning is there.
    """
    contents: dict[str, bytes] = {}
    problems: list[Problem] = []

    def closed(error: OSError) -> None:
        problems.append(yaml_file.unreadable(f"{shown}/{Path(error.filename).relative_to(docs).as_posix()}", error))

    for folder, folders, files in os.walk(docs, onerror=closed if docs.exists() else None):
        for file in (Path(folder, name) for name in (*folders, *files)):
            uri = file.relative_to(docs).as_posix()
            if file.is_symlink():
                message = Message("a symbolic link; put the file or the folder itself here, or delete it")
                problems.append(Problem(f"{shown}/{uri}", 1, 1, "symbolic-link", message))
            elif file.suffix in _OTHER_SUFFIXES:
                values = {"suffix": file.suffix, "name": f"{file.stem}.md"}
                message = Message("a `{suffix}` file; pages end in .md: rename it to `{name}`", values)
                problems.append(Problem(f"{shown}/{uri}", 1, 1, "unknown-file", message))
            elif file.is_file():
                try:
                    with file.open("rb") as opened:
                        if file.suffix == ".md":
                            contents[uri] = opened.read(MAX_KILOBYTES * 1000 + 1)
                except OSError as error:
                    closed(error)
    return dict(sorted(contents.items())), problems


@lru_cache(1000)
def parse(raw: bytes, path: str) -> tuple[Page | None, Sequence[Problem]]:
    """A page from its bytes, or None and what is wrong with them; `path` is what messages call it.

    It is kept: a build asks for the same page four times, the dev server at each edit.
    """
    if len(raw) > MAX_KILOBYTES * 1000:
        message = Message("the page has more than {most} kB; make several pages of it", most=MAX_KILOBYTES)
        return None, [Problem(path, 1, 1, "limit", message)]
    text, problems = yaml_file.decode_visible(raw, path)
    if text is None:
        return None, problems
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    nested = markdown.too_deep(text, MAX_LEVELS, MAX_LEVELS, "([{<", by_paragraph=False)
    if nested is not None:
        words = "nested more than {levels} levels deep; close the brackets, or make several lists of it"
        return None, [Problem(path, *nested, "limit", Message(words, levels=MAX_LEVELS))]
    script = re.search(r"<script\b", markdown.without_code(text), re.I)
    if script is not None:
        words = "an inline script, which no browser will run; put it in a file under docs/assets/js/"
        place = yaml_file.position_after(text[: script.start()])
        return None, [Problem(path, *place, "page-script", Message(words))]
    front = _FRONT_MATTER.match(text)
    if front is None and re.match(r"---[ \t]*(\n|$)", text):
        message = Message("front matter without an end; write a line `---` below it, or `***` for a rule")
        return None, [Problem(path, 1, 1, "syntax", message)]
    written, end = (front[1], front.end()) if front else ("", 0)
    page = Page(FrontMatter(), text[end:], text[:end].count("\n") + 1)
    if not written.strip():
        return page, []
    yaml, problems = yaml_file.parse(f"\n{written}".encode(), path)
    if yaml is None:
        return None, problems
    head, problems = validate.shaped(FrontMatter, yaml)
    return (page._replace(head=head) if head else None), problems

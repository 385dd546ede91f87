"""What a page's Markdown becomes: HTML as MkDocs makes it, its text, its elements."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from typing import Any

import markdown
from conftest import ROOT
from mkdocs.utils import meta
from mkdocs.utils.yaml import yaml_load

from macros.site.render import Edition

ALWAYS = ("toc", "tables", "fenced_code")
"""The extensions that MkDocs adds by itself."""
HIDDEN = ("script", "style")


@cache
def extensions() -> dict[str, Any]:
    """The Markdown extensions of mkdocs.yml with their options."""
    with (ROOT / "mkdocs.yml").open(encoding="utf-8") as file:
        configured = yaml_load(file)["markdown_extensions"]
    return {**{name: {} for name in ALWAYS}, **{name: options or {} for name, options in configured.items()}}


def to_html(text: str) -> str:
    """A piece of Markdown as HTML."""
    converter = markdown.Markdown(extensions=list(extensions()), extension_configs=extensions())
    return converter.convert(text)


def page_html(text: str) -> str:
    """A page, whose front matter is no part of it, as HTML."""
    return to_html(meta.get_data(text)[0])


def front_matter(text: str) -> dict[str, Any]:
    """The head of a page, as MkDocs reads it."""
    head: dict[str, Any] = meta.get_data(text)[1]
    return head


class Document(HTMLParser):
    """A piece of HTML: `elements` are its tags with the names of their attributes, `text` is what a reader sees.

    `values` are the values of all attributes.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.values: list[str] = []
        self._words: list[str] = []
        self._hidden = 0
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return plain("".join(self._words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))
        self.values += [plain(value or "") for _, value in attrs]
        self._hidden += tag in HIDDEN

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in HIDDEN

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._words.append(data)

    def handle_comment(self, data: str) -> None:
        self.elements.append(("!--",))

    def handle_pi(self, data: str) -> None:
        self.elements.append(("?",))

    def handle_decl(self, decl: str) -> None:
        self.elements.append(("!",))

    def unknown_decl(self, data: str) -> None:
        self.elements.append(("![",))


def plain(text: str) -> str:
    """Text with each run of white space as one blank, as a browser shows it."""
    return " ".join(text.split())


def written(edition: Edition, template: str, address: str = "here/", **values: Any) -> str:
    """A piece of a template as a page at `address` shows it."""
    return edition.environment.from_string(template).render(address=address, **values)

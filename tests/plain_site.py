"""The pages of a built site as plain Markdown files, for stock MkDocs Material.

Each page's article is put into Markdown that says the same: headings with their ids, paragraphs, lists, tables, code,
links to the other pages. Forms, pictures and what only a script shows are left out, and so is all layout.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import yaml
from mkdocs.utils.yaml import yaml_load

LEFT_OUT = {"button", "datalist", "form", "input", "nav", "script", "select", "style", "svg", "template", "textarea"}
VOID = {"area", "br", "col", "hr", "img", "input", "source", "wbr"}
BLOCKS = {
    "address", "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "p", "section",
    "summary",
}  # fmt: skip
LISTS = {"ul": "-", "ol": "1."}
MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
OF_STOCK = ("name", "language", "font", "palette", "features")
"""Of the theme's settings, those that no file of ours belongs to."""


class Converter(HTMLParser):
    """An article as Markdown, in `text` when all of it has been fed."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._lists: list[str] = []
        self._skipped: list[str] = []
        self._cells = 0
        self._rows = 0
        self._in_table = self._in_cell = False
        self._in_code = self._in_words_of_code = False
        self._ends: list[tuple[str, str]] = []

    @property
    def text(self) -> str:
        return re.sub(r"\n\s*\n", "\n\n", "".join(self._parts)).strip() + "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        if self._skipped or tag in LEFT_OUT or "headerlink" in classes or "md-content__button" in classes:
            if tag not in VOID:
                self._skipped.append(tag)
        elif tag in HEADINGS and not self._in_cell:
            self._block(f"{HEADINGS[tag]} ")
            self._ends.append((tag, f" {{ #{given['id']} }}\n\n" if given.get("id") else "\n\n"))
        elif tag in LISTS:
            self._lists.append(LISTS[tag])
        elif tag == "li":
            self._item()
        elif tag == "table":
            self._block("")
            self._in_table, self._rows = True, 0
        elif tag == "tr":
            self._parts.append("\n|")
            self._cells = 0
        elif tag in ("td", "th"):
            self._parts.append(" ")
            self._cells += 1
            self._in_cell = True
        elif tag == "pre":
            self._block("```\n")
            self._in_code = True
        elif tag == "a" and given.get("href") and not self._in_code:
            self._parts.append("[")
            self._ends.append((tag, f"]({markdown_address(given['href'] or '')})"))
        elif tag in MARKS and not self._in_code:
            self._parts.append(MARKS[tag])
            self._in_words_of_code = tag == "code"
        elif tag == "br":
            self._parts.append(" ")
        elif tag in BLOCKS:
            self._block("")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag == self._skipped[-1]:
                self._skipped.pop()
        elif self._ends and self._ends[-1][0] == tag:
            self._parts.append(self._ends.pop()[1])
        elif tag in LISTS:
            self._lists.pop()
            self._block("")
        elif tag == "table":
            self._in_table = False
            self._block("")
        elif tag in ("td", "th"):
            self._parts.append(" |")
            self._in_cell = False
        elif tag == "tr":
            self._rows += 1
            if self._rows == 1:
                self._parts.append("\n|" + "---|" * self._cells)
        elif tag == "pre":
            self._in_code = False
            self._block("```", before="\n")
            self._block("")
        elif tag in MARKS and not self._in_code:
            self._parts.append(MARKS[tag])
            self._in_words_of_code = False
        elif tag in BLOCKS:
            self._block("")

    def handle_data(self, data: str) -> None:
        between_cells = self._in_table and not self._in_cell and not data.strip()
        if self._skipped or between_cells:
            return
        if self._in_code:
            self._parts.append(data.replace("\n", "\n" + self._indent))
        elif self._in_words_of_code:
            self._parts.append(re.sub(r"\s+", " ", data))
        else:
            words = re.sub(r"\s+", " ", html.escape(data, quote=False))
            self._parts.append(re.sub(r"([\\`*_\[\]|{}])", r"\\\1", words))

    @property
    def _indent(self) -> str:
        return "    " * len(self._lists)

    def _block(self, begin: str, before: str = "\n\n") -> None:
        self._parts.append(" " if self._in_cell else f"{before}{self._indent}{begin}")

    def _item(self) -> None:
        if self._in_cell:
            self._parts.append(" ")
        elif self._lists:
            before = "    " * (len(self._lists) - 1)
            self._parts.append(f"\n{before}{self._lists[-1].ljust(3)} ")


def markdown_address(address: str) -> str:
    """The address of a page as Markdown has it, by its file; others are as they were."""
    path, mark, anchor = address.partition("#")
    inside = path.endswith("/") and not re.match(r"[a-z]+:|/", path)
    return f"{path}index.md{mark}{anchor}" if inside else address


def article(page: str) -> str:
    """The article of a built page, as HTML; empty where it has none."""
    return page[page.find("<article") : page.rfind("</article>")]


def to_markdown(page: str) -> str:
    """The article of a built page, as Markdown."""
    converter = Converter()
    converter.feed(article(page))
    converter.close()
    return converter.text


def pages(site: Path) -> list[Path]:
    """The pages of a built site; redirects and what is shown in place of a page aren't any."""
    return [path for path in sorted(site.rglob("index.html")) if article(path.read_text(encoding="utf-8"))]


def write(folder: Path, site: Path, config: Path) -> Path:
    """Write the pages of a built site as a project of stock Material; returns its configuration.

    Theme, Markdown extensions and navigation are those of `config`, whose generated pages stand in no navigation
    either. The search is Material's own.
    """
    for page in pages(site):
        plain = (folder / "docs" / page.relative_to(site)).with_suffix(".md")
        plain.parent.mkdir(parents=True, exist_ok=True)
        plain.write_text(to_markdown(page.read_text(encoding="utf-8")), encoding="utf-8")
    ours = yaml_load(config.read_text(encoding="utf-8"))
    stock = {
        "site_name": ours["site_name"],
        "site_url": "https://handbook.example.com/",
        "theme": {key: ours["theme"][key] for key in OF_STOCK},
        "plugins": ["search"],
        "markdown_extensions": ours["markdown_extensions"],
        "nav": ours["nav"],
        "not_in_nav": "*",
    }
    written = folder / "mkdocs.yml"
    written.write_text(yaml.safe_dump(stock, sort_keys=False), encoding="utf-8")
    return written

"""The checkout as a whole: its data and its pages, checked together."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from macros import checks, functions, history, links, load
from macros.changes import Guide
from macros.handbook import Handbook
from macros.model import LANGUAGES, Text
from macros.problems import DataError, Finding, Problem, in_order
from macros.render import Site

ROOT = Path(__file__).parent.parent


def data_folder() -> Path:
    """The data folder of a build: `HANDBOOK_DATA`, or `data/` of this checkout."""
    return Path(os.environ.get("HANDBOOK_DATA") or ROOT / "data")


def shown(path: Path) -> str:
    """A path as messages show it: from the checkout where it is inside, else as it is."""
    absolute = path.absolute()
    return absolute.relative_to(ROOT).as_posix() if absolute.is_relative_to(ROOT) else path.as_posix()


def name_on_pages(data: Path) -> str:
    """What pages call the data folder: nothing of this machine, also where it is outside of the checkout."""
    name = shown(data)
    return "data" if name.startswith(("/", "..")) else name


def load_handbook(data: Path, called: str = "") -> tuple[Handbook, tuple[Finding, ...]]:
    """The handbook and its findings; `called` is what it calls the data folder, by default as `shown` does.

    Raises `DataError` with every problem, always as `shown`.
    """
    try:
        handbook = load.load(data, called or shown(data), guides().values())
        problems, findings = checks.run(handbook)
        if problems:
            raise DataError(problems)
    except DataError:
        if called not in ("", shown(data)):
            load_handbook(data)  # the same problems, under names that lead to the files
        raise
    return handbook, findings


def check_everything(data: Path) -> tuple[tuple[Problem, ...], tuple[Finding, ...]]:
    """Every problem and finding of a data folder and, where the data can be read, of the pages in docs/."""
    try:
        handbook, findings = load_handbook(data)
        return check_pages({it: Site(handbook, findings, it, {}) for it in LANGUAGES}), findings
    except DataError as error:
        return error.problems, ()


def check_pages(sites: Mapping[str, Site]) -> tuple[Problem, ...]:
    """Every problem in the macro calls of the pages in docs/ that are written in the languages of these editions."""
    docs = ROOT / "docs"
    problems: list[Problem] = []
    for uri, address in guides().items():
        path = docs / uri
        language = "ja" if uri.endswith(".ja.md") else "en"
        if language not in sites:
            continue
        author = functions.Author(sites[language], address)
        problems += functions.check_page(path.read_text(encoding="utf-8"), shown(path), author)
    return in_order(problems)


def outside_addresses(handbook: Handbook, data: Path) -> dict[str, tuple[links.Place, ...]]:
    """Every outside address that the data (in the folder `data`) and the pages in docs/ lead to, with its places."""
    root, docs = shown(data), ROOT / "docs"

    @cache
    def text_of(path: str) -> str:
        return (data / Path(path).relative_to(root)).read_text(encoding="utf-8-sig")

    pages = {shown(docs / uri): (docs / uri).read_text(encoding="utf-8") for uri in guides()}
    return links.collect(handbook, text_of, pages)


def make_site(handbook: Handbook, findings: tuple[Finding, ...], language: str, editions: Sequence[str] = ()) -> Site:
    """One edition of the handbook; `editions` are all that the site has."""
    known = history.read(ROOT)
    if name_on_pages(data_folder()) != shown(data_folder()):
        # The checkout's own data has the same names, and another history.
        known = known.without("data/")
    return Site(
        handbook, findings, language, known.last_changed, tuple(editions), known, titled_guides(), untranslated()
    )


def untranslated() -> tuple[str, ...]:
    """The hand-written pages without a translation beside them, as paths from the root of the repository."""
    uris = guides()
    alone = (it for it in uris if not it.endswith(".ja.md") and f"{it.removesuffix('.md')}.ja.md" not in uris)
    return tuple(f"docs/{it}" for it in alone)


def guides() -> dict[str, str]:
    """The hand-written pages in docs/: the address of each from the root of an edition, by its path there."""
    docs = ROOT / "docs"
    return {uri: _address(uri) for uri in sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md"))}


def titled_guides() -> dict[str, Guide]:
    """The hand-written pages with their titles, by the path of the English one from the root of the repository."""
    found: dict[str, Guide] = {}
    for uri, address in guides().items():
        if not uri.endswith(".ja.md"):
            translation = f"{uri.removesuffix('.md')}.ja.md"
            titles = {"en": _title(ROOT / "docs" / uri), "ja": _title(ROOT / "docs" / translation)}
            named = {language: title for language, title in titles.items() if title}
            found[f"docs/{uri}"] = Guide(address, Text(**(named or {"en": uri})))
    return found


def _title(page: Path) -> str:
    """The title in the front matter of a page; empty without one."""
    match = re.match(r"---\n(?:.*\n)*?title: *(?P<quote>[\"']?)(?P<title>.+?)(?P=quote) *\n", _text(page))
    return match["title"] if match else ""


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8") if page.is_file() else ""


def _address(uri: str) -> str:
    address = uri.removesuffix(".md").removesuffix(".ja").removesuffix("index")
    return address if address.endswith("/") or not address else f"{address}/"

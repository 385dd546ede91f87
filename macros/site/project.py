"""The checkout as a whole: its data and its pages, checked together."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from macros.gaps import checks
from macros.handbook import load
from macros.handbook.graph import Handbook
from macros.handbook.news import Guide
from macros.model.values import LANGUAGES, Text
from macros.site import navigation, page_macros
from macros.site.render import Edition
from macros.sources import guides, history
from macros.text.problems import DataError, Finding, Problem, in_order

ROOT = Path(__file__).parents[2]


def data_folder() -> Path:
    """The data folder of a build: `HANDBOOK_DATA`, or `data/` of this checkout."""
    return Path(os.environ.get("HANDBOOK_DATA") or ROOT / "data")


def shown(path: Path) -> str:
    """A path as messages show it: from the checkout where it is inside, else as it is."""
    absolute = path.absolute()
    return absolute.relative_to(ROOT).as_posix() if absolute.is_relative_to(ROOT) else path.as_posix()


def name_on_pages(data: Path) -> str:
    """What pages call the data folder: nothing of this machine."""
    name = shown(data)
    return "data" if name.startswith(("/", "..")) else name


def load_handbook(
    data: Path, called: str = "", memory: load.Memory | None = None
) -> tuple[Handbook, tuple[Finding, ...]]:
    """The handbook and its findings; `called` is what it calls the data folder, by default as `shown` does.

    Raises `DataError` with every problem, always as `shown`.
    """
    try:
        handbook = load.load(data, called or shown(data), guide_addresses().values(), memory=memory)
        problems, findings = checks.run(handbook)
        if problems:
            raise DataError(problems)
    except DataError:
        if called not in ("", shown(data)):
            load_handbook(data)  # the same problems, under names that lead to the files
        raise
    return handbook, findings


def check_everything(data: Path) -> tuple[tuple[Problem, ...], tuple[Finding, ...], checks.Accepted]:
    """Every problem, finding and accepted gap of a data folder and, where it can be read, of the pages in docs/."""
    try:
        handbook, findings = load_handbook(data)
        problems = check_pages({language: Edition(handbook, findings, language) for language in LANGUAGES})
        return in_order((*problems, *navigation.left_out(ROOT))), findings, checks.accepted(handbook)
    except DataError as error:
        return error.problems, (), ()


def check_pages(
    editions: Mapping[str, Edition],
    docs: Path | None = None,
    changed: Mapping[Path, bytes] | None = None,
    *,
    make: bool = False,
) -> tuple[Problem, ...]:
    """Every problem of docs/ and of these editions' pages there; `changed` is what files are going to hold.

    `make` says that what their macros give is going to be needed.
    """
    docs = docs or ROOT / "docs"
    contents, problems = guides.read(docs, docs.name)
    for uri, raw in contents.items():
        language = "ja" if uri.endswith(".ja.md") else "en"
        if language in editions:
            draft = (changed or {}).get(docs / uri, raw)
            problems += check_guide(editions[language], uri, draft, f"{docs.name}/{uri}", make=make)
    return in_order(problems)


def check_guide(edition: Edition, uri: str, raw: bytes, path: str, *, make: bool = True) -> list[Problem]:
    """Every problem of one hand-written page, by its path in docs/; `raw` is what it holds, `path` for messages."""
    return page_macros.check_page(raw, path, page_macros.Author(edition, guides.address(uri)), make=make)


def make_edition(
    handbook: Handbook, findings: tuple[Finding, ...], language: str, editions: Sequence[str] = (), policy: str = ""
) -> Edition:
    """One edition of the handbook; `editions` are all that the site has, `policy` is that of its pages."""
    known = history.read(ROOT)
    if name_on_pages(data_folder()) != shown(data_folder()):
        # The checkout's own data has the same names, and another history.
        known = known.without("data/")
    uris = guides.pages_in(ROOT / "docs")
    alone = tuple(f"docs/{uri}" for uri in uris if not uri.endswith(".ja.md") and _translation(uri) not in uris)
    return Edition(handbook, findings, language, tuple(editions), known, titled_guides(), alone, policy)


def guide_addresses() -> dict[str, str]:
    """The address of each hand-written page from the root of an edition, by its path in docs/."""
    return {uri: guides.address(uri) for uri in guides.pages_in(ROOT / "docs")}


def titled_guides() -> dict[str, Guide]:
    """The hand-written pages with their titles, by the path of the English one in the repository."""
    read = {uri: guides.parse(raw, uri)[0] for uri, raw in guides.read(ROOT / "docs", "docs")[0].items()}
    titles = {uri: page.head.title for uri, page in read.items() if page and page.head.title}
    found = {}
    for uri in (uri for uri in read if not uri.endswith(".ja.md")):
        both = {"en": titles.get(uri), "ja": titles.get(_translation(uri))}
        title = Text.model_validate(both if any(both.values()) else uri)
        found[f"docs/{uri}"] = Guide(guides.address(uri), title)
    return found


def _translation(uri: str) -> str:
    return f"{uri.removesuffix('.md')}.ja.md"

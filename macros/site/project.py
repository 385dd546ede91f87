"""The checkout as a whole: its data and its pages, checked together."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from macros.gaps import checks
from macros.gaps.contributions import translation_of
from macros.handbook import load
from macros.handbook.graph import Handbook
from macros.handbook.news import Guide
from macros.model.values import LANGUAGES, Text
from macros.site import navigation, page_macros
from macros.site.render import Edition
from macros.sources import git, guides, history
from macros.text.problems import DataError, Finding, Problem, RefusedError, in_order

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
    problems, findings, handbook = check_data(data, called or shown(data), memory)
    if problems and called not in ("", shown(data)):
        load_handbook(data)  # the same problems, under names that lead to the files
    if problems:
        raise DataError(problems)
    return handbook, findings


class Checked(NamedTuple):
    """What a check tells of a data folder; `handbook` is what it could read."""

    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]
    handbook: Handbook

    def beyond(self, other: "Checked") -> tuple[Finding, ...]:
        """The findings that another check would tell and doesn't, wherever their files are."""
        told = Counter(map(_without_place, other.findings))
        beyond = []
        for finding in self.findings:
            told[_without_place(finding)] -= 1
            if told[_without_place(finding)] < 0 and checks.tells(other.handbook, finding):
                beyond.append(finding)
        return tuple(beyond)


def _without_place(finding: Finding) -> tuple[str, ...]:
    return finding.rule, finding.kind, finding.id, str(finding.message)


def check_everything(data: Path) -> Checked:
    """Every problem and finding of a data folder, as far as it can be read, and of the pages in docs/.

    Where the data has problems, of the pages only those that have nothing to do with it.
    """
    problems, findings, handbook = check_data(data, shown(data))
    try:
        languages = LANGUAGES if any(handbook.everything()) else ()
        of_pages = check_pages({language: Edition(handbook, findings, language) for language in languages})
    except DataError as error:
        of_pages = error.problems
    told = [problem for problem in of_pages if not problems or problem.rule not in ("macro-call", "template")]
    return Checked(in_order((*problems, *told, *navigation.left_out(ROOT))), findings, handbook)


def check_files(data: Path, files: Iterable[Path]) -> tuple[Problem, ...]:
    """Every problem of some files in `data` and docs/ that shows without reading other files of teams.

    A page can call for anything, so for one of them all are read. Raises `RefusedError` for what is no such file.
    """
    data = Path(os.path.abspath(data))
    asked = {shown(Path(os.path.abspath(file))): file for file in files}
    folders = f"{shown(data)}/", "docs/"
    if lost := [str(file) for path, file in asked.items() if not path.startswith(folders) or not file.is_file()]:
        raise RefusedError(f"no file of {' or '.join(folders)}: {', '.join(lost)}")
    if any(path.startswith("docs/") for path in asked):
        problems = check_everything(data).problems
    else:
        try:
            problems = checks.problems_alone(load.load(data, shown(data), guide_addresses().values(), only=asked))
        except DataError as error:
            problems = (*error.problems, *checks.problems_alone(error.rest))
    return in_order(problem for problem in problems if any(f"{path}/".startswith(f"{problem.path}/") for path in asked))


def check_data(data: Path, called: str, memory: load.Memory | None = None) -> Checked:
    """Every problem and finding of a data folder alone; `called` is what they call it."""
    try:
        handbook = load.load(data, called, guide_addresses().values(), memory=memory)
    except DataError as error:
        return Checked(error.problems, checks.run(error.rest)[1], error.rest)
    return Checked(*checks.run(handbook), handbook)


def check_start_of_branch(data: Path, reference: str) -> Checked:
    """As `check_data`, of the data as it was where HEAD left `reference`. Raises `GitError`."""
    with TemporaryDirectory() as place:
        git.lay_out(data, git.start_of_branch(data, reference), Path(place))
        return check_data(Path(place), shown(data))


def check_pages(
    editions: Mapping[str, Edition],
    docs: Path | None = None,
    changed: Mapping[Path, bytes | None] | None = None,
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
            draft = (changed or {}).get(docs / uri) or raw
            author = page_macros.Author(editions[language], guides.address(uri))
            problems += page_macros.check_page(draft, f"{docs.name}/{uri}", author, make=make)
    return in_order(problems)


def make_edition(
    handbook: Handbook, findings: tuple[Finding, ...], language: str, editions: Sequence[str] = (), policy: str = ""
) -> Edition:
    """One edition of the handbook; `editions` are all that the site has, `policy` is that of its pages."""
    # Data from elsewhere has the names of the checkout's own, and another history.
    known = history.read(ROOT, but="data" if name_on_pages(data_folder()) != shown(data_folder()) else "")
    uris = guides.pages_in(ROOT / "docs")
    alone = tuple(f"docs/{uri}" for uri in uris if not uri.endswith(".ja.md") and translation_of(uri).path not in uris)
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
        both = {"en": titles.get(uri), "ja": titles.get(translation_of(uri).path)}
        title = Text.model_validate(both if any(both.values()) else uri)
        found[f"docs/{uri}"] = Guide(guides.address(uri), title)
    return found

"""What several test modules need: small data trees, cases in one file each, golden files."""

from __future__ import annotations

import difflib
import fcntl
import os
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import hypothesis
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from web import WIDE, Watch, launch, read_html, served, wait_for_scripts

from macros.gaps import checks
from macros.handbook import load
from macros.handbook.graph import Handbook
from macros.site import project, publish
from macros.site.render import Edition
from macros.text.problems import Finding

# Every test sees one day, so that nothing depends on when it runs.
os.environ["SOURCE_DATE_EPOCH"] = "1795478400"  # 2026-11-24 00:00 UTC
os.environ["NO_MKDOCS_2_WARNING"] = "1"
os.environ.pop("HANDBOOK_DATA", None)

# How long one example takes says something of the machine alone.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"
GOLDEN = Path(__file__).parent / "golden"

BASE = {
    "organisation.yaml": "name: Example\nlanguage: en\n",
    "teams/payments/team.yaml": 'name: Payments\nchannel: "#payments"\n',
}
"""The smallest data that is right. A case's own files come on top of it."""

GUIDES = ("incidents/", "slos/")
"""The hand-written pages that data may lead to."""

SET_UPS = {
    "team-types/embedded.yaml": (
        "name: {en: Embedded SRE, ja: 常駐}\n"
        "summary: {en: Works on one team's problem from inside, ja: チームの中で働く}\n"
        "rank: 2\nworks_inside: true\n"
    ),
    "team-types/enabling.yaml": (
        "name: {en: Enabling SRE, ja: 支援}\n"
        "summary: {en: Helps teams to help themselves, ja: 自立を助ける}\n"
        "rank: 1\ngrows_by_quick_wins: true\n"
        "first_90_days: [{by_day: 30, do: {en: Ask, ja: 聞く}, result: {en: A list, ja: 一覧}}]\n"
    ),
    "team-types/platform.yaml": (
        "name: {en: Platform SRE, ja: 基盤}\n"
        "summary: {en: Builds what every team uses, ja: 共通の土台を作る}\n"
        "rank: 3\ngrows_by_quick_wins: true\n"
        "first_90_days: [{by_day: 30, do: {en: Ask, ja: 聞く}, result: {en: A list, ja: 一覧}}]\n"
    ),
}
"""The smallest team types. They come on top of `BASE` in a case that asks for them."""

Content = str | bytes | None

SET_UP_SECONDS, SECONDS = 600, 300
"""How long the set-up of a test may take, in which a site may be built for all workers; and each other part of it."""


@contextmanager
def in_time(what: str, seconds: float) -> Iterator[None]:
    """Fails what takes longer, in the line where it stands."""

    def give_up(*_: object) -> NoReturn:
        pytest.fail(f"{what}: not within {seconds} seconds")

    handler = signal.signal(signal.SIGALRM, give_up)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with in_time(f"the set-up of {item.nodeid}", SET_UP_SECONDS):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with in_time(item.nodeid, SECONDS):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    with in_time(f"the end of {item.nodeid}", SECONDS):
        return (yield)


LONGEST = ("content/test_adopting.py", "test_hostile_text.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first, so that no process is left with them while the others have nothing more to do."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONGEST))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="write golden files instead of comparing with them")


def write_tree(folder: Path, files: Mapping[str, Content], *, base: bool = True) -> Path:
    """Write a data folder: `BASE` and then `files`, by path inside it; None leaves a file of `BASE` out."""
    for name, content in {**(BASE if base else {}), **files}.items():
        if content is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The smallest data: it has two findings, of two rules."""
    return write_tree(tmp_path / "data", {})


def make_handbook(folder: Path, files: Mapping[str, Content] | None = None) -> Handbook:
    """The handbook of `BASE` and `files`; messages call its folder `data`."""
    return load.load(write_tree(folder / "data", files or {}), "data", GUIDES)


def make_site(folder: Path, files: Mapping[str, Content] | None = None, language: str = "en") -> Edition:
    """One edition of the handbook of `BASE` and `files`, with its findings and no history."""
    handbook = make_handbook(folder, files)
    return Edition(handbook, findings_of(handbook), language)


@cache
def golden_handbook() -> Handbook:
    """The organisation in tests/golden/data/, which has something of everything."""
    return load.load(GOLDEN / "data", "data")


def golden_site(language: str) -> Edition:
    """One edition of it."""
    handbook = golden_handbook()
    return Edition(handbook, findings_of(handbook), language)


def findings_of(handbook: Handbook) -> tuple[Finding, ...]:
    """What the checks find; a problem among them is a fault of the test."""
    problems, findings = checks.run(handbook)
    assert not problems
    return findings


@dataclass(frozen=True)
class Case:
    """A case file: `-- path --` lines with the file's content below each; `-- expected --` comes last.

    The file's name is the case in a sentence. Files named `data/…` go on top of `BASE`; `-- without data/… --`
    takes one of its files away, and `-- with set-ups --` adds those of `SET_UPS`.
    """

    name: str
    files: Mapping[str, Content]
    expected: list[str]

    @classmethod
    def read(cls, path: Path) -> Case:
        parts = re.split(r"^-- (.+) --\n", path.read_text(encoding="utf-8"), flags=re.M)[1:]
        found = dict(zip(parts[::2], parts[1::2], strict=True))
        expected = found.pop("expected").splitlines()
        files: dict[str, Content] = {} if found.pop("with set-ups", None) is None else {**SET_UPS}
        for name, content in found.items():
            files[name.removeprefix("without ").removeprefix("data/")] = (
                None if name.startswith("without ") else content
            )
        return cls(path.stem, files, expected)


def cases(folder: str) -> list[Any]:
    """All cases of a folder below tests/cases/, as pytest parameters."""
    return [pytest.param(Case.read(path), id=path.stem) for path in sorted((CASES / folder).glob("*.txt"))]


@pytest.fixture(scope="session")
def empty_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in which every hand-written page is there and empty."""
    root = tmp_path_factory.mktemp("checkout")
    for page in (ROOT / "docs").rglob("*.md"):
        copy = root / page.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    return root


@pytest.fixture
def without_pages(empty_pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands check the data alone: with every page that calls macros, a check takes ten times as long."""
    monkeypatch.setattr(project, "ROOT", empty_pages)


class Golden:
    """Compares text with a file below tests/golden/, or writes the file under `--bless`."""

    def __init__(self, bless: bool) -> None:
        self.bless = bless
        self.folder = GOLDEN

    def check(self, name: str, text: str) -> None:
        if difference := self.difference(name, text):
            pytest.fail(difference)

    def difference(self, name: str, text: str) -> str:
        """How text differs from a golden file, in words; empty where it doesn't."""
        path = self.folder / name
        if self.bless:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return ""
        if not path.exists():
            return f"{path.relative_to(ROOT)} isn't there; look at the change, then: make bless"
        blessed = path.read_bytes().decode("utf-8")
        if text == blessed:
            return ""
        lines = difflib.unified_diff(blessed.splitlines(), text.splitlines(), "blessed", "now", "", "", 1)
        return "\n".join((f"{path.relative_to(ROOT)} differs; where that is meant: make bless", *lines))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(bool(request.config.getoption("--bless")))


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one folder of a run, for what its workers share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def built_once(run_folder: Path, name: str, data: Path) -> Path:
    """Both editions of the site of a data folder, joined as they are published; built once a run for all workers."""
    output = run_folder / name / "site"
    with (run_folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        if not output.exists():
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("HANDBOOK_DATA", str(data))
                publish.site(output)
    return output


@pytest.fixture(scope="session")
def built_site(run_folder: Path) -> Path:
    """The site of the organisation in tests/golden/data/, which no test changes."""
    return built_once(run_folder, "golden", GOLDEN / "data")


@pytest.fixture(scope="session")
def shipped_site(run_folder: Path) -> Path:
    """The site of the data that this handbook ships, which no test changes: for what must hold of any content."""
    return built_once(run_folder, "shipped", ROOT / "data")


def address_of(site: Path) -> str:
    """The address of a site as a browser here sees it; it ends with a slash."""
    canonical = [it["href"] for it in read_html(site / "index.html").all("link", rel="canonical")]
    return f"http://{urlsplit(canonical[0]).netloc if canonical else 'handbook.test'}/"


@pytest.fixture(scope="session")
def site_address(built_site: Path) -> str:
    """The address of `built_site` in `browser`."""
    return address_of(built_site)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, of which a process can have one."""
    with sync_playwright() as it:
        yield it


@pytest.fixture(scope="session")
def browser(built_site: Path, site_address: str, playwright: Playwright) -> Iterator[Browser]:
    """Debian's chromium, in which `built_site` stands at `site_address`."""
    with served(built_site) as port:
        browser = launch(playwright, urlsplit(site_address).netloc, port)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shipped_browser(shipped_site: Path, playwright: Playwright) -> Iterator[Browser]:
    """Debian's chromium, in which `shipped_site` stands at its own address."""
    with served(shipped_site) as port:
        browser = launch(playwright, urlsplit(address_of(shipped_site)).netloc, port)
        yield browser
        browser.close()


@contextmanager
def windows(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """What opens a page of a site in a window of its own. What goes wrong in it fails the test."""
    contexts: list[BrowserContext] = []
    watch = Watch(address)

    def open(path: str, **options: object) -> Page:
        context = browser.new_context(**{"viewport": WIDE, **options})  # type: ignore[arg-type]
        contexts.append(context)
        watch.start(context)
        page = context.new_page()
        page.goto(address + path)
        if options.get("java_script_enabled", True):
            wait_for_scripts(page)
        return page

    yield open
    for context in contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture
def open_page(browser: Browser, site_address: str) -> Iterator[Callable[..., Page]]:
    """Opens a page of `built_site`, by its address from there."""
    with windows(browser, site_address) as open:
        yield open


@pytest.fixture
def open_shipped(shipped_browser: Browser, shipped_site: Path) -> Iterator[Callable[..., Page]]:
    """Opens a page of `shipped_site`, by its address from there."""
    with windows(shipped_browser, address_of(shipped_site)) as open:
        yield open

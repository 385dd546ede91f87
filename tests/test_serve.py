"""`python -m macros serve` as a contributor has it: an edit shows by itself, and a fault shows until it is mended."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from tempfile import mkdtemp
from typing import cast
from urllib.parse import unquote

import pytest
from conftest import GOLDEN, ROOT
from playwright.sync_api import Browser, Page, expect
from watchdog.observers.inotify import InotifyEmitter
from watchdog.observers.inotify_c import InotifyConstants as Constants
from web import change, copy_project, free_port, run, wait_until

from macros.site import publish, serve
from macros.site.preview import Preview

PATIENCE = 60_000
"""Milliseconds that a build may take on a busy machine."""

TEAM = "data/teams/complete/team.yaml"
INDEX = "docs/teams/index.md"
CATALOGUE = "macros/locale/ja/messages.po"
TABLE = "macros/templates/macros/team_table.html.j2"
THEME = "docs/overrides/main.html"
NOT_SHOWN = "The handbook can't be shown"


@dataclass
class Serving:
    """A server of a project, and what it has printed so far."""

    project: Path
    process: subprocess.Popen[str]
    address: str
    scratch: Path
    lines: list[str] = field(default_factory=list)

    def printed(self, words: str) -> int:
        """How many lines hold these words."""
        return sum(words in line for line in self.lines)

    def wait_for(self, words: str, times: int = 1) -> None:
        wait_until(
            lambda: self.printed(words) >= times,
            f"{words!r} {times} times in the terminal:\n{''.join(self.lines)}",
        )


@contextmanager
def serving(project: Path, edition: str = "en") -> Iterator[Serving]:
    """Serve a project on a free port. Nothing of the server is left afterwards."""
    port = free_port()
    scratch = Path(mkdtemp(dir=project.parent))
    own = {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(scratch)}
    process = subprocess.Popen(
        [sys.executable, "-m", "macros", "serve", "--edition", edition, "--port", str(port)],
        cwd=project,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
        # Python doesn't listen to an interrupt that it inherits as ignored, as a shell's background job does.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )
    assert process.stdout is not None
    it = Serving(project, process, f"http://127.0.0.1:{port}{publish.MOUNT[edition]}", scratch)
    reader = threading.Thread(target=it.lines.extend, args=[process.stdout])
    reader.start()
    try:
        yield it
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            assert process.poll() is not None
        process.wait()
        reader.join()
        process.stdout.close()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("serve") / "project")


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[Serving]:
    """The English edition of a copy of the project. A test leaves it mended."""
    with serving(project) as it:
        it.wait_for("--- ready: ")
        yield it


@pytest.fixture(scope="module")
def page(server: Serving, browser: Browser) -> Iterator[Page]:
    """The team index in a window that nothing here ever reloads."""
    page = browser.new_page()
    page.goto(f"{server.address}teams/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Teams")
    yield page
    page.close()


@contextmanager
def broken(path: Path, old: str, new: str) -> Iterator[None]:
    """A file with a fault in it, for a while."""
    before = path.read_text(encoding="utf-8")
    change(path, old, new)
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


def place_of(project: Path, path: str, words: str) -> str:
    """`path:line` of the words in a file of a project."""
    text = (project / path).read_text(encoding="utf-8")
    return f"{path}:{text[: text.index(words)].count(chr(10)) + 1}"


def expect_fault(page: Page, place: str) -> None:
    """The page is one that names this place first, and has nothing else on it."""
    named = re.compile(rf"^{re.escape(place)}:(\d+:)?$")
    expect(page.locator("pre strong").first).to_have_text(named, timeout=PATIENCE)
    expect(page.get_by_role("heading")).to_have_text([NOT_SHOWN])


def expect_site(page: Page) -> None:
    expect(page.get_by_text(NOT_SHOWN)).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Teams", timeout=PATIENCE)


# An edit shows


def test_an_edit_of_whatever_a_page_is_made_of_shows_in_the_browser_by_itself(server: Serving, page: Page) -> None:
    edits = {
        TEAM: ("en: Complete", "en: NEW-1"),
        INDEX: ("A team's page", "NEW-2 A team's page"),
        TABLE: ('<div class="filtered">', '<p>NEW-3</p><div class="filtered">'),
        THEME: ("{% if source %}", "NEW-4{% if source %}"),
        "macros/site/page_macros.py": ("Markup(self.edition.render", 'Markup("NEW-5" + self.edition.render'),
        "hooks.py": ('Markup("{} – {}")', 'Markup("{} – NEW-6 {}")'),
        "mkdocs.yml": ("- Onboarding:", "- NEW-7:"),
    }
    for number, (path, (old, new)) in enumerate(edits.items(), 1):
        with broken(server.project / path, old, new):
            expect(page.locator("html")).to_contain_text(f"NEW-{number}", timeout=PATIENCE)
    expect(page.locator("html")).not_to_contain_text("NEW-", timeout=PATIENCE)


def test_a_new_team_shows_and_goes_with_its_file(server: Serving, page: Page) -> None:
    file = server.project / "data/teams/brand-new/team.yaml"
    file.parent.mkdir()
    file.write_text('name: Brand new\nchannel: "#brand-new"\n', encoding="utf-8")
    expect(page.locator("body")).to_contain_text("Brand new", timeout=PATIENCE)
    assert page.request.get(f"{server.address}teams/brand-new/").status == 200
    file.unlink()
    file.parent.rmdir()
    expect(page.locator("body")).not_to_contain_text("Brand new", timeout=PATIENCE)
    assert page.request.get(f"{server.address}teams/brand-new/").status == 404


def test_a_data_folder_that_is_moved_away_and_back_is_found_again(server: Serving, page: Page) -> None:
    data = server.project / "data"
    data.rename(server.project / "elsewhere")
    expect_fault(page, "data:1")
    (server.project / "elsewhere").rename(data)
    expect_site(page)
    with broken(server.project / TEAM, "en: Complete", "en: NEW"):
        expect(page.locator("body")).to_contain_text("NEW", timeout=PATIENCE)
    expect(page.locator("body")).not_to_contain_text("NEW", timeout=PATIENCE)


def test_every_page_is_what_a_build_makes_of_it(
    built_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDBOOK_DATA", str(GOLDEN / "data"))
    monkeypatch.setenv("HANDBOOK_EDITIONS", "en,ja")
    monkeypatch.setenv("HANDBOOK_LIVE_RELOAD", "1")
    preview = Preview("en", "https://handbook.example.com/", tmp_path)
    preview.renew()
    built = [path.relative_to(built_site).as_posix() for path in built_site.rglob("*.html")]
    differing: list[tuple[str, str | None, str | None]] = []
    for name in (name for name in built if not name.startswith("ja/")):
        preview.make(name)
        pairs = zip_longest(*(comparable((site / name).read_text(encoding="utf-8")) for site in (tmp_path, built_site)))
        differing += [(name, one, other) for one, other in pairs if one != other][:1]
    assert differing == []


def comparable(html: str) -> list[str]:
    """The lines of a page without its policy, which no page has under live reload."""
    html = re.sub(r'<meta (?:http-equiv="Content-Security-Policy"|name="referrer")[^>]*>', "", html)
    return [line.strip() for line in html.splitlines() if line.strip()]


# A fault shows until it is mended


def test_a_fault_is_printed_each_time_it_is_met_and_shows_until_it_is_mended(server: Serving, page: Page) -> None:
    place = place_of(server.project, TEAM, "mission:\n")
    with broken(server.project / TEAM, "mission:\n", "mision:\n"):
        expect_fault(page, place)
        server.wait_for(f"{place}:", 1)
        with broken(server.project / INDEX, "A team's page", "NEW A team's page"):
            server.wait_for(f"{place}:", 2)
            expect_fault(page, place)
    expect_site(page)


def test_every_page_shows_a_fault_and_what_it_quotes_is_text(server: Serving, page: Page) -> None:
    place = place_of(server.project, TEAM, "mission:\n")
    with broken(server.project / TEAM, "mission:\n", "'<h2>x</h2>':\n"):
        expect_fault(page, place)
        expect(page.locator("pre")).to_contain_text("<h2>x</h2>")
        for address in ("", "index.html", "teams/complete/", "teams/complete", "no/such/page/"):
            answer = page.request.get(server.address + address)
            assert answer.status == 500, address
            assert f"<strong>{TEAM}:" in answer.text()
        assert page.request.get(f"{server.address}assets/css/handbook.css").status == 200
    expect_site(page)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        pytest.param(INDEX, "{{ team_table() }}", "{{ link('team', 'drawr') }}", id="macro call"),
        pytest.param(TABLE, '<div class="filtered">', "{{ no_such_thing }}", id="value in a template"),
        pytest.param(TABLE, '<div class="filtered">', "{% if %}", id="syntax of a template"),
        pytest.param("macros/templates/playbook.html.j2", "{% set ", "{{ a.b }}{% set ", id="page nobody looks at"),
        pytest.param("docs/slos/index.md", "{{ slo_table() }}", "{{ slo_table(1) }}", id="guide nobody looks at"),
        pytest.param(THEME, "{% if source %}", "{{ a.b }}{% if source %}", id="theme"),
        pytest.param("hooks.py", "def on_files(", "def on_files]", id="code"),
        pytest.param("macros/site/links.py", "class Links", "import nothing\nclass Links", id="module"),
    ],
)
def test_a_fault_shows_with_its_place_wherever_it_is(
    path: str, old: str, new: str, server: Serving, page: Page
) -> None:
    place = place_of(server.project, path, old)
    text = (server.project / path).read_text(encoding="utf-8")
    (server.project / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    expect_fault(page, place)
    (server.project / path).write_text(text, encoding="utf-8")
    expect_site(page)


# The start and the end


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_starts_with_a_fault_shows_it_and_then_the_site(
    ending: signal.Signals, project: Path, browser: Browser
) -> None:
    fault = ("mission:\n", "mision:\n")
    place = place_of(project, TEAM, fault[0])
    with broken(project / TEAM, *fault), serving(project, "ja") as server:
        server.wait_for(f"{place}:")
        page = browser.new_page()
        page.goto(f"{server.address}teams/")
        expect_fault(page, place)
        change(project / TEAM, *reversed(fault))
        expect(page.locator("#team-table")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("heading", level=1)).to_contain_text("チーム")
        words = 'msgid "Open pain points"\nmsgstr "'
        with broken(project / CATALOGUE, words, f"{words}書き直した"):
            expect(page.locator("#team-table")).to_contain_text("書き直した", timeout=PATIENCE)
        with broken(project / CATALOGUE, words, f"<<<<<<< HEAD\n{words}"):
            expect_fault(page, place_of(project, CATALOGUE, "<<<<<<< HEAD"))
            expect(page.locator("pre strong")).to_have_count(1)
        page.close()
        server.process.send_signal(ending)
        assert server.process.wait() == 0
        # Compiled templates are kept there on purpose, for the next build.
        assert [it.name for it in server.scratch.iterdir() if not it.name.startswith("_jinja2-cache-")] == []


@pytest.mark.parametrize("path", ["/%00", "/teams/%00/", "/a%00.css", "/livereload/%00"])
def test_an_address_that_no_file_can_have_is_not_found(path: str, tmp_path: Path) -> None:
    server = serve.Server("en", "127.0.0.1", free_port(), tmp_path)
    server._visible_epoch = server._wanted_epoch
    answers: list[str] = []
    server.serve_request({"PATH_INFO": unquote(path)}, lambda status, headers: answers.append(status))
    server.server_close()
    assert answers == ["404 Not Found"]


def test_files_that_are_read_fill_no_queue_of_the_system(tmp_path: Path) -> None:
    server = serve.Server("en", "127.0.0.1", free_port(), tmp_path)
    server.watch_all()
    server.server_close()
    masks = [cast(InotifyEmitter, emitter).get_event_mask_from_filter() for emitter in server.observer.emitters]
    assert len(masks) >= 4
    assert not [mask for mask in masks if mask & (Constants.IN_OPEN | Constants.IN_CLOSE_NOWRITE)]


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run(ROOT, "macros", "serve", "--port", str(port))
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[-1].startswith(f"serve: 127.0.0.1:{port}: ")
    assert "--port" in ended.stdout
    assert "Traceback" not in ended.stdout


def test_a_data_folder_that_is_not_there_is_said_in_one_line() -> None:
    ended = run(ROOT, "macros", "serve", HANDBOOK_DATA="/no/such/folder")
    assert ended.returncode == 2
    assert ended.stdout == "serve: there is no folder /no/such/folder; name another in HANDBOOK_DATA\n"

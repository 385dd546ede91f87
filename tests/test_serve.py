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
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import ROOT
from playwright.sync_api import Browser, Page, expect
from web import change, copy_project, free_port, run, wait_until

from macros import publish, serve

PATIENCE = 60_000
"""Milliseconds that a build may take on a busy machine."""

TEAM = "data/teams/drawer/team.yaml"
INDEX = "docs/teams/index.md"
CATALOGUE = "macros/locale/ja/messages.po"
TABLE = "macros/templates/macros/team_table.html.j2"
TEAM_FAULT = (TEAM, "mission:\n", "mision:\n")
NOT_BUILT = "The handbook can't be built"


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
    scratch = project.with_name(f"{project.name}-scratch")
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "macros", "serve", "--edition", edition, "--port", str(port)],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(scratch)},
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
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The English edition of a copy of the project. A test leaves it mended."""
    with serving(copy_project(tmp_path_factory.mktemp("serve") / "project")) as it:
        it.wait_for("--- built: ")
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
    expect(page.get_by_role("heading")).to_have_text([NOT_BUILT])


def expect_teams(page: Page) -> None:
    # A page that hasn't heard of the fault yet has the table, too, and loses it for a while.
    expect(page.get_by_text(NOT_BUILT)).to_have_count(0, timeout=PATIENCE)
    expect(page.locator("#team-table")).to_be_visible(timeout=PATIENCE)


# An edit shows


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        pytest.param(TEAM, "en: Drawer\n", "en: Edited team\n", id="data"),
        pytest.param(INDEX, "Your team isn't here?", "Edited page.", id="docs"),
        pytest.param(TABLE, '<div class="filtered">', '<p>Edited template</p><div class="filtered">', id="template"),
        pytest.param("docs/overrides/main.html", "{% if source %}", "<p>Edited theme</p>{% if source %}", id="theme"),
        pytest.param(
            "macros/functions.py",
            'author.render("team_table")',
            'author.render("team_table") + "Edited Python"',
            id="code",
        ),
        pytest.param("mkdocs.yml", "- Coverage:", "- Edited navigation:", id="navigation"),
    ],
)
def test_an_edit_shows_in_the_browser_by_itself(path: str, old: str, new: str, server: Serving, page: Page) -> None:
    words = new[new.index("Edited") :].split("<")[0].strip(' "\n.:')
    expect(page.locator("body")).not_to_contain_text(words)
    change(server.project / path, old, new)
    expect(page.locator("body")).to_contain_text(words, timeout=PATIENCE)


def test_a_new_team_shows_and_goes_with_its_file(server: Serving, page: Page) -> None:
    file = server.project / "data/teams/brand-new/team.yaml"
    row = page.locator("#team-table").get_by_role("link", name="Brand new")
    file.parent.mkdir()
    file.write_text('name: Brand new\nchannel: "#brand-new"\n', encoding="utf-8")
    expect(row).to_be_visible(timeout=PATIENCE)
    assert page.request.get(f"{server.address}teams/brand-new/").status == 200
    file.unlink()
    file.parent.rmdir()
    expect(row).to_have_count(0, timeout=PATIENCE)
    expect_teams(page)
    assert page.request.get(f"{server.address}teams/brand-new/").status == 404


# A fault shows until it is mended


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        pytest.param(INDEX, "{{ team_table() }}", "{{ link('team', 'drawr') }}", id="macro call"),
        pytest.param(TABLE, '<div class="filtered">', "{{ no_such_thing }}", id="value in a template"),
        pytest.param(TABLE, '<div class="filtered">', "{% if %}", id="syntax of a template"),
        pytest.param("docs/overrides/main.html", "{% if source %}", "{{ a.b }}{% if source %}", id="theme"),
        pytest.param("hooks.py", "def on_files(", "def on_files]", id="code"),
    ],
)
def test_a_fault_shows_with_its_place_until_it_is_mended(
    path: str, old: str, new: str, server: Serving, page: Page
) -> None:
    place = place_of(server.project, path, old)
    before = server.printed(f"{place}:")
    with broken(server.project / path, old, new):
        expect_fault(page, place)
        server.wait_for(f"{place}:", before + 1)
    expect_teams(page)


def test_a_fault_is_printed_at_each_build_that_meets_it(server: Serving, page: Page) -> None:
    place = place_of(server.project, *TEAM_FAULT[:2])
    before = server.printed(f"{place}:")
    with broken(server.project / TEAM, *TEAM_FAULT[1:]):
        server.wait_for(f"{place}:", before + 1)
    expect_teams(page)
    with broken(server.project / TEAM, *TEAM_FAULT[1:]):
        server.wait_for(f"{place}:", before + 2)
        change(server.project / INDEX, "# Teams", "# Our teams")
        server.wait_for(f"{place}:", before + 3)
        expect_fault(page, place)
    expect_teams(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Our teams")


def test_every_page_shows_a_fault_and_what_it_quotes_is_text(server: Serving, page: Page) -> None:
    with broken(server.project / TEAM, "mission:\n", "<h2>x</h2>:\n"):
        expect_fault(page, place_of(server.project, TEAM, "<h2>x</h2>"))
        expect(page.locator("pre")).to_contain_text("<h2>x</h2>")
        for address in ("", "index.html", "teams/drawer/", "teams/drawer", "no/such/page/"):
            answer = page.request.get(server.address + address)
            assert answer.status == 500, address
            assert f"<strong>{TEAM}:" in answer.text()
        assert page.request.get(f"{server.address}assets/css/handbook.css").status == 200
    expect_teams(page)


# The start and the end


def test_a_server_that_starts_with_a_fault_shows_it_and_then_the_site(tmp_path: Path, browser: Browser) -> None:
    project = copy_project(tmp_path / "project")
    place = place_of(project, *TEAM_FAULT[:2])
    with broken(project / TEAM, *TEAM_FAULT[1:]), serving(project, "ja") as server:
        server.wait_for(f"{place}:")
        page = browser.new_page()
        page.goto(f"{server.address}teams/")
        expect_fault(page, place)
        change(project / TEAM, *reversed(TEAM_FAULT[1:]))
        expect_teams(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text("チーム")
        catalogue = project / CATALOGUE
        change(catalogue, 'msgid "Open pain points"\nmsgstr "', 'msgid "Open pain points"\nmsgstr "書き直した')
        expect(page.locator("#team-table")).to_contain_text("書き直した", timeout=PATIENCE)
        change(catalogue, 'msgid "Open pain points"', '<<<<<<< HEAD\nmsgid "Open pain points"')
        expect_fault(page, place_of(project, CATALOGUE, "<<<<<<< HEAD"))
        expect(page.locator("pre strong")).to_have_count(1)
        page.close()
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait() == 0
        # Compiled templates are kept there on purpose, for the next build.
        assert [it.name for it in server.scratch.iterdir() if not it.name.startswith("_jinja2-cache-")] == []


HOLD = """

def on_post_build(config):
    import time
    Path({reached!r}).touch()
    while not Path({go_on!r}).exists():
        time.sleep(0.02)
"""
"""A hook that holds a build, when all data is read, until a file is there."""


def test_an_edit_during_the_first_build_shows(tmp_path: Path, browser: Browser) -> None:
    project = copy_project(tmp_path / "project")
    reached, go_on = tmp_path / "reached", tmp_path / "go-on"
    with (project / "hooks.py").open("a", encoding="utf-8") as hooks:
        hooks.write(HOLD.format(reached=str(reached), go_on=str(go_on)))
    with serving(project) as server:
        wait_until(reached.exists, "the end of the first build")
        change(project / TEAM, "en: Drawer\n", "en: Edited team\n")
        go_on.touch()
        server.wait_for("--- built: ")
        page = browser.new_page()
        page.goto(f"{server.address}teams/")
        expect(page.locator("#team-table")).to_contain_text("Edited team", timeout=PATIENCE)
        page.close()


@pytest.mark.parametrize("path", ["/%00", "/teams/%00/", "/a%00.css", "/livereload/%00"])
def test_an_address_that_no_file_can_have_is_not_found(path: str, tmp_path: Path) -> None:
    server = serve.Server("en", "127.0.0.1", free_port(), tmp_path)
    server._visible_epoch = server._wanted_epoch
    answers: list[str] = []
    server.serve_request({"PATH_INFO": unquote(path)}, lambda status, headers: answers.append(status))
    server.server_close()
    assert answers == ["404 Not Found"]


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

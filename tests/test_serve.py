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
from conftest import ROOT, write_tree
from playwright.sync_api import Browser, Page, expect
from web import Html, change, copy_project, free_port, run, wait_until

from macros.site import publish, serve

PATIENCE = 60_000
"""Milliseconds that a build may take on a busy machine."""

TEAM = "data/teams/complete/team.yaml"
INDEX = "docs/teams/index.md"
CATALOGUE = "macros/locale/ja/messages.po"
TABLE = "macros/templates/macros/team_table.html.j2"
THEME = "docs/overrides/main.html"
NOT_BUILT = "The handbook can't be built"

STAND_IN = """
import html, os, pathlib, sys, time
output = pathlib.Path(sys.argv[1])
texts = {
    path: path.read_text()
    for name in ("mkdocs.yml", "mkdocs.ja.yml", "hooks.py", "docs", "macros", "data")
    for path in sorted([pathlib.Path(name), *pathlib.Path(name).rglob("*.*")])
    if path.suffix in (".yml", ".yaml", ".py", ".md", ".html", ".j2", ".po")
}
if reached := os.environ.get("REACHED"):
    pathlib.Path(reached).touch()
    while not pathlib.Path(os.environ["GO_ON"]).exists():
        time.sleep(0.02)
lines = [(path, number, line) for path, text in texts.items() for number, line in enumerate(text.splitlines(), 1)]
faults = [f"{path}:{number}:1: {line}" for path, number, line in lines if "# BROKEN" in line]
if faults:
    sys.exit("\\n".join(faults))
shown = "".join(f"<p>{html.escape(line)}</p>" for _, _, line in lines if "# EDITED" in line)
for path in [output, output / "teams", *(output / "teams" / it.name for it in pathlib.Path("data/teams").iterdir())]:
    path.mkdir()
    (path / "index.html").write_text(f"<html lang=en><body><h1>{path.name}</h1>{shown}</body></html>")
(output / "assets").mkdir()
(output / "assets/a.css").touch()
"""
"""In place of MkDocs: it reads what a build reads, shows each line with "# EDITED", fails at each with "# BROKEN"."""

DRIVER = """
import runpy, sys
from macros.site import serve
stand_in = sys.argv[1]
serve.build_command = lambda edition, output, *options: [sys.executable, "-X", "utf8", "-c", stand_in, str(output)]
sys.argv[1:] = sys.argv[2:]
runpy.run_module("macros", run_name="__main__", alter_sys=True)
"""
"""The command with the stand-in that it is given."""


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
def serving(project: Path, edition: str = "en", *, stand_in: str = STAND_IN, **environment: str) -> Iterator[Serving]:
    """Serve a project on a free port, built by the stand-in, or really where there is none.

    Nothing of the server is left afterwards.
    """
    port = free_port()
    scratch = project.with_name(f"{project.name}-scratch")
    scratch.mkdir()
    program = ["-c", DRIVER, stand_in] if stand_in else ["-m", "macros"]
    own = {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(scratch)}
    process = subprocess.Popen(
        [sys.executable, *program, "serve", "--edition", edition, "--port", str(port)],
        cwd=project,
        env={**os.environ, **own, **environment},
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
    """The English edition of a copy of the project, built by the stand-in. A test leaves it mended."""
    with serving(project) as it:
        it.wait_for("--- built: ")
        yield it


@pytest.fixture(scope="module")
def page(server: Serving, browser: Browser) -> Iterator[Page]:
    """The team index in a window that nothing here ever reloads."""
    page = browser.new_page()
    page.goto(f"{server.address}teams/")
    expect(page.get_by_role("heading", level=1)).to_have_text("teams")
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


def expect_site(page: Page) -> None:
    expect(page.get_by_text(NOT_BUILT)).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_have_text("teams", timeout=PATIENCE)


def add(path: Path, line: str) -> None:
    """Write another line at the end of a file."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def end_of(project: Path, path: str) -> str:
    """`path:line` of the line behind the last one of a file."""
    return f"{path}:{len((project / path).read_text(encoding='utf-8').splitlines()) + 1}"


# An edit shows


def test_an_edit_of_whatever_a_build_reads_shows_in_the_browser_by_itself(server: Serving, page: Page) -> None:
    read = (
        TEAM,
        INDEX,
        TABLE,
        THEME,
        CATALOGUE,
        "macros/site/page_macros.py",
        "hooks.py",
        "mkdocs.yml",
        "mkdocs.ja.yml",
    )
    for path in read:
        add(server.project / path, f"# EDITED {path}")
        expect(page.locator("body")).to_contain_text(f"EDITED {path}", timeout=PATIENCE)


def test_a_new_team_shows_and_goes_with_its_file(server: Serving, page: Page) -> None:
    file = server.project / "data/teams/brand-new/team.yaml"
    file.parent.mkdir()
    file.write_text("name: Brand new # EDITED\n", encoding="utf-8")
    expect(page.locator("body")).to_contain_text("Brand new", timeout=PATIENCE)
    assert page.request.get(f"{server.address}teams/brand-new/").status == 200
    file.unlink()
    file.parent.rmdir()
    expect(page.locator("body")).not_to_contain_text("Brand new", timeout=PATIENCE)
    wait_until(
        lambda: page.request.get(f"{server.address}teams/brand-new/").status == 404, "the team's page has gone with it"
    )


# A fault shows until it is mended


def test_a_fault_is_printed_at_each_build_that_meets_it_and_shows_until_it_is_mended(
    server: Serving, page: Page
) -> None:
    place = end_of(server.project, TEAM)
    before = (server.project / TEAM).read_text(encoding="utf-8")
    for times in (1, 2):
        add(server.project / TEAM, "# BROKEN")
        expect_fault(page, place)
        server.wait_for(f"{place}:", times)
        if times == 1:
            (server.project / TEAM).write_text(before, encoding="utf-8")
            expect_site(page)
    add(server.project / INDEX, "# EDITED beside a fault")
    server.wait_for(f"{place}:", 3)
    expect_fault(page, place)
    (server.project / TEAM).write_text(before, encoding="utf-8")
    expect_site(page)
    expect(page.locator("body")).to_contain_text("# EDITED beside a fault")


def test_every_page_shows_a_fault_and_what_it_quotes_is_text(server: Serving, page: Page) -> None:
    place = end_of(server.project, TEAM)
    before = (server.project / TEAM).read_text(encoding="utf-8")
    add(server.project / TEAM, "# BROKEN <h2>x</h2>")
    expect_fault(page, place)
    expect(page.locator("pre")).to_contain_text("<h2>x</h2>")
    for address in ("", "index.html", "teams/complete/", "teams/complete", "no/such/page/"):
        answer = page.request.get(server.address + address)
        assert answer.status == 500, address
        assert f"<strong>{TEAM}:" in answer.text()
    assert page.request.get(f"{server.address}assets/a.css").status == 200
    (server.project / TEAM).write_text(before, encoding="utf-8")
    expect_site(page)


@pytest.fixture
def smallest(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "data", {})


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        pytest.param(INDEX, "{{ team_table() }}", "{{ link('team', 'drawr') }}", id="macro call"),
        pytest.param(TABLE, '<div class="filtered">', "{{ no_such_thing }}", id="value in a template"),
        pytest.param(TABLE, '<div class="filtered">', "{% if %}", id="syntax of a template"),
        pytest.param(THEME, "{% if source %}", "{{ a.b }}{% if source %}", id="theme"),
        pytest.param("hooks.py", "def on_files(", "def on_files]", id="code"),
    ],
)
def test_the_page_of_a_real_fault_names_its_place_first(
    path: str, old: str, new: str, project: Path, smallest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "ROOT", project)
    place = place_of(project, path, old)
    with broken(project / path, old, new):
        failed = run(project, "mkdocs", "build", "-q", "-d", str(tmp_path / "site"), HANDBOOK_DATA=str(smallest))
    assert failed.returncode
    shown = Html(serve.problem_page(serve.readable(failed.stdout)))
    assert re.fullmatch(rf"{re.escape(place)}:(\d+:)?", shown.all("strong")[0].text), failed.stdout


# The start and the end


def test_a_server_that_starts_with_a_fault_shows_it_and_then_the_site(tmp_path: Path, browser: Browser) -> None:
    project = copy_project(tmp_path / "project")
    fault = ("mission:\n", "mision:\n")
    place = place_of(project, TEAM, fault[0])
    with broken(project / TEAM, *fault), serving(project, "ja", stand_in="") as server:
        server.wait_for(f"{place}:")
        page = browser.new_page()
        page.goto(f"{server.address}teams/")
        expect_fault(page, place)
        change(project / TEAM, *reversed(fault))
        expect(page.locator("#team-table")).to_be_visible(timeout=PATIENCE)
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


def test_an_edit_during_the_first_build_shows(tmp_path: Path, browser: Browser) -> None:
    project = copy_project(tmp_path / "project")
    reached, go_on = tmp_path / "reached", tmp_path / "go-on"
    with serving(project, REACHED=str(reached), GO_ON=str(go_on)) as server:
        wait_until(reached.exists, "the first build has read the data")
        add(project / TEAM, "# EDITED meanwhile")
        go_on.touch()
        server.wait_for("--- built: ")
        page = browser.new_page()
        page.goto(f"{server.address}teams/")
        expect(page.locator("body")).to_contain_text("EDITED meanwhile", timeout=PATIENCE)
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

"""What the tests of the built site share: copies of the project, builds, a web server, a browser, HTML as elements."""

from __future__ import annotations

import functools
import gzip
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Playwright,
    Request,
    Response,
    ViewportSize,
    expect,
)

ROOT = Path(__file__).parent.parent
AXE = ROOT / "tests/tools/node_modules/axe-core/axe.min.js"
GOLDEN_DATA = "tests/golden/data"
COPIED = ("docs", "macros", "hooks.py", "mkdocs.yml", "mkdocs.ja.yml")

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NARROW, WIDE = ViewportSize(width=390, height=844), ViewportSize(width=1440, height=900)
EDITIONS = {"en": "", "ja": "ja/"}
"""Where each edition stands in the site."""


REFERENCES = [f"docs/contribute/{name}{suffix}" for name in ("macros", "rules") for suffix in (".md", ".ja.md")]
"""Pages that show everything there is once more. A copy has short ones in their place."""


def copy_project(folder: Path, data: str = GOLDEN_DATA) -> Path:
    """A copy of what makes a site, in a folder that is in no repository; this data of the project is its `data/`.

    Without what git ignores, and with nothing on the pages of `REFERENCES`.
    """
    for name in _listed(*COPIED, data):
        _copy(name, folder / (f"data{name.removeprefix(data)}" if name.startswith(data) else name))
    for name in REFERENCES:
        (folder / name).write_text("# Reference\n", encoding="utf-8")
    return folder


def copy_everything(folder: Path) -> Path:
    """A copy of all files that belong to the project, in a folder that is in no repository."""
    for name in _listed():
        _copy(name, folder / name)
    return folder


def _listed(*paths: str) -> list[str]:
    """The files of the project below these paths, or all, from its root; not what git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *paths]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout
    return [name for name in filter(None, listed.split("\0")) if (ROOT / name).is_file()]


def _copy(name: str, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / name, to)


def change(path: Path, old: str, new: str) -> None:
    """Replace words in a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} doesn't hold {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module in a project to its end, with both outputs in `stdout`."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def mkdocs_build(
    project: Path, output: Path, config: str = "mkdocs.yml", **environment: str
) -> subprocess.CompletedProcess[str]:
    """One edition of a project, built strictly by MkDocs alone."""
    return run(project, "mkdocs", "build", "--strict", "-f", config, "-d", str(output), **environment)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {it.relative_to(folder).as_posix(): it.read_bytes() for it in sorted(folder.rglob("*")) if it.is_file()}


@dataclass
class Element:
    """An element of an HTML page with its attributes and all text below it."""

    tag: str
    attributes: dict[str, str]
    line: int
    words: list[str] = field(default_factory=list, repr=False)
    first: int = 0
    end: int | None = 0

    @property
    def text(self) -> str:
        return "".join(self.words[self.first : self.end])

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]


@dataclass
class Html(HTMLParser):
    """An HTML page as a flat list of elements, which share the page's `words`."""

    source: str
    elements: list[Element] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        element = Element(tag, given, self.getpos()[0], self.words, len(self.words), len(self.words))
        self.elements.append(element)
        if tag not in VOID:
            element.end = None
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, self.getpos()[0]))

    def handle_endtag(self, tag: str) -> None:
        for index in reversed(range(len(self._open))):
            if self._open[index].tag == tag:
                for element in self._open[index:]:
                    element.end = len(self.words)
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str, class_: str = "", **attributes: str) -> list[Element]:
        return [
            it
            for it in self.elements
            if it.tag == tag
            and (not class_ or class_ in it.classes)
            and all(it.attributes.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag: str, class_: str = "", **attributes: str) -> Element:
        found = self.all(tag, class_, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag} class={class_!r} {attributes}>"
        return found[0]

    def meta(self, name: str) -> str:
        """The content of the one `meta` with this name or property."""
        found = [it for it in self.all("meta") if name in (it.attributes.get("name"), it.attributes.get("property"))]
        assert len(found) == 1, f"{len(found)} of meta {name}"
        return found[0]["content"]


def read_html(path: Path) -> Html:
    """An HTML file as elements."""
    return Html(path.read_text(encoding="utf-8"))


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Answers as a static host does: the folder's files, and its 404 page for everything else."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def translate_path(self, path: str) -> str:
        """As object stores have it, `//` is no other way of writing `/`."""
        file = super().translate_path(path)
        return f"{file}.none" if "//" in self.requestline.partition("?")[0] else file

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class CompressingHandler(_Handler):
    """Also compresses texts, and lets a browser keep what it has for a while, as most hosts do."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        file = path / "index.html" if path.is_dir() else path
        kind = self.guess_type(file)
        if not file.is_file() or not re.match(r"text/|image/svg|.*(javascript|json|xml)$", kind):
            super().do_GET()
            return
        body = gzip.compress(file.read_bytes(), 6)
        self.send_response(200)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "max-age=600"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves a page hangs up on what it was still loading; that is no fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def served(folder: Path, handler: type[_Handler] = _Handler) -> Iterator[int]:
    """Serve a folder on a free port, which it gives."""
    with _Server(("127.0.0.1", 0), functools.partial(handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def launch(playwright: Playwright, host: str, port: int) -> Browser:
    """Debian's chromium, for which `host` is the server at `port`, and beyond this machine is nothing.

    The theme's instant navigation needs the site at its own address. Without chromium the tests fail:
    `tests/tools/debian-packages` installs it. Its headless shell is the same browser without the tabs and the
    buttons around a page; with them, a new window takes three times the work.
    """
    chromium = shutil.which("chromium-headless-shell")
    assert chromium, "chromium-headless-shell isn't there; run tests/tools/debian-packages"
    rules = f"MAP {host} 127.0.0.1:{port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    arguments = ["--no-sandbox", f"--host-resolver-rules={rules}", "--disable-features=HttpsUpgrades"]
    return playwright.chromium.launch(executable_path=chromium, args=arguments)


def free_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return int(it.getsockname()[1])


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Look again and again until a condition holds; fail with `what` did not come true."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} seconds: {what}"
        time.sleep(0.02)


def runs(pid: int) -> bool:
    """Whether a process is there, and not only its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@dataclass
class Watch:
    """What goes wrong in the pages of a context, beside what they show."""

    address: str
    faults: list[str] = field(default_factory=list)

    def start(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda it: self.faults.append(f"script: {it.error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _own(self, url: str) -> bool:
        return url.startswith((self.address, "data:", "blob:"))

    def _request(self, request: Request) -> None:
        if not self._own(request.url):
            self.faults.append(f"request to another host: {request.url}")

    def _failed(self, request: Request) -> None:
        # A page that is left while its search index still loads gives that up; nothing is wrong with it.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.failure}: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")


def watched(browser: Browser, address: str) -> tuple[Page, list[Response], Watch]:
    """A page of a browser that has kept nothing, what it loads, and what goes wrong in it."""
    context = browser.new_context()
    loaded: list[Response] = []
    watch = Watch(address)
    context.on("response", lambda response: loaded.append(response))
    watch.start(context)
    return context.new_page(), loaded, watch


@contextmanager
def worked_in(page: Page, kind: str) -> Iterator[Callable[[], float]]:
    """What tells the seconds that a page's main thread has worked: a `kind` of Chromium's metrics."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    yield lambda: next(
        float(it["value"]) for it in session.send("Performance.getMetrics")["metrics"] if it["name"] == kind
    )
    session.detach()


def sent(responses: Iterable[Response]) -> dict[str, int]:
    """The bytes of what was loaded, by its address, compressed as servers send it."""
    bodies = {response.url: response.body() for response in responses}
    return {url: min(len(body), len(gzip.compress(body, 6))) for url, body in bodies.items()}


def wait_in_page(page: Page, condition: str) -> None:
    """Wait until a condition holds in a page. The page's policy refuses what Playwright has for that."""
    page.evaluate(f"async () => {{ while (!({condition})) await new Promise((done) => setTimeout(done, 20)); }}")


SCRIPTS_DONE = """async () => {
  // Instant navigation leaves the element, whose address would be another one from there.
  const entry = performance.getEntriesByType("resource").find((it) => it.name.endsWith("/handbook.js"));
  if (entry) await (await import(entry.name)).ready;
}"""


def wait_for_scripts(page: Page) -> None:
    """Wait until all parts of the handbook's scripts have taken a page."""
    try:
        page.evaluate(SCRIPTS_DONE)
    except Error as error:
        if "context was destroyed" not in error.message:
            raise
        wait_for_scripts(page)  # the page has led on to another


def click_at_rest(link: Locator) -> None:
    """Click a link once the page has come to rest where the link is seen.

    A moment after a page has been scrolled, the theme notes how far, in the entry of the history that there is by
    then: where a click follows at once, as no hand does, that is the next page's, which then isn't shown from its
    anchor.
    """
    link.scroll_into_view_if_needed()
    wait_in_page(link.page, "scrollY === (history.state?.y ?? 0)")
    link.click()


def go_instantly(page: Page, link: Locator, to: str) -> None:
    """Follow a link inside the site; the page is not loaded anew."""
    page.evaluate("window.stayed = true")
    # Before it has the list of pages, the theme loads a page anew.
    wait_in_page(page, "performance.getEntriesByType('resource').some((it) => it.name.endsWith('/sitemap.xml'))")
    page.wait_for_load_state("networkidle")
    # The address changes before the article does; the theme says so once both have.
    page.evaluate(
        "() => { let told = -1; window.arrived = false; document$.subscribe(() => (window.arrived = ++told > 0)); }"
    )
    click_at_rest(link)
    page.wait_for_url(to)
    wait_in_page(page, "window.arrived")
    wait_for_scripts(page)
    expect(page.locator("[data-md-component=progress]")).to_have_count(0)
    assert page.evaluate("window.stayed"), "the page was loaded anew"

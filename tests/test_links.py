"""Outside addresses: where they are found, what their servers' answers come to, and what the command says of it.

The servers are on this machine; the names of their hosts are known to nobody but these tests.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from conftest import make_handbook, write_tree
from web import free_port

from macros import links, project, reporting
from macros.__main__ import main
from macros.links import LeftOut, Look, Said

HOSTS = ("a.dev", "b.dev")
"""The names of this machine; there is no other host."""

PATIENCE = 30.0
"""Seconds that a server here may take to answer: far more than it ever does."""

Step = tuple[int, dict[str, str]] | None
"""A status with headers; None for an answer that never comes."""

HANG_UP: Step = (0, {})
Captured = pytest.CaptureFixture[str]


@dataclass
class Web:
    """A web server. `steps` are its answers by path (or method and path), one after the other; the last one stays.

    `asked` is what it was asked for. Whatever has no steps is there.
    """

    port: int = 0
    steps: dict[str, list[Step]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def at(self, path: str, *steps: Step, host: str = "a.dev") -> str:
        """The address of a path that is answered by these steps."""
        self.steps[path] = list(steps)
        return f"http://{host}:{self.port}{path}"

    def next(self, method: str, path: str) -> Step:
        self.asked.append(f"{method} {path}")
        left = self.steps.get(f"{method} {path}") or self.steps.get(path) or [(200, {})]
        return left.pop(0) if len(left) > 1 else left[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    web: Web

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who has waited long enough hangs up, and who doesn't trust TLS, too; that is no fault."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        web = self.server.web
        web.headers.append(dict(self.headers))
        step = web.next(self.command, self.path)
        if step is None:
            web.released.wait()
        elif step is not HANG_UP:
            status, headers = step
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

    do_HEAD = do_GET  # noqa: N815 - http.server's own name


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.web = Web(server.server_port)
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.web
        finally:
            server.web.released.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as it:
        yield it


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """`HOSTS` are this machine, and no other name leads anywhere; whatever proxy there is, is not asked."""
    real = socket.getaddrinfo

    def getaddrinfo(host: str, *arguments: Any, **options: Any) -> Any:
        if host in HOSTS or host == "127.0.0.1":
            return real("127.0.0.1", *arguments, **options)
        host.encode("idna")  # as the real one does
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    for name in [it for it in os.environ if it.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


def looks(*addresses: str, pauses: list[float] | None = None) -> dict[str, Look]:
    """What the addresses come to over the network. The pauses are written down, and not made."""
    written: list[float] = [] if pauses is None else pauses
    return links.ask_all(addresses, links.asker(PATIENCE), written.append)


def look(address: str, pauses: list[float] | None = None) -> Look:
    return looks(address, pauses=pauses)[address]


# What the answers come to


@pytest.mark.parametrize("status", [200, 204, 206])
def test_success_is_asked_for_once_and_by_its_head_alone(status: int, web: Web) -> None:
    pauses: list[float] = []
    assert look(web.at("/x", (status, {})), pauses=pauses).said is Said.FINE
    assert (web.asked, pauses) == (["HEAD /x"], [])


def test_the_server_is_told_who_asks(web: Web) -> None:
    look(web.at("/x"))
    assert web.headers[0]["User-Agent"] == "sre-handbook-links"


@pytest.mark.parametrize("status", [404, 410])
def test_gone_twice_is_gone(status: int, web: Web) -> None:
    pauses: list[float] = []
    found = look(web.at("/x", (status, {})), pauses=pauses)
    assert (found.said, found.status) == (Said.GONE, status)
    assert found.reason.startswith(f"answers {status} ")
    assert web.asked == ["HEAD /x", "GET /x", "GET /x"]
    assert pauses == [links.PAUSES[0]]


def test_gone_once_and_then_there_is_there(web: Web) -> None:
    address = web.at("/x")
    web.steps = {"HEAD /x": [(404, {})], "GET /x": [(404, {}), (200, {})]}
    assert look(address).said is Said.FINE


@pytest.mark.parametrize("status", [403, 404, 405, 500, 501])
def test_a_page_whose_head_alone_is_refused_is_there(status: int, web: Web) -> None:
    pauses: list[float] = []
    address = web.at("/x")
    web.steps = {"HEAD /x": [(status, {})]}
    assert look(address, pauses=pauses).said is Said.FINE
    assert (web.asked, pauses) == (["HEAD /x", "GET /x"], [])


@pytest.mark.parametrize(("step", "timeout"), [(HANG_UP, PATIENCE), (None, 0.2)])
def test_a_page_whose_head_alone_is_never_answered_is_there(step: Step, timeout: float, web: Web) -> None:
    address = web.at("/x")
    web.steps = {"HEAD /x": [step]}
    assert links.asker(timeout)(address, False).said is Said.BUSY
    assert links.asker(PATIENCE)(address, True).said is Said.FINE
    assert web.asked == ["HEAD /x", "GET /x"]


@pytest.mark.parametrize("status", [400, 401, 403, 451, 304])
def test_an_answer_that_only_a_person_can_judge_is_not_asked_for_again(status: int, web: Web) -> None:
    found = look(web.at("/x", (status, {})))
    assert (found.said, found.status) == (Said.UNSURE, status)
    assert web.asked == ["HEAD /x", "GET /x"]


def test_an_odd_status_has_no_words(web: Web) -> None:
    assert look(web.at("/x", (499, {}))).reason == "answers 499"
    assert look(web.at("/y", (403, {}))).reason == "answers 403 Forbidden"


@pytest.mark.parametrize(("asked", "paused"), [("7", 7.0), ("3600", 60.0), ("1", links.PAUSES[0]), ("soon", 5.0)])
def test_a_server_that_asks_for_patience_gets_it_up_to_a_minute(asked: str, paused: float, web: Web) -> None:
    pauses: list[float] = []
    found = look(web.at("/x", (429, {"Retry-After": asked}), (200, {})), pauses=pauses)
    assert found.said is Said.FINE
    assert web.asked == ["HEAD /x", "GET /x"]
    assert pauses == [paused]


def test_one_pause_is_as_long_as_the_most_patient_needs(web: Web) -> None:
    pauses: list[float] = []
    first = web.at("/x", (429, {"Retry-After": "7"}), (200, {}))
    second = web.at("/y", (429, {"Retry-After": "30"}), (200, {}))
    assert {it.said for it in looks(first, second, pauses=pauses).values()} == {Said.FINE}
    assert pauses == [30.0]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_busy_three_times_is_not_sure(status: int, web: Web) -> None:
    pauses: list[float] = []
    found = look(web.at("/x", (status, {})), pauses=pauses)
    assert (found.said, found.status) == (Said.BUSY, status)
    assert pauses == list(links.PAUSES)
    assert web.asked.count("GET /x") == (2 if status == 429 else 3)


def test_busy_twice_and_then_there_is_there(web: Web) -> None:
    address = web.at("/x")
    web.steps = {"HEAD /x": [(500, {})], "GET /x": [(500, {}), (503, {}), (200, {})]}
    assert look(address).said is Said.FINE


def test_a_server_that_never_answers_is_not_sure(web: Web) -> None:
    slow, there = web.at("/x", None), web.at("/there")
    asks = {slow: links.asker(0.2), there: links.asker(PATIENCE)}
    pauses: list[float] = []
    found = links.ask_all([slow, there], lambda address, again: asks[address](address, again), pauses.append)[slow]
    assert (found.said, found.reason) == (Said.BUSY, "has no answer within 0.2 s")
    assert pauses == list(links.PAUSES)


def test_a_server_that_hangs_up_is_not_sure(web: Web) -> None:
    found = look(web.at("/x", HANG_UP))
    assert found.said is Said.BUSY
    assert found.reason.startswith("has no answer that is HTTP (")


def test_a_closed_port_is_gone(web: Web) -> None:
    dead = f"http://a.dev:{free_port()}/"
    pauses: list[float] = []
    found = looks(dead, web.at("/there"), pauses=pauses)[dead]
    assert (found.said, found.reason) == (Said.GONE, "is on a host that refuses the connection")
    assert pauses == [links.PAUSES[0]]


def test_a_name_that_nobody_knows_is_gone(web: Web) -> None:
    found = looks("http://gone.dev/", web.at("/there"))["http://gone.dev/"]
    assert (found.said, found.reason) == (Said.GONE, "is on a host that no name server knows")


def test_a_name_server_that_has_trouble_is_not_sure(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    known = socket.getaddrinfo

    def getaddrinfo(host: str, *arguments: Any, **options: Any) -> Any:
        if host == "later.dev":
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return known(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    found = looks("http://later.dev/", web.at("/there"))["http://later.dev/"]
    assert found.said is Said.BUSY
    assert found.reason == "can't be reached (Temporary failure in name resolution)"


@pytest.mark.parametrize("host", ["a.dev:99999", "a.dev:x", "a..dev", f"{'a' * 70}.dev", "[x", "me@語..dev"])
def test_an_address_that_nobody_could_ask_for_is_not_sure(host: str, web: Web) -> None:
    address = f"http://{host}/"
    found = looks(address, web.at("/there"))[address]
    assert found.said is Said.UNSURE
    assert found.reason.startswith("can't be asked for (")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of a.dev, with its key, that nobody has signed but itself."""
    openssl = shutil.which("openssl")
    assert openssl, "openssl isn't there; run tests/tools/debian-packages"
    path = tmp_path / "certificate.pem"
    new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "1"]
    subject = ["-subj", "/CN=a.dev", "-addext", "subjectAltName=DNS:a.dev"]
    key = tmp_path / "key.pem"
    subprocess.run(
        [openssl, *new, *subject, "-keyout", str(key), "-out", str(path)], check=True, stderr=subprocess.DEVNULL
    )
    path.write_text(key.read_text() + path.read_text())
    return path


def test_a_certificate_that_nobody_trusts_is_not_sure(certificate: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with serving(tls) as web:
        address = f"https://a.dev:{web.port}/"
        pauses: list[float] = []
        found = look(address, pauses=pauses)
        assert (found.said, pauses) == (Said.UNSURE, [])
        assert found.reason.startswith("has no connection that TLS trusts (self")
        assert web.asked == []


def test_a_certificate_that_this_machine_trusts_is_fine(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(tls) as web:
        assert look(f"https://a.dev:{web.port}/").said is Said.FINE


def test_the_proxy_of_the_environment_is_asked(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{web.port}")
    assert look("http://gone.dev/x").said is Said.FINE
    assert web.asked == ["HEAD http://gone.dev/x"]


# Redirects


@pytest.mark.parametrize(("status", "permanent"), [(301, True), (308, True), (302, False), (303, False), (307, False)])
def test_a_redirect_is_followed_and_a_permanent_one_is_told(status: int, permanent: bool, web: Web) -> None:
    new = web.at("/new")
    found = look(web.at("/old", (status, {"Location": new})))
    assert (found.said, found.moved_to) == (Said.FINE, new if permanent else "")
    assert web.asked == ["HEAD /old", "HEAD /new"]


def test_a_page_has_moved_as_far_as_its_redirects_are_permanent(web: Web) -> None:
    start = web.at("/1", (301, {"Location": "/2"}))
    web.at("/2", (308, {"Location": "3"}))
    web.at("/3", (302, {"Location": "/4"}))
    web.at("/4", (301, {"Location": "/5"}))
    assert look(start).moved_to == f"http://a.dev:{web.port}/3"
    assert web.asked[-1] == "HEAD /5"


@pytest.mark.parametrize("status", [301, 302])
def test_a_redirect_to_what_is_gone_is_gone(status: int, web: Web) -> None:
    new = web.at("/new", (404, {}), host="b.dev")
    found = look(web.at("/old", (status, {"Location": new})))
    assert (found.said, found.moved_to) == (Said.GONE, "")
    assert found.reason == f"leads to {new}, which answers 404 Not Found"


def test_a_redirect_to_a_dead_host_is_gone(web: Web) -> None:
    found = look(web.at("/old", (301, {"Location": "http://gone.dev/"})))
    assert (found.said, found.answered) == (Said.GONE, True)
    assert found.reason == "leads to http://gone.dev/, which is on a host that no name server knows"


@pytest.mark.parametrize("new", ["file:///etc/passwd", "ftp://a.dev/x", "mailto:a@a.dev"])
def test_a_redirect_that_leaves_the_web_is_not_followed(new: str, web: Web) -> None:
    found = look(web.at("/old", (301, {"Location": new})))
    assert (found.said, found.reason) == (Said.UNSURE, f"leads to {new}, which is no web address")


@pytest.mark.parametrize("new", ["http://[x/", "http://a.dev:99999/", "http://a..dev/"])
def test_a_redirect_to_nonsense_is_not_sure(new: str, web: Web) -> None:
    assert look(web.at("/old", (301, {"Location": new}))).said is Said.UNSURE


def test_a_redirect_in_a_circle_ends(web: Web) -> None:
    found = look(web.at("/x", (302, {"Location": "/x"})))
    assert (found.said, found.reason) == (Said.UNSURE, "redirects more than 10 times")
    assert len(web.asked) == 11


def test_a_redirect_without_an_address_is_not_sure(web: Web) -> None:
    found = look(web.at("/x", (301, {})))
    assert (found.said, found.reason) == (Said.UNSURE, "answers 301 Moved Permanently")


@pytest.mark.parametrize(("new", "asked"), [("/検索", "/%E6%A4%9C%E7%B4%A2"), ("/a b", "/a%20b"), ("/%41", "/%41")])
def test_a_redirect_is_followed_as_its_bytes_are(new: str, asked: str, web: Web) -> None:
    look(web.at("/old", (302, {"Location": new.encode().decode("latin-1")})))
    assert web.asked == ["HEAD /old", f"HEAD {asked}"]


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://a.dev", "https://a.dev"),
        ("https://a.dev/x?y=1&z=%20#part", "https://a.dev/x?y=1&z=%20"),
        ("https://a.dev/検索?q=語", "https://a.dev/%E6%A4%9C%E7%B4%A2?q=%E8%AA%9E"),
        ("https://例え.jp:8080/", "https://xn--r8jz45g.jp:8080/"),
        ("https://a.dev/a_(b)'s;~x", "https://a.dev/a_(b)'s;~x"),
    ],
)
def test_an_address_is_asked_for_as_http_has_it(address: str, asked: str) -> None:
    assert links.requested(address) == asked


NOON = "Tue, 24 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "now", "seconds"),
    [
        ("0", None, 0),
        (" 12 ", None, 12),
        ("61", None, 60),
        ("9" * 400, None, 60),
        ("-5", None, 0),
        ("٣", None, 0),
        ("", None, 0),
        (None, NOON, 0),
        ("Tue, 24 Nov 2026 12:00:30 GMT", NOON, 30),
        ("Tue, 24 Nov 2026 13:00:00 +0100", NOON, 0),
        ("Wed, 25 Nov 2026 12:00:00 GMT", NOON, 60),
        ("Mon, 23 Nov 2026 12:00:00 GMT", NOON, 0),
        ("Tue, 24 Nov 2026 12:00:30 GMT", None, 0),
        ("Tue, 24 Nov 2026 12:00:30 GMT", "noon", 0),
        ("Tue, 24 Nov 2026 12:00:30 -0000", NOON, 0),
    ],
)
def test_what_a_server_asks_for_before_the_next_look(value: str | None, now: str | None, seconds: float) -> None:
    assert links.retry_after(value, now) == seconds


# When it is clear what an address is


def told(*said: Said) -> tuple[Look, list[bool], list[float]]:
    """What an address comes to whose looks say this, with what was a second or third look, and the pauses."""
    again: list[bool] = []
    pauses: list[float] = []

    def ask(address: str, later: bool) -> Look:
        again.append(later)
        return Look(said[len(again) - 1], "says so")

    return links.ask_all(["https://a.dev/"], ask, pauses.append)["https://a.dev/"], again, pauses


FINE, GONE, BUSY, UNSURE = Said


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ([FINE], FINE),
        ([UNSURE], UNSURE),
        ([GONE, GONE], GONE),
        ([GONE, FINE], FINE),
        ([GONE, UNSURE], UNSURE),
        ([GONE, BUSY, FINE], FINE),
        ([GONE, BUSY, BUSY], BUSY),
        ([GONE, BUSY, GONE], UNSURE),
        ([BUSY, GONE, GONE], GONE),
        ([BUSY, GONE, FINE], FINE),
        ([BUSY, BUSY, GONE], UNSURE),
        ([BUSY, BUSY, BUSY], BUSY),
        ([BUSY, FINE], FINE),
    ],
)
def test_gone_counts_twice_in_a_row_alone(said: list[Said], verdict: Said) -> None:
    found, again, pauses = told(*said)
    assert found.said is verdict
    assert again == [False, True, True][: len(said)]
    assert pauses == list(links.PAUSES)[: len(said) - 1]


def test_what_was_gone_at_the_very_end_says_so() -> None:
    assert told(BUSY, BUSY, GONE)[0].reason == "says so, but not twice in a row"


def test_only_what_is_not_clear_yet_is_looked_at_again() -> None:
    asked: list[str] = []

    def ask(address: str, again: bool) -> Look:
        asked.append(address)
        return Look(Said.FINE if "fine" in address or again else Said.BUSY, "")

    links.ask_all(["https://a.dev/fine", "https://a.dev/busy"], ask, lambda seconds: None)
    assert sorted(asked) == ["https://a.dev/busy", "https://a.dev/busy", "https://a.dev/fine"]


def test_without_addresses_nobody_is_asked() -> None:
    assert looks() == {}


def test_where_no_host_answers_there_is_no_network() -> None:
    pauses: list[float] = []
    with pytest.raises(links.NoNetworkError) as raised:
        looks("http://x.dev/1", "http://x.dev/2", "http://y.dev/", f"http://a.dev:{free_port()}/", pauses=pauses)
    words = "no host answers (3 asked); http://x.dev/1 is on a host that no name server knows"
    assert (str(raised.value), pauses) == (words, [])


@pytest.mark.parametrize("step", [(404, {}), (503, {}), (403, {}), HANG_UP])
def test_any_answer_shows_that_there_is_a_network(step: Step, web: Web) -> None:
    assert looks(web.at("/x", step), "http://x.dev/")["http://x.dev/"].said is Said.GONE


def test_a_fault_in_the_program_stops_it() -> None:
    def ask(address: str, again: bool) -> Look:
        raise RuntimeError(address)

    with pytest.raises(RuntimeError):
        links.ask_all(["https://a.dev/"], ask, lambda seconds: None)


def test_no_host_is_in_more_than_two_lanes() -> None:
    every = [*(f"https://a.dev/{number}" for number in range(5)), "http://A.dev:81/5", "https://b.dev/"]
    found = links.lanes(every)
    assert sorted(address for lane in found for address in lane) == sorted(every)
    assert [{address.split("/")[2].lower().split(":")[0] for address in lane} for lane in found] == [
        {"a.dev"},
        {"a.dev"},
        {"b.dev"},
    ]
    assert list(map(len, found)) == [3, 3, 1]


# Which addresses are left out


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        *(
            (f"https://{host}/x", LeftOut.EXAMPLE)
            for host in (
                "example.com",
                "Example.NET",
                "a.b.example.org",
                "example.com.",
                "api.cards.example",
                "shop.test",
                "x.invalid",
                "localhost",
                "x.localhost:8080",
                "me@example.com",
                "127.0.0.1:8000",
                "[::1]:8000",
            )
        ),
        ("mailto:a@a.dev", LeftOut.MAIL),
        ("MAILTO:a@example.com", LeftOut.MAIL),
        ("https://handbook.a.dev/", LeftOut.OWN),
        ("https://handbook.a.dev/go/X/", LeftOut.OWN),
        *(
            (f"https://{host}/example.com", None)
            for host in ("notexample.com", "example.com.dev", "example.co", "test.dev", "10.0.0.1", "a.dev", "[x")
        ),
    ],
)
def test_what_is_left_out_and_why(address: str, reason: LeftOut | None) -> None:
    assert links.left_out(address, "https://handbook.a.dev/") is reason


def test_a_handbook_without_an_address_leaves_out_none_of_its_own() -> None:
    assert links.left_out("https://handbook.a.dev/", None) is None


# Where the addresses stand


def collected(folder: Path, files: dict[str, str] | None = None, **pages: str) -> dict[str, list[str]]:
    """The places of each outside address in data and pages, `line:column` behind the path where it isn't the team's."""
    handbook = make_handbook(folder, {**(files or {})})
    found = links.collect(
        handbook,
        lambda path: (folder / path).read_text(encoding="utf-8-sig"),
        {f"docs/{name}.md": text for name, text in pages.items()},
    )
    return {
        address: [f"{path}:{line}:{column}".removeprefix(f"{TEAM}:") for path, line, column in places]
        for address, places in found.items()
    }


TEAM = "data/teams/payments/team.yaml"


def in_team(folder: Path, text: str) -> dict[str, list[str]]:
    """As `collected`, of a team's file with these lines from the third one on."""
    return collected(folder, {"teams/payments/team.yaml": f'name: Payments\nchannel: "#payments"\n{text}'})


def test_an_address_in_the_data_is_found_where_it_stands_without_its_fragment(tmp_path: Path) -> None:
    text = (
        "sources:\n"
        "  - {name: A, address: 'https://a.dev/plan#part'}\n"
        "  - name: B\n"
        "    address: https://a.dev/plan\n"
        "  - {name: C, address: mailto:a@a.dev}\n"
    )
    assert in_team(tmp_path, text) == {"https://a.dev/plan": ["4:24", "6:14"], "mailto:a@a.dev": ["7:24"]}


def test_links_in_markdown_are_found_line_and_column(tmp_path: Path) -> None:
    text = (
        "notes: |\n"
        "  Read [this](https://a.dev/x#a), not [that](/teams/) or `[code](https://a.dev/code)`;\n"
        "  bare https://a.dev/bare is no link. 次は[これ](https://a.dev/x/y)を、<https://a.dev/z?a=1&b=2>。\n"
        "\n"
        "  Then [mail](mailto:a@a.dev) and [this](https://a.dev/x).\n"
    )
    assert in_team(tmp_path, text) == {
        "https://a.dev/x": ["4:15", "7:42"],
        "https://a.dev/x/y": ["5:46"],
        "https://a.dev/z?a=1&b=2": ["5:67"],
        "mailto:a@a.dev": ["7:15"],
    }


def test_each_language_of_a_text_has_its_own_places(tmp_path: Path) -> None:
    text = "notes:\n  en: '[A](https://a.dev/x)'\n  ja: '[い](https://a.dev/x) [ろ](https://a.dev/y)'\n"
    assert in_team(tmp_path, text) == {"https://a.dev/x": ["4:12", "5:12"], "https://a.dev/y": ["5:33"]}


def test_an_address_that_is_written_in_another_way_stands_where_its_text_begins(tmp_path: Path) -> None:
    text = 'notes: "See [x](https:\\x2F\\x2Fa.dev/x)"\nmission: https://a.dev/x\n'
    assert in_team(tmp_path, text) == {"https://a.dev/x": ["3:8"]}


def test_where_an_address_is_no_link_is_not_its_place(tmp_path: Path) -> None:
    text = (
        "mission: Not https://a.dev/x\nnotes: '[x](https://a.dev/x)'\ncontacts: [{role: https://a.dev/x, channel: c}]\n"
    )
    assert in_team(tmp_path, text) == {"https://a.dev/x": ["4:13"]}


@pytest.mark.parametrize(
    "longer", ["https://a.dev/x/y", "https://a.dev/x.html", "https://a.dev/x?y", "https://a.dev/xy"]
)
def test_the_beginning_of_a_longer_address_is_not_its_place(longer: str, tmp_path: Path) -> None:
    text = f"notes: |\n  [a]({longer}).\n  [b](https://a.dev/x).\n"
    assert in_team(tmp_path, text) == {longer: ["4:7"], "https://a.dev/x": ["5:7"]}


def test_links_of_a_page_are_found_line_and_column(tmp_path: Path) -> None:
    page = (
        "---\ntitle: T\n---\n\n"
        "# T { #t }\n\n"
        "A [link](https://a.dev/x#y), 「[語](https://a.dev/語)」, [title](https://a.dev/t 'T'), [in](../in.md).\n"
        "![Picture](https://a.dev/p.png) <HTTPS://a.dev/angled> <mailto:a@a.dev>, bare https://a.dev/bare.\n"
        "[Brackets](https://a.dev/a_(b)'s), [Angled](<https://a.dev/i>), [ref][r].\n"
        '<a class="x" href="https://a.dev/h?a=1&amp;b=2">H</a> <img src=\'http://a.dev/s\'>\n\n'
        "[r]: https://a.dev/r\n"
    )
    assert collected(tmp_path, guide=page) == {
        "https://a.dev/x": ["docs/guide.md:7:10"],
        "https://a.dev/語": ["docs/guide.md:7:35"],
        "https://a.dev/t": ["docs/guide.md:7:62"],
        "https://a.dev/p.png": ["docs/guide.md:8:12"],
        "HTTPS://a.dev/angled": ["docs/guide.md:8:34"],
        "mailto:a@a.dev": ["docs/guide.md:8:57"],
        "https://a.dev/a_(b)'s": ["docs/guide.md:9:12"],
        "https://a.dev/i": ["docs/guide.md:9:46"],
        "https://a.dev/h?a=1&b=2": ["docs/guide.md:10:20"],
        "http://a.dev/s": ["docs/guide.md:10:65"],
        "https://a.dev/r": ["docs/guide.md:12:6"],
    }


@pytest.mark.parametrize(
    "code",
    [
        "```yaml\naddress: <{0}>\n```",
        "~~~~\n[x]({0})\n~~~\n[x]({0})\n~~~~",
        "1. One\n\n    ```sh\n    curl <{0}>\n    ```",
        "> ```\n> [x]({0})\n> ```",
        "```\n[x]({0})\n`````",
        "Say `[x]({0})`.",
        "Say ``[`x`]({0})``.",
        "Say ```[x]({0})``` on one line.",
        "Say `a\nb <{0}>`.",
        "<!-- [x]({0})\n<{0}> -->",
        "[x](../{0})",
        "[x](javascript:{0})",
    ],
)
def test_code_and_comments_show_no_links_and_what_follows_them_does(code: str, tmp_path: Path) -> None:
    page = f"{code.format('https://a.dev/code')}\n\n[after](https://a.dev/after)\n"
    line = page.count("\n")
    assert collected(tmp_path, guide=page) == {"https://a.dev/after": [f"docs/guide.md:{line}:9"]}


def test_code_that_nobody_ends_goes_on_to_the_end(tmp_path: Path) -> None:
    assert collected(tmp_path, guide="```\n[x](https://a.dev/x)\n") == {}


@pytest.mark.parametrize("start", ["A ` and\n\n", "A `` and\nand\n"])
def test_a_backtick_without_its_like_hides_nothing(start: str, tmp_path: Path) -> None:
    page = f"{start}[x](https://a.dev/x) and `\n"
    assert collected(tmp_path, guide=page) == {"https://a.dev/x": ["docs/guide.md:3:5"]}


def test_the_places_of_an_address_are_named_once_and_in_order(tmp_path: Path) -> None:
    files = {"teams/payments/team.yaml": 'name: P\nchannel: "#p"\nsources: [{name: A, address: https://a.dev/x}]\n'}
    assert collected(tmp_path, files, b="[x](https://a.dev/x)", a="[x](https://a.dev/x#1) <https://a.dev/x>") == {
        "https://a.dev/x": ["3:30", "docs/a.md:1:5", "docs/a.md:1:25", "docs/b.md:1:5"]
    }


# The command


@dataclass
class Checkout:
    """A project with its own data and pages, whose outside addresses are looked at without a pause."""

    folder: Path
    capsys: Captured

    def write(self, *addresses: str, notes: str = "", page: str = "", organisation: str = "") -> None:
        sources = "".join(f"  - {{name: S, address: '{it}'}}\n" for it in addresses)
        team = f'name: Payments\nchannel: "#payments"\nnotes: {notes or "N"!r}\nsources:\n{sources or "  []"}\n'
        files = {
            "teams/payments/team.yaml": team,
            "organisation.yaml": f"name: Example\nlanguage: en\n{organisation}",
        }
        write_tree(self.folder / "data", {**files})
        write_tree(self.folder / "docs", {"guide.md": page}, base=False)

    def run(self, *arguments: str) -> tuple[int, list[str]]:
        """The exit code and the lines of the output; nothing else may be said."""
        code = main(["links", "--data", str(self.folder / "data"), *arguments])
        printed = self.capsys.readouterr()
        assert printed.err == ""
        return code, printed.out.splitlines()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> Checkout:
    monkeypatch.setattr(project, "ROOT", tmp_path)
    monkeypatch.setattr(links, "PAUSES", (0.0, 0.0))
    return Checkout(tmp_path, capsys)


def test_links_that_are_there_end_with_0(checkout: Checkout, web: Web) -> None:
    checkout.write(web.at("/x"), web.at("/x") + "#part", "mailto:a@a.dev", page=f"[x]({web.at('/y')})")
    assert checkout.run() == (
        0,
        ["2 addresses asked for: 0 broken, 0 not sure, 0 moved", "1 mail address left out"],
    )
    assert sorted(web.asked) == ["HEAD /x", "HEAD /y"]


def test_a_broken_link_is_named_at_all_its_places_and_ends_with_1(checkout: Checkout, web: Web) -> None:
    gone = web.at("/gone", (404, {}))
    checkout.write(gone, notes=f"[a]({gone}#part)", page=f"\n[b]({gone})\n")
    broken = f"link-broken: {gone} answers 404 Not Found, twice in a row; find where it went, or remove the link"
    assert checkout.run() == (
        1,
        [
            f"{TEAM}:3:13: {broken}",
            f"{TEAM}:5:24: {broken}",
            f"docs/guide.md:2:5: {broken}",
            "1 address asked for: 1 broken, 0 not sure, 0 moved",
        ],
    )


def test_what_is_not_sure_or_moved_is_named_and_ends_with_0(checkout: Checkout, web: Web) -> None:
    new = web.at("/new")
    checkout.write(web.at("/403", (403, {})), web.at("/500", (500, {})), web.at("/old", (301, {"Location": "/new"})))
    see = "see in a browser whether it is still what is meant"
    home = new.removesuffix("/new")
    assert checkout.run() == (
        0,
        [
            "not sure; these don't count:",
            f"{TEAM}:5:24: link-not-sure: {home}/403 answers 403 Forbidden; {see}",
            f"{TEAM}:6:24: link-not-sure: {home}/500 answers 500 Internal Server Error; {see}",
            "moved:",
            f"{TEAM}:7:24: link-moved: {home}/old moved to {new}",
            "3 addresses asked for: 0 broken, 2 not sure, 1 moved",
        ],
    )


def test_links_prints_json(checkout: Checkout, web: Web) -> None:
    gone, old = web.at("/gone", (410, {})), web.at("/old", (308, {"Location": "/new"}))
    forbidden = web.at("/403", (403, {}))
    checkout.write(gone, old, forbidden, "https://x.example.com/", "mailto:a@a.dev", "mailto:b@a.dev")
    code, lines = checkout.run("--format", "json")
    report = json.loads("\n".join(lines))
    assert code == 1
    assert report["broken"] == [
        {
            "path": TEAM,
            "line": 5,
            "column": 24,
            "rule": "link-broken",
            "message": f"{gone} answers 410 Gone, twice in a row; find where it went, or remove the link",
            "address": gone,
            "leads_to": "",
        }
    ]
    assert [(it["line"], it["address"]) for it in report["not_sure"]] == [(7, forbidden)]
    assert [(it["address"], it["leads_to"]) for it in report["moved"]] == [(old, old.replace("old", "new"))]
    assert (report["asked"], report["left_out"]) == (3, {"example": 1, "mail": 2})


def test_links_prints_annotations(checkout: Checkout, web: Web) -> None:
    checkout.write(web.at("/gone", (404, {})), web.at("/old", (301, {"Location": "/new"})), web.at("/403", (403, {})))
    code, lines = checkout.run("--format", "github")
    assert code == 1
    assert [it.split(",title=")[0] for it in lines] == [
        f"::error file={TEAM},line=5,col=24",
        f"::warning file={TEAM},line=6,col=24",
    ]


def test_annotations_of_links_that_are_there_are_none(checkout: Checkout, web: Web) -> None:
    checkout.write(web.at("/x"))
    assert checkout.run("--format", "github") == (0, [])


def test_what_is_left_out_is_counted_and_not_asked_for(checkout: Checkout, web: Web) -> None:
    checkout.write(
        web.at("/x"),
        "https://a.example.com/",
        f"http://localhost:{web.port}/y",
        f"http://handbook.dev:{web.port}/go/X/",
        page=f"<http://127.0.0.1:{web.port}/z> <mailto:a@a.dev>",
        organisation=f"site_address: http://handbook.dev:{web.port}/\n",
    )
    assert checkout.run() == (
        0,
        [
            "1 address asked for: 0 broken, 0 not sure, 0 moved",
            "3 addresses of example hosts left out",
            "1 mail address left out",
            "2 addresses of the handbook itself left out",
        ],
    )
    assert web.asked == ["HEAD /x"]


def test_a_handbook_without_outside_addresses_needs_no_network(checkout: Checkout) -> None:
    checkout.write("https://a.example.com/")
    assert checkout.run() == (
        0,
        ["0 addresses asked for: 0 broken, 0 not sure, 0 moved", "1 address of an example host left out"],
    )


@pytest.mark.parametrize("format", reporting.LINK_FORMATS)
def test_without_a_network_links_says_so_once_and_ends_with_1(format: str, checkout: Checkout) -> None:
    checkout.write("http://x.dev/1", "http://x.dev/2", "http://y.dev/")
    assert main(["links", "--data", str(checkout.folder / "data"), "--format", format]) == 1
    assert checkout.capsys.readouterr() == (
        "",
        "links: no network: no host answers (2 asked); http://x.dev/1 is on a host that no name server knows\n",
    )


@pytest.mark.parametrize(("arguments", "seconds"), [([], 20.0), (["--timeout", "0.5"], 0.5)])
def test_links_waits_as_long_as_it_is_told(
    arguments: list[str], seconds: float, checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[float] = []

    def asker(timeout: float) -> links.Ask:
        told.append(timeout)
        return lambda address, again: Look(Said.FINE, "")

    monkeypatch.setattr(links, "asker", asker)
    checkout.write("https://a.dev/")
    assert checkout.run(*arguments)[0] == 0
    assert told == [seconds]


@pytest.mark.parametrize("timeout", ["0", "-1", "601", "nan", "inf"])
def test_a_timeout_that_is_no_time_is_wrong_use(timeout: str, checkout: Checkout) -> None:
    checkout.write()
    assert main(["links", "--data", str(checkout.folder / "data"), f"--timeout={timeout}"]) == 2
    assert checkout.capsys.readouterr() == ("", "links: --timeout: give seconds, more than 0 and 600 at most\n")


def test_links_of_a_data_folder_that_is_not_there_is_wrong_use(tmp_path: Path, capsys: Captured) -> None:
    assert main(["links", "--data", str(tmp_path / "none")]) == 2
    assert capsys.readouterr() == ("", f"links: --data: there is no folder {tmp_path / 'none'}\n")


def test_links_of_data_with_a_problem_asks_nobody(checkout: Checkout, web: Web) -> None:
    checkout.write(web.at("/x"))
    write_tree(
        checkout.folder / "data", {"teams/payments/team.yaml": f"name: P\nsources: [{{address: {web.at('/x')}}}]\n"}
    )
    assert main(["links", "--data", str(checkout.folder / "data")]) == 1
    printed = checkout.capsys.readouterr()
    assert (printed.out, web.asked) == ("", [])
    assert f"{TEAM}:1:1: missing-key" in printed.err

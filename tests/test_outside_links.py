"""Outside addresses: where they stand, what lychee's answers come to, and what the command says of it.

lychee itself asks a server on this machine alone.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from conftest import make_handbook, write_tree
from web import free_port

from macros.__main__ import main
from macros.commands import outside_links, reporting
from macros.commands.outside_links import ask
from macros.site import project

Captured = pytest.CaptureFixture[str]
Json = dict[str, Any]

TEAM = "data/teams/payments/team.yaml"
FIND = "; find its new address, or remove the link"
SEE = "; check in a browser that it is still the right page"


# What lychee's answers come to

OK = {"text": "200 OK", "code": 200}
REFUSED = "Connection refused - server may be down or port blocked"
NO_NAME = "Connection failed. Check network connectivity and firewall settings"


def rejected(status: str) -> Json:
    return {"text": f"Rejected status code: {status}", "code": int(status[:3])}


def failed(details: str) -> Json:
    return {"text": f"Network error: {details} (error sending request for url (https://a.dev/))", "details": details}


def redirects(*codes: int) -> Json:
    """Redirects with these codes, to /1, /2 and so on."""
    return {"redirects": [{"url": f"https://a.dev/{number}", "code": code} for number, code in enumerate(codes, 1)]}


@pytest.mark.parametrize(
    ("status", "codes", "sort", "words"),
    [
        (OK, [], "", ""),
        ({"text": "204 No Content", "code": 204}, [302], "", ""),
        (OK, [301], "moved", "https://a.dev/1"),
        (OK, [308, 301], "moved", "https://a.dev/2"),
        (OK, [301, 302], "", ""),
        (OK, [307, 301], "", ""),
        (rejected("404 Not Found"), [], "broken", "answers 404 Not Found"),
        (rejected("410 Gone"), [], "broken", "answers 410 Gone"),
        (rejected("404 Not Found"), [301], "broken", "leads to https://a.dev/1, which answers 404 Not Found"),
        (failed(REFUSED), [], "broken", f"has no answer ({REFUSED})"),
        (failed(NO_NAME), [], "broken", f"has no answer ({NO_NAME})"),
        (failed(NO_NAME), [302], "broken", f"leads to https://a.dev/1, which has no answer ({NO_NAME})"),
        *(
            (rejected(it), [], "not-sure", f"answers {it}")
            for it in ("401 Unauthorized", "403 Forbidden", "429 Too Many Requests", "503 Service Unavailable")
        ),
        (rejected("302 Found"), [302] * 10, "not-sure", "leads to https://a.dev/10, which answers 302 Found"),
        ({"text": "Timeout"}, [], "not-sure", "has no answer (Timeout)"),
        (
            failed("SSL certificate error. Check certificate validity"),
            [],
            "not-sure",
            "has no answer (SSL certificate error. Check certificate validity)",
        ),
    ],
)
def test_what_an_answer_comes_to(status: Json, codes: list[int], sort: str, words: str) -> None:
    answer = outside_links.answer({"status": status, **({"redirects": redirects(*codes)} if codes else {})})
    assert (answer.sort, answer.leads_to or answer.reason) == (sort, words)


# Which addresses are left out


@pytest.mark.parametrize(
    ("asked", "hosts"),
    [
        (False, "example.com Example.NET a.b.example.org example.com. api.cards.example shop.test x.invalid"),
        (False, "localhost x.localhost:8080 me@example.com 127.0.0.1:8000 [::1]:8000"),
        (False, "handbook.a.dev HANDBOOK.a.dev"),
        (True, "notexample.com example.com.dev example.co test.dev 10.0.0.1 0.0.0.0 a.dev my-localhost [x"),
    ],
)
def test_which_hosts_are_asked(asked: bool, hosts: str) -> None:
    for host in hosts.split():
        for end in ("", "/", "/example.com", "?a@localhost"):
            assert outside_links.is_asked_for(f"https://{host}{end}", "https://handbook.a.dev/") is asked, host + end


@pytest.mark.parametrize("address", ["mailto:a@a.dev", "MAILTO:a@example.com"])
def test_mail_is_left_out(address: str) -> None:
    assert not outside_links.is_asked_for(address, None)


def test_a_handbook_without_an_address_leaves_out_none_of_its_own() -> None:
    assert outside_links.is_asked_for("https://handbook.a.dev/", None)


# Where the addresses stand


def collected(folder: Path, files: dict[str, str] | None = None, **pages: str) -> dict[str, list[str]]:
    """The places of each outside address in data and pages, `line:column` behind the path where it isn't the team's."""
    handbook = make_handbook(folder, {**(files or {})})
    docs = write_tree(folder / "docs", {f"{name}.md": text for name, text in pages.items()}, base=False)
    found = outside_links.outside_addresses(handbook, folder / "data", docs)
    return {
        address: [f"{path}:{line}:{column}".removeprefix(f"{TEAM}:") for path, line, column in places]
        for address, places in found.items()
    }


def longer(address: str) -> tuple[str, dict[str, list[str]]]:
    return f"notes: |\n  [a]({address}).\n  [b](https://a.dev/x).\n", {address: ["4:7"], "https://a.dev/x": ["5:7"]}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        # An address is found without its fragment.
        (
            "sources:\n"
            "  - {name: A, address: 'https://a.dev/plan#part'}\n"
            "  - name: B\n"
            "    address: https://a.dev/plan\n"
            "  - {name: C, address: mailto:a@a.dev}\n",
            {"https://a.dev/plan": ["4:24", "6:14"], "mailto:a@a.dev": ["7:24"]},
        ),
        # Of Markdown, what a page makes links of.
        (
            "notes: |\n"
            "  Read [this](https://a.dev/x#a), not [that](/teams/) or `[code](https://a.dev/code)`;\n"
            "  bare https://a.dev/bare is no link. 次は[これ](https://a.dev/x/y)を、<https://a.dev/z?a=1&b=2>。\n"
            "\n"
            "  Then [mail](mailto:a@a.dev) and [this](https://a.dev/x).\n",
            {
                "https://a.dev/x": ["4:15", "7:42"],
                "https://a.dev/x/y": ["5:46"],
                "https://a.dev/z?a=1&b=2": ["5:67"],
                "mailto:a@a.dev": ["7:15"],
            },
        ),
        # Each language of a text has places of its own.
        (
            "notes:\n  en: '[A](https://a.dev/x)'\n  ja: '[い](https://a.dev/x) [ろ](https://a.dev/y)'\n",
            {"https://a.dev/x": ["4:12", "5:12"], "https://a.dev/y": ["5:33"]},
        ),
        # Where it is no link, or the beginning of a longer one, is not its place.
        (
            "mission: Not https://a.dev/x\nnotes: '[x](https://a.dev/x)'\n"
            "contacts: [{role: https://a.dev/x, channel: c}]\n",
            {"https://a.dev/x": ["4:13"]},
        ),
        longer("https://a.dev/x/y"),
        longer("https://a.dev/x.html"),
        longer("https://a.dev/x?y"),
        longer("https://a.dev/xy"),
    ],
)
def test_addresses_in_the_data_are_found_line_and_column(
    text: str, places: dict[str, list[str]], tmp_path: Path
) -> None:
    team = f'name: Payments\nchannel: "#payments"\n{text}'
    assert collected(tmp_path, {"teams/payments/team.yaml": team}) == places


def test_addresses_that_rules_lead_to_are_found_but_for_those_that_prometheus_fills_in(tmp_path: Path) -> None:
    rules = "groups:\n- name: a\n  rules:\n" + "".join(
        f"  - alert: {name}\n    expr: up\n    annotations:\n      runbook_url: '{url}'\n"
        for name, url in {
            "Elsewhere": "https://a.dev/x#part",
            "FilledIn": "https://a.dev/{{ $labels.alertname }}",
            "Words": "see the wiki",
        }.items()
    )
    found = collected(tmp_path, {"teams/payments/alerts/a.yml": rules})
    assert found == {"https://a.dev/x": ["data/teams/payments/alerts/a.yml:7:7"]}


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
    assert collected(tmp_path, guide=page, open="```\n[x](https://a.dev/x)\n") == {
        "https://a.dev/after": [f"docs/guide.md:{line}:9"]
    }


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

SAID: dict[str, Json] = {
    "gone": {"status": rejected("404 Not Found")},
    "forbidden": {"status": rejected("403 Forbidden")},
    "old": {"redirects": redirects(301)},
    "odd": {"span": {"line": 0}},
    "dead": {"status": failed(NO_NAME)},
    "slow": {"status": {"text": "Timeout"}},
}
"""What an entry of lychee's JSON has for an address, by the address's end; any other address is there."""


@dataclass
class Command:
    """The command, with a lychee whose answers are known; `asked` is what it was asked for."""

    run: Callable[..., tuple[int, str, str]]
    asked: list[str] = field(default_factory=list)
    timeout: int = 0

    def ask(self, every: Sequence[str], timeout: int) -> Json:
        """In place of `outside_links.ask`."""
        self.asked, self.timeout = [*every], timeout
        report: Json = {"success_map": {"links.html": []}, "error_map": {"links.html": []}}
        for number, address in enumerate(every, 1):
            entry = {"status": OK, "span": {"line": number}} | SAID.get(address.rpartition("/")[2], {})
            report["success_map" if entry["status"] is OK else "error_map"]["links.html"].insert(0, entry)
        return report


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> Command:
    """`run` takes addresses (each on a line of its own in a page), and arguments; it gives code, output and errors."""
    write_tree(tmp_path / "data", {"organisation.yaml": "name: E\nlanguage: en\nsite_address: https://handbook.dev/\n"})
    monkeypatch.setattr(project, "ROOT", tmp_path)

    def run(words: str, *arguments: str) -> tuple[int, str, str]:
        page = "\n".join(f"<{it if ':' in it else f'https://a.dev/{it}'}>" for it in words.split())
        write_tree(tmp_path / "docs", {"guide.md": page}, base=False)
        code = main(["links", "--data", str(tmp_path / "data"), *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    made = Command(run)
    monkeypatch.setattr(outside_links, "ask", made.ask)
    return made


def test_each_answer_stands_at_all_places_of_its_address(command: Command) -> None:
    assert command.run("there gone gone#part forbidden old odd") == (
        1,
        f"""\
docs/guide.md:2:2: link-broken: https://a.dev/gone answers 404 Not Found{FIND}
docs/guide.md:3:2: link-broken: https://a.dev/gone answers 404 Not Found{FIND}
docs/guide.md:4:2: link-not-sure: https://a.dev/forbidden answers 403 Forbidden{SEE}
docs/guide.md:6:2: link-not-sure: https://a.dev/odd has no answer from lychee{SEE}
docs/guide.md:5:2: link-moved: https://a.dev/old moved to https://a.dev/1
5 addresses checked: 2 broken, 2 not sure, 1 moved
1 left out: mail, example hosts, the handbook itself
""",
        "",
    )
    assert command.run("there forbidden old odd")[0] == 0


def test_links_prints_json(command: Command) -> None:
    code, printed, _ = command.run("gone old forbidden https://x.example mailto:a@a.dev", "--format=json")
    report = json.loads(printed)
    assert (code, report["asked"], report["left_out"]) == (1, 3, 3)
    assert report["broken"] == [
        {
            "path": "docs/guide.md",
            "line": 1,
            "column": 2,
            "rule": "link-broken",
            "message": f"https://a.dev/gone answers 404 Not Found{FIND}",
        }
    ]
    assert [(it["line"], it["message"]) for it in report["moved"]] == [
        (2, "https://a.dev/old moved to https://a.dev/1")
    ]
    assert [it["line"] for it in report["not_sure"]] == [3]


def test_links_prints_annotations_of_what_is_broken_or_moved(command: Command) -> None:
    code, printed, _ = command.run("old gone forbidden", "--format=github")
    assert code == 1
    assert [it.split(",title=")[0] for it in printed.splitlines()] == [
        "::error file=docs/guide.md,line=2,col=2",
        "::warning file=docs/guide.md,line=1,col=2",
    ]
    assert command.run("there", "--format=github") == (0, "", "")


def test_what_is_left_out_is_counted_and_not_asked_for(command: Command) -> None:
    own = "https://handbook.dev/go/X/ https://handbook.dev/"
    assert command.run(f"x https://a.example/ http://127.0.0.1:8000/z mailto:a@a.dev {own}") == (
        0,
        "1 address checked: 0 broken, 0 not sure, 0 moved\n5 left out: mail, example hosts, the handbook itself\n",
        "",
    )
    assert command.asked == ["https://a.dev/x"]


def test_without_outside_addresses_lychee_is_not_called(command: Command) -> None:
    command.asked = ["as before"]
    assert command.run("https://a.example/")[1].startswith("0 addresses checked: 0 broken, 0 not sure, 0 moved\n")
    assert command.asked == ["as before"]


@pytest.mark.parametrize("format", reporting.FORMATS)
def test_where_nothing_answers_there_is_no_network_and_the_exit_code_is_1(format: str, command: Command) -> None:
    words = f"no network: no address answers (3 checked); https://a.dev/dead has no answer ({NO_NAME})"
    assert command.run("dead slow https://b.dev/dead", "--format", format) == (1, "", f"links: {words}\n")
    code, printed, errors = command.run("dead forbidden", "--format", format)
    assert (code, "link-broken" in printed, errors) == (1, True, "")


def test_links_waits_as_long_as_it_is_told(command: Command) -> None:
    command.run("x")
    assert command.timeout == 20
    command.run("x", "--timeout=600")
    assert command.timeout == 600


def test_links_of_data_with_a_problem_asks_nobody(command: Command, tmp_path: Path) -> None:
    write_tree(tmp_path / "data", {"teams/payments/team.yaml": "name: P\n"})
    code, printed, errors = command.run("x")
    assert (code, printed, command.asked) == (1, "", [])
    assert f"{TEAM}:1:1: missing-key" in errors


def test_where_lychee_is_not_installed_it_is_said_how_to_get_it(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside_links, "ask", ask)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    assert command.run("x") == (1, "", "links: lychee isn't installed; `make links` installs it\n")


# lychee itself


class Handler(BaseHTTPRequestHandler):
    """Answers with the status that a path begins with; a redirect leads to the rest of the path."""

    released = threading.Event()

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        status, _, rest = self.path[1:].partition("/")
        if status == "hang":
            self.released.wait()
        elif status.isdigit():
            self.send_response(int(status))
            self.send_header("Location", f"/{rest}")
            self.send_header("Content-Length", "0")
            self.end_headers()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server on this machine, by an address that isn't left out; whatever proxy there is, is not asked."""
    for name in [it for it in os.environ if it.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"0.0.0.0:{server.server_port}"
        Handler.released.set()
        server.shutdown()
        thread.join()


def test_what_lychee_says_of_a_real_server(host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    web = f"http://{host}"
    every = {
        f"{web}/200": "",
        f"{web}/302/200": "",
        f"{web}/301/302/200": "",
        f"{web}/301/200": f"moved to {web}/200",
        f"{web}/301/308/200": f"moved to {web}/200",
        f"{web}/404": f"answers 404 Not Found{FIND}",
        f"HTTP://{host}/404": f"answers 404 Not Found{FIND}",
        f"{web}/404/[x]": f"answers 404 Not Found{FIND}",
        f"{web}/410": f"answers 410 Gone{FIND}",
        f"{web}/301/404": f"leads to {web}/404, which answers 404 Not Found{FIND}",
        **{
            f"{web}/301/200/{written}": f"moved to {web}/200/{asked}"
            for written, asked in (
                ("a_(b)'s", "a_(b)'s"),
                ("?a=1&lt;2", "?a=1&lt;2"),
                ('"quoted"', "%22quoted%22"),
                ("検索?q=語", "%E6%A4%9C%E7%B4%A2?q=%E8%AA%9E"),
                ("a b", "a%20b"),
                ("%7Eme", "%7Eme"),
                ("~me", "~me"),
            )
        },
        f"http://0.0.0.0:{free_port()}/": f"has no answer ({REFUSED}){FIND}",
        "http://a..dev/": f"has no answer ({NO_NAME}){FIND}",
        f"{web}/403": f"answers 403 Forbidden{SEE}",
        f"{web}/429": f"answers 429 Too Many Requests{SEE}",
        f"{web}/500": f"answers 500 Internal Server Error{SEE}",
        f"{web}/hang": f"has no answer (Request timed out){SEE}",
        f"{web}/nothing": f"has no answer (Connection closed before response completed){SEE}",
        f"https://{host}/": "has no answer (Network error: received corrupt message of type InvalidContentType)" + SEE,
        "http://[x/": f"has no answer (Cannot parse 'http://[x/' into a URL: invalid IPv6 address){SEE}",
    }
    places = {address: [("docs/guide.md", number, 1)] for number, address in enumerate(every)}
    # Where the program runs stands a configuration of somebody else's.
    (tmp_path / "lychee.toml").write_text('exclude = ["."]')
    monkeypatch.chdir(tmp_path)
    answers = outside_links.check(places, None, partial(ask, timeout=1, retries=0))
    said = {report.line: str(report.message) for report in chain(*answers.reports.values())}
    assert said == {number: f"{address} {words}" for number, (address, words) in enumerate(every.items()) if words}


def test_what_lychee_says_when_it_stops_is_passed_on() -> None:
    with pytest.raises(OSError, match="lychee stopped: error: invalid value '-1' for '--timeout"):
        ask(["https://a.dev/"], timeout=-1)

"""What a handbook of some size costs: builds, checks, the dev server, and what a reader's browser loads.

Seconds are those that the processor worked, of a process and all that it started: on a shared machine a clock tells
what the neighbours do.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import lighthouse
import organisations
import plain_site
from conftest import address_of
from playwright.sync_api import Browser, sync_playwright
from repositories import git
from web import (
    EDITIONS,
    ROOT,
    CompressingHandler,
    change,
    copy_everything,
    free_port,
    go_instantly,
    launch,
    served,
    wait_for_scripts,
    watched,
    worked_in,
)

from macros.sources import prometheus

Figures = dict[str, float]
"""What was measured, by its name: seconds, bytes, counts and ratios."""

FEW = 300
"""Up to so many teams, a build is measured three times; of more, it takes minutes, and is measured once."""

TICKS = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """The processor's seconds, and the bytes of memory of the largest process."""

    seconds: float
    memory: int


def measure(folder: Path, teams: int, *, scored: bool) -> Figures:
    """All figures of an organisation of this many teams, in an empty folder; where asked for, with Lighthouse's."""
    project = write_project(folder / "project", teams)
    site = folder / "site"
    checked = check(project)
    ours, stock = builds(project, site, folder / "plain", 1 if teams > FEW else 3)
    published = folder / "published"
    publish = ("macros", "site", "--output", str(published))
    run(project, *publish)
    again = min(run(project, *publish).seconds for _ in range(3))
    pages = plain_site.pages(site)
    files = data_files(project)
    service = min(path for path in files if path.parent.name == "services")
    return {
        "teams": len([path for path in (project / "data/teams").iterdir() if path.is_dir()]),
        "pages": len(pages),
        "site": sum(path.stat().st_size for path in site.rglob("*") if path.is_file()),
        "build": ours.seconds,
        "memory": ours.memory,
        "again": again,
        "stock": stock.seconds,
        "ratio": ours.seconds / stock.seconds,
        "build-page": ours.seconds / len(pages),
        "stock-page": stock.seconds / len(pages),
        "files": len(files),
        "check": checked,
        "check-file": checked / len(files),
        "check-one": check(project, str(service.relative_to(project))),
        "rules": reading_rules(5000),
        **reading(published),
        **dict(lighthouse.scores(published, read(published)) if scored else ()),
        "largest": max(path.stat().st_size for path in pages),
        **editing(project),
    }


def data_files(project: Path) -> list[Path]:
    """The files of a project's data."""
    return [path for path in (project / "data").rglob("*.y*ml") if not path.name.startswith(".")]


def check_per_file(project: Path) -> float:
    """The seconds of a check of all data, by the number of its files."""
    return check(project) / len(data_files(project))


def check(project: Path, *files: str) -> float:
    """The seconds of a check of all data, or of some files: the least of three, since what disturbs it adds to it."""
    return min(run(project, "macros", "check", *files).seconds for _ in range(3))


def write_project(project: Path, teams: int) -> Path:
    """A copy of the project with an organisation of this many teams, in a repository of its own.

    Its modules are compiled, as those of installed packages are; its templates aren't.
    """
    copy_everything(project)
    shutil.rmtree(project / "data")
    organisations.write(project / "data", ROOT / "data", teams)
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "All")):
        git(project, *arguments)
    run(project, "compileall", "-q", "macros", "hooks.py")
    return project


def builds(project: Path, site: Path, plain: Path, rounds: int) -> tuple[Cost, Cost]:
    """The cost of building the English edition, as `make site` does it, and of the same pages by stock Material.

    Each the least of as many rounds, in which they take turns: what disturbs a build adds to it. None of them has to
    delete what an earlier one left.
    """
    costs: list[tuple[Cost, Cost]] = []
    for number in range(rounds):
        shutil.rmtree(project / ".cache", ignore_errors=True)
        made = site.with_name(f"{site.name}-{number}") if number else site
        ours = run(project, *build_arguments(project, made))
        config = plain / "mkdocs.yml" if number else plain_site.write(plain, site, project / "mkdocs.yml")
        stock = ("mkdocs", "build", "--quiet", "--config-file", str(config), "-d", str(plain / f"site-{number}"))
        costs.append((ours, run(plain, *stock)))
    least, least_of_stock = map(min, zip(*costs, strict=True))
    return least, least_of_stock


def build_arguments(project: Path, site: Path) -> Sequence[str]:
    """The module that builds the English edition strictly, with its arguments."""
    return "mkdocs", "build", "--quiet", "--strict", "--config-file", str(project / "mkdocs.yml"), "-d", str(site)


def run(project: Path, *arguments: str) -> Cost:
    """The cost of a Python module's run in a project. A run that fails ends everything with its output."""
    log = project.with_name("output.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=project,
            env=environment(project),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{log.read_text(encoding='utf-8')}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def environment(project: Path) -> dict[str, str]:
    """The environment of a project's own program, whatever the one that measures is told."""
    others = ("HANDBOOK_DATA", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE")
    mine = {name: value for name, value in os.environ.items() if name not in others}
    own = {"PYTHONPATH": str(project), "PYTHONUTF8": "1", "NO_MKDOCS_2_WARNING": "1", "HANDBOOK_EDITIONS": "en,ja"}
    return mine | own


LINK = """(address) => {
  const link = Object.assign(document.createElement("a"), { id: "on", href: address, textContent: "On" });
  document.querySelector("article").prepend(link);
}"""
"""Adds a link to a page, so that a reader can go on from any page to any other."""


IS_INSTANT = "JSON.parse(document.getElementById('__config').textContent).features.includes('navigation.instant')"
"""Whether the theme follows links itself: a handbook of many pages leaves that to the browser."""


def read(site: Path) -> Mapping[str, str]:
    """A page of each kind that readers come to, by its name, with its path in an edition."""
    return {
        "home": "",
        "team": first(site, "teams/*/index.html"),
        "playbook": first(site, "playbooks/[!t]*/index.html"),
        "checklist": first(site, "teams/*/checklists/*/index.html"),
    }


def reading(site: Path) -> Figures:
    """The bytes of a first visit to a page of each kind, and of going on to it from another one.

    Of both editions, those of the one with more.
    """
    address = address_of(site)
    figures: Figures = {}
    with served(site, CompressingHandler) as port, sync_playwright() as playwright:
        browser = launch(playwright, urlsplit(address).netloc, port)
        for name, path in read(site).items():
            before = "" if path else "teams/"
            editions = [address + folder for folder in EDITIONS.values()]
            figures[f"first-{name}"] = max(visited(browser, edition, path) for edition in editions)
            figures[f"further-{name}"] = max(visited(browser, edition, before, path) for edition in editions)
        figures["filter"] = filtering(browser, address, longest_list(site))
        browser.close()
    return figures


def visited(browser: Browser, address: str, path: str, further: str | None = None) -> int:
    """The bytes that a browser that has kept nothing loads for a page; or for the `further` one, after it."""
    page, loaded, watch = watched(browser, address)
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    if further is not None:
        page.evaluate(LINK, address + further)
        loaded.clear()
        if page.evaluate(IS_INSTANT):
            go_instantly(page, page.locator("#on"), address + further)
        else:
            page.locator("#on").click()
            page.wait_for_url(address + further)
        page.wait_for_load_state("networkidle")
    # What the browser had kept has a negative size: the headers that didn't come with it are taken off.
    size = sum(max(0, response.request.sizes()["responseBodySize"]) for response in loaded)
    page.context.close()
    assert size, f"nothing was loaded for {further}"
    assert watch.faults == []
    return size


def longest_list(site: Path) -> str:
    """The address, from the site's root, of the page with a filter that has most rows."""
    texts = {page: page.read_text(encoding="utf-8") for page in plain_site.pages(site)}
    rows = {page: text.count("<tr") for page, text in texts.items() if "data-filter=" in text}
    return f"{max(rows, key=lambda page: rows[page]).parent.relative_to(site).as_posix()}/"


def filtering(browser: Browser, address: str, path: str) -> float:
    """Seconds of scripting that the slowest letter takes of a word that is typed into the first filter of a page."""
    page, _, watch = watched(browser, address)
    page.goto(address + path)
    wait_for_scripts(page)
    page.locator("form.filter [name=text]").first.focus()
    taken = []
    with worked_in(page, "ScriptDuration") as scripting:
        for letter in "payments":
            before = scripting()
            page.keyboard.press(letter)
            taken.append(scripting() - before)
    assert "text=payments" in str(page.evaluate("location.search"))
    page.context.close()
    assert watch.faults == []
    return max(taken)


def first(site: Path, pattern: str) -> str:
    """The address of the first page whose file is like this, from the site's root."""
    return f"{min(site.glob(pattern)).parent.relative_to(site).as_posix()}/"


RELOADS = 4
"""How often a browser loads its page again after an edit, since it may be told of the edit before, too."""


class Server:
    """A dev server that runs."""

    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        self._process = process
        self._address = address

    def seconds(self) -> float:
        """The seconds that it and all that it started have worked."""
        return worked(self._process.pid)

    def get(self, path: str) -> str:
        """What it answers; as long as it starts, it is asked again. A problem ends everything."""
        while self._process.poll() is None:
            try:
                with urllib.request.urlopen(self._address + path) as answer:
                    return str(answer.read().decode())
            except urllib.error.HTTPError as error:
                raise SystemExit(f"serve: {path}: {error.read().decode()}") from error
            except OSError:  # nobody listens yet, or nobody who can answer
                time.sleep(0.02)
        raise SystemExit("serve: it has ended")

    def edited(self, page: str, shows: str, word: str, edit: Callable[[], None]) -> float:
        """Seconds from an edit until a browser with `page` open has loaded it again, so that `shows` holds the word.

        Meanwhile it makes what nobody has asked for, as it does when people edit: one page of these counts at most.
        """
        answers, before = [self.get(page)], self.seconds()
        edit()
        for _ in range(RELOADS):
            epoch = re.findall(r"livereload\((\d+)", answers[0])[0]
            self.get(f"livereload/{epoch}/1")
            answers = [self.get(path) for path in dict.fromkeys((page, shows))]
            if word in answers[-1]:
                break
        seconds = self.seconds() - before
        assert word in answers[-1], f"{shows} was loaded again without {word}"
        return seconds


@contextmanager
def serving(project: Path) -> Iterator[Server]:
    """The dev server of a project, until the end of the block."""
    port = free_port()
    with project.with_name("serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "macros", "serve", "--port", str(port)],
            cwd=project,
            env=environment(project),
            stderr=log,
        )
        try:
            yield Server(process, f"http://127.0.0.1:{port}/")
        finally:
            process.terminate()
            process.wait()


def worked(pid: int) -> float:
    """The seconds that a process, its children that have ended and those that run have worked."""
    try:
        times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
        children = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(map(int, times)) / TICKS + sum(worked(int(child)) for found in children for child in found)


def editing(project: Path) -> Figures:
    """Seconds of the dev server: until the first page is there, and until one is there again after an edit."""
    team = min((project / "data/teams").glob("*/team.yaml"))
    page, style = f"teams/{team.parent.name}/", "assets/css/handbook.css"
    guide, template = project / "docs/teams/index.md", project / "macros/templates/team.html.j2"

    def rename(word: str) -> None:
        team.write_text(organisations.renamed(team.read_text(encoding="utf-8"), word), encoding="utf-8")

    with serving(project) as server:
        server.get(page)
        return {
            "first-page": server.seconds(),
            "edit-data": min(
                server.edited(page, page, word, partial(rename, word)) for word in ("Other", "New", "Own")
            ),
            "edit-template": server.edited(page, page, "Remade", lambda: change(template, "<h1>", "<h1>Remade ")),
            "edit-style": server.edited(
                page, style, "Restyled", lambda: add(project / "docs" / style, "/* Restyled */")
            ),
            "edit-page": server.edited("teams/", "teams/", "Rewritten", lambda: add(guide, "Rewritten")),
        }


def reading_rules(number: int) -> float:
    """Seconds for reading a file of this many rules, a hundred in each group, half of them with merge keys."""
    lines = ["groups:"]
    for position in range(number):
        if position % 100 == 0:
            lines += [f"  - name: group-{position // 100}", "    rules:"]
        labels = [f"labels: &labels{position}", "  severity: page", "  team: zukura"]
        lines += [
            f"      - alert: Alert{position}",
            "        expr: |",
            f'          sum by (job) (rate(requests_total{{code=~"5..", number="{position}"}}[5m])) > 0.05',
            "        for: 5m",
            *(
                f"        {line}"
                for line in (labels if position % 2 == 0 else [f"labels: {{<<: *labels{position - 1}}}"])
            ),
            "        annotations:",
            "          summary: 失敗率 {{ $value | humanizePercentage }}",
            "          description: >-",
            "            Requests of {{ $labels.job }} fail. Look at the last release first,",
            "            and then at what the service depends on.",
        ]
    raw = "\n".join(lines).encode()
    start = time.process_time()
    file, _ = prometheus.parse(raw, "rules.yaml")
    seconds = time.process_time() - start
    assert file is not None
    assert len(file.alerts) == number
    return seconds


def add(path: Path, words: str) -> None:
    """Write words at the end of a file, at once."""
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{words}\n", encoding="utf-8")

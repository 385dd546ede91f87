"""What nobody would write, thrown at the check; and what it accepts is built. `make fuzz`.

Right files are changed a little: values are swapped and change their type, lines are cut, doubled and indented,
characters come in, pieces are repeated. Besides, whole files are made up from the schemas of the kinds. Every
problem is fine. A traceback, an input that takes more than `MOST_SECONDS` of the processor and accepted input that
doesn't build are not: each is printed with its input, and the run exits 1.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import multiprocessing
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ["SOURCE_DATE_EPOCH"] = "1795478400"  # 2026-11-24 00:00 UTC
os.environ["NO_MKDOCS_2_WARNING"] = "1"

from macros.editing import change_set, imports  # noqa: E402
from macros.editing.change_set import ChangeSet  # noqa: E402
from macros.editing.imports import IMPORTS  # noqa: E402
from macros.gaps import checks  # noqa: E402
from macros.handbook import load  # noqa: E402
from macros.model.kinds import KINDS, Kind, schema  # noqa: E402
from macros.site import page_macros, project  # noqa: E402
from macros.site.render import Edition  # noqa: E402
from macros.sources import validate, yaml_file  # noqa: E402
from macros.sources.yaml_file import Source  # noqa: E402
from macros.text.problems import DataError  # noqa: E402

GOLDEN = ROOT / "tests/golden/data"
MOST_SECONDS = 20
WORKERS = 2

ODD_VALUES = [
    "", "~", "true", "no", "0", "-1", "1", "3", "1.5", "1e999", ".inf", "0x10", "9" * 400,
    "99999999999999999999", "[]", "{}", "[[]]", "{en: a}", "{ja: 決済}", "{en: '', ja: a}", "{a: b}", "[a, b]",
    "|", ">-", "*a", "&a b", "!!int", "''", '""', "' '", "a", "A b", "a-b", "決済", "決" * 100, "a" * 300,
    "2026-13-45", "2026-11-24", "9999-12-31", "week 2", "2026-04", "https://example.com/",
    "javascript:alert(1)", "/slos/", "mailto:", "http://[", "https://a\\b", "complete", "complete-service",
    "sparse", "platform", "embedded", "name", "page", "http_requests_total{a=~'('}", '"\\u202e"', '"\\0"',
    '"a\\nb"', "a\u200b", "👩‍🚀", "<script>", "{{ config }}", "{% raw %}", "{#", "- [ ] a", "# a", "[a](b",
    "**" * 50, "> " * 9 + "a", "|a|b|", "```", "${a}", "%(a)s", "\\", "a: b", "…",
]  # fmt: skip
ODD_PIECES = [
    "\t", "\r", "\n", "\n\n", " ", "  ", "\0", "\x1b", "\x85", "\u2028", "\u200d", "\ufeff", "\ud7ff",
    "\U0010ffff", "'", '"', ":", ": ", "- ", "? ", "#", "|", ">", "&a ", "*a", "<<: ", "!a ", "%", "@", "`",
    "---\n", "...\n", "[", "]", "{", "}", ",", "{{", "}}", "{%", "%}", "{{ link('service', 'a') }}",
    "{{ chooser() }}", "{{ x.y }}", "{% for x in 3 %}", "{#", "<div>", "</div>", "&amp;", "\\", "決", "：",
    "　", "é", "e\u0301", "title: ", "search: ", "template: ", "tags: ",
]  # fmt: skip

PAGES = [path for path in sorted((ROOT / "docs").rglob("*.md")) if path.stat().st_size < 12_000]
DATA = [path for path in sorted(GOLDEN.rglob("*.y*ml")) if "alerts/" not in path.as_posix()]
RULES = sorted((*GOLDEN.rglob("alerts/*"), *(ROOT / "tests/rules").glob("*.yaml")))
TABLES = [
    "team,service,summary,tier,depends on,dashboard\nShop,Till,Takes coins,1,Bank,https://a.example/\nShop,Bank,Pays,2,,\n",
    "チーム;サービス;説明\n決済;Ledger;帳簿\n",
    "team\tchannel\tmission\nShop\t#shop\tSells\n",
]
CATALOGUES = [
    "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: shop\n  title: Shop\n  links:\n"
    "    - {url: https://a.example/, title: Dashboard}\nspec: {type: team}\n---\n"
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: till\n  description: |\n    Takes\n"
    "  annotations: {github.com/project-slug: a/b}\nspec:\n  type: service\n  owner: shop\n  lifecycle: production\n"
    "  dependsOn: [component:bank, resource:x]\n",
]
RUNBOOKS = [
    "---\ntitle: a\n---\n# CartErrors\n\nCarts fail.\n\n## Impact\n\n- Nobody pays\n\n## Diagnosis\n\n"
    "1. Look at {pod} `a`\n\n   ```sh\n   $ ls {{ $labels.pod }}\n   a\n   ```\n   - [b](https://a.example/d) <pod>\n\n"
    "### Disk\n\n    df\n\n| a | b |\n|---|---|\n| c | d |\n\n> ![a](b.png)\n\n## 対処方法\n\n再起動\nする [c]\n\n"
    "<!-- d -->\n\n## References\n\n- <https://b.example/>\n\n[c]: ../d.md\n",
]


SORTS = [*["data"] * 5, *["made-up"] * 3, *["rules"] * 2, *["page"] * 3, "csv", "backstage", "markdown"]


@dataclass(frozen=True)
class Input:
    """A file as it is thrown: what it is for, where it stands, and its text."""

    sort: str
    path: str
    text: str


@st.composite
def changed(draw: st.DrawFn, text: str) -> str:
    """A text with one change, or up to three."""
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        text = draw(st.sampled_from(CHANGES))(draw, text)
    return text


def _line(draw: st.DrawFn, lines: list[str]) -> int:
    return draw(st.integers(0, max(0, len(lines) - 1)))


def odd_value(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    place = _line(draw, lines)
    lines[place] = re.sub(
        r"(:|-) .*|$", lambda it: f"{it[1] or ''} {draw(st.sampled_from(ODD_VALUES))}", lines[place], count=1
    )
    return "\n".join(lines)


def swapped(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    one, other = _line(draw, lines), _line(draw, lines)
    first, second = (re.fullmatch(r"(.*?(?::|-) )(.*)", lines[it]) for it in (one, other))
    if first and second:
        lines[one], lines[other] = first[1] + second[2], second[1] + first[2]
    return "\n".join(lines)


def lines_moved(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    first = _line(draw, lines)
    part = lines[first : first + draw(st.integers(1, 4))]
    match draw(st.integers(0, 4)):
        case 0:
            part = []
        case 1:
            part = part * 2
        case 2:
            part = [f"  {it}" for it in part]
        case 3:
            part = [it.removeprefix("  ") for it in part]
        case 4:
            lines.insert(_line(draw, lines), part[0])
    return "\n".join(lines[:first] + part + lines[first + len(part or [""]) :])


def piece_inserted(draw: st.DrawFn, text: str) -> str:
    place = draw(st.integers(0, len(text)))
    piece = draw(st.sampled_from(ODD_PIECES) | st.text(max_size=3))
    return text[:place] + piece * draw(st.sampled_from([1, 1, 1, 2, 50, 3000])) + text[place:]


def piece_repeated(draw: st.DrawFn, text: str) -> str:
    place = draw(st.integers(0, len(text)))
    end = place + draw(st.integers(1, 80))
    return text[:place] + text[place:end] * draw(st.sampled_from([2, 20, 500])) + text[end:]


def ended(draw: st.DrawFn, text: str) -> str:
    return text[: draw(st.integers(0, len(text)))]


CHANGES: list[Callable[[st.DrawFn, str], str]] = [
    odd_value, odd_value, odd_value, swapped, swapped, lines_moved, lines_moved, piece_inserted, piece_repeated, ended,
]  # fmt: skip


def of_schema(part: dict[str, Any], whole: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """Values that a JSON Schema asks for, now and then another one."""
    if "$ref" in part:
        return of_schema(whole["$defs"][part["$ref"].rpartition("/")[2]], whole, depth)
    if "anyOf" in part:
        return st.one_of([of_schema(it, whole, depth) for it in part["anyOf"]])
    if "enum" in part or "const" in part:
        return st.sampled_from(part.get("enum") or [part["const"]])
    if part.get("title", "").startswith("The id of a "):
        return st.sampled_from(IDS.get(part["title"].removeprefix("The id of a "), ["a"]))
    found: st.SearchStrategy[Any]
    odd: st.SearchStrategy[Any] = st.sampled_from([None, True, 0, -1, 1.5, "", "a", [], {}, "2026-11-24"])
    match part.get("type"):
        case "object" if depth < 6:
            keys = {name: of_schema(it, whole, depth + 1) for name, it in part.get("properties", {}).items()}
            needed = {name: it for name, it in keys.items() if name in part.get("required", ())}
            found = st.fixed_dictionaries(
                needed, optional={name: it for name, it in keys.items() if name not in needed}
            )
        case "array" if depth < 6:
            found = st.lists(of_schema(part.get("items", {}), whole, depth + 1), max_size=2)
        case "integer":
            found = st.integers(part.get("minimum", 0), min(part.get("maximum", 9), part.get("minimum", 0) + 9))
        case "number":
            found = st.floats(0.01, 0.99) | st.floats()
        case "boolean":
            found = st.booleans()
        case "string":
            found = st.sampled_from(["a", "a-b", "A word", "**b** [c](/slos/)", "https://example.com/x"])
            if str(part.get("pattern")).startswith("^(https"):
                found = st.sampled_from(["https://example.com/x", "mailto:a@example.com"])
            elif "pattern" in part:
                found = st.sampled_from(["a", "b", "c-1"])
        case _:
            found = odd
    if part.get("examples"):
        found = st.sampled_from(part["examples"]) if part.get("type") == "string" else found
    return st.integers(0, 150).flatmap(lambda it: odd if it == 0 else found) if depth else found


@st.composite
def inputs(draw: st.DrawFn) -> Input:
    """A file of any sort."""
    sort = draw(st.sampled_from(SORTS))
    match sort:
        case "data" | "rules":
            file = draw(st.sampled_from(DATA if sort == "data" else RULES))
            inside = file.is_relative_to(GOLDEN)
            path = file.relative_to(GOLDEN).as_posix() if inside else f"teams/complete/alerts/{file.name}"
            return Input(sort, path, draw(changed(file.read_text(encoding="utf-8"))))
        case "made-up":
            kind = draw(st.sampled_from(list(KINDS.values())))
            value = draw(SHAPES[kind.name])
            text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
            return Input(sort, kind.path("complete" if kind.name == "team" else "made-up", "complete"), text)
        case "page":
            page = draw(st.sampled_from(PAGES))
            return Input(
                sort, page.relative_to(ROOT / "docs").as_posix(), draw(changed(page.read_text(encoding="utf-8")))
            )
        case _:
            texts = {"csv": TABLES, "backstage": CATALOGUES, "markdown": RUNBOOKS}[sort]
            return Input(sort, "", draw(changed(draw(st.sampled_from(texts)))))


IDS = {name: [it.id for it in load.load(GOLDEN, "data").of_kind(name)] for name in KINDS}
SHAPES = {name: of_schema(it, it) for name, kind in KINDS.items() if (it := schema(kind))}


class Slow(Exception):  # noqa: N818 - it is what happened, as the report calls it
    """An input took longer than `MOST_SECONDS`."""


@contextlib.contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Slow(f"more than {seconds} s")

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@dataclass
class Result:
    """What came of some inputs: how many of each sort, how many were accepted, the slowest, and every fault."""

    thrown: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    built: int = 0
    slowest: tuple[float, Input] = (0.0, Input("", "", ""))
    faults: dict[str, tuple[str, Input]] = field(default_factory=dict)
    memory: int = 0

    def add(self, other: Result) -> None:
        self.thrown += other.thrown
        self.accepted += other.accepted
        self.built += other.built
        self.slowest = max(self.slowest, other.slowest, key=lambda it: it[0])
        self.faults = {**other.faults, **self.faults}
        self.memory = max(self.memory, other.memory)


def _remembered(entity: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which isn't called again for a file that `yaml_file.parse` remembers."""
    known: dict[tuple[int, str], tuple[Source, Any]] = {}

    def made(kind: Kind, read: Source, names: Mapping[str, str], language: str) -> Any:
        if len(known) > 200:
            known.clear()
        key = (id(read), language)
        if key not in known:
            known[key] = (read, entity(kind, read, names, language))
        result, problems = known[key][1]
        return result, [*problems]

    return made


class Desk:
    """A small organisation in a folder of its own, where inputs are laid, checked, built and taken away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        shutil.copytree(GOLDEN, self.data)
        for page in ("index.md", "slos/index.md", "incidents/index.md"):  # the data leads to them
            (folder / "docs" / page).parent.mkdir(parents=True, exist_ok=True)
            (folder / "docs" / page).write_text("---\ntitle: A page\n---\n\n# A page\n", encoding="utf-8")
        project.ROOT = folder
        os.environ["HANDBOOK_DATA"] = str(self.data)
        self.handbook, self.findings = project.load_handbook(self.data)

    @contextlib.contextmanager
    def laid(self, it: Input) -> Iterator[Path]:
        """The input in its place; afterwards, what was there before."""
        folder = self.folder if it.sort in IMPORTS else self.data
        place = folder / (it.path or it.sort) if it.sort != "page" else self.folder / "docs" / it.path
        before = place.read_bytes() if place.exists() else None
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(it.text.encode("utf-8", "surrogatepass"))
        try:
            yield place
        finally:
            if before is None:
                place.unlink()
            else:
                place.write_bytes(before)

    def accepts(self, it: Input, place: Path) -> bool:
        """Whether the check finds no problem in it."""
        try:
            if it.sort == "page":
                language = "ja" if it.path.endswith(".ja.md") else "en"
                return not project.check_pages({language: Edition(self.handbook, self.findings, language)})
            if it.sort in IMPORTS:
                return bool(self._imported(it, place).files)
            checked = checks.run(load.load(self.data, "data"))
            return not list(map(str, checked[0]))
        except DataError as error:
            if error.rest is not None:
                checks.run(error.rest)
            return not [*map(str, error.problems)]

    def _imported(self, it: Input, place: Path) -> ChangeSet:
        """What an import would write, which has been checked."""
        changes = imports.planned(IMPORTS[it.sort], [place], self.handbook, self.data, "complete", "complete-service")
        if changes.files:
            change_set.checked(changes, self.handbook, self.data)
        return changes

    def build(self, it: Input, place: Path) -> None:
        """Build the site with it and with a call of every macro, in English. Raises what goes wrong."""
        calls = "".join(f"{{{{ {it}() }}}}\n\n" for it in page_macros.MACROS if it not in ("link", "add_link"))
        page = self.folder / "docs/every-macro.md"
        page.write_text(f"---\ntitle: Macros\n---\n\n# Macros\n\n{calls}", encoding="utf-8")
        made = self._imported(it, place) if it.sort in IMPORTS else ChangeSet(())
        change_set.write(made)
        from mkdocs.commands.build import build
        from mkdocs.config import load_config

        folders = {"docs_dir": str(self.folder / "docs"), "site_dir": str(self.folder / "site")}
        try:
            config = load_config(str(ROOT / "mkdocs.yml"), nav=[{"Home": "index.md"}], **folders)
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
            config.plugins.on_shutdown()
        except SystemExit as error:
            raise RuntimeError(f"the build stops: {error}") from error
        finally:
            page.unlink()
            if made.files:
                shutil.rmtree(self.data)
                shutil.copytree(GOLDEN, self.data)


def run(number: int, builds: int, chosen: int, folder: str) -> Result:
    """Throw `number` inputs from the seed `chosen`, and build up to `builds` of those that are accepted."""
    logging.disable(logging.CRITICAL)
    # All files but one are the same each time.
    yaml_file.parse = lru_cache(maxsize=100)(yaml_file.parse)
    validate.entity = _remembered(validate.entity)
    result = Result()
    desk = Desk(Path(folder) / str(chosen))
    spread = max(1, number // 4 // max(1, builds))

    @seed(chosen)
    @settings(
        max_examples=number,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs())
    def throw(it: Input) -> None:
        started = time.process_time()
        result.thrown[it.sort] += 1
        try:
            with desk.laid(it) as place:
                with no_longer_than(MOST_SECONDS):
                    accepted = desk.accepts(it, place)
                result.slowest = max(result.slowest, (time.process_time() - started, it), key=lambda one: one[0])
                if not accepted:
                    return
                result.accepted[it.sort] += 1
                if result.built < builds and result.accepted.total() % spread == 0:
                    result.built += 1
                    with no_longer_than(10 * MOST_SECONDS):
                        desk.build(it, place)
        except Exception as error:
            lines = traceback.format_exception(error)
            result.faults.setdefault("".join(lines[-2:]), ("".join(lines[-12:]), it))

    throw()
    result.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return result


def main() -> int:
    """Print what came of it; 1 where there is any fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--builds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started = time.perf_counter()
    whole = Result()
    with tempfile.TemporaryDirectory() as folder, multiprocessing.Pool(WORKERS) as pool:
        share = [
            (asked.inputs // WORKERS, asked.builds // WORKERS, asked.seed * WORKERS + it, folder)
            for it in range(WORKERS)
        ]
        for result in pool.starmap(run, share, chunksize=1):
            whole.add(result)
    for trace, it in whole.faults.values():
        print(f"--- {it.sort} {it.path}\n{it.text[:3000]!r}\n{trace}")
    for sort, number in sorted(whole.thrown.items()):
        print(f"{sort}: {number} inputs, {whole.accepted[sort]} accepted")
    seconds, slowest = whole.slowest
    print(f"slowest: {seconds:.2f} s, {slowest.sort} {slowest.path} {slowest.text[:300]!r}")
    print(
        f"{whole.thrown.total()} inputs, {whole.accepted.total()} accepted, {whole.built} built, "
        f"{len(whole.faults)} different faults; {whole.memory} MiB at most; {time.perf_counter() - started:.0f} s"
    )
    return 1 if whole.faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""What builds, checks, edits and visits cost, for organisations of 6 and 102 teams: `make benchmark`.

At 6 teams, Lighthouse judges pages, too.

`ARGS=1000` measures another number of teams, `ARGS=--write` also writes the figures into docs/contribute/speed.md and
its translation, and `ARGS=--profile` prints where the time of a build goes. Organisations are the shipped teams in
whole rounds (organisations.py); each is built, checked and served from a copy of the project, and its pages are built
once more by stock MkDocs Material as plain Markdown (plain_site.py).
"""

from __future__ import annotations

import argparse
import math
import os
import pstats
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import lighthouse
from measuring import Figures, build_arguments, check_per_file, measure, run, write_project
from test_page_weight import FIRST, FURTHER, LARGEST
from web import ROOT

JUDGED = SMALL, LARGE, HUGE = 6, 102, 1002
"""The teams of the organisations that have targets."""

MANY = 300
"""The teams of one that is checked only, beside the large one."""

PAGES = {"en": ROOT / "docs/contribute/speed.md", "ja": ROOT / "docs/contribute/speed.ja.md"}
FIGURES = re.compile(r"(?<=\{ #figures \}\n).*?(?=^## )", re.MULTILINE | re.DOTALL)
"""What a run writes of a page: all below the heading of the figures."""

MEMORY = Path("/dev/shm")
"""A file system in memory: what a disk takes for many small files, beside what else it does, changes by the hour."""

ROOM = 10_000_000
"""Bytes that all files of a team take, at most: its pages are built by both, and published in both editions."""

SLOWEST = 40
"""How many functions a profile shows."""


def seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 10 else f"{value:,.1f} s"


def milliseconds(value: float) -> str:
    return f"{value * 1000:.1f} ms"


def kilobytes(value: float) -> str:
    return f"{value / 1000:,.1f} kB"


def megabytes(value: float) -> str:
    return f"{value / 1_000_000:,.0f} MB"


def count(value: float) -> str:
    return f"{value:,.0f}"


def times(value: float) -> str:
    return f"{value:.2f} ×"


class Row(NamedTuple):
    """A figure with its words in both languages, and what it may be at most, by the number of teams; or at least."""

    figure: str
    words: Mapping[str, str]
    unit: Callable[[float], str]
    targets: Mapping[int, float] = {}
    is_least: bool = False

    def met(self, figures: Figures) -> bool | None:
        """Whether a measured organisation meets the target; None where it has none."""
        bound = self.targets.get(int(figures["teams"]))
        if bound is None or self.figure not in figures:
            return None
        return figures[self.figure] >= bound if self.is_least else figures[self.figure] <= bound


def row(figure: str, english: str, japanese: str, unit: Callable[[float], str], *most: float) -> Row:
    """A row whose targets are for each of `JUDGED`, or one for all of them; infinity is none."""
    each = dict(zip(JUDGED, most * len(JUDGED) if len(most) == 1 else most, strict=False))
    targets = {teams: target for teams, target in each.items() if target < math.inf}
    return Row(figure, {"en": english, "ja": japanese}, unit, targets)


ROWS = (
    row("pages", "Pages", "ページ数", count),
    row("site", "Size of the site", "サイトの容量", megabytes),
    row("build", "Cold build", "初回のビルド", seconds),
    row("memory", "Memory of the build", "ビルドのメモリ", megabytes, math.inf, math.inf, 2_000_000_000),
    row("stock", "The same pages by stock Material", "同じページの素の Material でのビルド", seconds),
    row("ratio", "Cold build ÷ stock", "初回のビルド ÷ 素の Material", times, math.inf, 1.0),
    row("build-page", "Cold build per page", "初回のビルド (1 ページ当たり)", milliseconds),
    row("stock-page", "Stock per page", "素の Material (1 ページ当たり)", milliseconds),
    row(
        "growth",
        "Cold build per page ÷ at 102 teams",
        "ページ当たりのビルド ÷ 102 チームの値",
        times,
        math.inf,
        math.inf,
        1.15,
    ),
    row("again", "Rebuild without a change", "変更なしの再ビルド", seconds, 1),
    row("files", "Data files", "データのファイル数", count),
    row("check", "Check", "チェック", seconds, 1, math.inf),
    row("check-file", "Check per file", "チェック (1 ファイル当たり)", milliseconds, math.inf, 0.0025),
    row(
        "check-many",
        "Check per file, at 300 teams",
        "チェック (300 チームでの 1 ファイル当たり)",
        milliseconds,
        math.inf,
        0.0025,
    ),
    row("check-one", "Check of one file", "1 ファイルのチェック", seconds, 1, 1),
    row("rules", "Read 5,000 alert rules", "アラートルール 5,000 個の読み込み", seconds, 3),
    row("first-page", "Dev server: first page", "開発サーバー: 最初のページ", seconds, 1.5, 4, 25),
    row("edit-data", "Edit of YAML", "YAML の編集", seconds, 0.4, 0.8, 3),
    row("edit-template", "Edit of a template", "テンプレートの編集", seconds, 0.6, 1.5, 5),
    row("edit-style", "Edit of a style", "スタイルの編集", seconds, 0.6, 1.5, 5),
    row("edit-page", "Edit of a hand-written page", "手書きのページの編集", seconds, 0.6, 1.5, 5),
    row("first-home", "First visit: home", "初回の表示: ホーム", kilobytes, FIRST),
    row("first-team", "First visit: team", "初回の表示: チーム", kilobytes, FIRST),
    row("first-playbook", "First visit: playbook", "初回の表示: プレイブック", kilobytes, FIRST),
    row("first-checklist", "First visit: checklist", "初回の表示: チェックリスト", kilobytes, FIRST),
    row("further-home", "Further page: home", "2 ページ目以降: ホーム", kilobytes, FURTHER),
    row("further-team", "Further page: team", "2 ページ目以降: チーム", kilobytes, FURTHER),
    row("further-playbook", "Further page: playbook", "2 ページ目以降: プレイブック", kilobytes, FURTHER),
    row("further-checklist", "Further page: checklist", "2 ページ目以降: チェックリスト", kilobytes, FURTHER),
    row("largest", "Largest page (uncompressed)", "最大のページ (非圧縮)", kilobytes, LARGEST),
    row("filter", "Filter of the longest list", "最長の一覧の絞り込み", milliseconds, 0.05),
)

LEAST = 95
"""What each score of Lighthouse should be."""

CATEGORIES = {
    "performance": {"en": "Performance", "ja": "パフォーマンス"},
    "accessibility": {"en": "Accessibility", "ja": "アクセシビリティ"},
    "best-practices": {"en": "Best practices", "ja": "ベストプラクティス"},
    "seo": {"en": "Search engines", "ja": "検索エンジン"},
}
READ = {
    "home": {"en": "Home", "ja": "ホーム"},
    "team": {"en": "Team", "ja": "チーム"},
    "playbook": {"en": "Playbook", "ja": "プレイブック"},
    "checklist": {"en": "Checklist", "ja": "チェックリスト"},
}
EDITIONS = {"en": {"en": "English", "ja": "英語版"}, "ja": {"en": "Japanese", "ja": "日本語版"}}


def score(category: str, edition: str, page: str) -> Row:
    """The row of a score."""
    words = {
        language: f"Lighthouse: {READ[page][language]}, {EDITIONS[edition][language]}, {CATEGORIES[category][language]}"
        for language in PAGES
    }
    return Row(lighthouse.name_of(category, edition, page), words, count, {SMALL: LEAST}, is_least=True)


SCORES = {
    (page, edition): [score(category, edition, page) for category in CATEGORIES]
    for page in READ
    for edition in EDITIONS
}
"""What Lighthouse says of a page of an edition."""

WORDS = {
    "en": {
        "what": "Figure",
        "teams": "{:,} teams",
        "target": "Target (6 / 102 / 1,002)",
        "least": "target ≥ {}",
        "met": "met",
        "missed": "missed",
        "count": "{met} of {all} targets are met.",
        "all_missed": "Missed: {}.",
        "run": "Measured on {0.day} {0:%B} {0.year}: `{cpu}`, {cores} cores, Python {python}.",
        "plot": "Seconds of a cold build, beside stock Material",
        "ours": "handbook",
        "stock": "stock",
        "comma": ", ",
    },
    "ja": {
        "what": "項目",
        "teams": "{:,} チーム",
        "target": "目標 (6 / 102 / 1,002)",
        "least": "目標 {} 以上",
        "met": "達成",
        "missed": "未達",
        "count": "{all} 個の目標のうち {met} 個を達成しています。",
        "all_missed": "未達の項目: {}。",
        "run": "計測日は {0.year} 年 {0.month} 月 {0.day} 日、環境は `{cpu}`、{cores} コア、Python {python} です。",
        "plot": "初回のビルドの秒数と素の Material との比較",
        "ours": "ハンドブック",
        "stock": "素の Material",
        "comma": "、",
    },
}


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and write what is asked for."""
    parser = argparse.ArgumentParser(description="What builds, checks, edits and visits cost.")
    parser.add_argument("teams", nargs="*", type=int, default=[SMALL, LARGE])
    parser.add_argument("--write", action="store_true", help="also into the page on speed")
    parser.add_argument("--profile", action="store_true", help="where the time of a build goes, and nothing else")
    options = parser.parse_args(arguments)
    if options.profile:
        profile(options.teams[0])
        return
    measured: list[Figures] = []
    for teams in sorted(options.teams):
        with tempfile.TemporaryDirectory(dir=place(teams)) as folder:
            figures = measure(Path(folder), teams, scored=teams == SMALL)
            if teams == LARGE:
                figures["check-many"] = check_per_file(write_project(Path(folder) / "many", MANY))
            if measured and measured[-1]["teams"] == LARGE:
                figures["growth"] = figures["build-page"] / measured[-1]["build-page"]
            measured.append(figures)
        print(*terminal(measured[-1:]), sep="\n", flush=True)
        for language, page in PAGES.items() if options.write else ():
            page.write_text(rewritten(page.read_text(encoding="utf-8"), section(measured, language)), encoding="utf-8")
    if len(measured) > 1:
        print(*terminal(measured), *sentences(measured, "en"), sep="\n")


def place(teams: int) -> Path | None:
    """Where an organisation of this many teams is built: in memory, where there is room for it twice."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2 * ROOM * teams
    return MEMORY if has_room else None


def profile(teams: int) -> None:
    """Print the functions in which a cold build of this many teams spends most time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = write_project(folder / "project", teams)
        written = folder / "profile"
        run(project, "cProfile", "-o", str(written), "-m", *build_arguments(project, folder / "site"))
        pstats.Stats(str(written)).sort_stats("tottime").print_stats(SLOWEST)


def terminal(measured: Sequence[Figures]) -> Iterator[str]:
    """The tables for a terminal, in English."""
    for line in (*table(measured, "en"), *scores(measured, "en")):
        yield f"{line[0]:33}" + "".join(f"{cell:>18}" for cell in line[1:])


def table(measured: Sequence[Figures], language: str) -> Iterator[Sequence[str]]:
    """The rows of the table: what, each organisation's figure, the target."""
    words = WORDS[language]
    yield words["what"], *(words["teams"].format(int(figures["teams"])) for figures in measured), words["target"]
    for row in ROWS:
        yield row.words[language], *(cell(row, figures, words) for figures in measured), target(row)


def scores(measured: Sequence[Figures], language: str) -> Iterator[Sequence[str]]:
    """The rows of the table of Lighthouse's scores, a page of an edition in each; none where it wasn't asked."""
    words = WORDS[language]
    for figures in measured:
        if all(row.figure in figures for rows in SCORES.values() for row in rows):
            head = words["comma"].join(
                ("Lighthouse", words["teams"].format(int(figures["teams"])), words["least"].format(LEAST))
            )
            yield head, *(category[language] for category in CATEGORIES.values())
            for (page, edition), rows in SCORES.items():
                name = words["comma"].join((READ[page][language], EDITIONS[edition][language]))
                yield name, *(cell(row, figures, words) for row in rows)


def target(row: Row) -> str:
    """What a figure may be at most, for each of `JUDGED`; once, where that is the same."""
    most = [row.unit(row.targets[teams]) if teams in row.targets else "–" for teams in JUDGED]
    return " / ".join(most if len({*most}) > 1 else most[:1]) if row.targets else ""


def cell(row: Row, figures: Figures, words: Mapping[str, str]) -> str:
    """A figure, and whether it meets its target."""
    if row.figure not in figures:
        return ""
    state = {True: [words["met"]], False: [words["missed"]], None: []}[row.met(figures)]
    return words["comma"].join([row.unit(figures[row.figure]), *state])


def sentences(measured: Sequence[Figures], language: str) -> Iterator[str]:
    """What the figures come to: the machine, the targets that are met and missed."""
    words = WORDS[language]
    yield words["run"].format(
        date.today(), cpu=processor(), cores=os.cpu_count(), python=".".join(map(str, sys.version_info[:2]))
    )
    rows = [row for row in (*ROWS, *(row for page in SCORES.values() for row in page)) if row.targets]
    states = {row.figure: [row.met(figures) for figures in measured] for row in rows}
    judged = [met for row_states in states.values() for met in row_states if met is not None]
    if judged:
        yield words["count"].format(met=judged.count(True), all=len(judged))
    if missed := [row.words[language] for row in rows if False in states[row.figure]]:
        yield words["all_missed"].format(words["comma"].join(missed))


def processor() -> str:
    """The model of this machine's processor."""
    found = re.search(r"^model name\s*: (.+)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else "unknown processor"


def section(measured: Sequence[Figures], language: str) -> str:
    """What stands below the heading of the figures."""
    return "\n".join(
        (
            "",
            *(f"{sentence}\n" for sentence in sentences(measured, language)),
            *plot(measured, language),
            "",
            *markdown(table(measured, language), ("---", *["--:"] * len(measured), "---")),
            "",
            *markdown(scores(measured, language), ("---", *["--:"] * len(CATEGORIES))),
            "\n",
        )
    )


def markdown(table: Iterable[Sequence[str]], columns: Sequence[str]) -> Iterator[str]:
    """A table in Markdown, its columns to the left or to the right; nothing for an empty one."""
    for position, line in enumerate(table):
        yield f"| {' | '.join(line)} |"
        if position == 0:
            yield f"| {' | '.join(columns)} |"


def rewritten(page: str, section: str) -> str:
    """A page with new figures, and else as it was."""
    assert FIGURES.search(page), "the page has no heading { #figures } with another one behind it"
    return FIGURES.sub(lambda _: section, page)


def plot(measured: Sequence[Figures], language: str) -> Iterable[str]:
    """Bars of the seconds of both builds for each number of teams, as a picture in the page."""
    words = WORDS[language]
    right, bar, group = 200, 18, 76  # a phone shows it as large as a text
    longest = max(figures[name] for figures in measured for name in ("build", "stock"))
    height = group * len(measured)
    yield "<figure>"
    yield f'<svg viewBox="0 0 360 {height}" width="360" height="{height}" role="img" aria-label="{words["plot"]}">'
    yield '<g fill="currentColor" font-size="14">'
    for position, figures in enumerate(measured):
        top = position * group
        yield f'<text x="0" y="{top + 14}">{words["teams"].format(int(figures["teams"]))}</text>'
        for line, (name, label, opacity) in enumerate((("build", "ours", 1), ("stock", "stock", 0.45))):
            y, width = top + 20 + line * (bar + 2), max(1, round(right * figures[name] / longest))
            yield f'<rect x="0" y="{y}" width="{width}" height="{bar}" opacity="{opacity}"/>'
            yield f'<text x="{width + 6}" y="{y + bar - 4}">{seconds(figures[name])} {words[label]}</text>'
    yield "</g>"
    yield "</svg>"
    yield f"<figcaption>{words['plot']}</figcaption>"
    yield "</figure>"


if __name__ == "__main__":
    main(sys.argv[1:])

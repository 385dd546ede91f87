"""The checkout as a whole: the data and the pages that call macros, checked together."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import (
    BASE,
    GOLDEN,
    GUIDES,
    ROOT,
    Content,
    cases,
    findings_of,
    make_handbook,
    make_site,
    write_tree,
)
from repositories import git
from rows import each

from macros.gaps import checks
from macros.handbook import load
from macros.handbook.load import Overlay
from macros.site import page_macros, project
from macros.site.project import Checked, check_everything, check_pages, load_handbook
from macros.site.render import Edition
from macros.sources import history
from macros.text.problems import DataError, Finding, Message, Problem

DATA = ROOT / "data"
FAULTY_SERVICE = "name: Till\nsummary: Takes coins\ndepends_on: [till]\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of the smallest data, without pages."""
    root = tmp_path / "checkout"
    write_tree(root / "data", {})
    monkeypatch.setattr(project, "ROOT", root)
    return root


def write_pages(root: Path, pages: Mapping[str, Content]) -> None:
    write_tree(root / "docs", pages, base=False)


def places(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{it.path}:{it.line}: {it.rule}" for it in problems]


def test_the_smallest_data_has_findings_and_no_problem(root: Path) -> None:
    problems, findings, _ = check_everything(root / "data")
    assert problems == ()
    assert [str(it).split(": ")[:2] for it in findings] == [
        ["data/teams/payments/team.yaml:1:1", "team-without-contact"],
        ["data/teams/payments/team.yaml:1:1", "team-without-mission"],
    ]


def test_a_handbook_comes_with_its_findings(root: Path) -> None:
    handbook, findings = load_handbook(root / "data")
    assert [team.id for team in handbook.teams] == ["payments"]
    assert findings == findings_of(handbook)


def test_what_a_check_calls_a_problem_stops_like_one_of_loading_and_leaves_nothing_out(root: Path) -> None:
    write_tree(root / "data", {"teams/payments/services/till.yaml": FAULTY_SERVICE})
    with pytest.raises(DataError) as raised:
        load_handbook(root / "data")
    assert places(raised.value.problems) == ["data/teams/payments/services/till.yaml:3: reference-to-itself"]
    checked = check_everything(root / "data")
    assert checked.problems == raised.value.problems
    assert [finding.rule for finding in checked.findings] == [
        "service-without-tier",
        "team-without-contact",
        "team-without-mission",
    ]
    assert checked.handbook.left_out == {}


BROKEN: Mapping[str, Content] = {"teams/shop/team.yaml": "name: Shop\n"}
"""A team without its channel, beside one that is right."""


def test_gaps_are_told_beside_problems_of_the_data(root: Path) -> None:
    write_tree(root / "data", BROKEN)
    checked = check_everything(root / "data")
    assert places(checked.problems) == ["data/teams/shop/team.yaml:1: missing-key"]
    assert {(finding.rule, finding.id) for finding in checked.findings} == {
        ("team-without-contact", "payments"),
        ("team-without-mission", "payments"),
    }
    assert [*checked.handbook.left_out] == ["data/teams/shop/team.yaml"]


@pytest.mark.parametrize("files", [BROKEN, {"organisation.yaml": "name: Example\n"}])
def test_of_pages_only_what_has_nothing_to_do_with_the_data_is_told_beside_its_problems(
    files: Mapping[str, Content], root: Path
) -> None:
    write_pages(root, {"a.md": "{{ nothing() }}\n{{ link('team', 'shop') }}\n", "b.md": "---\ntitel: B\n---\n"})
    write_tree(root / "data", files)
    problems = check_everything(root / "data").problems
    told = ["docs/a.md:1: unknown-macro", "docs/b.md:2: unknown-key"]
    assert places(problems)[1:] == (told if files is BROKEN else [])


def test_the_faults_of_all_pages_come_at_once_and_sorted(root: Path) -> None:
    write_pages(
        root,
        {
            "teams/index.md": "---\ntitle: Teams\n---\n\n{{ team_tabel() }}\n{{ link('team', 'paymnets') }}\n",
            "index.md": "{{ team_table() }}\n\n{{ illustration(1) }}\n",
            "index.ja.md": "{% if %}\n",
        },
    )
    problems, findings, _ = check_everything(root / "data")
    assert places(problems) == [
        "docs/index.ja.md:1: template",
        "docs/index.md:3: macro-call",
        "docs/teams/index.md:5: unknown-macro",
        "docs/teams/index.md:6: macro-call",
    ]
    assert findings, "the findings of the data are told also where a page is faulty"


@pytest.mark.parametrize(
    ("languages", "faulty"),
    [(["en"], ["docs/a.md"]), (["ja"], ["docs/a.ja.md"]), (["en", "ja"], ["docs/a.ja.md", "docs/a.md"]), ([], [])],
)
def test_only_pages_in_the_languages_of_the_build_are_checked(
    languages: list[str], faulty: list[str], root: Path
) -> None:
    write_pages(root, {"a.md": "{{ nothing() }}\n", "a.ja.md": "{{ nothing() }}\n"})
    handbook, findings = load_handbook(root / "data")
    sites = {it: Edition(handbook, findings, it) for it in languages}
    assert [it.path for it in check_pages(sites)] == faulty


def test_a_page_is_checked_in_its_own_language_and_at_its_own_address(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("index.md", "index.ja.md", "teams/index.md", "slos.ja.md", "contribute/data.md")
    write_pages(root, dict.fromkeys(names, "{{ team_table() }}\n"))
    seen: dict[str, tuple[str, str]] = {}

    def check_page(raw: bytes, path: str, author: page_macros.Author, *, make: bool) -> list[Problem]:
        seen[path] = (author.edition.language, author.address)
        return []

    monkeypatch.setattr(page_macros, "check_page", check_page)
    assert check_everything(root / "data").problems == ()
    assert seen == {
        "docs/index.md": ("en", ""),
        "docs/index.ja.md": ("ja", ""),
        "docs/teams/index.md": ("en", "teams/"),
        "docs/slos.ja.md": ("ja", "slos/"),
        "docs/contribute/data.md": ("en", "contribute/data/"),
    }


def test_a_page_that_no_navigation_has_is_a_problem(root: Path) -> None:
    write_pages(root, {"a.md": "", "b.md": "{{ 1 }}"})
    (root / "mkdocs.yml").write_text("site_name: A\nnav: [b.md]\n")
    assert places(check_everything(root / "data")[0]) == ["docs/a.md:1: page-not-in-nav", "docs/b.md:1: page-code"]


@pytest.mark.parametrize("name", ["data/teams", "a b/ü.md", "."])
def test_a_path_inside_is_shown_from_the_checkout(name: str) -> None:
    assert project.shown(ROOT / name) == name


def test_a_path_is_shown_from_the_checkout_wherever_it_is_named_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA)
    assert project.shown(Path("teams")) == "data/teams"


def test_a_path_outside_is_shown_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert project.shown(Path("data")) == "data"
    assert project.shown(tmp_path / "data") == (tmp_path / "data").as_posix()


def test_messages_name_data_elsewhere_as_it_was_given(tmp_path: Path) -> None:
    data = write_tree(tmp_path, {"organisation.yaml": "name: Example\n"})
    assert [it.path for it in check_everything(data).problems] == [f"{tmp_path.as_posix()}/organisation.yaml"]


@pytest.mark.parametrize(("value", "folder"), [("/elsewhere", Path("/elsewhere")), ("", DATA), (None, DATA)])
def test_the_data_of_a_build_is_where_the_environment_says(
    value: str | None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("HANDBOOK_DATA", value)
    assert project.data_folder() == folder


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_edition_knows_when_files_changed(language: str, tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path)
    site = project.make_edition(handbook, findings_of(handbook), language)
    plain = make_site(tmp_path, language=language)
    assert (site.language, site.findings) == (plain.language, plain.findings)
    assert site.history == history.read(ROOT)


def test_a_page_without_a_translation_beside_it_is_known_to_every_edition(root: Path) -> None:
    write_pages(root, dict.fromkeys(("a/index.md", "a/index.ja.md", "b/c.md", "b/d.ja.md"), ""))
    handbook = load_handbook(root / "data")[0]
    assert {project.make_edition(handbook, (), it).untranslated for it in ("en", "ja")} == {("docs/b/c.md",)}


def test_what_is_wrong_with_docs_is_told_with_the_faults_of_its_pages(root: Path) -> None:
    write_pages(root, {"a.md": "---\ntitel: A\n---\n", "b.ja.md": "[" * 10_000, "c.mkd": "C", "d.md": "{{ 1 }}\n"})
    (root / "docs/assets").symlink_to("/proc/self")
    expected = [
        "docs/a.md:2: unknown-key",
        "docs/assets:1: symbolic-link",
        "docs/b.ja.md:1: limit",
        "docs/c.mkd:1: unknown-file",
        "docs/d.md:1: page-code",
    ]
    assert places(check_everything(root / "data").problems) == expected
    handbook, findings = load_handbook(root / "data")
    english = check_pages({"en": Edition(handbook, findings, "en")})
    assert places(english) == [it for it in expected if ".ja." not in it]


def test_a_page_is_called_by_the_title_in_its_front_matter(root: Path) -> None:
    write_pages(
        root,
        {
            "a/index.md": '---\ndescription: "title: B"\ntitle: "A \\u0041"\n---\n\ntitle: C\n',
            "a/index.ja.md": "---\ntitle: あ\n---\n",
            "b.md": "# B\n",
            "c.ja.md": "---\ntitle: し\n---\n",
            "d.md": b"\xff",
        },
    )
    titles = {path: (it.address, it.title.words("ja")[0], it.title.en) for path, it in project.titled_guides().items()}
    assert titles == {
        "docs/a/index.md": ("a/", "あ", "A A"),
        "docs/b.md": ("b/", "b.md", "b.md"),
        "docs/d.md": ("d/", "d.md", "d.md"),
    }


def test_pages_name_nothing_of_the_machine(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = {root / "data": "data", root / "x/golden": "x/golden", tmp_path / "other": "data"}
    assert {it: project.name_on_pages(it) for it in named} == named
    monkeypatch.chdir(root)
    assert project.name_on_pages(Path("../other")) == "data"
    assert project.name_on_pages(Path("x/golden")) == "x/golden"


def test_a_problem_is_named_where_it_is_whatever_the_data_is_called(root: Path, tmp_path: Path) -> None:
    data = write_tree(tmp_path / "other", {"teams/payments/services/till.yaml": FAULTY_SERVICE})
    for fault in (FAULTY_SERVICE, "nmae: Till\n"):
        write_tree(data, {"teams/payments/services/till.yaml": fault})
        with pytest.raises(DataError) as raised:
            load_handbook(data, "data")
        assert {it.path for it in raised.value.problems} == {f"{data}/teams/payments/services/till.yaml"}


def test_data_from_elsewhere_has_no_day_of_the_checkouts_own(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(root, "init", "--quiet")
    write_pages(root, {"index.md": "x"})
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "x", when="2026-11-01T12:00:00Z")
    handbook, findings = load_handbook(root / "data")

    def known() -> list[str]:
        return sorted(project.make_edition(handbook, findings, "en").history.last_changed)

    assert known() == ["data/organisation.yaml", "data/teams/payments/team.yaml", "docs/index.md"]
    monkeypatch.setenv("HANDBOOK_DATA", str(tmp_path))
    assert known() == ["docs/index.md"]


def checked(files: Overlay) -> Checked:
    """What is told of data that is in memory alone."""
    with tempfile.TemporaryDirectory() as empty:
        try:
            handbook = load.load(Path(empty), "data", GUIDES, files)
        except DataError as error:
            return Checked(error.problems, checks.run(error.rest)[1], error.rest)
        return Checked(*checks.run(handbook), handbook)


def broken(path: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """A file of data as people break it: with an unknown key, or in a folder that is none."""
    yield path, content + b"\nodd: 1\n"
    folder, _, name = path.rpartition("/")
    yield f"{folder}_/{name}", content


def lies(files: dict[str, bytes], ways: int = 2) -> list[str]:
    """The gaps that seem to come or go where each file in turn is broken, in some ways."""
    whole = checked(files)
    found = []
    for path, content in files.items():
        others = {other: content for other, content in files.items() if other != path}
        for at, text in [*broken(path, content)][:ways]:
            part = checked({**others, at: text})
            found += [f"{at}: {finding}" for finding in (*part.beyond(whole), *whole.beyond(part))]
    return found


@each(cases("findings"), lambda case: str(case.id))
def test_a_broken_file_neither_makes_a_gap_nor_mends_one(case: Any) -> None:
    files = {**BASE, **case.values[0].files}
    assert lies({path: str(text).encode() for path, text in files.items() if text is not None}) == []


def test_nor_does_one_of_an_organisation_that_has_something_of_everything() -> None:
    data = GOLDEN / "data"
    files = {file.relative_to(data).as_posix(): file.read_bytes() for file in data.rglob("*") if file.is_file()}
    assert lies(files, 1) == []


SHOWS_IN_OTHERS = {"repeated-slo-name", "unknown-pain-point"}


@each(cases("problems"), lambda case: str(case.id))
def test_a_file_alone_has_its_problems_but_those_that_show_in_others(case: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = write_tree(Path(folder), case.values[0].files)
        whole = project.check_data(data, data.as_posix()).problems
        for path in {problem.path for problem in whole if Path(problem.path).is_file()}:
            own = [problem for problem in whole if problem.path == path]
            alone = project.check_files(data, [Path(path)])
            assert [problem for problem in alone if problem not in own] == []
            lacking = [problem for problem in own if problem not in alone]
            old_ids = [problem for problem in lacking if problem.rule == "duplicate-id" and problem.line > 1]
            assert {problem.rule for problem in lacking if problem not in old_ids} <= SHOWS_IN_OTHERS


def test_a_file_of_each_kind_is_right_alone() -> None:
    data = GOLDEN / "data"
    by_kind = {(file.kind.name, file.file.suffix): file.file for file in load.find_files(data, "data")[0]}
    assert [problem for file in by_kind.values() for problem in project.check_files(data, [file])] == []


def test_gaps_are_the_same_wherever_they_stand_and_as_many_as_there_are() -> None:
    def findings(*names: str) -> Checked:
        found = (Finding(f"{name}.yaml", 1, 1, "service-without-tier", Message("x"), "service", "a") for name in names)
        return whole._replace(findings=tuple(found))

    whole = checked({path: text.encode() for path, text in BASE.items()})
    assert findings("a").beyond(findings("b")) == ()
    assert [finding.path for finding in findings("a", "b", "c").beyond(findings("d"))] == ["b.yaml", "c.yaml"]
    assert findings("a").beyond(findings("b", "c")) == ()
    assert findings("a").beyond(checked({})) == ()

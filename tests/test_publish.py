"""`python -m macros site`: both editions in one folder, or that folder as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from web import change, contents, copy_project, mkdocs_build, read_html, run

TEAM = "data/teams/drawer/team.yaml"
MAIN = "docs/overrides/main.html"
LINE = (ROOT / MAIN).read_text(encoding="utf-8").partition("{% if source %}")[0].count("\n") + 1


def test_both_editions_stand_in_one_folder_and_have_the_same_pages(built_site: Path) -> None:
    pages = {it.relative_to(built_site).as_posix() for it in built_site.rglob("*.html")}
    japanese = {it for it in pages if it.startswith("ja/")}
    assert {f"ja/{it}" for it in pages - japanese} == japanese
    assert {"index.html", "404.html", "teams/drawer/index.html", "services/drawer-api/index.html"} <= pages
    for page in pages:
        language = "ja" if page in japanese else "en"
        assert f'<html lang="{language}"' in (built_site / page).read_text(encoding="utf-8")[:200], page


def test_each_edition_knows_its_own_address(built_site: Path) -> None:
    for edition in ("", "ja/"):
        page = read_html(built_site / edition / "teams/drawer/index.html")
        assert page.one("link", rel="canonical")["href"] == f"https://handbook.example.com/{edition}teams/drawer/"


def test_where_only_the_english_edition_is_built_nothing_leads_to_the_other(tmp_path: Path) -> None:
    site = tmp_path / "site"
    built = mkdocs_build(copy_project(tmp_path / "project"), site)
    assert built.returncode == 0, built.stdout
    for name in ("index.html", "teams/index.html", "teams/drawer/index.html"):
        page = read_html(site / name)
        assert [it.tag for it in page.elements if "hreflang" in it.attributes] == [], name
        assert page.all("a", "edition-switch") == []
    assert "hreflang" not in (site / "sitemap.xml").read_text(encoding="utf-8")


def test_where_both_are_built_each_page_leads_to_the_other_edition(built_site: Path) -> None:
    for name in ("index.html", "teams/index.html", "teams/drawer/index.html"):
        assert read_html(built_site / name).one("a", "edition-switch")["hreflang"] == "ja"
        assert read_html(built_site / "ja" / name).one("a", "edition-switch")["hreflang"] == "en"


# When it fails


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project whose site is published to `public/site/` beside it."""
    project = copy_project(tmp_path_factory.mktemp("publish") / "project")
    made = run(project, "macros", "site", "--output", str(project.parent / "public/site"))
    assert made.returncode == 0, made.stdout
    assert made.stdout == "site/: English at /, Japanese at /ja/, as of 2026-11-24\n"
    return project


@pytest.fixture
def mended(project: Path) -> Iterator[Path]:
    """The project, whose files are as before when the test is over."""
    before = contents(project)
    yield project
    for name in contents(project).keys() - before.keys():
        (project / name).unlink()
    for name, content in before.items():
        (project / name).write_bytes(content)


@pytest.mark.parametrize(
    ("path", "old", "new", "says"),
    [
        pytest.param(TEAM, "mission:\n", "mision:\n", [f"{TEAM}:6:1: unknown-key: "], id="data"),
        pytest.param(
            "docs/teams/index.ja.md",
            "{{ team_table() }}",
            "{{ team_tabel() }}",
            ["docs/teams/index.ja.md:14:1: unknown-macro: "],
            id="macro call",
        ),
        pytest.param(
            "docs/teams/index.ja.md",
            "index.md#team)",
            "nowhere.md)",
            ["--- the ja edition can't be built:\n", "contribute/nowhere.md"],
            id="link in one edition",
        ),
        pytest.param(
            MAIN,
            "{% if source %}",
            "{{ a.b }}{% if source %}",
            [
                "--- the en edition can't be built:\n",
                "--- the ja edition can't be built:\n",
                f"{MAIN}:{LINE}:",
            ],
            id="theme",
        ),
    ],
)
def test_a_build_that_fails_says_why_and_leaves_the_last_site_as_it_was(
    path: str, old: str, new: str, says: list[str], mended: Path
) -> None:
    public = mended.parent / "public"
    before = contents(public)
    change(mended / path, old, new)
    failed = run(mended, "macros", "site", "--output", str(public / "site"))
    assert failed.returncode == 1
    for words in says:
        assert words in failed.stdout
    assert failed.stdout.count("edition can't be built") == sum("edition can't be built" in it for it in says)
    assert failed.stdout.endswith("--- site/ is as it was\n")
    assert contents(public) == before
    assert [it.name for it in public.iterdir()] == ["site"]


def test_a_build_that_fails_where_no_site_was_makes_none(mended: Path, tmp_path: Path) -> None:
    change(mended / TEAM, "mission:\n", "mision:\n")
    failed = run(mended, "macros", "site", "--output", str(tmp_path / "site"))
    assert failed.returncode == 1
    assert failed.stdout.endswith("--- site/ was not made\n")
    assert list(tmp_path.iterdir()) == []


def test_a_new_site_has_nothing_of_the_old_one(mended: Path) -> None:
    public = mended.parent / "public"
    (public / "site/left-over.html").write_text("left over", encoding="utf-8")
    before = contents(public / "site")
    made = run(mended, "macros", "site", "--output", str(public / "site"))
    assert made.returncode == 0, made.stdout
    after = contents(public / "site")
    assert before.keys() - after.keys() == {"left-over.html"}
    assert [it for it in after if after[it] != before[it]] == []
    assert [it.name for it in public.iterdir()] == ["site"]


@pytest.mark.parametrize("output", [".", "docs", "README.md"])
def test_a_folder_that_holds_anything_else_is_never_replaced(output: str, mended: Path) -> None:
    (mended / "README.md").write_text("not a site", encoding="utf-8")
    before = contents(mended)
    refused = run(mended, "macros", "site", "--output", output)
    assert refused.returncode == 1
    assert refused.stdout.startswith(f"site: {output} holds something that is no site; ")
    assert contents(mended) == before

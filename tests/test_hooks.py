"""What MkDocs is told: the site of each edition as files, built strictly and more than once in one process."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import GOLDEN, ROOT
from web import change, contents, copy_project, mkdocs_build, read_html

from macros import history

SITE = "https://handbook.example.com/"
XHTML = "{http://www.w3.org/1999/xhtml}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

TWICE = """
import sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
for folder in sys.argv[2:]:
    config = load_config(sys.argv[1], strict=True, site_dir=folder)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    config.plugins.on_shutdown()
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("hooks") / "project")


@pytest.mark.parametrize("config", ["mkdocs.yml", "mkdocs.ja.yml"])
def test_two_strict_builds_in_one_process_are_equal_to_the_byte(config: str, project: Path, tmp_path: Path) -> None:
    folders = [str(tmp_path / "first"), str(tmp_path / "second")]
    made = subprocess.run(
        [sys.executable, "-c", TWICE, config, *folders], cwd=project, capture_output=True, encoding="utf-8"
    )
    assert made.returncode == 0, made.stderr
    first, second = (contents(Path(folder)) for folder in folders)
    assert len(first) > 60
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_the_pencil_of_a_page_opens_the_file_that_it_was_made_from(built_site: Path) -> None:
    base = "https://github.com/example/sre-handbook/edit/main"
    for page, file in (
        ("teams/drawer/", "data/teams/drawer/team.yaml"),
        ("services/drawer-api/", "data/teams/drawer/services/drawer-api.yaml"),
        ("slos/", "docs/slos/index.md"),
        ("ja/slos/", "docs/slos/index.ja.md"),
        ("ja/teams/drawer/", "data/teams/drawer/team.yaml"),
    ):
        pencil = read_html(built_site / page / "index.html").one("a", rel="edit")
        assert pencil["href"] == f"{base}/{file}"


@pytest.mark.parametrize(
    ("page", "words", "title", "file"),
    [
        ("teams/drawer/", ["Edit this page", "Report a problem"], "Problem: Drawer", "data/teams/drawer/team.yaml"),
        ("ja/slos/", ["このページを編集", "問題を報告"], "問題: SLO", "docs/slos/index.ja.md"),
    ],
)
def test_the_foot_of_a_page_says_where_to_change_it_and_whom_to_tell(
    page: str, words: list[str], title: str, file: str, built_site: Path
) -> None:
    html = read_html(built_site / page / "index.html")
    ways = html.one("span", "page-source__ways")
    assert ways.text.split(" · ") == words
    edit, report = (it["href"] for it in html.all("a") if it.text in words)
    assert edit == html.one("a", rel="edit")["href"]
    given = parse_qs(urlsplit(report).query)
    assert given["title"] == [title]
    assert given["page"][0].split(" · ")[:2] == [f"{SITE}{page}", file]


@pytest.mark.parametrize(
    ("page", "files"),
    [
        ("slos/", ["docs/slos/index.md"]),
        ("ja/slos/", ["docs/slos/index.ja.md"]),
        ("services/drawer-api/", ["data/teams/drawer/services/drawer-api.yaml"]),
        (
            "teams/drawer/checklists/new-developer/",
            ["data/teams/drawer/checklists/new-developer.yaml", "data/checklists/new-developer.yaml"],
        ),
    ],
)
def test_a_page_says_which_files_it_is_from_and_when_the_newest_changed(
    page: str, files: list[str], built_site: Path
) -> None:
    known = history.read(ROOT).last_changed
    newest = max((known[it] for it in files if it in known), default=None)
    words = " ".join(read_html(built_site / page / "index.html").one("footer", "page-source").text.split())
    assert files[0] in words
    assert ("1 other file" in words) == (len(files) > 1)
    assert re.findall(r"\d{4}-\d\d-\d\d", words) == ([newest.day.isoformat()] if newest else [])


@pytest.mark.parametrize(("edition", "names"), [("", ["Home", "Teams"]), ("ja/", ["ホーム", "チーム"])])
def test_a_generated_page_stands_below_its_index(edition: str, names: list[str], built_site: Path) -> None:
    page = read_html(built_site / edition / "teams/drawer/index.html")
    crumbs = page.all("a", "md-path__link")
    assert [crumb.text.strip() for crumb in crumbs] == names
    (active,) = (it for it in page.all("li", "md-tabs__item") if "md-tabs__item--active" in it.classes)
    assert active.text.strip() == names[1]


@pytest.mark.parametrize("page", ["", "teams/drawer/", "ja/services/drawer-api/", "ja/slos/"])
def test_a_link_preview_has_a_title_a_description_and_an_image(page: str, built_site: Path) -> None:
    html = read_html(built_site / page / "index.html")
    assert html.meta("og:title") in html.one("title").text
    assert html.meta("og:description") == html.meta("description") != ""
    assert html.meta("og:url") == SITE + page
    image = html.meta("og:image")
    assert image.startswith(SITE)
    assert (built_site / image.removeprefix(SITE)).is_file()


def page_of(built_site: Path, address: str) -> Path:
    """The file of a page of the built site."""
    return built_site / address.removeprefix(SITE) / "index.html"


@pytest.mark.parametrize("edition", ["", "ja/"])
def test_the_sitemap_names_each_page_in_both_languages(edition: str, built_site: Path) -> None:
    root = xml.etree.ElementTree.parse(built_site / edition / "sitemap.xml").getroot()
    pages = {str(url.findtext(f"{SITEMAP}loc")): url for url in root}
    made = {
        SITE + path.relative_to(built_site).as_posix().removesuffix("index.html")
        for path in (built_site / edition).rglob("index.html")
        if edition or path.relative_to(built_site).parts[0] != "ja"
    }
    leading_on = '<meta http-equiv="refresh"'
    moved = {it for it in made if leading_on in page_of(built_site, it).read_text(encoding="utf-8")}
    assert {f"{SITE}{edition}services/pdf-converter/", f"{SITE}{edition}go/DrawerUploadErrors/"} <= moved
    assert pages.keys() == made - moved < made
    assert len(pages) > 25
    for address, url in pages.items():
        path = address.removeprefix(SITE + edition)
        ways = {link.get("hreflang"): link.get("href") for link in url.findall(f"{XHTML}link")}
        assert ways == {"en": SITE + path, "ja": f"{SITE}ja/{path}"}


@pytest.fixture(scope="module")
def untranslated(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Japanese edition of a project in which one page has no translation."""
    folder = copy_project(tmp_path_factory.mktemp("untranslated") / "project")
    (folder / "docs/coverage/index.ja.md").unlink()
    output = folder.parent / "site"
    made = mkdocs_build(folder, output, "mkdocs.ja.yml")
    assert made.returncode == 0, made.stdout
    return output


def test_a_page_without_a_translation_shows_the_english_one_and_says_so(untranslated: Path) -> None:
    page = read_html(untranslated / "coverage/index.html")
    assert page.one("html")["lang"] == "ja"
    assert "英語" in page.one("p", "note--untranslated").text
    assert "Findings" in page.one("article").text
    assert read_html(untranslated / "slos/index.html").all("p", "note--untranslated") == []


@pytest.fixture
def other_data(tmp_path: Path) -> Path:
    shutil.copytree(GOLDEN / "data", tmp_path / "data")
    return tmp_path / "data"


HOSTILE = "<script>alert(1)</script> {{ config }} | `x` <"


@pytest.fixture(scope="module")
def other_site(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of another data folder, which names no repository and has a team with a hostile name."""
    data = tmp_path_factory.mktemp("other") / "data"
    shutil.copytree(GOLDEN / "data", data)
    organisation = data / "organisation.yaml"
    text = organisation.read_text(encoding="utf-8")
    organisation.write_text(re.sub(r"(?m)^repository:\n(  .*\n)+", "", text), encoding="utf-8")
    change(data / "teams/sparse/team.yaml", "name: Sparse", f'name: "{HOSTILE}"')
    made = mkdocs_build(project, data.parent / "site", HANDBOOK_DATA=str(data))
    assert made.returncode == 0, made.stdout
    return data.parent / "site"


def test_another_data_folder_makes_another_site(other_site: Path) -> None:
    assert {it.name for it in (other_site / "teams").iterdir() if it.is_dir()} == {
        it.name for it in (GOLDEN / "data/teams").iterdir()
    }


def test_search_engines_may_list_a_site_that_is_public(other_site: Path) -> None:
    pages = [it.read_text(encoding="utf-8") for it in other_site.rglob("*.html")]
    unlisted = [it for it in pages if '<meta name="robots"' in it]
    assert 0 < len(unlisted) < len(pages)
    assert all('http-equiv="refresh"' in it for it in unlisted)
    assert "Allow: /\n" in (other_site / "robots.txt").read_text(encoding="utf-8")


def test_without_a_repository_nothing_leads_to_one(other_site: Path) -> None:
    for path in other_site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        for sign in ("git.example.com/sre/handbook/-/", "page-source__ways", "data-report", "issues/new", 'rel="edit"'):
            assert sign not in page, path
    command = ".venv/bin/python -m macros new service ID --team TEAM"
    assert command in (other_site / "services/index.html").read_text(encoding="utf-8")


def test_hostile_words_in_a_title_are_words_in_the_whole_page(other_site: Path) -> None:
    page = read_html(other_site / "teams/sparse/index.html")
    assert HOSTILE in page.one("title").text
    assert page.meta("og:title") == HOSTILE
    assert page.one("h1").text.removesuffix("¶").strip() == HOSTILE
    assert "<script>alert(1)" not in page.source


@pytest.fixture
def broken(other_data: Path) -> Path:
    """A data folder with a fault in each of two files."""
    change(other_data / "teams/sparse/team.yaml", "name:", "nmae:")
    change(other_data / "teams/platform/team.yaml", "mission:", "mision:")
    return other_data


def test_wrong_data_stops_a_build_with_every_problem_and_no_traceback(
    project: Path, broken: Path, tmp_path: Path
) -> None:
    failed = mkdocs_build(project, tmp_path / "site", HANDBOOK_DATA=str(broken))
    assert failed.returncode == 1
    assert "did you mean `name`?" in failed.stdout
    assert "did you mean `mission`?" in failed.stdout
    assert "Traceback" not in failed.stdout
    assert not (tmp_path / "site").exists()


def test_a_page_of_docs_in_the_place_of_a_generated_one_is_named(project: Path, tmp_path: Path) -> None:
    folder = copy_project(tmp_path / "project")
    (folder / "docs/teams/drawer").mkdir()
    (folder / "docs/teams/drawer/index.md").write_text("# Mine\n", encoding="utf-8")
    failed = mkdocs_build(folder, tmp_path / "site")
    assert failed.returncode == 1
    assert "docs/teams/drawer/index.md stands in the way of the page that data/teams/drawer/team.yaml" in failed.stdout


def test_a_translation_of_nothing_is_named(tmp_path: Path) -> None:
    folder = copy_project(tmp_path / "project")
    (folder / "docs/slos/index.ja.md").rename(folder / "docs/slos/other.ja.md")
    failed = mkdocs_build(folder, tmp_path / "site", "mkdocs.ja.yml")
    assert failed.returncode == 1
    assert "docs/slos/other.ja.md translates docs/slos/other.md, which isn't there" in failed.stdout

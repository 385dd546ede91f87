"""What MkDocs is told: the site of each edition as files, built strictly and more than once in one process."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from conftest import GOLDEN, ROOT, make_handbook, make_site, write_tree
from jinja2 import Environment, FileSystemLoader
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from web import GOLDEN_DATA, change, contents, copy_project, mkdocs_build, read_html

import hooks
from macros.handbook.glossary import Explainer
from macros.site import offline, publish
from macros.site.pages import Article, GeneratedPage, anchored
from macros.sources import history

SITE = "https://handbook.example.com/"
XHTML = "{http://www.w3.org/1999/xhtml}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

IN_ONE_PROCESS = """
import sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
for language, folder in zip(sys.argv[1::2], sys.argv[2::2]):
    config = load_config({"en": "mkdocs.yml", "ja": "mkdocs.ja.yml"}[language], strict=True, site_dir=folder)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    config.plugins.on_shutdown()
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("hooks") / "project")


def test_strict_builds_in_one_process_are_those_of_a_process_each_to_the_byte(built_site: Path, tmp_path: Path) -> None:
    builds = [("ja", tmp_path / "ja"), ("en", tmp_path / "en")]
    made = subprocess.run(
        [sys.executable, "-c", IN_ONE_PROCESS, *(str(it) for build in builds for it in build)],
        cwd=ROOT,
        env={**publish.build_environment(HANDBOOK_DATA=str(GOLDEN / "data"), HANDBOOK_EDITIONS="en,ja")},
        capture_output=True,
        encoding="utf-8",
    )
    assert made.returncode == 0, made.stderr
    published = {name: content for name, content in contents(built_site).items() if not name.startswith(".")}
    for language, folder in builds:
        built = {f"{'ja/' * (language == 'ja')}{name}": content for name, content in contents(folder).items()}
        own = {name for name in published if name.startswith("ja/") == (language == "ja")}
        assert len(own) > 60
        assert built.keys() == own
        assert [name for name in own if built[name] != published[name]] == []


@pytest.mark.parametrize(
    ("path", "comment", "kept"),
    [
        ("assets/css/handbook.css", r"/\*", ".md-typeset .note {\n"),
        ("assets/js/quoting.js", r"\n *(//|/\*\*)", "export function refused("),
        ("assets/js/not-found.js", r"\n *(//|/\*\*)", "new URL("),
    ],
)
def test_what_only_people_read_of_style_sheets_and_scripts_is_not_sent(
    path: str, comment: str, kept: str, built_site: Path
) -> None:
    sent, written = ((folder / path).read_text(encoding="utf-8") for folder in (built_site, ROOT / "docs"))
    assert re.search(comment, written)
    assert not re.search(comment, sent)
    assert kept in sent
    code = re.sub(r"(?m)^\s*(//.*|/\*.*?\*/)$|/\*(?s:.*?)\*/", "", written)
    assert "".join(sent.split()).endswith("".join(code.split())[-500:])


def test_the_pencil_of_a_page_opens_the_file_that_it_was_made_from(built_site: Path) -> None:
    base = "https://git.example.com/sre/handbook/-/edit/trunk"
    for page, file in (
        ("teams/complete/", f"{GOLDEN_DATA}/teams/complete/team.yaml"),
        ("services/complete-service/", f"{GOLDEN_DATA}/teams/complete/services/complete-service.yaml"),
        ("slos/", "docs/slos/index.md"),
        ("ja/slos/", "docs/slos/index.ja.md"),
        ("ja/teams/complete/", f"{GOLDEN_DATA}/teams/complete/team.yaml"),
    ):
        pencil = read_html(built_site / page / "index.html").one("a", rel="edit")
        assert pencil["href"] == f"{base}/{file}"


@pytest.mark.parametrize(
    ("page", "words", "title", "file"),
    [
        (
            "teams/complete/",
            ["Edit this page", "Report a problem"],
            "Problem: Complete",
            f"{GOLDEN_DATA}/teams/complete/team.yaml",
        ),
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
    assert given["issue[title]"] == [title]
    told = [line.split(": ", 1)[1].strip() for line in given["issue[description]"][0].splitlines()[:2]]
    assert told == [f"{SITE}{page}", file]


@pytest.mark.parametrize(
    ("page", "files"),
    [
        ("slos/", ["docs/slos/index.md"]),
        ("ja/slos/", ["docs/slos/index.ja.md"]),
        ("services/complete-service/", [f"{GOLDEN_DATA}/teams/complete/services/complete-service.yaml"]),
        (
            "teams/sparse/checklists/complete-checklist/",
            [
                f"{GOLDEN_DATA}/teams/sparse/checklists/complete-checklist.yaml",
                f"{GOLDEN_DATA}/checklists/complete-checklist.yaml",
                f"{GOLDEN_DATA}/checklists/extended-by-complete.yaml",
            ],
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
    assert re.findall(r"and (\d+) other file", words) == ([str(len(files) - 1)] if files[1:] else [])
    assert re.findall(r"\d{4}-\d\d-\d\d", words) == ([newest.day.isoformat()] if newest else [])


@pytest.mark.parametrize(
    ("page", "crumbs", "tabs"),
    [
        ("teams/complete/on-call/", ["Home", "Teams", "Complete", "On call"], ["Teams", "Teams"]),
        ("ja/services/complete-service/", ["ホーム", "サービス", "完全なサービス"], ["チーム", "サービス"]),
        ("slos/exports/", ["Home", "SLOs", "Machine-readable exports"], ["SLOs", "Machine-readable exports"]),
        ("contribute/data/", ["Home", "Contribute", "Data reference"], ["Contribute", "Data reference"]),
    ],
)
def test_a_page_says_where_it_stands(page: str, crumbs: list[str], tabs: list[str], built_site: Path) -> None:
    html = read_html(built_site / page / "index.html")
    assert [crumb.text.strip() for crumb in html.all("li", "md-path__item")] == crumbs
    active = [it.text.strip() for it in html.all("li", "md-tabs__item") if "md-tabs__item--active" in it.classes]
    assert active == tabs


@pytest.mark.parametrize("page", ["", "teams/complete/", "ja/services/complete-service/", "ja/slos/"])
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
    pages = {unquote(str(url.findtext(f"{SITEMAP}loc"))): url for url in root}
    made = {
        SITE + path.relative_to(built_site).as_posix().removesuffix("index.html")
        for path in (built_site / edition).rglob("index.html")
        if edition or path.relative_to(built_site).parts[0] != "ja"
    }
    leading_on = '<meta http-equiv="refresh"'
    moved = {it for it in made if leading_on in page_of(built_site, it).read_text(encoding="utf-8")}
    assert {f"{SITE}{edition}services/old-name/", f"{SITE}{edition}go/NothingDone/"} <= moved
    assert pages.keys() == made - moved < made
    assert len(pages) > 25
    for address, url in pages.items():
        path = address.removeprefix(SITE + edition)
        ways = {link.get("hreflang"): unquote(link.get("href", "")) for link in url.findall(f"{XHTML}link")}
        assert ways == {"en": SITE + path, "ja": f"{SITE}ja/{path}"}


def test_the_ways_to_the_other_edition_name_its_language(built_site: Path) -> None:
    for page, other in (("teams/complete/", "ja"), ("ja/teams/complete/", "en")):
        html = read_html(built_site / page / "index.html")
        for way in (html.one("a", "edition-switch"), html.one("a", "page-source__edition")):
            assert way.attributes.get("lang") == way["hreflang"] == other


def test_a_page_that_is_not_to_be_found_is_in_no_index(built_site: Path) -> None:
    fragments = (built_site / "search/fragment").iterdir()
    found = {json.loads(gzip.decompress(it.read_bytes())[12:])["url"] for it in fragments}
    assert "/teams/complete/" in found
    assert "/teams/complete/binder/" not in found


def test_the_glossary_does_not_explain_itself(built_site: Path) -> None:
    assert read_html(built_site / "glossary/index.html").all("abbr") == []
    assert read_html(built_site / "slos/index.html").all("abbr", "term")


def test_the_file_that_a_page_is_from_may_have_any_name(built_site: Path) -> None:
    foot = (built_site / "go/LeadsNowhere/index.html").read_text(encoding="utf-8").partition("page-source")[2]
    assert "<code>tests/golden/data/teams/complete/alerts/Rules &amp; more.yml</code>" in foot


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
    assert "Teams by area" in page.one("div", lang="en").text
    for translated in ("slos", "teams/complete"):
        assert read_html(untranslated / translated / "index.html").all("p", "note--untranslated") == []


def test_where_one_edition_is_built_the_sitemap_leads_to_no_other(untranslated: Path) -> None:
    assert "hreflang" not in (untranslated / "sitemap.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("public", [True, False])
def test_the_sitemap_leads_to_the_other_edition_where_a_search_engine_may_read_it(public: bool) -> None:
    template = Environment(loader=FileSystemLoader(ROOT / "docs/overrides")).get_template("sitemap.xml")
    handbook = SimpleNamespace(organisation=SimpleNamespace(public=public))
    config = SimpleNamespace(
        site_url=SITE,
        theme=SimpleNamespace(language="en"),
        extra=SimpleNamespace(edition=SimpleNamespace(handbook=handbook), other_editions=["ja"]),
    )
    page = SimpleNamespace(canonical_url=f"{SITE}teams/", url="teams/")
    made = template.render(config=config, pages=[SimpleNamespace(page=page)], edition_root=lambda _: SITE)
    assert f"<url><loc>{SITE}teams/</loc>{'<xhtml:link ' if public else '</url>'}" in made
    assert ("hreflang" in made) == public


HOSTILE = "<script>alert(1)</script> {{ config }} | `x` <"


@pytest.fixture(scope="module")
def other_site(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The English edition alone of a data folder elsewhere, not public, without a repository, with a hostile name."""
    data = tmp_path_factory.mktemp("other") / "data"
    shutil.copytree(GOLDEN / "data", data)
    organisation = data / "organisation.yaml"
    text = organisation.read_text(encoding="utf-8")
    organisation.write_text(re.sub(r"(?m)^(public: true|repository:\n(  .*\n)+)", "", text), encoding="utf-8")
    change(data / "teams/sparse/team.yaml", "name: Sparse", f'name: "{HOSTILE}"')
    made = mkdocs_build(project, data.parent / "site", HANDBOOK_DATA=str(data))
    assert made.returncode == 0, made.stdout
    return data.parent / "site"


def test_another_data_folder_makes_another_site(other_site: Path) -> None:
    assert HOSTILE in read_html(other_site / "teams/index.html").one("table", id="team-table").text


def test_where_only_the_english_edition_is_built_nothing_leads_to_the_other(other_site: Path) -> None:
    for name in ("index.html", "teams/index.html", "services/complete-service/index.html"):
        page = read_html(other_site / name)
        assert [it.tag for it in page.elements if "hreflang" in it.attributes] == [], name
        assert page.all("a", "edition-switch") == []


def test_search_engines_may_list_a_site_that_is_public(built_site: Path) -> None:
    pages = [it.read_text(encoding="utf-8") for it in built_site.rglob("*.html") if it.name != offline.NAME]
    unlisted = [it for it in pages if '<meta name="robots"' in it]
    assert 0 < len(unlisted) < len(pages)
    assert all('http-equiv="refresh"' in it for it in unlisted)
    assert "Allow: /\n" in (built_site / "robots.txt").read_text(encoding="utf-8")


def test_search_engines_are_told_to_list_no_page_of_any_other(other_site: Path) -> None:
    sign = '<meta name="robots" content="noindex">'
    pages = [it.relative_to(other_site) for it in other_site.rglob("*.html") if it.read_text().count(sign) != 1]
    assert pages == []
    assert (other_site / "404.html").exists()
    assert (other_site / "robots.txt").read_text() == "User-agent: *\nDisallow: /\n"


def test_no_file_of_a_site_has_a_path_of_the_machine(other_site: Path, project: Path) -> None:
    folders = [str(it.parent).encode() for it in (other_site, project)]
    assert [name for name, content in contents(other_site).items() if any(it in content for it in folders)] == []
    source = read_html(other_site / "teams/sparse/index.html").one("footer", "page-source").text
    assert "data/teams/sparse/team.yaml" in source


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


def test_wrong_data_stops_a_build_with_every_problem_and_no_traceback(project: Path, tmp_path: Path) -> None:
    data = write_tree(
        tmp_path / "data",
        {"teams/payments/team.yaml": "nmae: Payments\n", "teams/b/team.yaml": 'name: B\nchannel: "#b"\nmision: C\n'},
    )
    failed = mkdocs_build(project, tmp_path / "site", HANDBOOK_DATA=str(data))
    assert failed.returncode == 1
    assert "did you mean `name`?" in failed.stdout
    assert "did you mean `mission`?" in failed.stdout
    assert "Traceback" not in failed.stdout
    assert not (tmp_path / "site").exists()


# Pages that come as HTML

ARTICLE = """
# The title & *more*

<p id="lead">words</p>

## Words before_after { #second }

### 三 { #third }

## The fourth { #fourth }
"""
MADE = """\
<h1>The title &amp; <em>more</em></h1>
<p id="lead">words</p>

<h2 id="second">Words before_after</h2>
<h3 id="third">三</h3>
<h2 id="fourth">The fourth</h2>"""


def rendered(page: Page, config: MkDocsConfig) -> dict[str, object]:
    """What MkDocs puts into a page when it reads and renders it."""
    before = dict(vars(page))
    page.read_source(config)
    page.render(config, Files([page.file]))
    return {name: value for name, value in vars(page).items() if name not in before or before[name] != value}


@pytest.mark.parametrize("title", ["The title &amp; <em>more</em>", "見出し", "Second"])
def test_a_finished_page_has_all_that_mkdocs_takes_from_markdown(title: str, tmp_path: Path) -> None:
    config = load_config(str(ROOT / "mkdocs.yml"), plugins=[], hooks=[])
    head = {"render_macros": False, "title": title, "hide": ["toc"]}
    markdown = f"---\n{json.dumps(head)}\n---\n{ARTICLE.replace('The title & *more*', title)}"
    file = File("a/index.md", None, config.site_dir, use_directory_urls=True)
    file.content_string = markdown
    expected = rendered(Page(None, file, config), config)
    text, headings = anchored(MADE.replace("The title &amp; <em>more</em>", title))
    made = GeneratedPage("a/index.md", lambda: Article(text, head, headings), ("data/a.yaml",))
    page = hooks.FinishedPage(None, file, config)
    page.generated = made
    before = dict(vars(page))
    rendered(page, config)
    page.make(Explainer(make_handbook(tmp_path), "en"), [])
    found = {name: value for name, value in vars(page).items() if name not in before or before[name] != value}
    assert expected.keys() - found.keys() == {"_title_from_render", "links_to_anchors"}
    assert found.keys() <= expected.keys()
    assert found.pop("markdown") == ""
    assert str(found.pop("content")).split() == str(expected["content"]).split()
    assert str(found.pop("toc")) == str(expected["toc"])
    assert found == {name: expected[name] for name in found}
    assert page.title == title


# What can't stand in docs/


def fault_of_files(folder: Path, language: str, *uris: str) -> str:
    """What MkDocs is told of an edition with these pages in docs/, where the data makes `teams/a/index.md`."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    made = GeneratedPage("teams/a/index.md", lambda: Article(""), ("data/teams/a/team.yaml",), "teams/index.md")
    config.extra |= {"edition": make_site(folder, language=language), "generated": {made.uri: made}}
    files = Files([File(uri, config.docs_dir, config.site_dir, use_directory_urls=True) for uri in uris])
    with pytest.raises(PluginError) as error:
        hooks.on_files(files, config)
    return str(error.value)


@pytest.mark.parametrize(("most", "instantly"), [(2, True), (1, False)])
def test_where_there_are_many_pages_no_page_loads_the_list_of_them(most: int, instantly: bool, tmp_path: Path) -> None:
    config = load_config(str(ROOT / "mkdocs.yml"))
    before = config.theme["features"]
    config.extra |= {"edition": make_site(tmp_path), "generated": {}, "instant_pages": most}
    uris = ("index.md", "teams/index.md", "assets/css/handbook.css")
    files = [File(uri, config.docs_dir, config.site_dir, use_directory_urls=True) for uri in uris]
    hooks.on_files(Files(files), config)
    assert [name for name in before if name not in config.theme["features"]] == ["navigation.instant"] * (not instantly)


@pytest.mark.parametrize("own", [(), ("look/logo.svg",), ("look/style.css",), ("look/logo.svg", "look/style.css")])
def test_an_organisation_has_its_own_logo_and_style_sheet_where_they_are(own: tuple[str, ...], tmp_path: Path) -> None:
    config = load_config(str(ROOT / "mkdocs.yml"))
    config.extra |= {"edition": make_site(tmp_path), "generated": {}}
    hooks.on_files(Files([File(uri, config.docs_dir, config.site_dir, use_directory_urls=True) for uri in own]), config)
    logo = "look/logo.svg" if "look/logo.svg" in own else "assets/images/logo.svg"
    assert config.theme["logo"] == logo
    assert config.extra_css == ["assets/css/handbook.css", *(uri for uri in own if uri != logo)]


def test_an_organisation_has_its_own_colours_and_footer_on_each_page(built_site: Path) -> None:
    for path, footer in (("teams/complete/", "For its own people"), ("ja/slos/", "社内限り")):
        html = read_html(built_site / path / "index.html")
        accent = "light-dark(#0a6670,color-mix(in srgb,#0a6670 40%,#fff))"
        assert f"--md-primary-fg-color:#12394a;--md-accent-fg-color:{accent}" in html.one("style").text
        assert html.one("div", "md-copyright").text.strip() == footer


def test_the_tab_of_a_kind_and_the_place_of_a_page_have_its_icon(built_site: Path) -> None:
    html = (built_site / "services/complete-service/index.html").read_text(encoding="utf-8")
    shown = r"<svg [^>]*>.{50,}?</svg>([^<]+)</"
    assert re.findall(rf'class="md-tabs__link"[^>]*>{shown}a>', html) == ["Teams", "Services", "Engagements"]
    assert re.findall(rf'aria-current="page">{shown}li>', html) == ["Complete service"]


def test_the_contents_stand_beside_a_page_of_three_parts_or_more(built_site: Path) -> None:
    beside = {True: 0, False: 0}
    for path in built_site.rglob("index.html"):
        html = read_html(path)
        for column in html.all("div", "md-sidebar--secondary"):
            if "hidden" not in column.attributes:
                assert len(html.all("h2")) >= 3, path
            beside["hidden" not in column.attributes] += 1
            assert "hidden" in html.one("div", "md-sidebar--primary").attributes, path
    assert min(beside.values()) > 10


def test_a_page_of_docs_in_the_place_of_a_generated_one_is_named(tmp_path: Path) -> None:
    assert fault_of_files(tmp_path, "en", "index.md", "teams/a/index.md") == (
        "docs/teams/a/index.md has the address of the page that data/teams/a/team.yaml makes; move it"
    )


def test_a_translation_of_nothing_is_named(tmp_path: Path) -> None:
    assert fault_of_files(tmp_path, "ja", "index.md", "slos/other.ja.md") == (
        "docs/slos/other.ja.md translates docs/slos/other.md, which isn't there; rename one of them"
    )

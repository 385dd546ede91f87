"""Which pages the data makes, and each of them whole, in both languages."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath

import pytest
from conftest import GOLDEN, ROOT, Content, Golden, golden_site, make_site
from rendered import Document

from macros.model.kinds import KINDS
from macros.model.values import LANGUAGES
from macros.site import pages, render
from macros.site.pages import GeneratedPage
from macros.site.render import Edition
from macros.text.problems import Problem

each_language = pytest.mark.parametrize("language", LANGUAGES)

CHECKLIST = ("checklists/complete-checklist.yaml", "checklists/extended-by-complete.yaml")
COMPLETE = "teams/complete/checklists/complete-checklist.yaml"
OWN = ["teams/complete/checklists/own-with-alias.yaml", "checklists/extended-by-complete.yaml"]

SERVICE = "name: Till\nsummary: Takes coins\n"


@cache
def golden_pages(language: str) -> dict[str, GeneratedPage]:
    return {page.uri: page for page in pages.pages(golden_site(language))}


def whole(page: GeneratedPage) -> str:
    """A page with its head, a line for each value."""
    article = page.make()
    return (
        "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in article.head.items())
        + article.html
    )


@each_language
def test_every_page_looks_as_it_was_blessed(language: str, golden: Golden) -> None:
    made = golden_pages(language)
    found = [golden.difference(f"pages/{language}/{uri}", whole(page)) for uri, page in sorted(made.items())]
    assert not any(found), "\n".join(filter(None, found))


@each_language
def test_no_blessed_page_is_left_over(language: str, golden: Golden) -> None:
    folder = GOLDEN / "pages" / language
    blessed = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    left_over = blessed.keys() - golden_pages(language).keys()
    if golden.bless:
        for name in left_over:
            blessed[name].unlink()
        return
    assert not left_over, "no page makes these any more; where that is meant: make bless"


def test_both_editions_have_the_same_pages() -> None:
    first, second = (
        [(it.uri, it.files[0], it.parent) for it in golden_pages(language).values()] for language in LANGUAGES
    )
    assert [it for it in first if not it[0].startswith(("api/", "exports/", "robots.txt"))] == second


def test_each_entity_has_a_page_where_its_kind_says() -> None:
    site = golden_site("en")
    found = golden_pages("en")
    for kind in KINDS.values():
        for entity in site.handbook.of_kind(kind.name) if kind.address else ():
            page = found[f"{kind.address.replace('<team>', entity.team).replace('<id>', entity.id)}index.md"]
            assert page.files[0] == entity.path
            assert (ROOT / "docs" / page.parent).is_file()


@pytest.mark.parametrize(
    ("uri", "files"),
    [
        ("teams/complete/index.md", ["teams/complete/team.yaml"]),
        ("services/complete-service/index.md", ["teams/complete/services/complete-service.yaml"]),
        ("checklists/complete-checklist/index.md", [*CHECKLIST]),
        (
            "teams/complete/checklists/complete-checklist/index.md",
            ["teams/complete/checklists/complete-checklist.yaml", "checklists/extended-by-complete.yaml", CHECKLIST[0]],
        ),
        ("teams/complete/checklists/own-with-alias/index.md", OWN),
        (
            "teams/complete/binder/index.md",
            [
                "teams/complete/team.yaml",
                "checklists/extended-by-complete.yaml",
                CHECKLIST[0],
                COMPLETE,
                OWN[0],
                "teams/complete/playbooks/complete-playbook.yaml",
            ],
        ),
    ],
)
def test_a_page_names_every_file_whose_words_it_shows(uri: str, files: list[str]) -> None:
    page = golden_pages("en")[uri]
    assert page.files == tuple(f"data/{file}" for file in files)


def test_the_page_of_an_alert_names_the_files_of_all_that_have_its_name(tmp_path: Path) -> None:
    rules = "groups: [{name: g, rules: [{alert: Down, expr: up == 0}]}]\n"
    files: dict[str, Content] = {
        "teams/payments/alerts/a.yml": rules,
        "teams/shop/team.yaml": "name: Shop\nchannel: x\n",
        "teams/shop/alerts/b.yml": rules,
    }
    found = {page.uri: page for page in pages.pages(make_site(tmp_path, files))}
    assert found["go/Down/index.md"].files == ("data/teams/payments/alerts/a.yml", "data/teams/shop/alerts/b.yml")


def test_pages_come_by_uri_each_once() -> None:
    uris = [page.uri for page in pages.pages(golden_site("en"))]
    assert uris == sorted(set(uris))
    assert all(not PurePosixPath(uri).is_absolute() and ".." not in uri for uri in uris)


@each_language
def test_rendering_twice_gives_equal_pages(language: str) -> None:
    assert [page.make() for page in golden_pages(language).values()] == [
        page.make() for page in pages.pages(golden_site(language))
    ]


@each_language
def test_every_page_has_a_head_and_one_title_and_no_odd_tag(language: str) -> None:
    for uri, page in golden_pages(language).items():
        if uri.endswith(".md"):
            assert page.make().head["title"].strip(), uri
            assert page.make().head["description"].strip(), uri
            document = Document(page.make().html)
            tags = [element[0] for element in document.elements]
            assert tags.count("h1") == 1, uri
            assert not {"script", "style", "img", "iframe"} & {*tags}, uri
            assert not [name for element in document.elements for name in element[1:] if name.startswith("on")], uri


@pytest.mark.parametrize(
    ("language", "address", "marked"),
    [
        ("en", "teams/japanese-only", {"ja"}),
        ("ja", "teams/japanese-only", {"en"}),  # its service
        ("en", "services/without-tier", set()),
        ("ja", "services/without-tier", {"en"}),
        ("en", "services/complete-service", set()),
        ("ja", "services/complete-service", set()),
        ("en", "services/hostile-text", {"ja"}),
    ],
)
def test_words_in_the_other_language_are_marked_as_such(language: str, address: str, marked: set[str]) -> None:
    html = golden_pages(language)[f"{address}/index.md"].make().html
    assert set(re.findall(r'<[^>]* lang="([^"]*)"', html)) == marked


def test_an_alias_leads_to_the_page(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "teams/payments/team.yaml": 'name: Payments\nchannel: "#payments"\naliases: [money, cash]\n',
        "teams/payments/services/till.yaml": f"{SERVICE}aliases: [desk]\n",
    }
    found = {page.uri: page for page in pages.pages(make_site(tmp_path, files, "ja"))}
    assert found.keys() - {
        "teams/payments/index.md",
        "teams/payments/on-call/index.md",
        "services/till/index.md",
    } == {
        "services/desk/index.html",
        "teams/cash/index.html",
        "teams/money/index.html",
    }
    redirect = found["services/desk/index.html"]
    assert redirect.files[0] == "data/teams/payments/services/till.yaml"
    assert '<html lang="ja">' in redirect.make().html
    assert {"0; url=../till/", "../till/", "noindex"} <= set(Document(redirect.make().html).values)


@pytest.mark.parametrize(
    ("organisation", "lines"),
    [
        ("", ["Disallow: /"]),
        ("site_address: https://example.com/h\n", ["Disallow: /"]),
        ("public: true\n", ["Allow: /"]),
        (
            "public: true\nsite_address: https://example.com/h\n",
            ["Allow: /", "Sitemap: https://example.com/h/sitemap.xml", "Sitemap: https://example.com/h/ja/sitemap.xml"],
        ),
    ],
)
def test_search_engines_may_read_what_is_public(organisation: str, lines: list[str], tmp_path: Path) -> None:
    site = make_site(tmp_path, {"organisation.yaml": f"name: Example\nlanguage: en\n{organisation}"})
    found = {page.uri: page for page in pages.pages(replace(site, editions=("en", "ja")))}
    assert found["robots.txt"].make().html.splitlines() == ["User-agent: *", *lines]


def test_one_id_may_be_of_a_team_and_of_a_service(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"teams/payments/services/payments.yaml": SERVICE})
    assert [page.uri for page in pages.pages(site)] == [
        "api/v1/alerts.json",
        "robots.txt",
        "services/payments/index.md",
        "teams/payments/index.md",
        "teams/payments/on-call/index.md",
    ]


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the templates, which the program uses."""
    folder = tmp_path / "templates"
    shutil.copytree(render.TEMPLATES, folder)
    monkeypatch.setattr(render, "TEMPLATES", folder)
    return folder


def faults(site: Edition) -> list[Problem]:
    """What is wrong with the templates of all pages."""
    found: list[Problem] = []
    for page in pages.pages(site):
        pages.made(page, found)
    return found


@pytest.mark.parametrize(
    ("template", "text", "problem"),
    [
        (
            "team.html.j2",
            "a\n{% if %}\n",
            "team.html.j2:2:1: template: TemplateSyntaxError: Expected an expression, got 'end of s",
        ),
        ("service.html.j2", "a\n\n{{ service.nome }}", "service.html.j2:3:1: template: UndefinedError: "),
        ("service.html.j2", "{{ 1 / 0 }}", "service.html.j2:1:1: template: ZeroDivisionError: "),
        (
            "partials.html.j2",
            "\n{% macro illustration() %}\n{{ nothing }}\n{% endmacro %}",
            "partials.html.j2:3:1: template: ",
        ),
    ],
)
def test_a_fault_in_a_template_is_named_with_its_line(
    template: str, text: str, problem: str, templates: Path, tmp_path: Path
) -> None:
    (templates / template).write_text(text)
    found = faults(make_site(tmp_path, {"teams/payments/services/till.yaml": SERVICE}))
    assert {str(it)[: len(f"macros/templates/{problem}")] for it in found} == {f"macros/templates/{problem}"}


def test_the_faults_of_all_templates_come_at_once(templates: Path, tmp_path: Path) -> None:
    (templates / "team.html.j2").write_text("{{ nothing }}")
    (templates / "service.html.j2").write_text("{{ nothing }}")
    found = faults(make_site(tmp_path, {"teams/payments/services/till.yaml": SERVICE}))
    assert [it.path for it in found] == ["macros/templates/service.html.j2", "macros/templates/team.html.j2"]


def test_a_fault_that_no_template_made_is_not_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Edition, template: str, address: str, **values: object) -> str:
        raise KeyError(template)

    monkeypatch.setattr(Edition, "render", broken)
    with pytest.raises(KeyError, match=r"team\.html\.j2"):
        faults(make_site(tmp_path))

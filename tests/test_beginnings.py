"""What a reader begins in the browser: files, entries and reports, at both hosts and without any."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import ROOT, golden_site, make_site
from mkdocs.utils.yaml import yaml_load
from test_skeletons import made
from web import Html

from macros.authoring import beginnings, editor, repository, skeletons
from macros.authoring.beginnings import LABELS, OF_A_TEAM
from macros.handbook.alerts import Alert
from macros.model.kinds import KINDS, LISTED
from macros.model.organisation import Repository
from macros.model.values import LANGUAGES
from macros.site import page_macros
from macros.site.page_macros import Author
from macros.site.render import Edition
from macros.sources.yaml_file import parse

GITHUB = "repository:\n  address: https://github.com/example-organisation/the-handbook-of-all-our-reliability-work\n"
GITLAB = "repository:\n  address: https://gitlab.example.com/sre/handbook\n  host: gitlab\n"
ORGANISATION = "name: Example\nlanguage: en\n"

SKELETON = '{en: "name: A\\nservice: SERVICE-ID", ja: "name: 甲 # 記入\\nservice: SERVICE-ID"}'

each_language = pytest.mark.parametrize("language", LANGUAGES)
filled_kinds = pytest.mark.parametrize("kind", [it for it in LABELS if it not in LISTED])


def site_of(folder: Path, host: str, language: str = "en") -> Edition:
    """An edition of a small handbook with a template of a playbook, kept at a host or nowhere."""
    files = {
        "organisation.yaml": ORGANISATION + host,
        "teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\n",
        "glossary.yaml": "terms:\n  - id: till\n    name: {en: till, ja: レジ}\n    definition: {en: A box, ja: 箱}\n",
        "playbook-templates/alert.yaml": made("playbook", "").replace("skeleton: |-\n", f"skeleton: {SKELETON}\n"),
    }
    return make_site(folder, files, language)


def query(address: str | None) -> dict[str, str]:
    """What stands behind the question mark, each name once."""
    assert address
    found = parse_qs(urlsplit(address).query, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values())
    return {name: values[0] for name, values in found.items()}


def added(site: Edition, kind: str) -> Html:
    return Html(str(page_macros.add_link(Author(site, "services/"), kind)))


def test_everything_that_a_folder_or_a_list_holds_can_be_added() -> None:
    alone = {name for name, kind in KINDS.items() if "<" not in kind.file}
    assert LABELS.keys() == (KINDS.keys() | LISTED.keys()) - alone - set(LISTED.values())
    assert OF_A_TEAM.keys() == {name for name in LABELS if name in KINDS and KINDS[name].in_team} - {"team"}


@each_language
@filled_kinds
def test_github_begins_a_file_with_its_skeleton_at_its_place(kind: str, language: str, tmp_path: Path) -> None:
    site = site_of(tmp_path, GITHUB, language)
    for team in ("", "payments") if kind in OF_A_TEAM else ("",):
        begin = beginnings.of_kind(site.handbook, language, kind, team)
        assert begin.is_filled
        assert begin.address
        assert len(begin.address.encode()) < repository.LONGEST
        assert query(begin.address) == {"filename": begin.path, "value": begin.text}
        names = {"team": "TEAM"} if kind == "team" else {"id": "ID", "team": team or "TEAM"}
        assert begin.path == f"data/{KINDS[kind].path(names.get('id', 'TEAM'), names['team'])}"
        assert begin.text.startswith(f"{editor.modeline(KINDS[kind])}\n")
    link = added(site, kind).one("a", "add__link")
    assert query(link["href"])["value"] == beginnings.of_kind(site.handbook, language, kind).text


def test_skeletons_speak_the_language_of_the_edition(tmp_path: Path) -> None:
    handbook = site_of(tmp_path, GITHUB).handbook
    for kind in LABELS:
        english, japanese = (beginnings.of_kind(handbook, it, kind).text for it in LANGUAGES)
        assert not re.search("[ぁ-んァ-ヶ]", re.sub(r"\(as in .*", "", english)), kind
        assert re.search("# .*[ぁ-んァ-ヶ一-龠]", japanese), kind
        assert "fill in" not in japanese


@pytest.mark.parametrize(("language", "name"), [("en", "A"), ("ja", "甲 # 記入")])
def test_a_playbook_is_begun_from_the_skeleton_of_the_edition(language: str, name: str, tmp_path: Path) -> None:
    site = site_of(tmp_path, GITHUB, language)
    text = f"{editor.modeline(KINDS['playbook'])}\nname: {name}\nservice: SERVICE-ID\n"
    assert beginnings.of_kind(site.handbook, language, "playbook").text == text
    alert = Alert("Lost", "payments", ())
    assert beginnings.of_playbook(site.handbook, language, alert).text == text.replace("SERVICE-ID", "till")
    assert query(added(site, "playbook").one("a", "add__link")["href"])["value"] == text


def test_a_japanese_page_gives_a_playbook_in_japanese_to_copy() -> None:
    page = added(golden_site("ja"), "playbook")
    assert page.one("summary").text == "プレイブックを追加"
    assert "\nname: <ユーザーに見えること>\nservice: SERVICE-ID\n\ndiagnosis: # 見る場所\n" in page.one("pre").text


def test_the_command_names_a_language_that_is_not_the_organisation_s(tmp_path: Path) -> None:
    handbook = site_of(tmp_path, "").handbook
    commands = {it: beginnings.of_kind(handbook, it, "service", "payments").command for it in LANGUAGES}
    assert commands["en"].endswith(" new service ID --team payments")
    assert commands["ja"] == f"{commands['en']} --language ja"


def test_a_playbook_is_about_the_first_service_of_its_team(tmp_path: Path) -> None:
    handbook = site_of(tmp_path, GITHUB).handbook
    assert "\nservice: till\n" in beginnings.of_kind(handbook, "en", "playbook", "payments").text
    assert "\nservice: SERVICE-ID\n" in beginnings.of_kind(handbook, "en", "playbook").text


@each_language
@filled_kinds
def test_gitlab_begins_an_empty_file_and_the_page_has_what_to_copy(kind: str, language: str, tmp_path: Path) -> None:
    site = site_of(tmp_path, GITLAB, language)
    begin = beginnings.of_kind(site.handbook, language, kind)
    page = added(site, kind)
    assert query(page.one("a")["href"]) == {"file_name": begin.path}
    assert page.one("pre").text.strip() == begin.text.strip()
    assert page.one("details")["id"] == f"add-{kind}"


@filled_kinds
def test_without_a_repository_there_is_a_command_and_no_link(kind: str, tmp_path: Path) -> None:
    page = added(site_of(tmp_path, ""), kind)
    assert page.all("a") == []
    codes = [it.text for it in page.all("code")]
    team = " --team TEAM" if kind in OF_A_TEAM else ""
    assert codes[1] == f".venv/bin/python -m macros new {kind} {'TEAM' if kind == 'team' else 'ID'}{team}"
    assert codes[2].startswith(editor.modeline(KINDS[kind]))


@pytest.mark.parametrize(("host", "links"), [(GITHUB, 1), (GITLAB, 1), ("", 0)])
def test_an_entry_of_a_list_goes_to_the_end_of_its_file(host: str, links: int, tmp_path: Path) -> None:
    page = added(site_of(tmp_path, host), "term")
    assert [it["href"].rpartition("/edit/main/")[2] for it in page.all("a")] == ["data/glossary.yaml"] * links
    entry = page.one("pre").text
    whole = f"terms:\n  - id: till\n    name: {{en: till, ja: レジ}}\n    definition: A box\n{entry}"
    source, problems = parse(whole.encode(), "data/glossary.yaml")
    assert source, problems
    terms = yaml_load(whole)["terms"]
    assert [it.keys() for it in terms] == [{"id", "name", "definition"}] * 2


def test_a_list_that_is_not_there_yet_is_begun(tmp_path: Path) -> None:
    handbook = make_site(tmp_path, {"organisation.yaml": ORGANISATION + GITHUB}).handbook
    begin = beginnings.of_kind(handbook, "en", "term")
    assert begin.path == "data/glossary.yaml"
    assert begin.text == skeletons.of_kind(KINDS["glossary"])
    assert begin.command == ".venv/bin/python -m macros new glossary"


def test_what_cannot_be_added_is_a_fault_of_the_page(tmp_path: Path) -> None:
    author = Author(make_site(tmp_path), "")
    with pytest.raises(page_macros.CallError) as raised:
        page_macros.add_link(author, "servise")
    assert str(raised.value) == "`servise` can't be added; did you mean `service`?"


@pytest.mark.parametrize("host", [GITHUB, GITLAB])
@each_language
def test_a_team_s_page_begins_files_in_its_folder(language: str, host: str, tmp_path: Path) -> None:
    site = site_of(tmp_path, host, language)
    page = Html(site.render("team.html.j2", "teams/payments/", head={}, team=site.handbook.teams[0]))
    name = "filename" if host == GITHUB else "file_name"
    links = [it for it in page.all("a") if f"?{name}=" in it.attributes.get("href", "")]
    assert [query(it["href"])[name] for it in links] == [
        f"data/{KINDS[kind].path('ID', 'payments')}" for kind in OF_A_TEAM
    ]
    skeletons_at = [it["href"] for it in page.all("a") if "#add-" in it.attributes.get("href", "")]
    expected = [f"../../{index}#add-{kind}" for kind, index in OF_A_TEAM.items()]
    assert skeletons_at == (expected if host == GITLAB else [])


def test_a_team_s_page_without_a_repository_has_the_commands(tmp_path: Path) -> None:
    site = site_of(tmp_path, "")
    page = Html(site.render("team.html.j2", "teams/payments/", head={}, team=site.handbook.teams[0]))
    assert [it for it in page.all("a") if "new" in it.attributes.get("href", "")] == []
    (commands,) = (it.text for it in page.all("pre", "command"))
    assert commands.strip().splitlines() == [
        f".venv/bin/python -m macros new {kind} ID --team payments" for kind in OF_A_TEAM
    ]


# Reports

HOSTILE = "a&b=c#d/e?f+g% {page} 決済"
FORM = yaml_load((ROOT / ".github/ISSUE_TEMPLATE" / beginnings.FORM).read_text(encoding="utf-8"))


def host_of(text: str) -> Repository:
    return Repository.model_validate(yaml_load(text)["repository"])


@pytest.mark.parametrize(("language", "title"), [("en", "Problem: "), ("ja", "問題: ")])
def test_a_report_at_github_fills_in_the_form(language: str, title: str) -> None:
    address = beginnings.report_address(host_of(GITHUB), language, HOSTILE, "https://h/a/", "data/é.yaml", "05003c9")
    assert urlsplit(address or "").path.endswith("/issues/new")
    given = query(address)
    assert given.pop("template") == beginnings.FORM
    assert given.pop("title") == f"{title}{HOSTILE}"
    fields = {it["id"]: it for it in FORM["body"] if "id" in it}
    assert given.keys() <= fields.keys()
    assert given["page"] == "https://h/a/ · data/é.yaml · 05003c9"
    assert given["edition"] in fields["edition"]["attributes"]["options"]


def test_a_report_at_gitlab_has_what_is_known_and_two_headings() -> None:
    address = beginnings.report_address(host_of(GITLAB), "en", HOSTILE, "https://h/a/", "data/é.yaml")
    assert urlsplit(address or "").path.endswith("/-/issues/new")
    given = query(address)
    assert given.pop("issue[title]") == f"Problem: {HOSTILE}"
    assert given.keys() == {"issue[description]"}
    lines = [it.strip() for it in given["issue[description]"].splitlines() if it.strip()]
    assert lines == ["Page: https://h/a/", "File: data/é.yaml", "## Problem", "## Expected"]


@pytest.mark.parametrize("host", [GITHUB, GITLAB])
@pytest.mark.parametrize(("language", "title"), [("en", "Broken link"), ("ja", "リンク切れ")])
def test_a_broken_link_is_reported_with_the_address_or_without(language: str, title: str, host: str) -> None:
    bare = query(beginnings.broken_link_address(host_of(host), language))
    told = query(beginnings.broken_link_address(host_of(host), language, "{address}"))
    assert title in bare.values()
    assert "{address}" not in "".join(bare.values())
    assert "{address}" in "".join(told.values())


def test_without_a_repository_nothing_is_reported() -> None:
    assert beginnings.report_address(None, "en", "A", "https://h/a/") is None
    assert beginnings.broken_link_address(None, "en") is None

"""The data as it ships: right, the same each time, and each place that is named really there."""

from __future__ import annotations

import re

import pytest
import shipped
from conftest import ROOT
from shipped import DATA, PAGES
from test_kinds import accepts, value_of
from test_review_files import FORM_CONFIG, fields, read

from macros.authoring import beginnings, editor, repository, skeletons
from macros.commands.outside_links import LinkPlace, outside_addresses
from macros.exports import codeowners
from macros.handbook import load
from macros.model.kinds import KINDS, LISTED, schema
from macros.model.values import LANGUAGES
from macros.site import project
from macros.sources import prometheus
from macros.text.problems import in_order


def test_data_and_pages_have_no_problem_and_say_the_same_each_time() -> None:
    problems, findings, _ = project.check_everything(DATA)
    assert [*map(str, problems)] == []
    assert in_order(findings) == findings
    assert findings == shipped.site("en").findings


def test_loading_twice_gives_the_same() -> None:
    again = load.load(DATA, "data", project.guide_addresses().values())
    for kind in KINDS:
        assert again.of_kind(kind) == shipped.handbook().of_kind(kind)
    assert again.sources == shipped.handbook().sources


def test_every_place_of_a_finding_is_there() -> None:
    wrong = []
    for finding in shipped.site("en").findings:
        lines = (ROOT / finding.path).read_text(encoding="utf-8").splitlines()
        if not (0 < finding.line <= len(lines) and 0 < finding.column <= len(lines[finding.line - 1])):
            wrong.append(str(finding))
    assert wrong == []


def test_the_schemas_of_editors_accept_every_file() -> None:
    made = {name: schema(kind) for name, kind in KINDS.items()}
    files = [
        it for it in load.find_files(DATA, "data")[0] if not prometheus.looks_like_rules((ROOT / it.path).read_bytes())
    ]
    assert files
    wrong = [it for it in files if not accepts(whole := made[it.kind.name], whole, value_of(ROOT / it.path))]
    assert [it.path for it in wrong] == []


def test_a_file_belongs_to_one_pattern_of_the_editor_s_settings_alone() -> None:
    globs = {name: re.escape(editor.glob(kind)) for name, kind in KINDS.items()}
    patterns = {name: it.replace(r"\*", "[^/]*").replace(r"\.yaml", r"\.ya?ml") for name, it in globs.items()}
    files, _, _ = load.find_files(DATA, "data")
    assert files
    fits = {file: [name for name, it in patterns.items() if re.fullmatch(it, file.path)] for file in files}
    assert [f"{file.path}: {names}" for file, names in fits.items() if names != [file.kind.name]] == []


def test_an_outside_address_stands_where_it_is_said_to() -> None:
    found = outside_addresses(shipped.handbook(), DATA, ROOT / "docs")
    places = [(address, place) for address, places in found.items() for place in places]
    assert {path.split("/")[0] for _, (path, _, _) in places} == {"data", "docs"}
    assert [f"{place}: {address}" for address, place in places if not shows(address, place)] == []


def shows(address: str, place: LinkPlace) -> bool:
    path, line, column = place
    text = (ROOT / path).read_text(encoding="utf-8").splitlines()[line - 1]
    return text[column - 1 :].removeprefix("runbook_url: ").lstrip("'\"").startswith(address)


# What stands at the repository's host


def test_the_published_branch_is_the_one_of_the_data() -> None:
    repository = shipped.handbook().organisation.repository
    branch = repository.branch if repository else "main"
    assert read(ROOT / ".github/workflows/publish.yml")["on"]["push"]["branches"] == [branch]


def test_the_links_beside_the_forms_lead_into_the_handbook() -> None:
    site = shipped.handbook().organisation.site_address or "there is no site"
    for link in read(FORM_CONFIG).get("contact_links", []):
        assert link["url"].startswith(site), "site_address of data/organisation.yaml changed: change config.yml too"
        address = link["url"].removeprefix(site)
        assert (ROOT / "docs" / address.removeprefix("ja/") / "index.md").is_file()


def test_the_form_for_a_reading_offers_every_shelf() -> None:
    offered = fields(ROOT / ".github/ISSUE_TEMPLATE/new-reading.yml")["shelf"]["attributes"]["options"]
    assert offered == sorted(it.id for it in shipped.handbook().shelves)


def test_the_file_of_reviewers_is_what_the_teams_say() -> None:
    handbook = shipped.handbook()
    written = (ROOT / codeowners.place(handbook)).read_text("utf-8")
    assert written == codeowners.text(handbook), "python -m macros codeowners"


def test_every_team_s_folder_is_named_there() -> None:
    lines = codeowners.text(shipped.handbook()).splitlines()
    folders = {f"/data/teams/{it.name}/" for it in (DATA / "teams").glob("[a-z]*")}
    assert {it for it in folders if not any(it in line for line in lines)} == set()
    if shipped.handbook().organisation.illustration:  # the worked example shows how it is when all is done
        assert [line for line in lines if line.startswith("# Left out")] == []


# What is begun in the browser


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_page_says_how_each_is_added(language: str) -> None:
    """An index, or the recipes. That there is one is asked in test_kinds.py."""
    indexes = [it for it in PAGES if it.endswith(("index.md", "contribute/recipes.md"))]
    texts = {page: shipped.source(page, language) for page in indexes}
    found = {
        kind: [page for page, text in texts.items() if f'{{{{ add_link("{kind}") }}}}' in text]
        for kind in beginnings.LABELS
    }
    assert {kind: it for kind, it in found.items() if len(it) > 1} == {}
    addresses = project.guide_addresses()
    there = {kind: address for kind, address in beginnings.OF_A_TEAM.items() if found[kind]}
    assert {kind: addresses[found[kind][0]] for kind in there} == there


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_address_that_begins_a_file_is_too_long_for_its_text(language: str) -> None:
    handbook = shipped.handbook()
    if handbook.organisation.repository is None:
        pytest.skip("nothing is begun in the browser: organisation.yaml has no repository")
    begun = {
        (kind, team): beginnings.of_kind(handbook, language, kind, team)
        for kind in beginnings.LABELS.keys() - LISTED.keys()
        for team in ("", *(it.id for it in handbook.teams if kind in beginnings.OF_A_TEAM))
    }
    assert [it for it, begin in begun.items() if not (begin.is_filled and begin.address)] == []
    for template in skeletons.templates(handbook.playbook_templates):
        text = skeletons.playbook(language, template, skeletons.SERVICE_PLACE)
        host, path = handbook.organisation.repository, "data/teams/TEAM/playbooks/x"
        address = repository.new_file_address(host, path, text, skeletons.short(text))
        if repository.takes_text(host):
            assert address != repository.new_address(host, path), f"{template.path}: its skeleton is too long"

"""Indexes that are too long for a page: what stands in their place, and what teams' pages have then."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import golden_site
from playwright.sync_api import Page, expect
from rows import each
from web import Html

from macros import exports
from macros.gaps import checks, next_steps
from macros.gaps.checks import translations
from macros.handbook import alerts, checklists, pain_points
from macros.handbook.graph import Handbook, grouped
from macros.model.organisation import Team
from macros.model.values import LANGUAGES
from macros.site import indexes, page_macros, pages
from macros.site.indexes import INDEXES
from macros.site.page_macros import Author
from macros.site.render import Edition

each_language = pytest.mark.parametrize("language", LANGUAGES)
each_index = each([name for name, index in INDEXES.items() if not index.within])

COUNTS: dict[str, Callable[[Handbook, Team], int]] = {
    "service_table": lambda handbook, team: len(handbook.services_of(team)),
    "requirement_table": lambda handbook, team: sum(
        len(service.non_functional_requirements) for service in handbook.services_of(team)
    ),
    "journey_table": lambda handbook, team: len(handbook.journeys_of(team)),
    "slo_table": lambda handbook, team: sum(len(journey.slos) for journey in handbook.journeys_of(team)),
    "alert_table": lambda handbook, team: len(alerts.of(handbook, team)),
    "playbook_table": lambda handbook, team: len(handbook.playbooks_of(team)),
    "checklist_table": lambda handbook, team: len(checklists.of(handbook, team)),
    "engagement_timeline": lambda handbook, team: len(handbook.engagements_of(team)),
    "next_step_table": lambda handbook, team: len(next_steps.of(handbook, team)),
    "export_table": lambda handbook, team: len(exports.of(handbook, team)),
    "finding_table": lambda handbook, team: [it.team for it in checks.run(handbook)[1]].count(team.id),
    "alert_coverage": lambda handbook, team: [
        alerts.is_answered(handbook, alert) for alert in alerts.of(handbook, team)
    ].count(False),
    "pain_point_table": lambda handbook, team: len(pain_points.open_of(handbook, team)),
    "missing_translations": lambda handbook, team: [
        it.entity.team for it in translations.missing_texts(handbook)
    ].count(team.id),
    "accepted_table": lambda handbook, team: [it.team for it, _ in checks.accepted(handbook)].count(team.id),
}
"""What a team has of each index, counted another way."""

COLUMNS = {
    "team_table": ("service_table", "pain_point_table", "finding_table"),
    "finding_table": (
        "finding_table",
        "alert_coverage",
        "pain_point_table",
        "missing_translations",
        "accepted_table",
    ),
}
"""The columns of an index that has more than its own."""


@pytest.fixture(scope="module")
def long() -> Iterator[dict[str, Edition]]:
    """Both editions of a handbook that is too large for any of its indexes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexes, "INDEXES", {name: index._replace(most=0) for name, index in INDEXES.items()})
        yield {language: golden_site(language) for language in LANGUAGES}


def called(name: str, site: Edition, address: str = "coverage/") -> Html:
    return Html(str(page_macros.MACROS[name](Author(site, address))))


def team_page(site: Edition, team: Team) -> Html:
    (page,) = (page for page in pages.pages(site) if page.uri == f"teams/{team.id}/index.md")
    return Html(page.make().html)


def rows(html: Html, name: str) -> list[tuple[str, list[int]]]:
    """The way of each row of a long index, and its numbers."""
    (table,) = re.findall(rf'<table class="by-team sortable" id="{id_of(name)}-by-team">.*?</table>', html.source, re.S)
    return [
        (re.findall('<a href="(.*?)"', row)[0], [int(number) for number in re.findall("<td>(.*?)</td>", row)])
        for row in re.findall("<tr.*?</tr>", table)[1:]
    ]


def id_of(name: str) -> str:
    return name.removesuffix("_table").replace("_", "-")


@each_language
@each_index
def test_a_long_index_has_a_row_for_each_team_with_its_numbers_and_the_way_to_what_it_counts(
    name: str, language: str, long: dict[str, Edition]
) -> None:
    site = long[language]
    columns = COLUMNS.get(name, (name,))
    found = rows(called(name, site), name)
    assert [numbers for _, numbers in found] == [
        [COUNTS[column](site.handbook, team) for column in columns] for team in site.handbook.teams
    ]
    assert any(sum(numbers) for _, numbers in found)
    for (way, _), team in zip(found, site.handbook.teams, strict=True):
        path, _, anchor = way.partition("#")
        assert posixpath.normpath(f"coverage/{path}") == f"teams/{team.id}"
        if name in COUNTS and COUNTS[name](site.handbook, team):
            assert anchor in [it.attributes.get("id") for it in team_page(site, team).elements]
        else:
            assert anchor == ""


@each_language
def test_a_team_s_page_has_its_alerts_accepted_gaps_and_missing_translations_then(
    language: str, long: dict[str, Edition]
) -> None:
    site = long[language]
    for team in site.handbook.teams:
        page = team_page(site, team)
        text = " ".join(it.text for it in page.all("article") or page.elements)
        headings = {it.attributes.get("id") for it in page.all("h2")}
        for name, id in (
            ("alert_table", "alerts"),
            ("accepted_table", "accepted"),
            ("missing_translations", "translations"),
        ):
            assert (id in headings) == bool(COUNTS[name](site.handbook, team))
        assert [alert.name for alert in alerts.of(site.handbook, team) if alert.name not in text] == []
        for finding, _ in checks.accepted(site.handbook):
            assert (finding.team != team.id) or finding.rule in text
        keys = [it.text for it in page.all("th", scope="row")]
        assert [
            it.key
            for it in translations.missing_texts(site.handbook)
            if it.entity.team == team.id and it.key not in keys
        ] == []


@each_language
def test_a_list_within_another_leads_to_it_and_what_all_share_is_listed(
    language: str, long: dict[str, Edition]
) -> None:
    site = long[language]
    within = [name for name, index in INDEXES.items() if index.within]
    for name in within:
        assert "./#finding-list" in [it["href"] for it in called(name, site).all("a")]
    html = called("finding_table", site)
    assert [it["id"] for it in html.elements if it.attributes.get("id") == "finding-list"] == ["finding-list"]
    shared = [it for it in html.all("tr") if it.attributes.get("data-team")]
    assert len(shared) == [it.team for it in site.findings].count("") > 0
    listed = [it.text for it in called("checklist_table", site).all("th", scope="row")]
    assert len(listed) == len(site.handbook.teams) + len(site.handbook.checklists)


def test_a_rule_leads_to_the_teams_that_have_a_gap_of_it(long: dict[str, Edition]) -> None:
    site = long["en"]
    options = {
        it.attributes["data-key"]: it.text
        for it in called("finding_table", site).all("option")
        if "data-key" in it.attributes
    }
    assert sorted(options.values()) == sorted({it.rule for it in site.findings})
    found = [it["data-rule"].split() for it in called("finding_table", site).all("tr") if "data-rule" in it.attributes]
    assert [{options[key] for key in keys} for keys in found[: len(site.handbook.teams)]] == [
        {it.rule for it in site.findings_of(team)} for team in site.handbook.teams
    ]
    ways = [it["href"] for it in called("coverage_figures", site).all("a")]
    assert {parse_qs(urlsplit(way).query)["rule"][0] for way in ways if "?" in way} <= {*options.values()}


def test_an_area_of_a_team_leads_to_its_page_then(long: dict[str, Edition]) -> None:
    site = long["en"]
    ways = [it["href"] for it in called("coverage_map", site).all("a")]
    assert "../teams/sparse/#missing" in ways
    assert "../teams/sparse/#translations" in ways
    assert not any("team=" in way for way in ways)


@pytest.mark.parametrize(("more", "is_long"), [(0, False), (-1, True)])
def test_an_index_is_long_with_more_rows_than_it_may_have(
    more: int, is_long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = golden_site("en")
    index = INDEXES["service_table"]._replace(most=len(site.handbook.services) + more)
    monkeypatch.setattr(indexes, "INDEXES", {**INDEXES, "service_table": index})
    assert bool(called("service_table", site).all("table", "by-team")) == is_long


def test_a_long_index_is_filtered_by_name_and_rule_and_sorted_by_number(
    open_page: Callable[..., Page], long: dict[str, Edition]
) -> None:
    page, site = open_page("teams/"), long["en"]
    counts = [numbers[0] for _, numbers in rows(called("finding_table", site), "finding_table")]
    rule, teams = next(iter(grouped((it.rule, it.team) for it in site.findings if it.team).items()))
    page.evaluate(
        """async (html) => {
          document.querySelector("article").innerHTML = html;
          (await import("/assets/js/table-filter.js")).enhanceFilters(document);
          (await import("/assets/js/table-sort.js")).enhanceSorting(document);
        }""",
        called("finding_table", site).source,
    )
    shown = page.locator("#finding-by-team tbody tr:visible")
    expect(shown).to_have_count(len(counts))
    page.get_by_role("combobox", name="Rule").first.select_option(rule)
    assert len({*teams}) < len(counts)
    expect(shown).to_have_count(len({*teams}))
    page.get_by_role("button", name="Show all").first.click()
    page.get_by_role("searchbox", name="Search the teams").fill("platform")
    expect(shown).to_have_count(1)
    page.get_by_role("button", name="Show all").first.click()
    page.get_by_role("button", name="Gaps", exact=True).click()
    assert shown.locator("td:nth-child(2)").all_inner_texts() == [str(number) for number in sorted(counts)]

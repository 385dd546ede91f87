"""Macros: what each gives a page, and what is said of a call that is wrong."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jinja2
import pytest
from conftest import ROOT, SET_UPS, Content, golden_site, make_site
from markupsafe import Markup
from rendered import Document, to_html
from rows import each
from web import Html

from macros.gaps import checks, contributions, examples, figures
from macros.gaps.figures import Figure
from macros.handbook import load
from macros.model.kinds import KINDS
from macros.model.values import LANGUAGES
from macros.site import page_macros, pages
from macros.site.page_macros import MACROS, Author
from macros.site.render import Edition
from macros.text import catalogue

each_macro = each(MACROS)
each_language = pytest.mark.parametrize("language", LANGUAGES)

FILTERS = ("data-state", "data-type", "data-tier", "data-team")

ARGUMENTS = {"link": ("service", "complete-service"), "add_link": ("service",)}
"""What a macro must be given, of the organisation in tests/golden/data/."""

POINTS = """\
pain_points:
  - {id: a, what: Low, impact: low, since: 2024-01}
  - {id: b, what: High without a day, impact: high}
  - {id: c, what: Solved, impact: high, state: solved}
  - {id: d, what: High and late, impact: high, since: 2026-04-17}
"""


@cache
def golden(language: str) -> Edition:
    return golden_site(language)


@cache
def addresses() -> frozenset[str]:
    """The address of every page, generated or hand-written."""
    docs = ROOT / "docs"
    uris = [path.relative_to(docs).as_posix() for path in docs.rglob("*.md")]
    uris += [page.uri for page in pages.pages(golden("en"))]
    uris += [f"contribute/data/{kind}/" for kind in KINDS]
    return frozenset(re.sub(r"(?<=/)index\.md$|^index\.md$", "", uri).replace(".md", "/") for uri in uris)


def called(name: str, site: Edition, address: str = "", *arguments: object) -> Html:
    """What a macro gives a page at `address`."""
    return Html(str(MACROS[name](Author(site, address), *(arguments or ARGUMENTS.get(name, ())))))


def text_of(name: str, site: Edition) -> str:
    return Document(MACROS[name](Author(site, ""), *ARGUMENTS.get(name, ()))).text


def faults(text: str, site: Edition | None = None) -> list[str]:
    """What is wrong with the calls of a page."""
    found = page_macros.check_page(text.encode(), "docs/a.md", Author(site or golden("en"), "a/"), make=True)
    return [str(problem) for problem in found]


def table(name: str, site: Edition) -> list[list[str]]:
    """The rows of a macro's table, below its head, as the texts of their cells."""
    return rows_of(MACROS[name](Author(site, ""), *ARGUMENTS.get(name, ())))


def rows_of(html: Markup) -> list[list[str]]:
    rows: list[list[str]] = []
    for element in Html(str(html)).elements:
        if element.tag == "tr":
            rows.append([])
        elif element.attributes.get("role") in ("cell", "rowheader"):
            rows[-1].append(" ".join(element.text.split()))
    return list(filter(None, rows))


@each_language
@each_macro
def test_a_macro_gives_a_page_something(name: str, language: str) -> None:
    assert text_of(name, golden(language))


@each_language
@each_macro
def test_a_macro_works_with_the_smallest_data(name: str, language: str, tmp_path: Path) -> None:
    arguments = {**ARGUMENTS, "link": ("team", "payments")}.get(name, ())
    html = MACROS[name](Author(make_site(tmp_path, language=language), ""), *arguments)
    assert bool(html) == (name != "illustration")


@each_macro
def test_a_macro_speaks_the_language_of_its_edition(name: str) -> None:
    assert called(name, golden("en")).elements != called(name, golden("ja")).elements


@each_macro
@pytest.mark.parametrize("address", ["", "services/", "contribute/macros/"])
def test_links_lead_from_the_page_that_the_macro_stands_on(name: str, address: str) -> None:
    html = called(name, golden("en"), address)
    places = {it.attributes.get("id") for it in html.elements}
    for link in html.all("a"):
        way = link.attributes.get("href") or link["xlink:href"]
        if way.startswith("#"):
            assert way.removeprefix("#") in places
        elif "://" not in way:
            path = unquote(re.split("[?#]", way)[0])
            target = posixpath.normpath(posixpath.join(address, path))
            assert {target, f"{target}/"} & addresses(), target


@each_macro
def test_a_macro_is_described_in_one_sentence(name: str) -> None:
    described = catalogue.first_line(MACROS[name])
    assert described[0].isupper()
    assert described.endswith(".")
    assert ". " not in described


def test_a_link_has_the_name_of_the_entity_or_a_text(tmp_path: Path) -> None:
    author = Author(make_site(tmp_path), "services/")
    assert page_macros.link(author, "team", "payments") == '<a href="../teams/payments/">Payments</a>'
    assert page_macros.link(author, "team", "payments", "<us>") == '<a href="../teams/payments/">&#60;us&#62;</a>'


def test_what_has_no_page_is_named_without_a_link(tmp_path: Path) -> None:
    assert page_macros.link(Author(make_site(tmp_path), ""), "organisation", "organisation") == "Example"


def test_services_come_by_tier_and_those_without_one_last(tmp_path: Path) -> None:
    tiers = {"b": "tier: 2\n", "a": "tier: 2\n", "c": "", "d": "tier: 1\n", "e": "tier: 3\n"}
    files: dict[str, Content] = {
        f"teams/payments/services/{id}.yaml": f"name: {id}\nsummary: S\n{tier}" for id, tier in tiers.items()
    }
    assert [row[0] for row in table("service_table", make_site(tmp_path, files))] == ["dS", "aS", "bS", "eS", "cS"]


def test_journeys_come_by_the_product_of_their_ranking_and_those_without_one_last(tmp_path: Path) -> None:
    rankings = {
        "a": "ranking: {impact: 3, frequency: 1, visibility: 1}\n",
        "b": "ranking: {impact: 2, frequency: 2, visibility: 1}\n",
        "c": "",
    }
    files: dict[str, Content] = {
        f"teams/payments/journeys/{id}.yaml": f"name: {id}\nuser: U\ngoal: G\nsteps: [{{what: S}}]\n{ranking}"
        for id, ranking in rankings.items()
    }
    assert [row[0] for row in table("journey_table", make_site(tmp_path, files))] == ["bU", "aU", "cU"]


def test_the_quickest_wins_come_first(tmp_path: Path) -> None:
    rest = "summary: S\nshows: S\naudience: A\nsteps: [A, B, C]\ndone_when: D\nleads_to: L\n"
    files: dict[str, Content] = {
        f"quick-wins/{id}.yaml": f"name: {id}\ndays: {days}\n{rest}" for id, days in {"a": 3, "b": 1, "c": 3}.items()
    }
    assert [row[0] for row in table("quick_win_table", make_site(tmp_path, files))] == ["bS", "aS", "cS"]


@pytest.mark.parametrize(
    ("name", "file", "content"),
    [
        ("team_table", "teams/payments/team.yaml", "name: Payments\nchannel: x\n"),
        ("service_table", "teams/payments/services/till.yaml", "name: Till\nsummary: S\n"),
    ],
)
@pytest.mark.parametrize(
    ("more", "state"),
    [
        ("", ["gaps"]),
        ("pain_points: [{id: a, what: A}]\n", ["pain", "gaps"]),
        ("pain_points: [{id: a, what: A, state: solved}]\n", ["gaps"]),
    ],
)
def test_a_reader_can_filter_by_state(
    name: str, file: str, content: str, more: str, state: list[str], tmp_path: Path
) -> None:
    (row,) = [
        it
        for it in called(name, make_site(tmp_path, {file: content + more})).all("tr")
        if "data-state" in it.attributes
    ]
    assert row["data-state"].split() == state


@each_language
@pytest.mark.parametrize("name", ["team_table", "service_table"])
def test_every_row_is_found_by_what_a_reader_can_choose(name: str, language: str) -> None:
    html = called(name, golden(language))
    options = {it["value"] for it in html.all("option")}
    rows = [it.attributes for it in html.all("tr") if "data-state" in it.attributes]
    assert rows
    for row in rows:
        chosen = [value for key, values in row.items() if key in FILTERS for value in values.split()]
        assert set(chosen) <= options


def test_the_set_ups_list_who_is_one_and_who_has_one(tmp_path: Path) -> None:
    team = "name: {0}\nchannel: x\n{1}"
    files: dict[str, Content] = {
        **SET_UPS,
        "teams/a/team.yaml": team.format("A", "sre_set_up: {is: enabling}\n"),
        "teams/b/team.yaml": team.format("B", "sre_set_up: {has: embedded, is: enabling}\n"),
    }
    html = called("set_up_table", make_site(tmp_path, files))
    assert [it.text.split("\n")[1:] for it in html.all("li")] == [
        ["Enabling SRE", "", "Helps teams to help themselves", "Teams of this type: A, B", ""],
        ["Embedded SRE", "", "Works on one team's problem from inside", "Teams that use it: B", ""],
        ["Platform SRE", "", "Builds what every team uses", ""],
    ]
    assert html.all("p")[-1].text == "No set-up stated: Payments"


@pytest.mark.parametrize(("most", "shown"), [(0, 3), (1, 1), (2, 2), (9, 3)])
def test_the_worst_pain_points_come_first(most: int, shown: int, tmp_path: Path) -> None:
    site = make_site(tmp_path, {"teams/payments/team.yaml": f"name: Payments\nchannel: x\n{POINTS}"})
    rows = called("pain_point_table", site, "", most).all("th", scope="row")
    assert [it.text for it in rows] == ["High and late", "High without a day", "Low"][:shown]


@pytest.mark.parametrize(("language", "other"), [("en", "ja"), ("ja", "en")])
def test_the_name_of_a_term_in_the_other_language_is_marked_with_it(language: str, other: str) -> None:
    site = golden(language)
    marked = " ".join(it.text for it in called("glossary_list", site).all("span", lang=other))
    names = [getattr(it.name, other) for it in site.handbook.terms if getattr(it.name, other)]
    assert names
    assert [it for it in names if it not in marked] == []


def test_requirements_come_with_target_measurement_and_state(tmp_path: Path) -> None:
    needs = (
        "non_functional_requirements: [{id: a, what: Fast, target: 1 s, state: met}, {id: b, what: Up, measured: X}]"
    )
    files: dict[str, Content] = {"teams/payments/services/till.yaml": f"name: Till\nsummary: S\n{needs}\n"}
    assert table("requirement_table", make_site(tmp_path, files)) == [
        ["Fast", "Till", "1 s", "nowhere yet", "met"],
        ["Up", "Till", "none yet", "X", "not measured"],
    ]


def test_every_finding_is_in_the_table_with_its_rule_and_place() -> None:
    site = golden("en")
    rows = [(rule, place.removesuffix(" Edit")) for _, _, rule, place in table("finding_table", site)]
    expected = [(it.rule, f"{it.path.rpartition('/')[2]}:{it.line}") for it in site.findings]
    assert sorted(rows) == sorted(expected)


def test_every_accepted_gap_is_in_a_table_with_its_reason_and_its_day() -> None:
    assert [row[1:] for row in table("accepted_table", golden("en"))] == [
        ["Complete checklist", "obvious-item", "organisation.yaml:46 Edit", "Turned off for everyone", "–"],
        ["Complete", "runbook-url-leads-nowhere", "team.yaml:149 Edit", "Accepted for an alert", "–"],
        [
            "Tier 1, blind",
            "service-without-requirement",
            "tier-1-blind.yaml:10 Edit",
            "Accepted until a day",
            "2027-01-31",
        ],
    ]


def test_figures_say_what_is_accepted() -> None:
    shown = text_of("coverage_figures", golden("en"))
    assert "Tier-1 and tier-2 services with a non-functional requirement 2 of 4, 1 accepted" in shown
    assert shown.count("accepted") == 2
    assert "、許容 1 件" in text_of("coverage_figures", golden("ja"))


def test_where_nothing_is_accepted_the_page_says_so(tmp_path: Path) -> None:
    assert text_of("accepted_table", make_site(tmp_path)) == "No gap is accepted."


def test_an_accepted_gap_of_alerts_is_not_called_whole(tmp_path: Path) -> None:
    playbook = "name: P\nservice: till\n"
    accepted = "accepted: [{gap: playbook-that-no-alert-leads-to, why: x}, {gap: playbook-without-steps, why: x}]\n"
    files: dict[str, Content] = {"teams/payments/services/till.yaml": "name: Till\nsummary: S\n"}
    whole = "Every playbook has an alert"
    assert whole in text_of("alert_coverage", make_site(tmp_path / "without", files))
    files["teams/payments/playbooks/one.yaml"] = playbook + accepted
    assert whole not in text_of("alert_coverage", make_site(tmp_path / "with", files))


def test_a_gap_of_what_has_no_page_names_its_file(tmp_path: Path) -> None:
    nothing = "accepted: [{gap: service-without-tier, why: x}]\n"
    files: dict[str, Content] = {
        "teams/payments/alerts/other.yaml": f"source: S\nalerts: [{{name: Late, urgency: ticket}}]\n{nothing}",
        "organisation.yaml": f"name: Example\nlanguage: en\n{nothing}",
    }
    rows = table("finding_table", make_site(tmp_path, files))
    assert {row[1] for row in rows if row[2] == "acceptance-of-nothing"} == {"other.yaml", "Example"}


def test_every_finding_is_edited_at_the_host_of_the_repository() -> None:
    site = golden("en")
    links = [unquote(it["href"]) for it in called("finding_table", site).all("a", "edit")]
    assert sorted(links) == sorted(
        f"https://git.example.com/sre/handbook/-/edit/trunk/{it.path}" for it in site.findings
    )


def test_without_a_repository_a_finding_has_its_whole_path(tmp_path: Path) -> None:
    html = called("finding_table", make_site(tmp_path))
    assert html.all("a", "edit") == []
    places = [it.text for it in html.all("code") if "/" in it.text]
    assert places == ["data/teams/payments/team.yaml:1"] * 2


@each_language
def test_the_reader_can_choose_every_team_area_and_rule_that_has_findings(language: str) -> None:
    site = golden(language)
    html = called("finding_table", site)
    rows = [it for it in html.all("tr") if "data-row" in it.attributes]
    assert len(rows) == len(site.findings)
    assert {it["value"] for it in html.all("option")} - {""} == {
        value for row in rows for value in (row["data-team"], row["data-rule"], *row["data-area"].split())
    }
    groups = [it for it in html.all("details") if "data-group" in it.attributes]
    assert len(groups) == len({it.team for it in site.findings})


@pytest.mark.parametrize("macro", ["finding_table", "service_table", "checklist_table"])
def test_a_choice_in_the_other_language_says_so(macro: str) -> None:
    html = called(macro, golden("en"))
    choices = [it for it in html.all("option") if it["value"] == "japanese-only"]
    assert [it["lang"] for it in choices] == ["ja"]
    assert {it.attributes.get("lang") for it in html.all("option") if it["value"] == "complete"} == {None}


def gaps_listed(site: Edition, team: str, name: str) -> int:
    """How many gaps the list has of a team, or of all, in an area or a figure."""
    rows = [it.attributes for it in called("finding_table", site).all("tr") if "data-row" in it.attributes]
    return sum(team in ("", row["data-team"]) and name in row["data-area"].split() for row in rows)


def tone(area: Figure) -> str:
    """How an area looks."""
    return "good" if not area.gaps else "some" if 2 * area.done >= area.total else "bad"


def asked(way: str) -> tuple[str, str]:
    """The team and the area that a way to the list asks for."""
    assert urlsplit(way).fragment == "finding-list"
    query = dict(parse_qsl(urlsplit(way).query))
    return query.get("team", ""), query["area"]


@each_language
def test_each_team_has_its_areas_with_the_way_to_the_gaps_that_are_missing(language: str) -> None:
    site = golden(language)
    table = called("coverage_map", site, "coverage/")
    options = [it["value"] for it in called("finding_table", site).all("option")]
    ways = iter(it["href"] for it in table.all("a"))
    cells = iter(table.all("td"))
    for group in [[], *figures.worst_first(site.handbook)]:
        team = "".join(team.id for team in group)
        assert not team or next(ways) == f"../teams/{team}/"
        for area in figures.by_area(site.handbook, *group):
            cell = next(cells)
            assert cell.classes == ([f"badge--{tone(area)}"] if area.total else [])
            if not area.gaps:
                assert area.total or cell.text == "–"
            elif area.name == "texts":
                assert next(ways) == (f"./#texts-{team}" if team else "./#translations")
            else:
                assert asked(way := next(ways)) == (team, area.name), way
                assert gaps_listed(site, team, area.name) == area.gaps
                assert area.name in options
    assert not [*ways, *cells]


def test_the_worst_come_first_and_many_teams_stand_in_groups(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "teams/shop/team.yaml": "name: Shop\nchannel: x\n",
        **{f"teams/shop/services/s{number}.yaml": "name: S\nsummary: S\ntier: 1\n" for number in range(50)},
    }
    for number in range(40):
        files[f"teams/t{number}/team.yaml"] = f"name: {{en: T{number}, ja: T}}\nchannel: x\nmission: {{en: M, ja: M}}\n"
    html = called("coverage_map", make_site(tmp_path, files), "coverage/")
    names = [it.text for it in html.all("th", scope="row")]
    assert names == ["All", "Shop", "Payments, T0, T1, T10, T11, T12, 35 more"]
    assert [it.text for it in html.all("th", scope="col")][:3] == ["Team", "Teams and on-call", "Services"]
    cells = [it.text for it in html.all("td")]
    assert cells[:3] == ["40/43", "0 %", "0/50"]
    assert cells[7:10] == ["0/2", "0 %", "0/50"]
    assert cells[-7:-5] == ["40/41", "–"]
    assert html.all("tr")[-1].text.count("%") == 1  # of a hundred texts and more
    assert [it["href"] for it in html.all("a")][-1] == "../teams/"


def test_each_figure_leads_to_its_gaps() -> None:
    site = golden("en")
    found = {figure.name: figure for figure in figures.by_team(site.handbook)[""]}
    ways = [it["href"] for it in called("coverage_figures", site, "coverage/").all("a")]
    missing = [figure for figure in found.values() if figure.gaps]
    assert len(ways) == len(missing) > 10
    for way, figure in zip(ways, missing, strict=True):
        if figure.name.startswith("texts"):
            assert way == "./#translations"
        else:
            assert asked(way) == ("", figure.name)
            assert gaps_listed(site, "", figure.name) == figure.gaps


COMPLETE_TEAM = (
    'name: {en: Pay, ja: 決済}\nchannel: "#p"\nmission: {en: M, ja: M}\n'
    "contacts: [{role: {en: R, ja: R}, channel: x}]\ndashboard_review: {every: weekly}\n"
)


@pytest.mark.parametrize("name", ["finding_table", "missing_translations", "next_contributions"])
def test_where_nothing_is_missing_a_macro_says_so(name: str, tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "organisation.yaml": "name: {en: Example, ja: 例}\nlanguage: en\n",
        "teams/payments/team.yaml": COMPLETE_TEAM,
        "teams/payments/services/till.yaml": "name: {en: T, ja: T}\nsummary: {en: S, ja: S}\ntier: 3\n",
    }
    html = called(name, make_site(tmp_path, files))
    assert len(html.all("p", "note--good")) == 1
    assert not html.all("table")


def test_a_contribution_has_its_minutes_its_place_and_its_way_to_edit(tmp_path: Path) -> None:
    repository = "repository: {address: https://git.example/h, host: github, branch: main}\n"
    files: dict[str, Content] = {
        "organisation.yaml": f"name: {{en: E, ja: 例}}\nlanguage: en\n{repository}",
        "teams/payments/team.yaml": COMPLETE_TEAM.replace("mission: {en: M, ja: M}\n", ""),
        "teams/payments/alerts/other.yaml": "source: S\nalerts: [{name: Wakes, urgency: page}]\n",
    }
    site = make_site(tmp_path, files)
    rows = [(row[0].partition(" ")[0], *row[1:]) for row in table("next_contributions", site)]
    assert rows == [
        (
            "Write",
            "It pages on-call without instructions paging alert",
            "Pay",
            "45 min",
            "other.yaml:2 → New file",
        ),
        ("Pay", "It is what newcomers ask first not written down", "Pay", "10 min", "team.yaml:1 Edit"),
        ("Add", "The handbook has no service of Pay not written down", "Pay", "20 min", "team.yaml:1 → New file"),
    ]
    html = called("next_contributions", site)
    assert [it.text for it in html.all("span", "badge--bad")] == ["paging alert"]
    links = {it.attributes.get("aria-label", ""): it["href"] for it in html.all("a", "edit")}
    assert links["Edit team.yaml"] == "https://git.example/h/edit/main/data/teams/payments/team.yaml"
    new = links["New file data/teams/payments/services/payments-service.yaml"]
    assert new.startswith(
        "https://git.example/h/new/main?filename=data%2Fteams%2Fpayments%2Fservices%2Fpayments-service.yaml&value=%23%20"
    )
    assert "New file data/teams/payments/playbooks/wakes.yaml" in links


def test_those_for_a_first_time_are_fit_for_it_and_each_another() -> None:
    site = golden("en")
    chosen = table("next_contributions", site)
    assert sum(row[0].endswith("good first contribution") for row in chosen) >= 3
    fit = [it for it in contributions.ranked(site.handbook) if it.task.first]
    shown = [row[0] for row in rows_of(page_macros.next_contributions(Author(site, ""), most=4, first=True))]
    first = [it for it in fit if str(it.what) in shown]
    assert len(shown) == len(first) == len({it.name for it in first}) == 4


def test_texts_in_one_language_stand_by_team_with_key_and_place(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "organisation.yaml": "name: Example\nlanguage: en\n",
        "teams/payments/team.yaml": "name: {en: Pay, ja: 決済}\nchannel: x\nmission: {ja: 入金}\n",
    }
    site = replace(make_site(tmp_path, files), untranslated=("docs/a/index.md",))
    html = called("missing_translations", site)
    assert [" ".join(it.text.split()) for it in html.all("summary")] == [
        "Shared content 1 must be in both languages",
        "Pay 1",
        "Pages without a translation 1",
    ]
    assert table("missing_translations", site) == [
        ["name", "Example", "Japanese", "1"],
        ["mission", "入金", "English", "3"],
    ]
    captions = [it.text.strip() for it in html.all("caption")]
    assert captions == ["data/organisation.yaml", "data/teams/payments/team.yaml"]
    assert [it["lang"] for it in html.all("span") if "lang" in it.attributes] == ["en", "ja"]
    assert [it.text for it in html.all("li")] == ["docs/a/index.md → docs/a/index.ja.md"]


def test_figures_count(tmp_path: Path) -> None:
    files: dict[str, Content] = {"teams/shop/team.yaml": "name: Shop\nchannel: x\nmission: M\n"}
    assert text_of("coverage_figures", make_site(tmp_path, files)).startswith("Teams with a mission 1 of 2 ")


def test_the_main_figures_come_in_their_order_and_each_is_one_link() -> None:
    html = Html(str(page_macros.coverage_figures(Author(golden("en"), ""), main=True)))
    assert [(link.text, link["href"]) for link in html.all("a")] == [
        ("Paging alerts with a playbook", "coverage/?area=paging-alert-without-playbook#finding-list"),
        ("Playbooks that were drilled or used in the last 120 days", "coverage/#figures"),
        ("Journeys with an SLO", "coverage/?area=journey-without-slo#finding-list"),
        ("Tier-1 and tier-2 services with metrics and alerts", "coverage/?area=blind-service#finding-list"),
        ("Teams with a tier-1 service and an on-call rota", "coverage/#figures"),
    ]


@pytest.mark.parametrize(("examples", "columns"), [("", 3), ("      examples: [All is dark]\n", 4)])
def test_severities_without_an_example_have_no_empty_column(examples: str, columns: int, tmp_path: Path) -> None:
    organisation = (
        "name: Example\nlanguage: en\nincidents:\n  channel: x\n  declare: D\n  severities:\n"
        f"    - {{id: sev-1, name: SEV-1, what: Bad}}\n    - id: sev-2\n      name: SEV-2\n      what: W\n{examples}"
    )
    site = make_site(tmp_path, {"organisation.yaml": organisation})
    heads = [it for it in called("severity_table", site).elements if it.attributes.get("role") == "columnheader"]
    assert len(heads) == columns
    assert [len(row) for row in table("severity_table", site)] == [columns, columns]


def test_an_incident_is_declared_where_the_organisation_says(tmp_path: Path) -> None:
    assert text_of("incident_entry", golden("en")) == "#incidents Write what users see"
    assert "organisation.yaml" in text_of("incident_entry", make_site(tmp_path))


CODE = (
    "page-code: a page calls macros with plain values, as in `{{ team_table() }}`, and has no other code; "
    "put braces that are to be seen between `{% raw %}` and `{% endraw %}`"
)
CODES = (
    "{{ cycler.__init__.__globals__.os.mkdir('ran') }}",
    "{{ team_table.__globals__ }}",
    "{{ link('team', 'sparse').__class__ }}",
    "{{ team_table()() }}",
    "{{ team_table }}",
    "{{ config }}",
    "{{ 'words' }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ [].append(1) }}",
    "{{ team_table() | upper }}",
    "{{ team_table() ~ team_table() }}",
    "{{ team_table(), team_table() }}",
    "{{ team_table() if true }}",
    "{{ link('team', team_table()) }}",
    "{{ link(['team'], 'sparse') }}",
    "{{ link('team', 'spar' ~ 'se') }}",
    "{{ link(*'ab') }}",
    "{{ link(**{'kind': 'team'}) }}",
    "{{ link('team', id='sparse', id='sparse') }}",
    "{{ link('team', 'sparse', '\\ud800') }}",
    "{% set id = 'sparse' %}",
    "{% set team_table = config %}",
    "{% if xyz %}{% endif %}",
    "{% for id in ['sparse'] %}{{ link('team', id) }}{% endfor %}",
    "{% include 'index.md' %}",
    "{% import 'index.md' as other %}",
    "{% from 'index.md' import other %}",
    "{% extends 'index.md' %}",
    "{% block a %}{% endblock %}",
    "{% macro other() %}{% endmacro %}",
    "{% call team_table() %}{% endcall %}",
    "{% filter upper %}a{% endfilter %}",
    "{% with %}{% endwith %}",
    "{% autoescape true %}{% endautoescape %}",
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ team_tabel() }}", "unknown-macro: there is no macro `team_tabel`; did you mean `team_table`?"),
        ("{{ xyz() }}", "unknown-macro: there is no macro `xyz`; see /contribute/macros/ for the list"),
        ("{{ link('tem', 'x') }}", "macro-call: there is no kind `tem`; did you mean `team`?"),
        ("{{ link('team', 'spars') }}", "macro-call: there is no team `spars`; did you mean `sparse`?"),
        ("{{ link('team', '{0}') }}", "macro-call: there is no team `{0}`"),
        (
            "{{ link('team') }}",
            "macro-call: missing a required argument: 'id'; the call is link(kind, id, text='')",
        ),
        (
            "{{ link('team', 'sparse', 'a', 'b') }}",
            "macro-call: too many positional arguments; the call is link(kind, id, text='')",
        ),
        (
            "{{ pain_point_table(moost=2) }}",
            "macro-call: got an unexpected keyword argument 'moost'; the call is pain_point_table(most=0)",
        ),
        (
            "{{ pain_point_table('x') }}",
            "template: TypeError: slice indices must be integers or None or have an __index__ method",
        ),
        ("{{ team_table( }}", "template: TemplateSyntaxError: unexpected '}', expected ')'"),
        *((text, CODE) for text in CODES),
    ],
)
@pytest.mark.parametrize(
    ("before", "line"),
    [("", 1), ("# Title\n\n{{ team_table() }}\n\n", 5), ("---\ntitle: A\n---\n\n", 5), ("---\n---\n{# a\n#}\n", 5)],
)
def test_a_call_that_is_wrong_is_a_problem_with_page_and_line(before: str, line: int, text: str, words: str) -> None:
    assert faults(f"{before}{text}\n\n{{{{ illustration() }}}}\n") == [f"docs/a.md:{line}:1: {words}"]


def test_all_faults_of_a_page_come_at_once_and_sorted() -> None:
    text = "{{ link('team', 'none') }}\n{{ xyz() }} {{ team_table(1) }}\n\n{{ 1 / 0 }}{{ pain_point_table('x') }}\n"
    assert [line.split(": ")[:2] for line in faults(text)] == [
        ["docs/a.md:1:1", "macro-call"],
        ["docs/a.md:2:1", "macro-call"],
        ["docs/a.md:2:1", "unknown-macro"],
        ["docs/a.md:4:1", "page-code"],
        ["docs/a.md:4:1", "template"],
    ]


@pytest.mark.parametrize(
    "text", ["{{ pain_point_table(" + "9" * 5000 + ") }}", "{{ " + "not " * 5000 + "1 }}", "{{ '\\N{xyz}' }}"]
)
def test_what_jinja_dies_of_is_a_problem(text: str) -> None:
    assert [line.split(": ")[:2] for line in faults(text)] == [["docs/a.md:1:1", "template"]]


@pytest.mark.parametrize("text", CODES)
def test_the_build_refuses_what_the_check_refuses(text: str) -> None:
    pages = page_macros.PageEnvironment(page_macros.bound_macros(lambda: Author(golden("en"), "")))
    with pytest.raises(jinja2.TemplateSyntaxError, match="a page calls macros with plain values"):
        pages.from_string(text).render(config={}, id="sparse")


def test_the_build_has_a_sandbox_besides() -> None:
    pages = page_macros.PageEnvironment({})
    assert (pages.globals, pages.filters, pages.tests) == ({}, {}, {})
    hostile = super(page_macros.PageEnvironment, pages).from_string("{{ it.__init__.__globals__ }}")
    with pytest.raises(jinja2.exceptions.SecurityError):
        hostile.render(it=pages)


@pytest.mark.parametrize("text", ["# {{ team_table() }}\n", "\n# A {{ link(\n'team', 'sparse') }}\n"])
def test_a_heading_that_mkdocs_makes_a_title_of_has_no_call(text: str) -> None:
    line = text.index("#") + 1
    words = "the title can't call a macro; write `title:` into the front matter"
    assert faults(text) == [f"docs/a.md:{line}:1: page-code: {words}"]
    assert faults(f"---\ntitle: A\n---\n{text}") == []


def test_a_fault_in_a_template_of_a_macro_has_its_place() -> None:
    site = golden_site("en")
    site.environment.globals["figures"] = SimpleNamespace()
    assert faults("\n\n{{ coverage_figures() }}\n", site) == [
        "macros/templates/macros/coverage_figures.html.j2:9:1: template: UndefinedError: "
        "'types.SimpleNamespace object' has no attribute 'moves'"
    ]


def test_a_macro_runs_once_for_one_page_with_the_same_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, int]] = []

    def team_table(author: Author, most: int = 0) -> Markup:
        ran.append((author.address, most))
        return Markup("table")

    monkeypatch.setitem(MACROS, "team_table", team_table)
    site = make_site(tmp_path)
    text = b"{{ team_table() }}{{ team_table(1) }}{{ team_table() }}"
    for address in ("a/", "b/", "a/"):
        assert page_macros.check_page(text, "docs/a.md", Author(site, address), make=True) == []
    assert ran == [("a/", 0), ("a/", 1), ("b/", 0), ("b/", 1)]
    # What takes no arguments can't be called wrongly: the check alone doesn't make it.
    assert page_macros.check_page(text, "docs/a.md", Author(site, "c/")) == []
    assert ran[4:] == [("c/", 1)]


def test_a_call_that_is_wrong_is_told_wherever_it_stands(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    text = "{{ link('team', 'zzz') }}\n{{ link('team', 'zzz') }}\n"
    told = [f"docs/a.md:{line}:1: macro-call: there is no team `zzz`" for line in (1, 2)]
    assert faults(text, site) == faults(text, site) == told


def test_a_fault_of_the_program_is_not_blamed_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_macros, "_code", lambda tree: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        faults("{{ team_table() }}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# A\n\n{ } {a} 100 % #\n",
        "---\ntitle: A\ndescription: '{{ xyz }}'\n---\n",
        "{% raw %}{{ xyz() }}{% endraw %}",
        "{# {{ xyz() }} #}",
        "{{- link('team', 'sparse', text='a' 'b') -}}",
        "{% raw %}{% set a = 1 %}{% endraw %}{{ next_contributions(first=true) }}",
        "{{ link(kind='team', id='sparse', text='a') }}",
        "{{ pain_point_table(2) }}{{ pain_point_table(most=2) }}",
    ],
)
def test_a_page_that_is_right(text: str) -> None:
    assert faults(text) == []


@pytest.fixture(scope="module")
def references(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Edition, list[str]]]:
    """A large and a small site, each with all code in its reference of the macros."""
    sites = (golden("en"), make_site(tmp_path_factory.mktemp("small")))
    return [(site, [code.text for code in called("macro_reference", site).all("code")]) for site in sites]


@each_macro
def test_the_example_in_the_reference_is_a_call_that_works(
    name: str, references: list[tuple[Edition, list[str]]]
) -> None:
    for number, (site, codes) in enumerate(references):
        (example,) = [code for code in codes if code.startswith(f"{{{{ {name}(") and code.endswith(") }}")]
        assert faults(f"{example}\n", site) == [], number


def test_an_example_that_is_long_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        page_macros, "LONGEST_EXAMPLE", len(MACROS["link"](Author(golden("en"), ""), *ARGUMENTS["link"]))
    )
    found = called("macro_reference", golden("en"))
    assert 0 < len(found.all("details", "more")) < 10
    assert len(found.all("h2")) >= len(MACROS)


@pytest.mark.parametrize(
    ("name", "signature"),
    [
        ("link", "link(kind, id, text='')"),
        ("team_table", "team_table()"),
        ("pain_point_table", "pain_point_table(most=0)"),
    ],
)
def test_a_signature_is_what_an_author_writes(name: str, signature: str) -> None:
    assert page_macros.signature(MACROS[name]) == signature


def test_the_rules_of_loading_and_of_checks_are_in_one_reference() -> None:
    words = {True: "problem", False: "gap"}
    expected = [(check.name, words[check.stops]) for check in checks.CHECKS]
    expected += [(name, "problem") for name in load.RULES]
    html = called("rule_reference", golden("en"))
    names = [it["id"] for it in html.all("h3")]
    assert list(zip(names, [it.text for it in html.all("span", "badge")], strict=True)) == expected
    assert [it["href"].removeprefix("#") for it in html.all("a") if it["href"].removeprefix("#") in names] == names


def test_a_rule_stands_with_the_lines_of_its_example() -> None:
    html = called("rule_reference", golden("en"))
    rules = [rule for rule in [it["id"] for it in html.all("h3")] if examples.example(rule)]
    shown = [it.text for it in html.all("pre")]
    assert shown == [
        snippet.text for found in map(examples.example, rules) if found for snippet in (*found["bad"], *found["good"])
    ]


def test_the_reference_has_every_kind() -> None:
    assert [it["id"] for it in called("kind_reference", golden("en")).all("tr", role="row")[1:]] == list(KINDS)


def published(site: Edition) -> dict[str, Callable[..., Any]]:
    """What a page can call."""
    return page_macros.bound_macros(lambda: Author(site, "slos/"))


def test_all_macros_are_published_to_pages() -> None:
    calls = published(golden("en"))
    assert calls.keys() == MACROS.keys()
    assert calls["link"]("team", "sparse") == '<a href="../teams/sparse/">Sparse</a>'


def test_a_block_that_a_macro_makes_does_not_pass_markdown() -> None:
    site = golden("en")
    source = "Before\n\n{{ team_table() }}\n\n- {{ link('team', 'sparse') }}\n"
    page = page_macros.PageEnvironment(published(site)).from_string(source).render()
    assert "<table" not in page
    table = MACROS["team_table"](page_macros.Author(site, "slos/"))
    link = '<a href="../teams/sparse/">Sparse</a>'
    made = page_macros.put_back(site, to_html(page))
    assert made.split() == f"<p>Before</p>\n{table}\n<ul>\n<li>{link}</li>\n</ul>".split()


def test_a_comment_of_an_author_is_no_block_of_a_macro(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    assert page_macros.put_back(site, "a<!--macro 7-->b<!-- macro 0 -->c") == "ab<!-- macro 0 -->c"


def test_a_fault_that_comes_between_the_check_and_the_build_stops_the_build() -> None:
    page = page_macros.PageEnvironment(published(golden("en"))).from_string("{{ link('team', 'none') }}")
    with pytest.raises(ValueError, match=r"^there is no team `none`$"):
        page.render()


def test_what_the_check_of_a_page_made_is_not_made_again() -> None:
    made = []

    def macro(author: Author, text: str) -> Markup:
        made.append(text)
        return Markup(text)

    author = Author(golden("en"), "here/")
    results = [page_macros.called(author, macro, given, {}) for given in (["a"], ("a",), ("b",))]
    assert (results, made) == (["a", "a", "b"], ["a", "b"])

"""What changed lately: which files are told of and under which names, what is new of it, and its page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Content, make_handbook, make_site
from rendered import Document
from web import Html

from macros.handbook import news
from macros.handbook.news import DAYS, MOST, Guide, NewsItem
from macros.model.values import Text
from macros.site import page_macros
from macros.site.page_macros import Author
from macros.site.render import Edition
from macros.sources.history import UNKNOWN, Change, History

TODAY = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAGE, TRANSLATION = "docs/slos/index.md", "docs/slos/index.ja.md"
GUIDES = {PAGE: Guide("slos/", Text(en="SLOs", ja="SLO"))}
TEAM = "data/teams/payments/team.yaml"
TILL = "data/teams/payments/services/till.yaml"

FILES: dict[str, Content] = {
    "checklists/new-sre.yaml": (
        "name: New SRE\npurpose: Knows the way\nsections: [{id: a, name: A, items: [{id: b, do: Ask}]}]\n"
    ),
    "glossary.yaml": "terms: [{id: sli, name: SLI, definition: A measure}]\n",
    "teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\n",
    "teams/payments/checklists/new-sre.yaml": "owner: The lead\n",
    "teams/payments/alerts/till.yml": "groups: []\n",
    "teams/payments/alerts/bank.yaml": "source: Bank\nalerts: [{name: NoAnswer}]\n",
}


def at(days_ago: int) -> Change:
    """A change so many days before today; its name says when it was."""
    when = TODAY - timedelta(days=days_ago)
    return Change(int(when.timestamp()), f"{when:%m%d%H}{'0' * 34}")


def known(changed: dict[str, int], added: dict[str, int] | None = None) -> History:
    """A history: how many days ago files changed, and came in."""
    return History(
        last_changed={path: at(days_ago) for path, days_ago in changed.items()},
        added={path: at(days_ago) for path, days_ago in (added or {}).items()},
    )


def lately(folder: Path, history: History) -> list[NewsItem]:
    return news.lately(make_handbook(folder, FILES), history, GUIDES)


def told(items: list[NewsItem]) -> list[tuple[str, str, str, str]]:
    """What changed: its kind, its name, the team and where that leads."""
    named = [(item, item.name or item.label) for item in items]
    return [
        (item.kind, name.en or "" if isinstance(name, Text) else str(name), item.team, item.address)
        for item, name in named
    ]


@pytest.mark.parametrize(
    ("path", "name", "kind", "team", "address"),
    [
        (TEAM, "Payments", "team", "payments", "teams/payments/"),
        (TILL, "Till", "service", "payments", "services/till/"),
        ("data/checklists/new-sre.yaml", "New SRE", "checklist", "", "checklists/new-sre/"),
        (
            "data/teams/payments/checklists/new-sre.yaml",
            "New SRE",
            "team-checklist",
            "payments",
            "teams/payments/checklists/new-sre/",
        ),
        ("data/teams/payments/alerts/till.yml", "till.yml", "alerts", "payments", "teams/payments/"),
        ("data/teams/payments/alerts/bank.yaml", "bank.yaml", "alerts", "payments", "teams/payments/"),
        ("data/glossary.yaml", "glossary", "glossary", "", "glossary/"),
        ("data/organisation.yaml", "Example", "organisation", "", ""),
        (PAGE, "SLOs", "page", "", "slos/"),
    ],
)
def test_a_file_is_told_of_as_readers_know_it(
    path: str, name: str, kind: str, team: str, address: str, tmp_path: Path
) -> None:
    assert told(lately(tmp_path, known({path: 1}))) == [(kind, name, team, address)]


@pytest.mark.parametrize("path", ["macros/load.py", "README.md", "data/README.md", "data/quick-wins/gone.yaml"])
def test_what_is_none_of_today_s_pages_is_not_told_of(path: str, tmp_path: Path) -> None:
    assert lately(tmp_path, known({path: 1}, {path: 1})) == []


def test_a_thing_is_there_once_and_the_newest_change_comes_first(tmp_path: Path) -> None:
    items = lately(tmp_path, known({TILL: 3, PAGE: 1, TEAM: 2}, {TILL: 5}))
    assert [(item.kind, item.change) for item in items] == [("page", at(1)), ("team", at(2)), ("service", at(3))]


@pytest.mark.parametrize(
    ("days_ago", "is_new"),
    [(1, True), (2, False), (DAYS + 1, False), (None, False)],
)
def test_a_thing_is_new_on_the_day_on_which_it_came_in(days_ago: int | None, is_new: bool, tmp_path: Path) -> None:
    (item,) = lately(tmp_path, known({TILL: 1}, {} if days_ago is None else {TILL: days_ago}))
    assert item.is_new == is_new


@pytest.mark.parametrize(
    ("changed", "added", "day", "is_new"),
    [
        ({PAGE: 3}, {}, 3, False),
        ({PAGE: 3, TRANSLATION: 2}, {}, 2, False),
        ({PAGE: 300, TRANSLATION: 2}, {TRANSLATION: 2}, 2, False),
        ({PAGE: 3, TRANSLATION: 2}, {PAGE: 3, TRANSLATION: 2}, 2, False),
        ({PAGE: 2, TRANSLATION: 2}, {PAGE: 2, TRANSLATION: 2}, 2, True),
    ],
)
def test_a_translation_belongs_to_its_page(
    changed: dict[str, int], added: dict[str, int], day: int, is_new: bool, tmp_path: Path
) -> None:
    (item,) = lately(tmp_path, known(changed, added))
    assert (item.address, item.change, item.is_new) == ("slos/", at(day), is_new)


@pytest.mark.parametrize(("days_ago", "is_shown"), [(0, True), (DAYS, True), (DAYS + 1, False), (-1, True)])
def test_the_list_reaches_back_so_many_days(days_ago: int, is_shown: bool, tmp_path: Path) -> None:
    assert bool(lately(tmp_path, known({TILL: days_ago}))) == is_shown
    assert news.since(make_handbook(tmp_path)).isoformat() == "2026-08-26"


def page(folder: Path, history: History, language: str = "en", more: str = "") -> str:
    """The list as a page shows it."""
    files = {**FILES, "organisation.yaml": f"name: Example\nlanguage: en\n{more}"}
    site = make_site(folder, files, language)
    edition = Edition(site.handbook, (), language, history=history, guides={**GUIDES, **MANY})
    return str(page_macros.MACROS["change_list"](Author(edition, "changes/")))


MANY = {f"docs/many/{number}.md": Guide(f"many/{number}/", Text(en=f"Page {number}")) for number in range(MOST)}
SOME = known({TILL: 1, PAGE: 2, TEAM: 3}, {PAGE: 2})


def rows(html: Html) -> list[list[str]]:
    """The cells of each row of the table, as text."""
    cells = [cell.text for cell in html.elements if cell.attributes.get("role") in {"rowheader", "cell"}]
    return [cells[first : first + 6] for first in range(0, len(cells), 6)]


def test_a_row_leads_to_its_page_its_team_and_its_revision(tmp_path: Path) -> None:
    host = "repository: {address: 'https://github.com/example/handbook'}\n"
    html = Html(page(tmp_path, SOME, more=host))
    assert rows(html) == [
        ["Till", "changed", "2026-11-23", "service", "Payments", "1123120"],
        ["SLOs", "added", "2026-11-22", "page", "Shared content", "1122120"],
        ["Payments", "changed", "2026-11-21", "team", "Payments", "1121120"],
    ]
    commit = f"https://github.com/example/handbook/commit/{at(1).commit}"
    assert [link["href"] for link in html.all("a")][:3] == ["../services/till/", "../teams/payments/", commit]


def test_without_a_repository_a_revision_is_no_link(tmp_path: Path) -> None:
    html = Html(page(tmp_path, SOME))
    assert "1123120" in [code.text for code in html.all("code")]
    assert not [link for link in html.all("a") if "://" in link["href"]]


def test_every_row_is_found_by_what_a_reader_can_choose(tmp_path: Path) -> None:
    html = Html(page(tmp_path, SOME))
    options = {option["value"] for option in html.all("option")}
    shown = [row.attributes for row in html.all("tr") if "data-kind" in row.attributes]
    assert {row[name] for row in shown for name in ("data-kind", "data-team", "data-how")} == options - {""}


def test_a_long_list_ends_and_says_so(tmp_path: Path) -> None:
    changed = {**dict.fromkeys(MANY, 1), TILL: 2}
    html = page(tmp_path, known(changed))
    assert len(rows(Html(html))) == MOST
    assert f"The newest {MOST} of {MOST + 1} entries are shown." in Document(html).text
    exact = page(tmp_path, known(dict.fromkeys(MANY, 1)))
    assert len(rows(Html(exact))) == MOST
    assert "are shown." not in Document(exact).text


@pytest.mark.parametrize(
    ("history", "words"),
    [
        (UNKNOWN, "git fetch --unshallow"),
        (known({TILL: DAYS + 9}), "Nothing was added or changed in the last 90 days"),
        (replace(known({TILL: 3}), begins=at(4).day), "Changes before 2026-11-20 are unknown"),
        (SOME, "The last 90 days, since 2026-08-26."),
    ],
)
def test_a_page_says_what_it_shows(history: History, words: str, tmp_path: Path) -> None:
    assert words in Document(page(tmp_path, history)).text


def test_a_history_that_goes_back_far_enough_lacks_nothing(tmp_path: Path) -> None:
    assert "unknown" not in page(tmp_path, replace(SOME, begins=at(DAYS).day))


def test_the_japanese_edition_has_the_same_rows(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "ja").mkdir()
    english, japanese = (Html(page(tmp_path / language, SOME, language)) for language in ("en", "ja"))
    assert [link.attributes for link in english.all("a")] == [link.attributes for link in japanese.all("a")]
    assert rows(japanese)[1][:3] == ["SLO", "追加", "2026-11-22"]

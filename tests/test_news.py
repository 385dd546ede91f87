"""What changed lately: which files are told of, under which names, and how a day's changes come together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Content, make_handbook, make_site
from playwright.sync_api import Page, expect
from rendered import Document
from web import Html

from macros.handbook import news
from macros.handbook.news import DAYS, FEW, MOST, Guide, Lately
from macros.model.values import Text
from macros.site import page_macros
from macros.site.page_macros import Author
from macros.site.render import Edition
from macros.sources.history import UNKNOWN, Change, Commit, FileChange, History, How

TODAY = datetime(2026, 11, 24, 12, tzinfo=UTC)
GUIDES = {"docs/slos/index.md": Guide("slos/", Text(en="SLOs", ja="SLO"))}
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
}


def at(days_ago: int, *files: FileChange, hour: int = 12) -> Commit:
    """A commit so many days before today; its name says when it was."""
    when = TODAY.replace(hour=hour) - timedelta(days=days_ago)
    return Commit(Change(int(when.timestamp()), f"{when:%m%d%H}{'0' * 34}"), files)


def added(path: str) -> FileChange:
    return FileChange(How.ADDED, path)


def changed(path: str) -> FileChange:
    return FileChange(How.CHANGED, path)


def removed(path: str) -> FileChange:
    return FileChange(How.REMOVED, path)


def moved(before: str, path: str) -> FileChange:
    return FileChange(How.MOVED, path, before, edited=False)


def lately(folder: Path, *commits: Commit, whole: bool = True) -> Lately:
    return news.lately(make_handbook(folder, FILES), History(commits, whole), GUIDES)


def told(recent: Lately) -> list[tuple[str, str, str, str]]:
    """What happened, to what, of which team, and where that leads."""
    shown = [(it.how.value, it.name or it.label, it.team, it.address) for it in recent.entries]
    return [(how, name.en or "" if isinstance(name, Text) else str(name), team, to) for how, name, team, to in shown]


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
        ("data/glossary.yaml", "glossary", "glossary", "", "glossary/"),
        ("data/organisation.yaml", "Example", "organisation", "", ""),
        ("docs/slos/index.md", "SLOs", "page", "", "slos/"),
    ],
)
def test_a_file_is_told_of_as_readers_know_it(
    path: str, name: str, kind: str, team: str, address: str, tmp_path: Path
) -> None:
    recent = lately(tmp_path, at(1, changed(path)))
    assert told(recent) == [("changed", name, team, address)]
    assert [it.kind for it in recent.entries] == [kind]


@pytest.mark.parametrize(
    "path",
    [
        "macros/handbook/load.py",
        "docs/assets/css/handbook.css",
        "README.md",
        "data/README.md",
        "data/teams/a/notes/b.yaml",
    ],
)
def test_other_files_are_not_told_of(path: str, tmp_path: Path) -> None:
    recent = lately(tmp_path, at(1, changed(path)))
    assert recent.days == ()


@pytest.mark.parametrize(
    ("path", "name", "team"),
    [
        ("data/teams/payments/playbooks/refunds.yaml", "refunds", "payments"),
        ("data/teams/gone/team.yaml", "gone", "gone"),
        ("data/quick-wins/old.yaml", "old", ""),
        ("data/teams/payments/alerts/old.yml", "old.yml", "payments"),
        ("docs/old/index.md", "old/index.md", ""),
        (TILL, "till", "payments"),
    ],
)
def test_what_was_removed_has_its_old_name_and_no_link(path: str, name: str, team: str, tmp_path: Path) -> None:
    assert told(lately(tmp_path, at(1, removed(path)))) == [("removed", name, team, "")]


def test_what_is_gone_since_has_no_link_either(tmp_path: Path) -> None:
    gone = "data/quick-wins/old.yaml"
    recent = lately(tmp_path, at(1, removed(gone)), at(2, added(gone)))
    assert told(recent) == [("removed", "old", "", ""), ("added", "old", "", "")]


def test_what_stood_where_something_else_stands_now_has_no_link(tmp_path: Path) -> None:
    recent = lately(tmp_path, at(1, FileChange(How.CHANGED, TILL, replaced=True)))
    assert told(recent) == [("changed", "till", "payments", "")]


def test_a_moved_file_says_where_it_was(tmp_path: Path) -> None:
    before = "data/teams/other/services/till.yaml"
    recent = lately(tmp_path, at(1, moved(before, TILL)))
    assert told(recent) == [("moved", "Till", "payments", "services/till/")]
    assert recent.entries[0].before == before


def test_a_file_that_becomes_another_kind_is_removed_and_added(tmp_path: Path) -> None:
    recent = lately(tmp_path, at(1, moved("data/teams/payments/playbooks/till.yaml", TILL)))
    assert told(recent) == [
        ("added", "Till", "payments", "services/till/"),
        ("removed", "till", "payments", ""),
    ]


PAGE, TRANSLATION = "docs/slos/index.md", "docs/slos/index.ja.md"


@pytest.mark.parametrize(
    ("files", "how", "translation"),
    [
        ([changed(PAGE)], "changed", False),
        ([changed(PAGE), changed(TRANSLATION)], "changed", False),
        ([changed(TRANSLATION)], "changed", True),
        ([added(TRANSLATION)], "changed", True),
        ([removed(TRANSLATION)], "changed", True),
        ([added(TRANSLATION), added(PAGE)], "added", False),
        ([added(PAGE), added(TRANSLATION)], "added", False),
    ],
)
def test_a_translation_belongs_to_its_page(
    files: list[FileChange], how: str, translation: bool, tmp_path: Path
) -> None:
    (entry,) = lately(tmp_path, at(1, *files)).entries
    assert (entry.how.value, entry.translation, entry.address) == (how, translation, "slos/")


@pytest.mark.parametrize(
    ("newer", "older", "expected"),
    [
        (changed(TILL), changed(TILL), ["changed"]),
        (changed(TILL), added(TILL), ["added"]),
        (moved("data/teams/a/services/till.yaml", TILL), added(TILL), ["added"]),
        (changed(TILL), moved("data/teams/a/services/till.yaml", TILL), ["moved"]),
        (removed(TILL), changed(TILL), ["removed"]),
        (removed(TILL), added(TILL), []),
        (added(TILL), removed(TILL), ["changed"]),
    ],
)
def test_the_changes_of_a_day_are_one(
    newer: FileChange, older: FileChange, expected: list[str], tmp_path: Path
) -> None:
    recent = lately(tmp_path, at(1, newer, hour=15), at(1, older, hour=9))
    assert [it.how.value for it in recent.entries] == expected
    assert {it.change.revision for it in recent.entries} <= {"1123150"}


def test_changes_of_two_days_are_two(tmp_path: Path) -> None:
    recent = lately(tmp_path, at(1, changed(TILL)), at(2, added(TILL)))
    assert [day.day.isoformat() for day in recent.days] == ["2026-11-23", "2026-11-22"]
    assert [it.how.value for it in recent.entries] == ["changed", "added"]


def test_days_come_in_order_whatever_the_clock_of_a_committer(tmp_path: Path) -> None:
    recent = lately(tmp_path, at(3, changed(TILL)), at(1, changed(TEAM)), at(3, changed(TEAM)))
    assert [(day.day.day, len(day.bunches)) for day in recent.days] == [(23, 1), (21, 2)]


def test_a_day_puts_together_what_happened_to_one_kind(tmp_path: Path) -> None:
    wins = [f"data/quick-wins/w{number}.yaml" for number in range(FEW + 1)]
    files = [changed(TILL), *(added(it) for it in reversed(wins)), changed(wins[0].replace("w0", "z")), added(TEAM)]
    (day,) = lately(tmp_path, at(1, *files)).days
    assert [(bunch[0].how.value, str(bunch[0].label), len(bunch)) for bunch in day.bunches] == [
        ("added", "quick win", FEW + 1),
        ("added", "team", 1),
        ("changed", "quick win", 1),
        ("changed", "service", 1),
    ]
    assert [it.name for it in day.bunches[0]] == [f"w{number}" for number in range(FEW + 1)]


@pytest.mark.parametrize(("days_ago", "shown"), [(0, True), (DAYS, True), (DAYS + 1, False), (-1, True)])
def test_the_list_reaches_back_so_many_days(days_ago: int, shown: bool, tmp_path: Path) -> None:
    recent = lately(tmp_path, at(days_ago, changed(TILL)))
    assert bool(recent.days) == shown
    assert (recent.full, recent.since.isoformat()) == (False, "2026-08-26")


def wins(number: int) -> list[FileChange]:
    return [changed(f"data/quick-wins/w{it}.yaml") for it in range(number)]


def test_a_day_is_shown_whole_and_an_older_one_is_left_out_once_there_is_enough(tmp_path: Path) -> None:
    recent = lately(tmp_path, at(1, *wins(MOST - 1)), at(2, *wins(5)), at(3, changed(TILL)))
    assert len(recent.entries) == MOST + 4
    assert (recent.full, recent.since.isoformat()) == (True, "2026-11-22")
    exact = lately(tmp_path, at(1, *wins(MOST - 1)), at(2, changed(TILL)))
    assert (exact.full, exact.since.isoformat()) == (False, "2026-08-26")


@pytest.mark.parametrize(
    ("commits", "whole", "known_from"),
    [
        ((), False, None),
        ((), True, None),
        ((at(5, changed(TILL)), at(9, changed("README.md"))), False, "2026-11-15"),
        ((at(5, changed(TILL)), at(DAYS + 1, changed(TILL))), False, None),
        ((at(5, changed(TILL)),), True, None),
    ],
)
def test_a_history_that_is_not_whole_is_unknown_from_some_day(
    commits: tuple[Commit, ...], whole: bool, known_from: str | None, tmp_path: Path
) -> None:
    recent = lately(tmp_path, *commits, whole=whole)
    assert (recent.known_from.isoformat() if recent.known_from else None) == known_from


def page(folder: Path, history: History, language: str = "en", more: str = "") -> str:
    """The list as a page shows it."""
    files = {**FILES, "organisation.yaml": f"name: Example\nlanguage: en\n{more}"}
    site = make_site(folder, files, language)
    known = Edition(site.handbook, (), language, history=history, guides=GUIDES)
    return str(page_macros.MACROS["change_list"](Author(known, "changes/")))


SOME = History(
    (
        at(1, changed(TILL), removed("data/teams/gone/services/<b>.yaml"), changed(TRANSLATION)),
        at(2, *wins(FEW + 1), changed(TEAM)),
    ),
    whole=True,
)


def test_an_entry_leads_to_its_page_its_team_and_its_revision(tmp_path: Path) -> None:
    host = "repository: {address: 'https://github.com/example/handbook'}\n"
    html = Html(page(tmp_path, SOME, more=host))
    commit = f"https://github.com/example/handbook/commit/{SOME.commits[0].change.commit}"
    (row,) = [it for it in html.all("li") if it.attributes.get("data-kind") == "service" and "Till" in it.text]
    assert row.text.split() == ["changed", "Till", "service", "·", "Payments", "·", "1123120"]
    assert [it["href"] for it in html.all("a")][:3] == ["../services/till/", "../teams/payments/", commit]


def test_without_a_repository_a_revision_is_no_link(tmp_path: Path) -> None:
    html = Html(page(tmp_path, SOME))
    assert "1123120" in [it.text for it in html.all("code")]
    assert not [it for it in html.all("a") if "://" in it["href"]]


def test_every_entry_is_found_by_what_a_reader_can_choose(tmp_path: Path) -> None:
    html = Html(page(tmp_path, SOME))
    options = {it["value"] for it in html.all("option")}
    rows = [it.attributes for it in html.all("li") if "data-row" in it.attributes]
    assert len(rows) == FEW + 5
    assert {row[name] for row in rows for name in ("data-kind", "data-team", "data-how")} <= options
    assert {"-", "gone", "payments", "page"} <= options


def test_many_entries_fold_behind_their_number(tmp_path: Path) -> None:
    html = Html(page(tmp_path, SOME))
    summary = html.one("summary")
    assert summary.text.split() == ["changed", "quick", "win", str(FEW + 1), "entries"]
    assert "open" not in html.one("details").attributes
    assert "<details" not in page(tmp_path, History((at(2, *wins(FEW)),), whole=True))


def test_names_of_removed_files_are_words(tmp_path: Path) -> None:
    assert "&lt;b&gt;" in page(tmp_path, SOME).replace("&#60;", "&lt;").replace("&#62;", "&gt;")
    assert not Html(page(tmp_path, SOME)).all("b")


@pytest.mark.parametrize(
    ("history", "words"),
    [
        (UNKNOWN, "git fetch --unshallow"),
        (History((at(DAYS + 9, changed(TILL)),), whole=True), "Nothing was added or changed in the last 90 days"),
        (History((at(3, changed(TILL)),), whole=False), "Changes before 2026-11-21 are unknown"),
        (SOME, "The last 90 days, since 2026-08-26."),
        (History((at(1, *wins(MOST)), at(2, changed(TILL))), whole=True), "Since 2026-11-23: at most"),
    ],
)
def test_a_page_says_what_it_shows(history: History, words: str, tmp_path: Path) -> None:
    assert words in Document(page(tmp_path, history)).text


def test_the_japanese_edition_has_the_same_entries(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "ja").mkdir()
    english, japanese = (Html(page(tmp_path / it, SOME, it)) for it in ("en", "ja"))
    assert [it.attributes for it in english.all("a")] == [it.attributes for it in japanese.all("a")]
    assert "日本語版" in japanese.source


def test_a_choice_opens_what_is_folded(open_page: Callable[..., Page], tmp_path: Path) -> None:
    shown = open_page("changes/")
    shown.evaluate(
        """async (html) => {
          document.querySelector("article").innerHTML = html;
          const { enhanceFilters } = await import(new URL("../assets/js/table-filter.js", location));
          enhanceFilters(document);
        }""",
        page(tmp_path, SOME),
    )
    rows, fold = shown.locator("#change-list [data-row]:visible"), shown.locator("#change-list details")
    expect(rows).to_have_count(4)
    shown.locator("select[name=kind]").select_option("quick-win")
    expect(rows).to_have_count(FEW + 1)
    expect(fold).to_have_attribute("open", "")
    expect(shown.locator("#change-list h2:visible")).to_have_text(["2026-11-22"])
    shown.locator("select[name=team]").select_option("payments")
    expect(rows).to_have_count(0)
    shown.get_by_role("button", name="Show all").click()
    expect(rows).to_have_count(4)
    expect(fold).not_to_have_attribute("open", "")

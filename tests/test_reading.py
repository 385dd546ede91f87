"""The reading list: shelves of works, paths through them, what belongs to a team."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from conftest import SET_UPS, Content, golden_site, make_handbook, make_site
from web import Html

from macros.handbook import addresses, checklists, reading
from macros.handbook.graph import Handbook
from macros.model.glossary import Glossary
from macros.model.organisation import Team
from macros.model.reading import Reading
from macros.model.references import ReadingRef
from macros.model.set_ups import TeamType
from macros.model.values import LANGUAGES, Entity
from macros.site import page_macros, pages
from macros.site.render import Edition

Files = dict[str, Content]

each_language = pytest.mark.parametrize("language", LANGUAGES)

THEN = 'then: [{id: act, do: Act, see: {address: "https://example.com/", name: Outside}}]\n'


def work(id: str, more: str = "", *, level: str = "core", length: str = "minutes: 10", language: str = "en") -> str:
    """A work as a line of a shelf."""
    return (
        f"  - {{id: {id}, title: {{{language}: Work {id}}}, authors: [A], kind: book, language: {language}, "
        f'level: {level}, {length}, address: "https://example.com/{id}", why: W{more}}}\n'
    )


def shelf(*works: str, rank: int = 100) -> str:
    return f"name: Shelf\nsummary: S\nrank: {rank}\nentries:\n{''.join(works)}"


def path(*steps: str, rank: int = 100) -> str:
    """A path; a step is the id of a work, and maybe more keys."""
    written = "".join(f"  - {{reading: {step}}}\n" for step in steps)
    return f"name: Path\npurpose: P\nrole: sre\nrank: {rank}\nsteps:\n{written}{THEN}"


def team(more: str = "") -> str:
    return f'name: Payments\nchannel: "#payments"\n{more}'


def payments(handbook: Handbook) -> Team:
    return cast(Team, handbook.get(Team, "payments"))


def ids(works: tuple[Reading, ...]) -> list[str]:
    return [it.id for it in works]


def text_of(site: Edition, uri: str) -> str:
    (text,) = (page.make().html for page in pages.pages(site) if page.uri == uri)
    return text


# Shelves, works and paths


def test_shelves_and_paths_come_by_rank_and_then_by_id_and_works_as_they_stand(tmp_path: Path) -> None:
    files: Files = {
        "reading/b.yaml": shelf(work("z"), work("y"), rank=2),
        "reading/c.yaml": shelf(work("x"), rank=1),
        "reading/a.yaml": shelf(work("w"), rank=2),
        "reading-paths/b.yaml": path("x", rank=2),
        "reading-paths/c.yaml": path("x", rank=1),
        "reading-paths/a.yaml": path("x", rank=2),
    }
    handbook = make_handbook(tmp_path, files)
    assert [it.id for it in handbook.shelves] == ["c", "a", "b"]
    assert ids(handbook.readings) == ["x", "w", "z", "y"]
    assert [it.id for it in handbook.reading_paths] == ["c", "a", "b"]


def test_a_work_is_got_by_its_reference_from_whatever_shelf(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, {"reading/a.yaml": shelf(work("x")), "reading/b.yaml": shelf(work("y"))})
    assert [handbook.reading(ReadingRef(it)).id for it in "yx"] == ["y", "x"]


def test_a_work_knows_who_names_it_and_which_paths_lead_past_it(tmp_path: Path) -> None:
    files: Files = {
        "reading/a.yaml": shelf(work("x"), work("y", ", translation_of: x", language="ja"), work("z")),
        "reading-paths/second.yaml": path("x, part: One", "z", "x, part: Two", rank=2),
        "reading-paths/first.yaml": path("x", rank=1),
        "teams/payments/team.yaml": team("reading: [z, x]\n"),
    }
    handbook = make_handbook(tmp_path, files)
    x, y, z = handbook.readings
    assert [(handbook.kind_of(entity), entity.id, place) for entity, place in handbook.linked_from(x)] == [
        ("reading-shelf", "a", ("entries", 1, "translation_of")),
        ("reading-path", "first", ("steps", 0, "reading")),
        ("reading-path", "second", ("steps", 0, "reading")),
        ("reading-path", "second", ("steps", 2, "reading")),
        ("team", "payments", ("reading", 1)),
    ]
    assert [[it.id for it in handbook.referring("reading-path", it)] for it in (x, y, z)] == [
        ["first", "second"],
        [],
        ["second"],
    ]


@pytest.mark.parametrize(
    ("length", "minutes"), [("minutes: 40", 40), ("pages: 30", 60), ("pages: 30, minutes: 5", 5), ("pages: 1", 2)]
)
def test_minutes_of_a_work_are_its_own_or_two_a_page(length: str, minutes: int, tmp_path: Path) -> None:
    (it,) = make_handbook(tmp_path, {"reading/a.yaml": shelf(work("x", length=length))}).readings
    assert it.minutes_to_read == minutes


def test_a_step_takes_the_minutes_of_its_part_or_of_the_whole_work(tmp_path: Path) -> None:
    works = shelf(work("x", length="pages: 100"), work("y", length="minutes: 7"))
    steps = ("y", "x, part: One, minutes: 30", "x, part: Two", "x", "y, part: Again, minutes: 1")
    handbook = make_handbook(tmp_path, {"reading/a.yaml": works, "reading-paths/a.yaml": path(*steps)})
    (made,) = handbook.reading_paths
    assert [(it.id, it.work.id, it.minutes) for it in reading.steps(handbook, "en", made)] == [
        ("y", "y", 7),
        ("x", "x", 30),
        ("x--2", "x", 200),
        ("x--3", "x", 200),
        ("y--2", "y", 1),
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", [("x", "x", 200), ("x--2", "x", 30), ("z", "z", 5), ("y", "x", 200)]),
        ("ja", [("x", "y", 7), ("x--2", "y", 30), ("z", "z", 5), ("y", "y", 7)]),
    ],
)
def test_a_step_leads_to_the_translation_and_its_box_keeps_its_id(
    language: str, expected: list[tuple[str, str, int]], tmp_path: Path
) -> None:
    works = shelf(
        work("x", length="pages: 100"),
        work("y", ", translation_of: x", language="ja", length="minutes: 7"),
        work("z", language="ja", length="minutes: 5"),
    )
    files: Files = {"reading/a.yaml": works, "reading-paths/a.yaml": path("x", "x, part: One, minutes: 30", "z", "y")}
    handbook = make_handbook(tmp_path, files)
    (made,) = handbook.reading_paths
    found = [(step.id, step.work.id, step.minutes) for step in reading.steps(handbook, language, made)]
    assert found == expected


def test_the_roles_of_a_work_come_once_in_the_order_of_its_takeaways(tmp_path: Path) -> None:
    takes = "".join(f"{{role: {role}, take: T}}, " for role in ("on-call", "sre", "on-call"))
    (it,) = make_handbook(tmp_path, {"reading/a.yaml": shelf(work("x", f", takeaways: [{takes}]"))}).readings
    assert [role.value for role in it.roles] == ["on-call", "sre"]


def test_translations_of_a_work_are_all_others_of_its_family(tmp_path: Path) -> None:
    of_original = ", translation_of: original"
    works = shelf(
        work("first", of_original, language="ja"),
        work("original"),
        work("second", of_original, language="ja"),
        work("other"),
    )
    handbook = make_handbook(tmp_path, {"reading/a.yaml": works})
    found = {it.id: ids(reading.translations(handbook, it)) for it in handbook.readings}
    assert found == {
        "first": ["original", "second"],
        "original": ["first", "second"],
        "second": ["original", "first"],
        "other": [],
    }


def test_a_work_belongs_to_the_pages_that_it_names_and_they_know_it(tmp_path: Path) -> None:
    belongs = ", checklists: [list], team_types: [platform, embedded]"
    files: Files = {
        **SET_UPS,
        "reading/b.yaml": shelf(work("both", belongs), work("none"), rank=2),
        "reading/a.yaml": shelf(work("late", ", team_types: [embedded]"), rank=3),
        "checklists/list.yaml": "name: L\npurpose: P\nsections: [{id: a, name: A, items: [{id: b, do: Check b}]}]\n",
    }
    handbook = make_handbook(tmp_path, files)
    both, none, _ = handbook.readings
    assert [it.id for it in reading.belongs_to(handbook, both)] == ["platform", "embedded", "list"]
    assert reading.belongs_to(handbook, none) == ()
    about = {
        it: ids(handbook.readings_about(cast(Entity, handbook.get(TeamType, it)))) for it in ("embedded", "enabling")
    }
    assert about == {"embedded": ["both", "late"], "enabling": []}


# What belongs to a team

SHELF = shelf(
    work("advanced", ", team_types: [embedded]", level="advanced"),
    work("core", ", team_types: [embedded, platform]"),
    *(work(f"first-{number}", ", team_types: [platform]", level="first") for number in range(4)),
    work("elsewhere", ", team_types: [enabling]"),
    work("free"),
)
BOTH = "sre_set_up: {is: embedded, has: platform}\n"


@pytest.mark.parametrize(
    ("more", "belonging", "newcomers"),
    [
        ("", [], []),
        ("reading: [free]\n", ["free"], ["free"]),
        ("sre_set_up: {is: embedded}\n", ["advanced", "core"], ["core", "advanced"]),
        ("sre_set_up: {has: enabling}\n", ["elsewhere"], ["elsewhere"]),
        (
            BOTH,
            ["advanced", "core", "first-0", "first-1", "first-2", "first-3"],
            ["first-0", "first-1", "first-2", "first-3", "core"],
        ),
        (
            f"{BOTH}reading: [free, core]\n",
            ["free", "core", "advanced", "first-0", "first-1", "first-2", "first-3"],
            ["free", "core"],
        ),
    ],
)
def test_what_belongs_to_a_team_and_what_its_newcomers_read(
    more: str, belonging: list[str], newcomers: list[str], tmp_path: Path
) -> None:
    files: Files = {**SET_UPS, "reading/a.yaml": SHELF, "teams/payments/team.yaml": team(more)}
    handbook = make_handbook(tmp_path, files)
    assert ids(reading.of_team(handbook, payments(handbook))) == belonging
    assert ids(reading.for_newcomers(handbook, payments(handbook))) == newcomers


FOR_EACH = (
    "name: List\npurpose: P\napplies_to: {}\n"
    "sections: [{id: a, name: A, items: [{id: read, do: Read it, for_each: readings, if_none: Name one}]}]\n"
)


def test_a_checklist_has_a_line_for_each_work_that_a_newcomer_reads(tmp_path: Path) -> None:
    works = shelf(work("x"), work("y", language="ja"), work("z"))
    files: Files = {
        "reading/a.yaml": works,
        "checklists/list.yaml": FOR_EACH,
        "teams/payments/team.yaml": team("reading: [y, x]\n"),
    }
    site = make_site(tmp_path, files)
    (sheet,) = checklists.of(site.handbook, payments(site.handbook))
    assert [(it.id, it.thing and (it.thing.address, it.thing.reading)) for it in sheet.boxes] == [
        ("read--y", ("https://example.com/y", "y")),
        ("read--x", ("https://example.com/x", "x")),
    ]
    text = text_of(site, "teams/payments/checklists/list/index.md")
    assert 'data-box="read--y" data-reading="y"' in text
    assert '><span lang="ja">Work y</span></a>' in text


def test_a_checklist_of_a_team_without_works_says_what_to_do_then(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, {"reading/a.yaml": shelf(work("x")), "checklists/list.yaml": FOR_EACH})
    (sheet,) = checklists.of(handbook, payments(handbook))
    assert [(it.id, it.lacking, it.thing) for it in sheet.boxes] == [("read", True, None)]


def test_a_page_shows_five_works_and_folds_the_rest(tmp_path: Path) -> None:
    works = shelf(*(work(f"w-{number}", ", team_types: [embedded]") for number in range(7)))
    site = make_site(tmp_path, {**SET_UPS, "reading/a.yaml": works})
    before, folded = text_of(site, "team-types/embedded/index.md").split("<summary>2 more</summary>")
    assert [before.count(f'"https://example.com/w-{number}"') for number in range(7)] == [1] * 5 + [0] * 2
    assert [folded.count(f'"https://example.com/w-{number}"') for number in range(7)] == [0] * 5 + [1] * 2
    assert "{ #reading }" not in text_of(site, "team-types/platform/index.md")


# Pages and macros


@pytest.mark.parametrize(("language", "shown"), [("en", "complete-work"), ("ja", "sparse-work")])
def test_only_a_whole_work_shares_its_mark_with_the_reading_list(language: str, shown: str) -> None:
    html = Html(text_of(golden_site(language), "reading/paths/complete-path/index.md"))
    boxes = {it["data-box"]: it.attributes.get("data-reading") for it in html.all("li", "box-item")}
    assert boxes == {
        "sparse-work": shown,
        "complete-work": None,
        "complete-work--2": None,
        "then--check": None,
        "then--look": None,
    }


@each_language
def test_every_place_of_the_reading_list_that_a_page_leads_to_is_there(language: str) -> None:
    site = golden_site(language)
    shown = Html(str(page_macros.MACROS["reading_shelves"](page_macros.Author(site, "reading/"))))
    places = {it.attributes.get("id") for it in shown.elements}
    links = [
        link["href"]
        for page in pages.pages(site)
        for link in Html(page.make().html).all("a")
        if "href" in link.attributes
    ]
    led_to = {link.partition("#")[2] for link in links if link.partition("#")[0].endswith("../reading/")}
    assert led_to == {"reading-complete-work", "reading-sparse-work"}
    assert led_to <= places


def test_a_shelf_and_the_glossary_have_an_address_on_the_page_that_shows_them(tmp_path: Path) -> None:
    terms = "terms: [{id: a, name: A, definition: D}]\n"
    site = make_site(tmp_path, {"reading/a.yaml": shelf(work("x")), "glossary.yaml": terms})
    (glossary,) = site.handbook.all(Glossary)
    assert addresses.of(site.handbook.shelves[0]) == "reading/#shelf-a"
    assert addresses.of(glossary) == "glossary/"
    shown = str(page_macros.MACROS["finding_table"](page_macros.Author(site, "coverage/")))
    assert '<a href="../reading/#shelf-a">Shelf</a>' in shown


def test_a_reader_can_choose_what_occurs_in_the_order_of_the_model(tmp_path: Path) -> None:
    take = ", takeaways: [{{role: {}, take: T}}, {{role: {}, take: T}}]".format
    works = shelf(
        work("x", take("facilitator", "developer"), level="advanced"),
        work("y", take("developer", "sre"), level="first", language="ja"),
    )
    author = page_macros.Author(make_site(tmp_path, {"reading/a.yaml": works}), "reading/")
    html = Html(str(page_macros.MACROS["reading_shelves"](author)))
    assert [it["value"] for it in html.all("option")] == [
        *("", "sre", "developer", "facilitator"),
        *("", "first", "advanced"),
        *("", "book"),
        *("", "en", "ja"),
        *("", "unread", "read"),
    ]
    rows = [
        {name: it[f"data-{name}"] for name in ("reading", "role", "level", "language")}
        for it in html.all("li", "reading")
    ]
    assert rows == [
        {"reading": "x", "role": "facilitator developer", "level": "advanced", "language": "en"},
        {"reading": "y", "role": "developer sre", "level": "first", "language": "ja"},
    ]


def test_authors_are_in_the_language_of_the_work(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"reading/a.yaml": shelf(work("x"), work("y", language="ja"))})
    html = str(page_macros.MACROS["reading_shelves"](page_macros.Author(site, "reading/")))
    assert [html.count(authors) for authors in ('<span lang="ja">A</span><br>', '">A<br>')] == [1, 1]


def test_a_path_says_how_many_works_it_has_not_how_many_parts(tmp_path: Path) -> None:
    files: Files = {
        "reading/a.yaml": shelf(work("x"), work("y")),
        "reading-paths/a.yaml": path("x, part: One", "x, part: Two", "y"),
    }
    site = make_site(tmp_path, files)
    for text in (
        page_macros.MACROS["reading_path_table"](page_macros.Author(site, "reading/")),
        text_of(site, "reading/paths/a/index.md"),
    ):
        assert "2 readings" in text
        assert "30 min" in text

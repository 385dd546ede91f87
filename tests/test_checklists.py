"""Checklists as they are ticked: a line for each thing, parts of other lists, what a team adds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import SET_UPS, Content, make_handbook, make_site

from macros.handbook import checklists, site_map
from macros.handbook.checklists import Line, Sheet
from macros.handbook.graph import Handbook
from macros.model.checklists import Checklist, ChecklistStyle, ForEach, SheetLine
from macros.model.organisation import Team
from macros.site import page_macros, pages
from macros.site.render import Edition

Files = dict[str, Content]

SERVICE = "name: {name}\nsummary: S\n"
ENGAGEMENT = "name: E\nrole: R\ntype: embedded\nstart: 2026-11-02\n"
EACH = ("services", "journeys", "playbooks", "dashboards", "channels", "readings")


def items(*ids: str, more: str = "") -> str:
    return "[" + ", ".join(f"{{id: {id}, do: Check {id}{more}}}" for id in ids) + "]"


def section(id: str, *ids: str, more: str = "") -> str:
    return f"  - {{id: {id}, name: {id.title()}, items: {items(*ids, more=more)}}}\n"


def listed(*sections: str, more: str = "") -> str:
    """A shared checklist, which applies to every team unless `more` says otherwise."""
    applies = "" if "applies_to" in more else "applies_to: {}\n"
    return f"name: List\npurpose: P\n{applies}{more}" + ("sections:\n" + "".join(sections) if sections else "")


NEVER = "applies_to: {on_call: true}\n"


def for_each(kind: str) -> str:
    return listed(section("part", "item", more=f", for_each: {kind}, if_none: Write one"))


def sheets(handbook: Handbook, team: str = "payments") -> dict[str, Sheet]:
    return {sheet.id: sheet for sheet in checklists.of(handbook, team_of(handbook, team))}


def team_of(handbook: Handbook, id: str) -> Team:
    (found,) = (team for team in handbook.teams if team.id == id)
    return found


def shared(handbook: Handbook, id: str = "list") -> Sheet:
    (found,) = (it for it in handbook.checklists if it.id == id)
    return checklists.sheet_of(handbook, found)


def ids(sheet: Sheet) -> dict[str, list[str]]:
    """The ids of the lines, by section."""
    return {section.id: [line.id for lines in items for line in lines] for section, items in sheet.sections}


def lines_for(folder: Path, kind: str, files: Files, team: str = "payments") -> tuple[Line, ...]:
    return sheets(make_handbook(folder, {"checklists/list.yaml": for_each(kind), **files}), team)["list"].boxes


def names(lines: tuple[Line, ...]) -> list[str]:
    things = [line.thing for line in lines]
    return [str(getattr(it.name, "en", it.name)) for it in things if it]


# What a team has


def test_services_come_by_tier_and_then_by_id(tmp_path: Path) -> None:
    tiers = {"a": 3, "b": 1, "c": None, "d": 1, "e": 2}
    files: Files = {
        f"teams/payments/services/{id}.yaml": SERVICE.format(name=id.upper()) + (f"tier: {tier}\n" if tier else "")
        for id, tier in tiers.items()
    }
    found = lines_for(tmp_path, "services", files)
    assert [line.id for line in found] == [f"item--{id}" for id in "bdeac"]
    assert names(found) == ["B", "D", "E", "A", "C"]
    assert [line.thing.entity.id for line in found if line.thing and line.thing.entity] == [*"bdeac"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("journeys", "name: {name}\nuser: U\ngoal: G\n"),
        ("playbooks", "name: {name}\nservice: till\n"),
    ],
)
def test_journeys_and_playbooks_come_by_id_and_are_the_team_s_alone(kind: str, text: str, tmp_path: Path) -> None:
    found = lines_for(
        tmp_path,
        kind,
        {
            f"teams/payments/{kind}/b.yaml": text.format(name="First"),
            f"teams/payments/{kind}/a.yaml": text.format(name="Second"),
            f"teams/shop/{kind}/c.yaml": text.format(name="Other"),
            "teams/shop/team.yaml": 'name: Shop\nchannel: "#shop"\n',
            "teams/shop/services/till.yaml": SERVICE.format(name="Till"),
        },
    )
    assert [line.id for line in found] == ["item--a", "item--b"]
    assert names(found) == ["Second", "First"]
    assert all(line.thing and line.thing.entity and line.item.id == "item" for line in found)


def test_a_dashboard_comes_once_under_the_first_name_of_its_address(tmp_path: Path) -> None:
    board = "{{name: {}, address: 'https://g.example.com/{}'}}".format
    found = lines_for(
        tmp_path,
        "dashboards",
        {
            "teams/payments/team.yaml": (
                f'name: Payments\nchannel: "#payments"\ndashboards: [{board("Team", 1)}, {board("Second", 2)}]\n'
            ),
            "teams/payments/services/a.yaml": SERVICE.format(name="A")
            + f"dashboards: [{board('Again', 1)}, {board('Own', 3)}]\n",
        },
    )
    assert names(found) == ["Team", "Second", "Own"]
    assert [line.thing.address for line in found if line.thing] == [f"https://g.example.com/{it}" for it in (1, 2, 3)]
    assert not any(line.thing and line.thing.entity for line in found)


def test_a_channel_comes_once_and_that_of_incidents_last(tmp_path: Path) -> None:
    contacts = 'contacts: [{role: A, channel: "#dev"}, {role: B, channel: "#payments"}, {role: C, channel: "#dev"}]\n'
    files: Files = {
        "teams/payments/team.yaml": f'name: Payments\nchannel: "#payments"\n{contacts}',
        "organisation.yaml": 'name: E\nlanguage: en\nincidents: {channel: "#incidents", declare: D, severities: []}\n',
    }
    assert names(lines_for(tmp_path / "1", "channels", files)) == ["#payments", "#dev", "#incidents"]
    assert names(lines_for(tmp_path / "2", "channels", {})) == ["#payments"]


def test_the_id_of_what_has_none_stays_when_its_name_or_its_place_changes(tmp_path: Path) -> None:
    def found(folder: str, boards: str) -> dict[str, str]:
        team = f'name: Payments\nchannel: "#payments"\ndashboards: [{boards}]\n'
        lines = lines_for(tmp_path / folder, "dashboards", {"teams/payments/team.yaml": team})
        return {line.thing.address: line.id for line in lines if line.thing}

    one, two = ("{name: N, address: 'https://g.example.com/1'}", "{name: N, address: 'https://g.example.com/2'}")
    assert found("a", f"{one}, {two}") == found("b", f"{two}, {one.replace('N', 'Other')}")
    assert len(set(found("c", f"{one}, {two}").values())) == 2


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("services", "name: N\nsummary: S\n"),
        ("journeys", "name: N\nuser: U\ngoal: G\n"),
        ("playbooks", "name: N\nservice: till\n"),
    ],
)
def test_old_ids_of_a_thing_are_old_ids_of_its_line(kind: str, text: str, tmp_path: Path) -> None:
    files: Files = {
        f"teams/payments/{kind}/new.yaml": f"{text}aliases: [old, older]\n",
        "teams/shop/team.yaml": 'name: Shop\nchannel: "#shop"\n',
        "teams/shop/services/till.yaml": SERVICE.format(name="Till"),
    }
    (line,) = lines_for(tmp_path, kind, files)
    assert (line.id, line.aliases) == ("item--new", ("item--old", "item--older"))


@pytest.mark.parametrize("kind", [it for it in EACH if it != "channels"])
def test_a_team_with_nothing_has_the_line_for_that_under_the_item_s_id(kind: str, tmp_path: Path) -> None:
    (line,) = lines_for(tmp_path, kind, {})
    assert (line.id, line.lacking, line.thing, line.aliases) == ("item", True, None, ())
    assert line.item.if_none
    assert line.item.if_none.en == "Write one"


def test_every_thing_that_an_item_may_be_for_is_tested_here() -> None:
    assert tuple(it.value for it in ForEach) == EACH


@pytest.mark.parametrize("kind", EACH)
def test_the_shared_list_has_one_line_in_general_words(kind: str, tmp_path: Path) -> None:
    (line,) = shared(make_handbook(tmp_path, {"checklists/list.yaml": for_each(kind)})).boxes
    assert (line.id, line.lacking, line.thing) == ("item", False, None)


def test_a_team_with_forty_services_has_a_line_for_each(tmp_path: Path) -> None:
    files: Files = {
        f"teams/payments/services/s-{number:02}.yaml": SERVICE.format(name=f"Name {number}") for number in range(40)
    }
    handbook = make_handbook(tmp_path, {"checklists/list.yaml": for_each("services"), **files})
    assert [line.id for line in sheets(handbook)["list"].boxes] == [f"item--s-{number:02}" for number in range(40)]
    made = {page.uri: page for page in pages.pages(Edition(handbook, (), "en"))}
    text = made["teams/payments/checklists/list/index.md"].make().html
    assert text.count('data-box="item--') == 40
    assert all(f">Name {number}</a>" in text for number in range(40))


# Which teams get a list

ON_CALL = 'name: Payments\nchannel: "#payments"\non_call: {rota: "https://p.example.com/", hours: Always}\n'
HAS = 'name: Payments\nchannel: "#payments"\nsre_set_up: {has: embedded}\n'
IS = 'name: Payments\nchannel: "#payments"\nsre_set_up: {is: embedded}\n'
OTHER = 'name: Payments\nchannel: "#payments"\nsre_set_up: {has: enabling, is: platform}\n'
ALL = f'{ON_CALL}sre_set_up: {{has: embedded}}\ndashboards: [{{name: D, address: "https://g.example.com/"}}]\n'
TILL: Files = {"teams/payments/services/till.yaml": SERVICE.format(name="Till")}
HOSTED: Files = {"teams/payments/engagements/e.yaml": ENGAGEMENT}
EVERY = "{team_types: [embedded], on_call: true, has: [services, dashboards], engagement: true}"


@pytest.mark.parametrize(
    ("asked", "team", "files", "applies"),
    [
        (None, ALL, {**TILL, **HOSTED}, False),
        ("{}", None, {}, True),
        ("{on_call: false}", None, {}, True),
        ("{on_call: true}", None, {}, False),
        ("{on_call: true}", ON_CALL, {}, True),
        ("{team_types: [embedded]}", None, {}, False),
        ("{team_types: [embedded]}", HAS, {}, True),
        ("{team_types: [embedded]}", IS, {}, True),
        ("{team_types: [embedded]}", OTHER, {}, False),
        ("{team_types: [embedded, platform]}", OTHER, {}, True),
        ("{team_is: [embedded]}", None, {}, False),
        ("{team_is: [embedded]}", IS, {}, True),
        ("{team_is: [embedded]}", HAS, {}, False),
        ("{team_is: [platform, embedded], team_types: [enabling]}", OTHER, {}, True),
        ("{has: [services]}", None, {}, False),
        ("{has: [services]}", None, TILL, True),
        ("{has: [channels]}", None, {}, True),
        ("{has: [services, journeys]}", None, TILL, False),
        ("{engagement: true}", None, {}, False),
        ("{engagement: true}", None, HOSTED, True),
        (EVERY, ALL, {**TILL, **HOSTED}, True),
        (EVERY, ALL, TILL, False),
        (EVERY, ALL, HOSTED, False),
        (EVERY, HAS, {**TILL, **HOSTED}, False),
        (EVERY, ALL.replace("embedded", "platform"), {**TILL, **HOSTED}, False),
    ],
)
def test_a_list_applies_where_every_condition_holds(
    asked: str | None, team: str | None, files: Files, applies: bool, tmp_path: Path
) -> None:
    text = f"name: List\npurpose: P\nsections:\n{section('part', 'a')}"
    data: Files = {**SET_UPS, "checklists/list.yaml": text + (f"applies_to: {asked}\n" if asked else ""), **files}
    if team:
        data["teams/payments/team.yaml"] = team
    handbook = make_handbook(tmp_path, data)
    assert checklists.applies(handbook, handbook.checklists[0], team_of(handbook, "payments")) is applies
    assert (set(sheets(handbook)) == {"list"}) is applies
    assert shared(handbook).team is None


# Parts of other lists


def test_sections_of_another_list_come_first_whole_or_those_that_are_named(tmp_path: Path) -> None:
    handbook = make_handbook(
        tmp_path,
        {
            "checklists/base.yaml": listed(section("one", "a"), section("two", "b"), section("three", "c")),
            "checklists/whole.yaml": listed(section("own", "d"), more="extends: [{checklist: base}]\n"),
            "checklists/some.yaml": listed(
                section("own", "d"), more="extends: [{checklist: base, sections: [three, one]}]\n"
            ),
            "checklists/only.yaml": listed(more="extends: [{checklist: base}]\n"),
            "checklists/adds.yaml": listed(section("two", "e"), more="extends: [{checklist: base}]\n"),
        },
    )
    base = {"one": ["a"], "two": ["b"], "three": ["c"]}
    ways: list[Callable[[str], Sheet]] = [lambda it: shared(handbook, it), lambda it: sheets(handbook)[it]]
    for found in ways:
        assert list(ids(found("whole")).items()) == [*base.items(), ("own", ["d"])]
        assert list(ids(found("some")).items()) == [("one", ["a"]), ("three", ["c"]), ("own", ["d"])]
        assert ids(found("only")) == base
        assert list(ids(found("adds")).items()) == [("one", ["a"]), ("two", ["b", "e"]), ("three", ["c"])]


CHAIN: Files = {
    "checklists/a.yaml": listed(section("sa", "a"), more="extends: [{checklist: b, sections: [sb, sc]}]\n"),
    "checklists/b.yaml": listed(section("sb", "b"), more="extends: [{checklist: c}]\n"),
    "checklists/c.yaml": listed(section("sc", "c"), section("sd", "d")),
}


def test_sections_come_through_a_chain_and_every_file_of_it_is_named(tmp_path: Path) -> None:
    sheet = shared(make_handbook(tmp_path, CHAIN), "a")
    assert list(ids(sheet).items()) == [("sc", ["c"]), ("sb", ["b"]), ("sa", ["a"])]
    assert sheet.files == ("data/checklists/c.yaml", "data/checklists/b.yaml", "data/checklists/a.yaml")


def test_a_list_that_comes_by_two_ways_comes_once(tmp_path: Path) -> None:
    files: Files = {
        "checklists/base.yaml": listed(section("base", "a", "b")),
        "checklists/left.yaml": listed(section("left", "c"), more="extends: [{checklist: base}]\n"),
        "checklists/right.yaml": listed(section("right", "d"), more="extends: [{checklist: base}]\n"),
        "checklists/list.yaml": listed(more="extends: [{checklist: left}, {checklist: right}]\n"),
    }
    sheet = shared(make_handbook(tmp_path, files))
    assert list(ids(sheet).items()) == [("base", ["a", "b"]), ("left", ["c"]), ("right", ["d"])]
    assert len(sheet.files) == len(set(sheet.files)) == 4


def test_a_circle_ends(tmp_path: Path) -> None:
    files: Files = {**CHAIN, "checklists/c.yaml": listed(section("sc", "c"), more="extends: [{checklist: a}]\n")}
    files["checklists/self.yaml"] = listed(section("se", "e"), more="extends: [{checklist: self}]\n")
    files["teams/payments/checklists/a.yaml"] = "extends: [{checklist: c}, {checklist: a}]\n"
    handbook = make_handbook(tmp_path, files)
    assert ids(shared(handbook, "a")) == {"sc": ["c"], "sb": ["b"], "sa": ["a"]}
    assert ids(shared(handbook, "c")) == {"sb": ["b"], "sa": ["a"], "sc": ["c"]}
    assert ids(shared(handbook, "self")) == {"se": ["e"]}
    assert ids(sheets(handbook)["a"]) == {"sc": ["c"], "sb": ["b"], "sa": ["a"]}


def test_a_team_s_list_takes_sections_and_its_own_things_fill_them(tmp_path: Path) -> None:
    base = for_each("services").replace("applies_to: {}", "applies_to: {on_call: true}")
    files: Files = {
        "checklists/base.yaml": base,
        "teams/payments/checklists/own.yaml": "name: Own\npurpose: P\nextends: [{checklist: base}]\n",
        **TILL,
    }
    handbook = make_handbook(tmp_path, files)
    assert {id: ids(sheet) for id, sheet in sheets(handbook).items()} == {"own": {"part": ["item--till"]}}
    assert sheets(handbook)["own"].files == ("data/checklists/base.yaml", "data/teams/payments/checklists/own.yaml")


# What a team adds

SHARED = listed(section("one", "a"), section("two", "b"), more="pages: 2\nowner: Lead\nlines: [name]\nstyle: read-do\n")
ADDED = f"sections:\n{section('three', 'd')}{section('one', 'c')}"


def test_a_team_s_items_stand_behind_those_of_a_section_and_its_sections_at_the_end(tmp_path: Path) -> None:
    files: Files = {"checklists/list.yaml": SHARED, "teams/payments/checklists/list.yaml": ADDED}
    handbook = make_handbook(tmp_path, files)
    sheet = sheets(handbook)["list"]
    assert list(ids(sheet).items()) == [("one", ["a", "c"]), ("two", ["b"]), ("three", ["d"])]
    assert sheet.files == ("data/checklists/list.yaml", "data/teams/payments/checklists/list.yaml")
    assert ids(shared(handbook)) == {"one": ["a"], "two": ["b"]}
    assert shared(handbook).files == ("data/checklists/list.yaml",)


def test_what_a_team_says_goes_before_what_the_shared_list_says(tmp_path: Path) -> None:
    own = "name: Ours\npurpose: Q\naudience: A\nuse_when: W\nowner: EM\npages: 3\nlines: []\nstyle: do-confirm\n"
    for folder, text, pages_, lines, owner, name, style in (
        ("some", "pages: 3\n", 3, (SheetLine.NAME,), "Lead", "List", ChecklistStyle.READ_DO),
        ("every", own, 3, (), "EM", "Ours", ChecklistStyle.DO_CONFIRM),
        ("none", ADDED, 2, (SheetLine.NAME,), "Lead", "List", ChecklistStyle.READ_DO),
    ):
        files: Files = {"checklists/list.yaml": SHARED, "teams/payments/checklists/list.yaml": text}
        sheet = sheets(make_handbook(tmp_path / folder, files))["list"]
        assert (sheet.whole.pages, sheet.whole.lines, sheet.whole.style) == (pages_, lines, style)
        assert sheet.whole.owner
        assert (sheet.whole.owner.en, sheet.whole.name.en) == (owner, name)


def test_a_team_that_adds_to_a_list_has_it_also_where_it_doesn_t_apply(tmp_path: Path) -> None:
    text = listed(section("one", "a"), more=NEVER)
    files: Files = {"checklists/list.yaml": text, "checklists/other.yaml": text}
    files["teams/payments/checklists/list.yaml"] = ADDED
    files["teams/shop/team.yaml"] = 'name: Shop\nchannel: "#shop"\n'
    handbook = make_handbook(tmp_path, files)
    assert set(sheets(handbook)) == {"list"}
    assert sheets(handbook, "shop") == {}


def test_a_list_of_the_team_s_own(tmp_path: Path) -> None:
    text = f"name: Own\npurpose: P\naliases: [old]\nsections:\n{section('part', 'a')}"
    files: Files = {"checklists/list.yaml": SHARED, "teams/payments/checklists/a-list.yaml": text}
    files["teams/shop/team.yaml"] = 'name: Shop\nchannel: "#shop"\n'
    files["teams/shop/checklists/a-list.yaml"] = text
    handbook = make_handbook(tmp_path, files)
    assert [*sheets(handbook)] == ["a-list", "list"]
    sheet = sheets(handbook)["a-list"]
    assert (sheet.key, sheet.id, sheet.whole.aliases, sheet.whole.pages, sheet.whole.owner) == (
        "payments/a-list",
        "a-list",
        ("old",),
        1,
        None,
    )
    assert sheet.whole.lines == Checklist.model_fields["lines"].default
    assert sheet.whole.style is ChecklistStyle.DO_CONFIRM
    assert sheet.team is team_of(handbook, "payments")
    assert sheets(handbook, "shop")["a-list"].key == "shop/a-list"
    known = site_map.known(handbook)
    assert {f"teams/{team}/checklists/{id}/" for team in ("payments", "shop") for id in ("a-list", "old", "list")} <= {
        *known
    }
    assert "checklists/a-list/" not in known
    made = {page.uri: page for page in pages.pages(Edition(handbook, (), "en"))}
    assert "../a-list/" in made["teams/payments/checklists/old/index.html"].make().html
    assert made["teams/payments/checklists/a-list/index.md"].files[0] == "data/teams/payments/checklists/a-list.yaml"


def test_old_ids_and_sources_of_both_files_count(tmp_path: Path) -> None:
    source = "{{name: {0}, address: 'https://example.com/{0}'}}".format
    files: Files = {
        "checklists/list.yaml": f"{SHARED}aliases: [old]\nsources: [{source('a')}, {source('b')}]\n",
        "teams/payments/checklists/list.yaml": f"aliases: [ours]\nsources: [{source('b')}, {source('c')}]\n",
    }
    handbook = make_handbook(tmp_path, files)
    assert sheets(handbook)["list"].whole.aliases == ("old", "ours")
    assert shared(handbook).whole.aliases == ("old",)
    assert [it.name.en for it in sheets(handbook)["list"].whole.sources] == ["a", "b", "c"]


# Teams beside each other

TWO: Files = {
    "checklists/list.yaml": listed(section("one", "a"), section("two", "b", more=", for_each: services, if_none: N")),
    "teams/shop/team.yaml": 'name: Shop\nchannel: "#shop"\n',
    "teams/shop/services/shelf.yaml": SERVICE.format(name="Shelf"),
}


def shown(handbook: Handbook, team: str) -> dict[str, str]:
    made = pages.pages(Edition(handbook, (), "en"))
    kept = {
        it.uri: it.make().html
        for it in made
        if it.uri.startswith((f"teams/{team}/checklists/", f"teams/{team}/binder/"))
    }
    assert f"teams/{team}/binder/index.md" in kept
    return kept


def sections(handbook: Handbook, team: str) -> dict[str, object]:
    return {id: sheet.sections for id, sheet in sheets(handbook, team).items()}


@pytest.mark.parametrize("files", [TILL, {"teams/payments/checklists/list.yaml": ADDED}])
def test_one_team_s_data_change_its_own_sheets_alone(files: Files, tmp_path: Path) -> None:
    before, after = make_handbook(tmp_path / "a", TWO), make_handbook(tmp_path / "b", {**TWO, **files})
    assert sections(before, "payments") != sections(after, "payments")
    assert sections(before, "shop") == sections(after, "shop")
    assert shared(before).sections == shared(after).sections
    assert shown(before, "payments") != shown(after, "payments")
    assert shown(before, "shop") == shown(after, "shop") != {}


def test_a_team_s_items_are_nobody_else_s(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, {**TWO, "teams/payments/checklists/list.yaml": ADDED})
    before = handbook.checklists[0].model_dump()
    for _ in range(2):
        assert ids(sheets(handbook)["list"]) == {"one": ["a", "c"], "two": ["b"], "three": ["d"]}
        assert ids(sheets(handbook, "shop")["list"]) == {"one": ["a"], "two": ["b--shelf"]}
        assert ids(shared(handbook)) == {"one": ["a"], "two": ["b"]}
    assert handbook.checklists[0].model_dump() == before


def test_ticks_are_kept_under_the_list_s_id_and_within_the_team(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, TWO)
    assert shared(handbook).key == "list"
    assert [sheets(handbook, team)["list"].key for team in ("payments", "shop")] == ["payments/list", "shop/list"]


def test_a_finding_about_what_a_team_adds_leads_to_the_team_s_list_under_its_name(tmp_path: Path) -> None:
    files: Files = {
        "checklists/list.yaml": SHARED,
        "teams/payments/checklists/list.yaml": "sections: [{id: a, name: A, items: [{id: z, do: The light}]}]\n",
    }
    site = make_site(tmp_path, files)
    (finding,) = (it for it in site.findings if it.rule == "item-without-verb")
    assert (finding.kind, finding.team) == ("team-checklist", "payments")
    shown = page_macros.MACROS["finding_table"](page_macros.Author(site, "coverage/"))
    assert '<a href="../teams/payments/checklists/list/">List</a>' in shown


# When a list was used


USED = "exercised:\n"


def used(*days: str, kind: str = "real") -> str:
    return USED + "".join(f"  - {{on: {day}, kind: {kind}}}\n" for day in days)


@pytest.fixture
def exercised(tmp_path: Path) -> Handbook:
    """A shared list that was used by itself and in two teams, and a list of a team's own."""
    files: Files = {
        "checklists/list.yaml": listed(section("a", "b"), more=used("2026-05-05", kind="drill")),
        "teams/payments/checklists/list.yaml": used("2026-01-01", "2026-03-03"),
        "teams/payments/checklists/own.yaml": listed(section("a", "b"), more=NEVER).replace(NEVER, used("2026-02-02")),
        "teams/shop/team.yaml": "name: Shop\nchannel: x\n",
        "teams/shop/checklists/list.yaml": used("2026-07-07"),
        "teams/idle/team.yaml": "name: Idle\nchannel: x\n",
    }
    return make_handbook(tmp_path, files)


def days_of_use(handbook: Handbook, sheet: Sheet) -> list[tuple[str, str]]:
    return [(it.exercise.on.isoformat(), it.team.id if it.team else "") for it in checklists.uses(handbook, sheet)]


def test_a_team_s_list_was_used_when_the_team_did(exercised: Handbook) -> None:
    found = {id: days_of_use(exercised, sheet) for id, sheet in sheets(exercised).items()}
    assert found == {
        "list": [("2026-03-03", "payments"), ("2026-01-01", "payments")],
        "own": [("2026-02-02", "payments")],
    }
    assert days_of_use(exercised, sheets(exercised, "idle")["list"]) == []


def test_a_shared_list_was_used_when_anybody_did(exercised: Handbook) -> None:
    assert days_of_use(exercised, shared(exercised)) == [
        ("2026-07-07", "shop"),
        ("2026-05-05", ""),
        ("2026-03-03", "payments"),
        ("2026-01-01", "payments"),
    ]


def test_a_use_is_told_on_the_list_s_page_on_paper_and_in_the_table(exercised: Handbook) -> None:
    site = Edition(exercised, (), "en")
    found = {page.uri: page.make().html for page in pages.pages(site)}
    words = "last used on "
    assert f"{words}2026-07-07" in found["checklists/list/index.md"]
    assert f"{words}2026-03-03" in found["teams/payments/checklists/list/index.md"]
    assert words not in found["teams/idle/checklists/list/index.md"]
    rows = str(page_macros.MACROS["checklist_table"](page_macros.Author(site, "checklists/"))).split("<tr")[2:]
    assert [(day in row) for row, day in zip(rows, ("2026-07-07", "2026-02-02"), strict=True)] == [True, True]


@pytest.mark.parametrize(("language", "mark"), [("en", "fill in"), ("ja", "記入")])
def test_the_first_use_of_a_list_is_begun_in_the_words_of_the_page(language: str, mark: str, tmp_path: Path) -> None:
    host = "repository: {address: https://git.example.com/h, host: github}\n"
    files: Files = {
        "organisation.yaml": f"name: Example\nlanguage: en\n{host}",
        "checklists/list.yaml": SHARED,
    }
    found = {page.uri: page.make().html for page in pages.pages(make_site(tmp_path, files, language))}
    begun = quote(f"exercised:\n  - on: # {mark}\n    kind: real\n", safe=":,/")
    assert (
        f"/new/main?filename=data%2Fteams%2Fpayments%2Fchecklists%2Flist.yaml&#38;value={begun}"
        in found["teams/payments/checklists/list/index.md"]
    )

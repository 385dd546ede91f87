"""Imports: what a catalogue, a table or a runbook holds becomes files of the data, and the rest is said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Case, Content, cases, write_tree
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from macros.commands import changing
from macros.editing import change_set, imports
from macros.editing.change_set import ChangeSet
from macros.editing.imports import backstage, data_files, imported, table
from macros.editing.imports import markdown as markdown_files
from macros.editing.imports.imported import Found, Imported, Place, as_id
from macros.gaps import checks
from macros.handbook import load
from macros.sources import near_names
from macros.text import markdown
from macros.text.problems import DataError, RefusedError

RULES: dict[str, str] = {
    "not-mapped": "Something that the handbook has no place for.",
    "odd-value": "A value that isn't what its place holds.",
    "no-id": "A name that no id can be made from.",
    "taken-id": "An id that another one has.",
    "already-there": "A team, a service or a playbook that the handbook has.",
    "unknown-team": "A service of no team that was read or is there.",
    "unknown-service": "A dependency on what is no service.",
    "unknown-column": "A column that nothing is known of.",
    "two-values": "A team of which two rows say different things.",
    "encoding": "A file that is not UTF-8.",
}
"""Each rule of what could not be mapped, with the condition."""

HERE = Place("a.csv", 1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The smallest data: it has the team `payments`."""
    return write_tree(tmp_path / "data", {})


def planned(data: Path, files: Mapping[str, Content]) -> ChangeSet:
    """What importing files takes that are written beside the data; the handbook would be right afterwards."""
    write_tree(data.parent, files, base=False)
    name = {".csv": "csv", ".md": "markdown"}.get(Path(next(iter(files))).suffix, "backstage")
    handbook = load.load(data, "data")
    changes = imports.planned(imports.IMPORTS[name], [data.parent / it for it in files], handbook, data, "payments")
    change_set.checked(changes, handbook, data)
    return changes


def run(data: Path, files: Mapping[str, Content]) -> ChangeSet:
    """Import files."""
    changes = planned(data, files)
    change_set.write(changes)
    return changes


def paths(changes: ChangeSet) -> list[Path]:
    """The files that are written."""
    return [it.after for it in changes.files if it.after]


def file_of(data: Path, found: Imported) -> tuple[str, str, tuple[str, ...]]:
    """The path, the text and the blanks of the one file that becomes of what was found."""
    (file,) = data_files.planned(load.load(data, "data"), data, found).files
    assert file.after
    return file.after.relative_to(data).as_posix(), file.new_text, file.blanks


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def teams(found: Imported) -> list[Found]:
    """The teams that were read."""
    return [it for it in found.found if it.kind == "team"]


def services(found: Imported) -> list[Found]:
    """The services that were read."""
    return [it for it in found.found if it.kind == "service"]


def names(found: list[Found]) -> list[tuple[str, str]]:
    """The id and the name of each."""
    return [(it.id, it.values["name"]) for it in found]


def reports(found: Imported) -> list[str]:
    return [str(it) for it in found.unmapped]


def problems(read: Callable[[Mapping[str, bytes]], Imported], name: str, raw: bytes) -> list[str]:
    with pytest.raises(DataError) as raised:
        read({name: raw})
    return [str(it) for it in raised.value.problems]


@pytest.mark.parametrize("case", cases("imports"))
def test_what_is_made_and_what_is_said(case: Case, tmp_path: Path) -> None:
    inputs = {name: text for name, text in case.files.items() if "/" not in name and name != "organisation.yaml"}
    data = write_tree(tmp_path / "data", {name: text for name, text in case.files.items() if name not in inputs})
    made = run(data, inputs)
    lines = changing.as_text(made).replace(f"{tmp_path}/", "").splitlines()
    for path in paths(made):
        lines += [f"== {path.relative_to(data)}", *path.read_text(encoding="utf-8").splitlines()]
    assert lines == case.expected


@pytest.mark.parametrize("case", cases("imports"))
def test_a_second_run_makes_nothing(case: Case, tmp_path: Path) -> None:
    inputs = {name: text for name, text in case.files.items() if "/" not in name and name != "organisation.yaml"}
    data = write_tree(tmp_path / "data", {name: text for name, text in case.files.items() if name not in inputs})
    first = run(data, inputs)
    before = tree(data)
    again = run(data, inputs)
    assert again.files == ()
    assert sum(it.rule == "already-there" for it in again.unmapped) >= len(first.files)
    assert tree(data) == before


@pytest.mark.parametrize("case", cases("imports"))
def test_every_report_is_of_a_rule(case: Case, tmp_path: Path) -> None:
    inputs = {name: text for name, text in case.files.items() if "/" not in name and name != "organisation.yaml"}
    data = write_tree(tmp_path / "data", {name: text for name, text in case.files.items() if name not in inputs})
    assert {it.rule for it in run(data, inputs).unmapped} <= RULES.keys()


def test_every_rule_has_a_case() -> None:
    expected = [line for it in cases("imports") for line in it.values[0].expected]
    # A case file is UTF-8; the other encodings have a test of their own.
    assert {rule for rule in RULES if not any(f": {rule}: " in line for line in expected)} == {"encoding"}


# Ids


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Payments API", "payments-api"),
        ("CircleciBuildsDumpV2_avro_gcs", "circlecibuildsdumpv2-avro-gcs"),
        ("dev.infra", "dev-infra"),
        ("  Search  (EU) ", "search-eu"),
        ("Bob's team", "bobs-team"),
        ("Zahlungsübersicht", "zahlungsubersicht"),
        ("Straße", "strasse"),
        ("ＡＰＩ２", "api2"),
        ("決済", ""),
        ("決済 API", ""),
        ("Платежи", ""),
        ("", ""),
        ("a" * 100, "a" * 100),
        ("a" * 101, ""),
        ("--- !", ""),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_an_id_comes_from_a_name(name: str, id: str) -> None:
    assert as_id(name) == id


@given(st.text())
def test_an_id_is_one_or_nothing(name: str) -> None:
    id = as_id(name)
    assert id == "" or near_names.is_id(id)
    assert as_id(id) == id


# The text of files


ODD_TEXTS = [
    "no",
    "089",
    "1e5",
    "22:30",
    "0o17",
    "+.5",
    "~",
    "# x",
    "a: b",
    "a #b",
    "- x",
    "{x}",
    "*a",
    "&a",
    "!x",
    "%",
    "@",
    "x:",
]

TEXT = st.text(min_size=1).map(imported.one_line).filter(lambda text: text not in ("", "~"))
"""Words of one line; a tilde alone is how YAML writes nothing, and catalogues that machines write have it in quotes."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(name=TEXT, summary=TEXT, label=TEXT)
@example(name="089", summary="1e5", label="[x](javascript:alert)")
@example(name="a\u3000b", summary="\x85x", label="`` ` & &amp; <b> *_* \\")
@example(name="x", summary="x", label="<https://example.org> <b>")
@example(name="'\"", summary="\ue000", label="](")
def test_texts_come_out_as_they_went_in(name: str, summary: str, label: str, data: Path) -> None:
    address = "https://example.com/?a=<b>&c=`d`"
    link = json.dumps({"url": address, "title": label, "type": "wiki"}, ensure_ascii=False)
    (with_link,) = services(catalogue(component("owner: payments", f"name: api, links: [{link}]")))
    dashboard = {"name": label, "address": address}
    values = {**with_link.values, "name": name, "summary": summary, "dashboards": [dashboard]}
    path, text, _ = file_of(data, Imported((with_link._replace(values=values),)))
    (found,) = load.load(data, "data", overlay={path: text.encode()}).services
    words = [found.name, found.summary, found.dashboards[0].name]
    assert [it.en or it.ja for it in words] == [name, summary, label]
    assert found.notes is not None
    notes = found.notes.en or found.notes.ja or ""
    assert markdown.link_targets(notes) == ["https://example.com/?a=%3Cb%3E&c=%60d%60"]
    assert markdown.plain(markdown.render(notes)) == label


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_a_text_stays_a_text(text: str, data: Path) -> None:
    team = Found("team", "search", HERE, {"name": text, "channel": text, "mission": text})
    path, written, blanks = file_of(data, Imported((team,)))
    assert blanks == ()
    found = load.load(data, "data", overlay={path: written.encode()}).teams[1]
    assert (found.name.en, found.channel) == (text, text)


@pytest.mark.parametrize(("language", "written"), [("en", {"ja": "決済"}), ("ja", "決済")])
def test_japanese_is_marked_where_plain_texts_are_english(language: str, written: object, tmp_path: Path) -> None:
    data = write_tree(tmp_path / "data", {"organisation.yaml": f"name: Example\nlanguage: {language}\n"})
    team = Found("team", "search", HERE, {"name": "決済", "channel": "#検索"})
    _, text, _ = file_of(data, Imported((team,)))
    assert yaml.safe_load(text) == {"name": written, "channel": "#検索"}


# Writing


CSV: dict[str, Content] = {"a.csv": "team,service,channel\nSearch,Index,#search\nPayments,Till,\n"}


def test_a_plan_writes_nothing_and_says_what_is_to_be_filled_in(data: Path) -> None:
    before = tree(data)
    changes = planned(data, CSV)
    assert [it.relative_to(data).as_posix() for it in paths(changes)] == [
        "teams/payments/services/till.yaml",
        "teams/search/services/index.yaml",
        "teams/search/team.yaml",
    ]
    assert [it.blanks for it in changes.files] == [("summary",), ("summary",), ()]
    assert tree(data) == before


def test_what_is_made_passes_every_check(data: Path) -> None:
    run(data, CSV)
    found, _ = checks.run(load.load(data, "data"))
    assert found == ()


def test_a_file_that_cannot_be_read_stops_everything(data: Path) -> None:
    before = tree(data)
    handbook = load.load(data, "data")
    write_tree(data.parent, CSV, base=False)
    with pytest.raises(DataError, match=r"^none\.csv:1:1: unreadable: can't be read"):
        imports.planned(imports.IMPORTS["csv"], [data.parent / "a.csv", Path("none.csv")], handbook, data)
    assert tree(data) == before


# Backstage


def component(spec: str, metadata: str = "name: till") -> str:
    return f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{{metadata}}}\nspec: {{{spec}}}\n"


def group(metadata: str = "name: payments", spec: str = "type: team") -> str:
    return f"apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {{{metadata}}}\nspec: {{{spec}}}\n"


def catalogue(*documents: str) -> Imported:
    return backstage.read({"c.yaml": "---\n".join(documents).encode()})


@pytest.mark.parametrize(
    "owner",
    [
        "payments",
        "Payments",
        "group:payments",
        "group:default/payments",
        "Group:Default/Payments",
        "team:payments",
        "default/payments",
    ],
)
@pytest.mark.parametrize("with_group", [True, False])
def test_an_owner_is_a_group_however_it_is_written(owner: str, with_group: bool) -> None:
    documents = [group()] if with_group else []
    found = catalogue(component(f"type: service, owner: {owner}"), *documents)
    assert [(it.id, it.team) for it in services(found)] == [("till", "payments")]
    assert reports(found) == []


@pytest.mark.parametrize(
    ("annotation", "links", "email", "channel"),
    [
        ("slack.com/channel: payments", "", "", "#payments"),
        ('slack.com/channel-name: "#payments"', "", "", "#payments"),
        ("slack.com/bot-notify: pay", "", "", "#pay"),
        ("slack.com/bot-notify: C0123456789", "", "p@example.com", "p@example.com"),
        ("example.com/slack-channel: pay", "{url: https://x.slack.com/archives/C1}", "", "#pay"),
        ("", '{url: https://x.slack.com/archives/C1, title: "Slack #pay"}', "p@example.com", "#pay"),
        ("", "{url: https://x.slack.com/archives/C1, title: Ask us}", "", "https://x.slack.com/archives/C1"),
        ("", "{url: https://example.com/t, icon: chat}", "", "https://example.com/t"),
        ("", "{url: https://example.com/t, title: Wiki}", "p@example.com", "p@example.com"),
        ("pagerduty.com/service-id: P1", "", "", ""),
        ("github.com/team-slug: a/pay", "", "", ""),
    ],
)
def test_a_channel_is_looked_for_where_teams_write_it(annotation: str, links: str, email: str, channel: str) -> None:
    profile = f", profile: {{email: {email}}}" if email else ""
    text = group(f"name: payments, annotations: {{{annotation}}}, links: [{links}]", f"type: team{profile}")
    (team,) = teams(catalogue(text))
    assert team.values["channel"] == channel


@pytest.mark.parametrize(
    ("metadata", "spec", "name"),
    [
        ("name: pay, title: Payments", "type: team, profile: {displayName: P}", "Payments"),
        ("name: pay", "type: team, profile: {displayName: P}", "P"),
        ("name: pay", "type: squad", "pay"),
        ("name: 007", "", "007"),
    ],
)
def test_a_team_is_called_what_people_read(metadata: str, spec: str, name: str) -> None:
    (team,) = teams(catalogue(group(metadata, spec)))
    assert team.values["name"] == name


@pytest.mark.parametrize(
    ("annotations", "links", "repository"),
    [
        ("github.com/project-slug: a/b", "", "https://github.com/a/b"),
        ("gitlab.com/project-slug: a/b/c", "", "https://gitlab.com/a/b/c"),
        ("'backstage.io/source-location': 'url:https://git.example.com/a/'", "", "https://git.example.com/a/"),
        (
            "github.com/project-slug: a/b, 'backstage.io/source-location': 'url:https://git.example.com/a/'",
            "",
            "https://git.example.com/a/",
        ),
        ("'backstage.io/source-location': 'dir:.', github.com/project-slug: a/b", "", "https://github.com/a/b"),
        ("'backstage.io/source-location': 'url:https://'", "", ""),
        ("github.com/project-slug: '../x?y'", "", ""),
        ("", "{url: https://git.example.com/x, title: Repository}", "https://git.example.com/x"),
        ("", "{url: https://git.example.com/x, type: source, title: X}", "https://git.example.com/x"),
        ("", "{url: https://git.example.com/x, title: Source of truth}", ""),
    ],
)
def test_a_repository_is_looked_for_where_components_write_it(annotations: str, links: str, repository: str) -> None:
    metadata = f"name: till, annotations: {{{annotations}}}, links: [{links}]"
    (service,) = services(catalogue(component("type: service, owner: a", metadata)))
    assert service.values["repository"] == repository


@pytest.mark.parametrize(
    ("link", "is_dashboard"),
    [
        ("url: https://grafana.example.com/d/1", True),
        ("url: https://example.com, title: Till dashboard", True),
        ("url: https://example.com, type: dashboard", True),
        ("url: https://example.com, title: ダッシュボード", True),
        ("url: https://example.com, title: Admin Dashboard, type: admin-dashboard", False),
        ("url: https://example.com, title: Wiki", False),
    ],
)
def test_a_dashboard_is_told_from_other_links(link: str, is_dashboard: bool) -> None:
    metadata = f"name: till, links: [{{{link}}}]"
    (service,) = services(catalogue(component("type: service, owner: a", metadata)))
    assert (len(service.values["dashboards"]), service.values["notes"] == "") == (is_dashboard, is_dashboard)


@pytest.mark.parametrize("type", ["team", "squad", "sub-team", "Chapter"])
def test_a_group_of_any_other_type_is_a_team(type: str) -> None:
    assert [it.id for it in catalogue(group(spec=f"type: {type}")).found] == ["payments"]


@pytest.mark.parametrize("kind", ["API", "Domain", "Location", "Resource", "System", "Template", "User"])
def test_each_other_kind_is_reported(kind: str) -> None:
    found = catalogue(f"apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata: {{name: x}}\n")
    assert found.found == ()
    words = "only groups and components become teams and services"
    assert reports(found) == [f"c.yaml:1:1: not-mapped: the {kind} `x` is not mapped: {words}"]


def test_what_is_of_another_namespace_is_called_by_it() -> None:
    found = catalogue(
        group(),
        group("name: payments, namespace: ghe"),
        component("type: service, owner: payments, dependsOn: [ghe/shop, shop]"),
        component("type: service, owner: payments", "name: shop, namespace: GHE"),
    )
    assert names(teams(found)) == [("payments", "payments"), ("ghe-payments", "payments")]
    assert [(it.id, it.team) for it in services(found)] == [("till", "payments"), ("ghe-shop", "ghe-payments")]
    assert [it.id for it in services(found)[0].values["depends_on"]] == ["ghe-shop", "shop"]
    assert reports(found) == []


def test_a_mapping_that_merges_itself_or_many_is_read_once() -> None:
    bomb = "\n".join(f"k{n}: &k{n} {{<<: [{', '.join([f'*k{n - 1}'] * 9)}]}}" for n in range(1, 60))
    text = (
        f"apiVersion: backstage.io/v1\nkind: Group\nk0: &k0 {{type: team}}\n{bomb}\nmetadata: {{name: a}}\nspec: *k59\n"
    )
    assert [it.id for it in backstage.read({"c.yaml": text.encode()}).found] == ["a"]
    loop = "apiVersion: backstage.io/v1\nkind: Group\nmetadata: &m {name: a, <<: *m}\nspec: {type: team}\n"
    assert [it.id for it in backstage.read({"c.yaml": loop.encode()}).found] == ["a"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"a: *b\n", "c.yaml:1:4: syntax: YAML reads a sign of this text as its own"),
        (b"a: \xff\n", "c.yaml:1:4: encoding: the file is not UTF-8"),
        (b"<<: a\n", "c.yaml:1:5: syntax: not YAML: while constructing a mapping"),
    ],
)
def test_a_catalogue_that_is_no_yaml_stops_everything(raw: bytes, expected: str) -> None:
    (said,) = problems(backstage.read, "c.yaml", raw)
    assert said.startswith(expected)


def test_a_tag_makes_nothing() -> None:
    odd = ("!!python/object/apply:os.system [echo]\n", "!!int a\n", "!!timestamp a: b\n")
    found = catalogue(*odd, component("type: service, owner: !x a"))
    assert [(it.id, it.team) for it in services(found)] == [("till", "a")]
    assert [it.rule for it in found.unmapped] == ["not-mapped"] * len(odd)


@pytest.mark.parametrize("owner", ["user:jane", "group:決済"])
def test_an_owner_that_becomes_no_team_is_reported(owner: str) -> None:
    words = f"the component `till` is left out: its owner `{owner}` isn't a group that becomes a team"
    assert reports(catalogue(component(f"type: service, owner: {owner}"))) == [f"c.yaml:1:1: unknown-team: {words}"]


# Tables


def rows(text: str | bytes) -> Imported:
    return table.read({"a.csv": text if isinstance(text, bytes) else text.encode()})


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "headings",
    [
        ("team", "service", "description", "tier"),
        ("Team Name", "SERVICE_NAME", "Summary", "Service Tier"),
        ("owner", "name", "description", "tier"),
        ("チーム", "サービス", "概要", "ティア"),
        ("担当チーム", "サービス名", "説明", "Ｔｉｅｒ"),
        ("ﾁｰﾑ", "名前", "概要", "tier"),
    ],
)
def test_columns_are_found_by_their_headings(headings: tuple[str, ...], delimiter: str) -> None:
    found = rows(f"{delimiter.join(headings)}\n{delimiter.join(('Pay', 'Till', 'Takes coins', '2'))}\n")
    assert names(teams(found)) == [("pay", "Pay")]
    (service,) = services(found)
    assert (service.id, service.team) == ("till", "pay")
    assert {key: value for key, value in service.values.items() if value} == {
        "name": "Till",
        "summary": "Takes coins",
        "tier": 2,
    }
    assert reports(found) == []


def test_headings_in_quotes_stand_between_any_delimiters() -> None:
    found = rows('"team";"service"\n"Pay, in";"Till"\n')
    assert names([*found.found]) == [("pay-in", "Pay, in"), ("till", "Till")]


@given(st.permutations(["team", "service", "service id", "channel", "description", "repository"]))
def test_columns_stand_in_any_order(order: list[str]) -> None:
    cells = {
        "team": "Pay",
        "service": "決済",
        "service id": "till",
        "channel": "#pay",
        "description": "S",
        "repository": "https://git.example.com/x",
    }
    found = rows(f"{','.join(order)}\n{','.join(cells[it] for it in order)}\n")
    assert [it.values["channel"] for it in teams(found)] == ["#pay"]
    assert names(services(found)) == [("till", "決済")]
    values = services(found)[0].values
    assert (values["summary"], values["repository"]) == ("S", "https://git.example.com/x")


def test_every_heading_means_one_thing() -> None:
    every = [(heading, column) for column, headings in table.COLUMNS.items() for heading in headings]
    assert len(table.HEADINGS) == len({heading for heading, _ in every})
    for heading, column in every:
        assert rows(f"team,{heading}\n").unmapped == () or column == "team"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_in_unicode_is_read_as_it_is(encoding: str, end: str) -> None:
    found = rows(end.join(("チーム,チームID", "決済,pay", "")).encode(encoding))
    assert [(it.id, it.values["name"], it.place.line) for it in found.found] == [("pay", "決済", 2)]
    assert reports(found) == []


def test_a_table_in_shift_jis_is_read_and_said_to_be() -> None:
    found = rows("チーム,チームID,概要\n決済①,pay,表示ソフト\n".encode("cp932"))
    assert [(it.id, it.values["name"], it.values["mission"]) for it in found.found] == [("pay", "決済①", "表示ソフト")]
    assert reports(found) == [
        "a.csv:1:1: encoding: not UTF-8: read as Shift_JIS (cp932); check that the names are right"
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            "team\nQualité,x\n".encode("latin-1"),
            "a.csv:2:7: encoding: neither UTF-8 nor Shift_JIS; save it as UTF-8 (in Excel: “CSV UTF-8”)",
        ),
        (b"", "a.csv:1:1: empty-file: the file is empty; it needs a header row"),
        (b"\n  \n", "a.csv:1:1: empty-file: the file is empty; it needs a header row"),
        (
            b"\nservice,tier\nTill,1\n",
            "a.csv:2:1: missing-column: no column names the team; call one `team` (or `チーム`)",
        ),
        (
            b'team,service\nA,B\nA,"C\nD,E\n',
            "a.csv:3:1: syntax: not a table: unexpected end of data; check the quotes from here on",
        ),
    ],
)
def test_a_file_that_is_no_table_stops_everything(raw: bytes, expected: str) -> None:
    assert problems(table.read, "a.csv", raw) == [expected]


@pytest.mark.parametrize(
    ("cell", "tier"),
    [
        ("1", 1),
        ("Tier 2", 2),
        ("T3", 3),
        ("ティア1", 1),
        ("２", 2),
        ("tier-1", 1),
        ("", None),
        ("4", None),
        ("高", None),
    ],
)
def test_a_tier_is_read_however_it_is_written(cell: str, tier: int | None) -> None:
    found = rows(f"team,service,tier\nA,B,{cell}\n")
    assert services(found)[0].values["tier"] == tier
    assert reports(found) == (
        [f"a.csv:2:1: odd-value: `{cell}` isn't a tier; write 1, 2 or 3"] if cell and not tier else []
    )


@pytest.mark.parametrize("cell", ["X; Y", "X、Y", '"X\nY"', '"X, Y"', "X | Y ;"])
def test_dependencies_stand_in_one_cell(cell: str) -> None:
    found = rows(f"team,service,depends on\nA,B,{cell}\n")
    assert [it.id for it in services(found)[0].values["depends_on"]] == ["x", "y"]


def test_a_japanese_name_needs_its_id_once() -> None:
    text = "チーム,チームID,サービス,サービスID,依存先\n決済,,台帳,ledger,\n決済,pay,受付,till,台帳\n"
    found = rows(text)
    assert names(teams(found)) == [("pay", "決済")]
    assert [(it.id, it.team) for it in services(found)] == [("ledger", "pay"), ("till", "pay")]
    assert [it.id for it in services(found)[1].values["depends_on"]] == ["ledger"]
    assert reports(found) == []


@pytest.mark.parametrize(
    ("text", "team", "its_services"),
    [
        ("id,name,channel\npay,決済,#p\n", ("pay", "決済"), []),
        ("id,name,owner\ntill,受付,Pay\n", ("pay", "Pay"), [("till", "受付")]),
        ("team,service,name\npay,,Payments\npay,till,The till\n", ("pay", "Payments"), [("till", "The till")]),
        ("team,service,name\npay,till,The till\npay,,Payments\n", ("pay", "Payments"), [("till", "The till")]),
        ("team id,service id\npay,till\n", ("pay", "pay"), [("till", "till")]),
        ("owner,team,service\nJane,Pay,Till\n", ("pay", "Pay"), [("till", "Till")]),
    ],
)
def test_names_and_ids_are_those_of_what_a_row_is_about(
    text: str, team: tuple[str, str], its_services: list[tuple[str, str]]
) -> None:
    found = rows(text)
    assert names(teams(found)) == [team]
    assert names(services(found)) == its_services


def test_a_team_of_many_rows_is_one_team() -> None:
    text = "team,service,channel,dashboard\nPay,,,https://a.example.com\nPAY,Till,#pay,https://b.example.com\n"
    found = rows(text)
    link = {"name": "Pay", "address": "https://a.example.com"}
    values = {"name": "Pay", "channel": "#pay", "mission": "", "dashboards": [link]}
    assert teams(found) == [Found("team", "pay", Place("a.csv", 2), values)]
    assert services(found)[0].values["dashboards"] == [{"name": "Till", "address": "https://b.example.com"}]


@given(st.binary(max_size=200))
@example(b"team,service\n\x00,\x00")
@example(b"\xff\xfet\x00")
def test_any_bytes_are_a_table_or_a_problem(raw: bytes) -> None:
    readers: list[Callable[[Mapping[str, bytes]], Imported]] = [table.read, backstage.read]
    for read in readers:
        try:
            found = read({"a": raw})
        except DataError:
            continue
        assert all(near_names.is_id(it.id) for it in found.found)


# Runbooks


@pytest.fixture
def with_till(data: Path) -> Path:
    """The smallest data with a service, of the team `payments`."""
    return write_tree(data, {"teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\n"}, base=False)


def runbook(text: str | bytes, name: str = "cart.md") -> tuple[dict[str, Any], list[str]]:
    """What the one runbook in a file says by the keys of a playbook, and what could not be mapped."""
    found = markdown_files.read({name: text if isinstance(text, bytes) else text.encode()})
    values = found.found[0].values
    said = {key: value for key, value in values.items() if value and key not in ("name", "alerts")}
    return said, reports(found)


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("## Meaning", "meaning"),
        ("# OVERVIEW", "meaning"),
        ("## アラートの意味", "meaning"),
        ("Impact\n------", "impact"),
        ("### User impact ###", "impact"),
        ("## 影響範囲", "impact"),
        ("## Symptom", "symptoms"),
        ("## 症状", "symptoms"),
        ("## 2.1 Investigating:", "diagnosis"),
        ("## 🔧 Troubleshooting steps", "diagnosis"),
        ("## Possible checks", "diagnosis"),
        ("## 1. 原因の切り分け", "diagnosis"),
        ("## **Mitigation**", "mitigation"),
        ("## Recovery steps", "mitigation"),
        ("## Possible corrective actions", "mitigation"),
        ("## 暫定対処", "mitigation"),
        ("## Verify recovery", "recovery"),
        ("## 復旧の確認", "recovery"),
    ],
)
def test_a_heading_leads_to_a_part_however_it_is_written(heading: str, part: str) -> None:
    values, said = runbook(f"# Cart\n\n{heading}\n\nLook")
    look = {"diagnosis": [{"do": "Look"}], "mitigation": [{"do": "Look"}], "meaning": "Look", "impact": "Look"}
    assert values == {part: look.get(part, ["Look"])}
    assert said == []


@pytest.mark.parametrize("heading", ["Escalation", "How to diagnose", "Transactions", "Prefix", "連絡先"])
def test_any_other_heading_is_kept_with_what_stands_below_it(heading: str) -> None:
    values, said = runbook(f"# Cart\n\n## {heading}\n\n- Look\n  - there")
    assert values == {"notes": f"## {heading}\n\n- Look\n  - there"}
    assert said == [f"cart.md:3:1: not-mapped: `{heading}` is no part of a playbook; it is kept in `notes`"]


def test_a_runbook_is_read_whatever_ends_its_lines(with_till: Path) -> None:
    text = "# Cart\n\n## Diagnosis\n\n- Look\n\n  ```sh\n  ls\t\\\n    -l \n  ```\n\n| a |\n|---|\n| b |\n"
    (file,) = planned(with_till, {"cart.md": b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()}).files
    (again,) = planned(with_till, {"cart.md": text}).files
    assert file.new_text == again.new_text
    (step,) = (
        load.load(with_till, "data", overlay={"teams/payments/playbooks/cart.yaml": file.new_text.encode()})
        .playbooks[0]
        .diagnosis
    )
    assert step.command == "ls\t\\\n  -l"


@pytest.mark.parametrize(
    ("raw", "rule"), [(b"", "empty-file"), (b"\n \n", "empty-file"), (b"\x89PNG\r\n\x1a\n\0\0", "encoding")]
)
def test_what_is_no_text_stops_everything(raw: bytes, rule: str) -> None:
    (problem,) = problems(markdown_files.read, "cart.md", raw)
    assert problem.startswith(f"cart.md:1:1: {rule}: ")


def test_a_text_that_is_too_long_begins_there_and_is_whole_in_the_notes() -> None:
    long = f"{'Look here. ' * 20}{'Wait there ' * 20}"
    values, said = runbook(f"# Cart\n\n## Mitigation\n\n{long}")
    assert values["mitigation"] == [{"do": ("Look here. " * 20).strip()}]
    assert values["notes"] == f"## Mitigation\n\n{long.strip()}"
    assert said == ["cart.md:5:1: not-mapped: it is long; only its beginning is in `mitigation`; it is kept in `notes`"]


def test_what_the_notes_have_no_room_for_is_said_once() -> None:
    table = "| a |\n|---|\n" + f"| {'b' * 96} |\n" * 30
    values, said = runbook("# Cart\n\n## Impact\n\n" + f"{table}\n" * 5)
    assert values == {"notes": "\n\n".join(["## Impact", table.strip()])}
    assert [it.partition(": not-mapped: ")[2][:21] for it in said] == ["there is no place for", "from here on, what ha"]


def test_what_would_take_long_to_render_is_left_out() -> None:
    values, said = runbook(f"# Cart\n\n## Impact\n\n{'> ' * 12}deep")
    assert values == {}
    assert len(said) == 1


@pytest.mark.parametrize(
    ("code", "command"),
    [
        ("ls\n\nls -l", "ls\n\nls -l"),
        ("$ ls", "ls"),
        ("$ ls \\\n  -l\n$ df", "ls \\\n  -l\ndf"),
        ("  $ ls\n  a b", "ls"),
        ("echo ${A} $B", "echo ${A} $B"),
        ("kubectl -n {{$labels.ns}} get {{ $labels.pod }}", "kubectl -n {ns} get {pod}"),
        ("echo {{ $value }} {a} {print $1}", "echo {{ $value }} {a} {print $1}"),
    ],
)
def test_a_command_is_what_is_typed(code: str, command: str) -> None:
    values, _ = runbook(f"# Cart\n\n## Diagnosis\n\nLook\n\n```console\n{code}\n```")
    assert values["diagnosis"] == [{"do": "Look", "command": command}]
    assert [it["name"] for it in values.get("variables", ())] == (["ns", "pod"] if "{ns}" in command else [])


@pytest.mark.parametrize(("language", "made"), [("", True), ("json", False), ("text", False), ("SH", True)])
def test_code_that_a_screen_shows_is_no_command(language: str, made: bool) -> None:
    values, _ = runbook(f"# Cart\n\n## Diagnosis\n\nLook\n\n```{language}\nls\n```")
    assert ("command" in values["diagnosis"][0]) == made


def test_names_in_braces_are_no_problem_afterwards(with_till: Path) -> None:
    parts = ("Meaning", "Impact", "Symptoms", "Diagnosis", "### {a}", "Mitigation", "Verification")
    text = "".join(f"\n## {part}\n\nSee {{escalate}}, `{{x}}` and ${{y}}\n".replace("## ###", "###") for part in parts)
    run(with_till, {"cart.md": f"# {{cart}}\n{text}", "ledger.md": "# Ledger {b}"})
    for playbook in load.load(with_till, "data").playbooks:
        assert [name for _, name in playbook.names] == []


LINKS = [
    "[a](../b.md)",
    "[a](/b/)",
    "[a](#b)",
    "[a][b]",
    "<ftp://a.example/>",
    "[a](javascript:alert(1))",
    "![a](b.png)",
]


@pytest.mark.parametrize("link", LINKS)
def test_a_link_that_leads_nowhere_is_words(link: str, with_till: Path) -> None:
    run(with_till, {"cart.md": f"# Cart\n\n## Diagnosis\n\nSee {link}\n\n## Notes\n\nSee {link}\n\n[b]: ../c.md\n"})
    (made,) = load.load(with_till, "data").playbooks
    assert made.links == ()
    assert made.notes is not None
    assert markdown.link_targets(made.notes.en or "") == []


@pytest.mark.parametrize(
    ("team", "service", "words"),
    [
        ("", "", "--team: name the team of the playbooks"),
        ("payment", "till", "--team: there is no team `payment`; did you mean `payments`?"),
        ("payments", "", "--service: name the service of the playbooks"),
        ("payments", "tills", "--service: there is no service `tills`; did you mean `till`?"),
    ],
)
def test_a_runbook_needs_a_team_and_a_service_that_are_there(
    team: str, service: str, words: str, with_till: Path
) -> None:
    ledger: dict[str, Content] = {"teams/payments/services/ledger.yaml": "name: Ledger\nsummary: Counts\n"}
    handbook = load.load(write_tree(with_till, ledger), "data")
    (with_till.parent / "cart.md").write_text("# Cart", encoding="utf-8")
    with pytest.raises(RefusedError, match=re.escape(words)):
        imports.planned(imports.IMPORTS["markdown"], [with_till.parent / "cart.md"], handbook, with_till, team, service)


def test_a_playbook_of_a_runbook_is_a_gap_until_its_steps_are_steps(with_till: Path) -> None:
    run(with_till, {"cart.md": "# Cart\n\n## Diagnosis\n\nLook\n\n    ls\n\n## Mitigation\n\nWait"})
    _, findings = checks.run(load.load(with_till, "data"))
    assert "playbook-without-steps" in {it.rule for it in findings}

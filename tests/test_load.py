"""Loading: what is wrong is named with its place, all of it at once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from conftest import GOLDEN, GUIDES, Case, Content, cases, make_handbook, write_tree

from macros.gaps import checks
from macros.handbook import load
from macros.handbook.graph import Handbook
from macros.model.kinds import KINDS
from macros.text.problems import DataError, Problem, RefusedError

NOBODY = 65534

ELSEWHERE = {
    "unreadable": "test_load.py: a folder, a file that can't be read",
    "encoding": "test_yaml_file.py: text that is not UTF-8",
    "symbolic-link": "test_load.py: symbolic links",
    "page-not-in-nav": "test_navigation.py: a page that no navigation has",
    "page-script": "test_guides.py: a page with a script in it",
    "page-code": "test_page_macros.py: code that is no call",
    "unknown-macro": "test_page_macros.py: a macro that doesn't exist",
    "macro-call": "test_page_macros.py: unknown ids and wrong arguments",
    "template": "test_page_macros.py and test_pages.py: what Jinja can't read or fill",
    "catalogue": "test_catalogue.py: a catalogue that can't be read",
}
"""Rules that no case file can break, with where they are broken instead."""

SERVICE = "name: Checkout\nsummary: Takes payments\n"


def problems_of(folder: Path, files: dict[str, Content] | None = None) -> tuple[Problem, ...]:
    """The problems of `BASE` and `files` in a data folder, those that checks find among them."""
    write_tree(folder, files or {})
    try:
        handbook = load.load(folder, "data", GUIDES)
    except DataError as error:
        return error.problems
    return checks.run(handbook)[0]


def lines(problems: tuple[Problem, ...]) -> list[str]:
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("case", cases("problems"))
def test_problem_case(case: Case, tmp_path: Path) -> None:
    assert case.expected
    assert lines(problems_of(tmp_path / "data", dict(case.files))) == case.expected


def test_every_rule_has_a_case_that_breaks_it() -> None:
    expected = [line for case in cases("problems") for line in case.values[0].expected]
    broken = {line.split(": ")[1] for line in expected}
    assert broken == {*load.RULES, *(check.name for check in checks.CHECKS if check.stops)} - {*ELSEWHERE}


def test_the_smallest_data_loads(tmp_path: Path) -> None:
    assert problems_of(tmp_path) == ()


def test_loading_twice_gives_the_same() -> None:
    first, second = load.load(GOLDEN / "data"), load.load(GOLDEN / "data")
    assert first.teams == second.teams
    assert first.services == second.services
    assert first.sources == second.sources


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError) as raised:
        load.load(tmp_path / "none", "none")
    assert lines(raised.value.problems) == [
        "none:1:1: unreadable: there is no folder of this name; name the folder that holds the data"
    ]


def test_messages_name_the_folder_as_it_was_given(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"^{tmp_path.as_posix()}/organisation.yaml:1:1: missing-file: "):
        load.load(tmp_path)


def test_a_file_of_no_kind_in_a_team_s_folder_is_told_where_each_kind_is(tmp_path: Path) -> None:
    files = {it.file.removeprefix("teams/<team>/") for it in KINDS.values() if it.in_team}
    assert {"team.yaml", "services/<id>.yaml"} < files
    assert lines(problems_of(tmp_path, {"teams/payments/checkout.yaml": "name: Checkout\n"})) == [
        "data/teams/payments/checkout.yaml:1:1: unknown-file: no kind of data has a file `checkout.yaml` here; "
        f"allowed here: {', '.join(sorted(files))}"
    ]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    files: dict[str, Content] = {".gitkeep": "", "teams/payments/.cache/x.txt": "x", "teams/.git/x.yaml": "x"}
    assert problems_of(tmp_path, files) == ()


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("teams/payments/services/till.yaml", "checkout.yaml"),
        ("teams/payments/alerts/rules.yml", "../services/.draft.yml"),
    ],
)
def test_a_link_to_a_file_inside_would_have_its_content_twice(link: str, target: str, tmp_path: Path) -> None:
    write_tree(tmp_path, {"teams/payments/services/checkout.yaml": SERVICE, "teams/payments/services/.draft.yml": ""})
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(target)
    assert lines(problems_of(tmp_path)) == [
        f"data/{link}:1:1: symbolic-link: a symbolic link; put the file or the folder itself here, or delete it"
    ]


@pytest.mark.parametrize(
    ("path", "most"),
    [("teams/payments/services/till.yaml", "500,000"), ("teams/payments/alerts/rules.yml", "2,000,000")],
)
def test_a_file_of_several_megabytes_is_not_read_to_its_end(path: str, most: str, tmp_path: Path) -> None:
    words = f"data/{path}:1:1: limit: the file has more than {most} bytes; split it"
    not_even_text = b"groups: \xff".ljust(6_000_000)
    assert lines(problems_of(tmp_path, {path: not_even_text})) == [words]
    (tmp_path / path).unlink()
    with pytest.raises(DataError) as raised:
        load.load(tmp_path, "data", (), {path: not_even_text})
    assert lines(raised.value.problems) == [words]


def test_a_list_of_alerts_is_no_longer_than_other_data(tmp_path: Path) -> None:
    found = problems_of(tmp_path, {"teams/payments/alerts/list.yaml": b"source: Bank\n".ljust(600_000)})
    assert lines(found) == [
        "data/teams/payments/alerts/list.yaml:1:1: limit: the file has more than 500,000 bytes; split it"
    ]


def test_a_data_folder_that_is_a_link_itself_is_read(tmp_path: Path) -> None:
    write_tree(tmp_path / "real", {})
    (tmp_path / "link").symlink_to("real")
    assert [team.id for team in load.load(tmp_path / "link").teams] == ["payments"]


NEW_SERVICE = {"teams/payments/services/till.yaml": b"name: Till\nsummary: Takes coins\n"}


def services_with(folder: Path, overlay: load.Overlay) -> dict[str, str | None]:
    return {it.id: it.name.en for it in load.load(folder, "data", (), overlay).services}


def test_an_overlay_adds_replaces_and_takes_away_files_and_writes_none(tmp_path: Path) -> None:
    write_tree(tmp_path, {"teams/payments/services/checkout.yaml": SERVICE})
    path = "teams/payments/services/checkout.yaml"
    assert services_with(tmp_path, NEW_SERVICE) == {"checkout": "Checkout", "till": "Till"}
    assert services_with(tmp_path, {path: b"name: Other\nsummary: S\n"}) == {"checkout": "Other"}
    assert services_with(tmp_path, {path: None, **NEW_SERVICE}) == {"till": "Till"}
    assert services_with(tmp_path, {}) == {"checkout": "Checkout"}


def test_a_folder_that_an_overlay_makes_or_leaves_empty(tmp_path: Path) -> None:
    write_tree(tmp_path, {"teams/shop/team.yaml": "name: Shop\nchannel: x\n", "teams/shop/services/a.yaml": SERVICE})
    moved = {
        "teams/shop/team.yaml": None,
        "teams/shop/services/a.yaml": None,
        "teams/store/team.yaml": b"name: Shop\nchannel: x\n",
        "teams/store/services/a.yaml": SERVICE.encode(),
    }
    assert [it.id for it in load.load(tmp_path, "data", (), moved).teams] == ["payments", "store"]
    with pytest.raises(DataError, match=r"data/teams/shop/team\.yaml:1:1: missing-file"):
        load.load(tmp_path, "data", (), {"teams/shop/team.yaml": None})


def test_the_problems_of_an_overlay_are_those_of_files(tmp_path: Path) -> None:
    write_tree(tmp_path, {})
    overlay = {
        "teams/payments/services/till.yaml": b"name: Till\n",
        "teams/payments/alerts/rules.yml": b"groups: [{name: g, rules: [{alert: A}]}]\n",
        "teams/payments/services/Odd.yaml": b"",
    }
    with pytest.raises(DataError) as caught:
        load.load(tmp_path, "data", (), overlay)
    write_tree(tmp_path, overlay, base=False)
    assert caught.value.problems == problems_of(tmp_path)
    assert len({it.path for it in caught.value.problems}) == 3


@pytest.mark.parametrize(
    ("path", "rule"), [("teams/payments/odd/a.yaml", "unknown-file"), ("teams/Odd/team.yaml", "odd-id")]
)
def test_a_file_of_an_overlay_in_a_folder_that_may_not_be_is_a_problem(path: str, rule: str, tmp_path: Path) -> None:
    write_tree(tmp_path, {})
    with pytest.raises(DataError, match=f"data/{path}:1:1: {rule}"):
        load.load(tmp_path, "data", (), {path: b"name: A\nchannel: x\n"})


def test_a_file_of_an_overlay_that_the_loader_passes_over_is_none(tmp_path: Path) -> None:
    write_tree(tmp_path, {})
    hidden = {".a.yaml": b"a", "teams/.queries.yaml": b"a", "teams/payments/.old/a.yaml": b"a"}
    assert load.load(tmp_path, "data", (), hidden).teams


def test_an_overlay_puts_a_file_in_place_of_a_link(tmp_path: Path) -> None:
    write_tree(tmp_path, {"teams/payments/services/checkout.yaml": SERVICE})
    (tmp_path / "teams/payments/services/till.yaml").symlink_to("checkout.yaml")
    assert services_with(tmp_path, NEW_SERVICE) == {"checkout": "Checkout", "till": "Till"}


@pytest.mark.parametrize(
    "target", ["/etc/hostname", "../../../../../outside.yaml", "../../../..", "none.yaml", "../../shop"]
)
def test_a_symbolic_link_that_is_refused(target: str, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(SERVICE)
    data = write_tree(tmp_path / "data", {"teams/shop/team.yaml": 'name: Shop\nchannel: "#shop"\n'})
    (data / "teams/payments/services").mkdir()
    (data / "teams/payments/services/till.yaml").symlink_to(target)
    assert lines(problems_of(data)) == [
        "data/teams/payments/services/till.yaml:1:1: symbolic-link: a symbolic link; "
        "put the file or the folder itself here, or delete it"
    ]


def test_figures_behind_a_link_are_refused(tmp_path: Path) -> None:
    write_tree(tmp_path, {}).joinpath("figures.jsonl").symlink_to("/etc/hostname")
    assert ("data/figures.jsonl", "symbolic-link") in [(it.path, it.rule) for it in problems_of(tmp_path)]


def test_a_link_in_a_circle_is_refused(tmp_path: Path) -> None:
    write_tree(tmp_path, {})
    (tmp_path / "teams/payments/services").symlink_to("../payments")
    (tmp_path / "teams/loop").symlink_to("loop")
    assert [(it.path, it.rule) for it in problems_of(tmp_path)] == [
        ("data/teams/loop", "symbolic-link"),
        ("data/teams/payments/services", "symbolic-link"),
    ]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach: those of pytest are root's alone where root runs it."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in folder.rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def without_privileges() -> Iterator[None]:
    """Nothing stops root from reading; so be nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def unreadable(folder: Path, closed: str) -> list[str]:
    """What loading says where one thing can't be read."""
    (folder / closed).chmod(0)
    with without_privileges():
        try:
            load.load(folder, "data")
        except DataError as error:
            return lines(error.problems)
    return []


REFERRING: dict[str, Content] = {
    "teams/payments/services/checkout.yaml": f"{SERVICE}depends_on: [till, stall]\n",
    "teams/shop/team.yaml": 'name: Shop\nchannel: "#shop"\n',
    "teams/shop/services/stall.yaml": SERVICE,
    "teams/shop/services/till.yaml": SERVICE,
}
"""One team's service that needs two of another team."""


def test_a_file_that_cannot_be_read_is_one_problem(open_folder: Path) -> None:
    write_tree(open_folder, REFERRING)
    assert unreadable(open_folder, "teams/shop/services/till.yaml") == [
        "data/teams/shop/services/till.yaml:1:1: unreadable: "
        "can't be read (Permission denied); fix its permissions, or remove it"
    ]


@pytest.mark.parametrize("closed", ["teams/shop/services", "teams/shop", "teams"])
def test_a_folder_that_cannot_be_read_is_one_problem(closed: str, open_folder: Path) -> None:
    write_tree(open_folder, REFERRING)
    assert unreadable(open_folder, closed) == [
        f"data/{closed}:1:1: unreadable: the folder can't be read (Permission denied); fix its permissions"
    ]


def test_a_folder_that_cannot_be_read_hides_no_fault_elsewhere(open_folder: Path) -> None:
    write_tree(open_folder, {**REFERRING, "teams/payments/team.yaml": "name: 5\n"})
    assert [line.split(": ")[1] for line in unreadable(open_folder, "teams/shop/services")] == [
        "missing-key",
        "wrong-type",
        "unreadable",
    ]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_plain_string_is_in_the_language_of_the_organisation(language: str, tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, {"organisation.yaml": f"language: {language}\nname: Example\n"})
    for text in (handbook.organisation.name, handbook.teams[0].name):
        assert text.words("en")[1] == text.words("ja")[1] == language


@pytest.mark.parametrize(
    ("epoch", "day"),
    [("0", date(1970, 1, 1)), ("1795564799", date(2026, 11, 24)), ("1795564800", date(2026, 11, 25))],
)
def test_today_is_the_day_of_the_source_date_in_utc(epoch: str, day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert load.today() == day


@pytest.mark.parametrize("epoch", ["abc", "-1", "1.5", " 1", "１", "1_0", "123456789012", "9" * 5000])
def test_a_source_date_that_is_none_is_refused(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(RefusedError, match=r"^SOURCE_DATE_EPOCH is '.*'; give whole seconds since 1970, or unset it$"):
        load.today()


@pytest.mark.parametrize("epoch", [None, ""])
def test_today_is_the_day_in_utc_without_a_source_date(epoch: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    if epoch is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    before = datetime.now(UTC).date()
    assert before <= load.today() <= datetime.now(UTC).date()


def rest_of(folder: Path, files: dict[str, Content]) -> Handbook:
    """What loading makes of data with problems."""
    with pytest.raises(DataError) as raised:
        load.load(write_tree(folder, files), "data")
    rest: Handbook = raised.value.rest
    return rest


def test_beside_its_problems_comes_what_is_right_without_what_refers_to_the_rest(tmp_path: Path) -> None:
    needing = {f"teams/shop/services/{id}.yaml": f"{SERVICE}depends_on: [{needs}]\n" for id, needs in ("ab", "bc")}
    broken = {"teams/payments/services/c.yaml": "name: C\n", "teams/payments/services/d.yaml": SERVICE}
    rest = rest_of(tmp_path, {"teams/shop/team.yaml": "name: Shop\nchannel: x\n", **needing, **broken})
    assert [entity.id for entity in rest.everything()] == ["organisation", "payments", "shop", "d"]
    assert rest.left_out == {
        "data/teams/payments/services/c.yaml": ("service", "c"),
        "data/teams/shop/services/a.yaml": ("service", "a"),
        "data/teams/shop/services/b.yaml": ("service", "b"),
    }


def test_without_a_team_s_file_nothing_of_the_team_is_there(tmp_path: Path) -> None:
    rules = "groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]\n"
    files = {
        "services/till.yaml": SERVICE,
        "alerts/rules.yml": rules,
        "alerts/other.yaml": "source: X\nalerts: [{name: B, urgency: page}]\n",
    }
    rest = rest_of(
        tmp_path, {f"teams/{team}/{name}": text for team in ("payments", "shop") for name, text in files.items()}
    )
    assert {entity.team for entity in rest.services} == {"payments"}
    assert [read.team for read in rest.rule_files] == ["payments"]
    assert {path for path in rest.left_out if "/shop/" not in path} == set()
    assert len(rest.left_out) == 1 + len(files)


def test_what_lists_a_work_that_is_left_out_is_left_out(tmp_path: Path) -> None:
    work = "{id: a, title: A, address: 'https://example.com/', kind: article, language: en}"
    path = "name: P\npurpose: P\nrank: 1\nsteps: [{reading: a}]\n"
    files: dict[str, Content] = {
        "reading/shelf.yaml": f"name: S\nrank: 1\nodd: 1\nentries: [{work}]\n",
        "reading-paths/path.yaml": path,
    }
    rest = rest_of(tmp_path, files)
    assert [*rest.left_out.values()].count(("reading-path", "path")) == 1


def test_what_has_no_place_is_left_out_without_a_name(tmp_path: Path) -> None:
    rest = rest_of(tmp_path, {"teams/payments/services/till.yml": SERVICE, "teams/payments/odd/x.yaml": ""})
    assert {*rest.left_out.items()} == {(f"data/teams/payments/{it}", ("", "")) for it in ("services/till.yml", "odd")}


@pytest.mark.parametrize("organisation", [None, "name: Example\nodd: 1\n", b"\xff"])
def test_without_an_organisation_nothing_is_there(organisation: Content, tmp_path: Path) -> None:
    rest = rest_of(tmp_path, {"organisation.yaml": organisation})
    assert [*rest.everything()] == []
    assert {*rest.left_out} == {"data/organisation.yaml", "data/teams/payments/team.yaml"}


def test_a_handbook_stays_as_long_as_no_file_of_it_changes(tmp_path: Path) -> None:
    write_tree(tmp_path, {"teams/payments/services/checkout.yaml": SERVICE})
    memory = load.Memory()

    def loaded(*guides: str) -> Handbook:
        return load.load(tmp_path, "data", guides, memory=memory)

    first = loaded()
    assert loaded() is first
    assert loaded("slos/") is not first
    write_tree(tmp_path, {"teams/payments/services/checkout.yaml": f"\n{SERVICE}"})
    moved = loaded()
    assert moved is not first
    assert moved.services == first.services
    (service,) = moved.services
    assert moved.place(service, ("name",)) != first.place(service, ("name",))

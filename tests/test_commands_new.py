"""`python -m macros new`: what it writes, and under which names it writes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from calls import COMPLETE, TILL, Captured, check, files_of
from conftest import Content, write_tree

from macros.__main__ import main
from macros.authoring import editor, skeletons
from macros.handbook import load
from macros.model.kinds import KINDS
from macros.model.playbooks import Playbook
from macros.site.project import load_handbook
from macros.text import catalogue

pytestmark = pytest.mark.usefixtures("without_pages")

TEMPLATE = (
    "name: Alert\nsummary: S\nuse_when: U\nmakes: playbook\nsections: [{name: N, guidance: G, example: E}]\n"
    "skeleton: |\n  name: <What is wrong>\n  service: SERVICE-ID\n"
)

BEGINNING: dict[str, Content] = {
    **COMPLETE,
    "playbook-templates/alert.yaml": TEMPLATE,
    "playbook-templates/queue.yaml": TEMPLATE.replace("<What is wrong>", "<What waits>"),
    "playbook-templates/postmortem.yaml": TEMPLATE.replace("makes: playbook", "makes: document"),
    "teams/payments/services/till.yaml": TILL,
    "teams/payments/services/checkout.yaml": TILL.replace("Till", "Checkout"),
    "teams/shop/team.yaml": "name: Shop\nchannel: x\n",
    "teams/shop/services/basket.yaml": TILL.replace("Till", "Basket"),
}
"""Two teams, their services, and templates of both sorts."""

HEAD = f"{editor.modeline(KINDS['playbook'])}\n"
BEGUN = f"{HEAD}name: <What is wrong>\nservice: checkout\n"
"""What `new` makes of `TEMPLATE` where nothing else is said."""


def new(data: Path, *arguments: str, team: str = "payments") -> int:
    return main(["new", "playbook", *arguments, "--team", team, "--data", str(data)])


def test_new_writes_a_file_and_prints_its_path(data: Path, capsys: Captured) -> None:
    write_tree(data, BEGINNING)
    before = files_of(data)
    assert new(data, "coins-stick") == 0
    path = data / "teams/payments/playbooks/coins-stick.yaml"
    assert capsys.readouterr() == (f"{path}: new\n", "")
    assert path.read_text(encoding="utf-8") == BEGUN
    assert files_of(data) == {**before, "teams/payments/playbooks/coins-stick.yaml": BEGUN.encode()}
    assert check("--data", data) == 0


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], BEGUN),
        (["--service", "till"], BEGUN.replace("checkout", "till")),
        (["--service", "basket"], BEGUN.replace("checkout", "basket")),
        (["--template", "queue"], BEGUN.replace("<What is wrong>", "<What waits>")),
        (["--title", "Coins stick"], f'{HEAD}name: "Coins stick"\nservice: checkout\n'),
        (["--title", 'says "no": # \\'], f'{HEAD}name: "says \\"no\\": # \\\\"\nservice: checkout\n'),
        (["--title", "硬貨が詰まる"], f'{HEAD}name: "硬貨が詰まる"\nservice: checkout\n'),
        (["--service", "till", "--title", "A", "--template", "queue"], f'{HEAD}name: "A"\nservice: till\n'),
    ],
)
def test_new_takes_the_first_service_the_alert_template_and_no_title_unless_it_is_told(
    arguments: list[str], text: str, data: Path
) -> None:
    assert new(write_tree(data, BEGINNING), "coins-stick", *arguments) == 0
    assert (data / "teams/payments/playbooks/coins-stick.yaml").read_text(encoding="utf-8") == text
    assert check("--data", data) == 0


def test_new_takes_a_service_of_the_team_that_is_named(data: Path) -> None:
    assert new(write_tree(data, BEGINNING), "basket-is-lost", team="shop") == 0
    path = data / "teams/shop/playbooks/basket-is-lost.yaml"
    assert path.read_text(encoding="utf-8") == BEGUN.replace("checkout", "basket")


def test_new_leaves_the_place_of_the_service_where_the_team_has_none(data: Path) -> None:
    write_tree(data, {**BEGINNING, "teams/street/team.yaml": "name: Street\nchannel: x\n"})
    assert new(data, "coins-stick", team="street") == 0
    path = data / "teams/street/playbooks/coins-stick.yaml"
    assert path.read_text(encoding="utf-8") == BEGUN.replace("checkout", "SERVICE-ID")


@pytest.mark.parametrize(
    ("id", "arguments", "words"),
    [
        ("a", {"team": "paymnets"}, "--team: there is no team `paymnets`; did you mean `payments`?"),
        ("a", {"team": "zzz"}, "--team: there is no team `zzz`; there are payments, shop"),
        ("a", {"template": "alrt"}, "--template: there is no template `alrt`; did you mean `alert`?"),
        ("a", {"template": "zzz"}, "--template: there is no template `zzz`; there are alert, queue"),
        ("a", {"template": "postmortem"}, "--template: there is no template `postmortem`; there are alert, queue"),
        ("a", {"service": "chekout"}, "--service: there is no service `chekout`; did you mean `checkout`?"),
        ("a", {"service": "zzz"}, "--service: there is no service `zzz`; there are basket, checkout, till"),
        *(
            (id, {}, f"`{id}` can't be an id; use at most 100 lower-case letters, digits and single hyphens")
            for id in ("Coins Stick", "coins_stick", "coins--stick", "../coins", "a/b", "硬貨", "coins\n")
        ),
        ("", {}, "name its id: lower-case letters, digits and single hyphens"),
        ("a", {"team": ""}, "--team: name the team that owns the playbook"),
        ("taken", {}, "there is already a playbook `taken`; ids are unique across all teams"),
    ],
)
def test_new_writes_nothing_under_a_name_that_is_wrong(
    id: str, arguments: dict[str, str], words: str, data: Path, capsys: Captured
) -> None:
    write_tree(data, {**BEGINNING, "teams/shop/playbooks/taken.yaml": "name: Taken\nservice: basket\n"})
    before = files_of(data)
    options = [part for name, value in {"team": "payments", **arguments}.items() for part in (f"--{name}", value)]
    assert main(["new", "playbook", id, *options, "--data", str(data)]) == 2
    assert capsys.readouterr() == ("", f"new: {words}\n")
    assert files_of(data) == before


def test_new_without_a_template_says_that_there_is_none(tmp_path: Path, capsys: Captured) -> None:
    assert new(write_tree(tmp_path / "bare", COMPLETE), "a") == 2
    assert capsys.readouterr() == ("", "new: --template: there is no template `alert`; there are none\n")


def test_new_overwrites_no_playbook_of_the_team(data: Path, capsys: Captured) -> None:
    write_tree(data, BEGINNING)
    assert new(data, "coins-stick", "--title", "Mine") == 0
    before = files_of(data)
    capsys.readouterr()
    assert new(data, "coins-stick") != 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("new: there is already a playbook `coins-stick`")
    assert files_of(data) == before


def test_new_overwrites_no_file_that_appears_while_it_runs(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    write_tree(data, BEGINNING)
    before = load.outline(data)
    write_tree(data, {"teams/payments/playbooks/coins-stick.yaml": "mine"}, base=False)
    path = data / "teams/payments/playbooks/coins-stick.yaml"
    monkeypatch.setattr(load, "outline", lambda folder: before)
    assert new(data, "coins-stick") == 1
    assert capsys.readouterr() == ("", f"new: {path} already exists; choose another id, or edit it\n")
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    "broken",
    [
        {"teams/shop/team.yaml": "name: Shop\n"},
        {"teams/payments/team.yaml": "name: Payments\nchannel: # fill in\n"},
        {"teams/payments/services/checkout.yaml": "name:\n"},
        {"teams/payments/checklists/start.yaml": "# nothing yet\n"},
        {"playbook-templates/queue.yaml": "name: ["},
        {"organisation.yaml": "language: xx\n"},
    ],
)
def test_new_begins_a_file_while_another_has_blanks_or_problems(
    broken: dict[str, Content], data: Path, capsys: Captured
) -> None:
    write_tree(data, {**BEGINNING, **broken})
    assert check("--data", data) == 1
    capsys.readouterr()
    assert new(data, "coins-stick") == 0
    path = data / "teams/payments/playbooks/coins-stick.yaml"
    assert capsys.readouterr() == (f"{path}: new\n", "")
    assert path.read_text(encoding="utf-8") == BEGUN


def test_new_begins_the_one_file_that_nothing_works_without(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "data").mkdir()
    assert main(["new", "organisation", "--data", str(tmp_path / "data")]) == 0
    assert (tmp_path / "data/organisation.yaml").read_text() == skeletons.of_kind(KINDS["organisation"])


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (["team", "street", "--title", "Street"], "teams/street/team.yaml"),
        (["service", "till-api", "--team", "payments"], "teams/payments/services/till-api.yaml"),
        (["journey", "pay", "--team", "payments"], "teams/payments/journeys/pay.yaml"),
        (["alerts", "uptime", "--team", "payments"], "teams/payments/alerts/uptime.yaml"),
        (["team-checklist", "start", "--team", "payments"], "teams/payments/checklists/start.yaml"),
        (["reading-shelf", "basics"], "reading/basics.yaml"),
        (["glossary"], "glossary.yaml"),
    ],
)
def test_new_begins_a_file_of_any_kind(arguments: list[str], path: str, data: Path, capsys: Captured) -> None:
    assert main(["new", *arguments, "--data", str(data)]) == 0
    assert capsys.readouterr() == (f"{data / path}: new\n", "")
    title = arguments[arguments.index("--title") + 1] if "--title" in arguments else ""
    assert (data / path).read_text(encoding="utf-8") == skeletons.of_kind(KINDS[arguments[0]], title)
    capsys.readouterr()
    assert main(["new", *arguments, "--data", str(data)]) != 0
    assert ("choose another id" in capsys.readouterr().err) == (arguments[0] in ("alerts", "team-checklist", "team"))


def test_new_speaks_the_language_that_it_is_told(data: Path) -> None:
    assert main(["new", "team", "street", "--language", "ja", "--data", str(data)]) == 0
    japanese = catalogue.translations("ja").gettext
    text = (data / "teams/street/team.yaml").read_text(encoding="utf-8")
    assert text == skeletons.of_kind(KINDS["team"], "", japanese) != skeletons.of_kind(KINDS["team"])


@pytest.mark.parametrize(
    ("organisation", "arguments", "name"),
    [("en", [], "A"), ("en", ["--language", "ja"], "甲"), ("ja", [], "甲"), ("ja", ["--language", "en"], "A")],
)
def test_new_begins_a_playbook_in_the_language_that_it_is_told_or_the_organisation_s(
    organisation: str, arguments: list[str], name: str, data: Path
) -> None:
    skeleton = '{en: "name: A\\nservice: SERVICE-ID", ja: "name: 甲\\nservice: SERVICE-ID"}\n'
    template = TEMPLATE.partition("skeleton: ")[0] + f"skeleton: {skeleton}"
    files = {"organisation.yaml": f"name: E\nlanguage: {organisation}\n", "playbook-templates/alert.yaml": template}
    assert new(write_tree(data, {**BEGINNING, **files}), "coins-stick", *arguments) == 0
    text = (data / "teams/payments/playbooks/coins-stick.yaml").read_text(encoding="utf-8")
    assert text == f"{HEAD}name: {name}\nservice: checkout\n"


def test_new_asks_at_a_terminal_for_what_is_missing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"Its id": "till-api", "The team": "payments", "Its display name": "Till API"}

    def answer(asked: str) -> str:
        return answers.pop(next(it for it in answers if asked.startswith(it)))

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    assert main(["new", "service", "--data", str(data)]) == 0
    assert answers == {}
    text = (data / "teams/payments/services/till-api.yaml").read_text(encoding="utf-8")
    assert 'name: "Till API"\n' in text


def test_new_makes_no_data_folder(tmp_path: Path, capsys: Captured) -> None:
    assert new(tmp_path / "none", "coins-stick") == 2
    assert capsys.readouterr() == ("", f"new: --data: there is no folder {tmp_path / 'none'}\n")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("title", ["a\tb", "\x07", "  "])
def test_new_refuses_a_title_that_is_no_line_of_words(title: str, data: Path, capsys: Captured) -> None:
    assert new(write_tree(data, BEGINNING), "coins", "--title", title) == 2
    assert "--title: write it on one line" in capsys.readouterr().err
    assert not (data / "teams/payments/playbooks/coins.yaml").exists()


@pytest.mark.parametrize(
    ("alert", "line"),
    [("CoinsStick", '  - "CoinsStick"'), ('says "no": # \\', '  - "says \\"no\\": # \\\\"'), ("硬貨", '  - "硬貨"')],
)
def test_new_names_the_alert_that_the_playbook_answers(alert: str, line: str, data: Path) -> None:
    asking = f"{TEMPLATE}  alerts:\n    - <TheAlert>\n  symptoms:\n    - <What users see>\n"
    assert new(write_tree(data, {**BEGINNING, "playbook-templates/alert.yaml": asking}), "coins", "--alert", alert) == 0
    lines = (data / "teams/payments/playbooks/coins.yaml").read_text(encoding="utf-8").splitlines()
    place = next(number for number, it in enumerate(lines) if it.startswith("alerts:"))
    assert lines[place + 1] == line
    assert lines[place + 2].startswith("symptoms:")
    playbook = load_handbook(data)[0].find("playbook", "coins")
    assert isinstance(playbook, Playbook)
    assert playbook.alerts == (alert,)


def test_new_refuses_an_alert_that_is_no_line_of_words(data: Path, capsys: Captured) -> None:
    assert new(write_tree(data, BEGINNING), "coins", "--alert", "a\nb") == 2
    assert capsys.readouterr().err == "new: --alert: write it on one line, in visible characters\n"


def test_json_has_every_letter_as_it_is(tmp_path: Path, capsys: Captured) -> None:
    data = write_tree(tmp_path / "データ", {})
    assert main(["new", "service", "till", "--team", "payments", "--data", str(data), "--format", "json"]) == 0
    assert "/データ/" in capsys.readouterr().out


def test_new_prints_json_and_then_asks_nothing(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    arguments = ["new", "service", "till", "--data", str(data), "--format", "json"]
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", "new: --team: name the team that owns the service\n")
    assert main([*arguments, "--team", "payments"]) == 0
    path = data / "teams/payments/services/till.yaml"
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert (change["change"], change["after"]) == ("new", str(path))
    assert path.is_file()


def test_new_is_left_without_a_traceback(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def ended(asked: str) -> str:
        raise EOFError

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", ended)
    assert main(["new", "service", "--data", str(data)]) == 1
    assert capsys.readouterr().err == "new: nothing was changed\n"

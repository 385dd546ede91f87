"""Adopting the handbook: the example goes, the curated content stays, and what is left is right and builds."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import write_tree
from repositories import git
from web import contents

from macros.__main__ import main
from macros.commands import adopt
from macros.editing import adoption, change_set
from macros.editing.adoption import OrganisationAnswers
from macros.editing.change_set import ChangeSet
from macros.handbook import load
from macros.site import project
from macros.text.problems import DataError, RefusedError

ORGANISATION = """\
# The example.
name:
  en: Example Works
  ja: エグザンプルワークス
language: en
site_address: https://handbook.example.com/
repository:
  address: https://github.com/example/sre-handbook
  maintainers: "@example/sre"
chat: # where channels are
  name: Slack
# How severe it is.
incidents:
  channel: "#incidents"
  declare:
    An incident commander answers
    within five minutes
  severities:
    - id: sev-1
      name: SEV-1
      what: Nobody can work
      examples:
        - No drawing opens
        - Nobody can sign in
      triggers: [A page]
    - id: sev-2
      name: SEV-2
      what: Some can't work
      examples: [No search]
illustration: >-
  All of this
  is invented.
sources:
  - name: A book
    address: https://book.example.com/
"""

OTHERS = {
    ".github/CODEOWNERS": "* @example/sre\n",
    ".github/ISSUE_TEMPLATE/config.yml": (
        "blank_issues_enabled: true\ncontact_links:\n  - name: Now\n    url: https://handbook.example.com/incidents/\n"
    ),
    ".github/ISSUE_TEMPLATE/problem.yml": "placeholder: https://handbook.example.com/playbooks/…\n",
    "README.md": (
        "# Handbook\n\n![A team's page](screenshots/team.png)\n\n"
        "From https://github.com/example/sre-handbook or a copy.\n"
    ),
    "docs/index.md": "# Home\n\n{{ team_table() }}\n",
    "screenshots/team.png": "picture",
    "data/figures.jsonl": '{"day":"2026-11-17","figures":{"team-without-mission":[0,1]}}\n',
    "data/teams/.example": "The example.\n",
    "data/teams/zukura/team.yaml": 'name: Zukura\nchannel: "#zukura"\n',
    "data/teams/zukura/services/zukura-api.yaml": "name: Zukura API\nsummary: Opens drawings\n",
    "data/glossary.yaml": "terms:\n  - {id: slo, name: SLO, definition: A promise}\n",
}

KNOWN = OrganisationAnswers(name="Canopus", team="payments", channel="#team-payments")
WHOLE = replace(
    KNOWN,
    team_name='The "Payments" team',
    language="ja",
    site="https://canopus.test/hb",
    repository="https://gitlab.canopus.test/sre/hb.git",
    page="critical, high",
    ticket="warning",
)

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a small example, on which the command works."""
    root = tmp_path / "checkout"
    write_tree(root, {**OTHERS, "data/organisation.yaml": ORGANISATION}, base=False)
    monkeypatch.setattr(project, "ROOT", root)
    monkeypatch.setattr(adopt, "ROOT", root)
    return root


def planned(root: Path, answers: OrganisationAnswers = KNOWN) -> ChangeSet:
    handbook = load.load(root / "data", "data")
    changes = adoption.planned(root, handbook, answers)
    change_set.checked(changes, handbook, root / "data", root / "docs")
    return changes


def removed(root: Path, changes: ChangeSet) -> set[str]:
    return {it.before.relative_to(root).as_posix() for it in changes.files if it.before and not it.after}


def written(root: Path, answers: OrganisationAnswers = KNOWN) -> dict[str, str]:
    """The text of each file that adopting writes, by its path."""
    files = planned(root, answers).files
    return {it.after.relative_to(root).as_posix(): it.new_text for it in files if it.after}


def command(*arguments: str) -> int:
    return main(["adopt", *arguments])


GIVEN = ("--name", "Canopus", "--team", "payments", "--channel", "#team-payments")


def test_the_keys_of_the_example_are_written_anew_and_the_others_stay(root: Path) -> None:
    lines = written(root, replace(WHOLE, language="en"))["data/organisation.yaml"]
    assert (
        lines
        == """\
# The incident and error budget policies below are a starting point: agree on them, or change them.
# Give each severity `examples` of your own.
name: "Canopus"
language: en
site_address: "https://canopus.test/hb/"
repository:
  address: "https://gitlab.canopus.test/sre/hb"
  host: gitlab
  # maintainers: "@example/sre"
# The chat; makes channels into links.
# chat:
#   name: "Slack"
#   # optional: channel_address
paging:
  also_page: ["critical", "high"]
  also_ticket: ["warning"]
incidents:
  channel: "#incidents"
  declare:
    en: Write what users see and since when, even if you aren't sure.
    ja: ユーザーに何がいつから起きているかを書いてください。確信がなくてもかまいません。
  severities:
    - id: sev-1
      name: SEV-1
      what: Nobody can work
      triggers: [A page]
    - id: sev-2
      name: SEV-2
      what: Some can't work
sources:
  - name: A book
    address: https://book.example.com/
"""
    )


def test_what_is_not_known_yet_is_there_to_be_filled_in(root: Path) -> None:
    lines = written(root)["data/organisation.yaml"].splitlines()
    assert lines[2:14] == [
        'name: "Canopus"',
        "language: en",
        "# Where the handbook is published.",
        '# site_address: "https://sre.example.com/"',
        "# Where the handbook's files are; if absent, there are no edit links.",
        "# repository:",
        '#   address: "https://git.example.com/sre/handbook"',
        "#   # optional: host, branch, maintainers",
        "# The chat; makes channels into links.",
        "# chat:",
        '#   name: "Slack"',
        "#   # optional: channel_address",
    ]


def test_one_team_is_left_to_fill_in(root: Path) -> None:
    plan = planned(root, WHOLE)
    change_set.write(plan)
    (team,) = load.load(root / "data").teams
    assert (team.id, team.name.ja, team.channel) == ("payments", 'The "Payments" team', "#team-payments")
    lines = (root / "data/teams/payments/team.yaml").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^(\w+):", lines) == ["name", "channel"]
    assert "# mission: " in lines
    assert "下の行で分かるもの" in lines, "its comments are in the organisation's language"


@pytest.mark.parametrize(("id", "name"), [("sre", "SRE"), ("shop-front", "Shop front")])
def test_a_team_without_a_name_is_called_by_its_id(id: str, name: str, root: Path) -> None:
    change_set.write(planned(root, replace(KNOWN, team=id)))
    assert load.load(root / "data").teams[0].name.en == name


def test_everything_of_the_example_goes_and_nothing_else(root: Path) -> None:
    before = contents(root)
    plan = planned(root, WHOLE)
    change_set.write(plan)
    after = contents(root)
    gone = {"screenshots/team.png", ".github/CODEOWNERS", "data/figures.jsonl"}
    gone |= {path for path in before if path.startswith("data/teams/")}
    assert removed(root, plan) == before.keys() - after.keys() == gone
    assert after.keys() - before.keys() == {"CODEOWNERS", "data/teams/payments/team.yaml"}
    assert {it for it in after if after[it] == before.get(it)} == {"docs/index.md", "data/glossary.yaml"}
    assert not (root / "screenshots").exists()
    assert [it.name for it in (root / "data/teams").iterdir()] == ["payments"]


def test_files_outside_the_data_have_the_addresses_of_the_organisation(root: Path) -> None:
    texts = written(root, WHOLE)
    assert texts[".github/ISSUE_TEMPLATE/config.yml"].endswith("url: https://canopus.test/hb/incidents/\n")
    assert texts[".github/ISSUE_TEMPLATE/problem.yml"] == "placeholder: https://canopus.test/hb/playbooks/…\n"
    assert texts["README.md"] == "# Handbook\n\nFrom https://gitlab.canopus.test/sre/hb or a copy.\n"
    assert texts["CODEOWNERS"].endswith("# Left out: /data/teams/payments/ – team.yaml has no `repository_group`.\n")


def test_without_a_site_no_form_leads_to_that_of_the_example(root: Path) -> None:
    assert written(root)[".github/ISSUE_TEMPLATE/config.yml"] == "blank_issues_enabled: true\n"


def test_a_team_may_have_the_id_of_one_that_goes(root: Path) -> None:
    plan = planned(root, replace(KNOWN, team="zukura"))
    assert "data/teams/zukura/team.yaml" not in removed(root, plan)
    change_set.write(plan)
    assert [it.name for it in (root / "data/teams/zukura").iterdir()] == ["team.yaml"]
    assert load.load(root / "data").services == ()


def test_a_plan_that_would_leave_problems_is_none(root: Path) -> None:
    before = contents(root)
    (root / "docs/index.md").write_text('# Home\n\n{{ link("service", "zukura-api") }}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"docs/index\.md:3"):
        planned(root)
    (root / "docs/index.md").write_bytes(before["docs/index.md"])
    path = root / "data/glossary.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}owner: zukura\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"data/glossary\.yaml:3"):
        planned(root)
    path.write_bytes(before["data/glossary.yaml"])
    assert contents(root) == before


@pytest.mark.parametrize("steps", [0, 4, 5, 9, 10, 14])
def test_where_a_step_fails_all_is_as_it_was(steps: int, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(root, WHOLE)
    before = contents(root)
    count = 0

    def fail(old: Path, new: Path, do: Callable[[Any, Any], None] = os.replace) -> None:
        nonlocal count
        count += 1
        if count == steps + 1:
            raise OSError("no space left")
        do(old, new)

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="no space left"):
        change_set.write(plan)
    assert contents(root) == before
    assert not [it.name for it in root.iterdir() if it.name.startswith(".adopt")]


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"name": " "}, ["name"]),
        ({"name": "two\nlines"}, ["name"]),
        ({"channel": ""}, ["channel"]),
        ({"channel": "\u200b"}, ["channel"]),
        ({"team": ""}, ["team"]),
        ({"team": "../x"}, ["team"]),
        ({"language": "de"}, ["language"]),
        ({"site": "handbook.canopus.test"}, ["site"]),
        ({"site": "mailto:a@canopus.test"}, ["site"]),
        ({"repository": "git@canopus.test:sre/hb.git"}, ["repository"]),
        ({"host": "forge"}, ["host"]),
        ({"repository": ""}, ["host"]),
    ],
)
def test_an_answer_that_can_not_be_is_refused(changed: dict[str, str], fields: list[str]) -> None:
    assert [name for name, _ in adoption.faults(replace(WHOLE, **{"host": "gitlab", **changed}))] == fields


@pytest.mark.parametrize("answers", [KNOWN, WHOLE, replace(KNOWN, name="カノープス", team_name="決済", language="ja")])
def test_answers_that_can_be_are_taken(answers: OrganisationAnswers, root: Path) -> None:
    assert [*adoption.faults(answers)] == []
    change_set.write(planned(root, answers))
    organisation = load.load(root / "data").organisation
    assert organisation.name.in_language(organisation.language) == answers.name
    assert organisation.illustration is None


@pytest.mark.parametrize(
    ("address", "host"), [("https://github.com/a/b", "github"), ("https://gitlab.canopus.test/a/b", "gitlab")]
)
def test_the_host_is_known_by_its_address(address: str, host: str) -> None:
    assert adoption.whole(replace(WHOLE, host="", repository=address)).host == host


def test_changes_that_are_not_committed_are_not_lost(root: Path, capsys: Captured) -> None:
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Begin")
    (root / "data/teams/zukura/team.yaml").write_text("name: Zukura\nchannel: x\n", encoding="utf-8")
    (root / "data/teams/zukura/services/new.yaml").write_text("name: New\nsummary: N\n", encoding="utf-8")
    (root / "docs/index.md").write_text("# Changed, and left alone\n", encoding="utf-8")
    before = contents(root)
    assert command(*GIVEN) == 2
    assert capsys.readouterr().err == (
        "adopt: data/teams/zukura/team.yaml and 1 more would be lost: commit first, or use --force\n"
    )
    assert contents(root) == before
    assert command(*GIVEN, "--force") == 0


def test_a_dry_run_shows_it_and_changes_nothing(root: Path, capsys: Captured) -> None:
    before = contents(root)
    assert command(*GIVEN, "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "data/teams/zukura/services/zukura-api.yaml: removed\n" in shown
    assert "\nfiles: 5 removed, 4 changed, 1 new\nnothing was written\n" in shown
    assert "+++ b/data/teams/payments/team.yaml\n" in shown
    assert '\n+name: "Canopus"\n' in shown
    assert contents(root) == before


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_json_names_every_file(dry: tuple[str, ...], root: Path, capsys: Captured) -> None:
    before = contents(root)
    assert command(*GIVEN, "--format", "json", *dry) == 0
    report = json.loads(capsys.readouterr().out)
    sorts = {str(root / (it["after"] or it["before"])): it["change"] for it in report["changes"]}
    assert [path for path, sort in sorts.items() if sort == "new"] == [str(root / "data/teams/payments/team.yaml")]
    assert sorts[str(root / "data/teams/zukura/team.yaml")] == "removed"
    assert sorts[str(root / "data/organisation.yaml")] == "changed"
    assert report["written"] != bool(dry)
    assert [note.partition(";")[0] for note in report["notes"]] == ["fill in data/teams/payments/team.yaml"]
    assert (contents(root) == before) == bool(dry)


def test_without_a_terminal_what_is_missing_is_named(root: Path, capsys: Captured) -> None:
    before = contents(root)
    assert command("--name", "Canopus") == 2
    assert capsys.readouterr() == ("", "adopt: --channel: is missing; --team: is missing\n")
    assert contents(root) == before


def test_data_with_problems_is_not_adopted(root: Path, capsys: Captured) -> None:
    (root / "data/teams/zukura/team.yaml").write_text("name: Zukura\n", encoding="utf-8")
    before = contents(root)
    assert command(*GIVEN) == 1
    assert "teams/zukura/team.yaml:1:1: missing-key" in capsys.readouterr().err
    assert contents(root) == before


def test_adopting_twice_is_wrong_use(root: Path, capsys: Captured) -> None:
    assert command(*GIVEN) == 0
    capsys.readouterr()
    assert command(*GIVEN) == 2
    assert "already yours" in capsys.readouterr().err


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str]], list[str]]:
    """Someone at a terminal with these answers; returns the questions as they come. No more answers: Ctrl-D."""

    def at(answers: list[str]) -> list[str]:
        asked: list[str] = []
        left: Iterator[str] = iter(answers)

        def answer(words: str) -> str:
            asked.append(words)
            try:
                return next(left)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("builtins.input", answer)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        return asked

    return at


def test_at_a_terminal_it_asks(root: Path, terminal: Callable[[list[str]], list[str]], capsys: Captured) -> None:
    repository = "https://gitlab.canopus.test/hb"
    asked = terminal(["", "Canopus", "", "Not an id", "web", "", "", "", repository, "", "critical", "", "y"])
    assert command() == 0
    usual = [it.rpartition("[")[2] for it in asked if "[" in it]
    assert usual == ["en]: ", "WEB]: ", "#team-web]: ", "gitlab]: ", "y/N]: "]
    assert "  is missing\n" in capsys.readouterr().out
    handbook = load.load(root / "data")
    assert [team.id for team in handbook.teams] == ["web"]
    assert handbook.organisation.repository is not None
    assert handbook.organisation.repository.address == repository
    assert handbook.paging.also_page == ("critical",)


def test_what_was_given_is_not_asked_for(root: Path, terminal: Callable[[list[str]], list[str]]) -> None:
    asked = terminal(["", "", "", "", "", "", "y"])
    assert command(*GIVEN) == 0
    words = [
        "The language, en or ja, of plain texts and of what short addresses open [en]: ",
        "The team's display name [Payments]: ",
        "The address where the handbook will be published (default: not known yet): ",
        "The repository's address in a browser (default: not known yet): ",
        "Values of the label `severity` that page, as in critical (page): ",
        "Those that open a ticket, as in warning,minor (ticket): ",
    ]
    assert asked[:-1] == words


@pytest.mark.parametrize("answers", [[], ["Canopus"], [""] * 7, [*[""] * 6, "n"]])
def test_at_a_terminal_one_may_leave(
    answers: list[str], root: Path, terminal: Callable[[list[str]], list[str]], capsys: Captured
) -> None:
    before = contents(root)
    terminal(answers)
    assert command(*(GIVEN if len(answers) == 7 else ())) == 1
    assert capsys.readouterr().err == "adopt: nothing was changed\n"
    assert contents(root) == before


def test_a_repository_that_git_cannot_read_may_have_something_to_lose(root: Path) -> None:
    (root / ".git").write_text("gitdir: nowhere\n", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"can.t tell whether .*: .*--force"):
        adoption.uncommitted(root, planned(root))


def test_other_line_ends_change_nothing(root: Path) -> None:
    expected = written(root)["data/organisation.yaml"]
    file = root / "data/organisation.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert written(root)["data/organisation.yaml"] == expected


def test_a_folder_that_is_no_repository_has_nothing_to_lose(root: Path) -> None:
    assert adoption.uncommitted(root, planned(root)) == ()

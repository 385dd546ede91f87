"""Later versions: curated content and program come in, the organisation's own files stay, the example stays away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import Content, write_tree
from repositories import git
from web import change, contents

from macros.__main__ import main
from macros.commands import adopt
from macros.editing import updates
from macros.text.problems import RefusedError

EXAMPLE: dict[str, Content] = {
    "data/organisation.yaml": "name: Example\nlanguage: en\nillustration: Invented\n",
    "data/figures.jsonl": "example\n",
    "data/teams/.example": "example\n",
    "data/teams/zukura/team.yaml": "name: Zukura\nchannel: x\n",
    "data/teams/zukura/notes.txt": "".join(f"line {number}\n" for number in range(30)),
    "data/checklists/start.yaml": "".join(f"# {number}\n" for number in range(30)),
    ".github/CODEOWNERS": "* @example/sre\n",
    "screenshots/team.png": "picture",
    "README.md": "# Handbook\n",
}

ADOPTED: dict[str, Content] = {
    "data/organisation.yaml": "name: Canopus\nlanguage: en\n",
    "data/figures.jsonl": "own\n",
    "docs/look/logo.svg": "own\n",
    "data/teams/web/team.yaml": "name: Web\nchannel: x\n",
    ".github/CODEOWNERS": "* @canopus/sre\n",
}

Captured = pytest.CaptureFixture[str]


def commit(root: Path, files: Mapping[str, Content] | None = None, gone: tuple[str, ...] = ()) -> None:
    write_tree(root, files or {}, base=False)
    for path in gone:
        git(root, "rm", "-rq", path)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Change")


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """The handbook that updates come from, with the example."""
    root = tmp_path / "upstream"
    root.mkdir()
    git(root, "init", "-q")
    commit(root, EXAMPLE)
    return root


@pytest.fixture
def own(upstream: Path, tmp_path: Path) -> Path:
    """A clone of it that an organisation has made its own."""
    root = tmp_path / "own"
    git(tmp_path, "clone", "-q", "--origin", "upstream", str(upstream), str(root))
    commit(root, ADOPTED, gone=("data/teams/.example", "data/teams/zukura", "screenshots"))
    return root


def fetched(own: Path, version: str = "upstream/main") -> updates.Taken:
    git(own, "fetch", "-q", "upstream")
    return updates.take(own, version)


def files(root: Path) -> dict[str, bytes]:
    return {path: text for path, text in contents(root).items() if not path.startswith(".git/")}


def test_what_is_shared_comes_and_what_is_the_organisations_stays(own: Path, upstream: Path) -> None:
    before = files(own)
    commit(
        upstream,
        {
            "data/checklists/start.yaml": "# changed\n",
            "data/checklists/new.yaml": "# new\n",
            "data/organisation.yaml": "name: Example Works\nlanguage: ja\nillustration: Invented\n",
            "data/figures.jsonl": "example\nexample\n",
            "docs/look/logo.svg": "another\n",
            "docs/look/style.css": "p {}\n",
            "data/teams/.example": "the example\n",
            "data/teams/zukura/team.yaml": "name: Zukura\nchannel: y\n",
            "data/teams/zukura/services/api.yaml": "name: New of the example\n",
            "data/teams/search/team.yaml": "name: New team\nchannel: z\n",
            ".github/CODEOWNERS": "* @example/other\n",
            "screenshots/team.png": "another picture",
        },
    )
    taken = fetched(own)
    assert taken == updates.Taken(("data/checklists/new.yaml", "data/checklists/start.yaml"), ())
    after = files(own)
    assert {path for path in after if after[path] != before.get(path)} == set(taken.changed)
    assert before.keys() - after.keys() == set()
    commit(own)
    assert files(own) == after
    assert fetched(own) == updates.Taken((), (), begun=False), "and there is nothing new"


def test_a_file_of_the_example_that_moves_does_not_come_along(own: Path, upstream: Path) -> None:
    git(upstream, "mv", "data/teams/zukura", "data/teams/files")
    commit(upstream, {"data/teams/files/new.yaml": "new\n"})
    taken = fetched(own)
    assert taken == updates.Taken((), ())
    assert updates.as_text(taken).startswith("The update changes only the worked example.\n")
    assert {it.name for it in (own / "data/teams").iterdir()} == {"web"}


def test_a_shared_file_that_goes_goes_here_too(own: Path, upstream: Path) -> None:
    commit(upstream, gone=("data/checklists/start.yaml",))
    assert fetched(own).changed == ("data/checklists/start.yaml",)
    assert not (own / "data/checklists/start.yaml").exists()


def test_changes_of_a_shared_file_in_two_places_are_both_there(own: Path, upstream: Path) -> None:
    change(own / "data/checklists/start.yaml", "# 3\n", "# ours\n")
    commit(own)
    change(upstream / "data/checklists/start.yaml", "# 25\n", "# theirs\n")
    commit(upstream)
    assert fetched(own).conflicts == ()
    text = (own / "data/checklists/start.yaml").read_text(encoding="utf-8")
    assert "# ours\n" in text
    assert "# theirs\n" in text


def test_changes_in_one_place_are_named_and_wait_for_a_choice(
    own: Path, upstream: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    commit(own, {"README.md": "# Ours\n"})
    commit(upstream, {"README.md": "# Theirs\n", "data/teams/zukura/team.yaml": "name: D\nchannel: y\n"})
    git(own, "fetch", "-q", "upstream")
    monkeypatch.setattr(adopt, "ROOT", own)
    assert main(["adopt", "--update", "upstream/main", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"changed": [], "conflicts": ["README.md"], "begun": True}
    with pytest.raises(RefusedError, match="a merge is in progress"):
        updates.take(own, "upstream/main")
    git(own, "merge", "--abort")
    assert files(own)["README.md"] == b"# Ours\n"
    assert main(["adopt", "--update", "upstream/main"]) == 1
    assert "README.md: changed on both sides; choose, then: git add README.md" in capsys.readouterr().out


def test_an_update_that_brings_nothing_says_so(own: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(adopt, "ROOT", own)
    assert main(["adopt", "--update", "upstream/main"]) == 0
    assert capsys.readouterr().out == "already up to date\n"


@pytest.mark.parametrize(
    ("path", "arguments", "words"),
    [
        ("own", ("upstream/next",), "git doesn't know `upstream/next`"),
        ("own", ("--help",), "git doesn't know `--help`"),
        ("upstream", ("main",), "the worked example is still here"),
        ("own", ("upstream/main", "--name", "X"), "--update: can be combined only with --format"),
    ],
)
def test_what_can_not_be_taken_is_refused(
    path: str,
    arguments: tuple[str, ...],
    words: str,
    own: Path,
    upstream: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    monkeypatch.setattr(adopt, "ROOT", {"own": own, "upstream": upstream}[path])
    before = files(own), files(upstream)
    assert main(["adopt", f"--update={arguments[0]}", *arguments[1:]]) == 2
    assert words in capsys.readouterr().err
    assert (files(own), files(upstream)) == before


def test_changes_that_are_not_committed_come_first(own: Path, upstream: Path) -> None:
    commit(upstream, {"README.md": "# New\n"})
    (own / "data/checklists/start.yaml").write_text("# mine\n", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"^data/checklists/start\.yaml has changes"):
        fetched(own)
    assert files(own)["data/checklists/start.yaml"] == b"# mine\n"


def test_a_file_that_stands_in_the_way_is_not_lost(own: Path, upstream: Path) -> None:
    commit(upstream, {"data/checklists/new.yaml": "# theirs\n"})
    (own / "data/checklists/new.yaml").write_text("# mine\n", encoding="utf-8")
    with pytest.raises(RefusedError, match="would be overwritten"):
        fetched(own)
    assert files(own)["data/checklists/new.yaml"] == b"# mine\n"


def test_a_folder_that_is_no_repository_takes_nothing(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="isn't the root of a git repository"):
        updates.take(tmp_path, "main")


def test_a_copy_without_history_takes_updates_once_it_is_told_where_it_came_from(
    upstream: Path, tmp_path: Path
) -> None:
    own = tmp_path / "copy"
    own.mkdir()
    git(own, "init", "-q")
    commit(own, {**EXAMPLE, **ADOPTED})
    git(own, "rm", "-rq", "data/teams/.example", "data/teams/zukura", "screenshots")
    git(own, "commit", "-qm", "Adopt")
    git(own, "remote", "add", "upstream", str(upstream))
    git(own, "fetch", "-q", "upstream")
    copied = git(upstream, "rev-parse", "HEAD")
    commit(
        upstream, {"data/checklists/start.yaml": "# changed\n", "data/teams/zukura/team.yaml": "name: D\nchannel: y\n"}
    )
    with pytest.raises(RefusedError, match=r"unrelated histories; docs/contribute/adopt\.md"):
        fetched(own)
    before = files(own)
    git(own, "merge", "--strategy", "ours", "--allow-unrelated-histories", copied, "--no-edit")
    assert files(own) == before
    assert fetched(own).changed == ("data/checklists/start.yaml",)

"""`python -m macros site`: both editions in one folder, or that folder as it was."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from calls import Captured
from web import change, contents, copy_project, read_html, run, runs, wait_until

from macros.__main__ import main
from macros.site import project, publish
from macros.text.problems import Message, Problem


def test_each_edition_knows_its_own_address(built_site: Path) -> None:
    for edition in ("", "ja/"):
        page = read_html(built_site / edition / "teams/complete/index.html")
        assert page.one("link", rel="canonical")["href"] == f"https://handbook.example.com/{edition}teams/complete/"


def test_where_both_are_built_each_page_leads_to_the_other_edition(built_site: Path) -> None:
    for name in ("index.html", "teams/index.html", "teams/complete/index.html"):
        assert read_html(built_site / name).one("a", "edition-switch")["hreflang"] == "ja"
        assert read_html(built_site / "ja" / name).one("a", "edition-switch")["hreflang"] == "en"


# What a build replaces


MAKE = 'mkdir "$1" "$1/a" && echo "$2" >"$1/index.html" && echo "$2" >"$1/a/index.html"'
"""A stand-in for the build of an edition ($2) into a folder ($1)."""

WITHOUT_A = 'mkdir "$1" && echo "$2" >"$1/index.html"'
MADE = {
    "index.html": b"en\n",
    "a/index.html": b"en\n",
    "ja/index.html": b"ja\n",
    "ja/a/index.html": b"ja\n",
}

ADVICE = "Take it away, or build into another folder and copy the site"

Stand = Callable[[str], None]


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Stand:
    """Says what stands in for a build of an edition; the data is right."""

    def use(script: str) -> None:
        monkeypatch.setattr(
            publish, "build_command", lambda edition, output, *options: ["sh", "-c", script, "sh", str(output), edition]
        )

    monkeypatch.setattr(publish, "check_everything", lambda data: ((), (), ()))
    changes = itertools.count()
    monkeypatch.setattr(publish, "_inputs", lambda *, pdfs: f"{next(changes)}")
    use(MAKE)
    return use


def built(site: Path) -> dict[str, bytes]:
    """The files of a site but for its marker, and nothing beside it."""
    assert [it.name for it in site.parent.iterdir() if it.name.startswith(".")] == []
    return {name: content for name, content in contents(site).items() if name != publish.MARKER}


def refused(site: Path, why: str, state: str = "is as it was") -> None:
    """Building there is refused, and changes nothing."""
    before = sorted(site.parent.rglob("*"))
    with pytest.raises(publish.NotBuiltError) as error:
        publish.site(site)
    assert str(error.value) == f"site: {why}\n--- {site.name}/ {state}"
    assert sorted(site.parent.rglob("*")) == before


def test_a_site_says_which_files_are_its_own(tmp_path: Path, stand_in: Stand, capsys: Captured) -> None:
    site = tmp_path / "new/site"
    assert main(["site", "--output", str(site)]) == 0
    assert capsys.readouterr().out == "site/: English at /, Japanese at /ja/, as of 2026-11-24\n"
    assert built(site) == MADE
    assert json.loads((site / publish.MARKER).read_text())["files"] == [publish.MARKER, *sorted(MADE)]


def test_a_new_site_has_nothing_of_the_old_one(tmp_path: Path, stand_in: Stand) -> None:
    site = tmp_path / "site"
    site.mkdir()
    publish.site(site)
    (site / "index.html").write_text("changed by hand")
    stand_in(WITHOUT_A)
    publish.site(site)
    assert built(site) == {"index.html": b"en\n", "ja/index.html": b"ja\n"}


def test_where_nothing_has_changed_nothing_is_built(
    tmp_path: Path, stand_in: Stand, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    site, old = tmp_path / "site", "site/: nothing has changed since it was built, as of 2026-11-24\n"
    new = "site/: English at /, Japanese at /ja/, as of 2026-11-24\n"
    project = copy_project(tmp_path / "project")
    monkeypatch.undo()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795478400")
    monkeypatch.setattr(publish, "ROOT", project)
    monkeypatch.setattr(publish, "data_folder", lambda: project / "data")
    stand_in(MAKE)

    def said() -> str:
        assert main(["site", "--output", str(site)]) == 0
        return capsys.readouterr().out

    assert [said(), said()] == [new, old]
    (project / "data/.#team.yaml").symlink_to("an editor's lock, which leads nowhere")
    (site / "CNAME").write_text("what stands in nobody's way")
    assert said() == old
    (site / "CNAME").unlink()
    for path in ("data/teams/complete/team.yaml", "docs/index.md", "macros/templates/team.html.j2", "hooks.py"):
        with (project / path).open("a") as file:
            file.write("\n")
        assert [said(), said()] == [new, old], path
    (site / "a/index.html").unlink()
    assert [said(), said()] == [new, old]
    (site / "index.html").write_text("changed by hand")
    assert said() == new
    monkeypatch.setenv("HANDBOOK_SITE_URL", "https://elsewhere.example.com/")
    assert said() == new
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796083200")
    assert said() == new.replace("11-24", "12-01")


@pytest.mark.parametrize(
    ("foreign", "named"),
    [
        (["CNAME"], "CNAME"),
        ([".git/"], ".git/"),
        (["a/x/", "ja/a/x"], "a/x/, ja/a/x"),
        (["e", "a/d", "c/", "b", "x\n"], "a/d, b, c/ and 2 more"),
        (["\x1b[2J"], r"\x1b[2J"),
    ],
)
def test_what_no_build_put_there_stops_the_next_one_before_it_begins(
    foreign: list[str], named: str, tmp_path: Path, stand_in: Stand
) -> None:
    site = tmp_path / "site"
    publish.site(site)
    for name in foreign:
        (site / name).mkdir() if name.endswith("/") else (site / name).write_text("mine")
    stand_in("exit 1")
    refused(site, f"{site} holds what no build put there: {named}. {ADVICE}")


def test_a_link_in_place_of_a_folder_of_the_site_is_not_its_own(tmp_path: Path, stand_in: Stand) -> None:
    site = tmp_path / "site"
    publish.site(site)
    (site / "a").rename(tmp_path / "elsewhere")
    (site / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(publish.NotBuiltError, match="no build put there: a\\. "):
        publish.site(site)
    assert contents(tmp_path / "elsewhere") == {"index.html": b"en\n"}


def test_what_is_put_there_during_a_build_stays(tmp_path: Path, stand_in: Stand) -> None:
    site = tmp_path / "site"
    publish.site(site)
    before = contents(site)
    stand_in(f"{MAKE} && echo mine >'{site}/CNAME'")
    with pytest.raises(publish.NotBuiltError, match="no build put there: CNAME"):
        publish.site(site)
    assert contents(site) == before | {"CNAME": b"mine\n"}
    assert [it.name for it in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("marker", [None, "", "[]", "{}", '{"files": 1}', '{"files": []}', "\xff"])
def test_without_a_marker_that_can_be_read_nothing_is_a_builds_own(
    marker: str | None, tmp_path: Path, stand_in: Stand
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "x").write_text("mine")
    if marker is not None:
        (site / publish.MARKER).write_text(marker, encoding="latin-1")
    names = "x" if marker is None else f"{publish.MARKER}, x"
    refused(site, f"{site} holds what no build put there: {names}. {ADVICE}")


def test_a_folder_that_holds_what_is_kept_is_refused(
    tmp_path: Path, stand_in: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, data, checkout = (tmp_path / it for it in ("home", "org/data", "checkout"))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("HANDBOOK_DATA", str(data))
    monkeypatch.setattr(publish, "ROOT", checkout)
    for place, kept in ((home, home), (data, data), (data.parent, data), (checkout, checkout)):
        place.mkdir(parents=True, exist_ok=True)
        refused(place, f"{place} is, or holds, {kept}; name another folder")
    for place in (data, checkout / "docs"):
        inside = place / "new"
        refused(inside, f"{inside} is in {place}, which the build reads; name another folder", "was not made")


def test_a_link_or_a_file_is_refused(tmp_path: Path, stand_in: Stand) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    (tmp_path / "broken").symlink_to("nothing")
    (tmp_path / "file").touch()
    (tmp_path / ".site-building").symlink_to("folder")
    for name, state in (("link", "is as it was"), ("broken", "was not made")):
        with pytest.raises(publish.NotBuiltError, match=rf"/{name} is a symbolic link; .*\n--- {name}/ {state}"):
            publish.site(tmp_path / name)
    with pytest.raises(publish.NotBuiltError, match="file is a file; name a folder"):
        publish.site(tmp_path / "file")
    with pytest.raises(publish.NotBuiltError, match="site-building is a symbolic link"):
        publish.site(tmp_path / "site")
    assert {it.name for it in tmp_path.iterdir()} == {"folder", "link", "broken", "file", ".site-building"}


# When it fails


def test_a_build_that_fails_says_why_and_leaves_the_last_site_as_it_was(
    tmp_path: Path, stand_in: Stand, capsys: Captured
) -> None:
    site = tmp_path / "site"
    publish.site(site)
    before = contents(site)
    stand_in(f"{MAKE} && echo '::error::a\x1b[2Jb' && test $2 = en")
    assert main(["site", "--output", str(site)]) == 1
    log = "\\x3a:error::a\\x1b[2Jb"
    assert capsys.readouterr().err == f"--- the ja edition can't be built:\n{log}\n--- site/ is as it was\n"
    assert contents(site) == before
    assert [it.name for it in tmp_path.iterdir()] == ["site"]


def test_where_no_site_was_a_build_that_fails_makes_none(
    tmp_path: Path, stand_in: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Problem("data/a.yaml", 1, 2, "tab", Message("a tab"))
    monkeypatch.setattr(publish, "check_everything", lambda data: ((fault,), (), ()))
    with pytest.raises(publish.NotBuiltError, match=r"^data/a\.yaml:1:2: tab: a tab\n--- site/ was not made$"):
        publish.site(tmp_path / "a/b/site")
    assert list(tmp_path.iterdir()) == []


def test_a_fault_that_only_a_build_meets_is_named(tmp_path: Path) -> None:
    copy = copy_project(tmp_path / "project")
    change(copy / "docs/teams/index.ja.md", "index.md#team)", "nowhere.md)")
    template = copy / "docs/overrides/main.html"
    line = template.read_text(encoding="utf-8").partition("{% if source %}")[0].count("\n") + 1
    change(template, "{% if source %}", "{{ a.b }}{% if source %}")
    failed = run(copy, "macros", "site", "--output", str(tmp_path / "site"))
    assert failed.returncode == 1
    english, japanese = failed.stdout.split("--- the ja edition can't be built:\n")
    assert english.startswith("--- the en edition can't be built:\n")
    assert "contribute/nowhere.md" in japanese
    assert "contribute/nowhere.md" not in english
    for log in (english, japanese):
        assert f"docs/overrides/main.html:{line}:" in log
    assert failed.stdout.endswith("--- site/ was not made\n")
    assert [it.name for it in tmp_path.iterdir()] == ["project"]


# When it is ended


HANG = 'mkdir "$1"; tail -f /dev/null & echo $$ $! >"$PIDS/$2.new" && mv "$PIDS/$2.new" "$PIDS/$2" && wait'
"""A build that never ends, of a process and its child."""

DRIVER = """
import runpy, sys
from macros.site import publish
publish.check_everything = lambda data: ((), (), ())
_, script, site = sys.argv
publish.build_command = lambda edition, output, *options: ["sh", "-c", script, "sh", str(output), edition]
sys.argv[1:] = ["site", "--output", site]
runpy.run_module("macros", run_name="__main__", alter_sys=True)
"""


def heed() -> None:
    """Listen to the signals that a parent may ignore: a shell's background job does, and `nohup`."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def hanging(site: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A build of a site that has begun and won't end, and the processes of its editions. They end with the test."""
    folder = site.parent / "pids"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, HANG, str(site)],
        env={**os.environ, "PYTHONPATH": str(project.ROOT), "PIDS": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        preexec_fn=heed,
    )
    pids: list[int] = []
    try:
        wait_until(
            lambda: {it.name for it in folder.iterdir()} >= {"en", "ja"} or process.poll() is not None,
            "both editions are being built",
        )
        assert process.poll() is None
        pids += [int(pid) for it in folder.iterdir() for pid in it.read_text().split()]
        yield process, pids
    finally:
        process.kill()
        for pid in filter(runs, pids):
            os.kill(pid, signal.SIGKILL)
        assert process.stdout is not None
        process.stdout.close()
        process.wait()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_a_signal_ends_a_build_with_its_children_and_its_folder(
    number: signal.Signals, code: int, tmp_path: Path, stand_in: Stand
) -> None:
    site = tmp_path / "site"
    publish.site(site)
    before = contents(site)
    with hanging(site) as (process, pids):
        process.send_signal(number)
        assert process.communicate(timeout=60)[0] == ""
        assert process.returncode == code
        wait_until(lambda: not any(map(runs, pids)), "the children have ended")
    assert contents(site) == before
    assert {it.name for it in tmp_path.iterdir()} == {"site", "pids"}


def test_what_a_killed_build_left_goes_with_the_next_one_once_nothing_of_it_runs(
    tmp_path: Path, stand_in: Stand
) -> None:
    site = tmp_path / "site"
    with hanging(site) as (process, pids):
        process.kill()
        process.wait()
        assert (tmp_path / ".site-building/en").is_dir()
        with pytest.raises(publish.NotBuiltError, match="another build into site/ is running"):
            publish.site(site)
        assert (tmp_path / ".site-building/en").is_dir()
        for pid in pids:
            with suppress(ProcessLookupError):  # one may end with the other
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not any(map(runs, pids)), "the children have ended")
    publish.site(site)
    assert built(site) == MADE


def test_a_site_that_a_killed_build_had_moved_aside_is_put_back(tmp_path: Path, stand_in: Stand) -> None:
    site = tmp_path / "site"
    publish.site(site)
    before = contents(site)
    (tmp_path / ".site-building/ja").mkdir(parents=True)
    site.rename(tmp_path / ".site-building/old")
    stand_in("exit 1")
    with pytest.raises(publish.NotBuiltError, match="is as it was"):
        publish.site(site)
    assert contents(site) == before
    assert [it.name for it in tmp_path.iterdir()] == ["site"]


def test_what_is_not_a_builds_own_is_left_where_it_builds(tmp_path: Path, stand_in: Stand) -> None:
    mine = tmp_path / ".site-building/mine"
    mine.parent.mkdir()
    mine.touch()
    publish.site(tmp_path / "site")
    assert [it.name for it in mine.parent.iterdir()] == ["mine"]


def test_two_builds_into_one_folder_are_refused(tmp_path: Path, stand_in: Stand) -> None:
    (tmp_path / ".site-building").mkdir()
    with (tmp_path / ".site-building/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused(tmp_path / "site", "another build into site/ is running; wait until it has ended", "was not made")


def test_a_lock_that_a_build_took_away_at_its_end_is_none(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        assert publish._locked(lock.fileno())
        (tmp_path / "lock").unlink()
        assert not publish._locked(lock.fileno())


def test_git_ignores_where_a_site_is_built() -> None:
    asked = ["git", "-C", str(project.ROOT), "check-ignore", "--no-index", "--quiet", ".site-building/old/index.html"]
    assert subprocess.run(asked).returncode == 0

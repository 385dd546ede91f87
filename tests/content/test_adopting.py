"""Adopting the handbook as it ships: the example goes, shared content stays, and all that is asked here holds again."""

from __future__ import annotations

import fcntl
import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import shipped
from conftest import ROOT, write_tree
from repositories import git
from test_updates import commit
from web import change, contents, copy_everything, run

from macros.handbook import load
from macros.model.kinds import KINDS
from macros.model.values import LANGUAGES, Text
from macros.sources import records

REST = ("--channel", "#own", "--site", "https://c.test/")
GIVEN = ("--name", "Canopus", "--team", "payments", "--channel", "#team-payments")


@pytest.fixture(scope="session")
def adopted(run_folder: Path) -> Path:
    """A copy of the whole project, outside of any repository, that an organisation has made its own."""
    if shipped.handbook().organisation.illustration is None:
        pytest.skip("this handbook was adopted already")
    copy = run_folder / "adopted"
    with (run_folder / "adopted.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        if not copy.exists():
            made = run(copy_everything(copy), "macros", "adopt", *GIVEN, "--site", "https://canopus.test/")
            assert made.returncode == 0, made.stdout
    return copy


def test_shared_content_stays(adopted: Path) -> None:
    def kept(root: Path) -> dict[str, bytes]:
        shared = contents(root / "data")
        own = ("teams/", "organisation.yaml", records.FILE)
        return {path: shared[path] for path in shared if not path.startswith(own)}

    assert kept(adopted) == kept(ROOT)
    assert not (adopted / "data" / records.FILE).exists()
    assert [it.name for it in (adopted / "data/teams").iterdir()] == ["payments"]
    organisation = load.load(adopted / "data").organisation
    assert organisation.incidents is not None
    assert organisation.incidents.severities
    assert organisation.incidents.roles
    assert organisation.error_budget_policy
    assert organisation.prometheus is None


ADDRESSES = (
    r"Example Works|エグザンプルワークス|github\.com/example/"
    r"|handbook\.example\.com|chat\.example\.com|@example/handbook"
)


def test_no_file_but_those_of_tests_has_an_address_or_a_name_of_the_example(adopted: Path) -> None:
    files = [it for it in adopted.rglob("*") if it.is_file() and it.suffix in (".md", ".yml", ".yaml", ".json", "")]
    own = [it for it in files if it.relative_to(adopted).parts[0] not in ("tests", "decisions", ".cache")]
    lines = ((it, number, line) for it in own for number, line in enumerate(it.read_text("utf-8").splitlines(), 1))
    found = [f"{it.relative_to(adopted)}:{number}: {line}" for it, number, line in lines if re.search(ADDRESSES, line)]
    assert found == []


EVERYDAY = {
    *("AI", "SRE", "ai", "sre", "Search", "search", "検索", "Cluster", "cluster", "クラスター", "identity"),
    *("new-developer", "cost-dashboard", "Cost dashboard", "コストダッシュボード", "Share links", "ログインできない"),
    *("認証基盤", "CertificateExpiresSoon", "telemetry"),
}
"""What the example calls something, and others call something else."""


def names_of_the_example() -> set[str]:
    """The ids, names, channels and alerts of the example's teams, and its organisation's name."""
    handbook = shipped.handbook()
    found = {name for language in LANGUAGES if (name := handbook.organisation.name.in_language(language))}
    for entity in shipped.everything(*(kind.name for kind in KINDS.values() if kind.in_team)):
        called = getattr(entity, "name", None)
        found |= {entity.id.rpartition("/")[2], *entity.aliases, getattr(entity, "channel", "")}
        found |= {it for it in (called.en, called.ja) if it} if isinstance(called, Text) else set()
    found |= {alert.name for file in handbook.rule_files for alert in file.alerts}
    return found - EVERYDAY - {""}


def words_of_case_studies() -> set[str]:
    """Every text of the case studies: a page with a list of them has some."""
    texts = (text for _, text in shipped.texts(shipped.everything("case-study")))
    return {words for text in texts for words in (text.en, text.ja) if words}


def read(page: Path) -> str:
    """The text of a page, or of another file of a site as it is."""
    text = page.read_text(encoding="utf-8")
    return html.unescape(re.sub(r"<[^>]+>", " ", text)) if page.suffix == ".html" else text


def any_of(names: set[str]) -> str:
    """An expression that finds each of these names where it stands alone; Japanese has no blanks around it."""
    latin, other = ("|".join(sorted(map(re.escape, (it for it in names if it.isascii() == ascii)))) for ascii in (1, 0))
    return rf"(?<![\w-])(?:{latin})(?![\w-])|(?:{other})"


def test_it_takes_a_later_version_and_passes_its_checks(adopted: Path, tmp_path: Path) -> None:
    example, other = shipped.handbook().teams[:2]
    service = next(it.path for it in shipped.handbook().services if it.team == example.id)
    shared = next(it.path for it in shipped.handbook().checklists)
    upstream = copy_everything(tmp_path / "upstream")
    git(upstream, "init", "-q")
    commit(upstream)
    own = tmp_path / "own"
    git(tmp_path, "clone", "-q", "--origin", "upstream", str(upstream), str(own))
    made = run(own, "macros", "adopt", "--name", "Canopus", "--team", example.id, *REST)
    assert made.returncode == 0, made.stdout
    commit(own, {f"data/teams/{example.id}/services/till.yaml": "name: Till\nsummary: Takes coins\n"})
    change(upstream / shared, "\nsections:\n", "\n# A word on it.\nsections:\n")
    change(upstream / example.path, "channel:", "# Theirs.\nchannel:")
    change(upstream / "macros/handbook/slo.py", "\nimport calendar", "\n# Newer.\nimport calendar")
    change(upstream / "README.md", "# SRE handbook", "# The SRE handbook")
    change(upstream / "data/organisation.yaml", "\nlanguage:", "\n# Theirs.\nlanguage:")
    write_tree(upstream, {"data/teams/new/team.yaml": "name: New\nchannel: x\n"}, base=False)
    git(upstream, "mv", service, service.replace(f"/{example.id}/", f"/{other.id}/"))
    commit(upstream)
    git(own, "fetch", "-q", "upstream")
    taken = run(own, "macros", "adopt", "--update", "upstream/main", "--format", "json")
    assert taken.returncode == 0, taken.stdout
    changed = ["README.md", shared, "macros/handbook/slo.py"]
    assert json.loads(taken.stdout) == {"changed": changed, "conflicts": [], "begun": True}
    checked = run(own, "macros", "check")
    assert checked.returncode == 0, checked.stdout
    handbook = load.load(own / "data")
    assert [team.id for team in handbook.teams] == [example.id]
    assert [service.id for service in handbook.services] == ["till"]
    assert handbook.organisation.name.en == "Canopus"
    commit(own)
    assert git(own, "status", "--porcelain") == ""


Run = subprocess.CompletedProcess[str]


@pytest.fixture
def asked(adopted: Path, tmp_path: Path) -> tuple[Run, Path]:
    """What tests of files that adopting changes say of the adopted copy, and those here; and the site they built.

    The sheets are the same, and one edition shows whether the search finds its pages.
    """
    of_its_files = (f"tests/test_{name}.py" for name in ("documentation", "recipes", "codeowners"))
    made = pytest_in(
        adopted,
        tmp_path / "run",
        "tests/content",
        "--ignore=tests/content/test_sheets.py",
        "--deselect=tests/content/test_whole_site.py::test_the_search_finds_what_people_look_for[ja]",
        *of_its_files,
    )
    return made, tmp_path / "run/shipped/site"


# The one test here that builds: both editions, once.
def test_what_is_asked_of_the_shipped_content_holds_again_and_only_case_studies_speak_of_the_example(
    asked: tuple[Run, Path], adopted: Path
) -> None:
    said, site = asked
    assert said.returncode == 0, said.stdout
    assert run(adopted, "macros", "codeowners", "--check").stdout == ""
    pages = [
        it
        for pattern in ("**/*.html", "api/**/*.json", "exports/**/*.y*ml", "**/*.ics", "**/sitemap.xml")
        for it in site.glob(pattern)
        if "team-types/case-studies/" not in it.as_posix()
    ]
    assert len(pages) > 200
    speaks = re.compile(f"{any_of(names_of_the_example())}|{ADDRESSES}")
    studies = re.compile("|".join(map(re.escape, sorted(words_of_case_studies(), key=len, reverse=True))))
    texts = {page.relative_to(site).as_posix(): read(page) for page in pages}
    spoken = {
        (page, found[0])
        for page, text in texts.items()
        if speaks.search(text)
        for found in speaks.finditer(studies.sub(" ", text))
    }
    assert spoken == set()
    assert "Canopus" in read(site / "index.html")


def test_the_other_tests_can_be_run_too(adopted: Path, tmp_path: Path) -> None:
    # Nothing is asserted, so nothing has to be compiled for good messages, which takes as long as all the rest.
    collected = pytest_in(adopted, tmp_path / "all", "tests", "--collect-only", "--assert=plain", "-q", "-q")
    assert collected.returncode == 0, collected.stdout[-2000:]


def pytest_in(folder: Path, temporary: Path, *arguments: str) -> Run:
    """What pytest says in a copy of the project, with its own folder for what its tests make."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / ".cache/bytecode")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={temporary}", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )

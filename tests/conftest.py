"""What several test modules need: small data trees, cases in one file each, golden files."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from macros import checks, load
from macros.handbook import Handbook
from macros.problems import Finding
from macros.render import Site

# Every test sees one day, so that nothing depends on when it runs.
os.environ["SOURCE_DATE_EPOCH"] = "1795478400"  # 2026-11-24 00:00 UTC
os.environ["NO_MKDOCS_2_WARNING"] = "1"
os.environ.pop("HANDBOOK_DATA", None)

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"

BASE = {
    "organisation.yaml": "name: Example\nlanguage: en\n",
    "teams/payments/team.yaml": 'name: Payments\nchannel: "#payments"\n',
}
"""The smallest data that is right. A case's own files come on top of it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="write golden files instead of comparing with them")


def write_tree(folder: Path, files: dict[str, str | bytes], *, base: bool = True) -> Path:
    """Write a data folder: `BASE` and then `files`, by path inside it."""
    for name, content in ({**BASE, **files} if base else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def make_handbook(folder: Path, files: dict[str, str | bytes] | None = None) -> Handbook:
    """The handbook of `BASE` and `files`, whose paths begin with `data/`."""
    return load.load(write_tree(folder / "data", files or {}), "data")


def make_site(folder: Path, files: dict[str, str | bytes] | None = None, language: str = "en") -> Site:
    """One edition of the handbook of `BASE` and `files`, with its findings and no history."""
    handbook = make_handbook(folder, files)
    return Site(handbook, findings_of(handbook), language, {})


def findings_of(handbook: Handbook) -> tuple[Finding, ...]:
    """What the checks find; a problem among them is a fault of the test."""
    problems, findings = checks.run(handbook)
    assert not problems
    return findings


@dataclass(frozen=True)
class Case:
    """A case file: `-- path --` lines with the file's content below each; `-- expected --` comes last.

    The file's name is the case in a sentence. Files named `data/…` go on top of `BASE`.
    """

    name: str
    files: dict[str, str | bytes]
    expected: list[str]

    @classmethod
    def read(cls, path: Path) -> Case:
        parts = [part.partition(" --\n") for part in ("\n" + path.read_text()).split("\n-- ")[1:]]
        files = {name: content + "\n" for name, _, content in parts}
        expected = files.pop("expected").strip().splitlines()
        data = {name.removeprefix("data/"): content.lstrip("\n") for name, content in files.items()}
        return cls(path.stem, {name: content for name, content in data.items()}, expected)


def cases(folder: str) -> list[object]:
    """All cases of a folder below tests/cases/, as pytest parameters."""
    return [pytest.param(Case.read(path), id=path.stem) for path in sorted((CASES / folder).glob("*.txt"))]


class Golden:
    """Compares text with a file below tests/golden/, or writes the file under `--bless`."""

    def __init__(self, bless: bool) -> None:
        self.bless = bless
        self.folder = Path(__file__).parent / "golden"

    def check(self, name: str, text: str) -> None:
        path = self.folder / name
        if self.bless:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            return
        assert path.exists(), f"{path.relative_to(ROOT)} isn't there; look at the change, then: make bless"
        if text != path.read_text():
            difference = difflib.unified_diff(
                path.read_text().splitlines(), text.splitlines(), "blessed", "now", "", "", 1
            )
            pytest.fail("\n".join((f"{path.relative_to(ROOT)} differs; where that is meant: make bless", *difference)))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(bool(request.config.getoption("--bless")))

"""Examples of rules: what is called bad breaks the rule, what is called good doesn't, and both are short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import neutral
import pytest
from conftest import GUIDES, findings_of, write_tree
from rows import each

from macros.gaps import checks, examples
from macros.gaps.examples import Excerpt
from macros.handbook import load
from macros.site import page_macros
from macros.site.page_macros import Author
from macros.site.render import Edition
from macros.text.problems import DataError, Report

RULES = [*(check.name for check in checks.CHECKS), *load.RULES]
WITHOUT_EXAMPLE = {"unreadable", "catalogue", "page-not-in-nav"}
"""Rules that no lines of a data file or of a page can break."""

SHOWN = [rule for rule in RULES if rule not in WITHOUT_EXAMPLE]
FINDINGS = {check.name for check in checks.CHECKS if not check.stops}
LONGEST, WIDEST = 9, 72

each_example = each(SHOWN)


def example(rule: str) -> Mapping[str, Sequence[Excerpt]]:
    found = examples.example(rule)
    assert found is not None
    return found


@cache
def reported(rule: str, side: str) -> tuple[Report, ...]:
    """Everything that is reported of one side of an example: `bad` or `good`."""
    shown = example(rule)
    with TemporaryDirectory() as folder:
        return reports(Path(folder), (*shown["beside"], *shown[side]))


def reports(folder: Path, excerpts: Iterable[Excerpt]) -> tuple[Report, ...]:
    """Everything that is reported of the neutral handbook with these lines on top."""
    files = neutral.files()
    pages: list[Excerpt] = []
    links: list[Excerpt] = []
    encodings: dict[str, str] = {}
    for it in excerpts:
        if it.path.endswith(".md"):
            pages.append(it)
        elif it.saved.startswith("→ "):
            links.append(it)
        else:
            path = it.path.removeprefix("data/")
            files = neutral.laid_on(files, {path: it.text})
            encodings[path] = it.saved or "utf-8"
    written = {path: text.encode(encodings.get(path, "utf-8")) for path, text in files.items()}
    root = write_tree(folder / "data", written, base=False)
    for it in links:
        place = folder / it.path
        place.parent.mkdir(exist_ok=True)
        place.symlink_to(it.saved.removeprefix("→ "))
    try:
        handbook = load.load(root, "data", GUIDES)
    except DataError as error:
        return error.problems
    problems, findings = checks.run(handbook)
    if problems or not pages:
        return (*problems, *findings)
    site = Edition(handbook, findings_of(handbook), "en")
    return tuple(
        problem
        for page in pages
        for problem in page_macros.check_page(page.text.encode(), page.path, Author(site, "teams/"))
    )


def of_the_lines(rule: str, found: Iterable[Report], excerpts: Iterable[Excerpt]) -> list[Report]:
    """The reports of a rule that are about the files shown, or about a folder that they stand in."""
    paths = [it.path for it in excerpts]
    return [it for it in found if it.rule == rule and any(f"{path}/".startswith(f"{it.path}/") for path in paths)]


def test_every_rule_has_an_example_and_nothing_else_has() -> None:
    assert {path.stem for path in examples.HERE.glob("*.txt")} == {*SHOWN}
    assert set(RULES) >= WITHOUT_EXAMPLE


@each_example
def test_what_is_bad_breaks_the_rule_and_no_other_that_stops_the_build(rule: str) -> None:
    found = reported(rule, "bad")
    if rule == "missing-file":  # it stands where the file should be
        assert [it.rule for it in found] == [rule]
        return
    assert of_the_lines(rule, found, example(rule)["bad"])
    assert {it.rule for it in found} - FINDINGS <= {rule}


@each_example
def test_what_is_good_breaks_neither_the_rule_nor_another_that_stops_the_build(rule: str) -> None:
    shown = example(rule)
    found = reported(rule, "good")
    assert of_the_lines(rule, found, (*shown["bad"], *shown["good"])) == []
    assert {it.rule for it in found} <= FINDINGS


@each(sorted(FINDINGS))
def test_what_is_good_brings_no_finding_that_what_is_bad_has_not(rule: str) -> None:
    bad, good = ({(it.rule, it.path) for it in reported(rule, side)} for side in ("bad", "good"))
    assert good - bad == set()


@each_example
def test_an_example_is_short_and_shows_what_is_different(rule: str) -> None:
    shown = example(rule)
    assert shown["bad"]
    assert shown["good"]
    assert shown["bad"] != shown["good"]
    for it in (*shown["bad"], *shown["good"]):
        assert 1 <= len(it.text.splitlines()) <= LONGEST
        assert max(map(len, it.text.splitlines())) <= WIDEST


@each_example
def test_no_head_of_an_example_is_misspelt(rule: str) -> None:
    heads = [line for line in (examples.HERE / f"{rule}.txt").read_text("utf-8").splitlines() if line[:3] == "-- "]
    assert len(heads) == sum(map(len, example(rule).values()))


def test_how_a_file_is_saved_stands_behind_its_path() -> None:
    (excerpt,) = example("encoding")["bad"]
    assert (excerpt.path, excerpt.saved) == ("data/teams/payments/services/refunds.yaml", "Shift_JIS")


@pytest.mark.parametrize(
    ("below", "above", "together"),
    [
        ("a: 1\nb: 2\n", "b: 3\nc: 4\n", "a: 1\nb: 3\nc: 4\n"),
        ("a:\n- id: x\n  b: 1\n- id: y\n", "a:\n- id: x\n  c: on\n", "a:\n- id: x\n  b: 1\n  c: on\n- id: y\n"),
        ("a: [1, 2]\n", "a: [3]\n", "a: [3]\n"),
        ("a:\n- id: x\n", "a: []\n", "a: []\n"),
    ],
)
def test_lines_laid_on_a_file(below: str, above: str, together: str) -> None:
    assert neutral.merged(below, above) == together

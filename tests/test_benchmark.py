"""The page on speed: its figures come from a run, and both languages have the same."""

from __future__ import annotations

import re

import benchmark
import pytest
from measuring import Figures


def measured(teams: int) -> Figures:
    """An organisation for which each figure is half its target, and 1 where it has none; scores are 99."""
    scores = {row.figure: 99.0 for rows in benchmark.SCORES.values() for row in rows if teams in row.targets}
    return {row.figure: row.targets.get(teams, 2) / 2 for row in benchmark.ROWS} | scores | {"teams": teams}


def test_a_run_writes_its_figures_and_leaves_the_rest() -> None:
    page = "# Speed\n\n## Figures { #figures }\n\noutdated\n\n## Repeat it { #repeat }\n\nlast\n"
    new = benchmark.rewritten(page, benchmark.section([measured(6), measured(102)], "en"))
    assert "outdated" not in new
    assert new.startswith("# Speed\n\n## Figures { #figures }\n\nMeasured on ")
    assert new.endswith("\n\n## Repeat it { #repeat }\n\nlast\n")
    assert "| Edit of YAML | 0.20 s, met | 0.40 s, met | 0.40 s / 0.80 s / 3.00 s |\n" in new
    assert new == benchmark.rewritten(new, benchmark.section([measured(6), measured(102)], "en"))


@pytest.mark.parametrize(
    ("language", "missed"),
    [("en", "Missed: Edit of a template."), ("ja", "未達の項目: テンプレートの編集。")],
)
def test_what_is_missed_is_named(language: str, missed: str) -> None:
    slow = measured(102) | {"edit-template": 1.6}
    assert missed in benchmark.sentences([measured(6), slow], language)
    assert not any(
        "Missed" in sentence or "未達" in sentence for sentence in benchmark.sentences([measured(6)], language)
    )


def test_scores_of_pages_have_a_table_of_their_own() -> None:
    low = measured(6) | {"seo-ja-team": 94}
    lines = benchmark.section([low, measured(102)], "en").splitlines()
    start = lines.index(
        "| Lighthouse, 6 teams, target ≥ 95 | Performance | Accessibility | Best practices | Search engines |"
    )
    assert lines[start - 1 : start + 2 : 2] == ["", "| --- | --: | --: | --: | --: |"]
    table = lines[start + 2 : lines.index("", start)]
    assert "| Team, Japanese | 99, met | 99, met | 99, met | 94, missed |" in table
    assert len(table) == 8
    assert "Missed: Lighthouse: Team, Japanese, Search engines." in lines
    assert list(benchmark.scores([measured(102)], "en")) == []


def test_another_number_of_teams_has_no_targets() -> None:
    assert not any("target" in sentence for sentence in benchmark.sentences([measured(300)], "en"))


def test_both_languages_show_the_same_figures() -> None:
    english, japanese = (
        re.findall(r"\d[\d,.]* (?:s|ms|kB|MB|×)(?![a-z])", page.read_text(encoding="utf-8"))
        for page in benchmark.PAGES.values()
    )
    assert english == japanese != []

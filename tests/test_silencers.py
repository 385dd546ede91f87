"""What is accepted: it is asked for nowhere, and no entry hides more than it says."""

from __future__ import annotations

from pathlib import Path

from conftest import Content, findings_of, make_handbook

from macros.gaps import checks, contributions, next_steps
from macros.gaps.checks import GAPS
from macros.handbook.graph import Handbook

SERVICE = (
    "name: Till\nsummary: Takes coins\ntier: 2\ninstrumentation: {metrics: good, alerts: good}\n"
    "dashboards: [{name: D, address: 'https://dashboards.example.com/'}]\n"
)
ACCEPTED = "accepted: [{gap: service-without-requirement, why: It is switched off in spring}]\n"


def names_of(handbook: Handbook) -> tuple[set[str], set[str], set[str]]:
    """The names of a handbook's findings, next steps and contributions."""
    return (
        {finding.rule for finding in findings_of(handbook)},
        {step.gap.name for step in next_steps.of(handbook, handbook.teams[0])},
        {made.name for made in contributions.ranked(handbook)},
    )


def test_what_is_accepted_is_no_finding_no_next_step_and_no_contribution(tmp_path: Path) -> None:
    place = "teams/payments/services/till.yaml"
    before = names_of(make_handbook(tmp_path / "open", {place: SERVICE}))
    after = names_of(make_handbook(tmp_path / "accepted", {place: SERVICE + ACCEPTED}))
    assert [found - left for found, left in zip(before, after, strict=True)] == [{"service-without-requirement"}] * 3
    assert [left - found for found, left in zip(before, after, strict=True)] == [set()] * 3


def test_the_narrowest_entry_says_why(tmp_path: Path) -> None:
    def why(gap: str, words: str, more: str = "") -> str:
        return f"{{gap: {gap}, why: {words}{more}}}"

    gap = "paging-alert-without-playbook"
    rules = (
        "groups: [{name: g, rules: ["
        + ", ".join(
            f"{{alert: {name}, expr: up, labels: {{severity: page, service: till}}}}" for name in ("Slow", "Down")
        )
        + "]}]\n"
    )
    other = rules.replace("Slow", "Late").replace("Down", "Gone").replace(", service: till", "")
    files: dict[str, Content] = {
        "organisation.yaml": f"name: E\nlanguage: en\ngaps: {{off: [{why(gap, 'everywhere')}]}}\n",
        "teams/payments/alerts/a.yml": rules,
        "teams/payments/services/till.yaml": f"{SERVICE}accepted: [{why(gap, 'the service')}]\n",
        "teams/payments/team.yaml": (f"name: P\nchannel: x\naccepted: [{why(gap, 'the alert', ', alert: Slow')}]\n"),
        "teams/shop/alerts/a.yml": other,
        "teams/shop/team.yaml": "name: S\nchannel: x\n",
    }
    handbook = make_handbook(tmp_path, files)
    assert [(report.message.values["alert"], by.entry.why.en) for report, by in checks.accepted(handbook)] == [
        ("Slow", "the alert"),
        ("Down", "the service"),
        ("Late", "everywhere"),
        ("Gone", "everywhere"),
    ]


def test_every_spot_is_open_or_accepted(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, {"teams/payments/services/till.yaml": SERVICE + ACCEPTED})
    found = [(check.name, by and by.entry.gap) for check, _, by in checks.sorted_out(handbook)]
    assert [name for name, _ in found] == [row.name for row in checks.ROWS for _ in row.find(handbook)]
    assert {name: gap for name, gap in found if gap} == {"service-without-requirement": "service-without-requirement"}


def test_work_is_accepted_with_a_gap_that_there_is() -> None:
    names = {row.name: row for row in GAPS}
    assert checks.CLOSES
    for work, gap in checks.CLOSES.items():
        assert not names[work].words
        assert names[gap].words

"""Prometheus rules: promtool reads them, and they alert when they should and stay silent when they should."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Golden, golden_handbook, make_handbook

from macros.exports import EXPORTS, document, files
from macros.handbook import slo
from macros.handbook.graph import Handbook
from macros.model.organisation import LABEL_PATTERN

TARGET = 0.999
PERIODS = (28, 14)
"""Days: the shortest with the usual windows, and one with half as long ones."""

PAGE = "PayInvoiceUpBudgetBurn"
TICKET = "PayInvoiceUpBudgetBurnSlowly"
NO_DATA = "PayInvoiceUpNoData"

GOOD, TOTAL = "good_total", "all_total"
EVENTS: dict[str, Any] = {"events": {"good": GOOD, "total": TOTAL}}
SWAPPED: dict[str, Any] = {"events": {"good": TOTAL, "total": GOOD}}

HOUR, DAY = 60, 24 * 60
PER_MINUTE = 1_000_000
"""Events in a minute of usual traffic."""


def handbook_with(folder: Path, query: Mapping[str, Any], slo: Mapping[str, Any], organisation: str = "") -> Handbook:
    """A handbook with one journey, its SLI of this query, and its SLO with these keys."""
    sli = {"id": "up", "type": "availability", "valid": "V", "good": "G", "measured": "M", **query}
    objective = {"id": "up", "name": "Invoices are paid", "sli": "up", "target": TARGET, "period": {"days": 30}, **slo}
    raw = {"name": "Pay an invoice", "user": "U", "goal": "G", "slis": [sli], "slos": [objective]}
    files = {
        "organisation.yaml": f"name: Example\nlanguage: en\n{organisation}",
        "teams/payments/journeys/pay-invoice.yaml": yaml.safe_dump(raw),
    }
    return make_handbook(folder, files)


def rules_with(folder: Path, query: Mapping[str, Any], organisation: str = "", **slo: Any) -> str:
    """The rule file of such a handbook."""
    handbook = handbook_with(folder, query, slo, organisation)
    return "".join(write() for write in EXPORTS["prometheus"].make(handbook, handbook.teams[0]).values())


def parts(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rules of a file with one group: recorded ones by their series, alerts by their names."""
    (group,) = yaml.safe_load(text)["groups"]
    return (
        {rule["record"]: rule for rule in group["rules"] if "record" in rule},
        {rule["alert"]: rule for rule in group["rules"] if "alert" in rule},
    )


def promtool(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(("promtool", *arguments), cwd=folder, capture_output=True, text=True, check=False)


def check_rules(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """What promtool says about a rule file; anything that it lints is an error."""
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    return promtool("check", "rules", "--lint=all", "--lint-fatal", "rules.yaml", folder=folder)


@dataclass(frozen=True)
class Scenario:
    """Series, one value a minute, and what fires: at some minutes exactly these alerts, some alerts never.

    `absent` are expressions that have no value at the end. Rules run `every` so many minutes.
    """

    series: Mapping[str, str]
    minutes: int
    firing: Mapping[int, Collection[str]] = field(default_factory=dict)
    never: Collection[str] = ()
    absent: Collection[str] = ()
    every: int = 5


def run_scenario(folder: Path, text: str, scenario: Scenario) -> subprocess.CompletedProcess[str]:
    """What promtool says about a rule file in a scenario."""
    expressions: list[dict[str, Any]] = [
        {
            "expr": 'sum by (alertname) (ALERTS{alertstate="firing"})',
            "eval_time": f"{minute}m",
            "exp_samples": [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in names],
        }
        for minute, names in scenario.firing.items()
    ]
    expressions += [
        {"expr": f'count_over_time(ALERTS{{alertname="{name}"}}[{scenario.minutes}m])', "exp_samples": []}
        for name in scenario.never
    ]
    expressions += [{"expr": name, "exp_samples": []} for name in scenario.absent]
    test = {
        "interval": "1m",
        "input_series": [{"series": series, "values": values} for series, values in scenario.series.items()],
        "promql_expr_test": [{"eval_time": f"{scenario.minutes}m", **it} for it in expressions],
    }
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    written = {"rule_files": ["rules.yaml"], "evaluation_interval": f"{scenario.every}m", "tests": [test]}
    (folder / "test.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    return promtool("test", "rules", "test.yaml", folder=folder)


def counter(*phases: tuple[int, float]) -> str:
    """A counter's values: for each phase its minutes, and by how much it grows in each of them."""
    values, start = [], 0.0
    for minutes, step in phases:
        values.append(f"{start:.6f}+{step:.6f}x{minutes - 1}")
        start += minutes * step
    return " ".join(values)


def traffic(*phases: tuple[int, float]) -> dict[str, str]:
    """Usual traffic on both counters: for each phase its minutes, and the burn rate of its budget."""
    budget = slo.budget(TARGET)
    return {
        GOOD: counter(*((minutes, PER_MINUTE * (1 - burn * budget)) for minutes, burn in phases)),
        TOTAL: counter(*((minutes, PER_MINUTE) for minutes, _ in phases)),
    }


def factors(days: int) -> list[float]:
    return [row.factor(days) for row in slo.rows(days)]


def scaled(days: int, minutes: int) -> int:
    """Minutes as they are to the usual windows, for a period with windows of its own."""
    return round(minutes * (slo.rows(days)[0].long / slo.WINDOWS[0].long))


QUIET = 2 * DAY
"""So much good traffic that a fast burn alone opens no ticket."""


def fast(days: int) -> Scenario:
    """1.4 times the first row's burn for its window: only that row sees it, at 43 of 60 minutes; it is over at once."""
    begin, hour, more = (scaled(days, minutes) for minutes in (QUIET, HOUR, 30))
    at = {minute: begin + scaled(days, minute) for minute in (0, 35, 50, 60, 70, 80)}
    firing = {at[0]: (), at[35]: (), at[50]: (PAGE,), at[60]: (PAGE,), at[70]: ()}
    return Scenario(traffic((begin, 0), (hour, 1.4 * factors(days)[0]), (more, 0)), at[80], firing, never=(TICKET,))


def less_fast(days: int) -> Scenario:
    """1.2 times the second row's burn for six hours: only that row sees it, 5 hours later."""
    begin, six, hour = (scaled(days, minutes) for minutes in (QUIET, 6 * HOUR, HOUR))
    firing = {
        begin + scaled(days, 4 * HOUR): (),
        begin + scaled(days, 5 * HOUR + 30): (PAGE,),
        begin + six: (PAGE,),
        begin + six + scaled(days, 35): (),
    }
    series = traffic((begin, 0), (six, 1.2 * factors(days)[1]), (hour, 0))
    return Scenario(series, begin + six + scaled(days, 40), firing)


def slow(days: int) -> Scenario:
    """1.2 times the slowest row's burn for two days: a ticket until six hours after, and never a page."""
    end, six = scaled(days, 2 * DAY), scaled(days, 6 * HOUR)
    firing = {HOUR: (TICKET,), DAY: (TICKET,), end: (TICKET,), end + six: ()}
    series = traffic((end, 1.2 * factors(days)[3]), (six + HOUR, 0))
    return Scenario(series, end + six + 5, firing, never=(PAGE,))


def nearly_paging(days: int) -> Scenario:
    """0.95 times the burn of the slower row that pages: a ticket and never a page."""
    return Scenario(
        traffic((DAY, 0.95 * factors(days)[1])), DAY - 5, {HOUR: (TICKET,), DAY - 5: (TICKET,)}, never=(PAGE,)
    )


def no_good_counter(days: int) -> Scenario:
    """Everything fails from the first event on, so that nobody ever counted a good one."""
    return Scenario(
        {TOTAL: counter((3 * HOUR, PER_MINUTE))}, 3 * HOUR - 5, {HOUR: (PAGE, TICKET), 2 * HOUR: (PAGE, TICKET)}
    )


ALERTING: tuple[Callable[[int], Scenario], ...] = (fast, less_fast, slow, nearly_paging, no_good_counter)

each_period = pytest.mark.parametrize("days", PERIODS)
each_alerting = pytest.mark.parametrize("scenario", ALERTING, ids=lambda it: it.__name__)


@each_period
@each_alerting
def test_an_slo_alerts_when_its_budget_burns_and_stops_when_it_does_not(
    scenario: Callable[[int], Scenario], days: int, tmp_path: Path
) -> None:
    rules = rules_with(tmp_path, EVENTS, period={"days": days})
    result = run_scenario(tmp_path, rules, scenario(days))
    assert result.returncode == 0, result.stdout + result.stderr


def test_with_good_and_total_swapped_it_does_not(tmp_path: Path) -> None:
    rules = rules_with(tmp_path, SWAPPED)
    assert check_rules(tmp_path, rules).returncode == 0
    result = run_scenario(tmp_path, rules, fast(30))
    assert result.returncode != 0
    assert "FAILED" in result.stdout + result.stderr


def without_short_windows(text: str) -> str:
    return re.sub(r" +and\n +slo:error:ratio_(5m|30m|2h|6h)\{.*\n(?= *(\)|and))", "", text)


def without_long_windows(text: str) -> str:
    return re.sub(r" +slo:error:ratio_(1h|6h|1d|3d)\{.*\n +and\n(?= +slo:error:ratio_(5m|30m|2h|6h))", "", text)


@pytest.mark.parametrize(
    ("without", "scenario"),
    [
        pytest.param(without_short_windows, fast, id="the first row without its short window"),
        pytest.param(without_short_windows, less_fast, id="the second row without its short window"),
        pytest.param(without_short_windows, slow, id="the slowest row without its short window"),
        pytest.param(without_long_windows, fast, id="the first row without its long window"),
        pytest.param(without_long_windows, less_fast, id="the second row without its long window"),
    ],
)
def test_a_row_needs_both_of_its_windows(
    without: Callable[[str], str], scenario: Callable[[int], Scenario], tmp_path: Path
) -> None:
    rules = rules_with(tmp_path, EVENTS)
    assert without(rules).count("slo:error:ratio_") == rules.count("slo:error:ratio_") - 4
    assert check_rules(tmp_path, without(rules)).returncode == 0
    result = run_scenario(tmp_path, without(rules), scenario(30))
    assert result.returncode != 0
    assert "FAILED" in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("days", "burn"),
    [
        pytest.param(28, 0.95, id="28 days"),
        pytest.param(14, 0.95, id="14 days"),
        pytest.param(180, 0.95 * 2, id="180 days, just under its slowest row"),
    ],
)
def test_a_burn_within_the_budget_alerts_nobody(days: int, burn: float, tmp_path: Path) -> None:
    rules = rules_with(tmp_path, EVENTS, period={"days": days})
    end = DAY
    series = traffic((end, burn))
    silent = Scenario(series, end - 5, never=(PAGE, TICKET))
    result = run_scenario(tmp_path, rules, silent)
    assert result.returncode == 0, result.stdout + result.stderr
    stricter = rules.replace(f"({factors(days)[3]:g} * ", f"({0.9 * burn} * ")
    assert run_scenario(tmp_path, stricter, silent).returncode != 0


def test_a_few_failing_events_at_night_alert_nobody(tmp_path: Path) -> None:
    night = 12 * HOUR
    series = {GOOD: counter((night, 0)), TOTAL: counter((night, 3 / 60))}
    silent = Scenario(series, night - 5, never=(PAGE, TICKET))
    result = run_scenario(tmp_path, rules_with(tmp_path / "with", EVENTS, minimum_events=50), silent)
    assert result.returncode == 0, result.stdout + result.stderr
    assert run_scenario(tmp_path, rules_with(tmp_path / "without", EVENTS), silent).returncode != 0


def test_each_long_window_must_hold_the_minimum_of_events(tmp_path: Path) -> None:
    alerts = (PAGE, TICKET)
    night = 7 * HOUR
    series = {GOOD: counter((night, 0)), TOTAL: counter((night, 10 / 60))}
    firing = {HOUR: (), 4 * HOUR: (), 5 * HOUR + 30: alerts, night - 5: alerts}
    result = run_scenario(tmp_path, rules_with(tmp_path, EVENTS, minimum_events=50), Scenario(series, night, firing))
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "series",
    [
        pytest.param({}, id="no counter"),
        pytest.param({GOOD: "7x200", TOTAL: "9x200"}, id="counters that stand still"),
        pytest.param({TOTAL: "9x200"}, id="a total that stands still"),
        pytest.param({GOOD: counter((200, 5))}, id="good events alone"),
    ],
)
def test_without_traffic_there_is_no_value_and_no_alert(series: dict[str, str], tmp_path: Path) -> None:
    absent = ("slo:error:ratio_1h", "slo:error:ratio_5m")
    scenario = Scenario({"other_total": "0+1x200", **series}, 180, never=(PAGE, TICKET), absent=absent)
    rules = rules_with(tmp_path, EVENTS)
    result = run_scenario(tmp_path, rules, scenario)
    assert result.returncode == 0, result.stdout + result.stderr
    always = rules.replace(f"sum(rate({TOTAL}", "vector(1) + 0 * sum(rate(other_total").replace(" > 0)", ")")
    assert run_scenario(tmp_path, always, scenario).returncode != 0


@pytest.mark.parametrize(
    ("limit", "value", "pages"),
    [
        pytest.param({"at_most": 900}, 1000, True, id="past what it may be at most"),
        pytest.param({"at_most": 900}, 900, False, id="at what it may be at most"),
        pytest.param({"at_least": 0.25}, 0.2, True, id="under what it must be at least"),
        pytest.param({"at_least": 0.25}, 0.25, False, id="at what it must be at least"),
        pytest.param({"at_most": -1}, 0, True, id="past a limit under zero"),
        pytest.param({"at_least": 1500000}, 1499999, True, id="under a large limit"),
        pytest.param({"at_least": 1500000}, 1500000, False, id="at a large limit"),
    ],
)
def test_a_gauge_past_its_limit_pages(limit: dict[str, float], value: float, pages: bool, tmp_path: Path) -> None:
    held = next(iter(limit.values()))
    gauge = 'age_seconds{index="a"}'
    rules = rules_with(tmp_path, {"threshold": {"metric": gauge, **limit}}, target=0.99)
    assert check_rules(tmp_path, rules).returncode == 0
    series = {gauge: f"{held}x239 {value}x60 {held}x30", 'age_seconds{index="b"}': "123456789x400"}
    firing = {4 * HOUR - 5: (), 4 * HOUR + 40: (PAGE, TICKET) if pages else ()}
    result = run_scenario(tmp_path, rules, Scenario(series, 5 * HOUR, firing))
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_gauge_that_does_not_exist_alerts_nobody(tmp_path: Path) -> None:
    rules = rules_with(tmp_path, {"threshold": {"metric": "age_seconds", "at_most": 900}})
    scenario = Scenario({"other": "1x200"}, 180, never=(PAGE, TICKET), absent=("slo:error:ratio_1h",))
    assert run_scenario(tmp_path, rules, scenario).returncode == 0
    assert run_scenario(tmp_path, rules, Scenario({"age_seconds": "901x200"}, 180, never=(PAGE,))).returncode != 0


def test_a_minimum_of_events_counts_for_counters_alone(tmp_path: Path) -> None:
    gauge, _ = parts(rules_with(tmp_path / "gauge", {"threshold": {"metric": "a", "at_most": 1}}, minimum_events=50))
    counted, alerts = parts(rules_with(tmp_path / "counted", EVENTS, minimum_events=50))
    assert [it for it in gauge if it.startswith("slo:events:")] == []
    assert {it: rule["expr"] for it, rule in counted.items() if it.startswith("slo:events:")} == {
        f"slo:events:increase_{window}": f"sum(increase({TOTAL}[{window}]))" for window in ("1h", "6h", "1d", "3d")
    }
    assert re.findall(r"slo:events:increase_(\w+){.*} >= (\d+)", alerts[PAGE]["expr"]) == [("1h", "50"), ("6h", "50")]
    assert re.findall(r"slo:events:increase_(\w+){.*} >= (\d+)", alerts[TICKET]["expr"]) == [("1d", "50"), ("3d", "50")]


@pytest.mark.parametrize(
    ("target", "days", "page", "ticket", "recorded"),
    [
        pytest.param(0.99, 30, [14.4, 6], [3, 1], "5m 30m 1h 2h 6h 1d 3d", id="all rows"),
        pytest.param(0.9306, 30, [14.4, 6], [3, 1], "5m 30m 1h 2h 6h 1d 3d", id="the first row just so"),
        pytest.param(0.93, 30, [6], [3, 1], "30m 2h 6h 1d 3d", id="without the first row"),
        pytest.param(0.8, 30, [], [3, 1], "2h 6h 1d 3d", id="without a page"),
        pytest.param(0.5, 30, [], [1], "6h 3d", id="the slowest row alone"),
        pytest.param(0.5, 365, [], [], "", id="no row"),
    ],
)
def test_a_row_that_can_never_fire_is_left_out(
    target: float, days: int, page: list[float], ticket: list[float], recorded: str, tmp_path: Path
) -> None:
    text = rules_with(tmp_path, EVENTS, target=target, period={"days": days})
    assert check_rules(tmp_path, text).returncode == 0
    ratios, alerts = parts(text)
    assert list(ratios) == [f"slo:error:ratio_{window}" for window in recorded.split()]
    assert (NO_DATA in alerts) is bool(ratios)
    alerts.pop(NO_DATA, None)
    found = {name: [float(it) for it in re.findall(r"\((\S+) \*", rule["expr"])] for name, rule in alerts.items()}
    expected = {PAGE: [it for it in page for _ in range(2)], TICKET: [it for it in ticket for _ in range(2)]}
    assert found == {name: factors for name, factors in expected.items() if factors}


def test_what_stays_of_an_slo_with_a_row_left_out_still_pages(tmp_path: Path) -> None:
    rules = rules_with(tmp_path, EVENTS, target=0.9)
    series = {GOOD: counter((3 * HOUR, 30)), TOTAL: counter((3 * HOUR, 100))}
    result = run_scenario(tmp_path, rules, Scenario(series, 3 * HOUR - 5, {2 * HOUR: (PAGE, TICKET)}))
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param("1795478400", [14.4, 6, 3, 1], id="November 2026"),
        pytest.param("1771200000", [13.44, 5.6, 2.8, 1], id="February 2026"),
        pytest.param("1834444800", [13.92, 5.8, 2.9, 1], id="February 2028, a leap year"),
        pytest.param("1785542400", [14.88, 6.2, 3.1, 31 / 30], id="August 2026"),
    ],
)
def test_a_calendar_month_has_the_factors_of_its_own_days(
    today: str, expected: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", today)
    text = rules_with(tmp_path, EVENTS, period={"calendar": "month"})
    assert check_rules(tmp_path, text).returncode == 0
    _, alerts = parts(text)
    found = [float(it) for name in (PAGE, TICKET) for it in re.findall(r"\((\S+) \*", alerts[name]["expr"])]
    assert found[::2] == found[1::2] == pytest.approx(expected)
    assert "The target is 99.9 % in each calendar month." in alerts[PAGE]["annotations"]["description"]


@pytest.mark.parametrize(
    ("organisation", "label", "page", "ticket"),
    [
        pytest.param("", "severity", "page", "ticket", id="not said"),
        pytest.param("paging: {label: urgency, page: wake, ticket: work}\n", "urgency", "wake", "work", id="said"),
        pytest.param("paging: {page: critical}\n", "severity", "critical", "ticket", id="one value said"),
    ],
)
def test_an_alert_has_the_organisations_label_for_paging(
    organisation: str, label: str, page: str, ticket: str, tmp_path: Path
) -> None:
    recorded, alerts = parts(rules_with(tmp_path, EVENTS, organisation))
    own = {"team": "payments", "journey": "pay-invoice", "slo": "up"}
    assert {name: rule["labels"] for name, rule in alerts.items()} == {
        PAGE: {**own, label: page},
        TICKET: {**own, label: ticket},
        NO_DATA: {**own, label: ticket},
    }
    assert [rule["labels"] for rule in recorded.values()] == [own] * len(recorded)


def test_annotations_say_what_burns_and_where_to_read_on(tmp_path: Path) -> None:
    rules = rules_with(
        tmp_path,
        EVENTS,
        "site_address: https://h.example/\n",
        target=0.9995,
        period={"days": 28},
        dashboard="https://g.example/d",
    )
    (tmp_path / "rules.yaml").write_text(rules, encoding="utf-8")
    own = {"team": "payments", "journey": "pay-invoice", "slo": "up"}

    def expected(name: str, severity: str, words: str, since: str) -> dict[str, Any]:
        annotations = {
            "summary": "Pay an invoice: Invoices are paid",
            "description": f"The target is 99.95 % over 28 days. The budget {words}: 25% of the events in the "
            f"last {since} were bad.",
            "runbook_url": f"https://h.example/go/{name}/",
            "dashboard": "https://g.example/d",
        }
        alert = {"exp_labels": {**own, "severity": severity}, "exp_annotations": annotations}
        return {"eval_time": "1h", "alertname": name, "exp_alerts": [alert]}

    series = {GOOD: counter((HOUR + 5, 75)), TOTAL: counter((HOUR + 5, 100))}
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": [
            expected(PAGE, "page", "burns fast", "hours"),
            expected(TICKET, "ticket", "won't last", "days"),
        ],
    }
    written = {"rule_files": ["rules.yaml"], "evaluation_interval": "5m", "tests": [test]}
    (tmp_path / "test.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    result = promtool("test", "rules", "test.yaml", folder=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_playbook_is_told_the_labels_of_the_slo_and_no_others(tmp_path: Path) -> None:
    handbook_with(tmp_path, EVENTS, {})
    files = {
        "organisation.yaml": "name: Example\nlanguage: en\nsite_address: https://h.example/\n",
        "teams/payments/services/till.yaml": "name: Till\nsummary: S\n",
        "teams/payments/playbooks/pay.yaml": (
            f"name: P\nservice: till\nalerts: [{PAGE}, {NO_DATA}]\n"
            "diagnosis: [{do: D, command: c, expect: E}]\nmitigation: [{do: M}]\nvariables:\n"
            "- {name: journey, description: D, example: e}\n- {name: pod, description: D, example: e}\n"
        ),
    }
    handbook = make_handbook(tmp_path, files)
    text = "".join(write() for write in EXPORTS["prometheus"].make(handbook, handbook.teams[0]).values())
    found = {name: rule["annotations"]["runbook_url"] for name, rule in parts(text)[1].items()}
    assert found == {
        PAGE: f"https://h.example/playbooks/pay/?journey=pay-invoice#from-{PAGE}",
        TICKET: f"https://h.example/go/{TICKET}/",
        NO_DATA: f"https://h.example/playbooks/pay/?journey=pay-invoice#from-{NO_DATA}",
    }


def test_without_a_site_and_a_dashboard_there_is_no_address(tmp_path: Path) -> None:
    _, alerts = parts(rules_with(tmp_path, EVENTS))
    assert [list(rule["annotations"]) for rule in alerts.values()] == [["summary", "description"]] * 3


@pytest.mark.parametrize(
    ("language", "summary", "words"),
    [
        ("en", "Pay: Up", "The budget burns fast"),
        ("ja", "支払う: 動く", "エラーバジェットを急速に消費しています"),
    ],
)
def test_annotations_are_in_the_organisations_language(language: str, summary: str, words: str, tmp_path: Path) -> None:
    both = {"en": "Pay", "ja": "支払う"}
    sli = {"id": "up", "type": "availability", "valid": "V", "good": "G", "measured": "M", **EVENTS}
    objective = {"id": "up", "name": {"en": "Up", "ja": "動く"}, "sli": "up", "target": TARGET, "period": {"days": 30}}
    raw = {"name": both, "user": "U", "goal": "G", "slis": [sli], "slos": [objective]}
    handbook = make_handbook(
        tmp_path,
        {
            "organisation.yaml": f"name: Example\nlanguage: {language}\n",
            "teams/payments/journeys/pay-invoice.yaml": yaml.safe_dump(raw),
        },
    )
    text = "".join(write() for write in EXPORTS["prometheus"].make(handbook, handbook.teams[0]).values())
    assert check_rules(tmp_path, text).returncode == 0
    annotations = parts(text)[1][PAGE]["annotations"]
    assert annotations["summary"] == summary
    assert words in annotations["description"]


MINUTES = 'slo:bad:minute{journey="pay-invoice",slo="up"}'


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(
            EVENTS,
            {
                "slo:error:ratio_1h": f"clamp_min(1 - (sum(rate({GOOD}[1h])) or vector(0))"
                f" / (sum(rate({TOTAL}[1h])) > 0), 0)",
                "slo:events:increase_6h": f"sum(increase({TOTAL}[6h]))",
                NO_DATA: f"absent(sum({TOTAL}))",
            },
            id="good events",
        ),
        pytest.param(
            {"events": {"bad": "bad_total", "total": ["a", 'b{le="1"}']}},
            {
                "slo:error:ratio_1h": "clamp_max((sum(rate(bad_total[1h])) or vector(0))"
                r' / (((sum(rate(a[1h])) or vector(0)) + (sum(rate(b{le=~"1|1\\.0"}[1h])) or vector(0))) > 0), 1)',
                "slo:events:increase_6h": "((sum(increase(a[6h])) or vector(0))"
                r' + (sum(increase(b{le=~"1|1\\.0"}[6h])) or vector(0)))',
                NO_DATA: r'absent(sum(a) or sum(b{le=~"1|1\\.0"}))',
            },
            id="bad events and two counters of all",
        ),
        pytest.param(
            {"error_ratio": "avg(a[{window}]) / avg(b[{window}:1m])"},
            {
                "slo:error:ratio_1h": "clamp(avg(a[1h]) / avg(b[1h:1m]), 0, 1)",
                NO_DATA: 'absent(slo:error:ratio_5m{journey="pay-invoice",slo="up"})',
            },
            id="a ratio",
        ),
        pytest.param(
            {"threshold": {"metric": "age", "at_most": 1e6, "missing_is_bad": True}},
            {
                "slo:bad:minute": "1 - min(age <= bool 1000000) or vector(1)",
                "slo:error:ratio_1h": f"sum(sum_over_time({MINUTES}[1h])) / sum(count_over_time({MINUTES}[1h]))",
                NO_DATA: "absent(sum(age))",
            },
            id="at most",
        ),
        pytest.param(
            {"threshold": {"metric": 'level{tank="1"}', "at_least": 0.25, "one_series_is_enough": True}},
            {"slo:bad:minute": '1 - max(level{tank="1"} >= bool 0.25)', NO_DATA: 'absent(sum(level{tank="1"}))'},
            id="at least",
        ),
    ],
)
def test_the_expressions_of_rules(query: dict[str, Any], expected: dict[str, str], tmp_path: Path) -> None:
    recorded, alerts = parts(rules_with(tmp_path, query, minimum_events=50))
    found = {name: rule["expr"] for name, rule in (recorded | alerts).items()}
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("query", [{"other": {"system": "Datadog", "query": "sum:a"}}, {}])
def test_an_slo_that_prometheus_cannot_see_has_no_rules(query: dict[str, Any], tmp_path: Path) -> None:
    handbook = handbook_with(tmp_path, query, {})
    (team,) = handbook.teams
    assert EXPORTS["prometheus"].make(handbook, team) == {}
    assert [(journey.id, sli.id) for journey, sli in document.left_out(handbook, team, document.in_prometheus)] == [
        ("pay-invoice", "up")
    ]


def test_the_rules_of_the_golden_organisation(golden: Golden) -> None:
    handbook = golden_handbook()
    (team,) = (team for team in handbook.teams if team.id == "complete")
    golden.check(
        "exports/prometheus.yaml", "".join(write() for write in EXPORTS["prometheus"].make(handbook, team).values())
    )


def test_promtool_has_nothing_to_say_about_the_rules(tmp_path: Path) -> None:
    handbook = golden_handbook()
    found = [file for file in files(handbook) if file.export.name == "prometheus"]
    assert found
    for file in found:
        result = check_rules(tmp_path, file.write())
        assert result.returncode == 0, f"{file.address}: {result.stdout}{result.stderr}"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param("sum(rate(", "sum(rat(", id="a function that doesn't exist"),
        pytest.param("record: slo:error:ratio_30m", "record: slo:error:ratio_5m", id="a series that stands twice"),
        pytest.param("alert: ", "alarm: ", id="a key that doesn't exist"),
    ],
)
def test_promtool_sees_rules_that_are_wrong(right: str, wrong: str, tmp_path: Path) -> None:
    text = rules_with(tmp_path, EVENTS)
    assert check_rules(tmp_path, text).returncode == 0
    assert right in text
    assert check_rules(tmp_path, text.replace(right, wrong)).returncode != 0


@pytest.mark.parametrize("name", ["Fills {{ in }} templates", "{{ $value }}", "{{{{ a }}}}", '{{ "a" }}', "{ a }"])
def test_braces_in_a_name_are_text(name: str, tmp_path: Path) -> None:
    rules = rules_with(tmp_path, EVENTS, name=name)
    assert check_rules(tmp_path, rules).returncode == 0
    alert = parts(rules)[1][PAGE]
    expected = {
        "exp_labels": alert["labels"],
        "exp_annotations": {
            "summary": f"Pay an invoice: {name}",
            "description": alert["annotations"]["description"].replace("{{ $value | humanizePercentage }}", "100%"),
        },
    }
    test = {
        "interval": "1m",
        "input_series": [{"series": TOTAL, "values": counter((HOUR, 100))}],
        "alert_rule_test": [{"eval_time": "30m", "alertname": PAGE, "exp_alerts": [expected]}],
    }
    written = {"rule_files": ["rules.yaml"], "evaluation_interval": "5m", "tests": [test]}
    (tmp_path / "test.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    result = promtool("test", "rules", "test.yaml", folder=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def gauge(**more: Any) -> dict[str, Any]:
    """A gauge that is good up to 900."""
    return {"threshold": {"metric": "age_seconds", "at_most": 900, **more}}


def passes(folder: Path, rules: str, scenario: Scenario) -> None:
    """Fails unless all of a scenario comes true."""
    assert check_rules(folder, rules).returncode == 0
    result = run_scenario(folder, rules, scenario)
    assert result.returncode == 0, result.stdout + result.stderr


LATE = "100x239 1000x59"
"""Values of a gauge that is past its limit from minute 240 on."""


def test_a_pod_that_is_late_for_two_minutes_and_gone_spoils_two_minutes(tmp_path: Path) -> None:
    # Pod b has two samples in all, both late. Of the last hour's minutes 2 are bad: 3.3 %, where a page takes 14.4 %.
    pods = {'age_seconds{pod="a"}': "100x360", 'age_seconds{pod="b"}': "_x330 1000x1 stale"}
    two_of_sixty = ("slo:error:ratio_1h > 0.034", "slo:error:ratio_1h < 0.032")
    scenario = Scenario(pods, 345, never=(PAGE,), absent=two_of_sixty, every=1)
    passes(tmp_path, rules_with(tmp_path, gauge(), target=0.99), scenario)
    more = {**pods, 'age_seconds{pod="b"}': "_x330 1000x11 stale"}
    ninth = Scenario(more, 345, {337: (TICKET,), 338: (PAGE, TICKET)}, every=1)
    passes(tmp_path, rules_with(tmp_path, gauge(), target=0.99), ninth)


# At minute 240 + n, n + 1 minutes have been bad. Of the 61 that an hour holds with both its ends, 14.4 % are 8.8: the
# ninth is minute 248. The day has 241 + n until then, and 3 % or 1 % of them are bad in minutes 247 (8 of 248) and
# 242 (3 of 243): tickets.
FROM_240_ON = {241: (), 242: (TICKET,), 247: (TICKET,), 248: (PAGE, TICKET)}


def test_pods_that_come_and_go_do_not_dilute_a_stale_one(tmp_path: Path) -> None:
    healthy = {
        f'age_seconds{{pod="short-{number}"}}': f"_x{190 + 10 * number} 100x9 stale _x{90 - 10 * number}"
        for number in range(6)
    }
    series = {'age_seconds{pod="stale"}': LATE, **healthy}
    passes(tmp_path, rules_with(tmp_path, gauge(), target=0.99), Scenario(series, 290, FROM_240_ON, every=1))


def test_where_one_series_is_enough_the_others_may_be_late(tmp_path: Path) -> None:
    rules = rules_with(tmp_path, gauge(one_series_is_enough=True), target=0.99)
    one, both = {'age_seconds{pod="a"}': LATE}, {'age_seconds{pod="a"}': LATE, 'age_seconds{pod="b"}': LATE}
    passes(tmp_path, rules, Scenario(one | {'age_seconds{pod="b"}': "900x300"}, 290, never=(PAGE, TICKET), every=1))
    passes(tmp_path, rules, Scenario(both, 290, FROM_240_ON, every=1))


@pytest.mark.parametrize(
    ("query", "firing"),
    [
        # Gone at 240, told 15 minutes later.
        pytest.param(gauge(), {254: (), 255: (NO_DATA,)}, id="nothing"),
        pytest.param(
            gauge(missing_is_bad=True),
            {**FROM_240_ON, 254: (PAGE, TICKET), 255: (PAGE, TICKET, NO_DATA)},
            id="bad",
        ),
    ],
)
def test_minutes_without_a_gauge_count_as_its_sli_says(
    query: dict[str, Any], firing: dict[int, tuple[str, ...]], tmp_path: Path
) -> None:
    rules = rules_with(tmp_path, query, target=0.99)
    passes(tmp_path, rules, Scenario({"age_seconds": "100x239 stale"}, 260, firing, every=1))


def test_a_gauges_group_runs_each_minute_and_its_alerts_speak_of_minutes(tmp_path: Path) -> None:
    text = rules_with(tmp_path, gauge())
    assert yaml.safe_load(text)["groups"][0]["interval"] == "1m"
    assert "interval" not in yaml.safe_load(rules_with(tmp_path / "counted", EVENTS))["groups"][0]
    _, alerts = parts(text)
    assert "of the minutes in the last hours were bad" in alerts[PAGE]["annotations"]["description"]
    assert "of the minutes in the last days were bad" in alerts[TICKET]["annotations"]["description"]


def test_a_gauge_of_an_slo_that_was_moved_to_another_team_has_one_ratio(tmp_path: Path) -> None:
    # Until minute 100, all of 101 were good; of the 20 since, 15 are bad. Of 61 in the last hour: 24.6 %.
    old = 'slo:bad:minute{team="other",journey="pay-invoice",slo="up"}'
    series = {old: "0x99 stale", "age_seconds": "_x100 100x4 1000x14"}
    absent = ("slo:error:ratio_1h < 0.24", "slo:error:ratio_1h > 0.26", "count(slo:error:ratio_1h) != 1")
    passes(tmp_path, rules_with(tmp_path, gauge()), Scenario(series, 119, absent=absent, every=1))


@pytest.mark.parametrize("stored", ["1", "1.0"])
@pytest.mark.parametrize("written", ["1", "1.0"])
def test_a_bucket_is_found_as_prometheus_2_stores_it_and_as_3_does(written: str, stored: str, tmp_path: Path) -> None:
    query = {"events": {"good": f'seconds_bucket{{le="{written}"}}', "total": "seconds_count"}}
    series = {f'seconds_bucket{{le="{stored}"}}': counter((200, 100)), "seconds_count": counter((200, 100))}
    rules = rules_with(tmp_path, query)
    passes(tmp_path, rules, Scenario(series, 180, never=(PAGE, TICKET)))
    as_written = rules.replace(r'le=~"1|1\\.0"', 'le="2"')
    assert run_scenario(tmp_path, as_written, Scenario(series, 180, never=(PAGE,))).returncode != 0


TWO: dict[str, Any] = {"events": {"good": "good_total", "total": ["web_total", "app_total"]}}
RATIO: dict[str, Any] = {"error_ratio": "1 - avg(avg_over_time(probe_success[{window}]))"}


@pytest.mark.parametrize(
    ("query", "series", "firing"),
    [
        # The last sample is at 59; `stale` at 60 is what a scrape that fails leaves. 15 minutes later, at 75.
        pytest.param(EVENTS, {TOTAL: "0+9x59 stale", GOOD: "0+9x59 stale"}, {74: (), 75: (NO_DATA,)}, id="target down"),
        # Without that, Prometheus looks back 5 minutes: nothing from 65 on.
        pytest.param(EVENTS, {TOTAL: "0+9x59", GOOD: "0+9x59"}, {79: (), 80: (NO_DATA,)}, id="total gone"),
        pytest.param(EVENTS, {"other": "1x200"}, {14: (), 15: (NO_DATA,)}, id="never there"),
        pytest.param(EVENTS, {TOTAL: "9x200"}, {100: ()}, id="no traffic"),
        pytest.param(TWO, {"web_total": "9x200", "app_total": "9x59 stale"}, {100: ()}, id="one of two totals gone"),
        pytest.param(TWO, {"web_total": "9x59 stale", "app_total": "9x59 stale"}, {75: (NO_DATA,)}, id="both gone"),
        # The ratio over 5 minutes has values up to 64, from the sample at 59.
        pytest.param(RATIO, {"probe_success": "1x59 stale"}, {79: (), 80: (NO_DATA,)}, id="a ratio gone"),
        pytest.param(RATIO, {"probe_success": "1x200"}, {100: ()}, id="a ratio"),
    ],
)
def test_data_that_is_gone_for_15_minutes_opens_a_ticket(
    query: dict[str, Any], series: dict[str, str], firing: dict[int, tuple[str, ...]], tmp_path: Path
) -> None:
    passes(tmp_path, rules_with(tmp_path, query), Scenario(series, 120, firing, every=1))


def test_the_alert_on_lost_data_has_no_labels_but_its_own(tmp_path: Path) -> None:
    rules = rules_with(tmp_path, {"events": {"good": 'a{job="x"}', "total": 'b{job="x",service="other"}'}})
    absent = ("ALERTS{job!=''}", "ALERTS{service!=''}")
    passes(tmp_path, rules, Scenario({"other": "1x100"}, 60, {60: (NO_DATA,)}, absent=absent))


def test_with_a_reason_there_is_no_alert_on_lost_data(tmp_path: Path) -> None:
    rules = rules_with(tmp_path, {**EVENTS, "silent_without_data": "The job runs for an hour a day"})
    assert list(parts(rules)[1]) == [PAGE, TICKET]


BAD: dict[str, Any] = {"events": {"bad": ["web_errors_total", "app_errors_total"], "total": ["web_total", "app_total"]}}


@pytest.mark.parametrize(
    ("query", "series", "firing"),
    [
        # The first failure is counted at 242, so that m = t - 241 of the hour's 60 minutes are bad; 14.4 % are 8.6.
        pytest.param(
            {"events": {"bad": "errors_total", "total": TOTAL}},
            {"errors_total": counter((241, 0), (60, 100)), TOTAL: counter((301, 100))},
            {249: (TICKET,), 250: (PAGE, TICKET)},
            id="bad events",
        ),
        # Both counters begin again from 0 at 244, and what is counted in that minute is lost: of the hour's events
        # 5,900 are left, and of the bad ones 200 and 100 (t - 244). At 250 that is 13.6 %, at 251 15.3 %.
        pytest.param(
            {"events": {"bad": "errors_total", "total": TOTAL}},
            {
                "errors_total": f"{counter((241, 0), (3, 100))} {counter((60, 100))}",
                TOTAL: f"{counter((244, 100))} {counter((60, 100))}",
            },
            {250: (TICKET,), 251: (PAGE, TICKET)},
            id="bad events and a restart",
        ),
        # Half of the traffic fails: m of 120, so that it takes 17.3 minutes. Of the other half nobody has counted a
        # failure yet.
        pytest.param(
            BAD,
            {
                "app_errors_total": counter((241, 0), (60, 100)),
                "web_total": counter((301, 100)),
                "app_total": counter((301, 100)),
            },
            {258: (TICKET,), 259: (PAGE, TICKET)},
            id="two counters of bad events, one of which is not there",
        ),
        # Of the 61 samples of an hour with both its ends 8.8 are 14.4 %: the ninth bad one is at 248.
        pytest.param(RATIO, {"probe_success": "1x239 0x60"}, {247: (TICKET,), 248: (PAGE, TICKET)}, id="a ratio"),
    ],
)
def test_what_is_counted_directly_pages_in_its_minute(
    query: dict[str, Any], series: dict[str, str], firing: dict[int, tuple[str, ...]], tmp_path: Path
) -> None:
    passes(tmp_path, rules_with(tmp_path, query, target=0.99), Scenario(series, 275, firing, every=1))


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(EVENTS, id="good"),
        pytest.param({"events": {"bad": GOOD, "total": TOTAL}}, id="bad"),
        pytest.param(
            {"error_ratio": f"1 - sum(rate({GOOD}[{{window}}])) / sum(rate({TOTAL}[{{window}}]))"}, id="ratio"
        ),
        pytest.param({"error_ratio": f"sum(rate({GOOD}[{{window}}])) / sum(rate({TOTAL}[{{window}}]))"}, id="over 1"),
    ],
)
def test_a_ratio_is_from_0_to_1(query: dict[str, Any], tmp_path: Path) -> None:
    # Twice as many good or bad events as there are in all: two scrapes that don't agree.
    series = {GOOD: counter((200, 200)), TOTAL: counter((200, 100))}
    absent = ("slo:error:ratio_1h < 0", "slo:error:ratio_1h > 1", "absent(slo:error:ratio_1h)")
    passes(tmp_path, rules_with(tmp_path, query), Scenario(series, 180, absent=absent))


# A day with a target of 99 %: 5.76 x 1 % of 5 minutes page, and 2.8 x 1 % of 51 open a ticket.
A_DAY: dict[str, Any] = {"target": 0.99, "period": {"days": 1}}


@pytest.mark.parametrize(
    ("share", "firing", "never"),
    [
        pytest.param(0.0105, {370: (TICKET,)}, (PAGE,), id="1.05 times its budget"),
        pytest.param(0.05, {370: (TICKET,)}, (PAGE,), id="5 times"),
        # The first failures are counted at 202. In 5 minutes a tenth of m = t - 201 is bad: 2 make 4 %, 3 make 6 %.
        pytest.param(0.1, {203: (), 204: (PAGE,)}, (), id="10 times"),
        # The slowest row takes 1 % of 154 minutes: the second bad one.
        pytest.param(1, {201: (), 202: (PAGE,), 203: (PAGE, TICKET)}, (), id="all of it"),
    ],
)
def test_an_slo_of_a_day_pages_before_the_day_is_over_and_not_at_once(
    share: float, firing: dict[int, tuple[str, ...]], never: tuple[str, ...], tmp_path: Path
) -> None:
    series = {GOOD: counter((201, 1000), (200, 1000 * (1 - share))), TOTAL: counter((401, 1000))}
    rules = rules_with(tmp_path, EVENTS, **A_DAY)
    passes(tmp_path, rules, Scenario(series, 371, firing, never, every=1))
    usual = {"5m", "30m", "1h", "2h", "6h", "1d", "3d"}
    assert {name.removeprefix("slo:error:ratio_") for name in parts(rules)[0]} == {"13m", "51m", "154m", *usual}


def test_one_bad_event_pages_unless_a_minimum_is_set(tmp_path: Path) -> None:
    # One event in 10 minutes: 144 a day, 6 an hour. One bad one of 6 is 16.7 %, and a page takes 13.44 %: 8 events.
    each_tenth = " ".join(f"{value}x9" for value in range(100, 160))
    without_one = " ".join(f"{value - (value > 140)}x9" for value in range(100, 160))
    series = {TOTAL: each_tenth, GOOD: without_one}
    least = slo.fewest_events(0.99, 28, 144)
    assert least == 8
    query: dict[str, Any] = {"target": 0.99, "period": {"days": 28}}
    silent = Scenario(series, 590, never=(PAGE,))
    passes(tmp_path, rules_with(tmp_path, EVENTS, **query, minimum_events=least), silent)
    assert run_scenario(tmp_path, rules_with(tmp_path, EVENTS, **query), silent).returncode != 0


# Examples that Sloth publishes, told in our words. The minutes are those in which the rules that it publishes beside
# them fire for the same series, by promtool: six good hours, one that is not, two good ones; where a query is costly,
# fewer.
REQUESTS = "http_request_duration_seconds_count"
LATENCY = "apiserver_request_duration_seconds"
SATISFIED = "unifipoller_client_satisfaction_ratio"


def phases(*steps: float) -> str:
    return counter(*zip((360, 60, 120), steps, strict=True))


@pytest.mark.parametrize(
    ("query", "target", "series", "firing"),
    [
        pytest.param(
            {
                "events": {
                    "bad": f'{REQUESTS}{{job="myservice",code=~"5..|429"}}',
                    "total": f'{REQUESTS}{{job="myservice"}}',
                }
            },
            0.999,
            {
                f'{REQUESTS}{{job="myservice",code="200"}}': phases(1000, 950, 1000),
                f'{REQUESTS}{{job="myservice",code="503"}}': phases(0, 30, 0),
                f'{REQUESTS}{{job="myservice",code="429"}}': phases(0, 20, 0),
            },
            {367: (), 368: (TICKET,), 377: (TICKET,), 378: (PAGE, TICKET), 446: (PAGE, TICKET), 447: (TICKET,)},
            id="getting started",
        ),
        pytest.param(
            {
                "events": {
                    "good": f'{LATENCY}_bucket{{le="0.4",verb!="WATCH"}}',
                    "total": f'{LATENCY}_count{{verb!="WATCH"}}',
                }
            },
            0.99,
            {
                f'{LATENCY}_bucket{{verb="GET",le="0.4"}}': phases(100, 70, 100),
                f'{LATENCY}_count{{verb="GET"}}': phases(100, 100, 100),
                f'{LATENCY}_count{{verb="WATCH"}}': phases(500, 500, 500),
            },
            {372: (), 373: (TICKET,), 388: (TICKET,), 389: (PAGE, TICKET), 422: (PAGE, TICKET), 423: (TICKET,)},
            id="latency of the API server of Kubernetes",
        ),
        pytest.param(
            {"events": {"bad": 'apiserver_request_total{code=~"5..|429"}', "total": "apiserver_request_total"}},
            0.999,
            {
                'apiserver_request_total{code="200"}': phases(100, 98.7, 100),
                'apiserver_request_total{code="500"}': phases(0, 1.3, 0),
            },
            {389: (), 390: (TICKET,), 539: (TICKET,)},
            id="availability of the API server of Kubernetes",
        ),
        pytest.param(
            {"error_ratio": f"1 - avg(avg_over_time({SATISFIED}[{{window}}]))"},
            0.95,
            {f'{SATISFIED}{{client="a"}}': "1x359 0.2x59 1x119", f'{SATISFIED}{{client="b"}}': "1x359 0.1x59 1x119"},
            {381: (), 382: (TICKET,), 410: (TICKET,), 411: (PAGE, TICKET), 419: (PAGE, TICKET), 420: (TICKET,)},
            id="Wi-Fi at home, by its satisfaction",
        ),
        pytest.param(
            {
                "error_ratio": f"(sum_over_time(count({SATISFIED} < 0.75)[{{window}}:]) or vector(0))\n"
                f"/ sum_over_time(count({SATISFIED})[{{window}}:])"
            },
            0.95,
            {
                f'{SATISFIED}{{client="a"}}': "1x119 0.6x59 1x29",
                f'{SATISFIED}{{client="b"}}': "1x119 0.3x29 1x59",
                f'{SATISFIED}{{client="c"}}': "1x209",
            },
            {128: (), 129: (TICKET,), 179: (TICKET,), 208: (TICKET,)},
            id="Wi-Fi at home, by its clients",
        ),
    ],
)
def test_examples_of_sloth_alert_in_the_same_minutes(
    query: dict[str, Any],
    target: float,
    series: dict[str, str],
    firing: dict[int, tuple[str, ...]],
    tmp_path: Path,
) -> None:
    passes(tmp_path, rules_with(tmp_path, query, target=target), Scenario(series, max(firing), firing, every=1))


RFC_1123 = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
"""A label of a host's name, as Kubernetes asks for in most names of objects; of at most 63 characters."""


def objects(folder: Path, organisation: str) -> list[Any]:
    handbook = handbook_with(folder, EVENTS, {}, organisation)
    return [yaml.safe_load(file.write()) for file in files(handbook) if file.export.name == "prometheus-rule"]


def test_the_rules_of_the_operator_are_the_same(tmp_path: Path) -> None:
    (rule,) = objects(tmp_path / "a", "prometheus_operator: {}")
    assert rule == {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "slo--payments"},
        "spec": yaml.safe_load(rules_with(tmp_path / "b", EVENTS)),
    }
    assert re.fullmatch(RFC_1123, rule["metadata"]["name"])


def test_namespace_and_labels_are_the_organisation_s(tmp_path: Path) -> None:
    (rule,) = objects(tmp_path, "prometheus_operator: {namespace: monitoring, labels: [release=a, example.com/b=C_d]}")
    labels = {"release": "a", "example.com/b": "C_d"}
    assert rule["metadata"] == {"name": "slo--payments", "namespace": "monitoring", "labels": labels}


def test_without_the_operator_there_is_none(tmp_path: Path) -> None:
    assert objects(tmp_path, "") == []


@pytest.mark.parametrize("label", ["a=b", "example.com/a=B", f"{'a' * 63}={'b' * 63}"])
def test_what_kubernetes_takes(label: str) -> None:
    assert re.fullmatch(LABEL_PATTERN, label)


@pytest.mark.parametrize(
    "label", ["a", "a=", "=b", "a=b=c", "A.com/a=b", "/a=b", "-a=b", "a=b-", "a=b c", "a" * 64 + "=b"]
)
def test_what_kubernetes_does_not_take(label: str) -> None:
    assert not re.fullmatch(LABEL_PATTERN, label)

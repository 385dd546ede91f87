"""Names that leave the handbook: what alerts, series, labels and objects are called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from conftest import make_handbook
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.handbook import addresses, names, slo
from macros.handbook.graph import Handbook
from macros.model.journeys import Journey, Slo

exact = settings(deadline=None, database=None, derandomize=True)

ids = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)
long_parts = st.lists(st.text("ab-", min_size=20, max_size=60).map(lambda it: f"a{it}z"), min_size=2, max_size=4)

SERVICES = {
    "teams/payments/services/checkout.yaml": "name: Checkout\nsummary: Takes money\n",
    "teams/payments/services/ledger.yaml": "name: Ledger\nsummary: Keeps count\n",
}


def made(
    folder: Path,
    *,
    journey: str = "pay-invoice",
    slo: str = "latency",
    service: str | None = None,
    steps: tuple[str | None, ...] = (),
    files: Mapping[str, str] | None = None,
) -> tuple[Handbook, Journey, Slo]:
    """A handbook with one journey of one SLO; `service` is what its SLI names, `steps` what the journey crosses."""
    sli = {"id": "speed", "type": "latency", "valid": "V", "good": "G", "measured": "M"}
    raw = {
        "name": "Pay",
        "user": "U",
        "goal": "G",
        "steps": [{"what": "W", **({"service": it} if it else {})} for it in steps],
        "slis": [{**sli, "id": "other"}, {**sli, **({"service": service} if service else {})}],
        "slos": [{"id": slo, "name": "Quick", "sli": "speed", "target": 0.99, "period": {"days": 28}}],
    }
    own = {f"teams/payments/journeys/{journey}.yaml": yaml.safe_dump(raw)}
    handbook = make_handbook(folder, {**SERVICES, **own, **(files or {})})
    (found,) = handbook.journeys
    return handbook, found, found.slos[0]


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("upload-drawing", "UploadDrawing"),
        ("latency", "Latency"),
        ("p95", "P95"),
        ("a-b-c", "ABC"),
        ("tier-1-up", "Tier1Up"),
    ],
)
def test_an_id_in_an_alert_name(id: str, expected: str) -> None:
    assert names.camel(id) == expected


@exact
@given(id=ids)
def test_a_part_of_an_alert_name_has_the_letters_of_the_id(id: str) -> None:
    found = names.camel(id)
    assert found.isalnum()
    assert found.lower() == id.replace("-", "")


def test_an_alert_name_says_journey_slo_and_how_fast(tmp_path: Path) -> None:
    _, journey, objective = made(tmp_path, journey="upload-drawing", slo="latency")
    assert names.alert_name(journey, objective, pages=True) == "UploadDrawingLatencyBudgetBurn"
    assert names.alert_name(journey, objective, pages=False) == "UploadDrawingLatencyBudgetBurnSlowly"


def test_a_group_names_journey_and_slo(tmp_path: Path) -> None:
    _, journey, objective = made(tmp_path, journey="upload-drawing", slo="latency")
    assert names.group(journey, objective) == "slo/upload-drawing/latency"


@pytest.mark.parametrize(
    ("window", "written"),
    [(timedelta(minutes=5), "5m"), (timedelta(hours=1), "1h"), (timedelta(days=3), "3d")],
)
def test_a_series_ends_in_its_window(window: timedelta, written: str) -> None:
    assert names.error_ratio(window) == f"slo:error:ratio_{written}"
    assert names.events(window) == f"slo:events:increase_{written}"


def test_every_window_has_series_of_its_own() -> None:
    windows = {length for row in slo.WINDOWS for length in (row.long, row.short)}
    assert len({names.error_ratio(it) for it in windows} | {names.events(it) for it in windows}) == 2 * len(windows)


@pytest.mark.parametrize(
    ("service", "steps", "expected"),
    [
        pytest.param("ledger", ("checkout",), "ledger", id="what the SLI names"),
        pytest.param("ledger", (), "ledger", id="what the SLI names, without steps"),
        pytest.param(None, ("checkout", "ledger"), "checkout", id="the first that the journey crosses"),
        pytest.param(None, (None, "ledger", "checkout"), "ledger", id="the first step with a service"),
        pytest.param(None, (None,), None, id="steps without a service"),
        pytest.param(None, (), None, id="nothing"),
    ],
)
def test_the_service_of_an_slo(
    service: str | None, steps: tuple[str | None, ...], expected: str | None, tmp_path: Path
) -> None:
    handbook, journey, objective = made(tmp_path, service=service, steps=steps)
    found = names.service_of(handbook, journey, objective)
    assert (found and found.id) == expected
    own = {"service": expected} if expected else {}
    assert names.labels(handbook, journey, objective) == {
        "team": "payments",
        **own,
        "journey": "pay-invoice",
        "slo": "latency",
    }


def test_labels_come_in_one_order(tmp_path: Path) -> None:
    assert list(names.labels(*made(tmp_path, service="ledger"))) == ["team", "service", "journey", "slo"]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param(("a",), "a", id="one part"),
        pytest.param(("pay-invoice", "latency", "1h"), "pay-invoice--latency--1h", id="three parts"),
        pytest.param(("a" * 31, "b" * 30), "a" * 31 + "--" + "b" * 30, id="63 characters"),
    ],
)
def test_a_short_object_name_is_its_parts(parts: tuple[str, ...], expected: str) -> None:
    assert names.object_name(*parts) == expected


def test_a_long_object_name_keeps_its_beginning_and_ends_in_digits_of_its_own() -> None:
    first, second = names.object_name("a" * 31, "b" * 31), names.object_name("a" * 31, "b" * 32)
    assert len(first) == len(second) == 63
    assert first[:55] == second[:55] == "a" * 31 + "--" + "b" * 21 + "-"
    assert first[55:] != second[55:]
    assert set(first[55:]) <= set("0123456789abcdef")


def test_a_long_object_name_has_no_two_hyphens_where_it_was_cut() -> None:
    found = names.object_name("a" * 52, "b" * 20)
    assert found[:53] == "a" * 52 + "-"
    assert found[53] != "-"
    found = names.object_name("a" * 53, "b" * 20)
    assert found[:54] == "a" * 53 + "-"
    assert found[54] != "-"


@exact
@given(first=long_parts, second=long_parts)
def test_object_names_of_other_long_parts_differ_and_fit(first: list[str], second: list[str]) -> None:
    one, other = names.object_name(*first), names.object_name(*second)
    assert (one == other) is (first == second)
    assert max(len(one), len(other)) <= 63


@pytest.mark.parametrize(
    ("organisation", "expected"),
    [
        pytest.param("language: en\nsite_address: https://h.example/", "https://h.example/", id="English"),
        pytest.param("language: en\nsite_address: https://h.example", "https://h.example/", id="without a slash"),
        pytest.param("language: en\nsite_address: https://h.example/sre/", "https://h.example/sre/", id="in a folder"),
        pytest.param("language: ja\nsite_address: https://h.example/", "https://h.example/ja/", id="Japanese"),
        pytest.param("language: ja\nsite_address: https://h.example", "https://h.example/ja/", id="Japanese, no slash"),
        pytest.param("language: en", None, id="no site"),
        pytest.param("language: ja", None, id="no site, Japanese"),
    ],
)
def test_the_address_of_an_slo_is_whole_or_empty(organisation: str, expected: str | None, tmp_path: Path) -> None:
    handbook, journey, objective = made(tmp_path, files={"organisation.yaml": f"name: Example\n{organisation}\n"})
    site, language = handbook.organisation.site_address, handbook.organisation.language
    found = addresses.whole(site, language, f"{addresses.of(journey)}#slo-{objective.id}")
    assert found == (f"{expected}journeys/pay-invoice/#slo-latency" if expected else "")


@pytest.mark.parametrize(
    ("fraction", "expected"),
    [
        (0.9995, "99.95 %"),
        (0.995, "99.5 %"),
        (0.99, "99 %"),
        (0.99999, "99.999 %"),
        (0.07, "7 %"),
        (0.29, "29 %"),
        (0.57, "57 %"),
        (0.001, "0.1 %"),
        (0.00001, "0.001 %"),
        (0.5, "50 %"),
        (1, "100 %"),
        (0, "0 %"),
    ],
)
def test_a_fraction_as_a_percentage(fraction: float, expected: str) -> None:
    assert names.percent(fraction) == expected


@exact
@given(digits=st.integers(1, 9_999_999))
def test_a_percentage_has_every_digit_of_its_fraction(digits: int) -> None:
    found = names.percent(digits / 10**7).removesuffix(" %")
    assert round(float(found) * 10**5) == digits
    assert "0000" not in found.partition(".")[2]

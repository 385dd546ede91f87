"""What breaks with a service, and which teams hang together."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Content, make_handbook

from macros.handbook import dependencies
from macros.handbook.graph import Handbook
from macros.model.organisation import Service

JOURNEY = "name: {name}\nuser: A buyer\ngoal: To buy\nsteps: [{{what: Click, service: {service}}}]\n"

FILES: dict[str, Content] = {
    "teams/shop/team.yaml": 'name: Shop\nchannel: "#shop"\n',
    "teams/shop/services/web.yaml": "name: Web\nsummary: x\ntier: 1\ndepends_on: [cart]\n",
    "teams/shop/services/cart.yaml": (
        "name: Cart\nsummary: x\ntier: 2\ndepends_on: [{service: ledger, without_it: Cash}]\n"
    ),
    "teams/payments/services/ledger.yaml": "name: Ledger\nsummary: x\ndepends_on: [disk, report]\n",
    "teams/payments/services/report.yaml": "name: Report\nsummary: x\ntier: 3\ndepends_on: [ledger]\n",
    "teams/payments/services/disk.yaml": "name: Disk\nsummary: x\n",
    "teams/payments/services/alone.yaml": "name: Alone\nsummary: x\n",
    "teams/shop/journeys/buy.yaml": JOURNEY.format(name="Buy", service="web"),
    "teams/shop/journeys/look.yaml": JOURNEY.format(name="Look", service="cart"),
}


@pytest.fixture
def handbook(tmp_path: Path) -> Handbook:
    return make_handbook(tmp_path, FILES)


def service(handbook: Handbook, id: str) -> Service:
    found = handbook.get(Service, id)
    assert found
    return found


@pytest.mark.parametrize(
    ("down", "broken"),
    [
        ("alone", []),
        ("web", []),
        ("cart", [("web", "cart", None)]),
        ("ledger", [("web", "cart", None), ("cart", "ledger", "Cash"), ("report", "ledger", None)]),
        (
            "disk",
            [("web", "cart", None), ("cart", "ledger", "Cash"), ("report", "ledger", None), ("ledger", "disk", None)],
        ),
    ],
)
def test_all_that_needs_a_service_breaks_with_it_even_in_a_circle(
    handbook: Handbook, down: str, broken: list[tuple[str, str, str | None]]
) -> None:
    found = dependencies.broken_by(handbook, service(handbook, down))
    assert [(other.id, need.service, need.without_it and need.without_it.en) for other, need in found] == broken


def test_a_journey_is_named_once_with_the_first_service_that_breaks_it(handbook: Handbook) -> None:
    services = [service(handbook, id) for id in ("ledger", "web", "cart")]
    found = dependencies.journeys_through(handbook, services)
    assert [(journey.id, crossed.id) for journey, crossed in found] == [("buy", "web"), ("look", "cart")]


def test_parts_are_tied_by_each_service_that_needs_one_of_another(handbook: Handbook) -> None:
    every = {service.id: service.team for service in handbook.services}
    assert dependencies.ties(handbook, every) == [("shop", "payments")]
    assert dependencies.ties(handbook, {**every, "web": "web"}) == [("shop", "payments"), ("web", "shop")]


def team(id: str, *needed: str) -> dict[str, Content]:
    """A team and its one service, which has its id."""
    return {
        f"teams/{id}/team.yaml": f"name: {id}\nchannel: x\n",
        f"teams/{id}/services/{id}.yaml": f"name: {id}\nsummary: x\ndepends_on: [{', '.join(needed)}]\n",
    }


def test_teams_whose_services_need_each_other_are_a_group(tmp_path: Path) -> None:
    files = {
        **team("a", "b", "c"), **team("b", "c"), **team("c", "x"), **team("x", "y", "z", "w"), **team("y", "z", "w"),
        **team("z", "w"), **team("w"), **team("alone"), **team("single"),
        "teams/none/team.yaml": "name: None\nchannel: x\n",
    }  # fmt: skip
    files["teams/b/services/more.yaml"] = "name: More\nsummary: x\n"
    found = dependencies.groups(make_handbook(tmp_path, files))
    assert [[one.id for one in group] for group in found] == [
        ["w", "x", "y", "z"],
        ["b", "a", "c"],
        ["alone", "single"],
    ]


def test_there_are_no_more_groups_than_a_picture_has_boxes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {**team("a", "b"), **team("b", "c"), **team("c"), **team("x", "y"), **team("y"), **team("alone")}
    monkeypatch.setattr(dependencies, "MOST_BOXES", 2)
    found = dependencies.groups(make_handbook(tmp_path, files))
    assert [[one.id for one in group] for group in found] == [["a", "b", "c"], ["alone", "x", "y"]]

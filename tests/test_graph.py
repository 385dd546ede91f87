"""The handbook: look-ups from one entity to the others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import Content, make_handbook

from macros.handbook.graph import Handbook, grouped
from macros.model.organisation import Service, Team
from macros.model.references import ServiceRef, TeamRef

FILES: dict[str, Content] = {
    "teams/shop/team.yaml": (
        'name: Shop\nchannel: "#shop"\nworks_with:\n  - team: payments\n    mode: facilitating\n    purpose: SLOs\n'
        "platform_policies:\n  - policy: Own account\n    reaches_by: Mail\n    provided_by: payments\n"
    ),
    "teams/shop/services/cart.yaml": "name: Cart\nsummary: Holds goods\ndepends_on: [till, ledger]\n",
    "teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\ndepends_on: [ledger]\n",
    "teams/payments/services/ledger.yaml": "name: Ledger\nsummary: Keeps books\n",
}


@pytest.fixture
def handbook(tmp_path: Path) -> Handbook:
    return make_handbook(tmp_path, FILES)


def team(handbook: Handbook, id: str) -> Team:
    found = handbook.get(Team, id)
    assert isinstance(found, Team)
    return found


def service(handbook: Handbook, id: str) -> Service:
    found = handbook.get(Service, id)
    assert isinstance(found, Service)
    return found


def test_entities_come_by_id(handbook: Handbook) -> None:
    assert [it.id for it in handbook.teams] == ["payments", "shop"]
    assert [it.id for it in handbook.services] == ["cart", "ledger", "till"]
    assert handbook.all(Team) == handbook.teams
    assert handbook.of_kind("none") == ()
    assert handbook.organisation.name.in_language("en") == "Example"


def test_an_entity_is_got_by_kind_and_id(handbook: Handbook) -> None:
    assert service(handbook, "cart").team == "shop"
    assert handbook.get(Service, "none") is None
    assert handbook.get(Team, "cart") is None
    assert handbook.find("none", "cart") is None


def test_a_reference_is_followed_to_its_kind(handbook: Handbook) -> None:
    assert handbook.follow(ServiceRef("cart")) is handbook.get(Service, "cart")
    assert handbook.follow(TeamRef("shop")) is handbook.get(Team, "shop")


def test_an_entity_knows_its_kind(handbook: Handbook) -> None:
    kinds = [handbook.kind_of(it) for it in (handbook.organisation, handbook.teams[0], handbook.services[0])]
    assert kinds == ["organisation", "team", "service"]


def test_an_entity_belongs_to_the_team_of_its_folder(handbook: Handbook) -> None:
    assert handbook.team_of(service(handbook, "cart")) is team(handbook, "shop")
    assert handbook.team_of(team(handbook, "shop")) is team(handbook, "shop")
    assert handbook.team_of(handbook.organisation) is None


def test_a_team_has_the_services_of_its_folder(handbook: Handbook) -> None:
    assert [it.id for it in handbook.services_of(team(handbook, "payments"))] == ["ledger", "till"]


def test_a_service_knows_what_needs_it(handbook: Handbook) -> None:
    assert [it.id for it in handbook.referring("service", service(handbook, "ledger"))] == ["cart", "till"]
    assert handbook.referring("service", service(handbook, "cart")) == ()


def test_an_entity_knows_every_place_that_refers_to_it(handbook: Handbook) -> None:
    shop = team(handbook, "shop")
    assert handbook.linked_from(team(handbook, "payments")) == (
        (shop, ("platform_policies", 0, "provided_by")),
        (shop, ("works_with", 0, "team")),
    )
    assert handbook.linked_from(shop) == ()


def test_one_who_needs_a_service_twice_is_named_once(tmp_path: Path) -> None:
    files = {**FILES, "teams/shop/services/cart.yaml": "name: C\nsummary: C\ndepends_on: [till, till]\n"}
    handbook = make_handbook(tmp_path, files)
    assert [it.id for it in handbook.referring("service", service(handbook, "till"))] == ["cart"]


def test_a_value_has_a_place_in_its_file(handbook: Handbook) -> None:
    cart = service(handbook, "cart")
    assert handbook.place(cart, ("summary",)) == (2, 10)
    assert handbook.place(cart, ("summary",), key=True) == (2, 1)
    assert handbook.place(cart) == (1, 1)


def test_the_handbook_of_a_day(handbook: Handbook) -> None:
    assert handbook.today == date(2026, 11, 24)


def test_what_belongs_together_keeps_its_order() -> None:
    assert list(grouped([("b", 2), ("a", 3), ("b", 1)]).items()) == [("b", [2, 1]), ("a", [3])]

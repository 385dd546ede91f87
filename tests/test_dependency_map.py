"""The dependency map, its parts, and what is around a service: who stands where, and the same in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Content, golden_handbook, golden_site, make_handbook, make_site
from pictures_checked import faults
from web import Html

from macros.handbook import dependencies
from macros.handbook.graph import Handbook
from macros.model.references import ServiceRef
from macros.model.values import LANGUAGES
from macros.site import dependency_map, page_macros
from macros.site.dependency_map import Thing
from macros.site.drawing import Picture
from macros.site.page_macros import Author
from macros.site.render import Edition

each_language = pytest.mark.parametrize("language", LANGUAGES)

MOST_BYTES = 40_000


def service(id: str, *needed: str, tier: int = 0) -> str:
    tiered = f"tier: {tier}\n" if tier else ""
    return f"name: {id.capitalize()}\nsummary: x\n{tiered}depends_on: [{', '.join(needed)}]\n"


FILES: dict[str, Content] = {
    "teams/shop/team.yaml": "name: {en: Shop, ja: お店}\nchannel: x\n",
    "teams/shop/services/web.yaml": service("web", "cart", "till", tier=1),
    "teams/shop/services/cart.yaml": service("cart", "till", tier=2),
    "teams/payments/services/till.yaml": service("till", "disk"),
    "teams/payments/services/alone.yaml": service("alone", tier=3),
    "teams/storage/team.yaml": "name: Storage\nchannel: x\n",
    "teams/storage/services/disk.yaml": service("disk"),
    "teams/sums/team.yaml": "name: Sums\nchannel: x\n",
    "teams/sums/services/sums.yaml": service("sums"),
}


@pytest.fixture
def handbook(tmp_path: Path) -> Handbook:
    return make_handbook(tmp_path, FILES)


def whole(handbook: Handbook, language: str = "en") -> Picture:
    return dependency_map.whole(handbook, language, str)


def around(handbook: Handbook, id: str) -> Picture:
    return dependency_map.around(handbook, "en", str, handbook.service(ServiceRef(id)))


def columns(picture: Picture) -> list[list[str]]:
    """The names in the boxes that stand in each column, from above."""
    found: dict[float, list[str]] = {}
    for box in sorted(picture.boxes, key=lambda box: (box.x, box.y)):
        found.setdefault(box.x, []).append(" ".join(box.lines))
    return list(found.values())


def named(thing: Thing) -> str:
    return "+".join(each.id for each in thing)


def rows(handbook: Handbook) -> dict[str, tuple[list[str], list[str]]]:
    return {
        named(thing): ([*map(named, needs)], [*map(named, needed_by)])
        for thing, needs, needed_by in dependency_map.rows(handbook)
    }


def test_services_stand_to_the_left_of_what_they_need_and_those_without_ties_below(handbook: Handbook) -> None:
    shown = whole(handbook)
    assert columns(shown) == [["Web", "Alone"], ["Cart", "Sums"], ["Till"], ["Disk"]]
    below = [box for box in shown.boxes if box.lines in (["Alone"], ["Sums"])]
    assert min(box.y for box in below) > max(box.y + box.height for box in shown.boxes if box not in below)
    assert rows(handbook) == {
        "alone": ([], []),
        "till": (["disk"], ["cart", "web"]),
        "web": (["cart", "till"], []),
        "cart": (["till"], ["web"]),
        "disk": ([], ["till"]),
        "sums": ([], []),
    }


def test_a_box_says_the_tier_and_the_team_and_leads_to_the_service(handbook: Handbook) -> None:
    boxes = {box.lines[0]: box for box in whole(handbook, "ja").boxes}
    assert (boxes["Web"].notes, boxes["Web"].look, boxes["Web"].to) == (["tier 1 · お店"], "bad", "services/web/")
    assert (boxes["Cart"].notes, boxes["Cart"].look) == (["tier 2 · お店"], "some")
    assert (boxes["Disk"].notes, boxes["Disk"].look) == (["Storage"], "")


def test_of_many_services_the_map_shows_their_teams(handbook: Handbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependency_map, "MOST_BOXES", 5)
    shown = whole(handbook)
    assert columns(shown) == [["Shop", "Sums"], ["Payments"], ["Storage"]]
    box = next(box for box in shown.boxes if box.lines == ["Shop"])
    assert (box.notes, box.to) == (["tier 1 · services: 2"], "teams/shop/")
    assert rows(handbook)["payments"] == (["storage"], ["shop"])


def test_of_many_teams_the_map_shows_groups(handbook: Handbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependency_map, "MOST_BOXES", 3)
    shown = whole(handbook)
    assert rows(handbook) == {"payments+shop+storage": ([], []), "sums": ([], [])}
    group, single = shown.boxes
    assert (group.lines, group.notes) == (["Payments, Shop"], ["tier 1 · teams: 3"])
    assert group.to == "services/map/#group-payments"
    assert single.to == "teams/sums/"


def test_of_many_teams_the_table_has_a_row_for_each_box_to_lead_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dependency_map, "MOST_BOXES", 3)
    html = Html(str(page_macros.MACROS["dependency_map"](Author(make_site(tmp_path, FILES), "services/map/"))))
    cells = [cell.text for cell in html.elements if cell.attributes.get("role") in ("rowheader", "cell")]
    assert cells == ["Payments, Shop, Storage", "tier 1", "5", "–", "–", "Sums", "no tier", "1", "–", "–"]
    assert [row["id"] for row in html.all("tr") if "id" in row.attributes] == ["group-payments"]
    links = [link.attributes.get("xlink:href") for link in html.all("a")]
    assert [link for link in links if link] == ["./#group-payments", "../../teams/sums/"]


def test_around_a_service_are_those_on_either_side_alone(handbook: Handbook) -> None:
    shown = around(handbook, "cart")
    assert columns(shown) == [["Web"], ["Cart"], ["Till"]]
    assert len(shown.arrows) == 2
    assert [box.lines for box in shown.boxes if box.look == "here"] == [["Cart"]]
    assert columns(around(handbook, "alone")) == [["Alone"]]


def test_of_many_around_a_service_a_box_leads_to_where_all_are(
    handbook: Handbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dependency_map, "MOST_NEAR", 1)
    sides = {"till": [["+2"], ["Till"], ["Disk"]], "web": [["Web"], ["+2"]]}
    anchors = {"till": "breaks", "web": "needed"}
    for id, shown in sides.items():
        picture = around(handbook, id)
        assert [*map(sorted, columns(picture))] == shown
        more = next(box for box in picture.boxes if box.lines == ["+2"])
        assert more.to == f"services/{id}/#{anchors[id]}"


def test_a_circle_has_an_arrow_back(tmp_path: Path) -> None:
    files = {"teams/payments/services/a.yaml": service("a", "b"), "teams/payments/services/b.yaml": service("b", "a")}
    shown = whole(make_handbook(tmp_path, {**files}))
    assert sorted(arrow.path.rpartition("m")[2] for arrow in shown.arrows) == ["-5 -4l5 4 -5 4", "5 -4l-5 4 5 4"]


@each_language
def test_nothing_overlaps_or_is_cut_in_a_handbook_that_has_everything(language: str) -> None:
    handbook = golden_handbook()
    shown = [dependency_map.whole(handbook, language, str)]
    shown += [dependency_map.around(handbook, language, str, service) for service in handbook.services]
    assert [fault for picture in shown for fault in faults(picture)] == []


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """As many services as a map shows, in rows of eight, each of which needs some of the next row and the last."""
    ids = [f"service-{number:02}-with-a-long-name" for number in range(dependencies.MOST_BOXES)]
    next_row = {id: ids[place // 8 * 8 + 8 :][place % 3 : 8 : 3] for place, id in enumerate(ids)}
    files = {
        f"teams/payments/services/{id}.yaml": service(id, *dict.fromkeys([*next_row[id], *ids[-1:]]), tier=1)
        for id in ids[:-1]
    }
    files[f"teams/payments/services/{ids[-1]}.yaml"] = service(ids[-1])
    return make_site(tmp_path_factory.mktemp("dense"), {**files})


def test_a_dense_map_stays_readable_and_small(dense: Edition) -> None:
    picture = whole(dense.handbook)
    assert faults(picture) == []
    levels = [re.fullmatch(r".* ([\d.]+) ([\d.]+)h([\d.]+)", arrow.path) for arrow in picture.arrows]
    passing = [[float(number) for number in level.groups()] for level in levels if level]
    assert passing
    for x, y, long in passing:
        across = [box for box in picture.boxes if box.x < x + long and x < box.x + box.width]
        assert not [box for box in across if box.y <= y <= box.y + box.height]
    html = str(page_macros.MACROS["dependency_map"](Author(dense, "services/map/")))
    assert len(html.partition("</svg>")[0].encode()) < MOST_BYTES


@each_language
def test_the_table_says_what_the_picture_shows(language: str) -> None:
    site = golden_site(language)
    html = Html(str(page_macros.MACROS["dependency_map"](Author(site, "services/map/"))))
    assert html.one("svg")["aria-describedby"] == html.one("table")["id"]
    needed = {
        service.name.in_language(language): [
            site.handbook.service(need.service).name.in_language(language) for need in service.depends_on
        ]
        for service in site.handbook.services
    }
    table: dict[str, list[str]] = {}
    for cell in html.elements:
        if cell.attributes.get("role") == "rowheader":
            name = cell.text
        elif cell.attributes.get("data-label") in ("Depends on", "依存先"):
            table[name] = cell.text.replace("、", ", ").split(", ")
    assert table == {name: others or ["–"] for name, others in needed.items()}


def test_of_much_that_breaks_a_page_folds_the_list_and_shows_the_first(
    dense: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dependencies, "MOST_BOXES", 5)
    site = Edition(dense.handbook, (), "en")
    last = dense.handbook.services[-1]
    html = Html(site.render("service.html.j2", f"services/{last.id}/", head={}, service=last))
    folded = html.one("details", "more")
    assert folded.text.split()[:2] == ["39", "services"]
    assert len(html.all("tr")) == 1 + 5
    assert "These are the first 5 of 39 services and 0 journeys." in " ".join(html.words)

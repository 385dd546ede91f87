"""The picture of a journey's steps: who stands below whom, and how far an SLI reaches."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import golden_handbook, golden_site, make_site
from pictures_checked import faults
from rendered import Document

from macros.model.values import LANGUAGES
from macros.site import pages
from macros.site.drawing import Box, Picture
from macros.site.journey_picture import MOST_STEPS, WIDTH, picture
from macros.text.catalogue import translations

SLI = {"type": "availability", "valid": "All", "measured": "At the till", "blind_to": "The rest"}


def drawn(folder: Path, steps: list[dict[str, Any]], slis: tuple[dict[str, Any], ...] = ()) -> Picture | None:
    measured = [{**SLI, **sli} for sli in slis]
    journey = {"name": "Buy", "user": "A buyer", "goal": "Bought", "steps": steps, "slis": measured}
    service = "name: {}\nsummary: Takes coins\n"
    site = make_site(
        folder,
        {
            "teams/payments/services/till.yaml": service.format("Till"),
            "teams/payments/services/shelf.yaml": service.format("Shelf"),
            "teams/payments/journeys/buy.yaml": json.dumps(journey),
        },
    )
    (made,) = site.handbook.journeys
    return picture(site.handbook, "en", translations("en").gettext, made)


def lanes(shown: Picture | None) -> list[list[Box]]:
    """The boxes from top to bottom, those of one height beside each other."""
    assert shown is not None
    assert faults(shown) == []
    tops = sorted({box.y for box in shown.boxes})
    return [sorted((box for box in shown.boxes if box.y == top), key=lambda box: box.x) for top in tops]


def texts(lane: list[Box]) -> list[tuple[str, str]]:
    return [(" ".join(box.lines), " ".join(box.notes)) for box in lane]


def columns(shown: Picture | None) -> list[list[tuple[str, int, int]]]:
    """What an SLI's boxes say, with the first and the last step that each stands over, lane by lane."""
    steps, *_ = found = lanes(shown)
    lefts = [box.x for box in steps]
    rights = [box.x + box.width for box in steps]
    return [
        [(" ".join(box.lines), lefts.index(box.x), rights.index(box.x + box.width)) for box in lane]
        for lane in found
        if any("#sli" in box.to for box in lane)
    ]


def test_below_a_step_stand_what_serves_it_and_where_it_fails(tmp_path: Path) -> None:
    failing = [{"what": "It jams"}, {"what": "It is gone"}]
    steps: list[dict[str, Any]] = [
        {"what": "Pays", "service": "till", "component": "The cash box", "failure_points": failing},
        {"what": "Waits", "component": "The street"},
        {"what": "Leaves", "failure_points": failing[:1]},
    ]
    shown = drawn(tmp_path, steps)
    what, served, fails, _ = lanes(shown)
    assert texts(what) == [("1. Pays", ""), ("2. Waits", ""), ("3. Leaves", "")]
    assert texts(served) == [("Till", "The cash box"), ("The street", "")]
    assert texts(fails) == [("It jams", "+1"), ("It jams", "")]
    assert [box.x for box in (*served, *fails)] == [what[place].x for place in (0, 1, 0, 2)]
    assert [(box.to, box.look) for box in fails] == [("journeys/buy/#step-1", "some"), ("journeys/buy/#step-3", "some")]
    assert [box.to for box in served] == ["services/till/", ""]
    assert shown is not None
    assert len(shown.arrows) == 2
    assert [words.text for words in shown.words] == ["Step", "Served by", "Fails when", "Seen by"]


def test_an_sli_reaches_over_the_steps_beside_each_other_that_it_sees(tmp_path: Path) -> None:
    steps: list[dict[str, Any]] = [
        {"what": "A", "service": "shelf"},
        {"what": "B", "service": "till"},
        {"what": "C", "seen_by": ["paid", "quick"]},
        {"what": "D", "service": "till", "seen_by": []},
        {"what": "E", "service": "till"},
    ]
    slis = {"id": "paid", "good": "Paid", "service": "till"}, {"id": "quick", "good": "Quick", "service": "shelf"}
    none = "no SLI sees this"
    assert columns(drawn(tmp_path, steps, slis)) == [
        [("Quick", 0, 0), ("Paid", 1, 2), (none, 3, 3), ("Paid", 4, 4)],
        [("Quick", 2, 2)],
    ]


def test_an_sli_without_a_service_is_that_of_the_first(tmp_path: Path) -> None:
    steps = [{"what": "A"}, {"what": "B", "service": "till"}, {"what": "C", "service": "shelf"}]
    found = columns(drawn(tmp_path, steps, ({"id": "paid", "good": "Paid"},)))
    assert found == [[("no SLI sees this", 0, 0), ("Paid", 1, 1), ("no SLI sees this", 2, 2)]]


def test_without_an_sli_one_box_says_so_and_leads_to_how_it_is_done(tmp_path: Path) -> None:
    shown = drawn(tmp_path, [{"what": "A"}, {"what": "B"}])
    assert columns(shown) == [[("no SLI sees this", 0, 1)]]
    assert shown is not None
    assert [(box.to, box.look) for box in shown.boxes[2:]] == [("journeys/buy/#slis", "missing")]


@pytest.mark.parametrize(("count", "rows"), [(1, [1]), (6, [6]), (7, [4, 3]), (MOST_STEPS, [6, 6])])
def test_many_steps_take_more_rows(count: int, rows: list[int], tmp_path: Path) -> None:
    shown = drawn(tmp_path, [{"what": "Pays at the counter, or at the machine beside the door"}] * count)
    assert [len(lane) for lane in lanes(shown) if lane[0].lines[0][0].isdigit()] == rows
    assert shown is not None
    assert shown.width <= WIDTH
    assert len(shown.arrows) == count - len(rows)


def test_without_steps_or_with_too_many_there_is_no_picture(tmp_path: Path) -> None:
    assert drawn(tmp_path / "none", []) is None
    assert drawn(tmp_path / "many", [{"what": "Waits"}] * (MOST_STEPS + 1)) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_in_words_what_the_picture_says(language: str) -> None:
    site = golden_site(language)
    (page,) = (page for page in pages.pages(site) if page.uri == "journeys/complete-journey/index.md")
    html = page.make().html
    assert html.count('aria-describedby="step-table"') == html.count('id="step-table"') == 1
    text = "".join(Document(re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)).text.split())
    (journey,) = (found for found in site.handbook.journeys if found.id == "complete-journey")
    translate = translations(language).gettext
    shown = picture(site.handbook, language, translate, journey)
    assert shown is not None
    said = {"".join(words).replace(" ", "") for box in shown.boxes for words in (box.lines, box.notes) if words}
    assert len(said) > 10
    assert [words for words in said - {"+1"} if words not in text] == []
    rows = re.findall(r'id="step-\d+".*?</tr>', html, re.DOTALL)
    named = [re.findall(r'href="#sli-([^"]*)"', row) for row in rows]
    assert named == [[sli.id for sli in journey.seeing(step)] for step in journey.steps]
    assert named[1] == ["done", "reached"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_fit_in_both_languages(language: str) -> None:
    handbook = golden_handbook()
    found = [picture(handbook, language, translations(language).gettext, journey) for journey in handbook.journeys]
    assert [faults(shown) for shown in found if shown] == [[]] * 1

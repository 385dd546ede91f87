"""The line from services to checklists: who stands where, what is missing, and the same in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest
from conftest import Content, golden_handbook, golden_site, make_handbook
from pictures_checked import faults

from macros.handbook.graph import Handbook
from macros.model.journeys import Journey
from macros.model.values import LANGUAGES
from macros.site.drawing import Box
from macros.site.line_picture import LABELS, MOST, drawn, of_journey, of_team
from macros.text import catalogue

each_language = pytest.mark.parametrize("language", LANGUAGES)

SLI = "{{id: {0}, type: latency, valid: V, good: G, measured: M{1}}}"
COUNTED = ", events: {good: g, total: t}"
SLO = "{{id: {0}, name: {0}, sli: {1}, target: 0.99, period: {{days: 28}}}}"
STEPS = "diagnosis: [{do: C, command: c, expect: E}]\nmitigation: [{do: D}]\n"

RETURN = "name: Return\nuser: U\ngoal: G\n"

FILES: dict[str, Content] = {
    "teams/payments/services/till.yaml": "name: Till\nsummary: S\n",
    "teams/payments/services/safe.yaml": "name: Safe\nsummary: S\ntier: 1\n",
    "teams/payments/journeys/pay.yaml": (
        "name: Pay\nuser: U\ngoal: G\nsteps: [{what: S, service: till}]\n"
        f"slis: [{SLI.format('seen', COUNTED)}, {SLI.format('unseen', '')}]\n"
        f"slos: [{SLO.format('fast', 'seen')}, {SLO.format('good', 'unseen')}]\n"
    ),
    "teams/payments/journeys/return.yaml": RETURN,
    "teams/payments/playbooks/slow.yaml": f"name: Slow\nservice: till\nalerts: [PayFastBudgetBurnSlowly]\n{STEPS}",
    "teams/payments/playbooks/odd.yaml": f"name: Odd\nservice: till\n{STEPS}",
    "teams/payments/checklists/drill.yaml": (
        "name: Drill\npurpose: P\nowner: O\n"
        "sections: [{id: a, name: A, items: [{id: try, do: Try it, for_each: playbooks, if_none: Write one}]}]\n"
    ),
}

Shown = tuple[str, str, str, tuple[int, ...], str]


def shown(columns: Sequence[Sequence[Box]]) -> list[list[Shown]]:
    """The boxes of each column, their words in English."""
    boxes = iter(drawn("en", str, columns).boxes)
    return [
        [(str(box.text), str(box.note), box.to, tuple(box.after), box.look) for box in islice(boxes, len(column))]
        for column in columns
    ]


def journey_of(handbook: Handbook, id: str) -> Journey:
    return next(journey for journey in handbook.journeys if journey.id == id)


def test_a_journey_s_line_goes_from_service_to_checklist_and_says_what_is_missing(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, FILES)
    assert shown(of_journey(handbook, journey_of(handbook, "pay"))) == [
        [("Till", "", "services/till/", (), "")],
        [("Pay", "", "journeys/pay/#slos", (0,), "here")],
        [
            ("fast", "99 %", "journeys/pay/#slo-fast", (0,), ""),
            ("good", "99 %", "journeys/pay/#slo-good", (0,), ""),
        ],
        [
            ("no alert", "good", "journeys/pay/#slo-good", (1,), "missing"),
            ("…FastBudgetBurn", "pages", "go/PayFastBudgetBurn/", (0,), ""),
            ("…FastBudgetBurnSlowly", "", "go/PayFastBudgetBurnSlowly/", (0,), ""),
            ("…FastNoData", "", "go/PayFastNoData/", (0,), ""),
        ],
        [
            ("no playbook", "…FastBudgetBurn", "go/PayFastBudgetBurn/", (1,), "missing"),
            ("Slow", "", "playbooks/slow/", (2,), ""),
        ],
        [("Drill", "", "teams/payments/checklists/drill/", (1,), "")],
    ]


def test_a_journey_without_anything_has_its_first_gaps(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, FILES)
    assert shown(of_journey(handbook, journey_of(handbook, "return"))) == [
        [("none yet", "", "journeys/return/#steps", (), "missing")],
        [("Return", "", "journeys/return/#slos", (0,), "here")],
        [("no SLO yet", "Return", "journeys/return/#slos", (0,), "missing")],
    ]


def test_a_team_s_line_counts_and_names_what_breaks_it(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, FILES)
    (team,) = handbook.teams
    links = [(range(number), f"at/{number}/") for number in (2, 2, 2, 3, 2, 0)]
    here = "teams/payments/"
    assert shown(of_team(handbook, team, links)) == [
        [
            ("Services", "2", "at/2/", (0,), ""),
            ("Safe", "in no journey", "services/safe/#missing", (), "missing"),
        ],
        [
            ("User journeys", "2", "at/2/", (0,), ""),
            ("Return", "no SLO yet", "journeys/return/#slos", (), "missing"),
        ],
        [
            ("SLOs", "2", "at/2/", (0,), ""),
            ("good", "no alert", "journeys/pay/#slo-good", (), "missing"),
        ],
        [
            ("Alerts", "3", "at/3/", (0,), ""),
            ("PayFastBudgetBurn", "no playbook", "go/PayFastBudgetBurn/", (), "missing"),
        ],
        [
            ("Playbooks", "2", "at/2/", (0,), ""),
            ("Odd", "no alert", "playbooks/odd/#missing", (), "missing"),
        ],
        [("Checklists", "0", f"{here}#add", (0,), "missing")],
    ]


def test_what_is_accepted_breaks_no_line(tmp_path: Path) -> None:
    files = {
        **FILES,
        "teams/payments/journeys/return.yaml": RETURN + "accepted: [{gap: journey-without-slo, why: W}]\n",
    }
    handbook = make_handbook(tmp_path, files)
    (team,) = handbook.teams
    assert [len(column) for column in of_team(handbook, team, [([team], "")] * 6)] == [2, 1, 2, 2, 2, 1]
    assert len(of_journey(handbook, journey_of(handbook, "return"))) == 2


def test_a_column_has_a_box_for_those_that_it_has_no_room_for(tmp_path: Path) -> None:
    services = {
        f"teams/payments/services/s-{number}.yaml": f"name: S{number}\nsummary: S\ntier: 1\n" for number in range(9)
    }
    steps = ", ".join(f"{{what: S, service: s-{number}}}" for number in range(9))
    journey = f"name: Long\nuser: U\ngoal: G\nsteps: [{steps}]\n"
    handbook = make_handbook(tmp_path, {**services, "teams/payments/journeys/long.yaml": journey})
    columns = of_journey(handbook, handbook.journeys[0])
    assert [len(column) for column in columns] == [MOST, 1, 1]
    assert shown(columns)[0][-1][:3] == ("+4", "", "journeys/long/#steps")
    picture = drawn("en", str, columns)
    assert not faults(picture)
    assert len(picture.arrows) == MOST + 1, "one from each box"
    lonely = make_handbook(tmp_path / "lonely", services)
    (count, *named) = of_team(lonely, lonely.teams[0], [(range(9), "")])[0]
    assert (count.note, len(named), named[-1].text) == ("9", MOST - 1, "+5")


@each_language
def test_boxes_stand_apart_and_their_words_fit(language: str) -> None:
    handbook = golden_handbook()
    lines = [of_journey(handbook, journey) for journey in handbook.journeys]
    lines += [of_team(handbook, team, [([team], "at/")] * len(LABELS)) for team in handbook.teams]
    for line in lines:
        picture = drawn(language, catalogue.translations(language).gettext, line)
        assert not faults(picture)
        assert len(picture.boxes) <= 40


@each_language
@pytest.mark.parametrize(("kind", "id"), [("team", "complete"), ("journey", "complete-journey")])
def test_the_list_says_what_the_picture_shows(kind: str, id: str, language: str) -> None:
    site = golden_site(language)
    entity = site.handbook.find(kind, id)
    html = site.render(f"{kind}.html.j2", "here/", head={}, **{kind: entity})
    picture, _, after = html.partition("</svg>")
    boxes = re.findall(r'<a role="link" xlink:href="([^"]*)"><g [^>]*>(?:<title>(.*?)</title>)?(.*?)</g>', picture)
    listed = re.findall(
        r'<a href="([^"]*)">(.*?)</a>(?: <span class="quiet">(.*?)</span>)?', after.partition("</ul>")[0]
    )
    assert len(boxes) > 5
    for (way, title, in_box), (listed_way, name, note) in zip(boxes, listed, strict=True):
        shown = title or plain(in_box)
        assert (listed_way, _bare(shown)) == (way, _bare(plain(f"{name}{note}")))


def plain(html: str) -> str:
    return re.sub("<[^>]*>", "", html)


def _bare(words: str) -> str:
    return re.sub(r"[\s–]", "", words)

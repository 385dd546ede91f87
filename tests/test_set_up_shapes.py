"""Set-ups as pictures: who sits where, who works with whom, where knowledge gathers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import SET_UPS, golden_handbook, make_handbook

from macros.model.set_ups import TeamType
from macros.model.values import Interaction
from macros.site.drawing import Picture
from macros.site.set_up_shapes import SIGNS, own, shape, together


def drawn(sits: str, reaches: int = 3, knowledge: str = "sre", mode: str = "facilitating") -> Picture:
    given: dict[str, Any] = {"id": "t", "path": "t.yaml", "name": "T", "summary": "s", "rank": 1}
    given["layout"] = {"sits": sits, "reaches": reaches, "knowledge": knowledge}
    given["works_with_teams"] = [{"mode": mode, "cadence": "Daily", "how": "Pairing"}]
    found = shape(str, TeamType.model_validate(given, context={"language": "en"}))
    assert found is not None
    return found


def signs(picture: Picture) -> list[str]:
    """The modes whose signs are drawn."""
    return [mode.value for it in picture.arrows for mode, sign in SIGNS.items() if it.path.endswith(sign)]


@pytest.mark.parametrize(("sits", "above"), [("beside", True), ("below", False)])
def test_an_sre_team_stands_above_the_others_or_carries_them(sits: str, above: bool) -> None:
    *teams, sre = drawn(sits).boxes
    assert [it.lines for it in (sre, *teams)] == [["SRE"], ["Team"], ["Team"], ["Team"]]
    assert all((sre.y + sre.height < it.y) is above for it in teams)
    assert all((it.y + it.height < sre.y) is not above for it in teams)


def test_an_embedded_sre_sits_inside_a_team() -> None:
    picture = drawn("inside", reaches=1, knowledge="teams")
    team, *others, sre = picture.boxes
    assert (sre.text, sre.look) == ("SRE", "here")
    assert team.x < sre.x < sre.x + sre.width < team.x + team.width
    assert team.y < sre.y < sre.y + sre.height < team.y + team.height == picture.height
    assert [box.note for box in (team, *others)] == ["knowledge", "", ""]
    assert signs(picture) == ["facilitating"]


@pytest.mark.parametrize("mode", Interaction)
@pytest.mark.parametrize("reaches", [1, 2, 3])
def test_each_team_that_it_works_with_has_the_sign_of_the_mode(mode: Interaction, reaches: int) -> None:
    picture = drawn("beside", reaches, mode=mode.value)
    assert signs(picture) == [mode.value] * reaches
    assert len([it for it in picture.arrows if it.look == "way"]) == reaches


@pytest.mark.parametrize(
    ("knowledge", "expected"), [("sre", [0, 0, 0, 1]), ("both", [1, 0, 0, 1]), ("teams", [1, 0, 0, 0])]
)
def test_where_knowledge_gathers_a_box_says_so(knowledge: str, expected: list[int]) -> None:
    assert [len(it.notes) for it in drawn("beside", 1, knowledge).boxes] == expected


def test_a_type_that_does_not_say_its_shape_has_no_picture() -> None:
    types = {it.id: it for it in golden_handbook().team_types}
    assert shape(str, types["platform"]) is None


def test_who_works_with_whom_comes_from_teams_and_open_engagements(tmp_path: Path) -> None:
    team = "name: {0}\nchannel: x\n"
    way = "works_with: [{{team: {0}, mode: {1}, purpose: p, until: {2}}}]\n"
    handbook = make_handbook(
        tmp_path,
        {
            **SET_UPS,
            "teams/sre/team.yaml": team.format("SRE")
            + "sre_set_up: {is: enabling}\n"
            + way.format("payments", "facilitating", "2027-01-31"),
            "teams/apps/team.yaml": team.format("Apps")
            + "sre_set_up: {has: embedded}\n"
            + way.format("sre", "collaboration", "2027-02-28"),
            "teams/other/team.yaml": team.format("Other"),
        },
    )
    pairs = together(handbook)
    assert [(it.sre.id, it.team.id, it.mode.value, str(it.until)) for it in pairs] == [
        ("sre", "apps", "collaboration", "2027-02-28"),
        ("sre", "payments", "facilitating", "2027-01-31"),
    ]
    picture = own(handbook, "en", str)
    assert picture is not None
    assert [(it.text, it.note) for it in picture.boxes] == [
        ("SRE", "Enabling SRE"),
        ("Apps", "Embedded SRE"),
        ("Payments", ""),
    ]
    assert signs(picture) == ["collaboration", "facilitating"]


def test_where_nobody_works_with_anybody_there_is_no_picture(tmp_path: Path) -> None:
    assert own(make_handbook(tmp_path, {}), "en", str) is None

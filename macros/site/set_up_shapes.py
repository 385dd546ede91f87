"""SRE set-ups as pictures: the shape of each, and this organisation's own teams with who works with whom.

How two teams work together is drawn with the three signs of Team Topologies (https://teamtopologies.com/key-concepts):
collaboration is a hatched parallelogram, X-as-a-Service a triangle, facilitating a dotted circle.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from macros.handbook import timeline
from macros.handbook.graph import Handbook
from macros.model.organisation import Team
from macros.model.references import TeamRef
from macros.model.set_ups import Holder, Seat, TeamType
from macros.model.values import Interaction
from macros.site.drawing import Arrow, Picture, arrow, box
from macros.text.problems import N_

SIGNS = {
    Interaction.COLLABORATION: "m-10 7l5 -14 16 0 -5 14zm5 0l5 -14m1 14l5 -14",
    Interaction.X_AS_A_SERVICE: "m-8 6l8 -13 8 13z",
    Interaction.FACILITATING: "m-8 0a8 8 0 1 0 16 0a8 8 0 1 0 -16 0",
}
"""The sign of each mode as the rest of a path, from its middle."""

TEAMS, WIDE, HIGH, GAP = 3, 96, 72, 10
"""The product teams of a shape, and the size of each and the room between them."""

SHOWN_TEAMS = 40
"""How many ways of working together are drawn: more would be a wall."""

ROW, SIDE, BETWEEN = 52, 230, 220
"""The height of a row of the organisation's own teams, the width of a box, and the room between the two columns."""


class Together(NamedTuple):
    """An SRE team that works with another team: in which mode, and until when."""

    sre: Team
    team: Team
    mode: Interaction
    until: date | None


def sign(mode: Interaction, x: float, y: float) -> Arrow:
    """The sign of a mode of working together, around a point."""
    return Arrow(f"M{x:g} {y:g}{SIGNS[mode]}", f"mode {mode.value}")


def _people(x: float, y: float, count: int, look: str) -> Iterator[Arrow]:
    """People in a row, each a head."""
    for place in range(count):
        yield Arrow(f"M{x + 14 * place:g} {y:g}m-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0", look)


def mode_of(team_type: TeamType) -> Interaction:
    """How a set-up mostly works with teams: the first way that its file names, or side by side."""
    return team_type.works_with_teams[0].mode if team_type.works_with_teams else Interaction.COLLABORATION


def shape(translate: Callable[[str], str], team_type: TeamType) -> Picture | None:
    """The shape of a set-up among three product teams; none where its file doesn't say it."""
    layout = team_type.layout
    if layout is None:
        return None
    whole = TEAMS * WIDE + (TEAMS - 1) * GAP
    top, teams_top = (HIGH + 48, 4) if layout.sits is Seat.BELOW else (4, HIGH + 48)
    inside = layout.sits is Seat.INSIDE
    holds = {Holder.SRE: (True, False), Holder.TEAMS: (False, True), Holder.BOTH: (True, True)}[layout.knowledge]
    mode = mode_of(team_type)
    knowledge = translate(N_("knowledge"))
    boxes, arrows = [], list[Arrow]()
    if inside:
        teams_top = 4
    else:
        boxes.append(box(0, top, whole, "SRE", knowledge if holds[0] else "", look="here", tall=HIGH))
        arrows += _people(whole - 38, top + HIGH - 16, 3, "sre")
    for place in range(TEAMS):
        x, reached = place * (WIDE + GAP), place < layout.reaches
        look = "here" if inside and reached else ""
        note = knowledge if holds[1] and reached else ""
        boxes.append(box(x, teams_top, WIDE, translate(N_("Team")), note, look=look, tall=HIGH))
        arrows += _people(x + 16, teams_top + HIGH - 16, 2, "person")
        if inside and reached:
            arrows += (*_people(x + 80, teams_top + HIGH - 16, 1, "sre"), sign(mode, x + 56, teams_top + HIGH - 16))
        elif reached:
            middle, y = x + WIDE / 2, HIGH + 4
            arrows += (Arrow(f"M{middle:g} {y:g}v8m0 28v8", "way"), sign(mode, middle, y + 22))
    return Picture(whole, max(each.y + each.height for each in boxes) + 4, boxes, arrows)


def together(handbook: Handbook) -> list[Together]:
    """Which SRE teams work with which others, as either says it, and where their SREs are engaged now; each once."""
    found: dict[tuple[str, str], Together] = {}
    for engagement in handbook.engagements:
        if engagement.provided_by and timeline.is_open(engagement, handbook.today):
            sre, host = handbook.team(engagement.provided_by), handbook.team(TeamRef(engagement.team))
            mode = mode_of(handbook.team_type(engagement.type))
            found[sre.id, host.id] = Together(sre, host, mode, engagement.end)
    for team in handbook.teams:
        for way in team.works_with:
            other = handbook.team(way.team)
            for sre, host in ((team, other), (other, team)):
                if _is_sre(sre) and not _is_sre(host):
                    found.setdefault((sre.id, host.id), Together(sre, host, way.mode, way.until))
    return sorted(found.values(), key=lambda pair: (pair.sre.id, pair.team.id))


def _is_sre(team: Team) -> bool:
    return team.sre_set_up is not None and team.sre_set_up.is_ is not None


def own(handbook: Handbook, language: str) -> Picture | None:
    """The organisation's SRE teams on the left, on the right the teams that they work with; none where nobody does."""
    pairs = together(handbook)[:SHOWN_TEAMS]
    if not pairs:
        return None
    sides = [
        list({team.id: team for team in side}.values())
        for side in ([it.sre for it in pairs], [it.team for it in pairs])
    ]
    height = ROW * max(map(len, sides))
    boxes, arrows, middles = [], [], []
    for column, side in enumerate(sides):
        middles.append({team.id: height * (row + 0.5) / len(side) for row, team in enumerate(side)})
        for team in side:
            set_up = team.sre_set_up and (team.sre_set_up.is_ or team.sre_set_up.has)
            note = handbook.team_type(set_up).name.in_language(language) if set_up else ""
            drawn = box(0, 0, SIDE, team.name.in_language(language), note, team, look="" if column else "here")
            x, y = column * (SIDE + BETWEEN), middles[column][team.id] - drawn.height / 2
            boxes.append(drawn._replace(x=x, y=y))
    for pair in pairs:
        start, end = (SIDE, middles[0][pair.sre.id]), (SIDE + BETWEEN - 4, middles[1][pair.team.id])
        x = SIDE + BETWEEN - 30 - 30 * list(middles[0]).index(pair.sre.id)
        arrows += [arrow(start, end, "way"), sign(pair.mode, x, end[1])]
    return Picture(2 * SIDE + BETWEEN, height, boxes, arrows)

"""SRE set-ups as pictures: the shape of each, and this organisation's own teams with who works with whom.

How two teams work together is drawn with the three signs of Team Topologies (https://teamtopologies.com/key-concepts):
collaboration is a hatched parallelogram, X-as-a-Service a triangle, facilitating a dotted circle.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from macros.handbook import addresses, timeline
from macros.handbook.graph import Handbook
from macros.model.organisation import Team
from macros.model.references import TeamRef
from macros.model.set_ups import Holder, Seat, TeamType
from macros.model.values import Interaction
from macros.site.drawing import BELOW, Arrow, Box, Picture, arrow, linked
from macros.text.problems import N_

SIGNS = {
    Interaction.COLLABORATION: "m-10 7l5 -14 16 0 -5 14zm5 0l5 -14m1 14l5 -14",
    Interaction.X_AS_A_SERVICE: "m-8 6l8 -13 8 13z",
    Interaction.FACILITATING: "m-8 0a8 8 0 1 0 16 0a8 8 0 1 0 -16 0",
}
"""The sign of each mode as the rest of a path, from its middle."""

TEAMS, WIDE, HIGH, GAP, WAY = 3, 96, 48, 10, 48
"""The product teams of a shape, the size of each, and the room between them, and to those that work with them."""

SHOWN_TEAMS = 40
"""How many ways of working together are drawn: more would be a wall."""

ROW, SIDE, BETWEEN = 58, 230, 220
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


def mode_of(team_type: TeamType) -> Interaction:
    """How a set-up mostly works with teams: the first way that its file names, or side by side."""
    return team_type.works_with_teams[0].mode if team_type.works_with_teams else Interaction.COLLABORATION


def shape(translate: Callable[[str], str], team_type: TeamType) -> Picture | None:
    """The shape of a set-up among three product teams; none where its file doesn't say it."""
    layout = team_type.layout
    if layout is None:
        return None
    step, reached = WIDE + GAP, range(layout.reaches)
    mode, knowledge = mode_of(team_type), translate(N_("knowledge"))
    own_note = "" if layout.knowledge is Holder.TEAMS else knowledge
    note = "" if layout.knowledge is Holder.SRE else knowledge
    top, tall = (HIGH + WAY, HIGH) if layout.sits is Seat.BESIDE else (0, HIGH)
    if layout.sits is Seat.INSIDE:
        tall = HIGH + 42
        sres = [Box("SRE", look="here", x=place * step + 8, y=HIGH, width=WIDE - 16) for place in reached]
        marks = [sign(mode, place * step + WIDE - 22, 18) for place in reached]
    else:
        sres = [Box("SRE", own_note, look="here", tall=HIGH, y=HIGH + WAY - top, width=TEAMS * step - GAP)]
        middles = [place * step + WIDE / 2 for place in reached]
        ways = [Arrow(f"M{middle:g} {HIGH + 4}v8m0 24v8", "way") for middle in middles]
        marks = [*ways, *(sign(mode, middle, HIGH + WAY / 2) for middle in middles)]
    name = translate(N_("Team"))
    teams = [
        Box(name, note if place in reached else "", tall=tall, x=place * step, y=top, width=WIDE)
        for place in range(TEAMS)
    ]
    height = max(box.y + box.height for box in (*teams, *sres))
    return Picture(TEAMS * step - GAP, height, [*teams, *sres], marks)


def together(handbook: Handbook) -> list[Together]:
    """Which SRE teams work with which others, as either says it, and where their SREs are engaged now; each once."""
    found: dict[tuple[str, str], Together] = {}
    for engagement in handbook.engagements:
        if engagement.provided_by and timeline.is_open(engagement, handbook.today):
            sre, host = handbook.team(engagement.provided_by), handbook.team(TeamRef(engagement.team))
            mode = mode_of(handbook.team_type(engagement.type))
            found[sre.id, host.id] = Together(sre, host, mode, engagement.end)
    sres = {team.id for team in handbook.teams if team.sre_set_up and team.sre_set_up.is_}
    for team in handbook.teams:
        for way in team.works_with:
            other = handbook.team(way.team)
            for sre, host in ((team, other), (other, team)):
                if sre.id in sres and host.id not in sres:
                    found.setdefault((sre.id, host.id), Together(sre, host, way.mode, way.until))
    return sorted(found.values(), key=lambda pair: (pair.sre.id, pair.team.id))


def own(handbook: Handbook, language: str) -> Picture | None:
    """The organisation's SRE teams on the left, on the right the teams that they work with; none where nobody does."""
    pairs = together(handbook)[:SHOWN_TEAMS]
    if not pairs:
        return None
    sides = {pair.sre.id: pair.sre for pair in pairs}, {pair.team.id: pair.team for pair in pairs}
    height = ROW * max(map(len, sides))

    def made(team: Team, tall: float, look: str) -> Box:
        set_up = team.sre_set_up and (team.sre_set_up.is_ or team.sre_set_up.has)
        note = handbook.team_type(set_up).name.in_language(language) if set_up else ""
        return Box(team.name.in_language(language), note, addresses.of(team), look, tall=tall, width=SIDE)

    columns = [
        [made(team, height / len(side) - BELOW, look) for team in side.values()]
        for side, look in zip(sides, ("here", ""), strict=True)
    ]
    picture = linked(columns, BETWEEN)
    sres, teams = list(sides[0]), list(sides[1])
    arrows = []
    for pair in pairs:
        sre = sres.index(pair.sre.id)
        end = picture.boxes[len(sres) + teams.index(pair.team.id)]
        mark = sign(pair.mode, end.x - 30 * (sre + 1), end.y + end.height / 2)
        arrows += [arrow(picture.boxes[sre], end), mark]
    return picture._replace(arrows=arrows)

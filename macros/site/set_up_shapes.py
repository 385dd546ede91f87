"""SRE set-ups as pictures: the shape of each, and this organisation's own teams with who works with whom.

How two teams work together is drawn with the three signs of Team Topologies (https://teamtopologies.com/key-concepts):
collaboration is a hatched parallelogram, X-as-a-Service a triangle, facilitating a dotted circle.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from macros.handbook import addresses, timeline
from macros.handbook.dependencies import MOST_BOXES
from macros.handbook.graph import Handbook, grouped
from macros.model.organisation import Team
from macros.model.references import TeamRef
from macros.model.set_ups import Holder, Seat, TeamType
from macros.model.values import Interaction
from macros.site.drawing import Arrow, Box, Picture, linked, placed
from macros.text.problems import N_

SIGNS = {
    Interaction.COLLABORATION: "m-10 7l5 -14 16 0 -5 14zm5 0l5 -14m1 14l5 -14",
    Interaction.X_AS_A_SERVICE: "m-8 6l8 -13 8 13z",
    Interaction.FACILITATING: "m-8 0a8 8 0 1 0 16 0a8 8 0 1 0 -16 0",
}
"""The sign of each mode as the rest of a path, from its middle."""

TEAMS, WIDE, HIGH, GAP, WAY = 3, 96, 48, 10, 48
"""The product teams of a shape, the size of each, and the room between them, and to those that work with them."""

SIDE, BETWEEN = 230, 220
"""The width of a box of the organisation's own teams, and the room between their two columns."""


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
    teams = [
        Box(translate(N_("Team")), note if place in reached else "", tall=tall, x=place * step, y=top, width=WIDE)
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


def own(handbook: Handbook, language: str, translate: Callable[[str], str]) -> Picture | None:
    """The organisation's SRE teams on the left, on the right the teams that they work with; none where nobody does."""
    pairs = together(handbook)[: MOST_BOXES // 2]  # each has two boxes, where nobody works with several
    if not pairs:
        return None

    def made(team: Team, look: str = "", after: Sequence[int] = ()) -> Box:
        set_up = team.sre_set_up and (team.sre_set_up.is_ or team.sre_set_up.has)
        note = handbook.team_type(set_up).name if set_up else ""
        return placed(language, translate, Box(team.name, note, addresses.of(team), look, after), SIDE)

    sres = {pair.sre.id: made(pair.sre, "here") for pair in pairs}
    numbers = list(sres)
    hosts = grouped((pair.team.id, pair) for pair in pairs).values()
    teams = [made(ways[0].team, "", [numbers.index(way.sre.id) for way in ways]) for ways in hosts]
    picture = linked([list(sres.values()), teams], BETWEEN)
    arrows = list(picture.arrows)
    for ways, box in zip(hosts, picture.boxes[len(sres) :], strict=True):
        middle = box.y + box.height / 2
        arrows += [sign(way.mode, box.x - 30 * place, middle) for place, way in enumerate(ways, 1)]
    return picture._replace(arrows=arrows)

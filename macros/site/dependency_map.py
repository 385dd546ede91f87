"""Pictures of what needs what: around a service, and the map of services, of teams or of groups of teams."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain

from macros.handbook import addresses
from macros.handbook.dependencies import MOST_BOXES, dependants, groups, needs_of, ties
from macros.handbook.graph import Handbook
from macros.model.organisation import Service, Team
from macros.model.references import TeamRef
from macros.site.drawing import Box, Picture, Said, arrow, cut, linked, placed
from macros.site.layered import Point, layered
from macros.text.problems import N_, Message

WIDEST, BROAD, SLIM = 900, 160, 112
"""How wide a picture should be at most, a box at most, and a box at least."""

BETWEEN, BELOW, BESIDE = 44, 14, 14
"""The room between columns, below a box, and around an arrow that passes boxes."""

MOST_NEAR = 12
"""So many boxes are on each side of a service."""

Thing = Sequence[Service | Team]
"""What a box stands for: a service, a team or a group of teams."""


Row = tuple[Thing, list[Thing], list[Thing]]
"""A thing of the map with those that it needs and those that need it."""


def rows(handbook: Handbook) -> list[Row]:
    """All services; where these are too many, their teams; where these are too many, groups of teams."""
    by_team = sorted(handbook.services, key=lambda service: (service.team, service.tier or 4))
    things: Sequence[Thing] = [[service] for service in by_team]
    if len(things) > MOST_BOXES:
        things = [[team] for team in handbook.teams if handbook.services_of(team)]
    if len(things) > MOST_BOXES:
        things = groups(handbook)
    keyed = {thing[0].id: thing for thing in things}
    parts = {service.id: key for key, thing in keyed.items() for service in services_of(handbook, thing)}
    tied = list(dict.fromkeys(ties(handbook, parts)))
    return [
        (thing, [keyed[to] for start, to in tied if start == key], [keyed[start] for start, to in tied if to == key])
        for key, thing in keyed.items()
    ]


def whole(handbook: Handbook, language: str, translate: Callable[[str], str]) -> Picture:
    """The map: boxes in columns with arrows between them; below, in rows, those without any."""
    found = rows(handbook)
    columns, pieces = layered([(thing[0].id, need[0].id) for thing, needs, _ in found for need in needs])
    across = max(SLIM, min(BROAD, (WIDEST + BETWEEN) // max(len(columns), 1) - BETWEEN))
    step = across + BETWEEN
    made: dict[Point, Box] = {it[0].id: placed(language, translate, _box(handbook, it), across) for it, _, _ in found}
    passed = dict.fromkeys(chain.from_iterable(columns), Box("", tall=BESIDE, width=across))
    rooms = {point: box.height + BELOW * (point in made) for point, box in (passed | made).items()}
    tall = max((sum(rooms[point] for point in column) for column in columns), default=0)

    points: dict[Point, Box] = {}
    for place, column in enumerate(columns):
        top = (tall - sum(rooms[point] for point in column)) / 2
        for point in column:
            points[point] = replace((passed | made)[point], x=place * step, y=top)
            top += rooms[point]
    a_row, highest = (WIDEST + BETWEEN) // step, max(rooms.values(), default=0)
    alone = [key for key in made if key not in points]
    for place, key in enumerate(alone):
        points[key] = replace(made[key], x=place % a_row * step, y=tall + place // a_row * highest)

    shown = [box for point, box in points.items() if point in made]
    arrows = [arrow(points[start], points[end], passes=end not in made) for start, end in pieces]
    right = max((box.x + across for box in shown), default=0)
    return Picture(right, tall + -(-len(alone) // a_row) * highest, shown, arrows)


def around(handbook: Handbook, language: str, translate: Callable[[str], str], service: Service) -> Picture:
    """A service between those that need it and those that it needs: the most critical of each side."""
    sides = []
    for anchor, others in (("breaks", dependants(handbook, service)), ("needed", needs_of(handbook, service))):
        near = [_box(handbook, [other]) for other in sorted(others, key=lambda other: other.tier or 4)]
        sides.append(cut(near, MOST_NEAR, f"{addresses.of(service)}#{anchor}"))
    needing, needed = sides
    own = replace(_box(handbook, [service]), look="here", after=range(len(needing)))
    columns = [needing, [own], [replace(box, after=[0]) for box in needed]]
    return linked([[placed(language, translate, box, BROAD) for box in boxes] for boxes in columns if boxes], BETWEEN)


def services_of(handbook: Handbook, thing: Thing) -> list[Service]:
    """The services that a box stands for: itself, or all that its teams run."""
    run = ((each,) if isinstance(each, Service) else handbook.services_of(each) for each in thing)
    return list(chain.from_iterable(run))


def _box(handbook: Handbook, thing: Thing) -> Box:
    """A box that lacks its place and width."""
    run = services_of(handbook, thing)
    first, *others = thing
    name: Said = first.name
    rest: Said = Message(N_("services: {count}"), count=len(run))
    if isinstance(first, Service):
        rest = handbook.team(TeamRef(first.team)).name
    elif others:
        name = Message("{one}, {other}", one=name, other=others[0].name)
        rest = Message(N_("teams: {count}"), count=len(thing))
    tier = min((service.tier for service in run if service.tier), default=None)
    note = Message(N_("tier {tier} · {rest}"), tier=tier, rest=rest) if tier else rest
    to = f"{addresses.MAP}#group-{first.id}" if others else addresses.of(first)
    return Box(name, note, to, {1: "bad", 2: "some"}.get(tier or 3, ""))

"""Pictures of what needs what: around a service, and the map of services, of teams or of groups of teams."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

from macros.handbook import addresses
from macros.handbook.dependencies import MOST_BOXES, dependants, groups, needs_of, ties
from macros.handbook.graph import Handbook
from macros.model.organisation import Service, Team
from macros.model.references import TeamRef
from macros.site.drawing import Arrow, Box, Picture, arrow, box
from macros.site.layered import Point, layered
from macros.text.problems import N_

WIDEST, BROAD, SLIM = 900, 160, 112
"""How wide a picture should be at most, a box at most, and a box at least."""

BETWEEN, BELOW, BESIDE, EDGE = 44, 14, 14, 1
"""The room between columns, below a box, around an arrow that passes boxes, and at the picture's edges."""

Translate = Callable[[str], str]

MOST_NEAR = 12
"""So many neighbours have a box of their own on each side."""

Thing = Sequence[Service | Team]
"""What a box stands for: a service, a team or a group of teams."""


class Map(NamedTuple):
    """A picture, and the same in words: each thing with those that it needs and those that need it."""

    picture: Picture
    rows: list[tuple[Thing, list[Thing], list[Thing]]]


def whole(handbook: Handbook, language: str, translate: Translate) -> Map:
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
    rows = [
        (thing, [keyed[to] for start, to in tied if start == key], [keyed[start] for start, to in tied if to == key])
        for key, thing in keyed.items()
    ]
    boxes = {key: _box(handbook, language, translate, thing) for key, thing in keyed.items()}
    return Map(_picture(boxes, tied), rows)


def around(handbook: Handbook, language: str, translate: Translate, service: Service) -> Picture:
    """A service between those that need it and those that it needs: the most critical of each side."""
    own = partial(_box(handbook, language, translate, [service]), look="here")
    boxes: dict[str, Callable[..., Box]] = {service.id: own}
    tied = []
    for anchor, others in (("breaks", dependants(handbook, service)), ("needed", needs_of(handbook, service))):
        near = sorted(others, key=lambda other: other.tier or 4)[:MOST_NEAR]
        beside = {other.id: _box(handbook, language, translate, [other]) for other in near}
        if len(others) > MOST_NEAR:
            more = translate(N_("and {count} more")).format(count=len(others) - MOST_NEAR)
            beside[f"{anchor}/"] = partial(box, text=more, to=service, anchor=anchor)
        boxes |= beside
        tied += [(key, service.id) if anchor == "breaks" else (service.id, key) for key in beside]
    return _picture(boxes, tied)


def services_of(handbook: Handbook, thing: Thing) -> list[Service]:
    """The services that a box stands for: itself, or all that its teams run."""
    run = ((each,) if isinstance(each, Service) else handbook.services_of(each) for each in thing)
    return list(chain.from_iterable(run))


def _box(handbook: Handbook, language: str, translate: Translate, thing: Thing) -> Callable[..., Box]:
    """A box that lacks its place and width."""
    run = services_of(handbook, thing)
    first, *others = thing
    to, anchor = (addresses.MAP, f"group-{first.id}") if others else (first, "")
    if isinstance(first, Service):
        rest = handbook.team(TeamRef(first.team)).name.in_language(language)
    elif others:
        rest = translate(N_("teams: {count}")).format(count=len(thing))
    else:
        rest = translate(N_("services: {count}")).format(count=len(run))
    tier = min((service.tier for service in run if service.tier), default=None)
    name = ", ".join(each.name.in_language(language) for each in thing[:2])
    note = translate(N_("tier {tier} · {rest}")).format(tier=tier, rest=rest) if tier else rest
    look = {1: "bad", 2: "some"}.get(tier or 3, "")
    return partial(box, text=name, note=note, to=to, anchor=anchor, look=look, notes=2)


def _picture(boxes: Mapping[str, Callable[..., Box]], ties: Collection[tuple[str, str]]) -> Picture:
    """Boxes in columns with arrows between them; below, in rows, those without any."""
    columns, pieces = layered(ties)
    across = max(SLIM, min(BROAD, (WIDEST - 2 * EDGE + BETWEEN) // max(len(columns), 1) - BETWEEN))
    step = across + BETWEEN
    made = {key: box(0, 0, across) for key, box in boxes.items()}
    rooms: dict[Point, float] = dict.fromkeys(chain.from_iterable(columns), BESIDE)
    rooms |= {key: box.height + BELOW for key, box in made.items()}
    tall = max((sum(rooms[point] for point in column) for column in columns), default=0)
    middle: dict[Point, tuple[float, float]] = {}
    for place, column in enumerate(columns):
        top = (tall - sum(rooms[point] for point in column)) / 2
        for point in column:
            middle[point] = EDGE + place * step, top + rooms[point] / 2
            top += rooms[point]

    a_row, highest = (WIDEST + BETWEEN) // step, max(rooms.values(), default=0)
    alone = [key for key in made if key not in middle]
    for place, key in enumerate(alone):
        middle[key] = EDGE + place % a_row * step, tall + place // a_row * highest + rooms[key] / 2
    placed = [made[key]._replace(x=x, y=y - made[key].height / 2) for key, (x, y) in middle.items() if key in made]

    def piece(start: Point, end: Point) -> Arrow:
        (x, y), (to_x, to_y) = middle[start], middle[end]
        right = x < to_x
        passing = 0 if end in made else across if right else -across
        return arrow((x + across * right, y), (to_x + across * (not right), to_y), on=passing)

    width = max((box.x + across + EDGE for box in placed), default=0)
    return Picture(width, tall + -(-len(alone) // a_row) * highest, placed, [piece(*ends) for ends in pieces])

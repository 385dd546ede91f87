"""Pictures of what needs what: around a service, and the map of services, of teams or of groups of teams."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import NamedTuple

from macros.handbook import addresses
from macros.handbook.dependencies import MOST_BOXES, dependants, groups, needs_of, ties
from macros.handbook.graph import Handbook
from macros.model.organisation import Service, Team
from macros.model.references import TeamRef
from macros.site.drawing import Arrow, Box, Picture, Said, arrow, placed
from macros.site.layered import Point, heights, layered
from macros.text.problems import N_, Message

WIDEST, BROAD, SLIM = 900, 160, 112
"""How wide a picture should be at most, a box at most, and a box at least."""

BETWEEN, BELOW, BESIDE = 44, 14, 14
"""The room between columns, below a box, and around an arrow that passes boxes."""

MOST_NEAR = 12
"""So many neighbours have a box of their own."""

Thing = Service | Sequence[Team] | int
"""What a box stands for: a service, teams, or a number of services that have no box of their own."""

Translate = Callable[[str], str]


class Map(NamedTuple):
    """A picture, and the same in words: each thing with those that it needs and those that need it."""

    picture: Picture
    rows: list[tuple[Thing, list[Thing], list[Thing]]]


def whole(handbook: Handbook, language: str, translate: Translate) -> Map:
    """All services; where these are too many, their teams; where these are too many, groups of teams."""
    things: dict[str, Thing] = {service.id: service for service in sorted(handbook.services, key=_team_and_tier)}
    parts = {id: id for id in things}
    if len(things) > MOST_BOXES:
        things = {team.id: [team] for team in handbook.teams if handbook.services_of(team)}
        parts = {service.id: service.team for service in handbook.services}
    if len(things) > MOST_BOXES:
        things = {group[0].id: group for group in groups(handbook)}
        first = {team.id: group[0].id for group in groups(handbook) for team in group}
        parts = {id: first[team] for id, team in parts.items()}
    return _map(handbook, partial(placed, language, translate), things, parts)


def of_team(handbook: Handbook, language: str, translate: Translate, team: Team) -> Map:
    """The services of a team, and the teams whose services they need or are needed by."""
    own = sorted(handbook.services_of(team), key=_team_and_tier)[: MOST_BOXES - MOST_NEAR]
    near = {other.id: other for service in own for other in _reached(handbook, service, 1)}
    closest = Counter(other.team for other in near.values() if other.team != team.id).most_common(MOST_NEAR)
    services = {service.id: service for service in own}
    things: dict[str, Thing] = {**services, **{f"{id}/": [handbook.team(TeamRef(id))] for id, _ in closest}}
    parts = {id: id if id in services else f"{other.team}/" for id, other in near.items()}
    return _map(handbook, partial(placed, language, translate), things, parts, services)


def around(handbook: Handbook, language: str, translate: Translate, service: Service) -> Map:
    """A service with those that need it and that it needs, and with their next ones where these are few."""
    near, further = _reached(handbook, service, 1), _reached(handbook, service, 2)
    every = further if len(further) <= MOST_NEAR + 1 else near
    every.sort(key=lambda other: (other is not service, other.tier or 4))
    things = {other.id: other for other in every[: MOST_NEAR + 1]}
    parts = {other.id: other.id for other in every}
    return _map(handbook, partial(placed, language, translate), things, parts, here=service.id)


def _team_and_tier(service: Service) -> tuple[str, int]:
    return service.team, service.tier or 4


def _reached(handbook: Handbook, service: Service, steps: int) -> list[Service]:
    """A service and those that it is tied to over so many steps at most, all of them to the same side."""
    found = {service.id: service}
    for side in (dependants, needs_of):
        reached: Iterable[Service] = [service]
        for _ in range(steps):
            reached = [further for other in reached for further in side(handbook, other)]
            found |= {other.id: other for other in reached}
    return list(found.values())


def _map(
    handbook: Handbook,
    write: Callable[[Box, float], Box],
    things: Mapping[str, Thing],
    parts: Mapping[str, str],
    core: Collection[str] = (),
    here: str = "",
) -> Map:
    """The map of `things`, of which `parts` has that of each service; any other is one of a number that is one thing.

    With a `core`, only ties from or to that count. What the page is about is `here`. `write` gives a box its width,
    and its words in a language.
    """
    known = {id: part if part in things else "" for id, part in parts.items()}
    others = [part for part in known.values() if not part]
    things = {**things, **({"": len(others)} if others else {})}
    found = [tie for tie in dict.fromkeys(ties(handbook, known)) if not core or not {*core}.isdisjoint(tie)]
    rows = [
        (thing, [things[to] for key, to in found if key == own], [things[key] for key, to in found if to == own])
        for own, thing in things.items()
    ]
    boxes = {key: _box(handbook, thing) for key, thing in islice(things.items(), MOST_BOXES + 1)}
    if here:
        boxes[here] = replace(boxes[here], look="here")
    return Map(_picture(write, boxes, [tie for tie in found if boxes.keys() >= {*tie}], here), rows)


def _picture(
    write: Callable[[Box, float], Box], boxes: Mapping[str, Box], ties: Collection[tuple[str, str]], here: str
) -> Picture:
    """Boxes in columns with arrows between them; below, in rows, those without any."""
    shown = layered(ties)
    across = max(SLIM, min(BROAD, (WIDEST + BETWEEN) // max(len(shown.columns), 1) - BETWEEN))
    step = across + BETWEEN
    made = {key: write(box, across) for key, box in boxes.items()}
    tall = max((box.height for box in made.values()), default=0) + BELOW
    middle = heights(shown, {key: box.height + BELOW for key, box in made.items()}, BESIDE)
    bottom = max(middle.values(), default=-tall / 2) + tall / 2

    points: dict[Point, Box] = {}
    for place, column in enumerate(shown.columns):
        for point in column:
            box = made[point] if point in made else Box("", tall=BESIDE, width=across)
            points[point] = replace(box, x=place * step, y=middle[point] - box.height / 2)
    a_row = (WIDEST + BETWEEN) // step
    for place, key in enumerate(key for key in made if key not in points):
        x, y = place % a_row * step, bottom + BELOW / 2 + place // a_row * tall
        points[key] = replace(made[key], x=x, y=y)

    def piece(start: Point, end: Point) -> Arrow:
        look = "here" if here and here in (start, end if end in made else end[0]) else ""
        return arrow(points[start], points[end], look, passes=end not in made)

    found = [box for point, box in points.items() if point in made]
    right = max((box.x + across for box in found), default=0)
    lowest = max((box.y + box.height for box in found), default=0)
    return Picture(right, max(bottom, lowest), found, [piece(*ends) for ends in shown.pieces])


def _box(handbook: Handbook, thing: Thing) -> Box:
    """A box that lacks its place and width."""
    if isinstance(thing, int):
        return Box(Message(N_("and {count} more"), count=thing), to=addresses.MAP)
    about: Sequence[Service | Team] = [thing] if isinstance(thing, Service) else thing
    tier = min(filter(None, map(handbook.tier_of, about)), default=None)
    name: Said = about[0].name
    rest: Said
    if isinstance(thing, Service):
        rest, to = handbook.team(TeamRef(thing.team)).name, addresses.of(thing)
    elif len(thing) == 1:
        count = len(handbook.services_of(thing[0]))
        rest, to = Message(N_("services: {count}"), count=count), addresses.part_of_map(thing[0])
    else:
        name = Message("{one}, {other}", one=name, other=about[1].name)
        rest, to = Message(N_("teams: {count}"), count=len(thing)), f"{addresses.MAP}#group-{thing[0].id}"
    note = Message(N_("tier {tier} · {rest}"), tier=tier, rest=rest) if tier else rest
    return Box(name, note, to, {1: "bad", 2: "some"}.get(tier or 3, ""))

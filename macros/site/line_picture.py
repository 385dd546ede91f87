"""The line from services over journeys, SLOs and alerts to playbooks and checklists, column by column.

What breaks it is a box in its place, which leads to what mends it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from macros.gaps import checks
from macros.gaps.spots import name_of
from macros.handbook import addresses, alerts, checklists, names
from macros.handbook.alerts import Alert
from macros.handbook.graph import Handbook, derived, grouped
from macros.model.journeys import Journey, Slo
from macros.model.organisation import Team
from macros.model.playbooks import Playbook
from macros.model.references import TeamRef
from macros.model.values import Text
from macros.site.drawing import LINE, Arrow, Box, Label, Picture, arrow, box
from macros.text.problems import N_, Message

LABELS = (N_("Services"), N_("User journeys"), N_("SLOs"), N_("Alerts"), N_("Playbooks"), N_("Checklists"))

BREAKS = {
    "critical-service-in-no-journey": (0, N_("in no journey"), "missing"),
    "journey-without-slo": (1, N_("no SLO yet"), "slos"),
    "paging-alert-without-playbook": (3, N_("no playbook"), ""),
    "playbook-without-steps": (4, N_("not finished"), "missing"),
    "playbook-that-no-alert-leads-to": (4, N_("no alert"), "missing"),
}
"""The gaps that break the line: the column of what has them, what is said of it, and where its page says more."""

MOST, BETWEEN, BELOW = 6, 22, 10
"""Boxes of a column, and the room between two columns and between two boxes of a column."""

ROOMS = (112, 126, 112, 126, 112, 112)
"""The widths of the columns: “ユーザージャーニー” and alerts are long, and a tablet is to show all letters large."""

Said = Text | Message | str


class Node(NamedTuple):
    """What stands in a column, with its address; or with the look `missing` what doesn't, with that of what mends it.

    It follows those of the column before that have the numbers `after`.
    """

    name: Said
    note: Said
    address: str
    after: Sequence[int] = ()
    look: str = ""


def of_team(handbook: Handbook, team: Team, links: Sequence[tuple[Sequence[Any], str]]) -> list[list[Node]]:
    """The line of a team: of each link how many things it has, at an address, and below those that break the line."""
    here, columns = addresses.of(team), []
    for place, (things, address) in enumerate(links):
        label, number = Message(LABELS[place]), str(len(things))
        count = Node(label, number, address, [0]) if things else Node(label, number, f"{here}#add", [0], "missing")
        columns.append(_cut([count, *_broken(handbook).get((team.id, place), ())], f"{here}#missing"))
    return columns


def of_journey(handbook: Handbook, journey: Journey) -> list[list[Node]]:
    """The line of a journey: behind each link what is missing there, and what follows it."""
    here, team = addresses.of(journey), handbook.team(TeamRef(journey.team))
    services = [Node(service.name, "", addresses.of(service)) for service in handbook.services_on(journey)]
    services = services or [Node(Message(N_("none yet")), "", f"{here}#steps", (), "missing")]
    columns = [services, [Node(journey.name, "", f"{here}#slos", range(len(services)), "here")]]
    things: list[object] = [journey]
    for place in range(1, len(LABELS) - 1):
        found: dict[str, tuple[object, Node]] = {}
        for number, thing in enumerate(things, len(columns[-1]) - len(things)):
            for other, node in _following(handbook, team, journey, thing):
                after = found[node.address][1].after if node.address in found else ()
                found[node.address] = other, node._replace(after=[*after, number])
        gaps = {node.address: node for node in _broken(handbook).get((journey.team, place), ())}
        lacking = [
            Node(gaps[node.address].note, node.name, node.address, [number], "missing")
            for number, node in enumerate(columns[-1])
            if node.address in gaps
        ]
        columns.append([*lacking, *(node for _, node in found.values())])
        things = [other for other, _ in found.values()]
    lists = (f"{here}#steps", *[f"{here}#slos"] * 4, f"{addresses.of(team)}#checklists")
    return [_cut(column, address) for column, address in zip(columns, lists, strict=True) if column]


def _following(handbook: Handbook, team: Team, journey: Journey, thing: object) -> Iterator[tuple[object, Node]]:
    """What follows a link of the line of a team's journey."""
    match thing:
        case Journey():
            for slo in journey.slos:
                yield slo, Node(slo.name, names.percent(slo.target), f"{addresses.of(journey)}#slo-{slo.id}")
        case Slo():
            for alert in alerts.of(handbook, team):
                if any(origin.objective is thing for origin in alert.origins):
                    name = f"…{alert.name.removeprefix(names.camel(journey.id))}"
                    yield alert, Node(name, Message(N_("pages")) if alert.pages else "", addresses.go(alert.name))
        case Alert():
            for playbook in alerts.playbooks_for(handbook, thing):
                yield playbook, Node(playbook.name, "", addresses.of(playbook))
        case Playbook():
            for sheet in checklists.of(handbook, team):
                if any(line.thing and line.thing.entity is thing for line in sheet.boxes):
                    yield sheet, Node(sheet.whole.name, "", addresses.team_checklist(team, sheet.id))


@derived
def _broken(handbook: Handbook) -> dict[tuple[str, int], list[Node]]:
    """What breaks the line, by its team and column: gaps, and SLOs that no alert watches."""
    found: list[tuple[tuple[str, int], Node]] = []
    for check, spot in checks.found(handbook):
        if check.name in BREAKS:
            place, words, anchor = BREAKS[check.name]
            name = spot.alert.name if spot.alert else name_of(spot.entity)
            address = addresses.go(spot.alert.name) if spot.alert else f"{addresses.of(spot.entity)}#{anchor}"
            found.append(((spot.entity.team, place), Node(name, Message(words), address, look="missing")))
    watched = {id(origin.objective) for alert in alerts.known(handbook) for origin in alert.origins}
    for journey, _, slo in handbook.every_slo():
        if id(slo) not in watched:
            address = f"{addresses.of(journey)}#slo-{slo.id}"
            found.append(((journey.team, 2), Node(slo.name, Message(N_("no alert")), address, look="missing")))
    return grouped(found)


def _cut(column: list[Node], address: str) -> list[Node]:
    """At most so many of a column: the last of more stands for the rest, which is at an address."""
    rest = column[MOST - 1 :]
    after = sorted({number for node in rest for number in node.after})
    return column if len(rest) < 2 else [*column[: MOST - 1], Node(f"+{len(rest)}", "", address, after)]


def drawn(
    language: str, translate: Callable[[str], str], columns: Sequence[Sequence[Node]], *, titles: bool = True
) -> Picture:
    """The columns of a line as a picture, with arrows from box to box, below `titles` where no box is called so."""

    def said(words: Said) -> str:
        return Message("{words}", words=words).render(language, translate)

    boxes: list[Box] = []
    arrows: list[Arrow] = []
    before: list[Box] = []
    words: list[Label] = []
    for label, room, column in zip(LABELS, ROOMS, columns, strict=False):
        x = before[0].x + before[0].width + BETWEEN if before else 0.0
        y: float = 0
        if titles:
            words.append(Label(x, LINE - 4, translate(label)))
            y = LINE + BELOW
        own = []
        for node in column:
            end = box(x, y, room, said(node.name), said(node.note), node.address, look=node.look)
            y += end.height + BELOW
            own.append(end)
            look = "missing" if node.look == "missing" else ""
            for number in sorted({min(number, len(before) - 1) for number in node.after if before}):
                start = before[number]
                there = start.x + start.width, start.y + start.height / 2
                arrows.append(arrow(there, (end.x, end.y + end.height / 2), look))
        boxes += own
        before = own
    height = max(box.y + box.height for box in boxes)
    return Picture(boxes[-1].x + boxes[-1].width, height, boxes, arrows, words)

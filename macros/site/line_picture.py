"""The line from services over journeys, SLOs and alerts to playbooks and checklists, column by column.

What breaks it is a box in its place, which leads to what mends it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from macros.gaps import checks
from macros.gaps.spots import name_of
from macros.handbook import addresses, alerts, checklists, names
from macros.handbook.alerts import Alert
from macros.handbook.graph import Handbook, derived, grouped
from macros.model.journeys import Journey, Slo
from macros.model.organisation import Team
from macros.model.playbooks import Playbook
from macros.model.references import TeamRef
from macros.site.drawing import BELOW, LINE, Box, Label, Picture, cut, linked, placed
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

MOST, WIDE, BETWEEN = 6, 124, 18
"""Boxes of a column, the width of one (“ユーザージャーニー” is long), and the room between two columns."""


def of_team(handbook: Handbook, team: Team, links: Sequence[tuple[Sequence[Any], str]]) -> list[list[Box]]:
    """The line of a team: of each link how many things it has, at an address, and below those that break the line."""
    here, columns = addresses.of(team), []
    for place, (things, address) in enumerate(links):
        way, look = (address, "") if things else (f"{here}#add", "missing")
        count = Box(Message(LABELS[place]), str(len(things)), way, look, after=[0])
        columns.append(cut([count, *_broken(handbook).get((team.id, place), ())], MOST, f"{here}#missing"))
    return columns


def of_journey(handbook: Handbook, journey: Journey) -> list[list[Box]]:
    """The line of a journey: behind each link what is missing there, and what follows it."""
    here, team = addresses.of(journey), handbook.team(TeamRef(journey.team))
    services = [Box(service.name, "", addresses.of(service)) for service in handbook.services_on(journey)]
    services = services or [Box(Message(N_("none yet")), "", f"{here}#steps", look="missing")]
    columns = [services, [Box(journey.name, "", f"{here}#slos", "here", range(len(services)), journey)]]
    for place in range(1, len(LABELS) - 1):
        gaps = {gap.to: gap for gap in _broken(handbook).get((journey.team, place), ())}
        found: dict[tuple[str, str], Box] = {}
        for number, node in enumerate(columns[-1]):
            gap = gaps.get(node.to)
            lacking = [replace(gap, text=gap.note, note=node.text)] if gap else []
            for following in (*lacking, *_following(handbook, team, journey, node.thing)):
                known = found.setdefault((following.look, following.to), following)
                found[following.look, following.to] = replace(known, after=[*known.after, number])
        columns.append(sorted(found.values(), key=lambda node: node.look != "missing"))
    lists = (f"{here}#steps", *[f"{here}#slos"] * 4, f"{addresses.of(team)}#checklists")
    return [cut(column, MOST, address) for column, address in zip(columns, lists, strict=True) if column]


def _following(handbook: Handbook, team: Team, journey: Journey, thing: object) -> Iterator[Box]:
    """What follows a link of the line of a team's journey."""
    match thing:
        case Journey():
            for slo in journey.slos:
                address = f"{addresses.of(journey)}#slo-{slo.id}"
                yield Box(slo.name, names.percent(slo.target), address, thing=slo)
        case Slo():
            for alert in alerts.of(handbook, team):
                if any(origin.objective is thing for origin in alert.origins):
                    name = f"…{alert.name.removeprefix(names.camel(journey.id))}"
                    note = Message(N_("pages")) if alert.pages else ""
                    yield Box(name, note, addresses.go(alert.name), thing=alert, called=alert.name)
        case Alert():
            for playbook in alerts.playbooks_for(handbook, thing):
                yield Box(playbook.name, "", addresses.of(playbook), thing=playbook)
        case Playbook():
            for sheet in checklists.of(handbook, team):
                if any(line.thing and line.thing.entity is thing for line in sheet.boxes):
                    yield Box(sheet.whole.name, "", addresses.team_checklist(team, sheet.id))


@derived
def _broken(handbook: Handbook) -> dict[tuple[str, int], list[Box]]:
    """What breaks the line, by its team and column: gaps, and SLOs that no alert watches."""
    found: list[tuple[tuple[str, int], Box]] = []
    for check, spot in checks.found(handbook):
        if check.name in BREAKS:
            place, words, anchor = BREAKS[check.name]
            name = spot.alert.name if spot.alert else name_of(spot.entity)
            address = addresses.go(spot.alert.name) if spot.alert else f"{addresses.of(spot.entity)}#{anchor}"
            found.append(((spot.entity.team, place), Box(name, Message(words), address, look="missing")))
    watched = {id(origin.objective) for alert in alerts.known(handbook) for origin in alert.origins}
    for journey, _, slo in handbook.every_slo():
        if id(slo) not in watched:
            address = f"{addresses.of(journey)}#slo-{slo.id}"
            found.append(((journey.team, 2), Box(slo.name, Message(N_("no alert")), address, look="missing")))
    return grouped(found)


def drawn(
    language: str, translate: Callable[[str], str], columns: Sequence[Sequence[Box]], *, titles: bool = True
) -> Picture:
    """The columns of a line as a picture, with arrows from box to box, below `titles` where no box is called so."""
    boxes = [[placed(language, translate, box, WIDE) for box in column] for column in columns]
    picture = linked(boxes, BETWEEN, LINE + BELOW if titles else 0)
    lefts = dict.fromkeys(box.x for box in picture.boxes)
    words = [Label(left, LINE - 4, translate(label)) for left, label in zip(lefts, LABELS, strict=False)]
    return picture._replace(words=words if titles else ())

"""What is due, as iCalendar files (RFC 5545) to subscribe to: one a team and one for all.

A UID says which thing of which entity is due, never when or under which name: a corrected event moves.
DTSTAMP is the day of the build; by it a client takes the newer of two events of one UID.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from macros.gaps import checks
from macros.gaps.check import Event
from macros.gaps.spots import Due, Spot
from macros.handbook import addresses
from macros.handbook.graph import Handbook, derived, grouped
from macros.model.organisation import Team
from macros.text import catalogue
from macros.text.problems import N_, Message

FILE = "calendar.ics"  # behind a team's address, and at the root of an edition for all teams


class Item(NamedTuple):
    """A gap that comes on a day, or has come, of a team."""

    event: Event
    spot: Spot
    due: Due
    team: Team


def feeds(handbook: Handbook, language: str) -> Iterator[tuple[str, Callable[[], str], str]]:
    """The calendars of all teams and of each, also at its old addresses; none where nothing is due.

    Of each its address in the edition, what writes it, and the data file that it is named after.
    """
    due, organisation = _due(handbook), handbook.organisation
    write = partial(_calendar, handbook, language)
    if due:
        yield FILE, partial(write, organisation.name, due[""]), organisation.path
    for team in (team for team in handbook.teams if team.id in due):
        for id in ("", *team.aliases):
            yield f"{addresses.of(team, id)}{FILE}", partial(write, team.name, due[team.id]), team.path


def address(handbook: Handbook, team: Team | None = None) -> str:
    """The address of a team's calendar, or of the one for all; empty where nothing is due."""
    folder, id = (addresses.of(team), team.id) if team else ("", "")
    return f"{folder}{FILE}" if id in _due(handbook) else ""


@derived
def _due(handbook: Handbook) -> Mapping[str, Sequence[Item]]:
    """What is due and isn't done, past days too, the earliest first: by the id of its teams; under an empty id, all."""
    items: dict[str, Item] = {}
    for check, spot in checks.asked(handbook):
        team = handbook.team_of(spot.entity)
        if check.event and spot.due and team:
            items.setdefault(spot.due.key, Item(check.event, spot, spot.due, team))
    in_order = sorted(items.values(), key=lambda item: (item.due.day, item.due.key))
    return grouped((id, item) for item in in_order for id in {"", item.team.id, item.due.other or ""})


def _calendar(handbook: Handbook, language: str, name: object, items: Iterable[Item]) -> str:
    from icalendar import Calendar, Event, vText  # here, since few commands write calendars

    title = vText(_in_line(Message(N_("{name}: due dates"), name=name), language))
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//SRE handbook//What is due//{language.upper()}")
    calendar.add("NAME", title)
    calendar.add("X-WR-CALNAME", title)  # what clients knew before NAME (RFC 7986)
    calendar.add("REFRESH-INTERVAL", timedelta(days=1), {"VALUE": "DURATION"})  # it has no default type
    calendar.add("X-PUBLISHED-TTL", "P1D")
    calendar.subcomponents = [Event.new(**_event(handbook, language, item)) for item in items]
    return str(calendar.to_ical(sorted=False), "utf-8")


def _event(handbook: Handbook, language: str, item: Item) -> dict[str, Any]:
    """What makes an event of a whole day, which keeps nobody busy. Without an end it lasts that day."""
    event, spot, due, team = item
    site = handbook.organisation.site_address
    host = urlsplit(site or "").hostname
    details = (detail for detail in due.details if None not in detail.values.values())
    description = (_written(line, language) for line in (Message(event.to_do), *details))
    return {
        "uid": f"{due.key}@{host}" if host else due.key,
        "stamp": handbook.today,
        "start": due.day,
        "summary": _in_line(Message(event.summary, spot.named, team=team.name), language),
        "description": "\n".join("\n".join(description).splitlines()),
        "categories": [_written(Message(event.category), language)],
        "url": addresses.whole(site, language, f"{addresses.of(spot.entity)}{due.anchor}") or None,
        "transparency": "TRANSPARENT",
    }


def _written(message: Message, language: str) -> str:
    return message.render(language, catalogue.translations(language).gettext)


def _in_line(message: Message, language: str) -> str:
    return " ".join(_written(message, language).split())

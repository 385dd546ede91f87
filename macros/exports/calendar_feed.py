"""What is due, as calendars that people subscribe to: iCalendar files (RFC 5545), one a team and one for all.

A UID says which thing of which entity is due, never when or under which name: after a correction the event moves and
doesn't stand there twice. DTSTAMP is the day of the build; a client takes the newer of two events of one UID by it,
so that none needs SEQUENCE or LAST-MODIFIED, which would have to be counted somewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from macros.handbook import addresses, timeline
from macros.handbook.graph import Handbook
from macros.model.organisation import Team, TeamInteraction
from macros.model.playbooks import Playbook
from macros.model.set_ups import Engagement, GoalState
from macros.text import catalogue
from macros.text.problems import N_, Message

FILE = "calendar.ics"
"""Behind a team's address, and at the root of an edition for all teams."""

MOST_OCTETS = 75
"""Of a line, without its end (RFC 5545, section 3.1)."""


@dataclass(frozen=True)
class Due:
    """Something that is due on a day.

    `key` tells it from everything else in the handbook and stays as it is when its day or its words change.
    `teams` are the ids of those whom it concerns, `category` and `summary` a few words, `what_to_do` and `details`
    the lines of its description, `address` the page that it leads to.
    """

    key: str
    day: date
    teams: tuple[str, ...]
    category: str
    summary: Message
    what_to_do: Message
    details: tuple[Message, ...]
    address: str


@dataclass(frozen=True)
class Feed:
    """A calendar: its address from the root of the edition, its text, and the data file that it is named after."""

    address: str
    text: str
    source: str


def feeds(handbook: Handbook, language: str) -> Iterator[Feed]:
    """The calendars of an edition: that of all teams, and each team's at its address and at its old ones.

    There is none where nothing is due.
    """
    everything = due(handbook)
    if everything:
        organisation = handbook.organisation
        yield Feed(FILE, _calendar(handbook, language, organisation.name, everything), organisation.path)
    for team in handbook.teams:
        own = due_for(handbook, team)
        if own:
            text = _calendar(handbook, language, team.name, own)
            for id in ("", *team.aliases):
                yield Feed(f"{addresses.of(team, id)}{FILE}", text, team.path)


def address(handbook: Handbook, team: Team | None = None) -> str:
    """The address of a team's calendar, or of the one for all; empty where nothing is due."""
    if team is None:
        return FILE if due(handbook) else ""
    return f"{addresses.of(team)}{FILE}" if due_for(handbook, team) else ""


def due(handbook: Handbook) -> tuple[Due, ...]:
    """Everything with a day on which it is due and which isn't done, the earliest first; past days too."""
    return handbook.derived(_due)


def due_for(handbook: Handbook, team: Team) -> tuple[Due, ...]:
    """What of it concerns a team."""
    return handbook.derived(_due_by_team).get(team.id, ())


def _due_by_team(handbook: Handbook) -> dict[str, tuple[Due, ...]]:
    found: dict[str, list[Due]] = {}
    for item in due(handbook):
        for team in item.teams:
            found.setdefault(team, []).append(item)
    return {team: tuple(items) for team, items in found.items()}


def _due(handbook: Handbook) -> tuple[Due, ...]:
    found = (*_of_engagements(handbook), *_reviews(handbook), *_drills(handbook), *_of_interactions(handbook))
    return tuple(sorted(found, key=lambda it: (it.day, it.key)))


def _of_engagements(handbook: Handbook) -> Iterator[Due]:
    """The ends of engagements whose outcome isn't written yet, and the days of their open goals."""
    for engagement in handbook.engagements:
        if timeline.phase(engagement, handbook.today) is timeline.Phase.ENDED:
            continue
        host = handbook.team_of(engagement)
        assert host is not None
        teams = tuple(dict.fromkeys((host.id, engagement.provided_by or host.id)))
        page = addresses.of(engagement)
        if engagement.end is not None:
            yield Due(
                f"engagement/{engagement.id}/end",
                engagement.end,
                teams,
                N_("Engagement"),
                Message(N_("{team}: “{name}” ends"), {"team": host.name, "name": engagement.name}),
                Message(N_("Go through the exit criteria together; write the outcome, or set a new end.")),
                tuple(_after_the_end(engagement)),
                page,
            )
        for goal in engagement.goals:
            if goal.due is not None and goal.state is GoalState.OPEN:
                parts = ((N_("To reach: {target}"), goal.target), (N_("Measured in: {measure}"), goal.measure))
                yield Due(
                    f"engagement/{engagement.id}/goal/{goal.id}",
                    goal.due,
                    teams,
                    N_("Goal"),
                    Message(N_("{team}: the goal “{what}” is due"), {"team": host.name, "what": goal.what}),
                    Message(N_("Read the figure together; write down the goal's state, or set a new day.")),
                    tuple(Message(words, {"target": text, "measure": text}) for words, text in parts if text),
                    f"{page}#goal-{goal.id}",
                )


def _after_the_end(engagement: Engagement) -> Iterator[Message]:
    for criterion in engagement.exit_criteria:
        if criterion.state is GoalState.OPEN:
            yield Message(N_("Still open: {what}"), {"what": criterion.what})
    if engagement.after_care:
        yield Message(N_("After the end: {after_care}"), {"after_care": engagement.after_care})


def _reviews(handbook: Handbook) -> Iterator[Due]:
    """The reviews of the SLOs of each journey."""
    for journey in handbook.journeys:
        if journey.review_on is None:
            continue
        team = handbook.team_of(journey)
        assert team is not None
        yield Due(
            f"journey/{journey.id}/review",
            journey.review_on,
            (team.id,),
            N_("SLO review"),
            Message(N_("{team}: review the SLOs of “{name}”"), {"team": team.name, "name": journey.name}),
            Message(N_("Look at the SLOs together: do they hold, and do users feel the same? Set the next day.")),
            (Message(N_("Owner: {owner}"), {"owner": journey.owner}),) if journey.owner else (),
            addresses.of(journey),
        )


def _drills(handbook: Handbook) -> Iterator[Due]:
    """The last right days for the next drills of playbooks; one that nobody has tried yet has none."""
    for playbook in handbook.playbooks:
        day = _next_drill(playbook, handbook.organisation.playbook_exercise_days)
        if day is None:
            continue
        team = handbook.team_of(playbook)
        assert team is not None
        yield Due(
            f"playbook/{playbook.id}/drill",
            day,
            (team.id,),
            N_("Drill"),
            Message(N_("{team}: try the playbook “{name}”"), {"team": team.name, "name": playbook.name}),
            Message(
                N_("Walk through it with the next one on call, mend what is wrong, and add the day to `exercised`.")
            ),
            (Message(N_("Last tried on {day}."), {"day": playbook.last_exercised}),),
            addresses.of(playbook),
        )


def _next_drill(playbook: Playbook, period: int) -> date | None:
    last = playbook.last_exercised
    try:
        return last + timedelta(days=period) if last else None
    except OverflowError:  # a period that no calendar holds: never
        return None


def _of_interactions(handbook: Handbook) -> Iterator[Due]:
    """The ends of the work of two teams together, once where both say the same day."""
    said: set[tuple[frozenset[str], date]] = set()
    keys: dict[str, int] = {}
    for team in handbook.teams:
        for interaction in team.works_with:
            if interaction.until is None or (frozenset((team.id, interaction.team)), interaction.until) in said:
                continue
            said.add((frozenset((team.id, interaction.team)), interaction.until))
            key = f"team/{team.id}/works-with/{interaction.team}/{interaction.mode.value}"
            keys[key] = keys.get(key, 0) + 1
            number = f"/{keys[key]}" if keys[key] > 1 else ""
            yield _end_of_work(handbook, team, interaction, interaction.until, f"{key}{number}")


def _end_of_work(handbook: Handbook, team: Team, interaction: TeamInteraction, until: date, key: str) -> Due:
    other = handbook.team(interaction.team)
    return Due(
        key,
        until,
        (team.id, other.id),
        N_("Working together"),
        Message(N_("{team} and {other}: their work together ends"), {"team": team.name, "other": other.name}),
        Message(N_("Say what came of it, or set a new end.")),
        (Message(N_("What for: {purpose}"), {"purpose": interaction.purpose}),),
        f"{addresses.of(team)}#works-with",
    )


def _calendar(handbook: Handbook, language: str, name: object, events: tuple[Due, ...]) -> str:
    """An iCalendar file. `name` is the name of whoever it is for."""
    title = _in_line(_written(Message(N_("{name}: what is due"), {"name": name}), language))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//SRE handbook//What is due//{language.upper()}",
        f"NAME:{title}",
        f"X-WR-CALNAME:{title}",  # what clients knew before NAME (RFC 7986)
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
        *(line for event in events for line in _event(handbook, language, event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(handbook: Handbook, language: str, event: Due) -> Iterator[str]:
    """The lines of an event of a whole day, which keeps nobody busy. Without DTEND it lasts that day."""
    site = handbook.organisation.site_address
    host = urlsplit(site or "").hostname
    description = (_written(it, language) for it in (event.what_to_do, *event.details))
    url = addresses.whole(site, language, event.address)
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(f'{event.key}@{host}' if host else event.key)}"
    yield f"DTSTAMP:{_day(handbook.today)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_day(event.day)}"
    yield f"SUMMARY:{_in_line(_written(event.summary, language))}"
    yield f"DESCRIPTION:{_escaped(chr(10).join(description))}"
    yield f"CATEGORIES:{_escaped(_written(Message(event.category), language))}"
    if url:
        yield f"URL:{url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _written(message: Message, language: str) -> str:
    return message.render(language, catalogue.translations(language).gettext)


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _in_line(text: str) -> str:
    """Text of a value that calendars show in one line."""
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    r"""Text as a value (RFC 5545, section 3.3.11): `\`, `;` and `,` with a backslash, ends of lines as `\n`."""
    lines = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").splitlines()
    return "\\n".join(lines)


def _folded(line: str) -> str:
    """A line as several, each but the first after a blank, where it is too long; no character is cut in two."""
    octets = line.encode()
    pieces: list[str] = []
    start, room = 0, MOST_OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0b1100_0000 == 0b1000_0000:  # inside a character
            end -= 1
        pieces.append(octets[start:end].decode())
        start, room = end, MOST_OCTETS - 1  # beside the blank
    return "\r\n ".join((*pieces, octets[start:].decode()))

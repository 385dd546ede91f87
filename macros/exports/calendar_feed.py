"""What is due, as iCalendar files (RFC 5545) to subscribe to: one a team and one for all.

A UID says which thing of which entity is due, never when or under which name: a corrected event moves.
DTSTAMP is the day of the build; by it a client takes the newer of two events of one UID.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from macros.handbook import addresses, timeline
from macros.handbook.graph import Handbook, derived
from macros.model.organisation import Team
from macros.model.playbooks import Playbook
from macros.model.set_ups import Engagement, Goal, GoalState
from macros.model.values import Entity
from macros.text import catalogue
from macros.text.problems import N_, Message

FILE = "calendar.ics"
"""Behind a team's address, and at the root of an edition for all teams."""

MOST_OCTETS = 75
"""Of a line, without its end (RFC 5545, section 3.1)."""


class Due(NamedTuple):
    """Something that is due on a day.

    `key` tells it from all else in the handbook, and stays when its day or its words change. `teams` are
    the ids of those whom it concerns; `description` says what is to be done, and then the details.
    """

    key: str
    day: date
    teams: tuple[str, ...]
    category: str
    summary: Message
    address: str
    description: tuple[Message, ...]


class Feed(NamedTuple):
    """A calendar: its address in the edition, its text, and the data file that it is named after."""

    address: str
    text: str
    source: str


def feeds(handbook: Handbook, language: str) -> Iterator[Feed]:
    """The calendars of all teams and of each, also at its old addresses; none where nothing is due."""
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


@derived
def due(handbook: Handbook) -> tuple[Due, ...]:
    """Everything that is due on a day and isn't done, the earliest first; past days too."""
    found = (*_of_engagements(handbook), *_reviews(handbook), *_drills(handbook), *_of_interactions(handbook))
    return tuple(sorted(found, key=lambda it: (it.day, it.key)))


def due_for(handbook: Handbook, team: Team) -> Sequence[Due]:
    """What of it concerns a team."""
    return _due_by_team(handbook).get(team.id, ())


@derived
def _due_by_team(handbook: Handbook) -> dict[str, list[Due]]:
    found = defaultdict(list)
    for item in due(handbook):
        for team in item.teams:
            found[team].append(item)
    return found


def _due_of(
    handbook: Handbook,
    entity: Entity,
    thing: str,
    day: date,
    category: str,
    summary: Message,
    description: Iterable[Message],
    *,
    anchor: str = "",
    other: str | None = None,
) -> Due:
    """What is due of an entity, for its team and an `other` one; `thing` tells it from others."""
    team = handbook.team_of(entity)
    assert team is not None
    whole = Message(summary.template, summary.values, team=team.name)
    key = f"{handbook.kind_of(entity)}/{entity.id}/{thing}"
    teams = tuple(dict.fromkeys((team.id, other or team.id)))
    return Due(key, day, teams, category, whole, f"{addresses.of(entity)}{anchor}", tuple(description))


def _of_engagements(handbook: Handbook) -> Iterator[Due]:
    for engagement in handbook.engagements:
        if timeline.phase(engagement, handbook.today) is timeline.Phase.ENDED:
            continue
        of_it = partial(_due_of, handbook, engagement, other=engagement.provided_by)
        if engagement.end is not None:
            ends = Message(N_("{team}: “{name}” ends"), name=engagement.name)
            yield of_it("end", engagement.end, N_("Engagement"), ends, _at_the_end(engagement))
        for goal in engagement.goals:
            if goal.due is not None and goal.state is GoalState.OPEN:
                is_due = Message(N_("{team}: the goal “{what}” is due"), what=goal.what)
                thing, anchor = f"goal/{goal.id}", f"#goal-{goal.id}"
                yield of_it(thing, goal.due, N_("Goal"), is_due, _of_goal(goal), anchor=anchor)


def _at_the_end(engagement: Engagement) -> Iterator[Message]:
    yield Message(N_("Go through the exit criteria together; write the outcome, or set a new end date."))
    for criterion in engagement.exit_criteria:
        if criterion.state is GoalState.OPEN:
            yield Message(N_("Still open: {what}"), what=criterion.what)
    if engagement.after_care:
        yield Message(N_("After the end: {after_care}"), after_care=engagement.after_care)


def _of_goal(goal: Goal) -> Iterator[Message]:
    yield Message(N_("Check the figure together; update the goal's state, or set a new due date."))
    if goal.target:
        yield Message(N_("To reach: {target}"), target=goal.target)
    if goal.measure:
        yield Message(N_("Measured in: {measure}"), measure=goal.measure)


def _reviews(handbook: Handbook) -> Iterator[Due]:
    look = Message(N_("Review the SLOs together: are they met, and do users agree? Set the next review date."))
    for journey in handbook.journeys:
        if journey.review_on is not None:
            summary = Message(N_("{team}: review the SLOs of “{name}”"), name=journey.name)
            lines = [look, Message(N_("Owner: {owner}"), owner=journey.owner)] if journey.owner else [look]
            yield _due_of(handbook, journey, "review", journey.review_on, N_("SLO review"), summary, lines)


def _drills(handbook: Handbook) -> Iterator[Due]:
    """The last right days for the next drills; a playbook that nobody has tried yet has none."""
    walk = N_("Walk through it with the next on-call, fix what is wrong, and add the date to `exercised`.")
    for playbook in handbook.playbooks:
        day = _next_drill(playbook, handbook.organisation.playbook_exercise_days)
        if day is not None:
            summary = Message(N_("{team}: try the playbook “{name}”"), name=playbook.name)
            lines = (Message(walk), Message(N_("Last tried on {day}."), day=playbook.last_exercised))
            yield _due_of(handbook, playbook, "drill", day, N_("Drill"), summary, lines)


def _next_drill(playbook: Playbook, period: int) -> date | None:
    last = playbook.last_exercised
    try:
        return last + timedelta(days=period) if last else None
    except OverflowError:  # a period that no calendar holds: never
        return None


def _of_interactions(handbook: Handbook) -> Iterator[Due]:
    """The ends of the work of two teams together, once where both say the same day."""
    said: set[tuple[frozenset[str], date]] = set()
    times: Counter[tuple[str, str]] = Counter()
    for team in handbook.teams:
        for interaction in team.works_with:
            if interaction.until is None or (frozenset((team.id, interaction.team)), interaction.until) in said:
                continue
            said.add((frozenset((team.id, interaction.team)), interaction.until))
            thing = f"works-with/{interaction.team}/{interaction.mode.value}"
            times[team.id, thing] += 1
            if times[team.id, thing] > 1:
                thing = f"{thing}/{times[team.id, thing]}"
            other = handbook.team(interaction.team)
            ends = Message(N_("{team} and {other}: work together ends"), other=other.name)
            say = Message(N_("Delete the entry if the work has ended, or set a new end date."))
            lines = (say, Message(N_("Purpose: {purpose}"), purpose=interaction.purpose))
            of_it = partial(_due_of, handbook, team, anchor="#works-with", other=other.id)
            yield of_it(thing, interaction.until, N_("Working together"), ends, lines)


def _calendar(handbook: Handbook, language: str, name: object, events: Iterable[Due]) -> str:
    title = _in_line(_written(Message(N_("{name}: due dates"), name=name), language))
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
    description = (_written(line, language) for line in event.description)
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
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    r"""Text as a value (section 3.3.11): `\`, `;` and `,` with a backslash, ends of lines as `\n`."""
    lines = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").splitlines()
    return "\\n".join(lines)


def _folded(line: str) -> str:
    """A line as several, each but the first after a blank; no character is cut in two."""
    pieces = [""]
    for character in line:
        if len(f"{pieces[-1]}{character}".encode()) > MOST_OCTETS:
            pieces.append(" ")
        pieces[-1] += character
    return "\r\n".join(pieces)

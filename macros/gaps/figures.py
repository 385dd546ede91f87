"""How far the handbook's line is closed: figures counted from the data, and how they have moved."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from operator import attrgetter
from statistics import mean
from typing import Any, NamedTuple

from macros.gaps import checks
from macros.gaps.check import Area, Counted
from macros.gaps.checks import translations
from macros.handbook import dependencies
from macros.handbook.graph import Handbook, derived, grouped
from macros.model.organisation import Team
from macros.model.values import Entity, Text
from macros.sources.records import Record
from macros.text.problems import N_, Message


class Figure(NamedTuple):
    """`done` of `total` things are as `label` says; of the others, `accepted` may stay, and some lead `elsewhere`.

    Its `name` stays: the rule of the gap, or of the last one.
    """

    name: str
    label: Message
    done: int
    total: int
    accepted: int = 0
    elsewhere: int = 0

    @property
    def share(self) -> float:
        """The fraction that is done, 0..1; 1 where there is nothing to do."""
        return self.done / self.total if self.total else 1.0

    @property
    def gaps(self) -> int:
        """How many are left to do."""
        return self.total - self.done - self.accepted - self.elsewhere


MAIN = (
    "paging-alert-without-playbook",
    "playbook-not-exercised-lately",
    "journey-without-slo",
    "blind-service",
    "team-without-on-call",
)
"""The names of the figures that stand for all."""


def _texts(handbook: Handbook) -> list[Entity]:
    """The owner of each text."""
    return [entity for entity in handbook.everything() for _, value in entity.parts if isinstance(value, Text)]


TEXTS = {
    language: Counted(Area.TEXTS, label, _texts)
    for language, label in (("en", N_("Texts in English")), ("ja", N_("Texts in Japanese")))
}

_NAMES = {check.counted: check.name for check in checks.CHECKS if check.counted}
_NAMES |= {counted: f"texts-{language}" for language, counted in TEXTS.items()}
AREAS = {name: counted.area for counted, name in _NAMES.items()}
"""The area of each figure."""

COUNTED_IN = {check.name: f"{check.counted.area} {_NAMES[check.counted]}" for check in checks.CHECKS if check.counted}
"""The area and the figure that a rule counts in."""


@derived
def by_team(handbook: Handbook) -> Mapping[str, tuple[Figure, ...]]:
    """The coverage of each team by its id, and under an empty one of the whole handbook: what each gap counts in, in
    the order of their table, then texts.
    """
    things = ((counted, thing) for counted in _NAMES for thing in counted.asks(handbook))
    asked = [(counted, thing, team) for counted, thing in things for team in {owner(thing), ""}]
    totals = Counter((counted, team) for counted, _, team in asked)
    away = Counter((counted, team) for counted, thing, team in asked if counted.elsewhere(handbook, thing))
    spots = checks.sorted_out(handbook)
    every = [(check.counted, team, by) for check, spot, by in spots for team in {owner(spot.entity), ""}]
    gaps = Counter((counted, team) for counted, team, _ in every)
    missing = translations.missing_texts(handbook)
    gaps.update((TEXTS[text.language], team) for text in missing for team in {text.entity.team, ""})
    kept = Counter((counted, team) for counted, team, by in every if by)
    days = handbook.organisation.playbook_exercise_days
    return {
        team: tuple(
            Figure(name, Message(counted.label, days=days), total - gaps[its] - away[its], total, kept[its], away[its])
            for counted, name in _NAMES.items()
            for its in ((counted, team),)
            for total in (totals[its],)
        )
        for team in ("", *(team.id for team in handbook.teams))
    }


def owner(thing: Any) -> str:
    """The id of the team that something, or what it stands behind, belongs to; empty for what all teams share."""
    return str(thing.team if hasattr(thing, "team") else thing[0].team)


def by_area(handbook: Handbook, *teams: Team) -> list[Figure]:
    """The figures of each area as one: those of these teams, or without any those of the whole handbook."""
    every = [figure for team in teams for figure in by_team(handbook)[team.id]] or by_team(handbook)[""]
    numbers = grouped((AREAS[figure.name], figure[2:6]) for figure in every)
    sums = ((area, map(sum, zip(*numbers[area], strict=True))) for area in Area)
    return [Figure(area, Message(area.label), *found) for area, found in sums]


def worst_first(handbook: Handbook) -> list[list[Team]]:
    """The teams, each by itself, by the shares that are done of their areas, on average.

    So many teams that a table would be a wall are in groups of those whose services need each other.
    """
    rows = [[team] for team in handbook.teams]
    if len(rows) > dependencies.MOST_BOXES:
        others = [team for team in handbook.teams if not handbook.services_of(team)]
        rows = [group for group in (*dependencies.groups(handbook), others) if group]
    return sorted(rows, key=lambda row: mean(area.share for area in by_area(handbook, *row) if area.total))


def history(handbook: Handbook, figure: Figure) -> Mapping[date, Figure]:
    """How a figure of the whole handbook stood on the days of its records, the earliest first."""
    records = sorted(handbook.records, key=attrgetter("day")) if figure.total else []
    own = ((record.day, record.figures.get(figure.name)) for record in records if not record.team)
    return {day: figure._replace(done=counts[0], total=counts[1]) for day, counts in own if counts}


def moves(handbook: Handbook, figure: Figure) -> Mapping[date, Figure]:
    """How a figure of the whole handbook stood a quarter and a year ago; the latest record by that day counts."""
    past = history(handbook, figure)
    by_then = ([day for day in past if day <= handbook.today - timedelta(days)] for days in (91, 365))
    return {days[-1]: past[days[-1]] for days in by_then if days}


def trend(handbook: Handbook, figure: Figure) -> Mapping[date, Figure]:
    """How a figure of the whole handbook has stood in the last year, until today; nothing where it has no past."""
    past = {day: then for day, then in history(handbook, figure).items() if 0 < (handbook.today - day).days <= 365}
    return {**past, handbook.today: figure} if past else {}


def recorded(handbook: Handbook) -> str:
    """The file of records with today's figures in it, for the whole handbook and for each team."""
    todays = [
        Record(day=handbook.today, team=team, figures={one.name: (one.done, one.total) for one in counts if one.total})
        for team, counts in by_team(handbook).items()
    ]
    earlier = [record for record in handbook.records if record.day != handbook.today]
    return "".join(f"{record.line}\n" for record in (*earlier, *todays))

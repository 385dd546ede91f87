"""How far the handbook's line is closed: figures counted from the data, and how they have moved."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from macros.gaps import checks
from macros.gaps.check import Counted
from macros.gaps.checks import translations
from macros.handbook.graph import Handbook, derived
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


def _texts(handbook: Handbook) -> list[Entity]:
    """The owner of each text."""
    return [entity for entity in handbook.everything() for _, value in entity.parts if isinstance(value, Text)]


TEXTS = {
    language: Counted(label, _texts)
    for language, label in (("en", N_("Texts in English")), ("ja", N_("Texts in Japanese")))
}


@derived
def by_team(handbook: Handbook) -> Mapping[str, tuple[Figure, ...]]:
    """The coverage of each team by its id, and under an empty one of the whole handbook: what each gap counts in, in
    the order of their table, then texts.
    """
    names = {check.counted: check.name for check in checks.CHECKS if check.counted}
    names |= {counted: f"texts-{language}" for language, counted in TEXTS.items()}
    things = ((counted, thing) for counted in names for thing in counted.asks(handbook))
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
            for counted, name in names.items()
            for its in ((counted, team),)
            for total in (totals[its],)
        )
        for team in ("", *(team.id for team in handbook.teams))
    }


def owner(thing: Any) -> str:
    """The id of the team that something, or what it stands behind, belongs to; empty for what all teams share."""
    return str(thing.team if hasattr(thing, "team") else thing[0].team)


def moves(handbook: Handbook, figure: Figure) -> Mapping[date, Figure]:
    """How a figure of the whole handbook stood a quarter and a year ago, where it stood otherwise.

    The latest record by that day counts; its day is the key.
    """
    found = {}
    for days in (91, 365):
        by_then = (record for record in handbook.records if record.day <= handbook.today - timedelta(days))
        record = max((record for record in by_then if not record.team), key=attrgetter("day"), default=None)
        if record and figure.total and figure.name in record.figures:
            done, total = record.figures[figure.name]
            found[record.day] = figure._replace(done=done, total=total)
    return {day: then for day, then in found.items() if then != figure}


def recorded(handbook: Handbook) -> str:
    """The file of records with today's figures in it, for the whole handbook and for each team."""
    todays = [
        Record(day=handbook.today, team=team, figures={one.name: (one.done, one.total) for one in counts if one.total})
        for team, counts in by_team(handbook).items()
    ]
    earlier = [record for record in handbook.records if record.day != handbook.today]
    return "".join(f"{record.line}\n" for record in (*earlier, *todays))

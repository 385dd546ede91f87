"""How far the handbook's line is closed: figures counted from the data."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from macros.gaps import checks
from macros.gaps.checks import silencers
from macros.handbook import alerts
from macros.handbook.alerts import Alert
from macros.handbook.graph import Handbook
from macros.model.alerts import Urgency
from macros.model.organisation import Team
from macros.model.values import LANGUAGES, Entity, Text
from macros.text.problems import N_, Message


class Figure(NamedTuple):
    """`done` of `total` things are as `label` says; of the others, `accepted` may stay as they are."""

    label: Message
    done: int
    total: int
    accepted: int = 0

    @property
    def share(self) -> float:
        """The fraction that is done, 0..1; 1 where there is nothing to do."""
        return self.done / self.total if self.total else 1.0


def figures(handbook: Handbook) -> tuple[Figure, ...]:
    """The coverage of a handbook: what each gap counts in, in the order of their table, then texts."""
    every = silencers.sorted_out(handbook)
    gaps = Counter(check.counted.label for check, *_ in every if check.counted)
    kept = Counter(check.counted.label for check, _, by in every if check.counted and by)
    counted = {check.counted.label: check.counted for check in checks.CHECKS if check.counted}
    days = handbook.organisation.playbook_exercise_days
    totals = {label: len(list(figure.asks(handbook))) for label, figure in counted.items()}
    rows = (
        Figure(Message(label, days=days), total - gaps[label], total, kept[label]) for label, total in totals.items()
    )
    return (*rows, *(translation(handbook, language) for language in LANGUAGES))


def alert_counts(handbook: Handbook) -> Iterator[tuple[Team, Urgency | None, tuple[Alert, ...], int]]:
    """Of each team and urgency, what wakes somebody first: the alerts without a playbook, and how many there are."""
    for team in handbook.teams:
        for urgency, group in groupby(alerts.of(handbook, team), lambda alert: alert.urgency):
            found = tuple(group)
            yield (
                team,
                urgency,
                tuple(alert for alert in found if not alerts.playbooks_for(handbook, alert)),
                len(found),
            )


def translation(handbook: Handbook, language: str) -> Figure:
    """How many of the data's texts have words in `language`."""
    label = {"en": N_("Texts in English"), "ja": N_("Texts in Japanese")}[language]
    there = [language not in text.missing() for _, _, text in handbook.every(Entity, Text)]
    return Figure(Message(label), sum(there), len(there))

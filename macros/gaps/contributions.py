"""The next best contributions: what to write next, why now, where, and about how long it takes.

They come from the gaps that have a task, and from pages without a translation. They
are ranked so that everybody can follow it: by `Reason`, paging alerts first; then by tier, the most critical
service first; then by time, the shortest first; then by place. Of the ranked, `choose` takes the first that keep
to its limits, so that ten are not ten times the same thing, and some are fit for somebody who is new.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import NamedTuple

from macros.authoring import skeletons
from macros.authoring.editor import DATA
from macros.gaps import checks
from macros.gaps.check import Check, Reason, Task
from macros.gaps.spots import Spot
from macros.handbook import alerts
from macros.handbook.alerts import Alert
from macros.handbook.graph import Handbook
from macros.model.kinds import KINDS
from macros.text.problems import N_, Message

MOST = 10  # how many are shown
FEWEST_FIRST = 3  # how many of them are fit for a first contribution, where there are so many
MOST_OF_A_TASK, MOST_OF_A_TEAM = 2, 3  # may ask for the same thing, or be of one team, while there are others
MINUTES_A_PAGE = 60  # about how long it takes to translate one
LONGEST_FIRST = 30  # minutes: what is short enough for a first contribution


class NewFile(NamedTuple):
    """A file that is still to be written: its path, its kind where it is data, and the alert that it answers."""

    path: str
    kind: str = ""
    alert: Alert | None = None


@dataclass(frozen=True)
class Contribution:
    """Something to write next.

    `name` is that of the gap or the kind of translation; `team` is the id of the team whose it is, empty
    for what all share; `tier` is that of the service that it is about, None where there is none. `path` and
    `line` say where the gap shows; `new` is the file to begin, where the gap isn't closed in `path` itself.
    """

    name: str
    task: Task
    what: Message
    why: Message
    team: str
    tier: int | None
    path: str
    line: int
    new: NewFile | None = None

    @property
    def rank(self) -> tuple[int, int, int, str, int, str]:
        """Sort key, the most pressing first; documented at the top of this module."""
        return ([*Reason].index(self.task.reason), self.tier or 9, self.task.minutes, self.path, self.line, self.name)


def ranked(handbook: Handbook, untranslated: Iterable[str] = ()) -> tuple[Contribution, ...]:
    """Every contribution, the most pressing first: one for each file to begin, else for each place to edit.

    `untranslated` are the paths of the hand-written pages that have no translation.
    """
    gaps = (_of_gap(handbook, check, check.task, spot) for check, spot in checks.found(handbook) if check.task)
    kept: dict[object, Contribution] = {}
    for made in sorted((*gaps, *map(_of_page, untranslated)), key=attrgetter("rank")):
        kept.setdefault(made.new.path if made.new else (made.path, made.line), made)
    return tuple(kept.values())


def choose(ranked: Sequence[Contribution], most: int = MOST, first: int = FEWEST_FIRST) -> tuple[Contribution, ...]:
    """At most `most` of what is ranked, in its order.

    The first `first` that are fit for a first contribution have their places, each for another task; the
    others go to the most pressing, with `MOST_OF_A_TASK` and `MOST_OF_A_TEAM` as limits for all. Places that are
    left over go to the most pressing, whatever they are.
    """
    taken: list[int] = []
    names: Counter[str] = Counter()
    teams: Counter[str] = Counter()

    def take(limit: int, of_a_task: int, of_a_team: int, *, fit: bool = False) -> None:
        for number, made in enumerate(ranked):
            fits = names[made.name] < of_a_task and teams[made.team] < of_a_team and (made.task.first or not fit)
            if len(taken) < limit and number not in taken and fits:
                taken.append(number)
                names[made.name] += 1
                teams[made.team] += 1

    take(min(first, most), 1, MOST_OF_A_TEAM, fit=True)
    take(most, MOST_OF_A_TASK, MOST_OF_A_TEAM)
    take(most, len(ranked), len(ranked))
    return tuple(ranked[number] for number in sorted(taken))


def _of_gap(handbook: Handbook, check: Check, task: Task, spot: Spot) -> Contribution:
    path, (line, _) = spot.position(handbook)
    tier, new = handbook.tier_of(spot.entity), _new_file(handbook, task.begins, spot)
    why = spot.reason or Message(check.why, spot.named)
    if spot.minutes:
        task = replace(task, minutes=spot.minutes, first=spot.minutes <= LONGEST_FIRST)
    return Contribution(check.name, task, check.to_do(spot), why, spot.entity.team, tier, path, line, new)


def _new_file(handbook: Handbook, kind: str, spot: Spot) -> NewFile | None:
    """The file to begin: a playbook for the alert, unless one answers it already, or what belongs to the entity."""
    if kind == "playbook":
        if spot.alert is None or alerts.answering(handbook, spot.alert):
            return None
        id, team = skeletons.playbook_id(spot.alert.name), spot.alert.team
    elif kind:
        id, team = f"{spot.entity.id}-{kind}", spot.entity.team
    else:
        return None
    return NewFile(f"{DATA}/{KINDS[kind].path(id, team)}", kind, spot.alert)


def _of_page(path: str) -> Contribution:
    what = Message(N_("Translate the page {path} into Japanese"), path=path)
    why = Message(N_("The other edition shows it untranslated"))
    task = Task(Reason.WORDS, MINUTES_A_PAGE)
    return Contribution("page-translation", task, what, why, "", None, path, 1, translation_of(path))


def translation_of(path: str) -> NewFile:
    """The Japanese page that belongs to a hand-written one."""
    return NewFile(f"{path.removesuffix('.md')}.ja.md")

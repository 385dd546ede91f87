"""What was added, changed, moved or removed lately, in the data and in the hand-written pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, groupby
from typing import NamedTuple

from macros.handbook import addresses, checklists
from macros.handbook.graph import Handbook
from macros.model.kinds import KINDS, placed
from macros.model.values import Text
from macros.sources.history import Change, FileChange, History, How
from macros.text.problems import N_, Message

DAYS = 90  # how far back the list goes
MOST = 200  # entries from which on no older day is shown
FEW = 4  # entries of a bunch that stand alone; more fold into a line
PAGE = "page"  # what a hand-written page is called where the others have their kind

_LABELS = {PAGE: N_("page"), "alerts": N_("alerts file")}
"""What is called otherwise than its kind: rule files stand beside lists of other systems' alerts."""


class Guide(NamedTuple):
    """A hand-written page: its address from the root of an edition, and its title in the languages that it is in."""

    address: str
    title: Text


@dataclass(frozen=True)
class NewsItem:
    """Something that changed.

    `kind` is the name of a kind, or `PAGE`; `team` the id of the team that it belongs to, or empty. `name` is
    what it is called today, or as its file was where it is gone; None for what its kind names. `address` is
    empty where it has no page. `before` is the file that it was moved from. `translation` says that a page's
    words changed in Japanese alone.
    """

    how: How
    kind: str
    team: str
    name: Text | str | None
    address: str
    change: Change
    before: str = ""
    translation: bool = False

    @property
    def label(self) -> Message:
        """What people call its kind."""
        return Message(_LABELS.get(self.kind) or KINDS[self.kind].label)


class Day(NamedTuple):
    """What changed on a day (UTC), in bunches: entries of one kind that changed in one way."""

    day: date
    bunches: tuple[tuple[NewsItem, ...], ...]


class Lately(NamedTuple):
    """The last changes, the newest day first, from `since` on.

    `full` says that there were so many that older days were left out. `known_from` is the day on which a
    history begins that is not whole, where that is later than `since`; None where nothing is missing.
    """

    days: tuple[Day, ...]
    since: date
    full: bool
    known_from: date | None

    @property
    def entries(self) -> tuple[NewsItem, ...]:
        """Every entry, as it is shown."""
        return tuple(entry for day in self.days for bunch in day.bunches for entry in bunch)


def lately(handbook: Handbook, history: History, guides: Mapping[str, Guide]) -> Lately:
    """What changed within `DAYS` of the handbook's day; `guides` by the path of the English page in the repository."""
    reach = handbook.today - timedelta(days=DAYS)
    recent = [commit for commit in history.commits if commit.change.day >= reach]
    # Name and address of what there is today, by the file that is edited first.
    named = {
        entity.path: (checklists.name_of(handbook, entity), addresses.of(entity)) for entity in handbook.everything()
    }
    named |= {path: (guide.title, guide.address) for path, guide in guides.items()}
    days: list[Day] = []
    count, since, full = 0, reach, False
    recent.sort(key=lambda commit: commit.change.day, reverse=True)
    for day, commits in groupby(recent, lambda commit: commit.change.day):
        if count >= MOST:
            full = True
            break
        merged: dict[str, NewsItem | None] = {}
        described = (_described(handbook, named, file, commit.change) for commit in commits for file in commit.files)
        for key, item in chain.from_iterable(described):
            merged[key] = _merged(merged[key], item) if key in merged else item
        items = [entry for key in sorted(merged) if (entry := merged[key])]
        if items:
            items.sort(key=_bunch)
            days.append(Day(day, tuple(tuple(bunch) for _, bunch in groupby(items, _bunch))))
            count += len(items)
            since = day
    is_cut = not full and not history.whole and len(recent) == len(history.commits)
    known_from = min((commit.change.day for commit in recent), default=None) if is_cut else None
    return Lately(tuple(days), since if full else reach, full, known_from)


def _bunch(item: NewsItem) -> tuple[int, int]:
    """Sort key: in which way it changed, and its kind."""
    return [*How].index(item.how), [*KINDS, PAGE].index(item.kind)


def _merged(newer: NewsItem | None, older: NewsItem) -> NewsItem | None:
    """What two changes of one thing on one day come to; None where it came and went."""
    if newer is None:
        return None
    newer = replace(newer, translation=newer.translation and older.translation)
    match newer.how, older.how:
        case How.REMOVED, How.ADDED:
            return None
        case How.REMOVED, _:
            return newer
        case How.ADDED, How.REMOVED:
            return replace(newer, how=How.CHANGED)
        case _, How.ADDED:
            return replace(newer, how=How.ADDED, before="")
        case _, How.MOVED:
            return replace(newer, how=How.MOVED, before=older.before)
    return newer


def _described(
    handbook: Handbook, named: Mapping[str, tuple[Text | str | None, str]], file: FileChange, change: Change
) -> Iterator[tuple[str, NewsItem]]:
    """The entries of a file, each with what it is known by on its day: none for what is not of the handbook."""
    kind, team, name = _place(handbook, file.path)
    if file.how is How.MOVED and _place(handbook, file.before)[0] != kind:
        yield from _described(handbook, named, FileChange(How.REMOVED, file.before), change)
        yield from _described(handbook, named, FileChange(How.ADDED, file.path), change)
    elif kind:
        key = f"docs/{name}" if kind == PAGE else file.path
        of_translation = key != file.path and key in named
        how = How.CHANGED if of_translation and file.how is not How.MOVED else file.how
        shown, address = named.get(key, (name, ""))
        if kind != PAGE and KINDS[kind].is_mixed:  # another system may have written it: its team's page shows it
            _, address = named.get(f"{handbook.folder}/{KINDS['team'].path(team, '')}", (None, ""))
            shown = name
        if how is How.REMOVED or file.replaced:
            shown, address, of_translation = name, "", False
        yield key, NewsItem(how, kind, team, shown, address, change, file.before, of_translation)


def _place(handbook: Handbook, path: str) -> tuple[str, str, str]:
    """The kind, the team and the name of a file; of a translated page, those of the English one.

    Three empty words for what is not of the handbook.
    """
    if path.startswith("docs/") and path.endswith(".md"):
        return PAGE, "", f"{path.removeprefix('docs/').removesuffix('.md').removesuffix('.ja')}.md"
    data = f"{handbook.folder}/"
    place = placed(path.removeprefix(data)) if path.startswith(data) else None
    return (place.kind.name, place.team, place.name) if place else ("", "", "")

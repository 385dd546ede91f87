"""What was added or changed lately, in the data and in the hand-written pages."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from macros.handbook import addresses, checklists
from macros.handbook.graph import Handbook
from macros.model.alerts import AlertList
from macros.model.kinds import KINDS
from macros.model.values import Text
from macros.sources.history import Change, History
from macros.sources.prometheus import RuleFile
from macros.text.problems import N_, Message

DAYS = 90  # how far back the list goes
MOST = 200  # entries that are shown
PAGE = "page"  # what a hand-written page is called where the others have their kind

_LABELS = {PAGE: N_("page"), "alerts": N_("alerts file")}
"""What is called otherwise than its kind: rule files stand beside lists of other systems' alerts."""


class Guide(NamedTuple):
    """A hand-written page: its address from the root of an edition, and its title in the languages that it is in."""

    address: str
    title: Text


class Thing(NamedTuple):
    """Something of today that may have changed.

    `kind` is the name of a kind, or `PAGE`; `team` the id of the team that it belongs to, or empty. `name` is None
    for what its kind names; `address` is empty where it has no page. It is in the first of `files`, and in another
    one in translation.
    """

    kind: str
    team: str
    name: Text | str | None
    address: str
    files: tuple[str, ...]

    @property
    def label(self) -> Message:
        """What people call its kind."""
        return Message(_LABELS.get(self.kind) or KINDS[self.kind].label)


class NewsItem(NamedTuple):
    """Something that changed: its last change, and whether it is new since the list begins."""

    thing: Thing
    change: Change
    is_new: bool


def since(handbook: Handbook) -> date:
    """The day that the list begins with."""
    return handbook.today - timedelta(days=DAYS)


def lately(handbook: Handbook, history: History, guides: Mapping[str, Guide]) -> tuple[NewsItem, ...]:
    """All that changed lately, the newest first; `guides` by the path of the English page in the repository."""
    begin = since(handbook)
    found = []
    for thing in _things(handbook, guides):
        change, added = history.newest(thing.files), history.added.get(thing.files[0])
        if change and change.day >= begin:
            found.append(NewsItem(thing, change, is_new=added is not None and added.day >= begin))
    return tuple(sorted(found, key=lambda item: item.change, reverse=True))


def _things(handbook: Handbook, guides: Mapping[str, Guide]) -> Iterator[Thing]:
    for entity in handbook.everything():
        if not isinstance(entity, AlertList):
            name, address = checklists.name_of(handbook, entity), addresses.of(entity)
            yield Thing(handbook.kind_of(entity), entity.team, name, address, (entity.path,))
    files: tuple[RuleFile | AlertList, ...] = (*handbook.rule_files, *handbook.all(AlertList))
    for file in files:
        page = KINDS["team"].address.replace("<id>", file.team)
        yield Thing("alerts", file.team, file.path.rpartition("/")[2], page, (file.path,))
    for path, guide in guides.items():
        yield Thing(PAGE, "", guide.title, guide.address, (path, f"{path.removesuffix('.md')}.ja.md"))

"""What was added or changed lately, in the data and in the hand-written pages."""

from collections.abc import Mapping
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


class NewsItem(NamedTuple):
    """Something of today that changed lately: its last change, and whether it came in on that day.

    `kind` is the name of a kind, or `PAGE`; `team` the id of the team that it belongs to, or empty. `name` is None
    for what its kind names; `address` is empty where it has no page.
    """

    kind: str
    team: str
    name: Text | str | None
    address: str
    change: Change
    is_new: bool

    @property
    def label(self) -> Message:
        """What people call its kind."""
        return Message(_LABELS.get(self.kind) or KINDS[self.kind].label)


_NEVER = Change(0, "")


def since(handbook: Handbook) -> date:
    """The day that the list begins with."""
    return handbook.today - timedelta(days=DAYS)


def lately(handbook: Handbook, history: History, guides: Mapping[str, Guide]) -> list[NewsItem]:
    """All that changed lately, the newest first; `guides` by the path of the English page in the repository."""

    def item(kind: str, team: str, name: Text | str | None, address: str, *files: str) -> NewsItem:
        added, changed = history.added.get(files[0], _NEVER), history.newest(files) or _NEVER
        return NewsItem(kind, team, name, address, changed, added.day == changed.day)

    items: list[NewsItem] = []
    for entity in handbook.everything():
        name, address = checklists.name_of(handbook, entity), addresses.of(entity)
        if not isinstance(entity, AlertList):
            items.append(item(handbook.kind_of(entity), entity.team, name, address, entity.path))
    files: tuple[RuleFile | AlertList, ...] = (*handbook.rule_files, *handbook.all(AlertList))
    for file in files:
        page = KINDS["team"].address.replace("<id>", file.team)
        items.append(item("alerts", file.team, file.path.rpartition("/")[2], page, file.path))
    for path, guide in guides.items():
        items.append(item(PAGE, "", guide.title, guide.address, path, f"{path.removesuffix('.md')}.ja.md"))
    recent = (item for item in items if item.change.day >= since(handbook))
    return sorted(recent, key=lambda item: item.change, reverse=True)

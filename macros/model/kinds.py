"""KINDS: one row per kind of data. Everything else asks this table."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

from macros.model.alerts import AlertList
from macros.model.checklists import Checklist, TeamChecklist
from macros.model.glossary import Glossary, Term
from macros.model.journeys import Journey
from macros.model.organisation import Organisation, Service, Team
from macros.model.playbooks import Playbook, PlaybookTemplate
from macros.model.reading import Reading, ReadingPath, ReadingShelf
from macros.model.set_ups import CaseStudy, Chooser, Engagement, QuickWin, TeamType
from macros.model.values import FROM_PATH, Entity, Listed
from macros.model.workshops import Workshop


@dataclass(frozen=True)
class Kind:
    """A kind of data.

    `name` is what references, commands and checks call it. `shape` is its class. `file` is where its files
    are, under `data/`: `<team>` and `<id>` stand for one name each, `<own>` for one that is unique in its
    team only, `<file>` for one of any letters. `address` is where its pages are, with
    the same two; empty where it has none of its own, and `section` may say which part of a hand-written page
    shows it. `called` is its name for people where that differs in more than hyphens.
    """

    name: str
    shape: type[Entity]
    file: str
    address: str = ""
    called: str = ""
    section: str = ""

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.called or self.name.replace("-", " ")

    @property
    def index(self) -> str:
        """The page in `docs/` that its pages hang under."""
        return f"{self.address.partition('<')[0]}index.md"

    @property
    def has_id(self) -> bool:
        """Whether there is more than one of it, so that each has a name of its own."""
        return "<" in self.file

    def path(self, id: str, team: str) -> str:
        """The file of an entity with this id, of this team where it belongs to one; under `data/`."""
        own = self.file.replace("<team>", id if self.name == "team" else team)
        return own.replace("<id>", id).replace("<own>", id).replace("<file>", id)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The paths of its files, under `data/`."""
        named = re.sub("<(?:id|own)>", "(?P<id>[^/]+)", re.escape(self.file)).replace("<team>", "(?P<team>[^/]+)")
        return re.compile(named.replace(r"<file>\.yaml", r"(?P<id>[^/]+\.ya?ml)"))

    @property
    def is_unique(self) -> bool:
        """Whether an id stands for one of it in the whole handbook; else, in its team."""
        return "<own>" not in self.file and not self.is_mixed

    @property
    def in_team(self) -> bool:
        """Whether its files belong to a team."""
        return "<team>" in self.file

    @property
    def is_mixed(self) -> bool:
        """Whether files as another system reads them stand among its own: what is in a file tells which it is."""
        return "<file>" in self.file


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("organisation", Organisation, "organisation.yaml"),
        Kind("team-type", TeamType, "team-types/<id>.yaml", "team-types/<id>/"),
        Kind("chooser", Chooser, "chooser.yaml"),
        Kind("quick-win", QuickWin, "quick-wins/<id>.yaml", "quick-wins/<id>/"),
        Kind("case-study", CaseStudy, "case-studies/<id>.yaml", "team-types/case-studies/<id>/"),
        Kind("playbook-template", PlaybookTemplate, "playbook-templates/<id>.yaml", "playbooks/templates/<id>/"),
        Kind("checklist", Checklist, "checklists/<id>.yaml", "checklists/<id>/"),
        Kind("workshop", Workshop, "workshops/<id>.yaml", "workshops/<id>/"),
        Kind(
            "reading-shelf", ReadingShelf, "reading/<id>.yaml", "", "shelf of the reading list", "reading/#shelf-<id>"
        ),
        Kind("reading-path", ReadingPath, "reading-paths/<id>.yaml", "reading/paths/<id>/"),
        Kind("glossary", Glossary, "glossary.yaml", section="glossary/"),
        Kind("team", Team, "teams/<team>/team.yaml", "teams/<id>/"),
        Kind("service", Service, "teams/<team>/services/<id>.yaml", "services/<id>/"),
        Kind("playbook", Playbook, "teams/<team>/playbooks/<id>.yaml", "playbooks/<id>/"),
        Kind("alerts", AlertList, "teams/<team>/alerts/<file>.yaml", called="alerts of other systems"),
        Kind("journey", Journey, "teams/<team>/journeys/<id>.yaml", "journeys/<id>/"),
        Kind("team-checklist", TeamChecklist, "teams/<team>/checklists/<own>.yaml", called="checklist of a team"),
        Kind("engagement", Engagement, "teams/<team>/engagements/<id>.yaml", "teams/<team>/engagements/<id>/"),
    )
}

NAMES: dict[type[Entity | Listed], str] = {
    **{kind.shape: kind.name for kind in KINDS.values()},
    Reading: "reading",
    Term: "term",
}
"""What each class of entities is called, and of what stands in their lists."""

LISTED: dict[str, str] = {"reading": "reading-shelf", "term": "glossary"}
"""What has no file of its own, by the name that references call it: the kind whose files list it."""


class Placement(NamedTuple):
    """What a file is: its kind, the team in whose folder it stands, and its id within that.

    One that another system may have written is called by its whole name.
    """

    kind: Kind
    team: str
    name: str


@cache
def placed(path: str) -> Placement | None:
    """What the file at a path under `data/` is; None where no kind has files."""
    for kind in KINDS.values():
        found = kind.pattern.fullmatch(path)
        if found:
            names = found.groupdict()
            return Placement(kind, names.get("team", ""), names.get("id") or names.get("team") or kind.name)
    return None


def schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a kind's files, for editors."""
    shape = kind.shape.model_json_schema()
    shape["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    shape["properties"] = {name: value for name, value in shape["properties"].items() if name not in FROM_PATH}
    shape["required"] = [name for name in shape.get("required", ()) if name not in FROM_PATH]
    return shape

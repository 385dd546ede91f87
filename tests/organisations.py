"""Organisations of any size for measuring: the teams of some data again and again, under names of their own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

KEPT = ("alerts", "checklists")
"""Folders whose files keep their names: a rule file's says nothing, a checklist's is that of the shared one."""

NAME = re.compile(r"^name:(?: .+\n|\n(?:  (?:en|ja): .+\n)+)", re.MULTILINE)
ALIASES = re.compile(r"^aliases:.*\n(?:[ -].*\n)*", re.MULTILINE)
SET_UP = r"(?<! is: )(?<! has: )(?<!^type: )"
"""Not where a team type is named: one may have the id of a team."""

ALERT = re.compile(r"^\s*- (?:alert: (?:&\w+ )?\"?|name: (?=[A-Z]\w+$))(\w+)", re.MULTILINE)
"""An alert, in a rule file or in a list: groups of rules are in lower case."""


def write(data: Path, source: Path, teams: int) -> int:
    """Write an organisation of at least so many teams: the source's in whole rounds, since they refer to each other.

    What belongs to no team is there once. Returns how many teams there are.
    """
    shutil.copytree(source, data)
    files = [path for path in sorted((source / "teams").rglob("*.y*ml")) if not path.name.startswith(".")]
    own = {path.relative_to(source / "teams").parts[0] for path in files}
    ids = own | {path.stem for path in files if path.stem != "team" and path.parent.name not in KEPT}
    listing = [path.read_text(encoding="utf-8") for path in files if path.parent.name == "alerts"]
    alerts = {name for text in listing for name in ALERT.findall(text)}
    rounds = -(-teams // len(own))
    for round in range(2, rounds + 1):
        copy = Copy(f"unit{round}", ids, alerts)
        for path in files:
            team, *folders, _ = path.relative_to(source / "teams").parts
            stem = copy.id(path.stem) if path.stem in ids and path.parent.name not in KEPT else path.stem
            new = data.joinpath("teams", copy.id(team), *folders, stem + path.suffix)
            new.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(copy.text(path.read_text(encoding="utf-8")), encoding="utf-8")
    return rounds * len(own)


class Copy:
    """One more round of the teams, whose ids, alerts and names begin with the name of its `unit`."""

    def __init__(self, unit: str, ids: Collection[str], alerts: Iterable[str]) -> None:
        self._unit = unit
        # Alerts of an SLO are called after its journey, so a pattern for them is not among the alerts written down.
        camel = {"".join(part.capitalize() for part in id.split("-")) for id in ids}
        before, after = r"(?:(?<=: )|(?<=- )|(?<=, )|(?<=[\[\"|]))", r"(?=\s*(?:$|[,\]\"|}#]))"
        known = _any(ids)
        self._id = re.compile(f"{before}{SET_UP}({known}){after}|(?<=/playbooks/)({known})(?=/)", re.MULTILINE)
        self._alert = re.compile(rf"(?<![\w/-])({_any({*alerts, *camel})})(?=[A-Z*]|\b)(?![ -])")

    def id(self, id: str) -> str:
        return f"{self._unit}-{id}"

    def text(self, text: str) -> str:
        """A file of a team with references to its own round, and without the addresses that it once had."""
        named = renamed(text, self._unit.capitalize())
        referring = self._id.sub(lambda found: self.id(found[0]), named)
        return ALIASES.sub("", self._alert.sub(lambda found: f"{self._unit.capitalize()}{found[0]}", referring))


def renamed(text: str, word: str) -> str:
    """A file whose name begins with a further word, in each of its languages."""
    return NAME.sub(lambda name: re.sub(r"(?<=: )([\"']?)(?=[^\s{])", rf"\1{word} ", name[0]), text, count=1)


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))

"""EXPORTS: what machines read. One module per format; each makes one file per team that has something for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from macros.exports import openslo, prometheus
from macros.handbook import Handbook
from macros.model import Journey, Sli, Team


@dataclass(frozen=True)
class Export:
    """A format: its name, its name for people, and how a team's file is made (empty where it has nothing)."""

    name: str
    label: str
    make: Callable[[Handbook, Team], str]
    leaves_out: Callable[[Handbook, Team], Iterator[tuple[Journey, Sli]]]


EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (
        Export("prometheus", "Prometheus", prometheus.rules, prometheus.left_out),
        Export("openslo", "OpenSLO v1", openslo.objects, openslo.left_out),
    )
}


@dataclass(frozen=True)
class ExportFile:
    """A file of an export: its address from the root of the site, its text, and whose it is."""

    export: Export
    team: Team
    address: str
    text: str


def files(handbook: Handbook) -> Iterator[ExportFile]:
    """Every file of every export, by format and team."""
    for export in EXPORTS.values():
        for team in handbook.teams:
            text = export.make(handbook, team)
            if text:
                yield ExportFile(export, team, address(export.name, team), text)


def address(export: str, team: Team) -> str:
    """Where a team's file of an export is, from the root of the site."""
    return f"exports/{export}/{team.id}.yaml"

"""EXPORTS: what machines read. One module per format; each makes the files of a team that has something for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from macros.exports import alerting, document, openslo, prometheus
from macros.handbook.graph import Handbook
from macros.model.journeys import Journey, Sli
from macros.model.organisation import Team
from macros.text.problems import N_


@dataclass(frozen=True)
class Export:
    """A format.

    `name` is its folder, `label` its name for people. `make` gives a team's files: their texts by their
    names in that folder. `takes` says of an SLI whether it can be in them.
    """

    name: str
    label: str
    make: Callable[[Handbook, Team], Mapping[str, str]]
    takes: Callable[[Sli], bool]

    def leaves_out(self, handbook: Handbook, team: Team) -> Iterator[tuple[Journey, Sli]]:
        """The team's SLIs that an SLO names, but that could not be in its files."""
        return document.left_out(handbook, team, self.takes)


def _one_file(make: Callable[[Handbook, Team], str]) -> Callable[[Handbook, Team], Mapping[str, str]]:
    """The one file of a team, under the team's id; none where it is empty."""

    def files(handbook: Handbook, team: Team) -> Mapping[str, str]:
        text = make(handbook, team)
        return {f"{team.id}.yaml": text} if text else {}

    return files


EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (
        Export("prometheus", "Prometheus", _one_file(prometheus.rules), prometheus.takes),
        Export("openslo", "OpenSLO v1", _one_file(openslo.objects), openslo.takes),
        Export("alerts", N_("The team's own rules"), alerting.rule_files, lambda _: True),
    )
}


@dataclass(frozen=True)
class ExportFile:
    """A file of an export: its address from the root of the site, its text, and whose it is."""

    export: Export
    team: Team
    address: str
    text: str


def files(handbook: Handbook) -> tuple[ExportFile, ...]:
    """Every file of every export, by format and team."""
    return handbook.derived(_files)


def of(handbook: Handbook, team: Team) -> tuple[ExportFile, ...]:
    """The files of a team, by format."""
    return tuple(file for file in files(handbook) if file.team == team)


def left_out(handbook: Handbook, team: Team) -> tuple[tuple[Export, Journey, Sli], ...]:
    """The team's SLIs that an SLO names, each with the format whose files it could not be in."""
    return tuple(
        (export, journey, sli) for export in EXPORTS.values() for journey, sli in export.leaves_out(handbook, team)
    )


def _files(handbook: Handbook) -> tuple[ExportFile, ...]:
    return tuple(
        ExportFile(export, team, f"exports/{export.name}/{name}", text)
        for export in EXPORTS.values()
        for team in handbook.teams
        for name, text in export.make(handbook, team).items()
    )

"""EXPORTS: what machines read. One module per format; each makes the files of a team that has something for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from macros.exports import alerting, openslo, prometheus
from macros.handbook.graph import Handbook
from macros.model.journeys import Journey, Sli
from macros.model.organisation import Team
from macros.text.problems import N_


@dataclass(frozen=True)
class Export:
    """A format.

    `name` is its folder, `label` its name for people. `make` gives a team's files: their texts by their
    names in that folder. `leaves_out` gives the SLIs that could not be in them.
    """

    name: str
    label: str
    make: Callable[[Handbook, Team], Mapping[str, str]]
    leaves_out: Callable[[Handbook, Team], Iterator[tuple[Journey, Sli]]]


def _one_file(make: Callable[[Handbook, Team], str]) -> Callable[[Handbook, Team], Mapping[str, str]]:
    """The one file of a team, under the team's id; none where it is empty."""

    def files(handbook: Handbook, team: Team) -> Mapping[str, str]:
        text = make(handbook, team)
        return {f"{team.id}.yaml": text} if text else {}

    return files


EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (
        Export("prometheus", "Prometheus", _one_file(prometheus.rules), prometheus.left_out),
        Export("openslo", "OpenSLO v1", _one_file(openslo.objects), openslo.left_out),
        Export("alerts", N_("The team's own rules"), alerting.rule_files, alerting.left_out),
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


def _files(handbook: Handbook) -> tuple[ExportFile, ...]:
    return tuple(_made(handbook))


def _made(handbook: Handbook) -> Iterator[ExportFile]:
    for export in EXPORTS.values():
        for team in handbook.teams:
            for name, text in export.make(handbook, team).items():
                yield ExportFile(export, team, f"exports/{export.name}/{name}", text)

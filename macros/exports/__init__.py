"""EXPORTS: what machines read. One module per format makes the files of a team that has some."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from macros.exports import alerting, document, openslo, prometheus
from macros.handbook.graph import Handbook, derived
from macros.model.journeys import Journey, Sli
from macros.model.organisation import Team
from macros.text.problems import N_


class Export(NamedTuple):
    """A format.

    `name` is its folder, `label` its name for people. `make` gives a team's files by their names in that
    folder; `takes` says whether an SLI can be in them.
    """

    name: str
    label: str
    make: Callable[[Handbook, Team], Mapping[str, str]]
    takes: document.Takes


EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (
        Export("prometheus", "Prometheus", prometheus.rules, prometheus.takes),
        Export("openslo", "OpenSLO v1", openslo.objects, openslo.takes),
        Export("alerts", N_("The team's own rules"), alerting.rule_files, lambda _: True),
    )
}


class ExportFile(NamedTuple):
    """A file of an export: its address from the root of the site, its text, and whose it is."""

    export: Export
    team: Team
    address: str
    text: str


@derived
def files(handbook: Handbook) -> tuple[ExportFile, ...]:
    """Every file of every export, by format and team."""
    return tuple(
        ExportFile(export, team, f"exports/{export.name}/{name}", text)
        for export in EXPORTS.values()
        for team in handbook.teams
        for name, text in export.make(handbook, team).items()
    )


def of(handbook: Handbook, team: Team) -> tuple[ExportFile, ...]:
    """The files of a team, by format."""
    return tuple(file for file in files(handbook) if file.team.id == team.id)


def left_out(handbook: Handbook, team: Team) -> tuple[tuple[Export, Journey, Sli], ...]:
    """The team's SLIs that an SLO names, each with the format whose files it could not be in."""
    return tuple(
        (export, *found) for export in EXPORTS.values() for found in document.left_out(handbook, team, export.takes)
    )

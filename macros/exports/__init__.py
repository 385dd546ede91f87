"""EXPORTS: what machines read. One module per format makes the files of a team that has some."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from macros.exports import alertmanager, document, openslo, prometheus
from macros.exports.document import in_prometheus, of_team
from macros.handbook.graph import Handbook
from macros.model.journeys import Journey, Sli
from macros.model.organisation import Team
from macros.text.problems import N_


class Export(NamedTuple):
    """A format.

    `name` is its folder, `label` its name for people. `make` gives what writes a team's files, by their names in
    that folder, `make_whole` those of all teams; `takes` says of an SLI whether it can be in them.
    """

    name: str
    label: str
    make: Callable[[Handbook, Team], Mapping[str, document.Writing]]
    takes: document.Takes
    make_whole: Callable[[Handbook], Mapping[str, document.Writing]] = lambda _: {}


EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (
        Export("prometheus", "Prometheus", partial(of_team, prometheus.rules, in_prometheus), in_prometheus),
        # What can't be in a rule is told of Prometheus.
        Export("prometheus-rule", "PrometheusRule", prometheus.operator_files, lambda _: True),
        Export("openslo", "OpenSLO v1", partial(of_team, openslo.objects, openslo.takes), openslo.takes),
        Export("alerts", N_("The team's own rules"), prometheus.rule_files, lambda _: True),
        Export("alertmanager", "Alertmanager", lambda *_: {}, lambda _: True, alertmanager.files),
    )
}


class ExportFile(NamedTuple):
    """A file of an export: its address from the root of the site, the one team whose it is, and what writes it."""

    export: Export
    team: Team | None
    address: str
    write: document.Writing


def files(handbook: Handbook) -> Iterator[ExportFile]:
    """Every file of every export, by team and format, those of all teams last."""
    return (file for team in (*handbook.teams, None) for file in of(handbook, team))


def of(handbook: Handbook, team: Team | None) -> tuple[ExportFile, ...]:
    """The files of a team, or those of all teams, by format."""
    return tuple(
        ExportFile(export, team, f"exports/{export.name}/{name}", write)
        for export in EXPORTS.values()
        for name, write in (export.make(handbook, team) if team else export.make_whole(handbook)).items()
    )


def left_out(handbook: Handbook, team: Team) -> tuple[tuple[Export, Journey, Sli], ...]:
    """The team's SLIs that an SLO names, each with the format whose files it could not be in."""
    return tuple((each, *found) for each in EXPORTS.values() for found in document.left_out(handbook, team, each.takes))

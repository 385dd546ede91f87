"""INDEXES: the lists of what all teams have. One that is too long for a page has a row for each team instead.

Such a row leads to the team's own page, which then has what it has only in that list otherwise.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from macros import exports
from macros.gaps import checks, figures, next_steps
from macros.gaps.checks import translations
from macros.handbook import alerts, checklists, pain_points
from macros.handbook.graph import Handbook, grouped
from macros.text.problems import N_


class Index(NamedTuple):
    """A list of things, each of a team or behind what is of one; `section` of a team's page has the team's.

    With more than `most` of them a page would have 300 kB. A list `within` another one's page is long when that is.
    """

    label: str
    things: Callable[[Handbook], Iterable[Any]]
    section: str = ""
    most: int = 250
    within: str = ""

    def by_team(self, handbook: Handbook) -> Mapping[str, list[Any]]:
        """The things of each team by its id; under an empty one, what all teams share."""
        return grouped((figures.owner(thing), thing) for thing in self.things(handbook))


def of(handbook: Handbook, name: str, team: str) -> list[Any]:
    """What the index of this name has of a team; of an empty one, what all teams share."""
    return handbook.derived(INDEXES[name].by_team).get(team, [])


def is_long(handbook: Handbook, name: str) -> bool:
    """Whether the index of this name is too long for a page."""
    index = INDEXES[INDEXES[name].within or name]
    return sum(map(len, handbook.derived(index.by_team).values())) > index.most


def _each(of_team: Callable[..., Iterable[Any]]) -> Callable[[Handbook], Iterable[Any]]:
    return lambda handbook: ((team, thing) for team in handbook.teams for thing in of_team(handbook, team))


def _uncovered(handbook: Handbook) -> Iterable[Any]:
    return (alert for alert in alerts.known(handbook) if not alerts.is_answered(handbook, alert))


INDEXES: Mapping[str, Index] = {
    "team_table": Index(N_("Teams"), lambda handbook: handbook.teams),
    "service_table": Index(N_("Services"), lambda handbook: handbook.services, "services"),
    "requirement_table": Index(N_("Requirements"), Handbook.every_requirement, "services", 150),
    "journey_table": Index(N_("User journeys"), lambda handbook: handbook.journeys, "journeys"),
    "slo_table": Index(N_("SLOs"), Handbook.every_slo, "journeys", 200),
    "alert_table": Index(N_("Alerts"), alerts.known, "alerts"),
    "playbook_table": Index(N_("Playbooks"), lambda handbook: handbook.playbooks, "playbooks"),
    "checklist_table": Index(N_("Checklists"), _each(checklists.of), "checklists", 1500),
    "engagement_timeline": Index(N_("Engagements"), lambda handbook: handbook.engagements, "engagements"),
    "next_step_table": Index(N_("Next steps"), _each(next_steps.of), "next-steps"),
    "export_table": Index(N_("Machine-readable exports"), _each(exports.of), "exports", 900),
    "finding_table": Index(N_("Gaps"), lambda handbook: checks.run(handbook)[1], "missing", 90),
    "alert_coverage": Index(N_("Alerts without a playbook"), _uncovered, within="finding_table"),
    "pain_point_table": Index(N_("Open pain points"), pain_points.open_of, within="finding_table"),
    "missing_translations": Index(N_("Missing translations"), translations.missing_texts, within="finding_table"),
    "accepted_table": Index(N_("Accepted gaps"), checks.accepted, within="finding_table"),
}
"""By macro."""

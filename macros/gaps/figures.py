"""How far the handbook's line is closed: figures counted from the data."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from macros.gaps.check import Check
from macros.gaps.checks import journeys, organisation, playbooks
from macros.gaps.checks.alerts import paging_alert_without_playbook, playbook_that_no_alert_leads_to
from macros.handbook import alerts, site_map
from macros.handbook.alerts import Alert
from macros.handbook.graph import Handbook
from macros.model.alerts import Urgency
from macros.model.organisation import Coverage, Team
from macros.model.values import LANGUAGES, Entity, Location, Text
from macros.text.problems import N_, Message


class Figure(NamedTuple):
    """`done` of `total` things are as `label` says."""

    label: Message
    done: int
    total: int

    @property
    def share(self) -> float:
        """The fraction that is done, 0..1; 1 where there is nothing to do."""
        return self.done / self.total if self.total else 1.0


def figures(handbook: Handbook) -> tuple[Figure, ...]:
    """The coverage of a handbook, in the order of its line: teams, services, what is seen, translations."""
    teams, services, engagements = handbook.teams, handbook.services, handbook.engagements
    written, points = handbook.playbooks, handbook.every_pain_point()
    requirements = [service.non_functional_requirements for service in services]
    critical = [service for service in services if service.tier == organisation.CRITICAL_TIER]
    instrumented = [service.instrumentation for service in critical]
    well_seen = [seen and seen.metrics == seen.alerts == Coverage.GOOD for seen in instrumented]
    known = alerts.known(handbook)
    paging = [alert for alert in known if alert.pages]
    others = [alerts.playbooks_for(handbook, alert) for alert in known if not alert.pages]
    runbooks = [origin.runbook_url for alert in known for origin in alert.origins if origin.runbook_url]
    judged = [leads for url in runbooks if (leads := site_map.leads_somewhere(handbook, url)) is not None]

    def without_gap(label: str, things: Iterable[object], *checks: Check, **values: object) -> Figure:
        """How many of the things that the checks look at have no gap."""
        total = len(tuple(things))
        gaps = sum(len(tuple(check.find(handbook))) for check in checks)
        return Figure(Message(label, values), total - gaps, total)

    return (
        without_gap(N_("Teams with a mission"), teams, organisation.team_without_mission),
        _figure(N_("Teams with on-call"), [team.on_call for team in teams]),
        _figure(N_("Teams that review their dashboards together"), [team.dashboard_review for team in teams]),
        _figure(N_("Services with a non-functional requirement"), requirements),
        without_gap(N_("Measured requirements"), chain(*requirements), organisation.requirement_not_measured),
        _figure(N_("Tier-1 services with good metrics and alerts"), well_seen),
        without_gap(N_("Tier-1 services in a user journey"), critical, journeys.critical_service_in_no_journey),
        _figure(N_("Services in a user journey"), [handbook.journeys_through(service) for service in services]),
        without_gap(N_("Journeys with an SLO"), handbook.journeys, journeys.journey_without_slo),
        without_gap(N_("SLOs with a rationale"), handbook.every_slo(), journeys.slo_without_rationale),
        without_gap(N_("Paging alerts with a playbook"), paging, paging_alert_without_playbook),
        _figure(N_("Other alerts with a playbook"), others),
        _figure(N_("Runbook links to this handbook that lead to a page"), judged),
        without_gap(N_("Playbooks that say where to look and what to do"), written, playbooks.playbook_without_steps),
        without_gap(N_("Playbooks linked from an alert"), written, playbook_that_no_alert_leads_to),
        without_gap(
            N_("Playbooks that were drilled or used in the last {days} days"),
            written,
            playbooks.playbook_never_exercised,
            playbooks.playbook_not_exercised_lately,
            days=handbook.organisation.playbook_exercise_days,
        ),
        without_gap(N_("Pain points with evidence"), points, organisation.pain_point_without_evidence),
        _figure(N_("Engagements with a concrete goal"), [engagement.concrete_goals for engagement in engagements]),
        _figure(N_("Engagements with an exit criterion"), [engagement.exit_criteria for engagement in engagements]),
        *(translation(handbook, language) for language in LANGUAGES),
    )


def alert_counts(handbook: Handbook) -> Iterator[tuple[Team, Urgency | None, tuple[Alert, ...], int]]:
    """Of each team and urgency, what wakes somebody first: the alerts without a playbook, and how many there are."""
    for team in handbook.teams:
        for urgency, group in groupby(alerts.of(handbook, team), lambda alert: alert.urgency):
            found = tuple(group)
            yield (
                team,
                urgency,
                tuple(alert for alert in found if not alerts.playbooks_for(handbook, alert)),
                len(found),
            )


def translation(handbook: Handbook, language: str) -> Figure:
    """How many of the data's texts have words in `language`."""
    label = {"en": N_("Texts in English"), "ja": N_("Texts in Japanese")}[language]
    return _figure(label, [language not in text.missing() for _, _, text in handbook.every(Entity, Text)])


class MissingText(NamedTuple):
    """A text of the data that has no words in `language`. `team` is empty for content that all teams share."""

    entity: Entity
    team: str
    location: Location
    text: Text
    language: str
    line: int

    @property
    def key(self) -> str:
        """Where it stands in its file, as people write it: `steps[2].what`, counted from 0."""
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.location).lstrip(".")


def missing_texts(handbook: Handbook) -> tuple[MissingText, ...]:
    """Every text that has words in one language alone, by file and line."""
    found = [
        MissingText(entity, team.id if team else "", location, text, language, handbook.place(entity, location)[0])
        for entity, location, text in handbook.every(Entity, Text)
        for team in (handbook.team_of(entity),)
        for language in text.missing()
    ]
    return tuple(sorted(found, key=lambda text: (text.entity.path, text.line, text.key)))


def _figure(label: str, things: Sequence[object]) -> Figure:
    return Figure(Message(label), sum(map(bool, things)), len(things))

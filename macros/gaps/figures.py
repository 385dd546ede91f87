"""How far the handbook's line is closed: figures counted from the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from macros.handbook import alerts
from macros.handbook.alerts import Alert
from macros.handbook.graph import Handbook
from macros.model.alerts import Urgency
from macros.model.organisation import Coverage, Team
from macros.model.playbooks import Playbook
from macros.model.values import LANGUAGES, Entity, Location, Text, walk
from macros.text.problems import N_, Message


@dataclass(frozen=True)
class Figure:
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
    teams, services = handbook.teams, handbook.services
    critical = [service for service in services if service.tier == 1]
    needs = [requirement for _, _, requirement in handbook.every_requirement()]
    points = [point for _, _, point in handbook.every_pain_point()]
    known = alerts.known(handbook)
    runbooks = [origin.runbook_url for alert in known for origin in alert.origins if origin.runbook_url]
    judged = [alerts.leads_somewhere(handbook, url) for url in runbooks]
    return (
        _figure(N_("Teams with a mission"), [team.mission for team in teams]),
        _figure(N_("Teams with somebody on call"), [team.on_call for team in teams]),
        _figure(N_("Teams that look at their dashboards together"), [team.dashboard_review for team in teams]),
        _figure(
            N_("Services with a non-functional requirement"),
            [service.non_functional_requirements for service in services],
        ),
        _figure(
            N_("Requirements that are measured"),
            [need.measured and need.state.value != "not-measured" for need in needs],
        ),
        _figure(
            N_("Tier-1 services with good metrics and alerts"),
            [
                service.instrumentation
                and service.instrumentation.metrics == service.instrumentation.alerts == Coverage.GOOD
                for service in critical
            ],
        ),
        _figure(N_("Tier-1 services in a user journey"), [handbook.journeys_through(service) for service in critical]),
        _figure(N_("Services in a user journey"), [handbook.journeys_through(service) for service in services]),
        _figure(N_("Journeys with an SLO"), [journey.slos for journey in handbook.journeys]),
        _figure(N_("SLOs with a rationale"), [it.rationale for _, _, it in handbook.every_slo()]),
        _figure(
            N_("Alerts that wake somebody and have a playbook"),
            [alerts.playbooks_for(handbook, alert) for alert in known if alert.pages],
        ),
        _figure(
            N_("Other alerts with a playbook"),
            [alerts.playbooks_for(handbook, alert) for alert in known if not alert.pages],
        ),
        _figure(N_("Runbook addresses in this handbook that lead to a page"), [it for it in judged if it is not None]),
        _figure(N_("Playbooks that say where to look and what to do"), [it.is_usable for it in handbook.playbooks]),
        _figure(N_("Playbooks that an alert leads to"), [alerts.leading_to(handbook, it) for it in handbook.playbooks]),
        Figure(
            Message(
                N_("Playbooks that were drilled or used in the last {days} days"),
                {"days": handbook.organisation.playbook_exercise_days},
            ),
            sum(is_fresh(handbook, it) for it in handbook.playbooks),
            len(handbook.playbooks),
        ),
        _figure(N_("Pain points with evidence"), [point.evidence for point in points]),
        _figure(N_("Engagements with a concrete goal"), [it.concrete_goals for it in handbook.engagements]),
        _figure(N_("Engagements with an exit criterion"), [it.exit_criteria for it in handbook.engagements]),
        *(translation(handbook, language) for language in LANGUAGES),
    )


def is_fresh(handbook: Handbook, playbook: Playbook) -> bool:
    """Whether a playbook was drilled or used within the organisation's period."""
    last = playbook.last_exercised
    return last is not None and (handbook.today - last).days <= handbook.organisation.playbook_exercise_days


@dataclass(frozen=True)
class AlertCount:
    """How many alerts of a team have a playbook, of those with one urgency (None: neither page nor ticket)."""

    team: Team
    urgency: Urgency | None
    without: tuple[Alert, ...]
    total: int


def alert_counts(handbook: Handbook) -> tuple[AlertCount, ...]:
    """The alerts with and without a playbook, by team and urgency; what wakes somebody first."""
    return tuple(
        AlertCount(
            team, urgency, tuple(alert for alert in found if not alerts.playbooks_for(handbook, alert)), len(found)
        )
        for team in handbook.teams
        for urgency in (Urgency.PAGE, Urgency.TICKET, None)
        if (found := [it for it in alerts.alerts_of(handbook, team) if it.urgency is urgency])
    )


def translation(handbook: Handbook, language: str) -> Figure:
    """How many of the data's texts have words in `language`."""
    label = {"en": N_("Texts in English"), "ja": N_("Texts in Japanese")}[language]
    texts = [value for entity in handbook.everything() for _, value in walk(entity) if isinstance(value, Text)]
    return _figure(label, [language not in text.missing() for text in texts])


@dataclass(frozen=True)
class MissingText:
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
        return "".join(f"[{it}]" if isinstance(it, int) else f".{it}" for it in self.location).lstrip(".")

    @property
    def written(self) -> tuple[str, str]:
        """The words that are there, and their language."""
        return self.text.words(self.language)


def missing_texts(handbook: Handbook) -> tuple[MissingText, ...]:
    """Every text that has words in one language alone, by file and line."""
    found = [
        MissingText(entity, team.id if team else "", location, value, language, handbook.place(entity, location)[0])
        for entity in handbook.everything()
        for team in (handbook.team_of(entity),)
        for location, value in walk(entity)
        if isinstance(value, Text)
        for language in value.missing()
    ]
    return tuple(sorted(found, key=lambda it: (it.entity.path, it.line, it.key)))


def _figure(label: str, things: Sequence[object]) -> Figure:
    return Figure(Message(label), sum(map(bool, things)), len(things))

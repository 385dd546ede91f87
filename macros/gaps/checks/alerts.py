"""What is asked of alerts, and of the way from an alert to its playbook."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from macros.gaps.check import EVERYTHING, Area, Counted, Reason, Step, Task, gap
from macros.gaps.spots import Priority, Spot, Spots, at
from macros.handbook import addresses, alerts, playbooks, site_map
from macros.handbook.alerts import Alert, Origin
from macros.handbook.graph import Handbook, grouped
from macros.model.playbooks import Playbook
from macros.model.references import TeamRef
from macros.sources import near_names
from macros.sources.yaml_file import Position
from macros.text.problems import N_, Message

alert_gap = partial(gap, looks_at=EVERYTHING)
"""Makes a check of a function that looks at alerts: they stand in files of many kinds."""


@alert_gap(
    N_("{alert} pages and has no playbook: write down the first three steps"),
    Task(Reason.WAKES, 45, begins="playbook"),
    N_("It pages on-call without instructions"),
    N_("Write the playbook for {alert}: first steps, one diagnosis, one mitigation"),
    Step(Priority.HURTS),
    Counted(
        Area.ALERTS,
        N_("Paging alerts with a playbook"),
        lambda handbook: [alert for alert in alerts.known(handbook) if alert.pages],
        alerts.elsewhere,
    ),
)
def paging_alert_without_playbook(handbook: Handbook) -> Spots:
    """A paging alert without a playbook that says where to look and what to do, and without a runbook elsewhere."""
    unfinished = N_("{alert} pages, and “{name}” isn't finished: say where to look and what to do")
    for alert in alerts.known(handbook):
        if alert.pages and not alerts.is_answered(handbook, alert):
            spot = _at_alert(handbook, alert, (alert.origin.path, alert.origin.place))
            for playbook in alerts.answering(handbook, alert)[:1]:  # it is finished there
                place = handbook.place(playbook, playbooks.unfinished_at(handbook, playbook), key=True)
                spot = _at_alert(handbook, alert, (playbook.path, place), unfinished, name=playbook.name)
            yield replace(spot, page=addresses.go(alert.name))


def _origins(handbook: Handbook) -> Iterator[tuple[Alert, Origin]]:
    return ((alert, origin) for alert in alerts.known(handbook) for origin in alert.origins)


def _runbooks(handbook: Handbook) -> Iterator[tuple[Alert, Origin, bool]]:
    """The places of alerts that have a runbook in this handbook, and whether it is there."""
    for alert, origin in _origins(handbook):
        leads = site_map.leads_somewhere(handbook, origin.runbook_url) if origin.runbook_url else None
        if leads is not None:
            yield alert, origin, leads


@alert_gap(
    N_("{alert} links to {address}, which doesn't exist: write {right}, or delete the line"),
    Task(Reason.MISLEADS, 5, first=True),
    N_("From the alert, it leads to a missing page"),
    N_("Fix the runbook_url of {alert}"),
    counted=Counted(Area.ALERTS, N_("Runbook links to this handbook that lead to a page"), _runbooks),
)
def runbook_url_leads_nowhere(handbook: Handbook) -> Spots:
    """A rule whose `runbook_url` is an address in this handbook without a page."""
    for alert, origin, leads in _runbooks(handbook):
        if not leads:
            place = origin.path, origin.runbook_place
            right = alerts.runbook(handbook, *alert.key)
            yield _at_alert(handbook, alert, place, address=origin.runbook_url, right=right)


@alert_gap(
    N_("`{label}: {value}` ({count}) is neither page nor ticket: add it to `also_page`, `also_ticket` or `neither`"),
    Task(Reason.WAKES, 5, first=True),
    N_("Such alerts page no one here, and no playbook is asked for ({count})"),
)
def severity_that_paging_does_not_know(handbook: Handbook) -> Spots:
    """Rules whose label for paging has a value that the organisation says nothing of, or that have no such label."""
    without = N_("{alert} has no label `{label}`: say whether it pages (`{page}`) or opens a ticket (`{ticket}`)")
    paging = handbook.paging
    said = ((origin.severity, (alert, origin)) for alert, origin in _origins(handbook))
    for value, rules in grouped(said).items():
        if value is None or value in paging.known:
            continue
        meant = near_names.near(value, paging.known) if value else None
        values: dict[str, object] = {"label": paging.label, "value": value, "count": len(rules)}
        if value and not meant:
            yield Spot(handbook.organisation, ("paging",), values)
            continue
        for alert, origin in rules:
            words = N_("`{label}: {value}` of {alert} is neither page nor ticket") if meant else without
            place = origin.path, origin.place
            spot = _at_alert(handbook, alert, place, words, **values, page=paging.page, ticket=paging.ticket)
            yield replace(spot, hint=meant)


@alert_gap(
    N_("{alert} has the label `service: {id}`, and there is no such service"),
    Task(Reason.INCIDENT, 5, first=True),
    N_("Its page doesn't say who is hit, and the service's page doesn't list it"),
)
def alert_for_unknown_service(handbook: Handbook) -> Spots:
    """A rule whose label `service` names no service."""
    known = [service.id for service in handbook.services]
    for alert, origin in _origins(handbook):
        if origin.of_nothing:
            spot = _at_alert(handbook, alert, (origin.path, origin.place), id=origin.of_nothing)
            yield replace(spot, hint=near_names.near_or_known(origin.of_nothing, known))


def _at_alert(handbook: Handbook, alert: Alert, place: tuple[str, Position], words: str = "", **values: object) -> Spot:
    """A spot at a place of an alert: about its service where that is its team's own, else about the team."""
    service = alerts.service_of(handbook, alert)
    own = service if service and service.team == alert.team else handbook.team(TeamRef(alert.team))
    return Spot(own, (), {"alert": alert.name, **values}, words, place=place, alert=alert)


@alert_gap(
    N_("“{name}” has no alert that leads to it, so only those who know it find it: name its alerts"),
    Task(Reason.INCIDENT, 10, first=True),
    N_("At night, only those who know it find it"),
    counted=Counted(Area.PLAYBOOKS, N_("Playbooks linked from an alert"), lambda handbook: handbook.playbooks),
)
def playbook_that_no_alert_leads_to(handbook: Handbook) -> Spots:
    """A playbook that no alert of the handbook leads to."""
    misnamed = N_("there is no alert {alert}: fix the name, or add the rule file to the team's alerts/")
    for playbook in handbook.playbooks:
        if not alerts.leading_to(handbook, playbook):
            unknown = [pattern for _, pattern in _unknown(handbook, playbook)]
            yield at(playbook, "alerts", words=misnamed if unknown else "", alert=", ".join(unknown))


@alert_gap(
    N_("there is no alert {alert}"),
    Task(Reason.MISLEADS, 10, first=True),
    N_("No alert has that name, so none leads here"),
)
def playbook_for_unknown_alert(handbook: Handbook) -> Spots:
    """A playbook that names an alert that doesn't exist, beside alerts that do."""
    names = [alert.name for alert in alerts.known(handbook)]
    for playbook in handbook.playbooks:
        if alerts.leading_to(handbook, playbook):
            for position, pattern in _unknown(handbook, playbook):
                hint = near_names.near(pattern, names) or Message(N_("fix the name, or delete the line"))
                yield at(playbook, "alerts", position, hint=hint, alert=pattern)


def _unknown(handbook: Handbook, playbook: Playbook) -> Iterator[tuple[int, str]]:
    """The alerts that a playbook answers and that there are none of, with their numbers."""
    for position, pattern in enumerate(playbook.alerts):
        if not alerts.matching(handbook, pattern):
            yield position, pattern


@alert_gap(
    N_("`{pattern}` also matches {alert} of {team}: write more of the name, so that it matches only your own"),
    Task(Reason.MISLEADS, 10, first=True),
    N_("Unrelated alerts lead to it"),
)
def playbook_for_too_many_alerts(handbook: Handbook) -> Spots:
    """A playbook with a pattern that matches every alert, or another team's alert."""
    every = N_("`{pattern}` matches every alert: name those that this playbook is for")
    for playbook in handbook.playbooks:
        for position, pattern in enumerate(playbook.alerts):
            if pattern and not pattern.strip("*"):
                yield at(playbook, "alerts", position, words=every, pattern=pattern)
            elif "*" in pattern:
                found = alerts.matching(handbook, pattern)
                for alert in [alert for alert in found if alert.team != playbook.team][:1]:
                    team = handbook.team(TeamRef(alert.team)).name
                    yield at(playbook, "alerts", position, pattern=pattern, alert=alert.name, team=team)

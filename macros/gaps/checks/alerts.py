"""What is asked of alerts, and of the way from an alert to its playbook."""

from __future__ import annotations

from collections.abc import Iterator

from macros.handbook import alerts, site_map
from macros.handbook.alerts import Alert, Origin
from macros.handbook.graph import Handbook
from macros.model.organisation import Team
from macros.model.playbooks import Playbook
from macros.sources import near_names
from macros.sources.yaml_file import Position
from macros.text.problems import N_, Finding, Message


def paging_alert_without_playbook(handbook: Handbook) -> Iterator[Finding]:
    """An alert that wakes somebody and leads to no playbook that says where to look and what to do."""
    for alert in alerts.known(handbook):
        if alert.pages and not alerts.playbooks_for(handbook, alert):
            unfinished = alerts.answering(handbook, alert)
            message = (
                Message(
                    N_("{alert} wakes somebody, and “{name}” isn't finished: say where to look and what to do"),
                    {"alert": alert.name, "name": unfinished[0].name},
                )
                if unfinished
                else Message(
                    N_("{alert} wakes somebody and leads to no playbook: write the first three steps down"),
                    {"alert": alert.name},
                )
            )
            origin = next(it for it in alert.origins if it.urgency is alert.urgency)
            yield _finding(handbook, alert, origin, origin.place, "paging-alert-without-playbook", message)


def runbook_url_leads_nowhere(handbook: Handbook) -> Iterator[Finding]:
    """A rule whose `runbook_url` is an address of this handbook that has no page."""
    for alert in alerts.known(handbook):
        for origin in alert.origins:
            if origin.runbook_url and site_map.leads_somewhere(handbook, origin.runbook_url) is False:
                right = alerts.runbook(handbook, *alert.key)
                message = Message(
                    N_("{alert} leads to {address}, and there is no page: write {right}, or leave the line out"),
                    {"alert": alert.name, "address": origin.runbook_url, "right": right},
                )
                yield _finding(handbook, alert, origin, origin.runbook_place, "runbook-url-leads-nowhere", message)


def playbook_that_no_alert_leads_to(handbook: Handbook) -> Iterator[Finding]:
    """A playbook that no alert of the handbook leads to."""
    names = [alert.name for alert in alerts.known(handbook)]
    for playbook in handbook.playbooks:
        if not alerts.leading_to(handbook, playbook):
            unknown = [it for it in playbook.alerts if not any(alerts.matches(it, name) for name in names)]
            message = (
                Message(
                    N_("no alert is called {alert}: mend the name, or add the rule file to the team's alerts/"),
                    {"alert": ", ".join(unknown)},
                )
                if unknown
                else Message(
                    N_("no alert leads to “{name}”: people find it only if they know of it; name its alerts"),
                    {"name": playbook.name},
                )
            )
            yield handbook.finding(playbook, ("alerts",), "playbook-that-no-alert-leads-to", message)


def playbook_for_unknown_alert(handbook: Handbook) -> Iterator[Finding]:
    """A playbook that answers known alerts, and one besides that there is none of."""
    names = [alert.name for alert in alerts.known(handbook)]
    for playbook in handbook.playbooks:
        if not alerts.leading_to(handbook, playbook):
            continue
        for position, pattern in enumerate(playbook.alerts):
            if not any(alerts.matches(pattern, name) for name in names):
                message = Message(N_("no alert is called {alert}"), {"alert": pattern})
                hint = near_names.near(pattern, names) or Message(N_("mend the name, or delete the line"))
                message = near_names.with_hint(message, hint)
                yield handbook.finding(playbook, ("alerts", position), "playbook-for-unknown-alert", message)


def playbook_for_too_many_alerts(handbook: Handbook) -> Iterator[Finding]:
    """A playbook with a pattern that every alert fits, or one of another team."""
    for playbook in handbook.playbooks:
        for position, pattern in enumerate(playbook.alerts):
            message = _too_wide(handbook, playbook, pattern) if "*" in pattern else None
            if message is not None:
                yield handbook.finding(playbook, ("alerts", position), "playbook-for-too-many-alerts", message)


def _too_wide(handbook: Handbook, playbook: Playbook, pattern: str) -> Message | None:
    if not pattern.strip("*"):
        return Message(N_("every alert fits `{pattern}`: name those that this playbook is for"), {"pattern": pattern})
    for alert in alerts.known(handbook):
        if alert.team != playbook.team and alerts.matches(pattern, alert.name):
            team = handbook.get(Team, alert.team)
            return Message(
                N_("`{pattern}` also fits {alert} of {team}: write more of the name, so that it fits your own alone"),
                {"pattern": pattern, "alert": alert.name, "team": getattr(team, "name", alert.team)},
            )
    return None


def _finding(handbook: Handbook, alert: Alert, origin: Origin, place: Position, rule: str, message: Message) -> Finding:
    """A finding at a place of an alert: about its service where that is its team's own, else about the team."""
    service = alerts.service_of(handbook, alert)
    own = service is not None and service.team == alert.team
    kind, id = ("service", service.id) if service and own else ("team", alert.team)
    return Finding(origin.path, *place, rule, message, kind=kind, id=id, team=alert.team)


CHECKS = (
    paging_alert_without_playbook,
    runbook_url_leads_nowhere,
    playbook_that_no_alert_leads_to,
    playbook_for_unknown_alert,
    playbook_for_too_many_alerts,
)

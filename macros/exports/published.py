"""What the site publishes of alerts and playbooks at `/api/v1/alerts.json`, and how others' rules stand to it.

The page for addresses that don't exist reads it in the browser; a team's own CI reads it to check rules
that are not in the handbook. Fields may be added to it; none is renamed or taken away within `v1`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, NamedTuple

from macros.handbook import addresses, alerts, playbooks, site_map
from macros.handbook.graph import Handbook, grouped
from macros.model.alerts import Urgency
from macros.model.organisation import Paging
from macros.sources.prometheus import RUNBOOK, AlertingRule, RuleFile
from macros.text.problems import Finding, Message

ADDRESS = "api/v1/alerts.json"
VERSION = 1


@dataclass
class PublishedPlaybook:
    """What is published of a playbook: whose it is, the alerts that it answers, its whole address."""

    id: str
    name: str
    team: str
    alerts: tuple[str, ...]
    address: str
    usable: bool


class Published(NamedTuple):
    """What is published: `alerts` has the teams of each name, `pages` every address."""

    site_address: str
    language: str
    paging: Paging
    playbooks: tuple[PublishedPlaybook, ...]
    alerts: Mapping[str, Sequence[str]]
    pages: frozenset[str]

    def whole(self, address: str) -> str:
        """An address as others write it: whole, in the edition of the organisation's language."""
        return addresses.whole(self.site_address, self.language, address) or address


def document(handbook: Handbook) -> dict[str, Any]:
    """What is published of a handbook, as JSON has it."""
    organisation, language = handbook.organisation, handbook.organisation.language
    return {
        "version": VERSION,
        "site_address": organisation.site_address or "",
        "language": language,
        "paging": handbook.paging.model_dump(),
        "alerts": [
            {
                "name": alert.name,
                "team": alert.team,
                "urgency": alert.urgency.value if alert.urgency else None,
                "address": addresses.go(alert.name),
                "playbooks": [playbook.id for playbook in alerts.playbooks_for(handbook, alert)],
            }
            for alert in alerts.known(handbook)
        ],
        "playbooks": [
            {
                "id": playbook.id,
                "name": playbook.name.in_language(language),
                "team": playbook.team,
                "alerts": list(playbook.alerts),
                "address": addresses.of(playbook),
                "usable": playbooks.is_usable(handbook, playbook),
            }
            for playbook in handbook.playbooks
        ],
        "pages": sorted(site_map.known(handbook)),
    }


def read(value: Any) -> Published:
    """What a published document says. Raises `ValueError` where it is none of this version."""
    with suppress(KeyError, TypeError):
        if value["version"] == VERSION:
            playbooks = ({key: one[key] for key in PublishedPlaybook.__annotations__} for one in value["playbooks"])
            return Published(
                value["site_address"],
                value["language"],
                Paging.model_validate(value["paging"]),
                tuple(PublishedPlaybook(**own | {"alerts": tuple(own["alerts"])}) for own in playbooks),
                grouped((alert["name"], alert["team"]) for alert in value["alerts"]),
                frozenset(value["pages"]),
            )
    raise ValueError(f"not a handbook's {ADDRESS} of version {VERSION}")


class Standing(NamedTuple):
    """A rule: what it does when it fires, the playbooks that cover it, and what is to be done.

    `severity` is the value of its label for paging where the organisation says nothing of that; empty without a label.
    `elsewhere` is the address outside the handbook that it leads to where no playbook covers it, else empty.
    """

    file: RuleFile
    rule: AlertingRule
    team: str
    urgency: Urgency | None
    severity: str | None
    elsewhere: str
    playbooks: tuple[PublishedPlaybook, ...]
    findings: tuple[Finding, ...]


def standings(files: Iterable[RuleFile], published: Published, team: str = "") -> Iterator[Standing]:
    """How each alert of some rule files stands; without a `team`, a label or the path says whose they are."""
    usable = [playbook for playbook in published.playbooks if playbook.usable]
    teams = {playbook.team for playbook in published.playbooks}.union(*published.alerts.values())
    for file in files:
        # A file, or the nearest folder around it, may have the name of a team.
        path = PurePath(file.path)
        of_path = next((name for name in (path.stem, *(above.name for above in path.parents)) if name in teams), "")
        for rule in file.alerts:
            owner = team or rule.labels.get("team", "") or of_path
            having = published.alerts.get(rule.name, ())
            fitting = [own for own in usable if any(alerts.matches(pattern, rule.name) for pattern in own.alerts)]
            url = rule.annotations.get(RUNBOOK, "")
            asked = addresses.within(published.site_address, url)
            # Without a team, only what would answer it whosever it is.
            answering = alerts.covering(owner, rule.name, fitting, {owner, *having})
            led_to = (playbook for playbook in usable if playbook.address == asked)
            found = {playbook.id: playbook for playbook in (*answering, *led_to)}
            elsewhere = "" if found or not addresses.host_outside(published.site_address, url) else url
            urgency = alerts.urgency(published.paging, rule.labels)
            severity = rule.labels.get(published.paging.label, "")
            findings: list[Finding] = []
            asks = urgency is Urgency.PAGE and not found and not elsewhere
            if asks and fitting and not owner:
                words = "{alert} fits {playbooks}: say whose it is, with `--team`, a label `team` or the team's folder"
                ids = ", ".join(playbook.id for playbook in fitting)
                message = Message(words, alert=rule.name, playbooks=ids)
                findings.append(Finding(file.path, *rule.place, "alert-of-unknown-team", message, team=owner))
            elif asks:
                message = Message("{alert} pages and has no playbook: write one", alert=rule.name)
                findings.append(Finding(file.path, *rule.place, "paging-alert-without-playbook", message, team=owner))
            if asked is not None and asked not in published.pages:
                message = Message("{alert} links to {address}, which doesn't exist", alert=rule.name, address=url)
                place = rule.runbook_place
                findings.append(Finding(file.path, *place, "runbook-url-leads-nowhere", message, team=owner))
            unknown = None if severity in published.paging.known else severity
            yield Standing(file, rule, owner, urgency, unknown, elsewhere, tuple(found.values()), tuple(findings))

"""Every alert that the handbook knows: what it does when it fires, and where it leads.

An alert is known by its team and its name: two teams may each have one of the same name. It comes from a
Prometheus rule, from a list of another system's alerts, or from an SLO.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeVar
from urllib.parse import quote

from macros.handbook import addresses, names, slo
from macros.handbook.graph import Handbook, derived, grouped, look_up
from macros.handbook.playbooks import is_usable
from macros.model.alerts import AlertList, ExternalAlert, Urgency
from macros.model.journeys import Journey, Slo
from macros.model.organisation import Paging, Service
from macros.model.playbooks import Playbook
from macros.model.values import Text, Url
from macros.sources import prometheus
from macros.sources.yaml_file import Position


@dataclass(frozen=True)
class Origin:
    """A place where an alert is defined: one rule, one entry of a list, one kind of burn of an SLO.

    `system` is what sends it. `lasts` is how long the expression must hold, in Prometheus' writing.
    `runbook_url` is what the rule itself leads to, and `runbook_place` where that stands. `severity` is the value of
    a rule's label for paging, empty where it has none. `service` is the id of the service that it is about,
    `of_nothing` what a rule's label says in place of one. `no_data` is that an SLO's data is gone.
    """

    system: str
    path: str
    place: Position
    urgency: Urgency | None
    expression: str = ""
    lasts: str = ""
    summary: Text | str | None = None
    dashboard: str = ""
    link: Url | None = None
    runbook_url: str = ""
    runbook_place: Position = (1, 1)
    severity: str | None = None
    service: str = ""
    of_nothing: str = ""
    journey: Journey | None = None
    objective: Slo | None = None
    no_data: bool = False


class Alert(NamedTuple):
    """An alert of a team, with every place where it is defined."""

    name: str
    team: str
    origins: tuple[Origin, ...]

    @property
    def urgency(self) -> Urgency | None:
        """The most that it does: a page where one of its rules pages. None where it says neither."""
        found = {origin.urgency for origin in self.origins}
        return next((level for level in (Urgency.PAGE, Urgency.TICKET) if level in found), None)

    @property
    def pages(self) -> bool:
        """Whether it wakes somebody."""
        return self.urgency is Urgency.PAGE

    @property
    def origin(self) -> Origin:
        """The first place where it is defined as what it does at most."""
        return next(origin for origin in self.origins if origin.urgency is self.urgency)

    @property
    def key(self) -> tuple[str, str]:
        """Its team and its name."""
        return self.team, self.name


class Answering(Protocol):
    """What answers `alerts`, by names in which `*` stands for any letters: a playbook, or what is published of one."""

    team: str
    alerts: tuple[str, ...]


AnyAnswer = TypeVar("AnyAnswer", bound=Answering)


@derived
def known(handbook: Handbook) -> tuple[Alert, ...]:
    """Every alert, by name and team."""
    every = (*_of_rules(handbook), *_of_lists(handbook), *_of_slos(handbook))
    origins = grouped(((name.lower(), name, team), origin) for team, name, origin in every)
    return tuple(Alert(name, team, tuple(found)) for (_, name, team), found in sorted(origins.items()))


def by_name(handbook: Handbook) -> tuple[tuple[Alert, ...], ...]:
    """The alerts of one short address: those whose names are the same but for the letter case."""
    return tuple(tuple(group) for _, group in groupby(known(handbook), key=lambda alert: alert.name.lower()))


@look_up
def of(handbook: Handbook) -> Iterator[tuple[str, Alert]]:
    """The alerts of a team, those that wake somebody first."""
    order = {Urgency.PAGE: 0, Urgency.TICKET: 1, None: 2}
    return ((alert.team, alert) for alert in sorted(known(handbook), key=lambda alert: order[alert.urgency]))


def named(handbook: Handbook, team: str, name: str) -> tuple[Alert, ...]:
    """The team's alert of this name; where it has none, those of other teams."""
    found = tuple(alert for alert in matching(handbook, name) if alert.name == name)
    return tuple(alert for alert in found if alert.team == team) or found


def matching(handbook: Handbook, pattern: str) -> list[Alert]:
    """The alerts of all teams that a playbook which answers `pattern` may answer, by name and team."""
    return _matching(handbook)(pattern)


def answering(handbook: Handbook, alert: Alert) -> tuple[Playbook, ...]:
    """The playbooks that say that they answer an alert, or that it leads to; unfinished ones too."""
    return _answers(handbook).get(alert.key, ())


def playbooks_for(handbook: Handbook, alert: Alert) -> tuple[Playbook, ...]:
    """The playbooks that cover an alert: those that say where to look and what to do."""
    return tuple(playbook for playbook in answering(handbook, alert) if is_usable(handbook, playbook))


def outside(handbook: Handbook, alert: Alert) -> dict[str, str]:
    """The addresses outside the handbook that an alert's own rules lead to, with their hosts."""
    site = handbook.organisation.site_address
    hosts = {origin.runbook_url: addresses.host_outside(site, origin.runbook_url) for origin in alert.origins}
    return {url: host for url, host in hosts.items() if host}


def elsewhere(handbook: Handbook, alert: Alert) -> dict[str, str]:
    """The same where no playbook covers the alert: one that leads elsewhere is neither covered nor a gap."""
    return {} if playbooks_for(handbook, alert) else outside(handbook, alert)


def is_answered(handbook: Handbook, alert: Alert) -> bool:
    """Whether a playbook covers an alert, or its rule leads elsewhere."""
    return bool(playbooks_for(handbook, alert) or elsewhere(handbook, alert))


@look_up
def leading_to(handbook: Handbook) -> Iterator[tuple[str, Alert]]:
    """The alerts that a playbook answers, of whichever team."""
    return ((playbook.id, alert) for alert in known(handbook) for playbook in answering(handbook, alert))


def service_of(handbook: Handbook, alert: Alert) -> Service | None:
    """The service that an alert is about: what its label says, else what its playbook is about."""
    named = [handbook.get(Service, origin.service) for origin in alert.origins if origin.service]
    found = named + [handbook.service(playbook.service) for playbook in answering(handbook, alert)]
    return next((service for service in found if isinstance(service, Service)), None)


@look_up
def about(handbook: Handbook) -> Iterator[tuple[str, Alert]]:
    """The alerts about a service."""
    found = ((service_of(handbook, alert), alert) for alert in known(handbook))
    return ((service.id, alert) for service, alert in found if service)


def journeys_of(handbook: Handbook, alert: Alert) -> tuple[Journey, ...]:
    """The journeys that an alert is about: its SLO's, else what its playbooks say, else those through its service."""
    own = [origin.journey for origin in alert.origins if origin.journey]
    hit = [handbook.journey(id) for playbook in answering(handbook, alert) for id in playbook.hits]
    service = service_of(handbook, alert)
    found = own or hit or (handbook.journeys_through(service) if service else ())
    return tuple({journey.id: journey for journey in found}.values())


def runbook(
    handbook: Handbook,
    team: str,
    name: str,
    labels: Mapping[str, str] = MappingProxyType({}),
    *,
    has_others: bool = True,
) -> str:
    """What the `runbook_url` of a team's alert should be: its one playbook, else its short address.

    A whole address in the edition of the organisation's language; empty where the site has no address. Its query has
    the values of the variables of the alert's playbooks: of the `labels` that its rule sets, and where the result
    `has_others`, of those, as a template that Prometheus fills in.
    """
    found = [playbook for playbook in _answers(handbook).get((team, name), ()) if is_usable(handbook, playbook)]
    leads = len(found) == 1
    address = addresses.of(found[0]) if leads else addresses.go(name)
    whole = addresses.whole(handbook.organisation.site_address, handbook.organisation.language, address)
    values = "&".join(_values(found, labels, has_others))
    anchor = f"#{quote(addresses.from_alert(name))}" if leads else ""
    return f"{whole}{'?' if values else ''}{values}{anchor}" if whole else ""


def _values(playbooks: Iterable[Playbook], labels: Mapping[str, str], has_others: bool) -> Iterator[str]:
    for name in dict.fromkeys(variable.name for playbook in playbooks for variable in playbook.variables):
        if name not in labels and has_others:
            yield f"{name}={{{{ $labels.{name} | urlquery }}}}"
        elif "{{" not in labels.get(name, "{{"):  # what a rule's own label comes to can't be asked for
            yield f"{name}={quote(labels[name], safe='')}"


def urgency(paging: Paging, labels: Mapping[str, str]) -> Urgency | None:
    """What an alert with these labels does when it fires, by what the organisation says of its labels."""
    value = labels.get(paging.label)
    if value in (paging.page, *paging.also_page):
        return Urgency.PAGE
    return Urgency.TICKET if value in (paging.ticket, *paging.also_ticket) else None


def matches(pattern: str, name: str) -> bool:
    """Whether a playbook that answers `pattern` answers an alert; `*` stands for any letters, also for none."""
    return name == pattern if "*" not in pattern else _pattern(pattern).fullmatch(name) is not None


def covering(team: str, name: str, playbooks: Iterable[AnyAnswer], teams: Iterable[str]) -> Iterator[AnyAnswer]:
    """Which of the playbooks that match the name of an alert of `team` answer it; `teams` have one of this name.

    The team's own come first. Another team's answers where it has no alert of that name itself, and only
    where it gives the whole name: a pattern reaches no further than its own team.
    """
    found, having = list(playbooks), set(teams)
    own = [playbook for playbook in found if playbook.team == team]
    yield from own or (playbook for playbook in found if playbook.team not in having and name in playbook.alerts)


@lru_cache(1000)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.S)


@derived
def _answers(handbook: Handbook) -> dict[tuple[str, str], tuple[Playbook, ...]]:
    teams = grouped((alert.name, alert.team) for alert in known(handbook))
    by_address = {addresses.of(target, id): target for target in handbook.playbooks for id in ("", *target.aliases)}
    candidates: dict[str, dict[str, Playbook]] = defaultdict(dict)
    for playbook in handbook.playbooks:
        for pattern in playbook.alerts:
            for alert in matching(handbook, pattern):
                candidates[alert.name][playbook.id] = playbook
    playbooks: dict[tuple[str, str], tuple[Playbook, ...]] = {}
    for alert in known(handbook):
        found = [*covering(alert.team, alert.name, candidates[alert.name].values(), teams[alert.name])]
        asked = (addresses.within(handbook.organisation.site_address, origin.runbook_url) for origin in alert.origins)
        led_to = (by_address[address] for address in asked if address in by_address)
        playbooks[alert.key] = tuple({playbook.id: playbook for playbook in (*found, *led_to)}.values())
    return playbooks


@derived
def _matching(handbook: Handbook) -> Callable[[str], list[Alert]]:
    every = sorted(known(handbook), key=attrgetter("name"))

    @cache
    def found(pattern: str) -> list[Alert]:
        begin = pattern.partition("*")[0]
        start, end = (bisect_left(every, name, key=attrgetter("name")) for name in (begin, f"{begin}\U0010ffff"))
        fitting = (alert for alert in every[start:end] if matches(pattern, alert.name))
        return sorted(fitting, key=lambda alert: (alert.name.lower(), alert.name, alert.team))

    return found


def _of_rules(handbook: Handbook) -> Iterator[tuple[str, str, Origin]]:
    services = {id: service.id for service in handbook.services for id in (*service.aliases, service.id)}
    for file in handbook.rule_files:
        for rule in file.alerts:
            notes, named = rule.annotations, rule.labels.get("service", "")
            origin = Origin(
                system="Prometheus",
                path=file.path,
                place=rule.place,
                urgency=urgency(handbook.paging, rule.labels),
                expression=rule.expression,
                lasts=rule.lasts,
                summary=notes.get("summary") or notes.get("description"),
                dashboard=notes.get("dashboard_url") or notes.get("dashboard") or "",
                runbook_url=notes.get(prometheus.RUNBOOK, ""),
                runbook_place=rule.runbook_place,
                severity=rule.labels.get(handbook.paging.label, ""),
                service=services.get(named, ""),
                of_nothing="" if named in services else named,
            )
            yield file.team, rule.name, origin


def _of_lists(handbook: Handbook) -> Iterator[tuple[str, str, Origin]]:
    for listed, location, alert in handbook.every(AlertList, ExternalAlert):
        origin = Origin(
            system=listed.source,
            path=listed.path,
            place=handbook.place(listed, (*location, "name"), key=True),
            urgency=alert.urgency,
            summary=alert.summary,
            link=alert.link,
            service=alert.service or "",
        )
        yield listed.team, alert.name, origin


def _of_slos(handbook: Handbook) -> Iterator[tuple[str, str, Origin]]:
    """The alerts of the exported Prometheus rules, by the same conditions."""
    for journey, location, objective in handbook.every_slo():
        sli = journey.sli_of(objective)
        if sli is None or not sli.in_prometheus:
            continue
        rows = slo.firing(objective.target, slo.period_days(objective.period.days, handbook.today))
        service = names.service_of(handbook, journey, objective)
        lost = names.no_data_alert(journey, objective)
        made = {names.alert_name(journey, objective, pages=row.pages): row.pages for row in rows}
        if rows and sli.silent_without_data is None:
            made[lost] = False
        for name, pages in made.items():
            origin = Origin(
                system="SLO",
                path=journey.path,
                place=handbook.place(journey, location),
                urgency=Urgency.PAGE if pages else Urgency.TICKET,
                summary=objective.name,
                dashboard=objective.dashboard or "",
                service=service.id if service else "",
                journey=journey,
                objective=objective,
                no_data=name == lost,
            )
            yield journey.team, name, origin

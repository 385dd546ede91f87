"""Which pages the data makes: the address of each, what makes it, and from which files.

The build makes these pages, and whatever asks whether an address leads somewhere asks here.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from macros.handbook import addresses, alerts, checklists
from macros.handbook.graph import Handbook, derived
from macros.model.checklists import Checklist
from macros.model.kinds import KINDS


class PlannedPage(NamedTuple):
    """A page of each edition, at `address` from its root.

    `template` writes it with `values`; an old or a short address leads on to `leads_to` instead. `files` are
    those whose words it shows, the one to edit first. `parent` is the page in docs/ that it hangs under.
    """

    address: str
    files: tuple[str, ...]
    parent: str = ""
    template: str = ""
    values: Mapping[str, Any] = MappingProxyType({})
    leads_to: str = ""


@derived
def planned(handbook: Handbook) -> Mapping[str, PlannedPage]:
    """Every page that the data makes, by address."""
    return {page.address: page for route in ROUTES for page in route(handbook)}


@derived
def known(handbook: Handbook) -> frozenset[str]:
    """Every address that the site has; those of alerts in lower case, since they lead on in any."""
    found = {"", addresses.GO, *handbook.guides}
    for address in planned(handbook):
        found.add(address.lower() if address.startswith(addresses.GO) else address)
    return frozenset(found)


def leads_somewhere(handbook: Handbook, url: str) -> bool | None:
    """Whether a whole address is a page of this handbook; None where it isn't one of its site."""
    asked = addresses.within(handbook.organisation.site_address, url)
    return None if asked is None else asked in known(handbook)


def _of_entities(handbook: Handbook) -> Iterator[PlannedPage]:
    """A page for each entity whose kind has an address, and a way to it from its old ones."""
    for kind in KINDS.values():
        for entity in handbook.of_kind(kind.name) if kind.address else ():
            address = addresses.of(entity)
            for alias in entity.aliases:
                yield PlannedPage(addresses.of(entity, alias), (entity.path,), leads_to=address)
            files: tuple[str, ...] = (entity.path,)
            if isinstance(entity, Checklist):
                files = _each_once(entity.path, *checklists.sheet_of(handbook, entity).files)
            yield PlannedPage(address, files, kind.index, f"{kind.name}.html.j2", {kind.name.replace("-", "_"): entity})


def _of_workshops(handbook: Handbook) -> Iterator[PlannedPage]:
    """The sheets of each workshop, each a page of its own that is made for paper."""
    index = KINDS["workshop"].index
    for workshop in handbook.workshops:
        for sheet in workshop.sheets:
            address = addresses.below(workshop, sheet.value)
            template = f"sheets/{sheet.value}.html.j2"
            yield PlannedPage(address, (workshop.path,), index, template, {"workshop": workshop})


def _of_teams(handbook: Handbook) -> Iterator[PlannedPage]:
    """What someone on call needs, the team's checklists, and the binder with these and its playbooks."""
    index, lists = KINDS["team"].index, KINDS["checklist"].index
    for team in handbook.teams:
        values: dict[str, object] = {"team": team}
        yield PlannedPage(addresses.below(team, "on-call"), (team.path,), index, "on-call.html.j2", values)
        sheets = checklists.of(handbook, team)
        for sheet in sheets:
            address = addresses.team_checklist(team, sheet.id)
            files = _each_once(sheet.files[-1], *sheet.files)
            yield PlannedPage(address, files, lists, "checklist-sheet.html.j2", {"sheet": sheet})
            for alias in sheet.whole.aliases:
                yield PlannedPage(addresses.team_checklist(team, alias), files[:1], leads_to=address)
        if sheets:
            own = (playbook.path for playbook in handbook.playbooks_of(team))
            files = _each_once(team.path, *(file for sheet in sheets for file in sheet.files), *own)
            values = {**values, "sheets": sheets}
            yield PlannedPage(addresses.below(team, "binder"), files, index, "binder.html.j2", values)


def _of_alerts(handbook: Handbook) -> Iterator[PlannedPage]:
    """The short address of each alert, in its own letter case and in lower case.

    It leads to what the alert's playbook says of it. Where alerts of one name have none, or several, its page says what
    is known. Both cases are the same page: on a file system that takes them for one, nothing changes.
    """
    for group in alerts.by_name(handbook):
        names = {name for alert in group for name in (alert.name, alert.name.lower())}
        covering = [alerts.playbooks_for(handbook, alert) for alert in group]
        files = _each_once(*(origin.path for alert in group for origin in alert.origins))
        targets = {addresses.of(playbook) for playbooks in covering for playbook in playbooks}
        target = targets.pop() if len(targets) == 1 and all(covering) else ""
        own = {addresses.go(alert.name): alert.name for alert in group}
        for address in sorted(map(addresses.go, names)):
            if target:
                anchor = addresses.from_alert(own.get(address, group[0].name))
                yield PlannedPage(address, files[:1], leads_to=f"{target}#{anchor}")
            else:
                yield PlannedPage(address, files, addresses.GO_INDEX, "alert.html.j2", {"group": group})


def _of_kinds(handbook: Handbook) -> Iterator[PlannedPage]:
    """The keys of each kind, below the page in docs/ that lists the kinds, where that is there."""
    for kind in KINDS.values() if addresses.DATA in handbook.guides else ():
        model = f"{kind.shape.__module__.replace('.', '/')}.py"
        yield PlannedPage(addresses.of_kind(kind), (model,), "contribute/data.md", "kind.html.j2", {"kind": kind})


def _each_once(*files: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(files))


ROUTES = (_of_entities, _of_workshops, _of_teams, _of_alerts, _of_kinds)

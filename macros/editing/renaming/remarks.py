"""What a renaming or a move leaves behind, since no file of the handbook can follow it, or none does by itself."""

import posixpath
import re
import shlex
from collections.abc import Iterator

from macros.editing.renaming.edited_files import EditedFiles
from macros.editing.renaming.links import SECTIONS, addresses_in
from macros.handbook import addresses, alerts, names, site_map
from macros.handbook.graph import Handbook
from macros.model.organisation import Service
from macros.model.values import Entity, Text


def remarks(before: Handbook, after: Handbook) -> tuple[str, ...]:
    """What no file of the handbook can follow: addresses that are lost, and what others keep."""
    kinds = (_lost_addresses, _old_addresses, _changed_exports)
    return tuple(remark for kind in kinds for remark in kind(before, after))


def left_over(files: EditedFiles, kind: str, old: str, entity: Entity | None) -> Iterator[str]:
    """What is lost with the id `old`, and the names, and labels of alerts, that go on with it, by file and line.
    `entity` is what is renamed, None for what stands in a list."""
    if kind in SECTIONS:
        yield f"/{SECTIONS[kind].replace('<id>', old)} leads to the top of its page"
    if entity is None:
        return
    moved = {files.path_of(before): files.path_of(after) for before, after in files.moves.items()}
    word = rf"(?<![a-z0-9]){'[-_ ]?'.join(old.split('-'))}(?![a-z0-9])"
    name: Text | None = getattr(entity, "name", None)
    if name and re.search(word, f"{name.en} {name.ja}", re.I):
        place = f"{moved[entity.path]}:{files.handbook.place(entity, ('name',))[0]}"
        yield f"{place}: the name that readers see stays as it is"
    keeps = re.compile(rf"\b(?:name: .*{word}|{kind}: *['\"]?{old}(?![a-z0-9-]))", re.I)
    for rules in files.handbook.rule_files:
        path = moved.get(rules.path, rules.path)
        for number, line in enumerate(files.body(files.file_of(rules.path)).splitlines(), 1):
            if keeps.search(line):
                yield f"{path}:{number}: `{line.strip()}` stays as it is; change it with the monitoring"


def left_with_team(handbook: Handbook, service: Service, team: str) -> Iterator[str]:
    """What is about a service and stays with its team as the service moves to another `team`, by path."""
    kinds = ("playbook", "journey")
    about = [(kind, entity) for kind in kinds for entity in handbook.referring(kind, service)]
    stays = {entity.path: (kind, entity.id) for kind, entity in about if entity.team == service.team}
    mixed = set()
    for alert in (alert for alert in alerts.known(handbook) if alert.team == service.team):
        found = alerts.service_of(handbook, alert)
        for origin in alert.origins:
            if (origin.service or (found and found.id)) == service.id:
                stays.setdefault(origin.path, ("alerts", f"{alert.team}/{posixpath.basename(origin.path)}"))
            else:
                mixed.add(origin.path)
    for path, (kind, id) in sorted(stays.items()):
        command = f"`{shlex.join(['move', kind, id, '--team', team])}` takes it along"
        to_do = f"move the alerts about `{service.id}` by hand" if kind == "alerts" and path in mixed else command
        yield f"{path}: stays with `{service.team}`, whose on-call still answers for `{service.id}`; {to_do}"


def _lost_addresses(before: Handbook, after: Handbook) -> Iterator[str]:
    for address in sorted(site_map.known(before) - site_map.known(after)):
        if not address.startswith(addresses.GO):  # its alert is told of
            yield f"/{address} no longer exists"


def _pages(handbook: Handbook) -> frozenset[str]:
    """The addresses that are no way to another one."""
    old = (it.address for it in site_map.planned(handbook).values() if it.leads_to)
    return site_map.known(handbook).difference(it for it in old if not it.startswith(addresses.GO))


def _old_addresses(before: Handbook, after: Handbook) -> Iterator[str]:
    """Whole addresses in the data, of alerts above all: they are others' to change, or are there for good."""
    gone = _pages(before) - _pages(after)
    data = ((entity.path, after.place(entity, location), url) for entity, location, url in addresses_in(after))
    origins = (origin for alert in alerts.known(after) for origin in alert.origins)
    rules = ((origin.path, origin.runbook_place, origin.runbook_url) for origin in origins)
    for path, (line, column), url in dict.fromkeys((*data, *rules)):
        if addresses.within(after.organisation.site_address, url) in gone:
            redirected = site_map.leads_somewhere(after, url)
            leads = "a redirect leads from there" if redirected else "it is broken now; fix it"
            yield f"{path}:{line}:{column}: {url} stays as it is: {leads}"


def _changed_exports(before: Handbook, after: Handbook) -> Iterator[str]:
    """Names in the exports: dashboards and silences hold on to them."""
    called = [
        {alert.name for alert in alerts.known(handbook) if any(origin.journey for origin in alert.origins)}
        for handbook in (before, after)
    ]
    for name in sorted(called[0] - called[1]):
        yield f"the alert {name} and its /go/ address no longer exist; silences need the new name"
    labels = [
        {pair for journey, _, slo in handbook.every_slo() for pair in names.labels(handbook, journey, slo).items()}
        for handbook in (before, after)
    ]
    for label, value in sorted(labels[0] - labels[1]):
        yield f"no exported rule has the label {label}={value} any more; use the new one where it is selected"

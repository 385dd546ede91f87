"""What a renaming or a move leaves behind, since no file of the handbook can follow it, or none does by itself."""

import re
from collections.abc import Iterator

from macros.editing.renaming.edited_files import EditedFiles
from macros.editing.renaming.links import SECTIONS
from macros.handbook import addresses, alerts, names, site_map
from macros.handbook.graph import Handbook
from macros.model.organisation import Service
from macros.model.values import Entity


def remarks(before: Handbook, after: Handbook) -> tuple[str, ...]:
    """What no file of the handbook can follow: addresses that are lost, and what others keep."""
    return (*_lost_addresses(before, after), *_changed_exports(before, after))


def left_over(files: EditedFiles, kind: str, old: str, entity: Entity | None) -> Iterator[str]:
    """What is lost with the id `old`, and the names and labels in rule files that go on with it, by file and line.
    `entity` is what is renamed, None for what stands in a list."""
    if kind in SECTIONS:
        yield f"/{SECTIONS[kind].replace('<id>', old)} leads to the top of its page"
    if entity is None:
        return
    moved = {files.path_of(before): files.path_of(after) for before, after in files.moves.items()}
    word = rf"(?<![a-z0-9]){'[-_ ]?'.join(old.split('-'))}(?![a-z0-9])"
    keeps = re.compile(rf"\b(?:name: .*{word}|{kind}: *['\"]?{old}(?![a-z0-9-]))", re.I)
    for rules in files.handbook.rule_files:
        path = moved.get(rules.path, rules.path)
        for number, line in enumerate(files.body(files.file_of(rules.path)).splitlines(), 1):
            if keeps.search(line):
                yield f"{path}:{number}: `{line.strip()}` stays as it is; change it with the monitoring"


def left_with_team(handbook: Handbook, service: Service) -> Iterator[str]:
    """What is about a service and stays with its team as the service moves to another one, by path."""
    about = (entity for kind in ("playbook", "journey") for entity in handbook.referring(kind, service))
    stays = {entity.path for entity in about if entity.team == service.team}
    for alert in (alert for alert in alerts.known(handbook) if alert.team == service.team):
        found = alerts.service_of(handbook, alert)
        stays |= {origin.path for origin in alert.origins if (origin.service or (found and found.id)) == service.id}
    for path in sorted(stays):
        yield f"{path}: stays with `{service.team}`, whose on-call still answers for `{service.id}`; move it, too"


def _lost_addresses(before: Handbook, after: Handbook) -> Iterator[str]:
    for address in sorted(site_map.known(before) - site_map.known(after)):
        if not address.startswith(addresses.GO):  # its alert is told of
            yield f"/{address} no longer exists"


def _changed_exports(before: Handbook, after: Handbook) -> Iterator[str]:
    """Names in the exports: dashboards and silences hold on to them."""
    called = [
        {alert.name for alert in alerts.known(handbook) if any(origin.journey for origin in alert.origins)}
        for handbook in (before, after)
    ]
    for name in sorted(called[0] - called[1]):
        yield f"the alert {name} and its /go/ address no longer exist; playbooks and silences need the new name"
    labels = [
        {pair for journey, _, slo in handbook.every_slo() for pair in names.labels(handbook, journey, slo).items()}
        for handbook in (before, after)
    ]
    for label, value in sorted(labels[0] - labels[1]):
        yield f"no exported rule has the label {label}={value} any more; use the new one where it is selected"

"""What a renaming leaves behind, since no file of the handbook can follow it."""

from collections.abc import Iterator

from macros.editing.renaming.links import ANCHORS
from macros.handbook import addresses, alerts, checklists, names, site_map
from macros.handbook.graph import Handbook
from macros.model.kinds import KINDS, LISTED
from macros.model.values import LANGUAGES, Markdown, Url, listed, walk
from macros.sources import prometheus, yaml_file
from macros.text import markdown


def remarks(before: Handbook, after: Handbook) -> tuple[str, ...]:
    """What no file of the handbook can follow: addresses and ticks that are lost, and what others keep."""
    kinds = (_lost_addresses, _lost_anchors, _old_addresses, _lost_ticks, _changed_exports)
    return tuple(remark for kind in kinds for remark in kind(before, after))


def _lost_addresses(before: Handbook, after: Handbook) -> Iterator[str]:
    for address in sorted(site_map.known(before) - site_map.known(after)):
        if not address.startswith(addresses.GO):  # its alert is told of
            yield f"/{address} leads nowhere any more"


def _pages(handbook: Handbook) -> frozenset[str]:
    """The addresses that are no way to another one."""
    old = (it.address for it in site_map.planned(handbook).values() if it.leads_to)
    return site_map.known(handbook).difference(it for it in old if not it.startswith(addresses.GO))


def _ids(handbook: Handbook, kind: str) -> set[str]:
    if kind in LISTED:
        return {item.id for holder in handbook.of_kind(LISTED[kind]) for _, item in listed(holder)}
    return {entity.id for entity in handbook.of_kind(kind)}


def _lost_anchors(before: Handbook, after: Handbook) -> Iterator[str]:
    for kind, anchor in ANCHORS.items():
        for id in sorted(_ids(before, kind) - _ids(after, kind)):
            page = KINDS[LISTED.get(kind, kind)].section.partition("#")[0]
            yield f"/{page}#{anchor.format(id)} leads to the top of its page"
            if kind == "reading":
                yield f"what readers marked as read under `{id}` counts as unread again"


def _old_addresses(before: Handbook, after: Handbook) -> Iterator[str]:
    """Whole addresses in the data, of alerts above all: they are others' to change, or are there for good."""
    gone = _pages(before) - _pages(after)
    served = site_map.known(after)
    site = after.organisation.site_address
    for path, (line, column), url in _whole_addresses(after):
        address = addresses.within(site, url)
        if address in gone:
            leads = "a redirect leads on from there" if address in served else "it leads nowhere any more; mend it"
            yield f"{path}:{line}:{column}: {url} stays as it is: {leads}"


def _whole_addresses(handbook: Handbook) -> Iterator[tuple[str, yaml_file.Position, str]]:
    for entity in handbook.everything():
        for location, value in walk(entity):
            texts = [getattr(value, language) or "" for language in LANGUAGES] if isinstance(value, Markdown) else []
            targets = [target for text in texts for target in markdown.link_targets(text)]
            for url in [value] if isinstance(value, Url) else dict.fromkeys(targets):
                yield entity.path, handbook.place(entity, location), url
    for file in handbook.rule_files:
        for rule in file.alerts:
            if rule.annotations.get(prometheus.RUNBOOK):
                yield file.path, rule.runbook_place, rule.annotations[prometheus.RUNBOOK]


def _lost_ticks(before: Handbook, after: Handbook) -> Iterator[str]:
    known = {
        f"{team.id}/{id}" for team in after.teams for it in checklists.of(after, team) for id in (it.id, *it.aliases)
    }
    for team in before.teams:
        for sheet in checklists.of(before, team):
            if sheet.key not in known:
                yield f"what readers ticked on the checklist {sheet.key} stays under that name"


def _changed_exports(before: Handbook, after: Handbook) -> Iterator[str]:
    """Names in the exports: dashboards and silences hold on to them."""
    called = [
        {alert.name for alert in alerts.known(handbook) if any(origin.journey for origin in alert.origins)}
        for handbook in (before, after)
    ]
    for name in sorted(called[0] - called[1]):
        yield f"no alert is called {name} any more, and its /go/ address is gone; silences need the new name"
    labels = [
        {pair for journey, _, slo in handbook.every_slo() for pair in names.labels(handbook, journey, slo).items()}
        for handbook in (before, after)
    ]
    for label, value in sorted(labels[0] - labels[1]):
        yield f"no exported rule has the label {label}={value} any more; what selects by it needs the new one"

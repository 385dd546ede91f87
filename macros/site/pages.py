"""Which pages the data makes: one per entity, and ROUTES for the rest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from macros import exports
from macros.exports import calendar_feed, published
from macros.handbook import addresses, alerts, checklists
from macros.model.checklists import Checklist
from macros.model.kinds import KINDS
from macros.site import content_security
from macros.site.render import Edition, fault, relative, shown_template
from macros.text import markdown
from macros.text.problems import DataError, Problem


@dataclass(frozen=True)
class GeneratedPage:
    """A generated page or file.

    `uri` is its place as if it stood in docs/ (`teams/ai/index.md`), `text` its content, `source` the data
    file that it comes from, `parent` the uri of the page in the navigation that it hangs under. `more` are the
    other files whose words it shows, where it is composed of several.
    """

    uri: str
    text: str
    source: str
    parent: str
    more: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Every file whose words it shows."""
        return (self.source, *self.more)


def pages(edition: Edition) -> tuple[GeneratedPage, ...]:
    """Every page that the data makes, by uri. Raises `DataError` with every fault in the templates."""
    made: dict[str, GeneratedPage] = {}
    faults: list[Problem] = []
    for route in (entity_pages, *ROUTES):
        try:
            for page in route(edition):
                made.setdefault(page.uri, page)
        except DataError as error:
            faults += error.problems
    if faults:
        raise DataError(faults)
    return tuple(made[uri] for uri in sorted(made))


@dataclass(frozen=True)
class _Draft:
    """A page to render: its address, its template with the values in it, its data file and its parent's uri."""

    address: str
    template: str
    values: dict[str, Any]
    source: str
    parent: str
    files: Sequence[str] = ()


def _rendered(edition: Edition, drafts: Iterable[_Draft]) -> Iterator[GeneratedPage]:
    """The pages, and then every fault in their templates at once."""
    faults: list[Problem] = []
    for draft in drafts:
        try:
            text = edition.render(draft.template, draft.address, **draft.values)
        except Exception as error:
            problem = fault(error, shown_template)
            if problem is None:
                raise
            faults.append(problem)
            continue
        more = dict.fromkeys(file for file in draft.files if file != draft.source)
        yield GeneratedPage(f"{draft.address}index.md", text, draft.source, draft.parent, tuple(more))
    if faults:
        raise DataError(faults)


def entity_pages(edition: Edition) -> Iterator[GeneratedPage]:
    """One page for each entity of each kind that has an address."""
    return _rendered(
        edition,
        (
            _Draft(
                addresses.of(entity),
                kind.template,
                {kind.variable: entity},
                entity.path,
                kind.index,
                checklists.shared_sheet(edition.handbook, entity).files if isinstance(entity, Checklist) else (),
            )
            for kind in KINDS.values()
            for entity in (edition.handbook.of_kind(kind.name) if kind.address else ())
        ),
    )


def redirects(edition: Edition) -> Iterator[GeneratedPage]:
    """A page at each old address of an entity, which leads to the new one."""
    for kind in KINDS.values():
        for entity in edition.handbook.of_kind(kind.name) if kind.address else ():
            for alias in entity.aliases:
                old, new = addresses.of(entity, alias), addresses.of(entity)
                yield _redirect(edition, old, new, entity.path)


def _redirect(edition: Edition, old: str, new: str, source: str) -> GeneratedPage:
    """A page at the address `old` that leads to `new`, also without JavaScript."""
    way = markdown.escape(quote(relative(old, new)))
    policy = content_security.meta(edition.policy)
    return GeneratedPage(
        f"{old}index.html", _REDIRECT.format(language=edition.language, policy=policy, way=way), source, ""
    )


def export_files(edition: Edition) -> Iterator[GeneratedPage]:
    """What machines read. It has no language, and so is made with the English edition alone."""
    if edition.language == "en":
        for file in exports.files(edition.handbook):
            yield GeneratedPage(file.address, file.text, f"data/teams/{file.team.id}", "")
        document = json.dumps(published.document(edition.handbook), ensure_ascii=False)
        yield GeneratedPage(published.ADDRESS, document, edition.handbook.organisation.path, "")


def robots(edition: Edition) -> Iterator[GeneratedPage]:
    """What search engines may read: nothing, unless the organisation says so. A host has one such file."""
    organisation = edition.handbook.organisation
    if edition.language != "en":
        return
    lines = ["User-agent: *", "Allow: /" if organisation.public else "Disallow: /"]
    if organisation.public and organisation.site_address:
        maps = (addresses.whole(organisation.site_address, it, "sitemap.xml") for it in edition.editions or ("en",))
        lines += [f"Sitemap: {it}" for it in maps]
    yield GeneratedPage("robots.txt", "".join(f"{line}\n" for line in lines), organisation.path, "")


def calendar_feeds(edition: Edition) -> Iterator[GeneratedPage]:
    """Calendars of what is due, in the language of the edition: one of all teams, and each team's own."""
    for feed in calendar_feed.feeds(edition.handbook, edition.language):
        yield GeneratedPage(feed.address, feed.text, feed.source, "")


def workshop_sheets(edition: Edition) -> Iterator[GeneratedPage]:
    """The sheets of each workshop, each a page of its own that is made for paper."""
    index = KINDS["workshop"].index
    return _rendered(
        edition,
        (
            _Draft(
                f"{addresses.of(workshop)}{sheet.value}/",
                f"sheets/{sheet.value}.md.j2",
                {"workshop": workshop},
                workshop.path,
                index,
            )
            for workshop in edition.handbook.workshops
            for sheet in workshop.sheets
        ),
    )


def on_call_pages(edition: Edition) -> Iterator[GeneratedPage]:
    """What someone on call for a team needs, on one screen."""
    index = KINDS["team"].index
    return _rendered(
        edition,
        (
            _Draft(f"{addresses.of(team)}{addresses.ON_CALL}", "on-call.md.j2", {"team": team}, team.path, index)
            for team in edition.handbook.teams
        ),
    )


def team_checklists(edition: Edition) -> Iterator[GeneratedPage]:
    """The checklists of each team, filled in from its data, and a way to each from its old addresses."""
    index = KINDS["checklist"].index
    drafts: list[_Draft] = []
    for team in edition.handbook.teams:
        for sheet in checklists.sheets_of(edition.handbook, team):
            address = addresses.team_checklist(team, sheet.id)
            for alias in sheet.aliases:
                yield _redirect(edition, addresses.team_checklist(team, alias), address, sheet.files[-1])
            values = {"sheet": sheet}
            drafts.append(_Draft(address, "checklist-sheet.md.j2", values, sheet.files[-1], index, sheet.files))
    yield from _rendered(edition, drafts)


def binders(edition: Edition) -> Iterator[GeneratedPage]:
    """What a newcomer to a team gets on paper: the team in short, and all its checklists."""
    index = KINDS["team"].index
    drafts = [
        _Draft(
            addresses.binder(team),
            "binder.md.j2",
            {"team": team, "sheets": sheets},
            team.path,
            index,
            [file for sheet in sheets for file in sheet.files],
        )
        for team in edition.handbook.teams
        if (sheets := checklists.sheets_of(edition.handbook, team))
    ]
    return _rendered(edition, drafts)


def short_addresses(edition: Edition) -> Iterator[GeneratedPage]:
    """The short address of each alert, in its own letter case and in lower case.

    It leads to the alert's playbook. Where there is none, or where several alerts of one name have
    several, it says what is known. Both cases are the same page: on a file system that takes them for one
    folder, the second write changes nothing.
    """
    drafts: list[_Draft] = []
    for group in alerts.by_name(edition.handbook):
        folders = sorted({addresses.go(name) for alert in group for name in (alert.name, alert.name.lower())})
        found = {it.id: it for alert in group for it in alerts.playbooks_for(edition.handbook, alert)}
        source = group[0].origins[0].path
        if len(found) == 1 and all(alerts.playbooks_for(edition.handbook, alert) for alert in group):
            target = addresses.of(next(iter(found.values())))
            for folder in folders:
                yield _redirect(edition, folder, f"{edition.way_to_short_addresses}{target}", source)
        else:
            files = [origin.path for alert in group for origin in alert.origins]
            drafts += [_Draft(it, "alert.md.j2", {"group": group}, source, addresses.GO_INDEX, files) for it in folders]
    yield from _rendered(edition, drafts)


_REDIRECT = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">{policy}
<title>→</title>
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<meta http-equiv="refresh" content="0; url={way}">
<link rel="canonical" href="{way}">
<p>→ <a href="{way}">{way}</a></p>
</html>
"""

ROUTES: tuple[Callable[[Edition], Iterable[GeneratedPage]], ...] = (
    redirects,
    export_files,
    robots,
    calendar_feeds,
    workshop_sheets,
    on_call_pages,
    team_checklists,
    binders,
    short_addresses,
)

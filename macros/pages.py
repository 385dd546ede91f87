"""Which pages the data makes: one per entity, and ROUTES for the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from macros import exports, markdown
from macros.kinds import KINDS
from macros.problems import DataError, Problem
from macros.render import Site, address_of, fault, relative, shown_template


@dataclass(frozen=True)
class Page:
    """A generated page or file.

    `uri` is its place as if it stood in docs/ (`teams/ai/index.md`), `text` its content, `source` the data
    file that it comes from, `parent` the uri of the page in the navigation that it hangs under.
    """

    uri: str
    text: str
    source: str
    parent: str


def pages(site: Site) -> tuple[Page, ...]:
    """Every page that the data makes, by uri. Raises `DataError` with every fault in the templates."""
    made: dict[str, Page] = {}
    faults: list[Problem] = []
    for route in (entity_pages, *ROUTES):
        try:
            for page in route(site):
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


def _rendered(site: Site, drafts: Iterable[_Draft]) -> Iterator[Page]:
    """The pages, and then every fault in their templates at once."""
    faults: list[Problem] = []
    for draft in drafts:
        try:
            text = site.render(draft.template, draft.address, **draft.values)
        except Exception as error:
            problem = fault(error, shown_template)
            if problem is None:
                raise
            faults.append(problem)
            continue
        yield Page(f"{draft.address}index.md", text, draft.source, draft.parent)
    if faults:
        raise DataError(faults)


def entity_pages(site: Site) -> Iterator[Page]:
    """One page for each entity of each kind that has an address."""
    return _rendered(
        site,
        (
            _Draft(address_of(kind.name, entity), kind.template, {kind.variable: entity}, entity.path, kind.index)
            for kind in KINDS.values()
            for entity in (site.handbook.all(kind.name) if kind.address else ())
        ),
    )


def redirects(site: Site) -> Iterator[Page]:
    """A page at each old address of an entity, which leads to the new one."""
    for kind in KINDS.values():
        for entity in site.handbook.all(kind.name) if kind.address else ():
            for alias in entity.aliases:
                old, new = address_of(kind.name, entity, alias), address_of(kind.name, entity)
                way = markdown.escape(relative(old, new))
                yield Page(f"{old}index.html", _REDIRECT.format(language=site.language, way=way), entity.path, "")


def export_files(site: Site) -> Iterator[Page]:
    """What machines read. It has no language, and so is made with the English edition alone."""
    if site.language == "en":
        for file in exports.files(site.handbook):
            yield Page(file.address, file.text, f"data/teams/{file.team.id}", "")


def workshop_sheets(site: Site) -> Iterator[Page]:
    """The sheets of each workshop, each a page of its own that is made for paper."""
    index = KINDS["workshop"].index
    return _rendered(
        site,
        (
            _Draft(
                f"{address_of('workshop', workshop)}{sheet.value}/",
                f"sheets/{sheet.value}.md.j2",
                {"workshop": workshop},
                workshop.path,
                index,
            )
            for workshop in site.handbook.workshops
            for sheet in workshop.sheets
        ),
    )


def on_call_pages(site: Site) -> Iterator[Page]:
    """What someone on call for a team needs, on one screen."""
    return _rendered(
        site,
        (
            _Draft(f"{address_of('team', team)}on-call/", "on-call.md.j2", {"team": team}, team.path, "teams/index.md")
            for team in site.handbook.teams
        ),
    )


_REDIRECT = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<title>→</title>
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={way}">
<link rel="canonical" href="{way}">
<p>→ <a href="{way}">{way}</a></p>
</html>
"""

ROUTES: tuple[Callable[[Site], Iterable[Page]], ...] = (redirects, export_files, workshop_sheets, on_call_pages)

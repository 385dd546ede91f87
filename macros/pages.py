"""Which pages the data makes: one per entity, and ROUTES for the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from macros import markdown
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


def entity_pages(site: Site) -> Iterator[Page]:
    """One page for each entity of each kind that has an address."""
    faults: list[Problem] = []
    for kind in KINDS.values():
        if not kind.address:
            continue
        for entity in site.handbook.all(kind.name):
            address = address_of(kind.name, entity)
            try:
                text = site.render(kind.template, address, **{kind.variable: entity})
            except Exception as error:
                problem = fault(error, shown_template)
                if problem is None:
                    raise
                faults.append(problem)
                continue
            yield Page(f"{address}index.md", text, entity.path, kind.index)
    if faults:
        raise DataError(faults)


def redirects(site: Site) -> Iterator[Page]:
    """A page at each old address of an entity, which leads to the new one."""
    for kind in KINDS.values():
        for entity in site.handbook.all(kind.name) if kind.address else ():
            for alias in entity.aliases:
                old, new = address_of(kind.name, entity, alias), address_of(kind.name, entity)
                way = markdown.escape(relative(old, new))
                yield Page(f"{old}index.html", _REDIRECT.format(language=site.language, way=way), entity.path, "")


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

ROUTES: tuple[Callable[[Site], Iterable[Page]], ...] = (redirects,)

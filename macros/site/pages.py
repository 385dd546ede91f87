"""Which files the data makes: the pages of the site map, and what isn't a page."""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote

from markdown.extensions import toc

from macros import exports
from macros.exports import calendar_feed, published
from macros.handbook import addresses, site_map
from macros.handbook.site_map import PlannedPage
from macros.site import content_security
from macros.site.render import Edition, fault
from macros.text import markdown
from macros.text.problems import DataError, Problem

ANCHOR = re.compile(r'\sid="([^"]*)"')
"""An element with an anchor."""

_HEADING = re.compile(r'<h([1-6])(?:(?<=1)| id="([^"]+)")>(.*?)</h\1>', re.S)
"""A title, or a heading with an anchor: those in texts of the data have none."""


class GeneratedPage(NamedTuple):
    """A generated page or file, at `uri` as if it stood in docs/ (`teams/ai/index.md`).

    `text` is the page's article as HTML, or all that is in the file; `files` are the data files whose words it
    shows, the one to edit first. A page has a `parent`, the uri of the page in the navigation that it hangs
    under, a `head` (`writing.head`) and `headings`, each with its `level`, its `id` and, as HTML, its `name`.
    """

    uri: str
    text: str
    files: tuple[str, ...]
    parent: str = ""
    head: Mapping[str, Any] = MappingProxyType({})
    headings: tuple[dict[str, Any], ...] = ()


def pages(edition: Edition) -> tuple[GeneratedPage, ...]:
    """All that the data makes, by uri. Raises `DataError` with every fault in the templates."""
    made = list(_files(edition))
    faults: list[Problem] = []
    for planned in site_map.planned(edition.handbook).values():
        try:
            made.append(_made(edition, planned))
        except Exception as error:
            problem = fault(error)
            if problem is None:
                raise
            faults.append(problem)
    if faults:
        raise DataError(faults)
    return tuple(sorted(made, key=lambda page: page.uri))


def _made(edition: Edition, page: PlannedPage) -> GeneratedPage:
    """A page from its template, or one that leads to another, also without JavaScript."""
    target, language = page.leads_to, edition.handbook.organisation.language
    if not target:
        head: dict[str, Any] = {}
        text, headings = anchored(edition.render(page.template, page.address, head=head, **page.values))
        return GeneratedPage(f"{page.address}index.md", text, page.files, page.index, head, headings)
    # Short addresses lead to the organisation's language, but in an edition that was asked for by its name.
    if page.address.startswith(addresses.GO) and edition.language == "en" and language in edition.editions:
        target = f"{addresses.EDITION_FOLDERS[language]}{target}"
    way = markdown.escape(quote(addresses.relative(page.address, target)))
    policy = content_security.meta(edition.policy)
    text = _REDIRECT.format(language=edition.language, policy=policy, way=way)
    return GeneratedPage(f"{page.address}index.html", text, page.files)


def anchored(html: str) -> tuple[str, tuple[dict[str, Any], ...]]:
    """A page whose headings have links to themselves, and those headings. Its title gets an anchor, too."""
    headings: list[dict[str, Any]] = []

    def linked(match: re.Match[str]) -> str:
        name = re.sub("<[^>]*>", "", match[3])
        id = match[2] or toc.unique(toc.slugify(unescape(name), "-"), set(ANCHOR.findall(html)))
        headings.append({"level": int(match[1]), "id": id, "name": name})
        link = f'<a class="headerlink" href="#{id}" title="Permanent link">&para;</a>'
        return f'<h{match[1]} id="{id}">{match[3]}{link}</h{match[1]}>'

    return _HEADING.sub(linked, html), tuple(headings)


def _files(edition: Edition) -> Iterator[GeneratedPage]:
    """The calendars of an edition and, with the English one alone, what has no language."""
    handbook = edition.handbook
    for feed in calendar_feed.feeds(handbook, edition.language):
        yield GeneratedPage(feed.address, feed.text, (feed.source,))
    if edition.language == "en":
        for file in exports.files(handbook):
            yield GeneratedPage(file.address, file.text, (f"data/teams/{file.team.id}",))
        document = json.dumps(published.document(handbook), ensure_ascii=False)
        yield GeneratedPage(published.ADDRESS, document, (handbook.organisation.path,))
        yield GeneratedPage("robots.txt", _robots(edition), (handbook.organisation.path,))


def _robots(edition: Edition) -> str:
    """What search engines may read: nothing, unless the organisation says so. A host has one such file."""
    organisation = edition.handbook.organisation
    lines = ["User-agent: *", "Allow: /" if organisation.public else "Disallow: /"]
    if organisation.public and organisation.site_address:
        for language in edition.editions or ("en",):
            lines.append(f"Sitemap: {addresses.whole(organisation.site_address, language, 'sitemap.xml')}")
    return "".join(f"{line}\n" for line in lines)


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

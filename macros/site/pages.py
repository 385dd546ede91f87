"""Which files the data makes: the pages of the site map, and what isn't a page."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
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
from macros.text.problems import Problem

ANCHOR = re.compile(r'\sid="([^"]*)"')
"""An element with an anchor."""

_HEADING = re.compile(r'<h([1-6])(?:(?<=1)| id="([^"]+)")>(.*?)</h\1>', re.S)
"""A title, or a heading with an anchor: those in texts of the data have none."""


class Article(NamedTuple):
    """A page's article as HTML, its `head` (`writing.head`) and its `headings`; of a file that is no page, its text.

    Each heading has its `level`, its `id` and, as HTML, its `name`. `offline` is the file beside it, if it has one.
    """

    html: str
    head: Mapping[str, Any] = MappingProxyType({})
    headings: tuple[dict[str, Any], ...] = ()
    offline: str = ""


class GeneratedPage(NamedTuple):
    """A generated page or file, at `uri` as if it stood in docs/ (`teams/ai/index.md`). It is made by `make`.

    `files` are the data files whose words it shows, the one to edit first; a page has a `parent`, the uri of the
    page in the navigation that it hangs under.
    """

    uri: str
    make: Callable[[], Article]
    files: tuple[str, ...]
    parent: str = ""

    @property
    def is_page(self) -> bool:
        """Whether the theme is put around it."""
        return self.uri.endswith(".md")


def pages(edition: Edition) -> tuple[GeneratedPage, ...]:
    """All that the data makes, by uri; each is made when it is asked for."""
    found = (*_files(edition), *(_page(edition, page) for page in site_map.planned(edition.handbook).values()))
    return tuple(sorted(found, key=lambda page: page.uri))


def _page(edition: Edition, page: PlannedPage) -> GeneratedPage:
    if page.leads_to:
        return _file(f"{page.address}index.html", partial(_redirect, edition, page), *page.files)
    return GeneratedPage(f"{page.address}index.md", partial(_article, edition, page), page.files, page.parent)


def _file(uri: str, write: Callable[[], str], *files: str) -> GeneratedPage:
    return GeneratedPage(uri, lambda: Article(write()), files)


def made(page: GeneratedPage, faults: list[Problem]) -> Article:
    """A page's article; an empty one where a template is at fault, which `faults` takes: so all come together."""
    try:
        return page.make()
    except Exception as error:
        problem = fault(error)
        if problem is None:
            raise
        faults.append(problem)
        return Article("")


def _article(edition: Edition, page: PlannedPage) -> Article:
    head: dict[str, Any] = {}
    html, headings = anchored(edition.render(page.template, page.address, head=head, **page.values))
    beside = head.pop("offline", "")
    return Article(html, head, headings, beside)


def _redirect(edition: Edition, page: PlannedPage) -> str:
    """A page that leads to another, also without JavaScript; with it, what the address asks for goes along."""
    target, language = page.leads_to, edition.handbook.organisation.language
    # Short addresses lead to the organisation's language, but in an edition that was asked for by its name.
    if page.address.startswith(addresses.GO) and edition.language == "en" and language in edition.editions:
        target = f"{addresses.EDITION_FOLDERS[language]}{target}"
    way = markdown.escape(quote(addresses.relative(page.address, target), safe="/#"))
    script = addresses.relative(page.address, "assets/js/redirect.js")
    policy, whole = content_security.meta(edition.policy), way.partition("#")[0]
    return _REDIRECT.format(language=edition.language, policy=policy, way=way, page=whole, script=script)


def anchored(html: str) -> tuple[str, tuple[dict[str, Any], ...]]:
    """A page whose headings have links to themselves, and those headings. Its title gets an anchor, too."""
    headings: list[dict[str, Any]] = []

    def linked(match: re.Match[str]) -> str:
        name = re.sub("<[^>]*>", "", match[3])
        slug = toc.slugify(unescape(name), "-")
        id = match[2] or toc.unique(slug, set(ANCHOR.findall(html) if f'"{slug}' in html else ()))
        headings.append({"level": int(match[1]), "id": id, "name": name})
        link = f'<a class="headerlink" href="#{id}" title="Permanent link">&para;</a>'
        return f'<h{match[1]} id="{id}">{match[3]}{link}</h{match[1]}>'

    return _HEADING.sub(linked, html), tuple(headings)


def _files(edition: Edition) -> Iterator[GeneratedPage]:
    """The calendars of an edition and, with the English one alone, what has no language."""
    handbook, own = edition.handbook, edition.handbook.organisation.path
    for calendar in calendar_feed.feeds(handbook, edition.language):
        yield _file(*calendar)
    if edition.language == "en":
        for file in exports.files(handbook):
            source = f"data/teams/{file.team.id}" if file.team else own
            yield _file(file.address, file.write, source)
        yield _file(published.ADDRESS, lambda: json.dumps(published.document(handbook), ensure_ascii=False), own)
        yield _file("robots.txt", partial(_robots, edition), own)


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
<noscript><meta http-equiv="refresh" content="0; url={way}"></noscript>
<link rel="canonical" href="{page}">
<p>→ <a href="{way}">{way}</a></p>
<script src="{script}"></script>
</html>
"""

"""Which files the data makes: the pages of the site map, and what isn't a page."""

import json
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from macros import exports
from macros.exports import calendar_feed, published
from macros.handbook import addresses, site_map
from macros.handbook.site_map import PlannedPage
from macros.site import content_security
from macros.site.render import Edition, fault
from macros.text import markdown
from macros.text.problems import DataError, Problem


class GeneratedPage(NamedTuple):
    """A generated page or file, at `uri` as if it stood in docs/ (`teams/ai/index.md`).

    `files` are the data files whose words it shows, the one to edit first; `parent` is the uri of the page
    in the navigation that it hangs under.
    """

    uri: str
    text: str
    files: tuple[str, ...]
    parent: str = ""


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
        text = edition.render(page.template, page.address, **page.values)
        return GeneratedPage(f"{page.address}index.md", text, page.files, page.index)
    # Short addresses lead to the organisation's language, but in an edition that was asked for by its name.
    if page.address.startswith(addresses.GO) and edition.language == "en" and language in edition.editions:
        target = f"{addresses.EDITION_FOLDERS[language]}{target}"
    way = markdown.escape(quote(addresses.relative(page.address, target)))
    policy = content_security.meta(edition.policy)
    text = _REDIRECT.format(language=edition.language, policy=policy, way=way)
    return GeneratedPage(f"{page.address}index.html", text, page.files)


def _files(edition: Edition) -> Iterator[GeneratedPage]:
    """The calendars of an edition and, with the English one alone, what has no language."""
    handbook = edition.handbook
    for feed in calendar_feed.feeds(handbook, edition.language):
        yield GeneratedPage(feed.address, feed.text, (feed.source,))
    if edition.language == "en":
        for file in exports.files(handbook):
            yield GeneratedPage(file.address, file.write(), (f"data/teams/{file.team.id}",))
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

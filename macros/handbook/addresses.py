"""Addresses of pages, from the root of an edition: `playbooks/uploads-fail/`, `go/DrawerUploadErrors/`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from macros.handbook import checklists
from macros.handbook.graph import Handbook
from macros.model.checklists import TeamChecklist
from macros.model.kinds import KINDS, NAMES
from macros.model.organisation import Team
from macros.model.values import Entity

EDITION_FOLDERS = {"en": "", "ja": "ja/"}
"""Where each edition stands, from the root of the site."""

ON_CALL = "on-call/"
"""Behind a team's address: what someone on call for it needs."""

GO = "go/"
"""Below it are the short addresses of alerts."""

GO_INDEX = f"{GO}index.md"
"""The page that lists them."""

MOST_BYTES = 200
"""Of a folder's name; file systems allow 255, and the web server's own names need some."""

_ODD = re.compile(r'[\x00-\x1f\x7f"#*/:<>?\\|~]|^[. ]|[. ]$')
"""What file systems, web servers or the hosts of built sites don't take in a folder's name, `#` and `~` itself."""


def of(entity: Entity, id: str = "") -> str:
    """The address of an entity's page, or of that under an old `id`; without a page, of the section that shows it."""
    if isinstance(entity, TeamChecklist):
        return f"{KINDS['team'].address.replace('<id>', entity.team)}checklists/{id or checklists.list_id(entity)}/"
    kind = KINDS[NAMES[type(entity)]]
    return (kind.address or kind.section).replace("<team>", entity.team).replace("<id>", id or entity.id)


def team_checklist(team: Team, id: str) -> str:
    """The address of a checklist as a team has it."""
    return f"{of(team)}checklists/{id}/"


def binder(team: Team) -> str:
    """The address of what a newcomer to a team gets on paper."""
    return f"{of(team)}binder/"


def go(alert: str) -> str:
    """The short address of an alert, as a folder: characters that no folder can have are `~` and their code.

    Any other character stands for itself; a link writes it percent-encoded, as every web server reads it.
    """
    name = _ODD.sub(lambda match: "".join(f"~{byte:02X}" for byte in match[0].encode()), alert)
    if name.lower() == "index.html":
        name = f"~{ord(name[0]):02X}{name[1:]}"
    if len(name.encode()) > MOST_BYTES:
        digest = hashlib.sha256(alert.encode()).hexdigest()[:8]
        name = f"{name.encode()[: MOST_BYTES - 9].decode('utf-8', 'ignore')}-{digest}"
    return f"{GO}{name}/"


def known(handbook: Handbook, alerts: Iterable[str]) -> frozenset[str]:
    """Every address that the site has; `alerts` are the names that have a short one, in whatever letter case."""
    found = {"", GO, *handbook.guides, *(go(it).lower() for name in alerts for it in (name, name.lower()))}
    for kind in KINDS.values():
        for entity in handbook.of_kind(kind.name) if kind.address else ():
            found |= {of(entity, id) for id in ("", *entity.aliases)}
    found |= {f"{of(team)}{ON_CALL}" for team in handbook.teams}
    for team in handbook.teams:
        for sheet in checklists.sheets_of(handbook, team):
            found |= {binder(team), *(team_checklist(team, id) for id in (sheet.id, *sheet.aliases))}
    for workshop in handbook.workshops:
        found |= {f"{of(workshop)}{sheet.value}/" for sheet in workshop.sheets}
    return frozenset(found)


def published(handbook: Handbook, address: str) -> str:
    """An address as others write it: whole, in the edition of the organisation's language; empty without a site."""
    return whole(handbook.organisation.site_address, handbook.organisation.language, address)


def whole(site: str | None, language: str, address: str) -> str:
    """An address within the edition of `language` of the handbook at `site`; empty without a site."""
    if not site:
        return ""
    path, hash, fragment = address.partition("#")
    return f"{site.rstrip('/')}/{EDITION_FOLDERS[language]}{quote(path)}{hash}{fragment}"


def within(site: str | None, url: str) -> str | None:
    """A whole address as one that `known` may have; None where it isn't one of `site`.

    None also for an address that Prometheus only fills in when the alert fires.
    """
    if not site or "{{" in url:
        return None
    try:
        root, asked = urlsplit(site), urlsplit(url)
    except ValueError:
        return None
    base = f"{root.path.rstrip('/')}/"
    whole = asked.path if asked.path.endswith("/") else f"{asked.path}/"
    if root.netloc.lower() != asked.netloc.lower() or not whole.startswith(base):
        return None
    path = unquote(whole.removeprefix(base).removesuffix("index.html/"))
    for folder in EDITION_FOLDERS.values():
        path = path.removeprefix(folder)
    return path.lower() if path.startswith(GO) else path

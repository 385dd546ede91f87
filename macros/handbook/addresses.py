"""Addresses of pages, from the root of an edition: `playbooks/uploads-fail/`, `go/ZukuraUploadErrors/`."""

import hashlib
import posixpath
import re
from urllib.parse import quote, unquote, urlsplit

from macros.handbook import checklists
from macros.model.checklists import TeamChecklist
from macros.model.kinds import KINDS, NAMES, Kind
from macros.model.organisation import Team
from macros.model.values import Entity

EDITION_FOLDERS = {"en": "", "ja": "ja/"}  # from the root of the site
GO = "go/"  # the folder of the short addresses of alerts
MAP = "services/map/"  # the page of the dependency map
GO_INDEX = f"{GO}index.md"  # the page that lists them
DATA = "contribute/data/"  # the page that lists the kinds
MOST_BYTES = 200  # of a folder's name; file systems allow 255, and the web server's own names need some

_ODD = re.compile(r'[\x00-\x1f\x7f"#*/:<>?\\|~]|^[. ]|[. ]$')
"""What file systems, web servers or the hosts of built sites don't take in a folder's name, `#` and `~` itself."""


def of(entity: Entity, id: str = "") -> str:
    """The address of an entity's page, or of that under an old `id`; without a page, of the section that shows it."""
    if isinstance(entity, TeamChecklist):
        return f"{KINDS['team'].address.replace('<id>', entity.team)}checklists/{id or checklists.list_id(entity)}/"
    kind = KINDS[NAMES[type(entity)]]
    return (kind.address or kind.section).replace("<team>", entity.team).replace("<id>", id or entity.id)


def below(entity: Entity, name: str) -> str:
    """The address of a page that belongs to an entity's: `on-call` or `binder` of a team, a sheet of a workshop."""
    return f"{of(entity)}{name}/"


def team_checklist(team: Team, id: str) -> str:
    """The address of a checklist as a team has it."""
    return f"{of(team)}checklists/{id}/"


def of_kind(kind: Kind) -> str:
    """The address of the page with the keys of a kind."""
    return f"{DATA}{kind.name}/"


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


def from_alert(alert: str) -> str:
    """The anchor on a playbook's page of what is said to those whom this alert led there."""
    return f"from-{go(alert)[len(GO) : -1].replace(' ', '~20')}"


def relative(address: str, target: str) -> str:
    """The way from the page at `address` to `target`; both are from the root of the edition."""
    path, hash, fragment = target.partition("#")
    here, there = ([part for part in whole.split("/") if part] for whole in (address, path))
    shared = len(posixpath.commonprefix([here, there]))
    way = "/".join((*[".."] * (len(here) - shared), *there[shared:])) or "."
    slash = "/" if path.endswith("/") or not path else ""
    return f"{way}{slash}{hash}{fragment}"


def whole(site: str | None, language: str, address: str) -> str:
    """An address within the edition of `language` of the handbook at `site`; empty without a site."""
    if not site:
        return ""
    path, hash, fragment = address.partition("#")
    return f"{site.rstrip('/')}/{EDITION_FOLDERS[language]}{quote(path)}{hash}{fragment}"


def within(site: str | None, url: str) -> str | None:
    """A whole address as one that the site map may have; None where it isn't one of `site`.

    What it asks for and its anchor don't count. None also for a page that Prometheus only fills in when the alert
    fires.
    """
    url = re.split(r"[?#]", url, maxsplit=1)[0]
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


def graph(prometheus: str | None, query: str) -> str:
    """The address of a query in the Prometheus at an address; empty without one."""
    return f"{prometheus.rstrip('/')}/graph?g0.expr={quote(query, safe='')}&g0.tab=0" if prometheus else ""


def host_outside(site: str | None, url: str) -> str:
    """The host that a web address outside the handbook at `site` leads to; empty for any other address.

    Of one that Prometheus fills in when the alert fires, what stands before that decides.
    """
    found = re.match(r"https?://(?:[^/?#@]*@)?([^/?#@:{\[\s]+)(?::\d+)?(?:[/?#]|$)", url, re.I)
    return found[1].lower() if found and within(site, url.partition("{{")[0]) is None else ""

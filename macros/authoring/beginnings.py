"""What a reader begins in the browser: a new file of the data, an entry of a list, a report of a problem."""

from collections.abc import Mapping
from functools import cache
from shlex import quote
from typing import NamedTuple

from macros.authoring import repository, skeletons
from macros.authoring.editor import DATA
from macros.handbook import alerts
from macros.handbook.alerts import Alert
from macros.handbook.graph import Handbook
from macros.model.kinds import KINDS, LISTED
from macros.model.organisation import Repository
from macros.model.values import LANGUAGE_NAMES, Entity
from macros.text import catalogue
from macros.text.problems import N_, Message

TEAM, ID = "TEAM", "ID"
"""What stands in a path for the names that the reader puts in. They can't be ids, so that `check` finds them."""

LABELS: dict[str, Message] = {
    "team-type": Message(N_("Add an SRE set-up")),
    "quick-win": Message(N_("Add a quick win")),
    "case-study": Message(N_("Add a case study")),
    "playbook-template": Message(N_("Add a template")),
    "checklist": Message(N_("Add a checklist")),
    "workshop": Message(N_("Add a workshop")),
    "reading": Message(N_("Add a work to read")),
    "reading-path": Message(N_("Add a reading path")),
    "term": Message(N_("Add a term")),
    "team": Message(N_("Add a team")),
    "service": Message(N_("Add a service")),
    "playbook": Message(N_("Add a playbook")),
    "alerts": Message(N_("Add alerts")),
    "journey": Message(N_("Add a journey")),
    "team-checklist": Message(N_("Add a team's checklist")),
    "engagement": Message(N_("Add an engagement")),
}
"""What can be added, by its kind, or by what references call it where a list in one file holds it."""

OF_A_TEAM: Mapping[str, str] = {
    "service": "services/",
    "journey": "journeys/",
    "alerts": "go/",
    "playbook": "playbooks/",
    "team-checklist": "checklists/",
    "engagement": "engagements/",
}
"""What is added from a team's page, along the line from service to checklist, with the page that has its skeleton."""


class Beginning(NamedTuple):
    """How something new is begun.

    `path` is its file from the root of the repository; for an entry of a list, `files` are those that it can stand
    in, and `path` is empty. `text` is its skeleton. `address` is where the repository's host begins the file (None
    without a repository), and `is_filled` says whether the text is there then. `command` writes the same file.
    """

    label: Message
    path: str
    text: str
    address: str | None = None
    is_filled: bool = False
    command: str = ""
    files: tuple[Entity, ...] = ()


def of_kind(handbook: Handbook, language: str, kind: str, team: str = "") -> Beginning:
    """How something of a kind in `LABELS` is begun, in words of `language`; in a team where one is given."""
    files = handbook.of_kind(LISTED[kind]) if kind in LISTED else ()
    if files:
        return Beginning(LABELS[kind], "", skeleton(LISTED[kind], language, True), files=files)
    row = KINDS[LISTED.get(kind, kind)]
    path = f"{DATA}/{row.path(TEAM if kind == 'team' else ID, team or TEAM)}"
    text = _playbook(handbook, language, team) if kind == "playbook" else ""
    text = text or skeleton(row.name, language)
    named = f" {TEAM if kind == 'team' else ID}" if row.has_id else ""
    of_team = f" --team {team or TEAM}" if row.in_team and kind != "team" else ""
    return _of_file(handbook, language, kind, path, text, f"{row.name}{named}{of_team}")


def of_playbook(handbook: Handbook, language: str, alert: Alert) -> Beginning:
    """How the playbook of an alert is begun, in words of `language`; its text is empty where there is no template."""
    id = skeletons.playbook_id(alert.name)
    service = alerts.service_of(handbook, alert)
    path = f"{DATA}/{KINDS['playbook'].path(id, alert.team)}"
    text = _playbook(handbook, language, alert.team, service.id if service else "", alert.name)
    names = f"playbook {id} --team {alert.team} --alert {quote(alert.name)}"
    return _of_file(handbook, language, "playbook", path, text, names)


def _of_file(handbook: Handbook, language: str, kind: str, path: str, text: str, names: str) -> Beginning:
    host = handbook.organisation.repository
    told = "" if language == handbook.organisation.language else f" --language {language}"
    command = f".venv/bin/python -m macros new {names}{told}"
    address = repository.new_file_address(host, path, text, skeletons.short(text))
    return Beginning(LABELS[kind], path, text, address, address != repository.new_address(host, path), command)


@cache
def skeleton(kind: str, language: str, is_entry: bool = False) -> str:
    """The skeleton of a kind, or of an entry in one of its files; made once for all pages."""
    translate = catalogue.translations(language).gettext
    return skeletons.entry(KINDS[kind], translate) if is_entry else skeletons.of_kind(KINDS[kind], "", translate)


def _playbook(handbook: Handbook, language: str, team: str, service: str = "", alert: str = "") -> str:
    """A playbook from the usual template, about a service or the team's first; else empty."""
    template = skeletons.usual(handbook.playbook_templates)
    own = [known.id for known in handbook.services if known.team == team]
    about = service or next(iter(own), skeletons.SERVICE_PLACE)
    return skeletons.playbook(language, template, about, alert=alert) if template else ""


FORM = "problem.yml"
"""The form for a problem at GitHub, in `.github/ISSUE_TEMPLATE/`."""


def report_address(
    host: Repository | None, language: str, page: str, address: str, file: str = "", revision: str = ""
) -> str | None:
    """Where a problem with a page is reported, with its title, address, file and revision."""
    title = Message(N_("Problem: {page}"), page=page)
    return _report(host, language, title, {N_("Page"): address, N_("File"): file, N_("Revision"): revision})


def broken_link_address(host: Repository | None, language: str, address: str = "") -> str | None:
    """Where a link that leads nowhere is reported; the address that it leads to is often known later."""
    return _report(host, language, Message(N_("Broken link")), {N_("Page"): address})


def _report(host: Repository | None, language: str, about: Message, facts: Mapping[str, str]) -> str | None:
    translate = catalogue.translations(language).gettext
    title = about.render(language, translate)
    known = {name: fact for name, fact in facts.items() if fact}
    if host and repository.takes_text(host):
        page = {"page": " · ".join(known.values())} if known else {}
        fields = {"template": FORM, "title": title, **page, "edition": LANGUAGE_NAMES[language]}
        return repository.form_address(host, fields)
    lines = [f"{translate(name)}: {fact}  " for name, fact in known.items()]
    headings = [f"\n## {translate(words)}\n\n" for words in (N_("Problem"), N_("Expected"))]
    return repository.issue_address(host, title, "\n".join((*lines, *headings)))

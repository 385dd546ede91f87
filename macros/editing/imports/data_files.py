"""From what an import found to the files of its teams, services and playbooks, beside what the handbook has."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from macros.authoring.reference import Translate
from macros.authoring.skeletons import MARK
from macros.editing.change_set import ChangeSet, PlannedFile
from macros.editing.imports.imported import JAPANESE, Found, FoundRunbook, Imported, NamedLink, Unmapped
from macros.handbook import alerts
from macros.handbook.graph import Handbook
from macros.handbook.playbooks import STEPS
from macros.model.kinds import KINDS
from macros.model.values import Entity
from macros.sources import near_names
from macros.sources.yaml_file import CoreSchemaLoader
from macros.text import catalogue
from macros.text.problems import N_, Message, RefusedError, in_order

BLANKS = {
    ("team", "channel"): ("<#channel>", N_("the channel where anyone can reach the team")),
    ("service", "summary"): (N_("<What it does>"), N_("what it does, in a sentence")),
}
"""What a file must have and an import may not know: its place in angle brackets, as in the playbooks' skeletons."""

NO_WORDS = N_("Run this command")
"""What a step says that is a command alone."""


def planned(handbook: Handbook, data: Path, imported: Imported, team: str = "", service: str = "") -> ChangeSet:
    """The files, below the folder `data`, of what the handbook doesn't have yet; runbooks are of a team and a service.

    Raises `RefusedError` where there is no such team or service.
    """
    unmapped, translate = Unmapped(imported.unmapped), catalogue.translations(handbook.organisation.language).gettext
    owners, known = _by_id(handbook.teams), _by_id(handbook.services)
    new = [team for team in imported.teams if _is_new("team", team, owners, unmapped)]
    owners |= {team.id: team for team in new}
    for found in imported.services:
        if _is_new("service", found, known, unmapped) and _has_team(found, owners, unmapped):
            new.append(found)
    known |= {found.id: found for found in new if found.team}
    files = []
    for found in new:
        kind = "service" if found.team else "team"
        path = KINDS[kind].path(found.id, owners[found.team].id if found.team else "")
        values = _values(found, dict.fromkeys(_needed(found, known, unmapped)), handbook.organisation.language)
        files.append(_file(data / path, kind, values, translate))
    if imported.runbooks:
        own = [found.id for found in handbook.services if found.team == team]
        service = service or (own[0] if len(own) == 1 else "")
        for what, id, there in (("team", team, owners), ("service", service, known)):
            if id not in there:
                words = near_names.unknown(what, id, there) if id else f"name the {what} of the playbooks"
                raise RefusedError(f"--{what}: {words}")
    playbooks = _by_id(handbook.playbooks)
    for runbook in imported.runbooks:
        if _is_new("playbook", runbook, playbooks, unmapped):
            path = KINDS["playbook"].path(runbook.id, owners[team].id)
            values = _playbook(runbook, known[service].id, handbook, translate)
            files.append(_file(data / path, "playbook", values, translate))
    return ChangeSet(tuple(sorted(files, key=lambda file: str(file.after))), in_order(unmapped))


_Known = dict[str, Entity | Found]


def _by_id(entities: Sequence[Entity]) -> _Known:
    """The entities by their ids, old ones included."""
    return {id: entity for entity in entities for id in (*entity.aliases, entity.id)}


def _is_new(kind: str, found: Found | FoundRunbook, known: _Known, unmapped: Unmapped) -> bool:
    there = known.get(found.id)
    if isinstance(there, Entity):
        template = "the {kind} `{id}` already exists; {path} is left as it is"
        unmapped.add(found.place, "already-there", template, kind=kind, id=found.id, path=there.path)
    return there is None


def _has_team(service: Found, owners: _Known, unmapped: Unmapped) -> bool:
    if service.team in owners:
        return True
    template = "the service `{service}` is left out: there is no team `{team}`"
    hint = near_names.near(service.team, owners) or Message("import the team too, or add its file")
    unmapped.add(service.place, "unknown-team", template, hint, service=service.id, team=service.team)
    return False


def _needed(service: Found, known: _Known, unmapped: Unmapped) -> Iterator[str]:
    """The ids of the services that a service needs and that are there, or will be."""
    for need in service.depends_on:
        if need.id == service.id:
            template = "`{service}` can't depend on itself; the dependency is left out"
            unmapped.add(need.place, "unknown-service", template, service=service.id)
        elif need.id in known:
            yield known[need.id].id
        else:
            template = "the dependency of `{service}` on `{words}` is left out: there is no such service"
            hint = near_names.near(need.id, known)
            unmapped.add(need.place, "unknown-service", template, hint, service=service.id, words=need.words)


def _values(found: Found, needed: Iterable[str], language: str) -> dict[str, Any]:
    """What the file of a team or a service says, by key; what is empty isn't known."""
    dashboards = dict.fromkeys(found.dashboards)
    return {
        "name": _words(found.name, language),
        "channel": found.channel,
        "mission": _words(found.mission, language),
        "summary": _words(found.summary, language),
        "for_whom": _words(found.for_whom, language),
        "tier": found.tier,
        "depends_on": list(needed),
        "repository": found.repository,
        "dashboards": [{"name": _words(link.name, language), "address": link.address} for link in dashboards],
        "notes": _words(_notes(found.links), language),
    }


_JAPANESE = re.compile(f"[{JAPANESE}]")


def _words(value: Any, language: str) -> Any:
    """A text as a file holds it: plain, or marked where it is Japanese and plain ones are English; in a value, each."""
    if isinstance(value, list):
        return [_words(item, language) for item in value]
    if isinstance(value, dict):
        return {key: item if key == "command" else _words(item, language) for key, item in value.items()}
    return {"ja": value} if language == "en" and _JAPANESE.search(value) else value


_ALERT = re.compile(r"[A-Za-z]\w*[a-z0-9][A-Z]\w*", re.ASCII)
"""What an alert is usually called: words without blanks, each with a capital letter."""


def _playbook(runbook: FoundRunbook, service: str, handbook: Handbook, translate: Translate) -> dict[str, Any]:
    """What the file of a playbook says, by key."""
    known = {alert.name for alert in alerts.known(handbook)}
    values = {
        "name": runbook.titles[0],
        "service": service,
        "alerts": [title for title in dict.fromkeys(runbook.titles) if title in known or _ALERT.fullmatch(title)],
        **runbook.values,
        **{part: " ".join(runbook.values[part]) for part in ("meaning", "impact")},
        **{part: [step | {"do": step["do"] or translate(NO_WORDS)} for step in runbook.values[part]] for part in STEPS},
    }
    return {key: _words(value, handbook.organisation.language) for key, value in values.items()}


def _notes(links: Sequence[NamedLink]) -> str:
    """The links that have no key of their own, as a list in Markdown; no sign in an address ends it, or begins code."""
    named = ((link.name, re.sub(r"[<>`]", lambda sign: f"%{ord(sign[0]):02X}", link.address)) for link in links)
    return "".join(f"- [{_escaped(name)}](<{address}>)\n" for name, address in dict.fromkeys(named))


def _escaped(words: str) -> str:
    """Words that Markdown takes for nothing else."""
    return re.sub(r"([\\`*_\[\]])", r"\\\1", words.replace("&", "&amp;").replace("<", "&lt;"))


def _file(path: Path, kind: str, values: Mapping[str, Any], translate: Translate) -> PlannedFile:
    """A new file with these values; keys that it must have, and that aren't known, are its blanks."""
    text, blanks = "", []
    for key, value in values.items():
        if value:
            text += yaml.dump({key: value}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6)
        elif (kind, key) in BLANKS:
            blanks.append(key)
            place, words = BLANKS[kind, key]
            text += f'# {translate(MARK)}: {translate(words)}\n{key}: "{translate(place)}"\n'
    return PlannedFile(None, path, "", text, tuple(blanks))


_TEXT = "tag:yaml.org,2002:str"


class _Dumper(yaml.SafeDumper):
    """YAML as the handbook's own files are written: lists indented, texts that are read as texts."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """A list is indented below its key."""
        super().increase_indent(flow, False)


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """A text as a block where it has lines, plain where YAML reads it as it is, else in double quotes."""
    # What the handbook's reader takes for a number or a truth has to stand in quotes, too: PyYAML writes by YAML 1.1.
    readers: tuple[Any, ...] = (dumper, CoreSchemaLoader(""))
    taken = any(reader.resolve(yaml.ScalarNode, value, (True, False)) != _TEXT for reader in readers)
    plain = dumper.analyze_scalar(value).allow_block_plain and not taken
    return dumper.represent_scalar(_TEXT, value, style="|" if "\n" in value else None if plain else '"')


_Dumper.add_representer(str, _represent_text)

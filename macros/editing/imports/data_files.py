"""From what an import found to the files of its teams, services and playbooks, beside what the handbook has."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from macros.authoring.reference import Translate
from macros.authoring.skeletons import MARK
from macros.editing.change_set import ChangeSet, PlannedFile
from macros.editing.imports.imported import JAPANESE, Found, Imported, Unmapped
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


_Known = dict[str, Entity | Found]
"""What is there of a kind, or will be, by its id, and by its old ones."""


def planned(handbook: Handbook, data: Path, imported: Imported, team: str = "", service: str = "") -> ChangeSet:
    """The files, below the folder `data`, of what the handbook doesn't have yet; playbooks are of a team and a service.

    Raises `RefusedError` where there is no such team or service.
    """
    unmapped, new = Unmapped(imported.unmapped), list[Found]()
    known: dict[str, _Known] = {
        kind: {id: entity for entity in handbook.of_kind(kind) for id in (*entity.aliases, entity.id)}
        for kind in ("team", "service", "playbook")
    }
    for found in imported.found:
        if _is_new(found, known[found.kind], unmapped) and _has_team(found, known["team"], unmapped):
            known[found.kind][found.id] = found
            new.append(found)
    if any(found.kind == "playbook" for found in imported.found):
        service = _service_of_playbooks(handbook, known, team, service)
    language = handbook.organisation.language
    translate, files = catalogue.translations(language).gettext, list[PlannedFile]()
    for found in new:
        values = found.values
        if found.kind == "service":
            values = values | {"depends_on": list(dict.fromkeys(_needed(found, known["service"], unmapped)))}
        elif found.kind == "playbook":
            values = values | _in_handbook(values, service, handbook, translate)
        path = KINDS[found.kind].path(found.id, known["team"].get(found.team or team, found).id)
        files.append(_file(data / path, found.kind, _marked(values, language), translate))
    return ChangeSet(tuple(sorted(files, key=lambda file: str(file.after))), in_order(unmapped))


def _is_new(found: Found, known: _Known, unmapped: Unmapped) -> bool:
    there = known.get(found.id)
    if isinstance(there, Entity):
        template = "the {kind} `{id}` already exists; {path} is left as it is"
        unmapped.add(found.place, "already-there", template, kind=found.kind, id=found.id, path=there.path)
    return there is None


def _has_team(service: Found, owners: _Known, unmapped: Unmapped) -> bool:
    if not service.team or service.team in owners:
        return True
    template = "the service `{service}` is left out: there is no team `{team}`"
    hint = near_names.near(service.team, owners) or Message("import the team too, or add its file")
    unmapped.add(service.place, "unknown-team", template, hint, service=service.id, team=service.team)
    return False


def _service_of_playbooks(handbook: Handbook, known: Mapping[str, _Known], team: str, service: str) -> str:
    """The id of the service that was named, or of the team's only one. Raises `RefusedError`."""
    own = [found.id for found in handbook.services if found.team == team]
    service = service or (own[0] if len(own) == 1 else "")
    for what, id in (("team", team), ("service", service)):
        if id not in known[what]:
            words = near_names.unknown(what, id, known[what]) if id else f"name the {what} of the playbooks"
            raise RefusedError(f"--{what}: {words}")
    return known["service"][service].id


def _needed(service: Found, known: _Known, unmapped: Unmapped) -> Iterator[str]:
    """The ids of the services that a service needs and that are there, or will be."""
    for need in service.values["depends_on"]:
        if need.id in known and need.id != service.id:
            yield known[need.id].id
        else:
            template = "the dependency of `{service}` on `{words}` is left out: there is no other service of that name"
            hint = near_names.near(need.id, known.keys() - {service.id})
            unmapped.add(need.place, "unknown-service", template, hint, service=service.id, words=need.words)


_JAPANESE = re.compile(f"[{JAPANESE}]")
_NO_TEXTS = ("channel", "repository", "address", "dashboard", "command")


def _marked(value: Any, language: str) -> Any:
    """A value as a file holds it: a text in it is plain, or marked where it is Japanese and plain ones are English."""
    if isinstance(value, list):
        return [_marked(item, language) for item in value]
    if isinstance(value, dict):
        return {key: item if key in _NO_TEXTS else _marked(item, language) for key, item in value.items()}
    return {"ja": value} if language == "en" and isinstance(value, str) and _JAPANESE.search(value) else value


_ALERT = re.compile(r"[A-Za-z]\w*[a-z0-9][A-Z]\w*", re.ASCII)
"""What an alert is usually called: words without blanks, each with a capital letter."""


def _in_handbook(playbook: Mapping[str, Any], service: str, handbook: Handbook, translate: Translate) -> dict[str, Any]:
    """What a playbook's file says of its service, of its alerts, and in each step."""
    known, command_alone = {alert.name for alert in alerts.known(handbook)}, translate(N_("Run this command"))
    return {
        "service": service,
        "alerts": [name for name in playbook["alerts"] if name in known or _ALERT.fullmatch(name)],
        **{part: [step | {"do": step["do"] or command_alone} for step in playbook[part]] for part in STEPS},
    }


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

"""What changes where something gets another id, or goes over to another team."""

import posixpath
from pathlib import Path

from macros.editing.change_set import ChangeSet, files_below
from macros.editing.renaming.edited_files import EditedFiles
from macros.editing.renaming.links import Way, ways_of
from macros.editing.renaming.remarks import left_over, left_with_team
from macros.handbook import addresses, playbooks
from macros.handbook.checklists import list_id as own_id
from macros.handbook.graph import Handbook
from macros.model.checklists import Checklist, TeamChecklist
from macros.model.kinds import KINDS, LISTED
from macros.model.organisation import Service, Team
from macros.model.playbooks import COMMANDS, Playbook
from macros.model.values import Entity, Listed
from macros.sources.near_names import id_fault, unknown
from macros.sources.prometheus import RuleFile
from macros.text.problems import RefusedError

WITHIN_PLAYBOOK = {"step": "id", "variable": "name"}
"""What has a name within a playbook, and the key of that name."""

RENAMED = (*(name for name, kind in KINDS.items() if kind.has_id and not kind.is_mixed), *LISTED, *WITHIN_PLAYBOOK)
"""The kinds of what has an id: of files, of what stands in lists, and of what a playbook has."""

MOVED = tuple(name for name, kind in KINDS.items() if kind.in_team and name != "team")
"""The kinds of files that belong to a team."""


def rename(
    handbook: Handbook, data_root: Path, docs: Path | None, kind: str, old: str, new: str, *, alias: bool = True
) -> ChangeSet:
    """Every file that changes where the `kind` with the id `old` gets the id `new`, by path. A team's checklist is
    named with its team (`payments/new-developer`), a step and a variable with its playbook, its new id without. The old
    id becomes an alias, in the place of an alias `new`, unless `alias` is False. `docs` is the folder of the
    hand-written pages whose links follow. Raises `RefusedError`."""
    fault = "" if kind == "variable" else id_fault(new)
    if new == old.rpartition("/")[2]:
        fault = f"`{old}` is already its id"
    if fault:
        raise RefusedError(fault)
    files = EditedFiles(handbook, data_root, docs)
    if kind in WITHIN_PLAYBOOK:
        return _renamed_within_playbook(files, kind, old, new)
    entity = None
    if kind in LISTED:
        every = {found[2].id: found for found in handbook.every(Entity, Listed) if handbook.kind_of(found[2]) == kind}
        if old not in every:
            raise RefusedError(unknown(kind, old, every))
        holder, location, item = every[old]
        files.replace(holder, (*location, "id"), old, new)
        mentions = handbook.linked_from(item)
    else:
        entity = _find(handbook, kind, old)
        _check_meaning(handbook, entity, new)
        old = entity.id
        _move_files(files, kind, entity, new)
        if alias:
            files.add_alias(entity, own_id(entity), new)
        elif new in entity.aliases:
            raise RefusedError(f"`{new}` is one of its aliases; remove it there, or leave out --no-alias")
        mentions = handbook.linked_from(entity)
    for owner, location in mentions:
        files.replace(owner, location, old, new)
    ways = tuple(ways_of(kind, old, new))
    files.follow_links(ways, {(kind, old): new})
    return files.changes()._replace(notes=tuple(left_over(files, kind, old.rpartition("/")[2], entity)))


def _renamed_within_playbook(files: EditedFiles, kind: str, old: str, new: str) -> ChangeSet:
    """What changes where a step or a variable gets the name `new`; `old` is that of its playbook with its own."""
    id, _, own = old.partition("/")
    playbook = _find(files.handbook, "playbook", id)
    assert isinstance(playbook, Playbook)
    declared = {name: place for place, name in playbooks.declared(playbook) if place[-1] == WITHIN_PLAYBOOK[kind]}
    if own not in declared:
        raise RefusedError(unknown(kind, own, declared))
    files.replace(playbook, declared[own], own, new)
    for place, name in playbook.names:
        if name == own and (kind == "variable" or place[-1] not in COMMANDS):
            files.replace(playbook, place, own, new)
    address = addresses.of(playbook)
    note = f"a link with `?{own}=` fills in nothing any more, and an alert only what it has as a label `{new}`"
    if kind == "step":
        files.follow_links([Way(tuple(address.strip("/").split("/")), 0, new, own)], {})
        note = f"/{address}#{own} leads to the top of its page"
    return files.changes()._replace(notes=(note,))


def move(handbook: Handbook, data_root: Path, docs: Path | None, kind: str, id: str, team: str) -> ChangeSet:
    """Every file that changes where the `kind` with this id goes over to `team`, by path. Alerts and a team's checklist
    are named with their team (`payments/alerts.yml`). Notes say what stays with the team of a service. Raises
    `RefusedError`."""
    moved = _find_alerts(handbook, id) if kind == "alerts" else _find(handbook, kind, id)
    if handbook.get(Team, team) is None:
        raise RefusedError(unknown("team", team, [known.id for known in handbook.teams]))
    files = EditedFiles(handbook, data_root, docs)
    before = files.file_of(moved.path)
    after = before.parents[1].with_name(team) / before.parent.name / before.name
    files.moves[before] = after
    # A list that adds to a shared one leaves that one behind, at the same address.
    has_address = kind == "engagement" or (kind == "team-checklist" and handbook.get(Checklist, before.stem) is None)
    address = ("teams", moved.team, before.parent.name, before.stem)
    files.follow_links([Way(address, 1, team)] if has_address else [], {})
    notes = left_with_team(handbook, moved) if isinstance(moved, Service) else ()
    return files.changes()._replace(notes=tuple(notes))


def _find(handbook: Handbook, kind: str, id: str) -> Entity:
    """The entity that was named. Raises `RefusedError`."""
    every = handbook.of_kind(kind)
    found = [entity for entity in every if id in (entity.id, own_id(entity))]
    if len(found) > 1:
        raise RefusedError(f"several teams have a list `{id}`; choose {', '.join(entity.id for entity in found)}")
    if found:
        return found[0]
    now = next((entity for entity in every if id in entity.aliases), None)
    if now is not None:
        raise RefusedError(f"`{id}` is an old id of the {kind} `{now.id}`; use that one")
    raise RefusedError(unknown(kind, id, [entity.id for entity in every]))


def _find_alerts(handbook: Handbook, id: str) -> RuleFile | Entity:
    """The alerts file that was named. Raises `RefusedError`."""
    files: list[RuleFile | Entity] = [*handbook.rule_files, *handbook.of_kind("alerts")]
    every = {f"{file.team}/{posixpath.basename(file.path)}": file for file in files}
    if id not in every:
        raise RefusedError(unknown("alerts file", id, every))
    return every[id]


def _check_meaning(handbook: Handbook, entity: Entity, new: str) -> None:
    """Raises `RefusedError` where an id would be right and mean something else: a team's checklist adds to the shared
    one with its id, and a page of docs/ comes before one of the data."""
    old = own_id(entity)
    if isinstance(entity, TeamChecklist) and handbook.get(Checklist, old):
        raise RefusedError(f"{entity.path} adds to the checklist `{old}`, which all teams share; rename that one")
    lists = {TeamChecklist: handbook.checklists, Checklist: handbook.team_checklists}
    for other in lists.get(type(entity), ()):
        if own_id(other) == new:
            raise RefusedError(f"{other.path} has the id `{new}` already; choose another one")
    if addresses.of(entity, new) in handbook.guides:
        raise RefusedError(f"there is a hand-written page at /{addresses.of(entity, new)}; choose another id")


def _move_files(files: EditedFiles, kind: str, entity: Entity, new: str) -> None:
    """The files that are called by the id: of a team, all that are in its folder."""
    if isinstance(entity, Team):
        before = files.file_of(entity.path).parent
        for file in sorted(files_below(before)):
            files.moves[file] = before.with_name(new) / file.relative_to(before)
        return
    added = files.handbook.team_checklists if kind == "checklist" else ()
    for called in (entity, *(own for own in added if own_id(own) == entity.id)):
        file = files.file_of(called.path)
        files.moves[file] = file.with_name(f"{new}.yaml")

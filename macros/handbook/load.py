"""data/ → Handbook, or every problem at once."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from macros.handbook.graph import Handbook
from macros.model.kinds import KINDS, LISTED, Kind
from macros.model.playbooks import PlaybookTemplate
from macros.model.values import LANGUAGES, MOST_ID_CHARACTERS, Entity, Listed, Ref, listed
from macros.sources import lookalikes, near_names, prometheus, records, validate, yaml_file
from macros.sources.prometheus import RuleFile
from macros.sources.yaml_file import Source
from macros.text.problems import N_, DataError, Message, Problem, RefusedError

DEFAULT_LANGUAGE = "en"

RULES: dict[str, str] = {
    "unreadable": N_("A file or folder that can't be read."),
    "encoding": N_("A file that is not UTF-8."),
    "hidden-character": N_("An invisible character, or one that changes the direction of the text around it."),
    "limit": N_("A file, a page, a list or a text that is longer or more deeply nested than the handbook allows."),
    "syntax": N_("A file that is not YAML."),
    "tab": N_("A tab in a file."),
    "alias": N_("An anchor or an alias outside a Prometheus rule file; in one, a mapping merged into itself."),
    "tag": N_("A tag such as `!!str`."),
    "duplicate-key": N_("A key that is in one mapping twice."),
    "empty-file": N_("A file with nothing in it."),
    "unknown-file": N_(
        "A file with another suffix than .yaml (for alerts also .yml), or where no kind has files; "
        "a page with another suffix than .md."
    ),
    "unknown-folder": N_("A folder that belongs to no kind."),
    "missing-file": N_("A team's folder without `team.yaml`, or no `organisation.yaml`."),
    "link-outside": N_("A symbolic link that leaves `data/` or `docs/`, leads to a folder, or is broken."),
    "link-inside": N_("A symbolic link in `data/` to a file there, whose content would be there twice."),
    "odd-id": N_("A file or team folder whose name can't be an id."),
    "broken-record": N_("A line of `figures.jsonl` that `check --record` doesn't write, or that is there twice."),
    "duplicate-id": N_("Two entities of one kind with the same id, or an alias that is taken."),
    "unknown-key": N_("A key that the kind doesn't have."),
    "missing-key": N_("A required key that isn't there."),
    "wrong-type": N_("A value of another type than its key holds."),
    "wrong-value": N_("A value that its key doesn't allow."),
    "link-scheme": N_("An address that doesn't begin with https:, http: or mailto:."),
    "unknown-reference": N_("An id of something that doesn't exist."),
    "unknown-macro": N_("A page that calls a macro that doesn't exist."),
    "macro-call": N_("A macro that is called with an unknown id or with wrong arguments."),
    "page-script": N_("A page with a script in it; scripts belong in files."),
    "page-not-in-nav": N_("A page that `nav` in mkdocs.yml leaves out."),
    "page-code": N_("A page with Jinja in it that isn't a call of a macro with plain values."),
    "template": N_("A page or a template that Jinja can't read or fill."),
    "catalogue": N_("A catalogue of translations that can't be read."),
}
"""Each rule of reading data, pages and templates, with the bad condition; the others are `checks.CHECKS`."""


def today() -> date:
    """The day of this build, in UTC: that of `SOURCE_DATE_EPOCH` where it is set (reproducible-builds.org).

    Raises `RefusedError` where that isn't a number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).date()
    if not re.fullmatch("[0-9]{1,11}", epoch):
        raise RefusedError(f"SOURCE_DATE_EPOCH is {epoch!r}; give whole seconds since 1970, or unset it")
    return datetime.fromtimestamp(int(epoch), UTC).date()


Overlay = Mapping[str, bytes | None]
"""Files by their path inside the data folder, in place of those on disk or beside them; None for one to take away."""


class Memory:
    """What files held when they were last read: with it, loading again reads only those that have changed."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[object, _Read]] = {}
        self._made: dict[str, tuple[Source, str, _Made]] = {}
        self.last: tuple[tuple[Any, ...], Handbook] | None = None

    def read(self, file: DataFile) -> _Read:
        """As `_read`."""
        try:
            found = file.file.stat()
            state = file.draft, found.st_mtime_ns, found.st_size, found.st_ino
        except OSError:
            return _read(file)
        kept, read = self._read.get(file.path, (None, None))
        if read is None or kept != state:
            read = _read(file)
            self._read[file.path] = state, read
        return read

    def made(self, file: DataFile, source: Source, language: str) -> _Made:
        """As `_entity`."""
        kept = self._made.get(file.path)
        if kept is None or kept[0] is not source or kept[1] != language:
            kept = self._made[file.path] = source, language, _entity(file, source, language)
        return kept[2]


def load(
    root: Path,
    shown: str = "",
    guides: Iterable[str] = (),
    overlay: Overlay = MappingProxyType({}),
    memory: Memory | None = None,
    only: Collection[str] | None = None,
) -> Handbook:
    """Read all data below `root`. `shown` is what messages call that folder; by default its path.

    `guides` are the addresses of the hand-written pages, which alerts may lead to. With an `overlay` the handbook is
    what it would be if these files were written; a team of which it leaves no file is not there. `memory` is given
    anew with each load of a folder that is read again and again. Of the teams' files, `only` these paths are read
    where it is given; of the others the names are known.
    Raises `DataError` with every problem of the whole tree where there is one. Its rest is the handbook without the
    files with problems and those that need what is left out, as all do the organisation.
    """
    shown, memory = shown or root.as_posix(), memory or Memory()
    files, unread, problems = find_files(root, shown, overlay)
    sources: dict[str, Source] = {}
    rule_files: list[RuleFile] = []
    for file in files:
        if only is not None and file.kind.in_team and file.path not in only:
            continue
        read, faults = memory.read(file)
        if isinstance(read, RuleFile):
            rule_files.append(read)
        elif read is not None:
            sources[file.path] = read
        problems += faults
    language = _language(sources.get(f"{shown}/{KINDS['organisation'].file}"))
    entities: dict[str, dict[str, Entity]] = {name: {} for name in KINDS}
    every: dict[str, Entity] = {}
    known = _known_ids(files, problems)
    for file in files:
        if file.path not in sources:
            continue
        made, faults = memory.made(file, sources[file.path], language)
        problems += faults
        if made is not None:
            every[file.path] = made
            entities[file.kind.name].setdefault(file.id, made)
    known |= _listed_ids(entities, sources, problems)
    broken = unread.union(file.kind.name for file in files if file.path not in every)
    # What may stand in lists that can't be read.
    unread |= {name for name, holder in LISTED.items() if holder in broken}
    for path, entity in every.items():
        problems += _reference_problems(entity, sources[path], known, unread)
    for name, by_id in entities.items():
        problems += _alias_problems(by_id.values(), sources, {**known[name]})
    recorded, faults = _records(root, shown, overlay)
    problems += faults
    left_out = _left_out(files, entities, problems) if problems else {}
    given = (entities, sources, today(), rule_files, frozenset(guides), recorded, left_out)
    if memory.last is None or memory.last[0] != given:  # else all that was worked out of it holds, too
        memory.last = given, Handbook(*given)
    handbook = memory.last[1]
    if problems:
        raise DataError(problems, handbook)
    return handbook


class Outline(NamedTuple):
    """What there is in a data folder, whatever may be wrong with it: enough to begin a new file.

    `language` is the organisation's, `files` are all that have a place, `templates` the playbook templates that
    can be read.
    """

    language: str
    files: tuple[DataFile, ...]
    templates: tuple[PlaybookTemplate, ...]

    def ids(self, kind: str, team: str = "") -> tuple[str, ...]:
        """The ids of a kind, of one team where it is named, by their order."""
        found = (file.id for file in self.files if file.kind.name == kind and team in ("", file.team))
        return tuple(sorted(found))


def outline(root: Path, shown: str = "") -> Outline:
    """What there is below `root`; what can't be read is there by its name alone."""
    files, _, _ = find_files(root, shown or root.as_posix())
    wanted = [(file, _read(file)[0]) for file in files if file.kind.name in ("organisation", "playbook-template")]
    language = next((_language(read) for file, read in wanted if file.kind.name == "organisation"), DEFAULT_LANGUAGE)
    made = (_entity(file, read, language)[0] for file, read in wanted if isinstance(read, Source))
    return Outline(language, tuple(files), tuple(entity for entity in made if isinstance(entity, PlaybookTemplate)))


class DataFile(NamedTuple):
    """A file that holds an entity: its kind, its names, where it is and what messages call it.

    `draft` is what an overlay has in its place.
    """

    kind: Kind
    id: str
    team: str
    file: Path
    path: str
    draft: bytes | None = None

    def contents(self, most: int) -> tuple[bytes | None, list[Problem]]:
        """Its bytes, or None where it can't be read or has more than `most` of them."""
        if self.draft is not None:
            return yaml_file.bounded(self.draft, self.path, most)
        return yaml_file.contents(self.file, self.path, most)


_Read = tuple[Source | RuleFile | None, list[Problem]]
_Made = tuple[Entity | None, list[Problem]]


def _records(root: Path, shown: str, overlay: Overlay) -> tuple[list[records.Record], list[Problem]]:
    """The figures of earlier days, where there are any."""
    file, path = root / records.FILE, f"{shown}/{records.FILE}"
    raw, problems = overlay.get(records.FILE), list[Problem]()
    if records.FILE not in overlay and file.is_file():
        raw, problems = yaml_file.contents(file, path, records.MOST_BYTES)
    return records.parse(raw, path) if raw else ([], problems)


def _read(file: DataFile) -> _Read:
    if file.kind.is_mixed:
        raw, problems = file.contents(prometheus.MOST_BYTES)
        if raw is None:
            return None, problems
        if prometheus.looks_like_rules(raw):
            return prometheus.parse(raw, file.path, file.team)
    raw, problems = file.contents(yaml_file.MOST_BYTES)
    return (None, problems) if raw is None else yaml_file.parse(raw, file.path)


def _entity(file: DataFile, source: Source, language: str) -> _Made:
    return validate.entity(file.kind, source, {"id": file.id, "team": file.team}, language)


def find_files(
    root: Path, shown: str, overlay: Overlay = MappingProxyType({})
) -> tuple[list[DataFile], set[str], list[Problem]]:
    """Every data file below `root`, by path, and a problem for whatever has no place there.

    Between them, the kinds that may have more files, in folders that can't be read.
    """
    if not root.is_dir():
        message = Message("there is no folder of this name; name the folder that holds the data")
        return [], set(KINDS), [Problem(shown, 1, 1, "unreadable", message)]
    walker = _Walker(root, shown, overlay)
    files = list(walker.files(_Folder("", tuple((kind, tuple(kind.file.split("/"))) for kind in KINDS.values()))))
    organisation = KINDS["organisation"].file
    if not any(file.kind.name == "organisation" for file in files) and "organisation" not in walker.unread:
        template = "the file is missing; it needs at least `name:` and `language:`"
        walker.add(f"{shown}/{organisation}", "missing-file", template)
    with_team_file = {file.id for file in files if file.kind.name == "team"}
    taken_away = {team for team in walker.teams if f"teams/{team}/team.yaml" in overlay} - {file.team for file in files}
    for team in walker.teams - with_team_file - taken_away:
        template = "the team's file is missing; it needs at least `name:` and `channel:`"
        walker.add(f"{shown}/teams/{team}/team.yaml", "missing-file", template)
    return files, walker.unread, walker.problems


class _Folder(NamedTuple):
    """A folder on the way down: its path inside the data folder, with a slash behind it, and whose team's it is.

    `patterns` are what remains of the kinds' patterns there.
    """

    path: str
    patterns: tuple[tuple[Kind, tuple[str, ...]], ...]
    team: str = ""

    @property
    def files(self) -> dict[str, Kind]:
        """The kinds whose files stand here, by the names that these have."""
        return {parts[0]: kind for kind, parts in self.patterns if len(parts) == 1}

    @property
    def folders(self) -> list[str]:
        """The names of the folders that may stand here."""
        return sorted({parts[0] for _, parts in self.patterns if len(parts) > 1})


class _Walker:
    """Goes down the data folder along the patterns of the kinds, and keeps the problems."""

    def __init__(self, root: Path, shown: str, overlay: Overlay) -> None:
        self.root = root
        self.shown = shown
        self.overlay = overlay
        self.added = _added(overlay)
        self.problems: list[Problem] = []
        self.teams: set[str] = set()
        self.unread: set[str] = set()

    def files(self, folder: _Folder) -> Iterator[DataFile]:
        """The files below a folder."""
        try:
            names = self._names(folder.path)
        except OSError as error:
            template = "the folder can't be read ({reason}); fix its permissions"
            self.add(f"{self.shown}/{folder.path}".rstrip("/"), "unreadable", template, reason=error.strerror)
            self.unread |= {kind.name for kind, _ in folder.patterns}
            if "team.yaml" in folder.files:
                self.teams.discard(folder.team)
            return
        for name, is_folder in sorted(names.items()):
            path = f"{self.shown}/{folder.path}{name}"
            self.problems += yaml_file.hidden_characters(name, path, (1, 1))
            if name.startswith("."):
                continue
            if f"{folder.path}{name}" not in self.overlay and (self.root / folder.path / name).is_symlink():
                self._refuse_link(self.root / folder.path / name, path)
            elif is_folder:
                yield from self._folder(folder, name, path)
            elif f"{folder.path}{name}" != records.FILE:
                yield from self._file(folder, name, path)

    def _names(self, folder: str) -> dict[str, bool]:
        """What stands in a folder, by name, and whether it is a folder itself. Raises `OSError`."""
        names: dict[str, bool] = {}
        if folder not in self.added or (self.root / folder).is_dir():
            with os.scandir(self.root / folder) as entries:
                names = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
        names |= self.added.get(folder, {})
        gone = {name for name in names if self.overlay.get(f"{folder}{name}", b"") is None}
        return {name: is_folder for name, is_folder in names.items() if name not in gone}

    def _refuse_link(self, link: Path, path: str) -> None:
        fault = yaml_file.link_fault(link, self.root, self.shown)
        if fault is not None:
            self.add(path, "link-outside", "{fault}", fault=fault)
            return
        target = f"{self.shown}/{os.path.relpath(os.path.realpath(link), os.path.realpath(self.root))}"
        template = "a symbolic link to {target}, which would be there twice; put a file of its own here, or delete it"
        self.add(path, "link-inside", template, target=target)

    def _folder(self, around: _Folder, name: str, path: str) -> Iterator[DataFile]:
        inside = tuple(
            (kind, parts[1:]) for kind, parts in around.patterns if len(parts) > 1 and parts[0] in (name, "<team>")
        )
        if not inside:
            hint = _folder_hint(around, name)
            self.add(path, "unknown-folder", "no kind of data has a folder `{name}` here; {hint}", name=name, hint=hint)
            return
        team = around.team
        if "<team>" in around.folders:
            if not self._check_id(name, path):
                return
            team = name
            self.teams.add(team)
        yield from self.files(_Folder(f"{around.path}{name}/", inside, team))

    def _file(self, folder: _Folder, name: str, path: str) -> Iterator[DataFile]:
        here, team = folder.files, folder.team
        stem, suffix = os.path.splitext(name)

        def made(kind: Kind, id: str, team: str = team) -> DataFile:
            file = self.root / folder.path / name
            return DataFile(kind, id, team, file, path, self.overlay.get(f"{folder.path}{name}"))

        mixed = next((kind for kind in here.values() if kind.is_mixed), None)
        own = here.get("<id>.yaml") or here.get("<own>.yaml")
        if mixed is not None and suffix in (".yaml", ".yml"):
            yield made(mixed, f"{team}/{name}")
        elif suffix != ".yaml":
            meant = re.match(r"(.+)\.ya?ml(?:\.|$)", name, re.IGNORECASE)
            template = "a `{suffix}` file; data files end in .yaml" + (": rename it to `{name}.yaml`" if meant else "")
            self.add(path, "unknown-file", template, suffix=suffix or name, name=meant and meant[1])
        elif name in here:
            yield made(here[name], team or here[name].name, "" if here[name].name == "team" else team)
        elif own is not None:
            if self._check_id(stem, path):
                yield made(own, stem if "<id>.yaml" in here else f"{team}/{stem}")
        else:
            hint = _file_hint(folder, stem, path)
            self.add(path, "unknown-file", "no kind of data is a file `{name}` here; {hint}", name=name, hint=hint)

    def _check_id(self, name: str, path: str) -> bool:
        if near_names.is_id(name):
            return True
        if len(name) > MOST_ID_CHARACTERS:
            self.add(path, "limit", "an id of more than {most} characters; shorten it", most=MOST_ID_CHARACTERS)
            return False
        template = "`{name}` can't be an id; use lower-case letters, digits and single hyphens, as in `search-api`"
        meant = near_names.as_id(name)
        if name in _BLANKS:
            template = "`{name}` is a placeholder; put the id in its place, such as `search-api`"
        elif meant:
            template = (
                "`{name}` can't be an id, which has lower-case letters, digits and single hyphens; "
                "rename it to `{meant}`"
            )
        self.add(path, "odd-id", template, name=name, meant=meant + (".yaml" if path.endswith(".yaml") else ""))
        return False

    def add(self, path: str, rule: str, template: str, **values: object) -> None:
        """Keep a problem of a whole file or folder."""
        self.problems.append(Problem(path, 1, 1, rule, Message(template, values)))


def _added(overlay: Overlay) -> dict[str, dict[str, bool]]:
    """What an overlay puts into each folder, by name, and whether it is a folder itself."""
    added: dict[str, dict[str, bool]] = {}
    for path in (path for path, content in overlay.items() if content is not None):
        parts = path.split("/")
        for depth, name in enumerate(parts):
            folder = "".join(f"{part}/" for part in parts[:depth])
            added.setdefault(folder, {})[name] = depth < len(parts) - 1
    return added


_BLANKS = ("TEAM", "ID")
"""What stands for an id in the path of a file that is begun in the browser."""


def _folder_hint(around: _Folder, name: str) -> Message:
    if name.endswith((".yaml", ".yml")):
        return Message("it is the name of a file; put a file in its place")
    folders = (os.path.dirname(kind.file) for kind in KINDS.values())
    elsewhere = next((folder for folder in folders if os.path.basename(folder) == name), None)
    if elsewhere is not None:
        return Message("move its files to {folder}", folder=f"data/{elsewhere}/")
    return _near(name, around.folders) or Message("only files are allowed here")


def _file_hint(folder: _Folder, stem: str, path: str) -> Message:
    if not folder.files and "<team>" in folder.folders:
        template = "each team has a folder here; move it to {folder}/{name}/team.yaml"
        return Message(template, folder=os.path.dirname(path), name=stem)
    if list(folder.files) == ["team.yaml"]:
        return Message("move it to the folder of its kind: {folders}", folders=", ".join(folder.folders))
    return _near(f"{stem}.yaml", list(folder.files)) or Message("only folders are allowed here")


def _near(name: str, known: Sequence[str]) -> Message | None:
    """The known name that is nearest, or all; None where there is none."""
    if not known:
        return None
    return near_names.near(name, known) or Message("allowed here: {names}", names=", ".join(known))


def _language(organisation: Source | RuleFile | None) -> str:
    """The organisation's language, read ahead of all shapes, since they need it."""
    value = getattr(organisation, "value", None)
    language = value.get("language") if isinstance(value, dict) else None
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def _known_ids(files: Sequence[DataFile], problems: list[Problem]) -> dict[str, dict[str, str]]:
    """The path of every id by kind, those of broken files too: what refers to them is not wrong."""
    known: dict[str, dict[str, str]] = {name: {} for name in KINDS}
    for file in files:
        first = known[file.kind.name].setdefault(file.id, file.path)
        if first != file.path:
            template = "the id `{id}` is taken by {first}; rename one of the two files"
            problems.append(Problem(file.path, 1, 1, "duplicate-id", Message(template, id=file.id, first=first)))
    return known


def _listed_ids(
    entities: Mapping[str, Mapping[str, Entity]], sources: Mapping[str, Source], problems: list[Problem]
) -> dict[str, dict[str, str]]:
    """The path of the id of everything that stands in a list of another's file, by its name."""
    known: dict[str, dict[str, str]] = {name: {} for name in LISTED}
    for name, holder in LISTED.items():
        for entity in entities[holder].values():
            for location, item in listed(entity):
                first = known[name].setdefault(item.id, entity.path)
                if first != entity.path:  # two in one list are a `repeated-entry`, as in any list
                    message = Message("the id `{id}` is taken in {first}; give one another", id=item.id, first=first)
                    problems.append(sources[entity.path].problem((*location, "id"), "duplicate-id", message))
    return known


def _left_out(
    files: Sequence[DataFile], entities: Mapping[str, Mapping[str, Entity]], problems: Sequence[Problem]
) -> dict[str, tuple[str, str]]:
    """The files that have a problem or need what only such files have, each with its kind and id."""
    names = {file.path: (file.kind.name, file.id) for file in files}
    has = {path: {name} for path, name in names.items()}
    needs = {file.path: {("organisation", "organisation"), ("team", file.team)} for file in files}
    for entity in (entity for by_id in entities.values() for entity in by_id.values()):
        values = [value for _, value in entity.parts]
        has[entity.path] |= {(value.listed_as, value.id) for value in values if isinstance(value, Listed)}
        needs[entity.path] |= {(value.kind, str(value)) for value in values if isinstance(value, Ref)}
    broken = {problem.path: ("", "") for problem in problems}
    right = lacking = names.keys() - broken.keys()
    while lacking:
        there = {("team", "")}.union(*(has[path] for path in right))
        lacking = {path for path in right if not needs[path] <= there}
        right = right - lacking
    return broken | {path: name for path, name in names.items() if path not in right}


def _reference_problems(
    entity: Entity, read: Source, known: Mapping[str, Mapping[str, str]], unread: Collection[str]
) -> Iterator[Problem]:
    for location, value in entity.parts:
        if isinstance(value, Ref) and value not in known[value.kind] and value.kind not in unread:
            message = Message("there is no {kind} `{id}`", kind=value.kind, id=str(value))
            hint = (
                _not_filled_in(value)
                or lookalikes.hint(value)
                or near_names.near(value, known[value.kind])
                or _of_another_kind(value, known)
                or _to_add(value)
            )
            yield read.problem(location, "unknown-reference", near_names.with_hint(message, hint))


def _not_filled_in(reference: Ref) -> Message | None:
    """A blank of a skeleton that still stands in place of an id: `SERVICE-ID`, `<service id>`."""
    message = Message("it is a placeholder of the skeleton; write the id of a {kind}", kind=reference.kind)
    return message if re.fullmatch(r"[A-Z]+-ID|<.*>", reference) else None


def _of_another_kind(reference: Ref, known: Mapping[str, Mapping[str, str]]) -> Message | None:
    template = "`{id}` is the id of a {other}; write that of a {kind}"
    others = (kind for kind, ids in known.items() if reference in ids)
    return next((Message(template, id=str(reference), other=other, kind=reference.kind) for other in others), None)


def _to_add(reference: Ref) -> Message:
    if reference.kind in LISTED:
        holder = KINDS[LISTED[reference.kind]]
        if holder.has_id:
            folder = f"data/{os.path.dirname(holder.file)}/"
            return Message("fix the id, or add an entry to one of the files in {folder}", folder=folder)
        return Message("fix the id, or add an entry to {file}", file=f"data/{holder.file}")
    file = KINDS[reference.kind].file
    gap = "<team>" if reference.kind == "team" else "<id>"
    whole = file.replace(gap, reference) if near_names.is_id(reference) else file
    return Message("fix the id, or add {file}", file=f"data/{whole}")


def _alias_problems(
    entities: Iterable[Entity], sources: Mapping[str, Source], taken: dict[str, str]
) -> Iterator[Problem]:
    for entity in entities:
        for position, alias in enumerate(entity.aliases):
            old = f"{entity.team}/{alias}" if "/" in entity.id else alias
            if old in taken:
                template = "the alias `{id}` is taken by {first}; an old address can lead to one page only"
                message = Message(template, id=alias, first=taken[old])
                yield sources[entity.path].problem(("aliases", position), "duplicate-id", message)
            taken.setdefault(old, entity.path)

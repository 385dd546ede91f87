"""data/ → Handbook, or every problem at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from macros.handbook.graph import Handbook, Made
from macros.model.kinds import KINDS, LISTED, NAMES, Kind, placed
from macros.model.playbooks import PlaybookTemplate
from macros.model.values import LANGUAGES, Entity, Listed, Ref
from macros.sources import lookalikes, near_names, prometheus, records, validate, yaml_file
from macros.sources.prometheus import RuleFile
from macros.sources.yaml_file import Position, Source
from macros.text.problems import N_, DataError, Message, Problem, RefusedError

DEFAULT_LANGUAGE = "en"

RULES: dict[str, str] = {
    "unreadable": N_("A file or folder that can't be read."),
    "encoding": N_("A file that is not UTF-8."),
    "hidden-character": N_("An invisible character, or one that changes the direction of the text around it."),
    "limit": N_("A file, a page, a list or a text that is longer or more deeply nested than the handbook allows."),
    "syntax": N_("A file that is not YAML."),
    "tab": N_("A tab in a file."),
    "alias": N_("An anchor, an alias or a tag outside a Prometheus rule file; in one, a mapping merged into itself."),
    "duplicate-key": N_("A key that is in one mapping twice."),
    "empty-file": N_("A file with nothing in it."),
    "unknown-file": N_(
        "A file with another suffix than .yaml (for alerts also .yml), or where no kind has files; "
        "a page with another suffix than .md."
    ),
    "unknown-folder": N_("A folder that belongs to no kind."),
    "missing-file": N_("A team's folder without `team.yaml`, or no `organisation.yaml`."),
    "symbolic-link": N_("A symbolic link in `data/` or `docs/`."),
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

Memory = dict[object, tuple[object, Any]]
"""What was made when a folder was last loaded, behind what it was made of: with it, only what has changed is made."""


def _recall(memory: Memory, name: object, given: object, make: Callable[[], Made]) -> Made:
    """What was made under this name, or is made now where something else was `given` then."""
    if name not in memory or memory[name][0] != given:
        memory[name] = given, make()
    return cast(Made, memory[name][1])


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
    shown = shown or root.as_posix()
    memory = {} if memory is None else memory
    files, unread, problems = find_files(root, shown, overlay)
    sources: dict[str, Source] = {}
    rule_files: list[RuleFile] = []
    for file in files:
        if only is not None and file.kind.in_team and file.path not in only:
            continue
        read, faults = _recall(memory, ("file", file.path), file.state, partial(_read, file))
        if isinstance(read, RuleFile):
            rule_files.append(read)
        elif read is not None:
            sources[file.path] = read
        problems += faults
    language = _language(sources.get(f"{shown}/{KINDS['organisation'].file}"))
    every: dict[str, Entity] = {}
    known: dict[str, dict[str, str]] = {name: {} for name in (*KINDS, *LISTED)}
    problems += _taken(known, ((file.kind.name, file.id, file.path, (1, 1)) for file in files))
    for file in files:
        if file.path not in sources:
            continue
        given = file, sources[file.path], language
        made, faults = _recall(memory, ("entity", file.path), given, partial(_entity, *given))
        problems += faults
        if made is not None:
            every[file.path] = made
    for path, entity in every.items():
        problems += _taken(known, _listed_ids(entity, sources[path]))
    broken = unread.union(file.kind.name for file in files if file.path not in every)
    # What may stand in lists that can't be read.
    unread |= {name for name, holder in LISTED.items() if holder in broken}
    for path, entity in every.items():
        problems += _reference_problems(entity, sources[path], known, unread)
    for path, entity in every.items():  # after the references, which may lead to no old id
        problems += _taken(known, _old_ids(entity, sources[path]))
    recorded, faults = _records(root, shown, overlay)
    problems += faults
    left_out = _left_out(files, every, problems) if problems else {}
    there: dict[str, dict[str, Entity]] = {name: {} for name in KINDS}
    for file in sorted(files, key=attrgetter("id")):
        if file.path in every and file.path not in left_out:
            there[file.kind.name][file.id] = every[file.path]
    rules = tuple(read for read in rule_files if read.path not in left_out)
    whole = (there, sources, today(), rules, frozenset(guides), tuple(recorded), left_out)
    handbook = _recall(memory, "handbook", whole, partial(Handbook, *whole))
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

    @property
    def state(self) -> object:
        """What is another once the file has changed; a file that can't be asked always has."""
        try:
            found = self.file.stat()
        except OSError:
            return object()
        return self.draft, found.st_mtime_ns, found.st_size, found.st_ino

    def contents(self, most: int) -> tuple[bytes | None, list[Problem]]:
        """Its bytes, or None where it can't be read or has more than `most` of them."""
        if self.draft is not None:
            return yaml_file.bounded(self.draft, self.path, most)
        return yaml_file.contents(self.file, self.path, most)


def _records(root: Path, shown: str, overlay: Overlay) -> tuple[list[records.Record], list[Problem]]:
    """The figures of earlier days, where there are any."""
    file, path = root / records.FILE, f"{shown}/{records.FILE}"
    raw, problems = overlay.get(records.FILE), list[Problem]()
    if records.FILE not in overlay and file.is_file():
        raw, problems = yaml_file.contents(file, path, records.MOST_BYTES)
    return records.parse(raw, path) if raw else ([], problems)


def _read(file: DataFile) -> tuple[Source | RuleFile | None, list[Problem]]:
    if file.kind.is_mixed:
        raw, problems = file.contents(prometheus.MOST_BYTES)
        if raw is None:
            return None, problems
        if prometheus.looks_like_rules(raw):
            return prometheus.parse(raw, file.path, file.team)
    raw, problems = file.contents(yaml_file.MOST_BYTES)
    return (None, problems) if raw is None else yaml_file.parse(raw, file.path)


def _entity(file: DataFile, source: Source, language: str) -> tuple[Entity | None, list[Problem]]:
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
    files = list(walker.files(""))
    for path in (path for path, draft in overlay.items() if draft is not None and "/." not in f"/{path}"):
        files += walker.file(path)
    files.sort(key=lambda file: file.path.split("/"))
    there = {file.path for file in files}
    wanted = {KINDS["organisation"].file, *(KINDS["team"].path(file.team, "") for file in files if file.team)}
    for path in wanted:
        if f"{shown}/{path}" not in there:
            walker.add(path, "missing-file", "the file is missing; add it, with a `name:` at least")
    return files, walker.unread, walker.problems


class _Walker:
    """Goes down the data folder along the places of the kinds, and keeps the problems."""

    def __init__(self, root: Path, shown: str, overlay: Overlay) -> None:
        self.root = root
        self.shown = shown
        self.overlay = overlay
        self.problems: list[Problem] = []
        self.unread: set[str] = set()

    def files(self, folder: str) -> Iterator[DataFile]:
        """The files below a folder, whose path inside the data folder ends in a slash."""
        try:
            with os.scandir(os.path.join(self.root, folder)) as found:
                entries = sorted(found, key=attrgetter("name"))
        except OSError as error:
            template = "the folder can't be read ({reason}); fix its permissions"
            self.add(folder, "unreadable", template, reason=error.strerror)
            self.unread |= {kind.name for kind, _ in _below(folder)}
            return
        for entry in entries:
            path = f"{folder}{entry.name}"
            self.problems += yaml_file.hidden_characters(entry.name, f"{self.shown}/{path}", (1, 1))
            if path in self.overlay or entry.name.startswith("."):
                continue
            if entry.is_symlink():
                template = "a symbolic link; put the file or the folder itself here, or delete it"
                self.add(path, "symbolic-link", template)
            elif not entry.is_dir():
                yield from self.file(path)
            elif not _below(f"{path}/"):
                self._has_no_place(folder, entry.name, "folder")
            elif self._check_id(entry.name, path):
                yield from self.files(f"{path}/")

    def file(self, path: str) -> Iterator[DataFile]:
        """The file at a path inside the data folder, where it has a place there."""
        name = path.rpartition("/")[2]
        stem, suffix = os.path.splitext(name)
        place = placed(path)
        if path == records.FILE:
            return
        if place is None and suffix != ".yaml":
            template = "a `{suffix}` file; data files end in .yaml: rename it, or put it elsewhere"
            self.add(path, "unknown-file", template, suffix=suffix or name)
        elif place is None:
            self._has_no_place(path.removesuffix(name), name, "file")
        elif self._check_id(place.team or stem, path) and (place.kind.is_mixed or self._check_id(stem, path)):
            id = place.name if place.kind.is_unique else f"{place.team}/{place.name}"
            draft = self.overlay.get(path)
            yield DataFile(place.kind, id, place.team, self.root / path, f"{self.shown}/{path}", draft)

    def _has_no_place(self, folder: str, name: str, sort: str) -> None:
        """Keep the problem of a file or folder of no kind, with where it belongs, or what may stand beside it."""
        homes = {os.path.basename(home): home for home in (os.path.dirname(kind.file) for kind in KINDS.values())}
        allowed = {rest.partition("/")[0]: rest for _, rest in reversed(_below(folder))}
        if name in homes:
            hint = Message("move its files to {folder}", folder=f"data/{homes[name]}/")
        else:
            every = Message("allowed here: {files}", files=", ".join(sorted(allowed.values())))
            hint = near_names.near(name, [step for step in allowed if step != name]) or every
        template = "no kind of data has a {sort} `{name}` here; {hint}"
        self.add(f"{folder}{name}", f"unknown-{sort}", template, sort=sort, name=name, hint=hint)

    def _check_id(self, name: str, path: str) -> bool:
        fault = near_names.id_fault(name)
        if fault:
            meant = near_names.as_id(name)
            is_known = near_names.is_id(meant) and not _BLANK.fullmatch(name)
            template = "{fault}; rename it to `{meant}`" if is_known else "{fault}"
            suffix = ".yaml" if path.endswith(".yaml") else ""
            self.add(path, "odd-id", template, fault=fault, meant=f"{meant}{suffix}")
        return not fault

    def add(self, path: str, rule: str, template: str, **values: object) -> None:
        """Keep a problem of a whole file or folder, by its path inside the data folder."""
        self.problems.append(Problem(f"{self.shown}/{path}".rstrip("/"), 1, 1, rule, Message(template, values)))


@lru_cache(maxsize=2**13)
def _below(folder: str) -> list[tuple[Kind, str]]:
    """The kinds whose files may stand below a folder of the data, each with the rest of their paths there."""
    depth, steps = folder.count("/"), folder.split("/")
    paths = ((kind, kind.file.split("/")) for kind in KINDS.values())
    return [
        (kind, "/".join(path[depth:]))
        for kind, path in paths
        if len(path) > depth and all(part in (step, "<team>") for part, step in zip(path[:depth], steps, strict=False))
    ]


_BLANK = re.compile("TEAM|ID|[A-Z]+-ID|<.*>")
"""What stands for an id in a skeleton, or in the path of a file that is begun in the browser."""


def _language(organisation: Source | RuleFile | None) -> str:
    """The organisation's language, read ahead of all shapes, since they need it."""
    value = getattr(organisation, "value", None)
    language = value.get("language") if isinstance(value, dict) else None
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


_Claim = tuple[str, str, str, Position]
"""An id of a kind, the file that gives it to something, and where."""


def _taken(known: dict[str, dict[str, str]], claims: Iterable[_Claim]) -> Iterator[Problem]:
    """A problem for each claim of an id that another file has; `known` has the path of each id by kind, and gets these.

    What refers to the id of a file that is broken is not wrong.
    """
    for kind, id, path, place in claims:
        first = known[kind].setdefault(id, path)
        if first != path:  # two in one list are a `repeated-entry`, as in any list
            words = Message("the id `{id}` is taken by {first}; choose another for one of the two", id=id, first=first)
            yield Problem(path, *place, "duplicate-id", words)


def _listed_ids(entity: Entity, source: Source) -> Iterator[_Claim]:
    for location, item in entity.parts:
        if isinstance(item, Listed):
            yield NAMES[type(item)], item.id, entity.path, source.place((*location, "id"))


def _old_ids(entity: Entity, source: Source) -> Iterator[_Claim]:
    within = f"{entity.team}/" if "/" in entity.id else ""
    for position, alias in enumerate(entity.aliases):
        yield NAMES[type(entity)], f"{within}{alias}", entity.path, source.place(("aliases", position))


def _left_out(
    files: Sequence[DataFile], entities: Mapping[str, Entity], problems: Sequence[Problem]
) -> dict[str, tuple[str, str]]:
    """The files that have a problem or need what only such files have, each with its kind and id."""
    names = {file.path: (file.kind.name, file.id) for file in files}
    has = {path: {name} for path, name in names.items()}
    needs = {file.path: {("organisation", "organisation"), ("team", file.team)} for file in files}
    for path, entity in entities.items():
        values = [value for _, value in entity.parts]
        has[path] |= {(NAMES[type(value)], value.id) for value in values if isinstance(value, Listed)}
        needs[path] |= {(value.kind, str(value)) for value in values if isinstance(value, Ref)}
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
    for location, value in entity.refs:
        if value not in known[value.kind] and value.kind not in unread:
            message = Message("there is no {kind} `{id}`", kind=value.kind, id=str(value))
            yield read.problem(location, "unknown-reference", near_names.with_hint(message, _meant(value, known)))


def _meant(reference: Ref, known: Mapping[str, Mapping[str, str]]) -> Message:
    """What may have been meant by a reference to nothing, or what to add for it."""
    kind = reference.kind
    if _BLANK.fullmatch(reference):
        return Message("it is a placeholder of the skeleton; write the id of a {kind}", kind=kind)
    likely = lookalikes.hint(reference) or near_names.near(reference, known[kind])
    if likely is not None:
        return likely
    for other, ids in known.items():
        if reference in ids:
            words = "`{id}` is the id of a {other}; write that of a {kind}"
            return Message(words, id=str(reference), other=other, kind=kind)
    if kind in LISTED:
        return Message("fix the id, or add an entry to data/{file}", file=KINDS[LISTED[kind]].file)
    file = KINDS[kind].path(reference if near_names.is_id(reference) else "<id>", "<team>")
    return Message("fix the id, or add data/{file}", file=file)

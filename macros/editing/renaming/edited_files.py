"""The files of a handbook while something in them is renamed."""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from macros.editing.change_set import ChangeSet, PlannedFile, text_of
from macros.editing.renaming.edits import Edit, node_at, rewritten, with_alias
from macros.editing.renaming.links import Way, calls, links
from macros.handbook.graph import Handbook
from macros.model.values import Entity, Location, Markdown
from macros.sources import guides, yaml_file
from macros.text import markdown, placeholders
from macros.text.problems import RefusedError

BOM = "\ufeff"


class EditedFiles:
    """The files as they are, the edits to them, and where they go: a set of changes in the making."""

    def __init__(self, handbook: Handbook, data_root: Path, docs: Path | None) -> None:
        self.handbook = handbook
        self.root = data_root
        self.docs = docs
        self.shown = handbook.folder
        self.moves: dict[Path, Path] = {}
        self.edits: defaultdict[Path, set[Edit]] = defaultdict(set)
        self.text = cache(text_of)
        self.node = cache(self._node)

    def file_of(self, path: str) -> Path:
        """The file that messages call `path`."""
        return self.root / path.removeprefix(f"{self.shown}/")

    def path_of(self, file: Path) -> str:
        """What messages call a file."""
        if file.is_relative_to(self.root):
            return f"{self.shown}/{file.relative_to(self.root).as_posix()}"
        return file.relative_to(self.docs.parent).as_posix() if self.docs else file.as_posix()

    def body(self, file: Path) -> str:
        """The text of a file behind its BOM: edits and the marks of YAML count from there."""
        return self.text(file).removeprefix(BOM)

    def _node(self, file: Path) -> yaml.Node:
        node = yaml.compose(self.body(file), Loader=yaml_file.CoreSchemaLoader)
        assert node is not None, "the loader has read a value"
        return node

    def span(self, path: str, location: Location) -> tuple[Path, int, int, str]:
        """The file of a value, where it begins and ends in it, and how it is written there."""
        file = self.file_of(path)
        node = node_at(self.node(file), location)
        start, end = node.start_mark.index, node.end_mark.index
        return file, start, end, self.body(file)[start:end]

    def replace(self, entity: Entity, location: Location, old: str, new: str) -> None:
        """Write `new` where the value at `location` is `old`, or has it in braces."""
        file, start, end, raw = self.span(entity.path, location)
        if node_at(self.node(file), location).value == old:
            words = rewritten(raw, old, new)
        else:
            words = "".join(f"{{{new}}}" if piece.name == old else piece.words for piece in placeholders.pieces(raw))
        self.edits[file].add(Edit(start, end, words))

    def add_alias(self, entity: Entity, old: str, new: str) -> None:
        """Keep the id `old` as an alias of what is called `new` from now on, in the place of an alias `new`."""
        if new in entity.aliases:
            self.replace(entity, ("aliases", entity.aliases.index(new)), new, old)
            return
        file = self.file_of(entity.path)
        root = self.node(file)
        assert isinstance(root, yaml.MappingNode)
        self.edits[file].add(with_alias(self.body(file), root, old))

    def follow_links(self, ways: Sequence[Way], ids: Mapping[tuple[str, str], str]) -> None:
        """Links in the Markdown of the data and in the pages, and calls of `link`, lead to the new address. `ids` are
        the new ids by kind and old id; those of teams' checklists follow from where their files go."""
        moved = {made.id: self.moves.get(self.file_of(made.path)) for made in self.handbook.team_checklists}
        lists = {("team-checklist", id): f"{to.parents[1].name}/{to.stem}" for id, to in moved.items() if to}
        texts = ((entity, *part) for entity in self.handbook.everything() for part in entity.parts)
        for entity, location, text in texts:
            for language, words in text.said.items() if isinstance(text, Markdown) else ():
                if any(links(words, None, ways)):
                    file, start, _, raw = self.span(entity.path, (*location, language))
                    found = links(raw, None, ways)
                    self.edits[file] |= {Edit(start + edit.start, start + edit.end, edit.words) for edit in found}
        for uri, file in guides.pages_in(self.docs).items() if self.docs else ():
            body = self.body(file)
            edits = {*links(markdown.without_code(body), uri, ways), *calls(body, {**ids, **lists})}
            if edits:
                self.edits[file] |= edits

    def _edited(self, file: Path) -> str:
        text = self.body(file)
        for start, end, words in sorted(self.edits.get(file, ()), reverse=True):
            text = f"{text[:start]}{words}{text[end:]}"
        return f"{BOM if self.text(file).startswith(BOM) else ''}{text}"

    def changes(self) -> ChangeSet:
        """The files that change, by path. Raises `RefusedError` where one would take another's place."""
        for after in self.moves.values():
            if os.path.lexists(after) and after not in self.moves:
                raise RefusedError(f"{self.path_of(after)} already exists; give one of the two another name")
        touched = sorted({*self.moves, *self.edits})
        files = (PlannedFile(file, self.moves.get(file, file), self.text(file), self._edited(file)) for file in touched)
        return ChangeSet(tuple(file for file in files if (file.before, file.old_text) != (file.after, file.new_text)))

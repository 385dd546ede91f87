"""What a renaming doesn't touch, since only people know whether it means what is renamed."""

import posixpath
import re
from collections.abc import Iterator

from macros.editing.renaming.edited_files import EditedFiles
from macros.model.values import Entity, Text


def left_over(files: EditedFiles, kind: str, entity: Entity, old: str) -> Iterator[str]:
    """The names, and the labels of alerts, that go on with the id `old`, each with its file and line."""
    word = rf"(?<![a-z0-9]){'[-_ ]?'.join(old.split('-'))}(?![a-z0-9])"
    name: Text | None = getattr(entity, "name", None)
    if name and re.search(word, f"{name.en} {name.ja}", re.I):
        number, _ = files.handbook.place(entity, ("name",))
        yield f"{files.path_after(entity.path)}:{number}: the name that readers see stays as it is"
    keeps = re.compile(rf"\b(?:name: .*{word}|{kind}: *['\"]?{old}(?![a-z0-9-]))", re.I)
    for rules in files.handbook.rule_files:
        path = files.path_after(rules.path)
        if re.search(word, posixpath.basename(path), re.I):
            yield f"{path}:1: the file keeps its name"
        for number, line in enumerate(files.body(files.file_of(rules.path)).splitlines(), 1):
            if keeps.search(line):
                yield f"{path}:{number}: `{line.strip()}` stays as it is; change it with the monitoring"

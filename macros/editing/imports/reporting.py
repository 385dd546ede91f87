"""How an import's outcome is printed: for a person, for a program."""

from __future__ import annotations

import json
from collections.abc import Callable

from macros.editing.imports.data_files import Made, MadeFile


def as_text(made: Made, shown: str, dry_run: bool) -> str:
    """A line for each file, then one for each thing that could not be mapped, and the counts.

    `shown` is what the data folder is called; under `dry_run` nothing was written.
    """
    lines = [_line(file, shown, "would be made" if dry_run else "made") for file in made.files]
    lines += ["could not be mapped:", *map(str, made.unmapped)] if made.unmapped else []
    blanks = sum(len(file.blanks) for file in made.files)
    verb = "would be made" if dry_run else "made"
    counts = [f"{_count(len(made.files), 'file')} {verb}", f"{_count(blanks, 'blank')} to fill in"]
    return "\n".join((*lines, ", ".join((*counts, f"{len(made.unmapped)} not mapped"))))


def as_json(made: Made, shown: str, dry_run: bool) -> str:
    """An object with the lists `files` and `unmapped`, and whether the files were `written`."""
    value = {
        "written": not dry_run,
        "files": [
            {"path": f"{shown}/{it.path}", "kind": it.kind, "id": it.id, "team": it.team, "blanks": list(it.blanks)}
            for it in made.files
        ],
        "unmapped": [
            {"path": it.path, "line": it.line, "column": it.column, "rule": it.rule, "message": str(it.message)}
            for it in made.unmapped
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


FORMATS: dict[str, Callable[[Made, str, bool], str]] = {"text": as_text, "json": as_json}


def _line(file: MadeFile, shown: str, verb: str) -> str:
    blanks = f"; fill in {', '.join(f'`{key}`' for key in file.blanks)}" if file.blanks else ""
    return f"{shown}/{file.path}: {verb}{blanks}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else f'{noun}s'}"

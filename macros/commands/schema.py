"""`schema`: JSON Schemas of the kinds, for editors and other programs."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from macros.authoring import editor
from macros.commands.command import OK, Command, StopError, argument, print_result
from macros.model.kinds import KINDS, schema


def run(options: argparse.Namespace) -> int:
    """Print the JSON Schema of a kind or of all, or write each to a file."""
    if options.output is not None and options.output.exists() and not options.output.is_dir():
        raise StopError(f"--output: {options.output} is a file; name a folder")
    kinds = [options.kind] if options.kind else list(KINDS)
    texts: dict[Path, str] = {}
    if options.settings:
        texts[options.settings] = editor.settings(KINDS.values())
    if options.output is not None:
        for name in kinds:
            text = json.dumps(schema(KINDS[name]), ensure_ascii=False, indent=2)
            texts[options.output / editor.schema_name(KINDS[name])] = f"{text}\n"
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if options.output is None:
        schemas = {name: schema(KINDS[name]) for name in kinds}
        print(json.dumps(schemas[options.kind] if options.kind else schemas, ensure_ascii=False, indent=2))
    else:
        print_result(options, "", {"files": [str(path) for path in texts]})
    return OK


COMMAND = Command(
    run,
    "0 done, 1 a file can't be written",
    ("schema team", "schema -o schemas/ --settings .vscode/settings.json"),
    "A schema is JSON in either format; --format json also prints which files were written.",
    arguments=(
        argument("kind", nargs="?", choices=KINDS, help="the kind; all kinds where it is left out"),
        argument("-o", "--output", type=Path, metavar="DIR", help="write a file for each kind there"),
        argument(
            "--settings",
            type=Path,
            metavar="FILE",
            help="also write the settings that lead VS Code from each file to its schema",
        ),
    ),
    data=False,
)

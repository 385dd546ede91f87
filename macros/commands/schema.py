"""`schema`: JSON Schemas of the kinds, for editors and other programs."""

import argparse
import json
from pathlib import Path

from macros.authoring import editor
from macros.commands.command import OK, Command, argument, as_json, print_result
from macros.model.kinds import KINDS, schema


@Command(
    "0 done, 1 a file can't be written",
    ("schema team", "schema -o schemas/ --settings .vscode/settings.json"),
    "A schema is JSON in either format; --format json also prints which files were written.",
    arguments=(
        argument("kind", nargs="?", choices=KINDS, help="the kind (default: all)"),
        argument("-o", "--output", type=Path, metavar="DIR", help="the folder to write a file for each kind to"),
        argument(
            "--settings",
            type=Path,
            metavar="FILE",
            help="also write the VS Code settings that map each file to its schema",
        ),
    ),
    data=False,
)
def run(options: argparse.Namespace) -> int:
    """Print the JSON Schema of one kind or of all, or write each to a file."""
    schemas = {name: schema(KINDS[name]) for name in ([options.kind] if options.kind else KINDS)}
    texts = {options.settings: editor.settings(KINDS.values())} if options.settings else {}
    if options.output:
        written = {name: json.dumps(schemas[name], ensure_ascii=False, indent=2) for name in schemas}
        texts |= {options.output / editor.schema_name(KINDS[name]): f"{written[name]}\n" for name in written}
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if options.output:
        print_result(options, "", {"files": [str(path) for path in texts]})
    else:
        print(as_json(schemas[options.kind] if options.kind else schemas))
    return OK

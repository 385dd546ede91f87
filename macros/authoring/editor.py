"""What an editor needs to know: which JSON Schema each file of the data is written to."""

import json
from collections.abc import Iterable

from macros.model.kinds import Kind

DATA = "data"
SCHEMAS = "schemas"
"""Places from the root of the checkout: the data, and what `schema --output` writes."""

FIRST_LINE = "// Made by `make schema` from KINDS in macros/model/kinds.py; change it there."


def schema_name(kind: Kind) -> str:
    """The file of a kind's schema, in the folder of schemas."""
    return f"{kind.name}.schema.json"


def glob(kind: Kind) -> str:
    """The files of a kind from the root of the checkout; a star stands for one name."""
    names = [f"*{part[part.index('>') + 1 :]}" if part.startswith("<") else part for part in kind.file.split("/")]
    return "/".join((DATA, *names))


def settings(kinds: Iterable[Kind]) -> str:
    """The settings of VS Code for this checkout: for the YAML extension, the schema of each kind's files.

    Mixed kinds are left out, since a schema would see nothing but faults in another system's files; their own
    files have a `modeline`.
    """
    schemas = {f"./{SCHEMAS}/{schema_name(kind)}": [glob(kind)] for kind in kinds if not kind.is_mixed}
    return f"{FIRST_LINE}\n{json.dumps({'yaml.schemas': schemas}, ensure_ascii=False, indent=2)}\n"


def modeline(kind: Kind) -> str:
    """The comment that leads any editor with a YAML language server from a file of a kind to its schema."""
    up = "../" * glob(kind).count("/")
    return f"# yaml-language-server: $schema={up}{SCHEMAS}/{schema_name(kind)}"

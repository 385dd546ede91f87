"""COMMANDS: what `python -m macros` does. One module per command.

A command's module has what is particular to it, `command.py` what all share; what a command raises,
`macros/__main__.py` turns into words and an exit code.
"""

from __future__ import annotations

from macros.commands import (
    adopt,
    catalogue,
    check,
    codeowners,
    coverage,
    export,
    imports,
    links,
    move,
    new,
    rename,
    schema,
    serve,
    site,
)
from macros.commands.command import Command

COMMANDS: dict[str, Command] = {
    "check": check.COMMAND,
    "schema": schema.COMMAND,
    "export": export.COMMAND,
    "coverage": coverage.COMMAND,
    "links": links.COMMAND,
    "new": new.COMMAND,
    "rename": rename.COMMAND,
    "move": move.COMMAND,
    "import": imports.COMMAND,
    "codeowners": codeowners.COMMAND,
    "adopt": adopt.COMMAND,
    "site": site.COMMAND,
    "serve": serve.COMMAND,
    "catalogue": catalogue.COMMAND,
}
"""Each command, in the order of the help."""

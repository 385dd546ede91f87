"""COMMANDS: what `python -m macros` does. One module per command; `command.py` has what all share."""

from macros.commands import (
    adopt,
    catalogue,
    check,
    codeowners,
    coverage,
    export,
    imports,
    move,
    new,
    outside_links,
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
    "links": outside_links.COMMAND,
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

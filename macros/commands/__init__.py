"""COMMANDS: what `python -m macros` does. `command.py` has what all share."""

from macros.commands import (
    adopt,
    catalogue,
    check,
    codeowners,
    coverage,
    export,
    imports,
    new,
    outside_links,
    renaming,
    schema,
    serve,
    site,
)
from macros.commands.command import Command

COMMANDS: dict[str, Command] = {
    "check": check.run,
    "schema": schema.run,
    "export": export.run,
    "coverage": coverage.run,
    "links": outside_links.run,
    "new": new.run,
    "rename": renaming.rename,
    "move": renaming.move,
    "import": imports.run,
    "codeowners": codeowners.run,
    "adopt": adopt.run,
    "site": site.run,
    "serve": serve.run,
    "catalogue": catalogue.run,
}
"""Each command, in the order of the help."""

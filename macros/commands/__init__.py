"""COMMANDS: what `python -m macros` does. One module per command.

A command has its arguments, its run, and in its help its exit codes and examples; `command.py` has what all
share, and what a command raises, `macros/__main__.py` turns into words and an exit code.
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
    "check": check,
    "schema": schema,
    "export": export,
    "coverage": coverage,
    "links": links,
    "new": new,
    "rename": rename,
    "move": move,
    "import": imports,
    "codeowners": codeowners,
    "adopt": adopt,
    "site": site,
    "serve": serve,
    "catalogue": catalogue,
}
"""The module of each command, in the order of the help."""

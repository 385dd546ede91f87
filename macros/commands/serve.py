"""`serve`: the handbook while it is being written."""

import argparse

from macros.commands.command import Command, argument
from macros.text.problems import RefusedError

LAST_PORT = 65535


@Command(
    "0 interrupted, 1 the port is in use",
    ("serve --edition ja",),
    arguments=(
        argument("--edition", choices=("en", "ja"), default="en", help="the language (%(default)s)"),
        argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)"),
        argument("--port", type=int, default=8000, help="port to listen on (%(default)s)"),
    ),
    data=False,
    formats=(),
)
def run(options: argparse.Namespace) -> int:
    """Serve one edition; an edit shows at once."""
    if not 0 < options.port <= LAST_PORT:
        raise RefusedError(f"--port: give a number from 1 to {LAST_PORT}")
    from macros.site import serve  # its server takes long to import, and every command would wait for it

    return serve.run(options.edition, options.host, options.port)

"""`python -m macros`: from a command line to a command of COMMANDS, and from its end to an exit code."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from collections.abc import Sequence

from macros.commands import COMMANDS
from macros.commands.command import FAULTY, WRONG_USE, Command, StopError
from macros.problems import DataError

PROGRAM = "python -m macros"
INTERRUPTED = 130
"""128 and the number of SIGINT, as a shell has it."""


def parser() -> argparse.ArgumentParser:
    """The parser of every command's arguments."""
    whole = argparse.ArgumentParser(
        prog=PROGRAM,
        description="The SRE handbook's commands.",
        epilog=f"`{PROGRAM} COMMAND --help` says more, with examples.",
    )
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        text = (command.run.__doc__ or "").split("\n")[0]
        one = commands.add_parser(
            name,
            help=text,
            description=text,
            epilog=epilog(command),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(one)
    return whole


def epilog(command: Command) -> str:
    """The end of a command's help: its exit codes, its examples, and what else there is to know."""
    codes = textwrap.fill(f"exit code: {command.HELP.exit_codes}, {WRONG_USE} wrong use", 100)
    examples = "\n".join(("examples:", *(f"  {PROGRAM} {it}" for it in command.HELP.examples)))
    return "\n\n".join(filter(None, (codes, examples, command.HELP.note)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. What went wrong stands on stderr."""
    options = parser().parse_args(arguments)
    try:
        code = COMMANDS[options.command].run(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever reads the output has seen enough, as in `check | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAULTY
    except StopError as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return error.code
    except DataError as error:
        print(error, file=sys.stderr)
        return FAULTY
    except OSError as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return FAULTY
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())

"""`python -m macros`: from a command line to a command of COMMANDS, and from its end to an exit code."""

import argparse
import gc
import io
import os
import re
import signal
import sys
import textwrap
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, NoReturn, TextIO, cast

from macros.commands import COMMANDS
from macros.commands.command import FAULTY, WRONG_USE, Command
from macros.site.publish import NotBuiltError
from macros.sources.git import GitError
from macros.text.catalogue import first_line
from macros.text.colour import Ink
from macros.text.problems import DataError, RefusedError, visible

PROGRAM = "python -m macros"


def parser() -> argparse.ArgumentParser:
    """The parser of every command's arguments."""
    whole = argparse.ArgumentParser(
        prog=PROGRAM,
        description="The SRE handbook's commands.",
        epilog=f"`{PROGRAM} COMMAND --help` has details and examples.",
    )
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)
    layout = argparse.RawDescriptionHelpFormatter
    for name, command in COMMANDS.items():
        text = first_line(command.run)
        one = commands.add_parser(name, help=text, description=text, epilog=epilog(command), formatter_class=layout)
        command.add_arguments(one)
    return whole


def epilog(command: Command) -> str:
    """The end of a command's help: its exit codes, its examples, and what else there is to know."""
    codes = textwrap.fill(f"exit code: {command.exit_codes}, {WRONG_USE} usage error", 100)
    examples = "\n".join(("examples:", *(f"  {PROGRAM} {example}" for example in command.examples)))
    return "\n\n".join(filter(None, (codes, examples, command.note)))


class Shown:
    """A stream that obeys nothing which stands in the data, and takes every letter.

    What a terminal would obey is written out, but for line ends and colours, and so is what begins a workflow
    command, unless `annotates`; a letter that the stream's encoding doesn't have, too. JSON stays what it says.
    """

    def __init__(self, stream: TextIO) -> None:
        self.annotates = False
        self._stream = stream
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")

    def write(self, text: str) -> int:
        """Write a text; returns how many letters there were."""
        own = _LINE_ENDS_AND_COLOURS if self._stream.isatty() else _LINE_ENDS
        shown = "".join(part if place % 2 else visible(part) for place, part in enumerate(own.split(text)))
        return self._stream.write(shown if self.annotates else _COMMAND.sub(r"\1\\x3a:", shown))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


_LINE_ENDS = re.compile(r"(\r?\n)")
_LINE_ENDS_AND_COLOURS = re.compile(rf"(\r?\n|\x1b\[(?:0|{'|'.join(ink.value for ink in Ink)})m)")
_COMMAND = re.compile(r"^(\s*)::", re.M)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. What went wrong stands on stderr."""
    output = Shown(sys.stdout)
    with redirect_stdout(cast(TextIO, output)), redirect_stderr(cast(TextIO, Shown(sys.stderr))):
        options = parser().parse_args(arguments)
        output.annotates = getattr(options, "format", "") == "github"
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    try:
        code = COMMANDS[options.command].run(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever reads the output has seen enough, as in `check | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAULTY
    except (DataError, NotBuiltError) as error:
        print(error, file=sys.stderr)
        return FAULTY
    except (RefusedError, GitError, OSError, EOFError) as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return FAULTY if isinstance(error, OSError | EOFError) else WRONG_USE
    except KeyboardInterrupt:
        return 128 + signal.SIGINT  # as a shell has it


def _terminate(number: int, frame: object) -> NoReturn:
    """End as SIGINT does, so that what a command began is cleared away; once is enough."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # not one that nohup has taken away
            signal.signal(number, _terminate)
    code = main()
    gc.freeze()  # Python would look through all of it once more before it ends
    sys.exit(code)

"""What every command is made of: its row in COMMANDS, exit codes, what commands share."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from macros.editing import change_set
from macros.editing.change_set import ChangeSet, written
from macros.handbook.graph import Handbook
from macros.site.project import load_handbook
from macros.text.problems import RefusedError

OK, FAULTY, WRONG_USE = 0, 1, 2

Argument = tuple[tuple[str, ...], dict[str, Any]]


def argument(*names: str, **settings: Any) -> Argument:
    """An argument of a command, as argparse's `add_argument` takes it."""
    return names, settings


@dataclass(frozen=True)
class Command:
    """A command, made as the decorator of the function that does it and returns the exit code: `run`. The first line of
    its docstring says what the command does.

    `exit_codes` says when it ends with 0 and with 1 (2 is a usage error everywhere), `examples` are calls of it, from
    its name on, and `note` is what else there is to know. `arguments` are those of its own; `changes` says
    whether it has `--dry-run`, `data` whether `--data`, and `formats` are those of `--format`. What it raises,
    `main` turns into words and an exit code.
    """

    exit_codes: str
    examples: tuple[str, ...]
    note: str = ""
    arguments: tuple[Argument, ...] = ()
    changes: bool = False
    data: bool = True
    formats: tuple[str, ...] = ("text", "json")
    run: Callable[[argparse.Namespace], int] = lambda options: OK

    def __call__(self, run: Callable[[argparse.Namespace], int]) -> Self:
        """The command that a function does."""
        return replace(self, run=run)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Give a parser the arguments of the command, and those that commands share."""
        for names, settings in self.arguments:
            parser.add_argument(*names, **settings)
        if self.changes:
            parser.add_argument("--dry-run", action="store_true", help="write nothing; show what would change")
        if self.data:
            default, words = Path(os.environ.get("HANDBOOK_DATA") or "data"), "the data folder (%(default)s)"
            parser.add_argument("--data", type=Path, default=default, metavar="DIR", help=words)
        if self.formats:
            parser.add_argument("--format", choices=self.formats, default="text", help="output format (%(default)s)")


def data_folder(options: argparse.Namespace) -> Path:
    """The data folder that was asked for. Raises `RefusedError` where there is none."""
    folder: Path = options.data
    if not folder.is_dir():
        raise RefusedError(f"--data: there is no folder {folder}")
    return folder


def handbook(options: argparse.Namespace) -> Handbook:
    """The handbook in the folder that was asked for. Raises `RefusedError`, or `DataError`."""
    return load_handbook(data_folder(options))[0]


def asks(options: argparse.Namespace) -> bool:
    """Whether the user can be asked: at a terminal, and not where JSON is printed."""
    return options.format == "text" and sys.stdin.isatty()


def ask(words: str) -> str:
    """What the user answers. Raises `EOFError` for the end of the input (Ctrl-D)."""
    try:
        return input(words).strip()
    except EOFError:
        print()
        raise EOFError("nothing was changed") from None


def is_made(path: Path, beginning: str) -> bool:
    """Whether a command made a file: it begins so, and is no symbolic link."""
    return path.is_file() and not path.is_symlink() and path.read_bytes().startswith(beginning.encode())


def write_made(texts: Mapping[Path, str], beginning: str) -> None:
    """Write files that have a beginning in common: all or none, and none over what begins otherwise.

    Raises `FileExistsError` with the names of those in the way before the first is written.
    """
    blocked = sorted(str(path) for path in texts if os.path.lexists(path) and not is_made(path, beginning))
    if blocked:
        names = ", ".join(blocked)
        raise FileExistsError(f"nothing was written: {names} was not made by this command; move it away")
    change_set.write(ChangeSet(tuple(written(path, text) for path, text in texts.items())))


def as_json(value: object) -> str:
    """A value as JSON for standard output, which may not have every letter."""
    return json.dumps(value, ensure_ascii=(sys.stdout.encoding or "").lower() != "utf-8", indent=2)


def print_result(options: argparse.Namespace, text: str, value: object, annotations: str = "") -> None:
    """Print a result as `--format` asks for it, unless it is empty."""
    result = as_json(value) if options.format == "json" else {"text": text, "github": annotations}[options.format]
    if result:
        print(result)

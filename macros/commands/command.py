"""What every command is made of: its shape, its exit codes, the arguments and endings that commands share."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from macros import colour
from macros.colour import Paint
from macros.handbook import Handbook
from macros.project import load_handbook

OK, FAULTY, WRONG_USE = 0, 1, 2


@dataclass(frozen=True)
class Help:
    """What a command's help says beside its arguments.

    `exit_codes` says when it ends with 0 and with 1 (2 is wrong use everywhere), `examples` are calls of it, from
    its name on, and `note` is what else there is to know.
    """

    exit_codes: str
    examples: tuple[str, ...]
    note: str = ""


class Command(Protocol):
    """A module of this package. The first line of `run`'s docstring says what the command does."""

    HELP: Help

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Give the command its arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; returns the exit code. What it raises, `main` turns into words and an exit code."""


class StopError(Exception):
    """Ends a command with a sentence on stderr and an exit code."""

    def __init__(self, words: str, code: int = WRONG_USE) -> None:
        self.code = code
        super().__init__(words)


def add_data(parser: argparse.ArgumentParser) -> None:
    """The argument `--data`; `data_folder` and `handbook` read it."""
    default = Path(os.environ.get("HANDBOOK_DATA") or "data")
    parser.add_argument("--data", type=Path, default=default, metavar="DIR", help="the data folder (%(default)s)")


def add_format(parser: argparse.ArgumentParser, formats: Iterable[str] = ("text", "json")) -> None:
    """The argument `--format`: how the result is printed."""
    parser.add_argument("--format", choices=[*formats], default="text", help="how to print (%(default)s)")


def data_folder(options: argparse.Namespace) -> Path:
    """The data folder that was asked for. Raises `StopError` where there is none."""
    folder: Path = options.data
    if not folder.is_dir():
        raise StopError(f"--data: there is no folder {folder}")
    return folder


def handbook(options: argparse.Namespace) -> Handbook:
    """The handbook in the data folder that was asked for. Raises `StopError`, or `DataError` with every problem."""
    return load_handbook(data_folder(options))[0]


def paint() -> Paint:
    """How words for standard output are coloured: at a terminal alone."""
    return colour.for_stream(sys.stdout, os.environ)


def print_result(options: argparse.Namespace, text: str, value: object) -> None:
    """Print a result as `--format` asks for it: words (none where they are empty), or a value as JSON."""
    if options.format == "json":
        print(json.dumps(value, ensure_ascii=False, indent=2))
    elif text:
        print(text)

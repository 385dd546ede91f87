"""`catalogue`: the words that readers see, for translators."""

from __future__ import annotations

import argparse

from macros.authoring import catalogue
from macros.commands.command import OK, Help, add_format, print_result
from macros.gaps import checks
from macros.site import page_macros
from macros.site.project import shown

HELP = Help(
    exit_codes="0 done, 1 the catalogue can't be written",
    examples=("catalogue",),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How to print."""
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Bring the Japanese catalogue up to date with the program."""
    total, missing = catalogue.update("ja", [*(check.find for check in checks.CHECKS), *page_macros.MACROS.values()])
    path = shown(catalogue.catalogue_path("ja"))
    text = f"{path}: {total} messages, {missing} without a translation"
    print_result(options, text, {"path": path, "messages": total, "untranslated": missing})
    return OK

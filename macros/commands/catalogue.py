"""`catalogue`: the words that readers see, for translators."""

import argparse

from macros.authoring import messages
from macros.commands.command import OK, Command, print_result
from macros.gaps import checks
from macros.site import page_macros
from macros.site.project import shown
from macros.text import catalogue


@Command("0 done, 1 the catalogue can't be written", ("catalogue",), data=False)
def run(options: argparse.Namespace) -> int:
    """Update the Japanese catalogue from the program."""
    total, missing = messages.update("ja", [*(check.find for check in checks.CHECKS), *page_macros.MACROS.values()])
    path = shown(catalogue.catalogue_path("ja"))
    text = f"{path}: {total} messages, {missing} without a translation"
    print_result(options, text, {"path": path, "messages": total, "untranslated": missing})
    return OK

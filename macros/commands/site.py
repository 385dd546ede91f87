"""`site`: both editions, as they are published."""

import argparse
from pathlib import Path

from macros.commands.command import OK, Command, argument, print_result
from macros.site import publish


@Command(
    "0 built, 1 not built, and the folder is unchanged",
    ("site --output public/", "site --output public/ --pdf", "site --format json"),
    f"A build replaces the files that an earlier one put there ({publish.MARKER} lists them), and nothing else.",
    arguments=(
        argument("--pdf", action="store_true", help="also make PDFs of checklists, binders, sheets and charters"),
        argument("--output", type=Path, default=Path("site"), metavar="DIR", help="the output folder (%(default)s)"),
    ),
    data=False,
)
def run(options: argparse.Namespace) -> int:
    """Build both editions into one folder; after an error, the folder is unchanged."""
    built = publish.site(options.output, pdfs=options.pdf)
    pdfs = built.new_pdfs + built.kept_pdfs
    lines = [f"{pdfs} PDFs, {built.new_pdfs} of them new"] if options.pdf else []
    lines.append(f"{built.output.name}/: English at /, Japanese at /ja/, as of {built.day}")
    if not built.is_new:
        lines = [f"{built.output.name}/: nothing has changed since it was built, as of {built.day}"]
    value = {
        "output": str(built.output),
        "editions": publish.MOUNT,
        "day": built.day.isoformat(),
        "new": built.is_new,
        "pdfs": {"new": built.new_pdfs, "kept": built.kept_pdfs} if options.pdf else None,
    }
    print_result(options, "\n".join(lines), value)
    return OK

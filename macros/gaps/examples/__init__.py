"""EXAMPLES: of each rule, a few lines that break it and the same lines as they are right.

One file a rule stands beside this module, `<rule>.txt`: `-- bad <path> --` and `-- good <path> --`, each with
lines of that file below it. `-- beside <path> --` is what has to be there besides, and is not shown. Behind a
path may stand, in brackets, how the file is saved: `(Shift_JIS)`, or where a link leads: `(→ /srv/a.yaml)`.
A file may be shown in part: tests lay the lines on a small neutral handbook and see that the rule does what
the example says.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent

WITHOUT_EXAMPLE = frozenset({"unreadable", "catalogue", "page-not-in-nav"})
"""Rules that no lines of a data file or of a page can break."""


class Excerpt(NamedTuple):
    """Lines of one file. `path` is below the repository; `saved` says how it is saved, where that matters."""

    path: str
    saved: str
    text: str


@cache
def example(rule: str) -> Mapping[str, Sequence[Excerpt]] | None:
    """The excerpts that break a rule (`bad`), that don't, and `beside`; None for those `WITHOUT_EXAMPLE`."""
    return None if rule in WITHOUT_EXAMPLE else read((HERE / f"{rule}.txt").read_text(encoding="utf-8"))


def read(text: str) -> dict[str, list[Excerpt]]:
    """The excerpts of an example, as its file writes them. Raises `ValueError` for a head that is none."""
    parts = re.split(r"^-- (.+) --\n", text, flags=re.MULTILINE)[1:]
    found: dict[str, list[Excerpt]] = {"bad": [], "good": [], "beside": []}
    for head, lines in zip(parts[::2], parts[1::2], strict=True):
        match = re.fullmatch(r"(bad|good|beside) (\S+)(?: \((.+)\))?", head)
        if match is None:
            raise ValueError(f"`-- {head} --`: write bad, good or beside, and a path")
        found[match[1]].append(Excerpt(match[2], match[3] or "", lines))
    return found

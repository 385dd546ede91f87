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


class Excerpt(NamedTuple):
    """Lines of one file. `path` is below the repository; `saved` says how it is saved, where that matters."""

    path: str
    saved: str
    text: str


_EXCERPT = re.compile(r"^-- (bad|good|beside) (\S+)(?: \((.+)\))? --\n((?:(?!-- ).*\n)+)", re.MULTILINE)


@cache
def example(rule: str) -> Mapping[str, Sequence[Excerpt]] | None:
    """The excerpts that break a rule (`bad`), that don't, and `beside`; None where it has no file."""
    file = HERE / f"{rule}.txt"
    if not file.exists():
        return None
    found = _EXCERPT.findall(file.read_text(encoding="utf-8"))
    return {side: [Excerpt(*rest) for name, *rest in found if name == side] for side in ("bad", "good", "beside")}

"""The SRE handbook's program: load the data, check it, render it, hand it over.

Here mkdocs-macros meets it: `define_env` publishes the macros to Markdown pages, and does nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from macros.functions import Author


def define_env(env: Any) -> None:
    """Publish `functions.MACROS` to the pages (mkdocs-macros calls this once a build).

    `hooks.on_config` has put the site into the configuration before. The calls of all pages have been
    checked by then, so a fault here is one that came between.
    """
    from macros import functions
    from macros.problems import Message

    site = env.conf.extra["handbook_site"]

    def author() -> Author:
        return functions.Author(site, env.page.url)

    def report(line: int, message: Message) -> None:
        raise ValueError(f"{env.page.file.src_uri}: {message}")

    for name, macro in functions.bound_macros(author, report).items():
        env.macro(macro, name)

"""The navigation as MkDocs reads it, ahead of a build."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from macros.sources import guides
from macros.text.problems import Message, Problem


def left_out(root: Path) -> Iterator[Problem]:
    """A problem for each page of a checkout that `nav` in its mkdocs.yml leaves out; a strict build stops at it."""
    written = root / "mkdocs.yml"
    words = {*re.findall(r"[^\s\[\]{},\"']+", written.read_text("utf-8"))} if written.is_file() else set()
    if all(uri in words for uri in guides.pages_in(root / "docs") if not uri.endswith(".ja.md")):
        return  # to ask MkDocs takes a tenth of the time of a check
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, ConfigurationError
    from mkdocs.structure.files import InclusionLevel, get_files
    from mkdocs.structure.nav import get_navigation

    validation = {"nav": {"not_found": "info", "absolute_links": "relative_to_docs"}}
    plain: dict[str, Any] = {"theme": "mkdocs", "plugins": [], "hooks": [], "markdown_extensions": []}
    try:
        config = load_config(str(written), validation=validation, **plain)
    except (ConfigurationError, Abort):
        return  # a build says so at once
    files = get_files(config)
    listed = get_navigation(files, config).pages
    for file in files.documentation_pages():
        is_translation = file.src_uri.endswith(".ja.md")
        if not is_translation and file.inclusion is InclusionLevel.INCLUDED and file.page not in listed:
            message = Message("the page isn't in the navigation; add it to `nav` in mkdocs.yml, or delete it")
            yield Problem(f"docs/{file.src_uri}", 1, 1, "page-not-in-nav", message)

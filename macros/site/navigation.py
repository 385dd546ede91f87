"""The navigation as MkDocs reads it, ahead of a build."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config import load_config
from mkdocs.exceptions import Abort, ConfigurationError
from mkdocs.structure.files import InclusionLevel, get_files
from mkdocs.structure.nav import get_navigation

from macros.text.problems import Message, Problem


def left_out(root: Path) -> Iterator[Problem]:
    """A problem for each page of a checkout that `nav` in its mkdocs.yml leaves out; a strict build stops at it."""
    validation = {"nav": {"not_found": "info", "absolute_links": "relative_to_docs"}}
    plain: dict[str, Any] = {"theme": "mkdocs", "plugins": [], "hooks": [], "markdown_extensions": []}
    try:
        config = load_config(str(root / "mkdocs.yml"), validation=validation, **plain)
    except (ConfigurationError, Abort):
        return  # a build says so at once
    files = get_files(config)
    listed = get_navigation(files, config).pages
    for file in files.documentation_pages():
        is_translation = file.src_uri.endswith(".ja.md")
        if not is_translation and file.inclusion is InclusionLevel.INCLUDED and file.page not in listed:
            message = Message("the page isn't in the navigation; add it to `nav` in mkdocs.yml, or delete it")
            yield Problem(f"docs/{file.src_uri}", 1, 1, "page-not-in-nav", message)

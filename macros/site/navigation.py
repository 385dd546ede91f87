"""The navigation as MkDocs reads it, ahead of a build."""

from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError
from mkdocs.structure.files import InclusionLevel, get_files
from mkdocs.structure.nav import get_navigation
from mkdocs.utils.yaml import yaml_load

from macros.text.problems import Message, Problem


def left_out(root: Path) -> Iterator[Problem]:
    """A problem for each page of a checkout that `nav` in its mkdocs.yml leaves out; a strict build stops at it."""
    config = MkDocsConfig()
    try:
        with (root / "mkdocs.yml").open("rb") as opened:
            written = yaml_load(opened)
    except (OSError, ConfigurationError):
        return  # a build says so at once
    kept = {key: written[key] for key in ("nav", "exclude_docs", "draft_docs", "not_in_nav") if key in written}
    links = {"not_found": "info", "absolute_links": "relative_to_docs"}
    config.load_dict({"site_name": "-", "docs_dir": str(root / "docs"), "validation": {"nav": links}, **kept})
    failed, _ = config.validate()
    if failed:
        return
    files = get_files(config)
    listed = get_navigation(files, config).pages
    for file in files.documentation_pages():
        is_own = not file.src_uri.startswith("overrides/") and not file.src_uri.endswith(".ja.md")
        if is_own and file.inclusion is InclusionLevel.INCLUDED and file.page not in listed:
            message = Message("the page isn't in the navigation; add it to `nav` in mkdocs.yml, or delete it")
            yield Problem(f"docs/{file.src_uri}", 1, 1, "page-not-in-nav", message)

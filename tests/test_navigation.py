"""Which pages the navigation leaves out, as MkDocs says it."""

from __future__ import annotations

import re
from pathlib import Path

import mkdocs.config
import mkdocs.structure.files
import mkdocs.structure.nav
import pytest
from conftest import write_tree

from macros.site import navigation

NAVIGATION = """\
site_name: A
theme: {name: material, palette: !ENV [PALETTE, []]}
nav: [index.md, {A: [a/index.md, /a/slashed.md, {B: ./a/dotted.md}]}, {Out: "https://example.com/a/omitted.md"}]
validation: {nav: {omitted_files: warn, absolute_links: relative_to_docs}}
"""
PAGES = (
    "index",
    "a/index",
    "a/slashed",
    "a/dotted",
    "a/omitted",
    "a/hidden",
    "omitted",
    "b/index",
    ".c",
    "templates/d",
)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ["a/hidden", "a/omitted", "b/index", "omitted"]),
        ("not_in_nav: |\n  /b/\n  hidden.md\n", ["a/omitted", "omitted"]),
        ("exclude_docs: |\n  omitted.md\n  !.c.md\n", [".c", "a/hidden", "b/index"]),
        ("draft_docs: a/\n", ["b/index", "omitted"]),
    ],
)
def test_a_page_that_no_navigation_has_is_a_problem_as_for_mkdocs(
    more: str, expected: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "mkdocs.yml").write_text(f"{NAVIGATION}{more}")
    write_tree(tmp_path / "docs", {f"{page}.md": "" for page in PAGES}, base=False)
    config = mkdocs.config.load_config(str(tmp_path / "mkdocs.yml"), plugins=[])
    mkdocs.structure.nav.get_navigation(mkdocs.structure.files.get_files(config), config)
    assert sorted(re.findall(r"^  - (.+)\.md$", "\n".join(caplog.messages), re.M)) == expected
    write_tree(tmp_path / "docs", {"omitted.ja.md": ""}, base=False)
    assert sorted(str(problem) for problem in navigation.left_out(tmp_path)) == [
        f"docs/{page}.md:1:1: page-not-in-nav: the page isn't in the navigation; "
        "add it to `nav` in mkdocs.yml, or delete it"
        for page in expected
    ]


@pytest.mark.parametrize("text", [None, "nav: [", "site_name: A\n", "nav: 5\n"])
def test_without_a_navigation_no_page_is_out_of_it(text: str | None, tmp_path: Path) -> None:
    write_tree(tmp_path / "docs", {"index.md": ""}, base=False)
    if text is not None:
        (tmp_path / "mkdocs.yml").write_text(text)
    assert list(navigation.left_out(tmp_path)) == []

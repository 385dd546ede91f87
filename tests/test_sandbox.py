"""What mkdocs-macros and MkDocs make of a hand-written page in a build: no more than the check has allowed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import ROOT, golden_site, write_tree
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page
from web import copy_project, mkdocs_build

import hooks

SHELL = "{{ cycler.__init__.__globals__.os.mkdir('ran') }}"


@pytest.fixture(scope="module")
def config() -> MkDocsConfig:
    """The project's configuration as far as a build has it when it reads the first page."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    config.extra["edition"] = golden_site("en")
    config.plugins["macros"].on_config(config)
    config.plugins.on_pre_build(config=config)
    return config


@pytest.fixture
def page(config: MkDocsConfig, tmp_path: Path) -> Callable[[str], Page]:
    """Reads a hand-written page."""

    def read(text: str) -> Page:
        docs = write_tree(tmp_path, {"a.md": text}, base=False)
        page = Page(None, File("a.md", str(docs), str(tmp_path / "site"), use_directory_urls=True), config)
        page.read_source(config)
        return page

    return read


def rendered(page: Page, config: MkDocsConfig) -> str:
    plugin: Any = config.plugins["macros"]
    return str(plugin.on_page_markdown(page.markdown, page=page, config=config))


def test_a_page_is_rendered_with_what_its_macros_give(page: Callable[[str], Page], config: MkDocsConfig) -> None:
    made = page(
        "---\ntitle: no\nsearch: {words: [a]}\n---\n{{ link('team', 'sparse') }} {% raw %}{{ a }}{% endraw %}\n"
    )
    assert rendered(made, config) == '<a href="../teams/sparse/">Sparse</a> {{ a }}'
    assert made.meta == {"title": "no", "search": {"words": ["a"]}}


@pytest.mark.parametrize("text", [SHELL, "{{ config.plugins }}", "{{ macros_info() }}", "{% include 'index.md' %}"])
def test_mkdocs_macros_runs_no_other_code(
    text: str, page: Callable[[str], Page], config: MkDocsConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):  # what mkdocs-macros does of any fault
        rendered(page(f"# A\n\n{text}\n"), config)
    assert not (tmp_path / "ran").exists()


def test_a_page_that_has_become_wrong_since_the_check_stops_the_build(page: Callable[[str], Page]) -> None:
    with pytest.raises(PluginError, match=r"a\.md:2:1: unknown-key: `titel` is not a key here"):
        page("---\ntitel: A\n---\n")


def test_a_plugin_that_keeps_its_environment_elsewhere_is_refused(config: MkDocsConfig) -> None:
    other: Any = SimpleNamespace(plugins={"macros": SimpleNamespace(env=None)}, extra=config.extra)
    with pytest.raises(RuntimeError, match="pages could run any code"):
        hooks.on_pre_build(other)


def test_a_build_refuses_what_a_check_refuses_and_runs_none_of_it(tmp_path: Path) -> None:
    folder = copy_project(tmp_path / "project")
    write_tree(
        folder / "docs",
        {"a.md": SHELL, "b.markdown": SHELL, "c.md": f"---\n- {SHELL!r}\n---\n", "d.md": "---\nsearch: 5\n---\n"},
        base=False,
    )
    (folder / "docs/assets/e.txt").symlink_to("/proc/self/environ")
    (folder / "docs/e.md").symlink_to("/etc/passwd")
    failed = mkdocs_build(folder, tmp_path / "site")
    assert failed.returncode == 1
    assert re.findall(r"(docs/\S+): (\S+):", failed.stdout) == [
        ("docs/a.md:1:1", "page-code"),
        ("docs/assets/e.txt:1:1", "symbolic-link"),
        ("docs/b.markdown:1:1", "unknown-file"),
        ("docs/c.md:2:1", "wrong-type"),
        ("docs/d.md:2:9", "wrong-type"),
        ("docs/e.md:1:1", "symbolic-link"),
    ]
    assert "Traceback" not in failed.stdout
    assert not (tmp_path / "site").exists()
    assert not (folder / "ran").exists()

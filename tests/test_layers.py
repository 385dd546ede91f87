"""Imports go one way, over few layers, and only the modules that meet a platform know it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from conftest import ROOT

LAYERS = (
    ("hooks", "macros", "macros.__main__"),
    ("macros.commands",),
    ("macros.commands.move", "macros.commands.rename", "macros.commands.serve"),
    (
        "macros.commands.adopt",
        "macros.commands.catalogue",
        "macros.commands.changing",
        "macros.commands.check",
        "macros.commands.codeowners",
        "macros.commands.coverage",
        "macros.commands.export",
        "macros.commands.imports",
        "macros.commands.links",
        "macros.commands.new",
        "macros.commands.schema",
        "macros.commands.site",
        "macros.serve",
    ),
    ("macros.adoption", "macros.commands.command", "macros.publish"),
    ("macros.project", "macros.renaming"),
    ("macros.functions", "macros.pages"),
    ("macros.imports", "macros.render"),
    ("macros.checks", "macros.contributions", "macros.exports", "macros.reporting", "macros.search_index"),
    (
        "macros.advice",
        "macros.beginnings",
        "macros.checks.alerts",
        "macros.coverage",
        "macros.exports.alerting",
        "macros.exports.prometheus",
        "macros.published",
        "macros.renaming.desk",
        "macros.renaming.remarks",
        "macros.search",
    ),
    ("macros.alerts", "macros.calendar_feed", "macros.changes", "macros.links"),
    ("macros.addresses", "macros.checks.checklists"),
    ("macros.checklists", "macros.checks.journeys", "macros.exports.openslo", "macros.imports.reporting"),
    (
        "macros.checks.organisation",
        "macros.checks.playbooks",
        "macros.checks.reading",
        "macros.checks.set_ups",
        "macros.codeowners",
        "macros.exports.document",
        "macros.glossary",
        "macros.imports.data_files",
        "macros.load",
        "macros.names",
        "macros.reading",
    ),
    ("macros.handbook", "macros.renaming.links"),
    ("macros.guides", "macros.imports.backstage", "macros.imports.table", "macros.rules", "macros.skeletons"),
    ("macros.editor", "macros.pdf", "macros.renaming.edits", "macros.validate"),
    (
        "macros.catalogue",
        "macros.chooser",
        "macros.kinds",
        "macros.reference",
        "macros.repository",
        "macros.source",
        "macros.timeline",
    ),
    ("macros.model",),
    ("macros.corrections", "macros.model.organisation", "macros.model.reading", "macros.model.workshops"),
    (
        "macros.model.alerts",
        "macros.model.checklists",
        "macros.model.glossary",
        "macros.model.journeys",
        "macros.model.playbooks",
        "macros.model.set_ups",
        "macros.imports.imported",
        "macros.slips",
    ),
    (
        "macros.changed_files",
        "macros.history",
        "macros.lookalikes",
        "macros.model.references",
        "macros.renaming.changes",
        "macros.script_words",
        "macros.updates",
    ),
    (
        "macros.colour",
        "macros.content_security",
        "macros.examples",
        "macros.git",
        "macros.markdown",
        "macros.model.values",
        "macros.problems",
        "macros.slo",
    ),
)
"""Every module of the program, the outermost first: each imports from layers below its own alone."""

DEPTH = {module: depth for depth, layer in enumerate(LAYERS) for module in layer}

PLATFORMS = (
    ({"hooks", "macros", "macros.serve"}, {"mkdocs", "mkdocs_macros", "material", "mkdocs_material"}),
    (
        {"macros.__main__", *(it for it in DEPTH if it.startswith("macros.commands."))},
        {"argparse", "click", "typer"},
    ),
)
"""The modules that may know MkDocs and its plugins, and those that may know a library for command lines."""


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {
    module_name(path): ast.parse(path.read_text(encoding="utf-8"))
    for path in (ROOT / "hooks.py", *sorted((ROOT / "macros").rglob("*.py")))
}

each_module = pytest.mark.parametrize("module", MODULES)


def imports(tree: ast.Module) -> Iterator[str]:
    """Every module that a module imports, wherever in it, with the packages around what it imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            name = node.module or ""
            inner = [f"{name}.{alias.name}" for alias in node.names if f"{name}.{alias.name}" in DEPTH]
            yield from inner or [name]


def test_every_module_has_a_layer() -> None:
    assert MODULES.keys() == DEPTH.keys()


@each_module
def test_a_module_imports_from_layers_below_its_own(module: str) -> None:
    own = {it for it in imports(MODULES[module]) if it.partition(".")[0] in ("macros", "hooks")}
    assert {it for it in own if it not in DEPTH or DEPTH[it] <= DEPTH[module]} == set()


@pytest.mark.parametrize(("modules", "packages"), PLATFORMS)
def test_only_the_modules_that_meet_a_platform_know_it(modules: set[str], packages: set[str]) -> None:
    knowing = {name for name, tree in MODULES.items() if {it.partition(".")[0] for it in imports(tree)} & packages}
    assert knowing == modules - {"macros"}, "mkdocs-macros calls `macros` without an import there"


@each_module
def test_a_module_stands_as_low_as_it_can(module: str) -> None:
    below = [DEPTH[it] for it in imports(MODULES[module]) if it in DEPTH]
    assert DEPTH[module] in (0, min(below, default=len(LAYERS)) - 1)


@each_module
def test_a_module_imports_what_the_requirements_of_the_site_pin(module: str) -> None:
    # PDFs have requirements of their own, which the site never needs.
    name = "requirements-pdf.txt" if module == "macros.pdf" else "requirements.txt"
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / name).read_text(encoding="utf-8"), re.M))
    outside = {it.partition(".")[0] for it in imports(MODULES[module])} - {"macros", *sys.stdlib_module_names}
    assert {it for it in outside if not pinned & distributions()[it]} == set()


@cache
def distributions() -> dict[str, set[str]]:
    """The installed distributions, as requirements name them, by what is imported from them."""
    return {it: {name.lower().replace("_", "-") for name in names} for it, names in packages_distributions().items()}


@each_module
def test_a_module_keeps_no_state(module: str) -> None:
    assert [f"{node.lineno}: {ast.unparse(node)}" for node in state(MODULES[module])] == []


def state(tree: ast.Module) -> Iterator[ast.stmt]:
    """What a module could change from one build to the next: `global`, and containers that begin empty."""
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Global))
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and is_empty_container(node.value):
            yield node


def is_empty_container(value: ast.expr | None) -> bool:
    match value:
        case ast.Dict(keys=[]) | ast.List(elts=[]):
            return True
        case ast.Call(func=ast.Name(id="dict" | "list" | "set" | "defaultdict" | "deque"), args=[], keywords=[]):
            return True
    return False


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A = {}", 1),
        ("A: list[str] = []", 1),
        ("A = set()", 1),
        ("def f():\n    global A\n    A = 1", 1),
        ("A = {'a': 1}\nB = ('a',)\nC = frozenset()", 0),
        ("def f():\n    a = {}", 0),
    ],
)
def test_state_is_seen(text: str, found: int) -> None:
    assert len(list(state(ast.parse(text)))) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import macros.load", ["macros.load"]),
        ("from macros import load, N", ["macros.load"]),
        ("from macros.load import load", ["macros.load"]),
        ("from macros import define_env", ["macros"]),
        ("def f():\n    import mkdocs.config as c", ["mkdocs.config"]),
        ("if A:\n    from mkdocs.config import C", ["mkdocs.config"]),
    ],
)
def test_an_import_is_seen_wherever_it_stands(text: str, found: list[str]) -> None:
    assert list(imports(ast.parse(text))) == found

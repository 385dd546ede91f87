"""What holds for every module: who may know a platform, what requirements pin, names, no state."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from conftest import ROOT

PLATFORMS = (
    (r"hooks|macros\.site\.(navigation|preview|serve)", {"mkdocs", "mkdocs_macros", "material", "mkdocs_material"}),
    (r"macros\.__main__|macros\.commands\..+", {"argparse", "click", "typer"}),
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
            inner = [f"{name}.{alias.name}" for alias in node.names if f"{name}.{alias.name}" in MODULES]
            yield from inner or [name]


@pytest.mark.parametrize(("modules", "packages"), PLATFORMS)
def test_only_the_modules_that_meet_a_platform_know_it(modules: str, packages: set[str]) -> None:
    knowing = [name for name, tree in MODULES.items() if {it.partition(".")[0] for it in imports(tree)} & packages]
    assert knowing
    assert [it for it in knowing if not re.fullmatch(modules, it)] == []


def test_no_two_classes_have_one_name() -> None:
    assert repeated(MODULES) == {}


def repeated(modules: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    """The names that more than one class has, wherever it stands, each with the modules."""
    places: dict[str, list[str]] = {}
    for name, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(name)
    return {name: found for name, found in places.items() if len(found) > 1}


def test_a_repeated_name_is_seen() -> None:
    modules = {"a": ast.parse("class A:\n    class B: ..."), "b": ast.parse("def f():\n    class B: ...\nclass C: ...")}
    assert repeated(modules) == {"B": ["a", "b"]}


@each_module
def test_a_module_imports_what_the_requirements_of_the_site_pin(module: str) -> None:
    # PDFs have requirements of their own, which the site never needs.
    name = "requirements-pdf.txt" if module == "macros.site.pdf" else "requirements.txt"
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
        ("import macros.handbook.load", ["macros.handbook.load"]),
        ("from macros.handbook import load, N", ["macros.handbook.load"]),
        ("from macros.handbook.load import load", ["macros.handbook.load"]),
        ("from macros import define_env", ["macros"]),
        ("def f():\n    import mkdocs.config as c", ["mkdocs.config"]),
        ("if A:\n    from mkdocs.config import C", ["mkdocs.config"]),
    ],
)
def test_an_import_is_seen_wherever_it_stands(text: str, found: list[str]) -> None:
    assert list(imports(ast.parse(text))) == found

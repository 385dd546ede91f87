"""Data flows one way through the program: each package imports only those before it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conftest import ROOT

PACKAGES = ("text", "model", "sources", "handbook", "authoring", "gaps", "exports", "site", "editing", "commands")


def imports(text: str) -> Iterator[tuple[int, str]]:
    """The line of each import of the program, wherever it stands, with the package that it leads to."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None)
            for name in (f"{module}.{it.name}" if module else it.name for it in node.names):
                if name.startswith("macros."):
                    yield node.lineno, name.split(".")[1]


def backward(package: str, text: str) -> list[str]:
    """The imports of a module that its package may not have."""
    known = PACKAGES[: PACKAGES.index(package) + 1]
    return [f"{line}: {it}" for line, it in imports(text) if it not in known]


def test_each_package_imports_only_packages_before_it() -> None:
    texts = {it.relative_to(ROOT): it.read_text("utf-8") for it in sorted((ROOT / "macros").glob("*/**/*.py"))}
    assert {it.parts[1] for it in texts} == {*PACKAGES}
    assert [f"{it}:{found}" for it, text in texts.items() for found in backward(it.parts[1], text)] == []


def test_an_import_that_runs_backwards_is_seen() -> None:
    text = "from macros.text import a\nimport macros.model.b\ndef f():\n    from macros import site, define_env"
    assert backward("model", text) == ["4: site", "4: define_env"]

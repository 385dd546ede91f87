"""Recipes: the files that contributors are shown are right, and there is one for each kind."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path

import neutral
import pytest
import yaml
from conftest import ROOT, write_tree

from macros.gaps import checks
from macros.handbook import load
from macros.model.kinds import KINDS
from macros.model.values import LANGUAGES

WITHOUT_FILE = {"reading-shelf": "reading"}
"""Kinds whose file another recipe shows."""

each_language = pytest.mark.parametrize("language", LANGUAGES)


def page(language: str, name: str = "recipes") -> str:
    suffix = "" if language == "en" else f".{language}"
    return (ROOT / f"docs/contribute/{name}{suffix}.md").read_text(encoding="utf-8")


def recipes(language: str) -> dict[str, str]:
    """Each recipe by the id of its heading."""
    text = page(language)
    starts = [*re.finditer(r"^## .* \{ #([a-z-]+) \}$", text, re.MULTILINE)]
    ends = [*(it.start() for it in starts[1:]), len(text)]
    return {start[1]: text[start.end() : end] for start, end in zip(starts, ends, strict=True)}


def blocks(text: str) -> list[tuple[str, str]]:
    """The files that a text shows: path below `data/`, and lines."""
    found = re.findall(r'^```yaml title="data/([^"]+)"\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)
    assert len(found) == text.count("```yaml")
    return found


@each_language
def test_the_files_of_all_recipes_are_right_together(language: str, tmp_path: Path) -> None:
    files = neutral.files()
    for path, lines in blocks(page(language)):
        files = neutral.laid_on(files, {path: lines})
    handbook = load.load(write_tree(tmp_path, dict(files), base=False), "data")
    assert checks.run(handbook)[0] == ()


@pytest.mark.parametrize(
    ("language", "kind"), [(it, kind) for it in LANGUAGES for kind in KINDS if kind in recipes(it)]
)
def test_the_recipe_of_a_kind_has_its_file_and_its_command(language: str, kind: str) -> None:
    recipe = recipes(language)[kind]
    pattern = re.sub(r"<\w+>", "[a-z0-9-]+", re.escape(KINDS[kind].file).replace(r"\-", "-"))
    shown = recipes(language)[WITHOUT_FILE.get(kind, kind)]
    assert [path for path, _ in blocks(shown) if re.fullmatch(pattern, path)]
    (command,) = re.findall(r"`\.venv/bin/python -m macros new ([^`]+)`", recipe)
    assert shlex.split(command)[0] == kind
    assert ("--team" in command) == (KINDS[kind].in_team and kind != "team")


@each_language
def test_every_recipe_says_where_it_shows_and_stands_in_the_table_above(language: str) -> None:
    found = recipes(language)
    for recipe in found.values():
        last = recipe.strip().splitlines()[-1]
        assert re.match("- (Shows|表示): ?", last)
        assert "](../" in last or "site" in last
    listed = re.findall(r"\]\(#([a-z-]+)\)", page(language).partition("\n## ")[0])
    assert sorted(listed) == sorted(found)


def test_recipes_differ_in_words_alone() -> None:
    """Both editions show the same keys, in the same files."""
    english, japanese = (blocks(page(language)) for language in LANGUAGES)
    assert [path for path, _ in japanese] == [path for path, _ in english]
    for (path, one), (_, other) in zip(english, japanese, strict=True):
        assert shape(yaml.safe_load(other)) == shape(yaml.safe_load(one)), path


def shape(value: object) -> object:
    """What a file has, without its words."""
    if isinstance(value, dict):
        return {key: shape(it) for key, it in value.items()}
    return [shape(it) for it in value] if isinstance(value, list) else type(value)


def test_recipes_stand_in_the_order_of_their_table() -> None:
    orders = [list(recipes(language)) for language in LANGUAGES]
    assert all(one == other for one, other in pairwise(orders))


@each_language
def test_the_ten_minute_path_shows_what_the_commands_print(language: str, tmp_path: Path) -> None:
    text = textwrap.dedent(page(language, "index").replace("\n    ", "\n")).partition("{ #review }")[0]
    new, check = re.findall(r"^```console\n\$ .*\n((?:.*\n)+?)```$", text, re.MULTILINE)
    ((path, lines),) = blocks("".join(re.findall(r"^```yaml title=.*?^```$", text, re.MULTILINE | re.DOTALL)))
    data = write_tree(tmp_path / "data", dict(neutral.files()), base=False)
    made = run(tmp_path, "new", "service", "refunds", "--team", "payments", "--title", "Refunds")
    assert made == new == f"data/{path}: new\n"
    write_tree(data, {path: lines}, base=False)
    printed = run(tmp_path, "check").splitlines()
    first, between, last = check.splitlines()
    assert (first, between) == (printed[0], "…")
    assert re.sub(r"\d+ gaps", "… gaps", last) == re.sub(r"\d+ gaps", "… gaps", printed[-1])
    right = lines.replace("depend_on", "depends_on")
    write_tree(data, {path: right}, base=False)
    assert ", 0 problems" in f", {run(tmp_path, 'check').splitlines()[-1]}"


@each_language
def test_a_gap_is_accepted_as_the_page_shows(language: str, tmp_path: Path) -> None:
    ((path, lines),) = blocks(page(language, "index").partition("{ #accept }")[2])
    files = {**dict(neutral.files()), path: f"name: Refunds\nsummary: Pays a customer back\ntier: 1\n{lines}"}
    write_tree(tmp_path / "data", files, base=False)
    assert run(tmp_path, "check").splitlines()[-1].endswith(", 1 accepted")


def run(folder: Path, command: str, *arguments: str) -> str:
    """What a command prints where a folder has `data/`."""
    return subprocess.run(
        [sys.executable, "-m", "macros", command, *arguments, "--data", "data"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ).stdout

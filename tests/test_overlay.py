"""A folder as it would be after some of its files are written, and some are gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import write_tree

from macros.sources.overlay import AS_IT_IS, Overlay, files_below, has_file, listing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file, a folder with two, and an empty one."""
    write_tree(tmp_path, {"b": "", "a/1": "", "a/2/3": ""}, base=False)
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("overlay", "expected"),
    [
        ({}, {"a": True, "b": False, "empty": True}),
        ({"c": b""}, {"a": True, "b": False, "c": False, "empty": True}),
        ({"c/d": b"", "c/e": None}, {"a": True, "b": False, "c": True, "empty": True}),
        ({"b": b"new"}, {"a": True, "b": False, "empty": True}),
        ({"b": None}, {"a": True, "empty": True}),
        ({"a/1": None}, {"a": True, "b": False, "empty": True}),
        ({"a/1": None, "a/2/3": None}, {"b": False, "empty": True}),
        ({"a/1": None, "a/2/3": None, "a/2/4": b""}, {"a": True, "b": False, "empty": True}),
    ],
)
def test_a_folder_has_what_is_left_and_what_is_new(
    overlay: dict[str, bytes | None], expected: dict[str, bool], folder: Path
) -> None:
    found = listing(folder, {folder / name: raw for name, raw in overlay.items()})
    assert {path.relative_to(folder).as_posix(): is_folder for path, is_folder in found.items()} == expected
    assert [*found] == sorted(found)


def test_a_folder_that_is_to_come_is_listed(folder: Path) -> None:
    overlay: Overlay = {folder / "new/inner/file": b""}
    assert listing(folder / "new", overlay) == {folder / "new/inner": True}
    assert listing(folder / "new/inner", overlay) == {folder / "new/inner/file": False}


def test_a_folder_that_is_not_there_raises(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        listing(folder / "none", AS_IT_IS)


def test_a_symbolic_link_is_a_file(folder: Path) -> None:
    assert not has_file(folder / "empty")
    (folder / "empty/loop").symlink_to("loop")
    (folder / "empty/up").symlink_to("..")
    assert has_file(folder / "empty")
    assert sorted(files_below(folder / "empty")) == [folder / "empty/loop", folder / "empty/up"]
    assert not has_file(folder / "empty", {folder / "empty/loop": None, folder / "empty/up": None})
    assert listing(folder / "empty", AS_IT_IS) == {folder / "empty/loop": False, folder / "empty/up": True}

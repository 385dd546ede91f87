"""The index of the search on disk: which files, the same ones each time, and what is said when it can't be made."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from web import contents

from macros.site import search_index
from macros.site.search import Document, plain, searched
from macros.text.problems import RefusedError

ODD = "C# & <b>\"quotes\"</b> 'ñandú' 🚀 \\ ＜図面＞ \u200b"


def documents() -> list[Document]:
    return [
        Document(
            f"{address}/" if address else "",
            title,
            "Section",
            ODD,
            searched(f'<h1 id="t">T</h1><p>{ODD} 目標値</p><h2 id="決定">D</h2><p id="p">x</p>'),
            (ODD,),
            (ODD,),
        )
        for address, title in (("", "Home"), ("slos", "SLOs"), ("go/Till~23Down", ODD), ("teams/a/on-call", "当番"))
    ]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    search_index.write(documents(), folder)
    return folder / search_index.FOLDER


def test_only_the_files_that_the_search_box_loads_are_there(written: Path) -> None:
    files = {it.relative_to(written).as_posix() for it in written.rglob("*") if it.is_file()}
    top = {it for it in files if "/" not in it}
    assert {it for it in top if not it.endswith(".pf_meta")} == {*search_index.KEPT, search_index.VOCABULARY}
    assert len(top) == len(search_index.KEPT) + 2
    below = {(it.split("/")[0], Path(it).suffix) for it in files - top}
    assert below == {("fragment", ".pf_fragment"), ("index", ".pf_index")}
    assert sum(it.startswith("fragment/") for it in files) == 4


def test_the_vocabulary_says_what_the_index_holds(written: Path) -> None:
    text = gzip.decompress((written / search_index.VOCABULARY).read_bytes()).decode()
    value = json.loads(text)
    assert value.keys() == {"words", "pairs"}
    words = value["words"].split(" ")
    assert words == sorted(words)
    assert "home" in words
    pairs = {value["pairs"][place : place + 2] for place in range(0, len(value["pairs"]), 2)}
    assert {"目標", "標値", "図面", "当番"} <= pairs
    assert ": " not in text


def test_a_fragment_says_what_a_result_shows_and_not_the_text_of_the_page(written: Path) -> None:
    found = [json.loads(gzip.decompress(it.read_bytes())[12:]) for it in (written / "fragment").iterdir()]
    assert {it["url"] for it in found} == {"/", "/slos/", "/go/Till~23Down/", "/teams/a/on-call/"}
    assert all(it["content"] == "" and it["anchors"] == [] for it in found)
    home = next(it for it in found if it["url"] == "/")
    assert home["meta"] == {"title": "Home", "section": "Section", "description": ODD, "names": plain(ODD)}


def test_a_fragment_says_where_the_sections_begin_that_a_result_can_lead_to(written: Path) -> None:
    found = [json.loads(gzip.decompress(it.read_bytes())[12:]) for it in (written / "fragment").iterdir()]
    for fragment in found:
        (top, text), (section, heading) = fragment["sections"]
        assert (top, section) == ("", "決定")
        assert 0 < text < heading


def test_two_runs_write_the_same_files(written: Path, tmp_path: Path) -> None:
    search_index.write(documents(), tmp_path)
    assert contents(tmp_path / search_index.FOLDER) == contents(written)


def test_the_order_of_the_pages_makes_no_difference_to_what_is_known(written: Path, tmp_path: Path) -> None:
    search_index.write(documents()[::-1], tmp_path)
    assert (tmp_path / "search" / search_index.VOCABULARY).read_bytes() == (
        written / search_index.VOCABULARY
    ).read_bytes()


def test_when_pagefind_fails_its_words_are_told(tmp_path: Path) -> None:
    (tmp_path / "search").write_text("in the way")
    with pytest.raises(RefusedError, match=r"(?s)^Pagefind can't make the index of the search: .*File exists"):
        search_index.write(documents(), tmp_path)


@pytest.mark.parametrize(("told", "also"), [("no room left\n", "running"), ("", "no room left")])
def test_what_pagefind_says_on_either_output_is_told(
    told: str, also: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert command[:3] == [sys.executable, "-m", "pagefind"]
        return subprocess.CompletedProcess(command, 1, stdout=also, stderr=told)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(RefusedError, match=r"search: no room left$"):
        search_index.write(documents(), tmp_path)


def test_what_is_laid_out_for_pagefind_goes_with_the_site_where_a_build_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    site.mkdir()

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        pages = Path(command[command.index("--site") + 1])
        assert pages.is_relative_to(site)
        assert [*pages.iterdir()]
        return subprocess.CompletedProcess(command, 1, stdout="", stderr="x")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(RefusedError):
        search_index.write(documents(), site)
    assert list(site.iterdir()) == []


def test_the_name_of_a_folder_may_have_as_many_letters_as_it_may_have_on_a_disk(tmp_path: Path) -> None:
    address = f"go/{quote('決' * 66)}/"
    search_index.write([Document(address, "T", "S", "D", searched("<p>x</p>"))], tmp_path)
    (fragment,) = (tmp_path / "search/fragment").iterdir()
    assert json.loads(gzip.decompress(fragment.read_bytes())[12:])["url"] == f"/{address}"

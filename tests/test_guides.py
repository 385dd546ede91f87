"""docs/: which of its files are pages, how they are read, and what keeps one from being a page."""

from __future__ import annotations

import os
from pathlib import Path

import mkdocs.utils
import pytest
from conftest import ROOT, write_tree
from mkdocs.utils import meta

from macros.sources import guides

PROC = "/proc/self/environ"


def found(text: str | bytes) -> list[str]:
    """What is wrong with a page."""
    page, problems = guides.parse(text if isinstance(text, bytes) else text.encode(), "docs/a.md")
    assert (page is None) == bool(problems)
    return [str(problem).removeprefix("docs/a.md:") for problem in problems]


def page(text: str) -> guides.Page:
    read, problems = guides.parse(text.encode(), "docs/a.md")
    assert problems == []
    assert read is not None
    return read


def tree(docs: Path) -> list[str]:
    """What is wrong with a folder of pages."""
    return [str(problem) for problem in sorted(guides.read(docs, "docs")[1], key=lambda it: it.order)]


@pytest.mark.parametrize(
    ("uri", "address"),
    [("index.md", ""), ("a/index.md", "a/"), ("a/index.ja.md", "a/"), ("a/b.md", "a/b/"), ("b.ja.md", "b/")],
)
def test_the_address_of_a_page(uri: str, address: str) -> None:
    assert guides.address(uri) == address


def test_the_pages_of_a_folder_are_read_by_path(tmp_path: Path) -> None:
    docs = write_tree(
        tmp_path, {"b.md": b"\xff", "a/index.ja.md": "A", "assets/x.png": b"\xff", "c.txt": "c"}, base=False
    )
    assert guides.read(docs, "docs") == ({"a/index.ja.md": b"A", "b.md": b"\xff"}, [])
    assert guides.pages_in(docs) == {"a/index.ja.md": docs / "a/index.ja.md", "b.md": docs / "b.md"}


def test_a_folder_that_is_not_there_has_no_pages(tmp_path: Path) -> None:
    assert guides.read(tmp_path / "docs", "docs") == ({}, [])


def test_every_page_of_the_project_is_read() -> None:
    contents, problems = guides.read(ROOT / "docs", "docs")
    assert problems == []
    assert contents.keys() == guides.pages_in(ROOT / "docs").keys()
    assert [it for raw in contents.values() for it in guides.parse(raw, "")[1]] == []


@pytest.mark.parametrize("name", ["a.md", "a/b.md", "assets/images/a.png", "overrides/main.html", ".a", ".git/a"])
@pytest.mark.parametrize("target", [PROC, "/", str(ROOT / "data"), "none", ".", "index.md"])
def test_a_symbolic_link_that_is_refused(name: str, target: str, tmp_path: Path) -> None:
    docs = write_tree(tmp_path / "docs", {"index.md": ""}, base=False)
    (docs / name).parent.mkdir(parents=True, exist_ok=True)
    (docs / name).symlink_to(target)
    words = "a symbolic link; put the file or the folder itself here, or delete it"
    assert tree(docs) == [f"docs/{name}:1:1: symbolic-link: {words}"]
    assert guides.read(docs, "docs")[0] == {"index.md": b""}


@pytest.mark.parametrize("suffix", [it for it in mkdocs.utils.markdown_extensions if it != ".md"])
def test_what_mkdocs_makes_a_page_of_as_well_has_to_be_renamed(suffix: str, tmp_path: Path) -> None:
    docs = write_tree(tmp_path, {f"a/b{suffix}": "{{ 1 }}"}, base=False)
    words = f"a `{suffix}` file; pages end in .md: rename it to `b.md`"
    assert tree(docs) == [f"docs/a/b{suffix}:1:1: unknown-file: {words}"]


@pytest.mark.parametrize("name", ["a/b.md", "a/b.png", "a"])
def test_what_can_not_be_read_is_a_problem(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = write_tree(tmp_path, {"a/b.md": "B", "a/b.png": "B"}, base=False)
    closed = docs / name

    def refuse(file: object, *arguments: object) -> None:
        raise PermissionError(13, "Permission denied", str(file))

    if closed.is_dir():
        scan = os.scandir
        monkeypatch.setattr(os, "scandir", lambda it: refuse(it) if Path(it) == closed else scan(it))
    else:
        read = Path.open
        monkeypatch.setattr(Path, "open", lambda it, *rest: refuse(it) if it == closed else read(it, *rest))
    assert tree(docs) == [
        f"docs/{name}:1:1: unreadable: can't be read (Permission denied); fix its permissions, or remove it"
    ]


def test_a_page_has_its_front_matter_apart() -> None:
    read = page(
        "---\ntitle: A page\ndescription: What it says\nhide: [navigation, toc]\n"
        "search:\n  words: [one, two]\n  weight: 0.5\n  exclude: true\n  echoes: true\n---\n\n# A\n"
    )
    assert read.head.model_dump() == {
        "title": "A page",
        "description": "What it says",
        "hide": ("navigation", "toc"),
        "search": {"words": ("one", "two"), "weight": 0.5, "exclude": True, "echoes": True},
    }
    assert (read.body, read.line) == ("\n# A\n", 11)


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("# A\n", "# A\n", 1),
        ("", "", 1),
        ("----\n", "----\n", 1),
        ("---\n---\n# A\n", "# A\n", 3),
        ("--- \n\n---\t\n# A\n---\n", "# A\n---\n", 4),
        ("---\ntitle: a\n---", "", 3),
        ("\ufeff---\r\ntitle: a\r\n---\r\n# A\r\n", "# A\n", 4),
        ("Note: not front matter\n", "Note: not front matter\n", 1),
    ],
)
def test_where_the_text_of_a_page_begins(text: str, body: str, line: int) -> None:
    assert (page(text).body, page(text).line) == (body, line)


@pytest.mark.parametrize("title", ["2026-04-17", "no", "22:30", "010", "'a \"b\": # {c} \\ é😀'", "1_000", "=", "<<"])
def test_mkdocs_reads_front_matter_as_the_check_does(title: str) -> None:
    read = page(f"---\ntitle: {title if title != '010' else repr(title)}\nsearch: {{weight: 1}}\n---\nNote: text\n")
    assert meta.get_data(read.plain) == ("Note: text\n", {"title": read.head.title, "search": {"weight": 1}})


@pytest.mark.parametrize(
    "text", ["Note: text\n", "---\n---\nNote: text\n", "---\ntitle: ~\nsearch:\n---\nNote: text\n"]
)
def test_mkdocs_finds_no_front_matter_where_there_is_none(text: str) -> None:
    assert meta.get_data(page(text).plain) == ("Note: text\n", {})


KEYS = "the keys here are title, description, hide, search"
NO_TEXT = "must be text, without a list or a mapping in it"


@pytest.mark.parametrize(
    ("head", "problems"),
    [
        ("- a", ["2:1: wrong-type: the file must be a mapping: lines of the form `key: value`"]),
        ("title", ["2:1: wrong-type: the file must be a mapping: lines of the form `key: value`"]),
        ("titel: A", ["2:1: unknown-key: `titel` is not a key here; did you mean `title`?"]),
        ("template: nope.html", [f"2:1: unknown-key: `template` is not a key here; {KEYS}"]),
        ("render_macros: false", [f"2:1: unknown-key: `render_macros` is not a key here; {KEYS}"]),
        ("id: a", ["2:1: unknown-key: `id` is not a key here; did you mean `hide`?"]),
        ("title: 2026", [f'2:8: wrong-type: `title` {NO_TEXT}; put quotes around it: "2026"']),
        ("title: [a]", [f"2:8: wrong-type: `title` {NO_TEXT}"]),
        ("title: ''", ["2:8: wrong-value: `title` must be one line of text, without spaces before or after it"]),
        (
            "title: '{{ 1 }}'",
            ["2:8: wrong-value: `title` must be plain text: a title can't call a macro"],
        ),
        ("title: '{%'", ["2:8: wrong-value: `title` must be plain text: a title can't call a macro"]),
        ("title: '{# a #}'", ["2:8: wrong-value: `title` must be plain text: a title can't call a macro"]),
        (
            "search: 5",
            [
                "2:9: wrong-type: this must be a mapping: lines of the form `key: value`; "
                "the keys here are words, weight, exclude, echoes"
            ],
        ),
        (
            "search:\n  weight: 2\n  words: [a, 5]\n  echos: true",
            [
                "3:11: wrong-value: `weight` must be 1.0 or less",
                f'4:14: wrong-type: `entry 2 of words` {NO_TEXT}; put quotes around it: "5"',
                "5:3: unknown-key: `echos` is not a key here; did you mean `echoes`?",
            ],
        ),
        (
            "search: {weight: true}",
            [
                "2:18: wrong-type: `weight` must be a number, such as 0.995; "
                "write it in digits, with a point, without quotes or a unit"
            ],
        ),
        (
            "hide: [tocs]",
            ["2:8: wrong-value: `tocs` is not one of navigation, toc, path, footer; did you mean `toc`?"],
        ),
        (
            "title: &a A",
            ["2:8: alias: `&a` is an anchor, an alias or a tag; write the value itself, or put quotes around the text"],
        ),
        ("title: !!python/name:os.system x", None),
        ("title: a\ntitle: b", ["3:1: duplicate-key: `title` is here twice (first on line 2); keep one"]),
        ("\ttitle: a", ["2:1: tab: a tab; write spaces, two for each level"]),
    ],
)
def test_front_matter_that_is_wrong(head: str, problems: list[str] | None) -> None:
    said = found(f"---\n{head}\n---\n# A\n")
    assert sorted(said) == problems if problems else said[0].startswith("2:8: alias: ")


def test_front_matter_without_an_end() -> None:
    words = "front matter without an end; write a line `---` below it, or `***` for a rule"
    assert found("---\ntitle: A\n# A\n") == found("---") == [f"1:1: syntax: {words}"]


def test_a_page_that_is_not_utf_8() -> None:
    words = "the file is not UTF-8; save it as UTF-8 (otherwise, names become garbage)"
    assert found("# A\n決済".encode("cp932")) == [f"2:1: encoding: {words}"]


def test_a_page_that_is_too_large() -> None:
    most = guides.MAX_KILOBYTES * 1000
    assert found(b"a" * most) == []
    words = "the page has more than 100 kB; make several pages of it"
    assert found(b"a" * (most + 1)) == [f"1:1: limit: {words}"]


def test_of_a_page_that_is_too_large_the_rest_is_not_read(tmp_path: Path) -> None:
    docs = write_tree(tmp_path, {"a.md": b"a" * 5_000_000}, base=False)
    raw = guides.read(docs, "docs")[0]["a.md"]
    assert len(raw) < 200_000
    assert found(raw) != []


def test_a_page_with_a_script_in_it() -> None:
    words = "an inline script, which no browser will run; put it in a file under docs/assets/js/"
    assert found(b"---\ntitle: A\n---\n\nA <SCRIPT\nsrc=x>") == [f"5:3: page-script: {words}"]
    for shown in ("`<script>`", "```html\n<script>\n```", "<!-- <script> -->", "&lt;script>", "<scripted>"):
        assert found(shown.encode()) == []


NESTED = "limit: nested more than 100 levels deep; close the brackets, or make several lists of it"


@pytest.mark.parametrize(
    ("deepest", "too_deep", "place"),
    [
        ("[" * 100, "[" * 101, "1:101"),
        ("a\n\n" + "(" * 100, "a\n\n" + "(" * 101, "3:101"),
        ("[" * 100 + "]" * 100 + "[" * 100, "[" * 100 + "]" * 99 + "[" * 100, "1:299"),
        ("[a](b) " * 200, "[a](" * 101, "1:401"),
        ("{: " * 100, "{: " * 101, "1:301"),
        ("x < 5 " * 200, "<a " * 101, "1:301"),
        ("[\n\n" * 100, "[\n\n" * 101, "201:1"),
        (">" * 100 + " a", "> " * 101 + " a", "1:203"),
        ("- " * 100 + "a", "- " * 101 + "a", "1:202"),
        (
            "".join("    " * it + "- a\n" for it in range(100)),
            "".join("    " * it + "- a\n" for it in range(101)),
            "101:402",
        ),
        (
            "".join("\t" * it + "1. a\n" for it in range(100)),
            "".join("\t" * it + "1. a\n" for it in range(101)),
            "101:103",
        ),
    ],
)
def test_a_page_that_is_nested_too_deep(deepest: str, too_deep: str, place: str) -> None:
    assert found(deepest) == []
    assert found(too_deep) == [f"{place}: {NESTED}"]

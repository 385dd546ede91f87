"""PDFs: from the article alone, on the promised sheets, searchable, cached by content, linked where they are."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, golden_handbook
from pypdf import PdfReader
from web import read_html, runs, wait_until

from macros.handbook import checklists
from macros.model.checklists import Checklist
from macros.site import pdf, publish

PAGES = (
    "checklists/complete-checklist",
    "ja/checklists/complete-checklist",
    "teams/complete/binder",
    "workshops/complete-workshop/worksheet",
    "teams/complete/engagements/complete-engagement",
    "ja/incidents/card",
)
"""One of each sort that has a PDF."""


@pytest.fixture(scope="module")
def made(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few pages of the built site with their PDFs, and the cache beside them."""
    site = tmp_path_factory.mktemp("pdf") / "site"
    for page in PAGES:
        shutil.copytree(built_site / page, site / page)
    assert pdf.make(site, site.parent / "cache") == (len(PAGES), 0)
    return site


def reader(site: Path, page: str) -> PdfReader:
    (path,) = (site / page).glob("*.pdf")
    return PdfReader(path)


def text_of(found: PdfReader) -> str:
    """The text without blanks: lines break where the paper ends."""
    return "".join("".join(page.extract_text().split()) for page in found.pages)


def test_every_page_for_paper_has_a_place_for_its_pdf(built_site: Path) -> None:
    handbook = golden_handbook()
    places = {page.pdf.relative_to(built_site).as_posix() for page in pdf.paper_pages(built_site)}
    names = [f"checklists/{it.id}/{it.id}.pdf" for it in handbook.checklists]
    names += [f"teams/{team.id}/binder/binder.pdf" for team in handbook.teams if checklists.of(handbook, team)]
    names += [f"teams/{it.team}/engagements/{it.id}/{it.id}.pdf" for it in handbook.engagements]
    names += [f"workshops/{it.id}/{sheet.value}/{sheet.value}.pdf" for it in handbook.workshops for sheet in it.sheets]
    names += [f"reading/paths/{it.id}/path-{it.id}.pdf" for it in handbook.reading_paths]
    names += ["incidents/card/card.pdf"]
    assert places == {f"{edition}{name}" for edition in ("", "ja/") for name in names}


def test_without_pdfs_no_page_leads_to_one(built_site: Path) -> None:
    for page in PAGES:
        links = [link.attributes.get("href", "") for link in read_html(built_site / page / "index.html").all("a")]
        assert not any(link.endswith(".pdf") for link in links)


@pytest.mark.parametrize("page", PAGES)
def test_a_pdf_has_title_language_bookmarks_and_tags(page: str, made: Path) -> None:
    found = reader(made, page)
    catalog: Any = found.trailer["/Root"]
    heading = read_html(made / page / "index.html").one("h1").text.rstrip("¶")
    assert found.metadata is not None
    assert found.metadata.title == heading
    assert catalog["/Lang"] == ("ja" if page.startswith("ja/") else "en")
    assert catalog["/MarkInfo"]["/Marked"]
    assert found.outline


@pytest.mark.parametrize("page", PAGES)
def test_a_page_leads_to_its_pdf_once_it_is_made(page: str, made: Path) -> None:
    (path,) = (made / page).glob("*.pdf")
    (link,) = [it for it in read_html(made / page / "index.html").all("a") if it.attributes.get("href") == path.name]
    assert link.text == ("PDF 版" if page.startswith("ja/") else "As a PDF")


@pytest.mark.parametrize("page", [page for page in PAGES if "checklists/" in page])
def test_a_list_is_on_its_promised_sheets_with_every_item_in_order(page: str, made: Path) -> None:
    handbook = golden_handbook()
    language = "ja" if page.startswith("ja/") else "en"
    checklist = handbook.get(Checklist, page.rpartition("/")[2])
    assert isinstance(checklist, Checklist)
    found = reader(made, page)
    assert len(found.pages) <= checklist.pages
    text, place = text_of(found), 0
    for line in checklists.sheet_of(handbook, checklist).boxes:
        words = "".join(line.item.do.in_language(language).split())
        assert words in text[place:], words
        place = text.index(words, place)
    assert f"handbook.example.com/{page}/" in text, "in the sheet's own edition"
    assert f"1/{len(found.pages)}" in text


def test_a_binder_holds_the_team_and_each_of_its_lists_and_playbooks_from_a_page_of_its_own(made: Path) -> None:
    handbook = golden_handbook()
    team = next(team for team in handbook.teams if team.id == "complete")
    sheets = checklists.of(handbook, team)
    found = reader(made, "teams/complete/binder")
    assert len(found.pages) >= 1 + len(sheets)
    pages = ["".join(page.extract_text().split()) for page in found.pages]
    for words in ("#complete", "Theteamataglance", "after15minutes", "Completeservice", "NothinggoesliveonaFriday"):
        assert words in pages[0], words
    playbooks = handbook.playbooks_of(team)
    assert playbooks
    titles = [*(sheet.whole.name for sheet in sheets), *(playbook.name for playbook in playbooks)]
    names = ["".join(title.in_language("en").split()) for title in titles]
    assert all(name in pages[0] for name in names), "the contents name each"
    starts = [next(number for number, text in enumerate(pages) if number and name in text[:250]) for name in names]
    assert starts == sorted(set(starts)), "each begins a page"
    assert "Rollbackthelastrelease" in "".join(pages[starts[-1] :]), "what a playbook says to do"
    for name, number in zip(names, starts, strict=True):
        assert re.search(rf"{re.escape(name)}\.*{number + 1}", pages[0]), "with its page's number"


def test_nothing_of_the_site_around_the_article_is_printed(made: Path) -> None:
    text = text_of(reader(made, "checklists/complete-checklist"))
    for words in ("Search", "日本語", "Previous", "data/checklists"):
        assert words not in text


def test_what_did_not_change_is_taken_from_the_cache(built_site: Path, made: Path, tmp_path: Path) -> None:
    site, cache = tmp_path / "site", shutil.copytree(made.parent / "cache", tmp_path / "cache")
    for page in PAGES:
        shutil.copytree(built_site / page, site / page)
    changed = site / PAGES[0] / "index.html"
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("Read this line", "Read that line"), encoding="utf-8")
    assert pdf.make(site, cache) == (1, len(PAGES) - 1)
    assert len(list(cache.glob("*.pdf"))) == len(PAGES), "what nothing uses any more is gone"
    assert "Readthatline" in text_of(reader(site, PAGES[0]))


def test_a_document_is_the_article_with_its_title_and_language() -> None:
    page = (
        '<html lang="ja"><head><meta name="description" content="a &quot;b&quot;"></head><body><nav>x</nav>'
        '<article class="a"><h1 id="top">A &amp; <code>B</code><a class="headerlink" href="#top">¶</a></h1></article>'
    )
    made = pdf.PaperPage(Path(), page, Path()).document
    assert '<html lang="ja">' in made
    assert "<title>A &amp; B</title>" in made
    assert 'content="a &quot;b&quot;"' in made
    assert "<nav>" not in made


LINK = '<a class="x" href="../../teams/a/?x=1&amp;y=2">A</a>'


@pytest.mark.parametrize(
    ("head", "link", "leads"),
    [
        ("", LINK, '<a class="x">A</a>'),
        (
            "https://example.com/h/ja/card/",
            LINK,
            '<a class="x" href="https://example.com/h/teams/a/?x=1&amp;y=2">A</a>',
        ),
        ("https://example.com/h/", '<a href="">A</a>', '<a href="https://example.com/h/">A</a>'),
        ("https://example.com/h/", '<a href="#b">A</a>', '<a href="#b">A</a>'),
        ("https://example.com/h/", '<a href="mailto:a@example.com">A</a>', '<a href="mailto:a@example.com">A</a>'),
    ],
)
def test_a_link_on_paper_leads_to_the_site_itself(head: str, link: str, leads: str) -> None:
    canonical = f'<link rel="canonical" href="{head}">' if head else ""
    assert f"<p>{leads}</p>" in pdf.PaperPage(Path(), f"{canonical}<article><p>{link}</p></article>", Path()).document


def test_no_link_of_a_pdf_leads_into_the_folder_of_the_build(made: Path) -> None:
    notes = [note for page in PAGES for sheet in reader(made, page).pages for note in sheet.get("/Annots", ())]
    ways = [str(note.get_object().get("/A", {}).get("/URI", "")) for note in notes]
    assert [way for way in ways if way and not way.startswith(("https://", "mailto:"))] == []
    assert any(way.startswith("https://handbook.example.com/teams/complete/") for way in ways)


def test_without_weasyprint_it_is_said_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert "make pdf" in pdf.lacking()


def test_without_a_japanese_font_the_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = tmp_path / "fc-list"
    listing.write_text("#!/bin/sh\n")
    listing.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "fonts-noto-cjk" in pdf.lacking()
    listing.unlink()
    assert "fontconfig" in pdf.lacking()


def test_without_pango_the_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "weasyprint.py"
    module.write_text("raise OSError('cannot load library libpango-1.0-0')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    assert "libpangoft2-1.0-0" in pdf.lacking()


def test_a_site_with_pdfs_that_can_not_be_made_is_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "lacking", lambda: "no paper")
    with pytest.raises(publish.NotBuiltError, match=r"no PDFs can be made: no paper\n--- site/ was not made"):
        publish.site(tmp_path / "site", pdfs=True)
    assert not (tmp_path / "site").exists()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A site with a picture, a link out of it, and a file beside it."""
    site = tmp_path / "site"
    (site / "a").mkdir(parents=True)
    for file in (site / "a/日 1.txt", tmp_path / "beside.txt"):
        file.write_text("words")
    (site / "link.txt").symlink_to("../beside.txt")
    return site


@pytest.mark.parametrize(
    "address",
    ["{site}/a/日 1.txt", "{site}/a/%E6%97%A5%201.txt", "FILE:{path}/a/../a/日 1.txt", "data:text/plain,words"],
)
def test_a_pdf_loads_what_is_in_the_site_and_what_stands_in_the_address(address: str, own: Path) -> None:
    assert pdf._fetcher(own)(address.format(site=f"file://{own}", path=own)).read() == b"words"


@pytest.mark.parametrize(
    "address",
    [
        "file:///proc/self/environ",
        "FILE:/etc/passwd",
        "file://localhost/etc/passwd",
        "{site}/../beside.txt",
        "{site}/%2e%2e/beside.txt",
        "{site}/link.txt",
        "{site}-other/x.txt",
        ROOT.joinpath("mkdocs.yml").as_uri(),
        "https://elsewhere.example.com/x.png",
        "ftp://elsewhere.example.com/x.png",
        "a/日 1.txt",
    ],
)
def test_a_pdf_loads_nothing_else(address: str, own: Path) -> None:
    with pytest.raises(ValueError, match="is not a file of the site"):
        pdf._fetcher(own)(address.format(site=f"file://{own}"))


def test_what_a_page_may_not_have_is_not_in_its_pdf(own: Path, tmp_path: Path) -> None:
    text = '<p>words</p><p><a rel="attachment" href="file:///etc/passwd">a</a> <img src="../beside.txt" alt=""></p>'
    made = tmp_path / "a.pdf"
    pdf._write(text, own / "index.html", made, own)
    assert PdfReader(made).attachments == {}
    assert b"passwd" not in made.read_bytes()


WORKING = """
import os, signal, sys
from pathlib import Path
from macros.site import pdf

def work(text, page, path):
    Path(path).write_text(f"{signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])}")
    Path(path).rename(f"{path}.{os.getpid()}")
    signal.pause()

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    pdf._write = work
    pdf._write_all([("", "", f"{sys.argv[1]}/1"), *[("", "", f"{sys.argv[1]}/2")] * 100])
"""
"""Makes PDFs, each of which takes forever."""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 1), (signal.SIGKILL, -9)])
def test_no_worker_outlives_what_it_works_for(number: signal.Signals, code: int, tmp_path: Path) -> None:
    program, folder = tmp_path / "working.py", tmp_path / "working"
    program.write_text(WORKING)
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(program), str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )

    def workers() -> list[int]:
        return [int(it.suffix[1:]) for it in folder.glob("*.*")]

    try:
        wait_until(lambda: process.poll() is not None or bool(workers()), "a worker is at work")
        os.killpg(process.pid, number) if number is signal.SIGINT else process.send_signal(number)
        errors = process.communicate(timeout=60)[1]
        assert process.returncode in (code, -number)
        assert errors.count("Traceback") <= (number is signal.SIGINT), "of the program itself"
        wait_until(lambda: not any(map(runs, workers())), "every worker has ended")
        assert {it.read_text() for it in folder.glob("*.*")} == {"True"}, "Ctrl-C is for the program alone"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_half_a_pdf_of_a_build_that_was_killed_is_swept(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "0123.pdf.4711").touch()
    assert pdf.make(tmp_path, cache) == (0, 0)
    assert list(cache.iterdir()) == []


def test_another_style_makes_every_pdf_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    style, page = tmp_path / "paper.css", tmp_path / "site/index.html"
    page.parent.mkdir()

    def make(css: str) -> tuple[int, int]:
        style.write_text(css)
        page.write_text('<p class="pdf-place screen-only" data-pdf="a.pdf" hidden></p><article>A</article>')
        return pdf.make(page.parent, tmp_path / "cache")

    monkeypatch.setattr(pdf, "STYLES", (style,))
    monkeypatch.setattr(pdf, "_write_all", lambda every: [path.touch() for _, _, path, _ in every])
    assert [make(it) for it in ("p {}", "p {}", "h1 {}")] == [(1, 0), (0, 1), (1, 0)]


def test_one_build_at_a_time_has_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def paper_pages(site: Path) -> tuple[()]:
        with (tmp_path / "cache.lock").open() as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return ()

    monkeypatch.setattr(pdf, "paper_pages", paper_pages)
    assert pdf.make(tmp_path, tmp_path / "cache") == (0, 0)

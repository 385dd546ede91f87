"""PDFs of the pages that are made for paper, from the article alone, by WeasyPrint.

A page says that it has one by a place for the link, `<p data-pdf="name.pdf" hidden>`. Without this module
the place stays empty; where the PDF is made, it stands beside the page and the place gets the link.
"""

import concurrent.futures
import fcntl
import hashlib
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

from macros.site.writing import by_itself
from macros.text import catalogue
from macros.text.problems import N_

STYLES = (Path(__file__).parents[2] / "docs/assets/css/handbook.css", Path(__file__).parent / "paper.css")

_PLACE = re.compile(r'<p class="pdf-place screen-only" data-pdf="([a-z0-9-]+\.pdf)" hidden(?:="[a-z]*")?></p>')


class PaperPage(NamedTuple):
    """A page that is made for paper: its file, its HTML, and the file of its PDF beside it."""

    file: Path
    html: str
    pdf: Path

    @property
    def language(self) -> str:
        """The language of the page."""
        return _found(r'<html lang="([a-z]+)"', self.html, "en")

    @property
    def document(self) -> str:
        """The article as a document of its own, with the page's title and language."""
        title = _found(r"<h1[^>]*>(.*?)</h1>", self.html).partition('<a class="headerlink"')[0]
        description = _found(r'<meta name="description" content="([^"]*)"', self.html)
        address = _found(r'<link rel="canonical" href="([^"]*)"', self.html)
        article = by_itself(_found(r"<article[^>]*>(.*)</article>", _PLACE.sub("", self.html)), address)
        return (
            f'<!doctype html>\n<html lang="{self.language}">\n<meta charset="utf-8">\n'
            f"<title>{re.sub(r'<[^>]+>', '', title).strip()}</title>\n"
            f'<meta name="description" content="{description}">\n'
            f'<body><article class="md-typeset">{article}</article></body>\n</html>\n'
        )


def _found(pattern: str, html: str, default: str = "") -> str:
    found = re.search(pattern, html, re.S)
    return found[1] if found else default


def paper_pages(site: Path) -> Iterator[PaperPage]:
    """The pages of a built site that have a place for a PDF, by path."""
    for file in sorted(site.rglob("index.html")):
        html = file.read_text(encoding="utf-8")
        place = _PLACE.search(html)
        if place:
            yield PaperPage(file, html, file.parent / place[1])


def lacking() -> str:
    """What this machine lacks to make PDFs, and what installs it; empty where it can make them."""
    try:
        import weasyprint  # noqa: F401
    except ModuleNotFoundError:
        return "WeasyPrint isn't installed; `make pdf` installs it"
    except OSError as error:
        packages = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        return f"Pango can't be loaded ({error}); on Debian: apt-get install {packages}"
    listing = shutil.which("fc-list")
    fonts = subprocess.run([listing, ":lang=ja"], capture_output=True).stdout.strip() if listing else b""
    return "" if fonts else "no Japanese font is installed; on Debian: apt-get install fontconfig fonts-noto-cjk"


def make(site: Path, cache: Path) -> tuple[int, int]:
    """Make the PDF of each page that has a place for one, and fill in its link.

    `cache` holds PDFs by their content, so that what didn't change is copied. Returns how many were made
    and how many were copied.
    """
    cache.mkdir(parents=True, exist_ok=True)
    with cache.with_name(f"{cache.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed: a build into another folder has the same cache
        kept = [(page, cache / f"{_digest(page.document)}.pdf") for page in paper_pages(site)]
        missing = {path: page for page, path in kept if not path.is_file()}
        _write_all([(page.document, page.file, path, site) for path, page in missing.items()])
        for page, path in kept:
            shutil.copyfile(path, page.pdf)
            words = escape(catalogue.translations(page.language).gettext(N_("As a PDF")))
            link = f'<p class="pdf-place screen-only"><a href="{page.pdf.name}">{words}</a></p>'
            page.file.write_text(_PLACE.sub(link, page.html), encoding="utf-8")
        for path in {*cache.iterdir()} - {path for _, path in kept}:
            path.unlink()
    return len(missing), len(kept) - len(missing)


def _write_all(documents: Sequence[tuple[str, Path, Path, Path]]) -> None:
    """Make PDFs by as many processes as there are cores, none of which outlives this one."""
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count(), context, _end_with_parent) as pool:
        # Ctrl-C is for this process alone: the workers are born with it blocked.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            jobs = [pool.submit(_write, *document) for document in documents]
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            for job in concurrent.futures.as_completed(jobs):
                job.result()
        except BaseException:
            for worker in multiprocessing.active_children():
                worker.kill()
            raise


def _end_with_parent() -> None:
    """In a worker: end when its parent does, however that ended."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _digest(text: str) -> str:
    """What a PDF depends on: the document, the styles, and the program that makes it."""
    parts = (text.encode(), metadata.version("weasyprint").encode(), *(path.read_bytes() for path in STYLES))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _write(text: str, page: Path, path: Path, site: Path) -> None:
    """Make one PDF; half a file never stands under its name."""
    import weasyprint

    fetch = _fetcher(site)
    styles = [weasyprint.CSS(filename=str(style), url_fetcher=fetch) for style in STYLES]
    made = Path(f"{path}.{os.getpid()}")
    document = weasyprint.HTML(string=text, base_url=str(page), url_fetcher=fetch)
    document.write_pdf(made, stylesheets=styles, pdf_tags=True)
    made.replace(path)


def _fetcher(site: Path) -> Any:
    """What fetches for a PDF: data, and files that really are below the built site."""
    from weasyprint.urls import URLFetcher

    own = site.resolve()

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            parts = urlsplit(url)
            if parts.scheme.lower() != "data":
                file = Path(url2pathname(parts.path)).resolve()
                if parts.scheme.lower() != "file" or not file.is_relative_to(own):
                    raise ValueError(f"{url} is not a file of the site")
                url = file.as_uri()
            return super().fetch(url, headers)

    return OwnFiles(allowed_protocols=("file", "data"), allow_redirects=False)

"""The index of the search, made by Pagefind from the documents of an edition."""

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from macros.site import search
from macros.site.search import Document
from macros.text.problems import RefusedError

FOLDER = "search"
"""Where the index stands, below the root of an edition."""

KEPT = ("pagefind.js", "pagefind-entry.json", "wasm.en.pagefind")
"""What the site's search box needs of Pagefind's bundle, beside the index: no boxes and styles."""

VOCABULARY = "vocabulary.gzipped"
"""The words that the index knows, as JSON: compressed here, as Pagefind's files are, since not every host does so.

At `.json.gz`, some hosts would say that the browser has to unpack it.
"""

_SIGNATURE = b"pagefind_dcd"
"""What each file of Pagefind's begins with."""

_SECTIONS = ("h2", "h3", "h4", "div", "tr", "li")
"""What a result can lead to, by its id; a page's own text begins at an empty one."""

Run = Callable[[Sequence[str]], subprocess.CompletedProcess[str]]


def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command, with what it prints as text."""
    return subprocess.run(command, capture_output=True, encoding="utf-8")


def write(documents: Sequence[Document], site: Path, run: Run = run) -> None:
    """Write the index of an edition into the folder `search` of its built site. Raises `RefusedError`."""
    output = site / FOLDER
    words, pairs, common = search.vocabulary(documents)
    # In the site, which is cleared away where a build is killed.
    with tempfile.TemporaryDirectory(dir=site) as folder:
        for number, document in enumerate(documents):  # a folder for each would take as long again
            Path(folder, f"{number:06}.html").write_text(search.page(document, common), encoding="utf-8")
        command = [sys.executable, "-m", "pagefind", "--site", folder, "--output-path", str(output)]
        command += ["--force-language", search.OWN_LANGUAGE]
        made = run(command)
    if made.returncode:
        raise RefusedError(f"Pagefind can't make the index of the search: {(made.stderr or made.stdout).strip()}")
    for fragment in (output / "fragment").iterdir():
        _slim(fragment, documents)
    for file in output.iterdir():
        if file.is_file() and file.name not in KEPT and file.suffix != ".pf_meta":
            file.unlink()
    known = _json({"words": " ".join(words), "pairs": "".join(pairs)})
    (output / VOCABULARY).write_bytes(gzip.compress(known, mtime=0))


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _slim(fragment: Path, documents: Sequence[Document]) -> None:
    """Take a page's text out of its fragment: the search box shows none of it, and loads many for a query.

    Of its anchors remain the ids of its sections, each with the number of the word that it begins at.
    """
    value = json.loads(gzip.decompress(fragment.read_bytes()).removeprefix(_SIGNATURE))
    sections = [[it["id"], it["location"]] for it in value["anchors"] if it["element"] in _SECTIONS]
    url = f"/{documents[int(Path(value['url']).stem)].address}"
    slim = _json({**value, "url": url, "content": "", "anchors": [], "sections": sections})
    fragment.write_bytes(gzip.compress(_SIGNATURE + slim, mtime=0))

"""Make the pictures of /contribute/ anew: `make pictures`.

They show the product as it is, with a team that no organisation has: the files are those of the recipes, in the
language of each edition, beside the content that all teams share. Each is made for both schemes.
"""

from __future__ import annotations

import base64
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import neutral
from playwright.sync_api import Page, ViewportSize, sync_playwright
from test_recipes import blocks, page
from web import ROOT, copy_project, launch, read_html, run, served

from macros.site.publish import EDITIONS

PICTURES = ROOT / "docs/assets/images/contribute"
SHOWN = "services/payments-api/"
RECIPES = {"organisation.yaml", "teams/payments/team.yaml", "teams/payments/services/payments-api.yaml"}
BESIDE = {"teams/payments/team.yaml", "teams/payments/services/ledger.yaml"}
SCALE = 1.5
SCHEMES = {"light": "light", "dark": "dark"}

RING = """(link) => Object.assign(link.style, {
    outline: "0.15rem solid var(--handbook-bad)", outlineOffset: "0.15rem", borderRadius: "50%"
})"""


PACK = """async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.9);
}"""


def stage(folder: Path, language: str) -> Path:
    """A copy of the project whose data is what all teams share, one organisation, and one team with two services."""
    project = copy_project(folder / "project", "data")
    shutil.rmtree(project / "data/teams")
    files = {path: text for path, text in neutral.files().items() if path in BESIDE}
    for path, lines in blocks(page(language)):
        if path in RECIPES:
            files = neutral.laid_on(files, {path: lines})
    for path, text in files.items():
        (project / "data" / path).parent.mkdir(parents=True, exist_ok=True)
        (project / "data" / path).write_text(text, encoding="utf-8")
    return project


def pictures(shown: Page) -> Iterator[tuple[str, bytes]]:
    """The pictures of a page, by name."""
    shown.set_viewport_size(ViewportSize(width=760, height=532))
    yield "page", shown.screenshot()
    shown.set_viewport_size(ViewportSize(width=560, height=250))
    shown.locator("a.md-content__button").evaluate(RING)
    yield "pencil", shown.screenshot()


def webp(blank: Page, png: bytes) -> bytes:
    """The picture as the browser packs it: a third of the bytes."""
    address: str = blank.evaluate(PACK, f"data:image/png;base64,{base64.b64encode(png).decode()}")
    return base64.b64decode(address.partition(",")[2])


def make(language: str, folder: Path) -> None:
    """Build an edition of the staged data, and write its pictures. Raises `SystemExit` where one can't be made."""
    site = folder / "site"
    # Not strictly: a page may show a picture that is yet to be made.
    build = run(stage(folder, language), "mkdocs", "build", "-f", EDITIONS[language], "-d", str(site))
    if build.returncode:
        raise SystemExit(build.stdout)
    address = read_html(site / SHOWN / "index.html").one("link", rel="canonical")["href"]
    host = urlsplit(address).netloc
    with served(site) as port, sync_playwright() as playwright:
        browser = launch(playwright, host, port)
        for name, scheme in SCHEMES.items():
            context = browser.new_context(color_scheme=scheme, device_scale_factor=SCALE)  # type: ignore[arg-type]
            shown = context.new_page()
            shown.goto(f"http://{host}/{SHOWN}")
            shown.wait_for_load_state("networkidle")
            shown.evaluate("document.fonts.ready")
            for picture, png in pictures(shown):
                path = PICTURES / f"{picture}.{language}.{name}.webp"
                path.write_bytes(webp(context.new_page(), png))
            context.close()
        browser.close()


if __name__ == "__main__":
    PICTURES.mkdir(parents=True, exist_ok=True)
    for edition in sys.argv[1:] or EDITIONS:
        with tempfile.TemporaryDirectory() as name:
            make(edition, Path(name))

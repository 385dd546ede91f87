"""How well and how fast the search answers: for the worked example, and with teams until there are 3,000 pages.

`make search-benchmark`; another number of pages may be given: `python tests/search_benchmark.py 1000`. The query set
is put into the search box in chromium, of both editions. It prints

- recall: the share of the queries that show their page; and with `twins`, where a page of a product that was made from
  that page is as right for a query that names nothing of either, such as `api errors`,
- bytes: the files of the search that a page loads until its first result is there, for a query in a fresh browser.
  Nothing is compressed on the way; a host that does so halves the script and the vocabulary,
- milliseconds from the query to the result in a page that has the search loaded: `new` with the pieces of the index
  that the query needs, from a server on the same machine, and `again` with these pieces there; `busy` is what the
  page's main thread works in that time, which doesn't hang on what else the machine does,
- seconds: writing the index.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright
from recall import Query, misses, queries
from web import EDITIONS, launch, read_html, served, worked_in

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

BUILT = {"en": "en", "ja": "ja"}
"""The folder of each edition before they are joined."""

PRODUCT_TEAMS = ("ai", "drawing-pipeline", "search", "zukura")
"""The teams of the worked example that a product has. The others serve all products, and stay as they are."""

PRODUCTS = (
    ("Ledger", "invoice", "請求書"),
    ("Depot", "parcel", "荷物"),
    ("Roster", "shift", "勤務表"),
    ("Harbour", "container", "コンテナ"),
    ("Clinic", "prescription", "処方箋"),
    ("Orchard", "harvest", "収穫記録"),
    ("Foundry", "casting", "鋳造品"),
    ("Atelier", "pattern", "型紙"),
    ("Kiosk", "receipt", "領収書"),
    ("Lantern", "ticket", "乗車券"),
    ("Granary", "batch", "製造ロット"),
    ("Gazette", "article", "記事"),
    ("Bursar", "payslip", "給与明細"),
    ("Notary", "contract", "契約書"),
    ("Trellis", "blueprint", "設計書"),
    ("Pharos", "voyage", "航海日誌"),
    ("Quarry", "sample", "試料"),
    ("Mosaic", "photo", "写真"),
    ("Beacon", "sensor", "センサー"),
    ("Cellar", "bottle", "瓶"),
    ("Studio", "recording", "録音"),
    ("Bakery", "recipe", "レシピ"),
    ("Marina", "booking", "予約"),
    ("Summit", "survey", "測量図"),
    ("Cascade", "meter", "検針票"),
    ("Tannery", "label", "ラベル"),
    ("Meadow", "permit", "許可証"),
    ("Almanac", "calendar", "暦"),
    ("Citadel", "passport", "旅券"),
    ("Rotunda", "exhibit", "展示品"),
)
"""Products in place of Zukura, and what they hold in place of drawings."""

VARIED: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("upload", "アップロード"): (
        ("import", "取り込み"), ("export", "書き出し"), ("post", "投稿"), ("print", "印刷"), ("mail", "送信"),
    ),
    ("search", "検索"): (
        ("match", "照合"), ("forecast", "予測"), ("report", "集計"), ("rank", "評価"), ("audit", "監査"),
    ),
    ("supplier", "サプライヤー"): (
        ("carrier", "運送会社"), ("dealer", "販売店"), ("broker", "仲介業者"), ("tenant", "テナント"),
    ),
    ("convert", "変換"): (("compress", "圧縮"), ("encrypt", "暗号化"), ("sort", "仕分け")),
    ("model", "モデル"): (("rule", "規則"), ("template", "帳票"), ("tariff", "料金表")),
}  # fmt: skip
"""Words that a product has others for, in both languages: each product takes the next ones."""

ALIAS = re.compile(r"(?<=^aliases:\n  - ).+", re.MULTILINE)

BUILD = """
import sys, time
from macros.site import search_index
write = search_index.write
def timed(*given):
    start = time.perf_counter()
    write(*given)
    print("index:", time.perf_counter() - start)
search_index.write = timed
from mkdocs.__main__ import cli
cli(sys.argv[1:])
"""
"""Builds an edition, and tells the seconds that writing the index took."""

LOOK_UP = """async (query) => {
  const field = document.querySelector("[data-search-box] input");
  const list = document.querySelector("#search-results");
  const start = performance.now();
  field.value = query;
  field.dispatchEvent(new Event("input"));
  await new Promise((done) => {
    const look = () => list.getAttribute("aria-busy") === "false" && done();
    new MutationObserver(look).observe(list, { attributes: true });
    look();
  });
  return performance.now() - start;
}"""
"""Milliseconds from a query to its result."""

LOADED = """() => {
  const { pathname } = new URL(document.querySelector("[data-search-box]").dataset.index, location);
  const loaded = performance.getEntriesByType("resource").map((it) => [new URL(it.name).pathname, it.encodedBodySize]);
  return loaded.filter(([path]) => path.startsWith(pathname));
}"""
"""The files of the search that a page has loaded, with their bytes."""


def main(wanted: int) -> None:
    """Print the figures for the worked example, and for this many pages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measure(folder / "example", ROOT / "data", ())
        products = write_data(folder / "data", wanted)
        measure(folder / "large", folder / "data", products)


def measure(site: Path, data: Path, products: Sequence[Renaming]) -> None:
    """Build a site of this data, and print what its search can do."""
    seconds = {edition: build(site / folder, data, edition) for edition, folder in BUILT.items()}
    (site / BUILT["ja"]).rename(site / BUILT["en"] / "ja")
    with served(site / BUILT["en"]) as port, sync_playwright() as playwright:
        host = urlsplit(read_html(site / BUILT["en"] / "index.html").one("link", rel="canonical")["href"]).netloc
        browser = launch(playwright, host, port)
        for edition, folder in EDITIONS.items():
            root = site / BUILT["en"] / folder
            pages = [it for it in root.rglob("index.html") if folder or "ja" not in it.relative_to(root).parts[:1]]
            entry = json.loads((root / "search/pagefind-entry.json").read_text(encoding="utf-8"))
            indexed = entry["languages"]["en"]["page_count"]
            print(f"{edition}: {len(pages)} pages, {indexed} in the index, written in {seconds[edition]:.1f} s")
            report(browser, f"http://{host}/{folder}", edition, products)
        browser.close()


def report(browser: Browser, address: str, edition: str, products: Sequence[Renaming]) -> None:
    """Print the figures of an edition."""
    asked = queries(edition)
    page = browser.new_page()
    page.goto(address)
    page.evaluate(LOOK_UP, "-")
    new = [timed(page, query.text) for query in asked]
    again = [timed(page, query.text) for query in asked]
    for name, found in (("new", new), ("again", again)):
        print(f"  milliseconds {name}: {spread([it[0] for it in found])}, busy {spread([it[1] for it in found])}")
    missed = misses(page, asked)
    page.close()
    print(f"  recall: {1 - len(missed) / len(asked):.3f} of {len(asked)} queries")
    alone = [it for it in missed if not any(shown in twins(it.query, products) for shown in it.shown)]
    print(f"  recall with twins: {1 - len(alone) / len(asked):.3f}")
    for miss in missed:
        print(f"    {miss}", flush=True)
    loaded = [cold(browser, address, query.text) for query in asked]
    print(f"  bytes: {spread([sum(it.values()) for it in loaded])}")
    for kind in sorted({kind for it in loaded for kind in it}):
        print(f"    {kind}: {spread([it.get(kind, 0) for it in loaded])}", flush=True)


def timed(page: Page, query: str) -> tuple[float, float]:
    """Milliseconds of a look-up, by the clock and of the page's main thread."""
    with worked_in(page, "TaskDuration") as busy:
        before = busy()
        clock = float(page.evaluate(LOOK_UP, query))
        return clock, 1000 * (busy() - before)


def twins(query: Query, products: Sequence[Renaming]) -> set[str]:
    """The pages made from those that a query should find, unless it names something of theirs."""
    typed = unicodedata.normalize("NFKC", query.text).lower()
    if any(re.search(rf"(?<![a-z]){it}(?![a-z])", typed) for it in PRODUCT_TEAMS):
        return set()
    named = [product for product in products if product.worded(typed) == typed]
    return {product.address(it) for product in named for it in query.right} - {*query.right}


def cold(browser: Browser, address: str, query: str) -> dict[str, int]:
    """Bytes that a fresh browser loads for the search until the first result, by kind of file."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.evaluate(LOOK_UP, query)
    found: dict[str, int] = {}
    for path, size in page.evaluate(LOADED):
        kind = Path(path).suffix if Path(path).suffix.startswith(".pf_") else Path(path).name
        found[kind] = found.get(kind, 0) + size
    context.close()
    return found


def spread(values: list[float] | list[int]) -> str:
    """The middle one and the worst."""
    return f"{statistics.median(values):,.0f} (worst {max(values):,.0f})"


def build(output: Path, data: Path, edition: str) -> float:
    """Build an edition into a folder; the seconds that writing its index took."""
    config = {"en": "mkdocs.yml", "ja": "mkdocs.ja.yml"}[edition]
    arguments = ["build", "--quiet", "--strict", "-f", str(ROOT / config), "-d", str(output)]
    environment = {"HANDBOOK_DATA": str(data), "HANDBOOK_EDITIONS": ",".join(EDITIONS), "NO_MKDOCS_2_WARNING": "1"}
    made = subprocess.run(
        [sys.executable, "-c", BUILD, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    return float(made.stdout.split("index:")[1])


def write_data(data: Path, wanted: int) -> tuple[Renaming, ...]:
    """The worked example, with products until there are this many pages; the products."""
    shutil.copytree(ROOT / "data", data)
    plain = count_pages(data)
    made = [add_product(data, 0)]
    each = count_pages(data) - plain
    made += [add_product(data, number) for number in range(1, -(-(wanted - plain) // each))]
    return tuple(made)


def count_pages(data: Path) -> int:
    """The pages of one edition."""
    from macros.handbook import load
    from macros.site import pages, project
    from macros.site.render import Edition

    handbook = load.load(data, "data", project.guide_addresses().values())
    made = pages.pages(Edition(handbook, (), "en"))
    return len({*project.guide_addresses().values()}) + sum(it.uri.endswith(".md") for it in made)


def add_product(data: Path, number: int) -> Renaming:
    """A product's teams, in the worked example's own words but for what the product is about."""
    product, thing, japanese = PRODUCTS[number]
    words = {"zukura": product.lower(), "drawing": thing, "図面": japanese}
    for position, ((english, its_japanese), others) in enumerate(VARIED.items()):
        other = others[(number + position) % len(others)]
        words |= {english: other[0], its_japanese: other[1]}
    own = [folder for folder in sorted((data / "teams").iterdir()) if folder.name in PRODUCT_TEAMS]
    kinds = ("services", "journeys", "playbooks", "engagements")
    ids = {it.stem for folder in own for kind in kinds for it in (folder / kind).glob("*.yaml")} | {*PRODUCT_TEAMS}
    ids |= {it for folder in own for file in folder.rglob("*.yaml") for it in ALIAS.findall(file.read_text())}
    made = Renaming(product, thing, words, frozenset(ids))
    for folder in own:
        for file in sorted(folder.rglob("*.y*ml")):
            place = file.relative_to(folder)
            stem = made.id(place.stem) if place.stem in ids else place.stem
            new = data / "teams" / made.id(folder.name) / place.parent / f"{stem}{place.suffix}"
            new.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(made.text(file.read_text(encoding="utf-8")), encoding="utf-8")
    return made


@dataclass(frozen=True)
class Renaming:
    """What is called otherwise for a product: `words` by the example's own, in lower case; `ids` that are no words."""

    product: str
    thing: str
    words: Mapping[str, str]
    ids: frozenset[str]

    def id(self, id: str) -> str:
        return self._own(self.worded(id), f"{self.product.lower()}-")

    def address(self, address: str) -> str:
        """The address of the page that is made from the page at this one; a page of all teams' stays where it is."""
        parts = address.split("/")
        if parts[0] == "go" and parts[1]:
            return f"go/{self._own(self.worded(parts[1]), self.product)}/"
        return "/".join(self.id(it) if it in self.ids and place else it for place, it in enumerate(parts))

    def worded(self, text: str) -> str:
        return re.sub("|".join(self.words), self._word, text, flags=re.IGNORECASE)

    def _word(self, match: re.Match[str]) -> str:
        new = self.words[match[0].lower()]
        return new.capitalize() if match[0][0].isupper() else new

    def _own(self, name: str, prefix: str) -> str:
        """A name that nobody else has: it names the product, or what the product holds."""
        is_own = any(it in name.lower() for it in (self.product.lower(), self.thing, self.words["図面"]))
        return name if is_own else f"{prefix}{name}"

    def text(self, text: str) -> str:
        """A data file."""
        head = re.match(r"(name:\n)?((?:  (?:en|ja): .+\n)*)", text)
        assert head
        names = re.sub(
            r"(?<=: ).+", lambda it: self._own(self.worded(it[0]), f"{self.product} "), head[2] if head[1] else ""
        )
        rest = text[head.end() :] if names else text
        return f"{head[1] or ''}{names}" + "\n".join(map(self._line, rest.split("\n")))

    def _line(self, line: str) -> str:
        if it := re.fullmatch(r"(\s*- (?:alert: )?\"?)([A-Z][a-z]+[A-Z]\w*)(\*?.*)", line):
            return f"{it[1]}{self._own(self.worded(it[2]), self.product)}{self.worded(it[3])}"
        if it := re.fullmatch(r"(\s*(?:- )?(?:[a-z_]+: )?)([a-z-]+)", line):
            return f"{it[1]}{self.id(it[2])}" if it[2] in self.ids else line
        return "" if "runbook_url:" in line else self.worded(line)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)

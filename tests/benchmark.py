"""Seconds for a build of 1,000 generated pages, beside 1,000 plain Markdown pages of the same size.

Both are built by MkDocs with the same theme in one run, since only their ratio means anything on a shared
machine. `make benchmark`; a number of services may be given: `python tests/benchmark.py 3000`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main(number: int) -> None:
    """Print the figures for this many services."""
    with tempfile.TemporaryDirectory() as folder:
        data = write_data(Path(folder) / "data", number)
        handbook = Path(folder) / "handbook"
        generated = timed(["-f", str(ROOT / "mkdocs.yml"), "-d", str(handbook)], HANDBOOK_DATA=str(data))
        pages = sorted((handbook / "services").glob("*/index.html"))
        size = sum(page.stat().st_size for page in pages) // len(pages)
        plain = timed(["-f", str(write_plain(Path(folder) / "plain", number))])
        print(f"{number} services: {generated:.1f} s, {size // 1024} KiB a page")
        print(f"{number} plain pages: {plain:.1f} s; ratio {generated / plain:.2f}")


def write_data(data: Path, number: int) -> Path:
    """An organisation with ten services a team, made of the worked example's richest service."""
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("teams"))
    service = (ROOT / "data/teams/ai/services/drawing-analysis.yaml").read_text()
    head, _, rest = service.partition("depends_on:")
    _, _, rest = rest.partition("\nrepository:")
    for position in range(number):
        team = data / f"teams/team-{position // 10}"
        (team / "services").mkdir(parents=True, exist_ok=True)
        (team / "team.yaml").write_text(f'name: Team {position // 10}\nchannel: "#team-{position // 10}"\n')
        needed = f"depends_on: [service-{(position + 1) % number}]\nrepository:"
        (team / f"services/service-{position}.yaml").write_text(f"{head}{needed}{rest}")
    return data


def write_plain(folder: Path, number: int) -> Path:
    """A plain site: headings, tables and lists, about as long as a service's page."""
    docs = folder / "docs"
    docs.mkdir(parents=True)
    rows = "\n".join(f"| row {row} | a target | measured somewhere | met |" for row in range(20))
    body = "\n\n".join(
        f"## Section {it}\n\n| what | target | where | state |\n|---|---|---|---|\n{rows}" for it in range(2)
    )
    for position in range(number):
        (docs / f"page-{position}.md").write_text(
            f"# Page {position}\n\n{body}\n\n- [next](page-{(position + 1) % number}.md)\n"
        )
    (docs / "index.md").write_text("# Home\n")
    config = folder / "mkdocs.yml"
    config.write_text(
        "site_name: Plain\nnot_in_nav: '*'\ntheme:\n  name: material\n  font: false\n"
        "  features: [navigation.instant, navigation.prune]\n"
        "markdown_extensions: [admonition, attr_list, md_in_html, tables, toc]\nnav: [index.md]\n"
    )
    return config


def timed(arguments: list[str], **environment: str) -> float:
    """Seconds that one build takes."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", *arguments],
        check=True,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT), **environment},
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)

"""Seconds for a build of 1,000 generated pages, beside 1,000 plain Markdown pages of the same size.

Both are built by MkDocs with the same theme in one run, since only their ratio means anything on a shared
machine. `make benchmark`; a number of services may be given: `python tests/benchmark.py 3000`.

Before them, seconds for reading one file of Prometheus rules: 5,000 of them should take less than 3.
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
GOLDEN = ROOT / "tests/golden/data"
sys.path.insert(0, str(ROOT))

RULES = 5000


def main(number: int) -> None:
    """Print the figures for this many services."""
    print(f"{RULES} rules: {timed_rules(RULES):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        data = write_data(Path(folder) / "data", number)
        handbook = Path(folder) / "handbook"
        generated = timed(["-f", str(ROOT / "mkdocs.yml"), "-d", str(handbook)], HANDBOOK_DATA=str(data))
        pages = sorted((handbook / "services").glob("*/index.html"))
        size = sum(page.stat().st_size for page in pages) // len(pages)
        plain = timed(["-f", str(write_plain(Path(folder) / "plain", number))])
        print(f"{number} services: {generated:.1f} s, {size // 1024} KiB a page")
        print(f"{number} plain pages: {plain:.1f} s; ratio {generated / plain:.2f}")


def timed_rules(number: int) -> float:
    """Seconds for reading a file of this many rules, a hundred in each group, half of them with merge keys."""
    from macros.sources import prometheus

    lines = ["groups:"]
    for position in range(number):
        if position % 100 == 0:
            lines += [f"  - name: group-{position // 100}", "    rules:"]
        labels = [f"labels: &labels{position}", "  severity: page", "  team: zukura"]
        lines += [
            f"      - alert: Alert{position}",
            "        expr: |",
            f'          sum by (job) (rate(requests_total{{code=~"5..", number="{position}"}}[5m])) > 0.05',
            "        for: 5m",
            *(
                f"        {line}"
                for line in (labels if position % 2 == 0 else [f"labels: {{<<: *labels{position - 1}}}"])
            ),
            "        annotations:",
            "          summary: 失敗率 {{ $value | humanizePercentage }}",
            "          description: >-",
            "            Requests of {{ $labels.job }} fail. Look at the last release first,",
            "            and then at what the service depends on.",
        ]
    raw = "\n".join(lines).encode()
    start = time.perf_counter()
    file, _ = prometheus.parse(raw, "rules.yaml")
    seconds = time.perf_counter() - start
    assert file is not None
    assert len(file.alerts) == number
    return seconds


def write_data(data: Path, number: int) -> Path:
    """An organisation with ten services a team, each with every key."""
    shutil.copytree(GOLDEN, data, ignore=shutil.ignore_patterns("teams"))
    service = (GOLDEN / "teams/complete/services/complete-service.yaml").read_text().replace("  - old-name\n", "  []\n")
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

"""What Lighthouse says of pages: scores up to 100, by category, each the median of several runs.

It comes from npm (`tests/tools/lighthouse/`), drives the browser of the tests, and imitates a phone on a slow network.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from web import EDITIONS, ROOT, CompressingHandler, served

PROGRAM = ROOT / "tests/tools/lighthouse/node_modules/.bin/lighthouse"
RUNS = 5

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

LEFT_OUT = "is-crawlable"
"""A handbook that isn't public asks search engines to stay away, and would be told that they do."""

CHROME = "--headless --no-sandbox --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'"
"""Beyond this machine is nothing."""


def name_of(category: str, edition: str, page: str) -> str:
    """The name of a figure."""
    return f"{category}-{edition}-{page}"


def scores(site: Path, pages: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    """The scores of these pages, which are named and have these paths in each edition, by `name_of`.

    A page that can't be judged ends everything with what Lighthouse says.
    """
    with served(site, CompressingHandler) as port:
        for edition, folder in EDITIONS.items():
            for page, path in pages.items():
                runs = [judged(f"http://127.0.0.1:{port}/{folder}{path}") for _ in range(RUNS)]
                for category in CATEGORIES:
                    yield name_of(category, edition, page), statistics.median(run[category] for run in runs)


def judged(address: str) -> Mapping[str, float]:
    """The scores of one run, by category."""
    run = subprocess.run(
        [
            str(PROGRAM),
            address,
            "--quiet",
            "--no-enable-error-reporting",
            "--output=json",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--skip-audits={LEFT_OUT}",
            f"--chrome-flags={CHROME}",
        ],
        env={**os.environ, "CHROME_PATH": shutil.which("chromium-headless-shell") or ""},
        capture_output=True,
        encoding="utf-8",
    )
    if run.returncode:
        raise SystemExit(f"lighthouse: {address}\n{run.stderr}")
    found = json.loads(run.stdout)["categories"]
    return {category: 100 * found[category]["score"] for category in CATEGORIES}

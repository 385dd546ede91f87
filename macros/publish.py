"""Both editions, built apart and joined: English at the root, Japanese under ja/."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from macros import load, pdf
from macros.project import ROOT, check_everything, data_folder

EDITIONS = {"en": "mkdocs.yml", "ja": "mkdocs.ja.yml"}
"""The configuration of each edition."""

MOUNT = {"en": "/", "ja": "/ja/"}
"""Where each edition stands in the site."""


def build_command(edition: str, output: Path, *, strict: bool) -> list[str]:
    """The command that builds an edition into a folder."""
    command = [sys.executable, "-m", "mkdocs", "build", "--config-file", str(ROOT / EDITIONS[edition])]
    return [*command, "--site-dir", str(output), *(["--strict"] if strict else [])]


def build_environment(**more: str) -> Mapping[str, str]:
    """The environment of a build: Material's note on its own future is no news to a contributor."""
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT), **more}


@dataclass(frozen=True)
class Built:
    """A site in its place.

    `day` is what its pages count from; of its PDFs, some were made new and some kept.
    """

    output: Path
    day: date
    new_pdfs: int = 0
    kept_pdfs: int = 0


class NotBuiltError(Exception):
    """There is no new site. The message says why, and that the folder is as it was."""

    def __init__(self, output: Path, why: str) -> None:
        state = "is as it was" if output.exists() else "was not made"
        super().__init__(f"{why}\n--- {output.name}/ {state}")


def site(output: Path, *, pdfs: bool = False) -> Built:
    """Build both editions strictly into `output`, with PDFs of what is made for paper where they are asked for.

    On any fault `output` stays as it was; the `NotBuiltError` says why.
    """
    if not _may_be_replaced(output):
        raise NotBuiltError(output, f"site: {output} holds something that is no site; name another folder, or empty it")
    try:
        if pdfs:
            pdf.ensure_able()
        problems, _ = check_everything(data_folder())
        if problems:
            raise NotBuiltError(output, "\n".join(map(str, problems)))
        return _built(output.absolute(), pdfs)
    except pdf.PdfError as error:
        raise NotBuiltError(output, f"site: no PDFs can be made: {error}") from error


def _built(output: Path, pdfs: bool) -> Built:
    """Build into a folder beside `output`, then exchange the two."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent) as folder:
        made = {edition: Path(folder) / edition for edition in EDITIONS}
        environment = build_environment(HANDBOOK_EDITIONS=",".join(EDITIONS))
        builds = {
            edition: subprocess.Popen(
                build_command(edition, made[edition], strict=True),
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
            )
            for edition in EDITIONS
        }
        logs = {edition: build.communicate()[0] for edition, build in builds.items()}
        failed = [
            f"--- the {edition} edition can't be built:\n{logs[edition].rstrip()}"
            for edition, build in builds.items()
            if build.returncode
        ]
        if failed:
            raise NotBuiltError(output, "\n".join(failed))
        made["ja"].rename(made["en"] / "ja")
        new, kept = pdf.make(made["en"], ROOT / ".cache/pdf") if pdfs else (0, 0)
        _put_in_place(made["en"], output)
    return Built(output, load.today(), new, kept)


def _may_be_replaced(output: Path) -> bool:
    """Whether nothing is lost with `output`: it isn't there, is empty, or holds a site."""
    if not output.is_dir():
        return not output.exists()
    return (output / "sitemap.xml").is_file() or not any(output.iterdir())


def _put_in_place(made: Path, output: Path) -> None:
    """Two renames: readers of `output` see the old site or the new one, never a half of either."""
    old = made.parent / "old"
    if output.exists():
        output.rename(old)
    made.rename(output)
    shutil.rmtree(old, ignore_errors=True)

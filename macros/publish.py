"""Both editions, built apart and joined: English at the root, Japanese under ja/."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from macros import load, pdf
from macros.project import ROOT, check_everything, data_folder

EDITIONS = {"en": "mkdocs.yml", "ja": "mkdocs.ja.yml"}
"""The configuration of each edition."""


def build_command(edition: str, output: Path, *, strict: bool) -> list[str]:
    """The command that builds an edition into a folder."""
    command = [sys.executable, "-m", "mkdocs", "build", "--config-file", str(ROOT / EDITIONS[edition])]
    return [*command, "--site-dir", str(output), *(["--strict"] if strict else [])]


def build_environment(**more: str) -> Mapping[str, str]:
    """The environment of a build: Material's note on its own future is no news to a contributor."""
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT), **more}


def site(output: Path, *, pdfs: bool = False) -> bool:
    """Build both editions strictly into `output`, with PDFs of what is made for paper where they are asked for.

    On any fault `output` stays as it was; the log says why.
    """
    if not _may_be_replaced(output):
        print(f"site: {output} holds something that is no site; name another folder, or empty it", file=sys.stderr)
        return _refused(output)
    try:
        if pdfs:
            pdf.ensure_able()
    except pdf.PdfError as error:
        print(f"site: no PDFs can be made: {error}", file=sys.stderr)
        return _refused(output)
    problems, _ = check_everything(data_folder())
    if problems:
        print("\n".join(map(str, problems)), file=sys.stderr)
        return _refused(output)
    output = output.absolute()
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
        failed = [edition for edition, build in builds.items() if build.returncode]
        if failed:
            for edition in failed:
                print(f"--- the {edition} edition can't be built:\n{logs[edition].rstrip()}", file=sys.stderr)
            return _refused(output)
        made["ja"].rename(made["en"] / "ja")
        if pdfs:
            new, kept = pdf.make(made["en"], ROOT / ".cache/pdf")
            print(f"{new + kept} PDFs, {new} of them new")
        _put_in_place(made["en"], output)
    print(f"{output.name}/: English at /, Japanese at /ja/, as of {load.today()}")
    return True


def _may_be_replaced(output: Path) -> bool:
    """Whether nothing is lost with `output`: it isn't there, is empty, or holds a site."""
    if not output.is_dir():
        return not output.exists()
    return (output / "sitemap.xml").is_file() or not any(output.iterdir())


def _refused(output: Path) -> bool:
    state = "is as it was" if output.exists() else "was not made"
    print(f"--- {output.name}/ {state}", file=sys.stderr)
    return False


def _put_in_place(made: Path, output: Path) -> None:
    """Two renames: readers of `output` see the old site or the new one, never a half of either."""
    old = made.parent / "old"
    if output.exists():
        output.rename(old)
    made.rename(output)
    shutil.rmtree(old, ignore_errors=True)

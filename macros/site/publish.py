"""Both editions, built apart and joined: English at the root, Japanese under ja/.

Nothing else is ever replaced: a site's `MARKER` lists every file that its build put there.
"""

import fcntl
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from macros.handbook import addresses, load
from macros.site import pdf
from macros.site.project import ROOT, check_everything, data_folder
from macros.sources import git
from macros.sources.git import GitError
from macros.text.problems import visible

EDITIONS = {"en": "mkdocs.yml", "ja": "mkdocs.ja.yml"}
"""The configuration of each edition."""

MOUNT = {edition: f"/{folder}" for edition, folder in addresses.EDITION_FOLDERS.items()}
"""Where each edition stands in the site."""

MARKER = ".sre-handbook.json"
"""The file of a site that lists all its files, itself among them."""

_OLD, _LOCK = "old", "lock"
"""What stands beside the editions where a site is built: the site before, and the lock."""

_NAMED = 3
"""How many names a message gives."""


def build_command(edition: str, output: Path, *options: str) -> list[str]:
    """The command that builds an edition into a folder."""
    command = [sys.executable, "-m", "mkdocs", "build", "--config-file", str(ROOT / EDITIONS[edition])]
    return [*command, "--site-dir", str(output), *options]


def build_environment(**more: str) -> Mapping[str, str]:
    """The environment of a build: Material's note on its own future is no news to a contributor."""
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **more}


class Built(NamedTuple):
    """A site in its place.

    `day` is what its pages count from; of its PDFs, some were made new and some kept. `is_new` says whether
    anything had changed since it was built last.
    """

    output: Path
    day: date
    new_pdfs: int = 0
    kept_pdfs: int = 0
    is_new: bool = True


class NotBuiltError(Exception):
    """There is no new site. The message says why, and that the folder is as it was."""

    def __init__(self, output: Path, why: str) -> None:
        state = "is as it was" if output.exists() else "was not made"
        super().__init__(f"{why}\n--- {output.name}/ {state}")


def site(output: Path, *, pdfs: bool = False) -> Built:
    """Build both editions strictly into `output`; on any fault it stays as it was.

    Raises `NotBuiltError`, which says why.
    """
    place = _place(output)
    with _workplace(place) as (work, lock):
        inputs = _inputs(pdfs=pdfs)
        if _is_of(place, inputs):
            return Built(place, load.today(), is_new=False)
        _refuse_to_lose(place)
        lacking = pdf.lacking() if pdfs else ""
        if lacking:
            raise NotBuiltError(place, f"site: no PDFs can be made: {lacking}")
        problems, *_ = check_everything(data_folder())
        if problems:
            raise NotBuiltError(place, "\n".join(map(str, problems)))
        _build(work, lock, place)
        made = work / "en"
        (work / "ja").rename(made / "ja")
        new, kept = pdf.make(made, ROOT / ".cache/pdf") if pdfs else (0, 0)
        _mark(made, inputs)
        _refuse_to_lose(place)
        if place.exists():
            place.rename(work / _OLD)
        made.rename(place)  # readers see the old site or the new one, never a half of either
        return Built(place, load.today(), new, kept)


def _place(output: Path) -> Path:
    """The folder that `output` names. Raises `NotBuiltError` where no site may stand there."""
    place, data = (Path(os.path.realpath(folder)) for folder in (output, data_folder()))
    for kept in (ROOT.resolve(), data, Path(os.path.expanduser("~")).resolve()):
        if kept.is_relative_to(place):
            raise NotBuiltError(place, f"site: {output} is, or holds, {kept}; name another folder")
    for read in (data, ROOT.resolve() / "docs"):
        if place.is_relative_to(read):
            raise NotBuiltError(place, f"site: {output} is in {read}, which the build reads; name another folder")
    for path in (output, _work(place)):
        if path.is_symlink():
            raise NotBuiltError(output, f"site: {path} is a symbolic link; name a folder, or delete the link")
    if place.exists() and not place.is_dir():
        raise NotBuiltError(place, f"site: {output} is a file; name a folder")
    return place


def _work(output: Path) -> Path:
    """The folder in which a site is built: beside it, so that it is put in place by a rename."""
    return output.with_name(f".{output.name}-building")


@contextmanager
def _workplace(output: Path) -> Iterator[tuple[Path, int]]:
    """The folder in which a site is built, by one build at a time, and its lock, which its children hold too.

    What a build left that was killed is cleared away.
    """
    work = _work(output)
    new = [folder for folder in (work, *work.parents) if not folder.exists()]
    work.mkdir(parents=True, exist_ok=True)
    with (work / _LOCK).open("a") as lock:
        if not _locked(lock.fileno()):
            raise NotBuiltError(output, f"site: another build into {output.name}/ is running; wait until it has ended")
        try:
            _clear(work, output)
            yield work, lock.fileno()
        finally:
            _clear(work, output)
            (work / _LOCK).unlink()
            with suppress(OSError):  # what isn't empty stays
                for folder in new or [work]:
                    folder.rmdir()


def _locked(lock: int) -> bool:
    """Whether this build has the lock now: no other has it, nor took its file away meanwhile."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return os.fstat(lock).st_nlink > 0


def _clear(work: Path, output: Path) -> None:
    """Put a site back that was moved aside for nothing, and remove all that is built."""
    if (work / _OLD).exists() and not output.exists():
        (work / _OLD).rename(output)
    for name in (_OLD, *EDITIONS):
        shutil.rmtree(work / name, ignore_errors=True)


def _build(work: Path, lock: int, output: Path) -> None:
    """Build each edition into `work`. Raises `NotBuiltError` with the logs of those that fail."""
    environment = build_environment(HANDBOOK_EDITIONS=",".join(EDITIONS))
    builds: dict[str, subprocess.Popen[str]] = {}
    try:
        for edition in EDITIONS:
            builds[edition] = subprocess.Popen(
                build_command(edition, work / edition, "--strict"),
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                pass_fds=[lock],
                start_new_session=True,
            )
        logs = {edition: build.communicate()[0] for edition, build in builds.items()}
    finally:
        for build in builds.values():
            if build.poll() is None:
                os.killpg(build.pid, signal.SIGKILL)
                build.communicate()
    failed = [edition for edition, build in builds.items() if build.returncode]
    if failed:
        said = (f"--- the {edition} edition can't be built:\n{logs[edition].rstrip()}" for edition in failed)
        raise NotBuiltError(output, "\n".join(said))


def _refuse_to_lose(output: Path) -> None:
    """Raise `NotBuiltError` where there is anything in `output` that no build put there."""
    _, own = _marker(output)
    foreign = _foreign(output, own)
    if foreign:
        more = f" and {len(foreign) - _NAMED} more" if len(foreign) > _NAMED else ""
        names = f"{', '.join(map(visible, foreign[:_NAMED]))}{more}"
        advice = "Take it away, or build into another folder and copy the site"
        raise NotBuiltError(output, f"site: {output} holds what no build put there: {names}. {advice}")


def _inputs(*, pdfs: bool) -> str:
    """A digest of all that a site is made of: the day, versions, settings, history and files."""
    versions = sorted(f"{(of := it.metadata)['Name']} {of['Version']}" for it in metadata.distributions())
    settings = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("HANDBOOK_"))
    digest = sha256(repr((load.today(), sys.version, versions, settings, pdfs)).encode())
    with suppress(GitError):
        digest.update(git.output(ROOT, "rev-parse", "HEAD").encode())
    here, folders = f"{ROOT}/", (ROOT / "docs", ROOT / "macros", data_folder())
    below = (os.path.join(folder, name) for root in folders for folder, _, names in os.walk(root) for name in names)
    for file in sorted([*below, *map(str, ROOT.glob("*.py")), *map(str, ROOT.glob("*.yml"))]):
        if not file.endswith(".pyc"):
            with suppress(FileNotFoundError), open(file, "rb", buffering=0) as opened:  # a link may lead nowhere
                content = opened.read()
                digest.update(f"{file.removeprefix(here)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _is_of(site: Path, inputs: str) -> bool:
    """Whether a site is of these inputs, and nobody has touched its files since it was built."""
    made_of, names = _marker(site)
    if made_of != inputs:
        return False
    folder, built = f"{site}/", os.stat(site / MARKER).st_mtime_ns
    try:
        files = map(os.stat, map(folder.__add__, names))
        return all(stat.S_ISREG(file.st_mode) and file.st_mtime_ns <= built for file in files)
    except OSError:  # one is missing
        return False


def _marker(site: Path) -> tuple[str, tuple[str, ...]]:
    """The inputs and the files of a site by its marker; nothing where it has none that can be read."""
    try:
        value = json.loads((site / MARKER).read_text(encoding="utf-8"))
        return str(value.get("inputs")), tuple(map(str, value["files"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "", ()


def _foreign(site: Path, own: Collection[str]) -> list[str]:
    """What stands in a site beside its own files and their folders, as paths from there."""
    files = {site / name for name in own}
    folders = {folder for file in files for folder in file.parents}
    every = {path: path.is_dir() and not path.is_symlink() for path in sorted(site.rglob("*"))}
    foreign = {path for path, is_folder in every.items() if path not in (folders if is_folder else files)}
    outermost = (path for path in every if path in foreign and path.parent not in foreign)
    return [f"{path.relative_to(site).as_posix()}{'/' if every[path] else ''}" for path in outermost]


def _mark(site: Path, inputs: str) -> None:
    files = sorted(file.relative_to(site).as_posix() for file in site.rglob("*") if not file.is_dir())
    about = "Every file of this site. The next build replaces these, and stops where there is anything else."
    marker = {"about": about, "inputs": inputs, "files": [MARKER, *files]}
    (site / MARKER).write_text(json.dumps(marker, indent=0), encoding="utf-8")

"""Serve one edition while it is being written, each build in a process of its own (decisions/0001)."""

import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from mkdocs.livereload import LiveReloadServer

from macros.site.project import ROOT, data_folder, shown
from macros.site.publish import MOUNT, build_command, build_environment

WATCHED = ("docs", "macros", "hooks.py", "mkdocs.yml", "mkdocs.ja.yml")


class Server(LiveReloadServer):
    """A live-reload server whose builds can fail.

    `log` holds the output of the last build where it failed, and is empty where it didn't.
    """

    def __init__(self, edition: str, host: str, port: int, folder: Path) -> None:
        self.log = ""
        self._edition = edition
        self._site = folder / "site"
        self._site.mkdir()
        super().__init__(self.build, host, port, str(self._site), MOUNT[edition])
        self.error_handler = self._error_page
        # The first build is one like any other: requests wait for it, and an edit meanwhile is not lost.
        self._want_rebuild = True
        self._wanted_epoch += 1

    def build(self) -> None:
        """Build the edition, and put it in the place of the last one where that went well."""
        made = self._site.with_name("made")
        shutil.rmtree(made, ignore_errors=True)
        build = subprocess.run(
            build_command(self._edition, made, "--quiet"),
            cwd=ROOT,
            env=build_environment(HANDBOOK_SITE_URL=self.url, HANDBOOK_LIVE_RELOAD="1", PYTHONDONTWRITEBYTECODE="1"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        log = readable(build.stdout)
        if build.returncode:
            self.log = log or f"The build ended with exit code {build.returncode} and said nothing."
            print(f"\n{self.log}\n--- not built; every page shows this until it is fixed", file=sys.stderr, flush=True)
            return
        self.log = ""
        old = self._site.with_name("old")
        self._site.rename(old)
        made.rename(self._site)
        shutil.rmtree(old)
        print(f"{log}\n" if log else "", f"--- built: {self.url}", sep="", file=sys.stderr, flush=True)

    def _serve_request(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes] | None:
        path = environ["PATH_INFO"]
        if "\0" in path:
            return None
        is_page = path.endswith(("/", ".html")) or "." not in path.rsplit("/", 1)[-1]
        if is_page and not path.startswith("/livereload/") and f"{path}/".startswith(self.mount_path):
            with self._epoch_cond:
                self._epoch_cond.wait_for(lambda: self._visible_epoch == self._wanted_epoch)
                epoch = self._visible_epoch
            if self.log:
                page = problem_page(self.log).encode()
                start_response("500 Internal Server Error", [("Content-Type", "text/html; charset=utf-8")])
                return [self._inject_js_into_html(page, epoch)]  # type: ignore[no-untyped-call]
        return super()._serve_request(environ, start_response)

    def _error_page(self, code: int) -> bytes | None:
        page = self._site / f"{code}.html"
        return page.read_bytes() if page.is_file() else None


def readable(log: str) -> str:
    """A build's log as a contributor wants it: what is wrong and where, ahead of any traceback."""
    log = re.sub(r"\x1b\[[0-9;]*m", "", log)
    log = re.sub(r"^(?:ERROR|CRITICAL) +- +|^Aborted with a BuildError!$", "", log, flags=re.M).strip()
    if "Traceback (most recent call last)" not in log or re.match(r"\S+:\d+:\d+: ", log):
        return log
    own = [
        f"{Path(file).relative_to(ROOT).as_posix()}:{line}: "
        for file, line in re.findall(r'File "([^"]+)", line (\d+)', log)
        if Path(file).is_relative_to(ROOT) and ".venv" not in Path(file).parts
    ]
    return f"{own[-1] if own else ''}{log.splitlines()[-1]}\n\n{log}"


def problem_page(log: str) -> str:
    """The page that stands in for all others while a build fails: its log, places in bold."""
    lines = "\n".join(html.escape(line) for line in log.splitlines())
    lines = re.sub(r"^([^\s:][^:\n]*:\d+(?::\d+)?:)", r"<strong>\1</strong>", lines, flags=re.M)
    return _PROBLEM_PAGE.format(lines=lines)


_PROBLEM_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Not built – SRE handbook</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 2rem 1rem }}
pre {{ border-left: 4px solid #c0392b; overflow-wrap: anywhere; padding: .5rem 1rem; white-space: pre-wrap }}
</style>
</head>
<body>
<main>
<h1>The handbook can't be built</h1>
<p>Fix the problems below and save: your page then comes back.</p>
<pre>{lines}</pre>
</main>
</body>
</html>
"""


def run(edition: str, host: str, port: int) -> int:
    """Serve an edition until it is interrupted.

    Returns the exit code: 1 where the port is taken, 2 where the data folder isn't there.
    """
    if not data_folder().is_dir():
        print(f"serve: there is no folder {shown(data_folder())}; name another in HANDBOOK_DATA", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="sre-handbook-") as folder, ExitStack() as at_the_end:
        try:
            server = Server(edition, host, port, Path(folder))
            at_the_end.callback(server.shutdown)
            for path in (*(ROOT / name for name in WATCHED), data_folder()):
                server.watch(str(path))
            server.serve()  # type: ignore[no-untyped-call]
        except OSError as error:
            print(f"serve: {host}:{port}: {error.strerror}; choose another port with --port", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print(file=sys.stderr)
    return 0

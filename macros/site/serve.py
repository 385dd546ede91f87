"""Serve one edition while it is being written: a page is made when it is asked for (decisions/0001)."""

import html
import importlib
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mkdocs.config.config_options import Hooks
from mkdocs.livereload import LiveReloadServer
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from macros.site import preview
from macros.site.preview import Preview, Trouble
from macros.site.project import ROOT, data_folder, shown
from macros.site.publish import MOUNT

WATCHED = ("docs", "macros", "hooks.py", "mkdocs.yml", "mkdocs.ja.yml")
CHANGES = ("created", "deleted", "modified", "moved")
"""What files undergo: being read is no change."""


class Server(LiveReloadServer):
    """MkDocs' live-reload server, with pages that are made when they are asked for and whose making can fail.

    Where there are `troubles`, every page shows them.
    """

    def __init__(self, edition: str, host: str, port: int, folder: Path) -> None:
        super().__init__(self.renew, host, port, str(folder), MOUNT[edition])
        self.error_handler = lambda code: self._preview.answer(f"{code}.html")
        self.observer = Observer()  # type: ignore[assignment]
        self.troubles: tuple[Trouble, ...] = ()
        self._about = edition, self.url, folder
        self._program = preview
        self._preview = Preview(*self._about)
        self._changed: set[Path] = set()
        self._making = threading.Lock()
        # The first version is one like any other: requests wait for it, and an edit meanwhile is not lost.
        self._want_rebuild = True
        self._wanted_epoch += 1

    def renew(self) -> None:
        """Take in what has changed; all that nobody waits for comes behind."""
        self._preview.stop()
        changed, self._changed = self._changed, set()
        with self._making:
            try:
                if any(path.suffix in (".py", ".po") for path in changed):
                    self._reload()
                self._preview.renew()
                self.troubles = ()
            except (Exception, SystemExit) as error:
                self._fail(error)
        if not self.troubles:
            print(f"--- ready: {self.url}", file=sys.stderr, flush=True)
            threading.Thread(target=self._behind, args=[self._wanted_epoch], daemon=True).start()

    def _reload(self) -> None:
        """Take the program itself anew: its modules, and with them the catalogues."""
        for name in [name for name in sys.modules if name.partition(".")[0] in ("hooks", "macros")]:
            del sys.modules[name]
        Hooks._load_hook.cache_clear()
        self._program = importlib.import_module(preview.__name__)
        self._preview = self._program.Preview(*self._about)

    def _behind(self, epoch: int) -> None:
        """Make all that nobody has asked for, and then the index of the search, until something changes."""
        steps = self._preview.rest()
        try:
            while True:
                with self._making:
                    if self._want_rebuild or self._wanted_epoch != epoch or next(steps, None) is None:
                        break
            if not self._want_rebuild and self._wanted_epoch == epoch:
                self._preview.finish()
        except (Exception, SystemExit) as error:
            if self._wanted_epoch == epoch:
                self._fail(error)
                self._show()

    def _fail(self, error: BaseException) -> None:
        self.troubles = self._program.troubles(error)
        words = "\n".join(map(str, self.troubles))
        print(f"\n{words}\n--- every page shows this until it is fixed", file=sys.stderr, flush=True)

    def _show(self) -> None:
        """Let browsers load their page again."""
        with self._epoch_cond:
            self._wanted_epoch = self._visible_epoch = round(time.monotonic() * 1000)
            self._epoch_cond.notify_all()

    def _serve_request(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes] | None:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        if "\0" in path:
            return None
        if path.startswith("/livereload/") or not f"{path}/".startswith(self.mount_path):
            return super()._serve_request(environ, start_response)
        with self._epoch_cond:
            self._epoch_cond.wait_for(lambda: self._visible_epoch == self._wanted_epoch)
            epoch = self._visible_epoch
        inside = path[len(self.mount_path) :]
        is_page = inside.endswith(("/", ".html")) or "." not in inside.rpartition("/")[2]
        content = self._made(inside) if not (is_page and self.troubles) else None
        status = "200 OK"
        if is_page and self.troubles:
            status, content = "500 Internal Server Error", problem_page(self.troubles).encode()
        elif content is None and self._preview.is_folder(inside):
            start_response("302 Found", [("Location", f"{quote(path)}/")])
            return []
        if content is None:
            return None
        if is_page:
            content = self._inject_js_into_html(content, epoch)  # type: ignore[no-untyped-call]
        kind = "text/html; charset=utf-8" if is_page else self._guess_type(path)  # type: ignore[no-untyped-call]
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(content)))])
        return [content]

    def _made(self, path: str) -> bytes | None:
        with self._making:
            try:
                return self._preview.answer(path)
            except (Exception, SystemExit) as error:
                self._fail(error)
                return None

    def watch_all(self) -> None:
        """Watch all that pages are made of, and the data folder also where it is moved away and back."""
        data = data_folder().absolute()
        roots = [*(ROOT / name for name in WATCHED), data]
        handler = FileSystemEventHandler()

        def watch(path: Path) -> Any:
            return self.observer.schedule(handler, str(path), recursive=path in roots)

        watches = {path: watch(path) for path in {*(path for path in roots if path.is_dir()), ROOT, data.parent}}

        def notice(event: FileSystemEvent) -> None:
            paths = {Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path}
            concerns = {path for path in paths if any(path.is_relative_to(root) for root in roots)}
            if event.event_type not in CHANGES or (event.is_directory and event.event_type == "modified"):
                return
            if all("__pycache__" in path.parts for path in concerns):
                return
            if data in paths:
                if data in watches:
                    self.observer.unschedule(watches.pop(data))
                if data.is_dir():
                    watches[data] = watch(data)
            with self._rebuild_cond:
                self._changed |= concerns
                self._want_rebuild = True
                self._rebuild_cond.notify_all()

        handler.on_any_event = notice  # type: ignore[method-assign]
        self.observer.start()

    def end(self) -> None:
        """Stop all that runs."""
        self._want_rebuild = True
        self._preview.stop()
        if self.serve_thread.is_alive():
            self.shutdown()


def problem_page(troubles: Sequence[Trouble]) -> str:
    """The page that stands in for all others while something is wrong: what it is, places in bold."""
    lines = (
        f"<strong>{html.escape(place)}</strong> {html.escape(words)}" if place else html.escape(words)
        for place, words in troubles
    )
    return _PROBLEM_PAGE.format(lines="\n".join(lines))


_PROBLEM_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Not shown – SRE handbook</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 2rem 1rem }}
pre {{ border-left: 4px solid #c0392b; overflow-wrap: anywhere; padding: .5rem 1rem; white-space: pre-wrap }}
</style>
</head>
<body>
<main>
<h1>The handbook can't be shown</h1>
<p>Fix the problems below and save: your page then comes back.</p>
<pre>{lines}</pre>
</main>
</body>
</html>
"""


def run(edition: str, host: str, port: int) -> int:
    """Serve an edition until it is interrupted or terminated.

    Returns the exit code: 1 where the port is taken, 2 where the data folder isn't there.
    """
    if not data_folder().is_dir():
        print(f"serve: there is no folder {shown(data_folder())}; name another in HANDBOOK_DATA", file=sys.stderr)
        return 2
    # Material's note on its own future is no news to a contributor.
    os.environ |= {"HANDBOOK_LIVE_RELOAD": "1", "NO_MKDOCS_2_WARNING": "1"}
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="sre-handbook-") as folder:
        server = Server(edition, host, port, Path(folder))
        try:
            server.watch_all()
            server.serve()  # type: ignore[no-untyped-call]
        except OSError as error:
            print(f"serve: {host}:{port}: {error.strerror}; choose another port with --port", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print(file=sys.stderr)
        finally:
            server.end()
    return 0

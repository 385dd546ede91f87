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

from mkdocs.config.config_options import Hooks
from mkdocs.livereload import LiveReloadServer
from watchdog import events
from watchdog.observers import Observer

from macros.site import preview
from macros.site.preview import Preview, Trouble
from macros.site.project import ROOT, data_folder, shown
from macros.site.publish import MOUNT

EVENTS = [getattr(events, f"{what}{how}Event") for what in ("File", "Dir") for how in ("Created", "Deleted", "Moved")]
EVENTS += [events.FileModifiedEvent]
"""What is told of a watched folder: reading a large organisation's files would flood the system's queue."""


class Server(LiveReloadServer):
    """MkDocs' live-reload server, with pages that are made when they are asked for and whose making can fail.

    Where there are `troubles`, every page shows them.
    """

    def __init__(self, edition: str, host: str, port: int, folder: Path) -> None:
        super().__init__(self.renew, host, port, str(folder), MOUNT[edition])
        self.error_handler = self._not_found
        self.observer = Observer()  # type: ignore[assignment]
        self.troubles: tuple[Trouble, ...] = ()
        self._about = edition, self.url, folder
        self._program = preview
        self._preview = Preview(*self._about)
        self._changed: set[Path] = set()
        self._making = threading.Lock()
        self._asked: list[str] = []
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

    def stop(self) -> None:
        """End all that runs."""
        self._want_rebuild = True
        self._preview.stop()
        if self.serve_thread.is_alive():
            self.shutdown()

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
        time.sleep(0.5)  # browsers that were told of an edit have their page by then
        try:
            while True:
                while self._asked:  # whoever waits for a page comes first: a lock alone is not fair
                    time.sleep(0.01)
                with self._making:
                    if self._want_rebuild or self._wanted_epoch != epoch:
                        return
                    if next(steps, None) is None:
                        break
            self._preview.finish()
        except (Exception, SystemExit) as error:
            if self._wanted_epoch == epoch and not self._want_rebuild:  # else it was stopped
                self._fail(error)
                with self._epoch_cond:  # browsers load their page again
                    self._wanted_epoch = self._visible_epoch = round(time.monotonic() * 1000)
                    self._epoch_cond.notify_all()

    def _fail(self, error: BaseException) -> None:
        self.troubles = self._program.troubles(error)
        words = "\n".join(" ".join(filter(None, trouble)) for trouble in self.troubles)
        print(f"\n{words}\n--- every page shows this until it is fixed", file=sys.stderr, flush=True)

    def _serve_request(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes] | None:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        if "\0" in path:
            return None
        if f"{path}/".startswith(self.mount_path) and not path.startswith("/livereload/"):
            with self._epoch_cond:
                self._epoch_cond.wait_for(lambda: self._visible_epoch == self._wanted_epoch)
                epoch = self._visible_epoch
            is_page = path.endswith(("/", ".html")) or "." not in path.rpartition("/")[2]
            if not (is_page and self.troubles):
                self._make(path[len(self.mount_path) :])
            if is_page and self.troubles:
                start_response("500 Internal Server Error", [("Content-Type", "text/html; charset=utf-8")])
                return [self._inject_js_into_html(problem_page(self.troubles).encode(), epoch)]  # type: ignore[no-untyped-call]
        return super()._serve_request(environ, start_response)

    def _make(self, path: str) -> None:
        self._asked.append(path)
        with self._making:
            try:
                self._preview.make(path)
            except (Exception, SystemExit) as error:
                self._fail(error)
            finally:
                self._asked.remove(path)

    def _not_found(self, _: int) -> bytes:
        self._make("404.html")
        return Path(self.root, "404.html").read_bytes()

    def watch_all(self) -> None:
        """Watch all that pages are made of, and the data folder also where it is moved away and back."""
        data = data_folder().absolute()
        roots = [data, *(ROOT / name for name in ("docs", "macros", "hooks.py", "mkdocs.yml", "mkdocs.ja.yml"))]
        handler = events.FileSystemEventHandler()

        def notice(event: events.FileSystemEvent) -> None:
            told = (Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path)
            paths = {path for path in told if "__pycache__" not in path.parts and any(map(path.is_relative_to, roots))}
            if data in paths:
                self.observer.unschedule_all()
                watch()
            if paths:
                with self._rebuild_cond:
                    self._changed |= paths
                    self._want_rebuild = True
                    self._rebuild_cond.notify_all()

        def watch() -> None:
            for path in {ROOT, data.parent, *(path for path in roots if path.is_dir())}:
                self._watched_paths[str(path)] = 1
                self.observer.schedule(handler, str(path), recursive=path in roots, event_filter=EVENTS)

        handler.on_any_event = notice  # type: ignore[method-assign]
        watch()


def problem_page(troubles: Sequence[Trouble]) -> str:
    """The page that stands in for all others while something is wrong: what it is, places in bold."""
    lines = [(f"<strong>{html.escape(place)}</strong> " if place else "") + html.escape(it) for place, it in troubles]
    return Path(__file__).with_name("problems.html").read_text(encoding="utf-8").format(lines="\n".join(lines))


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
            server.stop()
    return 0

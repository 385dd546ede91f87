"""One edition while it is being written: a page is made when it is asked for, from data that is read where it changed.

MkDocs builds all pages in one go; its own steps are called one by one here, and nowhere else.
"""

import gc
import os
import posixpath
import shutil
import subprocess
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from jinja2 import Environment
from mkdocs.commands import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files, get_files, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page

from macros.handbook.load import Memory
from macros.site import offline, page_macros, project, search_index
from macros.site.publish import EDITIONS
from macros.site.render import fault
from macros.text.problems import DataError, RefusedError


class Preview:
    """An edition at `url` that comes into being in `folder`, with what MkDocs knows of it since `renew`."""

    _config: MkDocsConfig
    _files: Files
    _nav: Navigation
    _env: Environment

    def __init__(self, edition: str, url: str, folder: Path) -> None:
        self._edition, self._url, self._folder = edition, url, folder
        self._carried = {"memory": Memory(), "kept": {}, "run": self._run}  # from one version to the next
        self._of_theme: list[File] = []
        self._at: dict[str, File] = {}
        self._made: set[str] = set()
        self._day = os.environ.get("SOURCE_DATE_EPOCH")
        self._child: subprocess.Popen[str] | None = None

    def renew(self) -> None:
        """Take in what has changed. Raises whatever is wrong with it."""
        if self._day is None:
            os.environ.pop("SOURCE_DATE_EPOCH", None)  # the last version's, which may be yesterday's
        gc.disable()  # until somebody has the page that they wait for
        path = project.ROOT / EDITIONS[self._edition]
        config = load_config(str(path), site_url=self._url, site_dir=str(self._folder))
        config.extra |= self._carried
        config.plugins.on_startup(command="serve", dirty=False)
        config = config.plugins.on_config(config)
        config.plugins.on_pre_build(config=config)
        files, env = get_files(config), config.theme.get_env()
        for file in self._of_theme:
            files.append(file)
        if not self._of_theme:  # among its files are 11,000 icons, which are looked through once
            own = {*files.src_uris}
            files.add_files_from_theme(env, config)
            self._of_theme = [file for file in files if file.src_uri not in own]
        files = config.plugins.on_files(files, config=config)
        set_exclusions(files, config)
        nav = config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
        for file in files.documentation_pages():
            file.page = file.page or Page(None, file, config)
        for page in nav.pages:
            page.read_source(config)  # for its title
        env = config.plugins.on_env(env, config=config, files=files)
        self._at = {file.dest_uri: file for file in files if file.inclusion.is_included()}  # type: ignore[no-untyped-call]
        self._config, self._files, self._nav, self._env, self._made = config, files, nav, env, set()
        for path in self._folder.iterdir():
            if path.is_file():
                path.unlink()
            elif path.name != search_index.FOLDER:  # the last index serves until the next is made
                shutil.rmtree(path, ignore_errors=True)  # what is being made of it clears up after itself, too

    def make(self, path: str) -> None:
        """Write what stands at a path of the site, or in the folder there. Raises whatever is wrong with it."""
        uri = posixpath.normpath(f"/{path}").lstrip("/").removesuffix(f"/{offline.NAME}")  # which is made with its page
        for name in (uri, posixpath.join(uri, "index.html")):
            if name in self._at:
                self._make(self._at[name])
            elif self._at and name in self._config.theme.static_templates:
                build._build_theme_template(name, self._env, self._files, self._config, self._nav)

    def rest(self) -> Iterator[str]:
        """Make the pages that nobody has asked for, and yield the place of each. Raises whatever is wrong with them."""
        gc.enable()
        pages = [file.page for file in self._files.documentation_pages() if file.page]
        for page in pages:
            self._make(page.file)
            yield page.file.src_uri
        for page in pages:
            page.validate_anchor_links(files=self._files, log_level=self._config.validation.links.anchors)

    def finish(self) -> None:
        """Write the index of the search, when all pages are made; `stop` ends it early."""
        self._config.plugins.on_post_build(config=self._config)

    def stop(self) -> None:
        """End what still runs for the index of the search."""
        if self._child is not None:
            self._child.terminate()

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self._child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        output, errors = self._child.communicate()
        return subprocess.CompletedProcess(command, self._child.returncode, output, errors)

    def _make(self, file: File) -> None:
        if file.src_uri in self._made:
            return
        config, generated = self._config, self._config.extra["generated"].get(file.src_uri)
        if file.page is None:
            if generated:
                file.content_string = generated.make().html
            file.copy_file()
        else:
            if generated is None:
                source = Path(file.abs_src_path or "")
                author = page_macros.Author(config.extra["edition"], file.page.url)
                problems = page_macros.check_page(source.read_bytes(), project.shown(source), author, make=True)
                if problems:
                    raise DataError(problems)
            build._populate_page(file.page, config, self._files)
            build._build_page(file.page, config, (), self._nav, self._env)
            if config.extra["faults"]:
                raise DataError(config.extra["faults"])
        self._made.add(file.src_uri)


Trouble = tuple[str, str]
"""What keeps an edition from being shown: its place, empty where none is known, and the words for it."""


def troubles(error: BaseException) -> tuple[Trouble, ...]:
    """What an error means to whoever writes the handbook: each problem, or the place in the handbook's own files."""
    for cause in (error, error.__cause__):
        if isinstance(cause, DataError):
            return tuple((f"{it.path}:{it.line}:{it.column}:", f"{it.rule}: {it.message}") for it in cause.problems)
    if not isinstance(error, Exception) or isinstance(error, BuildError | RefusedError):
        return (("", str(error)),)
    problem = fault(error) or fault(error, _own)
    place = f"{problem.path}:{problem.line}:" if problem else ""
    return (place, f"{type(error).__name__}: {error}"), ("", "".join(traceback.format_exception(error)))


def _own(name: str) -> str | None:
    """The path of a file of the checkout's own, as messages show it."""
    path = Path(name)
    return project.shown(path) if path.is_relative_to(project.ROOT) and ".venv" not in path.parts else None

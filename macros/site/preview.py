"""One edition while it is being written: a page is made when it is asked for, from data that is read where it changed.

MkDocs builds all pages in one go; its own steps are called one by one here, and nowhere else.
"""

import os
import posixpath
import subprocess
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment
from mkdocs.commands import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files, get_files, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page

from macros.handbook.load import Memory
from macros.site import project, search_index
from macros.site.publish import EDITIONS
from macros.site.render import fault
from macros.text.problems import DataError, Problem, RefusedError


class Version(NamedTuple):
    """An edition as it is at one time: what MkDocs knows of it, and the pages that are made already, by uri."""

    config: MkDocsConfig
    files: Files
    nav: Navigation
    env: Environment
    at: dict[str, File]
    made: dict[str, bytes]


class Preview:
    """An edition at `url`, with `folder` for what has to be written: the theme's pages and the index of the search."""

    def __init__(self, edition: str, url: str, folder: Path) -> None:
        self._edition = edition
        self._url = url
        self._folder = folder
        self._memory = Memory()
        self._of_theme: list[File] = []
        self._version: Version | None = None
        self._day = os.environ.get("SOURCE_DATE_EPOCH")
        self._child: subprocess.Popen[str] | None = None

    def renew(self) -> None:
        """Take in what has changed. Raises whatever is wrong with it."""
        if self._day is None:
            os.environ.pop("SOURCE_DATE_EPOCH", None)  # the last version's, which may be yesterday's
        config = load_config(
            str(project.ROOT / EDITIONS[self._edition]), site_url=self._url, site_dir=str(self._folder)
        )
        config.extra |= {"memory": self._memory, "run": self._run}
        config.plugins.on_startup(command="serve", dirty=False)
        config = config.plugins.on_config(config)
        config.plugins.on_pre_build(config=config)
        files, env = get_files(config), config.theme.get_env()
        if not self._of_theme:  # among them are 11,000 icons, which are looked through once
            own = {*files.src_uris}
            files.add_files_from_theme(env, config)
            self._of_theme = [file for file in files if file.src_uri not in own]
        else:
            for file in self._of_theme:
                files.append(file)
        files = config.plugins.on_files(files, config=config)
        set_exclusions(files, config)
        nav = config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
        for file in files.documentation_pages():
            file.page = file.page or Page(None, file, config)
        for page in nav.pages:
            page.read_source(config)  # for its title
        env = config.plugins.on_env(env, config=config, files=files)
        at = {file.dest_uri: file for file in files if file.inclusion.is_included()}  # type: ignore[no-untyped-call]
        self._version = Version(config, files, nav, env, at, {})

    def answer(self, path: str) -> bytes | None:
        """What stands at a path from the root of the edition. Raises whatever is wrong with it.

        None where nothing is; a folder's path ends in a slash.
        """
        version = self._version
        if version is None:
            return None
        uri = posixpath.normpath(f"/{path}index.html" if path.endswith("/") or not path else f"/{path}").lstrip("/")
        file = version.at.get(uri)
        if file is not None:
            return self._page(version, file.page) if file.page else _content(version, file)
        if uri in version.config.theme.static_templates:
            return _template(version, uri)
        written = self._folder / uri
        return written.read_bytes() if uri.startswith(f"{search_index.FOLDER}/") and written.is_file() else None

    def is_folder(self, path: str) -> bool:
        """Whether a path lacks the slash at its end."""
        return self._version is not None and f"{path}/index.html".lstrip("/") in self._version.at

    def rest(self) -> Iterator[int]:
        """Make what nobody has asked for yet, a page at a time. Raises whatever is wrong with it."""
        version = self._version
        assert version is not None
        pages = [file.page for file in version.files.documentation_pages() if file.page]
        for number, page in enumerate(pages):
            self._page(version, page)
            yield number
        level = version.config.validation.links.anchors
        for page in pages:
            page.validate_anchor_links(files=version.files, log_level=level)

    def finish(self) -> None:
        """Write the index of the search, when all pages are made; `stop` ends it early."""
        assert self._version is not None
        config = self._version.config
        try:
            config.plugins.on_post_build(config=config)
        except BuildError:
            if self._child is None or self._child.returncode >= 0:
                raise

    def stop(self) -> None:
        """End what still runs for the index of the search."""
        if self._child is not None:
            self._child.terminate()

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self._child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        output, errors = self._child.communicate()
        return subprocess.CompletedProcess(command, self._child.returncode, output, errors)

    def _page(self, version: Version, page: Page) -> bytes:
        uri = page.file.src_uri
        if uri not in version.made:
            edition = version.config.extra["edition"]
            if uri not in version.config.extra["generated"]:
                path = Path(page.file.abs_src_path or "")
                problems = project.check_guide(edition, uri, path.read_bytes(), project.shown(path))
                if problems:
                    raise DataError(problems)
            build._populate_page(page, version.config, version.files)
            documents = version.files.documentation_pages()
            build._build_page(page, version.config, documents, version.nav, version.env)
            version.made[uri] = Path(page.file.abs_dest_path).read_bytes()
        return version.made[uri]


def _template(version: Version, name: str) -> bytes:
    template = version.env.get_template(name)
    return build._build_template(name, template, version.files, version.config, version.nav).encode()


def _content(version: Version, file: File) -> bytes:
    generated = version.config.extra["generated"].get(file.src_uri)
    return generated.text.encode() if generated else file.content_bytes


class Trouble(NamedTuple):
    """What keeps an edition from being shown: its place, empty where none is known, and the words for it."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place} {self.words}".lstrip()


def troubles(error: BaseException) -> tuple[Trouble, ...]:
    """What an error means to whoever writes the handbook: each problem, or the place in the handbook's own files."""
    for cause in (error, error.__cause__):
        if isinstance(cause, DataError):
            return tuple(map(_of_problem, cause.problems))
    if isinstance(error, BuildError | RefusedError | SystemExit):
        return (Trouble("", str(error)),)
    assert isinstance(error, Exception)
    problem = fault(error) or fault(error, _own)
    trace = "".join(traceback.format_exception(error))
    place = f"{problem.path}:{problem.line}:" if problem else ""
    return Trouble(place, f"{type(error).__name__}: {error}"), Trouble("", trace)


def _of_problem(problem: Problem) -> Trouble:
    place = f"{problem.path}:{problem.line}:{problem.column}:"
    return Trouble(place, str(problem).removeprefix(place).strip())


def _own(name: str) -> str | None:
    """The path of a file of the checkout's own, as messages show it."""
    path = Path(name)
    return project.shown(path) if path.is_relative_to(project.ROOT) and ".venv" not in path.parts else None

"""MkDocs events: each gathers arguments and calls the program in macros/."""

import gc
import logging
import os
import re
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader
from markdown.extensions.toc import nest_toc_tokens
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from macros.authoring import beginnings, repository
from macros.handbook import load
from macros.handbook.addresses import EDITION_FOLDERS as FOLDERS
from macros.handbook.addresses import relative
from macros.handbook.glossary import Explainer
from macros.model.values import LANGUAGE_NAMES, LANGUAGES
from macros.site import content_security, offline, page_macros, project, script_words, search, search_index, writing
from macros.site.pages import ANCHOR, GeneratedPage, made, pages
from macros.site.render import CompiledTemplates, Edition, fault
from macros.sources import guides
from macros.text import catalogue
from macros.text.markdown import escape
from macros.text.problems import DataError, Problem, RefusedError


def on_startup(command: str, dirty: bool) -> None:
    """Remember that `mkdocs serve` puts a script of its own into each page."""
    if command == "serve":
        os.environ["HANDBOOK_LIVE_RELOAD"] = "1"


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Load the data, ahead of the plugins, and tell the configuration what it says."""
    language = config.theme["language"]
    data = project.data_folder()
    try:
        midnight = datetime.combine(load.today(), time(), UTC)
        os.environ["SOURCE_DATE_EPOCH"] = os.environ.get("SOURCE_DATE_EPOCH") or str(int(midnight.timestamp()))
        memory = config.extra.get("memory")
        handbook, findings = project.load_handbook(data, project.name_on_pages(data), memory)
        editions = [name for name in os.environ.get("HANDBOOK_EDITIONS", "").split(",") if name in LANGUAGES]
        policy = _policy(config)
        edition = project.make_edition(handbook, findings, language, editions, policy)
        # The dev server checks a page when it makes it.
        problems = project.check_pages({language: edition}, make=True) if memory is None else ()
        if problems:
            raise DataError(problems)
    except (DataError, RefusedError) as error:
        raise PluginError(str(error)) from error
    organisation = handbook.organisation
    others = [other for other in editions if other != language]
    if organisation.look and organisation.look.footer:
        config.copyright = writing.words(organisation.look.footer, language)
    if not config.site_url and organisation.site_address:
        config.site_url = f"{organisation.site_address.rstrip('/')}/{FOLDERS[language]}"
    config.site_name = Markup("{} – {}").format(config.site_name, escape(organisation.name.in_language(language)))
    config.extra |= {
        "edition": edition,
        "generated": {page.uri: page for page in pages(edition)},
        "faults": [],
        "explainer": Explainer(handbook, language),
        "documents": [],
        "other_editions": others,
        "policy": policy,
        # The 404 page speaks both languages, and leads into each edition that is there.
        "roots": {"en": "", "ja": ""} | {other: relative(FOLDERS[language], FOLDERS[other]) for other in others},
        # Material shows the switch where this is set, and its own links where it can be iterated over.
        "alternate": True if len(editions) > 1 else None,
    }
    config.nav = _translated(config.nav, language)
    config.watch = []
    if memory is None:
        gc.freeze()  # nothing of the data goes before the end: to look through it again and again takes long
    return config


def _translated(nav: Any, language: str) -> Any:
    if isinstance(nav, dict):
        translate = catalogue.translations(language).pgettext
        return {translate(catalogue.NAVIGATION, title): _translated(below, language) for title, below in nav.items()}
    return [_translated(it, language) for it in nav] if isinstance(nav, list) else nav


def _policy(config: MkDocsConfig) -> str:
    """The policy of every page; empty under a server with live reload."""
    if os.environ.get("HANDBOOK_LIVE_RELOAD"):
        return ""
    context = {"config": config, "features": config.theme["features"], "base_url": ""}
    return content_security.policy(content_security.scripts_of_theme(config.theme.dirs[1:], context))


@event_priority(100)
def on_pre_build(config: MkDocsConfig) -> None:
    """Let mkdocs-macros, which is set up by now, render pages with our macros, and with nothing of its own.

    It would write down its variables next, and these are all pages and files. Raises `RuntimeError` where it doesn't
    take the environment that has the macros.
    """
    plugin: Any = config.plugins["macros"]
    edition = config.extra["edition"]
    bound = page_macros.bound_macros(lambda: page_macros.Author(edition, plugin.page.url))
    own = page_macros.PageEnvironment(bound)
    plugin._env = own
    if plugin.env is not own:
        raise RuntimeError("this version of mkdocs-macros keeps its environment elsewhere: pages could run any code")
    plugin.variables.clear()
    plugin.variables["page"] = None  # each page comes here; without any variable it renders none


def on_page_read_source(page: Page, config: MkDocsConfig) -> str:
    """Give MkDocs a hand-written page as the check has read it, also its front matter."""
    path = Path(page.file.abs_src_path or "")
    read, problems = guides.parse(path.read_bytes(), project.shown(path))
    if read is None:
        raise PluginError(str(DataError(problems)))
    return read.plain


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Choose each hand-written page's language, add the pages that the data makes, and say how to go between them."""
    for file in list(files):
        if file.src_uri.endswith(".ja.md"):
            files.remove(file)
            if config.extra["edition"].language == "ja":
                _use_translation(files, file, config)
    for page in config.extra["generated"].values():
        if page.uri in files.src_uris:
            raise PluginError(f"docs/{page.uri} has the address of the page that {page.files[0]} makes; move it")
        files.append(_file_of(page, config))
    if "look/logo.svg" in files.src_uris:
        config.theme["logo"] = "look/logo.svg"
    if "look/style.css" in files.src_uris:
        config.extra_css.append("look/style.css")
    if len(files.documentation_pages()) > config.extra["instant_pages"]:
        config.theme["features"] = [name for name in config.theme["features"] if name != "navigation.instant"]
    return files


def _file_of(page: GeneratedPage, config: MkDocsConfig) -> File:
    """The file of a generated page, which the dev server keeps from one version to the next."""
    kept: dict[str, File] = config.extra.get("kept", {})
    file = kept.get(page.uri)
    if file is None:
        # The dev server makes a file, too, when it is asked for.
        text = "" if page.is_page or "memory" in config.extra else page.make().html
        file = File.generated(config, page.uri, content=text, inclusion=InclusionLevel.NOT_IN_NAV)
        if page.is_page:
            FinishedPage(None, file, config)
        kept[page.uri] = file
    if isinstance(file.page, FinishedPage):
        file.page.generated = page
    return file


class FinishedPage(Page):
    """A page that comes as HTML from its template: it passes no parser of Markdown, and no macro runs in it.

    It is made when the theme needs it and not kept: all pages of a large organisation fit in no memory.
    """

    generated: GeneratedPage

    def read_source(self, config: MkDocsConfig) -> None:
        """There is no Markdown for MkDocs and its plugins."""
        self.markdown, self.meta = "", {"render_macros": False}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Nothing is made yet."""
        self.content = ""

    def make(self, explainer: Explainer, faults: list[Problem]) -> None:
        """Take all that MkDocs takes from Markdown from the page as its template makes it."""
        html, head, found, beside = made(self.generated, faults)
        if beside:
            path = Path(self.file.abs_dest_path).with_name(offline.NAME)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(beside, encoding="utf-8")
        self.content = explainer.explain(html)
        self.meta = dict(head)
        headings: Any = list(found)
        self.toc = get_toc(nest_toc_tokens(headings))
        self.present_anchor_ids = set(ANCHOR.findall(self.content))


def _use_translation(files: Files, translation: File, config: MkDocsConfig) -> None:
    """Put a page's translation in its place, so that both editions have the same addresses."""
    uri = translation.src_uri.removesuffix(".ja.md") + ".md"
    original = files.get_file_from_path(uri)
    if original is None:
        raise PluginError(f"docs/{translation.src_uri} translates docs/{uri}, which isn't there; rename one of them")
    files.remove(original)
    files.append(File.generated(config, uri, abs_src_path=translation.abs_src_path or ""))


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Hang every generated page under its index, without putting it into the navigation."""
    indexes = {page.file.src_uri: page for page in nav.pages}
    for file in files:
        if isinstance(file.page, FinishedPage) and file.page.generated.parent in indexes:
            file.page.parent = indexes[file.page.generated.parent].parent
    return nav


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Give the theme's own templates the words of the catalogue."""
    translations = catalogue.translations(config.theme["language"])
    env.bytecode_cache = CompiledTemplates()
    assert env.loader
    env.loader = ChoiceLoader([env.loader, PrefixLoader({"theme": FileSystemLoader(config.theme.dirs[1:])})])
    env.globals["made_once"] = {}
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    env.filters["policy_meta"] = content_security.meta
    env.globals["trail_to"] = lambda page: config.extra["edition"].trail(page.url)
    env.globals["search_words"] = script_words.written(translations.gettext, "search")
    env.globals["language_names"] = LANGUAGE_NAMES
    host = config.extra["edition"].handbook.organisation.repository
    env.globals["broken_link"] = lambda *about: beginnings.broken_link_address(host, *about)
    own = FOLDERS[config.theme["language"]]
    root = (config.site_url or "").removesuffix(own)
    env.globals["edition_root"] = lambda edition: f"{root}{FOLDERS[edition]}"
    # The way from a page to the same one in another edition.
    env.globals["edition_address"] = lambda edition, page: relative(f"{own}{page.url}", f"{FOLDERS[edition]}{page.url}")
    return env


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put in what macros made, and explain each term of the glossary where it first stands in a text, not in a list."""
    if isinstance(page, FinishedPage):  # it isn't made yet
        return html
    html = page_macros.put_back(config.extra["edition"], html)
    page.present_anchor_ids = {*(page.present_anchor_ids or ()), *ANCHOR.findall(html)}
    if page.file.src_uri in ("glossary/index.md", "reading/index.md"):
        return html
    return str(config.extra["explainer"].explain(html))


def on_build_error(error: Exception) -> None:
    """Name the file and the line of a fault in the theme's own templates, ahead of the traceback."""
    overrides = project.ROOT / "docs/overrides"
    problem = fault(error, lambda name: project.shown(Path(name)) if Path(name).is_relative_to(overrides) else None)
    if problem is not None:
        logging.getLogger("mkdocs.plugins.handbook").error(str(problem))


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    """Say where a page comes from, when that last changed, and where it is edited."""
    if isinstance(page, FinishedPage):
        page.make(config.extra["explainer"], config.extra["faults"])
    edition: Edition = config.extra["edition"]
    generated = config.extra["generated"].get(page.file.src_uri)
    source, *more = generated.files if generated else [project.shown(Path(page.file.abs_src_path or ""))]
    host = edition.handbook.organisation.repository
    page.edit_url = repository.edit_address(host, source)
    change = edition.history.newest([source, *more])
    title = Markup(page.meta.get("title") or page.title or "").unescape()
    address = page.canonical_url or f"/{page.url}"
    revision = change.revision if change else ""
    context["source"] = {
        "path": source,
        "more": len(more),
        "changed": change.day if change else None,
        "view": repository.view_address(host, source),
        "report": beginnings.report_address(host, edition.language, title, address, source, revision),
        "translated": edition.language == "en" or source.endswith(".ja.md") or not source.startswith("docs/"),
    }
    if not page.meta.get("search", {}).get("exclude"):
        config.extra["documents"].append(partial(_document, page, title, search.searched(page.content or ""), config))
    return context


def _document(page: Page, title: str, html: bytes, config: MkDocsConfig) -> search.Document:
    """A page as the search knows it, with what its front matter says under `search:`."""
    asked = page.meta.get("search", {})
    above = config.extra["edition"].trail(page.url)
    handbook = config.extra["edition"].handbook
    called = (*search.names(handbook).get(page.url, ()), *asked.get("words", ()))
    return search.Document(
        address=page.url,
        title=title,
        section=above[-1][1] if above else str(page.parent.title) if page.parent else "",
        description=Markup(page.meta.get("description", "")).unescape(),
        html=html,
        names=(*called, *(other for name in (title, *called) for other in search.synonyms(handbook, name))),
        words=search.synonyms_within(handbook, search.SEPARATOR.join((title, *called))),
        weight=asked.get("weight", 1.0),
        echoes=asked.get("echoes", False),
    )


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Refuse a page with a script of its own."""
    page.content, page.toc = "", get_toc([])  # it is written
    return on_post_template(output, page.file.src_uri, config)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """Refuse it in the theme's own templates, too: the 404 page is one."""
    policy = config.extra["policy"]
    for script in content_security.foreign_scripts(output_content, policy) if policy else ():
        words = "an inline script, which no browser will run; put it in a file under docs/assets/js/"
        raise PluginError(f"{template_name}: {words}: {script.strip()[:60]}")
    return output_content


_UNREAD = {
    "css": re.compile(r"/\*.*?\*/|(?<=\n)\s+", re.S),
    "js": re.compile(r"(?<=\n)[ ]*(?://[^\n]*|/\*\*.*?\*/)\n", re.S),
}
"""What is for people who read our style sheet and our scripts, and not for browsers."""


def on_post_build(config: MkDocsConfig) -> None:
    """Tell what is wrong with templates; write the index of the search, and the headers for servers."""
    gc.unfreeze()
    if config.extra["faults"]:
        raise PluginError(str(DataError(config.extra["faults"])))
    for kind, unread in _UNREAD.items():
        for file in Path(config.site_dir, "assets", kind).glob(f"*.{kind}"):
            file.write_text(unread.sub("", file.read_text("utf-8")), "utf-8")
    if config.extra["policy"] and config.theme["language"] == "en":
        headers = content_security.headers(config.extra["policy"])
        Path(config.site_dir, content_security.HEADERS_FILE).write_text(headers, encoding="utf-8")
    try:
        documents = [make() for make in config.extra["documents"]]
        search_index.write(documents, Path(config.site_dir), config.extra.get("run", search_index.run))
    except RefusedError as error:
        raise PluginError(str(error)) from None

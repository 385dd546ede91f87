"""One edition of the site: its templates, and what they may call."""

import inspect
import traceback
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import sha256
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path
from pickle import UnpicklingError
from types import ModuleType, SimpleNamespace
from typing import Any

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context
from markupsafe import Markup

from macros import exports
from macros.authoring import beginnings, reference, repository, skeletons
from macros.exports import calendar_feed
from macros.gaps import checks, contributions, examples, figures, next_steps
from macros.gaps.checks import translations
from macros.handbook import (
    addresses,
    alerts,
    checklists,
    dependencies,
    glossary,
    names,
    news,
    pain_points,
    playbooks,
    reading,
    rule_words,
    slo,
    timeline,
)
from macros.handbook.graph import Handbook, grouped
from macros.handbook.news import Guide
from macros.model.checklists import SheetLine
from macros.model.journeys import SliType
from macros.model.kinds import KINDS
from macros.model.organisation import Team
from macros.model.values import Entity, Text
from macros.site import (
    budget_picture,
    decision_picture,
    dependency_map,
    drawing,
    engagement_picture,
    indexes,
    journey_checks,
    journey_picture,
    line_picture,
    offline,
    script_words,
    set_up_shapes,
    writing,
)
from macros.site.links import Links
from macros.site.playbook_words import Words
from macros.site.writing import Writer
from macros.sources.history import UNKNOWN, History
from macros.text.problems import Finding, Message, Problem

TEMPLATES = Path(__file__).parents[1] / "templates"
_SHOWN = "macros/templates/"
_COMPILER = sha256(Path(__file__).read_bytes() + version("jinja2").encode()).hexdigest()


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates, kept in the checkout where it can be written."""

    folder = TEMPLATES.parent.parent / ".cache/templates"

    def __init__(self) -> None:
        super().__init__(str(self.folder))

    def get_source_checksum(self, source: str) -> str:
        """What a compiled template is of: another Jinja or environment compiles otherwise."""
        return super().get_source_checksum(source + _COMPILER)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, where what was kept is whole."""
        with suppress(OSError, EOFError, UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in the bucket."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)


class OwnTemplates(FileSystemLoader):
    """The handbook's templates, called as messages show them: what is compiled holds for any checkout."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """A template's text, the name of its file, and whether that is unchanged."""
        source, _, unchanged = super().get_source(environment, template)
        return source, f"{_SHOWN}{template}", unchanged


class Calls(Context):
    """What a template knows. What it calls gets the context where it asks for that, as `Writer.translated` does."""

    def call(self, called: Callable[..., Any], /, *args: Any, _loop_vars: object = (), **named: Any) -> Any:
        """What Jinja's own does, which looks at each call for all else that a function may ask for."""
        return called(self, *args, **named) if hasattr(called, "jinja_pass_arg") else called(*args, **named)


class Code(CodeGenerator):
    """Templates as Python code. `Writer.written` escapes: Jinja would see to that once more, value by value."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        self.write(f"({finalize.src}")


@dataclass(frozen=True, repr=False)
class Edition:
    """One edition: the handbook, what `checks` found in it, and its language.

    `editions` are all that the site has, `guides` the hand-written pages by the path of the English one,
    `untranslated` the paths of those without a translation. `called` is what macros gave to the pages that
    called them: the check of all pages comes first, then the build. `blocks` are those of it that Markdown
    doesn't get to see, by the marks that it sees instead.
    """

    handbook: Handbook
    findings: tuple[Finding, ...]
    language: str
    editions: tuple[str, ...] = ()
    history: History = UNKNOWN
    guides: Mapping[str, Guide] = field(default_factory=dict)
    untranslated: tuple[str, ...] = ()
    policy: str = ""
    called: dict[Hashable, Markup] = field(default_factory=dict, init=False, compare=False)
    blocks: dict[str, Markup] = field(default_factory=dict, init=False, compare=False)

    @cached_property
    def environment(self) -> Environment:
        """The Jinja environment of this edition's templates."""
        handbook, writer = self.handbook, Writer(self.language)
        links = Links(handbook, writer)
        environment = Environment(
            loader=OwnTemplates(TEMPLATES),
            bytecode_cache=CompiledTemplates(),
            auto_reload=False,
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
            autoescape=True,
            finalize=writer.written,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.context_class, environment.code_generator_class = Calls, Code
        given = {
            "handbook": handbook,
            "language": self.language,
            "repository": handbook.organisation.repository,
            "translate": writer.gettext,
        }
        for module in NAMESPACES:
            environment.globals[module.__name__.rpartition(".")[2]] = namespace(module, given)
        environment.globals |= {
            "_": writer.translated,
            "ngettext": writer.counted,
            "edition": self,
            "handbook": handbook,
            "organisation": handbook.organisation,
            "language": self.language,
            "links": links,
            "words_of": partial(Words, handbook, self.language, links),
            "KINDS": KINDS,
            "SheetLine": SheetLine,
            "SliType": SliType,
        }
        environment.filters["plain"] = writer.plain
        return environment

    def findings_of(self, entity: Entity) -> tuple[Finding, ...]:
        """The findings about an entity; for a team, those about everything that it owns."""
        key = ("", entity.id) if isinstance(entity, Team) else (self.handbook.kind_of(entity), entity.id)
        return tuple(self._findings.get(key, ()))

    @cached_property
    def _findings(self) -> Mapping[tuple[str, str], list[Finding]]:
        """By kind and id; with an empty kind, by the team that owns what they are about."""
        of_entities = (((finding.kind, finding.id), finding) for finding in self.findings)
        of_teams = ((("", finding.team), finding) for finding in self.findings)
        return grouped((*of_entities, *of_teams))

    def trail(self, address: str) -> list[tuple[str, str]]:
        """The pages that a page stands below, by its address: the address and the name of each, but the first page."""
        parts = address.split("/")[:-2]
        above = ("/".join((*parts[:depth], "")) for depth in range(1, len(parts) + 1))
        return [(place, self._names[place].in_language(self.language)) for place in above if place in self._names]

    @cached_property
    def _names(self) -> Mapping[str, Text]:
        """What pages are called that others stand below, by their addresses."""
        guides = {guide.address: guide.title for guide in self.guides.values()}
        teams = {addresses.of(team): team.name for team in self.handbook.teams}
        return guides | teams | {addresses.of(workshop): workshop.name for workshop in self.handbook.workshops}

    def render(self, template: str, address: str, **values: Any) -> str:
        """A template as the text of the page at `address` (from the edition's root), with what all share as `ui`."""
        ui = self.environment.get_template("partials.html.j2").make_module({"address": address, **values})
        return self.environment.get_template(template).render(address=address, ui=ui, **values)


NAMESPACES = (
    addresses,
    alerts,
    beginnings,
    budget_picture,
    calendar_feed,
    checklists,
    checks,
    contributions,
    decision_picture,
    dependencies,
    dependency_map,
    drawing,
    engagement_picture,
    examples,
    exports,
    figures,
    glossary,
    indexes,
    journey_checks,
    journey_picture,
    line_picture,
    names,
    news,
    next_steps,
    offline,
    pain_points,
    playbooks,
    reading,
    reference,
    repository,
    rule_words,
    script_words,
    set_up_shapes,
    skeletons,
    slo,
    timeline,
    translations,
    writing,
)
"""The modules that templates call, each under its own name."""


def namespace(module: ModuleType, given: Mapping[str, object]) -> SimpleNamespace:
    """The documented functions of a module, and its constants.

    The parameters that a function begins with are filled in where `given` has them by their names.
    """
    found: dict[str, object] = {}
    for name, value in vars(module).items():
        own = getattr(value, "__module__", "") == module.__name__
        if own and callable(value) and not inspect.isclass(value) and value.__doc__:
            first = takewhile(given.__contains__, inspect.signature(value).parameters)
            found[name] = partial(value, *(given[parameter] for parameter in first))
        elif name.isupper() and not callable(value):
            found[name] = value
    return SimpleNamespace(**{name: found[name] for name in found if not name.startswith("_")})


def shown_template(name: str) -> str | None:
    """The path of one of the handbook's own templates, as messages show it."""
    return name if name.startswith(_SHOWN) else None


def fault(error: Exception, shown: Callable[[str], str | None] = shown_template) -> Problem | None:
    """What is wrong in a template, with its place, or None where no template is to blame.

    `shown` maps a file name as Jinja has it to the path to report, or to None for files of others. Jinja
    rewrites tracebacks, so that a template's frame carries the template's own line.
    """
    if isinstance(error, jinja2.TemplateSyntaxError):
        frames = [(error.filename or error.name or "<template>", error.lineno)]
    else:
        frames = [(frame.filename, frame.lineno or 1) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        frames.append((error.filename or "", error.lineno or 1))
    for name, line in reversed(frames):
        path = shown(name)
        if path:
            return Problem(path, line, 1, "template", named(error))
    return None


def named(error: Exception) -> Message:
    """An error in words: its kind, and what it says."""
    return Message("{words}", words=f"{type(error).__name__}: {error}")

"""Templates: what they are given, how values from the data are written in them, how pages are addressed."""

from __future__ import annotations

import json
import os
import posixpath
import re
import traceback
from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import segno
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from markupsafe import Markup

from macros import exports
from macros.authoring import beginnings, catalogue, repository, skeletons
from macros.exports import calendar_feed
from macros.gaps import advice, figures
from macros.handbook import addresses, alerts, checklists, glossary, names, reading, timeline
from macros.handbook import slo as slo_arithmetic
from macros.handbook.graph import Handbook
from macros.handbook.news import Guide
from macros.model.checklists import Checklist, SheetLine, TeamChecklist
from macros.model.journeys import SliType
from macros.model.organisation import Team
from macros.model.values import LANGUAGES, Choice, Entity, Markdown, Text
from macros.site import script_words
from macros.sources.history import UNKNOWN, Change, History
from macros.text import markdown
from macros.text.problems import N_, Finding, Message, Problem

TEMPLATES = Path(__file__).parents[1] / "templates"
_SHOWN = "macros/templates/"
_COMPILER = sha256(Path(__file__).read_bytes() + version("jinja2").encode()).hexdigest()


class CompiledTemplates(BytecodeCache):
    """Compiled templates, kept in the checkout: compiling is a fifth of a small build.

    What can't be kept is compiled each time, and so is what doesn't come back as it was kept.
    """

    folder = TEMPLATES.parent.parent / ".cache/templates"

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The name of the file that keeps a template."""
        return super().get_cache_key(name, filename) + ".bin"

    def get_source_checksum(self, source: str) -> str:
        """What a compiled template is of: another Jinja, or another environment, compiles a source otherwise."""
        return super().get_source_checksum(source + _COMPILER)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, where what was kept is whole."""
        with suppress(OSError):
            kept = (self.folder / bucket.key).read_bytes()
            digest, code = kept[:32], kept[32:]
            if digest == sha256(code).digest():
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in the bucket; other builds see all of it or nothing."""
        code = bucket.bytecode_to_string()
        made = self.folder / f"{bucket.key}.{os.getpid()}"
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                made.write_bytes(sha256(code).digest() + code)
                made.replace(self.folder / bucket.key)
            finally:
                made.unlink(missing_ok=True)


class OwnTemplates(FileSystemLoader):
    """The handbook's own templates, each called as messages show it: what is compiled holds for any checkout."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """A template's text, the name of its file, and whether that is unchanged."""
        source, _, unchanged = super().get_source(environment, template)
        return source, f"{_SHOWN}{template}", unchanged


@dataclass(frozen=True)
class Site:
    """One edition: the handbook, what `checks` found in it, its language, and when files last changed.

    `editions` are the languages of all editions that the site has, `history` is what git knows, `guides` are
    the hand-written pages by the path of the English one, `untranslated` the paths of those without a
    translation, and `policy` is the Content-Security-Policy, where its pages have one.
    """

    handbook: Handbook
    findings: tuple[Finding, ...]
    language: str
    changed: Mapping[str, Change]
    editions: tuple[str, ...] = ()
    history: History = UNKNOWN
    guides: Mapping[str, Guide] = field(default_factory=dict)
    untranslated: tuple[str, ...] = ()
    policy: str = ""

    def __repr__(self) -> str:
        return f"<Site: {self.language}, {self.handbook!r}>"

    @cached_property
    def environment(self) -> Environment:
        """The Jinja environment of this edition's templates."""
        return _environment(self)

    @cached_property
    def called(self) -> dict[Hashable, Markup]:
        """What macros gave to the pages that called them: the check of all pages comes first, then the build."""
        return {}

    @property
    def edition_of_short_addresses(self) -> str:
        """The way from the root of this edition to that in the organisation's language, where they lead.

        Nothing in other editions than the one at the root: whoever asks for one by name gets it.
        """
        language = self.handbook.organisation.language
        return f"{language}/" if self.language == "en" and language != "en" and language in self.editions else ""

    def findings_of(self, entity: Entity) -> tuple[Finding, ...]:
        """The findings about an entity; for a team, those about everything that it owns."""
        key = ("", entity.id) if isinstance(entity, Team) else (self.handbook.kind_of(entity), entity.id)
        return tuple(self._findings.get(key, ()))

    @cached_property
    def _findings(self) -> Mapping[tuple[str, str], list[Finding]]:
        """By kind and id; with an empty kind, by the team that owns what they are about."""
        found: dict[tuple[str, str], list[Finding]] = {}
        for finding in self.findings:
            found.setdefault((finding.kind, finding.id), []).append(finding)
            found.setdefault(("", finding.team), []).append(finding)
        return found

    def newest_change(self, files: Iterable[str]) -> Change | None:
        """The last change of any of these files; None where none of them has one that is known."""
        return max((self.changed[it] for it in files if it in self.changed), default=None)

    def render(self, template: str, address: str, **values: Any) -> str:
        """A template as the text of the page at `address` (from the root of the edition, as `teams/ai/`)."""
        return self.environment.get_template(template).render(address=address, **values)


def relative(address: str, target: str) -> str:
    """The way from the page at `address` to `target`; both are from the root of the edition."""
    path, hash, fragment = target.partition("#")
    way = posixpath.relpath(path or ".", address or ".")
    slash = "/" if path.endswith("/") or not path else ""
    return f"{way}{slash}{hash}{fragment}"


def words(text: Text, language: str) -> Markup:
    """A text in `language`; in the other one, marked as such, where there are no words in it."""
    value, really = text.words(language)
    written = markdown.escape(value)
    return written if really == language else Markup('<span lang="{}">{}</span>').format(really, written)


def length(minutes: float) -> Message:
    """A length of time in the unit that reads best: `25.9 s`, `40.3 min`, `7.2 h`, `2.1 days`."""
    for size, words in ((1440, N_("{number} days")), (60, N_("{number} h")), (1, N_("{number} min"))):
        if minutes >= 2 * size or (size == 1 and minutes >= 1):
            return Message(words, {"number": f"{minutes / size:.3g}"})
    return Message(N_("{number} s"), {"number": f"{minutes * 60:.3g}"})


def prose(text: Markdown, language: str, address: str) -> Markup:
    """Markdown from the data as HTML, marked with its language where that is not the page's."""
    value, really = text.words(language)
    html = re.sub(r'href="/([^"]*)"', lambda match: f'href="{relative(address, match[1])}"', markdown.render(value))
    lang = "" if really == language else f' lang="{really}"'
    return Markup(f'<div class="prose"{lang}>\n{html}\n</div>')


def _unmarked(words: str) -> str:
    """Words without markup: a translation with a name in it comes with the name escaped already."""
    return words.striptags() if isinstance(words, Markup) else words


def front_matter(
    title: str, description: str, weight: float = 1, *, echoes: bool = False, found: bool = True, toc: bool = True
) -> Markup:
    """The head of a generated page. The theme prints these as HTML, so they are escaped here.

    `render_macros: false` keeps mkdocs-macros from running the data as a template. `weight`, a fraction 0..1, is
    how much the search makes of what stands below the title, and a page that `echoes` another counts for less
    altogether. A page that is not to be `found` is left out of it. `toc` says whether it has a table of contents.
    """
    search = {
        **({"weight": weight} if weight != 1 else {}),
        **({"echoes": True} if echoes else {}),
        **({} if found else {"exclude": True}),
    }
    head = {
        "title": markdown.escape(_unmarked(title)),
        "description": markdown.escape(_unmarked(description)),
        "render_macros": False,
        "hide": ["navigation", *([] if toc else ["toc"])],
        **({"search": search} if search else {}),
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
    return Markup("\n".join(("---", *lines, "---")))


def table(caption: str | Markup, caller: Callable[[], Markup], id: str = "", classes: str = "") -> Markup:
    """A table that becomes one card a row on a narrow screen.

    The caller gives `thead` and `tbody`. Each cell gets its column's heading for the card, and the roles
    that browsers take from a table when its rows stop being laid out as one.
    """
    inner = str(caller())
    headings = [
        markdown.plain(heading) for heading in re.findall(r"<th(?![^>]*scope=\"row\")[^>]*>(.*?)</th>", inner, re.S)
    ]
    head, _, body = inner.partition("<tbody")
    rows = re.sub(r"<tr(.*?)</tr>", lambda match: _labelled(match[0], headings), body, flags=re.S)
    roles = {"thead": "rowgroup", "tr": "row", "th": "columnheader"}
    head = re.sub(r"<(thead|tr|th)\b", lambda match: f'<{match[1]} role="{roles[match[1]]}"', head)
    head = re.sub(r"<th (?!.*scope=)", '<th scope="col" ', head)
    attributes = (f' id="{id}"' if id else "") + f' class="{("cards-table " + classes).strip()}"'
    title = caption if isinstance(caption, Markup) else markdown.escape(caption)
    return Markup(
        f'<table role="table"{attributes}>\n<caption>{title}</caption>{head}<tbody role="rowgroup"{rows}\n</table>'
    )


def _labelled(row: str, headings: list[str]) -> str:
    columns = iter(headings)

    def cell(match: re.Match[str]) -> str:
        role = "rowheader" if match[1] == "th" else "cell"
        return f'<{match[1]} role="{role}" data-label="{markdown.escape(next(columns, ""))}"'

    return re.sub(r"<(t[dh])\b", cell, row).replace("<tr", '<tr role="row"', 1)


_DUE = {"day": N_("day {number}"), "week": N_("week {number}"), "month": N_("month {number}")}


def _qr_code(address: str) -> Markup:
    """An address as a QR code, drawn in one path of SVG."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None, dark="#000", light="#fff"))


def _environment(site: Site) -> Environment:
    language, handbook = site.language, site.handbook
    translations = catalogue.translations(language)

    @pass_context
    def written(context: Context, value: Any) -> Markup:
        """A value as a template writes it: escaped, translated, in the page's language."""
        match value:
            case Markup():
                return value
            case Markdown():
                return prose(value, language, context["address"])
            case Text():
                return words(value, language)
            case Choice():
                return markdown.escape(translations.pgettext(type(value).__name__, value.label))
            case Message():
                return written(context, message(value))
            case None:
                return Markup()
        return markdown.escape(str(value))

    def message(value: Message) -> str:
        return value.render(language, translations.gettext)

    @pass_context
    def translate(context: Context, text: str, **values: Any) -> Markup:
        return _filled(translations.gettext(text), context, values)

    @pass_context
    def translate_counted(context: Context, one: str, many: str, number: int, **values: Any) -> Markup:
        return _filled(translations.ngettext(one, many, number), context, {"num": number, **values})

    def _filled(text: str, context: Context, values: Mapping[str, Any]) -> Markup:
        with_code = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
        return Markup(with_code) % {name: written(context, value) for name, value in values.items()}

    @pass_context
    def href(context: Context, target: Entity | str, anchor: str = "") -> str:
        """The way from this page to an entity's page, or to an address from the root of the edition."""
        address = target if isinstance(target, str) else addresses.of(handbook.kind_of(target), target)
        return quote(relative(context["address"], address + (f"#{anchor}" if anchor else "")), safe="/#~?=&")

    @pass_context
    def export_href(context: Context, address: str) -> str:
        """The way from this page to an export, which stands once, outside the editions of other languages."""
        return relative(context["address"], address if language == "en" else f"../{address}")

    @pass_context
    def link(context: Context, target: Entity, anchor: str = "") -> Markup:
        """A link to an entity's page, with its name."""
        name = getattr(target, "name")  # noqa: B009 - every kind with a page has a name
        if name is None and isinstance(target, TeamChecklist):  # it adds to a shared list and keeps its name
            name = getattr(handbook.get(Checklist, checklists.list_id(target)), "name", target.id)
        shown = written(context, name)
        return Markup('<a href="{}">{}</a>').format(Markup(href(context, target, anchor)), shown)

    def outside(text: Any, address: str | None) -> Markup:
        """A link that leaves the handbook; just the words where there is no address."""
        shown = words(text, language) if isinstance(text, Text) else markdown.escape(str(text))
        return Markup('<a href="{}">{}</a>').format(markdown.escape(address), shown) if address else shown

    def channel(name: str) -> Markup:
        """A chat channel, as a link where the organisation says how channels are addressed."""
        chat = handbook.organisation.chat
        base = chat.channel_address if chat and name.startswith("#") else None
        return outside(name, f"{base}{name.removeprefix('#')}" if base else None)

    def sheets(team: Team) -> tuple[checklists.Sheet, ...]:
        return checklists.sheets_of(handbook, team)

    environment = Environment(
        loader=OwnTemplates(TEMPLATES),
        bytecode_cache=CompiledTemplates(),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        autoescape=True,
        finalize=written,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals |= {
        "_": translate,
        "gettext": translate,
        "ngettext": translate_counted,
        "site": site,
        "handbook": handbook,
        "organisation": handbook.organisation,
        "language": language,
        "languages": LANGUAGES,
        "figures": figures.figures(handbook),
        "front_matter": front_matter,
        "href": href,
        "link": link,
        "outside": outside,
        "channel": channel,
        "table": table,
        "next_steps": lambda team: advice.next_steps(handbook, team),
        "steps_shown": advice.SHOWN,
        "phase": lambda engagement: timeline.phase(engagement, handbook.today),
        "budget": lambda slo: slo_arithmetic.Budget(
            slo.target, slo_arithmetic.period_days(slo.period.days, handbook.today), slo.events_per_day
        ),
        "percent": names.percent,
        "duration": slo_arithmetic.duration,
        "length": length,
        "policy": lambda slo: slo.error_budget_policy or handbook.organisation.error_budget_policy,
        "exports": lambda team: tuple(it for it in exports.files(handbook) if it.team == team),
        "export_href": export_href,
        "alert_name": names.alert_name,
        "alert_named": lambda team, name: alerts.named(handbook, team, name),
        "alerts_of": lambda team: alerts.alerts_of(handbook, team),
        "alerts_about": lambda service: alerts.alerts_about(handbook, service),
        "alerts_leading_to": lambda playbook: alerts.leading_to(handbook, playbook),
        "answering": lambda alert: alerts.answering(handbook, alert),
        "covering": lambda alert: alerts.playbooks_for(handbook, alert),
        "service_of": lambda alert: alerts.service_of(handbook, alert),
        "journeys_of": lambda alert: alerts.journeys_of(handbook, alert),
        "in_words": alerts.in_words,
        "go": addresses.go,
        "shared_sheet": lambda checklist: checklists.shared_sheet(handbook, checklist),
        "sheets_of": sheets,
        "uses_of": lambda sheet: checklists.uses(handbook, sheet),
        "teams_with": lambda asked: [it for it in handbook.teams if any(sheet.id == asked for sheet in sheets(it))],
        "sheet_line": SheetLine,
        "newest_change": site.newest_change,
        "published_address": lambda address: addresses.whole(handbook.organisation.site_address, language, address),
        "address_of": lambda entity: addresses.of(handbook.kind_of(entity), entity),
        "short_address": lambda address: address.partition("://")[2] or address,
        "qr_code": _qr_code,
        "due": lambda due: Message(_DUE[due.partition(" ")[0]], {"number": due.partition(" ")[2]}),
        "path_steps": lambda path: reading.steps(handbook, path),
        "path_minutes": lambda path: reading.total_minutes(handbook, path),
        "readings_of": lambda team: reading.of_team(handbook, team),
        "reading_for_newcomers": lambda team: reading.for_newcomers(handbook, team),
        "belongs_to": lambda work: reading.belongs_to(handbook, work),
        "translations_of": lambda work: reading.translations(handbook, work),
        "synonyms": lambda term: glossary.synonyms(term, language),
        "calendar_of": lambda team=None: calendar_feed.address(handbook, team),
        "begin_playbook": lambda alert: beginnings.of_playbook(handbook, alert),
        "beginning": lambda kind, team="": beginnings.of_kind(handbook, language, kind, team),
        "added_to_team": beginnings.OF_A_TEAM,
        "playbook_skeleton": lambda template: skeletons.playbook(template, skeletons.SERVICE_PLACE),
        "sli_types": tuple(SliType),
        "script_words": lambda script: script_words.written(script, translations.gettext),
        "new_address_with": lambda path, text: repository.new_file_address(
            handbook.organisation.repository, path, text, skeletons.short(text)
        ),
        "issue_address": lambda title: repository.issue_address(handbook.organisation.repository, title),
        "new_address": lambda path: repository.new_address(handbook.organisation.repository, path),
        "view_address": lambda path, line=None: repository.view_address(handbook.organisation.repository, path, line),
        "edit_address": lambda path: repository.edit_address(handbook.organisation.repository, path),
        "commit_address": lambda commit: repository.commit_address(handbook.organisation.repository, commit),
    }
    environment.filters["plain"] = lambda text: (
        text.in_language(language) if isinstance(text, Text) else str(_unmarked(text))
    )
    environment.filters["code"] = markdown.escape_code
    environment.filters["message"] = message
    return environment


def fault(error: Exception, shown: Callable[[str], str | None]) -> Problem | None:
    """What is wrong in a template, with its place, or None where no template is to blame.

    `shown` maps a file name as Jinja has it to the path to report, or to None for files of others. Jinja
    rewrites tracebacks, so that a template's frame carries the template's own line.
    """
    place: tuple[str, int] | None = None
    if isinstance(error, jinja2.TemplateSyntaxError):
        path = shown(error.filename or error.name or "<template>")
        place = (path, error.lineno) if path else None
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            path = shown(frame.filename)
            place = (path, frame.lineno or 1) if path else place
    if place is None:
        return None
    return Problem(*place, 1, "template", Message("{words}", {"words": f"{type(error).__name__}: {error}"}))


def shown_template(name: str) -> str | None:
    """The path of one of the handbook's own templates, as messages show it."""
    return name if name.startswith(_SHOWN) else None

"""MACROS: what authors call in a Markdown page, as in `{{ team_table() }}`.

A macro takes the page that it stands on first, then its own arguments, and returns HTML. Its docstring is
its description at /contribute/macros/.
"""

import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeGuard

import jinja2
from jinja2 import StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from macros.authoring import beginnings, reference
from macros.gaps import checks, contributions, figures
from macros.handbook import addresses, load, pain_points
from macros.model.kinds import KINDS
from macros.model.set_ups import Chooser, ChooserQuestion, ChooserRule, TeamType
from macros.model.values import Shape, Text
from macros.site import indexes, script_words
from macros.site.render import Edition, fault, named
from macros.sources import guides, near_names
from macros.sources.yaml_file import CONTROL
from macros.text import catalogue
from macros.text.problems import N_, DataError, Message, Problem, in_order

Macro = Callable[..., Markup]


class CallError(ValueError):
    """A call that is wrong; `message` says how."""

    def __init__(self, message: Message, name: str = "", known: Iterable[str] = ()) -> None:
        self.message = near_names.with_hint(message, near_names.near(name, known))
        super().__init__(str(self.message))


class Author(NamedTuple):
    """A page that is being written: its edition and its address."""

    edition: Edition
    address: str

    def render(self, template: str, **values: Any) -> Markup:
        """A partial as HTML for this page."""
        return Markup(self.edition.render(f"macros/{template}.html.j2", self.address, **values).strip())


def link(author: Author, kind: str, id: str, text: str = "") -> Markup:
    """A link to an entity's page, with its name or your own text."""
    handbook = author.edition.handbook
    if kind not in KINDS:
        raise CallError(Message("there is no kind `{name}`", name=kind), kind, KINDS)
    entity = handbook.find(kind, id)
    if entity is None:
        known = [other.id for other in handbook.of_kind(kind)]
        raise CallError(Message("there is no {kind} `{name}`", kind=kind, name=id), id, known)
    return author.render("link", entity=entity, text=text)


def set_up_chooser(author: Author) -> Markup:
    """The questions that lead to a set-up; without JavaScript, a table of the points for each answer."""
    chooser = author.edition.handbook.chooser
    return author.render("set_up_chooser", rules=_chooser_rules(author, chooser) if chooser else "")


def _chooser_rules(author: Author, chooser: Chooser) -> str:
    """The rules for the browser, as JSON.

    It stands in an attribute: the theme runs the content of every `<script>` after instant navigation.
    """
    language = author.edition.language
    translate = catalogue.translations(language).gettext

    def said(shape: Shape, *names: str) -> dict[str, object]:
        values = {name: getattr(shape, name) for name in names}
        return {name: text.in_language(language) if isinstance(text, Text) else text for name, text in values.items()}

    def rule(rule: ChooserRule) -> dict[str, object]:
        first = {**said(rule.first, "do"), "type": rule.first.team_type or ""} if rule.first else None
        return {**said(rule, "question", "answer", "points", "reason"), "first": first}

    def question(question: ChooserQuestion) -> dict[str, object]:
        answers = {answer.id: answer.answer.in_language(language) for answer in question.answers}
        return {**said(question, "id", "question"), "answers": answers}

    def set_up(type: TeamType) -> dict[str, object]:
        address = addresses.relative(author.address, addresses.of(type))
        then = [{"type": sequel.team_type, **said(sequel, "when")} for sequel in type.then]
        rules = list(map(rule, type.chooser))
        return {**said(type, "id", "name", "summary"), "address": address, "then": then, "rules": rules}

    value = {
        "questions": list(map(question, chooser.questions)),
        "types": list(map(set_up, author.edition.handbook.team_types)),
        "words": script_words.words(translate, "chooser"),
    }
    return json.dumps(value, ensure_ascii=False)


def pain_point_table(author: Author, most: int = 0) -> Markup:
    """Open pain points with evidence, highest impact first: `most` of them, or all."""
    if not most and indexes.is_long(author.edition.handbook, "pain_point_table"):
        return author.render("by_team", name="pain_point_table")
    points = pain_points.open_of(author.edition.handbook)
    return author.render("pain_point_table", points=points[: most or None])


def coverage_figures(author: Author, moves: bool = False, main: bool = False) -> Markup:
    """Coverage as figures that lead to their gaps, all or the `main` ones; with `moves`, also how each has moved."""
    known = {figure.name: figure for figure in figures.by_team(author.edition.handbook)[""]}
    chosen = [known[name] for name in (figures.MAIN if main else known)]
    return author.render("coverage_figures", chosen=chosen, moves=moves, main=main)


def add_link(author: Author, kind: str) -> Markup:
    """The link that starts a new file of a kind in the repository, or its skeleton if there is no repository."""
    if kind not in beginnings.LABELS:
        raise CallError(Message("`{name}` can't be added", name=kind), kind, beginnings.LABELS)
    return author.render("add_link", kind=kind)


def next_contributions(author: Author, most: int = contributions.MOST, first: bool = False) -> Markup:
    """Next contributions, most urgent first: `most` of them; with `first`, only good first ones."""
    edition = author.edition
    ranked = contributions.ranked(edition.handbook, edition.untranslated)
    fit = [made for made in ranked if made.task.first or not first]
    chosen = contributions.choose(fit, most, most if first else contributions.FEWEST_FIRST)
    return author.render("next_contributions", chosen=chosen, first=first)


def rule_reference(author: Author) -> Markup:
    """Every rule of the check, with lines that it reports and lines that it accepts."""
    of_files = [{"name": name, "sentence": sentence, "stops": True} for name, sentence in load.RULES.items()]
    files = {"id": "of-files", "label": N_("Files, references and pages"), "checks": of_files}
    return author.render("rule_reference", groups=[*checks.GROUPS, files])


def front_matter_reference(author: Author) -> Markup:
    """Every key that a page in docs/ may have at its top."""
    mappings = reference.mappings(catalogue.translations(author.edition.language).gettext, guides.FrontMatter)
    return author.render("key_tables", id="front-matter", label=N_("Front matter"), level=3, mappings=mappings)


def macro_reference(author: Author) -> Markup:
    """Every macro with its call, its description and a live example."""
    rows = [
        (macro.__name__, signature(macro), catalogue.first_line(macro), _example(macro, author))
        for macro in MACROS.values()
    ]
    return author.render("macro_reference", rows=rows)


def signature(macro: Macro) -> str:
    """How a macro is called, with the defaults of what may be left out."""
    parameters = list(inspect.signature(macro).parameters.values())[1:]
    shown = (param.name if param.default is param.empty else f"{param.name}={param.default!r}" for param in parameters)
    return f"{macro.__name__}({', '.join(shown)})"


LONGEST_EXAMPLE, MOST_TEAMS_OF_EXAMPLES = 10_000, 30
"""Characters, and teams: all examples stand on one page, and tables grow with the organisation."""


def _example(macro: Macro, author: Author) -> tuple[str, Markup]:
    """A call that works with the data that is there, and what it gives.

    Of a reference, and of what is long, it shows the call alone: each has a page of its own that it fills.
    """
    handbook = author.edition.handbook
    entity = (*handbook.services, *handbook.teams, handbook.organisation)[0]
    arguments = {link: (handbook.kind_of(entity), entity.id), add_link: ("service",)}.get(macro, ())
    call = f"{{{{ {macro.__name__}({', '.join(map(json.dumps, arguments))}) }}}}"
    is_long = macro.__name__.endswith("_reference") or len(handbook.teams) > MOST_TEAMS_OF_EXAMPLES
    result = macro(author, *arguments) if arguments or not is_long else Markup()
    return call, result if len(result) <= LONGEST_EXAMPLE else Markup()


class PageEnvironment(ImmutableSandboxedEnvironment):
    """Jinja as a hand-written page may use it: it calls `macros` with plain values, and there is nothing else."""

    def __init__(self, macros: Mapping[str, Callable[..., Markup]]) -> None:
        super().__init__(undefined=StrictUndefined)
        for table in (self.globals, self.filters, self.tests):
            table.clear()
        self.globals.update(macros)

    def from_string(self, source: Any, *arguments: Any, **named: Any) -> jinja2.Template:
        """As Jinja's own. Raises `TemplateSyntaxError` where a page has other code in it."""
        for node in _code(self.parse(source)):
            if not _is_plain_call(node):
                raise jinja2.TemplateSyntaxError(str(_OTHER_CODE), node.lineno)
        return super().from_string(source, *arguments, **named)


def _code(tree: nodes.Template) -> Iterator[nodes.Node]:
    """What in a page isn't text."""
    for node in tree.body:
        for part in node.nodes if isinstance(node, nodes.Output) else [node]:
            if not isinstance(part, nodes.TemplateData):
                yield part.body[0] if isinstance(part, nodes.Scope) else part  # a scope has no line of its own


def _is_plain_call(node: nodes.Node) -> TypeGuard[nodes.Call]:
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
        return False
    values = [*node.args, *(keyword.value for keyword in node.kwargs)]
    return (
        node.dyn_args is None
        and node.dyn_kwargs is None
        and len({keyword.key for keyword in node.kwargs}) == len(node.kwargs)
        and all(isinstance(value, nodes.Const) and not CONTROL.search(str(value.value)) for value in values)
    )


_OTHER_CODE = Message(
    "a page calls macros with plain values, as in `{{{{ team_table() }}}}`, and has no other code; "
    "put braces that are to be seen between `{{% raw %}}` and `{{% endraw %}}`"
)
_CODE_IN_TITLE = Message("the title can't call a macro; write `title:` into the front matter")


def check_page(raw: bytes, path: str, author: Author, *, make: bool = False) -> list[Problem]:
    """What is wrong with a hand-written page: `raw` as it is stored, `path` for messages.

    Makes every call that has arguments, and the others too where a build is going to `make` them: only their
    templates could fail. Raises `DataError` where a catalogue can't be read.
    """
    page, problems = guides.parse(raw, path)
    found = list(problems)
    if page is None:
        return found

    def problem(line: int, rule: str, words: Message) -> Problem:
        return Problem(path, line + page.line - 1, 1, rule, words)

    heading = re.match(r"\s*# .*", page.body)
    if page.head.title is None and heading and guides.CODE.search(heading[0]):
        found.append(problem(heading[0].count("\n") + 1, "page-code", _CODE_IN_TITLE))
    try:
        code = list(_code(PageEnvironment({}).parse(page.body)))
    except (jinja2.TemplateSyntaxError, RecursionError, ValueError) as error:
        return [*found, problem(getattr(error, "lineno", 1), "template", named(error))]
    found += [problem(piece.lineno, "page-code", _OTHER_CODE) for piece in code if not _is_plain_call(piece)]
    for call in filter(_is_plain_call, code):
        assert isinstance(call.node, nodes.Name)
        name = call.node.name
        if name not in MACROS:
            words = Message("there is no macro `{name}`", name=name)
            hint = near_names.near(name, MACROS) or Message("see /contribute/macros/ for the list")
            found.append(problem(call.lineno, "unknown-macro", near_names.with_hint(words, hint)))
            continue
        try:
            values = dict(keyword.as_const() for keyword in call.kwargs)
            arguments = [argument.as_const() for argument in call.args]
            called(author, MACROS[name], arguments, values, make=bool(make or arguments or values))
        except DataError:
            raise  # a catalogue that can't be read is no fault of the page
        except CallError as error:
            found.append(problem(call.lineno, "macro-call", error.message))
        except Exception as error:
            found.append(fault(error) or problem(call.lineno, "template", named(error)))
    return list(in_order(found))


def called(
    author: Author, macro: Macro, arguments: Sequence[Any], named: Mapping[str, Any], *, make: bool = True
) -> Markup:
    """What a macro gives to a page, or nothing yet unless it is to `make` it. Raises `CallError` for a wrong call."""
    try:
        inspect.signature(macro).bind(author, *arguments, **named)
    except TypeError as error:
        raise CallError(Message("{error}; the call is {call}", error=error, call=signature(macro))) from None
    known = author.edition.called
    key = (macro.__name__, author.address, repr((*arguments,)), repr(named))
    if make and key not in known:
        known[key] = macro(author, *arguments, **named)
    return known.get(key, Markup())


def bound_macros(author: Callable[[], Author]) -> dict[str, Callable[..., Markup]]:
    """The macros as a page calls them: without the page as their first argument, which `author` gives.

    A block that one makes passes the page's Markdown as a mark, for `put_back`.
    """

    def call(macro: Macro, *arguments: Any, **named: Any) -> Markup:
        made = called(author(), macro, arguments, named)
        if "\n" not in made:
            return made
        blocks = author().edition.blocks
        mark = f"<!--macro {len(blocks)}-->"
        blocks[mark] = made
        return Markup(mark)

    return {name: partial(call, macro) for name, macro in MACROS.items()}


def put_back(edition: Edition, html: str) -> str:
    """A page with the blocks that its macros made, as they made them."""
    return re.sub("<!--macro [0-9]+-->", lambda mark: edition.blocks.get(mark[0], Markup()), html)


def _partial(name: str, description: str) -> Macro:
    def macro(author: Author) -> Markup:
        is_long = name in indexes.INDEXES and indexes.is_long(author.edition.handbook, name)
        return author.render("by_team" if is_long else name, name=name)

    macro.__name__, macro.__doc__ = name, description
    return macro


_MACROS: dict[str, Macro | str] = {
    "link": link,
    "my_team": "A reader's choice of their team, kept in their browser, and what that team has; at first all teams.",
    "team_table": "All teams, with filters for SRE set-up, state and text.",
    "service_table": ("All services, most critical first, with filters for tier, team and text."),
    "dependency_map": "The map of which service depends on which, as a picture and a table; of many, by team or group.",
    "set_up_map": "This organisation's SRE teams, the teams that they work with, and in which mode.",
    "set_up_table": "The SRE set-ups: the shape of each, and its teams.",
    "set_up_comparison": "All SRE set-ups side by side, for the screen and for paper.",
    "set_up_chooser": set_up_chooser,
    "quick_win_table": "All quick wins, shortest first, with filters for effort and text.",
    "case_study_table": "All case studies with their lessons and set-ups.",
    "engagement_timeline": "All engagements in a picture over time, and in a table with their goals and gaps.",
    "next_step_table": "The first three next steps of each team, each with the data behind it.",
    "embedding_candidates": "Teams that an embedded SRE would help now, best first, and the pain points to start from.",
    "requirement_table": "All non-functional requirements with target, measuring point and state.",
    "pain_point_table": pain_point_table,
    "journey_table": "All journeys, most critical first, with filters for team, state and text.",
    "slo_table": "All SLOs with target, period and error budget, to sort and filter.",
    "usual_targets": "The full outage that usual targets allow, over the usual periods.",
    "error_budget_calculator": ("A calculator for target, minutes, events, burn rate and services in series."),
    "error_budget_policy": "The organisation's error budget policy, from `organisation.yaml`.",
    "playbook_table": "All playbooks, with filters for team, severity, state and user reports.",
    "playbook_template_table": "All playbook templates, and when to use each.",
    "checklist_table": "All checklists with the teams that they are filled in for, and filters for team, use and text.",
    "reading_shelves": ("The full reading list, with filters for role, level, kind, language and text."),
    "reading_path_table": "All reading paths with purpose, readings and duration.",
    "glossary_list": ("All glossary terms, sorted for the page's language, with a text filter."),
    "add_link": add_link,
    "change_list": "Recent additions and changes, with filters for kind, team and text.",
    "calendar_link": "The calendar of all teams' due dates, to subscribe to.",
    "severity_table": "Incident severities with examples and responses, from `organisation.yaml`.",
    "incident_roles": "Incident roles and their first actions, from `organisation.yaml`.",
    "incident_close": "Who closes an incident, and the follow-up, from `organisation.yaml`.",
    "workshop_table": "All workshops with duration, output and sheets.",
    "export_table": "Machine-readable exports by team, and the SLIs that they leave out.",
    "alert_table": "All alerts with their playbooks, and filters for team, urgency and state.",
    "alert_coverage": ("Alerts with and without a playbook by team, and broken links between alerts and playbooks."),
    "coverage_figures": coverage_figures,
    "next_contributions": next_contributions,
    "coverage_map": "What is done of each area by each team, as a table that leads to the gaps.",
    "finding_table": ("All gaps by team, with rule and location, and filters for team, rule and text."),
    "accepted_table": "All accepted gaps by team, with rule, reason, last day and the entry that accepts them.",
    "missing_translations": "Texts in only one language, by team and file, and hand-written pages without translation.",
    "incident_entry": "How to declare an incident, from `organisation.yaml`.",
    "illustration": "The note that the teams are an example, where `organisation.yaml` has one.",
    "rule_reference": rule_reference,
    "kind_reference": "Every kind of data: what it is, where its files are, and how to begin one.",
    "front_matter_reference": front_matter_reference,
    "macro_reference": macro_reference,
}
"""By name: what makes it, or what is said of it where its partial is all that there is to it."""

MACROS: dict[str, Macro] = {name: _partial(name, it) if isinstance(it, str) else it for name, it in _MACROS.items()}

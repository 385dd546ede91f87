"""MACROS: what authors call in a Markdown page, as in `{{ team_table() }}`.

A macro takes the page that it stands on first, then its own arguments, and returns HTML. Its docstring is
its description at /contribute/macros/.
"""

from __future__ import annotations

import inspect
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

import jinja2
from jinja2 import StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from macros import exports
from macros.authoring import beginnings, catalogue, reference
from macros.exports import EXPORTS
from macros.gaps import advice, checks, contributions, examples, figures
from macros.gaps.check import Check
from macros.handbook import addresses, alerts, chooser, glossary, load, news, slo, timeline
from macros.model.kinds import KINDS
from macros.model.organisation import Team
from macros.model.set_ups import Preparation
from macros.model.values import Choice, Entity
from macros.site.render import Site, fault, relative, shown_template
from macros.sources import guides, near_names
from macros.sources.yaml_file import CONTROL
from macros.text.problems import N_, DataError, Finding, Message, Problem, in_order

Macro = Callable[..., Markup]


@dataclass(frozen=True)
class Author:
    """A page that is being written: the site, its address, and what is wrong with its calls."""

    site: Site
    address: str
    faults: list[Message] = field(default_factory=list)

    def render(self, template: str, **values: Any) -> Markup:
        """A partial as HTML for this page."""
        return Markup(self.site.render(f"macros/{template}.html.j2", self.address, **values).strip())

    def find(self, kind: str, id: str) -> Entity | None:
        """The entity, or None with a fault noted."""
        if kind not in KINDS:
            self.fault("there is no kind `{name}`", kind, KINDS)
            return None
        found = self.site.handbook.find(kind, id)
        if found is None:
            known = [entity.id for entity in self.site.handbook.of_kind(kind)]
            self.fault(f"there is no {kind} `{{name}}`", id, known)
        return found

    def fault(self, words: str, name: str, known: Iterable[str]) -> None:
        """Note that a call names something that isn't there."""
        self.faults.append(near_names.with_hint(Message(words, {"name": name}), near_names.near(name, known)))


def link(author: Author, kind: str, id: str, text: str = "") -> Markup:
    """A link to the page of an entity, with its name or with a text of yours."""
    entity = author.find(kind, id)
    if entity is None:
        return Markup()
    return author.render("link", entity=entity, text=text)


def team_table(author: Author) -> Markup:
    """All teams in one table, which the reader can filter by SRE set-up, state and text."""
    return author.render("team_table")


def service_table(author: Author) -> Markup:
    """All services in one table, the most critical first, which the reader can filter by tier, team and text."""
    services = sorted(author.site.handbook.services, key=lambda service: (service.tier or 9, service.id))
    return author.render("service_table", services=services)


def set_up_table(author: Author) -> Markup:
    """The SRE set-ups, each with the teams that are it, or have it."""
    without = [team for team in author.site.handbook.teams if team.sre_set_up is None]
    return author.render("set_up_table", without=without)


def set_up_comparison(author: Author) -> Markup:
    """All SRE set-ups side by side, for the screen and for paper."""
    return author.render("set_up_comparison")


def set_up_chooser(author: Author) -> Markup:
    """The questions that lead to a set-up; without JavaScript, the table of what each answer counts."""
    handbook = author.site.handbook
    return author.render(
        "set_up_chooser",
        rules=_chooser_rules(author) if handbook.chooser else "",
        points=lambda question, answer: chooser.points(handbook.team_types, question, answer),
    )


def _chooser_rules(author: Author) -> str:
    """The rules for the browser, as JSON.

    It stands in an attribute: the theme runs the content of every `<script>` after instant navigation.
    """
    handbook, language = author.site.handbook, author.site.language
    translate = catalogue.translations(language).gettext
    asked = handbook.chooser.questions if handbook.chooser else ()

    def preparation(first: Preparation) -> dict[str, str]:
        return {"do": first.do.in_language(language), "type": str(first.team_type or "")}

    value = {
        "questions": [
            {
                "id": question.id,
                "question": question.question.in_language(language),
                "answers": {answer.id: answer.answer.in_language(language) for answer in question.answers},
            }
            for question in asked
        ],
        "types": [
            {
                "id": type.id,
                "name": type.name.in_language(language),
                "summary": type.summary.in_language(language),
                "address": relative(author.address, addresses.of("team-type", type)),
                "then": [
                    {"type": str(sequel.team_type), "when": sequel.when.in_language(language)} for sequel in type.then
                ],
                "rules": [
                    {
                        "question": rule.question,
                        "answer": rule.answer,
                        "points": rule.points,
                        "reason": rule.reason.in_language(language),
                        "first": preparation(rule.first) if rule.first else None,
                    }
                    for rule in type.chooser
                ],
            }
            for type in handbook.team_types
        ],
        "words": {name: translate(words) for name, words in _CHOOSER_WORDS.items()},
    }
    return json.dumps(value, ensure_ascii=False)


_CHOOSER_WORDS = {
    "left": N_("{left} of {all} questions left."),
    "recommended": N_("Start with {type}"),
    "not_yet": N_("Not yet {type}: do this first"),
    "first": N_("First:"),
    "because": N_("Because"),
    "against": N_("What speaks against it"),
    "runner_up": N_("Runner-up: {type}"),
    "why_not": N_("Why not:"),
    "fewer": N_("Your answers speak for it too, with {points} points against {more}."),
    "sequence": N_("In this order"),
    "each": N_("How each answer counts"),
    "answer": N_("Answer"),
    "speaks_for": N_("Speaks for"),
    "speaks_against": N_("Speaks against"),
    "share": N_("The address of this page holds your answers; copy it to share them."),
}
"""What the browser writes around a result; the gaps are filled there."""


def quick_win_table(author: Author) -> Markup:
    """All quick wins, the shortest first, which the reader can filter by effort and text."""
    wins = sorted(author.site.handbook.quick_wins, key=lambda win: (win.days, win.id))
    return author.render("quick_win_table", quick_wins=wins)


def case_study_table(author: Author) -> Markup:
    """All case studies with their lesson and the set-ups that they are about."""
    return author.render("case_study_table")


def engagement_timeline(author: Author) -> Markup:
    """All engagements on a timeline, and in a table with what each is missing."""
    handbook = author.site.handbook
    shown = timeline.timeline(handbook.engagements, handbook.today)
    return author.render("engagement_timeline", timeline=shown)


def next_step_table(author: Author) -> Markup:
    """The first three next steps of each team, each with the datum that it follows from."""
    handbook = author.site.handbook
    rows = [(team, advice.next_steps(handbook, team)[: advice.SHOWN]) for team in handbook.teams]
    return author.render("next_step_table", rows=[row for row in rows if row[1]])


def embedding_candidates(author: Author) -> Markup:
    """The teams that an embedded SRE would help now, best first, with the pain points to start from."""
    return author.render("embedding_candidates", candidates=advice.embedding_candidates(author.site.handbook))


def requirement_table(author: Author) -> Markup:
    """All non-functional requirements with target, place of measurement and state."""
    return author.render("requirement_table", requirements=list(author.site.handbook.every_requirement()))


def pain_point_table(author: Author, most: int = 0) -> Markup:
    """The pain points that are not solved, the worst first, with their evidence: `most` of them, or all."""
    order = {"high": 0, "medium": 1, "low": 2}
    points = [it for it in author.site.handbook.every_pain_point() if it[2].state.value != "solved"]
    points.sort(key=lambda it: (order[it[2].impact.value], it[2].since or "9999"))
    return author.render("pain_point_table", points=points[:most] if most else points)


def journey_table(author: Author) -> Markup:
    """All journeys, the most critical first, which the reader can filter by team, state and text."""
    journeys = sorted(author.site.handbook.journeys, key=lambda it: (-(it.ranking.score if it.ranking else 0), it.id))
    return author.render("journey_table", journeys=journeys)


def slo_table(author: Author) -> Markup:
    """All SLOs with target, period and error budget, which the reader can sort and filter."""
    return author.render("slo_table", slos=list(author.site.handbook.every_slo()))


def usual_targets(author: Author) -> Markup:
    """How long a complete failure each usual target allows, over the usual periods."""
    return author.render(
        "usual_targets", targets=slo.USUAL_TARGETS, periods=slo.USUAL_PERIODS, minutes=slo.allowed_minutes
    )


def error_budget_calculator(author: Author) -> Markup:
    """Target, minutes, events, burn rate and services in series, each worked out from the others."""
    return author.render("error_budget_calculator")


def error_budget_policy(author: Author) -> Markup:
    """What the organisation does as an error budget is spent, from `organisation.yaml`."""
    return author.render("error_budget_policy")


def playbook_table(author: Author) -> Markup:
    """All playbooks, which the reader can filter by team, severity, state and what people say."""
    return author.render("playbook_table")


def playbook_template_table(author: Author) -> Markup:
    """All playbook templates, and when to begin from each."""
    return author.render("playbook_template_table")


def checklist_table(author: Author) -> Markup:
    """All checklists, and the teams that have them filled in, which the reader can filter by team, use and text."""
    return author.render("checklist_table")


def reading_shelves(author: Author) -> Markup:
    """The whole reading list, which the reader can filter by role, level, kind, language and text."""
    works = author.site.handbook.readings
    choices = {
        "role": _choices(it for work in works for it in work.roles),
        "level": _choices(work.level for work in works),
        "kind": _choices(work.kind for work in works),
        "language": _choices(work.language for work in works),
    }
    return author.render("reading_shelves", choices=choices)


def _choices(values: Iterable[Choice]) -> list[tuple[str, Choice]]:
    """What a reader can choose from: the values that occur, in the order of their class."""
    found = set(values)
    return [(it.value, it) for it in type(next(iter(found))) if it in found] if found else []


def reading_path_table(author: Author) -> Markup:
    """All reading paths with what they are for, their works and their time."""
    return author.render("reading_path_table")


def glossary_list(author: Author) -> Markup:
    """Every term of the glossary, in the order of the page's language, which the reader can filter by text."""
    groups = glossary.groups(author.site.handbook, author.site.language)
    return author.render("glossary_list", groups=groups)


def add_link(author: Author, kind: str) -> Markup:
    """The link that begins a new file of a kind at the repository's host, or the skeleton where there is none."""
    if kind not in beginnings.LABELS:
        author.fault("nothing is added as `{name}`", kind, beginnings.LABELS)
        return Markup()
    return author.render("add_link", kind=kind)


def change_list(author: Author) -> Markup:
    """What was added, changed, moved or removed lately, which the reader can filter by kind, team and text."""
    site = author.site
    recent = news.lately(site.handbook, site.history, site.guides)
    kinds = {entry.kind: entry.label for entry in recent.entries}
    owners = {entry.team for entry in recent.entries}
    return author.render(
        "change_list",
        recent=recent,
        bounds={"days": news.DAYS, "most": news.MOST},
        kinds=kinds,
        teams=[team for team in site.handbook.teams if team.id in owners],
        gone=sorted(it for it in owners if it and not site.handbook.get(Team, it)),
        shared="" in owners,
    )


def calendar_link(author: Author) -> Markup:
    """The calendar of what is due in all teams, to subscribe to."""
    return author.render("calendar_link")


def severity_table(author: Author) -> Markup:
    """The severities of incidents with examples and what each triggers, from `organisation.yaml`."""
    return author.render("severity_table")


def incident_roles(author: Author) -> Markup:
    """The roles in an incident and their first actions, from `organisation.yaml`."""
    return author.render("incident_roles")


def incident_close(author: Author) -> Markup:
    """Who closes an incident, and what happens afterwards, from `organisation.yaml`."""
    return author.render("incident_close")


def workshop_table(author: Author) -> Markup:
    """All workshops with their length, their output and their sheets."""
    return author.render("workshop_table")


def export_table(author: Author) -> Markup:
    """What machines read, by team, and which SLIs could not be in it."""
    handbook = author.site.handbook
    files = list(exports.files(handbook))
    formats = list(EXPORTS.values())
    rows = []
    for team in handbook.teams:
        own = [file for file in files if file.team == team]
        left_out = [(export, *it) for export in formats for it in export.leaves_out(handbook, team)]
        if own or left_out:
            rows.append((team, own, left_out))
    return author.render("export_table", formats=formats, rows=rows)


def alert_table(author: Author) -> Markup:
    """All alerts with where they lead, which the reader can filter by team, urgency and state."""
    return author.render("alert_table", alerts=alerts.known(author.site.handbook))


def alert_coverage(author: Author) -> Markup:
    """The alerts with and without a playbook by team, and where the way from alert to playbook is broken."""
    gaps = [finding for finding in author.site.findings if finding.rule in _GAPS_OF_PLAYBOOKS]
    return author.render("alert_coverage", counts=figures.alert_counts(author.site.handbook), gaps=gaps)


_GAPS_OF_PLAYBOOKS = (
    "playbook-for-too-many-alerts",
    "playbook-for-unknown-alert",
    "playbook-never-exercised",
    "playbook-not-exercised-lately",
    "playbook-that-no-alert-leads-to",
    "playbook-with-blanks",
    "playbook-without-steps",
    "runbook-url-leads-nowhere",
)
"""The rules about the way from an alert to a playbook that works; the alerts without one are counted apart."""


def coverage_figures(author: Author) -> Markup:
    """How far the line from team to checklist is closed, as figures with bars."""
    return author.render("coverage_figures")


def finding_counts(author: Author) -> Markup:
    """How many findings each team has by each rule; every count leads to those in the list."""
    findings = author.site.findings
    counts = Counter((finding.rule, finding.team) for finding in findings)
    rules = Counter(finding.rule for finding in findings)
    teams = Counter(finding.team for finding in findings)
    return author.render(
        "finding_counts",
        counts=counts,
        rules=sorted(rules.items(), key=lambda it: (-it[1], it[0])),
        teams=dict(sorted(teams.items())),
        sentences={check.name: check.sentence for check in checks.CHECKS},
    )


def finding_table(author: Author) -> Markup:
    """All findings by team, each with its rule and its place, which the reader can filter by team, rule and text."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(author.site.findings, key=lambda it: (it.team, it.order)):
        groups.setdefault(finding.team, []).append(finding)
    return author.render("finding_table", groups=groups, rules=sorted({it.rule for it in author.site.findings}))


def next_contributions(author: Author, most: int = contributions.MOST, first: bool = False) -> Markup:
    """What to write next, the most pressing first: `most` of it, and if you ask so what is fit for a first time."""
    site = author.site
    translate = catalogue.translations(site.language).gettext
    ranked = contributions.ranked(site.handbook, site.untranslated)
    if first:
        chosen = contributions.choose([made for made in ranked if made.task.first], most, first=most)
    else:
        chosen = contributions.choose(ranked, most)
    rows = [(it, contributions.skeleton(it.new, translate) if it.new else "") for it in chosen]
    return author.render("next_contributions", rows=rows, first=first)


def missing_translations(author: Author) -> Markup:
    """The texts in one language alone, by team and file, and the hand-written pages without a translation."""
    site = author.site
    groups: dict[str, list[figures.MissingText]] = {}
    for missing in sorted(figures.missing_texts(site.handbook), key=lambda it: it.team):
        groups.setdefault(missing.team, []).append(missing)
    pages = [(path, contributions.translation_of(path)) for path in site.untranslated]
    return author.render("missing_translations", groups=groups, pages=pages)


def incident_entry(author: Author) -> Markup:
    """How an incident is declared, from `organisation.yaml`."""
    return author.render("incident_entry")


def illustration(author: Author) -> Markup:
    """The note that the teams are an example, where `organisation.yaml` has one."""
    return author.render("illustration")


def rule_reference(author: Author) -> Markup:
    """Every rule that the data is checked against: what it reports, with lines that break it and lines that don't."""
    groups = [(group.id, group.label, [_check_rule(it) for it in group.checks]) for group in checks.GROUPS]
    of_files = [_Rule(name, sentence, True, examples.example(name)) for name, sentence in load.RULES.items()]
    groups.append(("of-files", N_("Files, references and pages"), of_files))
    return author.render("rule_reference", groups=groups)


@dataclass(frozen=True)
class _Rule:
    name: str
    sentence: str
    stops: bool
    example: examples.Example | None


def _check_rule(check: Check) -> _Rule:
    return _Rule(check.name, check.sentence, check.stops, examples.example(check.name))


def kind_reference(author: Author) -> Markup:
    """Every kind of data: where its files are and which keys they have."""
    return author.render("kind_reference", kinds=[(kind, reference.mappings(kind.shape)) for kind in KINDS.values()])


def front_matter_reference(author: Author) -> Markup:
    """Every key that a page in docs/ may have at its top."""
    values = {"id": "front-matter", "label": N_("Front matter")}
    return author.render("key_tables", mappings=reference.mappings(guides.FrontMatter), **values)


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
    shown = (it.name if it.default is it.empty else f"{it.name}={it.default!r}" for it in parameters)
    return f"{macro.__name__}({', '.join(shown)})"


def _example(macro: Macro, author: Author) -> tuple[str, Markup]:
    """A call that works with the data that is there, and what it gives.

    Of a reference it shows the call alone: each has a page of its own that it fills.
    """
    arguments: tuple[str, ...] = ()
    if macro is link:
        entity = (*author.site.handbook.services, *author.site.handbook.teams, author.site.handbook.organisation)[0]
        arguments = (author.site.handbook.kind_of(entity), entity.id)
    if macro is add_link:
        arguments = ("service",)
    call = f"{{{{ {macro.__name__}({', '.join(json.dumps(argument) for argument in arguments)}) }}}}"
    return call, Markup() if macro.__name__.endswith("_reference") else macro(author, *arguments)


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
    values = [*node.args, *(it.value for it in node.kwargs)]
    return (
        node.dyn_args is None
        and node.dyn_kwargs is None
        and len({it.key for it in node.kwargs}) == len(node.kwargs)
        and all(isinstance(it, nodes.Const) and not CONTROL.search(str(it.value)) for it in values)
    )


_OTHER_CODE = Message(
    "a page calls macros with plain values, as in `{{{{ team_table() }}}}`, and has no other code; "
    "put braces that are to be seen between `{{% raw %}}` and `{{% endraw %}}`"
)
_CODE_IN_TITLE = Message("the title can't call a macro; write `title:` into the front matter")


def check_page(raw: bytes, path: str, author: Author) -> list[Problem]:
    """What is wrong with a hand-written page: `raw` as it is stored, `path` for messages.

    Makes every call that the build will make, so that all faults of all pages are known before any page is built,
    and runs nothing else. Raises `DataError` where a catalogue can't be read.
    """
    page, found = guides.parse(raw, path)
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
        return [*found, problem(getattr(error, "lineno", 1), "template", _error(error))]
    found += [problem(it.lineno, "page-code", _OTHER_CODE) for it in code if not _is_plain_call(it)]
    for call in filter(_is_plain_call, code):
        assert isinstance(call.node, nodes.Name)
        name = call.node.name
        if name not in MACROS:
            found.append(problem(call.lineno, "unknown-macro", _unknown(name)))
            continue
        try:
            named = dict(it.as_const() for it in call.kwargs)
            faults = called(author, MACROS[name], [it.as_const() for it in call.args], named)[1]
        except DataError:
            raise  # a catalogue that can't be read is no fault of the page
        except Exception as error:
            found.append(fault(error, shown_template) or problem(call.lineno, "template", _error(error)))
        else:
            found += [problem(call.lineno, "macro-call", words) for words in faults]
    return list(in_order(found))


def _error(error: Exception) -> Message:
    return Message("{words}", {"words": f"{type(error).__name__}: {error}"})


def called(
    author: Author, macro: Macro, arguments: Sequence[Any], named: Mapping[str, Any]
) -> tuple[Markup, list[Message]]:
    """What a macro gives to a page, and what is wrong with the call; a fault gives empty text."""
    try:
        inspect.signature(macro).bind(author, *arguments, **named)
    except TypeError as error:
        words = Message("{error}; it is called as {call}", {"error": error, "call": signature(macro)})
        return Markup(), [words]
    known = author.site.called
    key = (macro.__name__, author.address, repr(arguments), repr(named))
    if key not in known:
        before = len(author.faults)
        result = macro(author, *arguments, **named)
        if author.faults[before:]:
            return Markup(), author.faults[before:]
        known[key] = result
    return known[key], []


def bound_macros(author: Callable[[], Author]) -> dict[str, Callable[..., Markup]]:
    """The macros as a page calls them: without the page as their first argument, which `author` gives.

    A call with a fault raises `ValueError`.
    """

    def bind(macro: Macro) -> Callable[..., Markup]:
        def call(*arguments: Any, **named: Any) -> Markup:
            result, faults = called(author(), macro, arguments, named)
            if faults:
                raise ValueError("; ".join(map(str, faults)))
            return result

        return call

    return {name: bind(macro) for name, macro in MACROS.items()}


def _unknown(name: str) -> Message:
    hint = near_names.near(name, MACROS) or Message("/contribute/macros/ lists them")
    return near_names.with_hint(Message("there is no macro `{name}`", {"name": name}), hint)


MACROS: dict[str, Macro] = {
    macro.__name__: macro
    for macro in (
        link,
        team_table,
        service_table,
        set_up_table,
        set_up_comparison,
        set_up_chooser,
        quick_win_table,
        case_study_table,
        engagement_timeline,
        next_step_table,
        embedding_candidates,
        requirement_table,
        pain_point_table,
        journey_table,
        slo_table,
        usual_targets,
        error_budget_calculator,
        error_budget_policy,
        playbook_table,
        playbook_template_table,
        checklist_table,
        reading_shelves,
        reading_path_table,
        glossary_list,
        add_link,
        change_list,
        calendar_link,
        severity_table,
        incident_roles,
        incident_close,
        workshop_table,
        export_table,
        alert_table,
        alert_coverage,
        coverage_figures,
        next_contributions,
        finding_counts,
        finding_table,
        missing_translations,
        incident_entry,
        illustration,
        rule_reference,
        kind_reference,
        front_matter_reference,
        macro_reference,
    )
}

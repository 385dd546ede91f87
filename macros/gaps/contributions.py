"""The next best contributions: what to write next, why now, where, and about how long it takes.

They come from what the checks found, from the teams' next steps and from texts in one language alone. They are
ranked so that everybody can follow it: by `Reason`, what wakes somebody first; then by tier, the most critical
service first; then by time, the shortest first; then by place. Of the ranked, `choose` takes the first that keep
to its limits, so that ten are not ten times the same thing, and some are fit for somebody who is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from macros.authoring import skeletons
from macros.authoring.editor import DATA
from macros.gaps import advice, coverage
from macros.handbook import alerts
from macros.handbook.alerts import Alert
from macros.handbook.graph import Handbook
from macros.model.journeys import Journey
from macros.model.kinds import KINDS
from macros.model.organisation import Service, Team
from macros.model.playbooks import Playbook
from macros.model.set_ups import Engagement
from macros.model.values import Entity, Text
from macros.text.problems import N_, Finding, Message

MOST = 10
"""How many are shown."""

FEWEST_FIRST = 3
"""How many of them are fit for a first contribution, where there are so many."""

MOST_OF_A_TASK, MOST_OF_A_TEAM = 2, 3
"""How many of them may ask for the same thing, or be of one team, while there are others."""

MINUTES_A_TEXT, MINUTES_A_PAGE, LONGEST_FIRST = 3, 60, 30
"""About how long it takes to translate a text or a page, and what is short enough for a first contribution."""


class Reason(IntEnum):
    """What makes a contribution matter now, the most pressing first."""

    WAKES = 0
    MISLEADS = 1
    INCIDENT = 2
    GOALS = 3
    PROMISES = 4
    WORDS = 5

    @property
    def words(self) -> Message:
        """The reason as a few words."""
        return Message(_REASONS[self])


_REASONS = {
    Reason.WAKES: N_("wakes somebody"),
    Reason.MISLEADS: N_("no longer right"),
    Reason.INCIDENT: N_("missed in an incident"),
    Reason.GOALS: N_("goal or end of work"),
    Reason.PROMISES: N_("promise to users"),
    Reason.WORDS: N_("left unsaid"),
}


@dataclass(frozen=True)
class Task:
    """What a rule, or a piece of advice, asks of a contributor.

    `minutes` is our judgement of how long it takes to write and to agree on, for somebody who knows the subject or
    whom to ask; nobody has measured it. `first` marks what somebody new can do: small, and without access to
    production. The gaps of `what` and `why` are those of the finding's message, and `{about}`, the name of
    what it is about; without words a next step speaks for itself.
    """

    reason: Reason
    minutes: int
    first: bool = False
    what: str = ""
    why: str = ""


TASKS: Mapping[str, Task] = {
    "paging-alert-without-playbook": Task(
        Reason.WAKES,
        45,
        what=N_("Write the first three steps for {alert}"),
        why=N_("It wakes somebody, who then has nothing to go by"),
    ),
    "team-without-on-call": Task(
        Reason.WAKES,
        30,
        what=N_("Write down who is on call for {service}, and when"),
        why=N_("{service} stops users when it fails, and nobody knows whom to wake"),
    ),
    "on-call-without-escalation": Task(
        Reason.WAKES,
        20,
        what=N_("Name who is called when {about}'s on-call doesn't answer"),
        why=N_("A page that is slept through reaches nobody else"),
    ),
    "runbook-url-leads-nowhere": Task(
        Reason.MISLEADS,
        5,
        first=True,
        what=N_("Mend the runbook_url of {alert}"),
        why=N_("Whoever follows it from the alert meets a page that isn't there"),
    ),
    "playbook-for-unknown-alert": Task(
        Reason.MISLEADS,
        10,
        first=True,
        what=N_("Mend the name of an alert in “{about}”"),
        why=N_("No alert has that name, so none leads here by it"),
    ),
    "playbook-for-too-many-alerts": Task(
        Reason.MISLEADS,
        10,
        first=True,
        what=N_("Name the alerts of “{about}” more narrowly"),
        why=N_("Alerts about something else lead to it"),
    ),
    "engagement-past-its-end": Task(
        Reason.MISLEADS,
        20,
        what=N_("Write down the outcome of “{about}”, or its new end"),
        why=N_("Its last day is over, and nobody can tell whether the work goes on"),
    ),
    "interaction-past-its-end": Task(
        Reason.MISLEADS,
        15,
        what=N_("Say what came of the work with {other}, or set a new end"),
        why=N_("Its last day is over, and nobody can tell whether the work goes on"),
    ),
    "journey-review-past": Task(
        Reason.MISLEADS,
        60,
        what=N_("Review the SLOs of “{about}” together, and set the next day"),
        why=N_("A target that nobody has looked at since may say nothing about users any more"),
    ),
    "slo-row-never-fires": Task(
        Reason.MISLEADS,
        30,
        what=N_("Choose burn rates that “{slo}” can reach"),
        why=N_("An alert that can't fire looks like all is well"),
    ),
    "playbook-without-steps": Task(
        Reason.INCIDENT,
        30,
        what=N_("Finish the playbook “{about}”: where to look, what to expect, what to do"),
        why=N_("Whoever opens it in an incident is left alone at that point"),
    ),
    "playbook-with-blanks": Task(
        Reason.INCIDENT,
        30,
        what=N_("Replace what the playbook “{about}” still has of its template"),
        why=N_("Whoever opens it in an incident reads “{blank}” there"),
    ),
    "playbook-never-exercised": Task(
        Reason.INCIDENT,
        45,
        what=N_("Walk through “{about}” with the next one on call, and write down the day"),
        why=N_("Nobody knows whether it works until it has to"),
    ),
    "playbook-not-exercised-lately": Task(
        Reason.INCIDENT,
        45,
        what=N_("Try “{about}” again, and write down the day"),
        why=N_("Commands and dashboards change; it was last tried on {day}"),
    ),
    "playbook-that-no-alert-leads-to": Task(
        Reason.INCIDENT,
        10,
        first=True,
        what=N_("Name the alerts that “{about}” is for"),
        why=N_("Only those who know of it find it at night"),
    ),
    "service-without-dashboard": Task(
        Reason.INCIDENT,
        10,
        first=True,
        what=N_("Link the dashboard of {about} that is opened first"),
        why=N_("In an incident the first minutes go into looking for it"),
    ),
    "dependency-of-lower-tier": Task(
        Reason.INCIDENT,
        20,
        what=N_("Say what of {about} works without {needed}"),
        why=N_("When {needed} fails, nobody knows what still works"),
    ),
    "team-without-contact": Task(
        Reason.INCIDENT,
        10,
        first=True,
        what=N_("Name the roles to ask in {about}, each with its channel"),
        why=N_("Whoever needs the team asks everybody, or nobody"),
    ),
    "service-without-tier": Task(
        Reason.INCIDENT,
        10,
        first=True,
        what=N_("Decide on the tier of {about}"),
        why=N_("Nobody can tell how urgent its failure is"),
    ),
    "engagement-without-concrete-goal": Task(
        Reason.GOALS,
        60,
        what=N_("Write one goal of “{about}” with baseline, measure, target and due"),
        why=N_("Without it nobody can say whether the work helps"),
    ),
    "goal-not-concrete": Task(
        Reason.GOALS,
        30,
        what=N_("Make the goal “{what}” concrete (missing: {missing})"),
        why=N_("Without it nobody can say whether the goal is met"),
    ),
    "engagement-without-end": Task(
        Reason.GOALS,
        15,
        what=N_("Agree on the last day of “{about}”"),
        why=N_("Work without an end is never handed over"),
    ),
    "engagement-without-exit-criterion": Task(
        Reason.GOALS,
        30,
        what=N_("Say what the team does by itself when “{about}” ends"),
        why=N_("What nobody has agreed on comes back when the SRE leaves"),
    ),
    "embedded-without-start": Task(
        Reason.GOALS,
        30,
        what=N_("Write down what hurts {team}, or a flat start for “{about}”"),
        why=N_("Without a problem to start from, an embedded SRE does whatever comes in"),
    ),
    "journey-without-slo": Task(
        Reason.PROMISES,
        60,
        what=N_("Agree on a first target for “{about}”, and write down who decided"),
        why=N_("Nobody can say when it is bad enough to act"),
    ),
    "critical-service-in-no-journey": Task(
        Reason.PROMISES,
        60,
        what=N_("Write down the journey that needs {about} most"),
        why=N_("It stops users when it fails, and no promise to users speaks of it"),
    ),
    "service-without-requirement": Task(
        Reason.PROMISES,
        30,
        what=N_("Write one requirement of {about}: how fast, or how available"),
        why=N_("Nobody can say when it is bad enough to act"),
    ),
    "requirement-without-target": Task(
        Reason.PROMISES,
        20,
        what=N_("Say how much is enough of “{what}”"),
        why=N_("Without a target nobody can say that it is missed"),
    ),
    "requirement-not-measured": Task(
        Reason.PROMISES,
        30,
        what=N_("Choose where “{what}” is measured"),
        why=N_("Until then users are the first to notice"),
    ),
    "slo-without-rationale": Task(
        Reason.PROMISES,
        15,
        first=True,
        what=N_("Write down why “{slo}” aims at {target}"),
        why=N_("Whoever wants to change the target can't tell what it stands on"),
    ),
    "sli-without-blind-spot": Task(
        Reason.PROMISES,
        15,
        first=True,
        what=N_("Say what the place of measurement of “{good}” doesn't see"),
        why=N_("A figure that looks good hides what it never sees"),
    ),
    "pain-point-without-evidence": Task(
        Reason.PROMISES,
        20,
        what=N_("Add a ticket, a figure or a postmortem to “{what}”"),
        why=N_("Nobody outside the team can agree that it comes first"),
    ),
    "dashboards-without-review": Task(
        Reason.PROMISES,
        15,
        what=N_("Agree on a fixed time at which {about} looks at its dashboards"),
        why=N_("A slow decline is in the graphs before any alert fires"),
    ),
    "team-without-mission": Task(
        Reason.WORDS,
        10,
        first=True,
        what=N_("Say in a sentence what {about} does for whom"),
        why=N_("It is what a newcomer asks first"),
    ),
    "checklist-without-owner": Task(
        Reason.WORDS,
        10,
        first=True,
        what=N_("Name the role that keeps “{about}” right"),
        why=N_("A list that nobody sees to is soon about last year"),
    ),
    "item-without-verb": Task(
        Reason.WORDS,
        5,
        first=True,
        what=N_("Begin “{do}” with what is done"),
        why=N_("Under pressure only the first word is read"),
    ),
    "item-with-two-thoughts": Task(
        Reason.WORDS,
        5,
        first=True,
        what=N_("Make two items of “{do}”"),
        why=N_("One tick can't say which half was done"),
    ),
    "obvious-item": Task(
        Reason.WORDS,
        5,
        first=True,
        what=N_("Name what gets missed in place of “{do}”"),
        why=N_("Lines that nobody needs make people skip the others"),
    ),
    "pause-point-size": Task(
        Reason.WORDS,
        20,
        what=N_("Bring the pause point “{name}” to between five and nine items"),
        why=N_("Nobody keeps more in mind, and for fewer nobody stops"),
    ),
    "reading-that-nobody-is-led-to": Task(
        Reason.WORDS,
        5,
        first=True,
        what=N_("Say on which path, or to which page, “{title}” belongs"),
        why=N_("Nobody comes across it where it would help"),
    ),
}
"""What each rule of a finding asks for."""

STEPS: Mapping[str, Task] = {
    "missing-playbook": Task(Reason.INCIDENT, 45),
    "dashboard-habit": Task(Reason.PROMISES, 15),
    "first-service": Task(Reason.WORDS, 20, first=True),
}
"""Advice that no rule doubles, and that ends in a file of the handbook."""

ELSEWHERE = frozenset(
    {
        # Work on the system or with people, for which the teams' next steps are the place.
        "blind-service",
        "bottleneck",
        "dependency-cycle",
        "evidence",
        "incident-review",
        "instrumentation",
        "quick-win",
        "recurring-alert",
        "requirement-missed",
        "several-embedded-sres",
        "trust",
        "working-agreement",
        # Advice where a rule finds the same.
        "alert-without-playbook",
        "engagement-goals",
        "first-slo",
        "first-target",
        "nobody-on-call",
        "playbook-drill",
        "user-journeys",
    }
)
"""Rules and advice that are no contribution of their own."""

TRANSLATION, PAGE_TRANSLATION = "translation", "page-translation"


@dataclass(frozen=True)
class NewFile:
    """A file that is still to be written: its path, its kind where it is data, and the alert that it answers."""

    path: str
    kind: str = ""
    alert: Alert | None = None


@dataclass(frozen=True)
class Contribution:
    """Something to write next.

    `task` names the rule, the advice or the kind of translation; `team` is the id of the team whose it is, empty
    for what all share; `tier` is that of the service that it is about, None where there is none. `path` and
    `line` say where the gap shows; `new` is the file to begin, where the gap isn't closed in `path` itself.
    """

    task: str
    reason: Reason
    what: Message
    why: Message
    minutes: int
    first: bool
    team: str
    tier: int | None
    path: str
    line: int
    new: NewFile | None = None

    @property
    def rank(self) -> tuple[int, int, int, str, int, str]:
        """Sort key, the most pressing first; documented at the top of this module."""
        return (self.reason, self.tier or 9, self.minutes, self.path, self.line, self.task)


def ranked(
    handbook: Handbook, findings: Iterable[Finding], untranslated: Iterable[str] = ()
) -> tuple[Contribution, ...]:
    """Every contribution, the most pressing first, one at each place.

    `untranslated` are the paths of the hand-written pages that have no translation.
    """
    steps = (step for team in handbook.teams for step in advice.next_steps(handbook, team))
    found = (
        *(made for finding in findings if (made := _from_finding(handbook, finding))),
        *(made for step in steps if (made := _step(handbook, step))),
        *_translations(handbook),
        *map(_page_translation, untranslated),
    )
    kept: dict[tuple[str, str, int], Contribution] = {}
    for made in sorted(found, key=lambda it: it.rank):
        kept.setdefault(_subject(made), made)
    return tuple(kept.values())


def choose(ranked: Sequence[Contribution], most: int = MOST, first: int = FEWEST_FIRST) -> tuple[Contribution, ...]:
    """At most `most` of what is ranked, in its order.

    The first `first` that are fit for a first contribution have their places, each for another task; the
    others go to the most pressing, with `MOST_OF_A_TASK` and `MOST_OF_A_TEAM` as limits for all. Places that are
    left over go to the most pressing, whatever they are.
    """
    taken: list[int] = []
    tasks: Counter[str] = Counter()
    teams: Counter[str] = Counter()

    def take(limit: int, of_a_task: int, of_a_team: int, *, fit: bool = False) -> None:
        for number, made in enumerate(ranked):
            fits = tasks[made.task] < of_a_task and teams[made.team] < of_a_team and (made.first or not fit)
            if len(taken) < limit and number not in taken and fits:
                taken.append(number)
                tasks[made.task] += 1
                teams[made.team] += 1

    take(min(first, most), 1, MOST_OF_A_TEAM, fit=True)
    take(most, MOST_OF_A_TASK, MOST_OF_A_TEAM)
    take(most, len(ranked), len(ranked))
    return tuple(ranked[number] for number in sorted(taken))


def skeleton(new: NewFile, translate: Callable[[str], str]) -> str:
    """What a new file of data begins with; empty where it is begun elsewhere: a playbook from a template."""
    return skeletons.of_kind(KINDS[new.kind], translate=translate) if new.kind and new.alert is None else ""


def _from_finding(handbook: Handbook, finding: Finding) -> Contribution | None:
    task = TASKS.get(finding.rule)
    about = handbook.find(finding.kind, finding.id)
    if task is None or about is None:
        return None
    path, line, new = finding.path, finding.line, None
    words = task
    if finding.rule == "paging-alert-without-playbook":
        name = str(finding.message.values["alert"])
        (alert, *_) = alerts.named(handbook, finding.team, name)
        unfinished = alerts.answering(handbook, alert)
        if unfinished:
            words, playbook = TASKS["playbook-without-steps"], unfinished[0]
            path, line = playbook.path, _steps_line(handbook, playbook)
            about = playbook
        else:
            new = _playbook(alert)
    elif finding.rule == "critical-service-in-no-journey":
        id = f"{finding.id}-journey"
        new = NewFile(f"{DATA}/{KINDS['journey'].path(id, finding.team)}", "journey")
    values = {**finding.message.values, "about": _name(about)}
    return Contribution(
        finding.rule,
        task.reason,
        Message(words.what, values),
        Message(task.why, values),
        words.minutes,
        task.first,
        finding.team,
        _tier(handbook, about),
        path,
        line,
        new,
    )


def _steps_line(handbook: Handbook, playbook: Playbook) -> int:
    """Where the rule about a playbook without steps finds it, so that the two are one contribution."""
    lacks = "mitigation" if any(step.is_located for step in playbook.diagnosis) else "diagnosis"
    return handbook.place(playbook, (lacks,), key=True)[0]


def _step(handbook: Handbook, step: advice.Step) -> Contribution | None:
    task = STEPS.get(step.advice)
    if task is None:
        return None
    team = handbook.team_of(step.entity)
    assert team is not None
    new = None
    path, line = step.place or (step.entity.path, handbook.place(step.entity, step.location, key=True)[0])
    if step.advice == "missing-playbook":
        known = alerts.named(handbook, team.id, str(step.what.values["alert"]))
        new = _playbook(known[0]) if known and not alerts.answering(handbook, known[0]) else None
    elif step.advice == "first-service":
        new = NewFile(f"{DATA}/{KINDS['service'].path(f'{team.id}-service', team.id)}", "service")
    return Contribution(
        step.advice,
        task.reason,
        step.what,
        step.why,
        task.minutes,
        task.first,
        team.id,
        _tier(handbook, step.entity),
        path,
        line,
        new,
    )


def _playbook(alert: Alert) -> NewFile:
    path = KINDS["playbook"].path(skeletons.playbook_id(alert.name), alert.team)
    return NewFile(f"{DATA}/{path}", "playbook", alert)


_TRANSLATE = {
    "en": N_("Add the English of {about} (texts: {count})"),
    "ja": N_("Add the Japanese of {about} (texts: {count})"),
}


def _translations(handbook: Handbook) -> Iterator[Contribution]:
    """One contribution for each file and language, at the first text that lacks it."""
    files: dict[tuple[str, str], list[coverage.MissingText]] = {}
    for missing in coverage.missing_texts(handbook):
        files.setdefault((missing.entity.path, missing.language), []).append(missing)
    for (path, language), texts in files.items():
        entity = texts[0].entity
        minutes = max(5, MINUTES_A_TEXT * len(texts))
        yield Contribution(
            TRANSLATION,
            Reason.WORDS,
            Message(_TRANSLATE[language], {"about": _name(entity), "count": len(texts)}),
            Message(N_("Whoever reads the other edition finds it in a language that they may not read")),
            minutes,
            minutes <= LONGEST_FIRST,
            texts[0].team,
            _tier(handbook, entity),
            path,
            texts[0].line,
        )


def translation_of(path: str) -> NewFile:
    """The Japanese page that belongs to a hand-written one."""
    return NewFile(f"{path.removesuffix('.md')}.ja.md")


def _page_translation(path: str) -> Contribution:
    return Contribution(
        PAGE_TRANSLATION,
        Reason.WORDS,
        Message(N_("Translate the page {path} into Japanese"), {"path": path}),
        Message(N_("Whoever reads the other edition finds it in a language that they may not read")),
        MINUTES_A_PAGE,
        False,
        "",
        None,
        path,
        1,
        translation_of(path),
    )


def _subject(made: Contribution) -> tuple[str, str, int]:
    """What two contributions have in common that are one: the file to begin, else the place to edit."""
    return ("new", made.new.path, 0) if made.new else ("edit", made.path, made.line)


def _name(entity: Entity) -> Text | str:
    name = getattr(entity, "name", None)
    return name if isinstance(name, Text) else entity.path.rpartition("/")[2]


def _tier(handbook: Handbook, entity: Entity) -> int | None:
    """The tier of the most critical service that an entity is about; a team is about all that it runs."""
    match entity:
        case Service():
            services: tuple[Service, ...] = (entity,)
        case Playbook():
            services = (handbook.service(entity.service),)
        case Journey():
            services = handbook.services_on(entity)
        case Team() | Engagement():
            team = handbook.team_of(entity)
            services = handbook.services_of(team) if team else ()
        case _:
            services = ()
    return min((service.tier for service in services if service.tier), default=None)

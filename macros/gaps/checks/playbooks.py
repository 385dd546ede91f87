"""What is asked of playbooks."""

from datetime import timedelta

from macros.gaps.check import Area, Counted, Event, Reason, Step, Task, gap, problem
from macros.gaps.spots import Due, Priority, Spot, Spots, at, circle, in_each, unknown
from macros.handbook import playbooks
from macros.handbook.graph import Handbook
from macros.model.kinds import KINDS
from macros.model.playbooks import COMMANDS, ESCALATE, Playbook, SeverityGuidance
from macros.sources import near_names, validate
from macros.text.problems import N_, Message

DRILLED = Counted(
    Area.PLAYBOOKS,
    N_("Playbooks that were drilled or used in the last {days} days"),
    lambda handbook: [made for made in handbook.playbooks if made.exercised or playbooks.is_usable(handbook, made)],
)


@problem("there is no severity `{id}` in organisation.yaml")
def unknown_severity(handbook: Handbook) -> Spots:
    """A playbook that names a severity which the organisation doesn't have."""
    incidents = handbook.organisation.incidents
    known = [severity.id for severity in incidents.severities] if incidents else []
    for playbook, location, guidance in handbook.every(Playbook, SeverityGuidance):
        yield from unknown(playbook, (*location, "severity"), guidance.severity, known)


@problem("line {line} of the skeleton doesn't fit a playbook: {fault}")
def skeleton_that_is_no_playbook(handbook: Handbook) -> Spots:
    """A playbook template whose skeleton isn't a valid playbook."""
    for template, language, read, faults in playbooks.skeletons(handbook):
        if read is not None:
            faults += validate.entity(KINDS["playbook"], read, {"id": template.id, "team": ""}, language)[1]
        if faults:
            first = min(faults, key=lambda fault: fault.line)
            yield at(template, "skeleton", language, line=first.line, fault=first.message)


@problem("`{id}` is taken in this playbook: its steps, its variables, its page's headings and `escalate` share names")
@in_each(Playbook)
def repeated_step_id(playbook: Playbook) -> Spots:
    """A step of a playbook with the id of a step of the other list, of a variable, or of a heading of the page."""
    taken: dict[str, str | int] = dict.fromkeys((ESCALATE, *playbooks.HEADINGS), "")
    for place, name in playbooks.declared(playbook):
        if taken.setdefault(name, place[0]) != place[0]:
            yield at(playbook, *place, id=name)


@problem("no {what} of this playbook is called `{id}`")
@in_each(Playbook)
def unknown_step(playbook: Playbook) -> Spots:
    """A decision or a text of a playbook that names a step which the playbook doesn't have."""
    steps = [*(step.id for _, _, step in playbooks.steps(playbook) if step.id), ESCALATE]
    names = [*steps, *(variable.name for variable in playbook.variables)]
    for place, name in playbook.names:
        if "then" in place:
            yield from unknown(playbook, place, name, steps, what="step")
        elif place[-1] not in COMMANDS:
            yield from unknown(playbook, place, name, names, what="step or variable")


@gap(
    N_("“{name}” still has “{blank}” from its template: replace what is in <…>, or delete the line"),
    Task(Reason.INCIDENT, 30),
    N_("In an incident, on-call reads “{blank}” there"),
    looks_at=("playbook-template",),
)
def playbook_with_blanks(handbook: Handbook) -> Spots:
    """A playbook with text of its template that isn't replaced yet."""
    for playbook in handbook.playbooks:
        for location, text in playbooks.blanks(handbook)[playbook.id][:1]:
            yield at(playbook, *location, blank=text)


@gap(
    N_("“{name}” doesn't say where to look: add a command or a dashboard, and what to expect"),
    Task(Reason.INCIDENT, 30),
    N_("In an incident, it doesn't help beyond that point"),
    counted=Counted(Area.PLAYBOOKS, N_("Playbooks that say where to look and what to do"), lambda it: it.playbooks),
)
def playbook_without_steps(handbook: Handbook) -> Spots:
    """A playbook with no diagnosis that says where to look and what to expect, or with no mitigation."""
    words = {"mitigation": N_("“{name}” has a diagnosis and no mitigation: add one")}
    for playbook in handbook.playbooks:
        if not playbook.has_steps:
            location = playbooks.unfinished_at(handbook, playbook)
            yield at(playbook, *location, words=words.get(str(location[0]), ""))


@gap(
    N_("“{name}” has a diagnosis with no next step, D{number}: say under `decide` what other results lead to"),
    Task(Reason.INCIDENT, 15),
    N_("In an incident, it doesn't help beyond that point"),
)
@in_each(Playbook)
def incomplete_decisions(playbook: Playbook) -> Spots:
    """A diagnosis with no next step, a mitigation that nothing leads to, or steps that lead in a circle."""
    unreached = N_("“{name}” has a mitigation that nothing leads to, M{number}: name it where it is the right one")
    circular = N_("“{name}” leads in a circle ({circle}): let one of these steps lead on, or to `escalate`")
    steps = circle(playbooks.leads(playbook))
    if steps:
        yield at(playbook, "diagnosis", words=circular, circle=" → ".join(steps))
    if playbook.has_steps:
        for number in playbooks.dead_ends(playbook)[:1]:
            yield at(playbook, "diagnosis", number, number=number + 1)
        for number in playbooks.unreached(playbook)[:1]:
            yield at(playbook, "mitigation", number, words=unreached, number=number + 1)


@gap(
    N_("“{name}” has a command with `{given}` in braces, which is none of its variables"),
    Task(Reason.INCIDENT, 5, first=True),
    N_("On-call runs a command in which a blank is never filled in"),
)
@in_each(Playbook)
def undeclared_variable(playbook: Playbook) -> Spots:
    """A command of a playbook with a name in braces that is nearly that of one of its variables."""
    names = [variable.name for variable in playbook.variables]
    for place, given in playbook.names:
        if place[-1] in COMMANDS and given not in names:
            # What is less alike may be a word of the command's own: `{end}` beside `env`.
            hint = near_names.near(given, names, alike=0.75)
            if hint:
                yield Spot(playbook, place, {"given": given}, hint=hint)


@gap(
    N_("“{name}” doesn't use its variable `{variable}`: name it in a command, in braces, or delete it"),
    Task(Reason.MISLEADS, 5, first=True),
    N_("On-call looks for a value that no command needs"),
)
@in_each(Playbook)
def unused_variable(playbook: Playbook) -> Spots:
    """A variable of a playbook that stands in none of its commands and texts."""
    used = {name for _, name in playbook.names}
    for position, variable in enumerate(playbook.variables):
        if variable.name not in used:
            yield at(playbook, "variables", position, variable=variable.name)


@gap(
    N_("“{name}” has never been tried: walk through it with the next on-call, and fix what is wrong"),
    Task(Reason.INCIDENT, 45),
    N_("Until it is tried, it isn't clear whether it works"),
    N_("Walk through “{name}” with the next on-call, and write down the date"),
    Step(Priority.NAGS, "playbooks/templates/game-day/"),
    DRILLED,
    looks_at=("playbook-template",),
)
def playbook_never_exercised(handbook: Handbook) -> Spots:
    """A playbook that has never been drilled or used."""
    for playbook in handbook.playbooks:
        if not playbook.exercised and playbooks.is_usable(handbook, playbook):
            yield at(playbook, "exercised")


@gap(
    N_("“{name}” was last tried on {day}, more than {days} days ago: try it again"),
    Task(Reason.INCIDENT, 45),
    N_("Commands and dashboards change; it was last tried on {day}"),
    counted=DRILLED,
    event=Event(
        N_("Drill"),
        N_("{team}: try the playbook “{name}”"),
        N_("Walk through it with the next on-call, fix what is wrong, and add the date to `exercised`."),
    ),
)
def playbook_not_exercised_lately(handbook: Handbook) -> Spots:
    """A playbook that was last drilled or used longer ago than the organisation's period."""
    period = handbook.organisation.playbook_exercise_days
    for playbook in handbook.playbooks:
        last = playbook.last_exercised
        if last is not None:
            tried = Message(N_("Last tried on {day}."), day=last)
            due = Due(last + timedelta(days=period), f"playbook/{playbook.id}/drill", (tried,))
            yield Spot(playbook, ("exercised",), {"day": last, "days": period}, due=due)

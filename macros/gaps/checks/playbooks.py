"""What is asked of playbooks."""

from datetime import timedelta

from macros.gaps.check import Counted, Event, Reason, Step, Task, gap, problem
from macros.gaps.spots import Due, Priority, Spot, Spots, at, unknown
from macros.handbook import playbooks
from macros.handbook.graph import Handbook
from macros.model.kinds import KINDS
from macros.model.playbooks import Playbook, SeverityGuidance
from macros.sources import validate
from macros.text.problems import N_, Message

DRILLED = Counted(
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


@gap(
    N_("“{name}” still has “{blank}” from its template: replace what is in <…>, or delete the line"),
    Task(Reason.INCIDENT, 30),
    N_("In an incident, on-call reads “{blank}” there"),
    looks_at=("playbook-template",),
)
def playbook_with_blanks(handbook: Handbook) -> Spots:
    """A playbook with text of its template that isn't replaced yet."""
    for playbook in handbook.playbooks:
        for location, text in playbooks.blanks(handbook, playbook)[:1]:
            yield at(playbook, *location, blank=text)


@gap(
    N_("“{name}” doesn't say where to look: add a command or a dashboard, and what to expect"),
    Task(Reason.INCIDENT, 30),
    N_("In an incident, it doesn't help beyond that point"),
    counted=Counted(N_("Playbooks that say where to look and what to do"), lambda handbook: handbook.playbooks),
)
def playbook_without_steps(handbook: Handbook) -> Spots:
    """A playbook with no diagnosis that says where to look and what to expect, or with no mitigation."""
    words = {"mitigation": N_("“{name}” has a diagnosis and no mitigation: add one")}
    for playbook in handbook.playbooks:
        if not playbook.has_steps:
            location = playbooks.unfinished_at(handbook, playbook)
            yield at(playbook, *location, words=words.get(str(location[0]), ""))


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

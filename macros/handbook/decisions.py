"""The decisions of a playbook: which step leads to which."""

from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from macros.model.playbooks import ESCALATE, Decision, MitigationStep, Playbook, Step
from macros.model.values import LANGUAGES, Location, Shape, Text, walk
from macros.text import placeholders

STEPS = ("diagnosis", "mitigation")
"""The keys of a playbook's steps."""


def key(step: Step, number: int) -> str:
    """The anchor of a step on its page: its id, else `diagnosis-2`, by its number from 1."""
    return step.id or f"{STEPS[isinstance(step, MitigationStep)]}-{number}"


def parts(playbook: Playbook) -> tuple[Sequence[Step], ...]:
    """The steps of a playbook: its diagnosis, and its mitigation."""
    return playbook.diagnosis, playbook.mitigation


def texts(playbook: Playbook) -> Iterator[tuple[Location, str]]:
    """The words of a playbook in which a name in braces is one of its steps or variables, with their places."""
    for location, value in walk(playbook):
        if isinstance(value, Text) and location[0] not in ("notes", "variables"):
            for language in LANGUAGES:
                if language not in value.missing():
                    yield (*location, language), getattr(value, language)


def leads(playbook: Playbook) -> dict[str, tuple[str, ...]]:
    """The ids of the steps that each step leads to, by its key, in order; those of the first minutes by an empty one.

    A step leads to what its decisions say, and to the steps that its texts name; so may `ESCALATE`.
    """
    steps: dict[str, tuple[Shape, ...]] = {"": playbook.first_five_minutes}
    steps |= {key(step, number): (step,) for part in parts(playbook) for number, step in enumerate(part, 1)}
    known = {*playbook.steps, ESCALATE}
    return {name: tuple(dict.fromkeys(id for id in _named(part) if id in known)) for name, part in steps.items()}


def _named(part: tuple[Shape, ...]) -> Iterator[str]:
    for _, value in walk(part):
        if isinstance(value, Decision):
            yield from value.then
        elif isinstance(value, Text):
            for language in LANGUAGES:
                yield from placeholders.names(getattr(value, language) or "")


def unreached(playbook: Playbook) -> list[int]:
    """The numbers from 0 of the mitigations that nothing else leads to."""
    led = leads(playbook)
    names = [key(step, number) for number, step in enumerate(playbook.mitigation, 1)]
    return [
        number for number, own in enumerate(names) if not any(own in ids for name, ids in led.items() if name != own)
    ]


def dead_ends(playbook: Playbook) -> list[int]:
    """The numbers from 0 of the diagnoses that lead nowhere when the result is another one than expected."""
    led = leads(playbook)
    return [number for number, step in enumerate(playbook.diagnosis) if not led[key(step, number + 1)]]


def loop(playbook: Playbook) -> tuple[str, ...]:
    """A chain of steps that comes back to its beginning, with which it ends; empty where there is none."""
    try:
        TopologicalSorter(leads(playbook)).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))  # it has each step behind the one that it leads to
    return ()

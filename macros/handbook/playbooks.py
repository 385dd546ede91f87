"""Where the steps of a playbook lead, and whether it can be followed: in words that are no template's blanks."""

import re
from collections.abc import Iterator

from macros.handbook.graph import Handbook, derived
from macros.model.playbooks import ESCALATE, Playbook, PlaybookStep, PlaybookTemplate, TemplateKind
from macros.model.values import Location
from macros.sources import yaml_file
from macros.sources.yaml_file import Source
from macros.text.problems import Problem

STEPS = ("diagnosis", "mitigation")
"""The keys of a playbook's steps."""

HEADINGS = (
    *STEPS,
    *("first", "recovery", "changes", "escalation"),
    *("communication", "meaning", "notes", "used", "missing", "sources"),
)
"""The anchors that a playbook's page has beside those of its steps."""

LEADING = ("do", "expect", "decide")
"""The keys of a step that lead on; its risk or its way back may name a step that comes before."""


def steps(playbook: Playbook) -> Iterator[tuple[tuple[str, int], str, PlaybookStep]]:
    """The steps of a playbook, its diagnosis first: each with its place, and its anchor on the page.

    That is its id, else `diagnosis-2`, by its number from 1.
    """
    for name, part in zip(STEPS, (playbook.diagnosis, playbook.mitigation), strict=True):
        for number, step in enumerate(part):
            yield (name, number), step.id or f"{name}-{number + 1}", step


def declared(playbook: Playbook) -> Iterator[tuple[Location, str]]:
    """The names of a playbook's variables and the ids of its steps, with their places."""
    for number, variable in enumerate(playbook.variables):
        yield ("variables", number, "name"), variable.name
    yield from (((*place, "id"), step.id) for place, _, step in steps(playbook) if step.id)


def leads(playbook: Playbook) -> dict[str, tuple[str, ...]]:
    """The ids of the steps that each step leads to, by its key, in order; those of the first minutes by an empty one.

    A step leads to what its decisions say, and to the steps that it names where it says what to do or to expect; so
    may `ESCALATE`.
    """
    keys: dict[Location, str] = {place: key for place, key, _ in steps(playbook)}
    led: dict[str, list[str]] = {"": [], **{own: [] for own in keys.values()}}
    known = {*keys.values(), ESCALATE}
    for place, name in playbook.names:
        leading = place[2] in LEADING if place[:2] in keys else place[0] == "first_five_minutes"
        if leading and name in known:
            led[keys.get(place[:2], "")].append(name)
    return {own: tuple(dict.fromkeys(ids)) for own, ids in led.items()}


def unreached(playbook: Playbook) -> list[int]:
    """The numbers from 0 of the mitigations that nothing else leads to or names."""
    return [
        number
        for number, step in enumerate(playbook.mitigation)
        if step.id not in {name for place, name in playbook.names if place[:2] != ("mitigation", number)}
    ]


def dead_ends(playbook: Playbook) -> list[int]:
    """The numbers from 0 of the diagnoses that lead nowhere when the result is another one than expected."""
    led = leads(playbook)
    return [number for (name, number), key, _ in steps(playbook) if name == "diagnosis" and not led[key]]


def is_usable(handbook: Handbook, playbook: Playbook) -> bool:
    """Whether it counts as a playbook: it has its steps, and none of them is still a blank of its template."""
    return playbook.has_steps and not any(location[0] in STEPS for location, _ in blanks(handbook)[playbook.id])


def unfinished_at(handbook: Handbook, playbook: Playbook) -> Location:
    """Where a playbook that isn't usable is to be finished first."""
    if playbook.has_steps:
        return next(location for location, _ in blanks(handbook)[playbook.id] if location[0] in STEPS)
    return ("mitigation",) if any(step.is_located for step in playbook.diagnosis) else ("diagnosis",)


@derived
def blanks(handbook: Handbook) -> dict[str, list[tuple[Location, str]]]:
    """The texts that its template left for the author to replace, such as `<What users see>`, with their places: by
    the playbook's id."""
    texts = (text for _, _, read, _ in skeletons(handbook) if read for _, text in read.texts)
    known = {text for text in texts if re.search("<.*>", text, re.DOTALL)}
    return {
        playbook.id: [left for left in handbook.sources[playbook.path].texts if left[1] in known]
        for playbook in handbook.playbooks
    }


def skeletons(handbook: Handbook) -> Iterator[tuple[PlaybookTemplate, str, Source | None, list[Problem]]]:
    """The skeleton of each playbook template in each language that it has, as it is read."""
    for template in handbook.playbook_templates:
        for language, text in template.skeleton.said.items() if template.makes is TemplateKind.PLAYBOOK else ():
            yield template, language, *yaml_file.parse(text.encode(), template.path)

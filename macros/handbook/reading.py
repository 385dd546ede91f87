"""The reading list as people use it: how long a path takes, and what belongs to a team."""

from typing import NamedTuple

from macros.handbook.graph import Handbook
from macros.model.organisation import Team
from macros.model.reading import PathStep, Reading, ReadingLevel, ReadingPath
from macros.model.values import Entity, Ref

MOST_FOR_A_NEWCOMER = 5
"""Works that a team's lists take from the reading list where the team names none: more aren't read in a week."""


class ReadingStep(NamedTuple):
    """A step of a path with the work to read, its minutes, and the id of its box: that of the work that the step names,
    for another part of it with a number behind. So ticks hold in each language."""

    id: str
    step: PathStep
    work: Reading
    minutes: int


def steps(handbook: Handbook, language: str, path: ReadingPath) -> tuple[ReadingStep, ...]:
    """The steps of a path, in order, with the translations into `language` that are on the list. Minutes are those of a
    step's part, else those of the whole work in that language."""
    found: list[ReadingStep] = []
    for step in path.steps:
        named = handbook.reading(step.reading)
        family = (named, *translations(handbook, named))
        work = next((version for version in family if version.language.value == language), named)
        times = sum(handbook.reading(earlier.step.reading) is named for earlier in found)
        id = f"{named.id}--{times + 1}" if times else named.id
        found.append(ReadingStep(id, step, work, step.minutes or work.minutes_to_read))
    return tuple(found)


def belongs_to(handbook: Handbook, work: Reading) -> tuple[Entity, ...]:
    """The pages that a work belongs to: set-ups, workshops, templates, checklists."""
    named: tuple[Ref, ...] = (*work.team_types, *work.workshops, *work.playbook_templates, *work.checklists)
    return tuple(handbook.follow(reference) for reference in named)


def translations(handbook: Handbook, work: Reading) -> tuple[Reading, ...]:
    """The same work in other languages: what it is a translation of, and what is one of it."""
    original = handbook.reading(work.translation_of) if work.translation_of else work
    family = (original, *(other for other in handbook.readings if other.translation_of == original.id))
    return tuple(version for version in family if version is not work)


def of_team(handbook: Handbook, team: Team) -> tuple[Reading, ...]:
    """What belongs to a team: the works that it names, then those about the SRE set-ups that it is or has."""
    named = [handbook.reading(reference) for reference in team.reading]
    return tuple(dict.fromkeys((*named, *_about_set_ups(handbook, team))))


def for_newcomers(handbook: Handbook, team: Team) -> tuple[Reading, ...]:
    """What somebody who joins a team reads: the works that it names, else the first few about its SRE set-ups."""
    if team.reading:
        return tuple(handbook.reading(reference) for reference in team.reading)
    ordered = sorted(_about_set_ups(handbook, team), key=lambda work: [*ReadingLevel].index(work.level))
    return tuple(ordered[:MOST_FOR_A_NEWCOMER])


def _about_set_ups(handbook: Handbook, team: Team) -> tuple[Reading, ...]:
    set_up = team.sre_set_up
    types = [handbook.team_type(reference) for reference in (set_up.is_, set_up.has) if reference] if set_up else []
    return tuple(dict.fromkeys(reading for type in types for reading in handbook.readings_about(type)))

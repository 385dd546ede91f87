"""Whether a playbook can be followed: it says where to look and what to do, in words that are no template's blanks."""

import re
from collections.abc import Iterator

from macros.handbook.decisions import STEPS
from macros.handbook.graph import Handbook, derived
from macros.model.playbooks import Playbook, PlaybookTemplate, TemplateKind
from macros.model.values import Location
from macros.sources import yaml_file
from macros.sources.yaml_file import Source
from macros.text.problems import Problem


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

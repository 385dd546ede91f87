"""What is asked of texts: that they are in both languages."""

from typing import NamedTuple

from macros.gaps.check import Reason, Task, gap, work
from macros.gaps.spots import Spot, Spots
from macros.handbook.graph import Handbook, derived, grouped
from macros.model.organisation import Organisation
from macros.model.values import LANGUAGES, Entity, Location, Text
from macros.text.problems import N_, Message

MINUTES_A_TEXT, LEAST_MINUTES = 3, 5
"""About how long it takes to translate a text, and a file with few of them."""

_NAMES = {"en": Message(N_("English")), "ja": Message(N_("Japanese"))}


class MissingText(NamedTuple):
    """A text of the data that has no words in `language`."""

    entity: Entity
    location: Location
    text: Text
    language: str
    line: int

    @property
    def key(self) -> str:
        """Where it stands in its file, as people write it: `steps[2].what`, counted from 0."""
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.location).lstrip(".")


@derived
def missing_texts(handbook: Handbook) -> tuple[MissingText, ...]:
    """Every text that has words in one language alone, by file and line."""
    found = [
        MissingText(entity, location, text, language, handbook.place(entity, location)[0])
        for entity in handbook.everything()
        for location, text in entity.half_texts
        for language in LANGUAGES
        if language not in text.said
    ]
    return tuple(sorted(found, key=lambda text: (text.entity.path, text.line, text.key)))


@work(
    Task(Reason.WORDS, LEAST_MINUTES, first=True),
    N_("The other edition shows it untranslated"),
    N_("Translate {name} into {language} (texts: {count})"),
)
def translation(handbook: Handbook) -> Spots:
    """A file with texts in one language alone, at the first of them; of a team, it may be so."""
    files = grouped(((missing.entity.path, missing.language), missing) for missing in missing_texts(handbook))
    for (_, language), texts in files.items():
        values = {"language": _NAMES[language], "count": len(texts)}
        minutes = max(LEAST_MINUTES, MINUTES_A_TEXT * len(texts))
        yield Spot(texts[0].entity, texts[0].location, values, minutes=minutes)


@gap(N_("“{name}” lacks words in {language} (texts: {count}): add them; what all teams share is in both languages"))
def shared_text_in_one_language(handbook: Handbook) -> Spots:
    """A shared file with texts in one language alone."""
    for spot in translation.find(handbook):
        if not spot.entity.team and not isinstance(spot.entity, Organisation):
            yield spot

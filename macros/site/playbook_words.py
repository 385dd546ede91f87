"""The words of a playbook as its page writes them: with chips that lead to steps, and blanks to fill in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from macros.handbook import decisions
from macros.handbook.graph import Handbook, derived
from macros.model.playbooks import ESCALATE, Playbook, Step
from macros.model.values import Text, walk
from macros.site.links import Links
from macros.text import placeholders

_CHANNEL = re.compile(r"(?<!\w)(#[\w-]+)", re.ASCII)


def numbered(playbook: Playbook) -> dict[str, tuple[str, Step]]:
    """The steps of a playbook by their anchors, each with the number that its page shows: `D2`, `M1`."""
    return {
        decisions.key(step, number): (f"{letter}{number}", step)
        for letter, part in zip("DM", decisions.parts(playbook), strict=True)
        for number, step in enumerate(part, 1)
    }


@dataclass(frozen=True)
class Words:
    """Writes the words of one playbook in one language: `chips` and `blanks` stand there for the names in braces."""

    language: str
    links: Links
    chips: Mapping[str, Markup]
    blanks: Mapping[str, Markup]
    channels: frozenset[str]

    def text(self, text: Text) -> Markup:
        """A text with its chips and its blanks, and with its chat channels as links."""
        value, really = text.words(self.language)
        known = {**self.blanks, **self.chips}
        pieces = placeholders.pieces(value)
        written = Markup().join(known.get(piece.name) or self._linked(piece.words) for piece in pieces)
        return written if really == self.language else Markup('<span lang="{}">{}</span>').format(really, written)

    def command(self, text: str | None) -> Markup:
        """A command, or a message to send, with its blanks."""
        return Markup().join(self.blanks.get(piece.name) or piece.words for piece in placeholders.pieces(text or ""))

    def _linked(self, words: str) -> Markup:
        parts = _CHANNEL.split(words)
        return Markup().join(self.links.channel(part) if part in self.channels else part for part in parts)


@derived
def _channels(handbook: Handbook) -> frozenset[str]:
    """The chat channels of incidents and of teams."""
    entities = (handbook.organisation, *handbook.teams)
    return frozenset(value for entity in entities for place, value in walk(entity) if "channel" in place[-1:])


def of(handbook: Handbook, language: str, playbook: Playbook, links: Links, call: str, within: str = "") -> Words:
    """What writes the words of a playbook on a page whose anchors of it begin with `within`.

    `call` is what the chip says that leads to the people to call.
    """
    chip = Markup('<a class="chip" href="#{}" title="{}">{}</a>')
    chips = {
        step.id: chip.format(f"{within}{step.id}", step.do.in_language(language), number)
        for number, step in numbered(playbook).values()
        if step.id
    }
    chips[ESCALATE] = chip.format(f"{within}escalation", call, call)
    blank = Markup('<span class="blank" data-variable="{0}">{{{0}}}</span>')
    blanks = {variable.name: blank.format(variable.name) for variable in playbook.variables}
    return Words(language, links, chips, blanks, _channels(handbook))

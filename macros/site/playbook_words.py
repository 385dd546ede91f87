"""The words of a playbook as its page writes them: with chips that lead to steps, and blanks to fill in."""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from macros.handbook import playbooks
from macros.handbook.graph import Handbook, derived
from macros.model.playbooks import ESCALATE, Playbook, PlaybookStep
from macros.model.values import Text, walk
from macros.site.links import Links
from macros.text import placeholders

_CHANNEL = re.compile(r"(?<!\w)(#[\w-]+)", re.ASCII)


class Words:
    """Writes the words of one playbook, on a page where its anchors begin with `within`.

    `numbered` has its steps by their anchors, each with the number that the page shows (`D2`, `M1`), and `chips`
    what leads to a step by its id; that to the people to call says `call`.
    """

    def __init__(
        self, handbook: Handbook, language: str, links: Links, playbook: Playbook, call: str, within: str = ""
    ) -> None:
        self._language, self._links, self._channels = language, links, _channels(handbook)
        self.numbered: Mapping[str, tuple[str, PlaybookStep]] = {
            key: (f"{name[0].upper()}{number + 1}", step) for (name, number), key, step in playbooks.steps(playbook)
        }
        self.chips = {ESCALATE: _chip(f"{within}escalation", call, call)}
        for key, (number, step) in self.numbered.items():
            self.chips[key] = _chip(f"{within}{key}", step.do.in_language(language), number)
        names = [variable.name for variable in playbook.variables]
        self._blanks = {it: Markup(f'<span class="blank" data-variable="{it}">{{{it}}}</span>') for it in names}
        self._known = {**self._blanks, **self.chips}

    def text(self, text: Text) -> Markup:
        """A text with its chips and its blanks, and with its chat channels as links."""
        value, really = text.words(self._language)
        pieces = placeholders.pieces(value)
        written = Markup("".join(self._known.get(piece.name) or self._linked(piece.words) for piece in pieces))
        return written if really == self._language else Markup('<span lang="{}">{}</span>').format(really, written)

    def command(self, text: str | None) -> Markup:
        """A command, or a message to send, with its blanks."""
        pieces = placeholders.pieces(text or "")
        return Markup("".join(self._blanks.get(piece.name) or escape(piece.words) for piece in pieces))

    def _linked(self, words: str) -> Markup:
        if "#" not in words:
            return escape(words)
        parts = _CHANNEL.split(words)
        return Markup().join(self._links.channel(part) if part in self._channels else part for part in parts)


def _chip(anchor: str, title: str, shown: str) -> Markup:
    return Markup(f'<a class="chip" href="#{anchor}" title="{escape(title)}">{escape(shown)}</a>')


@derived
def _channels(handbook: Handbook) -> frozenset[str]:
    """The chat channels of incidents and of teams."""
    entities = (handbook.organisation, *handbook.teams)
    return frozenset(value for entity in entities for place, value in walk(entity) if "channel" in place[-1:])

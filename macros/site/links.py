"""Links as templates write them, each from the page that it stands on."""

from typing import Any
from urllib.parse import quote

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from macros.gaps.spots import name_of
from macros.handbook import addresses, checklists
from macros.handbook.graph import Handbook
from macros.model.values import Entity, Text
from macros.site.writing import Writer, words
from macros.text import markdown


class Links:
    """The links of one edition."""

    def __init__(self, handbook: Handbook, writer: Writer) -> None:
        self._handbook = handbook
        self._writer = writer

    @pass_context
    def href(self, context: Context, target: Entity | str, anchor: str = "") -> str:
        """The way from this page to that of an entity, or to an address of the edition."""
        address = target if isinstance(target, str) else addresses.of(target)
        whole = f"{address}#{anchor}" if anchor else address
        return quote(addresses.relative(context["address"], whole), safe="/#~?=&")

    @pass_context
    def to(self, context: Context, target: Entity, anchor: str = "") -> Markup:
        """A link to an entity's page, with its name."""
        shown = self._writer.written(context, checklists.name_of(self._handbook, target) or name_of(target))
        return Markup(f'<a href="{self.href(context, target, anchor)}">{shown}</a>')

    @pass_context
    def export(self, context: Context, address: str) -> str:
        """The way from this page to an export, which stands once, outside the other editions."""
        return addresses.relative(context["address"], address if self._writer.language == "en" else f"../{address}")

    def outside(self, text: Any, address: str | None) -> Markup:
        """A link that leaves the handbook; just the words where there is no address."""
        shown = words(text, self._writer.language) if isinstance(text, Text) else markdown.escape(str(text))
        return Markup(f'<a href="{markdown.escape(address)}">{shown}</a>') if address else shown

    def channel(self, name: str) -> Markup:
        """A chat channel, as a link where the organisation says how channels are addressed."""
        chat = self._handbook.organisation.chat
        base = chat.channel_address if chat and name.startswith("#") else None
        return self.outside(name, f"{base}{name.removeprefix('#')}" if base else None)

    def whole(self, address: str) -> str:
        """An address of this edition as it stands on paper; empty where the site has no address."""
        return addresses.whole(self._handbook.organisation.site_address, self._writer.language, address)

    def short(self, address: str) -> str:
        """A whole address without its scheme, to read."""
        return address.partition("://")[2] or address

"""How values from the data are written into a page: escaped, in its language, as HTML."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from macros.handbook.addresses import relative
from macros.model.values import Choice, Markdown, Text
from macros.sources import guides
from macros.text import catalogue, markdown
from macros.text.problems import N_, Message

_WAY = re.compile(r'(<a\b[^>]*?) href="(?!\w+:|#)([^"]*)"')
"""A link to another page of the site."""


class Writer:
    """Writes values and the words of templates into the pages of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._translations = catalogue.translations(language)
        self.gettext = self._translations.gettext

    def plain(self, text: Text | str) -> str:
        """A text without any markup."""
        return text.in_language(self.language) if isinstance(text, Text) else str(_unmarked(text))

    @pass_context
    def written(self, context: Context, value: Any) -> Markup:
        """A value as a template writes it: escaped, translated, in the page's language."""
        match value:
            case Markup():
                return value
            case Markdown():
                return prose(value, self.language, context["address"])
            case Text():
                return words(value, self.language)
            case Choice():
                return markdown.escape(self._translations.pgettext(type(value).__name__, value.label))
            case Message():
                return self._said(value)
            case None:
                return Markup()
        return markdown.escape(str(value))

    @pass_context
    def translated(self, context: Context, text: str, **values: Any) -> Markup:
        """The words of a template, their gaps filled with values as they are written."""
        return self._filled(self.gettext(text), context, values)

    @pass_context
    def counted(self, context: Context, one: str, many: str, number: int, **values: Any) -> Markup:
        """The same for words that count."""
        return self._filled(self._translations.ngettext(one, many, number), context, {"num": number, **values})

    def _said(self, message: Message) -> Markup:
        """A sentence; a name in it that is in the other language is marked as such."""
        marked = {name: words(it, self.language) for name, it in message.values.items() if isinstance(it, Text)}
        places = {name: f"\ue000{number}\ue001" for number, name in enumerate(marked)}
        placed = Message(message.template, {**message.values, **places})
        said = markdown.escape(placed.render(self.language, self.gettext))
        for name, place in places.items():
            said = said.replace(place, marked[name])
        return said

    def _filled(self, text: str, context: Context, values: Mapping[str, Any]) -> Markup:
        with_code = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
        return Markup(with_code % {name: self.written(context, value) for name, value in values.items()})


def words(text: Text, language: str) -> Markup:
    """A text in `language`; in the other one, marked as such, where there are no words in it."""
    value, really = text.words(language)
    written = markdown.escape(value)
    return written if really == language else Markup(f'<span lang="{really}">{written}</span>')


def prose(text: Markdown, language: str, address: str) -> Markup:
    """Markdown from the data as HTML, marked with its language where that is not the page's."""
    value, really = text.words(language)
    html = re.sub(r'href="/([^"]*)"', lambda match: f'href="{relative(address, match[1])}"', markdown.render(value))
    lang = "" if really == language else f' lang="{really}"'
    return Markup(f'<div class="prose"{lang}>\n{html}\n</div>')


def length(minutes: float) -> Message:
    """A length of time in the unit that reads best: `25.9 s`, `40.3 min`, `7 h 12 min`, `2.1 days`."""
    if 120 <= minutes < 2880:
        hours, rest = divmod(round(minutes), 60)
        return Message(N_("{hours} h {minutes} min") if rest else N_("{hours} h"), hours=hours, minutes=rest)
    for size, words in ((1440, N_("{number} days")), (1, N_("{number} min"))):
        if minutes >= size:
            return Message(words, number=f"{minutes / size:.3g}")
    return Message(N_("{number} s"), number=f"{minutes * 60:.3g}")


_DUE = {"day": N_("day {number}"), "week": N_("week {number}"), "month": N_("month {number}")}


def due(due: str) -> Message:
    """When an item of a checklist is due: `week 2`."""
    unit, _, number = due.partition(" ")
    return Message(_DUE[unit], number=number)


def _unmarked(words: str) -> str:
    """Words without markup: a translation with a name in it comes with the name escaped already."""
    return words.striptags() if isinstance(words, Markup) else words


def choices(values: Iterable[Choice]) -> list[tuple[str, Choice]]:
    """What a reader can choose from: the values that occur, in the order of their class."""
    found = set(values)
    return [(choice.value, choice) for choice in type(next(iter(found))) if choice in found] if found else []


def head(
    title: str,
    description: str,
    weight: float = 1,
    *,
    crumb: str = "",
    echoes: bool = False,
    found: bool = True,
    toc: bool = True,
) -> dict[str, Any]:
    """What the theme and the search are told of a generated page. The theme prints these as HTML: they are escaped.

    `crumb` is its name below its team, where that is shorter. `weight`, `echoes` and `found` are for the search, as in
    `guides.PageSearch`; `toc` says whether it has a table of contents.
    """
    search = guides.PageSearch(weight=weight, echoes=echoes, exclude=not found).model_dump(exclude_defaults=True)
    return {
        "title": str(markdown.escape(_unmarked(title))),
        "description": str(markdown.escape(_unmarked(description))),
        **({} if toc else {"hide": ["toc"]}),
        **({"search": search} if search else {}),
        **({"crumb": str(markdown.escape(_unmarked(crumb)))} if crumb else {}),
    }


def table(caption: str | Markup, caller: Callable[[], Markup], id: str = "", classes: str = "") -> Markup:
    """A table that becomes one card a row on a narrow screen.

    The caller gives `thead` and `tbody`. Each cell gets its column's heading for the card, and the roles
    that browsers take from a table when its rows stop being laid out as one.
    """
    head, _, body = str(caller()).partition("<tbody")
    found = re.findall(r"<th\b[^>]*>(.*?)</th>", head, re.S)
    rows = _labelled(body, [markdown.escape(markdown.plain(heading)) for heading in found])
    roles = {"thead": "rowgroup", "tr": "row", "th": "columnheader"}
    head = re.sub(r"<(thead|tr|th)\b", lambda match: f'<{match[1]} role="{roles[match[1]]}"', head)
    head = re.sub(r"<th (?!.*scope=)", '<th scope="col" ', head)
    own = (f' id="{id}"' if id else "") + f' class="{("cards-table " + classes).strip()}"'
    title = caption if isinstance(caption, Markup) else markdown.escape(caption)
    return Markup(f'<table role="table"{own}>\n<caption>{title}</caption>{head}<tbody role="rowgroup"{rows}\n</table>')


def _labelled(rows: str, headings: Sequence[str]) -> str:
    roles = {"<td": "cell", "<th": "rowheader"}

    def labelled(row: str) -> str:
        columns = iter(headings)
        return re.sub(r"<t[dh]\b", lambda tag: f'{tag[0]} role="{roles[tag[0]]}" data-label="{next(columns, "")}"', row)

    return '<tr role="row"'.join(map(labelled, re.split(r"<tr\b", rows)))


def by_itself(html: str, address: str) -> str:
    """HTML of the page at a whole `address`, to be read elsewhere: links to the site's other pages lead there.

    Without an address they lead nowhere.
    """
    return _WAY.sub(lambda found: f'{found[1]} href="{urljoin(address, found[2])}"' if address else found[1], html)


@lru_cache(maxsize=4096)
def qr_code(address: str) -> Markup:
    """An address as a QR code, drawn in one path of SVG."""
    import segno  # here, since most commands draw none

    code = segno.make(address, error="m", micro=False, mask=2)  # to try all eight takes five times as long
    return Markup(code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None, dark="#000", light="#fff"))

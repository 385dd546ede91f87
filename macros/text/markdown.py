"""Small pure helpers for text that lands in Markdown and HTML."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser

import markdown
from markupsafe import Markup

_SPECIAL = {ord(character): f"&#{ord(character)};" for character in '&<>"`*_{}[]|\\~^'}
_SPECIAL_IN_WORDS = {character: entity for character, entity in _SPECIAL.items() if chr(character) not in "&<>"}
_SPECIAL_IN_TAGS = {character: entity for character, entity in _SPECIAL.items() if chr(character) in "`~{}"}
_LINE_START = re.compile(r"^(?:(\d+)([.)])|([-+#:!?=/;]))")
_LINE_END = re.compile(r"#(?=#*$)")  # a heading ends with as many as it likes
_COLON_WORD = re.compile(r":(?=[a-z0-9_+-]+:)")


def escape(text: str) -> Markup:
    """Words as HTML that means the same words in HTML text, in a quoted attribute and in a line of Markdown.

    Everything special to either language becomes a numeric entity, which neither of them reads again;
    runs of white space become one blank, so that no line of it can begin a block.
    """
    line = " ".join(text.split()).translate(_SPECIAL)
    line = _LINE_END.sub("&#35;", _COLON_WORD.sub("&#58;", line))
    return Markup(_LINE_START.sub(_escape_line_start, line))


def escape_code(line: str) -> Markup:
    """One line of code as HTML that shows it as it is, blanks and all, within one line of Markdown."""
    return Markup(line.translate(_SPECIAL | {ord(character): f"&#{ord(character)};" for character in " \t:"}))


def _escape_line_start(match: re.Match[str]) -> str:
    digits, stop, sign = match.groups()
    return f"{digits}&#{ord(stop)};" if stop else f"&#{ord(sign)};"


MOST_OPEN_BRACKETS = 20
"""In a paragraph. From each one, Python-Markdown looks for where it closes."""

MOST_LEVELS = 10
"""Lists and quotes inside one another, each of which needs room on the stack."""

MOST_COLUMNS = 20
"""In a table, whose every row gets so many cells."""

_BRACKET = re.compile(r"[\[\]()]|\n[ \t]*(?=\n)")
_LEVELS = re.compile(r"(?P<indent>[ \t]*)(?P<marks>(?:(?:>|[-+*](?=[ \t])|\d+\.(?=[ \t]))[ \t]*)+)")
_LINE_ACROSS = re.compile(r" {0,3}(?:(?:- {0,2})+|(?:\* {0,2})+)")
_COLUMNS = re.compile(r"[ >]*[|: -]+")


def excess(text: str) -> str | None:
    """What a text has so much of that rendering it would take long or fail: `brackets`, `levels` or `columns`."""
    open = {"(": 0, "[": 0}
    for found in _BRACKET.findall(text):
        if found in open:
            open[found] += 1
        elif found in (")", "]"):
            opening = "(" if found == ")" else "["
            open[opening] = max(0, open[opening] - 1)
        else:
            open = dict.fromkeys(open, 0)
        if sum(open.values()) > MOST_OPEN_BRACKETS:
            return "brackets"
    for line in text.splitlines():
        if line.count("|") > MOST_COLUMNS + 1 and _COLUMNS.fullmatch(line):
            return "columns"
        levels = _LEVELS.match(line)
        if levels and not _LINE_ACROSS.fullmatch(line):
            marks = re.findall(r"[-+*>]|\d+\.", levels["marks"])
            if len(levels["indent"].expandtabs(4)) // 4 + len(marks) > MOST_LEVELS:
                return "levels"
    return None


@lru_cache(maxsize=4096)
def render(text: str) -> Markup:
    """Markdown from the data as HTML. Raw HTML in it is shown as text; attribute lists have no effect.

    Its headings begin at the third level, below the heading of the section that the text stands in. Images
    are left out: a page loads nothing from another host. What is special to Markdown comes as entities: the page
    around it passes a parser once more, which reads attributes (`{ onfocus=… }`), code and links in finished HTML.
    """
    converter = markdown.Markdown(extensions=["tables", "fenced_code", "sane_lists"], output_format="html")
    converter.preprocessors.deregister("html_block")
    for pattern in ("html", "image_link", "image_reference", "short_image_ref"):
        converter.inlinePatterns.deregister(pattern)
    html = converter.convert(text)
    lower = 3 - min(map(int, re.findall(r"<h([1-6])>", html)), default=3)
    html = re.sub(r"<(/?)h([1-6])>", lambda it: f"<{it[1]}h{min(int(it[2]) + lower, 6)}>", html)
    html = html.replace("<th></th>", "<td></td>")  # a heading without words names nothing
    words_and_tags = re.split(r"(<[^>]*>)", html)  # the parser writes `>` in attributes as an entity
    return Markup(
        "".join(
            part.translate(_SPECIAL_IN_TAGS if number % 2 else _SPECIAL_IN_WORDS)
            for number, part in enumerate(words_and_tags)
        )
    )


class _LinkTargets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]


def link_targets(text: str) -> list[str]:
    """The targets of the links in Markdown from the data, as a browser will read them."""
    parser = _LinkTargets()
    parser.feed(render(text))
    return parser.targets


def plain(html: str) -> str:
    """The text of a piece of HTML, without its tags, on one line."""
    return " ".join(Markup(html).striptags().split())


_CODE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^`\n]*\n.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t\r]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t\r]*\n).)+?(?<!`)(?P=ticks)(?!`)"
    r"|<!--.*?-->",
    re.M | re.S,
)


def without_code(text: str) -> str:
    """Markdown with blanks instead of its code and comments; all the rest keeps its place."""
    return _CODE.sub(blank, text)


def blank(match: re.Match[str]) -> str:
    """As many blanks as what was found has characters; line breaks stay."""
    return re.sub(r"[^\n]", " ", match[0])

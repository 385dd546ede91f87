"""Small pure helpers for text that lands in Markdown and HTML."""

import re
from collections import Counter
from functools import lru_cache
from html import unescape

import markdown
from markupsafe import Markup

from macros.text.problems import Message

_SPECIAL = {ord(character): f"&#{ord(character)};" for character in '&<>"`*_{}[]|\\~^'}
_LINE_START = re.compile(r"^(\d+(?=[.)])|(?=[-+#:!?=/;]))(.)")
_LINE_END = re.compile(r"#(?=#*$)")  # a heading ends with as many as it likes
_COLON_WORD = re.compile(r":(?=[a-z0-9_+-]+:)")


@lru_cache(maxsize=2**15)
def escape(text: str) -> Markup:
    """Words as HTML that means the same words in HTML text, in a quoted attribute and in a line of Markdown.

    Everything special to either language becomes a numeric entity, which neither of them reads again;
    runs of white space become one blank, so that no line of it can begin a block.
    """
    line = " ".join(text.split()).translate(_SPECIAL)
    line = _LINE_END.sub("&#35;", _COLON_WORD.sub("&#58;", line))
    return Markup(_LINE_START.sub(lambda found: f"{found[1]}&#{ord(found[2])};", line))


MOST_OPEN_BRACKETS = 20
"""In a paragraph. From each one, Python-Markdown looks for where it closes."""

MOST_LEVELS = 10
"""Lists and quotes inside one another, each of which needs room on the stack."""

MOST_COLUMNS = 20
"""In a table, whose every row gets so many cells."""

_CLOSES = {")": "(", "]": "[", "}": "{", ">": "<"}
_BRACKET = re.compile(r"[\[({\])}>]|<(?=\w)")
_LEVELS = re.compile(r"(?P<indent>[ \t]*)(?P<marks>(?:(?:>|[-+*](?=[ \t])|\d+\.(?=[ \t]))[ \t]*)+)")
_LINE_ACROSS = re.compile(r" {0,3}(?:(?:- {0,2})+|(?:\* {0,2})+)")
_COLUMNS = re.compile(r"[ >]*[|: -]+")


def too_deep(text: str, levels: int, brackets: int, kinds: str, *, by_paragraph: bool) -> tuple[int, int] | None:
    """Where more `levels` of lists and quotes, or more `brackets`, are open than may be: line and column from 1.

    `kinds` has the brackets that count, by their opening ones. With `by_paragraph`, an empty line closes them all.
    """
    opened = Counter[str]()
    for number, line in enumerate(text.split("\n"), 1):
        around = _LEVELS.match(line)
        if around and not _LINE_ACROSS.fullmatch(line):
            marks = re.findall(r"[-+*>]|\d+\.", around["marks"])
            if len(around["indent"].expandtabs(4)) // 4 + len(marks) > levels:
                return number, around.end()
        if by_paragraph and not line.strip(" \t"):
            opened.clear()
        for bracket in _BRACKET.finditer(line):
            closed = _CLOSES.get(bracket[0])
            if closed:
                opened[closed] = max(opened[closed] - 1, 0)
            elif bracket[0] in kinds:
                opened[bracket[0]] += 1
                if opened.total() > brackets:
                    return number, bracket.start() + 1
    return None


def excess(text: str) -> Message | None:
    """What a text has so much of that rendering it would take long or fail, and what to do about it."""
    if too_deep(text, MOST_LEVELS, MOST_OPEN_BRACKETS, "([", by_paragraph=True):
        words = "more than {levels} levels of lists and quotes, or {brackets} open brackets; make fewer, or write code"
        return Message(words, levels=MOST_LEVELS, brackets=MOST_OPEN_BRACKETS)
    if any(line.count("|") > MOST_COLUMNS + 1 and _COLUMNS.fullmatch(line) for line in text.split("\n")):
        return Message("a table of more than {most} columns; leave some out, or make two tables", most=MOST_COLUMNS)
    return None


@lru_cache(maxsize=4096)
def render(text: str) -> Markup:
    """Markdown from the data as HTML. Raw HTML in it is shown as text; attribute lists have no effect.

    Its headings begin at the third level, below the heading of the section that the text stands in. Images
    are left out: a page loads nothing from another host.
    """
    converter = markdown.Markdown(extensions=["tables", "fenced_code", "sane_lists"], output_format="html")
    converter.preprocessors.deregister("html_block")
    for pattern in ("html", "image_link", "image_reference", "short_image_ref"):
        converter.inlinePatterns.deregister(pattern)
    html = converter.convert(text)
    lower = 3 - min(map(int, re.findall(r"<h([1-6])>", html)), default=3)
    html = re.sub(r"<(/?)h([1-6])>", lambda it: f"<{it[1]}h{min(int(it[2]) + lower, 6)}>", html)
    html = re.sub(r"<td>(\d{4}-\d\d-\d\d)</td>", r'<td class="date">\1</td>', html)
    return Markup(html.replace("<th></th>", "<td></td>"))  # a heading without words names nothing


def link_targets(text: str) -> list[str]:
    """The targets of the links in Markdown from the data, as a browser will read them."""
    if not re.search(r"[\[<]", text):  # one of them begins every link
        return []
    # The renderer puts each attribute into double quotes, and writes those inside of it, and any `<`, as entities.
    return [unescape(target) for target in re.findall(r'<\w[^<>]*? (?:href|src)="([^"]*)"', render(text))]


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

"""What is behind an error of libyaml: the slips that people make who write YAML now and then.

libyaml says where it can't go on, and that is often a line below the slip. `cause` looks at the lines there
and names what stands in them, and what to write instead; where that can be tried, it makes the line readable.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import yaml

from macros.sources import lookalikes
from macros.text.problems import Message

_LONGEST = 60
"""Characters of a text that advice repeats whole."""

_UNCLOSED = "the quote that begins here isn't closed; write the same straight quote at the end of the text"

_INDICATOR = re.compile(r"[^\s#'\"\[{&*!|>%@`,?-][^#]*?:(?=\s|$)")
"""A key with its colon; it is matched where the key begins."""

Place = tuple[int, int]
"""Line and column, both from 0, as libyaml counts."""

Slip = tuple[int, int, Message]
"""Line and column, both from 0, of what is wrong, and the words for it."""


class Failure(NamedTuple):
    """Where libyaml stopped: the `lines` and two empty ones, what it says, and where it began what it can't end."""

    lines: Sequence[str]
    words: str
    at: Place
    began: Place | None


_SUSPECT = re.compile(rf"[#＃{''.join(lookalikes.QUOTES.values())}]")
"""What a line has in which a text may be misread, if that is on one line: a look that spares the others."""


def cause(failure: Failure) -> Slip | None:
    """The slip behind a failure; None where none is known."""
    return next((found for look in _LOOKS if (found := look(failure))), None)


def misread(node: yaml.ScalarNode, lines: Sequence[str], key: Place | None) -> Slip | None:
    """The slip in a value that can be read, but not as it was meant: cut off, or grown over the lines below.

    `lines` end with an empty one. `key` is the place of its key in a mapping without braces; None elsewhere.
    """
    begins = node.start_mark.line, node.start_mark.column
    around = lines[begins[0]] + (lines[key[0]] if key else "")
    if node.end_mark.line == begins[0] and not _SUSPECT.search(around):
        return None
    below = range(begins[0] + 1, node.end_mark.line + 1)
    if node.style in ("'", '"'):
        swallowed = any(key and lines[row].strip() and _indentation(lines[row]) <= key[1] for row in below)
        return (*begins, Message(_UNCLOSED)) if swallowed else None
    if node.style:
        return None
    item = next((number for number in below if re.match(r"\s*- ", lines[number])), None)
    if item is not None:
        message = Message(
            "the `-` continues the text above; begin it in the column of the `-` above, or put quotes around the text"
        )
        return item, _indentation(lines[item]), message
    if _LETTERS.match(node.value):
        words = "{character} is a letter for YAML; {advice}"
        plain = node.value.strip("".join(lookalikes.QUOTES.values())).replace("＃", "#")
        return *begins, Message(words, character=lookalikes.name(node.value[0]), advice=in_quotes(plain))
    return _cut_off(node, lines) or _heading(node, lines, key)


def _cut_off(node: yaml.ScalarNode, lines: Sequence[str]) -> Slip | None:
    """A `#` with a blank before and none behind it: the name of a channel and no comment."""
    number, column = node.end_mark.line, node.end_mark.column
    line = lines[number]
    found = re.match(r"(\s*)(#[^\s!].*)", line[column:])
    if not found or not (found[1] or not node.value) or (node.value and not re.search(r"[^\d.]", node.value)):
        return None
    place = column + found.start(2)
    start = node.start_mark.column if node.value and node.start_mark.line == number else place
    message = Message("`#` begins a comment, so the text is cut off here; {advice}", advice=in_quotes(line[start:]))
    return number, place, message


def _heading(node: yaml.ScalarNode, lines: Sequence[str], key: Place | None) -> Slip | None:
    """A heading in Markdown behind a key whose text begins below: a comment for YAML."""
    found = re.search(r":\s+(##+ )", lines[key[0]]) if key and node.start_mark.line > key[0] else None
    message = Message("`#` begins a comment, so the heading is lost; write `|` in its place, and all of the text below")
    return (key[0], found.start(1), message) if key and found else None


def _quoted(text: str) -> str:
    """`text` in the quotes that need nothing inside it changed, or changed the least."""
    return "'" + text.replace("'", "''") + "'" if re.search(r'["\\]', text) else f'"{text}"'


def in_quotes(text: str) -> Message:
    """The advice to put quotes around a text, with the whole of it where it is short."""
    if len(text) > _LONGEST:
        return Message("put quotes around the text")
    return Message("put quotes around the text: {quoted}", quoted=_quoted(text.strip()))


_LEAD = r"(?>(?:\s|-(?=\s))*)"
_BLANKS = re.escape(lookalikes.BLANKS)
_STRUCTURE = {
    rf"(?:[^\S{_BLANKS}]|-(?=\s))*(?:[\w-]+:)?([{_BLANKS}])": "{character}; write an ordinary space",
    rf"{_LEAD}(?:[\w \u3000-]{{1,40}}?(?=：))?([＃：{lookalikes.DASHES}])": "{character}; write `{plain}` and a space",
    r"\s*(-)(?=[^\s\d.-])": "no space after the dash; write one",
    r"\s*(?:- +)*([A-Za-z_][\w-]*:)(?=[^\s:/])": "no space after the colon of `{sign}`; write one",
    r"\s*(//|/\*|--(?!-)|;)": "`{sign}` doesn't begin a comment; write `#`",
}
"""A look-alike, or no blank, where YAML wants the character itself: around a key, before an item or a comment.

By how a line begins that shows the slip in its group, the words for it.
"""

_LETTERS = re.compile("＃|" + "|".join(rf"[{odd}][^{odd}]*[{odd}]\Z" for odd in lookalikes.QUOTES.values()))
"""What YAML takes for letters: the hash sign of a channel, or quotes around a whole text."""

_MARK = re.compile(r"(?:<{7}|>{7}|\|{7})(?= |$)|={7}$")


def in_structure(line: str) -> tuple[int, Message] | None:
    """The slip that the beginning of a line shows: its column, from 0, and the words for it."""
    for pattern, words in _STRUCTURE.items():
        found = re.match(pattern, line)
        if found:
            sign = found[1]
            values = {"sign": sign, "plain": lookalikes.plain(sign), "character": lookalikes.name(sign[0])}
            return found.start(1), Message(words, values)
    return None


def _says_something(line: str) -> bool:
    return bool(line.strip(" ")) and not line.lstrip(" ").startswith("#")


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _key_column(line: str) -> int:
    """The column of the key of a line, behind the dashes before it."""
    return len(line) - len(re.sub(r"\A *(?:- +)*", "", line))


def _value(line: str) -> tuple[int, str]:
    """Where the value of a line begins, behind its dashes and its key, and the value."""
    start = _key_column(line)
    key = _INDICATOR.match(line, start)
    if key:
        start = len(line) - len(line[key.end() :].lstrip())
    return start, line[start:]


def _conflict(failure: Failure) -> Slip | None:
    """A marker that git writes where two changes of one place meet."""
    words = "git's conflict marker `{mark}`; keep what is right and delete the markers"
    found = ((number, _MARK.match(line)) for number, line in enumerate(failure.lines))
    return next(((number, 0, Message(words, mark=mark[0])) for number, mark in found if mark), None)


def _said(words: str, advice: str, *, where_it_began: bool = False) -> Callable[[Failure], Slip | None]:
    """What looks for words of libyaml that tell the slip themselves."""

    def look(failure: Failure) -> Slip | None:
        place = failure.began if where_it_began and failure.began else failure.at
        return (*place, Message(advice)) if words in failure.words else None

    return look


def _unclosed_quote(failure: Failure) -> Slip | None:
    """A quote that is opened and not closed, which libyaml takes another one below for the end of."""
    for number in range(failure.at[0] - 1, -1, -1):
        line = failure.lines[number]
        start, value = _value(line)
        is_next = _indentation(failure.lines[number + 1]) <= _key_column(line)
        if value[:1] in ("'", '"') and _closing(value) is None and is_next:
            written = (*failure.lines[:number], line + value[0], *failure.lines[number + 1 : failure.at[0]])
            return (number, start, Message(_UNCLOSED)) if _can_be_read(written) else None
    return None


def _closing(value: str) -> int | None:
    """Where the quote closes that `value` begins with."""
    match = re.match(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""", value)
    return match.end() - 1 if match else None


def _unquoted(failure: Failure) -> Slip | None:
    """A text that can be read once it stands in quotes: for what it begins with, for a colon or a quote inside it."""
    number = failure.at[0]
    line = failure.lines[number].rstrip()
    column, value = _value(line)
    key = _key_column(line)
    if line[:key].strip() and not re.match(r"[a-z_]+:", line[key:]):
        column, value = key, line[key:]  # an item is a text here, rather than a mapping
    closing = _closing(value)
    text = value[1:-1] if closing and value[-1] == value[0] else value
    above = failure.lines[:number]
    if not value or _can_be_read((*above, line)) or not _can_be_read((*above, line[:column] + _quoted(text))):
        return None
    if closing:
        return number, column + closing, Message("this quote ends the text; write {quoted}", quoted=_quoted(text))
    words = "YAML reads a sign of this text as its own; {advice}"
    if value[0] in "|>":
        words += " – or leave only `{sign}` there, and write the text on the lines below, indented by two more spaces"
    return number, column, Message(words, sign=value[0], advice=in_quotes(value))


def _can_be_read(lines: Iterable[str]) -> bool:
    try:
        yaml.compose("\n".join(lines), yaml.CSafeLoader)
    except yaml.YAMLError:
        return False
    return True


def _characters(failure: Failure) -> Slip | None:
    """A look-alike, or a missing blank, in the line where libyaml stopped, or in the one above."""
    number = failure.at[0]
    above = [row for row in range(number) if _says_something(failure.lines[row])]
    found = ((row, in_structure(failure.lines[row])) for row in (number, *above[-1:]))
    return next(((row, *slip) for row, slip in found if slip), None)


def _indented(failure: Failure) -> Slip | None:
    """A line that can be read with as many spaces before it as another line has, or else with two more."""
    number = failure.at[0]
    above = failure.lines[:number]
    line = failure.lines[number]
    if _can_be_read((*above, line)):
        return None
    column = _indentation(line)
    columns = {edge(other) for other in filter(_says_something, above) for edge in (_indentation, _key_column)}
    near = sorted(columns - {column} or {column + 2}, key=lambda known: abs(known - column))[:_MOST_TRIED]
    fitting = [known for known in near if _can_be_read((*above, " " * known + line[column:]))]
    words = (
        "this line is indented by {column}; indent it as what it belongs to, by {fitting} spaces, or put quotes around "
        "a text of several lines"
    )
    message = Message(words, column=column, fitting=" or ".join(map(str, sorted(fitting))))
    return (number, column, message) if fitting else None


_MOST_TRIED = 8
"""Indentations, the nearest: to try one takes as long as to read the file."""

_LOOKS: tuple[Callable[[Failure], Slip | None], ...] = (
    _conflict,
    _said("another document", "`---` begins a second document; delete the line, or make two files of it"),
    _said("unknown escape", "a backslash in double quotes; write two, or single quotes around the text"),
    _said("quoted scalar", _UNCLOSED, where_it_began=True),
    _unclosed_quote,
    _said("flow node", "an item is missing here; delete a comma, or close the bracket"),
    _said(
        "flow",
        "the bracket that begins here isn't closed by its own sort, or a comma is missing behind it; write it, "
        "or put quotes around a text that begins with a bracket",
        where_it_began=True,
    ),
    _said("block sequence entries", "a `-` after a key; begin the list on the next line, or put quotes around a text"),
    _unquoted,
    _characters,
    _said(
        "expected ':'",
        "a line without a colon; write `key: value`, or indent it below the key whose text it belongs to",
        where_it_began=True,
    ),
    _said("document start", "this doesn't begin in the column of the first key; begin every key of the file there"),
    _indented,
    _said("mapping values", "this colon has no place; write one in the line above, or put quotes around the text"),
)
"""Where a slip is looked for, the surest first."""

"""What is behind an error of libyaml: the slips that people make who write YAML now and then.

libyaml says where it can't go on, and that is often a line below the slip. `cause` looks at the lines there
and names what stands in them, and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from macros.sources import lookalikes
from macros.text.problems import Message

LONGEST_ADVICE = 60
"""Characters of a text that advice repeats whole."""

INDICATOR = re.compile(r"(?P<key>[^\s#'\"\[{&*!|>%@`,?-][^#]*?):(?=\s|$)")
"""A key with its colon; it is matched where the key begins."""

BLOCK = re.compile(r"(?:^|[:\-]\s+)[|>][0-9+-]*\s*(?:#.*)?$")
"""The end of a line that begins a text of several lines."""

Place = tuple[int, int]
"""Line and column, both from 0, as libyaml counts."""

Slip = tuple[int, int, Message]
"""Line and column, both from 0, of what is wrong, and the words for it."""


@dataclass(frozen=True)
class Failure:
    """Where libyaml stopped: the `lines` of the text, what it says, and where it began what it can't end."""

    lines: Sequence[str]
    words: str
    at: Place
    began: Place | None

    def line(self, number: int) -> str:
        """A line by its number from 0; behind the last one there are only empty ones."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    @property
    def before(self) -> int:
        """The number of the nearest line above that says something."""
        return next((number for number in range(self.at[0] - 1, -1, -1) if _says_something(self.line(number))), 0)

    @property
    def first(self) -> int:
        """The number of the first line that says something."""
        return next((number for number, line in enumerate(self.lines) if _says_something(line)), 0)


def cause(failure: Failure) -> Slip | None:
    """The slip behind a failure; None where none is known."""
    for looks in _LOOKS:
        found = looks(failure)
        if found is not None:
            return found
    return None


@dataclass(frozen=True)
class Scalar:
    """A single value as libyaml read it: in which quotes (none: empty), and where it begins and ends."""

    value: str
    style: str
    begins: Place
    ends: Place


def misread(scalar: Scalar, lines: Sequence[str], key: Place | None) -> Slip | None:
    """The slip in a value that can be read, but not as it was meant: cut off, or grown over the lines below.

    `key` is the place of its key in a mapping without braces; None elsewhere.
    """
    between = lines[scalar.begins[0] + 1 : scalar.ends[0] + 1]
    if scalar.style in ("'", '"'):
        swallowed = any(line.strip() and key and _indentation(line) <= key[1] for line in between)
        return unclosed(lines, scalar.begins) if swallowed else None
    if scalar.style:
        return None
    for offset, line in enumerate(between, 1):
        if re.match(r"\s*- ", line):
            column = _indentation(line)
            message = Message(
                "the `-` goes on with the text above; begin it in the column of the `-` above, "
                "or put quotes around the text"
            )
            return scalar.begins[0] + offset, column, message
    return _cut_off(scalar, lines) or _heading(scalar, lines, key) or _odd_quotes(scalar)


def _cut_off(scalar: Scalar, lines: Sequence[str]) -> Slip | None:
    """A `#` with a blank before and none behind it: the name of a channel and no comment."""
    number, column = scalar.ends
    line = lines[number] if number < len(lines) else ""
    found = re.match(r"(\s*)(#[^\s!].*)", line[column:])
    if not found or not (found[1] or not scalar.value) or (scalar.value and not re.search(r"[^\d.]", scalar.value)):
        return None
    place = column + found.start(2)
    start = scalar.begins[1] if scalar.value and scalar.begins[0] == number else place
    message = Message("`#` begins a comment, so the text is cut off here; {advice}", advice=in_quotes(line[start:]))
    return number, place, message


def _heading(scalar: Scalar, lines: Sequence[str], key: Place | None) -> Slip | None:
    """A heading in Markdown behind a key: a comment for YAML, whether the text goes on below or not."""
    found = re.search(r":\s+(##+ )", lines[key[0]]) if key and (not scalar.value or scalar.begins[0] > key[0]) else None
    if key is None or found is None:
        return None
    message = Message(
        "`#` begins a comment, so the heading is lost; write `|` behind the colon, "
        "and the text on the lines below, two blanks further right"
    )
    return key[0], found.start(1), message


def _odd_quotes(scalar: Scalar) -> Slip | None:
    """Quotes that YAML takes for letters, around a whole text; or the hash sign of a channel that is none."""
    for plain, odd in lookalikes.QUOTES.items():
        value = scalar.value
        if len(value) > 1 and value[0] in odd and value[-1] in odd and not any(it in odd for it in value[1:-1]):
            message = Message(
                "{character} would be shown, since it is a letter for YAML; write {quoted}",
                **_called(value[0]),
                quoted=plain + value[1:-1] + plain,
            )
            return *scalar.begins, message
    if scalar.value.startswith("＃"):
        message = Message(
            "{character} is another sign than `#`; {advice}",
            **_called("＃"),
            advice=in_quotes(lookalikes.plain(scalar.value)),
        )
        return *scalar.begins, message
    return None


def quoted(text: str) -> str:
    """`text` in the quotes that need nothing inside it changed, or changed the least."""
    return "'" + text.replace("'", "''") + "'" if re.search(r'["\\]', text) else f'"{text}"'


def in_quotes(text: str) -> Message:
    """The advice to put quotes around a text, with the whole of it where it is short."""
    if len(text) > LONGEST_ADVICE:
        return Message("put quotes around the text")
    return Message("put quotes around the text: {quoted}", quoted=quoted(text.strip()))


def odd_structure(line: str) -> tuple[int, Message] | None:
    """A look-alike where YAML wants the character itself: before or behind a key, or before an item."""
    start = re.match(rf"(?:\s|[{re.escape(lookalikes.BLANKS)}]|-(?=\s))*", line)
    assert start is not None
    odd = lookalikes.find(start[0])
    if odd is not None:
        return odd, Message("{character}; write ordinary blanks", character=lookalikes.name(line[odd]))
    first = line[start.end() : start.end() + 1]
    if first == "＃":
        return start.end(), Message("{character}; write `#`", character=lookalikes.name(first))
    if first and first in lookalikes.DASHES:
        return start.end(), Message("{character}; write `-` and a blank", character=lookalikes.name(first))
    colon = re.match(r"[\w \u3000-]{1,40}?(：)", line[start.end() :])
    if colon:
        message = Message("{character}; write `:` and a blank", character=lookalikes.name("："))
        return start.end() + colon.start(1), message
    behind = re.match(rf"[\w-]+:([{re.escape(lookalikes.BLANKS)}])", line[start.end() :])
    if behind:
        message = Message("{character} behind the colon; write an ordinary blank", _called(behind[1]))
        return start.end() + behind.start(1), message
    return None


def no_blank(line: str) -> tuple[int, Message] | None:
    """A key or a dash that its value follows without a blank between."""
    dash = re.match(r"\s*-(?=[^\s\d.-])", line)
    if dash:
        return dash.end(), Message("no blank after the dash; write `- {rest}`", rest=_short(line[dash.end() :]))
    colon = re.match(r"\s*(?:- +)*([A-Za-z_][\w-]*):(?=[^\s:/])", line)
    if colon:
        values = {"key": colon[1], "rest": _short(line[colon.end() :])}
        return colon.end(), Message("no blank after the colon; write `{key}: {rest}`", values)
    return None


def _called(character: str) -> dict[str, str]:
    return {"character": lookalikes.name(character)}


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= LONGEST_ADVICE else f"{text[:LONGEST_ADVICE]}…"


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _key_column(line: str) -> int:
    """The column of the key of a line, behind the dashes before it."""
    match = re.match(r" *(?:- +)*", line)
    return match.end() if match else 0


def _first_word(line: str) -> str:
    return re.split(r"[:\s：=]", line[_key_column(line) :].strip(), maxsplit=1)[0]


def _value(line: str) -> tuple[int, str]:
    """Where the value of a line begins, behind its dashes and its key, and the value."""
    start = _key_column(line)
    key = INDICATOR.match(line, start)
    if key:
        start = key.end() + len(line[key.end() :]) - len(line[key.end() :].lstrip())
    return start, line[start:]


def _conflict(failure: Failure) -> Slip | None:
    """A marker that git writes where two changes of one place meet."""
    for number, line in enumerate(failure.lines):
        if re.match(r"(?:<{7}|>{7}|\|{7})(?: |$)|={7}$", line):
            message = Message(
                "git's mark `{mark}` of two changes to one place; keep what is right and delete the marks",
                mark=line[:7],
            )
            return number, 0, message
    return None


def _second_document(failure: Failure) -> Slip | None:
    if "another document" not in failure.words:
        return None
    return *failure.at, Message("`---` begins a second document; delete the line, or make two files of it")


def _unclosed_quote(failure: Failure) -> Slip | None:
    """A quote that is opened and not closed, whether libyaml found the end of the file or another quote."""
    if "unknown escape" in failure.words:
        values = {"escape": failure.line(failure.at[0])[failure.at[1] : failure.at[1] + 2]}
        message = Message("`{escape}` in double quotes; write `\\{escape}`, or single quotes around the text", values)
        return *failure.at, message
    if "quoted scalar" in failure.words and failure.began:
        return unclosed(failure.lines, failure.began)
    for number in range(min(failure.at[0], len(failure.lines)) - 1, -1, -1):
        start, value = _value(failure.line(number))
        following = failure.line(number + 1)
        if value[:1] in ("'", '"') and _closing(value) is None and _says_something(following):
            return (
                unclosed(failure.lines, (number, start))
                if _key_column(following) <= _key_column(failure.line(number))
                else None
            )
    return None


def unclosed(lines: Sequence[str], began: Place) -> Slip:
    """The words for the quote that begins at `began` and isn't closed on its line."""
    line = lines[began[0]]
    quote = line[began[1]]
    for column in range(began[1] + 1, len(line)):
        if line[column] in lookalikes.QUOTES[quote]:
            message = Message(
                "{character} doesn't close the text; write `{quote}`", **_called(line[column]), quote=quote
            )
            return began[0], column, message
    message = Message("the quote that begins here isn't closed; write `{quote}` at the end of the text", quote=quote)
    return *began, message


def _closing(value: str) -> int | None:
    """Where the quote closes that `value` begins with."""
    pattern = r'"(?:[^"\\]|\\.)*"' if value[0] == '"' else r"'(?:[^']|'')*'"
    match = re.match(pattern, value)
    return match.end() - 1 if match else None


def _behind_quotes(failure: Failure) -> Slip | None:
    """Words behind the closing quote of a text: an apostrophe, or quotes inside it."""
    line = failure.line(failure.at[0])
    start, value = _value(line)
    if "expected" not in failure.words or failure.at[1] <= start or value[:1] not in ("'", '"'):
        return None
    closing = _closing(value)
    if closing is None or not value[closing + 1 :].strip():
        return None
    inside = value.rstrip()
    whole = inside[1:-1] if inside[-1] == inside[0] else ""
    column = start + closing
    if not whole:
        return failure.at[0], column, Message("words behind the quote that closes the text; put them inside of it")
    if value[0] == "'":
        message = Message("an apostrophe ends a text in single quotes; write {quoted}", quoted=quoted(whole))
    else:
        message = Message("a quote inside of quotes ends the text; write {quoted}", quoted=quoted(whole))
    return failure.at[0], column, message


def _unclosed_bracket(failure: Failure) -> Slip | None:
    """A list in brackets or a mapping in braces without its end, or with another one's."""
    if "flow" not in failure.words:
        return None
    line = failure.line(failure.at[0])
    character = line[failure.at[1] : failure.at[1] + 1]
    if character == "," and "node content" in failure.words:
        return *failure.at, Message("a comma with nothing before it; delete it")
    opened = _last_open(failure)
    if opened is None:
        return None
    bracket = failure.line(opened[0])[opened[1]]
    needed = "]" if bracket == "[" else "}"
    if character and character in "]}":
        values = {"bracket": bracket, "character": character, "needed": needed}
        return *failure.at, Message("`{bracket}` is closed by `{character}` here; write `{needed}`", values)
    if opened[0] < failure.at[0]:
        values = {"bracket": bracket, "needed": needed}
        message = Message(
            "the `{bracket}` that begins here isn't closed; write `{needed}` at its end, "
            "or put quotes around a text that begins with `{bracket}`",
            values,
        )
        return *opened, message
    return *failure.at, Message("between brackets, put a comma between two items, and quotes around a text with one")


def _last_open(failure: Failure) -> Place | None:
    """The last bracket or brace before the failure that is still open there."""
    opened: list[Place] = []
    for number in range(min(failure.at[0] + 1, len(failure.lines))):
        line = failure.line(number)
        bare = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?<=\s)#.*", lambda match: "_" * len(match[0]), line)
        for column, character in enumerate(bare):
            if number == failure.at[0] and column >= failure.at[1]:
                break
            if character in "[{" and (opened or re.search(r"(?:^|[:\-,]\s)\s*$", bare[:column])):
                opened.append((number, column))
            elif character in "]}" and opened:
                opened.pop()
    return opened[-1] if opened else None


def _beginning(failure: Failure) -> Slip | None:
    """A text that begins with a character that YAML keeps for itself."""
    signs = ("start any token", "an alias", "an anchor", "a tag", "mapping keys", "directive")
    block = "block scalar" in failure.words and "comment or line break" in failure.words
    if block or any(sign in failure.words for sign in signs):
        number, column = failure.began if failure.began and "start any token" not in failure.words else failure.at
    elif "expected key" in failure.words or "'-' indicator" in failure.words:
        number = failure.at[0]  # the text ended with the bracket that it begins with
        column, value = _value(failure.line(number))
        if failure.at[1] <= column or value[:1] not in ("[", "{"):
            return None
    else:
        return None
    text = failure.line(number)[column:]
    if not text.strip():
        return None
    values = {"character": "a backtick" if text[0] == "`" else f"`{text[0]}`", "advice": in_quotes(text)}
    if block:
        message = Message(
            "{character} has text behind it; {advice} – or leave {character} alone there, "
            "and write the text on the lines below, two blanks further right",
            values,
        )
    else:
        message = Message("a text can't begin with {character}; {advice}", values)
    return number, column, message


def _list_behind_key(failure: Failure) -> Slip | None:
    if "block sequence entries" not in failure.words:
        return None
    message = Message("a `-` behind a key; begin the list on the next line, or put quotes around a text")
    return *failure.at, message


def _second_colon(failure: Failure) -> Slip | None:
    """A colon and a blank inside a text without quotes."""
    if "mapping values" not in failure.words:
        return None
    line = failure.line(failure.at[0])
    start, value = _value(line)
    key = _key_column(line)
    if start > failure.at[1] or start == key:
        return None
    is_words = line[:key].strip() and not re.match(r"[a-z_]+:", line[key:])
    values = {"advice": in_quotes(line[key:] if is_words else value)}
    return *failure.at, Message("a second colon with a blank behind it; {advice}", values)


def _in_block(failure: Failure) -> Slip | None:
    """A line of a text of several lines that begins further left than the first of them."""
    line = failure.line(failure.at[0] if _says_something(failure.line(failure.at[0])) else failure.before)
    number = failure.at[0] if line is failure.line(failure.at[0]) else failure.before
    if "expected ':'" in failure.words and failure.began:
        number, line = failure.began[0], failure.line(failure.began[0])
    inside = None
    for above in range(number - 1, -1, -1):
        text = failure.line(above)
        if BLOCK.search(text):
            inside = above
            break
        if text.strip() and _indentation(text) < _indentation(line):
            return None
    if inside is None or _indentation(line) < _indentation(failure.line(inside)):
        return None
    first = next((it for it in failure.lines[inside + 1 : number] if it.strip()), "")
    if INDICATOR.match(line, _key_column(line)) and _indentation(line) == _indentation(failure.line(inside)):
        return None
    column = _indentation(first) if first else _indentation(failure.line(inside)) + 2
    key = _indentation(failure.line(inside))
    mark = re.search(r"[|>](?=[0-9+-]*\s*(?:#.*)?$)", failure.line(inside))
    values = {"mark": mark[0] if mark else "|", "first": inside + 1, "column": column + 1, "key": key + 1}
    words = "the text that `{mark}` on line {first} begins stands in column {column}; begin this line there"
    if _indentation(line) > key:
        words += ", or in column {key} if it is no part of the text"
    message = Message(words, values)
    return number, _indentation(line), message


def _characters(failure: Failure) -> Slip | None:
    """A look-alike, or a missing blank, in the line where libyaml stopped, where it began, or in the one above."""
    numbers = [failure.at[0], failure.before]
    if failure.began and "expected ':'" in failure.words:
        numbers.insert(0, failure.began[0])
    if "document start" in failure.words:
        numbers.insert(0, failure.first)
    for number in numbers:
        for look in (odd_structure, no_blank, _other_sign):
            found = look(failure.line(number))
            if found is not None:
                return number, *found
    return None


def _other_sign(line: str) -> tuple[int, Message] | None:
    """What other languages write: `=` for a colon, `//` before a comment, quotes around a whole line."""
    comment = re.match(r"\s*(//|/\*|--(?!-)|;)", line)
    if comment:
        return comment.start(1), Message("`{sign}` begins no comment; write `#`", sign=comment[1])
    equals = re.match(r"\s*(?:- +)?([A-Za-z_][\w-]*)\s*(=)\s*(.*)", line)
    if equals and not INDICATOR.match(line, _key_column(line)):
        values = {"key": equals[1], "rest": _short(equals[3])}
        return equals.start(2), Message("`=` in place of a colon; write `{key}: {rest}`", values)
    whole = re.match(r"\s*(?:- +)?(['\"])([A-Za-z_][\w-]*): *([^'\"]*)\1\s*$", line)
    if whole:
        values = {"key": whole[2], "quoted": quoted(whole[3])}
        message = Message("quotes around the whole line; put them around the text alone: {key}: {quoted}", values)
        return whole.start(1), message
    bar = re.match(r"\s*(?:- +)*[\w-]+:\s+[^\s'\"|>].*\s([|>])\s*$", line)
    if bar:
        message = Message(
            "`{sign}` behind a text; write it alone behind the colon, and the text on the lines below", sign=bar[1]
        )
        return bar.start(1), message
    return None


def _missing_colon(failure: Failure) -> Slip | None:
    """A line without a colon where a key has to be."""
    if "expected ':'" in failure.words and failure.began:
        number = failure.began[0]
    elif "mapping values" in failure.words:
        number = failure.before
    else:
        return None
    line = failure.line(number)
    word = _first_word(line)
    if "mapping values" in failure.words and _goes_on(failure, number):
        message = Message("a colon with a blank behind it in a text of several lines; put quotes around the whole text")
        return *failure.at, message
    if not word or INDICATOR.match(line, _key_column(line)):
        return None
    column = _key_column(line) + len(word)
    rest = line[column:].strip()
    values = {"word": word, "rest": _short(rest)}
    message = Message("no colon after `{word}`; write `{word}: {rest}`", values)
    return number, column, message if rest else Message("no colon after `{word}`; write `{word}:` and a value", values)


def _goes_on(failure: Failure, number: int) -> bool:
    """Whether a line goes on with a text that begins behind a key or a dash above it."""
    for above in range(number - 1, -1, -1):
        line = failure.line(above)
        if _says_something(line) and _indentation(line) < _indentation(failure.line(number)):
            start, value = _value(line)
            return start > _indentation(line) and bool(value.strip())
    return False


def _indented(failure: Failure) -> Slip | None:
    """A line that begins in a column where nothing above it does."""
    number = failure.at[0]
    line = failure.line(number)
    if "document start" in failure.words:
        if _indentation(failure.line(failure.first)):
            return failure.first, 0, Message("blanks before the first key; begin it in column 1")
        return None
    column = _indentation(line)
    is_item = line[column : column + 2] in ("-", "- ")
    is_deeper = "mapping values" in failure.words and column > _key_column(failure.line(failure.before))
    if not is_deeper and not (
        ("expected key" in failure.words or "indicator" in failure.words) and failure.at[1] == column
    ):
        return None
    columns = _open_columns(failure, number, is_item)
    if not columns:
        return None
    best = max(columns, key=lambda it: (-abs(it - column), it))
    values = {
        "word": "-" if is_item else _first_word(line),
        "column": column + 1,
        "best": best + 1,
        "above": columns[best] + 1,
        "other": "-" if is_item else _first_word(failure.line(columns[best])),
    }
    if is_deeper and not is_item and _key_column(line) == column:
        message = Message(
            "`{word}` stands further right than `{other}` on line {above}; begin it in column {best} too", values
        )
    else:
        message = Message(
            "`{word}` begins in column {column}, where nothing above it does; "
            "begin it in column {best}, like `{other}` on line {above}",
            values,
        )
    return number, column, message


def _open_columns(failure: Failure, number: int, is_item: bool) -> dict[int, int]:
    """The columns in which a line may go on with what is open above it, each with the number of a line there."""
    columns: dict[int, int] = {}
    least = 10_000
    for above in range(number - 1, -1, -1):
        line = failure.line(above)
        if not _says_something(line):
            continue
        dash, key = _indentation(line), _key_column(line)
        has_dash = dash != key
        if key < least and INDICATOR.match(line, key) and not is_item:
            columns.setdefault(key, above)
        if has_dash and dash < least and is_item:
            columns.setdefault(dash, above)
        least = min(least, dash + 1 if has_dash else dash)
        if least <= 0:
            break
    return columns


_LOOKS: tuple[Callable[[Failure], Slip | None], ...] = (
    _conflict,
    _second_document,
    _unclosed_quote,
    _behind_quotes,
    _unclosed_bracket,
    _beginning,
    _list_behind_key,
    _second_colon,
    _in_block,
    _characters,
    _missing_colon,
    _indented,
)
"""Where a slip is looked for, the surest first."""

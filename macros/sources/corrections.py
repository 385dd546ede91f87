"""What to write in place of a value that its key doesn't allow, where that can be told from the value."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from macros.sources import lookalikes, near_names
from macros.sources.slips import LONGEST_ADVICE, STRUCTURE, LineSlip, first_of, in_quotes, quoted
from macros.text.problems import Message

LANGUAGE_NAMES = {
    "en": ("english", "eng", "en-us", "en-gb", "en_us", "英語"),
    "ja": ("japanese", "jp", "jpn", "jap", "ja-jp", "ja_jp", "日本語", "nihongo"),
}
"""What people write for a language in place of its code."""


def _first(slips: Iterable[LineSlip], text: str) -> Message | None:
    found = first_of(slips, text)
    return found[1] if found is not None else None


def of_text_key(name: str, value: Any) -> Message | None:
    """What to write instead of a key among those of languages: the language's own, or quotes around it all."""
    code = language(name)
    if code is not None:
        return Message("did you mean `{name}`?", name=code)
    return None if re.fullmatch(r"[a-z_]{1,4}", name) else _in_one_text(name, value)


def language(name: str) -> str | None:
    """The code of a language that is called otherwise."""
    return next((code for code, names in LANGUAGE_NAMES.items() if name.lower() in names), None)


def _in_one_text(name: Any, value: Any) -> Message | None:
    if not isinstance(value, (str, int, float)):
        return None
    return Message("a colon followed by a space makes a key; {advice}", advice=in_quotes(f"{name}: {value}"))


def _day(given: Any, key: str) -> Message | None:
    form = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?"
    found = re.fullmatch(form, lookalikes.plain(str(given)))
    if found:
        with suppress(ValueError):
            return Message("write {day}", day=date(*map(int, found.groups())))
        return Message("write one that the calendar has")
    return Message("write the year, the month and the day in digits, as in 2026-04-17")


def _fraction(given: Any, key: str) -> Message | None:
    if not isinstance(given, (int, float)) or not 1 < given < 100:
        return None
    return Message("write {fraction} for {given} %", fraction=_as_fraction(str(given)), given=given)


def _as_fraction(percent: str) -> str:
    return format((Decimal(percent) / 100).normalize(), "f")


_NUMBERS = (
    LineSlip(r"(?P<whole>\d+),(?P<part>\d+)\Z", "write {whole}.{part}, with a point"),
    LineSlip(r"(?P<number>-?\d+(?:\.\d+)?\s*)\Z", "write {number} without quotes"),
    LineSlip(r"(?P<number>-?\d+(?:\.\d+)?)\s*(?P<unit>\D+)\Z", "write {number}, without `{unit}`"),
)


def _number(given: Any, key: str) -> Message | None:
    if not isinstance(given, str):
        return None
    percent = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", given)
    if percent and key == "target" and 0 < Decimal(percent[1]) < 100:
        return Message("write {fraction} for {given}", fraction=_as_fraction(percent[1]), given=given)
    return lookalikes.hint(given) or _first(_NUMBERS, given)


def _list(given: Any, key: str) -> Message | None:
    if isinstance(given, dict):
        return Message("write `- ` before its first line, and indent the others by two more spaces")
    if not isinstance(given, str):
        return None
    odd = _first(STRUCTURE, given)
    if odd is not None:
        return odd
    if given[:1] == "［":
        return Message("{character}; write `[` and `]` around the items", character=lookalikes.name(given[0]))
    if "\n" in given or len(given) > LONGEST_ADVICE:
        return Message("write `- ` before each item, on a line of its own")
    items = [item.strip() for item in re.split(r"[,、，]", given)]
    written = (item if re.fullmatch(r"[\w][\w ./-]*", item) else quoted(item) for item in items)
    return Message("write `{key}: [{items}]`", key=key, items=", ".join(written))


def _mapping(given: Any, key: str) -> Message | None:
    if isinstance(given, list):
        return Message("write its lines without `- `") if all(isinstance(item, dict) for item in given) else None
    return _first(STRUCTURE, given) if isinstance(given, str) else None


def _text(given: Any, key: str) -> Message | None:
    if isinstance(given, (int, float)):
        return Message('put quotes around it: "{given}"', given=str(given).lower()[:LONGEST_ADVICE])
    if isinstance(given, list):
        return Message("write it after the colon, without `[`, `]` and `- `")
    if isinstance(given, dict) and given.keys() <= LANGUAGE_NAMES.keys():
        return Message("write it after the colon, for both languages")
    return _in_one_text(*next(iter(given.items()))) if isinstance(given, dict) and len(given) == 1 else None


_ADDRESSES = (
    LineSlip(r".*?[(<](?P<address>(?:https?://|mailto:)[^\s)>]+)[)>]", "write only the address: {address}"),
    LineSlip(r"(?P<address>(?:[\w-]+\.)+[a-z]{2,}(?:[/:?#]\S*)?)\Z", "write it in full: https://{address}"),
    LineSlip(r"(?P<address>https?://\S+ +\S.*)", "write %20 for a space: {address}"),
)


def _id(given: Any, key: str) -> Message | None:
    id = near_names.as_id(str(given))
    return Message("write `{id}`", id=id[:LONGEST_ADVICE]) if id else None


LOOKS: dict[str, Callable[[Any, str], Message | None]] = {
    "day": _day,
    "less_than": _fraction,
    "greater_than": _fraction,
    "int_type": _number,
    "float_type": _number,
    "tuple_type": _list,
    "model_type": _mapping,
    "string_type": _text,
    "text_type": _text,
    "link_address": lambda given, key: _first(_ADDRESSES, str(given)),
    "string_pattern_mismatch": _id,
}
"""What says how to write a value under its key, where that can be told, by the type of pydantic's error."""

"""What can be an id, and what was meant by a name that isn't known."""

import difflib
import re
from collections.abc import Callable, Collection, Iterable

from macros.model.values import ID_PATTERN, MOST_ID_CHARACTERS
from macros.sources import lookalikes
from macros.text.problems import N_, Message


def is_id(name: str) -> bool:
    """Whether a name can be an id."""
    return re.fullmatch(ID_PATTERN, name) is not None and len(name) <= MOST_ID_CHARACTERS


def as_id(name: str, plain: Callable[[str], str] = lookalikes.plain, separator: str = r"[\s_.-]") -> str:
    """A name as an id would be written: `Payments API` → `payments-api`. Empty where nothing of it can be in one.

    `plain` says which letters those of the name stand for; `separator` is the pattern of a character that may stand
    between the words. Where there is another one, nothing can be in an id.
    """
    words = plain(name).lower()
    return "-".join(re.findall(r"[a-z0-9]+", words)) if re.fullmatch(rf"(?:[a-z0-9]|{separator})+", words) else ""


def near_or_known(given: str, known: Collection[str]) -> Message:
    """What was meant by an id, or else all that there are."""
    if not known:
        return Message("there is none yet: add one, or delete the line")
    return near(given, known) or Message("it has {known}", known=", ".join(known))


def near(name: str, known: Iterable[str]) -> Message | None:
    """ "Did you mean …?" with the known name that is nearest, or None where none is near."""
    names = list(known)
    matches = difflib.get_close_matches(name, names, n=1) or [id for id in names if id == as_id(name)]
    return Message(N_("did you mean `{name}`?"), name=matches[0]) if matches else None


def unknown_key(name: str, known: Collection[str], hint: Message | None = None) -> Message:
    """What to say of a key that isn't `known` where it stands: the hint, the nearest one, or all."""
    hint = hint or near(name, known) or Message("the keys here are {keys}", keys=", ".join(known))
    return with_hint(Message("`{key}` is not a key here", key=name), hint)


def with_hint(message: Message, hint: Message | None) -> Message:
    """The message, with the hint behind it where there is one."""
    if hint is None:
        return message
    return Message(N_("{message}; {hint}"), message=message, hint=hint)

"""What can be an id or a name, and what was meant by a name that isn't known."""

import difflib
import re
from collections.abc import Callable, Collection, Iterable

from macros.model.values import ID_PATTERN, MOST_ID_CHARACTERS
from macros.sources import lookalikes
from macros.text.problems import N_, Message


def is_id(name: str) -> bool:
    """Whether a name can be an id."""
    return re.fullmatch(ID_PATTERN, name) is not None and len(name) <= MOST_ID_CHARACTERS


ID_WORDS = "lower-case letters, digits and single hyphens"


def id_fault(given: str) -> str:
    """Why a text can't be an id; empty where it can."""
    return "" if is_id(given) else f"`{given}` can't be an id; use at most {MOST_ID_CHARACTERS} {ID_WORDS}"


def line_fault(given: str) -> str:
    """Why a text can't be a name; empty where it can."""
    return "" if given.strip() and given.isprintable() else "write it on one line, in visible characters"


def as_id(name: str, plain: Callable[[str], str] = lookalikes.plain, separator: str = r"[\s_.-]") -> str:
    """A name as an id would be written: `Payments API` → `payments-api`. Empty where nothing of it can be in one.

    `plain` says which letters those of the name stand for; `separator` is the pattern of a character that may stand
    between the words. Where there is another one, nothing can be in an id.
    """
    words = plain(name).lower()
    return "-".join(re.findall(r"[a-z0-9]+", words)) if re.fullmatch(rf"(?:[a-z0-9]|{separator})+", words) else ""


def hump_apart(name: str) -> str:
    """`ZukuraUploadErrors` as `Zukura Upload Errors`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)


def unknown(what: str, given: str, known: Collection[str]) -> str:
    """That there is no such thing, and which is meant, or all that there are."""
    hint = near(given, known) or f"there {'is' if len(known) == 1 else 'are'} {', '.join(known) or 'none'}"
    return f"there is no {what} `{given}`; {hint}"


def near_or_known(given: str, known: Collection[str]) -> Message:
    """What was meant by an id, or else all that there are."""
    if not known:
        return Message("there is none yet: add one, or delete the line")
    return near(given, known) or Message("it has {known}", known=", ".join(known))


def near(name: str, known: Iterable[str], alike: float = 0.6) -> Message | None:
    """ "Did you mean …?" with the known name that is nearest, or None where none is near, or so much `alike` of 1."""
    names = list(known)
    matches = difflib.get_close_matches(name, names, n=1, cutoff=alike) or [id for id in names if id == as_id(name)]
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

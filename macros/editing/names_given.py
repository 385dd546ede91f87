"""What is wrong with an id or a name that somebody gives, in words for the command line."""

from collections.abc import Collection

from macros.sources import near_names

ID_WORDS = "lower-case letters, digits and single hyphens"


def id_fault(given: str) -> str:
    """Why a text can't be an id; empty where it can."""
    return "" if near_names.is_id(given) else f"`{given}` can't be an id; use {ID_WORDS}"


def line_fault(given: str) -> str:
    """Why a text can't be a name; empty where it can."""
    return "" if given.strip() and given.isprintable() else "write it on one line, in visible characters"


def unknown(what: str, given: str, known: Collection[str]) -> str:
    """That there is no such thing, and which is meant, or all that there are."""
    hint = near_names.near(given, known) or f"there {'is' if len(known) == 1 else 'are'} {', '.join(known) or 'none'}"
    return f"there is no {what} `{given}`; {hint}"

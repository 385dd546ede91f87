"""What is wrong with an id or a name that somebody gives: words for the command line, empty where it is right."""

from __future__ import annotations

from macros.sources import near_names

ID_WORDS = "lower-case letters, digits and single hyphens"


def id_fault(given: str) -> str:
    """Why a text can't be an id."""
    return "" if near_names.is_id(given) else f"`{given}` can't be an id; use {ID_WORDS}"


def line_fault(given: str) -> str:
    """Why a text can't be a name."""
    return "" if given.strip() and given.isprintable() else "write it on one line, in letters that can be seen"

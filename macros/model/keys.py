"""The keys of a shape, each described for readers and editors; `limits` are those of pydantic's `Field`."""

from __future__ import annotations

from typing import Any

from pydantic import Field


def required(description: str, *examples: Any, **limits: Any) -> Any:
    """A key that must be there."""
    return Field(description=description, examples=[*examples] or None, **limits)


def optional(description: str, *examples: Any, default: Any = None, **limits: Any) -> Any:
    """A key that may be left out, and what it is then."""
    return Field(default, description=description, examples=[*examples] or None, **limits)


def several(description: str, *examples: Any) -> Any:
    """A list that may be left out, and is empty then."""
    return optional(description, *examples, default=())

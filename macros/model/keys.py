"""The keys of a shape: each described for readers and editors, and what they must hold, alone and together."""

from __future__ import annotations

import re
from typing import Any

from pydantic import AfterValidator, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError


def required(description: str, *examples: Any, **limits: Any) -> Any:
    """A key that must be there; `limits` are those of pydantic's `Field`."""
    return Field(description=description, examples=[*examples] or None, **limits)


def optional(description: str, *examples: Any, default: Any = None, **limits: Any) -> Any:
    """A key that may be left out, and what it is then."""
    return Field(default, description=description, examples=[*examples] or None, **limits)


def several(description: str, *examples: Any) -> Any:
    """A list that may be left out, and is empty then."""
    return optional(description, *examples, default=())


def matching(pattern: str, fault: str) -> AfterValidator:
    """What checks a text against a pattern; `fault` is the type of the error."""

    def checked(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise PydanticCustomError(fault, fault)
        return value

    return AfterValidator(checked)


def so_many(fault: str, *keys: str, least: int = 1, most: int = 1) -> Any:
    """What checks how many of these fields of a shape are there; `fault` is the type of the error."""

    def checked(shape: BaseModel) -> BaseModel:
        if not least <= sum(getattr(shape, key) is not None for key in keys) <= most:
            raise PydanticCustomError(fault, fault)
        return shape

    return model_validator(mode="after")(checked)

"""The keys of a shape: each described for readers and editors, and what they must hold, alone and together."""

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


BROKEN_RULE = "broken_rule"
"""The type of an error that says itself what is wrong."""


def broken(words: str, **values: Any) -> PydanticCustomError:
    """That a value breaks a rule: the words may have gaps for its `{key}`, for what is `{given}` and for `values`."""
    return PydanticCustomError(BROKEN_RULE, words, values)


def matching(pattern: str, words: str) -> AfterValidator:
    """What checks a text against a pattern; `words` say what is wrong with any other."""

    def checked(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise broken(words)
        return value

    return AfterValidator(checked)


def so_many(words: str, *keys: str, least: int = 1, most: int = 1) -> Any:
    """What checks how many of these fields of a shape are there; `words` say what is wrong with any other number."""

    def checked(shape: BaseModel) -> BaseModel:
        if not least <= sum(getattr(shape, key) is not None for key in keys) <= most:
            raise broken(words)
        return shape

    return model_validator(mode="after")(checked)

"""Numbers and days, and how large they may be; lists that are not empty."""

import re
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, Strict
from pydantic_core import PydanticCustomError

from macros.model.keys import broken

LARGEST_NUMBER = 100_000  # of minutes, days, pages or people: so many days from now, there is still a date
LARGEST_QUANTITY = 10**12  # of what is measured, and of events
FIRST_YEAR, LAST_YEAR = 1900, 2199


def _iso_day(value: Any) -> Any:
    try:
        found = date.fromisoformat(value if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else "")
    except (TypeError, ValueError):
        raise PydanticCustomError("day", "not a day") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise broken(f"`{{given}}` is not in the years {FIRST_YEAR} to {LAST_YEAR}; write another day")
    return found


def _iso_month_or_day(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value):
        _iso_day(f"{value}-01")
        return value
    return _iso_day(value).isoformat()


Number = Annotated[int, Strict(), Field(ge=0, le=LARGEST_NUMBER)]
Positive = Annotated[Number, Field(ge=1)]
Percent = Annotated[Number, Field(ge=1, le=100)]
Quantity = Annotated[float, Strict(), Field(ge=-LARGEST_QUANTITY, le=LARGEST_QUANTITY, allow_inf_nan=False)]
Count = Annotated[int, Strict(), Field(ge=1, le=LARGEST_QUANTITY)]
"""Of events: there are more of them than a `Number` takes."""

Day = Annotated[date, BeforeValidator(_iso_day, json_schema_input_type=str)]
SINCE = BeforeValidator(_iso_month_or_day, json_schema_input_type=str)
Since = Annotated[str, SINCE]
"""A month or a day, as `2026-04` or `2026-04-17`."""

AnyItem = TypeVar("AnyItem")
OneOrMore = Annotated[tuple[AnyItem, ...], Field(min_length=1)]

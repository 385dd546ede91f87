"""What the form for a journey checks: of the model, so that the two can't disagree."""

import json

from macros.model.journeys import SELECTOR_PATTERN, Journey, JourneyStep, Period, PolicyStep, Sli, Slo
from macros.model.values import ADDRESS_PATTERN, ID_PATTERN, Shape, file_fields

_SHAPES: dict[str, type[Shape]] = {"": Journey, "steps": JourneyStep, "slis": Sli, "slos": Slo}

REQUIRED = {
    part: [key for key, (_, info) in file_fields(shape).items() if info.is_required() and info.annotation is not Period]
    for part, shape in _SHAPES.items()
}
"""The fields that must be filled in, by the list that they stand in. A period has fields of its own."""


def written() -> str:
    """What the script checks, as JSON."""
    patterns = {"id": ID_PATTERN, "selector": SELECTOR_PATTERN, "address": ADDRESS_PATTERN}
    most = {"days": _most(Period, "days"), "percent": _most(PolicyStep, "spent_percent")}
    return json.dumps({"required": REQUIRED, "patterns": patterns, "most": most})


def _most(shape: type[Shape], key: str) -> int:
    said = shape.model_json_schema()["properties"][key]
    return next(int(number["maximum"]) for number in (said, *said.get("anyOf", ())) if "maximum" in number)

"""What the form for a journey checks while it is filled in: of the model, so that the two can't disagree."""

from __future__ import annotations

import json

from macros.model.journeys import MOST_PERIOD_DAYS, SELECTOR_PATTERN, Journey, JourneyStep, Period, Sli, Slo
from macros.model.values import ADDRESS_PATTERN, FROM_PATH, ID_PATTERN, Shape

_SHAPES: dict[str, type[Shape]] = {"": Journey, "steps": JourneyStep, "slis": Sli, "slos": Slo}

REQUIRED = {
    part: [
        name
        for name, field in shape.model_fields.items()
        if field.is_required() and field.annotation is not Period and not (shape is Journey and name in FROM_PATH)
    ]
    for part, shape in _SHAPES.items()
}
"""The fields that must be filled in, by the list that they stand in. A period has fields of its own."""


def written() -> str:
    """What the script checks, as JSON."""
    patterns = {"id": ID_PATTERN, "selector": SELECTOR_PATTERN, "address": ADDRESS_PATTERN}
    return json.dumps({"required": REQUIRED, "patterns": patterns, "days": MOST_PERIOD_DAYS})

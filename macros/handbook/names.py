"""Names that leave the handbook: of alerts, recording rules, labels and objects. /slos/exports/ documents them.

Dashboards, silences and playbooks hold on to these names: changing one breaks what others have built.
"""

import hashlib
from datetime import timedelta

from macros.handbook import slo
from macros.handbook.graph import Handbook
from macros.model.journeys import Journey, Slo
from macros.model.organisation import Service

MOST_CHARACTERS = 63
"""Of an object's name, by RFC 1123, and of the name that it is shown by."""


def camel(id: str) -> str:
    """An id as a part of an alert's name: `upload-drawing` → `UploadDrawing`."""
    return "".join(part.capitalize() for part in id.split("-"))


def alert_name(journey: Journey, objective: Slo, *, pages: bool) -> str:
    """The name of the alert on the budget of an SLO: `UploadDrawingLatencyBudgetBurn`.

    The slow alert, which opens a ticket, ends in `Slowly`.
    """
    return f"{camel(journey.id)}{camel(objective.id)}BudgetBurn{'' if pages else 'Slowly'}"


def no_data_alert(journey: Journey, objective: Slo) -> str:
    """The name of the alert that the data of an SLO is gone: `UploadDrawingLatencyNoData`."""
    return f"{camel(journey.id)}{camel(objective.id)}NoData"


def group(journey: Journey, objective: Slo) -> str:
    """The name of the rule group of an SLO: `slo/upload-drawing/latency`."""
    return f"slo/{journey.id}/{objective.id}"


BAD_MINUTE = "slo:bad:minute"
"""The series of an SLO on a gauge: 1 in a minute that is bad, 0 in a good one."""


def error_ratio(window: timedelta) -> str:
    """The series of the fraction of bad events over a window: `slo:error:ratio_1h`."""
    return f"slo:error:ratio_{slo.duration(window)}"


def events(window: timedelta) -> str:
    """The series of the number of valid events in a window: `slo:events:increase_1h`."""
    return f"slo:events:increase_{slo.duration(window)}"


def service_of(handbook: Handbook, journey: Journey, objective: Slo) -> Service | None:
    """The service whose metrics an SLO is about: what its SLI names, else the first that the journey crosses."""
    sli = journey.sli_of(objective)
    if sli is not None and sli.service:
        return handbook.service(sli.service)
    return next(iter(handbook.services_on(journey)), None)


def labels(handbook: Handbook, journey: Journey, objective: Slo) -> dict[str, str]:
    """The labels of every rule of an SLO: `team`, `service` (where there is one), `journey`, `slo`."""
    service = service_of(handbook, journey, objective)
    found = {"service": service.id} if service else {}
    return {"team": journey.team, **found, "journey": journey.id, "slo": objective.id}


def object_name(*parts: str) -> str:
    """The parts as a name of at most 63 characters; a longer one ends in eight digits of its own instead.

    Two hyphens stand between them: an id has single ones only, so that no two lists of parts give one name.
    """
    name = "--".join(parts)
    if len(name) <= MOST_CHARACTERS:
        return name
    return f"{name[: MOST_CHARACTERS - 9].rstrip('-')}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def percent(fraction: float) -> str:
    """A fraction as a percentage, with as many digits as it has: 0.9995 → `99.95 %`."""
    return f"{fraction * 100:.10g} %"

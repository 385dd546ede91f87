"""Critical user journeys, what is measured of them, and what is promised."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Strict, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from macros.model.references import ServiceRef
from macros.model.values import Choice, Count, Day, Entity, Id, Number, Percent, Quantity, Shape, Text, Url, too_long

Grade = Annotated[Number, Field(ge=1, le=3)]
Target = Annotated[float, Strict(), Field(gt=0, lt=1)]
MOST_SELECTOR_CHARACTERS = 1000
MOST_PERIOD_DAYS = 366

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_ESCAPE = r"\\(?:[abfnrtv\\'\"]|[0-7]{3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})"
_STRING = rf"""(?:"(?:[^"\\\n]|{_ESCAPE})*"|'(?:[^'\\\n]|{_ESCAPE})*')"""
_MATCHER = rf"[a-zA-Z_][a-zA-Z0-9_]*\s*(?:=~|!~|!=|=)\s*{_STRING}"
_MATCHERS = rf"\{{\s*(?:{_MATCHER}\s*(?:,\s*{_MATCHER}\s*)*,?\s*)?\}}"
SELECTOR_PATTERN = rf"^{_NAME}\s*(?:{_MATCHERS})?$"


class Selector(str):
    """An instant vector selector of Prometheus: a metric's name, with matchers of labels in braces.

    No function and no range: the export puts each window around it (prometheus.io/docs, "Querying basics").
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls._checked, core_schema.str_schema())

    @classmethod
    def _checked(cls, value: str) -> Selector:
        if len(value) > MOST_SELECTOR_CHARACTERS:
            raise too_long(MOST_SELECTOR_CHARACTERS)
        if not re.fullmatch(SELECTOR_PATTERN, value.strip()) or not all(map(_is_pattern, _patterns(value))):
            raise PydanticCustomError("selector", "not a selector")
        return cls(value.strip())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "title": "A metric's name, with matchers in braces"}


def _patterns(selector: str) -> list[str]:
    """The regular expressions of a selector, without their quotes."""
    return [found[1:-1].replace("\\\\", "\\") for found in re.findall(rf"[=!]~\s*({_STRING})", selector)]


def _is_pattern(pattern: str) -> bool:
    """Whether a regular expression can be read. Python's differ from Prometheus' in little that labels need."""
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


class SliType(Choice):
    """What an SLI measures: the menu to choose from."""

    AVAILABILITY = "availability"
    LATENCY = "latency"
    QUALITY = "quality"
    FRESHNESS = "freshness"
    CORRECTNESS = "correctness"
    COVERAGE = "coverage"
    DURABILITY = "durability"
    THROUGHPUT = "throughput"


class FailurePoint(Shape):
    """A way in which a step fails, and what the user sees then."""

    what: Text = Field(description="What goes wrong.", examples=["The queue is full"])
    user_sees: Text | None = Field(None, description="What the user sees.", examples=["A spinner that never ends"])


class JourneyStep(Shape):
    """One step of a journey: what the user does, what serves it, and how it fails."""

    what: Text = Field(description="What the user does, or what happens for them.", examples=["Chooses a file"])
    service: ServiceRef | None = Field(None, description="The service that serves it.", examples=["payments-api"])
    component: Text | None = Field(
        None, description="The part of it, or what serves the step where it is no service of ours.", examples=["CDN"]
    )
    failure_points: tuple[FailurePoint, ...] = Field((), description="How it fails.")


class Ranking(Shape):
    """How critical a journey is: three grades from 1 to 3, multiplied."""

    impact: Grade = Field(description="What a failure costs the user: 1 a detour, 2 the task, 3 the day.", examples=[3])
    frequency: Grade = Field(description="How often it is taken: 1 monthly, 2 weekly, 3 daily.", examples=[3])
    visibility: Grade = Field(description="Who notices: 1 the user, 2 their colleagues, 3 customers.", examples=[2])

    @property
    def score(self) -> int:
        """The product of the three, 1 to 27."""
        return self.impact * self.frequency * self.visibility


class EventQuery(Shape):
    """Two counters of Prometheus: good events and all valid ones."""

    good: Selector = Field(description="The counter of good events.", examples=['uploads_total{result="stored"}'])
    total: Selector = Field(description="The counter of all valid events.", examples=["uploads_total"])


class ThresholdQuery(Shape):
    """A gauge of Prometheus and its limit: the SLI is the fraction of time in which it holds."""

    metric: Selector = Field(description="The gauge.", examples=["index_age_seconds"])
    at_most: Quantity | None = Field(None, description="It is good up to this value.", examples=[900])
    at_least: Quantity | None = Field(None, description="It is good from this value on.")

    @model_validator(mode="after")
    def _one_limit(self) -> ThresholdQuery:
        if (self.at_most is None) == (self.at_least is None):
            raise PydanticCustomError("one_limit", "not one limit")
        return self


class OtherQuery(Shape):
    """A query of another monitoring system, as text. It is shown and exported, and makes no Prometheus rules."""

    system: str = Field(description="The monitoring system.", examples=["Datadog"])
    query: str = Field(description="The query.", examples=["sum:uploads.ok{*} / sum:uploads.all{*}"])


class Sli(Shape):
    """A service level indicator: which events count, which of them are good, and where that is seen."""

    id: Id = Field(description="A short id, unique in the file; SLOs name it.", examples=["upload-success"])
    type: SliType = Field(description="What it measures.", examples=["availability"])
    valid: Text = Field(description="Which events count.", examples=["Uploads that a user started"])
    good: Text = Field(description="Which of them are good.", examples=["File stored and job queued within 30 s"])
    measured: Text = Field(description="Where it is measured.", examples=["Payment counter in payments-api"])
    blind_to: Text | None = Field(
        None, description="What that place does not see.", examples=["Uploads that never reach the server"]
    )
    service: ServiceRef | None = Field(
        None, description="The service whose metrics these are; absent: the first that the journey crosses."
    )
    events: EventQuery | None = Field(None, description="Prometheus counters: good and total.")
    threshold: ThresholdQuery | None = Field(None, description="A Prometheus gauge with its limit.")
    other: OtherQuery | None = Field(None, description="A query of another monitoring system.")

    @model_validator(mode="after")
    def _one_query(self) -> Sli:
        if sum(query is not None for query in (self.events, self.threshold, self.other)) > 1:
            raise PydanticCustomError("one_query", "more than one query")
        return self

    @property
    def in_prometheus(self) -> bool:
        """Whether Prometheus rules can be made of it."""
        return self.events is not None or self.threshold is not None


class Period(Shape):
    """What a target is measured over: a rolling window of days, or each calendar month."""

    days: Annotated[Number, Field(ge=1, le=MOST_PERIOD_DAYS)] | None = Field(
        None, description="The days of a rolling window.", examples=[28]
    )
    calendar: Literal["month"] | None = Field(None, description="A calendar month, which counts its own days.")

    @model_validator(mode="after")
    def _one(self) -> Period:
        if (self.days is None) == (self.calendar is None):
            raise PydanticCustomError("one_period", "not one period")
        return self


class PolicyStep(Shape):
    """What is done once so much of the budget is spent."""

    spent_percent: Percent = Field(description="How much of the budget is spent.", examples=[75])
    do: Text = Field(description="What is done then.", examples=["The next sprint begins with reliability work"])


class Slo(Shape):
    """A service level objective: the target for an SLI, and what stands behind it."""

    id: Id = Field(description="A short id, unique in the file; it is the SLO's anchor.", examples=["upload-success"])
    name: Text = Field(description="What is promised, in a few words.", examples=["Uploads succeed"])
    sli: Id = Field(description="The id of the SLI in this file.", examples=["upload-success"])
    target: Target = Field(description="The fraction of good events, between 0 and 1.", examples=[0.995])
    period: Period = Field(description="What it is measured over.")
    events_per_day: Count | None = Field(
        None, description="Valid events on a usual day; shows the budget in events.", examples=[12000]
    )
    minimum_events: Count | None = Field(
        None, description="Events in an alert's long window below which it stays silent.", examples=[50]
    )
    rationale: Text | None = Field(
        None, description="Why this target and no other.", examples=["Held in 11 of the last 12 weeks"]
    )
    decided_by: Text | None = Field(None, description="Which roles decided it.", examples=["PdM and tech lead"])
    decided_on: Day | None = Field(None, description="When.", examples=["2026-09-14"])
    error_budget_policy: tuple[PolicyStep, ...] = Field(
        (), description="What is done as the budget is spent; where empty, the organisation's policy holds."
    )
    dashboard: Url | None = Field(None, description="Where the remaining budget can be seen.")


class Journey(Entity):
    """A critical user journey: who wants what, which steps they take, what can fail, and what is promised."""

    name: Text = Field(description="Its name: a verb and a thing.", examples=["Pay an invoice"])
    user: Text = Field(description="Who takes it.", examples=["A buyer at a manufacturer"])
    goal: Text = Field(
        description="What they want to have at the end.", examples=["The invoice is paid before it is due"]
    )
    owner: Text | None = Field(
        None, description="The role that sees to its SLOs and their review.", examples=["Tech lead of Payments"]
    )
    review_on: Day | None = Field(None, description="When its SLOs are looked at again.", examples=["2027-02-09"])
    story: Text | None = Field(None, description="How it goes for a person on an ordinary day, in a few sentences.")
    matters_to_user: Text | None = Field(None, description="Why it matters to them.")
    matters_to_business: Text | None = Field(None, description="Why it matters to the business.")
    ranking: Ranking | None = Field(None, description="How critical it is.")
    steps: tuple[JourneyStep, ...] = Field((), description="Its steps, in order.")
    slis: tuple[Sli, ...] = Field((), description="What is measured of it.")
    slos: tuple[Slo, ...] = Field((), description="What is promised.")

    def sli_of(self, slo: Slo) -> Sli | None:
        """The SLI that an SLO is about; None where the journey has none of that id."""
        return next((it for it in self.slis if it.id == slo.sli), None)

"""Critical user journeys, what is measured of them, and what is promised."""

import ast
import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, Strict

from macros.model.keys import broken, optional, required, several, so_many
from macros.model.numbers import Count, Day, Number, OneOrMore, Percent, Quantity
from macros.model.references import ServiceRef
from macros.model.values import CheckedText, Choice, Entity, Id, Shape, Text, Url

Grade = Annotated[Number, Field(ge=1, le=3)]
Target = Annotated[float, Strict(), Field(gt=0, lt=1)]

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_ESCAPE = r"\\(?:[abfnrtv\\]|[0-3][0-7]{2}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})"
_STRING = rf"""(?:"(?:[^"\\\n]|\\"|{_ESCAPE})*"|'(?:[^'\\\n]|\\'|{_ESCAPE})*')"""
_MATCHER = rf"[a-zA-Z_][a-zA-Z0-9_]*\s*(?:=~|!~|!=|=)\s*{_STRING}"
_MATCHERS = rf"\{{\s*(?:{_MATCHER}\s*(?:,\s*{_MATCHER}\s*)*,?\s*)?\}}"
SELECTOR_PATTERN = rf"^{_NAME}\s*(?:{_MATCHERS})?$"


class Selector(CheckedText, most=1000, title="A metric's name, with matchers in braces"):
    """An instant vector selector of Prometheus: a metric's name, with matchers of labels in braces.

    No function and no range: the export puts each window around it (prometheus.io/docs, "Querying basics").
    """

    @classmethod
    def _checked(cls, value: str) -> Self:
        if not re.fullmatch(SELECTOR_PATTERN, value.strip()):
            raise broken(
                "`{given}` isn't a selector; write a metric's name with matchers, "
                'as in `http_requests_total{{code!~"5.."}}`'
            )
        for operator, quoted in re.findall(rf"(=~|!~|!=|=)\s*({_STRING})", value):
            if "~" in operator and not _is_pattern(quoted):
                raise broken(
                    "`{given}` has a regular expression that Prometheus can't read; use the syntax of RE2, "
                    "without `(?!…)`, `(?<=…)`, `\\1` or `x++`"
                )
        return cls(value.strip())

    @property
    def in_any_version(self) -> str:
        """It finds whole buckets and quantiles as Prometheus 2 stores them (`le="1"`), and as 3 does (`le="1.0"`)."""
        whole = r"""\b(le|quantile)\s*(!?)=\s*["'](-?[0-9]+)(?:\.0)?["']"""
        return re.sub(rf"{whole}|{_STRING}", _both_spellings, self)


def _both_spellings(found: re.Match[str]) -> str:
    label, negated, number = found.groups()
    if not label:
        return found[0]
    # Version 3 writes a million as 1e+06.
    spellings = dict.fromkeys((number, f"{number}.0", f"{float(number):.6g}"))
    pattern = "|".join(map(re.escape, spellings)).replace("\\", r"\\")
    return f'{label}{negated or "="}~"{pattern}"'


def _is_pattern(quoted: str) -> bool:
    """Whether Prometheus reads the regular expression in a string of PromQL."""
    import re2  # here, since most commands meet no pattern

    options = re2.Options()
    options.log_errors = False
    try:
        # It parses without compiling, which takes seconds for some.
        re2.Set.SearchSet(options).Add(ast.literal_eval(quoted))
    except (re2.error, SyntaxError, UnicodeError):
        return False
    return True


Selectors = Annotated[
    OneOrMore[Selector],
    BeforeValidator(
        lambda value: value if value is None or isinstance(value, list) else (value,),
        json_schema_input_type=Selector | OneOrMore[Selector],
    ),
]
"""One selector, or a list of those that count together."""

WINDOW = "{window}"
"""What stands for the window in a query."""


class RatioExpression(CheckedText, most=1000, pattern=r"\[\{window\}", title="PromQL with ranges `[{window}]`"):
    """An expression of PromQL that gives one value from 0 to 1, over a window that each rule fills in."""

    @classmethod
    def _checked(cls, value: str) -> Self:
        rest = re.sub(rf"{_STRING}|`[^`]*`", "", value)
        pairs = (rest.count(left) == rest.count(right) for left, right in ("()", "[]", "{}"))
        if f"[{WINDOW}" not in rest or re.search("[\"'`#]", rest) or not all(pairs):
            raise broken("`{key}` needs a range `[{{window}}]`, both halves of each bracket and quote, and no comment")
        return cls(value.strip())


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

    what: Text = required("What goes wrong.", "The queue is full")
    user_sees: Text | None = optional("What the user sees.", "A spinner that never ends")


class JourneyStep(Shape):
    """One step of a journey: what the user does, what serves it, and how it fails."""

    what: Text = required("What the user does, or what happens for them.", "Chooses a file")
    service: ServiceRef | None = optional("The service that serves it.", "payments-api")
    component: Text | None = optional("The part of it, or what serves the step if it isn't one of our services.", "CDN")
    failure_points: tuple[FailurePoint, ...] = several("How it fails.")
    seen_by: tuple[Id, ...] | None = optional(
        "The ids of the SLIs that see it fail; if absent, those of its service.", ["upload-success"]
    )


class Ranking(Shape):
    """How critical a journey is: three grades from 1 to 3, multiplied."""

    impact: Grade = required("What a failure costs the user: 1 a detour, 2 the task, 3 the day.", 3)
    frequency: Grade = required("How often it is taken: 1 monthly, 2 weekly, 3 daily.", 3)
    visibility: Grade = required("Who notices: 1 the user, 2 their colleagues, 3 customers.", 2)

    @property
    def score(self) -> int:
        """The product of the three, 1 to 27."""
        return self.impact * self.frequency * self.visibility


class EventQuery(Shape):
    """Counters of Prometheus: all valid events, and the good ones or the bad ones. Those of a list count together."""

    good: Selectors | None = optional("The counter of good events, or a list.", 'uploads_total{result="stored"}')
    bad: Selectors | None = optional("The counter of bad events, or a list.", "upload_errors_total")
    total: Selectors = required("The counter of all valid events, or a list.", "uploads_total")

    _one_count = so_many("say which events are counted beside `total`: `good` or `bad`, one of the two", "good", "bad")


class ThresholdQuery(Shape):
    """A Prometheus gauge and its limit: the SLI is the fraction of minutes within the limit."""

    metric: Selector = required("The gauge.", "index_age_seconds")
    at_most: Quantity | None = optional("It is good up to this value.", 900)
    at_least: Quantity | None = optional("It is good from this value on.")
    one_series_is_enough: bool = optional("Whether one good series makes a good minute; else all do.", default=False)
    missing_is_bad: bool = optional("Whether a minute without any series is bad; else it doesn't count.", default=False)

    _one_limit = so_many("say which values are good: `at_most` or `at_least`, one of the two", "at_most", "at_least")


class OtherQuery(Shape):
    """A query of another monitoring system, as text. It is shown and exported, but makes no Prometheus rules."""

    system: str = required("The monitoring system.", "Datadog")
    query: str = required("The query.", "sum:uploads.ok{*} / sum:uploads.all{*}")


class Sli(Shape):
    """A service level indicator: which events count, which of them are good, and where they are measured."""

    id: Id = required("A short id, unique in the file; SLOs refer to it.", "upload-success")
    type: SliType = required("What it measures.", "availability")
    valid: Text = required("Which events count.", "Uploads that a user started")
    good: Text = required("Which of them are good.", "File stored and job queued within 30 s")
    measured: Text = required("Where it is measured.", "Payment counter in payments-api")
    blind_to: Text | None = optional("What isn't visible there.", "Uploads that never reach the server")
    service: ServiceRef | None = optional("The service whose metrics these are; if absent, the first of the journey.")
    events: EventQuery | None = optional("Prometheus counters: good or bad, and total.")
    threshold: ThresholdQuery | None = optional("A Prometheus gauge with its limit.")
    error_ratio: RatioExpression | None = optional(
        "A Prometheus expression of the fraction of bad events, for what selectors can't say.",
        "1 - avg(avg_over_time(probe_success[{window}]))",
    )
    other: OtherQuery | None = optional("A query of another monitoring system.")
    silent_without_data: Text | None = optional(
        "Why no ticket is opened while its data is gone from Prometheus; without a reason, one is.",
        "The job and its metrics exist for an hour a day",
    )

    _one_query = so_many(
        "keep one query of `events`, `threshold`, `error_ratio` and `other`",
        *("events", "threshold", "error_ratio", "other"),
        least=0,
    )

    @property
    def in_prometheus(self) -> bool:
        """Whether Prometheus rules can be made of it."""
        return bool(self.events or self.threshold or self.error_ratio)


class Period(Shape):
    """What a target is measured over: a rolling window of days, or each calendar month."""

    days: Number | None = optional("The days of a rolling window.", 28, ge=1, le=366)
    calendar: Literal["month"] | None = optional("A calendar month, which counts its own days.")

    _period = so_many("write `days:` for a rolling window, or `calendar: month`, one of the two", "days", "calendar")


class PolicyStep(Shape):
    """What to do once a share of the budget is spent."""

    spent_percent: Percent = required("How much of the budget is spent.", 75)
    do: Text = required("What is done then.", "The next sprint begins with reliability work")


class ReviewDecision(Choice):
    """What a review of an SLO decided."""

    KEEP = "keep", "kept"
    TIGHTEN = "tighten", "tightened"
    LOOSEN = "loosen", "loosened"
    REDEFINE = "redefine", "redefined"


class TargetChange(Shape):
    """A change of a target."""

    before: Target = required("The target until then.", 0.99)
    after: Target = required("The target from then on.", 0.995)


class SloReview(Shape):
    """A review of an SLO, and what was decided."""

    on: Day = required("When.", "2026-11-09")
    decision: ReviewDecision = required("What was decided; redefine: another SLI or another period.", "tighten")
    target: TargetChange | None = optional("The target before and after, if it changed.")
    why: Text | None = optional("Why.", "Held in 12 weeks of 12, and users ask for more")


class Slo(Shape):
    """A service level objective: the target for an SLI, and the reasons for it."""

    id: Id = required("A short id, unique in the file; it is the SLO's anchor.", "upload-success")
    name: Text = required("Its name: the target in a few words.", "Uploads succeed")
    sli: Id = required("The id of the SLI in this file.", "upload-success")
    target: Target = required("The fraction of good events, between 0 and 1.", 0.995)
    period: Period = required("What it is measured over.")
    events_per_day: Count | None = optional("Valid events on a usual day; shows the budget in events.", 12000)
    minimum_events: Count | None = optional("Events in an alert's long window below which it stays silent.", 50)
    rationale: Text | None = optional("Why this target and no other.", "Held in 11 of the last 12 weeks")
    decided_by: Text | None = optional("Which roles decided it.", "PdM and tech lead")
    decided_on: Day | None = optional("When.", "2026-09-14")
    error_budget_policy: tuple[PolicyStep, ...] = several(
        "What to do as the budget is spent; if empty, the organisation's policy applies."
    )
    dashboard: Url | None = optional("Where the remaining budget can be seen.")
    reviews: tuple[SloReview, ...] = several("Its reviews so far; the target is what the last change says.")


class Journey(Entity):
    """A critical user journey: who wants what, which steps they take, what can fail, and the targets."""

    name: Text = required("Its name: a verb and a thing.", "Pay an invoice")
    user: Text = required("Who takes it.", "A buyer at a manufacturer")
    goal: Text = required("What they want to have at the end.", "The invoice is paid before it is due")
    owner: Text | None = optional("The role that owns its SLOs and their review.", "Tech lead of Payments")
    review_on: Day | None = optional("When its SLOs are reviewed next.", "2027-02-09")
    target: Target | None = optional("The fraction of journeys that go well from end to end, between 0 and 1.", 0.99)
    story: Text | None = optional("An ordinary day from the user's view, in a few sentences.")
    matters_to_user: Text | None = optional("Why it matters to them.")
    matters_to_business: Text | None = optional("Why it matters to the business.")
    ranking: Ranking | None = optional("How critical it is.")
    steps: tuple[JourneyStep, ...] = several("Its steps, in order.")
    slis: tuple[Sli, ...] = several("Its SLIs.")
    slos: tuple[Slo, ...] = several("Its SLOs.")

    def sli_of(self, slo: Slo) -> Sli | None:
        """The SLI that an SLO is about; None where the journey has none of that id."""
        return next((sli for sli in self.slis if sli.id == slo.sli), None)

    def seeing(self, step: JourneyStep) -> tuple[Sli, ...]:
        """The SLIs that see a step fail: those that it names, else those whose metrics are its service's."""
        if step.seen_by is not None:
            return tuple(sli for sli in self.slis if sli.id in step.seen_by)
        first = next((other.service for other in self.steps if other.service), None)
        return tuple(sli for sli in self.slis if step.service and step.service == (sli.service or first))

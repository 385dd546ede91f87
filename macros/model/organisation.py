"""The organisation, its teams and its services."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from macros.model.journeys import PolicyStep
from macros.model.references import ReadingRef, ServiceRef, TeamRef, TeamTypeRef
from macros.model.values import (
    ID_PATTERN,
    Choice,
    Day,
    Entity,
    EscalationStep,
    Id,
    Interaction,
    Link,
    Markdown,
    Number,
    Rhythm,
    Shape,
    Since,
    Text,
    Url,
)


class Impact(Choice):
    """How bad a pain point is for users or for the team."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class PainState(Choice):
    """What is being done about a pain point."""

    OPEN = "open"
    IN_PROGRESS = "in-progress"
    SOLVED = "solved"


class RequirementState(Choice):
    """What is known of a non-functional requirement."""

    MET = "met"
    MISSED = "missed"
    NOT_MEASURED = "not-measured"


class Coverage(Choice):
    """How far one kind of instrumentation has come."""

    NONE = "none"
    SOME = "some"
    GOOD = "good"


class RepositoryHost(Choice):
    """Where the handbook's own repository is kept: decides what its edit addresses look like."""

    GITHUB = "github"
    GITLAB = "gitlab"


GROUP_PATTERN = r"^@[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$"
"""No blank and no sign that a CODEOWNERS file reads as something else."""


def _group(value: str) -> str:
    if not re.fullmatch(GROUP_PATTERN, value):
        raise PydanticCustomError("repository_group", "not a group")
    return value


RepositoryGroup = Annotated[str, AfterValidator(_group), Field(json_schema_extra={"pattern": GROUP_PATTERN})]
"""Who reviews, as the repository's host calls them: `@organisation/team` at GitHub, `@group/subgroup` at GitLab."""


class Dashboard(Link):
    """A dashboard, and the question that it answers."""

    shows: Text | None = Field(None, description="The question that it answers.", examples=["Are uploads getting in?"])


class Contact(Shape):
    """Whom to ask: a role and where to reach it, never a person's name."""

    role: Text = Field(description="The role, not a person.", examples=["Tech lead"])
    channel: str = Field(description="Where to reach the role.", examples=["#payments-dev"])
    ask_about: Text | None = Field(None, description="What to ask this role about.", examples=["Cards and refunds"])


class OnCall(Shape):
    """Who answers when the team's services page."""

    rota: Url = Field(
        description="Where the current shift stands.", examples=["https://pager.example.com/schedules/payments"]
    )
    hours: Text = Field(description="When somebody is on call.", examples=["24 hours, every day"])
    escalation: tuple[EscalationStep, ...] = Field((), description="Who is called when nobody answers, in order.")


class DashboardReview(Shape):
    """The habit of looking at the dashboards together."""

    every: Rhythm = Field(description="How often.", examples=["weekly"])
    when: Text | None = Field(None, description="At which meeting or time.", examples=["Monday stand-up, 10 minutes"])


class PlatformPolicy(Shape):
    """A rule or guideline of the platform that the team follows."""

    policy: Text = Field(description="The policy.", examples=["Services run on the shared cluster"])
    reaches_by: Text = Field(
        description="How it gets into the team: who brings it, when, and how changes arrive.",
        examples=["The embedded SRE brings changes from the platform's monthly meeting"],
    )
    address: Url | None = Field(None, description="Where the policy is written.")
    provided_by: TeamRef | None = Field(None, description="The team that sets the policy.")


class TeamInteraction(Shape):
    """A team that this one works with, in which mode and what for."""

    team: TeamRef = Field(description="The other team.", examples=["platform"])
    mode: Interaction = Field(description="The mode, in the words of Team Topologies.", examples=["facilitating"])
    purpose: Text = Field(description="What the two get done together.", examples=["First SLOs for Payments"])
    until: Day | None = Field(None, description="When it ends, where it is for a time.", examples=["2026-12-18"])


class Evidence(Shape):
    """What shows that a pain point is real: one of the keys at least."""

    slo: str | None = Field(None, description="The name of an SLO that is missed.")
    alert: str | None = Field(None, description="The name of an alert that keeps firing.", examples=["QueueTooLong"])
    postmortem: Url | None = Field(None, description="The address of a postmortem.")
    ticket: Url | None = Field(None, description="The address of a ticket.")
    measure: Text | None = Field(None, description="A figure and where it was read.", examples=["p95 41 s in October"])

    @model_validator(mode="after")
    def _not_empty(self) -> Evidence:
        if all(getattr(self, name) is None for name in type(self).model_fields):
            raise PydanticCustomError("evidence_empty", "no evidence")
        return self


class PainPoint(Shape):
    """A reliability problem that is already visible, and so a place to start from."""

    id: Id = Field(description="A short id, unique in the file; it is the point's anchor.", examples=["slow-refunds"])
    what: Text = Field(description="What hurts, and whom.", examples=["Refunds wait for hours at the end of the month"])
    evidence: Evidence | None = Field(None, description="What shows that it is real.")
    since: Since | None = Field(None, description="The month or day since when it hurts.", examples=["2026-04"])
    impact: Impact = Field(Impact.MEDIUM, description="How bad it is.")
    state: PainState = Field(PainState.OPEN, description="What is being done about it.")


class Requirement(Shape):
    """A non-functional requirement: what, how much, measured where, and whether it holds."""

    id: Id = Field(description="A short id, unique in the file; it is the requirement's anchor.", examples=["latency"])
    what: Text = Field(description="The property that users or the business need.", examples=["Time to book a payment"])
    target: Text | None = Field(None, description="How much of it is enough.", examples=["p95 under 30 seconds"])
    measured: Text | None = Field(None, description="Where it is measured.", examples=["Job duration, worker metrics"])
    state: RequirementState = Field(RequirementState.NOT_MEASURED, description="Whether the target is met.")


class Instrumentation(Shape):
    """How far the service can be seen from outside."""

    metrics: Coverage = Field(Coverage.NONE, description="Rates, errors, durations, saturation.")
    logs: Coverage = Field(Coverage.NONE, description="Structured, searchable, with a request id.")
    traces: Coverage = Field(Coverage.NONE, description="Requests followed across services.")
    alerts: Coverage = Field(Coverage.NONE, description="Alerts on what users notice.")


class Dependency(Shape):
    """A service that this one needs. In a file, the id alone is enough."""

    service: ServiceRef = Field(description="The service that is needed.", examples=["sessions"])
    needed_for: Text | None = Field(None, description="What it is needed for.", examples=["Who is paying"])
    without_it: Text | None = Field(
        None,
        description="What still works when it is down.",
        examples=["Who is signed in stays so; nobody new gets in"],
    )

    @model_validator(mode="before")
    @classmethod
    def _id_alone(cls, value: Any) -> Any:
        return {"service": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        mapping = handler.resolve_ref_schema(handler(schema))
        whole = dict(mapping)
        mapping.clear()
        mapping["anyOf"] = [{"type": "string", "pattern": ID_PATTERN}, whole]
        return mapping


class SreSetUp(Shape):
    """The SRE set-up that a team has, or is."""

    has: TeamTypeRef | None = Field(None, description="The kind of SRE that helps this team.", examples=["embedded"])
    is_: TeamTypeRef | None = Field(
        None, alias="is", description="The kind of SRE team that this team is for others.", examples=["enabling"]
    )
    since: Since | None = Field(None, description="The month or day since when.", examples=["2023-04"])
    how: Text | None = Field(
        None, description="How it is done here, in a sentence.", examples=["One engineer, as a second hat"]
    )

    @model_validator(mode="after")
    def _has_or_is(self) -> SreSetUp:
        if self.has is None and self.is_ is None:
            raise PydanticCustomError("set_up_empty", "neither has nor is")
        return self


class Team(Entity):
    """A team: what it is for, how to reach it, how it keeps its services reliable."""

    name: Text = Field(description="The team's name.", examples=["Payments"])
    channel: str = Field(description="Where anyone can reach the team.", examples=["#team-payments"])
    repository_group: RepositoryGroup | None = Field(
        None,
        description="Its group at the repository's host, in quotes: who reviews changes to its folder.",
        examples=["@example/payments"],
    )
    mission: Text | None = Field(
        None, description="What the team is there for, and for whom.", examples=["Customers pay without noticing us"]
    )
    sre_set_up: SreSetUp | None = Field(None, description="The SRE set-up that the team has, or is.")
    contacts: tuple[Contact, ...] = Field((), description="Roles to ask, and where to reach them.")
    on_call: OnCall | None = Field(None, description="Who answers when the team's services page.")
    dashboards: tuple[Dashboard, ...] = Field((), description="The dashboards that the team looks at.")
    dashboard_review: DashboardReview | None = Field(None, description="How often the team looks at them together.")
    working_agreements: tuple[Text, ...] = Field(
        (), description="What the team has agreed on.", examples=[["Who breaks it rolls back first"]]
    )
    platform_policies: tuple[PlatformPolicy, ...] = Field(
        (), description="Platform policies that the team follows, and how they reach it."
    )
    works_with: tuple[TeamInteraction, ...] = Field((), description="Teams that it works with, and in which mode.")
    pain_points: tuple[PainPoint, ...] = Field((), description="Reliability problems that are already visible.")
    reading: tuple[ReadingRef, ...] = Field(
        (), description="What a newcomer to the team reads first.", examples=[["alerting-on-slos"]]
    )
    notes: Markdown | None = Field(None, description="Anything else that a newcomer needs, in Markdown.")


class Service(Entity):
    """A service: what it does for whom, what it needs, and how well it can be seen."""

    name: Text = Field(description="The service's name.", examples=["Payments API"])
    summary: Text = Field(
        description="What it does, in a sentence.", examples=["Charges a customer's card and records the result"]
    )
    for_whom: Text | None = Field(None, description="Who notices when it is down.", examples=["Buyers at the checkout"])
    tier: Annotated[Number, Field(ge=1, le=3)] | None = Field(
        None,
        description="1: users are stopped when it fails; 2: users are hindered; 3: users hardly notice.",
        examples=[1],
    )
    depends_on: tuple[Dependency, ...] = Field((), description="Other services that it needs.")
    repository: Url | None = Field(
        None, description="Where its code is.", examples=["https://git.example.com/payments"]
    )
    dashboards: tuple[Dashboard, ...] = Field((), description="The dashboards that show its health.")
    non_functional_requirements: tuple[Requirement, ...] = Field(
        (), description="What it must hold beyond its features."
    )
    instrumentation: Instrumentation | None = Field(None, description="How far it can be seen from outside.")
    pain_points: tuple[PainPoint, ...] = Field((), description="Reliability problems that are already visible.")
    notes: Markdown | None = Field(None, description="Anything else that helps at 3 a.m., in Markdown.")


class Repository(Shape):
    """Where this handbook's own files are kept."""

    address: Url = Field(description="The address.", examples=["https://git.example.com/sre/handbook"])
    host: RepositoryHost = Field(RepositoryHost.GITHUB, description="What kind of host it is.")
    branch: str = Field("main", description="The branch that is published.")
    maintainers: RepositoryGroup | None = Field(
        None,
        description="The group at the host, in quotes, that reviews what belongs to no team.",
        examples=["@example/sre"],
    )


class Chat(Shape):
    """The chat in which channels are."""

    name: str = Field(description="The product's name.", examples=["Slack"])
    channel_address: Url | None = Field(
        None,
        description="The address of a channel, without its name, which is put behind it.",
        examples=["https://chat.example.net/channels/"],
    )


class Severity(Shape):
    """How bad an incident is, and what that triggers."""

    id: Id = Field(description="A short id; playbooks name it.", examples=["sev-2"])
    name: Text = Field(description="Its name.", examples=["SEV-2"])
    what: Text = Field(description="What it means for users.", examples=["Many users can't do what they came for"])
    examples: tuple[Text, ...] = Field((), description="What is one.")
    triggers: tuple[Text, ...] = Field((), description="What it sets in motion.")
    update_minutes: Annotated[Number, Field(ge=1)] | None = Field(
        None, description="Minutes between two updates.", examples=[30]
    )


class IncidentRole(Shape):
    """A role in an incident, and what it does first."""

    id: Id = Field(description="A short id.", examples=["incident-commander"])
    name: Text = Field(description="Its name.", examples=["Incident commander"])
    does: Text = Field(description="What it is there for.", examples=["Decides, and touches no keyboard"])
    first_actions: tuple[Text, ...] = Field((), description="What it does first, in order.")


class IncidentEntry(Shape):
    """How an incident is declared and handled."""

    channel: str = Field(description="The channel in which incidents are declared.", examples=["#incidents"])
    declare: Text = Field(
        description="What to do there, in a sentence.", examples=["Write what users see; an incident commander answers"]
    )
    severities: tuple[Severity, ...] = Field((), description="The severities, the worst first.")
    unsure: Text | None = Field(None, description="What to do when nobody is sure which.")
    roles: tuple[IncidentRole, ...] = Field((), description="The roles.")
    closes: Text | None = Field(None, description="Who closes an incident, and when.")
    after: tuple[Text, ...] = Field((), description="What happens afterwards.")


class Paging(Shape):
    """Which label of an alert says whether it wakes someone. Everything that alerts uses it."""

    label: str = Field(default="severity", description="The label's name.", examples=["severity"])
    page: str = Field(default="page", description="Its value where somebody is woken.", examples=["page"])
    ticket: str = Field(default="ticket", description="Its value where a ticket is enough.", examples=["ticket"])
    also_page: tuple[str, ...] = Field(
        default=(),
        description="Other values that wake somebody, in rules that the handbook didn't make.",
        examples=[["critical"]],
    )
    also_ticket: tuple[str, ...] = Field(
        default=(), description="Other values that open a ticket, in such rules.", examples=[["warning"]]
    )


class Organisation(Entity):
    """The organisation that the handbook is for."""

    name: Text = Field(description="The organisation's name.", examples=["Example Ltd"])
    language: Literal["en", "ja"] = Field(
        description="The language of plain strings, and the edition that short addresses lead to.", examples=["en"]
    )
    site_address: Url | None = Field(
        None, description="Where the handbook is published.", examples=["https://sre.example.com/"]
    )
    public: bool = Field(
        False, description="Search engines may list the handbook. Who can open it is decided where it is published."
    )
    repository: Repository | None = Field(None, description="Where the handbook's files are; absent: no edit links.")
    chat: Chat | None = Field(None, description="The chat; makes channels into links.")
    incidents: IncidentEntry | None = Field(None, description="How to declare an incident.")
    paging: Paging | None = Field(None, description="Which alerts wake someone; absent: severity page or ticket.")
    playbook_exercise_days: Annotated[Number, Field(ge=1)] = Field(
        180, description="Days within which each playbook is drilled or used."
    )
    error_budget_policy: tuple[PolicyStep, ...] = Field(
        (), description="What is done as an error budget is spent, where an SLO has no policy of its own."
    )
    illustration: Text | None = Field(
        None,
        description="A note on every page made from a team's folder, where the teams are an example. Leave it out.",
        examples=["Every figure here is invented"],
    )

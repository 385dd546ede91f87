"""The organisation, its teams and its services."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from macros.model.journeys import PolicyStep
from macros.model.keys import broken, matching, optional, required, several, so_many
from macros.model.numbers import Day, Number, Positive, Since
from macros.model.references import ReadingRef, ServiceRef, TeamRef, TeamTypeRef
from macros.model.values import (
    ID_PATTERN,
    Acceptance,
    Choice,
    Entity,
    EscalationStep,
    Id,
    Interaction,
    Link,
    Markdown,
    Rhythm,
    Shape,
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

_NO_GROUP = "`{given}` isn't a group at the repository's host; write one, in quotes, as in \"@example/payments\""
RepositoryGroup = Annotated[
    str, matching(GROUP_PATTERN, _NO_GROUP), Field(json_schema_extra={"pattern": GROUP_PATTERN})
]
"""Who reviews, as the repository's host calls them: `@organisation/team` at GitHub, `@group/subgroup` at GitLab."""


class Dashboard(Link):
    """A dashboard, and the question that it answers."""

    shows: Text | None = optional("The question that it answers.", "Are uploads getting in?")


class Contact(Shape):
    """Whom to ask: a role and where to reach it, never a person's name."""

    role: Text = required("The role, not a person.", "Tech lead")
    channel: str = required("Where to reach the role.", "#payments-dev")
    ask_about: Text | None = optional("What to ask this role about.", "Cards and refunds")


class OnCall(Shape):
    """Who answers pages from the team's services."""

    rota: Url = required("Where the current on-call is shown.", "https://pager.example.com/schedules/payments")
    hours: Text = required("The on-call hours.", "24 hours, every day")
    escalation: tuple[EscalationStep, ...] = several("Whom to call when on-call doesn't answer, in order.")


class DashboardReview(Shape):
    """The regular review of the dashboards."""

    every: Rhythm = required("How often.", "weekly")
    when: Text | None = optional("At which meeting or time.", "Monday stand-up, 10 minutes")


class PlatformPolicy(Shape):
    """A rule or guideline of the platform that the team follows."""

    policy: Text = required("The policy.", "Services run on the shared cluster")
    reaches_by: Text = required(
        "How it reaches the team: who brings it, when, and how changes arrive.",
        "The embedded SRE brings changes from the platform's monthly meeting",
    )
    address: Url | None = optional("Where the policy is written.")
    provided_by: TeamRef | None = optional("The team that sets the policy.")


class TeamInteraction(Shape):
    """A team that this one works with, in which mode and what for."""

    team: TeamRef = required("The other team.", "platform")
    mode: Interaction = required("The mode, in the words of Team Topologies.", "facilitating")
    purpose: Text = required("What the two want to achieve together.", "First SLOs for Payments")
    until: Day | None = optional("When it ends, if it is temporary.", "2026-12-18")


class Evidence(Shape):
    """The evidence for a pain point: one of the keys at least."""

    slo: str | None = optional("The name of an SLO that is missed.")
    alert: str | None = optional("The name of an alert that keeps firing.", "QueueTooLong")
    postmortem: Url | None = optional("The address of a postmortem.")
    ticket: Url | None = optional("The address of a ticket.")
    measure: Text | None = optional("A figure and where it was read.", "p95 41 s in October")

    _not_empty = so_many(
        "no evidence; name an alert, an SLO, a measure, a ticket or a postmortem",
        *("slo", "alert", "postmortem", "ticket", "measure"),
        most=5,
    )


class PainPoint(Shape):
    """A reliability problem that is already visible, and so a place to start from."""

    id: Id = required("A short id, unique in the file; it is the point's anchor.", "slow-refunds")
    what: Text = required("The problem, and whom it affects.", "Refunds wait for hours at the end of the month")
    evidence: Evidence | None = optional("Its evidence.")
    since: Since | None = optional("The month or day when it started.", "2026-04")
    impact: Impact = optional("How severe it is.", default=Impact.MEDIUM)
    state: PainState = optional("What is being done about it.", default=PainState.OPEN)


class Requirement(Shape):
    """A non-functional requirement: what, how much, measured where, and whether it is met."""

    id: Id = required("A short id, unique in the file; it is the requirement's anchor.", "latency")
    what: Text = required("The property that users or the business need.", "Time to book a payment")
    target: Text | None = optional("How much of it is enough.", "p95 under 30 seconds")
    measured: Text | None = optional("Where it is measured.", "Job duration, worker metrics")
    state: RequirementState = optional("Whether the target is met.", default=RequirementState.NOT_MEASURED)


class Instrumentation(Shape):
    """How well the service is instrumented."""

    metrics: Coverage = optional("Rates, errors, durations, saturation.", default=Coverage.NONE)
    logs: Coverage = optional("Structured, searchable, with a request id.", default=Coverage.NONE)
    traces: Coverage = optional("Requests followed across services.", default=Coverage.NONE)
    alerts: Coverage = optional("Alerts on what users notice.", default=Coverage.NONE)


class Dependency(Shape):
    """A service that this one needs. In a file, the id alone is enough."""

    service: ServiceRef = required("The service that is needed.", "sessions")
    needed_for: Text | None = optional("What it is needed for.", "Who is paying")
    without_it: Text | None = optional(
        "What still works when it is down.", "Signed-in users stay signed in; others wait"
    )


Needed = Annotated[
    Dependency,
    BeforeValidator(
        lambda value: {"service": value} if isinstance(value, str) else value,
        json_schema_input_type=Annotated[str, Field(pattern=ID_PATTERN)] | Dependency,
    ),
]


class SreSetUp(Shape):
    """The SRE set-up that a team has, or is."""

    has: TeamTypeRef | None = optional("The kind of SRE that helps this team.", "embedded")
    is_: TeamTypeRef | None = optional("The kind of SRE team that this team is for others.", "enabling", alias="is")
    since: Since | None = optional("The month or day when it began.", "2023-04")
    how: Text | None = optional("How it is done here, in a sentence.", "One engineer, as a second hat")

    _has_or_is = so_many("say which set-up the team `has` or `is`", "has", "is_", most=2)


class Team(Entity):
    """A team: what it is for, how to reach it, how it keeps its services reliable."""

    name: Text = required("The team's name.", "Payments")
    channel: str = required("Where anyone can reach the team.", "#team-payments")
    repository_group: RepositoryGroup | None = optional(
        "Its group at the repository's host, in quotes: who reviews changes to its folder.", "@example/payments"
    )
    mission: Text | None = optional("What the team does, and for whom.", "Customers pay without noticing us")
    sre_set_up: SreSetUp | None = optional("The SRE set-up that the team has, or is.")
    contacts: tuple[Contact, ...] = several("Roles to ask, and where to reach them.")
    on_call: OnCall | None = optional("Who answers pages from the team's services.")
    dashboards: tuple[Dashboard, ...] = several("The dashboards that the team looks at.")
    dashboard_review: DashboardReview | None = optional("How often the team reviews them together.")
    working_agreements: tuple[Text, ...] = several("What the team has agreed on.", ["If you break it, roll back first"])
    platform_policies: tuple[PlatformPolicy, ...] = several(
        "Platform policies that the team follows, and how they reach it."
    )
    works_with: tuple[TeamInteraction, ...] = several("Teams that it works with, and in which mode.")
    pain_points: tuple[PainPoint, ...] = several("Reliability problems that are already visible.")
    reading: tuple[ReadingRef, ...] = several("What a newcomer to the team reads first.", ["alerting-on-slos"])
    notes: Markdown | None = optional("Anything else that a newcomer needs, in Markdown.")


class Service(Entity):
    """A service: what it does for whom, what it needs, and how well it is instrumented."""

    name: Text = required("The service's name.", "Payments API")
    summary: Text = required("What it does, in a sentence.", "Charges a customer's card and records the result")
    for_whom: Text | None = optional("Who notices when it is down.", "Buyers at the checkout")
    tier: Number | None = optional(
        "1: users are stopped when it fails; 2: users are hindered; 3: users hardly notice.", 1, ge=1, le=3
    )
    depends_on: tuple[Needed, ...] = several("Other services that it needs.")
    repository: Url | None = optional("Where its code is.", "https://git.example.com/payments")
    dashboards: tuple[Dashboard, ...] = several("The dashboards that show its health.")
    non_functional_requirements: tuple[Requirement, ...] = several("Its non-functional requirements.")
    instrumentation: Instrumentation | None = optional("How well it is instrumented.")
    pain_points: tuple[PainPoint, ...] = several("Reliability problems that are already visible.")
    notes: Markdown | None = optional("Anything else that helps at 3 a.m., in Markdown.")


class Repository(Shape):
    """Where this handbook's own files are kept."""

    address: Url = required("The address.", "https://git.example.com/sre/handbook")
    host: RepositoryHost = optional("What kind of host it is.", default=RepositoryHost.GITHUB)
    branch: str = optional("The branch that is published.", default="main")
    maintainers: RepositoryGroup | None = optional(
        "The group at the host, in quotes, that reviews files that no team owns.", "@example/sre"
    )


class Chat(Shape):
    """The chat product that has the channels."""

    name: str = required("The product's name.", "Slack")
    channel_address: Url | None = optional(
        "The address of a channel without its name, which is appended.", "https://chat.example.net/channels/"
    )


class Severity(Shape):
    """How bad an incident is, and what that triggers."""

    id: Id = required("A short id; playbooks refer to it.", "sev-2")
    name: Text = required("Its name.", "SEV-2")
    what: Text = required("What it means for users.", "Many users can't do what they came for")
    examples: tuple[Text, ...] = several("Examples of it.")
    triggers: tuple[Text, ...] = several("What it triggers.")
    update_minutes: Positive | None = optional("Minutes between two updates.", 30)


class IncidentRole(Shape):
    """A role in an incident, and what it does first."""

    id: Id = required("A short id.", "incident-commander")
    name: Text = required("Its name.", "Incident commander")
    does: Text = required("What it is there for.", "Decides, and doesn't touch the keyboard")
    first_actions: tuple[Text, ...] = several("What it does first, in order.")


class IncidentEntry(Shape):
    """How an incident is declared and handled."""

    channel: str = required("The channel in which incidents are declared.", "#incidents")
    declare: Text = required("What to do there, in a sentence.", "Write what users see; an incident commander answers")
    severities: tuple[Severity, ...] = several("The severities, the worst first.")
    unsure: Text | None = optional("What to do when the severity isn't clear.")
    roles: tuple[IncidentRole, ...] = several("The roles.")
    closes: Text | None = optional("Who closes an incident, and when.")
    after: tuple[Text, ...] = several("What happens afterwards.")


class Paging(Shape):
    """The label that says whether an alert pages. Everything that alerts uses it."""

    label: str = optional("The label's name.", "severity", default="severity")
    page: str = optional("Its value on alerts that page.", "page", default="page")
    ticket: str = optional("Its value on alerts that open a ticket.", "ticket", default="ticket")
    also_page: tuple[str, ...] = several(
        "Other values that page, in rules that the handbook didn't make.", ["critical"]
    )
    also_ticket: tuple[str, ...] = several("Other values that open a ticket, in such rules.", ["warning"])
    neither: tuple[str, ...] = several("Values of alerts that reach no one, in such rules.", ["info"])

    @property
    def known(self) -> tuple[str, ...]:
        """Every value of the label that the organisation says something of."""
        return (self.page, *self.also_page, self.ticket, *self.also_ticket, *self.neither)


_NAME = r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
LABEL_PATTERN = rf"^([a-z0-9]([a-z0-9.-]{{0,251}}[a-z0-9])?/)?{_NAME}={_NAME}$"
"""A label as kubectl writes it: its name, perhaps behind a domain and a slash, and its value."""

_NO_LABEL = "`{given}` isn't a label of Kubernetes; write one as in `release=kube-prometheus-stack`"
ObjectLabel = Annotated[str, matching(LABEL_PATTERN, _NO_LABEL), Field(json_schema_extra={"pattern": LABEL_PATTERN})]


class PrometheusOperator(Shape):
    """How the rules of SLOs become objects that the Prometheus Operator reads."""

    namespace: Annotated[Id, Field(max_length=63)] | None = optional("Their namespace, if any.", "monitoring")
    labels: tuple[ObjectLabel, ...] = several("Labels that Prometheus selects by.", ["release=kube-prometheus-stack"])


class Gaps(Shape):
    """Which gaps the organisation looks for."""

    off: tuple[Acceptance, ...] = several("Gaps that may stay everywhere, each with the reason.")


def _readable(colour: str) -> str:
    """`#rrggbb`, where words in it can be read on each ground of the light scheme, and white ones on it (WCAG 2)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    darkest_ground = 0.82  # the luminance of a chip's
    contrast = (darkest_ground + 0.05) / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    if contrast < 4.5:
        words = "`{given}` has a contrast of {contrast}:1 to its ground, and words need 4.5:1; take a darker colour"
        raise broken(words, contrast=f"{contrast:.1f}")
    return colour


_NO_COLOUR = '`{given}` isn\'t a colour; write one, in quotes, as in "#0a6670"'
_Colour = Annotated[str, matching("^#[0-9A-Fa-f]{6}$", _NO_COLOUR), AfterValidator(_readable)]


class Look(Shape):
    """The organisation's own colours and footer; its logo and its style sheet are files in docs/look/."""

    primary: _Colour | None = optional("The head's, with white words on it.", "#12394a")
    accent: _Colour | None = optional("That of links; the dark scheme makes a lighter one of it.", "#0a6670")
    footer: Text | None = optional("A line at the foot of each page.", "Example Ltd, internal")


class Organisation(Entity):
    """The organisation that the handbook is for."""

    name: Text = required("The organisation's name.", "Example Ltd")
    language: Literal["en", "ja"] = required(
        "The language of plain strings, and the edition that short addresses lead to.", "en"
    )
    site_address: Url | None = optional("Where the handbook is published.", "https://sre.example.com/")
    public: bool = optional(
        "Search engines may list the handbook. Who can open it is decided where it is published.", default=False
    )
    repository: Repository | None = optional("Where the handbook's files are; if absent, there are no edit links.")
    chat: Chat | None = optional("The chat; makes channels into links.")
    incidents: IncidentEntry | None = optional("How to declare an incident.")
    paging: Paging | None = optional("Which alerts page; if absent, the label severity says page or ticket.")
    prometheus: Url | None = optional("Where Prometheus is asked; makes its queries into links.")
    prometheus_operator: PrometheusOperator | None = optional("Makes PrometheusRule objects of the SLOs' rules, too.")
    playbook_exercise_days: Positive = optional("Days within which each playbook is drilled or used.", default=180)
    error_budget_policy: tuple[PolicyStep, ...] = several(
        "What to do as an error budget is spent, if the SLO has no policy of its own."
    )
    gaps: Gaps | None = optional("Which gaps are turned off; if absent, none is.")
    look: Look | None = optional("The colours and the footer; if absent, the handbook's own.")
    illustration: Text | None = optional(
        "A note on every page made from a team's folder, if the teams are an example. Leave it out.",
        "Every figure here is invented",
    )

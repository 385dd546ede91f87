"""One reference for each kind that other kinds name."""

from __future__ import annotations

from macros.model.values import Ref


class TeamRef(Ref):
    """The id of a team."""

    kind = "team"


class ServiceRef(Ref):
    """The id of a service."""

    kind = "service"


class TeamTypeRef(Ref):
    """The id of a team type."""

    kind = "team-type"


class QuickWinRef(Ref):
    """The id of a quick win."""

    kind = "quick-win"


class JourneyRef(Ref):
    """The id of a user journey."""

    kind = "journey"


class PlaybookRef(Ref):
    """The id of a playbook."""

    kind = "playbook"


class PlaybookTemplateRef(Ref):
    """The id of a playbook template."""

    kind = "playbook-template"


class WorkshopRef(Ref):
    """The id of a workshop."""

    kind = "workshop"


class ChecklistRef(Ref):
    """The id of a checklist that teams share."""

    kind = "checklist"


class ReadingRef(Ref):
    """The id of a work on the reading list."""

    kind = "reading"


class TermRef(Ref):
    """The id of a term of the glossary."""

    kind = "term"

"""One reference for each kind that other kinds name."""

from macros.model.values import Ref


class TeamRef(Ref, kind="team"):
    """The id of a team."""


class ServiceRef(Ref, kind="service"):
    """The id of a service."""


class TeamTypeRef(Ref, kind="team-type"):
    """The id of a team type."""


class QuickWinRef(Ref, kind="quick-win"):
    """The id of a quick win."""


class JourneyRef(Ref, kind="journey"):
    """The id of a user journey."""


class PlaybookRef(Ref, kind="playbook"):
    """The id of a playbook."""


class PlaybookTemplateRef(Ref, kind="playbook-template"):
    """The id of a playbook template."""


class WorkshopRef(Ref, kind="workshop"):
    """The id of a workshop."""


class ChecklistRef(Ref, kind="checklist"):
    """The id of a checklist that teams share."""


class ReadingRef(Ref, kind="reading"):
    """The id of a work on the reading list."""


class TermRef(Ref, kind="term"):
    """The id of a term of the glossary."""

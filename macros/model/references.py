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

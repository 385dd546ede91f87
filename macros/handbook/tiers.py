"""How critical something is: the tier of the services that it is about."""

from macros.handbook.graph import Handbook
from macros.model.journeys import Journey
from macros.model.organisation import Service, Team
from macros.model.playbooks import Playbook
from macros.model.set_ups import Engagement
from macros.model.values import Entity


def tier_of(handbook: Handbook, entity: Entity) -> int | None:
    """The tier of the most critical service that an entity is about; a team is about all that it runs."""
    match entity:
        case Service():
            services: tuple[Service, ...] = (entity,)
        case Playbook():
            services = (handbook.service(entity.service),)
        case Journey():
            services = handbook.services_on(entity)
        case Team() | Engagement():
            team = handbook.team_of(entity)
            services = handbook.services_of(team) if team else ()
        case _:
            services = ()
    return min((service.tier for service in services if service.tier), default=None)

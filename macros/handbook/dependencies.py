"""Which services need which: what else breaks with one, and which teams hang together by theirs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import cast

from macros.handbook.graph import Handbook, derived, grouped
from macros.model.journeys import Journey
from macros.model.organisation import Dependency, Service, Team

MOST_BOXES = 40
"""Of more, a picture would be a wall."""


def dependants(handbook: Handbook, service: Service) -> tuple[Service, ...]:
    """The services that need a service themselves, by id."""
    return cast(tuple[Service, ...], handbook.referring("service", service))


def needs_of(handbook: Handbook, service: Service) -> tuple[Service, ...]:
    """The services that a service needs itself, in its own order."""
    return tuple(handbook.service(need.service) for need in service.depends_on)


def broken_by(handbook: Handbook, service: Service) -> list[tuple[Service, Dependency]]:
    """All that breaks if a service is down, also through others, most critical first: with what it needs and lacks."""
    found: dict[str, tuple[Service, Dependency]] = {}
    reached = [service]
    for needed in reached:  # and those that it adds
        for other in dependants(handbook, needed):
            if other.id != service.id and other.id not in found:
                found[other.id] = other, next(need for need in other.depends_on if need.service == needed.id)
                reached.append(other)
    return sorted(found.values(), key=lambda broken: broken[0].tier or 4)


def journeys_through(handbook: Handbook, services: Iterable[Service]) -> list[tuple[Journey, Service]]:
    """The journeys through any of these services, each with the first of them that it crosses."""
    found: dict[str, tuple[Journey, Service]] = {}
    for service in services:
        for journey in handbook.journeys_through(service):
            found.setdefault(journey.id, (journey, service))
    return list(found.values())


def ties(handbook: Handbook, parts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Which part needs which, once for each service that does; `parts` has the part of each service by its id."""
    every = ((parts[service.id], parts[need.service]) for service in handbook.services for need in service.depends_on)
    return [(needing, needed) for needing, needed in every if needing != needed]


@derived
def groups(handbook: Handbook) -> list[list[Team]]:
    """The teams with services in groups whose services need each other more than others', the largest first.

    Teams of groups too small for a picture, and those whose services have nothing to do with others', are the last.
    """
    import igraph

    every = ties(handbook, {service.id: service.team for service in handbook.services})
    times = Counter(tuple(sorted(tie)) for tie in every)
    graph = igraph.Graph.TupleList([(*tie, count) for tie, count in times.items()], weights=True)
    closest = sorted(graph.community_fastgreedy(weights="weight").as_clustering(), key=len, reverse=True)
    group = {graph.vs[place]["name"]: number for number, places in enumerate(closest) for place in places}
    teams = sorted(filter(handbook.services_of, handbook.teams), key=lambda team: -len(handbook.services_of(team)))
    last = min(len(closest), MOST_BOXES - 1)
    found = grouped((min(group.get(team.id, last), last), team) for team in teams)
    return [found[number] for number in sorted(found)]

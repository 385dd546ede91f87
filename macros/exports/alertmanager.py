"""A configuration of Alertmanager: each alert goes to its team, and the page of an SLO silences its ticket.

Receivers have names alone, by which Alertmanager takes them and notifies nobody: who deploys it fills them in.
"""

import re
from collections.abc import Mapping
from functools import partial

from macros.exports import document
from macros.handbook import alerts
from macros.handbook.graph import Handbook


def files(handbook: Handbook) -> Mapping[str, document.Writing]:
    """What writes the one file, by its name; none where there is no alert."""
    return {"alertmanager.yml": partial(_written, handbook)} if alerts.known(handbook) else {}


def _written(handbook: Handbook) -> str:
    paging, teams = handbook.paging, [team for team in handbook.teams if alerts.of(handbook, team)]
    pages = _matcher(paging.label, paging.page, *paging.also_page)
    routes = [
        # What doesn't page is a ticket, so that an alert of an unknown severity isn't lost.
        {
            "matchers": [_matcher("team", team.id)],
            "receiver": f"{team.id}-ticket",
            "routes": [{"matchers": [pages], "receiver": f"{team.id}-page"}],
        }
        for team in teams
    ]
    if paging.neither:
        routes.insert(0, {"matchers": [_matcher(paging.label, *paging.neither)], "receiver": "nobody"})
    # `equal` takes two labels that are missing for the same: without the label of an SLO, each page is one of any.
    inhibition = {
        "source_matchers": [_matcher(paging.label, paging.page), 'slo!=""'],
        "target_matchers": ['alertname=~".+BudgetBurnSlowly"'],
        "equal": ["journey", "slo"],
    }
    receivers = [f"{team.id}-{urgency}" for team in teams for urgency in ("page", "ticket")]
    configuration = {
        "route": {"receiver": "unrouted", "group_by": ["alertname", "team", "journey", "slo"], "routes": routes},
        "inhibit_rules": [inhibition],
        "receivers": [{"name": name} for name in ("unrouted", "nobody", *receivers)],
    }
    sources = [f"  {source.path}" for source in (handbook.organisation, *teams)]
    head = [f"{document.FIRST_LINE.removeprefix('# ')} Change these files instead:", *sources]
    return document.write(head, configuration)


def _matcher(label: str, *values: str) -> str:
    """A matcher of the values of a label."""
    pattern = "|".join(map(re.escape, values)).replace("\\", "\\\\").replace('"', '\\"')
    return f'{label}=~"{pattern}"'

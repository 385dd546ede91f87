"""The teams' own Prometheus rules, with a `runbook_url` on each alert that had none."""

from macros.exports import document
from macros.handbook import alerts
from macros.handbook.graph import Handbook
from macros.model.organisation import Team
from macros.sources import prometheus


def rule_files(handbook: Handbook, team: Team) -> dict[str, str]:
    """The rule files of a team, each under the team's id and its own name."""
    made: dict[str, str] = {}
    for file in (file for file in handbook.rule_files if file.team == team.id):
        completed = prometheus.with_runbooks(file, lambda rule: alerts.runbook(handbook, team.id, rule.name))
        head = [f"{document.FIRST_LINE.removeprefix('# ')} Change this file instead:", f"  {file.path}"]
        made[f"{team.id}/{file.path.rpartition('/')[2]}"] = document.write(head, completed)
    return made

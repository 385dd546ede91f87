"""The teams' own Prometheus rules, with a `runbook_url` on each alert that had none."""

from functools import partial

from macros.exports import document
from macros.handbook import alerts
from macros.handbook.graph import Handbook
from macros.model.organisation import Team
from macros.sources import prometheus
from macros.sources.prometheus import RuleFile


def rule_files(handbook: Handbook, team: Team) -> dict[str, document.Writing]:
    """The rule files of a team, each under the team's id and its own name."""
    return {
        f"{team.id}/{file.path.rpartition('/')[2]}": partial(_completed, handbook, file)
        for file in handbook.rule_files_of(team)
    }


def _completed(handbook: Handbook, file: RuleFile) -> str:
    completed = prometheus.with_runbooks(file, lambda rule: alerts.runbook(handbook, file.team, rule.name, rule.labels))
    head = [f"{document.FIRST_LINE.removeprefix('# ')} Change this file instead:", f"  {file.path}"]
    return document.write(head, *completed)

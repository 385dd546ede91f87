"""Prometheus' template language in words: `{{ $labels.pod }}` is "the pod". Nothing of it is ever run."""

import re
from collections.abc import Mapping

from macros.handbook import alerts
from macros.handbook.alerts import Alert, Origin
from macros.handbook.graph import Handbook
from macros.model.values import Text
from macros.text.problems import N_, Message

_ACTION = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.S)
_BLOCK = re.compile(r"(?:if|with|range|define|block)\b")
_SILENT = re.compile(r"/\*|\$\w*\s*(?:,\s*\$\w+\s*)?:?=")
"""Comments, and what only gives something a name."""

_LABEL = re.compile(
    r"""(?:\$labels|\.Labels)\.(\w+)(?:\s*\|\s*(?:toUpper|toLower|title|stripPort|stripDomain))*"""
    r"""|index \$labels "(\w+)\""""
)
_VALUE = re.compile(
    r"""(?:(?:humanize\w*|printf "[^"]*") )?(?:\$value|\.Value)(?:\s*\|\s*(?:humanize\w*|printf "[^"]*"))*"""
)
_SHOWN = {
    "humanizePercentage": N_("the value in percent"),
    "humanizeDuration": N_("the value as a length of time"),
    "humanizeTimestamp": N_("the value as a time of day"),
}


def summary(handbook: Handbook, alert: Alert, origin: Origin) -> Text | Message | str | None:
    """What one of an alert's definitions says of it; that of a rule without template language."""
    if not isinstance(origin.summary, str):
        return origin.summary
    playbooks = alerts.answering(handbook, alert)
    return in_words(origin.summary, {it.name: it.example for playbook in playbooks for it in playbook.variables})


def in_words(text: str, examples: Mapping[str, str]) -> Message:
    """A rule's text, with words where Prometheus fills something in; `examples` are values of labels, by name.

    A condition, and whatever else isn't known here, is "…".
    """
    said: list[str | Message] = []
    depth = 0
    for number, part in enumerate(_ACTION.split(text)):
        is_action = number % 2 == 1
        if not depth:
            said.append(_in_words(part, examples) if is_action else part)
        if is_action and _BLOCK.match(part):
            depth += 1
        elif is_action and part == "end":
            depth = max(depth - 1, 0)
    gaps = {f"part_{number}": part for number, part in enumerate(said)}
    return Message("".join(f"{{{gap}}}" for gap in gaps), gaps)


def _in_words(action: str, examples: Mapping[str, str]) -> str | Message:
    if label := _LABEL.fullmatch(action):
        name = label[1] or label[2]
        if name in examples:
            return Message(N_("the {label} (such as {example})"), label=name, example=examples[name])
        return Message(N_("the {label}"), label=name)
    if _VALUE.fullmatch(action):
        return Message(next((words for name, words in _SHOWN.items() if name in action), N_("the value")))
    if quoted := re.fullmatch(r'"([^"\\]*)"|`([^`]*)`', action):
        return quoted[1] or quoted[2] or ""
    return "" if _SILENT.match(action) else "…"

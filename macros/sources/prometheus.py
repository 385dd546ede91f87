"""Prometheus rule files as Prometheus reads them: anchors, merge keys and templated annotations included.

The format is that of prometheus.io/docs/prometheus/latest/configuration/recording_rules, by itself, in Kubernetes
objects, or by namespace as Mimir lists it. What Prometheus would refuse of keys, names, labels and durations is a
problem with its place; expressions and other settings are Prometheus' own business and are kept as they are.
"""

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from macros.model.values import Location
from macros.sources import near_names, yaml_file
from macros.sources.yaml_file import MappingReader, Parts, Position, place_of
from macros.text.problems import Message, Problem

RUNBOOK = "runbook_url"
"""The annotation that leads to a playbook: a convention of the Prometheus monitoring mixins."""

TOP_KEYS = ("groups", "namespace")
OBJECT_KEYS = ("apiVersion", "kind", "metadata", "spec", "items", "status")
RULE_KINDS = ("PrometheusRule", "VMRule", "Rules", "ClusterRules", "GlobalRules")
"""Kubernetes objects with groups: of the Prometheus operator, of VictoriaMetrics, and of Google Cloud."""

GROUP_KEYS = (
    *("name", "interval", "query_offset", "limit", "labels", "rules"),
    # Thanos and Mimir add these.
    *("partial_response_strategy", "source_tenants", "evaluation_delay", "align_evaluation_time_on_interval"),
    # Mimir adds the first of these, VictoriaMetrics the others.
    *("remote_write", "type", "concurrency", "params", "headers", "notifier_headers", "tenant", "debug"),
    *("eval_offset", "eval_delay", "eval_alignment"),
)

RULE_KEYS = (
    *("record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations", "debug", "update_entries_limit"),
)
DURATION_KEYS = frozenset({"interval", "query_offset", "for", "keep_firing_for", "evaluation_delay"})
TEXT_KEYS = DURATION_KEYS | {"name", "record", "alert", "expr", "partial_response_strategy"}

# Of one file, which a program may have written, and which aliases can repeat without end:
MOST_BYTES = 2_000_000
MOST_RULES = 10_000  # far above what anyone keeps
MOST_CHARACTERS = 20_000  # in one text, such as an expression
MOST_EXPANDED = 4_000_000  # keys and characters, with aliases and merge keys written out
MOST_PROBLEMS = 1000  # nobody reads more

_DURATION = re.compile(r"0|(?=\d)(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?", re.ASCII)
_LOOKS_LIKE_RULES = re.compile(
    rb"^(?:(?:\xef\xbb\xbf)?[ \t{\"']*groups|[ \t]+(?:- +)?[\"']?rules)[\"']?[ \t]*:|^kind: +PrometheusRule", re.M
)
_HELM = re.compile(r"^\{\{|\{\{[^}\n]*(?:\.(?:Values|Release|Chart|Capabilities|Files)\b|\binclude )", re.M)
"""What a Helm template has, and no annotation: braces where a line begins, or Helm's own objects."""


class AlertingRule(NamedTuple):
    """A rule that alerts.

    `lasts` is how long its expression must hold (`for`), in Prometheus' writing, or empty. `place` is the
    line and column of the name, `runbook_place` that of the `runbook_url`. `position` leads to it in the
    file's documents. `labels` has the group's labels, too.
    """

    name: str
    expression: str
    lasts: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    place: Position
    runbook_place: Position
    position: Location


class RuleFile(NamedTuple):
    """A rule file of a team: its path, its alerts, and its documents as plain values with aliases filled in."""

    team: str
    path: str
    documents: Sequence[Any]
    alerts: tuple[AlertingRule, ...]


def looks_like_rules(raw: bytes) -> bool:
    """Whether a file is meant as a rule file: it has groups, of its own or inside of something."""
    return _LOOKS_LIKE_RULES.search(raw) is not None


def read(file: Path, path: str, team: str = "") -> tuple[RuleFile | None, list[Problem]]:
    """Read a rule file; `path` is what messages call it, `team` whose it is. None where it has a problem."""
    raw, problems = yaml_file.contents(file, path, MOST_BYTES)
    return (None, problems) if raw is None else parse(raw, path, team)


def parse(raw: bytes, path: str, team: str = "") -> tuple[RuleFile | None, list[Problem]]:
    """As `read`, from bytes."""
    text, problems = yaml_file.decode_visible(raw, path)
    if text is None:
        return None, problems
    reader = _RuleReader(path)
    documents = reader.file(text)
    if reader.problems and (helm := _HELM.search(text)):
        message = Message("a Helm template; put here what `helm template` makes of it")
        return None, [Problem(path, *yaml_file.position_after(text[: helm.start()]), "syntax", message)]
    return (None if reader.problems else RuleFile(team, path, documents, tuple(reader.alerts))), reader.problems


def with_runbooks(file: RuleFile, runbook: Callable[[AlertingRule], str]) -> Any:
    """The documents, with what `runbook` gives as the `runbook_url` of each alert that has none."""
    documents: Any = copy.deepcopy(file.documents)
    for rule in file.alerts:
        address = "" if rule.annotations.get(RUNBOOK) else runbook(rule)
        if address:
            made = reduce(lambda around, step: around[step], rule.position, documents)
            made.setdefault("annotations", {})[RUNBOOK] = address
    return documents


@dataclass
class _RuleReader(MappingReader):
    """Goes down the shapes that a rule file can have, and keeps the alerts and the problems."""

    alerts: list[AlertingRule] = field(default_factory=list)
    lists: set[Location] = field(default_factory=set)
    rules: int = 0
    expanded: int = 0

    def fault(self, node: yaml.Node, check: str, template: str, /, **values: object) -> None:
        if self.has_room() or check == "limit":  # what isn't read any more is not missing
            super().fault(node, check, template, **values)

    def file(self, text: str) -> tuple[Any, ...]:
        """Its documents: as Prometheus reads but the first, others follow only where all are objects or namespaces."""
        try:
            nodes = [one for one in yaml.compose_all(text, yaml_file.CoreSchemaLoader) if not yaml_file.is_null(one)]
            if len(nodes) > 1 and not all(self.parts(node).keys() & {"kind", "namespace"} for node in nodes):
                yaml.compose(text, yaml_file.CoreSchemaLoader)
        except yaml.YAMLError as error:
            self.problems = [yaml_file.syntax_problem(self.path, text, error)]
            return ()
        if not nodes:
            self.problems.append(yaml_file.empty(self.path))
        self.lists = {place for number, node in enumerate(nodes) for place in self.lists_in(node, (number,))}
        return tuple(self.kept(node, (number,)) for number, node in enumerate(nodes))

    def lists_in(self, node: yaml.Node, place: Location) -> Iterator[Location]:
        """Where lists of groups are in a document, or in an item of a list of objects."""
        parts = self.parts(node) if isinstance(node, yaml.MappingNode) else {}
        are_lists = bool(parts) and all(isinstance(value, yaml.SequenceNode) for _, value in parts.values())
        if "kind" in parts:
            yield from self.lists_in_object(node, parts["kind"][1], place)
        elif "apiVersion" in parts:
            template = "rules of Grafana's own, not Prometheus'; list them under `source: Grafana` and `alerts:`"
            self.fault(node, "wrong-type", template)
        elif are_lists and not near_names.near("groups", parts):  # Mimir's namespaces, and not a slip in that word
            yield from ((*place, namespace) for namespace in parts)
        elif self.under("groups", node, TOP_KEYS):
            yield (*place, "groups")

    def lists_in_object(self, node: yaml.Node, kind_node: yaml.Node, place: Location) -> Iterator[Location]:
        kind = self.text(kind_node, "kind")
        if kind in RULE_KINDS:
            spec = self.under("spec", node, OBJECT_KEYS)
            if spec and self.under("groups", spec, ("groups",)):
                yield (*place, "spec", "groups")
        elif kind.endswith("List") and len(place) == 1:
            items = self.under("items", node, OBJECT_KEYS)
            for number, item in enumerate(self.items(items, "items") if items else ()):
                yield from self.lists_in(item, (*place, "items", number))
        elif kind:
            template = "a {kind} has no rules that are read here; keep only objects such as PrometheusRule"
            self.fault(kind_node, "wrong-value", template, kind=kind)

    def under(self, key: str, node: yaml.Node, keys: Sequence[str]) -> yaml.Node | None:
        """What stands under a key of a mapping, which may have no others than `keys`."""
        parts = self.known(node, keys, key)
        return parts[key][1] if key in parts else None

    def has_room(self, _: object = None) -> bool:
        return self.rules <= MOST_RULES and self.expanded <= MOST_EXPANDED and len(self.problems) <= MOST_PROBLEMS

    def expand(self, node: yaml.Node, size: int) -> None:
        """Count what the file comes to; the first node that is too much is a problem."""
        had_room = self.has_room()
        self.expanded += size
        if had_room and self.expanded > MOST_EXPANDED:
            template = "the file has more than {most:,} characters with its aliases written out; split it"
            self.fault(node, "limit", template, most=MOST_EXPANDED)

    def parts(self, node: yaml.Node) -> Parts:
        """As for any mapping; nothing is read behind too much, and each merge counts."""
        parts = super().parts(node) if self.has_room() else {}
        self.expand(node, len(parts))
        return parts

    def group(self, node: yaml.Node, place: Location) -> dict[str, Any]:
        parts = self.known(node, GROUP_KEYS, "name")
        made: dict[str, Any] = {}
        # A rule needs the labels of its group, wherever they stand in it.
        labels = self.texts(parts["labels"][1]) if "labels" in parts else {}
        for name, (_, value) in parts.items():
            if name == "rules":
                rules = enumerate(self.items(value, name))
                made[name] = [self.rule(rule, (*place, name, number), labels) for number, rule in rules]
            else:
                made[name] = labels if name == "labels" else self.value(value, name)
        return made

    def rule(self, node: yaml.Node, position: Location, group_labels: Mapping[str, str]) -> dict[str, Any]:
        self.rules += 1
        if self.rules > MOST_RULES:
            self.fault(node, "limit", "more than {most:,} rules in one file; split it", most=MOST_RULES)
            return {}
        parts = self.known(node, RULE_KEYS, "expr")
        if ("alert" in parts) == ("record" in parts):
            self.fault(node, "missing-key", "a rule has either `alert:` or `record:`, with its name")
        made = {name: self.value(value, name) for name, (_, value) in parts.items()}
        if "alert" in parts and "expr" in parts:
            self.expand(node, len(group_labels))
            name_key, name = parts["alert"]
            _, annotations = parts.get("annotations", (None, None))
            runbook = self.parts(annotations).get(RUNBOOK) if isinstance(annotations, yaml.MappingNode) else None
            self.alerts.append(
                AlertingRule(
                    name=made["alert"],
                    expression=made["expr"],
                    lasts=made.get("for", ""),
                    labels={**group_labels, **made.get("labels", {})},
                    annotations=made.get("annotations", {}),
                    place=place_of(name_key),
                    runbook_place=place_of(runbook[0] if runbook else name),
                    position=position,
                )
            )
        return made

    def items(self, node: yaml.Node, name: str) -> Iterable[yaml.Node]:
        """The items of a list, as long as there is room."""
        if not isinstance(node, yaml.SequenceNode):
            if not yaml_file.is_null(node):
                self.fault(node, "wrong-type", "`{key}` must be a list: lines that begin with `- `", key=name)
            return ()
        return takewhile(self.has_room, node.value)

    def value(self, node: yaml.Node, name: str) -> Any:
        if name in ("labels", "annotations"):
            return self.texts(node)
        return self.text(node, name) if name in TEXT_KEYS else self.kept(node, (name,))

    def kept(self, node: yaml.Node, place: Location) -> Any:
        """What stands at a place: groups where these are listed, anything else as it is written."""
        if place in self.lists:
            return [self.group(group, (*place, number)) for number, group in enumerate(self.items(node, "groups"))]
        self.expand(node, len(node.value) + 1)
        if len(place) > yaml_file.MOST_MERGES:
            self.fault(node, "syntax", "nested more than {levels} levels deep", levels=yaml_file.MOST_MERGES)
            return None
        if isinstance(node, yaml.SequenceNode):
            return [self.kept(item, (*place, number)) for number, item in enumerate(self.items(node, ""))]
        if isinstance(node, yaml.MappingNode):
            return {name: self.kept(value, (*place, name)) for name, (_, value) in self.parts(node).items()}
        assert isinstance(node, yaml.ScalarNode)
        value = yaml_file.scalar(node)
        return str(node.value) if isinstance(value, float) else value  # 1.10 is a version more often

    def texts(self, node: yaml.Node) -> dict[str, str]:
        parts = {} if yaml_file.is_null(node) else self.parts(node)
        return {key: self.text(value, key, empty=True) for key, (_, value) in parts.items()}

    def text(self, node: yaml.Node, name: str, *, empty: bool = False) -> str:
        """A scalar as it is written: Prometheus reads `yes` and `1.10` as these very letters here."""
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, "wrong-type", "`{key}` must be text, without a list or a mapping in it", key=name)
            return ""
        value = "" if not node.style and yaml_file.scalar(node) is None else str(node.value)
        self.expand(node, len(value))
        self.problems += yaml_file.text_problems(node, self.path, MOST_CHARACTERS)
        if not value.strip() and not empty:
            self.fault(node, "wrong-type", "`{key}` has no value; write one, or delete the line", key=name)
        elif name in DURATION_KEYS and not empty and not _DURATION.fullmatch(value):
            template = "`{key}` must be a duration as Prometheus writes it, such as 5m or 1h30m"
            self.fault(node, "wrong-value", template, key=name)
        return value

    def known(self, node: yaml.Node, known: Sequence[str], needed: str) -> Parts:
        """The parts of a mapping with a key that there is; any other is a problem, and what stands there says nothing.

        So is it where the key `needed` isn't there.
        """
        parts = self.parts(node)
        for name, (key, _) in parts.items():
            if name not in known:
                message = near_names.unknown_key(name, known)
                self.problems.append(Problem(self.path, *place_of(key), "unknown-key", message))
        if needed not in parts:
            self.fault(node, "missing-key", "`{key}` is missing; add a line `{key}: …`", key=needed)
        return {name: part for name, part in parts.items() if name in known}

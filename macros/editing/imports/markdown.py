"""Runbooks in Markdown: headings become the parts of a playbook, what stands below them texts and steps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from textwrap import dedent
from typing import Any

from macros.editing.imports import imported
from macros.editing.imports.imported import DASHBOARD, Found, Imported, Place, Unmapped, one_line
from macros.handbook.playbooks import STEPS
from macros.model.values import address_fault
from macros.sources import lookalikes, near_names, yaml_file
from macros.text import markdown, placeholders
from macros.text.problems import DataError

PARTS = {
    "symptoms": r"symptoms?|症状|現象|事象",
    "meaning": r"(alert )?(meaning|description|summary|overview|about|background|introduction)|.*(意味|概要|説明)|背景",
    "impact": r"(\w+ )?impact|影響(範囲)?",
    "diagnosis": r"diagnos\w+( and mitigation)?|investigat\w+|troubleshoot\w*( \w+)?|debugging|triage"
    r"|((possible|steps to) )?checks?|(原因の?)?(切り分け|調査|診断)(手順|方法)?|確認手順",
    "mitigation": r"(mitigat\w+|resolution|remediation|fix(es)?|recovery|workarounds?|solutions?)( steps)?"
    r"|(\w+ )*actions|(暫定|恒久)?(緩和|対処|対応|復旧|解決)(策|手順|方法)?",
    "recovery": r"verif(y|ication)( \w+)?|recovery definition|(復旧の?)?確認",
    "links": r"(related |useful )?links?( to .*)?|references?|(additional )?resources|dashboards?"
    r"|(further|more) reading|see also|(関連)?リンク|参考(資料|リンク)?|関連資料|ダッシュボード",
}
"""The parts of a playbook, each with the headings that mean it."""

PROSE = ("meaning", "impact")
"""The parts that are one short text each."""

MOST_WORDS = 300
"""The characters of a text: it is read at night, in a hurry."""

COMMANDS = ("", "sh", "shell", "bash", "zsh", "console", "powershell", "sql", "promql", "logql")
"""What a block of code is called that is to be copied; any other is what a file or a screen shows."""

_FRONT_MATTER = re.compile(r"---\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_LABEL = re.compile(r"\{\{ *\$labels\.([A-Za-z]\w*) *\}\}", re.ASCII)
_PROMPTED = re.compile(r"^ *\$ ((?:.*\\\n)*.*)", re.MULTILINE)
_BEGINNING = re.compile(rf".{{1,{MOST_WORDS}}}(?:[.!?](?= )|[。！？])|.{{1,{MOST_WORDS}}}")


def read(files: Mapping[str, bytes]) -> Imported:
    """The runbooks in files, with what has no place in their notes. Raises `DataError` for what is no text."""
    unmapped, found = Unmapped(), dict[str, Found]()
    for path, text in imported.from_each(files, lambda path, raw: [(path, _text(path, raw))]):
        stem = PurePath(path).stem
        name, remedy = near_names.hump_apart(stem), "give the file another name"
        id = unmapped.own_id(Place(path, 1), "playbook", name, remedy, found)
        if id:
            found[id] = _RunbookReader(path, text.split("\n"), unmapped).runbook(id, stem)
    return Imported(tuple(found.values()), tuple(unmapped))


def _text(path: str, raw: bytes) -> str:
    text, problems = yaml_file.decode(raw, path)
    if not text or not text.strip():
        raise DataError(problems or [yaml_file.empty(path)])
    return lookalikes.without_hidden_characters(yaml_file.CONTROL.sub("", re.sub("\r\n?|\x85", "\n", text)))


@dataclass
class _RunbookReader:
    """Reads a runbook block by block into `values`, by the keys of a playbook, and `notes`.

    A block belongs to the `part` that a heading of this `level` has begun, and to the notes where that is empty.
    `heading` is the last one until the notes have it, `lead` one inside of a part until a step has its words.
    """

    path: str
    lines: list[str]
    unmapped: Unmapped
    title: str = ""
    part: str = "meaning"
    level: int = 0
    heading: str = ""
    lead: str = ""
    values: dict[str, list[Any]] = field(default_factory=lambda: {part: [] for part in PARTS})
    links: dict[str, str] = field(default_factory=dict)
    labels: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    room: int = yaml_file.MOST_CHARACTERS
    definitions: dict[str, Any] = field(default_factory=dict)

    def runbook(self, id: str, stem: str) -> Found:
        from markdown_it import MarkdownIt  # only here is it worth its loading
        from markdown_it.tree import SyntaxTreeNode

        place, front = Place(self.path, 1), _FRONT_MATTER.match("\n".join(self.lines))
        if front:
            self.unmapped.add(place, "not-mapped", "the front matter is left out")
            self.lines[: front[0].count("\n")] = [""] * front[0].count("\n")
        parser = MarkdownIt("commonmark").enable("table")
        for node in SyntaxTreeNode(parser.parse("\n".join(self.lines), self.definitions)).children:
            self.block(node)
        links = [{"name": name, "address": address} for address, name in self.links.items()]
        variables = [{"name": name, "description": f"$labels.{name}", "example": f"<{name}>"} for name in self.labels]
        title = self.title or stem
        values = {
            "name": title,
            "service": "",
            "alerts": list(dict.fromkeys((title, re.sub(r"^\W+|\W+$", "", self.title), stem))),
            "variables": variables,
            **self.values,
            **{part: " ".join(self.values[part]) for part in PROSE},
            "links": links,
            "notes": "\n\n".join(self.notes),
        }
        return Found("playbook", id, place, values)

    def block(self, node: Any) -> None:
        if node.type == "heading":
            self.begin(node)
        elif node.type in ("bullet_list", "ordered_list", "list_item") and self.part not in ("", *PROSE):
            for inner in node.children:
                self.block(inner)
        elif node.type == "paragraph" and self.part and not any(inner.type == "image" for inner in node.walk()):
            self.paragraph(node)
        elif node.type in ("fence", "code_block") and self.part in STEPS:
            self.code(node)
        elif node.type != "hr":
            self.keep(node, "there is no place for it in `{part}`" if self.part else "", part=self.part)

    def begin(self, node: Any) -> None:
        words, level = _line(node), int(node.tag[1])
        plain = re.sub(r"^[\W\d_]+|\W+$", "", words.casefold())
        part = next((part for part, pattern in PARTS.items() if re.fullmatch(pattern, plain)), "")
        self.lead, self.heading = "", f"## {words}" if part else ""
        if not part and self.part in STEPS and level > self.level:
            self.lead = words
            return
        self.part, self.level = part, level
        if not part and not self.title and not any(self.values.values()):
            self.title, self.part = words[:MOST_WORDS], "meaning"
        elif not part:
            self.keep(node, "`{heading}` is no part of a playbook", heading=words)

    def paragraph(self, node: Any) -> None:
        words, steps = _line(node), self.values[self.part]
        links = {inner.attrs["href"]: _line(inner) for inner in node.walk() if inner.type == "link"}
        if not address_fault(words):
            links = {words: words}
        links = {address: name or address for address, name in links.items() if not address_fault(address)}
        self.links |= links
        dashboard = next((address for address, name in links.items() if DASHBOARD.search(f"{name} {address}")), "")
        is_link, is_shown = not words or [*links.values()] == [words], bool(dashboard and self.part == "diagnosis")
        if self.part == "links" and not is_link:
            self.keep(node, "it isn't a link alone")
        elif not is_link or (is_shown and not steps):
            self.add(node, words)
        if is_shown:
            steps[-1].setdefault("dashboard", dashboard)

    def add(self, node: Any, words: str, **more: str) -> None:
        texts = self.values[self.part]
        if len(texts) == (1 if self.part in PROSE else yaml_file.MOST_ITEMS):
            self.keep(node, "there is no more room for it in `{part}`", part=self.part)
            return
        if len(words) > MOST_WORDS:
            self.keep(node, "it is long; only its beginning is in `{part}`", part=self.part)
            words = _BEGINNING.findall(words)[0]
        words, self.lead = ": ".join(filter(None, (self.lead, words))), ""
        texts.append({"do": words, **more} if self.part in STEPS else words)

    def code(self, node: Any) -> None:
        content, steps = dedent(node.content).strip("\n"), self.values[self.part]
        command = re.sub(" +$", "", "\n".join(_PROMPTED.findall(content)) or content, flags=re.MULTILINE)
        language = node.info.strip().partition(" ")[0].lower()
        if language not in COMMANDS or not 0 < len(command) < yaml_file.MOST_CHARACTERS:
            self.keep(node, "it isn't a command")
            return
        if command.count("\n") < content.count("\n"):
            self.keep(node, "only what follows `$` is taken for the command")
        self.labels |= dict.fromkeys(_LABEL.findall(command))
        command = _LABEL.sub(r"{\1}", command)
        if self.lead or not steps or "command" in steps[-1]:
            self.add(node, "", command=command)
        else:
            steps[-1]["command"] = command

    def keep(self, node: Any, why: str, /, **values: object) -> None:
        first, end = node.map
        kept = dedent("\n".join(line.expandtabs(4).rstrip() for line in self.lines[first:end])).strip("\n")
        definitions = self.definitions.get("references", {}).items()
        kept += "".join(f"\n\n[{name}]: <{to['href']}>" for name, to in definitions if f"[{name}]" in kept.upper())
        if any(map(address_fault, markdown.link_targets(kept))):
            kept = re.sub(r"\](?=[(:])|<(?=\w+:)", r"\g<0> ", kept)  # what leads nowhere isn't a link
        kept = "\n\n".join(filter(None, (self.heading, kept)))
        if len(kept) + 2 > self.room or markdown.excess(kept):
            why = "from here on, what has no place is left out: `notes` has no room for it" if self.room else ""
            self.room, values = 0, {}
        else:
            self.notes.append(kept)
            self.room, self.heading = self.room - len(kept) - 2, ""
            why = why and f"{why}; it is kept in `notes`"
        if why:
            column = len(self.lines[first]) - len(self.lines[first].lstrip()) + 1
            self.unmapped.add(Place(self.path, first + 1, column), "not-mapped", why, **values)


def _line(node: Any) -> str:
    """The words of a block on one line, without names in braces: they would be taken for a step or a variable."""
    pieces = placeholders.pieces(one_line(_words(node)))
    return "".join(f"{{ {name} }}" if name else words for words, name in pieces)


def _words(node: Any) -> str:
    """The words of a block or of a piece of it, with the addresses that can't become links."""
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    words = "".join(map(_words, node.children)) if node.children else node.content
    address = node.attrs["href"] if node.type == "link" else "#"
    return words if address.startswith("#") or not address_fault(address) else f"{words} ({address})"

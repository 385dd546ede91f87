"""A table of teams and services: CSV as spreadsheets save it, with headings in English or Japanese."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from macros.editing.imports import imported
from macros.editing.imports.imported import Found, Imported, Place, Unmapped, one_line
from macros.model.values import address_fault
from macros.sources import near_names, yaml_file
from macros.text.problems import DataError, Message, Problem

DELIMITERS = ",;\t"

COLUMNS: dict[str, tuple[str, ...]] = {
    "team": (
        *("team", "team name", "owner team", "owning team", "squad", "owner", "owned by"),
        *("チーム", "チーム名", "担当チーム", "所有チーム", "管理チーム", "オーナー"),
    ),
    "team id": ("team id", "チームID"),
    "service": (
        *("service", "service name", "component", "application", "app"),
        *("サービス", "サービス名", "コンポーネント", "アプリケーション", "アプリ"),
    ),
    "service id": ("service id", "サービスID"),
    "id": ("id", "slug", "識別子"),
    "name": ("name", "display name", "title", "名前", "名称", "表示名"),
    "channel": (
        *("channel", "team channel", "slack channel", "chat", "slack", "contact"),
        *("チャンネル", "チャネル", "チームチャンネル", "Slackチャンネル", "Slackチャネル", "連絡先"),
    ),
    "mission": ("mission", "purpose", "ミッション", "目的", "役割"),
    "description": ("description", "summary", "概要", "説明", "サービス概要"),
    "for whom": ("for whom", "users", "customers", "利用者", "ユーザー", "対象ユーザー"),
    "tier": ("tier", "service tier", "ティア", "Tier区分"),
    "depends on": ("depends on", "dependencies", "依存先", "依存サービス", "依存関係", "依存"),
    "repository": ("repository", "repo", "source", "source code", "github", "リポジトリ", "レポジトリ", "ソースコード"),
    "dashboard": ("dashboard", "dashboards", "grafana", "ダッシュボード"),
}
"""What a column holds, with the headings that mean it. Where two columns mean the same, the earlier heading wins."""


def _folded(heading: str) -> str:
    """A heading or a name as it is compared: without case, blanks, signs, or the width of its letters."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", heading).casefold() if letter.isalnum())


HEADINGS: dict[str, tuple[str, int]] = {
    _folded(heading): (column, rank) for column, headings in COLUMNS.items() for rank, heading in enumerate(headings)
}
"""What each heading means, and how early it stands among those that mean it."""


class TableRow(NamedTuple):
    """A row: where it begins, and its cells by column; an empty one is left out."""

    place: Place
    cells: Mapping[str, str]

    def words(self, column: str) -> str:
        """The words of a cell on one line; empty where there are none."""
        return one_line(self.cells.get(column, ""))

    def name_of(self, what: str) -> str:
        """What the row calls its team, or its service; empty where it names none."""
        return self.words(what) or self.words(f"{what} id")

    def id_of(self, what: str) -> str:
        """The id that the row gives its team, or its service; a column `id` has that of what the row is about."""
        about = "service" if self.name_of("service") else "team"
        return self.words(f"{what} id") or (self.words("id") if what == about else "")


def read(files: Mapping[str, bytes]) -> Imported:
    """The teams and services of tables, by their names. Raises `DataError` where one has no teams, or is none."""
    unmapped = Unmapped()
    rows = imported.from_each(files, lambda path, raw: _rows(path, raw, unmapped))
    ids = {
        what: {_folded(row.name_of(what)): row.id_of(what) for row in rows if row.id_of(what)}
        for what in ("team", "service")
    }
    reader = _TableReader(unmapped, ids)
    for row in rows:
        reader.row(row)
    return Imported((*reader.teams.values(), *reader.services.values()), tuple(unmapped))


def _rows(path: str, raw: bytes, unmapped: Unmapped) -> Iterator[TableRow]:
    """The rows of a file below its headings. Raises `DataError`."""
    text = _decode(path, raw, unmapped)
    heading = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    delimiter = max(DELIMITERS, key=heading.count)
    lines = list(_lines(path, text, delimiter))
    if not lines:
        message = Message("the file is empty; it needs a header row")
        raise DataError([Problem(path, 1, 1, "empty-file", message)])
    heading_place, headings = lines[0]
    columns = _columns(heading_place, headings, unmapped)
    if not {"team", "team id"} & set(columns.values()):
        message = Message("no column names the team; call one `team` (or `チーム`)")
        raise DataError([Problem(path, heading_place.line, 1, "missing-column", message)])
    for place, cells in lines[1:]:
        if any(cell.strip() for cell in cells[len(headings) :]):
            template = "the row has more cells than there are headings; the extra cells are left out"
            unmapped.add(place, "odd-value", template)
        named = {columns[number]: it.strip() for number, it in enumerate(cells) if number in columns and it.strip()}
        yield TableRow(place, named)


def _decode(path: str, raw: bytes, unmapped: Unmapped) -> str:
    """The text of a file in UTF-8, Shift_JIS, or spreadsheets' UTF-16. Raises `DataError` for others."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    text, faults = yaml_file.decode(raw, path)
    if text is not None:
        return text
    try:
        text = raw.decode("cp932")
    except UnicodeDecodeError as error:
        message = Message("neither UTF-8 nor Shift_JIS; save it as UTF-8 (in Excel: “CSV UTF-8”)")
        raise DataError([replace(fault, message=message) for fault in faults]) from error
    template = "not UTF-8: read as Shift_JIS (cp932); check that the names are right"
    unmapped.add(Place(path, 1), "encoding", template)
    return text


def _lines(path: str, text: str, delimiter: str) -> Iterator[tuple[Place, list[str]]]:
    """The lines of a table that have anything in them, each with where it begins. Raises `DataError`."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Place(path, begins), cells
            begins = reader.line_num + 1
    except csv.Error as error:
        message = Message("not a table: {words}; check the quotes from here on", {"words": error})
        raise DataError([Problem(path, begins, 1, "syntax", message)]) from error


def _columns(place: Place, headings: Sequence[str], unmapped: Unmapped) -> dict[int, str]:
    """What each column holds, by its number; an unknown one, or one that is there twice, is reported.

    One without a heading is called by its number from 1.
    """
    meant = [HEADINGS.get(_folded(heading), ("", 0)) for heading in headings]
    found: dict[str, int] = {}
    for number in sorted(range(len(headings)), key=lambda number: meant[number][1]):
        column, heading = meant[number][0], one_line(headings[number]) or str(number + 1)
        if not column:
            known = [name for names in COLUMNS.values() for name in names]
            hint = near_names.near(unicodedata.normalize("NFKC", heading).lower(), known)
            template = "the column `{heading}` is unknown; it is left out"
            unmapped.add(place, "unknown-column", template, hint, heading=heading)
        elif column in found:
            template = "the column `{heading}` is left out: `{kept}` has the same"
            unmapped.add(place, "unknown-column", template, heading=heading, kept=one_line(headings[found[column]]))
        else:
            found[column] = number
    # `name` is that of what each row is about: a service where another column has the team.
    if "name" in found and "service" not in found:
        found["service" if {"team", "team id"} & found.keys() else "team"] = found.pop("name")
    return {number: column for column, number in found.items()}


@dataclass
class _TableReader:
    """Makes teams and services of rows. `ids` has, of either, the ids that any row gives a name."""

    unmapped: Unmapped
    ids: Mapping[str, Mapping[str, str]]
    teams: dict[str, Found] = field(default_factory=dict)
    services: dict[str, Found] = field(default_factory=dict)

    def row(self, row: TableRow) -> None:
        service = row.name_of("service")
        if not row.name_of("team"):
            about = f"the service `{service}`" if service else "it"
            self.unmapped.add(row.place, "unknown-team", "the row names no team; {about} is left out", about=about)
            return
        team = self.id(row, "team", {})
        if team:
            self.team(row, team)
        if team and service:
            self.service(row, team)

    def id(self, row: TableRow, what: str, taken: Mapping[str, Found]) -> str:
        """The id of a row's team or service; empty, and reported, where there is none."""
        name = row.name_of(what)
        given = row.id_of(what) or self.ids[what].get(_folded(name), "")
        remedy = "give it one in a column `{}`, or `{}`".format(*COLUMNS[f"{what} id"])
        return self.unmapped.own_id(row.place, what, given or name, remedy, taken)

    def team(self, row: TableRow, id: str) -> None:
        mine = not row.name_of("service")
        values: dict[str, Any] = {
            "name": (row.words("name") if mine else "") or row.name_of("team"),
            "channel": row.words("channel"),
            "mission": row.words("mission") or (row.words("description") if mine else ""),
            "dashboards": self.dashboards(row, row.name_of("team")) if mine else [],
        }
        if mine:
            for column in ("tier", "repository", "depends on", "for whom"):
                if column in row.cells:
                    template = "`{column}` belongs to a service, but the row names none"
                    self.unmapped.add(row.place, "not-mapped", template, column=column)
        first = self.teams.setdefault(id, Found("team", id, row.place, values)).values
        first["dashboards"] += [link for link in values["dashboards"] if link not in first["dashboards"]]
        for key in ("name", "channel", "mission"):  # what was there before stays
            old, new = first[key], values[key]
            if not old or (key == "name" and old == id):
                first[key] = new or old
            elif new and _folded(old) != _folded(new) and not (key == "name" and new == id):
                template = "the {key} of the team `{id}` is `{old}` above and `{new}` here; the first is kept"
                self.unmapped.add(row.place, "two-values", template, key=key, id=id, old=old, new=new)

    def service(self, row: TableRow, team: str) -> None:
        id = self.id(row, "service", self.services)
        if not id:
            return
        name = row.words("name") or row.name_of("service")
        values = {
            "name": name,
            "summary": row.words("description"),
            "for_whom": row.words("for whom"),
            "tier": self.tier(row),
            "depends_on": list(self.needs(row)),
            "repository": next(self.addresses(row, "repository"), ""),
            "dashboards": self.dashboards(row, name),
        }
        self.services[id] = Found("service", id, row.place, values, team)

    def tier(self, row: TableRow) -> int | None:
        words = row.words("tier")
        match = re.fullmatch(r"(?:tier|t|ティア)?[\s-]*([123])", unicodedata.normalize("NFKC", words).casefold())
        if words and not match:
            self.unmapped.add(row.place, "odd-value", "`{words}` isn't a tier; write 1, 2 or 3", words=words)
        return int(match[1]) if match else None

    def needs(self, row: TableRow) -> Iterator[imported.Need]:
        for part in re.split(r"[,;|、，；\r\n]", row.cells.get("depends on", "")):
            words = one_line(part)
            if words:
                given = self.ids["service"].get(_folded(words), "")
                yield imported.Need(imported.as_id(given or words), words, row.place)

    def addresses(self, row: TableRow, column: str) -> Iterator[str]:
        """The addresses in a cell; what is none is reported."""
        for address in row.cells.get(column, "").split():
            if address_fault(address):
                template = "`{address}` under `{column}` isn't an address; write it in full: https://example.com/page"
                self.unmapped.add(row.place, "odd-value", template, address=address[:60], column=column)
            else:
                yield address

    def dashboards(self, row: TableRow, name: str) -> list[dict[str, str]]:
        return [{"name": name, "address": address} for address in dict.fromkeys(self.addresses(row, "dashboard"))]

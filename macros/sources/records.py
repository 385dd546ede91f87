"""The coverage figures of earlier days, a line of JSON for each day and team.

JSON lines, since one is whole by itself: a new figure changes no earlier line, and a diff shows the day that it adds.
It stands beside the YAML, so that it belongs to the data that it counts, under a suffix that no kind of data has.
"""

from datetime import date

from pydantic import BaseModel, ValidationError

from macros.sources import yaml_file
from macros.text.problems import Message, Problem

FILE = "figures.jsonl"
MOST_BYTES = 50_000_000
"""Those of a hundred teams over ten years and more."""


class Record(BaseModel, frozen=True):
    """What was done of how many things on a day, by the name of a figure; without a `team`, in the whole handbook."""

    day: date
    team: str = ""
    figures: dict[str, tuple[int, int]]

    @property
    def line(self) -> str:
        """How it stands in the file, without the end of the line."""
        return self.model_dump_json(exclude_defaults=True)


def parse(raw: bytes, path: str) -> tuple[list[Record], list[Problem]]:
    """The records in a file, and a problem for each line that `check --record` wouldn't write."""
    text, problems = yaml_file.decode(raw, path)
    records: dict[tuple[date, str], Record] = {}
    for number, line in enumerate((text or "").splitlines(), 1):
        record = _record(line)
        if record is None or records.setdefault((record.day, record.team), record) is not record:
            message = Message("not what `check --record` writes, or there twice; restore the file, or delete the line")
            problems.append(Problem(path, number, 1, "broken-record", message))
    return list(records.values()), problems


def _record(line: str) -> Record | None:
    try:
        record = Record.model_validate_json(line)
    except ValidationError:
        return None
    adds_up = all(0 <= done <= total > 0 for done, total in record.figures.values())
    return record if adds_up and record.line == line else None

"""What the data is made of: texts, references, addresses, days and choices, and the way through them."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from typing import Annotated, Any, ClassVar, Self, get_args
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from macros.model.keys import broken, matching, optional, required, several
from macros.model.numbers import Day, Number

LANGUAGE_NAMES = {"en": "English", "ja": "日本語"}
LANGUAGES = tuple(LANGUAGE_NAMES)
LINK_SCHEMES = ("https", "http", "mailto")
ADDRESS_PATTERN = r"^(https?://|mailto:)\S+$"
WORD_PATTERN = r"^\S([^\n\r\x85]*\S)?$"
ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
MOST_ID_CHARACTERS = 100
"""It becomes the name of a file and of a folder, of which file systems take 255 bytes."""

MOST_NAME_CHARACTERS = 200
"""Of words in one line that are a name."""

FROM_PATH = frozenset({"id", "team", "path"})
"""Fields that the loader takes from a file's place; they are not keys of the file."""

Location = tuple[str | int, ...]
"""The way from the top of a file to a value: keys and list positions, as in `("on_call", "escalation", 0)`."""


class Shape(BaseModel):
    """A mapping with known keys, which can't be changed once it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


class Text(Shape):
    """Plain text in one or both languages.

    In a file it is a string, in the organisation's language, or a mapping with `en`, `ja` or both.
    The language of a plain string comes in the validation context, under `language`.
    """

    en: str | None = optional("The text in English.")
    ja: str | None = optional("The text in Japanese.")

    @model_validator(mode="before")
    @classmethod
    def _plain_string(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str):
            return {(info.context or {}).get("language", "en"): value}
        if not isinstance(value, Mapping):
            raise PydanticCustomError("text_type", "not a text")
        return value

    @model_validator(mode="after")
    def _has_words(self) -> Self:
        if not any((words or "").strip() for words in (self.en, self.ja)):
            raise broken("`{key}` has no text; write one, or delete the line")
        return self

    @property
    def said(self) -> dict[str, str]:
        """Its words, by the languages in which there are any."""
        every = ((language, getattr(self, language) or "") for language in LANGUAGES)
        return {language: words for language, words in every if words.strip()}

    def in_language(self, language: str) -> str:
        """The words in `language`, or in the other one where there are none."""
        return self.words(language)[0]

    def words(self, language: str) -> tuple[str, str]:
        """The words to show in `language`, and the language that they really are in."""
        shown = next(candidate for candidate in (language, *LANGUAGES) if (getattr(self, candidate) or "").strip())
        return getattr(self, shown), shown

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        mapping = handler.resolve_ref_schema(handler(schema))
        words = {language: {"type": "string"} for language in LANGUAGES}
        mapping.clear()
        mapping["description"] = "Text: a string in the organisation's language, or a mapping {en: …, ja: …}."
        mapping["anyOf"] = [
            {"type": "string"},
            {"type": "object", "properties": words, "additionalProperties": False, "minProperties": 1},
        ]
        return mapping


class Markdown(Text):
    """Longer text in one or both languages, written in Markdown; raw HTML is shown as text."""


class CheckedText(str):
    """A text of a file that is checked as it is read.

    A subclass names how many characters it has at `most`, and what its JSON Schema says beside its type.
    """

    most: ClassVar[int | None]
    in_schema: ClassVar[Mapping[str, str]]

    def __init_subclass__(cls, most: int | None = None, **in_schema: str) -> None:
        cls.most, cls.in_schema = most, in_schema

    @classmethod
    def _checked(cls, value: str) -> Self:
        return cls(value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls._checked, core_schema.str_schema(max_length=cls.most))

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", **cls.in_schema}


class Ref(CheckedText):
    """The id of another entity. Each subclass names the kind that it refers to."""

    kind: ClassVar[str]

    def __init_subclass__(cls, kind: str) -> None:
        super().__init_subclass__(pattern=ID_PATTERN, title=f"The id of a {kind}")
        cls.kind = kind


class Url(CheckedText, most=2000, pattern=ADDRESS_PATTERN, title="An address"):
    """The address of a page outside the handbook: `https:`, `http:` or `mailto:`."""

    @classmethod
    def _checked(cls, value: str) -> Self:
        if address_fault(value):
            raise PydanticCustomError("link_address", "not an address")
        return cls(value)


def address_fault(value: str) -> bool:
    """Whether a text is no address that a link may have: in full, with one of `LINK_SCHEMES`.

    Browsers drop control characters and blanks from a scheme (`java\\tscript:`), so any of them is a fault.
    """
    if re.search(r"[\x00-\x20\x7f\\]", value):
        return True
    try:
        parts = urlsplit(value)
    except ValueError:
        return True
    return parts.scheme not in LINK_SCHEMES or not (parts.netloc or (parts.scheme == "mailto" and parts.path))


Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=MOST_ID_CHARACTERS)]


class Choice(StrEnum):
    """One of a few words. Pages show their labels translated, with the class as the context."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """A word, and how English prose writes it where that differs in more than hyphens."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.label = label or value.replace("-", " ")
        return made


class Interaction(Choice):
    """How two teams work together, in the words of Team Topologies."""

    COLLABORATION = "collaboration"
    X_AS_A_SERVICE = "x-as-a-service", "X-as-a-Service"
    FACILITATING = "facilitating"


class Rhythm(Choice):
    """How often something is done."""

    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class Link(Shape):
    """A named address."""

    name: Text = required("The name of the link.", "Payments overview")
    address: Url = required("The address.", "https://grafana.example.com/d/payments")


class EscalationStep(Shape):
    """Whom to call after some time without an answer."""

    after_minutes: Number = required("Minutes since the page without an answer.", 5, ge=0)
    role: Text = required("Whom to call.", "Secondary on-call")
    channel: str | None = optional("Where, if not by the pager.", "#payments-oncall")


_NO_WORD = "`{key}` must be one line of text, without spaces before or after it"
Word = Annotated[
    str,
    Field(max_length=MOST_NAME_CHARACTERS, json_schema_extra={"pattern": WORD_PATTERN}),
    matching(WORD_PATTERN, _NO_WORD),
]
"""Words in one line: a name of any letters, without blanks around it."""


class Synonyms(Shape):
    """Synonyms by language. The search finds them too."""

    en: tuple[Word, ...] = several("In English.", ["burn"])
    ja: tuple[Word, ...] = several("In Japanese.", ["障害対応"])


class ExerciseKind(Choice):
    """How a playbook or a checklist was used."""

    DRILL = "drill"
    REAL = "real"


class Exercise(Shape):
    """A day on which a playbook or a checklist was used."""

    on: Day = required("When.", "2026-10-08")
    kind: ExerciseKind = required("Whether it was a drill or real.", "drill")
    by: Text | None = optional("The team or the role that used it.", "Two newcomers")
    changed: Text | None = optional("What was changed in it afterwards.")


class Acceptance(Shape):
    """A gap that may stay, and why; after its last day it is a gap again."""

    gap: Id = required("The name of the gap, as the check prints it.", "service-without-dashboard")
    why: Text = required("Why it may stay.", "Retired in March; nobody looks at it any more")
    until: Day | None = optional("The last day on which it may stay.", "2027-03-31")
    alert: Word | None = optional("The alert that has the gap, if it is one of the team's.", "PaymentsApiErrors")


class Entity(Shape):
    """What every kind has: its id, its team and its file, and where its facts come from."""

    id: str = required("The file's name without its suffix.")
    team: str = optional("The id of the team in whose folder the file is; empty for shared content.", default="")
    path: str = required("The file, as the loader was given it.")
    aliases: tuple[Id, ...] = several("Old ids, which keep old addresses alive.", ["old-name"])
    sources: tuple[Link, ...] = several("Where the facts in this file come from.")
    also_called: Synonyms | None = optional("What people search for instead of its name.")
    accepted: tuple[Acceptance, ...] = several("Gaps that may stay, each with the reason.")

    @cached_property
    def parts(self) -> tuple[tuple[Location, Any], ...]:
        """What stands in it and has parts itself, refers to something or is an address, outermost first."""
        return tuple(found for found in walk(self) if found[0] and isinstance(found[1], (Shape, CheckedText)))

    @cached_property
    def refs(self) -> tuple[tuple[Location, Any], ...]:
        """The ids of others in it, each with its place."""
        return tuple(found for found in self.parts if isinstance(found[1], Ref))

    @cached_property
    def half_texts(self) -> tuple[tuple[Location, Text], ...]:
        """Its texts that have no words in one of the languages, each with its place."""
        return tuple((place, text) for place, text in self.parts if isinstance(text, Text) and len(text.said) == 1)


class Listed(Shape):
    """Something that other files refer to and that has no file of its own: it is in a list of another file."""

    id: Id = required("A short id, unique for its kind in all files, and never reused.", "alerting-on-slos")


@lru_cache(maxsize=2**16)
def inside(location: Location, step: str | int) -> Location:
    """A step further in: one tuple for all files that have such a place: those of 1,000 teams have a million."""
    return (*location, step)


def walk(value: Any) -> Iterator[tuple[Location, Any]]:
    """Every value inside an entity that its file has, with the place where it stands, outermost first."""
    waiting: list[tuple[Location, Any]] = [((), value)]
    while waiting:
        location, value = waiting.pop()
        yield location, value
        if isinstance(value, Shape):
            given = value.model_fields_set
            fields = file_fields(type(value)).items()
            parts = [(inside(location, key), getattr(value, name)) for key, (name, _) in fields if name in given]
            waiting += reversed(parts)
        elif isinstance(value, tuple):
            waiting += reversed([(inside(location, position), item) for position, item in enumerate(value)])


@cache
def file_fields(shape: type[Shape]) -> Mapping[str, tuple[str, FieldInfo]]:
    """The fields of a shape that stand in its file, each with its name, by their keys there."""
    from_path = FROM_PATH if issubclass(shape, Entity) else ()
    fields = shape.model_fields.items()
    return {info.alias or name: (name, info) for name, info in fields if name not in from_path}


def shapes_in(annotation: Any) -> Iterator[type[Shape]]:
    """The shapes inside an annotation: the members of a union, the items of a tuple."""
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        yield annotation
    for argument in get_args(annotation):
        yield from shapes_in(argument)

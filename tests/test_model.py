"""The model: texts in two languages, addresses, days, and the walk through an entity."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError
from rows import each

from macros.model.journeys import Selector
from macros.model.numbers import Day, Number, Since
from macros.model.organisation import Evidence, PainPoint, Service, SreSetUp, Team, TeamInteraction
from macros.model.references import ServiceRef, TeamTypeRef
from macros.model.set_ups import SkillLevel
from macros.model.values import (
    FROM_PATH,
    Choice,
    Id,
    Link,
    Shape,
    Text,
    Url,
    address_fault,
    file_fields,
    shapes_in,
    walk,
)


def error_types(shape: Any, value: Any) -> list[str]:
    """The types of what is wrong with a value, none where it is right."""
    try:
        TypeAdapter(shape).validate_python(value)
    except ValidationError as error:
        return [details["type"] for details in error.errors()]
    return []


def subclasses(shape: type[Shape]) -> set[type[Shape]]:
    return {shape, *(inner for subclass in shape.__subclasses__() for inner in subclasses(subclass))}


@pytest.mark.parametrize(
    ("value", "english", "japanese", "said"),
    [
        ({"en": "Zukura", "ja": "ズクラ"}, ("Zukura", "en"), ("ズクラ", "ja"), ["en", "ja"]),
        ({"en": "Zukura"}, ("Zukura", "en"), ("Zukura", "en"), ["en"]),
        ({"ja": "ズクラ"}, ("ズクラ", "ja"), ("ズクラ", "ja"), ["ja"]),
        ({"en": " \n", "ja": "ズクラ"}, ("ズクラ", "ja"), ("ズクラ", "ja"), ["ja"]),
        ({"en": "Zukura", "ja": ""}, ("Zukura", "en"), ("Zukura", "en"), ["en"]),
    ],
)
def test_a_text_falls_back_to_the_other_language(
    value: dict[str, str], english: tuple[str, str], japanese: tuple[str, str], said: list[str]
) -> None:
    text = Text.model_validate(value)
    assert (text.words("en"), text.words("ja")) == (english, japanese)
    assert (text.in_language("en"), text.in_language("ja")) == (english[0], japanese[0])
    assert [*text.said] == said


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_plain_string_is_in_the_language_of_the_context(language: str) -> None:
    text = Text.model_validate("Zukura", context={"language": language})
    assert text.words("en") == text.words("ja") == ("Zukura", language)


@pytest.mark.parametrize(
    ("value", "type"),
    [
        (5, "text_type"),
        (["a"], "text_type"),
        (None, "text_type"),
        (True, "text_type"),
        ("", "broken_rule"),
        ("  ", "broken_rule"),
        ({}, "broken_rule"),
        ({"en": "", "ja": " "}, "broken_rule"),
        ({"en": 5}, "string_type"),
        ({"de": "Schublade"}, "extra_forbidden"),
    ],
)
def test_a_text_that_is_none(value: Any, type: str) -> None:
    assert type in error_types(Text, value)


@pytest.mark.parametrize(
    "value",
    [
        "https://example.com",
        "http://example.com/a?b=c#d",
        "HTTPS://EXAMPLE.COM/",
        "https://例え.example/決済",
        "https://[::1]:8000/",
        "mailto:sre@example.com",
    ],
)
def test_an_address(value: str) -> None:
    assert not address_fault(value)
    assert TypeAdapter(Url).validate_python(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.com/",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        " https://example.com/",
        "https://example.com/a\n",
        "https://example.com/\x7f",
        "https:\\\\example.com",
        "https:example.com",
        "https://",
        "//example.com",
        "example.com",
        "/services/",
        "",
        "mailto:",
        "https://[::1",
    ],
)
def test_an_address_that_is_refused(value: str) -> None:
    assert address_fault(value)
    assert error_types(Url, value) == ["link_address"]


@pytest.mark.parametrize("value", ["a", "slow-large-files", "404", "a1-2b"])
def test_an_id(value: str) -> None:
    assert error_types(Id, value) == []


@pytest.mark.parametrize("value", ["", "A", "a_b", "a--b", "-a", "a-", "a b", "a/b", "..", "é", "決済", "a\n"])
def test_an_id_that_is_refused(value: str) -> None:
    assert error_types(Id, value) == ["string_pattern_mismatch"]


def test_a_day() -> None:
    assert TypeAdapter(Day).validate_python("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    "value", ["2026-02-29", "2026-4-1", "2026-04", "20260401", "2026-04-01T00:00", "soon", 2026, ""]
)
def test_a_day_that_is_none(value: Any) -> None:
    assert error_types(Day, value) == ["day"]


@pytest.mark.parametrize("value", ["2026-04", "2026-12", "2026-04-17"])
def test_since_a_month_or_a_day(value: str) -> None:
    assert TypeAdapter(Since).validate_python(value) == value


@pytest.mark.parametrize("value", ["2026", "2026-13", "2026-00", "2026-04-31", "April", 2026])
def test_since_nothing_that_is_a_month_or_a_day(value: Any) -> None:
    assert error_types(Since, value) == ["day"]


@pytest.mark.parametrize("value", [True, 1.0, "1", None])
def test_a_number_is_taken_as_it_stands(value: Any) -> None:
    assert error_types(Number, value) == ["int_type"]


def test_a_choice_is_labelled_as_prose() -> None:
    assert SkillLevel.WITH_HELP.label == "with help"
    hyphened = [member for choice in Choice.__subclasses__() for member in choice if "-" in member.label]
    # A name, as Team Topologies writes it, and a word of the field's.
    assert [member.label for member in hyphened] == ["X-as-a-Service", "Teams and on-call"]


def test_a_dependency_may_be_an_id_alone() -> None:
    service = {"id": "cart", "path": "cart.yaml", "name": "Cart", "summary": "Holds what is bought"}
    made = [Service.model_validate({**service, "depends_on": [needed]}) for needed in ("search", {"service": "search"})]
    assert made[0] == made[1]


@pytest.mark.parametrize("value", [{}, {"slo": None}, {"slo": None, "ticket": None}])
def test_evidence_of_nothing(value: Any) -> None:
    assert error_types(Evidence, value) == ["broken_rule"]


def test_evidence_of_one_thing() -> None:
    assert error_types(Evidence, {"slo": None, "alert": "QueueTooLong"}) == []


def test_a_set_up_is_had_or_been() -> None:
    assert error_types(SreSetUp, {"since": "2026-04"}) == ["broken_rule"]
    assert error_types(SreSetUp, {"is": "enabling"}) == []
    assert error_types(SreSetUp, {"is_": "enabling"}) == ["extra_forbidden"]


@each(sorted(subclasses(Shape), key=str))
def test_every_shape_is_closed_and_does_not_change(shape: type[Shape]) -> None:
    assert shape.model_config["extra"] == "forbid"
    assert shape.model_config["frozen"] is True


def test_no_list_in_the_model_can_change() -> None:
    point = PainPoint.model_validate({"id": "a", "what": "A"})
    with pytest.raises(ValidationError, match="frozen"):
        point.what = point.what
    team = Team.model_validate({"id": "a", "path": "a", "name": "A", "channel": "a", "pain_points": [point]})
    assert isinstance(team.pain_points, tuple)


def test_walking_names_every_value_with_its_place() -> None:
    team = Team.model_validate(
        {
            "id": "zukura",
            "path": "data/teams/zukura/team.yaml",
            "name": "Zukura",
            "channel": "#zukura",
            "sre_set_up": {"is": "enabling"},
            "works_with": [{"team": "search", "mode": "facilitating", "purpose": "SLOs"}],
        }
    )
    walked = dict(walk(team))
    assert next(iter(walked)) == ()
    assert walked["works_with", 0, "team"] == "search"
    assert walked["works_with", 0, "purpose", "en"] == "SLOs"
    assert walked["sre_set_up", "is"] == TeamTypeRef("enabling")
    assert {location[0] for location in walked if location} == {"name", "channel", "sre_set_up", "works_with"}
    assert ("sre_set_up", "has") not in walked


def test_walking_meets_references_as_references() -> None:
    service = Service.model_validate(
        {"id": "a", "path": "a.yaml", "name": "A", "summary": "A", "depends_on": ["b", {"service": "c"}]}
    )
    references = {place: value for place, value in walk(service) if isinstance(value, ServiceRef)}
    assert references == {("depends_on", 0, "service"): "b", ("depends_on", 1, "service"): "c"}
    assert {value.kind for value in references.values()} == {"service"}


def test_a_team_named_in_an_interaction_is_a_key_of_the_file() -> None:
    assert "team" in FROM_PATH
    interaction = TeamInteraction.model_validate({"team": "search", "mode": "facilitating", "purpose": "SLOs"})
    assert ("team",) in dict(walk(interaction))


def test_the_fields_of_a_file_go_by_its_keys_and_leave_out_what_its_path_says() -> None:
    assert [(key, name) for key, (name, _) in file_fields(SreSetUp).items()] == [
        ("has", "has"),
        ("is", "is_"),
        ("since", "since"),
        ("how", "how"),
    ]
    assert not FROM_PATH & file_fields(Team).keys()
    assert "id" in file_fields(PainPoint)


def test_shapes_are_found_inside_unions_and_tuples() -> None:
    assert list(shapes_in(Annotated[tuple[Link, ...] | Text | None, "what pydantic adds"])) == [Link, Text]
    assert list(shapes_in(tuple[int, ...] | str)) == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('a{le="1"}', r'a{le=~"1|1\\.0"}'),
        ('a{le="1.0"}', r'a{le=~"1|1\\.0"}'),
        ("a{le='30'}", r'a{le=~"30|30\\.0"}'),
        ('a{ le = "1", b="2" }', r'a{ le=~"1|1\\.0", b="2" }'),
        ('a{le!="5"}', r'a{le!~"5|5\\.0"}'),
        ('a{quantile="1"}', r'a{quantile=~"1|1\\.0"}'),
        ('a{le="0"}', r'a{le=~"0|0\\.0"}'),
        ('a{le="-1"}', r'a{le=~"\\-1|\\-1\\.0"}'),
        # Prometheus 3 writes a number of seven digits or more with an exponent.
        ('a{le="1000000"}', r'a{le=~"1000000|1000000\\.0|1e\\+06"}'),
        ('a{le="100000",code!~"5.."}', r'a{le=~"100000|100000\\.0",code!~"5.."}'),
    ],
)
def test_a_number_that_the_versions_write_differently_is_found_in_both(written: str, expected: str) -> None:
    assert Selector(written).in_any_version == expected


@pytest.mark.parametrize(
    "selector",
    [
        "a",
        'a{le="0.5"}',
        'a{le="1e+06"}',
        'a{le="+Inf"}',
        'a{le=~"1|2"}',
        'a{le!~"1"}',
        'a{le=""}',
        'a{role="1"}',
        'a{my_le="1"}',
        'a{path="le=\\"1\\""}',
        "a{path='{le=\"1\"}'}",
        'a{quantile="0.99"}',
    ],
)
def test_any_other_selector_stays_as_it_is_written(selector: str) -> None:
    assert Selector(selector).in_any_version == selector

"""The reading list as it ships: every work says what it is for, and times and ranks agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
import shipped

from macros.handbook import reading
from macros.model.reading import Reading
from macros.model.values import LANGUAGES


def works() -> Iterator[tuple[str, Reading]]:
    """Each work with its place."""
    for shelf in shipped.handbook().shelves:
        for position, work in enumerate(shelf.entries):
            yield shipped.at(shelf, ("entries", position)), work


def test_there_is_something_to_read_in_both_languages() -> None:
    assert {it.language.value for it in shipped.handbook().readings} == {"en", "ja"}


def test_every_work_says_what_to_take_from_it() -> None:
    assert [place for place, work in works() if not work.takeaways] == []


def test_no_two_shelves_and_no_two_paths_have_one_rank() -> None:
    handbook = shipped.handbook()
    for kind in (handbook.shelves, handbook.reading_paths):
        ranks = Counter(it.rank for it in kind)
        assert [f"{it.path}: {it.rank}" for it in kind if ranks[it.rank] > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_path_takes_the_time_of_its_parts_and_of_whole_works_as_their_readers_have_them(language: str) -> None:
    handbook = shipped.handbook()
    for path in handbook.reading_paths:
        steps = reading.steps(handbook, language, path)
        minutes = [
            written.minutes or step.work.minutes_to_read for written, step in zip(path.steps, steps, strict=True)
        ]
        assert sum(step.minutes for step in steps) == sum(minutes) > 0, path.path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_path_leads_to_each_translation_that_is_on_the_list(language: str) -> None:
    handbook = shipped.handbook()
    for path in handbook.reading_paths:
        for step in reading.steps(handbook, language, path):
            known = [work.language.value for work in reading.translations(handbook, step.work)]
            assert step.work.language.value == language or language not in known, f"{path.path}: {step.work.id}"


def test_a_step_that_reads_a_part_of_a_translated_work_names_the_part_in_both_languages() -> None:
    handbook = shipped.handbook()
    parts = [(path, step) for path in handbook.reading_paths for step in path.steps if step.part]
    translated = [
        (path, step) for path, step in parts if reading.translations(handbook, handbook.reading(step.reading))
    ]
    assert translated
    assert [f"{path.path}: {step.reading}" for path, step in translated if step.part and len(step.part.said) < 2] == []


def test_reading_list_and_glossary_are_free_of_findings() -> None:
    found = [it for it in shipped.site("en").findings if it.kind in ("reading-shelf", "reading-path", "glossary")]
    assert [*map(str, found)] == []


def test_every_set_up_and_every_path_has_works() -> None:
    handbook = shipped.handbook()
    assert [it.path for it in handbook.team_types if not handbook.readings_about(it)] == []
    assert [it.path for it in handbook.reading_paths if not it.steps] == []

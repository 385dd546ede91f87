"""The reading list as it ships: every work says what it is for, and times and ranks agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import shipped

from macros.handbook import reading
from macros.model.reading import Reading


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


def test_the_time_of_a_path_is_that_of_its_steps() -> None:
    handbook = shipped.handbook()
    for it in handbook.reading_paths:
        minutes = [step.minutes or handbook.reading(step.reading).minutes_to_read for step in it.steps]
        assert sum(step.minutes for step in reading.steps(handbook, it)) == sum(minutes) > 0, it.path


def test_reading_list_and_glossary_are_free_of_findings() -> None:
    found = [it for it in shipped.site("en").findings if it.kind in ("reading-shelf", "reading-path", "glossary")]
    assert [*map(str, found)] == []


def test_every_set_up_and_every_path_has_works() -> None:
    handbook = shipped.handbook()
    assert [it.path for it in handbook.team_types if not handbook.readings_about(it)] == []
    assert [it.path for it in handbook.reading_paths if not it.steps] == []

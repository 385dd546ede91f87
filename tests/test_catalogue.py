"""The catalogue: where messages come from, how it is kept up to date, and when it can't be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from macros.authoring import messages
from macros.authoring.messages import FoundMessage
from macros.gaps import checks
from macros.site import page_macros
from macros.text import catalogue
from macros.text.problems import DataError

DOCUMENTED: list[Callable[..., Any]] = [*(check.find for check in checks.CHECKS), *page_macros.MACROS.values()]


READ = messages.found_messages


@cache
def found_in_the_program() -> tuple[FoundMessage, ...]:
    return tuple(READ(DOCUMENTED))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A catalogue that isn't there yet, in the place of the real one. The program is read once for all tests."""
    path = tmp_path / "locale/ja/messages.po"
    monkeypatch.setattr(messages, "found_messages", lambda _: found_in_the_program())
    monkeypatch.setattr(catalogue, "catalogue_path", lambda language: path)
    catalogue.translations.cache_clear()
    yield path
    catalogue.translations.cache_clear()


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{text}', encoding="utf-8")


def strings(file: Path) -> dict[Any, Any]:
    with file.open("rb") as opened:
        return {message.id: message.string for message in read_po(opened, locale="ja") if message.id}


def test_the_words_of_the_program_are_english() -> None:
    assert catalogue.translations("en").gettext("Tier") == "Tier"
    assert catalogue.translations("en").ngettext("%(num)s more", "%(num)s mores", 2) == "%(num)s mores"


def test_the_catalogue_translates() -> None:
    translations = catalogue.translations("ja")
    assert translations.gettext("Tier") == "ティア"
    assert translations.ngettext("%(num)s more", "%(num)s more", 2) != "%(num)s more"
    assert translations.pgettext("RequirementState", "not measured") == "未計測"


@pytest.mark.parametrize(
    ("text", "context", "path"),
    [
        ("{name} has no mission: say in a sentence what it does for whom", None, "macros/gaps/checks/organisation.py"),
        ("A file that is not UTF-8.", None, "macros/handbook/load.py"),
        ("A service with no tier.", None, "macros/gaps/checks/organisation.py"),
        ("A link to an entity's page, with its name or your own text.", None, "macros/site/page_macros.py"),
        ("Gaps", None, "macros/templates/team.html.j2"),
        (("after %(num)s minute", "after %(num)s minutes"), None, "macros/templates/partials.html.j2"),
        ("not measured", "RequirementState", "macros/model/organisation.py"),
        ("with help", "SkillLevel", "macros/model/set_ups.py"),
        ("Where anyone can reach the team.", None, "macros/model/organisation.py"),
        ("A dashboard, and the question that it answers.", None, "macros/model/organisation.py"),
    ],
)
def test_a_message_is_found_where_it_stands(text: str | tuple[str, str], context: str | None, path: str) -> None:
    assert (text, context, path) in found_in_the_program()


def test_messages_of_the_theme_are_found() -> None:
    assert [path for _, _, path in found_in_the_program() if path.startswith("docs/overrides/")]


def test_the_first_sentence_of_a_docstring() -> None:
    assert catalogue.first_line(messages.update) == "Bring a catalogue up to date with the program, and write it."
    assert catalogue.first_line(lambda: None) == ""


def test_an_empty_catalogue_gets_every_message_and_no_translation(file: Path) -> None:
    write(file, "")
    total, missing = messages.update("ja", DOCUMENTED)
    assert total == missing > 100
    assert len(strings(file)) <= total  # some differ in their context alone
    assert set(strings(file).values()) <= {"", ("",)}


def test_an_update_keeps_translations_adds_the_new_and_drops_the_rest(file: Path) -> None:
    write(
        file,
        'msgid "Tier"\nmsgstr "ティア"\n\n'
        'msgid "Said no more"\nmsgstr "もう言わない"\n\n'
        'msgctxt "RequirementState"\nmsgid "met"\nmsgstr "達成"\n\n'
        'msgid "after %(num)s minute"\nmsgid_plural "after %(num)s minutes"\nmsgstr[0] "%(num)s 分後"\n',
    )
    total, missing = messages.update("ja", DOCUMENTED)
    found = strings(file)
    assert total - missing == 3
    assert found["Tier"] == "ティア"
    assert found["met"] == "達成"
    assert found["after %(num)s minute", "after %(num)s minutes"] in ("%(num)s 分後", ("%(num)s 分後",))
    assert found["Team"] == ""
    assert "Said no more" not in file.read_text(encoding="utf-8")


def test_a_second_update_changes_nothing(file: Path) -> None:
    write(file, "")
    messages.update("ja", DOCUMENTED)
    first = file.read_bytes()
    messages.update("ja", DOCUMENTED)
    assert file.read_bytes() == first


def test_the_real_catalogue_is_up_to_date(file: Path) -> None:
    real = Path(catalogue.__file__).parents[1] / "locale/ja/messages.po"
    file.parent.mkdir(parents=True)
    file.write_bytes(real.read_bytes())
    messages.update("ja", DOCUMENTED)
    assert file.read_text(encoding="utf-8") == real.read_text(encoding="utf-8"), "make catalogue"


def test_a_message_without_a_translation_stays_english(file: Path) -> None:
    write(file, 'msgid "Tier"\nmsgstr ""\n')
    assert catalogue.translations("ja").gettext("Tier") == "Tier"


@pytest.mark.parametrize(
    ("text", "line"),
    [('msgid "Tier"\nmsgstr "ティア"\nnonsense\n', 6), ("<<<<<<< HEAD\n", 4)],
)
def test_a_catalogue_that_cannot_be_read(
    text: str, line: int, tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(file, text)
    monkeypatch.setattr(catalogue, "PROGRAM", tmp_path / "macros")
    with pytest.raises(DataError) as raised:
        catalogue.translations("ja")
    (problem,) = raised.value.problems
    assert str(problem).startswith(f"locale/ja/messages.po:{line}:1: catalogue: the catalogue can't be read here;")

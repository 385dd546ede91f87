"""The playbook templates as they ship: a playbook that is begun from one is right, and counts once it is filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import shipped
from conftest import ROOT
from test_skeletons import HEAD, TITLES, load_playbook

from macros.authoring import skeletons
from macros.model.playbooks import PlaybookTemplate
from macros.model.values import LANGUAGES


def templates() -> Iterator[PlaybookTemplate]:
    found = skeletons.templates(shipped.handbook().playbook_templates)
    assert found
    return iter(found)


def begun() -> Iterator[tuple[str, PlaybookTemplate]]:
    """Each template with each language that a playbook is begun in."""
    return ((language, template) for template in templates() for language in LANGUAGES)


def test_those_that_make_playbooks_are_templates_to_begin_from() -> None:
    makes = [it.path for it in shipped.everything("playbook-template") if "\nmakes: playbook\n" in text_of(it.path)]
    assert [it.path for it in templates()] == makes


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_a_skeleton_is_a_playbook_about_its_service_that_counts_and_that_nobody_has_tried(tmp_path: Path) -> None:
    wrong = []
    for language, template in begun():
        made = load_playbook(tmp_path / template.id / language, skeletons.playbook(language, template, "till"))
        if made.service != "till" or not made.has_steps or made.exercised:
            wrong.append(f"{template.path}: {language}")
    assert wrong == []


def test_a_skeleton_has_the_same_keys_in_both_languages(tmp_path: Path) -> None:
    def keys(language: str, template: PlaybookTemplate) -> list[str]:
        text = skeletons.playbook(language, template, "till")
        return re.findall(r"(?m)^(?:# )?[ -]*([a-z_]+):(?= |$)", text)

    assert [it.path for it in templates() if keys("en", it) != keys("ja", it)] == []


def test_a_skeleton_names_its_service_in_one_place_and_ends_with_one_newline() -> None:
    for language, template in begun():
        text = skeletons.playbook(language, template, "till")
        words = template.skeleton.in_language(language)
        assert text == HEAD + f"{words.rstrip()}\n".replace(skeletons.SERVICE_PLACE, "till"), template.path
        assert [it for it in text.splitlines() if it.startswith("service:")] == ["service: till"], template.path
        assert skeletons.SERVICE_PLACE not in text, template.path


def test_a_title_comes_out_as_it_went_in_and_changes_nothing_else(tmp_path: Path) -> None:
    for language, template in begun():
        without = skeletons.playbook(language, template, "till").splitlines()
        for number, title in enumerate(TITLES):
            text = skeletons.playbook(language, template, "till", title)
            changed = [new for old, new in zip(without, text.splitlines(), strict=True) if old != new]
            assert len(changed) == 1, template.path
            assert changed[0].startswith("name: "), template.path
            made = load_playbook(tmp_path / f"{template.id}-{language}-{number}", text)
            assert made.name.en == title, template.path

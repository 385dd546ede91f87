"""Texts that have words in one language alone."""

from __future__ import annotations

from pathlib import Path

from conftest import Content, make_handbook

from macros.gaps import figures
from macros.gaps.checks import translations


def test_every_text_in_one_language_is_listed_with_its_key_and_line(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "organisation.yaml": "name: {en: Example, ja: 例}\nlanguage: en\n",
        "teams/payments/team.yaml": (
            "name: {en: Pay, ja: 決済}\nchannel: x\n"
            "working_agreements:\n  - {en: No Fridays, ja: 金曜はなし}\n  - Tests first\n"
        ),
        "teams/payments/services/till.yaml": "name: {en: Till, ja: ' '}\nsummary: {ja: 硬貨}\n",
        "glossary.yaml": "terms: [{id: slo, name: {en: SLO, ja: SLO}, definition: A target}]\n",
        "playbook-templates/alert.yaml": (
            "name: {en: A, ja: 甲}\nsummary: {en: A, ja: 甲}\nuse_when: {en: A, ja: 甲}\nmakes: document\n"
            "skeleton: {en: 'name: A'}\n"
            "sections: [{name: {en: A, ja: 甲}, guidance: {en: A, ja: 甲}, example: {en: A, ja: 甲}}]\n"
        ),
    }
    handbook = make_handbook(tmp_path, files)
    found = translations.missing_texts(handbook)
    assert [
        (it.entity.path, it.line, it.key, it.entity.team, it.language, it.text.words(it.language)) for it in found
    ] == [
        ("data/glossary.yaml", 1, "terms[0].definition", "", "ja", ("A target", "en")),
        ("data/playbook-templates/alert.yaml", 5, "skeleton", "", "ja", ("name: A", "en")),
        ("data/teams/payments/services/till.yaml", 1, "name", "payments", "ja", ("Till", "en")),
        ("data/teams/payments/services/till.yaml", 2, "summary", "payments", "en", ("硬貨", "ja")),
        ("data/teams/payments/team.yaml", 5, "working_agreements[1]", "payments", "ja", ("Tests first", "en")),
    ]
    lacking = {figure.name: figure.total - figure.done for figure in figures.by_team(handbook)[""]}
    for language in ("en", "ja"):
        assert lacking[f"texts-{language}"] == sum(it.language == language for it in found)

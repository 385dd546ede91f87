"""Skeletons: a file begun from a template loads as it is, with the words that it was given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Content, make_handbook
from rows import each

from macros.authoring import editor, reference, skeletons
from macros.gaps import checks
from macros.model.kinds import KINDS
from macros.model.playbooks import Playbook, PlaybookTemplate
from macros.model.values import LANGUAGES, Text
from macros.sources import validate
from macros.sources.yaml_file import parse as source_of
from macros.text import catalogue
from macros.text.problems import Problem

HEAD = f"{editor.modeline(KINDS['playbook'])}\n"
"""The first line of every playbook that is begun."""

TITLES = [
    "Uploads fail",
    'says "failed"',
    "it's slow",
    "back\\slash, and \\n",
    "uploads: all of them",
    "queue #3 is full",
    "# begins with a hash",
    "- begins with a dash",
    "ends with a colon:",
    "アップロードが「失敗」する",
    "no",
    "2026-11-24",
    "null",
    "{braces} [brackets] & *stars* !bang | > %percent @at `tick`",
    "{{ config }}",
    "SERVICE-ID",
    "emoji 🚀 and é",
]
"""Texts that YAML could take for something else."""


def made(kind: str, skeleton: str) -> str:
    """The file of a template whose skeleton has no newline at its end."""
    lines = "".join(f"  {line}\n" for line in skeleton.splitlines())
    parts = "sections: [{name: N, guidance: G, example: E}]"
    return f"name: Alert\nsummary: S\nuse_when: U\nmakes: {kind}\n{parts}\nskeleton: |-\n{lines}"


def template_of(folder: Path, text: Content) -> PlaybookTemplate:
    """The template of a file."""
    (found,) = make_handbook(folder / "template", {"playbook-templates/alert.yaml": text}).playbook_templates
    return found


@pytest.fixture
def template(tmp_path: Path) -> PlaybookTemplate:
    """A template with a title to replace, and two places of a service."""
    skeleton = "name: <What is wrong>\nservice: SERVICE-ID\nsymptoms: [<What users see>]\n# about SERVICE-ID"
    return template_of(tmp_path, made("playbook", skeleton))


def load_playbook(folder: Path, text: str) -> Playbook:
    """The playbook of a file about the service `till`, loaded and checked as any other; a problem fails the test."""
    files = {
        "teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\n",
        "teams/payments/playbooks/begun.yaml": text,
    }
    handbook = make_handbook(folder, files)
    problems, _ = checks.run(handbook)
    assert not problems
    (playbook,) = handbook.playbooks
    return playbook


def test_a_skeleton_names_its_service_wherever_the_template_does(template: PlaybookTemplate, tmp_path: Path) -> None:
    text = skeletons.playbook("en", template, "till")
    assert text == f"{HEAD}{template.skeleton.in_language('en').replace(skeletons.SERVICE_PLACE, 'till')}\n"
    assert load_playbook(tmp_path, text).service == "till"


@pytest.mark.parametrize("title", TITLES)
def test_a_title_comes_out_as_it_went_in(title: str, template: PlaybookTemplate, tmp_path: Path) -> None:
    assert load_playbook(tmp_path, skeletons.playbook("en", template, "till", title)).name.en == title


def test_a_skeleton_has_both_languages_or_is_in_that_of_the_organisation(tmp_path: Path) -> None:
    def names(skeleton: str, language: str = "en") -> list[str]:
        text = made("playbook", "name: A").replace("skeleton: |-\n  name: A\n", f"skeleton: {skeleton}\n")
        files = {"organisation.yaml": f"name: E\nlanguage: {language}\n", "playbook-templates/alert.yaml": text}
        (found,) = make_handbook(tmp_path / language / skeleton[1:3], files).playbook_templates
        return [skeletons.playbook(it, found, "till").removeprefix(HEAD) for it in LANGUAGES]

    assert names('{en: "name: A", ja: "name: 甲"}') == ["name: A\n", "name: 甲\n"]
    assert names('{ja: "name: 甲"}') == ["name: 甲\n"] * 2
    assert names('"name: 甲"', "ja") == ["name: 甲\n"] * 2


def test_a_title_changes_the_name_and_nothing_else(template: PlaybookTemplate) -> None:
    with_title = skeletons.playbook("en", template, "till", 'says "failed"').splitlines()
    without = skeletons.playbook("en", template, "till").splitlines()
    assert [(old, new) for old, new in zip(without, with_title, strict=True) if old != new] == [
        (next(line for line in without if line.startswith("name:")), 'name: "says \\"failed\\""')
    ]


@pytest.mark.parametrize("skeleton", ["name: A\nservice: SERVICE-ID", "name: A\nservice: SERVICE-ID\n"])
@pytest.mark.parametrize(("title", "name"), [("", "A"), ("B", '"B"')])
def test_the_text_ends_with_one_newline(title: str, name: str, skeleton: str, tmp_path: Path) -> None:
    begun = template_of(tmp_path, made("playbook", "name: A")).model_copy(update={"skeleton": Text(en=skeleton)})
    assert skeletons.playbook("en", begun, "till", title) == f"{HEAD}name: {name}\nservice: till\n"


def test_a_name_that_stands_deeper_is_left_alone(tmp_path: Path) -> None:
    skeleton = "links:\n  - name: A\n    address: x\nrecent_changes:\n  name: B\nname: C"
    begun = template_of(tmp_path, made("playbook", skeleton))
    assert skeletons.playbook("en", begun, "till", "D") == (
        f'{HEAD}links:\n  - name: A\n    address: x\nrecent_changes:\n  name: B\nname: "D"\n'
    )


def test_a_template_of_a_document_begins_no_file(tmp_path: Path) -> None:
    files = {
        "playbook-templates/alert.yaml": made("playbook", "name: A"),
        "playbook-templates/postmortem.yaml": made("document", "# A"),
        "playbook-templates/queue.yaml": made("playbook", "name: B"),
    }
    assert [it.id for it in skeletons.templates(make_handbook(tmp_path, files).playbook_templates)] == [
        "alert",
        "queue",
    ]
    assert skeletons.templates(()) == ()


@pytest.mark.parametrize(("ids", "begun"), [(["a", "alert", "b"], "alert"), (["a", "b"], "a"), ([], None)])
def test_a_playbook_is_begun_from_the_template_for_alerts_or_else_the_first(
    ids: list[str], begun: str | None, tmp_path: Path
) -> None:
    documents: dict[str, Content] = {"playbook-templates/0.yaml": made("document", "# A")}
    files = {f"playbook-templates/{id}.yaml": made("playbook", "name: A") for id in ids}
    found = skeletons.usual(make_handbook(tmp_path, documents | files).playbook_templates)
    assert (found.id if found else None) == begun


# A file of any kind

each_kind = each(KINDS)
COMMENTED = re.compile(r"(?m)^# (?=[a-z][a-z0-9_]*:|  )")
"""Before a key, or a line inside of one, that is commented out."""

TOO_FEW = "or more entries; there are"
"""What `check` says of a list with too few blanks in it."""


def problems_of(kind: str, text: str, folder: Path) -> list[Problem]:
    """What is wrong with a file of a kind, in data where everything else is right."""
    path = KINDS[kind].path("payments" if kind == "team" else "new-one", "payments")
    source, faults = source_of(text.encode(), f"data/{path}")
    assert source is not None, faults
    made, found = validate.entity(KINDS[kind], source, {"id": "new-one", "team": "payments"}, "en")
    assert (made is None) == bool(found)
    return found


@each_kind
def test_a_skeleton_of_any_kind_lacks_what_its_author_fills_in_and_no_more(kind: str, tmp_path: Path) -> None:
    text = skeletons.of_kind(KINDS[kind], "no: #1")
    lines = text.splitlines()
    found = problems_of(kind, text, tmp_path)
    found = [it for it in found if TOO_FEW not in str(it)]
    assert {it.rule for it in found} <= {"wrong-type"}
    marked = {number for number, line in enumerate(lines, 1) if f"# {skeletons.MARK}: " in line}
    assert {it.line for it in found} == marked
    named = [line for line in lines if line.startswith("name:")]
    assert named in ([], ['name: "no: #1"'])


@each_kind
def test_every_key_of_a_kind_but_that_for_later_is_in_its_skeleton_and_its_example_is_right(
    kind: str, tmp_path: Path
) -> None:
    text = skeletons.of_kind(KINDS[kind], "A name")
    whole = COMMENTED.sub("", text)
    keys = re.findall(r"(?m)^([a-z][a-z0-9_]*):", whole)
    assert sorted([*keys, "accepted"]) == sorted(it.name for it in reference.keys(str, KINDS[kind].shape))
    blanks = {number for number, line in enumerate(whole.splitlines(), 1) if f"# {skeletons.MARK}: " in line}
    wrong = [
        it
        for it in problems_of(kind, whole, tmp_path)
        if it.line not in blanks and "`…`" not in str(it) and TOO_FEW not in str(it)
    ]
    assert [str(it) for it in wrong] == []


def test_a_skeleton_speaks_the_author_s_language() -> None:
    text = skeletons.of_kind(KINDS["journey"], "決済", catalogue.translations("ja").gettext)
    assert text.splitlines()[1].startswith("# クリティカルユーザージャーニー")
    assert '\nuser: # 記入: 対象のユーザーまたは役割 (例: "製造業の購買担当")\n' in text
    assert '\n# owner: "決済のテックリード"\n' in text
    assert '\n#     good: "30 秒以内にファイルを保存し、ジョブを登録"\n' in text
    assert 'name: "決済"' in text


@each_kind
def test_nothing_but_what_an_id_or_a_system_is_called_stays_english(kind: str) -> None:
    text = skeletons.of_kind(KINDS[kind], "", catalogue.translations("ja").gettext)
    words = {line for line in text.splitlines() if re.search(r'"[A-Z][a-z]+ [a-z]+ [a-z]+', line)}
    assert words == set()


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("service", "#     # optional: needed_for, without_it"),
        ("alerts", "    # optional: urgency, service, link, summary"),
        ("reading-path", "    see: # fill in: Where in the handbook."),
        ("reading-path", "      # optional: guide, checklist, playbook_template, workshop, quick_win, team_type,"),
        ("team", '#     mode: "facilitating" # one of collaboration, x-as-a-service, facilitating'),
        ("team-checklist", "# Read and do, or do and confirm. (one of read-do, do-confirm)"),
        ("reading-shelf", "    language: # fill in: The language that it is in. (one of en, ja)"),
        ("reading-shelf", '      - # fill in: Who wrote, gave or publishes it. (as in "Betsy Beyer")'),
        ("quick-win", f"# {skeletons.BOTH_LANGUAGES}"),
    ],
)
def test_nobody_has_to_look_up_which_keys_and_words_there_are(kind: str, line: str) -> None:
    assert f"\n{line}" in skeletons.of_kind(KINDS[kind])


@pytest.mark.parametrize(("kind", "told"), [("service", True), ("organisation", False)])
def test_a_file_that_has_one_author_needs_no_second_language(kind: str, told: bool) -> None:
    text = skeletons.of_kind(KINDS[kind])
    assert skeletons.BOTH_LANGUAGES not in text
    assert (skeletons.ONE_LANGUAGE in text) == told


@each_kind
def test_a_file_that_is_begun_holds_something(kind: str) -> None:
    source, faults = source_of(skeletons.of_kind(KINDS[kind]).encode(), "data/new.yaml")
    assert source is not None, faults


@each_kind
def test_an_editor_is_led_to_the_schema(kind: str) -> None:
    assert skeletons.of_kind(KINDS[kind]).splitlines()[0] == editor.modeline(KINDS[kind])


@pytest.mark.parametrize("kind", ["glossary", "reading-shelf"])
def test_an_entry_is_the_list_of_its_kind_s_skeleton(kind: str) -> None:
    whole = skeletons.of_kind(KINDS[kind])
    entry = skeletons.entry(KINDS[kind])
    assert entry.startswith("  - id: # ")
    assert f"\n{entry}" in whole


@each_kind
def test_a_short_skeleton_has_the_same_blanks(kind: str, tmp_path: Path) -> None:
    whole = skeletons.of_kind(KINDS[kind], "A")
    short = skeletons.short(whole)
    lines = short.splitlines()
    assert lines[0] == whole.splitlines()[0]
    assert lines[1:] == [line for line in whole.splitlines() if not line.lstrip().startswith("#")]
    words = [[str(it.message) for it in problems_of(kind, text, tmp_path)] for text in (whole, short)]
    assert words[0] == words[1]


def test_nothing_is_short_already() -> None:
    assert skeletons.short("") == ""

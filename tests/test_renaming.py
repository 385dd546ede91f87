"""Renaming and moving: everything that refers to the old id follows, and every other byte stays."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from conftest import GOLDEN, Content, findings_of, golden_handbook, write_tree
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.authoring import editor
from macros.editing import change_set
from macros.editing.change_set import ChangeSet
from macros.editing.renaming import plans
from macros.editing.renaming.links import SECTIONS
from macros.editing.renaming.remarks import remarks
from macros.handbook import load, playbooks
from macros.handbook.graph import Handbook
from macros.model.checklists import Checklist, TeamChecklist
from macros.model.kinds import KINDS, LISTED
from macros.model.values import Entity, Listed, Ref, walk
from macros.text.problems import DataError, RefusedError

SERVICE = "name: Till\nsummary: Takes money\n"
PLAYBOOK = "name: Slow\nservice: till\n"

GOLDEN_DATA = GOLDEN / "data"
GOLDEN_BOOK = golden_handbook()


def entities() -> Iterator[tuple[str, str]]:
    """Everything in the golden organisation that can be renamed: kind and id."""
    for kind in plans.RENAMED:
        for entity in GOLDEN_BOOK.of_kind(kind) if kind in KINDS else ():
            adds = kind == "team-checklist" and GOLDEN_BOOK.find("checklist", entity.id.partition("/")[2])
            if not adds:
                yield kind, entity.id
    yield from ((GOLDEN_BOOK.kind_of(item), item.id) for _, _, item in GOLDEN_BOOK.every(Entity, Listed))
    for playbook in GOLDEN_BOOK.playbooks:
        yield from (("step", f"{playbook.id}/{step.id}") for _, _, step in playbooks.steps(playbook) if step.id)


each_entity = pytest.mark.parametrize(("kind", "id"), list(entities()))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path in it."""
    return {it.relative_to(folder).as_posix(): it.read_bytes() for it in sorted(folder.rglob("*")) if it.is_file()}


def read(data: Path) -> Handbook:
    return load.load(data, "data")


def in_place(data: Path, kind: str, old: str, new: str, *, alias: bool = True) -> Handbook:
    """Rename and write; gives the handbook that then is there."""
    handbook = read(data)
    changes = plans.rename(handbook, data, None, kind, old, new, alias=alias)
    checked(handbook, data, changes)
    change_set.write(changes)
    return read(data)


def checked(handbook: Handbook, data: Path, changes: ChangeSet, docs: Path | None = None) -> Handbook:
    return change_set.checked(changes, handbook, data, docs)


def own(id: str) -> str:
    return id.rpartition("/")[2]


def anew(id: str) -> str:
    """A new id, in the same place of the alphabet: a circle of services is told of at its first one."""
    return f"{own(id)}-anew"


def with_old_id(text: str, old: str) -> str:
    """A text after the renaming as it must have been before."""
    for added, before in ((f"aliases: [{old}]\n", ""), (f"[{old}, ", "["), (f"aliases:\n  - {old}\n", "aliases:\n")):
        text = text.replace(added, before)
    return text.replace(anew(old), old)


def known_findings(handbook: Handbook, kind: str, old: str, new: str) -> set[tuple[str, ...]]:
    """The findings without their lines, with the new id in the place of the old one."""

    def renamed(of: str, id: str) -> str:
        if of == "team-checklist" and kind in ("team", "checklist"):
            team, _, own_id = id.partition("/")
            return f"{renamed('team', team)}/{renamed('checklist', own_id)}"
        return new if (of, id) == (kind, old) else id

    def words(message: str) -> str:
        return message.replace(anew(old), own(old))

    return {
        (it.rule, it.kind, renamed(it.kind, it.id), renamed("team", it.team), words(str(it.message)))
        for it in findings_of(handbook)
    }


@each_entity
def test_all_that_is_renamed_follows_and_renaming_back_gives_the_same_bytes(kind: str, id: str, tmp_path: Path) -> None:
    data = shutil.copytree(GOLDEN_DATA, tmp_path / "data")
    new = f"{id.partition('/')[0]}/{anew(id)}" if "/" in id else anew(id)
    changes = plans.rename(GOLDEN_BOOK, data, None, kind, id, anew(id))
    for change in changes.files:  # every other byte stays
        assert with_old_id(change.new_text, own(id)) == change.old_text == (change.before or data).read_bytes().decode()
    after = checked(GOLDEN_BOOK, data, changes)
    keeps_its_findings_and_its_references(after, kind, id, new)
    in_place(data, kind, id, anew(id), alias=False)
    assert tree(data) != tree(GOLDEN_DATA)
    in_place(data, kind, new, own(id), alias=False)
    assert tree(data) == tree(GOLDEN_DATA)


def keeps_its_findings_and_its_references(after: Handbook, kind: str, id: str, new: str) -> None:
    if kind in KINDS:
        entity, was = after.find(kind, new), GOLDEN_BOOK.find(kind, id)
        assert entity
        assert was
        assert entity.aliases == (own(id), *was.aliases)
    refs = [
        [(it.kind, str(it)) for entity in book.everything() for _, it in walk(entity) if isinstance(it, Ref)]
        for book in (GOLDEN_BOOK, after)
    ]
    expected = sorted((of, new if (of, it) == (kind, id) else it) for of, it in refs[0])
    assert sorted(refs[1]) == expected
    if kind != "journey":  # whose alerts get other names, which playbooks don't know yet
        before_found, after_found = known_findings(GOLDEN_BOOK, kind, id, new), known_findings(after, kind, id, new)
        assert before_found == after_found, "also of an alert whose label has the old id, by its alias"


def test_a_team_takes_its_folder_along(tmp_path: Path) -> None:
    data = shutil.copytree(GOLDEN_DATA, tmp_path / "data")
    (data / "teams/complete/.kept").write_bytes(b"\xff")
    (data / "teams/sparse/alerts").mkdir()
    (data / "teams/complete/alerts/Rules & more.yml").rename(data / "teams/sparse/alerts/Rules & more.yml")
    handbook = in_place(data, "team", "complete", "whole")
    assert not (data / "teams/complete").exists()
    assert (data / "teams/whole/.kept").read_bytes() == b"\xff"
    assert handbook.get(TeamChecklist, "whole/own-with-alias")


def test_a_shared_checklist_takes_along_what_teams_add(tmp_path: Path) -> None:
    data = shutil.copytree(GOLDEN_DATA, tmp_path / "data")
    handbook = in_place(data, "checklist", "complete-checklist", "other")
    assert isinstance(handbook.get(Checklist, "other"), Checklist)
    assert [it.id for it in handbook.team_checklists if own(it.id) == "other"] == ["complete/other", "sparse/other"]


# --- The text of a file ---


def changed(
    folder: Path, files: Mapping[str, Content], kind: str = "service", old: str = "till", new: str = "desk"
) -> dict[str, bytes]:
    """The new text of each file that changes, as bytes by its new path; without an alias, renaming back undoes all."""
    data = write_tree(folder / "data", files)
    before = tree(data)
    in_place(data, kind, old, new)
    after = tree(data)
    again = write_tree(folder / "again", files)
    in_place(again, kind, old, new, alias=False)
    in_place(again, kind, new, old, alias=False)
    assert tree(again) == before
    return {path: content for path, content in after.items() if before.get(path) != content}


def renamed_service(folder: Path, text: bytes) -> bytes:
    """The file of the service `till` as `desk`."""
    return changed(folder, {"teams/payments/services/till.yaml": text})["teams/payments/services/desk.yaml"]


ALIASES = {
    "above the name": (f"# Ours.\n{SERVICE}", "# Ours.\naliases: [till]\nname: Till\nsummary: Takes money\n"),
    "between others": ("summary: S\n# Both.\nname: Till", "summary: S\n# Both.\naliases: [till]\nname: Till"),
    "after a document start, indented": (
        "---\n  name: T\n  summary: S\n",
        "---\n  aliases: [till]\n  name: T\n  summary: S\n",
    ),
    "in a flow list": (
        f'{SERVICE}aliases: [a,  "b" ]  # old\n',
        f'{SERVICE}aliases: [till, a,  "b" ]  # old\n',
    ),
    "in a flow list over lines": (f"{SERVICE}aliases: [\n  a\n]\n", f"{SERVICE}aliases: [\n  till, a\n]\n"),
    "in a block list": (
        f"aliases:\n\n  -   a  # why\n\n{SERVICE}",
        f"aliases:\n\n  -   till\n  -   a  # why\n\n{SERVICE}",
    ),
    "in a block list at the edge": (f"{SERVICE}aliases:\n- a", f"{SERVICE}aliases:\n- till\n- a"),
    "in a list in braces": ("{aliases: [a], name: T, summary: S}", "{aliases: [till, a], name: T, summary: S}"),
}


@pytest.mark.parametrize(("before", "after"), ALIASES.values(), ids=ALIASES)
@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["plain", "with BOM"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_old_id_becomes_an_alias(before: str, after: str, bom: str, end: str, tmp_path: Path) -> None:
    texts = [f"{bom}{text}".replace("\n", end).encode() for text in (before, after)]
    assert renamed_service(tmp_path, texts[0]) == texts[1]


def test_a_checklist_without_a_name_has_its_aliases_above_its_first_key(tmp_path: Path) -> None:
    text = "# Ours.\nsections: [{id: s, name: S, items: [{id: i, do: D}]}]\npurpose: P\n"
    data = write_tree(tmp_path / "data", {"teams/payments/checklists/own.yaml": text})
    (change,) = plans.rename(read(data), data, None, "team-checklist", "own", "ours").files
    assert change.new_text == text.replace("sections:", "aliases: [own]\nsections:")


def test_an_empty_list_is_filled(tmp_path: Path) -> None:
    data = write_tree(tmp_path / "data", {"teams/payments/services/till.yaml": f"{SERVICE}aliases: []  # old\n"})
    (change,) = plans.rename(read(data), data, None, "service", "till", "desk").files
    assert change.new_text == f"{SERVICE}aliases: [till]  # old\n"


def test_a_file_in_braces_has_room_for_no_more_than_its_list_of_aliases(tmp_path: Path) -> None:
    data = write_tree(tmp_path / "data", {"teams/payments/services/till.yaml": "{name: T, summary: S}\n"})
    changes = plans.rename(read(data), data, None, "service", "till", "desk")
    with pytest.raises(DataError, match=r"^data/teams/payments/services/desk\.yaml:\d+:\d+: syntax: "):
        change_set.checked(changes, read(data), data)


def test_an_alias_changes_places_with_the_id(tmp_path: Path) -> None:
    files: dict[str, Content] = {"teams/payments/services/till.yaml": f"{SERVICE}aliases: [first, 'second']\n"}
    data = write_tree(tmp_path / "data", files)
    in_place(data, "service", "till", "second")
    assert (data / "teams/payments/services/second.yaml").read_text() == f"{SERVICE}aliases: [first, 'till']\n"


REFERENCES = {
    "plain": ("service: till  # the till\n", "service: desk  # the till\n"),
    "double quotes": ('service: "till"\n', 'service: "desk"\n'),
    "single quotes": ("service: 'till'\n", "service: 'desk'\n"),
    "block scalar": ("service: >-\n  till\n", "service: >-\n  desk\n"),
    "on the next line": ("service:\n  till\n", "service:\n  desk\n"),
    "behind an emoji": ("symptoms: [🚀 é]\nservice: till\n", "symptoms: [🚀 é]\nservice: desk\n"),
}


@pytest.mark.parametrize(("before", "after"), REFERENCES.values(), ids=REFERENCES)
def test_a_reference_keeps_its_quotes(before: str, after: str, tmp_path: Path) -> None:
    path = "teams/payments/playbooks/till.yaml"
    found = changed(tmp_path, {"teams/payments/services/till.yaml": SERVICE, path: f"name: till\n{before}"})
    assert found[path].decode() == f"name: till\n{after}"


def test_escapes_are_written_out(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "teams/payments/services/till.yaml": SERVICE,
        "teams/payments/playbooks/slow.yaml": 'name: Slow\nservice: "\\x74ill"\n',
    }
    data = write_tree(tmp_path / "data", files)
    in_place(data, "service", "till", "desk")
    assert (data / "teams/payments/playbooks/slow.yaml").read_text() == 'name: Slow\nservice: "desk"\n'


@pytest.mark.parametrize("new", ["404", "null", "true", "0x1f"])
def test_an_id_that_yaml_takes_for_something_else_gets_quotes(new: str, tmp_path: Path) -> None:
    path = "teams/payments/services/needs.yaml"
    files: dict[str, Content] = {"teams/payments/services/till.yaml": SERVICE, path: f"{SERVICE}depends_on: [till]\n"}
    data = write_tree(tmp_path / "data", files)
    in_place(data, "service", "till", new)
    assert (data / path).read_text() == f'{SERVICE}depends_on: ["{new}"]\n'
    in_place(data, "service", new, "counter")
    assert f'aliases: ["{new}", till]' in (data / "teams/payments/services/counter.yaml").read_text()


quotes = st.sampled_from(["{}", '"{}"', "'{}'"])
comments = st.sampled_from(["", "  # till, till", " # レジ 🚀"])


@settings(max_examples=40, deadline=None)
@given(
    key=st.permutations(["name: till", "summary: till", "depends_on:\n- {}", "tier: 1", "aliases: [{}]"]),
    quote=quotes,
    comment=comments,
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    last=st.booleans(),
    bom=st.sampled_from(["", "\ufeff"]),
    with_aliases=st.booleans(),
)
def test_however_a_file_is_laid_out_renaming_back_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    key: list[str],
    quote: str,
    comment: str,
    end: str,
    last: bool,
    bom: str,
    with_aliases: bool,
) -> None:
    folder = tmp_path_factory.mktemp("layout")
    parts = [it for it in key if with_aliases or not it.startswith("aliases")]
    lines = [part.format(quote.format("older" if "aliases" in part else "needs")) + comment for part in parts]
    text = f"{bom}# till\n" + "\n".join(lines) + ("\n" if last else "")
    needs = f"{SERVICE}depends_on: [{quote.format('till')}]{comment}\n"
    files: dict[str, Content] = {
        "teams/payments/services/till.yaml": text.replace("\n", end).encode(),
        "teams/payments/services/needs.yaml": needs.replace("\n", end).encode(),
    }
    found = changed(folder, files)
    expected = needs.replace(quote.format("till"), quote.format("desk"), 1).replace("\n", end)
    assert found["teams/payments/services/needs.yaml"].decode() == expected
    assert b"".join(found["teams/payments/services/desk.yaml"].split()).count(b"till") >= text.count("till") + 1
    shutil.rmtree(folder)


# --- Links ---

LINKS = {
    "[a](/services/till/)": "[a](/services/desk/)",
    "[a](/services/till/#x) and [b](</services/till/> 'T')": "[a](/services/desk/#x) and [b](</services/desk/> 'T')",
    "[a](/ja/services/till/)": "[a](/ja/services/desk/)",
    "[a]\n\n[a]: /services/till": "[a]\n\n[a]: /services/desk",
    "`[a](/services/till/)` and [b](/services/till/)": "`[a](/services/desk/)` and [b](/services/desk/)",
    "[a](/services/tills/) [b](/playbooks/till/)": "[a](/services/tills/) [b](/playbooks/till/)",
    "/services/till/ and till": "/services/till/ and till",
    "[a](/services/x/../till/)": "[a](/services/x/../desk/)",
    "[a](/services/till/a/till/../b/)": "[a](/services/till/a/till/../b/)",
    '<a href="/services/till/">': '<a href="/services/till/">',
}


@pytest.mark.parametrize(("before", "after"), LINKS.items())
def test_links_in_the_data_lead_to_the_new_address(before: str, after: str, tmp_path: Path) -> None:
    notes = "notes: |\n" + "".join(f"  {line}\n" for line in before.split("\n"))
    data = write_tree(tmp_path / "data", {"teams/payments/services/till.yaml": SERVICE + notes})
    (change,) = plans.rename(read(data), data, None, "service", "till", "desk").files
    expected = "notes: |\n" + "".join(f"  {line}\n" for line in after.split("\n"))
    assert change.new_text == f"aliases: [till]\n{SERVICE}{expected}"


def test_links_in_quotes_are_found_too(tmp_path: Path) -> None:
    notes = 'notes: {ja: "\\"[é](/services/till/)\\n[b](/services/till/#x)"}\n'
    data = write_tree(tmp_path / "data", {"teams/payments/services/till.yaml": SERVICE + notes})
    (change,) = plans.rename(read(data), data, None, "service", "till", "desk").files
    assert change.new_text.endswith('notes: {ja: "\\"[é](/services/desk/)\\n[b](/services/desk/#x)"}\n')


PAGES = {
    ("index.md", "[a](services/till/index.md)"): "[a](services/desk/index.md)",
    ("incidents/index.md", "[a](../services/till/index.md#x)"): "[a](../services/desk/index.md#x)",
    ("incidents/card.md", "[a](../services/till/index.md)"): "[a](../services/desk/index.md)",
    ("incidents/card.ja.md", "[a](../../services/till/)"): "[a](../../services/desk/)",
    ("services/index.md", "[a](till/index.md)\r\n"): "[a](desk/index.md)\r\n",
    ("services/index.ja.md", "[a](till/)"): "[a](desk/)",
    ("index.md", "\ufeff[a](/services/till/)"): "\ufeff[a](/services/desk/)",
    ("index.md", '<a href="/services/till/">x</a>'): '<a href="/services/desk/">x</a>',
    ("index.md", '{{ link("service", "till") }}'): '{{ link("service", "desk") }}',
    ("index.md", "{{ link('service', id='till', text='till') }}"): "{{ link('service', id='desk', text='till') }}",
    ("index.md", '{{ link("team", "till") }}'): None,
    ("index.md", '{% raw %}{{ link("service", "till") }}{% endraw %}'): None,
    ("index.md", '{# {{ link("service", "till") }} #}'): None,
    ("index.md", "```md\n[a](/services/till/)\n```\n"): None,
    ("incidents/index.md", "[a](till/index.md) [b](https://example.com/services/till/)"): None,
}


@pytest.mark.parametrize(("page", "after"), PAGES.items())
def test_links_in_pages_lead_to_the_new_address(page: tuple[str, str], after: str | None, tmp_path: Path) -> None:
    data = write_tree(tmp_path / "data", {"teams/payments/services/till.yaml": SERVICE})
    file = tmp_path / "docs" / page[0]
    file.parent.mkdir(parents=True)
    file.write_bytes(page[1].encode())
    changes = plans.rename(read(data), data, tmp_path / "docs", "service", "till", "desk")
    assert {it.after: it.new_text for it in changes.files}.get(file) == after


@pytest.mark.parametrize(
    ("kind", "id", "before", "after"),
    [
        ("team", "complete", "/teams/complete/on-call/", "/teams/new/on-call/"),
        ("team", "complete", "/teams/complete/engagements/ended/#x", "/teams/new/engagements/ended/#x"),
        ("engagement", "ended", "/teams/complete/engagements/ended/", "/teams/complete/engagements/new/"),
        (
            "checklist",
            "complete-checklist",
            "/teams/sparse/checklists/complete-checklist/",
            "/teams/sparse/checklists/new/",
        ),
        ("checklist", "complete-checklist", "/checklists/complete-checklist/", "/checklists/new/"),
        (
            "team-checklist",
            "complete/own-with-alias",
            "/teams/complete/checklists/own-with-alias/",
            "/teams/complete/checklists/new/",
        ),
        ("workshop", "complete-workshop", "/workshops/complete-workshop/worksheet/", "/workshops/new/worksheet/"),
        ("playbook-template", "document", "/playbooks/templates/document/", "/playbooks/templates/new/"),
        ("reading-shelf", "complete-shelf", "/reading/#shelf-complete-shelf", "/reading/#shelf-new"),
        ("reading", "complete-work", "/reading/#reading-complete-work", "/reading/#reading-new"),
        ("term", "kana-term", "/glossary/#kana-term", "/glossary/#new"),
        ("term", "kana-term", "/reading/#kana-term", "/reading/#kana-term"),
        ("step", "complete-playbook/wait", "/playbooks/complete-playbook/#wait", "/playbooks/complete-playbook/#new"),
        ("step", "complete-playbook/wait", "/playbooks/sparse-playbook/#wait", "/playbooks/sparse-playbook/#wait"),
    ],
)
def test_every_address_with_the_id_is_followed(kind: str, id: str, before: str, after: str, tmp_path: Path) -> None:
    page = tmp_path / "index.md"
    page.write_text(f"[a]({before})")
    changes = plans.rename(GOLDEN_BOOK, GOLDEN_DATA, tmp_path, kind, id, "new")
    assert {it.after: it.new_text for it in changes.files}.get(page, page.read_text()) == f"[a]({after})"


ACTING = """\
name: Slow
service: till
variables:
  - {name: "pod", description: "The pod, not {pod}", example: till-0}
  - {name: off, description: A switch, example: cards}
meaning: >-
  {pods} or {pod},
  {pod}
first_five_minutes: [{en: "Now: {pods}", ja: '今すぐ {pods}'}]
diagnosis:
  - id: 'pods'
    do: Look at the pods
    command: kubectl get {pods} {pod} ${pod} # {pod}
    decide: [{if: "{pod} is off", then: ["pods", escalate]}]
mitigation:
  - id: restart
    do: "Restart \\"{pod}\\", after {pods}"
    watch: {see: It runs, query: 'up{pod="{pod}"}'}
    undo_command: |
      stop {pod}
      stop {pods}
notes: "{pod} [a](/playbooks/slow/#pods)"
"""


@pytest.mark.parametrize(
    ("kind", "old", "lines"),
    [
        (
            "step",
            "pods",
            {
                "  {new} or {pod},",
                """first_five_minutes: [{en: "Now: {new}", ja: '今すぐ {new}'}]""",
                "  - id: 'new'",
                '    decide: [{if: "{pod} is off", then: ["new", escalate]}]',
                '    do: "Restart \\"{pod}\\", after {new}"',
                'notes: "{pod} [a](/playbooks/slow/#new)"',
            },
        ),
        (
            "variable",
            "pod",
            {
                '  - {name: "new", description: "The pod, not {pod}", example: till-0}',
                "  {pods} or {new},",
                "  {new}",
                "    command: kubectl get {pods} {new} ${pod} # {pod}",
                '    decide: [{if: "{new} is off", then: ["pods", escalate]}]',
                '    do: "Restart \\"{new}\\", after {pods}"',
                """    watch: {see: It runs, query: 'up{pod="{new}"}'}""",
                "      stop {new}",
            },
        ),
    ],
)
def test_what_a_playbook_calls_a_step_or_a_variable_follows(
    kind: str, old: str, lines: set[str], tmp_path: Path
) -> None:
    files: Mapping[str, Content] = {
        "teams/payments/services/till.yaml": SERVICE,
        "teams/payments/playbooks/slow.yaml": ACTING,
        "teams/payments/playbooks/other.yaml": ACTING.replace("/slow/", "/other/"),
    }
    data = write_tree(tmp_path / "data", files)
    handbook = read(data)
    changes = plans.rename(handbook, data, None, kind, f"slow/{old}", "new")
    checked(handbook, data, changes)
    (change,) = changes.files
    assert {*change.new_text.splitlines()} - {*ACTING.splitlines()} == lines
    assert len(change.new_text.splitlines()) == len(ACTING.splitlines())


@pytest.mark.parametrize(
    ("kind", "old", "new", "rule"),
    [
        ("step", "pods", "off", "repeated-step-id"),
        ("step", "pods", "escalate", "repeated-step-id"),
        ("variable", "pod", "restart", "repeated-step-id"),
        ("variable", "pod", "off", "repeated-entry"),
        ("variable", "pod", "a-b", "wrong-value"),
    ],
)
def test_a_name_that_a_playbook_has_or_cannot_have_is_not_let_through(
    kind: str, old: str, new: str, rule: str, tmp_path: Path
) -> None:
    files = {"teams/payments/services/till.yaml": SERVICE, "teams/payments/playbooks/slow.yaml": ACTING}
    data = write_tree(tmp_path / "data", files)
    handbook = read(data)
    changes = plans.rename(handbook, data, None, kind, f"slow/{old}", new)
    with pytest.raises(DataError) as raised:
        checked(handbook, data, changes)
    assert {it.rule for it in raised.value.problems} == {rule}


def test_a_call_that_cannot_be_followed_stops_the_renaming(tmp_path: Path) -> None:
    data = write_tree(tmp_path / "data", {"teams/payments/services/till.yaml": SERVICE})
    page = tmp_path / "docs/index.md"
    page.parent.mkdir()
    page.write_text('# A\n{{ link("ser" "vice", "till") }}\n')
    handbook = read(data)
    changes = plans.rename(handbook, data, page.parent, "service", "till", "desk")
    with pytest.raises(DataError) as raised:
        checked(handbook, data, changes, page.parent)
    assert str(raised.value) == "docs/index.md:2:1: macro-call: there is no service `till`"


def test_what_teams_add_to_a_list_is_called_by_its_new_id(tmp_path: Path) -> None:
    page = tmp_path / "index.md"
    page.write_text('{{ link("team-checklist", "sparse/complete-checklist") }}')
    changes = plans.rename(GOLDEN_BOOK, GOLDEN_DATA, tmp_path, "checklist", "complete-checklist", "new")
    assert {it.after: it.new_text for it in changes.files}[page] == '{{ link("team-checklist", "sparse/new") }}'


# --- Moving ---


@pytest.mark.parametrize(
    ("kind", "id", "path"),
    [
        ("service", "complete-service", "services/complete-service.yaml"),
        ("journey", "complete-journey", "journeys/complete-journey.yaml"),
        ("playbook", "complete-playbook", "playbooks/complete-playbook.yaml"),
        ("engagement", "ended", "engagements/ended.yaml"),
        ("team-checklist", "complete/own-with-alias", "checklists/own-with-alias.yaml"),
        ("team-checklist", "own-with-alias", "checklists/own-with-alias.yaml"),
        ("alerts", "complete/Rules & more.yml", "alerts/Rules & more.yml"),
    ],
)
def test_a_moved_file_is_the_other_teams(kind: str, id: str, path: str, tmp_path: Path) -> None:
    data = shutil.copytree(GOLDEN_DATA, tmp_path / "data")
    handbook = read(data)
    changes = plans.move(handbook, data, None, kind, id, "platform")
    (change,) = changes.files
    assert (change.before, change.after) == (data / "teams/complete" / path, data / "teams/platform" / path)
    assert change.new_text == change.old_text
    checked(handbook, data, changes)
    change_set.write(changes)
    moved = {name.replace("teams/complete/", "teams/platform/") if path in name else name for name in tree(GOLDEN_DATA)}
    assert tree(data).keys() == moved
    change_set.write(plans.move(read(data), data, None, kind, id.replace("complete/", "platform/"), "complete"))
    assert tree(data) == tree(GOLDEN_DATA)


def test_what_leads_an_editor_to_the_schema_stays_and_stays_right(tmp_path: Path) -> None:
    line = editor.modeline(KINDS["service"])
    data = write_tree(
        tmp_path / "data",
        {
            "teams/shop/team.yaml": "name: Shop\nchannel: x\n",
            "teams/payments/services/till.yaml": f"{line}\n# A service.\n{SERVICE}",
            "teams/payments/checklists/start.yaml": f"{editor.modeline(KINDS['team-checklist'])}\n"
            "name: Start\npurpose: Begin\n"
            "sections: [{id: a, name: A, items: [{id: b, do: C}]}]\n",
        },
    )
    in_place(data, "service", "till", "counter")
    in_place(data, "team-checklist", "payments/start", "begin")
    handbook = read(data)
    change_set.write(plans.move(handbook, data, None, "service", "counter", "shop"))
    in_place(data, "team", "shop", "store")
    moved = (data / "teams/store/services/counter.yaml").read_text(encoding="utf-8").splitlines()
    assert moved[:2] == [line, "# A service."]
    assert "aliases: [till]" in moved
    begun = (data / "teams/payments/checklists/begin.yaml").read_text(encoding="utf-8")
    assert begun.startswith(editor.modeline(KINDS["team-checklist"]))


def rule(name: str, service: str = "") -> str:
    """An alert in a rule file, with a label for the service that it is about."""
    labels = f", labels: {{service: {service}}}" if service else ""
    return f"{{alert: {name}, expr: up == 0{labels}}}"


def rules(*found: str) -> str:
    return f"groups: [{{name: g, rules: [{', '.join(found)}]}}]\n"


def test_what_is_about_a_moved_service_and_stays_with_its_team_is_told(tmp_path: Path) -> None:
    journey = "name: Pay\nuser: A buyer\ngoal: It is paid\nsteps: [{{what: A, service: {}}}]\n"
    files: dict[str, Content] = {
        "teams/shop/team.yaml": "name: Shop\nchannel: x\n",
        "teams/payments/services/till.yaml": SERVICE,
        "teams/payments/services/ledger.yaml": SERVICE,
        "teams/payments/playbooks/slow.yaml": f"{PLAYBOOK}alerts: [Answered]\n",
        "teams/payments/playbooks/other.yaml": PLAYBOOK.replace("till", "ledger"),
        "teams/shop/playbooks/foreign.yaml": PLAYBOOK,
        "teams/payments/journeys/pay.yaml": journey.format("till"),
        "teams/payments/journeys/book.yaml": journey.format("ledger"),
        "teams/shop/journeys/buy.yaml": journey.format("till"),
        "teams/payments/alerts/till only.yml": rules(rule("A", "till"), rule("Answered")),
        "teams/payments/alerts/both.yml": rules(rule("B", "till"), rule("C", "ledger")),
        "teams/payments/alerts/ledger.yml": rules(rule("D", "ledger"), rule("E")),
        "teams/payments/alerts/list.yaml": "source: Bank\nalerts: [{name: F, service: till}]\n",
        "teams/shop/alerts/rules.yml": rules(rule("G", "till")),
    }
    data = write_tree(tmp_path / "data", files)
    stays = "stays with `payments`, whose on-call still answers for `till`; move it, too"
    paths = ("alerts/both.yml", "alerts/list.yaml", "alerts/till only.yml", "journeys/pay.yaml", "playbooks/slow.yaml")
    notes = plans.move(read(data), data, None, "service", "till", "shop").notes
    assert notes == tuple(f"data/teams/payments/{path}: {stays}" for path in paths)
    for kind, id in (
        ("playbook", "slow"),
        ("journey", "pay"),
        ("alerts", "payments/list.yaml"),
        ("alerts", "payments/till only.yml"),
    ):
        changes = plans.move(read(data), data, None, kind, id, "shop")
        assert changes.notes == ()
        change_set.write(changes)
    (left,) = plans.move(read(data), data, None, "service", "till", "shop").notes
    assert left.startswith("data/teams/payments/alerts/both.yml: ")


def test_where_the_address_names_the_team_links_follow_and_the_old_address_is_told_of(tmp_path: Path) -> None:
    page = tmp_path / "index.md"
    page.write_text("[a](/teams/complete/engagements/ended/)")
    changes = plans.move(GOLDEN_BOOK, GOLDEN_DATA, tmp_path, "engagement", "ended", "platform")
    assert {it.after: it.new_text for it in changes.files}[page] == "[a](/teams/platform/engagements/ended/)"
    after = checked(GOLDEN_BOOK, GOLDEN_DATA, changes, tmp_path)
    assert remarks(GOLDEN_BOOK, after) == (
        "/teams/complete/engagements/ended-before/ no longer exists",
        "/teams/complete/engagements/ended/ no longer exists",
    )


# --- What is refused ---


@pytest.mark.parametrize(
    ("kind", "old", "new", "words"),
    [
        ("service", "complete-servce", "b", "there is no service `complete-servce`; did you mean `complete-service`?"),
        ("journey", "x", "b", "there is no journey `x`; there are complete-journey, sparse-journey"),
        ("reading", "complete-wrk", "b", "there is no reading `complete-wrk`; did you mean `complete-work`?"),
        ("service", "old-name", "b", "`old-name` is an old id of the service `complete-service`; use that one"),
        ("service", "needs-back", "needs-back", "`needs-back` is already its id"),
        (
            "service",
            "needs-back",
            "No",
            "`No` can't be an id; use at most 100 lower-case letters, digits and single hyphens",
        ),
        (
            "service",
            "needs-back",
            "a--b",
            "`a--b` can't be an id; use at most 100 lower-case letters, digits and single hyphens",
        ),
        (
            "service",
            "needs-back",
            "../x",
            "`../x` can't be an id; use at most 100 lower-case letters, digits and single hyphens",
        ),
        ("step", "wait", "b", "there is no playbook `wait`; there are complete-playbook, sparse-playbook"),
        ("step", "complete-playbook/wiat", "b", "there is no step `wiat`; did you mean `wait`?"),
        (
            "step",
            "complete-playbook/pod",
            "b",
            "there is no step `pod`; there are waiting, logs, add-worker, roll-back, wait",
        ),
        ("variable", "complete-playbook/wait", "b", "there is no variable `wait`; there are namespace, pod"),
        (
            "step",
            "complete-playbook/wait",
            "a_b",
            "`a_b` can't be an id; use at most 100 lower-case letters, digits and single hyphens",
        ),
        ("variable", "complete-playbook/pod", "pod", "`complete-playbook/pod` is already its id"),
        (
            "team-checklist",
            "complete/complete-checklist",
            "b",
            "data/teams/complete/checklists/complete-checklist.yaml adds to the checklist `complete-checklist`, "
            "which all teams share; rename that one",
        ),
        (
            "team-checklist",
            "complete-checklist",
            "b",
            "several teams have a list `complete-checklist`; "
            "choose complete/complete-checklist, sparse/complete-checklist",
        ),
        (
            "team-checklist",
            "complete/own-with-alias",
            "extended-by-complete",
            "data/checklists/extended-by-complete.yaml has the id `extended-by-complete` already; choose another one",
        ),
        (
            "checklist",
            "extended-by-complete",
            "own-with-alias",
            "data/teams/complete/checklists/own-with-alias.yaml has the id `own-with-alias` already; "
            "choose another one",
        ),
    ],
)
def test_what_cannot_be_renamed(kind: str, old: str, new: str, words: str) -> None:
    with pytest.raises(RefusedError) as raised:
        plans.rename(GOLDEN_BOOK, GOLDEN_DATA, None, kind, old, new)
    assert str(raised.value) == words


TAKEN = {
    "of another team": ("service", "needs-back", "without-tier"),
    "an alias": ("service", "needs-back", "old-name"),
    "in one list": ("term", "kana-term", "digit-term"),
}


@pytest.mark.parametrize(("kind", "old", "new"), TAKEN.values(), ids=TAKEN)
def test_an_id_that_is_taken_is_a_problem_of_what_would_be_there(kind: str, old: str, new: str) -> None:
    changes = plans.rename(GOLDEN_BOOK, GOLDEN_DATA, None, kind, old, new)
    with pytest.raises(DataError) as raised:
        checked(GOLDEN_BOOK, GOLDEN_DATA, changes)
    assert {problem.rule for problem in raised.value.problems} <= {"duplicate-id", "repeated-entry"}
    assert all(f"`{new}`" in str(problem) for problem in raised.value.problems)


def test_where_a_file_is_there_already_it_stays(tmp_path: Path) -> None:
    files: dict[str, Content] = {f"teams/payments/services/{id}.yaml": SERVICE for id in ("till", "desk")}
    data = write_tree(tmp_path / "data", files)
    with pytest.raises(RefusedError) as raised:
        plans.rename(read(data), data, None, "service", "till", "desk")
    words = "data/teams/payments/services/desk.yaml already exists; give one of the two another name"
    assert str(raised.value) == words


def test_what_is_moved_to_its_own_team_stays() -> None:
    assert plans.move(GOLDEN_BOOK, GOLDEN_DATA, None, "service", "needs-back", "complete").files == ()


@pytest.mark.parametrize(
    ("kind", "id", "team", "words"),
    [
        ("service", "needs-back", "platfrm", "there is no team `platfrm`; did you mean `platform`?"),
        (
            "alerts",
            "complete/rules.yml",
            "sparse",
            "there is no alerts file `complete/rules.yml`; did you mean `complete/Rules & more.yml`?",
        ),
        (
            "team-checklist",
            "complete/complete-checklist",
            "sparse",
            "data/teams/sparse/checklists/complete-checklist.yaml already exists; give one of the two another name",
        ),
    ],
)
def test_what_cannot_be_moved(kind: str, id: str, team: str, words: str) -> None:
    with pytest.raises(RefusedError) as raised:
        plans.move(GOLDEN_BOOK, GOLDEN_DATA, None, kind, id, team)
    assert str(raised.value) == words


def test_a_playbook_gets_no_address_of_a_hand_written_page(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "teams/payments/services/till.yaml": SERVICE,
        "teams/payments/playbooks/slow.yaml": PLAYBOOK,
    }
    data = write_tree(tmp_path / "data", files)
    handbook = load.load(data, "data", ["playbooks/templates/"])
    with pytest.raises(RefusedError) as raised:
        plans.rename(handbook, data, None, "playbook", "slow", "templates")
    assert str(raised.value) == "there is a hand-written page at /playbooks/templates/; choose another id"


@pytest.mark.parametrize(
    ("more", "rule"),
    [("odd: 1\n", "unknown-key"), ("pain_points: [{id: a, what: A}, {id: a, what: B}]\n", "repeated-entry")],
)
def test_a_result_with_problems_is_not_let_through(more: str, rule: str, tmp_path: Path) -> None:
    data = write_tree(tmp_path / "data", {"teams/payments/services/till.yaml": SERVICE})
    handbook = read(data)
    (change,) = plans.rename(handbook, data, None, "service", "till", "desk").files
    broken = ChangeSet((change._replace(new_text=f"{change.new_text}{more}"),))
    before = tree(data)
    with pytest.raises(DataError) as raised:
        checked(handbook, data, broken)
    assert [it.rule for it in raised.value.problems] == [rule]
    assert raised.value.problems[0].path == "data/teams/payments/services/desk.yaml"
    assert tree(data) == before


# --- What is left to know ---


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return write_tree(
        tmp_path / "data",
        {
            "organisation.yaml": "name: Example\nlanguage: en\nsite_address: https://h.example.com/\n",
            "teams/payments/services/till.yaml": SERVICE,
            "teams/payments/playbooks/slow.yaml": "name: Slow\nservice: till",
            "teams/payments/alerts/rules.yml": "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n"
            "    labels: {service: till}\n    annotations: {runbook_url: https://h.example.com/ja/services/till/}\n",
        },
    )


def test_what_stays_is_told_of(example: Path) -> None:
    handbook = read(example)
    changes = plans.rename(handbook, example, None, "service", "till", "desk")
    assert [it.sort for it in changes.files] == ["changed", "moved"]
    assert remarks(handbook, checked(handbook, example, changes)) == ()
    assert changes.notes == (
        "data/teams/payments/alerts/rules.yml:6: `labels: {service: till}` stays as it is; "
        "change it with the monitoring",
    )


@pytest.mark.parametrize(
    ("name", "group", "label", "lines"),
    [
        ("a-b.yml", "x", "x", []),
        ("alarms.yml", "a-b", "x", ["2: `- name: a-b` stays as it is; change it with the monitoring"]),
        ("alarms.yml", "A_B-slow", "x", ["2: `- name: A_B-slow` stays as it is; change it with the monitoring"]),
        ("alarms.yml", "x", '"a-b"', ['6: `labels: {service: "a-b"}` stays as it is; change it with the monitoring']),
        ("a-bc.yml", "ca-b", "a-b-c", []),
    ],
)
def test_names_and_labels_in_rule_files_are_told_of(
    name: str, group: str, label: str, lines: list[str], tmp_path: Path
) -> None:
    rules = f"groups:\n- name: {group}\n  rules:\n  - alert: X\n    expr: up\n    labels: {{service: {label}}}\n"
    files: dict[str, Content] = {
        "teams/payments/services/a-b.yaml": SERVICE,
        f"teams/payments/alerts/{name}": rules,
    }
    data = write_tree(tmp_path / "data", files)
    notes = plans.rename(read(data), data, None, "service", "a-b", "desk").notes
    assert list(notes) == [f"data/teams/payments/alerts/{name}:{line}" for line in lines]


def test_a_renamed_team_is_told_of_where_its_files_are_then(tmp_path: Path) -> None:
    rules = "groups:\n- name: payments\n  rules:\n  - record: x\n    expr: up\n"
    data = write_tree(tmp_path / "data", {"teams/payments/alerts/a.yml": rules})
    assert plans.rename(read(data), data, None, "team", "payments", "money").notes == (
        "data/teams/money/alerts/a.yml:2: `- name: payments` stays as it is; change it with the monitoring",
    )


def test_without_an_alias_the_old_address_is_lost_and_told_of(example: Path) -> None:
    handbook = read(example)
    changes = plans.rename(handbook, example, None, "service", "till", "desk", alias=False)
    (moved,) = (change for change in changes.files if change.sort == "moved")
    assert moved.new_text == SERVICE
    after = checked(handbook, example, changes)
    assert remarks(handbook, after) == ("/services/till/ no longer exists",)
    assert "runbook-url-leads-nowhere" in {finding.rule for finding in findings_of(after)}


def test_without_an_alias_an_id_is_none_of_the_aliases(tmp_path: Path) -> None:
    data = write_tree(tmp_path / "data", {"teams/payments/services/till.yaml": f"{SERVICE}aliases: [desk]\n"})
    with pytest.raises(RefusedError, match="`desk` is one of its aliases"):
        plans.rename(read(data), data, None, "service", "till", "desk", alias=False)


def test_renaming_a_team_tells_what_is_lost(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "teams/payments/engagements/help.yaml": "name: H\ntype: embedded\nrole: R\nstart: 2026-11-01\n",
        "team-types/embedded.yaml": "name: E\nsummary: S\nrank: 1\n",
    }
    data = write_tree(tmp_path / "data", files)
    handbook = read(data)
    changes = plans.rename(handbook, data, None, "team", "payments", "money")
    assert remarks(handbook, checked(handbook, data, changes)) == (
        "/teams/payments/engagements/help/ no longer exists",
        "/teams/payments/on-call/ no longer exists",
    )


def test_renaming_a_journey_tells_of_its_alerts() -> None:
    changes = plans.rename(GOLDEN_BOOK, GOLDEN_DATA, None, "journey", "complete-journey", "do-all")
    notes = remarks(GOLDEN_BOOK, checked(GOLDEN_BOOK, GOLDEN_DATA, changes))
    assert notes[0] == (
        "the alert CompleteJourneyDoneBudgetBurn and its /go/ address no longer exist; "
        "playbooks and silences need the new name"
    )
    assert notes[-1] == (
        "no exported rule has the label journey=complete-journey any more; use the new one where it is selected"
    )


def test_what_has_no_aliases_says_what_is_lost() -> None:
    found = {}
    for kind, id in (
        ("reading", "complete-work"),
        ("term", "kana-term"),
        ("reading-shelf", "complete-shelf"),
        ("step", "complete-playbook/wait"),
        ("variable", "complete-playbook/pod"),
    ):
        changes = plans.rename(GOLDEN_BOOK, GOLDEN_DATA, None, kind, id, "new")
        found[kind] = (*changes.notes, *remarks(GOLDEN_BOOK, checked(GOLDEN_BOOK, GOLDEN_DATA, changes)))
    assert found == {
        "reading": ("/reading/#reading-complete-work leads to the top of its page",),
        "term": ("/glossary/#kana-term leads to the top of its page",),
        "reading-shelf": ("/reading/#shelf-complete-shelf leads to the top of its page",),
        "step": ("/playbooks/complete-playbook/#wait leads to the top of its page",),
        "variable": ("a link with `?pod=` fills in nothing any more, and an alert only what it has as a label `new`",),
    }


def test_every_kind_with_an_id_can_be_renamed() -> None:
    there = {kind for kind in plans.RENAMED if kind in LISTED or GOLDEN_BOOK.of_kind(kind)}
    assert {kind for kind, _ in entities()} == {*there, "step"}
    for kind in SECTIONS:
        assert re.fullmatch(r"[a-z]+/#[a-z-]*<id>", SECTIONS[kind])

"""Playbooks on the screen and on paper: found by what people say, usable on a phone, on one sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import golden_handbook
from playwright.sync_api import Locator, Page, ViewportSize, expect
from test_paper import FORMATS, printed
from web import EDITIONS, NARROW, WIDE, go_instantly

from macros.handbook.graph import Handbook
from macros.model.playbooks import Playbook

PLAYBOOKS = ["complete-playbook", "sparse-playbook"]
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}

each_edition = pytest.mark.parametrize("edition", EDITIONS)


@pytest.fixture(scope="session")
def handbook() -> Handbook:
    return golden_handbook()


def playbook_of(handbook: Handbook, id: str) -> Playbook:
    found = handbook.get(Playbook, id)
    assert isinstance(found, Playbook)
    return found


def bottom_of(locator: Locator) -> float:
    """How far down the page an element ends."""
    return float(locator.evaluate("it => it.getBoundingClientRect().bottom + scrollY"))


# On the screen


BAR = 56
"""What stays at the bottom of a phone."""


@each_edition
@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_the_first_mitigation_with_its_command_stands_on_the_first_screen_of_a_phone(
    scripts: bool, edition: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{EDITIONS[edition]}playbooks/complete-playbook/", viewport=NARROW, java_script_enabled=scripts)
    step = page.locator("#add-worker")
    expect(step).to_be_visible()
    assert bottom_of(step.locator("pre").first) <= NARROW["height"] - BAR


def test_a_phone_shows_what_helps_before_how_to_find_out(open_page: Callable[..., Page]) -> None:
    page = open_page("playbooks/complete-playbook/", viewport=NARROW)
    parts = ("#first", "#mitigation", ".decisions", "#diagnosis", "#escalation", "#meaning")
    ends = [bottom_of(page.locator(part)) for part in parts]
    assert ends == sorted(ends)


@each_edition
def test_the_risk_stands_before_the_command_that_carries_it(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{EDITIONS[edition]}playbooks/complete-playbook/", java_script_enabled=False)
    step = page.locator("#add-worker")
    assert bottom_of(step.locator(".play__risk")) < bottom_of(step.locator("pre").first)


def test_what_is_urgent_has_no_term_to_explain_and_nothing_to_edit(open_page: Callable[..., Page]) -> None:
    page = open_page("playbooks/complete-playbook/", viewport=NARROW)
    assert page.locator(".playbook article abbr.term").count() == 0
    assert page.locator(".playbook abbr.term").count() > 0, "below, terms are explained"
    expect(page.locator("a.md-content__button")).to_be_hidden()


# Decisions


@each_edition
def test_a_chip_leads_to_its_step(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{EDITIONS[edition]}playbooks/complete-playbook/", viewport=NARROW, java_script_enabled=False)
    for place, id in (("#first + ol", "roll-back"), ("#waiting .decide", "add-worker"), ("#waiting .decide", "logs")):
        page.locator(f"{place} a.chip[href='#{id}']").click()
        expect(page.locator(":target")).to_have_id(id)
        expect(page.locator(f"#{id}")).to_be_in_viewport()


BOXES = """nodes => nodes.map((it) => {
  const { left, right, top, bottom } = it.getBoundingClientRect();
  const words = it.firstElementChild.getBoundingClientRect();
  return [left, right, top, bottom, words.left >= left && words.right <= right && words.bottom <= bottom];
})"""


@each_edition
@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["phone", "desktop"])
def test_the_picture_of_the_decisions_can_be_read_and_tapped(
    viewport: ViewportSize, edition: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{EDITIONS[edition]}playbooks/complete-playbook/", viewport=viewport, java_script_enabled=False)
    nodes = page.locator(".decisions a")
    assert nodes.count() == 1 + 3 + 3 + 1
    boxes = nodes.evaluate_all(BOXES)
    assert all(inside for *_, inside in boxes), "the words stay in their box"
    for (left, right, top, bottom, _), other in combinations(boxes, 2):
        assert right <= other[0] or other[1] <= left or bottom <= other[2] or other[3] <= top
    assert all(bottom - top >= 44 and right - left >= 44 for left, right, top, bottom, _ in boxes)
    assert all(right <= viewport["width"] for _, right, *_ in boxes)
    nodes.filter(has_text="M2").click()
    expect(page.locator(":target")).to_have_id("roll-back")


def test_a_desktop_has_the_picture_beside_the_first_steps(open_page: Callable[..., Page]) -> None:
    page = open_page("playbooks/complete-playbook/", viewport=WIDE)
    assert bottom_of(page.locator(".decisions")) <= WIDE["height"]
    expect(page.locator(".decisions")).to_be_in_viewport(ratio=1)


# Steps


def copied(page: Page, block: Locator) -> str:
    """What the copy button of a block puts on the clipboard, as a paste gives it back.

    The site stands at an address without TLS, where a script can't read the clipboard.
    """
    block.hover()
    block.locator("button[data-md-type=copy]").click()
    expect(page.locator(".md-dialog")).to_be_visible()
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'pasted' }))")
    pasted = page.locator("#pasted")
    pasted.press("ControlOrMeta+v")
    expect(pasted).not_to_have_value("")
    text = pasted.input_value()
    pasted.evaluate("it => it.remove()")
    return text


def test_the_copy_button_copies_a_command_and_nothing_else(open_page: Callable[..., Page], handbook: Handbook) -> None:
    page = open_page("playbooks/complete-playbook/", **CLIPBOARD)
    playbook = playbook_of(handbook, "complete-playbook")
    given = {step.id: [step.command] for step in playbook.diagnosis if step.command}
    for step in playbook.mitigation:
        all = (step.command, step.watch and step.watch.query, step.undo_command)
        given |= {step.id: [command for command in all if command]} if any(all) else {}
    assert len(given["add-worker"]) == 3, "the command, how to see that it worked, and the way back"
    assert "\n" in (given["waiting"][0] or "")
    found = {id: [copied(page, block) for block in page.locator(f"#{id} pre").all()] for id in given}
    assert found == given


@each_edition
def test_the_copy_button_copies_the_words_to_send(
    edition: str, open_page: Callable[..., Page], handbook: Handbook
) -> None:
    page = open_page(f"{EDITIONS[edition]}playbooks/complete-playbook/", **CLIPBOARD)
    words = [it.say.in_language(edition) for it in playbook_of(handbook, "complete-playbook").communication]
    assert words
    blocks = page.locator("#communication ~ [data-words] pre")
    assert [copied(page, blocks.nth(number)) for number in range(len(words))] == words


@each_edition
@pytest.mark.parametrize("id", PLAYBOOKS)
def test_each_step_has_an_anchor(id: str, edition: str, open_page: Callable[..., Page], handbook: Handbook) -> None:
    page = open_page(f"{EDITIONS[edition]}playbooks/{id}/", java_script_enabled=False)
    playbook = playbook_of(handbook, id)
    steps = {
        **{step.id or f"mitigation-{number}": f"M{number}" for number, step in enumerate(playbook.mitigation, 1)},
        **{step.id or f"diagnosis-{number}": f"D{number}" for number, step in enumerate(playbook.diagnosis, 1)},
    }
    assert page.locator("ol.play > li").evaluate_all("steps => steps.map((it) => it.id)") == [*steps]
    for step, shown in steps.items():
        anchor = page.locator(f"#{step} .play__anchor")
        expect(anchor).to_have_text(shown)
        anchor.click()
        page.wait_for_url(f"**/playbooks/{id}/#{step}")
        expect(page.locator(":target")).to_have_id(step)
        expect(page.locator(f"#{step}")).to_be_in_viewport()


def test_the_address_of_a_step_opens_it_on_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page("playbooks/complete-playbook/#roll-back", viewport=NARROW)
    expect(page.locator("#roll-back .play__anchor")).to_be_in_viewport()


@each_edition
def test_who_is_on_call_and_the_playbooks_stand_on_one_screen(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{EDITIONS[edition]}teams/sparse/on-call/", viewport=WIDE)
    assert bottom_of(page.locator("#playbooks")) <= WIDE["height"]
    page.locator("#playbooks + ul").get_by_role("link").first.click()
    page.wait_for_url("**/playbooks/*/")
    page.locator(".playbook__where").get_by_role("link").nth(1).click()
    page.wait_for_url(f"**/{EDITIONS[edition]}teams/sparse/on-call/")


# The index


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def expect_ids(page: Page, ids: list[str]) -> None:
    """Wait until the table shows these playbooks and no others, and the line above it says how many."""
    rows = page.locator("#playbook-table tbody tr:visible")
    expect(rows).to_have_count(len(ids))
    links = rows.evaluate_all("rows => rows.map((it) => it.querySelector('th a').href)")
    assert sorted(urlsplit(it).path.rstrip("/").rsplit("/")[-1] for it in links) == ids
    shown, all = len(ids), len(PLAYBOOKS)
    expect(page.locator("form[data-filter=playbook-table] output")).to_contain_text(
        re.compile(rf"{shown}\D+{all}|{all}\D+{shown}")
    )


def having(handbook: Handbook, holds: Callable[[Playbook], bool]) -> list[str]:
    """The ids of the playbooks for which something holds; a filter that leaves all or none shows nothing."""
    found = [it.id for it in handbook.playbooks if holds(it)]
    assert 0 < len(found) < len(handbook.playbooks)
    return found


@pytest.mark.parametrize(
    ("edition", "words"),
    [("en", "is stuck"), ("en", "STUCK  it"), ("en", "NothingDone"), ("ja", "止まっている")],
)
def test_a_playbook_is_found_by_what_people_say_and_by_its_alert(
    edition: str, words: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{EDITIONS[edition]}playbooks/")
    expect_ids(page, PLAYBOOKS)
    page.locator("form[data-filter=playbook-table] [name=text]").fill(words)
    expect_ids(page, ["complete-playbook"])
    assert query(page) == {"text": [words]}
    page.reload()
    expect(page.locator("form[data-filter=playbook-table] [name=text]")).to_have_value(words)
    expect_ids(page, ["complete-playbook"])


@each_edition
def test_the_playbooks_are_filtered_by_choice_and_the_address_keeps_it(
    edition: str, open_page: Callable[..., Page], handbook: Handbook
) -> None:
    page = open_page(f"{EDITIONS[edition]}playbooks/")
    choices: list[tuple[str, str, Callable[[Playbook], bool]]] = [
        ("severity", "sev-1", lambda it: "sev-1" in {guidance.severity for guidance in it.severities}),
        ("state", "usable", lambda it: it.has_steps),
        ("state", "unfinished", lambda it: not it.has_steps),
        ("state", "untried", lambda it: not it.exercised),
        ("team", "sparse", lambda it: it.team == "sparse"),
    ]
    for name, value, holds in choices:
        page.locator(f"form[data-filter=playbook-table] [name={name}]").select_option(value)
        expect_ids(page, having(handbook, holds))
        assert query(page) == {name: [value]}
        page.reload()
        expect(page.locator(f"form[data-filter=playbook-table] [name={name}]")).to_have_value(value)
        expect_ids(page, having(handbook, holds))
        page.locator("form[data-filter=playbook-table] [type=reset]").click()
        expect_ids(page, PLAYBOOKS)


def test_the_fields_of_the_playbook_filter_count_together(open_page: Callable[..., Page], handbook: Handbook) -> None:
    page = open_page("playbooks/?team=complete&severity=sev-1")
    expect_ids(
        page,
        having(handbook, lambda it: it.team == "complete" and "sev-1" in {one.severity for one in it.severities}),
    )
    page.get_by_role("button", name="Show all").click()
    expect_ids(page, PLAYBOOKS)
    assert query(page) == {}


def test_the_playbook_filter_works_after_instant_navigation(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    go_instantly(page, page.locator(".md-tabs").get_by_role("link", name="Incidents").last, "**/playbooks/")
    page.locator("form[data-filter=playbook-table] [name=text]").fill("is stuck")
    expect_ids(page, ["complete-playbook"])


@each_edition
def test_without_javascript_the_index_is_whole(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{EDITIONS[edition]}playbooks/?state=untried", java_script_enabled=False)
    expect(page.locator("form[data-filter=playbook-table]")).to_be_hidden()
    expect(page.locator("#playbook-table tbody tr:visible")).to_have_count(len(PLAYBOOKS))


# On paper


@each_edition
@pytest.mark.parametrize("id", PLAYBOOKS)
def test_a_playbook_is_one_sheet(id: str, edition: str, open_page: Callable[..., Page], handbook: Handbook) -> None:
    page = open_page(f"{EDITIONS[edition]}playbooks/{id}/", color_scheme="dark")
    for format in FORMATS:
        pdf = printed(page, format)
        assert len(pdf.pages) == 1, format
        text = re.sub(r"\s+", "", pdf.pages[0].extract_text())
        assert Path(playbook_of(handbook, id).path).name in text, "the sheet says what it was made from"
    page.emulate_media(media="print")
    expect(page.locator(".playbook")).to_be_visible()
    expect(page.locator("#used")).to_be_hidden()
    expect(page.locator("#missing")).to_be_hidden()


@each_edition
def test_the_incident_card_is_one_sheet(edition: str, open_page: Callable[..., Page], handbook: Handbook) -> None:
    page = open_page(f"{EDITIONS[edition]}incidents/card/")
    assert handbook.organisation.incidents is not None
    names = [it.name.in_language(edition) for it in handbook.organisation.incidents.severities]
    for format in FORMATS:
        pdf = printed(page, format)
        assert len(pdf.pages) == 1, format
        text = pdf.pages[0].extract_text()
        assert [name for name in names if name not in text] == []

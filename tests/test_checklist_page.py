"""Checklists on the screen: ticked in the browser, kept there alone, never lost when a list changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import golden_handbook
from playwright.sync_api import Browser, Locator, Page, expect
from web import EDITIONS, WIDE, go_instantly

from macros.handbook import addresses, checklists
from macros.handbook.checklists import Sheet
from macros.handbook.graph import Handbook
from macros.model.checklists import Checklist, ChecklistItem
from macros.text import catalogue

CARD, CARD_KEY = "checklists/complete-checklist/", "complete-checklist"
TEAM, TEAM_KEY = "teams/complete/checklists/complete-checklist/", "complete/complete-checklist"
PREFIX = "handbook.checklist."

CLIPBOARD = """Object.defineProperty(navigator, "clipboard", {
  value: { writeText: async (text) => { window.copied = text; } },
});"""

BLOCKED = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("no", "SecurityError"); },
});"""

FULL = """
const set = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, value) {
  if (key.startsWith("handbook.checklist.")) throw new DOMException("full", "QuotaExceededError");
  set.call(this, key, value);
};"""

EACH = {
    "services": "each service of the team",
    "journeys": "each user journey of the team",
    "playbooks": "each playbook of the team",
    "dashboards": "each dashboard of the team",
    "channels": "each channel of the team",
    "readings": "each reading on the team's list",
}
"""What a shared list says behind a line that a team has once for each of these."""

each_edition = pytest.mark.parametrize("edition", EDITIONS)


@pytest.fixture(scope="session")
def handbook() -> Handbook:
    return golden_handbook()


@pytest.fixture(scope="session")
def card(handbook: Handbook) -> Sheet:
    found = handbook.get(Checklist, CARD_KEY)
    assert isinstance(found, Checklist)
    return checklists.sheet_of(handbook, found)


@pytest.fixture(scope="session")
def team_sheet(handbook: Handbook) -> Sheet:
    team = next(it for it in handbook.teams if it.id == "complete")
    return next(it for it in checklists.of(handbook, team) if it.id == CARD_KEY)


@pytest.fixture
def unwatched(browser: Browser) -> Iterator[Page]:
    """A window in which the theme may complain: it does where it gets no storage."""
    context = browser.new_context(viewport=WIDE)
    yield context.new_page()
    context.close()


def words(page: Page) -> dict[str, str]:
    """The words of the list for the browser."""
    found: dict[str, str] = page.locator("[data-checklist]").evaluate("it => JSON.parse(it.dataset.words)")
    return found


def shown_words(item: ChecklistItem, edition: str) -> str:
    """What a line of a shared list says."""
    words = item.do.in_language(edition)
    translate = catalogue.translations(edition).gettext
    return f"{words} ({translate(EACH[item.for_each.value])})" if item.for_each else words


def boxes(page: Page) -> Locator:
    return page.locator("[data-box] > input[type=checkbox]")


def line(page: Page, id: str) -> Locator:
    return page.locator(f"[data-box='{id}']")


def box(page: Page, id: str) -> Locator:
    return line(page, id).locator("> input")


def skip(page: Page, id: str, reason: str) -> None:
    line(page, id).locator("> .more-of-item").click()
    line(page, id).locator("> .skip").click()
    line(page, id).get_by_role("textbox").fill(reason)
    line(page, id).get_by_role("textbox").press("Enter")


def count(page: Page) -> Locator:
    return page.locator(".checklist__bar output")


def notice(page: Page) -> Locator:
    return page.get_by_role("status").and_(page.locator(".checklist__notice"))


def kept(page: Page, key: str) -> Any:
    """What the browser keeps of a list, or None."""
    return json.loads(page.evaluate("key => localStorage.getItem(key)", PREFIX + key) or "null")


def keep(page: Page, key: str, text: object) -> None:
    """Have the browser keep this of a list, and open the page anew."""
    given = text if isinstance(text, str) else json.dumps(text)
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [PREFIX + key, given])
    page.reload()
    expect(count(page)).not_to_be_empty()


def state(**parts: object) -> dict[str, object]:
    return {
        "version": 1,
        "ticked": {},
        "skipped": {},
        "seen": {},
        "language": "en",
        "name": "",
        "start": "",
        **parts,
    }


def texts(page: Page) -> dict[str, str]:
    """The words of each line by its id, as its box is called."""
    found: dict[str, str] = boxes(page).evaluate_all(
        "all => Object.fromEntries(all.map((it) => [it.parentElement.dataset.box, it.getAttribute('aria-label')]))"
    )
    return found


def change(page: Page, place: str, attributes: dict[str, str]) -> None:
    """Open the page anew as if it had been built with other attributes in a place.

    Chromium lets no page that a test serves load the scripts of this machine, so the page's HTML is changed
    once it is read, before any script module runs.
    """
    page.add_init_script(
        f"""document.addEventListener("readystatechange", () => {{
          const place = document.querySelector({json.dumps(place)});
          for (const [name, value] of Object.entries({json.dumps(attributes)})) place.setAttribute(name, value);
        }}, {{ once: true }});"""
    )
    page.reload()
    expect(count(page)).not_to_be_empty()


# A plain list that gets better


@each_edition
def test_without_javascript_it_is_a_plain_list(edition: str, open_page: Callable[..., Page], card: Sheet) -> None:
    page = open_page(f"{EDITIONS[edition]}{CARD}", java_script_enabled=False)
    expect(page.locator("[data-box]:visible")).to_have_count(len(card.boxes))
    shown = page.locator(".box-item__do").all_inner_texts()
    assert shown == [shown_words(it.item, edition) for it in card.boxes]
    expect(page.locator(".checklist").locator("input, button, progress")).to_have_count(0)


@each_edition
def test_each_line_has_a_box_that_is_called_like_it(edition: str, open_page: Callable[..., Page], card: Sheet) -> None:
    page = open_page(f"{EDITIONS[edition]}{CARD}")
    expect(boxes(page)).to_have_count(len(card.boxes))
    for it in (card.boxes[0], card.boxes[-1]):
        box = page.get_by_role("checkbox", name=shown_words(it.item, edition), exact=True)
        expect(box).not_to_be_checked()
    page.locator(".box-item__do").first.click()
    expect(boxes(page).first).to_be_checked()


def test_ticks_are_still_there_after_a_reload_and_in_the_other_edition(
    open_page: Callable[..., Page], site_address: str, card: Sheet
) -> None:
    page = open_page(CARD)
    total = len(card.boxes)
    expect(count(page)).to_have_text(f"0 of {total}")
    box(page, "with-every-key").check()
    expect(count(page)).to_have_text(f"1 of {total}")
    page.reload()
    expect(box(page, "with-every-key")).to_be_checked()
    expect(page.get_by_role("progressbar", name="Progress")).to_have_js_property("value", 1)
    expect(page.get_by_role("progressbar", name="Progress")).to_have_js_property("max", total)
    page.goto(f"{site_address}ja/{CARD}")
    expect(box(page, "with-every-key")).to_be_checked()
    expect(count(page)).to_have_text(f"1 / {total}")
    expect(notice(page)).to_have_text(words(page)["kept"])  # other words in another language are no change
    box(page, "without-any-key").check()
    page.goto(f"{site_address}{CARD}")
    expect(box(page, "without-any-key")).to_be_checked()
    expect(notice(page)).to_have_text("Ticks are stored in this browser only. No one else sees them.")
    box(page, "with-every-key").uncheck()
    page.reload()
    expect(box(page, "without-any-key")).to_be_checked()
    expect(box(page, "with-every-key")).not_to_be_checked()
    # A team's list has ticks of its own.
    page.goto(f"{site_address}{TEAM}")
    expect(boxes(page).first).to_be_visible()
    expect(boxes(page).and_(page.locator(":checked"))).to_have_count(0)
    box(page, "without-any-key").check()
    assert list(kept(page, CARD_KEY)["ticked"]) == ["without-any-key"]
    page.goto(f"{site_address}teams/platform/checklists/complete-checklist/")
    expect(boxes(page).first).to_be_visible()
    expect(boxes(page).and_(page.locator(":checked"))).to_have_count(0)


def test_what_is_done_can_be_hidden(open_page: Callable[..., Page], card: Sheet) -> None:
    page = open_page(CARD)
    box(page, "with-every-key").check()
    page.get_by_label("Hide completed items").check()
    expect(line(page, "with-every-key")).to_be_hidden()
    expect(page.locator("[data-box]:visible")).to_have_count(len(card.boxes) - 1)
    box(page, "without-any-key").press("Space")
    expect(line(page, "without-any-key")).to_be_hidden()
    page.get_by_label("Hide completed items").uncheck()
    expect(line(page, "with-every-key")).to_be_visible()


def test_the_boxes_are_large_and_print_stands_beside_its_option(open_page: Callable[..., Page]) -> None:
    page = open_page(CARD)
    for it in page.locator(".checklist input[type=checkbox], .more-of-item").all():
        size = it.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 24
    print_box = page.get_by_role("button", name="Print").bounding_box()
    option = page.get_by_label("with ticks").bounding_box()
    assert print_box
    assert option
    assert print_box["y"] < option["y"] + option["height"] / 2 < print_box["y"] + print_box["height"]
    assert 0 < option["x"] - print_box["x"] - print_box["width"] < 24


def test_a_line_that_does_not_apply_no_longer_counts(open_page: Callable[..., Page], card: Sheet) -> None:
    page = open_page(CARD)
    total = len(card.boxes)
    more = line(page, "without-any-key").get_by_role("button", name="More")
    button = line(page, "without-any-key").locator("> .skip")
    expect(button).to_be_hidden()
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    more.click()
    expect(button).to_be_hidden()
    more.click()
    reason = line(page, "without-any-key").get_by_role("textbox", name="Why is it not applicable?")
    button.click()
    expect(reason).to_be_focused()
    page.keyboard.press("Escape")
    expect(reason).to_have_count(0)
    expect(more).to_be_focused()
    expect(button).to_be_hidden()
    more.click()
    button.click()
    reason.fill("   ")
    reason.press("Enter")
    expect(reason).to_be_visible()
    reason.fill("A bot writes $& down")
    reason.press("Enter")
    for _ in range(2):
        expect(count(page)).to_have_text(f"0 of {total - 1}")
        expect(line(page, "without-any-key")).to_contain_text("Not applicable: A bot writes $& down")
        expect(box(page, "without-any-key")).to_be_disabled()
        page.reload()
    expect(button).to_have_text("applicable after all")
    expect(more).to_be_hidden()
    button.click()
    expect(more).to_be_focused()
    expect(count(page)).to_have_text(f"0 of {total}")
    expect(line(page, "without-any-key")).not_to_contain_text("A bot")
    expect(box(page, "without-any-key")).to_be_enabled()


def test_a_finished_list_says_so(open_page: Callable[..., Page], card: Sheet) -> None:
    page = open_page(CARD)
    expect(boxes(page)).to_have_count(len(card.boxes))
    ids = [it.id for it in card.boxes]
    keep(page, CARD_KEY, state(ticked=dict.fromkeys(ids[1:], "2026-11-24")))
    expect(count(page)).to_have_text(f"{len(ids) - 1} of {len(ids)}")
    box(page, ids[0]).check()
    expect(count(page)).to_have_text(f"{len(ids)} of {len(ids)} · All done.")


# Days


@pytest.mark.parametrize(
    ("edition", "days"),
    [
        (
            "en",
            {
                "with-every-key": "day 1 · was due Jan 31, 2026",
                "sees-checklist": "week 2 · due Feb 13, 2026",
                "sees-playbook-template": "month 3 · due Apr 30, 2026",
            },
        ),
        (
            "ja",
            {
                "with-every-key": "1 日目 · 期限超過: 2026/01/31",
                "sees-checklist": "2 週目 · 期限: 2026/02/13",
                "sees-playbook-template": "3 か月目 · 期限: 2026/04/30",
            },
        ),
    ],
)
def test_a_start_date_gives_days(edition: str, days: dict[str, str], open_page: Callable[..., Page]) -> None:
    page = open_page(f"{EDITIONS[edition]}{TEAM}", timezone_id="Asia/Tokyo")
    page.clock.set_fixed_time("2026-02-13T12:00:00+09:00")
    page.reload()
    page.get_by_label(words(page)["name"], exact=True).fill("Aiko")
    page.get_by_label(words(page)["start"]).fill("2026-01-31")
    page.reload()
    expect(page.get_by_label(words(page)["name"], exact=True)).to_have_value("Aiko")
    expect(page.get_by_label(words(page)["start"])).to_have_value("2026-01-31")
    for id, told in days.items():
        expect(line(page, id).locator("> .box-item__due")).to_have_text(told)
    page.get_by_label(words(page)["start"]).fill("")
    expect(line(page, "with-every-key").locator("> .box-item__due")).to_have_text(
        days["with-every-key"].split(" · ")[0]
    )


def test_what_is_late_is_marked_until_it_is_done(open_page: Callable[..., Page]) -> None:
    page = open_page(TEAM, timezone_id="Asia/Tokyo")
    services = page.locator(".box-item--each").filter(has=line(page, "each-service--needs-back"))
    due = {
        "week 1": services.locator("> .box-item__due"),
        "week 2": line(page, "sees-checklist").locator("> .box-item__due"),
    }
    keep(page, TEAM_KEY, state(start="2026-02-01"))
    # It is the 8th in Tokyo, and still the 7th in London.
    for moment, late in {"2026-02-07T23:00:00+09:00": [], "2026-02-08T00:30:00+09:00": ["week 1"]}.items():
        page.clock.set_fixed_time(moment)
        page.reload()
        expect(due["week 1"]).to_contain_text("Feb 7, 2026")
        assert [it for it in due if due[it].get_attribute("data-overdue") is not None] == late
    expect(due["week 1"]).to_have_text("week 1 · was due Feb 7, 2026")
    # One of four things is left.
    for name in ("complete-service", "needs-back", "needs-others"):
        box(page, f"each-service--{name}").check()
    expect(due["week 1"]).to_have_attribute("data-overdue", "")
    skip(page, "each-service--tier-1-blind", "No test account")
    expect(due["week 1"]).to_have_text("week 1 · due Feb 7, 2026")
    expect(due["week 1"]).not_to_have_attribute("data-overdue", "")


# Begin anew, copy


def test_to_begin_anew_is_asked_first(open_page: Callable[..., Page], team_sheet: Sheet) -> None:
    page = open_page(TEAM)
    box(page, "with-every-key").check()
    skip(page, "without-any-key", "Met before")
    page.get_by_label("Name", exact=True).fill("Aiko")
    page.get_by_label("Start date").fill("2026-11-24")
    keep(page, CARD_KEY, state(ticked={"with-every-key": "2026-11-24"}))
    before = kept(page, TEAM_KEY)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Start over").click()
    expect(box(page, "with-every-key")).to_be_checked()
    assert kept(page, TEAM_KEY) == before
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Start over").click()
    for _ in range(2):
        expect(count(page)).to_have_text(f"0 of {len(team_sheet.boxes)}")
        expect(page.get_by_label("Name", exact=True)).to_have_value("")
        expect(page.get_by_label("Start date")).to_have_value("")
        expect(page.locator(".checklist")).not_to_contain_text("Met before")
        assert kept(page, TEAM_KEY) is None
        page.reload()
    assert kept(page, CARD_KEY)["ticked"] == {"with-every-key": "2026-11-24"}


def task_list(card: Sheet, edition: str, root: str, handbook: Handbook) -> str:
    """The list as it is to be copied, with the second line ticked and the fourth not applicable."""
    made = [f"# {card.whole.name.in_language(edition)}"]
    number = 0
    for section, items in card.sections:
        made += ["", f"## {section.name.in_language(edition)}", ""]
        for line, *_ in items:
            words, see = shown_words(line.item, edition), line.item.see
            if see:
                kinds = ("checklist", "playbook_template", "workshop", "quick_win", "team_type")
                near = [(kind.replace("_", "-"), id) for kind in kinds if (id := getattr(see, kind))]
                entities = [handbook.find(kind, id) for kind, id in near]
                addressed = [root + addresses.of(entity) for entity in entities if entity]
                address = see.address or (root + see.guide if see.guide else addressed[0])
                words = f"[{words}]({address})"
            number += 1
            made.append(f"- ~~{words}~~ (Alone)" if number == 4 else f"- [{'x' if number == 2 else ' '}] {words}")
    return "\n".join(made) + "\n"


@each_edition
def test_it_is_copied_as_a_task_list(
    edition: str, open_page: Callable[..., Page], card: Sheet, handbook: Handbook, site_address: str
) -> None:
    page = open_page(f"{EDITIONS[edition]}{CARD}")
    expected = task_list(card, edition, f"{site_address}{EDITIONS[edition]}", handbook)
    assert expected.count("](") == 7
    box(page, card.boxes[1].id).check()
    skip(page, card.boxes[3].id, "Alone")
    # A page without TLS gets no clipboard.
    assert page.evaluate("navigator.clipboard === undefined")
    copy = page.get_by_role("button", name=words(page)["copy"])
    copy.click()
    field = page.get_by_role("textbox", name=words(page)["copy"])
    expect(field).to_have_value(expected)
    expect(field).to_be_focused()
    assert field.evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)") == expected
    expect(notice(page)).to_contain_text(words(page)["not_copied"])
    page.add_init_script(CLIPBOARD)
    page.reload()
    copy.click()
    expect(notice(page)).to_have_text(words(page)["copied"])
    assert page.evaluate("window.copied") == expected


# A list that changes


def test_a_change_of_the_list_is_told_until_it_is_seen(open_page: Callable[..., Page]) -> None:
    page = open_page(CARD)
    seen = texts(page)
    assert "Read this one too" in seen.values()
    del seen["sees-checklist"]
    seen |= {"with-every-key": "Read some line", "gone": "Ring the <b>bell</b> $&"}
    keep(page, CARD_KEY, state(ticked={"with-every-key": "2026-11-20"}, seen=seen))
    expect(box(page, "with-every-key")).to_be_checked()
    now = texts(page)
    told = [
        "This list has changed since you started it.",
        f"New: {now['sees-checklist']}",
        "Removed: Ring the <b>bell</b> $&",
        f"Reworded: {now['with-every-key']}",
    ]
    expect(notice(page).locator("p")).to_have_text([words(page)["kept"], *told])
    box(page, "without-any-key").check()
    page.reload()
    expect(notice(page).locator("p")).to_have_count(5)
    page.get_by_role("button", name="Got it").click()
    for _ in range(2):
        expect(notice(page).locator("p")).to_have_text([words(page)["kept"]])
        expect(box(page, "with-every-key")).to_be_checked()
        page.reload()
    assert kept(page, CARD_KEY)["seen"] == now


def test_a_list_that_nobody_began_tells_no_changes(open_page: Callable[..., Page]) -> None:
    page = open_page(CARD)
    keep(page, CARD_KEY, state(name="Aiko", seen={"gone": "Ring the bell"}))
    expect(notice(page).locator("p")).to_have_text([words(page)["kept"]])


def test_a_renamed_thing_keeps_its_tick(open_page: Callable[..., Page], team_sheet: Sheet) -> None:
    page = open_page(TEAM)
    box(page, "each-service--needs-back").check()
    aliases = "each-service--old each-service--needs-back"
    change(
        page,
        "[data-box='each-service--needs-back']",
        {"data-box": "each-service--renamed", "data-aliases": aliases},
    )
    expect(box(page, "each-service--renamed")).to_be_checked()
    expect(count(page)).to_have_text(f"1 of {len(team_sheet.boxes)}")
    expect(notice(page).locator("p")).to_have_text([words(page)["kept"]])
    box(page, "each-service--renamed").uncheck()
    page.reload()
    expect(box(page, "each-service--renamed")).not_to_be_checked()


def test_a_renamed_list_keeps_its_ticks(open_page: Callable[..., Page], team_sheet: Sheet) -> None:
    page = open_page(TEAM)
    keep(page, "complete/joins", state(ticked={"with-every-key": "2026-11-20"}))
    keep(page, "joins", state(ticked={"without-any-key": "2026-11-20"}))
    change(page, "[data-checklist]", {"data-aliases": "sre joins"})
    expect(box(page, "with-every-key")).to_be_checked()
    expect(box(page, "without-any-key")).not_to_be_checked()
    box(page, "last").check()
    page.reload()
    expect(count(page)).to_have_text(f"2 of {len(team_sheet.boxes)}")
    assert kept(page, "complete/joins") is None
    assert list(kept(page, TEAM_KEY)["ticked"]) == ["with-every-key", "last"]
    assert list(kept(page, "joins")["ticked"]) == ["without-any-key"], "the shared list's own"


# Storage that fails, or holds something else


def test_a_browser_that_keeps_nothing_still_has_a_list(unwatched: Page, site_address: str, card: Sheet) -> None:
    unwatched.add_init_script(BLOCKED)
    unwatched.goto(site_address + CARD)
    expect(notice(unwatched)).to_have_text(words(unwatched)["not_kept"])
    box(unwatched, "without-any-key").check()
    expect(count(unwatched)).to_have_text(f"1 of {len(card.boxes)}")
    unwatched.once("dialog", lambda dialog: dialog.accept())
    unwatched.get_by_role("button", name="Start over").click()
    expect(count(unwatched)).to_have_text(f"0 of {len(card.boxes)}")


def test_a_full_storage_is_told(open_page: Callable[..., Page], card: Sheet) -> None:
    page = open_page(CARD)
    box(page, "with-every-key").check()
    page.add_init_script(FULL)
    page.reload()
    expect(notice(page)).to_have_text(words(page)["kept"])
    expect(box(page, "with-every-key")).to_be_checked()
    box(page, "without-any-key").check()
    expect(notice(page)).to_have_text(words(page)["not_kept"])
    expect(count(page)).to_have_text(f"2 of {len(card.boxes)}")
    page.evaluate("key => { localStorage[key] = 'broken'; }", PREFIX + CARD_KEY)
    page.reload()
    expect(notice(page)).to_contain_text(words(page)["set_aside"])
    expect(count(page)).to_have_text(f"0 of {len(card.boxes)}")


def test_what_can_not_be_read_is_set_aside(open_page: Callable[..., Page], card: Sheet) -> None:
    page = open_page(CARD)
    broken = [
        "{",
        "",
        "null",
        "5",
        "[]",
        "{}",
        json.dumps(state(version=0)),
        json.dumps(state(version=2)),
        json.dumps(state(ticked=[])),
        json.dumps(state(skipped={"without-any-key": {"reason": 1}})),
        json.dumps(state(seen={"without-any-key": None})),
        json.dumps(state(start=20261124)),
    ]
    for text in broken:
        keep(page, CARD_KEY, text)
        expect(notice(page)).to_contain_text(words(page)["set_aside"])
        expect(boxes(page)).to_have_count(len(card.boxes))
        expect(count(page)).to_have_text(f"0 of {len(card.boxes)}")
        aside = page.evaluate("key => localStorage.getItem(key)", f"{PREFIX}{CARD_KEY}.set-aside")
        assert aside == text
        assert kept(page, CARD_KEY) is None
    box(page, "without-any-key").check()
    page.reload()
    expect(box(page, "without-any-key")).to_be_checked()
    expect(notice(page)).not_to_contain_text(words(page)["set_aside"])


def test_hostile_text_in_the_storage_is_shown_as_text(open_page: Callable[..., Page]) -> None:
    page = open_page(TEAM)
    images = page.locator(".checklist img").count()
    hostile = "<img src=x onerror=\"document.title='run'\">"
    keep(
        page,
        TEAM_KEY,
        state(
            ticked={"with-every-key": hostile, hostile: hostile, "__proto__": hostile},
            skipped={"without-any-key": hostile},
            seen={"gone": hostile},
            name=hostile,
            start=hostile,
        ),
    )
    expect(line(page, "without-any-key").locator("> .box-item__skip")).to_have_text(f"Not applicable: {hostile}")
    expect(notice(page)).to_contain_text(f"Removed: {hostile}")
    expect(page.get_by_label("Name", exact=True)).to_have_value(hostile)
    expect(page.locator("[data-line=name] dd")).to_have_text(hostile)
    page.get_by_role("button", name="Copy as task list").click()
    assert f"({hostile})" in notice(page).get_by_role("textbox").input_value()
    expect(page.locator(".checklist img")).to_have_count(images)
    assert page.title() != "run"


def test_a_line_may_be_called_like_a_part_of_an_object(open_page: Callable[..., Page], card: Sheet) -> None:
    page = open_page(CARD)
    page.evaluate("localStorage.setItem('handbook.reading', '{\"undefined\": \"2026-11-24\"}')")
    change(page, "[data-box='without-any-key']", {"data-box": "constructor", "data-reading": "length"})
    expect(count(page)).to_have_text(f"0 of {len(card.boxes)}")
    expect(notice(page).locator("p")).to_have_text([words(page)["kept"]])
    box(page, "constructor").check()
    page.reload()
    expect(count(page)).to_have_text(f"1 of {len(card.boxes)}")
    expect(box(page, "constructor")).to_be_checked()


# Keyboard, navigation, many things


def tab_to(page: Page, place: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if place.evaluate("it => it === document.activeElement"):
            return
    pytest.fail(f"Tab doesn't reach {place}")


def test_everything_is_done_by_keyboard(open_page: Callable[..., Page], card: Sheet) -> None:
    page = open_page(CARD)
    total = len(card.boxes)
    tab_to(page, page.get_by_label("Hide completed items"))
    tab_to(page, page.get_by_label("Name", exact=True))
    page.keyboard.type("Aiko")
    for name in ("Copy as task list", "Print", "Start over"):
        tab_to(page, page.get_by_role("button", name=name))
    tab_to(page, boxes(page).first)
    page.keyboard.press("Space")
    expect(count(page)).to_have_text(f"1 of {total}")
    tab_to(page, page.locator(".more-of-item").nth(1))
    page.keyboard.press("Enter")
    tab_to(page, page.locator(".skip").nth(1))
    page.keyboard.press("Enter")
    page.keyboard.type("Alone")
    page.locator(".box-item__skip input").dispatch_event("keydown", {"key": "Escape", "isComposing": True})
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text(f"1 of {total - 1}")
    expect(page.locator(".skip").nth(1)).to_be_focused()
    page.keyboard.press("Space")
    expect(count(page)).to_have_text(f"1 of {total}")
    page.reload()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Aiko")
    expect(boxes(page).first).to_be_checked()


def test_a_list_works_after_instant_navigation_and_coming_back(open_page: Callable[..., Page], card: Sheet) -> None:
    page = open_page("checklists/")
    to_card = page.locator(f"article a[href$='{CARD_KEY}/']").first
    go_instantly(page, to_card, f"**/{CARD}")
    box(page, "without-any-key").check()
    expect(count(page)).to_have_text(f"1 of {len(card.boxes)}")
    page.go_back()
    page.wait_for_url("**/checklists/")
    expect(page.locator(".checklist")).to_have_count(0)
    page.go_forward()
    page.wait_for_url(f"**/{CARD}")
    expect(box(page, "without-any-key")).to_be_checked()
    page.evaluate('import("/assets/js/checklist.js").then((it) => it.enhanceChecklists(document))')
    expect(boxes(page)).to_have_count(len(card.boxes))
    expect(page.locator(".checklist__bar")).to_have_count(1)
    expect(page.locator(".skip")).to_have_count(len(card.boxes))
    assert page.evaluate("window.stayed")


def test_many_things_fold_and_count(open_page: Callable[..., Page], team_sheet: Sheet) -> None:
    page = open_page(TEAM)
    (many,) = [lines for _, items in team_sheet.sections for lines in items if len(lines) > 6]
    total = len(team_sheet.boxes)
    expect(count(page)).to_have_text(f"0 of {total}")
    folded = page.locator("details.things")
    expect(folded.locator("[data-box]:visible")).to_have_count(len(many))
    folded.get_by_role("checkbox").last.check()
    expect(folded.get_by_role("checkbox").last).to_have_accessible_name(
        f"Open the dashboard: {many[-1].thing.name.en}"  # type: ignore[union-attr]
    )
    folded.locator("summary").click()
    expect(folded.locator("[data-box]:visible")).to_have_count(0)
    expect(count(page)).to_have_text(f"1 of {total}")


# Without a page


def test_the_arithmetic_of_a_list(open_page: Callable[..., Page]) -> None:
    page = open_page(CARD)

    def run(script: str, given: object = None) -> Any:
        load = 'const it = await import("/assets/js/checklist-state.js");'
        return page.evaluate(f"async (given) => {{ {load} {script} }}", given)

    days = {
        ("2026-11-24", "day 1"): "2026-11-24",
        ("2026-11-24", "day 10"): "2026-12-03",
        ("2026-11-24", "week 1"): "2026-11-30",
        ("2026-12-28", "week 2"): "2027-01-10",
        ("2026-01-31", "month 1"): "2026-02-28",
        ("2028-01-31", "month 1"): "2028-02-29",
        ("2026-10-31", "month 1"): "2026-11-30",
        ("2026-11-30", "month 3"): "2027-02-28",
        ("2026-01-15", "month 12"): "2027-01-15",
        ("2026-03-28", "day 3"): "2026-03-30",
        ("", "day 1"): None,
        ("24 November", "day 1"): None,
        ("2026-11-24", "year 1"): None,
        ("2026-11-24", None): None,
    }
    found = run(
        "return given.map(([start, due]) => it.dueDay(start, due ?? undefined)?.toISOString().slice(0, 10) ?? null);",
        [list(it) for it in days],
    )
    assert dict(zip(days, found, strict=True)) == days

    lines = [{"id": id, "aliases": [], "text": id.upper(), "url": ""} for id in "abc"]
    part = state(ticked={"a": "", "c": "", "gone": ""}, skipped={"c": "Why"})
    assert run("return it.progress(given[0], given[1]);", [part, lines]) == {"done": 1, "total": 2}
    assert run("return it.progress(given[0], given[1]);", [state(), []]) == {"done": 0, "total": 0}

    changes = "return it.changes(given[0], given[1]);"
    seen = state(seen={"a": "A", "b": "old", "d": "D"})
    assert run(changes, [seen, lines]) == {"added": ["C"], "removed": ["D"], "reworded": ["B"]}
    assert run(changes, [state(), lines]) == {"added": [], "removed": [], "reworded": []}

    follow = "it.follow(given[0], given[1], given[2]); return given[0];"
    renamed = [{"id": "new", "aliases": ["older", "old"], "text": "New"}]
    before = state(ticked={"old": "2026-01-01"}, skipped={"older": "Why"}, seen={"old": "Old"})
    after = state(ticked={"new": "2026-01-01"}, skipped={"new": "Why"}, seen={"new": "Old"})
    assert run(follow, [before, renamed, "en"]) == after
    assert run(follow, [before, renamed, "ja"]) == {**after, "seen": {"new": "New"}, "language": "ja"}
    both = state(ticked={"old": "2026-01-01", "new": "2026-02-02"})
    assert run(follow, [both, renamed, "en"])["ticked"] == {"new": "2026-02-02"}

    sections = [
        {"name": "One", "boxes": [lines[0], {**lines[1], "text": "See [b]", "url": "https://example.com/b"}]},
        {"name": "Two", "boxes": [lines[2]]},
    ]
    copied = run('return it.taskList("List", given[0], given[1]);', [sections, part])
    assert copied == (
        "# List\n\n## One\n\n- [x] A\n- [ ] [See \\[b\\]](https://example.com/b)\n\n## Two\n\n- ~~C~~ (Why)\n"
    )


def test_what_objects_have_already_is_not_taken_for_what_was_kept(open_page: Callable[..., Page]) -> None:
    ids = ["constructor", "__proto__", "toString", "hasOwnProperty", "length", "elements"]
    page = open_page(CARD)
    progress, changes, after = page.evaluate(
        """async (ids) => {
          const it = await import("/assets/js/checklist-state.js");
          const aliases = (place) => [`old-${place}`, "valueOf"];
          const boxes = ids.map((id, place) => ({ id, aliases: aliases(place), text: `The ${id}`, url: "" }));
          const { state } = it.load(sessionStorage, ["list"]);
          it.follow(state, boxes, "en");
          const before = it.progress(state, boxes);
          it.remember(state, boxes, "en");
          const changes = it.changes(state, boxes);
          state.ticked["old-1"] = "2026-11-24";
          state.skipped[ids[0]] = "Alone";
          it.follow(state, boxes, "en");
          it.save(sessionStorage, ["list"], state);
          const kept = it.load(sessionStorage, ["list"]).state;
          return [before, changes, it.taskList("L", [{ name: "S", boxes }], kept)];
        }""",
        ids,
    )
    assert progress == {"done": 0, "total": 6}
    assert changes == {"added": [], "removed": [], "reworded": []}
    assert after == (
        "# L\n\n## S\n\n- ~~The constructor~~ (Alone)\n- [x] The __proto__\n- [ ] The toString\n"
        "- [ ] The hasOwnProperty\n- [ ] The length\n- [ ] The elements\n"
    )

"""From an alert's link to a copied command: which alert rang, the values that it told, the bar at the bottom."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from conftest import golden_handbook
from playwright.sync_api import Locator, Page, expect
from test_playbook_page import CLIPBOARD, copied
from web import EDITIONS, NARROW, WIDE

from macros.model.playbooks import Playbook

each_edition = pytest.mark.parametrize("edition", EDITIONS)
each_scheme = pytest.mark.parametrize("scheme", ["light", "dark"])

PLAYBOOK = "playbooks/complete-playbook/"
NAMESPACE, POD = "pay-ments", "it's $(id); 図面"
ASKED = f"?namespace={NAMESPACE}&pod={quote(POD)}"
LEAST = 44
"""Pixels that a thumb hits."""


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    found = golden_handbook().get(Playbook, "complete-playbook")
    assert isinstance(found, Playbook)
    return found


def command(page: Page) -> Locator:
    """The first mitigation's command."""
    return page.locator("#mitigation ~ ol.play pre").first


def pasted(page: Page) -> str:
    """What is on the clipboard, as a paste gives it."""
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'pasted' }))")
    page.locator("#pasted").press("ControlOrMeta+v")
    expect(page.locator("#pasted")).not_to_have_value("")
    return page.locator("#pasted").input_value()


def box(locator: Locator) -> dict[str, float]:
    """Where an element stands in the window."""
    found = locator.bounding_box()
    assert found is not None
    return {"x": found["x"], "y": found["y"], "width": found["width"], "height": found["height"]}


@each_edition
@each_scheme
@pytest.mark.parametrize("name", ["NothingDone", "nothingdone"])
def test_a_phone_copies_the_filled_command_with_one_tap_and_no_scroll(
    name: str, scheme: str, edition: str, open_page: Callable[..., Page], playbook: Playbook
) -> None:
    address = f"{EDITIONS[edition]}go/{name}/{ASKED}"
    page = open_page(address, viewport=NARROW, color_scheme=scheme, has_touch=True, **CLIPBOARD)
    page.wait_for_url(lambda url: url.endswith(f"{EDITIONS[edition]}{PLAYBOOK}{ASKED}#from-NothingDone"))
    expect(page.locator(".variables__fold > summary")).to_contain_text(NAMESPACE)
    block, bar = command(page), page.locator(".help-bar")
    assert page.evaluate("scrollY") == 0
    assert box(block)["y"] + box(block)["height"] <= box(bar)["y"]
    block.locator("button").tap()
    expect(page.locator(".md-dialog")).to_be_visible()
    assert page.evaluate("scrollY") == 0
    assert pasted(page) == (playbook.mitigation[0].command or "").replace("{namespace}", NAMESPACE)


def test_a_value_is_quoted_for_where_it_stands(open_page: Callable[..., Page], playbook: Playbook) -> None:
    page = open_page(f"{PLAYBOOK}{ASKED}", **CLIPBOARD)
    logs = copied(page, page.locator("#logs pre").first)
    assert logs == "kubectl -n pay-ments logs 'it'\\''s $(id); 図面' | awk '{print $1}'"
    assert copied(page, page.locator("#add-worker [data-query] pre")) == 'max(queue_waiting{namespace="pay-ments"})'
    graph = page.locator("#add-worker a[href*='g0.expr']").get_attribute("href") or ""
    assert parse_qs(urlsplit(graph).query)["g0.expr"] == ['max(queue_waiting{namespace="pay-ments"})']
    undo = playbook.mitigation[0].undo_command or ""
    assert copied(page, page.locator("#add-worker pre").last) == undo.replace("{namespace}", NAMESPACE)
    message = page.locator("#communication ~ [data-words] pre").first
    assert copied(page, message) == playbook.communication[0].say.in_language("en").replace("{namespace}", NAMESPACE)
    assert page.locator("#logs .blank").all_text_contents() == [POD, NAMESPACE, "'it'\\''s $(id); 図面'"]


@each_edition
def test_without_a_script_the_first_mitigation_needs_no_scroll_and_blanks_stay(
    edition: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{EDITIONS[edition]}go/NothingDone/{ASKED}", viewport=NARROW, java_script_enabled=False)
    page.wait_for_url(f"**/{PLAYBOOK}#from-NothingDone")
    expect(page.locator("#from-NothingDone")).to_be_visible()
    expect(command(page)).to_contain_text("{namespace}")
    expect(page.locator("ul.variables > li")).to_have_count(2)
    expect(page.locator("ul.variables > li").first).to_contain_text("{namespace}")
    block, bar = command(page), page.locator(".help-bar")
    assert box(block)["y"] + box(block)["height"] <= box(bar)["y"]
    assert all(one["height"] >= LEAST for one in map(box, bar.get_by_role("link").all()))


def test_a_field_fills_every_blank_and_says_what_it_does_not_take(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{PLAYBOOK}?namespace=Pay")
    said = page.locator(".variables__said")
    namespace, pod = page.locator("ul.variables input").all()
    expect(namespace).to_have_value("Pay")
    expect(namespace).to_have_attribute("aria-invalid", "true")
    expect(said).to_contain_text("“Pay” doesn't have the form of a value such as complete")
    expect(command(page)).to_contain_text("{namespace}")
    namespace.fill("pay")
    expect(said).to_be_empty()
    expect(command(page)).to_contain_text("--namespace pay")
    pod.fill("-rf")
    expect(said).to_contain_text("begins with a hyphen")
    expect(page.locator("#logs pre").first).to_contain_text("logs {pod}")
    pod.fill("")
    expect(said).to_be_empty()
    namespace.fill("")
    expect(command(page)).to_contain_text("{namespace}")


@pytest.mark.parametrize("given", ["", "two%0Alines", "%3Cno%20value%3E", "%5Bno+value%5D", "%E2%80%AEa", "%ff"])
def test_what_is_no_value_fills_nothing(given: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{PLAYBOOK}?namespace={given}")
    expect(command(page)).to_contain_text("{namespace}")
    expect(page.locator(".variables__fold")).to_have_attribute("open", "")


def test_no_value_is_kept_or_sent(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{PLAYBOOK}?namespace=secret-name")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.locator("ul.variables input").last.fill("secret-pod")
    expect(page.locator("#logs pre").first).to_contain_text("secret-pod")
    kept = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")
    assert "secret" not in kept
    assert [url for url in sent if "secret" in url] == []
    assert "secret-pod" not in page.url


@each_edition
def test_only_the_alert_that_rang_is_shown(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{EDITIONS[edition]}{PLAYBOOK}")
    expect(page.locator(".rang:visible")).to_have_count(0)
    page = open_page(f"{EDITIONS[edition]}{PLAYBOOK}#from-NothingDone", viewport=NARROW)
    rang = page.locator(".rang:visible")
    expect(rang).to_have_id("from-NothingDone")
    expect(rang.locator("pre")).to_be_hidden()
    assert box(rang)["height"] <= 2 * LEAST
    rang.locator("summary").first.click()
    expect(rang).to_contain_text({"en": "Nothing has been done for the value minutes", "ja": "値"}[edition])
    rang.locator("summary").last.click()
    expect(rang.locator("pre")).to_be_visible()
    expect(rang.locator("pre")).to_contain_text("rate(done_total[5m]) == 0")


@each_edition
def test_the_bar_calls_for_help_and_copies_the_first_update(
    edition: str, open_page: Callable[..., Page], playbook: Playbook
) -> None:
    page = open_page(f"{EDITIONS[edition]}{PLAYBOOK}?namespace={NAMESPACE}", viewport=NARROW, **CLIPBOARD)
    bar = page.locator(".help-bar")
    hrefs = bar.get_by_role("link").evaluate_all("links => links.map((it) => it.href)")
    assert hrefs == ["https://pager.example.com/schedules/complete", "https://chat.example.com/channels/incidents"]
    expect(bar.get_by_role("timer")).to_contain_text("0")
    sizes = [box(item) for item in bar.locator(":scope > *").all()]
    assert all(size["height"] >= LEAST and size["width"] >= LEAST for size in sizes)
    assert len({size["y"] for size in sizes}) == 1
    bar.get_by_role("button").click()
    expect(bar.get_by_role("button")).to_have_text({"en": "Copied.", "ja": "コピーしました。"}[edition])
    assert pasted(page) == playbook.communication[0].say.in_language(edition).replace("{namespace}", NAMESPACE)


def test_the_bar_covers_nothing_at_the_end_of_the_page_and_is_a_phones_alone(open_page: Callable[..., Page]) -> None:
    page = open_page(PLAYBOOK, viewport=NARROW)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = page.locator(".md-footer *:visible, .page-source *:visible").last
    assert box(last)["y"] + box(last)["height"] <= box(page.locator(".help-bar"))["y"]
    expect(open_page(PLAYBOOK, viewport=WIDE).locator(".help-bar")).to_be_hidden()


def test_the_first_update_says_when_the_page_was_opened(open_page: Callable[..., Page]) -> None:
    page = open_page("", timezone_id="Asia/Tokyo")
    script = """async () => {
      const { update } = await import("/assets/js/playbook.js");
      const opened = new Date("2026-11-24T18:05:00Z");
      return update("Since HH:MM {what} fails in {where}; it ends at about HH:MM", new Map([["what", "it's"]]), opened);
    }"""
    assert page.evaluate(script) == "Since 03:05 it's fails in {where}; it ends at about HH:MM"


def test_a_page_to_choose_from_hands_on_what_it_was_asked_for(open_page: Callable[..., Page]) -> None:
    page = open_page("?pod=a%26b")
    script = """async () => {
      const { carryQuery } = await import("/assets/js/playbook.js");
      const list = document.createElement("ul");
      list.dataset.carries = "";
      list.innerHTML = '<li><a href="playbooks/a/#from-A">A</a><a href="https://wiki.example.com/x?y=1">B</a></li>';
      document.querySelector("article").append(list);
      carryQuery(document);
      return [...list.querySelectorAll("a")].map((it) => it.href);
    }"""
    own, outside = page.evaluate(script)
    assert re.search(r"/playbooks/a/\?pod=a%26b#from-A$", own)
    assert outside == "https://wiki.example.com/x?y=1"

"""A visit to pages of a built site in a browser: each is loaded once, and everything about it is looked at then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from web import AXE, EDITIONS, NARROW, WIDE, Watch, wait_for_scripts

LOOKS = {"en": ("light", NARROW), "ja": ("dark", WIDE)}
"""The colour scheme and the window in which the pages of an edition are looked at."""

OTHER_LOOKS = {"en": ("dark", NARROW), "ja": ("light", WIDE)}
"""What `LOOKS` leaves out: for a page of each sort."""

GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 25, 29)"}

OVERFLOWING = """() => {
  const style = getComputedStyle;
  // What scrolls by itself, and what is there for screen readers alone, takes no room.
  const apart = (it) => ["auto", "scroll"].includes(style(it).overflowX) || style(it).clipPath === "inset(50%)";
  const free = (it) => !it || (!apart(it) && free(it.parentElement));
  return [...document.querySelectorAll(".md-content *")]
    .filter((it) => it.getBoundingClientRect().right > innerWidth + 1 && free(it))
    .map((it) => it.outerHTML.slice(0, 120));
}"""
"""What of an article sticks out of the window, and can't be scrolled to."""

CUT_CELLS = """() => {
  const PHRASES = ["A", "ABBR", "CODE", "EM", "STRONG"];
  const boxes = (node) => {
    const range = document.createRange();
    node.nodeType === 3 ? range.selectNode(node) : range.selectNodeContents(node);
    return [...range.getClientRects()].filter((it) => it.width);
  };
  const isPhrase = (node) => node.nodeType === 3 ? node.data.trim() : PHRASES.includes(node.tagName);
  const told = [];
  for (const cell of document.querySelectorAll("td, th")) {
    const right = cell.getBoundingClientRect().right - parseFloat(getComputedStyle(cell).paddingRight);
    const phrases = [...cell.childNodes].filter((it) => it.nodeType !== 3 || it.data.trim());
    phrases.forEach((next, place) => {
      const before = phrases[place - 1];
      if (!before || !isPhrase(before) || !isPhrase(next)) return;
      const [last, first] = [boxes(before).at(-1), boxes(next)];
      const isLine = first.length && first.every((it) => it.top < first[0].bottom);
      if (!last || !isLine) return;
      const width = Math.max(...first.map((it) => it.right)) - first[0].left;
      const fits = last.right + width + 20 < right; // a blank, and the room inside of code
      if (fits && first[0].top >= last.bottom - 1) told.push(cell.outerHTML.slice(0, 160));
    });
  }
  return told;
}"""
"""Cells in which a link, a term or words begin a line although the line before has room for them."""

LABELS = """() => {
  const inside = (it, frame) => it.x >= frame.x && it.x + it.width <= frame.x + frame.width
    && it.y >= frame.y && it.y + it.height <= frame.y + frame.height;
  const meet = (it, other) => it.x < other.x + other.width && other.x < it.x + it.width
    && it.y < other.y + other.height && other.y < it.y + it.height;
  const told = [];
  for (const picture of document.querySelectorAll(".picture")) {
    picture.style.display = "block"; // a phone hides some
    const place = (it) => it.getBBox();
    const boxes = [...picture.querySelectorAll(".picture__box")];
    const frames = boxes.map((it) => place(it.querySelector("rect")));
    const words = [...picture.querySelectorAll("text")].filter((it) => it.textContent.trim());
    for (const label of words) {
      const frame = label.closest(".picture__box")?.querySelector("rect");
      const fits = frame ? inside(place(label), place(frame)) : !frames.some((it) => meet(place(label), it));
      if (!fits) told.push(`${label.textContent} in ${picture.textContent.trim().slice(0, 80)}`);
    }
    frames.forEach((frame, index) => {
      const other = frames.slice(index + 1).findIndex((it) => meet(frame, it));
      if (other >= 0) told.push(`${boxes[index].textContent} on ${boxes[index + 1 + other].textContent}`);
    });
    picture.style.display = "";
  }
  return told;
}"""
"""Words of pictures that leave their box or stand on another, and boxes that share ground."""

VIOLATIONS = """async () => {
  const closed = document.querySelectorAll("details:not([open], [data-repeats])");
  for (const details of closed) details.open = true;
  const how = { resultTypes: ["violations"], preload: false }; // no rule that is on needs the style sheets
  const { violations } = await axe.run({ exclude: [["[data-repeats]"]] }, how);
  for (const details of closed) details.open = false;
  const told = (id, node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => told(id, node)));
}"""
"""What axe has against a page with all its details open, by all rules that are on by default.

The examples of the macros repeat what the pages that call them show, and are looked at there.
"""


def pages(site: Path, edition: str) -> list[str]:
    """The pages of an edition by their address from the root of the site.

    Without those that lead on to another, and those that are another once more at its address in lower case.
    """
    root = site / EDITIONS[edition]
    files = (it for it in sorted(root.rglob("*.html")) if edition != "en" or it.relative_to(root).parts[0] != "ja")
    leading_on = '<meta http-equiv="refresh"'
    kept = (it for it in files if leading_on not in it.read_text(encoding="utf-8"))
    found = [it.relative_to(site).as_posix().removesuffix("index.html") for it in kept]
    twice = {it.lower() for it in found if it != it.lower()}
    return [it for it in found if it not in twice]


def faults(
    browser: Browser, address: str, edition: str, paths: Iterable[str], looks: Mapping[str, tuple[Any, Any]] = LOOKS
) -> list[str]:
    """What is wrong with each of these pages of the site at an address, the browser's own complaints included."""
    scheme, window = looks[edition]
    context = browser.new_context(color_scheme=scheme, viewport=window)
    context.add_init_script(path=AXE)
    watch = Watch(address)
    watch.start(context)
    page = context.new_page()
    found: list[str] = []
    for path in paths:
        page.goto(address + path)
        wait_for_scripts(page)
        seen = [*of_looks(page, scheme, window["width"], edition), *page.evaluate(VIOLATIONS), *watch.faults]
        found += [f"/{path}: {it}" for it in seen]
        watch.faults.clear()
    context.close()
    return found


def of_looks(page: Page, scheme: str, width: int, edition: str) -> list[str]:
    """What is wrong with how a page fits its window, with its cells, its pictures, its ground and its language."""
    found = [f"sticks out: {it}" for it in page.evaluate(OVERFLOWING)]
    found += [f"begins a line: {it}" for it in page.evaluate(CUT_CELLS)]
    found += [f"a label doesn't fit: {label}" for label in page.evaluate(LABELS)]
    scroll_width = page.evaluate("document.documentElement.scrollWidth")
    if scroll_width > width:
        found.append(f"{scroll_width} px wide")
    shown = page.evaluate("getComputedStyle(document.body).backgroundColor")
    if shown != GROUNDS[scheme]:
        found.append(f"the ground is {shown}")
    if page.locator("html").get_attribute("lang") != edition:
        found.append("another language")
    return found

"""A visit to pages of a built site in a browser: each is loaded once, and all about it is looked at, at each width."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize
from web import AXE, EDITIONS, NARROW, WIDE, Watch, wait_for_scripts
from whole_site import LEADING_ON

WIDTHS = (320, 390, 768, 1440)
"""What a page has to fit into, in pixels: a small phone and a usual one, a tablet, a desktop."""

LOOKS: dict[str, tuple[Any, ViewportSize]] = {"en": ("light", NARROW), "ja": ("dark", WIDE)}
"""The colour scheme and the window in which the pages of an edition are loaded."""

OTHER: dict[str, Any] = {"light": "dark", "dark": "light"}
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
      const fits = last.right + width + 36 < right; // a blank, the room inside of code, and a comma
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
      const rest = frames.slice(index + 1); // one may stand in another
      const other = rest.findIndex((it) => meet(frame, it) && !inside(frame, it) && !inside(it, frame));
      if (other >= 0) told.push(`${boxes[index].textContent} on ${boxes[index + 1 + other].textContent}`);
    });
    picture.style.display = "";
  }
  return told;
}"""
"""Words of pictures that leave their box or stand on another, and boxes that share ground."""

BROKEN_CELLS = """() => {
  const WORD = /^(\\w{1,16}|[\\d.,%–-]+)$/; // or a number, a date
  const told = [];
  for (const cell of document.querySelectorAll(".md-content :is(td, th, dd, .badge, .date)")) {
    const isBadge = cell.matches(".badge, .date");
    if (!cell.checkVisibility() || !isBadge && !WORD.test(cell.textContent.trim())) continue;
    if (cell.cellIndex && cell.querySelector("code")) continue; // but where it names the row, code may break
    const range = document.createRange();
    range.selectNodeContents(cell);
    const lines = [...range.getClientRects()].filter((box) => box.width);
    const first = Math.min(...lines.map((box) => box.bottom));
    if (!lines.some((box) => box.top >= first - 1)) continue;
    const room = cell.parentElement.clientWidth; // of a badge on a phone, whose words are many
    const fits = lines.reduce((sum, box) => sum + box.width, 20) < room;
    if (isBadge ? fits : !/\\s/.test(cell.innerText.trim())) told.push(cell.outerHTML.slice(0, 160));
  }
  return told;
}"""
"""Cells of one word, one number or one date, and badges, that take several lines."""

EMPTY_COLUMNS = """() => {
  const inner = document.querySelector(".md-main__inner");
  if (!inner) return [];
  const seen = (link) => link.checkVisibility({ visibilityProperty: true }) && link.innerText.trim();
  const stands = (column) => column.checkVisibility() && getComputedStyle(column).position !== "fixed";
  const columns = [...inner.children].filter((column) => column.matches(".md-sidebar, .md-content") && stands(column));
  const boxes = columns
    .filter((column) => [...column.querySelectorAll(".md-nav__link, article")].some(seen))
    .map((column) => column.getBoundingClientRect());
  const room = inner.getBoundingClientRect();
  const ends = [room.left, ...boxes.flatMap((box) => [box.left, box.right]).sort((a, b) => a - b), room.right];
  const gaps = ends.filter((_, place) => place % 2).map((end, place) => end - ends[2 * place]);
  return gaps.filter((gap) => gap > 100).map((gap) => `${Math.round(gap)} px`);
}"""
"""How wide the columns are beside an article that nothing stands in."""

WITHOUT_WAYS = """() => {
  const seen = (way) => way.checkVisibility({ visibilityProperty: true }) && way.getBoundingClientRect().width;
  const ways = document.querySelectorAll(".md-tabs--pages a, .md-sidebar--primary a");
  const menu = document.querySelector("header label[for^=__d]"); // of the navigation on a phone
  const listed = menu && seen(menu) ? ways.length : [...ways].some(seen);
  return !document.querySelector(".md-path") || listed ? [] : ["neither tabs nor a list"];
}"""
"""Whether a page below the first one shows the pages of its section: as tabs, beside it, or behind the menu."""

OF_A_WIDTH = {
    "sticks out": OVERFLOWING,
    "begins a line": CUT_CELLS,
    "broken": BROKEN_CELLS,
    "empty column": EMPTY_COLUMNS,
    "no way on": WITHOUT_WAYS,
    "too wide": "() => [document.documentElement.scrollWidth].filter((width) => width > innerWidth)",
}
"""What can be wrong at a width, by what is said of it."""

_AT_ONCE = ", ".join(f'["{words}", {script}]' for words, script in OF_A_WIDTH.items())
AT_A_WIDTH = f"() => [{_AT_ONCE}].flatMap(([words, look]) => look().map((fault) => `${{words}}: ${{fault}}`))"

VIOLATIONS = """async (rules) => {
  const closed = document.querySelectorAll("details:not([open], [data-repeats])");
  for (const details of closed) details.open = true;
  const chosen = rules && { runOnly: rules };
  const how = { resultTypes: ["violations"], preload: false, ...chosen }; // no rule that is on needs the style sheets
  const { violations } = await axe.run({ exclude: [["[data-repeats]"]] }, how);
  for (const details of closed) details.open = false;
  const told = (id, node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => told(id, node)));
}"""
"""What axe has against a page with all its details open, by these rules, or all that are on by default.

The examples of the macros repeat what the pages that call them show, and are looked at there.
"""

OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""Axe's rules that find other things in another colour scheme."""


def pages(site: Path, edition: str) -> list[str]:
    """The pages of an edition by their address from the root of the site.

    Without those that lead on to another, and those that are another once more at its address in lower case.
    """
    root = site / EDITIONS[edition]
    every = sorted(root.rglob("*.html"))
    files = (path for path in every if edition != "en" or path.relative_to(root).parts[0] != "ja")
    kept = (path for path in files if LEADING_ON not in path.read_text(encoding="utf-8"))
    found = [path.relative_to(site).as_posix().removesuffix("index.html") for path in kept]
    twice = {address.lower() for address in found if address != address.lower()}
    return [address for address in found if address not in twice]


def faults(browser: Browser, address: str, edition: str, paths: Iterable[str], *, other: bool = False) -> list[str]:
    """What is wrong with each of these pages of the site at an address, the browser's own complaints included.

    In the `other` colour scheme, with its colours alone.
    """
    scheme, window = LOOKS[edition]
    scheme = OTHER[scheme] if other else scheme
    context = browser.new_context(color_scheme=scheme, viewport=window)
    context.add_init_script(path=AXE)
    watch = Watch(address)
    watch.start(context)
    page = context.new_page()
    found: list[str] = []
    for path in paths:
        page.goto(address + path)
        wait_for_scripts(page)
        # First in the window as it was loaded: the theme takes a moment to see that it has another width.
        violations = page.evaluate(VIOLATIONS, OF_COLOURS if other else None)
        at_widths = [] if other else of_widths(page, window)
        seen = [*of_looks(page, scheme, edition), *violations, *at_widths, *watch.faults]
        found += [f"/{path}: {fault}" for fault in seen]
        watch.faults.clear()
    context.close()
    return found


def of_looks(page: Page, scheme: str, edition: str) -> list[str]:
    """What is wrong with a page's pictures, its ground and its language."""
    found = [f"a label doesn't fit: {label}" for label in page.evaluate(LABELS)]
    shown = page.evaluate("getComputedStyle(document.body).backgroundColor")
    if shown != GROUNDS[scheme]:
        found.append(f"the ground is {shown}")
    if page.locator("html").get_attribute("lang") != edition:
        found.append("another language")
    return found


def of_widths(page: Page, window: ViewportSize) -> list[str]:
    """What is wrong with a page at each of `WIDTHS`; in the end it is in its window again."""
    found: list[str] = []
    for width in sorted(WIDTHS, key=lambda width: width == window["width"]):
        page.set_viewport_size(ViewportSize(width=width, height=window["height"]))
        found += [f"{width} px: {fault}" for fault in page.evaluate(AT_A_WIDTH)]
    return found

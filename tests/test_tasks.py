"""What readers come for: from home, with a mouse and on a phone, at most three clicks away."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from playwright.sync_api import Error, Page, ViewportSize
from web import NARROW, WIDE, wait_for_scripts, wait_in_page

TASKS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("tasks.yaml").read_text(encoding="utf-8"))
MOST = 3

TARGET = "it => new URL(it.getAttribute('href') ?? it.getAttribute('xlink:href') ?? '', location.href).href"
"""Where a link leads, also one in a picture; a fold stays where it is."""

SHOWN = "new URL(document.querySelector('link[rel=canonical]').href).pathname === location.pathname"
"""Whether a page shows what is at its address: under instant navigation that changes first."""


def test_there_are_twenty_tasks_of_at_most_three_clicks() -> None:
    assert len(TASKS) >= 20
    assert [task["task"] for task in TASKS if not 0 < len(task["way"]) <= MOST] == []


@pytest.mark.parametrize("window", [NARROW, WIDE], ids=["phone", "desktop"])
def test_each_task_is_done_by_its_clicks(window: ViewportSize, open_page: Callable[..., Page]) -> None:
    is_phone = window is NARROW
    page = open_page("", viewport=window, has_touch=is_phone)
    walked: dict[tuple[str, ...], str] = {(): page.url}
    lost = []
    for task in TASKS:
        way = tuple(task["way"])
        known = next(steps for steps in range(len(way) - 1, -1, -1) if way[:steps] in walked)
        page.goto(walked[way[:known]])
        wait_for_scripts(page)
        for steps, words in enumerate(way[known:], known + 1):
            try:
                follow(page, words, is_phone)
            except Error as error:
                lost.append(f"{task['task']} {words!r} at {page.url}: {error.message}")
                break
            if page.url not in walked.values():  # a fold that was opened has to be opened again
                walked[way[:steps]] = page.url
        if urlsplit(page.url).path != f"/{task['page']}":
            lost.append(f"{task['task']} It ends at {page.url}")
    assert lost == [], "\n".join(lost)


def follow(page: Page, words: str, is_phone: bool) -> None:
    """Follow the first link that is seen and has these words, or open the first fold; `…` stands for further words."""
    end = "" if words.endswith("…") else r"\s*$"
    named = re.compile(rf"^\s*{re.escape(words.removesuffix('…'))}{end}", re.I)
    link = page.locator("header a:visible, .sections a:visible, article :is(a, summary):visible", has_text=named).first
    target = urlsplit(str(link.evaluate(TARGET, timeout=5_000))).path
    press = link.tap if is_phone else link.click
    press(timeout=5_000)
    page.wait_for_url(lambda url: urlsplit(url).path == target)
    wait_in_page(page, SHOWN)
    wait_for_scripts(page)

"""The chooser in a browser: by keyboard, by address, without JavaScript, and by the logic that Python has."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from choosing import choose, combinations
from conftest import ROOT, SET_UPS, make_site
from playwright.sync_api import Page, expect
from web import go_instantly

from macros import load
from macros.functions import MACROS, Author

HANDBOOK = load.load(ROOT / "data", "data")
assert HANDBOOK.chooser is not None
QUESTIONS = HANDBOOK.chooser.questions

AI_2022 = {
    "problems": "none",
    "goal": "none",
    "same-problem": "no",
    "ratio": "fewer-than-teams",
    "practice": "several-teams",
    "platform": "yes",
}
"""The talk's first case, answered truthfully."""

A_YEAR_LATER = AI_2022 | {"problems": "one-team", "goal": "goal-and-end", "practice": "one-team"}

PAGES = {"en": "team-types/choose/", "ja": "ja/team-types/choose/"}


def answered(page: Page) -> dict[str, str]:
    """The answers that the page's address holds."""
    return dict(parse_qsl(urlsplit(page.url).query))


def test_the_browser_ranks_the_set_ups_as_python_does_for_every_answer(open_page: Callable[..., Page]) -> None:
    assert HANDBOOK.chooser is not None
    answered = list(combinations(HANDBOOK.chooser))
    ranked = open_page(PAGES["en"]).evaluate(
        """async (combinations) => {
          const { choose, notYet, preparations, sequence } = await import("/assets/js/set-up-rules.js");
          const rules = JSON.parse(document.querySelector("form[data-rules]").dataset.rules);
          return combinations.map((answers) => {
            const candidates = choose(rules, answers);
            return {
              order: candidates.map(({ type, points, rules }) => [type.id, points, rules.map((it) => it.reason)]),
              notYet: notYet(candidates[0]),
              first: preparations(candidates[0]).map((it) => it.do),
              sequence: sequence(candidates[0]),
            };
          });
        }""",
        answered,
    )
    assert len(ranked) == len(answered) == 648
    for answers, found in zip(answered, ranked, strict=True):
        expected = choose(HANDBOOK.team_types, HANDBOOK.chooser, answers)
        assert found == {
            "order": [
                [it.type.id, it.points, [rule.reason.in_language("en") for rule in it.rules]]
                for it in expected.candidates
            ],
            "notYet": expected.not_yet,
            "first": [it.do.in_language("en") for it in expected.recommended.first],
            "sequence": list(expected.sequence),
        }, answers


def test_it_is_answered_by_keyboard_and_the_address_keeps_the_answers(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES["en"])
    expect(page.locator(".chooser__result")).to_contain_text("6 of 6 questions left")
    page.locator("input[name=answer-problems]").first.focus()
    for question in QUESTIONS:
        expect(page.locator(f"input[name=answer-{question.id}]").first).to_be_focused()
        page.keyboard.press("Space")
        wanted = [answer.id for answer in question.answers].index(AI_2022[question.id])
        for _ in range(wanted):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Start again")).to_be_focused()
    expect(page.locator("#result")).to_have_text("Start with Enabling SRE")
    assert answered(page) == AI_2022
    page.keyboard.press("Enter")
    expect(page.locator(".chooser__result")).to_contain_text("6 of 6 questions left")
    assert answered(page) == {}


@pytest.mark.parametrize(("edition", "name"), [("en", "Start with Embedded SRE"), ("ja", "Embedded SRE")])
def test_a_shared_address_shows_the_result(edition: str, name: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{PAGES[edition]}?{urlencode(A_YEAR_LATER)}")
    expect(page.locator("#result")).to_contain_text(name)
    page.locator("#result a").click()
    page.wait_for_url("**/team-types/embedded/")


def test_one_answer_changed_changes_what_is_shown(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{PAGES['en']}?{urlencode(A_YEAR_LATER)}")
    shown = {page.locator(".chooser__result").text_content()}
    for question in QUESTIONS:
        for answer in question.answers:
            page.locator(f"input[name=answer-{question.id}][value={answer.id}]").check()
            shown.add(page.locator(".chooser__result").text_content())
        page.locator(f"input[name=answer-{question.id}][value={A_YEAR_LATER[question.id]}]").check()
    assert len(shown) == 1 + sum(len(question.answers) - 1 for question in QUESTIONS)


def test_where_an_answer_speaks_against_it_the_result_says_not_yet(open_page: Callable[..., Page]) -> None:
    answers = A_YEAR_LATER | {"goal": "none", "ratio": "one-per-team"}
    assert HANDBOOK.chooser is not None
    candidates = choose(HANDBOOK.team_types, HANDBOOK.chooser, answers)
    too_early = next(
        it for it in combinations(HANDBOOK.chooser) if choose(HANDBOOK.team_types, HANDBOOK.chooser, it).not_yet
    )
    page = open_page(f"{PAGES['en']}?{urlencode(too_early)}")
    expect(page.locator("#result")).to_contain_text("Not yet")
    expect(page.locator(".chooser__first li").first).to_be_visible()
    page.goto(f"{page.url.partition('?')[0]}?{urlencode(answers)}")
    expect(page.locator("#result")).to_contain_text(candidates.recommended.type.name.in_language("en"))


def test_an_unknown_answer_in_the_address_is_no_answer(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{PAGES['en']}?problems=%22%5D&goal=toString&platform=yes")
    expect(page.locator(".chooser__result")).to_contain_text("5 of 6 questions left")


def test_it_works_after_instant_navigation_and_the_language_switch_keeps_the_answers(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("team-types/")
    go_instantly(page, page.locator("article a[href*=choose]").first, "**/team-types/choose/")
    for question, answer in AI_2022.items():
        page.locator(f"input[name=answer-{question}][value={answer}]").check()
    expect(page.locator("#result")).to_contain_text("Enabling SRE")
    page.locator("header .edition-switch").click()
    page.wait_for_url("**/ja/team-types/choose/?*")
    expect(page.locator("#result")).to_contain_text("Enabling SRE")
    assert answered(page) == AI_2022


def test_a_question_may_be_called_like_a_part_of_a_form(open_page: Callable[..., Page], tmp_path: Path) -> None:
    names = ["elements", "hidden", "length", "constructor", "dataset"]
    answers = [{"id": id, "answer": id} for id in ("constructor", "elements")]
    rules = [{"question": it, "answer": "constructor", "points": 1, "reason": f"By {it}"} for it in names]
    files = {name: f"{text}chooser: {json.dumps(rules)}\n" for name, text in SET_UPS.items()}
    files["chooser.yaml"] = json.dumps({"questions": [{"id": it, "question": it, "answers": answers} for it in names]})
    page = open_page(f"{PAGES['en']}?hidden=elements&length=toString&constructor=constructor")
    page.evaluate(
        """async (html) => {
          const { enhanceChoosers } = await import("/assets/js/set-up-chooser.js");
          document.querySelector("article").innerHTML = html;
          enhanceChoosers(document);
        }""",
        str(MACROS["set_up_chooser"](Author(make_site(tmp_path, files), ""))),
    )
    expect(page.locator("form.chooser")).to_be_visible()
    expect(page.locator(".chooser__result")).to_contain_text("3 of 5 questions left")
    page.get_by_role("group", name="elements").get_by_label("constructor").check()
    assert answered(page) == {"hidden": "elements", "constructor": "constructor", "elements": "constructor"}
    for name in ("length", "dataset"):
        page.get_by_role("group", name=name).get_by_label("elements").check()
    expect(page.locator("#result")).to_have_text("Start with Enabling SRE")
    expect(page.locator(".chooser__result > ul li")).to_have_text(["By elements", "By constructor"])


@pytest.mark.parametrize("edition", PAGES)
def test_without_javascript_it_is_a_table_of_points_with_the_reasons(
    edition: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(PAGES[edition], java_script_enabled=False)
    expect(page.locator("form.chooser")).to_be_hidden()
    table = page.locator("table.points")
    expect(table.locator("tbody tr")).to_have_count(sum(len(it.answers) for it in QUESTIONS))
    expect(table.locator("thead th")).to_have_count(1 + len(HANDBOOK.team_types))
    expect(page.locator(".chooser-table details")).to_have_count(len(HANDBOOK.team_types))

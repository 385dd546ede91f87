"""The chooser in a browser: by keyboard, by address, without JavaScript, and by the logic that Python has."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from itertools import product
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from choosing import choose, combinations
from conftest import SET_UPS, golden_handbook, make_site
from playwright.sync_api import Page, expect
from web import Html, go_instantly

from macros.site.page_macros import MACROS, Author

HANDBOOK = golden_handbook()
assert HANDBOOK.chooser is not None
QUESTIONS = HANDBOOK.chooser.questions

NOT_VISIBLE = {"visible": "no", "goal": "yes"}
"""Answers that speak for the enabling set-up."""

VISIBLE = {"visible": "yes", "goal": "yes"}
"""Answers that speak for the embedded one."""

PAGES = {"en": "team-types/choose/", "ja": "ja/team-types/choose/"}


def answered(page: Page) -> dict[str, str]:
    """The answers that the page's address holds."""
    return dict(parse_qsl(urlsplit(page.url).query))


def made_up() -> dict[str, str]:
    """Data with many rules: five set-ups, four questions of three answers, points and preparations by chance."""
    chance = random.Random(20261124)
    questions = [f"question-{number}" for number in range(4)]
    answers = [f"answer-{number}" for number in range(3)]
    least = "name: {0}\nsummary: A set-up\nrank: {1}\n"
    files = SET_UPS | {f"team-types/t{it}.yaml": least.format(f"T {it}", it) for it in (4, 5)}
    types = [PurePosixPath(name).stem for name in files]
    for name, text in files.items():
        rules: list[dict[str, object]] = [
            {"question": question, "answer": answer, "points": chance.choice((-3, -2, -1, 1, 2, 3)), "reason": f"{it}"}
            for it, (question, answer) in enumerate(product(questions, answers))
            if chance.random() < 0.6
        ]
        others = [it for it in types if it != PurePosixPath(name).stem]
        for rule in rules:
            if chance.random() < 0.3:
                with_whom = {"team_type": chance.choice(others)} if chance.random() < 0.5 else {}
                rule["first"] = {"do": f"Prepare {rule['reason']}", **with_whom}
        then = [{"team_type": it, "when": "Later"} for it in types if it not in name and chance.random() < 0.3]
        files[name] = f"{text}chooser: {json.dumps(rules)}\nthen: {json.dumps(then)}\n"
    asked = [{"id": it, "question": it, "answers": [{"id": one, "answer": one} for one in answers]} for it in questions]
    return {**files, "chooser.yaml": json.dumps({"questions": asked})}


def test_the_browser_ranks_the_set_ups_as_python_does_for_every_answer(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    site = make_site(tmp_path, made_up())
    asked = site.handbook.chooser
    assert asked is not None
    rules = Html(str(MACROS["set_up_chooser"](Author(site, "")))).one("form", "chooser")["data-rules"]
    every = list(combinations(asked))
    ranked = open_page(PAGES["en"]).evaluate(
        """async ([rules, combinations]) => {
          const { choose, notYet, preparations, sequence } = await import("/assets/js/set-up-rules.js");
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
        [json.loads(rules), every],
    )
    assert len(ranked) == len(every) == 81
    assert {it["notYet"] for it in ranked} == {True, False}
    assert len({len(it["sequence"]) for it in ranked}) > 2
    for answers, found in zip(every, ranked, strict=True):
        expected = choose(site.handbook.team_types, asked, answers)
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
    expect(page.locator(".chooser__now")).to_contain_text("2 of 2 questions left")
    page.locator("input[name=answer-visible]").first.focus()
    for question in QUESTIONS:
        expect(page.locator(f"input[name=answer-{question.id}]").first).to_be_focused()
        page.keyboard.press("Space")
        wanted = [answer.id for answer in question.answers].index(NOT_VISIBLE[question.id])
        for _ in range(wanted):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Start over")).to_be_focused()
    expect(page.locator("#result")).to_have_text("Start with Enabling SRE")
    assert page.locator(".chooser__now .bars__label").all_text_contents()[0] == "Enabling SRE"
    expect(page.locator(".chooser__now p")).to_have_text("Start with Enabling SRESomebody has to look")
    expect(page.locator(".chooser__now")).to_be_in_viewport()
    assert answered(page) == NOT_VISIBLE
    page.keyboard.press("Enter")
    expect(page.locator(".chooser__now")).to_contain_text("2 of 2 questions left")
    assert answered(page) == {}


@pytest.mark.parametrize(("edition", "name"), [("en", "Start with Embedded SRE"), ("ja", "Embedded SRE")])
def test_a_shared_address_shows_the_result(edition: str, name: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{PAGES[edition]}?{urlencode(VISIBLE)}")
    expect(page.locator("#result")).to_contain_text(name)
    page.locator("#result a").click()
    page.wait_for_url("**/team-types/embedded/")


def test_one_answer_changed_changes_what_is_shown(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{PAGES['en']}?{urlencode(VISIBLE)}")
    shown = {page.locator(".chooser__result").text_content()}
    for question in QUESTIONS:
        for answer in question.answers:
            page.locator(f"input[name=answer-{question.id}][value={answer.id}]").check()
            shown.add(page.locator(".chooser__result").text_content())
        page.locator(f"input[name=answer-{question.id}][value={VISIBLE[question.id]}]").check()
    assert len(shown) == 1 + sum(len(question.answers) - 1 for question in QUESTIONS)


def test_where_an_answer_speaks_against_it_the_result_says_not_yet(open_page: Callable[..., Page]) -> None:
    answers = NOT_VISIBLE | {"goal": "no"}
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
    page = open_page(f"{PAGES['en']}?visible=%22%5D&goal=yes")
    expect(page.locator(".chooser__now")).to_contain_text("1 of 2 questions left")
    page.goto(f"{page.url.partition('?')[0]}?visible=toString&goal=yes")
    expect(page.locator(".chooser__now")).to_contain_text("1 of 2 questions left")


def test_it_works_after_instant_navigation_and_the_language_switch_keeps_the_answers(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("team-types/")
    go_instantly(page, page.locator("article a[href*=choose]").first, "**/team-types/choose/")
    for question, answer in NOT_VISIBLE.items():
        page.locator(f"input[name=answer-{question}][value={answer}]").check()
    expect(page.locator("#result")).to_contain_text("Enabling SRE")
    page.locator("header .edition-switch").click()
    page.wait_for_url("**/ja/team-types/choose/?*")
    expect(page.locator("#result")).to_contain_text("Enabling SRE")
    assert answered(page) == NOT_VISIBLE


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
    expect(page.locator(".chooser__now")).to_contain_text("3 of 5 questions left")
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

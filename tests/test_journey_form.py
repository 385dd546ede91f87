"""The worksheet on the screen: it keeps what is typed, says what is wrong, and its file passes `check`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import BASE, write_tree
from playwright.sync_api import Page, expect
from web import EDITIONS

from macros.gaps import checks
from macros.handbook import load
from macros.model.journeys import Journey
from macros.model.values import Text, walk

PAGES = {it: f"{folder}workshops/complete-workshop/worksheet/" for it, folder in EDITIONS.items()}

AWKWARD = [
    "says \"yes\": and 'no'",
    "a colon: and a # hash",
    "# begins with a hash",
    "- begins with a dash",
    "no",
    "1e3",
    "0x1F",
    "2026-11-24",
    "null",
    "~",
    "図面を「登録」する: すぐに",
    "{braces} [brackets] & *stars* !bang | > %percent @at `tick`",
    "back\\slash",
    "ends with a colon:",
    "true",
    "a\u00a0no-break\u0085b",
    "emoji 🚀 and é",
    "=",
    "<<",
    "{{ config }} {% raw %}",
]
"""Texts that YAML could take for something else."""


def fill(page: Page, text: str) -> None:
    """A whole journey, with `text` in each of its texts."""
    form = page.locator("[data-journey-form]")
    form.locator("[name=id]").fill("pay-invoice")
    for key in ("name", "user", "goal", "matters_to_user"):
        form.locator(f"[data-key='{key}']").first.fill(text)
    for key in ("impact", "frequency", "visibility"):
        form.locator(f"[data-key={key}]").select_option("2")
    for name, values in {
        "steps": {"what": text, "component": text, "failure_points.0.what": text},
        "slis": {
            "id": "paid",
            "valid": text,
            "good": text,
            "measured": text,
            "blind_to": text,
            "events.good": 'paid_total{code!~"5..", path="a b"}',
            "events.total": "paid_total",
        },
        "slos": {"id": "paid", "name": text, "sli": "paid", "target": "0.995", "rationale": text},
    }.items():
        part = form.locator(f"[data-list={name}]")
        part.locator("[data-add]").click()
        for key, value in values.items():
            part.locator(f"[data-items] [data-key='{key}']").last.fill(value)
    expect(form.locator(".form__faults li")).to_have_count(0)


def made(page: Page) -> str:
    return page.locator(".form__yaml").input_value()


def load_journey(folder: Path, text: str) -> Journey:
    """The journey of a file, loaded and checked as any other; a problem fails the test."""
    data = write_tree(folder, {**BASE, "teams/payments/journeys/pay-invoice.yaml": text}, base=False)
    handbook = load.load(data, "data")
    problems, _ = checks.run(handbook)
    assert not problems
    journey = handbook.get(Journey, "pay-invoice")
    assert isinstance(journey, Journey)
    return journey


@pytest.mark.parametrize("edition", PAGES)
def test_what_is_typed_is_still_there_after_a_reload(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES[edition])
    fill(page, "Pays: at once")
    before = made(page)
    page.reload()
    expect(page.locator(".form__yaml")).to_have_value(before)
    expect(page.locator("[data-list=slis] [data-items] [data-key=id]")).to_have_value("paid")
    start_again = page.get_by_role("button", name="Start over" if edition == "en" else "最初からやり直す")
    page.once("dialog", lambda dialog: dialog.dismiss())
    start_again.click()
    expect(page.locator("[data-list=slis] [data-items] [data-key=id]")).to_have_value("paid")
    page.once("dialog", lambda dialog: dialog.accept())
    start_again.click()
    expect(page.locator(".form__item")).to_have_count(0)
    page.reload()
    expect(page.locator("[name=id]")).to_have_value("")


def test_what_was_kept_in_another_shape_counts_for_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES["en"])
    kept = [
        *("{", "", "null", "5", '"text"', "[]", '{"fields": 5, "lists": 5, "team": 5, "id": {}}'),
        *(
            '{"lists": {"steps": 5}}',
            '{"lists": {"steps": "text"}}',
            '{"lists": {"steps": [null, 5, [], {"what": {}}]}}',
        ),
        '{"fields": {"__proto__": {"name": "x"}, "name": ["x"]}, "lists": [[1]]}',
    ]
    shown = page.evaluate(
        """async (kept) => {
          const { enhanceJourneyForms } = await import("/assets/js/journey-form.js");
          const fresh = document.querySelector("[data-journey-form]").cloneNode(true);
          fresh.hidden = true;
          return kept.map((text) => {
            localStorage.setItem("handbook:journey:/workshops/complete-workshop/", text);
            const root = document.createElement("div");
            root.append(fresh.cloneNode(true));
            enhanceJourneyForms(root);
            const fields = [...root.querySelectorAll("[data-key]:not([data-key='period.days']), [name=id]")];
            return [root.firstChild.hidden, fields.map((it) => it.value).join("")];
          });
        }""",
        [*kept, '{"id": "pay", "fields": {"name": "Pay"}, "lists": {"steps": [{"what": "!"}]}}'],
    )
    assert shown == [[False, ""]] * len(kept) + [[False, "payPay!"]]


def test_the_file_passes_check_and_says_what_was_typed(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(PAGES["en"])
    fill(page, "Pays")
    journey = load_journey(tmp_path, made(page))
    assert journey.name.en == "Pays"
    assert journey.ranking is not None
    assert journey.ranking.score == 8
    assert journey.slos[0].target == 0.995
    assert journey.slos[0].period.days == 28
    assert journey.slis[0].events is not None
    assert journey.slis[0].events.good == ('paid_total{code!~"5..", path="a b"}',)


def test_words_in_another_language_than_the_organisation_s_stand_below_their_own(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(PAGES["ja"])
    fill(page, "支払う: すぐに")
    page.locator("details").evaluate_all("all => all.forEach((it) => (it.open = true))")
    for key in ("owner", "story", "matters_to_business"):
        page.locator(f"[data-key={key}]").fill("支払う: すぐに")
    page.locator("[data-items] [data-key='failure_points.0.user_sees']").fill("支払う: すぐに")
    page.locator("[data-items] [data-key=decided_by]").fill("支払う: すぐに")
    page.locator("[data-items] [data-key='error_budget_policy.0.spent_percent']").fill("75")
    page.locator("[data-items] [data-key='error_budget_policy.0.do']").fill("支払う: すぐに")
    page.locator("[data-items] [data-key=dashboard]").fill("https://example.com/d/1")
    journey = load_journey(tmp_path, made(page))
    texts = [text for _, text in walk(journey) if isinstance(text, Text)]
    assert [(text.en, text.ja) for text in texts] == [(None, "支払う: すぐに")] * 19
    assert journey.slis[0].events is not None
    assert journey.slis[0].events.total == ("paid_total",)


def test_awkward_text_comes_out_as_it_went_in(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(PAGES["en"])
    fill(page, "first")
    lines = "a line\n\n  another: line\n- a dash\n# a hash\ttab"
    for number, text in enumerate([*AWKWARD, lines]):
        if "\n" not in text:
            for key in ("name", "user", "goal"):
                page.locator(f"[data-key='{key}']").first.fill(text)
            page.locator("[data-list=slis] [data-items] [data-key=good]").fill(text)
        page.locator("[data-key=matters_to_user]").fill(text)
        page.locator("[data-list=slos] [data-items] [data-key=rationale]").fill(text)
        expect(page.locator(".form__faults li")).to_have_count(0)
        journey = load_journey(tmp_path / str(number), made(page))
        shown = [journey.matters_to_user, journey.slos[0].rationale]
        shown += [journey.name, journey.user, journey.goal, journey.slis[0].good] if "\n" not in text else []
        assert [it.en for it in shown if it] == [text.strip()] * len(shown)


def test_nothing_is_wrong_with_a_form_that_nobody_touched(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES["en"])
    expect(page.locator("[data-journey-form]")).to_be_visible()
    expect(page.locator(".form__faults li")).to_have_count(0)
    expect(page.locator("[data-copy]")).to_be_disabled()
    page.locator("[name=id]").fill("a")
    expect(page.locator(".form__faults li")).to_have_count(3)


def test_characters_that_nobody_sees_are_left_out(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(PAGES["en"])
    fill(page, "Pays")
    page.locator("[data-key=goal]").fill("a\u0007b\u007fc\u009fd\ufffee\u2028f\u200bg\u202eh\u00adi\ufeff")
    assert load_journey(tmp_path, made(page)).goal.en == "abcdefghi"


REFUSED = [
    ("[name=id]", "Pay Invoice", "lower-case letters"),
    ("[data-key=goal]", "", "User's goal is missing"),
    ("[data-key=impact]", "", "all three"),
    ("[data-list=slos] [data-items] [data-key=target]", "100", "is no target"),
    ("[data-list=slos] [data-items] [data-key=target]", "abc", "is no target"),
    ("[data-key=target]", "1", "“1” is no target"),
    ("[data-list=slos] [data-items] [data-key=sli]", "nothing", "no SLI"),
    ("[data-list=slos] [data-items] [data-key='period.days']", "0", "1 to 366"),
    ("[data-list=slos] [data-items] [data-key='period.days']", "", "choose days"),
    ("[data-list=slos] [data-items] [data-key=dashboard]", "grafana", "isn't a URL"),
    ("[data-list=slos] [data-items] [data-key='error_budget_policy.1.do']", "Stop", "both a percentage"),
    ("[data-list=slos] [data-items] [data-key='error_budget_policy.1.spent_percent']", "101", "1 to 100"),
    ("[data-list=slis] [data-items] [data-key='threshold.metric']", "age", "keep one query"),
    ("[data-list=slis] [data-items] [data-key='threshold.at_most']", "5", "a gauge needs"),
    ("[data-list=slis] [data-items] [data-key='other.system']", "X", "another system"),
    ("[data-list=slos] [data-items] [data-key=events_per_day]", "1.5", "whole number"),
    ("[data-list=slis] [data-items] [data-key='events.good']", "rate(x[5m])", "name with matchers"),
    ("[data-list=slis] [data-items] [data-key='events.total']", "", "needs all events"),
    ("[data-list=slis] [data-items] [data-key='events.good']", "", "either the good or the bad"),
    ("[data-list=slis] [data-items] [data-key='events.bad']", "failed_total", "either the good or the bad"),
    ("[data-list=slis] [data-items] [data-key=valid]", "", "SLIs 1: Valid events is missing"),
    ("[data-list=steps] [data-items] [data-key=what]", "", "Steps 1: Step is missing"),
]
"""For a field of a right form: a value that `check` would refuse, and what is said of it."""


def test_what_check_would_refuse_is_said_at_once(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES["en"])
    fill(page, "Pays")
    page.locator("[data-items] details").evaluate_all("all => all.forEach((it) => (it.open = true))")
    faults = page.locator(".form__faults")
    for place, value, told in REFUSED:
        field = page.locator(place).first
        before = field.input_value()
        write = field.select_option if field.evaluate("it => it.tagName") == "SELECT" else field.fill
        write(value)
        expect(faults, place).to_contain_text(told)
        expect(page.locator("[data-copy]")).to_be_disabled()
        expect(page.locator("[data-open]")).to_be_hidden()
        write(before)
        expect(faults.locator("li"), place).to_have_count(0)


def test_every_field_finds_its_key(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(PAGES["en"])
    fill(page, "Pays")
    page.locator("[data-items] details").evaluate_all("all => all.forEach((it) => (it.open = true))")
    sli, slo = (page.locator(f"[data-list={name}] [data-items]") for name in ("slis", "slos"))
    for key, value in {
        "events.good": "",
        "events.total": "",
        "threshold.metric": 'age_seconds{job="x"}',
        "threshold.at_most": "900.5",
    }.items():
        sli.locator(f"[data-key='{key}']").fill(value)
    slo.locator("[data-key='period.days']").fill("")
    slo.locator("[data-key='period.calendar']").select_option("month")
    for key, value in {
        "events_per_day": "１,２００",
        "minimum_events": "50",
        "dashboard": "https://example.com/d/1",
        "decided_by": "PdM: and tech lead",
        "decided_on": "2026-11-24",
        "error_budget_policy.1.spent_percent": "100",
        "error_budget_policy.1.do": "Stop: no release",
    }.items():
        slo.locator(f"[data-key='{key}']").fill(value)
    expect(page.locator(".form__faults li")).to_have_count(0)
    journey = load_journey(tmp_path, made(page))
    made_sli, made_slo = journey.slis[0], journey.slos[0]
    assert made_sli.threshold is not None
    assert (made_sli.threshold.metric, made_sli.threshold.at_most) == ('age_seconds{job="x"}', 900.5)
    assert made_slo.period.calendar == "month"
    assert (made_slo.events_per_day, made_slo.minimum_events) == (1200, 50)
    assert made_slo.dashboard == "https://example.com/d/1"
    assert str(made_slo.decided_on) == "2026-11-24"
    assert [(it.spent_percent, it.do.en) for it in made_slo.error_budget_policy] == [(100, "Stop: no release")]


def test_the_file_is_copied_downloaded_and_opened_at_the_repository_s_host(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(PAGES["en"], permissions=["clipboard-read", "clipboard-write"])
    fill(page, "Pays")
    page.get_by_role("button", name="Copy").last.click()
    expect(page.locator(".form__result output")).to_have_text("Copied.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "pay-invoice.yaml"
    path = tmp_path / "downloaded.yaml"
    download.value.save_as(path)
    assert path.read_text(encoding="utf-8") == made(page)
    address = page.locator("[data-open]").get_attribute("href") or ""
    assert address.startswith("https://git.example.com/sre/handbook/-/new/trunk?file_name=data%2Fteams%2F")
    assert address.endswith("%2Fjourneys%2Fpay-invoice.yaml")
    # Another host takes the file's text, too.
    page.locator("[data-journey-form]").evaluate("it => { it.dataset.takesText = 'true'; }")
    page.locator("[name=id]").fill("pay-invoices")
    address = page.locator("[data-open]").get_attribute("href") or ""
    assert "%2Fjourneys%2Fpay-invoices.yaml&value=name%3A%20Pays" in address
    # A text that is too long for an address is copied.
    page.locator("[data-key=goal]").fill("図" * 1000)
    address = page.locator("[data-open]").get_attribute("href") or ""
    assert address.endswith("%2Fjourneys%2Fpay-invoices.yaml")


def test_bad_events_stand_in_for_good_ones(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES["en"])
    fill(page, "Pays")
    page.locator("[data-items] [data-key='events.good']").fill("")
    page.locator("[data-items] [data-key='events.bad']").fill("failed_total")
    expect(page.locator(".form__faults li")).to_have_count(0)
    events = yaml.safe_load(made(page))["slis"][0]["events"]
    assert events == {"bad": "failed_total", "total": "paid_total"}


def test_a_target_is_a_percentage_or_a_fraction(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES["en"])
    given = ["99.5", "99,95", "99.99 %", "99.9％", "0.995", " 0.5 %", "99.999", "1", "100", "abc", "", "1e-3"]
    script = """async (given) => {
      const { fraction } = await import("/assets/js/journey-form.js");
      return given.map(fraction);
    }"""
    expected = [0.995, 0.9995, 0.9999, 0.999, 0.995, 0.005, 0.99999, 1, 1, "abc", "", 0.001]
    assert page.evaluate(script, given) == expected
    page.locator("[data-key=target]").first.fill("99")
    assert made(page) == "target: 0.99\n"


def test_a_draft_can_be_downloaded_at_any_time_and_says_what_is_left(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(PAGES["en"])

    def downloaded() -> tuple[str, str]:
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the draft").click()
        path = tmp_path / "draft.yaml"
        download.value.save_as(path)
        return download.value.suggested_filename, path.read_text(encoding="utf-8")

    name, text = downloaded()
    assert name == "journey.draft.yaml"
    assert text.startswith("# A draft, with this left to do:\n# - File name is missing.\n")
    assert yaml.safe_load(text) is None
    fill(page, "Pays")
    page.locator("[data-key=goal]").fill("")
    page.locator("[data-items] [data-key=target]").fill("a\u200bbc\u2028d")
    name, text = downloaded()
    assert name == "pay-invoice.draft.yaml"
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert [line.partition(":")[0] for line in comments] == [
        "# A draft, with this left to do",
        "# - User's goal is missing.",
        "# - SLOs 1",
    ]
    assert comments[2] == "# - SLOs 1: “abcd” is no target; write one as in 99.5 or 0.995."
    draft = yaml.safe_load(text)
    assert "goal" not in draft
    assert (draft["name"], draft["slos"][0]["target"]) == ("Pays", "abcd")


def test_it_is_filled_in_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES["en"])
    page.locator("[name=id]").focus()
    page.keyboard.type("a")
    page.keyboard.press("Tab")
    page.keyboard.type("Pay an invoice")
    expect(page.locator("[data-key=name]").first).to_have_value("Pay an invoice")
    add = page.get_by_role("button", name="Add a step")
    add.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-list=steps] [data-items] [data-key=what]")).to_be_focused()
    page.keyboard.type("Opens it")
    page.locator("[data-list=steps] [data-remove]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-list=steps] .form__item")).to_have_count(0)
    expect(add).to_be_focused()


@pytest.mark.parametrize("edition", PAGES)
def test_without_javascript_the_blank_sheet_remains(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES[edition], java_script_enabled=False)
    expect(page.locator("[data-journey-form]")).to_be_hidden()
    expect(page.locator(".sheet table")).to_have_count(3)


def test_the_file_is_named_after_the_journey_until_it_has_another_name(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES["en"])
    name, file = page.locator("[data-key=name]").first, page.locator("[name=id]")
    name.fill("Pay an invoice – the customer's, in café №5!")
    expect(file).to_have_value("pay-an-invoice-the-customers-in-cafe-no5")
    expect(page.locator(".form__path")).to_contain_text("/pay-an-invoice-the-customers-in-cafe-no5.yaml")
    name.fill("請求書を pay する")
    expect(file).to_have_value("")
    name.fill("Pay " + 60 * "a " + "b" * 100)
    expect(file).to_have_value("pay-" + "-".join(48 * "a"))
    file.fill("own")
    name.fill("Pay")
    expect(file).to_have_value("own")


def test_what_is_filled_in_is_printed_by_the_button_and_else_the_blank_sheet(open_page: Callable[..., Page]) -> None:
    page = open_page(PAGES["en"])
    page.emulate_media(media="print")
    form, sheet = page.locator("[data-journey-form]"), page.locator(".sheet")
    expect(form).to_be_hidden()
    expect(sheet).to_be_visible()
    page.evaluate("window.print = () => {}")
    form.get_by_role("button", name="Print", include_hidden=True).dispatch_event("click")
    expect(form).to_be_visible()
    expect(form.locator("button:visible, .form__yaml:visible")).to_have_count(0)
    expect(sheet).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(form).to_be_hidden()
    expect(sheet).to_be_visible()

"""From an alert to what helps: short addresses, the page for what isn't there, the on-call page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import Content, golden_handbook, make_site
from playwright.sync_api import Browser, BrowserContext, Page, expect
from web import EDITIONS, NARROW, WIDE, Html

from macros import exports
from macros.gaps import figures, next_steps
from macros.handbook import addresses, alerts
from macros.site import page_macros
from macros.site.pages import pages
from macros.site.render import Edition

each_edition = pytest.mark.parametrize("edition", EDITIONS)
with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])


ELSEWHERE = "https://wiki.example.com/runbooks/elsewhere?a=1&b=2"


@pytest.fixture
def lost(browser: Browser, site_address: str) -> Iterator[Callable[[str], Page]]:
    """Opens an address that has no page; the browser's word on that is no fault here."""
    contexts: list[BrowserContext] = []

    def open(path: str) -> Page:
        contexts.append(browser.new_context(viewport=NARROW))
        page = contexts[-1].new_page()
        page.goto(site_address + path)
        return page

    yield open
    for context in contexts:
        context.close()


@each_edition
@with_and_without_scripts
@pytest.mark.parametrize(
    ("name", "rang"),
    [
        ("NothingDone", "NothingDone"),
        ("nothingdone", "NothingDone"),
        ("CompleteJourneyDoneBudgetBurn", "CompleteJourneyDoneBudgetBurn"),
    ],
)
def test_a_short_address_shows_the_first_step_without_a_tap_and_says_which_alert_rang(
    name: str, rang: str, scripts: bool, edition: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{EDITIONS[edition]}go/{name}/", viewport=NARROW, java_script_enabled=scripts)
    page.wait_for_url(f"**/{EDITIONS[edition]}playbooks/complete-playbook/#from-{rang}")
    expect(page.locator("html")).to_have_attribute("lang", edition)
    expect(page.locator("#add-worker")).to_be_visible()
    expect(page.locator(".rang:visible")).to_have_id(f"from-{rang}")
    expect(page.locator(".rang:visible summary").first).to_contain_text(rang)
    expect(page.locator("h1")).to_be_in_viewport()


@each_edition
@with_and_without_scripts
def test_the_short_address_of_an_alert_without_a_playbook_says_what_is_known(
    scripts: bool, edition: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{EDITIONS[edition]}go/LeadsNowhere/", viewport=NARROW, java_script_enabled=scripts)
    article = page.locator("article")
    expect(article.get_by_role("heading", level=1)).to_contain_text("LeadsNowhere")
    expect(article).to_contain_text("Rules & more.yml:31")
    expect(article.locator("pre")).to_contain_text("vector(1)")
    for target in ("teams/complete/", "teams/complete/on-call/", "incidents/"):
        expect(article.locator(f'a[href$="/{target}"]').first).to_be_visible()
    write = article.locator('a[href*="/new/"]')
    query = parse_qs(urlsplit(write.get_attribute("href") or "").query)
    assert query["file_name"] == ["data/teams/complete/playbooks/leads-nowhere.yaml"]


@pytest.mark.parametrize(("edition", "words"), [("en", "leads elsewhere:"), ("ja", "ハンドブックの外:")])
def test_an_alert_whose_rule_leads_elsewhere_says_where_and_asks_for_no_playbook(
    edition: str, words: str, open_page: Callable[..., Page]
) -> None:
    article = open_page(f"{EDITIONS[edition]}go/leadselsewhere/", viewport=NARROW).locator("article")
    first = article.locator(".facts > div").first
    expect(first).to_contain_text(f"{words} wiki.example.com")
    expect(first.get_by_role("link")).to_have_attribute("href", ELSEWHERE)
    expect(article.locator('a[href*="/new/"]')).to_have_count(0)


def test_every_link_to_an_alert_reaches_a_page_in_one_step(site_address: str, built_site: Path) -> None:
    handbook = golden_handbook()
    for alert in alerts.known(handbook):
        for name in (alert.name, alert.name.lower()):
            for edition in EDITIONS.values():
                page = (built_site / edition / addresses.go(name) / "index.html").read_text(encoding="utf-8")
                target = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
                covering = alerts.playbooks_for(handbook, alert)
                assert (target is not None) == (len(covering) == 1), name
                if target:
                    way, _, anchor = target[1].partition("#")
                    folder = (built_site / edition / addresses.go(name) / way).resolve()
                    assert f'id="{anchor}"' in (folder / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("go/NOTHINGDONE/", "/playbooks/complete-playbook/#from-NothingDone"),
        ("ja/go/NothingDONE", "/ja/playbooks/complete-playbook/#from-NothingDone"),
        ("go/NOTHINGDONE/?pod=a%20b", "/playbooks/complete-playbook/?pod=a%20b#from-NothingDone"),
        ("go/nothingdone/?pod=%27", "/playbooks/complete-playbook/?pod=%27#from-NothingDone"),
        ("ja/go/NothingDone/?pod=a", "/ja/playbooks/complete-playbook/?pod=a#from-NothingDone"),
        ("services/old-name/?a=b#gaps", "/services/complete-service/?a=b#gaps"),
        ("go/LEADSNOWHERE/?pod=a", "/go/LeadsNowhere/?pod=a"),
    ],
)
def test_a_short_address_in_any_letter_case_leads_on_with_what_it_asks_for(
    asked: str, there: str, lost: Callable[[str], Page]
) -> None:
    lost(asked).wait_for_url(lambda url: url.endswith(there))


@pytest.mark.parametrize(
    ("asked", "near", "search"),
    [
        ("go/NothngDone/", "NothingDone", "NothngDone"),
        ("go/DoneBudgetBurn/", "CompleteJourneyDoneBudgetBurn", "DoneBudgetBurn"),
        ("playbooks/complete-playboks/", "complete-playbook", "complete playboks"),
        ("ja/services/needs-backs/", "needs-back", "needs backs"),
    ],
)
def test_an_address_that_is_not_there_offers_what_is_near_and_a_search(
    asked: str, near: str, search: str, lost: Callable[[str], Page]
) -> None:
    page = lost(asked)
    for language, words in (("en", "Search for"), ("ja", "検索")):
        block = page.locator(f'[data-not-found] [lang="{language}"]')
        expect(block.locator("[data-near] a").first).to_have_text(near)
        link = block.locator("[data-search] a")
        expect(link).to_contain_text(words)
        assert parse_qs(urlsplit(link.get_attribute("href") or "").query) == {"q": [search]}
    page.locator("[data-near] a").first.click()
    expect(page.locator("[data-not-found]")).to_have_count(0)


def test_the_search_of_a_lost_reader_is_filled_in(lost: Callable[[str], Page], site_address: str) -> None:
    page = lost("go/QueueIsLong/")
    page.locator("[data-search] a").first.click()
    expect(page.locator("[data-search-box] input")).to_have_value("QueueIsLong")


def first_line(query: dict[str, list[str]]) -> str:
    """What the text of an issue begins with."""
    return query["issue[description]"][0].splitlines()[0].strip()


def test_a_broken_link_is_reported_with_its_address(lost: Callable[[str], Page], site_address: str) -> None:
    asked = "playbooks/%E6%B1%BA%E6%B8%88-gone/?a=1&b={address}"
    page = lost(asked)
    for language, title in (("en", "Broken link"), ("ja", "リンク切れ")):
        link = page.locator(f'[data-not-found] [lang="{language}"] [data-report]')
        expect(link).to_have_attribute("href", re.compile("http%3A"))
        given = parse_qs(urlsplit(link.get_attribute("href") or "").query)
        assert given["issue[title]"] == [title]
        assert first_line(given).partition(": ")[2] == page.url


def test_the_page_with_the_broken_link_is_named_too(lost: Callable[[str], Page], site_address: str) -> None:
    page = lost("slos/")
    page.evaluate("location.assign('../gone/')")
    link = page.locator("[data-report]").first
    expect(link).to_have_attribute("href", re.compile("http%3A"))
    given = parse_qs(urlsplit(link.get_attribute("href") or "").query)
    assert first_line(given) == f"Page: {site_address}gone/ ← {site_address}slos/"


def test_a_name_that_is_like_none_is_offered_no_name(lost: Callable[[str], Page]) -> None:
    page = lost("go/%E5%95%8F%E9%A1%8Cxyz/")
    expect(page.locator("[data-search] a").first).to_contain_text("問題xyz")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-near]").first).to_be_hidden()


def test_hostile_names_are_shown_as_they_are(lost: Callable[[str], Page]) -> None:
    page = lost("go/%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D'run'%22%3E/")
    expect(page.locator("[data-search] a").first).to_contain_text("<img src=x")
    assert page.title() != "run"
    expect(page.locator("[data-not-found] img")).to_have_count(0)
    broken = lost("go/%E0%A4%A/")
    expect(broken.locator("[data-search] a").first).to_contain_text("%E0%A4%A")


@each_edition
def test_the_on_call_page_is_one_screen(edition: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{EDITIONS[edition]}teams/complete/on-call/", viewport=WIDE)
    for id in ("alerts", "dashboards", "hand-over"):
        place = page.locator(f"#{id}").bounding_box()
        assert place is not None
        assert place["y"] < WIDE["height"], id
    phone = open_page(f"{EDITIONS[edition]}teams/complete/on-call/", viewport=NARROW)
    place = phone.locator("#alerts").bounding_box()
    assert place is not None
    assert place["y"] < NARROW["height"]


def test_the_on_call_page_leads_from_each_paging_alert_to_its_playbook(open_page: Callable[..., Page]) -> None:
    page = open_page("teams/complete/on-call/")
    rows = page.locator("#alerts ~ ul.ways li, .on-call ul.ways li").filter(has=page.locator("code"))
    found = {row.locator("code").inner_text(): row.locator("a").inner_text() for row in rows.all()}
    assert found["NothingDone"] == "Nothing gets done"
    assert found["Disk full: /var (90 %)"] == "no playbook yet"
    assert "TwoTeamsHaveIt" not in found, "it opens a ticket"
    rows.filter(has_text="NothingDone").locator("a").click()
    expect(page.locator("#add-worker")).to_be_visible()


def test_an_alert_that_is_typed_finds_its_playbook(open_page: Callable[..., Page]) -> None:
    page = open_page("playbooks/")
    page.get_by_role("searchbox", name="Search this table").fill("NothingDone")
    shown = page.locator("#playbook-table tbody tr:visible")
    expect(shown).to_have_count(1)
    expect(shown.locator("a").first).to_have_text("Nothing gets done")


def test_the_alerts_can_be_narrowed_to_those_that_wake_somebody_for_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page("go/")
    page.locator("select[name=urgency]").select_option("page")
    page.locator("select[name=state]").select_option("without")
    rows = page.locator("#alert-table tbody tr:visible")
    expect(rows).to_have_count(2)
    page.locator("select[name=state]").select_option("elsewhere")
    expect(rows.locator("th")).to_have_text(["LeadsElsewhere"])
    expect(rows.get_by_role("link", name="wiki.example.com")).to_have_attribute("href", ELSEWHERE)


# One playbook less


WITH_A_PLAYBOOK = {
    "organisation.yaml": "name: Example\nlanguage: en\nsite_address: https://handbook.example.com/\n",
    "teams/payments/team.yaml": """
name: Payments
channel: "#payments"
on_call: {rota: "https://pager.example.com/payments", hours: Always}
""",
    "teams/payments/services/till.yaml": "name: Till\nsummary: Takes money\ntier: 2\n",
    "teams/payments/journeys/pay.yaml": """
name: Pay
user: Somebody
goal: It is paid
slis:
  - id: paid
    type: availability
    valid: All
    good: Paid
    measured: Server
    blind_to: Nobody
    service: till
    events: {good: 'paid_total{result="ok"}', total: paid_total}
slos: [{id: paid, name: It is paid, sli: paid, target: 0.99, period: {days: 28}, rationale: It held}]
""",
    "teams/payments/alerts/till.yaml": """
groups:
  - name: till
    rules:
      - {alert: TillDown, expr: up == 0, labels: {severity: page, service: till}}
""",
    "teams/payments/playbooks/till-is-down.yaml": """
name: Till is down
service: till
alerts: [TillDown, PayPaidBudgetBurn]
diagnosis: [{do: Look, command: till status, expect: up}]
mitigation: [{do: Restart it}]
""",
}


def told(site: Edition) -> dict[str, str]:
    """What each part of the handbook says of TillDown."""
    handbook = site.handbook
    made = {page.uri: page.make().html for page in pages(site)}
    author = page_macros.Author(site, "coverage/")
    (team,) = handbook.teams
    short = made.get("go/TillDown/index.html") or made["go/TillDown/index.md"]
    return {
        "next steps": "\n".join(f"{step.what} {step.page}" for step in next_steps.of(handbook, team)),
        "findings": "\n".join(str(finding) for finding in site.findings),
        "figures": "\n".join(f"{it.label}: {it.done} of {it.total}" for it in figures.by_team(handbook)[""]),
        "coverage": str(page_macros.MACROS["alert_coverage"](author)),
        "on call": made["teams/payments/on-call/index.md"],
        "short address": short,
        "export": {it.address: it.write() for it in exports.files(handbook)}["exports/alerts/payments/till.yaml"],
    }


def test_an_alert_that_leads_elsewhere_is_a_gap_nowhere(tmp_path: Path) -> None:
    files = {name: text for name, text in WITH_A_PLAYBOOK.items() if "/playbooks/" not in name}
    rules = "teams/payments/alerts/till.yaml"
    link = 'annotations: {runbook_url: "https://wiki.example.com/<b>?{{ $labels.x }}"}'
    files[rules] = files[rules].replace("expr:", f"{link}, expr:")
    found = told(make_site(tmp_path, files))
    shown = "leads elsewhere: <code>https://wiki.example.com/&#60;b&#62;?the x</code>"
    assert f"<li><code>TillDown</code> {shown}" in found["on call"]
    assert shown in found["short address"]
    assert "TillDown" not in found["next steps"] + found["findings"]
    assert "Paging alerts with a playbook: 0 of 2" in found["figures"]
    assert "0 of 2, 1 leads elsewhere" in found["coverage"]
    assert "TillDown" not in found["coverage"]


def test_without_its_playbook_everything_says_that_an_alert_leads_nowhere(tmp_path: Path) -> None:
    before = told(make_site(tmp_path / "before", WITH_A_PLAYBOOK))
    without = {name: text for name, text in WITH_A_PLAYBOOK.items() if "/playbooks/" not in name}
    after = told(make_site(tmp_path / "after", without))

    assert "TillDown" not in before["next steps"]
    assert (
        "Write the playbook for TillDown: first steps, one diagnosis, one mitigation go/TillDown/"
        in after["next steps"]
    )
    rule = "paging-alert-without-playbook: TillDown pages"
    assert (rule in before["findings"], rule in after["findings"]) == (False, True)
    figure = "Paging alerts with a playbook: {} of 2"
    assert figure.format(2) in before["figures"]
    assert figure.format(0) in after["figures"], "the SLO's alert goes with it"
    gap = '<a href="../go/TillDown/">'
    assert (gap in before["coverage"], gap in after["coverage"]) == (False, True)
    row = "<li><code>TillDown</code> {}"
    assert row.format('<a href="../../../playbooks/till-is-down/">') in before["on call"]
    assert row.format('<a href="../../../go/TillDown/">') in after["on call"]
    assert "url=../../playbooks/till-is-down/" in before["short address"]
    assert "It has no playbook yet" in after["short address"]
    assert "runbook_url: https://handbook.example.com/playbooks/till-is-down/" in before["export"]
    assert "runbook_url: https://handbook.example.com/go/TillDown/" in after["export"]


@pytest.mark.parametrize("covered", [True, False], ids=["with a playbook", "without"])
def test_each_query_leads_into_prometheus_and_stands_once(covered: bool, tmp_path: Path) -> None:
    files = {name: text for name, text in WITH_A_PLAYBOOK.items() if covered or "/playbooks/" not in name}
    files["organisation.yaml"] += "prometheus: https://prometheus.example.com/\n"
    rules = "teams/payments/alerts/till.yaml"
    notes = (
        "annotations: {summary: 'Till {{ $labels.till }} is {{ with 1 }}gone{{ end }}',"
        " runbook_url: https://wiki.example.com/x}"
    )
    files[rules] = files[rules].replace("expr: up == 0", f"expr: 'up{{a=\"b c\"}} == 0', {notes}")
    made = {page.uri: page.make().html for page in pages(make_site(tmp_path, files))}
    page = made["playbooks/till-is-down/index.md" if covered else "go/TillDown/index.md"]
    assert page.count("<code>up{a=") == 1
    assert "Till the till is …" in page
    link = "https://prometheus.example.com/graph?g0.expr=up%7Ba%3D%22b%20c%22%7D%20%3D%3D%200&#38;g0.tab=0"
    assert f'<a href="{link}">Query in Prometheus</a>' in page
    assert ("Runbook outside the handbook:" in page) == covered
    assert page.count('<a href="https://wiki.example.com/x">wiki.example.com</a>') == 1


def test_a_page_to_choose_from_leads_on_with_the_alert(tmp_path: Path) -> None:
    files = dict(WITH_A_PLAYBOOK)
    path = "teams/payments/playbooks/till-is-down.yaml"
    files[path.replace("down", "up")] = files[path]
    made = {page.uri: page.make().html for page in pages(make_site(tmp_path, files))}
    chooser = made["go/TillDown/index.md"]
    assert '<ul class="choices" data-carries>' in chooser
    for id in ("till-is-down", "till-is-up"):
        assert f'href="../../playbooks/{id}/#from-TillDown"' in chooser
        assert 'id="from-TillDown"' in made[f"playbooks/{id}/index.md"]


def test_of_an_alert_that_very_many_teams_have_each_leads_to_its_own(tmp_path: Path) -> None:
    teams = [f"team-{number}" for number in range(41)]
    alert = "source: Elsewhere\nalerts: [{name: DiskFull, urgency: page}]\n"
    files: dict[str, Content] = {f"teams/{team}/team.yaml": f"name: {team}\nchannel: x\n" for team in teams}
    files |= {f"teams/{team}/alerts/external.yaml": alert for team in teams}
    made = {page.uri: page.make().html for page in pages(make_site(tmp_path, files))}
    page = Html(made["go/DiskFull/index.md"])
    assert page.all("h2") == []
    ways = {link["href"] for link in page.all("a")}
    assert ways >= {f"../../teams/{team}/on-call/" for team in teams}

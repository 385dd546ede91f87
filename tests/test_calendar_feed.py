"""Calendars of what is due, as `icalendar` reads them back, and their bytes where that would prove nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import SET_UPS, Content, golden_handbook, make_handbook, make_site
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from macros.exports import calendar_feed
from macros.gaps import checks
from macros.handbook import addresses
from macros.handbook.graph import Handbook
from macros.model.journeys import Journey
from macros.model.organisation import Organisation, Team
from macros.model.values import LANGUAGES
from macros.site import pages
from macros.sources.yaml_file import Source
from macros.text import catalogue

SITE = "https://handbook.example.com"

TEAM = 'name: Payments\nchannel: "#payments"\n'
ENGAGEMENT = "name: Fewer refunds\ntype: embedded\nrole: Helps\nstart: 2026-11-02\nend: 2027-01-29\n"
GOAL = "goals: [{id: fast, what: It is fast, due: 2027-01-15}]\n"
JOURNEY = "name: Pay\nuser: A buyer\ngoal: It is paid\nreview_on: 2027-02-09\n"
PLAYBOOK = "name: Tills fail\nservice: till\nexercised: [{on: 2026-06-01, kind: drill}, {on: 2026-10-01, kind: real}]\n"

EVERYTHING: dict[str, Content] = {
    **SET_UPS,
    "teams/payments/team.yaml": f"{TEAM}works_with: [{{team: sre, mode: facilitating, purpose: SLOs, "
    "until: 2026-12-18}]\n",
    "teams/sre/team.yaml": 'name: SRE\nchannel: "#sre"\n',
    "teams/payments/engagements/refunds.yaml": f"{ENGAGEMENT}{GOAL}provided_by: sre\n",
    "teams/payments/journeys/pay.yaml": JOURNEY,
    "teams/payments/services/till.yaml": "name: Till\nsummary: Takes coins\n",
    "teams/payments/playbooks/tills-fail.yaml": PLAYBOOK,
}
"""One of each thing that can be due."""

UIDS = {
    "engagement/refunds/end": date(2027, 1, 29),
    "engagement/refunds/goal/fast": date(2027, 1, 15),
    "journey/pay/review": date(2027, 2, 9),
    "playbook/tills-fail/drill": date(2027, 3, 30),
    "team/payments/works-with/sre/facilitating": date(2026, 12, 18),
}
"""What is due in `EVERYTHING`, and when."""

Shown = dict[str, Any]


def texts(handbook: Handbook, language: str = "en") -> dict[str, str]:
    """The calendars by address."""
    return {address: write() for address, write, _ in calendar_feed.feeds(handbook, language)}


def parsed(text: str) -> list[Event]:
    """The events of a calendar in which the parser finds no fault."""
    calendar = Calendar.from_ical(text.encode())
    assert isinstance(calendar, Calendar)
    events = list(calendar.walk("VEVENT"))
    assert [it.errors for it in (calendar, *events) if it.errors] == []
    assert len({str(event["UID"]) for event in events}) == len(events)
    return events  # type: ignore[return-value]


def day_of(event: Event, name: str) -> Any:
    found: Any = event[name]
    return found.dt


def bytes_of(value: Any) -> bytes:
    written: bytes = value.to_ical()
    return written


def shown(text: str) -> list[Shown]:
    """What each event of a calendar says."""
    return [
        {
            "uid": str(event["UID"]),
            "day": day_of(event, "DTSTART"),
            "summary": str(event["SUMMARY"]),
            "description": str(event["DESCRIPTION"]).split("\n"),
            "categories": bytes_of(event["CATEGORIES"]).decode(),
            "url": str(event["URL"]) if "URL" in event else None,
        }
        for event in parsed(text)
    ]


def days(handbook: Handbook, address: str = "calendar.ics") -> dict[str, date]:
    """When each thing in a calendar is due, by UID."""
    return {event["uid"]: event["day"] for event in shown(texts(handbook)[address])}


def golden_events(language: str) -> dict[str, Shown]:
    """What is due in the golden organisation, in a language, by a short name."""
    translate = catalogue.translations(language).gettext
    root = f"{SITE}/" if language == "en" else f"{SITE}/{language}/"
    complete = {"en": "Complete", "ja": "コンプリート"}[language]

    def words(template: str, **values: str) -> str:
        return translate(template).format(**values)

    return {
        "work": {
            "uid": "team/complete/works-with/japanese-only/facilitating@handbook.example.com",
            "day": date(2026, 11, 23),
            "summary": words("{team} and {other}: work together ends", team=complete, other="日本語のみ"),
            "description": [
                words("Delete the entry if the work has ended, or set a new end date."),
                words(
                    "Purpose: {purpose}",
                    purpose={"en": "Work that is past its end", "ja": "期限切れの共同作業"}[language],
                ),
            ],
            "categories": words("Working together"),
            "url": f"{root}teams/complete/#works-with",
        },
        "engagement": {
            "uid": "engagement/complete-engagement/end@handbook.example.com",
            "day": date(2027, 1, 29),
            "summary": words(
                "{team}: “{name}” ends",
                team=complete,
                name={"en": "Complete engagement", "ja": "支援活動"}[language],
            ),
            "description": [
                words("Go through the exit criteria together; write the outcome, or set a new end date."),
                words(
                    "Still open: {what}",
                    what={"en": "The team does it alone", "ja": "チームだけで回る"}[language],
                ),
                words(
                    "After the end: {after_care}",
                    after_care={"en": "Reviews for three months", "ja": "3 か月間のレビュー"}[language],
                ),
            ],
            "categories": words("Engagement"),
            "url": f"{root}teams/complete/engagements/complete-engagement/",
        },
        "drill": {
            "uid": "playbook/complete-playbook/drill@handbook.example.com",
            "day": date(2027, 2, 5),
            "summary": words(
                "{team}: try the playbook “{name}”",
                team=complete,
                name={"en": "Nothing gets done", "ja": "何も終わらない"}[language],
            ),
            "description": [
                words("Walk through it with the next on-call, fix what is wrong, and add the date to `exercised`."),
                words("Last tried on {day}.", day="2026-10-08"),
            ],
            "categories": words("Drill"),
            "url": f"{root}playbooks/complete-playbook/",
        },
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendars_of_the_golden_organisation(language: str) -> None:
    made = texts(golden_handbook(), language)
    it = golden_events(language)
    assert {address: shown(text) for address, text in made.items()} == {
        "calendar.ics": [it["work"], it["engagement"], it["drill"]],
        "teams/complete/calendar.ics": [it["work"], it["engagement"], it["drill"]],
        "teams/japanese-only/calendar.ics": [it["work"]],
        "teams/platform/calendar.ics": [it["engagement"]],
    }


def test_what_an_event_says_of_goals_and_reviews(tmp_path: Path) -> None:
    files = {
        **EVERYTHING,
        "teams/payments/engagements/refunds.yaml": f"{ENGAGEMENT}goals: "
        "[{id: fast, what: It is fast, due: 2027-01-15, target: 30 s, measure: Metrics}]\n",
        "teams/payments/journeys/pay.yaml": f"{JOURNEY}owner: Tech lead\n",
    }
    found = {event["uid"]: event for event in shown(texts(make_handbook(tmp_path, files))["calendar.ics"])}
    assert found["engagement/refunds/goal/fast"] == {
        "uid": "engagement/refunds/goal/fast",
        "day": date(2027, 1, 15),
        "summary": "Payments: the goal “It is fast” is due",
        "description": [
            "Check the figure together; update the goal's state, or set a new due date.",
            "To reach: 30 s",
            "Measured in: Metrics",
        ],
        "categories": "Goal",
        "url": None,
    }
    assert found["journey/pay/review"] == {
        "uid": "journey/pay/review",
        "day": date(2027, 2, 9),
        "summary": "Payments: review the SLOs of “Pay”",
        "description": [
            "Review the SLOs together: are they met, and do users agree? Set the next review date.",
            "Owner: Tech lead",
        ],
        "categories": "SLO review",
        "url": None,
    }


def test_every_event_is_a_day_of_the_build_that_keeps_nobody_busy(tmp_path: Path) -> None:
    for event in parsed(texts(make_handbook(tmp_path, EVERYTHING))["calendar.ics"]):
        assert day_of(event, "DTSTAMP") == datetime(2026, 11, 24, tzinfo=UTC)
        assert type(day_of(event, "DTSTART")) is date
        assert event["TRANSP"] == "TRANSPARENT"
        assert {"SEQUENCE", "LAST-MODIFIED", "DTEND", "ORGANIZER"}.isdisjoint(event)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_calendar_has_a_name_and_is_asked_for_daily(language: str) -> None:
    calendar = Calendar.from_ical(texts(golden_handbook(), language)["teams/complete/calendar.ics"])
    name = {"en": "Complete", "ja": "コンプリート"}[language]
    title = catalogue.translations(language).gettext("{name}: due dates").format(name=name)
    assert (calendar["NAME"], calendar["X-WR-CALNAME"]) == (title, title)
    assert calendar["PRODID"] == f"-//SRE handbook//What is due//{language.upper()}"
    assert calendar["REFRESH-INTERVAL"].to_ical() == b"P1D"
    assert calendar["X-PUBLISHED-TTL"] == "P1D"


def test_each_thing_is_due_on_its_day_in_the_calendar_of_whom_it_concerns(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, EVERYTHING)
    assert days(handbook) == days(handbook, "teams/payments/calendar.ics") == UIDS
    assert days(handbook, "teams/sre/calendar.ics").keys() == {
        "engagement/refunds/end",
        "engagement/refunds/goal/fast",
        "team/payments/works-with/sre/facilitating",
    }


@pytest.mark.parametrize(
    ("file", "change", "moved"),
    [
        ("teams/payments/engagements/refunds.yaml", ("2027-01-29", "2027-03-31"), {"engagement/refunds/end"}),
        ("teams/payments/engagements/refunds.yaml", ("2027-01-15", "2027-01-16"), {"engagement/refunds/goal/fast"}),
        ("teams/payments/engagements/refunds.yaml", ("Fewer refunds", "No refunds"), set()),
        ("teams/payments/engagements/refunds.yaml", ("It is fast", "It is faster"), set()),
        ("teams/payments/journeys/pay.yaml", ("2027-02-09", "2026-02-09"), {"journey/pay/review"}),
        ("teams/payments/journeys/pay.yaml", ("name: Pay", "name: Pay now"), set()),
        ("teams/payments/playbooks/tills-fail.yaml", ("2026-10-01", "2026-11-23"), {"playbook/tills-fail/drill"}),
        ("teams/payments/playbooks/tills-fail.yaml", ("Tills fail", "No till works"), set()),
        (
            "teams/payments/team.yaml",
            ("2026-12-18", "2026-12-19"),
            {"team/payments/works-with/sre/facilitating"},
        ),
        ("teams/payments/team.yaml", ("Payments", "Billing"), set()),
    ],
)
def test_another_day_or_name_moves_the_event_and_makes_no_second_one(
    file: str, change: tuple[str, str], moved: set[str], tmp_path: Path
) -> None:
    before = str(EVERYTHING[file])
    assert before.count(change[0]) == 1
    found = days(make_handbook(tmp_path, {**EVERYTHING, file: before.replace(*change)}))
    assert found.keys() == UIDS.keys()
    assert {uid for uid in UIDS if found[uid] != UIDS[uid]} == moved


def test_uids_are_the_same_in_both_editions_and_hold_the_site(tmp_path: Path) -> None:
    organisation = f"name: Example\nlanguage: en\nsite_address: {SITE}:8443/sre/\n"
    handbook = make_handbook(tmp_path, {**EVERYTHING, "organisation.yaml": organisation})
    english, japanese = (shown(texts(handbook, it)["calendar.ics"]) for it in LANGUAGES)
    assert {event["uid"] for event in english} == {f"{uid}@handbook.example.com" for uid in UIDS}
    assert [event["uid"] for event in japanese] == [event["uid"] for event in english]
    assert [event["url"] for event in japanese] == [
        event["url"].replace(f"{SITE}:8443/sre/", f"{SITE}:8443/sre/ja/") for event in english
    ]


@pytest.mark.parametrize(
    ("file", "text", "gone"),
    [
        (
            "teams/payments/engagements/refunds.yaml",
            f"{ENGAGEMENT}{GOAL}outcome: It worked\n",
            {"engagement/refunds/end", "engagement/refunds/goal/fast"},
        ),
        (
            "teams/payments/engagements/refunds.yaml",
            f"{ENGAGEMENT.replace('end: 2027-01-29', '')}{GOAL}",
            {"engagement/refunds/end"},
        ),
        *(
            (
                "teams/payments/engagements/refunds.yaml",
                f"{ENGAGEMENT}{GOAL.replace('}', f', state: {state}}}')}",
                {"engagement/refunds/goal/fast"},
            )
            for state in ("met", "dropped")
        ),
        (
            "teams/payments/engagements/refunds.yaml",
            f"{ENGAGEMENT}{GOAL.replace(', due: 2027-01-15', '')}",
            {"engagement/refunds/goal/fast"},
        ),
        ("teams/payments/journeys/pay.yaml", JOURNEY.replace("review_on: 2027-02-09\n", ""), {"journey/pay/review"}),
        (
            "teams/payments/playbooks/tills-fail.yaml",
            PLAYBOOK.partition("exercised")[0],
            {"playbook/tills-fail/drill"},
        ),
        ("teams/payments/team.yaml", TEAM, {"team/payments/works-with/sre/facilitating"}),
    ],
)
def test_what_is_done_or_has_no_day_is_not_due(file: str, text: str, gone: set[str], tmp_path: Path) -> None:
    assert days(make_handbook(tmp_path, {**EVERYTHING, file: text})).keys() == UIDS.keys() - gone


@pytest.mark.parametrize(
    ("uid", "rule"),
    [
        ("engagement/refunds/end", "engagement-past-its-end"),
        ("engagement/refunds/goal/fast", "goal-past-its-due"),
        ("journey/pay/review", "journey-review-past"),
        ("playbook/tills-fail/drill", "playbook-not-exercised-lately"),
        ("team/payments/works-with/sre/facilitating", "interaction-past-its-end"),
    ],
)
def test_what_is_due_is_a_gap_once_its_day_has_passed(
    uid: str, rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rules(today: date) -> set[str]:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(*today.timetuple()[:3], tzinfo=UTC).timestamp())))
        handbook = make_handbook(tmp_path, EVERYTHING)
        assert days(handbook) == UIDS
        return {check.name for check, _ in checks.found(handbook)}

    assert rule not in rules(UIDS[uid])
    assert rule in rules(UIDS[uid] + timedelta(days=1))


@pytest.mark.parametrize(("period", "day"), [(1, date(2026, 10, 2)), (100_000, date(2300, 7, 17))])
def test_the_next_drill_is_due_after_the_period_of_the_organisation(
    period: int, day: date | None, tmp_path: Path
) -> None:
    organisation = f"name: Example\nlanguage: en\nplaybook_exercise_days: {period}\n"
    found = days(make_handbook(tmp_path, {**EVERYTHING, "organisation.yaml": organisation}))
    assert found.get("playbook/tills-fail/drill") == day


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("facilitating", "2026-12-18"), {"team/payments/works-with/sre/facilitating": date(2026, 12, 18)}),
        (
            ("facilitating", "2026-12-19"),
            {
                "team/payments/works-with/sre/facilitating": date(2026, 12, 18),
                "team/sre/works-with/payments/facilitating": date(2026, 12, 19),
            },
        ),
    ],
)
def test_work_of_two_teams_ends_once_where_both_say_the_same_day(
    said: tuple[str, str], expected: dict[str, date], tmp_path: Path
) -> None:
    mode, until = said
    sre = f"name: SRE\nchannel: x\nworks_with: [{{team: payments, mode: {mode}, purpose: SLOs, until: {until}}}]\n"
    handbook = make_handbook(tmp_path, {**EVERYTHING, "teams/sre/team.yaml": sre})
    assert {uid: day for uid, day in days(handbook).items() if uid.startswith("team/")} == expected


def test_work_for_two_ends_in_one_mode_has_two_uids(tmp_path: Path) -> None:
    work = "{{team: sre, mode: facilitating, purpose: P, until: {until}}}"
    both = ", ".join(work.format(until=it) for it in ("2026-12-18", "2027-03-01"))
    files = {**EVERYTHING, "teams/payments/team.yaml": f"{TEAM}works_with: [{both}]\n"}
    assert {uid: day for uid, day in days(make_handbook(tmp_path, files)).items() if uid.startswith("team/")} == {
        "team/payments/works-with/sre/facilitating": date(2026, 12, 18),
        "team/payments/works-with/sre/facilitating/2": date(2027, 3, 1),
    }


def test_there_is_no_calendar_where_nothing_is_due(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path / "nothing")
    assert list(calendar_feed.feeds(handbook, "en")) == []
    assert calendar_feed.address(handbook) == ""
    files: dict[str, Content] = {**EVERYTHING, "teams/idle/team.yaml": "name: Idle\nchannel: x\n"}
    handbook = make_handbook(tmp_path / "idle", files)
    assert texts(handbook).keys() == {"calendar.ics", "teams/payments/calendar.ics", "teams/sre/calendar.ics"}
    assert {team.id: calendar_feed.address(handbook, team) for team in handbook.teams} == {
        "idle": "",
        "payments": "teams/payments/calendar.ics",
        "sre": "teams/sre/calendar.ics",
    }
    assert calendar_feed.address(handbook) == "calendar.ics"


def test_who_subscribed_at_an_old_address_keeps_the_calendar(tmp_path: Path) -> None:
    files = {**EVERYTHING, "teams/payments/team.yaml": f"{TEAM}aliases: [money]\n"}
    made = texts(make_handbook(tmp_path, files))
    assert made["teams/money/calendar.ics"] == made["teams/payments/calendar.ics"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendars_are_files_of_each_edition(language: str, tmp_path: Path) -> None:
    site = make_site(tmp_path, EVERYTHING, language)
    made = [(it.uri, it.make().html, it.files[0]) for it in pages.pages(site) if it.uri.endswith(".ics")]
    feeds = calendar_feed.feeds(site.handbook, language)
    assert made == [(address, write(), source) for address, write, source in feeds]
    assert [source for _, _, source in made] == [
        "data/organisation.yaml",
        "data/teams/payments/team.yaml",
        "data/teams/sre/team.yaml",
    ]


def test_a_build_is_equal_to_the_byte(tmp_path: Path) -> None:
    first, second = (texts(make_handbook(tmp_path / name, EVERYTHING)) for name in ("first", "second"))
    assert first == second


def of_one_journey(name: str, site: str = f"{SITE}/") -> Handbook:
    """A handbook with a review that is due, of a journey and in an organisation of this name."""
    context = {"language": "en"}
    organisation = {"id": "organisation", "path": "o", "name": name, "language": "en", "site_address": site}
    team = {"id": "payments", "path": "t", "name": name, "channel": "x"}
    journey = {"id": "pay", "team": "payments", "path": "j", "name": name, "user": "A", "goal": "B", "owner": name}
    entities = {
        "organisation": {"organisation": Organisation.model_validate(organisation, context=context)},
        "team": {"payments": Team.model_validate(team, context=context)},
        "journey": {"pay": Journey.model_validate({**journey, "review_on": "2027-02-09"}, context=context)},
    }
    return Handbook(entities, {path: Source(path) for path in "otj"}, date(2026, 11, 24))  # type: ignore[arg-type]


def feed_of(name: str) -> str:
    return texts(of_one_journey(name))["calendar.ics"]


def is_well_formed(text: str) -> bool:
    """Whether each line ends in CRLF, none is too long, and no character is cut in two."""
    lines = text.encode().split(b"\r\n")
    whole = lines.pop() == b"" and not any(b"\r" in line or b"\n" in line for line in lines)
    return whole and all(len(line) <= 75 and line.decode() is not None for line in lines)


@pytest.mark.parametrize(
    "name",
    [
        "図面を登録してから検索結果に出てくるまでの一連の流れをすべて",
        "🧯" * 40,
        "a" * 300,
        "é" * 75,
        *("x" * before + "図" * 30 for before in range(3)),
    ],
)
def test_a_long_line_is_folded_between_characters(name: str) -> None:
    text = feed_of(name)
    assert is_well_formed(text)
    assert "\r\n " in text
    (event,) = parsed(text)
    assert event["SUMMARY"] == f"{name}: review the SLOs of “{name}”"


@pytest.mark.parametrize(
    ("name", "in_line"),
    [
        ("a\nEND:VEVENT\nBEGIN:VEVENT\nUID:x", "a END:VEVENT BEGIN:VEVENT UID:x"),
        ("a\r\nATTACH:https://evil.example/", "a ATTACH:https://evil.example/"),
        ("a\rb\x85c\u2028d\u2029e", "a b c d e"),
        ("a; b, c: d \\ e \\n f \\; g", "a; b, c: d \\ e \\n f \\; g"),
        ('";LANGUAGE=x:"', '";LANGUAGE=x:"'),
        ("{team} {0} %s %(name)s", "{team} {0} %s %(name)s"),
        ("\ttab and  blanks ", "tab and blanks"),
        ("<script>alert(1)</script> {{ config }}", "<script>alert(1)</script> {{ config }}"),
    ],
)
def test_a_hostile_name_is_that_name(name: str, in_line: str) -> None:
    text = feed_of(name)
    assert is_well_formed(text)
    (event,) = parsed(text)
    assert str(event["SUMMARY"]) == " ".join(f"{name}: review the SLOs of “{name}”".split())
    assert in_line in str(event["SUMMARY"])
    assert str(event["UID"]) == "journey/pay/review@handbook.example.com"
    assert set(event) == {
        "CATEGORIES",
        "DESCRIPTION",
        "DTSTAMP",
        "DTSTART",
        "SUMMARY",
        "TRANSP",
        "UID",
        "URL",
    }


def test_signs_that_divide_values_are_escaped() -> None:
    assert "\r\nNAME:a\\; b\\, c: d \\\\ e: due dates\r\n" in feed_of("a; b, c: d \\ e")


PRINTABLE = st.text(
    st.one_of(st.sampled_from("\\;,:\n\r \"'nN図🧯é"), st.characters(exclude_categories=("Cc", "Cs", "Cn"))), min_size=1
).filter(str.strip)


@given(name=PRINTABLE)
def test_any_name_comes_back_as_it_was(name: str) -> None:
    text = feed_of(name)
    assert is_well_formed(text)
    (event,) = parsed(text)
    assert str(event["SUMMARY"]) == " ".join(f"{name}: review the SLOs of “{name}”".split())
    assert str(event["DESCRIPTION"]).split("\n")[1:] == f"Owner: {name}".splitlines()


def test_the_address_of_a_page_is_whole_however_long_it_is() -> None:
    site = f"{SITE}/{'a' * 90};b,c/"
    (event,) = parsed(texts(of_one_journey("Pay", site), "ja")["calendar.ics"])
    assert str(event["URL"]) == addresses.whole(site, "ja", "journeys/pay/") == f"{site}ja/journeys/pay/"


def test_the_built_site_has_the_calendars_of_both_editions(built_site: Path) -> None:
    for edition in ("", "ja/"):
        made = {it.relative_to(built_site / edition).as_posix(): it for it in (built_site / edition).rglob("*.ics")}
        own = {name: path.read_bytes() for name, path in made.items() if not name.startswith("ja/")}
        assert {"calendar.ics", "teams/complete/calendar.ics"} <= own.keys()
        assert all(is_well_formed(text.decode()) and parsed(text.decode()) for text in own.values())

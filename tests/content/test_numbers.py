"""Numbers that stand twice: what data or program say, and the shared pages, checklists and templates that say it again.

`#` in a pattern is the number, in digits or in one of the `WORDS`. A pattern that is found nowhere is a fault too,
so nothing is in the tables that doesn't stand in both places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import shipped
from conftest import ROOT

from macros.gaps import contributions, next_steps
from macros.handbook import names, slo
from macros.model.organisation import Severity
from macros.model.reading import MINUTES_A_PAGE
from macros.model.set_ups import QuickWin
from macros.model.workshops import Workshop
from macros.sources import guides

WORDS = {
    "two and a half": 2.5,
    "half an hour": 30,
    "every hour": 60,
    "1 時間ごと": 60,
    "2 時間半": 2.5,
    "the day before": 1,
    "前日": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "eight": 8,
    "forty-five": 45,
    "sixty": 60,
}
NUMBER = f"({'|'.join(WORDS)}|[0-9](?:[0-9,.]*[0-9])?)"

ORGANISATION = "data/organisation.yaml"
EMBEDDED = "data/team-types/embedded.yaml"
ENABLING = "data/team-types/enabling.yaml"
BEGIN = "data/checklists/embedded-start.yaml"
END = "data/checklists/embedded-end.yaml"
ENABLE = "data/checklists/enabling-start.yaml"
COMMANDER = "data/checklists/incident-commander.yaml"
RESPONSE = "data/playbook-templates/incident-response.yaml"
REVIEW = "data/playbook-templates/postmortem-review.yaml"
CUJ = "data/workshops/cuj.yaml"
INTERVIEWS = "data/workshops/pain-point-interviews.yaml"


class Place(NamedTuple):
    """A file and what is said in it, wherever that stands."""

    file: str
    pattern: str


class Fact(NamedTuple):
    """A number: where it is, or how it comes about, and where it is said again."""

    what: str
    value: Place | Callable[[], float]
    said: tuple[Place, ...]


class Sum(NamedTuple):
    """A sum that a text does: its last number follows from the others, rounded as it is written there."""

    file: str
    pattern: str
    result: Callable[..., float]


def said(file: str, *patterns: str) -> tuple[Place, ...]:
    return tuple(Place(file, pattern) for pattern in patterns)


def page(name: str, en: str, ja: str) -> tuple[Place, ...]:
    """What a hand-written page says, in both languages."""
    return Place(f"docs/{name}.md", en), Place(f"docs/{name}.ja.md", ja)


def severity(id: str) -> Severity:
    entry = shipped.handbook().organisation.incidents
    assert entry is not None
    return next(level for level in entry.severities if level.id == id)


def update_minutes(id: str) -> float:
    return severity(id).update_minutes or 0


def workshop(id: str) -> Workshop:
    return next(kit for kit in shipped.handbook().of_kind("workshop") if isinstance(kit, Workshop) and kit.id == id)


def longest_quick_win() -> float:
    return max(win.days for win in shipped.handbook().of_kind("quick-win") if isinstance(win, QuickWin))


def chooser_questions() -> float:
    chooser = shipped.handbook().chooser
    return len(chooser.questions) if chooser else 0


def review_parts() -> float:
    """The minutes of the sections of a postmortem's review, together."""
    parts = re.findall(r"\n      en: [^\n]*\((\d+) minutes\)", (ROOT / REVIEW).read_text(encoding="utf-8"))
    return sum(map(int, parts))


def by_day(words: str) -> str:
    """The pattern of a dated step of a set-up: its day."""
    return rf"by_day: #\n    do:\n      en: {words}"


def due(words: str) -> str:
    """The pattern of an item of a checklist: the day on which it is due."""
    return rf"en: ['\"]?{words}[^\n]*(?:\n(?!        do:)[^\n]*)*\n        due: day #"


FACTS = (
    # Incidents
    Fact(
        "days until the review after a SEV-1",
        Place(ORGANISATION, r"- en: A postmortem review within # days, weekends counted"),
        (
            *said(
                ORGANISATION, "# 日以内 .土日を含む. にポストモーテムのレビュー", "reviewed within # days after a SEV-1"
            ),
            *said(ORGANISATION, "SEV-1 なら # 日以内"),
            *said("data/checklists/postmortem.yaml", r"within # days \(SEV-1\)", "SEV-1 は # 日以内"),
            *said(REVIEW, "Within # days after the highest, weekends counted", "最上位なら土日を含む # 日以内"),
            *said(REVIEW, "Highest severity within # days, weekends counted"),
            *said(RESPONSE, "within # days for a SEV-1, weekends counted", "SEV-1 は土日を含む # 日以内"),
        ),
    ),
    Fact(
        "working days until the review after a SEV-2",
        Place(ORGANISATION, r"- en: A postmortem review within # working days"),
        (
            *said(ORGANISATION, "# 営業日以内にポストモーテムのレビュー", "within # working days after a SEV-2"),
            *said(ORGANISATION, "SEV-2 なら # 営業日以内"),
            *said("data/checklists/postmortem.yaml", r"# working days \(SEV-2\)", "SEV-2 は # 営業日以内"),
            *said(
                REVIEW, "# working days after the second", "2 番目なら # 営業日以内", "the second within # working days"
            ),
            *said(RESPONSE, "# working days for a SEV-2", "SEV-2 は # 営業日以内"),
        ),
    ),
    Fact(
        "days that the draft comes before the review",
        Place(ORGANISATION, "its draft #"),
        (
            *said(ORGANISATION, "その#までに下書き", "its owner sends the draft #", "レビューの#までに下書きを送付"),
            *said("data/checklists/postmortem.yaml", "Sent out # the review", "レビューの#までに送付"),
            *said("data/playbook-templates/postmortem.yaml", "The draft goes out #", "レビューの#までに下書きを送付"),
            *said(
                REVIEW, "[Tt]he draft goes out #", "下書きは#までに送付", "the draft sent #", "下書きを#までに送って"
            ),
            *said(RESPONSE, "the draft goes out #", "下書きは#までに送付"),
        ),
    ),
    Fact(
        "minutes of a postmortem's review",
        review_parts,
        (
            *said(REVIEW, "# minutes to learn what happened", "当事者とそれ以外の人が # 分で", r"sign\. # minutes:"),
            *said("data/checklists/postmortem.yaml", "In the meeting, # minutes", r"レビュー会で \(# 分\)"),
        ),
    ),
    Fact(
        "minutes between two updates at SEV-1",
        lambda: update_minutes("sev-1"),
        (
            *said(ORGANISATION, "executives told immediately, then every # minutes", "直ちに第一報、以後 # 分ごと"),
            *said(COMMANDER, "About every # minutes, even without news", "進展がなくても約 # 分ごと"),
            *said(RESPONSE, "about every # minutes, even if nothing is new", "進展がなくても約 # 分ごと"),
            *said("data/quick-wins/incident-channel.yaml", "an update at least every # minutes", "# 分に 1 回以上報告"),
        ),
    ),
    Fact(
        "minutes between two updates at SEV-2",
        lambda: update_minutes("sev-2"),
        said(COMMANDER, "About every # minutes, even without news", "進展がなくても約 # 分ごと"),
    ),
    Fact(
        "minutes between two updates at SEV-3",
        lambda: update_minutes("sev-3"),
        said(ORGANISATION, "and an update #", "投稿し、#に更新"),
    ),
    Fact(
        "minutes until an incident commander answers",
        Place(ORGANISATION, "incident commander on call answers within # minutes"),
        said(
            ORGANISATION,
            "インシデントコマンダーが # 分以内に応答",
            "an incident commander takes over within # minutes",
            "# 分以内にインシデントコマンダーが着任",
        ),
    ),
    Fact(
        "minutes until the roles are named",
        Place(RESPONSE, "liaison are named within # minutes"),
        (
            *said(RESPONSE, "連絡係を # 分以内に", "Named in writing within # minutes"),
            *said("data/quick-wins/incident-channel.yaml", "named within # minutes", "# 分以内に指揮者と記録係"),
        ),
    ),
    Fact(
        "minutes for which recovery holds before an incident is closed",
        Place(ORGANISATION, "recovery checks have held for # minutes"),
        (
            *said(ORGANISATION, "「復旧の確認」を # 分間満たし"),
            *said(COMMANDER, "Watch the recovery metrics for # minutes", "復旧の数値を # 分維持"),
        ),
    ),
    Fact(
        "minutes in which a page is answered",
        Place("data/checklists/production-readiness-a.yaml", "test page at night within # minutes"),
        (
            *said("data/checklists/production-readiness-a.yaml", "夜間の抜き打ちテスト呼び出しに # 分以内に応答"),
            *said("data/checklists/on-call-hand-over.yaml", "can't answer within # minutes", "# 分以内に応答できない"),
        ),
    ),
    Fact(
        "minutes of a change of shift",
        Place("data/checklists/on-call-hand-over.yaml", "At each change of shift; # minutes together"),
        (
            *said("data/checklists/on-call-hand-over.yaml", "オンコールの交代ごとに、2 人で # 分"),
            *said(
                "data/checklists/first-on-call.yaml", "next on-call in person, in # minutes", "同席し、# 分で引き継ぐ"
            ),
            *said(
                "data/playbook-templates/on-call-hand-over.yaml",
                "reviewed together in # minutes",
                "交代当日に # 分で",
                "go through it together in # minutes",
            ),
        ),
    ),
    Fact(
        "months within which each playbook is drilled or used",
        lambda: shipped.handbook().organisation.playbook_exercise_days / 30,
        said("data/checklists/quarterly-review.yaml", "playbook unused for # months", "# か月使っていないプレイブック"),
    ),
    Fact(
        "percent of outages that come from changes",
        Place("data/quick-wins/deploy-markers.yaml", "about # % of outages come from changes"),
        (
            *said("data/quick-wins/deploy-markers.yaml", "障害の約 # % は変更に起因"),
            *said("data/quick-wins/rollback-drill.yaml", "about # % of outages", "障害の約 # % が変更に起"),
            *said("data/playbook-templates/bad-deploy.yaml", "about # % of outages", "障害の約 # % が変更に起"),
            *said("data/checklists/on-call-hand-over.yaml", "about # % of outages", "障害の約 # % は変更に起因"),
            *said(COMMANDER, "about # % of outages", "障害の約 # % は変更に起因"),
        ),
    ),
    Fact(
        "pages of a 12-hour shift at most",
        Place("data/checklists/first-on-call.yaml", "# in a 12-hour shift is the limit"),
        (
            *said(
                "data/checklists/first-on-call.yaml",
                "12 時間に # 件",
                r"\(# events in a 12-hour shift",
                "シフトで # 件まで",
            ),
            *said("data/checklists/on-call-hand-over.yaml", "# per shift is the SRE book's limit", "シフトあたり # 件"),
            *said("data/playbook-templates/on-call-hand-over.yaml", "# events in a 12-hour", "12 時間のシフトで # 件"),
        ),
    ),
    # Engagements
    Fact(
        "days that a baseline covers",
        Place(BEGIN, "figure of # days, where it was read"),
        (
            *said(BEGIN, r"現状値を書く \(# 日間の数値"),
            *said(EMBEDDED, "write down its figures for the last # days", "直近 # 日間の数値を記録"),
            *page("engagements/index", "baseline covers # days before", "初日までの # 日間の数値"),
            *page("engagements/index", "Then measuring it for # days", "# 日間の計測が最初の目標"),
        ),
    ),
    Fact(
        "days for which a target is held",
        Place(EMBEDDED, "The goal's target has held for # days in a row"),
        (
            *said(
                EMBEDDED,
                "目標値の # 日間連続の達成",
                "the target has held for # days –",
                "目標値を # 日間維持できた時点",
            ),
            *said(BEGIN, "Set the target, to be held for # days", r"目標値を決める \(# 日間の維持"),
            *said(END, "Check that the target has held for # days", "目標値を # 日間維持できたか"),
            *page("engagements/index", r"p95 under 30 s for # days \|", r"p95 30 秒未満を # 日間維持"),
            *said("macros/model/set_ups.py", "p95 under 30 s for # days"),
        ),
    ),
    Fact(
        "days after a fix that are compared with the baseline",
        Place(EMBEDDED, "Compare # days after the fix with the baseline"),
        (
            *said(EMBEDDED, "改善後の # 日間を現状値と比較"),
            *said(BEGIN, "Compare # days after the fix with the baseline", "改善後の # 日間を現状値と比べる"),
            *page("engagements/index", "the # days after the fix are compared", "改善後の # 日間の数値と比べます"),
        ),
    ),
    Fact(
        "day by which a fix is compared with the baseline",
        Place(EMBEDDED, by_day("Compare 28 days after the fix")),
        (
            *said(BEGIN, due("Compare 28 days after the fix")),
            *page("engagements/index", "By day #, the 28 days after the fix", "# 日目までに、改善後の 28 日間"),
        ),
    ),
    Fact(
        "days of interruptions that are sorted",
        Place(EMBEDDED, "sort # days of interruptions"),
        (
            *said(EMBEDDED, "# 日分の割り込みをトイル"),
            *said(BEGIN, "Sort # days of interruptions", "# 日分の割り込みをトイル"),
        ),
    ),
    Fact(
        "day by which interruptions are sorted",
        Place(EMBEDDED, by_day("Join the on-call")),
        said(BEGIN, due("Sort 28 days of interruptions"), "en: Day #, with EM and PdM", "ja: # 日目、EM・PdM と確認"),
    ),
    Fact(
        "day of the first fix",
        Place(EMBEDDED, by_day("Ship the first fix")),
        said(BEGIN, due("Ship one fix")),
    ),
    Fact(
        "day by which an embedded SRE's playbook is written",
        Place(EMBEDDED, by_day("Write the missing playbooks")),
        said(BEGIN, due("Write the playbook for the most frequent one"), due("Set the first target")),
    ),
    Fact(
        "days of data behind a first target",
        Place(EMBEDDED, "set the first target from # days of data"),
        (
            *said(EMBEDDED, "# 日分のデータから最初の目標値", "the SLI has # days of data", "# 日分の実データで SLI"),
            *said(BEGIN, "Set the first target from # days of data", "# 日分のデータから最初の目標値"),
        ),
    ),
    Fact(
        "minutes with EM and PdM in a fortnight",
        Place(EMBEDDED, "Fortnightly, # minutes with EM and PdM"),
        (
            *said(EMBEDDED, "隔週 # 分 .EM・PdM と", "en: # a fortnight, and the decision", "隔週 # 分の打ち合わせ"),
            *said(BEGIN, "Schedule # minutes a fortnight", "EM・PdM と隔週 # 分"),
            *page("engagements/index", "# every second week is enough", "隔週で # 分あれば"),
        ),
    ),
    Fact(
        "minutes with the platform team in a month",
        Place(EMBEDDED, "Monthly, # minutes with the platform team"),
        (
            *said(EMBEDDED, "月次 # 分 .プラットフォームチームと"),
            *said(BEGIN, "Schedule # minutes a month with the platform team", "プラットフォームチームと月 1 回 # 分"),
            *said(ENABLE, "Schedule # minutes a month with the platform team", "プラットフォームチームと月 1 回 # 分"),
        ),
    ),
    Fact(
        "minutes at the dashboards in a week",
        Place("data/quick-wins/dashboard-habit.yaml", "Schedule # minutes a week"),
        (
            *said("data/quick-wins/dashboard-habit.yaml", "週 # 分を固定"),
            *said(EMBEDDED, "dashboards together for # minutes a week", "週 # 分、全員でダッシュボード"),
            *said(BEGIN, "Start a weekly #-minute dashboard review", "ダッシュボードを見る時間を週 # 分"),
            *said(CUJ, "Looks at that dashboard for # minutes", "既存の定例の中で # 分、ダッシュボード"),
        ),
    ),
    Fact(
        "weeks before its end in which an engagement is judged",
        Place(END, "# weeks before the end date, with EM and PdM"),
        (
            *said(END, "終了日の # 週間前、EM・PdM と確認", "合意した終了日の # 週間前"),
            *page("engagements/index", "# weeks before the end, baseline", "終了日の # 週間前には"),
        ),
    ),
    Fact(
        "weeks in which the SRE only reviews",
        Place(EMBEDDED, "en: # weeks in which the SRE only reviews"),
        (
            *said(EMBEDDED, "最後の # 週間、SRE はレビューだけ"),
            *said(END, "In the last # weeks; the SRE only reviews", r"最後の # 週間 \(SRE はレビューのみ"),
        ),
    ),
    Fact(
        "months of after-care",
        Place(EMBEDDED, "a monthly look at the SLO, for # months"),
        (
            *said(EMBEDDED, "終了後 # か月間"),
            *said(
                END, "終了から # か月間", "Book # monthly looks at the SLO", "月 1 回、# 回分", "poll after # months"
            ),
        ),
    ),
    Fact(
        "days of alerts that the team handled alone",
        Place(EMBEDDED, "Share of alerts in the last # days that the team handled"),
        (
            *said(EMBEDDED, "直近 # 日間のアラートのうち"),
            *said(END, "Count # days' alerts", "直近 # 日でチームだけで対応した"),
        ),
    ),
    # An enabling team
    Fact(
        "working days of a quick win at most",
        longest_quick_win,
        (
            *said(
                ENABLING,
                "each of at most # working days",
                "各 # 営業日以内",
                "take up to # days each",
                "各 # 日以内で片づく",
            ),
            *said(ENABLE, "Pick two, each of # working days at most", "# 営業日以内で終わるものを 2 件"),
            *said("data/team-types/kitchen-sink.yaml", "can be fixed in # working days", "# 営業日で解消"),
            *said("data/checklists/new-sre.yaml", "one quick win of # days at most", "# 日以内のクイックウィン"),
            *said(INTERVIEWS, "one quick win of up to # days", "# 日以内のクイックウィン", "Keep # working days free"),
            *said(INTERVIEWS, "# 営業日の空きを確保", "up to # working days, the day", "# 営業日以内の作業量"),
        ),
    ),
    Fact(
        "day by which quick wins are chosen",
        Place(ENABLING, by_day("Choose two quick wins")),
        said(ENABLE, due("Record each one's figure")),
    ),
    Fact(
        "day by which the first quick win is shown",
        Place(ENABLING, by_day("Finish the first quick win")),
        said(ENABLE, due("Post before and after")),
    ),
    Fact(
        "day by which all teams are interviewed",
        Place(ENABLING, by_day("Interview every team's")),
        said(ENABLE, due("Interview engineer, EM and PdM")),
    ),
    Fact(
        "day by which the top three are agreed on",
        Place(ENABLING, by_day("Show the overview")),
        said(ENABLE, due("Agree on the top three"), "en: Day #, with all EMs and PdMs", "# 日目、全 EM・PdM と確認"),
    ),
    Fact(
        "day of an enabling team's first workshop",
        Place(ENABLING, by_day("Run a CUJ workshop")),
        said(ENABLE, due("Run the CUJ workshop there")),
    ),
    Fact(
        "day by which a second team has drilled a playbook",
        Place(ENABLING, by_day("Agree on incident roles")),
        said(ENABLE, due("Have someone other than the author drill it")),
    ),
    Fact(
        "day on which an enabling team looks back",
        Place(ENABLING, by_day("Review what each team does alone")),
        said(ENABLE, due("Publish the quarter"), "en: Day #, with all EMs$", "# 日目、全 EM と確認"),
    ),
    Fact(
        "teams in focus at a time",
        Place(ENABLING, "with each team in focus – at most # at a time"),
        (
            *said(ENABLING, "同時に # チームまで"),
            *said(ENABLE, "at most # in focus per quarter", "重点チームを四半期に # つまで"),
        ),
    ),
    # Workshops
    Fact(
        "minutes of the CUJ workshop",
        lambda: workshop("cuj").minutes(),
        (
            *said(
                CUJ,
                "a first target, in # minutes",
                "# 分で 1 つのジャーニー",
                "in one session of # minutes",
                "# 分を通しで",
            ),
            *said(CUJ, "# minutes in front of a screen is too long", "画面越しの # 分"),
            *said("data/checklists/cuj-workshop-preparation.yaml", "one session of # minutes", "# 分の通し"),
        ),
    ),
    Fact(
        "hours of the CUJ workshop, to the half",
        lambda: round(workshop("cuj").minutes() / 30) / 2,
        page("journeys/index", "of # hours that ends with the file", "#でファイルまで完成"),
    ),
    *(
        Fact(
            f"minutes of sitting {sitting} of the CUJ workshop",
            lambda sitting=sitting: workshop("cuj").minutes(sitting),  # type: ignore[misc]
            (
                *said(CUJ, f"in two of {en}", f"{ja}の 2 回を 1 週間以内"),
                *said(EMBEDDED, f"two sessions of {en} minutes", f"{ja}の 2 回"),
                *said(ENABLING, f"Two sessions of {en} minutes", f"{ja}の 2 回"),
            ),
        )
        for sitting, en, ja in ((1, "# and [0-9]+", "# 分と [0-9]+ 分"), (2, "[0-9]+ and #", "[0-9]+ 分と # 分"))
    ),
    Fact(
        "minutes of an interview about pain points",
        lambda: workshop("pain-point-interviews").minutes(),
        (
            *said(
                INTERVIEWS,
                "en: # minutes with one person at a time",
                "1 人ずつ # 分",
                "whom, # minutes each",
                "1 人 # 分",
            ),
            *said(
                ENABLING,
                "PdM of every team – # minutes",
                r"ヒアリング \(# 分",
                "# minutes for the interview",
                "ヒアリング # 分",
            ),
        ),
    ),
    Fact(
        "questions that everybody is asked about pain points",
        lambda: sum(question.to is None for question in workshop("pain-point-interviews").questions),
        said(ENABLING, "the same # questions each time", "毎回同じ # 問"),
    ),
    # What pages say of the program and of the catalogue
    Fact(
        "set-ups",
        lambda: len(shipped.handbook().team_types),
        page("team-types/index", "# ways to organise SRE work", "進め方 # 種類"),
    ),
    Fact(
        "questions of the chooser",
        chooser_questions,
        (
            *page("team-types/choose", "description: # questions", "description: # つの質問"),
            *page("team-types/index", r"take the \[# questions\]", r"\[# つの質問"),
            *page("team-types/compare", r"\[# questions\]", r"\[# つの質問"),
            *page("index", "Answer # questions", "# つの質問に答える"),
            *said("data/reading-paths/engineering-manager.yaml", "Answer the # questions", "# つの質問に答える"),
        ),
    ),
    Fact(
        "minutes for a page of a book",
        lambda: MINUTES_A_PAGE,
        page("reading/index", "# minutes for a page of a book", "書籍は 1 ページ # 分"),
    ),
    Fact(
        "steps that a team is told",
        lambda: next_steps.SHOWN,
        page("contribute/index", r"More: # \[next steps\]", r"チームごとに # つの\[次にやること"),
    ),
    Fact(
        "contributions that may ask for the same",
        lambda: contributions.MOST_OF_A_TASK,
        page("coverage/index", "at most # ask for the same thing", "同じ内容は # 件"),
    ),
    Fact(
        "contributions that may be of one team",
        lambda: contributions.MOST_OF_A_TEAM,
        page("coverage/index", "and at most # are for one team", "同じチームは # 件まで"),
    ),
    Fact(
        "contributions for somebody's first time",
        lambda: contributions.FEWEST_FIRST,
        page("coverage/index", "# places are for first contributions", "# 件は初めての人向け"),
    ),
    Fact(
        "characters of a name in exports",
        lambda: names.MOST_CHARACTERS,
        page("slos/exports", "at most # characters", "# 文字以内"),
    ),
    Fact(
        "kilobytes of a hand-written page",
        lambda: guides.MAX_KILOBYTES,
        page("contribute/macros", "at most # kB", "# kB まで"),
    ),
    Fact(
        "levels of a hand-written page",
        lambda: guides.MAX_LEVELS,
        page("contribute/macros", "at most # levels", "# 段まで"),
    ),
)


def minutes(percent: float, days: float) -> float:
    return slo.allowed_minutes(percent / 100, days)


def events(percent: float, count: float) -> float:
    return slo.budget(percent / 100) * count


GLOSSARY = "data/glossary.yaml"
CHECK_A = "data/checklists/production-readiness-a.yaml"
REQUIREMENT = "data/quick-wins/first-requirement.yaml"

SUMS = (
    Sum(CHECK_A, "# % over # days leaves # minutes", minutes),
    Sum(CHECK_A, "# 日で # % なら残りは # 分", lambda days, percent: minutes(percent, days)),
    Sum(CUJ, "# % over a rolling window of # days is # minutes of full outage", minutes),
    Sum(CUJ, "ローリングウィンドウ # 日の # % は全面停止 # 分", lambda days, percent: minutes(percent, days)),
    Sum(CUJ, "# % over a rolling[^,]*, or # events in 1,000", lambda percent: events(percent, 1000)),
    Sum(CUJ, "28 日の # % は全面停止[^、]*、または 1,000 件中 # 件", lambda percent: events(percent, 1000)),
    Sum(CUJ, "# % over 28 days = # of #", lambda percent, bad: bad / slo.budget(percent / 100)),
    Sum(CUJ, "# % なら 28 日で # 件中 # 件", events),
    Sum(CUJ, "# % lies between; it allows # bad reservations", lambda percent: events(percent, 39_200)),
    Sum(
        REQUIREMENT,
        "# % because it sounds good leaves the team # minutes a month",
        lambda percent: minutes(percent, 30),
    ),
    Sum(REQUIREMENT, "響きの良さで # % を選ぶと、許される停止は月に約 # 分", lambda percent: minutes(percent, 30)),
    Sum(GLOSSARY, "at # the budget of # days is gone after # hours", lambda rate, days: 24 * days / rate),
    Sum(GLOSSARY, "# が続けば # 日分を # 時間で", lambda rate, days: 24 * days / rate),
    Sum(GLOSSARY, "at # %, # of 1,000 requests", lambda percent: events(percent, 1000)),
    Sum(GLOSSARY, "# % なら 1,000 リクエストのうち # 件", lambda percent: events(percent, 1000)),
)


def number(words: str) -> float:
    """A number as it is written, in digits or in a word."""
    return WORDS[words.lower()] if words.lower() in WORDS else float(words.replace(",", ""))


def found(place: Place) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Where a pattern is said, as file and line, with its numbers. Lines may break wherever there is a blank."""
    text = (ROOT / place.file).read_text(encoding="utf-8")
    pattern = re.sub(" +", r"\\s+", place.pattern).replace("#", NUMBER)
    for match in re.finditer(pattern, text, re.MULTILINE | re.IGNORECASE):
        yield f"{place.file}:{text.count(chr(10), 0, match.start(1)) + 1}", tuple(map(number, match.groups()))


def numbers(place: Place) -> list[tuple[str, tuple[float, ...]]]:
    """All that `found` yields; raises `AssertionError` where there is none."""
    places = list(found(place))
    assert places, f"{place.file}: nothing is like {place.pattern!r}"
    return places


def disagreeing(fact: Fact) -> list[str]:
    """The places that say another number than the data, each with both."""
    if isinstance(fact.value, Place):
        (value,) = {told for _, (told,) in numbers(fact.value)}
    else:
        value = fact.value()
    return [
        f"{at}: {told:g} where {fact.what} are {value:g}"
        for place in fact.said
        for at, (told,) in numbers(place)
        if told != value
    ]


@pytest.fixture(autouse=True)
def _example() -> None:
    if shipped.handbook().organisation.illustration is None:
        pytest.skip("an organisation has numbers of its own")


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.what)
def test_a_number_that_stands_twice_is_the_same(fact: Fact) -> None:
    assert disagreeing(fact) == []


@pytest.mark.parametrize("text", SUMS, ids=lambda text: text.pattern)
def test_a_sum_in_a_text_is_right(text: Sum) -> None:
    for at, (*given, told) in numbers(Place(text.file, text.pattern)):
        decimals = 1 if told % 1 else 0
        assert round(text.result(*given), decimals) == told, at


UNITS = {"en": ("min", "h", "day", "days"), "ja": ("分", "時間", "日", "日")}
ALERTS = {"en": ("page", "ticket"), "ja": ("呼び出し", "チケット")}
TIMES = {"en": "×", "ja": " 倍"}


def length(time: timedelta, language: str) -> str:
    minute, hour, day, days = UNITS[language]
    if time < timedelta(hours=1):
        return f"{time // timedelta(minutes=1)} {minute}"
    if time < timedelta(days=1):
        return f"{time // timedelta(hours=1)} {hour}"
    return f"{time.days} {days if time.days > 1 else day}"


@pytest.mark.parametrize("language", UNITS)
def test_the_burn_rates_on_the_page_are_those_of_the_alerts(language: str) -> None:
    text = shipped.source("slos/index.md", language)
    comma = {"en": ", ", "ja": "、"}[language]
    for window in slo.WINDOWS:
        lengths = comma.join(length(time, language) for time in (window.long, window.short))
        rates = " / ".join(f"{window.factor(days):g}{TIMES[language]}" for days in (30, 28))
        alert = ALERTS[language][0 if window.pages else 1]
        assert f"| {lengths} | {window.share * 100:g} % | {rates} | {alert} |" in text


@pytest.mark.parametrize(
    ("language", "units", "joined"),
    [
        ("en", {"m": " min", "h": " h", "d": " days"}, "{}, {}, {} and {}"),
        ("ja", {"m": " 分", "h": " 時間", "d": " 日"}, "{}、{}、{}、{}"),
    ],
)
def test_the_windows_of_other_periods_on_the_page_are_those_of_the_alerts(
    language: str, units: dict[str, str], joined: str
) -> None:
    text = shipped.source("slos/index.md", language)
    for days in (7, 90):
        lengths = [slo.duration(row.long) for row in slo.rows(days)]
        assert joined.format(*(length[:-1] + units[length[-1]] for length in lengths)) in text


def test_a_number_that_differs_is_named_with_its_line_and_one_that_is_not_said_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("One\nWithin five\ndays, or within 3 days.\n", encoding="utf-8")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    told = Place("a.md", "within # days")
    assert disagreeing(Fact("days", lambda: 3, (told,))) == ["a.md:2: 5 where days are 3"]
    with pytest.raises(AssertionError, match="nothing is like"):
        disagreeing(Fact("days", told._replace(pattern="# weeks"), ()))

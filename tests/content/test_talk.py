"""What the talk behind the handbook says, idea by idea, and the page and section where the handbook says it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
import shipped
from conftest import ROOT
from web import EDITIONS, Html, read_html

SET_UPS = "team-types/"
EMBEDDED = "team-types/case-studies/caddi-embedded-ai/"
ENABLING = "team-types/case-studies/caddi-enabling-drawer/"


class Idea(NamedTuple):
    """An idea of the talk: the address where it stands, and the words that its section has in each language.

    Where the address alone says it, such as a work on the reading list, no words are asked for.
    """

    what: str
    address: str
    words: Mapping[str, tuple[str, ...]]


def idea(what: str, address: str, en: tuple[str, ...], ja: tuple[str, ...]) -> Idea:
    return Idea(what, address, {"en": en, "ja": ja})


IDEAS = (
    idea(
        "it opens with a survey board's question, which has three answers",
        f"{SET_UPS}#top",
        ("Which SRE type are you?", "SRE NEXT 2023", "Embedded SRE", "Enabling SRE", "Platform"),
        ("どのタイプ", "SRE NEXT 2023", "Embedded SRE", "Enabling SRE", "Platform"),
    ),
    idea(
        "the question leads into the chooser",
        f"{SET_UPS}choose/#top",
        ("Which SRE type are you?",),
        ("どのタイプ",),
    ),
    idea(
        "one engineer held two of the types in one company",
        f"{SET_UPS}#two-cases",
        ("same engineer in one company",),
        ("同じエンジニアが 1 つの会社で",),
    ),
    # The first case
    idea("an MLOps engineer's second hat", f"{EMBEDDED}#setting", ("MLOps", "second hat"), ("MLOps", "兼務")),
    idea(
        "every team of the start-up named one, since some work got little attention",
        f"{EMBEDDED}#setting",
        ("start-up", "non-functional requirements and infrastructure"),
        ("スタートアップ", "非機能要件やインフラ"),
    ),
    idea(
        "the role carries the platform side's rules into the team",
        f"{EMBEDDED}#setting",
        ("policies and guidelines",),
        ("ポリシーやガイドライン",),
    ),
    idea(
        "performance targets were defined",
        f"{EMBEDDED}#done",
        ("Performance targets",),
        ("性能目標を非機能要件として",),
    ),
    idea("they were monitored", f"{EMBEDDED}#done", ("Monitoring",), ("監視の整備",)),
    idea("the team had one contact", f"{EMBEDDED}#done", ("contact",), ("窓口を 1 人",)),
    idea("playbooks were left undone", f"{EMBEDDED}#left-undone", ("Emergency playbooks",), ("緊急時のプレイブック",)),
    idea("so was instrumentation", f"{EMBEDDED}#left-undone", ("driving instrumentation",), ("計装の推進",)),
    idea(
        "reason 1: little knowledge of SRE",
        f"{EMBEDDED}#left-undone",
        ("little knowledge of what SRE is responsible for",),
        ("SRE の責務についての知識",),
    ),
    idea(
        "reason 2: what, in which order and for what purpose was not concrete",
        f"{EMBEDDED}#left-undone",
        ("in which order and for what purpose was never made concrete",),
        ("何をどの順に何のために", "具体化していなかった"),
    ),
    idea(
        "reason 3: no visible problem",
        f"{EMBEDDED}#left-undone",
        ("no visible reliability problem yet",),
        ("信頼性の問題がまだ見えていなかった",),
    ),
    # The second case
    idea("a dedicated team for a product", f"{ENABLING}#setting", ("dedicated SRE team",), ("専任の SRE チーム",)),
    idea(
        "teams around it work in a microservice fashion",
        f"{ENABLING}#setting",
        ("microservice fashion", "search", "asynchronous drawing processing"),
        ("マイクロサービス", "検索", "非同期処理"),
    ),
    idea(
        "it started about half a year after launch",
        f"{ENABLING}#setting",
        ("about half a year after its launch", "ten months"),
        ("約半年後", "10 か月後"),
    ),
    idea(
        "early work",
        f"{ENABLING}#done",
        ("Infrastructure updates", "service accounts", "cost dashboard"),
        ("インフラの更新", "サービスアカウントの整理", "コストのダッシュボード"),
    ),
    idea("a link to the platform side", f"{ENABLING}#done", ("link between",), ("橋渡し",)),
    idea(
        "approachable practices, after reading the books",
        f"{ENABLING}#done",
        ("SRE books", "approachable practices", "incidents and on-call"),
        ("SRE 本", "取り組みやすいプラクティス", "インシデント対応とオンコール"),
    ),
    idea(
        "few people, many conversations",
        f"{ENABLING}#done",
        ("because the SRE team was small",),
        ("少人数だからこそ",),
    ),
    idea(
        "quick wins: small and visible",
        f"{ENABLING}#worked",
        ("Small, visible results",),
        ("小さくても目に見える成果",),
    ),
    idea("trust savings", f"{ENABLING}#worked", ("trust savings",), ("信頼貯金",)),
    idea(
        "after a year, problems are seen per team and per component",
        f"{ENABLING}#worked",
        ("per team and per component",),
        ("チーム別・コンポーネント別",),
    ),
    idea(
        "what comes next",
        f"{ENABLING}#left-undone",
        ("new products", "SLOs", "incident investigations"),
        ("新規プロダクト", "SLI/SLO", "インシデント調査"),
    ),
    # The lessons
    idea(
        "embed when a team's own problems have become visible",
        f"{EMBEDDED}#lesson",
        ("when a team's own problems have become visible",),
        ("チーム固有の問題が見えてから",),
    ),
    idea(
        "enabling: people and knowledge gather",
        f"{SET_UPS}#lessons",
        ("people and knowledge gather",),
        ("人と知見が 1 つのチームに集まり",),
    ),
    idea(
        "enabling: close communication makes it work",
        f"{SET_UPS}#lessons",
        ("close communication", "engineering managers and product managers"),
        ("密なコミュニケーション", "(EM)", "PdM"),
    ),
    idea(
        "enabling: start from visible pain",
        f"{SET_UPS}#lessons",
        ("visible infrastructure and non-functional problems, then approachable practices",),
        ("すでに見えているインフラと非機能要件の困りごと、続いて取り組みやすいプラクティス",),
    ),
    idea("enabling: a standing team", f"{SET_UPS}#lessons", ("standing team",), ("常設チーム",)),
    idea("embedded: works from inside", f"{SET_UPS}#lessons", ("from inside",), ("チームの中から",)),
    idea(
        "embedded: work and goals are concrete before it",
        f"{SET_UPS}#lessons",
        ("work and goals made concrete before",),
        ("仕事と目標の具体化",),
    ),
    idea(
        "embedded: start from a visible problem",
        f"{SET_UPS}#lessons",
        ("visible problem", "a performance bottleneck, the missing playbooks"),
        ("問題が見えている場合", "性能のボトルネックの調査と改善、不足しているプレイブックの整備"),
    ),
    idea(
        "embedded: flat start",
        f"{SET_UPS}#lessons",
        (
            "Flat start",
            "discussion of user journeys",
            "monitoring and instrumentation",
            "habit of looking at dashboards",
        ),
        ("フラットな状態からのスタート", "CUJ の議論", "監視と計装の強化", "ダッシュボードを見る習慣"),
    ),
    idea(
        "embedded: also as a temporary dispatch",
        f"{SET_UPS}#dispatch",
        ("Temporary dispatch",),
        ("一時的な派遣",),
    ),
    idea(
        "roles and goals are thought through",
        f"{SET_UPS}#lessons",
        ("positions and teams with their role and goals thought through",),
        ("役割と目標を考えたうえで",),
    ),
    # What it refers to
    idea("the SRE books", "reading/#reading-sre-book", (), ()),
    idea("the article on embedded SRE at Mercari", "reading/#reading-embedded-sre-at-mercari", (), ()),
    idea("the note on types of SRE teams", "reading/#reading-types-of-sre-teams", (), ()),
    idea("the start of the SRE team in the company's blog", "reading/#reading-caddi-sre-team-started", (), ()),
)


@pytest.mark.parametrize("language", EDITIONS)
def test_every_idea_of_the_talk_stands_on_its_page(language: str, shipped_site: Path) -> None:
    if shipped.handbook().organisation.illustration is None:
        pytest.skip("an organisation may take shared pages away")
    pages: dict[str, Html] = {}
    missing = []
    for told in IDEAS:
        address, _, anchor = told.address.partition("#")
        if address not in pages:
            pages[address] = read_html(shipped_site / EDITIONS[language] / address / "index.html")
        said = " ".join(shipped.section(pages[address], anchor).split())
        missing += [f"{told.address}: {told.what}: {words!r}" for words in told.words[language] if words not in said]
    assert missing == []


def test_the_talk_is_cited_by_its_slides_before_its_event() -> None:
    """On pages as in data: whoever names the event page has named the slides before it."""
    slides, event = "speakerdeck.com/daigo0927/1nian-sre", "yuru-sre.connpass.com/event/312943"
    files = [*shipped.DATA.rglob("*.yaml"), *shipped.DOCS.rglob("*.md")]
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    wrong = [
        str(path) for path, text in texts.items() if event in text and not -1 < text.find(slides) < text.find(event)
    ]
    assert wrong == []


PRODUCT = "drawer"
"""A real product, of the company that the talk is about; the example's own is invented."""

CITING = {
    "data/case-studies/caddi-enabling-drawer.yaml",
    "docs/overrides/partials/header.html",  # the theme's name for its menu
    "tests/content/test_talk.py",
    "tests/search/queries.yaml",
}


def test_the_talks_product_is_named_where_the_talk_is_cited_alone() -> None:
    if shipped.handbook().organisation.illustration is None:
        pytest.skip("an organisation may have one of this name")
    files = [path for folder in ("data", "docs", "macros", "tests") for path in (ROOT / folder).rglob("*")]
    kept = [path for path in files if path.is_file() and not {"node_modules", "__pycache__"} & {*path.parts}]
    naming = {path.relative_to(ROOT).as_posix() for path in kept if PRODUCT.encode() in path.read_bytes().lower()}
    assert naming == CITING

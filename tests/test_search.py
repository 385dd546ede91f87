"""What the search makes of pages and of names, and that the browser makes the same of what is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Content, make_handbook
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page
from web import Element, Html

from macros.site import search
from macros.site.search import Document

ON_CALL = "on_call: {rota: 'https://pager.example.com', hours: Always}\n"

FILES: dict[str, Content] = {
    "glossary.yaml": (
        "terms:\n"
        "- {id: slo, name: {en: service level objective, ja: サービスレベル目標}, acronym: SLO, definition: A target,\n"
        "   synonyms: {en: [target], ja: [目標値]}}\n"
        "- {id: playbook, name: {en: playbook, ja: プレイブック}, definition: Steps,\n"
        "   synonyms: {en: [runbook], ja: [手順書]}}\n"
    ),
    "teams/payments/team.yaml": (
        f'name: {{en: Payments, ja: 決済}}\nchannel: "#payments"\n{ON_CALL}'
        "also_called: {en: [Cash desk], ja: [会計]}\n"
    ),
    "teams/payments/services/till-api.yaml": "name: {en: Till API, ja: レジAPI}\nsummary: S\n",
    "teams/payments/playbooks/till-down.yaml": (
        "name: {en: The till is down, ja: レジが動かない}\nservice: till-api\nalerts: [TillDown]\n"
        "symptoms: [{en: Nothing is printed, ja: 印刷されない}]\n"
        "diagnosis: [{do: D, command: c, expect: E}]\nmitigation: [{do: M}]\n"
    ),
    "teams/payments/alerts/a.yml": (
        "groups:\n- name: g\n  rules:\n  - {alert: TillDown, expr: up == 0, for: 5m, labels: {severity: page}}\n"
    ),
    "teams/payments/checklists/opening.yaml": (
        "name: {en: Opening, ja: 開店}\npurpose: P\nuse_when: U\naudience: A\nstyle: do-confirm\nowner: O\n"
        "sections: [{id: first, name: First, items: [{id: light, do: Light on}]}]\n"
    ),
}


@pytest.fixture
def names(tmp_path: Path) -> dict[str, tuple[str, ...]]:
    return dict(search.names(make_handbook(tmp_path, FILES)))


def document(html: str = "", **more: object) -> Document:
    values = {
        "address": "a/",
        "title": "T",
        "section": "S",
        "description": "D",
        "html": search.searched(html),
        **more,
    }
    return Document(**values)  # type: ignore[arg-type]


def made(document: Document, common: frozenset[str] = frozenset()) -> Html:
    return Html(search.page(document, common))


def weighed(document: Document) -> dict[str, str]:
    """The parts of a document by their weight; the two of one weight as one."""
    found: dict[str, str] = {}
    for it in made(document).elements:
        if weight := it.attributes.get("data-pagefind-weight"):
            found[weight] = f"{found.get(weight, '')} {it.text}".strip()
    return found


def meta(document: Document) -> dict[str, str]:
    shown: list[Element] = [it for it in made(document).elements if "data-pagefind-meta" in it.attributes]
    return {it["data-pagefind-meta"].removesuffix("[data-m]"): it["data-m"] for it in shown}


# Words


@pytest.mark.parametrize(
    ("run", "expected"),
    [("", []), ("目", ["目"]), ("目標", ["目標"]), ("目標値", ["目標", "標値"]), ("ーーー", ["ーー", "ーー"])],
)
def test_a_run_is_its_overlapping_pairs(run: str, expected: list[str]) -> None:
    assert list(search.pairs(run)) == expected


def test_every_character_of_a_pair_counts_in_its_code() -> None:
    codes = {search.code(it) for it in ("ドー", "トー", "ド", "ト", "ーー", "目標", "標目")}
    assert len(codes) == 7
    assert all(it.isascii() and it.isalnum() and it.islower() for it in codes)


def test_no_number_is_the_beginning_of_a_code() -> None:
    assert not search.code("目標")[0].isdigit()
    assert not search.name_code("slo")[0].isdigit()


def test_japanese_is_cut_apart_and_all_else_is_left_alone() -> None:
    html = '<a href="/目標/" title="目標値">SLO目標と<b>error</b></a>'
    codes = [search.code(it) for it in ("目標", "と")]
    assert search.apart(html) == f'<a href="/目標/" title="目標値">SLO {codes[0]}  {codes[1]} <b>error</b></a>'
    assert search.apart("ﾊﾞｼﾞ ＳＬＯ ＜b＞").split() == [search.code("バジ"), "SLO", "＜b＞"]
    assert search.apart("plain &amp; English") == "plain &amp; English"


def test_a_pair_never_crosses_from_one_script_to_another() -> None:
    assert search.apart("目標バジェットです").split() == [
        search.code(it) for it in ("目標", "バジ", "ジェ", "ェッ", "ット", "です")
    ]


def test_a_kanji_that_stands_alone_is_written_with_its_ending_too() -> None:
    assert search.apart("引き継ぎ書").split() == [
        search.code(it) for it in ("引", "引き", "き", "継", "継ぎ", "ぎ", "書")
    ]
    assert search.apart("目標が").split() == [search.code(it) for it in ("目標", "が")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Error   Budget ", "error budget"),
        ("Ｚｕｋｕｒａ", "zukura"),
        ("ﾊﾞｼﾞｪｯﾄ", "バジェット"),
        ("検索 API", "検索api"),
        ("クリティカル・ユーザー・ジャーニー", "クリティカルユーザージャーニー"),
        ("#team-search", "team search"),
        ("bulk_upload", "bulk_upload"),
        ("!?", ""),
    ],
)
def test_names_are_compared_in_one_width_and_case_and_without_marks(text: str, expected: str) -> None:
    assert search.plain(text) == expected


NAMES = [
    "ZukuraUploadErrors", "error budget", "SRE本", "検索 API", "Ｚｕｋｕｒａ", "ﾊﾞｼﾞｪｯﾄ", "#team-search", "o'clock",
    "İstanbul", "straße", "naïve café", "クリティカル・ユーザー・ジャーニー", "🚀 launch", "a_b", "½", "𠮷野家", "",
    " ", "一\u3000二", "x\u00a0y",
]  # fmt: skip


def test_the_browser_knows_a_name_by_the_code_that_the_index_has(open_page: Callable[..., Page]) -> None:
    found = open_page("").evaluate(
        """async (names) => {
          const { nameLookUp, normal } = await import("/assets/js/search-query.js");
          return names.map((it) => [normal(it), nameLookUp(it)]);
        }""",
        NAMES,
    )
    plain = [search.plain(it) for it in NAMES]
    assert found == [[it, f'"{search.name_code(it)}"'] for it in plain]


@given(st.text())
def test_the_code_of_a_name_is_one_word(name: str) -> None:
    assert search.name_code(name).isalnum()
    assert len(search.name_code(name)) == 12


# Names of pages


def test_an_entity_is_called_by_its_names_in_both_languages_its_id_and_what_people_say(
    names: dict[str, tuple[str, ...]],
) -> None:
    assert names["services/till-api/"] == ("Till API", "レジAPI", "till api")
    assert {"Payments", "決済", "payments", "Cash desk", "会計", "Payments team", "決済 チーム"} == set(
        names["teams/payments/"]
    )


def test_a_playbook_is_called_by_its_alerts_and_by_what_users_say(names: dict[str, tuple[str, ...]]) -> None:
    called = names["playbooks/till-down/"]
    assert called[:3] == ("The till is down", "レジが動かない", "till down")
    assert {"TillDown", "Nothing is printed", "印刷されない"} <= {*called}


def test_a_list_of_a_team_is_called_by_both(names: dict[str, tuple[str, ...]]) -> None:
    called = names["teams/payments/checklists/opening/"]
    assert {"Payments Opening", "決済 開店", "Payments 開店"} <= {*called}


def test_the_page_for_whoever_is_on_call_is_called_by_the_team_and_the_question(
    names: dict[str, tuple[str, ...]],
) -> None:
    assert {"Payments on call", "決済 当番"} <= {*names["teams/payments/on-call/"]}


def test_the_glossary_is_called_by_every_term(names: dict[str, tuple[str, ...]]) -> None:
    assert names["glossary/"] == ("SLO", "service level objective", "サービスレベル目標", "playbook", "プレイブック")


def test_a_text_is_found_by_every_name_of_the_terms_that_it_names(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, FILES)
    every = ("service level objective", "SLO", "target", "サービスレベル目標", "目標値")
    assert search.synonyms_within(handbook, "The SLOs of Till") == every
    assert search.synonyms_within(handbook, "ＳＬＯ") == every
    assert search.synonyms_within(handbook, "targeted slots") == ()
    assert set(search.synonyms_within(handbook, "the runbook's SLO")) == {
        *every,
        "playbook",
        "runbook",
        "プレイブック",
        "手順書",
    }
    assert "runbook" in search.synonyms_within(handbook, "新しい手順書です")


def test_a_term_is_found_as_its_name_is_read(tmp_path: Path) -> None:
    term = "terms: [{id: goal, name: {en: goal, ja: 目標}, yomi: もくひょう, definition: D}]\n"
    handbook = make_handbook(tmp_path, {"glossary.yaml": term})
    assert "もくひょう" in search.synonyms(handbook, "目標")
    assert search.names(handbook)["glossary/"] == ("goal", "目標")


def test_only_a_whole_name_is_the_name_of_a_term(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, FILES)
    assert "playbook" in search.synonyms(handbook, "Runbook")
    assert search.synonyms(handbook, "runbook for tills") == ()


# The page that Pagefind reads

HOSTILE = "\"><script>alert(1)</script><!-- & ' 目標"


def test_hostile_text_stays_text() -> None:
    odd = document(title=HOSTILE, section=HOSTILE, description=HOSTILE, names=(HOSTILE,), words=(HOSTILE,))
    page = made(odd)
    assert {it.tag for it in page.elements} == {"html", "body", "i", "div"}
    assert [meta(odd)[it] for it in ("title", "section", "description")] == [HOSTILE] * 3
    assert meta(odd)["names"] == search.plain(HOSTILE)
    parts = weighed(odd)
    shown = HOSTILE.replace("目標", search.code("目標"))
    for weight in ("10", "7", "3"):
        assert shown.replace(" ", "") in parts[weight].replace(" ", "") or search.plain(HOSTILE)[:10] in parts[weight]
    assert shown in " ".join(parts["10"].split())


def test_what_is_shown_stands_as_it_is_and_what_is_searched_is_cut_apart() -> None:
    page = document("<p>本文</p>", title="目標", section="章", description="説明", names=("名前",), words=("言葉",))
    assert meta(page) == {"title": "目標", "section": "章", "description": "説明", "names": "名前"}
    parts = weighed(page)
    assert parts["10"] == search.code("目標")
    assert parts["7"].split() == [search.code("名前"), "·", search.code("言葉")]
    assert parts["3"] == search.code("説明")
    assert parts["1"].split() == [
        search.name_code("目標"), search.name_code("名前"), search.SHARED, search.code("本文")
    ]  # fmt: skip


def test_a_name_of_humps_is_found_in_one_word_and_in_several() -> None:
    page = document(names=("TillDown",))
    assert meta(page)["names"] == "tilldown · till down"
    assert {search.name_code("tilldown"), search.name_code("till down")} <= {*weighed(page)["1"].split()}


def test_scripts_styles_pictures_forms_the_title_and_the_links_of_headings_are_left_out() -> None:
    html = (
        '<h1 id=\'t\'>Once</h1><h2>Kept<a class="headerlink" href="#">¶</a></h2><h1>again</h1>'
        "<script>let a;</script><style>b {}</style><svg><text>c</text></svg><form><label>d</label></form><p>end</p>"
    )
    text = " ".join(weighed(document(html)).values())
    for gone in ("Once", "¶", "let a", "b {}", "<text>", "label"):
        assert gone not in text
    for kept in ("Kept", "again", "end"):
        assert kept in text


def weights(document: Document) -> list[str]:
    return [it["data-pagefind-weight"] for it in made(document).elements if "data-pagefind-weight" in it.attributes]


def test_titles_and_names_weigh_more_than_headings_and_these_more_than_text() -> None:
    html = '<h2 id="a">A</h2><p>b</p><h3>C</h3>'
    assert weights(document(html)) == ["10", "7", "3", "1", "1", "2", "2"]


def test_a_weight_is_for_what_stands_below_the_title_and_an_echo_weighs_less_in_all() -> None:
    assert weights(document("<h2>A</h2>", weight=0.3)) == ["10", "7", "3", "1", "0.3", "0.6"]
    assert weights(document("<h2>A</h2>", echoes=True)) == ["5", "3.5", "1.5", "0.5", "0.5", "1"]


# What stands on too many pages


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MANY", 2)


def words_of(document: Document, common: frozenset[str]) -> str:
    return " ".join(it.text for it in made(document, common).all("div"))


@pytest.mark.usefixtures("many")
def test_words_and_pairs_on_more_than_many_pages_are_common() -> None:
    html = [
        "<p title='often'>Often 目標値 often 99.5 SEV-1 9</p>",
        "<p>often &often; 目標 sev-1 (99)</p>",
        "<p>OFTEN, 目標 twice Sev-1: 99%</p>",
        "<p>twice a_99 sev</p>",
    ]
    *_, common = search.vocabulary(document(it, title="", description="") for it in html)
    assert common == {"often", "目標", "sev-1", "99"}


def test_the_text_of_a_teams_page_goes_without_common_words_and_its_title_keeps_them() -> None:
    common = frozenset({"often", "目標"})
    html = '<h2 title="often">Often</h2> <p>Often-seen often_used oftener &amp; often 目標値</p>'
    page = document(html, address="services/till/", title="Often 目標", description="often")
    text = words_of(page, common)
    assert text.lower().split().count("often") == 2
    assert "Often-seen often_used oftener &" in text
    assert search.code("標値") in text
    assert text.split().count(search.code("目標")) == 1
    shared = words_of(document(html, address="slos/"), common)
    assert shared.lower().split().count("often") == 2
    assert search.code("目標") in shared


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("teams/", False),
        ("teams/zukura/", True),
        ("teams/zukura/on-call/", True),
        ("playbooks/", False),
        ("playbooks/uploads-fail/", True),
        ("playbooks/templates/", False),
        ("playbooks/templates/alert/", False),
        ("go/", False),
        ("go/TillDown/", True),
        ("services/till/", True),
        ("journeys/pay/", True),
        ("slos/", False),
        ("", False),
        ("checklists/go/", False),
    ],
)
def test_a_page_is_of_a_team_or_of_everybody(address: str, expected: bool) -> None:
    page = document(address=address)
    assert page.is_of_a_team == expected
    assert (search.SHARED in search.page(page)) == (not expected)


def test_the_browser_asks_for_what_teams_share_by_the_word_that_they_have(open_page: Callable[..., Page]) -> None:
    asked = open_page("").evaluate("async () => (await import('/assets/js/search-query.js')).SHARED")
    assert asked == f'"{search.SHARED}"'


# The vocabulary


def test_the_pairs_that_few_pages_have_come_first() -> None:
    _, pairs, _ = search.vocabulary([document("<p>目標 目標 図面 図面</p>"), document("<p>目標</p>", title="T")])
    assert pairs == ["図面", "目標"]


def test_a_text_has_a_pair_no_more_than_twice_in_the_index_beside_its_headings() -> None:
    html = search.page(document("<h2>図面</h2><p title='図面'>図面、図面と図面。SLO SLO SLO</p>", title="図面"))
    before, _, body = html.partition('<div id=""')
    heading, _, text = body.partition("</h2>")
    assert text.count(search.code("図面")) == search.OFTEN == 2
    assert text.count("SLO") == 3
    assert search.code("図面") in heading
    assert search.code("図面") in before


def test_the_vocabulary_is_longer_words_and_all_pairs_sorted() -> None:
    words, pairs, _ = search.vocabulary(
        [
            document(
                "<p title='attribute'>Alert SLO 目標値 アラート <b>ア</b></p>", title="KubeNode", description="説明"
            ),
            document(names=("ＥＲＲＯＲ",), words=("ﾊﾞｼﾞｪｯﾄ",), title="T", description="alert"),
        ]
    )
    assert words == ["alert", "error", "kube", "node", "アラート", "バジェット"]
    assert pairs == sorted(["アラ", "ラー", "ート", "目標", "標値", "説明", "バジ", "ジェ", "ェッ", "ット"])

"""The glossary: its order in each language, its terms explained where they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import golden_site, make_handbook
from hypothesis import given, settings
from hypothesis import strategies as st
from web import Html

from macros.handbook import glossary
from macros.handbook.glossary import Explainer
from macros.model.references import TermRef
from macros.model.values import LANGUAGES
from macros.site import page_macros

each_language = pytest.mark.parametrize("language", LANGUAGES)


def terms(*lines: str) -> dict[str, str | bytes | None]:
    """A glossary, a term a line. Each gets its first word as its id, and a definition."""
    written = "".join(
        f"  - {{id: {id}, definition: About {id}, {rest}}}\n" for id, _, rest in (it.partition(" ") for it in lines)
    )
    return {"glossary.yaml": f"terms:\n{written}"}


def explained(folder: Path, html: str, *lines: str, language: str = "en") -> str:
    """A page with the terms explained, each explanation written as `[words|id]`."""
    made = Explainer(make_handbook(folder, terms(*lines)), language).explain(html)
    return re.sub(r'<abbr class="term" tabindex="0" title="[^"]*: About ([^"]*)">(.*?)</abbr>', r"[\2|\1]", made)


# Order and names


def test_english_terms_come_by_letter_and_what_begins_with_none_first(tmp_path: Path) -> None:
    names = {"beta": "beta", "alpha": "Alpha", "apex": "apex", "five": "5xx", "b-two": "Beta", "japanese": "{ja: 用語}"}
    handbook = make_handbook(tmp_path, terms(*(f"{id} name: {name}" for id, name in names.items())))
    assert [(id, name, [term.id for term in found]) for id, name, found in glossary.groups(handbook, "en")] == [
        ("letter-other", "0–9", ["five", "japanese"]),
        ("letter-a", "A", ["alpha", "apex"]),
        ("letter-b", "B", ["b-two", "beta"]),
    ]


def test_japanese_terms_come_by_the_rows_of_the_kana_and_latin_ones_last(tmp_path: Path) -> None:
    names = {
        "wa": "{ja: 輪}, yomi: わ",
        "da": "{ja: データ}",
        "ta": "{ja: 多}, yomi: た",
        "vu": "{ja: ヴァイオリン}",
        "half": "{ja: ｶﾅ}",
        "i": "{ja: 胃}, yomi: イ",
        "pa": "{ja: パ}",
        "latin": "{ja: SRE}",
        "english": "{en: alert}",
    }
    handbook = make_handbook(tmp_path, terms(*(f"{id} name: {name}" for id, name in names.items())))
    assert [(id, name, [term.id for term in found]) for id, name, found in glossary.groups(handbook, "ja")] == [
        ("row-a", "あ", ["i", "vu"]),
        ("row-ka", "か", ["half"]),
        ("row-ta", "た", ["ta", "da"]),
        ("row-ha", "は", ["pa"]),
        ("row-wa", "わ", ["wa"]),
        ("row-other", "A–Z", ["english", "latin"]),
    ]


def test_a_term_has_its_names_in_one_language_each_once(tmp_path: Path) -> None:
    line = "a name: {en: SLO, ja: 目標}, acronym: SLO, synonyms: {en: [target, SLO], ja: [目標値]}"
    (term,) = make_handbook(tmp_path, terms(line)).terms
    assert glossary.names(term, "en") == ("SLO", "target")
    assert glossary.names(term, "ja") == ("目標", "SLO", "目標値")
    assert glossary.synonyms(term, "ja") == ("目標値",)


def test_a_term_has_no_name_in_a_language_that_it_has_none_in(tmp_path: Path) -> None:
    (term,) = make_handbook(tmp_path, terms("a name: {en: target}")).terms
    assert glossary.names(term, "ja") == ()
    assert glossary.synonyms(term, "ja") == ()


def test_a_term_is_got_by_its_reference(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path, terms("a name: A", "b name: B, see_also: [a]"))
    first, second = handbook.terms
    assert handbook.term(TermRef("b")) is second
    assert [(it.entity.path, it.location) for it in handbook.linked_from(first)] == [
        ("data/glossary.yaml", ("terms", 1, "see_also", 0))
    ]


def test_without_a_glossary_there_is_no_term_and_nothing_is_explained(tmp_path: Path) -> None:
    handbook = make_handbook(tmp_path)
    assert handbook.terms == ()
    assert glossary.groups(handbook, "en") == []
    assert Explainer(handbook, "en").explain("<p>SLO</p>") == "<p>SLO</p>"


# Terms on a page

SLO = (
    "slo name: {en: service level objective, ja: サービスレベル目標}, acronym: SLO, "
    "synonyms: {en: [target, DSLO], ja: [目標, ESLO]}"
)
BUDGET = "budget name: {en: budget, ja: バジェット}"
ERROR_BUDGET = "error-budget name: {en: error budget, ja: エラーバジェット}"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>An SLO.</p>", "<p>An [SLO|slo].</p>", id="an acronym"),
        pytest.param(
            "<p>An slo, a Slo.</p>", "<p>An slo, a Slo.</p>", id="an acronym in other letters is another word"
        ),
        pytest.param("<p>Service Level Objective</p>", "<p>[Service Level Objective|slo]</p>", id="a name in any case"),
        pytest.param("<p>SLO, SLO</p><p>SLO</p>", "<p>[SLO|slo], SLO</p><p>SLO</p>", id="only where it first stands"),
        pytest.param(
            "<p>a service level objective, SLO</p>",
            "<p>a [service level objective|slo], SLO</p>",
            id="by whichever name comes first",
        ),
        pytest.param("<p>DSLO, SLO</p>", "<p>[DSLO|slo], SLO</p>", id="a synonym that is an acronym"),
        pytest.param("<p>a target, an ESLO</p>", "<p>a target, an ESLO</p>", id="no other synonym"),
        pytest.param("<p>SLOs and budgets</p>", "<p>[SLOs|slo] and [budgets|budget]</p>", id="a plural"),
        pytest.param("<p>SLOss, rebudget, budget-like</p>", "<p>SLOss, rebudget, budget-like</p>", id="parts of words"),
        pytest.param("<p>(SLO)/“budget”</p>", "<p>([SLO|slo])/“[budget|budget]”</p>", id="between signs"),
        pytest.param("<p>のSLOを</p>", "<p>の[SLO|slo]を</p>", id="between Japanese"),
        pytest.param("SLO", "[SLO|slo]", id="the whole text"),
        pytest.param("<p>error budget</p>", "<p>[error budget|error-budget]</p>", id="the longest name"),
        pytest.param(
            "<p>error budget, budget</p>", "<p>[error budget|error-budget], [budget|budget]</p>", id="both, apart"
        ),
        pytest.param(
            "<p>budget, error budget</p>", "<p>[budget|budget], [error budget|error-budget]</p>", id="both, turned"
        ),
        pytest.param(
            '<p title="SLO" data-x="SLO">SLO</p>', '<p title="SLO" data-x="SLO">[SLO|slo]</p>', id="attributes"
        ),
        pytest.param("<p><!-- SLO --> SLO</p>", "<p><!-- SLO --> [SLO|slo]</p>", id="comments"),
        pytest.param("<p><em>SL</em>O</p>", "<p><em>SL</em>O</p>", id="not across tags"),
        pytest.param("<p>error <em>budget</em></p>", "<p>error <em>[budget|budget]</em></p>", id="inside of tags"),
        pytest.param("<p>R&amp;D &lt;SLO&gt;</p>", "<p>[R&amp;D|r-and-d] &lt;[SLO|slo]&gt;</p>", id="escaped letters"),
    ],
)
def test_a_term_is_explained_where_it_first_stands(html: str, expected: str, tmp_path: Path) -> None:
    assert explained(tmp_path, html, BUDGET, SLO, ERROR_BUDGET, "r-and-d name: R&D") == expected


@pytest.mark.parametrize(
    "tag",
    [
        "a",
        "abbr",
        "article",
        "button",
        "caption",
        "code",
        "h1",
        "h2",
        "h6",
        "kbd",
        "label",
        "option",
        "pre",
        "summary",
        "th",
        "title",
    ],
)
def test_terms_are_left_alone_in_headings_links_code_and_what_is_used(tag: str, tmp_path: Path) -> None:
    outer = "select" if tag == "option" else tag
    inside = f"<{outer} class='x'><span>SLO</span> <{tag}>SLO</{tag}> SLO</{outer}>"
    assert explained(tmp_path, f"<p>{inside} SLO</p>", SLO) == f"<p>{inside} [SLO|slo]</p>"


def test_a_tag_whose_name_only_begins_like_another_is_running_text(tmp_path: Path) -> None:
    html = "<address><header>SLO</header></address><aside>budget</aside>"
    assert explained(tmp_path, html, SLO, BUDGET) == (
        "<address><header>[SLO|slo]</header></address><aside>[budget|budget]</aside>"
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>信頼性を測る</p>", "<p>[信頼性|reliability]を測る</p>", id="beside kana"),
        pytest.param("<p>ESLO、目標</p>", "<p>[ESLO|slo]、目標</p>", id="a synonym that is an acronym and no other"),
        pytest.param("<p>エラーバジェットの</p>", "<p>[エラーバジェット|error-budget]の</p>", id="the longest name"),
        pytest.param("<p>バジェットの</p>", "<p>[バジェット|budget]の</p>", id="a name in katakana"),
        pytest.param(
            "<p>バジェットー、新バジェット</p>", "<p>バジェットー、新[バジェット|budget]</p>", id="not in a longer word"
        ),
        pytest.param("<p>SLOの目標</p>", "<p>[SLO|slo]の目標</p>", id="an acronym"),
        pytest.param("<p>target、error budget</p>", "<p>target、error budget</p>", id="no English names"),
    ],
)
def test_a_term_is_explained_on_a_japanese_page(html: str, expected: str, tmp_path: Path) -> None:
    reliability = "reliability name: {en: reliability, ja: 信頼性}"
    assert explained(tmp_path, html, BUDGET, SLO, ERROR_BUDGET, reliability, language="ja") == expected


@each_language
def test_a_term_without_a_name_in_the_language_of_a_page_is_not_explained_there(language: str, tmp_path: Path) -> None:
    named = {"en": "objective", "ja": "目標"}
    lines = (f"{it} name: {{{it}: {named[it]}}}" for it in LANGUAGES)
    words = "・".join(named.values())
    expected = words.replace(named[language], f"[{named[language]}|{language}]")
    assert explained(tmp_path, words, *lines, language=language) == expected


def test_an_explanation_has_the_name_the_acronym_and_the_definition_in_the_language_of_the_page(tmp_path: Path) -> None:
    texts = """name: {en: 'a "term"', ja: 用語}, definition: {en: "<b> & more", ja: 意味}"""
    handbook = make_handbook(tmp_path, {"glossary.yaml": f"terms: [{{id: a, acronym: CT, {texts}}}]"})
    assert Explainer(handbook, "en").explain("CT") == (
        '<abbr class="term" tabindex="0" title="a &#34;term&#34; (CT): &lt;b&gt; &amp; more">CT</abbr>'
    )
    assert Explainer(handbook, "ja").explain("用語") == (
        '<abbr class="term" tabindex="0" title="用語 (CT): 意味">用語</abbr>'
    )


PIECES = (
    "<p>",
    "</p>",
    "<a href='x'>",
    "</a>",
    "<code>",
    "</code>",
    "<br>",
    "<br/>",
    "SLO",
    "SLOs",
    "budget",
    "error ",
    " ",
)


@pytest.fixture(scope="module")
def many_terms(tmp_path_factory: pytest.TempPathFactory) -> Explainer:
    return Explainer(make_handbook(tmp_path_factory.mktemp("many"), terms(BUDGET, SLO, ERROR_BUDGET)), "en")


@settings(deadline=None, database=None, derandomize=True)
@given(html=st.lists(st.sampled_from(PIECES)).map("".join))
def test_explaining_changes_nothing_but_what_it_adds(html: str, many_terms: Explainer) -> None:
    made = many_terms.explain(f"<p>DSLO</p>{html}")
    assert made.startswith("<p><abbr")
    assert re.sub(r'<abbr class="term"[^>]*>(.*?)</abbr>', r"\1", made) == f"<p>DSLO</p>{html}"


# The macro


@each_language
def test_every_term_stands_once_in_the_glossary_under_its_own_anchor(language: str) -> None:
    site = golden_site(language)
    html = Html(str(page_macros.MACROS["glossary_list"](page_macros.Author(site, "glossary/"))))
    places = [it["id"] for it in html.all("div") if "data-row" in it.attributes]
    assert sorted(places) == sorted(it.id for it in site.handbook.terms)
    assert [it["id"] for it in html.all("h2")] == [id for id, _, _ in glossary.groups(site.handbook, language)]
    assert [it["href"] for it in html.all("a")] == ["#sparse-term", "#kana-term", "https://example.com/dictionary"]

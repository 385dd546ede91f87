"""The glossary as it ships: every term whole, and every acronym that a reader meets explained."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pytest
import shipped
from babel.messages.pofile import read_po
from conftest import ROOT

from macros.handbook import glossary
from macros.model.kinds import KINDS
from macros.model.reading import ReadingPath, ReadingShelf
from macros.model.values import LANGUAGES, Entity, Location, Text, walk
from macros.text import catalogue

KANA = re.compile("[ぁ-ゖァ-ヺー]+")

ACRONYM = re.compile(r"(?<![A-Za-z0-9_])([A-Z][A-Za-z0-9]*[A-Z][0-9]*)s?(?![A-Za-z0-9_])")
"""A word that begins and ends with a capital: SLO, PdM, W3C, and SLOs without its s."""

NO_WORDS = re.compile(
    r"```.*?```|`[^`\n]*`|\{\{.*?\}\}|\{%.*?%\}|<!--.*?-->|<[^<>\n]*>|\]\([^()\s]*\)|https?://\S+|%\(\w+\)s", re.DOTALL
)
"""Code, calls of macros, tags and blanks to fill in, addresses."""

NO_ACRONYMS = {
    **dict.fromkeys(("AEON", "CNCF", "GMO", "GREE", "JCB", "W3C"), "a company or another organisation"),
    **dict.fromkeys(("EDU", "ISUCON", "NEXT", "SUZURI"), "a part of the name of a programme, a contest, a site"),
    **dict.fromkeys(("CODEOWNERS", "VS"), "the name of a file, and of the editor VS Code"),
    **dict.fromkeys(("PHP", "SQS"), "the name of a language, of a product"),
    **dict.fromkeys(("BY", "CC"), "the name of a licence: CC BY"),
    **dict.fromkeys(("II", "III", "IV"), "a Roman number: a part of a book"),
    **dict.fromkeys(("GET", "POST"), "methods of HTTP, as they are written"),
    **dict.fromkeys(("IT", "PC"), "everyday words; as a name, `IT` would be every “it” that is searched for"),
    "README": "a file name in capitals",
    "CSP": "what people type who look for the Content-Security-Policy, which no page calls so",
    **dict.fromkeys(("EXERCISE", "FROST"), "a word that is shouted, the name of a flag"),
    **dict.fromkeys(
        ("COMPLETIONS", "LAST", "MAXPODS", "READY", "REPLICAS", "SCHEDULE", "SUSPEND"), "a column that a command prints"
    ),
    **dict.fromkeys(("HH", "MM"), "a place for a time: HH:MM"),
    **dict.fromkeys(
        ("BATCH", "DAY", "FLAG", "LINK", "MESSAGE", "MITIGATION", "NAME", "SEARCH", "SERVICE", "TEAM"),
        "a place for a word that the reader fills in",
    ),
}
"""Words in capitals that the glossary doesn't explain, each with what it is."""


def places() -> dict[str, str]:
    """Where each term stands: file and line, by its id."""
    (entity,) = shipped.everything("glossary")
    return {term.id: shipped.at(entity, ("terms", position)) for position, term in enumerate(shipped.handbook().terms)}


def test_every_term_has_a_name_that_says_how_it_is_read() -> None:
    assert len(places()) == len(shipped.handbook().terms) > 20
    wrong = [it.id for it in shipped.handbook().terms if not KANA.fullmatch(it.yomi or "")]
    assert [f"{places()[it]}: {it} has no `yomi` in kana" for it in wrong] == []


def test_every_term_stands_in_a_row_of_the_kana() -> None:
    rows = {id: found for id, _, found in glossary.groups(shipped.handbook(), "ja")}
    assert [f"{places()[it.id]}: {it.id}" for it in rows.get("row-other", ())] == []


def of_pages(language: str) -> Iterator[tuple[str, str]]:
    """Each line of the hand-written pages in a language, with its place."""
    for page in shipped.PAGES:
        for number, line in enumerate(NO_WORDS.sub(kept_lines, shipped.source(page, language)).splitlines(), 1):
            yield f"{shipped.file(page, language)}:{number}", line


def spoken_for() -> Iterator[Entity]:
    """The data that speaks for the handbook: what all share, and the worked example.

    An organisation's own teams write as they speak.
    """
    is_example = shipped.handbook().organisation.illustration is not None
    return shipped.everything(*KINDS) if is_example else shipped.curated()


def of_program() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each message of the program with its place and its translation, in all forms."""
    with catalogue.catalogue_path("ja").open("rb") as file:
        for message in read_po(file):
            if message.id:  # without one, it is the head of the catalogue
                place = f"macros/locale/ja/messages.po:{message.lineno}"
                english, *_ = forms(message.id)
                yield place, english, forms(message.string)


def forms(words: str | Sequence[str] | None) -> tuple[str, ...]:
    """What a message says of one and of several."""
    return (words,) if isinstance(words, str) else tuple(words or ())


def texts() -> Iterator[tuple[str, str]]:
    """Everything that a reader reads, in both languages, with its place: pages, data, words of the templates."""
    for language in LANGUAGES:
        yield from of_pages(language)
    for place, text in shipped.texts(spoken_for()):
        yield from ((place, NO_WORDS.sub(" ", words)) for words in (text.en, text.ja) if words)
    for place, english, japanese in of_program():
        yield from ((place, NO_WORDS.sub(" ", words)) for words in (english, *japanese))


def kept_lines(found: re.Match[str]) -> str:
    """What stands in the place of something that has no words: a blank, and its ends of lines."""
    return " " + "\n" * found[0].count("\n")


def test_every_acronym_is_in_the_glossary() -> None:
    names = {it for term in shipped.handbook().terms for language in LANGUAGES for it in glossary.names(term, language)}
    hyphened = re.compile("|".join(sorted(re.escape(it) for it in names if ACRONYM.search(it) and "-" in it)))
    used: dict[str, str] = {}
    for place, text in texts():
        used.update({it: place for it in ACRONYM.findall(hyphened.sub(" ", text)) if it not in used})
    assert {"SLO", "CUJ"} <= used.keys()
    unknown = used.keys() - names - NO_ACRONYMS.keys()
    assert [f"{used[it]}: {it} is in data/glossary.yaml neither a name nor an acronym" for it in sorted(unknown)] == []


class Out(NamedTuple):
    """Words that are out: how they are found, what is said instead, and why."""

    pattern: str
    instead: str
    why: str


OUT = (
    Out("当番", "オンコール、オンコール担当", "当番 is the day's duty at school; engineers are オンコール"),
    Out("人を起こ", "呼び出しになる、オンコール担当を呼び出す", "a picture where the field has a word"),
    Out("未完了の(?:項目|指摘)", "不足", "a gap isn't a mistake, nor a task that somebody began"),
    Out("ハンドブックのカバレッジ", "整備状況", "カバレッジ is a type of SLI"),
    Out("利用者", "ユーザー", "one word for one thing"),
    Out("エラー予算", "エラーバジェット", "the field's word"),
    Out("復元", "リストア (データ)、復旧 (サービス)", "two things under one word"),
    Out(r"(?<!ロールバック \()切り戻", "ロールバック。初出は「ロールバック (切り戻し)」", "one word for one thing"),
    Out("若い(?:SRE| SRE|チーム)", "立ち上げ直後の", "young isn't new"),
    Out("使いどき|終わりどき|まだ早いとき", "向いている場面、終了の条件、まだ早い場面", "words that nobody uses"),
    Out("共有(?:のリスト|コンテンツ)", "共通の", "nobody hands it round: it is the same for all"),
    Out("アクションアイテム|ポストモーテムの?アクション", "対策", "one word for one thing"),
    Out("(?<!コード|ダクト)オーナー(?!シップ)", "担当", "one word for one thing"),
    Out("測定", "計測", "one word for one thing"),
    Out("わか[るりらっれ]", "分か…", "one spelling"),
    Out("出来[るたてま]|下さい", "でき…、ください", "auxiliaries are written in kana"),
    Out(
        "(?:インターフェイス|エディタ|カウンタ|クラスタ|コントローラ|コンピュータ|サーバ|スケジューラ|センサ|ドライバ|パラメータ"
        "|フィルタ|フォルダ|ブラウザ|プロバイダ|ヘッダ|マネージャ|メンテナ|モニタ|ユーザ|リーダ|ルータ|レイテンシ|レビュア|ワーカ)"
        "(?![ーァ-ヺ])",
        "サーバー、フォルダー、レイテンシー …",
        "a long vowel is written",
    ),
    Out("[Ａ-Ｚａ-ｚ０-９（）]", "half-width letters, digits and brackets", "one width"),
    Out(
        "[ぁ-んァ-ヺー一-龠々][A-Za-z0-9]|[A-Za-z0-9%][ぁ-んァ-ヺ一-龠]",
        "a half-width blank between Japanese and letters or digits",
        "as everywhere in the handbook",
    ),
)

OUT_IN_ENGLISH = (
    Out("c[ao]mes? into being", "starts, is made", "an everyday word"),
    Out("stands? (?:with|behind|further)", "is, has", "things don't stand"),
    Out(
        r"names? nobody|whom to wake|wakes? (?:whoever|some(?:one|body)|nobody)|woken?\b",
        "has no on-call; pages on-call",
        "the role",
    ),
    Out("(?:next )?one on call", "on-call, the next on-call", "the role"),
    Out("leads? (?:to no|nowhere)|leads on", "has no; is broken; redirects", "the field's words"),
    Out("no [a-z]+ is called", "there is no …", "an everyday order of words"),
    Out("was to (?:be|end)", "was due to", "an everyday form"),
    Out("absent:", "if absent, …", "a sentence, not a label"),
    Out("blanks? (?:after|before|behind)", "a space", "a blank is a field to fill in"),
    Out("as fast as it may", "a burn rate of …", "the field's word"),
    Out("dear(?:er|est)", "more expensive, most expensive", "an everyday word"),
    Out("of no use", "needs …; doesn't help", "an everyday form"),
    Out("[a-z]+body's leave", "permission", "an everyday word"),
    Out(
        "thick communication|the spare is gone", "close communication; redundancy is lost", "word by word from Japanese"
    ),
    Out("utilis(?:es?|ed|ing)|leverag(?:e[sd]?|ing)|simply", "use; or leave it out", "it adds nothing"),
    Out(r"\d\.\d+ h\b", "3 h 45 min", "a length of time has hours and minutes"),
    Out(r"mend(?:s|ed|ing)?\b", "fix", "an everyday word"),
    Out(r"(?:what|already|that) hurts?\b", "a pain point; a problem", "the field's word"),
    Out(r"datum\b", "data, an entry, a key", "an everyday word"),
    Out(r"kept right by\b", "maintained by", "an everyday word"),
    Out(r"anew\b", "again", "an everyday word"),
    Out(r"what machines read\b", "machine-readable", "the field's word"),
    Out(r"that are it\b", "of this type", "it is clear without a pronoun"),
    Out(r"in vain\b", "without success", "an everyday form"),
)

SAID_BY_OTHERS = {
    **dict.fromkeys(("ゆるSRE勉強会", "1年 SRE をやって"), "the name of a meet-up, and of a talk there"),
    "切り戻しともいいます": "the glossary says what else a rollback is called",
    **dict.fromkeys(
        ("多くの利用者の期限", "本を削除済みの利用者", "利用者サービス"),
        "who borrows from a public library is called so",
    ),
}
"""Words that are right where they stand, each with why."""

WORDS_TO_AVOID = ("docs/contribute/style.ja.md:", "docs/contribute/style.md:")
"""The pages whose tables name what isn't to be said."""


def is_of_work(entity: Entity, location: Location) -> bool:
    """Whether a text is, or holds, the title of a work that somebody else wrote."""
    titles = isinstance(entity, ReadingShelf | ReadingPath) and not {"part", "title"}.isdisjoint(location)
    return titles or not {"source", "sources"}.isdisjoint(location)


def of_handbook(language: str) -> Iterator[tuple[str, str]]:
    """All that the pages and the data say in a language in the handbook's own words, with its place."""
    for place, line in of_pages(language):
        searched_for = re.match(r" +words: ", line)
        avoided = place.startswith(WORDS_TO_AVOID) and line.startswith("|")
        if not searched_for and not avoided:
            yield place, line
    for entity in spoken_for():
        for location, value in walk(entity):
            words = getattr(value, language) if isinstance(value, Text) else None
            if words and not is_of_work(entity, location):
                yield shipped.at(entity, location), NO_WORDS.sub(" ", words)


def japanese() -> Iterator[tuple[str, str]]:
    """All that the handbook says in Japanese in its own words, with its place."""
    yield from of_handbook("ja")
    for place, _, translations in of_program():
        yield from ((place, NO_WORDS.sub(" ", words)) for words in translations)


def english() -> Iterator[tuple[str, str]]:
    """All that the handbook says in English in its own words, with its place: messages, help and problems too."""
    yield from of_handbook("en")
    for place, words, _ in of_program():
        yield place, NO_WORDS.sub(" ", words)
    for path in sorted((ROOT / "macros").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        statements = {
            id(it.value) for it in ast.walk(tree) if isinstance(it, ast.Expr)
        }  # docstrings are for developers
        for it in ast.walk(tree):
            if isinstance(it, ast.Constant) and isinstance(it.value, str) and id(it) not in statements:
                yield f"{path.relative_to(ROOT).as_posix()}:{it.lineno}", NO_WORDS.sub(" ", it.value)


def faults(text: str, out: Sequence[Out] = OUT) -> list[str]:
    """What is wrong with a text: each word that is out, with what to say instead."""
    for said in SAID_BY_OTHERS:
        text = text.replace(said, "")
    return [f"“{found[0]}” is out: {it.instead} ({it.why})" for it in out if (found := re.search(it.pattern, text))]


def english_faults(text: str) -> list[str]:
    return faults(text, [it._replace(pattern=rf"(?i)\b(?:{it.pattern})") for it in OUT_IN_ENGLISH])


def test_japanese_says_one_thing_in_one_word() -> None:
    assert [f"{place}: {fault}" for place, text in japanese() for fault in faults(text)] == []


def test_english_has_the_words_of_the_field() -> None:
    assert [f"{place}: {fault}" for place, text in english() for fault in english_faults(text)] == []


@pytest.mark.parametrize("said", [japanese, english])
def test_pages_data_and_program_are_looked_at(said: Callable[[], Iterator[tuple[str, str]]]) -> None:
    assert {"docs", "data", "macros"} == {place.split("/")[0] for place, _ in said()}


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("次の当番", "次のオンコール担当"),
        ("人を起こすアラート", "呼び出しになるアラート"),
        ("未完了の項目", "不足"),
        ("利用者の言い方", "ユーザーの言い方"),
        ("切り戻し方法", "戻し方"),
        ("すぐに切り戻します", "ロールバック (切り戻し) は先に"),
        ("使いどき", "向いている場面"),
        ("共有のリスト", "共通のリスト"),
        ("チームのオーナー", "オーナーシップ"),
        ("サーバの設定", "サーバーレス"),
        ("メンテナ", "メンテナンス"),
        ("リーダが決める", "リーダーが決める"),
        ("毎秒20回", "毎秒 20 回"),
        ("SREの体制", "SRE の体制"),
        ("（ＳＬＯ）", "(SLO)"),
        ("誰にもわからない", "誰にも分からない"),
    ],
)
def test_words_that_are_out_are_told_from_right_ones(wrong: str, right: str) -> None:
    assert faults(wrong)
    assert faults(right) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("before a service comes into being", "before a service starts"),
        ("Names nobody on call", "has no on-call"),
        ("with the next one on call", "with the next on-call"),
        ("an alert leads to no playbook", "an alert has no playbook"),
        ("no alert is called X", "there is no alert X"),
        ("the work was to end in May", "the work was due to end in May"),
        ("its absent: none", "if absent, none"),
        ("a blank behind the colon", "a space after the colon"),
        ("the dearest resources", "the most expensive resources"),
        ("you need nobody's leave", "you don't need permission"),
        ("3.75 h in all", "3 h 45 min in all"),
        ("an alert that wakes somebody", "an alert that pages on-call"),
        ("mend the trigger", "recommend the trigger"),
        ("begin with what hurts", "begin with what it hurts to lose"),
        ("each datum has a line", "each entry has a line"),
        ("files that machines read, and what machines read", "machine-readable files"),
        ("kept right by the SRE team", "maintained by the SRE team"),
        ("start the job anew", "start the job again"),
        ("teams that are it", "teams that are items of a list"),
        ("retried in vain", "retried without success"),
    ],
)
def test_english_words_that_are_out_are_told_from_right_ones(wrong: str, right: str) -> None:
    assert english_faults(wrong)
    assert english_faults(right) == []

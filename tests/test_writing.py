"""Values as templates write them: in a language, escaped, with their markup."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import golden_site, make_site
from markupsafe import Markup, escape
from rendered import Document, written

from macros.model.organisation import Impact, RequirementState
from macros.model.values import Markdown, Text
from macros.site import writing
from macros.site.render import Edition
from macros.text.problems import Message

BOTH = Text.model_validate({"en": "Search & find", "ja": "検索"})
JAPANESE = Text.model_validate({"ja": "検索"})


@pytest.fixture
def site(tmp_path: Path) -> Edition:
    return make_site(tmp_path)


@pytest.fixture
def japanese(tmp_path: Path) -> Edition:
    return make_site(tmp_path, language="ja")


@pytest.mark.parametrize(
    ("text", "language", "html"),
    [
        (BOTH, "en", "Search &#38; find"),
        (BOTH, "ja", "検索"),
        (JAPANESE, "en", '<span lang="ja">検索</span>'),
        (JAPANESE, "ja", "検索"),
    ],
)
def test_words_in_a_language(text: Text, language: str, html: str) -> None:
    assert writing.words(text, language) == html


@pytest.mark.parametrize(("language", "lang"), [("en", ' lang="ja"'), ("ja", "")])
def test_prose_in_a_language(language: str, lang: str) -> None:
    text = Markdown.model_validate({"ja": "**検索**"})
    assert writing.prose(text, language, "") == (f'<div class="prose"{lang}>\n<p><strong>検索</strong></p>\n</div>')


def test_a_link_in_prose_leads_from_the_page_that_it_stands_on() -> None:
    text = Markdown.model_validate({"en": "[a](/services/x/#y) [b](/) [c](https://example.com/z) [d](#e)"})
    assert Document(writing.prose(text, "en", "teams/ai/")).values == [
        "prose",
        "../../services/x/#y",
        "../../",
        "https://example.com/z",
        "#e",
    ]


def test_the_head_of_a_page_is_written_for_html_and_holds_no_code() -> None:
    assert writing.head('A "b": <c> {{ d }}', "- 決済 😀") == {
        "title": "A &#34;b&#34;: &#60;c&#62; &#123;&#123; d &#125;&#125;",
        "description": "&#45; 決済 😀",
    }


@pytest.mark.parametrize(
    ("options", "more"),
    [
        ({"weight": 0.1}, {"search": {"weight": 0.1}}),
        ({"weight": 1, "echoes": False, "found": True}, {}),
        ({"echoes": True}, {"search": {"echoes": True}}),
        ({"found": False}, {"search": {"exclude": True}}),
        (
            {"weight": 0.5, "echoes": True, "found": False},
            {"search": {"weight": 0.5, "echoes": True, "exclude": True}},
        ),
        ({"toc": False}, {"hide": ["toc"]}),
    ],
)
def test_the_head_of_a_page_says_how_it_is_found_and_what_stands_beside_it(
    options: dict[str, Any], more: dict[str, Any]
) -> None:
    plain = {"title": "A", "description": "B"}
    assert writing.head("A", "B", **options) == {**plain, **more}


def table(rows: str, **values: Any) -> str:
    head = "<thead><tr><th>A &amp; B</th><th>C <b>d</b></th></tr></thead>\n"
    return writing.table("Title <", lambda: Markup(f"{head}<tbody>\n{rows}\n</tbody>"), **values)


def test_a_table_keeps_its_roles_when_it_is_laid_out_as_cards() -> None:
    html = table('<tr id="x"><th scope="row">1</th><td>2</td></tr>\n<tr><td>3</td></tr>', id="i", classes="c")
    assert html == (
        '<table role="table" id="i" class="cards-table c">\n<caption>Title &#60;</caption>'
        '<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">A &amp; B</th>'
        '<th scope="col" role="columnheader">C <b>d</b></th></tr></thead>\n'
        '<tbody role="rowgroup">\n'
        '<tr role="row" id="x"><th role="rowheader" data-label="A &#38; B" scope="row">1</th>'
        '<td role="cell" data-label="C d">2</td></tr>\n'
        '<tr role="row"><td role="cell" data-label="A &#38; B">3</td></tr>\n</tbody>\n</table>'
    )


def test_a_caption_that_is_html_is_taken_as_it_is() -> None:
    assert "<caption><b>x</b></caption>" in writing.table(Markup("<b>x</b>"), lambda: Markup("<tbody></tbody>"))


@pytest.mark.parametrize(
    ("value", "html"),
    [
        ("<b> & | *", "&#60;b&#62; &#38; &#124; &#42;"),
        (Markup("<b>"), "<b>"),
        (BOTH, "Search &#38; find"),
        (JAPANESE, '<span lang="ja">検索</span>'),
        (None, ""),
        (7, "7"),
        (date(2026, 4, 17), "2026-04-17"),
        (RequirementState.NOT_MEASURED, "not measured"),
        (Message("{name} has no <owner>", {"name": BOTH}), "Search &#38; find has no &#60;owner&#62;"),
        (
            Message("{name}, {name}: {n}", name=JAPANESE, n=2),
            ", ".join(['<span lang="ja">検索</span>'] * 2) + ": 2",
        ),
    ],
)
def test_a_value_is_written_as_what_it_is(value: Any, html: str, site: Edition) -> None:
    assert written(site, "{{ value }}", value=value) == html


@pytest.mark.parametrize(
    ("value", "html"), [(RequirementState.NOT_MEASURED, "未計測"), (Impact.HIGH, "大"), (BOTH, "検索")]
)
def test_a_value_is_written_in_the_language_of_the_edition(value: Any, html: str, japanese: Edition) -> None:
    assert written(japanese, "{{ value }}", value=value) == html


def test_markdown_is_written_as_html(site: Edition) -> None:
    text = Markdown.model_validate({"en": "**a** <b>"})
    assert written(site, "{{ value }}", value=text) == (
        '<div class="prose">\n<p><strong>a</strong> &lt;b&gt;</p>\n</div>'
    )


@pytest.mark.parametrize(
    ("template", "english", "japanese_words"),
    [
        ('{{ _("Tier") }}', "Tier", "ティア"),
        ('{{ _("tier %(tier)s", tier=1) }}', "tier 1", "ティア 1"),
        ('{{ _("named by %(team)s", team=value) }}', "named by &#60;b&#62;", None),
        ('{{ ngettext("after %(num)s minute", "after %(num)s minutes", 1) }}', "after 1 minute", None),
        ('{{ ngettext("after %(num)s minute", "after %(num)s minutes", 2) }}', "after 2 minutes", None),
        ('{{ _("Write `a: b` here") }}', "Write <code>a: b</code> here", None),
    ],
)
def test_the_words_of_templates_are_translated_and_their_gaps_escaped(
    template: str, english: str, japanese_words: str | None, site: Edition, japanese: Edition
) -> None:
    assert written(site, template, value="<b>") == english
    if japanese_words:
        assert written(japanese, template) == japanese_words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.432, "25.9 s"),
        (1, "1 min"),
        (40.32, "40.3 min"),
        (119, "119 min"),
        (120, "2 h"),
        (225, "3 h 45 min"),
        (300.4, "5 h"),
        (2879, "47 h 59 min"),
        (2879.7, "48 h"),
        (2880, "2 days"),
        (5256, "3.65 days"),
    ],
)
def test_a_length_of_time_has_the_unit_that_reads_best(minutes: float, words: str) -> None:
    assert str(writing.length(minutes)) == words


@pytest.mark.parametrize("text", ['- what: "Rest: at last"', "a\n\n\tb", "# <b> *x* `y` {{ z }}", "10. item"])
def test_code_is_shown_as_it_is(text: str) -> None:
    template = '{% import "partials.html.j2" as ui with context %}{{ ui.code(text) }}{{ ui.command(text) }}'
    html = written(golden_site("en"), template, text=text)
    assert re.findall("<code>(.*?)</code>", html, re.S) == [str(escape(text))] * 2

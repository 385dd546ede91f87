"""Words from the data stay words: in Markdown, in HTML, in an attribute."""

from __future__ import annotations

import random
import re
import string

import pytest
from markupsafe import Markup
from rendered import Document, plain, to_html
from rows import each

from macros.text import markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<b>bold</b> & <!-- comment --> <?pi?>",
    "a lone < and a lone > and &",
    "&amp; &lt; &#60; &copy;",
    "{{ config }} {% raw %} {# comment #}",
    "a | b | c",
    "|a|",
    "`code` ``more``",
    "```",
    "~~~ python",
    "**bold** __bold__ *it* _it_ ***both***",
    "_a_ snake_case_name",
    "[x](y) [x][y] [x]: y ![x](y)",
    "<https://example.com> <a@example.com>",
    "a footnote[^1]",
    "- a list",
    "+ a list",
    "* a list",
    "1. a list",
    "2) a list",
    "# a heading",
    "C#",
    "C # ##",
    "=====",
    "-----",
    "- - -",
    "* * *",
    "___",
    "> a quote",
    ": a definition",
    ":smile: :+1: a:b:c",
    ":: x",
    "!!! note",
    "??? note",
    "/// x",
    "=== x",
    "; x",
    "a heading { #id .class }",
    "{: .class }",
    "{ .class }",
    "\\* \\ \\\\ a\\",
    "two  blanks  \nand a line",
    "a\n\n    code\n\nb",
    "a\n- b\n# c\n===\n---",
    "*[HTML]: Hyper",
    "\"double\" 'single' “both”",
    "x^2^ H~2~O ==mark== ^^ins^^ --x--",
    "$x$ \\(x\\)",
    "(c) (tm) --> ... 1/2",
    "http://example.com www.example.com",
    "--- title: x",
    "%(name)s %s {name} {0}",
    "決済 – “語” 😀",
    "\u200bzero \u00a0 blanks\u3000",
]

CONTEXTS = {
    "paragraph": "{}",
    "heading": "# {}",
    "heading with an id": "## {} {{ #id }}",
    "list item": "- {}",
    "table cell": "| a | b |\n|---|---|\n| {} | c |",
    "HTML block": "<p>{}</p>",
    "HTML cell": "<table><tbody>\n<tr><td>{}</td></tr>\n</tbody></table>",
    "HTML in a line": "a <em>{}</em> b",
}


def elements(context: str, words: str) -> list[tuple[str, ...]]:
    return Document(to_html(CONTEXTS[context].format(words))).elements


@pytest.mark.parametrize("context", CONTEXTS)
@each(HOSTILE)
def test_escaped_text_is_that_text_and_nothing_else(text: str, context: str) -> None:
    html = to_html(CONTEXTS[context].format(markdown.escape(text)))
    assert plain(text) in Document(html).text
    assert Document(html).elements == elements(context, "words")


@each(HOSTILE)
def test_escaped_text_is_that_text_in_an_attribute(text: str) -> None:
    html = to_html(f'<p title="{markdown.escape(text)}">words</p>')
    assert Document(html).values == [plain(text)]
    assert Document(html).elements == [("p", "title")]


@pytest.mark.parametrize("context", CONTEXTS)
def test_any_signs_in_any_order_stay_as_they_are(context: str) -> None:
    signs = random.Random(f"signs {context}")
    letters = string.punctuation * 3 + string.digits + "abcxyz  \n"
    for _ in range(200):
        text = "".join(signs.choices(letters, k=signs.randint(1, 24)))
        if not text.strip():
            continue
        document = Document(to_html(CONTEXTS[context].format(markdown.escape(text))))
        assert plain(text) in document.text, repr(text)
        assert document.elements == elements(context, "words"), repr(text)


def test_escaping_leaves_plain_words_readable() -> None:
    assert markdown.escape("Drawings over 50 MB, p95 (41 s); 決済") == "Drawings over 50 MB, p95 (41 s); 決済"


def test_escaped_text_is_marked_as_html() -> None:
    assert isinstance(markdown.escape("a"), Markup)
    assert markdown.escape("") == ""


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\n\nb", "<p>a</p>\n<p>b</p>"),
        ("**a** `b`", "<p><strong>a</strong> <code>b</code></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("[a](https://example.com)", '<p><a href="https://example.com">a</a></p>'),
        ("# a", "<h3>a</h3>"),
        ("## a", "<h3>a</h3>"),
        ("# a\n##### b", "<h3>a</h3>\n<h6>b</h6>"),
        ("a\n=\n", "<h3>a</h3>"),
    ],
)
def test_markdown_from_the_data(text: str, html: str) -> None:
    assert markdown.render(text) == html


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("| a |\n|---|\n| b |", ["table", "thead", "tr", "th", "tbody", "tr", "td"]),
        ("```\na\n```", ["pre", "code"]),
        ("1. a\n\n- b", ["ol", "li", "ul", "li"]),
        ("> a", ["blockquote", "p"]),
    ],
)
def test_markdown_from_the_data_may_have_tables_code_and_lists(text: str, elements: list[str]) -> None:
    assert [element[0] for element in Document(markdown.render(text)).elements] == elements


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <b onclick='x'>b</b>",
        "<div>\n\na\n\n</div>",
        "<!-- a -->",
        "<?php a ?>",
        "<img src=x onerror=alert(1)>",
        "a\n{ .class }",
        "# a { #id onclick=alert(1) }",
        "{{ config }} {% raw %}",
        "`` {{ config }} ``",
    ],
)
def test_what_is_no_markdown_is_shown_as_text(text: str) -> None:
    document = Document(f'<div class="prose">\n{markdown.render(text)}\n</div>')
    assert document.text == plain(text.replace("``", "").removeprefix("# "))
    assert {element[0] for element in document.elements} <= {"div", "p", "h3", "code"}
    assert not any(element[1:] for element in document.elements if element[0] != "div")


@pytest.mark.parametrize(
    "text", ["![a](https://example.com/x.png)", "![a][b]\n\n[b]: https://example.com/x.png", "![a]"]
)
def test_an_image_is_not_loaded(text: str) -> None:
    assert "<img" not in markdown.render(text)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("[a](https://example.com) [b](/x/) [c](#d)", ["https://example.com", "/x/", "#d"]),
        ("[a][b]\n\n[b]: data:x 'title'", ["data:x"]),
        ("[a](java&#115;cript:x)", ["javascript:x"]),
        ("[a]()", [""]),
        ("`[a](b)` \\[a](b) <a href='c'>d</a> ![e](f)", []),
        ("<https://example.com>", ["https://example.com"]),
        ("<a@example.com>", ["mailto:a@example.com"]),
    ],
)
def test_the_targets_of_links_as_a_browser_reads_them(text: str, targets: list[str]) -> None:
    assert markdown.link_targets(text) == targets


@pytest.mark.parametrize(
    ("html", "text"),
    [("a <b>b</b>\n c", "a b c"), ("<br>", ""), ("a &lt;b&gt; &amp; c", "a <b> & c"), ("a<span>b</span>c", "abc")],
)
def test_the_text_of_html(html: str, text: str) -> None:
    assert markdown.plain(html) == text


@pytest.mark.parametrize(
    ("text", "excess"),
    [
        ("[" * 20, None),
        ("[" * 21, "brackets"),
        ("[" * 15 + "\n \n" + "(" * 15, None),
        ("[a](" * 11, None),
        ("[a](" * 21, "brackets"),
        ("[a](b) (c) " * 500, None),
        ("> " * 10 + "a", None),
        ("> " * 11 + "a", "levels"),
        ("1. - " * 6 + "a", "levels"),
        (" " * 40 + "- a", "levels"),
        (" " * 80 + "code", None),
        ("- " * 30, None),
        ("|-" * 20 + "|", None),
        ("a\n> " + "|-" * 21 + "|", "columns"),
        ("|a" * 30 + "|", None),
    ],
)
def test_what_a_text_has_too_much_of(text: str, excess: str | None) -> None:
    found = markdown.excess(text)
    assert (excess or "None") in str(found)


@pytest.mark.parametrize("unit", ["> ", "- ", "1. ", "    ", "[", "[a](", "|-"])
def test_what_is_no_excess_can_be_rendered(unit: str) -> None:
    text = next(it for it in (unit * number + "a" for number in range(60, 0, -1)) if not markdown.excess(it))
    assert markdown.render("\n".join([text] * 20))


def test_headings_begin_below_the_heading_of_the_section() -> None:
    for text, levels in {
        "# a\n\n## b": ["h3", "h4"],
        "## a\n\n### b\n\n## c": ["h3", "h4", "h3"],
        "###### a": ["h3"],
        "# a\n\n###### b": ["h3", "h6"],
        "words": ["p"],
    }.items():
        html = markdown.render(text)
        assert re.findall(r"<(h\d|p)>", html) == levels
        assert re.findall(r"</(h\d|p)>", html) == levels


def test_a_cell_that_is_a_date_stays_in_one_line() -> None:
    html = markdown.render("| Done | By |\n|---|---|\n| Restart | 2026-11-24 |\n| 2026-11-24 or later | – |\n")
    assert html.count('<td class="date">2026-11-24</td>') == html.count('class="date"') == 1


def test_a_corner_of_a_table_without_words_is_no_heading() -> None:
    assert "<td></td>" in markdown.render("|   | a |\n|---|---|\n| b | c |")
    assert "<th></th>" not in markdown.render("|   | a |\n|---|---|\n| b | c |")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a `b` c", "a     c"),
        ("``a`b`` c", "        c"),
        ("a `b\n\nc` d", "a `b\n\nc` d"),
        ("a <!-- b\nc --> d", "a       \n      d"),
        ("```sh\na\n```\nb", "     \n \n   \nb"),
        ("> ~~~\r\n> a\r\n> ~~~\r\nb", "      \n    \n      \nb"),
        ("```\na", "   \n "),
    ],
)
def test_what_stays_without_code_keeps_its_place(text: str, shown: str) -> None:
    assert markdown.without_code(text) == shown

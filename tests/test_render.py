"""What templates are given, and how values land in them."""

from __future__ import annotations

import errno
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
import pytest
from conftest import ROOT, Content, golden_site, make_site
from markupsafe import Markup
from rendered import Document, front_matter

from macros.handbook import addresses
from macros.model.organisation import Impact, RequirementState, Service
from macros.model.values import Markdown, Text
from macros.site import render
from macros.site.render import Edition
from macros.text.problems import Message, Problem

BOTH = Text.model_validate({"en": "Search & find", "ja": "検索"})
JAPANESE = Text.model_validate({"ja": "検索"})

FILES: dict[str, Content] = {
    "organisation.yaml": (
        "name: Example\nlanguage: en\nchat: {name: Chat, channel_address: 'https://chat.example.com/c/?x=1&name='}\n"
        "repository: {address: 'https://git.example.com/handbook'}\n"
    ),
    "teams/payments/services/till.yaml": "name: Till & co\nsummary: Takes coins\n",
    "teams/shop/team.yaml": "name: Shop\nchannel: x\nmission: M\n",
}


def written(site: Edition, template: str, address: str = "here/", **values: Any) -> str:
    """A piece of a template as a page at `address` shows it."""
    return site.environment.from_string(template).render(address=address, **values)


@pytest.fixture
def site(tmp_path: Path) -> Edition:
    return make_site(tmp_path, FILES)


@pytest.fixture
def japanese(tmp_path: Path) -> Edition:
    return make_site(tmp_path, FILES, "ja")


@pytest.mark.parametrize(
    ("address", "target", "way"),
    [
        ("", "teams/", "teams/"),
        ("", "teams/ai/", "teams/ai/"),
        ("teams/", "teams/ai/", "ai/"),
        ("teams/ai/", "teams/", "../"),
        ("teams/ai/", "", "../../"),
        ("teams/ai/", "services/search/", "../../services/search/"),
        ("teams/ai/", "teams/ai/", "./"),
        ("teams/ai/", "teams/ai/#missing", "./#missing"),
        ("", "", "./"),
        ("", "#top", "./#top"),
        ("teams/ai/", "services/search/#pain-a", "../../services/search/#pain-a"),
        ("teams/ai/", "assets/x.png", "../../assets/x.png"),
    ],
)
def test_the_way_from_a_page_to_another(address: str, target: str, way: str) -> None:
    assert render.relative(address, target) == way


def test_the_address_of_an_entity() -> None:
    handbook = golden_site("en").handbook
    for kind, id, address in (
        ("team", "complete", "teams/complete/"),
        ("service", "needs-back", "services/needs-back/"),
        ("case-study", "sparse-case", "team-types/case-studies/sparse-case/"),
        ("engagement", "ended", "teams/complete/engagements/ended/"),
    ):
        entity = handbook.find(kind, id)
        assert entity is not None
        assert addresses.of(entity) == address
        assert addresses.of(entity, "before") == address.replace(f"/{id}/", "/before/")


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
    assert render.words(text, language) == html


@pytest.mark.parametrize(("language", "lang"), [("en", ' lang="ja"'), ("ja", "")])
def test_prose_in_a_language(language: str, lang: str) -> None:
    text = Markdown.model_validate({"ja": "**検索**"})
    assert render.prose(text, language, "") == (f'<div class="prose"{lang}>\n<p><strong>検索</strong></p>\n</div>')


def test_a_link_in_prose_leads_from_the_page_that_it_stands_on() -> None:
    text = Markdown.model_validate({"en": "[a](/services/x/#y) [b](/) [c](https://example.com/z) [d](#e)"})
    assert Document(render.prose(text, "en", "teams/ai/")).values == [
        "prose",
        "../../services/x/#y",
        "../../",
        "https://example.com/z",
        "#e",
    ]


def test_the_head_of_a_page_is_yaml_and_keeps_macros_away() -> None:
    head = render.front_matter('A "b": <c> # d', "- 決済 😀")
    assert front_matter(f"{head}\n\ntext") == {
        "title": "A &#34;b&#34;: &#60;c&#62; # d",
        "description": "&#45; 決済 😀",
        "render_macros": False,
        "hide": ["navigation"],
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
        ({"toc": False}, {"hide": ["navigation", "toc"]}),
    ],
)
def test_the_head_of_a_page_says_how_it_is_found_and_what_stands_beside_it(
    options: dict[str, Any], more: dict[str, Any]
) -> None:
    plain = {"title": "A", "description": "B", "render_macros": False, "hide": ["navigation"]}
    assert front_matter(f"{render.front_matter('A', 'B', **options)}\n\ntext") == {**plain, **more}


def table(rows: str, **values: Any) -> str:
    head = "<thead><tr><th>A &amp; B</th><th>C <b>d</b></th></tr></thead>\n"
    return render.table("Title <", lambda: Markup(f"{head}<tbody>\n{rows}\n</tbody>"), **values)


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
    assert "<caption><b>x</b></caption>" in render.table(Markup("<b>x</b>"), lambda: Markup("<tbody></tbody>"))


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


def test_links_and_addresses_in_templates(site: Edition) -> None:
    service = site.handbook.get(Service, "till")
    here: dict[str, Any] = {"address": "teams/payments/", "service": service}
    assert written(site, "{{ href(service, 'missing') }}", **here) == "../../services/till/#missing"
    assert written(site, "{{ href('team-types/') }}", **here) == "../../team-types/"
    assert written(site, "{{ link(service) }}", **here) == '<a href="../../services/till/">Till &#38; co</a>'
    assert written(site, "{{ outside('A', 'https://example.com/?a=1&b=2') }}") == (
        '<a href="https://example.com/?a=1&#38;b=2">A</a>'
    )
    assert written(site, "{{ outside(text, none) }}", text=JAPANESE) == '<span lang="ja">検索</span>'
    assert written(site, "{{ view_address('data/a.yaml', 3) }}") == (
        "https://git.example.com/handbook/blob/main/data/a.yaml#L3"
    )
    assert (
        written(site, "{{ edit_address('data/a.yaml') }}") == "https://git.example.com/handbook/edit/main/data/a.yaml"
    )


@pytest.mark.parametrize(
    ("name", "html"),
    [
        ("#shop", '<a href="https://chat.example.com/c/?x=1&#38;name=shop">&#35;shop</a>'),
        ("shop@example.com", "shop@example.com"),
    ],
)
def test_a_channel_is_a_link_where_it_is_one_of_the_chat(name: str, html: str, site: Edition) -> None:
    assert written(site, "{{ channel(name) }}", name=name) == html


def test_a_channel_is_a_name_where_the_chat_has_no_address(tmp_path: Path) -> None:
    assert written(make_site(tmp_path), "{{ channel('#shop') }}") == "&#35;shop"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of compiled templates, with what one template leaves in it."""
    folder = tmp_path / "cache/templates"
    monkeypatch.setattr(render.CompiledTemplates, "folder", folder)
    assert compiled() == (1, "3")
    return folder


def compiled() -> tuple[int, str]:
    """How often a template was compiled, and what it gives."""
    environment = jinja2.Environment(
        loader=jinja2.DictLoader({"a": "{{ 1 + 2 }}"}), bytecode_cache=render.CompiledTemplates()
    )
    own, times = environment.compile, 0

    def count(*arguments: Any, **named: Any) -> Any:
        nonlocal times
        times += 1
        return own(*arguments, **named)

    environment.compile = count  # type: ignore[method-assign]
    text = environment.get_template("a").render()
    return times, text


def test_a_template_is_compiled_once(kept: Path) -> None:
    assert compiled() == (0, "3")
    assert len(list(kept.iterdir())) == 1


def test_compiled_templates_are_kept_in_the_checkout() -> None:
    assert render.CompiledTemplates.folder == ROOT / ".cache/templates"


@pytest.mark.parametrize("left", [0, 1, 31, 32, 40, -1])
def test_a_compiled_template_that_is_cut_is_compiled_anew(left: int, kept: Path) -> None:
    (file,) = kept.iterdir()
    file.write_bytes(file.read_bytes()[:left])
    assert compiled() == (1, "3")
    assert compiled() == (0, "3")


@pytest.mark.parametrize("at", [0, 33, -5])
def test_a_compiled_template_with_other_bytes_is_compiled_anew(at: int, kept: Path) -> None:
    (file,) = kept.iterdir()
    raw = bytearray(file.read_bytes())
    raw[at] ^= 255
    file.write_bytes(raw)
    assert compiled() == (1, "3")


def test_what_another_python_has_compiled_is_compiled_anew(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jinja2.bccache, "bc_magic", b"other")
    assert compiled() == (1, "3")


def test_what_another_jinja_has_compiled_is_not_taken(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "_COMPILER", "other")
    assert compiled() == (1, "3")


def test_a_folder_of_compiled_templates_that_can_not_be_used_is_none(kept: Path) -> None:
    (file,) = kept.iterdir()
    file.unlink()
    file.mkdir()
    assert compiled() == (1, "3")
    assert [it.name for it in kept.iterdir()] == [file.name]
    shutil.rmtree(kept.parent)
    kept.parent.write_text("a file in its place")
    assert compiled() == (1, "3")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_disk_that_takes_or_gives_nothing_is_no_error(
    number: int, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(file: Path, *content: bytes) -> bytes:
        raise OSError(number, "no")

    for name in ("read_bytes", "write_bytes"):
        monkeypatch.setattr(Path, name, refuse)
    assert compiled() == (1, "3")
    assert len(list(kept.iterdir())) == 1


def test_a_name_that_is_not_there_is_a_fault(site: Edition) -> None:
    with pytest.raises(jinja2.UndefinedError):
        written(site, "{{ nothing }}")


def test_the_findings_of_a_team_are_those_of_all_that_it_owns(site: Edition) -> None:
    payments, shop = site.handbook.teams
    (till,) = site.handbook.services
    assert [it.rule for it in site.findings_of(till)] == ["service-without-tier"]
    assert {it.id for it in site.findings_of(payments)} == {"payments", "till"}
    assert [it.rule for it in site.findings_of(shop)] == ["team-without-contact"]


def test_an_edition_is_short_in_a_log(site: Edition) -> None:
    assert repr(site) == "<Edition: en, <Handbook: 1 organisation, 2 team, 1 service>>"


def fault_of(site: Edition, template: str) -> Problem | None:
    try:
        written(site, template)
    except Exception as error:
        return render.fault(error, lambda name: "a.md" if name in ("<template>", "<unknown>") else None)
    raise AssertionError("there is no fault in the template")


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("a\n{% if %}", "a.md:2:1: template: TemplateSyntaxError: "),
        ("a\n\n{{ nothing }}", "a.md:3:1: template: UndefinedError: 'nothing' is undefined"),
        ("{{ 1 / 0 }}", "a.md:1:1: template: ZeroDivisionError: division by zero"),
        ("\n{{ '{name}'.none() }}", "a.md:2:1: template: UndefinedError: "),
    ],
)
def test_a_fault_has_the_place_in_the_template(template: str, words: str, site: Edition) -> None:
    assert str(fault_of(site, template)).startswith(words)


def test_a_fault_outside_of_all_templates_is_none_of_theirs() -> None:
    assert render.fault(KeyError("a"), lambda name: None) is None


def test_a_template_is_shown_from_the_root_of_the_project(site: Edition, tmp_path: Path) -> None:
    name = site.environment.get_template("macros/link.html.j2").filename
    assert render.shown_template(str(name)) == "macros/templates/macros/link.html.j2"
    assert render.shown_template(str(tmp_path / "a.j2")) is None
    assert render.shown_template("<template>") is None


def test_a_fault_has_its_place_also_where_another_checkout_compiled_the_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = []
    for checkout in ("first", "second"):
        folder = tmp_path / checkout / "templates"
        folder.mkdir(parents=True)
        (folder / "of-two-checkouts.j2").write_text(
            f"\n{{{{ 1 / nought }}}} {tmp_path}"
        )  # new in each run, so that one compiles it
        monkeypatch.setattr(render, "TEMPLATES", folder)
        template = make_site(tmp_path / checkout).environment.get_template("of-two-checkouts.j2")
        with pytest.raises(ZeroDivisionError) as raised:
            template.render(nought=0)
        problem = render.fault(raised.value, render.shown_template)
        places.append(problem and (problem.path, problem.line))
    assert places == [("macros/templates/of-two-checkouts.j2", 2)] * 2


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.432, "25.9 s"),
        (1, "1 min"),
        (40.32, "40.3 min"),
        (119, "119 min"),
        (120, "2 h"),
        (432, "7.2 h"),
        (2879, "48 h"),
        (2880, "2 days"),
        (5256, "3.65 days"),
    ],
)
def test_a_length_of_time_has_the_unit_that_reads_best(minutes: float, words: str) -> None:
    assert str(render.length(minutes)) == words


@pytest.mark.parametrize(("language", "way"), [("en", "../../exports/x.yaml"), ("ja", "../../../exports/x.yaml")])
def test_an_export_stands_once_outside_the_other_editions(language: str, way: str, tmp_path: Path) -> None:
    template = make_site(tmp_path, language=language).environment.from_string("{{ export_href('exports/x.yaml') }}")
    assert template.render(address="journeys/a/") == way

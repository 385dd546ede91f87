"""What templates may call, how they are compiled, and how a fault in one is told."""

from __future__ import annotations

import ast
import errno
import inspect
import shutil
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import jinja2
import pytest
from conftest import ROOT, Content, golden_site, make_site
from jinja2 import nodes
from rendered import written

from macros.handbook import site_map
from macros.site import page_macros, render
from macros.site.render import Edition
from macros.text.problems import Problem

FILES: dict[str, Content] = {
    "teams/payments/services/till.yaml": "name: Till & co\nsummary: Takes coins\n",
    "teams/shop/team.yaml": "name: Shop\nchannel: x\nmission: M\n",
}


@pytest.fixture
def site(tmp_path: Path) -> Edition:
    return make_site(tmp_path, FILES)


EDITION = golden_site("en")
ENVIRONMENT = EDITION.environment

each_template = pytest.mark.parametrize("template", ENVIRONMENT.list_templates())


def tree(template: str) -> nodes.Template:
    """A template as Jinja reads it."""
    assert ENVIRONMENT.loader is not None
    return ENVIRONMENT.parse(ENVIRONMENT.loader.get_source(ENVIRONMENT, template)[0])


def unknown_words(template: nodes.Template) -> list[str]:
    """What a template takes from a namespace that doesn't have it, with its line."""
    return [
        f"{word.lineno}: {word.node.name}.{word.attr}"
        for word in template.find_all(nodes.Getattr)
        if isinstance(word.node, nodes.Name) and word.node.name in NAMESPACES
        if not hasattr(ENVIRONMENT.globals[word.node.name], word.attr)
    ]


NAMESPACES = ("links", "edition", "handbook", *(it.__name__.rpartition(".")[2] for it in render.NAMESPACES))


@cache
def values_given() -> set[str]:
    """The names under which templates are given values: by the site map, and by macros."""
    planned = {name for page in site_map.planned(EDITION.handbook).values() for name in page.values}
    calls = (it for it in ast.walk(ast.parse(inspect.getsource(page_macros))) if isinstance(it, ast.Call))
    rendered = [it for it in calls if isinstance(it.func, ast.Attribute) and it.func.attr == "render"]
    return {
        "address",
        "head",
        "id",
        "label",
        "ui",
        *planned,
        *(str(keyword.arg) for it in rendered for keyword in it.keywords),
    }


@each_template
def test_a_template_takes_from_a_namespace_what_it_has(template: str) -> None:
    assert unknown_words(tree(template)) == []


def test_an_unknown_word_of_a_namespace_is_seen() -> None:
    text = "{{ alerts.known() }}\n{% if alerts.nothing %}{{ links.re }}{% endif %}{{ exports.annotations }}"
    assert unknown_words(ENVIRONMENT.parse(text)) == ["2: alerts.nothing", "2: links.re", "2: exports.annotations"]


@each_template
def test_a_template_has_its_other_names_from_its_values_or_sets_them(template: str) -> None:
    names = [*tree(template).find_all(nodes.Name)]
    own = {it.name for it in names if it.ctx != "load"} | {it.name for it in tree(template).find_all(nodes.Macro)}
    own |= {it.target for it in tree(template).find_all(nodes.Import)}
    assert own & {*NAMESPACES} == set(), "a name of a namespace means nothing else"
    assert {it.name for it in names} - own - {*ENVIRONMENT.globals, "caller", "loop"} <= values_given()


def test_templates_are_given_nothing_that_none_of_them_names() -> None:
    used = {name.name for template in ENVIRONMENT.list_templates() for name in tree(template).find_all(nodes.Name)}
    assert ENVIRONMENT.globals.keys() - jinja2.Environment().globals.keys() <= used


def test_a_namespace_has_the_documented_functions_of_a_module_and_its_constants() -> None:
    module = ModuleType("own")
    exec(MODULE, vars(module))
    found = render.namespace(module, {"handbook": "H", "language": "en"})
    assert vars(found).keys() == {"both", "second", "nothing", "MOST"}
    assert (found.both("x"), found.both("x", more="y")) == ("Henx", "Henxy")
    assert found.second("x", "ja") == "xja"
    assert (found.nothing(), found.MOST) == (1, 5)


MODULE = '''
from json import dumps
MOST = 5
_LEAST = 1
def both(handbook, language, text, more=""):
    """D"""
    return handbook + language + text + more
def second(text, language):
    """D"""
    return text + language
def nothing():
    """D"""
    return 1
def undocumented(): pass
def _own():
    """D"""
'''


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
    def refuse(*arguments: object, **named: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(jinja2.bccache, "open", refuse, raising=False)
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
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

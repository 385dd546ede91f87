"""The policy allows the theme's own scripts as they are installed, and what servers send goes with it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.exceptions import PluginError

import hooks
from macros.site import content_security

SCRIPT = "alert(1)"
HASH = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
"""By `printf 'alert(1)' | openssl dgst -sha256 -binary | base64`."""


def test_a_policy_allows_a_script_by_its_hash_and_nothing_from_another_host() -> None:
    policy = content_security.policy((SCRIPT, SCRIPT))
    directives = dict(it.split(" ", 1) for it in policy.split("; "))
    assert directives["script-src"] == f"'self' 'wasm-unsafe-eval' {HASH}"
    assert directives["default-src"] == "'none'"
    assert "http" not in policy
    assert "*" not in policy


def test_the_headers_carry_the_policy_and_what_a_page_cannot_say() -> None:
    lines = content_security.headers("default-src 'none'").splitlines()
    assert lines[:2] == ["/*", "  Content-Security-Policy: default-src 'none'; frame-ancestors 'none'"]
    assert {it.split(":")[0].strip() for it in lines[2:]} == {
        "Permissions-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
    }


def test_without_a_policy_a_page_has_no_element_for_one() -> None:
    assert content_security.meta("") == ""
    assert content_security.meta("a 'b'") == '<meta http-equiv="Content-Security-Policy" content="a \'b\'">'


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<SCRIPT\n>alert(1)</SCRIPT\n>",
        '<script type="module">alert(1)</script>',
        "<script type=text/javascript>alert(1)</script>",
        '<script data-src="x.js">alert(1)</script>',
    ],
)
def test_a_script_in_a_page_is_seen(html: str) -> None:
    assert content_security.foreign_scripts(f"<p>{html}</p>", content_security.policy(())) == (SCRIPT,)
    assert content_security.foreign_scripts(f"<p>{html}</p>", content_security.policy((SCRIPT,))) == ()


@pytest.mark.parametrize(
    "html",
    [
        '<script src="x.js"></script>',
        '<script id="a" type="application/json">{"a": 1}</script>',
        "&lt;script&gt;",
        "<!-- <script>a</script> -->",
    ],
)
def test_a_file_and_data_are_no_scripts_in_a_page(html: str) -> None:
    assert list(content_security.inline_scripts(html)) == []


def test_the_scripts_of_a_theme_are_filled_in_as_in_its_pages(tmp_path: Path) -> None:
    folder = tmp_path / "partials/javascripts"
    folder.mkdir(parents=True)
    (folder / "base.html").write_text("{#- made -#}\n<script>go('{{ scope | d(base) }}')</script>\n", encoding="utf-8")
    (folder / "tabs.html").write_text("{% if tabs %}<script>tabs()</script>{% endif %}", encoding="utf-8")
    made = content_security.scripts_of_theme([str(tmp_path), str(tmp_path / "none")], {"base": "/", "tabs": False})
    assert list(made) == ["go('/')"]


def config(policy: str) -> Any:
    return SimpleNamespace(extra={"policy": policy})


PAGE: Any = SimpleNamespace(file=SimpleNamespace(src_uri="slos/index.md"))


def test_a_page_with_a_script_of_its_own_stops_the_build_and_is_named() -> None:
    policy = content_security.policy(("theme()",))
    assert hooks.on_post_page("<script>theme()</script>", PAGE, config(policy)) == "<script>theme()</script>"
    with pytest.raises(PluginError, match=r"slos/index.md: an inline script, .* docs/assets/js/: alert\(1\)"):
        hooks.on_post_page(f"<script>{SCRIPT}</script>", PAGE, config(policy))
    with pytest.raises(PluginError, match=r"404.html: an inline script"):
        hooks.on_post_template(f"<script>{SCRIPT}</script>", "404.html", config(policy))


def test_where_pages_have_no_policy_scripts_pass() -> None:
    assert hooks.on_post_page("<script>reload()</script>", PAGE, config("")) == "<script>reload()</script>"

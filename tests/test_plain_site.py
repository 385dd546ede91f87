"""A built page's article as Markdown: stock Material must have as much to do for it as for a page that people write."""

from __future__ import annotations

from pathlib import Path

import plain_site
import pytest
from conftest import ROOT

HEAD = '<html><nav><a href="/">Home</a></nav><article class="md-content__inner">'

CASES = {
    "<h2 id='slos'>SLOs<a class='headerlink' href='#slos'>¶</a></h2>": "## SLOs { #slos }",
    "<div><p>One\n  line</p><p>Two</p></div>": "One line\n\nTwo",
    "<p>5 * 3 &lt; <strong>16</strong></p>": "5 \\* 3 &lt; **16**",
    "<p><code>a_b &lt; c</code></p>": "`a_b < c`",
    "<p><a href='../../teams/a/#top'>A</a></p>": "[A](../../teams/a/index.md#top)",
    "<p><a href='https://example.com/'>out</a></p>": "[out](https://example.com/)",
    "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>": "-   a\n    1.  b\n\n    \n-   c",
    "<pre><code>a_b\n  c</code></pre>": "```\na_b\n  c\n```",
    "<p>a</p><form><p>hidden</p><input></form><svg><text>drawn</text></svg><p>b</p>": "a\n\nb",
    "<table><caption>T</caption><thead><tr><th>x</th><th>y</th></tr></thead>"
    "<tbody> <tr><td><p>1</p><ul><li>2</li></ul></td><td>a|b</td></tr></tbody></table>": (
        "T\n\n| x | y |\n|---|---|\n| 1 2 | a\\|b |"
    ),
}


@pytest.mark.parametrize("article", CASES)
def test_an_article_says_the_same_in_markdown(article: str) -> None:
    lines = plain_site.to_markdown(f"{HEAD}{article}</article></html>").splitlines()
    expected = CASES[article].splitlines()
    assert [" ".join(line.split()) for line in lines if line.strip()] == [
        " ".join(line.split()) for line in expected if line.strip()
    ]


def test_redirects_are_no_pages_and_the_theme_is_the_shipped_one(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for address, text in {"a": f"{HEAD}<h1>A</h1></article>", "old": "<meta http-equiv=refresh>"}.items():
        (site / address).mkdir(parents=True)
        (site / address / "index.html").write_text(text)
    config = plain_site.write(tmp_path / "plain", site, ROOT / "mkdocs.yml").read_text()
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")] == ["plain/docs/a/index.md"]
    assert "navigation.prune" in config
    assert "custom_dir" not in config
    assert "hooks" not in config

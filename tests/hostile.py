"""Texts that do harm where they are taken for anything but text. Each that could run something calls `hit()`."""

from __future__ import annotations

from itertools import zip_longest

ELSEWHERE = "//evil.example"

CORPUS: dict[str, tuple[str, ...]] = {
    "HTML": (
        "<script>hit()</script>",
        "</script><script>hit()</script>",
        "</title></head><body onload=hit()>",
        "</textarea></style></noscript><img src=x onerror=hit()>",
        "<b onclick='x'>bold</b> <!-- comment -->",
        "<!-- <![CDATA[ <?php ]]> -->",
        f"<iframe src='{ELSEWHERE}/'></iframe><object data='{ELSEWHERE}/'></object>",
        f"<base href='{ELSEWHERE}/'><meta http-equiv=refresh content='0; url={ELSEWHERE}/'>",
        f"<form action='{ELSEWHERE}/'><button>go</button></form>",
        "<template><script>hit()</script></template>",
        "<math><mi><style><img src=x onerror=hit()></style></mi></math>",
        "a lone < and & and &amp; and &#60;script&#62;",
        "&lt;img src=x onerror=hit()&gt; &#x3c;script>hit()&#x3c;/script>",
    ),
    "events": (
        '" onmouseover="hit()" x="',
        "' autofocus tabindex=0 onfocus='hit()",
        "x onpointerenter=hit() style=animation-name:x onanimationstart=hit()",
        "<details open ontoggle=hit()>",
        "<input autofocus onfocus=hit()>",
        "<video><source onerror=hit()></video>",
    ),
    "schemes": (
        "javascript:hit() <javascript:hit()>",
        "JaVaScRiPt&colon;hit()",
        "data:text/html,<script>hit()</script>",
        "vbscript:hit() file:///etc/passwd",
    ),
    "Markdown": (
        "a | b ``code`` `code`",
        "**bold** __bold__ _a_ *b*",
        "[x](y) [x][y] ![x](y)",
        f"![x]({ELSEWHERE}/x.png) ![y][z]",
        f"<{ELSEWHERE}/x> <https://evil.example/x>",
        "- a list",
        "1. a list",
        "# a heading",
        "> a quote",
        ":smile: :+1:",
        "a line\n\n    code\n\n- a list\n===\n# a heading\n",
        "!!! note",
        "~~~ python ```",
        "\"quotes\" and 'quotes' and \\ backslashes \\",
        "*[HTML]: Hyper [^1]: note",
        "--8<-- '/etc/passwd'",
    ),
    "template language": (
        "{{ config }} {% raw %} {# comment #}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{% endraw %}{{ 7 * 7 }}{% include '/etc/passwd' %}",
        "%(name)s %s {name} {0} ${HOME} $(id) `id`",
        "{{ $labels.pod }} {{ $value | humanize }}",
    ),
    "attribute lists": (
        "a heading { #id .class }",
        '# Read me { tabindex=0 autofocus=1 onfocus="hit()" }',
        'a line\n{: tabindex=0 autofocus=1 onfocus="hit()" }',
        '- an item { tabindex=0 autofocus=1 onfocus="hit()" }',
        '`code`{ onmouseover="hit()" } *em*{: style="color:red" }',
    ),
    "CSS": (
        f"</style><style>@import '{ELSEWHERE}/x.css';</style>",
        f"x; background: url({ELSEWHERE}/x.png)",
        f'" style="background:url(\'{ELSEWHERE}/x\')" x="',
    ),
    "SVG": (
        "<svg onload=hit()><script>hit()</script></svg>",
        f"<svg><image href='{ELSEWHERE}/x.svg'/><use href='{ELSEWHERE}/x.svg#a'/></svg>",
        "<svg><animate onbegin=hit() attributeName=x dur=1s></svg>",
    ),
    "paths": ("../../../../etc/passwd", "..\\..\\x /proc/self/environ %2e%2e%2f", "C:\\x con nul aux"),
    "YAML": (
        "!!python/object/apply:os.system ['id']",
        "&a [*a, *a] <<: *a",
        "x: y # z - ? | > ' \" % @ `",
        "--- ... NO 22:30 010 1e3 null ~",
    ),
    "numbers": ("1e999 -0 NaN Infinity 0x7fffffffffffffff 9007199254740993", "=1+1 +1 @SUM(1) -1"),
    "iCalendar": (
        "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y",
        "x; ATTACH:javascript:hit() \\n \\, \\;",
        "BEGIN:VALARM\nACTION:PROCEDURE\nEND:VALARM",
    ),
    "names of JavaScript": ("__proto__ constructor toString", "elements length hasOwnProperty"),
}
"""By what would take them for its own."""

REFUSED_LINKS = (
    "[x](javascript:hit())",
    "[x](JAVASCRIPT&#58;hit())",
    "[x](data:text/html,<script>hit()</script>)",
    "[x](//evil.example/)",
    "[x][r]\n\n[r]: vbscript:hit()",
)
"""Markdown that the data may not hold, wherever it holds Markdown."""

REFUSED_SIGNS = ("\u202eevil\u202c", "\u2066a\u2069", "zero\u200bwidth", "bell\x07", "esc\x1b[31m", "c1\x9b31m")
"""Signs that no text may hold: what is shown is not what is copied, or a terminal obeys it."""


def bundles(texts: int = 8) -> tuple[tuple[str, ...], ...]:
    """The whole corpus in bundles of so many texts, each of them from as many topics as there are."""
    mixed = [it for row in zip_longest(*CORPUS.values()) for it in row if it is not None]
    return tuple(tuple(mixed[start : start + texts]) for start in range(0, len(mixed), texts))

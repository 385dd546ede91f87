"""The Content-Security-Policy of every page, and what a server sends beside it (decisions/0013)."""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

HEADERS_FILE = "_headers"
"""Read by Cloudflare Pages, Netlify and others; elsewhere an administrator copies what stands in it."""

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.S | re.I)
_HAS_FILE_OR_IS_DATA = re.compile(r"\ssrc\s*=|\stype\s*=\s*[\"']?application/json\b", re.I)


def policy(scripts: Iterable[str]) -> str:
    """The policy that allows these inline scripts and nothing from another host."""
    hashes = sorted({f"'sha256-{_digest(script)}'" for script in scripts})
    directives = (
        "default-src 'none'",
        # The search is WebAssembly; the theme and the bars set styles of single elements.
        " ".join(("script-src 'self' 'wasm-unsafe-eval'", *hashes)),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
    return "; ".join(directives)


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def meta(policy: str) -> str:
    """The element that gives a page its policy; nothing without one."""
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""


def headers(policy: str) -> str:
    """The headers that go with the policy, as a `_headers` file: a page can't say all of it itself."""
    sent = {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    return "".join(("/*\n", *(f"  {name}: {value}\n" for name, value in sent.items())))


def scripts_of_theme(folders: Iterable[str], context: Mapping[str, Any]) -> Iterator[str]:
    """The inline scripts of a theme with templates in these folders, in the context of its pages."""
    environment = ImmutableSandboxedEnvironment()
    for folder in folders:
        for file in Path(folder, "partials/javascripts").glob("*.html"):
            yield from inline_scripts(environment.from_string(file.read_text(encoding="utf-8")).render(context))


def inline_scripts(html: str) -> Iterator[str]:
    """The scripts that a browser would run from a page itself: none with a `src`, and no JSON."""
    seen = re.sub(r"<!--.*?-->", "", html, flags=re.S)
    return (script for attributes, script in _SCRIPT.findall(seen) if not _HAS_FILE_OR_IS_DATA.search(attributes))


def foreign_scripts(html: str, policy: str) -> tuple[str, ...]:
    """The inline scripts of a page that the policy doesn't allow."""
    return tuple(script for script in inline_scripts(html) if f"'sha256-{_digest(script)}'" not in policy)

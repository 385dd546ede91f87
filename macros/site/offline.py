"""A playbook as one file that works by itself, for when the handbook is down. It is made with its page."""

from pathlib import Path

from markupsafe import Markup

NAME = "offline.html"
"""The file, beside the page."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""Nothing runs in it, and nothing is loaded: it has its style inside, and an empty icon."""


def style() -> Markup:
    """Its style sheet."""
    return Markup(Path(__file__).with_suffix(".css").read_text(encoding="utf-8"))

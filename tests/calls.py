"""What the tests of commands share: small data, and calls."""

from __future__ import annotations

import os
import pty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from conftest import Content

from macros.__main__ import main

COMPLETE: dict[str, Content] = {
    "teams/payments/team.yaml": "name: Payments\nchannel: x\nmission: M\ncontacts: [{role: Lead, channel: x}]\n"
}

FAULTY: dict[str, Content] = {"teams/payments/team.yaml": "name: Payments\n"}

Captured = pytest.CaptureFixture[str]


def check(*arguments: object) -> int:
    return main(["check", *map(str, arguments)])


TILL = "name: Till\nsummary: Takes coins\n"


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Iterator[list[str]]:
    """Makes a terminal the standard output for a while; the list gets what it was sent."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    shown: list[str] = []
    screen, program = pty.openpty()
    with os.fdopen(program, "w", encoding="utf-8") as stream, monkeypatch.context() as patch:
        patch.setattr("sys.stdout", stream)
        yield shown
    shown.append(b"".join(_read(screen)).decode().replace("\r\n", "\n"))
    os.close(screen)


def _read(screen: int) -> Iterator[bytes]:
    """What a terminal was sent, once the program's end of it is closed."""
    with suppress(OSError):
        while sent := os.read(screen, 4096):
            yield sent

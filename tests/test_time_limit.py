"""No test waits for ever."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from conftest import SECONDS, in_time


def sleeps_in_a_child() -> None:
    subprocess.run([sys.executable, "-c", "import signal; signal.pause()"], check=False)


@pytest.mark.parametrize("waits", [signal.pause, threading.Event().wait, sleeps_in_a_child])
def test_what_waits_for_ever_fails_where_it_stands(waits: Callable[[], object]) -> None:
    match = r"^a test: not within 0.05 seconds$"
    with pytest.raises(pytest.fail.Exception, match=match) as failed, in_time("a test", 0.05):
        waits()
    assert "waits()" in str(failed.traceback[0])


def test_a_limit_within_another_leaves_that_one() -> None:
    with in_time("a part", 1):
        pass
    assert SECONDS / 2 < signal.getitimer(signal.ITIMER_REAL)[0] <= SECONDS

"""One test over the rows of a table, which names every row at fault."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any


def each(rows: Iterable[Any], name: Callable[[Any], str] = str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Calls a test with each row as its first argument; it fails with all faults, each behind the `name` of its row.

    Where a row needs a folder of its own or takes long, `pytest.mark.parametrize` is better.
    """
    rows = [*rows]
    assert rows

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def over_all(*others: Any, **fixtures: Any) -> None:
            faults = []
            for row in rows:
                try:
                    test(row, *others, **fixtures)
                except Exception as fault:
                    faults.append(f"{name(row)}: {type(fault).__name__}: {fault}")
            assert not faults, "\n".join(faults)

        _, *rest = inspect.signature(test).parameters.values()
        over_all.__signature__ = inspect.Signature(rest)  # type: ignore[attr-defined]
        return over_all

    return decorate

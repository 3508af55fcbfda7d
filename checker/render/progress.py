"""How far a run has come: a bar on a terminal, nothing anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Advance = Callable[[int], None]


@contextmanager
def progress(what: str, total: int | None, out: TextIO) -> Iterator[Advance]:
    """A bar with the rate and the time left, which goes when it is done; `total` is None where the end is not known.

    What it gives is called with how many more are done. Nothing is written where `out` is no terminal.
    """
    if not out.isatty():
        yield lambda _: None
        return
    from checker.render.bar import bar

    with bar(what, total, out) as advance:
        yield advance

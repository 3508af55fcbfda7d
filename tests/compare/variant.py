"""Variants of the bundled contracts, made by editing their text."""

from __future__ import annotations

from functools import lru_cache

from checker.audit.library import policies, vocabulary
from dsl import contract as ir
from dsl.check import check
from dsl.files import read_sources
from dsl.source import Source

Edit = tuple[str, str]
"""A text that stands in the files of a contract just once, and what stands instead."""


@lru_cache(maxsize=16)
def sources(name: str) -> tuple[Source, ...]:
    """The files of a bundled contract."""
    return tuple(read_sources(policies() / name))


def edited(name: str, edits: tuple[Edit, ...]) -> list[Source]:
    """Its files with some texts replaced.

    Raises:
        ValueError: a text stands there not at all, or more than once.
    """
    out = list(sources(name))
    for old, new in edits:
        where = [i for i, s in enumerate(out) for _ in range(s.text.count(old))]
        if len(where) != 1:
            raise ValueError(f"{name} has the text {len(where)} times: {old!r}")
        i = where[0]
        out[i] = Source(out[i].name, out[i].text.replace(old, new))
    return out


@lru_cache(maxsize=256)
def variant(name: str, *edits: Edit) -> ir.Contract:
    """The checked contract with some texts replaced."""
    return check(edited(name, edits), vocabulary())

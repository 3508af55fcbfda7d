"""Values of which several are possible: each option beside its occasion, and two values in every way they may be."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from checker.columnar.narrow import Codes
from checker.columnar.possible import Bools, Ints
from checker.columnar.table import NOTHING, Rows, paired


class Options(NamedTuple):
    """Further values that are possible: the occasion and the code of each."""

    occasion: Ints
    code: Ints


class Values(NamedTuple):
    """Codes; where anything is possible, NOTHING and why. Nobody reckons with codes: they may be held in narrow numbers.

    `more`: where several values are possible, the further ones, as occasions and codes (each once, none of them first).
    """

    code: Codes
    open: Bools
    missing: Bools
    more: Options | None = None

    def take(self, index: Ints) -> Values:
        """The values at some places."""
        return taken(self, index)


class Ways(NamedTuple):
    """Each way in which two values may be: the occasion, and the code of each."""

    occasion: Ints
    left: Ints
    right: Ints

    def every(self, which: Bools, n: int) -> Bools:
        """The occasions all of whose ways are such."""
        out = np.ones(n, bool)
        out[self.occasion[~which]] = False
        return out


def options(found: Values) -> Options:
    """Every value that is possible, by occasion in order; none where anything is."""
    occasion = np.flatnonzero(found.code != NOTHING)
    code = found.code[occasion]
    if found.more is None:
        return Options(occasion, code)
    occasion = np.concatenate([occasion, found.more.occasion])
    order = np.argsort(occasion, kind="stable")
    return Options(occasion[order], np.concatenate([code, found.more.code])[order])


def several(found: Values) -> Bools:
    """Where more than one value is possible, but not any."""
    out = np.zeros(len(found.code), bool)
    if found.more is not None:
        out[found.more.occasion] = True
    return out


def ways(left: Values, right: Values) -> Ways:
    """The ways in which two values may be, where something is known of both."""
    if left.more is None and right.more is None:
        both = np.flatnonzero((left.code != NOTHING) & (right.code != NOTHING))
        return Ways(both, left.code[both], right.code[both])
    one, other = options(left), options(right)
    pairs = paired(one.occasion, _grouped(other.occasion, len(left.code)))
    return Ways(one.occasion[pairs.occasion], one.code[pairs.occasion], other.code[pairs.row])


def taken(found: Values, index: Ints) -> Values:
    """The values at some places."""
    code, open_, missing = found.code[index], found.open[index], found.missing[index]
    if found.more is None:
        return Values(code, open_, missing)
    order = np.argsort(found.more.occasion, kind="stable")
    pairs = paired(index, _grouped(found.more.occasion[order], len(found.code)))
    if not len(pairs.row):
        return Values(code, open_, missing)
    return Values(code, open_, missing, Options(pairs.occasion, found.more.code[order][pairs.row]))


def _grouped(occasion: Ints, n: int) -> Rows:
    """What stands in the order of its occasions, by each of them."""
    every = np.arange(n, dtype=np.int64)
    places = np.arange(len(occasion), dtype=np.int64)
    return Rows(places, (np.searchsorted(occasion, every, "left"), np.searchsorted(occasion, every, "right")))


__all__ = ["Options", "Values", "Ways", "options", "several", "taken", "ways"]

"""Texts of a column of Arrow's, as a sequence: a text is made when it is asked for, and the column can be had as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

import numpy as np

from checker.columnar.memory import of_texts, taken
from checker.columnar.possible import Bools, Ints


class Texts(Sequence[str]):
    """Texts, none of which is null. `column`: an array of Arrow's, of texts."""

    def __init__(self, column: Any) -> None:
        self.column = column

    def __len__(self) -> int:
        return len(self.column)

    @overload
    def __getitem__(self, i: int) -> str: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[str]: ...
    def __getitem__(self, i: int | slice) -> str | Sequence[str]:
        if isinstance(i, slice):
            found: list[str] = self.column[i].to_pylist()
            return found
        return str(self.column[i])

    def some(self, which: Bools) -> Texts:
        """Those that are wanted."""
        return Texts(taken(self.column, np.flatnonzero(which)))

    def at(self, places: Ints) -> Texts:
        """The text at each of these places."""
        return Texts(taken(self.column, places))

    @staticmethod
    def of(texts: Sequence[str]) -> Texts:
        """The same texts as such a column."""
        return texts if isinstance(texts, Texts) else Texts(of_texts(texts))


def one_after_another(parts: Sequence[Texts]) -> Texts:
    """All texts of some sequences."""
    return Texts(_arrow().concat_arrays([part.column for part in parts]))


def _arrow() -> Any:
    """The library, which whoever has such columns has."""
    import pyarrow

    return pyarrow

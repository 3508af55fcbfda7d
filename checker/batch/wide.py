"""Wide rows from a matrix of verdicts, with the bytes that `checker.render.rows` makes of judgements."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from checker.batch.pieces import Writer
from checker.columnar.possible import Bools
from checker.interpret.verdicts import Verdict
from checker.render.rows import Sink, cell

WORDS = tuple(str(v) for v in Verdict)
_TOGETHER = 2_000
"""Rows that are made into text at once."""


class Wide(NamedTuple):
    """Rows: the agreement and ticket of each, its verdicts (a place in WORDS by clause, -1 for none), and which verdicts of the clauses
    `judged` another reading would turn.
    """

    agreements: Sequence[str]
    tickets: Sequence[str]
    verdicts: NDArray[np.int8]
    turned: Bools
    judged: Sequence[str]

    def __len__(self) -> int:
        return len(self.tickets)

    def take(self, start: int, end: int) -> Wide:
        """Some of the rows."""
        return Wide(
            self.agreements[start:end],
            self.tickets[start:end],
            self.verdicts[start:end],
            self.turned[start:end],
            self.judged,
        )

    @property
    def contested(self) -> list[list[str]]:
        """The clauses of each row whose verdicts another reading would turn."""
        out: list[list[str]] = [[] for _ in range(len(self))]
        for i, k in np.argwhere(self.turned).tolist():
            out[i].append(self.judged[k])
        return out


def write_wide(found: Wide, writer: Writer, out: Sink) -> None:
    """Write rows in the format of a writer."""
    if writer.format == "parquet":
        from checker.batch import arrow, wide_arrow

        wide_arrow.write_wide(found, arrow.schema("wide", writer.terms), out)
    elif writer.format == "csv":
        for some in _some(found):
            out.write(_csv(some).encode())
    else:
        for some in _some(found):
            writer.write_rows(_rows(some, writer.columns), out)


def _some(found: Wide) -> Iterator[Wide]:
    for start in range(0, len(found), _TOGETHER):
        yield found.take(start, start + _TOGETHER)


def _words(found: Wide, none: str | None) -> list[list[str | None]]:
    # The last word stands for -1.
    words = np.array([*WORDS, none], object)
    out: list[list[str | None]] = words[found.verdicts].tolist()
    return out


def _csv(found: Wide) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerows(
        [cell(agreement), cell(ticket), *verdicts, cell(contested)]
        for agreement, ticket, verdicts, contested in zip(
            found.agreements, found.tickets, _words(found, ""), found.contested, strict=True
        )
    )
    return text.getvalue()


def _rows(found: Wide, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for agreement, ticket, verdicts, contested in zip(
        found.agreements, found.tickets, _words(found, None), found.contested, strict=True
    ):
        yield dict(zip(columns, (agreement, ticket, *verdicts, contested), strict=True))

"""An audit whose log comes as columns and is held as a whole, for clauses that look at other tickets or at agreements.

Its rows, its account and what it says are those of an audit of the same log read as objects.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from checker.audit.run import Population
from checker.batch.choice import WORTH
from checker.batch.straight import Given
from checker.batch.whole import Whole
from checker.columnar.batch import Batch
from checker.columnar.log import ColumnLog, in_columns
from checker.columnar.parquet import TableFile, is_table
from checker.columnar.possible import Ints
from checker.columnar.reads import reads
from checker.columnar.source import NOTHING, Gaps
from checker.columnar.ticket_source import Tickets
from checker.record.csv_rows import attribute_of
from checker.record.files import Limits
from checker.record.model import Counts, Event, Fault, Gap, Log, Place

_NONE = np.zeros(0, np.int64)
_NO_GAPS = Gaps(_NONE, _NONE, _NONE, np.zeros(0, bool))


class Held(Whole):
    """The audit of a log that is held."""

    def __init__(
        self, log: Log, population: Population, batch: Batch, of: Ints, recorded: frozenset[str] | None
    ) -> None:
        self.log, self.population = log, population
        end, now = log.complete_to, population.now
        after = (Gap(end + 1, now),) if end is not None and now > end else ()
        agreements = population.agreements
        # What columns do not tell from silence, or lies in a gap, its reader left to the reader of objects.
        self._tickets = Tickets(
            batch, {}, _NO_GAPS, agreements, of, frozenset(), recorded, now, after, True, self._events
        )

    @property
    def tickets(self) -> Tickets:
        """See `Whole`."""
        return self._tickets

    @property
    def claims(self) -> Mapping[str, Mapping[str, Any]] | None:
        """See `Whole`: whoever has claims is an object."""
        return None

    def place(self, i: int) -> Place:
        """See `Whole`."""
        return self._tickets.batch.begins(i)

    def _events(self, rows: Ints) -> list[Event]:
        """Events by their rows."""
        batch, ends = self._tickets.batch, self._tickets.ends
        out: list[Event] = []
        events: tuple[Event, ...] = ()
        last, begin = -1, 0
        for row, i in zip(rows.tolist(), np.searchsorted(ends, rows, "right").tolist(), strict=True):
            if i != last:
                last, events, begin = i, batch.ticket(i).events, int(ends[i] - batch.counts[i])
            out.append(events[row - begin])
        return out


def held(given: Given, engine: str, also: Collection[str] = (), *, shown: bool = False) -> Held | None:
    """The audit, where it can be had so; else None, and whoever reads the log as objects says what is wrong, too.

    `engine`: as asked, one of `choice.ENGINES`. `also`: attributes that somebody looks at beside the clauses. `shown`: records are
    shown with all that they say.
    """
    limits = Limits()
    try:
        nobody = given.population(Log([], {}, None, Counts(), [], [], [], []), given.now or 0)
        if not all(path in given.looked_at or in_columns(path, limits) for path in given.tickets):
            return None
        found = reads(nobody.book, nobody.clauses)
        more = _headed(given.tickets, limits) if shown else ()
        wanted = found._replace(attributes=found.attributes.union(also, more))
        log = ColumnLog(given.tickets, given.words, given.types, limits, wanted, 1 << 62, given.looked_at)
        log.look()
        if engine == "auto" and log.tickets * len(nobody.clauses) < WORTH:
            return None
        whole = log.whole()
        if whole is None:
            return None
        batch, recorded = whole
        account = log.account()
        population = given.population(account, given.now)
    except Fault:
        return None
    numbers = {a.id: k for k, a in enumerate(population.agreements)}
    alone = len(numbers) == 1 and not population.other_contracts
    of_names = np.array(
        [*(numbers.get(name, NOTHING) for name in batch.named), 0 if alone else NOTHING], np.int64
    )
    of = of_names[batch.agreement]
    if (of == NOTHING).any():
        return None
    population.elsewhere = len(of)
    return Held(account, population, batch, of, recorded)


def _headed(paths: Iterable[Path], limits: Limits) -> set[str]:
    """The attributes that columns of tables are; lines are shown as they stand."""
    tables = (TableFile(path, limits) for path in paths if is_table(path, limits))
    return {attribute_of(heading) for table in tables for heading in table.headings()}


__all__ = ["Held", "held"]

"""A log as parts of bounded size, each a `Source` for the columns: what `read_log` and the placing of tickets under their
agreements give, without holding all of it.

    reading = read(paths, agreements, book, clauses, now, words=…, attribute_types=…)
    for part in reading:
        result = judge_table(book, Table(part.source), clauses)   # part.tickets[i] is the ticket of case i
    log = reading.account()          # counts, what was set aside, notes, sources: as `read_log` has them

Every ticket that can be judged is in exactly one part, whole; parts come in the order of the log. What is set aside is the same, for
the same reasons, as by `read_log`.
Clauses that look at other tickets, or at the agreement as a whole, cannot be judged part by part (`reads.Reads.across`, and the
level of a clause): whoever judges those needs the whole log.

JSON Lines and event rows as Parquet come as columns; other formats, and what a mapping tells, come through the reader of objects.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from checker.columnar.log import ColumnLog, LookedAt, in_columns
from checker.columnar.parts import Part, Placing, Took
from checker.columnar.reads import reads
from checker.interpret.book import Book
from checker.record.agreements import with_histories
from checker.record.files import Limits
from checker.record.mapping_model import Mapping as Rules
from checker.record.model import Agreement, Counts, Fault, Gap, Log, Place, Ticket
from checker.record.places import order_of
from checker.record.reading import read_log
from checker.record.words import Words
from dsl import contract as ir

PARTITION = 50_000
"""How many tickets a part holds at most, unless the caller says otherwise."""


@dataclass(slots=True)
class Reading:
    """The parts of a log, to be taken once; then its account.

    `now`: the audit instant, given or declared by the log. `agreements`: those given, with what the log says of them. `before`: what
    is known of the log before the parts are taken: its sources, the agreements' own histories, its end. `number`: about how many
    tickets it has (one whose rows stand apart may count more than once).
    `other_tickets`, `other_rows`: of agreements of other contracts, once all parts are taken.
    """

    now: int
    agreements: list[Agreement]
    before: Log
    number: int
    _parts: Iterator[Part]
    _placing: Placing
    _account: Callable[[], Log]
    _files: Sequence[str]
    _log: ColumnLog | None = None

    @property
    def shares(self) -> int:
        """In how many shares the log can be read by several processes; 0 where it cannot."""
        return len(self._log.shares) if self._log is not None else 0

    def stints(self, least: int) -> list[range]:
        """See `ColumnLog.stints`."""
        assert self._log is not None
        return self._log.stints(least)

    def alone(self, number: int) -> tuple[Part | None, Took]:
        """See `ColumnLog.alone`."""
        assert self._log is not None
        return self._log.alone(number, self._placing)

    def took(self, told: Iterable[Took]) -> Iterator[Took]:
        """See `ColumnLog.took`."""
        assert self._log is not None
        return self._log.took(self._placing, told)

    def __iter__(self) -> Iterator[Part]:
        return self._parts

    @property
    def other_tickets(self) -> int:
        """How many tickets are of other contracts, once all parts are taken."""
        return self._placing.other_tickets

    @property
    def other_rows(self) -> int:
        """How many rows those tickets took."""
        return self._placing.other_rows

    def account(self) -> Log:
        """What was read, as `read_log` says it, once all parts are taken; its tickets are only those without an agreement."""
        key = order_of(self._files)
        unplaced = sorted(self._placing.unplaced, key=lambda ticket: key(ticket.place))
        return replace(self._account(), tickets=unplaced)


def read(
    paths: Iterable[str | Path],
    agreements: Iterable[Agreement],
    book: Book,
    clauses: Sequence[ir.Clause],
    now: int | None,
    partition_size: int = PARTITION,
    *,
    others: Collection[str] = (),
    mapping: Rules | None = None,
    words: Words | None = None,
    attribute_types: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    looked_at: LookedAt | None = None,
    also: Collection[str] = (),
) -> Reading:
    """Read a log in parts of at most so many tickets (a part may be smaller).

    `agreements`: those of the contract; `others`: the ids of those of other contracts. `now`: the audit instant (seconds UTC), or
    None where the log declares its end. `looked_at`: those of the files that were looked at already. `also`: attributes to keep
    that no clause reads. The rest is as in `read_log`.

    Raises:
        Fault: as `read_log`; or the audit instant is not known. What is wrong with a file may show only while parts are taken.
    """
    files = list(paths)
    names = [str(path) for path in files]
    limits = limits or Limits()
    given = list(agreements)
    found = reads(book, clauses)
    wanted = found._replace(attributes=found.attributes.union(also))
    if mapping is None and all(path in (looked_at or {}) or in_columns(path, limits) for path in files):
        log = ColumnLog(files, words, attribute_types, limits, wanted, partition_size, looked_at)
        end = log.look()
        when = instant_of(now, end)
        after = () if end is None or when <= end else (Gap(end + 1, when),)
        histories = {k: replace(h, gaps=(*h.gaps, *after)) for k, h in log.histories().items()}
        joined, _ = with_histories(given, histories)
        placing = Placing({a.id: a for a in joined}, others, when, after)
        before = Log([], dict(log.histories()), end, Counts(), [], [], [], log.sources())
        parts = log.parts(placing)
        return Reading(when, joined, before, log.tickets, parts, placing, log.account, names, log)
    whole = read_log(files, mapping=mapping, words=words, attribute_types=attribute_types, limits=limits)
    when = instant_of(now, whole.complete_to)
    end = whole.complete_to
    after = () if end is None or when <= end else (Gap(end + 1, when),)
    histories = {k: replace(h, gaps=(*h.gaps, *after)) for k, h in whole.agreement_events.items()}
    joined, _ = with_histories(given, histories)
    placing = Placing({a.id: a for a in joined}, others, when, after)
    parts = _of_objects(whole.tickets, placing, partition_size)
    return Reading(when, joined, whole, len(whole.tickets), parts, placing, lambda: whole, names)


def _of_objects(tickets: Sequence[Ticket], placing: Placing, size: int) -> Iterator[Part]:
    """The tickets of a log that was read whole."""
    for start in range(0, len(tickets), size):
        found = tickets[start : start + size]
        part = placing.part(None, found, np.arange(start, start + len(found)), [], None)
        if part is not None:
            yield part


def instant_of(now: int | None, complete_to: int | None) -> int:
    """The audit instant.

    Raises:
        Fault: it is neither given nor declared.
    """
    when = now if now is not None else complete_to
    if when is None:
        raise Fault(
            Place("--as-of"),
            "the audit instant is not known",
            "",
            'give --as-of, or let the log declare its end: a first line {"log": {"complete_to": …}}, or the mapping',
        )
    return when

"""What an executor does with its rows: functions for Spark's `mapInArrow`.

A task that is tried again counts once: what is added up is added in the last stage alone, where Spark takes the account of each
finished task and of no other. What an earlier stage has to say travels with its rows.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from checker.record.model import Agreement, Ticket
from checker.spark.account import Account
from checker.spark.tickets import whole_tickets
from checker.spark.told import Ready, Told

if TYPE_CHECKING:
    from pyspark import Accumulator, Broadcast

Work = Callable[[Iterator[Any]], Iterator[Any]]

AGREEMENT: Final = "agreement"
ORDER: Final = "place"
CONTENT: Final = "content"
"""The columns of tickets on their way to their agreement: its id (null: an account), the place in the log, and what it is, packed."""
TOGETHER: Final = 1_000
"""So many tickets travel in a batch."""


class Adding:
    """How Spark adds accounts up: an `AccumulatorParam`."""

    def zero(self, value: Account) -> Account:
        """Nothing."""
        return Account()

    def addInPlace(self, value1: Account, value2: Account) -> Account:
        """Both."""
        value1.merge(value2)
        return value1


def ticket_rows(told: Broadcast[Told], counted: Accumulator[Account]) -> Work:
    """Rows of events, sorted by ticket and place, in; rows of verdicts out: for clauses that look at one ticket at a time."""

    def work(batches: Iterator[Any]) -> Iterator[Any]:
        ready = told.value.ready
        judge, account = ready.judge(), Account()
        for table in whole_tickets(batches, ready.size):
            part = ready.part(table, account)
            yield from ready.rows(judge, [part] if part is not None else [], account)
        counted.add(account)

    return work


def tickets_packed(told: Broadcast[Told]) -> Work:
    """Rows of events in; tickets out, to be brought together by agreement, and the account of all of them."""

    def work(batches: Iterator[Any]) -> Iterator[Any]:
        ready = told.value.ready
        account = Account()
        for table in whole_tickets(batches, TOGETHER):
            found = ready.placed(table, account)
            yield _packed([(agreement.id, place, ticket) for place, ticket, agreement in found])
        yield _packed([(None, 0, account)])

    return work


def agreement_rows(told: Broadcast[Told], counted: Accumulator[Account]) -> Work:
    """Tickets, sorted by agreement and place, in; rows of verdicts out: for clauses that look at all tickets of an agreement.

    Each agreement comes once without content, whether or not it has tickets.
    """

    def work(batches: Iterator[Any]) -> Iterator[Any]:
        ready = told.value.ready
        judge, account = ready.judge(), Account()
        for agreement, tickets in _by_agreement(ready, batches, account):
            yield from ready.rows(judge, ready.whole(agreement, tickets), account)
        counted.add(account)

    return work


def _packed(found: list[tuple[str | None, int, Ticket | Account]]) -> Any:
    import pyarrow as pa

    ids, places, contents = zip(*found, strict=True) if found else ((), (), ())
    columns = {
        AGREEMENT: pa.array(ids, pa.string()),
        ORDER: pa.array(places, pa.int64()),
        CONTENT: pa.array([pickle.dumps(each) for each in contents], pa.binary()),
    }
    return pa.record_batch(columns)


def _by_agreement(
    ready: Ready, batches: Iterator[Any], account: Account
) -> Iterator[tuple[Agreement, list[Ticket]]]:
    of: str | None = None
    held: list[Ticket] = []
    for batch in batches:
        ids, contents = batch.column(AGREEMENT).to_pylist(), batch.column(CONTENT).to_pylist()
        for agreement, content in zip(ids, contents, strict=True):
            if agreement is None:
                account.merge(pickle.loads(content))
                continue
            if agreement != of:
                if of is not None:
                    yield ready.agreements[of], held
                of, held = agreement, []
            if content is not None:
                held.append(pickle.loads(content))
    if of is not None:
        yield ready.agreements[of], held

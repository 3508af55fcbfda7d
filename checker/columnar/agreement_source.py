"""Agreements as a `Source`: the record of each holds its own events and those of all its tickets, which are columns already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from checker.columnar.batch import Lazily
from checker.columnar.possible import Bools, Ints, Order
from checker.columnar.source import NOTHING, Across, Dictionary, Gaps, gaps_of
from checker.interpret.case import Case
from checker.interpret.possible import EVER
from checker.record.model import Value

if TYPE_CHECKING:
    from checker.columnar.ticket_source import Tickets


class OfAgreements:
    """The agreements from `first` up to, not including, `last`, by their places; see `checker.interpret.case.case_of_agreement`."""

    def __init__(self, of: Tickets, first: int, last: int) -> None:
        self._of, self._first = of, first
        self.now = of.now
        batch, under = of.batch, of.under
        self.cases: Sequence[Case] = Lazily(last - first, lambda i: of.case_of_agreement(first + i))
        self.facts: Sequence[Mapping[str, Any]] = under.facts
        self.agreement: Ints = np.arange(first, last, dtype=np.int64)
        self.birth: Ints = np.full(last - first, EVER, np.int64)
        self._some = np.array([len(of.tickets_under(k)) > 0 for k in range(first, last)], bool)
        rows = [of.rows_under(k) for k in range(first, last)]
        counts = np.array([len(each) for each in rows], np.int64)
        own, row = np.repeat(np.arange(last - first), counts), np.concatenate(rows)
        kept = batch.at[row] <= of.now
        own, row = own[kept], row[kept]
        # The agreements' own events have the numbers behind all rows.
        begin = under.events_of.start[first:last]
        number = under.events_of.numbers[first:last]
        theirs = np.concatenate([np.arange(b, b + n) for b, n in zip(begin, number, strict=True)])
        events = [under.events[k] for k in theirs.tolist()]
        case = np.concatenate([own, np.repeat(np.arange(last - first), number)])
        order = Order(
            np.concatenate([batch.at[row], np.array([e.at for e in events], np.int64)]),
            np.concatenate([batch.until[row], np.array([e.until for e in events], np.int64)]),
            np.concatenate([batch.revised[row], np.array([e.revision is not None for e in events], bool)]),
            np.concatenate([of.order[row], np.array([e.order for e in events], np.int64)]),
        )
        numbers = np.concatenate([row, len(batch.at) + theirs.astype(np.int64)])
        place = self._in_order(case, order, numbers, len(row))
        self.case: Ints = case[place]
        at, until, revised, within = order
        self.order = Order(at[place], until[place], revised[place], within[place])
        self._number: Ints = numbers[place]
        names = {name: i for i, name in enumerate(batch.names)}
        said = np.array([names.setdefault(e.name, len(names)) for e in events], np.int64)
        self.name: Ints = np.concatenate([batch.name[row].astype(np.int64), said])[place]
        self.names: Sequence[str] = list(names)
        lacking = any(first <= k < last for k, _ in under.lacking)
        self.whole = not lacking and not of.missing and of.recorded is None

    def _in_order(self, case: Ints, order: Order, number: Ints, rows: int) -> Ints:
        """The order of the record, as `checker.interpret.case.position` says: between tickets the id decides; behind so many `rows` the
        agreements' own events stand, which come after those.
        """
        shared = np.arange(len(case)) >= rows
        place = np.lexsort((shared, order.order, order.at, case))
        a, b = place[:-1], place[1:]
        alike = (case[a] == case[b]) & (order.at[a] == order.at[b]) & (order.order[a] == order.order[b])
        alike &= shared[a] == shared[b]
        if not alike.any():
            return place
        tied = np.zeros(len(place), bool)
        tied[np.flatnonzero(alike)] = tied[np.flatnonzero(alike) + 1] = True
        some = place[tied]
        rank = np.zeros(len(place), np.int64)
        rank[some] = self._ranked(number[some])
        return np.lexsort((rank, shared, order.order, order.at, case))

    def _ranked(self, number: Ints) -> Ints:
        """Rows by the ids of their tickets."""
        of = self._of
        shared = of.under.events
        n = len(of.batch.at)
        tickets = np.searchsorted(of.ends, number, "right")
        texts = [
            of.ids[t] if k < n else shared[k - n].ticket or ""
            for k, t in zip(number.tolist(), tickets.tolist(), strict=True)
        ]
        rank = {text: i for i, text in enumerate(sorted(set(texts)))}
        return np.array([rank[text] for text in texts], np.int64)

    def attribute(self, attribute: str, dictionary: Dictionary) -> Ints:
        """See `Source`."""
        of = self._of
        found, n = of.batch.attributes.get(attribute), len(of.batch.at)
        own = np.flatnonzero(self._number < n)
        out = np.full(len(self._number), NOTHING, np.int64)
        if found is not None:
            code = np.array([*map(dictionary.code, found.values), NOTHING], np.int64)
            out[own] = code[found.codes[self._number[own]]]
        shared = of.under.events
        told: list[Value | None] = [e.attributes.get(attribute) for e in shared]
        if attribute == "ticket":
            told = [e.attributes.get("ticket") or e.ticket for e in shared]
            which, back = np.unique(np.searchsorted(of.ends, self._number[own], "right"), return_inverse=True)
            ids = np.array([dictionary.code(of.ids[t]) for t in which.tolist()], np.int64)[back]
            out[own] = np.where(out[own] == NOTHING, ids, out[own])
        theirs = np.flatnonzero(self._number >= n)
        if len(theirs):
            out[theirs] = np.array([dictionary.code(v) for v in told], np.int64)[self._number[theirs] - n]
        return out

    def says_null(self, attribute: str) -> Bools:
        """See `Source`."""
        of = self._of
        column = of.nulls.get(attribute)
        shared = [attribute in e.attributes and e.attributes[attribute] is None for e in of.under.events]
        own = column if column is not None else np.zeros(len(of.batch.at), bool)
        found: Bools = np.concatenate([own, np.array(shared, bool)])[self._number]
        return found

    def gone(self, records: Collection[str], name: str) -> Bools | None:
        """See `Source`."""
        of, sought = self._of, {*records, name}
        out = np.zeros(len(self.agreement), bool)
        for k, missing in of.under.lacking:
            if self._first <= k < self._first + len(out) and not sought.isdisjoint(missing):
                out[k - self._first] = True
        if not of.missing.isdisjoint(sought) or (of.recorded is not None and name not in of.recorded):
            out |= self._some
        return out if out.any() else None

    def gaps(self) -> Gaps | None:
        """See `Source`."""
        of = self._of
        # Cases are made for their gaps alone where some have any.
        some = of.after or len(of.gaps.case) or any(a.gaps for a in of.agreements)
        return gaps_of(self.cases) if some else None

    def across(self, name: str) -> Across | None:
        """See `Source`: the record of an agreement has the events of all its tickets."""
        return self._of.across(name)._replace(rows=lambda: self._number)


__all__ = ["OfAgreements"]

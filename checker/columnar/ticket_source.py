"""All tickets of a log as columns under their agreements: as `Source`s, and, where the interpreter asks for one, as objects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import overload

import numpy as np

from checker.columnar.agreed import Agreed
from checker.columnar.agreement_source import OfAgreements
from checker.columnar.batch import Batch, Lazily, OfBatch
from checker.columnar.possible import Bools, Ints, Order
from checker.columnar.source import NOTHING, Across, Dictionary, Gaps
from checker.interpret.case import Case, Position, case_of_ticket, position
from checker.interpret.possible import EVER
from checker.record.model import Agreement, Event, Gap


@dataclass
class Tickets:
    """All tickets of a log under their agreements.

    `nulls`: by attribute, by row whether it says that the attribute is not on record. `gaps`: ticket by ticket, without those of
    agreements. `agreement`: by ticket a place in `agreements`. `missing`, `recorded`: as in a `Ticket`, of all alike. `after`: the gap
    from the declared end of the record to the audit instant. `wide`: whether a clause looks at other tickets, too. `events`: events by
    their rows, as the reader of rows makes them.
    """

    batch: Batch
    nulls: Mapping[str, Bools]
    gaps: Gaps
    agreements: Sequence[Agreement]
    agreement: Ints
    missing: frozenset[str]
    recorded: frozenset[str] | None
    now: int
    after: tuple[Gap, ...]
    wide: bool
    events: Callable[[Ints], list[Event]]
    _named: dict[int, Event] = field(default_factory=dict)
    _anywhere: dict[int, Anywhere] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.batch)

    @cached_property
    def ends(self) -> Ints:
        """By ticket, where its rows end."""
        return np.cumsum(self.batch.counts)

    @cached_property
    def order(self) -> Ints:
        """By row, its place in its ticket."""
        n = len(self.batch.at)
        return np.arange(n, dtype=np.int64) - np.repeat(self.ends - self.batch.counts, self.batch.counts)

    @cached_property
    def _theirs(self) -> _Grouped:
        """Tickets by agreement."""
        return _Grouped.of(self.agreement, len(self.agreements))

    @cached_property
    def _gaps_of(self) -> _Grouped:
        """Gaps by the agreement of their ticket."""
        return _Grouped.of(self.agreement[self.gaps.case], len(self.agreements))

    def tickets_under(self, agreement: int) -> Ints:
        """The tickets of an agreement."""
        return self._theirs[agreement]

    def rows_under(self, agreement: int) -> Ints:
        """The rows of all tickets of an agreement."""
        mine = self.tickets_under(agreement)
        counts = self.batch.counts[mine]
        before = np.cumsum(counts) - counts
        return np.repeat(self.ends[mine] - counts - before, counts) + np.arange(counts.sum())

    @cached_property
    def under(self) -> Agreed:
        """The agreements by number."""
        return Agreed(self.agreements, self.now, self.after)

    def named(self, rows: Ints, known: dict[int, Event]) -> list[Event]:
        """Events with their tickets written on them. `known`: those that were made already, by their rows: the same objects again."""
        new = np.array([row for row in rows.tolist() if row not in known], np.int64)
        if len(new):
            tickets = np.searchsorted(self.ends, new, "right").tolist()
            for row, event, i in zip(new.tolist(), self.events(new), tickets, strict=True):
                known[row] = Event(
                    event.name,
                    event.at,
                    event.until,
                    event.attributes,
                    self.ids[i],
                    event.revision,
                    event.order,
                    event.stamp,
                    event.place,
                )
        return [known[row] for row in rows.tolist()]

    @cached_property
    def ids(self) -> list[str]:
        """The ids of all tickets."""
        return list(self.batch.ids[:])

    def case(self, i: int) -> Case:
        """A ticket as the interpreter takes it."""
        ticket = self.batch.ticket(i)
        if self.after:
            ticket = replace(ticket, gaps=(*ticket.gaps, *self.after))
        k = int(self.agreement[i])
        if not self.wide:
            return case_of_ticket(ticket, self.agreements[k], self.now)
        end = int(self.ends[i])
        own = self.named(np.arange(end - int(self.batch.counts[i]), end), self._named)
        made = case_of_ticket(replace(ticket, events=tuple(own)), self.agreements[k], self.now)
        made.anywhere = self.anywhere(k)
        return made

    def events_of_agreements(self) -> list[int]:
        """How many events each agreement has, with those of its tickets."""
        counts = np.bincount(self.agreement, weights=self.batch.counts, minlength=len(self.agreements))
        return [int(n) + len(a.events) for n, a in zip(counts, self.agreements, strict=True)]

    def anywhere(self, agreement: int) -> Anywhere:
        """The events of all tickets of an agreement, for what counts across them."""
        found = self._anywhere.get(agreement)
        if found is None:
            found = self._anywhere[agreement] = Anywhere(self, agreement, self._named)
        return found

    def case_of_agreement(self, agreement: int) -> Case:
        """An agreement as the interpreter takes it: with the events of all its tickets, made when they are asked for, and for it alone."""
        one, anywhere = self.agreements[agreement], Anywhere(self, agreement, {})
        mine, gaps = self.tickets_under(agreement), self._gaps_of[agreement]
        some = bool(len(mine))
        pairs = zip(
            self.gaps.case[gaps].tolist(),
            self.gaps.start[gaps].tolist(),
            self.gaps.end[gaps].tolist(),
            strict=True,
        )
        of_tickets: dict[int, list[Gap]] = {}
        for case, start, end in pairs:
            of_tickets.setdefault(case, []).append(Gap(start, end))
        every = mine.tolist() if self.after else sorted(of_tickets)
        found = [g for i in every for g in (*of_tickets.get(i, ()), *self.after)]
        later = int((self.batch.at[self.rows_under(agreement)] > self.now).sum())
        return Case(
            "",
            one.id,
            one.facts,
            InOrder(anywhere),
            one.missing | self.missing if some else one.missing,
            (*one.gaps, *found),
            self.recorded if some else None,
            later + sum(e.at > self.now for e in one.events),
            EVER,
            shared_gaps=tuple(one.gaps),
            _by_name=anywhere,
            _shared=anywhere.shared,
        )

    @cached_property
    def across(self) -> Callable[[str], Across]:
        """The events of a name on all tickets, agreement after agreement, in each in the order of time."""
        batch, n = self.batch, len(self.batch.at)
        shared = [(k, e) for k, a in enumerate(self.agreements) for e in a.events if e.at <= self.now]
        theirs = [e for _, e in shared]
        of_row = np.concatenate(
            [np.repeat(self.agreement, batch.counts), np.array([k for k, _ in shared], np.int64)]
        )
        times = Order(
            np.concatenate([batch.at, np.array([e.at for e in theirs], np.int64)]),
            np.concatenate([batch.until, np.array([e.until for e in theirs], np.int64)]),
            np.concatenate([batch.revised, np.array([e.revision is not None for e in theirs], bool)]),
            np.concatenate([self.order, np.array([e.order for e in theirs], np.int64)]),
        )
        codes = {name: i for i, name in enumerate(batch.names)}

        @cache
        def found(name: str) -> Across:
            named = np.append(
                batch.name == codes.get(name, -1), np.array([e.name == name for e in theirs], bool)
            )
            row = np.flatnonzero(named & (times.at <= self.now))
            row = row[np.lexsort((times.order[row], times.at[row], of_row[row]))]

            def said(attribute: str, dictionary: Dictionary) -> Ints:
                of = batch.attributes.get(attribute)
                code = np.full(n, NOTHING, np.int64)
                if of is not None:
                    code = np.array([*map(dictionary.code, of.values), NOTHING], np.int64)[of.codes]
                more = [dictionary.code(e.attributes.get(attribute)) for e in theirs]
                return np.append(code, np.array(more, np.int64))[row]

            return Across(of_row[row], _some(times, row), row, lambda: row, said)

        return found

    def source(self, first: int, last: int) -> OfTickets:
        """The tickets from `first` up to, not including, `last`, as columns."""
        return OfTickets(self, first, last)

    def source_of_agreements(self, first: int, last: int) -> OfAgreements:
        """The agreements from `first` up to, not including, `last`, as columns."""
        return OfAgreements(self, first, last)


class OfTickets(OfBatch):
    """Some tickets of a log as a `Source`."""

    def __init__(self, of: Tickets, first: int, last: int) -> None:
        batch = of.batch if last - first == len(of) else of.batch.part(first, last)
        self._of, self._first, self._last = of, first, last
        self._begin = int(of.ends[first] - of.batch.counts[first]) if first < len(of) else 0
        placed = replace(batch, agreement=of.agreement[first:last], named=[a.id for a in of.agreements])
        super().__init__(placed, np.arange(len(of.agreements), dtype=np.int64), of.under, of.recorded)
        self.cases = Lazily(len(batch), lambda i: of.case(first + i))

    def attribute(self, attribute: str, dictionary: Dictionary) -> Ints:
        """See `Source`."""
        found = super().attribute(attribute, dictionary)
        if attribute != "ticket" or not self._of.wide:
            return found
        ids = np.array([dictionary.code(each) for each in self._of.ids[self._first : self._last]], np.int64)[
            self.case
        ]
        if self._place is not None:
            ids[self._place >= len(self.case) - len(self._shared_at)] = NOTHING
        return np.where(found == NOTHING, ids, found)

    def says_null(self, attribute: str) -> Bools:
        """See `Source`."""
        theirs, column = super().says_null(attribute), self._of.nulls.get(attribute)
        if column is None:
            return theirs
        own = column[self._begin : self._begin + len(self._batch.at)]
        own = own if self._rows is None else own[self._rows]
        if self._place is not None:
            own = np.concatenate([own, np.zeros(len(self._shared_at), bool)])[self._place]
        return theirs | own

    def gone(self, records: Collection[str], name: str) -> Bools | None:
        """See `Source`."""
        if not self._of.missing.isdisjoint({*records, name}):
            return np.ones(len(self.agreement), bool)
        return super().gone(records, name)

    def gaps(self) -> Gaps | None:
        """See `Source`: a ticket's own first, then what lies after the end of the record, then its agreement's."""
        of, theirs = self._of.gaps, super().gaps()
        begin, end = np.searchsorted(of.case, [self._first, self._last]).tolist()
        own = Gaps(
            of.case[begin:end] - self._first, of.start[begin:end], of.end[begin:end], of.shared[begin:end]
        )
        if theirs is None:
            return own if len(own.case) else None
        case = np.concatenate([own.case, theirs.case])
        order = np.argsort(case, kind="stable")
        return Gaps(
            case[order],
            np.concatenate([own.start, theirs.start])[order],
            np.concatenate([own.end, theirs.end])[order],
            np.concatenate([own.shared, theirs.shared])[order],
        )

    def across(self, name: str) -> Across | None:
        """See `Source`."""
        if not self._of.wide:
            return None
        rows = self._begin + np.arange(len(self._batch.at), dtype=np.int64)
        rows = rows if self._rows is None else rows[self._rows]
        if self._place is not None:
            rows = np.concatenate([rows, len(self._of.batch.at) + self._shared_at])[self._place]
        return self._of.across(name)._replace(rows=lambda: rows)


# --------------------------------------------------------------------------- as the interpreter takes them
class Anywhere(Mapping[str, list[Event]]):
    """The events of all tickets of an agreement and of its own history, by name, each in order; made when they are asked for."""

    def __init__(self, of: Tickets, agreement: int, events: dict[int, Event]) -> None:
        self.of = of
        self._events = events
        self.agreement = agreement
        self.own = [e for e in of.agreements[agreement].events if e.at <= of.now]
        self.shared = frozenset(map(id, self.own))
        self._known: dict[str, list[Event]] = {}

    def __getitem__(self, name: str) -> list[Event]:
        found = self._known.get(name)
        if found is None:
            across = self.of.across(name)
            begin, end = np.searchsorted(across.agreement, [self.agreement, self.agreement + 1])
            rows = across.number[begin:end]
            every = [e for e in self.own if e.name == name]
            every += self.named(rows[rows < len(self.of.batch.at)])
            found = self._known[name] = sorted(every, key=self.position)
        if not found:
            raise KeyError(name)
        return found

    def named(self, rows: Ints) -> list[Event]:
        """Events with their tickets written on them."""
        return self.of.named(rows, self._events)

    def position(self, event: Event) -> Position:
        """See `Case.position`."""
        return position(event, id(event) in self.shared)

    def __iter__(self) -> Iterator[str]:
        names = dict.fromkeys((*self.of.batch.names, *(e.name for e in self.own)))
        return (name for name in names if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class InOrder(Sequence[Event]):
    """The same events in one order."""

    def __init__(self, of: Anywhere) -> None:
        self._of = of
        self._found: list[Event] | None = None

    def _every(self) -> list[Event]:
        if self._found is None:
            self._found = sorted((e for each in self._of.values() for e in each), key=self._of.position)
        return self._found

    def __len__(self) -> int:
        return len(self._rows()) + len(self._of.own)

    @overload
    def __getitem__(self, i: int) -> Event: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[Event]: ...
    def __getitem__(self, i: int | slice) -> Event | Sequence[Event]:
        return self._first() if i == 0 and self._found is None and len(self) else self._every()[i]

    def _first(self) -> Event:
        """The first one, without the others."""
        of, row = self._of, self._rows()
        tickets = of.of
        if len(row):
            row = row[tickets.batch.at[row] == tickets.batch.at[row].min()]
            row = row[tickets.order[row] == tickets.order[row].min()]
        return min([*of.own, *of.named(row)], key=of.position)

    def _rows(self) -> Ints:
        tickets = self._of.of
        row = tickets.rows_under(self._of.agreement)
        return row[tickets.batch.at[row] <= tickets.now]


class _Grouped:
    """Places by the number of what each belongs to; those of one number rise."""

    def __init__(self, order: Ints, ends: Ints) -> None:
        self._order, self._ends = order, ends

    @staticmethod
    def of(number: Ints, count: int) -> _Grouped:
        """`number`: of each place; there are so many numbers (`count`)."""
        return _Grouped(np.argsort(number, kind="stable"), np.cumsum(np.bincount(number, minlength=count)))

    def __getitem__(self, number: int) -> Ints:
        """The places of a number."""
        return self._order[self._ends[number - 1] if number else 0 : self._ends[number]]


def _some(order: Order, row: Ints) -> Order:
    return Order(order.at[row], order.until[row], order.revised[row], order.order[row])


__all__ = ["Anywhere", "InOrder", "OfTickets", "Tickets"]

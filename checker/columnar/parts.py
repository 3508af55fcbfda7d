"""Parts of a log: tickets, as columns and as objects, under their agreements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from checker.columnar.agreed import Agreed
from checker.columnar.batch import Batch, Listed, OfBatch, together
from checker.columnar.merged import Merged
from checker.columnar.possible import Bools, Ints
from checker.columnar.reads import Reads
from checker.columnar.source import OfCases, Source
from checker.columnar.texts import Texts, one_after_another
from checker.interpret.case import case_of_ticket
from checker.record.collect import Told
from checker.record.extent import Extent, extent_of
from checker.record.model import Agreement, Gap, SetAside, Ticket, Value


class Part(NamedTuple):
    """Tickets under their agreements.

    `tickets[i]` is the id of the ticket of case i, `place[i]` where it stands in the log: numbers that rise with the log, over
    all files. `set_aside`: what reading this part left out. `claims`: what the tool that kept the log says of tickets, by their ids.
    `named`: the ids of the agreements, by their numbers in the source. `extent`: of the tickets.
    """

    source: Source
    tickets: Sequence[str]
    place: Ints
    set_aside: Sequence[SetAside]
    named: Sequence[str]
    claims: Mapping[str, Mapping[str, Value]] = MappingProxyType({})
    extent: Callable[[], Extent] = Extent


class Took(NamedTuple):
    """What became of a share of a log that another process read: the tickets and rows that came as columns, of how many of these
    the order was put right and in which first; what the reader of objects says of the others (None: there were none), and how many rows it
    could read; how many tickets are judged; and those that are not, as in `Placing`.
    """

    tickets: int
    rows: int
    moved: int
    first_moved: int
    told: Told | None
    good: int
    judged: int
    unplaced: list[Ticket]
    other_tickets: int
    other_rows: int


@dataclass(slots=True)
class Placing:
    """The agreements of a log: those that tickets are judged under (by id), and the ids of those of other contracts.

    `after`: the gap from the declared end of the record to the audit instant. `unplaced`: the tickets that name no agreement given.
    """

    mine: Mapping[str, Agreement]
    others: Collection[str]
    now: int
    after: Sequence[Gap] = ()
    unplaced: list[Ticket] = field(default_factory=list)
    other_tickets: int = 0
    other_rows: int = 0
    under: Agreed = field(init=False)
    ids: Sequence[str] = field(init=False)
    _numbers: tuple[Sequence[str], int, Ints, Bools] | None = None

    def __post_init__(self) -> None:
        self.ids = list(self.mine)
        self.under = Agreed(self.mine.values(), self.now, self.after)

    def of(self, named: str | None) -> Agreement | None:
        """The agreement of a ticket that names one, or none; None where it cannot be judged."""
        if named is None:
            return next(iter(self.mine.values())) if len(self.mine) == 1 and not self.others else None
        return self.mine.get(named)

    def took(self, took: Took) -> None:
        """Account for tickets that were placed elsewhere."""
        self.unplaced += took.unplaced
        self.other_tickets += took.other_tickets
        self.other_rows += took.other_rows

    def part(
        self,
        batch: Batch | None,
        tickets: Sequence[Ticket],
        place: Ints,
        aside: Sequence[SetAside],
        read: Reads | None,
        recorded: frozenset[str] | None = None,
    ) -> Part | None:
        """Tickets as columns and others as objects (`place`: of these), as one part in the order of the log; None for no ticket."""
        columns = self._of_columns(batch, read, recorded) if batch is not None and len(batch) else None
        objects = self._of_objects(tickets, place)
        if columns is None or objects is None:
            found = columns if columns is not None else objects
            return found._replace(set_aside=aside) if found is not None else None
        places = np.concatenate([columns.place, objects.place])
        order = np.argsort(places, kind="stable")
        names = one_after_another([Texts.of(columns.tickets), Texts.of(objects.tickets)]).at(order)
        source = Merged(columns.source, objects.source, places)
        both = columns.extent, objects.extent
        return Part(
            source, names, places[order], aside, self.ids, objects.claims, lambda: both[0]() + both[1]()
        )

    def _of_columns(self, batch: Batch, read: Reads | None, recorded: frozenset[str] | None) -> Part | None:
        number, others = self._numbered(batch.named)
        known = number[batch.agreement] >= 0
        if not known.all():
            other = others[batch.agreement]
            self.other_tickets += int((other & ~known).sum())
            self.other_rows += int(batch.rows[other & ~known].sum())
            self.unplaced += [batch.ticket(int(i)) for i in np.flatnonzero(~known & ~other)]
            batch = batch.take(known)
        if not len(batch):
            return None
        events = read.events if read is not None else None
        carried = read.carried if read is not None else ()
        source = OfBatch(batch, number, self.under, recorded, events, carried)
        return Part(source, batch.ids, batch.place, (), self.ids, extent=partial(batch.extent, self.now))

    def _numbered(self, named: Sequence[str]) -> tuple[Ints, Bools]:
        """Of each agreement that tickets name, and last for those that name none: its number, -1 where it is not of those that
        they are judged under; and whether it is of another contract."""
        last = self._numbers
        # The list of what is named may grow from one part to the next.
        if last is None or last[0] is not named or last[1] != len(named):
            found = [*(self.of(name) for name in named), self.of(None)]
            number = np.array([-1 if a is None else self.under.number[a.id] for a in found], np.int64)
            other = np.array([*(name in self.others for name in named), False], bool)
            last = self._numbers = named, len(named), number, other
        return last[2], last[3]

    def _of_objects(self, tickets: Sequence[Ticket], place: Ints) -> Part | None:
        cases, places, placed = [], [], []
        for ticket, at in zip(tickets, place.tolist(), strict=True):
            agreement = self.of(ticket.agreement)
            if agreement is not None:
                told = replace(ticket, gaps=(*ticket.gaps, *self.after)) if self.after else ticket
                cases.append(case_of_ticket(told, agreement, self.now))
                places.append(at)
                placed.append(ticket)
            elif ticket.agreement is not None and ticket.agreement in self.others:
                self.other_tickets += 1
                self.other_rows += ticket.rows
            else:
                self.unplaced.append(ticket)
        if not cases:
            return None
        order = sorted(range(len(cases)), key=places.__getitem__)
        ordered = [cases[i] for i in order]
        return Part(
            OfCases(ordered, self.now, self.under),
            [c.ticket for c in ordered],
            np.array([places[i] for i in order], np.int64),
            (),
            self.ids,
            {ticket.id: ticket.claims for ticket in tickets if ticket.claims},
            partial(extent_of, placed, self.now),
        )


@dataclass
class Gathering:
    """Tickets on their way into a part: columns, and objects with their places.

    `named`, `names`: the agreements and the events that columns name, in one list for all of them.
    """

    named: Listed = field(default_factory=Listed)
    names: Listed = field(default_factory=Listed)
    batches: list[Batch] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    held: int = 0

    @property
    def reached(self) -> int:
        """The last place of a ticket that is here; -1 for none."""
        return max(
            (*self.places, *(int(batch.place[-1]) for batch in self.batches if len(batch))), default=-1
        )

    def add(self, batch: Batch) -> None:
        """More columns."""
        batch.agreement, batch.named = self.named.of(batch.agreement, batch.named), self.named.texts
        batch.name, batch.names = self.names.of(batch.name, batch.names), self.names.texts
        self.batches.append(batch)
        self.held += len(batch)

    def add_objects(self, tickets: Sequence[Ticket], places: Sequence[int]) -> None:
        """More objects."""
        self.tickets += tickets
        self.places += places
        self.held += len(tickets)

    def all_taken(self) -> tuple[Batch | None, list[Ticket], Ints]:
        """All of it, as one part."""
        found = (
            together(self.batches) if self.batches else None,
            self.tickets,
            np.array(self.places, np.int64),
        )
        self.batches, self.tickets, self.places, self.held = [], [], [], 0
        return found

    def taken(
        self, size: int, *, all_of_it: bool = False
    ) -> Iterator[tuple[Batch | None, list[Ticket], Ints]]:
        """As many full parts as there are, `all_of_it` also what remains."""
        if self.held < size and not (all_of_it and self.held):
            return
        place = np.array(self.places, np.int64)
        every = np.sort(np.concatenate([place, *(b.place for b in self.batches)]))
        ends = self._ends(every, size, all_of_it)
        for start, end in pairwise([0, *ends]):
            first, last = int(every[start]), int(every[end - 1])
            cut = self._between(first, last)
            mine = (place >= first) & (place <= last)
            objects = [t for t, m in zip(self.tickets, mine.tolist(), strict=True) if m]
            yield together(cut) if cut else None, objects, place[mine]
        whole = ends[-1]
        # What remains holds on to nothing that was given out, but for the block that it shares.
        later = int(every[whole]) if whole < len(every) else int(every[-1]) + 1
        self.batches = self._between(later, int(every[-1]))
        self.tickets = [t for t, at in zip(self.tickets, self.places, strict=True) if at >= later]
        self.places = [at for at in self.places if at >= later]
        self.held = len(every) - whole

    def _ends(self, every: Ints, size: int, all_of_it: bool) -> list[int]:
        """Where parts end among the places of all tickets here: with the end of a batch where that makes no small part, since a batch
        that is whole is a part as it is."""
        of_batches = np.sort(np.searchsorted(every, [b.place[-1] for b in self.batches if len(b)], "right"))
        out, start, n = [], 0, len(every)
        while n - start >= size or (all_of_it and start < n):
            end = min(start + size, n)
            k = int(np.searchsorted(of_batches, end, "right"))
            if end < n and k and of_batches[k - 1] >= start + size * 3 // 4:
                end = max(int(of_batches[k - 1]), start + 1)
            out.append(end)
            start = end
        return out

    def _between(self, first: int, last: int) -> list[Batch]:
        """The columns of tickets from one place to another."""
        out = []
        for batch in self.batches:
            inside = (batch.place >= first) & (batch.place <= last)
            if inside.any():
                out.append(batch if inside.all() else batch.take(inside))
        return out

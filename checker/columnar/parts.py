"""Parts of a log: tickets, as columns and as objects, under their agreements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from checker.columnar.batch import Batch, OfBatch, together
from checker.columnar.merged import Merged
from checker.columnar.possible import Ints
from checker.columnar.reads import Reads
from checker.columnar.source import OfCases, Source, Under
from checker.columnar.texts import Texts, one_after_another
from checker.interpret.case import case_of_ticket
from checker.record.model import Agreement, Gap, SetAside, Ticket, Value


class Part(NamedTuple):
    """Tickets under their agreements.

    `tickets[i]` is the id of the ticket of case i, `place[i]` where it stands in the log: numbers that rise with the log, over
    all files. `set_aside`: what reading this part left out. `claims`: what the tool that kept the log says of tickets, by their ids.
    `named`: the ids of the agreements, by their numbers in the source.
    """

    source: Source
    tickets: Sequence[str]
    place: Ints
    set_aside: Sequence[SetAside]
    named: Sequence[str]
    claims: Mapping[str, Mapping[str, Value]] = MappingProxyType({})


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
    under: Under = field(init=False)
    ids: Sequence[str] = field(init=False)
    _named: tuple[Sequence[str], list[Agreement | None]] | None = None

    def __post_init__(self) -> None:
        self.ids = list(self.mine)
        self.under = Under({name: a.facts for name, a in self.mine.items()})

    def of(self, named: str | None) -> Agreement | None:
        """The agreement of a ticket that names one, or none; None where it cannot be judged."""
        if named is None:
            return next(iter(self.mine.values())) if len(self.mine) == 1 and not self.others else None
        return self.mine.get(named)

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
        return Part(source, names, places[order], aside, self.ids, objects.claims)

    def _of_columns(self, batch: Batch, read: Reads | None, recorded: frozenset[str] | None) -> Part | None:
        if self._named is None or self._named[0] is not batch.named:
            self._named = batch.named, [*(self.of(name) for name in batch.named), self.of(None)]
        agreements = self._named[1]
        known = np.array([a is not None for a in agreements], bool)[batch.agreement]
        if not known.all():
            other = np.array([*(name in self.others for name in batch.named), False], bool)[batch.agreement]
            self.other_tickets += int((other & ~known).sum())
            self.other_rows += int(batch.rows[other & ~known].sum())
            self.unplaced += [batch.ticket(int(i)) for i in np.flatnonzero(~known & ~other)]
            batch = batch.take(known)
        if not len(batch):
            return None
        events = read.events if read is not None else None
        carried = read.carried if read is not None else ()
        source = OfBatch(batch, agreements, self.now, recorded, self.after, events, carried, self.under)
        return Part(source, batch.ids, batch.place, (), self.ids)

    def _of_objects(self, tickets: Sequence[Ticket], place: Ints) -> Part | None:
        cases, places = [], []
        for ticket, at in zip(tickets, place.tolist(), strict=True):
            agreement = self.of(ticket.agreement)
            if agreement is not None:
                told = replace(ticket, gaps=(*ticket.gaps, *self.after)) if self.after else ticket
                cases.append(case_of_ticket(told, agreement, self.now))
                places.append(at)
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
        )


@dataclass
class Gathering:
    """Tickets on their way into a part: columns, and objects with their places."""

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
        self.batches.append(batch)
        self.held += len(batch)

    def add_objects(self, tickets: Sequence[Ticket], places: Sequence[int]) -> None:
        """More objects."""
        self.tickets += tickets
        self.places += places
        self.held += len(tickets)

    def taken(
        self, size: int, *, all_of_it: bool = False
    ) -> Iterator[tuple[Batch | None, list[Ticket], Ints]]:
        """As many full parts as there are, `all_of_it` also what remains."""
        if self.held < size and not (all_of_it and self.held):
            return
        place = np.array(self.places, np.int64)
        every = np.sort(np.concatenate([place, *(b.place for b in self.batches)]))
        whole = len(every) if all_of_it else len(every) // size * size
        for start in range(0, whole, size):
            first, last = int(every[start]), int(every[min(start + size, whole) - 1])
            cut = self._between(first, last)
            mine = (place >= first) & (place <= last)
            objects = [t for t, m in zip(self.tickets, mine.tolist(), strict=True) if m]
            yield together(cut) if cut else None, objects, place[mine]
        # What remains holds on to nothing that was given out, but for the block that it shares.
        later = int(every[whole]) if whole < len(every) else int(every[-1]) + 1
        self.batches = self._between(later, int(every[-1]))
        self.tickets = [t for t, at in zip(self.tickets, self.places, strict=True) if at >= later]
        self.places = [at for at in self.places if at >= later]
        self.held = len(every) - whole

    def _between(self, first: int, last: int) -> list[Batch]:
        """The columns of tickets from one place to another."""
        out = []
        for batch in self.batches:
            inside = (batch.place >= first) & (batch.place <= last)
            if inside.any():
                out.append(batch if inside.all() else batch.take(inside))
        return out

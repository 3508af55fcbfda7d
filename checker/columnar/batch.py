"""Tickets as columns, as a reader of files makes them, and the `Source` that they are under their agreements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar, overload

import numpy as np
import numpy.typing as npt

from checker.columnar.agreed import Agreed
from checker.columnar.possible import Bools, Ints, Order
from checker.columnar.source import NOTHING, Across, Dictionary, Gaps
from checker.columnar.texts import Texts, one_after_another
from checker.interpret.case import Case, case_of_ticket
from checker.interpret.possible import EVER
from checker.record.extent import Extent
from checker.record.model import Place, Ticket, Value

T = TypeVar("T")


Codes = npt.NDArray[np.int32]


class Encoded(NamedTuple):
    """What rows say of an attribute: places in a list of values, NOTHING where they say nothing."""

    codes: Codes
    values: Sequence[Value]

    def take(self, rows: Ints | Bools) -> Encoded:
        """Some of the rows."""
        return Encoded(self.codes[rows], self.values)


@dataclass(slots=True)
class Batch:
    """Tickets without a flaw, in the order of the log; rows in the order of the tickets, in a ticket in the order of its history.

    By ticket: `ids`, `place` (see `parts.Part`), `agreement` (place in `named`, -1 for none), `kind` (place in `kinds`, -1 for none),
    `counts` (its events), `rows` (of the file, that it took). By row: `at`,
    `until`, `revised`, `name` (place in `names`), `attributes`. `ticket(i)` makes ticket i as the reader of objects would;
    `begins(i)` is where its first event stands.
    """

    ids: Texts
    place: Ints
    agreement: Codes | Ints
    named: Sequence[str]
    kind: Codes | Ints
    kinds: Sequence[str]
    counts: Ints
    rows: Ints
    at: Ints
    until: Ints
    revised: Bools
    name: Codes | Ints
    names: Sequence[str]
    attributes: Mapping[str, Encoded]
    ticket: Callable[[int], Ticket]
    begins: Callable[[int], Place]

    def __len__(self) -> int:
        return len(self.counts)

    def take(self, which: Bools) -> Batch:
        """Some of the tickets."""
        rows = np.repeat(which, self.counts)
        index = np.flatnonzero(which)
        ticket, begins = self.ticket, self.begins
        return Batch(
            self.ids.some(which),
            self.place[which],
            self.agreement[which],
            self.named,
            self.kind[which],
            self.kinds,
            self.counts[which],
            self.rows[which],
            at := self.at[rows],
            at if self.until is self.at else self.until[rows],
            self.revised[rows],
            self.name[rows],
            self.names,
            {k: v.take(rows) for k, v in self.attributes.items()},
            lambda i: ticket(int(index[i])),
            lambda i: begins(int(index[i])),
        )

    def part(self, first: int, last: int) -> Batch:
        """The tickets from `first` up to, not including, `last`: columns of the same memory."""
        of, ends = slice(first, last), np.cumsum(self.counts)
        begin = int(ends[first - 1]) if first else 0
        rows = slice(begin, int(ends[last - 1]) if last > first else begin)
        ticket, begins, at = self.ticket, self.begins, self.at[rows]
        return Batch(
            Texts(self.ids.column[of]),
            self.place[of],
            self.agreement[of],
            self.named,
            self.kind[of],
            self.kinds,
            self.counts[of],
            self.rows[of],
            at,
            at if self.until is self.at else self.until[rows],
            self.revised[rows],
            self.name[rows],
            self.names,
            {k: Encoded(v.codes[rows], v.values) for k, v in self.attributes.items()},
            lambda i: ticket(first + i),
            lambda i: begins(first + i),
        )

    def extent(self, now: int) -> Extent:
        """See `checker.record.extent`."""
        counts = np.bincount(self.kind + 1, minlength=len(self.kinds) + 1).tolist()
        kinds = Counter({kind: n for kind, n in zip(("", *self.kinds), counts, strict=True) if n})
        known = self.at <= now
        at = self.at[known]
        if not len(at):
            return Extent(kinds=kinds)
        rough = int((self.until[known] != at).sum())
        return Extent(int(at.min()), int(at.max()), len(at), rough, kinds)


class Listed:
    """Texts that come again and again, in one list: codes in any list become codes in this one."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._code: dict[str, int] = {}
        self._last: tuple[Sequence[str], Ints] = ((), np.zeros(1, np.int64))

    def of(self, codes: Codes | Ints, texts: Sequence[str]) -> Ints:
        """Codes in this list; -1 stays."""
        if self._last[0] is not texts:
            known = self._code
            new = np.array([*(known.setdefault(t, len(known)) for t in texts), -1], np.int64)
            self.texts += list(known)[len(self.texts) :]
            self._last = texts, new
        found: Ints = self._last[1][codes]
        return found


class Lazily(Sequence[T]):
    """A sequence whose members are made when they are asked for."""

    def __init__(self, length: int, make: Callable[[int], T]) -> None:
        self._length = length
        self._make = make

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, i: int) -> T: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[T]: ...
    def __getitem__(self, i: int | slice) -> T | Sequence[T]:
        if isinstance(i, slice):
            return [self._make(k) for k in range(*i.indices(self._length))]
        if not -self._length <= i < self._length:
            raise IndexError(i)
        return self._make(int(i) % self._length)


def together(parts: Sequence[Batch]) -> Batch:
    """Batches one after the other."""
    if len(parts) == 1:
        return parts[0]
    ends = np.cumsum([len(p) for p in parts])

    def where(i: int) -> tuple[Batch, int]:
        k = int(np.searchsorted(ends, i, "right"))
        return parts[k], i - int(ends[k] - len(parts[k]))

    def ticket(i: int) -> Ticket:
        part, at = where(i)
        return part.ticket(at)

    def begins(i: int) -> Place:
        part, at = where(i)
        return part.begins(at)

    agreement, named = _one_list([(p.agreement, p.named) for p in parts])
    kind, kinds = _one_list([(p.kind, p.kinds) for p in parts])
    name, names = _one_list([(p.name, p.names) for p in parts])
    return Batch(
        one_after_another([p.ids for p in parts]),
        np.concatenate([p.place for p in parts]),
        agreement,
        named,
        kind,
        kinds,
        np.concatenate([p.counts for p in parts]),
        np.concatenate([p.rows for p in parts]),
        at := np.concatenate([p.at for p in parts]),
        at if all(p.until is p.at for p in parts) else np.concatenate([p.until for p in parts]),
        np.concatenate([p.revised for p in parts]),
        name,
        names,
        _attributes(parts),
        ticket,
        begins,
    )


def _one_list(parts: Sequence[tuple[Codes | Ints, Sequence[str]]]) -> tuple[Codes | Ints, Sequence[str]]:
    """Codes in several lists as codes in one; -1 stays."""
    if all(texts is parts[0][1] for _, texts in parts):
        return np.concatenate([codes for codes, _ in parts]), parts[0][1]
    known: dict[str, int] = {}
    out = []
    for codes, texts in parts:
        new = np.array([*(known.setdefault(t, len(known)) for t in texts), -1], np.int64)
        out.append(new[codes])
    return np.concatenate(out), list(known)


def _attributes(parts: Sequence[Batch]) -> dict[str, Encoded]:
    names = {name: None for p in parts for name in p.attributes}
    out = {}
    for name in names:
        codes: list[Codes] = []
        values: list[Value] = []
        last: Sequence[Value] = values
        begin = 0
        for p in parts:
            found = p.attributes.get(name)
            if found is None:
                codes.append(np.full(len(p.at), NOTHING, np.int32))
                continue
            # Of values that recur each batch may have its own list: `Dictionary` makes equal ones one.
            if found.values is not last and not _alike(found.values, last):
                last, begin = found.values, len(values)
                values += last
            codes.append(
                found.codes
                if not begin
                else np.where(found.codes >= 0, found.codes + np.int32(begin), NOTHING).astype(np.int32)
            )
        out[name] = Encoded(np.concatenate(codes), values)
    return out


def _alike(a: Sequence[Value], b: Sequence[Value]) -> bool:
    """Whether lists have the same values, of which a truth is no number."""
    return len(a) == len(b) and all(
        x is y or (type(x) is type(y) and x == y and (not isinstance(x, list) or repr(x) == repr(y)))
        for x, y in zip(a, b, strict=True)
    )


class OfBatch:
    """A batch under its agreements, as a `Source`.

    `number`: of each place in `batch.named`, and last for tickets that name none, the number of the agreement in `under`.
    `recorded`: the events that the source can hold (None: any). `read`: the events that are read (None: all); `carried`: attributes
    that any event may set.
    """

    def __init__(
        self,
        batch: Batch,
        number: Ints,
        under: Agreed,
        recorded: frozenset[str] | None = None,
        read: Collection[str] | None = None,
        carried: Collection[str] = (),
    ) -> None:
        self.now = under.now
        self._batch = batch
        self._recorded = recorded
        self.under = under
        self.facts: Sequence[Mapping[str, Any]] = under.facts
        self.agreement: Ints = number[batch.agreement]
        assert not len(batch) or self.agreement.min() >= 0, "a ticket without an agreement"
        self.whole = recorded is None and not (under.lacking and under.lacks[self.agreement].any())
        n = len(batch)
        # Not of `self`: a source that nobody needs is let go at once.
        self.cases: Sequence[Case] = _cases(batch, under, self.agreement)
        case = np.repeat(np.arange(n, dtype=np.int64), batch.counts)
        starts = np.cumsum(batch.counts) - batch.counts
        order = np.arange(len(case), dtype=np.int64) - np.repeat(starts, batch.counts)
        in_time = batch.at <= self.now
        first = batch.at[starts] if n else np.zeros(0, np.int64)
        self.birth: Ints = np.where(first <= self.now, first, EVER)
        kept = in_time & self._looked_at(read, carried)
        whole = bool(kept.all())
        rows = np.flatnonzero(kept) if not whole else None

        self._rows: Ints | None = rows
        if rows is None:
            self.order = Order(batch.at, batch.until, batch.revised, order)
            self.case: Ints = case
            name = batch.name
        else:
            at = batch.at[rows]
            # Most stamps are to the second: then both ends are one column.
            until = at if batch.until is batch.at else batch.until[rows]
            self.order = Order(at, until, batch.revised[rows], order[rows])
            self.case, name = case[rows], batch.name[rows]
        self.name: Ints = name.astype(np.int64, copy=False)
        self.names: Sequence[str] = batch.names
        self._shared_at: Ints = np.zeros(0, np.int64)
        self._place: Ints | None = None
        if under.events:
            self._beside_shared()

    def _looked_at(self, read: Collection[str] | None, carried: Collection[str]) -> Bools:
        batch = self._batch
        if read is None:
            return np.ones(len(batch.at), bool)
        hit = np.array([name in read for name in batch.names], bool)[batch.name]
        for attribute in carried:
            found = batch.attributes.get(attribute)
            if found is not None:
                hit |= found.codes >= 0
        return hit

    def _beside_shared(self) -> None:
        """The events of the agreements' own histories, each beside every case of its agreement."""
        shared = self.under.events
        counts, which = self.under.events_of.beside(self.agreement)
        if not len(which):
            return
        case = np.repeat(np.arange(len(self.agreement), dtype=np.int64), counts)
        self._shared_at = which
        theirs = Order(
            np.array([e.at for e in shared], np.int64)[which],
            np.array([e.until for e in shared], np.int64)[which],
            np.array([e.revision is not None for e in shared], bool)[which],
            np.array([e.order for e in shared], np.int64)[which],
        )
        both = [np.concatenate((mine, other)) for mine, other in zip(self.order, theirs, strict=True)]
        cases = np.concatenate([self.case, case])
        # As `case_of_ticket` orders them: by time, by their place in their history, a ticket's own (which name no ticket) first;
        # two of one agreement at one place there are not.
        place = np.lexsort((np.repeat([0, 1], [len(self.case), len(case)]), both[3], both[0], cases))
        self._place = place
        self.case = cases[place]
        self.order = Order(*(column[place] for column in both))
        names = {name: i for i, name in enumerate(self.names)}
        said = np.array([names.setdefault(e.name, len(names)) for e in shared], np.int64)
        self.name = np.concatenate([self.name, said[which]])[place]
        self.names = list(names)

    def begins(self, i: int) -> Place | None:
        """Where the record of a case begins, without making it; None where nothing has happened yet."""
        return self._batch.begins(i) if self.birth[i] != EVER else None

    def attribute(self, attribute: str, dictionary: Dictionary) -> Ints:
        """See `Source`."""
        found = self._batch.attributes.get(attribute)
        if found is None:
            out = np.full(len(self.case) - len(self._shared_at), NOTHING, np.int64)
        else:
            code = np.array([*map(dictionary.code, found.values), NOTHING], np.int64)
            out = code[found.codes if self._rows is None else found.codes[self._rows]]
        if self._place is None:
            return out
        shared = self.under.events
        told: list[Value | None] = [e.attributes.get(attribute) for e in shared]
        if attribute == "ticket":
            told = [e.attributes.get("ticket") or e.ticket for e in shared]
        theirs = np.array([dictionary.code(v) for v in told], np.int64)
        return np.concatenate([out, theirs[self._shared_at]])[self._place]

    def says_null(self, attribute: str) -> Bools:
        """See `Source`: what a batch does not tell from silence, its reader left to the reader of objects."""
        out = np.zeros(len(self.case), bool)
        if self._place is not None:
            shared = self.under.events
            empty = [attribute in e.attributes and e.attributes[attribute] is None for e in shared]
            own = len(self.case) - len(self._shared_at)
            out = np.concatenate([out[:own], np.array(empty, bool)[self._shared_at]])[self._place]
        return out

    def gone(self, records: Collection[str], name: str) -> Bools | None:
        """See `Source`."""
        if self._recorded is not None and name not in self._recorded:
            return np.ones(len(self.agreement), bool)
        if not self.under.lacking:
            return None
        sought = {*records, name}
        lacking = np.zeros(len(self.facts), bool)
        lacking[[k for k, missing in self.under.lacking if not sought.isdisjoint(missing)]] = True
        found: Bools = lacking[self.agreement]
        return found if found.any() else None

    def gaps(self) -> Gaps | None:
        """See `Source`."""
        if not self.under.gaps:
            return None
        counts, which = self.under.gaps_of.beside(self.agreement)
        if not len(which):
            return None
        flat = self.under.gaps
        return Gaps(
            np.repeat(np.arange(len(counts), dtype=np.int64), counts),
            np.array([g.start for g, _ in flat], np.int64)[which],
            np.array([g.end for g, _ in flat], np.int64)[which],
            np.array([s for _, s in flat], bool)[which],
        )

    def across(self, name: str) -> Across | None:
        """See `Source`: tickets of a log that is read in parts stand alone."""
        return None


def _cases(batch: Batch, under: Agreed, agreement: Ints) -> Sequence[Case]:
    """The cases of a batch under their agreements, made when they are asked for."""

    def case(i: int) -> Case:
        ticket = batch.ticket(i)
        if under.after:
            ticket = replace(ticket, gaps=(*ticket.gaps, *under.after))
        return case_of_ticket(ticket, under.agreements[agreement[i]], under.now)

    return Lazily(len(batch), case)

"""An export of snapshots read straight into columns: its tickets, and the account of its rows, as the reader of rows gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass

import numpy as np

from checker.columnar.batch import Batch, Encoded
from checker.columnar.export_cells import Cells, Column
from checker.columnar.export_stamps import StampColumns
from checker.columnar.export_told import Events, Histories, Sorted, Spans, can_tell, ordered, stands_for
from checker.columnar.possible import Bools, Ints
from checker.columnar.source import NOTHING, Gaps
from checker.columnar.texts import Texts
from checker.record.collect import Collector
from checker.record.flaws import Flaw
from checker.record.mapping_apply import MappedRows
from checker.record.mapping_model import Mapping, ValueRule
from checker.record.model import Event, Gap, Log, MappingUsed, Place, Ticket, Value
from checker.record.suspicions import whole_hours
from checker.record.telling import REPEATED, Line, Teller
from checker.record.values import name


@dataclass
class Told:
    """What an export tells by a mapping: the tickets in columns, and what became of its rows.

    `rules`: the mapping. `log` has no tickets; its account has.
    `nulls` and `gaps` are as in `ticket_source.Tickets`, `claims` by the id of the ticket; `place`: where the first event
    of a ticket stands.
    """

    rules: Mapping
    log: Log
    batch: Batch
    nulls: dict[str, Bools]
    gaps: Gaps
    claims: AbstractMapping[str, AbstractMapping[str, Value]]
    events: Callable[[Ints], list[Event]]
    place: Callable[[int], Place]
    teller: Teller
    times: StampColumns


def told(cells: Cells, rules: Mapping, into: Collector, beside: Told | None = None) -> Told | None:
    """What the rows tell by a mapping; None where columns cannot tell it.

    `into`: an account of nothing. `beside`: what the same rows told by another mapping; what stamps give away is then not said again.
    """
    return _Telling(cells, rules, into, beside).told() if can_tell(rules) else None


class _Telling:
    def __init__(self, cells: Cells, rules: Mapping, into: Collector, beside: Told | None) -> None:
        self.cells, self.rules, self.into = cells, rules, into
        self.again = beside is not None
        self.teller = Teller(rules, None, beside.teller if beside is not None else None)
        known = beside is not None and beside.times.rule == rules.time
        self.times = (
            beside.times if beside is not None and known else StampColumns(cells, rules.time, self.teller)
        )
        self.rows: Sorted = ordered(cells, rules, self.teller, self.times)
        self.ids: list[str] = np.array(cells.ticket.texts, object)[self.rows.ids].tolist()
        self._lines: tuple[Ints, Ints] | None = None

    def told(self) -> Told | None:
        rows, rules, into = self.rows, self.rules, self.into
        if not all(self._sound_id(each) for each in self.ids):
            return None
        into.rows += len(self.cells)
        into.tickets += len(self.ids)
        into.sources += self.cells.sources
        histories = Histories(self.cells, rules, rows, self.teller, self.times)
        events, gaps = histories.events(), histories.gaps()
        agreement, kind, claims = self._final()
        odd = rows.odd | histories.late | (np.bincount(events.ticket, minlength=len(self.ids)) == 0)
        odd |= agreement.bad | kind.bad
        if not self._tell_odd(odd, histories):
            return None
        good = ~odd
        taken = int(rows.taken[good].sum())
        with_gaps = np.zeros(len(good), bool)
        with_gaps[gaps.ticket] = True
        into.told(int(good.sum()), taken, int((with_gaps & good).sum()))
        into.revisions_missing += int(gaps.missing[good].sum())
        repeats = rows.repeats[good[self._ticket_of(rows.repeats)]]
        if len(repeats):
            into.note(REPEATED, self.cells.place(int(repeats[0])), len(repeats))
        if not self.again:
            for note in self.teller.notes(self._first):
                into.note(note.text, note.place, note.count)
        latest = int(rows.at[good[rows.ticket]].max()) if good.any() else None
        end = latest if rules.complete_to == "last-row" else rules.complete_to
        made = _Made(self, good, events, gaps, agreement, kind, claims)
        into.ended(end)
        made.remark(end)
        into.assumptions += rules.assumptions
        log = into.finish(MappingUsed(rules.name, rules.file, rules.sha256))
        return Told(
            rules,
            log,
            made.batch,
            made.nulls,
            made.gaps,
            made.claimed(),
            made.events,
            made.place,
            self.teller,
            self.times,
        )

    def _first(self, column: str, holds: Callable[[str], bool]) -> tuple[str, Place] | None:
        """The first cell of a column for which something holds, and its place."""
        of = self.cells.columns[column]
        wanted = np.array([*map(holds, of.texts), False], bool)
        rows = np.flatnonzero(wanted[of.codes])
        return (of.texts[int(of.codes[rows[0]])], self.cells.place(int(rows[0]))) if len(rows) else None

    def _sound_id(self, ticket: str) -> bool:
        try:
            name(ticket, (self.rules.ticket,), "the ticket's id")
        except Flaw:
            return False
        return ticket not in self.rules.source.missing

    def _ticket_of(self, row: Ints) -> Ints:
        number = np.full(len(self.cells.ticket.texts) + 1, -1, np.int64)
        number[self.rows.ids] = np.arange(len(self.ids))
        return number[self.cells.ticket.codes[row]]

    def lines(self, ticket: int) -> list[Line]:
        """The rows of a ticket, as they stand."""
        if self._lines is None:
            of = self._ticket_of(np.arange(len(self.cells)))
            order = np.argsort(of, kind="stable")
            self._lines = order, np.searchsorted(of[order], np.arange(len(self.ids) + 1))
        order, begin = self._lines
        out = []
        for row in order[begin[ticket] : begin[ticket + 1]].tolist():
            place = self.cells.place(row)
            out.append(Line(place.file, place.line, "", self.cells.cells(row)))
        return out

    def _tell_odd(self, odd: Bools, histories: Histories) -> bool:
        """Let the reader of rows refuse what is odd, and note how far openings lie from the rows that show them; False where
        it tells some ticket after all.
        """
        suspicions = self.teller.suspicions
        by_rows = MappedRows(self.into, self.rules, teller=self.teller)
        apart: list[tuple[Ints, Bools]] = []
        some = odd.copy()
        for gap, shown in histories.shown:
            # Seconds of few tickets are whole hours; of the others it matters only how many there are.
            seconds, back = np.unique(gap, return_inverse=True)
            whole = np.array([whole_hours(s) for s in seconds.tolist()], bool)[back.reshape(-1)]
            suspicions.not_apart(int((shown & ~odd & ~whole).sum()))
            apart.append((gap, shown & ~odd & whole))
            some |= apart[-1][1]
        for i in np.flatnonzero(some).tolist():
            if odd[i]:
                if not by_rows.refuses(self.ids[i], self.lines(i)):
                    return False
                continue
            for gap, shown in apart:
                if shown[i]:
                    first = int(self.rows.row[self.rows.first[i]])
                    suspicions.apart(int(gap[i]), self.cells.place(first))
        return True

    # ---------------------------------------------------------------- the ticket as a whole
    def _final(self) -> tuple[_Named, _Named, dict[str, tuple[Ints, list[Value], Bools]]]:
        """What the last rows say of the ticket as a whole."""
        rules = self.rules
        claims = {}
        for key, rule in rules.claims.items():
            known: list[Value] = []
            claims[key] = (*self._value(rule, known), known)
        return (
            self._named(rules.agreement),
            self._named(rules.kind),
            {key: (code, known, null) for key, (code, null, known) in claims.items()},
        )

    def _value(self, rule: ValueRule, known: list[Value]) -> tuple[Ints, Bools]:
        n = len(self.ids)
        if rule.source == "constant":
            known.append(rule.constant)
            return np.zeros(n, np.int64), np.zeros(n, bool)
        of = self.cells.columns[rule.column]
        codes = self._last(of)
        if rule.source == "previous":
            codes = np.full(n, NOTHING)
        # A cell that no rule can read makes its ticket odd already.
        stands, null = stands_for(self.teller.worked, rule, of, codes, known)
        return stands[codes], null[codes]

    def _last(self, of: Column) -> Ints:
        """By ticket the last value of a column that is on record."""
        rows = self.rows
        code = of.codes[rows.row]
        place = np.maximum.accumulate(np.where(code >= 0, np.arange(len(code)), -1))
        last = np.append(rows.first[1:], len(code)) - 1
        found = place[last]
        return np.where(found >= rows.first, code[np.maximum(found, 0)], NOTHING).astype(np.int64)

    def _named(self, rule: ValueRule | None) -> _Named:
        n = len(self.ids)
        if rule is None:
            return _Named([], np.full(n, NOTHING, np.int64), np.zeros(n, bool))
        known: list[Value] = []
        codes, _ = self._value(rule, known)
        texts, bad = [], np.zeros(len(known) + 1, bool)
        for i, value in enumerate(known):
            try:
                texts.append("" if value is None else name(value, (), "the name"))
            except Flaw:
                texts.append("")
                bad[i] = True
        nothing = np.array([*(value is None for value in known), False], bool)
        return _Named(texts, np.where(nothing[codes], NOTHING, codes), bad[codes])


@dataclass(frozen=True)
class _Named:
    """A name by ticket: a place in `texts`, NOTHING for none; `bad`: where what stands there is no name."""

    texts: Sequence[str]
    codes: Ints
    bad: Bools

    def of(self, i: int) -> str | None:
        """The name of a ticket."""
        code = int(self.codes[i])
        return None if code == NOTHING else self.texts[code]


_NO_EVENT = Event("", 0, 0, {})


class _Made:
    """The tickets without a flaw."""

    def __init__(
        self,
        by: _Telling,
        good: Bools,
        events: Events,
        gaps: Spans,
        agreement: _Named,
        kind: _Named,
        claims: dict[str, tuple[Ints, list[Value], Bools]],
    ) -> None:
        self.by, self.kind, self.claims = by, kind, claims
        self.which = np.flatnonzero(good)
        self.all = bool(good.all())
        number = np.cumsum(good) - 1
        rules, rows = by.rules, by.rows
        kept = np.flatnonzero(good[events.ticket])
        self.rule, self.row = events.rule[kept], events.row[kept]
        names = list(dict.fromkeys(rule.event for rule in rules.events))
        code = np.array([names.index(rule.event) for rule in rules.events], np.int64)
        ticket = number[events.ticket[kept]]
        self.nulls = {key: null[kept] for key, null in events.nulls.items()}
        self.agreement = agreement
        self.batch = Batch(
            Texts.of([by.ids[i] for i in self.which.tolist()]),
            self.which,
            agreement.codes[self.which],
            agreement.texts,
            kind.codes[self.which],
            kind.texts,
            np.bincount(ticket, minlength=len(self.which)),
            rows.taken[self.which],
            events.at[kept],
            events.until[kept],
            np.ones(len(kept), bool),
            code[self.rule],
            names,
            {key: Encoded(e.codes[kept], e.values) for key, e in events.attributes.items()},
            self.ticket,
            self.place,
        )
        mine = good[gaps.ticket]
        case = number[gaps.ticket[mine]]
        self.gaps = Gaps(case, gaps.start[mine], gaps.end[mine], np.zeros(len(case), bool))
        self._begin = np.concatenate([[0], np.cumsum(self.batch.counts)])

    def events(self, row: Ints) -> list[Event]:
        """Events as the reader of rows makes them."""
        out: list[Event] = [_NO_EVENT] * len(row)
        of_rule = self.rule[row]
        for n in np.unique(of_rule).tolist():
            where = np.flatnonzero(of_rule == n)
            for i, event in zip(where.tolist(), self._of_rule(n, row[where]), strict=True):
                out[i] = event
        return out

    def _of_rule(self, n: int, row: Ints) -> Iterator[Event]:
        b, by = self.batch, self.by
        rule, here = by.rules.events[n], by.rows.row[self.row[row]]
        stamps = by.cells.columns[by.rules.time.column if rule.at is None else rule.at]
        said: list[dict[str, Value]] = [{} for _ in range(len(row))]
        for key in rule.attributes:
            encoded, null = b.attributes[key], self.nulls.get(key)
            lost = null[row].tolist() if null is not None else [False] * len(row)
            for each, code, gone in zip(said, encoded.codes[row].tolist(), lost, strict=True):
                if code != NOTHING:
                    each[key] = encoded.values[code]
                elif gone:
                    each[key] = None
        ticket = np.searchsorted(self._begin, row, "right") - 1
        columns = (
            b.at[row],
            b.until[row],
            by.rows.revision[self.row[row]],
            row - self._begin[ticket],
            stamps.codes[here],
            here,
        )
        texts, place, name = stamps.texts, by.cells.place, rule.event
        for at, until, revision, order, stamp, at_row, mine in zip(
            *(column.tolist() for column in columns), said, strict=True
        ):
            yield Event(name, at, until, mine, None, revision, order, texts[stamp], place(at_row))

    def ticket(self, i: int) -> Ticket:
        """A ticket as the reader of rows makes it."""
        by, k = self.by, int(self.which[i])
        begin, end = int(self._begin[i]), int(self._begin[i + 1])
        first, last = np.searchsorted(self.gaps.case, [i, i + 1]).tolist()
        bounds = zip(self.gaps.start[first:last].tolist(), self.gaps.end[first:last].tolist(), strict=True)
        return Ticket(
            by.ids[k],
            self.agreement.of(k),
            self.kind.of(k) or "",
            tuple(self.events(np.arange(begin, end))),
            by.rules.missing,
            tuple(Gap(a, b) for a, b in bounds),
            self._claims(k),
            by.cells.place(int(by.rows.row[by.rows.first[k]])),
            by.rules.recorded,
            int(by.rows.taken[k]),
        )

    def place(self, i: int) -> Place:
        """Where the first event of a ticket stands."""
        by = self.by
        return by.cells.place(int(by.rows.row[self.row[self._begin[i]]]))

    def _claims(self, k: int) -> dict[str, Value]:
        out: dict[str, Value] = {}
        for key, (code, known, null) in self.claims.items():
            if code[k] != NOTHING:
                out[key] = known[int(code[k])]
            elif null[k]:
                out[key] = None
        return out

    def claimed(self) -> dict[str, dict[str, Value]]:
        """The claims by ticket, of those that have some; those alike are one object."""
        if not self.claims:
            return {}
        same = np.stack([x for code, _, null in self.claims.values() for x in (code, null)])[:, self.which]
        _, first, back = np.unique(same, axis=1, return_index=True, return_inverse=True)
        each = [self._claims(int(self.which[i])) for i in first.tolist()]
        ids = self.batch.ids.column.to_pylist()
        return {t: each[k] for t, k in zip(ids, back.reshape(-1).tolist(), strict=True) if each[k]}

    def remark(self, end: int | None) -> None:
        """Say what is worth a note in the histories: of each kind of event the first, and each that is worth it."""
        b, into = self.batch, self.by.into
        kinds = self.rule.copy()
        for key, encoded in b.attributes.items():
            null = self.nulls.get(key)
            said = encoded.codes != NOTHING
            kinds = kinds * 2 + (said if null is None else said | null)
            # Kinds stay small numbers, however many attributes there are.
            kinds = np.unique(kinds, return_inverse=True)[1].reshape(-1)
        wanted = np.zeros(len(kinds), bool)
        wanted[np.unique(kinds, return_index=True)[1]] = True
        wanted |= np.array([not into.knows(each) for each in b.names], bool)[b.name]
        if end is not None:
            wanted |= b.at > end
        into.remark(self.events(np.flatnonzero(wanted)), end)


__all__ = ["Told", "told"]

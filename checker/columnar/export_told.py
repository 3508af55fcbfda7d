"""The histories that the rows of snapshots tell, all tickets at once: the rules of `checker.record.telling` in columns.

What an export repeats (stamps, words, changes of a column from one value to another) is looked at once for each distinct one, by the
readers of `checker.record`; here it is spread over the rows. Tickets whose rows contradict each other, or hold a cell that is faulty,
are `odd`: what is to be said of them the reader of rows says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from checker.columnar.batch import Codes, Encoded
from checker.columnar.export_cells import Cells, Column
from checker.columnar.export_stamps import StampColumns
from checker.columnar.possible import Bools, Ints
from checker.columnar.source import NOTHING
from checker.record.flaws import Flaw
from checker.record.mapping_model import EventRule, Mapping, ValueRule
from checker.record.mapping_values import ValueReader
from checker.record.model import Value
from checker.record.telling import Teller
from checker.record.transitions import Transitions


def can_tell(rules: Mapping) -> bool:
    """Whether the histories of a mapping are told in columns: snapshots with revisions that are numbered one by one, in one zone."""
    revision = rules.revision
    return (
        rules.source.format == "csv"
        and rules.shape == "snapshot-per-update"
        and not rules.source.absent
        and not rules.source.unchanged
        and rules.time.zone_column is None
        and revision is not None
        and not revision.shared
        and not revision.jumps
        and all(rule.at is None or rule.when.kind == "first-row" for rule in rules.events)
    )


class Sorted(NamedTuple):
    """Rows ticket by ticket (in the order of their first rows), each ticket's in the order of time, then of revisions.

    By row: `row` (its place among the cells), `ticket`, `at`, `until`, `revision`, `begins` (the place of its ticket's first row).
    By ticket: `first` (that place). `odd`: of each ticket whether the reader of rows has to tell it. `repeats`: the places of rows that
    repeat another one word for word, which are none of these. `taken`: by ticket, how many rows it has with those.
    """

    row: Ints
    ticket: Ints
    at: Ints
    until: Ints
    revision: Ints
    begins: Ints
    first: Ints
    odd: Bools
    repeats: Ints
    taken: Ints
    ids: Ints


@dataclass(frozen=True)
class Events:
    """Events in the order of their tickets, in a ticket in that of its history.

    By event: `ticket`, `at`, `until`, `rule` (a place in the rules), `row` (the place of the sorted row that made it). `attributes`
    and `nulls`: what each says, and where it says that something is not on record.
    """

    ticket: Ints
    at: Ints
    until: Ints
    rule: Ints
    row: Ints
    attributes: dict[str, Encoded]
    nulls: dict[str, Bools]


class Spans(NamedTuple):
    """Gaps ticket by ticket, each once, in order; `missing`: by ticket how many revisions are missing."""

    ticket: Ints
    start: Ints
    end: Ints
    missing: Ints


# --------------------------------------------------------------------------- rows
def ordered(cells: Cells, rules: Mapping, teller: Teller, times: StampColumns) -> Sorted:
    """The rows in the order of their histories."""
    assert rules.revision is not None
    n = len(cells)
    when = cells.columns[rules.time.column]
    stamps = times.of(rules.time.column)
    numbers, bad_number = _revisions(teller, cells.columns[rules.revision.column])
    codes = cells.columns[rules.revision.column].codes
    faulty = stamps.bad[when.codes] | bad_number[codes]
    faulty |= _faulty_cells(cells, rules, teller, times)
    at, until, revision = stamps.at[when.codes], stamps.until[when.codes], numbers[codes]
    first_row = np.full(len(cells.ticket.texts) + 1, n, np.int64)
    np.minimum.at(first_row, cells.ticket.codes, np.arange(n))
    ids = np.argsort(first_row[:-1], kind="stable")
    ids = ids[first_row[ids] < n]
    number = np.full(len(first_row), -1, np.int64)
    number[ids] = np.arange(len(ids))
    ticket = number[cells.ticket.codes]
    sort = np.lexsort((revision, at, ticket))
    odd = np.zeros(len(ids), bool)
    odd[ticket[faulty]] = True
    repeated = _repeated(cells, sort, ticket)
    taken = np.bincount(ticket, minlength=len(ids))
    kept = sort[~repeated]
    of = ticket[kept]
    begin = np.ones(len(kept), bool)
    begin[1:] = of[1:] != of[:-1]
    first = np.flatnonzero(begin)
    back = np.zeros(len(kept), bool)
    back[1:] = ~begin[1:] & (revision[kept][1:] <= revision[kept][:-1])
    odd[of[back]] = True
    return Sorted(
        kept,
        of,
        at[kept],
        until[kept],
        revision[kept],
        first[of],
        first,
        odd,
        sort[repeated],
        taken,
        ids,
    )


def _revisions(teller: Teller, of: Column) -> tuple[Ints, Bools]:
    """By text its number; which of them are none, NOTHING (the last) too."""
    out = np.zeros(len(of.texts) + 1, np.int64)
    bad = np.ones(len(of.texts) + 1, bool)
    for i, text in enumerate(of.texts):
        try:
            out[i] = teller.revision(text)
        except (Flaw, OverflowError):
            continue
        bad[i] = False
    return out, bad


def _faulty_cells(cells: Cells, rules: Mapping, teller: Teller, times: StampColumns) -> Bools:
    """The rows with a cell that a rule cannot read."""
    out = np.zeros(len(cells), bool)
    for column, of in cells.columns.items():
        closed = rules.closed.get(column)
        bad = np.zeros(len(of.texts) + 1, bool)
        for i, text in enumerate(of.texts):
            bad[i] = closed is not None and text not in closed
        for rule in teller.rules_of(column):
            for i, text in enumerate(of.texts):
                try:
                    teller.worked.value(rule, text)
                except Flaw:
                    bad[i] = True
        if column in teller.own_times:
            bad[:-1] |= times.of(column).bad[:-1]
        if bad.any():
            out |= bad[of.codes]
    return out


def _repeated(cells: Cells, sort: Ints, ticket: Ints) -> Bools:
    """Of sorted rows those that repeat the one before in every cell."""
    out = np.zeros(len(sort), bool)
    alike = ticket[sort][1:] == ticket[sort][:-1]
    for of in cells.columns.values():
        codes = of.codes[sort]
        alike &= codes[1:] == codes[:-1]
        if not alike.any():
            return out
    out[1:] = alike
    return out


# --------------------------------------------------------------------------- what the rows tell
class Histories:
    """Tells what the sorted rows of an export tell, by a mapping."""

    def __init__(
        self, cells: Cells, rules: Mapping, rows: Sorted, teller: Teller, times: StampColumns
    ) -> None:
        assert rules.revision is not None
        self._cells, self._rules, self._rows, self._teller = cells, rules, rows, teller
        self._times_of = times.of
        self._code = {name: of.codes[rows.row] for name, of in cells.columns.items()}
        self._before: dict[str, Ints] = {}
        start = rules.revision.first
        first = rows.revision[rows.first]
        self.lost_before: Ints = np.maximum(0, first - start) if start is not None else np.zeros_like(first)
        self._opened: tuple[Ints, Ints] = (rows.at[rows.first], rows.until[rows.first])
        self._made: list[tuple[Ints, Ints, Ints, int, Ints]] = []
        self.late: Bools = np.zeros(len(rows.first), bool)
        """The tickets whose first row comes before what it says happened first."""
        self.shown: list[tuple[Ints, Bools]] = []
        """Of each rule with a time of its own: by ticket, how long before the first row it lies, and whether it is told."""
        self._open()

    def known_before(self, column: str) -> Ints:
        """By row, the place of the last row before it in its ticket with a value of this column on record; -1 for none."""
        found = self._before.get(column)
        if found is None:
            n = len(self._rows.row)
            place = np.where(self._code[column] >= 0, np.arange(n), -1)
            last = np.maximum.accumulate(place) if n else place
            found = np.full(n, -1, np.int64)
            found[1:] = last[:-1]
            found[found < self._rows.begins] = -1
            self._before[column] = found
        return found

    def _open(self) -> None:
        """What the first rows tell, and when the earliest of it was."""
        rows = self._rows
        at, until = self._opened
        found: list[tuple[Ints, Ints]] = []
        for n, rule in enumerate(self._rules.events):
            if rule.when.kind != "first-row":
                continue
            told = np.ones(len(rows.first), bool)
            mine, mine_until = at, until
            if rule.at is not None:
                codes = self._code[rule.at][rows.first]
                told = codes >= 0
                stamps = self._times_of(rule.at)
                mine = np.where(told, stamps.at[codes], at)
                mine_until = np.where(told, stamps.until[codes], until)
                self.late |= told & (until < mine)
                self.shown.append((at - mine, told))
            some = np.flatnonzero(told)
            self._made.append((some, mine[some], mine_until[some], n, rows.first[some]))
            # None told: later than any.
            found.append((np.where(told, mine, _NEVER), np.where(told, mine_until, _NEVER)))
        if found:
            low, high = found[0]
            for a, b in found[1:]:
                sooner = (a < low) | ((a == low) & (b < high))
                low, high = np.where(sooner, a, low), np.where(sooner, b, high)
            none = low == _NEVER
            self._opened = (np.where(none, at, low), np.where(none, until, high))

    # ---------------------------------------------------------------- gaps
    def gaps(self) -> Spans:
        """What missing revisions leave open."""
        rows, opened = self._rows, self._opened[0]
        jump = np.zeros(len(rows.row), np.int64)
        jump[1:] = np.where(
            rows.ticket[1:] == rows.ticket[:-1], rows.revision[1:] - rows.revision[:-1] - 1, 0
        )
        after = np.flatnonzero(jump > 0)
        lost = np.bincount(rows.ticket[after], weights=jump[after], minlength=len(rows.first)).astype(
            np.int64
        )
        begun = np.flatnonzero(self.lost_before > 0)
        first = rows.first[begun]
        ticket = np.concatenate([begun, rows.ticket[after]])
        start = np.concatenate([np.minimum(opened[begun], rows.at[first]), rows.at[after - 1]])
        end = np.concatenate([rows.until[first], np.maximum(rows.until[after - 1], rows.until[after])])
        if len(ticket):
            once = np.unique(np.stack([ticket, start, end], axis=1), axis=0)
            ticket, start, end = once[:, 0], once[:, 1], once[:, 2]
        return Spans(ticket, start, end, lost)

    # ---------------------------------------------------------------- events
    def events(self) -> Events:
        """All events of all tickets."""
        rows = self._rows
        changing = [(n, rule) for n, rule in enumerate(self._rules.events) if rule.when.kind != "first-row"]
        at_column = {column: i for i, column in enumerate(self._rules.columns)}
        transitions = Transitions([rule for _, rule in changing], at_column)
        for column in dict.fromkeys(rule.when.column for _, rule in changing):
            for k, row in self._fired(transitions, column):
                n, rule = changing[k]
                if rule.when.once:
                    _, first = np.unique(rows.ticket[row], return_index=True)
                    row = row[first]
                at, until = self._times(rule, row)
                self._made.append((rows.ticket[row], at, until, n, row))
        ticket, at, until, row = (np.concatenate([m[k] for m in self._made]) for k in (0, 1, 2, 4))
        rule_ = np.repeat([m[3] for m in self._made], [len(m[0]) for m in self._made])
        # As they are made: what the first row tells, then row by row, rule by rule; then in the order of time.
        opens = np.array([r.when.kind == "first-row" for r in self._rules.events], bool)[rule_]
        sort = np.lexsort((rule_, np.where(opens, -1, row), at, ticket))
        ticket, at, until, rule_, row = (x[sort] for x in (ticket, at, until, rule_, row))
        attributes, nulls = self._attributes(rule_, row, opens[sort])
        return Events(ticket, at, until, rule_, row, attributes, nulls)

    def _fired(self, transitions: Transitions, column: str) -> list[tuple[int, Ints]]:
        """The rules that look at a column, by number, with the rows that set each off."""
        rows, texts = self._rows, self._cells.columns[column].texts
        new, before = self._code[column], self.known_before(column)
        old = np.where(before >= 0, new[before], NOTHING)
        looked = np.flatnonzero((new >= 0) & (old != new) if transitions.only_changes(column) else new >= 0)
        first = np.arange(len(new))[looked] == rows.begins[looked]
        width = np.int64(len(texts) + 1)
        key = ((old[looked] + 1) * width + new[looked]) * 2 + first
        distinct, which = np.unique(key, return_inverse=True)
        out: dict[int, list[int]] = {}
        for i, each in enumerate(distinct.tolist()):
            change, is_first = divmod(each, 2)
            was, now = divmod(change, int(width))
            fired = transitions.of_change(column, texts[was - 1] if was else None, texts[now], bool(is_first))
            for k in fired:
                out.setdefault(k, []).append(i)
        return [(k, looked[np.isin(which, changes)]) for k, changes in sorted(out.items())]

    def _times(self, rule: EventRule, row: Ints) -> tuple[Ints, Ints]:
        """When changes happened: with their rows, or somewhere since the row that last showed the value before."""
        rows = self._rows
        at, until = rows.at[row], rows.until[row]
        if rule.when.kind == "is" or self._rules.across_gaps != "within":
            return at, until
        seen = self.known_before(rule.when.column)[row]
        ticket = rows.ticket[row]
        opened = np.minimum(at, self._opened[0][ticket])
        since_opening = (seen < 0) & ((row > rows.begins[row]) | (self.lost_before[ticket] > 0))
        some = np.maximum(seen, 0)
        jumped = (seen < row - 1) | (rows.revision[row] - rows.revision[some] != 1)
        since_row = (seen >= 0) & jumped
        at = np.where(since_opening, opened, at)
        return np.where(since_row, np.minimum(at, rows.at[some]), at), until

    def _attributes(self, rule: Ints, row: Ints, opens: Bools) -> tuple[dict[str, Encoded], dict[str, Bools]]:
        codes: dict[str, Codes] = {}
        values: dict[str, list[Value]] = {}
        nulls: dict[str, Bools] = {}
        unseen = self.lost_before[self._rows.ticket[row]] > 0 if self._rules.across_gaps == "within" else None
        for n, each in enumerate(self._rules.events):
            mine = np.flatnonzero(rule == n)
            for name, source in each.attributes.items():
                known = values.setdefault(name, [])
                into = codes.setdefault(name, np.full(len(rule), NOTHING, np.int32))
                code, null = self._said(source, row[mine], known)
                if unseen is not None and source.column and each.when.kind == "first-row":
                    # The row is not the first one there was: what it shows need not have held at the opening.
                    null = np.where(unseen[mine], null | (code != NOTHING), null)
                    code = np.where(null, NOTHING, code)
                into[mine] = code
                if null.any():
                    nulls.setdefault(name, np.zeros(len(rule), bool))[mine] = null
        return {name: Encoded(code, values[name]) for name, code in codes.items()}, nulls

    def _said(self, source: ValueRule, row: Ints, known: list[Value]) -> tuple[Ints, Bools]:
        """What a rule says by row, as places in the values known, which grow; and where it says null."""
        if source.source == "constant":
            null = np.full(len(row), source.constant is None)
            if source.constant is None:
                return np.full(len(row), NOTHING, np.int64), null
            known.append(source.constant)
            return np.full(len(row), len(known) - 1, np.int64), null
        of, code = self._cells.columns[source.column], self._code[source.column]
        here = code[row]
        if source.source != "column":
            before = self.known_before(source.column)[row]
            older = np.where(before >= 0, code[np.maximum(before, 0)], NOTHING)
            here = older if source.source == "previous" else np.where(here >= 0, here, older)
        stands, null = stands_for(self._teller.worked, source, of, here, known)
        return stands[here], null[here]


def stands_for(
    worked: ValueReader, source: ValueRule, of: Column, used: Ints | Codes, known: list[Value]
) -> tuple[Ints, Bools]:
    """By text of a column (NOTHING the last) the place in the values known, which grow, of what it stands for; and whether that is null."""
    stands = np.full(len(of.texts) + 1, NOTHING, np.int64)
    null = np.zeros(len(of.texts) + 1, bool)
    for i in np.unique(used[used >= 0]).tolist():
        try:
            value = worked.value(source, of.texts[i])
        except Flaw:
            # The ticket that has it is odd.
            continue
        if value is None:
            null[i] = True
        else:
            known.append(value)
            stands[i] = len(known) - 1
    return stands, null


_NEVER = np.iinfo(np.int64).max

__all__ = ["Events", "Histories", "Sorted", "Spans", "can_tell", "ordered", "stands_for"]

"""What tickets and events on lines say, in columns: what stands beside a ticket's events, and what an event says but for its stamp."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from checker.columnar.arrow import Column, arrow, harmless, is_name
from checker.columnar.attributes import Types
from checker.columnar.memory import numbers, valid
from checker.columnar.possible import Bools, Ints
from checker.columnar.source import NOTHING
from checker.record.histories import EVENT_KEYS, TICKET_KEYS
from checker.record.values import MOST_INTEGER

_RARE = ("records_missing", "gaps", "claims")
_MANY = 256
"""Of so many values all are handed on, used or not: in one list, which is known again."""


class Odd(Exception):
    """Lines of which some are not for the columns."""


class Heads(NamedTuple):
    """By ticket: its agreement, its kind, and whether anything it says is for the reader of objects."""

    agreement: Column
    kind: Column
    odd: Bools

    def take(self, which: Ints | Bools) -> Heads:
        """Some of them, or some more than once."""
        return Heads(_taken(self.agreement, which), _taken(self.kind, which), self.odd[which])

    def under(self, agreement: Column) -> Heads:
        """The same with these agreements."""
        return Heads(agreement, self.kind, self.odd | ~agreement.fine(is_name))


class Bodies(NamedTuple):
    """By event: its name, the precision of its stamp, its revision (NOTHING for none), what it says, and whether anything of that is
    for the reader of objects. `precision`, `revision`: None where no event has one.
    """

    event: Column
    precision: Column | None
    revision: Ints | None
    attributes: Mapping[str, Column]
    odd: Bools

    def take(self, which: Ints) -> Bodies:
        """Some of them, or some more than once."""
        return Bodies(
            _taken(self.event, which),
            _taken(self.precision, which) if self.precision is not None else None,
            self.revision[which] if self.revision is not None else None,
            {name: _taken(column, which) for name, column in self.attributes.items()},
            self.odd[which],
        )


def _taken(column: Column, which: Ints | Bools) -> Column:
    codes = column.codes[which]
    if len(column.values) <= _MANY:
        return Column(codes, column.values)
    # Whoever takes them looks at each value: those that are not there cost as much.
    there = np.zeros(len(column.values) + 1, bool)
    there[codes] = True
    used = np.flatnonzero(there[:-1])
    new = np.full(len(there), NOTHING, np.int32)
    new[used] = np.arange(len(used), dtype=np.int32)
    return Column(new[codes], [column.values[i] for i in used.tolist()])


# --------------------------------------------------------------------------- from Arrow
def heads_of(columns: Mapping[str, Any], n: int) -> Heads:
    """What `n` lines say, by the columns of their keys.

    Raises:
        Odd: a key is not one of a ticket's.
    """
    odd = np.zeros(n, bool)
    for name, column in columns.items():
        if name not in TICKET_KEYS:
            raise Odd
        if name in _RARE:
            odd |= valid(column)
    agreement, kind = Column.of(columns["agreement"]), Column.of(columns["kind"])
    odd |= ~agreement.fine(is_name) | ~kind.fine(is_name)
    return Heads(agreement, kind, odd)


def bodies_of(events: Any, types: Types, wanted: frozenset[str]) -> Bodies:
    """What events say, by an array of structs. `wanted`: the attributes that are.

    Raises:
        Odd: a key has values of a type that it cannot have.
    """
    pa = arrow()
    n = len(events)
    fields = {f.name: events.field(i) for i, f in enumerate(events.type)}
    odd = ~valid(events) if events.null_count else np.zeros(n, bool)
    # What most records do not have comes with its column, if it comes.
    for name in ("ticket", "not_before"):
        if name in fields:
            odd |= valid(fields[name])
    precision = revision = None
    if "precision" in fields:
        if not pa.types.is_string(fields["precision"].type):
            raise Odd
        precision = Column.of(fields["precision"])
    if "revision" in fields:
        column = fields["revision"]
        if not pa.types.is_int64(column.type):
            raise Odd
        revision = np.where(valid(column), numbers(column, 0), NOTHING)
        odd |= valid(column) & ((revision < 0) | (revision > MOST_INTEGER))
    event = Column.of(fields["event"])
    odd |= ~event.there | ~event.fine(types.event)
    attributes: dict[str, Column] = {}
    for called, column in fields.items():
        if called in EVENT_KEYS:
            continue
        if not types.attribute(called):
            raise Odd
        if column.null_count == n:
            continue
        odd |= valid(column) & ~types.of_type(called, column.type, event)
        if not (pa.types.is_string(column.type) or pa.types.is_boolean(column.type)):
            odd |= valid(column) & ~harmless(pa, column)
        if called in wanted:
            attributes[called] = Column.of(column)
    return Bodies(event, precision, revision, attributes, odd)


# --------------------------------------------------------------------------- one after the other
def heads_after(before: Heads | None, more: Heads) -> Heads:
    """Heads, and those that follow."""
    if before is None:
        return more
    return Heads(
        _after(before.agreement, more.agreement),
        _after(before.kind, more.kind),
        np.concatenate([before.odd, more.odd]),
    )


def bodies_after(before: Bodies | None, more: Bodies) -> Bodies:
    """Bodies, and those that follow; either may lack attributes that the other has."""
    if before is None:
        return more
    n, m = len(before.odd), len(more.odd)
    names = {**before.attributes, **more.attributes}
    return Bodies(
        _after(before.event, more.event),
        _after(before.precision or _nothing(n), more.precision or _nothing(m))
        if before.precision or more.precision
        else None,
        np.concatenate([_numbers(before.revision, n), _numbers(more.revision, m)])
        if before.revision is not None or more.revision is not None
        else None,
        {
            k: _after(before.attributes.get(k) or _nothing(n), more.attributes.get(k) or _nothing(m))
            for k in names
        },
        np.concatenate([before.odd, more.odd]),
    )


def _nothing(n: int) -> Column:
    return Column(np.full(n, NOTHING, np.int32), ())


def _numbers(found: Ints | None, n: int) -> Ints:
    return found if found is not None else np.full(n, NOTHING, np.int64)


def _after(before: Column, more: Column) -> Column:
    """A column and what follows it, in one list of values: the same list, where there is no new value."""
    known = {_key(value): i for i, value in enumerate(before.values)}
    new = np.array([*(known.setdefault(_key(v), len(known)) for v in more.values), NOTHING], np.int32)
    values: Sequence[Any] = before.values
    if len(known) > len(values):
        place = len(values)
        values = [*values, *(v for v, k in zip(more.values, new.tolist(), strict=False) if k >= place)]
    return Column(np.concatenate([before.codes, new[more.codes]]), values)


def _key(value: Any) -> Hashable:
    """What tells values apart: a truth is no number, and lists are compared as they are written."""
    return type(value), value if isinstance(value, Hashable) else repr(value)

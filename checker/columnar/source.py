"""What a table is made from: the events of many cases as columns, wherever they come from.

`Source` says what the columns are; `OfCases` makes them from cases that exist as objects. A reader of files that come as columns
makes its own. Values are numbers (codes) of one dictionary for all columns: equal values have equal codes, as `plain` compares them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple, Protocol

import numpy as np

from checker.columnar.possible import Bools, Ints, Order
from checker.interpret.case import Case
from checker.interpret.world import plain
from checker.record.model import Event, Value

NOTHING = -1
"""The code of what is not on record."""


class Dictionary:
    """Values and their codes. Threads may share it."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self._codes: dict[Any, int] = {}
        self._lock = Lock()
        self._hits: dict[int, tuple[Collection[Value], Bools]] = {}

    def code(self, value: Value | None) -> int:
        """The code of a value; NOTHING for none. Lists and mappings are values of their own."""
        if value is None:
            return NOTHING
        key: Any = repr(value) if isinstance(value, list | dict) else plain(value)
        key = (type(value) if isinstance(value, bool | list | dict) else str, key)
        found = self._codes.get(key)
        if found is None:
            with self._lock:
                found = self._codes.get(key)
                if found is None:
                    self.values.append(value)
                    found = self._codes[key] = len(self.values) - 1
        return found

    def hits(self, wanted: Collection[Value]) -> Bools:
        """For each code, whether its value is one of those wanted, or a list that holds one; false for NOTHING, the last."""
        known = self._hits.get(id(wanted))
        if known is None or known[0] is not wanted:
            known = wanted, np.zeros(1, bool)
        if len(known[1]) <= len(self.values):
            # Values come while clauses are judged: only those are looked at that came since.
            known = wanted, self._grown(known[1], wanted)
            self._hits[id(wanted)] = known
        return known[1]

    def _grown(self, known: Bools, wanted: Collection[Value]) -> Bools:
        """What is known of the first codes, and the same of those that came since."""
        fresh = self.values[len(known) - 1 :]
        out = np.zeros(len(known) + len(fresh), bool)
        out[: len(known)] = known
        for i, value in enumerate(fresh, len(known) - 1):
            if isinstance(value, list):
                out[i] = any(plain(v) in wanted for v in value if not isinstance(v, list | dict))
            elif not isinstance(value, dict):
                out[i] = plain(value) in wanted
        return out


class Under:
    """Agreements by number: the facts of each, and the number of each id."""

    def __init__(self, facts: Mapping[str, Mapping[str, Any]]) -> None:
        self.facts: Sequence[Mapping[str, Any]] = list(facts.values())
        self.number = {name: i for i, name in enumerate(facts)}


class Gaps(NamedTuple):
    """Gaps in histories, in the order of the cases: the case, first and last second, and whether the agreement's own history has it."""

    case: Ints
    start: Ints
    end: Ints
    shared: Bools


class Across(NamedTuple):
    """The events of one name on any ticket of the agreements, agreement after agreement.

    `agreement`: by event its agreement's place in `Source.facts`. `order`: stamps, revisions, place in its history. `number` tells
    events from one another, and `rows` gives the numbers of those that are rows of the source, row by row. `said`: by event,
    the code of what it says of an attribute, NOTHING where it says nothing.
    """

    agreement: Ints
    order: Order
    number: Ints
    rows: Callable[[], Ints]
    said: Callable[[str, Dictionary], Ints]


class Source(Protocol):
    """The record of many cases as columns. Rows stand in the order of the cases, in a case in the order of its record.

    By row: `case` (number of its case), `order` (stamps, revisions, place in the record), `name` (number in `names`). By case:
    `agreement` (place in `facts`), `birth` (first second on the ticket's own record, EVER where it has none).
    `facts`: those of each agreement; sources that have one and the same sequence share what is found from it. `whole`: no log is
    known to be missing anywhere (gaps aside). `cases[i]` is case i as the interpreter takes it; it may be made when it is asked
    for. Events after `now` are left out.
    """

    now: int
    cases: Sequence[Case]
    facts: Sequence[Mapping[str, Any]]
    agreement: Ints
    birth: Ints
    order: Order
    names: Sequence[str]
    name: Ints
    whole: bool

    @property
    def case(self) -> Ints:
        """By row, the number of its case."""

    def attribute(self, attribute: str, dictionary: Dictionary) -> Ints:
        """By row, the code of what it says of an attribute, NOTHING where it says nothing.

        `ticket` is the ticket that the row belongs to, where it says none itself.
        """

    def says_null(self, attribute: str) -> Bools:
        """By row, whether it names the attribute and leaves it empty."""

    def gone(self, records: Collection[str], name: str) -> Bools | None:
        """By case, whether silence about this event proves nothing anywhere: a log that would show it is missing, or the source
        does not hold it. None: nowhere.
        """

    def gaps(self) -> Gaps | None:
        """The gaps of all cases; None where there is none."""

    def across(self, name: str) -> Across | None:
        """The events of this name on any ticket of the agreements here; None where each ticket stands alone."""


class OfCases:
    """Cases that exist as objects, as columns."""

    def __init__(self, cases: Sequence[Case], now: int, under: Under | None = None) -> None:
        self.now = now
        self.cases = cases
        events = [e for c in cases for e in c.events]
        self._events: list[Event] = events
        counts = np.array([len(c.events) for c in cases], np.int64)
        self.case: Ints = np.repeat(np.arange(len(cases), dtype=np.int64), counts)
        self.order = _order(events)
        self._number: dict[int, int] = {}
        names: dict[str, int] = {}
        self.name: Ints = np.array([names.setdefault(e.name, len(names)) for e in events], np.int64)
        self.names: Sequence[str] = list(names)
        if under is None:
            under = Under({c.agreement: c.facts for c in cases})
        self.facts: Sequence[Mapping[str, Any]] = under.facts
        self.agreement: Ints = np.array([under.number[c.agreement] for c in cases], np.int64)
        self.birth: Ints = np.array([c.birth for c in cases], np.int64)

        kinds: dict[tuple[frozenset[str], frozenset[str] | None], int] = {}
        self._kind = np.array(
            [kinds.setdefault((c.missing, c.recorded), len(kinds)) for c in cases], np.int64
        )
        self._kinds = list(kinds)
        self.whole = all(not missing and recorded is None for missing, recorded in self._kinds)
        self._said: dict[str, tuple[list[int], list[Any]]] | None = None

    def _telling(self, attribute: str) -> tuple[list[int], list[Any]]:
        """The rows that name an attribute, and what they say of it."""
        if self._said is None:
            # All attributes in one pass: most rows say little of most of them.
            self._said = {}
            for i, e in enumerate(self._events):
                for name, value in e.attributes.items():
                    known = self._said.get(name)
                    if known is None:
                        known = self._said[name] = ([], [])
                    known[0].append(i)
                    known[1].append(value)
        return self._said.get(attribute, ([], []))

    def attribute(self, attribute: str, dictionary: Dictionary) -> Ints:
        """See `Source`."""
        code = dictionary.code
        if attribute == "ticket":
            tickets = (e.attributes.get("ticket") or e.ticket for e in self._events)
            return np.fromiter((code(v) for v in tickets), np.int64, len(self._events))
        rows, said = self._telling(attribute)
        out = np.full(len(self._events), NOTHING, np.int64)
        out[rows] = np.fromiter((code(v) for v in said), np.int64, len(said))
        return out

    def says_null(self, attribute: str) -> Bools:
        """See `Source`."""
        rows, said = self._telling(attribute)
        out = np.zeros(len(self._events), bool)
        out[rows] = [v is None for v in said]
        return out

    def gone(self, records: Collection[str], name: str) -> Bools | None:
        """See `Source`."""
        sought = {*records, name}
        lost = np.array(
            [
                not sought.isdisjoint(missing) or (recorded is not None and name not in recorded)
                for missing, recorded in self._kinds
            ],
            bool,
        )
        return lost[self._kind] if lost.any() else None

    def gaps(self) -> Gaps | None:
        """See `Source`."""
        return gaps_of(self.cases)

    def across(self, name: str) -> Across | None:
        """See `Source`."""
        agreement: list[int] = []
        found: list[Event] = []
        # Any case of an agreement knows the events of all its tickets.
        for i, first in zip(*(x.tolist() for x in np.unique(self.agreement, return_index=True)), strict=True):
            case = self.cases[first]
            if case.anywhere is None and case.ticket:
                return None
            # The record of an agreement itself has the events of all its tickets.
            mine = case.named_anywhere(name)
            agreement += [i] * len(mine)
            found += mine

        def said(attribute: str, dictionary: Dictionary) -> Ints:
            return np.array([dictionary.code(e.attributes.get(attribute)) for e in found], np.int64)

        number = _numbers(self._number, found)
        return Across(
            np.array(agreement, np.int64),
            _order(found),
            number,
            lambda: _numbers(self._number, self._events),
            said,
        )


def gaps_of(cases: Sequence[Case]) -> Gaps | None:
    """The gaps of cases that exist as objects; None where there is none."""
    found = [(i, g, any(g is s for s in c.shared_gaps)) for i, c in enumerate(cases) for g in c.gaps]
    if not found:
        return None
    return Gaps(
        np.array([i for i, _, _ in found], np.int64),
        np.array([g.start for _, g, _ in found], np.int64),
        np.array([g.end for _, g, _ in found], np.int64),
        np.array([s for _, _, s in found], bool),
    )


def _numbers(known: dict[int, int], events: Sequence[Event]) -> Ints:
    return np.array([known.setdefault(id(e), len(known)) for e in events], np.int64)


def _order(events: Sequence[Event]) -> Order:
    return Order(
        np.array([e.at for e in events], np.int64),
        np.array([e.until for e in events], np.int64),
        np.array([e.revision is not None for e in events], bool),
        np.array([e.order for e in events], np.int64),
    )


__all__ = ["NOTHING", "Across", "Dictionary", "Gaps", "OfCases", "Source", "Under", "gaps_of"]

"""What is gathered of a partition that is judged in columns: the sums of `gathered.gather`, column by column. Needs the extra `columnar`.

What a finding says beyond its verdict, instants and margin (its reason, what turns it, its evidence) is the interpreter's, which is asked
for it when all findings are known: `checker.report.fresh`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from checker.batch.partition import Partition
from checker.batch.pieces import Claims
from checker.columnar.agreements import Agreements
from checker.columnar.blocks import judge_blocks
from checker.columnar.engine import Result
from checker.columnar.outcomes import NONE, VERDICTS
from checker.columnar.possible import Bools, Ints
from checker.columnar.source import OfCases, Source
from checker.columnar.table import Table
from checker.interpret.possible import EVER
from checker.interpret.verdicts import Verdict
from checker.interpret.world import Shared
from checker.report.gathered import BREACHED, CONTESTED, UNDETERMINED, Seen, Setting, Writing
from checker.report.model import PROMISES
from checker.report.recorded import InColumns as Records
from checker.report.rows import CONTESTED_LETTERS, LETTERS
from checker.report.sums import EDGES, PERCENTS, Bound, Sums, local

_WORDS = tuple(str(v) for v in VERDICTS)
_OUTSIDE, _BREACHED, _UNDETERMINED, _MET = (
    VERDICTS.index(v) for v in (Verdict.NOT_APPLICABLE, Verdict.BREACHED, Verdict.UNDETERMINED, Verdict.MET)
)
_PROMISED = frozenset(PROMISES)
_KNOWN = len(VERDICTS)


@dataclass
class Columnar:
    """Gathers partitions of one audit in columns. `threads`: at most so many at a time."""

    setting: Setting
    threads: int = 1
    shared: dict[str, Shared] = field(default_factory=dict)
    _agreements: Agreements | None = None

    def gather(self, partition: Partition, claims: Claims) -> Sums:
        """What comes of a partition."""
        p = self.setting.population
        made = partition.source
        source: Source = made() if made is not None else OfCases(partition.cases(), p.now)
        if self._agreements is None or self._agreements.facts is not source.facts:
            self._agreements = Agreements(p.book, source.facts, p.now, p.book.readings(p.readings))
        result = judge_blocks(
            p.book,
            Table(source),
            partition.clauses,
            self._agreements,
            readings=p.readings,
            threads=self.threads,
            shared=self.shared,
        )
        return _Gathering(self, partition, source, result).work(claims)


class _Gathering:
    """One partition."""

    def __init__(self, by: Columnar, partition: Partition, source: Source, result: Result) -> None:
        self.by = by
        self.setting = by.setting
        self.names = [c.id for c in partition.clauses]
        self.number = partition.number
        self.source = source
        self.place = partition.place
        self.result = result
        if partition.named is not None:
            agreements, tickets = partition.named()
            self.agreement, self.ticket = list(agreements), list(tickets)
        else:
            self.agreement = [c.agreement for c in source.cases]
            self.ticket = [c.ticket for c in source.cases]
        under: dict[str, int] = {}
        self.of: Ints = np.array([under.setdefault(a, len(under)) for a in self.agreement], np.int64)
        self.under = list(under)
        self.zones = [self.setting.zones.get(a) for a in self.under]
        self.sums = Sums(left=result.left, interpreted=dict(result.interpreted))

    def work(self, claims: Claims) -> Sums:
        """Add everything up, and write the rows."""
        sums = self.sums
        for k, n in enumerate(np.bincount(self.of, minlength=len(self.under)).tolist()):
            sums.records[self.under[k]] += n
        months, month = self._months()
        claimed: dict[tuple[str, str], list[int]] = {}
        if claims.by_ticket:
            for i, ticket in enumerate(self.ticket):
                for key in claims.compared(ticket):
                    claimed.setdefault(key, []).append(i)
        for name in self.names:
            self._clause(name, months, month)
            for (claim, value), mine in claimed.items():
                counts = np.bincount(self.result.outcomes[name].verdict[mine], minlength=_KNOWN)
                for word, n in _counted(counts):
                    sums.claims[claim, value, name, word] += n
        with Writing(self.setting, self.number) as out:
            self._findings(out)
            if self.setting.grid:
                self._grid(out)
        return sums

    def _months(self) -> tuple[list[str | None], Ints]:
        """The months of the tickets' first events: their names, and by case a place among them."""
        names: dict[str | None, int] = {None: 0}
        out = np.zeros(len(self.of), np.int64)
        birth = self.source.birth
        known = birth != EVER
        for k, zone in enumerate(self.zones):
            mine = np.flatnonzero((self.of == k) & known)
            quarters, back = np.unique(birth[mine] // 900, return_inverse=True)
            codes = [names.setdefault(local(q * 900, zone).month, len(names)) for q in quarters.tolist()]
            out[mine] = np.array(codes, np.int64)[back]
        return list(names), out

    def _clause(self, name: str, months: list[str | None], month: Ints) -> None:
        verdict = self.result.outcomes[name].verdict.astype(np.int64)
        sums, turned = self.sums, self.result.contested[name]
        for bound, which in self._bounds(name):
            mine = slice(None) if which is None else which
            for word, n in _counted(np.bincount(verdict[mine], minlength=_KNOWN)):
                sums.verdicts[bound, word] += n
            if n := int(turned[mine].sum()):
                sums.contested[bound] += n
            inside = verdict != _OUTSIDE if which is None else (verdict != _OUTSIDE) & which
            cells = np.bincount(month[inside] * _KNOWN + verdict[inside], minlength=len(months) * _KNOWN)
            for cell in np.flatnonzero(cells).tolist():
                at, word = months[cell // _KNOWN], _WORDS[cell % _KNOWN]
                sums.months[bound, at, word] += int(cells[cell])
            if bound.strength in _PROMISED:
                cells = np.bincount((self.of * _KNOWN + verdict)[mine], minlength=len(self.under) * _KNOWN)
                for cell in np.flatnonzero(cells).tolist():
                    key = (self.under[cell // _KNOWN], bound.strength, _WORDS[cell % _KNOWN])
                    sums.agreements[key] += int(cells[cell])
            self._margins(bound, verdict, which)

    def _bounds(self, name: str) -> Iterator[tuple[Bound, Bools | None]]:
        """With what strength a clause binds whom, and in which cases (None: in all)."""
        own = self.setting.bound(name)
        codes = self.result.sentences.get(name)
        if codes is None or not (codes != NONE).any():
            yield own, None
            return
        by_bound: dict[Bound, Bools] = {}
        for code in np.unique(codes).tolist():
            bound = own if code == NONE else self._bound_of(name, code)
            which = codes == code
            by_bound[bound] = by_bound[bound] | which if bound in by_bound else which
        yield from by_bound.items()

    def _bound_of(self, name: str, code: int) -> Bound:
        return self.setting.bound_of(name, self.result.owed[code])

    def _margins(self, bound: Bound, verdict: Ints, which: Bools | None) -> None:
        sums = self.sums
        _, due, done, margin = self.result.outcomes[bound.clause]
        assert due is not None, "columns without instants"
        assert done is not None, "columns without instants"
        assert margin is not None, "columns without instants"
        breached = verdict == _BREACHED
        decided = breached | (verdict == _MET)
        if which is not None:
            breached, decided = breached & which, decided & which
        if n := int((breached & (due == NONE)).sum()):
            sums.undated[bound] += n
        for i in np.flatnonzero(breached & (due != NONE)).tolist():
            at = local(int(due[i]), self.zones[self.of[i]])
            sums.hours[bound, at.weekday, at.hour] += 1
        measured = decided & (margin != NONE)
        for code in (_MET, _BREACHED):
            bins = np.searchsorted(EDGES, margin[measured & (verdict == code)], "right")
            for k, n in _places(bins):
                sums.margins[bound, k, _WORDS[code]] += n
        limit = self.setting.fixed.get(bound.clause)
        if limit is not None:
            taken = np.maximum(limit.seconds - margin[measured & (done != NONE)], 0)
            for k, n in _places(np.searchsorted(PERCENTS, -(-taken * 100 // limit.seconds), "left")):
                sums.curves[bound, k] += n

    def _findings(self, out: Writing) -> None:
        verdicts = np.stack([self.result.outcomes[n].verdict for n in self.names])
        turned = np.stack([self.result.contested[n] for n in self.names])
        which = (verdicts == _BREACHED) | (verdicts == _UNDETERMINED) | turned
        which &= self._within(verdicts)
        records = Records(self.source, self.setting.ranked, (self.agreement, self.ticket), self.place)
        # Record by record, in each clause by clause.
        for i, k in np.argwhere(which.T).tolist():
            name = self.names[k]
            code = int(verdicts[k, i])
            pile = BREACHED if code == _BREACHED else UNDETERMINED if code == _UNDETERMINED else CONTESTED
            if self.setting.may_list(name, pile):
                out.finding(records.record(i), None, self._seen(name, i))

    def _within(self, verdicts: Any) -> Bools:
        """Which findings may be listed at all: breaches, and of the others no more of a clause than can be."""
        turned = np.stack([self.result.contested[n] for n in self.names])
        breached = verdicts == _BREACHED
        out: Bools = breached.copy()
        undetermined = verdicts == _UNDETERMINED
        for pile in (undetermined, turned & ~breached & ~undetermined):
            out |= pile & (np.cumsum(pile, axis=1) <= self.setting.limits.listed)
        return out

    def _seen(self, name: str, i: int) -> Seen:
        outcome = self.result.outcomes[name]
        codes = self.result.sentences.get(name)
        code = NONE if codes is None else int(codes[i])
        bound = self.setting.bound(name) if code == NONE else self._bound_of(name, code)
        due, done, margin = (None if c is None or c[i] == NONE else int(c[i]) for c in outcome[1:])
        turned = bool(self.result.contested[name][i])
        return Seen(bound, _WORDS[int(outcome.verdict[i])], turned, due, done, margin)

    def _grid(self, out: Writing) -> None:
        letters = np.array(
            [*(LETTERS[w] for w in _WORDS), *(CONTESTED_LETTERS[w] for w in _WORDS), " "], "U1"
        )
        place = {name: k for k, name in enumerate(self.setting.columns)}
        codes = np.full((len(self.of), len(place)), 2 * _KNOWN, np.int64)
        for name in self.names:
            turned = self.result.contested[name]
            codes[:, place[name]] = self.result.outcomes[name].verdict + np.where(turned, _KNOWN, 0)
        rows = letters[codes].view(f"U{len(place)}").ravel().tolist()
        for agreement, ticket, row in zip(self.agreement, self.ticket, rows, strict=True):
            out.grid(agreement, ticket, row.ljust(len(place)))


def _counted(counts: Any) -> Iterator[tuple[str, int]]:
    return ((word, n) for word, n in zip(_WORDS, counts.tolist(), strict=True) if n)


def _places(bins: Any) -> Iterator[tuple[int, int]]:
    counts = np.bincount(bins)
    return ((at, int(counts[at])) for at in np.flatnonzero(counts).tolist())

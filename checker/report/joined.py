"""The rows of all partitions put together, in the order of the record: numbered, and cut to the limits of the report."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

from checker.report import model
from checker.report.gathered import BREACHED, CONTESTED, NO_REASON, UNDETERMINED, Limits, pile_of
from checker.report.rows import Explained, Finding, GridRow, Spool
from checker.report.sums import Bound, Sums
from checker.report.timeline import timeline

_FINDINGS, _EXPLANATIONS = "findings", "explanations"
"""What the rows of all partitions together are called in the spool."""


class Key(NamedTuple):
    """What is explained: the record and the clause."""

    agreement: str
    ticket: str
    clause: str


class Ask(NamedTuple):
    """What is to be told of a finding. `contested`: whether some reading turns it."""

    contested: bool
    reason: bool
    explanation: bool


class Answer(NamedTuple):
    """What was asked for: the reason as `gathered.reason_of` makes it, the explanation as `checker.interpret.explain` does."""

    reason: Mapping[str, Any] | None
    explanation: Mapping[str, Any] | None


Tell = Callable[[Mapping[Key, Ask]], Iterator[tuple[Key, Answer]]]
"""Tells what is asked of records and clauses, each once, in any order."""


@dataclass
class Joined:
    """Rows that were put together, and what was counted on the way."""

    limits: Limits
    spool: Spool
    listed: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    missing: dict[Bound, Counter[str]] = field(default_factory=dict)
    turned: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    _first: list[_Ranked] = field(default_factory=list)
    _chosen: frozenset[int] = frozenset()

    def findings(self, counts: Mapping[Bound, Mapping[str, int]], sums: Sums) -> model.Findings:
        """What there is to find, and how much of it is listed."""
        found = {
            BREACHED: sum(c[BREACHED] for c in counts.values()),
            UNDETERMINED: sum(c[UNDETERMINED] for c in counts.values()),
            CONTESTED: sum(sums.contested.values()),
        }
        exceptions, contested, undetermined = (
            model.Listed(found[k], self.listed[k], self.reasons[k], self.explained[k])
            for k in (BREACHED, CONTESTED, UNDETERMINED)
        )
        return model.Findings(
            exceptions,
            contested,
            undetermined,
            _causes(sum(self.missing.values(), Counter())),
            tuple(
                model.Turned(*_named(turn), clause, verdict, to, n)
                for (turn, clause, verdict, to), n in sorted(
                    self.turned.items(), key=lambda x: (x[0][1], x[0][0], -x[1], x[0])
                )
            ),
        )

    def missing_of(self, bound: Bound) -> tuple[model.Cause, ...]:
        """The evidence that undetermined verdicts of a clause lack."""
        return _causes(self.missing.get(bound, Counter()))

    def _count(self, row: Mapping[str, Any]) -> None:
        for pile in _piles(row["verdict"], row["contested"]):
            self.listed[pile] += 1
            self.reasons[pile] += row["because"] is not None
            self.explained[pile] += row["number"] in self._chosen
        if row["verdict"] == UNDETERMINED:
            bound = Bound(row["clause"], row["strength"], row["party"])
            self.missing.setdefault(bound, Counter()).update({_kind(what) for what in row["missing"]})
        for turn in row["turns"] or []:
            reading, _, to = turn.partition("=")
            self.turned[reading, row["clause"], row["verdict"], to] += 1

    # ---------------------------------------------------------------- rows
    def rows(self) -> Iterator[Finding]:
        """The findings."""
        for row in self.spool.rows(_FINDINGS, 0):
            row["missing"], row["turns"] = tuple(row["missing"]), _tuple(row["turns"])
            yield Finding(**row, explained=row["number"] in self._chosen)

    def explanations(self) -> Iterator[Explained]:
        """Findings with their explanations."""
        return (Explained(*row) for row in self.spool.rows(_EXPLANATIONS, 0))

    def tell(self, by: Tell) -> None:
        """Have the reasons and the explanations made that are not there, of the first findings of each clause and pile, then of the
        second, up to the limits; and leave out reasons beyond them."""
        limits = self.limits
        ranked = sorted(f for f in self._first if f.rank < limits.reasons)
        reasoned = {
            f.number: f
            for breached in (True, False)
            for f in islice((f for f in ranked if f.breached is breached), limits.reasons_in_all)
        }
        ranked = sorted(f for f in self._first if f.rank < limits.explained)
        # Half of the room is for breaches, whatever else there is.
        chosen = [f for f in ranked if f.breached][: limits.explained_in_all // 2]
        kept = {f.number for f in chosen}
        chosen += [f for f in ranked if f.number not in kept][: limits.explained_in_all - len(chosen)]
        explained = {f.number: f for f in chosen}
        wanted = {
            f.key: f for f in (reasoned | explained).values() if f.number in explained or not f.reasoned
        }
        asks = {
            key: Ask(f.contested, f.number in reasoned and not f.reasoned, f.number in explained)
            for key, f in wanted.items()
        }
        reasons: dict[int, Mapping[str, Any]] = {}
        made: dict[int, tuple[int, int]] = {}
        path = self.spool.path("explaining", 0)
        with path.open("wb") as out:
            # One finding a key: a clause judges a record once.
            for key, answer in by(asks):
                number = wanted[key].number
                if answer.reason is not None:
                    reasons[number] = answer.reason
                if answer.explanation is not None:
                    row = [number, answer.explanation, timeline(answer.explanation)]
                    at = out.tell()
                    made[number] = (at, out.write((_text(row)).encode("utf-8", "backslashreplace")))
        self._chosen = frozenset(made)
        with path.open("rb") as rows, self.spool.path(_EXPLANATIONS, 0).open("wb") as out:
            for number in sorted(made):
                at, size = made[number]
                rows.seek(at)
                out.write(rows.read(size))
        path.unlink()
        self._first.clear()
        self._rewrite(reasoned, reasons)

    def _rewrite(self, reasoned: Container[int], reasons: Mapping[int, Mapping[str, Any]]) -> None:
        """Put the reasons into the findings, and count these."""
        path = self.spool.path(_FINDINGS, 0)
        before = path.with_suffix(".before")
        path.rename(before)
        with _reading(before) as old, _writing(path) as new:
            for line in old:
                row = json.loads(line)
                reason = reasons.get(row["number"])
                if reason is not None:
                    row |= reason
                elif row["because"] is not None and row["number"] not in reasoned:
                    row |= NO_REASON
                else:
                    new.write(line)
                    self._count(row)
                    continue
                new.write(_text(row))
                self._count(row)
        before.unlink()

    def grid(self) -> Iterator[GridRow]:
        """Records and their verdicts."""
        return (GridRow(*row) for row in self.spool.lines("grid"))


class _Ranked(NamedTuple):
    """A finding among the first of its clause and pile: how many stand before it, its number, and whether its reason is there."""

    rank: int
    number: int
    key: Key
    breached: bool
    contested: bool
    reasoned: bool


def join(spool: Spool, limits: Limits) -> Joined:
    """Put the rows of a spool together."""
    out = Joined(limits, spool)
    used: Counter[tuple[str, str]] = Counter()
    number = 0
    first = max(limits.reasons, limits.explained)
    with _writing(spool.path(_FINDINGS, 0)) as rows:
        for part in spool.parts("finding"):
            for row in spool.rows("finding", part):
                verdict, contested = row["verdict"], row["contested"]
                pile = pile_of(verdict, contested)
                assert pile is not None, "a finding that is none"
                n = used[row["clause"], pile]
                used[row["clause"], pile] = n + 1
                if pile != BREACHED and n >= limits.listed:
                    continue
                number += 1
                if n < first:
                    key = Key(row["agreement"], row["ticket"], row["clause"])
                    reasoned = row["because"] is not None
                    out._first.append(_Ranked(n, number, key, pile == BREACHED, contested, reasoned))
                rows.write(_text({"number": number, **row}))
            spool.drop("finding", part)
    return out


def _writing(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")


def _reading(path: Path) -> TextIO:
    return path.open(encoding="utf-8", newline="\n")


def _text(row: Any) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=str) + "\n"


_STAMP: Final = re.compile(r' \("[^"]*"\)$')


def _kind(evidence: str) -> str:
    """Missing evidence without the stamp of the one event that lacks it, so that what is missing alike is counted together."""
    return _STAMP.sub("", evidence)


def _causes(found: Counter[str]) -> tuple[model.Cause, ...]:
    return tuple(model.Cause(what, n) for what, n in sorted(found.items(), key=lambda x: (-x[1], x[0])))


def _piles(verdict: str, contested: bool) -> list[str]:
    return [*([verdict] if verdict in (BREACHED, UNDETERMINED) else []), *([CONTESTED] if contested else [])]


def _named(reading: str) -> tuple[str, str]:
    """An ambiguity and its reading, from `ambiguity.reading`."""
    ambiguity, _, name = reading.partition(".")
    return ambiguity, name


def _tuple(value: list[str] | None) -> tuple[str, ...] | None:
    return tuple(value) if value is not None else None

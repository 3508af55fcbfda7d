"""Seeded generator for the whole of a bundled contract: python -m tests.bench.every_gen N [--contract NAME] [--data FOLDER]

Writes one row to an event, sorted by ticket and time, with every attribute that the contract's clauses of tickets read. A ticket
is one of some thousand patterns that `tests.soak.made` makes around each clause in turn, set down at a day and a second of its
own: so every clause applies to a share of the tickets, and is kept, broken, excused, or left open. No event is at or after the
audit instant. Agreements lie in thirty zones, with the facts that the clauses read.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from checker.record.agreements import agreement_of
from checker.record.instants import parse_day, parse_instant
from checker.record.model import Agreement
from dsl import contract as ir
from tests.bench.common import AS_OF, START
from tests.bench.registry import CONTRACT_OF_ALL, ROOT, Files
from tests.soak.made import PLACES, Doubt, Maker, stated
from tests.soak.specimen import Raw, book, words_at

SEED = 11
PATTERNS = 12
"""Patterns of tickets to a clause."""
FACTS = 60
"""Agreements that differ in more than their id and their zone."""
DOUBT = Doubt(silent=0.003)
"""Few values are not on record, as in a log that is kept well."""
CHUNK = 100_000
"""Tickets that are made and written at a time."""

Ints = np.ndarray


def clauses_of(contract: str) -> list[ir.Clause]:
    """The clauses of tickets that a record can decide."""
    found = book(contract).contract.clauses
    return [c for c in found if c.level == "ticket" and not stated(c)]


def agreements_to(tickets: int) -> int:
    """How many agreements so many tickets are under: ten thousand, or one to ten tickets where they are fewer."""
    return min(10_000, max(len(PLACES), tickets // 10))


@dataclass(frozen=True)
class Column:
    """An attribute of the patterns' rows: its different values, and by row which (-1: none)."""

    values: list[Any]
    code: Ints

    @property
    def dated(self) -> bool:
        """Whether the values are dates or instants, which lie as far from the events as in the pattern."""
        return all(isinstance(v, str) and _second(v) is not None for v in self.values)


@dataclass(frozen=True)
class Patterns:
    """Patterns of tickets: rows of all of them, one after the other. `begin`, `end`: those of each; `day`: when each begins, in days
    since START; `at`: seconds since START.
    """

    begin: Ints
    end: Ints
    day: Ints
    at: Ints
    names: list[str]
    name: Ints
    columns: dict[str, Column]


@lru_cache(maxsize=2)
def patterns(contract: str) -> Patterns:
    """The patterns for a contract; the same every time."""
    ids = [c.id for c in clauses_of(contract)]
    tickets: list[list[Raw]] = []
    for i, clause in enumerate(ids):
        maker = Maker(contract, [clause], Random(f"{SEED} {clause}"), DOUBT, ids)
        for k in range(PATTERNS):
            maker.base = START + 3600 * ((7 * i + 5 * k) % 24)
            # Of agreements' own events a log has lines of its own; here there are none.
            tickets.append(
                [{k: v for k, v in e.items() if k != "revision"} for e in maker.ticket("T", "A")["events"]]
            )
    tickets = [events for events in tickets if events]
    rows = [e for events in tickets for e in sorted(events, key=lambda e: str(e["at"]))]
    ends = np.cumsum([len(events) for events in tickets])
    names = sorted({e["event"] for e in rows})
    attributes = sorted({k for e in rows for k in e} - {"at", "event"})
    at = np.array([parse_instant(e["at"])[0] - START for e in rows], np.int64)
    code = {n: i for i, n in enumerate(names)}
    name = np.array([code[e["event"]] for e in rows], np.int32)
    columns = {a: _column([e.get(a) for e in rows]) for a in attributes}
    begin = ends - np.diff(ends, prepend=0)
    return Patterns(begin, ends, at[begin] // 86400, at, names, name, columns)


def _column(said: Sequence[Any]) -> Column:
    """A column of one type: what most of its values are; numbers and texts together are texts, as they compare."""
    kinds = {list if isinstance(v, list) else type(v) for v in said if v is not None}
    if kinds == {int, str}:
        said = [v if v is None else str(v) for v in said]
    elif len(kinds) > 1:
        most = max(kinds, key=lambda kind: sum(isinstance(v, kind) for v in said))
        said = [v if isinstance(v, most) else None for v in said]
    codes: dict[str, int] = {}
    values: list[Any] = []
    code = np.full(len(said), -1, np.int32)
    for i, v in enumerate(said):
        if v is not None:
            key = json.dumps(v)
            if key not in codes:
                codes[key] = len(values)
                values.append(v)
            code[i] = codes[key]
    return Column(values, code)


def _second(text: str) -> int | None:
    """The second of an instant, or the first of a date; None for another text."""
    try:
        if len(text) == 10:
            day = parse_day(text)
            return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        return parse_instant(text)[0]
    except Exception:
        return None


@dataclass(frozen=True)
class Drawn:
    """Some tickets: of each row the ticket (from 0), its row in the patterns, and its second; of each ticket the agreement and
    the days that it lies after its pattern.
    """

    ticket: Ints
    row: Ints
    at: Ints
    agreement: Ints
    days: Ints


def drawn(contract: str, tickets: int, agreements: int) -> Iterator[Drawn]:
    """All tickets, some at a time."""
    p = patterns(contract)
    r = np.random.default_rng(SEED)
    for start in range(0, tickets, CHUNK):
        n = min(CHUNK, tickets - start)
        pattern = r.integers(0, len(p.begin), n)
        # A pattern begins within a day: every ticket begins before the audit instant.
        days = r.integers(0, (AS_OF - START) // 86400 - 1, n) - p.day[pattern]
        seconds = days * 86400 + r.integers(0, 8 * 3600, n)
        agreement = r.integers(0, agreements, n)
        counts = (p.end - p.begin)[pattern]
        ticket = np.repeat(np.arange(n), counts)
        row = (
            np.arange(len(ticket)) - np.repeat(np.cumsum(counts) - counts, counts) + p.begin[pattern][ticket]
        )
        at = START + p.at[row] + seconds[ticket]
        kept = at < AS_OF
        yield Drawn(ticket[kept] + start, row[kept], at[kept], agreement, days)


def agreements(contract: str, count: int) -> list[Agreement]:
    """Agreements that differ in their id, their zone, and (some of them) in their facts."""
    ids = [c.id for c in clauses_of(contract)]
    made: list[Agreement] = []
    for i in range(min(FACTS, count)):
        maker = Maker(contract, ids, Random(f"{SEED} {i}"), DOUBT)
        maker.base = START + 180 * 86400
        # Of what can be bought an agreement has a good part.
        maker.entries = (4, 8, 12)
        raw = {k: _once(v) for k, v in maker.agreement("A").items() if k != "events"}
        made.append(agreement_of(raw, words=words_at(contract)))
    out = []
    for i in range(count):
        zone, country = PLACES[i % len(PLACES)]
        facts = {**made[i % len(made)].facts, "time_zone": zone, "country": country}
        out.append(Agreement(agreement_id(i), contract, facts))
    return out


def _once(value: Any) -> Any:
    """A fact whose lists have every entry once, as tables of agreements ask."""
    if isinstance(value, dict):
        return {k: _once(v) for k, v in value.items()}
    if isinstance(value, list):
        return list({json.dumps(v, sort_keys=True): _once(v) for v in value}.values())
    return value


def agreement_id(number: int) -> str:
    """The id of an agreement."""
    return f"A{number + 1:06d}"


def write(files: Files) -> None:
    """The log as Parquet, and the agreements as CSV (a fact that is a list or a mapping stands whole in its cell)."""
    import pyarrow as pa
    from pyarrow import parquet

    count = agreements_to(files.tickets)
    p = patterns(files.contract)
    ids = pa.array([agreement_id(i) for i in range(count)])
    files.folder.mkdir(parents=True, exist_ok=True)
    new = files.every.with_suffix(".new")
    writer: Any = None
    for part in drawn(files.contract, files.tickets, count):
        first = int(part.ticket[0])
        columns = {
            "ticket": pa.array([f"T{i + 1:08d}" for i in range(first, first + len(part.agreement))]).take(
                pa.array(part.ticket - first)
            ),
            "agreement": ids.take(pa.array(part.agreement[part.ticket - first])),
            "at": pa.array(part.at * 1_000_000, pa.timestamp("us", tz="UTC")),
            "event": pa.array(p.names).take(pa.array(p.name[part.row])),
        }
        for name, column in p.columns.items():
            columns[name] = _written(pa, column, part)
        table = pa.table(columns)
        if writer is None:
            writer = parquet.ParquetWriter(new, table.schema, compression="zstd")
        writer.write_table(table)
    writer.close()
    new.replace(files.every)
    _write_agreements(files, agreements(files.contract, count))


def _written(pa: Any, column: Column, part: Drawn) -> Any:
    code = column.code[part.row]
    if not column.values or not column.dated:
        if column.values and isinstance(column.values[0], list):
            values = pa.array([[str(x) for x in v] for v in column.values], pa.list_(pa.string()))
        else:
            values = pa.array(column.values or [None], pa.string() if not column.values else None)
        return values.take(pa.array(code, mask=code < 0))
    seconds = np.array([_second(v) for v in column.values], np.int64)
    day = np.array([len(v) == 10 for v in column.values])
    first = int(part.ticket[0])
    there = np.flatnonzero(code >= 0)
    moved = seconds[code[there]] + part.days[part.ticket[there] - first] * 86400
    texts = np.datetime_as_string(moved.astype("datetime64[s]"))
    texts = np.where(day[code[there]], texts.astype("U10"), np.char.add(texts, "Z"))
    out = np.full(len(code), None, object)
    out[there] = texts
    return pa.array(out, pa.string())


def _write_agreements(files: Files, found: list[Agreement]) -> None:
    import csv

    names = sorted({k for a in found for k in a.facts})
    with files.every_table.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["agreement", "contract", *names])
        for a in found:
            out.writerow([a.id, a.contract, *(_cell(a.facts.get(k)) for k in names)])


def _cell(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, default=str)


def main() -> None:
    """Generate what the command line asks for."""
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("n", type=lambda x: int(float(x)))
    a.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    a.add_argument("--contract", default=CONTRACT_OF_ALL)
    found = a.parse_args()
    write(Files(found.data, found.n, found.contract))


if __name__ == "__main__":
    main()

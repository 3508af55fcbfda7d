"""Seeded generator: python -m tests.bench.gen N [--data FOLDER] [--only lines|parquet] [--first K]

Writes one row to an event, sorted by ticket and time, as Parquet where pyarrow is installed; the same tickets nested, as
JSON Lines; and the validity periods of the agreements, as Parquet and (always) CSV.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.common import (
    AS_OF,
    CHANNELS,
    EPOCH,
    EVENTS,
    LANGS,
    PRODUCTS,
    REGIONS,
    SEV,
    START,
)
from tests.bench.registry import ROOT, Files, missing

SEED = 7
NAMES = {
    "event": EVENTS,
    "severity": SEV,
    "previous_severity": SEV,
    "product": PRODUCTS,
    "channel": CHANNELS,
    "language": LANGS,
    "region": REGIONS,
}
Columns = dict[str, tuple[np.ndarray, np.ndarray | None]]
"""Codes of each column, and where they count; the other rows are null."""


def n_agreements(n: int) -> int:
    """How many agreements so many tickets are under."""
    return max(100, n // 200)


def agreement_ids(n: int) -> list[str]:
    """Their ids."""
    return [f"A{i + 1:06d}" for i in range(n_agreements(n))]


def events(n: int) -> Columns:
    """The events of n tickets as codes. The order of the draws is part of the data: another order is another log."""
    r = np.random.default_rng(SEED)
    day = r.integers(0, (AS_OF - START) // 86400, n)
    second = np.where(r.random(n) < 0.75, r.integers(6 * 3600, 17 * 3600, n), r.integers(0, 86400, n))
    opened = START + day * 86400 + second
    sev = r.choice(4, n, p=[0.05, 0.15, 0.4, 0.4])
    human = opened + 1 + (np.array([500, 2000, 5000, 9000])[sev] * r.lognormal(0, 0.9, n)).astype(np.int64)
    answered = r.random(n) > 0.01
    auto_at = opened + 1 + r.integers(0, 60, n)
    auto = (r.random(n) < 0.25) & (auto_at < human)
    work = 1 + (np.array([20e3, 60e3, 1.5e5, 2.2e5])[sev] * r.lognormal(0, 1.0, n)).astype(np.int64)
    resolved = human + work
    done = answered & (r.random(n) > 0.02)
    pauses = r.choice(4, n, p=[0.35, 0.35, 0.2, 0.1])
    points = np.sort(r.random((n, 6)), axis=1)
    parts = []

    def add(mask: Any, at: Any, event: str, order: int, step: Any = 0) -> None:
        """`order` breaks ties of one ticket and second; `step` is the severity at opening, then the change (mod 4)."""
        i = np.flatnonzero(mask)
        code = np.full(len(i), EVENTS.index(event))
        parts.append((i, at[i], code, np.full(len(i), order), (step + np.zeros(n, int))[i]))

    add(np.ones(n, bool), opened, "ticket_opened", 0, sev)
    change = opened + 1 + ((human - opened) * r.random(n) * 2).astype(np.int64)
    again = opened + 1 + ((human - opened) * r.random(n) * 4).astype(np.int64)
    add(r.random(n) < 0.25, change, "severity_changed", 1, r.integers(1, 4, n))
    add(r.random(n) < 0.04, again + (again == change), "severity_changed", 2, r.integers(1, 4, n))
    add(auto, auto_at, "response_sent", 3)
    add(answered, human, "response_sent", 4)
    add(
        answered & (r.random(n) < 0.3),
        human + 1 + (work * r.random(n)).astype(np.int64),
        "response_sent",
        5,
    )
    for k in range(3):  # pauses and resumptions alternate by construction
        pause, resume = (human + (work * points[:, 2 * k + i]).astype(np.int64) for i in (0, 1))
        add(answered & (pauses > k), pause, "work_paused", 10 + 2 * k)
        add(answered & (pauses > k), resume, "work_resumed", 11 + 2 * k)
    add(done, resolved, "ticket_resolved", 20)
    add(done, resolved + r.integers(3600, 5 * 86400, n), "ticket_closed", 21)

    t, at, event, order, step = map(np.concatenate, zip(*parts, strict=True))
    o = np.lexsort((order, at, t))
    t, at, event, order, step = (x[o[at[o] < AS_OF]] for x in (t, at, event, order, step))
    opening, changed, response = event == 0, event == 1, event == 2
    total = np.cumsum(step)
    severity = (total - (total - step)[opening][t]) % 4  # the running sum of the ticket's steps
    agreement = r.integers(0, n_agreements(n), n)[t]

    def attribute(names: list[str], p: list[float] | None) -> tuple[np.ndarray, np.ndarray]:
        return r.choice(len(names), n, p=p)[t], opening

    return {
        "ticket": (t, None),
        "agreement": (agreement, None),
        "at": (at, None),
        "event": (event, None),
        "severity": (severity, opening | changed),
        "previous_severity": ((severity - step) % 4, changed),
        "product": attribute(PRODUCTS, None),
        "channel": attribute(CHANNELS, [0.3, 0.4, 0.2, 0.1]),
        "language": attribute(LANGS, [0.6, 0.25, 0.1, 0.05]),
        "region": attribute(REGIONS, [0.5, 0.15, 0.15, 0.1, 0.05, 0.05]),
        "automated": (order == 3, response),
    }


def agreements(n: int) -> list[tuple[str, int, int]]:
    """One to three disjoint periods to an agreement, with gaps, as days since 1970; both days are included."""
    r, rows = np.random.default_rng(SEED + 1), []
    first = START // 86400
    for name in agreement_ids(n):
        k = int(r.integers(1, 4))
        cuts = np.sort(r.integers(-200, 731, 2 * k))
        cuts[0] = min(cuts[0], 30)
        if k == 1 or cuts[-1] < 650:
            cuts[-1] = 760
        last = -(10**6)
        for a, b in cuts.reshape(k, 2).tolist():
            if a > last:
                rows.append((name, first + a, first + b))
                last = b
    return rows


def write_parquet(
    columns: Columns, periods: list[tuple[str, int, int]], files: Files, first: int = 0
) -> None:
    """The log and the agreements as Parquet; `first` is added to the ticket numbers."""
    import pyarrow as pa
    from pyarrow import parquet

    def text(codes: Any, names: list[str], mask: Any) -> Any:
        nulls = None if mask is None else ~mask
        indices = pa.array(codes.astype(np.int32), mask=nulls)
        return pa.DictionaryArray.from_arrays(indices, pa.array(names)).cast(pa.string())

    names = {
        "ticket": [f"T{i + 1 + first:08d}" for i in range(files.tickets)],
        "agreement": agreement_ids(files.tickets),
        **NAMES,
    }
    out = {k: text(codes, names[k], mask) for k, (codes, mask) in columns.items() if k in names}
    at, (automated, response) = columns["at"][0], columns["automated"]
    out["at"] = pa.array(at * 1_000_000, pa.timestamp("us", tz="UTC"))
    out["automated"] = pa.array(automated, mask=~response)
    table = pa.table({k: out[k] for k in columns})
    parquet.write_table(table, files.events, compression="zstd", row_group_size=1 << 20)
    name, a, b = zip(*periods, strict=True)
    days = {"valid_from": a, "valid_to": b}
    dates = {k: pa.array(v, pa.int32()).cast(pa.date32()) for k, v in days.items()}
    parquet.write_table(pa.table({"agreement": pa.array(name), **dates}), files.agreements)


def tickets(columns: Columns, n: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """The tickets with their events nested; attributes that are null are left out."""
    ids = agreement_ids(n)
    keys = [k for k in columns if k not in ("ticket", "agreement", "at")]
    ticket: dict[str, Any] | None = None
    number = -1
    parts = [columns[k][0].tolist() for k in ("ticket", "agreement", "at")]
    cells = []
    for k in keys:
        codes, mask = columns[k]
        there = np.ones(len(codes), bool) if mask is None else mask
        names = NAMES.get(k)
        found = [
            (names[c] if names else bool(c)) if is_there else None
            for c, is_there in zip(codes, there, strict=True)
        ]
        cells.append(found)
    for t, a, at, *row in zip(*parts, *cells, strict=True):
        if t != number:
            if ticket is not None:
                yield ticket
            number = t
            ticket = {
                "ticket": f"T{t + 1 + first:08d}",
                "agreement": ids[a],
                "kind": "incident",
                "events": [],
            }
        stamp = dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        said = {k: v for k, v in zip(keys, row, strict=True) if v is not None}
        assert ticket is not None
        ticket["events"].append({"at": stamp, **said})
    if ticket is not None:
        yield ticket


def write_lines(columns: Columns, files: Files, first: int = 0) -> None:
    """The log as JSON Lines."""
    with files.log.open("w", encoding="utf-8") as log:
        for ticket in tickets(columns, files.tickets, first):
            log.write(json.dumps(ticket, separators=(",", ":")) + "\n")


def write_table(periods: list[tuple[str, int, int]], files: Files) -> None:
    """The agreements as CSV."""
    with files.table.open("w", encoding="utf-8", newline="") as table:
        out = csv.writer(table, lineterminator="\n")
        out.writerow(["agreement", "valid_from", "valid_to"])
        for name, a, b in periods:
            out.writerow([name, EPOCH + dt.timedelta(a), EPOCH + dt.timedelta(b)])


def generate(files: Files, only: str = "", first: int = 0) -> None:
    """Write the data of these files, in one form or (as far as it can be) in both."""
    files.folder.mkdir(parents=True, exist_ok=True)
    columns, periods = events(files.tickets), agreements(files.tickets)
    if only != "lines" and not missing(("pyarrow",)):
        write_parquet(columns, periods, files, first)
    if only != "parquet":
        write_lines(columns, files, first)
    write_table(periods, files)


def main() -> None:
    """Generate what the command line asks for."""
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("n", type=lambda x: int(float(x)))
    a.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    a.add_argument("--only", choices=["lines", "parquet"], default="")
    a.add_argument("--first", type=int, default=0, help="added to the ticket numbers, for a log in parts")
    found = a.parse_args()
    generate(Files(found.data, found.n), found.only, found.first)


if __name__ == "__main__":
    main()

"""Hand-written NumPy. Data: dictionary-coded columns, one row per event, sorted by ticket then time.

Whole program: python -m tests.bench.hand_numpy EVENTS AGREEMENTS OUT
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench import base_python
from tests.bench.common import (
    AS_OF,
    AZURE,
    AZURE_EXCL,
    BREACHED,
    CH_OK,
    CHANNELS,
    CLAUSES,
    DOMAINS,
    EPOCH,
    EXCLUDED,
    L15,
    L60,
    LANG_OK,
    LANGS,
    LB,
    LC,
    LRES,
    MET,
    NA,
    NOT_ENTITLED,
    PENDING,
    PRODUCTS,
    REGION_OK,
    REGIONS,
    SLOT,
    T0,
    VERDICTS,
    slot_tables,
)

CUM, OPN, DAY, COV = slot_tables()
D0 = int(DAY.min())
ND = int(DAY.max()) - D0 + 1
OPENED, CHANGED, RESPONSE, PAUSED, RESUMED, RESOLVED = range(6)
u8 = np.uint8
CORES = os.cpu_count()
Loaded = tuple[dict[str, np.ndarray], np.ndarray, Any]
"""Columns by event, days by agreement, and the ids of the tickets."""


def load(events: Path, agreements: Path) -> Loaded:
    """Columns with ids recoded to dense integers and texts to codes."""
    if Path(events).suffix == ".jsonl":
        return load_lines(events, agreements)
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    named = ["ticket", "agreement", "at", "automated", *DOMAINS]
    t = pq.read_table(events, columns=named, read_dictionary=["agreement", *DOMAINS])
    a = pq.read_table(agreements)
    names = a["agreement"].unique()

    def recode(column: Any, names: list[str], dtype: Any) -> np.ndarray:
        index, parts = {x: i for i, x in enumerate(names)}, []
        for chunk in column.chunks:  # an attribute that the event lacks becomes 0 and is never read
            lut = np.array([index[x] for x in chunk.dictionary.to_pylist()] or [0], dtype)
            parts.append(lut[chunk.indices.fill_null(0).to_numpy(zero_copy_only=False)])
        return np.concatenate(parts)

    runs = pc.run_end_encode(pa.concat_arrays(t["ticket"].chunks))
    ends = runs.run_ends.to_numpy()
    columns = {
        **{k: recode(t[k], v, u8) for k, v in DOMAINS.items()},
        "agreement": recode(t["agreement"], names.to_pylist(), np.int32),
        "ticket": np.repeat(np.arange(len(ends), dtype=np.int32), np.diff(ends, prepend=0)),
        "at": (t["at"].cast(pa.int64()).to_numpy() // 1_000_000 - T0).astype(np.int32),
        "automated": t["automated"].fill_null(False).to_numpy(),
    }
    days = (a[k].cast(pa.int32()).to_numpy() for k in ("valid_from", "valid_to"))
    return columns, active_days(pc.index_in(a["agreement"], names).to_numpy(), *days), runs.values


def load_lines(log: Path, agreements: Path) -> Loaded:
    """The same columns from JSON Lines and CSV, for where there is no reader of Parquet."""
    tickets, periods = base_python.load(log, agreements)
    index = {name: i for i, name in enumerate(periods)}
    codes = {k: {x: i for i, x in enumerate(v)} for k, v in DOMAINS.items()}
    rows = [(i, index[t["agreement"]], e) for i, t in enumerate(tickets) for e in t["events"]]
    columns = {k: np.array([code.get(e.get(k), 0) for _, _, e in rows], u8) for k, code in codes.items()}
    columns["ticket"] = np.array([i for i, _, _ in rows], np.int32)
    columns["agreement"] = np.array([a for _, a, _ in rows], np.int32)
    columns["at"] = np.array([e["at"] - T0 for _, _, e in rows], np.int32)
    columns["automated"] = np.array([e.get("automated", False) for _, _, e in rows], bool)
    days = [(index[k], (a - EPOCH).days, (b - EPOCH).days) for k, found in periods.items() for a, b in found]
    return columns, active_days(*np.array(days, np.int64).T), [t["ticket"] for t in tickets]


def active_days(agreement: np.ndarray, valid_from: np.ndarray, valid_to: np.ndarray) -> np.ndarray:
    """Whether an agreement is valid on a local day."""
    d = np.zeros((int(agreement.max()) + 1, ND + 1), np.int8)
    np.add.at(d, (agreement, np.clip(valid_from - D0, 0, ND)), 1)
    np.add.at(d, (agreement, np.clip(valid_to + 1 - D0, 0, ND)), -1)
    return np.cumsum(d, axis=1, dtype=np.int8).astype(bool)


def business(t: np.ndarray) -> np.ndarray:
    """Business seconds up to t: one direct-address look-up."""
    i = t // SLOT
    return CUM[i] + OPN[i] * (t - i * SLOT)


def firsts(key: np.ndarray) -> np.ndarray:
    """The first row of each run of a key."""
    out = np.ones(len(key), bool)
    np.not_equal(key[1:], key[:-1], out=out[1:])
    return out


def member(names: list[str], domain: list[str]) -> np.ndarray:
    """Of each word of a domain, whether it is one of these."""
    return np.isin(domain, names)


def judge(c: dict[str, np.ndarray], active: np.ndarray) -> dict[str, np.ndarray]:
    """The verdicts on the tickets of these rows."""
    ev, at = c["event"], c["at"]
    opened = np.flatnonzero(ev == OPENED)  # the first row of every ticket
    n, ticket = len(opened), c["ticket"] - c["ticket"][0]
    t0 = at[opened]
    # first response, first human response
    resp = np.flatnonzero(ev == RESPONSE)
    rt, automated = ticket[resp], c["automated"][resp]
    first = firsts(rt)
    responded, first_auto = np.zeros(n, bool), np.zeros(n, bool)
    responded[rt[first]] = True
    first_auto[rt[first]] = automated[first]
    human = np.flatnonzero(~automated)
    human = human[firsts(rt[human])]
    answer, answered = np.full(n, AS_OF - T0, np.int32), np.zeros(n, bool)
    answer[rt[human]] = at[resp[human]]
    answered[rt[human]] = True
    # severity in force at the answer: in time order, the last assignment wins
    sev0 = c["severity"][opened]
    sev = sev0.copy()
    change = np.flatnonzero(ev == CHANGED)
    change = change[at[change] <= answer[ticket[change]]]
    sev[ticket[change]] = c["severity"][change]
    # resolution: reversed, so that the first one wins
    done = np.flatnonzero(ev == RESOLVED)[::-1]
    end, resolved = np.full(n, AS_OF - T0, np.int32), np.zeros(n, bool)
    end[ticket[done]] = at[done]
    resolved[ticket[done]] = True
    # clocks, read one second before the event (see common.py)
    b0, last = business(t0), end - 1
    pr = np.flatnonzero((ev == PAUSED) | (ev == RESUMED))
    pr = pr[at[pr] <= last[ticket[pr]]]
    sign = np.where(ev[pr] == PAUSED, np.int32(1), np.int32(-1))
    running = np.bincount(ticket[pr], weights=sign, minlength=n) == 0
    work = (
        np.bincount(ticket[pr], weights=sign * business(at[pr]), minlength=n)
        - b0
        + np.where(running, business(last), 0)
    )
    biz, wall = business(answer - 1) - b0, answer - 1 - t0

    product = c["product"][opened]
    azure, carved = member(AZURE, PRODUCTS)[product], member(AZURE_EXCL, PRODUCTS)[product]
    slot, one = t0 // SLOT, sev == 0
    entitled = active[c["agreement"][opened], DAY[slot] - D0]
    pending = np.where(answered, u8(MET), u8(PENDING))
    met = u8(MET)

    def kept(ok: Any, good: Any = met) -> np.ndarray:
        return np.where(entitled, np.where(ok, good, u8(BREACHED)), u8(NOT_ENTITLED))

    def iff(applies: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.where(applies, v, u8(NA))

    verdicts = (
        iff(one & azure, np.where(carved, u8(EXCLUDED), kept(wall < L15, pending))),
        iff((sev == 1) | (one & (carved | ~azure)), kept(wall < L60, pending)),
        iff(sev == 2, kept(biz < LB, pending)),
        iff(sev == 3, kept(biz < LC, pending)),
        kept(~first_auto, np.where(responded, u8(MET), u8(PENDING))),
        iff(sev0 <= 1, kept(member(CH_OK, CHANNELS)[c["channel"][opened]])),
        kept(member(LANG_OK, LANGS)[c["language"][opened]]),
        kept(member(REGION_OK, REGIONS)[c["region"][opened]]),
        kept(True),
        kept(work < LRES, np.where(resolved, u8(MET), u8(PENDING))),
        np.where(sev0 == 0, u8(EXCLUDED), kept(COV[slot])),
    )
    return dict(zip(CLAUSES, verdicts, strict=True))


def run(data: Loaded) -> dict[str, np.ndarray]:
    """Every verdict, on one core."""
    return judge(data[0], data[1])


def run_blocks(data: Loaded, rows: int = 200_000, threads: int | None = CORES) -> dict[str, np.ndarray]:
    """The same in blocks that fit the cache, on threads."""
    columns, active, _ = data
    t, cuts = columns["ticket"], [0]
    while cuts[-1] < len(t):
        cuts.append(int(np.searchsorted(t, t[min(cuts[-1] + rows, len(t)) - 1], "right")))
    blocks = [{k: v[a:b] for k, v in columns.items()} for a, b in pairwise(cuts)]
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(lambda block: judge(block, active), blocks))
    return {k: np.concatenate([p[k] for p in parts]) for k in CLAUSES}


def codes(result: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The verdicts of each clause in the order of the tickets."""
    return result


def main(events: str, agreements: str, out: str) -> None:
    """The whole program."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = load(Path(events), Path(agreements))

    def text(v: np.ndarray) -> Any:
        return pa.DictionaryArray.from_arrays(v.astype(np.int8), VERDICTS)

    table = pa.table({"ticket": data[2], **{k: text(v) for k, v in run_blocks(data).items()}})
    pq.write_table(table, out, compression="zstd")


if __name__ == "__main__":
    main(*sys.argv[1:4])
